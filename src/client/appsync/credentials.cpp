// SPDX-License-Identifier: MIT
#include "client/appsync/credentials.h"

#include "client/appsync/appsynctext_p.h"
#include "client/appsync/authorizer_p.h"
#include "client/appsync/sigv4_p.h"

#include <QtCore/QFutureWatcher>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

// The answer comes in the thread of `context`, and nobody is told once that is gone (where QFuture::then() would assert). A
// future that was cancelled has none.
template<typename T, typename Convert>
Authorizer::Provide provideFrom(QObject *context, const std::function<QFuture<Result<T>>()> &provider, Convert convert)
{
    if (!provider)
        return nullptr;
    return [context, provider, convert](const Reply<Secret> &done) {
        auto *watcher = new QFutureWatcher<Result<T>>(context);
        QObject::connect(watcher, &QFutureWatcherBase::finished, context, [watcher, done, convert] {
            watcher->deleteLater();
            if (watcher->future().resultCount() == 0)
                return done(Error(Error::Code::Cancelled, AppSyncText::tr("The provider of tokens gave up.")));
            const Result<T> given = watcher->result();
            done(given ? Result<Secret>(convert(*given)) : Result<Secret>(given.error()));
        });
        watcher->setFuture(provider());
    };
}

Secret secretOf(const AccessToken &token)
{
    return {token.token, {}, {}, token.expiresAt != 0 ? token.expiresAt : tokenExpiry(token.token)};
}

Secret secretOf(const IamKeys &keys)
{
    if (keys.accessKeyId.isEmpty() || keys.secretAccessKey.isEmpty())
        return {};
    return {keys.accessKeyId, keys.secretAccessKey, keys.sessionToken, keys.expiresAt};
}

QJsonObject encodeKey(const Secret &secret, const AuthorizationRequest &request, qint64)
{
    return {{u"host"_s, request.host}, {u"x-api-key"_s, secret.text}};
}

QJsonObject encodeToken(const Secret &secret, const AuthorizationRequest &request, qint64)
{
    return {{u"host"_s, request.host}, {u"Authorization"_s, secret.text}};
}

} // namespace

/*!
    \class Tideline::Credentials
    \inmodule Tideline
    \since 0.1
    \brief How requests prove who sends them: ApiKey, TokenCredentials, IamCredentials, FunctionToken.

    Lives in the application's thread. The engine uses what they hold without asking that thread; only when a new token is needed,
    it waits for it, with a deadline.
*/
Credentials::Credentials(AuthRule::Provider mode, Encode encode, QObject *parent)
    : QObject(parent), m_authorizer(std::make_shared<Authorizer>(m_scheduler, std::move(encode)))
{
    m_authorizer->setMode(mode);
    m_authorizer->setRenewed([this] { Q_EMIT changed(); });
}

/*! Who waits for these credentials is told that they are gone. */
Credentials::~Credentials()
{
    m_authorizer->close();
}

/*! Uses \a scheduler for time and tasks, which is of this thread and outlives the object. For tests. */
void Credentials::setScheduler(Scheduler *scheduler)
{
    m_authorizer->setHome(*scheduler);
}

/*! \fn void Tideline::Credentials::changed()
    There are other credentials than before: what waited for them goes on. */

/*!
    \class Tideline::ApiKey
    \inmodule Tideline
    \since 0.1
    \brief An AppSync API key as credentials.
*/
ApiKey::ApiKey(QObject *parent) : Credentials(AuthRule::Provider::ApiKey, encodeKey, parent) { }

/*! \property Tideline::ApiKey::key
    \brief The key, for instance "da2-..."; never written to logs. */
QString ApiKey::key() const
{
    return authorizer()->secret().text;
}

void ApiKey::setKey(const QString &key)
{
    if (this->key() == key)
        return;
    authorizer()->setSecret({key});
    Q_EMIT keyChanged();
}

/*! Returns a caller of whom the key is all that there is to know. */
Caller ApiKey::caller() const
{
    return {AuthRule::Provider::ApiKey, authorizer()->isAvailable(), true};
}

