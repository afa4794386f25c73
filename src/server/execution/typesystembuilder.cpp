// SPDX-License-Identifier: MIT
#include "server/execution/typesystembuilder_p.h"

#include "core/graphql/parser.h"
#include "server/execution/coercion.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

QString introspectionSource()
{
    return uR"(
scalar Int scalar Float scalar String scalar Boolean scalar ID
directive @skip("Skipped when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @include("Included when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
directive @deprecated(reason: String = "No longer supported")
  on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
directive @specifiedBy(url: String!) on SCALAR
type __Schema {
  description: String types: [__Type!]! queryType: __Type! mutationType: __Type subscriptionType: __Type
  directives: [__Directive!]!
}
type __Type {
  kind: __TypeKind! name: String description: String specifiedByURL: String
  fields(includeDeprecated: Boolean = false): [__Field!] interfaces: [__Type!] possibleTypes: [__Type!]
  enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
  inputFields(includeDeprecated: Boolean = false): [__InputValue!] ofType: __Type
}
type __Field {
  name: String! description: String args(includeDeprecated: Boolean = false): [__InputValue!]! type: __Type!
  isDeprecated: Boolean! deprecationReason: String
}
type __InputValue {
  name: String! description: String type: __Type! defaultValue: String
  isDeprecated: Boolean! deprecationReason: String
}
type __EnumValue { name: String! description: String isDeprecated: Boolean! deprecationReason: String }
type __Directive {
  name: String! description: String isRepeatable: Boolean! locations: [__DirectiveLocation!]!
  args(includeDeprecated: Boolean = false): [__InputValue!]!
}
enum __TypeKind { SCALAR OBJECT INTERFACE UNION ENUM INPUT_OBJECT LIST NON_NULL }
enum __DirectiveLocation {
  QUERY MUTATION SUBSCRIPTION FIELD FRAGMENT_DEFINITION FRAGMENT_SPREAD INLINE_FRAGMENT VARIABLE_DEFINITION
  SCHEMA SCALAR OBJECT FIELD_DEFINITION ARGUMENT_DEFINITION INTERFACE UNION ENUM ENUM_VALUE INPUT_OBJECT
  INPUT_FIELD_DEFINITION
}
type __Meta { __typename: String! __schema: __Schema! __type(name: String!): __Type }
)"_s;
}

static std::optional<QString> descriptionOf(const std::optional<GraphQL::StringValue> &description)
{
    return description ? std::optional(description->value) : std::nullopt;
}

static const GraphQL::Directive *directiveOf(const GraphQL::Directives &directives, QStringView name)
{
    const auto found = std::ranges::find_if(directives, [name](const auto &directive) { return directive.name.value == name; });
    return found == directives.end() ? nullptr : &*found;
}

static std::optional<QString> textArgument(const GraphQL::Directive *directive, QStringView name)
{
    if (!directive)
        return {};
    for (const GraphQL::Argument &argument : directive->arguments) {
        const auto *text = std::get_if<GraphQL::StringValue>(&argument.value.node);
        if (argument.name.value == name && text)
            return text->value;
    }
    return {};
}

static std::optional<QString> deprecationOf(const GraphQL::Directives &directives)
{
    const GraphQL::Directive *directive = directiveOf(directives, u"deprecated");
    if (!directive)
        return {};
    return textArgument(directive, u"reason").value_or(u"No longer supported"_s);
}

static ScalarRule ruleOf(const QString &scalar)
{
    static const QHash<QString, ScalarRule> rules = {
        {u"Int"_s, ScalarRule::Int}, {u"Float"_s, ScalarRule::Float}, {u"String"_s, ScalarRule::String},
        {u"Boolean"_s, ScalarRule::Boolean}, {u"ID"_s, ScalarRule::Id}, {u"AWSTimestamp"_s, ScalarRule::Timestamp},
        {u"AWSDate"_s, ScalarRule::Text}, {u"AWSTime"_s, ScalarRule::Text}, {u"AWSDateTime"_s, ScalarRule::Text},
        {u"AWSEmail"_s, ScalarRule::Text}, {u"AWSJSON"_s, ScalarRule::Text}, {u"AWSURL"_s, ScalarRule::Text},
        {u"AWSPhone"_s, ScalarRule::Text}, {u"AWSIPAddress"_s, ScalarRule::Text},
    };
    return rules.value(scalar, ScalarRule::Any);
}

Result<std::shared_ptr<const TypeSystem>> TypeSystemBuilder::build(const GraphQL::Document &document,
                                                                   const QSet<QString> &numbersAsText)
{
    m_system.reset(new TypeSystem);
    const GraphQL::ParseResult parsed = GraphQL::parse(introspectionSource());
    const auto *introspection = std::get_if<GraphQL::Document>(&parsed);
    Q_ASSERT(introspection);
    declare(*introspection, true);
    declare(document, false);
    declareAwsScalars();
    define(*introspection);
    define(document);
    defineMetaFields();
    defineRoots(document);
    finish();
    if (m_error.isError())
        return m_error;
    for (Type &type : m_system->m_types)
        type.numbersAsText = numbersAsText.contains(type.name);
    return std::shared_ptr<const TypeSystem>(std::move(m_system));
}

