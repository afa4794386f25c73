// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/fileguard_p.h"
#include "client/store/layout_p.h"

#include <QtCore/QCache>
#include <QtSql/QSqlDatabase>
#include <QtSql/QSqlQuery>

namespace Tideline {

struct StoreOptions;

/*! A prepared statement in use: bind, run, read; its destructor resets it for the next use. Never two
    at a time of the same text on one connection. */
class Statement
{
public:
    Statement(QSqlQuery *query, Error error) : m_query(query), m_error(std::move(error)) { }
    ~Statement();
    Statement(Statement &&other) noexcept;
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;

    Statement &bind(const QVariant &value);             // the next placeholder
    [[nodiscard]] bool exec();
    [[nodiscard]] bool next();
    [[nodiscard]] QVariant value(int column) const { return m_query->value(column); }
    [[nodiscard]] qint64 integer(int column) const { return m_query->value(column).toLongLong(); }
    [[nodiscard]] QString text(int column) const { return m_query->value(column).toString(); }
    [[nodiscard]] int changedRows() const { return m_query->numRowsAffected(); }
    [[nodiscard]] const Error &error() const noexcept { return m_error; }   // of a failed prepare, exec or next

private:
    QSqlQuery *m_query;
    Error m_error;
    int m_bound = 0;
};

/*! One SQLite connection with its prepared statements; opened, used and destroyed in one thread. */
class Connection
{
public:
    enum class Mode { Writer, Reader };

    explicit Connection(std::shared_ptr<const Layout> layout);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    [[nodiscard]] Result<void> open(const StoreOptions &options, Mode mode);
    void close();
    [[nodiscard]] bool isOpen() const noexcept { return m_open; }
    [[nodiscard]] FileGuard::Identity file() const noexcept { return m_file; }
    [[nodiscard]] Result<void> checkFile() const;                               // whether its path still leads to it
    [[nodiscard]] const Layout &layout() const noexcept { return *m_layout; }

    [[nodiscard]] Statement prepare(const QString &sql);                        // kept, the least used are dropped
    [[nodiscard]] Statement prepare(const Table &table, RowStatement statement);    // kept
    [[nodiscard]] Result<void> run(const QString &sql);                         // once, not kept
    [[nodiscard]] Result<QVariant> single(const QString &sql);                  // first column of the first row; null: no row

    [[nodiscard]] static Error errorOf(const QSqlError &error);

private:
    [[nodiscard]] Result<void> configure(const StoreOptions &options, Mode mode);
    [[nodiscard]] std::unique_ptr<QSqlQuery> compiled(const QString &sql, Error &error);

    std::shared_ptr<const Layout> m_layout;
    QString m_name;
    QSqlDatabase m_database;
    FileGuard::Identity m_file;
    std::vector<std::unique_ptr<QSqlQuery>> m_rowStatements;    // by table and RowStatement
    QCache<QString, QSqlQuery> m_statements;
    bool m_open = false;
};

} // namespace Tideline
