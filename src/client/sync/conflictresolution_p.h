// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"
#include "core/data/value.h"

#include <optional>

namespace Tideline {

struct FieldResolution
{
    enum class Side { Mine, Theirs, Mixed };
    Value value;
    Side side = Side::Mine;
};

/*
    What becomes of one field: base is what both sides began with, nothing when that is not known; the times are those of the
    writes, in ms since the epoch. Only Sum makes something of two equal values. Ask is decided like Mine.
*/
[[nodiscard]] TIDELINE_EXPORT FieldResolution resolveField(const FieldType &type, ConflictPolicy policy, const std::optional<Value> &base,
                                                           const Value &mine, const Value &theirs, qint64 minesTime, qint64 theirsTime);

/* Append for a change that may be in theirs already: what it appended is in the result once. */
[[nodiscard]] TIDELINE_EXPORT Value appendedOnce(const Value &base, const Value &mine, const Value &theirs);

/* A list that only grows, to which a backend's merge appended mine with what that was made from: without the latter. Once, for what
   others send later may have the same in it. */
[[nodiscard]] TIDELINE_EXPORT Value withoutMerge(const Value &base, const Value &mine, const Value &theirs);

/* Nothing of base is gone or moved. */
[[nodiscard]] TIDELINE_EXPORT bool growsFrom(const Value &base, const Value &list);

/* A set to which a backend's merge appended mine, as elements that are twice show: without that copy. */
[[nodiscard]] TIDELINE_EXPORT std::optional<Value> beforeMerge(const Value &mine, const Value &theirs);

/* A set in which a merge left something twice, with each element once. */
[[nodiscard]] TIDELINE_EXPORT Value withoutCopies(const Value &set);

// Whether the policy makes a new value of both sides, so that a change can be carried from one base to another.
[[nodiscard]] constexpr bool combines(ConflictPolicy policy) noexcept
{
    return policy == ConflictPolicy::Sum || policy == ConflictPolicy::Set || policy == ConflictPolicy::Append;
}

} // namespace Tideline
