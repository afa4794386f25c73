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
    void init()
    {
        m_service = std::make_unique<Service>();
        m_authorizer.expiresAt = 0;
        m_authorizer.revoked = false;
    }
    void cleanup()
    {
        m_server.reset();
        m_authorizer.release();         // what a test has left
    }

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
    void completesAfterTheLastDelivery();
    void ignoresUnknownStops();
    void acknowledgesTwoInits();
    void refusesStarts_data();
    void refusesStarts();
    void passesRefusalsOn();
    void authorizesEachSubscription();
    void tellsWhatASignatureCovers();
    void waitsForSlowAuthorizers();
    void refusesWhenASlowAuthorizerDoes();
    void endsWaitingForSilentAuthorizers();
    void stopsASubscriptionThatIsBeingAuthorized();
    void forgetsClientsThatLeaveWhileAuthorizing();
    void endsSubscriptionsOfExpiredTokens();
    void keepsSubscriptionsForTheirGrace();
    void refusesStartsUnderAnExpiredToken();
    void endsSubscriptionsOfRevokedKeys();
    void refusesStartsUnderARevokedKey();
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
            QTRY_VERIFY_WITH_TIMEOUT(client->isOpen(), 30'000);
            client->init();
            QTRY_COMPARE_WITH_TIMEOUT(client->messages.size(), 2, 30'000);
        }();
        client->take();
        return client;
    }

    KeyAuthorizer m_authorizer;
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

void tst_Realtime::completesAfterTheLastDelivery()
{
    const quint16 port = start();
    for (int i = 0; i < 10; ++i) {
        const auto client = connected(port);
        client->start(u"1"_s, u"subscription {a}"_s);
        QTRY_COMPARE(client->messages.size(), 1);
        client->stop(u"1"_s);
        client->start(u"2"_s, u"subscription {refuse}"_s);       // its refusal is the last message
        std::thread publisher([&] {
            for (int message = 0; message < 200; ++message)
                m_service->publish("{\"data\":1}");
        });
        QTRY_VERIFY(client->messages.constLast().contains("\"id\":\"2\""_L1));
        publisher.join();
        QCOMPARE(client->messages.indexOf(uR"({"type":"complete","id":"1"})"_s), client->messages.size() - 2);
    }
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

// A start message with a token of its own.
static QString startWith(const QString &id, const QString &token)
{
    return uR"({"type":"start","id":"%1","payload":{"data":"{\"query\":\"subscription {a}\"}","extensions":{"authorization":{"host":"h","Authorization":"%2"}}}})"_s.arg(id, token);
}

// An upgrade with a token.
static RealtimeClient::How withToken(const QByteArray &token)
{
    const QByteArray object = R"({"host":"h","Authorization":")" + token + R"("})";
    return {.query = u"?header="_s + QString::fromLatin1(object.toBase64().toPercentEncoding()), .key = {}};
}

void tst_Realtime::tellsWhatASignatureCovers()
{
    const qsizetype before = qsizetype(m_authorizer.requests().size());
    const auto client = connected(start());
    client->send(uR"({"type":"start","id":"1","payload":{"data":" {\"query\":\"subscription S {\\n a }\", \"variables\": {\"x\": 1}}","extensions":{"authorization":{"Host":"h","x-api-key":"da2-good"}}}})"_s);
    QTRY_COMPARE(client->messages.size(), 1);
    client->take();
    const std::vector<AuthRequest> seen = m_authorizer.requests();
    QCOMPARE(qsizetype(seen.size()), before + 2);
    const AuthRequest &connection = seen[seen.size() - 2];
    QCOMPARE(connection.method, QByteArray("POST"));
    QCOMPARE(connection.target, QByteArray("/graphql/connect"));
    QCOMPARE(connection.body, QByteArray("{}"));
    QCOMPARE(connection.headers.value("x-api-key"), goodKey);
    const AuthRequest &subscription = seen.back();
    QCOMPARE(subscription.method, QByteArray("POST"));
    QCOMPARE(subscription.target, QByteArray("/graphql"));
    QCOMPARE(subscription.body, QByteArray(R"( {"query":"subscription S {\n a }", "variables": {"x": 1}})"));
    QCOMPARE(subscription.headers, (QHash<QByteArray, QByteArray>{{"host", "h"}, {"x-api-key", goodKey}}));
    QCOMPARE(subscription.query, u"subscription S {\n a }"_s);
    QCOMPARE(subscription.variables, QJsonObject({{u"x"_s, 1}}));
}

