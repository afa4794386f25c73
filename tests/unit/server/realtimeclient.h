// SPDX-License-Identifier: MIT
#pragma once

#include "httpfakes.h"

#include <QtCore/QtEndian>
#include <QtWebSockets/QWebSocket>
#include <QtWebSockets/QWebSocketHandshakeOptions>

namespace Tideline::Server::Fakes {

// QWebSocket with what a DataStore client sends.
class RealtimeClient
{
public:
    struct How
    {
        QStringList protocols = {QStringLiteral("graphql-ws")};
        QString query = {};
        QByteArray key = goodKey;       // as a header; empty: none
        QByteArray forwardedFor = {};   // by a proxy
    };

    RealtimeClient() { watch(); }
    explicit RealtimeClient(quint16 port) : RealtimeClient(port, How()) { }
    RealtimeClient(quint16 port, const How &how)
    {
        watch();
        QWebSocketHandshakeOptions handshake;
        handshake.setSubprotocols(how.protocols);
        QNetworkRequest request(QUrl(QStringLiteral("ws://127.0.0.1:%1/graphql/realtime%2").arg(port).arg(how.query)));
        if (!how.key.isEmpty())
            request.setRawHeader("x-api-key", how.key);
        if (!how.forwardedFor.isEmpty())
            request.setRawHeader("X-Forwarded-For", how.forwardedFor);
        socket.open(request, handshake);
    }

    void send(const QString &text) { socket.sendTextMessage(text); }
    void init() { send(QStringLiteral("{\"type\":\"connection_init\"}")); }
    void stop(const QString &id) { send(QStringLiteral("{\"type\":\"stop\",\"id\":\"%1\"}").arg(id)); }
    void start(const QString &id, const QString &document, const QByteArray &key = goodKey)
    {
        const QJsonObject data{{QStringLiteral("query"), document}};
        QJsonObject payload{
            {QStringLiteral("data"), QString::fromUtf8(QJsonDocument(data).toJson(QJsonDocument::Compact))}};
        if (!key.isEmpty()) {
            const QJsonObject authorization{{QStringLiteral("host"), QStringLiteral("localhost")},
                                            {QStringLiteral("x-api-key"), QString::fromLatin1(key)}};
            payload.insert(QStringLiteral("extensions"), QJsonObject{{QStringLiteral("authorization"), authorization}});
        }
        send(QString::fromUtf8(QJsonDocument(QJsonObject{{QStringLiteral("type"), QStringLiteral("start")},
                                                         {QStringLiteral("id"), id},
                                                         {QStringLiteral("payload"), payload}})
                                   .toJson(QJsonDocument::Compact)));
    }

    [[nodiscard]] bool isOpen() const { return socket.state() == QAbstractSocket::ConnectedState; }
    [[nodiscard]] bool isClosed() const { return socket.state() == QAbstractSocket::UnconnectedState; }
    // Takes the messages that came so far.
    QStringList take() { return std::exchange(messages, {}); }

    QWebSocket socket;
    QStringList messages;

private:
    void watch()
    {
        QObject::connect(&socket, &QWebSocket::textMessageReceived, &socket,
                         [this](const QString &text) { messages.append(text); });
    }
};

// Bytes of one masked client frame.
inline QByteArray frame(int opcode, const QByteArray &payload, bool last = true)
{
    QByteArray bytes;
    bytes.append(char((last ? 0x80 : 0) | opcode));
    if (payload.size() < 126) {
        bytes.append(char(0x80 | payload.size()));
    } else if (payload.size() < 65536) {
        bytes.append(char(0x80 | 126));
        bytes.append(char(payload.size() >> 8));
        bytes.append(char(payload.size()));
    } else {
        bytes.append(char(0x80 | 127));
        for (int shift = 56; shift >= 0; shift -= 8)
            bytes.append(char(quint64(payload.size()) >> shift));
    }
    return bytes + QByteArray(4, '\0') + payload;       // a mask of zeros
}

struct Frame
{
    int opcode = 0;
    QByteArray payload;
    // Of a close frame.
    [[nodiscard]] int closeCode() const { return payload.size() < 2 ? 0 : qFromBigEndian<quint16>(payload.constData()); }
};

// Takes one complete server frame from the front of `bytes`.
inline std::optional<Frame> takeFrame(QByteArray &bytes)
{
    if (bytes.size() < 2)
        return std::nullopt;
    quint64 size = quint8(bytes[1]) & 0x7f;
    qsizetype head = 2;
    if (size >= 126) {
        head = size == 126 ? 4 : 10;
        if (bytes.size() < head)
            return std::nullopt;
        size = head == 4 ? qFromBigEndian<quint16>(bytes.constData() + 2) : qFromBigEndian<quint64>(bytes.constData() + 2);
    }
    if (quint64(bytes.size() - head) < size)
        return std::nullopt;
    const Frame frame{quint8(bytes[0]) & 0x0f, bytes.mid(head, qsizetype(size))};
    bytes.remove(0, head + qsizetype(size));
    return frame;
}

inline QByteArray upgrade(const QByteArray &headers = {})
{
    return "GET /graphql/realtime HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           "Sec-WebSocket-Protocol: graphql-ws\r\nx-api-key: "
        + goodKey + "\r\n" + headers + "\r\n";
}

inline const QByteArray initMessage = R"({"type":"connection_init"})";
inline const QByteArray startMessage = R"({"type":"start","id":"1","payload":{"data":"{\"query\":\"subscription {a}\"}"}})";

} // namespace Tideline::Server::Fakes
