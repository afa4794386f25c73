// SPDX-License-Identifier: MIT
#include "tools/commands.h"
#include "tools/console.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QCoreApplication>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;
using namespace Tideline::Tools;

namespace {

struct Entry
{
    QStringView name;
    QStringView summary;
    std::unique_ptr<Command> (*make)();
};

constexpr std::array table = {
    Entry{u"check", u"Say what a change of a schema breaks for stored data and deployed apps", makeCheckCommand},
    Entry{u"codegen", u"Generate the C++ classes of a schema", makeCodegenCommand},
#ifdef TIDELINE_SERVE
    Entry{u"dead-letters", u"List, replay or discard events that a server could not deliver", makeDeadLettersCommand},
#endif
#ifdef TIDELINE_REMOTE
    Entry{u"export", u"Write the records of a model to a file, from any AppSync endpoint", makeExportCommand},
    Entry{u"import", u"Create the records of a file at any AppSync endpoint", makeImportCommand},
#endif
#ifdef TIDELINE_SERVE
    Entry{u"keys", u"Create, list and revoke the API keys of a served database", makeKeysCommand},
#endif
    Entry{u"parse", u"Print the syntax tree of a GraphQL document as JSON", makeParseCommand},
    Entry{u"print-schema", u"Print the GraphQL schema of the backend for a schema of models", makePrintSchemaCommand},
#ifdef TIDELINE_SERVE
    Entry{u"serve", u"Serve a schema over HTTP and WebSocket as AWS AppSync would", makeServeCommand},
#endif
#ifdef TIDELINE_REMOTE
    Entry{u"tail", u"Print changes of records as they happen, from any AppSync endpoint", makeTailCommand},
#endif
    Entry{u"validate", u"Check schemas and name every problem", makeValidateCommand},
};

QString overview()
{
    qsizetype width = 0;
    for (const Entry &entry : table)
        width = std::max(width, entry.name.size());
    QString text = u"Usage: tideline COMMAND [options] ...\n"
                   "\n"
                   "Tools of the Tideline data store.\n"
                   "\n"
                   "Commands:\n"_s;
    for (const Entry &entry : table)
        text += u"  %1  %2\n"_s.arg(entry.name.toString().leftJustified(width), entry.summary);
    return text + u"\n"
                  "\"tideline COMMAND --help\" explains a command.\n"
                  "\n"
                  "Options:\n"
                  "  -h, --help     Print this help\n"
                  "  -v, --version  Print the version\n"_s;
}

int refuse(Console &console, const QString &message, const QString &helpCommand)
{
    console.report(u"tideline: "_s + message);
    console.report(u"Try \"%1\"."_s.arg(helpCommand));
    return UsageError;
}

// QCommandLineParser's help names the program only.
QString helpOf(const QCommandLineParser &parser, QStringView command)
{
    QString text = parser.helpText();
    const QString program = QCoreApplication::arguments().constFirst();
    const qsizetype start = text.indexOf(program);
    if (start >= 0)
        text.replace(start, program.size(), u"tideline %1"_s.arg(command));
    return text;
}

QString usageOf(const QCommandLineParser &parser, QStringView command)
{
    return helpOf(parser, command).section(u'\n', 0, 0).section(u": "_s, 1);
}

int runCommand(const Entry &entry, const QStringList &arguments, Console &console)
{
    const std::unique_ptr<Command> command = entry.make();
    QCommandLineParser parser;
    const QCommandLineOption help({u"h"_s, u"help"_s}, u"Print this help"_s);
    command->configure(parser);
    parser.addOption(help);

    const QString helpCommand = u"tideline %1 --help"_s.arg(entry.name);
    const bool understood = parser.parse(arguments);
    if (parser.isSet(help)) {
        console.print(helpOf(parser, entry.name));
        return Success;
    }
    if (!understood)
        return refuse(console, parser.errorText(), helpCommand);
    const qsizetype given = parser.positionalArguments().size();
    if (given < command->minimumArguments())
        return refuse(console, u"%1: an argument is missing: %2"_s.arg(entry.name, usageOf(parser, entry.name)), helpCommand);
    if (given > command->maximumArguments())
        return refuse(console, u"%1: there are too many arguments"_s.arg(entry.name), helpCommand);
    return command->run(parser, console);
}

int dispatch(const QStringList &arguments, Console &console)
{
    if (arguments.size() < 2) {
        console.report(overview());
        return UsageError;
    }
    const QString name = arguments[1];
    if (name == u"--help"_s || name == u"-h"_s) {
        console.print(overview());
        return Success;
    }
    if (name == u"--version"_s || name == u"-v"_s) {
        console.print(u"tideline %1\n"_s.arg(QCoreApplication::applicationVersion()));
        return Success;
    }
    const auto entry = std::find_if(table.begin(), table.end(), [&name](const Entry &e) { return e.name == name; });
    if (entry != table.end())
        return runCommand(*entry, arguments.sliced(1), console);
    const QString kind = name.startsWith(u'-') ? u"option"_s : u"command"_s;
    return refuse(console, u"unknown %1 \"%2\""_s.arg(kind, name), u"tideline --help"_s);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"tideline"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(TIDELINE_VERSION));
    Console console;
    const int code = dispatch(QCoreApplication::arguments(), console);
    return console.flush() ? code : std::max(code, int(Failure));
}
