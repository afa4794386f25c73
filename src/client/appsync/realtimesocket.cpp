// SPDX-License-Identifier: MIT
#include "client/appsync/realtimesocket_p.h"

#include "client/appsync/appsynctext_p.h"
#include "client/appsync/decoding_p.h"
#include "client/appsync/requestsender_p.h"
#include "core/data/json.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QRegularExpression>
#include <QtNetwork/QNetworkRequest>
#include <QtWebSockets/QWebSocket>
#include <QtWebSockets/QWebSocketHandshakeOptions>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

constexpr qint64 stepDeadline = 5'000;                  // ms without progress while connecting: a way that swallows packets is left early,
                                                        // a slow one gets this for each step
constexpr qint64 shortestSilence = 10'000;              // ms; of a line whose interval of "ka" was learned
constexpr qint64 stopDeadline = 5'000;
constexpr quint64 largestMessage = 4 * 1024 * 1024;     // bytes; AppSync's own limit is 240 kB

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

// What clients send and sign with the real-time protocol.
QList<std::pair<QByteArray, QByteArray>> signedHeaders()
{
    return {{"accept", "application/json, text/javascript"}, {"content-encoding", "amz-1.0"}, {"content-type", "application/json; charset=UTF-8"}};
}

QJsonObject firstError(const QJsonObject &payload)
{
    const QJsonValue errors = payload.value("errors"_L1);
    return errors.isArray() ? errors.toArray().first().toObject() : errors.toObject();
}

} // namespace

QUrl realtimeUrl(const QUrl &endpoint)
{
    static const QRegularExpression aws(u"^(\\w{26})\\.appsync-api\\.([\\w-]+)\\.(amazonaws\\.com(?:\\.cn)?)$"_s);
    QUrl url = endpoint;
    const bool secure = endpoint.scheme() == "https"_L1 || endpoint.scheme() == "wss"_L1;
    url.setScheme(secure ? u"wss"_s : u"ws"_s);
    const QRegularExpressionMatch match = aws.match(endpoint.host());
    if (match.hasMatch())
        url.setHost(u"%1.appsync-realtime-api.%2.%3"_s.arg(match.captured(1), match.captured(2), match.captured(3)));
    else
        url.setPath(endpoint.path() + u"/realtime"_s);
    return url;
}

RealtimeSocket::RealtimeSocket(Scheduler &scheduler, const QUrl &endpoint, const AuthOrder &order)
    : m_scheduler(scheduler), m_endpoint(endpoint), m_authorizer(order.first()), m_several(order.all().size() > 1), m_socket(std::make_unique<QWebSocket>())
{
    for (const std::shared_ptr<Authorizer> &authorizer : order.all())
        m_secrets.insert(authorizer, authorizer->number());
    connectSocket();
}

void RealtimeSocket::connectSocket()
{
    m_socket->setMaxAllowedIncomingMessageSize(largestMessage);
    m_socket->setMaxAllowedIncomingFrameSize(largestMessage);
    connect(m_socket.get(), &QWebSocket::connected, this, &RealtimeSocket::connected);
    connect(m_socket.get(), &QWebSocket::textMessageReceived, this, &RealtimeSocket::messageReceived);
    connect(m_socket.get(), &QWebSocket::pong, this, [this] {
        m_answers = true;
        keepAlive();
    });
    connect(m_socket.get(), &QWebSocket::disconnected, this, [this] {
        const QString reason = m_socket->closeReason();
        end(Error(Error::Code::Network, reason.isEmpty() ? AppSyncText::tr("The real-time connection was closed.")
                                                         : AppSyncText::tr("The real-time connection was closed: %1").arg(reason)));
    });
    const auto failed = [this] {
        end(Error(Error::Code::Network, AppSyncText::tr("The real-time connection failed: %1").arg(m_socket->errorString())));
    };
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(m_socket.get(), &QWebSocket::errorOccurred, this, failed);
#else
    connect(m_socket.get(), QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error), this, failed);
