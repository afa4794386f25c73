// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/connection_p.h"
#include "client/store/flightentry.h"

namespace Tideline {

class WriterState;

// The table tl_flight: the newest entries, the rest is forgotten.
namespace FlightTable {

inline constexpr int Capacity = 1000;

[[nodiscard]] QString creation();       // unless it is there
[[nodiscard]] Result<void> append(WriterState &state, const QList<FlightEntry> &entries);
[[nodiscard]] Result<QList<FlightEntry>> newest(Connection &connection, int limit);     // the newest first

} // namespace FlightTable

} // namespace Tideline
