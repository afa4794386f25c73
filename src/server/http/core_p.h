// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/http/addresses_p.h"
#include "server/http/proxies_p.h"
#include "server/http/asio_p.h"
#include "server/http/httpoptions.h"
#include "server/http/ratelimiter_p.h"
#include "server/http/tls_p.h"
#include "server/service.h"

#include <boost/asio/post.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
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
    virtual void recheckCallers() { }   // credentials were taken away
};

enum class Role { Api, Admin };          // of a listener and its connections: what they may ask

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
    [[nodiscard]] bool add(const std::shared_ptr<Peer> &peer, Role role = Role::Api);
    void remove(Peer *peer);
    [[nodiscard]] bool isDraining() const noexcept { return m_draining; }
    void retire() noexcept { m_retired = true; }            // ready no more, but serving
    [[nodiscard]] bool isLeaving() const noexcept { return m_retired || m_draining; }
    // Whether requests can be answered; however many ask at a time, the service is asked once.
    void checkReady(std::function<void(bool)> done);
    [[nodiscard]] const Proxies &proxies() const noexcept { return m_proxies; }     // fixed since start()
    [[nodiscard]] quint16 adminPort() const noexcept { return m_adminPort; }

    [[nodiscard]] Result<void> setCertificate(const QByteArray &certificate, const QByteArray &privateKey);
    [[nodiscard]] std::shared_ptr<const TlsContext> tls() const;    // null: plain text only
    // In how long `identity`, or who was refused, may call again; nothing: now.
    [[nodiscard]] std::optional<std::chrono::milliseconds> delayOf(const Result<Identity> &identity, const QByteArray &address);

    [[nodiscard]] QByteArray requestId() const;
    void report(const Error &error) const;
    void log(LogEntry entry) const;
    [[nodiscard]] bool logs(LogLevel level) const { return options.log && options.log->takes(level); }
    [[nodiscard]] HttpStatistics statistics() const;
    void recheckCallers() const;

    GraphQLService &service;
    const Authorizer &authorizer;
    const HttpOptions options;
    Metrics &metrics;
    RateLimiter limiter;

private:
    struct Listener;
    struct Entry { std::shared_ptr<Peer> peer; Role role; };

    [[nodiscard]] Result<std::vector<Tcp::endpoint>> endpoints(const QString &host, quint16 port);
    [[nodiscard]] Result<quint16> listenOn(const std::vector<Tcp::endpoint> &endpoints, Role role);
    [[nodiscard]] error_code listen(Tcp::endpoint endpoint, Role role, quint16 port);
    [[nodiscard]] Result<quint16> listenOnAll();
    void closeListeners(Role role);
    void accept(const std::shared_ptr<Listener> &listener);
    void accepted(const std::shared_ptr<Listener> &listener, error_code error, Socket socket);
    [[nodiscard]] std::shared_ptr<const Place> place(const Socket &socket, Role role);
    [[nodiscard]] std::vector<std::shared_ptr<Peer>> peers() const;
    void end();

    net::io_context m_io;
    std::vector<std::thread> m_threads;
    std::vector<std::shared_ptr<Listener>> m_listeners;
    std::atomic<bool> m_retired = false;
    std::atomic<bool> m_draining = false;
    quint16 m_adminPort = 0;
    Proxies m_proxies;
    const std::shared_ptr<Addresses> m_addresses = std::make_shared<Addresses>();
    mutable std::mutex m_mutex;                             // of the members below
    std::shared_ptr<const TlsContext> m_tls;
    std::vector<std::function<void(bool)>> m_checks;        // who waits for the service's answer
    std::condition_variable m_left;                         // the last peer of the API, or any after it
    std::unordered_map<Peer *, Entry> m_peers;
    qsizetype m_apiPeers = 0;                               // among them
    bool m_closed = false;                                  // not even the admin port takes connections
    bool m_ended = false;
};

} // namespace Tideline::Server
