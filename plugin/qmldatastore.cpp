// SPDX-License-Identifier: MIT
#include "plugin/qmldatastore.h"

#include "plugin/conflicts.h"
#include "plugin/conversion.h"
#include "plugin/linereports.h"
#include "plugin/plain.h"
#include "plugin/plugintext.h"
#include "plugin/storescope.h"

#include <QtCore/QFile>
#include <QtCore/QLoggingCategory>
#include <QtCore/QMetaEnum>
#include <QtQml/QQmlContext>
#include <QtQml/QQmlEngine>
#include <QtQml/QQmlFile>
#include <QtQml/QQmlInfo>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Tideline {

Q_LOGGING_CATEGORY(logQml, "tideline.qml")

namespace {

/*! A model object that is being saved: follows its record afterwards, unless it was given another task meanwhile. */
class SavedObject
{
public:
    SavedObject(DataStore *store, const QJSValue &value) : m_object(qobject_cast<ModelObject *>(value.toQObject()))
    {
        if (!m_object)
            return;
        if (!m_object->store())
            m_object->setStore(store);
        m_key = m_object->key();
        QObject::connect(m_object, &ModelObject::modifiedChanged, m_task.get(), [task = m_task.get(), object = m_object.data()] {
            task->emptied |= object->key().isEmpty() && !object->isModified();
        });
    }

    void follow(DataStore *store, const Record &record) const
    {
        const bool isSame = m_object && m_object->store() == store && m_object->type() == record.model()->name;
        if (isSame && m_object->key() == m_key && !m_task->emptied)
            m_object->follow(record);
    }

private:
    struct Task : QObject
    {
        bool emptied = false;           // a new object: what it holds now is another one
    };

    std::shared_ptr<Task> m_task = std::make_shared<Task>();
    QPointer<ModelObject> m_object;
    QString m_key;
};

// Undefined: \a standard; nothing when the value is none of the enum.
template<typename Enum>
std::optional<Enum> enumFromJs(const QJSValue &value, Enum standard)
{
    if (value.isUndefined())
        return standard;
    const QMetaEnum values = QMetaEnum::fromType<Enum>();
    for (int i = 0; i < values.keyCount(); ++i) {
        if (value.isNumber() && value.toNumber() == values.value(i))
            return Enum(values.value(i));
    }
    return std::nullopt;
}

} // namespace

/*!
    \qmltype DataStore
    \inqmlmodule Tideline
    \since 0.1
    \brief The local store of an application and what keeps it equal with a backend.

    Opens by itself when complete, unless autoOpen is false. Every call returns a promise and none throws; a rejected
    promise carries an Error with message, code (see ErrorCode), category (see ErrorCategory), model, field, record,
    detail, retryable, phase (see ErrorPhase), advice (see ErrorAdvice) and adviceText, and is also announced by callFailed(). What belongs to no call, opening by itself included, is
    told by errorOccurred() and lastError. A promise that is open when the store goes is rejected with ErrorCode.Closed.

    Live queries, aggregates and model objects that name no store use the DataStore declared in the nearest object
    around them, or the engine's only one.
*/

QmlDataStore::QmlDataStore(QObject *parent) : DataStore(parent), m_access(new QmlAccess(this)) { }

QmlDataStore::~QmlDataStore()
{
    m_promises.reset();             // rejects what is open; calls that end from now on do not touch this
}

/*! \qmlproperty url DataStore::schemaFile
    A file with the schema, for applications without generated classes; local or in the resources. Sets the
    property schema. Can only change while the store is closed. */
QUrl QmlDataStore::schemaFile() const
{
    return m_schemaFile;
}

void QmlDataStore::setSchemaFile(const QUrl &schemaFile)
{
    if (m_schemaFile == schemaFile)
        return;
    m_schemaFile = schemaFile;
    Q_EMIT schemaFileChanged();
    if (!m_complete)
        return;
    if (const Result<void> loaded = loadSchema(); !loaded)
        report(loaded.error());
    else if (m_autoOpen && !isOpen())
        openItself();
}

/*! \qmlproperty bool DataStore::autoOpen
    Whether the store opens when the component is complete; true unless set. */
