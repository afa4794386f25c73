// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QByteArray>

QT_FORWARD_DECLARE_CLASS(QJsonDocument)
QT_FORWARD_DECLARE_CLASS(QJsonValue)

namespace Tideline {

TIDELINE_CORE_EXPORT QJsonDocument parseJson(QByteArray text);
[[nodiscard]] TIDELINE_CORE_EXPORT QByteArray jsonText(const QJsonValue &value);

} // namespace Tideline
