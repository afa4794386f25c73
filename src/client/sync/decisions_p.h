// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/contest_p.h"

namespace Tideline {

/* What the application and the user do about conflicts, each call inside one WriteTransaction. */
namespace Decisions {

struct Applied
{
    bool isOutdated = false;            // the question was about an older record, or is no more
    QList<OutboxEntry> arrived;         // mutations that ended
};
[[nodiscard]] TIDELINE_EXPORT Result<Applied> apply(WriteTransaction &transaction, qint64 mutation, qint64 version, const Resolution &resolution,
                                                    const ConflictRules &rules);

/* The mutation is listed with the error, unless the question is no more. */
[[nodiscard]] TIDELINE_EXPORT Result<std::optional<OutboxEntry>> giveUp(WriteTransaction &transaction, qint64 mutation, qint64 version, const Error &why);

/* What is to be saved, on the record as it is stored now: what the draft adds to a field whose policy adds is added there, also when the
   record has changed since the draft was begun. */
[[nodiscard]] TIDELINE_EXPORT Result<Draft> carried(WriteTransaction &transaction, const Draft &draft, const ConflictRules &rules);

/* Sets the fields that still have the decision's result to the other side, as an edit of the user. What was given up for doubt under a policy
   that combines is combined with theirs. */
[[nodiscard]] TIDELINE_EXPORT Result<Record> undo(WriteTransaction &transaction, qint64 decision, ConflictSide side, const ConflictRules &rules);

} // namespace Decisions

} // namespace Tideline
