// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"

namespace Tideline {

// What several types of the QML module say of the same slip, with the name that was perhaps meant.

[[nodiscard]] Error unknownModel(const Schema &schema, const QString &type);    // or that there is no schema
[[nodiscard]] Error unknownField(const ModelType &model, const QString &name);

} // namespace Tideline
