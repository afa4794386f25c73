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
    void takesTheCallerFromTrustedProxies_data();
    void takesTheCallerFromTrustedProxies();
    void believesNobodyElse();
    void takesTheCallerOfSubscriptionsFromTrustedProxies();
    void countsConnectionsOfProxiesApart();
    void refusesWhatIsNoNetwork();
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

// ---- behind proxies ----

void tst_HttpLimits::takesTheCallerFromTrustedProxies_data()
{
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<QByteArray>("address");
    const auto row = [](const char *name, const QByteArray &headers, const QByteArray &address) { QTest::newRow(name) << headers << address; };
    row("no header", "", "127.0.0.1");
    row("one hop", "X-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1");
    row("what the caller wrote himself", "X-Forwarded-For: 198.51.100.7, 192.0.2.1\r\n", "192.0.2.1");
    row("he wrote a proxy's", "X-Forwarded-For: 10.0.0.1, 192.0.2.1\r\n", "192.0.2.1");
    row("in a header of his own", "X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1");
    row("two proxies", "X-Forwarded-For: 198.51.100.7, 192.0.2.1, 10.1.2.3\r\n", "192.0.2.1");
    row("nobody but proxies", "X-Forwarded-For: 10.0.0.1, 10.1.2.3\r\n", "10.0.0.1");
    row("a port", "X-Forwarded-For: 192.0.2.1:4711\r\n", "192.0.2.1");
    row("IPv6 as a network", "X-Forwarded-For: 2001:db8::1:2:3:4\r\n", "2001:db8::");
    row("IPv6 with a port", "X-Forwarded-For: [2001:db8::1]:4711\r\n", "2001:db8::");
    row("IPv4 in IPv6", "X-Forwarded-For: 192.0.2.1, ::ffff:10.1.2.3\r\n", "192.0.2.1");
    row("no address", "X-Forwarded-For: 192.0.2.1, unknown\r\n", "127.0.0.1");
    row("no address before a proxy", "X-Forwarded-For: \"; DROP, 10.1.2.3\r\n", "10.1.2.3");
    row("nothing", "X-Forwarded-For: ,\r\n", "127.0.0.1");
    row("an open bracket", "X-Forwarded-For: [\r\n", "127.0.0.1");
    row("Forwarded", "Forwarded: for=198.51.100.7, for=192.0.2.1;proto=https;by=10.0.0.1\r\n", "192.0.2.1");
    row("Forwarded with IPv6", "Forwarded: proto=https; For=\"[2001:db8::1]:4711\"\r\n", "2001:db8::");
    row("Forwarded with an open quote", "Forwarded: for=\"198.51.100.7, for=192.0.2.1\r\n", "192.0.2.1");
    row("Forwarded without for", "Forwarded: proto=https\r\n", "127.0.0.1");
    row("both alike", "Forwarded: for=192.0.2.1\r\nX-Forwarded-For: 192.0.2.1\r\n", "192.0.2.1");
    row("one of them made up", "Forwarded: for=198.51.100.7\r\nX-Forwarded-For: 192.0.2.1\r\n", "127.0.0.1");
}

// Who is refused for his rate is in the log with his address.
void tst_HttpLimits::takesTheCallerFromTrustedProxies()
{
    QFETCH(const QByteArray, headers);
    QFETCH(const QByteArray, address);
    Service service;
    const KeyAuthorizer authorizer;
    TestClock clock;
    std::mutex mutex;
    QByteArray written;
    const auto log = std::make_shared<Log>(LogFormat::Text, LogLevel::Info, [&](const QByteArray &lines) {
        const std::lock_guard lock(mutex);
        written += lines;
    });
    HttpServer server(service, authorizer, {.requestsPerSecond = 1, .requestBurst = 1, .trustedProxies = {u"127.0.0.1"_s, u"10.0.0.0/8"_s},
                                            .log = log, .clock = clock.function()});
    RawClient client(server.start().valueOr(0));
    const auto statusOf = [&client](const QByteArray &more) {
        client.send(post(R"({"query":"{a}"})", more));
        return client.answer().value_or(Answer()).status;
    };
    QCOMPARE(statusOf(headers), 200);
    QCOMPARE(statusOf("X-Forwarded-For: 203.0.113.9\r\n"), 200);    // another caller on the proxy's connection
    QCOMPARE(statusOf(headers), 429);
    QTRY_VERIFY([&] { const std::lock_guard lock(mutex); return written.endsWith('\n'); }());
    const std::lock_guard lock(mutex);
    QVERIFY2(written.endsWith(" address=" + address + '\n'), written.constData());
}

void tst_HttpLimits::believesNobodyElse()
{
    Service service;
    const KeyAuthorizer authorizer;
    TestClock clock;
    for (const QStringList &trusted : {QStringList(), QStringList{u"10.0.0.0/8"_s, u"::1"_s}}) {
        HttpServer server(service, authorizer, {.requestsPerSecond = 1, .requestBurst = 1, .trustedProxies = trusted, .clock = clock.function()});
        RawClient client(server.start().valueOr(0));
        for (const int status : {200, 429}) {
            client.send(post(R"({"query":"{a}"})", "X-Forwarded-For: 192.0.2." + QByteArray::number(status % 10) + "\r\n"));
            QCOMPARE(client.answer().value_or(Answer()).status, status);
        }
    }
}

void tst_HttpLimits::takesTheCallerOfSubscriptionsFromTrustedProxies()
{
    Service service;
    const KeyAuthorizer authorizer;
    TestClock clock;
    HttpServer server(service, authorizer, {.requestsPerSecond = 1, .requestBurst = 3, .trustedProxies = {u"127.0.0.0/8"_s}, .clock = clock.function()});
    const quint16 port = server.start().valueOr(0);
    RawClient client(port);
    for (int i = 0; i < 3; ++i) {
        client.send(post(R"({"query":"{a}"})", "X-Forwarded-For: 192.0.2.1\r\n"));
        QCOMPARE(client.answer().value_or(Answer()).status, 200);
    }
    RealtimeClient busy(port, {.forwardedFor = "192.0.2.1"}), other(port, {.forwardedFor = "192.0.2.2"});
    for (RealtimeClient *one : {&busy, &other}) {
        QTRY_VERIFY(one->isOpen());
        one->init();
        one->start(u"1"_s, u"subscription {a}"_s);
    }
    QTRY_VERIFY(busy.messages.join(u' ').contains(u"Rate limit exceeded"));
    QTRY_VERIFY(other.messages.contains(uR"({"type":"start_ack","id":"1"})"_s));
}

void tst_HttpLimits::countsConnectionsOfProxiesApart()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.maxConnectionsPerAddress = 1, .trustedProxies = {u"127.0.0.1"_s}});
    const quint16 port = server.start().valueOr(0);
    RawClient first(port), second(port);
    QTRY_COMPARE(server.statistics().connections, 2);
}

void tst_HttpLimits::refusesWhatIsNoNetwork()
{
    Service service;
    const KeyAuthorizer authorizer;
    for (const QString &text : {u"proxy.example"_s, u"10.0.0.0/33"_s, u""_s, u"10.0.0.0/x"_s}) {
        HttpServer server(service, authorizer, {.trustedProxies = {text}});
        const Result<quint16> port = server.start();
        QVERIFY2(!port, qPrintable(text));
        QCOMPARE(port.error().code(), Error::Code::InvalidArgument);
        QVERIFY(port.error().message().contains(u'"' + text + u'"'));
    }
}

QTEST_GUILESS_MAIN(tst_HttpLimits)
#include "tst_httplimits.moc"
