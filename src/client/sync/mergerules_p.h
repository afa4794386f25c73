// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/conflictpolicies.h"
#include "client/sync/dependencies_p.h"

namespace Tideline {

// Which records of a model type this device keeps; absent: all.
using BoundScopes = QHash<QString, BoundPredicate>;

/* What decides whether a record of the backend is shown on this device, as far as the schema and the scopes say. */
class TIDELINE_EXPORT MergeRules
{
public:
    explicit MergeRules(const Schema &schema);

    /*! A model whose scope is wrong is left alone, as if nothing of it were wanted: to take everything might be far too much. \a problems
        gets what is wrong. */
    MergeRules(const Schema &schema, const QHash<QString, Predicate> &scopes, QList<Error> &problems);

    [[nodiscard]] const Schema &schema() const noexcept { return m_schema; }
    [[nodiscard]] const Dependencies &dependencies() const noexcept { return *m_dependencies; }
    [[nodiscard]] std::shared_ptr<const Dependencies> sharedDependencies() const noexcept { return m_dependencies; }

    void setConflicts(const ConflictRules &conflicts) { m_conflicts = conflicts; }     // else those of the schema
    [[nodiscard]] const ConflictRules &conflicts() const noexcept { return m_conflicts; }

    [[nodiscard]] bool isOutside(const Record &record) const;

    /*! Whether every record of \a model that the backend has comes here: no scope leaves some out, and no rule lets a caller
        read some only. */
    [[nodiscard]] bool isWhole(const ModelType &model) const { return m_whole[size_t(model.number)]; }

private:
    Schema m_schema;
    std::shared_ptr<const Dependencies> m_dependencies;
    ConflictRules m_conflicts;
    BoundScopes m_scopes;
    std::vector<bool> m_whole;          // by the number of the model
};

} // namespace Tideline
