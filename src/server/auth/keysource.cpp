// SPDX-License-Identifier: MIT
#include "server/auth/keysource.h"

#include "server/auth/strictjson_p.h"

using namespace Qt::StringLiterals;

namespace Tideline::Server {

static VerificationKeys named(const VerificationKeys &keys, const QString &id)
{
    VerificationKeys found;
    for (const VerificationKey &key : keys) {
        if (id.isEmpty() || key.id() == id)
            found.append(key);
    }
    return found;
}

// Not a refusal: the caller may be right, and a client told 401 would throw its change away.
static Error unavailable()
{
    return Error(Error::Code::Network, u"The keys of the token's issuer cannot be had now."_s);
}

void FixedKeys::find(const QString &id, std::function<void(Result<VerificationKeys>)> done)
{
    done(named(m_keys, id));
}

/*! Nothing is fetched before the first find(). */
RemoteKeys::RemoteKeys(RemoteKeysOptions options, Fetcher &fetcher, WallClock clock)
    : m_options(std::move(options)), m_fetcher(fetcher), m_clock(std::move(clock))
{
}

void RemoteKeys::find(const QString &id, std::function<void(Result<VerificationKeys>)> done)
{
    std::optional<Result<VerificationKeys>> answer;
    bool fetches = false;
    {
        const std::lock_guard lock(m_mutex);
        const qint64 now = m_clock();
        const bool usable = m_keys && now - m_fetchedAt < m_options.keepMs;
        const VerificationKeys found = usable ? named(*m_keys, id) : VerificationKeys();
        const bool wanted = found.isEmpty() || now - m_fetchedAt >= m_options.refreshMs;
        fetches = wanted && !m_fetching && mayFetch(now);
        if (!found.isEmpty())
            answer = found;
        else if (!fetches && !m_fetching)
            answer = m_failed || !usable ? Result<VerificationKeys>(unavailable()) : Result<VerificationKeys>(found);
        else
            m_waiters.push_back({id, done});
        if (fetches) {
            m_fetching = true;
            m_triedAt = now;
        }
    }
    if (answer)
        done(std::move(*answer));
    if (fetches)
        fetch();
}

// With the mutex held. A clock that was set back does not stop fetching.
bool RemoteKeys::mayFetch(qint64 now) const
{
    const qint64 pause = m_failed ? m_options.retryMs : m_options.intervalMs;
    return !m_triedAt || now < *m_triedAt || now - *m_triedAt >= pause;
}

void RemoteKeys::fetch()
{
    if (m_options.keys.isValid())
        return fetchKeys(m_options.keys);
    const QString base = m_options.issuer.endsWith(u'/') ? m_options.issuer : m_options.issuer + u'/';
    m_fetcher.fetch({.url = QUrl(base + u".well-known/openid-configuration"_s)},
                     [self = shared_from_this()](const Result<FetchAnswer> &answer) { self->discovered(answer); });
}

void RemoteKeys::discovered(const Result<FetchAnswer> &answer)
{
    const std::optional<QJsonObject> found = answer && answer->status == 200 ? strictObject(answer->body) : std::nullopt;
    if (!found || found->value("issuer"_L1).toString() != m_options.issuer)
        return finish(unavailable());
    const QUrl url(found->value("jwks_uri"_L1).toString());
    const bool weaker = QUrl(m_options.issuer).scheme() == "https"_L1 && url.scheme() != "https"_L1;
    if (weaker || !isSafeUrl(url))
        return finish(unavailable());
    fetchKeys(url);
}

void RemoteKeys::fetchKeys(const QUrl &url)
{
    m_fetcher.fetch({.url = url}, [self = shared_from_this()](const Result<FetchAnswer> &answer) {
        self->finish(answer && answer->status == 200 ? parseKeySet(answer->body) : Result<VerificationKeys>(unavailable()));
    });
}

void RemoteKeys::finish(Result<VerificationKeys> keys)
{
    std::vector<Waiter> waiters;
    {
        const std::lock_guard lock(m_mutex);
        m_fetching = false;
        m_failed = !keys;
        if (keys) {
            m_keys = *keys;
            m_fetchedAt = m_clock();
        }
        waiters.swap(m_waiters);
    }
    for (const Waiter &waiter : waiters)
        waiter.done(keys ? Result<VerificationKeys>(named(*keys, waiter.id)) : Result<VerificationKeys>(unavailable()));
}

} // namespace Tideline::Server
