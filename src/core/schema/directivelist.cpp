// SPDX-License-Identifier: MIT
#include "core/schema/directives_p.h"

#include "core/graphql/parser.h"

using namespace Qt::StringLiterals;

namespace Tideline {

// What may be written, and where. @deprecated also stands where the GraphQL language has it.
static const QString knownDirectives = uR"(
directive @model(queries: ModelQueryMap, mutations: ModelMutationMap, subscriptions: ModelSubscriptionMap,
                 timestamps: TimestampConfiguration) on OBJECT
input ModelQueryMap { get: String list: String }
input ModelMutationMap { create: String update: String delete: String }
input ModelSubscriptionMap { onCreate: [String] onUpdate: [String] onDelete: [String] level: ModelSubscriptionLevel }
enum ModelSubscriptionLevel { off public on }
input TimestampConfiguration { createdAt: String updatedAt: String }

directive @primaryKey(sortKeyFields: [String]) on FIELD_DEFINITION
directive @index(name: String, sortKeyFields: [String], queryField: String) repeatable on FIELD_DEFINITION
directive @default(value: String) on FIELD_DEFINITION
directive @conflict(policy: ConflictPolicy!) on OBJECT | FIELD_DEFINITION
enum ConflictPolicy { mine theirs newest maximum minimum sum set append ask }
directive @renamedFrom(name: String!) repeatable on OBJECT | FIELD_DEFINITION | ENUM_VALUE

directive @hasOne(fields: [String!], references: [String!]) on FIELD_DEFINITION
directive @hasMany(indexName: String, fields: [String!], references: [String!], limit: Int) on FIELD_DEFINITION
directive @belongsTo(fields: [String!], references: [String!]) on FIELD_DEFINITION
directive @manyToMany(relationName: String!, limit: Int) on FIELD_DEFINITION

directive @auth(rules: [AuthRule!]!) on OBJECT | FIELD_DEFINITION
input AuthRule {
  allow: AuthStrategy! provider: AuthProvider ownerField: String identityClaim: String
  groups: [String] groupsField: String groupClaim: String operations: [ModelOperation]
}
enum AuthStrategy { owner groups private public custom }
enum AuthProvider { apiKey iam identityPool oidc userPools function }
enum ModelOperation { create update delete read list get sync listen search }

directive @function(name: String!, region: String, accountId: String, invocationType: InvocationType)
  repeatable on FIELD_DEFINITION
enum InvocationType { RequestResponse Event }
directive @http(method: HttpMethod, url: String!, headers: [HttpHeader]) on FIELD_DEFINITION
enum HttpMethod { GET POST PUT DELETE PATCH }
input HttpHeader { key: String value: String }
directive @predictions(actions: [PredictionsActions!]!) on FIELD_DEFINITION
enum PredictionsActions { identifyText identifyLabels convertTextToSpeech translateText }
directive @searchable(queries: SearchableQueryMap) on OBJECT
input SearchableQueryMap { search: String }
directive @mapsTo(name: String!) on OBJECT
directive @refersTo(name: String!) on OBJECT | FIELD_DEFINITION
directive @sql(statement: String, reference: String) on FIELD_DEFINITION

directive @aws_api_key on OBJECT | FIELD_DEFINITION
directive @aws_iam on OBJECT | FIELD_DEFINITION
directive @aws_oidc on OBJECT | FIELD_DEFINITION
directive @aws_lambda on OBJECT | FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on OBJECT | FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION

directive @deprecated(reason: String) on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM | ENUM_VALUE
directive @specifiedBy(url: String!) on SCALAR
)"_s;

DirectiveList::DirectiveList(const std::vector<GraphQL::DirectiveDefinition> &declared)
{
    const GraphQL::ParseResult parsed = GraphQL::parse(knownDirectives);
    Q_ASSERT(std::holds_alternative<GraphQL::Document>(parsed));
    for (const GraphQL::Definition &definition : std::get<GraphQL::Document>(parsed).definitions) {
        if (const auto *directive = std::get_if<GraphQL::DirectiveDefinition>(&definition))
            m_directives.insert(directive->name.value, *directive);
        else if (const auto *type = std::get_if<GraphQL::TypeDefinition>(&definition))
            m_types.insert(type->name.value, *type);
    }
    for (const GraphQL::DirectiveDefinition &directive : declared) {
        if (!m_directives.contains(directive.name.value))
            m_directives.insert(directive.name.value, directive);
    }
}

const GraphQL::DirectiveDefinition *DirectiveList::directive(const QString &name) const
{
    const auto found = m_directives.constFind(name);
    return found == m_directives.cend() ? nullptr : &*found;
}

QStringList DirectiveList::directiveNames() const
{
    QStringList names;
    for (auto it = m_directives.cbegin(); it != m_directives.cend(); ++it)
        names.append(u'@' + it.key());
    names.sort();
    return names;
}

const GraphQL::TypeDefinition *DirectiveList::type(const QString &name) const
{
    const auto found = m_types.constFind(name);
    return found == m_types.cend() ? nullptr : &*found;
}

} // namespace Tideline
