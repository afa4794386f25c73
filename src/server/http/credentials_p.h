// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/global.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QHash>
#include <QtCore/QJsonObject>
#include <QtCore/QList>

namespace Tideline::Server {

using Headers = QHash<QByteArray, QByteArray>;      // names in lower case

// The authorization object of the real-time protocol as headers; members that are no strings are left out.
[[nodiscard]] TIDELINE_SERVER_EXPORT Headers headersOf(const QJsonObject &authorization);

// base64 or base64url, with or without padding, of a JSON object.
[[nodiscard]] TIDELINE_SERVER_EXPORT Result<QJsonObject> decodedAuthorization(QByteArrayView encoded);

// The offered sub-protocols of a Sec-WebSocket-Protocol header, in their order.
[[nodiscard]] TIDELINE_SERVER_EXPORT QList<QByteArray> offeredProtocols(QByteArrayView header);

/*
    The credentials of an upgrade request, whichever of the three ways they came: sub-protocol
    "header-...", query parameter "header", or the request's own headers.
*/
[[nodiscard]] TIDELINE_SERVER_EXPORT Result<Headers> handshakeCredentials(const Headers &request, QByteArrayView query,
                                                                           const QList<QByteArray> &protocols);

} // namespace Tideline::Server
