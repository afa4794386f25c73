// SPDX-License-Identifier: MIT
#include "client/sync/merger_p.h"

#include "client/sync/deletion_p.h"
#include "client/sync/synctext_p.h"
#include "core/data/json.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QSet>

#include <algorithm>

namespace Tideline {

using Operation = OutboxEntry::Operation;

Merger::Merger(WriteTransaction &transaction, std::shared_ptr<const MergeRules> rules)
    : m_transaction(transaction), m_rules(std::move(rules))
{
}

// Says of the file, not of the row: the next row would fail as well.
static bool isOfTheFile(const Error &error)
{
    return (error.category() == Error::Category::Store && error.code() != Error::Code::StoreFailed) || error.code() == Error::Code::Closed;
}

Result<Merger::Outcome> Merger::merge(const std::vector<RemoteItem> &items, const QString &model)
{
    m_model = model;
    for (const RemoteItem &item : items) {
        if (const Result<void> taken = take(item, model); !taken)
            return taken.error();
    }
    return m_outcome;
}

Result<void> Merger::take(const RemoteItem &item, const QString &model)
{
    Error error = item.error;
    if (!error.isError() && item.record.isNull())
        error = Error(Error::Code::Protocol, SyncText::tr("The backend sent an item without a record.")).withModel(model);
    if (!error.isError())
        error = merge(item.record).error();
    if (error.isError() && isOfTheFile(error))
        return error;
    if (error.isError()) {
        if (const Result<void> kept = putAside(item, model, error); !kept)
            return kept;
    }
    return followRelations();
}

Result<void> Merger::merge(const Record &remote)
{
    if (remote.metadata().version <= 0) {
        return Error(Error::Code::Protocol, SyncText::tr("The backend sent a record of %1 without a version.").arg(remote.model()->name))
            .withModel(remote.model()->name).withRecord(remote.key());
    }
    const Result<Kind> kind = apply(remote);
    if (!kind)
        return kind.error();
    count(*kind, remote);
    return {};
}

void Merger::count(Kind kind, const Record &remote)
{
    const int one = m_model.isEmpty() || remote.model()->name == m_model ? 1 : 0;
    switch (kind) {
    case Kind::Nothing:
    case Kind::Kept:
        return;
    case Kind::Added:
        m_outcome.counts.added += one;
        break;
    case Kind::Updated:
        m_outcome.counts.updated += one;
        break;
    case Kind::Deleted:
        m_outcome.counts.deleted += one;
        break;
    }
    m_outcome.applied.append({remote.model()->name, remote.key(), remote.metadata().version});
}

/*
    A key that was deleted and made anew may count its versions from 1 again, when the backend had
    forgotten the tombstone; there the time of the change decides. Where this device never heard of the deletion,
    the times must be further apart than the clocks of a backend's machines are.
*/
static bool isNewer(const SyncMetadata &remote, const SyncMetadata &known)
{
    constexpr qint64 clocksDiffer = 60'000;     // ms
    if (remote.version > known.version)
        return true;
    if (known.deleted)
        return !remote.deleted && remote.lastChangedAt > known.lastChangedAt;
    return known.version > 0 && remote.lastChangedAt > known.lastChangedAt + clocksDiffer;
}

// Without its version: another scope may bring it back with the same one.
static Result<void> forgetRow(WriteTransaction &transaction, const Record &row)
{
    Record forgotten = row;
    forgotten.setMetadata({});
    return transaction.drop(forgotten);
}

Result<Merger::Kind> Merger::apply(const Record &remote)
{
    const Result<SyncMetadata> known = Lane::known(m_transaction, *remote.model(), remote.key());
    if (!known)
        return known.error();
    const Result<std::optional<QuarantinedRow>> aside = m_transaction.quarantined(*remote.model(), remote.key());
    if (!aside)
        return aside.error();
    const bool waits = *aside && !(*aside)->parentModel.isEmpty();
    if (waits && isNewer((*aside)->metadata, remote.metadata()))
        return Kind::Nothing;
    Result<Kind> kind = Kind::Nothing;
    if (isNewer(remote.metadata(), *known))
        kind = remote.metadata().deleted ? applyDeleted(remote, *known) : applyLive(remote, *known);
    if (!kind || *kind == Kind::Kept || !*aside || isNewer((*aside)->metadata, remote.metadata()))
        return kind;
    const Result<void> done = freed(*remote.model(), remote.key());
    return done ? kind : Result<Kind>(done.error());
}

Result<Merger::Kind> Merger::applyLive(const Record &remote, const SyncMetadata &known)
{
    const bool isNew = known.version == 0 || known.deleted;
    if (m_transaction.hasLane(*remote.model(), remote.key())) {
        const Result<QList<OutboxEntry>> lane = m_transaction.lane(*remote.model(), remote.key());
        if (!lane)
            return lane.error();
        const Result<void> rebased = Lane::rebase(m_transaction, remote, *lane, m_outcome.arrived,
                                                   {m_rules->conflicts(), Lane::Told::ByOthers});
        if (!rebased)
            return rebased.error();
        const Result<bool> evicted = evictOutside(m_transaction, *m_rules, remote.model(), remote.key());
        if (!evicted)
            return evicted.error();
        return *evicted ? Kind::Deleted : Kind::Updated;
    }
    if (m_rules->isOutside(remote)) {
        const Result<Record> row = m_transaction.find(remote.model(), remote.key());
        if (!row || row->isNull())
            return row ? Result<Kind>(Kind::Nothing) : Result<Kind>(row.error());
        const Result<void> dropped = forgetRow(m_transaction, *row);
        return dropped ? Result<Kind>(Kind::Deleted) : Result<Kind>(dropped.error());
    }
    const Result<Missing> missing = missingParent(remote);
    if (!missing)
        return missing.error();
    return missing->parent ? keepWaiting(remote, *missing) : show(remote, isNew);
}

Result<Merger::Kind> Merger::show(const Record &remote, bool isNew)
{
    Record row = remote;
    row.setState(SyncState::Synced);
    if (const Result<void> put = m_transaction.put(row); !put)
        return put.error();
    if (isNew && m_transaction.mayBeAwaited(*remote.model()))
        m_stored.append(remote);
    return isNew ? Kind::Added : Kind::Updated;
}

Result<Merger::Kind> Merger::applyDeleted(const Record &remote, const SyncMetadata &known)
{
    if (m_transaction.hasLane(*remote.model(), remote.key()))
        return dropWithLane(remote);
    const Result<void> dropped = m_transaction.drop(remote);
    if (!dropped)
        return dropped.error();
    if (!m_rules->dependencies().children(*remote.model()).isEmpty())
        m_gone.append(remote);
    return known.version == 0 || known.deleted ? Kind::Nothing : Kind::Deleted;
}

/*
    A Delete that waits at the head has nothing left to do. Edits stay as they are, with their old
    version: the backend will answer them with the tombstone, and that answer decides. Until then the
    row remembers that it is gone there.
*/
Result<Merger::Kind> Merger::dropWithLane(const Record &remote)
{
    const Result<QList<OutboxEntry>> lane = m_transaction.lane(*remote.model(), remote.key());
    if (!lane)
        return lane.error();
    OutboxEntry head = lane->value(0);
    if (head.operation != Operation::Delete || head.state == OutboxEntry::State::Sending) {
        if (head.state == OutboxEntry::State::Undecided)
            head.state = OutboxEntry::State::Waiting;       // nothing to ask: the backend's answer decides
        const bool mayBeLater = head.operation == Operation::Create && head.attempts == head.vain;
        if (head.theirs || head.state == OutboxEntry::State::Rejected || mayBeLater) {
            head.theirs = remote;
            if (const Result<void> noted = m_transaction.updateEntry(head); !noted)
                return noted.error();
        }
        const Result<void> kept = Lane::rememberTombstone(m_transaction, remote);
        return kept ? Result<Kind>(Kind::Nothing) : Result<Kind>(kept.error());
    }
    if (const Result<void> removed = m_transaction.endEntry(head, WriteTransaction::End::Accepted); !removed)
        return removed.error();
    m_outcome.arrived.append(head);
    m_outcome.arrived.last().baseVersion = remote.metadata().version;
    if (lane->size() > 1) {             // made anew here
        const Result<void> noted = Deletion::precede(m_transaction, lane->at(1), remote);
        return noted ? Result<Kind>(Kind::Nothing) : Result<Kind>(noted.error());
    }
    if (const Result<void> dropped = m_transaction.drop(remote); !dropped)
        return dropped.error();
    return Kind::Nothing;               // the row had gone with the user's delete
}

// ---- what is outside of the scope ----

static bool mayBeEvicted(const WriteTransaction &transaction, const Record &row)
{
    return row.metadata().version > 0 && !transaction.hasLane(*row.model(), row.key());
}

Result<bool> Merger::evictOutside(WriteTransaction &transaction, const MergeRules &rules, const std::shared_ptr<const ModelType> &model,
                                  const QString &key)
{
    if (!rules.hasScope(model->name) || transaction.hasLane(*model, key))
        return false;
    const Result<Record> row = transaction.find(model, key);
    if (!row)
        return row.error();
    if (row->isNull() || !rules.isOutside(*row) || !mayBeEvicted(transaction, *row))
        return false;
    const Result<void> dropped = forgetRow(transaction, *row);
    return dropped ? Result<bool>(true) : Result<bool>(dropped.error());
}

Result<Merger::Evicted> Merger::evict(WriteTransaction &transaction, const std::shared_ptr<const ModelType> &model,
                                      const Predicate &scope, int offset, int limit)
{
    Query query;
    query.model = model;
    query.where = Predicate::negation(scope);
    query.offset = offset;
    query.limit = limit;
    const Result<QList<Record>> rows = transaction.query(query);
    if (!rows)
        return rows.error();
    Evicted evicted{int(rows->size()), 0};
    for (const Record &row : *rows) {
        if (!mayBeEvicted(transaction, row))
            continue;
        if (const Result<void> dropped = forgetRow(transaction, row); !dropped)
            return dropped.error();
        ++evicted.dropped;
    }
    return evicted;
}

// ---- what a base sync did not bring ----

static bool mayVanish(const Record &row, qint64 startedAt)
{
    return isSettled(row.state()) && row.metadata().lastChangedAt < startedAt;
}

static Result<void> appendVanishedRows(ReadTransaction &transaction, const std::shared_ptr<const ModelType> &model,
                                       const QSet<size_t> &seen, qint64 startedAt, QStringList &keys)
{
    Query query;
    query.model = model;
    query.limit = 1000;
    for (;;) {
        const Result<QList<Record>> rows = transaction.query(query);
        if (!rows)
            return rows.error();
        for (const Record &row : *rows) {
            const QString key = row.key();
            if (mayVanish(row, startedAt) && !seen.contains(qHash(key)))
                keys.append(key);
        }
        if (rows->size() < query.limit)
            return {};
        query.offset += query.limit;
    }
}

Result<QStringList> Merger::vanished(ReadTransaction &transaction, const std::shared_ptr<const ModelType> &model,
                                     const QSet<size_t> &seen, qint64 startedAt)
{
    QStringList keys;
    if (const Result<void> read = appendVanishedRows(transaction, model, seen, startedAt, keys); !read)
        return read.error();
    const Result<QList<QuarantinedRow>> aside = transaction.quarantined(model->name);
    if (!aside)
        return aside.error();
    for (const QuarantinedRow &row : *aside) {
        if (row.metadata.lastChangedAt < startedAt && !seen.contains(qHash(row.key)) && !keys.contains(row.key))
            keys.append(row.key);
    }
    return keys;
}

Result<int> Merger::dropVanished(const std::shared_ptr<const ModelType> &model, const QStringList &keys, qint64 startedAt)
{
    int count = 0;
    for (const QString &key : keys) {
        const Result<std::optional<QuarantinedRow>> aside = m_transaction.quarantined(*model, key);
        if (!aside)
            return aside.error();
        if (*aside && (*aside)->metadata.lastChangedAt < startedAt) {
            if (const Result<bool> forgotten = m_transaction.unquarantine(model->name, key); !forgotten)
                return forgotten.error();
        }
        if (keyParts(*model, key).size() != model->primaryKey.size())
            continue;                           // kept aside without a key
        const Result<Record> row = m_transaction.find(model, key);
        if (!row)
            return row.error();
        if (row->isNull() || !mayVanish(*row, startedAt) || m_transaction.hasLane(*model, key))
            continue;
        Record forgotten = *row;
        forgotten.setMetadata({});              // it may come back with any version
        if (const Result<void> dropped = m_transaction.drop(forgotten); !dropped)
            return dropped.error();
        m_gone.append(*row);
        ++count;
    }
    const Result<void> followed = followRelations();
    return followed ? Result<int>(count) : Result<int>(followed.error());
}

// ---- what waits for its parent ----

Result<Merger::Missing> Merger::missingParent(const Record &record)
{
    const QList<Dependencies::ForeignKey> &foreignKeys = m_rules->dependencies().foreignKeys(*record.model());
    for (const Dependencies::ForeignKey &foreignKey : foreignKeys) {
        const ModelType &parent = *foreignKey.parent;
        const bool comes = foreignKey.required && m_rules->isWhole(parent);
        const bool mayBeGone = foreignKey.owned && (m_transaction.mayHaveTombstone(parent) || m_transaction.mayBeQuarantined(parent));
        if (!comes && !mayBeGone)
            continue;
        const QString key = Dependencies::parentKey(record, foreignKey);
        if (key.isEmpty() || (foreignKey.parent == record.model() && key == record.key()))
            continue;
        const Result<bool> stored = m_transaction.exists(parent, key);
        if (!stored)
            return stored.error();
        if (*stored)
            continue;
        const Result<bool> gone = isGone(foreignKey.parent, key, record);
        if (!gone)
            return gone.error();
        if (comes || (foreignKey.owned && *gone))
            return Missing{foreignKey.parent, key, *gone};
    }
    return Missing();
}

/* Up the chain of what waits; a circle that leads back to the child must not keep all of it aside. */
Result<bool> Merger::isGone(std::shared_ptr<const ModelType> parent, QString key, const Record &child)
{
    QSet<LaneId> seen{{child.model()->name, child.key()}};
    bool gone = false;
    while (parent && !seen.contains({parent->name, key})) {
        const Result<SyncMetadata> known = m_transaction.metadata(*parent, key);
        if (!known)
            return known.error();
        if (known->deleted)
            return true;
        const Result<std::optional<QuarantinedRow>> aside = m_transaction.quarantined(*parent, key);
        if (!aside)
            return aside.error();
        if (!*aside || (*aside)->parentModel.isEmpty())
            return gone;
        gone = true;
        seen.insert({parent->name, key});
        parent = m_transaction.schema().model((*aside)->parentModel);
        key = (*aside)->parentKey;
    }
    return false;
}

static Error missingError(const Record &record, const ModelType &parent, const QString &parentKey, bool gone)
{
    const QString text = gone ? SyncText::tr("%1 \"%2\" belongs to %3 \"%4\", which was deleted.")
                              : SyncText::tr("%1 \"%2\" belongs to %3 \"%4\", which has not come.");
    return Error(Error::Code::MissingParent, text.arg(record.model()->name, record.key(), parent.name, parentKey))
        .withModel(record.model()->name).withRecord(record.key());
}

static QString toText(const QJsonObject &json)
{
    return QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact));
}

