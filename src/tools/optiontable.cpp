// SPDX-License-Identifier: MIT
#include "tools/optiontable.h"

#include "core/graphql/lexer.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QLocale>
#include <QtCore/QUrl>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

const QString configName = QStringLiteral("config");

struct Unit { QLatin1StringView name; qint64 milliseconds; };
constexpr std::array units{Unit{"d"_L1, 86'400'000}, Unit{"h"_L1, 3'600'000}, Unit{"m"_L1, 60'000}, Unit{"s"_L1, 1000}, Unit{"ms"_L1, 1}};

std::optional<milliseconds> durationOf(const QString &text)
{
    constexpr double longest = 1e15;
    const auto end = std::ranges::find_if_not(text, [](QChar c) { return (c >= u'0' && c <= u'9') || c == u'.'; });
    const QString digits = text.first(end - text.begin());
    const QString name = digits.size() == text.size() ? u"s"_s : text.sliced(digits.size());
    const auto unit = std::ranges::find_if(units, [&name](const Unit &known) { return known.name == name; });
    bool isNumber = false;
    const double number = digits.toDouble(&isNumber) * double(unit == units.end() ? 0 : unit->milliseconds);
    if (!isNumber || unit == units.end() || number > longest)
        return std::nullopt;
    return milliseconds(std::llround(number));
}

QString rangeOf(const Option &option)
{
    const auto inMs = [](double seconds) { return milliseconds(std::llround(seconds * 1000)); };
    if (option.type == Option::Type::Duration)
        return u"a duration from %1 to %2, a number with ms, s, m, h or d"_s.arg(durationText(inMs(option.least)), durationText(inMs(option.most)));
    const auto spelled = [](double number) { return QString::number(number, 'f', QLocale::FloatingPointShortest); };
    return u"a number from %1 to %2"_s.arg(spelled(option.least), spelled(option.most));
}

bool isWithin(const Option &option, double number)
{
    return number >= option.least && number <= option.most;
}

std::optional<bool> truthOf(const QString &text)
{
    if (QStringList{u"true"_s, u"1"_s, u"yes"_s, u"on"_s}.contains(text))
        return true;
    if (QStringList{u"false"_s, u"0"_s, u"no"_s, u"off"_s}.contains(text))
        return false;
    return std::nullopt;
}

// What a value has to be; empty when `text` is that.
QString expectation(const Option &option, const QString &text)
{
    bool isNumber = true;
    switch (option.type) {
    case Option::Type::Flag:
        return truthOf(text) ? QString() : u"true or false"_s;
    case Option::Type::Choice:
        return option.choices.contains(text) ? QString() : option.choices.join(u" or "_s);
    case Option::Type::Integer: {
        const qint64 number = text.toLongLong(&isNumber);
        return isNumber && isWithin(option, double(number)) ? QString() : rangeOf(option);
    }
    case Option::Type::Duration: {
        const std::optional<milliseconds> duration = durationOf(text);
        return duration && isWithin(option, double(duration->count()) / 1000) ? QString() : rangeOf(option);
    }
    case Option::Type::Text:
    case Option::Type::List:
        return {};
    }
    Q_UNREACHABLE();
}

// How a file says it, as the command line would; nothing when it is of another type.
std::optional<QString> textOf(const Option &option, const QJsonValue &value)
{
    const bool isNumeric = option.type == Option::Type::Integer || option.type == Option::Type::Duration;
    if (option.type == Option::Type::Flag && value.isBool())
        return value.toBool() ? u"true"_s : u"false"_s;
    if (isNumeric && value.isDouble())
        return QString::number(value.toDouble(), 'f', QLocale::FloatingPointShortest);
    if (option.type != Option::Type::Flag && value.isString())
        return value.toString();
    return std::nullopt;
}

std::optional<QStringList> textsOf(const Option &option, const QJsonValue &value)
{
    QStringList texts;
    const bool isList = option.type == Option::Type::List && value.isArray();
    const QJsonArray all = isList ? value.toArray() : QJsonArray{value};
    for (const QJsonValue &item : all) {
        const std::optional<QString> text = textOf(option, item);
        if (!text)
            return std::nullopt;
        texts.append(*text);
    }
    return texts;
}

QString typeName(const Option &option)
{
    switch (option.type) {
    case Option::Type::Flag:
        return u"true or false"_s;
    case Option::Type::Integer:
    case Option::Type::Duration:
        return rangeOf(option);
    case Option::Type::List:
        return u"a list of texts"_s;
    case Option::Type::Text:
    case Option::Type::Choice:
        return u"a text"_s;
    }
    Q_UNREACHABLE();
}

QString placeOf(const QString &file, int line, int column)
{
    return u"%1:%2:%3"_s.arg(file).arg(line).arg(column);
}

bool hasPassword(const QString &text)
{
    return isUrl(text) && !QUrl(text).password().isEmpty();
}

struct Key { QString name; QString place; };

// The members of the object that `text` is: known to be JSON, so that GraphQL's tokens will do. Its strings alone may have what
// GraphQL's may not, half a character.
Result<std::vector<Key>> keysOf(const QString &file, const QString &text)
{
    using enum GraphQL::TokenKind;
    std::vector<Key> keys;
    GraphQL::Lexer lexer(text);
    int depth = 0;
    Key last;
    for (GraphQL::Token token = lexer.next(); token.kind != EndOfFile; token = lexer.next()) {
        if (token.kind == Invalid)
            return usage(u"%1: %2"_s.arg(placeOf(file, lexer.error().at.line, lexer.error().at.column), lexer.error().message));
        if (token.kind == LeftBrace || token.kind == LeftBracket)
            ++depth;
        else if (token.kind == RightBrace || token.kind == RightBracket)
            --depth;
        else if (token.kind == String)
            last = {token.value.toString(), placeOf(file, token.line, token.column)};
        else if (token.kind == Colon && depth == 1)
            keys.push_back(last);
    }
    return keys;
}

struct Content { QByteArray text; bool isPrivate = false; };

Result<Content> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return Error(Error::Code::NotFound, u"%1 cannot be read: %2"_s.arg(path, file.errorString()));
    return Content{file.readAll(), !file.permissions().testFlag(QFileDevice::ReadOther)};
}

Error syntaxError(const QString &path, const QByteArray &content, const QJsonParseError &error)
{
    const QByteArray before = content.first(std::min(qsizetype(error.offset), content.size()));
    const int line = int(before.count('\n')) + 1;
    const int column = int(QString::fromUtf8(before.mid(before.lastIndexOf('\n') + 1)).size()) + 1;
    return usage(u"%1: %2"_s.arg(placeOf(path, line, column), error.errorString()));
}

} // namespace

