// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/store.h"

#include <vector>

namespace Tideline {

/*
    The engine's only way to the store. It counts what is under way, so that stop() can answer when
    nothing is, and it drops the reply to an owner that is gone. Lives in the engine's thread; the
    replies keep it alive.
*/
class StoreGate : public std::enable_shared_from_this<StoreGate>
{
public:
    StoreGate(Store &store, Scheduler &scheduler) : m_store(store), m_scheduler(scheduler) { }

    template<typename T>
    void write(const std::shared_ptr<int> &owner, std::function<Result<T>(WriteTransaction &)> job, Reply<T> done)
    {
        ++m_open;
        m_store.write<T>(std::move(job), &m_scheduler, guarded<T>(owner, std::move(done)));
    }

    template<typename T>
    void read(const std::shared_ptr<int> &owner, std::function<Result<T>(ReadTransaction &)> job, Reply<T> done)
    {
        ++m_open;
        m_store.read<T>(std::move(job), &m_scheduler, guarded<T>(owner, std::move(done)));
    }

    // Runs task when nothing is under way: in this call or after the last reply.
    void whenIdle(std::function<void()> task)
    {
        if (m_open == 0)
            task();
        else
            m_waiting.push_back(std::move(task));
    }

private:
    template<typename T>
    Reply<T> guarded(const std::shared_ptr<int> &owner, Reply<T> done)
    {
        return [self = shared_from_this(), alive = std::weak_ptr<int>(owner), done = std::move(done)](Result<T> result) {
            if (!alive.expired())
                done(std::move(result));
            self->close();
        };
    }

    void close()
    {
        if (--m_open != 0)
            return;
        std::vector<std::function<void()>> waiting;
        waiting.swap(m_waiting);
        for (const std::function<void()> &task : waiting)
            task();
    }

    Store &m_store;
    Scheduler &m_scheduler;
    int m_open = 0;                                         // jobs posted and not yet answered
    std::vector<std::function<void()>> m_waiting;
};

} // namespace Tideline
