// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/ast.h"
#include "core/graphql/syntaxerror.h"

namespace Tideline::GraphQL {

struct ParseOptions
{
    int maxDepth = 200;         // nesting of selections, values and types; guards the stack
    int maxTokens = 0;          // 0: no limit
};

/*! \typedef Tideline::GraphQL::ParseResult
    \since 0.1
    The tree, or why there is none. */
using ParseResult = std::variant<Document, SyntaxError>;

[[nodiscard]] TIDELINE_CORE_EXPORT ParseResult parse(QStringView source, const ParseOptions &options = {});

} // namespace Tideline::GraphQL
