// SPDX-License-Identifier: MIT
#pragma once

#include "server/http/httpserver.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QMap>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QtTest>

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace Tideline::Server::Fakes {

inline const QByteArray goodKey = "da2-good";

// Answers with what it was asked; "hold" in a query keeps the answer until release().
class Service final : public GraphQLService
{
public:
    void execute(GraphQLRequest request, std::function<void(QByteArray)> done) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_requests.push_back(request);
            if (request.query.contains(QLatin1String("hold"))) {
                m_held.push_back(std::move(done));
                return;
            }
        }
        done(answer.isEmpty() ? echo(request) : answer);
    }

    Result<SubscriptionId> subscribe(const GraphQLRequest &request,
                                     std::function<void(QByteArray)> deliver) override
    {
        if (request.query.contains(QLatin1String("refuse")))
            return Error(Error::Code::Unauthorized, QStringLiteral("refused")).withDetail(refusal);
        for (int i = 0; i < early && request.query.contains(QLatin1String("early")); ++i)
            deliver("{\"data\":{\"early\":1}}");
        const std::lock_guard lock(m_mutex);
        m_requests.push_back(request);
        m_receivers.insert(++m_lastId, std::move(deliver));
        return m_lastId;
    }

    void unsubscribe(SubscriptionId id) override
    {
        const std::lock_guard lock(m_mutex);
        m_receivers.remove(id);
    }

    void publish(const QByteArray &payload)
    {
        const std::lock_guard lock(m_mutex);        // so that unsubscribe() waits for what is being delivered
        for (const auto &deliver : std::as_const(m_receivers))
            deliver(payload);
    }

    void release()
    {
        std::vector<std::function<void(QByteArray)>> held;
        {
            const std::lock_guard lock(m_mutex);
            held.swap(m_held);
        }
        for (const auto &done : held)
            done("{\"data\":{\"held\":true}}");
    }

    [[nodiscard]] qsizetype held() const { const std::lock_guard lock(m_mutex); return qsizetype(m_held.size()); }
    [[nodiscard]] qsizetype receivers() const { const std::lock_guard lock(m_mutex); return m_receivers.size(); }
    [[nodiscard]] std::vector<GraphQLRequest> requests() const { const std::lock_guard lock(m_mutex); return m_requests; }

    static QByteArray echo(const GraphQLRequest &request)
    {
        const QJsonObject seen{{QStringLiteral("query"), request.query},
                               {QStringLiteral("variables"), request.variables},
                               {QStringLiteral("operationName"), request.operationName}};
        return QJsonDocument(QJsonObject{{QStringLiteral("data"), seen}}).toJson(QJsonDocument::Compact);
    }

    int early = 1;                                  // messages of a subscription that says so, before it is confirmed
    QByteArray answer;                              // instead of the echo; set before the server starts
    QString refusal;

private:
    mutable std::mutex m_mutex;
    std::vector<GraphQLRequest> m_requests;
    std::vector<std::function<void(QByteArray)>> m_held;
    QMap<SubscriptionId, std::function<void(QByteArray)>> m_receivers;
    SubscriptionId m_lastId = 0;
};

// Lets in who has the key, or a token "user:NAME"; a token "slow:NAME" has to wait for release().
class KeyAuthorizer final : public Authorizer
{
public:
    void authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const override
    {
        const QByteArray token = request.headers.value("authorization");
        {
            const std::lock_guard lock(m_mutex);
            m_requests.push_back(request);
            if (token.startsWith("slow:")) {
                m_held.emplace_back(request, std::move(done));
                return;
            }
        }
        done(identityOf(request));
    }

    // From a thread of its own, as an authorizer may.
    void release() const
    {
        std::vector<std::pair<AuthRequest, std::function<void(Result<Identity>)>>> held;
        {
            const std::lock_guard lock(m_mutex);
            held.swap(m_held);
        }
        std::thread([&held, this] {
            for (const auto &[request, done] : held)
                done(identityOf(request));
        }).join();
    }

