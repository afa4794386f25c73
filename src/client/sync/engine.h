// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/store.h"
#include "client/sync/conflict.h"
#include "client/sync/conflictpolicies.h"
#include "client/sync/hubevent.h"
#include "client/sync/network.h"
#include "client/sync/transport.h"

namespace Tideline {

enum class EngineState {
    Stopped,
    Offline,            // paused by the application, or waiting before the next attempt
    Connecting,         // real-time socket and subscriptions
    Syncing,            // base or delta sync
    Live,               // subscriptions applied, outbox draining
};

struct EngineOptions
{
    int pageSize = 1000;
    qint64 fullSyncInterval = 24 * 3600 * 1000;     // ms
    qint64 syncInterval = 20 * 60 * 1000;           // ms between the syncs while live, jittered by a quarter: they find what a subscription
                                                    // lost, and keep lastSync where the line's return costs a delta sync
    qint64 backoffBase = 250;                       // ms; doubled a failure, jittered by half
    qint64 backoffCap = 60'000;                     // ms; endless
    qint64 lineCap = 3'000;                         // ms; the cap of what only the line or the backend's health hinder, unless the
                                                    // system says that there is no network
    qint64 heartbeat = 4'000;                       // ms of silence after which the line is asked for a sign of life, and then waited for it
    int maxMutationsPerDocument = 50;               // 1: one each
    int maxLanesInFlight = 400;
    ConflictPolicies conflicts;
    qint64 askDeadline = 30'000;                    // ms that the application has to decide a conflict
    QHash<QString, Predicate> scopes;               // by model type: the records this device keeps; absent: all; none(): not synced
    Account account;                                // who is signed in
    QHash<QString, int> priorities;                 // by model type: which are fetched first when several wait, within what they depend on; absent: 0
};

// What the engine waits for, as of one moment; times in ms since the epoch, UTC.
struct EngineStatus
{
    struct Hold                         // a record that waits after a failure or a conflict of its own
    {
        QString model = {};
        QString key = {};
        qint64 until = 0;
        Error error = {};                    // none: after a conflict
    };

    EngineState state = EngineState::Stopped;
    bool paused = false;
    qint64 since = 0;                   // of state
    qint64 nextAttempt = 0;             // to connect; 0: none is planned
    qint64 throttledUntil = 0;          // the backend asked to slow down; 0: it did not
    Error error = {};                        // why the line was lost last; none when Live
    QList<Hold> holds = {};
};

class EnginePrivate;

/*!
    \class Tideline::Engine
    \inmodule Tideline
    \since 0.1
    \brief Keeps a store equal with a backend.

    Lives in one thread, that of its scheduler; every member is called there, every callback comes
    there. It reaches the local file only through Store and the backend only through Transport.
*/
class TIDELINE_EXPORT Engine
{
public:
    struct Callbacks
    {
        std::function<void(EngineState)> stateChanged;
        std::function<void(const HubEvent &)> event;
        std::function<void(const Error &)> error;
        std::function<void(double)> progress;       // 0 to 1 of the running sync
        /*! Asks the application; the reply is expected in the engine's thread, once. Null: there is nobody to ask. */
        std::function<void(const Conflict &, std::function<void(const Result<Resolution> &)>)> ask;
        std::function<void(bool, const Error &)> authRequired;      // whether it waits for other credentials, and why
    };

    Engine(Store &store, TransportFactory transport, Scheduler &scheduler, const EngineOptions &options, Callbacks callbacks);
    ~Engine();

    void start();                       // subscribes to the store, connects
    void stop(Reply<void> done);        // answers when nothing of the engine touches the store any more
    void pause();                       // cuts the line; local work goes on
    void resume();
    void syncNow();                     // skips every back-off
    void wake();                        // something may have changed: looks after the line, tries at once when there is none
    void networkChanged(Reachability now);      // what the system says
    void setScopes(const QHash<QString, Predicate> &scopes, const QHash<QString, int> &priorities = {});    // instead of those of the options
    void credentialsChanged(bool wereAskedFor = false);         // skips the back-off after credentials that were refused
    [[nodiscard]] EngineState state() const noexcept;
    [[nodiscard]] EngineStatus status() const;

private:
    std::unique_ptr<EnginePrivate> d;
};

} // namespace Tideline
