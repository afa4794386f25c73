// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "core/schema/schema.h"

namespace Tideline {

enum class Storage { Text, Integer, Boolean, Real, Json };      // how a column keeps its field

// Statements that every table has; each connection keeps them prepared.
enum class RowStatement { Insert, ByKey, ByRow, RowOfKey, UpdateHead, DeleteByRow, LastRow };
inline constexpr int RowStatementCount = 7;

// The first columns of every select of a row; the fields follow.
enum RowColumn { RowIdColumn, VersionColumn, ChangedAtColumn, StateColumn, FirstFieldColumn };

struct Table
{
    std::shared_ptr<const ModelType> model;
    QString name;                           // quoted
    std::vector<QString> columns;           // quoted; one for each field
    std::vector<Storage> storage;
    std::array<QString, RowStatementCount> statements;

    [[nodiscard]] QString rowColumns(const QString &alias) const;       // of a select, in the order of RowColumn
    [[nodiscard]] const QString &statement(RowStatement statement) const { return statements[size_t(statement)]; }
};

/*! The tables of a schema: names, column types, statements. Immutable; shared by all connections. */
class Layout
{
public:
    [[nodiscard]] static Result<std::shared_ptr<const Layout>> make(const Schema &schema);
    [[nodiscard]] static QString quoted(const QString &identifier);
    [[nodiscard]] static Storage storageOf(const FieldType &type) noexcept;

    [[nodiscard]] const Schema &schema() const noexcept { return m_schema; }
    [[nodiscard]] const Table &table(const ModelType &model) const { return m_tables[size_t(model.number)]; }
    [[nodiscard]] Result<const Table *> find(const std::shared_ptr<const ModelType> &model) const;     // UnknownModel

    [[nodiscard]] static QStringList systemStatements();            // that make the tables tl_*
    [[nodiscard]] static QStringList laterSystemStatements();       // of them those that change nothing where there is nothing to do
    [[nodiscard]] QString createTable(const Table &table) const;
    [[nodiscard]] QString addColumn(const Table &table, int field) const;
    [[nodiscard]] std::vector<std::pair<QString, QString>> indexes(const Table &table) const;   // name, statement

private:
    explicit Layout(const Schema &schema);

    Schema m_schema;
    std::vector<Table> m_tables;            // by ModelType::number
};

} // namespace Tideline
