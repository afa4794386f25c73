// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"

#include <QtCore/QStringList>
#include <QtCore/QVariant>

#include <vector>

QT_FORWARD_DECLARE_CLASS(QSqlQuery)

namespace Tideline::Server {

[[nodiscard]] QString quotedIdentifier(const QString &name);

/*
    Where a model type's records are. One table per model type; its columns are the model's fields
    in their order, after these:

        "$seq"        INTEGER PRIMARY KEY   number of the change that wrote the row; a row moves to the end with each change
        "$version"    INTEGER               AppSync's _version
        "$changedAt"  INTEGER               _lastChangedAt, ms since the epoch
        "$deleted"    INTEGER               1 for a tombstone
        "$ttl"        INTEGER               seconds since the epoch when a tombstone may go; null for live rows

    Text, enums and AWS scalars are TEXT, Int and AWSTimestamp INTEGER, Float REAL, Boolean INTEGER, lists and
    embedded types TEXT holding JSON. No GraphQL name can hold a $, so the names never meet.
*/
class TableLayout
{
public:
    enum class Storage { Text, Integer, Real, Boolean, Json };
    struct Column { QString name; QString quoted; Storage storage = Storage::Text; };

    TableLayout(std::shared_ptr<const ModelType> model, const QString &table);

    [[nodiscard]] const std::shared_ptr<const ModelType> &model() const noexcept { return m_model; }
    [[nodiscard]] const QString &table() const noexcept { return m_table; }                 // not quoted
    [[nodiscard]] const QString &quotedTable() const noexcept { return m_quotedTable; }
    [[nodiscard]] const std::vector<Column> &columns() const noexcept { return m_columns; } // one per field
    [[nodiscard]] const QString &column(int field) const noexcept { return m_columns[size_t(field)].quoted; }

    [[nodiscard]] QString createTable() const;
    [[nodiscard]] QString addColumn(int field) const;
    [[nodiscard]] QStringList createIndexes() const;
    [[nodiscard]] QString keyText() const;                  // the key's columns; compared when a store is opened

    [[nodiscard]] const QString &select() const noexcept { return m_select; }       // up to and with FROM
    [[nodiscard]] const QString &insert() const noexcept { return m_insert; }
    [[nodiscard]] const QString &update() const noexcept { return m_update; }
    [[nodiscard]] const QString &selectByKey() const noexcept { return m_selectByKey; }
    [[nodiscard]] const QString &removeBySeq() const noexcept { return m_removeBySeq; }

    [[nodiscard]] QVariant toColumn(int field, const Value &value) const;
    [[nodiscard]] Value fromColumn(int field, const QVariant &variant) const;
    [[nodiscard]] Record read(const QSqlQuery &query) const;        // a row of select()
    void bindRow(QSqlQuery &query, const Record &record, const QVariant &ttl) const;

    static const char *typeName(Storage storage) noexcept;

private:
    void prepareTexts();

    std::shared_ptr<const ModelType> m_model;
    QString m_table, m_quotedTable;
    std::vector<Column> m_columns;
    QString m_select, m_insert, m_update, m_selectByKey, m_removeBySeq;
};

class Layout
{
public:
    explicit Layout(const Schema &schema);
    [[nodiscard]] const std::vector<TableLayout> &tables() const noexcept { return m_tables; }
    [[nodiscard]] const TableLayout &of(const ModelType &model) const noexcept { return m_tables[size_t(model.number)]; }

private:
    std::vector<TableLayout> m_tables;
};

} // namespace Tideline::Server
