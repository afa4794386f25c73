// SPDX-License-Identifier: MIT
#include "server/http/realtimesession_p.h"

#include "server/http/httpreply_p.h"
#include "server/http/httprequest_p.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

constexpr const char *SubProtocol = "graphql-ws";

net::const_buffer bufferOf(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

} // namespace

RealtimeSession::RealtimeSession(std::shared_ptr<Core> core, Transport transport)
    : m_core(std::move(core)), m_socket(std::move(transport)), m_deadline(m_socket.get_executor())
{
}

RealtimeSession::~RealtimeSession() = default;

// ---- opening ----

void RealtimeSession::start(const UpgradeRequest &request, const Headers &headers)
{
    const QList<QByteArray> protocols = offeredProtocols(headers.value("sec-websocket-protocol"));
    const bool spoken = protocols.contains(SubProtocol);
    if (spoken) {
        authorizeConnection(request, headers);
    } else {
        refuse(Error(Error::Code::Validation, u"NoProtocolError: the sub-protocol graphql-ws was not offered."_s));
    }
    const HttpOptions &options = m_core->options;
    m_socket.set_option(websocket::stream_base::timeout{options.closeTimeout, websocket::stream_base::none(), false});
    m_socket.set_option(websocket::stream_base::decorator([spoken](websocket::response_type &response) {
        response.erase(http::field::server);
        if (spoken)
            response.set(http::field::sec_websocket_protocol, SubProtocol);
    }));
    m_socket.auto_fragment(false);
    m_socket.text(true);
    m_socket.read_message_max(std::size_t(options.maxMessageBytes));
    m_socket.async_accept(request, [self = shared_from_this()](error_code error) { self->accepted(error); });
}

void RealtimeSession::authorizeConnection(const UpgradeRequest &request, const Headers &headers)
{
    m_authorizing = true;
    const Target target = splitTarget(QByteArrayView(request.target().data(), qsizetype(request.target().size())));
    const Result<Headers> credentials = handshakeCredentials(headers, target.query,
                                                             offeredProtocols(headers.value("sec-websocket-protocol")));
    if (!credentials)
        return connectionAuthorized(credentials.error());
    m_core->authorizer.authorize({.target = "/graphql/connect", .headers = *credentials, .body = "{}"},
                                 onStrand([](RealtimeSession &self, const Result<Identity> &identity) {
                                     self.connectionAuthorized(identity);
                                 }));
}

void RealtimeSession::connectionAuthorized(const Result<Identity> &identity)
{
    if (!std::exchange(m_authorizing, false))
        return;
    const bool tooMany = m_core->delayOf(identity, m_socket.next_layer().address()).has_value();
    if (tooMany)
        refuse(Error(Error::Code::Throttled, u"Rate limit exceeded."_s));
    else if (!identity)
        refuse(identity.error());
    else
        m_identity = *identity;
    if (m_phase != Phase::AwaitingInit)
        return;
    if (m_initialised) {
        welcome();
        read();
    } else if (!m_identity) {
        m_phaseEnd = Clock::now() + m_core->options.refusalDelay;
        schedule();
    }
}

void RealtimeSession::refuse(const Error &error)
{
    const Reply reply = errorReply(error);
    count(reply.errorType, refusalOf(reply.status));
    m_refusal = ServerMessage::connectionError(error);
}

void RealtimeSession::accepted(error_code error)
{
    if (error || m_phase == Phase::Finished)
        return finish();
    m_counted = true;
    ++m_core->metrics.realtimeConnections;
    m_phase = Phase::AwaitingInit;
    if (m_core->isDraining())
        return drain();
    m_phaseEnd = Clock::now() + (m_refusal.isEmpty() ? m_core->options.initTimeout : m_core->options.refusalDelay);
    schedule();
    read();
}

// The client has said connection_init; it is not read on while its credentials are being looked at.
void RealtimeSession::welcome()
{
    m_initialised = true;
    if (m_authorizing) {
        m_phaseEnd = Clock::now() + m_core->options.authorizationTimeout;
        return schedule();
    }
    m_refusal.isEmpty() ? initialise() : refuseConnection();
}

