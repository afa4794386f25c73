// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QStringList>

namespace Tideline::Tools {

[[nodiscard]] QString lines(const QStringList &list);          // each with its end; empty ones are left out

/*! A description as a comment above a declaration; nothing for none. \a indent counts spaces. */
[[nodiscard]] QString comment(const QString &description, int indent);

/*! Any text as raw UTF-16 literals, in pieces that every compiler takes. */
[[nodiscard]] QString rawLiteral(const QString &text);

} // namespace Tideline::Tools
