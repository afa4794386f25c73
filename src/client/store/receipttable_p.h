// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/mutationreceipt.h"
#include "client/store/outboxentry.h"
#include "client/store/writerstate_p.h"

namespace Tideline {

// The table tl_receipt: how the mutations ended that left the outbox. Bounded; the oldest go first.
namespace ReceiptTable {

inline constexpr qint64 Kept = 10'000;                          // newest mutations
inline constexpr qint64 KeptFor = 30LL * 24 * 3600 * 1000;      // ms

[[nodiscard]] Result<void> add(WriterState &state, const MutationReceipt &receipt);

// A mutation that joined another is found as that one.
[[nodiscard]] Result<std::optional<MutationReceipt>> find(Connection &connection, qint64 mutation);

// Of the record's mutations, under way or ended, the newest first; without those that joined others.
[[nodiscard]] Result<QList<MutationReceipt>> ofRecord(Connection &connection, const ModelType &model, const QString &key);

[[nodiscard]] MutationReceipt ofEntry(const OutboxEntry &entry);

} // namespace ReceiptTable

} // namespace Tideline
