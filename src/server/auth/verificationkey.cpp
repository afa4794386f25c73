// SPDX-License-Identifier: MIT
#include "server/auth/verificationkey.h"

#include "server/auth/secrets_p.h"
#include "server/auth/strictjson_p.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <QtCore/QJsonArray>
#include <QtCore/QMessageAuthenticationCode>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

constexpr int LeastRsaBits = 2048;
constexpr int MostRsaBits = 8192;
constexpr qsizetype MostExponentBytes = 8;      // verifying takes as long as the exponent is
constexpr qsizetype MostKeys = 100;

struct Deleter
{
    void operator()(BIGNUM *number) const noexcept { BN_free(number); }
    void operator()(ECDSA_SIG *signature) const noexcept { ECDSA_SIG_free(signature); }
    void operator()(EVP_MD_CTX *context) const noexcept { EVP_MD_CTX_free(context); }
    void operator()(EVP_PKEY *key) const noexcept { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX *context) const noexcept { EVP_PKEY_CTX_free(context); }
    void operator()(OSSL_PARAM *params) const noexcept { OSSL_PARAM_free(params); }
    void operator()(OSSL_PARAM_BLD *builder) const noexcept { OSSL_PARAM_BLD_free(builder); }
};
template<typename T>
using Owned = std::unique_ptr<T, Deleter>;

const unsigned char *unsignedData(const QByteArray &bytes)
{
    return reinterpret_cast<const unsigned char *>(bytes.constData());
}

Owned<BIGNUM> numberOf(const QByteArray &bytes)
{
    return Owned<BIGNUM>(BN_bin2bn(unsignedData(bytes), int(bytes.size()), nullptr));
}

QByteArray member(const QJsonObject &jwk, QLatin1StringView name)
{
    return fromBase64Url(jwk.value(name).toString().toLatin1()).value_or(QByteArray());
}

// A public key of `type` whose parameters `fill` has put in.
template<typename Fill>
std::shared_ptr<EVP_PKEY> makeKey(const char *type, Fill fill)
{
    const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
    if (!builder || !fill(builder.get()))
        return {};
    const Owned<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(builder.get()));
    const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY *key = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1
        || EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
        return {};
    }
    std::shared_ptr<EVP_PKEY> owned(key, Deleter());
    const Owned<EVP_PKEY_CTX> check(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    return check && EVP_PKEY_public_check(check.get()) == 1 ? owned : nullptr;
}

std::shared_ptr<EVP_PKEY> rsaKey(const QJsonObject &jwk)
{
    const QByteArray modulus = member(jwk, "n"_L1);
    const QByteArray exponent = member(jwk, "e"_L1);
    if (modulus.size() * 8 > MostRsaBits || exponent.size() > MostExponentBytes)
        return {};
    const Owned<BIGNUM> n = numberOf(modulus);
    const Owned<BIGNUM> e = numberOf(exponent);
    if (!n || !e || BN_num_bits(n.get()) < LeastRsaBits || !BN_is_odd(e.get()) || BN_is_one(e.get()))
        return {};
    return makeKey("RSA", [&](OSSL_PARAM_BLD *builder) {
        return OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n.get()) == 1
            && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e.get()) == 1;
    });
}

std::shared_ptr<EVP_PKEY> ecKey(const QJsonObject &jwk, const char *group, qsizetype bytes)
{
    const QByteArray x = member(jwk, "x"_L1);
    const QByteArray y = member(jwk, "y"_L1);
    if (x.size() != bytes || y.size() != bytes)
        return {};
    const QByteArray point = '\x04' + x + y;
    return makeKey("EC", [&](OSSL_PARAM_BLD *builder) {
        return OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, group, 0) == 1
            && OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.constData(), size_t(point.size())) == 1;
    });
}

Error unusable()
{
    ERR_clear_error();
    return Error(Error::Code::Validation, u"The key cannot verify tokens."_s);
}

} // namespace

