// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QString>
#include <QtCore/QTemporaryDir>
#include <QtCore/QUrl>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <memory>

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

namespace TidelineTest {

/*
    A PostgreSQL server of this process alone (tests/shared/postgres, which see). It ends with the process, however that ends.
*/
class PostgresServer
{
public:
    PostgresServer()
    {
        int toServer[2], fromServer[2];
        if (::pipe2(toServer, O_CLOEXEC) != 0 || ::pipe2(fromServer, O_CLOEXEC) != 0)
            qFatal("There are no pipes");
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, toServer[0], STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, fromServer[1], STDOUT_FILENO);
        char script[] = TIDELINE_TESTS_DIR "/shared/postgres";
        char *arguments[] = {script, nullptr};
        pid_t child = 0;
        if (::posix_spawn(&child, script, &actions, nullptr, arguments, environ) != 0)
            qFatal("%s does not start", script);
        posix_spawn_file_actions_destroy(&actions);
        ::close(toServer[0]);
        ::close(fromServer[1]);
        m_commands = toServer[1];
        m_answers = fromServer[0];
        const QString answer = readLine();
        if (!answer.startsWith(QStringLiteral("ready ")))
            qFatal("%s", qPrintable(answer));
        m_folder = answer.mid(6);
    }
    Q_DISABLE_COPY_MOVE(PostgresServer)
    ~PostgresServer()
    {
        ::close(m_commands);
        ::close(m_answers);
    }

    [[nodiscard]] QString createDatabase()
    {
        const QString name = QStringLiteral("t%1").arg(++m_count);
        run(QStringLiteral("create ") + name);
        return url(name);
    }
    [[nodiscard]] QString url(const QString &user) const
    {
        return QStringLiteral("postgres://%1@/postgres?host=%2").arg(user, m_folder);
    }
    void execute(const QString &location, const QString &statement)
    {
        run(QStringLiteral("sql %1 %2").arg(QUrl(location).userName(), statement));
    }
    void stop()
    {
        run(QStringLiteral("stop"));
        m_isRunning = false;
    }
    void start()                                    // again, where it was stopped
    {
        if (!m_isRunning.exchange(true))
            run(QStringLiteral("start"));
    }

    static PostgresServer &ofThisProcess()
    {
        static PostgresServer server;
        return server;
    }

private:
    void run(const QString &command)
    {
        const QByteArray line = command.toUtf8() + '\n';
        if (::write(m_commands, line.constData(), size_t(line.size())) != line.size())
            qFatal("The PostgreSQL script is gone");
        if (const QString answer = readLine(); answer != QStringLiteral("done"))
            qFatal("PostgreSQL: %s: %s", qPrintable(command), qPrintable(answer));
    }
    [[nodiscard]] QString readLine() const
    {
        QByteArray line;
        char c = 0;
        for (;;) {
            const ssize_t got = ::read(m_answers, &c, 1);
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0 || c == '\n')
                return QString::fromUtf8(line);
            line += c;
        }
    }

    int m_commands = -1, m_answers = -1, m_count = 0;
    std::atomic<bool> m_isRunning = true;
    QString m_folder;
};

// Whether this run of a test is the one on PostgreSQL; see tideline_add_database_test().
inline bool onPostgres()
{
    return qgetenv("TIDELINE_TEST_DATABASE") == "postgres";
}

// An empty database, of the kind that this run is for.
class TestDatabase
{
public:
    TestDatabase()
        : m_location(onPostgres() ? PostgresServer::ofThisProcess().createDatabase() : m_folder.filePath(QStringLiteral("server.db"))) { }
    [[nodiscard]] QString location() const { return m_location; }

private:
    QTemporaryDir m_folder;
    QString m_location;
};

} // namespace TidelineTest
