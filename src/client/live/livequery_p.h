// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/hostlink_p.h"
#include "client/live/livequery.h"
#include "client/live/liveresult_p.h"
#include "client/live/livewhere_p.h"

namespace Tideline {

/*
    Two results at most: the one shown, and the one being read because a property changed. The new one
    takes over when its first rows are there, so a view is never empty in between.
*/
class LiveQueryPrivate final : public LiveHost::Member, public LiveResult::Observer
{
public:
    explicit LiveQueryPrivate(LiveQuery *query);
    ~LiveQueryPrivate() override;
    Q_DISABLE_COPY_MOVE(LiveQueryPrivate)

    void setHost(LiveHost *host);
    void scheduleRequery();             // once a turn of the event loop
    void report(const Error &value);
    void changesArrived(quint64 commit, const QList<Change> &changes, bool last) override;
    [[nodiscard]] QHash<int, QByteArray> roleNames() const;

    void firstRowsCame(LiveResult &result) override;
    void settled() override;
    void failed(LiveResult &result, const Error &newError) override;
    void valuesFailed(const Error &newError) override;
    void beginInsert(int first, int last) override;
    void endInsert() override;
    void beginRemove(int first, int last) override;
    void endRemove() override;
    void beginMove(int first, int last, int destination) override;
    void endMove() override;
    void changed(int first, int last, quint64 roles) override;

    LiveQuery *q;
    HostLink link;
    LiveSpec spec;                      // its where is left to this:
    LiveWhere where;
    bool ready = false;
    Error error;
    std::shared_ptr<LiveResult> shown;

private:
    [[nodiscard]] Result<std::shared_ptr<const LivePlan>> plan(const Schema &schema) const;
    void requery();
    void clear();                       // no rows, nothing on the way
    void setReady(bool value);
    void setError(const Error &value);

    std::shared_ptr<LiveResult> m_next;
    int m_count = 0;                    // as last announced
};

} // namespace Tideline
