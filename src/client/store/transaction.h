// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/changeset.h"
#include "client/store/outboxentry.h"
#include "client/store/query.h"

namespace Tideline {

class Connection;       // one SQLite connection with its prepared statements; store/connection_p.h

/*! A consistent view of the store at one commit; lives inside Store::read() on a reader's thread. */
class TIDELINE_EXPORT ReadTransaction
{
public:
    struct Position             // of a row in a query's order
    {
        qint64 rowId = 0;
        QByteArray key;         // BoundSortOrder::encode
    };

    ReadTransaction(Connection &connection, const Schema &schema);

    [[nodiscard]] quint64 commit() const noexcept { return m_commit; }
    [[nodiscard]] const Schema &schema() const noexcept { return m_schema; }

    [[nodiscard]] Result<Record> find(const std::shared_ptr<const ModelType> &model, const QString &key);   // null record: none
    [[nodiscard]] Result<QList<Record>> query(const Query &query);
    [[nodiscard]] Result<qint64> count(const Query &query);
    [[nodiscard]] Result<Value> aggregate(const Query &query, Aggregate function, const QString &field);

    // for live queries
    [[nodiscard]] Result<std::vector<Position>> positions(const Query &query);
    [[nodiscard]] Result<std::vector<Position>> positionsOf(const Query &query, const QList<qint64> &rowIds);   // those of them that match
    [[nodiscard]] Result<QList<Record>> records(const std::shared_ptr<const ModelType> &model, const QList<qint64> &rowIds); // in that order; null where gone
    [[nodiscard]] Result<QList<qint64>> rowsRelatedTo(const std::shared_ptr<const ModelType> &model,        // rows of model whose relation path
                                                      const QStringList &path, const Record &record);       // leads to record
    [[nodiscard]] Result<QList<Record>> related(const Record &record, const Relation &relation);

    // for the engine
    [[nodiscard]] Result<QList<OutboxEntry>> outbox(qint64 afterSequence, int limit);
    [[nodiscard]] Result<QString> setting(const QString &name);             // empty: none

protected:
    Connection &m_connection;
    Schema m_schema;
    quint64 m_commit = 0;
};

/*! What may be done inside the writer's transaction; lives inside Store::write() on the writer's
    thread. It collects the changes; they leave as one change set after COMMIT. */
class TIDELINE_EXPORT WriteTransaction : public ReadTransaction
{
public:
    WriteTransaction(Connection &connection, const Schema &schema, qint64 now);

    // by the user: rows and outbox together (design: way "Save")
    [[nodiscard]] Result<Record> save(const Draft &draft, const Predicate &condition = {});
    [[nodiscard]] Result<QList<Record>> remove(const std::shared_ptr<const ModelType> &model, const QString &key,
                                               const Predicate &condition = {});                    // with what cascades, children first
    [[nodiscard]] Result<QList<Record>> removeAll(const std::shared_ptr<const ModelType> &model, const Predicate &where);

    // by the engine: rows without outbox
    [[nodiscard]] Result<void> put(const Record &record);                   // inserts or replaces; metadata and state included
    [[nodiscard]] Result<void> drop(const Record &record);                  // removes the row and remembers metadata as tombstone
    [[nodiscard]] Result<SyncMetadata> metadata(const ModelType &model, const QString &key);    // of the row or its tombstone; version 0: unknown
    [[nodiscard]] Result<QList<OutboxEntry>> lane(const ModelType &model, const QString &key);  // in sequence order
    [[nodiscard]] bool hasLane(const ModelType &model, const QString &key) const;               // from memory, cheap
    [[nodiscard]] Result<void> updateEntry(const OutboxEntry &entry);
    [[nodiscard]] Result<void> removeEntry(qint64 sequence);
    [[nodiscard]] Result<void> setSetting(const QString &name, const QString &value);

    [[nodiscard]] ChangeSet takeChanges();
};

} // namespace Tideline
