// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/dependencies_p.h"
#include "client/sync/lane_p.h"

#include <QtCore/QSet>

namespace Tideline {

/*
    Chooses what may be sent now and marks it Sending, inside one WriteTransaction, so that no edit
    comes between the choice and the mark. The choice follows from the outbox table alone: the first
    entry of a lane, when it waits, is not held back, and depends on nothing that waits itself.
*/
class TIDELINE_EXPORT Claim
{
public:
    using Blocked = QHash<qint64, qint64>;          // sequence of an entry -> of the create that it waits for

    struct Outcome
    {
        QList<OutboxEntry> entries;     // of different records, in the order of the outbox
        bool isEmpty = true;            // nothing waits or is under way; rejected entries do not count
        Blocked blocked;
    };

    /*! \a blocked is what the claim before found, if nothing was saved, listed or merged since: those need not be looked at
        while what they wait for is there. */
    Claim(WriteTransaction &transaction, const Dependencies &dependencies, QSet<LaneId> held, Blocked blocked)
        : m_transaction(transaction), m_dependencies(dependencies), m_held(std::move(held))
    {
        m_outcome.blocked = std::move(blocked);
    }

    [[nodiscard]] Result<Outcome> take(int capacity);

private:
    [[nodiscard]] Result<void> consider(const OutboxEntry &outline, bool isFirst);
    [[nodiscard]] bool isStillBlocked(const OutboxEntry &outline);
    [[nodiscard]] Result<bool> mustWait(const OutboxEntry &entry);
    void noteParents(const OutboxEntry &deletion);
    [[nodiscard]] Result<QString> parentOf(const OutboxEntry &entry, const Dependencies::ForeignKey &foreignKey);
    [[nodiscard]] Result<QList<OutboxEntry>> laneOf(const ModelType &model, const QString &key);
    [[nodiscard]] Result<QList<OutboxEntry>> createsBefore(const OutboxEntry &entry);   // of parents, not yet accepted
    [[nodiscard]] Result<bool> leadsTo(const OutboxEntry &from, const OutboxEntry &to, QSet<qint64> &visited);
    [[nodiscard]] Result<qint64> tombstoneOf(OutboxEntry &entry);       // the version to be named; 0: none
    [[nodiscard]] Result<void> showSending();
    [[nodiscard]] Result<void> mark(OutboxEntry entry);
    [[nodiscard]] Result<void> accompany(OutboxEntry &entry);

    WriteTransaction &m_transaction;
    const Dependencies &m_dependencies;
    QSet<LaneId> m_held;                // wait after a conflict or a failure of their own
    QSet<qint64> m_creates;             // that were met and are not refused
    QSet<LaneId> m_keptByChildren;      // records that rows refer to whose earlier Delete is not yet answered
    QHash<LaneId, QList<OutboxEntry>> m_parents;        // lanes of records that others refer to; what is marked meanwhile is still a create
    Outcome m_outcome;
};

} // namespace Tideline