/*! Makes a key of \a jwk (RFC 7517). Fails when it is of another kind, for another use, weak or damaged. */
Result<VerificationKey> VerificationKey::fromJwk(const QJsonObject &jwk)
{
    const QString use = jwk["use"_L1].toString(u"sig"_s);
    const QJsonValue operations = jwk["key_ops"_L1];
    if (use != "sig"_L1 || (operations.isArray() && !operations.toArray().contains(u"verify"_s)))
        return unusable();
    VerificationKey key;
    key.m_id = jwk["kid"_L1].toString();
    key.m_algorithm = jwk["alg"_L1].toString().toLatin1();
    const QString curve = jwk["crv"_L1].toString();
    if (jwk["kty"_L1] == "RSA"_L1) {
        key.m_key = rsaKey(jwk);
    } else if (jwk["kty"_L1] == "EC"_L1 && curve == "P-256"_L1) {
        key.m_kind = Kind::P256;
        key.m_key = ecKey(jwk, "prime256v1", 32);
    } else if (jwk["kty"_L1] == "EC"_L1 && curve == "P-384"_L1) {
        key.m_kind = Kind::P384;
        key.m_key = ecKey(jwk, "secp384r1", 48);
    }
    if (!key.m_key)
        return unusable();
    return key;
}

// Null when the algorithm is not this key's: what a token says of itself never chooses the kind of key.
const char *VerificationKey::digestFor(const QByteArray &algorithm) const
{
    if (!m_algorithm.isEmpty() && m_algorithm != algorithm)
        return nullptr;
    switch (m_kind) {
    case Kind::Rsa:
        return algorithm == "RS256" ? "SHA256" : algorithm == "RS384" ? "SHA384" : algorithm == "RS512" ? "SHA512" : nullptr;
    case Kind::P256:
        return algorithm == "ES256" ? "SHA256" : nullptr;
    case Kind::P384:
        return algorithm == "ES384" ? "SHA384" : nullptr;
    }
    Q_UNREACHABLE();
}

// Tokens have the two numbers of an ECDSA signature one behind the other; empty when they are not that long.
QByteArray VerificationKey::derSignature(const QByteArray &raw) const
{
    if (m_kind == Kind::Rsa)
        return raw;
    const qsizetype bytes = m_kind == Kind::P256 ? 32 : 48;
    const Owned<ECDSA_SIG> signature(ECDSA_SIG_new());
    if (raw.size() != 2 * bytes || !signature)
        return {};
    Owned<BIGNUM> r = numberOf(raw.first(bytes));
    Owned<BIGNUM> s = numberOf(raw.last(bytes));
    if (!r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1)
        return {};
    r.release();
    s.release();
    unsigned char *der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    const QByteArray result = size > 0 ? QByteArray(reinterpret_cast<const char *>(der), size) : QByteArray();
    OPENSSL_free(der);
    return result;
}

bool VerificationKey::verifies(const JsonWebToken &token) const
{
    const char *digest = digestFor(token.algorithm);
    const QByteArray signature = derSignature(token.signature);
    if (!digest || signature.isEmpty())
        return false;
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    const bool good = context && EVP_DigestVerifyInit_ex(context.get(), nullptr, digest, nullptr, nullptr, m_key.get(), nullptr) == 1
        && EVP_DigestVerify(context.get(), unsignedData(signature), size_t(signature.size()), unsignedData(token.signedPart),
                            size_t(token.signedPart.size())) == 1;
    ERR_clear_error();
    return good;
}

Result<VerificationKeys> parseKeySet(const QByteArray &document)
{
    const std::optional<QJsonObject> object = strictObject(document);
    if (!object || !object->value("keys"_L1).isArray())
        return Error(Error::Code::Validation, u"This is no JSON Web Key Set."_s);
    VerificationKeys keys;
    for (const QJsonValue &entry : object->value("keys"_L1).toArray()) {
        if (const Result<VerificationKey> key = VerificationKey::fromJwk(entry.toObject()); key && keys.size() < MostKeys)
            keys.append(*key);
    }
    return keys;
}

bool isSignedWithSecret(const JsonWebToken &token, const QByteArray &secret)
{
    if (token.algorithm != "HS256" || secret.isEmpty())
        return false;
    return equalInConstantTime(QMessageAuthenticationCode::hash(token.signedPart, secret, QCryptographicHash::Sha256), token.signature);
}

} // namespace Tideline::Server
