// SPDX-License-Identifier: MIT
#include "client/store/removeoperation_p.h"

#include "client/store/lanewriter_p.h"
#include "client/store/outboxtable_p.h"

#include <algorithm>

namespace Tideline {

using Seen = QSet<std::pair<int, QString>>;

RemoveOperation::RemoveOperation(WriterState &state, qint64 now) : m_state(state), m_now(now) { }

static std::pair<int, QString> identity(const Record &record)
{
    return {record.model()->number, record.key()};
}

static Result<QList<Record>> children(Connection &connection, const Record &record)
{
    QList<Record> all;
    for (const Relation &relation : record.model()->relations) {
        if (relation.kind == Relation::Kind::BelongsTo)
            continue;
        const Result<QList<Record>> related = Rows::related(connection, record, relation);
        if (!related)
            return related;
        all.append(*related);
    }
    return all;
}

// Depth first with an own stack: chains of records may be longer than the thread's stack is deep.
Result<QList<Record>> RemoveOperation::withDescendants(Connection &connection, const Record &root, Seen &seen)
{
    struct Level
    {
        Record record;
        QList<Record> children;
        qsizetype next = 0;
    };
    QList<Record> result;
    std::vector<Level> stack;
    const auto enter = [&](const Record &record) -> Result<void> {
        if (seen.contains(identity(record)))
            return {};
        seen.insert(identity(record));
        const Result<QList<Record>> below = children(connection, record);
        if (!below)
            return below.error();
        stack.push_back({record, *below});
        return {};
    };
    Result<void> entered = enter(root);
    while (entered && !stack.empty()) {
        Level &top = stack.back();
        if (top.next < top.children.size()) {
            const Record child = top.children[top.next++];
            entered = enter(child);
        } else {
            result.append(top.record);
            stack.pop_back();
        }
    }
    if (!entered)
        return entered.error();
    return result;
}

Result<void> RemoveOperation::collect(const Record &root)
{
    const Result<QList<Record>> found = withDescendants(m_state.connection, root, m_seen);
    if (!found)
        return found.error();
    m_records.append(*found);
    return {};
}

Result<QList<Record>> RemoveOperation::run(const Record &conditioned, const Predicate &condition)
{
    m_state.knownRows.clear();
    for (const Record &record : std::as_const(m_records)) {
        const bool isConditioned = conditioned && identity(record) == identity(conditioned);
        if (const Result<void> removed = remove(record, isConditioned ? condition : Predicate()); !removed)
            return removed.error();
    }
    return m_records;
}

Result<void> RemoveOperation::remove(const Record &record, const Predicate &condition)
{
    if (const Result<void> removed = Rows::remove(m_state, m_state.connection.layout().table(*record.model()), record); !removed)
        return removed;
    if (record.metadata().version > 0) {
        const Result<void> kept = Rows::setTombstone(m_state, *record.model(), record.key(), record.metadata());
        if (!kept)
            return kept;
    }
    const Result<void> queued = m_state.outbox ? enqueue(record, condition) : Result<void>();
    m_state.changes.add(Change::Kind::Delete, Origin::Local, record, {}, m_sequence);
    return queued;
}

Result<void> RemoveOperation::enqueue(const Record &record, const Predicate &condition)
{
    OutboxEntry entry;
    entry.model = record.model();
    entry.key = record.key();
    entry.operation = OutboxEntry::Operation::Delete;
    entry.baseVersion = record.metadata().version;
    entry.condition = condition;
    entry.createdAt = m_now;
    for (int i = 0; i < int(record.values().size()); ++i) {
        if (!record.value(i).isNull())
            entry.base.emplaceBack(i, record.value(i));
    }
    const Result<QList<OutboxEntry>> lane = LaneWriter::lane(m_state, *entry.model, entry.key);
    if (!lane)
        return lane.error();
    const std::vector<Relation> &relations = record.model()->relations;
    const bool hasChildren = std::any_of(relations.begin(), relations.end(),
                                         [](const Relation &relation) { return relation.kind != Relation::Kind::BelongsTo; });
    Result<bool> mentioned = false;
    if (hasChildren && !lane->isEmpty() && m_state.lanes.total() > lane->size())
        mentioned = OutboxTable::isMentionedLater(m_state.connection, lane->first());
    if (!mentioned)
        return mentioned.error();
    const Result<qint64> sequence = LaneWriter::write(m_state, *record.model(), entry.key, coalesce(*lane, entry, !*mentioned), m_now);
    if (!sequence)
        return sequence.error();
    m_sequence = *sequence;
    return {};
}

} // namespace Tideline
