// SPDX-License-Identifier: MIT
#include "client/sync/claim_p.h"

#include <algorithm>
#include <iterator>

namespace Tideline {

using Operation = OutboxEntry::Operation;
using EntryState = OutboxEntry::State;

Result<Claim::Outcome> Claim::take(int capacity)
{
    if (capacity <= 0)
        return m_outcome;
    const Result<void> walked = m_transaction.walkOutbox([this, capacity](const OutboxEntry &outline, bool isFirst) -> Result<bool> {
        const Result<void> considered = consider(outline, isFirst);
        return considered ? Result<bool>(m_outcome.entries.size() < capacity) : Result<bool>(considered.error());
    });
    const Result<void> shown = walked ? showSending() : walked;
    return shown ? Result<Outcome>(std::move(m_outcome)) : Result<Outcome>(shown.error());
}

Result<void> Claim::showSending()
{
    QHash<std::shared_ptr<const ModelType>, QStringList> keys;
    for (const OutboxEntry &entry : std::as_const(m_outcome.entries))
        keys[entry.model].append(entry.key);
    for (auto each = keys.cbegin(); each != keys.cend(); ++each) {
        if (const Result<void> read = m_transaction.readAhead(each.key(), each.value()); !read)
            return read;
    }
    for (const OutboxEntry &entry : std::as_const(m_outcome.entries)) {
        // nothing behind it was tried: only a first entry can be refused
        if (const Result<void> shown = Lane::showState(m_transaction, entry, SyncState::Sending); !shown)
            return shown;
    }
    return {};
}

/* Of the outline only what walkOutbox() promises counts. */
Result<void> Claim::consider(const OutboxEntry &outline, bool isFirst)
{
    const bool isRejected = outline.state == EntryState::Rejected;
    m_outcome.isEmpty = m_outcome.isEmpty && isRejected;
    if (outline.operation == Operation::Create && !isRejected)
        m_creates.insert(outline.sequence);
    const bool mayGo = isFirst && outline.state == EntryState::Waiting && !isStillBlocked(outline) && !m_held.contains(Lane::id(outline));
    const bool keepsParents = outline.operation == Operation::Delete && !m_transaction.hasRejected(*outline.model, outline.key);
    if (!mayGo && !keepsParents)
        return {};
    const Result<std::optional<OutboxEntry>> entry = m_transaction.outboxEntry(outline.sequence);
    if (!entry)
        return entry.error();
    const Result<bool> waits = mayGo ? mustWait(**entry) : Result<bool>(true);
    if (!waits)
        return waits.error();
    if (!*waits) {
        if (const Result<void> marked = mark(**entry); !marked)
            return marked;
    }
    if (keepsParents)
        noteParents(**entry);
    return {};
}

bool Claim::isStillBlocked(const OutboxEntry &outline)
{
    const auto known = m_outcome.blocked.constFind(outline.sequence);
    if (known == m_outcome.blocked.cend())
        return false;
    if (m_creates.contains(*known))
        return true;
    m_outcome.blocked.erase(known);
    return false;
}

/*
    A key that belonged to a deleted record is taken for as long as the backend remembers that. One that gives it back wants to see
    that the deletion is known, which is not said again when an attempt may have arrived: the record may have been deleted since.
*/
Result<qint64> Claim::tombstoneOf(OutboxEntry &entry)
{
    if (entry.operation != Operation::Create || Lane::mayHaveArrived(entry))
        return 0;
    if (entry.theirs.isNull() && m_transaction.mayHaveTombstone(*entry.model)) {
        const Result<SyncMetadata> known = m_transaction.metadata(*entry.model, entry.key);
        if (!known)
            return known.error();
        if (known->deleted) {
            entry.theirs = Lane::keyed(entry);
            entry.theirs.setMetadata(*known);
        }
    }
    return entry.theirs && entry.theirs.metadata().deleted ? entry.theirs.metadata().version : 0;
}

Result<void> Claim::mark(OutboxEntry entry)
{
    const Result<qint64> tombstone = tombstoneOf(entry);
    if (!tombstone)
        return tombstone.error();
    entry.state = EntryState::Sending;
    ++entry.attempts;
    if (const Result<void> marked = *tombstone > 0 ? m_transaction.updateEntry(entry) : m_transaction.markSending(entry); !marked)
        return marked;
    if (const Result<void> accompanied = accompany(entry); !accompanied)
        return accompanied;
    if (entry.operation == Operation::Create)
        entry.baseVersion = *tombstone;
    m_outcome.entries.append(entry);
    return {};
}

// The sort fields of the indexes that it changes: AppSync has several of them as one text and must be told all.
static std::vector<int> companionsOf(const OutboxEntry &entry)
{
    const auto isChanged = [&entry](int field) {
        return std::any_of(entry.changes.begin(), entry.changes.end(), [field](const auto &change) { return change.first == field; });
    };
    std::vector<int> fields;
    for (const Index &index : entry.model->indexes) {
        if (index.fields.size() > 2 && std::any_of(index.fields.begin() + 1, index.fields.end(), isChanged))
            std::remove_copy_if(index.fields.begin() + 1, index.fields.end(), std::back_inserter(fields), isChanged);
    }
    return fields;
}

Result<void> Claim::accompany(OutboxEntry &entry)
{
    const std::vector<int> fields = entry.operation == Operation::Update ? companionsOf(entry) : std::vector<int>();
    if (fields.empty())
        return {};
    const Result<Record> found = m_transaction.find(entry.model, entry.key);
    if (!found)
        return found.error();
    const Result<QList<OutboxEntry>> lane = m_transaction.lane(*entry.model, entry.key);
    if (!lane)
        return lane.error();
    Record row = found->isNull() ? Record(entry.model) : *found;
    for (auto later = lane->crbegin(); later != lane->crend() && later->sequence != entry.sequence; ++later) {
        for (const auto &[field, value] : later->base)
            row.setValue(field, value);         // without what is to come
    }
    for (const int field : fields)
        entry.companions.emplaceBack(field, row.value(field));
    return {};
}

Result<bool> Claim::mustWait(const OutboxEntry &entry)
{
    if (entry.operation == Operation::Delete)
        return m_keptByChildren.contains(Lane::id(entry));
    const Result<QList<OutboxEntry>> creates = createsBefore(entry);
    if (!creates)
        return creates.error();
    for (const OutboxEntry &create : *creates) {
        if (create.sequence < entry.sequence) {
            m_outcome.blocked.insert(entry.sequence, create.sequence);
            return true;
        }
        // In a circle of records that refer to each other the older one goes first.
        QSet<qint64> visited;
        const Result<bool> circle = leadsTo(create, entry, visited);
        if (!circle || !*circle)
            return circle ? Result<bool>(true) : circle;
    }
    return false;
}

/* The base of a Delete is the row as it was. Children are earlier in the outbox: nothing can wait in a circle. */
void Claim::noteParents(const OutboxEntry &deletion)
{
    Record row(deletion.model);
    for (const auto &[field, value] : deletion.base)
        row.setValue(field, value);
    for (const Dependencies::ForeignKey &foreignKey : m_dependencies.foreignKeys(*deletion.model)) {
        if (const QString key = Dependencies::parentKey(row, foreignKey); !key.isEmpty())
            m_keptByChildren.insert({foreignKey.parent->name, key});
    }
}

// The key of the parent that the entry gives its record; empty: it leaves that alone, or there is none.
Result<QString> Claim::parentOf(const OutboxEntry &entry, const Dependencies::ForeignKey &foreignKey)
{
    const auto changed = [&entry](int field) { return Lane::changes(entry, field); };
    if (std::none_of(foreignKey.fields.begin(), foreignKey.fields.end(), changed))
        return QString();
    Record row(entry.model);
    if (!std::all_of(foreignKey.fields.begin(), foreignKey.fields.end(), changed)) {
        const Result<Record> found = m_transaction.find(entry.model, entry.key);
        if (!found)
            return found.error();
        row = found->isNull() ? row : *found;
    }
    for (const auto &[field, value] : entry.changes)
        row.setValue(field, value);
    return Dependencies::parentKey(row, foreignKey);
}

Result<QList<OutboxEntry>> Claim::laneOf(const ModelType &model, const QString &key)
{
    const LaneId id{model.name, key};
    if (const auto known = m_parents.constFind(id); known != m_parents.cend())
        return *known;
    const Result<QList<OutboxEntry>> lane = m_transaction.lane(model, key);
    if (lane)
        m_parents.insert(id, *lane);
    return lane;
}

Result<QList<OutboxEntry>> Claim::createsBefore(const OutboxEntry &entry)
{
    QList<OutboxEntry> creates;
    for (const Dependencies::ForeignKey &foreignKey : m_dependencies.foreignKeys(*entry.model)) {
        const Result<QString> key = parentOf(entry, foreignKey);
        if (!key)
            return key.error();
        if (key->isEmpty() || !m_transaction.hasLane(*foreignKey.parent, *key))
            continue;
        const Result<QList<OutboxEntry>> lane = laneOf(*foreignKey.parent, *key);
        if (!lane)
            return lane.error();
        for (const OutboxEntry &other : *lane) {
            if (other.operation == Operation::Delete && other.sequence > entry.sequence)
                break;                  // the entry needs the record that this removes, not one that follows
            const bool onBackend = other.operation != Operation::Create || (other.theirs && !other.theirs.metadata().deleted);
            if (other.state == EntryState::Rejected && onBackend)
                break;                  // the backend has a record of that key; what is behind goes when the user decides
            if (other.operation == Operation::Create && other.sequence != entry.sequence)
                creates.append(other);
        }
    }
    return creates;
}

Result<bool> Claim::leadsTo(const OutboxEntry &from, const OutboxEntry &to, QSet<qint64> &visited)
{
    if (visited.contains(from.sequence))
        return false;
    visited.insert(from.sequence);
    const Result<QList<OutboxEntry>> creates = createsBefore(from);
    if (!creates)
        return creates.error();
    for (const OutboxEntry &create : *creates) {
        if (create.sequence == to.sequence)
            return true;
        const Result<bool> further = leadsTo(create, to, visited);
        if (!further || *further)
            return further;
    }
    return false;
}

} // namespace Tideline
