// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/auth/jsonwebtoken.h"
#include "server/global.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QString>

#include <memory>

struct evp_pkey_st;

namespace Tideline::Server {

/*!
    \class Tideline::Server::VerificationKey
    \inmodule Tideline
    \since 0.1
    \brief A public key of an issuer: RSA, or a point on P-256 or P-384. Thread-safe.
*/
class TIDELINE_SERVER_EXPORT VerificationKey
{
public:
    [[nodiscard]] static Result<VerificationKey> fromJwk(const QJsonObject &jwk);

    [[nodiscard]] QString id() const { return m_id; }
    // Whether the token was signed with this key, by an algorithm that is this key's.
    [[nodiscard]] bool verifies(const JsonWebToken &token) const;

private:
    enum class Kind { Rsa, P256, P384 };

    VerificationKey() = default;
    [[nodiscard]] const char *digestFor(const QByteArray &algorithm) const;
    [[nodiscard]] QByteArray derSignature(const QByteArray &raw) const;

    QString m_id;
    Kind m_kind = Kind::Rsa;
    QByteArray m_algorithm;             // the only one the key may be used with; empty: all of its kind
    std::shared_ptr<evp_pkey_st> m_key;
};

using VerificationKeys = QList<VerificationKey>;

// The keys of a JWKS document that can verify tokens; others in it are passed over.
[[nodiscard]] TIDELINE_SERVER_EXPORT Result<VerificationKeys> parseKeySet(const QByteArray &document);

// HS256 with a secret that both sides know.
[[nodiscard]] TIDELINE_SERVER_EXPORT bool isSignedWithSecret(const JsonWebToken &token, const QByteArray &secret);

} // namespace Tideline::Server
