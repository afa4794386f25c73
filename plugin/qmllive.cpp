// SPDX-License-Identifier: MIT
#include "plugin/qmllive.h"

#include "plugin/storescope.h"

#include <QtQml/QQmlInfo>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

template<typename T>
void useEngineStore(T *object)
{
    if (object->store())
        return;
    if (LiveHost *store = storeOf(object))
        object->setStore(store);
    else
        qmlWarning(object) << u"needs a store: there is not exactly one DataStore in this engine; set the property \"store\"."_s;
}

} // namespace

void QmlLiveQuery::componentComplete()
{
    useEngineStore(this);
}

void QmlLiveAggregate::componentComplete()
{
    useEngineStore(this);
}

} // namespace Tideline
