// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/accesspolicy.h"
#include "server/execution/typesystem.h"
#include "server/storage/layout.h"

#include <deque>

namespace Tideline::Server {

// What a field of the GraphQL schema stands for.
enum class FieldRole : quint8 {
    None,
    Create, Update, Delete, Get, List, Sync, ByIndex, OnCreate, OnUpdate, OnDelete,     // of the root types
    Column, Version, Deleted, LastChangedAt, Relation,                                  // of a model type
    Items, NextToken, StartedAt,                                                        // of a connection
    Member,                                                                             // of an embedded type
};

struct ModelBinding
{
    std::shared_ptr<const ModelType> model;
    const TableLayout *table = nullptr;
    const Type *type = nullptr;
    const Type *connection = nullptr;
    std::shared_ptr<const AccessPolicy> policy = {};
};

struct FieldBinding
{
    FieldRole role = FieldRole::None;
    const ModelBinding *model = nullptr;    // of Items: of the items
    int index = -1;                         // of Column: field; of Relation and ByIndex: which
    bool guarded = false;                   // not everybody who may read the record may read this
    bool shortOwner = false;                // shown as shortOwner() says
    const RuleSet *rules = nullptr;         // of a guarded field that is no model's
};

/* The link between the type system, the schema and the tables; immutable. */
class Bindings
{
public:
    [[nodiscard]] static Result<std::unique_ptr<const Bindings>> make(const Schema &schema, const TypeSystem &types,
                                                                      const Layout &layout);

    [[nodiscard]] const FieldBinding &of(const FieldDefinition &field) const noexcept { return m_fields[size_t(field.number)]; }
    [[nodiscard]] const ModelBinding &of(const ModelType &model) const noexcept { return m_models[size_t(model.number)]; }

private:
    void bindModel(const ModelBinding &binding);
    void bindConnection(const ModelBinding &binding);
    void bindEmbedded(const Schema &schema, const TypeSystem &types);
    void bindRoots(const TypeSystem &types, const ModelBinding &binding);
    void bindCustomRoots(const Schema &schema, const TypeSystem &types);
    void guard(const FieldDefinition &field, const std::vector<AuthRule> &rules);
    void bindRoot(const Type *root, const QString &name, FieldRole role, const ModelBinding &binding, int index = -1);

    std::vector<ModelBinding> m_models;     // by the model's number
    std::vector<FieldBinding> m_fields;     // by the field's number
    std::deque<RuleSet> m_rules;            // of fields that are no model's
};

} // namespace Tideline::Server
