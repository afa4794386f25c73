// SPDX-License-Identifier: MIT
#pragma once

#include "server/auth/authtime.h"
#include "server/auth/fetcher.h"
#include "server/auth/verificationkey.h"

#include <memory>
#include <mutex>
#include <vector>

namespace Tideline::Server {

/*! The keys of one issuer. Thread-safe. */
class KeySource
{
public:
    virtual ~KeySource() = default;
    // Calls `done` exactly once with the keys called `id` (all when it is empty), perhaps none; an Error says that
    // the keys cannot be had now.
    virtual void find(const QString &id, std::function<void(Result<VerificationKeys>)> done) = 0;
};

class TIDELINE_SERVER_EXPORT FixedKeys final : public KeySource
{
public:
    explicit FixedKeys(VerificationKeys keys) : m_keys(std::move(keys)) { }
    void find(const QString &id, std::function<void(Result<VerificationKeys>)> done) override;

private:
    const VerificationKeys m_keys;
};

struct RemoteKeysOptions
{
    QUrl keys = {};                                 // the JWKS
    QString issuer = {};                            // or whose .well-known/openid-configuration names it
    qint64 refreshMs = 10LL * 60 * 1000;            // after this the keys are fetched anew, in the background
    qint64 keepMs = 24LL * 60 * 60 * 1000;          // so long they count while the issuer cannot be asked
    qint64 intervalMs = 10'000;                     // between two fetches at least, whatever tokens come
    qint64 retryMs = 3'000;                         // the same after one that failed
};

/*!
    \class Tideline::Server::RemoteKeys
    \inmodule Tideline
    \since 0.1
    \brief The keys of an issuer, fetched when the first token comes and kept.

    An unknown key id fetches them again, but no more often than the options say; requests that come meanwhile wait for
    that one fetch. An issuer that is away does not lock out tokens whose keys are known.
*/
class TIDELINE_SERVER_EXPORT RemoteKeys final : public KeySource, public std::enable_shared_from_this<RemoteKeys>
{
public:
    // `fetcher` must live as long as anybody calls find().
    RemoteKeys(RemoteKeysOptions options, Fetcher &fetcher, WallClock clock = systemClock());

    void find(const QString &id, std::function<void(Result<VerificationKeys>)> done) override;

private:
    struct Waiter
    {
        QString id;
        std::function<void(Result<VerificationKeys>)> done;
    };

    [[nodiscard]] bool mayFetch(qint64 now) const;
    void fetch();
    void discovered(const Result<FetchAnswer> &answer);
    void fetchKeys(const QUrl &url);
    void finish(Result<VerificationKeys> keys);

    const RemoteKeysOptions m_options;
    Fetcher &m_fetcher;
    const WallClock m_clock;

    std::mutex m_mutex;                             // of the members below
    std::optional<VerificationKeys> m_keys;
    qint64 m_fetchedAt = 0;
    std::optional<qint64> m_triedAt;
    bool m_failed = false;                          // the last fetch
    bool m_fetching = false;
    std::vector<Waiter> m_waiters;
};

} // namespace Tideline::Server
