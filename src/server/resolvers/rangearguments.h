// SPDX-License-Identifier: MIT
#pragma once

#include "server/execution/executor.h"
#include "server/storage/readsession.h"

namespace Tideline::Server {

/*
    Turns the arguments of a list, an index query or a connection into a RangeQuery: key conditions like
    (name: {beginsWith: "a"}) or, on several sort fields, (skN: {eq: {sk: "a", n: 1}}), and sortDirection.
    \a key are the fields of the key or index; the first \a partitioned of them are fixed by the caller.
*/
[[nodiscard]] Result<RangeQuery> rangeFromArguments(const FieldCall &call, const TableLayout &table, const std::vector<int> &key,
                                                    size_t partitioned);

} // namespace Tideline::Server
