// SPDX-License-Identifier: MIT
#include "core/data/json.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

namespace Tideline {

/*! Returns the JSON of \a text, UTF-8, as QJsonDocument::fromJson() reads it; null when it is none. A byte order mark at
    the beginning of a string is kept, which that drops. */
QJsonDocument parseJson(QByteArray text)
{
    static constexpr QByteArrayView stringWithMark("\"\xef\xbb\xbf");
    if (text.contains(stringWithMark))
        text.replace(stringWithMark, QByteArrayView("\"\\ufeff"));
    return QJsonDocument::fromJson(text);
}

/*! Returns \a value of any kind as compact JSON; a text is a literal, quotes included. */
QByteArray jsonText(const QJsonValue &value)
{
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return list.sliced(1, list.size() - 2);
}

} // namespace Tideline
