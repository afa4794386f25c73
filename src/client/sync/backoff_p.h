// SPDX-License-Identifier: MIT
#pragma once

#include "core/executor.h"

#include <algorithm>

namespace Tideline {

// How long one concern waits before its next attempt: doubles a failure, capped, endless, jittered by half.
class Backoff
{
public:
    Backoff(qint64 base, qint64 cap) : m_base(std::max<qint64>(base, 1)), m_cap(std::max(cap, m_base)) { }

    [[nodiscard]] qint64 next(Scheduler &scheduler) { return next(scheduler, m_cap); }
    [[nodiscard]] qint64 next(Scheduler &scheduler, qint64 lowerCap)
    {
        const qint64 cap = std::clamp(lowerCap, std::min(m_base, m_cap), m_cap);
        const qint64 full = m_failures >= 40 ? cap : std::min(cap, m_base << m_failures);
        ++m_failures;
        const qint64 half = full / 2;
        return full - half + qint64(scheduler.random() % quint64(half + 1));
    }

    void reset() noexcept { m_failures = 0; }
    void resume(int failures) noexcept { m_failures = failures; }       // as after that many failures
    [[nodiscard]] int failures() const noexcept { return m_failures; }

private:
    qint64 m_base;
    qint64 m_cap;
    int m_failures = 0;         // since the last success
};

// One shot on a scheduler that cannot outlive its owner.
class Timer
{
public:
    explicit Timer(Scheduler &scheduler) : m_scheduler(scheduler) { }
    ~Timer() { cancel(); }
    Q_DISABLE_COPY_MOVE(Timer)

    void start(qint64 milliseconds, std::function<void()> task)
    {
        cancel();
        m_id = m_scheduler.startTimer(milliseconds, [this, task = std::move(task)] {
            m_id = 0;
            const std::function<void()> kept = task;    // the task may destroy this timer and with it the closure
            kept();
        });
    }

    void cancel()
    {
        if (m_id != 0)
            m_scheduler.cancelTimer(std::exchange(m_id, 0));
    }

    [[nodiscard]] bool isActive() const noexcept { return m_id != 0; }

private:
    Scheduler &m_scheduler;
    TimerId m_id = 0;
};

} // namespace Tideline
