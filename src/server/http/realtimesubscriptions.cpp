// SPDX-License-Identifier: MIT
// The subscriptions of a real-time connection.
#include "server/http/realtimesession_p.h"

#include "server/http/httpreply_p.h"
#include "server/http/httprequest_p.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

constexpr auto LongestLook = std::chrono::hours(1);     // the system's clock may be set meanwhile

Error expired()
{
    return Error(Error::Code::Unauthorized, u"Token has expired."_s);
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

Error RealtimeSession::silentAuthorizer()
{
    return Error(Error::Code::Timeout, u"The credentials could not be checked in time."_s);
}

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
    if (m_core->delayOf(identity, m_socket.next_layer().address())) {
        m_subscriptions.remove(id);
        return refuse(id, "LimitExceededError", u"Rate limit exceeded"_s, Refusal::Rate);
    }
    if (!identity) {
        m_subscriptions.remove(id);
        const Reply reply = errorReply(identity.error());
        count(reply.errorType, refusalOf(reply.status));
        return send(ServerMessage::error(id, reply.body));
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

} // namespace Tideline::Server
