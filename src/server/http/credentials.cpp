// SPDX-License-Identifier: MIT
#include "server/http/credentials_p.h"

#include "server/http/httprequest_p.h"

#include <QtCore/QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

Headers headersOf(const QJsonObject &authorization)
{
    Headers headers;
    for (auto member = authorization.begin(); member != authorization.end(); ++member) {
        if (member->isString())
            headers.insert(member.key().toLower().toUtf8(), member->toString().toUtf8());
    }
    return headers;
}

Result<QJsonObject> decodedAuthorization(QByteArrayView encoded)
{
    QByteArray text = encoded.toByteArray();
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    const auto decoded = QByteArray::fromBase64Encoding(std::move(text), QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return Error(Error::Code::Validation, u"The authorization header is not base64."_s);
    const QJsonDocument document = QJsonDocument::fromJson(decoded.decoded);
    if (!document.isObject())
        return Error(Error::Code::Validation, u"The authorization header is not a JSON object."_s);
    return document.object();
}

QList<QByteArray> offeredProtocols(QByteArrayView header)
{
    QList<QByteArray> protocols;
    for (const QByteArray &part : header.toByteArray().split(',')) {
        if (const QByteArray name = part.trimmed(); !name.isEmpty())
            protocols.append(name);
    }
    return protocols;
}

Result<Headers> handshakeCredentials(const Headers &request, QByteArrayView query, const QList<QByteArray> &protocols)
{
    static constexpr QByteArrayView prefix = "header-";
    std::optional<QByteArray> encoded;
    const auto carrier = std::find_if(protocols.begin(), protocols.end(),
                                      [](const QByteArray &name) { return name.startsWith(prefix); });
    if (carrier != protocols.end())
        encoded = carrier->mid(prefix.size());
    else
        encoded = queryValue(query, "header", PlusSign::Plus);
    if (!encoded)
        return request;
    const Result<QJsonObject> authorization = decodedAuthorization(*encoded);
    if (!authorization)
        return authorization.error();
    return headersOf(*authorization);
}

} // namespace Tideline::Server
