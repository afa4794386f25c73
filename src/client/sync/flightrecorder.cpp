// SPDX-License-Identifier: MIT
#include "client/sync/flightrecorder_p.h"

namespace Tideline {

constexpr qint64 interval = 1'000;      // ms
constexpr qsizetype mostEntries = 1'000;

FlightRecorder::FlightRecorder(Scheduler &scheduler, Write write)
    : m_scheduler(scheduler), m_write(std::move(write)), m_timer(scheduler)
{
}

void FlightRecorder::note(FlightEntry entry)
{
    entry.at = m_scheduler.now();
    if (m_entries.size() == mostEntries)
        m_entries.removeFirst();
    m_entries.append(std::move(entry));
    wait();
}

void FlightRecorder::wait()
{
    if (m_active && !m_writing && !m_entries.isEmpty() && !m_timer.isActive())
        m_timer.start(interval, [this] { flush(); });
}

void FlightRecorder::setActive(bool active)
{
    m_active = active;
    if (active)
        wait();
    else
        flush();
}

void FlightRecorder::note(const Error &error)
{
    note(FlightEntry{.kind = FlightEntry::Kind::Fault,
                     .phase = error.phase(),
                     .code = error.code(),
                     .model = error.model(),
                     .record = error.record(),
                     .message = error.message(),
                     .detail = error.detail()});
}

void FlightRecorder::close()
{
    m_active = false;
    m_alive.reset();
    m_timer.cancel();
    m_entries.clear();
}

void FlightRecorder::flush()
{
    m_timer.cancel();
    if (m_writing || m_entries.isEmpty())
        return;
    m_writing = true;
    m_write(std::exchange(m_entries, {}), [this, alive = std::weak_ptr<int>(m_alive)] {
        if (alive.expired())
            return;
        m_writing = false;
        m_active ? wait() : flush();
    });
}

} // namespace Tideline
