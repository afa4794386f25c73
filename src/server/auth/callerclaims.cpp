// SPDX-License-Identifier: MIT
#include "server/auth/callerclaims.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

// A number that is no integer of 64 bits is no name: rounded, it would be somebody else's.
static QString textOf(const QJsonValue &value)
{
    if (!value.isDouble())
        return value.toString();
    const bool isInteger = value.toInteger(0) == value.toInteger(1);        // else the default comes back
    return isInteger ? QString::number(value.toInteger()) : QString();
}

// Access tokens have the user's name in another claim than ID tokens.
static QString claimText(const Identity &identity, const QString &claim)
{
    const QString text = textOf(identity.claims.value(claim));
    if (text.isEmpty() && claim == u"username")
        return textOf(identity.claims.value(u"cognito:username"));
    return text.isEmpty() && claim == u"sub" ? identity.subject : text;
}

QStringList ownerNames(const Identity &identity, const QStringList &claims)
{
    QStringList parts;
    for (const QString &claim : claims) {
        if (const QString text = claimText(identity, claim); !text.isEmpty())
            parts.append(text);
    }
    QStringList names;
    if (parts.size() == claims.size())
        names.append(parts.join(u"::"));
    for (const QString &part : parts) {
        if (!part.contains(u"::") && !names.contains(part))
            names.append(part);
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

QStringList groupsOf(const Identity &identity, const QString &claim)
{
    const QJsonValue value = identity.claims.value(claim);
    if (value.isArray())
        return textsIn(value.toArray());
    const QJsonDocument document = QJsonDocument::fromJson(value.toString().toUtf8());
    return document.isArray() ? textsIn(document.array()) : textsIn({value});
}

} // namespace Tideline::Server
