// SPDX-License-Identifier: MIT
#include "client/appsync/appsync.h"

#include "client/appsync/appsynctext_p.h"
#include "client/appsync/appsynctransport_p.h"

using namespace Qt::StringLiterals;

namespace Tideline {

/*!
    \class Tideline::ApiKey
    \inmodule Tideline
    \since 0.1
    \brief An AppSync API key as credentials.
*/

/*! \property Tideline::ApiKey::key
    \brief The key, for instance "da2-..."; never written to logs. */
QString ApiKey::key() const
{
    return m_key;
}

void ApiKey::setKey(const QString &key)
{
    if (m_key == key)
        return;
    m_key = key;
    Q_EMIT keyChanged();
    Q_EMIT changed();
}

/*! Returns the protocol's authorization object for \a host. Error: Unauthorized when the key is empty. */
Result<QJsonObject> ApiKey::authorization(const QString &host) const
{
    if (m_key.isEmpty())
        return Error(Error::Code::Unauthorized, AppSyncText::tr("The API key is empty. Set ApiKey.key."));
    return QJsonObject{{u"host"_s, host}, {u"x-api-key"_s, m_key}};
}

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
    \brief The credentials; not owned. */
Credentials *AppSync::auth() const
{
    return m_auth;
}

void AppSync::setAuth(Credentials *auth)
{
    if (m_auth == auth)
        return;
    if (m_auth)
        m_auth->disconnect(this);
    m_auth = auth;
    if (auth)
        connect(auth, &Credentials::changed, this, &Backend::changed);
    Q_EMIT authChanged();
    Q_EMIT changed();
}

/*! Returns what makes transports with the present URL and credentials. Errors: InvalidArgument for a URL
    that is missing or neither http nor https, and what the credentials say. */
Result<TransportFactory> AppSync::transportFactory() const
{
    if (m_url.scheme() != "http"_L1 && m_url.scheme() != "https"_L1) {
        return Error(Error::Code::InvalidArgument,
                     AppSyncText::tr("AppSync.url must be an http or https URL such as https://example.com/graphql, not \"%1\".").arg(m_url.toString()));
    }
    if (!m_auth)
        return Error(Error::Code::InvalidArgument, AppSyncText::tr("AppSync.auth is not set. Give it credentials, for instance an ApiKey."));
    const QString host = m_url.port() > 0 ? u"%1:%2"_s.arg(m_url.host()).arg(m_url.port()) : m_url.host();
    const Result<QJsonObject> authorization = m_auth->authorization(host);
    if (!authorization)
        return authorization.error();
    return TransportFactory([url = m_url, authorization = *authorization](const Schema &schema, Scheduler &scheduler) -> std::unique_ptr<Transport> {
        return std::make_unique<AppSyncTransport>(schema, scheduler, url, [authorization] { return Result<QJsonObject>(authorization); });
    });
}

} // namespace Tideline