void RealtimeSession::initialise()
{
    m_phase = Phase::Running;
    m_phaseEnd = Clock::time_point::max();
    send(ServerMessage::connectionAck(m_core->options.connectionTimeout));
    keepAlive();
}

// Not before the client has spoken: some clients lose a message that comes together with the upgrade's answer.
void RealtimeSession::refuseConnection()
{
    m_phase = Phase::Refused;
    m_phaseEnd = Clock::now() + m_core->options.closeTimeout;
    schedule();
    send(m_refusal);
}

// ---- receiving ----

void RealtimeSession::read()
{
    m_socket.async_read(m_buffer, [self = shared_from_this()](error_code error, std::size_t) { self->received(error); });
}

void RealtimeSession::received(error_code error)
{
    if (error)
        return finish();
    const net::const_buffer data = m_buffer.data();
    const QByteArray text(static_cast<const char *>(data.data()), qsizetype(data.size()));
    m_buffer = {};                      // most connections say nothing more for hours
    if (!m_socket.got_text())
        return close(websocket::close_code::unknown_data, "text messages only");
    m_core->metrics.bytesReceived.add(text.size());
    handle(parseClientMessage(text));
    const bool waits = m_initialised && m_authorizing;
    if (m_phase != Phase::Closing && m_phase != Phase::Finished && !waits)
        read();
}

void RealtimeSession::handle(const ClientMessage &message)
{
    using enum ClientMessage::Type;
    if (m_phase == Phase::AwaitingInit && message.type == ConnectionInit)
        return welcome();
    if (m_phase != Phase::Running)
        return;
    switch (message.type) {
    case ConnectionInit:
        return send(ServerMessage::connectionAck(m_core->options.connectionTimeout));
    case Start:
        return subscribe(message);
    case Stop:
        return unsubscribe(message.id);
    case Unknown:
        return send(ServerMessage::error(message.id, "UnsupportedOperation",
                                         u"unknown not supported through the realtime channel"_s));
    }
}

// ---- sending ----

void RealtimeSession::deliver(Subscription &subscription, const QByteArray &payload)
{
    const std::lock_guard lock(m_mutex);
    ++m_core->metrics.delivered;
    Outgoing message{subscription.dataHead, payload};
    if (subscription.acknowledged)
        enqueue(std::move(message));
    else if (!m_deaf)
        subscription.early.push_back(std::move(message));
}

void RealtimeSession::send(const QByteArray &message)
{
    const std::lock_guard lock(m_mutex);
    enqueue({message, {}});
}

void RealtimeSession::enqueue(Outgoing message)
{
    if (m_deaf)
        return;
    if (m_queuedBytes > 0 && m_queuedBytes + message.size() > m_core->options.maxSendQueueBytes) {
        m_deaf = true;
        m_queue = {};
        m_core->post(m_socket.get_executor(), [self = shared_from_this()] { self->cutOff(); });
        return;
    }
    m_core->metrics.bytesSent.add(message.size());
    m_queuedBytes += message.size();
    m_queue.push_back(std::move(message));
    if (!std::exchange(m_pumping, true))
        m_core->post(m_socket.get_executor(), [self = shared_from_this()] { self->pump(); });
}

void RealtimeSession::cutOff()
{
    if (m_phase == Phase::Closing || m_phase == Phase::Finished)
        return;
    ++m_core->metrics.slowReceivers;
    m_core->log({.level = LogLevel::Warning, .event = "slow receiver"});
    close(websocket::close_code::policy_error, "the receiver is too slow: send queue full");
}

void RealtimeSession::pump()
{
    m_batch = {};
    m_batchPosition = 0;
    {
        const std::lock_guard lock(m_mutex);
        m_batch.swap(m_queue);
        m_pumping = !m_batch.empty();
    }
    if (!m_batch.empty())
        return write();
    // 1000: a client that reconnects by itself after other codes would repeat what was refused.
    if (m_phase == Phase::Refused)
        close(websocket::close_code::normal, "connection refused");
}

