// SPDX-License-Identifier: MIT
#include "client/appsync/accessverdict_p.h"

#include "client/appsync/authmodes_p.h"
#include "core/schema/claims.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

using Operation = Intention::Operation;
using Rules = std::vector<AuthRule>;

enum class Answer { No, Maybe, Yes };

Answer both(Answer a, Answer b) { return std::min(a, b); }
Answer either(Answer a, Answer b) { return std::max(a, b); }

// Whom rules let in: at any rate, and by what stands in the record.
struct Grant
{
    struct Place
    {
        int field = -1;
        QStringList names;
        bool fills = false;                 // whoever creates is written there
    };

    Answer always = Answer::No;
    QList<Place> places;

    void join(const Grant &other)
    {
        always = either(always, other.always);
        places += other.places;
    }
};

QString nameOf(Operation operation)
{
    switch (operation) {
    case Operation::Create: return u"create"_s;
    case Operation::Update: return u"update"_s;
    case Operation::Delete: return u"delete"_s;
    case Operation::Read: return u"read"_s;
    }
    Q_UNREACHABLE();
}

bool covers(const AuthRule &rule, const QString &access)
{
    static const QStringList reads{u"get"_s, u"list"_s, u"sync"_s, u"listen"_s};
    return rule.operations.isEmpty() || rule.operations.contains(access) || (reads.contains(access) && rule.operations.contains("read"_L1));
}

bool isCompoundOwner(const Rules &rules, const QString &field)
{
    return std::ranges::any_of(rules, [&field](const AuthRule &rule) {
        return rule.allow == AuthRule::Allow::Owner && rule.ownerField == field && rule.identityClaim.contains("::"_L1);
    });
}

// One caller's rights on one model.
class Judge
{
public:
    Judge(const Intention &intention, const Caller &caller) : m_intention(intention), m_model(*intention.model), m_caller(caller)
    {
        m_hasFieldRules = std::ranges::any_of(m_model.fields, &Judge::hasRules<SchemaField>)
            || std::ranges::any_of(m_model.relations, &Judge::hasRules<Relation>);
    }

    [[nodiscard]] Answer answer() const
    {
        const Answer answer = byRules();
        return m_caller.provider == AuthRule::Provider::Function ? both(answer, Answer::Maybe) : answer;    // which may deny more
    }

private:
    template<typename Member>
    static bool hasRules(const Member &member) { return !member.authRules.empty(); }

    [[nodiscard]] Answer byRules() const
    {
        switch (m_intention.operation) {
        case Operation::Create: return both(rows(u"create"_s), writes(u"create"_s));
        case Operation::Update: return both(rows(u"update"_s), writes(u"update"_s));
        case Operation::Delete: return both(rows(u"delete"_s), removes());
        case Operation::Read: break;
        }
        const Answer all = both(rows(u"get"_s), both(rows(u"list"_s), rows(u"sync"_s)));
        const Answer any = either(rows(u"get"_s), either(rows(u"list"_s), rows(u"sync"_s)));
        return all == any ? all : Answer::Maybe;
    }

    [[nodiscard]] Grant grant(const Rules &rules, const QString &access) const
    {
        Grant grant;
        for (const AuthRule &rule : rules) {
            if (rule.provider == m_caller.provider && covers(rule, access))
                grant.join(grantOf(rule));
        }
        return grant;
    }

    [[nodiscard]] Grant grantOf(const AuthRule &rule) const
    {
        using Allow = AuthRule::Allow;
        const bool iam = m_caller.provider == AuthRule::Provider::Iam;
        switch (rule.allow) {
        case Allow::Public:
            return {iam ? (m_caller.guest ? (*m_caller.guest ? Answer::Yes : Answer::No) : Answer::Maybe) : Answer::Yes, {}};
        case Allow::Private:
            return {iam ? (m_caller.guest ? (*m_caller.guest ? Answer::No : Answer::Yes) : Answer::Maybe)
                        : (m_caller.provider == AuthRule::Provider::ApiKey ? Answer::No : Answer::Yes), {}};
        case Allow::Custom:
            return {Answer::Maybe, {}};
        case Allow::Owner:
            return inField(rule.ownerField, ownerNames(m_caller.claims, {}, rule.identityClaim.split(u"::"_s)), true);
        case Allow::Groups:
            break;
        }
        const QStringList groups = groupsOf(m_caller.claims, rule.groupClaim);
        if (!rule.groupsField.isEmpty())
            return inField(rule.groupsField, groups, false);
        if (!m_caller.known)
            return {Answer::Maybe, {}};
        const bool isMember = std::ranges::any_of(groups, [&rule](const QString &group) { return rule.groups.contains(group); });
        return {isMember ? Answer::Yes : Answer::No, {}};
    }

