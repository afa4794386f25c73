// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/livehost.h"
#include "client/live/recordcache_p.h"

#include <deque>

namespace Tideline {

/*
    Change sets wait in a queue; each turn of the event loop hands over as many changes as the budget
    allows. The first changes of a turn go straight through, so that a save's change set is with the
    members before its reply. The budget follows what the members, and the views behind them, need.
*/
class LiveHostPrivate : public std::enable_shared_from_this<LiveHostPrivate>
{
public:
    static constexpr int LargestSlice = 256;
    static constexpr int SmallestSlice = 16;

    explicit LiveHostPrivate(Scheduler *given)
        : ownScheduler(given ? nullptr : std::make_unique<EventLoopScheduler>()), scheduler(given ? given : ownScheduler.get())
    {
    }

    void arrived(const ChangeSet &set);
    void forget();                          // all that waits

    std::unique_ptr<EventLoopScheduler> ownScheduler;
    Scheduler *scheduler;
    Store *store = nullptr;
    std::shared_ptr<void> observation;
    QList<LiveHost::Member *> members;      // null: removed while changes are handed over
    RecordCache cache;

private:
    void deliver();
    void deliverSlice();
    void tell(void (LiveHost::Member::*what)());
    void turn();
    void postTurn();
    void adapt(qint64 milliseconds);

    std::deque<ChangeSet> m_queue;
    qsizetype m_delivered = 0;              // changes of the first one
    int m_slice = 64;
    int m_budget = 64;
    bool m_delivering = false;
    bool m_turnPosted = false;
};

} // namespace Tideline
