// SPDX-License-Identifier: MIT
#include "server/storage/valuenames.h"

#include <QtCore/QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static const SchemaField *member(const EmbeddedType &type, const QString &name)
{
    const auto found = std::ranges::find(type.fields, name, &SchemaField::name);
    return found == type.fields.end() ? nullptr : &*found;
}

// The member that was called \a name, if none is now.
static const SchemaField *successor(const EmbeddedType &type, const QString &name)
{
    const auto found = std::ranges::find_if(type.fields, [&](const SchemaField &field) { return field.renamedFrom.contains(name); });
    return member(type, name) || found == type.fields.end() ? nullptr : &*found;
}

static QString valueNow(const EnumType &type, const QString &value)
{
    return type.values.contains(value) ? value : type.renamedValues.value(value, value);
}

static bool isName(const QString &text)
{
    return std::ranges::all_of(text, [](QChar c) { return c == u'_' || (c.unicode() < 128 && c.isLetterOrNumber()); });
}

void ValueNames::collectFormers(const FieldType &type, QSet<QString> &names, QSet<QString> &seen) const
{
    if (type.kind == FieldType::Kind::Scalar || seen.contains(type.name))
        return;
    seen.insert(type.name);
    if (const EnumType *enumType = m_schema.enumType(type.name)) {
        for (auto it = enumType->renamedValues.keyBegin(); it != enumType->renamedValues.keyEnd(); ++it) {
            if (isName(*it) && !enumType->values.contains(*it))
                names.insert(*it);
        }
    }
    if (const EmbeddedType *embedded = m_schema.embeddedType(type.name)) {
        for (const SchemaField &field : embedded->fields) {
            for (const QString &former : field.renamedFrom) {
                if (isName(former) && !member(*embedded, former))
                    names.insert(former);
            }
            collectFormers(field.type, names, seen);
        }
    }
}

QStringList ValueNames::formers(const FieldType &type) const
{
    QSet<QString> names, seen;
    collectFormers(type, names, seen);
    QStringList sorted(names.begin(), names.end());
    sorted.sort();
    return sorted;
}

static FieldType elementOf(const FieldType &type)
{
    FieldType element = type;
    element.list = false;
    return element;
}

Value ValueNames::renamedMembers(const EmbeddedType &type, const Value &value, Strangers strangers) const
{
    Value::Object members;
    for (const auto &[name, content] : value.toObject()) {
        const SchemaField *now = successor(type, name);
        if (now && !value.member(now->name).isNull())
            now = nullptr;
        const SchemaField *field = now ? now : member(type, name);
        if (field)
            members.emplaceBack(field->name, renamed(field->type, content, strangers));
        else if (strangers == Strangers::Keep)
            members.emplaceBack(name, content);
    }
    return members;
}

Value ValueNames::renamed(const FieldType &type, const Value &value, Strangers strangers) const
{
    if (type.list && value.kind() == Value::Kind::List) {
        Value::List list = value.toList();
        for (Value &element : list)
            element = renamed(elementOf(type), element, strangers);
        return list;
    }
    if (const EnumType *enumType = m_schema.enumType(type.name); enumType && value.kind() == Value::Kind::Text)
        return valueNow(*enumType, value.toText());
    const EmbeddedType *embedded = m_schema.embeddedType(type.name);
    return embedded && value.kind() == Value::Kind::Object ? renamedMembers(*embedded, value, strangers) : value;
}

// ---- what they were ----

static QString textOf(const FieldType &type)
{
    return type.list ? u'[' + type.name + (type.elementRequired ? u"!]"_s : u"]"_s) : type.name;
}

void ValueNames::describe(const FieldType &type, QJsonObject &types) const
{
    if (type.kind == FieldType::Kind::Scalar || types.contains(type.name))
        return;
    if (const EnumType *enumType = m_schema.enumType(type.name))
        types.insert(type.name, QJsonArray::fromStringList(enumType->values));
    if (const EmbeddedType *embedded = m_schema.embeddedType(type.name)) {
        QJsonObject members;
        for (const SchemaField &field : embedded->fields)
            members.insert(field.name, textOf(field.type) + (field.type.required ? u"!"_s : QString()));
        types.insert(type.name, members);
        for (const SchemaField &field : embedded->fields)
            describe(field.type, types);
    }
}

QJsonObject ValueNames::describe(const ModelType &model) const
{
    QJsonObject fields, types;
    for (const SchemaField &field : model.fields) {
        fields.insert(field.name, textOf(field.type));
        describe(field.type, types);
    }
    return {{u"fields"_s, fields}, {u"types"_s, types}};
}

static QJsonValue describedAs(const QJsonObject &described, const SchemaField &field)
{
    for (const QString &name : QStringList(field.name) + field.renamedFrom) {
        if (described.contains(name))
            return described.value(name);
    }
    return QJsonValue::Undefined;
}

bool ValueNames::mayMisfit(const FieldType &type, const QJsonObject &types, QSet<QString> &seen) const
{
    if (type.kind == FieldType::Kind::Scalar || seen.contains(type.name))
        return false;
    seen.insert(type.name);
    if (const EnumType *enumType = m_schema.enumType(type.name)) {
        const QJsonArray values = types.value(type.name).toArray();
        return std::ranges::any_of(values, [&](const QJsonValue &value) { return !enumType->values.contains(valueNow(*enumType, value.toString())); });
    }
    const EmbeddedType *embedded = m_schema.embeddedType(type.name);
    const QJsonObject members = types.value(type.name).toObject();
    const auto isTaken = [&](const QString &name) { return member(*embedded, name) || successor(*embedded, name); };
    const auto fits = [&](const SchemaField &field) {
        const QString before = describedAs(members, field).toString(), now = textOf(field.type);
        return (before == now || before == now + u'!') && (before.endsWith(u'!') || !field.type.required) && !mayMisfit(field.type, types, seen);
    };
    const QStringList names = members.keys();
    return !std::ranges::all_of(names, isTaken) || !std::ranges::all_of(embedded->fields, [&](const SchemaField &field) {
        return fits(field) || (describedAs(members, field).isUndefined() && !field.type.required);
    });
}

bool ValueNames::mayMisfit(const SchemaField &field, const QJsonObject &described) const
{
    const QJsonValue before = describedAs(described.value(u"fields"_s).toObject(), field);
    QSet<QString> seen;
    return !before.isUndefined() && (before.toString() != textOf(field.type) || mayMisfit(field.type, described.value(u"types"_s).toObject(), seen));
}

} // namespace Tideline::Server
