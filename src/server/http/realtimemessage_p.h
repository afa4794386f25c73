// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "server/global.h"
#include "server/http/credentials_p.h"
#include "server/service.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <chrono>
#include <optional>

namespace Tideline::Server {

// What a client of the real-time socket says.
struct ClientMessage
{
    enum class Type { ConnectionInit, Start, Stop, Unknown };

    Type type = Type::Unknown;
    QString id;
    // Of a Start; `error` says why it cannot be one.
    GraphQLRequest request;
    QByteArray data;                    // payload.data, which a signature covers
    std::optional<Headers> authorization;
    Error error;
};

[[nodiscard]] TIDELINE_SERVER_EXPORT ClientMessage parseClientMessage(const QByteArray &text);

// What the server says: one JSON object, compact.
namespace ServerMessage {

[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray connectionAck(std::chrono::milliseconds timeout);
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray keepAlive();
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray startAck(const QString &id);
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray complete(const QString &id);
// Everything of a data message before its payload; after it comes "}".
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray dataHead(const QString &id);
// An empty id leaves the member out.
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray error(const QString &id, const QByteArray &type, const QString &message);
// `payload` is {"errors":[...]} already.
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray error(const QString &id, const QByteArray &payload);
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray connectionError(const Error &error);

} // namespace ServerMessage

} // namespace Tideline::Server