bool QmlDataStore::autoOpen() const
{
    return m_autoOpen;
}

void QmlDataStore::setAutoOpen(bool autoOpen)
{
    if (m_autoOpen == autoOpen)
        return;
    m_autoOpen = autoOpen;
    Q_EMIT autoOpenChanged();
}

/*! \qmlproperty object DataStore::scopes
    Which records this device keeps: by type a filter over its own fields, as \c where has it; types that are not named are kept whole.
    Set it at any time, \c {scopes: ({ StockCount: { bin: { eq: "A-17" } } })}: what matches no more goes, only what is missing is
    fetched. A wrong filter is told by errorOccurred() and leaves the former scopes in force. */
QVariantMap QmlDataStore::scopeMap() const
{
    QVariantMap map;
    const QHash<QString, Predicate> all = scopes();
    for (auto scope = all.cbegin(); scope != all.cend(); ++scope)
        map.insert(scope.key(), scope->toJson().toVariantMap());
    return map;
}

void QmlDataStore::setScopeMap(const QVariantMap &scopes)
{
    QHash<QString, Predicate> given;
    for (auto scope = scopes.cbegin(); scope != scopes.cend(); ++scope) {
        const Result<Predicate> predicate = Predicate::fromVariant(*scope);
        if (!predicate) {
            report(predicate.error().withModel(scope.key()));
            return;
        }
        given.insert(scope.key(), *predicate);
    }
    if (const Result<void> set = setScopes(given); !set)
        report(set.error());
}

/*! \qmlproperty object DataStore::conflicts
    What becomes of fields that this device and another one changed: policies by model and field, "*" for the others, for
    instance {StockCount: {quantity: "sum", "*": "newest"}, Bin: "theirs"}; see ConflictPolicies. */
QVariantMap QmlDataStore::conflicts() const
{
    return m_conflicts;
}

void QmlDataStore::setConflicts(const QVariantMap &conflicts)
{
    if (m_conflicts == conflicts)
        return;
    m_conflicts = conflicts;
    const Result<ConflictPolicies> policies = policiesFromJs(conflicts);
    const Result<void> set = policies ? setConflictPolicies(*policies) : Result<void>(policies.error());
    if (!set)
        report(set.error());
    Q_EMIT conflictsChanged();
}

/*! \qmlproperty function DataStore::conflictHandler
    Decides the conflicts of fields whose policy is "ask". It is called with {type, key, base, mine, theirs, fields, mutation, attempt}
    and returns "mine", "theirs", "delete", an object of the fields that are to have other values, or a promise of one of these.
    When it throws, returns something else or lets it take too long, the change is listed on the repair bench. */
QJSValue QmlDataStore::conflictHandler() const
{
    return m_conflictHandler;
}

void QmlDataStore::setConflictHandler(const QJSValue &handler)
{
    if (m_conflictHandler.strictlyEquals(handler))
        return;
    m_conflictHandler = handler;
    if (handler.isCallable()) {
        DataStore::setConflictHandler([this](const Conflict &conflict) { return askHandler(conflict); });
    } else {
        DataStore::setConflictHandler({});
        if (!handler.isUndefined() && !handler.isNull())
            report(Error(Error::Code::InvalidArgument, PluginText::tr("conflictHandler is a function, not %1.").arg(described(handler))));
    }
    Q_EMIT conflictHandlerChanged();
}

QFuture<Result<Resolution>> QmlDataStore::askHandler(const Conflict &conflict)
{
    auto *reply = new HandlerReply(schema(), conflict.model, this);
    const QFuture<Result<Resolution>> future = reply->future();
    QJSEngine *engine = jsEngine();
    const QJSValue handler = m_conflictHandler;         // it may set another one
    if (engine)
        reply->take(engine, handler.call({toJs(engine, conflict)}));
    else
        reply->reject();
    return future;
}

void QmlDataStore::classBegin()
{
    connect(this, &LiveHost::errorOccurred, this, [this](const Error &error) {
        qmlWarning(this) << error.message() << (error.detail().isEmpty() ? QString() : u'\n' + error.detail());
    });
    addStore(this);
}

