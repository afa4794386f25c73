// SPDX-License-Identifier: MIT
#include "server/storage/database.h"

#include "server/storage/eventqueue.h"

#include <QtCore/QRandomGenerator>

#include <array>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace Tideline::Server {

static constexpr qint64 layoutNumber = 2;
static constexpr int maxAttempts = 10;                  // while other nodes start
static constexpr auto pauseBetween = 200ms;

Database::Database(const Location &location, const Layout &layout) : m_location(location), m_layout(layout)
{
}

Result<std::unique_ptr<Database>> Database::open(const Location &location, const Layout &layout, const MigrationOptions &options)
{
    std::unique_ptr<Database> database(new Database(location, layout));
    if (!location.dialect().isShared()) {
        database->m_lock = std::make_unique<FileLock>(location.database + u".lock"_s);
        if (const Result<void> held = database->m_lock->acquire(); !held)
            return held.error();
    }
    if (const Result<void> prepared = database->prepare(options); !prepared)
        return prepared.error();
    return database;
}

/*
    Nodes that start at once make the same tables, and a serving node may have one locked: what fails for that is
    tried again. A refusal of the schema is final.
*/
Result<void> Database::prepare(const MigrationOptions &options)
{
    const Result<std::unique_ptr<Connection>> opened = Connection::open(m_location, Connection::Mode::Write);
    if (!opened)
        return opened.error();
    Connection &connection = **opened;
    const int attempts = m_location.dialect().isShared() ? maxAttempts : 1;
    Result<void> done;
    for (int attempt = 1; attempt <= attempts; ++attempt) {
        done = prepareTables(connection, options);
        if (done)
            done = Migration(connection, m_layout, options).createIndexes(m_location);
        if (done || (done.error().code() != Error::Code::StoreLocked && done.error().code() != Error::Code::StoreFailed))
            return done;
        if (attempt < attempts)
            std::this_thread::sleep_for(pauseBetween);
    }
    return done;
}

Result<void> Database::prepareTables(Connection &connection, const MigrationOptions &options)
{
    if (const Result<void> begun = connection.begin(); !begun)
        return begun;
    Result<void> done = checkEncoding(connection);
    if (done && m_location.dialect().isShared())            // large tables take their time; waits for locks have their own limit
        done = connection.run(u"SET LOCAL statement_timeout = 0"_s);
    if (done)
        done = createSystemTables(connection);
    if (done)
        done = upgrade(connection);
    if (done)
        done = EventQueue(connection).create();
    if (done && !m_location.dialect().isShared())
        done = EventQueue(connection).restart();
    if (done)
        done = Migration(connection, m_layout, options).run();
    if (done)
        done = readSecret(connection);
    if (done)
        done = readEnd(connection);
    if (done)
        done = connection.commit();
    if (!done)
        connection.rollback();
    return done;
}

Result<void> Database::checkEncoding(Connection &connection) const
{
    if (!m_location.dialect().isShared())
        return {};
    QSqlQuery query = connection.query();
    if (!query.exec(u"SHOW server_encoding"_s) || !query.next())
        return connection.errorOf(query, u"server_encoding"_s);
    if (query.value(0).toString().compare(u"UTF8", Qt::CaseInsensitive) == 0)
        return {};
    return Error(Error::Code::StoreForeign, u"The database %1 does not keep its text in UTF-8; make it with ENCODING 'UTF8'."_s
                                                .arg(m_location.display()));
}

// From the row of the layout's number on, nodes that start at once take turns.
Result<void> Database::createSystemTables(Connection &connection) const
{
    const Dialect &dialect = m_location.dialect();
    const Result<bool> present = connection.hasTable(u"tl_meta"_s);
    if (!present)
        return present.error();
    const QString text = dialect.type(Storage::Text);
    const QString number = dialect.catalogType(Storage::Integer);
    const QStringList statements = {
        u"CREATE TABLE IF NOT EXISTS tl_meta (name %1 PRIMARY KEY, value %1)"_s.arg(text),
        u"CREATE TABLE IF NOT EXISTS tl_journal (seq %1, changed_at %2 NOT NULL, model %3 NOT NULL, record_key %3 NOT NULL, "
        "operation %2 NOT NULL, version %2 NOT NULL, deleted %2 NOT NULL DEFAULT 0, node %2 NOT NULL DEFAULT 0, image %3)"_s
            .arg(dialect.numberKey(), number, text),
        u"CREATE TABLE IF NOT EXISTS tl_clock (id %1, seq %2 NOT NULL, changed_at %2 NOT NULL)"_s.arg(dialect.numberKey(), number),
        u"CREATE INDEX IF NOT EXISTS \"tl_journal.changed_at\" ON tl_journal (changed_at)"_s,
        u"INSERT INTO tl_meta (name, value) VALUES ('layout', '%1') ON CONFLICT DO NOTHING"_s.arg(layoutNumber),
    };
    for (const QString &statement : *present ? QStringList() : statements) {
        if (const Result<void> done = connection.run(statement); !done)
            return done;
    }
    return connection.run(u"SELECT value FROM tl_meta WHERE name = 'layout'"_s + dialect.forUpdate());
}

