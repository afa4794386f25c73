// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/engine.h"

#include <QtCore/QMetaType>

namespace Tideline {

/*!
    \class Tideline::Explanation
    \inmodule Tideline
    \since 0.1
    \brief What a record waits for, and why, as DataStore::explain() found it.

    text is the whole of it for people. The reasons hold for the first mutation of the record that was not
    accepted, the strongest first: what is decided by a person, what other records, what the line. Times are
    ms since the epoch, UTC; 0: not known.
*/
class TIDELINE_EXPORT Explanation
{
    Q_GADGET

public:
    enum class State {
        NotStored,              // this device has no such record and nothing to send for it
        Local,                  // never goes to a backend
        Synced,
        Waiting,
        Sending,
        Rejected,               // waits for a decision of the user
    };
    Q_ENUM(State)

    enum class Reason {
        Decision,               // a mutation was refused: this record's, or that of the one named
        Question,               // others changed it too, and the application is asked what becomes of it
        Parent,                 // the record named must be created on the backend first
        Child,                  // the record named, which refers to this one, must be deleted there first
        Answer,                 // it was sent, the answer is awaited
        Hold,                   // it failed or met a conflict, and is tried again at until
        Throttled,              // the backend asked to slow down, until
        NoBackend,              // the store has none, or its engine does not run
        Paused,                 // by the application
        Credentials,            // the backend wants a sign-in
        Offline,                // since; next attempt at until; the error says why
        Sync,                   // connecting or syncing comes first
        Turn,                   // nothing but its turn
    };
    Q_ENUM(Reason)

    struct Wait
    {
        Reason reason = Reason::Turn;
        QString model = {};
        QString key = {};
        qint64 since = 0;
        qint64 until = 0;
        Error error = {};
        QString text = {};           // a sentence
    };

    QString model;
    QString key;
    State state = State::NotStored;
    int mutations = 0;          // of this record that wait, the refused one included
    QList<Wait> waitingFor;     // empty: for nothing
    QString text;
};

} // namespace Tideline
