// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/arbiter_p.h"
#include "client/sync/chores_p.h"
#include "client/sync/engine.h"
#include "client/sync/session_p.h"

namespace Tideline {

class EnginePrivate
{
    using Concern = Session::Concern;

public:
    EnginePrivate(Store &store, TransportFactory transport, Scheduler &scheduler, const EngineOptions &options,
                  Engine::Callbacks callbacks);
    ~EnginePrivate();

    void start();
    void stop(Reply<void> done);
    void pause();
    void resume();
    void syncNow();
    void wake();
    void networkChanged(Reachability now);
    void setScopes(const QHash<QString, Predicate> &scopes, const QHash<QString, int> &priorities);
    [[nodiscard]] EngineStatus status() const;
    void credentialsChanged(bool wereAskedFor);

    EngineState state = EngineState::Stopped;

private:
    void setState(EngineState next);
    void setNetwork(bool active);
    void setAuthRequired(bool required, const Error &why = {});
    void release();
    void released(const Result<Settler::Released> &outcome);
    void connect();
    void sessionState(EngineState next);
    void sessionSucceeded(Concern concern);
    void sessionEnded(Concern concern, const Error &error);
    void cutSession();
    void retryLater(Concern concern, const Error &error);
    void forgetFailures();
    [[nodiscard]] FlightRecorder::Write recording();
    void storeChanged(const ChangeSet &changes);
    [[nodiscard]] std::shared_ptr<const SyncContext> makeContext();
    [[nodiscard]] ScopesInForce makeScopes();
    void heldUp(const Error &error);
    void narrowSynced();
    void followRelations(const ChangeSet &changes);
    void followScopes(const ChangeSet &changes);
    void freed(const Result<Merger::Outcome> &outcome);
    [[nodiscard]] Backoff &backoff(Concern concern) { return m_backoffs[size_t(concern)]; }

    Store &m_store;
    Scheduler &m_scheduler;
    TransportFactory m_factory;
    EngineOptions m_options;
    std::shared_ptr<StoreGate> m_gate;
    std::shared_ptr<EventSource> m_events;
    std::shared_ptr<const SyncContext> m_context;           // made at start
    std::unique_ptr<Session> m_session;
    std::unique_ptr<Arbiter> m_arbiter;                     // from start to stop
    std::shared_ptr<void> m_observation;                    // of the store's changes
    std::array<Backoff, 3> m_backoffs;                      // by Concern
    Arbiter::Ask m_ask;
    Timer m_retry;
    Chores m_chores;
    qint64 m_liveSince = 0;                                 // monotonic, ms; 0: not live
    qint64 m_attemptSince = 0;                              // monotonic, ms: when the session began
    qint64 m_nextAttempt = 0;                               // monotonic, ms; while m_retry is active
    qint64 m_stateSince = 0;                                // ms since the epoch
    Error m_lostBy;                                         // why the last session ended; none when live
    Reachability m_reachability = Reachability::Unknown;    // as the system says
    bool m_paused = false;
    bool m_unreleased = true;                               // entries may be marked Sending that nobody sends
    std::optional<QSet<qint64>> m_sent;                     // of them those that may have arrived; unknown: any
    bool m_releasing = false;
    bool m_announced = false;                               // storageSubscribed and outboxStatus, since start()
    bool m_ready = false;                                   // said since start()
    bool m_authRequired = false;                            // as last said
    std::optional<bool> m_network;                          // as last said
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
