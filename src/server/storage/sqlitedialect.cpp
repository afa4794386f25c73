// SPDX-License-Identifier: MIT
#include "server/storage/dialect.h"

#include <QtSql/QSqlError>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

Dialect::~Dialect() = default;

namespace {

class SqliteDialect final : public Dialect
{
public:
    QString driver() const override { return u"QSQLITE"_s; }
    QString package() const override { return u"libqt6sql6-sqlite"_s; }
    QString connectOptions() const override { return u"QSQLITE_BUSY_TIMEOUT=10000"_s; }
    QStringList session(Mode mode, bool durable) const override;
    QString planning(Mode) const override { return {}; }
    bool forwardOnly() const override { return true; }
    bool preparesTransactions() const override { return true; }
    bool isShared() const override { return false; }
    QString beginWrite() const override { return u"BEGIN IMMEDIATE"_s; }
    QString beginRead() const override { return u"BEGIN"_s; }
    QString forUpdate() const override { return {}; }
    size_t rowsPerStatement() const override { return 1; }
    QString type(Storage storage) const override;
    QString catalogType(Storage storage) const override { return type(storage); }
    QString numberKey() const override { return u"INTEGER PRIMARY KEY"_s; }
    QString mark(Storage) const override { return u"?"_s; }
    QString byBytes(const QString &text) const override { return text; }
    QString realText(const QString &number) const override;
    qsizetype identifierBytes() const override { return 10'000; }
    QVariant toText(const QString &text) const override;
    QString fromText(const QString &text) const override { return text; }
    QString columns() const override { return u"SELECT name, type FROM pragma_table_info(?)"_s; }
    QString createIndexOnline() const override { return u"CREATE INDEX IF NOT EXISTS"_s; }
    QString indexes() const override { return u"SELECT name, 1 FROM sqlite_master WHERE type = 'index'"_s; }
    Error::Code codeOf(const QSqlError &error) const override;
};

} // namespace

QStringList SqliteDialect::session(Mode mode, bool durable) const
{
    QStringList statements = {u"PRAGMA temp_store = MEMORY"_s, u"PRAGMA mmap_size = 268435456"_s};
    if (mode == Mode::Read)
        return statements << u"PRAGMA query_only = ON"_s << u"PRAGMA cache_size = -16384"_s;
    return statements << u"PRAGMA journal_mode = WAL"_s
                      << u"PRAGMA synchronous = %1"_s.arg(durable ? u"FULL"_s : u"NORMAL"_s)
                      << u"PRAGMA secure_delete = OFF"_s << u"PRAGMA cache_size = -65536"_s;
}

QString SqliteDialect::type(Storage storage) const
{
    switch (storage) {
    case Storage::Integer:
    case Storage::Boolean:
        return u"INTEGER"_s;
    case Storage::Real:
        return u"REAL"_s;
    case Storage::Text:
    case Storage::Json:
        break;
    }
    return u"TEXT"_s;
}

// %f has 16 digits, of which those beyond the 15th would be the number's own.
QString SqliteDialect::realText(const QString &number) const
{
    return uR"((CASE WHEN %1 IS NULL THEN NULL WHEN %1 = 0 THEN '0'
        WHEN abs(%1) < 1e-6 OR abs(%1) >= 1e21 THEN replace(printf('%.15g', %1), 'e-0', 'e-')
        WHEN abs(%1) < 1e-4 THEN rtrim(printf('%.20f', CAST(printf('%.15g', %1) AS REAL)), '0')
        WHEN abs(%1) >= 999999999999999.5 THEN printf('%.0f', CAST(printf('%.15g', %1) AS REAL))
        ELSE printf('%.15g', %1) END))"_s.arg(number);
}

// QtSql takes a null QString for NULL, SQLite one byte order mark at the beginning of UTF-16 for its own.
QVariant SqliteDialect::toText(const QString &text) const
{
    if (text.startsWith(QChar::ByteOrderMark))
        return QString(QChar(QChar::ByteOrderMark) + text);
    return text.isNull() ? u""_s : text;
}

Error::Code SqliteDialect::codeOf(const QSqlError &error) const
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

const Dialect &sqliteDialect()
{
    static const SqliteDialect dialect;
    return dialect;
}

} // namespace Tideline::Server
