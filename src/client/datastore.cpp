// SPDX-License-Identifier: MIT
#include "client/datastore.h"

#include "client/datastorecalls_p.h"
#include "client/sync/decisions_p.h"
#include "client/sync/mergerules_p.h"
#include "client/translation.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QStandardPaths>
#include <QtCore/QUrl>

namespace Tideline {

/*!
    \class Tideline::DataStore
    \inmodule Tideline
    \since 0.1
    \brief The local store of an application and what keeps it equal with a backend.

    Set a schema, then open(). Everything works without a backend; with one, changes travel by
    themselves. The object lives in the application's thread and blocks it for nothing: every call
    returns at once, and its future ends in that thread with a value or a typed Error. Calls made
    while the file is being opened wait for it, and end in its error when it cannot be opened.

    Destroying it closes the file after what was already asked for is done.
*/

/*! Constructs a closed data store without a schema, owned by \a parent. */
DataStore::DataStore(QObject *parent) : LiveHost(parent), d(std::make_unique<DataStorePrivate>(this))
{
    ensureTranslation();
    connect(this, &LiveHost::errorOccurred, this, [this](const Error &error) { d->heard(error); });
    connect(this, &DataStore::schemaChanged, this, &DataStore::verdictsChanged);
}

/*! Stops the engine and closes the file; futures still open end in Error::Code::Closed. */
DataStore::~DataStore()
{
    d->shutDown();
}

/*! \property Tideline::DataStore::schema
    \brief The model types; can only change while the store is closed. */
Schema DataStore::schema() const
{
    return d->schema;
}

void DataStore::setSchema(const Schema &schema)
{
    if (d->schema == schema)
        return;
    if (d->phase != DataStorePrivate::Phase::Closed || d->busy().isError()) {
        d->report(Error(Error::Code::InvalidArgument, tr("The schema of an open data store cannot change. Close it first.")));
        return;
    }
    d->schema = schema;
    Q_EMIT schemaChanged();
}

/*! \property Tideline::DataStore::path
    \brief The SQLite file, as a path or a file URL; ":memory:" keeps everything in memory. The default is tideline.sqlite in
    the application's data folder. Each principal has a file of its own beside it. Can only change while the store is closed. */
QString DataStore::path() const
{
    return d->path;
}

void DataStore::setPath(const QString &given)
{
    const QString path = given.startsWith(QLatin1StringView("file:")) ? QUrl(given).toLocalFile() : given;
    if (d->path == path)
        return;
    if (d->phase != DataStorePrivate::Phase::Closed || d->busy().isError()) {
        d->report(Error(Error::Code::InvalidArgument, tr("The path of an open data store cannot change. Close it first.")));
        return;
    }
    d->path = path;
    Q_EMIT pathChanged();
}

/*! \property Tideline::DataStore::backend
    \brief What the store is kept equal with; null works locally. Not owned. May change at any time. */
Backend *DataStore::backend() const
{
    return d->backend;
}

void DataStore::setBackend(Backend *backend)
{
    if (d->backend == backend)
        return;
    if (d->backend)
        QObject::disconnect(d->backend, nullptr, this, nullptr);
    d->backend = backend;
    if (backend) {
        connect(backend, &Backend::changed, this, [this] { d->restartEngine(); });
        connect(backend, &QObject::destroyed, this, [this] { d->restartEngine(); });
        connect(backend, &QObject::destroyed, this, &DataStore::backendChanged);
        connect(backend, &QObject::destroyed, this, &DataStore::verdictsChanged);
        connect(backend, &Backend::credentialsChanged, this, [this](bool wereAskedFor) {
            d->withEngine([wereAskedFor](Engine &engine) { engine.credentialsChanged(wereAskedFor); });
            Q_EMIT verdictsChanged();
        });
        connect(backend, &Backend::changed, this, &DataStore::verdictsChanged);
    }
    d->restartEngine();
    Q_EMIT backendChanged();
    Q_EMIT verdictsChanged();
}

/*! Sets what is rarely changed; takes effect with the next open(). Scopes, their priorities, conflict policies and principalClaim, which
    have calls of their own, stay unless \a options has others. */
void DataStore::setOptions(const DataStoreOptions &options)
{
    const EngineOptions former = std::exchange(d->options, options).engine;
    const auto keep = [](auto &now, const auto &before) {
        if (now == std::remove_cvref_t<decltype(now)>())
            now = before;
    };
    keep(d->options.engine.scopes, former.scopes);
    keep(d->options.engine.priorities, former.priorities);
    keep(d->options.engine.conflicts, former.conflicts);
    keep(d->options.engine.account.claim, former.account.claim);
}

/*! Opens \a path; see open(). */
QFuture<Result<void>> DataStore::open(const QString &path)
{
    setPath(path);
    return open();
}

/*! Opens or creates the file and, when there is a backend, starts the engine. The future ends when
    queries work; it does not wait for the network. Errors: InvalidArgument without a schema, and all
    that concern the file (StoreDamaged, StoreForeign, StoreTooNew, StoreReadOnly, StoreLocked,
    DiskFull ...), which leave the file untouched. */
QFuture<Result<void>> DataStore::open()
{
    if (const Error busy = d->busy(); busy.isError())
        return d->failed<void>(busy, Error::Phase::Open);
    if (d->phase == DataStorePrivate::Phase::Closing)
        return d->failed<void>(Error(Error::Code::InvalidArgument, tr("The data store is being closed. Call open() again when close() has ended.")),
                               Error::Phase::Open);
    if (d->phase != DataStorePrivate::Phase::Closed)
        return d->failed<void>(Error(Error::Code::InvalidArgument, tr("The data store is already open.")), Error::Phase::Open);
    if (d->schema.isEmpty())
        return d->failed<void>(Error(Error::Code::InvalidArgument, tr("The data store has no schema. Set one before open().")), Error::Phase::Open);
    auto pending = std::make_shared<Pending<void>>();
    d->open([pending](Result<void> result) { pending->finish(std::move(result)); });
    return pending->future();
}

/*! Stops the engine, finishes what was asked for and closes the file; who is signed in stays so. */
QFuture<Result<void>> DataStore::close()
{
    if (const Error busy = d->busy(); busy.isError())
        return failed<void>(busy);
    auto pending = std::make_shared<Pending<void>>();
    d->close([pending](Result<void> result) { pending->finish(std::move(result)); });
    return pending->future();
}

/*! \property Tideline::DataStore::opened
    \brief Whether queries and saves work. */
bool DataStore::isOpen() const
{
    return d->phase == DataStorePrivate::Phase::Open;
}

/*! Saves \a draft: applies its changed fields on the stored record, or creates one. What it adds to a field with the policy Sum, Set or
    Append is added to what is stored, also when that has changed since the draft's base was read. The future ends
    after the commit, durable; the change then travels to the backend by itself. With a
    \a condition the stored record must match it (ConditionFailed). Errors name model and field. */
QFuture<Result<Receipt>> DataStore::save(const Draft &draft, const Predicate &condition)
{
    return d->run<Receipt, WriteTransaction>([draft, condition, rules = d->conflictRules](WriteTransaction &transaction) -> Result<Receipt> {
        const Result<Draft> carried = Decisions::carried(transaction, draft, *rules);
        const Result<Record> saved = carried ? transaction.save(*carried, condition) : Result<Record>(carried.error());
        if (!saved)
            return saved.error();
        return Receipt(*saved, transaction.lastSequence(), transaction.now());
    });
}

/*! Saves all \a drafts in one transaction: all or none. The error says which draft it was. */
QFuture<Result<QList<Receipt>>> DataStore::saveAll(const QList<Draft> &drafts)
{
    return d->run<QList<Receipt>, WriteTransaction>([drafts, rules = d->conflictRules](WriteTransaction &transaction) -> Result<QList<Receipt>> {
        QList<Draft> carried;
        carried.reserve(drafts.size());
        for (const Draft &draft : drafts) {
            const Result<Draft> each = Decisions::carried(transaction, draft, *rules);
            if (!each)
                return each.error();
            carried.append(*each);
        }
        const Result<QList<Record>> saved = transaction.saveAll(carried);
        if (!saved)
            return saved.error();
        QList<Receipt> receipts;
        receipts.reserve(saved->size());
        for (qsizetype i = 0; i < saved->size(); ++i)
            receipts.append(Receipt(saved->at(i), transaction.lastSequences().at(i), transaction.now()));
        return receipts;
    });
}

/*! Returns the record of \a type with \a key; a null record when there is none. A record met lately
    answers from memory. */
QFuture<Result<Record>> DataStore::get(const QString &type, const QString &key)
{
    const auto model = d->schema.model(type);
    if (!model)
        return d->failed<Record>(d->unknownModel(type), Error::Phase::Query);
    if (const Record known = cached(model, key)) {
        QPromise<Result<Record>> promise;
        promise.start();
        promise.addResult(Result<Record>(known));
        promise.finish();
        return promise.future();
    }
    using Found = std::pair<Record, quint64>;          // and the commit it is as of
    return d->run<Found, ReadTransaction>([model, key](ReadTransaction &transaction) -> Result<Found> {
        const Result<Record> record = transaction.find(model, key);
        return record ? Result<Found>({*record, transaction.commit()}) : Result<Found>(record.error());
    }).then([this](const Result<Found> &found) -> Result<Record> {
        if (!found)
            return found.error();                       // also when the store went
        if (found->first)
            remember(found->first, found->second);
        return found->first;
    });
}

/*! Returns the records of \a type that match \a where, in the order of \a options. Offsets count from 0. */
QFuture<Result<QList<Record>>> DataStore::query(const QString &type, const Predicate &where, const QueryOptions &options)
{
    const auto model = d->schema.model(type);
    if (!model)
        return d->failed<QList<Record>>(d->unknownModel(type), Error::Phase::Query);
    const Query query{.model = model, .where = where, .sort = options.sort, .limit = options.limit, .offset = options.offset};
    return d->run<QList<Record>, ReadTransaction>([query](ReadTransaction &transaction) { return transaction.query(query); });
}

/*! Returns how many records of \a type match \a where. */
QFuture<Result<qint64>> DataStore::count(const QString &type, const Predicate &where)
{
    const auto model = d->schema.model(type);
    if (!model)
        return d->failed<qint64>(d->unknownModel(type), Error::Phase::Query);
    const Query query{.model = model, .where = where, .sort = {}};
    return d->run<qint64, ReadTransaction>([query](ReadTransaction &transaction) { return transaction.count(query); });
}

/*! Deletes \a record and what belongs to it; see remove(type, key). */
QFuture<Result<QList<Record>>> DataStore::remove(const Record &record, const Predicate &condition)
{
    if (!record)
        return d->failed<QList<Record>>(Error(Error::Code::InvalidArgument, tr("A null record cannot be deleted.")), Error::Phase::Save);
    return remove(record.model()->name, record.key(), condition);
}

/*! Deletes the record of \a type with \a key and, through hasOne and hasMany, what belongs to it,
    children first, in one transaction. Ends in the deleted records; empty when there was none. */
QFuture<Result<QList<Record>>> DataStore::remove(const QString &type, const QString &key, const Predicate &condition)
{
    const auto model = d->schema.model(type);
    if (!model)
        return d->failed<QList<Record>>(d->unknownModel(type), Error::Phase::Save);
    return d->run<QList<Record>, WriteTransaction>([model, key, condition](WriteTransaction &transaction) {
        return transaction.remove(model, key, condition);
    });
}

/*! Deletes every record of \a type that matches \a where, with what belongs to them, in one transaction. */
QFuture<Result<QList<Record>>> DataStore::removeAll(const QString &type, const Predicate &where)
{
    const auto model = d->schema.model(type);
    if (!model)
        return d->failed<QList<Record>>(d->unknownModel(type), Error::Phase::Save);
    return d->run<QList<Record>, WriteTransaction>([model, where](WriteTransaction &transaction) {
        return transaction.removeAll(model, where);
    });
}

/*! Calls \a observer for each change of \a type, local or remote, whose record matches \a where after it
    (before it, for a delete), until the returned token is destroyed. Conditions on relations are not
    possible here (InvalidArgument). */
Result<std::shared_ptr<void>> DataStore::observe(const QString &type, const Predicate &where,
                                                 std::function<void(const Change &)> observer)
{
    const auto model = d->schema.model(type);
    if (!model)
        return d->unknownModel(type).inPhase(Error::Phase::Query);
    const Result<BoundPredicate> bound = BoundPredicate::bind(d->schema, model, where);
    if (!bound)
        return bound.error().inPhase(Error::Phase::Query);
    if (bound->usesRelations())
        return Error(Error::Code::InvalidArgument, tr("observe() cannot follow conditions on relations. Use a LiveQuery."))
            .withModel(type).inPhase(Error::Phase::Query);
    return std::shared_ptr<void>(std::make_shared<ChangeObserver>(this, model, *bound, std::move(observer)));
}

/*! \property Tideline::DataStore::paused
    \brief Cuts the line: local work goes on, nothing is sent or received until it is false again. */
bool DataStore::isPaused() const
{
    return d->paused;
}

void DataStore::setPaused(bool paused)
{
    if (d->paused == paused)
        return;
    d->paused = paused;
    d->withEngine([paused](Engine &engine) { paused ? engine.pause() : engine.resume(); });
    Q_EMIT pausedChanged();
}

/*! \property Tideline::DataStore::online
    \brief Whether the backend is reached at the moment. */
bool DataStore::isOnline() const
{
    return d->online;
}

/*! \property Tideline::DataStore::syncState
    \brief What the engine does; Stopped without a backend. */
DataStore::SyncPhase DataStore::syncState() const
{
    return d->syncPhase;
}

/*! \property Tideline::DataStore::outboxCount
    \brief How many mutations the backend does not have yet, rejected ones included; 0 while no file is open. */
int DataStore::outboxCount() const
{
    return d->outboxCount;
}

/*! \property Tideline::DataStore::rejectedCount
    \brief How many mutations the backend refused; they wait for a decision of the user. */
int DataStore::rejectedCount() const
{
    return d->rejectedCount;
}

/*! \property Tideline::DataStore::quarantinedCount
    \brief How many records of the backend could not be stored and are kept aside; see quarantined(). */
int DataStore::quarantinedCount() const
{
    return d->quarantinedCount;
}

/*! \property Tideline::DataStore::progress
    \brief How far the running sync is, 0 to 1; 1 when none runs. */
double DataStore::progress() const
{
    return d->progress;
}

/*! \property Tideline::DataStore::lastError
    \brief The latest error that belongs to no call: of the line, the engine, a live query. */
Error DataStore::lastError() const
{
    return d->lastError;
}

/*! Makes \a error the lastError() and emits errorOccurred(). */
void DataStore::report(const Error &error)
{
    d->report(error);
}

/*!
    Keeps only those records of \a type on this device that match \a scope, from now on; with none() its records are not synced at all.
    At any time, also before open(). Rows that match no more go, unless mutations of theirs wait: then they go when those are done.
    Of what matches now only what is missing is fetched, from models with a higher \a priority first, within what they depend on.
    modelSynced() tells when it is here. The scope lives in this object; set it at each start.

    A scope may name fields of the type itself. When it is wrong, it is refused (UnknownModel, UnknownField and others) and the former
    stays. Without a schema it is checked at open(), and errorOccurred() tells.
*/
Result<void> DataStore::setScope(const QString &type, const Predicate &scope, int priority)
{
    if (!d->schema.isEmpty()) {
        if (const Result<void> checked = MergeRules::check(d->schema, type, scope); !checked)
            return checked.error().inPhase(Error::Phase::Sync);
    }
    QHash<QString, Predicate> scopes = d->options.engine.scopes;
    QHash<QString, int> priorities = d->options.engine.priorities;
    scopes.insert(type, scope);
    priorities.insert(type, priority);
    d->applyScopes(scopes, priorities);
    return {};
}

/*! Keeps all records of \a type on this device from now on. */
void DataStore::removeScope(const QString &type)
{
    QHash<QString, Predicate> scopes = d->options.engine.scopes;
    QHash<QString, int> priorities = d->options.engine.priorities;
    scopes.remove(type);
    priorities.remove(type);
    d->applyScopes(scopes, priorities);
}

/*! Sets all \a scopes at once, by type, as setScope() does; types without one have none any more. All or, with an error, nothing. */
Result<void> DataStore::setScopes(const QHash<QString, Predicate> &scopes)
{
    for (auto scope = scopes.cbegin(); !d->schema.isEmpty() && scope != scopes.cend(); ++scope) {
        if (const Result<void> checked = MergeRules::check(d->schema, scope.key(), *scope); !checked)
            return checked.error().inPhase(Error::Phase::Sync);
    }
    d->applyScopes(scopes, d->options.engine.priorities);
    return {};
}

/*! Returns the scopes by type. Types without one are kept whole. */
QHash<QString, Predicate> DataStore::scopes() const
{
    return d->options.engine.scopes;
}

/*! Sets by type which models are fetched first: those of a higher number, within what they depend on; others count as 0. Also
    those without a scope. Errors: UnknownModel; then nothing changes. Without a schema names are not checked. */
Result<void> DataStore::setScopePriorities(const QHash<QString, int> &priorities)
{
    for (auto priority = priorities.cbegin(); !d->schema.isEmpty() && priority != priorities.cend(); ++priority) {
        if (!d->schema.model(priority.key()))
            return d->unknownModel(priority.key()).inPhase(Error::Phase::Sync);
    }
    d->applyScopes(d->options.engine.scopes, priorities);
    return {};
}

/*! Returns the priorities by type, as setScope() and setScopePriorities() have set them. */
QHash<QString, int> DataStore::scopePriorities() const
{
    return d->options.engine.priorities;
}

/*! Tries to reach the backend now, whatever back-off is running. */
void DataStore::syncNow()
{
    d->withEngine([](Engine &engine) { engine.syncNow(); });
}

} // namespace Tideline