void RealtimeSession::write()
{
    static constexpr char tail = '}';
    if (m_phase == Phase::Closing || m_phase == Phase::Finished)
        return;
    const Outgoing &message = m_batch[m_batchPosition];
    const std::array<net::const_buffer, 3> buffers{
        bufferOf(message.head), bufferOf(message.payload),
        net::const_buffer(&tail, message.payload.isNull() ? 0 : 1)};
    m_writtenBefore = m_socket.next_layer().bytesWritten();
    m_writeEnd = Clock::now() + m_core->options.writeTimeout;
    schedule();
    m_socket.next_layer().setMoreFollows(m_batchPosition + 1 < m_batch.size());
    m_socket.async_write(buffers, [self = shared_from_this()](error_code error, std::size_t) { self->written(error); });
}

void RealtimeSession::written(error_code error)
{
    m_writeEnd = Clock::time_point::max();
    schedule();
    if (error)
        return finish();
    {
        const std::lock_guard lock(m_mutex);
        m_queuedBytes -= m_batch[m_batchPosition].size();
    }
    m_batch[m_batchPosition] = {};
    if (++m_batchPosition < m_batch.size())
        write();
    else
        pump();
}

// ---- time and end ----

void RealtimeSession::keepAlive()
{
    m_nextKeepAlive = Clock::now() + m_core->options.keepAliveInterval;
    schedule();
    send(ServerMessage::keepAlive());
}

void RealtimeSession::schedule()
{
    m_deadline.setAt(weak_from_this(), std::min({m_nextKeepAlive, m_phaseEnd, m_writeEnd, m_nextDue}));
}

void RealtimeSession::deadlinePassed()
{
    const Clock::time_point now = Clock::now();
    if (m_phaseEnd <= now) {
        m_phaseEnd = Clock::time_point::max();
        if (m_phase != Phase::AwaitingInit)
            return finish();
        if (m_initialised)
            return connectionAuthorized(silentAuthorizer());
        m_refusal.isEmpty() ? close(websocket::close_code::policy_error, "no connection_init in time")
                            : refuseConnection();
    }
    if (m_writeEnd <= now) {
        if (m_socket.next_layer().bytesWritten() == m_writtenBefore) {
            ++m_core->metrics.slowReceivers;    // in the middle of a message: no close frame can follow
            return finish();
        }
        m_writtenBefore = m_socket.next_layer().bytesWritten();
        m_writeEnd = now + m_core->options.writeTimeout;
    }
    if (m_nextKeepAlive <= now)
        keepAlive();
    if (m_nextDue <= now)
        endOverdueSubscriptions();
    schedule();
}

void RealtimeSession::drain()
{
    m_core->post(m_socket.get_executor(), [self = shared_from_this()] {
        if (self->m_phase != Phase::Upgrading)      // which looks for itself when it is done
            self->close(websocket::close_code::service_restart, "the server is restarting");
    });
}

void RealtimeSession::recheckCallers()
{
    m_core->post(m_socket.get_executor(), [self = shared_from_this()] { self->endRevokedSubscriptions(); });
}

void RealtimeSession::abort()
{
    m_core->post(m_socket.get_executor(), [self = shared_from_this()] { self->finish(); });
}

void RealtimeSession::close(websocket::close_code code, const char *reason)
{
    if (m_phase == Phase::Closing || m_phase == Phase::Finished)
        return;
    m_phase = Phase::Closing;
    unsubscribeAll();
    {
        const std::lock_guard lock(m_mutex);
        m_deaf = true;
        m_queue = {};
    }
    m_nextKeepAlive = Clock::time_point::max();
    m_writeEnd = Clock::time_point::max();
    m_phaseEnd = Clock::now() + m_core->options.closeTimeout;
    schedule();
    m_socket.next_layer().setMoreFollows(false);
    m_socket.async_close({code, reason}, [self = shared_from_this()](error_code) { self->finish(); });
}

void RealtimeSession::finish()
{
    if (m_phase == Phase::Finished)
        return;
    m_phase = Phase::Finished;
    m_deadline.cancel();
    unsubscribeAll();
    {
        const std::lock_guard lock(m_mutex);
        m_deaf = true;
        m_queue = {};
    }
    m_socket.next_layer().close();
    if (m_counted)
        --m_core->metrics.realtimeConnections;
    m_core->remove(this);
}

} // namespace Tideline::Server
