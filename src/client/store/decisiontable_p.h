// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/conflictdecision.h"
#include "client/store/writerstate_p.h"

namespace Tideline {

// The table tl_decision: the journal of automatic decisions in conflicts. Bounded; the oldest go first.
namespace DecisionTable {

inline constexpr qint64 Kept = 10'000;

[[nodiscard]] Result<ConflictDecision> add(WriterState &state, ConflictDecision decision);     // with its number
[[nodiscard]] Result<void> setUndone(WriterState &state, qint64 id, qint64 at);

[[nodiscard]] Result<std::optional<ConflictDecision>> find(Connection &connection, qint64 id);

// The newest first; an empty model: of all, an empty key: of all of the model.
[[nodiscard]] Result<QList<ConflictDecision>> list(Connection &connection, const QString &model, const QString &key, int limit);

} // namespace DecisionTable

} // namespace Tideline
