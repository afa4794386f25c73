// SPDX-License-Identifier: MIT
#include "client/appsync/authmodes_p.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

int priority(AuthRule::Allow allow)
{
    switch (allow) {
    case AuthRule::Allow::Custom: return 0;
    case AuthRule::Allow::Owner: return 1;
    case AuthRule::Allow::Groups: return 2;
    case AuthRule::Allow::Private: return 3;
    case AuthRule::Allow::Public: return 4;
    }
    Q_UNREACHABLE();
}

int priority(AuthMode mode)
{
    switch (mode) {
    case AuthMode::Function: return 0;
    case AuthMode::UserPools: return 1;
    case AuthMode::Oidc: return 2;
    case AuthMode::Iam: return 3;
    case AuthMode::ApiKey: return 4;
    }
    Q_UNREACHABLE();
}

void append(QList<AuthMode> &modes, std::vector<AuthRule> rules, const QString &operation)
{
    std::erase_if(rules, [&operation](const AuthRule &rule) { return !rule.operations.isEmpty() && !rule.operations.contains(operation); });
    std::ranges::stable_sort(rules, {}, [](const AuthRule &rule) { return std::pair(priority(rule.allow), priority(rule.provider)); });
    for (const AuthRule &rule : rules) {
        if (!modes.contains(rule.provider))
            modes.append(rule.provider);
    }
}

std::vector<AuthRule> reading(std::vector<AuthRule> rules)
{
    static const QStringList reads{u"read"_s, u"get"_s, u"list"_s, u"sync"_s, u"listen"_s};
    for (AuthRule &rule : rules) {
        if (std::ranges::any_of(rule.operations, [](const QString &operation) { return reads.contains(operation); }))
            rule.operations.append(u"read"_s);
    }
    return rules;
}

} // namespace

QList<AuthMode> authModes(const ModelType &model, const QString &operation)
{
    const auto rulesOf = [reads = operation == "read"_L1](const std::vector<AuthRule> &rules) { return reads ? reading(rules) : rules; };
    QList<AuthMode> modes;
    append(modes, rulesOf(model.authRules), operation);
    std::vector<AuthRule> more;
    for (const SchemaField &field : model.fields)
        more.insert(more.end(), field.authRules.begin(), field.authRules.end());
    for (const Relation &relation : model.relations)
        more.insert(more.end(), relation.authRules.begin(), relation.authRules.end());
    append(modes, rulesOf(more), operation);
    return modes;
}

QString authOperation(OutboxEntry::Operation operation)
{
    switch (operation) {
    case OutboxEntry::Operation::Create: return u"create"_s;
    case OutboxEntry::Operation::Update: return u"update"_s;
    case OutboxEntry::Operation::Delete: return u"delete"_s;
    }
    Q_UNREACHABLE();
}

std::shared_ptr<Authorizer> AuthOrder::first() const
{
    const auto good = std::ranges::find_if(m_all, [this](const auto &authorizer) { return authorizer->isAvailable() && !isRefused(authorizer); });
    if (good != m_all.end())
        return *good;
    const auto available = std::ranges::find_if(m_all, [](const auto &authorizer) { return authorizer->isAvailable(); });
    return available == m_all.end() ? m_all.first() : *available;
}

bool AuthOrder::isRefused(const std::shared_ptr<Authorizer> &authorizer) const
{
    const auto refused = m_refused.constFind(authorizer);
    return refused != m_refused.cend() && *refused == authorizer->number();
}

void AuthOrder::refused(const std::shared_ptr<Authorizer> &authorizer)
{
    m_refused.insert(authorizer, authorizer->number());
}

bool AuthOrder::recovered(const std::shared_ptr<Authorizer> &authorizer)
{
    return m_refused.remove(authorizer) && m_refused.isEmpty();
}

void AuthOrder::forgetWhenOthersAreHere()
{
    QList<quint64> secrets;
    for (const auto &authorizer : m_all)
        secrets.append(authorizer->number());
    if (std::exchange(m_secrets, secrets) != secrets)
        m_worked.clear();
}

AuthOrder::Modes AuthOrder::of(const ModelType &model, const QString &operation)
{
    if (m_all.size() == 1)
        return m_all;
    forgetWhenOthersAreHere();
    Modes modes;
    const QList<AuthMode> wanted = authModes(model, operation);
    for (const AuthMode mode : wanted) {
        for (const auto &authorizer : m_all) {
            if (authorizer->mode() == mode)
                modes.append(authorizer);
        }
    }
    if (modes.isEmpty())
        return {first()};               // the backend says what it thinks of it
    modes.removeIf([](const auto &authorizer) { return !authorizer->isAvailable(); });
    if (const qsizetype worked = modes.indexOf(m_worked.value({model.name, operation})); worked > 0)
        modes.move(worked, 0);
    return modes;
}

void AuthOrder::worked(const ModelType &model, const QString &operation, const std::shared_ptr<Authorizer> &authorizer)
{
    forgetWhenOthersAreHere();
    if (m_all.size() > 1)
        m_worked.insert({model.name, operation}, authorizer);
}

} // namespace Tideline
