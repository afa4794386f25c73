// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/changeset.h"
#include "core/executor.h"

#include <mutex>

namespace Tideline {

/*! Who hears of commits, and the one way in which anything leaves the store: for each executor one
    task a batch, with the change set first and the replies after it. Any thread. */
class Observers
{
public:
    using Observer = std::function<void(const ChangeSet &)>;
    using Reply = std::pair<Executor *, std::function<void()>>;

    [[nodiscard]] std::shared_ptr<void> add(Executor *on, Observer observer);
    void deliver(const ChangeSet &set, std::vector<Reply> replies);

private:
    struct Entry
    {
        Executor *on;
        Observer observer;
    };

    std::mutex m_mutex;
    std::vector<std::weak_ptr<Entry>> m_entries;            // guarded by m_mutex
};

} // namespace Tideline
