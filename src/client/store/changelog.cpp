// SPDX-License-Identifier: MIT
#include "client/store/changelog_p.h"

namespace Tideline {

using Kind = Change::Kind;

static const Record &recordOf(const Change &change)
{
    return change.after ? change.after : change.before;
}

static bool sameStored(const Record &a, const Record &b)
{
    return a == b && a.metadata() == b.metadata() && a.state() == b.state();
}

void ChangeLog::add(Kind kind, Origin origin, const Record &before, const Record &after, qint64 mutation)
{
    if (kind == Kind::Delete)
        m_freedRows.insert(Key(before.model()->number, before.key()), before.rowId());
    m_steps.push_back({kind, origin, before, after, mutation});
}

qint64 ChangeLog::freedRow(const ModelType &model, const QString &key) const
{
    return m_freedRows.isEmpty() ? 0 : m_freedRows.value(Key(model.number, key));
}

// What happened to a record when next comes after first.
static void fold(Change &first, const Change &next)
{
    first.after = next.after;
    if (next.origin == Origin::Local)
        first.origin = Origin::Local;
    if (next.mutation != 0)
        first.mutation = next.mutation;
    if (!first.before)
        first.kind = Kind::Insert;
    else if (!first.after)
        first.kind = Kind::Delete;
    else
        first.kind = first.before == first.after ? Kind::State : Kind::Update;
}

static bool isNothing(const Change &change)
{
    if (!change.before && !change.after)
        return true;
    return change.kind == Kind::State && sameStored(change.before, change.after);
}

QList<Change> ChangeLog::take()
{
    QList<Change> net;
    net.reserve(qsizetype(m_steps.size()));
    QHash<Key, qsizetype> places;
    if (m_steps.size() > 1)
        places.reserve(qsizetype(m_steps.size()));
    bool folded = false;
    for (Change &step : m_steps) {
        if (m_steps.size() > 1) {
            const Record &record = recordOf(step);
            const Key key(record.model()->number, record.key());
            if (const auto place = places.constFind(key); place != places.cend()) {
                fold(net[*place], step);
                folded = true;
                continue;
            }
            places.insert(key, net.size());
        }
        net.append(std::move(step));
    }
    if (folded)
        net.removeIf(isNothing);
    m_steps.clear();
    m_freedRows.clear();
    return net;
}

} // namespace Tideline
