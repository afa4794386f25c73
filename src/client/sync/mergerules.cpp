// SPDX-License-Identifier: MIT
#include "client/sync/mergerules_p.h"

#include "client/sync/synctext_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::StringLiterals;

// Whether the rule may let a caller read some records and others not.
static bool choosesRecords(const AuthRule &rule)
{
    static const QStringList reading{u"read"_s, u"get"_s, u"list"_s, u"sync"_s};
    const bool reads = rule.operations.isEmpty()
        || std::any_of(reading.begin(), reading.end(), [&rule](const QString &operation) { return rule.operations.contains(operation); });
    return reads && (rule.allow == AuthRule::Allow::Owner || !rule.groupsField.isEmpty());
}

/* Relations need other rows to be decided and cannot be a scope. */
static Result<BoundPredicate> bind(const Schema &schema, const QString &name, const Predicate &scope)
{
    const std::shared_ptr<const ModelType> model = schema.model(name);
    if (!model)
        return Error(Error::Code::UnknownModel, SyncText::tr("The scope names %1, which is no model type.").arg(name)).withModel(name);
    Result<BoundPredicate> bound = BoundPredicate::bind(schema, model, scope);
    if (bound && bound->usesRelations()) {
        const QString message = SyncText::tr("The scope of %1 uses a relation; name its own fields only.").arg(name);
        return Error(Error::Code::InvalidArgument, message).withModel(name);
    }
    return bound ? bound : Result<BoundPredicate>(bound.error().withModel(name));
}

MergeRules::MergeRules(const Schema &schema) : m_schema(schema), m_dependencies(std::make_shared<const Dependencies>(schema)), m_conflicts(schema, {})
{
    for (const std::shared_ptr<const ModelType> &model : schema.models())
        m_whole.push_back(std::none_of(model->authRules.begin(), model->authRules.end(), choosesRecords));
}

MergeRules::MergeRules(const Schema &schema, const QHash<QString, Predicate> &scopes, QList<Error> &problems) : MergeRules(schema)
{
    for (auto scope = scopes.cbegin(); scope != scopes.cend(); ++scope) {
        const Result<BoundPredicate> bound = bind(schema, scope.key(), *scope);
        if (bound)
            m_scopes.insert(scope.key(), *bound);
        else
            problems.append(bound.error());
        const std::shared_ptr<const ModelType> model = schema.model(scope.key());
        if (model && (!bound || scope->kind() != Predicate::Kind::All))
            m_whole[size_t(model->number)] = false;
    }
}

bool MergeRules::isOutside(const Record &record) const
{
    const auto scope = m_scopes.constFind(record.model()->name);
    return scope != m_scopes.cend() && !scope->matches(record);
}

} // namespace Tideline
