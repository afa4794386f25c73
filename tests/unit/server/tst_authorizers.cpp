// SPDX-License-Identifier: MIT
#include "testkeys.h"

#include "server/auth/apikeyauthorizer.h"
#include "server/auth/functionauthorizer.h"
#include "server/auth/iamauthorizer.h"
#include "server/auth/multiauthorizer.h"

#include <QtTest/QtTest>

#include <deque>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Tideline::Server::Fakes;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 start = 1'700'000'000'000;
constexpr qint64 second = 1000;
const QString issuer = u"https://id.example/tenant"_s;
const QString discoveryUrl = u"https://id.example/tenant/.well-known/openid-configuration"_s;
const QString keysUrl = u"https://keys.example/jwks"_s;

// Answers when the test says so.
class FakeFetcher final : public Fetcher
{
public:
    void fetch(const FetchRequest &request, std::function<void(Result<FetchAnswer>)> done) override
    {
        requests.push_back(request);
        waiting.push_back(std::move(done));
    }

    void answer(const QByteArray &body, int status = 200) { take()(FetchAnswer{status, body}); }
    void fail(Error::Code code = Error::Code::Timeout) { take()(Error(code, u"away"_s)); }
    [[nodiscard]] QString lastUrl() const { return requests.empty() ? QString() : requests.back().url.toString(); }

    std::vector<FetchRequest> requests;
    std::deque<std::function<void(Result<FetchAnswer>)>> waiting;

private:
    std::function<void(Result<FetchAnswer>)> take()
    {
        if (waiting.empty())
            qFatal("nothing is being fetched");
        const auto done = std::move(waiting.front());
        waiting.pop_front();
        return done;
    }
};

// What an authorizer says to one request.
struct Asked
{
    [[nodiscard]] bool isAnswered() const { return answers->size() == 1; }
    [[nodiscard]] QString subject() const { return isAnswered() && answers->front() ? answers->front()->subject : QString(); }
    [[nodiscard]] Error error() const { return isAnswered() ? answers->front().error() : Error(Error::Code::Cancelled, u"%1 answers"_s.arg(answers->size())); }

    std::shared_ptr<std::vector<Result<Identity>>> answers = std::make_shared<std::vector<Result<Identity>>>();
};

Asked ask(const Authorizer &authorizer, const AuthRequest &request)
{
    Asked asked;
    authorizer.authorize(request, [answers = asked.answers](Result<Identity> identity) { answers->push_back(std::move(identity)); });
    return asked;
}

Asked ask(const Authorizer &authorizer, const QByteArray &token)
{
    return ask(authorizer, AuthRequest{.headers = {{"authorization", token}}});
}

} // namespace

class tst_Authorizers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void apiKeysExpire();
    void apiKeysAreRevoked();
    void revokedKeysAreKnownByTheirCredential();

    void fetchesNothingBeforeAToken();
    void discoversKeys();
    void refusesDiscoveries_data();
    void refusesDiscoveries();
    void fetchesACognitoPoolsKeys();
    void sharesOneFetch();
    void keepsKeys();
    void refreshesInTheBackground();
    void takesUpNewKeys();
    void stopsTakingWithdrawnKeys();
    void unknownKeysMakeNoStorm();
    void survivesAnOutage();
    void endsWithAnOutageThatLasts();
    void answersAnOutageAtTheStart_data();
    void answersAnOutageAtTheStart();
    void clocksThatAreSetBackDoNoHarm();
    void usesNoKeysOfOtherIssuers();
    void fetchesNothingForAnUnusableToken_data();
    void fetchesNothingForAnUnusableToken();
    void takesASecretWithoutKeys();

    void asksTheFunctionAsAppSync();
    void believesTheFunction_data();
    void believesTheFunction();
    void keepsTheFunctionsAnswer_data();
    void keepsTheFunctionsAnswer();
    void keepsNoRefusal();
    void forgetsTheTokenUsedLongestAgo();

    void picksTheProvider_data();
    void picksTheProvider();
    void saysNothingOfSecrets();

