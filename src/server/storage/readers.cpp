// SPDX-License-Identifier: MIT
#include "server/storage/readers.h"

#include <future>

namespace Tideline::Server {

Readers::Readers(const Location &location, int threads) : m_location(location), m_count(threads)
{
}

Readers::~Readers() = default;

Result<void> Readers::start()
{
    for (int i = 0; i < m_count; ++i) {
        const auto opened = std::make_shared<std::promise<Result<void>>>();     // may outlive this call in the thread
        std::future<Result<void>> result = opened->get_future();
        spawn([opened](const Result<void> &started) { opened->set_value(started); });
        if (const Result<void> started = result.get(); !started)
            return started;
    }
    return {};
}

void Readers::spawn(std::function<void(const Result<void> &)> started)
{
    m_threads.emplace_back([this, started = std::move(started)] {
        const Result<std::unique_ptr<Connection>> connection = Connection::open(m_location, Connection::Mode::Read);
        started(connection ? Result<void>() : Result<void>(connection.error()));
        if (connection)
            run(**connection);
    });
}

void Readers::post(Job job, Priority priority)
{
    {
        const std::lock_guard lock(m_mutex);
        const bool isUrgent = priority == Priority::Urgent;
        if (!m_stopping && (isUrgent || !m_refusing))
            (isUrgent ? m_urgent : m_waiting).push_back(std::exchange(job, {}));
    }
    if (job)
        job(nullptr);
    else
        m_wake.notify_one();
}

void Readers::drain(std::chrono::milliseconds most)
{
    std::deque<Job> left;
    {
        std::unique_lock lock(m_mutex);
        if (m_idle.wait_for(lock, most, [this] { return m_urgent.empty() && m_waiting.empty() && m_running == 0; }))
            return;
        m_refusing = true;
        left.swap(m_waiting);
    }
    for (const Job &job : left)
        job(nullptr);
}

void Readers::stop()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    for (std::thread &thread : m_threads)
        thread.join();
    m_threads.clear();
}

void Readers::run(Connection &connection)
{
    for (;;) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_stopping || !m_urgent.empty() || !m_waiting.empty(); });
            std::deque<Job> &queue = m_urgent.empty() ? m_waiting : m_urgent;
            if (queue.empty())
                return;
            job = std::move(queue.front());
            queue.pop_front();
            ++m_running;
        }
        job(&connection);
        const std::lock_guard lock(m_mutex);
        if (--m_running == 0)
            m_idle.notify_all();
    }
}

} // namespace Tideline::Server
