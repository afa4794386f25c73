// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/flightentry.h"
#include "client/sync/backoff_p.h"

namespace Tideline {

/*
    Collects what happened and writes it to the store now and then, many entries at once, one write at
    a time. Entries that a store cannot take are lost: why it cannot is told elsewhere.
*/
class TIDELINE_EXPORT FlightRecorder
{
public:
    /* Starts a write; done comes once, in the recorder's thread, or never when the store goes. */
    using Write = std::function<void(const QList<FlightEntry> &entries, std::function<void()> done)>;

    FlightRecorder(Scheduler &scheduler, Write write);
    Q_DISABLE_COPY_MOVE(FlightRecorder)

    void note(FlightEntry entry);       // at is given here
    void note(const Error &error);
    void setActive(bool active);        // not: writes what it has and nothing any more; what is noted then waits until it is
    void close();                       // writes nothing any more; the store or the scheduler may go

private:
    void wait();
    void flush();

    Scheduler &m_scheduler;
    Write m_write;
    QList<FlightEntry> m_entries;       // not given to the store yet; the newest, at most as many as it keeps
    Timer m_timer;
    bool m_active = true;
    bool m_writing = false;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
