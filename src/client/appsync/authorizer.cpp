// SPDX-License-Identifier: MIT
#include "client/appsync/authorizer_p.h"

#include "client/appsync/appsynctext_p.h"
#include "core/data/json.h"
#include "core/schema/claims.h"

#include <QtCore/QJsonDocument>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

constexpr qint64 shortestPause = 1'000;         // ms between two attempts of a provider
constexpr qint64 longestPause = 60'000;

} // namespace

/* Somebody who waits for an answer; lives in the thread that asked. */
class Authorizer::Wait
{
public:
    Wait(std::weak_ptr<Authorizer> authorizer, AuthorizationRequest request, Scheduler &on, Reply<Authorization> done)
        : m_authorizer(std::move(authorizer)), m_request(std::move(request)), m_on(on), m_done(std::move(done))
    {
    }
    Q_DISABLE_COPY_MOVE(Wait)

    ~Wait()
    {
        m_on.cancelTimer(m_timer);
        if (const auto authorizer = m_authorizer.lock())
            authorizer->forget(id);
    }

    void start()
    {
        m_timer = m_on.startTimer(deadline, [this] {
            m_timer = 0;
            finish(Error(Error::Code::Timeout, AppSyncText::tr("The credentials were not there in time.")));
        });
    }

    void answer(const Result<Known> &outcome)
    {
        const auto authorizer = m_authorizer.lock();
        const Error error = outcome ? ownerError(outcome->secret, m_request.account) : outcome.error();
        if (error.isError())
            finish(error);
        else if (authorizer)
            finish(Authorization{authorizer->m_encode(outcome->secret, m_request, m_on.now()), outcome->number});
    }

    quint64 id = 0;

private:
    void finish(const Result<Authorization> &authorization)
    {
        m_on.cancelTimer(std::exchange(m_timer, 0));
        if (const Reply<Authorization> done = std::exchange(m_done, nullptr))
            done(authorization);                // which may drop this
    }

    std::weak_ptr<Authorizer> m_authorizer;
    AuthorizationRequest m_request;
    Scheduler &m_on;
    Reply<Authorization> m_done;
    TimerId m_timer = 0;
};

/* Somebody who is told of new secrets. */
class Authorizer::Observation
{
public:
    Observation(std::weak_ptr<Authorizer> authorizer, std::function<void()> renewed)
        : renewed(std::move(renewed)), m_authorizer(std::move(authorizer))
    {
    }
    Q_DISABLE_COPY_MOVE(Observation)

    ~Observation()
    {
        if (const auto authorizer = m_authorizer.lock())
            authorizer->forget(id);
    }

    const std::function<void()> renewed;
    quint64 id = 0;

private:
    std::weak_ptr<Authorizer> m_authorizer;
};

Authorizer::Authorizer(Scheduler &home, Encode encode) : m_encode(std::move(encode)), m_home(&home) { }
Authorizer::~Authorizer() = default;

bool Authorizer::holds(qint64 now) const
{
    return !m_secret.isEmpty() && (m_secret.expiresAt == 0 || now < m_secret.expiresAt);
}

Error Authorizer::missing() const
{
    const QString message = m_secret.isEmpty() ? AppSyncText::tr("There are no credentials to call the backend with. Sign in.")
                                               : AppSyncText::tr("The credentials have expired. Sign in again.");
    return Error(Error::Code::Unauthorized, message);
}

void Authorizer::callHome(void (Authorizer::*task)())
{
    if (!m_home)
        return;
    m_home->post([weak = weak_from_this(), task] {
        if (const auto self = weak.lock())
            ((*self).*task)();
    });
}

Authorizer::Handle Authorizer::authorize(const AuthorizationRequest &request, Scheduler &on, Reply<Authorization> done)
{
    std::unique_lock lock(m_mutex);
    if (holds(on.now())) {
        const Known known{m_secret, m_number};
        lock.unlock();
        if (const Error error = ownerError(known.secret, request.account); error.isError())
            done(error);
        else
            done(Authorization{m_encode(known.secret, request, on.now()), known.number});
        return {};
    }
    if (!m_home || !m_provided) {
        const Error error = missing();
        lock.unlock();
        done(error);
        return {};
    }
    const auto wait = std::make_shared<Wait>(weak_from_this(), request, on, std::move(done));
    wait->id = ++m_lastId;
    wait->start();
    m_waiting[wait->id] = {&on, wait};
    callHome(&Authorizer::askIfNeeded);
    return wait;
}

bool Authorizer::refused(quint64 number)
{
    const std::lock_guard lock(m_mutex);
    if (number == m_number && m_provided)
        m_secret = {};                          // another must come before anybody goes on
    return number != m_number || m_provided;
}

