// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QByteArray>

QT_FORWARD_DECLARE_CLASS(QJsonDocument)

namespace Tideline {

TIDELINE_CORE_EXPORT QJsonDocument parseJson(QByteArray text);

} // namespace Tideline