    [[nodiscard]] Grant inField(const QString &name, const QStringList &names, bool fills) const
    {
        const int field = m_model.fieldIndex(name);
        if (field < 0)
            return {};
        if (!m_caller.known)
            return {Answer::Maybe, {}};
        return names.isEmpty() ? Grant() : Grant{Answer::No, {{field, names, fills}}};
    }

    // At least a part of the record.
    [[nodiscard]] Answer rows(const QString &access) const
    {
        if (m_model.authRules.empty())
            return Answer::Maybe;
        Grant all = grant(m_model.authRules, access);
        for (const SchemaField &field : m_model.fields)
            all.join(grant(field.authRules, access));
        for (const Relation &relation : m_model.relations)
            all.join(grant(relation.authRules, access));
        return holds(all);
    }

    [[nodiscard]] Answer member(const Rules &own, const QString &access) const
    {
        if (!own.empty())
            return holds(grant(own, access));
        return m_model.authRules.empty() ? Answer::Maybe : holds(grant(m_model.authRules, access));
    }

    // Keys, and times that the backend writes, are nobody's secret.
    [[nodiscard]] bool isFree(int field) const
    {
        const SchemaField &definition = m_model.fields[size_t(field)];
        return std::ranges::find(m_model.primaryKey, field) != m_model.primaryKey.end()
            || (definition.readOnly && (definition.name == m_model.createdAt || definition.name == m_model.updatedAt));
    }

    [[nodiscard]] Answer field(int field, const QString &access) const
    {
        return isFree(field) ? Answer::Yes : member(m_model.fields[size_t(field)].authRules, access);
    }

    [[nodiscard]] Answer removes() const
    {
        Answer answer = Answer::Yes;
        for (int i = 0; i < int(m_model.fields.size()); ++i)
            answer = both(answer, field(i, u"delete"_s));
        for (const Relation &relation : m_model.relations)
            answer = both(answer, member(relation.authRules, u"delete"_s));
        return answer;
    }

    // All that is written; what may be written or not only makes a Yes uncertain.
    [[nodiscard]] Answer writes(const QString &access) const
    {
        Answer answer = Answer::Yes;
        bool anyPossible = false;
        for (int i = 0; i < int(m_model.fields.size()); ++i) {
            if (isFree(i))
                continue;
            const Answer write = mayWrite(i, access);
            const Answer certainty = isWritten(i);
            anyPossible |= write != Answer::No && certainty != Answer::No;
            if (certainty == Answer::Yes)
                answer = both(answer, write);
            else if (certainty == Answer::Maybe && write != Answer::Yes)
                answer = both(answer, Answer::Maybe);
        }
        for (const QString &name : m_intention.fields) {
            if (m_model.fieldIndex(name) < 0)
                answer = both(answer, Answer::Maybe);       // a relation, maybe
        }
        const bool unnamedUpdate = m_intention.operation == Operation::Update && m_intention.fields.isEmpty();
        return unnamedUpdate && !anyPossible ? Answer::No : answer;
    }

    // Taking a value away needs the right to delete; whether that is meant is not said.
    [[nodiscard]] Answer mayWrite(int field, const QString &access) const
    {
        const Answer write = this->field(field, access);
        if (m_intention.operation != Operation::Update || write != Answer::Yes || this->field(field, u"delete"_s) == Answer::Yes)
            return write;
        return Answer::Maybe;
    }

