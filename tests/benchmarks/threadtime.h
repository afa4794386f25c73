// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QtGlobal>

#include <algorithm>
#include <ctime>

namespace TidelineBench {

/*! The longest stretch between start() and stop(), in ms: by the clock, and the processor time the thread had itself, which
    leaves out what other threads took of a busy machine. */
class LongestStretch
{
public:
    void start()
    {
        m_wall = now(CLOCK_MONOTONIC);
        m_own = now(CLOCK_THREAD_CPUTIME_ID);
    }
    void stop()
    {
        wall = std::max(wall, now(CLOCK_MONOTONIC) - m_wall);
        own = std::max(own, now(CLOCK_THREAD_CPUTIME_ID) - m_own);
    }

    double wall = 0;
    double own = 0;

private:
    static double now(clockid_t clock)
    {
        timespec time{};
        clock_gettime(clock, &time);
        return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
    }

    double m_wall = 0;
    double m_own = 0;
};

} // namespace TidelineBench
