// SPDX-License-Identifier: MIT
#include "client/sync/settle_p.h"

#include "client/sync/synctext_p.h"

#include "core/data/automerge.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::StringLiterals;
using Operation = OutboxEntry::Operation;
using EntryState = OutboxEntry::State;
using Fate = Settled::Fate;
using End = WriteTransaction::End;

Settled Settler::outcome(Fate fate) const
{
    Settled settled;
    settled.entry = m_sent;
    settled.fate = fate;
    settled.arrived = m_arrived;
    return settled;
}

Result<void> Settler::loadLane()
{
    const Result<QList<OutboxEntry>> lane = m_transaction.lane(*m_sent.model, m_sent.key);
    if (!lane)
        return lane.error();
    m_current = {};
    m_rest.clear();
    for (const OutboxEntry &entry : *lane) {
        if (entry.sequence == m_sent.sequence)
            m_current = entry;
        else
            m_rest.append(entry);
    }
    return {};
}

Result<Settled> Settler::settle(const MutationResponse &response, Mode mode)
{
    if (const Result<void> loaded = loadLane(); !loaded)
        return loaded.error();
    if (!m_current.model)
        return outcome(Fate::Again);        // discarded meanwhile
    const bool answered = response.outcome != MutationResponse::Outcome::Unauthorized
        && response.outcome != MutationResponse::Outcome::Unreachable;
    if (answered && m_current.baseVersion != m_sent.baseVersion) {
        if (const Result<void> forgotten = Lane::forgetOutdone(m_transaction, m_current); !forgotten)
            return forgotten.error();
    }
    switch (response.outcome) {
    case MutationResponse::Outcome::Accepted:
        if (response.record.isNull())
            break;
        if (m_sent.operation != Operation::Delete && response.record.metadata().deleted)
            return deletedRemotely(response.record);
        return accept(response.record);
    case MutationResponse::Outcome::Conflict:
        return conflict(response, mode);
    case MutationResponse::Outcome::Rejected:
        return refuse(response, mode);
    case MutationResponse::Outcome::Unauthorized:
    case MutationResponse::Outcome::Unreachable:
        break;
    }
    const bool unauthorized = response.outcome == MutationResponse::Outcome::Unauthorized;
    if (const Result<void> released = release(m_transaction, m_current, !unauthorized, m_arrived); !released)
        return released.error();
    Settled settled = outcome(unauthorized ? Fate::Unauthorized : Fate::Unreachable);
    settled.error = response.error;
    if (!settled.error.isError()) {
        settled.error = Error(unauthorized ? Error::Code::Unauthorized : Error::Code::Protocol,
                              SyncText::tr("The backend gave no usable answer to a change of %1.").arg(m_sent.model->name));
    }
    return settled;
}

Result<Settled> Settler::accept(const Record &answered)
{
    const Result<SyncMetadata> known = Lane::known(m_transaction, *m_sent.model, m_sent.key);
    if (!known)
        return known.error();
    Settled settled = outcome(Fate::Accepted);
    settled.version = answered.metadata().version;
    if (const Changes lost = lostByMerging(answered, *known); !lost.isEmpty())
        return sendAgain(answered, *known, lost);
    const QList<int> different = cameOutDifferently(answered);
    m_current.yielded.removeIf([this](int field) { return Lane::valueOf(m_sent.changes, field).has_value(); });     // now decided
    settled.merged = !different.isEmpty() || !m_current.yielded.isEmpty();
    if (const Result<void> ended = m_transaction.endEntry(m_current, End::Accepted, different); !ended)
        return ended.error();
    Result<void> applied;
    const qint64 seen = std::max(known->version, m_current.baseVersion);
    if (m_sent.operation == Operation::Delete) {
        settled.outdated = seen > answered.metadata().version && !known->deleted;
        if (m_rest.isEmpty() && known->version <= answered.metadata().version)
            applied = m_transaction.drop(answered);
    } else if (answered.metadata().version >= known->version) {
        applied = Lane::rebase(m_transaction, answered, m_rest, settled.arrived);
    } else if (known->deleted) {
        applied = acceptBeforeTombstone(answered, *known);
    } else {
        applied = acceptOlder(*known, m_current.base, m_rest);
    }
    if (applied && settled.merged && m_rest.isEmpty() && known->version <= settled.version)
        applied = Lane::showMerged(m_transaction, m_sent);
    if (!applied)
        return applied.error();
    settled.arrived.append(m_arrived);
    return settled;
}

