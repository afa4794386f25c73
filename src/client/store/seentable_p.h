// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/transaction.h"
#include "client/store/writerstate_p.h"

namespace Tideline {

/*
    The table tl_seen: hashes of the keys that the pages of a base sync brought, so that what none of them brought is found at
    its end, also when another session began it. In the file, since all of them in memory would grow with the table.
*/
namespace SeenTable {

[[nodiscard]] QString creation();       // unless it is there

/*! Begins anew. Where \a model has nothing that could be missing, nothing is kept from now on. */
[[nodiscard]] Result<void> begin(WriterState &state, const ModelType &model);
[[nodiscard]] Result<void> add(WriterState &state, const ModelType &model, const QStringList &keys);
[[nodiscard]] Result<void> clear(WriterState &state, const ModelType &model);
[[nodiscard]] Result<bool> isKept(Connection &connection, const ModelType &model);     // what was added since begin()
[[nodiscard]] Result<ReadTransaction::Unseen> unseen(Connection &connection, const ModelType &model, qint64 afterRow, qint64 changedBefore);

} // namespace SeenTable

} // namespace Tideline
