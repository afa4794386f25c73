// SPDX-License-Identifier: MIT
#pragma once

#include "core/executor.h"
#include "core/result.h"

#include <QtCore/QHash>
#include <QtCore/QJsonObject>
#include <QtCore/QObject>
#include <QtCore/QUrl>

#include <memory>

class QWebSocket;

namespace Tideline {

/*! The real-time URL of a GraphQL endpoint (protocol: AWS hosts have their own, others append /realtime). */
[[nodiscard]] QUrl realtimeUrl(const QUrl &endpoint);

/*
    One connection of AppSync's real-time protocol: handshake, subscriptions, keep-alive. Makes exactly
    one attempt; when it ends it says why once, and is thrown away. Every wait has a deadline.
*/
class RealtimeSocket : public QObject
{
    Q_OBJECT

public:
    struct Subscription
    {
        QString query;
        QJsonObject variables;
    };

    RealtimeSocket(Scheduler &scheduler, const QUrl &endpoint, const QJsonObject &authorization);
    ~RealtimeSocket() override;

    void setHeartbeat(qint64 milliseconds) { m_heartbeat = milliseconds; }     // of silence; 0: none
    void open(const QList<Subscription> &subscriptions);
    void check();                                               // asks for a sign of life now

Q_SIGNALS:
    void established();                                         // every subscription is acknowledged or refused
    void refused(qsizetype subscription, const Tideline::Error &error);
    void dataReceived(qsizetype subscription, const QJsonObject &data);
    void lost(const Tideline::Error &error);                    // once, last

private:
    void connected();
    void messageReceived(const QString &text);
    void acknowledged(const QJsonObject &payload);
    void subscriptionRefused(qsizetype number, const QJsonObject &payload);
    void subscriptionAnswered();
    void startSubscriptions();
    void send(const QJsonObject &message);
    void wait(qint64 milliseconds, const QString &inVain);
    void keepAlive();
    void learnInterval();
    void listen();
    void ask();
    void heardNothing();
    void end(const Error &error);

    Scheduler &m_scheduler;
    QUrl m_endpoint;
    QJsonObject m_authorization;
    std::unique_ptr<QWebSocket> m_socket;
    QList<Subscription> m_subscriptions;
    QList<bool> m_answered;
    qsizetype m_waiting = 0;            // subscriptions without answer
    TimerId m_deadline = 0;
    TimerId m_silence = 0;
    qint64 m_silenceLimit = 300'000;    // ms without a message after which the line counts as dead
    qint64 m_heartbeat = 0;             // ms
    TimerId m_pulse = 0;                // the next question, or the end of the wait for its answer
    bool m_asked = false;               // and not heard of the backend since
    bool m_answers = false;             // the backend answered a ping before: when it does not any more, the line is dead
    qint64 m_lastKa = -1;               // monotonic, ms
    bool m_ended = false;
};

} // namespace Tideline
