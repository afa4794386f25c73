// SPDX-License-Identifier: MIT
#include "plugin/conversion.h"

#include "client/live/modelobject.h"
#include "core/data/scalars.h"
#include "plugin/mistakes.h"
#include "plugin/plain.h"
#include "plugin/plugintext.h"
#include "plugin/promises.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
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
    static const QStringList extras{u"type"_s, u"key"_s, u"syncState"_s, u"version"_s, u"record"_s, u"mutation"_s};
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
        hide(object, model, u"record"_s, m_engine->toScriptValue(record));
        return object;
    }

    [[nodiscard]] QJSValue write(const Receipt &receipt)
    {
        QJSValue object = write(receipt.record());
        hide(object, *receipt.record().model(), u"mutation"_s, double(receipt.mutation()));
        return object;
    }

private:
    void hide(const QJSValue &object, const ModelType &model, const QString &name, const QJSValue &value)
    {
        if (!isExtra(model, name))
            return;
        m_hidden.setProperty(u"value"_s, value);
        m_hide.call({object, name, m_hidden});
    }

    QJSEngine *m_engine;
    QJSValue m_hide;
    QJSValue m_hidden;              // a property descriptor: neither listed nor copied
};

Error badArgument(const QString &message)
{
    return Error(Error::Code::InvalidArgument, message);
}

Error badArgument(const ModelType &model, const QString &message)
{
    return badArgument(model.name + u": "_s + message).withModel(model.name);
}

bool isKeyField(const ModelType &model, int field)
{
    return std::find(model.primaryKey.begin(), model.primaryKey.end(), field) != model.primaryKey.end();
}

/*! Whether \a given is what JavaScript got of \a value. */
bool isSame(const Value &value, const QJSValue &given)
{
    if (value.isNull() || given.isNull())
        return value.isNull() && given.isNull();
    const Plain plain(given);
    return plain && value.toVariant() == plain.variant();
}

/*! The record that RecordWriter hid in \a object. */
Record recordIn(const QJSValue &object)
{
    return Plain(object.property(u"record"_s)).variant().value<Record>();
}

/*! The record that \a object was made from, when it is still meant: of that model type and with that key. */
Record baseOf(const std::shared_ptr<const ModelType> &model, const QJSValue &object)
{
    if (!isExtra(*model, u"record"_s))
        return {};
    const Record base = recordIn(object);
    if (!base || base.model() != model)
        return {};
    for (const int field : model->primaryKey) {
        const QJSValue given = object.property(model->fields[size_t(field)].name);
        if (!given.isUndefined() && !isSame(base.value(field), given))
            return {};
    }
    return base;
}

Result<ModelPointer> modelFromJs(const Schema &schema, const QJSValue &type)
{
    if (!type.isString())
        return badArgument(PluginText::tr("A model type is given by its name, such as \"Product\", not %1.").arg(described(type)));
    if (const auto model = schema.model(type.toString()))
        return model;
    return unknownModel(schema, type.toString());
}

Result<ModelPointer> modelOf(const Schema &schema, const QJSValue &object)
{
    const Record base = recordIn(object);
    if (base && schema.model(base.model()->name) == base.model())
        return base.model();
    const QJSValue type = object.property(u"type"_s);
    if (type.isString())
        return modelFromJs(schema, type);
    return badArgument(PluginText::tr("save() takes a model object, or an object whose member \"type\" names the model type, "
                                      "for instance {type: \"Product\", name: \"Tea\"}."));
}

Result<Value> fieldFromJs(const Schema &schema, const ModelType &model, int field, const QJSValue &given)
{
    const Plain plain(given);
    if (plain)
        return fromVariant(schema, model, field, plain.variant());
    const QString place = model.fields[size_t(field)].name + (plain.path().isEmpty() ? QString() : u'.' + plain.place());
    return Error(Error::Code::Validation, PluginText::tr("%1.%2 cannot hold %3.").arg(model.name, place, plain.obstacle()))
        .withModel(model.name).withField(place);
}

/*! The key that \a object names; empty when it is a new one's. */
QString keyIn(const Schema &schema, const ModelType &model, const QJSValue &object)
{
    std::vector<Value> parts;
    for (const int field : model.primaryKey) {
        const Result<Value> part = fieldFromJs(schema, model, field, object.property(model.fields[size_t(field)].name));
        if (!part || part->isNull())
            return {};
        parts.push_back(*part);
    }
    return keyFromParts(parts);
}

