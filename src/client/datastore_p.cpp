// SPDX-License-Identifier: MIT
#include "client/datastore_p.h"

#include <QtCore/QStandardPaths>

#include <future>

namespace Tideline {

ChangeObserver::ChangeObserver(LiveHost *host, std::shared_ptr<const ModelType> model, BoundPredicate where,
                               std::function<void(const Change &)> observer)
    : m_host(host), m_model(std::move(model)), m_where(std::move(where)), m_observer(std::move(observer))
{
    host->addMember(this);
}

ChangeObserver::~ChangeObserver()
{
    if (m_host)
        m_host->removeMember(this);
}

void ChangeObserver::changesArrived(quint64, const QList<Change> &changes, bool)
{
    const auto observer = m_observer;       // the call may destroy this
    const auto where = m_where;
    const auto model = m_model;
    for (const Change &change : changes) {
        const Record &record = change.kind == Change::Kind::Delete ? change.before : change.after;
        if (change.kind != Change::Kind::State && record.model() == model && where.matches(record))
            observer(change);
    }
}

EngineThread::EngineThread()
    : m_engine(std::make_shared<std::unique_ptr<Engine>>()), m_scheduler(QStringLiteral("tideline-sync"))
{
}

EngineThread::~EngineThread() = default;

void EngineThread::start(Store *store, TransportFactory transport, const EngineOptions &options,
                         Engine::Callbacks callbacks, bool paused)
{
    m_scheduler.post([this, engine = m_engine, store, transport = std::move(transport), options,
                      callbacks = std::move(callbacks), paused]() mutable {
        *engine = std::make_unique<Engine>(*store, std::move(transport), m_scheduler, options, std::move(callbacks));
        if (paused)
            (*engine)->pause();
        (*engine)->start();
    });
}

void EngineThread::tell(std::function<void(Engine &)> message)
{
    m_scheduler.post([engine = m_engine, message = std::move(message)] {
        if (*engine)
            message(**engine);
    });
}

/* The task and what it holds leave the engine's thread with the answer: a promise ends in the thread that made it. */
void EngineThread::ask(Executor *on, const EngineStatus &absent, std::function<void(const EngineStatus &)> task)
{
    m_scheduler.post([engine = m_engine, on, absent, task = std::move(task)]() mutable {
        EngineStatus status = *engine ? (*engine)->status() : absent;
        on->post([task = std::move(task), status = std::move(status)] { task(status); });
    });
}

void EngineThread::stop(Executor *on, std::function<void()> stopped)
{
    m_scheduler.post([this, engine = m_engine, on, stopped = std::move(stopped)] {
        if (!*engine) {
            on->post(stopped);
            return;
        }
        (*engine)->stop([this, engine, on, stopped](const Result<void> &) {
            m_scheduler.post([engine, on, stopped] {        // not inside the engine's own call
                engine->reset();
                on->post(stopped);
            });
        });
    });
}

void EngineThread::destroyNow()
{
    const auto gone = std::make_shared<std::promise<void>>();
    m_scheduler.post([engine = m_engine, gone] {
        engine->reset();
        gone->set_value();
    });
    gone->get_future().wait();          // what it was told before reaches for the store
}

void DataStorePrivate::open(Reply<void> done)
{
    phase = Phase::Opening;
    bindConflicts();
    const QString standard = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/tideline.sqlite");
    if (path.isEmpty()) {
        path = standard;
        Q_EMIT q->pathChanged();
    }
    const StoreOptions storeOptions{.path = filePath(), .principal = principal, .makesFolder = path == standard, .durable = options.durable,
                                    .migrate = options.migrate};
    m_store = std::make_unique<Store>(schema, storeOptions);
    m_store->open(q->scheduler(), own([this, done = std::move(done)](const Result<void> &result) { opened(result, done); }));
}

/* Whoever hears of it may destroy the data store; calls that were not told by then end in Closed. */
void DataStorePrivate::opened(const Result<void> &result, const Reply<void> &done)
{
    const std::vector<Reply<void>> waiting = std::exchange(m_waitingForOpen, {});
    const QList<Reply<void>> askedToClose = std::exchange(m_closeReplies, {});
    const QPointer<DataStore> guard = q;
    const auto tell = [&guard](const Reply<void> &reply, const Result<void> &outcome) {
        if (guard)
            reply(outcome);
    };
    if (!result) {
        const Result<void> failure = result.error().inPhase(Error::Phase::Open);
        closeStore();
        phase = Phase::Closed;
        waits().finish(HubWaits::Goal::Ready, failure);
        if (guard)
            report(failure.error());
        tell(done, failure);
        for (const Reply<void> &start : waiting)
            tell(start, failure);
        for (const Reply<void> &reply : askedToClose)
            tell(reply, {});
        return;
    }
    phase = Phase::Open;
    attachRecorder();
    q->attach(m_store.get());
    if (!guard)
        return;
    // not as a member: members learn of a large commit in slices, after the save that made it has ended
    m_observation = m_store->observe(q->scheduler(), own([this](const ChangeSet &) { refreshCounts(); }));
    for (const Reply<void> &start : waiting)
        tell(start, result);
    if (guard)
        refreshCounts();
    if (guard)
        Q_EMIT q->openedChanged();
    if (guard)
        startEngine();
    tell(done, result);
    for (const Reply<void> &reply : askedToClose) {
        if (guard)
            close(reply);           // asked for while the file was being opened
    }
}

void DataStorePrivate::startEngine()
{
    if (phase != Phase::Open || m_engineRuns || errand == Errand::Clearing)
        return;
    missing = {};
    if (!backend) {
        waits().finish(HubWaits::Goal::Ready, {});      // nothing is missing here
        return;
    }
    const Result<TransportFactory> transport = backend->transportFactory();
    if (!transport) {
        missing = transport.error().inPhase(Error::Phase::Connect);
        const Error error = missing;
        const QPointer<DataStore> guard = q;
        record(error);
        for (const HubWaits::Goal goal : {HubWaits::Goal::Ready, HubWaits::Goal::Outbox}) {
            if (guard)
                waits().finish(goal, error);
        }
        if (guard)
            report(error);
        return;
    }
    if (!m_engineThread)
        m_engineThread = std::make_unique<EngineThread>();
    m_engineRuns = true;
    ++m_engineRun;
    options.engine.account.principal = principal;
    m_engineThread->start(m_store.get(), *transport, options.engine, callbacks(), paused);
    watchNetwork();
}

Engine::Callbacks DataStorePrivate::callbacks()
{
    // Called in the engine's thread; the scheduler of the application's thread outlives the engine.
    Scheduler *home = q->scheduler();
    const auto forward = [this, home, run = m_engineRun](auto handle) {
        home->post([this, run, handle] {
            if (run == m_engineRun)
                handle();
        });
    };
    return {
        .stateChanged = [this, forward](EngineState state) { forward([this, state] { engineStateChanged(state); }); },
        .event = [this, forward](const HubEvent &event) { forward([this, event] { hubEvent(event); }); },
        .error = [this, forward](const Error &error) { forward([this, error] { report(error); }); },
        .progress = [this, forward](double value) { forward([this, value] { setProgress(value); }); },
        .ask = [this, forward](const Conflict &conflict, const Answer &answer) {
            forward([this, conflict, answer] { ask(conflict, answer); });
        },
        .authRequired = [this, forward](bool required, const Error &why) { forward([this, required, why] { setAuthRequired(required, why); }); },
    };
}

/* The answer belongs to the engine's thread, and to an engine that may have gone meanwhile. */
void DataStorePrivate::ask(const Conflict &conflict, const Answer &answer)
{
    const auto reply = [this, answer, run = m_engineRun](const Result<Resolution> &resolution) {
        if (run == m_engineRun && m_engineRuns)
            m_engineThread->tell([answer, resolution](Engine &) { answer(resolution); });
    };
    if (!conflictHandler) {
        const QString reason = DataStore::tr("The %1 was changed here and on the backend, and there is nobody to decide the conflict.").arg(conflict.model->name);
        reply(Error(Error::Code::Conflict, reason));
        return;
    }
    const ConflictHandler handler = conflictHandler;        // it may set another one
    handler(conflict).then(q, [reply](const Result<Resolution> &resolution) { reply(resolution); });
}

void DataStorePrivate::stopEngine(std::function<void()> stopped)
{
    if (!m_engineRuns) {
        q->scheduler()->post(std::move(stopped));
        return;
    }
    m_engineThread->stop(q->scheduler(), own([this, stopped = std::move(stopped)] {
        m_engineRuns = false;
        ready = false;
        ++m_engineRun;
        const QPointer<DataStore> guard = q;
        setOnline(false);
        if (guard)
            setProgress(1.0);
        if (guard)
            setAuthRequired(false);
        if (guard)
            setSyncPhase(DataStore::SyncPhase::Stopped);
        if (guard)
            stopped();
    }));
}

void DataStorePrivate::restartEngine()
{
    missing = {};
    if (phase != Phase::Open || std::exchange(m_restarting, true))
        return;
    stopEngine([this] {
        m_restarting = false;
        startEngine();
    });
}

void DataStorePrivate::applyScopes(const QHash<QString, Predicate> &scopes, const QHash<QString, int> &priorities)
{
    if (options.engine.scopes == scopes && options.engine.priorities == priorities)
        return;
    options.engine.scopes = scopes;
    options.engine.priorities = priorities;
    withEngine([scopes, priorities](Engine &engine) { engine.setScopes(scopes, priorities); });
    Q_EMIT q->scopesChanged();
}

void DataStorePrivate::withEngine(std::function<void(Engine &)> message)
{
    if (m_engineRuns)
        m_engineThread->tell(std::move(message));
}

void DataStorePrivate::close(Reply<void> done)
{
    close(false, std::move(done));
}

void DataStorePrivate::close(bool erases, Reply<void> done)
{
    if (phase == Phase::Closed) {
        q->scheduler()->post([done = std::move(done)] { done({}); });
        return;
    }
    m_closeReplies.append(std::move(done));
    if (phase != Phase::Open)
        return;                     // opening: closed by the reply that is on its way; closing: same answer
    phase = Phase::Closing;
    const QPointer<DataStore> guard = q;
    Q_EMIT q->openedChanged();
    const Error closed(Error::Code::Closed, DataStore::tr("The data store was closed before the call was done."));
    for (const HubWaits::Goal goal : {HubWaits::Goal::Ready, HubWaits::Goal::Outbox}) {
        if (guard)
            waits().finish(goal, closed);
    }
    if (!guard)
        return;
    stopEngine([this, erases] {
        m_observation.reset();
        m_recorder->setActive(false);
        q->detach();
        const Reply<void> closed = own([this](const Result<void> &result) {
            closeStore();
            phase = Phase::Closed;
            const QPointer<DataStore> alive = q;
            const QList<Reply<void>> replies = std::exchange(m_closeReplies, {});
            refreshCounts();
            for (const Reply<void> &reply : replies) {
                if (alive)
                    reply(result);
            }
        });
        erases ? m_store->erase(q->scheduler(), closed) : m_store->close(q->scheduler(), closed);
    });
}

void DataStorePrivate::closeStore()
{
    m_recorder.reset();
    m_store.reset();
}

void DataStorePrivate::shutDown()
{
    // The engine first, then the store (its threads still reach the engine's), then the engine's thread.
    m_alive.reset();
    ++m_engineRun;
    m_observation.reset();
    m_waits.reset();
    if (m_recorder)
        m_recorder->setActive(false);
    if (phase == Phase::Open)
        q->detach();
    if (m_engineThread)
        m_engineThread->destroyNow();
    m_store.reset();
    m_engineThread.reset();
}

void DataStorePrivate::refreshCounts()
{
    const int outbox = m_store ? int(m_store->outboxCount()) : 0;
    const int rejected = m_store ? int(m_store->rejectedCount()) : 0;
    const int quarantined = m_store ? int(m_store->quarantinedCount()) : 0;
    const bool otherOutbox = std::exchange(outboxCount, outbox) != outbox;
    const bool otherRejected = std::exchange(rejectedCount, rejected) != rejected;
    const bool otherQuarantined = std::exchange(quarantinedCount, quarantined) != quarantined;
    const QPointer<DataStore> guard = q;
    if (otherOutbox)
        Q_EMIT q->outboxCountChanged();
    if (otherRejected && guard)
        Q_EMIT q->rejectedCountChanged();
    if (otherQuarantined && guard)
        Q_EMIT q->quarantinedCountChanged();
    if (guard)
        drained();
    if (guard)
        waits().outboxChanged();
}

void DataStorePrivate::setOnline(bool value)
{
    if (std::exchange(online, value) != value)
        Q_EMIT q->onlineChanged();
}

void DataStorePrivate::setSyncPhase(DataStore::SyncPhase value)
{
    if (std::exchange(syncPhase, value) != value)
        Q_EMIT q->syncStateChanged();
}

void DataStorePrivate::setProgress(double value)
{
    if (std::exchange(progress, value) != value)
        Q_EMIT q->progressChanged();
}

void DataStorePrivate::setAuthRequired(bool value, const Error &why)
{
    if (std::exchange(authRequired, value) == value)
        return;
    const QPointer<DataStore> guard = q;
    Q_EMIT q->authRequiredChanged();
    if (guard && value)
        Q_EMIT guard->needsAuth(why);
}

void DataStorePrivate::engineStateChanged(EngineState state)
{
    switch (state) {
    case EngineState::Stopped: return;          // stopEngine() says so when the engine is gone
    case EngineState::Offline: return setSyncPhase(DataStore::SyncPhase::Offline);
    case EngineState::Connecting: return setSyncPhase(DataStore::SyncPhase::Connecting);
    case EngineState::Syncing: return setSyncPhase(DataStore::SyncPhase::Syncing);
    case EngineState::Live: return setSyncPhase(DataStore::SyncPhase::Live);
    }
}

void DataStorePrivate::hubEvent(const HubEvent &event)
{
    using Handler = void (*)(DataStorePrivate &, const QVariantMap &);
    static const QHash<QString, Handler> handlers{
        {QStringLiteral("networkStatus"), [](DataStorePrivate &d, const QVariantMap &payload) {
             const bool active = payload.value(QStringLiteral("active")).toBool();
             const QPointer<DataStore> guard = d.q;
             d.setOnline(active);
             if (guard)
                 Q_EMIT guard->networkStatus(active);
         }},
        {QStringLiteral("storageSubscribed"), [](DataStorePrivate &d, const QVariantMap &) { Q_EMIT d.q->storageSubscribed(); }},
        {QStringLiteral("outboxStatus"), [](DataStorePrivate &d, const QVariantMap &payload) {
             Q_EMIT d.q->outboxStatus(payload.value(QStringLiteral("isEmpty")).toBool());
         }},
        {QStringLiteral("subscriptionsEstablished"), [](DataStorePrivate &d, const QVariantMap &) { Q_EMIT d.q->subscriptionsEstablished(); }},
        {QStringLiteral("syncQueriesStarted"), [](DataStorePrivate &d, const QVariantMap &payload) {
             Q_EMIT d.q->syncQueriesStarted(payload.value(QStringLiteral("models")).toStringList());
         }},
        {QStringLiteral("modelSynced"), [](DataStorePrivate &d, const QVariantMap &payload) { Q_EMIT d.q->modelSynced(payload); }},
        {QStringLiteral("syncQueriesReady"), [](DataStorePrivate &d, const QVariantMap &) { Q_EMIT d.q->syncQueriesReady(); }},
        {QStringLiteral("syncStarted"), [](DataStorePrivate &d, const QVariantMap &) { Q_EMIT d.q->syncStarted(); }},
        {QStringLiteral("ready"), [](DataStorePrivate &d, const QVariantMap &) {
             const QPointer<DataStore> guard = d.q;
             d.ready = true;
             d.waits().finish(HubWaits::Goal::Ready, {});
             if (guard)
                 Q_EMIT guard->ready();
         }},
        {QStringLiteral("conditionalSaveFailed"), [](DataStorePrivate &d, const QVariantMap &payload) { Q_EMIT d.q->conditionalSaveFailed(payload); }},
        {QStringLiteral("subscriptionDataProcessed"), [](DataStorePrivate &d, const QVariantMap &payload) { Q_EMIT d.q->subscriptionDataProcessed(payload); }},
        {QStringLiteral("outboxMutationEnqueued"), [](DataStorePrivate &d, const QVariantMap &payload) { Q_EMIT d.q->outboxMutationEnqueued(payload); }},
        {QStringLiteral("outboxMutationProcessed"), [](DataStorePrivate &d, const QVariantMap &payload) { Q_EMIT d.q->outboxMutationProcessed(payload); }},
        {QStringLiteral("outboxMutationFailed"), [](DataStorePrivate &d, const QVariantMap &payload) { Q_EMIT d.q->outboxMutationFailed(payload); }},
        {QStringLiteral("conflictResolved"), [](DataStorePrivate &d, const QVariantMap &payload) { Q_EMIT d.q->conflictResolved(payload); }},
        {QStringLiteral("nonApplicableDataReceived"), [](DataStorePrivate &d, const QVariantMap &payload) { Q_EMIT d.q->nonApplicableDataReceived(payload); }},
    };
    const QPointer<DataStore> guard = q;
    refreshCounts();
    const Handler handler = handlers.value(event.name);
    if (guard && handler)
        handler(*this, event.payload);
    if (guard)
        Q_EMIT guard->hubEvent(event.name, event.payload);
}

} // namespace Tideline
