// SPDX-License-Identifier: MIT
#include "client/live/livereads_p.h"

#include <algorithm>

namespace Tideline {

namespace {

// Follows relation paths; rows often share their parents, so each is read once.
class Follower
{
public:
    explicit Follower(ReadTransaction &transaction) : m_transaction(transaction) { }

    Result<QVariant> value(const Record &root, const LiveInclude &include)
    {
        QList<Record> ends{root};
        for (const Relation *relation : include.steps) {
            QList<Record> next;
            for (const Record &record : std::as_const(ends)) {
                const Result<QList<Record>> found = related(record, *relation);
                if (!found)
                    return found.error();
                next += *found;
            }
            ends = std::move(next);
        }
        if (!include.many)
            return ends.isEmpty() ? QVariant::fromValue(nullptr) : valueOf(ends.first(), include);
        QVariantList list;
        list.reserve(ends.size());
        for (const Record &record : std::as_const(ends))
            list.append(valueOf(record, include));
        return QVariant(list);
    }

private:
    static QVariant valueOf(const Record &record, const LiveInclude &include)
    {
        if (include.field >= 0)
            return record.value(include.field).toVariant();
        QVariantMap map;
        const auto &fields = record.model()->fields;
        for (size_t i = 0; i < fields.size(); ++i)
            map.insert(fields[i].name, record.value(int(i)).toVariant());
        return map;
    }

    Result<QList<Record>> related(const Record &record, const Relation &relation)
    {
        std::vector<Value> parts;
        for (const int field : relation.localFields)
            parts.push_back(record.value(field));
        if (std::any_of(parts.begin(), parts.end(), [](const Value &part) { return part.isNull(); }))
            return QList<Record>();
        const std::pair key(&relation, keyFromParts(parts));
        if (const auto known = m_known.constFind(key); known != m_known.constEnd())
            return *known;
        Result<QList<Record>> found = m_transaction.related(record, relation);
        if (found)
            m_known.insert(key, *found);
        return found;
    }

    ReadTransaction &m_transaction;
    QHash<std::pair<const Relation *, QString>, QList<Record>> m_known;
};

OrderedRows ordered(const LivePlan &plan, const std::vector<ReadTransaction::Position> &positions)
{
    OrderedRows rows(LiveReads::lookupFor(plan));
    for (const ReadTransaction::Position &position : positions)
        rows.append(position.rowId, position.key);
    return rows;
}

QList<qint64> rowIdsOf(const OrderedRows &rows, int from, int end)
{
    QList<qint64> ids;
    ids.reserve(std::max(0, end - from));
    for (int i = from; i < end; ++i)
        ids.append(rows.at(i).rowId);
    return ids;
}

int shown(const LivePlan &plan, int rows)
{
    return plan.limit < 0 ? rows : std::min(plan.limit, rows);
}

} // namespace

OrderedRows::Lookup LiveReads::lookupFor(const LivePlan &plan)
{
    return plan.isRelational() ? OrderedRows::Lookup::ByRowId : OrderedRows::Lookup::ByKey;
}

Result<FirstRows> LiveReads::first(const LivePlan &plan, ReadTransaction &transaction)
{
    Query query = plan.query;
    query.limit = PageSize;
    const Result<std::vector<ReadTransaction::Position>> positions = transaction.positions(query);
    if (!positions)
        return positions.error();
    FirstRows rows{.positions = ordered(plan, *positions), .values = {}, .complete = int(positions->size()) < PageSize};
    Result<LoadedRows> values = LiveReads::values(plan, transaction, rowIdsOf(rows.positions, 0, shown(plan, rows.positions.size())));
    if (!values)
        return values.error();
    rows.values = std::move(*values);
    return rows;
}

Result<OtherRows> LiveReads::others(const LivePlan &plan, ReadTransaction &transaction, int known)
{
    const Result<std::vector<ReadTransaction::Position>> positions = transaction.positions(plan.query);
    if (!positions)
        return positions.error();
    OtherRows rows{.positions = ordered(plan, *positions), .values = {}};
    const int all = shown(plan, rows.positions.size());
    if (all > SmallResult)
        return rows;
    Result<LoadedRows> values = LiveReads::values(plan, transaction, rowIdsOf(rows.positions, known, all));
    if (!values)
        return values.error();
    rows.values = std::move(*values);
    return rows;
}

Result<LoadedRows> LiveReads::values(const LivePlan &plan, ReadTransaction &transaction, const QList<qint64> &rowIds)
{
    const Result<QList<Record>> records = transaction.records(plan.model, rowIds);
    if (!records)
        return records.error();
    LoadedRows loaded{.commit = transaction.commit(), .rows = {}};
    loaded.rows.reserve(rowIds.size());
    Follower follower(transaction);
    for (const Record &record : *records) {
        if (!record)
            continue;
        LiveRow row{record, {}};
        row.included.reserve(qsizetype(plan.includes.size()));
        for (const LiveInclude &include : plan.includes) {
            Result<QVariant> value = follower.value(record, include);
            if (!value)
                return value.error();
            row.included.append(std::move(*value));
        }
        loaded.rows.insert(record.rowId(), std::move(row));
    }
    return loaded;
}

Result<ReviewedRows> LiveReads::review(const LivePlan &plan, ReadTransaction &transaction, const RowsToReview &what)
{
    QSet<qint64> ids = what.rows;
    for (const RowsToReview::Lead &lead : what.leads) {
        const LiveDependency &dependency = plan.dependencies[lead.dependency];
        const Result<QList<qint64>> rows = transaction.rowsRelatedTo(plan.model, dependency.path, lead.record);
        if (!rows)
            return rows.error();
        for (const qint64 row : *rows)
            ids.insert(row);
    }
    const Result<std::vector<ReadTransaction::Position>> positions = transaction.positionsOf(plan.query, ids.values());
    if (!positions)
        return positions.error();
    ReviewedRows reviewed{.rows = {}, .values = {.commit = transaction.commit(), .rows = {}}};
    reviewed.rows.reserve(size_t(ids.size()));
    QList<qint64> wanted;
    for (const ReadTransaction::Position &position : *positions) {
        reviewed.rows.push_back({position.rowId, true, position.key});
        ids.remove(position.rowId);
        if (wanted.size() < SmallResult)
            wanted.append(position.rowId);
    }
    for (const qint64 row : std::as_const(ids))
        reviewed.rows.push_back({row, false, {}});
    Result<LoadedRows> values = LiveReads::values(plan, transaction, wanted);
    if (!values)
        return values.error();
    reviewed.values = std::move(*values);
    return reviewed;
}

} // namespace Tideline
