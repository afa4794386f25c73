// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QByteArray>

#include <sys/types.h>

#include <vector>

namespace TidelineBench {

/*!
    Real-time clients in a process of their own, so that the server's memory and processor time are its own: one thread over
    epoll, which counts the frames of a socket and looks into data messages for the time they were sent.

    The process is forked by start(), which has to come before any thread.
*/
class SocketClients
{
public:
    struct Report
    {
        qint64 ready = 0;                       // clients whose subscription is acknowledged
        qint64 messages = 0;                    // data messages since the last report
        qint64 bytes = 0;
        double medianMs = 0, p99Ms = 0, worstMs = 0;    // from the time in a message to its arrival
        double cpuMs = 0;                       // of the clients' process, since the last report
    };

    ~SocketClients();
    [[nodiscard]] bool start();
    // \a count more clients, each with the subscription \a query.
    void connectTo(quint16 port, int count, const QByteArray &query, const QByteArray &key);
    // What happened since the last call.
    [[nodiscard]] Report report();
    [[nodiscard]] pid_t process() const noexcept { return m_process; }

private:
    int m_channel = -1;
    pid_t m_process = -1;
};

/*! Monotonic time, the same in all processes. */
[[nodiscard]] qint64 nowNs();

} // namespace TidelineBench
