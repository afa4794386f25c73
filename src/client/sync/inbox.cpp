// SPDX-License-Identifier: MIT
#include "client/sync/inbox_p.h"

namespace Tideline {

constexpr size_t itemsPerTransaction = 500;

Inbox::Inbox(std::shared_ptr<const SyncContext> context, Callbacks callbacks)
    : m_context(std::move(context)), m_callbacks(std::move(callbacks))
{
}

void Inbox::cut()
{
    m_alive.reset();
}

void Inbox::open()
{
    m_open = true;
    mergeNext();
}

void Inbox::hold(const QSet<QString> &models)
{
    m_held = models;
    mergeNext();
}

bool Inbox::isHeld(const RemoteItem &item) const
{
    return !m_held.isEmpty() && m_held.contains(item.record.isNull() ? item.error.model() : item.record.model()->name);
}

void Inbox::receive(const RemoteItem &item)
{
    if (!m_alive)
        return;
    if (!item.record.isNull()) {
        const LaneId id{item.record.model()->name, item.record.key()};
        const auto waiting = m_waiting.constFind(id);
        if (waiting != m_waiting.cend()) {
            RemoteItem &older = m_items[*waiting];
            if (older.record.metadata().version < item.record.metadata().version)
                older = item;
            return;
        }
        m_waiting.insert(id, m_items.size());
    }
    m_items.push_back(item);
    mergeNext();
}

void Inbox::mergeNext()
{
    if (!m_alive || !m_open || m_merging || m_items.empty())
        return;
    auto batch = std::make_shared<std::vector<RemoteItem>>();
    std::vector<RemoteItem> left;
    for (RemoteItem &item : m_items)
        (batch->size() < itemsPerTransaction && !isHeld(item) ? *batch : left).push_back(std::move(item));
    m_items.swap(left);
    m_waiting.clear();
    for (size_t i = 0; i < m_items.size(); ++i) {
        if (!m_items[i].record.isNull())
            m_waiting.insert({m_items[i].record.model()->name, m_items[i].record.key()}, i);
    }
    if (batch->empty())
        return;
    m_merging = true;
    m_context->store->write<Merger::Outcome>(
        m_alive,
        [batch, rules = m_context->rules()](WriteTransaction &transaction) { return Merger(transaction, rules).merge(*batch); },
        [this](const Result<Merger::Outcome> &outcome) {
            m_merging = false;
            if (outcome) {
                merged(*outcome);
            } else {
                cut();
                m_callbacks.failed(outcome.error());
            }
        });
}

void Inbox::merged(const Merger::Outcome &outcome)
{
    for (const Merger::Applied &applied : outcome.applied)
        m_context->events->subscriptionDataProcessed(applied.model, applied.key, applied.version);
    for (const Error &problem : outcome.problems)
        m_context->events->nonApplicableDataReceived(problem.model(), problem);
    m_context->events->outboxMutationsArrived(outcome.arrived);
    if (outcome.touchesLanes)
        m_callbacks.lanesChanged();
    mergeNext();
}

} // namespace Tideline
