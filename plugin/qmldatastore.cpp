// SPDX-License-Identifier: MIT
#include "plugin/qmldatastorecalls.h"

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
    Decides the conflicts of fields whose policy is "ask". It is called with {type, key, base, mine, theirs, fields, deletion, mutation,
    attempt} and returns "mine", "theirs", "delete", an object of the fields that are to have other values, or a promise of one of these.
    Where one side deleted the record, deletion is "mine" or "theirs", that side is null, "mine" and "theirs" take the record or its
    deletion, and an object keeps the record; else deletion is "".
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
    Saves an array of objects in one transaction: all or none. Resolves with the records as stored, each as save() gives it. */
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

} // namespace Tideline
