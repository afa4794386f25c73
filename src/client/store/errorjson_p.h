// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

#include <QtCore/QJsonObject>

namespace Tideline {

// An error as Tideline's tables keep it; empty for none.
[[nodiscard]] QJsonObject errorToJson(const Error &error);
[[nodiscard]] Error errorFromJson(const QJsonObject &object);

} // namespace Tideline
