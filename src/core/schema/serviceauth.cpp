// SPDX-License-Identifier: MIT
#include "core/schema/serviceauth_p.h"

#include <algorithm>

namespace Tideline {

static void unite(ServiceAuth::Providers &providers, const ServiceAuth::Providers &more)
{
    for (const AuthRule::Provider provider : more) {
        if (std::find(providers.begin(), providers.end(), provider) == providers.end())
            providers.push_back(provider);
    }
    std::sort(providers.begin(), providers.end());
}

template<typename Roles>
static ServiceAuth::Providers providersOf(const Roles &roles)
{
    ServiceAuth::Providers providers;
    for (const auto &role : roles) {
        if constexpr (std::is_pointer_v<std::decay_t<decltype(role)>>)
            unite(providers, {role->provider});
        else
            unite(providers, {role.provider});
    }
    return providers;
}

ServiceAuth::ServiceAuth(const Schema &schema, AuthRule::Provider defaultProvider) : m_default(defaultProvider)
{
    for (const auto &model : schema.models())
        m_matrices.emplace_back(*model);
    for (const auto &model : schema.models())
        spread(schema, model->fields, providersOf(matrix(*model).roles()));
    for (Providers &providers : m_embedded)
        providers = directives(providers);
}

// An embedded type is open to everyone to whom a model with it is.
void ServiceAuth::spread(const Schema &schema, const std::vector<SchemaField> &fields, const Providers &providers)
{
    for (const SchemaField &field : fields) {
        const EmbeddedType *type = field.type.kind == FieldType::Kind::Embedded ? schema.embeddedType(field.type.name) : nullptr;
        if (!type)
            continue;
        Providers &known = m_embedded[type->name];
        const Providers before = known;
        unite(known, providers);
        if (known != before)
            spread(schema, type->fields, providers);
    }
}

// The default provider is named only beside another one: naming one shuts out all that are not named.
ServiceAuth::Providers ServiceAuth::directives(const Providers &providers) const
{
    const bool others = std::any_of(providers.begin(), providers.end(), [this](auto provider) { return provider != m_default; });
    return others ? providers : Providers();
}

ServiceAuth::Providers ServiceAuth::ofOperation(const ModelType &model, AccessMatrix::Operation operation) const
{
    const std::vector<const AccessMatrix::Role *> roles = matrix(model).rolesFor(operation, operation == AccessMatrix::Delete);
    return directives(providersOf(roles));
}

ServiceAuth::Providers ServiceAuth::ofModel(const ModelType &model) const
{
    return directives(providersOf(matrix(model).roles()));
}

// An index is a list to some and a way to get one record to others.
ServiceAuth::Providers ServiceAuth::ofIndex(const ModelType &model) const
{
    Providers result = ofOperation(model, AccessMatrix::List);
    unite(result, ofOperation(model, AccessMatrix::Get));
    return result;
}

ServiceAuth::Providers ServiceAuth::ofConnection(const ModelType &model) const
{
    Providers result = ofOperation(model, AccessMatrix::List);
    unite(result, ofOperation(model, AccessMatrix::Sync));
    const bool queried = std::any_of(model.indexes.begin(), model.indexes.end(), [](const Index &index) { return !index.queryField.isEmpty(); });
    if (queried)
        unite(result, ofIndex(model));
    return result;
}

ServiceAuth::Providers ServiceAuth::ofRules(const std::vector<AuthRule> &rules) const
{
    return directives(providersOf(rules));
}

} // namespace Tideline
