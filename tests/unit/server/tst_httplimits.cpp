// SPDX-License-Identifier: MIT
#include "realtimeclient.h"

#include "server/http/ratelimiter_p.h"

#include <atomic>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Tideline::Server::Fakes;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_HttpLimits : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void grantsABurstAndThenTheRate();
    void isBoundedInMemory();
    void isNoLimitAtZero();
    void answersWhatIsTooMuchWith429();
    void tellsCallersApart();
    void countsWhoIsRefusedToo();
    void guessingCostsNobodyElse();
    void refusesSubscriptionsAboveTheRate();
    void refusesConnectionsAboveTheRate();
    void countsRefusedSubscriptionsToo();
    void boundsConnectionsOfAnAddress();
    void freesThePlacesOfUpgradedConnections();
};

// A clock that the test moves.
class TestClock
{
public:
    std::function<std::chrono::steady_clock::time_point()> function() const
    {
        return [now = m_now] { return std::chrono::steady_clock::time_point(std::chrono::milliseconds(*now)); };
    }
    void advance(std::chrono::milliseconds by) { *m_now += by.count(); }

private:
    std::shared_ptr<std::atomic<qint64>> m_now = std::make_shared<std::atomic<qint64>>(1'000'000);
};

void tst_HttpLimits::grantsABurstAndThenTheRate()
{
    TestClock clock;
    RateLimiter limiter({.perSecond = 2, .burst = 3}, clock.function());
    for (int i = 0; i < 3; ++i)
        QVERIFY(!limiter.take("a"));
    QCOMPARE(limiter.take("a").value_or(0ms), 500ms);
    QVERIFY(!limiter.take("b"));
    clock.advance(400ms);
    QCOMPARE(limiter.take("a").value_or(0ms), 100ms);
    clock.advance(100ms);
    QVERIFY(!limiter.take("a"));
    QVERIFY(limiter.take("a"));
    clock.advance(1h);
    for (int i = 0; i < 3; ++i)
        QVERIFY(!limiter.take("a"));
    QVERIFY(limiter.take("a"));
}

void tst_HttpLimits::isBoundedInMemory()
{
    TestClock clock;
    RateLimiter limiter({.perSecond = 1, .burst = 1, .maxCallers = 100}, clock.function());
    QVERIFY(!limiter.take("busy"));
    for (int i = 0; i < 1000; ++i) {
        (void)limiter.take(QByteArray::number(i));
        QVERIFY(limiter.take("busy"));              // is not forgotten
    }
    QCOMPARE(limiter.size(), 100);
}

void tst_HttpLimits::isNoLimitAtZero()
{
    TestClock clock;
    RateLimiter limiter({}, clock.function());
    for (int i = 0; i < 1000; ++i)
        QVERIFY(!limiter.take("a"));
    QCOMPARE(limiter.size(), 0);
}

static QByteArray asUser(const QByteArray &name)
{
    return post(R"({"query":"{a}"})", "Authorization: user:" + name + "\r\n").replace("x-api-key: " + goodKey + "\r\n", "");
}

void tst_HttpLimits::answersWhatIsTooMuchWith429()
{
    Service service;
    const KeyAuthorizer authorizer;
    TestClock clock;
    const auto metrics = std::make_shared<Metrics>();
    HttpServer server(service, authorizer, {.requestsPerSecond = 0.5, .requestBurst = 2, .metrics = metrics, .clock = clock.function()});
    RawClient client(server.start().valueOr(0));
    for (const int status : {200, 200, 429}) {
        client.send(post(R"({"query":"{a}"})"));
        const auto answer = client.answer();
        QVERIFY(answer);
        QCOMPARE(answer->status, status);
        QCOMPARE(answer->headers.value("x-amzn-errortype"), status == 429 ? QByteArray("ThrottlingException") : QByteArray());
        QCOMPARE(answer->headers.value("retry-after"), status == 429 ? QByteArray("2") : QByteArray());
    }
    QCOMPARE(service.requests().size(), size_t(2));
    QCOMPARE(metrics->refusals[size_t(Refusal::Rate)].value(), 1);
    clock.advance(2s);
    client.send(post(R"({"query":"{a}"})"));
    const auto again = client.answer();
    QVERIFY(again);
    QCOMPARE(again->status, 200);
}

