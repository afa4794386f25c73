// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/qglobal.h>

#include <functional>
#include <mutex>

namespace Tideline::Server {

/*
    The time that changes carry and syncs start at, milliseconds since the epoch.

    A change's time is that of its transaction's beginning and never goes back from one commit to
    the next. A sync that starts while a transaction is open does not see its rows, so it must start
    no later than they are stamped: syncStart() is then the transaction's time. Thread-safe.
*/
class CommitClock
{
public:
    CommitClock(std::function<qint64()> clock, qint64 last) : m_clock(std::move(clock)), m_last(last) { }

    [[nodiscard]] qint64 begin()            // a write transaction opens
    {
        const std::lock_guard lock(m_mutex);
        m_last = std::max(m_last, m_clock());
        m_open = true;
        return m_last;
    }
    void end()
    {
        const std::lock_guard lock(m_mutex);
        m_open = false;
    }
    [[nodiscard]] qint64 syncStart() const  // ask before the snapshot is taken
    {
        const std::lock_guard lock(m_mutex);
        const qint64 now = m_clock();
        return m_open ? std::min(now, m_last) : now;
    }

private:
    mutable std::mutex m_mutex;             // also makes calls of an injected clock one at a time
    std::function<qint64()> m_clock;
    qint64 m_last = 0;
    bool m_open = false;
};

} // namespace Tideline::Server
