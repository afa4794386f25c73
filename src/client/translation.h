// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QLocale>

namespace Tideline {

TIDELINE_EXPORT bool installTranslation(const QLocale &locale = QLocale());
TIDELINE_EXPORT void ensureTranslation();

} // namespace Tideline
