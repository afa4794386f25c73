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
    engine's thread and addressed by a number, so that no QJSValue crosses a thread; what is still
    open when the object goes is rejected, so that none stays pending.
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
        QJSValue promise;
    };

    [[nodiscard]] Made make(QJSEngine *engine);
    [[nodiscard]] QJSEngine *engine(Id id) const;       // null: settled, or the engine is gone
    void resolve(Id id, const QJSValue &value);
    void reject(Id id, const Error &error);

private:
    struct Deferred
    {
        QPointer<QJSEngine> engine;
        QJSValue resolve;
        QJSValue reject;
    };

    QHash<Id, Deferred> m_open;
    Id m_last = 0;
    QPointer<QJSEngine> m_engine;
    QJSValue m_factory;             // makes a deferred; compiled once an engine
};

/*! The JavaScript Error of \a error: message, and code, model, field, record, detail, retryable as properties. */
[[nodiscard]] QJSValue toJsError(QJSEngine *engine, const Error &error);

} // namespace Tideline
