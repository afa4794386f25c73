// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/ast.h"

#include <QtCore/QStringView>

namespace Tideline::GraphQL {

struct SourcePosition           // both from 1; column in UTF-16 units
{
    int line = 1;
    int column = 1;
    friend bool operator==(const SourcePosition &, const SourcePosition &) = default;
};

struct SyntaxError
{
    QString message;            // graphql-js's words: "Syntax Error: Expected Name, found <EOF>."
    qint32 position = 0;        // UTF-16 units from the start
    SourcePosition at;
};

struct ParseOptions
{
    int maxDepth = 200;         // nesting of selections, values and types; guards the stack
    int maxTokens = 0;          // 0: no limit
};

using ParseResult = std::variant<Document, SyntaxError>;

[[nodiscard]] TIDELINE_CORE_EXPORT ParseResult parse(QStringView source, const ParseOptions &options = {});
[[nodiscard]] TIDELINE_CORE_EXPORT SourcePosition positionOf(QStringView source, qint32 offset);

} // namespace Tideline::GraphQL
