// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QString>

QT_FORWARD_DECLARE_CLASS(QCommandLineParser)

namespace Tideline::Tools {

class Console;

enum ExitCode { Success = 0, Failure = 1, UsageError = 2 };

/*
    One sub-command of the tool: "tideline NAME [options] ARGUMENTS". main.cpp has the table of them;
    it adds --help, reports options that configure() did not add, and checks the arguments against
    minimumArguments() and maximumArguments() before run().
*/
class Command
{
public:
    Command() = default;
    Q_DISABLE_COPY_MOVE(Command)
    virtual ~Command() = default;

    // Adds description, options and positional arguments.
    virtual void configure(QCommandLineParser &parser) const = 0;
    [[nodiscard]] virtual int minimumArguments() const = 0;
    [[nodiscard]] virtual int maximumArguments() const { return minimumArguments(); }

    // Answers the exit code of the process. A command that lives on runs the event loop in here.
    [[nodiscard]] virtual int run(const QCommandLineParser &parser, Console &console) = 0;
};

} // namespace Tideline::Tools
