// SPDX-License-Identifier: MIT
#pragma once

#include "server/backend.h"
#include "tools/optiontable.h"

#include <chrono>

namespace Tideline::Tools {

// How conflicts end and how long deleted records and changes are remembered, as the options say.
struct Conflicts
{
    struct Choice
    {
        Server::ConflictStrategy strategy = Server::ConflictStrategy::Automerge;
        QString function = {};          // URL or file; empty: the default's
    };
    Choice standard = {};
    QHash<QString, Choice> byModel = {};
    std::optional<std::chrono::milliseconds> timeLimit = {};    // of a function; none: the usual one
    int memoryLimitMb = 64;
    std::chrono::milliseconds baseTtl{0};
    std::chrono::milliseconds deltaTtl{0};
};

[[nodiscard]] std::vector<Option> conflictOptions();
[[nodiscard]] Result<Conflicts> readConflicts(const OptionValues &values);

// Makes the functions and puts all into \a options.
void apply(const Conflicts &conflicts, Server::BackendOptions &options);

} // namespace Tideline::Tools
