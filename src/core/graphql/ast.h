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

/*! \class Tideline::GraphQL::Location
    \inmodule Tideline
    \since 0.1
    \brief Where a node stands: half-open, in UTF-16 units from the start of the source. */
struct Location
{
    qint32 start = 0;
    qint32 end = 0;
    friend bool operator==(const Location &, const Location &) = default;
};

/*! \class Tideline::GraphQL::Name
    \inmodule Tideline
    \since 0.1
    \brief A name and its place. */
struct Name
{
    QString value;
    Location loc;
};

// ---- values ----

struct Value;

/*! \class Tideline::GraphQL::Variable
    \inmodule Tideline
    \since 0.1
    \brief The use of a variable; the name has no dollar sign. */
struct Variable { Name name; Location loc; };

/*! \class Tideline::GraphQL::IntValue
    \inmodule Tideline
    \since 0.1
    \brief An integer as it was written. */
struct IntValue { QString value; Location loc; };

/*! \class Tideline::GraphQL::FloatValue
    \inmodule Tideline
    \since 0.1
    \brief A number with a fraction or an exponent, as it was written. */
struct FloatValue { QString value; Location loc; };

/*! \class Tideline::GraphQL::StringValue
    \inmodule Tideline
    \since 0.1
    \brief A string: the text it stands for, and whether it was a block string. */
struct StringValue { QString value; bool block = false; Location loc; };

/*! \class Tideline::GraphQL::BooleanValue
    \inmodule Tideline
    \since 0.1
    \brief \c true or \c false. */
struct BooleanValue { bool value = false; Location loc; };

/*! \class Tideline::GraphQL::NullValue
    \inmodule Tideline
    \since 0.1
    \brief The value \c null. */
struct NullValue { Location loc; };

/*! \class Tideline::GraphQL::EnumValue
    \inmodule Tideline
    \since 0.1
    \brief A name in the place of a value. */
struct EnumValue { QString value; Location loc; };

/*! \class Tideline::GraphQL::ListValue
    \inmodule Tideline
    \since 0.1
    \brief A list of values. */
struct ListValue { std::vector<Value> values; Location loc; };
struct ObjectField;

/*! \class Tideline::GraphQL::ObjectValue
    \inmodule Tideline
    \since 0.1
    \brief An input object; fields in source order, repeated names included. */
struct ObjectValue { std::vector<ObjectField> fields; Location loc; };

/*! \class Tideline::GraphQL::Value
    \inmodule Tideline
    \since 0.1
    \brief A value of any kind. */
struct Value
{
    std::variant<NullValue, Variable, IntValue, FloatValue, StringValue, BooleanValue, EnumValue,
                 ListValue, ObjectValue> node;
};

/*! \class Tideline::GraphQL::ObjectField
    \inmodule Tideline
    \since 0.1
    \brief One field of an input object. */
struct ObjectField { Name name; Value value; Location loc; };

/*! \class Tideline::GraphQL::Argument
    \inmodule Tideline
    \since 0.1
    \brief A named value given to a field or directive. */
struct Argument { Name name; Value value; Location loc; };

/*! \class Tideline::GraphQL::Directive
    \inmodule Tideline
    \since 0.1
    \brief The use of a directive; the name has no at sign. */
struct Directive { Name name; std::vector<Argument> arguments; Location loc; };
using Directives = std::vector<Directive>;

// ---- type references ----

/*! \class Tideline::GraphQL::TypeReference
    \inmodule Tideline
    \since 0.1
    \brief A type in the place of use: named, a list of one, or one that is never null. */
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

/*! \class Tideline::GraphQL::SelectionSet
    \inmodule Tideline
    \since 0.1
    \brief What stands between braces in an operation; never empty after parse(). */
struct SelectionSet { std::vector<Selection> selections; Location loc; };

/*! \class Tideline::GraphQL::Field
    \inmodule Tideline
    \since 0.1
    \brief A selected field. */
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

/*! \class Tideline::GraphQL::FragmentSpread
    \inmodule Tideline
    \since 0.1
    \brief The use of a named fragment. */
struct FragmentSpread { Name name; Directives directives; Location loc; };

/*! \class Tideline::GraphQL::InlineFragment
    \inmodule Tideline
    \since 0.1
    \brief Selections with their own type condition or directives. */
struct InlineFragment
{
    std::optional<TypeReference> typeCondition;         // a Named
    Directives directives;
    SelectionSet selectionSet;
    Location loc;
};

/*! \class Tideline::GraphQL::Selection
    \inmodule Tideline
    \since 0.1
    \brief A field, a fragment spread or an inline fragment. */
struct Selection
{
    std::variant<Field, FragmentSpread, InlineFragment> node;
};

/*! \enum Tideline::GraphQL::OperationType
    \since 0.1
    What an operation does. */
enum class OperationType { Query, Mutation, Subscription };

/*! \class Tideline::GraphQL::VariableDefinition
    \inmodule Tideline
    \since 0.1
    \brief The declaration of a variable of an operation. */
struct VariableDefinition
{
    std::optional<StringValue> description;
    Variable variable;
    TypeReference type;
    std::optional<Value> defaultValue;
    Directives directives;
    Location loc;
};

/*! \class Tideline::GraphQL::OperationDefinition
    \inmodule Tideline
    \since 0.1
    \brief A query, mutation or subscription. */
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

/*! \class Tideline::GraphQL::FragmentDefinition
    \inmodule Tideline
    \since 0.1
    \brief A named fragment. */
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

/*! \class Tideline::GraphQL::OperationTypeDefinition
    \inmodule Tideline
    \since 0.1
    \brief Which type an operation starts at. */
struct OperationTypeDefinition { OperationType operation = OperationType::Query; TypeReference type; Location loc; };

/*! \class Tideline::GraphQL::SchemaDefinition
    \inmodule Tideline
    \since 0.1
    \brief The schema, or an extension of it. */
struct SchemaDefinition
{
    bool extension = false;
    std::optional<StringValue> description;
    Directives directives;
    std::vector<OperationTypeDefinition> operationTypes;
    Location loc;
};

/*! \class Tideline::GraphQL::InputValueDefinition
    \inmodule Tideline
    \since 0.1
    \brief An argument of a field or directive, or a field of an input type. */
struct InputValueDefinition
{
    std::optional<StringValue> description;
    Name name;
    TypeReference type;
    std::optional<Value> defaultValue;
    Directives directives;
    Location loc;
};

/*! \class Tideline::GraphQL::FieldDefinition
    \inmodule Tideline
    \since 0.1
    \brief A field of an object or interface type. */
struct FieldDefinition
{
    std::optional<StringValue> description;
    Name name;
    std::vector<InputValueDefinition> arguments;
    TypeReference type;
    Directives directives;
    Location loc;
};

/*! \class Tideline::GraphQL::EnumValueDefinition
    \inmodule Tideline
    \since 0.1
    \brief One value of an enum type. */
struct EnumValueDefinition
{
    std::optional<StringValue> description;
    Name name;
    Directives directives;
    Location loc;
};

/*! \class Tideline::GraphQL::TypeDefinition
    \inmodule Tideline
    \since 0.1
    \brief A type, or an extension of one; only the lists of its kind are filled. */
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

/*! \class Tideline::GraphQL::DirectiveDefinition
    \inmodule Tideline
    \since 0.1
    \brief The declaration of a directive. */
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

/*! \class Tideline::GraphQL::Document
    \inmodule Tideline
    \since 0.1
    \brief All definitions of one source, in source order. */
struct Document
{
    std::vector<Definition> definitions;
    Location loc;
};

} // namespace Tideline::GraphQL
