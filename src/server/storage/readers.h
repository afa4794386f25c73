// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/connection.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace Tideline::Server {

/*
    Threads that read, each with its own connection. Jobs run in the order they are posted, as many at a
    time as there are threads; urgent ones overtake the others. A job is given null when the server
    is stopping and must then still answer.
*/
class Readers
{
public:
    using Job = std::function<void(Connection *connection)>;
    enum class Priority { Normal, Urgent };

    Readers(const Location &location, int threads);
    ~Readers();                                     // after stop()

    [[nodiscard]] Result<void> start();
    void post(Job job, Priority priority = Priority::Normal);   // any thread
    // Until nothing waits or runs, what jobs post included. What waits at the deadline is given null, as is what comes later
    // and is not urgent; what runs is bounded by what a request may read and the time that a statement may take.
    void drain(std::chrono::milliseconds most);
    void stop();                                    // runs what waits, then ends the threads

private:
    void run(Connection &connection);
    void spawn(std::function<void(const Result<void> &)> started);

    const Location m_location;
    const int m_count;
    std::mutex m_mutex;
    std::condition_variable m_wake, m_idle;
    std::deque<Job> m_urgent, m_waiting;
    int m_running = 0;
    bool m_refusing = false, m_stopping = false;    // only urgent jobs are taken on; none is
    std::vector<std::thread> m_threads;
};

} // namespace Tideline::Server
