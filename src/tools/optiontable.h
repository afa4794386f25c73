// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QtCore/QCommandLineOption>
#include <QtCore/QHash>
#include <QtCore/QProcessEnvironment>
#include <QtCore/QStringList>

#include <chrono>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QCommandLineParser)

namespace Tideline::Tools {

// What the command line, the environment and a file call by one name.
struct Option
{
    enum class Type { Flag, Text, List, Integer, Duration, Choice };

    QString name;
    Type type = Type::Text;
    QString help;
    QString valueName = {};             // in the help
    QString initial = {};               // what it is when nobody says; empty: nothing
    double least = 0;                   // of Integer and, in seconds, of Duration, as the next
    double most = 0;
    QStringList choices = {};
    bool secret = false;                // never printed
    bool onCommandLine = true;          // others could read there what is secret
    bool addsUp = false;                // of a List: every source counts, not the strongest alone
};

[[nodiscard]] QString durationText(std::chrono::milliseconds duration);      // as an option may say it: "75s"

[[nodiscard]] inline Error usage(const QString &message)
{
    return Error(Error::Code::InvalidArgument, message);
}

[[nodiscard]] inline bool isUrl(const QString &text)        // and no file
{
    return text.contains(QStringLiteral("://"));
}

// What was chosen: checked, so that reading a value cannot fail.
class OptionValues
{
public:
    [[nodiscard]] bool isSet(const QString &name) const { return m_given.contains(name); }
    [[nodiscard]] bool flag(const QString &name) const;
    [[nodiscard]] QString text(const QString &name) const;
    [[nodiscard]] QStringList list(const QString &name) const;
    [[nodiscard]] qint64 integer(const QString &name) const { return text(name).toLongLong(); }
    [[nodiscard]] std::chrono::milliseconds duration(const QString &name) const;    // 0 when there is none

    QStringList warnings = {};          // for people, before anything begins

private:
    friend class OptionTable;
    QHash<QString, QStringList> m_given;
    QHash<QString, QStringList> m_initial;
};

/*
    The options of a command, each described once: they make the parser, its help, and what a file (--config) and the environment
    (TIDELINE_PORT for --port) may say. The command line is stronger than the environment, and that than the file.

    The file is a JSON object with the options' names; lists are arrays, flags true or false. What is wrong with it is reported as
    FILE:line:column. A variable of the environment has the values of a list between spaces, and an empty one is none.

    A duration is a number with ms, s, m, h or d, as in 500ms and 30d; a number alone counts seconds.
*/
class OptionTable
{
public:
    explicit OptionTable(std::vector<Option> options);

    void addTo(QCommandLineParser &parser) const;
    [[nodiscard]] QString secretsHelp() const;          // about those that the command line does not take
    // InvalidArgument when a value is wrong, something else when the file cannot be read.
    [[nodiscard]] Result<OptionValues> read(const QCommandLineParser &parser, const QProcessEnvironment &environment) const;

    [[nodiscard]] static QString variableOf(const QString &option);

private:
    [[nodiscard]] const Option *find(const QString &name) const;
    [[nodiscard]] Result<void> readFile(const QString &path, OptionValues &values) const;
    [[nodiscard]] Result<void> readEnvironment(const QProcessEnvironment &environment, OptionValues &values) const;
    [[nodiscard]] Result<void> readCommandLine(const QCommandLineParser &parser, OptionValues &values) const;
    [[nodiscard]] static Result<void> take(const Option &option, const QStringList &given, const QString &place, OptionValues &values);

    const std::vector<Option> m_options;
};

} // namespace Tideline::Tools
