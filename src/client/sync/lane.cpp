// SPDX-License-Identifier: MIT
#include "client/sync/lane_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::StringLiterals;
using Operation = OutboxEntry::Operation;
using EntryState = OutboxEntry::State;

std::optional<Value> Lane::valueOf(const QList<std::pair<int, Value>> &values, int field)
{
    const auto found = std::find_if(values.cbegin(), values.cend(), [field](const auto &value) { return value.first == field; });
    return found == values.cend() ? std::nullopt : std::optional(found->second);
}

SyncState Lane::state(const QList<OutboxEntry> &lane) noexcept
{
    SyncState state = SyncState::Synced;
    for (const OutboxEntry &entry : lane) {
        switch (entry.state) {
        case EntryState::Rejected:
            return SyncState::Rejected;
        case EntryState::Sending:
            state = SyncState::Sending;
            break;
        case EntryState::Waiting:
            if (state == SyncState::Synced)
                state = SyncState::Pending;
            break;
        }
    }
    return state;
}

bool Lane::deletes(const QList<OutboxEntry> &lane) noexcept
{
    return std::any_of(lane.begin(), lane.end(), [](const OutboxEntry &entry) { return entry.operation == Operation::Delete; });
}

bool Lane::mayHaveArrived(const OutboxEntry &entry) noexcept
{
    // an attempt is counted when it begins: one that is under way is not yet an earlier one, and a refused one did not arrive
    return entry.attempts > (entry.state == EntryState::Waiting ? 0 : 1);
}

bool Lane::equals(const OutboxEntry &entry, const Record &remote)
{
    return std::all_of(entry.changes.begin(), entry.changes.end(), [&remote](const std::pair<int, Value> &change) {
        return remote.value(change.first) == change.second;
    });
}

Result<void> Lane::refreshState(WriteTransaction &transaction, const OutboxEntry &entry)
{
    const Result<QList<OutboxEntry>> lane = transaction.lane(*entry.model, entry.key);
    if (!lane)
        return lane.error();
    Result<Record> row = transaction.find(entry.model, entry.key);
    if (!row)
        return row.error();
    const SyncState now = state(*lane);
    if (row->isNull() || row->state() == now)
        return {};
    row->setState(now);
    return transaction.put(*row);
}

static QString tombstoneSetting(const ModelType &model, const QString &key)
{
    return u"tombstone/"_s + model.name + u'/' + key;
}

Result<void> Lane::rememberTombstone(WriteTransaction &transaction, const Record &tombstone)
{
    const SyncMetadata &metadata = tombstone.metadata();
    return transaction.setSetting(tombstoneSetting(*tombstone.model(), tombstone.key()),
                                  u"%1 %2"_s.arg(metadata.version).arg(metadata.lastChangedAt));
}

Result<void> Lane::forgetTombstone(WriteTransaction &transaction, const Record &record)
{
    return transaction.setSetting(tombstoneSetting(*record.model(), record.key()), {});
}

Result<SyncMetadata> Lane::known(WriteTransaction &transaction, const ModelType &model, const QString &key)
{
    const Result<SyncMetadata> stored = transaction.metadata(model, key);
    if (!stored || !transaction.hasLane(model, key))
        return stored;
    const Result<QString> text = transaction.setting(tombstoneSetting(model, key));
    if (!text)
        return text.error();
    const QStringList parts = text->split(u' ');
    const SyncMetadata tombstone{parts.value(0).toLongLong(), parts.value(1).toLongLong(), true};
    return tombstone.version > stored->version ? Result<SyncMetadata>(tombstone) : stored;
}

Result<void> Lane::left(WriteTransaction &transaction, const OutboxEntry &entry, const SyncMetadata &known, Origin origin)
{
    if (!known.deleted || transaction.hasLane(*entry.model, entry.key))
        return refreshState(transaction, entry);
    Result<Record> row = transaction.find(entry.model, entry.key);
    if (!row || row->isNull())
        return row.error();
    row->setMetadata(known);
    if (const Result<void> forgotten = forgetTombstone(transaction, *row); !forgotten)
        return forgotten;
    return transaction.drop(*row, origin);
}

// The changes that the backend does not have yet, over what it has.
static void dropWhatArrived(OutboxEntry &entry, const Record &remote)
{
    QList<std::pair<int, Value>> changes;
    QList<std::pair<int, Value>> base;
    for (const std::pair<int, Value> &change : std::as_const(entry.changes)) {
        if (remote.value(change.first) == change.second)
            continue;
        changes.append(change);
        base.append({change.first, remote.value(change.first)});
    }
    entry.changes = changes;
    entry.base = base;
}

static void takeBase(OutboxEntry &entry, const Record &remote)
{
    QList<std::pair<int, Value>> base;
    for (const std::pair<int, Value> &change : std::as_const(entry.changes))
        base.append({change.first, remote.value(change.first)});
    entry.base = base;
}

static QList<std::pair<int, Value>> notNull(const Record &record)
{
    QList<std::pair<int, Value>> values;
    for (int field = 0; field < int(record.values().size()); ++field) {
        if (!record.value(field).isNull())
            values.append({field, record.value(field)});
    }
    return values;
}

/*
    Only the head may drop what arrived: a later entry that sets a field back to the backend's value
    undoes an earlier one and must be sent. A Create of a key that exists on the backend is ours when
    it says what we sent or may have arrived before; then the rest of it is an Update. Otherwise
    somebody else took the key, and the backend's refusal will say so.
*/
static void rebaseEntry(OutboxEntry &entry, const Record &remote, bool isHead)
{
    if (entry.state == EntryState::Rejected || (isHead && entry.operation == Operation::Create))
        entry.theirs = remote;
    if (entry.operation == Operation::Create) {
        if (!isHead || (!Lane::mayHaveArrived(entry) && !Lane::equals(entry, remote)))
            return;
        entry.operation = Operation::Update;
        if (entry.state != EntryState::Rejected)
            entry.theirs = {};
    }
    entry.baseVersion = remote.metadata().version;
    if (entry.operation == Operation::Delete) {
        entry.base = notNull(remote);
        return;
    }
    if (isHead)
        dropWhatArrived(entry, remote);
    else
        takeBase(entry, remote);
}

Result<void> Lane::rebase(WriteTransaction &transaction, const Record &remote, const QList<OutboxEntry> &lane, QList<OutboxEntry> &arrived)
{
    const Result<SyncMetadata> before = known(transaction, *remote.model(), remote.key());
    if (!before)
        return before.error();
    if (before->deleted && remote.metadata().version > before->version) {
        if (const Result<void> forgotten = forgetTombstone(transaction, remote); !forgotten)
            return forgotten;
    }
    QList<OutboxEntry> kept;
    for (OutboxEntry entry : lane) {
        rebaseEntry(entry, remote, kept.isEmpty());
        Result<void> written;
        if (hasArrived(entry) && entry.state != EntryState::Sending) {
            written = transaction.removeEntry(entry.sequence);
            arrived.append(entry);
        } else {
            written = transaction.updateEntry(entry);
            kept.append(entry);
        }
        if (!written)
            return written;
    }
    if (deletes(kept))
        return {};              // the row is gone here, or belongs to a Create that follows
    Record row = remote;
    for (const OutboxEntry &entry : std::as_const(kept)) {
        for (const auto &[field, value] : entry.changes)
            row.setValue(field, value);
    }
    row.setState(state(kept));
    return transaction.put(row);
}

} // namespace Tideline
