// SPDX-License-Identifier: MIT
#include "server/http/core_p.h"

#include "server/http/httpsession_p.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <QtCore/QUuid>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

constexpr auto AcceptPause = std::chrono::milliseconds(100);

QString textOf(const error_code &error)
{
    return QString::fromLocal8Bit(error.message().c_str());
}

QString textOf(const Tcp::endpoint &endpoint)
{
    const QString address = QString::fromStdString(endpoint.address().to_string());
    return (endpoint.address().is_v6() ? u"[%1]:%2"_s : u"%1:%2"_s).arg(address).arg(endpoint.port());
}

Error cannotListen(const Tcp::endpoint &endpoint, const error_code &error)
{
    if (error == net::error::address_in_use)
        return Error(Error::Code::Network, u"port %1 is in use on %2"_s.arg(endpoint.port()).arg(textOf(endpoint)));
    return Error(Error::Code::Network, u"cannot listen on %1: %2"_s.arg(textOf(endpoint), textOf(error)));
}

// A program that the owner of the server starts holds neither the port nor a client's socket.
void keepFromChildren(int descriptor)
{
    ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

} // namespace

struct Core::Listener
{
    Listener(net::io_context &io, Role what)
        : role(what), strand(net::make_strand(io.get_executor())), acceptor(strand), pause(strand)
    {
    }

    const Role role;
    Strand strand;
    net::basic_socket_acceptor<Tcp, Strand> acceptor;
    Timer pause;                        // after a failure, such as no more descriptors
};

static HttpOptions completed(HttpOptions options)
{
    if (!options.metrics)
        options.metrics = std::make_shared<Metrics>();
    if (!options.clock)
        options.clock = [] { return Clock::now(); };
    return options;
}

Core::Core(GraphQLService &graphql, const Authorizer &authorizes, HttpOptions how)
    : service(graphql), authorizer(authorizes), options(completed(std::move(how))), metrics(*options.metrics),
      limiter({.perSecond = options.requestsPerSecond, .burst = options.requestBurst}, options.clock), m_io(std::max(1, options.threads))
{
}

Core::~Core() = default;

// ---- start ----

Result<quint16> Core::start()
{
    if (!options.certificate.isEmpty() || !options.privateKey.isEmpty()) {
        if (const Result<void> set = setCertificate(options.certificate, options.privateKey); !set)
            return set.error();
    }
    Result<Proxies> proxies = Proxies::make(options.trustedProxies);
    if (!proxies)
        return proxies.error();
    m_proxies = std::move(proxies).value();
    const Result<quint16> port = listenOnAll();
    if (!port) {
        m_listeners.clear();
        return port;
    }
    for (const auto &listener : m_listeners)
        net::post(listener->strand, [self = shared_from_this(), listener] { self->accept(listener); });
    for (int i = 0; i < std::max(1, options.threads); ++i)
        m_threads.emplace_back([this] { m_io.run(); });
    return port;
}

Result<quint16> Core::listenOnAll()
{
    const Result<std::vector<Tcp::endpoint>> api = endpoints(options.host, options.port);
    if (!api)
        return api.error();
    const Result<quint16> port = listenOn(*api, Role::Api);
    if (!port || !options.adminPort)
        return port;
    const Result<std::vector<Tcp::endpoint>> admin = endpoints(options.adminHost, *options.adminPort);
    if (!admin)
        return admin.error();
    const Result<quint16> other = listenOn(*admin, Role::Admin);
    if (!other)
        return other;
    m_adminPort = *other;
    return port;
}

Result<void> Core::setCertificate(const QByteArray &certificate, const QByteArray &privateKey)
{
    if (certificate.isEmpty() || privateKey.isEmpty())
        return Error(Error::Code::InvalidArgument, u"TLS needs both a certificate and its private key"_s);
    Result<TlsContext> context = TlsContext::fromPem(certificate, privateKey);
    if (!context)
        return context.error();
    auto made = std::make_shared<const TlsContext>(std::move(*context));
    const std::lock_guard lock(m_mutex);
    m_tls.swap(made);
    return {};
}

std::shared_ptr<const TlsContext> Core::tls() const
{
    const std::lock_guard lock(m_mutex);
    return m_tls;
}

