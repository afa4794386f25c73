// SPDX-License-Identifier: MIT
#include "realtimeclient.h"

#include "server/http/httprequest_p.h"

#include <QtCore/QRegularExpression>
#include <QtCore/QScopeGuard>

#include <mutex>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Tideline::Server::Fakes;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_HttpOperations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhetherItIsReady();
    void asksTheServiceOnceAtATime();
    void hasNumbersForPrometheus();
    void keepsHealthAndNumbersAtAPortOfTheirOwn();
    void hasNoNumbersWhenTheyAreOff();
    void isNotReadyWhileItDrains();
    void servesOnWhenItIsRetired();
    void writesALinePerRequest();
    void namesTheOperationOfAFailure();
    void writesJson();
    void writesNothingSecret();
    void losesLinesAndNotTime();
    void answersItsOrigins();
    void refusesSocketsOfOtherOrigins();
    void namesOperations_data();
    void namesOperations();
};

// A service whose readiness the test decides.
class CheckedService final : public GraphQLService
{
public:
    void execute(GraphQLRequest request, std::function<void(QByteArray)> done) override { inner.execute(std::move(request), std::move(done)); }
    Result<SubscriptionId> subscribe(const GraphQLRequest &request, std::function<void(QByteArray)> deliver) override
    {
        return inner.subscribe(request, std::move(deliver));
    }
    void unsubscribe(SubscriptionId id) override { inner.unsubscribe(id); }
    void check(std::function<void(Result<void>)> done) override
    {
        const std::lock_guard lock(m_mutex);
        m_checks.push_back(std::move(done));
    }
    void answer(const Result<void> &state)
    {
        std::vector<std::function<void(Result<void>)>> all;
        {
            const std::lock_guard lock(m_mutex);
            all.swap(m_checks);
        }
        for (const auto &done : all)
            done(state);
    }
    [[nodiscard]] size_t checks() const { const std::lock_guard lock(m_mutex); return m_checks.size(); }

    Service inner;

private:
    mutable std::mutex m_mutex;
    std::vector<std::function<void(Result<void>)>> m_checks;
};

// Lines of a log, from its thread.
class Lines
{
public:
    std::shared_ptr<Log> log(LogFormat format, LogLevel least)
    {
        return std::make_shared<Log>(format, least, [this](const QByteArray &lines) {
            const std::lock_guard lock(m_mutex);
            m_text += lines;
        }, [] { return 1'700'000'000'123; });
    }
    [[nodiscard]] QByteArray text() const { const std::lock_guard lock(m_mutex); return m_text; }
    [[nodiscard]] qsizetype count() const { return text().count('\n'); }

private:
    mutable std::mutex m_mutex;
    QByteArray m_text;
};

static QByteArray get(const QByteArray &target, const QByteArray &headers = {})
{
    return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
}

void tst_HttpOperations::saysWhetherItIsReady()
{
    CheckedService service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    RawClient client(server.start().valueOr(0));
    for (const bool ready : {true, false, true}) {
        client.send(get("/readyz"));
        QTRY_COMPARE(service.checks(), size_t(1));
        service.answer(ready ? Result<void>() : Error(Error::Code::StoreUnavailable, u"secret words"_s));
        const auto answer = client.answer();
        QVERIFY(answer);
        QCOMPARE(answer->status, ready ? 200 : 503);
        QVERIFY(!answer->body.contains("secret"));
        client.send(get("/healthz"));
        QCOMPARE(client.answer().value_or(Answer()).status, 200);
    }
}

void tst_HttpOperations::asksTheServiceOnceAtATime()
{
    CheckedService service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    const quint16 port = server.start().valueOr(0);
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(std::make_unique<RawClient>(port));
        clients.back()->send(get("/readyz"));
    }
    QTRY_COMPARE(service.checks(), size_t(1));
    QTRY_COMPARE(server.statistics().connections, 20);
    int answered = 0;
    QTRY_VERIFY([&] {
        service.answer({});                     // whoever came too late for one asks again
        for (const auto &client : clients)
            answered += takeAnswer(client->received).has_value();
        return answered == 20;
    }());
}

