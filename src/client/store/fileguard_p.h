// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

namespace Tideline {

/*! Looks at the file before SQLite does, so that one that is not ours is not even touched. */
namespace FileGuard {

inline constexpr quint32 ApplicationId = 0x54494445;        // "TIDE", in the SQLite header
inline constexpr int FormatVersion = 1;                     // user_version; see FORMAT.md

[[nodiscard]] bool isInMemory(const QString &path);
[[nodiscard]] Result<void> check(const QString &path);

[[nodiscard]] Error foreign(const QString &path);
[[nodiscard]] Error tooNew(const QString &path, qint64 version);

} // namespace FileGuard

} // namespace Tideline
