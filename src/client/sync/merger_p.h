// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/events_p.h"
#include "client/sync/lane_p.h"
#include "client/sync/mergerules_p.h"
#include "client/sync/remoteitem.h"

namespace Tideline {

/*
    Applies what the backend sent to the store, inside one WriteTransaction. An older or equal version
    changes nothing; a row with a lane is rebased; a record that cannot be applied is kept aside and
    stops nothing else.

    Kept aside is what breaks the schema, and what belongs to a record that is not here:
    - when the reference is required and every record of the parent's model comes to this device: then the parent is on its
      way, or there is none;
    - when the parent is known to be deleted, or is kept aside for want of its own parent, and its deletion takes the child
      along (it has it by hasOne or hasMany): so that a deletion by the backend's pages leaves no more behind than one by the user.
    Anything else with a reference that leads nowhere is data like any other: the parent may be outside the scope, or be
    hidden from this user. So is a record that has a lane, for the user is at work on it. A stored row that loses its parent so
    goes aside with its version; nothing is lost, nothing is sent.

    What waits for a parent comes back in the transaction that stores it. Versions decide as everywhere: what is kept
    aside never replaces a newer one, and what waits for its parent counts as known.
*/
class TIDELINE_EXPORT Merger
{
public:
    struct Applied
    {
        QString model;
        QString key;
        qint64 version = 0;
    };

    struct Outcome
    {
        SyncCounts counts;              // of the model of the page
        QList<Applied> applied;
        QList<Error> problems;          // one for each item that is kept aside now
        QList<OutboxEntry> arrived;     // mutations that ended because the backend has what they wanted
        bool touchesLanes = false;      // something may wait to be sent that did not before
    };

    Merger(WriteTransaction &transaction, std::shared_ptr<const MergeRules> rules);

    [[nodiscard]] Result<Outcome> merge(const std::vector<RemoteItem> &items, const QString &model = {});  // model: of a page; of items without a record

    /*! A complete base sync begun at \a startedAt did not bring \a keys: drops those records, but for those with a lane and
        those changed since. Returns how many rows went. */
    [[nodiscard]] Result<int> dropVanished(const std::shared_ptr<const ModelType> &model, const QStringList &keys, qint64 startedAt);

    // what is outside of the scope
    /*! Takes the row away, version and all, when the scope does not have it and nothing of it waits to be sent. Whether it did. */
    static Result<bool> evictOutside(WriteTransaction &transaction, const MergeRules &rules, const std::shared_ptr<const ModelType> &model,
                                     const QString &key);
    struct Evicted
    {
        int read = 0;
        int dropped = 0;
    };
    /*! The same for the rows that do not match \a scope, at most \a limit of them, without the first \a offset. */
    [[nodiscard]] static Result<Evicted> evict(WriteTransaction &transaction, const std::shared_ptr<const ModelType> &model,
                                               const Predicate &scope, int offset, int limit);

    // what is kept aside
    /*! Others than the merger stored and removed these rows: what waits for the ones comes back, what belongs to the others goes aside. */
    [[nodiscard]] Result<Outcome> follow(const QList<Record> &stored, const QList<Record> &gone);
    [[nodiscard]] Result<Outcome> retryAll();
    /*! Whether the row is where it belongs now; else why it is not. NotFound. */
    [[nodiscard]] Result<void> retry(const QString &model, const QString &key);
    /*! Forgets what is kept aside of a record when the backend has told a newer version by another way. */
    [[nodiscard]] static Result<void> forgetOutdated(WriteTransaction &transaction, const ModelType &model, const QString &key);

private:
    enum class Kind { Nothing, Added, Updated, Deleted, Kept };
    struct Missing
    {
        std::shared_ptr<const ModelType> parent;        // null: nothing is missing
        QString key;
        bool gone = false;                              // known to be deleted, or to be kept aside
    };

    [[nodiscard]] static bool isOfTheFile(const Error &error);      // and not of the row: the next row would fail as well
    [[nodiscard]] static bool isNewer(const SyncMetadata &remote, const SyncMetadata &known);
    [[nodiscard]] static Result<void> forgetRow(WriteTransaction &transaction, const Record &row);  // version and all: it may come back with any

    [[nodiscard]] Result<void> take(const RemoteItem &item, const QString &model);
    [[nodiscard]] Result<void> merge(const Record &remote);
    [[nodiscard]] Result<bool> isOldNews(const Record &remote, const SyncMetadata &known);
    [[nodiscard]] Result<Kind> apply(const Record &remote);
    [[nodiscard]] Result<Kind> applyLive(const Record &remote, const SyncMetadata &known);
    [[nodiscard]] Result<Kind> applyDeleted(const Record &remote, const SyncMetadata &known);
    [[nodiscard]] Result<Kind> dropWithLane(const Record &remote);
    [[nodiscard]] Result<Kind> show(const Record &remote, bool isNew);
    void count(Kind kind, const Record &remote);

    [[nodiscard]] Result<Missing> missingParent(const Record &record);
    [[nodiscard]] Result<bool> isGone(std::shared_ptr<const ModelType> parent, QString key, const Record &child);
    [[nodiscard]] Result<Kind> keepWaiting(const Record &record, const Missing &missing);
    [[nodiscard]] Result<void> keepChildrenAside(const Record &parent);
    [[nodiscard]] Result<void> keepChildrenAside(const Record &parent, const Dependencies::Child &child);
    [[nodiscard]] Result<void> putAside(const RemoteItem &item, const QString &model, const Error &error);
    [[nodiscard]] Result<void> freed(const ModelType &model, const QString &key);
    [[nodiscard]] Result<void> followRelations();
    [[nodiscard]] Result<void> retryRow(const QuarantinedRow &row);

    WriteTransaction &m_transaction;
    std::shared_ptr<const MergeRules> m_rules;
    QString m_model;                    // of the page
    Outcome m_outcome;
    QList<Record> m_stored;             // rows that are new: what waits for them is to be tried
    QList<Record> m_gone;               // rows that went: what belongs to them is to be looked at
};

} // namespace Tideline
