// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/modelobject.h"
#include "plugin/global.h"

#include <QtCore/QPointer>

#include <functional>

namespace Tideline {

class DataStore;

/*! Makes \a store one of the stores of its QML engine. Called when it begins, and again when its parents are known. */
void addStore(DataStore *store);

/*
    Gives an object made in QML the store it means when it does not name one: the DataStore declared in the nearest
    object that encloses it, visually or as its owner; without such, the engine's only one. Follows when items move and
    stores come or go. What the application sets is left alone. Belongs to the object.
*/
class StoreSeeker : public QObject
{
    Q_OBJECT

public:
    struct Handlers
    {
        std::function<LiveHost *()> store;              // that the object has
        std::function<void(LiveHost *)> setStore;
        std::function<void(const Error &)> fail;        // there is none, or more than one
    };

    StoreSeeker(QObject *object, Handlers handlers);

private Q_SLOTS:
    void seek();

private:
    [[nodiscard]] bool isLeftToMe() const;
    [[nodiscard]] Result<DataStore *> nearest();
    void watch(const QList<QObject *> &scopes);
    void give(DataStore *store);
    void settle();

    Handlers m_handlers;
    QPointer<LiveHost> m_given;
    Error m_told;
    QList<QMetaObject::Connection> m_watched;
    bool m_settling = false;
};

/*! Gives a model object made in QML its store; generated classes call it when they are complete. */
TIDELINE_QML_EXPORT void resolveStore(ModelObject *object);

} // namespace Tideline
