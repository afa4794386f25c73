// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/apikeys.h"
#include "server/auth/authtime.h"
#include "server/service.h"

namespace Tideline::Server {

/*!
    \class Tideline::Server::ApiKeyAuthorizer
    \inmodule Tideline
    \since 0.1
    \brief Lets in who knows an API key, sent as \c x-api-key.

    How long an answer takes does not tell how much of a key was right.
*/
class TIDELINE_SERVER_EXPORT ApiKeyAuthorizer final : public Authorizer
{
public:
    explicit ApiKeyAuthorizer(const QList<QByteArray> &keys);
    explicit ApiKeyAuthorizer(std::shared_ptr<const ApiKeyStore> keys, WallClock clock = systemClock());

    void authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const override;
    [[nodiscard]] bool isRevoked(const QByteArray &credential) const override;

private:
    [[nodiscard]] Result<Identity> identityOf(const QByteArray &key) const;

    std::shared_ptr<const ApiKeyStore> m_keys;
    WallClock m_clock;
};

} // namespace Tideline::Server
