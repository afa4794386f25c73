// SPDX-License-Identifier: MIT
#include "core/schema/appsyncschema.h"

#include "core/schema/appsyncbuilder_p.h"
#include "core/schema/astbuilder_p.h"

using namespace Qt::StringLiterals;

namespace Tideline {

using Kind = GraphQL::TypeDefinition::Kind;

AppSyncBuilder::AppSyncBuilder(const Schema &schema, AuthRule::Provider defaultProvider)
    : m_schema(schema), m_auth(schema, defaultProvider), m_query(GraphQL::type(Kind::Object, u"Query"_s)),
      m_mutation(GraphQL::type(Kind::Object, u"Mutation"_s)), m_subscription(GraphQL::type(Kind::Object, u"Subscription"_s))
{
}

GraphQL::Document AppSyncBuilder::build()
{
    addObjectTypes();
    addOthers();
    addOperatorInputs();
    for (const auto &model : m_schema.models()) {
        addConnection(*model);
        addModelInputs(*model);
        addKeyConditions(*model);
        addQueries(*model);
        addMutations(*model);
        addSubscriptions(*model);
    }
    addRoots();
    GraphQL::Document document;
    for (GraphQL::TypeDefinition &type : m_types)
        document.definitions.emplace_back(std::move(type));
    return document;
}

// The first of a name stays: models share the inputs of enums, embedded types and keys.
void AppSyncBuilder::add(GraphQL::TypeDefinition type)
{
    if (m_names.contains(type.name.value))
        return;
    m_names.insert(type.name.value);
    m_types.push_back(std::move(type));
}

void AppSyncBuilder::addInput(const QString &name, Inputs fields)
{
    GraphQL::TypeDefinition type = GraphQL::type(Kind::InputObject, name);
    type.inputFields = std::move(fields);
    add(std::move(type));
}

static GraphQL::TypeReference listed(const GraphQL::TypeReference &element, const FieldType &type)
{
    GraphQL::TypeReference result = element;
    if (type.list)
        result = GraphQL::listOf(type.elementRequired ? GraphQL::nonNull(result) : result);
    return type.required ? GraphQL::nonNull(result) : result;
}

GraphQL::TypeReference outputType(const FieldType &type)
{
    return listed(GraphQL::named(type.name), type);
}

GraphQL::TypeReference inputType(const FieldType &type)
{
    const bool embedded = type.kind == FieldType::Kind::Embedded;
    return listed(GraphQL::named(embedded ? type.name.left(1).toUpper() + type.name.mid(1) + u"Input"_s : type.name), type);
}

GraphQL::Directives awsDirectives(const std::vector<AuthRule::Provider> &providers)
{
    GraphQL::Directives directives;
    for (const AuthRule::Provider provider : providers) {
        switch (provider) {
        case AuthRule::Provider::ApiKey:
            directives.push_back(GraphQL::directive(u"aws_api_key"_s));
            break;
        case AuthRule::Provider::Iam:
            directives.push_back(GraphQL::directive(u"aws_iam"_s));
            break;
        case AuthRule::Provider::Oidc:
            directives.push_back(GraphQL::directive(u"aws_oidc"_s));
            break;
        case AuthRule::Provider::UserPools:
            directives.push_back(GraphQL::directive(u"aws_cognito_user_pools"_s));
            break;
        case AuthRule::Provider::Function:
            directives.push_back(GraphQL::directive(u"aws_lambda"_s));
            break;
        }
    }
    return directives;
}

/*!
    \relates Tideline::Schema
    \since 0.1

    Returns the provider an API for \a schema lets in wherever the schema does not name others: that of the
    first rule, since a schema is mostly written for one; an API key when there are no rules.
*/
AuthRule::Provider defaultProvider(const Schema &schema)
{
    for (const auto &model : schema.models()) {
        if (!model->authRules.empty())
            return model->authRules.front().provider;
    }
    return AuthRule::Provider::ApiKey;
}

/*!
    \relates Tideline::Schema
    \since 0.1

    Returns the types and operations of the backend that AWS Amplify's transformer makes for \a schema with
    conflict detection on. The order of types and fields means nothing. May be called from any thread.

    Renamed and disabled operations are as @model says, but for sync, without which no client could download:
    it is always there.
*/
GraphQL::Document appSyncDocument(const Schema &schema)
{
    return appSyncDocument(schema, defaultProvider(schema));
}

/*! Returns the same for an API that lets in \a defaultProvider where nothing is said: types and fields
    that must be open to others get an @aws_ directive. */
GraphQL::Document appSyncDocument(const Schema &schema, AuthRule::Provider defaultProvider)
{
    return AppSyncBuilder(schema, defaultProvider).build();
}

} // namespace Tideline
