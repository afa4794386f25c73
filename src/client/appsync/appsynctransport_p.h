// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/documents_p.h"
#include "client/appsync/realtimesocket_p.h"
#include "client/sync/transport.h"

#include <QtCore/QPointer>
#include <QtCore/QUrl>
#include <QtNetwork/QNetworkAccessManager>

namespace Tideline {

/*! Asks for the authorization object of one request; may be called in the engine's thread. */
using Authorization = std::function<Result<QJsonObject>()>;

/*! Transport over AppSync's wire: HTTP for queries and mutations, the real-time socket for subscriptions. */
class AppSyncTransport final : public QObject, public Transport
{
    Q_OBJECT

public:
    AppSyncTransport(const Schema &schema, Scheduler &scheduler, const QUrl &endpoint, Authorization authorization);
    ~AppSyncTransport() override;

    void sync(const SyncRequest &request, Reply<SyncPage> done) override;
    void mutate(const QList<OutboxEntry> &entries, std::function<void(QList<MutationResponse>)> done) override;
    void openRealtime(const QList<std::shared_ptr<const ModelType>> &models, Listener *listener) override;
    void closeRealtime() override;
    void setHeartbeat(qint64 milliseconds) override { m_heartbeat = milliseconds; }
    void checkRealtime() override;

private:
    struct Answer
    {
        Error error;                    // of the line or of HTTP; then there is no json
        QJsonObject json;
    };

    void post(const Documents::Request &request, std::function<void(const Answer &)> done);
    void mutateOneByOne(const QList<OutboxEntry> &entries, QList<MutationResponse> sofar, std::function<void(QList<MutationResponse>)> done);
    void openSocket(qsizetype first, const QList<RealtimeSocket::Subscription> &subscriptions, const QJsonObject &authorization,
                    Listener *listener);
    void forward(Listener *listener, qsizetype subscription, const QJsonObject &data);

    struct Subscribed
    {
        std::shared_ptr<const ModelType> model;
        QString field;
    };

    Schema m_schema;
    Scheduler &m_scheduler;
    QUrl m_endpoint;
    Authorization m_authorization;
    Documents m_documents;
    QNetworkAccessManager m_network;
    std::vector<std::unique_ptr<RealtimeSocket>> m_sockets;     // as many as the subscriptions need
    size_t m_established = 0;           // of them
    qint64 m_heartbeat = 0;             // ms
    QList<Subscribed> m_subscribed;
};

} // namespace Tideline
