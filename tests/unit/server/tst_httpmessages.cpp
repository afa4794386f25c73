// SPDX-License-Identifier: MIT
#include "server/http/credentials_p.h"
#include "server/http/httpreply_p.h"
#include "server/http/httprequest_p.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtTest/QtTest>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Qt::StringLiterals;

class tst_HttpMessages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersByWhatIsAccepted_data();
    void answersByWhatIsAccepted();
    void splitsTargets_data();
    void splitsTargets();
    void findsQueryValues_data();
    void findsQueryValues();
    void readsBodies_data();
    void readsBodies();
    void readsQueries_data();
    void readsQueries();
    void decodesAuthorization_data();
    void decodesAuthorization();
    void findsCredentials_data();
    void findsCredentials();
    void shapesErrors_data();
    void shapesErrors();
    void allowsRequestedHeaders();
    void writesDates();
};

void tst_HttpMessages::splitsTargets_data()
{
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("query");
    QTest::newRow("a path alone") << QByteArray("/graphql") << QByteArray("/graphql") << QByteArray();
    QTest::newRow("a path with a query") << QByteArray("/graphql?a=b?c") << QByteArray("/graphql") << QByteArray("a=b?c");
    QTest::newRow("absolute form") << QByteArray("http://host:80/graphql?q") << QByteArray("/graphql") << QByteArray("q");
    QTest::newRow("absolute form without path") << QByteArray("http://host") << QByteArray("/") << QByteArray();
    QTest::newRow("a url in the query") << QByteArray("/x?u=http://h/graphql") << QByteArray("/x") << QByteArray("u=http://h/graphql");
    QTest::newRow("asterisk form") << QByteArray("*") << QByteArray("*") << QByteArray();
    QTest::newRow("nothing") << QByteArray() << QByteArray() << QByteArray();
}

void tst_HttpMessages::splitsTargets()
{
    QFETCH(QByteArray, target);
    const Target split = splitTarget(target);
    QTEST(split.path, "path");
    QTEST(split.query, "query");
}

void tst_HttpMessages::findsQueryValues_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<bool>("form");
    QTest::addColumn<bool>("found");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("alone") << QByteArray("header=abc") << false << true << QByteArray("abc");
    QTest::newRow("after another") << QByteArray("payload=e30=&header=abc") << false << true << QByteArray("abc");
    QTest::newRow("percent-encoded") << QByteArray("header=a%3D%2B") << false << true << QByteArray("a=+");
    QTest::newRow("a plus of base64") << QByteArray("header=a+b") << false << true << QByteArray("a+b");
    QTest::newRow("a plus of a form") << QByteArray("header=a+b%2B") << true << true << QByteArray("a b+");
    QTest::newRow("the first of two") << QByteArray("header=1&header=2") << false << true << QByteArray("1");
    QTest::newRow("without a value") << QByteArray("header") << false << true << QByteArray();
    QTest::newRow("only a longer name") << QByteArray("headers=1&xheader=2") << false << false << QByteArray();
    QTest::newRow("empty") << QByteArray() << false << false << QByteArray();
    QTest::newRow("separators only") << QByteArray("&&=&") << false << false << QByteArray();
}

void tst_HttpMessages::findsQueryValues()
{
    QFETCH(QByteArray, query);
    QFETCH(bool, form);
    const auto value = queryValue(query, "header", form ? PlusSign::Space : PlusSign::Plus);
    QTEST(value.has_value(), "found");
    QTEST(value.value_or(QByteArray()), "value");
}

