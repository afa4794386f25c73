// SPDX-License-Identifier: MIT
#include "server/auth/apikeys.h"

#include <QtCore/QCryptographicHash>

namespace Tideline::Server {

QByteArray ApiKey::digestOf(const QByteArray &key)
{
    return QCryptographicHash::hash(key, QCryptographicHash::Sha256);
}

/*! Makes a list of \a keys that never expire, with the ids "1", "2" and so on. Empty keys are ignored: no key never fits. */
ApiKeyList::ApiKeyList(const QList<QByteArray> &keys)
{
    QList<ApiKey> list;
    for (const QByteArray &key : keys) {
        if (!key.isEmpty())
            list.append({QString::number(list.size() + 1), ApiKey::digestOf(key), 0});
    }
    m_keys = std::make_shared<const QList<ApiKey>>(std::move(list));
}

/*! Adds \a key, in place of one with its id. */
void ApiKeyList::insert(const ApiKey &key)
{
    const std::lock_guard lock(m_mutex);
    QList<ApiKey> list = *m_keys;
    list.removeIf([&key](const ApiKey &other) { return other.id == key.id; });
    list.append(key);
    m_keys = std::make_shared<const QList<ApiKey>>(std::move(list));
}

/*! Takes away the key with \a id; requests that come later are refused. Returns whether there was one. */
bool ApiKeyList::revoke(const QString &id)
{
    const std::lock_guard lock(m_mutex);
    QList<ApiKey> list = *m_keys;
    const bool found = list.removeIf([&id](const ApiKey &key) { return key.id == id; }) > 0;
    m_keys = std::make_shared<const QList<ApiKey>>(std::move(list));
    return found;
}

std::shared_ptr<const QList<ApiKey>> ApiKeyList::keys() const
{
    const std::lock_guard lock(m_mutex);
    return m_keys;
}

} // namespace Tideline::Server
