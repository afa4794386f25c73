// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/conflictdecision.h"
#include "client/store/outboxentry.h"
#include "client/sync/engine.h"

namespace Tideline {

struct SyncCounts
{
    int added = 0;
    int updated = 0;
    int deleted = 0;

    [[nodiscard]] int total() const noexcept { return added + updated + deleted; }
};

/*
    Says to the application what happens. Every callback is posted, so that it finds the engine at
    rest and may pause, stop or destroy it; none comes after close().
*/
class EventSource
{
public:
    EventSource(Scheduler &scheduler, Engine::Callbacks callbacks);

    void close() noexcept { m_alive.reset(); }

    void state(EngineState state);
    void error(const Error &error);
    void progress(double done);

    void networkStatus(bool active);
    void storageSubscribed();
    void outboxStatus(bool isEmpty);
    void outboxStatusIfNew(bool isEmpty);
    void subscriptionsEstablished();
    void syncQueriesStarted(const QStringList &models);
    void modelSynced(const QString &model, bool full, const SyncCounts &counts);
    void syncQueriesReady();
    void ready();
    void outboxMutationEnqueued(const QString &model, const QString &key, OutboxEntry::Operation operation, qint64 mutation);
    void outboxMutationProcessed(const OutboxEntry &entry, qint64 version, bool merged);
    void outboxMutationsArrived(const QList<OutboxEntry> &entries);     // ended without an answer of their own
    void outboxMutationFailed(const OutboxEntry &entry, const Error &error);
    void conflictResolved(const ConflictDecision &decision);
    void subscriptionDataProcessed(const QString &model, const QString &key, qint64 version);
    void nonApplicableDataReceived(const QString &model, const Error &error);   // and error()

private:
    void emitEvent(const QString &name, const QVariantMap &payload = {});

    Scheduler &m_scheduler;
    std::shared_ptr<const Engine::Callbacks> m_callbacks;
    std::optional<bool> m_outboxEmpty;                      // as last said
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
