// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QObject>
#include <QtCore/QSocketNotifier>

#include <csignal>
#include <memory>

namespace Tideline::Tools {

/*
    SIGINT and SIGTERM as a Qt signal. Made before any other thread: from here on they are blocked,
    in later threads too, and only this object hears them.
*/
class EndSignals : public QObject
{
    Q_OBJECT

public:
    EndSignals();
    ~EndSignals() override;

    void check();                       // hears them without an event loop
    void restore();                     // they end the process again

Q_SIGNALS:
    void received();

private:
    int m_descriptor = -1;
    sigset_t m_before = {};
    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace Tideline::Tools
