// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/tokenauthorizer.h"
#include "server/service.h"

#include <memory>

namespace Tideline::Server {

/*!
    \class Tideline::Server::MultiAuthorizer
    \inmodule Tideline
    \since 0.1
    \brief Several providers on one API; the credentials of a request choose, as in AppSync.
*/
class TIDELINE_SERVER_EXPORT MultiAuthorizer final : public Authorizer
{
public:
    // Those that are null are not configured.
    struct Providers
    {
        std::shared_ptr<Fetcher> fetcher = {};      // of those below, who must not outlive it
        std::shared_ptr<const Authorizer> apiKeys = {};
        std::shared_ptr<const Authorizer> iam = {};
        std::shared_ptr<const TokenAuthorizer> tokens = {};
        std::shared_ptr<const Authorizer> function = {};
    };

    explicit MultiAuthorizer(Providers providers) : m_providers(std::move(providers)) { }

    void authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const override;
    [[nodiscard]] bool isRevoked(const QByteArray &credential) const override;

private:
    const Providers m_providers;
};

} // namespace Tideline::Server
