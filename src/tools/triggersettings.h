// SPDX-License-Identifier: MIT
#pragma once

#include "server/functions/trigger.h"

#include <QtCore/QStringList>

namespace Tideline::Tools {

// Who is told of changes, as text; holds a secret, of which nothing is printed.
struct TriggerSettings
{
    QStringList triggers = {};          // MODEL:OPERATION,...=URL
    QByteArray secret = {};             // that all of them sign with
};

[[nodiscard]] Result<std::vector<Server::Trigger>> readTriggers(const TriggerSettings &settings);

} // namespace Tideline::Tools
