// SPDX-License-Identifier: MIT
#include "client/appsync/oidcsignin.h"

#include "client/appsync/oidcsignin_p.h"

namespace Tideline {

/*!
    \class Tideline::OidcSignIn
    \inmodule Tideline
    \since 0.1
    \brief Signs a user in with an OpenID Connect provider, in the browser, and keeps the token of credentials() fresh.

    The authorization code flow for native applications (RFC 8252): PKCE, and a redirect to a free port of 127.0.0.1, which
    the provider must accept for clientId() as \c{http://127.0.0.1/callback} with any port. Give credentials() to AppSync::auth; connect openUrl()
    to what opens a browser, in QML \c{Qt.openUrlExternally(url)}. Every wait has a deadline: 30 seconds for the provider, ten minutes for
    the user.

    An application that wants its users to stay signed in keeps refreshToken(), in a safe place, and sets it at the next start.
    Lives in the application's thread.
*/

/*! Constructs a signed-out helper, owned by \a parent. */
OidcSignIn::OidcSignIn(QObject *parent) : QObject(parent), d(std::make_unique<OidcSignInPrivate>(this))
{
    d->credentials = new TokenCredentials(this);
    d->credentials->setMode(TokenCredentials::Oidc);
}

/*! Gives up a sign-in that is under way. */
OidcSignIn::~OidcSignIn()
{
    d->credentials->setProvider({});
    d->answerRefresh(Error(Error::Code::Closed, tr("The sign-in was closed before it was done.")));
}

/*! \property Tideline::OidcSignIn::issuer
    \brief The provider, whose \c{/.well-known/openid-configuration} is read; https, or http of this machine. */
QUrl OidcSignIn::issuer() const
{
    return d->issuer;
}

void OidcSignIn::setIssuer(const QUrl &issuer)
{
    if (d->issuer == issuer)
        return;
    d->issuer = issuer;
    d->forgetEndpoints();
    Q_EMIT issuerChanged();
}

/*! \property Tideline::OidcSignIn::clientId
    \brief What the provider calls this application. */
QString OidcSignIn::clientId() const
{
    return d->clientId;
}

void OidcSignIn::setClientId(const QString &id)
{
    if (d->clientId == id)
        return;
    d->clientId = id;
    Q_EMIT clientIdChanged();
}

/*! \property Tideline::OidcSignIn::clientSecret
    \brief For providers that insist on one; what is shipped with an application is no secret. */
QString OidcSignIn::clientSecret() const
{
    return d->clientSecret;
}

void OidcSignIn::setClientSecret(const QString &secret)
{
    if (d->clientSecret == secret)
        return;
    d->clientSecret = secret;
    Q_EMIT clientSecretChanged();
}

/*! \property Tideline::OidcSignIn::scopes
    \brief What is asked for; unless set, openid, profile and offline_access (for a refresh token). */
QStringList OidcSignIn::scopes() const
{
    return d->scopes;
}

void OidcSignIn::setScopes(const QStringList &scopes)
{
    if (d->scopes == scopes)
        return;
    d->scopes = scopes;
    Q_EMIT scopesChanged();
}

/*! \property Tideline::OidcSignIn::tokenKind
    \brief Which of the provider's tokens goes to the backend: the access token unless set, else the ID token. */
OidcSignIn::TokenKind OidcSignIn::tokenKind() const
{
    return d->tokenKind;
}

void OidcSignIn::setTokenKind(TokenKind kind)
{
    if (d->tokenKind == kind)
        return;
    d->tokenKind = kind;
    Q_EMIT tokenKindChanged();
}

/*! \property Tideline::OidcSignIn::refreshToken
    \brief What gets new tokens without the user; setting one that was kept signs in. Changes whenever the provider gives another. */
QString OidcSignIn::refreshToken() const
{
    return d->refreshToken;
}

void OidcSignIn::setRefreshToken(const QString &token)
{
    if (d->refreshToken == token)
        return;
    d->setRefreshToken(token);
    d->setState(token.isEmpty() ? SignedOut : SignedIn);
}

/*! \property Tideline::OidcSignIn::state
    \brief How far the sign-in is. */
OidcSignIn::State OidcSignIn::state() const
{
    return d->state;
}

/*! \property Tideline::OidcSignIn::credentials
    \brief The credentials of whoever is signed in; set their mode for a Cognito user pool. */
TokenCredentials *OidcSignIn::credentials() const
{
    return d->credentials;
}

/*! Sets what opens the provider's page, instead of openUrl(). */
void OidcSignIn::setBrowser(std::function<void(const QUrl &)> browser)
{
    d->browser = std::move(browser);
}

/*! Uses \a scheduler for deadlines, which is of this thread and outlives the object. For tests. */
void OidcSignIn::setScheduler(Scheduler *scheduler)
{
    d->scheduler = scheduler;
    d->credentials->setScheduler(scheduler);
}

/*! Sends the user to the provider; ends in signedIn() or failed(). One that is under way begins anew. */
void OidcSignIn::signIn()
{
    d->begin();
}

/*! Gives up the sign-in that is under way; ends in failed() with Error::Code::Cancelled. */
void OidcSignIn::cancel()
{
    if (d->state != SignedOut && d->state != SignedIn)
        d->fail(Error(Error::Code::Cancelled, tr("The sign-in was cancelled.")));
}

/*! Forgets all tokens here; the provider may still have a session of the user in the browser. */
void OidcSignIn::signOut()
{
    d->end(SignedOut);
    d->setRefreshToken({});
    d->credentials->setToken(QString());
}

/*! \fn void Tideline::OidcSignIn::openUrl(const QUrl &url)
    The page to show the user, in a browser of his own. Not emitted after setBrowser(). */
/*! \fn void Tideline::OidcSignIn::signedIn()
    The user is signed in and credentials() have a token. */
/*! \fn void Tideline::OidcSignIn::failed(const Tideline::Error &error)
    The sign-in ended without a token: Unauthorized when the user or the provider refused, Cancelled, Timeout, or what is wrong with the line
    or the provider's answer. */

} // namespace Tideline
