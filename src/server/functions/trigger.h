// SPDX-License-Identifier: MIT
#pragma once

#include "core/result.h"
#include "server/global.h"

#include <QtCore/QByteArray>
#include <QtCore/QFlags>
#include <QtCore/QUrl>

#include <chrono>
#include <vector>

namespace Tideline {
class Scheduler;
class Schema;
}

namespace Tideline::Server {

class Fetcher;

enum class TriggerOperation : quint8 { Create = 1, Update = 2, Delete = 4 };
Q_DECLARE_FLAGS(TriggerOperations, TriggerOperation)
Q_DECLARE_OPERATORS_FOR_FLAGS(TriggerOperations)

/*!
    \class Tideline::Server::Trigger
    \inmodule Tideline
    \since 0.1
    \brief Who is told of the changes of a model type, after they are committed.

    Each change is sent as HTTP POST with a JSON object:

    \code
    {"id": "...", "sequence": 17, "model": "StockCount", "operation": "update", "record": {...}, "old": {...} or null,
     "version": 3, "deleted": false, "changedAt": 1700000000000, "subject": "who made it, if that is known"}
    \endcode

    \c sequence grows from change to change, in the order of commits; \c changedAt is ms since the epoch, as \c _lastChangedAt;
    the \c record of a delete is the record that was deleted. The headers are

    \list
    \li \c{x-tideline-signature: t=SECONDS,v1=HEX}, the HMAC-SHA256 by the trigger's secret of SECONDS, a full stop and the body:
        a receiver compares it and refuses what is older than some minutes, see verifySignature();
    \li \c{x-tideline-attempt: N}, from 1.
    \endlist

    An answer from 200 to 299 ends the event. Anything else and none in time has it sent again, with the same body, after pauses that double. So
    a receiver gets every event at least once, and remembers ids or, per record, the last sequence. A record's event waits for the
    one before it; those of other records do not.

    After TriggerOptions::maxAttempts or maxAge an event is given up: it becomes a dead letter, and the record's later events go on. A
    dead letter that is replayed comes with its old sequence, by which the receiver sees that it knows newer ones.

    Events of a trigger that a server no longer has stay until one with the same name is back.
*/
struct Trigger
{
    QString model = {};
    TriggerOperations operations = {TriggerOperation::Create | TriggerOperation::Update | TriggerOperation::Delete};
    QUrl url = {};                  // https, or http to this machine
    QByteArray secret = {};         // of the signature; in no message
    QString name = {};              // whose events these are, across restarts; empty: MODEL URL, without query

    [[nodiscard]] QString target() const { return name.isEmpty() ? model + u' ' + url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery) : name; }

    [[nodiscard]] static TIDELINE_SERVER_EXPORT Result<Trigger> parse(const QString &text);
};

struct TriggerOptions
{
    int maxConcurrent = 6;                                  // events on their way at once, per trigger and node; a host gets
                                                            // no more connections than that
    std::chrono::milliseconds deadline{10'000};             // of a request
    std::chrono::milliseconds firstPause{500};              // before the second attempt; doubles, a random half of it is left out
    std::chrono::milliseconds maxPause{5 * 60'000};
    int maxAttempts = 0;                                    // 0: no limit
    std::chrono::milliseconds maxAge{3LL * 24 * 3600 * 1000};   // of an event that fails, before it is given up; 0: no limit
    std::chrono::milliseconds lease{30'000};                // after which others take over from a node that is gone; twice the
                                                            // deadline at least, and more than clocks of nodes differ
    std::chrono::milliseconds pollInterval{1'000};          // between looks for what others left or replayed
    bool deliver = true;                                    // false: other nodes do
    Fetcher *fetcher = nullptr;                             // null: HTTP; otherwise it outlives the backend
    Scheduler *scheduler = nullptr;                         // null: a thread; otherwise close() is called in it
};

// Whether the triggers can be of \a schema and of each other.
[[nodiscard]] Result<void> checkTriggers(const std::vector<Trigger> &triggers, const Schema &schema);

} // namespace Tideline::Server
