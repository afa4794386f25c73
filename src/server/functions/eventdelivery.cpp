// SPDX-License-Identifier: MIT
#include "server/functions/eventdelivery.h"

#include "server/functions/eventsignature.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr qsizetype largestAnswer = 1024 * 1024;

template<typename Events>
static std::vector<EventOutcome> released(const Events &events, qint64 now)
{
    std::vector<EventOutcome> outcomes;
    for (const QueuedEvent &event : events)
        outcomes.push_back({event, EventOutcome::Kind::Released, now});
    return outcomes;
}

// Where even this fails the end of the lease does it.
static void giveBack(EventStore &store, std::vector<EventOutcome> outcomes)
{
    if (!outcomes.empty())
        store.exchange({.outcomes = std::move(outcomes)}, [](const Result<TakenEvents> &) { });
}

void EventDelivery::Link::post(std::function<void()> task, std::function<void()> late)
{
    std::unique_lock lock(mutex);
    if (!scheduler) {
        lock.unlock();
        return late ? late() : void();
    }
    scheduler->post([self = shared_from_this(), task = std::move(task), late = std::move(late)] {
        if (!self->hasEnded())
            task();
        else if (late)
            late();
    });
}

bool EventDelivery::Link::hasEnded()
{
    const std::lock_guard lock(mutex);
    return !scheduler;
}

EventDelivery::EventDelivery(const std::vector<Trigger> &triggers, const TriggerOptions &options, EventStore &store, Fetcher &fetcher,
                             Scheduler &scheduler, Metrics &metrics, Report report)
    : m_options(options), m_store(store), m_fetcher(fetcher), m_scheduler(scheduler), m_metrics(metrics), m_report(std::move(report)),
      m_link(std::make_shared<Link>())
{
    m_link->scheduler = &scheduler;
    for (const Trigger &trigger : triggers)
        m_targets.insert(trigger.target(), {trigger, {}});
    wake();
}

EventDelivery::~EventDelivery()
{
    const std::lock_guard lock(m_link->mutex);
    m_link->scheduler = nullptr;
}

void EventDelivery::wake()
{
    if (m_woken.exchange(true))
        return;
    m_link->post([this] {
        m_woken = false;
        exchange();
    });
}

void EventDelivery::end()
{
    if (m_ended)
        return;
    m_ended = true;
    m_scheduler.cancelTimer(m_timer);
    for (const Target &target : std::as_const(m_targets)) {
        const std::vector<EventOutcome> unsettled = released(target.underWay, m_scheduler.now());
        m_outcomes.insert(m_outcomes.end(), unsettled.begin(), unsettled.end());
    }
    {
        const std::lock_guard lock(m_link->mutex);
        m_link->scheduler = nullptr;
    }
    giveBack(m_store, std::move(m_outcomes));
}

int EventDelivery::freePlaces(const Target &target) const
{
    return std::max(0, m_options.maxConcurrent - int(target.underWay.size()));
}

void EventDelivery::exchange()
{
    if (m_exchanging) {
        m_again = true;
        return;
    }
    m_exchanging = true;
    m_scheduler.cancelTimer(std::exchange(m_timer, 0));
    EventExchange exchange;
    exchange.outcomes = std::exchange(m_outcomes, {});
    exchange.now = m_scheduler.now();
    exchange.leaseEnd = exchange.now + std::max(m_options.lease, 2 * m_options.deadline).count();
    for (const Target &target : std::as_const(m_targets)) {
        if (const int most = freePlaces(target); most > 0)
            exchange.demands.push_back({target.trigger.target(), most});
    }
    const auto outcomes = std::make_shared<std::vector<EventOutcome>>(exchange.outcomes);
    m_store.exchange(std::move(exchange), [this, link = m_link, outcomes, &store = m_store, now = exchange.now](Result<TakenEvents> taken) {
        link->post([this, outcomes, taken] { exchanged(taken, std::move(*outcomes)); },
                   [taken, &store, now] {
                       if (taken)
                           giveBack(store, released(taken->events, now));
                   });
    });
}

void EventDelivery::exchanged(Result<TakenEvents> taken, std::vector<EventOutcome> outcomes)
{
    m_exchanging = false;
    if (!taken) {
        m_outcomes.insert(m_outcomes.begin(), std::make_move_iterator(outcomes.begin()), std::make_move_iterator(outcomes.end()));
        m_again = false;
        fail(taken.error());
        return sleep({});
    }
    m_failing = false;
    for (const QueuedEvent &event : taken->events)
        send(event);
    if (std::exchange(m_again, false))
        exchange();
    else
        sleep(taken->nextDue);
}

