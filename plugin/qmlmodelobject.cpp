// SPDX-License-Identifier: MIT
#include "plugin/qmlmodelobject.h"

#include "client/datastore.h"
#include "plugin/mistakes.h"
#include "plugin/storescope.h"

#include <QtQml/QQmlInfo>

namespace Tideline {

FieldMap::FieldMap(QmlModelObject *object) : QQmlPropertyMap(this, object), m_object(object) { }

void FieldMap::show(const ModelType &model)
{
    for (const QString &name : keys()) {
        if (model.fieldIndex(name) < 0)
            clear(name);
    }
    for (const SchemaField &field : model.fields)
        insert(field.name, m_object->field(field.name));
}

QVariant FieldMap::updateValue(const QString &name, const QVariant &given)
{
    m_object->setField(name, given);            // errors of the object tell when it is refused
    return m_object->field(name);
}

/*!
    \qmltype ModelObject
    \inqmlmodule Tideline
    \since 0.1
    \brief A form or binding on one record of a type named at run time.

    Like the classes that tideline_add_schema() makes, without them: follows the record with key, holds a draft
    until DataStore.save(), tells what is wrong in errors. Fields are properties of \c fields, to read,
    bind and write; \c values sets several at once, from a binding, too. Without a store of its own it uses the
    nearest DataStore, see there.

    \qml
    ModelObject { id: draft; type: "StockCount"; values: ({sku: scanner.code, quantity: spin.value}) }
    Text { text: draft.fields.sku }
    \endqml
*/
QmlModelObject::QmlModelObject(QObject *parent) : ModelObject(parent), m_fields(new FieldMap(this))
{
    connect(this, &ModelObject::storeChanged, this, &QmlModelObject::followStore);
}

QmlModelObject::~QmlModelObject() = default;

/*! \qmlproperty string ModelObject::type
    The name of the model type. Changing it drops the draft. */
void QmlModelObject::setType(const QString &newType)
{
    if (type() == newType)
        return;
    become({}, newType);
    m_fields->show(*model());
    learnType();
}

/*! \qmlproperty var ModelObject::values
    All fields by name. Setting it sets the fields that are named, and leaves the others. */
QVariantMap QmlModelObject::values() const
{
    QVariantMap map;
    for (const SchemaField &field : model()->fields)
        map.insert(field.name, this->field(field.name));
    return map;
}

void QmlModelObject::setValues(const QVariantMap &values)
{
    m_given = values;
    if (m_complete)
        applyValues();
}

/*! \qmlproperty var ModelObject::fields
    An object with a property for each field. */
QVariant QmlModelObject::fields() const
{
    return QVariant::fromValue<QObject *>(m_fields);
}

void QmlModelObject::componentComplete()
{
    resolveStore(this);
    m_complete = true;
    learnType();
}

void QmlModelObject::followStore()
{
    disconnect(m_schemaChanged);
    if (auto *dataStore = qobject_cast<DataStore *>(store()))
        m_schemaChanged = connect(dataStore, &DataStore::schemaChanged, this, &QmlModelObject::learnType);
    learnType();
}

void QmlModelObject::learnType()
{
    const QString wanted = type();
    if (!m_complete || !store() || wanted.isEmpty() || store()->schema().isEmpty())
        return;
    const Schema schema = store()->schema();
    if (!schema.model(wanted)) {
        fail(unknownModel(schema, wanted));
        return;
    }
    const auto before = model();
    become(schema, wanted);
    if (model() == before)
        return;
    m_fields->show(*model());
    Q_EMIT valuesChanged();
    applyValues();
}

void QmlModelObject::applyValues()
{
    const auto type = model();
    if (type->name.isEmpty())
        return;                         // applied when the type is known
    for (auto it = m_given.cbegin(); it != m_given.cend(); ++it) {
        if (type->fieldIndex(it.key()) >= 0)
            setField(it.key(), it.value());
        else
            fail(unknownField(*type, it.key()));
    }
}

void QmlModelObject::fail(const Error &error)
{
    qmlWarning(this) << error.message();
    if (store())
        Q_EMIT store()->errorOccurred(error);
}

void QmlModelObject::emitFieldChanged(int field)
{
    const QString name = model()->fields[size_t(field)].name;
    m_fields->insert(name, fieldVariant(field));
    ModelObject::emitFieldChanged(field);
    Q_EMIT valuesChanged();
}

} // namespace Tideline
