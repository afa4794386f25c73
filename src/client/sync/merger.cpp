// SPDX-License-Identifier: MIT
#include "client/sync/merger_p.h"

#include "client/sync/deletion_p.h"
#include "client/sync/synctext_p.h"

#include <algorithm>

namespace Tideline {

using Operation = OutboxEntry::Operation;

Merger::Merger(WriteTransaction &transaction, std::shared_ptr<const MergeRules> rules)
    : m_transaction(transaction), m_rules(std::move(rules))
{
}

bool Merger::isOfTheFile(const Error &error)
{
    return (error.category() == Error::Category::Store && error.code() != Error::Code::StoreFailed) || error.code() == Error::Code::Closed;
}

Result<Merger::Outcome> Merger::merge(const std::vector<RemoteItem> &items, const QString &model)
{
    m_model = model;
    for (const RemoteItem &item : items) {
        if (const Result<void> taken = take(item, model); !taken)
            return taken.error();
    }
    return m_outcome;
}

Result<void> Merger::take(const RemoteItem &item, const QString &model)
{
    Error error = item.error;
    if (!error.isError() && item.record.isNull())
        error = Error(Error::Code::Protocol, SyncText::tr("The backend sent an item without a record.")).withModel(model);
    if (!error.isError())
        error = merge(item.record).error();
    if (error.isError() && isOfTheFile(error))
        return error;
    if (error.isError()) {
        if (const Result<void> kept = putAside(item, model, error); !kept)
            return kept;
    }
    return followRelations();
}

Result<void> Merger::merge(const Record &remote)
{
    if (remote.metadata().version <= 0) {
        return Error(Error::Code::Protocol, SyncText::tr("The backend sent a record of %1 without a version.").arg(remote.model()->name))
            .withModel(remote.model()->name).withRecord(remote.key());
    }
    const Result<Kind> kind = apply(remote);
    if (!kind)
        return kind.error();
    count(*kind, remote);
    return {};
}

void Merger::count(Kind kind, const Record &remote)
{
    const int one = m_model.isEmpty() || remote.model()->name == m_model ? 1 : 0;
    switch (kind) {
    case Kind::Nothing:
    case Kind::Kept:
        return;
    case Kind::Added:
        m_outcome.counts.added += one;
        break;
    case Kind::Updated:
        m_outcome.counts.updated += one;
        break;
    case Kind::Deleted:
        m_outcome.counts.deleted += one;
        break;
    }
    m_outcome.applied.append({remote.model()->name, remote.key(), remote.metadata().version});
}

/*
    A key that was deleted and made anew may count its versions from 1 again, when the backend had
    forgotten the tombstone; there the time of the change decides. Where this device never heard of the deletion,
    the times must be further apart than the clocks of a backend's machines are.
*/
bool Merger::isNewer(const SyncMetadata &remote, const SyncMetadata &known)
{
    constexpr qint64 clocksDiffer = 60'000;     // ms
    if (remote.version > known.version)
        return true;
    if (known.deleted)
        return !remote.deleted && remote.lastChangedAt > known.lastChangedAt;
    return known.version > 0 && remote.lastChangedAt > known.lastChangedAt + clocksDiffer;
}

Result<void> Merger::forgetRow(WriteTransaction &transaction, const Record &row)
{
    Record forgotten = row;
    forgotten.setMetadata({});
    return transaction.drop(forgotten);
}

/* What is known of a record that was removed here is the version that was removed; what came since only its lane says. What is not
   newer than that the backend's answer outdoes. */
Result<bool> Merger::isOldNews(const Record &remote, const SyncMetadata &known)
{
    if (!isNewer(remote.metadata(), known))
        return true;
    if (!known.deleted || !m_transaction.hasLane(*remote.model(), remote.key()))
        return false;
    const Result<QList<OutboxEntry>> lane = m_transaction.lane(*remote.model(), remote.key());
    if (!lane)
        return lane.error();
    const OutboxEntry head = lane->value(0);
    const qint64 heard = std::max(head.baseVersion, head.theirs ? head.theirs.metadata().version : 0);
    const bool isAnswered = head.operation != Operation::Create && head.state != OutboxEntry::State::Rejected;
    return isAnswered && remote.metadata().version <= heard;
}

Result<Merger::Kind> Merger::apply(const Record &remote)
{
    const Result<SyncMetadata> known = Lane::known(m_transaction, *remote.model(), remote.key());
    if (!known)
        return known.error();
    const Result<std::optional<QuarantinedRow>> aside = m_transaction.quarantined(*remote.model(), remote.key());
    if (!aside)
        return aside.error();
    const bool waits = *aside && !(*aside)->parentModel.isEmpty();
    if (waits && isNewer((*aside)->metadata, remote.metadata()))
        return Kind::Nothing;
    const Result<bool> isOld = isOldNews(remote, *known);
    if (!isOld)
        return isOld.error();
    Result<Kind> kind = Kind::Nothing;
    if (!*isOld)
        kind = remote.metadata().deleted ? applyDeleted(remote, *known) : applyLive(remote, *known);
    if (!kind || *kind == Kind::Kept || !*aside || isNewer((*aside)->metadata, remote.metadata()))
        return kind;
    const Result<void> done = freed(*remote.model(), remote.key());
    return done ? kind : Result<Kind>(done.error());
}

Result<Merger::Kind> Merger::applyLive(const Record &remote, const SyncMetadata &known)
{
    const bool isNew = known.version == 0 || known.deleted;
    if (m_transaction.hasLane(*remote.model(), remote.key())) {
        const Result<QList<OutboxEntry>> lane = m_transaction.lane(*remote.model(), remote.key());
        if (!lane)
            return lane.error();
        const bool isAllUnderWay = lane->size() == 1 && lane->constFirst().state == OutboxEntry::State::Sending;
        const Result<void> rebased = Lane::rebase(m_transaction, remote, *lane, m_outcome.arrived,
                                                   {m_rules->conflicts(), Lane::Told::ByOthers});
        if (!rebased)
            return rebased.error();
        m_outcome.touchesLanes |= !isAllUnderWay || !m_transaction.hasLane(*remote.model(), remote.key());
        const Result<bool> evicted = evictOutside(m_transaction, *m_rules, remote.model(), remote.key());
        if (!evicted)
            return evicted.error();
        return *evicted ? Kind::Deleted : Kind::Updated;
    }
    if (m_rules->isOutside(remote)) {
        const Result<Record> row = m_transaction.find(remote.model(), remote.key());
        if (!row || row->isNull())
            return row ? Result<Kind>(Kind::Nothing) : Result<Kind>(row.error());
        const Result<void> dropped = forgetRow(m_transaction, *row);
        return dropped ? Result<Kind>(Kind::Deleted) : Result<Kind>(dropped.error());
    }
    const Result<Missing> missing = missingParent(remote);
    if (!missing)
        return missing.error();
    return missing->parent ? keepWaiting(remote, *missing) : show(remote, isNew);
}

Result<Merger::Kind> Merger::show(const Record &remote, bool isNew)
{
    Record row = remote;
    row.setState(SyncState::Synced);
    if (const Result<void> put = m_transaction.put(row); !put)
        return put.error();
    if (isNew && m_transaction.mayBeAwaited(*remote.model()))
        m_stored.append(remote);
    return isNew ? Kind::Added : Kind::Updated;
}

Result<Merger::Kind> Merger::applyDeleted(const Record &remote, const SyncMetadata &known)
{
    if (m_transaction.hasLane(*remote.model(), remote.key()))
        return dropWithLane(remote);
    const Result<void> dropped = m_transaction.drop(remote);
    if (!dropped)
        return dropped.error();
    if (!m_rules->dependencies().children(*remote.model()).isEmpty())
        m_gone.append(remote);
    return known.version == 0 || known.deleted ? Kind::Nothing : Kind::Deleted;
}

/*
    A Delete that waits at the head has nothing left to do. Edits stay as they are, with their old
    version: the backend will answer them with the tombstone, and that answer decides. Until then the
    row remembers that it is gone there.
*/
Result<Merger::Kind> Merger::dropWithLane(const Record &remote)
{
    const Result<QList<OutboxEntry>> lane = m_transaction.lane(*remote.model(), remote.key());
    if (!lane)
        return lane.error();
    m_outcome.touchesLanes = true;
    OutboxEntry head = lane->value(0);
    if (head.operation != Operation::Delete || head.state == OutboxEntry::State::Sending) {
        if (head.state == OutboxEntry::State::Undecided)
            head.state = OutboxEntry::State::Waiting;       // nothing to ask: the backend's answer decides
        const bool mayBeLater = head.operation == Operation::Create && head.attempts == head.vain;
        if (head.theirs || head.state == OutboxEntry::State::Rejected || mayBeLater) {
            head.theirs = remote;
            if (const Result<void> noted = m_transaction.updateEntry(head); !noted)
                return noted.error();
        }
        const Result<void> kept = Lane::rememberTombstone(m_transaction, remote);
        return kept ? Result<Kind>(Kind::Nothing) : Result<Kind>(kept.error());
    }
    if (const Result<void> removed = m_transaction.endEntry(head, WriteTransaction::End::Accepted); !removed)
        return removed.error();
    m_outcome.arrived.append(head);
    m_outcome.arrived.last().baseVersion = remote.metadata().version;
    if (lane->size() > 1) {             // made anew here
        const Result<void> noted = Deletion::precede(m_transaction, lane->at(1), remote);
        return noted ? Result<Kind>(Kind::Nothing) : Result<Kind>(noted.error());
    }
    if (const Result<void> dropped = m_transaction.drop(remote); !dropped)
        return dropped.error();
    return Kind::Nothing;               // the row had gone with the user's delete
}

// ---- what is outside of the scope ----

static bool mayBeEvicted(const WriteTransaction &transaction, const Record &row)
{
    return row.metadata().version > 0 && !transaction.hasLane(*row.model(), row.key());
}

Result<bool> Merger::evictOutside(WriteTransaction &transaction, const MergeRules &rules, const std::shared_ptr<const ModelType> &model,
                                  const QString &key)
{
    if (!rules.hasScope(model->name) || transaction.hasLane(*model, key))
        return false;
    const Result<Record> row = transaction.find(model, key);
    if (!row)
        return row.error();
    if (row->isNull() || !rules.isOutside(*row) || !mayBeEvicted(transaction, *row))
        return false;
    const Result<void> dropped = forgetRow(transaction, *row);
    return dropped ? Result<bool>(true) : Result<bool>(dropped.error());
}

Result<Merger::Evicted> Merger::evict(WriteTransaction &transaction, const std::shared_ptr<const ModelType> &model,
                                      const Predicate &scope, int offset, int limit)
{
    Query query;
    query.model = model;
    query.where = Predicate::negation(scope);
    query.offset = offset;
    query.limit = limit;
    const Result<QList<Record>> rows = transaction.query(query);
    if (!rows)
        return rows.error();
    Evicted evicted{int(rows->size()), 0};
    for (const Record &row : *rows) {
        if (!mayBeEvicted(transaction, row))
            continue;
        if (const Result<void> dropped = forgetRow(transaction, row); !dropped)
            return dropped.error();
        ++evicted.dropped;
    }
    return evicted;
}

// ---- what a base sync did not bring ----

static bool mayVanish(const Record &row, qint64 startedAt)
{
    return isSettled(row.state()) && row.metadata().lastChangedAt < startedAt;
}

Result<int> Merger::dropVanished(const std::shared_ptr<const ModelType> &model, const QStringList &keys, qint64 startedAt)
{
    int count = 0;
    for (const QString &key : keys) {
        const Result<std::optional<QuarantinedRow>> aside = m_transaction.quarantined(*model, key);
        if (!aside)
            return aside.error();
        if (*aside && (*aside)->metadata.lastChangedAt < startedAt) {
            if (const Result<bool> forgotten = m_transaction.unquarantine(model->name, key); !forgotten)
                return forgotten.error();
        }
        if (keyParts(*model, key).size() != model->primaryKey.size())
            continue;                           // kept aside without a key
        const Result<Record> row = m_transaction.find(model, key);
        if (!row)
            return row.error();
        if (row->isNull() || !mayVanish(*row, startedAt) || m_transaction.hasLane(*model, key))
            continue;
        if (const Result<void> dropped = forgetRow(m_transaction, *row); !dropped)
            return dropped.error();
        m_gone.append(*row);
        ++count;
    }
    const Result<void> followed = followRelations();
    return followed ? Result<int>(count) : Result<int>(followed.error());
}

} // namespace Tideline
