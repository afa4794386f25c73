// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/http/asio_p.h"
#include "server/http/httpoptions.h"
#include "server/http/tls_p.h"
#include "server/service.h"

#include <boost/asio/post.hpp>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace Tideline::Server {

// One client: a connection speaking HTTP, or after the upgrade the real-time protocol.
class Peer
{
public:
    virtual ~Peer() = default;
    // From any thread. drain: end what has begun, then close; abort: close now.
    virtual void drain() = 0;
    virtual void abort() = 0;
};

// What all connections of one running server share. Connections own it, so that the io_context outlives their sockets.
class Core : public std::enable_shared_from_this<Core>
{
public:
    Core(GraphQLService &service, const Authorizer &authorizer, HttpOptions options);
    ~Core();

    [[nodiscard]] Result<quint16> start();
    void stop(std::chrono::milliseconds deadline);

    // Runs `call` in `strand` unless the server has ended; for threads that are not the server's own.
    template<typename Call>
    void post(const Strand &strand, Call &&call)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_ended)
            net::post(strand, std::forward<Call>(call));
    }

    // False when the server is draining: the peer was not taken and has to close.
    [[nodiscard]] bool add(const std::shared_ptr<Peer> &peer);
    void remove(Peer *peer);
    [[nodiscard]] bool isDraining() const noexcept { return m_draining; }

    [[nodiscard]] QByteArray requestId() const;
    void report(const Error &error) const;
    [[nodiscard]] HttpStatistics statistics() const;

    GraphQLService &service;
    const Authorizer &authorizer;
    const HttpOptions options;
    TlsContext tls;
    std::atomic<qint64> realtimeConnections = 0;
    std::atomic<qint64> subscriptions = 0;
    std::atomic<qint64> requests = 0;
    std::atomic<qint64> slowReceivers = 0;

private:
    struct Listener;

    [[nodiscard]] Result<std::vector<Tcp::endpoint>> endpoints();
    [[nodiscard]] Result<void> listenOn(const std::vector<Tcp::endpoint> &endpoints);
    [[nodiscard]] error_code listen(Tcp::endpoint endpoint);
    void accept(const std::shared_ptr<Listener> &listener);
    void accepted(const std::shared_ptr<Listener> &listener, error_code error, Socket socket);
    [[nodiscard]] std::vector<std::shared_ptr<Peer>> peers() const;
    void end();

    net::io_context m_io;
    std::vector<std::thread> m_threads;
    std::vector<std::shared_ptr<Listener>> m_listeners;
    std::atomic<bool> m_draining = false;
    mutable std::mutex m_mutex;                             // of the members below
    std::condition_variable m_empty;
    std::unordered_map<Peer *, std::shared_ptr<Peer>> m_peers;
    bool m_ended = false;
};

} // namespace Tideline::Server
