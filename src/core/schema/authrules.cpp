// SPDX-License-Identifier: MIT
#include "core/schema/accessmatrix_p.h"
#include "core/schema/schemacontext_p.h"

#include <QtCore/QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline {

static const QStringList readOperations{u"get"_s, u"list"_s, u"sync"_s, u"listen"_s, u"search"_s};

static AuthRule::Allow allowOf(const QString &name)
{
    if (name == u"owner")
        return AuthRule::Allow::Owner;
    if (name == u"groups")
        return AuthRule::Allow::Groups;
    if (name == u"private")
        return AuthRule::Allow::Private;
    if (name == u"custom")
        return AuthRule::Allow::Custom;
    return AuthRule::Allow::Public;
}

static AuthRule::Provider defaultProvider(AuthRule::Allow allow)
{
    switch (allow) {
    case AuthRule::Allow::Owner:
    case AuthRule::Allow::Groups:
    case AuthRule::Allow::Private:
        return AuthRule::Provider::UserPools;
    case AuthRule::Allow::Public:
        return AuthRule::Provider::ApiKey;
    case AuthRule::Allow::Custom:
        return AuthRule::Provider::Function;
    }
    return AuthRule::Provider::ApiKey;
}

static AuthRule::Provider providerOf(const QString &name, AuthRule::Allow allow)
{
    if (name == u"apiKey")
        return AuthRule::Provider::ApiKey;
    if (name == u"iam" || name == u"identityPool")
        return AuthRule::Provider::Iam;
    if (name == u"oidc")
        return AuthRule::Provider::Oidc;
    if (name == u"userPools")
        return AuthRule::Provider::UserPools;
    if (name == u"function")
        return AuthRule::Provider::Function;
    return defaultProvider(allow);
}

namespace {

struct RuleReader
{
    const GraphQL::ObjectValue &object;

    [[nodiscard]] QString text(QStringView name) const { return stringOf(findMember(object, name)); }
    [[nodiscard]] bool has(QStringView name) const
    {
        const GraphQL::Value *value = findMember(object, name);
        return value && !isNull(*value);
    }

    [[nodiscard]] AuthRule read() const
    {
        AuthRule rule;
        rule.allow = allowOf(text(u"allow"));
        rule.provider = providerOf(text(u"provider"), rule.allow);
        if (rule.allow == AuthRule::Allow::Owner) {
            rule.ownerField = has(u"ownerField") ? text(u"ownerField") : u"owner"_s;
            rule.identityClaim = has(u"identityClaim") ? text(u"identityClaim") : u"sub::username"_s;
        }
        if (rule.allow == AuthRule::Allow::Groups) {
            rule.groupClaim = has(u"groupClaim") ? text(u"groupClaim") : u"cognito:groups"_s;
            rule.groups = stringsOf(findMember(object, u"groups"));
            rule.groupsField = text(u"groupsField");
        }
        rule.operations = stringsOf(findMember(object, u"operations"));
        if (!has(u"operations"))
            rule.operations = QStringList{u"create"_s, u"update"_s, u"delete"_s, u"read"_s};
        if (rule.operations.contains(u"read"_s))
            rule.operations += readOperations;
        return rule;
    }

    [[nodiscard]] QString problem(const AuthRule &rule, bool onField) const;
    [[nodiscard]] QString providerProblem(const AuthRule &rule) const;
    [[nodiscard]] QString operationsProblem(bool onField) const;
};

} // namespace

QString RuleReader::providerProblem(const AuthRule &rule) const
{
    using Provider = AuthRule::Provider;
    const auto refuse = [&](const QString &strategy, const QString &allowed) {
        return u"@auth directive with '%1' strategy only supports %2, but found '%3' assigned. Change the provider or the strategy."_s
            .arg(strategy, allowed, text(u"provider"));
    };
    const bool tokens = rule.provider == Provider::UserPools || rule.provider == Provider::Oidc;
    switch (rule.allow) {
    case AuthRule::Allow::Groups:
        return tokens ? QString() : refuse(u"groups"_s, u"'userPools' (default) and 'oidc' providers"_s);
    case AuthRule::Allow::Owner:
        return tokens ? QString() : refuse(u"owner"_s, u"'userPools' (default) and 'oidc' providers"_s);
    case AuthRule::Allow::Public:
        if (rule.provider == Provider::ApiKey || rule.provider == Provider::Iam)
            return {};
        return refuse(u"public"_s, u"'apiKey' (default) and 'identityPool' providers"_s);
    case AuthRule::Allow::Private:
        if (tokens || rule.provider == Provider::Iam)
            return {};
        return refuse(u"private"_s, u"'userPools' (default), 'oidc' and 'identityPool' providers"_s);
    case AuthRule::Allow::Custom:
        return rule.provider == Provider::Function ? QString() : refuse(u"custom"_s, u"'function' (default) provider"_s);
    }
    return {};
}

