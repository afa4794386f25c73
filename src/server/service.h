// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/global.h"

#include <QtCore/QByteArray>
#include <QtCore/QHash>
#include <QtCore/QJsonObject>
#include <QtCore/QStringList>

#include <functional>
#include <memory>

namespace Tideline::Server {

// Who calls: what the authorizer made of the credentials.
struct Identity
{
    enum class Provider { ApiKey, Iam, Oidc, UserPools, Function };
    Provider provider = Provider::ApiKey;
    QString subject = {};                   // claim "sub", or the ARN of an IAM caller; empty for API keys
    QJsonObject claims = {};                // of a token; the resolver context of a function
    bool guest = false;                     // an IAM caller that did not sign in
    QStringList deniedFields = {};          // "Type.field", as a function authorizer says; null for this caller
    qint64 expiresAt = 0;                   // ms since the epoch when the credentials end; 0: never
    QByteArray credential = {};             // what Authorizer::isRevoked() is asked about: an API key's digest; empty: nothing
};

struct GraphQLRequest
{
    QString query;
    QJsonObject variables;
    QString operationName;
    Identity identity;
};

using SubscriptionId = quint64;

/*!
    The GraphQL side of the server as its network side sees it. Every member function may be called
    from any thread; callbacks come on threads of the service, must not block and may call back.
*/
class GraphQLService
{
public:
    virtual ~GraphQLService() = default;

    // Answers exactly once with a GraphQL response, compact JSON in UTF-8; mutations after they are durable.
    virtual void execute(GraphQLRequest request, std::function<void(QByteArray response)> done) = 0;

    // On success `deliver` gets {"data":{...}} payloads in commit order until unsubscribe() returns.
    // On failure the error payload {"errors":[...]} of the protocol is in Error::detail().
    [[nodiscard]] virtual Result<SubscriptionId> subscribe(const GraphQLRequest &request,
                                                           std::function<void(QByteArray payload)> deliver) = 0;
    virtual void unsubscribe(SubscriptionId id) = 0;

    // Whether requests can be answered now; calls `done` once, on any thread.
    virtual void check(std::function<void(Result<void>)> done) { done({}); }
};

/*! What somebody asks for, as an Authorizer sees it. */
struct AuthRequest
{
    QByteArray method = "POST";
    QByteArray target = {};                         // path and query of the request line, still encoded
    QHash<QByteArray, QByteArray> headers = {};     // names in lower case, values of one name joined by ","
    QByteArray body = {};                           // the bytes that a signature covers
    QString query = {};                             // the document and what belongs to it, where it is known
    QString operationName = {};
    QJsonObject variables = {};
};

/*! Turns credentials into an Identity. Thread-safe. */
class Authorizer
{
public:
    virtual ~Authorizer() = default;

    // Calls `done` exactly once, perhaps at once, on any thread, and not later than some deadline of its own.
    // Error::detail() is AppSync's error type when it is not the usual one of the code.
    virtual void authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const = 0;

    // Whether an Identity::credential lets nobody in any more. Answers at once.
    [[nodiscard]] virtual bool isRevoked(const QByteArray &credential) const { Q_UNUSED(credential) return false; }
};

} // namespace Tideline::Server
