// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"

#include <optional>

class QDateTime;
class QDate;
class QTime;

namespace Tideline {

/*! The plain Value of \a variant; nothing when its type has no place in a Value. */
[[nodiscard]] std::optional<Value> plainValue(const QVariant &variant);

/*! The exact integer \a number stands for; nothing when it is none. */
[[nodiscard]] std::optional<qint64> exactInteger(double number) noexcept;
[[nodiscard]] std::optional<qint64> exactInteger(const QJsonValue &json);

/*! Whether \a text can be written as UTF-8 without loss: no half of a surrogate pair. */
[[nodiscard]] bool isUnicodeText(QStringView text) noexcept;

// How Qt's types look as AWS scalars; empty when invalid or outside the years 0000 to 9999.
[[nodiscard]] QString awsDateTime(const QDateTime &value);      // UTC, milliseconds, Z
[[nodiscard]] QString awsDate(const QDate &value);
[[nodiscard]] QString awsTime(const QTime &value);

/*! Negative, 0 or positive as \a a sorts before, like or after \a b; for two scalars a field stores. */
[[nodiscard]] int compareScalars(const Value &a, const Value &b) noexcept;

} // namespace Tideline
