// SPDX-License-Identifier: MIT
#include "plugin/qmldatastore.h"

#include "plugin/conversion.h"
#include "plugin/plugintext.h"
#include "plugin/storescope.h"

#include <QtCore/QFile>
#include <QtCore/QLoggingCategory>
#include <QtQml/QQmlContext>
#include <QtQml/QQmlEngine>
#include <QtQml/QQmlFile>
#include <QtQml/QQmlInfo>

using namespace Qt::StringLiterals;

namespace Tideline {

Q_LOGGING_CATEGORY(logQml, "tideline.qml")

/*!
    \qmltype DataStore
    \inqmlmodule Tideline
    \since 0.1
    \brief The local store of an application and what keeps it equal with a backend.

    Opens by itself when complete, unless autoOpen is false. Every call returns a promise; a rejected
    one carries an Error with message, code (see ErrorCode), model, field, record, detail and retryable, and is
    also announced by callFailed(). What belongs to no call, opening by itself included, is told by
    errorOccurred() and lastError. A promise that is open when the store goes is rejected with ErrorCode.Closed.
*/

QmlDataStore::QmlDataStore(QObject *parent) : DataStore(parent) { }

QmlDataStore::~QmlDataStore()
{
    m_promises->rejectAll();        // a call that is just being answered may still hold them
    m_promises.reset();
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

/*! Turns \a future into a promise; \a convert makes its value a JavaScript one. The future ends in this thread, maybe
    while the store is being destroyed. */
template<typename T, typename Convert>
QJSValue QmlDataStore::promise(QFuture<Result<T>> future, Convert convert)
{
    const Promises::Made made = m_promises->make(jsEngine());
    future.then([this, calls = std::weak_ptr<Promises>(m_promises), id = made.id, convert](const Result<T> &result) {
        const std::shared_ptr<Promises> promises = calls.lock();
        if (!promises)
            return;                             // rejected with the store
        if (!result)
            return settle(id, result.error());
        QJSEngine *engine = promises->engine(id);
        if (!engine)
            return;
        if constexpr (std::is_void_v<T>)
            promises->resolve(id, convert(engine));
        else
            promises->resolve(id, convert(engine, *result));
    });
    return made.promise;
}

void QmlDataStore::settle(Promises::Id id, const Error &error)
{
    qCInfo(logQml) << "A call failed:" << error;
    m_promises->reject(id, error);
    Q_EMIT callFailed(error);
}

QJSValue QmlDataStore::rejected(const Error &error)
{
    const Promises::Made made = m_promises->make(jsEngine());
    settle(made.id, error);
    return made.promise;
}

/*! \qmlmethod Promise DataStore::open()
    Opens the file; resolves when queries work. */
QJSValue QmlDataStore::open()
{
    if (m_schemaError.isError())
        return rejected(m_schemaError);
    return promise(DataStore::open(), [](QJSEngine *) { return QJSValue(); });
}

/*! \qmlmethod Promise DataStore::close()
    Finishes what was asked for and closes the file. */
QJSValue QmlDataStore::close()
{
    return promise(DataStore::close(), [](QJSEngine *) { return QJSValue(); });
}

/*! \qmlmethod Promise DataStore::save(object, condition)
    Saves a model object, or a plain object {type: "Product", name: "Tea"}. Resolves with the record as
    stored, after the commit. */
QJSValue QmlDataStore::save(const QJSValue &value, const QJSValue &condition)
{
    const Result<Draft> draft = draftFromJs(schema(), value);
    if (!draft)
        return rejected(draft.error());
    const Result<Predicate> where = predicateFromJs(condition);
    if (!where)
        return rejected(where.error());
    const QPointer<ModelObject> object = qobject_cast<ModelObject *>(value.toQObject());
    if (object && !object->store())
        object->setStore(this);
    return promise(DataStore::save(*draft, *where), [this, object](QJSEngine *engine, const Receipt &receipt) {
        return announce(engine, receipt.record(), object);
    });
}

/*! What a save does after the commit: the model object follows the record, and saved() is emitted. */
QJSValue QmlDataStore::announce(QJSEngine *engine, const Record &record, const QPointer<ModelObject> &object)
{
    const QJSValue value = toJs(engine, record);
    if (object)
        object->follow(record);
    Q_EMIT saved(value.toVariant().toMap());
    return value;
}

/*! \qmlmethod Promise DataStore::saveAll(objects)
    Saves an array of objects in one transaction: all or none. Resolves with the records as stored. */
QJSValue QmlDataStore::saveAll(const QJSValue &values)
{
    if (!values.isArray())
        return rejected(Error(Error::Code::InvalidArgument, PluginText::tr("saveAll() takes an array of objects.")));
    QList<Draft> drafts;
    QList<QPointer<ModelObject>> objects;
    const int length = values.property(u"length"_s).toInt();
    for (int i = 0; i < length; ++i) {
        const QJSValue value = values.property(quint32(i));
        const Result<Draft> draft = draftFromJs(schema(), value);
        if (!draft)
            return rejected(draft.error());
        drafts.append(*draft);
        objects.append(qobject_cast<ModelObject *>(value.toQObject()));
        if (objects.last() && !objects.last()->store())
            objects.last()->setStore(this);
    }
    return promise(DataStore::saveAll(drafts), [this, objects](QJSEngine *engine, const QList<Receipt> &receipts) {
        QJSValue records = engine->newArray(uint(receipts.size()));
        for (qsizetype i = 0; i < receipts.size(); ++i)
            records.setProperty(quint32(i), announce(engine, receipts[i].record(), objects[i]));
        return records;
    });
}

/*! \qmlmethod Promise DataStore::get(type, key)
    Resolves with the record, or null when there is none. */
QJSValue QmlDataStore::get(const QString &type, const QString &key)
{
    return promise(DataStore::get(type, key), [](QJSEngine *engine, const Record &record) { return toJs(engine, record); });
}

/*! \qmlmethod Promise DataStore::query(type, where, options)
    Resolves with an array of records. \a options: {sort: ["-countedAt"], limit: 50, offset: 0}. */
QJSValue QmlDataStore::query(const QString &type, const QJSValue &where, const QJSValue &options)
{
    const Result<Predicate> predicate = predicateFromJs(where);
    if (!predicate)
        return rejected(predicate.error().withModel(type));
    const Result<QueryOptions> queryOptions = optionsFromJs(options);
    if (!queryOptions)
        return rejected(queryOptions.error());
    return promise(DataStore::query(type, *predicate, *queryOptions),
                   [](QJSEngine *engine, const QList<Record> &records) { return toJs(engine, records); });
}

/*! \qmlmethod Promise DataStore::count(type, where)
    Resolves with the number of matching records. */
QJSValue QmlDataStore::count(const QString &type, const QJSValue &where)
{
    const Result<Predicate> predicate = predicateFromJs(where);
    if (!predicate)
        return rejected(predicate.error().withModel(type));
    return promise(DataStore::count(type, *predicate), [](QJSEngine *, qint64 count) { return QJSValue(double(count)); });
}

/*! \qmlmethod Promise DataStore::remove(type, key, condition)
    Deletes a record and what belongs to it. Resolves with the deleted records. */
QJSValue QmlDataStore::remove(const QString &type, const QString &key, const QJSValue &condition)
{
    const Result<Predicate> predicate = predicateFromJs(condition);
    if (!predicate)
        return rejected(predicate.error().withModel(type));
    return promise(DataStore::remove(type, key, *predicate),
                   [](QJSEngine *engine, const QList<Record> &records) { return toJs(engine, records); });
}

/*! \qmlmethod Promise DataStore::removeAll(type, where)
    Deletes every record that matches \a where, which must be given; {} means all. */
QJSValue QmlDataStore::removeAll(const QString &type, const QJSValue &where)
{
    if (!where.isObject())
        return rejected(Error(Error::Code::InvalidArgument, PluginText::tr("removeAll() needs a condition; {} means every record.")).withModel(type));
    const Result<Predicate> predicate = predicateFromJs(where);
    if (!predicate)
        return rejected(predicate.error().withModel(type));
    return promise(DataStore::removeAll(type, *predicate),
                   [](QJSEngine *engine, const QList<Record> &records) { return toJs(engine, records); });
}

} // namespace Tideline
