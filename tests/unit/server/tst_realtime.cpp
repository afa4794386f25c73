// SPDX-License-Identifier: MIT
#include "realtimeclient.h"

#include <algorithm>
#include <thread>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Tideline::Server::Fakes;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(RealtimeClient::How)

class tst_Realtime : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_service = std::make_unique<Service>(); }
    void cleanup() { m_server.reset(); }

    void acceptsCredentials_data();
    void acceptsCredentials();
    void refusesCredentials_data();
    void refusesCredentials();
    void refusesBrokenUpgrades_data();
    void refusesBrokenUpgrades();
    void upgradesAKeptAliveConnection();
    void readsWhatCameWithTheUpgrade();
    void keepsAlive();
    void ignoresMessagesBeforeTheAck();
    void endsClientsThatNeverInit();
    void runsASubscription();
    void keepsSubscriptionsApart();
    void deliversAfterTheAcknowledgement();
    void ignoresUnknownStops();
    void acknowledgesTwoInits();
    void refusesStarts_data();
    void refusesStarts();
    void passesRefusalsOn();
    void authorizesEachSubscription();
    void limitsSubscriptions();
    void answersUnknownTypes_data();
    void answersUnknownTypes();
    void endsBrokenProtocol_data();
    void endsBrokenProtocol();
    void readsFragments();
    void unsubscribesWhenTheClientLeaves_data();
    void unsubscribesWhenTheClientLeaves();
    void cutsSlowReceiversOff();
    void cutsDeadReceiversOff();
    void servesManyReceivers();

private:
    quint16 start(HttpOptions options = {})
    {
        m_server = std::make_unique<HttpServer>(*m_service, m_authorizer, std::move(options));
        return m_server->start().valueOr(0);
    }
    // A client behind connection_ack and the first ka.
    std::unique_ptr<RealtimeClient> connected(quint16 port)
    {
        auto client = std::make_unique<RealtimeClient>(port);
        [&] {
            QTRY_VERIFY(client->isOpen());
            client->init();
            QTRY_COMPARE(client->messages.size(), 2);
        }();
        client->take();
        return client;
    }

    const KeyAuthorizer m_authorizer{};
    std::unique_ptr<Service> m_service;
    std::unique_ptr<HttpServer> m_server;
};

static const QString ack = uR"({"type":"connection_ack","payload":{"connectionTimeoutMs":300000}})"_s;
static const QString ka = uR"({"type":"ka"})"_s;

// ---- opening ----

static QByteArray encoded(const QByteArray &key, QByteArray::Base64Options options)
{
    return (R"({"host":"localhost:1","x-api-key":")" + key + R"(","x-amz-date":"20240101T120000Z"})").toBase64(options);
}

void tst_Realtime::acceptsCredentials_data()
{
    QTest::addColumn<RealtimeClient::How>("how");
    using How = RealtimeClient::How;
    constexpr auto url = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
    const QString protocol = u"graphql-ws"_s;
    const QString text = QString::fromLatin1(encoded(goodKey, QByteArray::Base64Encoding).toPercentEncoding());
    const QString plainText = QString::fromLatin1(encoded(goodKey, QByteArray::OmitTrailingEquals));
    const QString carrier = u"header-"_s + QString::fromLatin1(encoded(goodKey, url));
    QTest::newRow("in the request's headers") << How{};
    QTest::newRow("in the query string") << How{.query = u"?header="_s + text + u"&payload=e30%3D"_s, .key = {}};
    QTest::newRow("in the query string without padding") << How{.query = u"?payload=e30=&header="_s + plainText, .key = {}};
    QTest::newRow("in the sub-protocol") << How{.protocols = {protocol, carrier}, .key = {}};
    QTest::newRow("in the sub-protocol that comes first") << How{.protocols = {carrier, protocol}, .key = {}};
    QTest::newRow("in the sub-protocol with parameters of the app") << How{.protocols = {protocol, carrier}, .query = u"?x-app=1&payload=e30="_s, .key = {}};
}

void tst_Realtime::acceptsCredentials()
{
    QFETCH(RealtimeClient::How, how);
    RealtimeClient client(start(), how);
    QTRY_VERIFY(client.isOpen());
    QCOMPARE(client.socket.subprotocol(), u"graphql-ws"_s);
    client.init();
    QTRY_COMPARE(client.messages, QStringList({ack, ka}));
    QCOMPARE(m_server->statistics().realtimeConnections, 1);
}

