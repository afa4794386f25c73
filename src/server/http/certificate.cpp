// SPDX-License-Identifier: MIT
#include "server/http/certificate.h"

#include "server/http/tls_p.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <QtCore/QFile>
#include <QtCore/QFileInfo>

#include <array>
#include <cstdio>
#include <memory>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

constexpr int SerialBits = 159;         // 20 bytes at most, and positive
constexpr qint64 ValidDays = 365;
constexpr qint64 RenewDays = 7;
constexpr qint64 ClockSkewSeconds = 3600;

struct Deleter
{
    void operator()(BIGNUM *number) const noexcept { BN_free(number); }
    void operator()(BIO *bio) const noexcept { BIO_free(bio); }
    void operator()(EVP_PKEY *key) const noexcept { EVP_PKEY_free(key); }
    void operator()(X509 *certificate) const noexcept { X509_free(certificate); }
    void operator()(X509_EXTENSION *extension) const noexcept { X509_EXTENSION_free(extension); }
};
template<typename T>
using Owned = std::unique_ptr<T, Deleter>;

Error failed(const QString &what)
{
    return Error(Error::Code::StoreFailed, what).withDetail(takeSslErrors());
}

Error fileFailed(const QFile &file, const QString &what)
{
    return Error(Error::Code::StoreUnavailable, u"%1 %2: %3"_s.arg(file.fileName(), what, file.errorString()));
}

Result<QByteArray> contentOf(const QString &name)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return fileFailed(file, u"cannot be read"_s);
    return file.readAll();
}

bool addExtension(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool setSerial(X509 *certificate)
{
    const Owned<BIGNUM> number(BN_new());
    return number && BN_rand(number.get(), SerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1
        && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate));
}

bool fill(X509 *certificate, EVP_PKEY *key, const QDateTime &now)
{
    const qint64 from = now.toSecsSinceEpoch() - ClockSkewSeconds;
    X509_NAME *name = X509_get_subject_name(certificate);
    const auto *common = reinterpret_cast<const unsigned char *>("localhost");
    const auto *organisation = reinterpret_cast<const unsigned char *>("Tideline development");
    return X509_set_version(certificate, X509_VERSION_3) == 1 && setSerial(certificate)
        && ASN1_TIME_set(X509_getm_notBefore(certificate), time_t(from))
        && ASN1_TIME_set(X509_getm_notAfter(certificate), time_t(now.addDays(ValidDays).toSecsSinceEpoch()))
        && X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC, organisation, -1, -1, 0) == 1
        && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0) == 1
        && X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1
        && addExtension(certificate, NID_basic_constraints, "critical,CA:FALSE")
        && addExtension(certificate, NID_key_usage, "critical,digitalSignature")
        && addExtension(certificate, NID_ext_key_usage, "serverAuth")
        && addExtension(certificate, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1")
        && addExtension(certificate, NID_subject_key_identifier, "hash");
}

QByteArray textOf(BIO *bio)
{
    char *data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return QByteArray(data, size);
}

Result<Certificate> generated(const QDateTime &now)
{
    ERR_clear_error();
    const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
    const Owned<X509> certificate(X509_new());
    const Owned<BIO> certificatePem(BIO_new(BIO_s_mem()));
    const Owned<BIO> keyPem(BIO_new(BIO_s_mem()));
    if (!key || !certificate || !certificatePem || !keyPem || !fill(certificate.get(), key.get(), now)
        || X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0
        || PEM_write_bio_X509(certificatePem.get(), certificate.get()) != 1
        || PEM_write_bio_PKCS8PrivateKey(keyPem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
        return failed(u"the development certificate could not be made"_s);
    }
    return Certificate{textOf(certificatePem.get()), textOf(keyPem.get())};
}

// Under another name first: a reader never sees half a file, and the key never another mode.
Result<void> store(const QString &name, const QByteArray &content, QFile::Permissions permissions)
{
    QFile file(name + ".new"_L1);
    file.remove();
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly, permissions) || file.write(content) != content.size()
        || !file.flush()) {
        return fileFailed(file, u"cannot be written"_s);
    }
    file.close();
    if (std::rename(QFile::encodeName(file.fileName()).constData(), QFile::encodeName(name).constData()) != 0)
        return Error(Error::Code::StoreUnavailable, u"%1 cannot be written: %2"_s.arg(name, qt_error_string(errno)));
    return {};
}

bool expiresSoon(const QByteArray &pem, const QDateTime &now)
{
    const Owned<BIO> bio(BIO_new_mem_buf(pem.constData(), int(pem.size())));
    const Owned<X509> certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    time_t limit = time_t(now.addDays(RenewDays).toSecsSinceEpoch());
    return !certificate || X509_cmp_time(X509_get0_notAfter(certificate.get()), &limit) < 0;
}

} // namespace

/*!
    Reads \a certificateFile (PEM, intermediates behind it) and \a keyFile and checks that they belong
    together. Fails with StoreUnavailable when a file cannot be read, with InvalidArgument when its
    content cannot be used. Any thread.
    \since 0.1
*/
Result<Certificate> readCertificate(const QString &certificateFile, const QString &keyFile)
{
    const Result<QByteArray> certificate = contentOf(certificateFile);
    if (!certificate)
        return certificate.error();
    const Result<QByteArray> key = contentOf(keyFile);
    if (!key)
        return key.error();
    if (const Result<TlsContext> usable = TlsContext::fromPem(*certificate, *key); !usable) {
        const Error error = usable.error();
        return Error(error.code(), u"%1, %2: %3"_s.arg(certificateFile, keyFile, error.message())).withDetail(error.detail());
    }
    return Certificate{*certificate, *key};
}

/*!
    Returns the self-signed certificate for localhost, 127.0.0.1 and ::1 kept in \a certificateFile
    and \a keyFile, so that it stays the same over restarts. Makes it when neither file is there, and
    anew when it has less than a week to live at \a now: EC P-256, valid for a year, the key readable by its owner only.

    Meant for development: nobody vouches for it. Fails like readCertificate(); a damaged or lonely
    file is reported, never replaced. Any thread.
    \since 0.1
*/
Result<Certificate> developmentCertificate(const QString &certificateFile, const QString &keyFile, const QDateTime &now)
{
    if (QFileInfo::exists(certificateFile) || QFileInfo::exists(keyFile)) {
        const Result<Certificate> kept = readCertificate(certificateFile, keyFile);
        if (!kept || !expiresSoon(kept->certificate, now))
            return kept;
    }
    const Result<Certificate> made = generated(now);
    if (!made)
        return made;
    constexpr auto secret = QFile::ReadOwner | QFile::WriteOwner;
    if (const Result<void> stored = store(keyFile, made->privateKey, secret); !stored)
        return stored.error();
    if (const Result<void> stored = store(certificateFile, made->certificate, secret | QFile::ReadGroup | QFile::ReadOther);
        !stored) {
        return stored.error();
    }
    return made;
}

} // namespace Tideline::Server
