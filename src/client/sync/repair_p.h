// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/transaction.h"
#include "client/sync/dependencies_p.h"
#include "client/sync/repair.h"

namespace Tideline {

/*
    What the user does to rejected mutations, each call inside one WriteTransaction. A lane has at most
    one, its first entry: nothing behind it is ever sent.
*/
class TIDELINE_EXPORT Repair
{
public:
    Repair(WriteTransaction &transaction, const Dependencies &dependencies)
        : m_transaction(transaction), m_dependencies(dependencies) { }

    [[nodiscard]] static Result<QList<RejectedMutation>> list(ReadTransaction &transaction, const Dependencies &dependencies);

    [[nodiscard]] Result<void> retry(qint64 mutation);

    /*! Returns the record as it is afterwards; nothing when there is none any more. */
    [[nodiscard]] Result<QList<Record>> discard(qint64 mutation, DiscardScope scope);

private:
    [[nodiscard]] Result<OutboxEntry> rejected(qint64 mutation);
    [[nodiscard]] Result<void> discardCreate(const OutboxEntry &create, const QList<OutboxEntry> &behind, DiscardScope scope);
    [[nodiscard]] Result<void> discardUpdate(const OutboxEntry &update, QList<OutboxEntry> behind);
    [[nodiscard]] Result<void> discardDelete(const OutboxEntry &deletion, QList<OutboxEntry> behind);
    [[nodiscard]] Result<void> discardDependents(const OutboxEntry &create);
    [[nodiscard]] Result<void> succeed(const OutboxEntry &create, OutboxEntry next);
    [[nodiscard]] Result<void> letGo(OutboxEntry entry, const QList<int> &reference, QList<OutboxEntry> behind);
    [[nodiscard]] Result<void> forgetEdit(const OutboxEntry &update);
    [[nodiscard]] Result<void> forget(const QList<OutboxEntry> &lane);

    WriteTransaction &m_transaction;
    const Dependencies &m_dependencies;
};

} // namespace Tideline