#endif
}

RealtimeSocket::~RealtimeSocket()
{
    m_ended = true;
    m_scheduler.cancelTimer(m_deadline);
    m_scheduler.cancelTimer(m_silence);
    m_scheduler.cancelTimer(m_pulse);
    m_socket->disconnect(this);
    m_socket->abort();
}

bool RealtimeSocket::isOutdated() const
{
    for (auto used = m_secrets.cbegin(); used != m_secrets.cend(); ++used) {
        if (used.key()->number() != used.value())
            return true;
    }
    return false;
}

bool RealtimeSocket::mayRenew() const
{
    return m_mayRenew;
}

/* Waits for the proof of one request; \a wait keeps the waiting. */
void RealtimeSocket::authorize(const std::shared_ptr<Authorizer> &authorizer, AuthorizationRequest request, Authorizer::Handle &wait,
                               Reply<QJsonObject> done)
{
    request.account = m_account;
    const Authorizer::Handle handle = authorizer->authorize(
        request, m_scheduler, [this, authorizer, done = std::move(done)](const Result<Authorization> &authorization) {
            if (m_ended)
                return;
            if (!authorization)
                return done(authorization.error());
            m_secrets.insert(authorizer, authorization->number);
            done(authorization->headers);
        });
    wait = handle;
}

void RealtimeSocket::open(const QList<Subscription> &subscriptions)
{
    for (const Subscription &subscription : subscriptions)
        m_subscriptions.push_back({subscription});
    m_waiting = subscriptions.size();
    wait(stepDeadline + Authorizer::deadline, AppSyncText::tr("The backend did not answer in time: waiting for the real-time connection."));
    authorize(m_authorizer, {authorizationHost(m_endpoint), m_endpoint.path(QUrl::FullyEncoded).toLatin1() + "/connect", "{}", signedHeaders()}, m_wait,
              [this](const Result<QJsonObject> &authorization) {
                  if (!authorization)
                      return end(authorization.error());
                  const QByteArray header = compact(*authorization).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
                  QWebSocketHandshakeOptions options;
                  options.setSubprotocols({u"graphql-ws"_s, u"header-"_s + QString::fromLatin1(header)});
                  wait(stepDeadline, AppSyncText::tr("The backend did not answer in time: waiting for the real-time connection."));
                  m_socket->open(QNetworkRequest(realtimeUrl(m_endpoint)), options);
              });
}

void RealtimeSocket::connected()
{
    send({{u"type"_s, u"connection_init"_s}});
    wait(stepDeadline, AppSyncText::tr("The backend did not answer in time: waiting for connection_ack."));
}

void RealtimeSocket::messageReceived(const QString &text)
{
    const QJsonObject message = parseJson(text.toUtf8()).object();
    const QString type = message.value("type"_L1).toString();
    const QJsonObject payload = message.value("payload"_L1).toObject();
    keepAlive();
    if (type == "ka"_L1)
        return learnInterval();
    if (type == "connection_ack"_L1)
        return acknowledged(payload);
    if (type == "connection_error"_L1) {
        const QJsonObject error = firstError(payload);
        const Error decoded = decodeGraphQLError(error);
        return isUnauthorized(error) ? endUnauthorized(m_authorizer, decoded)
                                     : end(Error(Error::Code::Protocol, decoded.message()).withDetail(decoded.detail()));
    }
    bool known = false;
    const qsizetype number = message.value("id"_L1).toString().toLongLong(&known);
    if (!known || number < 0 || number >= qsizetype(m_subscriptions.size()))
        return;                 // what concerns no subscription
    if (type == "start_ack"_L1 && !m_subscriptions[size_t(number)].answered) {
        m_subscriptions[size_t(number)].answered = true;
        return subscriptionAnswered();
    }
    if (type == "data"_L1)
        Q_EMIT dataReceived(number, payload.value("data"_L1).toObject());
    else if (type == "error"_L1 && !m_stopping)
        subscriptionRefused(number, payload);
    else if (type == "complete"_L1 || type == "error"_L1)       // AppSync knows nothing of one that it refused
        subscriptionEnded();
}

