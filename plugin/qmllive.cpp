// SPDX-License-Identifier: MIT
#include "plugin/qmllive.h"

#include "plugin/storescope.h"

#include <QtQml/QQmlInfo>

namespace Tideline {

namespace {

/*! Errors are properties and a signal of the store; here they also say at which line of QML. */
template<typename T>
void complete(T *object, std::function<void(const Error &)> fail)
{
    QObject::connect(object, &T::errorChanged, object, [object] {
        if (object->error().isError())
            qmlWarning(object) << object->error().message();
    });
    new StoreSeeker(object, {
        .store = [object] { return object->store(); },
        .setStore = [object](LiveHost *store) { object->setStore(qobject_cast<decltype(object->store())>(store)); },
        .fail = std::move(fail),
    });
}

} // namespace

void QmlLiveQuery::componentComplete()
{
    complete(this, [this](const Error &error) { fail(error); });
}

void QmlLiveAggregate::componentComplete()
{
    complete(this, [this](const Error &error) { fail(error); });
}

void QmlDecisionModel::componentComplete()
{
    complete(this, [this](const Error &error) { fail(error); });
}

void QmlRepairModel::componentComplete()
{
    complete(this, [this](const Error &error) { fail(error); });
}

} // namespace Tideline
