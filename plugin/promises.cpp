// SPDX-License-Identifier: MIT
#include "plugin/promises.h"

#include <QtCore/QMetaEnum>

using namespace Qt::StringLiterals;

namespace Tideline {

Promises::~Promises()
{
    const QList<Id> open = m_open.keys();
    for (const Id id : open)
        reject(id, Error(Error::Code::Closed, u"The data store went before the call was done."_s));
}

Promises::Made Promises::make(QJSEngine *engine)
{
    if (m_engine != engine) {
        m_engine = engine;
        m_factory = engine->evaluate(
            u"(() => { const d = {}; d.promise = new Promise((a, b) => { d.resolve = a; d.reject = b; }); return d; })"_s);
    }
    const QJSValue deferred = m_factory.call();
    const Id id = ++m_last;
    m_open.insert(id, {engine, deferred.property(u"resolve"_s), deferred.property(u"reject"_s)});
    return {id, deferred.property(u"promise"_s)};
}

QJSEngine *Promises::engine(Id id) const
{
    return m_open.value(id).engine;
}

void Promises::resolve(Id id, const QJSValue &value)
{
    const Deferred deferred = m_open.take(id);
    if (deferred.engine)
        deferred.resolve.call({value});
}

void Promises::reject(Id id, const Error &error)
{
    const Deferred deferred = m_open.take(id);
    if (deferred.engine)
        deferred.reject.call({toJsError(deferred.engine, error)});
}

QJSValue toJsError(QJSEngine *engine, const Error &error)
{
    QJSValue value = engine->newErrorObject(QJSValue::GenericError, error.message());
    value.setProperty(u"code"_s, QString::fromLatin1(QMetaEnum::fromType<Error::Code>().valueToKey(int(error.code()))));
    value.setProperty(u"model"_s, error.model());
    value.setProperty(u"field"_s, error.field());
    value.setProperty(u"record"_s, error.record());
    value.setProperty(u"detail"_s, error.detail());
    value.setProperty(u"retryable"_s, error.isRetryable());
    return value;
}

} // namespace Tideline
