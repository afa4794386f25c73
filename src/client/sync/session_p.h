// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/downloader_p.h"
#include "client/sync/inbox_p.h"
#include "client/sync/uploader_p.h"

namespace Tideline {

/*
    One attempt to be equal with the backend: subscriptions, then sync, then live. It ends once, at
    the first trouble that is more than one model's or one record's, and is never used again; what
    the next one needs is in the store.
*/
class Session : private Transport::Listener
{
public:
    enum class Concern { Connection, Sync, Upload };

    struct Callbacks
    {
        std::function<void(EngineState)> stateChanged;      // Syncing, Live
        std::function<void(Concern)> succeeded;             // that concern need not wait next time
        std::function<void(const Error &)> credentialsJudged;   // some of several were refused; none: they are good again
        std::function<void(Concern, const Error &)> ended;  // once; the session does nothing any more
    };

    Session(std::shared_ptr<const SyncContext> context, std::unique_ptr<Transport> transport, Callbacks callbacks);
    ~Session() override;
    Q_DISABLE_COPY_MOVE(Session)

    void start();
    void cut();                         // ends it without a word
    void wake();                        // the outbox has something new
    void syncNow();
    void check();                       // whether the line still stands
    void describe(EngineStatus &status, qint64 toEpoch) const;      // what waits in it; toEpoch: what makes a monotonic time one of the epoch
    void scopesChanged(const QSet<QString> &models);        // of these; the new ones are in the context
    [[nodiscard]] bool isSubscribed(const QString &model) const { return m_subscribed.contains(model); }
    void credentialsChanged(bool wereAskedFor);          // what the former could not read is asked for again
    [[nodiscard]] bool needsCredentials() const noexcept { return m_needsCredentials; }
    [[nodiscard]] bool leavesMarks() const noexcept { return m_uploader.leavesMarks(); }
    [[nodiscard]] const QSet<qint64> &sent() const noexcept { return m_uploader.sent(); }

private:
    void realtimeEstablished() override;
    void realtimeRefused(const QString &model, const Error &error) override;
    void realtimeLost(const Error &error) override;
    void recordReceived(const RemoteItem &item) override;
    void waitAsked(qint64 milliseconds) override;
    void credentialsJudged(const Error &error) override;

    void sync();
    void modelSynced(const QString &model);
    void synced();
    void planSync();
    void end(Concern concern, const Error &error);

    std::shared_ptr<const SyncContext> m_context;
    Callbacks m_callbacks;
    std::unique_ptr<Transport> m_transport;                 // outlives the workers
    Inbox m_inbox;
    Uploader m_uploader;
    std::unique_ptr<Downloader> m_downloader;
    std::unique_ptr<Downloader> m_previous;                 // kept until it is at rest
    Timer m_realtimeDeadline;
    Timer m_nextSync;
    Timer m_rescope;                                        // a series of changes is one
    QSet<QString> m_subscribed;                             // models
    QSet<QString> m_level;                                  // models that were synced since the subscriptions stand
    QSet<QString> m_unsynced;                               // what the running sync is about; empty: all
    bool m_established = false;
    bool m_live = false;
    bool m_syncing = false;
    bool m_needsCredentials = false;                        // of several, for some models
    bool m_ended = false;
    std::shared_ptr<int> m_alive = std::make_shared<int>();
};

} // namespace Tideline