private:
    TokenAuthorizer tokens(RemoteKeysOptions options = {.keys = QUrl(keysUrl)})
    {
        return TokenAuthorizer({{issuer, Identity::Provider::Oidc, {u"app"_s}, std::make_shared<RemoteKeys>(std::move(options), *m_fetcher, m_clock)}},
                               {.clock = m_clock});
    }
    [[nodiscard]] QByteArray token(const SigningKey &key, const QString &subject = u"anna"_s, const QString &iss = issuer) const
    {
        return tokenOf(key, "ES256", {{u"iss"_s, iss}, {u"sub"_s, subject}, {u"aud"_s, u"app"_s}, {u"exp"_s, start / 1000 + 10'000'000}});
    }
    // The authorizer has fetched the keys.
    void warmUp(const TokenAuthorizer &authorizer)
    {
        const Asked asked = ask(authorizer, token(m_one));
        m_fetcher->answer(keySetOf({m_one.jwk()}));
        QCOMPARE(asked.subject(), u"anna"_s);
        m_fetcher->requests.clear();
    }
    void pass(qint64 ms) { *m_now += ms; }

    const SigningKey m_one = SigningKey::p256(u"one"_s);
    const SigningKey m_two = SigningKey::p256(u"two"_s);
    std::shared_ptr<FakeFetcher> m_fetcher;
    std::shared_ptr<qint64> m_now;
    WallClock m_clock;
};

void tst_Authorizers::init()
{
    m_fetcher = std::make_shared<FakeFetcher>();
    m_now = std::make_shared<qint64>(start);
    m_clock = [now = m_now] { return *now; };
}

// ---- API keys ----

static AuthRequest withKey(const QByteArray &key)
{
    return {.headers = {{"x-api-key", key}}};
}

void tst_Authorizers::apiKeysExpire()
{
    const auto keys = std::make_shared<ApiKeyList>(QList<QByteArray>{"da2-for-ever"});
    keys->insert({u"short"_s, ApiKey::digestOf("da2-short"), start + second});
    const ApiKeyAuthorizer authorizer(keys, m_clock);
    QCOMPARE(ask(authorizer, withKey("da2-for-ever")).answers->front()->expiresAt, 0);
    QCOMPARE(ask(authorizer, withKey("da2-short")).answers->front()->expiresAt, start + second);
    pass(second);
    QCOMPARE(ask(authorizer, withKey("da2-short")).error().message(), u"You are not authorized to make this call."_s);
    QVERIFY(!ask(authorizer, withKey("da2-for-ever")).error().isError());
}

void tst_Authorizers::apiKeysAreRevoked()
{
    const auto keys = std::make_shared<ApiKeyList>(QList<QByteArray>{"da2-one", "da2-two"});
    const ApiKeyAuthorizer authorizer(keys, m_clock);
    QVERIFY(!ask(authorizer, withKey("da2-one")).error().isError());
    QVERIFY(keys->revoke(u"1"_s));
    QVERIFY(!keys->revoke(u"1"_s));
    QCOMPARE(ask(authorizer, withKey("da2-one")).error().detail(), u"UnauthorizedException"_s);
    QVERIFY(!ask(authorizer, withKey("da2-two")).error().isError());
    keys->insert({u"2"_s, ApiKey::digestOf("da2-three"), 0});     // in place of the second
    QVERIFY(ask(authorizer, withKey("da2-two")).error().isError());
    QVERIFY(!ask(authorizer, withKey("da2-three")).error().isError());
}

void tst_Authorizers::revokedKeysAreKnownByTheirCredential()
{
    const auto keys = std::make_shared<ApiKeyList>(QList<QByteArray>{"da2-one", "da2-two"});
    const auto own = std::make_shared<ApiKeyAuthorizer>(keys, m_clock);
    const MultiAuthorizer with({.apiKeys = own}), without({});
    const Asked asked = ask(with, withKey("da2-one"));
    QCOMPARE(asked.answers->size(), 1u);
    const QByteArray credential = asked.answers->front()->credential;
    QVERIFY(!credential.isEmpty() && !with.isRevoked(credential));
    QVERIFY(without.isRevoked(credential));             // nobody has a key there
    QVERIFY(keys->revoke(u"1"_s));
    QVERIFY(with.isRevoked(credential));
    keys->insert({u"new id"_s, ApiKey::digestOf("da2-one"), 0});
    QVERIFY(!with.isRevoked(credential));
}

// ---- keys of an issuer ----

