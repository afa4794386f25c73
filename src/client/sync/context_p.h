// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/backoff_p.h"
#include "client/sync/dependencies_p.h"
#include "client/sync/events_p.h"
#include "client/sync/gate_p.h"
#include "client/sync/merger_p.h"

#include <QtCore/QSet>

#include <algorithm>

namespace Tideline {

// Which records of each model this device keeps. The engine changes it at run time; a job of the store takes the rules along that
// were in force when it was posted.
struct ScopesInForce
{
    QHash<QString, Predicate> predicates;       // by model type; absent: all
    QHash<QString, int> priorities;
    QSet<QString> wrong;                        // models whose scope does not fit: left alone
    std::shared_ptr<const MergeRules> rules;
};

// What every worker of a session needs; made once by the engine.
struct SyncContext
{
    std::shared_ptr<StoreGate> store;
    Scheduler &scheduler;
    std::shared_ptr<EventSource> events;
    Schema schema;
    EngineOptions options;
    std::shared_ptr<const Dependencies> dependencies;
    std::shared_ptr<ScopesInForce> scopes;
    std::shared_ptr<qint64> notBefore = std::make_shared<qint64>(0);        // monotonic, ms: when the backend that refused something may be asked again

    std::shared_ptr<QHash<QString, int>> pageSizes = std::make_shared<QHash<QString, int>>();      // by model type, while larger pages do not come

    [[nodiscard]] const std::shared_ptr<const MergeRules> &rules() const noexcept { return scopes->rules; }

    // Longest waits for an answer. The transport has its own deadlines; these end a session whose transport does not.
    static constexpr qint64 realtimeDeadline = 120'000;     // ms
    static constexpr qint64 requestDeadline = 180'000;      // ms

    [[nodiscard]] bool isWanted(const QString &model) const
    {
        return scopes->predicates.value(model).kind() != Predicate::Kind::None;
    }

    /*! The models to be kept equal, those of a high priority first; one whose scope is none() is not. */
    [[nodiscard]] QList<Dependencies::Step> steps() const
    {
        QList<Dependencies::Step> steps = byPriority();
        steps.removeIf([this](const Dependencies::Step &step) { return !isWanted(step.model->name); });
        return steps;
    }

    /*! All models. What a model depends on has its priority at least. */
    [[nodiscard]] QList<Dependencies::Step> byPriority() const
    {
        QList<Dependencies::Step> steps = dependencies->steps();
        QHash<QString, int> priorities = scopes->priorities;
        for (auto step = steps.crbegin(); step != steps.crend(); ++step) {
            for (const QString &before : step->after)
                priorities.insert(before, std::max(priorities.value(before), priorities.value(step->model->name)));
        }
        std::stable_sort(steps.begin(), steps.end(), [&priorities](const Dependencies::Step &a, const Dependencies::Step &b) {
            return priorities.value(a.model->name) > priorities.value(b.model->name);
        });
        return steps;
    }

    /*! How long to wait that would wait for \a wait, with what the backend asked for. */
    [[nodiscard]] qint64 patience(qint64 wait) const { return std::max(wait, *notBefore - scheduler.monotonic()); }

    [[nodiscard]] Backoff backoff() const { return {options.backoffBase, options.backoffCap}; }
};

// What an error of the line means: the whole session has to begin anew, not one request.
[[nodiscard]] inline bool isOfTheLine(const Error &error)
{
    return error.code() == Error::Code::Network || error.code() == Error::Code::Timeout
        || error.code() == Error::Code::Cancelled || error.code() == Error::Code::Closed;
}

// Whether only the line or the health of the backend is the matter, or somebody in between: it may be over any moment.
[[nodiscard]] inline bool mayHealByItself(const Error &error)
{
    return isOfTheLine(error) || error.code() == Error::Code::BackendFailed || error.code() == Error::Code::Protocol;
}

// Whether the file may take later what it did not take now, when a full disk has room again.
[[nodiscard]] inline bool mayBeStoredLater(const Error &error)
{
    return error.category() == Error::Category::Store && error.isRetryable();
}

} // namespace Tideline
