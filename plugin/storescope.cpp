// SPDX-License-Identifier: MIT
#include "plugin/storescope.h"

#include "client/datastore.h"
#include "plugin/plugintext.h"

#include <QtCore/QMetaProperty>
#include <QtQml/QQmlContext>
#include <QtQml/QQmlEngine>
#include <QtQml/QQmlInfo>

#include <algorithm>

namespace Tideline {

namespace {

/*! The root of the QML document that made \a object, which has no parent. */
QObject *documentOf(QObject *object)
{
    for (QQmlContext *context = qmlContext(object); context; context = context->parentContext()) {
        QObject *root = context->contextObject();
        if (root && root != object && qmlContext(root))
            return root;
    }
    return nullptr;
}

QObject *ownerOf(QObject *object)
{
    return object->parent() ? object->parent() : documentOf(object);
}

/*! What encloses \a object: the item it is shown in, else its owner. A popup is shown in the window's overlay, but belongs
    to where it is declared. */
QObject *enclosing(QObject *object)
{
    auto *shownIn = object->property("parent").value<QObject *>();
    return shownIn && !shownIn->inherits("QQuickOverlay") ? shownIn : ownerOf(object);
}

QList<QObject *> scopesOf(QObject *object)
{
    QList<QObject *> scopes;
    for (QObject *scope = ownerOf(object); scope && !scopes.contains(scope); scope = enclosing(scope))
        scopes.append(scope);
    return scopes;
}

/*! In what \a store is declared: a window or a control moves it to a content item of its own. */
QObject *placeOf(const DataStore *store)
{
    QObject *place = store->parent();
    while (place && !qmlContext(place))
        place = enclosing(place);
    return place;
}

/*! How far \a store is from the innermost of \a scopes; their number when none of them holds it. */
qsizetype distance(DataStore *store, const QList<QObject *> &scopes)
{
    const auto holds = [store, place = placeOf(store)](const QObject *scope) { return scope == store || scope == place; };
    return std::find_if(scopes.cbegin(), scopes.cend(), holds) - scopes.cbegin();
}

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
        if (!m_stores.contains(store)) {
            m_stores.append(store);
            connect(store, &QObject::destroyed, this, [this, store] {
                m_stores.removeOne(store);
                Q_EMIT changed();
            });
        }
        Q_EMIT changed();
    }

    [[nodiscard]] Result<DataStore *> nearest(const QList<QObject *> &scopes) const
    {
        QList<DataStore *> found;
        qsizetype least = scopes.size();            // of those that do not enclose, too: the engine's only one will do
        for (DataStore *store : m_stores) {
            const qsizetype its = distance(store, scopes);
            if (its < least)
                found.clear();
            if (its <= least)
                found.append(store);
            least = std::min(least, its);
        }
        if (found.size() == 1)
            return found.constFirst();
        return Error(Error::Code::InvalidArgument,
            found.isEmpty() ? PluginText::tr("There is no DataStore yet. Create one, or set the property \"store\".")
                            : PluginText::tr("There is more than one DataStore. Set the property \"store\" to the one that is meant."));
    }

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
    if (QQmlEngine *engine = qmlEngine(object))
        connect(EngineStores::of(engine), &EngineStores::changed, this, &StoreSeeker::seek);
    seek();
    if (isLeftToMe())
        give(nearest().valueOr(nullptr));
}

// Once this turn of the event loop ended: parents and stores may still come in it, or be half gone.
void StoreSeeker::seek()
{
    if (!std::exchange(m_settling, true))
        QMetaObject::invokeMethod(this, &StoreSeeker::settle, Qt::QueuedConnection);
}

void StoreSeeker::settle()
{
    m_settling = false;
    if (!isLeftToMe())
        return;
    const Result<DataStore *> store = nearest();
    const bool told = store.error() == m_told;
    m_told = store.error();
    const QPointer<StoreSeeker> guard = this;
    give(store.valueOr(nullptr));
    if (guard && !store && !told)
        m_handlers.fail(m_told);
}

/*! Whether the application neither named a store nor took away the one given; not while the engine goes. */
bool StoreSeeker::isLeftToMe() const
{
    return qmlEngine(parent()) && m_handlers.store() == m_given;
}

Result<DataStore *> StoreSeeker::nearest()
{
    const QList<QObject *> scopes = scopesOf(parent());
    watch(scopes);
    return EngineStores::of(qmlEngine(parent()))->nearest(scopes);
}

void StoreSeeker::watch(const QList<QObject *> &scopes)
{
    for (const QMetaObject::Connection &connection : std::exchange(m_watched, {}))
        disconnect(connection);
    static const QMetaMethod again = staticMetaObject.method(staticMetaObject.indexOfSlot("seek()"));
    for (QObject *scope : scopes) {
        const QMetaProperty shownIn = scope->metaObject()->property(scope->metaObject()->indexOfProperty("parent"));
        if (shownIn.hasNotifySignal())
            m_watched.append(connect(scope, shownIn.notifySignal(), this, again));
    }
}

void StoreSeeker::give(DataStore *store)
{
    if (m_given == store)
        return;
    m_given = store;
    m_handlers.setStore(store);
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
