// SPDX-License-Identifier: MIT
#include "httpfakes.h"

#include <QtCore/QRegularExpression>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Tideline::Server::Fakes;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_HttpServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersPosts();
    void answersRequests_data();
    void answersRequests();
    void passesRequestsOn();
    void keepsConnectionsAlive();
    void answersPipelinedRequestsInOrder();
    void asksForTheBody();
    void answersPreflights();
    void headHasNoBody();
    void endsSilentConnections_data();
    void endsSilentConnections();
    void answersLateRequests_data();
    void answersLateRequests();
    void answersLateServices();
    void tellsTheAuthorizerEverything();
    void waitsForSlowAuthorizers();
    void answersLateAuthorizers();
    void forgetsClientsThatLeaveWhileAuthorizing();
    void endsReceiversThatStopReading();
    void survivesClientsThatLeave();
    void readsTheAnswerToAnOversizedUpload();
    void boundsConnections();
    void refusesToStart_data();
    void refusesToStart();
    void bindsAllAddressesOfAName();
    void startsAgain();
};

static QString requestIdOf(const Answer &answer)
{
    return QString::fromLatin1(answer.headers.value("x-amzn-requestid"));
}

void tst_HttpServer::answersPosts()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    const auto port = server.start();
    QVERIFY2(port, qPrintable(port.error().message()));

    QNetworkAccessManager manager;
    QNetworkRequest request(QUrl(u"http://127.0.0.1:%1/graphql"_s.arg(*port)));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json; charset=UTF-8"_s);
    request.setRawHeader("x-api-key", goodKey);
    const std::unique_ptr<QNetworkReply> reply(manager.post(request, R"({"query":"{ü}","variables":{"n":9007199254740991}})"));
    QTRY_VERIFY(reply->isFinished());
    QCOMPARE(reply->error(), QNetworkReply::NoError);
    QCOMPARE(reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), 200);
    QCOMPARE(reply->rawHeader("content-type"), QByteArray("application/json;charset=UTF-8"));
    QCOMPARE(reply->rawHeader("access-control-allow-origin"), QByteArray("*"));
    QCOMPARE(reply->rawHeader("access-control-expose-headers"), QByteArray("x-amzn-requestid, x-amzn-errortype"));
    QVERIFY(!reply->rawHeader("x-amzn-requestid").isEmpty());
    QVERIFY(!reply->hasRawHeader("x-amzn-errortype"));
    QVERIFY(reply->hasRawHeader("date"));
    QCOMPARE(QString::fromUtf8(reply->readAll()),
             u"{\"data\":{\"operationName\":\"\",\"query\":\"{ü}\",\"variables\":{\"n\":9007199254740991}}}"_s);
    QCOMPARE(server.statistics().requests, 1);
}