void tst_HttpMessages::readsBodies_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("error");
    const QString unparsable = u"Unable to parse GraphQL query."_s;
    QTest::newRow("query alone") << QByteArray(R"({"query":"{a}"})") << QString();
    QTest::newRow("variables null") << QByteArray(R"({"query":"{a}","variables":null,"operationName":null})") << QString();
    QTest::newRow("variables and name") << QByteArray(R"({"query":"{a}","variables":{"x":null},"operationName":"A"})") << QString();
    QTest::newRow("unknown members") << QByteArray(R"({"query":"{a}","extensions":{}})") << QString();
    QTest::newRow("white space around") << QByteArray("\r\n {\"query\":\"{a}\"} \n") << QString();
    QTest::newRow("empty") << QByteArray() << u"Request body is empty."_s;
    QTest::newRow("white space") << QByteArray(" \r\n") << u"Request body is empty."_s;
    QTest::newRow("no JSON") << QByteArray("query { a }") << unparsable;
    QTest::newRow("cut off") << QByteArray(R"({"query":"{a}")") << unparsable;
    QTest::newRow("a list") << QByteArray(R"([{"query":"{a}"}])") << unparsable;
    QTest::newRow("no query") << QByteArray("{}") << unparsable;
    QTest::newRow("query is a number") << QByteArray(R"({"query":1})") << unparsable;
    QTest::newRow("variables is a list") << QByteArray(R"({"query":"{a}","variables":[]})") << unparsable;
    QTest::newRow("variables is text") << QByteArray(R"({"query":"{a}","variables":"{}"})") << unparsable;
    QTest::newRow("operationName is a number") << QByteArray(R"({"query":"{a}","operationName":1})") << unparsable;
    QTest::newRow("broken UTF-8") << QByteArray("{\"query\":\"\xff\"}") << unparsable;
    QTest::newRow("nested too deep") << QByteArray(R"({"query":"{a}","variables":)") + QByteArray(5000, '[') << unparsable;
}

void tst_HttpMessages::readsBodies()
{
    QFETCH(QByteArray, body);
    const auto request = requestFromBody(body);
    QTEST(request.error().message(), "error");
    if (request)
        QCOMPARE(request->query, u"{a}"_s);
}

void tst_HttpMessages::readsQueries_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<bool>("accepted");
    QTest::addColumn<QJsonObject>("variables");
    QTest::newRow("document alone") << QByteArray("query=%7Ba%7D") << true << QJsonObject();
    QTest::newRow("variables") << QByteArray("query=%7Ba%7D&variables=%7B%22x%22:1%7D") << true << QJsonObject{{u"x"_s, 1}};
    QTest::newRow("empty variables") << QByteArray("query=%7Ba%7D&variables=") << true << QJsonObject();
    QTest::newRow("null variables") << QByteArray("query=%7Ba%7D&variables=null") << true << QJsonObject();
    QTest::newRow("variables no JSON") << QByteArray("query=%7Ba%7D&variables=x") << false << QJsonObject();
    QTest::newRow("no document") << QByteArray("variables=%7B%7D") << false << QJsonObject();
}

void tst_HttpMessages::readsQueries()
{
    QFETCH(QByteArray, query);
    const auto request = requestFromQuery(query);
    QTEST(request.ok(), "accepted");
    if (request) {
        QCOMPARE(request->query, u"{a}"_s);
        QTEST(request->variables, "variables");
    }
}

void tst_HttpMessages::decodesAuthorization_data()
{
    QTest::addColumn<QByteArray>("encoded");
    QTest::addColumn<bool>("accepted");
    const QByteArray object = R"({"host":"h","x-api-key":"k?>~~"})";
    QTest::newRow("base64") << object.toBase64() << true;
    QTest::newRow("base64 without padding") << object.toBase64(QByteArray::OmitTrailingEquals) << true;
    QTest::newRow("base64url") << object.toBase64(QByteArray::Base64UrlEncoding) << true;
    QTest::newRow("base64url without padding")
        << object.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals) << true;
    QTest::newRow("not base64") << QByteArray("{\"a\":1}") << false;
    QTest::newRow("no object") << QByteArray("[]").toBase64() << false;
    QTest::newRow("no JSON") << QByteArray("hello").toBase64() << false;
    QTest::newRow("empty") << QByteArray() << false;
}

