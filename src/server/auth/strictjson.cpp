// SPDX-License-Identifier: MIT
#include "server/auth/strictjson_p.h"

#include "core/data/json.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QSet>

#include <vector>

namespace Tideline::Server {

// The end of the string literal that begins at `begin`, behind its quote.
static qsizetype endOfString(const QByteArray &json, qsizetype begin)
{
    qsizetype i = begin + 1;
    while (i < json.size() && json[i] != '"')
        i += json[i] == '\\' ? 2 : 1;
    return std::min(i + 1, json.size());
}

static bool isName(const QByteArray &json, qsizetype end)
{
    while (end < json.size() && QByteArrayView(" \t\r\n").contains(json[end]))
        ++end;
    return end < json.size() && json[end] == ':';
}

// `json` has been parsed already.
static bool repeatsAMember(const QByteArray &json)
{
    std::vector<QSet<QString>> open;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (c == '{' || c == '[') {
            open.emplace_back();
        } else if ((c == '}' || c == ']') && !open.empty()) {
            open.pop_back();
        } else if (c == '"') {
            const qsizetype end = endOfString(json, i);
            if (isName(json, end) && !open.empty()) {
                const QString name = QJsonDocument::fromJson('[' + json.mid(i, end - i) + ']').array().at(0).toString();
                if (open.back().contains(name))
                    return true;
                open.back().insert(name);
            }
            i = end - 1;
        }
    }
    return false;
}

std::optional<QJsonObject> strictObject(const QByteArray &text)
{
    const QJsonDocument document = parseJson(text);
    if (!document.isObject() || repeatsAMember(text))
        return std::nullopt;
    return document.object();
}

std::optional<QByteArray> fromBase64Url(QByteArrayView text)
{
    constexpr auto spelling = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
    const auto decoded = QByteArray::fromBase64Encoding(text.toByteArray(), spelling | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || decoded.decoded.toBase64(spelling) != text)
        return std::nullopt;
    return decoded.decoded;
}

} // namespace Tideline::Server
