// SPDX-License-Identifier: MIT
#pragma once

#include "server/execution/executor.h"

namespace Tideline::Server {

/*! A response as AppSync writes it; \a data is JSON, empty means null. Without errors there is no "errors". */
[[nodiscard]] QByteArray responseText(const QByteArray &data, const std::vector<GraphQLError> &errors);

/*! {"errors":[...]} alone, the payload of a refused subscription. */
[[nodiscard]] QByteArray errorsText(const std::vector<GraphQLError> &errors);

} // namespace Tideline::Server
