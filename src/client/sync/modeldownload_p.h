// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/context_p.h"
#include "client/sync/syncstate_p.h"

namespace Tideline {

/*
    One base or delta sync of one model type: page by page, the next page in flight while the
    previous is merged, a page per transaction. Retries a page that the backend fails to give, for
    ever; a line that breaks ends it. After a change of the scope rows that it does not have go first, and
    only the difference is asked for. A difference, and what another session began, is followed by a delta
    sync, unless the subscriptions told all since the last one.
*/
class ModelDownload
{
public:
    struct Callbacks
    {
        std::function<void(bool synced, const Error &error)> settled;       // once: done, or failed so often that others should go on
        std::function<void(const Error &)> failed;                          // the session must end; nothing comes after
    };

    ModelDownload(std::shared_ptr<const SyncContext> context, Transport &transport, std::shared_ptr<const ModelType> model,
                  const SyncProgress &progress, bool level, Callbacks callbacks);
    Q_DISABLE_COPY_MOVE(ModelDownload)

    [[nodiscard]] const std::shared_ptr<const ModelType> &model() const noexcept { return m_model; }
    void start();
    void skipWait();                    // of a retry
    void cut();

private:
    void evict(int offset, int dropped);
    void forget();
    void begin();
    [[nodiscard]] bool isBaseSyncDue() const;
    [[nodiscard]] bool planDifference();
    void request();
    void tryAgain();
    [[nodiscard]] int pageSize() const;
    bool askForFewer();                 // false: one record is as few as there can be
    void answered(Result<SyncPage> page);
    void pageFailed(const Error &error);
    [[nodiscard]] SyncProgress progressAfter(const SyncPage &page) const;
    void mergeNext();
    void merged(const Merger::Outcome &outcome, bool last);
    void sweep(qint64 afterRow);
    void drop(const QStringList &keys, qint64 lastRow);
    void swept();
    void finished();
    void fail(const Error &error);

    std::shared_ptr<const SyncContext> m_context;
    Transport &m_transport;
    std::shared_ptr<const ModelType> m_model;
    Predicate m_scope;
    QString m_expression;               // the scope as it is stored
    SyncProgress m_progress;            // as stored
    Callbacks m_callbacks;
    bool m_level = false;               // nothing was missed since the subscriptions stand
    bool m_full = false;
    bool m_hadBase = false;             // a base sync was part of it
    bool m_difference = false;
    Predicate m_filter;                 // of the requests
    bool m_resumed = false;             // goes on with what another session began
    bool m_first = false;               // the next page is the first of its sync
    QString m_token;                    // of the next request
    qint64 m_startedAt = 0;             // of the first page
    std::optional<SyncPage> m_page;     // arrived, waits for the merge before it
    bool m_beginsAnew = false;          // the next attempt: the backend refused the token
    bool m_requesting = false;
    bool m_merging = false;
    bool m_settled = false;
    SyncCounts m_counts;
    Backoff m_backoff;
    Timer m_deadline;
    Timer m_retry;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
