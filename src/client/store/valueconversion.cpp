// SPDX-License-Identifier: MIT
#include "client/store/valueconversion_p.h"

#include "client/store/layout_p.h"
#include "core/data/json.h"
#include "core/data/scalars.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>
#include <cmath>
#include <limits>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

static bool isText(const FieldType &type)
{
    return type.kind == FieldType::Kind::Scalar && (type.scalar == Scalar::String || type.scalar == Scalar::ID);
}

static bool isStoredAsText(const FieldType &type)
{
    FieldType element = type;
    element.list = false;
    return Layout::storageOf(element) == Storage::Text;
}

// ---- values that stay as they are ----

bool ValueConversion::keepsEnum(const FieldType &from, const FieldType &to) const
{
    const EnumType *before = m_older.enumType(from.name);
    const EnumType *after = m_newer.enumType(to.name);
    return before && after
        && std::all_of(before->values.begin(), before->values.end(), [&](const QString &value) { return after->values.contains(value); });
}

// A member that came may be one that went before: its values are still there, of whatever type they were.
bool ValueConversion::keepsEmbedded(const FieldType &from, const FieldType &to, QSet<QString> &seen) const
{
    const EmbeddedType *before = m_older.embeddedType(from.name);
    const EmbeddedType *after = m_newer.embeddedType(to.name);
    if (!before || !after)
        return false;
    if (const QString pair = from.name + u' ' + to.name; seen.contains(pair))
        return true;
    else
        seen.insert(pair);
    return std::all_of(after->fields.begin(), after->fields.end(), [&](const SchemaField &field) {
        const auto known = std::find_if(before->fields.begin(), before->fields.end(),
                                        [&](const SchemaField &each) { return each.name == field.name; });
        return known != before->fields.end() && known->type.list == field.type.list && (known->type.required || !field.type.required)
            && keepsElement(known->type, field.type, seen);
    });
}

bool ValueConversion::keepsElement(const FieldType &from, const FieldType &to, QSet<QString> &seen) const
{
    if (to.list && to.elementRequired && !from.elementRequired)
        return false;
    if (from.kind == FieldType::Kind::Embedded || to.kind == FieldType::Kind::Embedded)
        return from.kind == to.kind && keepsEmbedded(from, to, seen);
    if (isText(to))
        return isStoredAsText(from);
    if (from.kind == FieldType::Kind::Enum || to.kind == FieldType::Kind::Enum)
        return from.kind == to.kind && keepsEnum(from, to);
    return from.scalar == to.scalar || (from.scalar == Scalar::Int && to.scalar == Scalar::AWSTimestamp)
        || (to.list && from.scalar == Scalar::Int && to.scalar == Scalar::Float);
}

bool ValueConversion::keeps(const FieldType &from, const FieldType &to) const
{
    QSet<QString> seen;
    return from.list == to.list && keepsElement(from, to, seen);
}

QString ValueConversion::expression(const FieldType &from, const FieldType &to, const QString &column) const
{
    if (keeps(from, to))
        return column;
    if (from.list || to.list || from.kind != FieldType::Kind::Scalar || to.kind != FieldType::Kind::Scalar)
        return {};
    if (from.scalar == Scalar::Int && to.scalar == Scalar::Float)
        return u"CAST(%1 AS REAL)"_s.arg(column);
    if ((from.scalar == Scalar::Int || from.scalar == Scalar::AWSTimestamp) && isText(to))
        return u"CAST(%1 AS TEXT)"_s.arg(column);
    return {};
}

// ---- values that become others ----

static std::optional<qint64> wholeNumber(const Value &value)
{
    if (value.kind() == Value::Kind::Boolean)
        return value.toBool() ? 1 : 0;
    if (value.kind() == Value::Kind::Text) {
        bool ok = false;
        const qint64 number = value.toText().toLongLong(&ok);
        return ok && QString::number(number) == value.toText() ? std::optional(number) : std::nullopt;
    }
    const qint64 number = value.toInteger();
    return Value(number) == value ? std::optional(number) : std::nullopt;
}

static QString textOf(double number)
{
    return Value(number).toJsonText();
}

static std::optional<Value> toFloat(const Value &value)
{
    switch (value.kind()) {
    case Value::Kind::Integer:
    case Value::Kind::Double:
        return Value(value.toDouble()) == value ? std::optional(Value(value.toDouble())) : std::nullopt;
    case Value::Kind::Text: {
        bool ok = false;
        const double number = value.toText().toDouble(&ok);
        const bool same = ok && std::isfinite(number) && textOf(number) == value.toText();
        return same ? std::optional(Value(number)) : std::nullopt;
    }
    case Value::Kind::Null:
    case Value::Kind::Boolean:
    case Value::Kind::List:
    case Value::Kind::Object:
        break;
    }
    return {};
}

static std::optional<Value> toBoolean(const Value &value)
{
    if (value.kind() == Value::Kind::Boolean)
        return value;
    if (value.kind() == Value::Kind::Text) {
        const bool isTrue = value.toText() == "true"_L1;
        return isTrue || value.toText() == "false"_L1 ? std::optional(Value(isTrue)) : std::nullopt;
    }
    const std::optional<qint64> number = wholeNumber(value);
    return number == 0 || number == 1 ? std::optional(Value(*number == 1)) : std::nullopt;
}

