// SPDX-License-Identifier: MIT
// What became of changes, what a person decides about them, and what a store waits for.
#include "plugin/qmldatastorecalls.h"

#include "plugin/conflicts.h"
#include "plugin/plain.h"
#include "plugin/plugintext.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace Tideline {

/*! \qmlmethod Promise DataStore::decisions(type, key, limit)
    Resolves with the automatic decisions in conflicts of a record, or of all of a type, or of all, the newest first: an array of
    {decision, type, key, mutation, version, at, undone, deletion, fields}, of which fields is an array of {name, policy, base, mine, theirs,
    result}; see DecisionModel. */
QJSValue QmlDataStore::decisions(const QJSValue &type, const QJSValue &key, const QJSValue &limit)
{
    if (!limit.isUndefined() && !(limit.isNumber() && limit.toNumber() == limit.toInt()))
        return rejection(Error(Error::Code::InvalidArgument, PluginText::tr("The third argument of decisions() is a whole number, not %1.").arg(described(limit))));
    const int most = limit.isUndefined() ? -1 : limit.toInt();
    if (type.isUndefined())
        return promise(DataStore::decisions({}, {}, most));
    if (key.isUndefined()) {
        const Result<Selection> selection = selectionFromJs(schema(), type, {});
        return selection ? promise(DataStore::decisions(selection->model->name, {}, most)) : rejection(selection.error());
    }
    const Result<Address> address = addressFromJs(schema(), type, key);
    return address ? promise(DataStore::decisions(address->model->name, address->key, most)) : rejection(address.error());
}

/*! \qmlmethod Promise DataStore::undo(decision, side)
    Undoes a decision, which is named by its number: an edit that gives the fields what was not taken, or with \a side "mine" or
    "theirs" the values of that side. Where a side had deleted the record, it is removed or made anew. Resolves with the receipt of the edit. */
QJSValue QmlDataStore::undo(const QJSValue &decision, const QJSValue &side)
{
    const Result<qint64> number = mutationFromJs(decision);
    const Result<ConflictSide> wanted = sideFromJs(side);
    if (!number || !wanted)
        return rejection(!number ? number.error() : wanted.error());
    return promise(DataStore::undo(*number, *wanted));
}

/*! \qmlmethod Promise DataStore::rejected()
    Resolves with the mutations that the backend refused, the oldest first: an array of {mutation, type, key, operation, base,
    mine, theirs, error, createdAt, attempts, waiting}; see RepairModel. */
QJSValue QmlDataStore::rejected()
{
    return promise(DataStore::rejected());
}

/*! \qmlmethod Promise DataStore::retry(mutation)
    Sends a rejected mutation again, which is named by its number. */
QJSValue QmlDataStore::retry(const QJSValue &mutation)
{
    const Result<qint64> number = mutationFromJs(mutation);
    return number ? promise(DataStore::retry(*number)) : rejection(number.error());
}

/*! \qmlmethod Promise DataStore::discard(mutation, withDependents)
    Gives up a rejected mutation and undoes what it did here. Resolves with the record as it is then, in an array that is
    empty when there is none. Rejected with ErrorCode.HasDependents when records that were never sent refer to the
    record, unless \a withDependents is true. */
QJSValue QmlDataStore::discard(const QJSValue &mutation, const QJSValue &withDependents)
{
    const Result<qint64> number = mutationFromJs(mutation);
    if (!number)
        return rejection(number.error());
    if (!withDependents.isUndefined() && !withDependents.isBool())
        return rejection(Error(Error::Code::InvalidArgument,
            PluginText::tr("The second argument of discard() is true or false, not %1.").arg(described(withDependents))));
    return promise(DataStore::discard(*number, withDependents.toBool() ? DiscardScope::WithDependents : DiscardScope::Mutation));
}

/*! \qmlmethod Promise DataStore::receipt(mutation)
    Resolves with how far a mutation has come, which is named by its number: {mutation, type, key, state, mergedFields, error, at, record}. The state
    is "LOCAL", "SENT", "ACCEPTED", "MERGED" (mergedFields came out differently), "REJECTED" (error says why) or "DISCARDED". */
QJSValue QmlDataStore::receipt(const QJSValue &mutation)
{
    const Result<qint64> number = mutationFromJs(mutation);
    return number ? promise(DataStore::receipt(*number)) : rejection(number.error());
}

/*! \qmlmethod Promise DataStore::receipts(type, key)
    Resolves with the receipts of a record's mutations, the newest first. */
QJSValue QmlDataStore::receipts(const QJSValue &type, const QJSValue &key)
{
    const Result<Address> address = addressFromJs(schema(), type, key);
    return address ? promise(DataStore::receipts(address->model->name, address->key)) : rejection(address.error());
}

