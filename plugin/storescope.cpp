// SPDX-License-Identifier: MIT
#include "plugin/storescope.h"

#include "client/datastore.h"

#include <QtQml/QQmlEngine>

namespace Tideline {

namespace {

class EngineStores : public QObject
{
public:
    using QObject::QObject;
    QList<QPointer<DataStore>> stores;
};

EngineStores *storesOf(QQmlEngine *engine)
{
    for (QObject *child : engine->children()) {
        if (auto *stores = dynamic_cast<EngineStores *>(child))
            return stores;
    }
    return nullptr;
}

} // namespace

void addStore(QObject *context, DataStore *store)
{
    QQmlEngine *engine = qmlEngine(context);
    if (!engine)
        return;
    EngineStores *stores = storesOf(engine);
    if (!stores)
        stores = new EngineStores(engine);
    stores->stores.append(store);
}

LiveHost *storeOf(const QObject *context)
{
    QQmlEngine *engine = qmlEngine(context);
    EngineStores *stores = engine ? storesOf(engine) : nullptr;
    if (!stores)
        return nullptr;
    stores->stores.removeAll(nullptr);
    return stores->stores.size() == 1 ? stores->stores.constFirst().data() : nullptr;
}

void resolveStore(ModelObject *object)
{
    if (!object->store())
        object->setStore(storeOf(object));
}

} // namespace Tideline
