// SPDX-License-Identifier: MIT
#include "server/storage/connection.h"

#include <QtCore/QUuid>
#include <QtSql/QSqlDatabase>
#include <QtSql/QSqlError>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static constexpr size_t maxPrepared = 400;                  // statements a connection keeps

static Error::Code codeOf(const QSqlError &error)
{
    const int code = error.nativeErrorCode().toInt() & 0xff;
    constexpr int busy = 5, locked = 6, readOnly = 8, corrupt = 11, full = 13, cannotOpen = 14, notADatabase = 26;
    switch (code) {
    case busy:
    case locked:
        return Error::Code::StoreLocked;
    case readOnly:
        return Error::Code::StoreReadOnly;
    case corrupt:
        return Error::Code::StoreDamaged;
    case full:
        return Error::Code::DiskFull;
    case cannotOpen:
        return Error::Code::StoreUnavailable;
    case notADatabase:
        return Error::Code::StoreForeign;
    default:
        return Error::Code::StoreFailed;
    }
}

Error Connection::errorOf(const QSqlQuery &query, const QString &what)
{
    return Error(codeOf(query.lastError()), u"The database refused: %1"_s.arg(query.lastError().databaseText()))
        .withDetail(what);
}

Result<std::unique_ptr<Connection>> Connection::open(const QString &path, Mode mode)
{
    std::unique_ptr<Connection> connection(new Connection);
    connection->m_name = u"tideline-server-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, connection->m_name);
        database.setDatabaseName(path);
        database.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=10000"_s);
        if (!database.open())
            return Error(codeOf(database.lastError()), u"The database %1 cannot be opened: %2"_s
                                                           .arg(path, database.lastError().databaseText()));
    }
    const QStringList common = {u"PRAGMA temp_store = MEMORY"_s, u"PRAGMA mmap_size = 268435456"_s};
    const QStringList writer = {u"PRAGMA journal_mode = WAL"_s, u"PRAGMA synchronous = FULL"_s,
                                u"PRAGMA secure_delete = OFF"_s, u"PRAGMA cache_size = -65536"_s};
    const QStringList reader = {u"PRAGMA query_only = ON"_s, u"PRAGMA cache_size = -16384"_s};
    for (const QString &pragma : common + (mode == Mode::Write ? writer : reader)) {
        if (const Result<void> set = connection->run(pragma); !set) {
            return Error(set.error().code(), u"The database %1 cannot be used. %2"_s.arg(path, set.error().message()))
                .withDetail(set.error().detail());
        }
    }
    return connection;
}

Connection::~Connection()
{
    m_prepared.clear();
    QSqlDatabase::removeDatabase(m_name);
}

QSqlQuery Connection::query() const
{
    QSqlQuery query(QSqlDatabase::database(m_name, false));
    query.setForwardOnly(true);
    return query;
}

Result<void> Connection::run(const QString &sql)
{
    QSqlQuery statement = query();
    if (!statement.exec(sql))
        return errorOf(statement, sql);
    return {};
}

Result<QSqlQuery *> Connection::prepared(const QString &sql)
{
    if (const auto known = m_prepared.find(sql); known != m_prepared.end())
        return &known->second;
    if (m_prepared.size() >= maxPrepared)
        m_prepared.clear();
    QSqlQuery statement = query();
    if (!statement.prepare(sql))
        return errorOf(statement, sql);
    return &m_prepared.emplace(sql, std::move(statement)).first->second;
}

Result<void> Connection::exec(QSqlQuery &query) const
{
    if (query.exec())
        return {};
    const Error error = errorOf(query, query.lastQuery());
    query.finish();
    return error;
}

Result<qint64> Connection::number(const QString &sql)
{
    QSqlQuery statement = query();
    if (!statement.exec(sql))
        return errorOf(statement, sql);
    return statement.next() ? statement.value(0).toLongLong() : 0;
}

} // namespace Tideline::Server