    [[nodiscard]] Answer isWritten(int field) const
    {
        const SchemaField &definition = m_model.fields[size_t(field)];
        if (m_intention.fields.contains(definition.name))
            return Answer::Yes;
        const bool given = m_intention.operation == Operation::Create && !m_intention.record.isNull() && !m_intention.record.value(field).isNull();
        if (definition.readOnly || (!m_intention.fields.isEmpty() && !given))
            return Answer::No;
        return given ? Answer::Yes : Answer::Maybe;
    }

    [[nodiscard]] Answer holds(const Grant &grant) const
    {
        Answer answer = grant.always;
        for (const Grant::Place &place : grant.places)
            answer = either(answer, m_intention.operation == Operation::Create ? createHolds(place) : storedHolds(place));
        return answer;
    }

    // Owners are compared with the record after whoever creates was written where it names none.
    [[nodiscard]] Answer createHolds(const Grant::Place &place) const
    {
        const Value &value = m_intention.record.value(place.field);
        if (!m_intention.record.isNull() && !value.isNull() && isWritten(place.field) == Answer::Yes)
            return names(value, place.names, false) ? Answer::Yes : Answer::No;
        if (isWritten(place.field) == Answer::No)
            return filledIn(place.field, place.names);
        return Answer::Maybe;
    }

    // A field that is not given gets the names of the first rule that fills it.
    [[nodiscard]] Answer filledIn(int field, const QStringList &accepted) const
    {
        Grant all = grant(m_model.authRules, u"create"_s);
        for (const SchemaField &other : m_model.fields)
            all.join(grant(other.authRules, u"create"_s));
        for (const Relation &relation : m_model.relations)
            all.join(grant(relation.authRules, u"create"_s));
        for (const Grant::Place &place : std::as_const(all.places)) {
            if (place.fills && place.field == field)
                return accepted.contains(place.names.constFirst()) ? Answer::Yes : Answer::No;
        }
        return Answer::No;
    }

    [[nodiscard]] Answer storedHolds(const Grant::Place &place) const
    {
        const Record &record = m_intention.record;
        if (record.isNull() || record.state() != SyncState::Synced)
            return Answer::Maybe;
        const Value &value = record.value(place.field);
        if (value.isNull() && m_hasFieldRules)
            return Answer::Maybe;                           // perhaps hidden from this caller
        const bool shortened = showsOwnersShort(place.field);
        if (!names(value, place.names, shortened))
            return Answer::No;
        return shortened ? Answer::Maybe : Answer::Yes;
    }

    [[nodiscard]] bool showsOwnersShort(int field) const
    {
        const QString &name = m_model.fields[size_t(field)].name;
        const auto inRules = [&name](const auto &place) { return isCompoundOwner(place.authRules, name); };
        return inRules(m_model) || std::ranges::any_of(m_model.fields, inRules) || std::ranges::any_of(m_model.relations, inRules);
    }

    static bool names(const Value &value, const QStringList &wanted, bool shortened)
    {
        if (value.kind() == Value::Kind::List)
            return std::ranges::any_of(value.toList(), [&](const Value &element) { return names(element, wanted, shortened); });
        if (value.kind() != Value::Kind::Text)
            return false;
        return std::ranges::any_of(wanted, [&](const QString &name) {
            return name == value.toText() || (shortened && name.section(u"::"_s, -1) == value.toText());
        });
    }

    const Intention &m_intention;
    const ModelType &m_model;
    const Caller &m_caller;
    bool m_hasFieldRules = false;
};

} // namespace

Verdict accessVerdict(const Intention &intention, const QList<Caller> &callers)
{
    QList<Caller> tried;
    const QList<AuthMode> modes = authModes(*intention.model, nameOf(intention.operation));
    for (const Caller &caller : callers) {
        const bool isFor = callers.size() == 1 || modes.contains(caller.provider);
        if (caller.available && isFor)
            tried.append(caller);
    }
    if (tried.isEmpty()) {
        const auto first = std::ranges::find_if(callers, &Caller::available);
        if (first == callers.end())
            return Verdict::Unknown;
        tried.append(*first);
    }
    Answer answer = Answer::No;
    for (const Caller &caller : std::as_const(tried))
        answer = either(answer, Judge(intention, caller).answer());
    return answer == Answer::Yes ? Verdict::Allowed : answer == Answer::No ? Verdict::Refused : Verdict::Unknown;
}

} // namespace Tideline
