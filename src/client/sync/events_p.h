// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/conflictdecision.h"
#include "client/store/outboxentry.h"
#include "client/sync/engine.h"
#include "client/sync/faults_p.h"
#include "client/sync/flightrecorder_p.h"

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
    EventSource(Scheduler &scheduler, Engine::Callbacks callbacks, FlightRecorder::Write record);

    void close();                                           // before the engine goes; workers may keep this longer
    void begin();                                           // a new run of the engine: every fault is new
    void pause() { m_recorder.setActive(false); }           // nothing is written until begin()

    void state(EngineState state);
    void error(const Error &error);                         // that stands for itself
    void fault(const Error &error);                         // that is told again and again while its cause lasts: told once
    void works(Error::Phase phase, const QString &model = {}, const QString &record = {});     // faults that hindered only that are over
    void progress(double done);
    void authRequired(bool required, const Error &why);

    void networkStatus(bool active);
    void storageSubscribed();
    void outboxStatus(bool isEmpty);
    void outboxStatusIfNew(bool isEmpty);
    void subscriptionsEstablished();
    void syncQueriesStarted(const QStringList &models);
    void modelSynced(const QString &model, bool full, const SyncCounts &counts);
    void syncQueriesReady();
    void syncStarted();
    void ready();
    void outboxMutationEnqueued(const Record &record, OutboxEntry::Operation operation, qint64 mutation);
    void outboxMutationProcessed(const OutboxEntry &entry, qint64 version, bool merged, const Record &stored = {});
    void outboxMutationsArrived(const QList<OutboxEntry> &entries);     // ended without an answer of their own
    void outboxMutationFailed(const OutboxEntry &entry, const Error &error);
    void conflictResolved(const ConflictDecision &decision);
    void subscriptionDataProcessed(const QString &model, const QString &key, qint64 version);
    void nonApplicableDataReceived(const QString &model, const Error &error);   // and error()

private:
    void note(EngineState state);
    void emitEvent(const QString &name, const QVariantMap &payload = {});

    Scheduler &m_scheduler;
    Faults m_faults;
    FlightRecorder m_recorder;
    QSet<EngineState> m_noted;                              // since the last Live
    std::shared_ptr<const Engine::Callbacks> m_callbacks;
    std::optional<bool> m_outboxEmpty;                      // as last said
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