/*!
    \class Tideline::TokenCredentials
    \inmodule Tideline
    \since 0.1
    \brief A user's token, of a Cognito user pool or an OpenID Connect provider, as credentials.

    Give it a token(), or a provider that is asked for one: when the first is needed, refreshBefore() seconds before one
    expires (a little earlier by chance, so that not all devices ask at once), and once when the backend refuses
    one. However many wait, the provider is asked once; it has 30 seconds. When it ends in Error::Code::Unauthorized, or
    in an empty token, nobody is signed in: syncing rests and DataStore::needsAuth() tells. After any other error it is asked again, with
    growing pauses.
*/
TokenCredentials::TokenCredentials(QObject *parent) : TokenCredentials(AuthRule::Provider::UserPools, parent) { }

/*! Constructs credentials of another \a mode, owned by \a parent. */
TokenCredentials::TokenCredentials(AuthRule::Provider mode, QObject *parent) : Credentials(mode, encodeToken, parent) { }

/*! \property Tideline::TokenCredentials::mode
    \brief Which rules of the schema are for whoever has such a token: those with \c{provider: userPools} or \c{provider: oidc}. */
TokenCredentials::Mode TokenCredentials::mode() const
{
    return authorizer()->mode() == AuthRule::Provider::Oidc ? Oidc : UserPools;
}

void TokenCredentials::setMode(Mode mode)
{
    if (this->mode() == mode)
        return;
    authorizer()->setMode(mode == Oidc ? AuthRule::Provider::Oidc : AuthRule::Provider::UserPools);
    Q_EMIT modeChanged();
    Q_EMIT changed();
}

/*! \property Tideline::TokenCredentials::token
    \brief The token that is used; setting an empty one signs out. When it expires is read from it. Never written to logs. */
QString TokenCredentials::token() const
{
    return authorizer()->secret().text;
}

void TokenCredentials::setToken(const QString &token)
{
    setToken(AccessToken{token});
}

/*! Uses \a token. What the provider is being asked for at the moment is not waited for. */
void TokenCredentials::setToken(const AccessToken &token)
{
    const QString before = this->token();
    authorizer()->setSecret(secretOf(token));
    if (before != token.token)
        Q_EMIT tokenChanged();
}

/*! \property Tideline::TokenCredentials::refreshBefore
    \brief How many seconds before its token expires the provider is asked for the next; 60 unless set. */
int TokenCredentials::refreshBefore() const
{
    return m_refreshBefore;
}

void TokenCredentials::setRefreshBefore(int seconds)
{
    if (m_refreshBefore == seconds)
        return;
    m_refreshBefore = seconds;
    authorizer()->setRefreshBefore(qint64(seconds) * 1000);
    Q_EMIT refreshBeforeChanged();
}

/*! Sets who is asked for tokens, in the application's thread; null for nobody. */
void TokenCredentials::setProvider(const Provider &provider)
{
    authorizer()->setProvider(provideFrom<AccessToken>(this, provider, [](const AccessToken &token) { return secretOf(token); }));
}

/*! Asks the provider now, as after a sign-in; does nothing without one. */
void TokenCredentials::refresh()
{
    authorizer()->refresh();
}

/*! Returns the bearer of the token by its claims, which the client does not verify. */
Caller TokenCredentials::caller() const
{
    const QString token = this->token();
    const QJsonObject claims = tokenClaims(token);
    return {authorizer()->mode(), authorizer()->isAvailable(), !claims.isEmpty(), claims};
}

/*!
    \class Tideline::FunctionToken
    \inmodule Tideline
    \since 0.1
    \brief A token that a function of the backend judges (\c{provider: function}): any text, or from a provider as in TokenCredentials.
*/
FunctionToken::FunctionToken(QObject *parent) : TokenCredentials(AuthRule::Provider::Function, parent) { }

/*! Returns a caller of whom only the backend's function knows anything. */
Caller FunctionToken::caller() const
{
    return {AuthRule::Provider::Function, authorizer()->isAvailable()};
}

/* Of the signatures; the threads that make them read it. */
struct IamCredentials::Region
{
    mutable std::mutex mutex;
    QString name;

    [[nodiscard]] QString of(const QString &host) const
    {
        {
            const std::lock_guard lock(mutex);
            if (!name.isEmpty())
                return name;
        }
        const QStringList parts = host.split(u'.');             // ID.appsync-api.REGION.amazonaws.com
        return parts.value(1) == "appsync-api"_L1 ? parts.value(2) : u"us-east-1"_s;
    }

