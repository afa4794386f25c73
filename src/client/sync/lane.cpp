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
    if (row->isNull() || row->state() == now || (isSettled(row->state()) && isSettled(now)))
        return {};
    row->setState(now);
    return transaction.put(*row);
}

Result<void> Lane::showMerged(WriteTransaction &transaction, const OutboxEntry &entry)
{
    if (transaction.hasLane(*entry.model, entry.key))
        return {};
    Result<Record> row = transaction.find(entry.model, entry.key);
    if (!row || row->isNull())
        return row.error();
    row->setState(SyncState::Merged);
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

// Whether the entry, if it arrived, may lie under the remote record. The version after its own would be itself.
static bool mayLieUnder(const OutboxEntry &entry, const Record &remote)
{
    return remote.metadata().version > entry.baseVersion + 1;
}

// Somebody else changed the field, after the entry or beside it.
static bool isOutdone(const OutboxEntry &entry, int field, const Record &remote)
{
    return Lane::valueOf(entry.base, field) != remote.value(field);
}

/*
    The changes that the backend does not have yet, over what it has. Of an entry that may have arrived those that
    somebody else changed are done: sending them again could undo what was written on top of them.
*/
static void dropWhatArrived(OutboxEntry &entry, const Record &remote)
{
    const bool inDoubt = Lane::mayHaveArrived(entry) && mayLieUnder(entry, remote);
    QList<std::pair<int, Value>> changes;
    QList<std::pair<int, Value>> base;
    for (const std::pair<int, Value> &change : std::as_const(entry.changes)) {
        const Value &theirs = remote.value(change.first);
        if (theirs == change.second)
            continue;
        if (inDoubt && isOutdone(entry, change.first, remote)) {
            entry.yielded.append(change.first);
            continue;
        }
        changes.append(change);
        base.append({change.first, theirs});
    }
    entry.changes = changes;
    entry.base = base;
}

static QString outdoneSetting(const ModelType &model, const QString &key)
{
    return u"outdone/"_s + model.name + u'/' + key;
}

// Of the entry under way, whose answer will say whether it arrived before this record.
static Result<void> noteOutdone(WriteTransaction &transaction, const OutboxEntry &entry, const Record &remote)
{
    if (entry.operation != Operation::Update || !mayLieUnder(entry, remote))
        return {};
    const QString setting = outdoneSetting(*entry.model, entry.key);
    const Result<QString> before = transaction.setting(setting);
    if (!before)
        return before.error();
    QStringList fields = before->split(u' ', Qt::SkipEmptyParts);
    for (const auto &[field, value] : entry.changes) {
        const QString &name = entry.model->fields[size_t(field)].name;
        if (remote.value(field) != value && isOutdone(entry, field, remote) && !fields.contains(name))
            fields.append(name);
    }
    return transaction.setSetting(setting, fields.join(u' '));
}

Result<void> Lane::forgetOutdone(WriteTransaction &transaction, const OutboxEntry &entry)
{
    return transaction.setSetting(outdoneSetting(*entry.model, entry.key), {});
}

Result<void> Lane::dropOutdone(WriteTransaction &transaction, OutboxEntry &entry)
{
    const Result<QString> noted = transaction.setting(outdoneSetting(*entry.model, entry.key));
    if (!noted || noted->isEmpty())
        return noted.error();
    Result<Record> row = transaction.find(entry.model, entry.key);
    const Result<QList<OutboxEntry>> lane = transaction.lane(*entry.model, entry.key);
    if (!row || !lane)
        return !row ? row.error() : lane.error();
    const QStringList fields = noted->split(u' ');
    for (const QString &name : fields) {
        const int field = entry.model->fieldIndex(name);
        const std::optional<Value> theirs = valueOf(entry.base, field);
        const bool changedBehind = std::any_of(lane->cbegin(), lane->cend(), [&entry, field](const OutboxEntry &other) {
            return other.sequence != entry.sequence && valueOf(other.changes, field);
        });
        if (theirs && !changedBehind && !row->isNull())
            row->setValue(field, *theirs);
        const auto isField = [field](const std::pair<int, Value> &change) { return change.first == field; };
        if (entry.changes.removeIf(isField) > 0)
            entry.yielded.append(field);
        entry.base.removeIf(isField);
    }
    if (const Result<void> forgotten = forgetOutdone(transaction, entry); !forgotten || row->isNull())
        return forgotten;
    return transaction.put(*row);
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
static void rebaseEntry(OutboxEntry &entry, const Record &remote, bool isHead, const SyncMetadata &known)
{
    if (entry.state == EntryState::Rejected || (isHead && entry.operation == Operation::Create))
        entry.theirs = remote;
    if (entry.operation == Operation::Create) {
        if (!isHead || (!Lane::mayHaveArrived(entry) && !Lane::equals(entry, remote)))
            return;
        entry.operation = Operation::Update;
        if (known.version == 1)
            entry.baseVersion = 1;          // was somebody else's, so the create cannot have arrived
        if (entry.state != EntryState::Rejected)
            entry.theirs = {};
    }
    if (entry.operation == Operation::Delete)
        entry.base = notNull(remote);
    else if (isHead)
        dropWhatArrived(entry, remote);
    else if (entry.operation == Operation::Update)
        takeBase(entry, remote);
    entry.baseVersion = remote.metadata().version;
}

Result<void> Lane::rebase(WriteTransaction &transaction, const Record &remote, const QList<OutboxEntry> &lane, QList<OutboxEntry> &arrived,
                          Told told)
{
    const Result<SyncMetadata> before = known(transaction, *remote.model(), remote.key());
    if (!before)
        return before.error();
    if (before->deleted && remote.metadata().version > before->version) {
        if (const Result<void> forgotten = forgetTombstone(transaction, remote); !forgotten)
            return forgotten;
    }
    QList<OutboxEntry> kept;
    bool merged = false;
    for (OutboxEntry entry : lane) {
        Result<void> written;
        if (told == Told::ByOthers && entry.state == EntryState::Sending)
            written = noteOutdone(transaction, entry, remote);
        if (!written)
            return written;
        rebaseEntry(entry, remote, kept.isEmpty(), *before);
        if (hasArrived(entry) && entry.state != EntryState::Sending) {
            written = transaction.endEntry(entry, WriteTransaction::End::Accepted);
            arrived.append(entry);
            merged = !entry.yielded.isEmpty();
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
    row.setState(kept.isEmpty() && merged ? SyncState::Merged : state(kept));
    return transaction.put(row);
}

} // namespace Tideline
