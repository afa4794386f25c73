// SPDX-License-Identifier: MIT
#include "plugin/plain.h"

#include "core/data/record.h"
#include "plugin/plugintext.h"

#include <QtCore/QDateTime>
#include <QtQml/QJSValueIterator>

#include <cmath>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

constexpr int Deepest = 100;        // levels; nobody means more

bool isSymbol(const QJSValue &value)
{
    return !value.isUndefined() && !value.isNull() && !value.isBool() && !value.isNumber() && !value.isString() && !value.isObject();
}

} // namespace

QString described(const QJSValue &value)
{
    if (isSymbol(value))
        return PluginText::tr("a symbol");
    if (value.isCallable())
        return PluginText::tr("a function");
    if (value.isArray())
        return PluginText::tr("an array");
    if (value.isDate())
        return PluginText::tr("a date");
    if (value.isObject())
        return PluginText::tr("an object");
    return value.isString() ? u'"' + value.toString() + u'"' : value.toString();
}

std::optional<qint64> wholeNumberIn(const QJSValue &value, qint64 least, qint64 most)
{
    if (!value.isNumber())
        return std::nullopt;
    const double number = value.toNumber();
    const bool fits = number == std::floor(number) && number >= double(least) && number <= double(most);
    return fits ? std::optional(qint64(number)) : std::nullopt;
}

bool isPlainObject(const QJSValue &value)
{
    return value.isObject() && !value.isQObject() && !value.isArray() && !value.isCallable()
        && (value.prototype().isNull() || value.prototype().prototype().isNull());
}

Plain::Plain(const QJSValue &value, Undefined undefined, int depth) : m_undefined(undefined), m_depth(depth)
{
    if (value.isArray())
        readElements(value);
    else if (isPlainObject(value))
        readMembers(value);
    else
        readSingle(value);
}

QString Plain::place() const
{
    return m_path.mid(0, 4).join(u'.');
}

void Plain::readSingle(const QJSValue &value)
{
    const bool isEndless = value.isNumber() && !std::isfinite(value.toNumber());
    if (isSymbol(value) || value.isCallable() || value.isQObject() || value.isRegExp() || isEndless) {
        m_obstacle = described(value);
        return;                                 // Qt 6.4 crashes when it converts a symbol
    }
    const QVariant variant = value.toVariant(QJSValue::RetainJSObjects);
    if (variant.metaType() == QMetaType::fromType<QJSValue>())
        m_obstacle = PluginText::tr("an object of a class");
    else if (value.isDate() && !variant.toDateTime().isValid())
        m_obstacle = PluginText::tr("an invalid date");
    else
        m_variant = variant;
}

void Plain::readElements(const QJSValue &array)
{
    QVariantList list;
    const uint length = array.property(u"length"_s).toUInt();
    for (uint i = 0; i < length && m_obstacle.isEmpty(); ++i)
        list.append(readInner(array.property(i)));
    m_variant = list;
}

void Plain::readMembers(const QJSValue &object)
{
    QVariantMap map;
    QJSValueIterator member(object);
    while (m_obstacle.isEmpty() && member.next()) {
        const QVariant value = readInner(member.value());
        if (!m_obstacle.isEmpty())
            m_path.prepend(member.name());
        if (value.isValid() && value.metaType() != QMetaType::fromType<Record>())       // hidden in what toJs() made of a record
            map.insert(member.name(), value);
    }
    m_variant = map;
}

QVariant Plain::readInner(const QJSValue &value)
{
    if (m_depth == Deepest) {
        m_obstacle = PluginText::tr("an object that contains itself, or more than %1 levels").arg(Deepest);
        return {};
    }
    if (value.isUndefined() && m_undefined == RefuseUndefined) {
        m_obstacle = described(value);
        return {};
    }
    const Plain plain(value, m_undefined, m_depth + 1);
    m_obstacle = plain.m_obstacle;
    m_path = plain.m_path;
    return plain.m_variant;
}

} // namespace Tideline
