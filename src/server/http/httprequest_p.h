// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/global.h"
#include "server/service.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>

#include <optional>

namespace Tideline::Server {

struct Target
{
    QByteArray path;
    QByteArray query;                   // still encoded
};

// Of a request line: "/path?query", or the same behind "http://host".
[[nodiscard]] TIDELINE_SERVER_EXPORT Target splitTarget(QByteArrayView target);

enum class PlusSign { Plus, Space };    // forms write a space as "+", base64 does not

// The first parameter `name`, decoded.
[[nodiscard]] TIDELINE_SERVER_EXPORT std::optional<QByteArray> queryValue(QByteArrayView query, QByteArrayView name,
                                                                           PlusSign plus);

// The identity is left to the caller.
[[nodiscard]] TIDELINE_SERVER_EXPORT Result<GraphQLRequest> requestFromBody(const QByteArray &body);
[[nodiscard]] TIDELINE_SERVER_EXPORT Result<GraphQLRequest> requestFromQuery(QByteArrayView query);

// "mutation SaveNote": the kind and name of the operation, for people. Only names, never anything else of it.
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray describe(const GraphQLRequest &request);
[[nodiscard]] QByteArray nameOf(Identity::Provider provider);

// Whether executing it may change something; what cannot be told is left to the executor to refuse.
[[nodiscard]] TIDELINE_SERVER_EXPORT bool isMutation(const GraphQLRequest &request);

} // namespace Tideline::Server
