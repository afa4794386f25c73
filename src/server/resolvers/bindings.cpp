// SPDX-License-Identifier: MIT
#include "server/resolvers/bindings.h"

#include "core/schema/appsyncschema.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

Result<std::unique_ptr<const Bindings>> Bindings::make(const Schema &schema, const TypeSystem &types, const Layout &layout)
{
    auto bindings = std::make_unique<Bindings>();
    bindings->m_fields.resize(size_t(types.fieldCount()));
    for (const std::shared_ptr<const ModelType> &model : schema.models()) {
        const Type *type = types.type(model->name);
        if (!type)
            return Error(Error::Code::InvalidSchema, u"The service's schema has no type %1."_s.arg(model->name)).withModel(model->name);
        const FieldDefinition *list = types.rootType(GraphQL::OperationType::Query)->field(operationNames(*model).sync);
        bindings->m_models.push_back({model, &layout.of(*model), type, list ? list->type->named() : nullptr,
                                      std::make_shared<const AccessPolicy>(model)});
    }
    bindings->bindEmbedded(schema, types);
    for (const ModelBinding &binding : bindings->m_models) {
        bindings->bindModel(binding);
        bindings->bindConnection(binding);
        bindings->bindRoots(types, binding);
    }
    bindings->bindCustomRoots(schema, types);
    return std::unique_ptr<const Bindings>(std::move(bindings));
}

void Bindings::bindModel(const ModelBinding &binding)
{
    const ModelType &model = *binding.model;
    for (const FieldDefinition &field : binding.type->fields) {
        FieldBinding &bound = m_fields[size_t(field.number)];
        bound.model = &binding;
        if (field.name == u"_version")
            bound.role = FieldRole::Version;
        else if (field.name == u"_deleted")
            bound.role = FieldRole::Deleted;
        else if (field.name == u"_lastChangedAt")
            bound.role = FieldRole::LastChangedAt;
        bound.index = model.fieldIndex(field.name);
        if (bound.index >= 0) {
            bound.role = FieldRole::Column;
            bound.guarded = binding.policy->isGuarded(bound.index);
            bound.shortOwner = showsOwnersShort(model, bound.index);
            continue;
        }
        for (size_t i = 0; i < model.relations.size(); ++i) {
            const Relation &relation = model.relations[i];
            if (relation.name == field.name)
                bound = {.role = FieldRole::Relation, .model = &binding, .index = int(i), .guarded = binding.policy->isRelationGuarded(int(i))};
        }
    }
}

void Bindings::bindConnection(const ModelBinding &binding)
{
    if (!binding.connection)
        return;
    const auto bind = [&](QStringView name, FieldRole role) {
        if (const FieldDefinition *field = binding.connection->field(name))
            m_fields[size_t(field->number)] = {.role = role, .model = &binding};
    };
    bind(u"items", FieldRole::Items);
    bind(u"nextToken", FieldRole::NextToken);
    bind(u"startedAt", FieldRole::StartedAt);
}

void Bindings::bindEmbedded(const Schema &schema, const TypeSystem &types)
{
    for (const EmbeddedType &embedded : schema.embeddedTypes()) {
        const Type *type = types.type(embedded.name);
        if (!type)
            continue;
        for (const FieldDefinition &field : type->fields) {
            m_fields[size_t(field.number)].role = FieldRole::Member;
            guard(field, schema.rootFieldRules(embedded.name, field.name));
        }
    }
}

void Bindings::guard(const FieldDefinition &field, const std::vector<AuthRule> &rules)
{
    if (rules.empty())
        return;
    m_fields[size_t(field.number)].guarded = true;
    m_fields[size_t(field.number)].rules = &m_rules.emplace_back(nullptr, rules);
}

// Operations that the schema declares itself: nothing answers them, but who may not ask is not told that.
void Bindings::bindCustomRoots(const Schema &schema, const TypeSystem &types)
{
    for (const auto operation : {GraphQL::OperationType::Query, GraphQL::OperationType::Mutation}) {
        const Type *root = types.rootType(operation);
        if (!root)
            continue;
        for (const FieldDefinition &field : root->fields) {
            if (of(field).role == FieldRole::None)
                guard(field, schema.rootFieldRules(root->name, field.name));
        }
    }
}

void Bindings::bindRoot(const Type *root, const QString &name, FieldRole role, const ModelBinding &binding, int index)
{
    if (const FieldDefinition *field = root && !name.isEmpty() ? root->field(name) : nullptr)
        m_fields[size_t(field->number)] = {.role = role, .model = &binding, .index = index};
}

void Bindings::bindRoots(const TypeSystem &types, const ModelBinding &binding)
{
    const OperationNames names = operationNames(*binding.model);
    const Type *query = types.rootType(GraphQL::OperationType::Query);
    bindRoot(query, names.get, FieldRole::Get, binding);
    bindRoot(query, names.list, FieldRole::List, binding);
    bindRoot(query, names.sync, FieldRole::Sync, binding);
    for (size_t i = 0; i < binding.model->indexes.size(); ++i)
        bindRoot(query, binding.model->indexes[i].queryField, FieldRole::ByIndex, binding, int(i));
    const Type *mutation = types.rootType(GraphQL::OperationType::Mutation);
    bindRoot(mutation, names.create, FieldRole::Create, binding);
    bindRoot(mutation, names.update, FieldRole::Update, binding);
    bindRoot(mutation, names.remove, FieldRole::Delete, binding);
    const Type *subscription = types.rootType(GraphQL::OperationType::Subscription);
    for (const QString &name : binding.model->operations.onCreate)
        bindRoot(subscription, name, FieldRole::OnCreate, binding);
    for (const QString &name : binding.model->operations.onUpdate)
        bindRoot(subscription, name, FieldRole::OnUpdate, binding);
    for (const QString &name : binding.model->operations.onDelete)
        bindRoot(subscription, name, FieldRole::OnDelete, binding);
}

} // namespace Tideline::Server