QString RuleReader::operationsProblem(bool onField) const
{
    const QStringList given = stringsOf(findMember(object, u"operations"));
    QStringList parts;
    for (const QString &operation : given) {
        if (readOperations.contains(operation))
            parts.append(operation);
    }
    if (has(u"operations") && given.isEmpty())
        return u"This rule has an empty list of operations and allows nothing. Name some, or leave the argument out."_s;
    if (onField && !parts.isEmpty())
        return u"'%1' operation is not allowed at the field level. Use read."_s.arg(parts.join(u','));
    if (given.contains(u"read"_s) && !parts.isEmpty())
        return u"'%1' operations are specified in addition to 'read', which contains them. Remove either."_s.arg(parts.join(u','));
    return {};
}

QString RuleReader::problem(const AuthRule &rule, bool onField) const
{
    if (const QString text = providerProblem(rule); !text.isEmpty())
        return text;
    if (rule.allow == AuthRule::Allow::Groups && has(u"identityClaim"))
        return u"@auth identityClaim can only be used for 'allow: owner'. Use groupClaim."_s;
    if (rule.allow == AuthRule::Allow::Owner && has(u"groupClaim"))
        return u"@auth groupClaim can only be used for 'allow: groups'. Use identityClaim."_s;
    if (has(u"groups") && has(u"groupsField"))
        return u"This rule has groupsField and groups, please use one or the other."_s;
    if (rule.allow == AuthRule::Allow::Groups && !has(u"groups") && !has(u"groupsField"))
        return u"@auth directive with 'groups' should have a defined groups list or a groupsField."_s;
    if (rule.allow == AuthRule::Allow::Groups && has(u"groups") && rule.groups.isEmpty())
        return u"@auth rules using groups cannot have an empty list."_s;
    return operationsProblem(onField);
}

// The fields a rule looks at must be there and hold text; an owner's is made when it is not.
static QString fieldProblem(const ModelDraft &draft, const AuthRule &rule)
{
    const QString name = rule.allow == AuthRule::Allow::Owner ? rule.ownerField : rule.groupsField;
    if (name.isEmpty())
        return {};
    const int index = draft.model->fieldIndex(name);
    if (index < 0 && (rule.allow == AuthRule::Allow::Groups || draft.field(name))) {
        QStringList known;
        for (const SchemaField &field : draft.model->fields)
            known.append(field.name);
        return u"Can't find field %1 in %2, but an @auth rule reads it. Declare it as String or [String].%3"_s
            .arg(quoted(name), quoted(draft.model->name), didYouMean(name, known));
    }
    if (index < 0)
        return {};
    const std::vector<int> &key = draft.model->primaryKey;
    if (rule.allow == AuthRule::Allow::Owner && std::find(key.begin() + 1, key.end(), index) != key.end())
        return u"Field %1 is a sort key of the primary key and cannot be used as an owner @auth field too. Use another field."_s.arg(quoted(name));
    const FieldType &type = draft.model->fields[size_t(index)].type;
    const bool text = type.kind == FieldType::Kind::Scalar && (type.scalar == Scalar::String || type.scalar == Scalar::ID);
    return text ? QString()
                : u"Field %1 of %2 is read by an @auth rule and must be String or [String], not %3."_s
                      .arg(quoted(name), quoted(draft.model->name), type.name);
}

static std::vector<GraphQL::Value> ruleValues(const GraphQL::Directive &directive)
{
    const GraphQL::Value *given = findArgument(directive, u"rules");
    const auto *list = std::get_if<GraphQL::ListValue>(&given->node);
    return list ? list->values : std::vector<GraphQL::Value>{*given};
}

static QString noRules(const QString &name)
{
    return u"@auth on %1 does not have any auth rules. Add one, or remove @auth."_s.arg(name);
}

