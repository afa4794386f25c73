// SPDX-License-Identifier: MIT
#include "server/auth/keytable.h"

#include "server/storage/connection.h"

#include <QtCore/QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline::Server {

KeyTable::KeyTable(std::unique_ptr<Connection> connection, Missing missing) : m_connection(std::move(connection)), m_missing(missing)
{
}

KeyTable::~KeyTable() = default;

bool KeyTable::mayExist(const QString &database)
{
    return Location::isUrl(database) || QFile::exists(database);
}

static Result<std::unique_ptr<Connection>> connectTo(const QString &database, Connection::Mode mode)
{
    const Result<Location> location = Location::parse(database);
    if (!location)
        return location.error();
    return Connection::open(*location, mode);
}

Result<std::unique_ptr<KeyTable>> KeyTable::open(const QString &database)
{
    Result<std::unique_ptr<Connection>> connection = connectTo(database, Connection::Mode::Write);
    if (!connection)
        return connection.error();
    const Result<void> made = (*connection)->run(u"CREATE TABLE IF NOT EXISTS tl_api_key (id TEXT PRIMARY KEY, name TEXT NOT NULL, "
                                                 "digest TEXT NOT NULL, created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL)"_s);
    if (!made && !(*connection)->number(u"SELECT COUNT(*) FROM tl_api_key"_s))     // else another node was faster
        return made.error();
    return std::unique_ptr<KeyTable>(new KeyTable(std::move(connection).value(), Missing::IsError));
}

Result<std::unique_ptr<KeyTable>> KeyTable::openToRead(const QString &database, Missing missing)
{
    Result<std::unique_ptr<Connection>> connection = connectTo(database, Connection::Mode::Read);
    if (!connection)
        return connection.error();
    return std::unique_ptr<KeyTable>(new KeyTable(std::move(connection).value(), missing));
}

Result<std::unique_ptr<KeyTable>> KeyTable::openToRemove(const QString &database)
{
    Result<std::unique_ptr<Connection>> connection = connectTo(database, Connection::Mode::Write);
    if (!connection)
        return connection.error();
    return std::unique_ptr<KeyTable>(new KeyTable(std::move(connection).value(), Missing::IsEmpty));
}

Result<bool> KeyTable::exists()
{
    if (m_missing == Missing::IsError)  // as the statements say themselves
        return true;
    return m_connection->hasTable(u"tl_api_key"_s);
}

Result<void> KeyTable::insert(const StoredKey &key)
{
    QSqlQuery insert = m_connection->query();
    insert.prepare(u"INSERT INTO tl_api_key (id, name, digest, created_at, expires_at) VALUES (?, ?, ?, ?, ?)"_s);
    insert.addBindValue(key.key.id);
    insert.addBindValue(key.name.isNull() ? u""_s : key.name);
    insert.addBindValue(QString::fromLatin1(key.key.digest.toHex()));
    insert.addBindValue(key.createdAt);
    insert.addBindValue(key.key.expiresAt);
    return m_connection->exec(insert);
}

/*! Returns whether there was a key \a id. */
Result<bool> KeyTable::remove(const QString &id)
{
    if (const Result<bool> present = exists(); !present || !*present)
        return present;
    QSqlQuery remove = m_connection->query();
    remove.prepare(u"DELETE FROM tl_api_key WHERE id = ?"_s);
    remove.addBindValue(id);
    if (const Result<void> done = m_connection->exec(remove); !done)
        return done.error();
    return remove.numRowsAffected() > 0;
}

Result<QList<StoredKey>> KeyTable::list()
{
    const Result<bool> present = exists();
    if (!present)
        return present.error();
    if (!*present)
        return QList<StoredKey>();
    QSqlQuery select = m_connection->query();
    select.prepare(u"SELECT id, name, digest, created_at, expires_at FROM tl_api_key ORDER BY created_at, id"_s);
    if (const Result<void> done = m_connection->exec(select); !done)
        return done.error();
    QList<StoredKey> keys;
    while (select.next()) {
        const ApiKey key{select.value(0).toString(), QByteArray::fromHex(select.value(2).toByteArray()), select.value(4).toLongLong()};
        keys.append({key, select.value(1).toString(), select.value(3).toLongLong()});
    }
    return keys;
}

DatabaseKeys::DatabaseKeys(const DatabaseKeyOptions &options) : m_options(options), m_fixed(ApiKeyList(options.fixed).keys()), m_keys(m_fixed)
{
}

Result<std::shared_ptr<DatabaseKeys>> DatabaseKeys::open(const DatabaseKeyOptions &options)
{
    std::shared_ptr<DatabaseKeys> keys(new DatabaseKeys(options));
    {
        const Result<std::unique_ptr<KeyTable>> table = KeyTable::open(options.database);
        if (!table)
            return table.error();
        if (const Result<void> read = keys->read(**table); !read)
            return read.error();
    }
    keys->m_thread = std::thread([own = keys.get()] { own->follow(); });
    return keys;
}

DatabaseKeys::~DatabaseKeys()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

std::shared_ptr<const QList<ApiKey>> DatabaseKeys::keys() const
{
    const std::lock_guard lock(m_mutex);
    return m_keys;
}

Result<void> DatabaseKeys::read(KeyTable &table)
{
    const Result<QList<StoredKey>> stored = table.list();
    if (!stored)
        return stored.error();
    QList<ApiKey> keys = *m_fixed;
    for (const StoredKey &key : *stored)
        keys.append(key.key);
    const bool revoked = std::ranges::any_of(*m_keys, [&keys](const ApiKey &known) {       // which nobody else writes
        return std::ranges::find(keys, known.digest, &ApiKey::digest) == keys.end();
    });
    {
        const std::lock_guard lock(m_mutex);
        m_keys = std::make_shared<const QList<ApiKey>>(std::move(keys));
    }
    if (revoked && m_options.onRevoked)
        m_options.onRevoked();
    return {};
}

void DatabaseKeys::follow()
{
    std::unique_ptr<KeyTable> table;
    bool failing = false;
    for (std::unique_lock lock(m_mutex); !m_wake.wait_for(lock, m_options.interval, [this] { return m_stopping; });) {
        lock.unlock();
        Result<void> done;
        if (!table) {
            Result<std::unique_ptr<KeyTable>> opened = KeyTable::openToRead(m_options.database, KeyTable::Missing::IsError);
            done = opened ? Result<void>() : opened.error();
            table = opened ? std::move(opened).value() : nullptr;
        }
        if (table)
            done = read(*table);
        if (!done)
            table.reset();
        if (!done && !std::exchange(failing, true) && m_options.onError)
            m_options.onError(done.error());
        failing = failing && !done;
        lock.lock();
    }
}

} // namespace Tideline::Server