void tst_HttpServer::answersRequests_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("errorType");
    QTest::addColumn<bool>("closes");
    const QByteArray none;
    const QByteArray malformed = "MalformedHttpRequestException";
    const QByteArray key = "x-api-key: " + goodKey + "\r\n";
    const auto get = [&](const QByteArray &target, const QByteArray &headers) {
        return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + headers + "\r\n";
    };
    const QByteArray body = R"({"query":"{a}"})";
    const QByteArray chunked = "POST /graphql HTTP/1.1\r\nHost: h\r\n" + key + "Transfer-Encoding: chunked\r\n\r\n";

    QTest::newRow("a query") << post(body) << 200 << none << false;
    QTest::newRow("absolute form") << post(body).replace("POST /", "POST http://h/") << 200 << none << false;
    QTest::newRow("header names in capitals") << post(body).replace("x-api-key", "X-API-KEY") << 200 << none << false;
    QTest::newRow("an empty line before") << "\r\n" + post(body) << 200 << none << false;
    QTest::newRow("in chunks") << chunked + "7;x=y\r\n{\"query\r\n8\r\n\":\"{a}\"}\r\n0\r\nTrailer: x\r\n\r\n" << 200 << none << false;
    QTest::newRow("by GET") << get("/graphql?query=%7Ba%7D", key) << 200 << none << false;
    QTest::newRow("a mutation by GET") << get("/graphql?query=mutation%7Ba%7D", key) << 405 << QByteArray("MethodNotAllowedException") << false;
    QTest::newRow("the mutation of several by GET")
        << get("/graphql?query=query+A%7Ba%7D+mutation+B%7Bb%7D&operationName=B", key) << 405 << QByteArray("MethodNotAllowedException") << false;
    QTest::newRow("the query of several by GET")
        << get("/graphql?query=query+A%7Ba%7D+mutation+B%7Bb%7D&operationName=A", key) << 200 << none << false;
    QTest::newRow("GET without a query") << get("/graphql", key) << 400 << malformed << false;
    QTest::newRow("close asked") << post(body, "Connection: close\r\n") << 200 << none << true;
    QTest::newRow("HTTP/1.0") << post(body).replace("HTTP/1.1", "HTTP/1.0") << 200 << none << true;
    QTest::newRow("HTTP/1.0 kept alive") << post(body, "Connection: keep-alive\r\n").replace("HTTP/1.1", "HTTP/1.0") << 200 << none << false;

    const QByteArray foreign = "UnsupportedMediaTypeException";
    QTest::newRow("JSON with a character set") << post(body, "Content-Type: application/json; charset=utf-8\r\n") << 200 << none << false;
    QTest::newRow("as AWS's examples with curl") << post(body, "Content-Type: application/graphql\r\n") << 200 << none << false;
    QTest::newRow("plain text") << post(body, "Content-Type: text/plain;charset=UTF-8\r\n") << 415 << foreign << false;
    QTest::newRow("a form") << post(body, "Content-Type: Application/X-WWW-Form-Urlencoded\r\n") << 415 << foreign << false;
    QTest::newRow("a form in parts") << post(body, "Content-Type: multipart/form-data; boundary=x\r\n") << 415 << foreign << false;
    QTest::newRow("extensions that are no object") << post(R"({"query":"{a}","extensions":[1]})") << 400 << malformed << false;

    QTest::newRow("empty body") << post({}) << 400 << malformed << false;
    QTest::newRow("body is no JSON") << post("{") << 400 << malformed << false;
    QTest::newRow("no credentials") << post(body).replace(key, "") << 401 << QByteArray("UnauthorizedException") << false;
    QTest::newRow("no credentials and no body") << post({}).replace(key, "") << 401 << QByteArray("UnauthorizedException") << false;
    QTest::newRow("wrong key") << post(body).replace(goodKey, "da2-bad") << 401 << QByteArray("UnauthorizedException") << false;
    QTest::newRow("unknown path") << get("/", key) << 404 << QByteArray("UnknownOperationException") << false;
    QTest::newRow("path with a slash behind") << get("/graphql/", key) << 404 << QByteArray("UnknownOperationException") << false;
    QTest::newRow("wrong method") << "DELETE" + post(body).mid(4) << 405 << QByteArray("MethodNotAllowedException") << false;
    QTest::newRow("unknown method") << "BREW" + post(body).mid(4) << 405 << QByteArray("MethodNotAllowedException") << false;
    QTest::newRow("health") << get("/healthz", {}) << 200 << none << false;
    QTest::newRow("health by POST") << post(body).replace("/graphql", "/healthz") << 405 << QByteArray("MethodNotAllowedException") << false;
    QTest::newRow("ping") << get("/ping", {}) << 200 << none << false;
    QTest::newRow("real-time address without upgrade") << get("/graphql/realtime", key) << 426 << QByteArray("BadRequestException") << false;
    QTest::newRow("real-time address by POST") << post(body).replace("/graphql", "/graphql/realtime") << 405 << QByteArray("MethodNotAllowedException") << false;

    QTest::newRow("header too large") << get("/graphql", "x: " + QByteArray(20'000, 'x') + "\r\n") << 431
        << QByteArray("RequestHeaderFieldsTooLargeException") << true;
    QTest::newRow("target too large") << get("/" + QByteArray(20'000, 'x'), {}) << 431
        << QByteArray("RequestHeaderFieldsTooLargeException") << true;
    QTest::newRow("many small headers") << get("/graphql", QByteArray("a: b\r\n").repeated(4000)) << 431
        << QByteArray("RequestHeaderFieldsTooLargeException") << true;
    QTest::newRow("body announced too large") << post({}).replace("Content-Length: 0", "Content-Length: 5000000") << 413
        << QByteArray("RequestEntityTooLargeException") << true;
    QTest::newRow("chunk too large") << chunked + "200000\r\n" + QByteArray(0x200000, 'x') << 413
        << QByteArray("RequestEntityTooLargeException") << true;
    QTest::newRow("endless chunk extension") << chunked + "1;" + QByteArray(200'000, 'x') << 431
        << QByteArray("RequestHeaderFieldsTooLargeException") << true;

    QTest::newRow("no HTTP") << QByteArray("hello\r\n\r\n") << 400 << malformed << true;
    QTest::newRow("another protocol") << QByteArray("SSH-2.0-x\r\n\r\n") << 400 << malformed << true;
    QTest::newRow("HTTP/2 preface") << QByteArray("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") << 400 << malformed << true;
    QTest::newRow("no version") << QByteArray("GET /graphql\r\n\r\n") << 400 << malformed << true;
    QTest::newRow("line feeds alone") << get("/healthz", {}).replace("\r\n", "\n") + "\r\n\r\n" << 400 << malformed << true;
    QTest::newRow("length is no number") << post(body).replace("Content-Length: 15", "Content-Length: x") << 400 << malformed << true;
    QTest::newRow("length is negative") << post(body).replace("Content-Length: 15", "Content-Length: -1") << 400 << malformed << true;
    QTest::newRow("length overflows") << post(body).replace("Content-Length: 15", "Content-Length: 99999999999999999999") << 400 << malformed << true;
    QTest::newRow("two lengths") << post(body, "Content-Length: 3\r\n") << 400 << malformed << true;
    QTest::newRow("length and chunks") << post(body, "Transfer-Encoding: chunked\r\n") << 400 << malformed << true;
    QTest::newRow("chunks and length") << post(body).replace("Content-Length", "Transfer-Encoding: chunked\r\nContent-Length") << 400 << malformed << true;
    QTest::newRow("chunk size is no number") << chunked + "xyz\r\n" << 400 << malformed << true;
    QTest::newRow("zero byte in a header") << get("/graphql", QByteArray("a: b\0c\r\n", 8)) << 400 << malformed << true;
    QTest::newRow("space before the colon") << get("/graphql", "a : b\r\n") << 400 << malformed << true;
    QTest::newRow("space in the target") << get("/graph ql", {}) << 400 << malformed << true;
}

void tst_HttpServer::answersRequests()
{
    QFETCH(QByteArray, request);
    QFETCH(QByteArray, errorType);
    QFETCH(bool, closes);
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.closeTimeout = 100ms});
    RawClient client(server.start().valueOr(0));
    client.send(request);
    const auto answer = client.answer();
    QVERIFY(answer);
    QTEST(answer->status, "status");
    QCOMPARE(answer->headers.value("x-amzn-errortype"), errorType);
    QCOMPARE(answer->headers.value("access-control-allow-origin"), QByteArray("*"));
    QVERIFY(QRegularExpression(u"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"_s).match(requestIdOf(*answer)).hasMatch());
    if (!errorType.isEmpty()) {
        const QJsonObject body = QJsonDocument::fromJson(answer->body).object();
        QCOMPARE(body.keys(), QStringList(u"errors"_s));
        QCOMPARE(body.value("errors"_L1)[0]["errorType"_L1].toString(), QString::fromLatin1(errorType));
        QVERIFY(!body.value("errors"_L1)[0]["message"_L1].toString().isEmpty());
    }
    if (closes) {
        QTRY_VERIFY(client.isClosed());
        QCOMPARE(client.received, QByteArray());
    } else {
        client.send(post(R"({"query":"{again}"})"));
        const auto again = client.answer();
        QVERIFY(again);
        QCOMPARE(again->status, 200);
        QVERIFY(again->body.contains("again"));
    }
}

void tst_HttpServer::passesRequestsOn()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.requestId = [] { return QByteArray("id-1"); }});
    RawClient client(server.start().valueOr(0));
    client.send(post(R"({"query":"query A {a}","variables":{"x":[1,null]},"operationName":"A"})",
                     "Authorization: user:anna\r\n").replace(goodKey, "da2-bad"));
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(requestIdOf(*answer), u"id-1"_s);
    QCOMPARE(answer->headers.value("x-amzn-appsync-tokensconsumed"), QByteArray("1"));
    const GraphQLRequest seen = service.requests().at(0);
    QCOMPARE(seen.query, u"query A {a}"_s);
    QCOMPARE(seen.operationName, u"A"_s);
    QCOMPARE(QJsonDocument(seen.variables).toJson(QJsonDocument::Compact), QByteArray(R"({"x":[1,null]})"));
    QCOMPARE(seen.identity.subject, u"anna"_s);
}

