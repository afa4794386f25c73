// SPDX-License-Identifier: MIT
#include "core/schema/appsyncbuilder_p.h"

#include "core/schema/astbuilder_p.h"
#include "core/schema/names_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

// Object types: models with what the backend notes about a record, connections, what the schema has beside.
namespace Tideline {

using Kind = GraphQL::TypeDefinition::Kind;
using GraphQL::FieldDefinition;
using GraphQL::TypeDefinition;

static std::optional<GraphQL::StringValue> description(const QString &text)
{
    return text.isEmpty() ? std::nullopt : std::optional(GraphQL::StringValue{text, true, {}});
}

static FieldDefinition fieldOf(const SchemaField &field)
{
    FieldDefinition result = GraphQL::field(field.name, outputType(field.type));
    result.description = description(field.description);
    return result;
}

static std::vector<GraphQL::TypeReference> interfacesOf(const QStringList &names)
{
    std::vector<GraphQL::TypeReference> result;
    for (const QString &name : names)
        result.push_back(GraphQL::named(name));
    return result;
}

void AppSyncBuilder::addObjectTypes()
{
    for (const auto &model : m_schema.models())
        addModel(*model);
    for (const EmbeddedType &type : m_schema.embeddedTypes())
        addEmbedded(type);
    for (const EnumType &type : m_schema.enumTypes())
        addEnum(type);
}

void AppSyncBuilder::addModel(const ModelType &model)
{
    TypeDefinition type = GraphQL::type(Kind::Object, model.name);
    type.description = description(model.description);
    type.interfaces = interfacesOf(model.interfaces);
    type.directives = awsDirectives(m_auth.ofModel(model));
    for (const SchemaField &field : model.fields)
        type.fields.push_back(fieldOf(field));
    for (const Relation &relation : model.relations)
        type.fields.push_back(relationField(model, relation));
    type.fields.push_back(GraphQL::field(u"_version"_s, GraphQL::nonNull(GraphQL::named(u"Int"_s))));
    type.fields.push_back(GraphQL::field(u"_deleted"_s, GraphQL::named(u"Boolean"_s)));
    type.fields.push_back(GraphQL::field(u"_lastChangedAt"_s, GraphQL::nonNull(GraphQL::named(u"AWSTimestamp"_s))));
    add(std::move(type));
}

// Whether the key of a hasMany has the name the transformer makes: then the relation was written without arguments.
static bool hasMadeKey(const ModelType &model, const Relation &relation, const ModelType &target)
{
    if (relation.targetFields.size() != model.primaryKey.size())
        return false;
    for (size_t i = 0; i < model.primaryKey.size(); ++i) {
        const QString &key = model.fields[size_t(model.primaryKey[i])].name;
        if (target.fields[size_t(relation.targetFields[i])].name != camelCase({model.name, relation.name, key}))
            return false;
    }
    return true;
}

FieldDefinition AppSyncBuilder::relationField(const ModelType &model, const Relation &relation)
{
    const ModelType &target = *m_schema.target(relation);
    if (relation.kind != Relation::Kind::HasMany) {
        const GraphQL::TypeReference type = GraphQL::named(target.name);
        return GraphQL::field(relation.name, relation.required ? GraphQL::nonNull(type) : type);
    }
    FieldDefinition field = GraphQL::field(relation.name, GraphQL::named(u"Model%1Connection"_s.arg(upperFirst(target.name))));
    const auto index = std::find_if(target.indexes.begin(), target.indexes.end(), [&](const Index &one) {
        return !relation.indexName.isEmpty() && one.name == relation.indexName;
    });
    std::optional<GraphQL::InputValueDefinition> sortKey;
    if (index != target.indexes.end() && relation.localFields.size() < 2)
        sortKey = sortKeyArgument(target, upperFirst(index->name), index->fields);
    else if (index == target.indexes.end()
             && (hasMadeKey(model, relation, target) || relation.targetFields == std::vector<int>{target.primaryKey[0]}))
        sortKey = sortKeyArgument(target, u"Primary"_s, target.primaryKey);     // of no use with a made key, but AWS has it
    if (sortKey)
        field.arguments.push_back(*sortKey);
    field.arguments.push_back(GraphQL::input(u"filter"_s, GraphQL::named(u"Model%1FilterInput"_s.arg(upperFirst(target.name)))));
    field.arguments.push_back(GraphQL::input(u"sortDirection"_s, GraphQL::named(u"ModelSortDirection"_s)));
    field.arguments.push_back(GraphQL::input(u"limit"_s, GraphQL::named(u"Int"_s)));
    field.arguments.push_back(GraphQL::input(u"nextToken"_s, GraphQL::named(u"String"_s)));
    return field;
}

void AppSyncBuilder::addConnection(const ModelType &model)
{
    TypeDefinition type = GraphQL::type(Kind::Object, u"Model%1Connection"_s.arg(upperFirst(model.name)));
    type.directives = awsDirectives(m_auth.ofConnection(model));
    type.fields.push_back(GraphQL::field(u"items"_s, GraphQL::nonNull(GraphQL::listOf(GraphQL::named(model.name)))));
    type.fields.push_back(GraphQL::field(u"nextToken"_s, GraphQL::named(u"String"_s)));
    type.fields.push_back(GraphQL::field(u"startedAt"_s, GraphQL::named(u"AWSTimestamp"_s)));
    add(std::move(type));
}

void AppSyncBuilder::addEmbedded(const EmbeddedType &embedded)
{
    TypeDefinition type = GraphQL::type(Kind::Object, embedded.name);
    type.description = description(embedded.description);
    type.interfaces = interfacesOf(embedded.interfaces);
    type.directives = awsDirectives(m_auth.ofEmbedded(embedded.name));
    for (const SchemaField &field : embedded.fields) {
        type.fields.push_back(fieldOf(field));
        type.fields.back().directives = awsDirectives(m_auth.ofRules(m_schema.rootFieldRules(embedded.name, field.name)));
    }
    add(std::move(type));
}

void AppSyncBuilder::addEnum(const EnumType &type)
{
    TypeDefinition result = GraphQL::type(Kind::Enum, type.name);
    result.description = description(type.description);
    for (const QString &value : type.values) {
        GraphQL::EnumValueDefinition definition;
        definition.name = {value, {}};
        result.values.push_back(std::move(definition));
    }
    add(std::move(result));
}

// The directives AppSync itself knows stay; the others have had their effect.
static GraphQL::Directives kept(const GraphQL::Directives &directives)
{
    GraphQL::Directives result;
    for (const GraphQL::Directive &directive : directives) {
        if (directive.name.value.startsWith(u"aws_") || directive.name.value == u"deprecated")
            result.push_back(directive);
    }
    return result;
}

void AppSyncBuilder::addOthers()
{
    for (const GraphQL::Definition &definition : m_schema.otherDefinitions().definitions) {
        TypeDefinition type = std::get<TypeDefinition>(definition);
        type.directives = kept(type.directives);
        for (FieldDefinition &field : type.fields) {
            field.directives = kept(field.directives);
            for (GraphQL::Directive &directive : awsDirectives(m_auth.ofRules(m_schema.rootFieldRules(type.name.value, field.name.value))))
                field.directives.push_back(std::move(directive));
        }
        TypeDefinition *root = type.name.value == u"Query"          ? &m_query
                               : type.name.value == u"Mutation"     ? &m_mutation
                               : type.name.value == u"Subscription" ? &m_subscription
                                                                    : nullptr;
        if (root)
            root->fields = type.fields;
        else
            add(std::move(type));
    }
}

} // namespace Tideline
