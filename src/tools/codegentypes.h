// SPDX-License-Identifier: MIT
#pragma once

#include "tools/codegennames.h"

namespace Tideline::Tools {

// The types that the fields of a schema have in generated C++.

[[nodiscard]] QString elementType(const Names &names, const FieldType &type);      // of one value: "QString", "int", "Color", "Box"
[[nodiscard]] QString valueType(const Names &names, const FieldType &type);        // with lists: "QList<Color>"
[[nodiscard]] QString accessorType(const Names &names, const FieldType &type);     // with nullability: "std::optional<int>"
[[nodiscard]] QString parameter(const QString &type, const QString &name);         // "int size", "const QString &name"

// What a property of the QObject class has: QML's view of the field.
struct PropertyType
{
    QString name;               // "QString", "int", "QVariant"
    QString get;                // expression, %1 is the field's number
    QString set;                // statement, %1 the number; the argument is called newValue
};

[[nodiscard]] PropertyType propertyType(const FieldType &type);

} // namespace Tideline::Tools
