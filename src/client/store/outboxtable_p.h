// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/connection_p.h"
#include "client/store/outboxentry.h"

namespace Tideline {

// The table tl_outbox; knows nothing of what its rows mean together (see coalesce()).
namespace OutboxTable {

[[nodiscard]] Result<QList<OutboxEntry>> after(Connection &connection, qint64 sequence, int limit);
[[nodiscard]] Result<QList<OutboxEntry>> lane(Connection &connection, const ModelType &model, const QString &key);
[[nodiscard]] Result<QList<OutboxEntry>> inState(Connection &connection, OutboxEntry::State state);      // in order
[[nodiscard]] Result<std::optional<OutboxEntry>> find(Connection &connection, qint64 sequence);

// Entries of other records whose changes contain the first part of the key.
[[nodiscard]] Result<QList<OutboxEntry>> mentioning(Connection &connection, const ModelType &model, const QString &key);

// Whether entries of other records that follow this one may refer to its record: their changes contain the first part of its key.
[[nodiscard]] Result<bool> isMentionedLater(Connection &connection, const OutboxEntry &entry);

[[nodiscard]] bool isSame(const OutboxEntry &a, const OutboxEntry &b);       // in all that is stored

// Statements that are bound and wait to be run, so that the caller decides how.
[[nodiscard]] Statement insert(Connection &connection, const OutboxEntry &entry);
[[nodiscard]] Statement update(Connection &connection, const OutboxEntry &entry);
[[nodiscard]] Statement setAttempt(Connection &connection, const OutboxEntry &entry);     // state and attempts only
[[nodiscard]] Statement remove(Connection &connection, qint64 sequence);

} // namespace OutboxTable

} // namespace Tideline
