// SPDX-License-Identifier: MIT
#include "server/execution/suggestions.h"

#include <QtCore/QHash>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

// Damerau-Levenshtein with adjacent transpositions.
static int editDistance(const QString &a, const QString &b)
{
    const size_t width = size_t(b.size()) + 1;
    std::vector<std::vector<int>> rows(size_t(a.size()) + 1, std::vector<int>(width));
    for (size_t j = 0; j < width; ++j)
        rows[0][j] = int(j);
    for (size_t i = 1; i < rows.size(); ++i) {
        rows[i][0] = int(i);
        for (size_t j = 1; j < width; ++j) {
            const QChar left = a.at(qsizetype(i) - 1);
            const QChar right = b.at(qsizetype(j) - 1);
            rows[i][j] = std::min({rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (left == right ? 0 : 1)});
            if (i > 1 && j > 1 && left == b.at(qsizetype(j) - 2) && a.at(qsizetype(i) - 2) == right)
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    }
    return rows.back().back();
}

QStringList suggestionList(const QString &input, const QStringList &options)
{
    struct Candidate { int distance; QString name; };
    std::vector<Candidate> candidates;
    const int threshold = int(std::floor(double(input.size()) * 0.4)) + 1;
    const QString lowered = input.toLower();
    for (const QString &option : options) {
        int distance = 0;
        if (option != input)
            distance = lowered == option.toLower() ? 1 : editDistance(lowered, option.toLower());
        if (distance <= threshold)
            candidates.push_back({distance, option});
    }
    std::ranges::sort(candidates, [](const Candidate &a, const Candidate &b) {
        return a.distance != b.distance ? a.distance < b.distance : a.name < b.name;
    });
    QStringList names;
    for (const Candidate &candidate : candidates)
        names.append(candidate.name);
    return names;
}

QString didYouMean(const QStringList &suggestions, const QString &subject)
{
    if (suggestions.isEmpty())
        return {};
    QStringList quoted;
    for (const QString &suggestion : suggestions.mid(0, 5))
        quoted.append(u'"' + suggestion + u'"');
    const QString last = quoted.takeLast();
    const QString text = quoted.isEmpty() ? last
        : quoted.size() == 1              ? quoted.first() + u" or "_s + last
                                          : quoted.join(u", ") + u", or "_s + last;
    return u" Did you mean "_s + (subject.isEmpty() ? QString() : subject + u' ') + text + u'?';
}

} // namespace Tideline::Server