/* The fields in which the backend now has another value than was sent. */
QList<int> Settler::cameOutDifferently(const Record &answered) const
{
    QList<int> fields;
    for (const auto &[field, value] : m_sent.changes) {
        if (answered.value(field) != value)
            fields.append(field);
    }
    return fields;
}

/*
    The changes that a merge dropped although nobody else touched what they change. AppSync's Automerge compares
    versions of records: an update based on an older one keeps every stored scalar, also those that only
    the update changed, and appends lists to what they were made from. Had the backend taken the version as it was,
    a value it kept is its own decision.
*/
Changes Settler::lostByMerging(const Record &answered, const SyncMetadata &known) const
{
    Changes lost;
    const bool wasOutdated = answered.metadata().version > m_sent.baseVersion + 1;
    if (m_sent.operation != Operation::Update || !wasOutdated || known.deleted || Lane::deletes(m_rest))
        return lost;
    const bool newerIsKnown = known.version > answered.metadata().version;      // then the entry stands on it already
    for (const auto &[field, value] : m_sent.changes) {
        const std::optional<Value> base = Lane::valueOf(m_sent.base, field);
        const std::optional<Value> stored = newerIsKnown ? Lane::valueOf(m_current.base, field) : answered.value(field);
        const bool changedBehind = std::any_of(m_rest.cbegin(), m_rest.cend(), [field = field](const OutboxEntry &entry) {
            return Lane::valueOf(entry.changes, field).has_value();
        });
        if (!base || !stored || changedBehind || *stored == value)
            continue;
        if (*stored == *base || *stored == automerged(m_sent.model->fields[size_t(field)].type, *base, value))
            lost.append({field, value});
    }
    return lost;
}

/*! What a merge dropped is sent on top of what the backend has now; the rest of the entry is done. */
Result<Settled> Settler::sendAgain(const Record &answered, const SyncMetadata &known, const Changes &lost)
{
    const Changes stored = m_current.base;
    const QList<int> different = cameOutDifferently(answered);
    std::copy_if(different.begin(), different.end(), std::back_inserter(m_current.yielded), [this, &lost](int field) {
        return !Lane::valueOf(lost, field) && !m_current.yielded.contains(field);
    });
    m_current.changes = lost;
    m_current.base.removeIf([&lost](const std::pair<int, Value> &base) { return !Lane::valueOf(lost, base.first); });
    Result<void> shown;
    if (answered.metadata().version < known.version)
        shown = acceptOlder(known, stored, QList<OutboxEntry>{m_current} + m_rest);
    if (!shown)
        return shown.error();
    return again(answered, {}, {});
}

/*
    A newer record came before the answer and was put under the lane. Where nothing behind changes a
    field that was sent, the row must now show the backend's value, which the rebased base holds.
*/
Result<void> Settler::acceptOlder(const SyncMetadata &known, const Changes &stored, const QList<OutboxEntry> &behind)
{
    Result<Record> row = m_transaction.find(m_sent.model, m_sent.key);
    if (!row)
        return row.error();
    if (row->isNull())
        return {};
    for (const auto &[field, value] : stored) {
        const bool changedBehind = std::any_of(behind.cbegin(), behind.cend(), [field = field](const OutboxEntry &entry) {
            return Lane::valueOf(entry.changes, field).has_value();
        });
        if (!changedBehind)
            row->setValue(field, value);
    }
    row->setMetadata(known);
    row->setState(Lane::state(behind));
    return m_transaction.put(*row);
}

/*
    The record was deleted on the backend after it took the change. Edits behind are sent on top of
    what was answered: the backend will show the tombstone, and that answer decides about them.
*/
Result<void> Settler::acceptBeforeTombstone(const Record &answered, const SyncMetadata &known)
{
    Record tombstone = answered;
    tombstone.setMetadata(known);
    if (const Result<void> rebased = Lane::rebase(m_transaction, answered, m_rest, m_arrived); !rebased)
        return rebased;
    if (m_transaction.hasLane(*m_sent.model, m_sent.key))
        return {};
    if (const Result<void> forgotten = Lane::forgetTombstone(m_transaction, tombstone); !forgotten)
        return forgotten;
    return m_transaction.drop(tombstone);
}

