// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "server/global.h"
#include "server/log.h"
#include "server/metrics.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayList>
#include <QtCore/QString>
#include <QtCore/QStringList>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace Tideline::Server {

/*!
    \class Tideline::Server::HttpOptions
    \inmodule Tideline
    \since 0.1
    \brief Where HttpServer listens, what it accepts and how long it waits.

    The defaults are those of a small server on the internet. Sizes are bytes.
*/
struct HttpOptions
{
    // An address, or a name all of whose addresses are bound.
    QString host = QStringLiteral("127.0.0.1");
    // 0 takes a free port; start() returns it.
    quint16 port = 0;
    // Threads that serve sockets; calls of the service and the authorizer are made from them.
    int threads = 2;
    // Sockets above this are closed as they come.
    int maxConnections = 20'000;
    // The same for those from one address (IPv6: one /64 network) that is no trusted proxy's; 0: no limit.
    int maxConnectionsPerAddress = 0;
    // Of one caller, who is known by his identity or, where that is shared as with API keys, by his address; 0: no limit.
    // Above it requests are answered with 429. AWS's Android client gives up a change that is refused so.
    double requestsPerSecond = 0;
    double requestBurst = 50;

    // Addresses and networks ("10.0.0.0/8") of proxies in front. Of what they send, the last address in X-Forwarded-For or Forwarded that
    // is not theirs is the caller's, for the rate and the log; from others the headers mean nothing.
    QStringList trustedProxies = {};

    // Of browsers, as in https://app.example; "*" is every origin. Others get no CORS headers and no socket.
    QByteArrayList allowedOrigins{"*"};

    // Where /healthz, /readyz and /metrics are: on a port of their own, if one is given, else where GraphQL is.
    std::optional<quint16> adminPort = {};
    QString adminHost = QStringLiteral("127.0.0.1");
    bool serveMetrics = true;

    // PEM, with intermediates; TLS is spoken on the same port when both are given.
    QByteArray certificate;
    QByteArray privateKey;

    // Requests above these are answered with 431 and 413.
    qsizetype maxHeaderBytes = 16 * 1024;
    qsizetype maxBodyBytes = 1024 * 1024;

    // No request on an open connection.
    std::chrono::milliseconds idleTimeout{75'000};
    // From a request's first byte (or the connection's opening) to the end of its header; TLS handshake.
    std::chrono::milliseconds headerTimeout{15'000};
    // From the end of the header to the end of the body.
    std::chrono::milliseconds bodyTimeout{30'000};
    // Without a byte taken by the receiver.
    std::chrono::milliseconds writeTimeout{30'000};
    // For the authorizer, which may have to ask somebody else.
    std::chrono::milliseconds authorizationTimeout{15'000};
    // Until the service has answered; the client is told 504 then.
    std::chrono::milliseconds executionTimeout{30'000};
    // For the other side to read the last answer and close.
    std::chrono::milliseconds closeTimeout{5'000};

    // Between two "ka" messages; clients expect one at least every 60 seconds.
    std::chrono::milliseconds keepAliveInterval{60'000};
    // Told to real-time clients: silence after which they reconnect.
    std::chrono::milliseconds connectionTimeout{300'000};
    // For connection_init after the upgrade.
    std::chrono::milliseconds initTimeout{15'000};
    // A refused client is told so when it says connection_init, or after this.
    std::chrono::milliseconds refusalDelay{250};
    int maxSubscriptions = 200;
    // How long a running subscription outlives the credentials it was started with; then it gets an "error" message
    // UnauthorizedException. AppSync looks at credentials at the start only and cuts every connection after a day, so
    // a day is the default: Android and Swift clients take an error on a running subscription for the end of syncing,
    // and with tokens of an hour 0 would leave them stale every hour. JS clients fetch a new token and come back; 0 is
    // right where only they and Tideline's own clients call, or where an expired token must not read on.
    std::chrono::milliseconds expiryGrace = std::chrono::hours(24);
    qsizetype maxMessageBytes = 256 * 1024;
    // Waiting for one receiver, with payloads that others wait for too counted in full: this is how far behind it may be, not
    // memory, where a payload is once for all. One that falls further behind is cut off with close code 1008, after which
    // clients of every kind come back and sync, and counted in HttpStatistics::slowReceivers.
    qsizetype maxSendQueueBytes = 4 * 1024 * 1024;

    // Kernel's send buffer of a socket; 0 leaves the system's choice.
    int sendBufferBytes = 0;

    // The value of x-amzn-requestid; a random UUID when unset. Called from any of the threads.
    std::function<QByteArray()> requestId;
    // What is counted into; of its own when unset.
    std::shared_ptr<Metrics> metrics = {};
    // One line per request, refusal and failure; none when unset.
    std::shared_ptr<Log> log = {};
    // Of the rate; std::chrono::steady_clock when unset. Called from any of the threads.
    std::function<std::chrono::steady_clock::time_point()> clock = {};
    // Gets what goes wrong outside of any request, such as no more file descriptors. Called from any of the threads.
    std::function<void(const Error &error)> onError;
};

/*!
    \class Tideline::Server::HttpStatistics
    \inmodule Tideline
    \since 0.1
    \brief What HttpServer has done since start() and holds now.
*/
struct HttpStatistics
{
    qint64 connections = 0;             // open now, real-time ones included
    qint64 realtimeConnections = 0;     // open now
    qint64 subscriptions = 0;           // running now
    qint64 requests = 0;                // HTTP requests answered
    qint64 slowReceivers = 0;           // real-time connections cut off because they fell behind
};

} // namespace Tideline::Server