void tst_Authorizers::fetchesNothingBeforeAToken()
{
    const TokenAuthorizer authorizer = tokens();
    QVERIFY(m_fetcher->requests.empty());
    const Asked asked = ask(authorizer, token(m_one));
    QCOMPARE(m_fetcher->requests.size(), 1u);
    QVERIFY(m_fetcher->requests[0].body.isNull());
    QVERIFY(m_fetcher->requests[0].deadline > std::chrono::milliseconds(0));
    QVERIFY(m_fetcher->requests[0].maxBytes <= 1024 * 1024);
    QVERIFY(asked.answers->empty());
    m_fetcher->answer(keySetOf({m_one.jwk()}));
    QCOMPARE(asked.subject(), u"anna"_s);
}

void tst_Authorizers::discoversKeys()
{
    const TokenAuthorizer authorizer = tokens({.issuer = issuer});
    const Asked asked = ask(authorizer, token(m_one));
    QCOMPARE(m_fetcher->lastUrl(), discoveryUrl);
    m_fetcher->answer(compact({{u"issuer"_s, issuer}, {u"jwks_uri"_s, keysUrl}}));
    QCOMPARE(m_fetcher->lastUrl(), keysUrl);
    QVERIFY(asked.answers->empty());
    m_fetcher->answer(keySetOf({m_one.jwk()}));
    QCOMPARE(asked.subject(), u"anna"_s);
}

void tst_Authorizers::refusesDiscoveries_data()
{
    QTest::addColumn<QByteArray>("document");
    QTest::addColumn<int>("status");
    const auto document = [](const QString &iss, const QString &uri) { return compact({{u"issuer"_s, iss}, {u"jwks_uri"_s, uri}}); };
    QTest::newRow("of another issuer") << document(u"https://evil.example"_s, keysUrl) << 200;
    QTest::newRow("keys without TLS") << document(issuer, u"http://keys.example/jwks"_s) << 200;
    QTest::newRow("keys of this machine without TLS") << document(issuer, u"http://127.0.0.1/jwks"_s) << 200;
    QTest::newRow("keys in a file") << document(issuer, u"file:///etc/passwd"_s) << 200;
    QTest::newRow("keys nowhere") << compact({{u"issuer"_s, issuer}}) << 200;
    QTest::newRow("no JSON") << QByteArray("<html>") << 200;
    QTest::newRow("not found") << document(issuer, keysUrl) << 404;
    QTest::newRow("a redirect") << document(issuer, keysUrl) << 302;
}

void tst_Authorizers::refusesDiscoveries()
{
    QFETCH(QByteArray, document);
    QFETCH(int, status);
    const TokenAuthorizer authorizer = tokens({.issuer = issuer});
    const Asked asked = ask(authorizer, token(m_one));
    m_fetcher->answer(document, status);
    QCOMPARE(m_fetcher->requests.size(), 1u);
    QCOMPARE(asked.error().code(), Error::Code::Network);
}

void tst_Authorizers::fetchesACognitoPoolsKeys()
{
    const QString pool = u"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab"_s;
    const auto keys = std::make_shared<RemoteKeys>(RemoteKeysOptions{.keys = QUrl(pool + u"/.well-known/jwks.json"_s)}, *m_fetcher, m_clock);
    const TokenAuthorizer authorizer({{pool, Identity::Provider::UserPools, {u"client"_s}, keys}}, {.clock = m_clock});
    const SigningKey key = SigningKey::rsa(u"pool"_s);
    const Asked asked = ask(authorizer, tokenOf(key, "RS256", {{u"iss"_s, pool}, {u"sub"_s, u"anna"_s}, {u"token_use"_s, u"access"_s},
                                                               {u"client_id"_s, u"client"_s}, {u"exp"_s, start / 1000 + 3600}}));
    QCOMPARE(m_fetcher->lastUrl(), pool + u"/.well-known/jwks.json"_s);
    m_fetcher->answer(keySetOf({key.jwk()}));
    QCOMPARE(asked.subject(), u"anna"_s);
    QCOMPARE(asked.answers->front()->provider, Identity::Provider::UserPools);
}

void tst_Authorizers::sharesOneFetch()
{
    const TokenAuthorizer authorizer = tokens();
    std::vector<Asked> all;
    for (int i = 0; i < 100; ++i)
        all.push_back(ask(authorizer, token(i % 2 ? m_one : m_two, QString::number(i))));
    QCOMPARE(m_fetcher->requests.size(), 1u);
    m_fetcher->answer(keySetOf({m_one.jwk()}));
    for (int i = 0; i < 100; ++i) {
        QCOMPARE(all[size_t(i)].subject(), i % 2 ? QString::number(i) : QString());
        QVERIFY(all[size_t(i)].isAnswered());
    }
    QCOMPARE(m_fetcher->requests.size(), 1u);
}

