// SPDX-License-Identifier: MIT
#include "server/http/core_p.h"

#include "server/http/httpsession_p.h"

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <QtCore/QUuid>

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

} // namespace

struct Core::Listener
{
    explicit Listener(net::io_context &io)
        : strand(net::make_strand(io.get_executor())), acceptor(strand), pause(strand)
    {
    }

    Strand strand;
    net::basic_socket_acceptor<Tcp, Strand> acceptor;
    Timer pause;                        // after a failure, such as no more descriptors
};

Core::Core(GraphQLService &graphql, const Authorizer &authorizes, HttpOptions how)
    : service(graphql), authorizer(authorizes), options(std::move(how)), m_io(std::max(1, options.threads))
{
}

Core::~Core() = default;

// ---- start ----

Result<quint16> Core::start()
{
    if (options.certificate.isEmpty() != options.privateKey.isEmpty())
        return Error(Error::Code::InvalidArgument, u"TLS needs both a certificate and its private key"_s);
    if (!options.certificate.isEmpty()) {
        Result<TlsContext> context = TlsContext::fromPem(options.certificate, options.privateKey);
        if (!context)
            return context.error();
        tls = std::move(*context);
    }
    const Result<std::vector<Tcp::endpoint>> all = endpoints();
    if (!all)
        return all.error();
    if (const Result<void> listening = listenOn(*all); !listening) {
        m_listeners.clear();
        return listening.error();
    }
    for (const auto &listener : m_listeners)
        net::post(listener->strand, [self = shared_from_this(), listener] { self->accept(listener); });
    for (int i = 0; i < std::max(1, options.threads); ++i)
        m_threads.emplace_back([this] { m_io.run(); });
    return m_listeners.front()->acceptor.local_endpoint().port();
}

Result<std::vector<Tcp::endpoint>> Core::endpoints()
{
    const std::string host = options.host.toStdString();
    error_code error;
    if (const net::ip::address address = net::ip::make_address(host, error); !error)
        return std::vector{Tcp::endpoint(address, options.port)};
    Tcp::resolver resolver(m_io);
    const auto found = resolver.resolve(host, std::to_string(options.port), Tcp::resolver::passive, error);
    if (error)
        return Error(Error::Code::InvalidArgument, u"the host \"%1\" is not known: %2"_s.arg(options.host, textOf(error)));
    std::vector<Tcp::endpoint> endpoints;
    for (const auto &entry : found)
        endpoints.push_back(entry.endpoint());
    std::sort(endpoints.begin(), endpoints.end());
    endpoints.erase(std::unique(endpoints.begin(), endpoints.end()), endpoints.end());
    return endpoints;
}

// A name may have an address of a family that this machine does not speak; one of them has to do.
Result<void> Core::listenOn(const std::vector<Tcp::endpoint> &endpoints)
{
    Error last;
    for (const Tcp::endpoint &endpoint : endpoints) {
        const error_code error = listen(endpoint);
        if (!error)
            continue;
        last = cannotListen(endpoint, error);
        if (error != net::error::address_family_not_supported
            && error != make_error_code(boost::system::errc::address_not_available)) {
            return last;
        }
    }
    if (m_listeners.empty())
        return last;
    return {};
}

error_code Core::listen(Tcp::endpoint endpoint)
{
    if (endpoint.port() == 0 && !m_listeners.empty())
        endpoint.port(m_listeners.front()->acceptor.local_endpoint().port());
    const auto listener = std::make_shared<Listener>(m_io);
    error_code error;
    listener->acceptor.open(endpoint.protocol(), error);
    if (!error)
        listener->acceptor.set_option(net::socket_base::reuse_address(true), error);
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
    if (m_draining)
        return;
    listener->acceptor.async_accept(net::make_strand(m_io.get_executor()),
                                    [self = shared_from_this(), listener](error_code error, Socket socket) {
                                        self->accepted(listener, error, std::move(socket));
                                    });
}

void Core::accepted(const std::shared_ptr<Listener> &listener, error_code error, Socket socket)
{
    if (error == net::error::operation_aborted || m_draining)
        return;
    if (error) {
        report(Error(Error::Code::Network, u"a connection could not be accepted: %1"_s.arg(textOf(error))));
        listener->pause.expires_after(AcceptPause);
        listener->pause.async_wait([self = shared_from_this(), listener](error_code) { self->accept(listener); });
        return;
    }
#ifdef TCP_USER_TIMEOUT                 // a peer that vanished is noticed at the next "ka"
    const unsigned patience = unsigned(options.writeTimeout.count());
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &patience, sizeof patience);
#endif
    if (statistics().connections < options.maxConnections) {
        const auto session = std::make_shared<HttpSession>(shared_from_this(), std::move(socket));
        if (add(session))
            session->begin();
    }
    accept(listener);
}

bool Core::add(const std::shared_ptr<Peer> &peer)
{
    const std::lock_guard lock(m_mutex);
    if (m_draining)
        return false;
    m_peers.emplace(peer.get(), peer);
    return true;
}

void Core::remove(Peer *peer)
{
    std::shared_ptr<Peer> last;         // destroyed after the lock is released
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_peers.find(peer); found != m_peers.end()) {
        last = std::move(found->second);
        m_peers.erase(found);
    }
    if (m_peers.empty())
        m_empty.notify_all();
}

std::vector<std::shared_ptr<Peer>> Core::peers() const
{
    const std::lock_guard lock(m_mutex);
    std::vector<std::shared_ptr<Peer>> all;
    all.reserve(m_peers.size());
    for (const auto &[key, peer] : m_peers)
        all.push_back(peer);
    return all;
}

// ---- stop ----

void Core::stop(std::chrono::milliseconds deadline)
{
    {
        const std::lock_guard lock(m_mutex);
        m_draining = true;
    }
    for (const auto &listener : m_listeners) {
        net::post(listener->strand, [listener] {
            error_code ignored;
            listener->acceptor.close(ignored);
            listener->pause.cancel();
        });
    }
    for (const auto &peer : peers())
        peer->drain();
    const auto nobody = [this] { return m_peers.empty(); };
    std::unique_lock lock(m_mutex);
    if (!m_empty.wait_for(lock, deadline, nobody)) {
        lock.unlock();
        for (const auto &peer : peers())
            peer->abort();
        lock.lock();
        m_empty.wait(lock, nobody);
    }
    m_ended = true;
    lock.unlock();
    end();
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
}

HttpStatistics Core::statistics() const
{
    HttpStatistics now{.realtimeConnections = realtimeConnections, .subscriptions = subscriptions,
                       .requests = requests, .slowReceivers = slowReceivers};
    const std::lock_guard lock(m_mutex);
    now.connections = qint64(m_peers.size());
    return now;
}

} // namespace Tideline::Server
