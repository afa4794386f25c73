// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/realtimegroup_p.h"
#include "client/appsync/requestsender_p.h"
#include "client/sync/transport.h"

namespace Tideline {

/*!
    Transport over AppSync's wire: HTTP for queries and mutations, the real-time socket for subscriptions.

    The protocol has no way to give a live socket new credentials. When there are others, a second socket is opened with them beside the
    first, which is stopped when all subscriptions of the second are acknowledged and closed after its last word. What comes twice is known by
    its version; a backend that publishes late may tell neither of them, so the listener then asks for what changed. Limits of subscriptions
    per connection are not touched, as they would be by subscribing twice on one socket. It also proves the connection itself anew.
*/
class AppSyncTransport final : public QObject, public Transport
{
    Q_OBJECT

public:
    AppSyncTransport(const Schema &schema, Scheduler &scheduler, const QUrl &endpoint, std::shared_ptr<AuthOrder> order);
    ~AppSyncTransport() override;

    void sync(const SyncRequest &request, Reply<SyncPage> done) override;
    void mutate(const QList<OutboxEntry> &entries, std::function<void(QList<MutationResponse>)> done) override;
    void openRealtime(const QList<std::shared_ptr<const ModelType>> &models, Listener *listener) override;
    void closeRealtime() override;
    void setAccount(const Account &account) override;
    void setHeartbeat(qint64 milliseconds) override { m_heartbeat = milliseconds; }
    void checkRealtime() override;

private:
    using Answer = RequestSender::Answer;
    using Responses = std::function<void(QList<MutationResponse>)>;
    struct Batch;
    struct Way                          // that a document takes
    {
        std::shared_ptr<Authorizer> authorizer;
        qint64 until;                   // monotonic, ms: what did not begin by then is left to the next document
    };

    void sync(const SyncRequest &request, AuthOrder::Modes modes, const Reply<SyncPage> &done);
    void mutateNext(const std::shared_ptr<Batch> &batch);
    void mutate(const QList<OutboxEntry> &entries, const Way &way, const Responses &done);
    void mutateApart(const QList<OutboxEntry> &entries, const Way &way, const QJsonObject &answer, const Responses &done);
    void mutateOneByOne(const QList<OutboxEntry> &entries, const Way &way, const QList<MutationResponse> &sofar, const Responses &done);
    void passOn(const Answer &answer);
    void worked(const ModelType &model, const QString &operation, const std::shared_ptr<Authorizer> &authorizer);
    [[nodiscard]] Error ofModel(const Error &error, const ModelType &model) const;
    [[nodiscard]] bool hasOtherCredentials();
    void credentialsFailed(const std::shared_ptr<Authorizer> &authorizer, const Error &error);

    std::unique_ptr<RealtimeGroup> makeSocket();
    void openSocket();
    void socketLost(const Error &error);
    void renewWhenOutdated();
    void renewLater();
    void renewalEnded(bool established);
    void retire();
    void forward(qsizetype subscription, const QJsonObject &data);

    struct Subscribed
    {
        std::shared_ptr<const ModelType> model;
        QString field;
    };

    Schema m_schema;
    Scheduler &m_scheduler;
    QUrl m_endpoint;
    std::shared_ptr<AuthOrder> m_order;
    Documents m_documents;
    RequestSender m_sender;
    Listener *m_listener = nullptr;
    std::unique_ptr<RealtimeGroup> m_socket;
    std::unique_ptr<RealtimeGroup> m_renewal;                  // takes the place of m_socket when it is established
    std::unique_ptr<RealtimeGroup> m_retired;                  // says what it still had to say
    TimerId m_renewalTimer = 0;
    bool m_established = false;
    bool m_openedAgain = false;                                 // after the first credentials were refused
    Account m_account;
    std::shared_ptr<Authorizer> m_connectedBy;
    qint64 m_heartbeat = 0;             // ms
    QList<Subscribed> m_subscribed;
    QList<Authorizer::Handle> m_observations;
};

} // namespace Tideline
