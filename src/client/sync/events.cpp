// SPDX-License-Identifier: MIT
#include "client/sync/events_p.h"

namespace Tideline {

using namespace Qt::StringLiterals;

static QString nameOf(OutboxEntry::Operation operation)
{
    switch (operation) {
    case OutboxEntry::Operation::Create:
        return u"CREATE"_s;
    case OutboxEntry::Operation::Update:
        return u"UPDATE"_s;
    case OutboxEntry::Operation::Delete:
        return u"DELETE"_s;
    }
    return {};
}

static QVariantMap describe(const OutboxEntry &entry)
{
    return {{u"model"_s, entry.model->name}, {u"key"_s, entry.key}, {u"operation"_s, nameOf(entry.operation)},
            {u"mutation"_s, entry.sequence}};
}

EventSource::EventSource(Scheduler &scheduler, Engine::Callbacks callbacks, FlightRecorder::Write record)
    : m_scheduler(scheduler), m_recorder(scheduler, std::move(record)), m_callbacks(std::make_shared<const Engine::Callbacks>(std::move(callbacks)))
{
}

void EventSource::close()
{
    m_alive.reset();
    m_recorder.close();
}

void EventSource::begin()
{
    m_faults.clear();
    m_recorder.setActive(true);
}

static QString nameOf(EngineState state)
{
    switch (state) {
    case EngineState::Stopped: return u"Stopped"_s;
    case EngineState::Offline: return u"Offline"_s;
    case EngineState::Connecting: return u"Connecting"_s;
    case EngineState::Syncing: return u"Syncing"_s;
    case EngineState::Live: return u"Live"_s;
    }
    return {};
}

/* The attempts of an outage are many and all the same: each state is one entry until the next Live. */
void EventSource::note(EngineState state)
{
    if (state == EngineState::Live || state == EngineState::Stopped)
        m_noted.clear();
    if (!m_noted.contains(state))
        m_recorder.note(FlightEntry{.kind = FlightEntry::Kind::State, .message = nameOf(state)});
    m_noted.insert(state);
}

void EventSource::state(EngineState state)
{
    note(state);
    if (!m_callbacks->stateChanged)
        return;
    m_scheduler.post([callbacks = m_callbacks, alive = std::weak_ptr<int>(m_alive), state] {
        if (!alive.expired())
            callbacks->stateChanged(state);
    });
}

void EventSource::fault(const Error &error)
{
    if (m_faults.begins(error, m_scheduler.monotonic()))
        this->error(error);
}

void EventSource::works(Error::Phase phase, const QString &model, const QString &record)
{
    for (const Faults::Fault &ended : m_faults.works(phase, model, record)) {
        const Error &error = ended.error;
        const qint64 lasted = m_scheduler.monotonic() - ended.since;
        m_recorder.note(FlightEntry{.kind = FlightEntry::Kind::Healed,
                                    .phase = error.phase(),
                                    .code = error.code(),
                                    .model = error.model(),
                                    .record = error.record(),
                                    .message = error.message(),
                                    .detail = u"%1 x, %2 ms"_s.arg(ended.count).arg(lasted)});
    }
}

void EventSource::authRequired(bool required, const Error &why)
{
    if (!m_callbacks->authRequired)
        return;
    m_scheduler.post([callbacks = m_callbacks, alive = std::weak_ptr<int>(m_alive), required, why] {
        if (!alive.expired())
            callbacks->authRequired(required, why);
    });
}

void EventSource::error(const Error &error)
{
    m_recorder.note(error);
    if (!m_callbacks->error)
        return;
    m_scheduler.post([callbacks = m_callbacks, alive = std::weak_ptr<int>(m_alive), error] {
        if (!alive.expired())
            callbacks->error(error);
    });
}

void EventSource::progress(double done)
{
    if (!m_callbacks->progress)
        return;
    m_scheduler.post([callbacks = m_callbacks, alive = std::weak_ptr<int>(m_alive), done] {
        if (!alive.expired())
            callbacks->progress(done);
    });
}

void EventSource::emitEvent(const QString &name, const QVariantMap &payload)
{
    if (!m_callbacks->event)
        return;
    m_scheduler.post([callbacks = m_callbacks, alive = std::weak_ptr<int>(m_alive), event = HubEvent{name, payload}] {
        if (!alive.expired())
            callbacks->event(event);
    });
}

void EventSource::networkStatus(bool active)
{
    emitEvent(u"networkStatus"_s, {{u"active"_s, active}});
}

void EventSource::storageSubscribed()
{
    emitEvent(u"storageSubscribed"_s);
}

void EventSource::outboxStatusIfNew(bool isEmpty)
{
    if (m_outboxEmpty != isEmpty)
        outboxStatus(isEmpty);
}

void EventSource::outboxStatus(bool isEmpty)
{
    m_outboxEmpty = isEmpty;
    emitEvent(u"outboxStatus"_s, {{u"isEmpty"_s, isEmpty}});
}

void EventSource::subscriptionsEstablished()
{
    emitEvent(u"subscriptionsEstablished"_s);
}

void EventSource::syncQueriesStarted(const QStringList &models)
{
    emitEvent(u"syncQueriesStarted"_s, {{u"models"_s, models}});
}

void EventSource::modelSynced(const QString &model, bool full, const SyncCounts &counts)
{
    emitEvent(u"modelSynced"_s,
              {{u"model"_s, model}, {u"isFullSync"_s, full}, {u"isDeltaSync"_s, !full}, {u"added"_s, counts.added},
               {u"updated"_s, counts.updated}, {u"deleted"_s, counts.deleted}, {u"count"_s, counts.total()}});
}

void EventSource::syncQueriesReady()
{
    emitEvent(u"syncQueriesReady"_s);
}

void EventSource::syncStarted()
{
    emitEvent(u"syncStarted"_s);
}

void EventSource::ready()
{
    emitEvent(u"ready"_s);
}

void EventSource::outboxMutationEnqueued(const Record &record, OutboxEntry::Operation operation, qint64 mutation)
{
    emitEvent(u"outboxMutationEnqueued"_s, {{u"model"_s, record.model()->name}, {u"key"_s, record.key()}, {u"operation"_s, nameOf(operation)},
                                            {u"mutation"_s, mutation}, {u"element"_s, QVariant::fromValue(record)}});
}

void EventSource::outboxMutationProcessed(const OutboxEntry &entry, qint64 version, bool merged, const Record &stored)
{
    QVariantMap payload = describe(entry);
    payload.insert(u"version"_s, version);
    payload.insert(u"merged"_s, merged);
    if (!stored.isNull())
        payload.insert(u"element"_s, QVariant::fromValue(stored));
    emitEvent(u"outboxMutationProcessed"_s, payload);
}

void EventSource::outboxMutationsArrived(const QList<OutboxEntry> &entries)
{
    for (const OutboxEntry &entry : entries)
        outboxMutationProcessed(entry, entry.baseVersion, !entry.yielded.isEmpty());
}

void EventSource::outboxMutationFailed(const OutboxEntry &entry, const Error &error)
{
    QVariantMap payload = describe(entry);
    payload.insert(u"message"_s, error.message());
    payload.insert(u"error"_s, QVariant::fromValue(error));
    emitEvent(u"outboxMutationFailed"_s, payload);
    if (error.code() == Error::Code::ConditionFailed)
        emitEvent(u"conditionalSaveFailed"_s, payload);
}

void EventSource::conflictResolved(const ConflictDecision &decision)
{
    QStringList fields;
    for (const ConflictDecision::Field &field : decision.fields)
        fields.append(field.name);
    emitEvent(u"conflictResolved"_s, {{u"decision"_s, decision.id}, {u"model"_s, decision.model}, {u"key"_s, decision.key},
                                      {u"mutation"_s, decision.mutation}, {u"fields"_s, fields}});
}

void EventSource::subscriptionDataProcessed(const QString &model, const QString &key, qint64 version)
{
    emitEvent(u"subscriptionDataProcessed"_s, {{u"model"_s, model}, {u"key"_s, key}, {u"version"_s, version}});
}

void EventSource::nonApplicableDataReceived(const QString &model, const Error &problem)
{
    const Error error = problem.inPhase(Error::Phase::Merge);
    emitEvent(u"nonApplicableDataReceived"_s,
              {{u"model"_s, model}, {u"message"_s, error.message()}, {u"error"_s, QVariant::fromValue(error)}});
    this->error(error);
}

} // namespace Tideline