void tst_Realtime::refusesCredentials_data()
{
    QTest::addColumn<RealtimeClient::How>("how");
    QTest::addColumn<bool>("says");
    QTest::addColumn<QString>("answer");
    using How = RealtimeClient::How;
    const QString unauthorized = uR"({"type":"connection_error","payload":{"errors":[{"errorType":"UnauthorizedException",)"
                                 uR"("message":"You are not authorized to make this call.","errorCode":401}]}})"_s;
    const QString noBase64 = uR"({"type":"connection_error","payload":{"errors":[{"errorType":"BadRequestException",)"
                             uR"("message":"The authorization header is not base64.","errorCode":400}]}})"_s;
    const QString noProtocol = uR"({"type":"connection_error","payload":{"errors":[{"errorType":"BadRequestException",)"
                               uR"("message":"NoProtocolError: the sub-protocol graphql-ws was not offered.","errorCode":400}]}})"_s;
    QTest::newRow("no key") << How{.key = {}} << true << unauthorized;
    QTest::newRow("a wrong key") << How{.key = "da2-bad"} << true << unauthorized;
    QTest::newRow("a wrong key, to a client that says nothing") << How{.key = "da2-bad"} << false << unauthorized;
    QTest::newRow("a wrong key in the query besides a good one")
        << How{.query = u"?header="_s + QString::fromLatin1(encoded("x", QByteArray::Base64Encoding).toPercentEncoding())}
        << true << unauthorized;
    QTest::newRow("no base64") << How{.query = u"?header=(("_s} << true << noBase64;
    QTest::newRow("no sub-protocol") << How{.protocols = {}} << true << noProtocol;
}

