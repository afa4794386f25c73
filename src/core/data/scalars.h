// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"
#include "core/data/value.h"
#include "core/schema/schema.h"

namespace Tideline {

// What a field may hold, and how outside forms (JSON of the wire, QVariant of QML) become a Value.
// All check completely: nullability, lists, enums, embedded types with their fields, scalar formats, ranges.
// Errors are Error::Code::Validation (UnknownField for a member an embedded type lacks); field() is the
// path of the culprit ("size.width", "tags[2]"). The forms with a model type name it and the field, too.

[[nodiscard]] TIDELINE_CORE_EXPORT Result<void> validate(const Schema &schema, const FieldType &type, const Value &value);
[[nodiscard]] TIDELINE_CORE_EXPORT Result<void> validate(const Schema &schema, const ModelType &model, int field, const Value &value);
[[nodiscard]] TIDELINE_CORE_EXPORT Result<void> validate(const Schema &schema, const Record &record);
[[nodiscard]] TIDELINE_CORE_EXPORT Result<void> validate(const Schema &schema, const Draft &draft);

/*! Turns what QML or C++ hands over (numbers as text for Int, QDateTime for AWSDateTime, QUrl, JS
    objects for AWSJSON and embedded types ...) into the field's Value, validated. */
[[nodiscard]] TIDELINE_CORE_EXPORT Result<Value> fromVariant(const Schema &schema, const FieldType &type, const QVariant &variant);
[[nodiscard]] TIDELINE_CORE_EXPORT Result<Value> fromVariant(const Schema &schema, const ModelType &model, int field,
                                                             const QVariant &variant);

/*! The same from the wire. Text is kept byte for byte. */
[[nodiscard]] TIDELINE_CORE_EXPORT Result<Value> fromJson(const Schema &schema, const FieldType &type, const QJsonValue &json);
[[nodiscard]] TIDELINE_CORE_EXPORT Result<Value> fromJson(const Schema &schema, const ModelType &model, int field,
                                                          const QJsonValue &json);

[[nodiscard]] TIDELINE_CORE_EXPORT bool isValidScalar(Scalar scalar, QStringView text);   // text scalars only

} // namespace Tideline