Result<std::vector<Tcp::endpoint>> Core::endpoints(const QString &name, quint16 port)
{
    const std::string host = name.toStdString();
    error_code error;
    if (const net::ip::address address = net::ip::make_address(host, error); !error)
        return std::vector{Tcp::endpoint(address, port)};
    Tcp::resolver resolver(m_io);
    const auto found = resolver.resolve(host, std::to_string(port), Tcp::resolver::passive, error);
    if (error)
        return Error(Error::Code::InvalidArgument, u"the host \"%1\" is not known: %2"_s.arg(name, textOf(error)));
    std::vector<Tcp::endpoint> endpoints;
    for (const auto &entry : found)
        endpoints.push_back(entry.endpoint());
    std::sort(endpoints.begin(), endpoints.end());
    endpoints.erase(std::unique(endpoints.begin(), endpoints.end()), endpoints.end());
    return endpoints;
}

// A name may have an address of a family that this machine does not speak; one of them has to do.
Result<quint16> Core::listenOn(const std::vector<Tcp::endpoint> &endpoints, Role role)
{
    Error last;
    quint16 port = 0;
    for (const Tcp::endpoint &endpoint : endpoints) {
        const error_code error = listen(endpoint, role, port);
        if (!error) {
            port = m_listeners.back()->acceptor.local_endpoint().port();
            continue;
        }
        last = cannotListen(endpoint, error);
        if (error != net::error::address_family_not_supported
            && error != make_error_code(boost::system::errc::address_not_available)) {
            return last;
        }
    }
    if (port == 0)
        return last;
    return port;
}

error_code Core::listen(Tcp::endpoint endpoint, Role role, quint16 port)
{
    if (endpoint.port() == 0)
        endpoint.port(port);            // the one that was chosen for another address
    const auto listener = std::make_shared<Listener>(m_io, role);
    error_code error;
    listener->acceptor.open(endpoint.protocol(), error);
    if (!error) {
        keepFromChildren(listener->acceptor.native_handle());
        listener->acceptor.set_option(net::socket_base::reuse_address(true), error);
    }
    if (!error && options.sendBufferBytes > 0)      // sockets inherit it
        listener->acceptor.set_option(net::socket_base::send_buffer_size(options.sendBufferBytes), error);
    if (!error)
        listener->acceptor.bind(endpoint, error);
    if (!error)
        listener->acceptor.listen(net::socket_base::max_listen_connections, error);
    if (!error)
        m_listeners.push_back(listener);
    return error;
}

// ---- connections ----

void Core::accept(const std::shared_ptr<Listener> &listener)
{
    if (!listener->acceptor.is_open())
        return;
    listener->acceptor.async_accept(net::make_strand(m_io.get_executor()),
                                    [self = shared_from_this(), listener](error_code error, Socket socket) {
                                        self->accepted(listener, error, std::move(socket));
                                    });
}

void Core::accepted(const std::shared_ptr<Listener> &listener, error_code error, Socket socket)
{
    if (error == net::error::operation_aborted || (m_draining && listener->role == Role::Api))
        return;
    if (error) {
        report(Error(Error::Code::Network, u"a connection could not be accepted: %1"_s.arg(textOf(error))));
        listener->pause.expires_after(AcceptPause);
        listener->pause.async_wait([self = shared_from_this(), listener](error_code) { self->accept(listener); });
        return;
    }
    keepFromChildren(socket.native_handle());
#ifdef TCP_USER_TIMEOUT                 // a peer that vanished is noticed at the next "ka"
    const unsigned patience = unsigned(options.writeTimeout.count());
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
#endif
    if (std::shared_ptr<const Place> taken = place(socket, listener->role)) {
        const auto session = std::make_shared<HttpSession>(shared_from_this(), Transport(std::move(socket), std::move(taken)), listener->role);
        if (add(session, listener->role))
            session->begin();
    }
    accept(listener);
}

// Null when there is none left for it.
std::shared_ptr<const Place> Core::place(const Socket &socket, Role role)
{
    error_code error;
    const Tcp::endpoint from = socket.remote_endpoint(error);
    if (error)                          // gone already
        return {};
    if (role == Role::Admin)
        return m_addresses->take("admin", 0);
    if (statistics().connections >= options.maxConnections) {
        metrics.refused(Refusal::Connections);
        return {};
    }
    const int most = m_proxies.contains(from.address()) ? 0 : options.maxConnectionsPerAddress;
    std::shared_ptr<const Place> taken = m_addresses->take(machineOf(from.address()), most);
    if (!taken)
        metrics.refused(Refusal::ConnectionsOfAddress);
    return taken;
}

