// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/ast.h"
#include "core/schema/schema.h"
#include "core/schema/serviceauth_p.h"

#include <QtCore/QSet>

namespace Tideline {

// Makes the types of a backend, one concern a file: object types, inputs, root fields.
class AppSyncBuilder
{
public:
    AppSyncBuilder(const Schema &schema, AuthRule::Provider defaultProvider);

    [[nodiscard]] GraphQL::Document build();

private:
    using Inputs = std::vector<GraphQL::InputValueDefinition>;

    // appsynctypes.cpp
    void addObjectTypes();
    void addModel(const ModelType &model);
    void addConnection(const ModelType &model);
    void addEmbedded(const EmbeddedType &type);
    void addEnum(const EnumType &type);
    void addOthers();
    [[nodiscard]] GraphQL::FieldDefinition relationField(const ModelType &model, const Relation &relation);

    // appsyncinputs.cpp
    void addModelInputs(const ModelType &model);
    void addCreateInput(const ModelType &model);
    void addUpdateInput(const ModelType &model);
    void addDeleteInput(const ModelType &model);
    void addFilterInput(const ModelType &model);
    void addConditionInput(const ModelType &model);
    void addSubscriptionFilterInput(const ModelType &model);
    void addEmbeddedInputs(const std::vector<SchemaField> &fields);
    void addEnumFilters(const std::vector<SchemaField> &fields);

    // appsyncoperators.cpp
    void addOperatorInputs();
    void addKeyConditions(const ModelType &model);
    void addKeyCondition(const ModelType &model, const QString &keyName, const std::vector<int> &key);

    // appsyncroots.cpp
    void addQueries(const ModelType &model);
    void addIndexQuery(const ModelType &model, const Index &index);
    void addMutations(const ModelType &model);
    void addSubscriptions(const ModelType &model);
    void addRoots();

    void add(GraphQL::TypeDefinition type);
    void addInput(const QString &name, Inputs fields);

    const Schema &m_schema;
    ServiceAuth m_auth;
    std::vector<GraphQL::TypeDefinition> m_types;
    QSet<QString> m_names;
    GraphQL::TypeDefinition m_query;
    GraphQL::TypeDefinition m_mutation;
    GraphQL::TypeDefinition m_subscription;
};

// Types of a model's fields in the different places.
[[nodiscard]] GraphQL::TypeReference outputType(const FieldType &type);
[[nodiscard]] GraphQL::TypeReference inputType(const FieldType &type);
[[nodiscard]] QString scalarFilterName(const FieldType &type);             // ModelStringInput
[[nodiscard]] QString keyConditionName(const FieldType &type);             // ModelStringKeyConditionInput
[[nodiscard]] std::optional<GraphQL::InputValueDefinition> sortKeyArgument(const ModelType &model, const QString &keyName,
                                                                           const std::vector<int> &key);
[[nodiscard]] GraphQL::Directives awsDirectives(const std::vector<AuthRule::Provider> &providers);

} // namespace Tideline
