// SPDX-License-Identifier: MIT
#include "client/sync/network.h"

#include <QtNetwork/QNetworkInformation>

namespace Tideline {

NetworkMonitor::~NetworkMonitor() = default;

/*! Loads Qt's plugin for the system when the application has not done so. */
SystemNetwork::SystemNetwork(QObject *parent) : NetworkMonitor(parent)
{
    if (!QNetworkInformation::loadDefaultBackend())
        return;
    const QNetworkInformation *system = QNetworkInformation::instance();
    connect(system, &QNetworkInformation::reachabilityChanged, this, &NetworkMonitor::changed);
    connect(system, &QNetworkInformation::transportMediumChanged, this, &NetworkMonitor::changed);
}

/*! Returns Present also for a network that leads nowhere but nearby: the backend may be there. */
Reachability SystemNetwork::reachability() const
{
    const QNetworkInformation *system = QNetworkInformation::instance();
    if (!system || !system->supports(QNetworkInformation::Feature::Reachability))
        return Reachability::Unknown;
    switch (system->reachability()) {
    case QNetworkInformation::Reachability::Unknown: return Reachability::Unknown;
    case QNetworkInformation::Reachability::Disconnected: return Reachability::Gone;
    default: return Reachability::Present;
    }
}

} // namespace Tideline
