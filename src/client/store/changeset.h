// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/conflictdecision.h"
#include "core/data/record.h"

#include <QtCore/QList>

namespace Tideline {

enum class Origin { Local, Remote };

struct Change
{
    enum class Kind {
        Insert,
        Update,
        Delete,
        State,          // only version or sync state changed; before and after have equal values
    };

    Kind kind = Kind::Insert;
    Origin origin = Origin::Local;
    Record before;      // null for Insert
    Record after;       // null for Delete
    qint64 mutation = 0;    // of a local change: the outbox entry it is in; 0: there is none
};

/*! What one commit did, in order. At most one change a record: what happened within a transaction is
    folded into the net change. Implicitly shared through QList; safe to hand between threads. */
struct ChangeSet
{
    quint64 commit = 0;                 // counts up by one a commit, over the life of the file
    QList<Change> changes;
    bool rejections = false;            // a lane with a rejected mutation changed; there may be no other change, and then no new commit number
    bool quarantine = false;            // what is kept aside changed, also by a change of the schema; the same holds
    bool questions = false;             // a mutation waits for the application's decision, newly or anew; the same holds
    QList<ConflictDecision> decisions;  // written in it, or undone; the same holds

    [[nodiscard]] bool isEmpty() const noexcept
    {
        return changes.isEmpty() && !rejections && !quarantine && !questions && decisions.isEmpty();
    }
};

} // namespace Tideline

Q_DECLARE_METATYPE(Tideline::ChangeSet)
