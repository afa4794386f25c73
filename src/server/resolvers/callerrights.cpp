// SPDX-License-Identifier: MIT
#include "server/resolvers/callerrights.h"

namespace Tideline::Server {

const Grant &CallerRights::rows(const ModelBinding &model, Access access)
{
    const auto key = std::pair(model.model->number, access);
    const auto known = m_rows.find(key);
    return known != m_rows.end() ? known->second : m_rows.emplace(key, model.policy->rows(m_identity, access)).first->second;
}

const ReadableFields &CallerRights::fields(const ModelBinding &model)
{
    const auto known = m_fields.find(model.model->number);
    return known != m_fields.end() ? known->second
                                   : m_fields.emplace(model.model->number, ReadableFields(*model.policy, m_identity)).first->second;
}

bool isDenied(const FieldDefinition &field, const Identity &identity)
{
    return !identity.deniedFields.isEmpty() && identity.deniedFields.contains(field.parent->name + u'.' + field.name);
}

bool CallerRights::mayRead(const FieldDefinition &field, const Source &parent)
{
    const FieldBinding &binding = m_bindings.of(field);
    if (binding.role == FieldRole::Column)
        return fields(*binding.model).contains(binding.index, std::get<Record>(parent.data));
    if (binding.role == FieldRole::Relation)
        return fields(*binding.model).containsRelation(binding.index, std::get<Record>(parent.data));
    return !isDenied(field) && (!binding.rules || binding.rules->grant(m_identity, Access::Read).isEverybody());
}

} // namespace Tideline::Server
