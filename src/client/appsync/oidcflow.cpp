// SPDX-License-Identifier: MIT
#include "client/appsync/oidcsignin_p.h"

#include "client/appsync/appsynctext_p.h"
#include "client/appsync/authorizer_p.h"
#include "core/data/json.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonDocument>
#include <QtCore/QPointer>
#include <QtCore/QRandomGenerator>
#include <QtNetwork/QHostAddress>
#include <QtNetwork/QNetworkReply>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

constexpr qint64 largestAnswer = 512 * 1024;        // bytes

QByteArray base64Url(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray secretText()
{
    std::array<quint32, 8> words{};
    QRandomGenerator::system()->fillRange(words.data(), qsizetype(words.size()));
    return base64Url(QByteArray(reinterpret_cast<const char *>(words.data()), sizeof words));
}

// Tokens travel in the clear on this machine only.
bool isSafe(const QUrl &url)
{
    const bool isHere = url.host() == "localhost"_L1 || QHostAddress(url.host()).isLoopback();
    return url.isValid() && !url.host().isEmpty() && (url.scheme() == "https"_L1 || (url.scheme() == "http"_L1 && isHere));
}

QString withoutSlash(const QString &issuer)
{
    return issuer.endsWith(u'/') ? issuer.chopped(1) : issuer;
}

Error wrongAnswer()
{
    return Error(Error::Code::Protocol, AppSyncText::tr("The sign-in provider gave an answer that makes no sense."));
}

// QUrlQuery leaves "+" alone, which forms take for a space.
QByteArray formOf(const QUrlQuery &parameters)
{
    QByteArray form;
    const auto items = parameters.queryItems(QUrl::FullyDecoded);
    for (const auto &[name, value] : items)
        form += (form.isEmpty() ? "" : "&") + QUrl::toPercentEncoding(name) + '=' + QUrl::toPercentEncoding(value);
    return form;
}

void add(QUrlQuery &query, const QString &name, const QString &value)
{
    query.addQueryItem(name, QString::fromLatin1(QUrl::toPercentEncoding(value)));
}

} // namespace

QByteArray codeChallenge(const QByteArray &verifier)
{
    return base64Url(QCryptographicHash::hash(verifier, QCryptographicHash::Sha256));
}

Result<OidcEndpoints> readDiscovery(const QUrl &issuer, const QByteArray &document)
{
    const QJsonObject object = parseJson(document).object();
    OidcEndpoints found{object.value("issuer"_L1).toString(), QUrl(object.value("authorization_endpoint"_L1).toString()),
                        QUrl(object.value("token_endpoint"_L1).toString())};
    if (withoutSlash(found.issuer) != withoutSlash(issuer.toString()) || !isSafe(found.authorization) || !isSafe(found.token))
        return wrongAnswer();
    return found;
}

OidcSignInPrivate::~OidcSignInPrivate()
{
    scheduler->cancelTimer(m_userTimer);
}

void OidcSignInPrivate::setState(OidcSignIn::State next)
{
    if (std::exchange(state, next) != next)
        Q_EMIT q->stateChanged();
}

void OidcSignInPrivate::setRefreshToken(const QString &token)
{
    if (refreshToken != token) {
        refreshToken = token;
        Q_EMIT q->refreshTokenChanged();
    }
    // Asked only while there is something to ask with, so that "nobody is signed in" is known at once.
    if (token.isEmpty())
        credentials->setProvider({});
    else
        credentials->setProvider([this] { return refresh(); });
}

