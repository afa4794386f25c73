// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"

#include <QtCore/QByteArray>
#include <QtCore/QList>
#include <QtCore/QUrl>

#include <chrono>
#include <functional>
#include <utility>

namespace Tideline::Server {

struct FetchRequest
{
    QUrl url;
    QByteArray body = {};                                   // JSON to POST; null: GET
    QList<std::pair<QByteArray, QByteArray>> headers = {};  // beside accept and content-type
    std::chrono::milliseconds deadline{5'000};              // of the whole exchange
    qsizetype maxBytes = 512 * 1024;                        // of the answer's body
};

struct FetchAnswer
{
    int status = 0;
    QByteArray body = {};
};

/*! Asks another server. Thread-safe. */
class Fetcher
{
public:
    virtual ~Fetcher() = default;
    // Calls `done` exactly once, on any thread, when the deadline has passed at the latest. Any HTTP status is an
    // answer; an Error (Network, Timeout, Closed) says why there is none.
    virtual void fetch(const FetchRequest &request, std::function<void(Result<FetchAnswer>)> done) = 0;
};

// https, or http to this machine itself.
[[nodiscard]] inline bool isSafeUrl(const QUrl &url)
{
    const QString host = url.host();
    const bool loopback = host == QStringLiteral("localhost") || host == QStringLiteral("127.0.0.1") || host == QStringLiteral("::1");
    return url.isValid() && !host.isEmpty()
        && (url.scheme() == QStringLiteral("https") || (loopback && url.scheme() == QStringLiteral("http")));
}

// For messages: where \a text leads, without user, password, path and query, which may be secret; "..." when it is no URL.
[[nodiscard]] inline QString displayUrl(const QString &text)
{
    const QUrl url(text);
    const bool leads = url.isValid() && !url.host().isEmpty();
    return leads ? url.toString(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment) : QStringLiteral("...");
}

} // namespace Tideline::Server