void tst_HttpServer::keepsConnectionsAlive()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    RawClient client(server.start().valueOr(0));
    for (int i = 0; i < 100; ++i) {
        client.send(post("{\"query\":\"{q" + QByteArray::number(i) + "}\"}"));
        const auto answer = client.answer();
        QVERIFY(answer);
        QVERIFY(answer->body.contains("{q" + QByteArray::number(i) + "}"));
    }
    QCOMPARE(server.statistics().connections, 1);
}

void tst_HttpServer::answersPipelinedRequestsInOrder()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    RawClient client(server.start().valueOr(0));
    client.send(post(R"({"query":"{hold}"})") + post(R"({"query":"{second}"})") + post(R"({"query":"{third}"})"));
    QTRY_COMPARE(service.held(), 1);
    QCOMPARE(client.received, QByteArray());
    service.release();
    QVERIFY(client.answer().value_or(Answer()).body.contains("held"));
    QVERIFY(client.answer().value_or(Answer()).body.contains("second"));
    QVERIFY(client.answer().value_or(Answer()).body.contains("third"));
}

void tst_HttpServer::asksForTheBody()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    RawClient client(server.start().valueOr(0));
    const QByteArray body = R"({"query":"{a}"})";
    client.send(post(body, "Expect: 100-continue\r\n").chopped(body.size()));
    QTRY_COMPARE(client.received, QByteArray("HTTP/1.1 100 Continue\r\n\r\n"));
    client.received.clear();
    client.send(body);
    QCOMPARE(client.answer().value_or(Answer()).status, 200);
}

