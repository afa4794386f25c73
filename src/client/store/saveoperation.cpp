// SPDX-License-Identifier: MIT
#include "client/store/saveoperation_p.h"

#include "client/store/lanewriter_p.h"
#include "client/store/rowcodec_p.h"
#include "client/store/storetext_p.h"
#include "core/data/scalars.h"

#include <QtCore/QUuid>

#include <algorithm>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

using Operation = OutboxEntry::Operation;

static bool contains(const std::vector<int> &fields, int field)
{
    return std::find(fields.begin(), fields.end(), field) != fields.end();
}

static Error saveError(Error::Code code, const QString &message, const ModelType &model, const QString &key)
{
    return Error(code, message).withModel(model.name).withRecord(key);
}

// Empty as long as it has none.
static QString keyOf(const Draft &draft)
{
    std::vector<Value> parts;
    for (const int field : draft.model()->primaryKey) {
        if (draft.value(field).isNull())
            return {};
        parts.push_back(draft.value(field));
    }
    return keyFromParts(parts);
}

SaveOperation::SaveOperation(WriterState &state, const Draft &draft, const Predicate &condition, qint64 now)
    : m_state(state), m_draft(draft), m_condition(condition), m_now(now), m_schema(state.connection.layout().schema()),
      m_hasCondition(condition.kind() != Predicate::Kind::All)
{
}

Result<Record> SaveOperation::run()
{
    if (const Result<void> prepared = prepare(); !prepared)
        return prepared.error();
    return m_draft.base() && m_draft.base().rowId() > 0 ? updateBase() : createOrUpdate();
}

Result<void> SaveOperation::prepare()
{
    const Result<const Table *> table = m_state.connection.layout().find(m_draft.model());
    if (!table)
        return table.error();
    m_table = *table;
    return checkChanges();
}

Result<void> SaveOperation::checkChanges() const
{
    const ModelType &model = *m_table->model;
    const bool stored = m_draft.base() && m_draft.base().rowId() > 0;
    for (const auto &[field, value] : m_draft.changes()) {
        const SchemaField &schemaField = model.fields[size_t(field)];
        if (schemaField.readOnly)
            return saveError(Error::Code::Validation, StoreText::tr("%1.%2 is written by the backend only; leave it out.")
                                 .arg(model.name, schemaField.name), model, keyOf(m_draft)).withField(schemaField.name);
        if (stored && contains(model.primaryKey, field))
            return saveError(Error::Code::Validation, StoreText::tr("%1.%2 is part of the key and cannot change; save a new record "
                                                                    "and remove the old one.").arg(model.name, schemaField.name),
                             model, m_draft.base().key()).withField(schemaField.name);
        if (const Result<void> checked = validate(m_schema, model, field, value); !checked)
            return checked.error().withRecord(keyOf(m_draft));
    }
    return {};
}

// ---- an edit of a record that was read from the store ----

Result<Record> SaveOperation::updateBase()
{
    const Record &base = m_draft.base();
    const Result<Record> stored = Rows::find(m_state.connection, *m_table, Rows::keyValues(base));
    if (!stored)
        return stored;
    if (!*stored)
        return saveError(Error::Code::NotFound, StoreText::tr("%1 \"%2\" was removed meanwhile. Save a new record to bring it back.")
                             .arg(m_table->model->name, base.key()), *m_table->model, base.key());
    return update(*stored);
}

Result<Record> SaveOperation::update(const Record &stored)
{
    if (const Result<void> checked = checkCondition(stored); !checked)
        return checked.error();
    Record after = stored;
    OutboxEntry entry;
    std::vector<int> fields;
    for (const auto &[field, given] : m_draft.changes()) {
        const Value value = RowCodec::canonical(m_schema, m_table->model->fields[size_t(field)].type, given);
        if (stored.value(field) == value)
            continue;
        fields.push_back(field);
        entry.changes.emplaceBack(field, value);
        entry.base.emplaceBack(field, stored.value(field));
        after.setValue(field, value);
    }
    if (fields.empty())
        return stored;
    if (const Result<void> checked = checkParents(after, &fields); !checked)
        return checked.error();
    entry.operation = Operation::Update;
    entry.baseVersion = stored.metadata().version;
    entry.condition = m_condition;
    Result<Coalesced> planned = plan(std::move(entry), after, fields);
    if (!planned)
        return planned.error();
    after.setState(nextState(stored.state(), planned->repairs));
    if (const Result<void> written = Rows::update(m_state, *m_table, after, fields); !written)
        return written.error();
    if (const Result<void> queued = enqueue(std::move(planned).value(), after); !queued)
        return queued.error();
    m_state.changes.add(Change::Kind::Update, Origin::Local, stored, after, m_sequence);
    return after;
}

// ---- a record given by its values ----

