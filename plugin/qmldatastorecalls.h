// SPDX-License-Identifier: MIT
#pragma once

#include "plugin/conversion.h"
#include "plugin/linereports.h"
#include "plugin/qmldatastore.h"

namespace Tideline {

/*! Turns \a future into a promise; \a after is called when it is resolved; \a write makes the value where toJs() does not. The future ends in this thread, maybe while
    the store is being destroyed. */
template<typename T>
QJSValue QmlDataStore::promise(QFuture<T> future, const std::type_identity_t<After<T>> &after, const std::type_identity_t<Write<T>> &write)
{
    const Promises::Made made = m_promises->make(jsEngine());
    future.then([this, alive = std::weak_ptr<Promises>(m_promises), id = made.id, after, write](const T &result) {
        if (alive.expired())
            return;                             // rejected with the store
        if (!result)
            return settle(id, result.error());
        QJSEngine *engine = m_promises->engine(id);
        if (!engine)
            return;
        QJSValue value;
        if constexpr (!std::is_void_v<typename T::value_type>)
            value = write ? write(engine, *result) : toJs(engine, *result);
        m_promises->resolve(id, value);
        if (after)
            after(result, value);
    });
    return made.promise;
}

} // namespace Tideline
