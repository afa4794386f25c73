// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QObject>
#include <QtCore/QSocketNotifier>

#include <csignal>
#include <memory>

namespace Tideline::Tools {

/*
    SIGINT, SIGTERM and SIGHUP as Qt signals; the last one ends the process too, unless its parent had it ignored, or asks it
    to read its settings again. Made before any other thread: from here on they are blocked, in later threads too, and only
    this object hears them.
*/
class EndSignals : public QObject
{
    Q_OBJECT

public:
    enum class Hangup { Ends, Reloads };

    explicit EndSignals(Hangup hangup = Hangup::Ends);
    ~EndSignals() override;

    void check();                       // hears them without an event loop
    void restore();                     // they end the process again; a SIGHUP that reloads is blocked from now on

Q_SIGNALS:
    void received();
    void reloadRequested();

private:
    const Hangup m_hangup;
    int m_descriptor = -1;
    sigset_t m_before = {};
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace Tideline::Tools
