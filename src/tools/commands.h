// SPDX-License-Identifier: MIT
#pragma once

#include "tools/command.h"

#include <memory>

namespace Tideline::Tools {

// One per NAMEcommand.cpp; the table in main.cpp gives each its name.
[[nodiscard]] std::unique_ptr<Command> makeCheckCommand();
[[nodiscard]] std::unique_ptr<Command> makeCodegenCommand();
[[nodiscard]] std::unique_ptr<Command> makeDeadLettersCommand();    // only in builds with the server
[[nodiscard]] std::unique_ptr<Command> makeExportCommand();     // only in builds for Linux, as import and tail
[[nodiscard]] std::unique_ptr<Command> makeImportCommand();
[[nodiscard]] std::unique_ptr<Command> makeKeysCommand();       // only in builds with the server
[[nodiscard]] std::unique_ptr<Command> makeParseCommand();
[[nodiscard]] std::unique_ptr<Command> makePrintSchemaCommand();
[[nodiscard]] std::unique_ptr<Command> makeServeCommand();      // only in builds with the server
[[nodiscard]] std::unique_ptr<Command> makeTailCommand();
[[nodiscard]] std::unique_ptr<Command> makeValidateCommand();

} // namespace Tideline::Tools