static std::optional<Value> toText(Scalar scalar, const Value &value)
{
    QString text;
    switch (value.kind()) {
    case Value::Kind::Text:
        text = value.toText();
        break;
    case Value::Kind::Boolean:
    case Value::Kind::Integer:
        text = value.toJsonText();
        break;
    case Value::Kind::Double:
        text = textOf(value.toDouble());
        break;
    case Value::Kind::Null:
    case Value::Kind::List:
    case Value::Kind::Object:
        if (scalar != Scalar::AWSJSON)
            return {};
        text = value.toJsonText();
        break;
    }
    return isValidScalar(scalar, text) ? std::optional(Value(text)) : std::nullopt;
}

static std::optional<Value> toScalar(Scalar scalar, const Value &value)
{
    switch (scalar) {
    case Scalar::Int:
    case Scalar::AWSTimestamp: {
        const std::optional<qint64> number = wholeNumber(value);
        using Range = std::numeric_limits<qint32>;
        const bool fits = number && (scalar == Scalar::AWSTimestamp || (*number >= Range::min() && *number <= Range::max()));
        return fits ? std::optional(Value(*number)) : std::nullopt;
    }
    case Scalar::Float:
        return toFloat(value);
    case Scalar::Boolean:
        return toBoolean(value);
    case Scalar::ID:
    case Scalar::String:
    case Scalar::AWSDate:
    case Scalar::AWSTime:
    case Scalar::AWSDateTime:
    case Scalar::AWSEmail:
    case Scalar::AWSJSON:
    case Scalar::AWSURL:
    case Scalar::AWSPhone:
    case Scalar::AWSIPAddress:
        break;
    }
    return toText(scalar, value);
}

std::optional<Value> ValueConversion::toEnum(const FieldType &to, const Value &value) const
{
    const EnumType *type = m_newer.enumType(to.name);
    if (!type || value.kind() != Value::Kind::Text)
        return {};
    if (type->values.contains(value.toText()))
        return value;
    const auto renamed = type->renamedValues.constFind(value.toText());
    return renamed == type->renamedValues.cend() ? std::nullopt : std::optional(Value(*renamed));
}

// JSON text stands for the list or object it describes.
static Value parsed(const Value &value)
{
    if (value.kind() != Value::Kind::Text)
        return value;
    const QJsonDocument document = parseJson(value.toText().toUtf8());
    if (document.isArray())
        return Value::fromJson(document.array());
    return document.isObject() ? Value::fromJson(document.object()) : value;
}

std::optional<Value> ValueConversion::toList(const FieldType &to, const Value &value, const FieldType *from) const
{
    FieldType element = to;
    element.list = false;
    element.required = to.elementRequired;
    const Value source = isStoredAsText(to) ? value : parsed(value);
    const Value::List values = source.kind() == Value::Kind::List ? source.toList() : Value::List{source};
    Value::List list;
    list.reserve(values.size());
    for (const Value &each : values) {
        std::optional<Value> converted = convert(element, each, from);
        if (!converted || (converted->isNull() && to.elementRequired))
            return {};
        list.append(std::move(*converted));
    }
    return Value(std::move(list));
}

static const SchemaField *fieldOf(const EmbeddedType *type, const QString &name)
{
    if (!type)
        return nullptr;
    const auto found = std::find_if(type->fields.begin(), type->fields.end(), [&](const SchemaField &field) { return field.name == name; });
    return found == type->fields.end() ? nullptr : &*found;
}

static QString nameIn(const Value &object, const SchemaField &field)
{
    for (const QString &name : QStringList{field.name} + field.renamedFrom) {
        if (!object.member(name).isNull())
            return name;
    }
    return {};
}

/*
    A member that the older type had decides whether the whole is kept. One that it lacked was left by a still older type
    of that name: what does not fit is kept under a name that no schema can have.
*/
std::optional<Value> ValueConversion::toEmbedded(const FieldType &to, const Value &value, const FieldType *from) const
{
    const EmbeddedType *type = m_newer.embeddedType(to.name);
    const EmbeddedType *before = from ? m_older.embeddedType(from->name) : nullptr;
    const Value object = parsed(value);
    if (!type || object.kind() != Value::Kind::Object)
        return {};
    Value::Object members;
    QSet<QString> used;
    QStringList left;
    for (const SchemaField &field : type->fields) {
        const QString name = nameIn(object, field);
        const SchemaField *known = fieldOf(before, name);
        const std::optional<Value> converted = convert(field.type, object.member(name), known ? &known->type : nullptr);
        const bool fits = converted && !(converted->isNull() && field.type.required);
        if (!fits && (!before || known || field.type.required))
            return {};
        if (!fits)
            left.append(name);
        else if (!converted->isNull())
            members.emplaceBack(field.name, *converted);
        used.insert(name);
    }
    for (const auto &[name, member] : object.toObject()) {
        if (left.contains(name))
            members.emplaceBack(u'$' + name, member);
        else if (!used.contains(name) && !member.isNull() && !fieldOf(type, name))
            members.emplaceBack(name, member);
    }
    return Value(std::move(members));
}

std::optional<Value> ValueConversion::convert(const FieldType &to, const Value &value, const FieldType *from) const
{
    if (value.isNull())
        return Value();
    if (to.list)
        return toList(to, value, from);
    const bool takesLists = to.kind == FieldType::Kind::Scalar && to.scalar == Scalar::AWSJSON;
    if (value.kind() == Value::Kind::List && !takesLists) {
        const Value::List list = value.toList();
        if (list.size() > 1)
            return {};
        return list.isEmpty() ? Value() : convert(to, list.first(), from);
    }
    switch (to.kind) {
    case FieldType::Kind::Scalar:
        return toScalar(to.scalar, value);
    case FieldType::Kind::Enum:
        return toEnum(to, value);
    case FieldType::Kind::Embedded:
        return toEmbedded(to, value, from);
    }
    return {};
}

} // namespace Tideline
