// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"
#include "core/schema/schema.h"

namespace Tideline {

/*! What AppSync's Automerge makes of one field when \a incoming was based on an older version than \a stored. */
[[nodiscard]] TIDELINE_CORE_EXPORT Value automerged(const FieldType &type, const Value &stored, const Value &incoming);

} // namespace Tideline
