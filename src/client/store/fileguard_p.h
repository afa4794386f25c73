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

// Which file a path leads to; equal for all paths where a file in use can be neither deleted nor replaced.
struct Identity
{
    quint64 device = 0;
    quint64 number = 0;

    friend bool operator==(const Identity &, const Identity &) = default;
};

[[nodiscard]] Identity identity(const QString &path);

[[nodiscard]] Error foreign(const QString &path);
[[nodiscard]] Error tooNew(const QString &path, qint64 version);
[[nodiscard]] Error damaged(const QString &detail);
[[nodiscard]] Error moved(const QString &path);
[[nodiscard]] Error ofSomebodyElse(const QString &path);

} // namespace FileGuard

} // namespace Tideline
