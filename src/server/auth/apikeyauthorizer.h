// SPDX-License-Identifier: MIT
#pragma once

#include "server/service.h"

#include <QtCore/QList>

namespace Tideline::Server {

/*!
    \class Tideline::Server::ApiKeyAuthorizer
    \inmodule Tideline
    \since 0.1
    \brief Lets in who knows one of a list of API keys, sent as \c x-api-key.

    Immutable, so it may be used from any thread. How long an answer takes does not tell how much of a
    key was right.
*/
class TIDELINE_SERVER_EXPORT ApiKeyAuthorizer final : public Authorizer
{
public:
    explicit ApiKeyAuthorizer(const QList<QByteArray> &keys);
    [[nodiscard]] Result<Identity> authorize(const QHash<QByteArray, QByteArray> &headers) const override;

private:
    QList<QByteArray> m_digests;
};

} // namespace Tideline::Server
