// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/changeset.h"
#include "client/store/flightentry.h"
#include "client/store/mutationreceipt.h"
#include "client/store/outboxentry.h"
#include "client/store/quarantinedrow.h"
#include "client/store/query.h"
#include "client/store/unmapped.h"

#include <functional>

namespace Tideline {

class Connection;       // one SQLite connection with its prepared statements; store/connection_p.h
class WriterState;      // store/writerstate_p.h

/*!
    \class Tideline::ReadTransaction
    \inmodule Tideline
    \since 0.1
    \brief A consistent view of the store at one commit; lives inside Store::read() on a reader's thread.

    Model types must be those of schema() itself (UnknownModel otherwise).
*/
class TIDELINE_EXPORT ReadTransaction
{
public:
    struct Position             // of a row in a query's order
    {
        qint64 rowId = 0;
        QByteArray key;         // BoundSortOrder::encode
    };

    struct Unseen               // what a base sync did not bring
    {
        QStringList keys;
        qint64 lastRow = 0;     // to go on after; 0: that was all
    };

    ReadTransaction(Connection &connection, quint64 commit);

    [[nodiscard]] quint64 commit() const noexcept { return m_commit; }      // of the last change set that this view has in it
    [[nodiscard]] const Schema &schema() const noexcept;

    [[nodiscard]] Result<Record> find(const std::shared_ptr<const ModelType> &model, const QString &key);   // null record: none
    [[nodiscard]] Result<QList<Record>> query(const Query &query);
    [[nodiscard]] Result<qint64> count(const Query &query);
    [[nodiscard]] Result<Value> aggregate(const Query &query, Aggregate function, const QString &field);

    // for live queries
    [[nodiscard]] Result<std::vector<Position>> positions(const Query &query);
    [[nodiscard]] Result<std::vector<Position>> positionsOf(const Query &query, const QList<qint64> &rowIds);   // those of them that match, in order
    [[nodiscard]] Result<QList<Record>> records(const std::shared_ptr<const ModelType> &model, const QList<qint64> &rowIds); // in that order; null where gone
    [[nodiscard]] Result<QList<qint64>> rowsRelatedTo(const std::shared_ptr<const ModelType> &model,        // rows of model whose relation path
                                                      const QStringList &path, const Record &record);       // leads to record
    [[nodiscard]] Result<QList<Record>> related(const Record &record, const Relation &relation);            // by key
    [[nodiscard]] Result<QList<Record>> withDescendants(const Record &record);      // what remove() would take: children first, record last

    // for the engine
    [[nodiscard]] Result<QList<OutboxEntry>> outbox(qint64 afterSequence, int limit);
    [[nodiscard]] Result<QList<OutboxEntry>> rejected();                    // those that the backend refused
    [[nodiscard]] Result<QList<OutboxEntry>> outboxMentioning(const ModelType &model, const QString &key);  // entries of others that may refer to it
    [[nodiscard]] Result<QList<OutboxEntry>> lane(const ModelType &model, const QString &key);              // in sequence order
    [[nodiscard]] Result<std::optional<MutationReceipt>> receipt(qint64 mutation);                           // of a Joined, that of the other
    [[nodiscard]] Result<QList<MutationReceipt>> receipts(const ModelType &model, const QString &key);     // the newest first
    [[nodiscard]] Result<QList<QuarantinedRow>> quarantined();              // the oldest first
    [[nodiscard]] Result<QList<QuarantinedRow>> quarantined(const QString &model);
    [[nodiscard]] Result<QList<OutboxEntry>> undecided();                   // those that wait for the application's decision
    [[nodiscard]] Result<std::optional<OutboxEntry>> outboxEntry(qint64 mutation);
    [[nodiscard]] Result<std::optional<ConflictDecision>> decision(qint64 id);
    [[nodiscard]] Result<QList<ConflictDecision>> decisions(const QString &model, const QString &key, int limit);   // the newest first; empty: all
    [[nodiscard]] Result<QString> setting(const QString &name);             // empty: none
    [[nodiscard]] Result<bool> keepsSeen(const ModelType &model);           // see WriteTransaction::beginSeen()
    [[nodiscard]] Result<Unseen> unseen(const ModelType &model, qint64 afterRow, qint64 changedBefore);
    [[nodiscard]] Result<QList<FlightEntry>> flightRecord(int limit);       // the newest first

    // what changes of the schema left over and somebody must decide about, in the order of id; limit below 0: all
    [[nodiscard]] Result<QList<UnmappedData>> unmapped(qint64 afterId = 0, int limit = -1);

protected:
    Connection &m_connection;
    quint64 m_commit;
};

/*!
    \class Tideline::WriteTransaction
    \inmodule Tideline
    \since 0.1
    \brief What may be done inside the writer's transaction; lives inside Store::write() on the writer's thread.

    It collects the changes; they leave as one change set after COMMIT. Reading sees what was written
    before in the same transaction. Each member either does all it says or, with an error of the caller's
    making (validation, condition, parent ...), nothing; when a statement of SQLite fails, the job fails
    whatever it returns.
*/
class TIDELINE_EXPORT WriteTransaction : public ReadTransaction
{
public:
    enum class End { Accepted, Discarded };     // of a mutation