void tst_Authorizers::keepsKeys()
{
    const TokenAuthorizer authorizer = tokens();
    warmUp(authorizer);
    pass(9 * 60 * second);
    QCOMPARE(ask(authorizer, token(m_one, u"bert"_s)).subject(), u"bert"_s);
    QVERIFY(m_fetcher->requests.empty());
}

void tst_Authorizers::refreshesInTheBackground()
{
    const TokenAuthorizer authorizer = tokens();
    warmUp(authorizer);
    pass(11 * 60 * second);
    QCOMPARE(ask(authorizer, token(m_one)).subject(), u"anna"_s);     // nobody waits
    QCOMPARE(m_fetcher->requests.size(), 1u);
    QCOMPARE(ask(authorizer, token(m_one)).subject(), u"anna"_s);
    QCOMPARE(m_fetcher->requests.size(), 1u);
    m_fetcher->answer(keySetOf({m_one.jwk(), m_two.jwk()}));
    QCOMPARE(ask(authorizer, token(m_two)).subject(), u"anna"_s);
    QCOMPARE(m_fetcher->requests.size(), 1u);
}

void tst_Authorizers::takesUpNewKeys()
{
    const TokenAuthorizer authorizer = tokens();
    warmUp(authorizer);
    pass(11 * second);
    const Asked asked = ask(authorizer, token(m_two));
    QVERIFY(asked.answers->empty());
    QCOMPARE(ask(authorizer, token(m_one)).subject(), u"anna"_s);     // known ones do not wait
    m_fetcher->answer(keySetOf({m_two.jwk()}));
    QCOMPARE(asked.subject(), u"anna"_s);
}

void tst_Authorizers::stopsTakingWithdrawnKeys()
{
    const TokenAuthorizer authorizer = tokens();
    warmUp(authorizer);
    pass(11 * second);
    const Asked asked = ask(authorizer, token(m_two));
    m_fetcher->answer(keySetOf({m_two.jwk()}));
    QCOMPARE(asked.subject(), u"anna"_s);
    QCOMPARE(ask(authorizer, token(m_one)).error().detail(), u"UnauthorizedException"_s);
    pass(11 * second);
    const Asked again = ask(authorizer, token(m_two));
    QCOMPARE(again.subject(), u"anna"_s);
    const Asked none = ask(authorizer, token(m_one));
    m_fetcher->answer(R"({"keys":[]})");
    QCOMPARE(none.error().code(), Error::Code::Unauthorized);
    QCOMPARE(ask(authorizer, token(m_two)).error().code(), Error::Code::Unauthorized);
}

void tst_Authorizers::unknownKeysMakeNoStorm()
{
    const TokenAuthorizer authorizer = tokens();
    warmUp(authorizer);
    int refused = 0;
    for (int i = 0; i < 1000; ++i) {
        pass(100);
        const Asked asked = ask(authorizer, token(SigningKey(m_two), u"mallory"_s));
        if (!m_fetcher->waiting.empty())
            m_fetcher->answer(keySetOf({m_one.jwk()}));
        refused += asked.error().code() == Error::Code::Unauthorized ? 1 : 0;
    }
    QCOMPARE(refused, 1000);
    QVERIFY2(m_fetcher->requests.size() <= 10, qPrintable(QString::number(m_fetcher->requests.size())));     // in 100 seconds
}

void tst_Authorizers::survivesAnOutage()
{
    const TokenAuthorizer authorizer = tokens();
    warmUp(authorizer);
    size_t fetches = 0;
    for (int minute = 0; minute < 23 * 60; minute += 5) {
        pass(5 * 60 * second);
        QCOMPARE(ask(authorizer, token(m_one)).subject(), u"anna"_s);
        if (!m_fetcher->waiting.empty())
            m_fetcher->fail();
        fetches = m_fetcher->requests.size();
    }
    QVERIFY(fetches > 100);
    const Asked unknown = ask(authorizer, token(m_two));       // perhaps a key made meanwhile: no refusal
    QCOMPARE(unknown.error().code(), Error::Code::Network);
    pass(10 * second);
    const Asked late = ask(authorizer, token(m_two));
    m_fetcher->answer(keySetOf({m_two.jwk()}));
    QCOMPARE(late.subject(), u"anna"_s);
}

