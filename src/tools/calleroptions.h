// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/auth/keytable.h"
#include "server/service.h"

#include <QtCore/QCommandLineOption>
#include <QtCore/QUrl>

#include <memory>

QT_FORWARD_DECLARE_CLASS(QCommandLineParser)

namespace Tideline::Tools {

// Who may call, as the command line says. Holds secrets: nothing of it is printed.
struct Callers
{
    QList<QByteArray> apiKeys = {};
    QStringList issuers = {};           // of OpenID Connect
    QStringList audiences = {};
    QString userPool = {};
    QStringList userPoolClients = {};
    QString keySet = {};                // file or URL; empty: the issuers' own
    QByteArray secret = {};
    QString iamFile = {};
    QUrl function = {};

    [[nodiscard]] bool isEmpty() const;
};

class CallerOptions
{
public:
    void addTo(QCommandLineParser &parser) const;
    // The command line and the environment, checked without looking at files.
    [[nodiscard]] Result<Callers> read(const QCommandLineParser &parser) const;

private:
    const QCommandLineOption m_apiKey{QStringLiteral("api-key"),
        QStringLiteral("A key that clients send, beside those of \"tideline keys\"; may be given again for another. "
                       "The environment variable TIDELINE_API_KEY does not show in process lists"),
        QStringLiteral("KEY")};
    const QCommandLineOption m_issuer{QStringLiteral("oidc-issuer"),
        QStringLiteral("Let in who has a token of this OpenID Connect provider; may be given again. "
                       "Its keys are fetched when the first token comes"),
        QStringLiteral("URL")};
    const QCommandLineOption m_audience{QStringLiteral("oidc-audience"),
        QStringLiteral("Whom tokens of --oidc-issuer must be for; may be given again (any audience)"), QStringLiteral("AUD")};
    const QCommandLineOption m_keySet{QStringLiteral("jwks"),
        QStringLiteral("Where the keys of the one issuer are, if it does not say so itself. "
                       "The environment variable TIDELINE_JWT_SECRET has the secret of an issuer that signs with HS256"),
        QStringLiteral("FILE|URL")};
    const QCommandLineOption m_userPool{QStringLiteral("user-pool"),
        QStringLiteral("Let in who has a token of this Cognito user pool, "
                       "as in https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf"),
        QStringLiteral("URL")};
    const QCommandLineOption m_userPoolClient{QStringLiteral("user-pool-client"),
        QStringLiteral("The app client that tokens of --user-pool must be of; may be given again (any client)"), QStringLiteral("ID")};
    const QCommandLineOption m_iamKeys{QStringLiteral("iam-keys"),
        QStringLiteral("Let in who signs with one of the AWS access keys of this file: "
                       "{\"keys\": [{\"accessKeyId\", \"secretAccessKey\", \"arn\", \"guest\"}]}"),
        QStringLiteral("FILE")};
    const QCommandLineOption m_function{QStringLiteral("authorizer-url"),
        QStringLiteral("Ask this endpoint about all other tokens, as AppSync asks a Lambda authorizer"), QStringLiteral("URL")};
};

// Reads the files; fails with what is wrong with them. The callers' keys are good beside those of the database.
[[nodiscard]] Result<std::unique_ptr<Server::Authorizer>> makeAuthorizer(const Callers &callers, Server::DatabaseKeyOptions keys);

// Why nobody could call, or nothing: keys may be in the database, too.
[[nodiscard]] Result<void> checkSomebodyMayCall(const Callers &callers, const QString &database);

} // namespace Tideline::Tools
