// SPDX-License-Identifier: MIT
#include "core/data/json.h"

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

} // namespace Tideline
