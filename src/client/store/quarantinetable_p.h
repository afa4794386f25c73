// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/quarantinedrow.h"
#include "client/store/writerstate_p.h"

namespace Tideline {

// The table tl_quarantine; what its rows mean is the merger's business.
namespace QuarantineTable {

[[nodiscard]] Result<QList<QuarantinedRow>> all(Connection &connection);       // the oldest first
[[nodiscard]] Result<QList<QuarantinedRow>> ofModel(Connection &connection, const QString &model);
[[nodiscard]] Result<std::optional<QuarantinedRow>> find(Connection &connection, const QString &model, const QString &key);
[[nodiscard]] Result<QList<QuarantinedRow>> waitingFor(Connection &connection, const QString &parentModel, const QString &parentKey);

[[nodiscard]] Result<void> put(WriterState &state, QuarantinedRow row);           // inserts, or replaces and keeps since
[[nodiscard]] Result<bool> remove(WriterState &state, const QString &model, const QString &key);

[[nodiscard]] Result<void> load(WriterState &state);                // the counts in memory

} // namespace QuarantineTable

} // namespace Tideline
