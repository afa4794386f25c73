// SPDX-License-Identifier: MIT
#include "server/storage/eventqueue.h"

#include "server/storage/parts_p.h"

#include <QtCore/QCryptographicHash>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr size_t largestPart = 64;
static constexpr int ready = int(EventState::Ready), blocked = int(EventState::Blocked), buried = int(EventState::Dead);

Result<void> EventQueue::create()
{
    const Result<bool> present = m_connection.hasTable(u"tl_event"_s);
    if (!present || *present)
        return present ? Result<void>() : Result<void>(present.error());
    const QString text = m_connection.dialect().type(Storage::Text);
    const QString number = m_connection.dialect().catalogType(Storage::Integer);
    const QStringList statements = {
        u"CREATE TABLE IF NOT EXISTS tl_event (id %1 PRIMARY KEY, seq %2 NOT NULL, target %1 NOT NULL, model %1 NOT NULL, "
        "record_key %1 NOT NULL, operation %2 NOT NULL, lane %1 NOT NULL, state %2 NOT NULL, attempts %2 NOT NULL, "
        "due_at %2 NOT NULL, since %2 NOT NULL, last_error %1, body %1 NOT NULL)"_s.arg(text, number),
        u"CREATE INDEX IF NOT EXISTS \"tl_event.lane\" ON tl_event (lane, state, seq)"_s,
        u"CREATE INDEX IF NOT EXISTS \"tl_event.due\" ON tl_event (target, state, due_at, seq)"_s,
        u"CREATE INDEX IF NOT EXISTS \"tl_event.state\" ON tl_event (state, seq)"_s,
    };
    for (const QString &statement : statements) {
        if (const Result<void> done = m_connection.run(statement); !done)
            return done;
    }
    return {};
}

QString EventQueue::laneOf(const QString &target, const QString &model, const QString &key)
{
    const QByteArray text = (target + u'\0' + model + u'\0' + key).toUtf8();
    return QString::fromLatin1(QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex());
}

/*
    A trigger without a name of its own is called after the model. In a shared database another node may have an event under way,
    whose outcome names its lane: those keep theirs, so that none is left behind, at the price that a record's new events do not wait for them.
*/
Result<void> EventQueue::rename(const QString &model, const QString &now, const std::function<QString(const QString &)> &keyNow)
{
    struct Event { QString id, target, key, lane; };
    std::vector<Event> events;
    QSqlQuery query = m_connection.query();
    query.prepare(u"SELECT id, target, record_key, lane FROM tl_event WHERE model = ? ORDER BY seq"_s);
    query.addBindValue(model);
    if (const Result<void> done = m_connection.exec(query); !done)
        return done;
    const Dialect &dialect = m_connection.dialect();
    while (query.next())
        events.push_back({query.value(0).toString(), query.value(1).toString(), dialect.fromText(query.value(2).toString()), query.value(3).toString()});
    query.finish();
    for (const Event &event : events) {
        const bool isUnnamed = event.target.startsWith(model + u' ');
        const QString target = isUnnamed ? now + event.target.mid(model.size()) : event.target;
        const QString key = keyNow(event.key);
        QSqlQuery update = m_connection.query();
        update.prepare(u"UPDATE tl_event SET model = ?, target = ?, record_key = ?, lane = ? WHERE id = ?"_s);
        for (const QVariant &value : {QVariant(now), QVariant(target), dialect.toText(key),
                                      QVariant(dialect.isShared() ? event.lane : laneOf(target, now, key)), QVariant(event.id)})
            update.addBindValue(value);
        if (const Result<void> done = m_connection.exec(update); !done)
            return done;
    }
    return {};
}

Result<void> EventQueue::restart()
{
    return m_connection.run(u"UPDATE tl_event SET due_at = 0 WHERE state = %1"_s.arg(ready));
}

/*! Writes down what became of events, then takes what is due for the demanded targets. */
Result<TakenEvents> EventQueue::exchange(const EventExchange &exchange)
{
    Result<void> done = settle(exchange.outcomes);
    TakenEvents taken;
    QStringList targets;
    for (const EventExchange::Demand &demand : exchange.demands) {
        targets.append(demand.target);
        if (done)
            done = take(demand, exchange, taken.events);
    }
    if (done)
        done = inParts(std::span<const QueuedEvent>(taken.events), largestPart,
                       [&](std::span<const QueuedEvent> part) { return lease(part, exchange.leaseEnd); });
    if (!done)
        return done.error();
    const Result<std::optional<qint64>> next = nextDue(targets);
    if (!next)
        return next.error();
    taken.nextDue = *next;
    return taken;
}

