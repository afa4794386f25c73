// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/connection.h"
#include "server/storage/layout.h"
#include "server/storage/valuerenaming.h"

#include <QtCore/QMap>

#include <functional>
#include <vector>

namespace Tideline::Server {

struct MigrationOptions
{
    bool allowDestructive = false;
    std::function<void(const QStringList &losses)> announce = {};   // before anything is lost
};

/*
    Brings the models' tables to what the schema says. In tl_meta stand, of each table ever made,

        key.TABLE      the key's columns
        fields.TABLE   a line per field: name, storage, and ! when it is required
        values.TABLE   the types of the fields, with what enums and embedded types consist of (valuenames.h)

    and index.INDEX for each index, what it was made of: one that is to be another now is made anew.

    What has a former name is renamed first (renaming.h, valuerenaming.h). Tables, columns and indexes that the schema has and the database lacks are added while other nodes serve. What costs
    data is refused with a list of it, unless it is allowed; then a table whose key or columns do not fit is
    written anew with what does:

        a model type is gone                       its table goes, with its records
        a field is gone                            its values go
        a field holds something else now           its values go, but for integers that become text or floating point
        an enum or embedded type lacks what it had values that do not fit it go, members that it has no more too
        the key is another                         of records with the same new key the one that changed last stays; those
                                                   without one go
        a field has come to be required            nothing goes, but the records that lack it cannot be read by clients
                                                   until they are given a value

    Tables and columns that are gone from the schema and empty are left alone.
*/
class Migration
{
public:
    Migration(Connection &connection, const Layout &layout, const MigrationOptions &options)
        : m_connection(connection), m_layout(layout), m_options(options) { }

    [[nodiscard]] Result<void> run();                           // in an open transaction
    // Those of a shared database, without a transaction: the table can be written meanwhile.
    [[nodiscard]] Result<void> createIndexes(const Location &location);

private:
    struct Loss { QString text, model, field; };
    struct Field { Storage storage = Storage::Text; bool required = false; };
    struct Known                                                // of a table as it is
    {
        QHash<QString, QString> columns;                        // folded name -> type; empty: there is none
        QHash<QString, QString> names;                          // folded name -> name
        QString key;
        QHash<QString, Field> fields;                           // as noted; empty in files of the first layout
        QString values;                                         // as noted
        bool rewrite = false;
    };

    [[nodiscard]] QString folded(const QString &name) const;
    [[nodiscard]] Result<QMap<QString, QString>> notes();
    [[nodiscard]] Result<Known> known(const QString &table, const QMap<QString, QString> &notes);
    [[nodiscard]] Result<void> examine(const TableLayout &table, Known &known);
    [[nodiscard]] Result<void> examineKey(const TableLayout &table, Known &known);
    [[nodiscard]] Result<void> examineField(const TableLayout &table, int field, Known &known);
    [[nodiscard]] Result<void> examineValues(const TableLayout &table, const Known &known);
    [[nodiscard]] Result<void> examineLeftovers(const TableLayout &table, Known &known);
    [[nodiscard]] Result<void> examineModels(const QMap<QString, QString> &notes);
    [[nodiscard]] Result<void> decide() const;
    [[nodiscard]] Result<void> apply(const TableLayout &table, const Known &known, const QMap<QString, QString> &notes);
    [[nodiscard]] Result<void> makeIndex(const TableLayout::NamedIndex &index, const QString &madeOf);
    [[nodiscard]] Result<void> rewrite(const TableLayout &table, const Known &known);
    [[nodiscard]] Result<void> note(const QString &name, const QString &value);
    [[nodiscard]] std::optional<Storage> storedAs(const TableLayout &table, int field, const Known &known) const;
    [[nodiscard]] Result<QHash<QString, bool>> presentIndexes() const;
    [[nodiscard]] Result<std::vector<TableLayout::NamedIndex>> missingIndexes();
    [[nodiscard]] Result<void> makeIndexesOnline();

    Connection &m_connection;
    const Layout &m_layout;
    const MigrationOptions &m_options;
    std::vector<Loss> m_losses;
    std::vector<ValueRenaming> m_values;                        // of tables that are there
    QStringList m_goneTables;
};

} // namespace Tideline::Server