Result<void> Database::upgrade(Connection &connection) const
{
    const Result<qint64> number = connection.number(u"SELECT value FROM tl_meta WHERE name = 'layout'"_s);
    if (!number)
        return number.error();
    if (*number > layoutNumber)
        return Error(Error::Code::StoreTooNew, u"The database %1 was written by a newer Tideline."_s.arg(m_location.display()));
    if (*number == layoutNumber)
        return {};
    const QStringList statements = {
        u"ALTER TABLE tl_journal ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0"_s,
        u"ALTER TABLE tl_journal ADD COLUMN node INTEGER NOT NULL DEFAULT 0"_s,
        u"ALTER TABLE tl_journal ADD COLUMN image TEXT"_s,
        u"CREATE TABLE tl_clock (id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, changed_at INTEGER NOT NULL)"_s,
    };
    for (const QString &statement : statements) {
        if (const Result<void> done = connection.run(statement); !done)
            return done;
    }
    return connection.run(u"UPDATE tl_meta SET value = '%1' WHERE name = 'layout'"_s.arg(layoutNumber));
}

// The first node's is everybody's.
Result<void> Database::readSecret(Connection &connection)
{
    std::array<quint32, 8> random;
    QRandomGenerator::system()->fillRange(random.data(), qsizetype(random.size()));
    const QByteArray secret(reinterpret_cast<const char *>(random.data()), sizeof(random));
    QSqlQuery insert = connection.query();
    insert.prepare(u"INSERT INTO tl_meta (name, value) VALUES ('token.secret', ?) ON CONFLICT DO NOTHING"_s);
    insert.addBindValue(QString::fromLatin1(secret.toBase64()));
    if (const Result<void> made = connection.exec(insert); !made)
        return made;
    QSqlQuery query = connection.query();
    if (!query.exec(u"SELECT value FROM tl_meta WHERE name = 'token.secret'"_s) || !query.next())
        return connection.errorOf(query, u"token.secret"_s);
    m_secret = QByteArray::fromBase64(query.value(0).toString().toLatin1());
    return {};
}

Result<void> Database::readEnd(Connection &connection)
{
    if (m_location.dialect().isShared()) {
        if (const Result<void> made = connection.run(u"INSERT INTO tl_clock (id, seq, changed_at) VALUES (1, 0, 0) ON CONFLICT DO NOTHING"_s); !made)
            return made;
        const Result<qint64> seq = connection.number(u"SELECT seq FROM tl_clock WHERE id = 1"_s);
        const Result<qint64> time = connection.number(u"SELECT changed_at FROM tl_clock WHERE id = 1"_s);
        if (seq && time)
            m_last = {*time, *seq};
        return !seq ? Result<void>(seq.error()) : !time ? Result<void>(time.error()) : Result<void>();
    }
    QStringList numbers = {u"SELECT MAX(seq) AS n FROM tl_journal"_s};
    for (const TableLayout &table : m_layout.tables())
        numbers.append(u"SELECT MAX(\"$seq\") FROM %1"_s.arg(table.quotedTable()));
    const Result<qint64> seq = connection.number(u"SELECT MAX(n) FROM (%1) AS numbers"_s.arg(numbers.join(u" UNION ALL ")));
    if (!seq)
        return seq.error();
    const Result<qint64> time = connection.number(u"SELECT MAX(changed_at) FROM tl_journal"_s);
    if (!time)
        return time.error();
    m_last = {*time, *seq};
    return {};
}

} // namespace Tideline::Server
