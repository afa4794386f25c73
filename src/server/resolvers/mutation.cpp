// SPDX-License-Identifier: MIT
#include "server/resolvers/mutation.h"

#include "server/resolvers/callerrights.h"
#include "server/resolvers/glimpse.h"
#include "core/data/scalars.h"

#include <QtCore/QDateTime>
#include <QtCore/QTimeZone>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static Value member(const Value::Object &object, QStringView name)
{
    const auto found = std::ranges::find_if(object, [name](const Value::Member &entry) { return entry.first == name; });
    return found == object.end() ? Value() : found->second;
}

std::vector<Value> keyIn(const ModelType &model, const Value::Object &input)
{
    std::vector<Value> key;
    for (int field : model.primaryKey)
        key.push_back(member(input, model.fields[size_t(field)].name));
    return key;
}

static QString isoTime(qint64 ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms, Qt::UTC).toString(Qt::ISODateWithMs);
}

// AppSync takes an absent version for 0, which no stored record has.
static bool versionMatches(const Mutation &mutation, const Record &stored)
{
    return member(mutation.input, u"_version").toInteger() == stored.metadata().version;
}

static Access accessOf(FieldRole role)
{
    return role == FieldRole::Create ? Access::Create : role == FieldRole::Update ? Access::Update : Access::Delete;
}

// Why \a record stands against the mutation; nothing when it may be done.
static std::optional<FieldFailure> refusal(const Mutation &mutation, const Record &record)
{
    if (mutation.access.isEverybody())
        return {};
    const QStringList refused = mutation.access.refusedFields(record);
    if (!mutation.access.allows(record) || (!refused.isEmpty() && mutation.binding.role == FieldRole::Delete))
        return unauthorized(*mutation.field->definition);
    if (refused.isEmpty())
        return {};
    return FieldFailure{u"Unauthorized on [%1]"_s.arg(refused.join(u", ")), u"Unauthorized"_s, {}};
}

// A record that has the input and nothing else.
static Record recordIn(const std::shared_ptr<const ModelType> &model, const Value::Object &input)
{
    std::vector<Value> values(model->fields.size());
    for (const auto &[name, value] : input) {
        if (const int field = model->fieldIndex(name); field >= 0)
            values[size_t(field)] = value;
    }
    return Record(model, std::move(values));
}

void authorize(Mutation &mutation, const Identity &identity)
{
    const FieldDefinition &field = *mutation.field->definition;
    const AccessPolicy &policy = *mutation.binding.model->policy;
    mutation.access = WriteAccess(policy, identity, accessOf(mutation.binding.role), mutation.input);
    if (mutation.access.isNobody() || isDenied(field, identity))
        mutation.refused = unauthorized(field);
    if (mutation.refused || mutation.binding.role != FieldRole::Create || policy.isOpen())
        return;
    mutation.input = withOwners(policy, identity, std::move(mutation.input));
    mutation.refused = refusal(mutation, recordIn(mutation.binding.model->model, mutation.input));
}

Mutator::Mutator(const Schema &schema, MutationOptions options)
    : m_schema(schema), m_options(std::move(options))
{
}

Result<MutationOutcome> Mutator::apply(const Mutation &mutation, WriteSession &session, const ConflictDecision &decision) const
{
    if (mutation.refused)
        return MutationOutcome{{}, mutation.refused};
    if (mutation.binding.role == FieldRole::Create)
        return create(mutation, session);
    return mutation.binding.role == FieldRole::Update ? update(mutation, session, decision) : remove(mutation, session, decision);
}

MutationOutcome Mutator::conditionFailed() const
{
    return {{}, FieldFailure{u"The conditional request failed (Service: DynamoDb, Status Code: 400, Request ID: %1)"_s
                                 .arg(m_options.randomId()),
                             u"ConditionalCheckFailedException"_s, {}}};
}

MutationOutcome Mutator::conflict(const Mutation &mutation, const Record &stored)
{
    const Source shown = mutation.access.mayRead(stored) ? Source{mutation.binding.model->type, stored} : Source();
    return {{}, FieldFailure{u"Conflict resolver rejects mutation."_s, u"ConflictUnhandled"_s, shown}, {}, ConflictEnd::Rejected};
}

// What a condition may know of the record.
static Record seen(const Mutation &mutation, const Record &stored)
{
    const ReadableFields &readable = mutation.access.readable();
    return readable.isAll() || mutation.condition.matchesAll() ? stored : readable.only(stored);
}