Result<Merger::Kind> Merger::keepWaiting(const Record &record, const Missing &missing)
{
    const ModelType &model = *record.model();
    QuarantinedRow row;
    row.model = model.name;
    row.key = record.key();
    row.metadata = record.metadata();
    row.raw = toText(RemoteItem{record, {}, {}}.toJson());
    row.error = missingError(record, *missing.parent, missing.key, missing.gone);
    row.parentModel = missing.parent->name;
    row.parentKey = missing.key;
    row.since = m_transaction.now();
    if (const Result<void> kept = m_transaction.quarantine(row); !kept)
        return kept.error();
    m_outcome.problems.append(row.error);
    const Result<Record> shown = m_transaction.find(record.model(), row.key);
    if (!shown || shown->isNull())
        return shown ? Result<Kind>(Kind::Kept) : Result<Kind>(shown.error());
    Record without = *shown;
    without.setMetadata({});                // known is what is kept aside
    if (const Result<void> dropped = m_transaction.drop(without); !dropped)
        return dropped.error();
    m_gone.append(*shown);
    return Kind::Kept;
}

/* Until nothing follows from anything any more. One record at a time: a chain of records may be long. */
Result<void> Merger::followRelations()
{
    while (!m_stored.isEmpty() || !m_gone.isEmpty()) {
        if (!m_gone.isEmpty()) {
            if (const Result<void> kept = keepChildrenAside(m_gone.takeFirst()); !kept)
                return kept;
            continue;
        }
        const Record parent = m_stored.takeFirst();
        const Result<QList<QuarantinedRow>> waiting = m_transaction.waitingFor(*parent.model(), parent.key());
        if (!waiting)
            return waiting.error();
        for (const QuarantinedRow &row : *waiting) {
            if (const Result<void> tried = retryRow(row); !tried)
                return tried;
        }
    }
    return {};
}