QString durationText(milliseconds duration)
{
    const auto unit = std::ranges::find_if(units, [duration](const Unit &known) {
        return duration.count() != 0 && duration.count() % known.milliseconds == 0;
    });
    return unit == units.end() ? u"0s"_s : QString::number(duration.count() / unit->milliseconds) + unit->name;
}

bool OptionValues::flag(const QString &name) const
{
    return truthOf(text(name)).value_or(false);
}

QString OptionValues::text(const QString &name) const
{
    return list(name).value(0);
}

QStringList OptionValues::list(const QString &name) const
{
    Q_ASSERT_X(m_initial.contains(name), "OptionValues", qPrintable(name));
    return isSet(name) ? m_given.value(name) : m_initial.value(name);
}

milliseconds OptionValues::duration(const QString &name) const
{
    return durationOf(text(name)).value_or(milliseconds(0));
}

OptionTable::OptionTable(std::vector<Option> options) : m_options(std::move(options))
{
}

QString OptionTable::variableOf(const QString &option)
{
    return u"TIDELINE_"_s + option.toUpper().replace(u'-', u'_');
}

const Option *OptionTable::find(const QString &name) const
{
    const auto found = std::ranges::find(m_options, name, &Option::name);
    return found == m_options.end() ? nullptr : &*found;
}

void OptionTable::addTo(QCommandLineParser &parser) const
{
    for (const Option &option : m_options) {
        if (!option.onCommandLine)
            continue;
        const QString help = option.initial.isEmpty() ? option.help : u"%1 (%2)"_s.arg(option.help, option.initial);
        parser.addOption(QCommandLineOption(option.name, help, option.type == Option::Type::Flag ? QString() : option.valueName));
    }
    parser.addOption(QCommandLineOption(configName, u"Read options from this JSON file: their names without dashes, lists as arrays"_s, u"FILE"_s));
}

