// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QJsonValue>
#include <QtCore/QList>
#include <QtCore/QString>
#include <QtCore/QVariant>

#include <memory>
#include <utility>
#include <variant>

namespace Tideline {

/*!
    \class Tideline::Value
    \inmodule Tideline
    \since 0.1
    \brief One field's content: null, Boolean, integer, floating point number, text, list or object.

    The scalars of a schema live in it like this: ID, String, all AWS text scalars and enums are
    text, byte for byte as given; Int and AWSTimestamp are 64-bit integers; Float is a double;
    AWSJSON is the JSON text. Lists and embedded (non-model) types nest. 32 bytes, implicitly
    shared, safe to hand between threads.

    Values are equal when they mean the same: numbers by their exact value whether integer or
    double (0 equals -0), objects by their members in any order, a null member like an absent one.
*/
class TIDELINE_CORE_EXPORT Value
{
public:
    using List = QList<Value>;
    using Member = std::pair<QString, Value>;
    using Object = QList<Member>;            // in the order of the schema; no name twice

    enum class Kind { Null, Boolean, Integer, Double, Text, List, Object };

    Value() noexcept = default;
    Value(std::nullptr_t) noexcept { }
    Value(bool value) noexcept : m_data(value) { }
    Value(int value) noexcept : m_data(qint64(value)) { }
    Value(qint64 value) noexcept : m_data(value) { }
    Value(double value) noexcept : m_data(value) { }
    Value(QString value) noexcept : m_data(std::move(value)) { }
    Value(List value) noexcept : m_data(std::move(value)) { }
    Value(Object value) noexcept : m_data(std::move(value)) { }
    Value(const char *) = delete;

    [[nodiscard]] Kind kind() const noexcept { return Kind(m_data.index()); }
    [[nodiscard]] bool isNull() const noexcept { return kind() == Kind::Null; }

    [[nodiscard]] bool toBool() const noexcept;          // false unless a Boolean
    [[nodiscard]] qint64 toInteger() const noexcept;     // 0 unless a number
    [[nodiscard]] double toDouble() const noexcept;      // 0 unless a number
    [[nodiscard]] const QString &toText() const & noexcept;     // empty unless text
    [[nodiscard]] QString toText() && noexcept { return std::as_const(*this).toText(); }
    [[nodiscard]] const List &toList() const & noexcept;        // empty unless a list
    [[nodiscard]] List toList() && noexcept { return std::as_const(*this).toList(); }
    [[nodiscard]] const Object &toObject() const & noexcept;    // empty unless an object
    [[nodiscard]] Object toObject() && noexcept { return std::as_const(*this).toObject(); }
    [[nodiscard]] Value member(QStringView name) const;         // null when absent

    // plain conversions; they do not know the schema (see scalars.h for those that do)
    [[nodiscard]] QVariant toVariant() const;
    [[nodiscard]] QJsonValue toJson() const;
    [[nodiscard]] QString toJsonText() const;                   // compact; members in their own order
    [[nodiscard]] static Value fromVariant(const QVariant &variant);
    [[nodiscard]] static Value fromJson(const QJsonValue &json);

    friend TIDELINE_CORE_EXPORT bool operator==(const Value &a, const Value &b) noexcept;
    friend TIDELINE_CORE_EXPORT QDebug operator<<(QDebug debug, const Value &value);

private:
    std::variant<std::monostate, bool, qint64, double, QString, List, Object> m_data;
};

[[nodiscard]] TIDELINE_CORE_EXPORT int compareText(QStringView a, QStringView b) noexcept;

} // namespace Tideline
