// SPDX-License-Identifier: MIT
#include "client/sync/decisions_p.h"

#include "client/sync/conflictresolution_p.h"
#include "client/sync/deletion_p.h"
#include "client/sync/lane_p.h"
#include "client/sync/synctext_p.h"

#include <algorithm>

namespace Tideline::Decisions {

using namespace Qt::StringLiterals;
using EntryState = OutboxEntry::State;

static Result<std::optional<OutboxEntry>> asked(WriteTransaction &transaction, qint64 mutation, qint64 version)
{
    const Result<std::optional<OutboxEntry>> entry = transaction.outboxEntry(mutation);
    if (!entry)
        return entry;
    const bool isSame = *entry && (*entry)->state == EntryState::Undecided && (*entry)->theirs.metadata().version == version;
    return isSame ? entry : Result<std::optional<OutboxEntry>>(std::optional<OutboxEntry>());
}

static Result<void> applyToDeletion(WriteTransaction &transaction, OutboxEntry entry, const QList<OutboxEntry> &lane, const Resolution &resolution,
                                    Applied &applied)
{
    const Record tombstone = entry.theirs;
    const QList<OutboxEntry> concerned = Deletion::concerned(lane);
    const bool areAll = concerned.size() == lane.size();
    const Deletion::Case of{tombstone, conflictPolicyName(ConflictPolicy::Ask), &resolution};
    const bool goes = resolution.kind == Resolution::Kind::Theirs || resolution.kind == Resolution::Kind::Delete;
    if (!Lane::deletes(concerned) && !goes)
        return Deletion::revive(transaction, entry, lane.mid(1), of);
    applied.arrived = concerned;
    return goes ? Deletion::take(transaction, concerned, areAll, of) : Deletion::end(transaction, concerned, areAll, tombstone);
}

Result<Applied> apply(WriteTransaction &transaction, qint64 mutation, qint64 version, const Resolution &resolution, const ConflictRules &rules)
{
    const Result<std::optional<OutboxEntry>> entry = asked(transaction, mutation, version);
    if (!entry)
        return entry.error();
    Applied applied;
    applied.isOutdated = !entry->has_value();
    if (applied.isOutdated)
        return applied;
    const ModelType &model = *(*entry)->model;
    const QString key = (*entry)->key;
    if (const Result<void> checked = Contest::check(transaction.schema(), model, resolution); !checked)
        return checked.error();
    const Result<QList<OutboxEntry>> lane = transaction.lane(model, key);
    if (!lane)
        return lane.error();
    const Record theirs = (*entry)->theirs;
    if (theirs.metadata().deleted) {
        const Result<void> done = applyToDeletion(transaction, **entry, *lane, resolution, applied);
        return done ? Result<Applied>(applied) : Result<Applied>(done.error());
    }
    Lane::Rebase mode{rules, Lane::Told::ByAnswer, &resolution};
    if (const Result<void> rebased = Lane::rebase(transaction, theirs, *lane, applied.arrived, mode); !rebased)
        return rebased.error();
    if (resolution.kind == Resolution::Kind::Delete) {
        if (const Result<QList<Record>> removed = transaction.remove((*entry)->model, key); !removed)
            return removed.error();
    }
    return applied;
}

Result<std::optional<OutboxEntry>> giveUp(WriteTransaction &transaction, qint64 mutation, qint64 version, const Error &why)
{
    const Result<std::optional<OutboxEntry>> found = asked(transaction, mutation, version);
    if (!found || !*found)
        return found;
    OutboxEntry entry = **found;
    entry.state = EntryState::Rejected;
    if (entry.operation == OutboxEntry::Operation::Delete && entry.theirs) {       // discarded, it gives back what the backend has
        entry.base = Lane::notNull(entry.theirs);
        entry.baseVersion = entry.theirs.metadata().version;
    }
    entry.error = Error(Error::Code::Conflict, why.message()).withModel(entry.model->name).withRecord(entry.key).withField(why.field())
                      .withDetail(why.detail());
    if (const Result<void> written = transaction.updateEntry(entry); !written)
        return written.error();
    const Result<void> shown = Lane::refreshState(transaction, entry);
    return shown ? Result<std::optional<OutboxEntry>>(std::optional(entry)) : Result<std::optional<OutboxEntry>>(shown.error());
}

// ---- save ----

static bool isStale(const Draft &draft, const Record &stored, const ConflictRules &rules)
{
    return std::any_of(draft.changes().begin(), draft.changes().end(), [&](const std::pair<int, Value> &change) {
        const std::optional<ConflictPolicy> policy = rules.ofField(*draft.model(), change.first);
        return policy && combines(*policy) && draft.base().value(change.first) != stored.value(change.first);
    });
}

Result<Draft> carried(WriteTransaction &transaction, const Draft &draft, const ConflictRules &rules)
{
    const bool isOurs = draft.base() && transaction.schema().model(draft.model()->name) == draft.model();      // else the save says so
    if (!isOurs || draft.base().rowId() == 0 || !rules.anyCombines(*draft.model()))
        return draft;
    const Result<Record> stored = transaction.find(draft.model(), draft.base().key());
    if (!stored)
        return stored.error();
    if (stored->isNull() || !isStale(draft, *stored, rules))
        return draft;
    Draft onStored(*stored);
    for (const auto &[field, mine] : draft.changes()) {
        const std::optional<ConflictPolicy> policy = rules.ofField(*draft.model(), field);
        const FieldType &type = draft.model()->fields[size_t(field)].type;
        const bool adds = policy && combines(*policy);
        onStored.set(field, adds ? resolveField(type, *policy, draft.base().value(field), mine, stored->value(field), 0, 0).value : mine);
    }
    return onStored;
}

// ---- undo ----

static Result<ConflictDecision> undoable(ReadTransaction &transaction, qint64 id)
{
    const Result<std::optional<ConflictDecision>> found = transaction.decision(id);
    if (!found)
        return found.error();
    if (!*found)
        return Error(Error::Code::NotFound, SyncText::tr("There is no decision %1 any more.").arg(id));
    if ((*found)->undone != 0)
        return Error(Error::Code::InvalidArgument, SyncText::tr("The decision %1 has been undone already.").arg(id)).withModel((*found)->model)
            .withRecord((*found)->key);
    return **found;
}

static Value mineOf(const ConflictDecision::Field &field, const FieldType &type, const std::optional<ConflictPolicy> &policy)
{
    const bool adds = field.policy == "doubt"_L1 && policy && combines(*policy);
    return adds ? resolveField(type, *policy, field.base, field.mine, field.theirs, 0, 0).value : field.mine;
}

// Nothing: the result is of both sides, and the caller has to say which one is wanted.
static std::optional<Value> wanted(const ConflictDecision::Field &field, const Value &mine, ConflictSide side)
{
    switch (side) {
    case ConflictSide::Mine:
        return mine;
    case ConflictSide::Theirs:
        return field.theirs;
    case ConflictSide::NotTaken:
        break;
    }
    if (field.result == field.theirs)
        return mine;
    return field.result == field.mine ? std::optional(field.theirs) : std::nullopt;
}

static Result<Draft> draftOf(const Record &record, const ConflictDecision &decision, ConflictSide side, const ConflictRules &rules)
{
    Draft draft(record);
    for (const ConflictDecision::Field &field : decision.fields) {
        const int index = record.model()->fieldIndex(field.name);
        if (index < 0 || record.value(index) != field.result)
            continue;
        const Value mine = mineOf(field, record.model()->fields[size_t(index)].type, rules.ofField(*record.model(), index));
        const std::optional<Value> value = wanted(field, mine, side);
        if (!value) {
            return Error(Error::Code::InvalidArgument, SyncText::tr("%1.%2 has something of both sides. Say which one it is to have.")
                             .arg(decision.model, field.name)).withModel(decision.model).withField(field.name).withRecord(decision.key);
        }
        draft.set(index, *value);
    }
    return draft;
}

static Error changedSince(const ConflictDecision &decision)
{
    return Error(Error::Code::InvalidArgument, SyncText::tr("What the decision %1 set has been changed since.").arg(decision.id))
        .withModel(decision.model).withRecord(decision.key);
}

static bool hasResult(const Record &record, const ConflictDecision &decision)
{
    return std::all_of(decision.fields.begin(), decision.fields.end(), [&record](const ConflictDecision::Field &field) {
        const int index = record.model()->fieldIndex(field.name);
        return index < 0 || record.value(index) == field.result;
    });
}

static Result<Record> makeAnew(WriteTransaction &transaction, const std::shared_ptr<const ModelType> &model, const ConflictDecision &decision)
{
    Draft draft(model);
    const std::vector<Value> key = keyParts(*model, decision.key);
    for (size_t part = 0; part < key.size(); ++part)
        draft.set(model->primaryKey[part], key[part]);
    for (const ConflictDecision::Field &field : decision.fields) {
        const Value &value = decision.deletion == DeletingSide::Mine ? field.theirs : field.mine;
        if (const int index = model->fieldIndex(field.name); index >= 0 && !value.isNull())
            draft.set(index, value);
    }
    return transaction.save(draft);
}

/* Of a record that one side deleted: it goes, or is made anew. */
static Result<Record> undoDeletion(WriteTransaction &transaction, const std::shared_ptr<const ModelType> &model, const Record &record,
                                   const ConflictDecision &decision, ConflictSide side)
{
    const bool went = std::all_of(decision.fields.begin(), decision.fields.end(), [](const auto &field) { return field.result.isNull(); });
    const ConflictSide deleting = decision.deletion == DeletingSide::Mine ? ConflictSide::Mine : ConflictSide::Theirs;
    const bool goes = side == ConflictSide::NotTaken ? !went : side == deleting;
    if (record.isNull() != went || (!record.isNull() && (!goes || !hasResult(record, decision))))
        return changedSince(decision);
    if (record.isNull())
        return goes ? Result<Record>(changedSince(decision)) : makeAnew(transaction, model, decision);
    const Result<QList<Record>> removed = transaction.remove(model, decision.key);
    return removed ? Result<Record>(record) : Result<Record>(removed.error());
}

static Result<Record> undoEdit(WriteTransaction &transaction, const Record &record, const ConflictDecision &decision, ConflictSide side,
                               const ConflictRules &rules)
{
    if (record.isNull())
        return Error(Error::Code::NotFound, SyncText::tr("There is no %1 \"%2\" any more.").arg(decision.model, decision.key))
            .withModel(decision.model).withRecord(decision.key);
    const Result<Draft> draft = draftOf(record, decision, side, rules);
    if (!draft)
        return draft.error();
    return draft->changes().isEmpty() ? Result<Record>(changedSince(decision)) : transaction.save(*draft);
}

Result<Record> undo(WriteTransaction &transaction, qint64 id, ConflictSide side, const ConflictRules &rules)
{
    const Result<ConflictDecision> decision = undoable(transaction, id);
    if (!decision)
        return decision.error();
    const std::shared_ptr<const ModelType> model = transaction.schema().model(decision->model);
    const Result<Record> record = model ? transaction.find(model, decision->key) : Result<Record>(Record());
    if (!record)
        return record.error();
    const bool isDeletion = model && decision->deletion != DeletingSide::None;
    const Result<Record> saved = isDeletion ? undoDeletion(transaction, model, *record, *decision, side)
                                            : undoEdit(transaction, *record, *decision, side, rules);
    if (!saved)
        return saved;
    const Result<void> noted = transaction.setUndone(*decision);
    return noted ? saved : Result<Record>(noted.error());
}

} // namespace Tideline::Decisions