Result<bool> Settler::takeRemote(const Record &remote)
{
    const Result<SyncMetadata> known = Lane::known(m_transaction, *m_sent.model, m_sent.key);
    if (!known)
        return known.error();
    if (remote.metadata().version < known->version && !known->deleted)
        return false;
    QList<OutboxEntry> lane{m_current};
    lane.append(m_rest);
    if (const Result<void> rebased = Lane::rebase(m_transaction, remote, lane, m_arrived); !rebased)
        return rebased.error();
    if (const Result<void> loaded = loadLane(); !loaded)
        return loaded.error();
    return true;
}

Result<Settled> Settler::conflict(const MutationResponse &response, Mode mode)
{
    if (response.record.isNull()) {
        if (!mode.fetched)
            return outcome(Fate::Unknown);
        return list(Error(Error::Code::Conflict, SyncText::tr("The backend reports a conflict on a %1 that it does not show.").arg(m_sent.model->name)),
                    {});
    }
    if (response.record.metadata().deleted)
        return deletedRemotely(response.record);
    return again(response.record, response, mode);
}

Result<Settled> Settler::again(const Record &remote, const MutationResponse &response, Mode mode)
{
    if (!remote.isNull()) {
        if (const Result<bool> taken = takeRemote(remote); !taken)
            return taken.error();
    }
    const bool arrived = !m_current.model || Lane::hasArrived(m_current);
    if (mode.lastAttempt && !arrived) {
        const QString reason = SyncText::tr("The backend's %1 changed again and again while this change was sent.").arg(m_sent.model->name);
        return list(Error(Error::Code::Conflict, reason).withDetail(response.error.message()), {});
    }
    Settled settled = outcome(arrived ? Fate::Accepted : Fate::Again);
    settled.version = m_current.baseVersion;
    QList<OutboxEntry> itself;
    if (const Result<void> released = release(m_transaction, m_current, true, itself); !released)
        return released.error();
    settled.merged = !itself.isEmpty() && !itself.first().yielded.isEmpty();
    return settled;
}

static QList<int> fieldsOf(const OutboxEntry &entry)
{
    QList<int> fields;
    for (const auto &change : entry.changes)
        fields.append(change.first);
    return fields;
}

/*
    The backend deleted the record. A delete here has what it wants, and so have edits that a delete
    follows; other edits are kept and listed, for only the user can say what they are worth.
*/
Result<Settled> Settler::deletedRemotely(const Record &tombstone)
{
    QList<OutboxEntry> done{m_current};
    if (m_sent.operation != Operation::Delete) {
        qsizetype next = 0;
        while (next < m_rest.size() && m_rest.at(next).operation == Operation::Update)
            done.append(m_rest.at(next++));
        if (next == m_rest.size() || m_rest.at(next).operation != Operation::Delete) {
            const QString reason = SyncText::tr("The %1 was deleted on the backend while it was changed here.").arg(m_sent.model->name);
            return list(Error(Error::Code::Conflict, reason), tombstone);
        }
        done.append(m_rest.at(next));
    }
    for (const OutboxEntry &entry : std::as_const(done)) {
        if (const Result<void> ended = m_transaction.endEntry(entry, End::Accepted, fieldsOf(entry)); !ended)
            return ended.error();
        if (entry.sequence != m_sent.sequence) {
            m_arrived.append(entry);
            m_arrived.last().baseVersion = tombstone.metadata().version;
        }
    }
    if (done.size() == m_rest.size() + 1) {
        if (const Result<void> forgotten = Lane::forgetTombstone(m_transaction, tombstone); !forgotten)
            return forgotten.error();
        if (const Result<void> dropped = m_transaction.drop(tombstone); !dropped)
            return dropped.error();
    }
    Settled settled = outcome(Fate::Accepted);
    settled.version = tombstone.metadata().version;
    settled.merged = m_sent.operation != Operation::Delete;
    return settled;
}

