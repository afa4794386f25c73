// SPDX-License-Identifier: MIT
#include "client/appsync/loopbackredirect_p.h"

#include "client/appsync/appsynctext_p.h"

#include <QtNetwork/QTcpSocket>

using namespace Qt::StringLiterals;

namespace Tideline {

namespace {

constexpr qint64 visitDeadline = 10'000;        // ms for a whole request
constexpr qsizetype longestRequest = 16 * 1024; // bytes of line and headers
constexpr qsizetype mostVisitors = 8;
const QByteArray callbackPath = "/callback";

QByteArray headerOf(const QByteArray &request, const QByteArray &name)
{
    const QList<QByteArray> lines = request.split('\n');
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.first(colon).trimmed().toLower() == name)
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

} // namespace

LoopbackRedirect::LoopbackRedirect(Scheduler &scheduler, Judge judge) : m_scheduler(scheduler), m_judge(std::move(judge))
{
    m_server.setMaxPendingConnections(int(mostVisitors));
    connect(&m_server, &QTcpServer::newConnection, this, &LoopbackRedirect::admit);
}

LoopbackRedirect::~LoopbackRedirect()
{
    const QList<QTcpSocket *> sockets = m_visitors.keys();
    for (QTcpSocket *socket : sockets) {
        socket->disconnect(this);
        socket->flush();                        // the page that says so
        dismiss(socket);
    }
}

Result<QUrl> LoopbackRedirect::listen()
{
    if (!m_server.listen(QHostAddress::LocalHost, 0))
        return Error(Error::Code::Network, AppSyncText::tr("The sign-in cannot wait for the browser: %1").arg(m_server.errorString()));
    return QUrl(u"http://127.0.0.1:%1"_s.arg(m_server.serverPort()) + QString::fromLatin1(callbackPath));
}

void LoopbackRedirect::admit()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] { dismiss(socket); });
        if (m_visitors.size() >= mostVisitors) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(socket); });
        m_visitors[socket].deadline = m_scheduler.startTimer(visitDeadline, [this, socket] { dismiss(socket); });
        read(socket);
    }
}

void LoopbackRedirect::read(QTcpSocket *socket)
{
    const auto visitor = m_visitors.find(socket);
    if (visitor == m_visitors.end())
        return;
    visitor->received += socket->read(longestRequest + 1 - visitor->received.size());
    const qsizetype end = visitor->received.indexOf("\r\n\r\n");
    if (end >= 0)
        answer(socket, visitor->received.first(end));
    else if (visitor->received.size() > longestRequest)
        reply(socket, "431 Request Header Fields Too Large", AppSyncText::tr("This is no answer to a sign-in."));
}

void LoopbackRedirect::answer(QTcpSocket *socket, const QByteArray &request)
{
    const QList<QByteArray> line = request.left(request.indexOf("\r\n")).split(' ');
    const QByteArray target = line.value(1);
    const qsizetype question = target.indexOf('?');
    const QByteArray host = "127.0.0.1:" + QByteArray::number(m_server.serverPort());
    const bool isOurs = line.size() == 3 && line[0] == "GET" && line[2].startsWith("HTTP/1.") && (question < 0 ? target : target.first(question)) == callbackPath
        && headerOf(request, "host") == host;
    if (!isOurs)
        return reply(socket, "404 Not Found", AppSyncText::tr("This is no answer to a sign-in."));
    QByteArray query = target.mid(question + 1);
    query.replace('+', "%20");
    const Page page = m_judge(QUrlQuery(QString::fromLatin1(question < 0 ? QByteArray() : query)));
    reply(socket, page.awaited ? "200 OK" : "400 Bad Request", page.text);
}

void LoopbackRedirect::reply(QTcpSocket *socket, const QByteArray &status, const QString &text)
{
    const QByteArray body = u"<!DOCTYPE html><meta charset=\"utf-8\"><title>%1</title><p>%1</p>"_s.arg(text.toHtmlEscaped()).toUtf8();
    socket->write("HTTP/1.1 " + status
                  + "\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Length: "
                  + QByteArray::number(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
    disconnect(socket, &QTcpSocket::readyRead, this, nullptr);         // whatever else it says
    socket->disconnectFromHost();
}

void LoopbackRedirect::dismiss(QTcpSocket *socket)
{
    const auto visitor = m_visitors.find(socket);
    if (visitor == m_visitors.end())
        return;
    m_scheduler.cancelTimer(visitor->deadline);
    m_visitors.erase(visitor);
    socket->disconnectFromHost();
    socket->deleteLater();
}

} // namespace Tideline
