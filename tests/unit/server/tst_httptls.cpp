// SPDX-License-Identifier: MIT
#include "httpfakes.h"
#include "realtimeclient.h"

#include "server/http/certificate.h"

#include <QtCore/QTemporaryDir>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QSslConfiguration>
#include <QtNetwork/QSslSocket>
#include <QtWebSockets/QWebSocket>
#include <QtWebSockets/QWebSocketHandshakeOptions>

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Tideline::Server::Fakes;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// The same port, encrypted: plain clients, TLS clients that check the certificate, and noise.
class tst_HttpTls : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void answersOverTls_data();
    void answersOverTls();
    void answersPlainOnTheSamePort();
    void carriesLargeBodies();
    void keepsConnectionsAlive();
    void upgradesToRealtime();
    void messagesThatWaitLeaveTogether();
    void endsBrokenHandshakes_data();
    void endsBrokenHandshakes();
    void endsTlsWithoutCertificate();
    void endsReceiversThatStopReading();

private:
    [[nodiscard]] QSslConfiguration trusting() const;
    [[nodiscard]] HttpOptions options() const
    {
        return {.certificate = m_certificate.certificate, .privateKey = m_certificate.privateKey};
    }

    Certificate m_certificate;
    const KeyAuthorizer m_authorizer{};
    std::unique_ptr<Service> m_service;
    std::unique_ptr<HttpServer> m_server;
    quint16 m_port = 0;
};

void tst_HttpTls::initTestCase()
{
    QVERIFY(QSslSocket::supportsSsl());
    const QTemporaryDir folder;
    const auto made = developmentCertificate(folder.filePath(u"c.pem"_s), folder.filePath(u"k.pem"_s),
                                             QDateTime::currentDateTimeUtc());
    QVERIFY(made);
    m_certificate = *made;
}

void tst_HttpTls::init()
{
    m_service = std::make_unique<Service>();
    m_server = std::make_unique<HttpServer>(*m_service, m_authorizer, options());
    m_port = m_server->start().valueOr(0);
    QVERIFY(m_port != 0);
}

void tst_HttpTls::cleanup()
{
    m_server.reset();
}

QSslConfiguration tst_HttpTls::trusting() const
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates({QSslCertificate(m_certificate.certificate)});
    return configuration;
}

void tst_HttpTls::answersOverTls_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QSsl::SslProtocol>("protocol");
    QTest::newRow("TLS 1.3 by address") << u"127.0.0.1"_s << QSsl::TlsV1_3;
    QTest::newRow("TLS 1.2 by address") << u"127.0.0.1"_s << QSsl::TlsV1_2;
    QTest::newRow("by name") << u"localhost"_s << QSsl::TlsV1_3OrLater;
}

void tst_HttpTls::answersOverTls()
{
    QFETCH(QString, host);
    QFETCH(QSsl::SslProtocol, protocol);
    QNetworkAccessManager manager;
    QNetworkRequest request(QUrl(u"https://%1:%2/graphql"_s.arg(host).arg(m_port)));
    QSslConfiguration configuration = trusting();
    configuration.setProtocol(protocol);
    request.setSslConfiguration(configuration);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("x-api-key", goodKey);
    const std::unique_ptr<QNetworkReply> reply(manager.post(request, R"({"query":"{a}"})"));
    QTRY_VERIFY(reply->isFinished());
    QVERIFY2(reply->error() == QNetworkReply::NoError, qPrintable(reply->errorString()));
    QVERIFY(reply->readAll().contains("{a}"));
}

void tst_HttpTls::answersPlainOnTheSamePort()
{
    RawClient client(m_port);
    client.send(post(R"({"query":"{a}"})"));
    QCOMPARE(client.answer().value_or(Answer()).status, 200);
}

