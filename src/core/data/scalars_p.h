// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/scalars.h"

namespace Tideline {

/*! The kind of Value a field stores when it is not null. */
[[nodiscard]] Value::Kind storedKind(const FieldType &type) noexcept;
[[nodiscard]] Value::Kind storedElementKind(const FieldType &type) noexcept;    // as if it were no list

[[nodiscard]] bool isInteger32(qint64 number) noexcept;

/*! \a variant as a scalar; it is not null. Errors as problem() makes them. */
[[nodiscard]] Result<Value> scalarFromVariant(Scalar scalar, const QVariant &variant);

/*! \a text as a text scalar or an enum's value; errors as problem() makes them. */
[[nodiscard]] Result<Value> checkedText(Scalar scalar, const QString &text);
[[nodiscard]] Result<Value> checkedEnumValue(const EnumType &type, const QString &text);

// Words for messages.
[[nodiscard]] QString needed(Scalar scalar);                                    // "a number (Float)"
[[nodiscard]] QString needed(const Schema &schema, const FieldType &type);      // of a single value or element
[[nodiscard]] QString shown(const Value &value);                                // "the text \"abc\""
[[nodiscard]] QString shown(const QVariant &variant);
[[nodiscard]] QString shown(const QJsonValue &json);

// Errors on their way up: the message is the end of a sentence, field() the path below the field.
[[nodiscard]] Error problem(const QString &endOfSentence, Error::Code code = Error::Code::Validation);
[[nodiscard]] Error mismatch(const QString &needed, const QString &shown);
[[nodiscard]] Error noSuchMember(const EmbeddedType &type, const QString &name);
[[nodiscard]] Error missingValue(const Schema &schema, const FieldType &type);
[[nodiscard]] Error missingElement(const Schema &schema, const FieldType &type);
[[nodiscard]] Error missingType(const FieldType &type);
[[nodiscard]] Error within(const Error &error, const QString &step);            // "[2]", ".width"
// ... and made whole.
[[nodiscard]] Error finished(const Error &error);
[[nodiscard]] Error finished(const Error &error, const ModelType &model, const QString &field);

} // namespace Tideline
