// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/oidcsignin_p.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QUrlQuery>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QTest>

namespace TidelineTest {

using namespace Qt::StringLiterals;

/*! A small OpenID Connect provider on a loopback port, in this process: discovery and token endpoint. The user is the test. */
class OidcIssuer : public QObject
{
public:
    struct Answer
    {
        int status = 200;
        QByteArray body;
    };

    OidcIssuer()
    {
        if (!m_server.listen(QHostAddress::LocalHost))
            qFatal("The issuer does not listen");
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        });
    }

    [[nodiscard]] QString url() const { return u"http://127.0.0.1:%1"_s.arg(m_server.serverPort()); }

    // what a test turns
    std::function<QByteArray()> discovery = [this] {
        return compact({{u"issuer"_s, url()}, {u"authorization_endpoint"_s, url() + u"/authorize?tenant=a"_s}, {u"token_endpoint"_s, url() + u"/token"_s}});
    };
    std::function<Answer(const QUrlQuery &)> token;         // instead of the rules
    bool silent = false;
    QString nonce;                                          // as the authorization request had it
    QString challenge;
    QString redirect;
    QString audience = u"app"_s;

    // what a test looks at
    QList<QUrlQuery> forms;
    int discoveries = 0;
    QString refreshToken = u"r1"_s;

    /*! What the browser does with the URL that it was given: notes what the provider is to check. */
    QUrlQuery visited(const QUrl &page)
    {
        const QUrlQuery query(page);
        nonce = query.queryItemValue(u"nonce"_s);
        challenge = query.queryItemValue(u"code_challenge"_s);
        redirect = query.queryItemValue(u"redirect_uri"_s, QUrl::FullyDecoded);
        return query;
    }

    [[nodiscard]] QString jwt(QJsonObject claims) const
    {
        claims.insert(u"iss"_s, url());
        const auto part = [](const QByteArray &bytes) { return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals); };
        return QString::fromLatin1(part(R"({"alg":"none"})") + '.' + part(compact(claims)) + ".c2ln");
    }

    static QByteArray compact(const QJsonObject &object) { return QJsonDocument(object).toJson(QJsonDocument::Compact); }

private:
    void read(QTcpSocket *socket)
    {
        m_received[socket] += socket->readAll();
        const QByteArray &received = m_received[socket];
        const qsizetype end = received.indexOf("\r\n\r\n");
        const qsizetype length = received.toLower().indexOf("content-length: ");
        const qsizetype size = length < 0 ? 0 : received.mid(length + 16, received.indexOf('\r', length) - length - 16).toLongLong();
        if (end < 0 || received.size() < end + 4 + size || silent)
            return;
        const Answer answer = this->answer(received.split(' ').value(1), received.mid(end + 4, size));
        m_received.remove(socket);
        socket->write("HTTP/1.1 " + QByteArray::number(answer.status) + " X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                      + QByteArray::number(answer.body.size()) + "\r\n\r\n" + answer.body);
        socket->disconnectFromHost();
    }

    Answer answer(const QByteArray &path, const QByteArray &body)
    {
        if (path == "/.well-known/openid-configuration") {
            ++discoveries;
            return {200, discovery()};
        }
        QByteArray text = body;
        const QUrlQuery form(QString::fromLatin1(text.replace('+', "%20")));
        forms.append(form);
        return token ? token(form) : byRules(form);
    }

    Answer byRules(const QUrlQuery &form)
    {
        const auto value = [&form](const QString &name) { return form.queryItemValue(name, QUrl::FullyDecoded); };
        const bool byCode = value(u"grant_type"_s) == u"authorization_code" && value(u"code"_s) == u"c1" && value(u"redirect_uri"_s) == redirect
            && QString::fromLatin1(Tideline::codeChallenge(value(u"code_verifier"_s).toLatin1())) == challenge;
        const bool byToken = value(u"grant_type"_s) == u"refresh_token" && value(u"refresh_token"_s) == refreshToken;
        if (value(u"client_id"_s) != u"app" || !(byCode || byToken))
            return {400, compact({{u"error"_s, u"invalid_grant"_s}, {u"error_description"_s, u"The grant is not good."_s}})};
        refreshToken = u"r%1"_s.arg(forms.size() + 1);
        QJsonObject answer{{u"access_token"_s, u"opaque%1"_s.arg(forms.size())}, {u"token_type"_s, u"Bearer"_s}, {u"expires_in"_s, 3600}, {u"refresh_token"_s, refreshToken}};
        if (byCode)
            answer.insert(u"id_token"_s, jwt({{u"aud"_s, audience}, {u"nonce"_s, nonce}, {u"sub"_s, u"ada"_s}}));
        return {200, compact(answer)};
    }

    QTcpServer m_server;
    QHash<QTcpSocket *, QByteArray> m_received;
};

} // namespace TidelineTest
