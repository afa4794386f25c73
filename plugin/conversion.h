// SPDX-License-Identifier: MIT
#pragma once

#include "client/datastore.h"

#include <QtQml/QJSValue>

QT_FORWARD_DECLARE_CLASS(QJSEngine)

namespace Tideline {

// Between JavaScript and the values of the store. All run on the engine's thread.

/*!
    A plain object: the fields by name, and type, key, syncState, version beside them unless a field has that
    name. A hidden member "record" holds the record itself, so that saving the object again changes
    only what was changed in it. null for a null record.
*/
[[nodiscard]] QString nameOf(OutboxEntry::Operation operation);
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const Record &record);
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const QList<Record> &records);
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const Receipt &receipt);             // {mutation, type, key, state, mergedFields, error, at, record}
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const QList<Receipt> &receipts);
[[nodiscard]] QJSValue savedToJs(QJSEngine *engine, const Receipt &receipt);        // its record, with a hidden member "mutation"
[[nodiscard]] QJSValue savedToJs(QJSEngine *engine, const QList<Receipt> &receipts);
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const QList<QuarantinedRow> &rows);
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const QList<UnmappedData> &list);
[[nodiscard]] QJSValue toJs(QJSEngine *engine, qint64 number);
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const AtRisk &risk);
[[nodiscard]] QJSValue toJs(QJSEngine *engine, const QList<RejectedMutation> &mutations);

/*!
    What save() was given becomes a draft: a model object, an object that a call resolved with, or an
    object {type: "Product", name: ...} whose members are checked against the schema; unknown ones are
    errors. A key that it names makes it a change of that record, otherwise it is a new one.
*/
[[nodiscard]] Result<Draft> draftFromJs(const Schema &schema, const QJSValue &value);

using ModelPointer = std::shared_ptr<const ModelType>;

struct Address
{
    ModelPointer model;
    QString key;
};

struct Selection
{
    ModelPointer model;
    Predicate where;
};

// What the other calls were given; errors name the model and the field.
[[nodiscard]] Result<Address> addressFromJs(const Schema &schema, const QJSValue &type, const QJSValue &key);
[[nodiscard]] Result<Selection> selectionFromJs(const Schema &schema, const QJSValue &type, const QJSValue &where);
[[nodiscard]] Result<Predicate> predicateFromJs(const ModelType &model, const QJSValue &where);     // undefined: all
[[nodiscard]] Result<qint64> mutationFromJs(const QJSValue &number);
[[nodiscard]] Result<QueryOptions> optionsFromJs(const ModelType &model, const QJSValue &options);  // undefined: all, in no order

} // namespace Tideline
