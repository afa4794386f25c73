// SPDX-License-Identifier: MIT
#include "client/store/observers_p.h"

#include <algorithm>

namespace Tideline {

std::shared_ptr<void> Observers::add(Executor *on, Observer observer)
{
    auto entry = std::make_shared<Entry>(Entry{on, std::move(observer)});
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_entries, [](const std::weak_ptr<Entry> &each) { return each.expired(); });
    m_entries.push_back(entry);
    return entry;
}

void Observers::deliver(const ChangeSet &set, std::vector<Reply> replies)
{
    struct Delivery
    {
        Executor *on;
        std::vector<std::weak_ptr<Entry>> observers;
        std::vector<std::function<void()>> replies;
    };
    std::vector<Delivery> deliveries;       // observers' executors come first
    const auto deliveryOn = [&deliveries](Executor *on) -> Delivery & {
        const auto known = std::find_if(deliveries.begin(), deliveries.end(), [on](const Delivery &each) { return each.on == on; });
        return known != deliveries.end() ? *known : deliveries.emplace_back(Delivery{on, {}, {}});
    };
    if (!set.isEmpty()) {
        const std::lock_guard lock(m_mutex);
        for (const std::weak_ptr<Entry> &entry : m_entries) {
            if (const std::shared_ptr<Entry> alive = entry.lock())
                deliveryOn(alive->on).observers.push_back(entry);
        }
    }
    for (Reply &reply : replies)
        deliveryOn(reply.first).replies.push_back(std::move(reply.second));
    for (Delivery &delivery : deliveries) {
        Executor *on = delivery.on;
        auto content = std::make_shared<Delivery>(std::move(delivery));
        on->post([content, set] {
            for (const std::weak_ptr<Entry> &entry : content->observers) {
                if (const std::shared_ptr<Entry> alive = entry.lock())
                    alive->observer(set);
            }
            for (const std::function<void()> &reply : content->replies)
                reply();
        });
    }
}

} // namespace Tideline
