// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QFile>
#include <QtSql/QSqlDatabase>
#include <QtSql/QSqlError>
#include <QtSql/QSqlQuery>

#ifdef Q_OS_LINUX
#  include <sys/resource.h>
#  include <unistd.h>

#  include <csignal>
#endif

// Looks at the files of a store, and hands on them, past the store.
namespace Tideline {

// A second look at the file, past the store.
class Sql
{
public:
    explicit Sql(const QString &path) : m_database(QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("beside")))
    {
        m_database.setDatabaseName(path);
        m_database.open();
    }
    ~Sql()
    {
        m_database.close();
        m_database = {};
        QSqlDatabase::removeDatabase(QStringLiteral("beside"));
    }
    Q_DISABLE_COPY_MOVE(Sql)

    [[nodiscard]] QString run(const QString &sql)      // the first value, or the error
    {
        QSqlQuery query(m_database);
        if (!query.exec(sql))
            return QStringLiteral("error: ") + query.lastError().text();
        return query.next() ? query.value(0).toString() : QString();
    }

    [[nodiscard]] QStringList column(const QString &sql)
    {
        QSqlQuery query(m_database);
        QStringList values;
        query.exec(sql);
        while (query.next())
            values += query.value(0).toString();
        return values;
    }

private:
    QSqlDatabase m_database;
};

inline QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline bool writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(content) == content.size();
}

// The superuser may write everywhere; as someone else permissions count.
class Unprivileged
{
public:
#ifdef Q_OS_LINUX
    Unprivileged() : m_root(geteuid() == 0 && setresuid(65534, 65534, 0) == 0) { }
    ~Unprivileged()
    {
        if (m_root && setresuid(0, 0, 0) != 0)
            qFatal("Cannot become the superuser again");
    }
    Q_DISABLE_COPY_MOVE(Unprivileged)

private:
    bool m_root;
#endif
};

#ifdef Q_OS_LINUX
// As long as it lives, writing beyond so many bytes of any file fails.
class FileSizeLimit
{
public:
    explicit FileSizeLimit(qint64 bytes) : m_handler(std::signal(SIGXFSZ, SIG_IGN))
    {
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{rlim_t(bytes), m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    Q_DISABLE_COPY_MOVE(FileSizeLimit)

private:
    void (*m_handler)(int);
    rlimit m_before;
};
#endif

} // namespace Tideline
