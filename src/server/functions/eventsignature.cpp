// SPDX-License-Identifier: MIT
#include "server/functions/eventsignature.h"

#include "server/auth/secrets_p.h"

#include <QtCore/QByteArrayList>
#include <QtCore/QCryptographicHash>
#include <QtCore/QMessageAuthenticationCode>

namespace Tideline::Server {

QByteArray signatureOf(const QByteArray &body, const QByteArray &secret, qint64 seconds)
{
    const QByteArray time = QByteArray::number(seconds);
    return "t=" + time + ",v1=" + QMessageAuthenticationCode::hash(time + '.' + body, secret, QCryptographicHash::Sha256).toHex();
}

bool verifySignature(const QByteArray &header, const QByteArray &body, const QByteArray &secret, qint64 now, qint64 tolerance)
{
    const qint64 seconds = header.startsWith("t=") ? header.sliced(2).split(',').constFirst().toLongLong() : 0;
    return qAbs(now - seconds) <= tolerance && equalInConstantTime(header, signatureOf(body, secret, seconds));
}

} // namespace Tideline::Server
