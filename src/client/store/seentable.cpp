// SPDX-License-Identifier: MIT
#include "client/store/seentable_p.h"

#include "client/store/rowcodec_p.h"

#include <QtCore/QtEndian>

#include <algorithm>

namespace Tideline::SeenTable {

using namespace Qt::Literals::StringLiterals;

static constexpr int rowsAtOnce = 16'384;      // looked for together, 256 kB; for each step all hashes are read once

QString creation()
{
    return u"CREATE TABLE IF NOT EXISTS tl_seen (model TEXT NOT NULL, page INTEGER NOT NULL, keys BLOB NOT NULL, PRIMARY KEY (model, page))"_s;
}

// FNV-1a. Written into the file, so it must be the same in every process and version.
static quint64 hashOf(const QString &key)
{
    quint64 hash = 14695981039346656037ULL;
    for (const char byte : key.toUtf8())
        hash = (hash ^ quint8(byte)) * 1099511628211ULL;
    return hash;
}

Result<void> begin(WriterState &state, const ModelType &model)
{
    if (const Result<void> cleared = clear(state, model); !cleared)
        return cleared;
    Statement any = state.connection.prepare(state.connection.layout().table(model), RowStatement::LastRow);
    if (!any.exec())
        return any.error();
    const bool hasRows = any.next() && any.integer(0) > 0;
    if (any.error().isError())
        return any.error();
    if (!hasRows && !state.quarantined.contains(model.number, {}))
        return {};
    Statement statement = state.connection.prepare(u"INSERT INTO tl_seen (model, page, keys) VALUES (?, 0, x'')"_s);
    statement.bind(model.name);
    return state.write(std::move(statement));
}

Result<void> add(WriterState &state, const ModelType &model, const QStringList &keys)
{
    QByteArray hashes(keys.size() * qsizetype(sizeof(quint64)), Qt::Uninitialized);
    char *place = hashes.data();
    for (const QString &key : keys) {
        qToLittleEndian(hashOf(key), place);
        place += sizeof(quint64);
    }
    Statement statement = state.connection.prepare(u"INSERT INTO tl_seen (model, page, keys) "
                                                    "SELECT model, max(page) + 1, ? FROM tl_seen WHERE model = ? GROUP BY model"_s);
    statement.bind(hashes).bind(model.name);
    return state.write(std::move(statement));
}

Result<void> clear(WriterState &state, const ModelType &model)
{
    Statement statement = state.connection.prepare(u"DELETE FROM tl_seen WHERE model = ?"_s);
    statement.bind(model.name);
    return state.write(std::move(statement));
}

Result<bool> isKept(Connection &connection, const ModelType &model)
{
    Statement statement = connection.prepare(u"SELECT 1 FROM tl_seen WHERE model = ? AND page = 0"_s);
    if (!statement.bind(model.name).exec())
        return statement.error();
    const bool kept = statement.next();
    return statement.error().isError() ? Result<bool>(statement.error()) : Result<bool>(kept);
}

struct Wanted
{
    quint64 hash;
    qint64 number;              // of the row, or among what is kept aside; 0: it was seen
};

static void strike(std::vector<Wanted> &wanted, const QByteArray &hashes)
{
    const auto isBefore = [](const Wanted &each, quint64 hash) { return each.hash < hash; };
    for (qsizetype at = 0; at + qsizetype(sizeof(quint64)) <= hashes.size(); at += sizeof(quint64)) {
        const quint64 hash = qFromLittleEndian<quint64>(hashes.constData() + at);
        for (auto each = std::lower_bound(wanted.begin(), wanted.end(), hash, isBefore); each != wanted.end() && each->hash == hash; ++each)
            each->number = 0;
    }
}

// Leaves what no page brought.
static Result<void> strikeSeen(Connection &connection, const ModelType &model, std::vector<Wanted> &wanted)
{
    std::sort(wanted.begin(), wanted.end(), [](const Wanted &a, const Wanted &b) { return a.hash < b.hash; });
    Statement statement = connection.prepare(u"SELECT keys FROM tl_seen WHERE model = ?"_s);
    if (!statement.bind(model.name).exec())
        return statement.error();
    while (statement.next())
        strike(wanted, statement.value(0).toByteArray());
    std::erase_if(wanted, [](const Wanted &each) { return each.number == 0; });
    return statement.error();
}

static Result<std::vector<Wanted>> rowsAfter(Connection &connection, const Table &table, qint64 row, qint64 changedBefore)
{
    Statement statement = connection.prepare(u"SELECT "_s + table.rowColumns({}) + u" FROM "_s + table.name
                                             + u" WHERE \"$row\" > ? AND \"$changedAt\" < ? ORDER BY \"$row\" LIMIT ?"_s);
    if (!statement.bind(row).bind(changedBefore).bind(rowsAtOnce).exec())
        return statement.error();
    std::vector<Wanted> rows;
    while (statement.next()) {
        const Record record = RowCodec::record(connection.layout().schema(), table, statement);
        rows.push_back({hashOf(record.key()), record.rowId()});
    }
    return statement.error().isError() ? Result<std::vector<Wanted>>(statement.error()) : Result<std::vector<Wanted>>(std::move(rows));
}

static Result<QString> keyOfRow(Connection &connection, const Table &table, qint64 row)
{
    Statement statement = connection.prepare(table, RowStatement::ByRow);
    if (!statement.bind(row).exec() || !statement.next())
        return statement.error();
    return RowCodec::record(connection.layout().schema(), table, statement).key();
}

// What is kept aside has keys that no row may have.
static Result<QStringList> unseenAside(Connection &connection, const ModelType &model, qint64 changedBefore)
{
    Statement statement = connection.prepare(u"SELECT key FROM tl_quarantine WHERE model = ? AND changedAt < ?"_s);
    if (!statement.bind(model.name).bind(changedBefore).exec())
        return statement.error();
    QStringList keys;
    std::vector<Wanted> wanted;
    while (statement.next()) {
        keys.append(statement.text(0));
        wanted.push_back({hashOf(keys.last()), keys.size()});
    }
    if (statement.error().isError())
        return statement.error();
    if (const Result<void> struck = strikeSeen(connection, model, wanted); !struck)
        return struck.error();
    QStringList unseen;
    for (const Wanted &each : wanted)
        unseen.append(keys.at(each.number - 1));
    return unseen;
}

Result<ReadTransaction::Unseen> unseen(Connection &connection, const ModelType &model, qint64 afterRow, qint64 changedBefore)
{
    const Result<bool> kept = isKept(connection, model);
    if (!kept || !*kept)
        return kept ? Result<ReadTransaction::Unseen>(ReadTransaction::Unseen()) : Result<ReadTransaction::Unseen>(kept.error());
    const Table &table = connection.layout().table(model);
    Result<std::vector<Wanted>> rows = rowsAfter(connection, table, afterRow, changedBefore);
    if (!rows)
        return rows.error();
    ReadTransaction::Unseen unseen;
    if (qsizetype(rows->size()) == rowsAtOnce)
        unseen.lastRow = rows->back().number;
    if (const Result<void> struck = strikeSeen(connection, model, *rows); !struck)
        return struck.error();
    for (const Wanted &row : *rows) {
        const Result<QString> key = keyOfRow(connection, table, row.number);
        if (!key)
            return key.error();
        unseen.keys.append(*key);
    }
    if (afterRow > 0)
        return unseen;
    const Result<QStringList> aside = unseenAside(connection, model, changedBefore);
    if (!aside)
        return aside.error();
    unseen.keys += *aside;
    return unseen;
}

} // namespace Tideline::SeenTable
