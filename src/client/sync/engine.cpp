// SPDX-License-Identifier: MIT
#include "client/sync/engine.h"

#include "client/sync/arbiter_p.h"
#include "client/sync/session_p.h"
#include "client/sync/synctext_p.h"

namespace Tideline {

using namespace Qt::StringLiterals;
using Concern = Session::Concern;

class EnginePrivate
{
public:
    EnginePrivate(Store &store, TransportFactory transport, Scheduler &scheduler, const EngineOptions &options,
                  Engine::Callbacks callbacks);
    ~EnginePrivate();

    void start();
    void stop(Reply<void> done);
    void pause();
    void resume();
    void syncNow();

    EngineState state = EngineState::Stopped;

private:
    void setState(EngineState next);
    void setNetwork(bool active);
    void release();
    void released(const Result<Settler::Released> &outcome);
    void connect();
    void sessionState(EngineState next);
    void sessionSucceeded(Concern concern);
    void sessionEnded(Concern concern, const Error &error);
    void cutSession();
    void retryLater(Concern concern);
    void storeChanged(const ChangeSet &changes);
    [[nodiscard]] std::shared_ptr<const SyncContext> makeContext();
    void followRelations(const ChangeSet &changes);
    void freed(const Result<Merger::Outcome> &outcome);
    [[nodiscard]] Backoff &backoff(Concern concern) { return m_backoffs[size_t(concern)]; }

