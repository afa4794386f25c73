// SPDX-License-Identifier: MIT
#include "client/store/rows_p.h"

#include "client/store/rowcodec_p.h"
#include "client/store/unmapped.h"

namespace Tideline::Rows {

using namespace Qt::Literals::StringLiterals;

static void bindField(Statement &statement, const Schema &schema, const Table &table, int field, const Value &value)
{
    statement.bind(RowCodec::toSql(schema, table.model->fields[size_t(field)].type, table.storage[size_t(field)], value));
}

static void bindHead(Statement &statement, const Record &record)
{
    statement.bind(record.metadata().version).bind(record.metadata().lastChangedAt).bind(int(record.state()));
}

std::vector<Value> keyValues(const Record &record)
{
    std::vector<Value> values;
    for (const int field : record.model()->primaryKey)
        values.push_back(record.value(field));
    return values;
}

Result<QList<Record>> all(const Table &table, const Schema &schema, Statement statement)
{
    if (!statement.exec())
        return statement.error();
    QList<Record> records;
    while (statement.next())
        records.append(RowCodec::record(schema, table, statement));
    if (statement.error().isError())
        return statement.error();
    return records;
}

Result<Record> find(Connection &connection, const Table &table, const std::vector<Value> &key)
{
    const Schema &schema = connection.layout().schema();
    Statement statement = connection.prepare(table, RowStatement::ByKey);
    for (size_t i = 0; i < key.size(); ++i)
        bindField(statement, schema, table, table.model->primaryKey[i], key[i]);
    if (!statement.exec())
        return statement.error();
    if (statement.next())
        return RowCodec::record(schema, table, statement);
    return statement.error().isError() ? Result<Record>(statement.error()) : Result<Record>(Record());
}

static QString condition(const Table &table, const std::vector<int> &fields)
{
    QStringList parts;
    for (const int field : fields)
        parts.append(table.columns[size_t(field)] + u" = ?"_s);
    return parts.join(u" AND "_s);
}

Result<bool> exists(Connection &connection, const Table &table, const std::vector<int> &fields, const std::vector<Value> &values)
{
    Statement statement = fields == table.model->primaryKey
        ? connection.prepare(table, RowStatement::RowOfKey)
        : connection.prepare(u"SELECT 1 FROM "_s + table.name + u" WHERE "_s + condition(table, fields) + u" LIMIT 1"_s);
    for (size_t i = 0; i < fields.size(); ++i)
        bindField(statement, connection.layout().schema(), table, fields[i], values[i]);
    if (!statement.exec())
        return statement.error();
    const bool found = statement.next();
    return statement.error().isError() ? Result<bool>(statement.error()) : Result<bool>(found);
}

Result<QList<Record>> related(Connection &connection, const Record &record, const Relation &relation)
{
    const Schema &schema = connection.layout().schema();
    const Table &target = connection.layout().table(*schema.target(relation));
    QStringList key;
    for (const int field : target.model->primaryKey)
        key.append(target.columns[size_t(field)]);
    Statement statement = connection.prepare(u"SELECT "_s + target.rowColumns({}) + u" FROM "_s + target.name + u" WHERE "_s
                                             + condition(target, relation.targetFields) + u" ORDER BY "_s + key.join(u", "_s));
    for (size_t i = 0; i < relation.localFields.size(); ++i) {
        const Value &value = record.value(relation.localFields[i]);
        if (value.isNull())
            return QList<Record>();
        bindField(statement, schema, target, relation.targetFields[i], value);
    }
    return all(target, schema, std::move(statement));
}

Result<bool> insert(WriterState &state, const Table &table, Record &record)
{
    qint64 row = state.changes.freedRow(*table.model, record.key());
    if (row == 0) {
        const Result<qint64> next = state.nextRow(table);
        if (!next)
            return next.error();
        row = *next;
    }
    Statement statement = state.connection.prepare(table, RowStatement::Insert);
    statement.bind(row);
    bindHead(statement, record);
    RowCodec::bindFields(statement, state.connection.layout().schema(), table, record.values());
    const Result<int> count = state.writeCounted(std::move(statement));
    if (!count)
        return count.error();
    if (*count == 0)
        return false;
    record.setRowId(row);
    return true;
}

Result<void> update(WriterState &state, const Table &table, const Record &after, const std::vector<int> &fields)
{
    if (const auto known = state.rows.find({table.model->number, after.key()}); known != state.rows.end())
        *known = after;
    if (fields.empty()) {
        Statement statement = state.connection.prepare(table, RowStatement::UpdateHead);
        bindHead(statement, after);
        statement.bind(after.rowId());
        return state.write(std::move(statement));
    }
    QString sql = u"UPDATE "_s + table.name + u" SET \"$version\" = ?, \"$changedAt\" = ?, \"$state\" = ?"_s;
    for (const int field : fields)
        sql += u", "_s + table.columns[size_t(field)] + u" = ?"_s;
    Statement statement = state.connection.prepare(sql + u" WHERE \"$row\" = ?"_s);
    bindHead(statement, after);
    for (const int field : fields)
        bindField(statement, state.connection.layout().schema(), table, field, after.value(field));
    statement.bind(after.rowId());
    return state.write(std::move(statement));
}

Result<void> remove(WriterState &state, const Table &table, const Record &record)
{
    state.rows.remove({table.model->number, record.key()});
    Statement statement = state.connection.prepare(table, RowStatement::DeleteByRow);
    statement.bind(record.rowId());
    if (const Result<void> removed = state.write(std::move(statement)); !removed)
        return removed;
    return forgetValues(state, *record.model(), record.key());
}

static Result<void> forget(WriterState &state, const ModelType &model, const QString &key, const QString &condition)
{
    if (!state.mayHaveUnmapped(model))
        return {};
    Statement statement = state.connection.prepare(u"DELETE FROM tl_unmapped WHERE model = ? AND key = ? AND "_s + condition);
    statement.bind(model.name).bind(key);
    return state.write(std::move(statement));
}

Result<void> forgetValues(WriterState &state, const ModelType &model, const QString &key)
{
    return forget(state, model, key, u"kind = %1"_s.arg(int(UnmappedData::Kind::Field)));
}

Result<void> forgetUnfit(WriterState &state, const ModelType &model, const QString &key)
{
    return forget(state, model, key, u"kind <> %1 AND reason <> %2"_s.arg(int(UnmappedData::Kind::Mutation)).arg(int(UnmappedData::Reason::Gone)));
}

Result<SyncMetadata> tombstone(Connection &connection, const ModelType &model, const QString &key)
{
    Statement statement = connection.prepare(u"SELECT version, changedAt FROM tl_tombstone WHERE model = ? AND key = ?"_s);
    statement.bind(model.name).bind(key);
    if (!statement.exec())
        return statement.error();
    SyncMetadata metadata;
    if (statement.next())
        metadata = {statement.integer(0), statement.integer(1), true};
    return statement.error().isError() ? Result<SyncMetadata>(statement.error()) : Result<SyncMetadata>(metadata);
}

Result<void> setTombstone(WriterState &state, const ModelType &model, const QString &key, const SyncMetadata &metadata)
{
    Statement statement = state.connection.prepare(u"INSERT INTO tl_tombstone (model, key, version, changedAt) VALUES (?, ?, ?, ?) "
                                                    "ON CONFLICT (model, key) DO UPDATE SET version = excluded.version, "
                                                    "changedAt = excluded.changedAt"_s);
    statement.bind(model.name).bind(key).bind(metadata.version).bind(metadata.lastChangedAt);
    state.noteTombstone(model);
    return state.write(std::move(statement));
}

Result<void> removeTombstone(WriterState &state, const ModelType &model, const QString &key)
{
    if (!state.mayHaveTombstone(model))
        return {};
    Statement statement = state.connection.prepare(u"DELETE FROM tl_tombstone WHERE model = ? AND key = ?"_s);
    statement.bind(model.name).bind(key);
    return state.write(std::move(statement));
}

} // namespace Tideline::Rows