// Whoever gives a record away has seen it.
static Record answer(const Mutation &mutation, const Record &before, const Record &after)
{
    return mutation.access.mayRead(before) || mutation.access.mayRead(after) ? after : glimpse(after, mutation.input);
}

static std::optional<FieldFailure> mustNotBeNull(const Record &record, int field)
{
    const SchemaField &definition = record.model()->fields[size_t(field)];
    if (!definition.type.required || !record.value(field).isNull())
        return {};
    return FieldFailure{u"Field \"%1\" of \"%2\" must not be null."_s.arg(definition.name, record.model()->name),
                        u"BadRequest"_s, {}};
}

static std::optional<FieldFailure> missingField(const Record &record)
{
    std::optional<FieldFailure> failure;
    for (int field = 0; field < int(record.model()->fields.size()) && !failure; ++field)
        failure = mustNotBeNull(record, field);
    return failure;
}

// A record may lack a field that its schema came to require later; only what the update itself takes away counts.
static std::optional<FieldFailure> missingField(const Record &record, const Value::Object &input)
{
    std::optional<FieldFailure> failure;
    for (const auto &[name, value] : input) {
        const int field = record.model()->fieldIndex(name);
        if (field >= 0 && !failure)
            failure = mustNotBeNull(record, field);
    }
    return failure;
}

static Value defaultOf(const Schema &schema, const SchemaField &field)
{
    const Result<Value> value = fromVariant(schema, field.type, *field.defaultValue);
    return value ? *value : Value();
}

void Mutator::fillIn(Record &record, const QString &timestamp, const QString &now) const
{
    const int field = record.model()->fieldIndex(timestamp);
    if (field >= 0 && record.value(field).isNull())
        record.setValue(field, now);
}

// The record a create writes: the input, then defaults and times for what it leaves null.
Record Mutator::recordOf(const Mutation &mutation, WriteSession &session) const
{
    const std::shared_ptr<const ModelType> &model = mutation.binding.model->model;
    Record record = recordIn(model, mutation.input);
    for (int i = 0; i < int(model->fields.size()); ++i) {
        if (record.value(i).isNull() && model->fields[size_t(i)].defaultValue)
            record.setValue(i, defaultOf(m_schema, model->fields[size_t(i)]));
    }
    const QString now = isoTime(session.now());
    fillIn(record, model->createdAt, now);
    fillIn(record, model->updatedAt, now);
    return record;
}

Result<MutationOutcome> Mutator::create(const Mutation &mutation, WriteSession &session) const
{
    Record record = recordOf(mutation, session);
    if (std::optional<FieldFailure> missing = missingField(record))
        return MutationOutcome{{}, std::move(missing)};
    if (!mutation.condition.matches(Record(record.model())))
        return conditionFailed();
    const Record wanted = record;
    const Result<bool> inserted = session.insert(record);
    if (!inserted)
        return inserted.error();
    return *inserted ? MutationOutcome{record, {}} : existing(mutation, wanted, session);
}

Result<MutationOutcome> Mutator::existing(const Mutation &mutation, const Record &wanted, WriteSession &session) const
{
    const Result<Record> found = session.find(*wanted.model(), keyOf(wanted));
    if (!found)
        return found.error();
    const Record &stored = *found;
    if (!stored.isNull() && stored.metadata().deleted && versionMatches(mutation, stored) && mutation.access.mayRead(stored)) {
        Record record = wanted;
        const Result<void> revived = session.revive(stored, record);
        return revived ? Result<MutationOutcome>(MutationOutcome{record, {}}) : Result<MutationOutcome>(revived.error());
    }
    if (stored.isNull() || stored.metadata().version != 1 || stored.metadata().deleted || !mutation.access.mayRead(stored))
        return conditionFailed();
    const bool same = std::ranges::all_of(mutation.input, [&stored](const Value::Member &given) {
        const int field = stored.model()->fieldIndex(given.first);
        return field < 0 || given.second.isNull() || given.second == stored.value(field);
    });
    return same ? MutationOutcome{stored, {}} : conditionFailed();
}

