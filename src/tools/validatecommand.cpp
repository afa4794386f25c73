// SPDX-License-Identifier: MIT
#include "tools/commands.h"
#include "tools/console.h"

#include "core/schema/schema.h"

#include <QtCore/QCommandLineParser>

#include <limits>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

class ValidateCommand : public Command
{
public:
    void configure(QCommandLineParser &parser) const override;
    [[nodiscard]] int minimumArguments() const override { return 1; }
    [[nodiscard]] int maximumArguments() const override { return std::numeric_limits<int>::max(); }
    [[nodiscard]] int run(const QCommandLineParser &parser, Console &console) override;
};

void ValidateCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(
        u"Checks schemas of models, each by itself. Every problem is a line on standard error: FILE:line:column, what is wrong "
        "and what to do. The exit code is 0 when there is none, and 1 otherwise."_s);
    parser.addPositionalArgument(u"SCHEMA..."_s, u"GraphQL schemas; \"-\" is standard input"_s);
}

bool isValid(const QString &path, Console &console)
{
    const Result<QString> source = console.read(path);
    if (!source) {
        console.report(source.error().message());
        return false;
    }
    const Result<Schema> schema = Schema::parse(*source, Console::displayName(path));
    if (!schema) {
        console.report(schema.error().detail());        // a line for each problem
        return false;
    }
    console.print(u"%1: valid, model types: %2\n"_s.arg(Console::displayName(path)).arg(schema->models().size()));
    return true;
}

int ValidateCommand::run(const QCommandLineParser &parser, Console &console)
{
    bool allValid = true;
    for (const QString &path : parser.positionalArguments())
        allValid = isValid(path, console) && allValid;
    return allValid ? Success : Failure;
}

} // namespace

std::unique_ptr<Command> makeValidateCommand()
{
    return std::make_unique<ValidateCommand>();
}

} // namespace Tideline::Tools
