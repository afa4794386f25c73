// SPDX-License-Identifier: MIT
#include "client/sync/contest_p.h"

#include "client/sync/conflictresolution_p.h"
#include "client/sync/deletion_p.h"
#include "client/sync/lane_p.h"
#include "client/sync/synctext_p.h"
#include "core/data/scalars.h"

#include <algorithm>

namespace Tideline::Contest {

using namespace Qt::StringLiterals;
using EntryState = OutboxEntry::State;
using FieldValue = std::pair<int, Value>;
using Policy = std::optional<ConflictPolicy>;

static const OutboxEntry::Contested *contestedOf(const OutboxEntry &entry, int field)
{
    const auto found = std::find_if(entry.contested.begin(), entry.contested.end(), [field](const auto &each) { return each.field == field; });
    return found == entry.contested.end() ? nullptr : &*found;
}

// What the change was made from, as far as the policy needs it: a change that is carried along has the newest base.
static std::optional<Value> originOf(const OutboxEntry &entry, int field, const Policy &policy)
{
    const OutboxEntry::Contested *contested = contestedOf(entry, field);
    if (contested && !(policy && combines(*policy)))
        return contested->base;
    return Lane::valueOf(entry.base, field);
}

// What was given up for doubt, and what is on the backend already, has nothing to be decided any more.
static void forgetSettled(OutboxEntry &entry)
{
    entry.contested.removeIf([&entry](const auto &each) { return !Lane::valueOf(entry.changes, each.field); });
}

static bool isCount(const Policy &policy)
{
    return policy == ConflictPolicy::Sum;
}

// Two that count one more want the same value without being one: only where nobody else wrote it is it surely ours.
static bool hasArrived(const OutboxEntry &entry, const Ground &ground, const Policy &policy, int field, const Value &mine)
{
    const Value &theirs = ground.beneath.value(field);
    if (mine != theirs)
        return false;
    const bool isOurs = entry.attempts > entry.vain && !ground.inDoubt && !ground.isOfOthers;
    return !isCount(policy) || isOurs || Lane::valueOf(entry.base, field) == theirs;
}

/* Of an attempt that a merge may have taken, others' version may be the one that lay under it, or the merge. */
static bool mayBeMerged(const OutboxEntry &entry, const Ground &ground, const Policy &policy, int field, const Value &mine)
{
    const std::optional<Value> base = Lane::valueOf(entry.base, field);
    return isCount(policy) && ground.isOfOthers && Lane::mayHaveArrived(entry) && base && base->isNull() && mine == ground.beneath.value(field);
}

// A list may show that an attempt has arrived: one that only grows by its end or by what a merge made of it, a set by the latter.
static std::optional<Value> joinedOnce(const OutboxEntry &entry, const Ground &ground, const Policy &policy, int field, const Value &mine)
{
    const std::optional<Value> base = Lane::valueOf(entry.base, field);
    const Value &theirs = ground.beneath.value(field);
    if (policy == ConflictPolicy::Append)
        return joinedList(entry, field, theirs, ground.inDoubt);
    const std::optional<Value> before = base && ground.inDoubt && policy == ConflictPolicy::Set ? beforeMerge(mine, theirs) : std::nullopt;
    return before ? std::optional(resolveField(typeOf(entry, field), ConflictPolicy::Set, base, mine, *before, 0, 0).value) : std::nullopt;
}

// Whether a change arrived, its other fields may show: it arrives as a whole. Counts do not, for others may have counted the same.
static bool showsArrival(const OutboxEntry &entry, const Ground &ground)
{
    return ground.inDoubt && std::any_of(entry.changes.begin(), entry.changes.end(), [&](const FieldValue &change) {
        const auto &[field, mine] = change;
        const Policy policy = ground.rules.ofField(*entry.model, field);
        const Value &theirs = ground.beneath.value(field);
        const bool isThere = mine == theirs || joinedOnce(entry, ground, policy, field, mine) == theirs;
        return !isCount(policy) && isThere && Lane::valueOf(entry.base, field).value_or(mine) != theirs;
    });
}

/* In doubt, and theirs is what this was counted from: probably it did not arrive, but others may have made up for it. */
static bool mayCountTwice(const Ground &ground, const Policy &policy, const std::optional<Value> &origin, int field)
{
    return ground.inDoubt && isCount(policy) && origin == ground.beneath.value(field);
}

ConflictDecision::Field yielded(const OutboxEntry &entry, int field, const Value &theirs)
{
    const OutboxEntry::Contested *contested = contestedOf(entry, field);
    const Value base = contested ? contested->base : Lane::valueOf(entry.base, field).value_or(Value());
    const Value mine = contested ? contested->mine : Lane::valueOf(entry.changes, field).value_or(Value());
    return {nameOf(entry, field), u"doubt"_s, base, mine, theirs, theirs};
}

// What is left of an entry to be sent, and what that lies on.
struct Remainder
{
    QList<FieldValue> changes;
    QList<FieldValue> base;
    QList<OutboxEntry::Contested> sentLists;

