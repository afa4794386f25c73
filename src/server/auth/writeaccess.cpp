// SPDX-License-Identifier: MIT
#include "server/auth/writeaccess.h"

#include <algorithm>

namespace Tideline::Server {

WriteAccess::WriteAccess(const AccessPolicy &policy, const Identity &identity, Access access, const Value::Object &input)
    : m_rows(policy.rows(identity, access)), m_readers(policy.rows(identity, Access::Read)), m_readable(policy, identity)
{
    if (policy.isOpen())
        return;
    const ModelType &model = policy.model();
    if (access == Access::Delete) {
        for (size_t i = 0; i < model.fields.size(); ++i)
            add(model.fields[i].name, policy.field(int(i), identity, access));
        for (size_t i = 0; i < model.relations.size(); ++i)
            add(model.relations[i].name, policy.relation(int(i), identity, access));
        return;
    }
    for (const auto &[name, value] : input) {
        const int field = model.fieldIndex(name);
        if (field < 0)
            continue;
        add(name, policy.field(field, identity, access));
        if (value.isNull() && access == Access::Update)         // what takes a value away deletes
            add(name, policy.field(field, identity, Access::Delete));
    }
}

void WriteAccess::add(const QString &name, const Grant &grant)
{
    if (!grant.isEverybody())
        m_fields.emplace_back(name, grant);
}

bool WriteAccess::allows(const Record &record) const
{
    return m_rows.allows(record);
}

QStringList WriteAccess::refusedFields(const Record &record) const
{
    QStringList refused;
    for (const auto &[name, grant] : m_fields) {
        if (!grant.allows(record) && !refused.contains(name))
            refused.append(name);
    }
    return refused;
}

Value::Object withOwners(const AccessPolicy &policy, const Identity &identity, Value::Object input)
{
    for (const auto &[field, names] : policy.ownersOf(identity)) {
        const SchemaField &definition = policy.model().fields[size_t(field)];
        const bool given = std::ranges::any_of(input, [&definition](const Value::Member &member) { return member.first == definition.name; });
        if (!given)
            input.append({definition.name, definition.type.list ? Value(Value::List{names.first()}) : Value(names.first())});
    }
    return input;
}

} // namespace Tideline::Server
