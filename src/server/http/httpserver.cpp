// SPDX-License-Identifier: MIT
#include "server/http/httpserver.h"

#include "server/http/core_p.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

class HttpServer::Private
{
public:
    Private(GraphQLService &graphql, const Authorizer &authorizes, HttpOptions how)
        : service(graphql), authorizer(authorizes), options(std::move(how))
    {
    }

    GraphQLService &service;
    const Authorizer &authorizer;
    const HttpOptions options;
    std::shared_ptr<Core> core;         // null: stopped
};

/*!
    \class Tideline::Server::HttpServer
    \inmodule Tideline
    \since 0.1
    \brief Serves a GraphQLService over HTTP and real-time WebSockets on one port, plain and TLS.

    GraphQL is at \c /graphql (POST, and GET for queries), subscriptions at \c /graphql/realtime in
    the protocol of AWS AppSync. The process lives when \c /healthz answers, and takes requests when \c /readyz says 200;
    \c /metrics is for Prometheus. The first byte of a connection tells
    TLS from plain text when a certificate is given.

    \code
    HttpServer server(backend, authorizer, {.host = u"0.0.0.0"_s, .port = 4000});
    const Result<quint16> port = server.start();
    if (!port)
        return report(port.error());
    \endcode

    An HttpServer belongs to the thread that made it. It runs HttpOptions::threads threads of its
    own and calls the service and the authorizer from them.
*/

/*!
    Makes a server for \a service that lets in whom \a authorizer accepts. Both stay the caller's and
    must live until stop() has returned. Nothing happens before start(); \a options are fixed from here.
*/
HttpServer::HttpServer(GraphQLService &service, const Authorizer &authorizer, HttpOptions options)
    : d(std::make_unique<Private>(service, authorizer, std::move(options)))
{
}

/*! Destroys the server; one that runs is stopped without grace first. */
HttpServer::~HttpServer()
{
    stop(std::chrono::milliseconds(0));
}

/*!
    Begins to listen and returns the port, the chosen one if the options say 0.

    Fails with InvalidArgument when the host, the certificate or the key cannot be used, or the server
    runs already, and with Network when the port is taken or not allowed. A server that was stopped
    may be started again.
*/
Result<quint16> HttpServer::start()
{
    if (d->core)
        return Error(Error::Code::InvalidArgument, u"the server is running already"_s);
    const auto core = std::make_shared<Core>(d->service, d->authorizer, d->options);
    const Result<quint16> port = core->start();
    if (port)
        d->core = core;
    return port;
}

/*!
    Ends the server: takes no new connections, lets requests that have begun be answered, tells
    real-time clients to come back (close code 1012), and closes what is still open after \a deadline.

    Blocks until nothing of the server runs or calls the service any more. Must not be called from a
    callback of the service.
*/
void HttpServer::stop(std::chrono::milliseconds deadline)
{
    if (const std::shared_ptr<Core> core = std::exchange(d->core, nullptr))
        core->stop(deadline);
}

/*!
    Says at \c /readyz that the server is about to leave, and ends each connection after its next answer; everything is still
    served. For the time that a load balancer needs to notice, before stop().
*/
void HttpServer::retire()
{
    if (d->core)
        d->core->retire();
}

/*!
    Gives connections that open from now on \a certificate and \a privateKey (PEM). Fails with InvalidArgument when they
    cannot be used or the server is stopped, and keeps what it had.
*/
Result<void> HttpServer::setCertificate(const QByteArray &certificate, const QByteArray &privateKey)
{
    if (!d->core)
        return Error(Error::Code::InvalidArgument, u"the server is not running"_s);
    return d->core->setCertificate(certificate, privateKey);
}

/*!
    Ends the running subscriptions of callers whose credentials the authorizer says are revoked, each with an \c error. To be called
    when some were; their sockets stay, with nothing on them.
*/
void HttpServer::recheckCallers()
{
    if (d->core)
        d->core->recheckCallers();
}

/*! Returns the port of health and metrics, 0 when they have none of their own. */
quint16 HttpServer::adminPort() const
{
    return d->core ? d->core->adminPort() : quint16(0);
}

/*! Returns whether start() succeeded and stop() was not called. */
bool HttpServer::isListening() const noexcept
{
    return d->core != nullptr;
}

/*! Returns what the server has done since start(), zeros when it is stopped. */
HttpStatistics HttpServer::statistics() const
{
    return d->core ? d->core->statistics() : HttpStatistics();
}

} // namespace Tideline::Server
