// SPDX-License-Identifier: MIT
#include "core/schema/accessmatrix_p.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace Tideline {

static QString providerName(AuthRule::Provider provider)
{
    switch (provider) {
    case AuthRule::Provider::ApiKey:
        return u"apiKey"_s;
    case AuthRule::Provider::Iam:
        return u"iam"_s;
    case AuthRule::Provider::Oidc:
        return u"oidc"_s;
    case AuthRule::Provider::UserPools:
        return u"userPools"_s;
    case AuthRule::Provider::Function:
        return u"function"_s;
    }
    return {};
}

quint16 AccessMatrix::operationsOf(const AuthRule &rule)
{
    static constexpr std::array<std::pair<QStringView, Operation>, 9> names{{
        {u"create", Create}, {u"update", Update}, {u"delete", Delete}, {u"read", Read}, {u"get", Get}, {u"list", List},
        {u"sync", Sync}, {u"listen", Listen}, {u"search", Search},
    }};
    quint16 operations = 0;
    for (const auto &[name, operation] : names) {
        if (rule.operations.contains(name))
            operations |= operation;
    }
    return operations;
}

std::vector<AccessMatrix::Role> AccessMatrix::rolesOf(const AuthRule &rule)
{
    const QString provider = providerName(rule.provider);
    switch (rule.allow) {
    case AuthRule::Allow::Groups: {
        if (!rule.groupsField.isEmpty())
            return {{u"%1:dynamicGroup:%2:%3"_s.arg(provider, rule.groupsField, rule.groupClaim), rule.allow, rule.provider, rule.groupsField, {}}};
        std::vector<Role> roles;
        for (const QString &group : rule.groups)
            roles.push_back({u"%1:staticGroup:%2:%3"_s.arg(provider, group, rule.groupClaim), rule.allow, rule.provider, {}, {}});
        return roles;
    }
    case AuthRule::Allow::Owner:
        return {{u"%1:owner:%2:%3"_s.arg(provider, rule.ownerField, rule.identityClaim), rule.allow, rule.provider, rule.ownerField, {}}};
    case AuthRule::Allow::Private:
        return {{provider + u":private"_s, rule.allow, rule.provider, {}, {}}};
    case AuthRule::Allow::Public:
        return {{provider + u":public"_s, rule.allow, rule.provider, {}, {}}};
    case AuthRule::Allow::Custom:
        return {{provider + u":custom"_s, rule.allow, rule.provider, {}, {}}};
    }
    return {};
}

AccessMatrix::AccessMatrix(const ModelType &model)
{
    for (const SchemaField &field : model.fields) {
        if (!field.implicit)
            m_resources.append(field.name);
    }
    for (const Relation &relation : model.relations)
        m_resources.append(relation.name);
    for (const AuthRule &rule : model.authRules)
        add(rule, -1);

    // rules of a field replace those of the model
    const auto replace = [this](const QString &name, const std::vector<AuthRule> &rules) {
        const qsizetype resource = m_resources.indexOf(name);
        if (rules.empty() || resource < 0)
            return;
        for (Role &role : m_roles)
            role.allowed[size_t(resource)] = 0;
        for (const AuthRule &rule : rules)
            add(rule, resource);
    };
    for (const SchemaField &field : model.fields)
        replace(field.name, field.authRules);
    for (const Relation &relation : model.relations)
        replace(relation.name, relation.authRules);
}

void AccessMatrix::add(const AuthRule &rule, qsizetype resource)
{
    const quint16 operations = operationsOf(rule);
    for (Role &role : rolesOf(rule)) {
        auto found = std::find_if(m_roles.begin(), m_roles.end(), [&](const Role &other) { return other.name == role.name; });
        if (found == m_roles.end()) {
            role.allowed.assign(size_t(m_resources.size()), 0);
            m_roles.push_back(std::move(role));
            found = m_roles.end() - 1;
        }
        if (resource < 0)
            std::fill(found->allowed.begin(), found->allowed.end(), operations);
        else
            found->allowed[size_t(resource)] = operations;
    }
}

// Roles that may do it with at least one field, or with every field.
std::vector<const AccessMatrix::Role *> AccessMatrix::rolesFor(Operation operation, bool everywhere) const
{
    const auto may = [operation](quint16 allowed) { return (allowed & operation) != 0; };
    std::vector<const Role *> result;
    for (const Role &role : m_roles) {
        const bool found = everywhere ? std::all_of(role.allowed.begin(), role.allowed.end(), may)
                                      : std::any_of(role.allowed.begin(), role.allowed.end(), may);
        if (found)
            result.push_back(&role);
    }
    return result;
}

// Whether everyone who may read records may read this field. Whoever is signed in passes for the owners and
// groups of the same provider.
bool AccessMatrix::readableByAllReaders(const QString &resource) const
{
    const auto index = size_t(m_resources.indexOf(resource));
    const std::vector<const Role *> readers = rolesFor(Get);
    const auto coveredByPrivate = [&](const Role &role) {
        return std::any_of(readers.begin(), readers.end(), [&](const Role *other) {
            return other->allow == AuthRule::Allow::Private && other->provider == role.provider
                && role.provider != AuthRule::Provider::Iam && (other->allowed[index] & Read) == Read;
        });
    };
    return std::all_of(readers.begin(), readers.end(), [&](const Role *role) {
        return (role->allowed[index] & Read) != 0 || coveredByPrivate(*role);
    });
}

} // namespace Tideline
