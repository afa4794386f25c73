// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/context_p.h"

#include <vector>

namespace Tideline {

/*
    Writes without which what the file says of the scopes, or of records kept aside, would not hold. One that the file does not take, as
    on a full disk, is held up and tried again, in order, until it does; whoever goes on meanwhile would build on sand.
*/
class Chores
{
public:
    struct Callbacks
    {
        std::function<void(const Error &)> heldUp;          // at each refusal
        std::function<void()> done;                         // nothing is held up any more
    };

    Chores(std::shared_ptr<StoreGate> gate, Scheduler &scheduler, const Backoff &backoff, Callbacks callbacks)
        : m_gate(std::move(gate)), m_scheduler(scheduler), m_callbacks(std::move(callbacks)), m_backoff(backoff), m_retry(scheduler) { }

    template<typename T>
    void add(std::function<Result<T>(WriteTransaction &)> job, Reply<T> done);

    [[nodiscard]] bool isHeldUp() const noexcept { return m_heldUp; }
    void takeUp();                      // now, what was refused
    void rest() { m_retry.cancel(); }   // until takeUp()

private:
    void refused(const Error &error, std::function<void()> again);
    void taken();

    std::shared_ptr<StoreGate> m_gate;
    Scheduler &m_scheduler;
    Callbacks m_callbacks;
    std::vector<std::function<void()>> m_refused;
    int m_underWay = 0;
    bool m_heldUp = false;              // since a refusal, until all is taken
    Backoff m_backoff;
    Timer m_retry;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

template<typename T>
void Chores::add(std::function<Result<T>(WriteTransaction &)> job, Reply<T> done)
{
    if (!m_refused.empty()) {
        m_refused.push_back([this, job, done] { add<T>(job, done); });
        return;
    }
    ++m_underWay;
    m_gate->write<T>(m_alive, job, [this, job, done](const Result<T> &result) {
        --m_underWay;
        if (!result && mayBeStoredLater(result.error())) {
            refused(result.error(), [this, job, done] { add<T>(job, done); });
            return;
        }
        done(result);
        taken();
    });
}

} // namespace Tideline