/* Sends a GET, or a POST of \a form; the answer comes once, with its HTTP status, at the deadline at the latest. */
void OidcSignInPrivate::fetch(const QNetworkRequest &request, const QByteArray &form, std::function<void(const Result<QByteArray> &, int)> done)
{
    QNetworkRequest http(request);
    http.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    http.setRawHeader("accept", "application/json");
    QNetworkReply *reply = nullptr;
    if (form.isEmpty()) {
        reply = m_network.get(http);
    } else {
        http.setHeader(QNetworkRequest::ContentTypeHeader, u"application/x-www-form-urlencoded"_s);
        reply = m_network.post(http, form);
    }
    const auto late = std::make_shared<bool>(false);
    const TimerId deadline = scheduler->startTimer(requestDeadline, [reply = QPointer(reply), late] {
        *late = true;
        if (reply)
            reply->abort();
    });
    QObject::connect(reply, &QNetworkReply::downloadProgress, &m_network, [reply](qint64 received, qint64) {
        if (received > largestAnswer)
            reply->abort();
    });
    QObject::connect(reply, &QNetworkReply::finished, &m_network, [this, reply, late, deadline, done = std::move(done)] {
        reply->deleteLater();
        scheduler->cancelTimer(deadline);
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        if (*late)
            done(Error(Error::Code::Timeout, AppSyncText::tr("The sign-in provider did not answer in time.")), 0);
        else if (status == 0 || reply->error() == QNetworkReply::OperationCanceledError)
            done(Error(Error::Code::Network, AppSyncText::tr("The sign-in provider could not be reached: %1").arg(reply->errorString())), 0);
        else
            done(reply->readAll(), status);
    });
}

void OidcSignInPrivate::discover(std::function<void(const Result<OidcEndpoints> &)> done)
{
    if (m_endpoints)
        return done(*m_endpoints);
    if (!isSafe(issuer) || clientId.isEmpty())
        return done(Error(Error::Code::InvalidArgument, AppSyncText::tr("A sign-in needs an issuer with an https URL and a client id.")));
    QUrl url = issuer;
    url.setPath(withoutSlash(issuer.path()) + u"/.well-known/openid-configuration"_s);
    fetch(QNetworkRequest(url), {}, [this, issuer = issuer, done = std::move(done)](const Result<QByteArray> &document, int status) {
        if (!document)
            return done(document.error());
        if (status >= 500)
            return done(Error(Error::Code::BackendFailed, AppSyncText::tr("The sign-in provider failed (HTTP %1).").arg(status)));
        const Result<OidcEndpoints> found = status == 200 ? readDiscovery(issuer, *document) : Result<OidcEndpoints>(wrongAnswer());
        if (found && issuer == this->issuer)
            m_endpoints = *found;
        done(found);
    });
}

/* Asks the token endpoint; what it refuses is Unauthorized. */
void OidcSignInPrivate::ask(QUrlQuery parameters, std::function<void(const Result<QJsonObject> &)> done)
{
    add(parameters, u"client_id"_s, clientId);
    if (!clientSecret.isEmpty())
        add(parameters, u"client_secret"_s, clientSecret);
    fetch(QNetworkRequest(m_endpoints->token), formOf(parameters), [done = std::move(done)](const Result<QByteArray> &text, int status) {
        if (!text)
            return done(text.error());
        const QJsonObject answer = parseJson(*text).object();
        if (status == 200 && !answer.isEmpty())
            return done(answer);
        const QString code = answer.value("error"_L1).toString();
        if (status == 429 || status >= 500 || code == "temporarily_unavailable"_L1 || code == "server_error"_L1)
            return done(Error(Error::Code::BackendFailed, AppSyncText::tr("The sign-in provider failed (HTTP %1).").arg(status)));
        if (code.isEmpty())
            return done(wrongAnswer());
        done(Error(Error::Code::Unauthorized, AppSyncText::tr("The sign-in provider refused: %1").arg(answer.value("error_description"_L1).toString(code))).withDetail(code));
    });
}

void OidcSignInPrivate::begin()
{
    end(OidcSignIn::Preparing);
    const quint64 run = m_run;
    m_redirect = std::make_unique<LoopbackRedirect>(*scheduler, [this](const QUrlQuery &query) { return judge(query); });
    const Result<QUrl> redirect = m_redirect->listen();
    if (!redirect)
        return fail(redirect.error());
    m_redirectUri = *redirect;
    discover([this, run](const Result<OidcEndpoints> &found) {
        if (run == m_run)
            found ? openBrowser(*found) : fail(found.error());
    });
}