void tst_Realtime::refusesCredentials()
{
    QFETCH(RealtimeClient::How, how);
    QFETCH(bool, says);
    QFETCH(QString, answer);
    RealtimeClient client(start({.refusalDelay = says ? 60'000ms : 20ms}), how);
    if (says) {
        QTRY_VERIFY(client.isOpen());
        QCOMPARE(client.messages, QStringList());
        client.init();
    }
    QTRY_VERIFY(client.isClosed());
    QCOMPARE(client.messages, QStringList(answer));
    QCOMPARE(int(client.socket.closeCode()), 1000);
    QTRY_COMPARE(m_server->statistics().connections, 0);
}

void tst_Realtime::refusesBrokenUpgrades_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::newRow("no key") << upgrade().replace("Sec-WebSocket-Key", "X-Key") << 400;
    QTest::newRow("an old version") << upgrade().replace("Version: 13", "Version: 8") << 426;
    QTest::newRow("no version") << upgrade().replace("Sec-WebSocket-Version", "X-Version") << 400;
    QTest::newRow("no host") << upgrade().replace("Host: h\r\n", "") << 400;
    QTest::newRow("no connection header") << upgrade().replace("Connection: keep-alive, Upgrade\r\n", "") << 426;
    QTest::newRow("HTTP/1.0") << upgrade().replace("HTTP/1.1", "HTTP/1.0") << 426;
    QTest::newRow("by POST") << upgrade().replace("GET", "POST") << 405;
    QTest::newRow("elsewhere") << upgrade().replace("/graphql/realtime", "/realtime") << 404;
}

void tst_Realtime::refusesBrokenUpgrades()
{
    QFETCH(QByteArray, request);
    RawClient client(start());
    client.send(request);
    const auto answer = client.answer();
    QVERIFY(answer);
    QTEST(answer->status, "status");
    client.socket.disconnectFromHost();
    QTRY_COMPARE(m_server->statistics().connections, 0);
}

void tst_Realtime::upgradesAKeptAliveConnection()
{
    RawClient client(start());
    client.send(post(R"({"query":"{a}"})") + upgrade());
    QCOMPARE(client.answer().value_or(Answer()).status, 200);
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 101);
    QCOMPARE(answer->headers.value("sec-websocket-accept"), QByteArray("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    QCOMPARE(answer->headers.value("sec-websocket-protocol"), QByteArray("graphql-ws"));
}

void tst_Realtime::readsWhatCameWithTheUpgrade()
{
    RawClient client(start());
    client.send(upgrade() + frame(1, initMessage) + frame(1, startMessage));
    QCOMPARE(client.answer().value_or(Answer()).status, 101);
    QTRY_VERIFY(client.received.endsWith(R"({"type":"start_ack","id":"1"})"));
}

void tst_Realtime::keepsAlive()
{
    RealtimeClient client(start({.keepAliveInterval = 20ms, .connectionTimeout = 1234ms}));
    QTRY_VERIFY(client.isOpen());
    client.init();
    QTRY_VERIFY(client.messages.size() >= 5);
    QCOMPARE(client.messages.takeFirst(), uR"({"type":"connection_ack","payload":{"connectionTimeoutMs":1234}})"_s);
    QCOMPARE(client.messages.count(ka), client.messages.size());
}

void tst_Realtime::ignoresMessagesBeforeTheAck()
{
    RealtimeClient client(start());
    QTRY_VERIFY(client.isOpen());
    client.start(u"1"_s, u"subscription {a}"_s);
    client.stop(u"1"_s);
    client.send(u"what?"_s);
    client.init();
    client.start(u"2"_s, u"subscription {a}"_s);
    QTRY_COMPARE(client.messages, QStringList({ack, ka, uR"({"type":"start_ack","id":"2"})"_s}));
    QCOMPARE(m_service->receivers(), 1);
}

void tst_Realtime::endsClientsThatNeverInit()
{
    RealtimeClient client(start({.initTimeout = 30ms}));
    QTRY_VERIFY(client.isClosed());
    QCOMPARE(int(client.socket.closeCode()), 1008);
}

// ---- subscriptions ----

void tst_Realtime::runsASubscription()
{
    const auto client = connected(start());
    client->start(u"7e0c\"x"_s, u"subscription {onCreatePost{id}}"_s);
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"start_ack","id":"7e0c\"x"})"_s));
    client->take();
    QCOMPARE(m_server->statistics().subscriptions, 1);
    QStringList expected;
    for (int i = 0; i < 100; ++i) {
        const QByteArray payload = "{\"data\":{\"onCreatePost\":{\"id\":\"ü" + QByteArray::number(i) + "\"}}}";
        m_service->publish(payload);
        expected.append(uR"({"type":"data","id":"7e0c\"x","payload":)"_s + QString::fromUtf8(payload) + u'}');
    }
    client->stop(uR"(7e0c\"x)"_s);
    expected.append(uR"({"type":"complete","id":"7e0c\"x"})"_s);
    QTRY_COMPARE(client->messages.size(), expected.size());
    QCOMPARE(client->messages, expected);
    QCOMPARE(m_service->receivers(), 0);
    QCOMPARE(m_server->statistics().subscriptions, 0);
    client->take();
    client->start(u"7e0c\"x"_s, u"subscription {again}"_s);     // the id is free again
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"start_ack","id":"7e0c\"x"})"_s));
    client->take();
}

void tst_Realtime::keepsSubscriptionsApart()
{
    const quint16 port = start();
    const auto one = connected(port);
    const auto two = connected(port);
    one->start(u"a"_s, u"subscription {a}"_s);
    one->start(u"b"_s, u"subscription {b}"_s);
    two->start(u"a"_s, u"subscription {a}"_s);
    QTRY_COMPARE(m_service->receivers(), 3);
    QTRY_VERIFY(one->messages.size() == 2 && two->messages.size() == 1);
    one->stop(u"a"_s);
    QTRY_COMPARE(one->messages.size(), 3);
    one->take();
    two->take();
    m_service->publish("{\"data\":1}");
    QTRY_COMPARE(one->messages, QStringList(uR"({"type":"data","id":"b","payload":{"data":1}})"_s));
    QTRY_COMPARE(two->messages, QStringList(uR"({"type":"data","id":"a","payload":{"data":1}})"_s));
}

void tst_Realtime::deliversAfterTheAcknowledgement()
{
    const auto client = connected(start());
    client->start(u"1"_s, u"subscription {early}"_s);
    QTRY_COMPARE(client->messages, QStringList({uR"({"type":"start_ack","id":"1"})"_s,
                                                uR"({"type":"data","id":"1","payload":{"data":{"early":1}}})"_s}));
}

void tst_Realtime::ignoresUnknownStops()
{
    const auto client = connected(start());
    client->stop(u"nobody"_s);
    client->start(u"1"_s, u"subscription {a}"_s);
    client->stop(u"1"_s);
    client->stop(u"1"_s);
    client->start(u"2"_s, u"subscription {a}"_s);
    QTRY_COMPARE(client->messages, QStringList({uR"({"type":"start_ack","id":"1"})"_s, uR"({"type":"complete","id":"1"})"_s,
                                                uR"({"type":"start_ack","id":"2"})"_s}));
}

