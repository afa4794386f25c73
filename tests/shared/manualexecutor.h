// SPDX-License-Identifier: MIT
#pragma once

#include "core/executor.h"

#include <algorithm>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <random>

namespace Tideline {

/*! A Scheduler whose time and tasks belong to a test: nothing runs but inside runOne(), runAll() and
    advance(), called in the test's thread. The clock stands still except in advance(); randomness
    comes from the seed. A store, an engine and a receiver of replies may share one. */
class ManualScheduler final : public Scheduler
{
public:
    static constexpr qint64 DefaultStart = 1'600'000'000'000;      // ms since the epoch, UTC

    explicit ManualScheduler(quint64 seed = 1, qint64 start = DefaultStart) : m_random(seed), m_start(start), m_now(start) { }
    ManualScheduler(const ManualScheduler &) = delete;
    ManualScheduler &operator=(const ManualScheduler &) = delete;

    void post(std::function<void()> task) override
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }

    [[nodiscard]] bool isCurrent() const noexcept override { return m_depth > 0; }
    [[nodiscard]] bool mayBlock() const noexcept override { return true; }
    [[nodiscard]] qint64 now() const override { return m_now; }
    [[nodiscard]] qint64 monotonic() const override { return m_now - m_start; }

    TimerId startTimer(qint64 milliseconds, std::function<void()> task) override
    {
        const TimerId id = ++m_lastTimer;
        m_timers.emplace(std::pair(m_now + std::max<qint64>(0, milliseconds), id), std::move(task));
        return id;
    }

    void cancelTimer(TimerId id) override
    {
        const auto it = std::find_if(m_timers.begin(), m_timers.end(), [id](const auto &timer) { return timer.first.second == id; });
        if (it != m_timers.end())
            m_timers.erase(it);
    }

    [[nodiscard]] quint64 random() override { return m_random(); }

    /*! Runs the oldest task; false when there is none. */
    bool runOne()
    {
        std::function<void()> task;
        {
            const std::lock_guard lock(m_mutex);
            if (m_tasks.empty())
                return false;
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
        }
        ++m_depth;
        task();
        task = nullptr;
        --m_depth;
        return true;
    }

    /*! Runs tasks, those that they post too, until none is left; timers do not fire. Returns how many ran. */
    int runAll()
    {
        int count = 0;
        while (runOne())
            ++count;
        return count;
    }

    /*! Runs all tasks, then moves the clock by \a milliseconds, stopping at every timer on the way. */
    void advance(qint64 milliseconds)
    {
        const qint64 end = m_now + milliseconds;
        runAll();
        while (!m_timers.empty() && m_timers.begin()->first.first <= end) {
            const auto timer = m_timers.extract(m_timers.begin());
            m_now = std::max(m_now, timer.key().first);
            ++m_depth;
            timer.mapped()();
            --m_depth;
            runAll();
        }
        m_now = end;
    }

    /*! ms from now until the next timer; nothing when there is none. */
    [[nodiscard]] std::optional<qint64> nextTimer() const
    {
        if (m_timers.empty())
            return {};
        return m_timers.begin()->first.first - m_now;
    }

    [[nodiscard]] qsizetype waiting() const
    {
        const std::lock_guard lock(m_mutex);
        return qsizetype(m_tasks.size());
    }

private:
    mutable std::mutex m_mutex;
    std::deque<std::function<void()>> m_tasks;                                  // guarded by m_mutex
    std::map<std::pair<qint64, TimerId>, std::function<void()>> m_timers;       // by due time, then age
    std::mt19937_64 m_random;
    qint64 m_start;
    qint64 m_now;
    TimerId m_lastTimer = 0;
    int m_depth = 0;
};

} // namespace Tideline