static std::vector<AuthRule> rulesOf(SchemaContext &context, const ModelDraft &draft, const GraphQL::Directive &directive,
                                     const QString &fieldName)
{
    const std::vector<GraphQL::Value> values = ruleValues(directive);
    std::vector<AuthRule> rules;
    QSet<QString> roles;
    for (const GraphQL::Value &value : values) {
        const RuleReader reader{std::get<GraphQL::ObjectValue>(value.node)};
        const AuthRule rule = reader.read();
        QString problem = reader.problem(rule, !fieldName.isEmpty());
        if (problem.isEmpty())
            problem = fieldProblem(draft, rule);
        for (const AccessMatrix::Role &role : AccessMatrix::rolesOf(rule)) {
            if (problem.isEmpty() && roles.contains(role.name) && !draft.model->join)
                problem = u"This rule is for the same people as one before it (%1). Merge their operations."_s.arg(role.name);
            roles.insert(role.name);
        }
        if (!problem.isEmpty())
            context.problems.add(draft.place(locationOf(value), fieldName), problem);
        else if (std::find(rules.begin(), rules.end(), rule) == rules.end())
            rules.push_back(rule);
    }
    if (values.empty())
        context.problems.add(draft.place(directive.loc, fieldName), noRules(fieldName.isEmpty() ? draft.model->name : fieldName));
    return rules;
}

// Rules of fields that are not stored: operations the schema declares itself, and fields of embedded types.
static std::vector<AuthRule> plainRulesOf(SchemaContext &context, const GraphQL::Directive &directive, const Place &place)
{
    std::vector<AuthRule> rules;
    for (const GraphQL::Value &value : ruleValues(directive)) {
        const RuleReader reader{std::get<GraphQL::ObjectValue>(value.node)};
        const AuthRule rule = reader.read();
        QString problem = reader.problem(rule, true);
        if (problem.isEmpty() && reader.has(u"operations"))
            problem = u"@auth rules on fields of types without @model cannot specify operations. Remove the argument."_s;
        if (!problem.isEmpty())
            context.problems.add({locationOf(value), place.model, place.field}, problem);
        rules.push_back(rule);
    }
    if (rules.empty())
        context.problems.add({directive.loc, place.model, place.field}, noRules(place.field));
    return rules;
}

static void buildRootRules(SchemaContext &context)
{
    for (const auto &type : context.types) {
        if (isModel(*type))
            continue;
        for (const GraphQL::FieldDefinition &field : type->fields) {
            if (const GraphQL::Directive *directive = findDirective(field.directives, u"auth")) {
                const Place place{directive->loc, type->name.value, field.name.value};
                context.result->rootRules.insert(place.model + u'.' + place.field, plainRulesOf(context, *directive, place));
            }
        }
    }
}

static void addOwnerFields(ModelDraft &draft)
{
    const AccessMatrix matrix(*draft.model);
    for (const AccessMatrix::Role &role : matrix.roles()) {
        if (role.allow != AuthRule::Allow::Owner || draft.model->fieldIndex(role.field) >= 0)
            continue;
        SchemaField owner;
        owner.name = role.field;
        owner.type = {FieldType::Kind::Scalar, Scalar::String, u"String"_s, false, false, false};
        owner.implicit = true;
        owner.readOnly = true;
        draft.addField(std::move(owner));
    }
}

// A required field that some reader may not see would make the whole record unreadable for them.
static void checkReadability(SchemaContext &context, const ModelDraft &draft)
{
    if (draft.model->operations.level != ModelOperations::SubscriptionLevel::On)
        return;
    const AccessMatrix matrix(*draft.model);
    for (const GraphQL::FieldDefinition &field : draft.definition->fields) {
        if (!isNonNull(field.type) || matrix.readableByAllReaders(field.name.value))
            continue;
        context.problems.add(draft.place(field.name.value),
                             u"Field %1 is required, but not everyone who may read %2 may read it. "
                             "Add field-level rules with read for them, or make it nullable."_s
                                 .arg(quoted(field.name.value), quoted(draft.model->name)));
    }
}

void buildAuthRules(SchemaContext &context)
{
    buildRootRules(context);
    for (ModelDraft &draft : context.models) {
        if (const GraphQL::Directive *directive = findDirective(draft.definition->directives, u"auth"))
            draft.model->authRules = rulesOf(context, draft, *directive, {});
        for (const GraphQL::FieldDefinition &field : draft.definition->fields) {
            const GraphQL::Directive *directive = findDirective(field.directives, u"auth");
            if (!directive)
                continue;
            std::vector<AuthRule> rules = rulesOf(context, draft, *directive, field.name.value);
            const int index = draft.model->fieldIndex(field.name.value);
            if (index >= 0) {
                draft.model->fields[size_t(index)].authRules = std::move(rules);
                continue;
            }
            for (Relation &relation : draft.model->relations) {
                if (relation.name == field.name.value)
                    relation.authRules = rules;
            }
        }
        if (context.problems.isEmpty()) {
            addOwnerFields(draft);
            checkReadability(context, draft);
        }
    }
}

} // namespace Tideline
