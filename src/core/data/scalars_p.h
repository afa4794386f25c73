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

// Parts of messages, objects of a verb such as "needs": languages with cases have them in the accusative.
[[nodiscard]] QString needed(Scalar scalar);                                    // "a number (Float)"
[[nodiscard]] QString needed(const EnumType &type);
[[nodiscard]] QString needed(const Schema &schema, const FieldType &type);      // of a single value or element
[[nodiscard]] QString shown(const Value &value);                                // "the text \"abc\""
[[nodiscard]] QString shown(const QVariant &variant);
[[nodiscard]] QString shown(const QJsonValue &json);

// Errors on their way up: the message is a sentence about Subject, field() the path below the field.
inline constexpr QStringView Subject = u"\x1a";        // in no name and in no text as shown() gives it
[[nodiscard]] Error problem(const QString &sentence, Error::Code code = Error::Code::Validation);
[[nodiscard]] Error mismatch(const QString &needed, const QString &shown);
[[nodiscard]] Error noList(const QString &neededElement, const QString &shown);
[[nodiscard]] Error noSuchMember(const EmbeddedType &type, const QString &name);
[[nodiscard]] Error missingValue(const Schema &schema, const FieldType &type);
[[nodiscard]] Error missingElement(const Schema &schema, const FieldType &type);
[[nodiscard]] Error missingType(const FieldType &type);
[[nodiscard]] Error within(const Error &error, const QString &step);            // "[2]", ".width"
// ... and made whole.
[[nodiscard]] QString about(const QString &subject, const Error &error);
[[nodiscard]] Error finished(const Error &error);
[[nodiscard]] Error finished(const Error &error, const ModelType &model, const QString &field);

} // namespace Tideline
