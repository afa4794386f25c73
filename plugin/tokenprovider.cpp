// SPDX-License-Identifier: MIT
#include "plugin/tokenprovider.h"

#include "plugin/plain.h"
#include "plugin/plugintext.h"

#include <QtCore/QDateTime>
#include <QtCore/QMetaEnum>
#include <QtQml/QJSEngine>
#include <QtQml/QQmlEngine>
#include <QtQml/QQmlInfo>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Tideline {

static Error wrongToken(const QJSValue &value)
{
    return Error(Error::Code::InvalidArgument,
                 PluginText::tr("A provider of tokens gives a text, {token, expiresAt}, a promise of one, or null when nobody is signed in; not %1.").arg(described(value)));
}

Result<AccessToken> tokenFromJs(const QJSValue &value)
{
    if (value.isUndefined() || value.isNull())
        return AccessToken{};
    if (value.isString())
        return AccessToken{value.toString()};
    const QJSValue token = value.property(u"token"_s);
    const QJSValue end = value.property(u"expiresAt"_s);
    if (!isPlainObject(value) || !token.isString() || !(end.isUndefined() || end.isNull() || end.isDate() || end.isNumber()))
        return wrongToken(value);
    const bool isWrong = end.isDate() ? !end.toDateTime().isValid() : end.isNumber() && !(std::abs(end.toNumber()) < 9e15);
    if (isWrong)
        return Error(Error::Code::InvalidArgument, PluginText::tr("The expiresAt of a token is a date or a number of milliseconds, not %1.").arg(end.toString()));
    const qint64 expiresAt = end.isDate() ? end.toDateTime().toMSecsSinceEpoch() : end.isNumber() ? qint64(end.toNumber()) : 0;
    return AccessToken{token.toString(), expiresAt};
}

TokenAnswer::~TokenAnswer()
{
    finish(Error(Error::Code::Cancelled, PluginText::tr("The provider of tokens was asked again before it answered.")));
}

void TokenAnswer::finish(const Result<AccessToken> &token)
{
    if (std::exchange(m_done, true))
        return;
    m_promise.addResult(token);
    m_promise.finish();
}

void TokenAnswer::resolved(const QJSValue &value)
{
    finish(tokenFromJs(value));
}

/* A token that could not be had now is asked for again, unless the reason has a code that says otherwise. */
void TokenAnswer::rejected(const QJSValue &reason)
{
    const QJSValue code = reason.property(u"code"_s);
    const QMetaEnum codes = QMetaEnum::fromType<Error::Code>();
    const bool isOurs = code.isNumber() && codes.valueToKey(code.toInt()) && code.toInt() != int(Error::Code::None);
    const QString message = reason.isObject() ? reason.property(u"message"_s).toString() : reason.toString();
    finish(Error(isOurs ? Error::Code(code.toInt()) : Error::Code::Network, PluginText::tr("The provider of tokens failed: %1").arg(message)));
}

void TokenAnswer::take(QJSEngine *engine, const QJSValue &given)
{
    const QJSValue then = given.property(u"then"_s);
    if (given.isError())
        return rejected(given);
    if (!then.isCallable())
        return resolved(given);
    QQmlEngine::setObjectOwnership(this, QQmlEngine::CppOwnership);
    const QJSValue self = engine->newQObject(this);
    const QJSValue called = then.callWithInstance(given, {self.property(u"resolved"_s), self.property(u"rejected"_s)});
    if (called.isError())
        rejected(called);
}

bool TokenProvider::set(const QJSValue &function)
{
    if (m_function.strictlyEquals(function))
        return false;
    m_function = function;
    m_answer.reset();
    if (m_function.isCallable())
        m_owner->setProvider([this] { return ask(); });
    else
        m_owner->setProvider({});
    if (!m_function.isCallable() && !m_function.isNull() && !m_function.isUndefined())
        qmlWarning(m_owner) << PluginText::tr("A provider of tokens must be a function, not %1.").arg(described(function));
    return true;
}

QFuture<Result<AccessToken>> TokenProvider::ask()
{
    m_answer = std::make_unique<TokenAnswer>();
    const QFuture<Result<AccessToken>> future = m_answer->future();
    QJSEngine *engine = qjsEngine(m_owner);
    if (!engine) {
        m_answer->finish(Error(Error::Code::Closed, PluginText::tr("The provider of tokens is gone.")));
        return future;
    }
    const QJSValue given = m_function.call();
    if (m_answer)
        m_answer->take(engine, given);
    return future;
}

} // namespace Tideline
