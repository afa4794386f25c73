// SPDX-License-Identifier: MIT
#pragma once

#include "server/backend.h"

#include <QtCore/QCommandLineOption>

#include <chrono>

QT_FORWARD_DECLARE_CLASS(QCommandLineParser)

namespace Tideline::Tools {

// "500ms", "30s", "30m", "12h", "30d"; a number alone counts \a unit.
[[nodiscard]] Result<std::chrono::milliseconds> durationOf(const QString &text, std::chrono::milliseconds unit);

// How conflicts end and how long deleted records and changes are remembered, as the command line says.
struct Conflicts
{
    struct Choice
    {
        Server::ConflictStrategy strategy = Server::ConflictStrategy::Automerge;
        QString function = {};          // URL or file; empty: the default's
    };
    Choice standard = {};
    QHash<QString, Choice> byModel = {};
    std::chrono::milliseconds timeLimit{0};             // of a function; 0: the usual one
    int memoryLimitMb = 64;
    std::chrono::milliseconds baseTtl{0};
    std::chrono::milliseconds deltaTtl{0};
};

class ConflictOptions
{
public:
    void addTo(QCommandLineParser &parser) const;
    [[nodiscard]] Result<Conflicts> read(const QCommandLineParser &parser) const;

private:
    [[nodiscard]] Result<void> readStrategies(const QCommandLineParser &parser, Conflicts &conflicts) const;
    [[nodiscard]] Result<void> readFunctions(const QCommandLineParser &parser, Conflicts &conflicts) const;
    [[nodiscard]] Result<void> readTimes(const QCommandLineParser &parser, Conflicts &conflicts) const;

    const QCommandLineOption m_strategy{QStringLiteral("conflict"),
        QStringLiteral("What becomes of a change of a record that somebody else changed: automerge, optimistic or function (automerge); "
                       "MODEL=STRATEGY for one type, again for another"),
        QStringLiteral("[MODEL=]STRATEGY")};
    const QCommandLineOption m_function{QStringLiteral("conflict-function"),
        QStringLiteral("Who decides with --conflict function: an endpoint that gets AppSync's conflict Lambda requests, or a JavaScript "
                       "file with a function resolve(event) that gets the same; MODEL=... for one type, again for another"),
        QStringLiteral("[MODEL=]URL|FILE.js")};
    const QCommandLineOption m_timeLimit{QStringLiteral("conflict-time-limit"),
        QStringLiteral("How long --conflict-function may take for a conflict (10s for an endpoint, 2s for a file)"),
        QStringLiteral("DURATION")};
    const QCommandLineOption m_memoryLimit{QStringLiteral("conflict-memory-limit"),
        QStringLiteral("Memory in megabytes that the JavaScript of --conflict-function may take (64)"),
        QStringLiteral("MB"), QStringLiteral("64")};
    const QCommandLineOption m_baseTtl{QStringLiteral("base-ttl"),
        QStringLiteral("How long deleted records are kept, so that devices that were away learn of it (30d). "
                       "A duration is a number with ms, s, m, h or d"),
        QStringLiteral("DURATION"), QStringLiteral("30d")};
    const QCommandLineOption m_deltaTtl{QStringLiteral("delta-ttl"),
        QStringLiteral("How old the last sync of a device may be for it to get only what changed since (30m)"),
        QStringLiteral("DURATION"), QStringLiteral("30m")};
};

// Makes the functions and puts all into \a options.
void apply(const Conflicts &conflicts, Server::BackendOptions &options);

} // namespace Tideline::Tools
