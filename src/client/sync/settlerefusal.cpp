// SPDX-License-Identifier: MIT
// What a refused condition means: somebody else has the key, or the record is gone.
#include "client/sync/settle_p.h"

#include "client/sync/deletion_p.h"
#include "client/sync/synctext_p.h"

namespace Tideline {

using Operation = OutboxEntry::Operation;
using EntryState = OutboxEntry::State;
using Fate = Settled::Fate;

/*
    A refused create may be the second attempt of one whose answer was lost. Then the backend's
    record is ours, and what it does not have yet is an update.
*/
Result<Settled> Settler::refuse(const MutationResponse &response, Mode mode)
{
    if (response.error.code() != Error::Code::ConditionFailed)
        return listAsSent(response);
    if (m_sent.operation == Operation::Create)
        return keyTaken(response, mode);
    const Result<SyncMetadata> known = Lane::known(m_transaction, *m_sent.model, m_sent.key);
    if (!known)
        return known.error();
    if (!known->deleted || m_sent.operation != Operation::Update || m_sent.condition.kind() != Predicate::Kind::All || response.record)
        return listAsSent(response);
    Result<Record> tombstone = m_transaction.find(m_sent.model, m_sent.key);    // the backend has forgotten its own
    if (!tombstone || tombstone->isNull())
        return tombstone ? list(response.error, {}) : Result<Settled>(tombstone.error());
    tombstone->setMetadata(*known);
    return deletedRemotely(*tombstone, mode);
}

Result<Settled> Settler::listAsSent(const MutationResponse &response)
{
    const Result<Record> newest = standAsSent(response.record);
    return newest ? list(response.error, *newest) : Result<Settled>(newest.error());
}

/* What the backend has must be seen before anything is decided. That the attempt did nothing is known already. */
Result<Settled> Settler::lookUp()
{
    if (!Lane::mayHaveArrived(m_current)) {
        m_current.vain = m_current.attempts;
        if (const Result<void> noted = m_transaction.updateEntry(m_current); !noted)
            return noted.error();
    }
    return outcome(Fate::Unknown);
}

Result<Settled> Settler::nameTombstone(const Record &tombstone)
{
    m_current.vain = m_current.attempts;
    m_current.state = EntryState::Waiting;
    m_current.theirs = tombstone;
    Result<void> done = m_transaction.updateEntry(m_current);
    if (done)
        done = Lane::refreshState(m_transaction, m_current);
    return done ? Result<Settled>(outcome(Fate::Again)) : Result<Settled>(done.error());
}

Result<Settled> Settler::keyTaken(const MutationResponse &response, Mode mode)
{
    if (m_current.operation == Operation::Update)
        return again(response.record, response, mode);
    const Record &found = response.record;
    const bool namedTombstone = m_sent.baseVersion > 0;
    const Result<SyncMetadata> known = Lane::known(m_transaction, *m_sent.model, m_sent.key);
    if (!known)
        return known.error();
    const bool ours = found.isNull() ? Lane::mayHaveArrived(m_current) : Lane::mayBeOurs(m_current, found, *known);
    if (!ours && !namedTombstone)
        return list(response.error, found);
    if (found.isNull())
        return mode.fetched ? list(response.error, found) : lookUp();
    if (!found.metadata().deleted && !ours && !Deletion::isRevival(m_current))
        return list(response.error, found);
    if (!found.metadata().deleted) {
        m_current.vain = ours ? m_current.vain : m_current.attempts;
        return again(found, response, mode);
    }
    const qint64 version = found.metadata().version;
    if (namedTombstone && version == m_sent.baseVersion) {
        const QString reason = SyncText::tr("The %1 was deleted, and the backend keeps its key from being used again. Save it with another key.");
        return list(Error(Error::Code::Conflict, reason.arg(m_sent.model->name)).withDetail(response.error.detail()), found);
    }
    if (m_current.theirs && version == m_current.theirs.metadata().version)
        return nameTombstone(found);            // no attempt arrived, and the deletion has been decided about
    return deletedRemotely(found, mode);
}

} // namespace Tideline
