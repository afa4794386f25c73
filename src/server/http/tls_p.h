// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QtCore/QByteArray>

#include <memory>

struct ssl_ctx_st;
struct ssl_st;

namespace Tideline::Server {

struct SslDeleter
{
    void operator()(ssl_ctx_st *context) const noexcept;
    void operator()(ssl_st *ssl) const noexcept;
};
using SslPointer = std::unique_ptr<ssl_st, SslDeleter>;

// A certificate with its key, ready to accept connections; empty when TLS is off.
class TlsContext
{
public:
    [[nodiscard]] static Result<TlsContext> fromPem(const QByteArray &certificate, const QByteArray &privateKey);

    explicit operator bool() const noexcept { return m_context != nullptr; }
    // A server-side session on the non-blocking socket `descriptor`, which stays the caller's.
    [[nodiscard]] SslPointer session(int descriptor) const;
    // Of the next writes of `session`: others come at once, with which the kernel may send them.
    static void setMoreFollows(ssl_st *session, bool more) noexcept;

private:
    std::unique_ptr<ssl_ctx_st, SslDeleter> m_context;
};

// The oldest reasons first, as OpenSSL words them; empties the queue of this thread.
[[nodiscard]] QString takeSslErrors();

} // namespace Tideline::Server
