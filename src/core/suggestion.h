// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QStringList>

namespace Tideline {

[[nodiscard]] TIDELINE_CORE_EXPORT QString closestName(QStringView name, const QStringList &names);
[[nodiscard]] TIDELINE_CORE_EXPORT QString didYouMean(const QString &sentence, const QString &name);
[[nodiscard]] TIDELINE_CORE_EXPORT QString withSuggestion(const QString &sentence, QStringView name, const QStringList &names);

} // namespace Tideline
