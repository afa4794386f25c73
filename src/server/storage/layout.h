// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"
#include "core/schema/schema.h"
#include "server/storage/dialect.h"

#include <QtCore/QStringList>
#include <QtCore/QVariant>

#include <span>
#include <vector>

QT_FORWARD_DECLARE_CLASS(QSqlQuery)

namespace Tideline::Server {

[[nodiscard]] QString quotedIdentifier(const QString &name);
// The names that the table of a model type and the column of a field have, or had under former names.
[[nodiscard]] QString tableName(const QString &model, const Dialect &dialect);
[[nodiscard]] QString columnName(const QString &field, const Dialect &dialect);

/*
    Where a model type's records are. One table per model type; its columns are the model's fields
    in their order, after these:

        "$seq"        primary key   number of the change that wrote the row; a row moves to the end with each change
        "$version"    integer       AppSync's _version
        "$changedAt"  integer       _lastChangedAt, ms since the epoch
        "$deleted"    integer       1 for a tombstone
        "$ttl"        integer       seconds since the epoch when a tombstone may go; null for live rows

    Text, enums and AWS scalars are text, Int and AWSTimestamp integers of 64 bits, Float a double, Boolean an integer, lists
    and embedded types text holding JSON; the dialect has the types' names. No GraphQL name can hold a $, so the names never
    meet. A name longer than the database can tell apart ends in a part of its hash.
*/
class TableLayout
{
public:
    using Storage = Server::Storage;
    struct Column { QString name; QString quoted; Storage storage = Storage::Text; };

    TableLayout(std::shared_ptr<const ModelType> model, const QString &table, const Dialect &dialect);

    [[nodiscard]] const std::shared_ptr<const ModelType> &model() const noexcept { return m_model; }
    [[nodiscard]] const QString &table() const noexcept { return m_table; }                 // not quoted
    [[nodiscard]] const QString &quotedTable() const noexcept { return m_quotedTable; }
    [[nodiscard]] const std::vector<Column> &columns() const noexcept { return m_columns; } // one per field
    [[nodiscard]] const Dialect &dialect() const noexcept { return *m_dialect; }
    [[nodiscard]] const QString &column(int field) const noexcept { return m_columns[size_t(field)].quoted; }

    [[nodiscard]] QString createTable(const QString &quotedName) const;
    [[nodiscard]] QString addColumn(int field) const;
    struct NamedIndex { QString name, columns, create, createOnline; };     // the name is not quoted
    [[nodiscard]] std::vector<NamedIndex> indexes() const;
    [[nodiscard]] QString keyText() const;                  // the key's columns; compared when a store is opened

    [[nodiscard]] const QString &select() const noexcept { return m_select; }       // up to and with FROM
    // Statements for that many rows: insert() and update() take bindRow()'s values for each, update() after the row's
    // number before, of a single row behind them; remove() takes the numbers.
    [[nodiscard]] QString insert(size_t rows) const { return rows == 1 ? m_insert : insertText(rows); }
    [[nodiscard]] QString update(size_t rows) const { return rows == 1 ? m_update : updateText(rows); }
    [[nodiscard]] QString remove(size_t rows) const { return rows == 1 ? m_remove : removeText(rows); }
    // "column = ?" and the like for \a tuples of values of \a fields.
    [[nodiscard]] QString anyOf(const std::vector<int> &fields, size_t tuples) const;

    // AppSync's composite sort key, "a#b", which compares as text; null when a part is. And that of the values of its first fields.
    [[nodiscard]] QString sortKey(const std::vector<int> &fields) const;
    [[nodiscard]] QString sortKeyMark(std::span<const int> fields) const;

    [[nodiscard]] QVariant toColumn(int field, const Value &value) const;
    [[nodiscard]] Value fromColumn(int field, const QVariant &variant) const;
    [[nodiscard]] Record read(const QSqlQuery &query) const;        // a row of select()
    int bindRow(QSqlQuery &query, int at, const Record &record, const QVariant &ttl) const;     // where the next value goes

private:
    [[nodiscard]] QString indexColumns(const std::vector<int> &fields, bool composite) const;
    [[nodiscard]] QString asText(const QString &expression, int field) const;
    [[nodiscard]] QStringList rowMarks() const;
    [[nodiscard]] QStringList rowColumns() const;
    [[nodiscard]] QString insertText(size_t rows) const;
    [[nodiscard]] QString updateText(size_t rows) const;
    [[nodiscard]] QString removeText(size_t rows) const;

    const Dialect *m_dialect;
    std::shared_ptr<const ModelType> m_model;
    QString m_table, m_quotedTable;
    std::vector<Column> m_columns;
    QString m_select;
    QString m_insert, m_update, m_remove;                   // of one row: a file is written so
};

class Layout
{
public:
    Layout(const Schema &schema, const Dialect &dialect);
    [[nodiscard]] const Schema &schema() const noexcept { return m_schema; }
    [[nodiscard]] const Dialect &dialect() const noexcept { return *m_dialect; }
    [[nodiscard]] const TableLayout *find(const QString &model) const noexcept;
    [[nodiscard]] const std::vector<TableLayout> &tables() const noexcept { return m_tables; }
    [[nodiscard]] const TableLayout &of(const ModelType &model) const noexcept { return m_tables[size_t(model.number)]; }

private:
    const Schema m_schema;
    const Dialect *m_dialect;
    std::vector<TableLayout> m_tables;
};

} // namespace Tideline::Server
