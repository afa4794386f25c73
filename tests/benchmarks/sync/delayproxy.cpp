// SPDX-License-Identifier: MIT
#include "delayproxy.h"

#include <QtCore/QTimer>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>

namespace TidelineBench {

// The bytes of one direction.
static void passOn(QTcpSocket *from, QTcpSocket *to, int delay)
{
    const auto later = [to, delay](const auto &job) { QTimer::singleShot(delay, Qt::PreciseTimer, to, job); };
    QObject::connect(from, &QTcpSocket::readyRead, to, [from, to, later] {
        later([bytes = from->readAll(), to] { to->write(bytes); });
    });
    QObject::connect(from, &QTcpSocket::disconnected, to, [to, later] {
        later([to] { to->disconnectFromHost(); });
    });
}

static void accept(QTcpServer &listener, const QUrl &server, int delay)
{
    while (QTcpSocket *client = listener.nextPendingConnection()) {
        auto *line = new QTcpSocket(client);
        for (QTcpSocket *socket : {client, line})
            socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        passOn(client, line, delay);
        passOn(line, client, delay);
        line->connectToHost(server.host(), quint16(server.port()));
    }
}

DelayProxy::DelayProxy(const QUrl &server, int delay) : m_url(server)
{
    auto *listener = new QTcpServer;
    if (!listener->listen(QHostAddress::LocalHost))
        qFatal("The proxy cannot listen");
    m_url.setPort(listener->serverPort());
    QObject::connect(listener, &QTcpServer::newConnection, listener, [listener, server, delay] { accept(*listener, server, delay); });
    listener->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, listener, &QObject::deleteLater);
    m_thread.start();
}

DelayProxy::~DelayProxy()
{
    m_thread.quit();
    m_thread.wait();
}

} // namespace TidelineBench
