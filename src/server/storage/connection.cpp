// SPDX-License-Identifier: MIT
#include "server/storage/connection.h"

#include <QtCore/QUuid>
#include <QtSql/QSqlDatabase>
#include <QtSql/QSqlError>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace Tideline::Server {

static constexpr size_t maxPrepared = 400;                  // statements a connection keeps
static constexpr auto firstPause = 50ms, longestPause = 2000ms;

Connection::Connection(const Location &location, Mode mode)
    : m_location(location), m_mode(mode), m_name(u"tideline-server-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces))
{
}

Error Connection::errorOf(const QSqlQuery &query, const QString &what) const
{
    const Error::Code code = isLost() ? Error::Code::StoreUnavailable : dialect().codeOf(query.lastError());
    if (code == Error::Code::StoreUnavailable && dialect().isShared())
        return Error(code, u"The database cannot be reached."_s).withDetail(query.lastError().databaseText() + u"; "_s + what);
    return Error(code, u"The database refused: %1"_s.arg(query.lastError().databaseText())).withDetail(what);
}

Result<std::unique_ptr<Connection>> Connection::open(const Location &location, Mode mode)
{
    const Dialect &dialect = location.dialect();
    if (!QSqlDatabase::isDriverAvailable(dialect.driver()))
        return Error(Error::Code::StoreUnavailable, u"Qt's database driver %1 is missing; Debian has it in the package %2."_s
                                                        .arg(dialect.driver(), dialect.package()));
    std::unique_ptr<Connection> connection(new Connection(location, mode));
    if (const Result<void> connected = connection->connect(); !connected)
        return connected.error();
    return connection;
}

Result<void> Connection::connect()
{
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(dialect().driver(), m_name);
        database.setDatabaseName(m_location.database);
        database.setHostName(m_location.host);
        database.setUserName(m_location.user);
        database.setPassword(m_location.password);
        database.setPort(m_location.port);
        database.setConnectOptions((QStringList{dialect().connectOptions()} + m_location.options).join(u';'));
        if (!database.open()) {
            const QSqlError error = database.lastError();
            const Error::Code code = dialect().isShared() ? Error::Code::StoreUnavailable : dialect().codeOf(error);
            return Error(code, u"The database %1 cannot be opened: %2"_s.arg(m_location.display(), error.databaseText().trimmed()));
        }
    }
    for (const QString &statement : dialect().session(m_mode, m_location.durable)) {
        if (const Result<void> set = run(statement); !set) {
            QSqlDatabase::database(m_name, false).close();
            return Error(set.error().code(), u"The database %1 cannot be used. %2"_s.arg(m_location.display(), set.error().message()))
                .withDetail(set.error().detail());
        }
    }
    if (const QString planning = dialect().planning(m_mode); !planning.isEmpty()) {
        [[maybe_unused]] const Result<void> set = run(planning);        // without it things are slower, not wrong
    }
    return {};
}

Connection::~Connection()
{
    disconnect();
}

// A server forgets a connection's statements by itself; without the driver QtSql does not tell it each of them.
void Connection::disconnect()
{
    m_depth = 0;
    if (!dialect().isShared())
        m_prepared.clear();
    QSqlDatabase::removeDatabase(m_name);
    m_prepared.clear();
}

bool Connection::isLost() const
{
    return !QSqlDatabase::database(m_name, false).isOpen();
}

Result<void> Connection::restore()
{
    if (!isLost())
        return {};
    if (!m_nextTry.hasExpired())
        return Error(Error::Code::StoreUnavailable, u"The database cannot be reached."_s);
    disconnect();
    const Result<void> connected = connect();
    m_pause = connected ? 0ms : std::clamp(2 * m_pause, std::chrono::milliseconds(firstPause), std::chrono::milliseconds(longestPause));
    m_nextTry.setRemainingTime(m_pause);
    if (!connected)
        return Error(Error::Code::StoreUnavailable, u"The database cannot be reached."_s).withDetail(connected.error().message());
    return {};
}

Result<void> Connection::control(const QString &sql)
{
    if (!dialect().preparesTransactions())
        return run(sql);
    const Result<QSqlQuery *> query = prepared(sql);
    return query ? exec(**query) : query.error();
}

// A line that broke while nothing was under way is noticed here, and nothing is lost by trying again.
Result<void> Connection::begin()
{
    const QString sql = m_mode == Mode::Write ? dialect().beginWrite() : dialect().beginRead();
    if (m_depth > 0 && !isLost()) {
        ++m_depth;
        return {};
    }
    const Result<void> begun = repeatable([&] { return control(sql); });
    m_depth = begun ? 1 : 0;
    return begun;
}

Result<void> Connection::commit()
{
    if (m_depth == 0 || --m_depth > 0)
        return {};
    return control(u"COMMIT"_s);
}

// The database may have rolled back by itself already.
void Connection::rollback()
{
    m_depth = 0;
    if (!isLost()) {
        [[maybe_unused]] const Result<void> undone = control(u"ROLLBACK"_s);
    }
}

QSqlQuery Connection::query() const
{
    QSqlQuery query(QSqlDatabase::database(m_name, false));
    query.setForwardOnly(dialect().forwardOnly());
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

Result<bool> Connection::hasTable(const QString &name) const
{
    QSqlQuery columns = query();
    columns.prepare(dialect().columns());
    columns.addBindValue(name);
    if (const Result<void> done = exec(columns); !done)
        return done.error();
    return columns.next();
}

Result<qint64> Connection::number(const QString &sql)
{
    QSqlQuery statement = query();
    if (!statement.exec(sql))
        return errorOf(statement, sql);
    return statement.next() ? statement.value(0).toLongLong() : 0;
}

} // namespace Tideline::Server
