// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore.h"
#include "client/hubwaits_p.h"
#include "client/sync/flightrecorder_p.h"

#include <QtCore/QPointer>

namespace Tideline {

/*! Feeds one observer of DataStore::observe(). */
class ChangeObserver final : public LiveHost::Member
{
public:
    ChangeObserver(LiveHost *host, std::shared_ptr<const ModelType> model, BoundPredicate where,
                   std::function<void(const Change &)> observer);
    ~ChangeObserver() override;
    Q_DISABLE_COPY_MOVE(ChangeObserver)

    void changesArrived(quint64 commit, const QList<Change> &changes, bool last) override;

private:
    QPointer<LiveHost> m_host;
    std::shared_ptr<const ModelType> m_model;
    BoundPredicate m_where;
    std::function<void(const Change &)> m_observer;
};

/*! The engine in its own thread; all that DataStore says to it goes through here. */
class EngineThread
{
public:
    EngineThread();
    ~EngineThread();                // the engine must be stopped or destroyed, and the store closed
    Q_DISABLE_COPY_MOVE(EngineThread)

    void start(Store *store, TransportFactory transport, const EngineOptions &options, Engine::Callbacks callbacks, bool paused);
    void tell(std::function<void(Engine &)> message);
    void ask(Executor *on, const EngineStatus &absent, std::function<void(const EngineStatus &)> task);   // absent: the status when the engine is gone
    void stop(Executor *on, std::function<void()> stopped);     // engine gone, nothing touches the store
    void destroyNow();                  // returns when the engine is gone, after what it was told before

private:
    std::shared_ptr<std::unique_ptr<Engine>> m_engine;          // touched in the thread only
    ThreadScheduler m_scheduler;
};

class DataStorePrivate final
{
public:
    enum class Phase { Closed, Opening, Open, Closing };

    enum class Errand { None, SigningIn, SigningOut, Clearing };

    explicit DataStorePrivate(DataStore *store) : q(store) { }

    void open(Reply<void> done);
    void close(Reply<void> done);
    void signIn(const QString &who, Reply<void> done);
    void signOut(DataStore::SignOut mode, qint64 patience, Reply<void> done);
    void atRisk(Reply<AtRisk> done);
    void clear(DataStore::Clear mode, Reply<void> done);
    void whenOpened(Reply<void> task);  // now, or when the file that is being opened is open
    void shutDown();                // from the destructor: everything ends, in the right order

    /*! Starts a job of the store, now or when the file that is being opened is open. */
    template<typename T, typename Transaction>
    [[nodiscard]] QFuture<Result<T>> run(std::function<Result<T>(Transaction &)> job,
                                         Error::Phase stage = std::is_same_v<Transaction, WriteTransaction> ? Error::Phase::Save
                                                                                                             : Error::Phase::Query);
    template<typename T, typename Transaction>
    void start(std::function<Result<T>(Transaction &)> job, Reply<T> reply);            // the same, open or opening
    template<typename T>
    [[nodiscard]] QFuture<Result<T>> failed(const Error &error, Error::Phase stage);    // a call that ends at once

    /*! A reply to this: it is dropped, and what it would have finished ends in Closed, once the data store goes. The end of a call
        before it may have destroyed the data store. */
    template<typename Handler>
    [[nodiscard]] auto own(Handler handler)
    {
        return [alive = std::weak_ptr<int>(m_alive), handler = std::move(handler)](auto &&...arguments) mutable {
            if (!alive.expired())
                handler(std::forward<decltype(arguments)>(arguments)...);
        };
    }

    [[nodiscard]] Error unknownModel(const QString &type) const;

    void startEngine();
    void restartEngine();
    void applyScopes(const QHash<QString, Predicate> &scopes, const QHash<QString, int> &priorities);
    void withEngine(std::function<void(Engine &)> message);
    void withStatus(std::function<void(const EngineStatus &)> task);        // of the engine, as of now; a task never run is destroyed

    void bindConflicts() { conflictRules = std::make_shared<const ConflictRules>(schema, options.engine.conflicts); }
    void report(const Error &error);
    void heard(const Error &error);         // of an error that belongs to no call
    void record(const Error &error);        // in the flight recorder, when there is one
    [[nodiscard]] HubWaits &waits();
    [[nodiscard]] Error busy() const;           // an errand runs; none: none does
    [[nodiscard]] Error refusal() const;        // why no call is taken; none: it is

    DataStore *q;
    Schema schema;
    QString path;
    QString principal;
    QPointer<Backend> backend;
    DataStoreOptions options;
    ConflictHandler conflictHandler;
    std::shared_ptr<const ConflictRules> conflictRules = std::make_shared<const ConflictRules>();

    Phase phase = Phase::Closed;
    Errand errand = Errand::None;   // its steps open and close; no other call is taken until it is done
    bool paused = false;
    bool online = false;
    DataStore::SyncPhase syncPhase = DataStore::SyncPhase::Stopped;
    int outboxCount = 0;
    int rejectedCount = 0;
    int quarantinedCount = 0;
    double progress = 1.0;
    bool authRequired = false;
    Error lastError;
    bool ready = false;                     // said by the running engine
    Error missing;                          // why no engine runs although there is a backend

private:
    void opened(const Result<void> &result, const Reply<void> &done);
    void stopEngine(std::function<void()> stopped);
    [[nodiscard]] Engine::Callbacks callbacks();
    using Answer = std::function<void(const Result<Resolution> &)>;
    void ask(const Conflict &conflict, const Answer &answer);
    void engineStateChanged(EngineState state);
    void hubEvent(const HubEvent &event);
    void setOnline(bool value);
    void setSyncPhase(DataStore::SyncPhase value);
    void setProgress(double value);
    void setAuthRequired(bool value, const Error &why = {});
    void refreshCounts();
    void closeStore();
    void watchNetwork();
    void attachRecorder();
    [[nodiscard]] QString filePath() const;     // of the principal
    void close(bool erases, Reply<void> done);
    void setPrincipal(const QString &who);
    [[nodiscard]] Reply<void> begin(Errand next, Reply<void> done);     // ends it before done
    void drain(qint64 patience, Reply<void> done);
    void drained();
    void wipe(DataStore::Clear mode, bool wasOpen, const Reply<void> &done);
    void eraseUnopened(const Reply<void> &done);

    std::unique_ptr<EngineThread> m_engineThread;
    std::unique_ptr<Store> m_store;
    std::shared_ptr<void> m_observation;        // of its commits
    std::unique_ptr<FlightRecorder> m_recorder; // of what went wrong in this thread; while open
    std::unique_ptr<HubWaits> m_waits;
    std::shared_ptr<NetworkMonitor> m_network;  // watched since the first engine
    quint64 m_engineRun = 0;                    // callbacks of an earlier engine are ignored
    bool m_engineRuns = false;
    bool m_restarting = false;                  // the engine starts with what is set by then
    QList<Reply<void>> m_closeReplies;
    std::vector<Reply<void>> m_waitingForOpen;
    Reply<void> m_draining;                     // null unless signing out waits for the outbox
    std::unique_ptr<Timer> m_patience;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
