// SPDX-License-Identifier: MIT
#pragma once

#include "client/live/livehost.h"

#include <QtCore/QPointer>

#include <functional>

namespace Tideline {

/*! How an object hangs on a host that may come, go, open and close its store. Ends with the object. */
class HostLink
{
public:
    struct Handlers
    {
        std::function<void()> opened;
        std::function<void()> closing;
        std::function<void()> destroyed;        // the host is gone already
    };

    HostLink(LiveHost::Member *member, QObject *context, Handlers handlers);
    ~HostLink();
    Q_DISABLE_COPY_MOVE(HostLink)

    void set(LiveHost *host);                   // calls no handler
    [[nodiscard]] LiveHost *host() const noexcept { return m_host; }
    [[nodiscard]] Store *store() const noexcept { return m_host ? m_host->store() : nullptr; }
    void report(const Error &error) const;      // as the host's errorOccurred()

    /*! Runs \a task in a later turn, unless one waits already, the host changes or the link ends. */
    void postOnce(std::function<void()> task);

private:
    LiveHost::Member *m_member;
    QObject *m_context;
    Handlers m_handlers;
    QPointer<LiveHost> m_host;
    QList<QMetaObject::Connection> m_connections;
    std::shared_ptr<int> m_posted;              // as long as a task waits
};

} // namespace Tideline
