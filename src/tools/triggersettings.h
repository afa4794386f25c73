// SPDX-License-Identifier: MIT
#pragma once

#include "server/backend.h"
#include "tools/optiontable.h"

namespace Tideline::Tools {

[[nodiscard]] std::vector<Option> triggerOptions();
// Who is told of changes, and how patiently, into \a options.
[[nodiscard]] Result<void> readTriggers(const OptionValues &values, Server::BackendOptions &options);

} // namespace Tideline::Tools
