// SPDX-License-Identifier: MIT
#include "server/resolvers/pagetoken.h"

#include "server/execution/jsonwriter.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr qsizetype digestBytes = 9;

QByteArray argumentsDigest(const QString &field, const Value::Object &arguments, const QByteArray &parent)
{
    JsonWriter writer;
    writer.text(field);
    writer.raw(parent);
    for (const auto &[name, value] : arguments) {
        if (name == u"limit" || name == u"nextToken" || name == u"lastSync" || value.isNull())
            continue;
        writer.text(name);
        writer.value(value);
    }
    return QCryptographicHash::hash(writer.take(), QCryptographicHash::Sha256).left(digestBytes).toBase64();
}

QString PageToken::toText(const QByteArray &arguments) const
{
    const Value::List parts = {QString::fromLatin1(arguments), startedAt, Value::List(position.begin(), position.end())};
    return QString::fromLatin1(toJsonText(parts).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

std::optional<PageToken> PageToken::fromText(const QString &text, const QByteArray &arguments)
{
    const auto decoded = QByteArray::fromBase64Encoding(text.toLatin1(), QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    const QJsonArray parts = QJsonDocument::fromJson(decoded ? *decoded : QByteArray()).array();
    if (parts.size() != 3 || parts.at(0).toString().toLatin1() != arguments || !parts.at(2).isArray())
        return {};
    const Value::List position = Value::fromJson(parts.at(2)).toList();
    return PageToken{std::vector<Value>(position.begin(), position.end()), parts.at(1).toInteger()};
}

Error invalidToken()
{
    return Error(Error::Code::InvalidArgument,
                 u"com.amazonaws.deepdish.common.pagination.InvalidPaginationTokenException: Invalid pagination token given."_s)
        .withDetail(u"DynamoDB:UserIllegalArgumentException"_s);
}

} // namespace Tideline::Server
