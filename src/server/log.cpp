// SPDX-License-Identifier: MIT
#include "server/log.h"

#include "core/data/json.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonValue>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

struct Member { const char *name; QByteArray value; bool isNumber = false; };

std::vector<Member> membersOf(const LogEntry &entry)
{
    std::vector<Member> members;
    const auto add = [&members](const char *name, const QByteArray &value, bool isNumber = false) {
        if (!value.isEmpty())
            members.push_back({name, value, isNumber});
    };
    add("request", entry.requestId);
    add("operation", entry.operation);
    add("status", entry.status ? QByteArray::number(entry.status) : QByteArray(), true);
    add("reason", entry.reason);
    if (entry.duration)
        add("ms", QByteArray::number(double(entry.duration->count()) / 1000, 'f', 3), true);
    add("caller", entry.caller);
    add("address", entry.address);
    add("message", entry.message.toUtf8());
    return members;
}

bool isPlain(const QByteArray &text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~' && c != '"' && c != '=' && c != '\\'; });
}

} // namespace

/*!
    Makes a log of the lines that are at least as grave as \a least. They are given to \a sink, several at once. \a clock is the
    system's when it is empty.
*/
Log::Log(LogFormat format, LogLevel least, Sink sink, WallClock clock)
    : m_format(format), m_least(least), m_sink(std::move(sink)),
      m_clock(clock ? std::move(clock) : WallClock([] { return QDateTime::currentMSecsSinceEpoch(); })), m_thread([this] { run(); })
{
}

Log::~Log()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_wake.notify_one();
    m_thread.join();
}

/*! Writes \a entry later; forgets it when its level is not asked for. */
void Log::write(LogEntry entry)
{
    if (!takes(entry.level))
        return;
    const qint64 now = m_clock();
    {
        const std::lock_guard lock(m_mutex);
        if (m_waiting.size() >= MaxWaiting) {
            ++m_lost;
            return;
        }
        m_waiting.emplace_back(now, std::move(entry));
    }
    m_wake.notify_one();
}

void Log::run()
{
    std::vector<std::pair<qint64, LogEntry>> taken;
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [this] { return m_ending || !m_waiting.empty(); });
        if (m_waiting.empty())
            return;
        taken.clear();
        taken.swap(m_waiting);
        if (const size_t lost = std::exchange(m_lost, 0); lost > 0) {
            taken.emplace_back(taken.back().first,
                               LogEntry{.level = LogLevel::Warning, .event = "lost", .message = u"%1 lines were not written"_s.arg(lost)});
        }
        lock.unlock();
        QByteArray lines;
        for (const auto &[time, entry] : taken)
            lines += lineOf(entry, time);
        m_sink(lines);
        lock.lock();
    }
}

QByteArray Log::lineOf(const LogEntry &entry, qint64 time) const
{
    const QByteArray when = QDateTime::fromMSecsSinceEpoch(time, Qt::UTC).toString(Qt::ISODateWithMs).toLatin1();
    const char *level = logLevelNames[size_t(entry.level)];
    const bool json = m_format == LogFormat::Json;
    QByteArray line = json ? "{\"time\":\"" + when + "\",\"level\":\"" + level + "\",\"event\":" + jsonText(QString::fromUtf8(entry.event))
                           : when + ' ' + level + ' ' + entry.event;
    for (const Member &member : membersOf(entry)) {
        const bool bare = member.isNumber || (!json && isPlain(member.value));
        line += json ? QByteArray(",\"") + member.name + "\":" : QByteArray(" ") + member.name + '=';
        line += bare ? member.value : jsonText(QString::fromUtf8(member.value));
    }
    return line + (json ? "}\n" : "\n");
}

} // namespace Tideline::Server
