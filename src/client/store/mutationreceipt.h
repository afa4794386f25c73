// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/record.h"
#include "core/error.h"

namespace Tideline {

// What is known of one mutation: from its outbox entry while it has one, from the table of receipts since then.
struct MutationReceipt
{
    enum class State : quint8 {         // stored, so the numbers are fixed
        Local = 0,                      // waits in the outbox
        Sent = 1,                       // handed to the network, not answered
        Accepted = 2,                   // the backend has all of it
        Merged = 3,                     // the backend took it and stored other values in fields
        Rejected = 4,                   // the backend refused it; see the repair bench
        Discarded = 5,                  // given up by the user, or undone before it was sent
        Joined = 6,                     // became part of another mutation
    };

    qint64 mutation = 0;                // the sequence of its outbox entry
    QString model;
    QString key;
    State state = State::Local;
    QStringList fields;                 // of a Merged: those that came out differently
    Error error;                        // of a Rejected, and of a Discarded that was refused before
    qint64 at = 0;                      // ms since the epoch, UTC: when it ended; before that when it was saved first
    qint64 joined = 0;                  // of a Joined: the mutation that it became part of
};

} // namespace Tideline
