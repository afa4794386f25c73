// SPDX-License-Identifier: MIT
#include "client/live/hostlink_p.h"

namespace Tideline {

HostLink::HostLink(LiveHost::Member *member, QObject *context, Handlers handlers)
    : m_member(member), m_context(context), m_handlers(std::move(handlers))
{
}

HostLink::~HostLink()
{
    set(nullptr);
}

void HostLink::set(LiveHost *host)
{
    if (m_host)
        m_host->removeMember(m_member);
    for (const QMetaObject::Connection &connection : std::exchange(m_connections, {}))
        QObject::disconnect(connection);
    m_posted.reset();
    m_host = host;
    if (!host)
        return;
    host->addMember(m_member);
    m_connections = {
        QObject::connect(host, &LiveHost::storeOpened, m_context, m_handlers.opened),
        QObject::connect(host, &LiveHost::storeClosing, m_context, m_handlers.closing),
        QObject::connect(host, &QObject::destroyed, m_context, [this] {
            m_connections.clear();
            m_posted.reset();
            m_handlers.destroyed();
        }),
    };
}

void HostLink::report(const Error &error) const
{
    if (m_host)
        Q_EMIT m_host->errorOccurred(error.inPhase(Error::Phase::Query));
}

void HostLink::postOnce(std::function<void()> task)
{
    if (m_posted || !store())
        return;
    m_posted = std::make_shared<int>(0);
    m_host->scheduler()->post([this, posted = std::weak_ptr<int>(m_posted), task = std::move(task)] {
        if (posted.expired())
            return;
        m_posted.reset();
        task();
    });
}

} // namespace Tideline
