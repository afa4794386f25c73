// SPDX-License-Identifier: MIT
#include "shared/faultproxy.h"

#include <QtNetwork/QTcpSocket>

#include <sys/socket.h>

namespace TidelineTest {

using Fault = FaultProxy::Fault;

namespace {

void reset(QTcpSocket &socket)
{
    const linger now{1, 0};
    ::setsockopt(int(socket.socketDescriptor()), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    socket.abort();
}

/* How many bytes came. */
qint64 take(QTcpSocket &socket, QByteArray &bytes)
{
    const qsizetype before = bytes.size();
    if (socket.isOpen())
        bytes += socket.readAll();
    return bytes.size() - before;
}

/* Takes one whole HTTP message off the front of bytes; empty: there is none yet. */
QByteArray takeMessage(QByteArray &bytes)
{
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    if (end < 0)
        return {};
    const QByteArray head = bytes.left(end).toLower();
    const qsizetype field = head.indexOf("\r\ncontent-length:");
    const qsizetype length = field < 0 ? 0 : head.mid(field + 17, head.indexOf("\r\n", field + 2) - field - 17).trimmed().toLongLong();
    if (bytes.size() < end + 4 + length)
        return {};
    const QByteArray message = bytes.left(end + 4 + length);
    bytes.remove(0, message.size());
    return message;
}

QByteArray message(const QByteArray &status, const QByteArray &type, const QByteArray &body)
{
    return "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

/* Takes one whole WebSocket frame of a server (no mask) off the front of bytes; empty: there is none yet. */
QByteArray takeFrame(QByteArray &bytes)
{
    if (bytes.size() < 2)
        return {};
    qsizetype length = uchar(bytes[1]) & 0x7f;
    const qsizetype more = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (bytes.size() < 2 + more)
        return {};
    if (more > 0)
        length = 0;
    for (qsizetype i = 0; i < more; ++i)
        length = length << 8 | uchar(bytes[2 + i]);
    if (bytes.size() < 2 + more + length)
        return {};
    const QByteArray frame = bytes.left(2 + more + length);
    bytes.remove(0, frame.size());
    return frame;
}

} // namespace

class FaultyLine
{
public:
    FaultyLine(FaultProxy &proxy, QTcpSocket *client, quint16 server) : m_proxy(proxy), m_client(client)
    {
        QObject::connect(m_client.get(), &QTcpSocket::readyRead, m_client.get(), [this] { move(); });
        QObject::connect(m_client.get(), &QTcpSocket::disconnected, m_client.get(), [this] { end(m_server); });
        QObject::connect(&m_server, &QTcpSocket::readyRead, &m_server, [this] { move(); });
        QObject::connect(&m_server, &QTcpSocket::connected, &m_server, [this] { move(); });
        QObject::connect(&m_server, &QTcpSocket::disconnected, &m_server, [this] { end(*m_client); });
        QObject::connect(&m_server, &QTcpSocket::errorOccurred, &m_server, [this] { end(*m_client); });
        m_server.connectToHost(QStringLiteral("127.0.0.1"), server);
    }

    ~FaultyLine() { m_over = true; }    // sockets speak while they are destroyed
    Q_DISABLE_COPY_MOVE(FaultyLine)

    [[nodiscard]] bool isOver() const { return m_over; }

    void begin(Fault fault)
    {
        if (fault == Fault::HalfOpen)
            m_dead = true;
        if (fault == Fault::Reset || fault == Fault::Portal)
            breakOff();
        move();
    }

    void breakOff()
    {
        m_over = true;
        m_proxy.countFault();
        reset(*m_client);
        m_server.abort();
    }

private:
    void end(QTcpSocket &other)
    {
        if (m_over || m_dead || m_proxy.fault() == Fault::Stall)
            return;                     // nobody hears of it
        m_over = true;
        move();
        other.disconnectFromHost();
    }

    void move()
    {
        if (m_proxy.fault() == Fault::Stall || m_moving)
            return;
        m_moving = true;
        m_proxy.countBytes(take(*m_client, m_fromClient) + take(m_server, m_fromServer), !m_upgraded);
        if (m_dead) {
            m_fromClient.clear();
            m_fromServer.clear();
        }
        if (m_kind == Kind::Unknown && !m_fromClient.isEmpty()) {
            m_kind = m_fromClient.startsWith("GET ") ? Kind::Realtime : Kind::Http;
            if (m_kind == Kind::Realtime)
                m_proxy.countRequest();
        }
        if (m_kind == Kind::Http)
            moveHttp();
        else if (m_kind == Kind::Realtime)
            moveRealtime();
        m_moving = false;
    }

    void moveHttp()
    {
        for (QByteArray request = waiting(m_fromClient); !request.isEmpty(); request = waiting(m_fromClient)) {
            m_proxy.countRequest();
            if (m_proxy.fault() == Fault::Unavailable)
                answer(message("503 Service Unavailable", "application/json", "{\"message\":\"Too much to do\"}"));
            else if (m_proxy.fault() == Fault::Portal)
                answer(message("200 OK", "text/html", "<html><body>Welcome to the hotel. Sign in.</body></html>"));
            else
                m_server.write(request);
        }
        for (QByteArray whole = takeMessage(m_fromServer); !whole.isEmpty(); whole = takeMessage(m_fromServer))
            spoil(whole);
    }

    QByteArray waiting(QByteArray &bytes)
    {
        const bool needsServer = m_proxy.fault() != Fault::Unavailable && m_proxy.fault() != Fault::Portal;
        return needsServer && m_server.state() != QAbstractSocket::ConnectedState ? QByteArray() : takeMessage(bytes);
    }

    void answer(const QByteArray &text)
    {
        m_proxy.countFault();
        m_client->write(text);
    }

    void spoil(const QByteArray &whole)
    {
        const qsizetype head = whole.indexOf("\r\n\r\n") + 4;
        const QByteArray body = whole.mid(head);
        if (m_proxy.fault() == Fault::Truncated) {
            answer(message("200 OK", "application/json", body.left(body.size() / 2)));
        } else if (m_proxy.fault() == Fault::CutOff) {
            answer(whole.left(head + body.size() / 2));
            m_over = true;
            m_client->disconnectFromHost();
            m_server.abort();
        } else {
            m_client->write(whole);
        }
    }

    void moveRealtime()
    {
        if (m_proxy.fault() == Fault::Portal) {
            if (!takeMessage(m_fromClient).isEmpty()) {
                answer(message("200 OK", "text/html", "<html><body>Welcome to the hotel. Sign in.</body></html>"));
                m_client->disconnectFromHost();
            }
            return;
        }
        if (m_server.state() == QAbstractSocket::ConnectedState)
            m_server.write(std::exchange(m_fromClient, {}));
        if (!m_upgraded) {
            const QByteArray head = takeMessage(m_fromServer);
            m_upgraded = !head.isEmpty();
            m_client->write(head);
        }
        while (m_upgraded) {
            const QByteArray frame = takeFrame(m_fromServer);
            if (frame.isEmpty())
                break;
            pass(frame);
        }
        if (!m_held.isEmpty() && m_proxy.fault() != Fault::Reorder)
            m_client->write(std::exchange(m_held, {}));
    }

    void pass(const QByteArray &frame)
    {
        const bool isData = frame.contains("\"type\":\"data\"");
        if (isData && m_proxy.fault() == Fault::Duplicate) {
            m_proxy.countFault();
            m_client->write(frame + frame);
        } else if (isData && m_proxy.fault() == Fault::Reorder && m_held.isEmpty()) {
            m_held = frame;
        } else if (isData && !m_held.isEmpty()) {
            m_proxy.countFault();
            m_client->write(frame + std::exchange(m_held, {}));
        } else {
            m_client->write(frame);
        }
    }

    enum class Kind { Unknown, Http, Realtime };

    FaultProxy &m_proxy;
    std::unique_ptr<QTcpSocket> m_client;
    QTcpSocket m_server;
    QByteArray m_fromClient;
    QByteArray m_fromServer;
    QByteArray m_held;                  // a frame that waits for the one it changes places with
    Kind m_kind = Kind::Unknown;
    bool m_upgraded = false;
    bool m_dead = false;                // for ever
    bool m_over = false;
    bool m_moving = false;
};

FaultProxy::FaultProxy(quint16 server) : m_server(server)
{
    if (!m_listener.listen(QHostAddress::LocalHost))
        qFatal("The proxy cannot listen");
    QObject::connect(&m_listener, &QTcpServer::newConnection, &m_listener, [this] { accept(); });
}

FaultProxy::~FaultProxy() = default;

QUrl FaultProxy::url() const
{
    return QUrl(QStringLiteral("http://127.0.0.1:%1/graphql").arg(m_listener.serverPort()));
}

void FaultProxy::begin(Fault fault)
{
    if (fault != Fault::None)
        m_faults = 0;
    m_fault = fault;
    for (const auto &line : m_lines) {
        if (!line->isOver())
            line->begin(fault);
    }
}

void FaultProxy::accept()
{
    while (QTcpSocket *client = m_listener.nextPendingConnection()) {
        ++m_connections;
        client->setParent(nullptr);
        m_lines.push_back(std::make_unique<FaultyLine>(*this, client, m_server));
        if (m_fault == Fault::Reset)
            m_lines.back()->breakOff();
        else if (m_fault == Fault::HalfOpen)
            m_lines.back()->begin(Fault::HalfOpen);
        if (m_fault == Fault::HalfOpen || m_fault == Fault::Stall)
            ++m_faults;
    }
}

} // namespace TidelineTest