void tst_HttpServer::answersPreflights()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    RawClient client(server.start().valueOr(0));
    client.send("OPTIONS /graphql HTTP/1.1\r\nHost: h\r\nOrigin: http://localhost:3000\r\n"
                "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: x-api-key,x-mine\r\n\r\n");
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 200);
    QCOMPARE(answer->headers.value("access-control-allow-origin"), QByteArray("*"));
    QCOMPARE(answer->headers.value("access-control-allow-methods"), QByteArray("POST, OPTIONS"));
    QCOMPARE(answer->headers.value("access-control-max-age"), QByteArray("172800"));
    QCOMPARE(answer->headers.value("access-control-allow-headers"),
             QByteArray("authorization, content-type, x-api-key, x-amz-user-agent, x-amz-date, x-amz-security-token, x-mine"));
    QCOMPARE(service.requests().size(), std::size_t(0));
}

void tst_HttpServer::headHasNoBody()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    RawClient client(server.start().valueOr(0));
    client.send("HEAD /healthz HTTP/1.1\r\nHost: h\r\n\r\nGET /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto head = client.answer(false);
    QVERIFY(head);
    const auto get = client.answer();
    QVERIFY(get);
    QCOMPARE(get->body, QByteArray("{\"status\":\"ok\"}"));
    QCOMPARE(head->headers.value("content-length"), get->headers.value("content-length"));
}

void tst_HttpServer::endsSilentConnections_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::newRow("nothing was ever sent") << QByteArray();
    QTest::newRow("between two requests") << QByteArray("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n");
}

void tst_HttpServer::endsSilentConnections()
{
    QFETCH(QByteArray, before);
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.idleTimeout = 50ms, .headerTimeout = 50ms});
    RawClient client(server.start().valueOr(0));
    QTRY_VERIFY(client.socket.state() == QAbstractSocket::ConnectedState);
    client.send(before);
    if (!before.isEmpty())
        QVERIFY(client.answer());
    QTRY_VERIFY(client.isClosed());
    QCOMPARE(client.received, QByteArray());
    QTRY_COMPARE(server.statistics().connections, 0);
}

void tst_HttpServer::answersLateRequests_data()
{
    QTest::addColumn<QByteArray>("part");
    QTest::newRow("in the request line") << QByteArray("POST /grap");
    QTest::newRow("in the header") << post(R"({"query":"{a}"})").first(40);
    QTest::newRow("in the body") << post(R"({"query":"{a}"})").chopped(3);
    QTest::newRow("in a chunk") << QByteArray("POST /graphql HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab");
}

void tst_HttpServer::answersLateRequests()
{
    QFETCH(QByteArray, part);
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.headerTimeout = 50ms, .bodyTimeout = 50ms, .closeTimeout = 50ms});
    RawClient client(server.start().valueOr(0));
    client.send(part);
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 408);
    QCOMPARE(answer->headers.value("connection"), QByteArray("close"));
    QTRY_VERIFY(client.isClosed());
}

