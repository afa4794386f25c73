// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/global.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QJsonObject>
#include <QtCore/QString>

namespace Tideline::Server {

/*!
    \class Tideline::Server::JsonWebToken
    \inmodule Tideline
    \since 0.1
    \brief A token taken apart (RFC 7519 in the compact form of RFC 7515). Nothing of it is verified.
*/
struct JsonWebToken
{
    static constexpr qsizetype MaxBytes = 16 * 1024;

    QByteArray algorithm;
    QString keyId;                      // empty: the token names no key
    QJsonObject claims;
    QByteArray signedPart;
    QByteArray signature;

    // Of an "authorization" header, with or without "Bearer ".
    [[nodiscard]] TIDELINE_SERVER_EXPORT static Result<JsonWebToken> parse(QByteArrayView header);
};

} // namespace Tideline::Server
