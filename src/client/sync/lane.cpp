// SPDX-License-Identifier: MIT
#include "client/sync/lane_p.h"

#include "client/sync/conflictresolution_p.h"
#include "client/sync/contest_p.h"
#include "client/sync/deletion_p.h"

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
        case EntryState::Undecided:
            if (state == SyncState::Synced)
                state = SyncState::Pending;
            break;
        }
    }
    return state;
}

bool Lane::anyChanges(const QList<OutboxEntry> &lane, int field)
{
    return std::any_of(lane.begin(), lane.end(), [field](const OutboxEntry &entry) { return changes(entry, field); });
}

bool Lane::deletes(const QList<OutboxEntry> &lane) noexcept
{
    return std::any_of(lane.begin(), lane.end(), [](const OutboxEntry &entry) { return entry.operation == Operation::Delete; });
}

bool Lane::mayHaveArrived(const OutboxEntry &entry) noexcept
{
    // an attempt is counted when it begins: one that is under way is not yet an earlier one, and a refused one did not arrive
    const bool rests = entry.state == EntryState::Waiting || entry.state == EntryState::Undecided;
    return entry.attempts - entry.vain > (rests ? 0 : 1);
}

bool Lane::mayBeTaken(const OutboxEntry &entry)
{
    if (entry.attempts == entry.vain || entry.operation != Operation::Update)
        return false;
    return std::any_of(entry.base.begin(), entry.base.end(), [&entry](const auto &base) {
        return base.second.isNull() && valueOf(entry.changes, base.first);
    });
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
    return lane ? showState(transaction, entry, state(*lane)) : Result<void>(lane.error());
}

