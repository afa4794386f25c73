// SPDX-License-Identifier: MIT
#include "client/sync/explain_p.h"

#include "client/sync/synctext_p.h"

#include <QtCore/QDateTime>
#include <QtCore/QLocale>
#include <QtCore/QSet>

#include <algorithm>

namespace Tideline {

using Operation = OutboxEntry::Operation;
using EntryState = OutboxEntry::State;
using Reason = Explanation::Reason;

namespace {

/* A record as the outbox wants it: the stored row, or what an entry of a vanished one has. */
Record rowOf(const OutboxEntry &entry, const Record &stored)
{
    Record row = stored.isNull() ? Record(entry.model) : stored;
    for (const auto &[field, value] : entry.operation == Operation::Delete ? entry.base : entry.changes)
        row.setValue(field, value);
    return row;
}

bool changesAny(const OutboxEntry &entry, const std::vector<int> &fields)
{
    return std::any_of(entry.changes.begin(), entry.changes.end(), [&fields](const auto &change) {
        return std::find(fields.begin(), fields.end(), change.first) != fields.end();
    });
}

/* Whether the record of lane is not on the backend and has to be created there first. */
bool createsFirst(const QList<OutboxEntry> &lane)
{
    return !lane.isEmpty() && lane.first().operation == Operation::Create
        && !(lane.first().theirs && !lane.first().theirs.metadata().deleted);
}

} // namespace

Result<Explanation> Explain::record(const std::shared_ptr<const ModelType> &model, const QString &key)
{
    m_found = {};
    m_found.model = model->name;
    m_found.key = key;
    const Result<Record> row = m_transaction.find(model, key);
    if (!row)
        return row.error();
    const Result<QList<OutboxEntry>> lane = m_transaction.lane(*model, key);
    if (!lane)
        return lane.error();
    m_found.mutations = int(lane->size());
    if (!lane->isEmpty()) {
        if (const Result<void> explained = explainLane(*lane, *row); !explained)
            return explained.error();
    } else if (!row->isNull()) {
        m_found.state = row->state() == SyncState::Local ? Explanation::State::Local : Explanation::State::Synced;
    }
    m_found.text = textOfState();
    for (const Explanation::Wait &wait : std::as_const(m_found.waitingFor))
        m_found.text += u' ' + wait.text;
    return m_found;
}

Result<void> Explain::explainLane(const QList<OutboxEntry> &lane, const Record &row)
{
    const OutboxEntry &first = lane.first();
    switch (first.state) {
    case EntryState::Rejected:
        m_found.state = Explanation::State::Rejected;
        add({.reason = Reason::Decision, .error = first.error.inPhase(Error::Phase::Upload)});
        return {};
    case EntryState::Sending:
        m_found.state = Explanation::State::Sending;
        add({.reason = Reason::Answer});
        return {};
    case EntryState::Undecided:
        m_found.state = Explanation::State::Waiting;
        add({.reason = Reason::Question});
        return {};
    case EntryState::Waiting:
        break;
    }
    m_found.state = Explanation::State::Waiting;
    const Result<void> related = first.operation == Operation::Delete ? addChildren(first) : addParents(first, row);
    if (!related)
        return related;
    addHold();
    addLine();
    if (m_found.waitingFor.isEmpty())
        add({.reason = Reason::Turn});
    return {};
}

Result<void> Explain::addParents(const OutboxEntry &first, const Record &row)
{
    const Record wanted = rowOf(first, row);
    for (const Dependencies::ForeignKey &foreignKey : m_dependencies.foreignKeys(*first.model)) {
        const QString key = changesAny(first, foreignKey.fields) ? Dependencies::parentKey(wanted, foreignKey) : QString();
        if (key.isEmpty() || (foreignKey.parent == first.model && key == first.key))
            continue;
        const Result<QList<OutboxEntry>> lane = m_transaction.lane(*foreignKey.parent, key);
        if (!lane)
            return lane.error();
        if (!createsFirst(*lane))
            continue;
        const bool refused = lane->first().state == EntryState::Rejected;
        add({.reason = refused ? Reason::Decision : Reason::Parent,
             .model = foreignKey.parent->name,
             .key = key,
             .error = refused ? lane->first().error.inPhase(Error::Phase::Upload) : Error()});
    }
    return {};
}

Result<void> Explain::addChildren(const OutboxEntry &deletion)
{
    constexpr int pageSize = 256;
    for (qint64 after = 0;;) {
        const Result<QList<OutboxEntry>> page = m_transaction.outbox(after, pageSize);
        if (!page)
            return page.error();
        for (const OutboxEntry &other : *page) {
            if (other.sequence >= deletion.sequence)
                return {};
            addIfChild(other, deletion);
        }
        if (page->size() < pageSize)
            return {};
        after = page->last().sequence;
    }
}

void Explain::addIfChild(const OutboxEntry &other, const OutboxEntry &deletion)
{
    if (other.operation != Operation::Delete || other.state == EntryState::Rejected)
        return;
    for (const Dependencies::ForeignKey &foreignKey : m_dependencies.foreignKeys(*other.model)) {
        if (foreignKey.parent == deletion.model && Dependencies::parentKey(rowOf(other, {}), foreignKey) == deletion.key)
            add({.reason = Reason::Child, .model = other.model->name, .key = other.key});
    }
}

void Explain::addHold()
{
    for (const EngineStatus::Hold &hold : m_status.holds) {
        if (hold.model == m_found.model && hold.key == m_found.key)
            add({.reason = Reason::Hold, .until = hold.until, .error = hold.error});
    }
    if (m_status.throttledUntil > 0)
        add({.reason = Reason::Throttled, .until = m_status.throttledUntil});
}

void Explain::addLine()
{
    switch (m_status.state) {
    case EngineState::Stopped:
        return add({.reason = Reason::NoBackend});
    case EngineState::Offline: {
        const bool unauthorized = m_status.error.code() == Error::Code::Unauthorized;
        return add({.reason = m_status.paused ? Reason::Paused : unauthorized ? Reason::Credentials : Reason::Offline,
                    .since = m_status.since,
                    .until = m_status.nextAttempt,
                    .error = m_status.paused ? Error() : m_status.error});
    }
    case EngineState::Connecting:
    case EngineState::Syncing:
        return add({.reason = Reason::Sync, .since = m_status.since, .error = m_status.error});
    case EngineState::Live:
        return;
    }
}

void Explain::add(Explanation::Wait wait)
{
    if (wait.model.isEmpty()) {
        wait.model = m_found.model;
        wait.key = m_found.key;
    }
    wait.text = textOf(wait);
    m_found.waitingFor.append(wait);
}

QString Explain::time(qint64 at) const
{
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(at).time(), QLocale::LongFormat);
}