QString OptionTable::secretsHelp() const
{
    QString text;
    for (const Option &option : m_options) {
        if (!option.onCommandLine)
            text += u"\n%1, or \"%2\" in the file: %3."_s.arg(variableOf(option.name), option.name, option.help);
    }
    return text;
}

Result<void> OptionTable::take(const Option &option, const QStringList &given, const QString &place, OptionValues &values)
{
    for (const QString &text : given) {
        if (const QString wanted = expectation(option, text); !wanted.isEmpty())
            return usage(u"%1 is %2, not \"%3\""_s.arg(place, wanted, option.secret ? u"..."_s : text));
    }
    QStringList &known = values.m_given[option.name];
    known = option.addsUp ? known + given : given;
    return {};
}

Result<void> OptionTable::readFile(const QString &path, OptionValues &values) const
{
    const Result<Content> content = contentOf(path);
    if (!content)
        return content.error();
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(content->text, &problem);
    if (problem.error != QJsonParseError::NoError)
        return syntaxError(path, content->text, problem);
    if (!document.isObject())
        return usage(placeOf(path, 1, 1) + u": options are the members of a JSON object"_s);
    QStringList seen;
    bool hasSecret = false;
    const Result<std::vector<Key>> keys = keysOf(path, QString::fromUtf8(content->text));
    if (!keys)
        return keys.error();
    for (const Key &key : *keys) {
        const Option *option = find(key.name);
        if (!option)
            return usage(u"%1: there is no option \"%2\""_s.arg(key.place, key.name));
        if (seen.contains(key.name))
            return usage(u"%1: \"%2\" is given twice"_s.arg(key.place, key.name));
        seen.append(key.name);
        const std::optional<QStringList> texts = textsOf(*option, document.object().value(key.name));
        if (!texts)
            return usage(u"%1: \"%2\" is %3"_s.arg(key.place, key.name, typeName(*option)));
        if (const Result<void> taken = take(*option, *texts, u"%1: \"%2\""_s.arg(key.place, key.name), values); !taken)
            return taken;
        hasSecret = hasSecret || option->secret || std::ranges::any_of(*texts, hasPassword);
    }
    if (hasSecret && !content->isPrivate)
        values.warnings.append(u"%1 has secrets and can be read by everybody on this machine; \"chmod 600\" changes that"_s.arg(path));
    return {};
}

Result<void> OptionTable::readEnvironment(const QProcessEnvironment &environment, OptionValues &values) const
{
    for (const Option &option : m_options) {
        const QString variable = variableOf(option.name);
        const QString text = environment.value(variable);
        if (text.isEmpty())
            continue;
        const QStringList texts = option.type == Option::Type::List ? text.split(u' ', Qt::SkipEmptyParts) : QStringList{text};
        if (const Result<void> taken = take(option, texts, variable, values); !taken)
            return taken;
    }
    return {};
}

Result<void> OptionTable::readCommandLine(const QCommandLineParser &parser, OptionValues &values) const
{
    for (const Option &option : m_options) {
        if (!option.onCommandLine || !parser.isSet(option.name))
            continue;
        const QStringList given = option.type == Option::Type::Flag ? QStringList{u"true"_s} : parser.values(option.name);
        const QStringList texts = option.type == Option::Type::List ? given : QStringList{given.constLast()};
        if (const Result<void> taken = take(option, texts, u"--"_s + option.name, values); !taken)
            return taken;
    }
    return {};
}

Result<OptionValues> OptionTable::read(const QCommandLineParser &parser, const QProcessEnvironment &environment) const
{
    OptionValues values;
    for (const Option &option : m_options)
        values.m_initial.insert(option.name, option.initial.isEmpty() ? QStringList() : option.initial.split(u' '));
    const QString file = parser.isSet(configName) ? parser.value(configName) : environment.value(variableOf(configName));
    Result<void> done = file.isEmpty() ? Result<void>() : readFile(file, values);
    if (done)
        done = readEnvironment(environment, values);
    if (done)
        done = readCommandLine(parser, values);
    if (!done)
        return done.error();
    return values;
}

} // namespace Tideline::Tools
