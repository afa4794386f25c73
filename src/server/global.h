// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qglobal.h>

#if defined(TIDELINE_SERVER_LIBRARY)
#  define TIDELINE_SERVER_EXPORT Q_DECL_EXPORT
#else
#  define TIDELINE_SERVER_EXPORT Q_DECL_IMPORT
#endif
