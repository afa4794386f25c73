// SPDX-License-Identifier: MIT
#include "server/http/realtimesession_p.h"

#include "server/http/httpreply_p.h"
#include "server/http/httprequest_p.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonDocument>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

constexpr const char *SubProtocol = "graphql-ws";
constexpr auto LongestLook = std::chrono::hours(1);     // the system's clock may be set meanwhile

net::const_buffer bufferOf(const QByteArray &bytes)
{
    return {bytes.constData(), std::size_t(bytes.size())};
}

Error expired()
{
    return Error(Error::Code::Unauthorized, u"Token has expired."_s);
}

Error silentAuthorizer()
{
    return Error(Error::Code::Timeout, u"The credentials could not be checked in time."_s);
}

bool isExpired(const Identity &identity)
{
    return identity.expiresAt != 0 && identity.expiresAt <= QDateTime::currentMSecsSinceEpoch();
}

// What a refused subscription is told: the service's own {"errors":[...]}, or the like of it.
QByteArray refusalPayload(const QString &id, const Error &error)
{
    const QByteArray detail = error.detail().toUtf8();
    if (QJsonDocument::fromJson(detail).object().contains("errors"_L1))
        return ServerMessage::error(id, detail);
    const QByteArray type = error.code() == Error::Code::Unauthorized ? "Unauthorized" : errorReply(error).errorType;
    return ServerMessage::error(id, type, error.message());
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

// What an authorizer calls with its answer: `call` then has it in the strand.
template<typename Call>
auto RealtimeSession::onStrand(Call call)
{
    return [weak = weak_from_this(), core = m_core, strand = m_socket.get_executor(), call = std::move(call)](Result<Identity> identity) {
        core->post(strand, [weak, call, identity = std::move(identity)] {
            if (const auto self = weak.lock())
                call(*self, identity);
        });
    };
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
    if (identity)
        m_identity = *identity;
    else
        refuse(identity.error());
    if (m_phase != Phase::AwaitingInit)
        return;
    if (m_initialised) {
        welcome();
        read();
    } else if (!identity) {
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

// ---- subscriptions ----

void RealtimeSession::subscribe(const ClientMessage &message)
{
    const QString &id = message.id;
    if (message.error.isError())
        return send(ServerMessage::error(id, "BadRequestException", message.error.message()));
    if (m_subscriptions.contains(id)) {
        return send(ServerMessage::error(id, "DuplicatedOperationError",
                                         u"A subscription with this id is running on this connection."_s));
    }
    if (const int limit = m_core->options.maxSubscriptions; m_subscriptions.size() >= limit) {
        return refuse(id, "MaxSubscriptionsReachedError", u"Max number of %1 subscriptions reached"_s.arg(limit), Refusal::Subscriptions);
    }
    const auto subscription = std::make_shared<Subscription>();
    m_subscriptions.insert(id, subscription);
    const GraphQLRequest &request = message.request;
    if (!message.authorization) {
        return subscriptionAuthorized(id, subscription, request,
                                      isExpired(*m_identity) ? Result<Identity>(expired()) : Result<Identity>(*m_identity));
    }
    watch(*subscription, Clock::now() + m_core->options.authorizationTimeout);
    m_core->authorizer.authorize({.target = "/graphql", .headers = *message.authorization, .body = message.data, .query = request.query,
                                  .operationName = request.operationName, .variables = request.variables},
                                 onStrand([id, subscription, request](RealtimeSession &self, const Result<Identity> &identity) {
                                     self.subscriptionAuthorized(id, subscription, request, identity);
                                 }));
}

void RealtimeSession::subscriptionAuthorized(const QString &id, const std::shared_ptr<Subscription> &subscription, GraphQLRequest request,
                                             const Result<Identity> &identity)
{
    if (subscription->id || m_subscriptions.value(id) != subscription)      // stopped or given up meanwhile
        return;
    if (identity && isRevoked(identity->credential))
        return subscriptionAuthorized(id, subscription, std::move(request), revoked());
    if (!identity) {
        m_subscriptions.remove(id);
        const Reply reply = errorReply(identity.error());
        count(reply.errorType, refusalOf(reply.status));
        return send(ServerMessage::error(id, reply.body));
    }
    if (m_core->delayOf(*identity, m_socket.next_layer().address())) {
        m_subscriptions.remove(id);
        return refuse(id, "LimitExceededError", u"Rate limit exceeded"_s, Refusal::Rate);
    }
    request.identity = *identity;
    subscription->dataHead = ServerMessage::dataHead(id);
    const Result<SubscriptionId> started = m_core->service.subscribe(
        request, [weak = weak_from_this(), subscription](const QByteArray &payload) {
            if (const auto self = weak.lock())
                self->deliver(*subscription, payload);
        });
    if (!started) {
        m_subscriptions.remove(id);
        return send(refusalPayload(id, started.error()));
    }
    subscription->id = *started;
    subscription->expiresAt = identity->expiresAt;
    subscription->credential = identity->credential;
    ++m_core->metrics.subscriptions;
    watch(*subscription, expiryOf(*subscription, Clock::now()));
    acknowledge(id, subscription);
}

void RealtimeSession::refuse(const QString &id, const QByteArray &type, const QString &message, Refusal why)
{
    count(type, why);
    send(ServerMessage::error(id, type, message));
}

void RealtimeSession::count(const QByteArray &type, Refusal why) const
{
    m_core->metrics.refused(why);
    m_core->log({.level = LogLevel::Info, .event = "refused", .operation = "realtime", .reason = type,
                 .caller = m_identity ? nameOf(m_identity->provider) : QByteArray(), .address = m_socket.next_layer().address()});
}

void RealtimeSession::acknowledge(const QString &id, const std::shared_ptr<Subscription> &subscription)
{
    const std::lock_guard lock(m_mutex);
    enqueue({ServerMessage::startAck(id), {}});
    for (Outgoing &message : subscription->early)
        enqueue(std::move(message));
    subscription->early = {};
    subscription->acknowledged = true;
}

void RealtimeSession::unsubscribe(const QString &id)
{
    const std::shared_ptr<Subscription> subscription = m_subscriptions.take(id);
    if (!subscription)                  // an answer would be an error to some clients
        return;
    release(*subscription);
    send(ServerMessage::complete(id));
}

void RealtimeSession::release(const Subscription &subscription)
{
    if (!subscription.id)
        return;
    m_core->service.unsubscribe(*subscription.id);
    --m_core->metrics.subscriptions;
}

void RealtimeSession::unsubscribeAll()
{
    for (const std::shared_ptr<Subscription> &subscription : std::as_const(m_subscriptions))
        release(*subscription);
    m_subscriptions.clear();
    m_nextDue = Clock::time_point::max();
}

Clock::time_point RealtimeSession::expiryOf(const Subscription &subscription, Clock::time_point now) const
{
    if (subscription.expiresAt == 0)
        return Clock::time_point::max();
    const qint64 end = subscription.expiresAt + m_core->options.expiryGrace.count();
    const std::chrono::milliseconds left(std::max<qint64>(0, end - QDateTime::currentMSecsSinceEpoch()));
    return now + std::min<std::chrono::milliseconds>(left, LongestLook);
}

void RealtimeSession::watch(Subscription &subscription, Clock::time_point due)
{
    subscription.due = due;
    m_nextDue = std::min(m_nextDue, due);
    schedule();
}

void RealtimeSession::endOverdueSubscriptions()
{
    const Clock::time_point now = Clock::now();
    const QHash<QString, std::shared_ptr<Subscription>> all = m_subscriptions;
    m_nextDue = Clock::time_point::max();
    for (auto entry = all.begin(); entry != all.end(); ++entry) {
        Subscription &subscription = **entry;
        if (subscription.id && subscription.due <= now)
            subscription.due = expiryOf(subscription, now);
        if (subscription.due > now) {
            m_nextDue = std::min(m_nextDue, subscription.due);
            continue;
        }
        m_subscriptions.remove(entry.key());
        release(subscription);
        send(ServerMessage::error(entry.key(), errorReply(subscription.id ? expired() : silentAuthorizer()).body));
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

Error RealtimeSession::revoked()        // as to who never had a key
{
    return Error(Error::Code::Unauthorized, u"You are not authorized to make this call."_s);
}

// What begins to run later is asked about when it begins. Clients expect no "complete" that they did not ask for.
void RealtimeSession::endRevokedSubscriptions()
{
    const QHash<QString, std::shared_ptr<Subscription>> all = m_subscriptions;
    for (auto entry = all.begin(); entry != all.end(); ++entry) {
        if (!(*entry)->id || !isRevoked((*entry)->credential))
            continue;
        m_subscriptions.remove(entry.key());
        release(**entry);
        send(ServerMessage::error(entry.key(), errorReply(revoked()).body));
    }
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
