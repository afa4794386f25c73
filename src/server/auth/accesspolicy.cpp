// SPDX-License-Identifier: MIT
#include "server/auth/accesspolicy.h"

#include "core/schema/claims.h"

#include <algorithm>
#include <array>

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

static int accessesOf(const QStringList &operations)
{
    static constexpr std::array<std::pair<QStringView, Access>, 8> names{{
        {u"create", Access::Create}, {u"update", Access::Update}, {u"delete", Access::Delete}, {u"read", Access::Read},
        {u"get", Access::Get}, {u"list", Access::List}, {u"sync", Access::Sync}, {u"listen", Access::Listen}}};
    if (operations.isEmpty())
        return 0xff;
    int accesses = 0;
    for (const auto &[name, access] : names) {
        if (operations.contains(name))
            accesses |= int(access);
    }
    return accesses;
}

RuleSet::RuleSet(const ModelType *model, const std::vector<AuthRule> &rules) : m_given(!rules.empty())
{
    for (const AuthRule &rule : rules) {
        const bool owner = rule.allow == AuthRule::Allow::Owner;
        const QString field = owner ? rule.ownerField : rule.groupsField;
        const int index = model && !field.isEmpty() ? model->fieldIndex(field) : -1;
        if (index < 0 && (owner || !field.isEmpty()))
            continue;
        m_rules.push_back({rule.allow, rule.provider, accessesOf(rule.operations), index,
                           owner ? rule.identityClaim.split(u"::"_s) : QStringList{rule.groupClaim}, rule.groups});
    }
}

void RuleSet::apply(const Rule &rule, const Identity &identity, Grant &grant)
{
    switch (rule.allow) {
    case AuthRule::Allow::Public:               // with IAM's signatures: those who did not sign in
        if (identity.provider != Identity::Provider::Iam || identity.guest)
            grant.allow();
        return;
    case AuthRule::Allow::Private:
        if (identity.provider != Identity::Provider::ApiKey && !identity.guest)
            grant.allow();
        return;
    case AuthRule::Allow::Custom:
        return grant.allow();
    case AuthRule::Allow::Owner:
        return grant.allowWhere(rule.field, ownerNames(identity.claims, identity.subject, rule.claims));
    case AuthRule::Allow::Groups:
        break;
    }
    const QStringList groups = groupsOf(identity.claims, rule.claims.first());
    if (rule.field >= 0)
        grant.allowWhere(rule.field, groups);
    else if (std::ranges::any_of(groups, [&rule](const QString &group) { return rule.groups.contains(group); }))
        grant.allow();
}

Grant RuleSet::grant(const Identity &identity, Access access) const
{
    Grant grant;
    for (const Rule &rule : m_rules) {
        if ((rule.accesses & int(access)) && sameProvider(rule.provider, identity.provider))
            apply(rule, identity, grant);
    }
    return grant;
}

std::vector<std::pair<int, QStringList>> RuleSet::ownersOf(const Identity &identity) const
{
    std::vector<std::pair<int, QStringList>> owners;
    for (const Rule &rule : m_rules) {
        if (rule.allow != AuthRule::Allow::Owner || !(rule.accesses & int(Access::Create)) || !sameProvider(rule.provider, identity.provider))
            continue;
        if (QStringList names = ownerNames(identity.claims, identity.subject, rule.claims); !names.isEmpty())
            owners.emplace_back(rule.field, std::move(names));
    }
    return owners;
}

AccessPolicy::AccessPolicy(const std::shared_ptr<const ModelType> &model) : m_model(model), m_rules(model.get(), model->authRules)
{
    for (const SchemaField &field : model->fields)
        m_fields.emplace_back(model.get(), field.authRules);
    for (const Relation &relation : model->relations)
        m_relations.emplace_back(model.get(), relation.authRules);
    m_hasFieldRules = allRules().size() > 1;            // beside the model's
}

std::vector<const RuleSet *> AccessPolicy::allRules() const
{
    std::vector<const RuleSet *> all{&m_rules};
    for (const std::vector<RuleSet> *sets : {&m_fields, &m_relations}) {
        for (const RuleSet &rules : *sets) {
            if (rules.isGiven())
                all.push_back(&rules);
        }
    }
    return all;
}

Grant AccessPolicy::modelGrant(const Identity &identity, Access access) const
{
    return m_rules.isGiven() ? m_rules.grant(identity, access) : Grant::everybody();
}

Grant AccessPolicy::rows(const Identity &identity, Access access) const
{
    if (!m_rules.isGiven() || (access == Access::Listen && m_model->operations.level == ModelOperations::SubscriptionLevel::Public))
        return Grant::everybody();
    Grant grant;
    for (const RuleSet *rules : allRules())
        grant.join(rules->grant(identity, access));
    return grant;
}

bool AccessPolicy::isFree(int field) const
{
    const QString &name = m_model->fields[size_t(field)].name;
    return std::ranges::find(m_model->primaryKey, field) != m_model->primaryKey.end()
        || (m_model->fields[size_t(field)].readOnly && (name == m_model->createdAt || name == m_model->updatedAt));
}

Grant AccessPolicy::field(int field, const Identity &identity, Access access) const
{
    if (isFree(field))
        return Grant::everybody();
    const RuleSet &own = m_fields[size_t(field)];
    return own.isGiven() ? own.grant(identity, access) : modelGrant(identity, access);
}

Grant AccessPolicy::relation(int relation, const Identity &identity, Access access) const
{
    const RuleSet &own = m_relations[size_t(relation)];
    return own.isGiven() ? own.grant(identity, access) : modelGrant(identity, access);
}

bool AccessPolicy::isGuarded(int field) const
{
    return m_hasFieldRules && !isFree(field) && (m_fields[size_t(field)].isGiven() || m_rules.isGiven());
}

bool AccessPolicy::isRelationGuarded(int relation) const
{
    return m_hasFieldRules && (m_relations[size_t(relation)].isGiven() || m_rules.isGiven());
}

std::vector<std::pair<int, QStringList>> AccessPolicy::ownersOf(const Identity &identity) const
{
    std::vector<std::pair<int, QStringList>> owners;
    for (const RuleSet *rules : allRules()) {
        std::vector<std::pair<int, QStringList>> more = rules->ownersOf(identity);
        owners.insert(owners.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    }
    return owners;
}

static bool isCompoundOwner(const std::vector<AuthRule> &rules, const QString &field)
{
    return std::ranges::any_of(rules, [&field](const AuthRule &rule) {
        return rule.allow == AuthRule::Allow::Owner && rule.ownerField == field && rule.identityClaim.contains(u"::");
    });
}

bool showsOwnersShort(const ModelType &model, int field)
{
    const QString &name = model.fields[size_t(field)].name;
    const auto inRules = [&name](const auto &place) { return isCompoundOwner(place.authRules, name); };
    return isCompoundOwner(model.authRules, name) || std::ranges::any_of(model.fields, inRules)
        || std::ranges::any_of(model.relations, inRules);
}

Value shortOwner(const Value &stored)
{
    if (stored.kind() == Value::Kind::Text)
        return stored.toText().section(u"::"_s, -1);
    if (stored.kind() != Value::Kind::List)
        return stored;
    Value::List owners;
    for (const Value &owner : stored.toList())
        owners.append(shortOwner(owner));
    return owners;
}

} // namespace Tideline::Server