/*! \qmlmethod Promise DataStore::quarantined()
    Resolves with the records of the backend that could not be stored and are kept aside, the oldest first: an array of
    {type, key, raw, error, parentType, parentKey, since}; see RepairModel. */
QJSValue QmlDataStore::quarantined()
{
    return promise(DataStore::quarantined());
}

/* Of a record that is kept aside: its type may be one that the schema does not have. */
static Error asideError(const QJSValue &type, const QJSValue &key)
{
    if (type.isString() && (key.isString() || (key.isNumber() && std::isfinite(key.toNumber()))))
        return {};
    return Error(Error::Code::InvalidArgument, PluginText::tr("A record that is kept aside is named by the texts type and key, not by %1.")
                                                   .arg(described(type.isString() ? key : type)));
}

/*! \qmlmethod Promise DataStore::retryQuarantined(type, key)
    Tries again to store a record that is kept aside. */
QJSValue QmlDataStore::retryQuarantined(const QJSValue &type, const QJSValue &key)
{
    const Error wrong = asideError(type, key);
    return wrong.isError() ? rejection(wrong) : promise(DataStore::retryQuarantined(type.toString(), key.toString()));
}

/*! \qmlmethod Promise DataStore::discardQuarantined(type, key)
    Forgets a record that is kept aside. */
QJSValue QmlDataStore::discardQuarantined(const QJSValue &type, const QJSValue &key)
{
    const Error wrong = asideError(type, key);
    return wrong.isError() ? rejection(wrong) : promise(DataStore::discardQuarantined(type.toString(), key.toString()));
}

/*! \qmlmethod Promise DataStore::unmapped()
    Resolves with what a change of the schema left no place for, the oldest first: an array of
    {id, kind, type, key, operation, values, base, error, since}. The kind is "ROW", "FIELD" or "MUTATION"; operation and base are those of a
    mutation, else null. Each is tried again by itself whenever the schema changes. */
QJSValue QmlDataStore::unmapped()
{
    return promise(DataStore::unmapped());
}

/*! \qmlmethod Promise DataStore::discardUnmapped(id)
    Forgets what unmapped() lists as \a id, for good. */
QJSValue QmlDataStore::discardUnmapped(const QJSValue &id)
{
    if (const auto number = wholeNumberIn(id, 1))
        return promise(DataStore::discardUnmapped(*number));
    return rejection(Error(Error::Code::InvalidArgument,
        PluginText::tr("The argument of discardUnmapped() is the id of an entry of unmapped(), not %1.").arg(described(id))));
}

/*! \qmlmethod Promise DataStore::explain(type, key)
    Says what a record waits for, and why. Resolves with {type, key, state, mutations, text, waitingFor}: state is "NotStored", "Local",
    "Synced", "Waiting", "Sending" or "Rejected"; text is the whole of it for people; each of waitingFor has reason ("Offline",
    "Parent", "Decision" and others, see Explanation), type, key, since, until, error and text. */
QJSValue QmlDataStore::explain(const QJSValue &type, const QJSValue &key)
{
    const Result<Address> address = addressFromJs(schema(), type, key);
    return address ? promise(DataStore::explain(address->model->name, address->key)) : rejection(address.error());
}

/*! \qmlmethod Promise DataStore::flightRecord(limit)
    Resolves with the newest entries of the flight recorder, the newest first: {id, at, kind, phase, type, key, code, message,
    detail}; kind is "State", "Fault" or "Healed". */
QJSValue QmlDataStore::flightRecord(const QJSValue &limit)
{
    const Result<int> number = limitFromJs(limit);
    return number ? promise(DataStore::flightRecord(*number)) : rejection(number.error());
}

/*! \qmlmethod Promise DataStore::waitForReady(timeout)
    Resolves when the store has all that the backend had. Rejected with ErrorCode.Timeout after \a timeout ms, when that is given. */
QJSValue QmlDataStore::waitForReady(const QJSValue &timeout)
{
    const Result<int> milliseconds = timeoutFromJs(timeout);
    return milliseconds ? promise(DataStore::waitForReady(*milliseconds)) : rejection(milliseconds.error());
}

/*! \qmlmethod Promise DataStore::waitForOutbox(timeout)
    Resolves when the backend has all that was saved before, but for what it refused and what waits for that. Rejected with
    ErrorCode.Timeout after \a timeout ms, when that is given. */
QJSValue QmlDataStore::waitForOutbox(const QJSValue &timeout)
{
    const Result<int> milliseconds = timeoutFromJs(timeout);
    return milliseconds ? promise(DataStore::waitForOutbox(*milliseconds)) : rejection(milliseconds.error());
}

} // namespace Tideline
