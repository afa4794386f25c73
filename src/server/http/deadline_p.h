// SPDX-License-Identifier: MIT
#pragma once

#include "server/http/asio_p.h"

#include <memory>

namespace Tideline::Server {

/*
    The one timer of a connection. Moving the deadline is a comparison in the usual case: a wait
    that ends early looks again. Belongs to the strand; calls Owner::deadlinePassed() there.
*/
template<typename Owner>
class Deadline
{
public:
    explicit Deadline(const Strand &strand) : m_timer(strand) { }

    void set(const std::weak_ptr<Owner> &owner, Clock::duration after)
    {
        setAt(owner, Clock::now() + after);
    }

    void setAt(const std::weak_ptr<Owner> &owner, Clock::time_point at)
    {
        m_at = at;
        if (m_at < m_armedFor)
            arm(owner);
    }

    void clear() noexcept { m_at = Clock::time_point::max(); }

    void cancel()
    {
        clear();
        ++m_ticket;
        m_timer.cancel();
    }

private:
    void arm(const std::weak_ptr<Owner> &owner)
    {
        m_armedFor = m_at;
        m_timer.expires_at(m_at);
        m_timer.async_wait([this, owner, ticket = ++m_ticket](error_code) {
            const std::shared_ptr<Owner> alive = owner.lock();      // this is a member of it
            if (!alive || ticket != m_ticket)
                return;
            m_armedFor = Clock::time_point::max();
            if (m_at == Clock::time_point::max())
                return;
            if (Clock::now() < m_at)
                return arm(owner);
            clear();
            alive->deadlinePassed();
        });
    }

    Timer m_timer;
    Clock::time_point m_at = Clock::time_point::max();
    Clock::time_point m_armedFor = Clock::time_point::max();
    quint64 m_ticket = 0;
};

} // namespace Tideline::Server