/*! Sets what \a object has; says what is wrong with the first member that is. */
Error setMembers(Draft &draft, const Schema &schema, const QJSValue &object)
{
    const ModelType &model = *draft.model();
    const Record base = draft.base();
    QJSValueIterator member(object);
    while (member.next()) {
        const int field = model.fieldIndex(member.name());
        const QJSValue given = member.value();
        if (given.isUndefined() || isExtra(model, member.name()))
            continue;
        if (field < 0)
            return unknownField(model, member.name());
        const bool came = base ? isSame(base.value(field), given) : model.fields[size_t(field)].readOnly;
        if (came || (given.isNull() && isKeyField(model, field)))
            continue;           // came with the record that the object was made or copied from; a null key asks for one
        const Result<Value> value = fieldFromJs(schema, model, field, given);
        if (!value)
            return value.error();
        draft.set(field, *value);
    }
    return {};
}

Result<Draft> draftFromObject(const Schema &schema, const QJSValue &object)
{
    const Result<ModelPointer> model = modelOf(schema, object);
    if (!model)
        return model.error();
    const Record base = baseOf(*model, object);
    Draft draft = base ? Draft(base) : Draft(*model);
    const Error error = setMembers(draft, schema, object);
    return error.isError() ? Result<Draft>(error.withRecord(keyIn(schema, **model, object))) : Result<Draft>(draft);
}

Result<int> numberFromJs(const ModelType &model, const QString &name, const QJSValue &value)
{
    if (const auto number = wholeNumberIn(value, -1, std::numeric_limits<int>::max()))
        return int(*number);
    return badArgument(model, PluginText::tr("The option \"%1\" is a whole number, not %2.").arg(name, described(value)));
}

Result<QList<SortKey>> sortFromJs(const ModelType &model, const QJSValue &value)
{
    const QVariant given = Plain(value).variant();
    const QVariantList names = value.isString() ? QVariantList{given} : given.toList();
    const bool areTexts = std::all_of(names.cbegin(), names.cend(), [](const QVariant &name) { return name.typeId() == QMetaType::QString; });
    if (!areTexts || !(value.isString() || given.canConvert<QVariantList>()))
        return badArgument(model, PluginText::tr("The option \"sort\" is a list of field names such as [\"name\", \"-countedAt\"], not %1.").arg(described(value)));
    const Result<QList<SortKey>> keys = sortKeysFromStrings(QVariant(names).toStringList());
    return keys ? keys : badArgument(model, keys.error().message());
}

Error badCondition(const ModelType &model, const Plain &where)
{
    const QStringList groups{u"and"_s, u"or"_s, u"not"_s};
    const QStringList path = where.path();
    const auto field = std::find_if(path.cbegin(), path.cend(), [&](const QString &name) { return !groups.contains(name); });
    return badArgument(model, PluginText::tr("The condition at \"%1\" contains %2.").arg(where.place(), where.obstacle()))
        .withField(field == path.cend() ? QString() : *field);
}

QJSValue toJs(QJSEngine *engine, const ModelType &model, const RejectedMutation::Values &values)
{
    QJSValue object = engine->newObject();
    for (const auto &[field, value] : values)
        object.setProperty(model.fields[size_t(field)].name, toJs(engine, value));
    return object;
}

QJSValue toJs(QJSEngine *engine, const RejectedMutation &mutation)
{
    const bool told = mutation.theirs && !mutation.theirs.metadata().deleted;
    QJSValue object = engine->newObject();
    object.setProperty(u"mutation"_s, double(mutation.mutation));
    object.setProperty(u"type"_s, mutation.model->name);
    object.setProperty(u"key"_s, mutation.key);
    object.setProperty(u"operation"_s, nameOf(mutation.operation));
    object.setProperty(u"base"_s, toJs(engine, *mutation.model, mutation.base));
    object.setProperty(u"mine"_s, toJs(engine, *mutation.model, mutation.mine));
    object.setProperty(u"theirs"_s, told ? toJs(engine, mutation.theirs) : QJSValue(QJSValue::NullValue));
    object.setProperty(u"deleted"_s, mutation.theirs && mutation.theirs.metadata().deleted);
    object.setProperty(u"error"_s, toJsError(engine, mutation.error));
    object.setProperty(u"createdAt"_s, engine->toScriptValue(QDateTime::fromMSecsSinceEpoch(mutation.createdAt)));
    object.setProperty(u"attempts"_s, mutation.attempts);
    object.setProperty(u"waiting"_s, mutation.waiting);
    return object;
}

} // namespace

