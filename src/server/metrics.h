// SPDX-License-Identifier: MIT
#pragma once

#include "server/conflicts/conflicts.h"
#include "server/global.h"

#include <QtCore/QByteArray>

#include <array>
#include <atomic>
#include <chrono>
#include <vector>

namespace Tideline::Server {

// A number that many threads change and hardly anybody reads.
class Counter
{
public:
    void add(qint64 count) noexcept { m_value.fetch_add(count, std::memory_order_relaxed); }
    void operator++() noexcept { add(1); }
    void operator--() noexcept { add(-1); }
    [[nodiscard]] qint64 value() const noexcept { return m_value.load(std::memory_order_relaxed); }

private:
    std::atomic<qint64> m_value = 0;
};

// How many observations were at most each of the bounds.
class TIDELINE_SERVER_EXPORT Histogram
{
public:
    explicit Histogram(std::vector<qint64> bounds);     // ascending

    void observe(qint64 value) noexcept;
    // Prometheus' lines of it; \a unit is what 1 is in what is written.
    void write(QByteArray &text, const QByteArray &name, const QByteArray &labels, double unit) const;

private:
    const std::vector<qint64> m_bounds;
    std::vector<Counter> m_counts;                      // of each bound alone, and of what is above all
    Counter m_sum;
};

enum class OperationKind { Query, Sync, Mutation, Subscription, Invalid };

enum class Refusal {
    Malformed, Credentials, Access, Address, Method, MediaType, HeaderSize, BodySize, RequestTime, ExecutionTime, Rate, Origin,
    Unavailable, Internal, Connections, ConnectionsOfAddress, Subscriptions, Document, Rule, Condition
};

[[nodiscard]] TIDELINE_SERVER_EXPORT Refusal refusalOf(int status);     // an HTTP status of 400 or more
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray nameOf(Refusal refusal);

/*!
    \class Tideline::Server::Metrics
    \inmodule Tideline
    \since 0.1
    \brief What a server has done since it was made and has at hand now, for monitoring.

    Backend and HttpServer count into one when their options say so. Thread-safe: every number is an atomic of its own, so
    that counting costs no lock and numbers read together need not fit together to the last event.
*/
class TIDELINE_SERVER_EXPORT Metrics
{
public:
    using Clock = std::chrono::steady_clock;

    Metrics();

    void answered(OperationKind kind, Clock::time_point began) noexcept;
    void refused(Refusal refusal) noexcept { ++refusals[size_t(refusal)]; }
    [[nodiscard]] QByteArray text() const;              // Prometheus' text format 0.0.4

    // Open or waiting now.
    Counter connections, realtimeConnections, subscriptions;
    Counter writerQueue, readerQueue, feedQueue, eventsUnderWay;
    // Since the beginning.
    Counter requests, delivered, slowReceivers, bytesReceived, bytesSent, changes;
    Counter eventsDelivered, eventsFailed, deadLetters;  // of triggers; a failed attempt each
    std::array<Counter, size_t(ConflictEnd::Failed) + 1> conflicts;
    std::array<Counter, size_t(Refusal::Condition) + 1> refusals;
    std::array<Histogram, size_t(OperationKind::Invalid) + 1> durations;    // microseconds
    Histogram batches;                                  // mutation documents of a commit
};

} // namespace Tideline::Server