void QmlDataStore::componentComplete()
{
    m_complete = true;
    addStore(this);
    const Result<void> loaded = loadSchema();
    if (m_autoOpen && loaded)
        openItself();
    else if (!loaded)
        report(loaded.error());
}

Result<void> QmlDataStore::loadSchema()
{
    m_schemaError = {};
    if (m_schemaFile.isEmpty())
        return {};
    const QQmlContext *context = qmlContext(this);
    const QUrl url = context ? context->resolvedUrl(m_schemaFile) : m_schemaFile;
    QFile file(QQmlFile::urlToLocalFileOrQrc(url));
    if (file.fileName().isEmpty()) {
        m_schemaError = Error(Error::Code::InvalidArgument,
            PluginText::tr("The schema must be a local file or a resource, not \"%1\".").arg(url.toDisplayString()));
    } else if (!file.open(QIODevice::ReadOnly)) {
        m_schemaError = Error(Error::Code::InvalidArgument,
            PluginText::tr("The schema file \"%1\" cannot be read: %2.").arg(file.fileName(), file.errorString()));
    } else if (const Result<Schema> parsed = Schema::parse(QString::fromUtf8(file.readAll()), url.fileName()); !parsed) {
        m_schemaError = parsed.error();
    } else {
        setSchema(*parsed);
    }
    return m_schemaError.isError() ? Result<void>(m_schemaError) : Result<void>();
}

/*! Opens on nobody's call: what goes wrong is told as that. */
void QmlDataStore::openItself()
{
    const QFuture<Result<void>> opened = DataStore::open();
    if (opened.isFinished() && !opened.result())
        report(opened.result().error());        // later failures are told by the store
}

QJSEngine *QmlDataStore::jsEngine()
{
    QJSEngine *engine = qjsEngine(this);
    return engine ? engine : qmlEngine(this);
}

/*! Turns \a future into a promise; \a after is called when it is resolved; \a write makes the value where toJs() does not. The future ends in this thread, maybe while
    the store is being destroyed. */
template<typename T>
QJSValue QmlDataStore::promise(QFuture<T> future, const std::type_identity_t<After<T>> &after, const std::type_identity_t<Write<T>> &write)
{
    const Promises::Made made = m_promises->make(jsEngine());
    future.then([this, alive = std::weak_ptr<Promises>(m_promises), id = made.id, after, write](const T &result) {
        if (alive.expired())
            return;                             // rejected with the store
        if (!result)
            return settle(id, result.error());
        QJSEngine *engine = m_promises->engine(id);
        if (!engine)
            return;
        QJSValue value;
        if constexpr (!std::is_void_v<typename T::value_type>)
            value = write ? write(engine, *result) : toJs(engine, *result);
        m_promises->resolve(id, value);
        if (after)
            after(result, value);
    });
    return made.promise;
}

void QmlDataStore::settle(Promises::Id id, const Error &error)
{
    qCInfo(logQml) << "A call failed:" << error;
    m_promises->reject(id, error);
    Q_EMIT callFailed(error);
}

QJSValue QmlDataStore::rejection(const Error &error)
{
    const Promises::Made made = m_promises->make(jsEngine());
    settle(made.id, error);
    return made.promise;
}

/*! \qmlmethod Promise DataStore::open()
    Opens the file; resolves when queries work. */
QJSValue QmlDataStore::open()
{
    return m_schemaError.isError() ? rejection(m_schemaError) : promise(DataStore::open());
}

/*! \qmlmethod Promise DataStore::close()
    Finishes what was asked for and closes the file. */
QJSValue QmlDataStore::close()
{
    return promise(DataStore::close());
}

/*! \qmlmethod Promise DataStore::signIn(principal)
    Opens the file of \a principal, a text such as the claim sub of their token; what another one changed is neither seen nor
    sent. Resolves when queries work. */
QJSValue QmlDataStore::signIn(const QJSValue &principal)
{
    if (!principal.isString())
        return rejection(Error(Error::Code::InvalidArgument, PluginText::tr("signIn() takes the principal as a text, not %1.").arg(described(principal))));
    return promise(DataStore::signIn(principal.toString()));
}