QJSValue toJs(QJSEngine *engine, const QList<RejectedMutation> &mutations)
{
    QJSValue array = engine->newArray(uint(mutations.size()));
    for (qsizetype i = 0; i < mutations.size(); ++i)
        array.setProperty(quint32(i), toJs(engine, mutations[i]));
    return array;
}

Result<qint64> mutationFromJs(const QJSValue &number)
{
    if (const auto mutation = wholeNumberIn(number, -mostExact))
        return *mutation;
    return badArgument(PluginText::tr("A mutation is given by its number, not %1.").arg(described(number)));
}

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

QJSValue savedToJs(QJSEngine *engine, const Receipt &receipt)
{
    return RecordWriter(engine).write(receipt);
}

QJSValue savedToJs(QJSEngine *engine, const QList<Receipt> &receipts)
{
    RecordWriter writer(engine);
    QJSValue array = engine->newArray(uint(receipts.size()));
    for (qsizetype i = 0; i < receipts.size(); ++i)
        array.setProperty(quint32(i), writer.write(receipts[i]));
    return array;
}

Result<Draft> draftFromJs(const Schema &schema, const QJSValue &value)
{
    if (const auto *object = qobject_cast<ModelObject *>(value.toQObject())) {
        if (!schema.model(object->type()))
            return unknownModel(schema, object->type());
        const QVariantMap errors = object->errors();
        if (!errors.isEmpty())
            return object->errorOf(errors.firstKey()).withModel(object->type()).withRecord(object->key());
        return object->draft();
    }
    if (!value.isObject() || value.isArray() || value.isCallable() || value.isQObject())
        return badArgument(PluginText::tr("save() takes a model object or a JavaScript object, not %1.").arg(described(value)));
    return draftFromObject(schema, value);
}

Result<Address> addressFromJs(const Schema &schema, const QJSValue &type, const QJSValue &key)
{
    const Result<ModelPointer> model = modelFromJs(schema, type);
    if (!model)
        return model.error();
    if (key.isString() || (key.isNumber() && std::isfinite(key.toNumber())))
        return Address{*model, key.toString()};
    const QString field = (*model)->fields[size_t((*model)->primaryKey.front())].name;
    return badArgument(**model, PluginText::tr("The key (%1) is a text, not %2.").arg(field, described(key))).withField(field);
}

Result<Selection> selectionFromJs(const Schema &schema, const QJSValue &type, const QJSValue &where)
{
    const Result<ModelPointer> model = modelFromJs(schema, type);
    if (!model)
        return model.error();
    const Result<Predicate> predicate = predicateFromJs(**model, where);
    return predicate ? Result<Selection>(Selection{*model, *predicate}) : Result<Selection>(predicate.error());
}

Result<Predicate> predicateFromJs(const ModelType &model, const QJSValue &where)
{
    if (where.isUndefined() || where.isNull())
        return Predicate::all();
    const Plain plain(where, Plain::RefuseUndefined);      // {eq: undefined} would match null
    if (!plain)
        return badCondition(model, plain);
    const Result<Predicate> predicate = Predicate::fromVariant(plain.variant());
    if (!predicate)
        return badArgument(model, predicate.error().message()).withField(predicate.error().field());
    return predicate;
}

Result<QueryOptions> optionsFromJs(const ModelType &model, const QJSValue &given)
{
    QueryOptions options;
    if (given.isUndefined() || given.isNull())
        return options;
    if (!isPlainObject(given))
        return badArgument(model, PluginText::tr("The options are an object such as {sort: [\"-countedAt\"], limit: 50}, not %1.").arg(described(given)));
    QJSValueIterator member(given);
    while (member.next()) {
        const QString name = member.name();
        const bool isNumber = name == u"limit" || name == u"offset";
        if (!isNumber && name != u"sort")
            return badArgument(model, PluginText::tr("There is no option \"%1\"; there are sort, limit and offset.").arg(name));
        if (member.value().isUndefined())
            continue;
        if (!isNumber) {
            const Result<QList<SortKey>> sort = sortFromJs(model, member.value());
            if (!sort)
                return sort.error();
            options.sort = *sort;
        } else {
            const Result<int> number = numberFromJs(model, name, member.value());
            if (!number)
                return number.error();
            (name == u"limit" ? options.limit : options.offset) = *number;
        }
    }
    return options;
}

} // namespace Tideline
