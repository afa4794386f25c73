// SPDX-License-Identifier: MIT
#include "client/sync/conflictpolicies.h"

#include "client/sync/conflictresolution_p.h"
#include "client/sync/synctext_p.h"
#include "core/suggestion.h"

#include <algorithm>

namespace Tideline {

/*! Makes \a policy that of every field of which nothing else is said. */
ConflictPolicies &ConflictPolicies::setDefault(ConflictPolicy policy)
{
    m_default = policy;
    return *this;
}

/*! Makes \a policy that of all fields of \a model that have none of their own, and of its deletions. */
ConflictPolicies &ConflictPolicies::set(const QString &model, ConflictPolicy policy)
{
    return set(model, {}, policy);
}

/*! Makes \a policy that of \a field of \a model. */
ConflictPolicies &ConflictPolicies::set(const QString &model, const QString &field, ConflictPolicy policy)
{
    m_policies[model].insert(field, policy);
    return *this;
}

static Error unknownModel(const Schema &schema, const QString &name)
{
    QStringList names;
    for (const auto &model : schema.models())
        names.append(model->name);
    return Error(Error::Code::UnknownModel,
                 withSuggestion(SyncText::tr("A conflict policy names \"%1\", which is no model type").arg(name), name, names)).withModel(name);
}

static Error unknownField(const ModelType &model, const QString &name)
{
    QStringList names;
    for (const SchemaField &field : model.fields)
        names.append(field.name);
    return Error(Error::Code::UnknownField,
                 withSuggestion(SyncText::tr("A conflict policy names \"%1\", which is no field of %2").arg(name, model.name), name, names))
        .withModel(model.name).withField(name);
}

static Result<void> checkField(const ModelType &model, const QString &name, ConflictPolicy policy)
{
    const int field = name.isEmpty() ? -1 : model.fieldIndex(name);
    if (!name.isEmpty() && field < 0)
        return unknownField(model, name);
    const QString problem = name.isEmpty() ? conflictPolicyProblem(policy, model.name) : conflictPolicyProblem(policy, model, field);
    return problem.isEmpty() ? Result<void>() : Error(Error::Code::InvalidArgument, problem).withModel(model.name).withField(name);
}

/*! Returns whether every policy names a model and a field of \a schema whose values it suits: UnknownModel, UnknownField,
    InvalidArgument. */
Result<void> ConflictPolicies::check(const Schema &schema) const
{
    const QString problem = m_default ? conflictPolicyProblem(*m_default, QString()) : QString();
    if (!problem.isEmpty())
        return Error(Error::Code::InvalidArgument, problem);
    for (auto model = m_policies.cbegin(); model != m_policies.cend(); ++model) {
        const std::shared_ptr<const ModelType> type = schema.model(model.key());
        if (!type)
            return unknownModel(schema, model.key());
        for (auto field = model->cbegin(); field != model->cend(); ++field) {
            if (const Result<void> checked = checkField(*type, field.key(), *field); !checked)
                return checked;
        }
    }
    return {};
}

static std::optional<ConflictPolicy> suitable(const ModelType &model, const QMap<QString, ConflictPolicy> &policies, const QString &field)
{
    const auto found = policies.constFind(field);
    return found != policies.cend() && checkField(model, field, *found) ? std::optional(*found) : std::nullopt;
}

ConflictRules::ConflictRules(const Schema &schema, const ConflictPolicies &policies)
{
    const bool suits = policies.m_default && conflictPolicyProblem(*policies.m_default, QString()).isEmpty();
    const std::optional<ConflictPolicy> general = suits ? policies.m_default : std::nullopt;
    for (const std::shared_ptr<const ModelType> &type : schema.models()) {
        const QMap<QString, ConflictPolicy> own = policies.m_policies.value(type->name);
        Model model;
        model.record = suitable(*type, own, {});
        if (!model.record)
            model.record = type->conflict ? type->conflict : general;
        for (const SchemaField &field : type->fields) {
            std::optional<ConflictPolicy> policy = suitable(*type, own, field.name);
            if (!policy && !own.contains({}))
                policy = field.conflict;
            model.fields.push_back(policy ? policy : model.record);
        }
        m_models.push_back(std::move(model));
    }
}

/*! Returns what is said of \a field of \a model; nothing when nothing is. */
std::optional<ConflictPolicy> ConflictRules::ofField(const ModelType &model, int field) const
{
    return m_models.empty() ? std::nullopt : m_models[size_t(model.number)].fields[size_t(field)];
}

/*! Returns whether a field of \a model has a policy that makes something of both sides. */
bool ConflictRules::anyCombines(const ModelType &model) const
{
    return !m_models.empty() && std::ranges::any_of(m_models[size_t(model.number)].fields, [](const std::optional<ConflictPolicy> &policy) {
        return policy && combines(*policy);
    });
}

/*! Returns what is said of whole records of \a model. */
std::optional<ConflictPolicy> ConflictRules::ofRecord(const ModelType &model) const
{
    return m_models.empty() ? std::nullopt : m_models[size_t(model.number)].record;
}

} // namespace Tideline
