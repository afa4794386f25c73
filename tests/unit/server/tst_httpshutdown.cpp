// SPDX-License-Identifier: MIT
#include "realtimeclient.h"

#include <QtCore/QProcess>

#include <array>
#include <atomic>
#include <thread>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Tideline::Server::Fakes;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_HttpShutdown : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finishesRequestsThatHaveBegun();
    void endsIdleConnections();
    void takesNoNewConnections();
    void leavesNothingToChildren();
    void tellsRealtimeClientsToComeBack();
    void tellsClientsInAnyPhaseToComeBack_data();
    void tellsClientsInAnyPhaseToComeBack();
    void dropsReceiversThatDoNotRead();
    void abortsAtTheDeadline();
    void answersAProbeThatConnectedBeforeTheDrain();
    void waitsForNobodyAtTheAdminPort();
    void ignoresAnswersAfterTheEnd();
    void survivesTrafficWhileStopping();
};

void tst_HttpShutdown::finishesRequestsThatHaveBegun()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    const quint16 port = server.start().valueOr(0);
    RawClient client(port);
    client.send(post(R"({"query":"{hold}"})"));
    QTRY_COMPARE(service.held(), 1);
    const Stopping stopping(server, 60s);
    RawClient probe(port);
    QTRY_VERIFY(probe.isClosed());
    QVERIFY(!stopping.isDone());
    service.release();
    const auto answer = client.answer();
    QVERIFY(answer);
    QVERIFY(answer->body.contains("held"));
    client.socket.disconnectFromHost();
    QTRY_VERIFY(stopping.isDone());
}

void tst_HttpShutdown::endsIdleConnections()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    const quint16 port = server.start().valueOr(0);
    RawClient used(port);
    used.send("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n");
    QVERIFY(used.answer());
    RawClient fresh(port);
    QTRY_COMPARE(server.statistics().connections, 2);
    const Stopping stopping(server, 60s);
    QTRY_VERIFY(stopping.isDone());
    QTRY_VERIFY(used.isClosed() && fresh.isClosed());
}

void tst_HttpShutdown::takesNoNewConnections()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    const quint16 port = server.start().valueOr(0);
    server.stop(0ms);
    RawClient late(port);
    QTRY_COMPARE(late.socket.error(), QAbstractSocket::ConnectionRefusedError);
}

void tst_HttpShutdown::leavesNothingToChildren()
{
#if defined(__has_feature)
#  if __has_feature(thread_sanitizer)
    QSKIP("The thread sanitizer ends a process with threads that makes another one.");
#  endif
#endif
    Service service;
    const KeyAuthorizer authorizer;
    QProcess child;
    HttpOptions options;
    {
        HttpServer server(service, authorizer);
        options.port = server.start().valueOr(0);
        RawClient client(options.port);
        client.send("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n");
        QVERIFY(client.answer());
        child.start(u"cat"_s);                          // lives until its input ends
        QVERIFY(child.waitForStarted());
        server.stop(0ms);
        QTRY_VERIFY(client.isClosed());
    }
    HttpServer again(service, authorizer, options);
    const Result<quint16> port = again.start();
    QVERIFY2(port, qPrintable(port ? QString() : port.error().message()));
    child.closeWriteChannel();
    QVERIFY(child.waitForFinished());
}

void tst_HttpShutdown::tellsRealtimeClientsToComeBack()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    RawClient client(server.start().valueOr(0));        // QWebSocket reports 1012 as 1002
    client.send(upgrade() + frame(1, initMessage) + frame(1, startMessage));
    QCOMPARE(client.answer().value_or(Answer()).status, 101);
    const auto next = [&client] {
        std::optional<Frame> taken;
        [&] { QTRY_VERIFY(taken || (taken = takeFrame(client.received))); }();
        return taken.value_or(Frame());
    };
    for (int i = 0; i < 3; ++i)
        QCOMPARE(next().opcode, 1);
    const Stopping stopping(server, 60s);
    const Frame last = next();
    QCOMPARE(last.opcode, 8);
    QCOMPARE(last.closeCode(), 1012);
    client.socket.disconnectFromHost();
    QTRY_VERIFY(stopping.isDone());
    QCOMPARE(service.receivers(), 0);
}

// 1000 and 1001 would be the end for Swift clients; all kinds come back after 1012 (section 3.4 of the protocol).
void tst_HttpShutdown::tellsClientsInAnyPhaseToComeBack_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<qsizetype>("answers");
    QTest::newRow("before connection_init") << QByteArray() << qsizetype(0);
    QTest::newRow("without subscriptions") << frame(1, initMessage) << qsizetype(2);
    QTest::newRow("with a subscription") << frame(1, initMessage) + frame(1, startMessage) << qsizetype(3);
    QTest::newRow("in the middle of a message") << frame(1, initMessage) + frame(1, startMessage).chopped(1) << qsizetype(2);
}

void tst_HttpShutdown::tellsClientsInAnyPhaseToComeBack()
{
    QFETCH(const QByteArray, sent);
    QFETCH(const qsizetype, answers);
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    RawClient client(server.start().valueOr(0));
    client.send(upgrade() + sent);
    QCOMPARE(client.answer().value_or(Answer()).status, 101);
    std::vector<Frame> frames;
    const auto take = [&] {
        while (const auto frame = takeFrame(client.received))
            frames.push_back(*frame);
        return qsizetype(frames.size());
    };
    QTRY_COMPARE(take(), answers);
    QTRY_COMPARE(server.statistics().realtimeConnections, 1);
    const Stopping stopping(server, 60s);
    QTRY_COMPARE(take(), answers + 1);
    QCOMPARE(frames.back().opcode, 8);
    QCOMPARE(frames.back().closeCode(), 1012);
    client.socket.disconnectFromHost();
    QTRY_VERIFY(stopping.isDone());
}