void tst_HttpServer::answersLateServices()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.executionTimeout = 50ms});
    RawClient client(server.start().valueOr(0));
    client.send(post(R"({"query":"{hold}"})"));
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 504);
    QCOMPARE(answer->body, QByteArray(R"({"errors":[{"errorType":"ExecutionTimeout","message":"Execution timed out."}]})"));
    service.release();                  // the answer nobody waits for any more
    QTRY_VERIFY(client.isClosed());
    QCOMPARE(client.received, QByteArray());
}

static QByteArray postWith(const QByteArray &token, const QByteArray &body = R"({"query":"{a}"})")
{
    return post(body, "Authorization: " + token + "\r\n").replace("x-api-key: " + goodKey + "\r\n", "");
}

void tst_HttpServer::tellsTheAuthorizerEverything()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    RawClient client(server.start().valueOr(0));
    const QByteArray body = R"( {"operationName":"A", "query":"query A{a}","variables":{"n":1}} )";
    client.send(post(body, "X-Many: a\r\nX-Many:  b\r\n").replace("/graphql", "/graphql?x=%31"));
    QCOMPARE(client.answer().value_or(Answer()).status, 200);
    client.send("GET /graphql?query=%7Bb%7D HTTP/1.1\r\nHost: h\r\nx-api-key: " + goodKey + "\r\n\r\n");
    QCOMPARE(client.answer().value_or(Answer()).status, 200);
    client.send(post("no JSON"));
    QCOMPARE(client.answer().value_or(Answer()).status, 400);
    const std::vector<AuthRequest> seen = authorizer.requests();
    QCOMPARE(seen.size(), 3u);
    QCOMPARE(seen[0].method, QByteArray("POST"));
    QCOMPARE(seen[0].target, QByteArray("/graphql?x=%31"));
    QCOMPARE(seen[0].body, body);
    QCOMPARE(seen[0].headers.value("host"), QByteArray("localhost"));
    QCOMPARE(seen[0].headers.value("x-many"), QByteArray("a,b"));
    QCOMPARE(seen[0].query, u"query A{a}"_s);
    QCOMPARE(seen[0].operationName, u"A"_s);
    QCOMPARE(seen[0].variables, QJsonObject({{u"n"_s, 1}}));
    QCOMPARE(seen[1].method, QByteArray("GET"));
    QCOMPARE(seen[1].query, u"{b}"_s);
    QCOMPARE(seen[2].body, QByteArray("no JSON"));
    QCOMPARE(seen[2].query, QString());
}

void tst_HttpServer::waitsForSlowAuthorizers()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.threads = 1});
    const quint16 port = server.start().valueOr(0);
    RawClient good(port);
    RawClient bad(port);
    good.send(postWith("slow:anna") + post(R"({"query":"{second}"})"));
    bad.send(postWith("slow:nobody"));
    QTRY_COMPARE(authorizer.held(), 2);
    RawClient other(port);
    other.send(post(R"({"query":"{a}"})"));             // the one thread serves others meanwhile
    QCOMPARE(other.answer().value_or(Answer()).status, 200);
    QVERIFY(good.received.isEmpty());
    authorizer.release();
    QCOMPARE(good.answer().value_or(Answer()).status, 200);
    QVERIFY(good.answer().value_or(Answer()).body.contains("second"));
    const Answer refused = bad.answer().value_or(Answer());
    QCOMPARE(refused.status, 401);
    QCOMPARE(refused.headers.value("x-amzn-errortype"), QByteArray("UnauthorizedException"));
    QCOMPARE(service.requests().size(), 3u);
}

void tst_HttpServer::answersLateAuthorizers()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.authorizationTimeout = 50ms});
    RawClient client(server.start().valueOr(0));
    client.send(postWith("slow:anna"));
    QCOMPARE(client.answer().value_or(Answer()).status, 504);
    QTRY_VERIFY(client.isClosed());
    authorizer.release();
    QVERIFY(service.requests().empty());
}

void tst_HttpServer::forgetsClientsThatLeaveWhileAuthorizing()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    const quint16 port = server.start().valueOr(0);
    {
        RawClient client(port);
        client.send(postWith("slow:anna"));
        QTRY_COMPARE(authorizer.held(), 1);
    }
    authorizer.release();
    QTRY_COMPARE(server.statistics().connections, 0);
    RawClient other(port);
    other.send(post(R"({"query":"{a}"})"));
    QCOMPARE(other.answer().value_or(Answer()).status, 200);
}

