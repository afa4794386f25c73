// SPDX-License-Identifier: MIT
#include "client/sync/chores_p.h"

namespace Tideline {

void Chores::refused(const Error &error, std::function<void()> again)
{
    m_refused.push_back(std::move(again));
    m_heldUp = true;
    if (!m_retry.isActive())
        m_retry.start(m_backoff.next(m_scheduler), [this] { takeUp(); });
    m_callbacks.heldUp(error);
}

void Chores::takeUp()
{
    m_retry.cancel();
    const std::vector<std::function<void()>> jobs = std::exchange(m_refused, {});
    for (const std::function<void()> &job : jobs)
        job();
}

void Chores::taken()
{
    if (!m_heldUp || !m_refused.empty() || m_underWay > 0)
        return;
    m_heldUp = false;
    m_backoff.reset();
    m_callbacks.done();
}

} // namespace Tideline
