// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/contest_p.h"
#include "client/sync/lane_p.h"
#include "client/sync/transport.h"

namespace Tideline {

using Changes = QList<std::pair<int, Value>>;      // field, value

// What became of one attempt to send a mutation.
struct Settled
{
    enum class Fate {
        Accepted,       // the entry is gone; merged says whether the backend stored something else than was sent
        Rejected,       // the entry is listed with its error
        Again,          // waits for another attempt, or for the application first, on top of what the backend has now
        Unknown,        // nothing can be decided without the backend's record; the entry is still under way
        Unauthorized,   // waits; the credentials must be renewed first
        Unreachable,    // waits; error says why
        Unsent,         // waits, for nothing but its turn
    };

    OutboxEntry entry;                  // as it was sent
    Fate fate = Fate::Unreachable;
    qint64 version = 0;
    bool merged = false;
    bool outdated = false;              // the backend has a newer record than this device could keep: fetch it
    int conflicts = 0;                  // of the entry so far, when it waits again
    Error error;
    QList<OutboxEntry> arrived;         // others of the lane that ended too: the backend has what they wanted
};

/*
    Does to the store what the backend's answer means, all of it in the caller's transaction: the
    entry goes, waits or is listed, the entries behind it stand on what was answered, the row shows
    the backend's record with what is left of the lane over it.
*/
class TIDELINE_EXPORT Settler
{
public:
    Settler(WriteTransaction &transaction, const OutboxEntry &sent, const ConflictRules &rules)
        : m_transaction(transaction), m_sent(sent), m_rules(rules) { }

    /*! \a fetched: the response's record was asked for, null means there is none. */
    [[nodiscard]] Result<Settled> settle(const MutationResponse &response, bool fetched);

    struct Released
    {
        bool isEmpty = true;            // nothing waits
        QList<OutboxEntry> arrived;     // that ended, as their record had come meanwhile
    };

    /*! Takes an entry of state Sending back to Waiting. \a counted: its attempt may have reached the backend. */
    [[nodiscard]] static Result<void> release(WriteTransaction &transaction, const OutboxEntry &sent, bool counted,
                                              QList<OutboxEntry> &arrived, const ConflictRules &rules);

    /*! Releases every entry of state Sending, as a killed process or a cut session left them. \a sent: those that may have reached the
        backend; unknown: any may. */
    [[nodiscard]] static Result<Released> releaseAll(WriteTransaction &transaction, const std::optional<QSet<qint64>> &sent, const ConflictRules &rules);

private:
    struct Mode
    {
        bool lastAttempt = false;       // a further conflict is final
        bool fetched = false;
    };

    [[nodiscard]] Result<void> loadLane();
    [[nodiscard]] Result<Settled> decide(const MutationResponse &response, Mode mode);
    [[nodiscard]] Result<Settled> countConflict(Settled settled);
    [[nodiscard]] Result<Settled> accept(const Record &answered, Mode mode);
    [[nodiscard]] Result<void> acceptOlder(const SyncMetadata &known, const Changes &stored, const QList<OutboxEntry> &behind);
    [[nodiscard]] QList<int> cameOutDifferently(const Record &answered) const;
    [[nodiscard]] Result<Contest::Judgement> judgeMerge(const Record &answered, const SyncMetadata &known) const;
    [[nodiscard]] qint64 theirsTime(const Record &answered, const SyncMetadata &known) const;
    [[nodiscard]] Lane::Rebase onOwn(const Record &answered, const SyncMetadata &known) const;
    [[nodiscard]] Result<Settled> sendAgain(const Record &answered, const SyncMetadata &known, const Contest::Judgement &judgement, Mode mode);
    [[nodiscard]] Result<Record> standAsSent(const Record &answered);
    [[nodiscard]] Result<void> releaseUnsent();
    [[nodiscard]] Result<void> acceptBeforeTombstone(const Record &answered, const SyncMetadata &known);
    [[nodiscard]] Result<Settled> conflict(const MutationResponse &response, Mode mode);
    [[nodiscard]] Result<Settled> deletedRemotely(const Record &answered, Mode mode);
    [[nodiscard]] Result<Settled> ask(const Record &tombstone);
    [[nodiscard]] Result<Settled> revive(const Record &tombstone, const QString &policy);
    [[nodiscard]] Result<Settled> lookUp();
    [[nodiscard]] Result<Settled> nameTombstone(const Record &tombstone);
    [[nodiscard]] Result<Settled> keyTaken(const MutationResponse &response, Mode mode);
    [[nodiscard]] static Result<void> decideBehind(WriteTransaction &transaction, const OutboxEntry &ended, QList<OutboxEntry> &arrived,
                                                   const ConflictRules &rules);
    [[nodiscard]] static Result<void> decideContested(WriteTransaction &transaction, const OutboxEntry &entry, QList<OutboxEntry> &arrived,
                                                      const ConflictRules &rules);
    [[nodiscard]] Result<Settled> refuse(const MutationResponse &response, Mode mode);
    [[nodiscard]] Result<Settled> listAsSent(const MutationResponse &response);
    [[nodiscard]] Result<Settled> list(const Error &error, const Record &remote);
    [[nodiscard]] Result<Settled> again(const Record &remote, const MutationResponse &response, Mode mode);
    [[nodiscard]] Settled outcome(Settled::Fate fate) const;
    [[nodiscard]] Result<bool> takeRemote(const Record &remote);        // rebases the whole lane unless a newer one is known

    WriteTransaction &m_transaction;
    const OutboxEntry &m_sent;
    const ConflictRules &m_rules;
    OutboxEntry m_current;              // as the table has it now: rebased while it was under way; model null: gone
    QList<OutboxEntry> m_rest;          // the lane behind it
    QList<OutboxEntry> m_arrived;       // of the lane, besides the entry itself
};

} // namespace Tideline
