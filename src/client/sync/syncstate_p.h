// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/transaction.h"

namespace Tideline {

/*
    How far the download of one model type got; setting sync/<model>, a JSON object with these members.
    Written in the transaction of the page that it describes.
*/
struct TIDELINE_EXPORT SyncProgress
{
    qint64 lastSync = 0;                // startedAt of the last complete sync, the backend's clock; 0: never
    qint64 lastFullSync = 0;            // when the last base sync was complete, this device's clock; 0: never
    QString expression;                 // the scope, as JSON, that these belong to
    QString nextToken;                  // of a sync that was cut: its next page; empty: none
    qint64 startedAt = 0;               // of that sync
    bool full = false;                  // that sync is a base sync

    friend bool operator==(const SyncProgress &, const SyncProgress &) = default;

    [[nodiscard]] static QString setting(const QString &model);
    [[nodiscard]] static SyncProgress fromText(const QString &text);
    [[nodiscard]] QString toText() const;

    /*! Whether a sync that begins at \a now has to be a base sync; \a interval in ms. */
    [[nodiscard]] bool needsFullSync(const QString &scope, qint64 now, qint64 interval) const;
};

} // namespace Tideline
