// SPDX-License-Identifier: MIT
#pragma once

#include "core/global.h"

#include <QtCore/QObject>

namespace Tideline {

/*! What the operating system says of the network. A hint: it may be wrong in both directions and keeps nobody from trying. */
enum class Reachability {
    Unknown,
    Gone,               // there is no network at all
    Present,
};

/*!
    \class Tideline::NetworkMonitor
    \inmodule Tideline
    \since 0.1
    \brief Tells when the network changes, so that nobody waits for a back-off in vain.

    Lives in the thread of the DataStore that it was given to with DataStoreOptions::network.
*/
class TIDELINE_EXPORT NetworkMonitor : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    ~NetworkMonitor() override;

    [[nodiscard]] virtual Reachability reachability() const = 0;

Q_SIGNALS:
    void changed();             // reachability(), or the way to the same network
};

/*! Follows QNetworkInformation; Unknown for ever where Qt has no plugin for the system. */
class TIDELINE_EXPORT SystemNetwork final : public NetworkMonitor
{
    Q_OBJECT

public:
    explicit SystemNetwork(QObject *parent = nullptr);
    [[nodiscard]] Reachability reachability() const override;
};

} // namespace Tideline