QString Explain::textOfState() const
{
    switch (m_found.state) {
    case Explanation::State::NotStored: return SyncText::tr("This device has no such record and nothing to send for it.");
    case Explanation::State::Local: return SyncText::tr("The record stays on this device.");
    case Explanation::State::Synced: return SyncText::tr("The backend has all that was changed here.");
    case Explanation::State::Waiting: return SyncText::tr("Saved on this device; the backend does not have it yet.");
    case Explanation::State::Sending: return SyncText::tr("Being sent.");
    case Explanation::State::Rejected: return SyncText::tr("The backend refused the change.");
    }
    return {};
}

QString Explain::textOf(const Explanation::Wait &wait) const
{
    const bool own = wait.model == m_found.model && wait.key == m_found.key;
    const QString why = wait.error.message();
    switch (wait.reason) {
    case Reason::Decision:
        return own ? SyncText::tr("It waits for a decision: edit, send again or discard. Reason: %1").arg(why)
                   : SyncText::tr("It needs %1 %2, which the backend refused: %3").arg(wait.model, wait.key, why);
    case Reason::Question: return SyncText::tr("It was changed on the backend too, and the application is asked what becomes of it.");
    case Reason::Parent: return SyncText::tr("It needs %1 %2, which has to be created on the backend first.").arg(wait.model, wait.key);
    case Reason::Child: return SyncText::tr("%1 %2, which belongs to it, has to be deleted on the backend first.").arg(wait.model, wait.key);
    case Reason::Answer: return SyncText::tr("It waits for the backend's answer.");
    case Reason::Hold:
        return wait.error.isError() ? SyncText::tr("The last attempt failed; the next one is at %1. Reason: %2").arg(time(wait.until), why)
                                    : SyncText::tr("Others change the same record; the next attempt is at %1.").arg(time(wait.until));
    case Reason::Throttled: return SyncText::tr("The backend asked to slow down; the next attempt is at %1.").arg(time(wait.until));
    case Reason::NoBackend: return SyncText::tr("It waits for a backend: none is set.");
    case Reason::Paused: return SyncText::tr("The application has paused the line.");
    case Reason::Credentials: return SyncText::tr("It waits for a sign-in: %1").arg(why);
    case Reason::Offline:
        return wait.until > 0 ? SyncText::tr("It waits for the backend, which is out of reach since %1; the next attempt is at %2. Reason: %3")
                                    .arg(time(wait.since), time(wait.until), why)
                              : SyncText::tr("It waits for the backend, which is not reached yet.");
    case Reason::Sync: return SyncText::tr("The backend is being reached and asked for what changed there; then it is sent.");
    case Reason::Turn: return SyncText::tr("It is sent in its turn.");
    }
    return {};
}

Result<bool> Explain::anythingGoes(ReadTransaction &transaction, const Dependencies &dependencies)
{
    constexpr int pageSize = 256;
    QSet<LaneId> stopped;                   // behind a refused mutation
    QSet<LaneId> missing;                   // of them those that the backend has no record of
    for (qint64 after = 0;;) {
        const Result<QList<OutboxEntry>> page = transaction.outbox(after, pageSize);
        if (!page)
            return page.error();
        for (const OutboxEntry &entry : *page) {
            const LaneId id = Lane::id(entry);
            if (stopped.contains(id))
                continue;
            bool stops = entry.state == EntryState::Rejected;
            if (!stops && entry.operation != Operation::Delete && !missing.isEmpty()) {
                const Result<Record> row = transaction.find(entry.model, entry.key);
                if (!row)
                    return row.error();
                const Record wanted = rowOf(entry, *row);
                for (const Dependencies::ForeignKey &foreignKey : dependencies.foreignKeys(*entry.model))
                    stops = stops || missing.contains({foreignKey.parent->name, Dependencies::parentKey(wanted, foreignKey)});
            }
            if (!stops)
                return true;
            stopped.insert(id);
            if (createsFirst({entry}))
                missing.insert(id);
        }
        if (page->size() < pageSize)
            return false;
        after = page->last().sequence;
    }
}

} // namespace Tideline
