// SPDX-License-Identifier: MIT
#include "tools/conflictoptions.h"

#include "server/auth/networkfetcher.h"
#include "server/conflicts/httpconflictfunction.h"
#include "server/conflicts/scriptconflictfunction.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFileInfo>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace Tideline::Server;
using std::chrono::milliseconds;

namespace {

constexpr qint64 LongestTimeMs = 1000LL * 60 * 60 * 24 * 365 * 100;

Error usage(const QString &message)
{
    return Error(Error::Code::InvalidArgument, message);
}

std::optional<ConflictStrategy> strategyOf(const QString &name)
{
    return name == "automerge"_L1 ? std::optional(ConflictStrategy::Automerge)
        : name == "optimistic"_L1 ? std::optional(ConflictStrategy::OptimisticConcurrency)
        : name == "function"_L1   ? std::optional(ConflictStrategy::Function)
                                  : std::nullopt;
}

// MODEL=REST, or REST alone: a URL may have a "=", but not after a name alone.
std::pair<QString, QString> split(const QString &text)
{
    const qsizetype at = text.indexOf(u'=');
    const QString model = text.left(qMax(qsizetype(0), at));
    const bool isName = !model.isEmpty() && std::all_of(model.begin(), model.end(), [](QChar c) { return c.isLetterOrNumber() || c == u'_'; });
    return isName ? std::pair(model, text.mid(at + 1)) : std::pair(QString(), text);
}

bool isUrl(const QString &text)
{
    return text.contains("://"_L1);
}

milliseconds timeOr(milliseconds given, milliseconds usual)
{
    return given.count() > 0 ? given : usual;
}

std::shared_ptr<ConflictFunction> scriptFunction(const QString &file, const Conflicts &conflicts)
{
    ScriptOptions options;
    options.file = QFileInfo(file).absoluteFilePath();
    options.host = QDir(QCoreApplication::applicationDirPath()).filePath(u"tideline-script"_s);
    options.timeLimit = timeOr(conflicts.timeLimit, options.timeLimit);
    options.memoryLimitMb = conflicts.memoryLimitMb;
    return std::make_shared<ScriptConflictFunction>(options);
}

} // namespace

