// SPDX-License-Identifier: MIT
#include "plugin/conversion.h"

#include "client/live/modelobject.h"
#include "core/data/scalars.h"
#include "plugin/mistakes.h"
#include "plugin/plugintext.h"

#include <QtQml/QJSEngine>
#include <QtQml/QJSValueIterator>

#include <algorithm>
#include <cmath>
#include <limits>

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

/*! What a record's object has beside the fields, unless a field has that name. */
bool isExtra(const ModelType &model, const QString &name)
{
    static const QStringList extras{u"type"_s, u"key"_s, u"syncState"_s, u"version"_s, u"record"_s};
    return model.fieldIndex(name) < 0 && extras.contains(name);
}

/*! Makes records JavaScript objects; what is the same for all is looked up once. */
class RecordWriter
{
public:
    explicit RecordWriter(QJSEngine *engine)
        : m_engine(engine), m_hide(engine->globalObject().property(u"Object"_s).property(u"defineProperty"_s)),
          m_hidden(engine->newObject())
    {
    }

    [[nodiscard]] QJSValue write(const Record &record)
    {
        QJSValue object = m_engine->newObject();
        const ModelType &model = *record.model();
        for (size_t i = 0; i < model.fields.size(); ++i)
            object.setProperty(model.fields[i].name, toJs(m_engine, record.value(int(i))));
        const auto add = [&](const QString &name, const QJSValue &value) {
            if (isExtra(model, name))
                object.setProperty(name, value);
        };
        add(u"type"_s, model.name);
        add(u"key"_s, record.key());
        add(u"syncState"_s, int(record.state()));
        add(u"version"_s, double(record.metadata().version));
        if (isExtra(model, u"record"_s)) {
            m_hidden.setProperty(u"value"_s, m_engine->toScriptValue(record));
            m_hide.call({object, u"record"_s, m_hidden});
        }
        return object;
    }

private:
    QJSEngine *m_engine;
    QJSValue m_hide;
    QJSValue m_hidden;              // a property descriptor: neither listed nor copied
};

Error badArgument(const QString &message)
{
    return Error(Error::Code::InvalidArgument, message);
}

bool isNull(const QVariant &given)
{
    return !given.isValid() || given.metaType() == QMetaType::fromType<std::nullptr_t>();
}

bool isKeyField(const ModelType &model, int field)
{
    return std::find(model.primaryKey.begin(), model.primaryKey.end(), field) != model.primaryKey.end();
}

/*! Whether \a given, from JavaScript, is what JavaScript got of \a value. */
bool isSame(const Value &value, const QVariant &given)
{
    return value.isNull() || isNull(given) ? value.isNull() && isNull(given) : value.toVariant() == given;
}

/*! The record that \a object was made from, when it is still meant: of that model type and with that key. */
Record baseOf(const std::shared_ptr<const ModelType> &model, const QJSValue &object)
{
    if (!isExtra(*model, u"record"_s))
        return {};
    const Record base = object.property(u"record"_s).toVariant().value<Record>();
    if (!base || base.model() != model)
        return {};
    for (const int field : model->primaryKey) {
        const QJSValue given = object.property(model->fields[size_t(field)].name);
        if (!given.isUndefined() && !isSame(base.value(field), given.toVariant()))
            return {};
    }
    return base;
}

Result<std::shared_ptr<const ModelType>> modelOf(const Schema &schema, const QJSValue &object)
{
    const Record base = object.property(u"record"_s).toVariant().value<Record>();
    if (base && schema.model(base.model()->name) == base.model())
        return base.model();
    const QJSValue type = object.property(u"type"_s);
    if (!type.isString()) {
        return badArgument(PluginText::tr("save() takes a model object, or an object whose member \"type\" names the model type, "
                                          "for instance {type: \"Product\", name: \"Tea\"}."));
    }
    if (const auto model = schema.model(type.toString()))
        return model;
    return unknownModel(schema, type.toString());
}

