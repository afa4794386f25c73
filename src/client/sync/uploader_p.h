// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/claim_p.h"
#include "client/sync/context_p.h"
#include "client/sync/settle_p.h"

#include <map>

namespace Tideline {

/*
    Drains the outbox of one session: claims what may go, sends it in documents, settles the answers.
    The queue itself is the outbox table; here is only what is under way and what is held back.
*/
class Uploader
{
public:
    struct Callbacks
    {
        std::function<void()> answered;                     // the backend takes mutations
        std::function<void(const Error &)> failed;          // the session must end; at most once
    };

    Uploader(std::shared_ptr<const SyncContext> context, Transport &transport, Callbacks callbacks);
    Q_DISABLE_COPY_MOVE(Uploader)

    void wake();                        // something was saved, listed or merged
    void skipWaits();                   // and forget every wait
    void cut();                         // nothing happens any more
    struct Answer                       // of the backend, to be settled
    {
        OutboxEntry entry;              // as it was sent
        MutationResponse response;
        bool fetched = false;           // the response's record was asked for
    };

    /*! Whether \a item, which a subscription brought, need not be merged: an answer that was settled said the same. */
    [[nodiscard]] bool takesEcho(const RemoteItem &item);

    void describe(EngineStatus &status, qint64 toEpoch) const;
    [[nodiscard]] bool leavesMarks() const noexcept { return m_claiming || !m_inFlight.isEmpty(); }    // entries Sending that nobody settles after a cut
    [[nodiscard]] const QSet<qint64> &sent() const noexcept { return m_sent; }                         // of them those that may have arrived

private:
    struct Document
    {
        QList<OutboxEntry> entries;
        std::unique_ptr<Timer> deadline;
    };
    struct Hold                         // of a lane whose last attempt did not get through
    {
        int failures = 0;
        qint64 until = 0;               // monotonic, ms
        Error error;                    // none: after a conflict
        bool own = false;               // others got through meanwhile: the backend is well, the mutation is the matter
    };

    struct Settlement
    {
        QList<Settled> outcomes;
        std::optional<Claim::Outcome> next;     // chosen in the same transaction
    };

    void lookAgain();                   // the same where nothing was
    void beginClaim();
    void claim();
    [[nodiscard]] int capacity() const { return m_context->options.maxLanesInFlight - int(m_inFlight.size()); }
    [[nodiscard]] QSet<LaneId> held() const;
    void claimed(const Claim::Outcome &outcome);
    void send(const QList<OutboxEntry> &entries);
    void answered(quint64 document, const QList<MutationResponse> &responses);
    void settle(const QList<OutboxEntry> &entries, const QList<MutationResponse> &responses, bool fetched);
    void settleNext();
    void settled(const Settlement &settlement);
    [[nodiscard]] Error settledAll(const QList<Settled> &outcomes);     // why the session must end
    void settledOne(const Settled &outcome);
    void lookUp(const OutboxEntry &entry);
    void fetch(const OutboxEntry &entry, const Reply<Record> &found);
    void fetchPage(SyncRequest request, const QString &key, int pagesLeft, const Reply<Record> &found);
    void mergeFetched(const OutboxEntry &entry);
    void expectEcho(const LaneId &id, const Record &stored);
    void hold(const OutboxEntry &entry, const Error &error);
    void gotThrough(const LaneId &id);
    void othersGotThrough();
    void tryOneSoon();
    void wakeAfterHolds();
    void reportEmptiness(bool isEmpty);
    void fail(const Error &error);

    std::shared_ptr<const SyncContext> m_context;
    Transport &m_transport;
    Callbacks m_callbacks;
    std::map<quint64, Document> m_documents;                // sent, not yet answered
    quint64 m_lastDocument = 0;
    std::map<quint64, Timer> m_fetches;                     // deadlines of pages that are asked for
    quint64 m_lastFetch = 0;
    QHash<LaneId, MutationResponse> m_undecided;            // answers that need the backend's record
    QList<Answer> m_answers;                                // to be settled when the writer is done with those before
    QSet<LaneId> m_inFlight;                                // claimed, not yet settled
    QSet<qint64> m_sent;                                    // of them, mutations that the transport was given
    QHash<LaneId, SyncMetadata> m_stored;                   // as the latest answers had it, until a subscription tells of it
    Claim::Blocked m_blocked;                               // as the last claim found it
    QHash<LaneId, Hold> m_holds;
    Backoff m_throttle;
    qint64 m_throttledUntil = *m_context->notBefore;        // monotonic, ms
    Timer m_wakeTimer;
    bool m_settling = false;
    bool m_claiming = false;
    bool m_dirty = false;                                   // the outbox may have changed since the claim began
    bool m_woken = false;                                   // what waits for what may have changed since then
    bool m_report = false;                                  // outboxStatus is due after the next claim
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