void tst_HttpTls::carriesLargeBodies()
{
    QNetworkAccessManager manager;
    QNetworkRequest request(QUrl(u"https://127.0.0.1:%1/graphql"_s.arg(m_port)));
    request.setSslConfiguration(trusting());
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("x-api-key", goodKey);
    const QByteArray text(900'000, 'x');
    const std::unique_ptr<QNetworkReply> reply(manager.post(request, R"({"query":"{)" + text + R"(}"})"));
    QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 30'000);
    QVERIFY(reply->readAll().contains('{' + text + '}'));
}

void tst_HttpTls::keepsConnectionsAlive()
{
    QSslSocket socket;
    socket.setSslConfiguration(trusting());
    QByteArray received;
    connect(&socket, &QSslSocket::readyRead, this, [&] { received += socket.readAll(); });
    socket.connectToHostEncrypted(u"127.0.0.1"_s, m_port);
    QTRY_VERIFY(socket.isEncrypted());
    for (int i = 0; i < 10; ++i) {
        socket.write(post(R"({"query":"{a}"})") + post(R"({"query":"{b}"})"));
        std::optional<Answer> a, b;
        QTRY_VERIFY(a || (a = takeAnswer(received)));
        QTRY_VERIFY(b || (b = takeAnswer(received)));
        QVERIFY(a->body.contains("{a}") && b->body.contains("{b}"));
    }
    QCOMPARE(m_server->statistics().connections, 1);
    socket.disconnectFromHost();
    QTRY_COMPARE(m_server->statistics().connections, 0);
}

void tst_HttpTls::upgradesToRealtime()
{
    QWebSocket socket;
    socket.setSslConfiguration(trusting());
    QStringList messages;
    connect(&socket, &QWebSocket::textMessageReceived, this, [&](const QString &text) { messages.append(text); });
    QWebSocketHandshakeOptions handshake;
    handshake.setSubprotocols({u"graphql-ws"_s});
    QNetworkRequest request(QUrl(u"wss://127.0.0.1:%1/graphql/realtime"_s.arg(m_port)));
    request.setRawHeader("x-api-key", goodKey);
    socket.open(request, handshake);
    QTRY_COMPARE(socket.state(), QAbstractSocket::ConnectedState);
    socket.sendTextMessage(u"{\"type\":\"connection_init\"}"_s);
    QTRY_COMPARE(messages.size(), 2);
    socket.sendTextMessage(uR"({"type":"start","id":"1","payload":{"data":"{\"query\":\"subscription {a}\"}"}})"_s);
    QTRY_COMPARE(messages.size(), 3);
    const QByteArray payload = "{\"data\":\"" + QByteArray(300'000, 'x') + "\"}";
    for (int i = 0; i < 20; ++i) {
        m_service->publish(payload);
        QTRY_COMPARE(messages.size(), 4 + i);       // a receiver that keeps up
    }
    QCOMPARE(messages.constLast(), QString::fromLatin1("{\"type\":\"data\",\"id\":\"1\",\"payload\":" + payload + "}"));
    socket.close();
    QTRY_COMPARE(m_server->statistics().connections, 0);
    QCOMPARE(m_service->receivers(), 0);
}

static int segmentsTo(qintptr descriptor)
{
    tcp_info info{};
    socklen_t size = sizeof(info);
    return ::getsockopt(int(descriptor), IPPROTO_TCP, TCP_INFO, &info, &size) == 0 ? int(info.tcpi_data_segs_in) : -1;
}

void tst_HttpTls::messagesThatWaitLeaveTogether()
{
    m_service->early = 400;
    QSslSocket socket;
    socket.setSslConfiguration(trusting());
    socket.connectToHostEncrypted(u"127.0.0.1"_s, m_port);
    QTRY_VERIFY(socket.isEncrypted());
    socket.write(upgrade());
    QByteArray bytes;
    QTRY_VERIFY((bytes += socket.readAll()).contains("\r\n\r\n"));
    bytes.remove(0, bytes.indexOf("\r\n\r\n") + 4);
    int messages = 0;
    const auto take = [&] {
        for (bytes += socket.readAll(); takeFrame(bytes);)
            ++messages;
        return messages;
    };
    socket.write(frame(1, initMessage));
    QTRY_COMPARE(take(), 2);
    const int before = segmentsTo(socket.socketDescriptor());
    QVERIFY(before > 0);
    socket.write(frame(1, QByteArray(startMessage).replace("{a}", "{early}")));
    QTRY_COMPARE(take(), 2 + 1 + m_service->early);
    const int segments = segmentsTo(socket.socketDescriptor()) - before;
    QVERIFY2(segments < 10, qPrintable(QString::number(segments)));
}

void tst_HttpTls::endsBrokenHandshakes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("a record of noise") << QByteArray("\x16\x03\x01\x00\x05hello", 10);
    QTest::newRow("a wrong version") << QByteArray("\x16\x09\x09\x00\x02\x01\x00", 7);
    QTest::newRow("the byte alone, then HTTP") << QByteArray("\x16GET / HTTP/1.1\r\n\r\n");
    QTest::newRow("an SSL 2 hello") << QByteArray("\x80\x2e\x01\x00\x02", 5) + QByteArray(60, 'x') + "\r\n\r\n";
}

void tst_HttpTls::endsBrokenHandshakes()
{
    QFETCH(QByteArray, bytes);
    RawClient client(m_port);
    client.send(bytes);
    QTRY_VERIFY(client.isClosed());
    QTRY_COMPARE(m_server->statistics().connections, 0);
}

void tst_HttpTls::endsTlsWithoutCertificate()
{
    HttpServer plain(*m_service, m_authorizer);
    QSslSocket socket;
    socket.connectToHostEncrypted(u"127.0.0.1"_s, plain.start().valueOr(0));
    QTRY_COMPARE(socket.state(), QAbstractSocket::UnconnectedState);
    QVERIFY(!socket.isEncrypted());
}

void tst_HttpTls::endsReceiversThatStopReading()
{
    m_service->answer = "{\"data\":\"" + QByteArray(32 * 1024 * 1024, 'x') + "\"}";
    HttpOptions impatient = options();
    impatient.writeTimeout = 100ms;
    impatient.sendBufferBytes = 64 * 1024;
    HttpServer server(*m_service, m_authorizer, impatient);
    QSslSocket socket;
    socket.setSslConfiguration(trusting());
    socket.setReadBufferSize(1024);
    socket.connectToHostEncrypted(u"127.0.0.1"_s, server.start().valueOr(0));
    QTRY_VERIFY(socket.isEncrypted());
    socket.write(post(R"({"query":"{a}"})"));
    QTRY_COMPARE(server.statistics().requests, 1);
    QTRY_COMPARE(server.statistics().connections, 0);
}

QTEST_GUILESS_MAIN(tst_HttpTls)
#include "tst_httptls.moc"
