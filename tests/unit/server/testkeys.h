// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QMessageAuthenticationCode>

#include <memory>

namespace Tideline::Server::Fakes {

inline QByteArray base64Url(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

inline QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

// A key pair of an issuer, made anew for each test program.
class SigningKey
{
public:
    static SigningKey rsa(const QString &id, unsigned bits = 2048) { return {id, EVP_RSA_gen(bits), 0}; }
    static SigningKey p256(const QString &id) { return {id, EVP_EC_gen("P-256"), 32}; }
    static SigningKey p384(const QString &id) { return {id, EVP_EC_gen("P-384"), 48}; }
    static SigningKey p521(const QString &id) { return {id, EVP_EC_gen("P-521"), 66}; }

    [[nodiscard]] QJsonObject jwk() const
    {
        QJsonObject jwk{{QStringLiteral("kid"), m_id}, {QStringLiteral("use"), QStringLiteral("sig")}};
        if (m_coordinate == 0) {
            jwk.insert(QStringLiteral("kty"), QStringLiteral("RSA"));
            jwk.insert(QStringLiteral("n"), number(OSSL_PKEY_PARAM_RSA_N));
            jwk.insert(QStringLiteral("e"), number(OSSL_PKEY_PARAM_RSA_E));
        } else {
            jwk.insert(QStringLiteral("kty"), QStringLiteral("EC"));
            jwk.insert(QStringLiteral("crv"), m_coordinate == 32 ? QStringLiteral("P-256") : m_coordinate == 48 ? QStringLiteral("P-384") : QStringLiteral("P-521"));
            jwk.insert(QStringLiteral("x"), number(OSSL_PKEY_PARAM_EC_PUB_X));
            jwk.insert(QStringLiteral("y"), number(OSSL_PKEY_PARAM_EC_PUB_Y));
        }
        return jwk;
    }

    // The signature of a JWT by the algorithm with this digest.
    [[nodiscard]] QByteArray sign(const QByteArray &text, const char *digest) const
    {
        const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
        const auto *data = reinterpret_cast<const unsigned char *>(text.constData());
        size_t size = 1024;
        QByteArray signature(qsizetype(size), '\0');
        if (EVP_DigestSignInit_ex(context.get(), nullptr, digest, nullptr, nullptr, m_key.get(), nullptr) != 1
            || EVP_DigestSign(context.get(), reinterpret_cast<unsigned char *>(signature.data()), &size, data, size_t(text.size())) != 1) {
            qFatal("OpenSSL does not sign");
        }
        signature.truncate(qsizetype(size));
        return m_coordinate == 0 ? signature : raw(signature);
    }

private:
    SigningKey(QString id, EVP_PKEY *key, int coordinate) : m_id(std::move(id)), m_key(key, EVP_PKEY_free), m_coordinate(coordinate)
    {
        if (!m_key)
            qFatal("OpenSSL makes no key");
    }

    [[nodiscard]] QString number(const char *name) const
    {
        BIGNUM *value = nullptr;
        EVP_PKEY_get_bn_param(m_key.get(), name, &value);
        QByteArray bytes(m_coordinate == 0 ? BN_num_bytes(value) : m_coordinate, '\0');
        BN_bn2binpad(value, reinterpret_cast<unsigned char *>(bytes.data()), int(bytes.size()));
        BN_free(value);
        return QString::fromLatin1(base64Url(bytes));
    }

    [[nodiscard]] QByteArray raw(const QByteArray &der) const
    {
        const auto *data = reinterpret_cast<const unsigned char *>(der.constData());
        ECDSA_SIG *signature = d2i_ECDSA_SIG(nullptr, &data, long(der.size()));
        QByteArray bytes(2 * m_coordinate, '\0');
        auto *out = reinterpret_cast<unsigned char *>(bytes.data());
        BN_bn2binpad(ECDSA_SIG_get0_r(signature), out, m_coordinate);
        BN_bn2binpad(ECDSA_SIG_get0_s(signature), out + m_coordinate, m_coordinate);
        ECDSA_SIG_free(signature);
        return bytes;
    }

    QString m_id;
    std::shared_ptr<EVP_PKEY> m_key;
    int m_coordinate;                   // bytes; 0: RSA
};

inline const char *digestOf(const QByteArray &algorithm)
{
    return algorithm.endsWith("512") ? "SHA512" : algorithm.endsWith("384") ? "SHA384" : "SHA256";
}

// A token of exactly these bytes.
inline QByteArray tokenOf(const QByteArray &header, const QByteArray &claims, const std::function<QByteArray(const QByteArray &)> &sign)
{
    const QByteArray text = base64Url(header) + '.' + base64Url(claims);
    return text + '.' + base64Url(sign(text));
}

inline QByteArray tokenOf(const SigningKey &key, const QByteArray &algorithm, const QJsonObject &claims, QJsonObject header = {})
{
    header.insert(QStringLiteral("alg"), QString::fromLatin1(algorithm));
    if (!header.contains(QStringLiteral("kid")))
        header.insert(QStringLiteral("kid"), key.jwk().value(QStringLiteral("kid")));
    return tokenOf(compact(header), compact(claims), [&](const QByteArray &text) { return key.sign(text, digestOf(algorithm)); });
}

inline QByteArray secretTokenOf(const QByteArray &secret, const QJsonObject &claims, const QByteArray &header = R"({"alg":"HS256"})")
{
    return tokenOf(header, compact(claims), [&](const QByteArray &text) {
        return QMessageAuthenticationCode::hash(text, secret, QCryptographicHash::Sha256);
    });
}

inline QByteArray keySetOf(const QList<QJsonObject> &keys)
{
    QJsonArray all;
    for (const QJsonObject &key : keys)
        all.append(key);
    return compact({{QStringLiteral("keys"), all}});
}

} // namespace Tideline::Server::Fakes
