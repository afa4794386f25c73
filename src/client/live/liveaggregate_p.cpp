// SPDX-License-Identifier: MIT
#include "client/live/liveaggregate_p.h"

#include <algorithm>

namespace Tideline {

// Two values of one field, neither null, as SQLite's min() and max() see them.
static int compareValues(const Value &a, const Value &b)
{
    const auto order = [](auto x, auto y) { return x < y ? -1 : int(y < x); };
    switch (a.kind()) {
    case Value::Kind::Text: return compareText(a.toText(), b.toText());
    case Value::Kind::Integer: return order(a.toInteger(), b.toInteger());
    case Value::Kind::Boolean: return order(a.toBool(), b.toBool());
    default: return order(a.toDouble(), b.toDouble());
    }
}

LiveAggregatePrivate::LiveAggregatePrivate(LiveAggregate *aggregate)
    : q(aggregate), link(this, aggregate,
                         {.opened = [this] { scheduleRead(); },
                          .closing = [this] { clear(); },
                          .destroyed = [this] {
                              const QPointer<LiveAggregate> guard = q;
                              clear();
                              if (guard)
                                  Q_EMIT guard->storeChanged();
                          }})
{
}

void LiveAggregatePrivate::setHost(LiveHost *host)
{
    link.set(host);
    scheduleRead();
    clear();
}

void LiveAggregatePrivate::scheduleRead()
{
    link.postOnce([this] { read(); });
}

Result<LiveAggregatePrivate::Tally> LiveAggregatePrivate::tally(const Plan &plan, ReadTransaction &transaction)
{
    Tally tally;
    tally.commit = transaction.commit();
    const auto ask = [&](Aggregate aggregate) { return transaction.aggregate(plan.query->query, aggregate, plan.field); };
    if (plan.kind == LiveAggregate::Count || plan.kind == LiveAggregate::Avg) {
        const Result<Value> count = ask(Aggregate::Count);
        if (!count)
            return count.error();
        tally.count = count->toInteger();
    }
    if (plan.kind == LiveAggregate::Sum || plan.kind == LiveAggregate::Avg) {
        const Result<Value> sum = ask(Aggregate::Sum);
        if (!sum)
            return sum.error();
        tally.sum = RunningSum(*sum);
    }
    if (plan.kind == LiveAggregate::Min || plan.kind == LiveAggregate::Max) {
        const Result<Value> extreme = ask(plan.kind == LiveAggregate::Min ? Aggregate::Min : Aggregate::Max);
        if (!extreme)
            return extreme.error();
        tally.extreme = *extreme;
    }
    return tally;
}

void LiveAggregatePrivate::read()
{
    ++m_readNumber;
    if (type.isEmpty()) {
        clear();
        return;
    }
    if (where.error.isError()) {
        fail(where.error.withModel(type));
        return;
    }
    const Result<std::shared_ptr<const LivePlan>> query =
        LivePlan::make(link.store()->schema(), {.type = type, .where = where.predicate, .sort = {}, .limit = -1, .include = {}});
    if (!query) {
        fail(query.error());
        return;
    }
    const Plan plan{*query, kind, field, (*query)->model->fieldIndex(field)};
    m_reading = true;
    m_waiting.clear();
    link.store()->read<Tally>([plan](ReadTransaction &transaction) { return tally(plan, transaction); }, link.host()->scheduler(),
                              [this, alive = std::weak_ptr<int>(m_alive), number = m_readNumber, plan](const Result<Tally> &result) {
                                  if (!alive.expired() && number == m_readNumber)
                                      arrived(plan, result);
                              });
}

void LiveAggregatePrivate::arrived(const Plan &plan, const Result<Tally> &result)
{
    m_reading = false;
    if (!result) {
        if (result.error().code() != Error::Code::Closed)
            fail(result.error());
        return;
    }
    m_plan = plan;
    m_tally = *result;
    m_known = true;
    for (const Slice &slice : std::exchange(m_waiting, {}))
        take(slice);
    publish();
}

void LiveAggregatePrivate::changesArrived(quint64 commit, const QList<Change> &changes, bool last)
{
    if (m_reading)
        m_waiting.push_back({commit, changes, last});
    if (!m_known || m_reading)
        return;
    take({commit, changes, last});
    if (last)
        publish();
}

void LiveAggregatePrivate::take(const Slice &slice)
{
    if (slice.commit <= m_tally.commit)
        return;
    bool known = true;
    for (const Change &change : slice.changes)
        known = takeChange(change) && known;
    if (!known || !m_tally.sum.isExact())
        scheduleRead();
    if (slice.last)
        m_tally.commit = slice.commit;
}

bool LiveAggregatePrivate::takeChange(const Change &change)
{
    if (change.kind == Change::Kind::State)
        return true;
    if (m_plan.query->isRelational())
        return !concerns(change);
    const Record &record = change.after ? change.after : change.before;
    if (record.model() != m_plan.query->model)
        return true;
    const BoundPredicate &condition = m_plan.query->where;
    const bool was = change.before && condition.matches(change.before);
    const bool is = change.after && condition.matches(change.after);
    if (m_plan.number < 0) {
        m_tally.count += int(is) - int(was);
        return true;
    }
    if (is)
        join(change.after.value(m_plan.number));            // first: an equal one may take the place of an extreme
    return !was || leave(change.before.value(m_plan.number));
}

bool LiveAggregatePrivate::concerns(const Change &change) const
{
    const Record &record = change.after ? change.after : change.before;
    const auto &dependencies = m_plan.query->dependencies;
    return record.model() == m_plan.query->model
        || std::any_of(dependencies.begin(), dependencies.end(),
                       [&change](const LiveDependency &dependency) { return dependency.isTouchedBy(change); });
}

void LiveAggregatePrivate::join(const Value &joining)
{
    if (joining.isNull())
        return;
    ++m_tally.count;
    m_tally.sum.add(joining, 1);
    if (m_plan.kind != LiveAggregate::Min && m_plan.kind != LiveAggregate::Max)
        return;
    const int order = m_tally.extreme.isNull() ? -1 : compareValues(joining, m_tally.extreme);
    if (m_tally.extreme.isNull() || (m_plan.kind == LiveAggregate::Min ? order < 0 : order > 0))
        m_tally.extreme = joining;
}

bool LiveAggregatePrivate::leave(const Value &leaving)
{
    if (leaving.isNull())
        return true;
    --m_tally.count;
    m_tally.sum.add(leaving, -1);
    if (m_plan.kind != LiveAggregate::Min && m_plan.kind != LiveAggregate::Max)
        return true;
    return compareValues(leaving, m_tally.extreme) != 0;
}

void LiveAggregatePrivate::clear()
{
    ++m_readNumber;
    m_reading = false;
    m_known = false;
    m_waiting.clear();
    publish();
}

void LiveAggregatePrivate::fail(const Error &problem)
{
    const Error newError = problem.inPhase(Error::Phase::Query);
    const QPointer<LiveAggregate> guard = q;
    clear();
    if (guard && error != newError) {
        error = newError;
        Q_EMIT guard->errorChanged();
    }
    if (guard)
        link.report(newError);
}

void LiveAggregatePrivate::publish()
{
    const auto current = [this]() -> QVariant {
        if (!m_known)
            return {};
        const bool whole = m_plan.number >= 0 && m_plan.query->model->fields[size_t(m_plan.number)].type.scalar != Scalar::Float;
        switch (m_plan.kind) {
        case LiveAggregate::Count: return m_tally.count;
        case LiveAggregate::Sum: return whole ? QVariant(m_tally.sum.integer()) : QVariant(m_tally.sum.number());
        case LiveAggregate::Avg: return m_tally.count == 0 ? Value().toVariant() : QVariant(m_tally.sum.number() / double(m_tally.count));
        case LiveAggregate::Min:
        case LiveAggregate::Max: return m_tally.extreme.toVariant();
        }
        Q_UNREACHABLE();
    };
    const QPointer<LiveAggregate> guard = q;
    if (m_known && error.isError()) {
        error = {};
        Q_EMIT q->errorChanged();
    }
    const QVariant now = guard ? current() : QVariant();
    if (guard && value != now) {
        value = now;
        Q_EMIT q->valueChanged();
    }
    if (guard && std::exchange(ready, m_known) != m_known)
        Q_EMIT q->readyChanged();
}

} // namespace Tideline