// The stored record as the input would have it, were there no conflict.
Record Mutator::withInput(const Mutation &mutation, const Record &stored) const
{
    const ModelType &model = *mutation.binding.model->model;
    Record record = stored;
    if (mutation.binding.role == FieldRole::Delete)
        return record;
    if (const int field = model.fieldIndex(model.updatedAt); field >= 0)
        record.setValue(field, {});
    for (const auto &[name, value] : mutation.input) {
        if (const int field = model.fieldIndex(name); field >= 0)
            record.setValue(field, value);
    }
    return record;
}

std::optional<Record> Mutator::decided(const Mutation &mutation, const ConflictQuestion &question, const ConflictDecision &decision,
                                       MutationOutcome &outcome)
{
    if (!decision.answer || decision.change != question.stored.rowId()) {
        outcome = decision.asked < maxQuestions ? MutationOutcome{{}, {}, question} : conflict(mutation, question.stored);
        return {};
    }
    if (!*decision.answer) {
        outcome = {{}, FieldFailure{u"The conflict function failed."_s, u"ConflictError"_s, {}}, {}, ConflictEnd::Failed};
        return {};
    }
    const ConflictAnswer &answer = **decision.answer;
    outcome = answer.action == ConflictAnswer::Action::Reject ? conflict(mutation, question.stored)
                                                              : MutationOutcome{{}, {}, {}, ConflictEnd::Resolved};
    if (answer.action == ConflictAnswer::Action::Reject)
        return {};
    return answer.action == ConflictAnswer::Action::Remove ? question.stored : answer.item;
}

std::optional<Record> Mutator::settled(const Mutation &mutation, const ConflictQuestion &question, const ConflictDecision &decision,
                                       MutationOutcome &outcome) const
{
    const ConflictStrategy strategy = ruleOf(mutation).strategy;
    if (!question.stored.metadata().deleted) {
        if (strategy == ConflictStrategy::Function)
            return decided(mutation, question, decision, outcome);
        if (strategy == ConflictStrategy::Automerge && mutation.binding.role == FieldRole::Update) {
            outcome.conflict = ConflictEnd::Merged;
            return automerged(question.stored, mutation.input);
        }
    }
    outcome = conflict(mutation, question.stored);
    return {};
}

Result<MutationOutcome> Mutator::update(const Mutation &mutation, WriteSession &session, const ConflictDecision &decision) const
{
    const ModelType &model = *mutation.binding.model->model;
    const Result<Record> found = session.find(model, keyIn(model, mutation.input));
    if (!found)
        return found.error();
    const Record &stored = *found;
    if (std::optional<FieldFailure> refused = refusal(mutation, stored))
        return MutationOutcome{{}, std::move(refused)};
    if (stored.isNull() || !mutation.condition.matches(seen(mutation, stored)))
        return conditionFailed();
    Record record = withInput(mutation, stored);
    const QString now = isoTime(session.now());
    fillIn(record, model.updatedAt, now);
    MutationOutcome outcome;
    if (!versionMatches(mutation, stored)) {
        std::optional<Record> settlement = settled(mutation, {stored, record}, decision, outcome);
        if (!settlement)
            return outcome;
        record = std::move(*settlement);
        fillIn(record, model.updatedAt, now);
    }
    if (std::optional<FieldFailure> missing = missingField(record, mutation.input))
        return MutationOutcome{{}, std::move(missing)};
    if (const Result<void> written = session.update(stored, record); !written)
        return written.error();
    outcome.record = answer(mutation, stored, record);
    return outcome;
}

Result<MutationOutcome> Mutator::remove(const Mutation &mutation, WriteSession &session, const ConflictDecision &decision) const
{
    const ModelType &model = *mutation.binding.model->model;
    const Result<Record> found = session.find(model, keyIn(model, mutation.input));
    if (!found)
        return found.error();
    const Record &stored = *found;
    if (std::optional<FieldFailure> refused = refusal(mutation, stored))
        return MutationOutcome{{}, std::move(refused)};
    if (stored.isNull() || !mutation.condition.matches(seen(mutation, stored)))
        return conditionFailed();
    MutationOutcome outcome;
    if (!versionMatches(mutation, stored) && !settled(mutation, {stored, stored}, decision, outcome))
        return outcome;
    if (stored.metadata().deleted)
        return MutationOutcome{answer(mutation, stored, stored), {}};
    Record tombstone = stored;
    if (const Result<void> removed = session.remove(stored, tombstone); !removed)
        return removed.error();
    outcome.record = answer(mutation, stored, tombstone);
    return outcome;
}

} // namespace Tideline::Server
