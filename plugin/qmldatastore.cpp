// SPDX-License-Identifier: MIT
#include "plugin/qmldatastore.h"

#include "client/live/modelobject.h"
#include "plugin/conversion.h"
#include "plugin/storescope.h"

#include <QtQml/QQmlEngine>

using namespace Qt::StringLiterals;

namespace Tideline {

/*!
    \qmltype DataStore
    \inqmlmodule Tideline
    \since 0.1
    \brief The local store of an application and what keeps it equal with a backend.

    Opens by itself when complete, unless autoOpen is false. Every call returns a promise; a rejected
    one carries an Error with message, code, model, field, record and retryable, and is also
    announced by callFailed().
*/

QmlDataStore::QmlDataStore(QObject *parent) : DataStore(parent) { }
QmlDataStore::~QmlDataStore() = default;

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
    addStore(this, this);
}

void QmlDataStore::componentComplete()
{
    if (m_autoOpen)
        open();
}

QJSEngine *QmlDataStore::jsEngine()
{
    return qjsEngine(this) ? qjsEngine(this) : qmlEngine(this);
}

/*! Turns \a future into a promise; \a convert makes its value a JavaScript one. */
template<typename T, typename Convert>
QJSValue QmlDataStore::promise(QFuture<Result<T>> future, Convert convert)
{
    const Promises::Made made = m_promises.make(jsEngine());
    future.then(this, [this, id = made.id, convert](const Result<T> &result) {
        if (!result)
            return settle(id, result.error());
        QJSEngine *engine = m_promises.engine(id);
        if constexpr (std::is_void_v<T>)
            m_promises.resolve(id, convert(engine));
        else if (engine)
            m_promises.resolve(id, convert(engine, *result));
    });
    return made.promise;
}

void QmlDataStore::settle(Promises::Id id, const Error &error)
{
    m_promises.reject(id, error);
    Q_EMIT callFailed(error);
}

QJSValue QmlDataStore::rejected(const Error &error)
{
    const Promises::Made made = m_promises.make(jsEngine());
    settle(made.id, error);
    return made.promise;
}

/*! \qmlmethod Promise DataStore::open()
    Opens the file; resolves when queries work. */
QJSValue QmlDataStore::open()
{
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
        if (object)
            object->follow(receipt.record());
        const QJSValue record = toJs(engine, receipt.record());
        Q_EMIT saved(record.toVariant().toMap());
        return record;
    });
}

/*! \qmlmethod Promise DataStore::saveAll(objects)
    Saves an array of objects in one transaction: all or none. Resolves with the records as stored. */
QJSValue QmlDataStore::saveAll(const QJSValue &values)
{
    if (!values.isArray())
        return rejected(Error(Error::Code::InvalidArgument, u"saveAll() takes an array of objects."_s));
    QList<Draft> drafts;
    const int length = values.property(u"length"_s).toInt();
    for (int i = 0; i < length; ++i) {
        const Result<Draft> draft = draftFromJs(schema(), values.property(quint32(i)));
        if (!draft)
            return rejected(draft.error());
        drafts.append(*draft);
    }
    return promise(DataStore::saveAll(drafts), [](QJSEngine *engine, const QList<Receipt> &receipts) {
        QList<Record> records;
        for (const Receipt &receipt : receipts)
            records.append(receipt.record());
        return toJs(engine, records);
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
        return rejected(predicate.error());
    const Result<QList<SortKey>> sort = sortFromJs(options.property(u"sort"_s));
    if (!sort)
        return rejected(sort.error());
    QueryOptions queryOptions{.sort = *sort};
    if (options.property(u"limit"_s).isNumber())
        queryOptions.limit = options.property(u"limit"_s).toInt();
    if (options.property(u"offset"_s).isNumber())
        queryOptions.offset = options.property(u"offset"_s).toInt();
    return promise(DataStore::query(type, *predicate, queryOptions),
                   [](QJSEngine *engine, const QList<Record> &records) { return toJs(engine, records); });
}

/*! \qmlmethod Promise DataStore::count(type, where)
    Resolves with the number of matching records. */
QJSValue QmlDataStore::count(const QString &type, const QJSValue &where)
{
    const Result<Predicate> predicate = predicateFromJs(where);
    if (!predicate)
        return rejected(predicate.error());
    return promise(DataStore::count(type, *predicate), [](QJSEngine *, qint64 count) { return QJSValue(double(count)); });
}

/*! \qmlmethod Promise DataStore::remove(type, key, condition)
    Deletes a record and what belongs to it. Resolves with the deleted records. */
QJSValue QmlDataStore::remove(const QString &type, const QString &key, const QJSValue &condition)
{
    const Result<Predicate> predicate = predicateFromJs(condition);
    if (!predicate)
        return rejected(predicate.error());
    return promise(DataStore::remove(type, key, *predicate),
                   [](QJSEngine *engine, const QList<Record> &records) { return toJs(engine, records); });
}

/*! \qmlmethod Promise DataStore::removeAll(type, where)
    Deletes every record that matches \a where, which must be given; {} means all. */
QJSValue QmlDataStore::removeAll(const QString &type, const QJSValue &where)
{
    if (!where.isObject())
        return rejected(Error(Error::Code::InvalidArgument, u"removeAll() needs a condition; {} means every record."_s).withModel(type));
    const Result<Predicate> predicate = predicateFromJs(where);
    if (!predicate)
        return rejected(predicate.error());
    return promise(DataStore::removeAll(type, *predicate),
                   [](QJSEngine *engine, const QList<Record> &records) { return toJs(engine, records); });
}

} // namespace Tideline
