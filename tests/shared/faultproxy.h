// SPDX-License-Identifier: MIT
#pragma once

#include <QtCore/QList>
#include <QtCore/QUrl>
#include <QtNetwork/QTcpServer>

#include <memory>
#include <vector>

namespace TidelineTest {

class FaultyLine;

/*
    Stands between a device and the server, on a loopback port of its own, and does to the bytes what networks do. Lives in the
    thread of the test, whose event loop moves the bytes; the test switches the fault.
*/
class FaultProxy
{
public:
    enum class Fault {
        None,
        HalfOpen,       // what stands and what comes swallows every byte; lines made meanwhile stay dead after healing
        Stall,          // bytes are held, both ways, and flow when it heals
        Reset,          // what stands is reset, what comes too
        Portal,         // what stands is reset; whoever comes gets a page that wants a sign-in
        Unavailable,    // HTTP requests are answered with 503; the real-time line stands
        Truncated,      // answers over HTTP are half of themselves, in order otherwise
        CutOff,         // answers over HTTP end in the middle, with the line
        Duplicate,      // real-time data messages come twice
        Reorder,        // and in pairs the wrong way round
    };

    explicit FaultProxy(quint16 server);
    ~FaultProxy();
    Q_DISABLE_COPY_MOVE(FaultProxy)

    void begin(Fault fault);
    void heal() { begin(Fault::None); }

    [[nodiscard]] QUrl url() const;
    [[nodiscard]] Fault fault() const { return m_fault; }
    [[nodiscard]] int connections() const { return m_connections; }     // made since the start
    [[nodiscard]] int faults() const { return m_faults; }               // times that it did harm since begin()
    void countFault() { ++m_faults; }
    [[nodiscard]] int requests() const { return m_requests; }           // over HTTP, with upgrades to a real-time line
    [[nodiscard]] qint64 bytes() const { return m_bytes; }              // both ways, headers and all
    void countRequest() { ++m_requests; }
    [[nodiscard]] qint64 requestBytes() const { return m_requestBytes; }     // of them those of requests and their answers
    void countBytes(qint64 bytes, bool ofARequest)
    {
        m_bytes += bytes;
        m_requestBytes += ofARequest ? bytes : 0;
    }

private:
    void accept();

    quint16 m_server;
    QTcpServer m_listener;
    std::vector<std::unique_ptr<FaultyLine>> m_lines;
    Fault m_fault = Fault::None;
    int m_connections = 0;
    int m_faults = 0;
    int m_requests = 0;
    qint64 m_bytes = 0;
    qint64 m_requestBytes = 0;
};

} // namespace TidelineTest
