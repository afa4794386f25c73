// SPDX-License-Identifier: MIT
#include "server/auth/multiauthorizer.h"

#include "server/auth/refusals_p.h"
#include "server/auth/sigv4.h"

namespace Tideline::Server {

/*!
    Asks the provider that the credentials are of: an \c x-api-key, an \c authorization that is an AWS signature, a
    token of a known issuer, and else the function. What one provider refuses is not tried with another.
*/
void MultiAuthorizer::authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const
{
    const QByteArray authorization = request.headers.value("authorization");
    if (m_providers.apiKeys && !request.headers.value("x-api-key").isEmpty())
        return m_providers.apiKeys->authorize(request, std::move(done));
    if (authorization.isEmpty())
        return done(request.headers.contains("x-api-key") ? unauthorizedCaller() : missingCredentials());
    if (SigV4::isSigV4(authorization))
        return m_providers.iam ? m_providers.iam->authorize(request, std::move(done)) : done(unauthorizedCaller());
    if (m_providers.tokens && m_providers.tokens->take(request, done))
        return;
    m_providers.function ? m_providers.function->authorize(request, std::move(done)) : done(unauthorizedCaller());
}

// Only API keys are credentials that can be taken away.
bool MultiAuthorizer::isRevoked(const QByteArray &credential) const
{
    return !m_providers.apiKeys || m_providers.apiKeys->isRevoked(credential);
}

} // namespace Tideline::Server