Result<Draft> draftFromObject(const Schema &schema, const QJSValue &object)
{
    const Result<std::shared_ptr<const ModelType>> found = modelOf(schema, object);
    if (!found)
        return found.error();
    const ModelType &model = **found;
    const Record base = baseOf(*found, object);
    Draft draft = base ? Draft(base) : Draft(*found);
    QJSValueIterator member(object);
    while (member.next()) {
        const int field = model.fieldIndex(member.name());
        if (member.value().isUndefined() || isExtra(model, member.name()))
            continue;
        if (field < 0)
            return unknownField(model, member.name());
        const QVariant given = member.value().toVariant();
        const bool came = base ? isSame(base.value(field), given) : model.fields[size_t(field)].readOnly;
        if (came || (isNull(given) && isKeyField(model, field)))
            continue;           // came with the record that the object was made or copied from; a null key asks for one
        const Result<Value> value = fromVariant(schema, model, field, given);
        if (!value)
            return value.error();
        draft.set(field, *value);
    }
    return draft;
}

Result<int> numberFromJs(const QString &name, const QJSValue &value)
{
    const double number = value.toNumber();
    if (!value.isNumber() || number != std::floor(number) || number < -1 || number > std::numeric_limits<int>::max())
        return badArgument(PluginText::tr("The option \"%1\" is a whole number, not \"%2\".").arg(name, value.toString()));
    return int(number);
}

Result<QList<SortKey>> sortFromJs(const QJSValue &value)
{
    if (value.isString())
        return sortKeysFromStrings({value.toString()});
    if (!value.isArray())
        return badArgument(PluginText::tr("The option \"sort\" is a list of field names such as [\"name\", \"-countedAt\"], not \"%1\".").arg(value.toString()));
    return sortKeysFromStrings(value.toVariant().toStringList());
}

} // namespace

QJSValue toJs(QJSEngine *engine, const Record &record)
{
    return record ? RecordWriter(engine).write(record) : QJSValue(QJSValue::NullValue);
}

QJSValue toJs(QJSEngine *engine, const QList<Record> &records)
{
    RecordWriter writer(engine);
    QJSValue array = engine->newArray(uint(records.size()));
    for (qsizetype i = 0; i < records.size(); ++i)
        array.setProperty(quint32(i), writer.write(records[i]));
    return array;
}

Result<Draft> draftFromJs(const Schema &schema, const QJSValue &value)
{
    if (const auto *object = qobject_cast<ModelObject *>(value.toQObject())) {
        if (!schema.model(object->type()))
            return unknownModel(schema, object->type());
        const QVariantMap errors = object->errors();
        if (!errors.isEmpty())
            return object->errorOf(errors.firstKey()).withModel(object->type());
        return object->draft();
    }
    if (!value.isObject() || value.isArray() || value.isCallable() || value.isQObject())
        return badArgument(PluginText::tr("save() takes a model object or a JavaScript object, not \"%1\".").arg(value.toString()));
    return draftFromObject(schema, value);
}

Result<Predicate> predicateFromJs(const QJSValue &value)
{
    if (value.isUndefined() || value.isNull())
        return Predicate::all();
    return Predicate::fromVariant(value.toVariant());
}

Result<QueryOptions> optionsFromJs(const QJSValue &value)
{
    QueryOptions options;
    if (value.isUndefined() || value.isNull())
        return options;
    if (!value.isObject() || value.isArray())
        return badArgument(PluginText::tr("The options are an object such as {sort: [\"-countedAt\"], limit: 50}, not \"%1\".").arg(value.toString()));
    QJSValueIterator member(value);
    while (member.next()) {
        const QString name = member.name();
        if (member.value().isUndefined())
            continue;
        if (name == u"sort") {
            const Result<QList<SortKey>> sort = sortFromJs(member.value());
            if (!sort)
                return sort.error();
            options.sort = *sort;
        } else if (name == u"limit" || name == u"offset") {
            const Result<int> number = numberFromJs(name, member.value());
            if (!number)
                return number.error();
            (name == u"limit" ? options.limit : options.offset) = *number;
        } else {
            return badArgument(PluginText::tr("There is no option \"%1\"; there are sort, limit and offset.").arg(name));
        }
    }
    return options;
}

} // namespace Tideline
