// SPDX-License-Identifier: MIT
#include "server/metrics.h"

#include <algorithm>

namespace Tideline::Server {

namespace {

constexpr double Microsecond = 1e-6;

Histogram ofDurations()
{
    return Histogram({250, 500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000,
                      10'000'000, 30'000'000});
}

constexpr std::array kinds{"query", "sync", "mutation", "subscription", "invalid"};

constexpr std::array ends{"merged", "resolved", "rejected", "failed"};
static_assert(ends.size() == size_t(ConflictEnd::Failed) + 1);

constexpr std::array reasons{"malformed", "credentials", "access", "address", "method", "media_type", "header_size", "body_size",
                             "request_time", "execution_time", "rate", "origin", "unavailable", "internal", "connections",
                             "connections_of_address", "subscriptions", "document", "rule", "condition"};
static_assert(reasons.size() == size_t(Refusal::Condition) + 1 && kinds.size() == size_t(OperationKind::Invalid) + 1);

void head(QByteArray &text, const QByteArray &name, const char *type, const char *help)
{
    text += "# HELP " + name + ' ' + help + "\n# TYPE " + name + ' ' + type + '\n';
}

void line(QByteArray &text, const QByteArray &name, const QByteArray &labels, const QByteArray &value)
{
    text += name;
    if (!labels.isEmpty())
        text += '{' + labels + '}';
    text += ' ' + value + '\n';
}

} // namespace

Histogram::Histogram(std::vector<qint64> bounds) : m_bounds(std::move(bounds)), m_counts(m_bounds.size() + 1)
{
}

void Histogram::observe(qint64 value) noexcept
{
    const auto bound = std::lower_bound(m_bounds.begin(), m_bounds.end(), value);
    ++m_counts[size_t(bound - m_bounds.begin())];
    m_sum.add(value);
}

void Histogram::write(QByteArray &text, const QByteArray &name, const QByteArray &labels, double unit) const
{
    const QByteArray before = labels.isEmpty() ? QByteArray() : labels + ',';
    qint64 all = 0;
    for (size_t i = 0; i < m_counts.size(); ++i) {
        all += m_counts[i].value();
        const QByteArray bound = i < m_bounds.size() ? QByteArray::number(double(m_bounds[i]) * unit) : QByteArray("+Inf");
        line(text, name + "_bucket", before + "le=\"" + bound + '"', QByteArray::number(all));
    }
    line(text, name + "_sum", labels, QByteArray::number(double(m_sum.value()) * unit, 'g', 15));
    line(text, name + "_count", labels, QByteArray::number(all));
}

Refusal refusalOf(int status)
{
    switch (status) {
    case 401:
        return Refusal::Credentials;
    case 403:
        return Refusal::Access;
    case 404:
        return Refusal::Address;
    case 405:
        return Refusal::Method;
    case 408:
        return Refusal::RequestTime;
    case 413:
        return Refusal::BodySize;
    case 415:
        return Refusal::MediaType;
    case 429:
        return Refusal::Rate;
    case 431:
        return Refusal::HeaderSize;
    case 503:
        return Refusal::Unavailable;
    case 504:
        return Refusal::ExecutionTime;
    default:
        return status < 500 ? Refusal::Malformed : Refusal::Internal;
    }
}

QByteArray nameOf(Refusal refusal)
{
    return reasons[size_t(refusal)];
}

Metrics::Metrics()
    : durations{ofDurations(), ofDurations(), ofDurations(), ofDurations(), ofDurations()},
      batches({1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000})
{
}

/*! Counts an operation that began at \a began and is answered now. */
void Metrics::answered(OperationKind kind, Clock::time_point began) noexcept
{
    durations[size_t(kind)].observe(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count());
    if (kind == OperationKind::Invalid)
        refused(Refusal::Document);
}

/*! Returns all numbers as Prometheus reads them. */
QByteArray Metrics::text() const
{
    QByteArray text;
    const auto single = [&text](const char *name, const char *type, const char *help, const Counter &counter) {
        head(text, name, type, help);
        line(text, name, {}, QByteArray::number(counter.value()));
    };
    single("tideline_connections", "gauge", "Open connections, real-time ones included.", connections);
    single("tideline_realtime_connections", "gauge", "Open real-time connections.", realtimeConnections);
    single("tideline_subscriptions", "gauge", "Running subscriptions.", subscriptions);
    single("tideline_requests_total", "counter", "HTTP requests answered.", requests);
    single("tideline_received_bytes_total", "counter", "Bodies of requests and messages of clients.", bytesReceived);
    single("tideline_sent_bytes_total", "counter", "Bodies of answers and messages to clients.", bytesSent);
    single("tideline_delivered_messages_total", "counter", "Changes sent to subscriptions.", delivered);
    single("tideline_slow_receivers_total", "counter", "Real-time connections cut off because they fell behind.", slowReceivers);
    single("tideline_changes_total", "counter", "Changed records.", changes);
    head(text, "tideline_conflicts_total", "counter", "Mutations of another version than the stored one, by what became of them.");
    for (size_t i = 0; i < conflicts.size(); ++i)
        line(text, "tideline_conflicts_total", QByteArray("outcome=\"") + ends[i] + '"', QByteArray::number(conflicts[i].value()));
    single("tideline_events_under_way", "gauge", "Events of triggers being sent.", eventsUnderWay);
    single("tideline_events_delivered_total", "counter", "Events of triggers that were taken.", eventsDelivered);
    single("tideline_event_failures_total", "counter", "Attempts to send an event of a trigger that failed.", eventsFailed);
    single("tideline_dead_letters_total", "counter", "Events of triggers that were given up.", deadLetters);
    head(text, "tideline_queue_length", "gauge", "What waits: mutation documents, reads, commits to deliver.");
    line(text, "tideline_queue_length", "queue=\"writer\"", QByteArray::number(writerQueue.value()));
    line(text, "tideline_queue_length", "queue=\"readers\"", QByteArray::number(readerQueue.value()));
    line(text, "tideline_queue_length", "queue=\"feed\"", QByteArray::number(feedQueue.value()));
    head(text, "tideline_refusals_total", "counter", "What was refused, by the reason.");
    for (size_t i = 0; i < refusals.size(); ++i)
        line(text, "tideline_refusals_total", QByteArray("reason=\"") + reasons[i] + '"', QByteArray::number(refusals[i].value()));
    head(text, "tideline_operation_seconds", "histogram", "From a GraphQL operation to its answer, waiting included.");
    for (size_t i = 0; i < durations.size(); ++i)
        durations[i].write(text, "tideline_operation_seconds", QByteArray("kind=\"") + kinds[i] + '"', Microsecond);
    head(text, "tideline_commit_documents", "histogram", "Mutation documents of a commit; its count is that of the commits.");
    batches.write(text, "tideline_commit_documents", {}, 1);
    return text;
}

} // namespace Tideline::Server
