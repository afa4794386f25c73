// SPDX-License-Identifier: MIT
#include "client/sync/deletion_p.h"

#include "client/sync/lane_p.h"

#include <algorithm>
#include <array>

namespace Tideline::Deletion {

using Operation = OutboxEntry::Operation;
using Policy = std::optional<ConflictPolicy>;

static bool speaksOfRecords(const Policy &policy)
{
    return policy == ConflictPolicy::Mine || policy == ConflictPolicy::Theirs || policy == ConflictPolicy::Newest || policy == ConflictPolicy::Ask;
}

static Policy policyOf(const QList<OutboxEntry> &edits, const ConflictRules &rules)
{
    constexpr std::array order{ConflictPolicy::Ask, ConflictPolicy::Mine, ConflictPolicy::Newest, ConflictPolicy::Theirs};
    auto strongest = order.end();
    for (const OutboxEntry &edit : edits) {
        const Policy general = rules.ofRecord(*edit.model);
        for (const auto &change : edit.changes) {
            const Policy own = rules.ofField(*edit.model, change.first);
            const Policy said = speaksOfRecords(own) ? own : general;
            if (speaksOfRecords(said))
                strongest = std::min(strongest, std::find(order.begin(), order.end(), *said));
        }
    }
    return strongest == order.end() ? Policy() : Policy(*strongest);
}

Ruling rule(const QList<OutboxEntry> &edits, const Record &tombstone, const ConflictRules &rules)
{
    const Policy policy = policyOf(edits, rules);
    if (!policy)
        return {};
    const auto isLater = [&tombstone](const OutboxEntry &edit) {
        return std::max(edit.createdAt, edit.editedAt) > tombstone.metadata().lastChangedAt;
    };
    const bool lives = policy == ConflictPolicy::Mine
        || (policy == ConflictPolicy::Newest && std::any_of(edits.begin(), edits.end(), isLater));
    const Verdict verdict = policy == ConflictPolicy::Ask ? Verdict::Ask : lives ? Verdict::Lives : Verdict::Goes;
    return {verdict, conflictPolicyName(*policy)};
}

bool isRevival(const OutboxEntry &entry)
{
    return entry.operation == Operation::Create && !entry.base.isEmpty();
}

void makeEdit(OutboxEntry &revival)
{
    OutboxEntry &entry = revival;
    QList<std::pair<int, Value>> changes;
    for (const auto &[field, base] : std::as_const(entry.base))
        changes.append({field, Lane::valueOf(entry.changes, field).value_or(Value())});
    entry.operation = Operation::Update;
    entry.changes = changes;
    entry.baseVersion = entry.theirs.metadata().version;
    if (entry.state != OutboxEntry::State::Rejected)
        entry.theirs = {};
}

static bool isOwn(const ModelType &model, int field)
{
    return !model.fields[size_t(field)].readOnly && std::ranges::find(model.primaryKey, field) == model.primaryKey.end();
}

Contest::Fields fieldsOf(const OutboxEntry &entry, const QString &policy, DeletingSide side, const Record &survivor, const Record &result)
{
    Contest::Fields fields;
    for (int field = 0; field < int(survivor.values().size()); ++field) {
        const Value &value = survivor.value(field);
        const std::optional<Value> base = Lane::valueOf(entry.base, field);
        const Value outcome = result ? result.value(field) : Value();
        if (!isOwn(*entry.model, field) || (value.isNull() && outcome.isNull() && base.value_or(Value()).isNull()))
            continue;
        const bool mine = side == DeletingSide::Theirs;
        fields.append({entry.model->fields[size_t(field)].name, policy, base.value_or(mine ? value : Value()), mine ? value : Value(),
                       mine ? Value() : value, outcome});
    }
    return fields;
}

static void setBase(OutboxEntry &entry, int field, const Value &value)
{
    if (Lane::valueOf(entry.base, field))
        return;
    const auto place = std::find_if(entry.base.begin(), entry.base.end(), [field](const auto &each) { return each.first > field; });
    entry.base.insert(place, {field, value});
}

static QList<std::pair<int, Value>> allOf(const Record &record)
{
    QList<std::pair<int, Value>> values;
    for (int field = 0; field < int(record.values().size()); ++field) {
        if (!record.model()->fields[size_t(field)].readOnly && !record.value(field).isNull())
            values.append({field, record.value(field)});
    }
    return values;
}

static Record with(const QList<OutboxEntry> &edits, Record record)
{
    for (const OutboxEntry &edit : edits) {
        for (const auto &[field, value] : edit.changes)
            record.setValue(field, value);
    }
    return record;
}

/* The edits behind are kept by the same decision. */
static Contest::Fields fieldsOf(OutboxEntry edit, const QList<OutboxEntry> &behind, const QString &policy, const Record &mine, const Record &wanted)
{
    for (const OutboxEntry &later : behind) {
        for (const auto &[field, base] : later.base)
            setBase(edit, field, base);
    }
    return fieldsOf(edit, policy, DeletingSide::Theirs, with(behind, mine), with(behind, wanted));
}

/* The row as the application wants it, which decided about values that waited for nobody else. */
static Result<void> show(WriteTransaction &transaction, const OutboxEntry &entry, const QList<OutboxEntry> &behind, const Record &wanted)
{
    Record row = with(behind, wanted);
    row.setState(Lane::state(QList<OutboxEntry>{entry} + behind));
    return transaction.put(row);
}

Result<void> revive(WriteTransaction &transaction, OutboxEntry edit, const QList<OutboxEntry> &behind, const Case &of)
{
    const Result<Record> row = Lane::beneath(transaction, edit, behind);
    if (!row)
        return row.error();
    Record wanted = *row ? *row : of.tombstone;
    const Record mine = wanted;
    if (of.answer) {
        for (auto value = of.answer->values.cbegin(); value != of.answer->values.cend(); ++value) {
            const int field = edit.model->fieldIndex(value.key());
            setBase(edit, field, mine.value(field));
            wanted.setValue(field, *value);
        }
    }
    const Contest::Fields decided = fieldsOf(edit, behind, of.policy, mine, wanted);
    edit.operation = Operation::Create;
    edit.changes = allOf(wanted);
    edit.baseVersion = 0;
    edit.theirs = of.tombstone;
    edit.state = OutboxEntry::State::Waiting;
    edit.contested.clear();
    edit.vain = edit.attempts;
    Result<void> done = transaction.updateEntry(edit);
    if (done)
        done = Lane::rememberTombstone(transaction, of.tombstone);
    if (done)
        done = show(transaction, edit, behind, wanted);
    return done ? Contest::journal(transaction, edit, of.tombstone.metadata().version, decided, DeletingSide::Theirs) : done;
}

Result<void> take(WriteTransaction &transaction, const QList<OutboxEntry> &edits, bool areAll, const Case &of)
{
    const OutboxEntry &first = edits.first();
    const Result<Record> row = transaction.find(first.model, first.key);
    if (!row)
        return row.error();
    if (*row) {
        const Contest::Fields decided = fieldsOf(first, of.policy, DeletingSide::Theirs, *row, {});
        const Result<void> told = Contest::journal(transaction, edits.last(), of.tombstone.metadata().version, decided, DeletingSide::Theirs);
        if (!told)
            return told;
    }
    return end(transaction, edits, areAll, of.tombstone);
}

Result<void> end(WriteTransaction &transaction, const QList<OutboxEntry> &ended, bool areAll, const Record &tombstone)
{
    for (const OutboxEntry &entry : ended) {
        QList<int> fields;
        for (const auto &change : entry.changes)
            fields.append(change.first);
        if (const Result<void> done = transaction.endEntry(entry, WriteTransaction::End::Accepted, fields); !done)
            return done;
    }
    return areAll ? leave(transaction, tombstone) : Lane::rememberTombstone(transaction, tombstone);
}

Result<void> leave(WriteTransaction &transaction, const Record &tombstone)
{
    const Result<void> forgotten = Lane::forgetTombstone(transaction, tombstone);
    return forgotten ? transaction.drop(tombstone) : forgotten;
}

Result<void> precede(WriteTransaction &transaction, OutboxEntry next, const Record &tombstone)
{
    next.theirs = tombstone;
    const Result<void> noted = transaction.updateEntry(next);
    return noted ? Lane::rememberTombstone(transaction, tombstone) : noted;
}

QList<OutboxEntry> concerned(const QList<OutboxEntry> &lane)
{
    const auto deletion = std::find_if(lane.begin(), lane.end(), [](const OutboxEntry &entry) { return entry.operation == Operation::Delete; });
    return QList<OutboxEntry>(lane.begin(), deletion == lane.end() ? deletion : deletion + 1);
}

} // namespace Tideline::Deletion