void tst_HttpMessages::decodesAuthorization()
{
    QFETCH(QByteArray, encoded);
    const auto object = decodedAuthorization(encoded);
    QTEST(object.ok(), "accepted");
    if (object)
        QCOMPARE(headersOf(*object).value("x-api-key"), QByteArray("k?>~~"));
}

void tst_HttpMessages::findsCredentials_data()
{
    QTest::addColumn<QByteArray>("query");
    QTest::addColumn<QByteArray>("protocols");
    QTest::addColumn<QByteArray>("key");
    const auto encoded = [](const char *key) {
        return (QByteArray(R"({"host":"h","X-Api-Key":")") + key + "\"}")
            .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    };
    QTest::newRow("in the request's headers") << QByteArray("payload=e30%3D") << QByteArray("graphql-ws") << QByteArray("plain");
    QTest::newRow("in the query") << "header=" + encoded("query") + "&payload=e30=" << QByteArray("graphql-ws") << QByteArray("query");
    QTest::newRow("in the sub-protocol") << QByteArray() << "graphql-ws, header-" + encoded("protocol") << QByteArray("protocol");
    QTest::newRow("the sub-protocol before the query")
        << "header=" + encoded("query") << "header-" + encoded("protocol") + ",graphql-ws" << QByteArray("protocol");
    QTest::newRow("broken") << QByteArray("header=!") << QByteArray("graphql-ws") << QByteArray();
}

void tst_HttpMessages::findsCredentials()
{
    QFETCH(QByteArray, query);
    QFETCH(QByteArray, protocols);
    const Headers request{{"x-api-key", "plain"}};
    const auto found = handshakeCredentials(request, query, offeredProtocols(protocols));
    QTEST(found ? found->value("x-api-key") : QByteArray(), "key");
}

void tst_HttpMessages::shapesErrors_data()
{
    QTest::addColumn<Error>("error");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    using enum ErrorCode::Code;
    const Error unauthorized(Unauthorized, u"no"_s);
    QTest::newRow("unauthorized") << Error(Unauthorized, u"Token has expired."_s) << 401
        << QByteArray(R"({"errors":[{"errorType":"UnauthorizedException","message":"Token has expired."}]})");
    QTest::newRow("unauthorized without words") << Error(Unauthorized, QString()) << 401
        << QByteArray(R"({"errors":[{"errorType":"UnauthorizedException","message":"You are not authorized to make this call."}]})");
    QTest::newRow("forbidden") << Error(Rejected, u"no"_s) << 403
        << QByteArray(R"({"errors":[{"errorType":"AccessDeniedException","message":"no"}]})");
    QTest::newRow("unauthorized by a name of its own") << unauthorized.withDetail(u"ExpiredTokenException"_s) << 401
        << QByteArray(R"({"errors":[{"errorType":"ExpiredTokenException","message":"no"}]})");
    QTest::newRow("forbidden by a name of its own") << Error(Rejected, u"no"_s).withDetail(u"InvalidSignatureException"_s) << 403
        << QByteArray(R"({"errors":[{"errorType":"InvalidSignatureException","message":"no"}]})");
    QTest::newRow("a detail that is no name") << unauthorized.withDetail(u"a\r\nb: Exception"_s) << 401
        << QByteArray(R"({"errors":[{"errorType":"UnauthorizedException","message":"no"}]})");
    QTest::newRow("somebody else is away") << Error(Network, u"away"_s).withDetail(u"SecretException"_s) << 503
        << QByteArray(R"({"errors":[{"errorType":"ServiceUnavailableException","message":"away"}]})");
    QTest::newRow("quotes") << Error(Validation, u"a \"b\"\n"_s) << 400
        << QByteArray(R"({"errors":[{"errorType":"BadRequestException","message":"a \"b\"\n"}]})");
    QTest::newRow("throttled") << Error(Throttled, u"slowly"_s) << 429
        << QByteArray(R"({"errors":[{"errorType":"ThrottlingException","message":"slowly"}]})");
    QTest::newRow("an internal one keeps its words to itself") << Error(StoreFailed, u"/secret/path"_s) << 500
        << QByteArray(R"({"errors":[{"errorType":"InternalFailure","message":"An internal failure occurred."}]})");
}

