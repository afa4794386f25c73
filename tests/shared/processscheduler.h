// SPDX-License-Identifier: MIT
#pragma once

#include "shared/manualexecutor.h"

#include <memory>

namespace Tideline {

/*! What one process has of a shared virtual time: when the process is killed, its tasks and timers are gone. */
class ProcessScheduler final : public Scheduler
{
public:
    explicit ProcessScheduler(ManualScheduler &time, qint64 skew = 0) : m_time(time), m_skew(skew) { }

    void kill() { m_alive.reset(); }
    void setSkew(qint64 skew) { m_skew = skew; }        // ms that its wall clock is ahead

    void post(std::function<void()> task) override { m_time.post(guarded(std::move(task))); }
    [[nodiscard]] bool isCurrent() const noexcept override { return m_time.isCurrent(); }
    [[nodiscard]] bool mayBlock() const noexcept override { return true; }
    [[nodiscard]] qint64 now() const override { return m_time.now() + m_skew; }
    [[nodiscard]] qint64 monotonic() const override { return m_time.monotonic(); }
    TimerId startTimer(qint64 milliseconds, std::function<void()> task) override
    {
        return m_time.startTimer(milliseconds, guarded(std::move(task)));
    }
    void cancelTimer(TimerId id) override { m_time.cancelTimer(id); }
    [[nodiscard]] quint64 random() override { return m_time.random(); }

private:
    std::function<void()> guarded(std::function<void()> task)
    {
        return [alive = std::weak_ptr<int>(m_alive), task = std::move(task)] {
            if (!alive.expired())
                task();
        };
    }

    ManualScheduler &m_time;
    qint64 m_skew;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
