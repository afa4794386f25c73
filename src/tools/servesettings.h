// SPDX-License-Identifier: MIT
#pragma once

#include "tools/calleroptions.h"
#include "tools/conflictoptions.h"
#include "tools/optiontable.h"

#include "server/backend.h"
#include "server/http/httpoptions.h"

namespace Tideline::Tools {

// What `tideline serve` was told, checked. Holds secrets: nothing of it is printed.
struct ServeSettings
{
    Callers callers = {};
    Conflicts conflicts = {};
    Server::HttpOptions http = {};
    Server::BackendOptions backend = {};
    QString localDatabase = {};         // beside which files are kept when the database is none
    bool selfSigned = false;
    QString certificateFile = {};
    QString keyFile = {};
    std::chrono::milliseconds grace{0};
    std::chrono::milliseconds drainDelay{0};
    Server::LogFormat logFormat = Server::LogFormat::Text;
    Server::LogLevel logLevel = Server::LogLevel::Warning;
};

// Every option of the command: the one place that knows their names, ranges, defaults and help.
[[nodiscard]] OptionTable serveOptions();

[[nodiscard]] Result<ServeSettings> serveSettings(const OptionValues &values, const QString &schemaFile);

} // namespace Tideline::Tools