void tst_Authorizers::endsWithAnOutageThatLasts()
{
    const TokenAuthorizer authorizer = tokens();
    warmUp(authorizer);
    pass(24 * 3600 * second);
    const Asked asked = ask(authorizer, token(m_one));
    QVERIFY(asked.answers->empty());
    m_fetcher->fail();
    QCOMPARE(asked.error().code(), Error::Code::Network);
}

void tst_Authorizers::answersAnOutageAtTheStart_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::newRow("no answer") << QByteArray() << 0;
    QTest::newRow("an error of the server") << keySetOf({m_one.jwk()}) << 500;
    QTest::newRow("a redirect") << keySetOf({m_one.jwk()}) << 301;
    QTest::newRow("a page") << QByteArray("<html>") << 200;
}

void tst_Authorizers::answersAnOutageAtTheStart()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    const TokenAuthorizer authorizer = tokens();
    const Asked first = ask(authorizer, token(m_one));
    status == 0 ? m_fetcher->fail() : m_fetcher->answer(body, status);
    QCOMPARE(first.error().code(), Error::Code::Network);       // 503: clients keep their changes
    QCOMPARE(ask(authorizer, token(m_one)).error().code(), Error::Code::Network);
    QCOMPARE(m_fetcher->requests.size(), 1u);
    pass(3 * second);
    const Asked later = ask(authorizer, token(m_one));
    m_fetcher->answer(keySetOf({m_one.jwk()}));
    QCOMPARE(later.subject(), u"anna"_s);
}

void tst_Authorizers::clocksThatAreSetBackDoNoHarm()
{
    const TokenAuthorizer authorizer = tokens();
    warmUp(authorizer);
    pass(-3600 * second);
    QCOMPARE(ask(authorizer, token(m_one)).subject(), u"anna"_s);
    const Asked asked = ask(authorizer, token(m_two));
    m_fetcher->answer(keySetOf({m_two.jwk()}));
    QCOMPARE(asked.subject(), u"anna"_s);
}

void tst_Authorizers::usesNoKeysOfOtherIssuers()
{
    const auto keys = [](const SigningKey &key) { return std::make_shared<FixedKeys>(parseKeySet(keySetOf({key.jwk()})).valueOr({})); };
    const TokenAuthorizer authorizer({{issuer, Identity::Provider::Oidc, {u"app"_s}, keys(m_one)},
                                      {u"https://other.example"_s, Identity::Provider::Oidc, {u"app"_s}, keys(m_two)}},
                                     {.clock = m_clock});
    QCOMPARE(ask(authorizer, token(m_one)).subject(), u"anna"_s);
    QCOMPARE(ask(authorizer, token(m_two, u"bert"_s, u"https://other.example"_s)).subject(), u"bert"_s);
    QCOMPARE(ask(authorizer, token(m_two)).error().code(), Error::Code::Unauthorized);
    QCOMPARE(ask(authorizer, token(m_one, u"bert"_s, u"https://other.example"_s)).error().code(), Error::Code::Unauthorized);
    QCOMPARE(ask(authorizer, token(m_one, u"bert"_s, u"https://third.example"_s)).error().code(), Error::Code::Unauthorized);
    const QByteArray unnamed = tokenOf(m_one, "ES256", {{u"iss"_s, issuer}, {u"sub"_s, u"anna"_s}, {u"aud"_s, u"app"_s}, {u"exp"_s, start / 1000 + 60}},
                                       {{u"kid"_s, QString()}});
    QCOMPARE(ask(authorizer, unnamed).subject(), u"anna"_s);      // all keys of the issuer are tried
}

void tst_Authorizers::fetchesNothingForAnUnusableToken_data()
{
    QTest::addColumn<QByteArray>("token");
    const QByteArray claims = compact({{u"iss"_s, issuer}, {u"sub"_s, u"anna"_s}, {u"aud"_s, u"app"_s}, {u"exp"_s, start / 1000 + 60}});
    const auto nothing = [](const QByteArray &) { return QByteArray(); };
    QTest::newRow("none") << tokenOf(R"({"alg":"none"})", claims, nothing);
    QTest::newRow("HS256 with the public key") << secretTokenOf(compact(m_one.jwk()), QJsonDocument::fromJson(claims).object());
    QTest::newRow("HS256 without a secret") << secretTokenOf({}, QJsonDocument::fromJson(claims).object());
    QTest::newRow("an unknown algorithm") << tokenOf(R"({"alg":"XS256"})", claims, nothing);
    QTest::newRow("another issuer") << token(m_one, u"anna"_s, u"https://evil.example"_s);
    QTest::newRow("no token") << QByteArray("abc");
    QTest::newRow("nothing") << QByteArray();
}

