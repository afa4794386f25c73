// SPDX-License-Identifier: MIT
#pragma once

#include "core/graphql/ast.h"

#include <QtCore/QJsonObject>

namespace Tideline::GraphQL {

[[nodiscard]] TIDELINE_CORE_EXPORT QString print(const Document &document);
[[nodiscard]] TIDELINE_CORE_EXPORT QString print(const Value &value);
[[nodiscard]] TIDELINE_CORE_EXPORT QString print(const TypeReference &type);
[[nodiscard]] TIDELINE_CORE_EXPORT QString stripIgnoredCharacters(QStringView source);

// graphql-js's AST shape: kind, fields, loc as [start, end]
[[nodiscard]] TIDELINE_CORE_EXPORT QJsonObject toJson(const Document &document);

} // namespace Tideline::GraphQL
