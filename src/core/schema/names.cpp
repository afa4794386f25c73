// SPDX-License-Identifier: MIT
#include "core/schema/names_p.h"

#include "core/schema/appsyncschema.h"

using namespace Qt::StringLiterals;

namespace Tideline {

QString upperFirst(const QString &word)
{
    return word.left(1).toUpper() + word.mid(1);
}

QString lowerFirst(const QString &word)
{
    return word.left(1).toLower() + word.mid(1);
}

QString camelCase(const QStringList &words)
{
    QString result;
    for (const QString &word : words)
        result += result.isEmpty() ? lowerFirst(word) : upperFirst(word);
    return result;
}

QString graphqlName(const QString &text)
{
    QString result;
    for (const QChar c : text) {
        const bool letter = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_';
        if (letter || (c >= u'0' && c <= u'9' && !result.isEmpty()))
            result += c;
    }
    return result;
}

bool isName(const QString &text)
{
    return !text.isEmpty() && graphqlName(text) == text && !text.startsWith(u"__"_s);
}

QString indexQueryName(const QString &model, const QStringList &fields)
{
    QStringList parts;
    for (const QString &field : fields)
        parts.append(upperFirst(field));
    return lowerFirst(pluralOf(model)) + u"By"_s + parts.join(u"And"_s);
}

} // namespace Tideline
