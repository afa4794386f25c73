// SPDX-License-Identifier: MIT
#include "client/sync/engine_p.h"

#include "client/sync/synctext_p.h"

namespace Tideline {

using namespace Qt::StringLiterals;

EnginePrivate::EnginePrivate(Store &store, TransportFactory transport, Scheduler &scheduler, const EngineOptions &options,
                             Engine::Callbacks callbacks)
    : m_store(store), m_scheduler(scheduler), m_factory(std::move(transport)), m_options(options),
      m_gate(std::make_shared<StoreGate>(store, scheduler)),
      m_events(std::make_shared<EventSource>(scheduler, callbacks, recording())),
      m_backoffs{Backoff(options.backoffBase, options.backoffCap), Backoff(options.backoffBase, options.backoffCap),
                 Backoff(options.backoffBase, options.backoffCap)},
      m_ask(std::move(callbacks.ask)), m_retry(scheduler),
      m_chores(m_gate, scheduler, Backoff(options.backoffBase, options.lineCap),
               {.heldUp = [this](const Error &error) { heldUp(error); }, .done = [this] { connect(); }})
{
}

EnginePrivate::~EnginePrivate()
{
    m_events->close();
    m_observation.reset();
    cutSession();
}

FlightRecorder::Write EnginePrivate::recording()
{
    return [gate = m_gate, alive = std::make_shared<int>()](const QList<FlightEntry> &entries, const std::function<void()> &done) {
        gate->write<void>(
            alive, [entries](WriteTransaction &transaction) { return transaction.record(entries); },
            [done](const Result<void> &) { done(); });
    };
}

void EnginePrivate::setState(EngineState next)
{
    if (state == next)
        return;
    state = next;
    m_stateSince = m_scheduler.now();
    m_events->state(next);
}

void EnginePrivate::setNetwork(bool active)
{
    if (m_network == active)
        return;
    m_network = active;
    m_events->networkStatus(active);
}

void EnginePrivate::setAuthRequired(bool required, const Error &why)
{
    if (std::exchange(m_authRequired, required) != required)
        m_events->authRequired(required, why);
}

std::shared_ptr<const SyncContext> EnginePrivate::makeContext()
{
    if (const Result<void> checked = m_options.conflicts.check(m_store.schema()); !checked)
        m_events->error(checked.error());
    const auto scopes = std::make_shared<ScopesInForce>(makeScopes());
    return std::make_shared<const SyncContext>(SyncContext{m_gate, m_scheduler, m_events, m_store.schema(), m_options,
                                                           scopes->rules->sharedDependencies(), scopes});
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
    m_sent.reset();
    m_network.reset();
    m_lostBy = {};
    forgetFailures();
    m_events->begin();
    m_context = makeContext();
    m_chores.takeUp();
    narrowSynced();
    if (m_store.quarantinedCount() > 0) {
        m_chores.add<Merger::Outcome>([rules = m_context->rules()](WriteTransaction &transaction) { return retryWithNewSchema(transaction, rules); },
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
        m_alive,
        [rules = m_context->rules(), sent = m_sent](WriteTransaction &transaction) { return Settler::releaseAll(transaction, sent, rules->conflicts()); },
        [this](const Result<Settler::Released> &outcome) { released(outcome); });
}

void EnginePrivate::released(const Result<Settler::Released> &outcome)
{
    m_releasing = false;
    m_unreleased = !outcome.ok();
    if (outcome)
        m_events->outboxMutationsArrived(outcome->arrived);
    else
        m_events->fault(outcome.error().inPhase(Error::Phase::Connect));
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

/* No session goes on while the file lacks what it would build on. */
void EnginePrivate::heldUp(const Error &error)
{
    m_lostBy = error.inPhase(Error::Phase::Sync);
    m_events->fault(m_lostBy);
    if (state == EngineState::Stopped)
        return m_chores.rest();
    m_retry.cancel();
    if (!m_session)
        return;
    cutSession();
    setNetwork(false);
    setState(EngineState::Offline);
}

void EnginePrivate::connect()
{
    if (state == EngineState::Stopped || m_paused || m_session || m_chores.isHeldUp())
        return;
    m_retry.cancel();
    if (m_unreleased) {
        release();
        return;
    }
    std::unique_ptr<Transport> transport = m_factory ? m_factory(m_store.schema(), m_scheduler) : nullptr;
    if (!transport) {
        m_lostBy = Error(Error::Code::InvalidArgument, SyncText::tr("The backend gave no way to reach it.")).inPhase(Error::Phase::Connect);
        m_events->fault(m_lostBy);
        setNetwork(false);
        retryLater(Concern::Connection, m_lostBy);
        return;
    }
    m_attemptSince = m_scheduler.monotonic();
    setState(EngineState::Connecting);
    m_session = std::make_unique<Session>(
        m_context, std::move(transport),
        Session::Callbacks{.stateChanged = [this](EngineState next) { sessionState(next); },
                           .succeeded = [this](Concern concern) { sessionSucceeded(concern); },
                           .credentialsJudged = [this](const Error &error) { setAuthRequired(error.isError(), error.inPhase(Error::Phase::Connect)); },
                           .ended = [this](Concern concern, const Error &error) { sessionEnded(concern, error); }});
    m_session->start();
}

void EnginePrivate::sessionState(EngineState next)
{
    if (next == EngineState::Syncing)
        setNetwork(true);
    if (next == EngineState::Live) {
        m_liveSince = std::max<qint64>(1, m_scheduler.monotonic());
        m_lostBy = {};
        m_events->works(Error::Phase::Connect);
        m_events->syncStarted();
        if (!m_session->needsCredentials())
            setAuthRequired(false);
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
    constexpr std::array phases{Error::Phase::Connect, Error::Phase::Sync, Error::Phase::Upload};      // by Concern
    m_lostBy = error.inPhase(phases[size_t(concern)]);
    m_events->fault(m_lostBy);
    if (error.code() == Error::Code::Unauthorized)
        setAuthRequired(true, m_lostBy);
    cutSession();
    setNetwork(false);
    setState(EngineState::Offline);
    retryLater(concern, error);
    release();
}

/*
    What only the line or the health of the backend hinders is tried every few seconds for ever, so that nobody has to
    wait when it heals. It costs a battery little: without any network at all, which the system tells, attempts are far
    apart, as nothing can heal that the system would not tell of.
*/
void EnginePrivate::retryLater(Concern concern, const Error &error)
{
    setState(EngineState::Offline);
    const bool soon = m_reachability != Reachability::Gone && mayHealByItself(error);
    const qint64 wait = m_context->patience(backoff(concern).next(m_scheduler, soon ? m_options.lineCap : m_options.backoffCap));
    m_nextAttempt = m_scheduler.monotonic() + wait;
    m_retry.start(wait, [this] { connect(); });
}

void EnginePrivate::forgetFailures()
{
    for (Backoff &backoff : m_backoffs)
        backoff.reset();
}

/* Callbacks of the session or its transport may be on the stack: it goes when they have returned. */
void EnginePrivate::cutSession()
{
    m_liveSince = 0;
    if (!m_session)
        return;
    m_session->cut();
    if (m_session->leavesMarks()) {
        m_unreleased = true;
        m_sent = m_session->sent();
    }
    m_scheduler.post([session = std::shared_ptr<Session>(std::move(m_session))]() mutable { session.reset(); });
}

void EnginePrivate::stop(Reply<void> done)
{
    m_retry.cancel();
    m_chores.rest();
    m_observation.reset();
    m_arbiter.reset();
    cutSession();
    if (state != EngineState::Stopped)
        release();
    setState(EngineState::Stopped);
    m_events->pause();
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
    if (m_session)
        m_session->syncNow();
    wake();
}

/* An attempt that may have begun before the change, on a way that is no more, would be waited for in vain. */
void EnginePrivate::wake()
{
    constexpr qint64 fresh = 1'000;
    if (state == EngineState::Stopped || m_paused)
        return;
    m_chores.takeUp();
    if (m_session && state != EngineState::Connecting) {
        m_session->check();
        return;
    }
    if (m_session && m_scheduler.monotonic() - m_attemptSince < fresh)
        return;
    cutSession();
    forgetFailures();
    m_retry.cancel();
    connect();
}

void EnginePrivate::networkChanged(Reachability now)
{
    m_reachability = now;
    if (now != Reachability::Gone)
        wake();
    else if (m_session && state != EngineState::Connecting)
        m_session->check();
}

EngineStatus EnginePrivate::status() const
{
    const qint64 toEpoch = m_scheduler.now() - m_scheduler.monotonic();
    EngineStatus status{.state = state, .paused = m_paused, .since = m_stateSince, .error = m_lostBy};
    if (m_session)
        m_session->describe(status, toEpoch);
    else if (m_retry.isActive())
        status.nextAttempt = m_nextAttempt + toEpoch;
    return status;
}

void EnginePrivate::credentialsChanged(bool wereAskedFor)
{
    if (state == EngineState::Stopped)
        return;
    const bool byTheSession = wereAskedFor && m_session;        // which goes on with them, and will say what they are good for
    if (m_session)
        m_session->credentialsChanged(byTheSession);
    if (!m_authRequired || byTheSession)
        return;
    setAuthRequired(false);             // until they are refused as well
    if (!m_session && !m_paused)
        syncNow();
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

/*! Looks after the line, because the device woke up, the application came to the front or there is another reason to
    doubt: asks a line that stands for a sign of life, otherwise connects now. Cheap; does nothing while paused. */
void Engine::wake()
{
    d->wake();
}

/*! Takes the system's word on the network as a hint: the same as wake() when there is one. Attempts go on without, but
    further apart. */
void Engine::networkChanged(Reachability now)
{
    d->networkChanged(now);
}

/*! Keeps the records that match \a scopes from now on. Rows that match no more go, unless mutations of theirs wait: then they go
    when those are done. Of what matches now only what is missing is fetched, models of a higher number in \a priorities first. Runs
    on the line that stands, unless a model is not subscribed to, because its scope was none() when that line came up. A wrong scope is an error of its model, which is then left alone. */
void Engine::setScopes(const QHash<QString, Predicate> &scopes, const QHash<QString, int> &priorities)
{
    d->setScopes(scopes, priorities);
}

/*! Returns what the engine waits for at this moment. */
EngineStatus Engine::status() const
{
    return d->status();
}

/*! There are other credentials: when the engine waits because the former were refused, or there were none, it connects now. Those that
    \a wereAskedFor for a request that waits are no news: only what comes of them is told. */
void Engine::credentialsChanged(bool wereAskedFor)
{
    d->credentialsChanged(wereAskedFor);
}

/*! Returns what the engine does now. */
EngineState Engine::state() const noexcept
{
    return d->state;
}

} // namespace Tideline
