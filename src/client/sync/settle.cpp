// SPDX-License-Identifier: MIT
#include "client/sync/settle_p.h"

#include "client/sync/deletion_p.h"
#include "client/sync/synctext_p.h"

#include <algorithm>

namespace Tideline {

using namespace Qt::StringLiterals;
using Operation = OutboxEntry::Operation;
using EntryState = OutboxEntry::State;
using Fate = Settled::Fate;
using End = WriteTransaction::End;

constexpr int conflictLimit = 10;       // conflicts of a mutation before it is listed

Settled Settler::outcome(Fate fate) const
{
    Settled settled;
    settled.entry = m_sent;
    settled.fate = fate;
    settled.arrived = m_arrived;
    return settled;
}

Result<void> Settler::loadLane()
{
    const Result<QList<OutboxEntry>> lane = m_transaction.lane(*m_sent.model, m_sent.key);
    if (!lane)
        return lane.error();
    m_current = {};
    m_rest.clear();
    for (const OutboxEntry &entry : *lane) {
        if (entry.sequence == m_sent.sequence)
            m_current = entry;
        else
            m_rest.append(entry);
    }
    return {};
}

Result<Settled> Settler::settle(const MutationResponse &response, bool fetched)
{
    if (const Result<void> loaded = loadLane(); !loaded)
        return loaded.error();
    if (!m_current.model)
        return outcome(Fate::Again);        // discarded meanwhile
    const Result<Settled> settled = decide(response, {m_current.conflicts + 1 >= conflictLimit, fetched});
    return settled && settled->fate == Fate::Again ? countConflict(*settled) : settled;
}

/* In the file, for neither a line that breaks nor a new start makes the next conflict the first one. */
Result<Settled> Settler::countConflict(Settled settled)
{
    Result<std::optional<OutboxEntry>> entry = m_transaction.outboxEntry(m_sent.sequence);
    if (!entry || !*entry)
        return entry ? Result<Settled>(settled) : Result<Settled>(entry.error());
    settled.conflicts = ++(*entry)->conflicts;
    const Result<void> written = m_transaction.updateEntry(**entry);
    return written ? Result<Settled>(settled) : Result<Settled>(written.error());
}

Result<Settled> Settler::decide(const MutationResponse &response, Mode mode)
{
    if (response.outcome == MutationResponse::Outcome::Unsent) {
        const Result<void> released = releaseUnsent();
        return released ? Result<Settled>(outcome(Fate::Unsent)) : Result<Settled>(released.error());
    }
    const bool answered = response.outcome != MutationResponse::Outcome::Unauthorized
        && response.outcome != MutationResponse::Outcome::Unreachable;
    if (answered && m_current.baseVersion != m_sent.baseVersion) {
        if (const Result<void> forgotten = Lane::forgetOutdone(m_transaction, m_current); !forgotten)
            return forgotten.error();
    }
    switch (response.outcome) {
    case MutationResponse::Outcome::Unsent:
        break;
    case MutationResponse::Outcome::Accepted:
        if (response.record.isNull())
            break;
        if (m_sent.operation != Operation::Delete && response.record.metadata().deleted)
            return deletedRemotely(response.record, mode);
        return accept(response.record, mode);
    case MutationResponse::Outcome::Conflict:
        return conflict(response, mode);
    case MutationResponse::Outcome::Rejected:
        return refuse(response, mode);
    case MutationResponse::Outcome::Unauthorized:
    case MutationResponse::Outcome::Unreachable:
        break;
    }
    const bool unauthorized = response.outcome == MutationResponse::Outcome::Unauthorized;
    const Result<void> released = unauthorized ? releaseUnsent() : release(m_transaction, m_current, true, m_arrived, m_rules);
    if (!released)
        return released.error();
    Settled settled = outcome(unauthorized ? Fate::Unauthorized : Fate::Unreachable);
    settled.error = response.error;
    if (!settled.error.isError()) {
        settled.error = Error(unauthorized ? Error::Code::Unauthorized : Error::Code::Protocol,
                              SyncText::tr("The backend gave no usable answer to a change of %1.").arg(m_sent.model->name));
    }
    return settled;
}

// The tombstone of a removal here has the version that was removed.
static bool isGone(const SyncMetadata &known, const OutboxEntry &entry)
{
    return known.deleted && known.version > entry.baseVersion;
}

// The answer about a deletion is not the last that was heard: it lives, above what the entry stands on.
static bool wasMadeAnew(const Record &answered, const SyncMetadata &known, const OutboxEntry &entry)
{
    return !isGone(known, entry) && std::max(known.version, entry.baseVersion) > answered.metadata().version;
}

// Or it was deleted again.
static Record newestTombstone(const Record &answered, const SyncMetadata &known)
{
    Record tombstone = answered;
    if (known.deleted && known.version > answered.metadata().version)
        tombstone.setMetadata(known);
    return tombstone;
}

Result<Settled> Settler::accept(const Record &answered, Mode mode)
{
    const Result<SyncMetadata> known = Lane::known(m_transaction, *m_sent.model, m_sent.key);
    if (!known)
        return known.error();
    Settled settled = outcome(Fate::Accepted);
    settled.version = answered.metadata().version;
    const Result<Contest::Judgement> judgement = judgeMerge(answered, *known);
    if (!judgement)
        return judgement.error();
    if (const Result<void> told = Contest::journal(m_transaction, m_sent, answered.metadata().version, judgement->decided); !told)
        return told.error();
    Contest::handDown(m_sent, answered, m_rules, m_rest);
    if (!judgement->again.isEmpty())
        return sendAgain(answered, *known, *judgement, mode);
    const QList<int> different = cameOutDifferently(answered);
    m_current.yielded.removeIf([this](int field) { return Lane::valueOf(m_sent.changes, field).has_value(); });     // now decided
    settled.merged = !different.isEmpty() || !m_current.yielded.isEmpty();
    if (const Result<void> ended = m_transaction.endEntry(m_current, End::Accepted, different); !ended)
        return ended.error();
    Result<void> applied;
    const bool isMadeAnew = known->deleted && answered.metadata().lastChangedAt > known->lastChangedAt;
    if (m_sent.operation == Operation::Delete) {
        settled.outdated = wasMadeAnew(answered, *known, m_current);
        applied = m_rest.isEmpty() ? Deletion::leave(m_transaction, newestTombstone(answered, *known))
                                   : Deletion::precede(m_transaction, m_rest.first(), answered);
    } else if (answered.metadata().version >= known->version || isMadeAnew) {
        applied = Lane::rebase(m_transaction, answered, m_rest, settled.arrived, onOwn(answered, *known));
    } else if (known->deleted) {
        applied = acceptBeforeTombstone(answered, *known);
    } else {
        applied = acceptOlder(*known, m_current.base, m_rest);
    }
    if (applied && settled.merged && m_rest.isEmpty() && known->version <= settled.version)
        applied = Lane::showMerged(m_transaction, m_sent);
    if (!applied)
        return applied.error();
    settled.arrived.append(m_arrived);
    return settled;
}

/* The fields in which the backend now has another value than was sent. */
QList<int> Settler::cameOutDifferently(const Record &answered) const
{
    QList<int> fields;
    for (const auto &[field, value] : m_sent.changes) {
        if (answered.value(field) != value)
            fields.append(field);
    }
    return fields;
}

/*
    The changes that a merge dropped although nobody else touched what they change, or against a policy. AppSync's Automerge compares
    versions of records: an update based on an older one keeps every stored scalar, also those that only
    the update changed, and appends lists to what they were made from. Had the backend taken the version as it was,
    a value it kept is its own decision.
*/
Result<Contest::Judgement> Settler::judgeMerge(const Record &answered, const SyncMetadata &known) const
{
    const bool wasOutdated = answered.metadata().version > m_sent.baseVersion + 1;
    if (m_sent.operation != Operation::Update || !wasOutdated || known.deleted || Lane::deletes(m_rest))
        return Contest::Judgement();
    const bool newerIsKnown = known.version > answered.metadata().version;      // then the entry stands on it already
    const Result<Record> newest = newerIsKnown ? Lane::beneath(m_transaction, m_sent, QList<OutboxEntry>{m_current} + m_rest) : Result<Record>(answered);
    if (!newest)
        return newest.error();
    Contest::MergeGround ground{answered, m_rules};
    ground.theirsTime = theirsTime(answered, known);
    ground.mayCountTwice = m_sent.attempts - std::max(m_sent.vain, m_current.vain) > 1;       // what was told meanwhile may have ruled it out
    if (m_current.baseVersion + 1 == answered.metadata().version)
        ground.before = [this](int field) { return Lane::valueOf(m_current.base, field); };
    ground.newest = [&](int field) {
        return newest->isNull() || m_current.yielded.contains(field) ? std::optional<Value>() : newest->value(field);
    };
    ground.changedBehind = [this](int field) { return Lane::anyChanges(m_rest, field); };
    return Contest::judgeMerge(m_sent, ground);
}

/* When others changed what a merge was made of; what was not seen before the answer counts as older. */
qint64 Settler::theirsTime(const Record &answered, const SyncMetadata &known) const
{
    const bool wereSeen = known.version > m_sent.baseVersion && known.version != answered.metadata().version;
    return wereSeen ? known.lastChangedAt : 0;
}

/* What stands behind a change meets that change itself, and what others did only where it was merged. */
Lane::Rebase Settler::onOwn(const Record &answered, const SyncMetadata &known) const
{
    Lane::Rebase mode{m_rules};
    mode.isOwn = answered.metadata().version <= m_sent.baseVersion + 1;
    mode.othersTime = theirsTime(answered, known);
    return mode;
}

/*! What a merge dropped is sent on top of what the backend has now; the rest of the entry is done. */
Result<Settled> Settler::sendAgain(const Record &answered, const SyncMetadata &known, const Contest::Judgement &judgement, Mode mode)
{
    const Changes stored = m_current.base;
    const Changes &again = judgement.again;
    const QList<int> different = cameOutDifferently(answered);
    std::copy_if(different.begin(), different.end(), std::back_inserter(m_current.yielded), [&](int field) {
        return !Lane::valueOf(again, field) && !m_current.yielded.contains(field);
    });
    const bool newerIsKnown = answered.metadata().version < known.version;
    m_current.changes = again;
    m_current.base = judgement.beneath;
    m_current.sentLists = judgement.sentLists;
    m_current.contested.clear();
    for (const auto &[field, value] : again) {
        if (judgement.asked.contains(field))
            m_current.contested.append({field, Lane::valueOf(m_sent.base, field).value_or(Value()), value});
    }
    m_current.vain = m_current.attempts;
    Result<void> shown;
    if (newerIsKnown)
        shown = acceptOlder(known, stored, QList<OutboxEntry>{m_current} + m_rest);
    if (shown)
        shown = newerIsKnown ? loadLane() : Result<void>();
    return shown ? this->again(answered, {}, mode) : Result<Settled>(shown.error());
}

/*
    A newer record came before the answer and was put under the lane. Where nothing behind changes a
    field that was sent, the row must now show the backend's value, which the rebased base holds.
*/
Result<void> Settler::acceptOlder(const SyncMetadata &known, const Changes &stored, const QList<OutboxEntry> &behind)
{
    const bool goes = Lane::deletes(behind);
    Result<Record> row = Lane::beneath(m_transaction, m_sent, goes ? QList<OutboxEntry>() : behind);
    if (!row)
        return row.error();
    if (row->isNull())
        return {};
    for (const auto &[field, value] : stored) {
        if (!goes || !Lane::anyChanges(behind, field))
            row->setValue(field, value);
    }
    row->setMetadata(known);
    if (!goes)
        return Lane::rebase(m_transaction, *row, behind, m_arrived, {m_rules});
    row->setState(Lane::state(behind));
    return m_transaction.put(*row);
}

/*
    The record was deleted on the backend after it took the change. Edits behind are sent on top of
    what was answered: the backend will show the tombstone, and that answer decides about them.
*/
Result<void> Settler::acceptBeforeTombstone(const Record &answered, const SyncMetadata &known)
{
    Record tombstone = answered;
    tombstone.setMetadata(known);
    if (const Result<void> rebased = Lane::rebase(m_transaction, answered, m_rest, m_arrived, {m_rules}); !rebased)
        return rebased;
    if (m_transaction.hasLane(*m_sent.model, m_sent.key))
        return {};
    if (const Result<void> forgotten = Lane::forgetTombstone(m_transaction, tombstone); !forgotten)
        return forgotten;
    return m_transaction.drop(tombstone);
}

Result<bool> Settler::takeRemote(const Record &remote)
{
    const Result<SyncMetadata> known = Lane::known(m_transaction, *m_sent.model, m_sent.key);
    if (!known)
        return known.error();
    if (remote.metadata().version < known->version && !known->deleted)
        return false;
    QList<OutboxEntry> lane{m_current};
    lane.append(m_rest);
    if (const Result<void> rebased = Lane::rebase(m_transaction, remote, lane, m_arrived, {m_rules}); !rebased)
        return rebased.error();
    if (const Result<void> loaded = loadLane(); !loaded)
        return loaded.error();
    return true;
}

Result<Settled> Settler::conflict(const MutationResponse &response, Mode mode)
{
    if (response.record.isNull()) {
        if (!mode.fetched)
            return lookUp();
        return list(Error(Error::Code::Conflict, SyncText::tr("The backend reports a conflict on a %1 that it does not show.").arg(m_sent.model->name)),
                    {});
    }
    if (response.record.metadata().deleted)
        return deletedRemotely(response.record, mode);
    const Result<Record> newest = standAsSent(response.record);
    return newest ? again(*newest, response, mode) : Result<Settled>(newest.error());
}

/*
    The attempt did nothing, and no earlier one is in doubt: what was sent meets the newest that is known, as if nothing had been
    told between. Others' record that came meanwhile may have looked as if it were the attempt's. Returns what it is to meet: answered
    where nothing newer is known, and null where there is nothing to meet.
*/
Result<Record> Settler::standAsSent(const Record &answered)
{
    const Result<SyncMetadata> known = Lane::known(m_transaction, *m_sent.model, m_sent.key);
    if (!known)
        return known.error();
    if (Lane::mayHaveArrived(m_sent) || m_sent.operation != m_current.operation || m_sent.operation == Operation::Create)
        return answered;
    Record newest = answered;
    if (answered.isNull() || (answered.metadata().version < known->version && !known->deleted)) {
        const bool wasTold = m_current.baseVersion != m_sent.baseVersion;
        if (!wasTold || known->deleted || m_sent.operation == Operation::Delete || Lane::deletes(m_rest))
            return answered;
        const Result<Record> beneath = Lane::beneath(m_transaction, m_sent, QList<OutboxEntry>{m_current} + m_rest);
        if (!beneath || beneath->isNull())
            return beneath ? Result<Record>(answered) : beneath;
        newest = *beneath;
        newest.setMetadata(*known);
    }
    m_current.changes = m_sent.changes;
    m_current.base = m_sent.base;
    m_current.sentLists = m_sent.sentLists;
    m_current.contested = m_sent.contested;
    m_current.yielded = m_sent.yielded;
    m_current.baseVersion = m_sent.baseVersion;
    m_current.vain = m_current.attempts;
    return newest;
}

Result<void> Settler::releaseUnsent()
{
    const Result<Record> newest = standAsSent({});
    if (!newest)
        return newest.error();
    if (!newest->isNull()) {
        if (const Result<bool> taken = takeRemote(*newest); !taken)
            return taken.error();
    }
    return release(m_transaction, m_current, false, m_arrived, m_rules);
}

Result<Settled> Settler::again(const Record &remote, const MutationResponse &response, Mode mode)
{
    if (!remote.isNull()) {
        if (const Result<bool> taken = takeRemote(remote); !taken)
            return taken.error();
    }
    if (mode.lastAttempt && !Lane::hasArrived(m_current)) {
        if (!remote.isNull())
            m_current.theirs = remote;
        const QString reason = SyncText::tr("The backend's %1 changed again and again while this change was sent.").arg(m_sent.model->name);
        return list(Error(Error::Code::Conflict, reason).withDetail(response.error.message()), {});
    }
    Settled settled = outcome(Fate::Again);
    settled.version = m_current.baseVersion;
    QList<OutboxEntry> ended;
    if (const Result<void> released = release(m_transaction, m_current, true, ended, m_rules); !released)
        return released.error();
    for (const OutboxEntry &entry : std::as_const(ended)) {
        if (entry.sequence != m_sent.sequence) {
            settled.arrived.append(entry);
            continue;
        }
        settled.fate = Fate::Accepted;
        settled.merged = !entry.yielded.isEmpty();
    }
    return settled;
}

/*
    The backend deleted the record. A delete here has what it wants, and so have edits that a delete
    follows; of other edits the policies decide. Where they say nothing they are kept and listed, for only the
    user can say what they are worth. When it is known that the record was made anew since, edits stand on that already.
*/
Result<Settled> Settler::deletedRemotely(const Record &answered, Mode mode)
{
    const Result<SyncMetadata> known = Lane::known(m_transaction, *m_sent.model, m_sent.key);
    if (!known)
        return known.error();
    const Record tombstone = newestTombstone(answered, *known);
    const bool isMadeAnew = wasMadeAnew(answered, *known, m_current);
    const QList<OutboxEntry> lane = QList<OutboxEntry>{m_current} + m_rest;
    const QList<OutboxEntry> done = m_sent.operation == Operation::Delete ? QList<OutboxEntry>{m_current} : Deletion::concerned(lane);
    const bool areAll = done.size() == lane.size();
    if (isMadeAnew && !Lane::deletes(done) && known->lastChangedAt >= answered.metadata().lastChangedAt) {
        m_current.vain = Lane::mayHaveArrived(m_sent) ? m_current.vain : m_current.attempts;
        return again({}, {}, mode);
    }
    Result<void> ended;
    if (Lane::deletes(done)) {
        ended = Deletion::end(m_transaction, done, areAll, tombstone);
    } else {
        const Deletion::Ruling ruling = Deletion::rule(done, tombstone, m_rules);
        const bool mayLive = m_current.condition.kind() == Predicate::Kind::All && !mode.lastAttempt;
        if (ruling.verdict == Deletion::Verdict::Ask && mayLive)
            return ask(tombstone);
        if (ruling.verdict == Deletion::Verdict::Lives && mayLive)
            return revive(tombstone, ruling.policy);
        if (ruling.verdict != Deletion::Verdict::Goes) {
            const QString reason = SyncText::tr("The %1 was deleted on the backend while it was changed here.").arg(m_sent.model->name);
            return list(Error(Error::Code::Conflict, reason), tombstone);
        }
        ended = Deletion::take(m_transaction, done, areAll, {tombstone, ruling.policy});
    }
    if (!ended)
        return ended.error();
    for (const OutboxEntry &entry : done.mid(1)) {
        m_arrived.append(entry);
        m_arrived.last().baseVersion = tombstone.metadata().version;
    }
    Settled settled = outcome(Fate::Accepted);
    settled.version = tombstone.metadata().version;
    settled.merged = m_sent.operation != Operation::Delete;
    settled.outdated = isMadeAnew && areAll;
    return settled;
}

Result<Settled> Settler::ask(const Record &tombstone)
{
    m_current.state = EntryState::Undecided;
    m_current.theirs = tombstone;
    m_current.vain = m_current.attempts;
    Result<void> done = m_transaction.updateEntry(m_current);
    if (done)
        done = Lane::rememberTombstone(m_transaction, tombstone);
    if (done)
        done = Lane::refreshState(m_transaction, m_current);
    return done ? Result<Settled>(outcome(Fate::Again)) : Result<Settled>(done.error());
}

Result<Settled> Settler::revive(const Record &tombstone, const QString &policy)
{
    Result<void> done = Lane::forgetOutdone(m_transaction, m_current);
    if (done)
        done = Deletion::revive(m_transaction, m_current, m_rest, {tombstone, policy});
    return done ? Result<Settled>(outcome(Fate::Again)) : Result<Settled>(done.error());
}

Result<Settled> Settler::list(const Error &error, const Record &remote)
{
    m_current.state = EntryState::Rejected;
    m_current.error = error.isError() ? error : Error(Error::Code::Rejected, SyncText::tr("The backend refused the change and gave no reason."));
    m_current.error = m_current.error.withModel(m_sent.model->name).withRecord(m_sent.key);
    if (!remote.isNull())
        m_current.theirs = remote;
    if (const Result<void> updated = m_transaction.updateEntry(m_current); !updated)
        return updated.error();
    if (!remote.isNull() && remote.metadata().deleted) {
        if (const Result<void> kept = Lane::rememberTombstone(m_transaction, remote); !kept)
            return kept.error();
    } else if (!remote.isNull() && m_current.operation != Operation::Create) {
        if (const Result<bool> taken = takeRemote(remote); !taken)
            return taken.error();
    }
    if (!m_current.model) {             // refused, but the backend has what it wanted
        Settled settled = outcome(Fate::Accepted);
        settled.version = remote.metadata().version;
        settled.merged = std::any_of(settled.arrived.cbegin(), settled.arrived.cend(), [this](const OutboxEntry &entry) {
            return entry.sequence == m_sent.sequence && !entry.yielded.isEmpty();
        });
        settled.arrived.removeIf([this](const OutboxEntry &entry) { return entry.sequence == m_sent.sequence; });
        return settled;
    }
    if (const Result<void> shown = Lane::showState(m_transaction, m_sent, SyncState::Rejected); !shown)
        return shown.error();
    Settled settled = outcome(Fate::Rejected);
    settled.error = m_current.error;
    return settled;
}

} // namespace Tideline
