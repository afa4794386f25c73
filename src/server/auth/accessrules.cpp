// SPDX-License-Identifier: MIT
#include "server/auth/accessrules.h"

#include <QtCore/QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static bool sameProvider(AuthRule::Provider rule, Identity::Provider identity) noexcept
{
    switch (identity) {
    case Identity::Provider::ApiKey:
        return rule == AuthRule::Provider::ApiKey;
    case Identity::Provider::Iam:
        return rule == AuthRule::Provider::Iam;
    case Identity::Provider::Oidc:
        return rule == AuthRule::Provider::Oidc;
    case Identity::Provider::UserPools:
        return rule == AuthRule::Provider::UserPools;
    case Identity::Provider::Function:
        return rule == AuthRule::Provider::Function;
    }
    Q_UNREACHABLE();
}

static QString operationName(Access access)
{
    switch (access) {
    case Access::Create:
        return u"create"_s;
    case Access::Update:
        return u"update"_s;
    case Access::Delete:
        return u"delete"_s;
    case Access::Get:
        return u"get"_s;
    case Access::List:
        return u"list"_s;
    case Access::Sync:
        return u"sync"_s;
    case Access::Listen:
        return u"listen"_s;
    }
    Q_UNREACHABLE();
}

static bool isInGroup(const AuthRule &rule, const Identity &identity)
{
    const QJsonValue claim = identity.claims.value(rule.groupClaim);
    const QJsonArray groups = claim.isArray() ? claim.toArray() : QJsonArray{claim};
    return std::ranges::any_of(groups, [&rule](const QJsonValue &group) { return rule.groups.contains(group.toString()); });
}

static bool names(const AuthRule &rule, const Identity &identity)
{
    if (!sameProvider(rule.provider, identity.provider))
        return false;
    switch (rule.allow) {
    case AuthRule::Allow::Public:
    case AuthRule::Allow::Custom:
        return true;
    case AuthRule::Allow::Private:
        return identity.provider != Identity::Provider::ApiKey;
    case AuthRule::Allow::Groups:
        return rule.groupsField.isEmpty() && isInGroup(rule, identity);
    case AuthRule::Allow::Owner:
        break;
    }
    return false;
}

bool isAllowed(const std::vector<AuthRule> &rules, const Identity &identity, Access access)
{
    if (rules.empty())
        return true;
    const QString operation = operationName(access);
    return std::ranges::any_of(rules, [&](const AuthRule &rule) {
        return (rule.operations.isEmpty() || rule.operations.contains(operation)) && names(rule, identity);
    });
}

QStringList protectedFields(const ModelType &model, const QStringList &names, const Identity &identity, Access access)
{
    QStringList found;
    for (size_t i = 0; i < model.fields.size(); ++i) {
        const SchemaField &field = model.fields[i];
        const bool isKey = std::ranges::find(model.primaryKey, int(i)) != model.primaryKey.end();
        if (field.authRules.empty() || isKey || (access != Access::Delete && !names.contains(field.name)))
            continue;
        if (!isAllowed(field.authRules, identity, access))
            found.append(field.name);
    }
    return found;
}

} // namespace Tideline::Server
