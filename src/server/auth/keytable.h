// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/auth/apikeys.h"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <thread>

namespace Tideline::Server {

class Connection;

struct StoredKey
{
    ApiKey key = {};
    QString name = {};                  // what people call it
    qint64 createdAt = 0;               // ms since the epoch
};

/*!
    \class Tideline::Server::KeyTable
    \inmodule Tideline
    \since 0.1
    \brief The API keys in a server's database, table tl_api_key (id, name, digest, created_at, expires_at).

    It has a connection of its own and needs no lock: a server may have the database at the same time. Of one thread.
*/
class TIDELINE_SERVER_EXPORT KeyTable
{
public:
    enum class Missing { IsEmpty, IsError };            // what it is when there is no such table

    [[nodiscard]] static Result<std::unique_ptr<KeyTable>> open(const QString &database);       // makes what is missing
    // These make nothing.
    [[nodiscard]] static Result<std::unique_ptr<KeyTable>> openToRead(const QString &database, Missing missing = Missing::IsEmpty);
    [[nodiscard]] static Result<std::unique_ptr<KeyTable>> openToRemove(const QString &database);
    [[nodiscard]] static bool mayExist(const QString &database);                                // false: opening would make the database
    ~KeyTable();

    [[nodiscard]] Result<void> insert(const StoredKey &key);
    [[nodiscard]] Result<bool> remove(const QString &id);
    [[nodiscard]] Result<QList<StoredKey>> list();                                              // the oldest first

private:
    KeyTable(std::unique_ptr<Connection> connection, Missing missing);
    [[nodiscard]] Result<bool> exists();

    std::unique_ptr<Connection> m_connection;
    Missing m_missing;
};

struct DatabaseKeyOptions
{
    QString database = {};
    QList<QByteArray> fixed = {};                               // good whatever the database says
    std::chrono::milliseconds interval = std::chrono::seconds(2);
    std::function<void()> onRevoked = {};                       // a key is good no more; on a thread of its own, as the next
    std::function<void(const Error &)> onError = {};            // the database could not be asked; on a thread of its own
};

/*!
    \class Tideline::Server::DatabaseKeys
    \inmodule Tideline
    \since 0.1
    \brief The keys of a KeyTable as they are now, give or take the interval, beside some that never change.

    While the database does not answer the keys known last are good. Thread-safe.
*/
class TIDELINE_SERVER_EXPORT DatabaseKeys final : public ApiKeyStore
{
public:
    [[nodiscard]] static Result<std::shared_ptr<DatabaseKeys>> open(const DatabaseKeyOptions &options);
    ~DatabaseKeys() override;

    [[nodiscard]] std::shared_ptr<const QList<ApiKey>> keys() const override;

private:
    explicit DatabaseKeys(const DatabaseKeyOptions &options);
    [[nodiscard]] Result<void> read(KeyTable &table);
    void follow();

    const DatabaseKeyOptions m_options;
    const std::shared_ptr<const QList<ApiKey>> m_fixed;
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::shared_ptr<const QList<ApiKey>> m_keys;
    bool m_stopping = false;
    std::thread m_thread;
};

} // namespace Tideline::Server
