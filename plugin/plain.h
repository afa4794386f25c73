// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QStringList>
#include <QtCore/QVariant>
#include <QtQml/QJSValue>

#include <optional>

namespace Tideline {

/*! \a value in a sentence: "a function", a text in quotes. Runs no JavaScript. */
[[nodiscard]] QString described(const QJSValue &value);

inline constexpr qint64 mostExact = 9'007'199'254'740'991;      // of the whole numbers that JavaScript tells apart

/*! The whole number from \a least to \a most that \a value is; nothing when it is none. Runs no JavaScript, which might throw. */
[[nodiscard]] std::optional<qint64> wholeNumberIn(const QJSValue &value, qint64 least, qint64 most = mostExact);

/*! Whether \a value is {...}: no array, function, date, Map, promise, or instance of a class. */
[[nodiscard]] bool isPlainObject(const QJSValue &value);

/*
    A JavaScript value as a variant; or what in it a variant would drop, change, or not survive: functions, symbols, NaN,
    instances of classes, what contains itself. A member whose getter throws counts as undefined.
*/
class Plain
{
public:
    enum Undefined { DropUndefined, RefuseUndefined };      // as a member or an element

    explicit Plain(const QJSValue &value, Undefined undefined = DropUndefined) : Plain(value, undefined, 0) { }

    explicit operator bool() const { return m_obstacle.isEmpty(); }
    [[nodiscard]] QVariant variant() const { return m_variant; }
    [[nodiscard]] QString obstacle() const { return m_obstacle; }       // in words
    [[nodiscard]] QStringList path() const { return m_path; }           // of members, to it
    [[nodiscard]] QString place() const;                                // the same as a text of bearable length

private:
    Plain(const QJSValue &value, Undefined undefined, int depth);

    void readSingle(const QJSValue &value);
    void readElements(const QJSValue &array);
    void readMembers(const QJSValue &object);
    [[nodiscard]] QVariant readInner(const QJSValue &value);

    QVariant m_variant;
    QString m_obstacle;
    QStringList m_path;
    Undefined m_undefined;
    int m_depth;
};

} // namespace Tideline
