// SPDX-License-Identifier: MIT
#include "client/appsync/realtimesocket_p.h"

#include "client/appsync/appsynctext_p.h"
#include "client/appsync/decoding_p.h"
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
constexpr quint64 largestMessage = 4 * 1024 * 1024;     // bytes; AppSync's own limit is 240 kB

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
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

RealtimeSocket::RealtimeSocket(Scheduler &scheduler, const QUrl &endpoint, const QJsonObject &authorization)
    : m_scheduler(scheduler), m_endpoint(endpoint), m_authorization(authorization), m_socket(std::make_unique<QWebSocket>())
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

void RealtimeSocket::open(const QList<Subscription> &subscriptions)
{
    m_subscriptions = subscriptions;
    m_answered = QList<bool>(subscriptions.size(), false);
    m_waiting = subscriptions.size();
    const QByteArray header = compact(m_authorization).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    QWebSocketHandshakeOptions options;
    options.setSubprotocols({u"graphql-ws"_s, u"header-"_s + QString::fromLatin1(header)});
    wait(stepDeadline, AppSyncText::tr("The backend did not answer in time: waiting for the real-time connection."));
    m_socket->open(QNetworkRequest(realtimeUrl(m_endpoint)), options);
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
        return end(isUnauthorized(error) ? decoded : Error(Error::Code::Protocol, decoded.message()).withDetail(decoded.detail()));
    }
    bool known = false;
    const qsizetype number = message.value("id"_L1).toString().toLongLong(&known);
    if (!known || number < 0 || number >= m_subscriptions.size())
        return;                 // concerns no subscription
    if (type == "start_ack"_L1 && !m_answered[number]) {
        m_answered[number] = true;
        return subscriptionAnswered();
    }
    if (type == "data"_L1)
        Q_EMIT dataReceived(number, payload.value("data"_L1).toObject());
    else if (type == "error"_L1)
        subscriptionRefused(number, payload);
    else if (type == "complete"_L1)
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
    if (m_subscriptions.isEmpty()) {
        m_waiting = 1;
        return subscriptionAnswered();
    }
    wait(stepDeadline, AppSyncText::tr("The backend did not answer in time: waiting for the subscriptions."));
    for (qsizetype i = 0; i < m_subscriptions.size(); ++i) {
        const QJsonObject data{{u"query"_s, m_subscriptions[i].query}, {u"variables"_s, m_subscriptions[i].variables}};
        send({{u"id"_s, QString::number(i)},
              {u"type"_s, u"start"_s},
              {u"payload"_s,
               QJsonObject{{u"data"_s, QString::fromUtf8(compact(data))},
                           {u"extensions"_s, QJsonObject{{u"authorization"_s, m_authorization}}}}}});
    }
}

void RealtimeSocket::subscriptionRefused(qsizetype number, const QJsonObject &payload)
{
    const QJsonObject error = firstError(payload);
    const QString type = error.value("errorType"_L1).toString();
    // A rule that denies and an operation that is switched off are for good; a live subscription that
    // errs, a limit or a document the backend does not take is not something to sit out in silence.
    const bool forGood = isUnauthorized(error) || type == "OperationDisabled"_L1;
    if (!forGood || m_answered[number])
        return end(Error(Error::Code::Protocol, AppSyncText::tr("The backend refused a subscription: %1").arg(decodeGraphQLError(error).message())).withDetail(type));
    m_answered[number] = true;
    Q_EMIT refused(number, decodeGraphQLError(error));
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
