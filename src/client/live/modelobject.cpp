// SPDX-License-Identifier: MIT
#include "client/live/modelobject.h"

#include "client/live/modelobject_p.h"

namespace Tideline {

/*! Constructs an empty object of the model type \a type of \a schema, owned by \a parent. */
ModelObject::ModelObject(const Schema &schema, const QString &type, QObject *parent)
    : QObject(parent), d(std::make_unique<ModelObjectPrivate>(schema, type, this))
{
}

/*! Constructs an object that has no type and no fields until become(), owned by \a parent. */
ModelObject::ModelObject(QObject *parent) : ModelObject(Schema(), {}, parent) { }

/*! Destroys the object; the record stays in the store, and the draft is lost. */
ModelObject::~ModelObject() = default;

/*! \property Tideline::ModelObject::store
    \brief Where the record is followed; not owned. Without it the object only holds a draft. */
LiveHost *ModelObject::store() const
{
    return d->link.host();
}

void ModelObject::setStore(LiveHost *store)
{
    if (d->link.host() == store)
        return;
    d->setHost(store);
    Q_EMIT storeChanged();
}

/*! \property Tideline::ModelObject::type
    \brief The name of the model type; empty before it has one. */
QString ModelObject::type() const
{
    return d->type;
}

/*! \property Tideline::ModelObject::key
    \brief The key of the record that is followed; empty for a new one. Setting it drops the draft. */
QString ModelObject::key() const
{
    return d->key;
}

void ModelObject::setKey(const QString &key)
{
    if (d->key != key)
        d->setKey(key);
}

/*! \property Tideline::ModelObject::stored
    \brief Whether the record is in the store; false again when it is deleted, here or elsewhere. */
bool ModelObject::isStored() const
{
    return !d->stored.isNull();
}

/*! \property Tideline::ModelObject::modified
    \brief Whether the draft differs from the stored record. */
bool ModelObject::isModified() const
{
    return !d->draft.changes().isEmpty();
}

/*! \property Tideline::ModelObject::valid
    \brief Whether a save would find nothing wrong with the fields. */
bool ModelObject::isValid() const
{
    return errors().isEmpty();
}

/*! \property Tideline::ModelObject::errors
    \brief What is wrong, by field: refused values, missing required ones. */
QVariantMap ModelObject::errors() const
{
    return d->errors();
}

/*! Returns what is wrong with \a field as a typed error; none when it is in order or unknown. */
Error ModelObject::errorOf(const QString &field) const
{
    const int number = d->draft.model()->fieldIndex(field);
    return number < 0 ? Error() : d->problemOf(number);
}

/*! \property Tideline::ModelObject::syncState
    \brief The SyncState of the stored record; Local when there is none. */
int ModelObject::syncState() const
{
    return int(d->stored ? d->stored.state() : SyncState::Local);
}

/*! \property Tideline::ModelObject::version
    \brief The backend's version of the stored record; 0 when it has not seen it. */
qint64 ModelObject::version() const
{
    return d->stored ? d->stored.metadata().version : 0;
}

/*! Returns the stored record; null for a new object and after a delete. */
Record ModelObject::record() const
{
    return d->stored;
}

/*! Returns what a save takes: the changed fields over the stored record. */
Draft ModelObject::draft() const
{
    return d->draft;
}

/*! Follows \a record, as a save or a query gave it. Changes equal to it are no changes any more, other ones stay.
    A null record is clear(). */
void ModelObject::follow(const Record &record)
{
    Q_ASSERT(!record || record.model()->name == d->type);
    d->follow(record);
}

/*! Drops the draft: the fields read as stored. */
void ModelObject::reset()
{
    d->reset();
}

/*! Drops draft and record: a new, empty object. */
void ModelObject::clear()
{
    d->setKey({});
}

/*! Returns the value of the field \a name: the draft's, else the stored record's. Invalid for an unknown field. */
QVariant ModelObject::field(const QString &name) const
{
    const int number = d->draft.model()->fieldIndex(name);
    return number < 0 ? QVariant() : fieldVariant(number);
}

/*! Sets the field \a name in the draft. Returns false, and leaves the field as it was, when the field does not
    exist, is not for applications to write, or cannot hold \a value; errors() tells the latter two. A text that
    is merely not right (a half typed address, an empty key) is taken, and errors() tells what is wrong. */
bool ModelObject::setField(const QString &name, const QVariant &value)
{
    const int number = d->draft.model()->fieldIndex(name);
    if (number < 0)
        return false;
    setFieldVariant(number, value);
    return !d->isRefused(number);
}

/*! Makes this an object of the model type \a type of \a schema: empty, or the stored record with the present key.
    Without such a type it has no fields. Nothing happens when it is of that very type already. */
void ModelObject::become(const Schema &schema, const QString &type)
{
    d->become(schema, type);
}

/*! Returns the model type; without one a type that has neither name nor fields, never null. */
std::shared_ptr<const ModelType> ModelObject::model() const
{
    return d->draft.model();
}

/*! Returns the value of the field number \a field. */
const Value &ModelObject::fieldValue(int field) const
{
    return d->draft.value(field);
}

/*! Sets the field number \a field in the draft, unless the field's type, or its being read-only, forbids it. */
void ModelObject::setFieldValue(int field, const Value &value)
{
    d->set(field, value);
}

/*! Returns the value of the field number \a field as QML has it. */
QVariant ModelObject::fieldVariant(int field) const
{
    return d->draft.value(field).toVariant();
}

/*! Sets the field number \a field to \a value converted by the schema. */
void ModelObject::setFieldVariant(int field, const QVariant &value)
{
    d->set(field, value);
}

/*! Announces a change of the field number \a field; generated classes emit the field's own signal, too. */
void ModelObject::emitFieldChanged(int field)
{
    Q_EMIT fieldChanged(field);
}

} // namespace Tideline
