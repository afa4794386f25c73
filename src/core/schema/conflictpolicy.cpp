// SPDX-License-Identifier: MIT
#include "core/schema/conflictpolicy.h"

#include "core/schema/schemacontext_p.h"
#include "core/suggestion.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace Tideline {

static const std::array<QString, 9> policyNames{u"mine"_s, u"theirs"_s, u"newest"_s, u"maximum"_s, u"minimum"_s,
                                                u"sum"_s,  u"set"_s,    u"append"_s, u"ask"_s};

/*! Returns how a schema and QML write \a policy. */
QString conflictPolicyName(ConflictPolicy policy)
{
    return policyNames[size_t(policy)];
}

/*! Returns the policy that is written \a name; InvalidArgument with a suggestion. */
Result<ConflictPolicy> conflictPolicyNamed(const QString &name)
{
    const auto found = std::find(policyNames.begin(), policyNames.end(), name);
    if (found != policyNames.end())
        return ConflictPolicy(found - policyNames.begin());
    const QStringList known(policyNames.begin(), policyNames.end());
    return Error(Error::Code::InvalidArgument, withSuggestion(u"There is no conflict policy \"%1\""_s.arg(name), name, known));
}

static bool isNumber(const FieldType &type)
{
    return type.kind == FieldType::Kind::Scalar && !type.list
        && (type.scalar == Scalar::Int || type.scalar == Scalar::Float || type.scalar == Scalar::AWSTimestamp);
}

static bool isOrdered(const FieldType &type)
{
    return type.kind == FieldType::Kind::Scalar && !type.list && type.scalar != Scalar::Boolean && type.scalar != Scalar::AWSJSON;
}

static bool suits(ConflictPolicy policy, const FieldType &type)
{
    switch (policy) {
    case ConflictPolicy::Mine:
    case ConflictPolicy::Theirs:
    case ConflictPolicy::Newest:
    case ConflictPolicy::Ask:
        return true;
    case ConflictPolicy::Maximum:
    case ConflictPolicy::Minimum:
        return isOrdered(type);
    case ConflictPolicy::Sum:
        return isNumber(type);
    case ConflictPolicy::Set:
    case ConflictPolicy::Append:
        return type.list;
    }
    return false;
}

static QString neededBy(ConflictPolicy policy)
{
    switch (policy) {
    case ConflictPolicy::Sum:
        return u"a number"_s;
    case ConflictPolicy::Set:
    case ConflictPolicy::Append:
        return u"a list"_s;
    default:
        return u"a number, a date or a text"_s;
    }
}

/*! Returns why \a policy does not suit the field with the number \a field of \a model; empty when it does. */
QString conflictPolicyProblem(ConflictPolicy policy, const ModelType &model, int field)
{
    const SchemaField &schemaField = model.fields[size_t(field)];
    if (std::ranges::find(model.primaryKey, field) != model.primaryKey.end())
        return u"%1.%2 is part of the key and never changes; it needs no conflict policy."_s.arg(model.name, schemaField.name);
    if (suits(policy, schemaField.type))
        return {};
    return u"The conflict policy \"%1\" needs %2, which %3.%4 is not."_s
        .arg(conflictPolicyName(policy), neededBy(policy), model.name, schemaField.name);
}

/*! Returns why \a policy cannot be that of all fields of \a model. */
QString conflictPolicyProblem(ConflictPolicy policy, const QString &model)
{
    switch (policy) {
    case ConflictPolicy::Mine:
    case ConflictPolicy::Theirs:
    case ConflictPolicy::Newest:
    case ConflictPolicy::Ask:
        return {};
    default:
        break;
    }
    const QString name = conflictPolicyName(policy);
    return model.isEmpty() ? u"The conflict policy \"%1\" suits some fields only; name them."_s.arg(name)
                           : u"The conflict policy \"%1\" suits some fields only, not all of %2; name them."_s.arg(name, model);
}

static std::optional<ConflictPolicy> policyOf(const GraphQL::Directive &directive)
{
    const Result<ConflictPolicy> policy = conflictPolicyNamed(stringOf(findArgument(directive, u"policy")));
    return policy ? std::optional(*policy) : std::nullopt;      // the check of the arguments has said so
}

static void buildOfField(SchemaContext &context, ModelDraft &draft, const GraphQL::FieldDefinition &field, const GraphQL::Directive &directive)
{
    const std::optional<ConflictPolicy> policy = policyOf(directive);
    const int index = draft.model->fieldIndex(field.name.value);
    QString problem;
    if (index < 0)
        problem = u"The @conflict directive may only be added to fields with values of their own, not to relations."_s;
    else if (policy)
        problem = conflictPolicyProblem(*policy, *draft.model, index);
    if (problem.isEmpty())
        draft.model->fields[size_t(index)].conflict = policy;
    else
        context.problems.add(draft.place(directive.loc, field.name.value), problem);
}

void buildConflictPolicies(SchemaContext &context)
{
    for (ModelDraft &draft : context.models) {
        if (const GraphQL::Directive *directive = findDirective(draft.definition->directives, u"conflict")) {
            draft.model->conflict = policyOf(*directive);
            const QString problem = draft.model->conflict ? conflictPolicyProblem(*draft.model->conflict, draft.model->name) : QString();
            if (!problem.isEmpty())
                context.problems.add(draft.place(directive->loc, {}), problem);
        }
        for (const GraphQL::FieldDefinition &field : draft.definition->fields) {
            if (const GraphQL::Directive *directive = findDirective(field.directives, u"conflict"))
                buildOfField(context, draft, field, *directive);
        }
    }
}

} // namespace Tideline
