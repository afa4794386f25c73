// SPDX-License-Identifier: MIT
#pragma once

#include "server/execution/typesystem.h"

#include <QtCore/QJsonValue>

namespace Tideline::Server {

using LeafResult = std::variant<Value, QString>;    // a value or what is wrong

// \a numbersAsText: Int and Float also take text that is a number.
[[nodiscard]] LeafResult parseLeafJson(const Type *type, const QJsonValue &json, bool numbersAsText);

// Checks text of an AWS scalar; the type's name decides.
[[nodiscard]] bool isValidText(const Type *type, const QString &text);

} // namespace Tideline::Server
