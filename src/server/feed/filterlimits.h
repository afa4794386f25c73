// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"
#include "core/result.h"

namespace Tideline::Server {

/*
    AppSync's limits on the filter of a subscription, which is taken apart into alternatives, each a list of comparisons that must all
    hold: 10 alternatives of 5 comparisons, no field twice in one, 5 values for "in" and "notIn". The error has AppSync's
    words, by which amplify-js sees that it has to subscribe without the filter; for too many values they are not known.
*/
[[nodiscard]] Result<void> checkFilterLimits(const Value &filter);

} // namespace Tideline::Server