void tst_HttpOperations::hasNumbersForPrometheus()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    const quint16 port = server.start().valueOr(0);
    RawClient client(port);
    RealtimeClient listener(port);
    QTRY_VERIFY(listener.isOpen());
    listener.init();
    listener.start(u"1"_s, u"subscription {a}"_s);
    QTRY_COMPARE(service.receivers(), 1);
    service.publish("{\"data\":{}}");
    QTRY_COMPARE(listener.messages.size(), 4);
    client.send(post(R"({"query":"{a}"})") + post({}).replace(goodKey, "guess") + post({}));
    for (const int status : {200, 401, 400})
        QCOMPARE(client.answer().value_or(Answer()).status, status);
    client.send(get("/metrics"));
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 200);
    QCOMPARE(answer->headers.value("content-type"), QByteArray("text/plain; version=0.0.4; charset=utf-8"));
    const QByteArray text = '\n' + answer->body;
    for (const char *line : {"tideline_connections 2", "tideline_realtime_connections 1", "tideline_subscriptions 1", "tideline_requests_total 3",
                             "tideline_delivered_messages_total 1", "tideline_refusals_total{reason=\"credentials\"} 1",
                             "tideline_refusals_total{reason=\"malformed\"} 1", "tideline_slow_receivers_total 0",
                             "# TYPE tideline_operation_seconds histogram"}) {
        QVERIFY2(text.contains('\n' + QByteArray(line) + '\n'), (line + text).constData());
    }
    QVERIFY(!text.contains(goodKey));
}

void tst_HttpOperations::keepsHealthAndNumbersAtAPortOfTheirOwn()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.adminPort = quint16(0)});
    const quint16 port = server.start().valueOr(0);
    QVERIFY(server.adminPort() != 0 && server.adminPort() != port);
    RawClient client(port);
    RawClient admin(server.adminPort());
    for (const char *target : {"/healthz", "/readyz", "/metrics"}) {
        client.send(get(target));
        QCOMPARE(client.answer().value_or(Answer()).status, 404);
        admin.send(get(target));
        QCOMPARE(admin.answer().value_or(Answer()).status, 200);
    }
    client.send(get("/ping"));
    QCOMPARE(client.answer().value_or(Answer()).status, 200);
    admin.send(post(R"({"query":"{a}"})") + get("/ping"));
    for (int i = 0; i < 2; ++i)
        QCOMPARE(admin.answer().value_or(Answer()).status, 404);
    RawClient socket(server.adminPort());
    socket.send(upgrade());
    QCOMPARE(socket.answer().value_or(Answer()).status, 404);
    QCOMPARE(service.requests().size(), size_t(0));
}

void tst_HttpOperations::hasNoNumbersWhenTheyAreOff()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.serveMetrics = false});
    RawClient client(server.start().valueOr(0));
    client.send(get("/metrics"));
    QCOMPARE(client.answer().value_or(Answer()).status, 404);
    client.send(get("/healthz"));
    QCOMPARE(client.answer().value_or(Answer()).status, 200);
}

void tst_HttpOperations::isNotReadyWhileItDrains()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.adminPort = quint16(0)});
    RawClient client(server.start().valueOr(0));
    const quint16 adminPort = server.adminPort();
    client.send(post(R"({"query":"{hold}"})"));
    QTRY_COMPARE(service.held(), 1);
    const Stopping stopping(server, 60s);
    const auto release = qScopeGuard([&service] { service.release(); });
    int status = 0;
    QTRY_VERIFY([&] {
        RawClient admin(adminPort);
        admin.send(get("/readyz"));
        return (status = admin.answer().value_or(Answer()).status) == 503;
    }());
    RawClient admin(adminPort);
    admin.send(get("/healthz"));
    QCOMPARE(admin.answer().value_or(Answer()).status, 200);
    QVERIFY(!stopping.isDone());
    service.release();
    const auto answer = client.answer();
    QVERIFY(answer && answer->body.contains("held"));
    client.socket.disconnectFromHost();
    QTRY_VERIFY(stopping.isDone());
    RawClient late(adminPort);
    QTRY_COMPARE(late.socket.error(), QAbstractSocket::ConnectionRefusedError);
}

void tst_HttpOperations::servesOnWhenItIsRetired()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    const quint16 port = server.start().valueOr(0);
    server.retire();
    RawClient probe(port);
    probe.send(get("/readyz"));
    QCOMPARE(probe.answer().value_or(Answer()).status, 503);
    RawClient client(port);
    client.send(post(R"({"query":"{a}"})"));
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 200);
    QTRY_VERIFY(client.isClosed());             // the next one goes to another server
}

