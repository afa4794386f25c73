// SPDX-License-Identifier: MIT
#include "server/http/ratelimiter_p.h"

#include <algorithm>
#include <cmath>

namespace Tideline::Server {

RateLimiter::RateLimiter(Options options, std::function<Time()> clock) : m_options(options), m_clock(std::move(clock))
{
}

RateLimiter::Bucket &RateLimiter::bucketOf(const QByteArray &caller, Time now)
{
    if (const auto found = m_byCaller.constFind(caller); found != m_byCaller.constEnd()) {
        m_buckets.splice(m_buckets.begin(), m_buckets, *found);
        return m_buckets.front();
    }
    if (m_byCaller.size() >= m_options.maxCallers) {
        m_byCaller.remove(m_buckets.back().caller);
        m_buckets.pop_back();
    }
    m_buckets.push_front({caller, std::max(1.0, m_options.burst), now});
    m_byCaller.insert(caller, m_buckets.begin());
    return m_buckets.front();
}

std::optional<std::chrono::milliseconds> RateLimiter::take(const QByteArray &caller)
{
    if (m_options.perSecond <= 0)
        return std::nullopt;
    const Time now = m_clock();
    const std::lock_guard lock(m_mutex);
    Bucket &bucket = bucketOf(caller, now);
    const std::chrono::duration<double> since = std::max(now - bucket.filledAt, Time::duration::zero());
    bucket.tokens = std::min(std::max(1.0, m_options.burst), bucket.tokens + since.count() * m_options.perSecond);
    bucket.filledAt = std::max(bucket.filledAt, now);
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return std::nullopt;
    }
    return std::chrono::milliseconds(std::max(1LL, std::llround(std::ceil((1 - bucket.tokens) / m_options.perSecond * 1000))));
}

qsizetype RateLimiter::size() const
{
    const std::lock_guard lock(m_mutex);
    return m_byCaller.size();
}

} // namespace Tideline::Server
