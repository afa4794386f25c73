// SPDX-License-Identifier: MIT
#include "server/http/httpsession_p.h"

#include "server/http/realtimesession_p.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

constexpr int TlsHandshakeByte = 0x16;
constexpr std::size_t ReadSize = 1024;

} // namespace

HttpSession::HttpSession(std::shared_ptr<Core> core, Transport transport, Role role)
    : m_core(std::move(core)), m_transport(std::move(transport)), m_role(role), m_deadline(m_transport.get_executor()),
      m_buffer(freshBuffer())
{
}

HttpSession::~HttpSession() = default;

// Bounded: the parser limits headers and bodies, but neither chunk extensions nor trailers.
boost::beast::flat_buffer HttpSession::freshBuffer() const
{
    constexpr std::size_t readAhead = 64 * 1024;
    return boost::beast::flat_buffer(std::size_t(m_core->options.maxHeaderBytes) + readAhead);
}

void HttpSession::enter(Phase phase, Clock::duration patience)
{
    m_phase = phase;
    m_deadline.set(weak_from_this(), patience);
}

// ---- opening ----

void HttpSession::begin()
{
    net::post(m_transport.get_executor(), [self = shared_from_this()] { self->open(); });
}

void HttpSession::open()
{
    if (m_phase == Phase::Finished)
        return;
    enter(Phase::Opening, m_core->options.headerTimeout);
    m_transport.asyncWaitReadable([self = shared_from_this()](error_code error) { self->firstByte(error); });
}

void HttpSession::firstByte(error_code error)
{
    const int byte = error || m_phase == Phase::Finished ? -1 : m_transport.peek(error);
    if (error || m_phase == Phase::Finished)
        return finish();
    if (byte != TlsHandshakeByte)
        return nextRequest();
    handshake();
}

void HttpSession::handshake()
{
    const std::shared_ptr<const TlsContext> tls = m_role == Role::Api ? m_core->tls() : nullptr;
    SslPointer ssl = tls ? tls->session(m_transport.descriptor()) : SslPointer();
    if (!ssl)
        return finish();
    m_transport.asyncHandshake(std::move(ssl), [self = shared_from_this()](error_code error, std::size_t) {
        error ? self->finish() : self->nextRequest();
    });
}

// ---- reading ----

// How the server is while it ends.
bool HttpSession::mayAskOnce() const noexcept
{
    return m_role == Role::Admin && m_exchange == 0;
}

void HttpSession::nextRequest()
{
    if (m_phase == Phase::Finished)     // aborted while this was on its way
        return;
    m_parser.reset();
    m_response.reset();
    m_body.clear();
    m_operation.clear();
    m_caller.clear();
    if (m_buffer.size() > 0)
        return readHeader();
    if ((m_draining || m_core->isDraining()) && !mayAskOnce())
        return linger();
    m_buffer = freshBuffer();           // nothing is kept for a client that is silent
    enter(Phase::Idle, m_exchange == 0 ? m_core->options.headerTimeout : m_core->options.idleTimeout);
    m_transport.async_read_some(m_buffer.prepare(ReadSize), [self = shared_from_this()](error_code error, std::size_t size) {
        self->m_buffer.commit(size);
        error || self->m_phase != Phase::Idle ? self->finish() : self->readHeader();
    });
}

void HttpSession::readHeader()
{
    ++m_exchange;
    m_began = Clock::now();
    skipEmptyLines();
    enter(Phase::Header, m_core->options.headerTimeout);
    m_parser = std::make_unique<Parser>();
    m_parser->header_limit(quint32(m_core->options.maxHeaderBytes));
    m_parser->body_limit(quint64(m_core->options.maxBodyBytes));
    http::async_read_header(m_transport, m_buffer, *m_parser, [self = shared_from_this()](error_code error, std::size_t) {
        self->headerRead(error);
    });
}

// Some clients end a body with a line end that its length does not count.
void HttpSession::skipEmptyLines()
{
    const auto isLineEnd = [](const char *text) { return text[0] == '\r' && text[1] == '\n'; };
    while (m_buffer.size() >= 2 && isLineEnd(static_cast<const char *>(m_buffer.data().data())))
        m_buffer.consume(2);
}

