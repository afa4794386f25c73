// SPDX-License-Identifier: MIT
#pragma once

#include "backendfixture.h"

/*
    What section 7 of AppSync's protocol says of rules, read once more and written down as simply as it goes: no
    compiled rules, every question answered from the rule's own words.
*/
namespace AuthOracle {

using namespace BackendFixture;

inline const QStringList readOperations{u"get"_s, u"list"_s, u"sync"_s, u"listen"_s};

struct Rule
{
    QString allow;                      // owner groups private public custom
    QString provider;                   // apiKey iam oidc userPools function
    QString field = {};                 // ownerField or groupsField
    QString claim = {};                 // identityClaim or groupClaim
    QStringList groups = {};
    QStringList operations = {};        // none: all

    [[nodiscard]] bool covers(const QString &operation) const
    {
        return operations.isEmpty() || operations.contains(operation) || (operations.contains(u"read"_s) && readOperations.contains(operation));
    }
    [[nodiscard]] QString text() const
    {
        const auto list = [](const QStringList &names, const QString &quote) { return u"["_s + quote + names.join(quote + u", "_s + quote) + quote + u"]"_s; };
        QString text = u"{allow: %1, provider: %2"_s.arg(allow, provider);
        if (!field.isEmpty())
            text += u", %1: \"%2\""_s.arg(allow == u"owner" ? u"ownerField"_s : u"groupsField"_s, field);
        if (!claim.isEmpty())
            text += u", %1: \"%2\""_s.arg(allow == u"owner" ? u"identityClaim"_s : u"groupClaim"_s, claim);
        if (!groups.isEmpty())
            text += u", groups: "_s + list(groups, u"\""_s);
        if (!operations.isEmpty())
            text += u", operations: "_s + list(operations, {});
        return text + u'}';
    }
};

inline QString directive(const std::vector<Rule> &rules)
{
    QStringList texts;
    for (const Rule &rule : rules)
        texts.append(rule.text());
    return texts.isEmpty() ? QString() : u"@auth(rules: [%1])"_s.arg(texts.join(u", "));
}

struct Person
{
    QString name;
    QString provider;
    Identity identity;
};

inline Person person(const QString &name, const QString &provider, const QJsonObject &claims = {}, bool guest = false)
{
    static const QHash<QString, Identity::Provider> providers = {
        {u"apiKey"_s, Identity::Provider::ApiKey}, {u"iam"_s, Identity::Provider::Iam}, {u"oidc"_s, Identity::Provider::Oidc},
        {u"userPools"_s, Identity::Provider::UserPools}, {u"function"_s, Identity::Provider::Function}};
    Identity identity;
    identity.provider = providers.value(provider);
    identity.subject = claims["sub"_L1].toString();
    identity.claims = claims;
    identity.guest = guest;
    return {name, provider, identity};
}

inline std::vector<Person> people()
{
    return {
        person(u"key"_s, u"apiKey"_s),
        person(u"alice"_s, u"userPools"_s, {{u"sub"_s, u"s-alice"_s}, {u"username"_s, u"alice"_s}, {u"email"_s, u"alice@x"_s}, {u"tenant"_s, u"t1"_s},
                                            {u"user"_s, u"al"_s}, {u"cognito:groups"_s, QJsonArray{u"Staff"_s}}, {u"roles"_s, u"[\"Auditor\"]"_s}}),
        person(u"bob"_s, u"userPools"_s, {{u"sub"_s, u"s-bob"_s}, {u"cognito:username"_s, u"bob"_s}}),
        person(u"ada"_s, u"userPools"_s, {{u"sub"_s, u"s-ada"_s}, {u"username"_s, u"ada"_s}, {u"cognito:groups"_s, QJsonArray{u"Staff"_s, u"Admin"_s}}}),
        person(u"carol"_s, u"oidc"_s, {{u"sub"_s, u"s-carol"_s}, {u"username"_s, u"carol"_s}, {u"cognito:groups"_s, QJsonArray{u"Admin"_s}}, {u"roles"_s, u"Auditor"_s}}),
        person(u"dave"_s, u"oidc"_s, {{u"sub"_s, u"s-dave"_s}}),
        person(u"guest"_s, u"iam"_s, {}, true),
        person(u"signedIn"_s, u"iam"_s),
        person(u"lambda"_s, u"function"_s),
    };
}

// "<sub>::<username>", else the plain claim; accepted are the whole and its parts.
inline QStringList namesOf(const Person &who, const QString &identityClaim)
{
    QStringList values;
    for (const QString &claim : (identityClaim.isEmpty() ? u"sub::username"_s : identityClaim).split(u"::"_s)) {
        QString value = who.identity.claims[claim].toString();
        if (value.isEmpty() && claim == u"username")
            value = who.identity.claims["cognito:username"_L1].toString();
        if (!value.isEmpty())
            values.append(value);
    }
    return values.isEmpty() ? values : QStringList{values.join(u"::")} + values;
}

inline QStringList groupsOf(const Person &who, const QString &groupClaim)
{
    const QJsonValue claim = who.identity.claims[groupClaim.isEmpty() ? u"cognito:groups"_s : groupClaim];
    const QJsonArray array = claim.isArray() ? claim.toArray() : QJsonDocument::fromJson(claim.toString().toUtf8()).array();
    if (array.isEmpty())
        return claim.toString().isEmpty() ? QStringList() : QStringList{claim.toString()};
    QStringList groups;
    for (const QJsonValue group : array)
        groups.append(group.toString());
    return groups;
}

inline bool has(const QJsonValue &stored, const QStringList &wanted)
{
    const QJsonArray array = stored.isArray() ? stored.toArray() : QJsonArray{stored};
    for (const QJsonValue value : array) {
        if (value.isString() && wanted.contains(value.toString()))
            return true;
    }
    return false;
}

inline QString fieldOf(const Rule &rule)
{
    return rule.allow == u"owner" && rule.field.isEmpty() ? u"owner"_s : rule.field;
}

// The caller's names or groups by a rule that looks at records.
inline QStringList wantedBy(const Rule &rule, const Person &who)
{
    return rule.allow == u"owner" ? namesOf(who, rule.claim) : groupsOf(who, rule.claim);
}

inline bool looksAtRecords(const Rule &rule)
{
    return rule.allow == u"owner" || (rule.allow == u"groups" && !rule.field.isEmpty());
}

inline bool concerns(const Rule &rule, const Person &who, const QString &operation)
{
    return rule.provider == who.provider && rule.covers(operation);
}

// By who the caller is alone.
inline bool letsIn(const Rule &rule, const Person &who, const QString &operation)
{
    if (!concerns(rule, who, operation) || looksAtRecords(rule))
        return false;
    if (rule.allow == u"public")
        return rule.provider == u"apiKey" || who.identity.guest;
    if (rule.allow == u"private")
        return !who.identity.guest;
    return rule.allow == u"custom" || has(QJsonArray::fromStringList(groupsOf(who, rule.claim)), rule.groups);
}

inline bool letsIn(const std::vector<Rule> &rules, const Person &who, const QString &operation)
{
    return std::ranges::any_of(rules, [&](const Rule &rule) { return letsIn(rule, who, operation); });
}

inline bool lets(const std::vector<Rule> &rules, const Person &who, const QString &operation, const QJsonObject &record)
{
    return letsIn(rules, who, operation) || std::ranges::any_of(rules, [&](const Rule &rule) {
        return looksAtRecords(rule) && concerns(rule, who, operation) && has(record[fieldOf(rule)], wantedBy(rule, who));
    });
}

// Whether there could be a record.
inline bool mayLet(const std::vector<Rule> &rules, const Person &who, const QString &operation)
{
    return letsIn(rules, who, operation) || std::ranges::any_of(rules, [&](const Rule &rule) {
        return looksAtRecords(rule) && concerns(rule, who, operation) && !wantedBy(rule, who).isEmpty();
    });
}

// A create's input with the owners that the service fills in.
inline QJsonObject withOwners(const std::vector<Rule> &rules, const Person &who, QJsonObject input)
{
    for (const Rule &rule : rules) {
        const QStringList names = rule.allow == u"owner" && concerns(rule, who, u"create"_s) ? namesOf(who, rule.claim) : QStringList();
        if (!names.isEmpty() && !input.contains(fieldOf(rule)))
            input.insert(fieldOf(rule), fieldOf(rule) == u"editors" ? QJsonValue(QJsonArray{names.first()}) : QJsonValue(names.first()));
    }
    return input;
}

inline QJsonValue shown(const QJsonValue &owner)
{
    if (!owner.isArray())
        return owner.isString() ? QJsonValue(owner.toString().split(u"::"_s).last()) : owner;
    QJsonArray names;
    for (const QJsonValue value : owner.toArray())
        names.append(shown(value));
    return names;
}

} // namespace AuthOracle
