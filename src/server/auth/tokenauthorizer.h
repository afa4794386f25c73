// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/authtime.h"
#include "server/auth/jsonwebtoken.h"
#include "server/auth/keysource.h"
#include "server/service.h"

namespace Tideline::Server {

struct TokenIssuer
{
    QString issuer;                                 // the claim "iss", to the letter
    Identity::Provider provider = Identity::Provider::Oidc;
    QStringList audiences = {};                     // one of them in "aud", for Cognito's access tokens in "client_id"; empty: any
    std::shared_ptr<KeySource> keys = {};           // of RS* and ES*; null: not taken
    QByteArray secret = {};                         // of HS256; empty: not taken
};

struct TokenOptions
{
    WallClock clock = systemClock();
    qint64 skewMs = 60'000;                         // how far the issuer's clock may be from ours
};

/*!
    \class Tideline::Server::TokenAuthorizer
    \inmodule Tideline
    \since 0.1
    \brief Lets in who has a token of one of the issuers: OpenID Connect providers and Cognito user pools.

    A token is checked only with its own issuer's keys, and only by the algorithm that a key is for.
*/
class TIDELINE_SERVER_EXPORT TokenAuthorizer final : public Authorizer
{
public:
    explicit TokenAuthorizer(std::vector<TokenIssuer> issuers, TokenOptions options = {});

    void authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const override;
    // False when the credentials are no token of any of the issuers; `done` is not called then.
    [[nodiscard]] bool take(const AuthRequest &request, const std::function<void(Result<Identity>)> &done) const;

private:
    const std::vector<TokenIssuer> m_issuers;
    const TokenOptions m_options;
};

// What \a token, whose signature is good, says of its bearer; the Error of AppSync when it does not hold now and here.
[[nodiscard]] TIDELINE_SERVER_EXPORT Result<Identity> identityOf(const JsonWebToken &token, const TokenIssuer &issuer, qint64 now, qint64 skewMs);

} // namespace Tideline::Server