void HttpSession::headerRead(error_code error)
{
    if (m_phase == Phase::Finished)
        return;
    if (error)
        return refuse(error);
    m_timedOut = false;                 // it came while the deadline passed
    const auto &request = m_parser->get();
    m_version = request.version();
    m_head = request.method() == http::verb::head;
    if (!m_core->proxies().isEmpty()) {
        const Headers all = headers();
        m_transport.setAddress(machineOf(m_core->proxies().callerOf(m_transport.peer(), all.value("x-forwarded-for"), all.value("forwarded"))));
    }
    if (m_role == Role::Api && boost::beast::websocket::is_upgrade(request)
        && splitTarget(bytes(request.target())).path == "/graphql/realtime") {
        if (!request[http::field::origin].empty() && !isAllowedOrigin(m_core->options.allowedOrigins, bytes(request[http::field::origin])))
            return send(foreignOriginReply());
        return upgrade();
    }
    enter(Phase::Body, m_core->options.bodyTimeout);
    if (!m_parser->is_done() && boost::beast::iequals(request[http::field::expect], "100-continue"))
        return confirmContinue();
    readBody();
}

void HttpSession::confirmContinue()
{
    static constexpr std::string_view go = "HTTP/1.1 100 Continue\r\n\r\n";
    net::async_write(m_transport, net::buffer(go), [self = shared_from_this()](error_code error, std::size_t) {
        error || self->m_phase == Phase::Finished ? self->refuse(error) : self->readBody();
    });
}

void HttpSession::readBody()
{
    const auto left = m_parser->content_length_remaining();
    if (!left || *left > m_buffer.size())
        m_transport.acknowledge();
    http::async_read(m_transport, m_buffer, *m_parser, [self = shared_from_this()](error_code error, std::size_t) {
        self->bodyRead(error);
    });
}

void HttpSession::bodyRead(error_code error)
{
    if (m_phase == Phase::Finished)
        return;
    if (error)
        return refuse(error);
    m_keepAlive = m_parser->get().keep_alive();
    m_core->metrics.bytesReceived.add(qint64(m_parser->get().body().size()));
    dispatch();
}

// Answers what cannot be read, when there is somebody left to read the answer.
void HttpSession::refuse(error_code error)
{
    if (m_phase == Phase::Finished)
        return;
    m_keepAlive = false;
    if (m_timedOut)
        return send(errorReply(408, "RequestTimeoutException", u"The request did not arrive in time."_s));
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
        return send(errorReply(431, "RequestHeaderFieldsTooLargeException",
                               u"The request header exceeds %1 bytes."_s.arg(m_core->options.maxHeaderBytes)));
    }
    if (error == http::error::body_limit) {
        return send(errorReply(413, "RequestEntityTooLargeException",
                               u"The request body exceeds %1 bytes."_s.arg(m_core->options.maxBodyBytes)));
    }
    if (error == http::error::end_of_stream || error == http::error::partial_message
        || error.category() != make_error_code(http::error::end_of_stream).category()) {
        return finish();
    }
    send(errorReply(400, "MalformedHttpRequestException", u"The request is not valid HTTP."_s));
}

void HttpSession::upgrade()
{
    m_deadline.cancel();
    if (m_buffer.size() > 0) {
        const net::const_buffer rest = m_buffer.data();
        m_transport.pushBack(std::string(static_cast<const char *>(rest.data()), rest.size()));
    }
    m_phase = Phase::Finished;
    const auto session = std::make_shared<RealtimeSession>(m_core, std::move(m_transport));
    const bool taken = m_core->add(session);
    m_core->remove(this);
    if (taken) {
        const Headers upgradeHeaders = headers();       // before the parser gives its request away
        session->start(m_parser->release(), upgradeHeaders);
    }
}

// ---- sending ----

void HttpSession::allowOrigin(const std::function<void(const char *, const QByteArray &)> &set) const
{
    const QByteArrayList &allowed = m_core->options.allowedOrigins;
    if (m_role == Role::Admin)
        return;
    if (!allowed.contains("*")) {
        const QByteArray origin = m_parser ? bytes(m_parser->get()[http::field::origin]) : QByteArray();
        set("Vary", "Origin");
        if (!isAllowedOrigin(allowed, origin))
            return;
        set("Access-Control-Allow-Origin", origin);
    } else {
        set("Access-Control-Allow-Origin", "*");
    }
    set("Access-Control-Expose-Headers", "x-amzn-requestid, x-amzn-errortype");
}