bool Core::add(const std::shared_ptr<Peer> &peer, Role role)
{
    const std::lock_guard lock(m_mutex);
    if (m_draining && (role == Role::Api || m_closed))
        return false;
    m_peers.emplace(peer.get(), Entry{peer, role});
    m_apiPeers += role == Role::Api;
    ++metrics.connections;
    return true;
}

void Core::remove(Peer *peer)
{
    std::shared_ptr<Peer> last;         // destroyed after the lock is released
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_peers.find(peer); found != m_peers.end()) {
        last = std::move(found->second.peer);
        m_apiPeers -= found->second.role == Role::Api;
        m_peers.erase(found);
        --metrics.connections;
    }
    if (m_apiPeers == 0)
        m_left.notify_all();
}

std::vector<std::shared_ptr<Peer>> Core::peers() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::shared_ptr<Peer>> all;
    all.reserve(m_peers.size());
    for (const auto &[key, entry] : m_peers)
        all.push_back(entry.peer);
    return all;
}

// ---- stop ----

void Core::stop(std::chrono::milliseconds deadline)
{
    {
        const std::lock_guard lock(m_mutex);
        m_draining = true;
    }
    closeListeners(Role::Api);
    for (const auto &peer : peers())
        peer->drain();
    {
        std::unique_lock lock(m_mutex);
        m_left.wait_for(lock, deadline, [this] { return m_apiPeers == 0; });
        m_closed = true;
    }
    closeListeners(Role::Admin);        // so long it told that the server is leaving
    for (const auto &peer : peers())    // no others are taken any more
        peer->abort();
    {
        std::unique_lock lock(m_mutex);
        m_left.wait(lock, [this] { return m_peers.empty(); });
        m_ended = true;
    }
    end();
}

void Core::closeListeners(Role role)
{
    for (const auto &listener : m_listeners) {
        if (listener->role != role)
            continue;
        net::post(listener->strand, [listener] {
            error_code ignored;
            listener->acceptor.close(ignored);
            listener->pause.cancel();
        });
    }
}

// Everything is closed: what is left to run are the aborted operations.
void Core::end()
{
    for (std::thread &thread : m_threads)
        thread.join();
    m_threads.clear();
    m_listeners.clear();
}

// ---- others ----

QByteArray Core::requestId() const
{
    return options.requestId ? options.requestId() : QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
}

void Core::report(const Error &error) const
{
    if (options.onError)
        options.onError(error);
    log({.level = LogLevel::Error, .event = "failed", .message = error.message()});
}

void Core::log(LogEntry entry) const
{
    if (options.log)
        options.log->write(std::move(entry));
}

void Core::checkReady(std::function<void(bool)> done)
{
    if (isLeaving())
        return done(false);
    {
        const std::lock_guard lock(m_mutex);
        m_checks.push_back(std::move(done));
        if (m_checks.size() > 1)
            return;
    }
    service.check([self = shared_from_this()](const Result<void> &answered) {
        std::vector<std::function<void(bool)>> all;
        {
            const std::lock_guard lock(self->m_mutex);
            all.swap(self->m_checks);
        }
        for (const auto &waiting : all)
            waiting(bool(answered));
    });
}

std::optional<std::chrono::milliseconds> Core::delayOf(const Result<Identity> &identity, const QByteArray &address)
{
    if (!identity)                      // on their own, lest guessing uses up what others of the address may do
        return limiter.take("refused " + address);
    if (identity->subject.isEmpty())
        return limiter.take("address " + address);
    return limiter.take(QByteArray::number(int(identity->provider)) + ' ' + identity->subject.toUtf8());
}

void Core::recheckCallers() const
{
    for (const auto &peer : peers())
        peer->recheckCallers();
}

HttpStatistics Core::statistics() const
{
    HttpStatistics now{.realtimeConnections = metrics.realtimeConnections.value(), .subscriptions = metrics.subscriptions.value(),
                       .requests = metrics.requests.value(), .slowReceivers = metrics.slowReceivers.value()};
    const std::lock_guard lock(m_mutex);
    now.connections = qint64(m_peers.size());
    return now;
}

} // namespace Tideline::Server
