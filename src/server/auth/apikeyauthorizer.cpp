// SPDX-License-Identifier: MIT
#include "server/auth/apikeyauthorizer.h"

#include <QtCore/QCryptographicHash>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static QByteArray digestOf(const QByteArray &key)
{
    return QCryptographicHash::hash(key, QCryptographicHash::Sha256);
}

static bool equalInConstantTime(const QByteArray &a, const QByteArray &b) noexcept
{
    quint8 difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= quint8(a[i]) ^ quint8(b[i]);
    return difference == 0;
}

/*! Lets in callers with one of \a keys. Empty keys are ignored: no key never fits. */
ApiKeyAuthorizer::ApiKeyAuthorizer(const QList<QByteArray> &keys)
{
    for (const QByteArray &key : keys) {
        if (!key.isEmpty())
            m_digests.append(digestOf(key));
    }
}

/*!
    Returns the identity of a caller with a known key, or an Error of code Unauthorized whose detail is
    AppSync's error type, \c UnauthorizedException.
*/
Result<Identity> ApiKeyAuthorizer::authorize(const QHash<QByteArray, QByteArray> &headers) const
{
    const QByteArray key = headers.value("x-api-key");
    const QByteArray digest = digestOf(key);
    bool known = false;
    for (const QByteArray &own : m_digests)
        known = equalInConstantTime(own, digest) || known;
    if (known)
        return Identity{};
    return Error(Error::Code::Unauthorized, key.isEmpty() ? u"Valid authorization header not provided."_s
                                                          : u"You are not authorized to make this call."_s)
        .withDetail(u"UnauthorizedException"_s);
}

} // namespace Tideline::Server
