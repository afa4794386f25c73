// SPDX-License-Identifier: MIT
#include "client/store/coalescing_p.h"

#include <algorithm>

namespace Tideline {

using Operation = OutboxEntry::Operation;
using FieldValues = QList<std::pair<int, Value>>;

bool isUntouched(const OutboxEntry &entry)
{
    return entry.state == OutboxEntry::State::Waiting && entry.attempts == 0;
}

static bool isRejected(const OutboxEntry &entry)
{
    return entry.state == OutboxEntry::State::Rejected;
}

// The backend cannot have it, also because it refused the only attempt, nor is another record known in its place.
static bool isKnownNowhere(const OutboxEntry &entry)
{
    return (!entry.theirs || entry.theirs.metadata().deleted) && (isUntouched(entry) || (isRejected(entry) && entry.attempts <= 1));
}

void sendAnew(OutboxEntry &rejected)
{
    rejected.state = OutboxEntry::State::Waiting;
    rejected.error = {};
    rejected.attempts = std::max(0, rejected.attempts - 1);
    rejected.vain = std::min(rejected.vain, rejected.attempts);
    rejected.conflicts = 0;
    rejected.contested.clear();         // the user has seen both sides
    if (rejected.operation != Operation::Create)
        rejected.theirs = {};
}

static bool isUnconditional(const OutboxEntry &entry)
{
    return entry.condition.kind() == Predicate::Kind::All;
}

// Whether it lets go of another record, whose deletion may wait behind it.
static bool changesReference(const OutboxEntry &entry)
{
    const std::vector<Relation> &relations = entry.model->relations;
    return std::any_of(relations.begin(), relations.end(), [&entry](const Relation &relation) {
        return relation.kind == Relation::Kind::BelongsTo
            && std::any_of(entry.changes.begin(), entry.changes.end(), [&relation](const std::pair<int, Value> &change) {
                   return std::ranges::find(relation.localFields, change.first) != relation.localFields.end();
               });
    });
}

// Both sorted by field; of a field in both the value of preferred.
static FieldValues merged(const FieldValues &other, const FieldValues &preferred)
{
    FieldValues result;
    result.reserve(other.size() + preferred.size());
    auto a = other.begin();
    auto b = preferred.begin();
    while (a != other.end() || b != preferred.end()) {
        if (b == preferred.end() || (a != other.end() && a->first < b->first)) {
            result.append(*a++);
            continue;
        }
        if (a != other.end() && a->first == b->first)
            ++a;
        result.append(*b++);
    }
    return result;
}

static Coalesced appended(OutboxEntry entry)
{
    Coalesced result;
    result.appended = std::move(entry);
    return result;
}

static void take(OutboxEntry &entry, const OutboxEntry &later)
{
    entry.changes = merged(entry.changes, later.changes);
    if (entry.operation == Operation::Update || !entry.base.isEmpty())
        entry.base = merged(later.base, entry.base);
    if (later.createdAt > std::max(entry.createdAt, entry.editedAt))
        entry.editedAt = later.createdAt;
    for (OutboxEntry::Contested &contested : entry.contested) {
        for (const auto &[field, value] : later.changes)
            contested.mine = field == contested.field ? value : contested.mine;
    }
    entry.yielded.removeIf([&later](int field) {
        return std::any_of(later.changes.begin(), later.changes.end(), [field](const auto &change) { return change.first == field; });
    });
}

static bool isAmendable(const QList<OutboxEntry> &lane)
{
    return !lane.isEmpty() && isRejected(lane.first()) && lane.first().operation != Operation::Delete && isUnconditional(lane.first())
        && std::all_of(lane.begin() + 1, lane.end(), [](const OutboxEntry &entry) {
               return entry.operation == Operation::Update && isUntouched(entry) && isUnconditional(entry);
           });
}

static Coalesced amended(const QList<OutboxEntry> &lane, const OutboxEntry &incoming)
{
    Coalesced result;
    OutboxEntry entry = lane.first();
    for (auto later = lane.begin() + 1; later != lane.end(); ++later) {
        take(entry, *later);
        result.dropped.append(later->sequence);
    }
    take(entry, incoming);
    sendAnew(entry);
    result.changed = std::move(entry);
    result.repairs = true;
    return result;
}

static Coalesced update(const QList<OutboxEntry> &lane, OutboxEntry incoming, bool mayMerge)
{
    if (isUnconditional(incoming) && isAmendable(lane))
        return amended(lane, incoming);
    if (lane.isEmpty() || !mayMerge || !isUntouched(lane.last()) || !isUnconditional(lane.last()) || !isUnconditional(incoming))
        return appended(std::move(incoming));
    OutboxEntry entry = lane.last();
    Q_ASSERT(entry.operation != Operation::Delete);
    take(entry, incoming);
    Coalesced result;
    result.changed = std::move(entry);
    return result;
}

static Coalesced deletion(const QList<OutboxEntry> &lane, OutboxEntry incoming, bool mayForget)
{
    if (!isUnconditional(incoming))
        return appended(std::move(incoming));
    qsizetype begin = lane.size();
    qsizetype created = -1;
    while (begin > 0 && isKnownNowhere(lane[begin - 1])) {
        --begin;
        if (lane[begin].operation == Operation::Create) {
            created = begin;
            break;
        }
    }
    Coalesced result;
    if (created >= 0 && mayForget) {            // born and gone before the backend heard of it
        for (qsizetype i = created; i < lane.size(); ++i)
            result.dropped.append(lane[i].sequence);
        return result;
    }
    for (qsizetype i = lane.size(); i > begin; --i) {
        const OutboxEntry &entry = lane[i - 1];
        if (entry.operation != Operation::Update || !isUnconditional(entry) || changesReference(entry))
            break;
        result.dropped.prepend(entry.sequence);
        incoming.base = merged(incoming.base, entry.base);
        incoming.baseVersion = entry.baseVersion;
    }
    result.appended = std::move(incoming);
    return result;
}

Coalesced coalesce(const QList<OutboxEntry> &lane, OutboxEntry incoming, bool mayMerge)
{
    switch (incoming.operation) {
    case Operation::Create:
        return appended(std::move(incoming));
    case Operation::Update:
        return update(lane, std::move(incoming), mayMerge);
    case Operation::Delete:
        return deletion(lane, std::move(incoming), mayMerge);
    }
    return {};
}

} // namespace Tideline
