// SPDX-License-Identifier: MIT
#pragma once

#include "tools/codegennames.h"

namespace Tideline::Tools {

// What all parts of the generator read.
struct CodegenInput
{
    const Schema &schema;
    const SchemaText &text;
    const Names &names;
    QString space;
};

// Enums and embedded types: declarations for the namespace, traits for the namespace of the world.

[[nodiscard]] QString enumDeclarations(const CodegenInput &input);
[[nodiscard]] QString enumValuesForQml(const CodegenInput &input);
[[nodiscard]] QString embeddedDeclarations(const CodegenInput &input);
[[nodiscard]] QString traitsDeclarations(const CodegenInput &input);
[[nodiscard]] QString traitsDefinitions(const CodegenInput &input);

/*! Embedded types that contain themselves in another way than through a list, one problem each. */
[[nodiscard]] QStringList circles(const Schema &schema, const SchemaText &text);

} // namespace Tideline::Tools
