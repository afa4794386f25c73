// SPDX-License-Identifier: MIT
#include "client/store/unmappedtable_p.h"

#include "core/data/json.h"
#include "core/data/value.h"

#include <QtCore/QJsonDocument>

namespace Tideline::UnmappedTable {

using namespace Qt::Literals::StringLiterals;

static const QString Columns = u"id, kind, reason, model, key, field, json, at"_s;

static Result<void> run(Statement &statement)
{
    return statement.exec() ? Result<void>() : Result<void>(statement.error());
}

static QString textOf(const QJsonObject &json)
{
    return Value::fromJson(json).toJsonText();
}

Result<void> add(Connection &connection, const Entry &entry)
{
    Statement statement = connection.prepare(u"INSERT INTO tl_unmapped (kind, reason, model, key, field, json, at) VALUES (?, ?, ?, ?, ?, ?, ?)"_s);
    statement.bind(int(entry.kind)).bind(int(entry.reason)).bind(entry.model).bind(entry.key);
    statement.bind(entry.field.isNull() ? u""_s : entry.field).bind(textOf(entry.json)).bind(entry.at);
    return run(statement);
}

Result<void> update(Connection &connection, const Entry &entry)
{
    Statement statement = connection.prepare(u"UPDATE tl_unmapped SET reason = ?, model = ?, key = ?, field = ?, json = ? WHERE id = ?"_s);
    statement.bind(int(entry.reason)).bind(entry.model).bind(entry.key);
    statement.bind(entry.field.isNull() ? u""_s : entry.field).bind(textOf(entry.json)).bind(entry.id);
    return run(statement);
}

Result<void> remove(Connection &connection, qint64 id)
{
    Statement statement = connection.prepare(u"DELETE FROM tl_unmapped WHERE id = ?"_s);
    statement.bind(id);
    return run(statement);
}

static Result<QList<Entry>> entries(Statement &statement)
{
    if (!statement.exec())
        return statement.error();
    QList<Entry> list;
    while (statement.next()) {
        list.append({statement.integer(0), UnmappedData::Kind(statement.integer(1)), UnmappedData::Reason(statement.integer(2)),
                     statement.text(3), statement.text(4), statement.text(5), parseJson(statement.text(6).toUtf8()).object(),
                     statement.integer(7)});
    }
    return statement.error().isError() ? Result<QList<Entry>>(statement.error()) : Result<QList<Entry>>(list);
}

Result<QList<Entry>> after(Connection &connection, qint64 id, int limit)
{
    Statement statement = connection.prepare(u"SELECT "_s + Columns + u" FROM tl_unmapped WHERE id > ? ORDER BY id LIMIT ?"_s);
    statement.bind(id).bind(limit);
    return entries(statement);
}

Result<QList<Entry>> before(Connection &connection, qint64 id, int limit)
{
    Statement statement = connection.prepare(u"SELECT "_s + Columns + u" FROM tl_unmapped WHERE id < ? ORDER BY id DESC LIMIT ?"_s);
    statement.bind(id).bind(limit);
    return entries(statement);
}

Result<QList<Entry>> toDecide(Connection &connection, qint64 id, int limit)
{
    Statement statement = connection.prepare(u"SELECT "_s + Columns + u" FROM tl_unmapped WHERE id > ? AND (reason <> ? OR kind = ?) "
                                                                       "ORDER BY id LIMIT ?"_s);
    statement.bind(id).bind(int(UnmappedData::Reason::Gone)).bind(int(UnmappedData::Kind::Mutation)).bind(limit);
    return entries(statement);
}

Result<QList<Entry>> of(Connection &connection, const QString &model, const QString &key)
{
    Statement statement = connection.prepare(u"SELECT "_s + Columns + u" FROM tl_unmapped WHERE model = ? AND key = ? ORDER BY id DESC"_s);
    statement.bind(model).bind(key);
    return entries(statement);
}

} // namespace Tideline::UnmappedTable
