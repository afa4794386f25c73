// SPDX-License-Identifier: MIT
// What follows when the store changed.
#include "client/sync/engine_p.h"

namespace Tideline {

void EnginePrivate::storeChanged(const ChangeSet &changes)
{
    bool local = false;
    bool enqueued = false;
    for (const Change &change : changes.changes) {
        if (change.origin != Origin::Local)
            continue;
        local = true;
        const Record &record = change.after.isNull() ? change.before : change.after;
        const bool ended = change.kind == Change::Kind::Delete     // with nothing to send
            ? record.metadata().version == 0 && (record.state() == SyncState::Pending || record.state() == SyncState::Rejected)
            : isSettled(record.state());
        if (change.kind == Change::Kind::State || record.state() == SyncState::Local || ended)
            continue;
        using Operation = OutboxEntry::Operation;
        const Operation operation = change.kind == Change::Kind::Insert ? Operation::Create
            : change.kind == Change::Kind::Update                       ? Operation::Update
                                                                        : Operation::Delete;
        m_events->outboxMutationEnqueued(record, operation, change.mutation);
        enqueued = true;
    }
    if (enqueued)
        m_events->outboxStatus(false);
    followScopes(changes);
    if (local)
        followRelations(changes);
    for (const ConflictDecision &decision : changes.decisions) {
        if (decision.undone == 0)
            m_events->conflictResolved(decision);
    }
    if (changes.questions && m_arbiter)
        m_arbiter->look();
    if ((local || changes.rejections) && m_session)
        m_session->wake();
}

/* What the user saves, or gives back, may be what a record that is kept aside waits for. What he gives up, of a record that the backend had
   deleted, leaves children behind; a removal of his own takes them along itself. */
void EnginePrivate::followRelations(const ChangeSet &changes)
{
    QList<Record> stored;
    QList<Record> gone;
    for (const Change &change : changes.changes) {
        if (change.origin != Origin::Local)
            continue;
        if (change.kind == Change::Kind::Insert && m_store.quarantinedCount() > 0)
            stored.append(change.after);
        if (change.kind == Change::Kind::Delete && change.mutation == 0 && !m_context->dependencies->children(*change.before.model()).isEmpty())
            gone.append(change.before);
    }
    if (stored.isEmpty() && gone.isEmpty())
        return;
    m_chores.add<Merger::Outcome>(
        [stored, gone, rules = m_context->rules()](WriteTransaction &transaction) { return Merger(transaction, rules).follow(stored, gone); },
        [this](const Result<Merger::Outcome> &outcome) { freed(outcome); });
}

void EnginePrivate::freed(const Result<Merger::Outcome> &outcome)
{
    if (!outcome) {
        m_events->error(outcome.error());
        return;
    }
    m_events->outboxMutationsArrived(outcome->arrived);
    if (outcome->touchesLanes && m_session)
        m_session->wake();
}

} // namespace Tideline