// Until something is due, but others may leave or replay something before.
void EventDelivery::sleep(std::optional<qint64> due)
{
    const qint64 poll = std::max<qint64>(1, m_options.pollInterval.count());
    m_scheduler.cancelTimer(m_timer);
    m_timer = m_scheduler.startTimer(due ? std::clamp<qint64>(*due - m_scheduler.now(), 1, poll) : poll, [this] {
        m_timer = 0;
        look();
    });
}

void EventDelivery::look()
{
    if (!m_outcomes.empty())
        return exchange();
    QStringList targets;
    for (const Target &target : std::as_const(m_targets)) {
        if (freePlaces(target) > 0)
            targets.append(target.trigger.target());
    }
    if (m_looking || m_exchanging)
        return;
    m_looking = true;
    m_store.nextDue(targets, [this, link = m_link](const Result<std::optional<qint64>> &due) {
        link->post([this, due] { looked(due); });
    });
}

void EventDelivery::looked(const Result<std::optional<qint64>> &due)
{
    m_looking = false;
    if (m_exchanging)
        return;
    if (due)
        m_failing = false;
    else
        fail(due.error());
    if (due && *due && **due <= m_scheduler.now())
        exchange();
    else
        sleep(due ? *due : std::nullopt);
}

void EventDelivery::send(const QueuedEvent &event)
{
    Target &target = m_targets[event.target];
    target.underWay.insert(event.id, event);
    ++m_metrics.eventsUnderWay;
    FetchRequest request{.url = target.trigger.url, .body = event.body.toUtf8()};
    request.deadline = m_options.deadline;
    request.maxBytes = largestAnswer;
    request.headers = {{signatureHeader, signatureOf(request.body, target.trigger.secret, m_scheduler.now() / 1000)},
                       {"x-tideline-attempt", QByteArray::number(event.attempt)}};
    m_fetcher.fetch(request, [this, link = m_link, event](const Result<FetchAnswer> &answer) {
        link->post([this, event, answer] { answered(event, answer); });
    });
}

void EventDelivery::answered(const QueuedEvent &event, const Result<FetchAnswer> &answer)
{
    m_targets[event.target].underWay.remove(event.id);
    --m_metrics.eventsUnderWay;
    if (answer && answer->status >= 200 && answer->status < 300) {
        ++m_metrics.eventsDelivered;
        m_outcomes.push_back({event, EventOutcome::Kind::Delivered});
    } else {
        ++m_metrics.eventsFailed;
        m_outcomes.push_back(failure(event, answer ? u"HTTP %1"_s.arg(answer->status) : answer.error().message()));
    }
    exchange();
}

EventOutcome EventDelivery::failure(const QueuedEvent &event, const QString &reason)
{
    const qint64 now = m_scheduler.now();
    const bool tooOften = m_options.maxAttempts > 0 && event.attempt >= m_options.maxAttempts;
    const bool tooOld = m_options.maxAge.count() > 0 && now - event.since >= m_options.maxAge.count();
    if (!tooOften && !tooOld)
        return {event, EventOutcome::Kind::Again, now + pause(event.attempt), reason};
    ++m_metrics.deadLetters;
    if (m_report)
        m_report(Error(Error::Code::BackendFailed, u"The event %1 for \"%2\" was given up at attempt %3: %4. "
                                                   "tideline dead-letters lists it."_s
                                                       .arg(event.id, event.target).arg(event.attempt).arg(reason)));
    return {event, EventOutcome::Kind::GivenUp, now, reason};
}

// Doubles with each attempt; half of it is left to chance, so that many events do not come back at once.
qint64 EventDelivery::pause(int attempt)
{
    const qint64 longest = std::max<qint64>(1, m_options.maxPause.count());
    qint64 pause = std::clamp<qint64>(m_options.firstPause.count(), 1, longest);
    for (int i = 1; i < attempt && pause < longest; ++i)
        pause = std::min(longest, 2 * pause);
    return pause - qint64(m_scheduler.random() % quint64(pause / 2 + 1));
}

void EventDelivery::fail(const Error &error)
{
    if (!std::exchange(m_failing, true) && m_report)
        m_report(Error(error.code(), u"Events cannot be delivered now. "_s + error.message()).withDetail(error.detail()));
}

} // namespace Tideline::Server
