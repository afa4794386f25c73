// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QDateTime>

#include <functional>

namespace Tideline::Server {

using WallClock = std::function<qint64()>;      // ms since the epoch; called from any thread

[[nodiscard]] inline WallClock systemClock()
{
    return [] { return QDateTime::currentMSecsSinceEpoch(); };
}

} // namespace Tideline::Server
