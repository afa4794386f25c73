// SPDX-License-Identifier: MIT
#pragma once

#include <openssl/crypto.h>

#include <QtCore/QByteArray>

namespace Tideline::Server {

// Takes as long whatever the difference is.
[[nodiscard]] inline bool equalInConstantTime(const QByteArray &a, const QByteArray &b) noexcept
{
    return a.size() == b.size() && CRYPTO_memcmp(a.constData(), b.constData(), size_t(a.size())) == 0;
}

} // namespace Tideline::Server
