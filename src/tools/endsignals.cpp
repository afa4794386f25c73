// SPDX-License-Identifier: MIT
#include "tools/endsignals.h"

#include <sys/signalfd.h>
#include <unistd.h>

namespace Tideline::Tools {

namespace {

// Its parent, as nohup, wants this process to outlive the terminal.
bool isHangupIgnored()
{
    struct sigaction action = {};
    return ::sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

} // namespace

EndSignals::EndSignals(Hangup hangup) : m_hangup(hangup)
{
    sigset_t signals = {};
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (hangup == Hangup::Reloads || !isHangupIgnored())
        sigaddset(&signals, SIGHUP);
    ::pthread_sigmask(SIG_BLOCK, &signals, &m_before);
    m_descriptor = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    m_notifier = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &EndSignals::check);
}

void EndSignals::check()
{
    signalfd_siginfo info = {};
    if (m_descriptor < 0 || ::read(m_descriptor, &info, sizeof info) != ssize_t(sizeof info))
        return;
    info.ssi_signo == SIGHUP && m_hangup == Hangup::Reloads ? Q_EMIT reloadRequested() : Q_EMIT received();
}

EndSignals::~EndSignals()
{
    restore();
}

void EndSignals::restore()
{
    if (m_descriptor < 0)
        return;
    m_notifier.reset();
    ::close(m_descriptor);
    m_descriptor = -1;
    if (m_hangup == Hangup::Reloads)    // it is no signal to end
        sigaddset(&m_before, SIGHUP);
    ::pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

} // namespace Tideline::Tools