void tst_Realtime::acknowledgesTwoInits()
{
    const auto client = connected(start());
    client->init();
    QTRY_COMPARE(client->messages, QStringList(ack));
}

void tst_Realtime::refusesStarts_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("answer");
    QTest::newRow("the id of a running one")
        << uR"({"type":"start","id":"running","payload":{"data":"{\"query\":\"{a}\"}"}})"_s
        << uR"({"type":"error","id":"running","payload":{"errors":[{"errorType":"DuplicatedOperationError","message":"A subscription with this id is running on this connection."}]}})"_s;
    QTest::newRow("no id") << uR"({"type":"start","payload":{"data":"{\"query\":\"{a}\"}"}})"_s
        << uR"({"type":"error","payload":{"errors":[{"errorType":"BadRequestException","message":"A start message needs an id."}]}})"_s;
    QTest::newRow("data is an object") << uR"({"type":"start","id":"2","payload":{"data":{"query":"{a}"}}})"_s
        << uR"({"type":"error","id":"2","payload":{"errors":[{"errorType":"BadRequestException","message":"payload.data of a start message is a string of JSON."}]}})"_s;
    QTest::newRow("data is broken") << uR"({"type":"start","id":"2","payload":{"data":"{"}})"_s
        << uR"({"type":"error","id":"2","payload":{"errors":[{"errorType":"BadRequestException","message":"Unable to parse GraphQL query."}]}})"_s;
}

void tst_Realtime::refusesStarts()
{
    QFETCH(QString, message);
    const auto client = connected(start());
    client->start(u"running"_s, u"subscription {a}"_s);
    QTRY_COMPARE(client->messages.size(), 1);
    client->take();
    client->send(message);
    QTRY_COMPARE(client->messages.size(), 1);
    QTEST(client->messages.constFirst(), "answer");
    QCOMPARE(m_service->receivers(), 1);
}

void tst_Realtime::passesRefusalsOn()
{
    m_service->refusal = uR"({"errors":[{"message":"Validation error of type FieldUndefined: Field 'x'"}]})"_s;
    const auto client = connected(start());
    client->start(u"1"_s, u"subscription {refuse}"_s);
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"error","id":"1","payload":)"_s + m_service->refusal + u'}'));
    client->take();
    m_service->refusal.clear();
    client->start(u"1"_s, u"subscription {refuse}"_s);
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"error","id":"1","payload":{"errors":[{"errorType":"Unauthorized","message":"refused"}]}})"_s));
    client->take();
    client->start(u"1"_s, u"subscription {a}"_s);       // a refused id is free
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"start_ack","id":"1"})"_s));
    client->take();
}

void tst_Realtime::authorizesEachSubscription()
{
    const auto client = connected(start());
    client->start(u"1"_s, u"subscription {a}"_s, "da2-bad");
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"error","id":"1","payload":{"errors":[{"errorType":"UnauthorizedException","message":"You are not authorized to make this call."}]}})"_s));
    client->take();
    QVERIFY(m_service->requests().empty());
    client->send(uR"({"type":"start","id":"2","payload":{"data":"{\"query\":\"subscription {a}\"}","extensions":{"authorization":{"host":"h","Authorization":"user:anna"}}}})"_s);
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"start_ack","id":"2"})"_s));
    client->take();
    QCOMPARE(m_service->requests().back().identity.subject, u"anna"_s);
    client->start(u"3"_s, u"subscription {a}"_s, {});   // the connection's own
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"start_ack","id":"3"})"_s));
    client->take();
    QCOMPARE(m_service->requests().back().identity.provider, Identity::Provider::ApiKey);
}

void tst_Realtime::limitsSubscriptions()
{
    const auto client = connected(start({.maxSubscriptions = 2}));
    client->start(u"1"_s, u"subscription {a}"_s);
    client->start(u"2"_s, u"subscription {a}"_s);
    client->start(u"3"_s, u"subscription {a}"_s);
    QTRY_COMPARE(client->messages.size(), 3);
    QCOMPARE(client->messages.constLast(), uR"({"type":"error","id":"3","payload":{"errors":[{"errorType":"MaxSubscriptionsReachedError","message":"Max number of 2 subscriptions reached"}]}})"_s);
    client->take();
    client->stop(u"1"_s);
    client->start(u"3"_s, u"subscription {a}"_s);
    QTRY_COMPARE(client->messages, QStringList({uR"({"type":"complete","id":"1"})"_s, uR"({"type":"start_ack","id":"3"})"_s}));
}

