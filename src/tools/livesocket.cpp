// SPDX-License-Identifier: MIT
#include "tools/livesocket.h"

#include "core/data/json.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QRegularExpression>
#include <QtNetwork/QNetworkRequest>
#include <QtWebSockets/QWebSocketHandshakeOptions>

#include <chrono>

namespace Tideline::Tools {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto HandshakeDeadline = 15s;                 // as amplify-js has it
constexpr auto SilenceLimit = 300s;                     // until the backend says another
constexpr quint64 LargestMessage = 16 * 1024 * 1024;    // bytes

QString compact(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QString typeOf(const QJsonObject &payload)
{
    return payload.value("errors"_L1)[0]["errorType"_L1].toString();
}

bool isUnauthorized(const QString &type)
{
    return type == "Unauthorized"_L1 || type == "UnauthorizedException"_L1 || type == "NotAuthorizedException"_L1;
}

} // namespace

QUrl realtimeUrl(const QUrl &endpoint)
{
    static const QRegularExpression aws(u"^(\\w{26})\\.appsync-api\\.([\\w-]+)\\.(amazonaws\\.com(?:\\.cn)?)$"_s);
    QUrl url = endpoint;
    url.setScheme(endpoint.scheme() == "https"_L1 ? u"wss"_s : u"ws"_s);
    const QRegularExpressionMatch match = aws.match(endpoint.host());
    if (match.hasMatch())
        url.setHost(u"%1.appsync-realtime-api.%2.%3"_s.arg(match.captured(1), match.captured(2), match.captured(3)));
    else
        url.setPath(endpoint.path() + u"/realtime"_s);
    return url;
}

LiveSocket::LiveSocket(const EndpointOptions &options) : m_options(options)
{
    m_deadline.setSingleShot(true);
    m_silence.setSingleShot(true);
    m_silence.setInterval(SilenceLimit);
    m_socket.setSslConfiguration(m_options.tls);
    m_socket.setMaxAllowedIncomingMessageSize(LargestMessage);
    m_socket.setMaxAllowedIncomingFrameSize(LargestMessage);
    connect(&m_deadline, &QTimer::timeout, this, [this] { end(Error(Error::Code::Timeout, u"the endpoint did not answer in time"_s)); });
    connect(&m_silence, &QTimer::timeout, this, [this] { end(Error(Error::Code::Timeout, u"the connection fell silent"_s)); });
    connect(&m_socket, &QWebSocket::connected, this, [this] { send({{u"type"_s, u"connection_init"_s}}); });
    connect(&m_socket, &QWebSocket::textMessageReceived, this, &LiveSocket::messageReceived);
    const auto failed = [this] {
        const QString reason = m_socket.closeReason().isEmpty() ? m_socket.errorString() : m_socket.closeReason();
        end(Error(Error::Code::Network, u"the connection ended: "_s + reason));
    };
    connect(&m_socket, &QWebSocket::disconnected, this, failed);
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    connect(&m_socket, &QWebSocket::errorOccurred, this, failed);
#else
    connect(&m_socket, QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error), this, failed);
#endif
}

LiveSocket::~LiveSocket()
{
    m_ended = true;
    m_socket.disconnect(this);
    m_socket.abort();
}

void LiveSocket::open(const QList<GraphQLDocument> &subscriptions)
{
    m_subscriptions = subscriptions;
    m_answered = QList<bool>(subscriptions.size(), false);
    const QByteArray header = compact(m_options.authorization()).toUtf8()
                                  .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    QWebSocketHandshakeOptions options;
    options.setSubprotocols({u"graphql-ws"_s, u"header-"_s + QString::fromLatin1(header)});
    m_deadline.start(HandshakeDeadline);
    m_socket.open(QNetworkRequest(realtimeUrl(m_options.url)), options);
}

void LiveSocket::messageReceived(const QString &text)
{
    const QJsonObject message = parseJson(text.toUtf8()).object();
    const QString type = message.value("type"_L1).toString();
    const QJsonObject payload = message.value("payload"_L1).toObject();
    m_silence.start();
    if (type == "connection_ack"_L1) {
        if (const qint64 limit = payload.value("connectionTimeoutMs"_L1).toInteger(); limit > 0)
            m_silence.start(std::chrono::milliseconds(limit));
        return startSubscriptions();
    }
    if (type == "connection_error"_L1)
        return end(Error(isUnauthorized(typeOf(payload)) ? Error::Code::Unauthorized : Error::Code::Network, errorText(payload)));
    bool known = false;
    const qsizetype number = message.value("id"_L1).toString().toLongLong(&known);
    if (!known || number < 0 || number >= m_subscriptions.size())
        return;                         // keep-alive, and what concerns no subscription
    if (type == "start_ack"_L1)
        subscriptionAnswered(number);
    else if (type == "data"_L1)
        Q_EMIT received(number, payload.value("data"_L1).toObject());
    else if (type == "error"_L1)
        subscriptionRefused(number, payload);
    else if (type == "complete"_L1)
        end(Error(Error::Code::Network, u"the endpoint ended a subscription"_s));
}

void LiveSocket::startSubscriptions()
{
    m_deadline.start(HandshakeDeadline);
    for (qsizetype i = 0; i < m_subscriptions.size(); ++i) {
        const QJsonObject data{{u"query"_s, m_subscriptions[i].query}, {u"variables"_s, m_subscriptions[i].variables}};
        const QJsonObject payload{{u"data"_s, compact(data)}, {u"extensions"_s, QJsonObject{{u"authorization"_s, m_options.authorization()}}}};
        send({{u"id"_s, QString::number(i)}, {u"type"_s, u"start"_s}, {u"payload"_s, payload}});
    }
}

void LiveSocket::subscriptionRefused(qsizetype number, const QJsonObject &payload)
{
    const QString type = typeOf(payload);
    const bool forGood = isUnauthorized(type) || type == "OperationDisabled"_L1;
    if (!forGood || m_answered[number])
        return end(Error(Error::Code::Network, u"a subscription ended: "_s + errorText(payload)));
    Q_EMIT refused(number, errorText(payload));
    subscriptionAnswered(number);
}

void LiveSocket::subscriptionAnswered(qsizetype number)
{
    m_answered[number] = true;
    if (m_answered.contains(false) || !m_deadline.isActive())
        return;
    m_deadline.stop();
    Q_EMIT established();
}

void LiveSocket::send(const QJsonObject &message)
{
    m_socket.sendTextMessage(compact(message));
}

void LiveSocket::end(const Error &error)
{
    if (std::exchange(m_ended, true))
        return;
    m_deadline.stop();
    m_silence.stop();
    Q_EMIT lost(error);
}

} // namespace Tideline::Tools
