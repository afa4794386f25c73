// SPDX-License-Identifier: MIT
#include "erp.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonDocument>
#include <QtCore/QMessageAuthenticationCode>
#include <QtNetwork/QTcpSocket>

using namespace Qt::StringLiterals;

static constexpr qint64 SignatureSeconds = 300;     // what is older may be a recording
static constexpr qsizetype LargestRequest = 1024 * 1024;

Erp::Erp(const QByteArray &secret) : m_secret(secret)
{
    QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
        while (QTcpSocket *socket = m_server.nextPendingConnection()) {
            QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { read(socket); });
        }
    });
}

bool Erp::listen(quint16 port)
{
    return m_server.listen(QHostAddress::LocalHost, port);
}

void Erp::close()
{
    m_server.close();
    for (QTcpSocket *socket : m_server.findChildren<QTcpSocket *>())
        socket->abort();
}

static QByteArray headerOf(const QByteArray &head, const QByteArray &name)
{
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.first(colon).compare(name, Qt::CaseInsensitive) == 0)
            return line.sliced(colon + 1).trimmed();
    }
    return {};
}

// One request per connection.
void Erp::read(QTcpSocket *socket)
{
    const QByteArray request = socket->peek(LargestRequest);
    const qsizetype end = request.indexOf("\r\n\r\n");
    const QByteArray head = request.first(std::max<qsizetype>(0, end));
    if (end < 0 || request.size() < end + 4 + headerOf(head, "content-length").toLongLong())
        return;
    socket->disconnect(SIGNAL(readyRead()));
    const QByteArray body = request.sliced(end + 4);
    const bool genuine = isGenuine(headerOf(head, "x-tideline-signature"), body);
    if (genuine)
        take(QJsonDocument::fromJson(body).object(), headerOf(head, "x-tideline-attempt").toInt());
    else
        ++m_refused;
    if (std::exchange(m_losesAnswer, false))
        return socket->abort();
    socket->write(genuine ? "HTTP/1.1 204 No Content\r\n" : "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n");
    socket->write("Connection: close\r\n\r\n");
    socket->disconnectFromHost();
}

bool Erp::isGenuine(const QByteArray &signature, const QByteArray &body) const
{
    const QByteArrayList parts = signature.split(',');
    const QByteArray time = parts.value(0).mid(2);
    const QByteArray expected = QMessageAuthenticationCode::hash(time + '.' + body, m_secret, QCryptographicHash::Sha256).toHex();
    const bool isFresh = qAbs(QDateTime::currentSecsSinceEpoch() - time.toLongLong()) <= SignatureSeconds;
    return isFresh && parts.value(1) == "v1=" + expected;
}

void Erp::take(const QJsonObject &event, int attempt)
{
    m_known.insert(event["id"_L1].toString());
    if (attempt > 1)
        m_retried.insert(event["id"_L1].toString());
    const QJsonObject record = event["record"_L1].toObject();
    Count &count = m_counts[record["id"_L1].toString()];
    const qint64 sequence = event["sequence"_L1].toInteger();
    if (sequence <= count.sequence)
        return;
    count = {sequence, {record["barcode"_L1].toString(), record["binName"_L1].toString()},
             event["deleted"_L1].toBool() ? 0 : record["quantity"_L1].toInteger()};
}

Erp::Levels Erp::levels() const
{
    Levels levels;
    for (const Count &count : m_counts) {
        if (count.quantity != 0)
            levels[count.place] += count.quantity;
    }
    return levels;
}
