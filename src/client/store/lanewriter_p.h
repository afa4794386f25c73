// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/coalescing_p.h"
#include "client/store/writerstate_p.h"

namespace Tideline {

// Writes to the outbox and keeps Lanes in step with it.
namespace LaneWriter {

[[nodiscard]] Result<QList<OutboxEntry>> lane(WriterState &state, const ModelType &model, const QString &key);

/*! Writes what became of the lane; returns the sequence of the entry that has the new mutation in it, 0
    when none is left. */
[[nodiscard]] Result<qint64> write(WriterState &state, const ModelType &model, const QString &key, Coalesced coalesced, qint64 now);

[[nodiscard]] Result<int> update(WriterState &state, const OutboxEntry &entry);      // rows: 0 when there is no such entry
[[nodiscard]] Result<int> markSending(WriterState &state, const OutboxEntry &entry);     // the same where only state and attempts are new
[[nodiscard]] Result<int> remove(WriterState &state, const ModelType &model, const QString &key, qint64 sequence);     // rows

} // namespace LaneWriter

} // namespace Tideline
