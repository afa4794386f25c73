// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/outboxentry.h"
#include "client/sync/remoteitem.h"
#include "core/executor.h"

namespace Tideline {

struct SyncRequest
{
    std::shared_ptr<const ModelType> model;
    qint64 lastSync = 0;                // ms, the backend's clock; 0: base sync
    QString nextToken;
    int limit = 1000;
    Predicate filter;
};

struct SyncPage
{
    std::vector<RemoteItem> items;      // ascending by change; tombstones included
    QString nextToken;                  // empty: last page
    qint64 startedAt = 0;
};

// Details of errors.
inline constexpr QLatin1StringView pageTooLarge("pageTooLarge");        // fewer records may go through
inline constexpr QLatin1StringView ruleDenies("Unauthorized");          // the credentials are good, but not for that

struct MutationResponse
{
    enum class Outcome {
        Accepted,                       // record is what the backend stored (possibly merged)
        Conflict,                       // ConflictUnhandled; record is the backend's, null when unknown
        Rejected,                       // will not succeed as it is; error says why, record is the backend's or null;
                                        // ConditionFailed for a Create: the key exists
        Unauthorized,                   // credentials missing or expired: not the mutation's fault. When the error names a
                                        // model that mutation waits alone, else the session ends
        Unreachable,                    // nothing is known; send again later. The error tells how: Throttled, all wait;
                                        // Network, Timeout, the session ends; anything else, that mutation waits alone
        Unsent,                         // there was no time for it: it is no attempt, and goes with the next document
    };

    Outcome outcome = Outcome::Unreachable;
    Record record;
    Error error;
};

/*
    Who is signed in to the store. A token that says of itself to be somebody else's is not used: in the claim, or without one when
    none of sub, username and cognito:username is the principal. The claim "none": anything is used.
*/
struct Account
{
    QString principal;                  // empty: nobody, anything is used
    QString claim;

    friend bool operator==(const Account &, const Account &) = default;
};

/*!
    The backend as the engine sees it. Lives in the engine's thread, answers there, asynchronously,
    exactly once, and every wait inside has a deadline. Destruction cancels what is open: no
    callback comes after it.
*/
class TIDELINE_EXPORT Transport
{
public:
    class Listener
    {
    public:
        virtual ~Listener() = default;
        // Every subscription is acknowledged or refused for good; again when something may have been missed: ask for what changed.
        virtual void realtimeEstablished() = 0;
        virtual void realtimeRefused(const QString &model, const Error &error) = 0;     // that model gets no live changes
        virtual void realtimeLost(const Error &error) = 0;      // also when it never came up; open again to retry
        virtual void recordReceived(const RemoteItem &item) = 0;
        virtual void credentialsJudged(const Error &error) { Q_UNUSED(error) }  // of several: some were refused that something needs; none: all are good again
        virtual void waitAsked(qint64 milliseconds) { Q_UNUSED(milliseconds) }  // the backend wants no attempt sooner; before the answer that it refuses
    };

    virtual ~Transport() = default;

    virtual void sync(const SyncRequest &request, Reply<SyncPage> done) = 0;

    /*! Sends the entries of different records together; one response for each, in the same order. */
    virtual void mutate(const QList<OutboxEntry> &entries, std::function<void(QList<MutationResponse>)> done) = 0;

    virtual void openRealtime(const QList<std::shared_ptr<const ModelType>> &models, Listener *listener) = 0;
    virtual void closeRealtime() = 0;   // no listener call after it returned

    /*! Whose credentials are to be used. Call it first of all. */
    virtual void setAccount(const Account &account) { Q_UNUSED(account) }

    /*! How long, in ms, the real-time line may be silent before it is asked for a sign of life; 0: never. Call it before openRealtime(). */
    virtual void setHeartbeat(qint64 milliseconds) { Q_UNUSED(milliseconds) }

    /*! Asks the real-time line for a sign of life now, because there is reason to doubt it; realtimeLost() comes soon when there is none. */
    virtual void checkRealtime() { }
};

/*! Makes the transport; called in the engine's thread. */
using TransportFactory = std::function<std::unique_ptr<Transport>(const Schema &schema, Scheduler &scheduler)>;

} // namespace Tideline