void tst_Authorizers::fetchesNothingForAnUnusableToken()
{
    QFETCH(QByteArray, token);
    const TokenAuthorizer authorizer = tokens();
    QCOMPARE(ask(authorizer, token).error().code(), Error::Code::Unauthorized);
    QVERIFY(m_fetcher->requests.empty());
}

void tst_Authorizers::takesASecretWithoutKeys()
{
    const QByteArray secret(32, 's');
    const TokenAuthorizer authorizer({{issuer, Identity::Provider::Oidc, {u"app"_s}, {}, secret}}, {.clock = m_clock});
    const QJsonObject claims{{u"iss"_s, issuer}, {u"sub"_s, u"anna"_s}, {u"aud"_s, u"app"_s}, {u"exp"_s, start / 1000 + 60}};
    QCOMPARE(ask(authorizer, secretTokenOf(secret, claims)).subject(), u"anna"_s);
    QCOMPARE(ask(authorizer, "Bearer " + secretTokenOf(secret, claims)).subject(), u"anna"_s);
    QVERIFY(ask(authorizer, secretTokenOf("another", claims)).error().isError());
    QVERIFY(ask(authorizer, token(m_one)).error().isError());
    pass(120 * second);
    QCOMPARE(ask(authorizer, secretTokenOf(secret, claims)).error().message(), u"Token has expired."_s);
}

// ---- functions ----

static FunctionOptions functionOptions(const WallClock &clock)
{
    return {.url = QUrl(u"https://fn.example/authorize"_s), .apiId = u"api"_s, .maxAnswers = 2, .clock = clock, .requestId = [] { return u"request-1"_s; }};
}

void tst_Authorizers::asksTheFunctionAsAppSync()
{
    const FunctionAuthorizer authorizer(functionOptions(m_clock), *m_fetcher);
    const AuthRequest request{.headers = {{"authorization", "tok"}, {"host", "h"}}, .query = u"query Q { a }"_s, .operationName = u"Q"_s,
                              .variables = {{u"v"_s, 1}}};
    const Asked asked = ask(authorizer, request);
    QCOMPARE(m_fetcher->lastUrl(), u"https://fn.example/authorize"_s);
    QCOMPARE(m_fetcher->requests[0].deadline, std::chrono::milliseconds(10'000));
    QCOMPARE(QJsonDocument::fromJson(m_fetcher->requests[0].body).object(), QJsonDocument::fromJson(R"({
        "authorizationToken": "tok",
        "requestContext": {"apiId": "api", "accountId": "000000000000", "requestId": "request-1", "queryString": "query Q { a }",
                           "operationName": "Q", "variables": {"v": 1}},
        "requestHeaders": {"authorization": "tok", "host": "h"}})").object());
    m_fetcher->answer(R"({"isAuthorized":true,"resolverContext":{"tenant":"t1"},"deniedFields":["Post.secret",
                          "arn:aws:appsync:us-east-1:1:apis/api/types/Event/fields/comments"]})");
    QVERIFY(asked.isAnswered());
    const Identity identity = *asked.answers->front();
    QCOMPARE(identity.provider, Identity::Provider::Function);
    QCOMPARE(identity.claims, QJsonObject({{u"tenant"_s, u"t1"_s}}));
    QCOMPARE(identity.deniedFields, QStringList({u"Post.secret"_s, u"Event.comments"_s}));
}