/*
    A refused create may be the second attempt of one whose answer was lost. Then the backend's
    record is ours, and what it does not have yet is an update.
*/
Result<Settled> Settler::refuse(const MutationResponse &response, Mode mode)
{
    const bool exists = m_sent.operation == Operation::Create && response.error.code() == Error::Code::ConditionFailed;
    if (exists) {
        if (m_current.operation == Operation::Update)
            return again(response.record, response, mode);
        const bool ours = Lane::mayHaveArrived(m_current)
            || (!response.record.isNull() && Lane::equals(m_sent, response.record));
        if (ours && response.record.isNull() && !mode.fetched)
            return outcome(Fate::Unknown);
        if (ours && !response.record.isNull() && response.record.metadata().deleted)
            return deletedRemotely(response.record);
        if (ours && !response.record.isNull())
            return again(response.record, response, mode);
    }
    return list(response.error, response.record);
}

Result<Settled> Settler::list(const Error &error, const Record &remote)
{
    m_current.state = EntryState::Rejected;
    m_current.error = error.isError() ? error : Error(Error::Code::Rejected, SyncText::tr("The backend refused the change and gave no reason."));
    m_current.error = m_current.error.withModel(m_sent.model->name).withRecord(m_sent.key);
    if (!remote.isNull())
        m_current.theirs = remote;
    if (const Result<void> updated = m_transaction.updateEntry(m_current); !updated)
        return updated.error();
    if (!remote.isNull() && remote.metadata().deleted) {
        if (const Result<void> kept = Lane::rememberTombstone(m_transaction, remote); !kept)
            return kept.error();
    } else if (!remote.isNull() && m_current.operation != Operation::Create) {
        if (const Result<bool> taken = takeRemote(remote); !taken)
            return taken.error();
    }
    if (!m_current.model) {             // refused, but the backend has what it wanted
        Settled settled = outcome(Fate::Accepted);
        settled.version = remote.metadata().version;
        settled.merged = std::any_of(settled.arrived.cbegin(), settled.arrived.cend(), [this](const OutboxEntry &entry) {
            return entry.sequence == m_sent.sequence && !entry.yielded.isEmpty();
        });
        settled.arrived.removeIf([this](const OutboxEntry &entry) { return entry.sequence == m_sent.sequence; });
        return settled;
    }
    if (const Result<void> refreshed = Lane::refreshState(m_transaction, m_sent); !refreshed)
        return refreshed.error();
    Settled settled = outcome(Fate::Rejected);
    settled.error = m_current.error;
    return settled;
}

Result<void> Settler::release(WriteTransaction &transaction, const OutboxEntry &sent, bool counted, QList<OutboxEntry> &arrived)
{
    OutboxEntry entry = sent;
    entry.state = EntryState::Waiting;
    if (!counted)
        entry.attempts = std::max(0, entry.attempts - 1);
    const Result<void> decided = counted ? Lane::dropOutdone(transaction, entry) : Lane::forgetOutdone(transaction, entry);
    if (!decided)
        return decided;
    if (!Lane::hasArrived(entry)) {
        const Result<void> written = transaction.updateEntry(entry);
        return written ? Lane::refreshState(transaction, entry) : written;
    }
    arrived.append(entry);
    const Result<SyncMetadata> known = Lane::known(transaction, *entry.model, entry.key);
    if (!known)
        return known.error();
    if (const Result<void> ended = transaction.endEntry(entry, End::Accepted); !ended)
        return ended;
    const Result<void> left = Lane::left(transaction, entry, *known);
    return left && !entry.yielded.isEmpty() ? Lane::showMerged(transaction, entry) : left;
}

Result<Settler::Released> Settler::releaseAll(WriteTransaction &transaction)
{
    constexpr int pageSize = 500;
    Released outcome;
    qint64 after = 0;
    for (;;) {
        const Result<QList<OutboxEntry>> page = transaction.outbox(after, pageSize);
        if (!page)
            return page.error();
        for (const OutboxEntry &entry : *page) {
            const qsizetype before = outcome.arrived.size();
            if (entry.state == EntryState::Sending) {
                if (const Result<void> released = release(transaction, entry, true, outcome.arrived); !released)
                    return released.error();
            }
            const bool ended = outcome.arrived.size() > before;
            outcome.isEmpty = outcome.isEmpty && (ended || entry.state == EntryState::Rejected);
        }
        if (page->size() < pageSize)
            return outcome;
        after = page->last().sequence;
    }
}

} // namespace Tideline
