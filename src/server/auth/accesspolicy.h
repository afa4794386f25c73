// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"
#include "server/auth/grant.h"
#include "server/service.h"

namespace Tideline::Server {

enum class Access : quint8 {
    Create = 1, Update = 2, Delete = 4, Get = 8, List = 16, Sync = 32, Listen = 64,
    Read = Get | List | Sync | Listen,          // by any of them
};

/* One place's @auth rules, ready to be asked. */
class RuleSet
{
public:
    RuleSet() = default;
    RuleSet(const ModelType *model, const std::vector<AuthRule> &rules);    // without a model no rule looks at a record

    [[nodiscard]] bool isGiven() const noexcept { return m_given; }
    [[nodiscard]] Grant grant(const Identity &identity, Access access) const;   // without rules: nobody
    // Owner fields that \a identity's creates fill in, with its names; the first is the one to write.
    [[nodiscard]] std::vector<std::pair<int, QStringList>> ownersOf(const Identity &identity) const;

private:
    struct Rule
    {
        AuthRule::Allow allow = AuthRule::Allow::Public;
        AuthRule::Provider provider = AuthRule::Provider::ApiKey;
        int accesses = 0;
        int field = -1;                         // of owners and dynamic groups
        QStringList claims;                     // of owners: parts of the identity claim; of groups: the claim
        QStringList groups;
    };
    static void apply(const Rule &rule, const Identity &identity, Grant &grant);

    std::vector<Rule> m_rules;
    bool m_given = false;                       // there are rules, be it that none of them can let anybody in
};

/*
    Who may do what with a model's records, compiled once from its rules; section 7 of AppSync's protocol. Rules that
    belong together are alternatives. Rules of a field or relation replace those of the model for it, and whoever they let in may
    see or write the record, but of it no more than is his. A model without rules is everybody's who was let in at all.
    Keys, times that the backend writes and metadata are nobody's secret.
*/
class AccessPolicy
{
public:
    explicit AccessPolicy(const std::shared_ptr<const ModelType> &model);

    [[nodiscard]] const ModelType &model() const noexcept { return *m_model; }
    [[nodiscard]] bool isOpen() const noexcept { return !m_rules.isGiven() && !m_hasFieldRules; }
    [[nodiscard]] bool hasFieldRules() const noexcept { return m_hasFieldRules; }

    [[nodiscard]] Grant rows(const Identity &identity, Access access) const;                // at least a part of the record
    [[nodiscard]] Grant field(int field, const Identity &identity, Access access) const;
    [[nodiscard]] Grant relation(int relation, const Identity &identity, Access access) const;
    [[nodiscard]] bool isGuarded(int field) const;              // it may be that a reader of the record may not read it
    [[nodiscard]] bool isRelationGuarded(int relation) const;
    [[nodiscard]] std::vector<std::pair<int, QStringList>> ownersOf(const Identity &identity) const;

private:
    [[nodiscard]] bool isFree(int field) const;
    [[nodiscard]] Grant modelGrant(const Identity &identity, Access access) const;
    [[nodiscard]] std::vector<const RuleSet *> allRules() const;

    std::shared_ptr<const ModelType> m_model;
    RuleSet m_rules;
    std::vector<RuleSet> m_fields;              // none given where the model's rules hold
    std::vector<RuleSet> m_relations;
    bool m_hasFieldRules = false;
};

/* Whether the field holds owners that are shown without what tells users of one name apart: the part after the last "::". */
[[nodiscard]] bool showsOwnersShort(const ModelType &model, int field);
[[nodiscard]] Value shortOwner(const Value &stored);            // text or a list

} // namespace Tideline::Server
