// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/transport.h"
#include "core/executor.h"
#include "core/result.h"
#include "core/schema/schema.h"

#include <QtCore/QJsonObject>

#include <map>
#include <mutex>

namespace Tideline {

/*! What is to be proven: who sends this request. */
struct AuthorizationRequest
{
    QString host;                       // of the GraphQL endpoint, with the port when its URL has one
    QByteArray path;                    // as in the request line
    QByteArray body;
    QList<std::pair<QByteArray, QByteArray>> headers = {};      // sent along and covered by a signature; names in lower case
    Account account = {};               // whose secret it must be
};

struct Authorization
{
    QJsonObject headers;                // the protocol's authorization object, host included
    quint64 number = 0;                 // of the secret that it was made with
};

/*! What a caller knows and others do not. */
struct Secret
{
    QString text;                       // API key, token, access key id
    QString key = {};                   // secret access key
    QString session = {};               // session token
    qint64 expiresAt = 0;               // ms since the epoch; 0: never

    [[nodiscard]] bool isEmpty() const noexcept { return text.isEmpty(); }
    friend bool operator==(const Secret &, const Secret &) = default;
};

/*
    Hands out proofs of one mode to any thread, and keeps the secret for them fresh. A secret that holds is used at
    once, in the caller's thread; only when a new one is needed the provider is asked, in the home thread: once for all who wait,
    with a deadline. Who is being answered or told may go at any time: it drops what it was given.
*/
class TIDELINE_EXPORT Authorizer : public std::enable_shared_from_this<Authorizer>
{
public:
    using Encode = std::function<QJsonObject(const Secret &, const AuthorizationRequest &, qint64 now)>;
    using Provide = std::function<void(Reply<Secret>)>;         // asked at home; answers there, perhaps never
    using Handle = std::shared_ptr<void>;

    static constexpr qint64 deadline = 30'000;                  // ms that a provider has
    static constexpr qint64 shortestUse = 30'000;               // ms that a secret just provided is used whatever the clock says

    Authorizer(Scheduler &home, Encode encode);
    ~Authorizer();
    Q_DISABLE_COPY_MOVE(Authorizer)

    // ---- any thread ----

    /*! Answers exactly once in the thread of \a on, which calls this, perhaps inside the call; never once the handle is gone. */
    [[nodiscard]] Handle authorize(const AuthorizationRequest &request, Scheduler &on, Reply<Authorization> done);
    /*! The backend refused the secret with \a number. Returns whether asking again may give another one. */
    bool refused(quint64 number);
    /*! Calls \a renewed in the thread of \a on whenever there is another secret, or none, until the handle goes. While
        somebody observes, the provider is asked before the secret expires. */
    [[nodiscard]] Handle observe(Scheduler &on, std::function<void()> renewed);
    [[nodiscard]] bool isAvailable() const;                     // there is a secret or a provider
    [[nodiscard]] quint64 number() const;
    [[nodiscard]] AuthRule::Provider mode() const;

    // ---- home ----

    void setMode(AuthRule::Provider mode);
    void setHome(Scheduler &home);
    void setSecret(const Secret &secret);
    void setProvider(Provide provide);
    void setRefreshBefore(qint64 milliseconds);
    void setRenewed(std::function<void()> renewed) { m_renewed = std::move(renewed); }
    [[nodiscard]] bool isAnswering() const noexcept { return m_answering; }     // in the call of renewed: somebody waits for the secret
    void refresh();                                             // asks now, whatever there is
    void close();                                               // nothing is asked any more
    [[nodiscard]] Secret secret() const;

private:
    class Wait;
    class Observation;
    struct Known                                                // at one moment
    {
        Secret secret;
        quint64 number = 0;
    };
    struct Waiting
    {
        Scheduler *on = nullptr;
        std::weak_ptr<Wait> wait;
    };
    struct Observing
    {
        Scheduler *on = nullptr;
        std::weak_ptr<Observation> observation;
    };

    [[nodiscard]] bool holds(qint64 now) const;                 // with the mutex
    [[nodiscard]] Error missing() const;                        // with the mutex
    void callHome(void (Authorizer::*task)());                  // with the mutex
    void forget(quint64 id);
    void ask();
    void askIfNeeded();
    void answered(quint64 ask, const Result<Secret> &secret);
    [[nodiscard]] bool isAwaited() const;
    void take(const Secret &secret, bool isAnswer);
    void tellRenewed(bool isAnswer);
    void settle(const Result<Known> &outcome);
    void arm();
    void disarm();

    const Encode m_encode;

    mutable std::mutex m_mutex;                                 // of what follows
    Scheduler *m_home;                                          // null: closed
    Secret m_secret;
    quint64 m_number = 0;
    bool m_provided = false;                                    // there is a provider
    AuthRule::Provider m_mode = AuthRule::Provider::ApiKey;
    std::map<quint64, Waiting> m_waiting;
    std::map<quint64, Observing> m_observing;
    quint64 m_lastId = 0;

    // at home only
    Provide m_provide;
    std::function<void()> m_renewed;
    bool m_answering = false;
    qint64 m_refreshBefore = 60'000;
    quint64 m_ask = 0;                                          // under way; 0: none
    quint64 m_lastAsk = 0;
    TimerId m_askDeadline = 0;
    TimerId m_refreshTimer = 0;
    qint64 m_lifetime = 0;                                      // of the secret when it came
    int m_failures = 0;                                         // of the provider, in a row
};

/*! Why \a secret must not be used for \a account; none: nothing speaks against it. */
[[nodiscard]] TIDELINE_EXPORT Error ownerError(const Secret &secret, const Account &account);

/*! The claims of a JSON Web Token, unverified, and when it expires; empty of what is none. */
[[nodiscard]] TIDELINE_EXPORT QJsonObject tokenClaims(const QString &token);
[[nodiscard]] TIDELINE_EXPORT qint64 tokenExpiry(const QString &token);        // ms since the epoch; 0: unknown

} // namespace Tideline
