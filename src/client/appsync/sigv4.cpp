// SPDX-License-Identifier: MIT
#include "client/appsync/sigv4_p.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QDateTime>
#include <QtCore/QMessageAuthenticationCode>

#include <algorithm>

namespace Tideline::SigV4 {

namespace {

QByteArray sha256(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray hmac(const QByteArray &key, const QByteArray &message)
{
    return QMessageAuthenticationCode::hash(message, key, QCryptographicHash::Sha256);
}

// Trimmed, runs of spaces as one.
QByteArray canonicalValue(const QByteArray &value)
{
    QByteArray result = value.trimmed();
    result.truncate(std::unique(result.begin(), result.end(), [](char a, char b) { return a == ' ' && b == ' '; }) - result.begin());
    return result;
}

QByteArray reencoded(const QByteArray &text)
{
    return QByteArray::fromPercentEncoding(text).toPercentEncoding();
}

QByteArray canonicalQuery(const QByteArray &query)
{
    QList<Header> parameters;
    for (const QByteArray &parameter : query.split('&')) {
        const qsizetype equals = parameter.indexOf('=');
        if (!parameter.isEmpty())
            parameters.append({reencoded(equals < 0 ? parameter : parameter.first(equals)), equals < 0 ? QByteArray() : reencoded(parameter.mid(equals + 1))});
    }
    std::sort(parameters.begin(), parameters.end());
    QByteArrayList texts;
    for (const auto &[name, value] : std::as_const(parameters))
        texts.append(name + '=' + value);
    return texts.join('&');
}

} // namespace

QByteArray amzDate(qint64 now)
{
    return QDateTime::fromMSecsSinceEpoch(now, Qt::UTC).toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'")).toLatin1();
}

QByteArray authorization(const Request &request, const Keys &keys, const QByteArray &time)
{
    QList<Header> headers = request.headers;
    std::sort(headers.begin(), headers.end());
    QByteArrayList names;
    QByteArray lines;
    for (const auto &[name, value] : std::as_const(headers)) {
        names.append(name);
        lines += name + ':' + canonicalValue(value) + '\n';
    }
    const QByteArray canonical = request.method + '\n' + request.path.toPercentEncoding("/") + '\n' + canonicalQuery(request.query) + '\n'
        + lines + '\n' + names.join(';') + '\n' + sha256(request.body);
    const QByteArray date = time.left(8);
    const QByteArray scope = date + '/' + keys.region + '/' + keys.service + "/aws4_request";
    const QByteArray text = "AWS4-HMAC-SHA256\n" + time + '\n' + scope + '\n' + sha256(canonical);
    QByteArray key = "AWS4" + keys.secretAccessKey;
    for (const QByteArray &step : {date, keys.region, keys.service, QByteArray("aws4_request")})
        key = hmac(key, step);
    return "AWS4-HMAC-SHA256 Credential=" + keys.accessKeyId + '/' + scope + ", SignedHeaders=" + names.join(';')
        + ", Signature=" + hmac(key, text).toHex();
}

} // namespace Tideline::SigV4
