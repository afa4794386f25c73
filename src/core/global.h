// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qglobal.h>

#if defined(TIDELINE_CORE_LIBRARY)
#  define TIDELINE_CORE_EXPORT Q_DECL_EXPORT
#else
#  define TIDELINE_CORE_EXPORT Q_DECL_IMPORT
#endif

#if defined(TIDELINE_LIBRARY)
#  define TIDELINE_EXPORT Q_DECL_EXPORT
#else
#  define TIDELINE_EXPORT Q_DECL_IMPORT
#endif
