// SPDX-License-Identifier: MIT
#include "server/storage/eventlog.h"

#include "core/data/value.h"
#include "server/storage/eventqueue.h"
#include "server/storage/parts_p.h"
#include "server/storage/writesession.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

EventLog::EventLog(const std::vector<Route> &routes, std::function<QString()> id) : m_id(std::move(id))
{
    for (const Route &route : routes) {
        const auto number = size_t(route.model->number);
        m_routes.resize(std::max(m_routes.size(), number + 1));
        m_routes[number].push_back(route);
    }
}

void EventLog::begin(qint64 time)
{
    m_time = time;
    m_subject.clear();
    m_events.clear();
    m_lanes.clear();
}

void EventLog::add(Operation operation, const Record &record, const Record &old)
{
    const auto number = size_t(record.model()->number);
    if (number >= m_routes.size())
        return;
    for (const Route &route : m_routes[number]) {
        if (route.operations & (1 << int(operation)))
            m_events.push_back({&route, operation, record, old, m_subject});
    }
}

static QString nameOf(Operation operation)
{
    switch (operation) {
    case Operation::Create:
        return u"create"_s;
    case Operation::Update:
        return u"update"_s;
    case Operation::Delete:
        break;
    }
    return u"delete"_s;
}

static Value imageOf(const Record &record)
{
    if (record.isNull())
        return {};
    Value::Object fields;
    for (size_t i = 0; i < record.values().size(); ++i)
        fields.append({record.model()->fields[i].name, record.values()[i]});
    return fields;
}

QString EventLog::body(const Event &event, const QString &id) const
{
    const SyncMetadata metadata = event.record.metadata();
    Value::Object body{
        {u"id"_s, id},
        {u"sequence"_s, event.record.rowId()},
        {u"model"_s, event.record.model()->name},
        {u"operation"_s, nameOf(event.operation)},
        {u"record"_s, imageOf(event.record)},
        {u"old"_s, imageOf(event.old)},
        {u"version"_s, metadata.version},
        {u"deleted"_s, metadata.deleted},
        {u"changedAt"_s, m_time},
    };
    if (!event.subject.isEmpty())
        body.append({u"subject"_s, event.subject});
    return Value(body).toJsonText();
}

Result<void> EventLog::flush(Connection &connection, qint64 now)
{
    const qint64 due = std::min(m_time, now);           // times of commits may be ahead of the clock
    return inParts(std::span<const Event>(m_events), connection.dialect().rowsPerStatement(),
                   [&](std::span<const Event> part) { return insert(connection, part, due); });
}

Result<void> EventLog::insert(Connection &connection, std::span<const Event> events, qint64 due)
{
    static const QString row = u"(?, ?, ?, ?, ?, ?, ?, "
                               "CASE WHEN EXISTS (SELECT 1 FROM tl_event WHERE lane = ? AND state < %1) THEN %2 ELSE CAST(? AS INTEGER) END, "
                               "0, ?, ?, ?)"_s.arg(int(EventState::Dead)).arg(int(EventState::Blocked));
    const Result<QSqlQuery *> query = connection.prepared(
        u"INSERT INTO tl_event (id, seq, target, model, record_key, operation, lane, state, attempts, due_at, since, body) VALUES "_s
        + QStringList(qsizetype(events.size()), row).join(u", "));
    if (!query)
        return query.error();
    int at = 0;
    const auto bind = [&](const QVariant &value) { (*query)->bindValue(at++, value); };
    for (const Event &event : events) {
        const QString lane = EventQueue::laneOf(event.route->target, event.record.model()->name, event.record.key());
        const EventState state = m_lanes.contains(lane) ? EventState::Blocked : EventState::Ready;
        m_lanes.insert(lane);
        const QString id = m_id();
        bind(id);
        bind(event.record.rowId());
        bind(event.route->target);
        bind(event.record.model()->name);
        bind(connection.dialect().toText(event.record.key()));
        bind(int(event.operation));
        bind(lane);
        bind(lane);
        bind(int(state));
        bind(due);
        bind(m_time);
        bind(body(event, id));
    }
    return connection.exec(**query);
}

} // namespace Tideline::Server
