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
    if (m_items.size() <= itemsPerTransaction) {
        batch->swap(m_items);
    } else {
        const auto end = m_items.begin() + itemsPerTransaction;
        batch->assign(m_items.begin(), end);
        m_items.erase(m_items.begin(), end);
    }
    m_waiting.clear();
    for (size_t i = 0; i < m_items.size(); ++i) {
        if (!m_items[i].record.isNull())
            m_waiting.insert({m_items[i].record.model()->name, m_items[i].record.key()}, i);
    }
    m_merging = true;
    m_context->store->write<Merger::Outcome>(
        m_alive,
        [batch, rules = m_context->rules](WriteTransaction &transaction) { return Merger(transaction, rules).merge(*batch); },
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
    if (!outcome.arrived.isEmpty())
        m_callbacks.lanesChanged();
    mergeNext();
}

} // namespace Tideline
