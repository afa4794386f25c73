// SPDX-License-Identifier: MIT
#pragma once

#include "server/storage/commitorder.h"
#include "server/storage/filelock.h"
#include "server/storage/migration.h"

namespace Tideline::Server {

/*
    A server's database: a SQLite file, held by one process, or a PostgreSQL database that many nodes share. Beside the
    models' tables it has

        tl_meta     (name, value)     "layout": number of this description; "key.TABLE", "fields.TABLE", "values.TABLE" and
                                            "index.INDEX": what they were made for (migration.h); "journal.from": time from which the journal is complete;
                                            "token.secret": what all nodes seal page tokens with; "indexes": its lock is the turn
                                            to make indexes
        tl_journal  (seq, changed_at, model, record_key, operation, version, deleted, node, image)
                                            one row per accepted change, in commit order, times never going back;
                                            the record as it became (JSON) where other nodes have to show it
        tl_clock    (id, seq, changed_at)   of a shared database: commitorder.h; else empty
        tl_event    (id, ...)               events that wait for their delivery: eventqueue.h

    Opening brings the tables to what the schema says (migration.h).
*/
class Database
{
public:
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const Location &location, const Layout &layout,
                                                                const MigrationOptions &options);

    [[nodiscard]] const Location &location() const noexcept { return m_location; }
    [[nodiscard]] const CommitOrder::Stamp &last() const noexcept { return m_last; }     // as it was opened
    [[nodiscard]] const QByteArray &secret() const noexcept { return m_secret; }         // never leaves the server

private:
    Database(const Location &location, const Layout &layout);
    [[nodiscard]] Result<void> prepare(const MigrationOptions &options);
    [[nodiscard]] Result<void> prepareTables(Connection &connection, const MigrationOptions &options);
    [[nodiscard]] Result<void> createSystemTables(Connection &connection) const;
    [[nodiscard]] Result<void> upgrade(Connection &connection) const;
    [[nodiscard]] Result<void> checkEncoding(Connection &connection) const;
    [[nodiscard]] Result<void> readSecret(Connection &connection);
    [[nodiscard]] Result<void> readEnd(Connection &connection);

    const Location m_location;
    const Layout &m_layout;
    std::unique_ptr<FileLock> m_lock;
    CommitOrder::Stamp m_last;
    QByteArray m_secret;
};

} // namespace Tideline::Server
