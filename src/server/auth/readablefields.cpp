// SPDX-License-Identifier: MIT
#include "server/auth/readablefields.h"

namespace Tideline::Server {

static bool isDenied(const AccessPolicy &policy, const QString &member, const Identity &identity)
{
    return !identity.deniedFields.isEmpty() && identity.deniedFields.contains(policy.model().name + u'.' + member);
}

ReadableFields::ReadableFields(const AccessPolicy &policy, const Identity &identity)
{
    if (!policy.hasFieldRules() && identity.deniedFields.isEmpty())
        return;
    const ModelType &model = policy.model();
    m_fields = model.fields.size();
    for (size_t i = 0; i < m_fields; ++i)
        m_grants.push_back(isDenied(policy, model.fields[i].name, identity) ? Grant() : policy.field(int(i), identity, Access::Read));
    for (size_t i = 0; i < model.relations.size(); ++i)
        m_grants.push_back(isDenied(policy, model.relations[i].name, identity) ? Grant() : policy.relation(int(i), identity, Access::Read));
}

bool ReadableFields::contains(int field, const Record &record) const
{
    return isAll() || m_grants[size_t(field)].allows(record);
}

bool ReadableFields::containsRelation(int relation, const Record &record) const
{
    return isAll() || m_grants[m_fields + size_t(relation)].allows(record);
}

Record ReadableFields::only(const Record &record) const
{
    Record seen = record;
    for (size_t i = 0; i < m_fields; ++i) {
        if (!m_grants[i].allows(record))
            seen.setValue(int(i), {});
    }
    return seen;
}

QString ReadableFields::digest() const
{
    Value::List grants;
    for (const Grant &grant : m_grants)
        grants.append(grant.digest());
    return isAll() ? QStringLiteral("*") : Value(grants).toJsonText();
}

} // namespace Tideline::Server
