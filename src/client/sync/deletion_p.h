// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/contest_p.h"

namespace Tideline {

/*
    A record that another device deleted while it was edited here. AppSync keeps the tombstone under the key and takes
    neither an edit nor a create of it, until it forgets the tombstone; a backend like ours takes a create that names the tombstone's
    version. So an edit that is to stay becomes a revival: a Create with all values of the row, whose base has what the edited
    fields were made from, for the case that somebody else makes the record anew first: then it is an edit again.
*/
namespace Deletion {

enum class Verdict { Unsaid, Lives, Goes, Ask };
struct Ruling
{
    Verdict verdict = Verdict::Unsaid;
    QString policy;                     // that says so
};

/* What the policies say of edits here against a deletion there: those of the edited fields, where they speak of whole records, and else that of
   the model. One that asks or keeps goes before one that lets go. */
[[nodiscard]] Ruling rule(const QList<OutboxEntry> &edits, const Record &tombstone, const ConflictRules &rules);

[[nodiscard]] bool isRevival(const OutboxEntry &entry);
void makeEdit(OutboxEntry &revival);                                                // the record lives again

struct Case
{
    const Record &tombstone;
    QString policy;
    const Resolution *answer = nullptr;                                             // of the application
};
/* The edit becomes a revival, with the values of the row beneath those that wait behind it. */
[[nodiscard]] Result<void> revive(WriteTransaction &transaction, OutboxEntry edit, const QList<OutboxEntry> &behind, const Case &of);
/* The mutations end, journalled, with the row unless others of its lane are left. */
[[nodiscard]] Result<void> take(WriteTransaction &transaction, const QList<OutboxEntry> &edits, bool areAll, const Case &of);
/* The same without a decision: a deletion of this device is among them. */
[[nodiscard]] Result<void> end(WriteTransaction &transaction, const QList<OutboxEntry> &ended, bool areAll, const Record &tombstone);

/* Nothing of the lane is left: no row, and the tombstone is known. */
[[nodiscard]] Result<void> leave(WriteTransaction &transaction, const Record &tombstone);

/* The next mutation makes a record anew whose key the tombstone has. */
[[nodiscard]] Result<void> precede(WriteTransaction &transaction, OutboxEntry next, const Record &tombstone);

/* Of a lane whose first entry met a tombstone: the edits of the record, and the deletion that follows them. */
[[nodiscard]] QList<OutboxEntry> concerned(const QList<OutboxEntry> &lane);

/* All fields of the record that the other side has; result is null when it goes. */
[[nodiscard]] Contest::Fields fieldsOf(const OutboxEntry &entry, const QString &policy, DeletingSide side, const Record &survivor, const Record &result);

} // namespace Deletion

} // namespace Tideline
