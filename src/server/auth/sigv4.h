// SPDX-License-Identifier: MIT
#pragma once

#include "server/global.h"
#include "server/service.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QList>

#include <optional>

namespace Tideline::Server {

// AWS Signature Version 4 as services check it.
namespace SigV4 {

// Credential=ID/DATE/REGION/SERVICE/aws4_request, SignedHeaders=a;b, Signature=HEX
struct Authorization
{
    QByteArray accessKeyId;
    QByteArray date;                    // 20240101
    QByteArray region;
    QByteArray service;
    QList<QByteArray> signedHeaders;    // lower case, sorted, each once
    QByteArray signature;               // lower case
};

[[nodiscard]] TIDELINE_SERVER_EXPORT bool isSigV4(QByteArrayView header);
// Nothing when it is not of this form.
[[nodiscard]] TIDELINE_SERVER_EXPORT std::optional<Authorization> parse(QByteArrayView header);

// Nothing when a signed header is missing.
[[nodiscard]] TIDELINE_SERVER_EXPORT std::optional<QByteArray> canonicalRequest(const AuthRequest &request, const QList<QByteArray> &signedHeaders);
// `time` is x-amz-date.
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray stringToSign(const Authorization &scope, const QByteArray &time, const QByteArray &canonicalRequest);
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray signature(const Authorization &scope, const QByteArray &secret, const QByteArray &stringToSign);

} // namespace SigV4

} // namespace Tideline::Server
