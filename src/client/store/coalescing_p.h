// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/outboxentry.h"

#include <optional>

namespace Tideline {

/*! What becomes of a lane when a mutation joins it. */
struct Coalesced
{
    QList<qint64> dropped;                  // entries that no longer have to be sent
    std::optional<OutboxEntry> changed;     // an entry that takes the new mutation in, at its place
    std::optional<OutboxEntry> appended;    // what is to be sent after all that waits
    bool repairs = false;                   // nothing of the lane is rejected any more
};

/*!
    Joins \a incoming to \a lane, which is in sequence order.

    Only entries that the backend cannot know of are touched: waiting and never handed to the network. A
    condition is about the moment it was stated in, so an entry with one neither takes in nor gives up
    anything. A deletion never takes the place of an earlier entry but goes to the end: between the two
    there may be entries of other lanes that must come first. \a mayMerge is false when an update refers
    to a record that was created after the entry that would take it in, and when entries of other lanes may
    refer to a record that a deletion would make as if it had never been.

    A lane whose first entry the backend refused is repaired by an edit: that entry takes in the edit and all
    that waited behind it, and waits again. A deletion ends a refused create or edit. With a condition
    anywhere in it the lane stays as it is, and what comes waits behind.
*/
[[nodiscard]] Coalesced coalesce(const QList<OutboxEntry> &lane, OutboxEntry incoming, bool mayMerge);

void sendAnew(OutboxEntry &rejected);                           // it waits; the refused attempt does not count any more
[[nodiscard]] bool isUntouched(const OutboxEntry &entry);      // the backend cannot know of it

} // namespace Tideline