void OidcSignInPrivate::openBrowser(const OidcEndpoints &found)
{
    m_verifier = secretText();
    m_state = QString::fromLatin1(secretText());
    m_nonce = QString::fromLatin1(secretText());
    QUrl url = found.authorization;
    QUrlQuery query(url);
    add(query, u"response_type"_s, u"code"_s);
    add(query, u"client_id"_s, clientId);
    add(query, u"redirect_uri"_s, m_redirectUri.toString());
    add(query, u"scope"_s, scopes.join(u' '));
    add(query, u"state"_s, m_state);
    add(query, u"nonce"_s, m_nonce);
    add(query, u"code_challenge"_s, QString::fromLatin1(codeChallenge(m_verifier)));
    add(query, u"code_challenge_method"_s, u"S256"_s);
    url.setQuery(query);
    m_userTimer = scheduler->startTimer(userDeadline, [this] {
        m_userTimer = 0;
        fail(Error(Error::Code::Timeout, AppSyncText::tr("Nobody signed in in time.")));
    });
    const quint64 run = m_run;
    setState(OidcSignIn::WaitingForUser);
    if (run != m_run)
        return;                             // cancelled by whoever heard of it
    if (browser)
        browser(url);
    else
        Q_EMIT q->openUrl(url);
}

/* What comes without the state that only the provider was told is not the provider's answer, and changes nothing. */
LoopbackRedirect::Page OidcSignInPrivate::judge(const QUrlQuery &query)
{
    const auto value = [&query](const QString &name) { return query.queryItemValue(name, QUrl::FullyDecoded); };
    const QString from = value(u"iss"_s);
    if (state != OidcSignIn::WaitingForUser || value(u"state"_s) != m_state || (!from.isEmpty() && from != m_endpoints->issuer))
        return {false, AppSyncText::tr("This is no answer to a sign-in.")};
    const quint64 run = m_run;
    const QString code = value(u"code"_s);
    const QString refusal = value(u"error_description"_s).isEmpty() ? value(u"error"_s) : value(u"error_description"_s);
    const Error error = code.isEmpty() ? Error(Error::Code::Unauthorized, AppSyncText::tr("The sign-in provider refused: %1").arg(refusal)).withDetail(value(u"error"_s))
                                       : Error();
    scheduler->post([this, run, code, error, alive = QPointer(q)] {        // the page goes out first
        if (!alive || run != m_run || state != OidcSignIn::WaitingForUser)
            return;
        error.isError() ? fail(error) : exchange(code);
    });
    return {true, error.isError() ? AppSyncText::tr("The sign-in was refused. You can close this page.")
                                  : AppSyncText::tr("You are signed in. You can close this page and go back to the application.")};
}

void OidcSignInPrivate::exchange(const QString &code)
{
    const quint64 run = m_run;
    scheduler->cancelTimer(std::exchange(m_userTimer, 0));
    setState(OidcSignIn::Finishing);
    if (run != m_run)
        return;
    QUrlQuery parameters;
    add(parameters, u"grant_type"_s, u"authorization_code"_s);
    add(parameters, u"code"_s, code);
    add(parameters, u"redirect_uri"_s, m_redirectUri.toString());
    add(parameters, u"code_verifier"_s, QString::fromLatin1(m_verifier));
    ask(parameters, [this, run](const Result<QJsonObject> &answer) {
        if (run == m_run)
            finish(answer);
    });
}

/* The token came from the issuer itself, over TLS, so its signature tells nothing more (OpenID Connect Core, 3.1.3.7). */
Result<void> OidcSignInPrivate::checkIdentity(const QString &idToken) const
{
    const QJsonObject claims = tokenClaims(idToken);
    const QJsonValue audience = claims.value("aud"_L1);
    const bool isForUs = audience.toString() == clientId || audience.toArray().contains(QJsonValue(clientId));
    if (claims.value("iss"_L1).toString() != m_endpoints->issuer || !isForUs || claims.value("nonce"_L1).toString() != m_nonce)
        return Error(Error::Code::Unauthorized, AppSyncText::tr("The sign-in provider gave a token that is for another sign-in."));
    return {};
}

