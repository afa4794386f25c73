// SPDX-License-Identifier: MIT
#include "client/live/modelobject_p.h"

#include "core/data/scalars.h"

#include <algorithm>

namespace Tideline {

namespace {

bool isKeyField(const ModelType &model, int field)
{
    return std::find(model.primaryKey.begin(), model.primaryKey.end(), field) != model.primaryKey.end();
}

bool holdsText(const FieldType &type)
{
    if (type.list || type.kind == FieldType::Kind::Embedded)
        return false;
    const bool number = type.scalar == Scalar::Int || type.scalar == Scalar::Float || type.scalar == Scalar::AWSTimestamp;
    return type.kind == FieldType::Kind::Enum || !(number || type.scalar == Scalar::Boolean);
}

/*! A type without fields stands for "no type", so that the rest need not ask. */
std::shared_ptr<const ModelType> modelOrNone(const Schema &schema, const QString &type)
{
    if (const auto model = schema.model(type))
        return model;
    static const auto none = std::make_shared<const ModelType>();
    return none;
}

} // namespace

// What is shown stays when the store goes: a form does not lose its text.
ModelObjectPrivate::ModelObjectPrivate(const Schema &schema, const QString &type, ModelObject *object)
    : q(object), schema(schema), type(type),
      link(this, object,
           {.opened = [this] { read(); },
            .closing = [this] {
                ++m_reading;
                m_commit = 0;           // the next store counts anew
            },
            .destroyed = [this] {
                ++m_reading;
                Q_EMIT q->storeChanged();
            }}),
      draft(modelOrNone(schema, type))
{
    Q_ASSERT_X(type.isEmpty() || !draft.model()->name.isEmpty(), "ModelObject", "the schema has no such model type");
}

void ModelObjectPrivate::become(const Schema &newSchema, const QString &newType)
{
    const auto model = modelOrNone(newSchema, newType);
    if (model == draft.model() && newType == type)
        return;
    const Look before = look();
    const QString oldType = std::exchange(type, newType);
    schema = newSchema;
    m_refused.clear();
    m_commit = 0;
    stored = {};
    draft = Draft(model);
    const std::weak_ptr<int> alive = m_alive;
    if (oldType != newType)
        Q_EMIT q->typeChanged();
    if (alive.expired())
        return;
    read();
    announce(before);
}

void ModelObjectPrivate::setHost(LiveHost *host)
{
    link.set(host);
    m_commit = 0;
    read();
}

void ModelObjectPrivate::setKey(const QString &newKey)
{
    const Look before = look();
    key = newKey;
    m_refused.clear();
    m_commit = 0;
    stored = link.host() && !key.isEmpty() && !draft.model()->name.isEmpty() ? link.host()->cached(draft.model(), key) : Record();
    draft = stored ? Draft(stored) : Draft(draft.model());
    read();
    announce(before);
}

// A save's answer may be older than what change sets said since; the read that follows puts it right.
void ModelObjectPrivate::follow(const Record &newRecord)
{
    if (!newRecord) {
        setKey({});
        return;
    }
    const Look before = look();
    key = newRecord.key();
    m_commit = 0;
    takeStored(newRecord);
    read();
    announce(before);
}

void ModelObjectPrivate::reset()
{
    const Look before = look();
    m_refused.clear();
    draft = stored ? Draft(stored) : Draft(draft.model());
    announce(before);
}

Error ModelObjectPrivate::refusal(int field, const Value &value) const
{
    const ModelType &model = *draft.model();
    const SchemaField &description = model.fields[size_t(field)];
    const auto error = [&](const QString &message) {
        return Error(Error::Code::Validation, message.arg(model.name, description.name)).withModel(model.name).withField(description.name);
    };
    if (value == draft.value(field))
        return {};
    if (description.readOnly)
        return error(ModelObject::tr("%1.%2 is written by the backend only."));
    if (stored && isKeyField(model, field))
        return error(ModelObject::tr("%1.%2 is part of the key, which a stored record keeps."));
    return {};
}

// A form keeps a text that is not right yet, as it keeps a missing one: errors() says so. Only what the field cannot
// hold at all is refused.
void ModelObjectPrivate::set(int field, const QVariant &value)
{
    if (!value.isValid() || value.metaType() == QMetaType::fromType<std::nullptr_t>()) {
        set(field, Value());
        return;
    }
    const ModelType &model = *draft.model();
    const Result<Value> converted = fromVariant(schema, model, field, value);
    if (converted)
        set(field, *converted);
    else if (value.metaType() == QMetaType::fromType<QString>() && holdsText(model.fields[size_t(field)].type))
        set(field, Value(value.toString()));
    else
        refuse(field, converted.error());
}

void ModelObjectPrivate::set(int field, const Value &value)
{
    if (const Error error = refusal(field, value); error.isError()) {
        refuse(field, error);
        return;
    }
    const Look before = look();
    m_refused.remove(field);
    draft.set(field, value);
    announce(before);
}

void ModelObjectPrivate::refuse(int field, const Error &error)
{
    const Look before = look();
    m_refused.insert(field, error);
    announce(before);
}

void ModelObjectPrivate::takeStored(const Record &newStored)
{
    Draft rebased = newStored ? Draft(newStored) : Draft(draft.model());
    for (const auto &[field, value] : draft.changes()) {
        if (!newStored || !isKeyField(*draft.model(), field))
            rebased.set(field, value);
    }
    stored = newStored;
    draft = rebased;
}

void ModelObjectPrivate::read()
{
    ++m_reading;
    if (!link.store() || key.isEmpty() || draft.model()->name.isEmpty())
        return;
    struct Found
    {
        quint64 commit = 0;
        Record record;
    };
    link.store()->read<Found>(
        [model = draft.model(), key = key](ReadTransaction &transaction) -> Result<Found> {
            Result<Record> record = transaction.find(model, key);
            return record ? Result<Found>(Found{transaction.commit(), *record}) : Result<Found>(record.error());
        },
        link.host()->scheduler(),
        [this, alive = std::weak_ptr<int>(m_alive), reading = m_reading](const Result<Found> &found) {
            if (alive.expired() || reading != m_reading)
                return;
            if (!found) {
                if (found.error().code() != Error::Code::Closed)
                    link.report(found.error());
                return;
            }
            if (found->commit < m_commit)
                return;                     // a change set was faster
            const Look before = look();
            m_commit = found->commit;
            takeStored(found->record);
            announce(before);
        });
}

void ModelObjectPrivate::changesArrived(quint64 commit, const QList<Change> &changes, bool)
{
    if (key.isEmpty() || commit <= m_commit)
        return;
    for (const Change &change : changes) {
        const Record &record = change.after ? change.after : change.before;
        if (record.model() != draft.model() || record.key() != key)
            continue;
        const Look before = look();
        m_commit = commit;
        takeStored(change.after);
        announce(before);
        return;
    }
}

Error ModelObjectPrivate::problemOf(int field) const
{
    const ModelType &model = *draft.model();
    const SchemaField &description = model.fields[size_t(field)];
    if (const auto refused = m_refused.constFind(field); refused != m_refused.constEnd())
        return *refused;
    const bool changed = draft.isChanged(field);
    if (draft.base() && !changed)
        return {};
    const Value &value = draft.value(field);
    if (value.isNull() && !changed) {
        const bool supplied = description.readOnly || description.defaultValue || (isKeyField(model, field) && model.hasManagedId());
        if (supplied)
            return {};
    }
    if (isKeyField(model, field) && (value.isNull() || (value.kind() == Value::Kind::Text && value.toText().isEmpty()))) {
        return Error(Error::Code::Validation, ModelObject::tr("%1.%2 is part of the key and must be given.").arg(model.name, description.name))
            .withModel(model.name).withField(description.name);
    }
    return validate(schema, model, field, value).error();
}

QVariantMap ModelObjectPrivate::errors() const
{
    QVariantMap map;
    const auto &fields = draft.model()->fields;
    for (size_t i = 0; i < fields.size(); ++i) {
        if (const Error error = problemOf(int(i)); error.isError())
            map.insert(fields[i].name, error.message());
    }
    return map;
}

ModelObjectPrivate::Look ModelObjectPrivate::look() const
{
    Look look{.key = key, .values = {}, .stored = !stored.isNull(), .modified = !draft.changes().isEmpty(),
              .syncState = int(stored ? stored.state() : SyncState::Local), .version = stored ? stored.metadata().version : 0,
              .errors = errors()};
    look.values.reserve(draft.model()->fields.size());
    for (size_t i = 0; i < draft.model()->fields.size(); ++i)
        look.values.push_back(draft.value(int(i)));
    return look;
}

void ModelObjectPrivate::announce(const Look &before)
{
    const Look after = look();
    const std::weak_ptr<int> alive = m_alive;           // a slot may destroy the object
    for (size_t i = 0; i < after.values.size() && !alive.expired(); ++i) {
        if (i >= before.values.size() || !(before.values[i] == after.values[i]))
            q->emitFieldChanged(int(i));
    }
    const auto tell = [&](bool changed, void (ModelObject::*signal)()) {
        if (changed && !alive.expired())
            Q_EMIT (q->*signal)();
    };
    tell(before.key != after.key, &ModelObject::keyChanged);
    tell(before.stored != after.stored, &ModelObject::storedChanged);
    tell(before.modified != after.modified, &ModelObject::modifiedChanged);
    tell(before.syncState != after.syncState, &ModelObject::syncStateChanged);
    tell(before.version != after.version, &ModelObject::versionChanged);
    tell(before.errors != after.errors, &ModelObject::validChanged);
}

} // namespace Tideline
