// SPDX-License-Identifier: MIT
#include "plugin/qmlcredentials.h"

namespace Tideline {

/*!
    \qmltype TokenCredentials
    \inqmlmodule Tideline
    \since 0.1
    \brief A user's token, of a Cognito user pool or an OpenID Connect provider, as credentials.
*/

/*! \qmlproperty var TokenCredentials::provider
    A function that is asked for tokens: when the first is needed, before one expires, and once when the backend refuses one. It returns a
    text, {token: ..., expiresAt: a date}, a promise of one of them, or null when nobody is signed in. A promise that
    is rejected says that there is no token now, and is asked for again. */
void QmlTokenCredentials::setProvider(const QJSValue &provider)
{
    if (m_provider.set(provider))
        Q_EMIT providerChanged();
}

/*!
    \qmltype FunctionToken
    \inqmlmodule Tideline
    \since 0.1
    \brief A token that a function of the backend judges.
*/

/*! \qmlproperty var FunctionToken::provider
    As TokenCredentials::provider. */
void QmlFunctionToken::setProvider(const QJSValue &provider)
{
    if (m_provider.set(provider))
        Q_EMIT providerChanged();
}

/*!
    \qmltype AppSync
    \inqmlmodule Tideline
    \since 0.1
    \brief A backend that speaks AWS AppSync's protocol.
*/

/*! \qmlproperty list<Credentials> AppSync::auths
    Credentials beside AppSync::auth; each request is tried with those that a rule of its model is for. */
QQmlListProperty<Credentials> QmlAppSync::authList()
{
    using List = QQmlListProperty<Credentials>;
    return List(
        this, nullptr,
        [](List *list, Credentials *credentials) {
            auto *backend = static_cast<QmlAppSync *>(list->object);
            backend->setAuths(backend->auths() << credentials);
        },
        [](List *list) { return static_cast<QmlAppSync *>(list->object)->auths().size(); },
        [](List *list, qsizetype i) { return static_cast<QmlAppSync *>(list->object)->auths().value(i); },
        [](List *list) { static_cast<QmlAppSync *>(list->object)->setAuths({}); });
}

} // namespace Tideline
