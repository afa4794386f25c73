// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <algorithm>
#include <bit>
#include <span>

namespace Tideline::Server {

// Calls \a write with parts of \a items whose sizes are powers of two, so that a few prepared statements serve all numbers.
template<typename Item, typename Write>
[[nodiscard]] Result<void> inParts(std::span<const Item> items, size_t largest, Write write)
{
    while (!items.empty()) {
        const size_t count = std::min(std::bit_floor(items.size()), largest);
        if (const Result<void> done = write(items.first(count)); !done)
            return done;
        items = items.subspan(count);
    }
    return {};
}

} // namespace Tideline::Server
