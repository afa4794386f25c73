// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/parser.h"
#include "server/global.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <optional>
#include <variant>
#include <vector>

namespace Tideline::Server {

using PathKey = std::variant<QString, int>;
using Path = std::vector<PathKey>;

// One entry of a response's errors. The message is graphql-js's; where AppSync has its own words
// that clients look for, those are kept beside it.
struct GraphQLError
{
    QString message;
    std::vector<GraphQL::SourcePosition> locations;
    std::optional<Path> path;
    QString appSyncMessage;             // empty: message
    QString rule;                       // of a validation error: the rule's name in graphql-js
    QString errorType;                  // of a resolver's error
    QByteArray data;                    // of a resolver's error: JSON; empty: null
};

} // namespace Tideline::Server
