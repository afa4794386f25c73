// SPDX-License-Identifier: MIT
#include "core/schema/schemacontext_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

// Checks of what a schema may contain beside models, embedded types and enums.
namespace Tideline {

using GraphQL::TypeDefinition;

static const TypeDefinition *find(SchemaContext &context, const GraphQL::TypeReference &type, const Place &place)
{
    const QString name = namedType(type).name.value;
    if (scalarOf(name))
        return nullptr;
    const TypeDefinition *definition = context.type(name);
    if (!definition) {
        QStringList known;
        for (const auto &one : context.types)
            known.append(one->name.value);
        context.problems.add({namedType(type).loc, place.model, place.field},
                             u"Unknown type %1.%2"_s.arg(quoted(name), didYouMean(name, known)));
    }
    return definition;
}

static void checkInput(SchemaContext &context, const GraphQL::InputValueDefinition &input, const Place &place)
{
    const TypeDefinition *type = find(context, input.type, place);
    if (type && type->kind != TypeDefinition::Kind::InputObject && type->kind != TypeDefinition::Kind::Enum) {
        context.problems.add({namedType(input.type).loc, place.model, place.field},
                             u"%1 is no input type. Use a scalar, an enum or an input type for %2."_s
                                 .arg(quoted(type->name.value), quoted(input.name.value)));
    }
}

static void checkField(SchemaContext &context, const GraphQL::FieldDefinition &field, const QString &owner)
{
    const Place place{field.name.loc, owner, field.name.value};
    const TypeDefinition *type = find(context, field.type, place);
    if (type && type->kind == TypeDefinition::Kind::InputObject) {
        context.problems.add({namedType(field.type).loc, place.model, place.field},
                             u"%1 is an input type and cannot be answered. Use an object type."_s.arg(quoted(type->name.value)));
    }
    for (const GraphQL::InputValueDefinition &argument : field.arguments)
        checkInput(context, argument, place);
}

static void checkInterfaces(SchemaContext &context, const TypeDefinition &type)
{
    for (const GraphQL::TypeReference &reference : type.interfaces) {
        const Place place{reference.loc, type.name.value, {}};
        const TypeDefinition *interface = find(context, reference, place);
        if (!interface)
            continue;
        if (interface->kind != TypeDefinition::Kind::Interface) {
            context.problems.add(place, u"Type %1 can only implement interfaces, and %2 is none."_s
                                            .arg(quoted(type.name.value), quoted(interface->name.value)));
            continue;
        }
        for (const GraphQL::FieldDefinition &field : interface->fields) {
            const bool found = std::any_of(type.fields.begin(), type.fields.end(), [&](const GraphQL::FieldDefinition &own) {
                return own.name.value == field.name.value && namedType(own.type).name.value == namedType(field.type).name.value;
            });
            if (!found) {
                context.problems.add(place, u"Interface %1 expects field %2 of type %3, but %4 does not provide it. Add it."_s
                                                .arg(quoted(interface->name.value), quoted(field.name.value), textOf(field.type),
                                                     quoted(type.name.value)));
            }
        }
    }
}

static void checkUnion(SchemaContext &context, const TypeDefinition &type)
{
    for (const GraphQL::TypeReference &reference : type.types) {
        const Place place{reference.loc, type.name.value, {}};
        const QString name = namedType(reference).name.value;
        const TypeDefinition *member = find(context, reference, place);
        if (scalarOf(name) || (member && member->kind != TypeDefinition::Kind::Object)) {
            context.problems.add(place, u"Union %1 can only include object types, and %2 is none."_s
                                            .arg(quoted(type.name.value), quoted(name)));
        }
    }
}

void checkOthers(SchemaContext &context)
{
    for (const auto &type : context.types)
        checkInterfaces(context, *type);
    for (const GraphQL::Definition &definition : context.result->others.definitions) {
        const TypeDefinition &type = std::get<TypeDefinition>(definition);
        for (const GraphQL::FieldDefinition &field : type.fields)
            checkField(context, field, type.name.value);
        for (const GraphQL::InputValueDefinition &field : type.inputFields)
            checkInput(context, field, {field.name.loc, type.name.value, field.name.value});
        checkUnion(context, type);
    }
}

} // namespace Tideline