void tst_HttpOperations::writesALinePerRequest()
{
    Service service;
    const KeyAuthorizer authorizer;
    Lines lines;
    HttpServer server(service, authorizer, {.requestId = [] { return QByteArray("id-1"); }, .log = lines.log(LogFormat::Text, LogLevel::Debug)});
    RawClient client(server.start().valueOr(0));
    client.send(post(R"({"query":"mutation SaveNote($a: Int) {a}","variables":{"a":5}})"));
    QVERIFY(client.answer());
    QTRY_COMPARE(lines.count(), 1);
    const QString text = QString::fromUtf8(lines.text());
    QVERIFY2(QRegularExpression(u"^2023-11-14T22:13:20\\.123Z debug request request=id-1 operation=\"mutation SaveNote\" status=200 "
                                "ms=\\d+\\.\\d{3} caller=apiKey\n$"_s).match(text).hasMatch(), qPrintable(text));
    client.send(post({}).replace(goodKey, "guess"));
    QVERIFY(client.answer());
    QTRY_COMPARE(lines.count(), 2);
    QVERIFY2(lines.text().contains(" info refused request=id-1 status=401 reason=UnauthorizedException"), lines.text().constData());
}

void tst_HttpOperations::namesTheOperationOfAFailure()
{
    Service service;
    const KeyAuthorizer authorizer;
    Lines lines;
    HttpServer server(service, authorizer, {.executionTimeout = 1ms, .log = lines.log(LogFormat::Text, LogLevel::Warning)});
    RawClient client(server.start().valueOr(0));
    client.send(post(R"({"query":"query Held {hold}"})"));
    QCOMPARE(client.answer().value_or(Answer()).status, 504);
    QTRY_COMPARE(lines.count(), 1);
    QVERIFY2(lines.text().contains(" operation=\"query Held\" status=504"), lines.text().constData());
}

void tst_HttpOperations::writesJson()
{
    Lines lines;
    {
        const std::shared_ptr<Log> log = lines.log(LogFormat::Json, LogLevel::Info);
        log->write({.level = LogLevel::Debug, .event = "unseen"});
        log->write({.level = LogLevel::Warning, .event = "failed", .status = 503, .message = u"a \"quoted\"\nline"_s});
    }
    QCOMPARE(lines.text(), QByteArray("{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"warn\",\"event\":\"failed\",\"status\":503,"
                                      "\"message\":\"a \\\"quoted\\\"\\nline\"}\n"));
    QVERIFY(QJsonDocument::fromJson(lines.text()).isObject());
}

