// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QString>
#include <QtCore/QTemporaryDir>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace TidelineTest {

/*
    Stands between a node and PostgreSQL's Unix socket and breaks the line of the next write transaction at its COMMIT: before the
    server gets it, or after the server has done it and before the node hears of it.
*/
class CommitProxy
{
public:
    enum class Break { Never, BeforeCommit, AfterCommit };

    explicit CommitProxy(const QString &serverFolder) : m_server(serverFolder.toUtf8() + "/.s.PGSQL.5432")
    {
        m_listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_un address = addressOf(m_folder.filePath(QStringLiteral(".s.PGSQL.5432")).toUtf8());
        if (::bind(m_listener, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0 || ::listen(m_listener, 50) != 0)
            qFatal("The proxy cannot listen");
        m_accepting = std::thread([this] { accept(); });
    }
    Q_DISABLE_COPY_MOVE(CommitProxy)
    ~CommitProxy()                                      // after those who are connected have gone
    {
        ::shutdown(m_listener, SHUT_RDWR);
        m_accepting.join();
        for (std::thread &thread : m_lines)
            thread.join();
        ::close(m_listener);
    }

    [[nodiscard]] QString folder() const { return m_folder.path(); }
    void breakNext(Break how) { m_break = how; }
    [[nodiscard]] int broken() const { return m_broken; }

private:
    static sockaddr_un addressOf(const QByteArray &path)
    {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        qstrncpy(address.sun_path, path.constData(), sizeof address.sun_path);
        return address;
    }
    void accept()
    {
        for (int node = ::accept(m_listener, nullptr, nullptr); node >= 0; node = ::accept(m_listener, nullptr, nullptr))
            m_lines.emplace_back([this, node] { serve(node); });
    }
    void serve(int node)
    {
        const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const sockaddr_un address = addressOf(m_server);
        if (::connect(server, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0)
            pump(node, server);
        ::close(server);
        ::close(node);
    }
    void pump(int node, int server)
    {
        bool writes = false, breaksNow = false;
        for (;;) {
            pollfd ends[] = {{node, POLLIN, 0}, {server, POLLIN, 0}};
            ::poll(ends, 2, -1);
            const bool fromNode = ends[0].revents != 0;
            char bytes[65536];
            const ssize_t got = ::read(fromNode ? node : server, bytes, sizeof bytes);
            if (got <= 0)
                return;
            const QByteArray message = QByteArray::fromRawData(bytes, int(got));
            if (fromNode && message.contains("BEGIN"))
                writes = message.contains("READ COMMITTED");
            if (fromNode && writes && message.contains("COMMIT") && !message.contains("BEGIN")) {
                const Break how = m_break.exchange(Break::Never);
                m_broken += how != Break::Never;
                if (how == Break::BeforeCommit)
                    return;
                breaksNow = how == Break::AfterCommit;
            } else if (!fromNode && breaksNow) {
                return;
            }
            if (::write(fromNode ? server : node, bytes, size_t(got)) != got)
                return;
        }
    }

    const QTemporaryDir m_folder;
    const QByteArray m_server;
    int m_listener = -1;
    std::atomic<Break> m_break = Break::Never;
    std::atomic<int> m_broken = 0;
    std::thread m_accepting;
    std::vector<std::thread> m_lines;
};

} // namespace TidelineTest
