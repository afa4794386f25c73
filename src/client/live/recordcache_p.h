// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/changeset.h"

#include <QtCore/QCache>

namespace Tideline {

/*!
    Records met lately, by model type and key, the least lately used goes first. Belongs to one thread;
    told of every change set it never holds a record older than the last of them.
*/
class RecordCache
{
public:
    explicit RecordCache(int capacity = 1024) : m_records(capacity) { }

    [[nodiscard]] Record find(const std::shared_ptr<const ModelType> &model, const QString &key) const;
    void insert(const Record &record, quint64 commit);      // as it was at that commit; ignored when change sets came since
    void update(const ChangeSet &set);
    void clear() { m_records.clear(); }
    [[nodiscard]] int size() const { return int(m_records.size()); }

private:
    using Key = std::pair<int, QString>;                    // the model type's number, the key

    struct Entry
    {
        Record record;
        quint64 commit = 0;
    };

    QCache<Key, Entry> m_records;
    quint64 m_lastCommit = 0;
};

} // namespace Tideline