    [[nodiscard]] qsizetype held() const { const std::lock_guard lock(m_mutex); return qsizetype(m_held.size()); }
    [[nodiscard]] std::vector<AuthRequest> requests() const { const std::lock_guard lock(m_mutex); return m_requests; }

    [[nodiscard]] bool isRevoked(const QByteArray &credential) const override { return credential == goodKey && revoked; }

    std::atomic<qint64> expiresAt = 0;              // of tokens
    std::atomic<bool> revoked = false;              // the key, of those who are connected

private:
    Result<Identity> identityOf(const AuthRequest &request) const
    {
        const QByteArray token = request.headers.value("authorization");
        if (request.headers.value("x-api-key") == goodKey)
            return Identity{.credential = goodKey};
        if (token == "slow:nobody" || !(token.startsWith("user:") || token.startsWith("slow:")))
            return Error(Error::Code::Unauthorized, QStringLiteral("You are not authorized to make this call."));
        Identity identity;
        identity.provider = Identity::Provider::Oidc;
        identity.subject = QString::fromUtf8(token.mid(5));
        identity.expiresAt = expiresAt;
        return identity;
    }

    mutable std::mutex m_mutex;
    mutable std::vector<AuthRequest> m_requests;
    mutable std::vector<std::pair<AuthRequest, std::function<void(Result<Identity>)>>> m_held;
};

struct Answer
{
    int status = 0;
    QHash<QByteArray, QByteArray> headers;          // names in lower case
    QByteArray body;
};

// Takes one complete HTTP answer from the front of `bytes`.
inline std::optional<Answer> takeAnswer(QByteArray &bytes, bool withBody = true)
{
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end < 0)
        return std::nullopt;
    const QList<QByteArray> lines = bytes.first(end).replace("\r\n", "\n").split('\n');
    Answer answer;
    answer.status = lines.constFirst().split(' ').value(1).toInt();
    for (const QByteArray &line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        answer.headers.insert(line.first(colon).toLower(), line.mid(colon + 1).trimmed());
    }
    const qsizetype size = withBody ? answer.headers.value("content-length").toLongLong() : 0;
    if (bytes.size() < end + 4 + size)
        return std::nullopt;
    answer.body = bytes.mid(end + 4, size);
    bytes.remove(0, end + 4 + size);
    return answer;
}

// A client that sends exactly the given bytes.
class RawClient
{
public:
    explicit RawClient(quint16 port)
    {
        QObject::connect(&socket, &QTcpSocket::readyRead, &socket, [this] { received += socket.readAll(); });
        socket.connectToHost(QStringLiteral("127.0.0.1"), port);
    }

    void send(const QByteArray &bytes) { socket.write(bytes); }
    [[nodiscard]] bool isClosed() const { return socket.state() == QAbstractSocket::UnconnectedState; }

    std::optional<Answer> answer(bool withBody = true)
    {
        std::optional<Answer> answer;
        [&] { QTRY_VERIFY(answer || (answer = takeAnswer(received, withBody))); }();
        return answer;
    }

    QTcpSocket socket;
    QByteArray received;
};

// stop() blocks, and the clients of a test live in its thread.
class Stopping
{
public:
    Stopping(HttpServer &server, std::chrono::milliseconds deadline)
        : m_thread([this, &server, deadline] {
              server.stop(deadline);
              m_done = true;
          })
    {
    }
    ~Stopping() { m_thread.join(); }
    [[nodiscard]] bool isDone() const { return m_done; }

private:
    std::atomic<bool> m_done = false;
    std::thread m_thread;
};

inline QByteArray post(const QByteArray &body, const QByteArray &headers = {})
{
    return "POST /graphql HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + goodKey + "\r\nContent-Length: "
        + QByteArray::number(body.size()) + "\r\n" + headers + "\r\n" + body;
}

} // namespace Tideline::Server::Fakes
