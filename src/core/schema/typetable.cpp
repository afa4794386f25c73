// SPDX-License-Identifier: MIT
#include "core/schema/schemacontext_p.h"

#include <QtCore/QSet>

using namespace Qt::StringLiterals;
using namespace Qt::Literals::StringLiterals;

namespace Tideline {

using GraphQL::TypeDefinition;

static bool isRootType(const QString &name)
{
    return name == "Query"_L1 || name == "Mutation"_L1 || name == "Subscription"_L1;
}

static void checkTypeName(SchemaContext &context, const TypeDefinition &type)
{
    const QString &name = type.name.value;
    const Place place{type.name.loc, name, {}};
    if (name.startsWith("__"_L1)) {
        context.problems.add(place, u"Type name %1 is reserved: names that begin with \"__\" belong to GraphQL. Rename the type."_s
                                        .arg(quoted(name)));
    } else if (scalarOf(name)) {
        context.problems.add(place, u"Type name %1 is reserved: it is a scalar that is always there. Remove or rename the definition."_s
                                        .arg(quoted(name)));
    } else if (type.kind == TypeDefinition::Kind::Scalar) {
        context.problems.add(place, u"Scalar %1: AppSync has no custom scalars. Use String or AWSJSON."_s.arg(quoted(name)));
    } else if (isModel(type) && isRootType(name)) {
        context.problems.add(place, u"%1 is a reserved type name and cannot be a model. Rename the type."_s.arg(quoted(name)));
    }
}

static bool isEmptyType(const TypeDefinition &type)
{
    switch (type.kind) {
    case TypeDefinition::Kind::Object:
    case TypeDefinition::Kind::Interface:
        return type.fields.empty();
    case TypeDefinition::Kind::InputObject:
        return type.inputFields.empty();
    case TypeDefinition::Kind::Union:
        return type.types.empty();
    case TypeDefinition::Kind::Enum:
        return type.values.empty();
    case TypeDefinition::Kind::Scalar:
        return false;
    }
    return false;
}

static void checkContent(SchemaContext &context, const TypeDefinition &type)
{
    const QString &name = type.name.value;
    if (isEmptyType(type)) {
        const bool values = type.kind == TypeDefinition::Kind::Enum;
        context.problems.add({type.name.loc, name, {}}, u"%1 %2 has no %3. Add at least one."_s
                                 .arg(values ? u"Enum"_s : u"Type"_s, quoted(name), values ? u"values"_s : u"fields"_s));
    }
    QSet<QString> seen;
    const auto once = [&](const GraphQL::Name &member, const QString &what) {
        if (seen.contains(member.value)) {
            context.problems.add({member.loc, name, member.value},
                                 u"%1 %2 can only be defined once. Remove or rename one of them."_s
                                     .arg(what, quoted(name + u'.' + member.value)));
        }
        seen.insert(member.value);
        if (member.value.startsWith("__"_L1)) {
            context.problems.add({member.loc, name, member.value},
                                 u"%1 name %2 is reserved: names that begin with \"__\" belong to GraphQL."_s
                                     .arg(what, quoted(member.value)));
        }
    };
    for (const GraphQL::FieldDefinition &field : type.fields)
        once(field.name, u"Field"_s);
    for (const GraphQL::InputValueDefinition &field : type.inputFields)
        once(field.name, u"Field"_s);
    for (const GraphQL::EnumValueDefinition &value : type.values)
        once(value.name, u"Enum value"_s);
}

template<typename T>
static void append(std::vector<T> &to, const std::vector<T> &from)
{
    to.insert(to.end(), from.begin(), from.end());
}

static void mergeExtension(TypeDefinition &type, const TypeDefinition &extension)
{
    append(type.directives, extension.directives);
    append(type.interfaces, extension.interfaces);
    append(type.fields, extension.fields);
    append(type.types, extension.types);
    append(type.values, extension.values);
    append(type.inputFields, extension.inputFields);
}

static void addExtension(SchemaContext &context, QHash<QString, TypeDefinition *> &byName, const TypeDefinition &extension)
{
    const QString &name = extension.name.value;
    TypeDefinition *type = byName.value(name);
    if (!type && isRootType(name) && extension.kind == TypeDefinition::Kind::Object) {
        context.types.push_back(std::make_unique<TypeDefinition>(extension));   // the backend always has them
        type = context.types.back().get();
        type->extension = false;
        byName.insert(name, type);
        return;
    }
    const Place place{extension.name.loc, name, {}};
    if (!type) {
        context.problems.add(place, u"Cannot extend type %1 because it is not defined.%2"_s
                                        .arg(quoted(name), didYouMean(name, QStringList(byName.keys()))));
    } else if (type->kind != extension.kind) {
        context.problems.add(place, u"Cannot extend %1: the definition is of another kind."_s.arg(quoted(name)));
    } else {
        mergeExtension(*type, extension);
    }
}

static void addDefinition(SchemaContext &context, QHash<QString, TypeDefinition *> &byName, const TypeDefinition &type)
{
    const QString &name = type.name.value;
    if (byName.contains(name)) {
        context.problems.add({type.name.loc, name, {}},
                             u"There can be only one type named %1. Remove or rename this one, or write \"extend\" before it."_s
                                 .arg(quoted(name)));
        return;
    }
    checkTypeName(context, type);
    context.types.push_back(std::make_unique<TypeDefinition>(type));
    byName.insert(name, context.types.back().get());
}

static void checkOtherDefinition(SchemaContext &context, const GraphQL::Definition &definition)
{
    if (const auto *schema = std::get_if<GraphQL::SchemaDefinition>(&definition)) {
        for (const GraphQL::OperationTypeDefinition &root : schema->operationTypes) {
            if (!isRootType(root.type.name.value)) {
                context.problems.add({root.type.loc, {}, {}},
                                     u"The root types of a DataStore backend are Query, Mutation and Subscription, not %1."_s
                                         .arg(quoted(root.type.name.value)));
            }
        }
    } else if (const auto *operation = std::get_if<GraphQL::OperationDefinition>(&definition)) {
        context.problems.add({operation->loc, {}, {}}, u"A schema consists of type definitions; remove this operation."_s);
    } else if (const auto *fragment = std::get_if<GraphQL::FragmentDefinition>(&definition)) {
        context.problems.add({fragment->loc, {}, {}}, u"A schema consists of type definitions; remove this fragment."_s);
    }
}

// Fills the table of types with extensions merged in, whatever the order in the text.
void collectTypes(SchemaContext &context, const GraphQL::Document &document)
{
    QHash<QString, TypeDefinition *> byName;
    for (const GraphQL::Definition &definition : document.definitions) {
        if (const auto *type = std::get_if<TypeDefinition>(&definition)) {
            if (!type->extension)
                addDefinition(context, byName, *type);
        } else if (const auto *directive = std::get_if<GraphQL::DirectiveDefinition>(&definition)) {
            context.directives.push_back(*directive);
        } else {
            checkOtherDefinition(context, definition);
        }
    }
    for (const GraphQL::Definition &definition : document.definitions) {
        const auto *type = std::get_if<TypeDefinition>(&definition);
        if (type && type->extension)
            addExtension(context, byName, *type);
    }
    for (const auto &type : context.types) {
        context.typesByName.insert(type->name.value, type.get());
        checkContent(context, *type);
    }
}

} // namespace Tideline
