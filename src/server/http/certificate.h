// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/global.h"

#include <QtCore/QByteArray>
#include <QtCore/QDateTime>
#include <QtCore/QString>

namespace Tideline::Server {

/*!
    \class Tideline::Server::Certificate
    \inmodule Tideline
    \since 0.1
    \brief A certificate and its private key in PEM form, as HttpOptions takes them.
*/
struct Certificate
{
    QByteArray certificate;
    QByteArray privateKey;
};

[[nodiscard]] TIDELINE_SERVER_EXPORT Result<Certificate> readCertificate(const QString &certificateFile,
                                                                         const QString &keyFile);
[[nodiscard]] TIDELINE_SERVER_EXPORT Result<Certificate> developmentCertificate(const QString &certificateFile,
                                                                                const QString &keyFile,
                                                                                const QDateTime &now);

} // namespace Tideline::Server
