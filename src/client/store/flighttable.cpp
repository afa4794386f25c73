// SPDX-License-Identifier: MIT
#include "client/store/flighttable_p.h"

#include "client/store/writerstate_p.h"

#include <QtCore/QMetaEnum>

#include <algorithm>

namespace Tideline::FlightTable {

using namespace Qt::Literals::StringLiterals;

QString creation()
{
    return u"CREATE TABLE IF NOT EXISTS tl_flight (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind INTEGER NOT NULL, "
            "phase TEXT NOT NULL, model TEXT, record TEXT, code TEXT NOT NULL, message TEXT, detail TEXT)"_s;
}

template<typename Enum>
static QString nameOf(Enum value)
{
    return QString::fromLatin1(QMetaEnum::fromType<Enum>().valueToKey(int(value)));
}

template<typename Enum>
static Enum valueOf(const QString &name)       // the first one for a name that this version does not know
{
    bool known = false;
    const int value = QMetaEnum::fromType<Enum>().keyToValue(name.toLatin1().constData(), &known);
    return known ? Enum(value) : Enum();
}

static Result<void> insert(WriterState &state, const FlightEntry &entry)
{
    Statement statement = state.connection.prepare(u"INSERT INTO tl_flight (at, kind, phase, model, record, code, message, detail) "
                                                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s);
    statement.bind(entry.at).bind(int(entry.kind)).bind(nameOf(entry.phase)).bind(entry.model).bind(entry.record);
    statement.bind(nameOf(entry.code)).bind(entry.message).bind(entry.detail);
    return state.write(std::move(statement));
}

Result<void> append(WriterState &state, const QList<FlightEntry> &entries)
{
    const qsizetype kept = std::min<qsizetype>(entries.size(), Capacity);
    for (qsizetype i = entries.size() - kept; i < entries.size(); ++i) {
        if (const Result<void> inserted = insert(state, entries.at(i)); !inserted)
            return inserted;
    }
    Statement prune = state.connection.prepare(u"DELETE FROM tl_flight WHERE id <= (SELECT max(id) FROM tl_flight) - ?"_s);
    prune.bind(Capacity);
    return state.write(std::move(prune));
}

Result<QList<FlightEntry>> newest(Connection &connection, int limit)
{
    Statement statement = connection.prepare(u"SELECT id, at, kind, phase, model, record, code, message, detail FROM tl_flight "
                                              "ORDER BY id DESC LIMIT ?"_s);
    statement.bind(limit);
    if (!statement.exec())
        return statement.error();
    QList<FlightEntry> entries;
    while (statement.next()) {
        entries.append({.id = statement.integer(0),
                        .at = statement.integer(1),
                        .kind = FlightEntry::Kind(statement.integer(2)),
                        .phase = valueOf<Error::Phase>(statement.text(3)),
                        .code = valueOf<Error::Code>(statement.text(6)),
                        .model = statement.text(4),
                        .record = statement.text(5),
                        .message = statement.text(7),
                        .detail = statement.text(8)});
    }
    return statement.error().isError() ? Result<QList<FlightEntry>>(statement.error()) : Result<QList<FlightEntry>>(entries);
}

} // namespace Tideline::FlightTable