    [[nodiscard]] QJsonObject sign(const Secret &secret, const AuthorizationRequest &request, qint64 now) const
    {
        const QByteArray time = SigV4::amzDate(now);
        SigV4::Request signedRequest{.path = request.path, .headers = request.headers, .body = request.body};
        signedRequest.headers.append({"host", request.host.toUtf8()});
        signedRequest.headers.append({"x-amz-date", time});
        if (!secret.session.isEmpty())
            signedRequest.headers.append({"x-amz-security-token", secret.session.toUtf8()});
        const SigV4::Keys keys{secret.text.toUtf8(), secret.key.toUtf8(), of(request.host).toUtf8()};
        QJsonObject headers;
        for (const auto &[name, value] : std::as_const(signedRequest.headers))
            headers.insert(QString::fromLatin1(name), QString::fromUtf8(value));
        headers.insert(u"Authorization"_s, QString::fromLatin1(SigV4::authorization(signedRequest, keys, time)));
        return headers;
    }
};

/*!
    \class Tideline::IamCredentials
    \inmodule Tideline
    \since 0.1
    \brief AWS keys as credentials: requests are signed (Signature Version 4, service \c appsync).

    For temporary keys of an identity pool give it a provider; see TokenCredentials for when it is asked.
*/
IamCredentials::IamCredentials(QObject *parent) : IamCredentials(std::make_shared<Region>(), parent) { }

IamCredentials::IamCredentials(std::shared_ptr<Region> region, QObject *parent)
    : Credentials(AuthRule::Provider::Iam,
                  [region](const Secret &secret, const AuthorizationRequest &request, qint64 now) { return region->sign(secret, request, now); }, parent),
      m_region(std::move(region))
{
}

/*! \property Tideline::IamCredentials::accessKeyId
    \brief The id of the key; all of a key that belongs together can be set at once with setKeys(). */
void IamCredentials::setAccessKeyId(const QString &id)
{
    IamKeys keys = m_keys;
    keys.accessKeyId = id;
    setKeys(keys);
}

/*! \property Tideline::IamCredentials::secretAccessKey
    \brief What signatures are made with; never sent, never written to logs. */
void IamCredentials::setSecretAccessKey(const QString &key)
{
    IamKeys keys = m_keys;
    keys.secretAccessKey = key;
    setKeys(keys);
}

/*! \property Tideline::IamCredentials::sessionToken
    \brief What temporary keys come with; empty for others. */
void IamCredentials::setSessionToken(const QString &token)
{
    IamKeys keys = m_keys;
    keys.sessionToken = token;
    setKeys(keys);
}

/*! Signs with \a keys from now on; with incomplete ones nothing is sent. */
void IamCredentials::setKeys(const IamKeys &keys)
{
    m_keys = keys;
    authorizer()->setSecret(secretOf(keys));
    Q_EMIT keysChanged();
}

/*! \property Tideline::IamCredentials::region
    \brief The region of the API; unless set, that of an AWS host name, else "us-east-1". */
QString IamCredentials::region() const
{
    const std::lock_guard lock(m_region->mutex);
    return m_region->name;
}

void IamCredentials::setRegion(const QString &region)
{
    if (this->region() == region)
        return;
    {
        const std::lock_guard lock(m_region->mutex);
        m_region->name = region;
    }
    Q_EMIT regionChanged();
    Q_EMIT changed();
}

/*! Sets who is asked for temporary keys, in the application's thread; null for nobody. */
void IamCredentials::setProvider(const Provider &provider)
{
    authorizer()->setProvider(provideFrom<IamKeys>(this, provider, [](const IamKeys &keys) { return secretOf(keys); }));
}

/*! Says whether the keys are of somebody who did not sign in (\a guest), which verdicts need to know of rules for IAM. */
void IamCredentials::setGuest(std::optional<bool> guest)
{
    m_guest = guest;
}

/*! Returns the caller whose keys these are. */
Caller IamCredentials::caller() const
{
    return {AuthRule::Provider::Iam, authorizer()->isAvailable(), true, {}, m_guest};
}

} // namespace Tideline