void tst_HttpMessages::shapesErrors()
{
    QFETCH(Error, error);
    const Tideline::Server::Reply reply = errorReply(error);
    QTEST(reply.status, "status");
    QTEST(reply.body, "body");
    QVERIFY(reply.body.contains('"' + reply.errorType + '"'));
}

void tst_HttpMessages::allowsRequestedHeaders()
{
    const Tideline::Server::Reply reply = preflightReply("X-Custom, authorization,bad\r\nheader, ,x-other");
    const auto allowed = std::find_if(reply.headers.begin(), reply.headers.end(),
                                      [](const auto &header) { return header.first == "Access-Control-Allow-Headers"; });
    QVERIFY(allowed != reply.headers.end());
    QCOMPARE(allowed->second, QByteArray("authorization, content-type, x-api-key, x-amz-user-agent, x-amz-date, "
                                         "x-amz-security-token, x-custom, x-other"));
}

void tst_HttpMessages::writesDates()
{
    QCOMPARE(httpDate(784111777), QByteArray("Sun, 06 Nov 1994 08:49:37 GMT"));
    QCOMPARE(httpDate(0), QByteArray("Thu, 01 Jan 1970 00:00:00 GMT"));
}

void tst_HttpMessages::answersByWhatIsAccepted_data()
{
    QTest::addColumn<QByteArray>("accept");
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("asGraphQL");
    const QByteArray good = R"({"data":{"a":1}})";
    const QByteArray invalid = R"({"data":null,"errors":[{"path":null,"locations":null,"message":"m"}]})";
    const QByteArray bubbled = R"({"data":null,"errors":[{"path":["a"],"locations":null,"message":"m"}]})";
    const QByteArray broken = R"({"data":null,"errors":[{"path":null,"data":null,"errorType":"InternalFailure","errorInfo":null,"locations":null,"message":"m"}]})";
    const QByteArray type = "application/graphql-response+json";
    QTest::newRow("nothing said") << QByteArray() << invalid << 200 << false;
    QTest::newRow("anything") << QByteArray("*/*") << invalid << 200 << false;
    QTest::newRow("JSON") << QByteArray("application/json") << invalid << 200 << false;
    QTest::newRow("its own type") << type << good << 200 << true;
    QTest::newRow("a refused document") << type << invalid << 400 << true;
    QTest::newRow("a null that reached the top") << type << bubbled << 200 << true;
    QTest::newRow("a failure inside") << type << broken << 500 << true;
    QTest::newRow("before JSON") << QByteArray("Application/GraphQL-Response+JSON;charset=utf-8 , application/json;q=0.9") << invalid << 400 << true;
    QTest::newRow("not at all") << QByteArray(type + "; q=0, application/json") << invalid << 200 << false;
}

void tst_HttpMessages::answersByWhatIsAccepted()
{
    QFETCH(const QByteArray, accept);
    QFETCH(const QByteArray, answer);
    QFETCH(const bool, asGraphQL);
    const Tideline::Server::Reply reply = answerReply(answer, accept);
    QTEST(reply.status, "status");
    QCOMPARE(reply.body.contains("\"data\":null,\"errors\""), answer.contains("\"data\":null,\"errors\"") && reply.status == 200);
    const bool named = std::any_of(reply.headers.begin(), reply.headers.end(), [](const auto &header) {
        return header.first == "Content-Type" && header.second == "application/graphql-response+json;charset=UTF-8";
    });
    QCOMPARE(named, asGraphQL);
}

QTEST_GUILESS_MAIN(tst_HttpMessages)
#include "tst_httpmessages.moc"
