// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/connection.h"
#include "server/storage/layout.h"

#include <QtCore/QMap>

namespace Tideline::Server {

/*
    Gives tables and columns that the schema knows by @renamedFrom their new names, with what tl_meta and the journal have of
    them. A former name counts as long as the database lacks the new one and nothing else in the schema has it. Nothing is
    lost, so it needs no leave; nodes that still serve the older schema fail until they are started with the new one.
*/
class Renaming
{
public:
    Renaming(Connection &connection, const Layout &layout) : m_connection(connection), m_layout(layout) { }

    [[nodiscard]] Result<void> run();                           // in an open transaction

private:
    using Names = QMap<QString, QString>;                       // former -> new

    [[nodiscard]] Result<void> renameTable(const TableLayout &table);
    [[nodiscard]] Result<void> moveTable(const QString &from, const QString &to);
    [[nodiscard]] Result<void> dropIndexes(const QString &table);
    [[nodiscard]] Result<void> renameColumns(const TableLayout &table);
    [[nodiscard]] Result<Names> renamedFields(const TableLayout &table);
    [[nodiscard]] Result<void> renameNotes(const TableLayout &table, const Names &columns);
    [[nodiscard]] Result<void> renameImages(const ModelType &model, const Names &fields);
    [[nodiscard]] Result<void> run(const QString &statement, const QStringList &values);
    [[nodiscard]] Result<QStringList> firstColumn(const QString &statement, const QStringList &values = {});

    Connection &m_connection;
    const Layout &m_layout;
};

} // namespace Tideline::Server
