// SPDX-License-Identifier: MIT
#include "server/auth/tokenauthorizer.h"

#include "server/auth/refusals_p.h"

#include <QtCore/QJsonArray>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

constexpr double LatestSeconds = 253'402'300'799;      // the end of the year 9999

// A claim of seconds since the epoch, in ms; nothing when it is no time.
std::optional<qint64> timeOf(const QJsonValue &claim)
{
    const double seconds = claim.toDouble(std::nan(""));
    if (!claim.isDouble() || !(seconds >= 0 && seconds <= LatestSeconds))
        return std::nullopt;
    return qint64(seconds * 1000);
}

bool names(const QJsonValue &claim, const QStringList &audiences)
{
    if (audiences.isEmpty())
        return true;
    const QJsonArray all = claim.isArray() ? claim.toArray() : QJsonArray{claim};
    return std::any_of(all.begin(), all.end(), [&](const QJsonValue &one) { return one.isString() && audiences.contains(one.toString()); });
}

bool isForUs(const QJsonObject &claims, const TokenIssuer &issuer)
{
    if (issuer.provider != Identity::Provider::UserPools)
        return names(claims["aud"_L1], issuer.audiences);
    const QString use = claims["token_use"_L1].toString();
    return (use == "access"_L1 && names(claims["client_id"_L1], issuer.audiences))
        || (use == "id"_L1 && names(claims["aud"_L1], issuer.audiences));
}

bool isInFuture(const QJsonValue &claim, qint64 now, qint64 skewMs)
{
    const std::optional<qint64> time = timeOf(claim);
    return !claim.isUndefined() && (!time || *time > now + skewMs);
}

bool verifies(const VerificationKeys &keys, const JsonWebToken &token)
{
    return std::any_of(keys.begin(), keys.end(), [&](const VerificationKey &key) { return key.verifies(token); });
}

bool hasPublicKey(const QByteArray &algorithm)
{
    return algorithm.startsWith("RS") || algorithm.startsWith("ES");
}

} // namespace

Result<Identity> identityOf(const JsonWebToken &token, const TokenIssuer &issuer, qint64 now, qint64 skewMs)
{
    const QJsonObject &claims = token.claims;
    const std::optional<qint64> end = timeOf(claims["exp"_L1]);
    const QString subject = claims["sub"_L1].toString();
    if (!end || subject.isEmpty() || claims["iss"_L1].toString() != issuer.issuer || !isForUs(claims, issuer))
        return unauthorizedCaller();
    if (*end + skewMs <= now)
        return expiredToken();
    if (isInFuture(claims["nbf"_L1], now, skewMs) || isInFuture(claims["iat"_L1], now, skewMs))
        return unauthorizedCaller();
    Identity identity;
    identity.provider = issuer.provider;
    identity.subject = subject;
    identity.claims = claims;
    identity.expiresAt = *end + skewMs;
    return identity;
}

/*! Lets in bearers of tokens of \a issuers; of two with one name the first counts. */
TokenAuthorizer::TokenAuthorizer(std::vector<TokenIssuer> issuers, TokenOptions options)
    : m_issuers(std::move(issuers)), m_options(std::move(options))
{
}

/*! Gives \a done the identity of the bearer: at once, or when the issuer's keys are there. */
void TokenAuthorizer::authorize(const AuthRequest &request, std::function<void(Result<Identity>)> done) const
{
    if (!take(request, done))
        done(request.headers.value("authorization").isEmpty() ? missingCredentials() : unauthorizedCaller());
}

bool TokenAuthorizer::take(const AuthRequest &request, const std::function<void(Result<Identity>)> &done) const
{
    const Result<JsonWebToken> token = JsonWebToken::parse(request.headers.value("authorization"));
    if (!token)
        return false;
    const QString name = token->claims["iss"_L1].toString();
    const auto issuer = std::find_if(m_issuers.begin(), m_issuers.end(), [&name](const TokenIssuer &one) { return one.issuer == name; });
    if (issuer == m_issuers.end())
        return false;
    const auto judge = [](const JsonWebToken &token, bool genuine, const TokenIssuer &issuer, const TokenOptions &options) {
        return genuine ? identityOf(token, issuer, options.clock(), options.skewMs) : Result<Identity>(unauthorizedCaller());
    };
    if (!issuer->keys || !hasPublicKey(token->algorithm)) {
        done(judge(*token, isSignedWithSecret(*token, issuer->secret), *issuer, m_options));
        return true;
    }
    issuer->keys->find(token->keyId, [judge, token = *token, issuer = *issuer, options = m_options, done](const Result<VerificationKeys> &keys) {
        done(keys ? judge(token, verifies(*keys, token), issuer, options) : Result<Identity>(keys.error()));
    });
    return true;
}

} // namespace Tideline::Server
