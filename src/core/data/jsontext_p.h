// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/value.h"

namespace Tideline {

/*! Whether \a text is one JSON value (RFC 8259) of any kind, nested at most 1,000 levels. */
[[nodiscard]] bool isJsonText(QStringView text) noexcept;

/*! Appends \a value to \a out as compact JSON; text is escaped as JSON.stringify() does. */
void appendJson(QString &out, const Value &value);
void appendJsonString(QString &out, QStringView text);

/*! A decimal form of \a number that reads back as the same number, be it as integer or as double. */
[[nodiscard]] QString numberText(double number);

} // namespace Tideline
