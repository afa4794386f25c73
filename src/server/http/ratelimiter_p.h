// SPDX-License-Identifier: MIT
#pragma once

#include "server/global.h"

#include <QtCore/QByteArray>
#include <QtCore/QHash>

#include <chrono>
#include <functional>
#include <list>
#include <mutex>
#include <optional>

namespace Tideline::Server {

/*
    A token bucket per caller. Thread-safe. What is remembered is bounded: who did not call for longest is forgotten first, and
    nearly always has a full bucket by then.
*/
class TIDELINE_SERVER_EXPORT RateLimiter
{
public:
    using Time = std::chrono::steady_clock::time_point;

    struct Options
    {
        double perSecond = 0;               // 0: no limit
        double burst = 1;                   // calls that may come at once
        qsizetype maxCallers = 100'000;
    };
    RateLimiter(Options options, std::function<Time()> clock);

    // Nothing when the call may be made; else in how long the next may.
    [[nodiscard]] std::optional<std::chrono::milliseconds> take(const QByteArray &caller);
    [[nodiscard]] qsizetype size() const;

private:
    struct Bucket { QByteArray caller; double tokens = 0; Time filledAt; };

    Bucket &bucketOf(const QByteArray &caller, Time now);

    const Options m_options;
    const std::function<Time()> m_clock;
    mutable std::mutex m_mutex;             // of what follows
    std::list<Bucket> m_buckets;            // who called last comes first
    QHash<QByteArray, std::list<Bucket>::iterator> m_byCaller;
};

} // namespace Tideline::Server
