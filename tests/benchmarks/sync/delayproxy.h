// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QThread>
#include <QtCore/QUrl>

namespace TidelineBench {

/*
    A line of a given length: every byte comes later by the delay, each way, in order and without a limit on how much is
    under way. Lives in a thread of its own, on a loopback port of its own.
*/
class DelayProxy
{
public:
    DelayProxy(const QUrl &server, int delay);          // ms each way
    ~DelayProxy();
    Q_DISABLE_COPY_MOVE(DelayProxy)

    [[nodiscard]] const QUrl &url() const { return m_url; }

private:
    QThread m_thread;
    QUrl m_url;
};

} // namespace TidelineBench
