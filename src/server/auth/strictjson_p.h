// SPDX-License-Identifier: MIT
#pragma once

#include "server/global.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayView>
#include <QtCore/QJsonObject>

#include <optional>

namespace Tideline::Server {

// The JSON object of `text`; nothing when it is none, or names a member twice: readers differ in which one counts.
[[nodiscard]] TIDELINE_SERVER_EXPORT std::optional<QJsonObject> strictObject(const QByteArray &text);

// base64url without padding, in its one canonical spelling.
[[nodiscard]] TIDELINE_SERVER_EXPORT std::optional<QByteArray> fromBase64Url(QByteArrayView text);

} // namespace Tideline::Server
