// SPDX-License-Identifier: MIT
#include "client/store/connection_p.h"

#include "client/store/store.h"
#include "client/store/storetext_p.h"

#include <QtSql/QSqlError>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

static constexpr int StatementLimit = 200;
static const QString Memory = u":memory:"_s;

Statement::Statement(Statement &&other) noexcept
    : m_query(std::exchange(other.m_query, nullptr)), m_error(std::move(other.m_error)), m_bound(other.m_bound)
{
}

Statement::~Statement()
{
    if (m_query)
        m_query->finish();
}

static bool startsWithMark(const QVariant &value)
{
    if (value.typeId() != QMetaType::QString)
        return false;
    const QStringView text = *static_cast<const QString *>(value.constData());
    return text.startsWith(QChar(QChar::ByteOrderMark)) || text.startsWith(QChar(QChar::ByteOrderSwapped));
}

// SQLite takes one byte order mark at the beginning of UTF-16 for its own, so that none but an added one is lost.
Statement &Statement::bind(const QVariant &value)
{
    if (m_query)
        m_query->bindValue(m_bound++, startsWithMark(value) ? QVariant(QChar(QChar::ByteOrderMark) + value.toString()) : value);
    return *this;
}

bool Statement::exec()
{
    if (!m_query)
        return false;
    m_bound = 0;
    if (m_query->exec())
        return true;
    m_error = Connection::errorOf(m_query->lastError());
    return false;
}

bool Statement::next()
{
    if (m_query->next())
        return true;
    if (const QSqlError error = m_query->lastError(); error.isValid())
        m_error = Connection::errorOf(error);
    return false;
}

Connection::Connection(std::shared_ptr<const Layout> layout)
    : m_layout(std::move(layout)), m_name(u"tideline-"_s + QString::number(quintptr(this), 16)), m_statements(StatementLimit)
{
    m_rowStatements.resize(m_layout->schema().models().size() * size_t(RowStatementCount));
}

Connection::~Connection()
{
    close();
}

void Connection::close()
{
    m_rowStatements.clear();
    m_statements.clear();
    m_open = false;
    if (!m_database.isValid())
        return;
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Result<void> Connection::open(const StoreOptions &options, Mode mode)
{
    m_database = QSqlDatabase::addDatabase(u"QSQLITE"_s, m_name);
    if (!m_database.isValid())
        return Error(Error::Code::StoreUnavailable,
                     StoreText::tr("Qt's driver for SQLite (QSQLITE) is not installed, so there can be no local store."));
    m_database.setDatabaseName(options.path);
    m_database.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=%1"_s.arg(options.busyTimeout));
    if (!m_database.open())
        return errorOf(m_database.lastError());
    m_file = FileGuard::identity(options.path);
    m_open = true;
    return configure(options, mode);
}

Result<void> Connection::checkFile() const
{
    const QString path = m_database.databaseName();
    return FileGuard::identity(path) == m_file ? Result<void>() : Result<void>(FileGuard::moved(path));
}

/*
    What holds for one connection only; the file's own settings are the writer's business when it makes the file. The writer
    keeps 6 MB of pages, so that an import need not read them again and again, a reader the 2 MB that SQLite gives. None maps
    the file: what is mapped counts as the program's memory up to the size of the file, and a read gains a microsecond.
*/
Result<void> Connection::configure(const StoreOptions &options, Mode mode)
{
    QStringList pragmas{u"temp_store = MEMORY"_s, u"foreign_keys = OFF"_s, u"secure_delete = OFF"_s, u"mmap_size = 0"_s};
    if (mode == Mode::Reader)
        pragmas.append(u"query_only = ON"_s);
    else
        pragmas += {u"cache_size = -6144"_s, options.durable ? u"synchronous = FULL"_s : u"synchronous = NORMAL"_s};
    for (const QString &pragma : std::as_const(pragmas)) {
        if (const Result<void> done = run(u"PRAGMA "_s + pragma); !done)
            return done;
    }
    return {};
}

std::unique_ptr<QSqlQuery> Connection::compiled(const QString &sql, Error &error)
{
    auto query = std::make_unique<QSqlQuery>(m_database);
    query->setForwardOnly(true);
    if (query->prepare(sql))
        return query;
    error = errorOf(query->lastError());
    return nullptr;
}

Statement Connection::prepare(const QString &sql)
{
    Error error;
    QSqlQuery *query = m_statements.object(sql);
    if (!query) {
        std::unique_ptr<QSqlQuery> made = compiled(sql, error);
        query = made.get();
        if (query)
            m_statements.insert(sql, made.release());
    }
    return {query, error};
}

Statement Connection::prepare(const Table &table, RowStatement statement)
{
    Error error;
    std::unique_ptr<QSqlQuery> &query = m_rowStatements[size_t(table.model->number) * size_t(RowStatementCount) + size_t(statement)];
    if (!query)
        query = compiled(table.statement(statement), error);
    return {query.get(), error};
}

Result<void> Connection::run(const QString &sql)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (query.exec(sql))
        return {};
    return errorOf(query.lastError());
}

Result<QVariant> Connection::single(const QString &sql)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.exec(sql))
        return errorOf(query.lastError());
    return query.next() ? query.value(0) : QVariant();
}

static Error refusedStatement(const QString &text, const QString &detail)
{
    // all statements fit the layout, so what they do not find is missing from the file
    if (text.startsWith("no such "_L1) || text.contains("has no column"_L1) || text == "unsupported file format"_L1)
        return FileGuard::damaged(detail);
    if (text == "parser stack overflow"_L1 || text.startsWith("Expression tree is too large"_L1) || text == "too many SQL variables"_L1)
        return Error(Error::Code::InvalidArgument, StoreText::tr("The condition is nested more deeply, or has more operands, than SQLite "
                                                                 "can take. Ask in several queries.")).withDetail(detail);
    return Error(Error::Code::StoreFailed, StoreText::tr("SQLite refused a statement of the local store.")).withDetail(detail);
}

Error Connection::errorOf(const QSqlError &error)
{
    const int code = error.nativeErrorCode().toInt() & 0xff;
    const QString detail = u"SQLite %1: %2"_s.arg(error.nativeErrorCode(), error.databaseText());
    const auto made = [&detail](Error::Code kind, const QString &message) { return Error(kind, message).withDetail(detail); };
    switch (code) {
    case 5:     // BUSY
    case 6:     // LOCKED
        return made(Error::Code::StoreLocked, StoreText::tr("Another program holds the lock of the local store. Try again when it is done."));
    case 8:     // READONLY
        return made(Error::Code::StoreReadOnly, StoreText::tr("The local store cannot be written: the file, its folder or the disk is "
                                                              "read-only. Make it writable or choose another place."));
    case 10:    // IOERR
        return made(Error::Code::StoreUnavailable, StoreText::tr("The disk reported an error at the local store. Check the disk and try again."));
    case 11:    // CORRUPT
    case 26:    // NOTADB, though FileGuard saw that it is
        return FileGuard::damaged(detail);
    case 13:    // FULL
        return made(Error::Code::DiskFull, StoreText::tr("There is no room left for the local store. Nothing was changed; free some "
                                                         "space and try again."));
    case 14:    // CANTOPEN
        return made(Error::Code::StoreUnavailable, StoreText::tr("The local store cannot be opened. Check that its folder exists and "
                                                                 "may be used."));
    default:
        return refusedStatement(error.databaseText(), detail);
    }
}

} // namespace Tideline
