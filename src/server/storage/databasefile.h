// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/connection.h"
#include "server/storage/filelock.h"
#include "server/storage/layout.h"

namespace Tideline::Server {

/*
    A server's database file, held by one process. Beside the models' tables it has

        tl_meta     (name, value)     "layout": number of this description; "key.TABLE": a table's key
                                            columns; "journal.from": time from which the journal is complete
        tl_journal  (seq, changed_at, model, record_key, operation, version)
                                            one row per accepted change, in commit order, times never going back

    Opening adds tables, columns and indexes that the schema has and the file lacks. Columns whose
    field is gone are left alone. A key or a column of another type is refused: nothing is converted
    behind an operator's back.
*/
class DatabaseFile
{
public:
    [[nodiscard]] static Result<std::unique_ptr<DatabaseFile>> open(const QString &path, const Layout &layout);

    [[nodiscard]] const QString &path() const noexcept { return m_path; }
    [[nodiscard]] qint64 lastSeq() const noexcept { return m_lastSeq; }
    [[nodiscard]] qint64 lastChangedAt() const noexcept { return m_lastChangedAt; }

private:
    explicit DatabaseFile(const QString &path);
    [[nodiscard]] Result<void> prepare(const Layout &layout);
    [[nodiscard]] Result<void> createSystemTables(Connection &connection);
    [[nodiscard]] Result<void> prepareTable(Connection &connection, const TableLayout &table);
    [[nodiscard]] Result<void> checkKey(Connection &connection, const TableLayout &table);
    [[nodiscard]] Result<void> addColumns(Connection &connection, const TableLayout &table);
    [[nodiscard]] Result<void> readEnd(Connection &connection, const Layout &layout);

    QString m_path;
    FileLock m_lock;
    qint64 m_lastSeq = 0;
    qint64 m_lastChangedAt = 0;
};

} // namespace Tideline::Server
