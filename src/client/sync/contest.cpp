// SPDX-License-Identifier: MIT
#include "client/sync/contest_p.h"

#include "client/sync/conflictresolution_p.h"
#include "client/sync/lane_p.h"
#include "client/sync/synctext_p.h"
#include "core/data/automerge.h"
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

static const FieldType &typeOf(const OutboxEntry &entry, int field)
{
    return entry.model->fields[size_t(field)].type;
}

static QString nameOf(const OutboxEntry &entry, int field)
{
    return entry.model->fields[size_t(field)].name;
}

static qint64 timeOf(const OutboxEntry &entry)
{
    return std::max(entry.createdAt, entry.editedAt);
}

static QString nameOf(const Policy &policy)
{
    return conflictPolicyName(policy.value_or(ConflictPolicy::Mine));
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

// Two that count one more want the same value without being one.
static bool hasArrived(const OutboxEntry &entry, const Policy &policy, int field, const Value &mine, const Value &theirs)
{
    if (mine != theirs)
        return false;
    return policy != ConflictPolicy::Sum || entry.attempts > entry.vain || Lane::valueOf(entry.base, field) == theirs;
}

ConflictDecision::Field yielded(const OutboxEntry &entry, int field, const Value &theirs)
{
    const OutboxEntry::Contested *contested = contestedOf(entry, field);
    const Value base = contested ? contested->base : Lane::valueOf(entry.base, field).value_or(Value());
    const Value mine = contested ? contested->mine : Lane::valueOf(entry.changes, field).value_or(Value());
    return {nameOf(entry, field), u"doubt"_s, base, mine, theirs, theirs};
}

Fields postpone(OutboxEntry &entry, const Ground &ground, bool dropsArrived)
{
    Fields given;
    QList<FieldValue> changes;
    QList<FieldValue> base;
    for (const auto &[field, mine] : std::as_const(entry.changes)) {
        const Value &theirs = ground.beneath.value(field);
        const Policy policy = ground.rules.ofField(*entry.model, field);
        const std::optional<Value> from = Lane::valueOf(entry.base, field);
        if (dropsArrived && hasArrived(entry, policy, field, mine, theirs))
            continue;
        if (ground.inDoubt && from != theirs) {
            given.append(yielded(entry, field, theirs));
            entry.yielded.append(field);
            continue;
        }
        Value value = mine;
        if (from && *from != theirs) {
            if (!contestedOf(entry, field))
                entry.contested.append({field, *from, mine});
            if (policy && combines(*policy))
                value = resolveField(typeOf(entry, field), *policy, from, mine, theirs, 0, 0).value;
        }
        changes.append({field, value});
        base.append({field, theirs});
    }
    entry.changes = changes;
    entry.base = base;
    forgetSettled(entry);
    return ground.tellsDoubt ? given : Fields();
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
                        ground.beneath.metadata().lastChangedAt);
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
        if (*value == theirs)
            continue;
        const auto before = [field](const FieldValue &each) { return each.first > field; };
        entry.changes.insert(std::find_if(entry.changes.begin(), entry.changes.end(), before), {field, *value});
        entry.base.insert(std::find_if(entry.base.begin(), entry.base.end(), before), {field, theirs});
    }
}

Fields decide(OutboxEntry &entry, const Ground &ground)
{
    if (mustAsk(entry, ground)) {
        entry.state = EntryState::Undecided;
        entry.theirs = ground.beneath;
        return postpone(entry, ground, true);
    }
    Fields decided;
    QList<FieldValue> changes;
    QList<FieldValue> base;
    for (const FieldValue &change : std::as_const(entry.changes)) {
        const auto &[field, mine] = change;
        const Value &theirs = ground.beneath.value(field);
        const Policy policy = ground.rules.ofField(*entry.model, field);
        if (hasArrived(entry, policy, field, mine, theirs))
            continue;
        if (ground.inDoubt && originOf(entry, field, policy) != theirs) {
            if (ground.tellsDoubt)
                decided.append(yielded(entry, field, theirs));
            entry.yielded.append(field);
            continue;
        }
        const FieldResolution resolution = resolve(entry, ground, field, mine);
        addDecided(decided, entry, ground, change, resolution.value);
        if (resolution.value == theirs) {
            entry.yielded.append(field);
            continue;
        }
        changes.append({field, resolution.value});
        base.append({field, theirs});
    }
    entry.changes = changes;
    entry.base = base;
    addOthers(entry, ground);
    entry.contested.clear();
    entry.vain = entry.attempts;        // what is left is not on the backend
    if (entry.state == EntryState::Undecided) {
        entry.state = EntryState::Waiting;
        entry.theirs = {};
    }
    return decided;
}

// ---- a record that one side deleted ----

