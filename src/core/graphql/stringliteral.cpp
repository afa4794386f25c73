// SPDX-License-Identifier: MIT
#include "core/graphql/stringliteral_p.h"

#include <QtCore/QList>

#include <algorithm>

namespace Tideline::GraphQL {

using namespace Qt::StringLiterals;

namespace {

bool isBlank(QChar c)
{
    return c == u' ' || c == u'\t';
}

qsizetype leadingBlanks(QStringView line)
{
    return std::find_if_not(line.begin(), line.end(), isBlank) - line.begin();
}

} // namespace

QString quoteString(QStringView value)
{
    QString text = u"\""_s;
    text.reserve(value.size() + 2);
    for (const QChar c : value) {
        switch (c.unicode()) {
        case u'"': text += u"\\\""_s; break;
        case u'\\': text += u"\\\\"_s; break;
        case u'\b': text += u"\\b"_s; break;
        case u'\f': text += u"\\f"_s; break;
        case u'\n': text += u"\\n"_s; break;
        case u'\r': text += u"\\r"_s; break;
        case u'\t': text += u"\\t"_s; break;
        default:
            if (c.unicode() < 0x20 || (c.unicode() >= 0x7f && c.unicode() <= 0x9f))
                text += u"\\u"_s + QString::number(c.unicode(), 16).toUpper().rightJustified(4, u'0');
            else
                text += c;
        }
    }
    return text + u'"';
}

QString dedentBlockString(QStringView raw)
{
    const QList<QStringView> lines = raw.split(u'\n');
    qsizetype common = raw.size();
    qsizetype first = -1;
    qsizetype last = -1;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const qsizetype blanks = leadingBlanks(lines[i]);
        if (blanks == lines[i].size())
            continue;
        if (first < 0)
            first = i;
        last = i;
        if (i != 0)
            common = qMin(common, blanks);
    }
    QString text = u""_s;
    text.reserve(raw.size());
    for (qsizetype i = qMax(first, qsizetype(0)); i <= last; ++i) {
        if (i > first)
            text += u'\n';
        text += i == 0 ? lines[i] : lines[i].sliced(qMin(common, lines[i].size()));
    }
    return text;
}

QString quoteBlockString(QStringView value, BlockStringForm form)
{
    constexpr qsizetype longLine = 70;
    const QString escaped = value.toString().replace(uR"(""")"_s, uR"(\""")"_s);
    const QList<QStringView> lines = QStringView(escaped).split(u'\n');
    const bool oneLine = lines.size() == 1;

    // When every later line is indented, only a first line of its own keeps that indentation.
    const bool needsFirstLine = !oneLine && std::all_of(lines.begin() + 1, lines.end(), [](QStringView line) {
        return line.isEmpty() || isBlank(line.front());
    });
    const bool endsInTripleQuote = escaped.endsWith(uR"(\""")");
    const bool needsLastLine = (value.endsWith(u'"') && !endsInTripleQuote) || value.endsWith(u'\\');
    const bool manyLines = form == BlockStringForm::Readable
        && (!oneLine || value.size() > longLine || needsLastLine || endsInTripleQuote);
    // A first line of its own would lose the blanks that a single line starts with.
    const bool keepsBlanks = oneLine && !value.isEmpty() && isBlank(value.front());

    QString text = uR"(""")"_s;
    if ((manyLines && !keepsBlanks) || needsFirstLine)
        text += u'\n';
    text += escaped;
    if (manyLines || needsLastLine)
        text += u'\n';
    return text + uR"(""")"_s;
}

} // namespace Tideline::GraphQL
