// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/authmodes_p.h"
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
        AuthOrder::Modes modes;         // one after the other while the backend says Unauthorized
    };

    RealtimeSocket(Scheduler &scheduler, const QUrl &endpoint, const AuthOrder &order);
    ~RealtimeSocket() override;

    void setAccount(const Account &account) { m_account = account; }
    void setHeartbeat(qint64 milliseconds) { m_heartbeat = milliseconds; }     // of silence; 0: none
    void open(const QList<Subscription> &subscriptions);
    void check();                                               // asks for a sign of life now
    void stop();                                                // once established: ends with lost() when all that was sent has come
    [[nodiscard]] bool hasEnded() const noexcept { return m_ended; }
    [[nodiscard]] bool isOutdated() const;                      // there are other credentials than when it was opened
    [[nodiscard]] bool mayRenew() const;                        // refused, but other credentials may come

Q_SIGNALS:
    void established();                                         // every subscription is acknowledged or refused
    void refused(qsizetype subscription, const Tideline::Error &error);
    void dataReceived(qsizetype subscription, const QJsonObject &data);
    void lost(const Tideline::Error &error);                    // once, last

private:
    struct Started
    {
        Subscription subscription;
        bool answered = false;
        bool again = false;             // its credentials were refused once, and others could come
        Authorizer::Handle wait = {};
    };

    void authorize(const std::shared_ptr<Authorizer> &authorizer, AuthorizationRequest request, Authorizer::Handle &wait,
                   Reply<QJsonObject> done);
    void connectSocket();
    void connected();
    void messageReceived(const QString &text);
    void acknowledged(const QJsonObject &payload);
    void subscriptionRefused(qsizetype number, const QJsonObject &payload);
    void subscriptionAnswered();
    void subscriptionEnded();
    void startSubscriptions();
    void start(qsizetype number);
    void giveUp(qsizetype number, const Error &error);
    void refuse(qsizetype number, const Error &error);
    [[nodiscard]] bool hasNextMode(qsizetype number, const Error &error);
    void send(const QJsonObject &message);
    void wait(qint64 milliseconds, const QString &inVain);
    void keepAlive();
    void learnInterval();
    void listen();
    void ask();
    void heardNothing();
    void end(const Error &error);
    void endUnauthorized(const std::shared_ptr<Authorizer> &authorizer, const Error &error);

    Scheduler &m_scheduler;
    QUrl m_endpoint;
    Account m_account;
    std::shared_ptr<Authorizer> m_authorizer;                   // of the connection
    bool m_several;                                             // there are other credentials, so that refused ones are not the end
    Authorizer::Handle m_wait;
    std::unique_ptr<QWebSocket> m_socket;
    std::vector<Started> m_subscriptions;
    QHash<std::shared_ptr<Authorizer>, quint64> m_secrets;      // by number: as used, else as when it was opened
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
    bool m_mayRenew = false;
    bool m_stopping = false;
};

} // namespace Tideline