void tst_Realtime::waitsForSlowAuthorizers()
{
    const quint16 port = start({.threads = 1});
    RealtimeClient slow(port, withToken("slow:anna"));
    QTRY_VERIFY(slow.isOpen() && m_authorizer.held() == 1);
    slow.init();
    slow.start(u"1"_s, u"subscription {a}"_s, {});      // too early, but nothing is lost by waiting
    const auto other = connected(port);                 // nobody else waits
    other->send(startWith(u"1"_s, u"slow:bert"_s));
    QTRY_COMPARE(m_authorizer.held(), 2);
    other->start(u"2"_s, u"subscription {a}"_s);
    QTRY_COMPARE(other->messages, QStringList(uR"({"type":"start_ack","id":"2"})"_s));
    other->take();
    QCOMPARE(slow.messages, QStringList());
    m_authorizer.release();
    QTRY_COMPARE(slow.messages, QStringList({ack, ka, uR"({"type":"start_ack","id":"1"})"_s}));
    QTRY_COMPARE(other->messages, QStringList(uR"({"type":"start_ack","id":"1"})"_s));
    QStringList subjects;
    for (const GraphQLRequest &request : m_service->requests())
        subjects.append(request.identity.subject);
    subjects.sort();
    QCOMPARE(subjects, QStringList({QString(), u"anna"_s, u"bert"_s}));
}

void tst_Realtime::refusesWhenASlowAuthorizerDoes()
{
    const QString refusal = uR"({"type":"connection_error","payload":{"errors":[{"errorType":"UnauthorizedException",)"
                            uR"("message":"You are not authorized to make this call.","errorCode":401}]}})"_s;
    RealtimeClient isSilent(start({.refusalDelay = 20ms}), withToken("slow:nobody"));
    QTRY_VERIFY(isSilent.isOpen() && m_authorizer.held() == 1);
    m_authorizer.release();
    QTRY_VERIFY(isSilent.isClosed());
    QCOMPARE(isSilent.messages, QStringList(refusal));
    const quint16 port = start({.refusalDelay = 60'000ms});
    RealtimeClient client(port, withToken("slow:nobody"));
    QTRY_VERIFY(client.isOpen() && m_authorizer.held() == 1);
    client.init();
    m_authorizer.release();
    QTRY_VERIFY(client.isClosed());
    QCOMPARE(client.messages, QStringList(refusal));
}

void tst_Realtime::endsWaitingForSilentAuthorizers()
{
    const quint16 port = start({.authorizationTimeout = 50ms});
    RealtimeClient client(port, withToken("slow:anna"));
    QTRY_VERIFY(client.isOpen());
    client.init();
    QTRY_VERIFY(client.isClosed());
    QCOMPARE(client.messages, QStringList(uR"({"type":"connection_error","payload":{"errors":[{"errorType":"ServiceUnavailableException",)"
                                          uR"("message":"The credentials could not be checked in time.","errorCode":503}]}})"_s));
    const auto other = connected(port);
    other->send(startWith(u"1"_s, u"slow:anna"_s));
    QTRY_COMPARE(other->messages, QStringList(uR"({"type":"error","id":"1","payload":{"errors":[{"errorType":"ServiceUnavailableException",)"
                                              uR"("message":"The credentials could not be checked in time."}]}})"_s));
    other->take();
    m_authorizer.release();                             // too late
    other->start(u"1"_s, u"subscription {a}"_s);        // the id is free
    QTRY_COMPARE(other->messages, QStringList(uR"({"type":"start_ack","id":"1"})"_s));
    QCOMPARE(m_service->receivers(), 1);
}

void tst_Realtime::stopsASubscriptionThatIsBeingAuthorized()
{
    const auto client = connected(start());
    client->send(startWith(u"1"_s, u"slow:anna"_s));
    QTRY_COMPARE(m_authorizer.held(), 1);
    client->send(startWith(u"1"_s, u"user:anna"_s));
    QTRY_COMPARE(client->messages.size(), 1);
    QVERIFY(client->take().constFirst().contains("DuplicatedOperationError"_L1));
    client->stop(u"1"_s);
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"complete","id":"1"})"_s));
    client->take();
    client->send(startWith(u"1"_s, u"slow:bert"_s));
    QTRY_COMPARE(m_authorizer.held(), 2);
    m_authorizer.release();                             // the answer for anna comes first, and is not taken for bert's
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"start_ack","id":"1"})"_s));
    QCOMPARE(m_service->requests().size(), 1u);
    QCOMPARE(m_service->requests().back().identity.subject, u"bert"_s);
    QCOMPARE(m_server->statistics().subscriptions, 1);
}

void tst_Realtime::forgetsClientsThatLeaveWhileAuthorizing()
{
    const quint16 port = start();
    {
        RealtimeClient connecting(port, withToken("slow:anna"));
        const auto starting = connected(port);
        starting->send(startWith(u"1"_s, u"slow:anna"_s));
        QTRY_VERIFY(connecting.isOpen() && m_authorizer.held() == 2);
    }
    QTRY_COMPARE(m_server->statistics().connections, 0);
    m_authorizer.release();
    const auto client = connected(port);                // the server is well
    QVERIFY(m_service->requests().empty());
    QCOMPARE(m_server->statistics().subscriptions, 0);
}