void tst_Realtime::answersUnknownTypes_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("id");
    QTest::newRow("another type") << uR"({"type":"subscribe","id":"1"})"_s << uR"("id":"1",)"_s;
    QTest::newRow("a type of the server") << uR"({"type":"ka"})"_s << QString();
    QTest::newRow("no JSON") << u"hello"_s << QString();
    QTest::newRow("nothing") << QString() << QString();
}

void tst_Realtime::answersUnknownTypes()
{
    QFETCH(QString, message);
    QFETCH(QString, id);
    const auto client = connected(start());
    client->send(message);
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"error",%1"payload":{"errors":[{"errorType":"UnsupportedOperation","message":"unknown not supported through the realtime channel"}]}})"_s.arg(id)));
    client->take();
    client->start(u"1"_s, u"subscription {a}"_s);
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"start_ack","id":"1"})"_s));
    client->take();
}

// ---- what no client may do, and ends ----

void tst_Realtime::endsBrokenProtocol_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("code");
    QTest::newRow("a binary message") << frame(2, initMessage) << 1003;
    QTest::newRow("a message over the limit") << frame(1, QByteArray(2000, ' ')) << 1009;
    QTest::newRow("fragments over the limit") << frame(1, QByteArray(900, ' '), false) + frame(0, QByteArray(900, ' ')) << 1009;
    QTest::newRow("broken UTF-8") << frame(1, "{\"type\":\"\xc3\x28\"}") << 1007;
    QTest::newRow("an unmasked frame") << QByteArray("\x81\x02{}") << 1002;
    QTest::newRow("a reserved opcode") << frame(3, "x") << 1002;
    QTest::newRow("a continuation of nothing") << frame(0, "x") << 1002;
    QTest::newRow("a reserved bit") << frame(0x41, "x") << 1002;
    QTest::newRow("a long ping") << frame(9, QByteArray(126, 'x')) << 1002;
    QTest::newRow("a close frame") << frame(8, QByteArray("\x03\xe8", 2)) << 1000;
}

void tst_Realtime::endsBrokenProtocol()
{
    QFETCH(QByteArray, bytes);
    RawClient client(start({.closeTimeout = 100ms, .maxMessageBytes = 1000}));
    client.send(upgrade());
    QCOMPARE(client.answer().value_or(Answer()).status, 101);
    client.send(bytes);
    QTRY_VERIFY(client.isClosed());
    const auto last = takeFrame(client.received);
    QVERIFY(last);
    QCOMPARE(last->opcode, 8);
    QTEST(last->closeCode(), "code");
    QTRY_COMPARE(m_server->statistics().connections, 0);
}

void tst_Realtime::readsFragments()
{
    RawClient client(start());
    client.send(upgrade());
    QCOMPARE(client.answer().value_or(Answer()).status, 101);
    client.send(frame(1, initMessage.first(5), false) + frame(9, "ping") + frame(0, initMessage.mid(5)));
    std::optional<Frame> pong, first;
    QTRY_VERIFY(pong || (pong = takeFrame(client.received)));
    QTRY_VERIFY(first || (first = takeFrame(client.received)));
    QCOMPARE(pong->opcode, 10);
    QCOMPARE(pong->payload, QByteArray("ping"));
    QCOMPARE(QString::fromUtf8(first->payload), ack);
}

void tst_Realtime::unsubscribesWhenTheClientLeaves_data()
{
    QTest::addColumn<bool>("clean");
    QTest::newRow("closing") << true;
    QTest::newRow("dropping") << false;
}

void tst_Realtime::unsubscribesWhenTheClientLeaves()
{
    QFETCH(bool, clean);
    const auto client = connected(start());
    client->start(u"1"_s, u"subscription {a}"_s);
    client->start(u"2"_s, u"subscription {a}"_s);
    QTRY_COMPARE(m_service->receivers(), 2);
    clean ? client->socket.close() : client->socket.abort();
    QTRY_COMPARE(m_service->receivers(), 0);
    QTRY_COMPARE(m_server->statistics().connections, 0);
    QCOMPARE(m_server->statistics().subscriptions, 0);
    QCOMPARE(m_server->statistics().realtimeConnections, 0);
}

