// SPDX-License-Identifier: MIT
#include "client/appsync/authorizer_p.h"
#include "client/appsync/credentials.h"
#include "client/appsync/sigv4_p.h"
#include "server/auth/iamauthorizer.h"
#include "shared/manualexecutor.h"

#include <QtTest/QTest>

using namespace Tideline;
using namespace Qt::StringLiterals;

// Signatures that the client makes: AWS's own test suite, and what the server says of them.
class TestRequestSigning : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void suite_data();
    void suite();
    void theServerTakesThem_data();
    void theServerTakesThem();
    void theRegionIsTheHosts();
    void incompleteKeysSignNothing();
};

using Headers = QList<SigV4::Header>;

void TestRequestSigning::suite_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<Headers>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("signature");
    const auto row = [](const char *name, const QByteArray &method, const QByteArray &target, const Headers &headers, const QByteArray &body,
                        const QByteArray &signature) { QTest::newRow(name) << method << target << headers << body << signature; };
    const QByteArray unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    row("get-vanilla", "GET", "/", {}, {}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    row("get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", {}, {},
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
    row("get-vanilla-query-unreserved", "GET", "/?" + unreserved + '=' + unreserved, {}, {},
        "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197");
    row("get-header-value-trim", "GET", "/", {{"my-header1", " value1"}, {"my-header2", " \"a   b   c\""}}, {},
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
    row("get-header-value-order", "GET", "/", {{"my-header1", "value4,value1,value3,value2"}}, {},
        "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01");
    row("get-unreserved", "GET", '/' + unreserved, {}, {}, "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f");
    row("get-utf8", "GET", "/ሴ", {}, {}, "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
    row("get-space-unnormalized", "GET", "/example space/", {}, {}, "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741");
    row("post-vanilla", "POST", "/", {}, {}, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    row("post-vanilla-query", "POST", "/?Param1=value1", {}, {}, "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11");
    row("post-x-www-form-urlencoded", "POST", "/", {{"content-type", "application/x-www-form-urlencoded"}}, "Param1=value1",
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
}

void TestRequestSigning::suite()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(Headers, headers);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, signature);
    const qsizetype question = target.indexOf('?');
    SigV4::Request request{method, question < 0 ? target : target.first(question), question < 0 ? QByteArray() : target.mid(question + 1), headers, body};
    request.headers += Headers{{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}};
    const SigV4::Keys keys{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service"};
    QCOMPARE(SigV4::authorization(request, keys, "20150830T123600Z").last(64), signature);
}

void TestRequestSigning::theServerTakesThem_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Headers>("headers");
    QTest::addColumn<QString>("session");
    const Headers realtime{{"accept", "application/json, text/javascript"}, {"content-encoding", "amz-1.0"}, {"content-type", "application/json; charset=UTF-8"}};
    QTest::newRow("a request over HTTP") << QByteArray("/graphql") << QByteArray(R"({"query":"{ a }"})") << Headers() << QString();
    QTest::newRow("a path with a space") << QByteArray("/my%20api/graphql") << QByteArray("{}") << Headers() << QString();
    QTest::newRow("the connection of the socket") << QByteArray("/graphql/connect") << QByteArray("{}") << realtime << QString();
    QTest::newRow("a subscription with temporary keys") << QByteArray("/graphql") << QByteArray(R"({"query":"ä"})") << realtime << u"session+/="_s;
}

void TestRequestSigning::theServerTakesThem()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, body);
    QFETCH(Headers, headers);
    QFETCH(QString, session);
    ManualScheduler time;
    IamCredentials credentials;
    credentials.setScheduler(&time);
    credentials.setKeys({u"AKID"_s, u"secret"_s, session});
    credentials.setRegion(u"eu-west-1"_s);
    Server::IamOptions options;
    options.keys.insert("AKID", {.secret = "secret", .arn = u"arn:a"_s, .sessionToken = session.toUtf8()});
    options.region = "eu-west-1";
    options.clock = [&time] { return time.now(); };
    Server::AuthRequest request{.target = path, .body = body};
    const auto handle = credentials.authorizer()->authorize({u"api.example.com:4000"_s, path, body, headers}, time, [&request](const Result<Authorization> &signedOne) {
        for (auto header = signedOne->headers.begin(); header != signedOne->headers.end(); ++header)
            request.headers.insert(header.key().toLower().toUtf8(), header->toString().toUtf8());
    });
    for (const auto &[name, value] : std::as_const(headers))
        QCOMPARE(request.headers.value(name), value);
    std::optional<Result<Server::Identity>> answer;
    const auto authorize = [&] { Server::IamAuthorizer(options).authorize(request, [&answer](const Result<Server::Identity> &identity) { answer = identity; }); };
    authorize();
    QVERIFY2(answer->ok(), qPrintable(answer->error().message()));
    QCOMPARE((*answer)->subject, u"arn:a"_s);
    request.body += ' ';
    authorize();
    QVERIFY(!answer->ok());
}

void TestRequestSigning::theRegionIsTheHosts()
{
    ManualScheduler time;
    IamCredentials credentials;
    credentials.setScheduler(&time);
    credentials.setKeys({u"AKID"_s, u"secret"_s});
    QString scope;
    const auto sign = [&](const QString &host) {
        const auto handle = credentials.authorizer()->authorize({host, "/graphql", "{}"}, time, [&scope](const Result<Authorization> &authorization) {
            scope = authorization->headers.value(u"Authorization"_s).toString().section(u'/', 2, 2);
        });
    };
    sign(u"abcdefghijklmnopqrstuvwxyz.appsync-api.eu-central-1.amazonaws.com"_s);
    QCOMPARE(scope, u"eu-central-1"_s);
    sign(u"api.example.com"_s);
    QCOMPARE(scope, u"us-east-1"_s);
    credentials.setRegion(u"ap-south-1"_s);
    sign(u"api.example.com"_s);
    QCOMPARE(scope, u"ap-south-1"_s);
}

void TestRequestSigning::incompleteKeysSignNothing()
{
    ManualScheduler time;
    IamCredentials credentials;
    credentials.setScheduler(&time);
    credentials.setAccessKeyId(u"AKID"_s);
    QVERIFY(!credentials.authorizer()->isAvailable());
    credentials.setSecretAccessKey(u"secret"_s);
    QVERIFY(credentials.authorizer()->isAvailable());
    QVERIFY(!credentials.caller().guest);
}

QTEST_GUILESS_MAIN(TestRequestSigning)

#include "tst_requestsigning.moc"
