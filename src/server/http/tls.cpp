// SPDX-License-Identifier: MIT
#include "server/http/tls_p.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

namespace {

struct Deleter
{
    void operator()(BIO *bio) const noexcept { BIO_free(bio); }
    void operator()(X509 *certificate) const noexcept { X509_free(certificate); }
    void operator()(EVP_PKEY *key) const noexcept { EVP_PKEY_free(key); }
    void operator()(BIO_METHOD *method) const noexcept { BIO_meth_free(method); }
};
template<typename T>
using Owned = std::unique_ptr<T, Deleter>;

// The data of a session's socket: its descriptor and, in the lowest bit, whether more follows.
std::intptr_t stateOf(BIO *bio)
{
    return reinterpret_cast<std::intptr_t>(BIO_get_data(bio));
}

void setState(BIO *bio, int descriptor, bool moreFollows)
{
    BIO_set_data(bio, reinterpret_cast<void *>(std::intptr_t(descriptor) * 2 + moreFollows));
}

int descriptorOf(BIO *bio)
{
    return int(stateOf(bio) / 2);
}

int finished(BIO *bio, ssize_t count, int retry)
{
    BIO_clear_retry_flags(bio);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        BIO_set_flags(bio, retry | BIO_FLAGS_SHOULD_RETRY);
    return int(count);
}

int socketRead(BIO *bio, char *data, int size)
{
    return finished(bio, ::recv(descriptorOf(bio), data, size_t(size), 0), BIO_FLAGS_READ);
}

// OpenSSL's own socket BIO raises SIGPIPE, which a library may not leave to its program.
int socketWrite(BIO *bio, const char *data, int size)
{
    const int more = stateOf(bio) % 2 ? MSG_MORE : 0;
    return finished(bio, ::send(descriptorOf(bio), data, size_t(size), MSG_NOSIGNAL | more), BIO_FLAGS_WRITE);
}

long socketControl(BIO *, int command, long, void *)
{
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

const BIO_METHOD *socketMethod()
{
    static const Owned<BIO_METHOD> method = [] {
        Owned<BIO_METHOD> made(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "tideline socket"));
        BIO_meth_set_read(made.get(), socketRead);
        BIO_meth_set_write(made.get(), socketWrite);
        BIO_meth_set_ctrl(made.get(), socketControl);
        return made;
    }();
    return method.get();
}

// Never asks a terminal for the pass phrase of a protected key.
int noPassPhrase(char *, int, int, void *)
{
    return 0;
}

Owned<BIO> memory(const QByteArray &pem)
{
    return Owned<BIO>(BIO_new_mem_buf(pem.constData(), int(pem.size())));
}

Error refused(const QString &what)
{
    return Error(Error::Code::InvalidArgument, what).withDetail(takeSslErrors());
}

bool addChain(SSL_CTX *context, BIO *pem)
{
    while (X509 *intermediate = PEM_read_bio_X509(pem, nullptr, noPassPhrase, nullptr)) {
        if (!SSL_CTX_add0_chain_cert(context, intermediate)) {
            X509_free(intermediate);
            return false;
        }
    }
    ERR_clear_error();                  // "no start line" is how the end of the file shows
    return true;
}

void configure(SSL_CTX *context)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    // Buffers are given back while a connection is idle: most real-time connections are.
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                                  | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF
                                     | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

} // namespace

void SslDeleter::operator()(ssl_ctx_st *context) const noexcept
{
    SSL_CTX_free(context);
}

void SslDeleter::operator()(ssl_st *ssl) const noexcept
{
    SSL_free(ssl);
}

QString takeSslErrors()
{
    QStringList reasons;
    while (const unsigned long code = ERR_get_error()) {
        const char *reason = ERR_reason_error_string(code);
        reasons.append(reason ? QString::fromLatin1(reason) : u"error %1"_s.arg(code));
    }
    return reasons.join(u"; "_s);
}

Result<TlsContext> TlsContext::fromPem(const QByteArray &certificate, const QByteArray &privateKey)
{
    ERR_clear_error();
    TlsContext made;
    made.m_context.reset(SSL_CTX_new(TLS_server_method()));
    if (!made.m_context)
        return refused(u"TLS could not be set up"_s);
    SSL_CTX *context = made.m_context.get();
    configure(context);

    const Owned<BIO> certificates = memory(certificate);
    const Owned<X509> own(PEM_read_bio_X509(certificates.get(), nullptr, noPassPhrase, nullptr));
    if (!own)
        return refused(u"the certificate is not in PEM form"_s);
    const Owned<BIO> keys = memory(privateKey);
    const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(keys.get(), nullptr, noPassPhrase, nullptr));
    if (!key)
        return refused(u"the private key is not in PEM form, or protected by a pass phrase"_s);
    if (SSL_CTX_use_certificate(context, own.get()) != 1 || !addChain(context, certificates.get()))
        return refused(u"the certificate cannot be used"_s);
    if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
        return refused(u"the private key does not belong to the certificate"_s);
    return made;
}

SslPointer TlsContext::session(int descriptor) const
{
    SslPointer ssl(SSL_new(m_context.get()));
    BIO *bio = ssl ? BIO_new(socketMethod()) : nullptr;
    if (!bio)
        return {};
    setState(bio, descriptor, false);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl.get(), bio, bio);
    SSL_set_accept_state(ssl.get());
    return ssl;
}

void TlsContext::setMoreFollows(ssl_st *session, bool more) noexcept
{
    BIO *bio = SSL_get_wbio(session);
    setState(bio, descriptorOf(bio), more);
}

} // namespace Tideline::Server