Result<milliseconds> durationOf(const QString &text, milliseconds unit)
{
    static const QHash<QString, qint64> units = {{u"ms"_s, 1}, {u"s"_s, 1000}, {u"m"_s, 60'000}, {u"h"_s, 3'600'000}, {u"d"_s, 86'400'000}};
    qsizetype digits = 0;
    while (digits < text.size() && text[digits] >= u'0' && text[digits] <= u'9')
        ++digits;
    bool isNumber = false;
    const qint64 number = text.left(digits).toLongLong(&isNumber);
    const qint64 factor = digits == text.size() ? unit.count() : units.value(text.mid(digits), 0);
    if (!isNumber || factor == 0 || number > LongestTimeMs / factor)
        return usage(u"a duration is a number with ms, s, m, h or d, not \"%1\""_s.arg(text));
    return milliseconds(number * factor);
}

std::vector<Option> conflictOptions()
{
    return {
        {.name = u"conflict"_s, .type = Option::Type::List,
         .help = u"What becomes of a change of a record that somebody else changed: automerge, optimistic or function (automerge); "
                 "MODEL=STRATEGY for one type, again for another"_s, .valueName = u"[MODEL=]STRATEGY"_s},
        {.name = u"conflict-function"_s, .type = Option::Type::List,
         .help = u"Who decides with --conflict function: an endpoint that gets AppSync's conflict Lambda requests, or a JavaScript "
                 "file with a function resolve(event) that gets the same; MODEL=... for one type, again for another"_s,
         .valueName = u"[MODEL=]URL|FILE.js"_s},
        {.name = u"conflict-time-limit"_s,
         .help = u"How long --conflict-function may take for a conflict (10s for an endpoint, 2s for a file)"_s, .valueName = u"DURATION"_s},
        {.name = u"conflict-memory-limit"_s, .type = Option::Type::Integer,
         .help = u"Memory in megabytes that the JavaScript of --conflict-function may take"_s, .valueName = u"MB"_s, .initial = u"64"_s,
         .least = 1, .most = 65536},
        {.name = u"base-ttl"_s,
         .help = u"How long deleted records are kept, so that devices that were away learn of it. "
                 "A duration is a number with ms, s, m, h or d"_s, .valueName = u"DURATION"_s, .initial = u"30d"_s},
        {.name = u"delta-ttl"_s, .help = u"How old the last sync of a device may be for it to get only what changed since"_s,
         .valueName = u"DURATION"_s, .initial = u"30m"_s},
    };
}

static Result<void> readStrategies(const OptionValues &values, Conflicts &conflicts)
{
    for (const QString &given : values.list(u"conflict"_s)) {
        const auto [model, name] = split(given);
        const std::optional<ConflictStrategy> strategy = strategyOf(name);
        if (!strategy)
            return usage(u"--conflict is automerge, optimistic or function, not \"%1\""_s.arg(name));
        (model.isEmpty() ? conflicts.standard : conflicts.byModel[model]).strategy = *strategy;
    }
    return {};
}

static Result<void> readFunctions(const OptionValues &values, Conflicts &conflicts)
{
    for (const QString &given : values.list(u"conflict-function"_s)) {
        const auto [model, function] = split(given);
        if (isUrl(function) && !isSafeUrl(QUrl(function)))
            return usage(u"--conflict-function is an https URL (or http to this machine), not \"%1\""_s.arg(function));
        if (!isUrl(function) && !QFileInfo(function).isFile())
            return usage(u"--conflict-function: there is no file %1"_s.arg(function));
        if (!model.isEmpty() && conflicts.byModel.value(model).strategy != ConflictStrategy::Function)
            return usage(u"--conflict-function %1=... needs --conflict %1=function"_s.arg(model));
        (model.isEmpty() ? conflicts.standard : conflicts.byModel[model]).function = function;
    }
    bool used = conflicts.standard.strategy == ConflictStrategy::Function;
    for (const Conflicts::Choice &choice : std::as_const(conflicts.byModel))
        used = used || (choice.strategy == ConflictStrategy::Function && choice.function.isEmpty());
    if (used && conflicts.standard.function.isEmpty())
        return usage(u"--conflict function needs --conflict-function"_s);
    if (!used && !conflicts.standard.function.isEmpty())
        return usage(u"--conflict-function needs --conflict function"_s);
    return {};
}

static Result<void> readTimes(const OptionValues &values, Conflicts &conflicts)
{
    using namespace std::chrono_literals;
    const auto read = [&values](const QString &option, milliseconds unit, milliseconds &time) -> Result<void> {
        if (values.text(option).isEmpty())
            return {};
        const Result<milliseconds> given = durationOf(values.text(option), unit);
        if (!given)
            return usage(u"--%1: %2"_s.arg(option, given.error().message()));
        time = *given;
        return {};
    };
    Result<void> done = read(u"conflict-time-limit"_s, 1s, conflicts.timeLimit);
    if (done)
        done = read(u"base-ttl"_s, 1min, conflicts.baseTtl);        // minutes, as AppSync counts them
    if (done)
        done = read(u"delta-ttl"_s, 1min, conflicts.deltaTtl);
    return done;
}

Result<Conflicts> readConflicts(const OptionValues &values)
{
    Conflicts conflicts;
    Result<void> done = readStrategies(values, conflicts);
    if (done)
        done = readFunctions(values, conflicts);
    if (done)
        done = readTimes(values, conflicts);
    if (!done)
        return done.error();
    conflicts.memoryLimitMb = int(values.integer(u"conflict-memory-limit"_s));
    return conflicts;
}

void apply(const Conflicts &conflicts, BackendOptions &options)
{
    const auto fetcher = std::make_shared<NetworkFetcher>();
    const auto function = [&](const QString &where) -> std::shared_ptr<ConflictFunction> {
        if (where.isEmpty())
            return {};
        if (!isUrl(where))
            return scriptFunction(where, conflicts);
        return std::make_shared<HttpConflictFunction>(QUrl(where), fetcher, timeOr(conflicts.timeLimit, std::chrono::seconds(10)));
    };
    options.conflicts = conflicts.standard.strategy;
    options.conflictFunction = function(conflicts.standard.function);
    for (auto choice = conflicts.byModel.cbegin(); choice != conflicts.byModel.cend(); ++choice)
        options.modelConflicts.insert(choice.key(), {choice->strategy, function(choice->function)});
    options.baseTtlMs = conflicts.baseTtl.count();
    options.deltaTtlMs = conflicts.deltaTtl.count();
}

} // namespace Tideline::Tools
