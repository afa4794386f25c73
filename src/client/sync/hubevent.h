// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QMetaType>
#include <QtCore/QObject>
#include <QtCore/QString>
#include <QtCore/QVariantMap>

namespace Tideline {

/*!
    \class Tideline::HubEvent
    \inmodule Tideline
    \since 0.1
    \brief One event of the store's life cycle, with DataStore's names and payloads.

    networkStatus {active}, storageSubscribed, outboxStatus {isEmpty}, subscriptionsEstablished,
    syncQueriesStarted {models}, modelSynced {model, isFullSync, isDeltaSync, added, updated,
    deleted, count}, syncQueriesReady, syncStarted, ready, outboxMutationEnqueued {model, key, operation,
    mutation, element}, outboxMutationProcessed {model, key, operation, mutation, version, merged, element},
    outboxMutationFailed {model, key, operation, mutation, message, error}, conditionalSaveFailed (the same),
    conflictResolved {decision, model, key, mutation, fields},
    subscriptionDataProcessed {model, key, version}, nonApplicableDataReceived {model, message, error}.

    An element is the Record as it is at the event: here when enqueued, on the backend when processed
    (absent when the answer was lost); an error is an Error.
*/
class TIDELINE_EXPORT HubEvent
{
    Q_GADGET
    Q_PROPERTY(QString name MEMBER name FINAL)
    Q_PROPERTY(QVariantMap payload MEMBER payload FINAL)

public:
    QString name;
    QVariantMap payload;

    friend bool operator==(const HubEvent &, const HubEvent &) = default;
};

} // namespace Tideline
