// SPDX-License-Identifier: MIT
#include "server/auth/apikeyauthorizer.h"

#include "server/auth/refusals_p.h"
#include "server/auth/secrets_p.h"

#include <algorithm>

namespace Tideline::Server {

/*! Lets in callers with one of \a keys, for ever. Empty keys are ignored. */
ApiKeyAuthorizer::ApiKeyAuthorizer(const QList<QByteArray> &keys)
    : ApiKeyAuthorizer(std::make_shared<const ApiKeyList>(keys))
{
}

/*! Lets in callers with one of \a keys that has not expired by \a clock. */
ApiKeyAuthorizer::ApiKeyAuthorizer(std::shared_ptr<const ApiKeyStore> keys, WallClock clock)
    : m_keys(std::move(keys)), m_clock(std::move(clock))
{
}

/*! Gives \a done the identity of the caller, or an Error of code Unauthorized. Answers at once. */
void ApiKeyAuthorizer::authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const
{
    done(identityOf(request.headers.value("x-api-key")));
}

Result<Identity> ApiKeyAuthorizer::identityOf(const QByteArray &key) const
{
    if (key.isEmpty())
        return missingCredentials();
    const QByteArray digest = ApiKey::digestOf(key);
    const std::shared_ptr<const QList<ApiKey>> keys = m_keys->keys();
    const ApiKey *found = nullptr;
    for (const ApiKey &own : *keys) {
        if (equalInConstantTime(own.digest, digest))
            found = &own;
    }
    if (!found || (found->expiresAt != 0 && found->expiresAt <= m_clock()))
        return unauthorizedCaller();
    Identity identity;
    identity.expiresAt = found->expiresAt;
    identity.credential = found->digest;
    return identity;
}

bool ApiKeyAuthorizer::isRevoked(const QByteArray &credential) const
{
    const std::shared_ptr<const QList<ApiKey>> keys = m_keys->keys();
    return std::ranges::find(*keys, credential, &ApiKey::digest) == keys->end();
}

} // namespace Tideline::Server
