// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/apikeyauthorizer.h"
#include "server/backend.h"
#include "server/http/httpserver.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QUrl>

#include <future>
#include <mutex>

namespace TidelineTest {

/* Takes the key, and as a user's token what a test set. */
class TestGate final : public Tideline::Server::Authorizer
{
public:
    explicit TestGate(const QByteArray &key) : m_keys(QList<QByteArray>{key}) { }

    void setToken(const QByteArray &token)
    {
        const std::lock_guard lock(m_mutex);
        m_token = token;
    }

    void authorize(const Tideline::Server::AuthRequest &request, std::function<void(Tideline::Result<Tideline::Server::Identity>)> done) const override
    {
        const QByteArray token = request.headers.value("authorization");
        bool isKnown = false;
        {
            const std::lock_guard lock(m_mutex);
            isKnown = !token.isEmpty() && token == m_token;
        }
        if (!isKnown)
            return m_keys.authorize(request, std::move(done));
        Tideline::Server::Identity user;
        user.provider = Tideline::Server::Identity::Provider::UserPools;
        done(user);
    }

private:
    Tideline::Server::ApiKeyAuthorizer m_keys;
    mutable std::mutex m_mutex;
    QByteArray m_token;
};

/*
    A real server on a free loopback port, in this process. It can be taken down and come back on the same port
    and database.
*/
class TestServer
{
public:
    using Conflicts = Tideline::Server::ConflictStrategy;

    TestServer(const Tideline::Schema &schema, const QString &database, int maxSubscriptions = 1000, Conflicts conflicts = Conflicts::Automerge,
               const std::function<qint64()> &clock = {})
        : m_schema(schema), m_database(database), m_maxSubscriptions(maxSubscriptions), m_conflicts(conflicts), m_clock(clock)
    {
        start();
    }
    ~TestServer() { stop(); }
    Q_DISABLE_COPY_MOVE(TestServer)

    void start()
    {
        using namespace Tideline::Server;
        auto backend = Backend::open(m_schema, {.databasePath = m_database, .conflicts = m_conflicts, .clock = m_clock});
        if (!backend)
            qFatal("The backend does not open: %s", qPrintable(backend.error().message()));
        m_backend = std::move(backend).value();
        HttpOptions options;
        options.port = m_port;
        options.maxSubscriptions = m_maxSubscriptions;
        m_http = std::make_unique<HttpServer>(*m_backend, m_authorizer, options);
        const Tideline::Result<quint16> port = m_http->start();
        if (!port)
            qFatal("The server does not start: %s", qPrintable(port.error().message()));
        m_port = *port;
    }

    void stop()
    {
        if (m_http)
            m_http->stop(std::chrono::seconds(5));
        m_http.reset();
        m_backend.reset();
    }

    void setToken(const QByteArray &token) { m_authorizer.setToken(token); }
    [[nodiscard]] static QString key() { return QStringLiteral("da2-test"); }
    [[nodiscard]] QUrl url() const { return QUrl(QStringLiteral("http://127.0.0.1:%1/graphql").arg(m_port)); }

    // Runs a document past the network; the whole response.
    QJsonObject execute(const QString &query, const QJsonObject &variables = {})
    {
        auto answer = std::make_shared<std::promise<QByteArray>>();
        Tideline::Server::GraphQLRequest request;
        request.query = query;
        request.variables = variables;
        m_backend->execute(std::move(request), [answer](QByteArray response) { answer->set_value(std::move(response)); });
        return QJsonDocument::fromJson(answer->get_future().get()).object();
    }

private:
    Tideline::Schema m_schema;
    QString m_database;
    int m_maxSubscriptions;                 // of a connection
    Conflicts m_conflicts;
    std::function<qint64()> m_clock;        // empty: the system's
    TestGate m_authorizer{key().toUtf8()};
    std::unique_ptr<Tideline::Server::Backend> m_backend;
    std::unique_ptr<Tideline::Server::HttpServer> m_http;
    quint16 m_port = 0;
};

} // namespace TidelineTest
