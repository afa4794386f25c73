// SPDX-License-Identifier: MIT
#include "client/store/evolution_p.h"

#include "core/data/record.h"
#include "core/data/scalars.h"

namespace Tideline::NeededValues {

using namespace Qt::Literals::StringLiterals;

using Entry = UnmappedTable::Entry;
using Kind = UnmappedData::Kind;
using Reason = UnmappedData::Reason;

static constexpr int ChunkSize = 500;

bool isNeeded(const SchemaField &field)
{
    return field.type.required && !field.readOnly;
}

Result<void> fillDefaults(const Evolution &evolution, const Evolution::Step &step)
{
    const Table &table = evolution.tableOf(step);
    for (int i = 0; i < int(table.columns.size()); ++i) {
        const SchemaField &field = table.model->fields[size_t(i)];
        if (!isNeeded(field) || !field.defaultValue)
            continue;
        const Result<Value> value = fromVariant(evolution.newer.schema(), field.type, *field.defaultValue);
        if (!value)
            return value.error();
        Statement statement = evolution.connection.prepare(u"UPDATE %1 SET %2 = ? WHERE %2 IS NULL"_s.arg(table.name, table.columns[size_t(i)]));
        if (!statement.bind(RawValue::toColumn(evolution.newer.schema(), table, i, *value)).exec())
            return statement.error();
    }
    return {};
}

struct Incomplete
{
    qint64 row = 0;
    QString key;
    QString field;              // the first that lacks a value
    QJsonObject json;
};

static QString condition(const Table &table)
{
    QStringList parts;
    for (size_t i = 0; i < table.columns.size(); ++i) {
        if (isNeeded(table.model->fields[i]))
            parts.append(table.columns[i] + u" IS NULL"_s);
    }
    return parts.join(u" OR "_s);
}

static Incomplete incompleteOf(const Schema &schema, const Table &table, const Statement &row)
{
    const std::vector<Value> values = RawValue::row(schema, table, row);
    Incomplete found{row.integer(RowIdColumn), keyOf(*table.model, values), {}, {}};
    RawValue::insertHidden(found.json, row);
    for (size_t i = 0; i < values.size(); ++i) {
        const SchemaField &field = table.model->fields[i];
        if (!values[i].isNull())
            found.json.insert(field.name, values[i].toJson());
        else if (isNeeded(field) && found.field.isEmpty())
            found.field = field.name;
    }
    return found;
}

static Result<QList<Incomplete>> nextChunk(const Evolution &evolution, const Table &table, const QString &condition)
{
    Statement rows = evolution.connection.prepare(u"SELECT "_s + table.rowColumns({}) + u" FROM "_s + table.name + u" WHERE "_s + condition
                                                  + u" LIMIT %1"_s.arg(ChunkSize));
    if (!rows.exec())
        return rows.error();
    QList<Incomplete> chunk;
    while (rows.next())
        chunk.append(incompleteOf(evolution.newer.schema(), table, rows));
    return rows.error().isError() ? Result<QList<Incomplete>>(rows.error()) : Result<QList<Incomplete>>(chunk);
}

// A value that did not fit is said once, with the rest of its row.
static Result<void> takeUnfit(const Evolution &evolution, const Table &table, Incomplete &row)
{
    const Result<QList<Entry>> entries = UnmappedTable::of(evolution.connection, table.model->name, row.key);
    if (!entries)
        return entries.error();
    for (const Entry &entry : *entries) {
        if (entry.kind != Kind::Field || entry.reason != Reason::WrongType || row.json.contains(entry.field))
            continue;
        row.json.insert(entry.field, entry.json.value(entry.field));
        if (const Result<void> removed = UnmappedTable::remove(evolution.connection, entry.id); !removed)
            return removed;
    }
    return {};
}

static Result<void> putAside(const Evolution &evolution, const Table &table, Incomplete row)
{
    if (const Result<void> taken = takeUnfit(evolution, table, row); !taken)
        return taken;
    const Reason reason = row.json.contains(row.field) ? Reason::WrongType : Reason::MissingValue;
    if (const Result<void> added = evolution.add(Kind::Row, reason, table.model->name, row.key, row.field, row.json); !added)
        return added;
    Statement statement = evolution.connection.prepare(table, RowStatement::DeleteByRow);
    return statement.bind(row.row).exec() ? Result<void>() : Result<void>(statement.error());
}

Result<void> putRestAside(const Evolution &evolution, const Evolution::Step &step)
{
    const Table &table = evolution.tableOf(step);
    const QString missing = condition(table);
    while (!missing.isEmpty()) {
        const Result<QList<Incomplete>> chunk = nextChunk(evolution, table, missing);
        if (!chunk)
            return chunk.error();
        for (const Incomplete &row : *chunk) {
            if (const Result<void> put = putAside(evolution, table, row); !put)
                return put;
        }
        if (chunk->size() < ChunkSize)
            break;
    }
    return {};
}

} // namespace Tideline::NeededValues
