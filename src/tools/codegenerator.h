// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/schema/schema.h"

namespace Tideline::Tools {

struct CodegenOptions
{
    QString name;               // namespace and QML singleton, for instance "Inventory"
    QString baseName;           // of the files, for instance "inventory"
    QString schemaFile;         // named in the files' first line
    QString schemaPath;         // named in errors
};

struct GeneratedFile
{
    QString name;
    QString text;
};

/*! The C++ of a schema: one header and one source file. The same schema gives the same text, always. What has no
    C++ is an error, whose detail() names every place. */
[[nodiscard]] Result<QList<GeneratedFile>> generateCode(const Schema &schema, const CodegenOptions &options);

} // namespace Tideline::Tools
