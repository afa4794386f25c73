// SPDX-License-Identifier: MIT
// What became of changes, and what a person decides about them: receipts, the repair bench, conflicts.
#include "client/datastorecalls_p.h"
#include "client/sync/decisions_p.h"
#include "client/sync/merger_p.h"
#include "client/sync/repair_p.h"

namespace Tideline {

static Result<Receipt> withRecord(ReadTransaction &transaction, const MutationReceipt &receipt)
{
    const auto model = transaction.schema().model(receipt.model);
    if (!model)
        return Receipt({}, receipt);
    const Result<Record> record = transaction.find(model, receipt.key);
    return record ? Result<Receipt>(Receipt(*record, receipt)) : Result<Receipt>(record.error());
}

/*! Returns how far \a mutation has come, which is the number in a receipt; also after a restart. When it became part of another one,
    the receipt is that one's. NotFound when there never was such a mutation, or its end is too long ago: the newest 10,000 are kept for 30 days. */
QFuture<Result<Receipt>> DataStore::receipt(qint64 mutation)
{
    return d->run<Receipt, ReadTransaction>([mutation](ReadTransaction &transaction) -> Result<Receipt> {
        const Result<std::optional<MutationReceipt>> receipt = transaction.receipt(mutation);
        if (!receipt)
            return receipt.error();
        if (!*receipt)
            return Error(Error::Code::NotFound, tr("Nothing is known of mutation %1 any more.").arg(mutation));
        return withRecord(transaction, **receipt);
    });
}

/*! Returns the receipts of the mutations of the record of \a type with \a key, the newest first: those under way, and as many
    of those that ended as receipt() knows. */
QFuture<Result<QList<Receipt>>> DataStore::receipts(const QString &type, const QString &key)
{
    const auto model = d->schema.model(type);
    if (!model)
        return d->failed<QList<Receipt>>(d->unknownModel(type), Error::Phase::Query);
    return d->run<QList<Receipt>, ReadTransaction>([model, key](ReadTransaction &transaction) -> Result<QList<Receipt>> {
        const Result<QList<MutationReceipt>> receipts = transaction.receipts(*model, key);
        const Result<Record> record = transaction.find(model, key);
        if (!receipts || !record)
            return !receipts ? receipts.error() : record.error();
        QList<Receipt> list;
        for (const MutationReceipt &receipt : *receipts)
            list.append(Receipt(*record, receipt));
        return list;
    });
}

/*! Returns the mutations that the backend refused, the oldest first. What waits behind one of them counts in it. */
QFuture<Result<QList<RejectedMutation>>> DataStore::rejected()
{
    return d->run<QList<RejectedMutation>, ReadTransaction>([](ReadTransaction &transaction) {
        return Repair::list(transaction, Dependencies(transaction.schema()));
    });
}

/*! Sends the rejected \a mutation again as it is. To send it otherwise, save its record: that amends the mutation, with what
    waited behind it, unless one of them has a condition. NotFound when it is not, or no longer, on the repair bench. */
QFuture<Result<void>> DataStore::retry(qint64 mutation)
{
    return d->run<void, WriteTransaction>([mutation](WriteTransaction &transaction) {
        return Repair(transaction, Dependencies(transaction.schema())).retry(mutation);
    }, Error::Phase::Repair);
}

/*!
    Gives up the rejected \a mutation and undoes what it did here; what waited behind it goes on. Ends in the record as it is then;
    empty when there is none.

    An update gives its fields back to what the backend had, but for those that a later edit changed. A deletion brings the
    record back. A create takes the record away with all edits of it, or makes room for the backend's when its key is taken there. With
    \a scope Mutation it ends in HasDependents when records that were not sent either refer to it, at any depth; detail() has their
    types and keys, one a line. WithDependents takes those away too; records that the backend has lose only the reference.
    NotFound when the mutation is not, or no longer, on the repair bench.
*/
QFuture<Result<QList<Record>>> DataStore::discard(qint64 mutation, DiscardScope scope)
{
    return d->run<QList<Record>, WriteTransaction>([mutation, scope](WriteTransaction &transaction) {
        return Repair(transaction, Dependencies(transaction.schema())).discard(mutation, scope);
    }, Error::Phase::Repair);
}

/*! Returns what the application has said about conflicts. */
ConflictPolicies DataStore::conflictPolicies() const
{
    return d->options.engine.conflicts;
}

/*! Makes \a policies the application's, from now on. With a schema they are checked: UnknownModel, UnknownField, InvalidArgument, and
    then nothing changes. */
Result<void> DataStore::setConflictPolicies(const ConflictPolicies &policies)
{
    const Result<void> checked = d->schema.isEmpty() ? Result<void>() : policies.check(d->schema);
    if (!checked || policies == d->options.engine.conflicts)
        return checked;
    d->options.engine.conflicts = policies;
    d->bindConflicts();
    d->restartEngine();
    return {};
}

/*! Makes \a policy that of \a type; see setConflictPolicies(). */
Result<void> DataStore::setConflictPolicy(const QString &type, ConflictPolicy policy)
{
    return setConflictPolicies(conflictPolicies().set(type, policy));
}

/*! Makes \a policy that of \a field of \a type; see setConflictPolicies(). */
Result<void> DataStore::setConflictPolicy(const QString &type, const QString &field, ConflictPolicy policy)
{
    return setConflictPolicies(conflictPolicies().set(type, field, policy));
}

/*! Makes \a handler decide the conflicts of fields whose policy is Ask. It is called in this thread, once for each record of the
    backend that a mutation is in conflict with; the mutation waits, and nothing else does. An answer that comes too late (after
    EngineOptions::askDeadline), is an error or not valid lists the mutation on the repair bench. The question survives a restart. Without
    a handler such mutations are listed at once. */
void DataStore::setConflictHandler(const ConflictHandler &handler)
{
    d->conflictHandler = handler;
}

/*! Returns at most \a limit automatic decisions about the record of \a type with \a key, the newest first; without a key those of the type,
    without a type all. The newest 10,000 are kept. */
QFuture<Result<QList<ConflictDecision>>> DataStore::decisions(const QString &type, const QString &key, int limit)
{
    if (!type.isEmpty() && !d->schema.model(type))
        return d->failed<QList<ConflictDecision>>(d->unknownModel(type), Error::Phase::Query);
    return d->run<QList<ConflictDecision>, ReadTransaction>(
        [type, key, limit](ReadTransaction &transaction) { return transaction.decisions(type, key, limit); });
}

/*! Saves the record of \a decision with the side that it did not take, or with \a side: an edit like any other, which reaches all devices.
    Fields that were changed since stay. What was given up for doubt under Sum, Set or Append is added to theirs. Where one side had deleted the
    record, it is removed, or made anew. InvalidArgument when there is nothing left to undo, and without a \a side where the result has
    something of both; NotFound when the decision is not known any more, or the record is gone. */
QFuture<Result<Receipt>> DataStore::undo(qint64 decision, ConflictSide side)
{
    return d->run<Receipt, WriteTransaction>([decision, side, rules = d->conflictRules](WriteTransaction &transaction) -> Result<Receipt> {
        const Result<Record> saved = Decisions::undo(transaction, decision, side, *rules);
        return saved ? Result<Receipt>(Receipt(*saved, transaction.lastSequence(), transaction.now())) : Result<Receipt>(saved.error());
    });
}

/*! Returns the records of the backend that could not be stored and are kept aside, the oldest first. They are tried again by
    themselves when the record comes that they belong to, when the schema changes, and when the backend sends another version. */
QFuture<Result<QList<QuarantinedRow>>> DataStore::quarantined()
{
    return d->run<QList<QuarantinedRow>, ReadTransaction>([](ReadTransaction &transaction) { return transaction.quarantined(); });
}

/*! Tries to store the record of \a type with \a key that is kept aside. Ends in the reason when it stays there; NotFound when it is not
    there, or not any more. */
QFuture<Result<void>> DataStore::retryQuarantined(const QString &type, const QString &key)
{
    return d->run<void, WriteTransaction>([type, key, scopes = d->options.engine.scopes, conflicts = d->conflictRules](WriteTransaction &transaction) -> Result<void> {
        QList<Error> problems;                  // told by the engine
        const auto rules = std::make_shared<MergeRules>(transaction.schema(), scopes, problems);
        rules->setConflicts(*conflicts);
        return Merger(transaction, rules).retry(type, key);
    });
}

/*! Forgets the record of \a type with \a key that is kept aside. Nothing of it is sent; the backend has it still, and the next base
    sync may bring it back. NotFound when it is not there, or not any more. */
QFuture<Result<void>> DataStore::discardQuarantined(const QString &type, const QString &key)
{
    return d->run<void, WriteTransaction>([type, key](WriteTransaction &transaction) -> Result<void> {
        const Result<bool> forgotten = transaction.unquarantine(type, key);
        if (forgotten && !*forgotten)
            return Error(Error::Code::NotFound, tr("No %1 \"%2\" is kept aside any more.").arg(type, key)).withModel(type).withRecord(key);
        return forgotten.error();
    });
}

/*! Returns the changes, records and values that a change of the schema left no place for, the oldest first. Each is tried again by itself
    whenever the schema changes, so an older version of the application that is installed again finds them in their place. */
QFuture<Result<QList<UnmappedData>>> DataStore::unmapped()
{
    return d->run<QList<UnmappedData>, ReadTransaction>([](ReadTransaction &transaction) -> Result<QList<UnmappedData>> {
        const Result<QList<UnmappedData>> list = transaction.unmapped();
        return list ? withoutParts(*list) : list;
    });
}

/*! Forgets what unmapped() lists as \a id, for good: nobody else need have it. NotFound when it is not there, or not any more. */
QFuture<Result<void>> DataStore::discardUnmapped(qint64 id)
{
    return d->run<void, WriteTransaction>([id](WriteTransaction &transaction) { return transaction.removeUnmapped(id); }, Error::Phase::Repair);
}

} // namespace Tideline