Result<void> Merger::keepChildrenAside(const Record &parent)
{
    const Result<bool> back = m_transaction.exists(*parent.model(), parent.key());
    if (!back || *back)
        return back.error();
    for (const Dependencies::Child &child : m_rules->dependencies().children(*parent.model())) {
        if (const Result<void> kept = keepChildrenAside(parent, child); !kept)
            return kept;
    }
    return {};
}

Result<void> Merger::keepChildrenAside(const Record &parent, const Dependencies::Child &child)
{
    const Dependencies::ForeignKey &foreignKey = m_rules->dependencies().foreignKeys(*child.model).at(child.foreignKey);
    const std::vector<Value> key = keyParts(*parent.model(), parent.key());
    QList<Predicate> conditions;
    for (size_t part = 0; part < key.size(); ++part)
        conditions.append(Predicate::compare(child.model->fields[size_t(foreignKey.fields[part])].name, Predicate::Operator::Eq, {key[part]}));
    const Result<QList<Record>> rows = m_transaction.query({child.model, Predicate::allOf(conditions), {}, -1, 0});
    if (!rows)
        return rows.error();
    for (const Record &row : *rows) {
        if (m_transaction.hasLane(*child.model, row.key()) || row.metadata().version == 0)
            continue;
        const Result<Missing> missing = missingParent(row);
        if (!missing)
            return missing.error();
        if (!missing->parent)
            continue;
        if (const Result<Kind> kept = keepWaiting(row, *missing); !kept)
            return kept.error();
    }
    return {};
}

