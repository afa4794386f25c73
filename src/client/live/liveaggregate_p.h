// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/hostlink_p.h"
#include "client/live/liveaggregate.h"
#include "client/live/liveplan_p.h"
#include "client/live/livewhere_p.h"
#include "client/live/runningsum_p.h"

namespace Tideline {

class LiveAggregatePrivate final : public LiveHost::Member
{
public:
    explicit LiveAggregatePrivate(LiveAggregate *aggregate);
    Q_DISABLE_COPY_MOVE(LiveAggregatePrivate)

    void setHost(LiveHost *host);
    void scheduleRead();
    void fail(const Error &newError);
    void changesArrived(quint64 commit, const QList<Change> &changes, bool last) override;

    LiveAggregate *q;
    HostLink link;
    QString type;
    LiveWhere where;
    LiveAggregate::Kind kind = LiveAggregate::Count;
    QString field;
    QVariant value;
    bool ready = false;
    Error error;

private:
    /*! What is known at a commit; which members count depends on the kind. */
    struct Tally
    {
        quint64 commit = 0;
        qint64 count = 0;               // rows, or values that are not null
        RunningSum sum;
        Value extreme;
    };

    struct Slice
    {
        quint64 commit = 0;
        QList<Change> changes;
        bool last = true;
    };

    struct Plan                         // the properties at the time of the read
    {
        std::shared_ptr<const LivePlan> query;
        LiveAggregate::Kind kind = LiveAggregate::Count;
        QString field;
        int number = -1;                // of the field
    };

    [[nodiscard]] static Result<Tally> tally(const Plan &plan, ReadTransaction &transaction);
    void read();
    void arrived(const Plan &plan, const Result<Tally> &result);
    void take(const Slice &slice);
    [[nodiscard]] bool takeChange(const Change &change);        // false: it has to be read anew
    void join(const Value &joining);
    [[nodiscard]] bool leave(const Value &leaving);
    [[nodiscard]] bool concerns(const Change &change) const;
    void clear();
    void publish();

    Plan m_plan;
    Tally m_tally;
    bool m_known = false;
    bool m_reading = false;
    quint64 m_readNumber = 0;
    std::vector<Slice> m_waiting;       // while a read is on the way
    std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

} // namespace Tideline
