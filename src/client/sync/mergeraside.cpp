// SPDX-License-Identifier: MIT
// What is kept aside, and when it comes back.
#include "client/sync/merger_p.h"

#include "client/sync/synctext_p.h"
#include "core/data/json.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QSet>

#include <algorithm>

namespace Tideline {

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
    if (const Result<void> dropped = forgetRow(m_transaction, *shown); !dropped)     // known is what is kept aside
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
