// SPDX-License-Identifier: MIT
#pragma once

#include "tools/codegenvalues.h"

namespace Tideline::Tools {

// The class of a model type: tokens, record, fields of a new record, properties for QML.

[[nodiscard]] QString modelDeclaration(const CodegenInput &input, const ModelType &model);
[[nodiscard]] QString modelDefinition(const CodegenInput &input, const ModelType &model);

} // namespace Tideline::Tools
