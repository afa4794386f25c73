// SPDX-License-Identifier: MIT
#include "plugin/storescope.h"

#include "client/datastore.h"
#include "plugin/plugintext.h"

#include <QtQml/QQmlEngine>
#include <QtQml/QQmlInfo>

namespace Tideline {

namespace {

/*! The data stores of one QML engine; its child, so that nothing outlives it. */
class EngineStores : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    [[nodiscard]] static EngineStores *of(QQmlEngine *engine)
    {
        if (auto *stores = engine->findChild<EngineStores *>(QString(), Qt::FindDirectChildrenOnly))
            return stores;
        return new EngineStores(engine);
    }

    void add(DataStore *store)
    {
        m_stores.append(store);
        connect(store, &QObject::destroyed, this, [this, store] {
            m_stores.removeOne(store);
            Q_EMIT changed();
        });
        Q_EMIT changed();
    }

    [[nodiscard]] const QList<DataStore *> &stores() const { return m_stores; }

Q_SIGNALS:
    void changed();

private:
    QList<DataStore *> m_stores;
};

} // namespace

void addStore(DataStore *store)
{
    if (QQmlEngine *engine = qmlEngine(store))
        EngineStores::of(engine)->add(store);
}

StoreSeeker::StoreSeeker(QObject *object, Handlers handlers) : QObject(object), m_handlers(std::move(handlers))
{
    if (QQmlEngine *engine = qmlEngine(object)) {
        connect(EngineStores::of(engine), &EngineStores::changed, this, &StoreSeeker::seek);
        seek();
    }
}

void StoreSeeker::seek()
{
    LiveHost *store = m_handlers.store();
    if (store)
        return;                 // the application's, or the one given before
    QQmlEngine *engine = qmlEngine(parent());
    if (!engine || (m_gave && m_given))
        return;                 // the application took away what was given
    const QList<DataStore *> &stores = EngineStores::of(engine)->stores();
    if (stores.size() == 1) {
        m_gave = true;
        m_given = stores.constFirst();
        m_handlers.setStore(m_given);
    } else if (!m_complaining) {
        m_complaining = true;   // one may come before this turn of the event loop ends
        QMetaObject::invokeMethod(this, &StoreSeeker::complain, Qt::QueuedConnection);
    }
}

void StoreSeeker::complain()
{
    m_complaining = false;
    QQmlEngine *engine = qmlEngine(parent());
    if (!engine || m_handlers.store())
        return;
    const qsizetype count = EngineStores::of(engine)->stores().size();
    if (count == 1)
        return;
    m_handlers.fail(Error(Error::Code::InvalidArgument,
        count == 0 ? PluginText::tr("There is no DataStore yet. Create one, or set the property \"store\".")
                   : PluginText::tr("There is more than one DataStore. Set the property \"store\" to the one that is meant.")));
}

void resolveStore(ModelObject *object)
{
    new StoreSeeker(object, {
        .store = [object] { return object->store(); },
        .setStore = [object](LiveHost *store) { object->setStore(store); },
        .fail = [object](const Error &error) { qmlWarning(object) << error.message(); },
    });
}

} // namespace Tideline

#include "storescope.moc"
