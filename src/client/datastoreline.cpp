// SPDX-License-Identifier: MIT
#include "client/datastorecalls_p.h"
#include "client/sync/explain_p.h"
#include "core/suggestion.h"

namespace Tideline {

Error DataStorePrivate::unknownModel(const QString &type) const
{
    if (schema.isEmpty())
        return Error(Error::Code::InvalidArgument, DataStore::tr("The data store has no schema. Set one before open()."));
    QStringList names;
    for (const auto &model : schema.models())
        names.append(model->name);
    return Error(Error::Code::UnknownModel,
                 withSuggestion(DataStore::tr("The schema has no model type \"%1\"").arg(type), type, names))
        .withModel(type);
}

void DataStorePrivate::report(const Error &error)
{
    Q_EMIT q->errorOccurred(error);
}

/* The engine writes its own record. */
void DataStorePrivate::heard(const Error &error)
{
    using Stage = Error::Phase;
    lastError = error;
    if (error.phase() == Stage::Open || error.phase() == Stage::Query || error.phase() == Stage::Save || error.phase() == Stage::Repair)
        record(error);
    Q_EMIT q->lastErrorChanged();
}

void DataStorePrivate::record(const Error &error)
{
    if (m_recorder)
        m_recorder->note(error);
}

void DataStorePrivate::attachRecorder()
{
    m_recorder = std::make_unique<FlightRecorder>(*q->scheduler(), [this](const QList<FlightEntry> &entries, const std::function<void()> &done) {
        m_store->write<void>([entries](WriteTransaction &transaction) { return transaction.record(entries); }, q->scheduler(),
                             [done](const Result<void> &) { done(); });
    });
}

HubWaits &DataStorePrivate::waits()
{
    if (!m_waits) {
        m_waits = std::make_unique<HubWaits>(*q->scheduler(), [this](Reply<bool> answer) {
            if (phase != Phase::Open && phase != Phase::Opening)
                return answer(refusal());
            // by the writer, so that what was saved before is seen
            start<bool, WriteTransaction>(
                [](WriteTransaction &transaction) { return Explain::anythingGoes(transaction, Dependencies(transaction.schema())); },
                std::move(answer));
        });
    }
    return *m_waits;
}

void DataStorePrivate::watchNetwork()
{
    if (!m_network) {
        m_network = options.network ? options.network : std::make_shared<SystemNetwork>();
        QObject::connect(m_network.get(), &NetworkMonitor::changed, q, [this] {
            withEngine([now = m_network->reachability()](Engine &engine) { engine.networkChanged(now); });
        });
    }
    withEngine([now = m_network->reachability()](Engine &engine) { engine.networkChanged(now); });
}

void DataStorePrivate::withStatus(std::function<void(const EngineStatus &)> task)
{
    EngineStatus absent;
    absent.paused = paused;
    if (m_engineRuns)
        m_engineThread->ask(q->scheduler(), absent, std::move(task));
    else
        task(absent);
}

/*!
    Says what the record of \a type with \a key waits for, and why: whether the backend has what was changed here,
    when the next attempt is made, which other record or which decision comes first. Errors: UnknownModel, StoreNotOpen.
*/
QFuture<Result<Explanation>> DataStore::explain(const QString &type, const QString &key)
{
    const auto model = d->schema.model(type);
    if (!model)
        return d->failed<Explanation>(d->unknownModel(type), Error::Phase::Query);
    if (const Error refused = d->refusal(); refused.isError())
        return d->failed<Explanation>(refused, Error::Phase::Query);
    auto pending = std::make_shared<Pending<Explanation>>();
    d->withStatus([this, model, key, pending](const EngineStatus &status) {
        if (d->phase != DataStorePrivate::Phase::Open && d->phase != DataStorePrivate::Phase::Opening)
            return;                     // pending ends in Closed
        d->start<Explanation, WriteTransaction>(       // by the writer, so that what was saved before is seen
            [model, key, status](WriteTransaction &transaction) {
                return Explain(transaction, Dependencies(transaction.schema()), status).record(model, key);
            },
            [pending](Result<Explanation> explanation) { pending->finish(std::move(explanation)); });
    });
    return pending->future();
}

/*! Returns the newest \a limit entries of the flight recorder, the newest first. It keeps a thousand, over restarts: what the
    engine did, each error once while its cause lasts, and when that was over. They get there a second later,
    or with close(). */
QFuture<Result<QList<FlightEntry>>> DataStore::flightRecord(int limit)
{
    return d->run<QList<FlightEntry>, ReadTransaction>([limit](ReadTransaction &transaction) { return transaction.flightRecord(limit); });
}

/*!
    Ends when the store has all that the backend had: at once when it was ready before and its engine still runs, or when there is
    no backend. Errors: Timeout after \a timeout ms, unless that is negative; Closed with the store; StoreNotOpen; what open()
    failed with, what the backend lacks to be reached at all.
*/
QFuture<Result<void>> DataStore::waitForReady(int timeout)
{
    if (const Error refused = d->refusal(); refused.isError())
        return d->failed<void>(refused, Error::Phase::Query);
    if (d->missing.isError())
        return Tideline::failed<void>(d->missing);
    QFuture<Result<void>> future = d->waits().wait(HubWaits::Goal::Ready, timeout);
    if (d->phase == DataStorePrivate::Phase::Open && (d->ready || !d->backend))
        d->waits().finish(HubWaits::Goal::Ready, {});
    return future;
}

/*!
    Ends when no change of this device goes to the backend any more: it has all that was saved before, but for what it refused
    and what waits for that. Errors: Timeout after \a timeout ms, unless that is negative; Closed with the store; StoreNotOpen; what the
    backend lacks to be reached at all.
*/
QFuture<Result<void>> DataStore::waitForOutbox(int timeout)
{
    if (const Error refused = d->refusal(); refused.isError())
        return d->failed<void>(refused, Error::Phase::Query);
    if (d->missing.isError())
        return Tideline::failed<void>(d->missing);
    return d->waits().wait(HubWaits::Goal::Outbox, timeout);
}

/*! Looks after the line: an application calls it when it comes to the front. The same is done by itself when the system tells
    of a change of the network. */
void DataStore::wake()
{
    d->withEngine([](Engine &engine) { engine.wake(); });
}

} // namespace Tideline
