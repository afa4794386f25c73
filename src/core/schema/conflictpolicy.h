// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"

namespace Tideline {

[[nodiscard]] TIDELINE_CORE_EXPORT QString conflictPolicyName(ConflictPolicy policy);      // as in a schema: "sum"
[[nodiscard]] TIDELINE_CORE_EXPORT Result<ConflictPolicy> conflictPolicyNamed(const QString &name);

// Why a policy does not suit; empty: it does.
[[nodiscard]] TIDELINE_CORE_EXPORT QString conflictPolicyProblem(ConflictPolicy policy, const ModelType &model, int field);
[[nodiscard]] TIDELINE_CORE_EXPORT QString conflictPolicyProblem(ConflictPolicy policy, const QString &model);     // of a whole model, of all with an empty name

} // namespace Tideline
