// SPDX-License-Identifier: MIT
#include "plugin/linereports.h"

#include "plugin/plain.h"
#include "plugin/plugintext.h"
#include "plugin/promises.h"

#include <QtCore/QDateTime>
#include <QtCore/QMetaEnum>
#include <QtQml/QJSEngine>

#include <limits>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

template<typename Enum>
QString nameOf(Enum value)
{
    return QString::fromLatin1(QMetaEnum::fromType<Enum>().valueToKey(int(value)));
}

QJSValue dateOf(QJSEngine *engine, qint64 milliseconds)
{
    return milliseconds > 0 ? engine->toScriptValue(QDateTime::fromMSecsSinceEpoch(milliseconds)) : QJSValue(QJSValue::NullValue);
}

QJSValue toJs(QJSEngine *engine, const Explanation::Wait &wait)
{
    QJSValue object = engine->newObject();
    object.setProperty(u"reason"_s, nameOf(wait.reason));
    object.setProperty(u"type"_s, wait.model);
    object.setProperty(u"key"_s, wait.key);
    object.setProperty(u"since"_s, dateOf(engine, wait.since));
    object.setProperty(u"until"_s, dateOf(engine, wait.until));
    object.setProperty(u"error"_s, wait.error.isError() ? toJsError(engine, wait.error) : QJSValue(QJSValue::NullValue));
    object.setProperty(u"text"_s, wait.text);
    return object;
}

QString kindOf(FlightEntry::Kind kind)
{
    switch (kind) {
    case FlightEntry::Kind::State: return u"State"_s;
    case FlightEntry::Kind::Fault: return u"Fault"_s;
    case FlightEntry::Kind::Healed: return u"Healed"_s;
    }
    return {};
}

QJSValue toJs(QJSEngine *engine, const FlightEntry &entry)
{
    QJSValue object = engine->newObject();
    object.setProperty(u"id"_s, double(entry.id));
    object.setProperty(u"at"_s, dateOf(engine, entry.at));
    object.setProperty(u"kind"_s, kindOf(entry.kind));
    object.setProperty(u"phase"_s, nameOf(entry.phase));
    object.setProperty(u"type"_s, entry.model);
    object.setProperty(u"key"_s, entry.record);
    object.setProperty(u"code"_s, nameOf(entry.code));
    object.setProperty(u"message"_s, entry.message);
    object.setProperty(u"detail"_s, entry.detail);
    return object;
}

Result<int> numberFromJs(const QJSValue &value, int absent, const QString &refusal)
{
    if (value.isUndefined())
        return absent;
    if (const auto number = wholeNumberIn(value, 0, std::numeric_limits<int>::max()))
        return int(*number);
    return Error(Error::Code::InvalidArgument, refusal.arg(described(value)));
}

} // namespace

QJSValue toJs(QJSEngine *engine, const Explanation &explanation)
{
    QJSValue object = engine->newObject();
    object.setProperty(u"type"_s, explanation.model);
    object.setProperty(u"key"_s, explanation.key);
    object.setProperty(u"state"_s, nameOf(explanation.state));
    object.setProperty(u"mutations"_s, explanation.mutations);
    object.setProperty(u"text"_s, explanation.text);
    QJSValue waits = engine->newArray(uint(explanation.waitingFor.size()));
    for (qsizetype i = 0; i < explanation.waitingFor.size(); ++i)
        waits.setProperty(quint32(i), toJs(engine, explanation.waitingFor[i]));
    object.setProperty(u"waitingFor"_s, waits);
    return object;
}

QJSValue toJs(QJSEngine *engine, const QList<FlightEntry> &entries)
{
    QJSValue array = engine->newArray(uint(entries.size()));
    for (qsizetype i = 0; i < entries.size(); ++i)
        array.setProperty(quint32(i), toJs(engine, entries[i]));
    return array;
}

Result<int> timeoutFromJs(const QJSValue &value)
{
    return numberFromJs(value, -1, PluginText::tr("A deadline is a number of milliseconds, not %1."));
}

Result<int> limitFromJs(const QJSValue &value)
{
    return numberFromJs(value, 1000, PluginText::tr("How many entries are wanted is a whole number, not %1."));
}

} // namespace Tideline