Result<void> EventQueue::settle(std::span<const EventOutcome> outcomes)
{
    std::vector<const QueuedEvent *> delivered;
    std::vector<QString> lanes;
    Result<void> done;
    for (const EventOutcome &outcome : outcomes) {
        if (outcome.kind == EventOutcome::Kind::Delivered)
            delivered.push_back(&outcome.event);
        else if (done)
            done = update(outcome);
        if (outcome.kind == EventOutcome::Kind::Delivered || outcome.kind == EventOutcome::Kind::GivenUp)
            lanes.push_back(outcome.event.lane);
    }
    if (done)
        done = inParts(std::span<const QueuedEvent *const>(delivered), largestPart,
                       [this](std::span<const QueuedEvent *const> part) { return remove(part); });
    if (done)
        done = inParts(std::span<const QString>(lanes), largestPart, [this](std::span<const QString> part) { return promote(part); });
    return done;
}

Result<void> EventQueue::remove(std::span<const QueuedEvent *const> events)
{
    const Result<QSqlQuery *> query = m_connection.prepared(
        u"DELETE FROM tl_event WHERE "_s
        + QStringList(qsizetype(events.size()), u"(id = ? AND attempts = ? AND state = %1)"_s.arg(ready)).join(u" OR "));
    if (!query)
        return query.error();
    int at = 0;
    for (const QueuedEvent *event : events) {
        (*query)->bindValue(at++, event->id);
        (*query)->bindValue(at++, event->attempt);
    }
    return m_connection.exec(**query);
}

Result<void> EventQueue::update(const EventOutcome &outcome)
{
    const bool isReleased = outcome.kind == EventOutcome::Kind::Released;
    const Result<QSqlQuery *> query = m_connection.prepared(
        u"UPDATE tl_event SET state = ?, due_at = ?, attempts = attempts - ?, last_error = ? WHERE id = ? AND attempts = ? AND state = %1"_s.arg(ready));
    if (!query)
        return query.error();
    (*query)->bindValue(0, outcome.kind == EventOutcome::Kind::GivenUp ? buried : ready);
    (*query)->bindValue(1, outcome.at);
    (*query)->bindValue(2, isReleased ? 1 : 0);
    (*query)->bindValue(3, m_connection.dialect().toText(outcome.reason));
    (*query)->bindValue(4, outcome.event.id);
    (*query)->bindValue(5, outcome.event.attempt);
    return m_connection.exec(**query);
}

// The first of those that wait in each lane goes next, unless somebody else has the lane's event.
Result<void> EventQueue::promote(std::span<const QString> lanes)
{
    const Result<QSqlQuery *> query = m_connection.prepared(
        u"WITH freed (lane) AS (VALUES %1) UPDATE tl_event SET state = %2 WHERE id IN ("
        "SELECT (SELECT next.id FROM tl_event next WHERE next.lane = freed.lane AND next.state = %3 ORDER BY next.seq LIMIT 1) "
        "FROM freed WHERE NOT EXISTS (SELECT 1 FROM tl_event other WHERE other.lane = freed.lane AND other.state = %2))"_s
            .arg(QStringList(qsizetype(lanes.size()), u"(?)"_s).join(u", ")).arg(ready).arg(blocked));
    if (!query)
        return query.error();
    for (int i = 0; i < int(lanes.size()); ++i)
        (*query)->bindValue(i, lanes[size_t(i)]);
    return m_connection.exec(**query);
}

Result<void> EventQueue::take(const EventExchange::Demand &demand, const EventExchange &exchange, std::vector<QueuedEvent> &events)
{
    const Result<QSqlQuery *> query = m_connection.prepared(
        u"SELECT id, lane, attempts, since, body FROM tl_event WHERE target = ? AND state = %1 AND due_at <= ? ORDER BY due_at, seq LIMIT ?"_s
            .arg(ready));
    if (!query)
        return query.error();
    (*query)->bindValue(0, demand.target);
    (*query)->bindValue(1, exchange.now);
    (*query)->bindValue(2, demand.most);
    if (const Result<void> done = m_connection.exec(**query); !done)
        return done;
    while ((*query)->next()) {
        const QSqlQuery &row = **query;
        events.push_back({row.value(0).toString(), demand.target, row.value(1).toString(), row.value(2).toInt() + 1,
                          row.value(3).toLongLong(), row.value(4).toString()});
    }
    (*query)->finish();
    return {};
}

