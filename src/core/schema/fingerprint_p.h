// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schemacontext_p.h"

namespace Tideline {

[[nodiscard]] QStringList dependencyOrderOf(const std::vector<std::shared_ptr<const ModelType>> &models);
[[nodiscard]] QByteArray fingerprintOf(const SchemaPrivate &schema);

} // namespace Tideline
