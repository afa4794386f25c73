// SPDX-License-Identifier: MIT
#include "client/hubwaits_p.h"

#include "client/pending_p.h"

#include <algorithm>

namespace Tideline {

HubWaits::HubWaits(Scheduler &scheduler, Ask ask) : m_scheduler(scheduler), m_ask(std::move(ask)) { }

HubWaits::~HubWaits()
{
    for (const auto &[number, waiter] : m_waiters)
        m_scheduler.cancelTimer(waiter.deadline);
}

QFuture<Result<void>> HubWaits::wait(Goal goal, int timeout)
{
    const quint64 number = ++m_last;
    Waiter &waiter = m_waiters[number];
    waiter.goal = goal;
    waiter.pending = std::make_shared<Pending<void>>();
    if (timeout >= 0) {
        waiter.deadline = m_scheduler.startTimer(timeout, [this, number, goal] {
            end(number, Error(Error::Code::Timeout, goal == Goal::Ready ? DataStore::tr("The data store was not ready in time.")
                                                                        : DataStore::tr("The backend did not have every change in time.")));
        });
    }
    const QFuture<Result<void>> future = waiter.pending->future();
    if (goal == Goal::Outbox)
        outboxChanged();
    return future;
}

void HubWaits::end(quint64 number, const Result<void> &result)
{
    auto waiter = m_waiters.extract(number);
    if (waiter.empty())
        return;
    m_scheduler.cancelTimer(waiter.mapped().deadline);
    waiter.mapped().pending->finish(result);        // may destroy this
}

void HubWaits::finish(Goal goal, const Result<void> &result)
{
    const std::weak_ptr<int> alive = m_alive;
    std::vector<quint64> numbers;
    for (const auto &[number, waiter] : m_waiters) {
        if (waiter.goal == goal)
            numbers.push_back(number);
    }
    for (const quint64 number : numbers) {
        if (alive.expired())
            return;
        end(number, result);
    }
}

bool HubWaits::hasOutboxWaiters() const
{
    return std::any_of(m_waiters.begin(), m_waiters.end(), [](const auto &waiter) { return waiter.second.goal == Goal::Outbox; });
}

void HubWaits::outboxChanged()
{
    if (!hasOutboxWaiters())
        return;
    m_changed = true;
    if (!m_asking)
        ask();
}

void HubWaits::ask()
{
    m_asking = true;
    m_changed = false;
    m_ask([this, alive = std::weak_ptr<int>(m_alive)](const Result<bool> &goes) {
        if (alive.expired())
            return;
        m_asking = false;
        if (!goes)
            finish(Goal::Outbox, goes.error());
        else if (m_changed && hasOutboxWaiters())
            ask();
        else if (!*goes)
            finish(Goal::Outbox, {});
    });
}

} // namespace Tideline
