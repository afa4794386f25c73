// SPDX-License-Identifier: MIT
#include "tools/commands.h"
#include "tools/console.h"
#include "tools/schemachange.h"
#include "tools/schematext.h"

#include <QtCore/QCommandLineParser>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;

namespace {

class CheckCommand : public Command
{
public:
    void configure(QCommandLineParser &parser) const override;
    [[nodiscard]] int minimumArguments() const override { return 2; }
    [[nodiscard]] int run(const QCommandLineParser &parser, Console &console) override;

private:
    const QCommandLineOption m_json{u"json"_s, u"Print a JSON array of {severity, concerns, subject, place, message, advice}"_s};
};

void CheckCommand::configure(QCommandLineParser &parser) const
{
    parser.setApplicationDescription(
        u"Says what a change of the schema breaks: for records stored with OLD, and for deployed apps built with OLD.\n"
        "\"breaking\" is what fails or loses data, \"dangerous\" what may surprise. The place is in NEW, or in OLD for what is gone.\n"
        "The exit code is 1 when something breaks, and 0 otherwise."_s);
    parser.addOption(m_json);
    parser.addPositionalArgument(u"OLD"_s, u"The schema of models in use"_s);
    parser.addPositionalArgument(u"NEW"_s, u"The schema that is to take its place; \"-\" is standard input"_s);
}

QString severityOf(const SchemaChange &change)
{
    return change.severity == SchemaChange::Severity::Breaking ? u"breaking"_s : u"dangerous"_s;
}

bool isBreaking(const SchemaChange &change)
{
    return change.severity == SchemaChange::Severity::Breaking;
}

QString concernOf(const SchemaChange &change)
{
    return change.concern == SchemaChange::Concern::StoredData ? u"stored data"_s : u"clients"_s;
}

class Places
{
public:
    Places(const Schema &before, const QString &beforeName, const Schema &after, const QString &afterName)
        : m_before(before, beforeName), m_after(after, afterName) { }

    [[nodiscard]] QString of(const QString &declaration) const
    {
        const QString type = declaration.section(u'.', 0, 0);
        const bool gone = m_before.contains(declaration) && !m_after.contains(declaration);
        return gone || !m_after.contains(type) ? m_before.place(declaration) : m_after.place(declaration);
    }

private:
    const SchemaText m_before;
    const SchemaText m_after;
};

QByteArray jsonOf(const QList<SchemaChange> &changes, const Places &places)
{
    QJsonArray array;
    for (const SchemaChange &change : changes) {
        array.append(QJsonObject{{u"severity"_s, severityOf(change)}, {u"concerns"_s, concernOf(change)}, {u"subject"_s, change.subject},
                                 {u"place"_s, places.of(change.declaration)}, {u"message"_s, change.message}, {u"advice"_s, change.advice}});
    }
    return QJsonDocument(array).toJson();
}

void printList(const QList<SchemaChange> &changes, const Places &places, Console &console)
{
    for (const SchemaChange &change : changes) {
        console.print(u"%1: %2 for %3: %4: %5\n    %6\n"_s.arg(places.of(change.declaration), severityOf(change), concernOf(change),
                                                              change.subject, change.message, change.advice));
    }
    const auto breaking = std::count_if(changes.begin(), changes.end(), isBreaking);
    console.print(u"breaking: %1, dangerous: %2\n"_s.arg(breaking).arg(changes.size() - breaking));
}

int CheckCommand::run(const QCommandLineParser &parser, Console &console)
{
    const QString oldPath = parser.positionalArguments()[0], newPath = parser.positionalArguments()[1];
    const Result<Schema> before = readSchema(oldPath, console);
    const Result<Schema> after = readSchema(newPath, console);
    for (const Result<Schema> *schema : {&before, &after}) {
        if (!*schema)
            console.report(schema->error().message());
    }
    if (!before || !after)
        return Failure;
    QList<SchemaChange> changes = changesForData(*before, *after) + changesForClients(*before, *after);
    std::stable_sort(changes.begin(), changes.end(), [](const SchemaChange &a, const SchemaChange &b) { return a.severity < b.severity; });
    const Places places(*before, Console::displayName(oldPath), *after, Console::displayName(newPath));
    if (parser.isSet(m_json))
        console.print(jsonOf(changes, places));
    else
        printList(changes, places, console);
    return std::any_of(changes.begin(), changes.end(), isBreaking) ? Failure : Success;
}

} // namespace

std::unique_ptr<Command> makeCheckCommand()
{
    return std::make_unique<CheckCommand>();
}

} // namespace Tideline::Tools
