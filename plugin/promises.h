// SPDX-License-Identifier: MIT
#pragma once

#include "core/error.h"

#include <QtCore/QHash>
#include <QtCore/QObject>
#include <QtCore/QPointer>
#include <QtQml/QJSEngine>
#include <QtQml/QJSValue>

namespace Tideline {

/*
    The JavaScript promises that calls of one object gave away. A promise is kept in a table on the
    engine's thread and addressed by a number, so that no QJSValue crosses a thread. What is still
    open when the object or the engine goes is rejected, so that none stays pending. Reactions run from
    the event loop; of an engine that goes they cannot run any more.
*/
class Promises
{
public:
    using Id = quint64;

    Promises() = default;
    ~Promises();
    Q_DISABLE_COPY_MOVE(Promises)

    struct Made
    {
        Id id = 0;
        QJSValue promise;                               // undefined when the engine is going
    };

    [[nodiscard]] Made make(QJSEngine *engine);
    [[nodiscard]] QJSEngine *engine(Id id) const;       // null: settled, or the engine is going
    void resolve(Id id, const QJSValue &value);
    void reject(Id id, const Error &error);
    void rejectAll();

private:
    struct Engine
    {
        [[nodiscard]] bool isAlive() const { return engine && runs; }

        QPointer<QJSEngine> engine;
        bool runs = false;                              // its root context goes before its JavaScript does
        QJSValue factory;                               // makes a deferred; compiled once an engine
    };

    struct Deferred
    {
        QJSValue resolve;
        QJSValue reject;
    };

    void enter(QJSEngine *engine);

    QHash<Id, Deferred> m_open;
    Id m_last = 0;
    Engine m_engine;
    QMetaObject::Connection m_engineGoes;
};

/*! The JavaScript Error of \a error: message, name (of the code), and code, category, model, field, record, detail, retryable,
    phase, advice, adviceText. */
[[nodiscard]] QJSValue toJsError(QJSEngine *engine, const Error &error);

} // namespace Tideline
