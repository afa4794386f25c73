// SPDX-License-Identifier: MIT
#include "core/schema/appsyncschema.h"

#include <QtCore/QHash>
#include <QtCore/QSet>

#include <algorithm>
#include <optional>
#include <span>

using namespace Qt::StringLiterals;
using namespace Qt::Literals::StringLiterals;

namespace Tideline {

// The names on the wire are those of the JavaScript library pluralize 8, whose English must be
// followed where it errs too: "Virus" gives "Viri", "Fez" gives "Fezs", "MyID" gives "MyIDS".

namespace {

// Words that give another word; applied to whole names only. The plurals stay what they are.
const QHash<QString, QString> irregularWords()
{
    QHash<QString, QString> words{
        {u"i"_s, u"we"_s}, {u"me"_s, u"us"_s}, {u"he"_s, u"they"_s}, {u"she"_s, u"they"_s}, {u"them"_s, u"them"_s},
        {u"myself"_s, u"ourselves"_s}, {u"yourself"_s, u"yourselves"_s}, {u"is"_s, u"are"_s}, {u"was"_s, u"were"_s},
        {u"has"_s, u"have"_s}, {u"this"_s, u"these"_s}, {u"that"_s, u"those"_s}, {u"genus"_s, u"genera"_s},
        {u"viscus"_s, u"viscera"_s}, {u"ox"_s, u"oxen"_s}, {u"die"_s, u"dice"_s}, {u"yes"_s, u"yeses"_s},
        {u"foot"_s, u"feet"_s}, {u"goose"_s, u"geese"_s}, {u"tooth"_s, u"teeth"_s}, {u"quiz"_s, u"quizzes"_s},
        {u"looey"_s, u"looies"_s}, {u"thief"_s, u"thieves"_s}, {u"passerby"_s, u"passersby"_s},
    };
    for (const QString &word : {u"itself"_s, u"herself"_s, u"himself"_s, u"themself"_s})
        words.insert(word, u"themselves"_s);
    for (const QString &word : {u"echo"_s, u"dingo"_s, u"volcano"_s, u"tornado"_s, u"torpedo"_s})
        words.insert(word, word + u"es"_s);
    for (const QString &word : {u"stigma"_s, u"stoma"_s, u"dogma"_s, u"lemma"_s, u"schema"_s, u"anathema"_s})
        words.insert(word, word + u"ta"_s);
    for (const QString &word : {u"axe"_s, u"eave"_s, u"human"_s, u"proof"_s, u"carve"_s, u"valve"_s, u"groove"_s, u"pickaxe"_s})
        words.insert(word, word + u's');
    return words;
}

// Words without a plural; whole names only.
const QSet<QString> uncountableWords()
{
    const QString words =
        u"adulthood advice agenda aid aircraft alcohol ammo analytics anime athletics audio bison blood bream buffalo "
        "butter carp cash chassis chess clothing cod commerce cooperation corps debris diabetes digestion elk energy "
        "equipment excretion expertise firmware flounder fun gallows garbage graffiti hardware headquarters health "
        "herpes highjinks homework housework information jeans justice kudos labour literature machinery mackerel mail "
        "media mews moose music mud manga news only personnel pike plankton pliers police pollution premises rain "
        "research rice salmon scissors series sewage shambles shrimp software species staff swine tennis traffic "
        "transportation trout tuna wealth welfare whiting wildebeest wildlife you"_s;
    const QStringList list = words.split(u' ');
    return QSet<QString>(list.begin(), list.end());
}

// A name that ends in a stem and one of the endings gets the replacement for the ending.
struct Rule
{
    std::span<const QLatin1StringView> stems;       // none: the ending alone decides
    std::span<const QLatin1StringView> endings;     // an empty one is the stem by itself
    QLatin1StringView replacement;
};

using Words = QLatin1StringView[];
constexpr Words none{""_L1};
constexpr Words uncountableEndings{"fish"_L1, "sheep"_L1, "deer"_L1, "pox"_L1, "ois"_L1, "ous"_L1, "measles"_L1, "pokemon"_L1, "eaux"_L1};
constexpr Words man{"man"_L1, "men"_L1};
constexpr Words child{"child"_L1};
constexpr Words ren{""_L1, "ren"_L1};
constexpr Words pe{"pe"_L1};
constexpr Words rson{"rson"_L1, "ople"_L1};
constexpr Words exStems{"matr"_L1, "cod"_L1, "mur"_L1, "sil"_L1, "vert"_L1, "ind"_L1, "append"_L1};
constexpr Words ex{"ix"_L1, "ex"_L1};
constexpr Words hissing{"x"_L1, "ch"_L1, "ss"_L1, "sh"_L1, "zz"_L1};
constexpr Words feStems{"kni"_L1, "wi"_L1, "li"_L1};
constexpr Words fe{"fe"_L1};
constexpr Words fStems{"ar"_L1, "l"_L1, "ea"_L1, "eo"_L1, "oa"_L1, "hoo"_L1};
constexpr Words f{"f"_L1};
constexpr Words sis{"sis"_L1};
constexpr Words onStems{"apheli"_L1, "hyperbat"_L1, "periheli"_L1, "asyndet"_L1, "noumen"_L1, "phenomen"_L1, "criteri"_L1,
                        "organ"_L1, "prolegomen"_L1, "hedr"_L1, "automat"_L1};
constexpr Words on{"a"_L1, "on"_L1};
constexpr Words umStems{"agend"_L1, "addend"_L1, "millenni"_L1, "dat"_L1, "extrem"_L1, "bacteri"_L1, "desiderat"_L1,
                        "strat"_L1, "candelabr"_L1, "errat"_L1, "ov"_L1, "symposi"_L1, "curricul"_L1, "automat"_L1, "quor"_L1};
constexpr Words um{"a"_L1, "um"_L1};
constexpr Words oStems{"her"_L1, "at"_L1, "gr"_L1};
constexpr Words o{"o"_L1};
constexpr Words imStems{"seraph"_L1, "cherub"_L1};
constexpr Words im{""_L1, "im"_L1};
constexpr Words aeStems{"alumn"_L1, "alg"_L1, "vertebr"_L1};
constexpr Words ae{"a"_L1, "ae"_L1};
constexpr Words usStems{"alumn"_L1, "syllab"_L1, "vir"_L1, "radi"_L1, "nucle"_L1, "fung"_L1, "cact"_L1, "stimul"_L1,
                        "termin"_L1, "bacill"_L1, "foc"_L1, "uter"_L1, "loc"_L1, "strat"_L1};
constexpr Words us{"us"_L1, "i"_L1};

constexpr bool isVowel(QChar c)
{
    return c == u'a' || c == u'e' || c == u'i' || c == u'o' || c == u'u';
}

// What a rule found: how many characters at the end it replaces, and by what.
struct Match
{
    qsizetype length;
    QString result;
};

std::optional<Match> apply(const QString &word, const Rule &rule)
{
    for (const QLatin1StringView stem : rule.stems) {
        for (const QLatin1StringView ending : rule.endings) {
            const QString whole = stem + QString(ending);
            if (word.endsWith(whole))
                return Match{whole.size(), stem + QString(rule.replacement)};
        }
    }
    return std::nullopt;
}

bool isOneOf(QChar c, QStringView set)
{
    return set.contains(c);
}

// The rules that speak of classes of letters rather than of stems. at(1) is the last letter.
class Ending
{
public:
    explicit Ending(const QString &word) : m_word(word) { }
    QChar at(qsizetype fromEnd) const { return fromEnd <= m_word.size() ? m_word[m_word.size() - fromEnd] : QChar(); }
    bool has(qsizetype fromEnd) const { return fromEnd <= m_word.size(); }
    Match keep(qsizetype length, QLatin1StringView add) const { return {length, m_word.last(length) + add}; }
    Match replace(qsizetype length, qsizetype drop, QLatin1StringView add) const
    {
        return {length, m_word.last(length).chopped(drop) + add};
    }

private:
    QString m_word;
};

// "...ese" after a consonant: Chinese.
bool isPeople(const QString &word, const Ending &end)
{
    return word.endsWith("ese"_L1) && end.has(4) && !isVowel(end.at(4));
}

std::optional<Match> applyY(const QString &word, const Ending &end)
{
    if (word.endsWith("quy"_L1))
        return end.replace(3, 1, "ies"_L1);
    if (word.endsWith(u'y') && end.has(2) && !isVowel(end.at(2)) && end.at(2) != u'y')
        return end.replace(2, 1, "ies"_L1);
    return std::nullopt;
}

std::optional<Match> applyEy(const QString &word, const Ending &end)
{
    const bool fits = word.endsWith("ey"_L1) && end.has(5) && isOneOf(end.at(3), u"ln") && isOneOf(end.at(4), u"ieo")
        && !isOneOf(end.at(5), u"ch");
    return fits ? std::optional(end.replace(5, 2, "ies"_L1)) : std::nullopt;
}

// Names that end like a plural already: aliases of "...as" and "...am".
std::optional<Match> applyPluralLike(const QString &word, const Ending &end)
{
    if (word.endsWith("ias"_L1) && end.has(4) && end.at(4) != u'l')
        return end.keep(4, {});
    if (word.endsWith("las"_L1) && end.has(4) && isVowel(end.at(4)))
        return end.keep(4, {});
    if (word.endsWith("as"_L1) && end.has(3) && isOneOf(end.at(3), u"ejzr"))
        return end.keep(3, {});
    if (word.endsWith("am"_L1) && end.has(3) && isOneOf(end.at(3), u"iu"))
        return end.keep(3, {});
    return std::nullopt;
}

std::optional<Match> applySibilant(const QString &word, const Ending &end)
{
    const bool menu = word.endsWith("emu"_L1) || word.endsWith("enu"_L1);
    if (menu)
        return end.keep(3, "s"_L1);
    if (word.endsWith("emus"_L1) || word.endsWith("enus"_L1))
        return end.keep(4, {});
    if (word.endsWith("alias"_L1))
        return end.keep(5, "es"_L1);
    if (word.endsWith("us"_L1) && end.has(3) && !isOneOf(end.at(3), u"aou"))
        return end.keep(3, "es"_L1);
    if (word.endsWith("tlas"_L1) || word.endsWith("tmas"_L1))
        return end.keep(4, "es"_L1);
    if (word.endsWith("gas"_L1) || word.endsWith("ris"_L1))
        return end.keep(3, "es"_L1);
    if (word.endsWith("axis"_L1))
        return end.replace(4, 2, "es"_L1);
    if (word.endsWith("testis"_L1))
        return end.replace(6, 2, "es"_L1);
    return std::nullopt;
}

// Boundaries of words are boundaries of names here, so these are whole names.
std::optional<Match> applyMouse(const QString &word)
{
    static const QHash<QString, QString> words{{u"mouse"_s, u"mice"_s}, {u"titmouse"_s, u"titmice"_s}, {u"louse"_s, u"lice"_s},
                                               {u"mice"_s, u"mice"_s}, {u"titmice"_s, u"titmice"_s}, {u"lice"_s, u"lice"_s}};
    const auto found = words.constFind(word);
    return found == words.cend() ? std::nullopt : std::optional(Match{word.size(), *found});
}

// The first rule that fits decides, from the particular to the general.
Match matchRules(const QString &word)
{
    const Ending end(word);
    for (const QLatin1StringView ending : uncountableEndings) {
        if (word.endsWith(ending))
            return end.keep(ending.size(), {});
    }
    if (isPeople(word, end))
        return end.keep(4, {});
    if (word == "thou"_L1)
        return {4, u"you"_s};
    if (auto match = apply(word, {none, man, "men"_L1}))
        return *match;
    if (auto match = apply(word, {child, ren, "ren"_L1}))
        return *match;
    if (auto match = apply(word, {pe, rson, "ople"_L1}))
        return *match;
    if (auto match = applyMouse(word))
        return *match;
    if (auto match = apply(word, {exStems, ex, "ices"_L1}))
        return *match;
    if (auto match = apply(word, {hissing, none, "es"_L1}))
        return *match;
    if (auto match = applyEy(word, end))
        return *match;
    if (auto match = applyY(word, end))
        return *match;
    static constexpr Rule rules[]{
        {feStems, fe, "ves"_L1}, {fStems, f, "ves"_L1}, {none, sis, "ses"_L1}, {onStems, on, "a"_L1}, {umStems, um, "a"_L1},
        {oStems, o, "oes"_L1}, {imStems, im, "im"_L1}, {aeStems, ae, "ae"_L1}, {usStems, us, "i"_L1},
    };
    for (const Rule &rule : rules) {
        if (auto match = apply(word, rule))
            return *match;
    }
    if (auto match = applyPluralLike(word, end))
        return *match;
    if (auto match = applySibilant(word, end))
        return *match;
    return word.endsWith(u's') ? end.keep(1, {}) : Match{0, u"s"_s};
}

QString restoreCase(const QString &original, const QString &result)
{
    if (original == original.toLower())
        return result;
    if (original == original.toUpper())
        return result.toUpper();
    if (original[0] == original[0].toUpper())
        return result.left(1).toUpper() + result.mid(1);
    return result;
}

} // namespace

/*!
    \relates Tideline::ModelType
    \since 0.1

    Returns the plural of \a name as the backend's operations have it (syncBoxes): what the JavaScript
    library pluralize 8 makes of it, which the transformer and all code generators use. May be called from any thread.
*/
QString pluralOf(const QString &name)
{
    static const QHash<QString, QString> irregular = irregularWords();
    static const QSet<QString> uncountable = uncountableWords();
    static const QList<QString> plurals = irregular.values();
    const QString lower = name.toLower();
    if (plurals.contains(lower) || uncountable.contains(lower) || name.isEmpty())
        return name;
    if (irregular.contains(lower))
        return restoreCase(name, irregular.value(lower));
    const Match match = matchRules(lower);
    const QString original = match.length == 0 ? name.last(1) : name.last(match.length);
    if (original.toLower() == match.result && match.length > 0)
        return name.chopped(match.length) + (original == match.result ? match.result : restoreCase(original, match.result));
    return name.chopped(match.length) + restoreCase(original, match.result);
}

} // namespace Tideline
