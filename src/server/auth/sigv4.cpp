// SPDX-License-Identifier: MIT
#include "server/auth/sigv4.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QMessageAuthenticationCode>

#include <algorithm>
#include <utility>
#include <vector>

namespace Tideline::Server::SigV4 {

namespace {

constexpr QByteArrayView Algorithm("AWS4-HMAC-SHA256");
constexpr QByteArrayView Terminator("aws4_request");

QByteArray hashOf(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray hmac(const QByteArray &key, QByteArrayView message)
{
    return QMessageAuthenticationCode::hash(message.toByteArray(), key, QCryptographicHash::Sha256);
}

// "Name=value" of a list separated by commas; nothing when it is missing or there twice.
std::optional<QByteArray> part(const QList<QByteArray> &parts, QByteArrayView name)
{
    std::optional<QByteArray> found;
    for (const QByteArray &text : parts) {
        const QByteArray trimmed = text.trimmed();
        if (!trimmed.startsWith(name) || trimmed.size() <= name.size() || trimmed[name.size()] != '=')
            continue;
        if (found)
            return std::nullopt;
        found = trimmed.mid(name.size() + 1);
    }
    return found;
}

bool isSortedSet(const QList<QByteArray> &names)
{
    return std::adjacent_find(names.begin(), names.end(), std::greater_equal<>()) == names.end()
        && std::all_of(names.begin(), names.end(), [](const QByteArray &name) { return !name.isEmpty() && name == name.toLower(); });
}

QByteArray withoutExtraSpaces(const QByteArray &value)
{
    QByteArray result = value.trimmed();
    const auto end = std::unique(result.begin(), result.end(), [](char a, char b) { return a == ' ' && b == ' '; });
    result.truncate(end - result.begin());
    return result;
}

QByteArray canonicalQuery(QByteArrayView query)
{
    std::vector<std::pair<QByteArray, QByteArray>> parameters;
    for (const QByteArray &parameter : query.toByteArray().split('&')) {
        if (parameter.isEmpty())
            continue;
        const qsizetype equals = parameter.indexOf('=');
        const QByteArray name = equals < 0 ? parameter : parameter.first(equals);
        const QByteArray value = equals < 0 ? QByteArray() : parameter.mid(equals + 1);
        parameters.emplace_back(QByteArray::fromPercentEncoding(name).toPercentEncoding(),
                                QByteArray::fromPercentEncoding(value).toPercentEncoding());
    }
    std::sort(parameters.begin(), parameters.end());
    QByteArray result;
    for (const auto &[name, value] : parameters)
        result += (result.isEmpty() ? "" : "&") + name + '=' + value;
    return result;
}

} // namespace

bool isSigV4(QByteArrayView header)
{
    return header.startsWith(Algorithm);
}

std::optional<Authorization> parse(QByteArrayView header)
{
    if (!isSigV4(header) || header.size() <= Algorithm.size() || header[Algorithm.size()] != ' ')
        return std::nullopt;
    const QList<QByteArray> parts = header.sliced(Algorithm.size() + 1).toByteArray().split(',');
    const std::optional<QByteArray> credential = part(parts, "Credential");
    const std::optional<QByteArray> names = part(parts, "SignedHeaders");
    const std::optional<QByteArray> signature = part(parts, "Signature");
    if (!credential || !names || !signature)
        return std::nullopt;
    const QList<QByteArray> scope = credential->split('/');
    const QList<QByteArray> signedHeaders = names->split(';');
    if (scope.size() != 5 || scope[4] != Terminator || !isSortedSet(signedHeaders))
        return std::nullopt;
    return Authorization{scope[0], scope[1], scope[2], scope[3], signedHeaders, *signature};
}

/*
    What the caller signed, built from what came. The payload's hash is always of the bytes that came, whatever
    x-amz-content-sha256 says. The path is encoded once more, as services other than S3 do.
*/
std::optional<QByteArray> canonicalRequest(const AuthRequest &request, const QList<QByteArray> &signedHeaders)
{
    const qsizetype question = request.target.indexOf('?');
    const QByteArray path = question < 0 ? request.target : request.target.first(question);
    const QByteArray query = question < 0 ? QByteArray() : request.target.mid(question + 1);
    QByteArray headers;
    for (const QByteArray &name : signedHeaders) {
        const auto header = request.headers.find(name);
        if (header == request.headers.end())
            return std::nullopt;
        headers += name + ':' + withoutExtraSpaces(*header) + '\n';
    }
    return request.method + '\n' + path.toPercentEncoding("/") + '\n' + canonicalQuery(query) + '\n' + headers + '\n'
        + signedHeaders.join(';') + '\n' + hashOf(request.body);
}

QByteArray stringToSign(const Authorization &scope, const QByteArray &time, const QByteArray &canonicalRequest)
{
    return Algorithm.toByteArray() + '\n' + time + '\n' + scope.date + '/' + scope.region + '/' + scope.service + '/' + Terminator.toByteArray() + '\n'
        + hashOf(canonicalRequest);
}

QByteArray signature(const Authorization &scope, const QByteArray &secret, const QByteArray &stringToSign)
{
    QByteArray key = "AWS4" + secret;
    for (const QByteArrayView step : {QByteArrayView(scope.date), QByteArrayView(scope.region), QByteArrayView(scope.service), Terminator})
        key = hmac(key, step);
    return hmac(key, stringToSign).toHex();
}

} // namespace Tideline::Server::SigV4
