// SPDX-License-Identifier: MIT
#include "client/appsync/realtimegroup_p.h"

#include <algorithm>

namespace Tideline {

constexpr qsizetype subscriptionsPerConnection = 100;       // AppSync's limit

RealtimeGroup::RealtimeGroup(Scheduler &scheduler, const QUrl &endpoint, const AuthOrder &order)
    : m_scheduler(scheduler), m_endpoint(endpoint), m_order(order)
{
}

RealtimeGroup::~RealtimeGroup() = default;

void RealtimeGroup::open(const QList<RealtimeSocket::Subscription> &subscriptions)
{
    const qsizetype connections = std::max<qsizetype>(1, (subscriptions.size() + subscriptionsPerConnection - 1) / subscriptionsPerConnection);
    for (qsizetype i = 0; i < connections; ++i)
        addSocket(i * subscriptionsPerConnection);
    for (qsizetype i = 0; i < connections && !m_ended; ++i)
        m_sockets[size_t(i)]->open(subscriptions.mid(i * subscriptionsPerConnection, subscriptionsPerConnection));
}

void RealtimeGroup::addSocket(qsizetype first)
{
    m_sockets.push_back(std::make_unique<RealtimeSocket>(m_scheduler, m_endpoint, m_order));
    RealtimeSocket &socket = *m_sockets.back();
    connect(&socket, &RealtimeSocket::established, this, [this] {
        if (++m_established == m_sockets.size())
            Q_EMIT established();
    });
    connect(&socket, &RealtimeSocket::refused, this,
            [this, first](qsizetype subscription, const Error &error) { Q_EMIT refused(first + subscription, error); });
    connect(&socket, &RealtimeSocket::dataReceived, this,
            [this, first](qsizetype subscription, const QJsonObject &data) { Q_EMIT dataReceived(first + subscription, data); });
    connect(&socket, &RealtimeSocket::lost, this, [this, &socket](const Error &error) { socketLost(socket, error); });
    socket.setAccount(m_account);
    socket.setHeartbeat(m_heartbeat);
}

void RealtimeGroup::socketLost(const RealtimeSocket &socket, const Error &error)
{
    if (m_ended || (m_stopping && ++m_stopped < m_sockets.size()))
        return;
    m_ended = true;
    m_mayRenew = socket.mayRenew();
    for (const auto &other : m_sockets)
        other->disconnect(this);
    Q_EMIT lost(error);
}

void RealtimeGroup::check()
{
    for (const auto &socket : m_sockets)
        socket->check();
}

void RealtimeGroup::stop()
{
    m_stopping = true;
    for (const auto &socket : m_sockets)
        socket->stop();
}

bool RealtimeGroup::isOutdated() const
{
    return std::ranges::any_of(m_sockets, [](const auto &socket) { return socket->isOutdated(); });
}

} // namespace Tideline
