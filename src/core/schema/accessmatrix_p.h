// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"

namespace Tideline {

// Who may do what with which field of a model, as the rules of the model and its fields add up.
class AccessMatrix
{
public:
    enum Operation : quint16 {
        Create = 1, Update = 2, Delete = 4, Get = 8, List = 16, Sync = 32, Listen = 64, Search = 128,
        Read = Get | List | Sync | Listen | Search,
    };

    struct Role
    {
        QString name;                   // "userPools:owner:owner:sub::username"; equal for rules that mean the same people
        AuthRule::Allow allow = AuthRule::Allow::Public;
        AuthRule::Provider provider = AuthRule::Provider::ApiKey;
        QString field;                  // of an owner or a dynamic group: where it is written
        std::vector<quint16> allowed;   // operations, one set for each of resources()
    };

    explicit AccessMatrix(const ModelType &model);

    [[nodiscard]] const std::vector<Role> &roles() const noexcept { return m_roles; }
    [[nodiscard]] const QStringList &resources() const noexcept { return m_resources; }
    [[nodiscard]] std::vector<const Role *> rolesFor(Operation operation, bool everywhere = false) const;
    [[nodiscard]] bool readableByAllReaders(const QString &resource) const;

    [[nodiscard]] static std::vector<Role> rolesOf(const AuthRule &rule);
    [[nodiscard]] static quint16 operationsOf(const AuthRule &rule);

private:
    void add(const AuthRule &rule, qsizetype resource);

    std::vector<Role> m_roles;
    QStringList m_resources;            // declared fields and relations
};

} // namespace Tideline
