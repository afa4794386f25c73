// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/predicate.h"

namespace Tideline {

/*
    One mutation that waits for the backend; a row of the outbox table. An Undecided one waits for the application: theirs is the
    backend's record that it is in conflict with.
*/
struct OutboxEntry
{
    enum class Operation : quint8 { Create = 0, Update = 1, Delete = 2 };      // stored
    enum class State : quint8 { Waiting = 0, Sending = 1, Rejected = 2, Undecided = 3 };   // stored

    qint64 sequence = 0;                // order of all mutations of this store
    std::shared_ptr<const ModelType> model;
    QString key;
    Operation operation = Operation::Create;
    QList<std::pair<int, Value>> changes;   // field, new value; sorted by field; of a Delete: empty
    QList<std::pair<int, Value>> base;      // of an Update the same fields, of a Delete all that were not null, as the backend last
                                            // had them (or as they were when the edit began); of a Create: empty, unless it makes
                                            // a record anew that was deleted elsewhere: of the fields that were edited
    QList<std::pair<int, Value>> companions;    // unchanged fields that go along with the changed ones; only of what is on its way, not stored
    qint64 baseVersion = 0;             // 0: the backend has not seen the record; of a Create on its way: of the tombstone that has its key
    Predicate condition;
    State state = State::Waiting;
    int attempts = 0;                   // how often it was handed to the network; above 0 the backend may know it: nothing coalesces with it
    int vain = 0;                       // attempts that certainly did not arrive
    int conflicts = 0;                  // that its attempts met
    qint64 createdAt = 0;               // ms since the epoch, UTC
    qint64 editedAt = 0;                // of a later edit that became part of it; 0: there was none
    Error error;                        // of a Rejected
    QList<int> yielded;                 // fields that it changed and let go of: somebody else's values stand there now
    struct Contested
    {
        int field = -1;
        Value base;                     // what the change was made from
        Value mine;
        friend bool operator==(const Contested &, const Contested &) = default;
    };
    QList<Contested> contested;         // changed fields that somebody else changed too, while nothing could be decided yet
    QList<Contested> sentLists;         // of lists that only grow and lie on something else now: as they were sent, the oldest first, for a
                                        // merge of the backend may have appended that as a whole
    Record theirs;                      // the backend's record as it told it with its refusal or since then; of a Create, also what has
                                        // the key there; null: unknown
};

} // namespace Tideline
