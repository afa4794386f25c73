// SPDX-License-Identifier: MIT
#pragma once

#include "core/executor.h"
#include "server/auth/fetcher.h"
#include "server/functions/trigger.h"
#include "server/metrics.h"
#include "server/storage/eventqueue.h"

#include <QtCore/QHash>

#include <atomic>
#include <memory>
#include <mutex>

namespace Tideline::Server {

/*! Where events are kept. Answers come once, on any thread. */
class EventStore
{
public:
    virtual ~EventStore() = default;
    virtual void exchange(EventExchange exchange, std::function<void(Result<TakenEvents>)> done) = 0;   // durable when it answers
    virtual void nextDue(QStringList targets, std::function<void(Result<std::optional<qint64>>)> done) = 0;
};

/*
    Sends events to those whose triggers they are for. Everything but the constructor, wake() and the destructor runs
    in the scheduler, one task after the other; there is at most one exchange with the store at a time until the end, so that
    what came of many events is written at once.

    What is taken and not settled (the process dies, the store cannot be reached) is taken again by whoever looks after the
    end of the lease. end() gives back what is under way or just being taken: it is sent again, by another node or after
    the next start.
*/
class TIDELINE_SERVER_EXPORT EventDelivery
{
public:
    using Report = std::function<void(const Error &)>;      // dead letters, a store that fails; once until it does not

    EventDelivery(const std::vector<Trigger> &triggers, const TriggerOptions &options, EventStore &store, Fetcher &fetcher,
                  Scheduler &scheduler, Metrics &metrics, Report report = {});
    ~EventDelivery();                                       // after end(), or when the scheduler does not run any more
    Q_DISABLE_COPY_MOVE(EventDelivery)

    void wake();                                            // there are new events; any thread
    void end();                                             // in the scheduler; nothing is taken or called from now on

private:
    struct Link : std::enable_shared_from_this<Link>        // outlives the delivery in callbacks
    {
        std::mutex mutex;
        Scheduler *scheduler = nullptr;                     // null: the end
        void post(std::function<void()> task, std::function<void()> late = {});     // late: in its stead after the end
        [[nodiscard]] bool hasEnded();
    };
    struct Target
    {
        Trigger trigger;
        QHash<QString, QueuedEvent> underWay;               // by id
    };

    void exchange();
    void exchanged(Result<TakenEvents> taken, std::vector<EventOutcome> outcomes);
    void look();
    void looked(const Result<std::optional<qint64>> &due);
    void sleep(std::optional<qint64> due);
    void send(const QueuedEvent &event);
    void answered(const QueuedEvent &event, const Result<FetchAnswer> &answer);
    [[nodiscard]] EventOutcome failure(const QueuedEvent &event, const QString &reason);
    [[nodiscard]] qint64 pause(int attempt);
    [[nodiscard]] int freePlaces(const Target &target) const;
    void fail(const Error &error);

    const TriggerOptions m_options;
    EventStore &m_store;
    Fetcher &m_fetcher;
    Scheduler &m_scheduler;
    Metrics &m_metrics;
    const Report m_report;
    const std::shared_ptr<Link> m_link;
    QHash<QString, Target> m_targets;
    std::vector<EventOutcome> m_outcomes;                   // to be written with the next exchange
    TimerId m_timer = 0;
    bool m_exchanging = false;
    bool m_again = false;                                   // another exchange is due after this one
    bool m_looking = false;
    bool m_failing = false;
    bool m_ended = false;
    std::atomic<bool> m_woken = false;
};

} // namespace Tideline::Server
