// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

namespace Tideline::Server {

// AppSync's answers to who cannot be let in; what exactly was wrong with the credentials is not for strangers.

[[nodiscard]] inline Error unauthorizedCaller(const QString &message = QStringLiteral("You are not authorized to make this call."))
{
    return Error(Error::Code::Unauthorized, message).withDetail(QStringLiteral("UnauthorizedException"));
}

[[nodiscard]] inline Error missingCredentials()
{
    return unauthorizedCaller(QStringLiteral("Valid authorization header not provided."));
}

[[nodiscard]] inline Error expiredToken()
{
    return unauthorizedCaller(QStringLiteral("Token has expired."));
}

} // namespace Tideline::Server
