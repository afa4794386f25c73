// SPDX-License-Identifier: MIT
#pragma once

#include "core/data/predicate.h"
#include "core/data/sortorder.h"

#include <QtCore/QDateTime>
#include <QtCore/QUrl>

#include <optional>
#include <type_traits>

namespace Tideline {

/*! How a C++ type is kept in a Value. Generated enums and embedded types specialise it. */
template<typename T>
struct ValueTraits;

template<>
struct ValueTraits<QString>
{
    [[nodiscard]] static Value toValue(const QString &value) { return Value(value); }
    [[nodiscard]] static QString fromValue(const Value &value) { return value.toText(); }
};

template<>
struct ValueTraits<bool>
{
    [[nodiscard]] static Value toValue(bool value) { return Value(value); }
    [[nodiscard]] static bool fromValue(const Value &value) { return value.toBool(); }
};

template<>
struct ValueTraits<int>
{
    [[nodiscard]] static Value toValue(int value) { return Value(value); }
    [[nodiscard]] static int fromValue(const Value &value) { return int(value.toInteger()); }
};

template<>
struct ValueTraits<qint64>
{
    [[nodiscard]] static Value toValue(qint64 value) { return Value(value); }
    [[nodiscard]] static qint64 fromValue(const Value &value) { return value.toInteger(); }
};

template<>
struct ValueTraits<double>
{
    [[nodiscard]] static Value toValue(double value) { return Value(value); }
    [[nodiscard]] static double fromValue(const Value &value) { return value.toDouble(); }
};

template<>
struct ValueTraits<QDateTime>           // AWSDateTime: UTC with milliseconds
{
    [[nodiscard]] static Value toValue(const QDateTime &value) { return Value(value.toUTC().toString(Qt::ISODateWithMs)); }
    [[nodiscard]] static QDateTime fromValue(const Value &value) { return QDateTime::fromString(value.toText(), Qt::ISODateWithMs); }
};

template<>
struct ValueTraits<QDate>
{
    [[nodiscard]] static Value toValue(QDate value) { return Value(value.toString(Qt::ISODate)); }
    [[nodiscard]] static QDate fromValue(const Value &value) { return QDate::fromString(value.toText().left(10), Qt::ISODate); }
};

template<>
struct ValueTraits<QTime>
{
    [[nodiscard]] static Value toValue(QTime value) { return Value(value.toString(Qt::ISODateWithMs)); }
    [[nodiscard]] static QTime fromValue(const Value &value) { return QTime::fromString(value.toText().left(12), Qt::ISODateWithMs); }
};

template<>
struct ValueTraits<QUrl>
{
    [[nodiscard]] static Value toValue(const QUrl &value) { return Value(QString::fromUtf8(value.toEncoded())); }
    [[nodiscard]] static QUrl fromValue(const Value &value) { return QUrl(value.toText()); }
};

template<typename T>
struct ValueTraits<std::optional<T>>
{
    [[nodiscard]] static Value toValue(const std::optional<T> &value)
    {
        return value ? ValueTraits<T>::toValue(*value) : Value();
    }
    [[nodiscard]] static std::optional<T> fromValue(const Value &value)
    {
        return value.isNull() ? std::optional<T>() : std::optional<T>(ValueTraits<T>::fromValue(value));
    }
};

template<typename T>
struct ValueTraits<QList<T>>
{
    [[nodiscard]] static Value toValue(const QList<T> &values)
    {
        Value::List list;
        list.reserve(values.size());
        for (const T &value : values)
            list.append(ValueTraits<T>::toValue(value));
        return Value(std::move(list));
    }
    [[nodiscard]] static QList<T> fromValue(const Value &value)
    {
        QList<T> list;
        list.reserve(value.toList().size());
        for (const Value &element : value.toList())
            list.append(ValueTraits<T>::fromValue(element));
        return list;
    }
};

/*! What contains() asks for: a part of a text, an element of a list. */
template<typename T>
struct ContainedType { using Type = T; };
template<typename T>
struct ContainedType<QList<T>> { using Type = T; };
template<typename T>
struct ContainedType<QList<std::optional<T>>> { using Type = T; };

/*!
    \class Tideline::Field
    \inmodule Tideline
    \since 0.1
    \brief The typed token of a field, for predicates and sort orders: \c{StockCount::quantity < 5}.

    Generated code has one static token for each field of a model type. Its functions make
    predicates and sort keys; whether the field's type knows the operator is checked when they are
    bound to the model type. A constant of a few bytes; may be used from any thread.
*/
template<typename T>
class Field
{
public:
    using Contained = typename ContainedType<T>::Type;

