// SPDX-License-Identifier: MIT
#include "client/sync/merger_p.h"

#include "client/sync/synctext_p.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

#include <algorithm>

namespace Tideline {

using namespace Qt::StringLiterals;
using Operation = OutboxEntry::Operation;

Merger::Merger(WriteTransaction &transaction, std::shared_ptr<const BoundScopes> scopes)
    : m_transaction(transaction), m_scopes(std::move(scopes))
{
}

// Says of the file, not of the row: the next row would fail as well.
static bool isOfTheFile(const Error &error)
{
    return (error.category() == Error::Category::Store && error.code() != Error::Code::StoreFailed) || error.code() == Error::Code::Closed;
}

Result<Merger::Outcome> Merger::merge(const std::vector<RemoteItem> &items, const QString &model)
{
    if (const Result<void> loaded = loadAside(); !loaded)
        return loaded.error();
    for (const RemoteItem &item : items) {
        Error error = item.error;
        if (!error.isError() && item.record.isNull())
            error = Error(Error::Code::Protocol, SyncText::tr("The backend sent an item without a record.")).withModel(model);
        if (!error.isError())
            error = merge(item.record).error();
        if (!error.isError())
            continue;
        if (isOfTheFile(error))
            return error;
        if (const Result<void> kept = putAside(item, model, error); !kept)
            return kept.error();
    }
    if (const Result<void> stored = storeAside(); !stored)
        return stored.error();
    return m_outcome;
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
    return forgetAside(remote);
}

void Merger::count(Kind kind, const Record &remote)
{
    switch (kind) {
    case Kind::Nothing:
        return;
    case Kind::Added:
        ++m_outcome.counts.added;
        break;
    case Kind::Updated:
        ++m_outcome.counts.updated;
        break;
    case Kind::Deleted:
        ++m_outcome.counts.deleted;
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

Result<Merger::Kind> Merger::apply(const Record &remote)
{
    const Result<SyncMetadata> known = Lane::known(m_transaction, *remote.model(), remote.key());
    if (!known)
        return known.error();
    if (!isNewer(remote.metadata(), *known))
        return Kind::Nothing;
    return remote.metadata().deleted ? applyDeleted(remote, *known) : applyLive(remote, *known);
}

bool Merger::isOutside(const Record &remote) const
{
    if (!m_scopes)
        return false;
    const auto scope = m_scopes->constFind(remote.model()->name);
    return scope != m_scopes->cend() && !scope->matches(remote);
}

Result<Merger::Kind> Merger::applyLive(const Record &remote, const SyncMetadata &known)
{
    const bool isNew = known.version == 0 || known.deleted;
    if (m_transaction.hasLane(*remote.model(), remote.key())) {
        const Result<QList<OutboxEntry>> lane = m_transaction.lane(*remote.model(), remote.key());
        if (!lane)
            return lane.error();
        const Result<void> rebased = Lane::rebase(m_transaction, remote, *lane, m_outcome.arrived, Lane::Told::ByOthers);
        if (!rebased)
            return rebased.error();
        return Kind::Updated;
    }
    if (isOutside(remote)) {
        const Result<Record> row = m_transaction.find(remote.model(), remote.key());
        if (!row)
            return row.error();
        if (row->isNull())
            return Kind::Nothing;
        Record forgotten = *row;
        forgotten.setMetadata({});              // another scope may bring it back with the same version
        const Result<void> dropped = m_transaction.drop(forgotten);
        return dropped ? Result<Kind>(Kind::Deleted) : Result<Kind>(dropped.error());
    }
    Record row = remote;
    row.setState(SyncState::Synced);
    const Result<void> put = m_transaction.put(row);
    if (!put)
        return put.error();
    return isNew ? Kind::Added : Kind::Updated;
}

Result<Merger::Kind> Merger::applyDeleted(const Record &remote, const SyncMetadata &known)
{
    if (m_transaction.hasLane(*remote.model(), remote.key()))
        return dropWithLane(remote);
    const Result<void> dropped = m_transaction.drop(remote);
    if (!dropped)
        return dropped.error();
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
        if (head.theirs || head.state == OutboxEntry::State::Rejected) {
            head.theirs = remote;
            if (const Result<void> noted = m_transaction.updateEntry(head); !noted)
                return noted.error();
        }
        const Result<void> kept = Lane::rememberTombstone(m_transaction, remote);
        return kept ? Result<Kind>(Kind::Nothing) : Result<Kind>(kept.error());
    }
    if (const Result<void> removed = m_transaction.removeEntry(head.sequence); !removed)
        return removed.error();
    m_outcome.arrived.append(head);
    m_outcome.arrived.last().baseVersion = remote.metadata().version;
    if (lane->size() > 1)
        return Kind::Nothing;           // made anew here
    if (const Result<void> dropped = m_transaction.drop(remote); !dropped)
        return dropped.error();
    return Kind::Nothing;               // the row had gone with the user's delete
}

static bool mayVanish(const Record &row, qint64 startedAt)
{
    return row.state() == SyncState::Synced && row.metadata().lastChangedAt < startedAt;
}

Result<QStringList> Merger::vanished(ReadTransaction &transaction, const std::shared_ptr<const ModelType> &model,
                                     const QSet<size_t> &seen, qint64 startedAt)
{
    QStringList keys;
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
            return keys;
        query.offset += query.limit;
    }
}

Result<int> Merger::dropVanished(WriteTransaction &transaction, const std::shared_ptr<const ModelType> &model,
                                 const QStringList &keys, qint64 startedAt)
{
    int count = 0;
    for (const QString &key : keys) {
        const Result<Record> row = transaction.find(model, key);
        if (!row)
            return row.error();
        if (row->isNull() || !mayVanish(*row, startedAt) || transaction.hasLane(*model, key))
            continue;
        Record forgotten = *row;
        forgotten.setMetadata({});              // it may come back with any version
        if (const Result<void> dropped = transaction.drop(forgotten); !dropped)
            return dropped.error();
        ++count;
    }
    return count;
}

QString Merger::quarantineSetting(const QString &name)
{
    return u"quarantine/"_s + name;
}

static QString asideName(const RemoteItem &item, const QString &model)
{
    if (!item.record.isNull())
        return item.record.model()->name + u'/' + item.record.key();
    const QString of = item.error.model().isEmpty() ? model : item.error.model();
    if (!item.error.record().isEmpty())
        return of + u'/' + item.error.record();
    const QByteArray raw = QJsonDocument(item.raw).toJson(QJsonDocument::Compact);
    return of + u'/' + QString::fromLatin1(QCryptographicHash::hash(raw, QCryptographicHash::Sha1).toHex());
}

static QJsonObject rawOf(const RemoteItem &item)
{
    if (item.record.isNull())
        return item.raw;
    QJsonObject raw;
    const std::vector<SchemaField> &fields = item.record.model()->fields;
    for (size_t field = 0; field < fields.size(); ++field)
        raw.insert(fields[field].name, item.record.value(int(field)).toJson());
    const SyncMetadata &metadata = item.record.metadata();
    raw.insert(u"_version"_s, metadata.version);
    raw.insert(u"_lastChangedAt"_s, metadata.lastChangedAt);
    raw.insert(u"_deleted"_s, metadata.deleted);
    return raw;
}

Result<void> Merger::putAside(const RemoteItem &item, const QString &model, const Error &error)
{
    const QString name = asideName(item, model);
    m_outcome.problems.append(error.model().isEmpty() ? error.withModel(model) : error);
    if (!m_aside.contains(name)) {
        m_aside.insert(name);
        m_asideChanged = true;
    }
    const QString raw = QString::fromUtf8(QJsonDocument(rawOf(item)).toJson(QJsonDocument::Compact));
    return m_transaction.setSetting(quarantineSetting(name), raw);
}

Result<void> Merger::forgetAside(const Record &remote)
{
    if (m_aside.isEmpty())
        return {};
    const QString name = remote.model()->name + u'/' + remote.key();
    if (!m_aside.remove(name))
        return {};
    m_asideChanged = true;
    return m_transaction.setSetting(quarantineSetting(name), {});
}

Result<void> Merger::loadAside()
{
    if (m_asideLoaded)
        return {};
    const Result<QString> stored = m_transaction.setting(u"quarantine"_s);
    if (!stored)
        return stored.error();
    const QJsonArray names = QJsonDocument::fromJson(stored->toUtf8()).array();
    for (const QJsonValue &name : names)
        m_aside.insert(name.toString());
    m_asideLoaded = true;
    return {};
}

Result<void> Merger::storeAside()
{
    if (!m_asideChanged)
        return {};
    QStringList names(m_aside.cbegin(), m_aside.cend());
    names.sort();
    m_asideChanged = false;
    const QByteArray json = QJsonDocument(QJsonArray::fromStringList(names)).toJson(QJsonDocument::Compact);
    return m_transaction.setSetting(u"quarantine"_s, names.isEmpty() ? QString() : QString::fromUtf8(json));
}

} // namespace Tideline