void tst_HttpOperations::writesNothingSecret()
{
    Service service;
    const KeyAuthorizer authorizer;
    Lines lines;
    HttpServer server(service, authorizer, {.log = lines.log(LogFormat::Text, LogLevel::Debug)});
    const quint16 port = server.start().valueOr(0);
    RawClient client(port);
    client.send(post(R"({"query":"query Q($a: String) {a(b: \"sesame-literal\")}","variables":{"a":"sesame-variable"}})", "Authorization: user:sesame-subject\r\n")
                    .replace(goodKey, "sesame-key")
                + post(R"({"query":"{a}","operationName":"sesame-name with\nlines"})") + get("/graphql?query=%7Ba%7D&x=sesame-query", "x-api-key: sesame-key\r\n"));
    for (int i = 0; i < 3; ++i)
        QVERIFY(client.answer());
    RealtimeClient listener(port, {.key = "sesame-key"});
    QTRY_VERIFY(listener.isOpen());
    listener.init();
    QTRY_VERIFY(listener.isClosed());
    QTRY_VERIFY(lines.count() >= 4);
    QVERIFY2(!lines.text().contains("sesame"), lines.text().constData());
}

void tst_HttpOperations::losesLinesAndNotTime()
{
    std::mutex gate;
    QByteArray text;
    gate.lock();
    {
        Log log(LogFormat::Text, LogLevel::Debug, [&](const QByteArray &lines) {
            const std::lock_guard wait(gate);
            text += lines;
        });
        for (size_t i = 0; i < Log::MaxWaiting * 3; ++i)
            log.write({.event = "request"});
        gate.unlock();
    }
    QVERIFY(text.count('\n') <= qsizetype(Log::MaxWaiting * 2 + 1));
    QVERIFY(text.contains(" warn lost message="));
}

void tst_HttpOperations::answersItsOrigins()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.allowedOrigins = {"https://app.example", "https://b.example"}});
    RawClient client(server.start().valueOr(0));
    const auto answerTo = [&client](const QByteArray &origin) {
        client.send(post(R"({"query":"{a}"})", origin.isEmpty() ? QByteArray() : "Origin: " + origin + "\r\n"));
        return client.answer().value_or(Answer());
    };
    const Answer good = answerTo("https://b.example");
    QCOMPARE(good.headers.value("access-control-allow-origin"), QByteArray("https://b.example"));
    QCOMPARE(good.headers.value("access-control-expose-headers"), QByteArray("x-amzn-requestid, x-amzn-errortype"));
    QCOMPARE(good.headers.value("vary"), QByteArray("Origin"));
    for (const QByteArray &origin : {QByteArray("https://evil.example"), QByteArray("https://b.example.evil"), QByteArray("null"), QByteArray()}) {
        const Answer other = answerTo(origin);
        QCOMPARE(other.status, 200);                // browsers keep it from the page; others need no permission
        QVERIFY(!other.headers.contains("access-control-allow-origin"));
        QCOMPARE(other.headers.value("vary"), QByteArray("Origin"));
    }
    client.send("OPTIONS /graphql HTTP/1.1\r\nHost: h\r\nOrigin: https://app.example\r\nAccess-Control-Request-Headers: x-mine\r\n\r\n");
    const Answer preflight = client.answer().value_or(Answer());
    QCOMPARE(preflight.headers.value("access-control-allow-origin"), QByteArray("https://app.example"));
    QVERIFY(preflight.headers.value("access-control-allow-headers").contains("x-mine"));
}

void tst_HttpOperations::refusesSocketsOfOtherOrigins()
{
    Service service;
    const KeyAuthorizer authorizer;
    const auto metrics = std::make_shared<Metrics>();
    HttpServer server(service, authorizer, {.allowedOrigins = {"https://app.example"}, .metrics = metrics});
    const quint16 port = server.start().valueOr(0);
    const auto statusOf = [port](const QByteArray &headers) {
        RawClient client(port);
        client.send(upgrade(headers));
        return client.answer().value_or(Answer()).status;
    };
    QCOMPARE(statusOf("Origin: https://evil.example\r\n"), 403);
    QCOMPARE(metrics->refusals[size_t(Refusal::Origin)].value(), 1);
    QCOMPARE(metrics->refusals[size_t(Refusal::Access)].value(), 0);
    QCOMPARE(statusOf("Origin: https://app.example\r\n"), 101);
    QCOMPARE(statusOf({}), 101);
}

void tst_HttpOperations::namesOperations_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("described");
    QTest::newRow("short") << u"{a}"_s << QString() << QByteArray("query");
    QTest::newRow("named") << u"# comment\n mutation Save {a}"_s << QString() << QByteArray("mutation Save");
    QTest::newRow("by the request") << u"query A {a} query B {b}"_s << u"B"_s << QByteArray("query B");
    QTest::newRow("unnamed") << u"subscription {a}"_s << QString() << QByteArray("subscription");
    QTest::newRow("no operation") << u"fragment F on T {a}"_s << QString() << QByteArray();
    QTest::newRow("no document") << u"\""_s << QString() << QByteArray();
    QTest::newRow("a name that is none") << u"{a}"_s << u"a b"_s << QByteArray("query");
    QTest::newRow("a string for a name") << u"query \"secret\""_s << QString() << QByteArray("query");
    QTest::newRow("a name without end") << u"query %1 {a}"_s.arg(QString(5000, u'a')) << QString() << QByteArray("query");
}

void tst_HttpOperations::namesOperations()
{
    QFETCH(QString, query);
    QFETCH(QString, name);
    QTEST(describe({.query = query, .variables = {}, .operationName = name, .identity = {}}), "described");
}

QTEST_GUILESS_MAIN(tst_HttpOperations)
#include "tst_httpoperations.moc"
