// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"
#include "server/metrics.h"

#include <QtCore/QByteArray>
#include <QtCore/QByteArrayList>
#include <QtCore/QList>

#include <chrono>
#include <ctime>
#include <optional>
#include <utility>

namespace Tideline::Server {

// An HTTP answer before it is bound to a connection.
struct Reply
{
    int status = 200;
    QByteArray body = {};
    QByteArray errorType = {};                              // x-amzn-errortype; empty on success
    std::optional<Refusal> refusal = {};                    // as what it counts; none: what its status says
    QList<std::pair<QByteArray, QByteArray>> headers = {};  // besides those of every answer
    bool close = false;                                     // the connection cannot be used further
};

// {"errors":[{"errorType":...,"message":...}]}
[[nodiscard]] TIDELINE_SERVER_EXPORT Reply errorReply(int status, const QByteArray &type, const QString &message);
// What the authorizer's or our own `error` is on the wire.
[[nodiscard]] TIDELINE_SERVER_EXPORT Reply errorReply(const Error &error);
// The answer to OPTIONS; `requested` is Access-Control-Request-Headers.
[[nodiscard]] TIDELINE_SERVER_EXPORT Reply preflightReply(const QByteArray &requested);
[[nodiscard]] TIDELINE_SERVER_EXPORT Reply notAllowedReply(const QByteArray &allowed);

[[nodiscard]] Reply foreignOriginReply();       // to a page that may not connect
[[nodiscard]] TIDELINE_SERVER_EXPORT Reply tooManyReply(std::chrono::milliseconds delay);    // until the next call is granted
// Of health checks and the like: not to be kept by anybody.
[[nodiscard]] Reply stateReply(int status, const QByteArray &body);
[[nodiscard]] Reply metricsReply(const QByteArray &text);

// What the service answered. Who accepts application/graphql-response+json gets that, and sees in the status
// when the operation did not begin; everybody else gets AppSync's 200.
[[nodiscard]] TIDELINE_SERVER_EXPORT Reply answerReply(const QByteArray &answer, const QByteArray &accept);
// Whether a body may have this Content-Type: not those that a browser sends to foreign sites without asking first.
[[nodiscard]] TIDELINE_SERVER_EXPORT bool isBodyType(const QByteArray &contentType);

// Whether a browser's page of `origin` may read answers.
[[nodiscard]] TIDELINE_SERVER_EXPORT bool isAllowedOrigin(const QByteArrayList &allowed, const QByteArray &origin);

// "Sun, 06 Nov 1994 08:49:37 GMT"
[[nodiscard]] TIDELINE_SERVER_EXPORT QByteArray httpDate(std::time_t time);

} // namespace Tideline::Server