// Reads everything that is left and returns the frames.
static std::vector<Frame> readToTheEnd(QTcpSocket &socket)
{
    QByteArray bytes = socket.readAll();
    QObject::connect(&socket, &QTcpSocket::readyRead, &socket, [&] { bytes += socket.readAll(); });
    socket.setReadBufferSize(0);
    [&] { QTRY_VERIFY(socket.state() == QAbstractSocket::UnconnectedState); }();
    bytes += socket.readAll();
    bytes.remove(0, bytes.indexOf("\r\n\r\n") + 4);
    std::vector<Frame> frames;
    while (const auto frame = takeFrame(bytes))
        frames.push_back(*frame);
    return frames;
}

void tst_Realtime::cutsSlowReceiversOff()
{
    const quint16 port = start({.maxSendQueueBytes = 2'000'000, .sendBufferBytes = 64 * 1024});
    QTcpSocket slow;
    slow.setReadBufferSize(256);
    slow.connectToHost(u"127.0.0.1"_s, port);
    slow.write(upgrade() + frame(1, initMessage) + frame(1, startMessage));
    const auto quick = connected(port);
    quick->start(u"q"_s, u"subscription {a}"_s);
    QTRY_COMPARE(m_service->receivers(), 2);
    const QByteArray payload = "{\"data\":\"" + QByteArray(100'000, 'x') + "\"}";
    int sent = 0;
    while (m_server->statistics().slowReceivers == 0 && sent < 2000) {
        m_service->publish(payload);
        ++sent;
        QTRY_COMPARE(quick->messages.size(), sent + 1);
    }
    QCOMPARE(m_server->statistics().slowReceivers, 1);
    QTRY_COMPARE(m_service->receivers(), 1);            // the quick one is not concerned
    const std::vector<Frame> frames = readToTheEnd(slow);
    QVERIFY(frames.size() > 3 && frames.size() < std::size_t(sent) + 4);
    QCOMPARE(frames.back().opcode, 8);
    QCOMPARE(frames.back().closeCode(), 1008);
    QVERIFY(frames.back().payload.contains("too slow"));
    QTRY_COMPARE(m_server->statistics().connections, 1);
}

void tst_Realtime::cutsDeadReceiversOff()
{
    const quint16 port = start({.writeTimeout = 100ms, .sendBufferBytes = 64 * 1024});
    QTcpSocket dead;
    dead.setReadBufferSize(256);
    dead.connectToHost(u"127.0.0.1"_s, port);
    dead.write(upgrade() + frame(1, initMessage) + frame(1, startMessage));
    QTRY_COMPARE(m_service->receivers(), 1);
    m_service->publish("{\"data\":\"" + QByteArray(32 * 1024 * 1024, 'x') + "\"}");
    QTRY_COMPARE(m_server->statistics().connections, 0);
    QCOMPARE(m_server->statistics().slowReceivers, 1);
    QCOMPARE(m_service->receivers(), 0);
}

void tst_Realtime::servesManyReceivers()
{
    constexpr int count = 300;
    const quint16 port = start();
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < count; ++i) {
        clients.push_back(std::make_unique<RawClient>(port));
        clients.back()->send(upgrade() + frame(1, initMessage) + frame(1, startMessage));
    }
    QTRY_COMPARE_WITH_TIMEOUT(m_service->receivers(), count, 30'000);
    std::thread publisher([&] {
        for (int i = 0; i < 20; ++i)
            m_service->publish("{\"data\":" + QByteArray::number(i) + "}");
    });
    publisher.join();
    const QByteArray last = R"("payload":{"data":19}})";
    QTRY_VERIFY_WITH_TIMEOUT(std::all_of(clients.begin(), clients.end(), [&](const auto &client) {
        return client->received.endsWith(last);
    }), 30'000);
    for (const auto &client : clients) {
        qsizetype at = 0;
        for (int i = 0; i < 20; ++i) {
            at = client->received.indexOf("{\"data\":" + QByteArray::number(i) + "}", at);
            QVERIFY2(at >= 0, "in commit order");
        }
    }
}

QTEST_GUILESS_MAIN(tst_Realtime)
#include "tst_realtime.moc"
