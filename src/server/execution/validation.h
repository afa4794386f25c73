// SPDX-License-Identifier: MIT
#pragma once

#include "server/execution/graphqlerror.h"
#include "server/execution/typesystem.h"

namespace Tideline::Server {

/*! Everything that the specification's rules say against \a document, in graphql-js's words and order of rules. */
[[nodiscard]] TIDELINE_SERVER_EXPORT std::vector<GraphQLError>
validate(const TypeSystem &types, const GraphQL::Document &document, QStringView source);

} // namespace Tideline::Server
