// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/loopbackredirect_p.h"
#include "client/appsync/oidcsignin.h"

#include <QtCore/QPromise>
#include <QtNetwork/QNetworkAccessManager>

QT_FORWARD_DECLARE_CLASS(QNetworkRequest)

namespace Tideline {

/*! What the discovery document of an issuer says. */
struct OidcEndpoints
{
    QString issuer;
    QUrl authorization;
    QUrl token;
};

[[nodiscard]] TIDELINE_EXPORT QByteArray codeChallenge(const QByteArray &verifier);     // RFC 7636, S256
[[nodiscard]] TIDELINE_EXPORT Result<OidcEndpoints> readDiscovery(const QUrl &issuer, const QByteArray &document);

class TIDELINE_EXPORT OidcSignInPrivate
{
public:
    using Tokens = QPromise<Result<Tideline::AccessToken>>;

    static constexpr qint64 requestDeadline = 30'000;       // ms
    static constexpr qint64 userDeadline = 10 * 60'000;

    explicit OidcSignInPrivate(OidcSignIn *signIn) : q(signIn) { }
    ~OidcSignInPrivate();
    Q_DISABLE_COPY_MOVE(OidcSignInPrivate)

    void begin();
    void discover(std::function<void(const Result<OidcEndpoints> &)> done);
    void openBrowser(const OidcEndpoints &found);
    [[nodiscard]] LoopbackRedirect::Page judge(const QUrlQuery &query);
    void exchange(const QString &code);
    void finish(const Result<QJsonObject> &answer);
    void fail(const Error &error);
    void end(OidcSignIn::State state);
    [[nodiscard]] QFuture<Result<Tideline::AccessToken>> refresh();
    void refreshed(const Result<QJsonObject> &answer);
    void answerRefresh(const Result<Tideline::AccessToken> &token);
    void setState(OidcSignIn::State state);
    void setRefreshToken(const QString &token);
    void forgetEndpoints();

    OidcSignIn *q;
    EventLoopScheduler ownScheduler;
    Scheduler *scheduler = &ownScheduler;
    QUrl issuer;
    QString clientId;
    QString clientSecret;
    QStringList scopes{QStringLiteral("openid"), QStringLiteral("profile"), QStringLiteral("offline_access")};
    OidcSignIn::TokenKind tokenKind = OidcSignIn::AccessToken;
    QString refreshToken;
    OidcSignIn::State state = OidcSignIn::SignedOut;
    TokenCredentials *credentials = nullptr;
    std::function<void(const QUrl &)> browser;

private:
    void fetch(const QNetworkRequest &request, const QByteArray &form, std::function<void(const Result<QByteArray> &, int)> done);
    void ask(QUrlQuery parameters, std::function<void(const Result<QJsonObject> &)> done);
    [[nodiscard]] Result<Tideline::AccessToken> tokenOf(const QJsonObject &answer) const;
    [[nodiscard]] Result<void> checkIdentity(const QString &idToken) const;

    QNetworkAccessManager m_network;
    std::optional<OidcEndpoints> m_endpoints;
    std::unique_ptr<LoopbackRedirect> m_redirect;
    QUrl m_redirectUri;
    QString m_state;
    QString m_nonce;
    QByteArray m_verifier;
    TimerId m_userTimer = 0;
    std::unique_ptr<Tokens> m_refreshing;
    quint64 m_run = 0;                                      // of the sign-in: answers to an earlier one are ignored
};

} // namespace Tideline
