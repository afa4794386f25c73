// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"

namespace Tideline::Server {

/*! What becomes of an update whose \c _version is not the stored one. Deletes are always rejected then. */
enum class ConflictStrategy {
    Automerge,                  // the stored value wins, lists are joined, objects merged; never an error
    OptimisticConcurrency,      // rejected with the stored record
};

/*! The values of \a stored after AppSync's Automerge of \a input, members that are no fields left out. */
[[nodiscard]] Record automerged(const Record &stored, const Value::Object &input);

} // namespace Tideline::Server
