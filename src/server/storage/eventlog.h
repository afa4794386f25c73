// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"
#include "server/storage/connection.h"

#include <QtCore/QSet>

#include <functional>
#include <span>
#include <vector>

namespace Tideline::Server {

enum class Operation : quint8;

/*
    Writes down, in the transaction of a change, whom the change is to be told. Of the writer's thread. Each target has
    an event of its own, whose text is final: what is sent again is the same, byte for byte.

    An event behind another one of its lane (the record's events for one target) is written as Blocked: eventqueue.h.
*/
class EventLog
{
public:
    struct Route
    {
        QString target;
        const ModelType *model = nullptr;
        quint8 operations = 0;                              // bits 1 << Operation
    };
    EventLog(const std::vector<Route> &routes, std::function<QString()> id);

    void begin(qint64 time);                                // of a transaction; what an undone one left is forgotten
    void setSubject(const QString &subject) { m_subject = subject; }    // who makes the changes that follow
    void add(Operation operation, const Record &record, const Record &old);
    [[nodiscard]] Result<void> flush(Connection &connection, qint64 now);
    [[nodiscard]] bool hasEvents() const noexcept { return !m_events.empty(); }

private:
    struct Event
    {
        const Route *route = nullptr;
        Operation operation;
        Record record, old;
        QString subject;
    };
    [[nodiscard]] Result<void> insert(Connection &connection, std::span<const Event> events, qint64 due);
    [[nodiscard]] QString body(const Event &event, const QString &id) const;

    std::vector<std::vector<Route>> m_routes;               // by the number of the model type
    const std::function<QString()> m_id;
    qint64 m_time = 0;
    QString m_subject;
    std::vector<Event> m_events;
    QSet<QString> m_lanes;                                  // that got an event in this transaction
};

} // namespace Tideline::Server
