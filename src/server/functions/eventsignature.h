// SPDX-License-Identifier: MIT
#pragma once

#include "server/global.h"

#include <QtCore/QByteArray>

namespace Tideline::Server {

inline constexpr char signatureHeader[] = "x-tideline-signature";

// What stands in the header of a body sent at \a seconds since the epoch.
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray signatureOf(const QByteArray &body, const QByteArray &secret, qint64 seconds);

// Whether \a header is the signature of \a body by \a secret, made no more than \a tolerance seconds from \a now.
[[nodiscard]] TIDELINE_SERVER_EXPORT bool verifySignature(const QByteArray &header, const QByteArray &body, const QByteArray &secret,
                                                          qint64 now, qint64 tolerance = 300);

} // namespace Tideline::Server