Result<Tideline::AccessToken> OidcSignInPrivate::tokenOf(const QJsonObject &answer) const
{
    const bool isIdToken = tokenKind == OidcSignIn::IdToken;
    const QString token = answer.value(isIdToken ? "id_token"_L1 : "access_token"_L1).toString();
    if (token.isEmpty())
        return wrongAnswer();
    const qint64 seconds = answer.value("expires_in"_L1).toInteger();
    const bool counts = !isIdToken && seconds > 0 && tokenExpiry(token) == 0;
    return Tideline::AccessToken{token, counts ? scheduler->now() + seconds * 1000 : 0};
}

void OidcSignInPrivate::finish(const Result<QJsonObject> &answer)
{
    if (!answer)
        return fail(answer.error());
    const QString idToken = answer->value("id_token"_L1).toString();
    const bool mustHave = scopes.contains("openid"_L1);
    const Result<void> identity = idToken.isEmpty() && !mustHave ? Result<void>() : checkIdentity(idToken);
    const Result<Tideline::AccessToken> token = tokenOf(*answer);
    if (!identity || !token)
        return fail(identity ? token.error() : identity.error());
    const QPointer<OidcSignIn> guard = q;
    end(OidcSignIn::SignedIn);
    if (guard)
        setRefreshToken(answer->value("refresh_token"_L1).toString());
    if (guard)
        credentials->setToken(*token);
    if (guard)
        Q_EMIT q->signedIn();
}

void OidcSignInPrivate::fail(const Error &error)
{
    const QPointer<OidcSignIn> guard = q;
    end(refreshToken.isEmpty() ? OidcSignIn::SignedOut : OidcSignIn::SignedIn);
    if (guard)
        Q_EMIT q->failed(error);
}

/* Nothing of the sign-in before goes on. */
void OidcSignInPrivate::end(OidcSignIn::State next)
{
    ++m_run;
    scheduler->cancelTimer(std::exchange(m_userTimer, 0));
    // Its page may be on the way out, and its own call on the stack.
    scheduler->post([redirect = std::shared_ptr<LoopbackRedirect>(std::move(m_redirect))]() mutable { redirect.reset(); });
    setState(next);
}

QFuture<Result<Tideline::AccessToken>> OidcSignInPrivate::refresh()
{
    answerRefresh(Error(Error::Code::Cancelled, AppSyncText::tr("The token was asked for again.")));
    m_refreshing = std::make_unique<Tokens>();
    m_refreshing->start();
    const QFuture<Result<Tideline::AccessToken>> future = m_refreshing->future();
    discover([this, token = refreshToken](const Result<OidcEndpoints> &found) {
        if (!found)
            return answerRefresh(found.error());
        QUrlQuery parameters;
        add(parameters, u"grant_type"_s, u"refresh_token"_s);
        add(parameters, u"refresh_token"_s, token);
        ask(parameters, [this, token](const Result<QJsonObject> &answer) {
            if (token == refreshToken)
                refreshed(answer);
            else
                answerRefresh(Error(Error::Code::Cancelled, AppSyncText::tr("Somebody else signed in meanwhile.")));
        });
    });
    return future;
}

void OidcSignInPrivate::refreshed(const Result<QJsonObject> &answer)
{
    if (!answer) {
        const bool isOver = answer.error().code() == Error::Code::Unauthorized;
        answerRefresh(answer.error());
        if (isOver)
            q->signOut();
        return;
    }
    const Result<Tideline::AccessToken> token = tokenOf(*answer);
    const QString next = answer->value("refresh_token"_L1).toString();
    if (token && !next.isEmpty() && next != refreshToken) {
        refreshToken = next;
        Q_EMIT q->refreshTokenChanged();
    }
    answerRefresh(token);
}

void OidcSignInPrivate::answerRefresh(const Result<Tideline::AccessToken> &token)
{
    const std::unique_ptr<Tokens> promise = std::move(m_refreshing);
    if (!promise)
        return;
    promise->addResult(token);
    promise->finish();
}

void OidcSignInPrivate::forgetEndpoints()
{
    m_endpoints.reset();
}

} // namespace Tideline
