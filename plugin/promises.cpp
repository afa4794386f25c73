// SPDX-License-Identifier: MIT
#include "plugin/promises.h"

#include "plugin/plugintext.h"

#include <QtCore/QMetaEnum>
#include <QtQml/QQmlContext>
#include <QtQml/QQmlEngine>

using namespace Qt::StringLiterals;

namespace Tideline {

Promises::~Promises()
{
    QObject::disconnect(m_engineGoes);
    rejectAll();
}

void Promises::rejectAll()
{
    const QList<Id> open = m_open.keys();
    for (const Id id : open)
        reject(id, Error(Error::Code::Closed, PluginText::tr("The data store went before the call was done.")));
}

/*! Notes which engine makes promises from now on; those of another one are settled. */
void Promises::enter(QJSEngine *engine)
{
    QObject::disconnect(m_engineGoes);
    rejectAll();
    auto *qml = qobject_cast<QQmlEngine *>(engine);
    QQmlContext *root = qml ? qml->rootContext() : nullptr;
    m_engine = {engine, engine && (root || !qml), {}};
    if (!m_engine.isAlive())
        return;
    m_engine.factory = engine->evaluate(
        u"(() => { const d = {}; d.promise = new Promise((a, b) => { d.resolve = a; d.reject = b; }); return d; })"_s);
    if (!root)
        return;
    m_engineGoes = QObject::connect(root, &QObject::destroyed, root, [this] {
        rejectAll();
        m_engine.runs = false;
    }, Qt::DirectConnection);
}

Promises::Made Promises::make(QJSEngine *engine)
{
    if (m_engine.engine != engine)
        enter(engine);
    if (!m_engine.isAlive())
        return {};
    const QJSValue deferred = m_engine.factory.call();
    const Id id = ++m_last;
    m_open.insert(id, {deferred.property(u"resolve"_s), deferred.property(u"reject"_s)});
    return {id, deferred.property(u"promise"_s)};
}

QJSEngine *Promises::engine(Id id) const
{
    return m_open.contains(id) && m_engine.isAlive() ? m_engine.engine.data() : nullptr;
}

void Promises::resolve(Id id, const QJSValue &value)
{
    const Deferred deferred = m_open.take(id);
    if (m_engine.isAlive() && deferred.resolve.isCallable())
        deferred.resolve.call({value});
}

void Promises::reject(Id id, const Error &error)
{
    const Deferred deferred = m_open.take(id);
    if (m_engine.isAlive() && deferred.reject.isCallable())
        deferred.reject.call({toJsError(m_engine.engine, error)});
}

QJSValue toJsError(QJSEngine *engine, const Error &error)
{
    QJSValue value = engine->newErrorObject(QJSValue::GenericError, error.message());
    QJSValue name = engine->newObject();        // a descriptor, because the prototype's name is read-only
    name.setProperty(u"value"_s, QString::fromLatin1(QMetaEnum::fromType<Error::Code>().valueToKey(int(error.code()))));
    engine->globalObject().property(u"Object"_s).property(u"defineProperty"_s).call({value, u"name"_s, name});
    value.setProperty(u"code"_s, int(error.code()));
    value.setProperty(u"category"_s, int(error.category()));
    value.setProperty(u"model"_s, error.model());
    value.setProperty(u"field"_s, error.field());
    value.setProperty(u"record"_s, error.record());
    value.setProperty(u"detail"_s, error.detail());
    value.setProperty(u"retryable"_s, error.isRetryable());
    value.setProperty(u"phase"_s, int(error.phase()));
    value.setProperty(u"advice"_s, int(error.advice()));
    value.setProperty(u"adviceText"_s, error.adviceText());
    return value;
}

} // namespace Tideline