/* Asks for the last word of every subscription: what was on its way comes before it. */
void RealtimeSocket::stop()
{
    m_stopping = true;
    m_waiting = 0;
    wait(stopDeadline, AppSyncText::tr("The backend did not answer in time: waiting for the end of subscriptions."));
    for (qsizetype i = 0; i < qsizetype(m_subscriptions.size()); ++i) {
        ++m_waiting;
        send({{u"id"_s, QString::number(i)}, {u"type"_s, u"stop"_s}});
    }
}

void RealtimeSocket::subscriptionEnded()
{
    if (!m_stopping || --m_waiting <= 0)
        end(Error(Error::Code::Network, AppSyncText::tr("The backend ended a subscription.")));
}

void RealtimeSocket::acknowledged(const QJsonObject &payload)
{
    const qint64 limit = payload.value("connectionTimeoutMs"_L1).toInteger();
    if (limit > 0)
        m_silenceLimit = limit;
    keepAlive();
    ask();                      // to learn whether it answers, while it is known to be there
    startSubscriptions();
}

void RealtimeSocket::startSubscriptions()
{
    if (m_subscriptions.empty()) {
        m_waiting = 1;
        return subscriptionAnswered();
    }
    wait(stepDeadline, AppSyncText::tr("The backend did not answer in time: waiting for the subscriptions."));
    for (qsizetype i = 0; i < qsizetype(m_subscriptions.size()) && !m_ended; ++i)
        start(i);
}

void RealtimeSocket::start(qsizetype number)
{
    Started &started = m_subscriptions[size_t(number)];
    const QByteArray data = compact({{u"query"_s, started.subscription.query}, {u"variables"_s, started.subscription.variables}});
    authorize(started.subscription.modes.constFirst(), {authorizationHost(m_endpoint), m_endpoint.path(QUrl::FullyEncoded).toLatin1(), data, signedHeaders()},
              started.wait, [this, number, data](const Result<QJsonObject> &authorization) {
                  if (!authorization)
                      return hasNextMode(number, authorization.error()) ? start(number) : giveUp(number, authorization.error());
                  send({{u"id"_s, QString::number(number)},
                        {u"type"_s, u"start"_s},
                        {u"payload"_s,
                         QJsonObject{{u"data"_s, QString::fromUtf8(data)}, {u"extensions"_s, QJsonObject{{u"authorization"_s, *authorization}}}}}});
              });
}

/* Goes over to the next mode of a subscription that was refused in the present one. */
bool RealtimeSocket::hasNextMode(qsizetype number, const Error &error)
{
    AuthOrder::Modes &modes = m_subscriptions[size_t(number)].subscription.modes;
    if (error.code() != Error::Code::Unauthorized || modes.size() < 2)
        return false;
    modes.removeFirst();
    return true;
}

/*
    A rule that denies is for good once every mode was tried, and so is an operation that is switched off. Credentials that are
    refused end the connection, to be opened with others; and so does what cannot be sat out in silence: a live
    subscription that errs, a limit, a document the backend does not take.
*/
void RealtimeSocket::subscriptionRefused(qsizetype number, const QJsonObject &payload)
{
    Started &started = m_subscriptions[size_t(number)];
    const QJsonObject error = firstError(payload);
    const QString type = error.value("errorType"_L1).toString();
    if (!started.answered && hasNextMode(number, decodeGraphQLError(error)))
        return start(number);
    if (type == "UnauthorizedException"_L1) {
        const std::shared_ptr<Authorizer> authorizer = started.subscription.modes.constFirst();
        if (!m_several)
            return endUnauthorized(authorizer, decodeGraphQLError(error));
        if (!started.answered && authorizer->refused(m_secrets.value(authorizer)) && !std::exchange(started.again, true))
            return start(number);
    }
    const bool forGood = isUnauthorized(error) || type == "OperationDisabled"_L1;
    if (!forGood || started.answered)
        return end(Error(Error::Code::Protocol, AppSyncText::tr("The backend refused a subscription: %1").arg(decodeGraphQLError(error).message())).withDetail(type));
    refuse(number, decodeGraphQLError(error));
}

