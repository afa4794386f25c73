// SPDX-License-Identifier: MIT
#include "client/sync/repair_p.h"

#include "client/store/coalescing_p.h"
#include "client/store/storetext_p.h"
#include "client/sync/lane_p.h"

#include <QtCore/QSet>

#include <algorithm>

namespace Tideline {

using Operation = OutboxEntry::Operation;
using EntryState = OutboxEntry::State;
using End = WriteTransaction::End;
using Entries = QList<OutboxEntry>;
using Values = RejectedMutation::Values;

bool operator==(const RejectedMutation &a, const RejectedMutation &b)
{
    return a.mutation == b.mutation && a.model == b.model && a.key == b.key && a.operation == b.operation && a.base == b.base
        && a.mine == b.mine && a.theirs.isNull() == b.theirs.isNull() && a.theirs == b.theirs
        && a.theirs.metadata() == b.theirs.metadata() && a.error == b.error && a.createdAt == b.createdAt
        && a.attempts == b.attempts && a.waiting == b.waiting;
}

// ---- what waits for what ----

namespace {

struct Dependent
{
    OutboxEntry entry;                                  // makes its record refer to the parent
    QList<int> fields;                                  // of the reference
    Record row;                                         // null: removed since then
    bool hangs = false;                                 // the row refers to the parent still
};

bool changesOneOf(const OutboxEntry &entry, const std::vector<int> &fields)
{
    return std::any_of(fields.begin(), fields.end(), [&entry](int field) { return Lane::changes(entry, field); });
}

bool isLive(const Record &record)
{
    return record && !record.metadata().deleted;
}

QList<OutboxEntry> behind(const QList<OutboxEntry> &lane, qint64 sequence)
{
    QList<OutboxEntry> later;
    std::copy_if(lane.begin(), lane.end(), std::back_inserter(later), [sequence](const OutboxEntry &entry) { return entry.sequence > sequence; });
    return later;
}

/* All that hangs on a record which the backend never had is in the outbox: a create, or an edit that refers to it. */
Result<QList<Dependent>> dependentsOf(ReadTransaction &transaction, const Dependencies &dependencies, const ModelType &model, const QString &key)
{
    const Result<QList<OutboxEntry>> entries = transaction.outboxMentioning(model, key);
    if (!entries)
        return entries.error();
    QList<Dependent> dependents;
    for (const OutboxEntry &entry : *entries) {
        for (const Dependencies::ForeignKey &foreignKey : dependencies.foreignKeys(*entry.model)) {
            if (foreignKey.parent.get() != &model || !changesOneOf(entry, foreignKey.fields))
                continue;
            const Result<Record> row = transaction.find(entry.model, entry.key);
            if (!row)
                return row.error();
            Record then = *row ? *row : Record(entry.model);
            for (const auto &[field, value] : entry.changes)
                then.setValue(field, value);
            if (Dependencies::parentKey(then, foreignKey) != key)
                continue;
            const bool hangs = *row && Dependencies::parentKey(*row, foreignKey) == key;
            dependents.append({entry, QList<int>(foreignKey.fields.begin(), foreignKey.fields.end()), *row, hangs});
        }
    }
    return dependents;
}

/* At all depths, each record once, those with changes that would be lost without their parent. */
Result<QList<Dependent>> allThatHangs(ReadTransaction &transaction, const Dependencies &dependencies, const OutboxEntry &create)
{
    QList<Dependent> all;
    QSet<LaneId> seen{Lane::id(create)};
    for (qsizetype next = -1; next < all.size(); ++next) {
        const OutboxEntry parent = next < 0 ? create : all.at(next).entry;
        if (parent.operation != Operation::Create)
            continue;
        const Result<QList<Dependent>> direct = dependentsOf(transaction, dependencies, *parent.model, parent.key);
        if (!direct)
            return direct;
        for (const Dependent &dependent : *direct) {
            if (dependent.hangs && !seen.contains(Lane::id(dependent.entry))) {
                seen.insert(Lane::id(dependent.entry));
                all.append(dependent);
            }
        }
    }
    return all;
}

Result<int> countWaiting(ReadTransaction &transaction, const Dependencies &dependencies, const OutboxEntry &rejected)
{
    QList<OutboxEntry> heads{rejected};
    if (rejected.operation == Operation::Create && !isLive(rejected.theirs)) {
        const Result<QList<Dependent>> hanging = allThatHangs(transaction, dependencies, rejected);
        if (!hanging)
            return hanging.error();
        for (const Dependent &dependent : *hanging)
            heads.append(dependent.entry);
    }
    qsizetype count = heads.size() - 1;
    for (const OutboxEntry &head : std::as_const(heads)) {
        const Result<QList<OutboxEntry>> lane = transaction.lane(*head.model, head.key);
        if (!lane)
            return lane.error();
        count += behind(*lane, head.sequence).size();
    }
    return int(count);
}

} // namespace

// Before others changed it too.
static Values madeFrom(const OutboxEntry &entry)
{
    Values base = entry.base;
    if (entry.error.code() != Error::Code::Conflict)
        return base;
    for (auto &[field, value] : base) {
        for (const OutboxEntry::Contested &contested : entry.contested)
            value = contested.field == field ? contested.base : value;
    }
    return base;
}

Result<QList<RejectedMutation>> Repair::list(ReadTransaction &transaction, const Dependencies &dependencies)
{
    const Result<QList<OutboxEntry>> entries = transaction.rejected();
    if (!entries)
        return entries.error();
    QList<RejectedMutation> mutations;
    mutations.reserve(entries->size());
    for (const OutboxEntry &entry : *entries) {
        const Result<int> waiting = countWaiting(transaction, dependencies, entry);
        if (!waiting)
            return waiting.error();
        mutations.append({entry.sequence, entry.model, entry.key, entry.operation, madeFrom(entry), entry.changes, entry.theirs,
                          entry.error.inPhase(Error::Phase::Upload), entry.createdAt, entry.attempts, *waiting});
    }
    return mutations;
}

Result<OutboxEntry> Repair::rejected(qint64 mutation)
{
    const Result<QList<OutboxEntry>> found = m_transaction.outbox(mutation - 1, 1);
    if (!found)
        return found.error();
    if (!found->isEmpty() && found->first().sequence == mutation && found->first().state == EntryState::Rejected)
        return found->first();
    return Error(Error::Code::NotFound, StoreText::tr("There is no rejected mutation %1 any more.").arg(mutation));
}

Result<void> Repair::retry(qint64 mutation)
{
    Result<OutboxEntry> entry = rejected(mutation);
    if (!entry)
        return entry.error();
    sendAnew(*entry);
    if (const Result<void> written = m_transaction.updateEntry(*entry); !written)
        return written;
    return Lane::refreshState(m_transaction, *entry);
}

// ---- discarding ----

Result<QList<Record>> Repair::discard(qint64 mutation, DiscardScope scope)
{
    const Result<OutboxEntry> entry = rejected(mutation);
    if (!entry)
        return entry.error();
    const Result<Entries> lane = m_transaction.lane(*entry->model, entry->key);
    if (!lane)
        return lane.error();
    Result<void> done;
    switch (entry->operation) {
    case Operation::Create:
        done = discardCreate(*entry, behind(*lane, mutation), scope);
        break;
    case Operation::Update:
        done = discardUpdate(*entry, behind(*lane, mutation));
        break;
    case Operation::Delete:
        done = discardDelete(*entry, behind(*lane, mutation));
        break;
    }
    if (!done)
        return done.error();
    const Result<Record> left = m_transaction.find(entry->model, entry->key);
    if (!left)
        return left.error();
    return *left ? QList<Record>{*left} : QList<Record>();
}

Result<void> Repair::forget(const Entries &lane)
{
    for (const OutboxEntry &entry : lane) {
        if (const Result<void> ended = m_transaction.endEntry(entry, End::Discarded); !ended)
            return ended;
    }
    return {};
}

static void setValue(Values &values, int field, const Value &value)
{
    values.removeIf([field](const auto &each) { return each.first == field; });
    if (value.isNull())
        return;
    const auto place = std::find_if(values.begin(), values.end(), [field](const auto &each) { return each.first > field; });
    values.insert(place, {field, value});
}

/* The value that a field has without an earlier mutation goes to the next one that builds on it; false: to the row. */
static bool giveBack(QList<OutboxEntry> &lane, int field, const Value &value)
{
    for (OutboxEntry &entry : lane) {
        if (entry.operation == Operation::Create)
            return true;
        if (entry.operation == Operation::Delete) {
            setValue(entry.base, field, value);
            return true;
        }
        for (auto &[changed, base] : entry.base) {
            if (changed == field) {
                base = value;
                return true;
            }
        }
    }
    return false;
}

static Result<void> giveBack(WriteTransaction &transaction, const OutboxEntry &from, QList<OutboxEntry> &lane, const Values &values)
{
    Result<Record> row = transaction.find(from.model, from.key);
    if (!row)
        return row.error();
    for (const auto &[field, value] : values) {
        if (!giveBack(lane, field, value) && *row)
            row->setValue(field, value);
    }
    for (const OutboxEntry &entry : std::as_const(lane)) {
        if (const Result<void> written = transaction.updateEntry(entry); !written)
            return written;
    }
    return *row ? transaction.put(*row, Origin::Local) : Result<void>();
}

Result<void> Repair::discardUpdate(const OutboxEntry &update, Entries behind)
{
    const Result<void> given = giveBack(m_transaction, update, behind, update.base);
    return given ? forgetEdit(update) : given;
}

Result<void> Repair::forgetEdit(const OutboxEntry &update)
{
    const Result<SyncMetadata> known = Lane::known(m_transaction, *update.model, update.key);
    if (!known)
        return known.error();
    const Result<void> removed = m_transaction.endEntry(update, End::Discarded);
    return removed ? Lane::left(m_transaction, update, *known, Origin::Local) : removed;
}

static Record recordOf(const OutboxEntry &entry, const Values &values)
{
    Record record(entry.model);
    const std::vector<Value> key = keyParts(*entry.model, entry.key);
    for (size_t part = 0; part < key.size(); ++part)
        record.setValue(entry.model->primaryKey[part], key[part]);
    for (const auto &[field, value] : values)
        record.setValue(field, value);
    return record;
}

/* A record made anew after a deletion that does not take place is an edit of the old one. */
static void makeUpdate(OutboxEntry &create, const Record &base)
{
    const Record wanted = recordOf(create, create.changes);
    create.operation = Operation::Update;
    create.baseVersion = base.metadata().version;
    create.changes.clear();
    for (int field = 0; field < int(base.values().size()); ++field) {
        if (create.model->fields[size_t(field)].readOnly || wanted.value(field) == base.value(field))
            continue;
        create.changes.append({field, wanted.value(field)});
        create.base.append({field, base.value(field)});
    }
}

Result<void> Repair::discardDelete(const OutboxEntry &deletion, Entries behind)
{
    const Result<SyncMetadata> known = Lane::known(m_transaction, *deletion.model, deletion.key);
    if (!known)
        return known.error();
    Record record = recordOf(deletion, deletion.base);
    if (const Result<void> ended = m_transaction.endEntry(deletion, End::Discarded); !ended)
        return ended;
    if (known->deleted && known->version > deletion.baseVersion) {      // the backend has deleted it meanwhile
        record.setMetadata(*known);
        if (const Result<void> forgotten = Lane::forgetTombstone(m_transaction, record); !forgotten)
            return forgotten;
        return behind.isEmpty() ? m_transaction.drop(record, Origin::Local) : Lane::refreshState(m_transaction, deletion);
    }
    record.setMetadata({std::max(deletion.baseVersion, known->version), known->lastChangedAt, false});
    if (!behind.isEmpty()) {
        makeUpdate(behind.first(), record);
        const bool same = behind.first().changes.isEmpty();
        const Result<void> written = same ? m_transaction.endEntry(behind.first(), End::Accepted) : m_transaction.updateEntry(behind.first());
        if (!written)
            return written;
        if (same)
            behind.removeFirst();
    }
    if (Lane::deletes(behind))
        return Lane::refreshState(m_transaction, deletion);
    for (const OutboxEntry &entry : std::as_const(behind)) {
        for (const auto &[field, value] : entry.changes)
            record.setValue(field, value);
    }
    record.setState(Lane::state(behind));
    return m_transaction.put(record, Origin::Local);
}

static Error dependentsError(const OutboxEntry &create, const QList<Dependent> &dependents)
{
    QStringList names;
    for (const Dependent &dependent : dependents)
        names.append(dependent.entry.model->name + u' ' + dependent.entry.key);
    return Error(Error::Code::HasDependents, StoreText::tr("%1 \"%2\" cannot be discarded alone: %n other record(s) refer to it and were not sent "
                                                           "either. Discard them too, or let them refer to another one.", nullptr,
                                                           int(dependents.size())).arg(create.model->name, create.key))
        .withModel(create.model->name).withRecord(create.key).withDetail(names.join(u'\n'));
}

/* The record goes, with the edits made on it; what follows a deletion is another record with the same key. */
Result<void> Repair::discardCreate(const OutboxEntry &create, const Entries &behind, DiscardScope scope)
{
    Entries own{create};
    for (qsizetype i = 0; i < behind.size() && own.last().operation != Operation::Delete; ++i)
        own.append(behind.at(i));
    const bool goes = own.size() == behind.size() + 1 && !isLive(create.theirs);
    if (goes && scope == DiscardScope::Mutation) {
        const Result<QList<Dependent>> hanging = allThatHangs(m_transaction, m_dependencies, create);
        if (!hanging)
            return hanging.error();
        if (!hanging->isEmpty())
            return dependentsError(create, *hanging);
    }
    if (const Result<void> forgotten = forget(own); !forgotten)
        return forgotten;
    if (own.size() <= behind.size())
        return succeed(create, behind.at(own.size() - 1));
    Record record = create.theirs ? create.theirs : recordOf(create, {});
    if (const Result<void> forgotten = Lane::forgetTombstone(m_transaction, record); !forgotten)
        return forgotten;
    record.setState(SyncState::Synced);
    const Result<void> shown = goes ? m_transaction.drop(record, Origin::Local) : m_transaction.put(record, Origin::Local);
    return shown && goes ? discardDependents(create) : shown;
}

/* The next one with the same key finds the backend as this one left it. */
Result<void> Repair::succeed(const OutboxEntry &create, OutboxEntry next)
{
    next.theirs = create.theirs;
    if (const Result<void> written = m_transaction.updateEntry(next); !written)
        return written;
    return Lane::refreshState(m_transaction, next);
}

Result<void> Repair::discardDependents(const OutboxEntry &create)
{
    const Result<QList<Dependent>> dependents = dependentsOf(m_transaction, m_dependencies, *create.model, create.key);
    if (!dependents)
        return dependents.error();
    for (const Dependent &dependent : *dependents) {
        const OutboxEntry &entry = dependent.entry;
        const Result<Entries> lane = m_transaction.lane(*entry.model, entry.key);
        if (!lane)
            return lane.error();
        const auto current = std::find_if(lane->begin(), lane->end(), [&](const OutboxEntry &each) { return each.sequence == entry.sequence; });
        if (current == lane->end() || current->state == EntryState::Sending)
            continue;
        const bool ends = dependent.hangs && entry.operation == Operation::Create;
        const Result<void> done = ends ? discardCreate(*current, behind(*lane, entry.sequence), DiscardScope::WithDependents)
                                       : letGo(*current, dependent.fields, behind(*lane, entry.sequence));
        if (!done)
            return done;
    }
    return {};
}

/* The record stays, without its reference: an edit gives it back, a create takes the one that the record has now. */
Result<void> Repair::letGo(OutboxEntry entry, const QList<int> &reference, Entries behind)
{
    Values given;
    if (entry.operation == Operation::Create) {
        const Result<Record> row = m_transaction.find(entry.model, entry.key);
        if (!row)
            return row.error();
        for (const int field : reference)
            setValue(entry.changes, field, row->value(field));
    } else {
        for (const int field : reference) {
            if (const std::optional<Value> base = Lane::valueOf(entry.base, field))
                given.append({field, *base});
        }
        const auto isReference = [&reference](const auto &value) { return reference.contains(value.first); };
        entry.changes.removeIf(isReference);
        entry.base.removeIf(isReference);
    }
    if (const Result<void> done = giveBack(m_transaction, entry, behind, given); !done)
        return done;
    if (!Lane::hasArrived(entry)) {
        const Result<void> written = m_transaction.updateEntry(entry);
        return written ? Lane::refreshState(m_transaction, entry) : written;
    }
    return forgetEdit(entry);
}

} // namespace Tideline