void TypeSystemBuilder::fail(const QString &message)
{
    if (!m_error.isError())
        m_error = Error(Error::Code::InvalidSchema, message);
}

Type *TypeSystemBuilder::add(Type::Kind kind, const QString &name)
{
    Type *type = &m_system->m_types.emplace_back();
    type->kind = kind;
    type->name = name;
    m_system->m_byName.insert(name, type);
    m_system->m_order.push_back(type);
    return type;
}

void TypeSystemBuilder::declare(const GraphQL::Document &document, bool introspection)
{
    for (const GraphQL::Definition &definition : document.definitions) {
        if (const auto *type = std::get_if<GraphQL::TypeDefinition>(&definition); type && !type->extension)
            declareType(*type, introspection);
    }
}

void TypeSystemBuilder::declareType(const GraphQL::TypeDefinition &definition, bool introspection)
{
    static constexpr Type::Kind kinds[] = {Type::Kind::Scalar, Type::Kind::Object, Type::Kind::Interface,
                                           Type::Kind::Union, Type::Kind::Enum, Type::Kind::InputObject};
    const QString &name = definition.name.value;
    const bool builtInScalar = definition.kind == GraphQL::TypeDefinition::Kind::Scalar && ruleOf(name) != ScalarRule::Any;
    if (m_system->m_byName.contains(name)) {
        if (!builtInScalar)
            fail(u"There can be only one type named \"%1\"."_s.arg(name));
        return;
    }
    Type *type = add(kinds[int(definition.kind)], name);
    type->introspection = introspection && name.startsWith(u"__");
    type->scalar = ruleOf(name);
    type->description = descriptionOf(definition.description);
    type->specifiedByUrl = textArgument(directiveOf(definition.directives, u"specifiedBy"), u"url");
}

void TypeSystemBuilder::declareAwsScalars()
{
    static const QStringList names = {u"AWSDate"_s, u"AWSTime"_s, u"AWSDateTime"_s, u"AWSTimestamp"_s, u"AWSEmail"_s,
                                      u"AWSJSON"_s, u"AWSURL"_s, u"AWSPhone"_s, u"AWSIPAddress"_s};
    for (const QString &name : names) {
        if (!m_system->m_byName.contains(name))
            add(Type::Kind::Scalar, name)->scalar = ruleOf(name);
    }
}

void TypeSystemBuilder::define(const GraphQL::Document &document)
{
    for (const GraphQL::Definition &definition : document.definitions) {
        if (const auto *directive = std::get_if<GraphQL::DirectiveDefinition>(&definition))
            defineDirective(*directive);
        const auto *type = std::get_if<GraphQL::TypeDefinition>(&definition);
        if (!type)
            continue;
        if (Type *target = m_system->m_byName.value(type->name.value))
            defineType(*target, *type);
        else
            fail(u"Cannot extend type \"%1\" because it is not defined."_s.arg(type->name.value));
    }
}

void TypeSystemBuilder::defineType(Type &type, const GraphQL::TypeDefinition &definition)
{
    for (const GraphQL::TypeReference &reference : definition.interfaces)
        type.interfaces.push_back(resolve(reference));
    for (const GraphQL::FieldDefinition &fieldDefinition : definition.fields)
        type.fields.push_back(field(fieldDefinition, &type));
    for (const GraphQL::TypeReference &reference : definition.types)
        type.possibleTypes.push_back(resolve(reference));
    for (const GraphQL::EnumValueDefinition &value : definition.values)
        type.values.push_back({value.name.value, descriptionOf(value.description), deprecationOf(value.directives)});
    for (const GraphQL::InputValueDefinition &inputField : definition.inputFields)
        type.inputFields.push_back(input(inputField));
}

void TypeSystemBuilder::defineDirective(const GraphQL::DirectiveDefinition &definition)
{
    if (m_system->directive(definition.name.value))
        return;
    DirectiveDefinition directive;
    directive.name = definition.name.value;
    directive.description = descriptionOf(definition.description);
    directive.repeatable = definition.repeatable;
    for (const GraphQL::InputValueDefinition &argument : definition.arguments)
        directive.arguments.push_back(input(argument));
    for (const GraphQL::Name &location : definition.locations)
        directive.locations.append(location.value);
    m_system->m_directives.push_back(std::move(directive));
}

void TypeSystemBuilder::defineRoots(const GraphQL::Document &document)
{
    bool explicitRoots = false;
    const auto set = [this](GraphQL::OperationType operation, const Type *type) {
        if (operation == GraphQL::OperationType::Query)
            m_system->m_query = type;
        else if (operation == GraphQL::OperationType::Mutation)
            m_system->m_mutation = type;
        else
            m_system->m_subscription = type;
    };
    for (const GraphQL::Definition &definition : document.definitions) {
        const auto *schema = std::get_if<GraphQL::SchemaDefinition>(&definition);
        if (!schema)
            continue;
        explicitRoots = explicitRoots || !schema->extension;
        for (const GraphQL::OperationTypeDefinition &operation : schema->operationTypes)
            set(operation.operation, resolve(operation.type));
    }
    if (!explicitRoots) {
        set(GraphQL::OperationType::Query, m_system->type(u"Query"));
        set(GraphQL::OperationType::Mutation, m_system->type(u"Mutation"));
        set(GraphQL::OperationType::Subscription, m_system->type(u"Subscription"));
    }
    if (!m_system->m_query)
        fail(u"Query root type must be provided."_s);
}

