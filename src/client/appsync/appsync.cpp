// SPDX-License-Identifier: MIT
#include "client/appsync/appsync.h"

#include "client/appsync/accessverdict_p.h"
#include "client/appsync/appsynctext_p.h"
#include "client/appsync/appsynctransport_p.h"

using namespace Qt::StringLiterals;

namespace Tideline {

/*!
    \class Tideline::AppSync
    \inmodule Tideline
    \since 0.1
    \brief A backend that speaks AWS AppSync's protocol: AppSync itself, or \c{tideline serve}.
*/

/*! Constructs a backend without URL and credentials, owned by \a parent. */
AppSync::AppSync(QObject *parent) : Backend(parent) { }
AppSync::~AppSync() = default;

/*! \property Tideline::AppSync::url
    \brief The GraphQL endpoint, for instance "https://api.example.com/graphql". */
QUrl AppSync::url() const
{
    return m_url;
}

void AppSync::setUrl(const QUrl &url)
{
    if (m_url == url)
        return;
    m_url = url;
    Q_EMIT urlChanged();
    Q_EMIT changed();
}

/*! \property Tideline::AppSync::auth
    \brief The credentials, of several those that are tried where no rule says otherwise; not owned. */
Credentials *AppSync::auth() const
{
    return m_auth;
}

void AppSync::setAuth(Credentials *auth)
{
    if (m_auth == auth)
        return;
    unwatch(m_auth);
    m_auth = auth;
    watch(auth);
    Q_EMIT authChanged();
    Q_EMIT changed();
}

/*!
    Returns the credentials beside auth(). With several, each request is tried with those that a rule of its model is for, in the order of
    Amplify's clients: rules for a function, owners, groups, whoever is signed in, everybody; and the next only when the
    backend refuses one. What nobody is signed in for is left out. Where the last one that may be tried is refused, what needs it waits, and
    DataStore::needsAuth() tells; all else goes on.
*/
QList<Credentials *> AppSync::auths() const
{
    QList<Credentials *> list;
    for (const QPointer<Credentials> &credentials : m_auths) {
        if (credentials)
            list.append(credentials);
    }
    return list;
}

void AppSync::setAuths(const QList<Credentials *> &auths)
{
    const QList<Credentials *> before = this->auths();
    if (before == auths)
        return;
    m_auths.clear();
    for (Credentials *credentials : before)
        unwatch(credentials);
    for (Credentials *credentials : auths) {
        m_auths.append(credentials);
        watch(credentials);
    }
    watch(m_auth);
    Q_EMIT authsChanged();
    Q_EMIT changed();
}

void AppSync::watch(Credentials *credentials)
{
    if (!credentials)
        return;
    unwatch(credentials);
    connect(credentials, &Credentials::changed, this, [this, credentials] { Q_EMIT credentialsChanged(credentials->authorizer()->isAnswering()); });
    connect(credentials, &QObject::destroyed, this, &Backend::changed);
}

void AppSync::unwatch(Credentials *credentials)
{
    if (credentials)
        credentials->disconnect(this);
}

QList<Credentials *> AppSync::all() const
{
    QList<Credentials *> list = auths();
    if (m_auth) {
        list.removeAll(m_auth.data());
        list.prepend(m_auth);
    }
    return list;
}

/*! Returns what makes transports with the present URL and credentials. Errors: InvalidArgument for a URL
    that is missing or neither http nor https, and without any credentials. */
Result<TransportFactory> AppSync::transportFactory() const
{
    if (m_url.scheme() != "http"_L1 && m_url.scheme() != "https"_L1) {
        return Error(Error::Code::InvalidArgument,
                     AppSyncText::tr("AppSync.url must be an http or https URL such as https://example.com/graphql, not \"%1\".").arg(m_url.toString()));
    }
    AuthOrder::Modes authorizers;
    const QList<Credentials *> all = this->all();
    for (const Credentials *credentials : all)
        authorizers.append(credentials->authorizer());
    if (authorizers.isEmpty())
        return Error(Error::Code::InvalidArgument, AppSyncText::tr("AppSync.auth is not set. Give it credentials, for instance an ApiKey."));
    const auto order = std::make_shared<AuthOrder>(authorizers);        // of one engine: it remembers what worked
    return TransportFactory([url = m_url, order](const Schema &schema, Scheduler &scheduler) -> std::unique_ptr<Transport> {
        return std::make_unique<AppSyncTransport>(schema, scheduler, url, order);
    });
}

/*! Returns what the backend will say of \a intention, by the rules and the claims of the present credentials. */
Verdict AppSync::verdict(const Intention &intention) const
{
    QList<Caller> callers;
    const QList<Credentials *> all = this->all();
    for (const Credentials *credentials : all)
        callers.append(credentials->caller());
    return accessVerdict(intention, callers);
}

} // namespace Tideline