void tst_HttpServer::endsReceiversThatStopReading()
{
    Service service;
    service.answer = "{\"data\":\"" + QByteArray(32 * 1024 * 1024, 'x') + "\"}";
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.writeTimeout = 100ms, .sendBufferBytes = 64 * 1024});
    QTcpSocket client;
    client.setReadBufferSize(1024);
    client.connectToHost(u"127.0.0.1"_s, server.start().valueOr(0));
    client.write(post(R"({"query":"{a}"})"));
    QTRY_COMPARE(server.statistics().requests, 1);
    QTRY_COMPARE(server.statistics().connections, 0);
}

void tst_HttpServer::survivesClientsThatLeave()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    const quint16 port = server.start().valueOr(0);
    for (int i = 0; i < 20; ++i) {
        RawClient client(port);
        client.send(post(R"({"query":"{hold}"})"));
        QTRY_COMPARE(service.held(), i + 1);
        client.socket.abort();
    }
    service.release();
    QTRY_COMPARE(server.statistics().connections, 0);
}

void tst_HttpServer::readsTheAnswerToAnOversizedUpload()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.maxBodyBytes = 1000});
    RawClient client(server.start().valueOr(0));
    client.send(post(QByteArray(4'000'000, 'x')));      // still being sent when the answer comes
    const auto answer = client.answer();
    QVERIFY(answer);
    QCOMPARE(answer->status, 413);
}

void tst_HttpServer::boundsConnections()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.maxConnections = 1});
    const quint16 port = server.start().valueOr(0);
    RawClient first(port);
    first.send("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n");
    QVERIFY(first.answer());
    RawClient second(port);
    QTRY_VERIFY(second.socket.state() == QAbstractSocket::ConnectedState || second.isClosed());
    QTRY_VERIFY(second.isClosed());
    first.socket.abort();
    QTRY_COMPARE(server.statistics().connections, 0);
    RawClient third(port);
    third.send("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n");
    QCOMPARE(third.answer().value_or(Answer()).body, QByteArray("healthy"));
}

void tst_HttpServer::refusesToStart_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QByteArray>("certificate");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("code");
    QTest::newRow("the port is taken") << u"127.0.0.1"_s << QByteArray() << QByteArray() << int(Error::Code::Network);
    QTest::newRow("not an address of ours") << u"192.0.2.1"_s << QByteArray() << QByteArray() << int(Error::Code::Network);
    QTest::newRow("certificate without key") << u"127.0.0.1"_s << QByteArray("x") << QByteArray() << int(Error::Code::InvalidArgument);
    QTest::newRow("no certificate at all") << u"127.0.0.1"_s << QByteArray("x") << QByteArray("y") << int(Error::Code::InvalidArgument);
    QTest::newRow("an impossible name") << u"no such host"_s << QByteArray() << QByteArray() << int(Error::Code::InvalidArgument);
}

void tst_HttpServer::refusesToStart()
{
    QFETCH(QString, host);
    QFETCH(QByteArray, certificate);
    QFETCH(QByteArray, key);
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer other(service, authorizer);
    const quint16 port = other.start().valueOr(0);
    QVERIFY(port != 0);
    HttpServer server(service, authorizer, {.host = host, .port = port, .certificate = certificate, .privateKey = key});
    const auto started = server.start();
    QVERIFY(!started);
    QTEST(int(started.error().code()), "code");
    QVERIFY(!started.error().message().isEmpty());
    QVERIFY(!server.isListening());
    QVERIFY(!other.start());            // runs already
}

void tst_HttpServer::bindsAllAddressesOfAName()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.host = u"localhost"_s});
    const auto port = server.start();
    QVERIFY2(port, qPrintable(port.error().message()));
    RawClient client(*port);
    client.send("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n");
    QVERIFY(client.answer());
}

void tst_HttpServer::startsAgain()
{
    Service service;
    const KeyAuthorizer authorizer;
    HttpServer server(service, authorizer);
    for (int i = 0; i < 3; ++i) {
        RawClient client(server.start().valueOr(0));
        client.send(post(R"({"query":"{a}"})"));
        QCOMPARE(client.answer().value_or(Answer()).status, 200);
        server.stop(0ms);
        QVERIFY(!server.isListening());
    }
}

QTEST_GUILESS_MAIN(tst_HttpServer)
#include "tst_httpserver.moc"
