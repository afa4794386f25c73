// SPDX-License-Identifier: MIT
#include "core/graphql/printer.h"

#include <QtCore/QJsonArray>

namespace Tideline::GraphQL {

using namespace Qt::StringLiterals;

namespace {

// Each answers the node as graphql-js has it; a field that is undefined there is absent here.
QJsonObject json(const Name &name);
QJsonObject json(const Variable &variable);
QJsonObject json(const IntValue &value);
QJsonObject json(const FloatValue &value);
QJsonObject json(const StringValue &value);
QJsonObject json(const BooleanValue &value);
QJsonObject json(const NullValue &value);
QJsonObject json(const EnumValue &value);
QJsonObject json(const ListValue &list);
QJsonObject json(const ObjectValue &object);
QJsonObject json(const ObjectField &field);
QJsonObject json(const Value &value);
QJsonObject json(const Argument &argument);
QJsonObject json(const Directive &directive);
QJsonObject json(const TypeReference &type);
QJsonObject json(const Selection &selection);
QJsonObject json(const SelectionSet &set);
QJsonObject json(const Field &field);
QJsonObject json(const FragmentSpread &spread);
QJsonObject json(const InlineFragment &fragment);
QJsonObject json(const VariableDefinition &definition);
QJsonObject json(const OperationDefinition &operation);
QJsonObject json(const FragmentDefinition &fragment);
QJsonObject json(const OperationTypeDefinition &definition);
QJsonObject json(const SchemaDefinition &schema);
QJsonObject json(const InputValueDefinition &input);
QJsonObject json(const FieldDefinition &field);
QJsonObject json(const EnumValueDefinition &value);
QJsonObject json(const TypeDefinition &type);
QJsonObject json(const DirectiveDefinition &directive);

QJsonObject node(QLatin1StringView kind, const Location &loc)
{
    return {{u"kind"_s, QString(kind)}, {u"loc"_s, QJsonArray{loc.start, loc.end}}};
}

template<typename T>
QJsonArray jsonArray(const std::vector<T> &items)
{
    QJsonArray array;
    for (const T &item : items)
        array.append(json(item));
    return array;
}

template<typename T>
void insert(QJsonObject &object, const QString &key, const std::optional<T> &value)
{
    if (value)
        object.insert(key, json(*value));
}

QString nameOf(OperationType operation)
{
    switch (operation) {
    case OperationType::Query: return u"query"_s;
    case OperationType::Mutation: return u"mutation"_s;
    case OperationType::Subscription: return u"subscription"_s;
    }
    Q_UNREACHABLE();
}

QJsonObject valueNode(QLatin1StringView kind, const QJsonValue &value, const Location &loc)
{
    QJsonObject object = node(kind, loc);
    object.insert(u"value"_s, value);
    return object;
}

QJsonObject json(const Name &name)
{
    return valueNode("Name"_L1, name.value, name.loc);
}

QJsonObject json(const Variable &variable)
{
    QJsonObject object = node("Variable"_L1, variable.loc);
    object.insert(u"name"_s, json(variable.name));
    return object;
}

QJsonObject json(const IntValue &value)
{
    return valueNode("IntValue"_L1, value.value, value.loc);
}

QJsonObject json(const FloatValue &value)
{
    return valueNode("FloatValue"_L1, value.value, value.loc);
}

QJsonObject json(const StringValue &value)
{
    QJsonObject object = valueNode("StringValue"_L1, value.value, value.loc);
    object.insert(u"block"_s, value.block);
    return object;
}

QJsonObject json(const BooleanValue &value)
{
    return valueNode("BooleanValue"_L1, value.value, value.loc);
}

QJsonObject json(const NullValue &value)
{
    return node("NullValue"_L1, value.loc);
}

QJsonObject json(const EnumValue &value)
{
    return valueNode("EnumValue"_L1, value.value, value.loc);
}

QJsonObject json(const ListValue &list)
{
    QJsonObject object = node("ListValue"_L1, list.loc);
    object.insert(u"values"_s, jsonArray(list.values));
    return object;
}

QJsonObject json(const ObjectValue &value)
{
    QJsonObject object = node("ObjectValue"_L1, value.loc);
    object.insert(u"fields"_s, jsonArray(value.fields));
    return object;
}

QJsonObject json(const ObjectField &field)
{
    QJsonObject object = valueNode("ObjectField"_L1, json(field.value), field.loc);
    object.insert(u"name"_s, json(field.name));
    return object;
}

QJsonObject json(const Value &value)
{
    return std::visit([](const auto &node) { return json(node); }, value.node);
}

QJsonObject json(const Argument &argument)
{
    QJsonObject object = valueNode("Argument"_L1, json(argument.value), argument.loc);
    object.insert(u"name"_s, json(argument.name));
    return object;
}

QJsonObject json(const Directive &directive)
{
    QJsonObject object = node("Directive"_L1, directive.loc);
    object.insert(u"name"_s, json(directive.name));
    object.insert(u"arguments"_s, jsonArray(directive.arguments));
    return object;
}

QJsonObject json(const TypeReference &type)
{
    if (type.kind == TypeReference::Kind::Named) {
        QJsonObject object = node("NamedType"_L1, type.loc);
        object.insert(u"name"_s, json(type.name));
        return object;
    }
    QJsonObject object = node(type.kind == TypeReference::Kind::List ? "ListType"_L1 : "NonNullType"_L1, type.loc);
    object.insert(u"type"_s, json(*type.inner));
    return object;
}

QJsonObject json(const Selection &selection)
{
    return std::visit([](const auto &node) { return json(node); }, selection.node);
}

QJsonObject json(const SelectionSet &set)
{
    QJsonObject object = node("SelectionSet"_L1, set.loc);
    object.insert(u"selections"_s, jsonArray(set.selections));
    return object;
}

QJsonObject json(const Field &field)
{
    QJsonObject object = node("Field"_L1, field.loc);
    insert(object, u"alias"_s, field.alias);
    object.insert(u"name"_s, json(field.name));
    object.insert(u"arguments"_s, jsonArray(field.arguments));
    object.insert(u"directives"_s, jsonArray(field.directives));
    insert(object, u"selectionSet"_s, field.selectionSet);
    return object;
}

QJsonObject json(const FragmentSpread &spread)
{
    QJsonObject object = node("FragmentSpread"_L1, spread.loc);
    object.insert(u"name"_s, json(spread.name));
    object.insert(u"directives"_s, jsonArray(spread.directives));
    return object;
}

QJsonObject json(const InlineFragment &fragment)
{
    QJsonObject object = node("InlineFragment"_L1, fragment.loc);
    insert(object, u"typeCondition"_s, fragment.typeCondition);
    object.insert(u"directives"_s, jsonArray(fragment.directives));
    object.insert(u"selectionSet"_s, json(fragment.selectionSet));
    return object;
}

QJsonObject json(const VariableDefinition &definition)
{
    QJsonObject object = node("VariableDefinition"_L1, definition.loc);
    insert(object, u"description"_s, definition.description);
    object.insert(u"variable"_s, json(definition.variable));
    object.insert(u"type"_s, json(definition.type));
    insert(object, u"defaultValue"_s, definition.defaultValue);
    object.insert(u"directives"_s, jsonArray(definition.directives));
    return object;
}

QJsonObject json(const OperationDefinition &operation)
{
    QJsonObject object = node("OperationDefinition"_L1, operation.loc);
    insert(object, u"description"_s, operation.description);
    object.insert(u"operation"_s, nameOf(operation.operation));
    insert(object, u"name"_s, operation.name);
    object.insert(u"variableDefinitions"_s, jsonArray(operation.variableDefinitions));
    object.insert(u"directives"_s, jsonArray(operation.directives));
    object.insert(u"selectionSet"_s, json(operation.selectionSet));
    return object;
}

QJsonObject json(const FragmentDefinition &fragment)
{
    QJsonObject object = node("FragmentDefinition"_L1, fragment.loc);
    insert(object, u"description"_s, fragment.description);
    object.insert(u"name"_s, json(fragment.name));
    object.insert(u"typeCondition"_s, json(fragment.typeCondition));
    object.insert(u"directives"_s, jsonArray(fragment.directives));
    object.insert(u"selectionSet"_s, json(fragment.selectionSet));
    return object;
}

QJsonObject json(const OperationTypeDefinition &definition)
{
    QJsonObject object = node("OperationTypeDefinition"_L1, definition.loc);
    object.insert(u"operation"_s, nameOf(definition.operation));
    object.insert(u"type"_s, json(definition.type));
    return object;
}

QJsonObject json(const SchemaDefinition &schema)
{
    QJsonObject object = node(schema.extension ? "SchemaExtension"_L1 : "SchemaDefinition"_L1, schema.loc);
    insert(object, u"description"_s, schema.description);
    object.insert(u"directives"_s, jsonArray(schema.directives));
    object.insert(u"operationTypes"_s, jsonArray(schema.operationTypes));
    return object;
}

QJsonObject json(const InputValueDefinition &input)
{
    QJsonObject object = node("InputValueDefinition"_L1, input.loc);
    insert(object, u"description"_s, input.description);
    object.insert(u"name"_s, json(input.name));
    object.insert(u"type"_s, json(input.type));
    insert(object, u"defaultValue"_s, input.defaultValue);
    object.insert(u"directives"_s, jsonArray(input.directives));
    return object;
}

QJsonObject json(const FieldDefinition &field)
{
    QJsonObject object = node("FieldDefinition"_L1, field.loc);
    insert(object, u"description"_s, field.description);
    object.insert(u"name"_s, json(field.name));
    object.insert(u"arguments"_s, jsonArray(field.arguments));
    object.insert(u"type"_s, json(field.type));
    object.insert(u"directives"_s, jsonArray(field.directives));
    return object;
}

QJsonObject json(const EnumValueDefinition &value)
{
    QJsonObject object = node("EnumValueDefinition"_L1, value.loc);
    insert(object, u"description"_s, value.description);
    object.insert(u"name"_s, json(value.name));
    object.insert(u"directives"_s, jsonArray(value.directives));
    return object;
}

QLatin1StringView nameOf(TypeDefinition::Kind kind)
{
    switch (kind) {
    case TypeDefinition::Kind::Scalar: return "ScalarType"_L1;
    case TypeDefinition::Kind::Object: return "ObjectType"_L1;
    case TypeDefinition::Kind::Interface: return "InterfaceType"_L1;
    case TypeDefinition::Kind::Union: return "UnionType"_L1;
    case TypeDefinition::Kind::Enum: return "EnumType"_L1;
    case TypeDefinition::Kind::InputObject: return "InputObjectType"_L1;
    }
    Q_UNREACHABLE();
}

QJsonObject json(const TypeDefinition &type)
{
    QJsonObject object = node({}, type.loc);
    object.insert(u"kind"_s, nameOf(type.kind) + (type.extension ? u"Extension"_s : u"Definition"_s));
    insert(object, u"description"_s, type.description);
    object.insert(u"name"_s, json(type.name));
    object.insert(u"directives"_s, jsonArray(type.directives));
    switch (type.kind) {
    case TypeDefinition::Kind::Scalar:
        break;
    case TypeDefinition::Kind::Object:
    case TypeDefinition::Kind::Interface:
        object.insert(u"interfaces"_s, jsonArray(type.interfaces));
        object.insert(u"fields"_s, jsonArray(type.fields));
        break;
    case TypeDefinition::Kind::Union:
        object.insert(u"types"_s, jsonArray(type.types));
        break;
    case TypeDefinition::Kind::Enum:
        object.insert(u"values"_s, jsonArray(type.values));
        break;
    case TypeDefinition::Kind::InputObject:
        object.insert(u"fields"_s, jsonArray(type.inputFields));
        break;
    }
    return object;
}

QJsonObject json(const DirectiveDefinition &directive)
{
    QJsonObject object = node("DirectiveDefinition"_L1, directive.loc);
    insert(object, u"description"_s, directive.description);
    object.insert(u"name"_s, json(directive.name));
    object.insert(u"arguments"_s, jsonArray(directive.arguments));
    object.insert(u"directives"_s, QJsonArray());       // graphql-js has them, the language has not
    object.insert(u"repeatable"_s, directive.repeatable);
    object.insert(u"locations"_s, jsonArray(directive.locations));
    return object;
}

} // namespace

/*!
    \since 0.1
    \a document in the shape of graphql-js's syntax tree: "kind", the fields of the kind, "loc" as
    [start, end] in UTF-16 units.
*/
QJsonObject toJson(const Document &document)
{
    QJsonObject object = node("Document"_L1, document.loc);
    QJsonArray definitions;
    for (const Definition &definition : document.definitions)
        definitions.append(std::visit([](const auto &node) { return json(node); }, definition));
    object.insert(u"definitions"_s, definitions);
    return object;
}

} // namespace Tideline::GraphQL
