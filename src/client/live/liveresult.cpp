// SPDX-License-Identifier: MIT
#include "client/live/liveresult_p.h"

#include <algorithm>

namespace Tideline {

static constexpr int ValueReads = 2;                // at a time
static constexpr size_t ReviewSlice = 256;          // reviewed rows applied in one turn of the event loop

LiveResult::LiveResult(std::shared_ptr<const LivePlan> plan, Store *store, Executor *home, Observer *observer)
    : m_plan(std::move(plan)), m_store(store), m_home(home), m_observer(observer)
{
}

/*
    Everything that changes rows comes through here, one after the other: a slot may run an event
    loop of its own, and nothing may happen to the rows in the middle of another step.
*/
void LiveResult::run(std::function<void()> task)
{
    m_tasks.push_back(std::move(task));
    if (m_running)
        return;
    m_running = true;
    const std::shared_ptr<LiveResult> self = shared_from_this();
    while (!m_tasks.empty() && m_observer) {
        const std::function<void()> next = std::move(m_tasks.front());
        m_tasks.pop_front();
        next();
    }
    m_tasks.clear();
    m_running = false;
}

// ---- the snapshot ----

// One job, one snapshot: the first page goes home while the positions of all rows are being read.
void LiveResult::start()
{
    using Others = std::shared_ptr<OtherRows>;
    const std::weak_ptr<LiveResult> weak = weak_from_this();
    m_store->read<Others>(
        [plan = m_plan, home = m_home, weak](ReadTransaction &transaction) -> Result<Others> {
            Result<FirstRows> first = LiveReads::first(*plan, transaction);
            if (!first)
                return first.error();
            const auto rows = std::make_shared<FirstRows>(std::move(*first));
            const bool complete = rows->complete;
            const int known = rows->positions.size();
            home->post([weak, rows] {
                if (const std::shared_ptr<LiveResult> self = weak.lock())
                    self->run([self = self.get(), rows] { self->firstArrived(*rows); });
            });
            if (complete)
                return Others();
            Result<OtherRows> others = LiveReads::others(*plan, transaction, known);
            return others ? Result<Others>(std::make_shared<OtherRows>(std::move(*others))) : Result<Others>(others.error());
        },
        m_home,
        [weak](const Result<Others> &others) {
            const std::shared_ptr<LiveResult> self = weak.lock();
            if (!self)
                return;
            self->run([self = self.get(), others] {
                if (others)
                    self->othersArrived(others->get());
                else
                    self->fail(others.error());
            });
        });
}

void LiveResult::firstArrived(FirstRows &rows)
{
    m_commit = rows.values.commit;
    m_rows = RowList(std::move(rows.positions), m_plan->limit);
    m_values.take(std::move(rows.values));
    m_phase = Phase::Filling;
    m_observer->firstRowsCame(*this);
}

void LiveResult::othersArrived(OtherRows *rows)
{
    if (rows) {
        m_values.take(std::move(rows->values));
        m_rows.extend(std::move(rows->positions), *this);
        if (m_observer)
            m_observer->settled();
    }
    if (m_observer)
        goLive();
}

void LiveResult::goLive()
{
    m_phase = Phase::Live;
    const std::vector<Slice> waiting = std::exchange(m_waiting, {});
    for (const Slice &slice : waiting) {
        if (slice.commit > m_commit)
            run([this, slice] { take(slice); });
    }
}

// ---- change sets ----

void LiveResult::changesArrived(quint64 commit, const QList<Change> &changes, bool last)
{
    Slice slice{commit, changes, last};
    if (m_phase != Phase::Live)
        m_waiting.push_back(std::move(slice));
    else
        run([this, slice = std::move(slice)] { take(slice); });
}

void LiveResult::take(const Slice &slice)
{
    if (slice.commit <= m_commit)
        return;
    if (m_plan->isRelational())
        collectReviews(slice.changes);
    else
        applyInMemory(slice.changes);
    if (!slice.last || !m_observer)
        return;
    m_commit = slice.commit;
    if (!m_held.empty())
        showHeldValues();
}

void LiveResult::applyInMemory(const QList<Change> &changes)
{
    RowChanges rows;
    QSet<qint64> gone;
    for (const Change &change : changes) {
        const Record &record = change.after ? change.after : change.before;
        if (record.model() == m_plan->model)
            addChange(change, rows, gone);
    }
    apply(std::move(rows));
    for (const qint64 rowId : std::as_const(gone))
        m_values.drop(rowId);
}

// Values that go stay until the rows are gone: who hears of the removal may still look at them.
void LiveResult::addChange(const Change &change, RowChanges &changes, QSet<qint64> &gone)
{
    const bool was = change.before && m_plan->where.matches(change.before);
    const bool is = change.after && m_plan->where.matches(change.after);
    if (was && (!is || change.before.rowId() != change.after.rowId()))
        gone.insert(change.before.rowId());
    if (!is) {
        if (was)
            changes.remove(m_plan->order.encode(change.before));
        return;
    }
    const qint64 rowId = change.after.rowId();
    const QByteArray key = m_plan->order.encode(change.after);
    const bool seen = m_values.find(rowId);
    gone.remove(rowId);
    m_values.set(rowId, {change.after, {}});
    if (!was) {
        changes.insert(rowId, key);
        return;
    }
    // who looked at the row before its values came has seen nothing of it
    const quint64 roles = seen ? m_plan->changedRoles(change.before, change.after) : RowChanges::AllRoles;
    changes.replace(m_plan->order.encode(change.before), rowId, key, roles);
}

void LiveResult::apply(RowChanges changes)
{
    if (changes.isEmpty() || !m_observer)
        return;
    m_rows.apply(std::move(changes), *this);
    if (m_observer)
        m_observer->settled();
}

void LiveResult::fail(const Error &error)
{
    if (m_observer)
        m_observer->failed(*this, error);
}

// ---- values ----

const LiveRow *LiveResult::row(int position)
{
    const OrderedRows &rows = m_rows.rows();
    if (const LiveRow *row = m_values.find(rows.at(position).rowId))
        return row;
    if (m_values.want(rows, m_rows.count(), position))
        postRequest();
    return nullptr;
}

int LiveResult::find(const QString &key) const
{
    const OrderedRows &rows = m_rows.rows();
    const QByteArray suffix = m_plan->keySuffix(key);
    if (!suffix.isEmpty()) {
        const bool whole = m_plan->order.keys().size() == m_plan->model->primaryKey.size();
        const int position = whole ? rows.find(suffix) : rows.findEnding(suffix);
        return position < m_rows.count() ? position : -1;
    }
    for (int i = 0; i < m_rows.count(); ++i) {
        const LiveRow *row = m_values.find(rows.at(i).rowId);
        if (row && row->record.key() == key)
            return i;
    }
    return -1;
}

// A view asks for many rows in one go; they are read together, after it.
void LiveResult::postRequest()
{
    if (m_requestPosted || !m_observer)
        return;
    m_requestPosted = true;
    m_home->post([weak = weak_from_this()] {
        if (const std::shared_ptr<LiveResult> self = weak.lock()) {
            self->m_requestPosted = false;
            self->requestValues();
        }
    });
}

void LiveResult::requestValues()
{
    using Loaded = std::shared_ptr<LoadedRows>;
    while (m_observer && m_values.isWanting() && m_valueReads < ValueReads) {
        const RowValues::Request request = m_values.takeRequest();
        ++m_valueReads;
        m_store->read<Loaded>(
            [plan = m_plan, rowIds = request](ReadTransaction &transaction) -> Result<Loaded> {
                Result<LoadedRows> values = LiveReads::values(*plan, transaction, rowIds);
                return values ? Result<Loaded>(std::make_shared<LoadedRows>(std::move(*values))) : Result<Loaded>(values.error());
            },
            m_home,
            [weak = weak_from_this(), request](const Result<Loaded> &values) {
                const std::shared_ptr<LiveResult> self = weak.lock();
                if (self)
                    self->run([self = self.get(), request, values] { self->valuesArrived(request, values); });
            });
    }
}

void LiveResult::valuesArrived(const RowValues::Request &request, const Result<std::shared_ptr<LoadedRows>> &values)
{
    --m_valueReads;
    if (!values) {
        m_values.failed(request);
        m_observer->valuesFailed(values.error());
    } else if ((*values)->commit > m_commit && !m_plan->isRelational()) {
        m_held.push_back({request, std::move(**values)});       // what a row shows is not newer than where it stands
    } else {
        showValues(request, std::move(**values));
    }
    requestValues();
}

void LiveResult::showValues(const RowValues::Request &request, LoadedRows values)
{
    RowChanges changes;
    for (const qint64 rowId : m_values.arrived(request, std::move(values))) {
        if (!m_plan->isRelational())
            changes.touch(m_plan->order.encode(m_values.find(rowId)->record), rowId, RowChanges::AllRoles);
        else if (const int position = m_rows.rows().findRowId(rowId); position >= 0)
            changes.touch(m_rows.rows().at(position).key.toByteArray(), rowId, RowChanges::AllRoles);
    }
    apply(std::move(changes));
}

void LiveResult::showHeldValues()
{
    std::vector<Held> ready;
    for (Held &held : m_held) {
        if (held.values.commit <= m_commit)
            ready.push_back(std::move(held));
    }
    std::erase_if(m_held, [this](const Held &held) { return held.values.commit <= m_commit; });
    for (Held &held : ready)
        showValues(held.request, std::move(held.values));
}

// ---- relations ----

/*
    Where a condition, the order or a role goes through relations, a change set alone does not tell what becomes
    of a row. Which rows are concerned is collected; one read at a time looks at them again, at whatever commit it
    sees. What changes meanwhile is collected for the next: when nothing is on the way any more,
    the rows equal a fresh query.
*/
void LiveResult::collectReviews(const QList<Change> &changes)
{
    for (const Change &change : changes) {
        const Record &record = change.after ? change.after : change.before;
        if (record.model() == m_plan->model) {
            for (const Record &each : {change.before, change.after}) {
                if (each)
                    m_toReview.rows.insert(each.rowId());
            }
        }
        for (size_t i = 0; i < m_plan->dependencies.size(); ++i) {
            if (!m_plan->dependencies[i].isTouchedBy(change))
                continue;
            for (const Record &each : {change.before, change.after}) {
                if (each)
                    m_toReview.leads.append({i, each});
            }
        }
    }
    review();
}

void LiveResult::review()
{
    using Reviewed = std::shared_ptr<ReviewedRows>;
    if (m_reviewing || m_toReview.isEmpty() || !m_observer)
        return;
    m_reviewing = true;
    m_store->read<Reviewed>(
        [plan = m_plan, what = std::exchange(m_toReview, {})](ReadTransaction &transaction) -> Result<Reviewed> {
            Result<ReviewedRows> rows = LiveReads::review(*plan, transaction, what);
            return rows ? Result<Reviewed>(std::make_shared<ReviewedRows>(std::move(*rows))) : Result<Reviewed>(rows.error());
        },
        m_home,
        [weak = weak_from_this()](const Result<Reviewed> &rows) {
            const std::shared_ptr<LiveResult> self = weak.lock();
            if (!self)
                return;
            self->run([self = self.get(), rows] {
                if (rows)
                    self->showReviewed(*rows, 0);
                else
                    self->fail(rows.error());
            });
        });
}

void LiveResult::showReviewed(const std::shared_ptr<ReviewedRows> &rows, size_t from)
{
    const size_t end = std::min(from + ReviewSlice, rows->rows.size());
    RowChanges changes;
    QList<qint64> gone;
    for (size_t i = from; i < end; ++i)
        addReviewed(rows->rows[i], rows->values, changes, gone);
    apply(std::move(changes));
    for (const qint64 rowId : std::as_const(gone))
        m_values.drop(rowId);
    if (end == rows->rows.size()) {
        m_reviewing = false;
        review();
        return;
    }
    m_home->post([weak = weak_from_this(), rows, end] {
        if (const std::shared_ptr<LiveResult> self = weak.lock())
            self->run([self = self.get(), rows, end] { self->showReviewed(rows, end); });
    });
}

void LiveResult::addReviewed(const ReviewedRows::Row &row, LoadedRows &values, RowChanges &changes, QList<qint64> &gone)
{
    const int position = m_rows.rows().findRowId(row.rowId);
    const QByteArray oldKey = position < 0 ? QByteArray() : m_rows.rows().at(position).key.toByteArray();
    if (!row.matches) {
        if (position >= 0)
            changes.remove(oldKey);
        gone.append(row.rowId);
        return;
    }
    quint64 roles = RowChanges::AllRoles;
    const auto value = values.rows.find(row.rowId);
    if (value == values.rows.end()) {
        m_values.drop(row.rowId);               // read again when a view asks
    } else {
        if (const LiveRow *old = m_values.find(row.rowId))
            roles = m_plan->changedRoles(*old, *value);
        m_values.set(row.rowId, std::move(*value));
    }
    if (position < 0)
        changes.insert(row.rowId, row.key);
    else
        changes.replace(oldKey, row.rowId, row.key, roles);
}

// ---- what the list says ----

void LiveResult::beginInsert(int first, int last)
{
    if (m_observer)
        m_observer->beginInsert(first, last);
}

void LiveResult::endInsert()
{
    if (m_observer)
        m_observer->endInsert();
}

void LiveResult::beginRemove(int first, int last)
{
    if (m_observer)
        m_observer->beginRemove(first, last);
}

void LiveResult::endRemove()
{
    if (m_observer)
        m_observer->endRemove();
}

void LiveResult::beginMove(int first, int last, int destination)
{
    if (m_observer)
        m_observer->beginMove(first, last, destination);
}

void LiveResult::endMove()
{
    if (m_observer)
        m_observer->endMove();
}

void LiveResult::changed(int first, int last, quint64 roles)
{
    if (m_observer)
        m_observer->changed(first, last, roles);
}

} // namespace Tideline
