// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QString>

#include <sqlite3.h>

// As little as possible over SQLite's C API: what the store is measured against.
namespace Raw {

inline void check(int code, sqlite3 *database)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        qFatal("SQLite: %s", sqlite3_errmsg(database));
}

class Database
{
public:
    explicit Database(const QString &path)
    {
        check(sqlite3_open(path.toUtf8().constData(), &m_handle), m_handle);
        for (const char *pragma : {"synchronous = FULL", "temp_store = MEMORY", "secure_delete = OFF", "cache_size = -16384", "mmap_size = 268435456"})
            run(QByteArray("PRAGMA ") + pragma);
    }
    ~Database() { sqlite3_close_v2(m_handle); }
    Q_DISABLE_COPY_MOVE(Database)

    void run(const QByteArray &sql) { check(sqlite3_exec(m_handle, sql.constData(), nullptr, nullptr, nullptr), m_handle); }
    [[nodiscard]] sqlite3 *handle() const { return m_handle; }

private:
    sqlite3 *m_handle = nullptr;
};

class Statement
{
public:
    Statement(Database &database, const QByteArray &sql) : m_database(database.handle())
    {
        check(sqlite3_prepare_v3(m_database, sql.constData(), -1, SQLITE_PREPARE_PERSISTENT, &m_handle, nullptr), m_database);
    }
    ~Statement() { sqlite3_finalize(m_handle); }
    Q_DISABLE_COPY_MOVE(Statement)

    Statement &text(int place, const QByteArray &value)
    {
        sqlite3_bind_text(m_handle, place, value.constData(), int(value.size()), SQLITE_TRANSIENT);
        return *this;
    }
    Statement &integer(int place, qint64 value)
    {
        sqlite3_bind_int64(m_handle, place, value);
        return *this;
    }
    [[nodiscard]] bool step()
    {
        const int code = sqlite3_step(m_handle);
        check(code, m_database);
        return code == SQLITE_ROW;
    }
    void reset() { sqlite3_reset(m_handle); }
    void run()
    {
        while (step()) { }
        reset();
    }
    [[nodiscard]] QString string(int column) const
    {
        return QString::fromUtf8(reinterpret_cast<const char *>(sqlite3_column_text(m_handle, column)), sqlite3_column_bytes(m_handle, column));
    }
    [[nodiscard]] qint64 number(int column) const { return sqlite3_column_int64(m_handle, column); }

private:
    sqlite3 *m_database;
    sqlite3_stmt *m_handle = nullptr;
};

} // namespace Raw
