// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/outboxentry.h"

namespace Tideline {

/*!
    \class Tideline::RejectedMutation
    \inmodule Tideline
    \since 0.1
    \brief A mutation that the backend refused, as the repair bench shows it.

    It stays in the outbox, and what waits behind it stays there too, until the user decides: retry it,
    discard it, or save the record again, which amends it.
*/
struct TIDELINE_EXPORT RejectedMutation
{
    using Values = QList<std::pair<int, Value>>;    // field, value; sorted by field

    qint64 mutation = 0;                // its number; never given twice
    std::shared_ptr<const ModelType> model;
    QString key;
    OutboxEntry::Operation operation = OutboxEntry::Operation::Create;
    Values base;                        // an update: the same fields as the backend last had them; a deletion: all that were not null
    Values mine;                        // what was sent; of a deletion: nothing
    Record theirs;                      // the backend's record, deleted or not; null: it has told none
    Error error;                        // why; detail() is the backend's errorType
    qint64 createdAt = 0;               // ms since the epoch, UTC
    int attempts = 0;                   // since it was last retried
    int waiting = 0;                    // mutations that wait for this one: of the record, and of what hangs on it

    friend TIDELINE_EXPORT bool operator==(const RejectedMutation &a, const RejectedMutation &b);
};

/*! What discarding takes along. */
enum class DiscardScope {
    Mutation,           // refused with HasDependents when a record that was never sent has others hanging on it
    WithDependents,     // those go too
};

} // namespace Tideline

Q_DECLARE_METATYPE(Tideline::RejectedMutation)
