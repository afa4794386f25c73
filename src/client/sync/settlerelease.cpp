// SPDX-License-Identifier: MIT
// What becomes of an attempt that got no answer.
#include "client/sync/settle_p.h"

#include <algorithm>

namespace Tideline {

using EntryState = OutboxEntry::State;
using End = WriteTransaction::End;

Result<void> Settler::release(WriteTransaction &transaction, const OutboxEntry &sent, bool counted, QList<OutboxEntry> &arrived,
                              const ConflictRules &rules)
{
    OutboxEntry entry = sent;
    if (entry.state != EntryState::Undecided)
        entry.state = EntryState::Waiting;
    if (!counted)
        entry.attempts = std::max(0, entry.attempts - 1);
    entry.vain = std::min(entry.vain, entry.attempts);
    const Result<void> outdone = counted ? Lane::dropOutdone(transaction, entry) : Lane::forgetOutdone(transaction, entry);
    if (!outdone)
        return outdone;
    if (!Lane::hasArrived(entry)) {
        const Result<void> written = transaction.updateEntry(entry);
        if (!written || entry.contested.isEmpty() || entry.state == EntryState::Undecided)
            return written ? Lane::refreshState(transaction, entry) : written;
        return decideContested(transaction, entry, arrived, rules);
    }
    arrived.append(entry);
    const Result<SyncMetadata> known = Lane::known(transaction, *entry.model, entry.key);
    if (!known)
        return known.error();
    if (const Result<void> ended = transaction.endEntry(entry, End::Accepted); !ended)
        return ended;
    if (const Result<void> left = Lane::left(transaction, entry, *known); !left)
        return left;
    if (const Result<void> decided = decideBehind(transaction, entry, arrived, rules); !decided)
        return decided;
    return entry.yielded.isEmpty() ? Result<void>() : Lane::showMerged(transaction, entry);
}

/* What stood behind the entry that ended is the first of its lane now. */
Result<void> Settler::decideBehind(WriteTransaction &transaction, const OutboxEntry &ended, QList<OutboxEntry> &arrived, const ConflictRules &rules)
{
    const Result<QList<OutboxEntry>> lane = transaction.lane(*ended.model, ended.key);
    if (!lane)
        return lane.error();
    const OutboxEntry next = lane->value(0);
    const bool waits = next.model && next.state == EntryState::Waiting && !next.contested.isEmpty();
    return waits ? decideContested(transaction, next, arrived, rules) : Result<void>();
}

/* Others changed the record while the entry was under way, and no answer says what came of it. */
Result<void> Settler::decideContested(WriteTransaction &transaction, const OutboxEntry &entry, QList<OutboxEntry> &arrived, const ConflictRules &rules)
{
    const Result<QList<OutboxEntry>> lane = transaction.lane(*entry.model, entry.key);
    const Result<SyncMetadata> known = Lane::known(transaction, *entry.model, entry.key);
    if (!lane || !known)
        return !lane ? lane.error() : known.error();
    if (known->deleted || Lane::deletes(*lane))
        return Lane::refreshState(transaction, entry);
    Result<Record> beneath = Lane::beneath(transaction, entry, *lane);
    if (!beneath || beneath->isNull())
        return beneath.error();
    beneath->setMetadata(*known);
    return Lane::rebase(transaction, *beneath, *lane, arrived, {rules});
}

Result<Settler::Released> Settler::releaseAll(WriteTransaction &transaction, const std::optional<QSet<qint64>> &sent, const ConflictRules &rules)
{
    constexpr int pageSize = 500;
    Released outcome;
    qint64 after = 0;
    for (;;) {
        const Result<QList<OutboxEntry>> page = transaction.outbox(after, pageSize);
        if (!page)
            return page.error();
        for (const OutboxEntry &entry : *page) {
            const qsizetype before = outcome.arrived.size();
            if (entry.state == EntryState::Sending) {
                const bool counted = !sent || sent->contains(entry.sequence);
                if (const Result<void> released = release(transaction, entry, counted, outcome.arrived, rules); !released)
                    return released.error();
            }
            const bool ended = outcome.arrived.size() > before;
            outcome.isEmpty = outcome.isEmpty && (ended || entry.state == EntryState::Rejected);
        }
        if (page->size() < pageSize)
            return outcome;
        after = page->last().sequence;
    }
}

} // namespace Tideline
