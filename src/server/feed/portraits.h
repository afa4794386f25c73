// SPDX-License-Identifier: MIT
#pragma once

#include "server/feed/audiences.h"
#include "server/resolvers/modelresolver.h"

namespace Tideline::Server {

/*
    The portrait of records that \a operation asks for. Two subscriptions share one when nothing that goes into its bytes
    differs: the plan, the variables below the root field (those of the root field's arguments only decide about delivery), and what the
    callers may read of the models that are reached. So all callers share where rules leave no field and no relation to some only.
*/
[[nodiscard]] Portrait portraitOf(const PreparedDocument::Operation &operation, const ReadContext &context);

} // namespace Tideline::Server