    Store &m_store;
    Scheduler &m_scheduler;
    TransportFactory m_factory;
    EngineOptions m_options;
    std::shared_ptr<EventSource> m_events;
    std::shared_ptr<StoreGate> m_gate;
    std::shared_ptr<const SyncContext> m_context;           // made at start
    std::unique_ptr<Session> m_session;
    std::unique_ptr<Arbiter> m_arbiter;                     // from start to stop
    std::shared_ptr<void> m_observation;                    // of the store's changes
    std::array<Backoff, 3> m_backoffs;                      // by Concern
    Arbiter::Ask m_ask;
    Timer m_retry;
    qint64 m_liveSince = 0;                                 // monotonic, ms; 0: not live
    bool m_paused = false;
    bool m_unreleased = true;                               // entries may be marked Sending that nobody sends
    bool m_releasing = false;
    bool m_announced = false;                               // storageSubscribed and outboxStatus, since start()
    bool m_ready = false;                                   // said since start()
    std::optional<bool> m_network;                          // as last said
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

EnginePrivate::EnginePrivate(Store &store, TransportFactory transport, Scheduler &scheduler, const EngineOptions &options,
                             Engine::Callbacks callbacks)
    : m_store(store), m_scheduler(scheduler), m_factory(std::move(transport)), m_options(options),
      m_events(std::make_shared<EventSource>(scheduler, callbacks)),
      m_gate(std::make_shared<StoreGate>(store, scheduler)),
      m_backoffs{Backoff(options.backoffBase, options.backoffCap), Backoff(options.backoffBase, options.backoffCap),
                 Backoff(options.backoffBase, options.backoffCap)},
      m_ask(std::move(callbacks.ask)), m_retry(scheduler)
{
}

EnginePrivate::~EnginePrivate()
{
    m_events->close();
    m_observation.reset();
    cutSession();
}

void EnginePrivate::setState(EngineState next)
{
    if (state == next)
        return;
    state = next;
    m_events->state(next);
}

void EnginePrivate::setNetwork(bool active)
{
    if (m_network == active)
        return;
    m_network = active;
    m_events->networkStatus(active);
}

std::shared_ptr<const SyncContext> EnginePrivate::makeContext()
{
    EngineOptions options = m_options;
    QList<Error> problems;
    const auto rules = std::make_shared<MergeRules>(m_store.schema(), m_options.scopes, problems);
    rules->setConflicts(ConflictRules(m_store.schema(), m_options.conflicts));
    if (const Result<void> checked = m_options.conflicts.check(m_store.schema()); !checked)
        m_events->error(checked.error());
    for (const Error &problem : std::as_const(problems)) {
        options.scopes.insert(problem.model(), Predicate::none());
        m_events->error(problem);
    }
    return std::make_shared<const SyncContext>(SyncContext{m_gate, m_scheduler, m_events, m_store.schema(), options,
                                                           rules->sharedDependencies(), rules});
}

/* Once for each schema: what was kept aside may fit another one. */
static Result<Merger::Outcome> retryWithNewSchema(WriteTransaction &transaction, const std::shared_ptr<const MergeRules> &rules)
{
    const QString setting = u"quarantine/schema"_s;
    const QString fingerprint = QString::fromLatin1(transaction.schema().fingerprint());
    const Result<QString> tried = transaction.setting(setting);
    if (!tried || *tried == fingerprint)
        return tried ? Result<Merger::Outcome>(Merger::Outcome()) : Result<Merger::Outcome>(tried.error());
    Result<Merger::Outcome> outcome = Merger(transaction, rules).retryAll();
    const Result<void> stored = transaction.setSetting(setting, fingerprint);
    return stored ? outcome : Result<Merger::Outcome>(stored.error());
}

void EnginePrivate::start()
{
    if (state != EngineState::Stopped)
        return;
    m_ready = false;
    m_announced = false;
    m_unreleased = true;
    m_network.reset();
    for (Backoff &backoff : m_backoffs)
        backoff.reset();
    m_context = makeContext();
    if (m_store.quarantinedCount() > 0) {
        m_gate->write<Merger::Outcome>(
            m_alive, [rules = m_context->rules](WriteTransaction &transaction) { return retryWithNewSchema(transaction, rules); },
            [this](const Result<Merger::Outcome> &outcome) { freed(outcome); });
    }
    m_observation = m_store.observe(&m_scheduler, [this](const ChangeSet &changes) { storeChanged(changes); });
    m_arbiter = std::make_unique<Arbiter>(m_context, m_ask, [this] {
        if (m_session)
            m_session->wake();
    });
    m_arbiter->look();
    setState(EngineState::Offline);
    release();
}

/* Entries that the last session or a killed process left under way wait again before anything else happens. */
void EnginePrivate::release()
{
    if (m_releasing || !m_unreleased)
        return;
    m_releasing = true;
    m_gate->write<Settler::Released>(
        m_alive, [rules = m_context->rules](WriteTransaction &transaction) { return Settler::releaseAll(transaction, rules->conflicts()); },
        [this](const Result<Settler::Released> &outcome) { released(outcome); });
}

/* What the user saves, or gives back, may be what a record that is kept aside waits for. What he gives up, of a record that the backend had
   deleted, leaves children behind; a removal of his own takes them along itself. */
void EnginePrivate::followRelations(const ChangeSet &changes)
{
    QList<Record> stored;
    QList<Record> gone;
    for (const Change &change : changes.changes) {
        if (change.origin != Origin::Local)
            continue;
        if (change.kind == Change::Kind::Insert && m_store.quarantinedCount() > 0)
            stored.append(change.after);
        if (change.kind == Change::Kind::Delete && change.mutation == 0 && !m_context->dependencies->children(*change.before.model()).isEmpty())
            gone.append(change.before);
    }
    if (stored.isEmpty() && gone.isEmpty())
        return;
    m_gate->write<Merger::Outcome>(
        m_alive,
        [stored, gone, rules = m_context->rules](WriteTransaction &transaction) { return Merger(transaction, rules).follow(stored, gone); },
        [this](const Result<Merger::Outcome> &outcome) { freed(outcome); });
}

void EnginePrivate::freed(const Result<Merger::Outcome> &outcome)
{
    if (outcome)
        m_events->outboxMutationsArrived(outcome->arrived);
    else
        m_events->error(outcome.error());
}

void EnginePrivate::released(const Result<Settler::Released> &outcome)
{
    m_releasing = false;
    m_unreleased = !outcome.ok();
    if (outcome)
        m_events->outboxMutationsArrived(outcome->arrived);
    else
        m_events->error(outcome.error());
    if (state == EngineState::Stopped)
        return;
    if (!outcome) {
        m_retry.start(backoff(Concern::Sync).next(m_scheduler), [this] { release(); });
        return;
    }
    if (!m_announced) {
        m_announced = true;
        m_events->storageSubscribed();
        m_events->outboxStatus(outcome->isEmpty);
        if (m_paused)
            setNetwork(false);
    }
    if (!m_retry.isActive())
        connect();
}

void EnginePrivate::connect()
{
    if (state == EngineState::Stopped || m_paused || m_session)
        return;
    m_retry.cancel();
    if (m_unreleased) {
        release();
        return;
    }
    std::unique_ptr<Transport> transport = m_factory ? m_factory(m_store.schema(), m_scheduler) : nullptr;
    if (!transport) {
        m_events->error(Error(Error::Code::InvalidArgument, SyncText::tr("The backend gave no way to reach it.")));
        setNetwork(false);
        retryLater(Concern::Connection);
        return;
    }
    setState(EngineState::Connecting);
    m_session = std::make_unique<Session>(
        m_context, std::move(transport),
        Session::Callbacks{.stateChanged = [this](EngineState next) { sessionState(next); },
                           .succeeded = [this](Concern concern) { sessionSucceeded(concern); },
                           .ended = [this](Concern concern, const Error &error) { sessionEnded(concern, error); }});
    m_session->start();
}

void EnginePrivate::sessionState(EngineState next)
{
    if (next == EngineState::Syncing)
        setNetwork(true);
    if (next == EngineState::Live) {
        m_liveSince = std::max<qint64>(1, m_scheduler.monotonic());
        if (!m_ready)
            m_events->ready();
        m_ready = true;
    }
    setState(next);
}

/* A connection that comes up and breaks at once has not succeeded; how long it held is seen at its end. */
void EnginePrivate::sessionSucceeded(Concern concern)
{
    if (concern != Concern::Connection)
        backoff(concern).reset();
}

void EnginePrivate::sessionEnded(Concern concern, const Error &error)
{
    constexpr qint64 longEnough = 10'000;
    if (m_liveSince != 0 && m_scheduler.monotonic() - m_liveSince >= longEnough)
        backoff(Concern::Connection).reset();
    m_events->error(error);
    cutSession();
    setNetwork(false);
    setState(EngineState::Offline);
    retryLater(concern);
    release();
}

void EnginePrivate::retryLater(Concern concern)
{
    setState(EngineState::Offline);
    m_retry.start(backoff(concern).next(m_scheduler), [this] { connect(); });
}

/* Callbacks of the session or its transport may be on the stack: it goes when they have returned. */
void EnginePrivate::cutSession()
{
    m_liveSince = 0;
    if (!m_session)
        return;
    m_session->cut();
    m_unreleased = m_unreleased || m_session->leavesMarks();
    m_scheduler.post([session = std::shared_ptr<Session>(std::move(m_session))]() mutable { session.reset(); });
}

void EnginePrivate::stop(Reply<void> done)
{
    m_retry.cancel();
    m_observation.reset();
    m_arbiter.reset();
    cutSession();
    if (state != EngineState::Stopped)
        release();
    setState(EngineState::Stopped);
    m_gate->whenIdle([&scheduler = m_scheduler, done = std::move(done)] {
        scheduler.post([done] { done({}); });
    });
}

void EnginePrivate::pause()
{
    if (m_paused)
        return;
    m_paused = true;
    m_retry.cancel();
    if (state == EngineState::Stopped)
        return;
    cutSession();
    setNetwork(false);
    setState(EngineState::Offline);
    release();
}

void EnginePrivate::resume()
{
    if (!m_paused)
        return;
    m_paused = false;
    connect();
}

void EnginePrivate::syncNow()
{
    if (state == EngineState::Stopped || m_paused)
        return;
    if (m_session) {
        m_session->syncNow();
        return;
    }
    for (Backoff &backoff : m_backoffs)
        backoff.reset();
    m_retry.cancel();
    connect();
}

void EnginePrivate::storeChanged(const ChangeSet &changes)
{
    bool local = false;
    bool enqueued = false;
    for (const Change &change : changes.changes) {
        if (change.origin != Origin::Local)
            continue;
        local = true;
        const Record &record = change.after.isNull() ? change.before : change.after;
        const bool ended = change.kind == Change::Kind::Delete     // with nothing to send
            ? record.metadata().version == 0 && (record.state() == SyncState::Pending || record.state() == SyncState::Rejected)
            : isSettled(record.state());
        if (change.kind == Change::Kind::State || record.state() == SyncState::Local || ended)
            continue;
        using Operation = OutboxEntry::Operation;
        const Operation operation = change.kind == Change::Kind::Insert ? Operation::Create
            : change.kind == Change::Kind::Update                       ? Operation::Update
                                                                        : Operation::Delete;
        m_events->outboxMutationEnqueued(record.model()->name, record.key(), operation, change.mutation);
        enqueued = true;
    }
    if (enqueued)
        m_events->outboxStatus(false);
    if (local)
        followRelations(changes);
    for (const ConflictDecision &decision : changes.decisions) {
        if (decision.undone == 0)
            m_events->conflictResolved(decision);
    }
    if (changes.questions && m_arbiter)
        m_arbiter->look();
    if ((local || changes.rejections) && m_session)
        m_session->wake();
}

/*! Constructs an engine at rest for \a store; \a transport makes the way to the backend, once for each attempt.
    Call it, and everything else, in the thread of \a scheduler, which must outlive the engine and what
    it asked of the store; \a store must outlive the engine. */
Engine::Engine(Store &store, TransportFactory transport, Scheduler &scheduler, const EngineOptions &options, Callbacks callbacks)
    : d(std::make_unique<EnginePrivate>(store, std::move(transport), scheduler, options, std::move(callbacks)))
{
}

/*! Cuts the line. No callback comes any more. What was asked of the store still runs; use stop() to know when it is done. */
Engine::~Engine() = default;

/*! Watches the store, takes up what an earlier run left in the outbox and connects, again and again with a back-off
    without end. Does nothing when the engine runs. May be called again after stop(). */
void Engine::start()
{
    d->start();
}

/*! Cuts the line; \a done comes, always as a task of its own, when nothing of the engine touches the store any
    more. Mutations under way wait again and are sent at the next start. */
void Engine::stop(Reply<void> done)
{
    d->stop(std::move(done));
}

/*! Cuts the line and stays Offline until resume(). Local work goes on and collects in the outbox. May be called before start(). */
void Engine::pause()
{
    d->pause();
}

/*! Connects at once after pause(). */
void Engine::resume()
{
    d->resume();
}

/*! Skips every back-off: connects now; when live, asks for what changed and sends what was held back. Does nothing while paused. */
void Engine::syncNow()
{
    d->syncNow();
}

/*! Returns what the engine does now. */
EngineState Engine::state() const noexcept
{
    return d->state;
}

} // namespace Tideline
