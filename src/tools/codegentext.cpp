// SPDX-License-Identifier: MIT
#include "tools/codegentext.h"

using namespace Qt::StringLiterals;

namespace Tideline::Tools {

QString lines(const QStringList &list)
{
    QString text;
    for (const QString &line : list) {
        if (!line.isEmpty())
            text += line + u'\n';
    }
    return text;
}

// Neither end nor start of a comment stays within it, and a backslash is no command of qdoc.
QString comment(const QString &description, int indent)
{
    QString text = description.trimmed();
    if (text.isEmpty())
        return {};
    text.replace(u'\\', u"\\\\"_s).replace(u"*/"_s, u"* /"_s).replace(u"/*"_s, u"/ *"_s);
    const QString margin(indent, u' ');
    const QStringList rows = text.split(u'\n');
    if (rows.size() == 1)
        return u"%1/*! %2 */\n"_s.arg(margin, text);
    QString result = margin + u"/*!\n"_s;
    for (const QString &row : rows)
        result += row.trimmed().isEmpty() ? u"\n"_s : margin + u"    "_s + row + u'\n';
    return result + margin + u"*/\n"_s;
}

/*! Ends of pieces are ends of lines where there are any, and never within a pair of surrogates. */
static qsizetype endOfPiece(const QString &text, qsizetype from)
{
    constexpr qsizetype most = 4000;        // Visual C++ takes 16380 bytes
    if (text.size() - from <= most)
        return text.size();
    const qsizetype line = text.lastIndexOf(u'\n', from + most - 1) + 1;
    if (line > from)
        return line;
    return from + most - (text[from + most - 1].isHighSurrogate() ? 1 : 0);
}

QString rawLiteral(const QString &text)
{
    QString mark = u"graphql"_s;
    while (text.contains(u')' + mark + u'"'))
        mark += u'_';
    QString literal;
    qsizetype from = 0;
    do {
        const qsizetype end = endOfPiece(text, from);
        literal += u"    uR\"%1("_s.arg(mark) + text.mid(from, end - from) + u")%1\"\n"_s.arg(mark);
        from = end;
    } while (from < text.size());
    return literal;
}

} // namespace Tideline::Tools
