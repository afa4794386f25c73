// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/iamauthorizer.h"
#include "server/backend.h"
#include "server/http/httpserver.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>
#include <QtCore/QUrl>

#include <future>
#include <mutex>

namespace TidelineTest {

using namespace Qt::StringLiterals;

/*! Lets in who has a token that a test gave out, the key, a signature of one pair of keys, or any text for a function; notes who came. */
class Desk final : public Tideline::Server::Authorizer
{
public:
    using Identity = Tideline::Server::Identity;

    void giveOut(const QByteArray &token, const QString &user) { change([&] { m_users.insert(token, user); }); }
    void takeBack(const QByteArray &token) { change([&] { m_users.remove(token); }); }
    void forget() { change([&] { m_visits.clear(); }); }

    // Tokens that were shown at \a target, as "/graphql/connect"; refused ones, too.
    [[nodiscard]] QByteArrayList visits(const QByteArray &target) const
    {
        const std::lock_guard lock(m_mutex);
        return m_visits.value(target);
    }

    void authorize(const Tideline::Server::AuthRequest &request, std::function<void(Tideline::Result<Identity>)> done) const override
    {
        const QByteArray token = request.headers.value("authorization");
        if (token.startsWith("AWS4-"))
            return m_iam.authorize(request, std::move(done));
        done(identityOf(request, token));
    }

private:
    [[nodiscard]] Tideline::Result<Identity> identityOf(const Tideline::Server::AuthRequest &request, const QByteArray &token) const
    {
        const std::lock_guard lock(m_mutex);
        m_visits[request.target].append(token);
        if (request.headers.value("x-api-key").startsWith("da2-key"))
            return Identity{};
        Identity identity;
        if (token.startsWith("function:")) {
            identity.provider = Identity::Provider::Function;
            return identity;
        }
        if (!m_users.contains(token))
            return Tideline::Error(Tideline::Error::Code::Unauthorized, u"You are not authorized to make this call."_s);
        identity.provider = Identity::Provider::UserPools;
        identity.subject = u"s-"_s + m_users.value(token);
        identity.claims = {{u"sub"_s, identity.subject}, {u"username"_s, m_users.value(token)}};
        return identity;
    }

    void change(const std::function<void()> &what)
    {
        const std::lock_guard lock(m_mutex);
        what();
    }

    [[nodiscard]] static Tideline::Server::IamOptions iamOptions()
    {
        Tideline::Server::IamOptions options;
        options.keys.insert("AKID", {.secret = "secret", .arn = u"arn:a"_s, .sessionToken = "session"});
        return options;
    }

    Tideline::Server::IamAuthorizer m_iam{iamOptions()};
    mutable std::mutex m_mutex;
    QHash<QByteArray, QString> m_users;
    mutable QHash<QByteArray, QByteArrayList> m_visits;
};

/*! A real server on a free loopback port, in this process, with a Desk. */
class AuthServer
{
public:
    explicit AuthServer(const Tideline::Schema &schema)
    {
        using namespace Tideline::Server;
        auto opened = Backend::open(schema, {.databasePath = m_folder.filePath(u"server.db"_s), .durable = false});
        if (!opened)
            qFatal("The backend does not open: %s", qPrintable(opened.error().message()));
        m_backend = std::move(opened).value();
        m_http = std::make_unique<HttpServer>(*m_backend, desk, HttpOptions());
        const Tideline::Result<quint16> port = m_http->start();
        if (!port)
            qFatal("The server does not start: %s", qPrintable(port.error().message()));
        m_port = *port;
    }
    ~AuthServer() { m_http->stop(std::chrono::seconds(5)); }
    Q_DISABLE_COPY_MOVE(AuthServer)

    [[nodiscard]] QUrl url() const { return QUrl(u"http://127.0.0.1:%1/graphql"_s.arg(m_port)); }

    // Past the network, as a user of this name; an empty one: with the key.
    QJsonObject execute(const QString &query, const QString &user = {})
    {
        const auto answer = std::make_shared<std::promise<QByteArray>>();
        Tideline::Server::GraphQLRequest request;
        request.query = query;
        if (!user.isEmpty()) {
            request.identity.provider = Tideline::Server::Identity::Provider::UserPools;
            request.identity.subject = u"s-"_s + user;
            request.identity.claims = {{u"sub"_s, request.identity.subject}, {u"username"_s, user}};
        }
        m_backend->execute(std::move(request), [answer](QByteArray response) { answer->set_value(std::move(response)); });
        return QJsonDocument::fromJson(answer->get_future().get()).object();
    }

    Desk desk;

private:
    QTemporaryDir m_folder;
    std::unique_ptr<Tideline::Server::Backend> m_backend;
    std::unique_ptr<Tideline::Server::HttpServer> m_http;
    quint16 m_port = 0;
};

} // namespace TidelineTest