void HttpSession::buildResponse(const Reply &reply, const QByteArray &requestId)
{
    m_response = std::make_unique<Response>();
    m_response->version(m_version);
    m_response->result(unsigned(reply.status));
    const auto set = [this](const char *name, const QByteArray &value) {
        m_response->set(name, boost::beast::string_view(value.constData(), std::size_t(value.size())));
    };
    set("Date", httpDate(std::time(nullptr)));
    allowOrigin(set);
    set("x-amzn-requestid", requestId);
    if (!reply.errorType.isEmpty())
        set("x-amzn-errortype", reply.errorType);
    if (!reply.body.isEmpty())
        set("Content-Type", reply.body.startsWith('{') ? "application/json;charset=UTF-8" : "text/plain;charset=UTF-8");
    for (const auto &[name, value] : reply.headers)
        set(name.constData(), value);
    m_body = reply.body;
    m_response->body() = {m_body.constData(), std::size_t(m_body.size())};
    m_response->keep_alive(m_keepAlive);
    m_response->prepare_payload();
}

void HttpSession::send(Reply reply)
{
    m_keepAlive = m_keepAlive && !m_draining && !m_core->isLeaving();
    const QByteArray requestId = m_core->requestId();
    buildResponse(reply, requestId);
    account(reply, requestId);
    m_phase = Phase::Writing;
    watchWriting();
    if (m_head)                         // the length of a body that is not sent
        m_response->body() = {};
    http::async_write(m_transport, *m_response, [self = shared_from_this()](error_code error, std::size_t) {
        self->written(error);
    });
}

void HttpSession::account(const Reply &reply, const QByteArray &requestId)
{
    ++m_core->metrics.requests;
    m_core->metrics.bytesSent.add(reply.body.size());
    const bool refused = !reply.errorType.isEmpty();
    if (refused)
        m_core->metrics.refused(reply.refusal.value_or(refusalOf(reply.status)));
    const LogLevel level = !refused ? LogLevel::Debug : reply.status < 500 ? LogLevel::Info : LogLevel::Warning;
    if (m_core->logs(level)) {
        m_core->log({.level = level, .event = refused ? "refused" : "request", .requestId = requestId, .operation = m_operation,
                     .status = reply.status, .reason = reply.errorType,
                     .duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - m_began), .caller = m_caller,
                     .address = refused ? m_transport.address() : QByteArray()});
    }
}

void HttpSession::watchWriting()
{
    m_writtenBefore = m_transport.bytesWritten();
    m_deadline.set(weak_from_this(), m_core->options.writeTimeout);
}

void HttpSession::written(error_code error)
{
    if (error)
        return finish();
    m_keepAlive ? nextRequest() : linger();
}

// ---- closing ----

// Closing at once while the client still sends would reset the connection and lose the answer on its way.
void HttpSession::linger()
{
    if (m_phase == Phase::Finished)
        return;
    m_parser.reset();
    m_response.reset();
    m_transport.closeSending();
    enter(Phase::Closing, m_core->options.closeTimeout);
    m_buffer = freshBuffer();
    discard();
}

void HttpSession::discard()
{
    m_transport.async_read_some(m_buffer.prepare(ReadSize), [self = shared_from_this()](error_code error, std::size_t) {
        error || self->m_phase != Phase::Closing ? self->finish() : self->discard();
    });
}

void HttpSession::deadlinePassed()
{
    switch (m_phase) {
    case Phase::Header:
    case Phase::Body:
        m_timedOut = true;              // the cancelled read answers
        m_transport.cancel();
        return;
    case Phase::Authorizing:
    case Phase::Executing:
        m_keepAlive = false;
        return send(errorReply(504, "ExecutionTimeout", u"Execution timed out."_s));
    case Phase::Writing:
        if (m_transport.bytesWritten() != m_writtenBefore)
            return watchWriting();
        return finish();
    case Phase::Opening:
    case Phase::Idle:
    case Phase::Closing:
        return finish();
    case Phase::Finished:
        return;
    }
}

void HttpSession::drain()
{
    m_core->post(m_transport.get_executor(), [self = shared_from_this()] {
        self->m_draining = true;
        if ((self->m_phase == Phase::Opening || self->m_phase == Phase::Idle) && !self->mayAskOnce())
            self->finish();
    });
}

void HttpSession::abort()
{
    m_core->post(m_transport.get_executor(), [self = shared_from_this()] { self->finish(); });
}

void HttpSession::finish()
{
    if (m_phase == Phase::Finished)
        return;
    m_phase = Phase::Finished;
    m_deadline.cancel();
    m_transport.close();
    m_core->remove(this);
}

} // namespace Tideline::Server
