// SPDX-License-Identifier: MIT
#include "server/execution/introspection_p.h"

#include "core/graphql/printer.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

Introspection::Introspection(const TypeSystem &types)
    : m_types(types), m_type(types.type(u"__Type")), m_field(types.type(u"__Field")), m_input(types.type(u"__InputValue")),
      m_value(types.type(u"__EnumValue")), m_directive(types.type(u"__Directive")), m_schema(types.type(u"__Schema"))
{
}

bool Introspection::owns(const PlannedField &field, const Type *parent) const noexcept
{
    return parent->introspection || field.definition == m_types.schemaField() || field.definition == m_types.typeField();
}

template<typename T>
static const T &data(const Source &source)
{
    return *static_cast<const T *>(std::get<const void *>(source.data));
}

void Introspection::resolve(const FieldCall &call, std::span<const Source *const> parents, std::span<Resolved> results)
{
    for (size_t i = 0; i < parents.size(); ++i)
        results[i] = resolveOne(call, *parents[i]);
}

Resolved Introspection::type(const Type *type) const
{
    return type ? Resolved(Source{m_type, type}) : Resolved();
}

Resolved Introspection::types(const std::vector<const Type *> &list) const
{
    Resolved::List result;
    for (const Type *entry : list)
        result.push_back(type(entry));
    return result;
}

template<typename T>
Resolved Introspection::list(const Type *of, const std::vector<T> &items, bool withDeprecated) const
{
    Resolved::List result;
    for (const T &item : items) {
        if constexpr (requires { item.deprecationReason; }) {
            if (item.deprecationReason && !withDeprecated)
                continue;
        }
        result.emplace_back(Source{of, static_cast<const void *>(&item)});
    }
    return result;
}

Resolved Introspection::resolveOne(const FieldCall &call, const Source &parent) const
{
    const bool deprecated = call.argument(u"includeDeprecated").toBool();
    if (call.field.definition == m_types.schemaField())
        return Source{m_schema, static_cast<const void *>(&m_types)};
    if (call.field.definition == m_types.typeField())
        return type(m_types.type(call.argument(u"name").toText()));
    if (parent.type == m_schema)
        return ofSchema(call);
    if (parent.type == m_type)
        return ofType(call, data<Type>(parent));
    if (parent.type == m_field) {
        const auto &field = data<FieldDefinition>(parent);
        return call.field.definition->name == u"type" ? type(field.type) : list(m_input, field.arguments, deprecated);
    }
    if (parent.type == m_input)
        return type(data<InputDefinition>(parent).type);
    return list(m_input, data<DirectiveDefinition>(parent).arguments, deprecated);
}

Resolved Introspection::ofSchema(const FieldCall &call) const
{
    const QString &name = call.field.definition->name;
    if (name == u"types")
        return types(m_types.types());
    if (name == u"directives")
        return list(m_directive, m_types.directives(), true);
    if (name == u"queryType")
        return type(m_types.rootType(GraphQL::OperationType::Query));
    return type(m_types.rootType(name == u"mutationType" ? GraphQL::OperationType::Mutation
                                                         : GraphQL::OperationType::Subscription));
}

Resolved Introspection::ofType(const FieldCall &call, const Type &of) const
{
    const QString &name = call.field.definition->name;
    const bool deprecated = call.argument(u"includeDeprecated").toBool();
    const bool hasFields = of.kind == Type::Kind::Object || of.kind == Type::Kind::Interface;
    if (name == u"fields")
        return hasFields ? list(m_field, of.fields, deprecated) : Resolved();
    if (name == u"interfaces")
        return hasFields ? types(of.interfaces) : Resolved();
    if (name == u"possibleTypes")
        return of.isAbstract() ? types(of.possibleTypes) : Resolved();
    if (name == u"enumValues")
        return of.kind == Type::Kind::Enum ? list(m_value, of.values, deprecated) : Resolved();
    if (name == u"inputFields")
        return of.kind == Type::Kind::InputObject ? list(m_input, of.inputFields, deprecated) : Resolved();
    return type(of.inner);
}

static Value optionalText(const std::optional<QString> &text)
{
    return text ? Value(*text) : Value();
}

static QString kindName(Type::Kind kind)
{
    switch (kind) {
    case Type::Kind::Scalar:
        return u"SCALAR"_s;
    case Type::Kind::Object:
        return u"OBJECT"_s;
    case Type::Kind::Interface:
        return u"INTERFACE"_s;
    case Type::Kind::Union:
        return u"UNION"_s;
    case Type::Kind::Enum:
        return u"ENUM"_s;
    case Type::Kind::InputObject:
        return u"INPUT_OBJECT"_s;
    case Type::Kind::List:
        return u"LIST"_s;
    case Type::Kind::NonNull:
        return u"NON_NULL"_s;
    }
    Q_UNREACHABLE();
}

static Value typeLeaf(const QString &name, const Type &type)
{
    if (name == u"kind")
        return kindName(type.kind);
    if (name == u"name")
        return type.inner ? Value() : Value(type.name);
    return optionalText(name == u"description" ? type.description : type.specifiedByUrl);
}

static Value directiveLeaf(const QString &name, const DirectiveDefinition &directive)
{
    if (name == u"name")
        return directive.name;
    if (name == u"description")
        return optionalText(directive.description);
    if (name == u"isRepeatable")
        return directive.repeatable;
    Value::List locations;
    for (const QString &location : directive.locations)
        locations.append(location);
    return locations;
}

template<typename T>
static Value namedLeaf(const QString &name, const T &item)
{
    if (name == u"name")
        return item.name;
    if (name == u"description")
        return optionalText(item.description);
    if (name == u"isDeprecated")
        return item.deprecationReason.has_value();
    if constexpr (requires { item.defaultLiteral; }) {
        if (name == u"defaultValue")
            return item.defaultLiteral ? Value(GraphQL::print(*item.defaultLiteral)) : Value();
    }
    return optionalText(item.deprecationReason);
}

ResolvedLeaf Introspection::leaf(const FieldCall &call, const Source &parent)
{
    const QString &name = call.field.definition->name;
    if (parent.type == m_type)
        return typeLeaf(name, data<Type>(parent));
    if (parent.type == m_field)
        return namedLeaf(name, data<FieldDefinition>(parent));
    if (parent.type == m_input)
        return namedLeaf(name, data<InputDefinition>(parent));
    if (parent.type == m_value)
        return namedLeaf(name, data<EnumValueDefinition>(parent));
    if (parent.type == m_directive)
        return directiveLeaf(name, data<DirectiveDefinition>(parent));
    return Value();                                 // the schema's description: it has none
}

} // namespace Tideline::Server
