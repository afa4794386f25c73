// SPDX-License-Identifier: MIT
#include "client/live/livequery_p.h"

namespace Tideline {

LiveQueryPrivate::LiveQueryPrivate(LiveQuery *query)
    : q(query), link(this, query,
                     {.opened = [this] { scheduleRequery(); },
                      .closing = [this] { clear(); },
                      .destroyed = [this] {
                          const QPointer<LiveQuery> guard = q;
                          clear();
                          if (guard)
                              Q_EMIT guard->storeChanged();
                      }})
{
}

LiveQueryPrivate::~LiveQueryPrivate()
{
    if (shown)
        shown->cease();
    if (m_next)
        m_next->cease();
}

void LiveQueryPrivate::setHost(LiveHost *host)
{
    link.set(host);
    scheduleRequery();
    clear();                // may destroy this
}

void LiveQueryPrivate::scheduleRequery()
{
    link.postOnce([this] { requery(); });
}

Result<std::shared_ptr<const LivePlan>> LiveQueryPrivate::plan(const Schema &schema) const
{
    if (where.error.isError())
        return where.error.withModel(spec.type);
    LiveSpec complete = spec;
    complete.where = where.predicate;
    return LivePlan::make(schema, complete);
}

void LiveQueryPrivate::requery()
{
    if (m_next)
        m_next->cease();
    m_next.reset();
    if (spec.type.isEmpty()) {
        clear();
        return;
    }
    const Result<std::shared_ptr<const LivePlan>> made = plan(link.store()->schema());
    if (!made) {
        report(made.error());
        return;
    }
    m_next = std::make_shared<LiveResult>(*made, link.store(), link.host()->scheduler(), this);
    m_next->start();
    setReady(false);
}

void LiveQueryPrivate::clear()
{
    if (m_next)
        m_next->cease();
    m_next.reset();
    const QPointer<LiveQuery> guard = q;
    if (shown) {
        q->beginResetModel();
        shown->cease();
        shown.reset();
        q->endResetModel();
    }
    if (guard)
        settled();
    if (guard)
        setReady(false);
}

void LiveQueryPrivate::changesArrived(quint64 commit, const QList<Change> &changes, bool last)
{
    const std::shared_ptr<LiveResult> results[] = {shown, m_next};     // a slot may destroy this
    for (const std::shared_ptr<LiveResult> &result : results) {
        if (result)
            result->changesArrived(commit, changes, last);
    }
}

QHash<int, QByteArray> LiveQueryPrivate::roleNames() const
{
    if (shown)
        return shown->plan().roleNames();
    if (!link.host() || spec.type.isEmpty())
        return {};
    const Result<std::shared_ptr<const LivePlan>> made = LivePlan::make(link.host()->schema(), spec);     // whatever the condition
    return made ? (*made)->roleNames() : QHash<int, QByteArray>();
}

void LiveQueryPrivate::firstRowsCame(LiveResult &result)
{
    Q_ASSERT(m_next.get() == &result);
    const QPointer<LiveQuery> guard = q;
    q->beginResetModel();
    if (shown)
        shown->cease();
    shown = std::exchange(m_next, nullptr);
    q->endResetModel();
    if (guard)
        setError({});
    if (guard)
        settled();
    if (guard)
        setReady(true);
}

void LiveQueryPrivate::settled()
{
    const int count = shown ? shown->count() : 0;
    if (std::exchange(m_count, count) != count)
        Q_EMIT q->countChanged();
}

void LiveQueryPrivate::failed(LiveResult &result, const Error &newError)
{
    // The store is closing; storeClosing() empties the list, or did.
    if (newError.code() == Error::Code::Closed)
        return;
    result.cease();
    report(newError);
}

void LiveQueryPrivate::valuesFailed(const Error &newError)
{
    if (newError.code() == Error::Code::Closed)
        return;
    const QPointer<LiveQuery> guard = q;
    setError(newError);
    if (guard)
        link.report(newError);
}

void LiveQueryPrivate::report(const Error &value)
{
    const QPointer<LiveQuery> guard = q;
    clear();
    if (guard)
        setError(value);
    if (guard)
        link.report(value);
}

void LiveQueryPrivate::setReady(bool value)
{
    if (std::exchange(ready, value) != value)
        Q_EMIT q->readyChanged();
}

void LiveQueryPrivate::setError(const Error &problem)
{
    const Error value = problem.inPhase(Error::Phase::Query);
    if (error == value)
        return;
    error = value;
    Q_EMIT q->errorChanged();
}

void LiveQueryPrivate::beginInsert(int first, int last)
{
    q->beginInsertRows({}, first, last);
}

void LiveQueryPrivate::endInsert()
{
    q->endInsertRows();
}

void LiveQueryPrivate::beginRemove(int first, int last)
{
    q->beginRemoveRows({}, first, last);
}

void LiveQueryPrivate::endRemove()
{
    q->endRemoveRows();
}

void LiveQueryPrivate::beginMove(int first, int last, int destination)
{
    [[maybe_unused]] const bool valid = q->beginMoveRows({}, first, last, {}, destination);
    Q_ASSERT(valid);
}

void LiveQueryPrivate::endMove()
{
    q->endMoveRows();
}

void LiveQueryPrivate::changed(int first, int last, quint64 roles)
{
    Q_EMIT q->dataChanged(q->index(first), q->index(last), shown->plan().rolesOf(roles));
}

} // namespace Tideline