/*! \qmlmethod Promise DataStore::signOut(mode, patience)
    Closes the store. \a mode is DataStore.Keep: what was not sent waits in the file; DataStore.Drain: sends it first, for \a patience
    ms at most (30,000 unless given), and is rejected with ErrorCode.Timeout when that fails; DataStore.Discard: removes the file. */
QJSValue QmlDataStore::signOut(const QJSValue &mode, const QJSValue &patience)
{
    const std::optional<SignOut> how = enumFromJs(mode, SignOut::Keep);
    if (!how)
        return rejection(Error(Error::Code::InvalidArgument,
            PluginText::tr("The first argument of signOut() is DataStore.Keep, DataStore.Drain or DataStore.Discard, not %1.").arg(described(mode))));
    if (!patience.isUndefined() && !(patience.isNumber() && patience.toNumber() >= 0 && patience.toNumber() <= INT_MAX))
        return rejection(Error(Error::Code::InvalidArgument,
            PluginText::tr("The second argument of signOut() is a time in milliseconds, not %1.").arg(described(patience))));
    return promise(DataStore::signOut(*how, std::chrono::milliseconds(patience.isUndefined() ? 30'000 : patience.toInt())));
}

/*! \qmlmethod Promise DataStore::atRisk()
    Resolves with what only this device has: {pending, rejected, unmapped, total}, numbers of mutations; unmapped counts records that
    a new schema has no place for, too. */
QJSValue QmlDataStore::atRisk()
{
    return promise(DataStore::atRisk());
}

/*! \qmlmethod Promise DataStore::clear(mode)
    Removes the file and begins with an empty one. Rejected with ErrorCode.AtRisk when changes would be lost, unless \a mode is
    DataStore.Everything. */
QJSValue QmlDataStore::clear(const QJSValue &mode)
{
    const std::optional<Clear> how = enumFromJs(mode, Clear::NothingAtRisk);
    if (!how)
        return rejection(Error(Error::Code::InvalidArgument,
            PluginText::tr("The argument of clear() is DataStore.NothingAtRisk or DataStore.Everything, not %1.").arg(described(mode))));
    return promise(DataStore::clear(*how));
}

/*! \qmlmethod Promise DataStore::save(object, condition)
    Saves a model object, or a plain object {type: "Product", name: "Tea"}. Resolves with the record as
    stored, after the commit; its member mutation is the number to ask receipt() for. */
QJSValue QmlDataStore::save(const QJSValue &value, const QJSValue &condition)
{
    const Result<Draft> draft = draftFromJs(schema(), value);
    if (!draft)
        return rejection(draft.error());
    const Result<Predicate> where = predicateFromJs(*draft->model(), condition);
    if (!where)
        return rejection(where.error());
    const SavedObject object(this, value);
    return promise(DataStore::save(*draft, *where), [store = QPointer(this), object](const Result<Receipt> &receipt, const QJSValue &record) {
        object.follow(store, receipt->record());
        if (store)
            Q_EMIT store->saved(record.toVariant().toMap());
    }, [](QJSEngine *engine, const Receipt &receipt) { return savedToJs(engine, receipt); });
}

/*! \qmlmethod Promise DataStore::saveAll(objects)
    Saves an array of objects in one transaction: all or none. Resolves with the records as stored. */
QJSValue QmlDataStore::saveAll(const QJSValue &values)
{
    if (!values.isArray())
        return rejection(Error(Error::Code::InvalidArgument, PluginText::tr("saveAll() takes an array of objects.")));
    QList<Draft> drafts;
    QList<SavedObject> objects;
    const int length = values.property(u"length"_s).toInt();
    for (int i = 0; i < length; ++i) {
        const QJSValue value = values.property(quint32(i));
        const Result<Draft> draft = draftFromJs(schema(), value);
        if (!draft)
            return rejection(draft.error());
        drafts.append(*draft);
        objects.append(SavedObject(this, value));
    }
    return promise(DataStore::saveAll(drafts), [store = QPointer(this), objects](const Result<QList<Receipt>> &receipts, const QJSValue &records) {
        for (qsizetype i = 0; i < objects.size(); ++i) {
            objects[i].follow(store, receipts->at(i).record());
            if (store)
                Q_EMIT store->saved(records.property(quint32(i)).toVariant().toMap());
        }
    }, [](QJSEngine *engine, const QList<Receipt> &receipts) { return savedToJs(engine, receipts); });
}

/*! \qmlmethod Promise DataStore::get(type, key)
    Resolves with the record, or null when there is none. */
QJSValue QmlDataStore::get(const QJSValue &type, const QJSValue &key)
{
    const Result<Address> address = addressFromJs(schema(), type, key);
    return address ? promise(DataStore::get(address->model->name, address->key)) : rejection(address.error());
}

/*! \qmlmethod Promise DataStore::query(type, where, options)
    Resolves with an array of records. \a options: {sort: ["-countedAt"], limit: 50, offset: 0}. */
QJSValue QmlDataStore::query(const QJSValue &type, const QJSValue &where, const QJSValue &options)
{
    const Result<Selection> selection = selectionFromJs(schema(), type, where);
    if (!selection)
        return rejection(selection.error());
    const Result<QueryOptions> queryOptions = optionsFromJs(*selection->model, options);
    if (!queryOptions)
        return rejection(queryOptions.error());
    return promise(DataStore::query(selection->model->name, selection->where, *queryOptions));
}

/*! \qmlmethod Promise DataStore::count(type, where)
    Resolves with the number of matching records. */
QJSValue QmlDataStore::count(const QJSValue &type, const QJSValue &where)
{
    const Result<Selection> selection = selectionFromJs(schema(), type, where);
    return selection ? promise(DataStore::count(selection->model->name, selection->where)) : rejection(selection.error());
}

/*! \qmlmethod Promise DataStore::remove(type, key, condition)
    Deletes a record and what belongs to it. Resolves with the deleted records. */
QJSValue QmlDataStore::remove(const QJSValue &type, const QJSValue &key, const QJSValue &condition)
{
    const Result<Address> address = addressFromJs(schema(), type, key);
    if (!address)
        return rejection(address.error());
    const Result<Predicate> where = predicateFromJs(*address->model, condition);
    return where ? promise(DataStore::remove(address->model->name, address->key, *where)) : rejection(where.error());
}

/*! \qmlmethod Promise DataStore::removeAll(type, where)
    Deletes every record that matches \a where, which must be given; {} means all. */
QJSValue QmlDataStore::removeAll(const QJSValue &type, const QJSValue &where)
{
    const Result<Selection> selection = selectionFromJs(schema(), type, where);
    if (!selection)
        return rejection(selection.error());
    const QString &model = selection->model->name;
    if (where.isUndefined() || where.isNull())
        return rejection(Error(Error::Code::InvalidArgument, PluginText::tr("%1: removeAll() needs a condition; {} means every record.").arg(model)).withModel(model));
    return promise(DataStore::removeAll(model, selection->where));
}

/*! \qmlmethod Promise DataStore::decisions(type, key, limit)
    Resolves with the automatic decisions in conflicts of a record, or of all of a type, or of all, the newest first: an array of
    {decision, type, key, mutation, version, at, undone, fields}, of which fields is an array of {name, policy, base, mine, theirs,
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
    "theirs" the values of that side. Resolves with the receipt of the edit. */
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

/*! \qmlmethod Promise DataStore::retryQuarantined(type, key)
    Tries again to store a record that is kept aside. */
QJSValue QmlDataStore::retryQuarantined(const QJSValue &type, const QJSValue &key)
{
    return promise(DataStore::retryQuarantined(type.toString(), key.toString()));
}

/*! \qmlmethod Promise DataStore::discardQuarantined(type, key)
    Forgets a record that is kept aside. */
QJSValue QmlDataStore::discardQuarantined(const QJSValue &type, const QJSValue &key)
{
    return promise(DataStore::discardQuarantined(type.toString(), key.toString()));
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
    const double number = id.isNumber() ? id.toNumber() : 0;
    if (!(number >= 1) || number != std::floor(number) || number > 9e15)
        return rejection(Error(Error::Code::InvalidArgument,
            PluginText::tr("The argument of discardUnmapped() is the id of an entry of unmapped(), not %1.").arg(described(id))));
    return promise(DataStore::discardUnmapped(qint64(number)));
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
