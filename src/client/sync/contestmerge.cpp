// SPDX-License-Identifier: MIT
// What a backend's own merge made of a change.
#include "client/sync/contest_p.h"

#include "client/sync/conflictresolution_p.h"
#include "client/sync/lane_p.h"
#include "core/data/automerge.h"

#include <algorithm>

namespace Tideline::Contest {

using namespace Qt::StringLiterals;
using Policy = std::optional<ConflictPolicy>;

/* Automerge adds what is absent, keeps a stored scalar, and appends a list to the stored one as often as it arrives. */
static Value storedBefore(const FieldType &type, const Value &base, const Value &sent, const Value &stored, int attempts)
{
    if (base.isNull() && stored == sent)
        return base;
    const Value::List tail = sent.toList();
    Value::List all = stored.toList();
    if (!type.list || tail.isEmpty() || all.size() < tail.size() || all.last(tail.size()) != tail)
        return stored;
    all.resize(all.size() - tail.size());
    for (int again = 1; again < attempts && all.size() > tail.size() && all.last(tail.size()) == tail; ++again)
        all.resize(all.size() - tail.size());
    return all;
}

// What a merge kept where nothing is said: of a list that was sent more than once, without the copies.
static std::optional<Value> wantedOfMerge(const OutboxEntry &sent, const FieldType &type, const Value &base, const Value &mine, const Value &stored,
                                          const Value &theirs)
{
    if (stored == base || stored == automerged(type, base, mine))
        return mine;
    const bool copied = type.list && Lane::mayHaveArrived(sent) && theirs != stored && appendedOnce(base, mine, theirs) == theirs;
    return copied ? std::optional(theirs) : std::nullopt;
}

// One field of a merge.
struct Merged
{
    Value base;
    Value mine;
    Value before;                       // on the backend, when mine came
    Value stored;                       // what became of it, says the answer
    Value newest;                       // as far as is known here
    bool inDoubt = false;               // an earlier attempt may lie under what was there before
};

static Value wantedOf(const OutboxEntry &sent, int number, const FieldType &type, ConflictPolicy policy, const Merged &field, qint64 theirsTime)
{
    if (policy == ConflictPolicy::Append) {
        if (const std::optional<Value> joined = joinedList(sent, number, field.before, field.inDoubt))
            return *joined;
    }
    return resolveField(type, policy, field.base, field.mine, field.before, timeOf(sent), theirsTime).value;
}

/* Others went on from what the merge left: what it is corrected by is their change as well as what the policy wanted of it. */
static Value correctedOf(const OutboxEntry &sent, const FieldType &type, ConflictPolicy policy, const Merged &field, const Value &wanted, qint64 theirsTime)
{
    if (policy != ConflictPolicy::Append)
        return resolveField(type, policy, field.stored, wanted, field.newest, timeOf(sent), theirsTime).value;
    const Value::List newest = field.newest.toList();
    const qsizetype size = field.stored.toList().size();
    const bool isLonger = newest.size() >= size && newest.first(size) == field.stored.toList();
    return isLonger ? Value(wanted.toList() + newest.mid(size)) : appendedOnce(field.stored, wanted, field.newest);
}

static void judge(Judgement &judgement, const OutboxEntry &sent, int number, const Merged &field, const Policy &policy, qint64 theirsTime)
{
    const FieldType &type = typeOf(sent, number);
    const bool isNewest = field.newest == field.stored;
    const Value &theirs = isNewest ? field.before : field.newest;
    const bool both = theirs != field.base && (theirs != field.mine || policy == ConflictPolicy::Sum);
    const auto sendAgain = [&](const Value &value) {
        judgement.again.append({number, value});
        judgement.beneath.append({number, field.newest});
    };
    if (!policy) {
        const std::optional<Value> wanted = wantedOfMerge(sent, type, field.base, field.mine, field.stored, field.before);
        if (wanted && isNewest)
            sendAgain(*wanted);
        else if (both)
            judgement.decided.append({nameOf(sent, number), u"backend"_s, field.base, field.mine, theirs, field.newest});
        return;
    }
    if (both && policy == ConflictPolicy::Ask) {
        sendAgain(field.mine);
        judgement.asked.append(number);
        return;
    }
    const bool isCountInDoubt = field.inDoubt && policy == ConflictPolicy::Sum;
    if (isCountInDoubt && field.before != field.base) {
        judgement.decided.append(yielded(sent, number, theirs));
        return;
    }
    const Value wanted = wantedOf(sent, number, type, *policy, field, theirsTime);
    const Value result = correctedOf(sent, type, *policy, field, wanted, theirsTime);
    if (both || isCountInDoubt)
        judgement.decided.append({nameOf(sent, number), isCountInDoubt ? u"doubt"_s : nameOf(policy), field.base, field.mine, theirs, result});
    if (result == field.newest)
        return;
    sendAgain(result);
    if (policy == ConflictPolicy::Append)
        keepSentLists(judgement.sentLists, sent, number);
}

static Value beforeOf(const OutboxEntry &sent, const MergeGround &ground, int number, const Value &base, const Value &mine)
{
    const std::optional<Value> known = ground.before ? ground.before(number) : std::nullopt;
    return known ? *known : storedBefore(typeOf(sent, number), base, mine, ground.answered.value(number), sent.attempts - sent.vain);
}

/* What lies under the merge tells of an earlier attempt, which arrives as a whole. Right under it is the version that the attempt would have made. */
enum class Earlier { Arrived, Vain, Unknown };
static Earlier earlierAttempts(const OutboxEntry &sent, const MergeGround &ground)
{
    if (!ground.mayCountTwice)
        return Earlier::Vain;
    const auto isThere = [&](const auto &change) {
        const std::optional<Value> base = Lane::valueOf(sent.base, change.first);
        const bool isTaken = base && base->isNull() && ground.answered.value(change.first) == change.second;
        return !base || isTaken || beforeOf(sent, ground, change.first, *base, change.second) == change.second;
    };
    const auto shows = [&](const auto &change) {
        const std::optional<Value> base = Lane::valueOf(sent.base, change.first);
        const bool tells = ground.rules.ofField(*sent.model, change.first) != ConflictPolicy::Sum && base && !base->isNull() && *base != change.second;
        return tells && isThere(change);
    };
    if (ground.answered.metadata().version == sent.baseVersion + 2)
        return std::all_of(sent.changes.begin(), sent.changes.end(), isThere) ? Earlier::Arrived : Earlier::Vain;
    return std::any_of(sent.changes.begin(), sent.changes.end(), shows) ? Earlier::Arrived : Earlier::Unknown;
}

/* Two who count from nothing make the same of it: the backend added one of them, and does not say which. */
static bool isLikeTheirs(const Merged &field, const Policy &policy, bool isBeforeKnown)
{
    return policy == ConflictPolicy::Sum && !isBeforeKnown && field.base.isNull() && field.stored == field.mine;
}

Judgement judgeMerge(const OutboxEntry &sent, const MergeGround &ground)
{
    Judgement judgement;
    const Earlier earlier = earlierAttempts(sent, ground);
    for (const auto &[number, mine] : sent.changes) {
        const Policy policy = ground.rules.ofField(*sent.model, number);
        const std::optional<Value> base = Lane::valueOf(sent.base, number);
        const std::optional<Value> now = ground.newest(number);
        const Value &stored = ground.answered.value(number);
        const bool isCombined = policy && combines(*policy);
        if (!now || !base || (!isCombined && (ground.changedBehind(number) || stored == mine)))
            continue;
        Merged field{*base, mine, beforeOf(sent, ground, number, *base, mine), stored, *now};
        const bool isCount = policy == ConflictPolicy::Sum;
        if (isCount && earlier == Earlier::Arrived) {
            if (field.before != mine)
                judgement.decided.append(yielded(sent, number, *now));
            continue;
        }
        const bool isOther = field.before != *base;
        field.inDoubt = isCount ? earlier == Earlier::Unknown : isOther && field.before != mine && Lane::mayHaveArrived(sent);
        const bool isBeforeKnown = ground.before && ground.before(number);
        if (isLikeTheirs(field, policy, isBeforeKnown))
            judgement.decided.append(yielded(sent, number, stored));
        else
            judge(judgement, sent, number, field, policy, ground.theirsTime);
    }
    return judgement;
}

void keepSentLists(QList<OutboxEntry::Contested> &kept, const OutboxEntry &entry, int field)
{
    const std::optional<Value> base = Lane::valueOf(entry.base, field);
    const std::optional<Value> mine = Lane::valueOf(entry.changes, field);
    const qsizetype before = kept.size();
    std::copy_if(entry.sentLists.begin(), entry.sentLists.end(), std::back_inserter(kept), [field](const auto &each) { return each.field == field; });
    const qsizetype count = kept.size() - before;
    const bool mayBeSent = base && mine && (count > 0 || growsFrom(*base, *mine)) && count < entry.attempts;
    if (mayBeSent && !kept.contains({field, *base, *mine}))
        kept.append({field, *base, *mine});
}

// Where copies are taken out on both sides, neither may take out the last.
static Value withWhatBothHave(const Value &joined, const Value &mine, const Value &theirs)
{
    Value::List list = joined.toList();
    const Value::List others = theirs.toList();
    for (const Value &value : mine.toList()) {
        if (!list.contains(value) && others.contains(value))
            list.append(value);
    }
    return list;
}

std::optional<Value> joinedList(const OutboxEntry &entry, int field, const Value &theirs, bool inDoubt)
{
    const std::optional<Value> base = Lane::valueOf(entry.base, field);
    const std::optional<Value> mine = Lane::valueOf(entry.changes, field);
    if (!base || !mine || theirs == *base)
        return {};
    QList<OutboxEntry::Contested> sent;
    keepSentLists(sent, entry, field);
    const bool takesOut = !sent.isEmpty() && !growsFrom(*base, *mine);
    if (takesOut && growsFrom(*base, theirs)) {
        const Value all = inDoubt ? withoutMerge(*base, *mine, theirs) : theirs;
        return Value(mine->toList() + all.toList().mid(base->toList().size()));
    }
    // of what was made from nothing a merge makes no copy that would show it
    const bool mayBeThere = inDoubt || std::any_of(entry.sentLists.begin(), entry.sentLists.end(), [field](const auto &list) {
        return list.field == field && list.base.toList().isEmpty();
    });
    Value before = theirs;
    for (auto list = sent.crbegin(); list != sent.crend(); ++list)
        before = withoutMerge(list->base, list->mine, before);
    return mayBeThere || before != theirs ? std::optional(withWhatBothHave(appendedOnce(*base, *mine, before), *mine, theirs)) : std::nullopt;
}

static void replaceBase(OutboxEntry &entry, int field, const Value &from, const Value &to)
{
    for (auto &[number, value] : entry.base) {
        if (number == field && value == from)
            value = to;
    }
    for (OutboxEntry::Contested &contested : entry.contested) {
        if (contested.field == field && contested.base == from)
            contested.base = to;
    }
}

void handDown(const OutboxEntry &sent, const Record &answered, const ConflictRules &rules, QList<OutboxEntry> &behind)
{
    for (const auto &[field, mine] : sent.changes) {
        const Policy policy = rules.ofField(*sent.model, field);
        const std::optional<Value> base = Lane::valueOf(sent.base, field);
        if (!base || answered.value(field) == mine || (policy && combines(*policy)))
            continue;
        const auto next = std::find_if(behind.begin(), behind.end(), [field = field](const OutboxEntry &entry) { return Lane::changes(entry, field); });
        if (next != behind.end())
            replaceBase(*next, field, mine, *base);
    }
}

} // namespace Tideline::Contest
