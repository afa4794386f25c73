// SPDX-License-Identifier: MIT
#pragma once

#include "tools/endpoint.h"
#include "tools/modeldocuments.h"

#include <QtCore/QTimer>
#include <QtWebSockets/QWebSocket>

namespace Tideline::Tools {

/*
    One connection of AppSync's real-time protocol. Makes exactly one attempt; when it ends it says why once. Every wait
    has a deadline.
*/
class LiveSocket : public QObject
{
    Q_OBJECT

public:
    explicit LiveSocket(const EndpointOptions &options);
    ~LiveSocket() override;

    void open(const QList<GraphQLDocument> &subscriptions);

Q_SIGNALS:
    void established();                                             // every subscription is acknowledged or refused
    void refused(qsizetype subscription, const QString &reason);    // for good; the others go on
    void received(qsizetype subscription, const QJsonObject &data);
    void lost(const Tideline::Error &error);                        // once, last; Unauthorized: the credentials are refused

private:
    void messageReceived(const QString &text);
    void startSubscriptions();
    void subscriptionRefused(qsizetype number, const QJsonObject &payload);
    void subscriptionAnswered(qsizetype number);
    void send(const QJsonObject &message);
    void end(const Error &error);

    const EndpointOptions m_options;
    QWebSocket m_socket;
    QTimer m_deadline;
    QTimer m_silence;
    QList<GraphQLDocument> m_subscriptions;
    QList<bool> m_answered;
    bool m_ended = false;
};

[[nodiscard]] QUrl realtimeUrl(const QUrl &endpoint);

} // namespace Tideline::Tools
