// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/transaction.h"
#include "client/sync/conflict.h"
#include "client/sync/conflictpolicies.h"

#include <QtCore/QHashFunctions>

#include <optional>

namespace Tideline {

struct LaneId
{
    QString model;
    QString key;

    friend bool operator==(const LaneId &, const LaneId &) = default;
    friend size_t qHash(const LaneId &id, size_t seed = 0) noexcept { return qHashMulti(seed, id.model, id.key); }
};

// What the lanes of records look like and what a row looks like above its lane. All run in a WriteTransaction.
namespace Lane {

[[nodiscard]] inline LaneId id(const OutboxEntry &entry) { return {entry.model->name, entry.key}; }
[[nodiscard]] std::optional<Value> valueOf(const QList<std::pair<int, Value>> &values, int field);
[[nodiscard]] inline bool changes(const OutboxEntry &entry, int field) { return valueOf(entry.changes, field).has_value(); }
[[nodiscard]] bool anyChanges(const QList<OutboxEntry> &lane, int field);
[[nodiscard]] SyncState state(const QList<OutboxEntry> &lane) noexcept;
[[nodiscard]] bool deletes(const QList<OutboxEntry> &lane) noexcept;           // has a Delete in it
[[nodiscard]] bool mayHaveArrived(const OutboxEntry &entry) noexcept;          // an earlier attempt ended without an answer
[[nodiscard]] Record keyed(const OutboxEntry &entry);                          // a record of which only the key is known
[[nodiscard]] QList<std::pair<int, Value>> notNull(const Record &record);
/* An earlier attempt may still be on its way to a backend that merges: it takes what is absent there also on top of a newer version. What
   is not absent it keeps, and a list shows what was appended. */
[[nodiscard]] bool mayBeTaken(const OutboxEntry &entry);
[[nodiscard]] bool equals(const OutboxEntry &entry, const Record &remote);     // remote has every value of the entry

/* Whether an earlier attempt of a Create may have made the record that has its key. The first version of that record would say what was
   sent. known: what was known of the key before. */
[[nodiscard]] bool mayBeOurs(const OutboxEntry &create, const Record &remote, const SyncMetadata &known);

// Gives a row the state that its lane says, if it has another.
[[nodiscard]] Result<void> refreshState(WriteTransaction &transaction, const OutboxEntry &entry);
[[nodiscard]] Result<void> showState(WriteTransaction &transaction, const OutboxEntry &entry, SyncState now);       // the same, of a lane that is known

// The entry ended its lane, and the backend has something else than it asked for: the row says so until it changes again.
[[nodiscard]] Result<void> showMerged(WriteTransaction &transaction, const OutboxEntry &entry);

/*
    That the backend deleted a record which edits keep alive here: setting tombstone/<model>/<key>, version and
    time of the change. It stays until a newer record or the end of the row.
*/
[[nodiscard]] Result<void> rememberTombstone(WriteTransaction &transaction, const Record &tombstone);
[[nodiscard]] Result<void> forgetTombstone(WriteTransaction &transaction, const Record &record);

// What the backend last said of a record, also when edits keep the row of a deleted one.
[[nodiscard]] Result<SyncMetadata> known(WriteTransaction &transaction, const ModelType &model, const QString &key);

/* What an entry that left its lane leaves behind: the state of the row; no row when the lane alone kept a deleted record. known: as it
   was before the entry left. */
[[nodiscard]] Result<void> left(WriteTransaction &transaction, const OutboxEntry &entry, const SyncMetadata &known,
                                Origin origin = Origin::Remote);

/*
    Puts the lane on top of what the backend has now: bases become the backend's values, versions
    its version, what the backend already has is no longer sent, and the row is the backend's record
    with the lane's changes over it. A live remote only; the caller has compared versions. arrived
    gets the entries that end here, with the version that has what they wanted. The record is the answer
    to the entry under way, or others told of it while the answer is awaited.
*/
enum class Told { ByAnswer, ByOthers };
struct Rebase
{
    const ConflictRules &rules;
    Told told = Told::ByAnswer;
    const Resolution *answer = nullptr;     // of the application to what it was asked about the first entry
    bool isOwn = false;                     // the record is this device's: nothing that a removal behind could give way to
    std::optional<qint64> othersTime = {};  // when others changed it, where the record has the time of this device's change
};
[[nodiscard]] Result<void> rebase(WriteTransaction &transaction, const Record &remote, const QList<OutboxEntry> &lane,
                                  QList<OutboxEntry> &arrived, const Rebase &mode);

/* The row of an entry without the edits of lane: what the backend has, as far as is known. Null without a row. */
[[nodiscard]] Result<Record> beneath(WriteTransaction &transaction, const OutboxEntry &of, const QList<OutboxEntry> &lane);

/*
    Fields of the entry under way that somebody else changed meanwhile: setting outdone/<model>/<key>, their names. An
    answer settles them; without one the entry may lie under that change and lets go of them, and the row shows theirs.
*/
[[nodiscard]] Result<void> forgetOutdone(WriteTransaction &transaction, const OutboxEntry &entry);
[[nodiscard]] Result<void> dropOutdone(WriteTransaction &transaction, OutboxEntry &entry);

[[nodiscard]] inline bool hasArrived(const OutboxEntry &entry)     // all that it wanted is on the backend
{
    return entry.operation == OutboxEntry::Operation::Update && entry.changes.isEmpty();
}

} // namespace Lane

} // namespace Tideline
