// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore.h"

#include <QtQml/QJSValue>

QT_FORWARD_DECLARE_CLASS(QJSEngine)

namespace Tideline {

// What the store tells of itself, as JavaScript objects. Names of enums are texts, times are dates, null when unknown.

/*! {type, key, state, mutations, text, waitingFor: [{reason, type, key, since, until, error, text}]} */
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const Explanation &explanation);

/*! [{id, at, kind, phase, type, key, code, message, detail}] */
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const QList<FlightEntry> &entries);

/*! The milliseconds of a deadline; undefined: none. */
[[nodiscard]] Result<int> timeoutFromJs(const QJSValue &value);

/*! How many entries; undefined: all. */
[[nodiscard]] Result<int> limitFromJs(const QJSValue &value);

} // namespace Tideline
