// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/credentials.h"

#include <QtCore/QUrl>

namespace Tideline {

class OidcSignInPrivate;

class TIDELINE_EXPORT OidcSignIn : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QUrl issuer READ issuer WRITE setIssuer NOTIFY issuerChanged FINAL)
    Q_PROPERTY(QString clientId READ clientId WRITE setClientId NOTIFY clientIdChanged FINAL)
    Q_PROPERTY(QString clientSecret READ clientSecret WRITE setClientSecret NOTIFY clientSecretChanged FINAL)
    Q_PROPERTY(QStringList scopes READ scopes WRITE setScopes NOTIFY scopesChanged FINAL)
    Q_PROPERTY(TokenKind tokenKind READ tokenKind WRITE setTokenKind NOTIFY tokenKindChanged FINAL)
    Q_PROPERTY(QString refreshToken READ refreshToken WRITE setRefreshToken NOTIFY refreshTokenChanged FINAL)
    Q_PROPERTY(State state READ state NOTIFY stateChanged FINAL)
    Q_PROPERTY(Tideline::TokenCredentials *credentials READ credentials CONSTANT FINAL)

public:
    enum State { SignedOut, Preparing, WaitingForUser, Finishing, SignedIn };
    Q_ENUM(State)
    enum TokenKind { AccessToken, IdToken };
    Q_ENUM(TokenKind)

    explicit OidcSignIn(QObject *parent = nullptr);
    ~OidcSignIn() override;

    [[nodiscard]] QUrl issuer() const;
    void setIssuer(const QUrl &issuer);
    [[nodiscard]] QString clientId() const;
    void setClientId(const QString &id);
    [[nodiscard]] QString clientSecret() const;
    void setClientSecret(const QString &secret);
    [[nodiscard]] QStringList scopes() const;
    void setScopes(const QStringList &scopes);
    [[nodiscard]] TokenKind tokenKind() const;
    void setTokenKind(TokenKind kind);
    [[nodiscard]] QString refreshToken() const;
    void setRefreshToken(const QString &token);
    [[nodiscard]] State state() const;
    [[nodiscard]] TokenCredentials *credentials() const;    // owned by this

    void setBrowser(std::function<void(const QUrl &)> browser);
    void setScheduler(Scheduler *scheduler);                // of this thread, one that outlives this; for tests, before anything else

    Q_INVOKABLE void signIn();
    Q_INVOKABLE void cancel();
    Q_INVOKABLE void signOut();

Q_SIGNALS:
    void issuerChanged();
    void clientIdChanged();
    void clientSecretChanged();
    void scopesChanged();
    void tokenKindChanged();
    void refreshTokenChanged();
    void stateChanged();
    void openUrl(const QUrl &url);
    void signedIn();
    void failed(const Tideline::Error &error);

private:
    std::unique_ptr<OidcSignInPrivate> d;
    friend class OidcSignInPrivate;
};

} // namespace Tideline
