// SPDX-License-Identifier: MIT
#pragma once

#include "server/global.h"

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <array>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace Tideline::Server {

enum class LogLevel { Debug, Info, Warning, Error };
inline constexpr std::array logLevelNames{"debug", "info", "warn", "error"};    // by LogLevel
enum class LogFormat { Text, Json };

// One line. It says who asked for what and how that ended: never keys, tokens, variables or records.
struct LogEntry
{
    LogLevel level = LogLevel::Debug;
    QByteArray event = {};                              // "request", "refused"
    QByteArray requestId = {};
    QByteArray operation = {};                          // "mutation SaveNote"
    int status = 0;                                     // of HTTP
    QByteArray reason = {};                             // AppSync's error type
    std::optional<std::chrono::microseconds> duration = {};
    QByteArray caller = {};                             // the kind: "apiKey"
    QByteArray address = {};                            // of who is refused
    QString message = {};                               // of the server's own failures
};

/*!
    \class Tideline::Server::Log
    \inmodule Tideline
    \since 0.1
    \brief Lines about requests and failures, as text or JSON, written on a thread of its own.

    Nobody who writes waits for the sink: when it is so slow that MaxWaiting lines wait, further ones are left out and one line
    says how many.
*/
class TIDELINE_SERVER_EXPORT Log
{
public:
    using Sink = std::function<void(const QByteArray &lines)>;      // on the log's thread
    using WallClock = std::function<qint64()>;                      // ms since the epoch
    static constexpr size_t MaxWaiting = 10'000;

    Log(LogFormat format, LogLevel least, Sink sink, WallClock clock = {});
    ~Log();                                             // writes what waits

    [[nodiscard]] bool takes(LogLevel level) const noexcept { return level >= m_least; }
    void write(LogEntry entry);                         // any thread

private:
    Q_DISABLE_COPY_MOVE(Log)
    void run();
    [[nodiscard]] QByteArray lineOf(const LogEntry &entry, qint64 time) const;

    const LogFormat m_format;
    const LogLevel m_least;
    const Sink m_sink;
    const WallClock m_clock;
    std::mutex m_mutex;                                 // of what follows
    std::condition_variable m_wake;
    std::vector<std::pair<qint64, LogEntry>> m_waiting;
    size_t m_lost = 0;
    bool m_ending = false;
    std::thread m_thread;
};

} // namespace Tideline::Server