/*
    Most are new, so the row is inserted without looking first. What a new record would lack may be no
    fault when the key is one that is stored already: then the values given are an edit of that record.
*/
Result<Record> SaveOperation::createOrUpdate()
{
    FieldValues given;
    Record record = newRecord(given);
    if (const Result<void> checked = checkKey(record); !checked)
        return checked.error();
    Result<void> checked = checkNew(record);
    if (checked) {
        const Result<SyncState> state = newState(record);
        if (!state)
            return state.error();
        record.setState(*state);
        const Result<bool> inserted = Rows::insert(m_state, *m_table, record);
        if (!inserted)
            return inserted.error();
        if (*inserted)
            return created(record, std::move(given));
    }
    const Result<Record> stored = Rows::find(m_state.connection, *m_table, Rows::keyValues(record));
    if (!stored)
        return stored;
    return *stored ? update(*stored) : Result<Record>(checked.error());
}

Record SaveOperation::newRecord(FieldValues &given) const
{
    const ModelType &model = *m_table->model;
    Record record(m_table->model);
    for (int i = 0; i < int(model.fields.size()); ++i) {
        const SchemaField &field = model.fields[size_t(i)];
        if (field.readOnly)
            continue;
        Value value = m_draft.value(i);
        const bool named = !value.isNull() || m_draft.isChanged(i);
        if (!named && i == model.primaryKey.front() && model.hasManagedId())
            value = newId();
        else if (!named && field.defaultValue)
            value = fromVariant(m_schema, field.type, *field.defaultValue).valueOr(Value());
        if (value.isNull() && !named)
            continue;
        value = RowCodec::canonical(m_schema, field.type, value);
        given.emplaceBack(i, value);
        record.setValue(i, std::move(value));
    }
    return record;
}

Value SaveOperation::newId() const
{
    quint64 high = m_state.random();
    quint64 low = m_state.random();
    high = (high & ~Q_UINT64_C(0xf000)) | 0x4000;                               // version 4
    low = (low & ~(Q_UINT64_C(3) << 62)) | (Q_UINT64_C(2) << 62);               // variant of RFC 4122
    const auto byte = [low](int i) { return uchar(low >> (8 * (7 - i))); };
    const QUuid id(uint(high >> 32), ushort(high >> 16), ushort(high), byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6), byte(7));
    return id.toString(QUuid::WithoutBraces);
}

Result<void> SaveOperation::checkKey(const Record &record) const
{
    const ModelType &model = *m_table->model;
    for (const int field : model.primaryKey) {
        const Value &value = record.value(field);
        if (!value.isNull() && !(value.kind() == Value::Kind::Text && value.toText().isEmpty()))
            continue;
        const QString name = model.fields[size_t(field)].name;
        return saveError(Error::Code::Validation, StoreText::tr("%1.%2 is part of the key and needs a value.").arg(model.name, name),
                         model, {}).withField(name);
    }
    return {};
}

Result<void> SaveOperation::checkNew(const Record &record) const
{
    const ModelType &model = *m_table->model;
    if (m_hasCondition)
        return saveError(Error::Code::ConditionFailed, StoreText::tr("A condition needs a stored record, and %1 \"%2\" is new. Save it "
                                                                     "without a condition.").arg(model.name, record.key()), model, record.key());
    for (int i = 0; i < int(model.fields.size()); ++i) {
        const SchemaField &field = model.fields[size_t(i)];
        if (field.readOnly || m_draft.isChanged(i) || (!field.type.required && !m_draft.base()))
            continue;
        if (const Result<void> checked = validate(m_schema, model, i, record.value(i)); !checked)
            return checked.error().withRecord(record.key());
    }
    return checkParents(record, nullptr);
}

Result<Record> SaveOperation::created(const Record &record, FieldValues given)
{
    OutboxEntry entry;
    entry.operation = Operation::Create;
    entry.changes = std::move(given);
    Result<Coalesced> planned = plan(std::move(entry), record, {});
    if (!planned)
        return planned.error();
    if (const Result<void> queued = enqueue(std::move(planned).value(), record); !queued)
        return queued.error();
    m_state.changes.add(Change::Kind::Insert, Origin::Local, {}, record, m_sequence);
    return record;
}

// ---- checks ----

Result<void> SaveOperation::checkCondition(const Record &stored) const
{
    if (!m_hasCondition)
        return {};
    const ModelType &model = *m_table->model;
    const Result<BoundPredicate> bound = BoundPredicate::bind(m_schema, m_table->model, m_condition);
    if (!bound)
        return bound.error();
    if (bound->usesRelations())
        return saveError(Error::Code::InvalidArgument, StoreText::tr("The condition of a save may only ask for fields of %1 itself; the "
                                                                     "backend cannot check more.").arg(model.name), model, stored.key());
    if (bound->matches(stored))
        return {};
    return saveError(Error::Code::ConditionFailed, StoreText::tr("%1 \"%2\" was not saved: the stored record does not meet the condition.")
                         .arg(model.name, stored.key()), model, stored.key());
}