bool yieldsDeletion(const OutboxEntry &deletion, const Ground &ground)
{
    if (ground.beneath.metadata().version <= deletion.baseVersion || deletion.baseVersion == 0)
        return false;
    const Policy policy = ground.rules.ofRecord(*deletion.model);
    return policy == ConflictPolicy::Theirs
        || (policy == ConflictPolicy::Newest && ground.beneath.metadata().lastChangedAt >= timeOf(deletion));
}

bool yieldsToDeletion(const OutboxEntry &edit, const Record &tombstone, const ConflictRules &rules)
{
    const Policy policy = rules.ofRecord(*edit.model);
    return policy == ConflictPolicy::Theirs || (policy == ConflictPolicy::Newest && tombstone.metadata().lastChangedAt >= timeOf(edit));
}

Fields yieldDeletion(OutboxEntry &deletion, const Record &remote, const ConflictRules &rules)
{
    Fields decided;
    for (int field = 0; field < int(remote.values().size()); ++field) {
        const Value base = Lane::valueOf(deletion.base, field).value_or(Value());
        if (base == remote.value(field))
            continue;
        decided.append({nameOf(deletion, field), nameOf(rules.ofRecord(*deletion.model)), base, Value(), remote.value(field), remote.value(field)});
        deletion.yielded.append(field);
    }
    deletion.operation = OutboxEntry::Operation::Update;
    deletion.base.clear();
    return decided;
}

// ---- what a backend merged ----

/* Automerge adds what is absent, keeps a stored scalar, and appends a list to the stored one. */
static Value storedBefore(const FieldType &type, const Value &base, const Value &sent, const Value &stored)
{
    if (base.isNull() && stored == sent)
        return base;
    const Value::List tail = sent.toList();
    const Value::List all = stored.toList();
    if (!type.list || tail.isEmpty() || all.size() < tail.size() || all.last(tail.size()) != tail)
        return stored;
    return all.first(all.size() - tail.size());
}

static void judge(Judgement &judgement, const OutboxEntry &sent, int field, const Value &mine, const Value &stored, const Policy &policy,
                  qint64 theirsTime)
{
    const FieldType &type = typeOf(sent, field);
    const Value base = *Lane::valueOf(sent.base, field);
    const Value theirs = storedBefore(type, base, mine, stored);
    const bool both = theirs != base && (theirs != mine || policy == ConflictPolicy::Sum);
    if (!policy) {
        if (stored == base || stored == automerged(type, base, mine))
            judgement.again.append({field, mine});
        else if (both)
            judgement.decided.append({nameOf(sent, field), u"backend"_s, base, mine, theirs, stored});
        return;
    }
    if (both && policy == ConflictPolicy::Ask) {
        judgement.again.append({field, mine});
        judgement.asked.append(field);
        return;
    }
    const Value result = resolveField(type, *policy, base, mine, theirs, timeOf(sent), theirsTime).value;
    if (both)
        judgement.decided.append({nameOf(sent, field), nameOf(policy), base, mine, theirs, result});
    if (result != stored)
        judgement.again.append({field, result});
}

Judgement judgeMerge(const OutboxEntry &sent, const ConflictRules &rules, qint64 theirsTime,
                     const std::function<std::optional<Value>(int field)> &stored, const std::function<bool(int field)> &changedBehind)
{
    Judgement judgement;
    for (const auto &[field, mine] : sent.changes) {
        const Policy policy = rules.ofField(*sent.model, field);
        const std::optional<Value> now = stored(field);
        const bool decidedBehind = changedBehind(field) && !(policy && combines(*policy));
        if (!now || !Lane::valueOf(sent.base, field) || decidedBehind || (*now == mine && policy != ConflictPolicy::Sum))
            continue;
        judge(judgement, sent, field, mine, *now, policy, theirsTime);
    }
    return judgement;
}

// ---- the journal and the application ----

Result<void> journal(WriteTransaction &transaction, const OutboxEntry &entry, qint64 version, const Fields &fields)
{
    if (fields.isEmpty())
        return {};
    ConflictDecision decision;
    decision.model = entry.model->name;
    decision.key = entry.key;
    decision.mutation = entry.sequence;
    decision.version = version;
    decision.fields = fields;
    return transaction.addDecision(decision);
}

QStringList disputed(const OutboxEntry &entry, const ConflictRules &rules)
{
    QStringList names;
    for (const auto &[field, mine] : entry.changes) {
        if (isDisputed(entry, rules, field, mine, entry.theirs.value(field)))
            names.append(nameOf(entry, field));
    }
    return names;
}

Conflict describe(const OutboxEntry &entry, const ConflictRules &rules)
{
    Conflict conflict;
    conflict.mutation = entry.sequence;
    conflict.model = entry.model;
    conflict.key = entry.key;
    conflict.base = conflict.mine = conflict.theirs = entry.theirs;
    for (const auto &[field, value] : entry.changes)
        conflict.mine.setValue(field, value);
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
