// SPDX-License-Identifier: MIT
#include "server/auth/iamauthorizer.h"

#include <QtTest/QtTest>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Qt::StringLiterals;

// Signatures of version 4: AWS's own test suite, then what a signer of ours makes and others change.
class tst_SigV4 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void suite_data();
    void suite();
    void writesTheCanonicalRequest();
    void parses_data();
    void parses();
    void letsIn_data();
    void letsIn();
    void refuses_data();
    void refuses();
    void readsKeys_data();
    void readsKeys();
};

using Headers = QHash<QByteArray, QByteArray>;

static const QByteArray suiteToken =
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi"
    "/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64"
    "lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

void tst_SigV4::suite_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<Headers>("headers");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("signature");
    const auto row = [](const char *name, const QByteArray &method, const QByteArray &target, const Headers &more, const QByteArray &body,
                        const QByteArray &signature) {
        Headers headers{{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}};
        headers.insert(more);
        QTest::newRow(name) << method << target << headers << body << signature;
    };
    const QByteArray unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    row("get-vanilla", "GET", "/", {}, {}, "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
    row("get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", {}, {},
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
    row("get-vanilla-query-unreserved", "GET", "/?" + unreserved + '=' + unreserved, {}, {},
        "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197");
    row("get-vanilla-utf8-query", "GET", "/?ሴ=bar", {}, {}, "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04");
    row("get-header-key-duplicate", "GET", "/", {{"my-header1", "value2,value2,value1"}}, {},
        "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea");
    row("get-header-value-order", "GET", "/", {{"my-header1", "value4,value1,value3,value2"}}, {},
        "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01");
    row("get-header-value-trim", "GET", "/", {{"my-header1", " value1"}, {"my-header2", " \"a   b   c\""}}, {},
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
    row("get-unreserved", "GET", '/' + unreserved, {}, {}, "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f");
    row("get-utf8", "GET", "/ሴ", {}, {}, "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85");
    row("get-space-unnormalized", "GET", "/example space/", {}, {}, "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741");
    row("get-slashes-unnormalized", "GET", "//example//", {}, {}, "87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5");
    row("post-vanilla", "POST", "/", {}, {}, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
    row("post-vanilla-query", "POST", "/?Param1=value1", {}, {}, "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11");
    row("post-sts-header-before", "POST", "/", {{"x-amz-security-token", suiteToken}}, {},
        "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead");
    row("post-x-www-form-urlencoded", "POST", "/", {{"content-type", "application/x-www-form-urlencoded"}}, "Param1=value1",
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a");
    row("post-x-www-form-urlencoded-parameters", "POST", "/", {{"content-type", "application/x-www-form-urlencoded; charset=utf8"}},
        "Param1=value1", "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe");
}

// What a client does: sign all headers and write the authorization.
static QByteArray authorizationOf(const AuthRequest &request, const QByteArray &id, const QByteArray &secret, const QByteArray &region,
                                  const QByteArray &service)
{
    SigV4::Authorization scope{id, request.headers.value("x-amz-date").first(8), region, service, request.headers.keys(), {}};
    std::sort(scope.signedHeaders.begin(), scope.signedHeaders.end());
    const std::optional<QByteArray> canonical = SigV4::canonicalRequest(request, scope.signedHeaders);
    const QByteArray text = SigV4::stringToSign(scope, request.headers.value("x-amz-date"), canonical.value_or(QByteArray()));
    return "AWS4-HMAC-SHA256 Credential=" + id + '/' + scope.date + '/' + region + '/' + service + "/aws4_request, SignedHeaders="
        + scope.signedHeaders.join(';') + ", Signature=" + SigV4::signature(scope, secret, text);
}

void tst_SigV4::suite()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, target);
    QFETCH(Headers, headers);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, signature);
    const AuthRequest request{.method = method, .target = target, .headers = headers, .body = body};
    const QByteArray authorization = authorizationOf(request, "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "service");
    QCOMPARE(authorization.last(64), signature);
}

void tst_SigV4::writesTheCanonicalRequest()
{
    const AuthRequest request{.method = "POST", .target = "/graphql?b=2&a=%7B1%7D&a=&c", .headers = {{"host", "h:443"}, {"x-a", "  1   2 "}, {"unsigned", "x"}},
                              .body = "{}"};
    QCOMPARE(SigV4::canonicalRequest(request, {"host", "x-a"}).value_or(QByteArray()),
             QByteArray("POST\n/graphql\na=&a=%7B1%7D&b=2&c=\nhost:h:443\nx-a:1 2\n\nhost;x-a\n"
                        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
    QVERIFY(!SigV4::canonicalRequest(request, {"host", "x-b"}));
}

void tst_SigV4::parses_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<bool>("good");
    const QByteArray scope = "Credential=ID/20240101/eu-west-1/appsync/aws4_request";
    const QByteArray names = "SignedHeaders=host;x-amz-date";
    const QByteArray signature = "Signature=ab";
    const QByteArray start = "AWS4-HMAC-SHA256 ";
    QTest::newRow("with spaces") << start + scope + ", " + names + ", " + signature << true;
    QTest::newRow("without spaces") << start + scope + ',' + names + ',' + signature << true;
    QTest::newRow("in another order") << start + signature + ", " + scope + ", " + names << true;
    QTest::newRow("nothing behind") << QByteArray("AWS4-HMAC-SHA256") << false;
    QTest::newRow("another algorithm") << "AWS4-ECDSA-P256-SHA256 " + scope + ',' + names + ',' + signature << false;
    QTest::newRow("no credential") << start + names + ',' + signature << false;
    QTest::newRow("two credentials") << start + scope + ',' + scope + ',' + names + ',' + signature << false;
    QTest::newRow("no headers") << start + scope + ',' + signature << false;
    QTest::newRow("an empty list of headers") << start + scope + ",SignedHeaders=," + signature << false;
    QTest::newRow("headers in the wrong order") << start + scope + ",SignedHeaders=x-amz-date;host," + signature << false;
    QTest::newRow("a header twice") << start + scope + ",SignedHeaders=host;host," + signature << false;
    QTest::newRow("headers in capitals") << start + scope + ",SignedHeaders=Host," + signature << false;
    QTest::newRow("no signature") << start + scope + ',' + names << false;
    QTest::newRow("a short scope") << start + "Credential=ID/20240101/eu-west-1/aws4_request," + names + ',' + signature << false;
    QTest::newRow("a long scope") << start + "Credential=ID/x/20240101/eu-west-1/appsync/aws4_request," + names + ',' + signature << false;
    QTest::newRow("another end of the scope") << start + "Credential=ID/20240101/eu-west-1/appsync/aws5_request," + names + ',' + signature << false;
}

void tst_SigV4::parses()
{
    QFETCH(QByteArray, header);
    const std::optional<SigV4::Authorization> authorization = SigV4::parse(header);
    QTEST(authorization.has_value(), "good");
    if (authorization) {
        QCOMPARE(authorization->accessKeyId, QByteArray("ID"));
        QCOMPARE(authorization->region, QByteArray("eu-west-1"));
        QCOMPARE(authorization->signedHeaders, QList<QByteArray>({"host", "x-amz-date"}));
        QCOMPARE(authorization->signature, QByteArray("ab"));
    }
}

// ---- callers ----

static constexpr qint64 now = 1'704'110'400'000;        // 2024-01-01T12:00:00Z

static IamOptions options()
{
    IamOptions options;
    options.keys = {{"AKIAUSER", {"user's secret", u"arn:aws:iam::1:user/anna"_s}},
                    {"AKIAGUEST", {"guest's secret", u"arn:aws:sts::1:assumed-role/guest"_s, true, "session"}},
                    {"AKIAOLD", {"old secret", u"arn:aws:iam::1:user/old"_s, false, {}, now}}};
    options.region = "eu-west-1";
    options.clock = [] { return now; };
    return options;
}

static Result<Identity> answerTo(const AuthRequest &request)
{
    Result<Identity> answer = Error();
    IamAuthorizer(options()).authorize(request, [&answer](Result<Identity> identity) { answer = std::move(identity); });
    return answer;
}

// What JS signs for a socket, section "handshake" of the protocol; for HTTP the same with the body sent.
static AuthRequest unsignedRequest(const QByteArray &target = "/graphql", const QByteArray &body = R"({"query":"{a}"})")
{
    return {.method = "POST", .target = target,
            .headers = {{"accept", "application/json, text/javascript"}, {"content-encoding", "amz-1.0"},
                        {"content-type", "application/json; charset=UTF-8"}, {"host", "api.example.com"}, {"x-amz-date", "20240101T120000Z"}},
            .body = body};
}

static AuthRequest signedRequest(AuthRequest request = unsignedRequest(), const QByteArray &id = "AKIAUSER", const QByteArray &secret = "user's secret",
                                 const QByteArray &region = "eu-west-1", const QByteArray &service = "appsync")
{
    request.headers.insert("authorization", authorizationOf(request, id, secret, region, service));
    return request;
}

static AuthRequest with(AuthRequest request, const QByteArray &header, const QByteArray &value)
{
    request.headers.insert(header, value);
    return request;
}

Q_DECLARE_METATYPE(Tideline::Server::AuthRequest)

void tst_SigV4::letsIn_data()
{
    QTest::addColumn<AuthRequest>("request");
    QTest::addColumn<QString>("subject");
    QTest::addColumn<bool>("guest");
    const QString anna = u"arn:aws:iam::1:user/anna"_s;
    QTest::newRow("a request") << signedRequest() << anna << false;
    QTest::newRow("a connection") << signedRequest(unsignedRequest("/graphql/connect", "{}")) << anna << false;
    QTest::newRow("with headers that nobody signed") << with(signedRequest(), "x-forwarded-for", "1.2.3.4") << anna << false;
    QTest::newRow("with spaces added on the way") << with(signedRequest(), "content-type", " application/json;   charset=UTF-8 ") << anna << false;
    QTest::newRow("five minutes ago") << signedRequest(with(unsignedRequest(), "x-amz-date", "20240101T115500Z")) << anna << false;
    QTest::newRow("in five minutes") << signedRequest(with(unsignedRequest(), "x-amz-date", "20240101T120500Z")) << anna << false;
    QTest::newRow("a guest") << signedRequest(with(unsignedRequest(), "x-amz-security-token", "session"), "AKIAGUEST", "guest's secret")
                             << u"arn:aws:sts::1:assumed-role/guest"_s << true;
}

void tst_SigV4::letsIn()
{
    QFETCH(AuthRequest, request);
    const Result<Identity> identity = answerTo(request);
    QVERIFY2(identity, qPrintable(identity.error().message()));
    QCOMPARE(identity->provider, Identity::Provider::Iam);
    QTEST(identity->subject, "subject");
    QTEST(identity->guest, "guest");
}

void tst_SigV4::refuses_data()
{
    QTest::addColumn<AuthRequest>("request");
    QTest::addColumn<QString>("type");
    const QString invalid = u"InvalidSignatureException"_s;
    const QString unknown = u"UnrecognizedClientException"_s;
    const QString incomplete = u"IncompleteSignatureException"_s;
    const auto changed = [](auto change) {
        AuthRequest request = signedRequest();
        change(request);
        return request;
    };
    QTest::newRow("nothing") << unsignedRequest() << u"UnauthorizedException"_s;
    QTest::newRow("another body") << changed([](AuthRequest &r) { r.body += ' '; }) << invalid;
    QTest::newRow("another body that says it is the old one")
        << changed([](AuthRequest &r) { r.body += ' '; r.headers.insert("x-amz-content-sha256", "UNSIGNED-PAYLOAD"); }) << invalid;
    QTest::newRow("another path") << changed([](AuthRequest &r) { r.target = "/graphql/connect"; }) << invalid;
    QTest::newRow("a query added") << changed([](AuthRequest &r) { r.target += "?a=1"; }) << invalid;
    QTest::newRow("another method") << changed([](AuthRequest &r) { r.method = "GET"; }) << invalid;
    QTest::newRow("another host") << with(signedRequest(), "host", "evil.example.com") << invalid;
    QTest::newRow("another time") << with(signedRequest(), "x-amz-date", "20240101T120001Z") << invalid;
    QTest::newRow("a signed header gone") << changed([](AuthRequest &r) { r.headers.remove("accept"); }) << incomplete;
    QTest::newRow("no time") << changed([](AuthRequest &r) { r.headers.remove("x-amz-date"); }) << incomplete;
    QTest::newRow("a time that is none") << with(signedRequest(), "x-amz-date", "2024-01-01T12:00:00Z") << incomplete;
    QTest::newRow("six minutes ago") << signedRequest(with(unsignedRequest(), "x-amz-date", "20240101T115400Z")) << invalid;
    QTest::newRow("in six minutes") << signedRequest(with(unsignedRequest(), "x-amz-date", "20240101T120600Z")) << invalid;
    QTest::newRow("the scope of another day")
        << changed([](AuthRequest &r) { r.headers["authorization"].replace("/20240101/", "/20231231/"); }) << invalid;
    QTest::newRow("another secret") << signedRequest(unsignedRequest(), "AKIAUSER", "guess") << invalid;
    QTest::newRow("an unknown key") << signedRequest(unsignedRequest(), "AKIANOBODY", "user's secret") << unknown;
    QTest::newRow("another region") << signedRequest(unsignedRequest(), "AKIAUSER", "user's secret", "us-east-1") << invalid;
    QTest::newRow("another service") << signedRequest(unsignedRequest(), "AKIAUSER", "user's secret", "eu-west-1", "s3") << invalid;
    QTest::newRow("a guest without a session") << signedRequest(unsignedRequest(), "AKIAGUEST", "guest's secret") << unknown;
    QTest::newRow("a guest of another session")
        << signedRequest(with(unsignedRequest(), "x-amz-security-token", "other"), "AKIAGUEST", "guest's secret") << unknown;
    QTest::newRow("a session where none is") << signedRequest(with(unsignedRequest(), "x-amz-security-token", "session")) << unknown;
    QTest::newRow("a key that has expired") << signedRequest(unsignedRequest(), "AKIAOLD", "old secret") << u"ExpiredTokenException"_s;
    QTest::newRow("half a signature") << changed([](AuthRequest &r) { r.headers["authorization"].chop(32); }) << invalid;
    QTest::newRow("no signature") << changed([](AuthRequest &r) { r.headers["authorization"].chop(64); }) << invalid;
    QTest::newRow("host not signed") << [] {
        AuthRequest request = unsignedRequest();
        request.headers.remove("host");
        return with(signedRequest(request), "host", "api.example.com");
    }() << incomplete;
    QTest::newRow("no form") << with(unsignedRequest(), "authorization", "AWS4-HMAC-SHA256 x") << incomplete;
}

void tst_SigV4::refuses()
{
    QFETCH(AuthRequest, request);
    const Result<Identity> identity = answerTo(request);
    QVERIFY(!identity);
    QTEST(identity.error().detail(), "type");
    QCOMPARE(identity.error().code(), identity.error().detail() == "UnauthorizedException"_L1 ? Error::Code::Unauthorized : Error::Code::Rejected);
}

void tst_SigV4::readsKeys_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<QString>("error");
    QTest::newRow("all there is") << QByteArray(R"({"region":"eu-west-1","keys":[{"accessKeyId":"A","secretAccessKey":"s3cret","arn":"arn","guest":true,"sessionToken":"t","expiresAt":"2027-01-31T00:00:00Z"}]})") << QString();
    QTest::newRow("the least") << QByteArray(R"({"keys":[{"accessKeyId":"A","secretAccessKey":"s3cret"}]})") << QString();
    QTest::newRow("no JSON") << QByteArray("x") << u"is no JSON object with a list of \"keys\""_s;
    QTest::newRow("a list") << QByteArray("[]") << u"is no JSON object with a list of \"keys\""_s;
    QTest::newRow("no keys") << QByteArray(R"({"keys":[]})") << u"has no keys"_s;
    QTest::newRow("no secret") << QByteArray(R"({"keys":[{"accessKeyId":"A"}]})") << u"key 1 needs \"accessKeyId\" and \"secretAccessKey\""_s;
    QTest::newRow("no id") << QByteArray(R"({"keys":[{"secretAccessKey":"s3cret"}]})") << u"key 1 needs \"accessKeyId\" and \"secretAccessKey\""_s;
    QTest::newRow("a key twice") << QByteArray(R"({"keys":[{"accessKeyId":"A","secretAccessKey":"s3cret"},{"accessKeyId":"A","secretAccessKey":"x"}]})")
                                 << u"key 2 has the \"accessKeyId\" of another"_s;
    QTest::newRow("a misspelt member") << QByteArray(R"({"keys":[{"accessKeyId":"A","secretAccessKey":"s3cret","gust":true}]})")
                                       << u"key 1 has \"gust\", which is not known or of another type"_s;
    QTest::newRow("guest as text") << QByteArray(R"({"keys":[{"accessKeyId":"A","secretAccessKey":"s3cret","guest":"no"}]})")
                                   << u"key 1 has \"guest\", which is not known or of another type"_s;
    QTest::newRow("an end that is no time") << QByteArray(R"({"keys":[{"accessKeyId":"A","secretAccessKey":"s3cret","expiresAt":"soon"}]})")
                                            << u"key 1 has an \"expiresAt\" that is no ISO 8601 time"_s;
}

void tst_SigV4::readsKeys()
{
    QFETCH(QByteArray, document);
    const Result<IamOptions> options = IamAuthorizer::parseOptions(document);
    QTEST(options.error().message(), "error");
    QVERIFY(!options.error().message().contains("s3cret"_L1));
    if (options)
        QCOMPARE(options->keys.value("A").secret, QByteArray("s3cret"));
}

QTEST_GUILESS_MAIN(tst_SigV4)
#include "tst_sigv4.moc"
