// SPDX-License-Identifier: MIT
#include "client/live/livehost.h"

#include "client/live/livehost_p.h"

#include <QtCore/QThread>

#include <algorithm>

namespace Tideline {

void LiveHostPrivate::arrived(const ChangeSet &set)
{
    const std::shared_ptr<LiveHostPrivate> self = shared_from_this();      // a member may destroy the host
    if (!set.changes.isEmpty()) {
        cache.update(set);
        m_queue.push_back(set);
        deliver();
    }
    if (set.rejections || set.quarantine)
        tell(&LiveHost::Member::rejectionsChanged);
    if (!set.decisions.isEmpty())
        tell(&LiveHost::Member::decisionsChanged);
}

void LiveHostPrivate::tell(void (LiveHost::Member::*what)())
{
    const qsizetype present = members.size();
    for (qsizetype i = 0; i < present && i < members.size(); ++i) {
        if (LiveHost::Member *member = members[i])
            (member->*what)();
    }
}

void LiveHostPrivate::forget()
{
    m_queue.clear();
    m_delivered = 0;
    cache.clear();
}

void LiveHostPrivate::deliver()
{
    if (m_delivering)
        return;                             // a member runs an event loop
    m_delivering = true;
    const std::shared_ptr<LiveHostPrivate> self = shared_from_this();      // a member may destroy the host
    while (!m_queue.empty() && m_budget > 0)
        deliverSlice();
    m_delivering = false;
    members.removeAll(nullptr);
    if (m_budget < m_slice || !m_queue.empty())
        postTurn();
}

void LiveHostPrivate::deliverSlice()
{
    const ChangeSet set = m_queue.front();
    const qsizetype count = std::min<qsizetype>(set.changes.size() - m_delivered, m_budget);
    const QList<Change> changes = count == set.changes.size() ? set.changes : set.changes.mid(m_delivered, count);
    m_delivered += count;
    m_budget -= int(std::max<qsizetype>(count, 1));
    const bool last = m_delivered == set.changes.size();
    if (last) {
        m_queue.pop_front();
        m_delivered = 0;
    }
    const qint64 start = scheduler->monotonic();
    const qsizetype present = members.size();       // who comes meanwhile reads a later state
    for (qsizetype i = 0; i < present && i < members.size(); ++i) {
        if (LiveHost::Member *member = members[i])
            member->changesArrived(set.commit, changes, last);
    }
    if (scheduler)
        adapt(scheduler->monotonic() - start);
}

// A frame has 16 ms; a slice is to take a quarter of it at most.
void LiveHostPrivate::adapt(qint64 milliseconds)
{
    if (milliseconds >= 4)
        m_slice = std::max(SmallestSlice, m_slice / 2);
    else if (milliseconds <= 1)
        m_slice = std::min(LargestSlice, m_slice * 2);
}

void LiveHostPrivate::postTurn()
{
    if (m_turnPosted || !scheduler)
        return;
    m_turnPosted = true;
    scheduler->post([weak = weak_from_this()] {
        if (const std::shared_ptr<LiveHostPrivate> self = weak.lock())
            self->turn();
    });
}

void LiveHostPrivate::turn()
{
    m_turnPosted = false;
    m_budget = m_slice;
    deliver();
}

/*! Constructs a host without a store, owned by \a parent. It belongs to the current thread. */
LiveHost::LiveHost(QObject *parent) : LiveHost(nullptr, parent) { }

/*! Constructs a host whose tasks run in \a scheduler. */
LiveHost::LiveHost(Scheduler *scheduler, QObject *parent) : QObject(parent), d(std::make_shared<LiveHostPrivate>(scheduler)) { }

/*! Destroys the host. The store must be closed and destroyed, or never have been attached. */
LiveHost::~LiveHost()
{
    d->observation.reset();
    d->members.fill(nullptr);
    d->forget();
    d->store = nullptr;
    d->scheduler = nullptr;
}

/*! \fn Tideline::Schema Tideline::LiveHost::schema() const
    Returns the schema of the store; known before the store is open. */

/*! Returns the open store; null before attach() and from storeClosing() on. */
Store *LiveHost::store() const noexcept
{
    return d->store;
}

/*! Returns the scheduler of the host's thread; replies of the store come through it. */
Scheduler *LiveHost::scheduler() const noexcept
{
    return d->scheduler;
}

/*! Returns the record of \a model with \a key if it was met lately; as new as the last change set that came. */
Record LiveHost::cached(const std::shared_ptr<const ModelType> &model, const QString &key) const
{
    return d->cache.find(model, key);
}

/*! Hands every change set from now on to \a member, not owned, until removeMember(). */
void LiveHost::addMember(Member *member)
{
    Q_ASSERT(member && !d->members.contains(member));
    d->members.append(member);
}

/*! From now on \a member is not called any more, not even for changes being handed over. */
void LiveHost::removeMember(Member *member)
{
    const qsizetype i = d->members.indexOf(member);
    if (i >= 0)
        d->members[i] = nullptr;
}

/*! Makes \a store, open and not owned, the one that members read from. */
void LiveHost::attach(Store *store)
{
    Q_ASSERT(store && !d->store && thread() == QThread::currentThread());
    d->store = store;
    d->observation = store->observe(d->scheduler, [weak = std::weak_ptr(d)](const ChangeSet &set) {
        if (const std::shared_ptr<LiveHostPrivate> self = weak.lock())
            self->arrived(set);
    });
    Q_EMIT storeOpened();
}

/*! Ends the observation; what was not yet handed over is dropped, for the members forget their rows. */
void LiveHost::detach()
{
    if (!d->store)
        return;
    d->observation.reset();
    d->forget();
    d->store = nullptr;
    Q_EMIT storeClosing();
}

/*! Puts \a record, read at \a commit, into the cache, where change sets keep it true. */
void LiveHost::remember(const Record &record, quint64 commit)
{
    if (d->store)
        d->cache.insert(record, commit);
}

} // namespace Tideline
