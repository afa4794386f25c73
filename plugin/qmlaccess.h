// SPDX-License-Identifier: MIT
#pragma once

#include "client/sync/verdict.h"

#include <QtCore/QObject>
#include <QtQml/QJSValue>
#include <QtQml/qqml.h>

namespace Tideline {

class QmlDataStore;

/*! DataStore.access: an object of its own, for a property that leads back to its object is a circle to whatever walks through properties. */
class QmlAccess : public QObject
{
    Q_OBJECT
    QML_ANONYMOUS

public:
    explicit QmlAccess(QmlDataStore *store);        // owned by it

    Q_INVOKABLE Tideline::AccessVerdict::Verdict may(const QJSValue &operation = {}, const QJSValue &record = {}) const;

private:
    QmlDataStore *m_store;
};

} // namespace Tideline
