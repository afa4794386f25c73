// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/store.h"

#include <QtCore/QFuture>

#include <map>

namespace Tideline {

template<typename T>
class Pending;

/* Who waits until the store is level: DataStore::waitForReady() and waitForOutbox(). Lives in the application's thread. */
class HubWaits
{
public:
    enum class Goal { Ready, Outbox };
    using Ask = std::function<void(Reply<bool>)>;       // whether a mutation goes by itself

    HubWaits(Scheduler &scheduler, Ask ask);
    ~HubWaits();
    Q_DISABLE_COPY_MOVE(HubWaits)

    [[nodiscard]] QFuture<Result<void>> wait(Goal goal, int timeout);       // ms; negative: for ever
    void finish(Goal goal, const Result<void> &result);
    void outboxChanged();               // looks whether the outbox is what is waited for

private:
    struct Waiter
    {
        Goal goal = Goal::Ready;
        std::shared_ptr<Pending<void>> pending;
        TimerId deadline = 0;
    };

    void ask();
    void end(quint64 number, const Result<void> &result);
    [[nodiscard]] bool hasOutboxWaiters() const;

    Scheduler &m_scheduler;
    Ask m_ask;
    std::map<quint64, Waiter> m_waiters;
    quint64 m_last = 0;
    bool m_asking = false;
    bool m_changed = false;             // since it was asked
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