    constexpr Field(const char16_t *name, int index) noexcept : m_name(name), m_index(index) { }

    [[nodiscard]] QString name() const { return QString::fromUtf16(m_name); }
    [[nodiscard]] constexpr int index() const noexcept { return m_index; }

    [[nodiscard]] Predicate isNull() const { return compare(Predicate::Operator::Eq, Value()); }
    [[nodiscard]] Predicate isNotNull() const { return compare(Predicate::Operator::Ne, Value()); }
    [[nodiscard]] Predicate contains(const Contained &value) const
    {
        return compare(Predicate::Operator::Contains, ValueTraits<Contained>::toValue(value));
    }
    [[nodiscard]] Predicate notContains(const Contained &value) const
    {
        return compare(Predicate::Operator::NotContains, ValueTraits<Contained>::toValue(value));
    }
    [[nodiscard]] Predicate beginsWith(const T &value) const { return compare(Predicate::Operator::BeginsWith, ValueTraits<T>::toValue(value)); }
    [[nodiscard]] Predicate between(const T &low, const T &high) const
    {
        return Predicate::compare(name(), Predicate::Operator::Between, {ValueTraits<T>::toValue(low), ValueTraits<T>::toValue(high)});
    }
    [[nodiscard]] Predicate in(const QList<T> &values) const
    {
        return Predicate::compare(name(), Predicate::Operator::In, ValueTraits<QList<T>>::toValue(values).toList());
    }
    [[nodiscard]] Predicate notIn(const QList<T> &values) const
    {
        return Predicate::compare(name(), Predicate::Operator::NotIn, ValueTraits<QList<T>>::toValue(values).toList());
    }

    [[nodiscard]] SortKey ascending() const { return {name(), Qt::AscendingOrder}; }
    [[nodiscard]] SortKey descending() const { return {name(), Qt::DescendingOrder}; }

    friend Predicate operator==(const Field &f, const T &v) { return f.compare(Predicate::Operator::Eq, ValueTraits<T>::toValue(v)); }
    friend Predicate operator!=(const Field &f, const T &v) { return f.compare(Predicate::Operator::Ne, ValueTraits<T>::toValue(v)); }
    friend Predicate operator<(const Field &f, const T &v) { return f.compare(Predicate::Operator::Lt, ValueTraits<T>::toValue(v)); }
    friend Predicate operator<=(const Field &f, const T &v) { return f.compare(Predicate::Operator::Le, ValueTraits<T>::toValue(v)); }
    friend Predicate operator>(const Field &f, const T &v) { return f.compare(Predicate::Operator::Gt, ValueTraits<T>::toValue(v)); }
    friend Predicate operator>=(const Field &f, const T &v) { return f.compare(Predicate::Operator::Ge, ValueTraits<T>::toValue(v)); }

private:
    [[nodiscard]] Predicate compare(Predicate::Operator op, const Value &operand) const
    {
        return Predicate::compare(name(), op, {operand});
    }

    const char16_t *m_name;
    int m_index;
};

/*! The token of a relation: \c{StockCount::product(Product::name == u"Tea"_s)} is true when a related
    record matches; \c{StockCount::product(Product::name.ascending())} sorts by the related record. */
class RelationField
{
public:
    constexpr explicit RelationField(const char16_t *name) noexcept : m_name(name) { }

    [[nodiscard]] QString name() const { return QString::fromUtf16(m_name); }
    [[nodiscard]] Predicate operator()(const Predicate &condition) const { return Predicate::related(name(), condition); }
    [[nodiscard]] SortKey operator()(const SortKey &key) const { return {name() + u'.' + key.path, key.order}; }

private:
    const char16_t *m_name;
};

} // namespace Tideline