void tst_Realtime::endsSubscriptionsOfExpiredTokens()
{
    const auto client = connected(start({.expiryGrace = 0ms}));
    client->start(u"key"_s, u"subscription {a}"_s);
    m_authorizer.expiresAt = QDateTime::currentMSecsSinceEpoch() + 3600'000;
    client->send(startWith(u"long"_s, u"user:anna"_s));
    QTRY_COMPARE(client->messages.size(), 2);
    client->take();
    m_authorizer.expiresAt = QDateTime::currentMSecsSinceEpoch() + 150;
    client->send(startWith(u"short"_s, u"user:anna"_s));
    QTRY_COMPARE(client->messages, QStringList({uR"({"type":"start_ack","id":"short"})"_s,
                                                uR"({"type":"error","id":"short","payload":{"errors":[{"errorType":"UnauthorizedException","message":"Token has expired."}]}})"_s}));
    QVERIFY(QDateTime::currentMSecsSinceEpoch() >= m_authorizer.expiresAt);
    client->take();
    QCOMPARE(m_service->receivers(), 2);
    QCOMPARE(m_server->statistics().subscriptions, 2);
    m_service->publish("{\"data\":1}");
    QTRY_COMPARE(client->messages.size(), 2);           // the others go on
    QVERIFY(client->isOpen());
}

void tst_Realtime::keepsSubscriptionsForTheirGrace()
{
    m_authorizer.expiresAt = QDateTime::currentMSecsSinceEpoch() - 1000;
    RealtimeClient client(start({.keepAliveInterval = 20ms}));
    QTRY_VERIFY(client.isOpen());
    client.init();
    client.send(startWith(u"1"_s, u"user:anna"_s));
    QTRY_VERIFY(client.messages.count(ka) >= 3 && m_service->receivers() == 1);
    client.take();
    QTRY_VERIFY(client.messages.count(ka) >= 3);
    m_service->publish("{\"data\":1}");
    QTRY_VERIFY(client.messages.contains(uR"({"type":"data","id":"1","payload":{"data":1}})"_s));
    QCOMPARE(m_service->receivers(), 1);
}

void tst_Realtime::refusesStartsUnderAnExpiredToken()
{
    m_authorizer.expiresAt = QDateTime::currentMSecsSinceEpoch();
    RealtimeClient client(start(), withToken("user:anna"));
    QTRY_VERIFY(client.isOpen());
    client.init();
    client.start(u"1"_s, u"subscription {a}"_s, {});    // the connection's token
    client.start(u"2"_s, u"subscription {a}"_s);        // a fresh credential
    QTRY_COMPARE(client.messages, QStringList({ack, ka,
                                               uR"({"type":"error","id":"1","payload":{"errors":[{"errorType":"UnauthorizedException","message":"Token has expired."}]}})"_s,
                                               uR"({"type":"start_ack","id":"2"})"_s}));
}

static const QString revokedPayload = uR"("payload":{"errors":[{"errorType":"UnauthorizedException","message":"You are not authorized to make this call."}]}})"_s;

void tst_Realtime::endsSubscriptionsOfRevokedKeys()
{
    const quint16 port = start();
    const auto client = connected(port), other = connected(port);
    client->start(u"key"_s, u"subscription {a}"_s);
    client->send(startWith(u"token"_s, u"user:anna"_s));
    other->start(u"1"_s, u"subscription {a}"_s);
    QTRY_VERIFY(client->messages.size() == 2 && other->messages.size() == 1);
    client->take();
    other->take();
    m_server->recheckCallers();                         // nothing was taken away
    m_authorizer.revoked = true;
    m_server->recheckCallers();
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"error","id":"key",)"_s + revokedPayload));
    QTRY_COMPARE(other->messages, QStringList(uR"({"type":"error","id":"1",)"_s + revokedPayload));
    QCOMPARE(m_service->receivers(), 1);
    QTRY_COMPARE(m_server->statistics().subscriptions, 1);
    client->take();
    m_service->publish("{\"data\":1}");
    QTRY_COMPARE(client->messages, QStringList(uR"({"type":"data","id":"token","payload":{"data":1}})"_s));
    QVERIFY(client->isOpen() && other->isOpen());
}

// Whether the key went before the start came or while it was looked at.
void tst_Realtime::refusesStartsUnderARevokedKey()
{
    const auto client = connected(start());
    m_authorizer.revoked = true;
    client->start(u"1"_s, u"subscription {a}"_s, {});   // the connection's key
    client->start(u"2"_s, u"subscription {a}"_s);
    client->send(startWith(u"3"_s, u"user:anna"_s));
    QTRY_COMPARE(client->messages, QStringList({uR"({"type":"error","id":"1",)"_s + revokedPayload, uR"({"type":"error","id":"2",)"_s + revokedPayload,
                                                uR"({"type":"start_ack","id":"3"})"_s}));
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
