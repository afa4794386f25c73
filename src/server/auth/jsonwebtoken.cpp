// SPDX-License-Identifier: MIT
#include "server/auth/jsonwebtoken.h"

#include "server/auth/refusals_p.h"
#include "server/auth/strictjson_p.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static QByteArrayView withoutScheme(QByteArrayView header)
{
    static constexpr QByteArrayView scheme("bearer ");
    header = header.trimmed();
    if (header.size() > scheme.size() && header.first(scheme.size()).compare(scheme, Qt::CaseInsensitive) == 0)
        return header.sliced(scheme.size()).trimmed();
    return header;
}

/*!
    Takes the token of \a header apart. Keys that a token brings along or points at (\c jwk, \c jku, \c x5c, \c x5u)
    are not looked at; extensions that it calls critical are not known, so such a token is refused as RFC 7515 demands.
*/
Result<JsonWebToken> JsonWebToken::parse(QByteArrayView header)
{
    const QByteArrayView text = withoutScheme(header);
    const qsizetype first = text.indexOf('.');
    const qsizetype second = first < 0 ? -1 : text.indexOf('.', first + 1);
    if (text.size() > MaxBytes || second < 0)
        return unauthorizedCaller();
    const std::optional<QByteArray> head = fromBase64Url(text.first(first));
    const std::optional<QByteArray> payload = fromBase64Url(text.sliced(first + 1, second - first - 1));
    const std::optional<QByteArray> signature = fromBase64Url(text.sliced(second + 1));
    if (!head || !payload || !signature)
        return unauthorizedCaller();
    const std::optional<QJsonObject> fields = strictObject(*head);
    const std::optional<QJsonObject> claims = strictObject(*payload);
    if (!fields || !claims || fields->contains("crit"_L1) || !(*fields)["alg"_L1].isString())
        return unauthorizedCaller();
    const QJsonValue keyId = (*fields)["kid"_L1];
    if (!keyId.isString() && !keyId.isUndefined())
        return unauthorizedCaller();
    return JsonWebToken{(*fields)["alg"_L1].toString().toLatin1(), keyId.toString(), *claims, text.first(second).toByteArray(), *signature};
}

} // namespace Tideline::Server
