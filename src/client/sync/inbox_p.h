// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/context_p.h"
#include "client/sync/lane_p.h"

namespace Tideline {

/*
    What the subscriptions of one session brought: kept until the sync is done, then merged, as many
    items in a transaction as came while the previous one ran. Of a record only its newest waits.
*/
class Inbox
{
public:
    struct Callbacks
    {
        std::function<void()> lanesChanged;                 // the outbox has less or other to send
        std::function<void(const Error &)> failed;          // the session must end; at most once
    };

    Inbox(std::shared_ptr<const SyncContext> context, Callbacks callbacks);
    Q_DISABLE_COPY_MOVE(Inbox)

    void receive(const RemoteItem &item);
    void open();                        // merges from now on
    void hold(const QSet<QString> &models);     // those wait until others are held: a page asked for before them may be merged after
    void cut();

private:
    void mergeNext();
    [[nodiscard]] bool isHeld(const RemoteItem &item) const;
    void merged(const Merger::Outcome &outcome);

    std::shared_ptr<const SyncContext> m_context;
    Callbacks m_callbacks;
    std::vector<RemoteItem> m_items;                        // in the order of arrival
    QHash<LaneId, size_t> m_waiting;                        // where in m_items a record's newest is
    QSet<QString> m_held;
    bool m_open = false;
    bool m_merging = false;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
