// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QVariant>

#include <algorithm>
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

/*! Whether \a value is undefined in QML, or has undefined in it. A binding may be so until what it reads is there; read as null it would mean other records. */
[[nodiscard]] inline bool holdsUndefined(const QVariant &value)
{
    if (!value.isValid())
        return true;
    const QVariantMap members = value.metaType() == QMetaType::fromType<QVariantMap>() ? value.toMap() : QVariantMap();
    const QVariantList elements = value.metaType() == QMetaType::fromType<QVariantList>() ? value.toList() : QVariantList();
    return std::any_of(members.cbegin(), members.cend(), holdsUndefined) || std::any_of(elements.cbegin(), elements.cend(), holdsUndefined);
}

} // namespace Tideline