void TypeSystemBuilder::defineMetaFields()
{
    Type *meta = m_system->m_byName.take(u"__Meta"_s);
    std::erase(m_system->m_order, meta);
    m_system->m_typename = meta->fields[0];
    m_system->m_schemaField = meta->fields[1];
    m_system->m_typeField = meta->fields[2];
    for (FieldDefinition *field : {&m_system->m_typename, &m_system->m_schemaField, &m_system->m_typeField})
        field->parent = nullptr;
    meta->fields.clear();
}

void TypeSystemBuilder::finish()
{
    if (m_error.isError())
        return;
    for (Type &type : m_system->m_types) {
        int at = 0;
        for (const FieldDefinition &field : type.fields)
            type.names.insert(field.name, at++);
        for (const InputDefinition &inputField : type.inputFields)
            type.names.insert(inputField.name, at++);
        for (const EnumValueDefinition &value : type.values)
            type.names.insert(value.name, at++);
        for (FieldDefinition &field : type.fields)
            field.number = m_system->m_fieldCount++;
    }
    for (FieldDefinition *field : {&m_system->m_typename, &m_system->m_schemaField, &m_system->m_typeField})
        field->number = m_system->m_fieldCount++;
    collectPossibleTypes();
    for (Type &type : m_system->m_types) {
        coerceDefaults(type.inputFields);
        for (FieldDefinition &field : type.fields)
            coerceDefaults(field.arguments);
    }
    for (DirectiveDefinition &directive : m_system->m_directives)
        coerceDefaults(directive.arguments);
}

void TypeSystemBuilder::collectPossibleTypes()
{
    for (Type &type : m_system->m_types) {
        if (type.kind != Type::Kind::Object)
            continue;
        type.possibleTypes = {&type};
        for (const Type *interface : type.interfaces) {
            if (Type *target = m_system->m_byName.value(interface->name))
                target->possibleTypes.push_back(&type);
        }
    }
}

void TypeSystemBuilder::coerceDefaults(std::vector<InputDefinition> &inputs)
{
    for (InputDefinition &inputDefinition : inputs)
        coerceDefault(inputDefinition);
}

// A default of an input object takes the defaults of the object's fields, so those come first.
void TypeSystemBuilder::coerceDefault(InputDefinition &definition)
{
    if (!definition.defaultLiteral || m_defaultsDone.contains(&definition))
        return;
    m_defaultsDone.insert(&definition);
    if (Type *named = m_system->m_byName.value(definition.type->named()->name))
        coerceDefaults(named->inputFields);
    definition.defaultValue = coerceLiteral(definition.type, *definition.defaultLiteral, nullptr);
    if (!definition.defaultValue)
        fail(u"The default value of \"%1\" is not a valid %2."_s.arg(definition.name, typeText(definition.type)));
}

const Type *TypeSystemBuilder::wrap(Type::Kind kind, const Type *inner)
{
    auto &wrappers = kind == Type::Kind::List ? m_system->m_lists : m_system->m_nonNulls;
    const Type *&known = wrappers[inner];
    if (!known) {
        Type &wrapper = m_system->m_types.emplace_back();
        wrapper.kind = kind;
        wrapper.inner = inner;
        known = &wrapper;
    }
    return known;
}

const Type *TypeSystemBuilder::resolve(const GraphQL::TypeReference &reference)
{
    if (reference.kind == GraphQL::TypeReference::Kind::Named) {
        if (const Type *known = m_system->type(reference.name.value))
            return known;
        fail(u"Unknown type \"%1\"."_s.arg(reference.name.value));
        return m_system->type(u"String");
    }
    const bool isList = reference.kind == GraphQL::TypeReference::Kind::List;
    return wrap(isList ? Type::Kind::List : Type::Kind::NonNull, resolve(*reference.inner));
}

InputDefinition TypeSystemBuilder::input(const GraphQL::InputValueDefinition &definition)
{
    InputDefinition result;
    result.name = definition.name.value;
    result.description = descriptionOf(definition.description);
    result.type = resolve(definition.type);
    if (definition.defaultValue)
        result.defaultLiteral = std::make_shared<const GraphQL::Value>(*definition.defaultValue);
    result.deprecationReason = deprecationOf(definition.directives);
    return result;
}

FieldDefinition TypeSystemBuilder::field(const GraphQL::FieldDefinition &definition, const Type *parent)
{
    FieldDefinition result;
    result.name = definition.name.value;
    result.description = descriptionOf(definition.description);
    for (const GraphQL::InputValueDefinition &argument : definition.arguments)
        result.arguments.push_back(input(argument));
    result.type = resolve(definition.type);
    result.parent = parent;
    result.deprecationReason = deprecationOf(definition.directives);
    return result;
}

} // namespace Tideline::Server
