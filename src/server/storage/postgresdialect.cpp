// SPDX-License-Identifier: MIT
#include "server/storage/dialect.h"

#include <QtSql/QSqlError>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

class PostgresDialect final : public Dialect
{
public:
    QString driver() const override { return u"QPSQL"_s; }
    QString package() const override { return u"libqt6sql6-psql"_s; }
    QString connectOptions() const override;
    QStringList session(Mode mode, bool durable) const override;
    QString planning(Mode mode) const override;
    bool forwardOnly() const override { return false; }     // else each row is a result of its own in libpq
    bool preparesTransactions() const override { return false; }
    bool isShared() const override { return true; }
    QString beginWrite() const override { return u"BEGIN ISOLATION LEVEL READ COMMITTED"_s; }
    QString beginRead() const override { return u"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"_s; }
    QString forUpdate() const override { return u" FOR UPDATE"_s; }
    size_t rowsPerStatement() const override { return 64; }
    QString type(Storage storage) const override;
    QString catalogType(Storage storage) const override;
    QString numberKey() const override { return u"BIGINT PRIMARY KEY"_s; }
    QString mark(Storage storage) const override { return u"CAST(? AS %1)"_s.arg(catalogType(storage)); }
    QString byBytes(const QString &text) const override { return text + u" COLLATE \"C\""_s; }
    QString realText(const QString &number) const override;
    qsizetype identifierBytes() const override { return 63; }
    QVariant toText(const QString &text) const override;
    QString fromText(const QString &text) const override;
    QString columns() const override;
    QString createIndexOnline() const override { return u"CREATE INDEX CONCURRENTLY IF NOT EXISTS"_s; }
    QString indexes() const override;
    Error::Code codeOf(const QSqlError &error) const override;
};

} // namespace

QString PostgresDialect::connectOptions() const
{
    return u"connect_timeout=5;keepalives_idle=10;keepalives_interval=5;keepalives_count=3;tcp_user_timeout=30000"_s;
}

// Nothing waits for ever: not a statement, not for a lock, and not the others for a node that left a transaction open.
QStringList PostgresDialect::session(Mode mode, bool durable) const
{
    QStringList statements = {
        u"SET client_min_messages = error"_s,
        u"SET statement_timeout = '30s'"_s,
        u"SET idle_in_transaction_session_timeout = '15s'"_s,
        u"SET lock_timeout = '%1'"_s.arg(mode == Mode::Write ? u"10s"_s : u"2s"_s),
    };
    if (mode == Mode::Write)
        statements.append(u"SET synchronous_commit = %1"_s.arg(durable ? u"on"_s : u"off"_s));
    return statements;
}

/*
    A prepared statement keeps the plan that was made when its table was small. What the writer runs goes by a key in any case;
    a reader's statements are planned each time.
*/
QString PostgresDialect::planning(Mode mode) const
{
    return mode == Mode::Write ? u"SET enable_seqscan = off"_s : u"SET plan_cache_mode = force_custom_plan"_s;
}

QString PostgresDialect::type(Storage storage) const
{
    const bool isText = storage == Storage::Text || storage == Storage::Json;
    return isText ? u"TEXT COLLATE \"C\""_s : catalogType(storage);
}

QString PostgresDialect::catalogType(Storage storage) const
{
    switch (storage) {
    case Storage::Integer:
        return u"bigint"_s;
    case Storage::Boolean:
        return u"smallint"_s;
    case Storage::Real:
        return u"double precision"_s;
    case Storage::Text:
    case Storage::Json:
        break;
    }
    return u"text"_s;
}

/*
    PostgreSQL has no U+0000 in text. It is stored as U+0001 U+0001 and U+0001 as U+0001 U+0002, which keeps
    equality, order and prefixes.
*/
QVariant PostgresDialect::toText(const QString &text) const
{
    if (text.isNull())
        return u""_s;
    if (!text.contains(QChar(0)) && !text.contains(QChar(1)))
        return text;
    QString stored = text;
    stored.replace(QChar(1), u"\x01\x02"_s);
    return stored.replace(QChar(0), u"\x01\x01"_s);
}

QString PostgresDialect::fromText(const QString &text) const
{
    if (!text.contains(QChar(1)))
        return text;
    QString result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool escape = text[i] == QChar(1) && i + 1 < text.size();
        result.append(escape ? QChar(text[++i] == QChar(1) ? 0 : 1) : text[i]);
    }
    return result;
}

// The largest numbers, rounded, would be out of range.
QString PostgresDialect::realText(const QString &number) const
{
    return uR"((CASE WHEN %1 = 0 THEN '0'
        WHEN %1 >= 1.797693134862315e308 THEN '1.79769313486232e+308' WHEN %1 <= -1.797693134862315e308 THEN '-1.79769313486232e+308'
        WHEN abs(%1) < 1e-6 OR abs(%1) >= 1e21 THEN replace(CAST(CAST(CAST(%1 AS numeric) AS double precision) AS text), 'e-0', 'e-')
        ELSE CAST(CAST(%1 AS numeric) AS text) END))"_s.arg(number);
}

QString PostgresDialect::columns() const
{
    return u"SELECT column_name, data_type FROM information_schema.columns "
           "WHERE table_schema = current_schema() AND table_name = ?"_s;
}

QString PostgresDialect::indexes() const
{
    return u"SELECT c.relname, CASE WHEN i.indisvalid THEN 1 ELSE 0 END FROM pg_catalog.pg_index i "
           "JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
           "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema()"_s;
}

// Classes of SQLSTATE; none at all is a line that broke.
Error::Code PostgresDialect::codeOf(const QSqlError &error) const
{
    const QString state = error.nativeErrorCode();
    if (state.isEmpty())
        return error.type() == QSqlError::ConnectionError || error.type() == QSqlError::UnknownError || error.databaseText().isEmpty()
                || error.databaseText().contains(u"connection"_s) || error.databaseText().contains(u"server"_s)
            ? Error::Code::StoreUnavailable
            : Error::Code::StoreFailed;
    if (state.startsWith(u"08"_s) || state == u"57P01"_s || state == u"57P02"_s || state == u"57P03"_s || state == u"25P03"_s
        || state.startsWith(u"53"_s) || state.startsWith(u"28"_s) || state == u"3D000"_s)
        return state == u"53100"_s ? Error::Code::DiskFull : Error::Code::StoreUnavailable;
    if (state.startsWith(u"40"_s) || state == u"55P03"_s)
        return Error::Code::StoreLocked;
    if (state == u"25006"_s)
        return Error::Code::StoreReadOnly;
    if (state.startsWith(u"XX"_s))
        return Error::Code::StoreDamaged;
    return Error::Code::StoreFailed;
}

const Dialect &postgresDialect()
{
    static const PostgresDialect dialect;
    return dialect;
}

} // namespace Tideline::Server
