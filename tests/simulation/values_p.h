// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/world_p.h"

namespace TidelineTest {

/*
    What users write. Texts and numbers are never used twice, so that a value tells which save wrote it; booleans, enums,
    dates and the like come from few values, as do some texts, so that devices write the same as well.
*/
class Values
{
public:
    explicit Values(World &world) : m_world(world) { }

    [[nodiscard]] QString newKey();
    [[nodiscard]] Value of(const ModelType &model, int field);
    [[nodiscard]] static bool isWritable(const ModelType &model, int field);    // neither key, nor foreign key, nor the backend's
    [[nodiscard]] static bool isForeignKey(const ModelType &model, int field);
    [[nodiscard]] bool isTelling(const ModelType &model, int field) const;      // a value of it tells its save

private:
    [[nodiscard]] Value one(const FieldType &type);
    [[nodiscard]] Value ofScalar(Scalar scalar);

    World &m_world;
    int m_last = 0;
};

} // namespace TidelineTest
