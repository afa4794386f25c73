// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QString>

#include <memory>
#include <optional>
#include <variant>
#include <vector>

/*!
    The syntax tree of a GraphQL document: the complete October 2021 language, executable and
    type system. Plain values; the shape follows graphql-js so that its documentation applies.
*/
namespace Tideline::GraphQL {

struct Location                 // half-open, in UTF-16 units from the start of the source
{
    qint32 start = 0;
    qint32 end = 0;
    friend bool operator==(const Location &, const Location &) = default;
};

struct Name
{
    QString value;
    Location loc;
};

// ---- values ----

struct Value;
struct Variable { Name name; Location loc; };
struct IntValue { QString value; Location loc; };
struct FloatValue { QString value; Location loc; };
struct StringValue { QString value; bool block = false; Location loc; };
struct BooleanValue { bool value = false; Location loc; };
struct NullValue { Location loc; };
struct EnumValue { QString value; Location loc; };
struct ListValue { std::vector<Value> values; Location loc; };
struct ObjectField;
struct ObjectValue { std::vector<ObjectField> fields; Location loc; };

struct Value
{
    std::variant<NullValue, Variable, IntValue, FloatValue, StringValue, BooleanValue, EnumValue,
                 ListValue, ObjectValue> node;
};

struct ObjectField { Name name; Value value; Location loc; };

struct Argument { Name name; Value value; Location loc; };

struct Directive { Name name; std::vector<Argument> arguments; Location loc; };
using Directives = std::vector<Directive>;

// ---- type references ----

struct TypeReference
{
    enum class Kind { Named, List, NonNull };

    Kind kind = Kind::Named;
    Name name;                                          // of a Named
    std::shared_ptr<const TypeReference> inner;         // of a List or NonNull
    Location loc;
};

// ---- executable definitions ----

struct Selection;
struct SelectionSet { std::vector<Selection> selections; Location loc; };

struct Field
{
    std::optional<Name> alias;
    Name name;
    std::vector<Argument> arguments;
    Directives directives;
    std::optional<SelectionSet> selectionSet;
    Location loc;

    [[nodiscard]] const QString &responseKey() const { return alias ? alias->value : name.value; }
};

struct FragmentSpread { Name name; Directives directives; Location loc; };

struct InlineFragment
{
    std::optional<TypeReference> typeCondition;         // a Named
    Directives directives;
    SelectionSet selectionSet;
    Location loc;
};

struct Selection
{
    std::variant<Field, FragmentSpread, InlineFragment> node;
};

enum class OperationType { Query, Mutation, Subscription };

struct VariableDefinition
{
    std::optional<StringValue> description;
    Variable variable;
    TypeReference type;
    std::optional<Value> defaultValue;
    Directives directives;
    Location loc;
};

struct OperationDefinition
{
    std::optional<StringValue> description;
    OperationType operation = OperationType::Query;
    std::optional<Name> name;
    std::vector<VariableDefinition> variableDefinitions;
    Directives directives;
    SelectionSet selectionSet;
    Location loc;
};

struct FragmentDefinition
{
    std::optional<StringValue> description;
    Name name;
    TypeReference typeCondition;                        // a Named
    Directives directives;
    SelectionSet selectionSet;
    Location loc;
};

// ---- type system definitions; extensions are the same structures with extension == true ----

struct OperationTypeDefinition { OperationType operation = OperationType::Query; TypeReference type; Location loc; };

struct SchemaDefinition
{
    bool extension = false;
    std::optional<StringValue> description;
    Directives directives;
    std::vector<OperationTypeDefinition> operationTypes;
    Location loc;
};

struct InputValueDefinition
{
    std::optional<StringValue> description;
    Name name;
    TypeReference type;
    std::optional<Value> defaultValue;
    Directives directives;
    Location loc;
};

struct FieldDefinition
{
    std::optional<StringValue> description;
    Name name;
    std::vector<InputValueDefinition> arguments;
    TypeReference type;
    Directives directives;
    Location loc;
};

struct EnumValueDefinition
{
    std::optional<StringValue> description;
    Name name;
    Directives directives;
    Location loc;
};

struct TypeDefinition
{
    enum class Kind { Scalar, Object, Interface, Union, Enum, InputObject };

    Kind kind = Kind::Object;
    bool extension = false;
    std::optional<StringValue> description;
    Name name;
    Directives directives;
    std::vector<TypeReference> interfaces;              // Object, Interface
    std::vector<FieldDefinition> fields;                // Object, Interface
    std::vector<TypeReference> types;                   // Union
    std::vector<EnumValueDefinition> values;            // Enum
    std::vector<InputValueDefinition> inputFields;      // InputObject
    Location loc;
};

struct DirectiveDefinition
{
    std::optional<StringValue> description;
    Name name;
    std::vector<InputValueDefinition> arguments;
    bool repeatable = false;
    std::vector<Name> locations;
    Location loc;
};

using Definition = std::variant<OperationDefinition, FragmentDefinition, SchemaDefinition, TypeDefinition,
                                DirectiveDefinition>;

struct Document
{
    std::vector<Definition> definitions;
    Location loc;
};

} // namespace Tideline::GraphQL