// ---- what cannot be applied ----

Result<void> Merger::putAside(const RemoteItem &item, const QString &model, const Error &error)
{
    QuarantinedRow row;
    row.model = item.record ? item.record.model()->name : item.error.model().isEmpty() ? model : item.error.model();
    row.key = item.key();
    row.metadata = item.metadata();
    row.raw = toText(item.toJson());
    row.error = error.model().isEmpty() ? error.withModel(model) : error;
    row.since = m_transaction.now();
    const std::shared_ptr<const ModelType> type = m_transaction.schema().model(row.model);
    if (type && row.metadata.version > 0) {
        const Result<SyncMetadata> known = Lane::known(m_transaction, *type, row.key);
        const Result<std::optional<QuarantinedRow>> aside = m_transaction.quarantined(*type, row.key);
        if (!known || !aside)
            return !known ? known.error() : aside.error();
        if (!isNewer(row.metadata, *known) || (*aside && isNewer((*aside)->metadata, row.metadata)))
            return {};                          // old news
    }
    m_outcome.problems.append(row.error);
    return m_transaction.quarantine(row);
}

Result<void> Merger::freed(const ModelType &model, const QString &key)
{
    const Result<bool> forgotten = m_transaction.unquarantine(model.name, key);
    m_outcome.problems.removeIf([&](const Error &problem) { return problem.record() == key && problem.model() == model.name; });
    return forgotten ? Result<void>() : Result<void>(forgotten.error());
}

