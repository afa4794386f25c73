// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/store.h"

#include <QtCore/QObject>

namespace Tideline {

class LiveHostPrivate;

/*!
    \class Tideline::LiveHost
    \inmodule Tideline
    \since 0.1
    \brief Where live queries and model objects live: a store, its change sets, one thread.

    Base of DataStore. It observes the store once and hands every change set to its members in
    commit order, in the thread it lives in (the application's). Large change sets are handed over in
    slices, one per turn of the event loop, so that the thread never blocks for long. The store must be
    destroyed before the host: its replies come through the host's scheduler.
*/
class TIDELINE_EXPORT LiveHost : public QObject
{
    Q_OBJECT

public:
    class Member                        // what wants change sets; registers in the host's thread
    {
    public:
        virtual ~Member() = default;
        /*! A slice of the changes of \a commit, at most one change a record; \a last: it is the last slice of
            that commit. The member may remove itself or others, add others, and destroy itself or the host. */
        virtual void changesArrived(quint64 commit, const QList<Change> &changes, bool last) = 0;
        /*! Something about the rejected mutations, or what is kept aside, is not as it was. The same may be done. */
        virtual void rejectionsChanged() { }
        /*! Decisions in conflicts were written or undone. The same may be done. */
        virtual void decisionsChanged() { }
    };

    explicit LiveHost(QObject *parent = nullptr);
    ~LiveHost() override;

    [[nodiscard]] virtual Schema schema() const = 0;
    [[nodiscard]] Store *store() const noexcept;            // null unless open
    [[nodiscard]] Scheduler *scheduler() const noexcept;    // of this thread
    [[nodiscard]] Record cached(const std::shared_ptr<const ModelType> &model, const QString &key) const;   // null: not in the cache

    void addMember(Member *member);
    void removeMember(Member *member);

Q_SIGNALS:
    void storeOpened();
    void storeClosing();                // live queries empty themselves
    void errorOccurred(const Tideline::Error &error);

protected:
    explicit LiveHost(Scheduler *scheduler, QObject *parent = nullptr);     // one that outlives the host; for tests

    void attach(Store *store);          // after it was opened
    void detach();                      // before it is closed
    void remember(const Record &record, quint64 commit);    // as a read at that commit gave it

private:
    std::shared_ptr<LiveHostPrivate> d;
};

} // namespace Tideline
