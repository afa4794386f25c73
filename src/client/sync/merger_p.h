// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/events_p.h"
#include "client/sync/lane_p.h"

namespace Tideline {

// Which records of a model type this device keeps; absent: all.
using BoundScopes = QHash<QString, BoundPredicate>;

/*
    Applies what the backend sent to the store, inside one WriteTransaction. An older or equal version
    changes nothing; a row with a lane is rebased; a row that cannot be applied is put aside and
    stops nothing else.
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
        SyncCounts counts;
        QList<Applied> applied;
        QList<Error> problems;          // one for each item put aside
        QList<OutboxEntry> arrived;     // mutations that ended because the backend has what they wanted
    };

    explicit Merger(WriteTransaction &transaction, std::shared_ptr<const BoundScopes> scopes = {});

    [[nodiscard]] Result<Outcome> merge(const std::vector<RemoteItem> &items, const QString &model = {});  // model: of items without a record
    [[nodiscard]] Result<void> merge(const Record &remote);

    /*! Keys of the rows that a complete base sync begun at \a startedAt did not bring, those with a lane and those
        changed since excepted. \a seen has the hashes of the keys that it brought. */
    [[nodiscard]] static Result<QStringList> vanished(ReadTransaction &transaction, const std::shared_ptr<const ModelType> &model,
                                                      const QSet<size_t> &seen, qint64 startedAt);
    [[nodiscard]] static Result<int> dropVanished(WriteTransaction &transaction, const std::shared_ptr<const ModelType> &model,
                                                  const QStringList &keys, qint64 startedAt);       // how many

    [[nodiscard]] const Outcome &outcome() const noexcept { return m_outcome; }

    // Where rows that cannot be applied are kept: setting quarantine/<model>/<key>, the raw item as JSON;
    // setting quarantine: the JSON array of these names without the prefix.
    [[nodiscard]] static QString quarantineSetting(const QString &name);

private:
    enum class Kind { Nothing, Added, Updated, Deleted };

    [[nodiscard]] Result<Kind> apply(const Record &remote);
    [[nodiscard]] Result<Kind> applyLive(const Record &remote, const SyncMetadata &known);
    [[nodiscard]] Result<Kind> applyDeleted(const Record &remote, const SyncMetadata &known);
    [[nodiscard]] Result<Kind> dropWithLane(const Record &remote);
    [[nodiscard]] bool isOutside(const Record &remote) const;
    void count(Kind kind, const Record &remote);
    [[nodiscard]] Result<void> putAside(const RemoteItem &item, const QString &model, const Error &error);
    [[nodiscard]] Result<void> forgetAside(const Record &remote);
    [[nodiscard]] Result<void> loadAside();
    [[nodiscard]] Result<void> storeAside();

    WriteTransaction &m_transaction;
    std::shared_ptr<const BoundScopes> m_scopes;
    Outcome m_outcome;
    QSet<QString> m_aside;              // "<model>/<key>" of the rows put aside
    bool m_asideLoaded = false;
    bool m_asideChanged = false;
};

} // namespace Tideline
