// SPDX-License-Identifier: MIT
#include "core/schema/claims.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

using namespace Qt::StringLiterals;

namespace Tideline {

// A number that is no integer of 64 bits is no name: rounded, it would be somebody else's.
static QString textOf(const QJsonValue &value)
{
    if (!value.isDouble())
        return value.toString();
    const bool isInteger = value.toInteger(0) == value.toInteger(1);        // else the default comes back
    return isInteger ? QString::number(value.toInteger()) : QString();
}

// Access tokens have the user's name in another claim than ID tokens.
static QString claimText(const QJsonObject &claims, const QString &subject, const QString &claim)
{
    const QString text = textOf(claims.value(claim));
    if (text.isEmpty() && claim == u"username")
        return textOf(claims.value(u"cognito:username"));
    return text.isEmpty() && claim == u"sub" ? subject : text;
}

QStringList ownerNames(const QJsonObject &claims, const QString &subject, const QStringList &parts)
{
    QStringList texts;
    for (const QString &part : parts) {
        if (const QString text = claimText(claims, subject, part); !text.isEmpty())
            texts.append(text);
    }
    QStringList names;
    if (texts.size() == parts.size())
        names.append(texts.join(u"::"));
    for (const QString &text : texts) {
        if (!text.contains(u"::") && !names.contains(text))
            names.append(text);
    }
    return names;
}

static QStringList textsIn(const QJsonArray &array)
{
    QStringList texts;
    for (const QJsonValue value : array) {
        if (const QString text = textOf(value); !text.isEmpty())
            texts.append(text);
    }
    return texts;
}

QStringList groupsOf(const QJsonObject &claims, const QString &claim)
{
    const QJsonValue value = claims.value(claim);
    if (value.isArray())
        return textsIn(value.toArray());
    const QJsonDocument document = QJsonDocument::fromJson(value.toString().toUtf8());
    return document.isArray() ? textsIn(document.array()) : textsIn({value});
}

} // namespace Tideline
