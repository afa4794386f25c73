// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/rowvalues_p.h"
#include "client/store/store.h"

#include <deque>
#include <functional>

namespace Tideline {

/*!
    The rows of one live query, from its first read until its properties change: a state machine
    without Qt's model classes. Belongs to the host's thread; held by a shared pointer, so that it may be let go of
    from inside its own signals. After cease() it says nothing more.
*/
class LiveResult final : public std::enable_shared_from_this<LiveResult>, private RowList::Listener
{
public:
    class Observer : public RowList::Listener
    {
    public:
        virtual void firstRowsCame(LiveResult &result) = 0;         // the result has its first rows, and is to be shown
        virtual void settled() = 0;                                 // after each group of range operations
        virtual void failed(LiveResult &result, const Error &error) = 0;    // it is not true any more
        virtual void valuesFailed(const Error &error) = 0;          // rows stay without values
        [[nodiscard]] bool stopped() const final { return false; }
    };

    LiveResult(std::shared_ptr<const LivePlan> plan, Store *store, Executor *home, Observer *observer);

    void start();
    void cease() noexcept { m_observer = nullptr; }
    void changesArrived(quint64 commit, const QList<Change> &changes, bool last);

    [[nodiscard]] const LivePlan &plan() const noexcept { return *m_plan; }
    [[nodiscard]] const std::shared_ptr<const LivePlan> &sharedPlan() const noexcept { return m_plan; }
    [[nodiscard]] int count() const noexcept { return m_rows.count(); }
    [[nodiscard]] const LiveRow *row(int position);                 // null: on the way
    [[nodiscard]] int find(const QString &key) const;               // -1: not among the rows shown
    [[nodiscard]] quint64 commit() const noexcept { return m_commit; }
    [[nodiscard]] qsizetype memory() const { return m_rows.rows().memory(); }

private:
    enum class Phase { Reading, Filling, Live };        // nothing known; the first rows known; all known

    struct Slice
    {
        quint64 commit = 0;
        QList<Change> changes;
        bool last = true;
    };

    struct Held
    {
        RowValues::Request request;
        LoadedRows values;
    };

    void run(std::function<void()> task);
    void firstArrived(FirstRows &rows);
    void othersArrived(OtherRows *rows);
    void goLive();
    void take(const Slice &slice);
    void applyInMemory(const QList<Change> &changes);
    void addChange(const Change &change, RowChanges &changes, QSet<qint64> &gone);

    void postRequest();
    void requestValues();
    void valuesArrived(const RowValues::Request &request, const Result<std::shared_ptr<LoadedRows>> &values);
    void showValues(const RowValues::Request &request, LoadedRows values);
    void showHeldValues();

    void collectReviews(const QList<Change> &changes);
    void review();
    void showReviewed(const std::shared_ptr<ReviewedRows> &rows, size_t from);
    void addReviewed(const ReviewedRows::Row &row, LoadedRows &values, RowChanges &changes, QList<qint64> &gone);
    void apply(RowChanges changes);
    void fail(const Error &error);

    void beginInsert(int first, int last) override;
    void endInsert() override;
    void beginRemove(int first, int last) override;
    void endRemove() override;
    void beginMove(int first, int last, int destination) override;
    void endMove() override;
    void changed(int first, int last, quint64 roles) override;
    [[nodiscard]] bool stopped() const override { return !m_observer; }

    std::shared_ptr<const LivePlan> m_plan;
    Store *m_store;                         // as long as there is an observer
    Executor *m_home;
    Observer *m_observer;                   // null: ceased
    RowList m_rows;
    RowValues m_values;
    Phase m_phase = Phase::Reading;
    quint64 m_commit = 0;                   // the rows are as after it
    std::vector<Slice> m_waiting;           // until all rows are known
    std::deque<std::function<void()>> m_tasks;
    bool m_running = false;
    int m_valueReads = 0;                   // on the way
    bool m_requestPosted = false;
    std::vector<Held> m_held;               // newer than m_commit
    RowsToReview m_toReview;
    bool m_reviewing = false;
};

} // namespace Tideline