Authorizer::Handle Authorizer::observe(Scheduler &on, std::function<void()> renewed)
{
    const std::lock_guard lock(m_mutex);
    const auto observation = std::make_shared<Observation>(weak_from_this(), std::move(renewed));
    observation->id = ++m_lastId;
    m_observing[observation->id] = {&on, observation};
    callHome(&Authorizer::arm);
    return observation;
}

bool Authorizer::isAvailable() const
{
    const std::lock_guard lock(m_mutex);
    return m_home && (m_provided || !m_secret.isEmpty());
}

quint64 Authorizer::number() const
{
    const std::lock_guard lock(m_mutex);
    return m_number;
}

AuthRule::Provider Authorizer::mode() const
{
    const std::lock_guard lock(m_mutex);
    return m_mode;
}

/* Nothing is posted for \a id once this returned: what posts holds the mutex. */
void Authorizer::forget(quint64 id)
{
    const std::lock_guard lock(m_mutex);
    m_waiting.erase(id);
    m_observing.erase(id);
}

void Authorizer::setMode(AuthRule::Provider mode)
{
    const std::lock_guard lock(m_mutex);
    m_mode = mode;
}

void Authorizer::setHome(Scheduler &home)
{
    disarm();
    const std::lock_guard lock(m_mutex);
    m_home = &home;
}

Secret Authorizer::secret() const
{
    const std::lock_guard lock(m_mutex);
    return m_secret;
}

/*! Takes what the application gives, for the present one; what the provider is being asked for is not waited for. */
void Authorizer::setSecret(const Secret &secret)
{
    m_ask = 0;
    m_failures = 0;
    take(secret, false);
}

void Authorizer::setProvider(Provide provide)
{
    m_provide = std::move(provide);
    m_ask = 0;
    m_failures = 0;
    {
        const std::lock_guard lock(m_mutex);
        m_provided = bool(m_provide);
        if (!m_waiting.empty())
            callHome(&Authorizer::askIfNeeded);
    }
    arm();
    tellRenewed(false);
}

void Authorizer::tellRenewed(bool isAnswer)
{
    const auto self = shared_from_this();       // the listener may end what owns this
    const std::function<void()> renewed = m_renewed;
    m_answering = isAnswer;
    if (renewed)
        renewed();
    m_answering = false;
}

void Authorizer::setRefreshBefore(qint64 milliseconds)
{
    m_refreshBefore = std::max<qint64>(0, milliseconds);
    arm();
}

void Authorizer::refresh()
{
    if (m_ask == 0 && m_provide)
        ask();
}

void Authorizer::close()
{
    disarm();
    m_provide = nullptr;
    m_renewed = nullptr;
    m_ask = 0;
    settle(Error(Error::Code::Closed, AppSyncText::tr("The credentials went before they were needed.")));
    const std::lock_guard lock(m_mutex);
    if (m_home)
        m_home->cancelTimer(std::exchange(m_askDeadline, 0));
    m_home = nullptr;
    m_provided = false;
}

void Authorizer::askIfNeeded()
{
    std::unique_lock lock(m_mutex);
    if (!m_home)
        return;
    const bool holds = this->holds(m_home->now());
    const Known known{m_secret, m_number};
    const Error error = missing();
    lock.unlock();
    if (holds)
        settle(known);                          // somebody else's asking, or the application, gave one meanwhile
    else if (!m_provide)
        settle(error);
    else if (m_ask == 0)
        ask();
}

void Authorizer::ask()
{
    disarm();
    m_ask = ++m_lastAsk;
    m_home->cancelTimer(m_askDeadline);
    m_askDeadline = m_home->startTimer(deadline, [this, ask = m_ask] {
        m_askDeadline = 0;
        answered(ask, Error(Error::Code::Timeout, AppSyncText::tr("The provider of tokens did not answer in time.")));
    });
    const Provide provide = m_provide;          // which may be replaced in the call
    provide([weak = weak_from_this(), ask = m_ask](const Result<Secret> &secret) {
        if (const auto self = weak.lock())
            self->answered(ask, secret);
    });
}

void Authorizer::answered(quint64 ask, const Result<Secret> &secret)
{
    if (ask != m_ask || ask == 0)
        return;                                 // too late
    m_ask = 0;
    m_home->cancelTimer(std::exchange(m_askDeadline, 0));
    if (secret && !secret->isEmpty()) {
        m_failures = 0;
        Secret fresh = *secret;
        if (fresh.expiresAt != 0)
            fresh.expiresAt = std::max(fresh.expiresAt, m_home->now() + shortestUse);
        return take(fresh, isAwaited());
    }
    ++m_failures;
    settle(secret ? Error(Error::Code::Unauthorized, AppSyncText::tr("The provider has no token. Sign in.")) : secret.error());
    arm();
}

