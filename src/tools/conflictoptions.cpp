// SPDX-License-Identifier: MIT
#include "tools/conflictoptions.h"

#include "server/auth/networkfetcher.h"
#include "server/conflicts/httpconflictfunction.h"
#include "server/conflicts/scriptconflictfunction.h"
#include "tools/calleroptions.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFileInfo>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace Tideline::Server;

namespace {

constexpr double Century = 100 * 365 * 86400.0;        // in seconds

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

std::shared_ptr<ConflictFunction> scriptFunction(const QString &file, const Conflicts &conflicts)
{
    ScriptOptions options;
    options.file = QFileInfo(file).absoluteFilePath();
    options.host = QDir(QCoreApplication::applicationDirPath()).filePath(u"tideline-script"_s);
    options.timeLimit = conflicts.timeLimit.value_or(options.timeLimit);
    options.memoryLimitMb = conflicts.memoryLimitMb;
    return std::make_shared<ScriptConflictFunction>(options);
}

} // namespace

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
        {.name = u"conflict-time-limit"_s, .type = Option::Type::Duration,
         .help = u"How long --conflict-function may take for a conflict (10s for an endpoint, 2s for a file)"_s, .valueName = u"DURATION"_s,
         .least = 0.001, .most = 600},
        {.name = u"conflict-memory-limit"_s, .type = Option::Type::Integer,
         .help = u"Memory in megabytes that the JavaScript of --conflict-function may take"_s, .valueName = u"MB"_s, .initial = u"64"_s,
         .least = 1, .most = 65536},
        {.name = u"base-ttl"_s, .type = Option::Type::Duration,
         .help = u"How long deleted records are kept, so that devices that were away learn of it"_s,
         .valueName = u"DURATION"_s, .initial = u"30d"_s, .most = Century},
        {.name = u"delta-ttl"_s, .type = Option::Type::Duration,
         .help = u"How old the last sync of a device may be for it to get only what changed since"_s,
         .valueName = u"DURATION"_s, .initial = u"30m"_s, .most = Century},
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
        if (const Result<void> checked = checkUrl(u"conflict-function"_s, function); isUrl(function) && !checked)
            return checked;
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

Result<Conflicts> readConflicts(const OptionValues &values)
{
    Conflicts conflicts;
    Result<void> done = readStrategies(values, conflicts);
    if (done)
        done = readFunctions(values, conflicts);
    if (!done)
        return done.error();
    if (values.isSet(u"conflict-time-limit"_s))
        conflicts.timeLimit = values.duration(u"conflict-time-limit"_s);
    conflicts.baseTtl = values.duration(u"base-ttl"_s);
    conflicts.deltaTtl = values.duration(u"delta-ttl"_s);
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
        return std::make_shared<HttpConflictFunction>(QUrl(where), fetcher, conflicts.timeLimit.value_or(std::chrono::seconds(10)));
    };
    options.conflicts = conflicts.standard.strategy;
    options.conflictFunction = function(conflicts.standard.function);
    for (auto choice = conflicts.byModel.cbegin(); choice != conflicts.byModel.cend(); ++choice)
        options.modelConflicts.insert(choice.key(), {choice->strategy, function(choice->function)});
    options.baseTtlMs = conflicts.baseTtl.count();
    options.deltaTtlMs = conflicts.deltaTtl.count();
}

} // namespace Tideline::Tools