void tst_HttpLimits::tellsCallersApart()
{
    Service service;
    const KeyAuthorizer authorizer;
    TestClock clock;
    HttpServer server(service, authorizer, {.requestsPerSecond = 1, .requestBurst = 1, .clock = clock.function()});
    RawClient client(server.start().valueOr(0));
    const auto statusOf = [&client](const QByteArray &request) {
        client.send(request);
        return client.answer().value_or(Answer()).status;
    };
    QCOMPARE(statusOf(asUser("anna")), 200);
    QCOMPARE(statusOf(asUser("anna")), 429);
    QCOMPARE(statusOf(asUser("bert")), 200);
    QCOMPARE(statusOf(post(R"({"query":"{a}"})")), 200);        // all who have the key, from this address
    QCOMPARE(statusOf(post(R"({"query":"{a}"})")), 429);
    QCOMPARE(statusOf("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
}

void tst_HttpLimits::countsWhoIsRefusedToo()
{
    Service service;
    const KeyAuthorizer authorizer;
    TestClock clock;
    HttpServer server(service, authorizer, {.requestsPerSecond = 1, .requestBurst = 2, .clock = clock.function()});
    RawClient client(server.start().valueOr(0));
    for (const int status : {401, 401, 429}) {
        client.send(post(R"({"query":"{a}"})").replace(goodKey, "guess"));
        QCOMPARE(client.answer().value_or(Answer()).status, status);
    }
}

void tst_HttpLimits::guessingCostsNobodyElse()
{
    Service service;
    const KeyAuthorizer authorizer;
    TestClock clock;
    HttpServer server(service, authorizer, {.requestsPerSecond = 1, .requestBurst = 1, .clock = clock.function()});
    RawClient client(server.start().valueOr(0));
    for (const int status : {401, 429, 429}) {
        client.send(post(R"({"query":"{a}"})").replace(goodKey, "guess"));
        QCOMPARE(client.answer().value_or(Answer()).status, status);
    }
    client.send(post(R"({"query":"{a}"})"));            // from the same address
    QCOMPARE(client.answer().value_or(Answer()).status, 200);
}

void tst_HttpLimits::refusesConnectionsAboveTheRate()
{
    Service service;
    const KeyAuthorizer authorizer;
    TestClock clock;
    HttpServer server(service, authorizer, {.requestsPerSecond = 1, .requestBurst = 1, .clock = clock.function()});
    const quint16 port = server.start().valueOr(0);
    const auto firstWord = [port](const QByteArray &key) {
        RealtimeClient client(port, {.key = key});
        [&] { QTRY_VERIFY(client.isOpen()); }();
        client.init();
        [&] { QTRY_VERIFY(!client.messages.isEmpty()); }();
        return client.messages.value(0);
    };
    QVERIFY(firstWord(goodKey).contains("connection_ack"_L1));
    QCOMPARE(firstWord(goodKey), uR"({"type":"connection_error","payload":{"errors":[{"errorType":"ThrottlingException","message":"Rate limit exceeded.","errorCode":429}]}})"_s);
    QVERIFY(firstWord("guess").contains("UnauthorizedException"_L1));
    QVERIFY(firstWord("guess").contains("ThrottlingException"_L1));
    clock.advance(1s);
    QVERIFY(firstWord(goodKey).contains("connection_ack"_L1));
}

void tst_HttpLimits::countsRefusedSubscriptionsToo()
{
    Service service;
    const KeyAuthorizer authorizer;
    TestClock clock;
    HttpServer server(service, authorizer, {.requestsPerSecond = 1, .requestBurst = 1, .clock = clock.function()});
    RealtimeClient client(server.start().valueOr(0));
    QTRY_VERIFY(client.isOpen());
    client.init();
    QTRY_COMPARE(client.messages.size(), 2);
    client.take();
    client.start(u"1"_s, u"subscription {a}"_s, "guess");
    client.start(u"2"_s, u"subscription {a}"_s, "guess");
    QTRY_COMPARE(client.messages.size(), 2);
    QVERIFY(client.messages.value(0).contains("UnauthorizedException"_L1));
    QVERIFY(client.messages.value(1).contains("LimitExceededError"_L1));
}

void tst_HttpLimits::refusesSubscriptionsAboveTheRate()
{
    Service service;
    const KeyAuthorizer authorizer;
    TestClock clock;
    HttpServer server(service, authorizer, {.requestsPerSecond = 1, .requestBurst = 2, .clock = clock.function()});      // one is the connection
    RealtimeClient client(server.start().valueOr(0));
    QTRY_VERIFY(client.isOpen());
    client.init();
    QTRY_COMPARE(client.messages.size(), 2);
    client.take();
    client.start(u"1"_s, u"subscription {a}"_s);
    client.start(u"2"_s, u"subscription {a}"_s);
    QTRY_COMPARE(client.messages.size(), 2);
    QCOMPARE(client.take(), (QStringList{uR"({"type":"start_ack","id":"1"})"_s,
                                         uR"({"type":"error","id":"2","payload":{"errors":[{"errorType":"LimitExceededError","message":"Rate limit exceeded"}]}})"_s}));
    clock.advance(1s);
    client.start(u"2"_s, u"subscription {a}"_s);
    QTRY_COMPARE(client.messages.size(), 1);
    QCOMPARE(client.take(), QStringList(uR"({"type":"start_ack","id":"2"})"_s));
    QCOMPARE(service.receivers(), 2);
}

void tst_HttpLimits::boundsConnectionsOfAnAddress()
{
    Service service;
    const KeyAuthorizer authorizer;
    const auto metrics = std::make_shared<Metrics>();
    HttpServer server(service, authorizer, {.maxConnectionsPerAddress = 2, .metrics = metrics});
    const quint16 port = server.start().valueOr(0);
    auto first = std::make_unique<RawClient>(port);
    RawClient second(port);
    QTRY_COMPARE(server.statistics().connections, 2);
    RawClient third(port);
    QTRY_VERIFY(third.isClosed());
    QCOMPARE(metrics->refusals[size_t(Refusal::ConnectionsOfAddress)].value(), 1);
    first.reset();
    QTRY_COMPARE(server.statistics().connections, 1);
    RawClient fourth(port);
    fourth.send(post(R"({"query":"{a}"})"));
    QCOMPARE(fourth.answer().value_or(Answer()).status, 200);
}

void tst_HttpLimits::freesThePlacesOfUpgradedConnections()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.maxConnectionsPerAddress = 1});
    const quint16 port = server.start().valueOr(0);
    for (int i = 0; i < 3; ++i) {
        RealtimeClient client(port);
        QTRY_VERIFY(client.isOpen());
        RawClient other(port);
        QTRY_VERIFY(other.isClosed());
        client.socket.close();
        QTRY_COMPARE(server.statistics().connections, 0);
    }
}

QTEST_GUILESS_MAIN(tst_HttpLimits)
#include "tst_httplimits.moc"
