// SPDX-License-Identifier: MIT
#include "core/suggestion.h"

#include "core/coretext_p.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

// Levenshtein's distance, two neighbours swapped counting as one, regardless of case.
static int distance(QStringView a, QStringView b)
{
    std::vector<int> before(size_t(b.size()) + 1), last(before.size()), row(before.size());
    std::iota(last.begin(), last.end(), 0);
    const auto same = [&](qsizetype i, qsizetype j) { return a[i].toCaseFolded() == b[j].toCaseFolded(); };
    for (qsizetype i = 0; i < a.size(); ++i) {
        row[0] = int(i) + 1;
        for (qsizetype j = 0; j < b.size(); ++j) {
            const size_t k = size_t(j);
            row[k + 1] = std::min({last[k + 1] + 1, row[k] + 1, last[k] + (same(i, j) ? 0 : 1)});
            if (i > 0 && j > 0 && same(i, j - 1) && same(i - 1, j))
                row[k + 1] = std::min(row[k + 1], before[k - 1] + 1);
        }
        std::swap(before, last);
        std::swap(last, row);
    }
    return last.back();
}

/*! Returns the one of \a names that \a name was probably meant to be; empty when none is near. \since 0.1 */
QString closestName(QStringView name, const QStringList &names)
{
    QString best;
    int least = int(name.size()) / 3 + 2;       // one typing error in a short name, more in a long one
    for (const QString &candidate : names) {
        const int d = distance(name, candidate);
        if (d < least && d < candidate.size()) {
            least = d;
            best = candidate;
        }
    }
    return best;
}

/*! Returns \a sentence, which has no full stop, and the question whether \a name was meant; without a name \a sentence alone. \since 0.1 */
QString didYouMean(const QString &sentence, const QString &name)
{
    return name.isEmpty() ? sentence : CoreText::tr("%1; did you mean \"%2\"?").arg(sentence, name);
}

/*!
    Returns \a sentence about an unknown \a name with the one of \a names that is near, or else with the names there are:
    \c{X has no field "quantty"; did you mean "quantity"?}. \since 0.1
*/
QString withSuggestion(const QString &sentence, QStringView name, const QStringList &names)
{
    if (const QString best = closestName(name, names); !best.isEmpty())
        return didYouMean(sentence, best);
    return names.isEmpty() ? sentence : CoreText::tr("%1; known are: %2").arg(sentence, names.join(", "_L1));
}

} // namespace Tideline