Result<void> Merger::forgetOutdated(WriteTransaction &transaction, const ModelType &model, const QString &key)
{
    const Result<std::optional<QuarantinedRow>> aside = transaction.quarantined(model, key);
    if (!aside || !*aside)
        return aside.error();
    const Result<SyncMetadata> known = Lane::known(transaction, model, key);
    if (!known || isNewer((*aside)->metadata, *known))
        return known.error();
    return transaction.unquarantine(model.name, key).error();
}

// ---- another try ----

Result<void> Merger::retryRow(const QuarantinedRow &row)
{
    const std::shared_ptr<const ModelType> model = m_transaction.schema().model(row.model);
    if (!model)
        return {};
    const RemoteItem item = RemoteItem::fromJson(m_transaction.schema(), model, parseJson(row.raw.toUtf8()).object());
    Error error = item.error;
    if (!error.isError())
        error = merge(item.record).error();
    if (!error.isError() || isOfTheFile(error))
        return error;
    QuarantinedRow kept = row;                  // under the key that it has, with the reason that it has now
    kept.error = error;
    kept.parentModel.clear();
    kept.parentKey.clear();
    m_outcome.problems.append(error);
    return kept == row ? Result<void>() : m_transaction.quarantine(kept);
}

Result<Merger::Outcome> Merger::follow(const QList<Record> &stored, const QList<Record> &gone)
{
    m_stored = stored;
    m_gone = gone;
    const Result<void> followed = followRelations();
    return followed ? Result<Outcome>(m_outcome) : Result<Outcome>(followed.error());
}

