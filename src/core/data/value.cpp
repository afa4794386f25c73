// SPDX-License-Identifier: MIT
#include "core/data/value.h"

#include "core/data/jsontext_p.h"
#include "core/data/value_p.h"

#include <QtCore/QDateTime>
#include <QtCore/QDebug>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QUrl>
#include <QtCore/QUuid>

#include <algorithm>
#include <cmath>

namespace Tideline {

using namespace Qt::Literals::StringLiterals;

static_assert(sizeof(Value) <= 32, "records hold one Value for each field");

/*! Returns the Boolean; false when the value is none. */
bool Value::toBool() const noexcept
{
    const bool *value = std::get_if<bool>(&m_data);
    return value && *value;
}

/*! Returns the number, a double cut to its whole part within 64 bits; 0 when the value is no number. */
qint64 Value::toInteger() const noexcept
{
    if (const qint64 *integer = std::get_if<qint64>(&m_data))
        return *integer;
    const double *number = std::get_if<double>(&m_data);
    if (!number || std::isnan(*number))
        return 0;
    if (*number >= 0x1p63)
        return std::numeric_limits<qint64>::max();
    return *number < -0x1p63 ? std::numeric_limits<qint64>::min() : qint64(*number);
}

/*! Returns the number; 0 when the value is none. */
double Value::toDouble() const noexcept
{
    if (const double *number = std::get_if<double>(&m_data))
        return *number;
    const qint64 *integer = std::get_if<qint64>(&m_data);
    return integer ? double(*integer) : 0.0;
}

/*! Returns the text; an empty one when the value is none. The reference lives as long as the value. */
const QString &Value::toText() const & noexcept
{
    static const QString none;
    const QString *text = std::get_if<QString>(&m_data);
    return text ? *text : none;
}

/*! Returns the elements; none when the value is no list. The reference lives as long as the value. */
const Value::List &Value::toList() const & noexcept
{
    static const List none;
    const List *list = std::get_if<List>(&m_data);
    return list ? *list : none;
}

/*! Returns the members; none when the value is no object. The reference lives as long as the value. */
const Value::Object &Value::toObject() const & noexcept
{
    static const Object none;
    const Object *object = std::get_if<Object>(&m_data);
    return object ? *object : none;
}

/*! Returns the member called \a name; null when there is none or the value is no object. */
Value Value::member(QStringView name) const
{
    for (const Member &member : toObject()) {
        if (member.first == name)
            return member.second;
    }
    return {};
}

/*!
    Returns the value for Qt's own types: a null is \c{nullptr} (so that QML sees \c null, not
    \c undefined), an integer a \c qlonglong, a list a QVariantList, an object a QVariantMap.
*/
QVariant Value::toVariant() const
{
    switch (kind()) {
    case Kind::Null:
        return QVariant::fromValue(nullptr);
    case Kind::Boolean:
        return toBool();
    case Kind::Integer:
        return toInteger();
    case Kind::Double:
        return toDouble();
    case Kind::Text:
        return toText();
    case Kind::List: {
        QVariantList list;
        list.reserve(toList().size());
        for (const Value &element : toList())
            list.append(element.toVariant());
        return list;
    }
    case Kind::Object: {
        QVariantMap map;
        for (const Member &member : toObject())
            map.insert(member.first, member.second.toVariant());
        return map;
    }
    }
    return {};
}

/*! Returns the value as JSON. Infinity and NaN, which JSON lacks, become null. */
QJsonValue Value::toJson() const
{
    switch (kind()) {
    case Kind::Null:
        return QJsonValue::Null;
    case Kind::Boolean:
        return toBool();
    case Kind::Integer:
        return toInteger();
    case Kind::Double:
        return std::isfinite(toDouble()) ? QJsonValue(toDouble()) : QJsonValue(QJsonValue::Null);
    case Kind::Text:
        return toText();
    case Kind::List: {
        QJsonArray array;
        for (const Value &element : toList())
            array.append(element.toJson());
        return array;
    }
    case Kind::Object: {
        QJsonObject object;
        for (const Member &member : toObject())
            object.insert(member.first, member.second.toJson());
        return object;
    }
    }
    return {};
}

/*!
    Returns the value as compact JSON text. Other than toJson() it keeps the order of members, so
    equal values of one schema type give equal text.
*/
QString Value::toJsonText() const
{
    QString text;
    appendJson(text, *this);
    return text;
}

std::optional<qint64> exactInteger(double number) noexcept
{
    if (!(number >= -0x1p63 && number < 0x1p63) || std::trunc(number) != number)
        return {};
    return qint64(number);
}

std::optional<qint64> exactInteger(const QJsonValue &json)
{
    // QJsonValue hides whether it holds an integer; two answers tell it from the default
    const qint64 number = json.toInteger(0);
    if (number == 0 && json.toInteger(1) == 1)
        return {};
    return number;
}

bool isUnicodeText(QStringView text) noexcept
{
    const bool plain = std::none_of(text.begin(), text.end(), [](QChar c) { return c.isSurrogate() || c.unicode() >= 0xfffe; });
    return plain || (text.isValidUtf16() && std::none_of(text.begin(), text.end(), [](QChar c) { return c.unicode() >= 0xfffe; }));
}

QString awsDate(const QDate &value)
{
    const bool writable = value.isValid() && value.year() >= 0 && value.year() <= 9999;
    return writable ? value.toString(Qt::ISODate) : QString();
}

QString awsTime(const QTime &value)
{
    return value.isValid() ? value.toString(Qt::ISODateWithMs) : QString();
}

QString awsDateTime(const QDateTime &value)
{
    const QDateTime utc = value.toUTC();
    const bool writable = utc.isValid() && utc.date().year() >= 0 && utc.date().year() <= 9999;
    return writable ? utc.toString(Qt::ISODateWithMs) : QString();
}

static std::optional<Value> textUnlessEmpty(const QString &text)
{
    return text.isEmpty() ? std::nullopt : std::optional<Value>(text);
}

static std::optional<Value> plainList(const QVariantList &variants)
{
    Value::List list;
    list.reserve(variants.size());
    for (const QVariant &variant : variants) {
        std::optional<Value> element = plainValue(variant);
        if (!element)
            return {};
        list.append(*std::move(element));
    }
    return Value(std::move(list));
}

static std::optional<Value> plainObject(const QVariantMap &map)
{
    Value::Object object;
    object.reserve(map.size());
    for (auto it = map.cbegin(); it != map.cend(); ++it) {
        std::optional<Value> member = plainValue(it.value());
        if (!member)
            return {};
        object.append({it.key(), *std::move(member)});
    }
    return Value(std::move(object));
}

static std::optional<Value> plainOther(const QVariant &variant)
{
    if (variant.metaType() == QMetaType::fromType<Value>())
        return variant.value<Value>();
    if (variant.canConvert<QVariantMap>())
        return plainObject(variant.toMap());
    if (variant.canConvert<QVariantList>())
        return plainList(variant.toList());
    return {};
}

std::optional<Value> plainValue(const QVariant &variant)
{
    if (variant.isNull())
        return Value();
    switch (variant.typeId()) {
    case QMetaType::Bool:
        return variant.toBool();
    case QMetaType::Char:
    case QMetaType::SChar:
    case QMetaType::UChar:
    case QMetaType::Short:
    case QMetaType::UShort:
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::Long:
    case QMetaType::LongLong:
        return variant.toLongLong();
    case QMetaType::ULong:
    case QMetaType::ULongLong: {
        const qulonglong number = variant.toULongLong();
        return number <= qulonglong(std::numeric_limits<qint64>::max()) ? Value(qint64(number)) : Value(double(number));
    }
    case QMetaType::Float:
    case QMetaType::Double:
        return variant.toDouble();
    case QMetaType::QString:
        return variant.toString();
    case QMetaType::QChar:
        return QString(variant.toChar());
    case QMetaType::QByteArray:
        return QString::fromUtf8(variant.toByteArray());
    case QMetaType::QDateTime:
        return textUnlessEmpty(awsDateTime(variant.toDateTime()));
    case QMetaType::QDate:
        return textUnlessEmpty(awsDate(variant.toDate()));
    case QMetaType::QTime:
        return textUnlessEmpty(awsTime(variant.toTime()));
    case QMetaType::QUrl:
        return QString::fromLatin1(variant.toUrl().toEncoded());
    case QMetaType::QUuid:
        return variant.toUuid().toString(QUuid::WithoutBraces);
    case QMetaType::QJsonValue:
        return Value::fromJson(variant.toJsonValue());
    case QMetaType::QJsonObject:
        return Value::fromJson(variant.toJsonObject());
    case QMetaType::QJsonArray:
        return Value::fromJson(variant.toJsonArray());
    case QMetaType::QVariantList:
        return plainList(*static_cast<const QVariantList *>(variant.constData()));
    case QMetaType::QVariantMap:
        return plainObject(*static_cast<const QVariantMap *>(variant.constData()));
    default:
        return plainOther(variant);
    }
}

/*!
    Returns what \a variant holds, without knowledge of a field: dates, times, URLs and UUIDs become
    the text the AWS scalars have, sequences lists, maps objects. Types without a place in a Value
    give null, as do an invalid variant and an invalid date.
*/
Value Value::fromVariant(const QVariant &variant)
{
    return plainValue(variant).value_or(Value());
}

/*! Returns what \a json holds; numbers without a fraction become integers. */
Value Value::fromJson(const QJsonValue &json)
{
    switch (json.type()) {
    case QJsonValue::Null:
    case QJsonValue::Undefined:
        return {};
    case QJsonValue::Bool:
        return json.toBool();
    case QJsonValue::Double: {
        const std::optional<qint64> integer = exactInteger(json);
        return integer ? Value(*integer) : Value(json.toDouble());
    }
    case QJsonValue::String:
        return json.toString();
    case QJsonValue::Array: {
        const QJsonArray array = json.toArray();
        List list;
        list.reserve(array.size());
        for (const QJsonValue &element : array)
            list.append(fromJson(element));
        return list;
    }
    case QJsonValue::Object: {
        const QJsonObject map = json.toObject();
        Object object;
        object.reserve(map.size());
        for (auto it = map.constBegin(); it != map.constEnd(); ++it)
            object.append({it.key(), fromJson(it.value())});
        return object;
    }
    }
    return {};
}

static int sign(bool less, bool greater) noexcept
{
    return int(greater) - int(less);
}

static int compareMixed(qint64 integer, double number) noexcept
{
    if (number >= 0x1p63)
        return -1;
    if (number < -0x1p63)
        return 1;
    const qint64 whole = qint64(number);
    if (integer != whole)
        return sign(integer < whole, integer > whole);
    return sign(number > double(whole), number < double(whole));
}

int compareScalars(const Value &a, const Value &b) noexcept
{
    using Kind = Value::Kind;
    switch (a.kind()) {
    case Kind::Boolean:
        return int(a.toBool()) - int(b.toBool());
    case Kind::Integer:
        if (b.kind() == Kind::Double)
            return compareMixed(a.toInteger(), b.toDouble());
        return sign(a.toInteger() < b.toInteger(), a.toInteger() > b.toInteger());
    case Kind::Double:
        if (b.kind() == Kind::Integer)
            return -compareMixed(b.toInteger(), a.toDouble());
        return sign(a.toDouble() < b.toDouble(), a.toDouble() > b.toDouble());
    case Kind::Text:
        return compareText(a.toText(), b.toText());
    case Kind::Null:
    case Kind::List:
    case Kind::Object:
        return 0;
    }
    return 0;
}

static bool equalObjects(const Value::Object &a, const Value::Object &b) noexcept
{
    if (a == b)
        return true;
    const auto contains = [](const Value::Object &all, const Value::Member &member) {
        const auto same = std::find_if(all.begin(), all.end(), [&](const Value::Member &m) { return m.first == member.first; });
        return same == all.end() ? member.second.isNull() : same->second == member.second;
    };
    return std::all_of(a.begin(), a.end(), [&](const Value::Member &m) { return contains(b, m); })
        && std::all_of(b.begin(), b.end(), [&](const Value::Member &m) { return contains(a, m); });
}

/*! Returns whether \a a and \a b mean the same. NaN equals nothing. */
bool operator==(const Value &a, const Value &b) noexcept
{
    using Kind = Value::Kind;
    const auto isNumber = [](const Value &v) { return v.kind() == Kind::Integer || v.kind() == Kind::Double; };
    if (isNumber(a) && isNumber(b)) {
        const bool nan = std::isnan(a.toDouble()) || std::isnan(b.toDouble());
        return !nan && compareScalars(a, b) == 0;
    }
    if (a.kind() != b.kind())
        return false;
    switch (a.kind()) {
    case Kind::Null:
        return true;
    case Kind::Boolean:
        return a.toBool() == b.toBool();
    case Kind::Text:
        return a.toText() == b.toText();
    case Kind::List:
        return a.toList() == b.toList();
    case Kind::Object:
        return equalObjects(a.toObject(), b.toObject());
    case Kind::Integer:
    case Kind::Double:
        break;
    }
    return false;
}

QDebug operator<<(QDebug debug, const Value &value)
{
    QDebugStateSaver saver(debug);
    debug.nospace().noquote() << value.toJsonText();
    return debug;
}

/*!
    Returns a negative number, 0 or a positive number as \a a sorts before, like or after \a b by
    Unicode code point: the order of UTF-8 bytes, and so of SQLite's BINARY collation. QString's own
    comparison goes by UTF-16 unit and differs from U+10000 on.
*/
int compareText(QStringView a, QStringView b) noexcept
{
    const auto [x, y] = std::mismatch(a.utf16(), a.utf16() + std::min(a.size(), b.size()), b.utf16());
    if (x == a.utf16() + std::min(a.size(), b.size()))
        return sign(a.size() < b.size(), a.size() > b.size());
    // surrogates (D800 to DFFF) stand for code points above E000 to FFFF: move them there
    const auto rank = [](char16_t unit) {
        return unit < 0xd800 ? int(unit) : unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
    };
    return rank(*x) - rank(*y);
}

} // namespace Tideline
