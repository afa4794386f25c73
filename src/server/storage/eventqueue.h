// SPDX-License-Identifier: MIT
#pragma once

#include "server/global.h"
#include "server/storage/connection.h"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace Tideline::Server {

enum class EventState : quint8 { Ready = 0, Blocked = 1, Dead = 2 };    // stored

struct QueuedEvent                      // taken to be sent; the number of the attempt proves it is still ours
{
    QString id;
    QString target, lane;
    int attempt = 0;                    // from 1
    qint64 since = 0;                   // from when its age counts
    QString body;
};

struct EventOutcome
{
    enum class Kind { Delivered, Again, GivenUp, Released };    // released: not sent, or nobody knows
    QueuedEvent event;
    Kind kind = Kind::Delivered;
    qint64 at = 0;                      // when it is due again, or was given up
    QString reason = {};
};

struct EventExchange                    // what became of events, for how many more
{
    struct Demand { QString target; int most = 0; };
    std::vector<EventOutcome> outcomes = {};
    std::vector<Demand> demands = {};
    qint64 now = 0;
    qint64 leaseEnd = 0;                // from then on somebody else may take what this takes
};

struct TakenEvents
{
    std::vector<QueuedEvent> events;
    std::optional<qint64> nextDue;      // of the demanded targets' other events
};

struct DeadEvent
{
    QString id;
    qint64 seq = 0;
    QString target, model, key, reason, body;
    int attempts = 0;
    qint64 gaveUpAt = 0;
};

/*
    The events that wait for their delivery:

        tl_event  (id, seq, target, model, record_key, operation, lane, state, attempts, due_at, since, last_error, body)
                  one row per change and target until it is delivered; lane is a digest of target, model and key

    The first of a lane is Ready, those behind it are Blocked; when it is delivered or given up, the next one by its number becomes
    Ready. Taking an event moves due_at to the end of the lease and counts an attempt: an outcome counts only with that number, so
    a node that was too slow changes nothing any more. Dead events are in nobody's way; a revived one is
    the next of its lane, before newer ones that are not on their way yet.

    Whoever calls exchange() or revive() has the lock that orders commits (a write transaction, CommitOrder::open()): that
    of the writer, so that no event gets behind one that is just being taken away.
*/
class TIDELINE_SERVER_EXPORT EventQueue
{
public:
    explicit EventQueue(Connection &connection) : m_connection(connection) { }

    [[nodiscard]] static QString laneOf(const QString &target, const QString &model, const QString &key);

    [[nodiscard]] Result<void> create();
    [[nodiscard]] Result<void> rename(const QString &model, const QString &now, const std::function<QString(const QString &key)> &keyNow);
    [[nodiscard]] Result<void> restart();                   // of the only process: nothing is under way, everything is due
    [[nodiscard]] Result<TakenEvents> exchange(const EventExchange &exchange);
    [[nodiscard]] Result<std::optional<qint64>> nextDue(const QStringList &targets);

    [[nodiscard]] Result<std::vector<DeadEvent>> dead(qint64 afterSeq, int most);   // by number; all of the last number
    [[nodiscard]] Result<bool> revive(const QString &id, qint64 now);       // false: no dead event has that id
    [[nodiscard]] Result<bool> discard(const QString &id);

private:
    [[nodiscard]] Result<void> settle(std::span<const EventOutcome> outcomes);
    [[nodiscard]] Result<void> remove(std::span<const QueuedEvent *const> events);
    [[nodiscard]] Result<void> update(const EventOutcome &outcome);
    [[nodiscard]] Result<void> promote(std::span<const QString> lanes);
    [[nodiscard]] Result<void> take(const EventExchange::Demand &demand, const EventExchange &exchange, std::vector<QueuedEvent> &events);
    [[nodiscard]] Result<void> lease(std::span<const QueuedEvent> events, qint64 until);
    [[nodiscard]] Result<std::optional<qint64>> minimum(const QString &target);

    Connection &m_connection;
};

} // namespace Tideline::Server
