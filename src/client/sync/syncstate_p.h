// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/transaction.h"

#include <optional>

namespace Tideline {

/*
    How far the download of one model type got; setting sync/<model>, a JSON object with these members.
    Written in the transaction of the page that it describes.

    What is promised: every record of the backend that matches expression and all of narrowed is here as it was at lastSync. A
    changed scope first narrows that promise, then takes away rows, then asks for the difference: what it matches and the promise
    does not have. lastSync holds for the union when that is here, for the difference was asked for later than that; what
    changed since comes by the subscriptions that stood before, or by the delta sync that follows.
*/
struct TIDELINE_EXPORT SyncProgress
{
    qint64 lastSync = 0;                // startedAt of the last complete sync, the backend's clock; 0: never
    qint64 lastFullSync = 0;            // when the last base sync was complete, this device's clock; 0: never
    QString expression;                 // the scope, see expressionOf(), that these belong to
    QStringList narrowed;               // scopes that were set since: what lies outside of any of them may be gone again
    QString adding;                     // the scope whose difference nextToken goes on with; empty: it is of another sync
    QString nextToken;                  // of a sync that was cut: its next page; empty: none
    qint64 startedAt = 0;               // of that sync
    bool full = false;                  // that sync is a base sync
    bool sweeps = false;                // the sync of lastSync was a base sync, and what it did not bring is still to be dropped

    friend bool operator==(const SyncProgress &, const SyncProgress &) = default;

    [[nodiscard]] static QString setting(const QString &model);
    [[nodiscard]] static SyncProgress fromText(const QString &text);
    [[nodiscard]] QString toText() const;

    /*! A scope as it is stored; empty: all. */
    [[nodiscard]] static QString expressionOf(const Predicate &scope);

    /*! Whether a sync that begins at \a now has to be a base sync, as far as times say; \a interval in ms. */
    [[nodiscard]] bool needsFullSync(qint64 now, qint64 interval) const;

    /*! Whether what is here is what \a scope asks for, as of lastSync. */
    [[nodiscard]] bool isLevelWith(const QString &scope) const { return narrowed.isEmpty() && expression == scope; }

    /*! From now on \a scope decides what stays. Before anything goes. */
    void narrow(const QString &scope);

    /*! What \a scope has and is not here: none() when nothing; nothing when it cannot be said. */
    [[nodiscard]] std::optional<Predicate> missing(const Predicate &scope, const Schema &schema, const std::shared_ptr<const ModelType> &model) const;
};

} // namespace Tideline
