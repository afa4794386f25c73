// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"

namespace Tideline::Tools {

// How the fields of a schema are called in generated C++.

[[nodiscard]] QString identifier(const QString &name);         // the name; with a trailing _ when C++ keeps the word for itself
[[nodiscard]] QString capitalized(const QString &name);        // "sku" -> "Sku"

[[nodiscard]] QString elementType(const FieldType &type);      // of one value: "QString", "int", "Color", "Box"
[[nodiscard]] QString valueType(const FieldType &type);        // with lists: "QList<Color>"
[[nodiscard]] QString accessorType(const FieldType &type);     // with nullability: "std::optional<int>"

// What a property of the QObject class has: QML's view of the field.
struct PropertyType
{
    QString name;               // "QString", "int", "QVariant"
    QString get;                // expression, %1 is the field's number
    QString set;                // statement, %1 the number; the argument is called value
    bool byReference = false;
};

[[nodiscard]] PropertyType propertyType(const FieldType &type);

} // namespace Tideline::Tools
