// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/realtimesocket_p.h"

#include <vector>

namespace Tideline {

/*
    As many connections as the subscriptions need, for AppSync takes 100 on one. They are there together, lost together, and seen
    as one: what RealtimeSocket says of itself holds for all of them.
*/
class RealtimeGroup : public QObject
{
    Q_OBJECT

public:
    RealtimeGroup(Scheduler &scheduler, const QUrl &endpoint, const AuthOrder &order);
    ~RealtimeGroup() override;

    void setAccount(const Account &account) { m_account = account; }
    void setHeartbeat(qint64 milliseconds) { m_heartbeat = milliseconds; }
    void open(const QList<RealtimeSocket::Subscription> &subscriptions);
    void check();
    void stop();
    [[nodiscard]] bool hasEnded() const noexcept { return m_ended; }
    [[nodiscard]] bool isOutdated() const;
    [[nodiscard]] bool mayRenew() const noexcept { return m_mayRenew; }

Q_SIGNALS:
    void established();
    void refused(qsizetype subscription, const Tideline::Error &error);
    void dataReceived(qsizetype subscription, const QJsonObject &data);
    void lost(const Tideline::Error &error);                    // once, last

private:
    void addSocket(qsizetype first);                            // the number of its first subscription
    void socketLost(const RealtimeSocket &socket, const Error &error);

    Scheduler &m_scheduler;
    QUrl m_endpoint;
    const AuthOrder &m_order;
    Account m_account;
    std::vector<std::unique_ptr<RealtimeSocket>> m_sockets;
    size_t m_established = 0;           // of them
    size_t m_stopped = 0;
    qint64 m_heartbeat = 0;             // ms
    bool m_stopping = false;
    bool m_ended = false;
    bool m_mayRenew = false;
};

} // namespace Tideline
