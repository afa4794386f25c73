// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/predicate.h"
#include "core/data/record.h"
#include "core/data/sortorder.h"

#include <QtQml/QJSValue>

QT_FORWARD_DECLARE_CLASS(QJSEngine)

namespace Tideline {

// Between JavaScript and the values of the store. All run on the engine's thread.

/*! A plain object: the fields by name, and key, syncState, version beside them. null for a null record. */
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const Record &record);
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const QList<Record> &records);

/*!
    What save() was given becomes a draft: a model object, or an object {type: "Product", name: ...} whose
    members are checked against the schema; unknown ones are errors. A key that it names makes it a
    change of that record, otherwise it is a new one.
*/
[[nodiscard]] Result<Draft> draftFromJs(const Schema &schema, const QJSValue &value);

[[nodiscard]] Result<Predicate> predicateFromJs(const QJSValue &value);         // undefined: all
[[nodiscard]] Result<QList<SortKey>> sortFromJs(const QJSValue &value);         // undefined: none

} // namespace Tideline
