// SPDX-License-Identifier: MIT
#include "core/graphql/blockstring_p.h"

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