Result<void> Lane::showState(WriteTransaction &transaction, const OutboxEntry &entry, SyncState now)
{
    const Result<Record> row = transaction.find(entry.model, entry.key);
    if (!row)
        return row.error();
    if (row->isNull() || row->state() == now || (isSettled(row->state()) && isSettled(now)))
        return {};
    return transaction.setState(*row, now);
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

bool Lane::mayBeOurs(const OutboxEntry &create, const Record &remote, const SyncMetadata &known)
{
    const bool firstWasTheirs = known.version == create.baseVersion + 1 && !known.deleted;
    return equals(create, remote) || (mayHaveArrived(create) && mayLieUnder(create, remote) && !firstWasTheirs);
}

// Somebody else changed the field, after the entry or beside it.
static bool isOutdone(const OutboxEntry &entry, int field, const Record &remote)
{
    return Lane::valueOf(entry.base, field) != remote.value(field);
}

static QString outdoneSetting(const ModelType &model, const QString &key)
{
    return u"outdone/"_s + model.name + u'/' + key;
}

// Of the entry under way, whose answer will say whether it arrived before this record.
static Result<void> noteOutdone(WriteTransaction &transaction, const OutboxEntry &entry, const Record &remote, const ConflictRules &rules)
{
    if (entry.operation != Operation::Update || !mayLieUnder(entry, remote) || entry.attempts == entry.vain)
        return {};
    const QString setting = outdoneSetting(*entry.model, entry.key);
    const Result<QString> before = transaction.setting(setting);
    if (!before)
        return before.error();
    QStringList fields = before->split(u' ', Qt::SkipEmptyParts);
    for (const auto &[field, value] : entry.changes) {
        const QString &name = entry.model->fields[size_t(field)].name;
        const bool isJoined = rules.ofField(*entry.model, field) == ConflictPolicy::Set && beforeMerge(value, remote.value(field));
        if (!isJoined && remote.value(field) != value && isOutdone(entry, field, remote) && !fields.contains(name))
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
    Contest::Fields given;
    for (const QString &name : fields) {
        const int field = entry.model->fieldIndex(name);
        const std::optional<Value> theirs = valueOf(entry.base, field);
        const bool changedBehind = std::any_of(lane->cbegin(), lane->cend(), [&entry, field](const OutboxEntry &other) {
            return other.sequence != entry.sequence && changes(other, field);
        });
        if (theirs && !changedBehind && !row->isNull())
            row->setValue(field, *theirs);
        if (theirs && valueOf(entry.changes, field))
            given.append(Contest::yielded(entry, field, *theirs));
        const auto isField = [field](const std::pair<int, Value> &change) { return change.first == field; };
        if (entry.changes.removeIf(isField) > 0)
            entry.yielded.append(field);
        entry.base.removeIf(isField);
        entry.contested.removeIf([field](const auto &each) { return each.field == field; });
    }
    if (const Result<void> told = Contest::journal(transaction, entry, entry.baseVersion, given); !told)
        return told;
    if (const Result<void> forgotten = forgetOutdone(transaction, entry); !forgotten || row->isNull())
        return forgotten;
    return transaction.put(*row);
}

Record Lane::keyed(const OutboxEntry &entry)
{
    Record record(entry.model);
    const std::vector<Value> key = keyParts(*entry.model, entry.key);
    for (size_t part = 0; part < key.size(); ++part)
        record.setValue(entry.model->primaryKey[part], key[part]);
    return record;
}

QList<std::pair<int, Value>> Lane::notNull(const Record &record)
{
    QList<std::pair<int, Value>> values;
    for (int field = 0; field < int(record.values().size()); ++field) {
        if (!record.value(field).isNull())
            values.append({field, record.value(field)});
    }
    return values;
}

// Where its own version would stand there is another one.
static bool isOfOthers(const Record &remote, const OutboxEntry &entry)
{
    return remote.metadata().version == entry.baseVersion + 1 && !Lane::equals(entry, remote);
}

static Contest::Fields rebaseUpdate(OutboxEntry &entry, Contest::Ground ground, bool isHead, Lane::Told told)
{
    ground.isOfOthers = isOfOthers(ground.beneath, entry);
    if (isHead && ground.isOfOthers && !Lane::mayBeTaken(entry))
        entry.vain = entry.attempts;
    ground.inDoubt = isHead && Lane::mayHaveArrived(entry) && mayLieUnder(entry, ground.beneath);
    const bool isUnderWay = entry.state == EntryState::Sending && told == Lane::Told::ByOthers;
    if (isHead && entry.state != EntryState::Rejected && !isUnderWay)
        return Contest::decide(entry, ground);
    return Contest::postpone(entry, ground, isHead);
}

/*
    Only the head may drop what arrived: a later entry that sets a field back to the backend's value
    undoes an earlier one and must be sent. A Create of a key that exists on the backend is ours when
    it may be what an earlier attempt made; then the rest of it is an Update. Otherwise
    somebody else took the key, and the backend's refusal will say so.
*/
static Contest::Fields rebaseEntry(OutboxEntry &entry, Contest::Ground ground, bool isHead, const SyncMetadata &known, Lane::Told told)
{
    const Record &remote = ground.beneath;
    const bool isUnderWay = entry.state == EntryState::Sending && told == Lane::Told::ByOthers;
    if (Deletion::isRevival(entry) && !isUnderWay)
        Deletion::makeEdit(entry);
    if (entry.state == EntryState::Rejected || (isHead && entry.operation == Operation::Create))
        entry.theirs = remote;
    if (entry.operation == Operation::Create) {
        if (!isHead || !Lane::mayBeOurs(entry, remote, known))
            return {};
        entry.operation = Operation::Update;
        if (entry.state != EntryState::Rejected)
            entry.theirs = {};
    }
    Contest::Fields decided;
    if (entry.operation == Operation::Update)
        decided = rebaseUpdate(entry, ground, isHead, told);
    else if (entry.state != EntryState::Rejected && !isUnderWay)
        decided = Contest::decideDeletion(entry, ground);
    else
        entry.base = Lane::notNull(remote);
    if (entry.operation == Operation::Delete && entry.state == EntryState::Undecided)
        return decided;                     // it stands on what it was about until it is decided
    entry.baseVersion = remote.metadata().version;
    return decided;
}

Result<void> Lane::rebase(WriteTransaction &transaction, const Record &remote, const QList<OutboxEntry> &lane, QList<OutboxEntry> &arrived,
                          const Rebase &mode)
{
    const Result<SyncMetadata> before = known(transaction, *remote.model(), remote.key());
    if (!before)
        return before.error();
    if (before->deleted && (remote.metadata().version > before->version || remote.metadata().lastChangedAt > before->lastChangedAt)) {
        if (const Result<void> forgotten = forgetTombstone(transaction, remote); !forgotten)
            return forgotten;
    }
    QList<OutboxEntry> kept;
    Record row = remote;
    bool merged = false;
    for (OutboxEntry entry : lane) {
        if (deletes(kept)) {
            kept.append(entry);             // of the record that is made anew here
            continue;
        }
        Result<void> written;
        if (mode.told == Told::ByOthers && entry.state == EntryState::Sending)
            written = noteOutdone(transaction, entry, remote, mode.rules);
        if (!written)
            return written;
        Contest::Ground ground{row, mode.rules};
        ground.answer = mode.answer;
        ground.mayYield = lane.size() == 1 && !mode.isOwn;
        ground.theirsTime = mode.othersTime.value_or(remote.metadata().lastChangedAt);
        const DeletingSide deletion = entry.operation == Operation::Delete ? DeletingSide::Mine : DeletingSide::None;
        const Contest::Fields decided = rebaseEntry(entry, ground, kept.isEmpty(), *before, mode.told);
        if (hasArrived(entry) && entry.state != EntryState::Sending) {
            written = transaction.endEntry(entry, WriteTransaction::End::Accepted);
            arrived.append(entry);
            merged = !entry.yielded.isEmpty();
        } else {
            written = transaction.updateEntry(entry);
            kept.append(entry);
        }
        if (written)
            written = Contest::journal(transaction, entry, remote.metadata().version, decided, deletion);
        if (!written)
            return written;
        for (const auto &[field, value] : std::as_const(entry.changes))
            row.setValue(field, value);
    }
    if (deletes(kept))
        return {};              // the row is gone here, or belongs to a Create that follows
    row.setState(kept.isEmpty() && merged ? SyncState::Merged : state(kept));
    return transaction.put(row);
}

Result<Record> Lane::beneath(WriteTransaction &transaction, const OutboxEntry &of, const QList<OutboxEntry> &lane)
{
    const Result<Record> row = transaction.find(of.model, of.key);
    if (!row || row->isNull())
        return row;
    Record record = *row;
    for (auto entry = lane.crbegin(); entry != lane.crend(); ++entry) {
        for (const auto &[field, value] : entry->base)
            record.setValue(field, value);
    }
    return record;
}

} // namespace Tideline
