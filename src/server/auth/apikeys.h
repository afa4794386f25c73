// SPDX-License-Identifier: MIT
#pragma once

#include "server/global.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QString>

#include <memory>
#include <mutex>

namespace Tideline::Server {

// A key is known by its digest only; `id` is what people call it by.
struct ApiKey
{
    QString id = {};
    QByteArray digest = {};             // SHA-256 of the key
    qint64 expiresAt = 0;               // ms since the epoch; 0: never

    [[nodiscard]] TIDELINE_SERVER_EXPORT static QByteArray digestOf(const QByteArray &key);
};

/*! The keys that are good now. Thread-safe; asked for each request, so what keys() returns is kept ready. */
class ApiKeyStore
{
public:
    virtual ~ApiKeyStore() = default;
    [[nodiscard]] virtual std::shared_ptr<const QList<ApiKey>> keys() const = 0;
};

/*!
    \class Tideline::Server::ApiKeyList
    \inmodule Tideline
    \since 0.1
    \brief API keys in memory that can be changed while the server runs.
*/
class TIDELINE_SERVER_EXPORT ApiKeyList final : public ApiKeyStore
{
public:
    explicit ApiKeyList(const QList<QByteArray> &keys = {});

    void insert(const ApiKey &key);
    bool revoke(const QString &id);
    [[nodiscard]] std::shared_ptr<const QList<ApiKey>> keys() const override;

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const QList<ApiKey>> m_keys;
};

} // namespace Tideline::Server