Result<Merger::Outcome> Merger::retryAll()
{
    const Result<QList<QuarantinedRow>> rows = m_transaction.quarantined();
    if (!rows)
        return rows.error();
    for (const QuarantinedRow &row : *rows) {
        Result<void> tried = retryRow(row);
        if (tried)
            tried = followRelations();
        if (!tried)
            return tried.error();
    }
    return m_outcome;
}

Result<void> Merger::retry(const QString &model, const QString &key)
{
    const std::shared_ptr<const ModelType> type = m_transaction.schema().model(model);
    const Result<QList<QuarantinedRow>> rows = m_transaction.quarantined(model);
    if (!rows)
        return rows.error();
    const auto row = std::find_if(rows->begin(), rows->end(), [&key](const QuarantinedRow &each) { return each.key == key; });
    if (row == rows->end())
        return Error(Error::Code::NotFound, SyncText::tr("No %1 \"%2\" is kept aside any more.").arg(model, key)).withModel(model).withRecord(key);
    if (!type)
        return row->error;
    Result<void> tried = retryRow(*row);
    if (tried)
        tried = followRelations();
    const Result<std::optional<QuarantinedRow>> left = m_transaction.quarantined(*type, key);
    if (!tried || !left)
        return !tried ? tried.error() : left.error();
    return *left ? (*left)->error : Error();
}

} // namespace Tideline