void tst_Authorizers::believesTheFunction_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("allowed");
    QTest::newRow("yes") << QByteArray(R"({"isAuthorized":true})") << 200 << true;
    QTest::newRow("no") << QByteArray(R"({"isAuthorized":false})") << 200 << false;
    QTest::newRow("yes and no") << QByteArray(R"({"isAuthorized":false,"isAuthorized":true})") << 200 << false;
    QTest::newRow("yes as text") << QByteArray(R"({"isAuthorized":"true"})") << 200 << false;
    QTest::newRow("yes as a number") << QByteArray(R"({"isAuthorized":1})") << 200 << false;
    QTest::newRow("nothing") << QByteArray("{}") << 200 << false;
    QTest::newRow("no JSON") << QByteArray("true") << 200 << false;
    QTest::newRow("yes, with an error") << QByteArray(R"({"isAuthorized":true})") << 500 << false;
    QTest::newRow("yes, elsewhere") << QByteArray(R"({"isAuthorized":true})") << 302 << false;
    QTest::newRow("yes, but for a field nobody can name") << QByteArray(R"({"isAuthorized":true,"deniedFields":["secret"]})") << 200 << false;
    QTest::newRow("yes, but for what is no list") << QByteArray(R"({"isAuthorized":true,"deniedFields":"Post.secret"})") << 200 << false;
    QTest::newRow("yes, but for something that is no name") << QByteArray(R"({"isAuthorized":true,"deniedFields":[1]})") << 200 << false;
    QTest::newRow("no answer") << QByteArray() << 0 << false;
}

void tst_Authorizers::believesTheFunction()
{
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    QFETCH(bool, allowed);
    const FunctionAuthorizer authorizer(functionOptions(m_clock), *m_fetcher);
    const Asked asked = ask(authorizer, "tok");
    status == 0 ? m_fetcher->fail() : m_fetcher->answer(body, status);
    QVERIFY(asked.isAnswered());
    QCOMPARE(!asked.error().isError(), allowed);
    if (!allowed)
        QCOMPARE(asked.error().detail(), u"UnauthorizedException"_s);
}

void tst_Authorizers::keepsTheFunctionsAnswer_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<qint64>("keptMs");
    QTest::newRow("without a word") << QByteArray(R"({"isAuthorized":true})") << 300 * second;
    QTest::newRow("not at all") << QByteArray(R"({"isAuthorized":true,"ttlOverride":0})") << qint64(0);
    QTest::newRow("ten seconds") << QByteArray(R"({"isAuthorized":true,"ttlOverride":10})") << 10 * second;
    QTest::newRow("an hour at most") << QByteArray(R"({"isAuthorized":true,"ttlOverride":1e9})") << 3600 * second;
    QTest::newRow("before it was asked") << QByteArray(R"({"isAuthorized":true,"ttlOverride":-5})") << qint64(0);
}

void tst_Authorizers::keepsTheFunctionsAnswer()
{
    QFETCH(QByteArray, answer);
    QFETCH(qint64, keptMs);
    const FunctionAuthorizer authorizer(functionOptions(m_clock), *m_fetcher);
    ask(authorizer, "tok");
    m_fetcher->answer(answer);
    if (keptMs > 0) {
        pass(keptMs - 1);
        QVERIFY(ask(authorizer, "tok").isAnswered());
        QVERIFY(!ask(authorizer, "other").isAnswered());
        QCOMPARE(m_fetcher->requests.size(), 2u);
        pass(1);
    }
    QVERIFY(!ask(authorizer, "tok").isAnswered());
}

void tst_Authorizers::keepsNoRefusal()
{
    const FunctionAuthorizer authorizer(functionOptions(m_clock), *m_fetcher);
    const Asked refused = ask(authorizer, "tok");
    m_fetcher->answer(R"({"isAuthorized":false,"ttlOverride":60})");
    QVERIFY(refused.error().isError());
    const Asked asked = ask(authorizer, "tok");
    m_fetcher->answer(R"({"isAuthorized":true})");
    QVERIFY(!asked.error().isError());
}

void tst_Authorizers::forgetsTheTokenUsedLongestAgo()
{
    const FunctionAuthorizer authorizer(functionOptions(m_clock), *m_fetcher);      // keeps two
    for (const char *token : {"a", "b"}) {
        ask(authorizer, token);
        m_fetcher->answer(R"({"isAuthorized":true})");
    }
    QVERIFY(ask(authorizer, "a").isAnswered());
    ask(authorizer, "c");
    m_fetcher->answer(R"({"isAuthorized":true})");
    QVERIFY(ask(authorizer, "a").isAnswered());
    QVERIFY(ask(authorizer, "c").isAnswered());
    QVERIFY(!ask(authorizer, "b").isAnswered());
}

// ---- several providers ----

namespace {

class NamedAuthorizer final : public Authorizer
{
public:
    explicit NamedAuthorizer(QString name) : m_name(std::move(name)) { }
    void authorize(const AuthRequest &, std::function<void(Result<Identity>)> done) const override
    {
        Identity identity;
        identity.subject = m_name;
        done(identity);
    }

private:
    const QString m_name;
};

} // namespace

