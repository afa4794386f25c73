// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/modelobject.h"
#include "plugin/global.h"

#include <QtCore/QPointer>

#include <functional>

namespace Tideline {

class DataStore;

/*! Makes \a store one of the stores of the QML engine that \a store was made in. */
void addStore(DataStore *store);

/*
    Gives an object made in QML the store it means when it does not name one: its engine's only one, also when that
    comes later or another takes its place. What the application sets is left alone. Belongs to the object.
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

private:
    void seek();
    void complain();

    Handlers m_handlers;
    QPointer<LiveHost> m_given;
    bool m_gave = false;
    bool m_complaining = false;
};

/*! Gives a model object made in QML its store; generated classes call it when they are complete. */
TIDELINE_QML_EXPORT void resolveStore(ModelObject *object);

} // namespace Tideline