    void keep(int field, const Value &value, const Value &beneath)
    {
        changes.append({field, value});
        base.append({field, beneath});
    }
};

static void takeOver(OutboxEntry &entry, const Remainder &left)
{
    entry.changes = left.changes;
    entry.base = left.base;
    entry.sentLists = left.sentLists;
}

Fields postpone(OutboxEntry &entry, const Ground &ground, bool dropsArrived)
{
    const bool arrived = showsArrival(entry, ground);
    Fields given;
    Remainder left;
    for (const auto &[field, mine] : std::as_const(entry.changes)) {
        const Value &theirs = ground.beneath.value(field);
        const Policy policy = ground.rules.ofField(*entry.model, field);
        const std::optional<Value> from = Lane::valueOf(entry.base, field);
        const std::optional<Value> once = joinedOnce(entry, ground, policy, field, mine);
        if (dropsArrived && (once == theirs || hasArrived(entry, ground, policy, field, mine)))
            continue;
        const bool isAgain = mayCountTwice(ground, policy, from, field);
        if (ground.inDoubt && !once && (from != theirs || (isAgain && arrived))) {
            given.append(yielded(entry, field, theirs));
            entry.yielded.append(field);
            continue;
        }
        if (isAgain)
            given.append({nameOf(entry, field), u"doubt"_s, *from, mine, theirs, mine});
        Value value = mine;
        if (from && *from != theirs) {
            if (!contestedOf(entry, field))
                entry.contested.append({field, *from, mine});
            if (policy && combines(*policy))
                value = once.value_or(resolveField(typeOf(entry, field), *policy, from, mine, theirs, 0, 0).value);
        }
        if (policy == ConflictPolicy::Append)
            keepSentLists(left.sentLists, entry, field);
        left.keep(field, value, theirs);
    }
    takeOver(entry, left);
    forgetSettled(entry);
    return given;
}

static bool isDisputed(const OutboxEntry &entry, const ConflictRules &rules, int field, const Value &mine, const Value &theirs)
{
    const Policy policy = rules.ofField(*entry.model, field);
    if (policy != ConflictPolicy::Ask || mine == theirs)
        return false;
    const std::optional<Value> origin = originOf(entry, field, policy);
    return origin && *origin != theirs;
}

static bool mustAsk(const OutboxEntry &entry, const Ground &ground)
{
    return !ground.answer && !ground.inDoubt && std::any_of(entry.changes.begin(), entry.changes.end(), [&](const FieldValue &change) {
        return isDisputed(entry, ground.rules, change.first, change.second, ground.beneath.value(change.first));
    });
}

static FieldResolution answered(const Resolution &answer, const QString &name, const Value &mine, const Value &theirs)
{
    Value value = mine;
    if (answer.kind == Resolution::Kind::Theirs || answer.kind == Resolution::Kind::Delete)
        value = theirs;
    else if (answer.kind == Resolution::Kind::Fields)
        value = answer.values.value(name, mine);
    const auto side = value == theirs ? FieldResolution::Side::Theirs
        : value == mine               ? FieldResolution::Side::Mine
                                      : FieldResolution::Side::Mixed;
    return {value, side};
}

static FieldResolution resolve(const OutboxEntry &entry, const Ground &ground, int field, const Value &mine)
{
    const Value &theirs = ground.beneath.value(field);
    const Policy policy = ground.rules.ofField(*entry.model, field);
    const bool deletes = ground.answer && ground.answer->kind == Resolution::Kind::Delete;
    if (deletes || (ground.answer && isDisputed(entry, ground.rules, field, mine, theirs)))
        return answered(*ground.answer, nameOf(entry, field), mine, theirs);
    return resolveField(typeOf(entry, field), policy.value_or(ConflictPolicy::Mine), originOf(entry, field, policy), mine, theirs, timeOf(entry),
                        ground.theirsTime);
}

static void addDecided(Fields &fields, const OutboxEntry &entry, const Ground &ground, const FieldValue &change, const Value &result)
{
    const OutboxEntry::Contested *contested = contestedOf(entry, change.first);
    const std::optional<Value> base = contested ? contested->base : Lane::valueOf(entry.base, change.first);
    const Value &theirs = ground.beneath.value(change.first);
    if (base && *base != theirs) {
        fields.append({nameOf(entry, change.first), nameOf(ground.rules.ofField(*entry.model, change.first)), *base,
                       contested ? contested->mine : change.second, theirs, result});
    }
}

// The application may change more than it was asked.
static void addOthers(OutboxEntry &entry, const Ground &ground)
{
    if (!ground.answer || ground.answer->kind != Resolution::Kind::Fields)
        return;
    const QMap<QString, Value> &values = ground.answer->values;
    for (auto value = values.cbegin(); value != values.cend(); ++value) {
        const int field = entry.model->fieldIndex(value.key());
        const Value &theirs = ground.beneath.value(field);
        const auto isField = [field](const FieldValue &each) { return each.first == field; };
        entry.changes.removeIf(isField);
        entry.base.removeIf(isField);
        entry.sentLists.removeIf([field](const auto &each) { return each.field == field; });
        if (*value == theirs)
            continue;
        const auto before = [field](const FieldValue &each) { return each.first > field; };
        entry.changes.insert(std::find_if(entry.changes.begin(), entry.changes.end(), before), {field, *value});
        entry.base.insert(std::find_if(entry.base.begin(), entry.base.end(), before), {field, theirs});
    }
}

// Theirs stands. A set that it leaves with copies, as a merge made them, is sent without.
static ConflictDecision::Field giveUp(OutboxEntry &entry, int field, const Ground &ground, Remainder &left)
{
    const Value &theirs = ground.beneath.value(field);
    ConflictDecision::Field given = yielded(entry, field, theirs);
    entry.yielded.append(field);
    if (ground.rules.ofField(*entry.model, field) == ConflictPolicy::Set) {
        given.result = withoutCopies(theirs);
        if (given.result != theirs)
            left.keep(field, given.result, theirs);
    }
    return given;
}

Fields decide(OutboxEntry &entry, const Ground &ground)
{
    if (mustAsk(entry, ground)) {
        entry.state = EntryState::Undecided;
        entry.theirs = ground.beneath;
        return postpone(entry, ground, true);
    }
    const bool arrived = showsArrival(entry, ground);
    Fields decided;
    Remainder left;
    for (const FieldValue &change : std::as_const(entry.changes)) {
        const auto &[field, mine] = change;
        const Value &theirs = ground.beneath.value(field);
        const Policy policy = ground.rules.ofField(*entry.model, field);
        const std::optional<Value> once = joinedOnce(entry, ground, policy, field, mine);
        if (once == theirs || hasArrived(entry, ground, policy, field, mine))
            continue;
        const bool inDoubt = ground.inDoubt || mayBeMerged(entry, ground, policy, field, mine);
        const std::optional<Value> origin = originOf(entry, field, policy);
        const bool isAgain = mayCountTwice(ground, policy, origin, field);
        if (inDoubt && !once && (origin != theirs || (isAgain && arrived))) {
            decided.append(giveUp(entry, field, ground, left));
            continue;
        }
        const Value result = once ? *once : resolve(entry, ground, field, mine).value;
        if (isAgain)
            decided.append({nameOf(entry, field), u"doubt"_s, *origin, mine, theirs, result});
        else
            addDecided(decided, entry, ground, change, result);
        if (result == theirs) {
            entry.yielded.append(field);
            continue;
        }
        if (policy == ConflictPolicy::Append)
            keepSentLists(left.sentLists, entry, field);
        left.keep(field, result, theirs);
    }
    takeOver(entry, left);
    addOthers(entry, ground);
    entry.contested.clear();
    if (!Lane::mayBeTaken(entry))
        entry.vain = entry.attempts;    // what is left is not on the backend
    if (entry.state == EntryState::Undecided) {
        entry.state = EntryState::Waiting;
        entry.theirs = {};
    }
    return decided;
}

// ---- a record that one side deleted ----

static bool wasChanged(const OutboxEntry &deletion, int field, const Record &remote)
{
    return !deletion.model->fields[size_t(field)].readOnly && Lane::valueOf(deletion.base, field).value_or(Value()) != remote.value(field);
}

static QList<int> changedBeneath(const OutboxEntry &deletion, const Record &remote)
{
    QList<int> fields;
    for (int field = 0; field < int(remote.values().size()); ++field) {
        if (wasChanged(deletion, field, remote))
            fields.append(field);
    }
    return fields;
}

/* Nothing is said, or there is nothing to decide. */
static Policy againstDeletion(const OutboxEntry &deletion, const Ground &ground, const QList<int> &changed)
{
    const bool isNewer = deletion.baseVersion != 0 && ground.beneath.metadata().version > deletion.baseVersion;
    if (!ground.mayYield || !isNewer || changed.isEmpty())
        return {};
    const Policy policy = ground.rules.ofRecord(*deletion.model);
    const bool asks = policy == ConflictPolicy::Ask || std::any_of(changed.begin(), changed.end(), [&](int field) {
        return ground.rules.ofField(*deletion.model, field) == ConflictPolicy::Ask;
    });
    return asks ? Policy(ConflictPolicy::Ask) : policy;
}

static bool yieldsDeletion(const OutboxEntry &deletion, const Ground &ground, const Policy &policy)
{
    if (policy == ConflictPolicy::Ask)
        return ground.answer->kind == Resolution::Kind::Theirs || ground.answer->kind == Resolution::Kind::Fields;
    return policy == ConflictPolicy::Theirs
        || (policy == ConflictPolicy::Newest && ground.theirsTime >= timeOf(deletion));
}

static Record withAnswer(const Record &remote, const Resolution *answer)
{
    Record record = remote;
    if (answer && answer->kind == Resolution::Kind::Fields) {
        for (auto value = answer->values.cbegin(); value != answer->values.cend(); ++value)
            record.setValue(remote.model()->fieldIndex(value.key()), *value);
    }
    return record;
}

static void becomeEdit(OutboxEntry &deletion, const QList<int> &changed, const Ground &ground)
{
    deletion.operation = OutboxEntry::Operation::Update;
    deletion.yielded.append(changed);
    deletion.base.clear();
    deletion.vain = deletion.attempts;
    addOthers(deletion, ground);
}

Fields decideDeletion(OutboxEntry &deletion, const Ground &ground)
{
    const Record &remote = ground.beneath;
    const QList<int> changed = changedBeneath(deletion, remote);
    const Policy policy = againstDeletion(deletion, ground, changed);
    if (policy == ConflictPolicy::Ask && !ground.answer) {
        deletion.state = EntryState::Undecided;
        deletion.theirs = remote;
        return {};
    }
    if (deletion.state == EntryState::Undecided) {
        deletion.state = EntryState::Waiting;
        deletion.theirs = {};
    }
    const bool lives = yieldsDeletion(deletion, ground, policy);
    Fields decided;
    if (policy)
        decided = Deletion::fieldsOf(deletion, nameOf(policy), DeletingSide::Mine, remote, lives ? withAnswer(remote, ground.answer) : Record());
    if (lives)
        becomeEdit(deletion, changed, ground);
    else
        deletion.base = Lane::notNull(remote);
    return decided;
}

// ---- the journal and the application ----

Result<void> journal(WriteTransaction &transaction, const OutboxEntry &entry, qint64 version, const Fields &fields, DeletingSide deletion)
{
    if (fields.isEmpty())
        return {};
    ConflictDecision decision;
    decision.model = entry.model->name;
    decision.key = entry.key;
    decision.mutation = entry.sequence;
    decision.version = version;
    decision.fields = fields;
    decision.deletion = deletion;
    return transaction.addDecision(decision);
}

QStringList disputed(const OutboxEntry &entry, const ConflictRules &rules)
{
    QStringList names;
    if (entry.operation == OutboxEntry::Operation::Delete) {
        for (const int field : changedBeneath(entry, entry.theirs))
            names.append(nameOf(entry, field));
    }
    for (const auto &[field, mine] : entry.changes) {
        if (entry.theirs.metadata().deleted || isDisputed(entry, rules, field, mine, entry.theirs.value(field)))
            names.append(nameOf(entry, field));
    }
    return names;
}

/* As it was when it was deleted here. */
static Record recordBefore(const OutboxEntry &deletion)
{
    Record record = Lane::keyed(deletion);
    for (const auto &[field, value] : deletion.base)
        record.setValue(field, value);
    return record;
}

Conflict describe(const OutboxEntry &entry, const ConflictRules &rules)
{
    Conflict conflict;
    conflict.mutation = entry.sequence;
    conflict.model = entry.model;
    conflict.key = entry.key;
    conflict.base = conflict.mine = conflict.theirs = entry.theirs;
    conflict.deletion = entry.operation == OutboxEntry::Operation::Delete ? DeletingSide::Mine
        : entry.theirs.metadata().deleted                                 ? DeletingSide::Theirs
                                                                          : DeletingSide::None;
    for (const auto &[field, value] : entry.base)
        conflict.base.setValue(field, value);
    for (const auto &[field, value] : entry.changes)
        conflict.mine.setValue(field, value);
    if (conflict.deletion == DeletingSide::Mine)
        conflict.mine = conflict.base = recordBefore(entry);
    for (const OutboxEntry::Contested &contested : entry.contested)
        conflict.base.setValue(contested.field, contested.base);
    conflict.fields = disputed(entry, rules);
    return conflict;
}

Result<void> check(const Schema &schema, const ModelType &model, const Resolution &resolution)
{
    for (auto value = resolution.values.cbegin(); value != resolution.values.cend(); ++value) {
        const int field = model.fieldIndex(value.key());
        if (field < 0)
            return Error(Error::Code::UnknownField, SyncText::tr("The decision about a conflict names \"%1\", which is no field of %2.").arg(value.key(), model.name))
                .withModel(model.name).withField(value.key());
        const bool isKey = std::ranges::find(model.primaryKey, field) != model.primaryKey.end();
        if (isKey || model.fields[size_t(field)].readOnly)
            return Error(Error::Code::InvalidArgument, SyncText::tr("The decision about a conflict cannot change %1.%2.").arg(model.name, value.key()))
                .withModel(model.name).withField(value.key());
        if (const Result<void> checked = validate(schema, model, field, *value); !checked)
            return checked;
    }
    return {};
}

} // namespace Tideline::Contest