void tst_Authorizers::picksTheProvider_data()
{
    using Headers = QHash<QByteArray, QByteArray>;
    QTest::addColumn<Headers>("headers");
    QTest::addColumn<QString>("all");           // who answers when all are configured
    QTest::addColumn<QString>("others");        // when the one in question is not
    QTest::addColumn<QString>("missing");
    const QString no = u"You are not authorized to make this call."_s;
    const QString nothing = u"Valid authorization header not provided."_s;
    const QByteArray known = token(m_one);
    const QByteArray foreign = token(m_one, u"anna"_s, u"https://foreign.example"_s);
    const QByteArray signature = "AWS4-HMAC-SHA256 Credential=x";
    QTest::newRow("a key") << Headers{{"x-api-key", "k"}} << u"key"_s << no << u"key"_s;
    QTest::newRow("a key and a token") << Headers{{"x-api-key", "k"}, {"authorization", known}} << u"key"_s << u"anna"_s << u"key"_s;
    QTest::newRow("an empty key and a token") << Headers{{"x-api-key", ""}, {"authorization", known}} << u"anna"_s << u"function"_s << u"token"_s;
    QTest::newRow("a signature") << Headers{{"authorization", signature}} << u"iam"_s << no << u"iam"_s;
    QTest::newRow("a token") << Headers{{"authorization", known}} << u"anna"_s << u"function"_s << u"token"_s;
    QTest::newRow("a bearer's token") << Headers{{"authorization", "Bearer " + known}} << u"anna"_s << u"function"_s << u"token"_s;
    QTest::newRow("a token that is not good") << Headers{{"authorization", known + "AAAA"}} << no << u"function"_s << u"token"_s;
    QTest::newRow("a token of somebody else") << Headers{{"authorization", foreign}} << u"function"_s << no << u"function"_s;
    QTest::newRow("anything") << Headers{{"authorization", "abc"}} << u"function"_s << no << u"function"_s;
    QTest::newRow("nothing") << Headers{{"host", "h"}} << nothing << nothing << u"function"_s;
}

void tst_Authorizers::picksTheProvider()
{
    using Headers = QHash<QByteArray, QByteArray>;
    QFETCH(Headers, headers);
    QFETCH(QString, missing);
    const auto keys = std::make_shared<FixedKeys>(parseKeySet(keySetOf({m_one.jwk()})).valueOr({}));
    MultiAuthorizer::Providers providers{
        {}, std::make_shared<NamedAuthorizer>(u"key"_s), std::make_shared<NamedAuthorizer>(u"iam"_s),
        std::make_shared<TokenAuthorizer>(std::vector<TokenIssuer>{{issuer, Identity::Provider::Oidc, {}, keys}}, TokenOptions{.clock = m_clock}),
        std::make_shared<NamedAuthorizer>(u"function"_s)};
    const auto answer = [&headers](const MultiAuthorizer::Providers &configured) {
        const Asked asked = ask(MultiAuthorizer(configured), AuthRequest{.headers = headers});
        return asked.error().isError() ? asked.error().message() : asked.subject();
    };
    QTEST(answer(providers), "all");
    if (missing == "key"_L1)
        providers.apiKeys = nullptr;
    else if (missing == "iam"_L1)
        providers.iam = nullptr;
    else if (missing == "token"_L1)
        providers.tokens = nullptr;
    else
        providers.function = nullptr;
    QTEST(answer(providers), "others");
}

void tst_Authorizers::saysNothingOfSecrets()
{
    const QByteArray secret = "s3cret-of-thirty-two-bytes-at-least";
    const TokenAuthorizer authorizer({{issuer, Identity::Provider::Oidc, {}, {}, secret}}, {.clock = m_clock});
    const QByteArray given = secretTokenOf("gu3ss", {{u"iss"_s, issuer}, {u"sub"_s, u"anna"_s}});
    const Error error = ask(authorizer, given).error();
    for (const QString &text : {error.message(), error.detail()}) {
        QVERIFY(!text.contains("s3cret"_L1));
        QVERIFY(!text.contains(QString::fromLatin1(given)));
    }
}

QTEST_GUILESS_MAIN(tst_Authorizers)
#include "tst_authorizers.moc"
