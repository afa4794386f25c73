// SPDX-License-Identifier: MIT
#include "server/storage/databasefile.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr qint64 layoutNumber = 1;

DatabaseFile::DatabaseFile(const QString &path) : m_path(path), m_lock(path + u".lock"_s)
{
}

Result<std::unique_ptr<DatabaseFile>> DatabaseFile::open(const QString &path, const Layout &layout)
{
    if (path.isEmpty())
        return Error(Error::Code::InvalidArgument, u"The server needs the path of a database file."_s);
    std::unique_ptr<DatabaseFile> file(new DatabaseFile(path));
    if (const Result<void> held = file->m_lock.acquire(); !held)
        return held.error();
    if (const Result<void> prepared = file->prepare(layout); !prepared)
        return prepared.error();
    return file;
}

Result<void> DatabaseFile::prepare(const Layout &layout)
{
    const Result<std::unique_ptr<Connection>> opened = Connection::open(m_path, Connection::Mode::Write);
    if (!opened)
        return opened.error();
    Connection &connection = **opened;
    if (const Result<void> begun = connection.run(u"BEGIN IMMEDIATE"_s); !begun)
        return begun;
    if (const Result<void> done = createSystemTables(connection); !done)
        return done;
    for (const TableLayout &table : layout.tables()) {
        if (const Result<void> done = prepareTable(connection, table); !done)
            return done;
    }
    if (const Result<void> done = readEnd(connection, layout); !done)
        return done;
    return connection.run(u"COMMIT"_s);
}

Result<void> DatabaseFile::createSystemTables(Connection &connection)
{
    const QStringList statements = {
        u"CREATE TABLE IF NOT EXISTS tl_meta (name TEXT PRIMARY KEY, value TEXT)"_s,
        u"CREATE TABLE IF NOT EXISTS tl_journal (seq INTEGER PRIMARY KEY, changed_at INTEGER NOT NULL, "
        "model TEXT NOT NULL, record_key TEXT NOT NULL, operation INTEGER NOT NULL, version INTEGER NOT NULL)"_s,
        u"CREATE INDEX IF NOT EXISTS \"tl_journal.changed_at\" ON tl_journal (changed_at)"_s,
        u"INSERT INTO tl_meta (name, value) VALUES ('layout', '%1') ON CONFLICT DO NOTHING"_s.arg(layoutNumber),
    };
    for (const QString &statement : statements) {
        if (const Result<void> done = connection.run(statement); !done)
            return done;
    }
    const Result<qint64> number = connection.number(u"SELECT value FROM tl_meta WHERE name = 'layout'"_s);
    if (!number)
        return number.error();
    if (*number > layoutNumber)
        return Error(Error::Code::StoreTooNew, u"The database %1 was written by a newer Tideline."_s.arg(m_path));
    return {};
}

Result<void> DatabaseFile::prepareTable(Connection &connection, const TableLayout &table)
{
    if (const Result<void> done = connection.run(table.createTable()); !done)
        return done;
    if (const Result<void> done = checkKey(connection, table); !done)
        return done;
    if (const Result<void> done = addColumns(connection, table); !done)
        return done;
    for (const QString &statement : table.createIndexes()) {
        if (const Result<void> done = connection.run(statement); !done)
            return done;
    }
    return {};
}

Result<void> DatabaseFile::checkKey(Connection &connection, const TableLayout &table)
{
    QSqlQuery note = connection.query();
    note.prepare(u"INSERT INTO tl_meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING"_s);
    note.addBindValue(u"key."_s + table.table());
    note.addBindValue(table.keyText());
    if (const Result<void> done = connection.exec(note); !done)
        return done;
    QSqlQuery stored = connection.query();
    stored.prepare(u"SELECT value FROM tl_meta WHERE name = ?"_s);
    stored.addBindValue(u"key."_s + table.table());
    if (const Result<void> done = connection.exec(stored); !done)
        return done;
    const QString key = stored.next() ? stored.value(0).toString() : QString();
    if (key == table.keyText())
        return {};
    return Error(Error::Code::InvalidSchema, u"The key of %1 is (%2) in the database and (%3) in the schema; move the records "
                                             "to a new database."_s.arg(table.model()->name, key, table.keyText()))
        .withModel(table.model()->name);
}

Result<void> DatabaseFile::addColumns(Connection &connection, const TableLayout &table)
{
    QSqlQuery info = connection.query();
    if (!info.exec(u"PRAGMA table_info(%1)"_s.arg(table.quotedTable())))
        return Connection::errorOf(info, table.table());
    QHash<QString, QString> types;
    while (info.next())
        types.insert(info.value(1).toString().toLower(), info.value(2).toString());
    for (int field = 0; field < int(table.columns().size()); ++field) {
        const TableLayout::Column &column = table.columns()[size_t(field)];
        const QString wanted = QString(QLatin1StringView(TableLayout::typeName(column.storage)));
        const QString present = types.value(column.name.toLower());
        if (present.isEmpty()) {
            if (const Result<void> added = connection.run(table.addColumn(field)); !added)
                return added;
        } else if (present != wanted) {
            return Error(Error::Code::InvalidSchema, u"Field %1 of %2 is %3 in the database and %4 in the schema."_s
                                                         .arg(column.name, table.model()->name, present, wanted))
                .withModel(table.model()->name).withField(column.name);
        }
    }
    return {};
}

Result<void> DatabaseFile::readEnd(Connection &connection, const Layout &layout)
{
    QStringList numbers = {u"SELECT MAX(seq) AS n FROM tl_journal"_s};
    for (const TableLayout &table : layout.tables())
        numbers.append(u"SELECT MAX(\"$seq\") FROM %1"_s.arg(table.quotedTable()));
    const Result<qint64> seq = connection.number(u"SELECT MAX(n) FROM (%1)"_s.arg(numbers.join(u" UNION ALL ")));
    if (!seq)
        return seq.error();
    const Result<qint64> time = connection.number(u"SELECT MAX(changed_at) FROM tl_journal"_s);
    if (!time)
        return time.error();
    m_lastSeq = *seq;
    m_lastChangedAt = *time;
    return {};
}

} // namespace Tideline::Server