    using ReadTransaction::quarantined;
    WriteTransaction(WriterState &state, qint64 now);

    [[nodiscard]] qint64 now() const noexcept { return m_now; }         // ms since the epoch, UTC; one for the whole commit
    [[nodiscard]] Result<Record> find(const std::shared_ptr<const ModelType> &model, const QString &key);  // asks the file once for a row

    // by the user: rows and outbox together (design: way "Save")
    [[nodiscard]] Result<Record> save(const Draft &draft, const Predicate &condition = {});
    [[nodiscard]] Result<QList<Record>> saveAll(const QList<Draft> &drafts);
    [[nodiscard]] Result<QList<Record>> remove(const std::shared_ptr<const ModelType> &model, const QString &key,
                                               const Predicate &condition = {});                    // with what cascades, children first
    [[nodiscard]] Result<QList<Record>> removeAll(const std::shared_ptr<const ModelType> &model, const Predicate &where);
    [[nodiscard]] qint64 lastSequence() const noexcept { return m_lastSequence; }   // of the outbox entry that the last save or remove is in; 0: none
    [[nodiscard]] const QList<qint64> &lastSequences() const noexcept { return m_lastSequences; }   // of the drafts of the last saveAll()

    // by the engine: rows without outbox
    [[nodiscard]] Result<void> put(const Record &record, Origin origin = Origin::Remote);   // inserts or replaces; metadata and state included
    [[nodiscard]] Result<void> drop(const Record &record, Origin origin = Origin::Remote);  // removes the row and remembers metadata as tombstone
    [[nodiscard]] Result<void> setState(const Record &stored, SyncState state);             // of a row as it was read in this transaction
    [[nodiscard]] Result<SyncMetadata> metadata(const ModelType &model, const QString &key);    // of the row or its tombstone; version 0: unknown
    [[nodiscard]] Result<QList<OutboxEntry>> lane(const ModelType &model, const QString &key);  // asks the file only when there is one
    [[nodiscard]] Result<bool> exists(const ModelType &model, const QString &key);              // a row; asks the file once for several
    [[nodiscard]] bool mayHaveTombstone(const ModelType &model) const;                          // whether any of it is known as deleted; from memory
    using OutboxVisitor = std::function<Result<bool>(const OutboxEntry &outline, bool isFirst)>;
    [[nodiscard]] Result<void> walkOutbox(const OutboxVisitor &visit);
    [[nodiscard]] Result<std::optional<OutboxEntry>> outboxEntry(qint64 mutation);  // from memory, if it is there
    [[nodiscard]] Result<void> readAhead(const std::shared_ptr<const ModelType> &model, const QStringList &keys);  // rows that find() will be asked for
    [[nodiscard]] bool hasLane(const ModelType &model, const QString &key) const;               // from memory, cheap
    [[nodiscard]] bool hasRejected(const ModelType &model, const QString &key) const;           // in its lane; from memory, cheap
    [[nodiscard]] Result<void> updateEntry(const OutboxEntry &entry);       // all but model, key and sequence; NotFound
    [[nodiscard]] Result<void> markSending(const OutboxEntry &entry);       // the same of one in which only state and attempts changed
    /*! Takes \a entry out of the outbox and leaves its receipt: Merged when fields of an accepted one came out differently. NotFound. */
    [[nodiscard]] Result<void> endEntry(const OutboxEntry &entry, End end, const QList<int> &merged = {});
    [[nodiscard]] Result<void> removeEntry(qint64 sequence);                // as accepted; NotFound
    [[nodiscard]] Result<void> addDecision(const ConflictDecision &decision);   // its id and time are given
    [[nodiscard]] Result<void> setUndone(const ConflictDecision &decision);
    [[nodiscard]] bool mayBeQuarantined(const ModelType &model) const;      // whether any row of it is kept aside; from memory
    [[nodiscard]] bool mayBeAwaited(const ModelType &model) const;          // whether rows kept aside wait for any of it; from memory
    [[nodiscard]] Result<std::optional<QuarantinedRow>> quarantined(const ModelType &model, const QString &key);
    [[nodiscard]] Result<QList<QuarantinedRow>> waitingFor(const ModelType &parent, const QString &key);    // rows kept aside
    [[nodiscard]] Result<void> quarantine(const QuarantinedRow &row);       // inserts or replaces
    [[nodiscard]] Result<bool> unquarantine(const QString &model, const QString &key);  // false: there was none
    [[nodiscard]] Result<void> beginSeen(const ModelType &model);
    [[nodiscard]] Result<void> addSeen(const ModelType &model, const QStringList &keys);
    [[nodiscard]] Result<void> forgetSeen(const ModelType &model);
    [[nodiscard]] Result<QString> setting(const QString &name);             // asks the file only when there may be one
    [[nodiscard]] Result<void> setSetting(const QString &name, const QString &value);       // empty: removes it
    [[nodiscard]] Result<void> record(const QList<FlightEntry> &entries);   // in the flight recorder; the oldest there go
    [[nodiscard]] Result<void> removeUnmapped(qint64 id);                   // NotFound

private:
    WriterState &m_state;
    qint64 m_now;
    qint64 m_lastSequence = 0;
    QList<qint64> m_lastSequences;
};

} // namespace Tideline
