// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/transaction.h"
#include "client/sync/conflict.h"
#include "client/sync/conflictpolicies.h"

namespace Tideline {

/*
    How the update in an outbox entry meets what the backend has, field by field. The base of an entry is what lies beneath it as
    far as that is known: the backend's record with the values of the entries before it. As long as nothing can be decided (the
    entry is under way, behind another one, refused, or waits for the application) a new record only moves the base; which
    fields others changed meanwhile, and what the changes were made from, is kept in contested.
*/
namespace Contest {

using Fields = QList<ConflictDecision::Field>;

[[nodiscard]] inline const FieldType &typeOf(const OutboxEntry &entry, int field) { return entry.model->fields[size_t(field)].type; }
[[nodiscard]] inline QString nameOf(const OutboxEntry &entry, int field) { return entry.model->fields[size_t(field)].name; }
[[nodiscard]] inline QString nameOf(const std::optional<ConflictPolicy> &policy) { return conflictPolicyName(policy.value_or(ConflictPolicy::Mine)); }
[[nodiscard]] inline qint64 timeOf(const OutboxEntry &entry) { return std::max(entry.createdAt, entry.editedAt); }

struct Ground                           // on which an entry meets a record
{
    const Record &beneath;
    const ConflictRules &rules;
    bool inDoubt = false;               // the entry may have arrived and lie under the record
    bool isOfOthers = false;            // the record is another one than the entry would have made; a merge may have a part of it in there
    bool mayYield = false;              // a deletion that nothing follows
    qint64 theirsTime = 0;              // of what it might give way to
    const Resolution *answer = nullptr; // of the application
};

/* Moves the base of the entry; a change that the record has already is dropped where dropsArrived says so. Returns what was
   given up for doubt. */
Fields postpone(OutboxEntry &entry, const Ground &ground, bool dropsArrived);

/* Decides every field. What is left are the changes that the backend does not have and is to get. The entry is Undecided when the
   application must be asked first. */
Fields decide(OutboxEntry &entry, const Ground &ground);

/* A deletion here on a record that may have been changed there. Where that lets the record live, it becomes an update of nothing, or of what the
   application says; Undecided when the application must be asked first. */
Fields decideDeletion(OutboxEntry &deletion, const Ground &ground);

/* The merge of a backend that kept what it had: what is to be sent again, on what is stored. Where something newer is known than was
   answered, others wrote it on top of the merge: it keeps what they did to that, and only the merge is corrected. Without a time theirs
   count as older: what is not seen before the answer was written while this change was on its way. */
struct Judgement
{
    QList<std::pair<int, Value>> again;
    QList<std::pair<int, Value>> beneath;       // the newest that is known of these fields
    QList<int> asked;                   // of them those that the application decides
    QList<OutboxEntry::Contested> sentLists;
    Fields decided;
};
struct MergeGround                      // on which a merge is judged
{
    const Record &answered;
    const ConflictRules &rules;
    qint64 theirsTime = 0;
    bool mayCountTwice = false;         // an earlier attempt may have added already
    std::function<std::optional<Value>(int field)> before = {};     // of the version right under the answer, where that is known
    std::function<std::optional<Value>(int field)> newest = {};     // nothing: no more to be said of the field
    std::function<bool(int field)> changedBehind = {};
};
[[nodiscard]] Judgement judgeMerge(const OutboxEntry &sent, const MergeGround &ground);

/* What a merge did not take is not what the changes behind were made from: they were made from what that change was. */
void handDown(const OutboxEntry &sent, const Record &answered, const ConflictRules &rules, QList<OutboxEntry> &behind);

/* A list that only grows, where the backend's shows that it has come, or may have: with what a merge made of it taken out. */
[[nodiscard]] TIDELINE_EXPORT std::optional<Value> joinedList(const OutboxEntry &entry, int field, const Value &theirs, bool inDoubt);
/* As the entry has sent it until now. */
void keepSentLists(QList<OutboxEntry::Contested> &kept, const OutboxEntry &entry, int field);

[[nodiscard]] ConflictDecision::Field yielded(const OutboxEntry &entry, int field, const Value &theirs);   // given up for doubt
[[nodiscard]] Result<void> journal(WriteTransaction &transaction, const OutboxEntry &entry, qint64 version, const Fields &fields,
                                   DeletingSide deletion = DeletingSide::None);

[[nodiscard]] QStringList disputed(const OutboxEntry &entry, const ConflictRules &rules);  // of an Undecided one: what is asked
[[nodiscard]] Conflict describe(const OutboxEntry &entry, const ConflictRules &rules);     // of an Undecided one
[[nodiscard]] Result<void> check(const Schema &schema, const ModelType &model, const Resolution &resolution);

} // namespace Contest

} // namespace Tideline
