// SPDX-License-Identifier: MIT
#include "core/schema/astbuilder_p.h"

namespace Tideline::GraphQL {

TypeReference named(const QString &name, const Location &loc)
{
    return {TypeReference::Kind::Named, {name, loc}, nullptr, loc};
}

TypeReference listOf(const TypeReference &inner)
{
    return {TypeReference::Kind::List, {}, std::make_shared<const TypeReference>(inner), inner.loc};
}

TypeReference nonNull(const TypeReference &inner)
{
    return {TypeReference::Kind::NonNull, {}, std::make_shared<const TypeReference>(inner), inner.loc};
}

Value stringValue(const QString &text, const Location &loc)
{
    return {StringValue{text, false, loc}};
}

Value stringList(const QStringList &texts, const Location &loc)
{
    ListValue list;
    list.loc = loc;
    for (const QString &text : texts)
        list.values.push_back(stringValue(text, loc));
    return {std::move(list)};
}

Argument argument(const QString &name, Value value, const Location &loc)
{
    return {{name, loc}, std::move(value), loc};
}

Directive directive(const QString &name, std::vector<Argument> arguments, const Location &loc)
{
    return {{name, loc}, std::move(arguments), loc};
}

FieldDefinition field(const QString &name, const TypeReference &type, const Location &loc)
{
    FieldDefinition field;
    field.name = {name, loc};
    field.type = type;
    field.loc = loc;
    return field;
}

InputValueDefinition input(const QString &name, const TypeReference &type)
{
    InputValueDefinition input;
    input.name = {name, {}};
    input.type = type;
    return input;
}

TypeDefinition type(TypeDefinition::Kind kind, const QString &name, const Location &loc)
{
    TypeDefinition type;
    type.kind = kind;
    type.name = {name, loc};
    type.loc = loc;
    return type;
}

} // namespace Tideline::GraphQL
