// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/world_p.h"

#include "client/sync/conflictpolicies.h"

namespace TidelineTest {

/*
    What users write. Texts and numbers are never used twice, so that a value tells which save wrote it; booleans, enums,
    dates and the like come from few values, as do some texts, so that devices write the same as well. What a policy combines is changed as
    such fields are: numbers are counted up and down, or only up, lists get and lose elements, none of which comes twice.
*/
class Values
{
public:
    // what of a field's saves can be told by its value at the end
    enum class Telling { Nothing, Last, Sum, Greatest, Least, Members, Sequence };

    explicit Values(World &world) : m_world(world), m_rules(world.schema, world.options.conflicts) { }

    [[nodiscard]] QString newKey();
    [[nodiscard]] Value of(const ModelType &model, int field);
    [[nodiscard]] Value after(const ModelType &model, int field, const Value &shown);    // an edit of it
    [[nodiscard]] static bool isWritable(const ModelType &model, int field);    // neither key, nor foreign key, nor the backend's
    [[nodiscard]] static bool isForeignKey(const ModelType &model, int field);
    [[nodiscard]] Telling telling(const ModelType &model, int field) const;
    [[nodiscard]] const ConflictRules &rules() const noexcept { return m_rules; }

private:
    [[nodiscard]] Value members(const FieldType &type, const Value &shown, bool mayLose);
    [[nodiscard]] Value one(const FieldType &type);
    [[nodiscard]] Value ofScalar(Scalar scalar);

    World &m_world;
    const ConflictRules m_rules;
    int m_last = 0;
};

} // namespace TidelineTest