void tst_HttpShutdown::dropsReceiversThatDoNotRead()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.closeTimeout = 100ms, .sendBufferBytes = 64 * 1024});
    QTcpSocket deaf;
    deaf.setReadBufferSize(256);
    deaf.connectToHost(u"127.0.0.1"_s, server.start().valueOr(0));
    deaf.write(upgrade() + frame(1, initMessage) + frame(1, startMessage));
    QTRY_COMPARE(service.receivers(), 1);
    service.publish("{\"data\":\"" + QByteArray(32 * 1024 * 1024, 'x') + "\"}");
    const Stopping stopping(server, 60s);               // its message is never taken, so no close frame can follow
    QTRY_VERIFY(stopping.isDone());
    QCOMPARE(service.receivers(), 0);
}

void tst_HttpShutdown::abortsAtTheDeadline()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    RawClient client(server.start().valueOr(0));
    client.send(post(R"({"query":"{hold}"})"));
    QTRY_COMPARE(service.held(), 1);
    server.stop(10ms);
    QTRY_VERIFY(client.isClosed());
    QCOMPARE(client.received, QByteArray());
}

// Who asks again and again how the server is would keep it from its end.
void tst_HttpShutdown::answersAProbeThatConnectedBeforeTheDrain()
{
    Service service;
    const KeyAuthorizer authorizer;
    const auto metrics = std::make_shared<Metrics>();
    HttpServer server(service, authorizer, {.adminPort = quint16(0), .metrics = metrics});
    RawClient client(server.start().valueOr(0));
    client.send(post(R"({"query":"{hold}"})"));
    QTRY_COMPARE(service.held(), 1);
    const quint16 adminPort = server.adminPort();
    RawClient probe(adminPort);
    RawClient late(adminPort);
    QTRY_COMPARE(metrics->connections.value(), 3);
    const Stopping stopping(server, 60s);
    const auto release = qScopeGuard([&service] { service.release(); });
    QTRY_VERIFY([adminPort] {
        RawClient other(adminPort);
        other.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n");
        return other.answer().value_or(Answer()).status == 503;
    }());
    probe.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n");
    QCOMPARE(probe.answer().value_or(Answer()).status, 503);
    service.release();
    QVERIFY(client.answer());
    client.socket.disconnectFromHost();
    QTRY_VERIFY(stopping.isDone());
    QTRY_VERIFY(late.isClosed());
}

void tst_HttpShutdown::waitsForNobodyAtTheAdminPort()
{
    Service service;
    const KeyAuthorizer authorizer;
    const auto metrics = std::make_shared<Metrics>();
    HttpServer server(service, authorizer, {.adminPort = quint16(0), .headerTimeout = 60s, .metrics = metrics});
    RawClient client(server.start().valueOr(0));
    client.send(post(R"({"query":"{hold}"})"));
    QTRY_COMPARE(service.held(), 1);
    const quint16 adminPort = server.adminPort();
    const Stopping stopping(server, 60s);
    const auto release = qScopeGuard([&service] { service.release(); });
    QTRY_VERIFY([adminPort] {               // the drain has begun
        RawClient probe(adminPort);
        probe.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n");
        return probe.answer().value_or(Answer()).status == 503;
    }());
    RawClient silent(adminPort);
    QTRY_COMPARE(metrics->connections.value(), 2);
    service.release();
    QVERIFY(client.answer());
    client.socket.disconnectFromHost();
    QTRY_VERIFY(stopping.isDone());
    QTRY_VERIFY(silent.isClosed());
}

void tst_HttpShutdown::ignoresAnswersAfterTheEnd()
{
    Service service;
    const KeyAuthorizer authorizer;
    {
        HttpServer server(service, authorizer);
        RawClient client(server.start().valueOr(0));
        client.send(post(R"({"query":"{hold}"})"));
        QTRY_COMPARE(service.held(), 1);
    }
    service.release();
}

void tst_HttpShutdown::survivesTrafficWhileStopping()
{
    for (int round = 0; round < 10; ++round) {
        Service service;
        const KeyAuthorizer authorizer;
        HttpServer server(service, authorizer, {.threads = 4});
        const quint16 port = server.start().valueOr(0);
        std::atomic<bool> enough = false;
        std::thread publisher([&] {
            while (!enough)
                service.publish("{\"data\":{}}");
        });
        std::vector<std::unique_ptr<RawClient>> clients;
        const std::array requests{post(R"({"query":"{a}"})"), post(R"({"query":"{hold}"})"),
                                  upgrade() + frame(1, initMessage) + frame(1, startMessage)};
        for (std::size_t i = 0; i < 30; ++i) {
            clients.push_back(std::make_unique<RawClient>(port));
            clients.back()->send(requests[i % requests.size()]);
        }
        QTRY_VERIFY(service.held() == 10 && service.receivers() > 0);
        {
            const Stopping stopping(server, 20ms);
            service.release();
            QTRY_VERIFY(stopping.isDone());
        }
        enough = true;
        publisher.join();
        QCOMPARE(service.receivers(), 0);
    }
}

QTEST_GUILESS_MAIN(tst_HttpShutdown)
#include "tst_httpshutdown.moc"
