// SPDX-License-Identifier: MIT
#include "client/store/rowcodec_p.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

namespace Tideline::RowCodec {

using namespace Qt::Literals::StringLiterals;

// QSQLITE binds a null QString as NULL.
static QVariant boundText(const QString &text)
{
    return text.isNull() ? QVariant(u""_s) : QVariant(text);
}

static FieldType elementType(FieldType type)
{
    type.list = false;
    type.required = type.elementRequired;
    return type;
}

static Value canonicalObject(const Schema &schema, const EmbeddedType &type, const Value &value)
{
    Value::Object members;
    for (const SchemaField &field : type.fields) {
        if (Value member = canonical(schema, field.type, value.member(field.name)); !member.isNull())
            members.emplaceBack(field.name, std::move(member));
    }
    return members;
}

Value canonical(const Schema &schema, const FieldType &type, const Value &value)
{
    if (type.list && value.kind() == Value::Kind::List) {
        Value::List list;
        list.reserve(value.toList().size());
        const FieldType element = elementType(type);
        for (const Value &each : value.toList())
            list.append(canonical(schema, element, each));
        return list;
    }
    const EmbeddedType *embedded = type.kind == FieldType::Kind::Embedded ? schema.embeddedType(type.name) : nullptr;
    return embedded && value.kind() == Value::Kind::Object ? canonicalObject(schema, *embedded, value) : value;
}

QVariant toSql(const Schema &schema, const FieldType &type, Storage storage, const Value &value)
{
    switch (value.kind()) {
    case Value::Kind::Null:
        return {};
    case Value::Kind::Boolean:
        return value.toBool();
    case Value::Kind::Integer:
        return storage == Storage::Real ? QVariant(value.toDouble()) : QVariant(value.toInteger());
    case Value::Kind::Double:
        return storage == Storage::Integer ? QVariant(value.toInteger()) : QVariant(value.toDouble());
    case Value::Kind::Text:
        return boundText(value.toText());
    case Value::Kind::List:
    case Value::Kind::Object:
        return boundText(canonical(schema, type, value).toJsonText());
    }
    return {};
}

// A row's column comes as bytes, an expression's as text. fromUtf8() takes a byte order mark at the beginning for its own.
static QString textOf(const QVariant &column)
{
    if (column.typeId() != QMetaType::QByteArray)
        return column.toString();
    const auto &bytes = *static_cast<const QByteArray *>(column.constData());
    if (bytes.isEmpty())
        return u""_s;
    const QString text = QString::fromUtf8(bytes);
    return bytes.startsWith("\xEF\xBB\xBF") ? QChar(QChar::ByteOrderMark) + text : text;
}

static QByteArray bytesOf(const QVariant &column)
{
    return column.typeId() == QMetaType::QByteArray ? column.toByteArray() : column.toString().toUtf8();
}

Value fromSql(const Schema &schema, const FieldType &type, Storage storage, const QVariant &column)
{
    if (column.isNull())
        return {};
    switch (storage) {
    case Storage::Text:
        return textOf(column);
    case Storage::Integer:
        return column.toLongLong();
    case Storage::Boolean:
        return column.toLongLong() != 0;
    case Storage::Real:
        return column.toDouble();
    case Storage::Json: {
        const QJsonDocument document = QJsonDocument::fromJson(bytesOf(column));
        return fromJson(schema, type, document.isArray() ? QJsonValue(document.array()) : QJsonValue(document.object()));
    }
    }
    return {};
}

static Value listFromJson(const Schema &schema, const FieldType &type, const QJsonArray &array)
{
    Value::List list;
    list.reserve(array.size());
    const FieldType element = elementType(type);
    for (const QJsonValue &each : array)
        list.append(fromJson(schema, element, each));
    return list;
}

static Value objectFromJson(const Schema &schema, const FieldType &type, const QJsonObject &object)
{
    const EmbeddedType *embedded = schema.embeddedType(type.name);
    if (!embedded)
        return Value::fromJson(object);
    Value::Object members;
    for (const SchemaField &field : embedded->fields) {
        if (const auto member = object.constFind(field.name); member != object.constEnd())
            members.emplaceBack(field.name, fromJson(schema, field.type, *member));
    }
    return members;
}

Value fromJson(const Schema &schema, const FieldType &type, const QJsonValue &json)
{
    if (json.isNull() || json.isUndefined())
        return {};
    if (type.list && json.isArray())
        return listFromJson(schema, type, json.toArray());
    if (type.kind == FieldType::Kind::Embedded && json.isObject())
        return objectFromJson(schema, type, json.toObject());
    if (type.kind == FieldType::Kind::Scalar && type.scalar == Scalar::Float && json.isDouble())
        return json.toDouble();
    return Value::fromJson(json);
}

Record record(const Schema &schema, const Table &table, const Statement &statement, int first)
{
    const size_t count = table.columns.size();
    std::vector<Value> values;
    values.reserve(count);
    for (size_t i = 0; i < count; ++i) {
        values.push_back(fromSql(schema, table.model->fields[i].type, table.storage[i],
                                 statement.value(first + FirstFieldColumn + int(i))));
    }
    Record record(table.model, std::move(values));
    SyncMetadata metadata;
    metadata.version = statement.integer(first + VersionColumn);
    metadata.lastChangedAt = statement.integer(first + ChangedAtColumn);
    record.setMetadata(metadata);
    record.setState(SyncState(statement.integer(first + StateColumn)));
    record.setRowId(statement.integer(first + RowIdColumn));
    return record;
}

void bindFields(Statement &statement, const Schema &schema, const Table &table, const std::vector<Value> &values)
{
    for (size_t i = 0; i < table.columns.size(); ++i)
        statement.bind(toSql(schema, table.model->fields[i].type, table.storage[i], values[i]));
}

} // namespace Tideline::RowCodec
