// SPDX-License-Identifier: MIT
#include "server/storage/journal.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr int maxRows = 500;                     // read with one statement

static Value typedValue(Storage storage, const Value &value)
{
    if (storage == Storage::Real && value.kind() == Value::Kind::Integer)
        return value.toDouble();
    if (storage == Storage::Integer && value.kind() == Value::Kind::Double)
        return value.toInteger();
    return value;
}

static Record recordOf(const TableLayout &table, const QString &image)
{
    const QJsonObject fields = QJsonDocument::fromJson(image.toUtf8()).object();
    Record record(table.model());
    for (int field = 0; field < int(table.columns().size()); ++field) {
        const auto found = fields.constFind(table.model()->fields[size_t(field)].name);
        if (found != fields.constEnd())
            record.setValue(field, typedValue(table.columns()[size_t(field)].storage, Value::fromJson(*found)));
    }
    return record;
}

Result<std::optional<Journal::Changes>> Journal::after(Connection &connection, qint64 seq) const
{
    return connection.repeatable([&] { return readAfter(connection, seq); });
}

Result<std::optional<Journal::Changes>> Journal::readAfter(Connection &connection, qint64 seq) const
{
    const Result<QSqlQuery *> query = connection.prepared(
        u"SELECT seq, changed_at, model, operation, version, deleted, image FROM tl_journal WHERE seq > ? ORDER BY seq LIMIT ?"_s);
    if (!query)
        return query.error();
    (*query)->bindValue(0, seq);
    (*query)->bindValue(1, maxRows);
    if (const Result<void> done = connection.exec(**query); !done)
        return done.error();
    Changes result{{}, seq, true};
    int rows = 0;
    for (; (*query)->next(); ++rows) {
        const QSqlQuery &row = **query;
        const qint64 number = row.value(0).toLongLong();
        if (number != result.lastSeq + 1) {
            (*query)->finish();
            return std::optional<Changes>();
        }
        result.lastSeq = number;
        const TableLayout *table = m_layout.find(row.value(2).toString());
        if (!table)                                     // of a newer schema: nobody here can listen to it
            continue;
        Record record = recordOf(*table, row.value(6).toString());
        record.setMetadata({row.value(4).toLongLong(), row.value(1).toLongLong(), row.value(5).toInt() != 0});
        record.setRowId(number);
        result.changes.push_back({Operation(row.value(3).toInt()), std::move(record)});
    }
    (*query)->finish();
    result.complete = rows < maxRows;
    return std::optional(std::move(result));
}

Result<Journal::Changes> Journal::latest(Connection &connection, qint64 seq) const
{
    if (const Result<void> begun = connection.begin(); !begun)
        return begun.error();
    Changes result;
    result.lastSeq = std::numeric_limits<qint64>::max();
    Result<void> done;
    for (const TableLayout &table : m_layout.tables()) {
        if (done)
            done = addLatest(connection, table, seq, result);
    }
    const Result<qint64> last = connection.number(u"SELECT seq FROM tl_clock WHERE id = 1"_s);
    if (!done || !last) {
        connection.rollback();
        return done ? last.error() : done.error();
    }
    if (const Result<void> ended = connection.commit(); !ended)
        return ended.error();
    const auto numberOf = [](const Change &change) { return change.record.rowId(); };
    std::erase_if(result.changes, [&](const Change &change) { return numberOf(change) > result.lastSeq; });
    std::ranges::sort(result.changes, {}, numberOf);
    result.lastSeq = std::min(result.lastSeq, *last);
    return result;
}

// A table that has more ends what can be told of all.
Result<void> Journal::addLatest(Connection &connection, const TableLayout &table, qint64 seq, Changes &changes) const
{
    const Result<QSqlQuery *> query = connection.prepared(table.select() + u" WHERE \"$seq\" > ? ORDER BY \"$seq\" LIMIT ?"_s);
    if (!query)
        return query.error();
    (*query)->bindValue(0, seq);
    (*query)->bindValue(1, maxRows);
    if (const Result<void> done = connection.exec(**query); !done)
        return done;
    int rows = 0;
    for (; (*query)->next(); ++rows) {
        Record record = table.read(**query);
        const SyncMetadata metadata = record.metadata();
        const Operation operation = metadata.deleted ? Operation::Delete
            : metadata.version == 1                  ? Operation::Create
                                                     : Operation::Update;
        changes.changes.push_back({operation, std::move(record)});
    }
    (*query)->finish();
    if (rows == maxRows) {
        changes.lastSeq = std::min(changes.lastSeq, changes.changes.back().record.rowId());
        changes.complete = false;
    }
    return {};
}

Result<std::vector<Record>> Journal::removed(Connection &connection, const TableLayout &table, qint64 seq, int limit)
{
    const Result<QSqlQuery *> query = connection.prepared(
        u"SELECT seq, changed_at, version, image FROM tl_journal WHERE seq > ? AND model = ? AND deleted = 1 AND image IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM %1 WHERE \"$seq\" = tl_journal.seq) ORDER BY seq LIMIT ?"_s.arg(table.quotedTable()));
    if (!query)
        return query.error();
    (*query)->bindValue(0, seq);
    (*query)->bindValue(1, table.model()->name);
    (*query)->bindValue(2, limit);
    if (const Result<void> done = connection.exec(**query); !done)
        return done.error();
    std::vector<Record> records;
    while ((*query)->next()) {
        Record record = recordOf(table, (*query)->value(3).toString());
        record.setMetadata({(*query)->value(2).toLongLong(), (*query)->value(1).toLongLong(), true});
        record.setRowId((*query)->value(0).toLongLong());
        records.push_back(std::move(record));
    }
    (*query)->finish();
    return records;
}

Result<bool> Journal::isOf(Connection &connection, qint64 seq, qint64 node)
{
    const Result<QSqlQuery *> query = connection.prepared(u"SELECT COUNT(*) FROM tl_journal WHERE seq = ? AND node = ?"_s);
    if (!query)
        return query.error();
    (*query)->bindValue(0, seq);
    (*query)->bindValue(1, node);
    if (const Result<void> done = connection.exec(**query); !done)
        return done.error();
    const bool found = (*query)->next() && (*query)->value(0).toLongLong() > 0;
    (*query)->finish();
    return found;
}

} // namespace Tideline::Server
