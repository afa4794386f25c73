// SPDX-License-Identifier: MIT
#include "client/live/recordcache_p.h"

namespace Tideline {

// A change set that large is a sync: what was met before it is not what is asked for next.
static constexpr qsizetype LargeSet = 4096;

Record RecordCache::find(const std::shared_ptr<const ModelType> &model, const QString &key) const
{
    if (!model)
        return {};
    const Entry *entry = m_records.object(Key(model->number, key));
    return entry && entry->record.model() == model ? entry->record : Record();
}

void RecordCache::insert(const Record &record, quint64 commit)
{
    if (!record || commit < m_lastCommit)
        return;
    const Key key(record.model()->number, record.key());
    if (const Entry *known = m_records.object(key); !known || known->commit < commit)
        m_records.insert(key, new Entry{record, commit});
}

void RecordCache::update(const ChangeSet &set)
{
    m_lastCommit = set.commit;
    if (m_records.isEmpty())
        return;
    if (set.changes.size() > LargeSet) {
        m_records.clear();
        return;
    }
    for (const Change &change : set.changes) {
        const Record &record = change.after ? change.after : change.before;
        const Key key(record.model()->number, record.key());
        Entry *known = m_records.contains(key) ? m_records.object(key) : nullptr;
        if (!known || known->commit >= set.commit)
            continue;
        if (change.after)
            *known = {change.after, set.commit};
        else
            m_records.remove(key);
    }
}

} // namespace Tideline
