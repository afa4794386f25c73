// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

#include <QtCore/QList>

namespace Tideline {

// One entry of the flight recorder: what happened, for whoever has to find out later.
struct FlightEntry
{
    enum class Kind : quint8 {          // stored
        State = 0,                      // the engine does something else; message names it
        Fault = 1,                      // an error; one that lasts is one entry
        Healed = 2,                     // what a Fault before it said is over; detail: how often it came up and how long it lasted
    };

    qint64 id = 0;                      // grows; 0: not stored yet
    qint64 at = 0;                      // ms since the epoch, UTC
    Kind kind = Kind::State;
    Error::Phase phase = Error::Phase::None;
    Error::Code code = Error::Code::None;
    QString model = {};
    QString record = {};
    QString message = {};
    QString detail = {};

    friend bool operator==(const FlightEntry &, const FlightEntry &) = default;
};

} // namespace Tideline
