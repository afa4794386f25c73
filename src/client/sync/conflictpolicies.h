// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/conflictpolicy.h"

#include <QtCore/QMap>

namespace Tideline {

/*!
    \class Tideline::ConflictPolicies
    \inmodule Tideline
    \since 0.1
    \brief What becomes of fields that this device and another one changed at the same time, as an application says it.

    A policy of a field goes before that of its model, and that before the default. What the application says of a field
    or a model goes before what the schema says of it with @conflict(policy:); the default of the application is for
    fields of which the schema says nothing either. Where nothing is said, this device's value is sent on top of the backend's, and
    where the backend merges by itself, its merge stands.

    \list
    \li Mine, Theirs: the value of this device, or the backend's.
    \li Newest: the one that was written later. Clocks of devices differ.
    \li Maximum, Minimum: the greater or the smaller one. Numbers, dates, text.
    \li Sum: what each side added is added. Numbers. Two devices that both count one more count two.
    \li Set: a list without order and duplicates: what either side added, without what either side removed.
    \li Append: a list that only grows: theirs, then what this device added.
    \li Ask: the application decides; see ConflictHandler.
    \endlist

    Mine, Theirs, Newest and Ask also say what becomes of a record that one side deleted while the other changed it: against a deletion on the
    backend those of the changed fields, and else that of the model; for a deletion on this device that of the model. Mine makes the
    record anew for all devices, with the values it has here. Where nothing is said, a deletion here goes on, and a change
    here of what was deleted there is listed on the repair bench. AppSync does not give a deleted record's key back before it forgets the
    tombstone; there a change that is to stay is listed too.
*/
class TIDELINE_EXPORT ConflictPolicies
{
public:
    ConflictPolicies() = default;

    ConflictPolicies &setDefault(ConflictPolicy policy);
    ConflictPolicies &set(const QString &model, ConflictPolicy policy);
    ConflictPolicies &set(const QString &model, const QString &field, ConflictPolicy policy);

    [[nodiscard]] bool isEmpty() const noexcept { return !m_default && m_policies.isEmpty(); }
    [[nodiscard]] Result<void> check(const Schema &schema) const;

    friend bool operator==(const ConflictPolicies &, const ConflictPolicies &) = default;

private:
    friend class ConflictRules;
    std::optional<ConflictPolicy> m_default;
    QMap<QString, QMap<QString, ConflictPolicy>> m_policies;    // by model and field; an empty field: of the model
};

/* The policies of an application and of its schema together, ready to be asked. */
class TIDELINE_EXPORT ConflictRules
{
public:
    ConflictRules() = default;                              // nothing is said
    ConflictRules(const Schema &schema, const ConflictPolicies &policies);     // what is wrong in policies is left out

    [[nodiscard]] std::optional<ConflictPolicy> ofField(const ModelType &model, int field) const;
    [[nodiscard]] std::optional<ConflictPolicy> ofRecord(const ModelType &model) const;
    [[nodiscard]] bool anyCombines(const ModelType &model) const;  // Sum, Set or Append

private:
    struct Model
    {
        std::optional<ConflictPolicy> record;
        std::vector<std::optional<ConflictPolicy>> fields;
    };
    std::vector<Model> m_models;                            // by the number of the model
};

} // namespace Tideline