// All parents, or those that the changed fields lead to.
Result<void> SaveOperation::checkParents(const Record &record, const std::vector<int> *changed) const
{
    for (const Relation &relation : m_table->model->relations) {
        if (relation.kind != Relation::Kind::BelongsTo)
            continue;
        const bool concerned = !changed || std::any_of(relation.localFields.begin(), relation.localFields.end(),
                                                       [&](int field) { return contains(*changed, field); });
        if (!concerned)
            continue;
        if (const Result<void> checked = checkParent(record, relation); !checked)
            return checked;
    }
    return {};
}

Result<void> SaveOperation::checkParent(const Record &record, const Relation &relation) const
{
    std::vector<Value> values;
    for (const int field : relation.localFields) {
        if (record.value(field).isNull())
            return {};
        values.push_back(record.value(field));
    }
    const Table &parent = m_state.connection.layout().table(*m_schema.target(relation));
    const QString key = keyFromParts(values);
    const bool byKey = relation.targetFields == parent.model->primaryKey;
    const bool itself = byKey && parent.model == m_table->model && key == record.key();
    if (itself || (byKey && m_state.knownRows.contains({parent.model->number, key})))
        return {};
    const Result<bool> found = Rows::exists(m_state.connection, parent, relation.targetFields, values);
    if (!found)
        return found.error();
    if (!*found)
        return saveError(Error::Code::MissingParent, StoreText::tr("%1.%2 refers to %3 \"%4\", which is not stored. Save it first.")
                             .arg(m_table->model->name, relation.name, parent.model->name, key), *m_table->model, record.key())
            .withField(relation.name);
    if (byKey)
        m_state.knownRows.insert({parent.model->number, key});
    return {};
}

// ---- the outbox ----

// What is refused stays refused until someone decides; an edit that does not repair it waits behind it.
SyncState SaveOperation::nextState(SyncState before, bool repairs) const
{
    if (!m_state.outbox)
        return SyncState::Local;
    return before == SyncState::Rejected && !repairs ? SyncState::Rejected : SyncState::Pending;
}

// A new record may follow a removal of its key that the backend refused.
Result<SyncState> SaveOperation::newState(const Record &record) const
{
    const Result<QList<OutboxEntry>> lane = LaneWriter::lane(m_state, *m_table->model, record.key());
    if (!lane)
        return lane.error();
    const bool rejected = std::any_of(lane->begin(), lane->end(), [](const OutboxEntry &entry) {
        return entry.state == OutboxEntry::State::Rejected;
    });
    return nextState(rejected ? SyncState::Rejected : SyncState::Pending);
}

// Whether record refers to one whose creation is to be sent after the entry with this sequence.
Result<bool> SaveOperation::dependsOnLater(const Record &record, const std::vector<int> &changed, qint64 sequence) const
{
    for (const Relation &relation : m_table->model->relations) {
        const bool concerned = std::any_of(relation.localFields.begin(), relation.localFields.end(),
                                           [&](int field) { return contains(changed, field); });
        if (relation.kind != Relation::Kind::BelongsTo || !concerned)
            continue;
        const auto parent = m_schema.target(relation);
        if (relation.targetFields != parent->primaryKey)
            return true;
        std::vector<Value> values;
        for (const int field : relation.localFields)
            values.push_back(record.value(field));
        const Result<QList<OutboxEntry>> lane = LaneWriter::lane(m_state, *parent, keyFromParts(values));
        if (!lane)
            return lane.error();
        if (std::any_of(lane->begin(), lane->end(), [&](const OutboxEntry &entry) {
                return entry.operation == Operation::Create && entry.sequence > sequence;
            }))
            return true;
    }
    return false;
}

Result<Coalesced> SaveOperation::plan(OutboxEntry entry, const Record &record, const std::vector<int> &changed) const
{
    if (!m_state.outbox)
        return Coalesced();
    entry.model = m_table->model;
    entry.key = record.key();
    entry.createdAt = m_now;
    const Result<QList<OutboxEntry>> lane = LaneWriter::lane(m_state, *entry.model, entry.key);
    if (!lane)
        return lane.error();
    bool mayMerge = true;
    if (!lane->isEmpty() && !changed.empty()) {
        const Result<bool> depends = dependsOnLater(record, changed, lane->last().sequence);
        if (!depends)
            return depends.error();
        mayMerge = !*depends;
    }
    return coalesce(*lane, std::move(entry), mayMerge);
}

Result<void> SaveOperation::enqueue(Coalesced coalesced, const Record &record)
{
    if (!m_state.outbox)
        return {};
    const Result<qint64> sequence = LaneWriter::write(m_state, *m_table->model, record.key(), std::move(coalesced), m_now);
    if (!sequence)
        return sequence.error();
    m_sequence = *sequence;
    Q_ASSERT(m_state.lanes.contains(m_table->model->number, record.key()));
    return {};
}

} // namespace Tideline
