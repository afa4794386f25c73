// SPDX-License-Identifier: MIT
#include "core/schema/appsyncbuilder_p.h"

#include "core/schema/appsyncschema.h"
#include "core/schema/astbuilder_p.h"
#include "core/schema/names_p.h"

#include <QtCore/QMap>

#include <algorithm>

using namespace Qt::StringLiterals;

// The operations: fields of Query, Mutation and Subscription.
namespace Tideline {

using GraphQL::FieldDefinition;
using GraphQL::InputValueDefinition;

static InputValueDefinition plain(const QString &name, const QString &type)
{
    return GraphQL::input(name, GraphQL::named(type));
}

static std::vector<InputValueDefinition> pageArguments(const ModelType &model)
{
    return {plain(u"filter"_s, u"Model%1FilterInput"_s.arg(upperFirst(model.name))), plain(u"limit"_s, u"Int"_s),
            plain(u"nextToken"_s, u"String"_s)};
}

static QString connectionOf(const ModelType &model)
{
    return u"Model%1Connection"_s.arg(upperFirst(model.name));
}

void AppSyncBuilder::addQueries(const ModelType &model)
{
    const OperationNames names = operationNames(model);
    if (!names.get.isEmpty()) {
        FieldDefinition get = GraphQL::field(names.get, GraphQL::named(model.name));
        for (const int index : model.primaryKey) {
            const SchemaField &key = model.fields[size_t(index)];
            get.arguments.push_back(GraphQL::input(key.name, GraphQL::nonNull(GraphQL::named(key.type.name))));
        }
        get.directives = awsDirectives(m_auth.ofOperation(model, AccessMatrix::Get));
        m_query.fields.push_back(std::move(get));
    }
    if (!names.list.isEmpty()) {
        FieldDefinition list = GraphQL::field(names.list, GraphQL::named(connectionOf(model)));
        list.arguments = pageArguments(model);
        if (model.declaredKey) {
            const SchemaField &hash = model.fields[size_t(model.primaryKey[0])];
            list.arguments.push_back(plain(hash.name, hash.type.name));
            if (const auto sortKey = sortKeyArgument(model, u"Primary"_s, model.primaryKey))
                list.arguments.push_back(*sortKey);
            list.arguments.push_back(plain(u"sortDirection"_s, u"ModelSortDirection"_s));
        }
        list.directives = awsDirectives(m_auth.ofOperation(model, AccessMatrix::List));
        m_query.fields.push_back(std::move(list));
    }
    FieldDefinition sync = GraphQL::field(names.sync, GraphQL::named(connectionOf(model)));
    sync.arguments = pageArguments(model);
    sync.arguments.push_back(plain(u"lastSync"_s, u"AWSTimestamp"_s));
    sync.directives = awsDirectives(m_auth.ofOperation(model, AccessMatrix::Sync));
    m_query.fields.push_back(std::move(sync));
    for (const Index &index : model.indexes) {
        if (!index.queryField.isEmpty())
            addIndexQuery(model, index);
    }
}

void AppSyncBuilder::addIndexQuery(const ModelType &model, const Index &index)
{
    FieldDefinition query = GraphQL::field(index.queryField, GraphQL::named(connectionOf(model)));
    const SchemaField &hash = model.fields[size_t(index.fields[0])];
    query.arguments.push_back(GraphQL::input(hash.name, GraphQL::nonNull(GraphQL::named(hash.type.name))));
    if (const auto sortKey = sortKeyArgument(model, upperFirst(index.name), index.fields))
        query.arguments.push_back(*sortKey);
    query.arguments.push_back(plain(u"sortDirection"_s, u"ModelSortDirection"_s));
    for (InputValueDefinition &argument : pageArguments(model))
        query.arguments.push_back(std::move(argument));
    query.directives = awsDirectives(m_auth.ofIndex(model));
    m_query.fields.push_back(std::move(query));
}

void AppSyncBuilder::addMutations(const ModelType &model)
{
    const auto add = [&](const QString &name, const QString &verb, AccessMatrix::Operation operation) {
        if (name.isEmpty())
            return;
        FieldDefinition mutation = GraphQL::field(name, GraphQL::named(model.name));
        const QString input = verb + upperFirst(model.name) + u"Input"_s;
        mutation.arguments = {GraphQL::input(u"input"_s, GraphQL::nonNull(GraphQL::named(input))),
                              plain(u"condition"_s, u"Model%1ConditionInput"_s.arg(upperFirst(model.name)))};
        mutation.directives = awsDirectives(m_auth.ofOperation(model, operation));
        m_mutation.fields.push_back(std::move(mutation));
    };
    add(model.operations.create, u"Create"_s, AccessMatrix::Create);
    add(model.operations.update, u"Update"_s, AccessMatrix::Update);
    add(model.operations.remove, u"Delete"_s, AccessMatrix::Delete);
}

// Owners may subscribe to what is theirs by name; a list of owners cannot be compared with one.
static QStringList ownerArguments(const ModelType &model, const AccessMatrix &matrix)
{
    QStringList names;
    for (const AccessMatrix::Role *role : matrix.rolesFor(AccessMatrix::Listen)) {
        const int index = model.fieldIndex(role->field);
        const bool list = index >= 0 && model.fields[size_t(index)].type.list;
        if (role->allow == AuthRule::Allow::Owner && !list && !names.contains(role->field))
            names.append(role->field);
    }
    return names;
}

void AppSyncBuilder::addSubscriptions(const ModelType &model)
{
    const ModelOperations &operations = model.operations;
    QMap<QString, QStringList> mutations;               // of each subscription
    for (const auto &[subscriptions, mutation] : {std::pair(&operations.onCreate, &operations.create),
                                                  std::pair(&operations.onUpdate, &operations.update),
                                                  std::pair(&operations.onDelete, &operations.remove)}) {
        for (const QString &name : *subscriptions)
            mutations[name].append(*mutation);
    }
    const bool restricted = operations.level == ModelOperations::SubscriptionLevel::On;
    for (auto it = mutations.cbegin(); it != mutations.cend(); ++it) {
        FieldDefinition field = GraphQL::field(it.key(), GraphQL::named(model.name));
        field.arguments.push_back(plain(u"filter"_s, u"ModelSubscription%1FilterInput"_s.arg(upperFirst(model.name))));
        field.directives.push_back(GraphQL::directive(
            u"aws_subscribe"_s, {GraphQL::argument(u"mutations"_s, GraphQL::stringList(it.value()))}));
        if (restricted) {
            for (const QString &owner : ownerArguments(model, m_auth.matrix(model)))
                field.arguments.push_back(plain(owner, u"String"_s));
            for (GraphQL::Directive &directive : awsDirectives(m_auth.ofOperation(model, AccessMatrix::Listen)))
                field.directives.push_back(std::move(directive));
        }
        m_subscription.fields.push_back(std::move(field));
    }
}

void AppSyncBuilder::addRoots()
{
    for (GraphQL::TypeDefinition *root : {&m_query, &m_mutation, &m_subscription}) {
        if (!root->fields.empty())
            add(std::move(*root));
    }
}

} // namespace Tideline
