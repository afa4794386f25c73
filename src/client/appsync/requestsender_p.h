// SPDX-License-Identifier: MIT
#pragma once

#include "client/appsync/authorizer_p.h"
#include "client/appsync/documents_p.h"

#include <QtCore/QUrl>
#include <QtNetwork/QNetworkAccessManager>

namespace Tideline {

/*! The host of \a endpoint as authorizations name it. */
[[nodiscard]] QString authorizationHost(const QUrl &endpoint);

/*
    GraphQL requests over HTTP. Each proves who sends it; one whose credentials the backend refuses is sent once more when there
    may be others. Nothing is called back after destruction.
*/
class RequestSender : public QObject
{
    Q_OBJECT

public:
    RequestSender(Scheduler &scheduler, const QUrl &endpoint) : m_scheduler(scheduler), m_endpoint(endpoint) { }
    ~RequestSender() override;

    void setAccount(const Account &account) { m_account = account; }

    struct Answer
    {
        Error error;                    // of the line or of HTTP; then there is no json
        QJsonObject json;
        qint64 retryAfter = 0;          // ms that the backend wants no other attempt; 0: it did not say
    };
    using Done = std::function<void(const Answer &)>;
    enum class Repeat { Allowed, Never };       // by Qt, where a line ends before the answer comes

    void post(const Documents::Request &request, const std::shared_ptr<Authorizer> &authorizer, Repeat repeat, Done done);

private:
    struct Sending
    {
        QByteArray body;
        std::shared_ptr<Authorizer> authorizer;
        Repeat repeat;
        Done done;
        bool again = false;             // the first credentials were refused
        Authorizer::Handle wait = {};
    };

    void authorize(const std::shared_ptr<Sending> &sending);
    void send(const std::shared_ptr<Sending> &sending, const Authorization &authorization);
    void answered(const std::shared_ptr<Sending> &sending, quint64 secret, int status, const Answer &answer);

    Scheduler &m_scheduler;
    QUrl m_endpoint;
    Account m_account;
    QNetworkAccessManager m_network;
    QHash<Sending *, std::shared_ptr<Sending>> m_waiting;      // for credentials
};

} // namespace Tideline
