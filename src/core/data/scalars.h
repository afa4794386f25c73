// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"
#include "core/schema/schema.h"

namespace Tideline {

// What a field may hold, and how outside forms (JSON of the wire, QVariant of QML) become a Value.
// Both check completely: nullability, lists, enums, embedded types with their fields, scalar formats, ranges.

[[nodiscard]] TIDELINE_CORE_EXPORT Result<void> validate(const Schema &schema, const FieldType &type, const Value &value);

/*! Turns what QML or C++ hands over (numbers as text for Int, QDateTime for AWSDateTime, QUrl, JS
    objects for AWSJSON and embedded types ...) into the field's Value, validated. */
[[nodiscard]] TIDELINE_CORE_EXPORT Result<Value> fromVariant(const Schema &schema, const FieldType &type, const QVariant &variant);

/*! The same from the wire. Text is kept byte for byte. */
[[nodiscard]] TIDELINE_CORE_EXPORT Result<Value> fromJson(const Schema &schema, const FieldType &type, const QJsonValue &json);

[[nodiscard]] TIDELINE_CORE_EXPORT bool isValidScalar(Scalar scalar, QStringView text);   // text scalars only

} // namespace Tideline
