// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/store.h"
#include "client/sync/conflict.h"
#include "client/sync/conflictpolicies.h"
#include "client/sync/hubevent.h"
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
    qint64 backoffBase = 250;                       // ms; doubled a failure, jittered by half
    qint64 backoffCap = 60'000;                     // ms; endless
    int maxMutationsPerDocument = 50;               // 1: one each
    int maxLanesInFlight = 200;
    ConflictPolicies conflicts;
    qint64 askDeadline = 30'000;                    // ms that the application has to decide a conflict
    QHash<QString, Predicate> scopes;               // by model type: the records this device keeps; absent: all; none(): not synced
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
    };

    Engine(Store &store, TransportFactory transport, Scheduler &scheduler, const EngineOptions &options, Callbacks callbacks);
    ~Engine();

    void start();                       // subscribes to the store, connects
    void stop(Reply<void> done);        // answers when nothing of the engine touches the store any more
    void pause();                       // cuts the line; local work goes on
    void resume();
    void syncNow();                     // skips every back-off
    [[nodiscard]] EngineState state() const noexcept;

private:
    std::unique_ptr<EnginePrivate> d;
};

} // namespace Tideline