Result<void> EventQueue::lease(std::span<const QueuedEvent> events, qint64 until)
{
    const Result<QSqlQuery *> query = m_connection.prepared(
        u"UPDATE tl_event SET attempts = attempts + 1, due_at = ? WHERE id IN (%1)"_s
            .arg(QStringList(qsizetype(events.size()), u"?"_s).join(u", ")));
    if (!query)
        return query.error();
    (*query)->bindValue(0, until);
    for (int i = 0; i < int(events.size()); ++i)
        (*query)->bindValue(i + 1, events[size_t(i)].id);
    return m_connection.exec(**query);
}

/*! When the next of the events for \a targets is due; nothing when there are none. Those on their way count by their lease's end. */
Result<std::optional<qint64>> EventQueue::nextDue(const QStringList &targets)
{
    std::optional<qint64> first;
    for (const QString &target : targets) {
        const Result<std::optional<qint64>> next = minimum(target);
        if (!next)
            return next.error();
        if (*next && (!first || **next < *first))
            first = *next;
    }
    return first;
}

Result<std::optional<qint64>> EventQueue::minimum(const QString &target)
{
    const Result<QSqlQuery *> query = m_connection.prepared(u"SELECT MIN(due_at) FROM tl_event WHERE target = ? AND state = %1"_s.arg(ready));
    if (!query)
        return query.error();
    (*query)->bindValue(0, target);
    if (const Result<void> done = m_connection.exec(**query); !done)
        return done.error();
    std::optional<qint64> due;
    if ((*query)->next() && !(*query)->isNull(0))
        due = (*query)->value(0).toLongLong();
    (*query)->finish();
    return due;
}

Result<std::vector<DeadEvent>> EventQueue::dead(qint64 afterSeq, int most)
{
    const Result<QSqlQuery *> query = m_connection.prepared(
        u"SELECT id, seq, target, model, record_key, last_error, body, attempts, due_at FROM tl_event WHERE state = %1 AND seq > ? AND seq <= "
        "(SELECT MAX(seq) FROM (SELECT seq FROM tl_event WHERE state = %1 AND seq > ? ORDER BY seq LIMIT ?) AS page) "
        "ORDER BY seq, target"_s.arg(buried));
    if (!query)
        return query.error();
    (*query)->bindValue(0, afterSeq);
    (*query)->bindValue(1, afterSeq);
    (*query)->bindValue(2, most);
    if (const Result<void> done = m_connection.exec(**query); !done)
        return done.error();
    std::vector<DeadEvent> events;
    const Dialect &dialect = m_connection.dialect();
    while ((*query)->next()) {
        const QSqlQuery &row = **query;
        const auto text = [&](int column) { return dialect.fromText(row.value(column).toString()); };
        events.push_back({text(0), row.value(1).toLongLong(), text(2), text(3), text(4), text(5), text(6), row.value(7).toInt(),
                          row.value(8).toLongLong()});
    }
    (*query)->finish();
    return events;
}

Result<bool> EventQueue::revive(const QString &id, qint64 now)
{
    const Result<QSqlQuery *> query = m_connection.prepared(
        u"UPDATE tl_event SET attempts = 0, due_at = ?, since = ?, state = CASE WHEN EXISTS "
        "(SELECT 1 FROM tl_event other WHERE other.lane = tl_event.lane AND other.state < %1) THEN %2 ELSE %3 END "
        "WHERE id = ? AND state = %1"_s.arg(buried).arg(blocked).arg(ready));
    if (!query)
        return query.error();
    (*query)->bindValue(0, now);
    (*query)->bindValue(1, now);
    (*query)->bindValue(2, id);
    if (const Result<void> done = m_connection.exec(**query); !done)
        return done.error();
    return (*query)->numRowsAffected() == 1;
}

Result<bool> EventQueue::discard(const QString &id)
{
    const Result<QSqlQuery *> query = m_connection.prepared(u"DELETE FROM tl_event WHERE id = ? AND state = %1"_s.arg(buried));
    if (!query)
        return query.error();
    (*query)->bindValue(0, id);
    if (const Result<void> done = m_connection.exec(**query); !done)
        return done.error();
    return (*query)->numRowsAffected() == 1;
}

} // namespace Tideline::Server
