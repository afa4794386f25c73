// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/global.h"

QT_FORWARD_DECLARE_CLASS(QQmlEngine)

namespace Tideline {

/*! Makes "import Tideline" work in \a engine from the copy inside the library, without an import path. */
TIDELINE_QML_EXPORT void prepare(QQmlEngine *engine);

} // namespace Tideline
