// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/authtime.h"
#include "server/auth/sigv4.h"
#include "server/service.h"

#include <QtCore/QHash>

namespace Tideline::Server {

struct IamKey
{
    QByteArray secret = {};
    QString arn = {};                               // whom the key is of
    bool guest = false;                             // as an identity pool's role for who did not sign in
    QByteArray sessionToken = {};                   // that must come along; empty: none may
    qint64 expiresAt = 0;                           // ms since the epoch; 0: never
};

struct IamOptions
{
    QHash<QByteArray, IamKey> keys = {};            // by access key id
    QByteArray region = {};                         // empty: any
    WallClock clock = systemClock();
    qint64 skewMs = 5 * 60 * 1000;                  // how old a signature may be, or how far in the future
};

/*!
    \class Tideline::Server::IamAuthorizer
    \inmodule Tideline
    \since 0.1
    \brief Lets in who signs requests with one of the configured access keys (AWS Signature Version 4, service \c appsync).
*/
class TIDELINE_SERVER_EXPORT IamAuthorizer final : public Authorizer
{
public:
    explicit IamAuthorizer(IamOptions options) : m_options(std::move(options)) { }

    void authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const override;

    /*
        {"region": "eu-west-1", "keys": [{"accessKeyId": "...", "secretAccessKey": "...", "arn": "...", "guest": false,
        "sessionToken": "...", "expiresAt": "2027-01-31T00:00:00Z"}]}; only the first two of a key are needed.
    */
    [[nodiscard]] static Result<IamOptions> parseOptions(const QByteArray &document);

private:
    [[nodiscard]] Result<Identity> identityOf(const AuthRequest &request) const;
    [[nodiscard]] Result<void> checkTime(const SigV4::Authorization &authorization, const QByteArray &time) const;

    const IamOptions m_options;
};

} // namespace Tideline::Server
