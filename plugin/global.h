// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qglobal.h>

#if defined(TIDELINE_QML_LIBRARY)
#  define TIDELINE_QML_EXPORT Q_DECL_EXPORT
#else
#  define TIDELINE_QML_EXPORT Q_DECL_IMPORT
#endif
