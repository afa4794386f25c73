// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QVariant>

#include <limits>
#include <optional>

namespace Tideline {

/*! The whole number that \a value of QML is; nothing when it is none. An int would be 0 where QML has undefined. */
[[nodiscard]] inline std::optional<int> wholeNumberIn(const QVariant &value)
{
    if (value.typeId() == QMetaType::Int)
        return value.toInt();
    const double number = value.typeId() == QMetaType::Double ? value.toDouble() : std::numeric_limits<double>::quiet_NaN();
    const bool fits = number >= std::numeric_limits<int>::min() && number <= std::numeric_limits<int>::max();
    return fits && number == double(int(number)) ? std::optional(int(number)) : std::nullopt;
}

} // namespace Tideline
