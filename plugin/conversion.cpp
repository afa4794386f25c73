// SPDX-License-Identifier: MIT
#include "plugin/conversion.h"

#include "client/live/modelobject.h"
#include "core/data/scalars.h"

#include <QtQml/QJSEngine>
#include <QtQml/QJSValueIterator>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

QJSValue toJs(QJSEngine *engine, const Value &value)
{
    switch (value.kind()) {
    case Value::Kind::Null: return QJSValue(QJSValue::NullValue);
    case Value::Kind::Boolean: return QJSValue(value.toBool());
    case Value::Kind::Integer: return QJSValue(double(value.toInteger()));
    case Value::Kind::Double: return QJSValue(value.toDouble());
    case Value::Kind::Text: return QJSValue(value.toText());
    case Value::Kind::List: {
        const Value::List &list = value.toList();
        QJSValue array = engine->newArray(uint(list.size()));
        for (qsizetype i = 0; i < list.size(); ++i)
            array.setProperty(quint32(i), toJs(engine, list[i]));
        return array;
    }
    case Value::Kind::Object: {
        QJSValue object = engine->newObject();
        for (const Value::Member &member : value.toObject())
            object.setProperty(member.first, toJs(engine, member.second));
        return object;
    }
    }
    return {};
}

Error badArgument(const QString &message)
{
    return Error(Error::Code::InvalidArgument, message);
}

Result<Draft> draftFromObject(const Schema &schema, const QJSValue &object)
{
    const QJSValue type = object.property(u"type"_s);
    if (!type.isString()) {
        return badArgument(u"save() takes a model object, or an object whose member \"type\" names the model type, "
                           "for instance {type: \"Product\", name: \"Tea\"}."_s);
    }
    const auto model = schema.model(type.toString());
    if (!model)
        return Error(Error::Code::UnknownModel, u"The schema has no model type \"%1\"."_s.arg(type.toString())).withModel(type.toString());
    Draft draft(model);
    QJSValueIterator member(object);
    while (member.next()) {
        if (member.name() == u"type" && model->fieldIndex(u"type") < 0)
            continue;
        const int field = model->fieldIndex(member.name());
        if (field < 0) {
            return Error(Error::Code::UnknownField, u"%1 has no field \"%2\"."_s.arg(model->name, member.name()))
                .withModel(model->name).withField(member.name());
        }
        if (member.value().isUndefined())
            continue;
        const Result<Value> value = fromVariant(schema, model->fields[size_t(field)].type, member.value().toVariant());
        if (!value)
            return value.error().withModel(model->name).withField(member.name());
        draft.set(field, *value);
    }
    return draft;
}

} // namespace

QJSValue toJs(QJSEngine *engine, const Record &record)
{
    if (!record)
        return QJSValue(QJSValue::NullValue);
    QJSValue object = engine->newObject();
    const ModelType &model = *record.model();
    for (size_t i = 0; i < model.fields.size(); ++i)
        object.setProperty(model.fields[i].name, toJs(engine, record.value(int(i))));
    const auto add = [&](const QString &name, const QJSValue &value) {
        if (model.fieldIndex(name) < 0)
            object.setProperty(name, value);
    };
    add(u"type"_s, model.name);
    add(u"key"_s, record.key());
    add(u"syncState"_s, int(record.state()));
    add(u"version"_s, double(record.metadata().version));
    return object;
}

QJSValue toJs(QJSEngine *engine, const QList<Record> &records)
{
    QJSValue array = engine->newArray(uint(records.size()));
    for (qsizetype i = 0; i < records.size(); ++i)
        array.setProperty(quint32(i), toJs(engine, records[i]));
    return array;
}

Result<Draft> draftFromJs(const Schema &schema, const QJSValue &value)
{
    if (const auto *object = qobject_cast<ModelObject *>(value.toQObject())) {
        if (!object->errors().isEmpty()) {
            const QString field = object->errors().firstKey();
            return Error(Error::Code::Validation, object->errors().value(field).toString()).withModel(object->type()).withField(field);
        }
        return object->draft();
    }
    if (!value.isObject() || value.isArray())
        return badArgument(u"save() takes a model object or a JavaScript object, not \"%1\"."_s.arg(value.toString()));
    return draftFromObject(schema, value);
}

Result<Predicate> predicateFromJs(const QJSValue &value)
{
    if (value.isUndefined() || value.isNull())
        return Predicate::all();
    return Predicate::fromVariant(value.toVariant());
}

Result<QList<SortKey>> sortFromJs(const QJSValue &value)
{
    if (value.isUndefined() || value.isNull())
        return QList<SortKey>();
    if (value.isString())
        return sortKeysFromStrings({value.toString()});
    return sortKeysFromStrings(value.toVariant().toStringList());
}

} // namespace Tideline