bool Authorizer::isAwaited() const
{
    const std::lock_guard lock(m_mutex);
    return !m_waiting.empty();
}

void Authorizer::take(const Secret &secret, bool isAnswer)
{
    Known known;
    bool isNew = false;
    {
        const std::lock_guard lock(m_mutex);
        isNew = m_secret != secret;
        m_secret = secret;
        if (isNew)
            ++m_number;
        known = {m_secret, m_number};
        m_lifetime = secret.expiresAt != 0 && m_home ? secret.expiresAt - m_home->now() : 0;
        for (const auto &[id, observing] : m_observing) {
            if (!isNew)
                break;
            observing.on->post([weak = observing.observation] {
                if (const auto observation = weak.lock())
                    observation->renewed();
            });
        }
        if (m_home && secret.isEmpty() && !m_waiting.empty())
            callHome(&Authorizer::askIfNeeded);
    }
    arm();
    if (isNew)
        tellRenewed(isAnswer);                  // before anybody goes on, and may be refused
    if (!secret.isEmpty())
        settle(known);
}

void Authorizer::settle(const Result<Known> &outcome)
{
    const std::lock_guard lock(m_mutex);
    for (const auto &[id, waiting] : m_waiting) {
        waiting.on->post([weak = waiting.wait, outcome] {
            if (const auto wait = weak.lock())
                wait->answer(outcome);
        });
    }
    m_waiting.clear();
}

/* Plans the asking before the secret expires; after a failure it is tried again soon, as long as the secret holds. */
void Authorizer::arm()
{
    disarm();
    qint64 left = 0;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_home || !m_provided || m_observing.empty() || m_secret.isEmpty() || m_secret.expiresAt == 0)
            return;
        left = m_secret.expiresAt - m_home->now();
    }
    if (left <= 0 || m_ask != 0)
        return;                                 // who needs one asks
    const qint64 before = std::min(m_refreshBefore, m_lifetime / 2);
    const qint64 jitter = qint64(m_home->random() % quint64(before / 4 + 1));
    const qint64 pause = m_failures == 0 ? 0 : std::min(longestPause, shortestPause << std::min(m_failures, 6));
    const qint64 delay = std::max({left - before - jitter, pause, shortestPause});
    m_refreshTimer = m_home->startTimer(delay, [this] {
        m_refreshTimer = 0;
        refresh();
    });
}

void Authorizer::disarm()
{
    if (m_home)
        m_home->cancelTimer(m_refreshTimer);
    m_refreshTimer = 0;
}

QJsonObject tokenClaims(const QString &token)
{
    const QStringList parts = token.split(u'.');
    if (parts.size() != 3)
        return {};
    return parseJson(QByteArray::fromBase64(parts[1].toLatin1(), QByteArray::Base64UrlEncoding)).object();
}

static QStringList namesIn(const QJsonObject &claims, const Account &account)
{
    const QStringList names = account.claim.isEmpty() ? QStringList{u"sub"_s, u"username"_s, u"cognito:username"_s} : QStringList{account.claim};
    QStringList found;
    for (const QString &name : names)
        found.append(ownerNames(claims, {}, {name}));
    return found;
}

Error ownerError(const Secret &secret, const Account &account)
{
    if (account.principal.isEmpty() || account.claim == "none"_L1)
        return {};
    const QJsonObject claims = tokenClaims(secret.text);
    const QStringList names = namesIn(claims, account);
    if (claims.isEmpty() || names.contains(account.principal) || (names.isEmpty() && account.claim.isEmpty()))
        return {};
    const QString message = names.isEmpty()
        ? AppSyncText::tr("The token has no claim %1 that would say whether it is %2's, who is signed in. Nothing is sent with it.")
              .arg(account.claim, account.principal)
        : AppSyncText::tr("The token is %1's, but %2 is signed in. Nothing is sent with it: sign in as %1, or give the credentials of %2. "
                          "Where the principal is another claim of the token, set principalClaim.").arg(names.constFirst(), account.principal);
    return Error(Error::Code::Unauthorized, message).withDetail(u"principal"_s);
}

qint64 tokenExpiry(const QString &token)
{
    constexpr double latestSeconds = 253'402'300'799;           // the end of the year 9999
    const double seconds = tokenClaims(token).value("exp"_L1).toDouble(0);
    return seconds > 0 && seconds <= latestSeconds ? qint64(seconds * 1000) : 0;
}

} // namespace Tideline