/* There is nobody to subscribe as; with several credentials others go on. */
void RealtimeSocket::giveUp(qsizetype number, const Error &error)
{
    if (!m_several || error.code() != Error::Code::Unauthorized)
        return end(error);
    refuse(number, error.withDetail(u"UnauthorizedException"_s));
}

void RealtimeSocket::refuse(qsizetype number, const Error &error)
{
    m_subscriptions[size_t(number)].answered = true;
    Q_EMIT refused(number, error);
    if (!m_ended)
        subscriptionAnswered();
}

void RealtimeSocket::subscriptionAnswered()
{
    if (--m_waiting > 0)
        return wait(stepDeadline, AppSyncText::tr("The backend did not answer in time: waiting for the subscriptions."));
    m_scheduler.cancelTimer(std::exchange(m_deadline, 0));
    Q_EMIT established();
}

void RealtimeSocket::send(const QJsonObject &message)
{
    m_socket->sendTextMessage(QString::fromUtf8(compact(message)));
}

void RealtimeSocket::wait(qint64 milliseconds, const QString &inVain)
{
    m_scheduler.cancelTimer(m_deadline);
    m_deadline = m_scheduler.startTimer(milliseconds, [this, inVain] {
        m_deadline = 0;
        end(Error(Error::Code::Timeout, inVain));
    });
}

/* Something came: the line stands. */
void RealtimeSocket::keepAlive()
{
    m_scheduler.cancelTimer(m_silence);
    m_silence = m_scheduler.startTimer(m_silenceLimit, [this] {
        m_silence = 0;
        end(Error(Error::Code::Timeout, AppSyncText::tr("The real-time connection fell silent.")));
    });
    m_asked = false;
    listen();
}

/* A backend that keeps the line alive more often than it has to is missed sooner than it allows. */
void RealtimeSocket::learnInterval()
{
    const qint64 now = m_scheduler.monotonic();
    if (m_lastKa >= 0)
        m_silenceLimit = std::min(m_silenceLimit, std::max(shortestSilence, 2 * (now - m_lastKa)));
    m_lastKa = now;
    keepAlive();
}

void RealtimeSocket::listen()
{
    m_scheduler.cancelTimer(std::exchange(m_pulse, 0));
    if (m_heartbeat <= 0 || m_ended)
        return;
    m_pulse = m_scheduler.startTimer(m_heartbeat, [this] {
        m_pulse = 0;
        m_asked ? heardNothing() : ask();
    });
}

void RealtimeSocket::ask()
{
    if (m_heartbeat <= 0 || m_ended)
        return;
    m_asked = true;
    m_socket->ping();
    listen();
}

void RealtimeSocket::heardNothing()
{
    if (m_answers)
        end(Error(Error::Code::Timeout, AppSyncText::tr("The real-time connection is dead: the backend gives no sign of life.")));
    // a backend that answers no ping is known by its "ka" alone
}

void RealtimeSocket::check()
{
    if (m_socket->state() == QAbstractSocket::ConnectedState && !m_asked)
        ask();
}

void RealtimeSocket::endUnauthorized(const std::shared_ptr<Authorizer> &authorizer, const Error &error)
{
    m_mayRenew = authorizer->refused(m_secrets.value(authorizer));
    end(error);
}

void RealtimeSocket::end(const Error &error)
{
    if (std::exchange(m_ended, true))
        return;
    m_scheduler.cancelTimer(std::exchange(m_deadline, 0));
    m_scheduler.cancelTimer(std::exchange(m_silence, 0));
    m_scheduler.cancelTimer(std::exchange(m_pulse, 0));
    Q_EMIT lost(error);
}

} // namespace Tideline
