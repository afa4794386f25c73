// SPDX-License-Identifier: MIT
#include "authserver.h"
#include "client/appsync/appsync.h"
#include "client/appsync/authorizer_p.h"
#include "client/datastore.h"

#include <QtCore/QJsonArray>
#include <QtCore/QPromise>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace Tideline;
using namespace TidelineTest;

namespace {

Schema boardSchema()
{
    const Result<Schema> schema = Schema::parse(uR"(
        type Note @model @auth(rules: [{allow: owner}, {allow: private, operations: [read]}]) { id: ID! text: String }
        type Notice @model @auth(rules: [{allow: public, operations: [read]}, {allow: private}]) { id: ID! text: String }
        type Task @model @auth(rules: [{allow: public}, {allow: private}, {allow: private, provider: iam}, {allow: custom}]) { id: ID! text: String number: Int }
    )"_s);
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message() + schema.error().detail()));
    return *schema;
}

Schema taskSchema()
{
    return *Schema::parse(u"type Task @model @auth(rules: [{allow: public}, {allow: private}, {allow: private, provider: iam}, {allow: custom}]) { id: ID! text: String number: Int }"_s);
}

template<typename T>
T outcome(const QFuture<T> &future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000))
        qFatal("A future stayed pending");
    return future.result();
}

struct Device
{
    Device(const Schema &schema, const QUrl &url, Credentials *auth, const QList<Credentials *> &auths = {})
    {
        backend.setAuth(auth);
        backend.setAuths(auths);
        backend.setUrl(url);
        store.setSchema(schema);
        store.setBackend(&backend);
        QObject::connect(&store, &DataStore::errorOccurred, &store, [this](const Error &error) { errors.append(error.message()); });
        QObject::connect(&store, &DataStore::needsAuth, &store, [this](const Error &error) { needs.append(error); });
        QObject::connect(&store, &DataStore::syncQueriesStarted, &store, [this] { ++syncs; });
        if (!outcome(store.open(u":memory:"_s)))
            qFatal("The store does not open");
    }

    [[nodiscard]] bool isLive() const { return store.syncState() == DataStore::SyncPhase::Live; }

    QFuture<Result<Receipt>> save(const QString &type, const QVariantMap &values)
    {
        Draft draft(store.schema().model(type));
        for (auto value = values.cbegin(); value != values.cend(); ++value)
            draft.set(draft.model()->fieldIndex(value.key()), Value::fromVariant(value.value()));
        return store.save(draft);
    }

    AppSync backend;
    DataStore store;
    QStringList errors;
    QList<Error> needs;
    int syncs = 0;
};

QString addTask(const QString &text)
{
    return u"mutation { createTask(input: {text: \"%1\"}) { id text number _version _lastChangedAt _deleted createdAt updatedAt } }"_s.arg(text);
}

} // namespace

// Data stores and a real server that looks at credentials.
class TestCredentials : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyModeSyncs_data();
    void everyModeSyncs();
    void withoutATokenItRestsAndSaysSo();
    void fiftyMutationsSurviveAnExpiredToken();
    void aRefusedTokenIsRenewedWithoutANoise();
    void aRefusedTokenIsRenewedOnce();
    void aLiveSocketGetsNewTokensWithoutAGap();
    void aProviderThatIsAwayIsNoSignIn();
    void theFirstTokenMayCome_data();
    void theFirstTokenMayCome();
    void guestsSeeWhatIsPublic();
    void whatNeedsAUserWaitsForOne();
    void signingOutEndsTheLiveSocket();
    void whatOneModeRefusesTheNextDoes();
    void onlyARefusalGoesOnToTheNextMode_data();
    void onlyARefusalGoesOnToTheNextMode();
    void credentialsMayGoWhileTheyAreWaitedFor();
    void whoseATokenIs_data();
    void whoseATokenIs();
    void aTokenOfAnotherIsNotUsed();
    void aTokenThatIsExchangedWhileLiveIsNotUsed();
    void oneOfSeveralIsRefused_data();
    void oneOfSeveralIsRefused();
    void oneOfSeveralIsRefusedWhileLive();
    void verdictsFollowWhoIsSignedIn();
};

void TestCredentials::everyModeSyncs_data()
{
    QTest::addColumn<std::shared_ptr<Credentials>>("credentials");
    const auto row = [](const char *name, Credentials *credentials) { QTest::newRow(name) << std::shared_ptr<Credentials>(credentials); };
    auto *key = new ApiKey;
    key->setKey(u"da2-key"_s);
    row("a key", key);
    auto *token = new TokenCredentials;
    token->setToken(u"t1"_s);
    row("a token", token);
    auto *iam = new IamCredentials;
    iam->setKeys({u"AKID"_s, u"secret"_s, u"session"_s});
    row("signatures", iam);
    auto *function = new FunctionToken;
    function->setToken(u"function:anything at all"_s);
    row("a function's token", function);
}

void TestCredentials::everyModeSyncs()
{
    QFETCH(std::shared_ptr<Credentials>, credentials);
    AuthServer server(taskSchema());
    server.desk.giveOut("t1", u"ada"_s);
    server.execute(addTask(u"before"_s));
    Device device(taskSchema(), server.url(), credentials.get());
    QTRY_VERIFY(device.isLive());
    QCOMPARE(outcome(device.store.query(u"Task"_s))->size(), 1);
    QVERIFY(outcome(device.save(u"Task"_s, {{u"text"_s, u"mine"_s}})));
    QTRY_COMPARE(device.store.outboxCount(), 0);
    server.execute(addTask(u"live"_s));
    QTRY_COMPARE(*outcome(device.store.count(u"Task"_s)), 3);
    QCOMPARE(server.execute(u"{ listTasks { items { id } } }"_s)["data"_L1]["listTasks"_L1]["items"_L1].toArray().size(), 3);
    QVERIFY2(device.errors.isEmpty(), qPrintable(device.errors.join(u'\n')));
    QVERIFY(!device.store.isAuthRequired());
}

void TestCredentials::withoutATokenItRestsAndSaysSo()
{
    AuthServer server(taskSchema());
    server.desk.giveOut("t1", u"ada"_s);
    TokenCredentials token;
    Device device(taskSchema(), server.url(), &token);
    QTRY_VERIFY(device.store.isAuthRequired());
    QCOMPARE(device.needs.size(), 1);
    QCOMPARE(device.needs.first().code(), Error::Code::Unauthorized);
    QTRY_COMPARE(device.store.syncState(), DataStore::SyncPhase::Offline);
    QVERIFY(server.desk.visits("/graphql/connect").isEmpty());     // nothing is sent without
    token.setToken(u"wrong"_s);
    QTRY_COMPARE(device.needs.size(), 2);
    token.setToken(u"t1"_s);
    QTRY_VERIFY(device.isLive());
    QVERIFY(!device.store.isAuthRequired());
    QCOMPARE(device.needs.size(), 2);
}

void TestCredentials::fiftyMutationsSurviveAnExpiredToken()
{
    AuthServer server(taskSchema());
    server.desk.giveOut("t1", u"ada"_s);
    TokenCredentials token;
    token.setToken(u"t1"_s);
    Device device(taskSchema(), server.url(), &token);
    QTRY_VERIFY(device.isLive());
    server.desk.takeBack("t1");
    for (int i = 0; i < 50; ++i)
        (void)device.save(u"Task"_s, {{u"number"_s, i}});
    QTRY_VERIFY(device.store.isAuthRequired());
    QTRY_COMPARE(device.store.outboxCount(), 50);
    device.store.syncNow();                                         // tried again and refused again
    QCOMPARE(device.store.rejectedCount(), 0);
    server.desk.giveOut("t2", u"ada"_s);
    token.setToken(u"t2"_s);
    QTRY_COMPARE(device.store.outboxCount(), 0);
    QVERIFY(!device.store.isAuthRequired());
    const QJsonArray items = server.execute(u"{ syncTasks(limit: 100) { items { number } } }"_s)["data"_L1]["syncTasks"_L1]["items"_L1].toArray();
    QCOMPARE(items.size(), 50);
    for (int i = 0; i < 50; ++i)
        QCOMPARE(items[i]["number"_L1].toInt(), i);                 // the order of the commits
    QCOMPARE(device.store.rejectedCount(), 0);
}

void TestCredentials::aRefusedTokenIsRenewedWithoutANoise()
{
    AuthServer server(taskSchema());
    server.desk.giveOut("t1", u"ada"_s);
    TokenCredentials token;
    QString next = u"t1"_s;
    int asked = 0;
    token.setProvider([&] {
        ++asked;
        return QtFuture::makeReadyFuture(Result<AccessToken>(AccessToken{next}));
    });
    Device device(taskSchema(), server.url(), &token);
    QTRY_VERIFY(device.isLive());
    QCOMPARE(asked, 1);
    server.desk.takeBack("t1");
    server.desk.giveOut("t2", u"ada"_s);
    next = u"t2"_s;
    QVERIFY(outcome(device.save(u"Task"_s, {{u"text"_s, u"a"_s}})));
    QTRY_COMPARE(device.store.outboxCount(), 0);
    QCOMPARE(asked, 2);
    QTRY_COMPARE(server.desk.visits("/graphql/connect").last(), "t2");    // the socket, too
    QVERIFY(device.isLive());
    QVERIFY2(device.errors.isEmpty(), qPrintable(device.errors.join(u'\n')));
    QVERIFY(device.needs.isEmpty());
    QCOMPARE(server.desk.visits("/graphql/connect"), QByteArrayList({"t1", "t2"}));
}

void TestCredentials::aRefusedTokenIsRenewedOnce()
{
    AuthServer server(taskSchema());
    TokenCredentials token;
    int asked = 0;
    token.setProvider([&asked] { return QtFuture::makeReadyFuture(Result<AccessToken>(AccessToken{u"bad%1"_s.arg(++asked)})); });
    Device device(taskSchema(), server.url(), &token);
    QTRY_VERIFY(device.store.isAuthRequired());
    QCOMPARE(server.desk.visits("/graphql/connect").first(2), QByteArrayList({"bad1", "bad2"}));
    QTRY_VERIFY(asked >= 8);                                        // tried again, with pauses
    QCOMPARE(device.needs.size(), 1);
    for (int next = asked + 1; next < asked + 20; ++next)
        server.desk.giveOut("bad" + QByteArray::number(next), u"ada"_s);
    device.store.syncNow();
    QTRY_VERIFY(device.isLive());
    QVERIFY(!device.store.isAuthRequired());
}

void TestCredentials::aLiveSocketGetsNewTokensWithoutAGap()
{
    AuthServer server(taskSchema());
    server.desk.giveOut("t0", u"ada"_s);
    TokenCredentials token;
    token.setToken(u"t0"_s);
    Device device(taskSchema(), server.url(), &token);
    QTRY_VERIFY(device.isLive());
    for (int round = 1; round <= 4; ++round) {
        const QByteArray next = "t" + QByteArray::number(round);
        server.desk.giveOut(next, u"ada"_s);
        server.desk.forget();
        token.setToken(QString::fromLatin1(next));
        int sent = 0;
        QTRY_VERIFY((server.execute(addTask(u"%1 %2"_s.arg(round).arg(++sent))), server.desk.visits("/graphql/connect").contains(next)));
        // Subscriptions with the new token are there when each of the three was shown one.
        QTRY_VERIFY((server.execute(addTask(u"%1 %2"_s.arg(round).arg(++sent))), server.desk.visits("/graphql").count(next) >= 3));
        for (int i = 0; i < 20; ++i)
            server.execute(addTask(u"%1 %2"_s.arg(round).arg(++sent)));
    }
    const qint64 all = server.execute(u"{ listTasks(limit: 1000) { items { id } } }"_s)["data"_L1]["listTasks"_L1]["items"_L1].toArray().size();
    QTRY_COMPARE(*outcome(device.store.count(u"Task"_s)), all);
    QTRY_VERIFY(device.syncs > 1);                                  // nobody promises that the old socket tells all before it ends
    QVERIFY(device.isLive());
    QVERIFY2(device.errors.isEmpty(), qPrintable(device.errors.join(u'\n')));
}

void TestCredentials::aProviderThatIsAwayIsNoSignIn()
{
    AuthServer server(taskSchema());
    server.desk.giveOut("t1", u"ada"_s);
    TokenCredentials token;
    bool away = true;
    token.setProvider([&away] {
        return QtFuture::makeReadyFuture(away ? Result<AccessToken>(Error(Error::Code::Network, u"away"_s)) : Result<AccessToken>(AccessToken{u"t1"_s}));
    });
    Device device(taskSchema(), server.url(), &token);
    QTRY_VERIFY(!device.errors.isEmpty());
    QVERIFY(device.needs.isEmpty());
    away = false;
    device.store.syncNow();
    QTRY_VERIFY(device.isLive());
}

void TestCredentials::theFirstTokenMayCome_data()
{
    QTest::addColumn<bool>("signedIn");
    QTest::newRow("late") << true;
    QTest::newRow("never, for nobody is signed in") << false;
}

void TestCredentials::theFirstTokenMayCome()
{
    QFETCH(bool, signedIn);
    AuthServer server(taskSchema());
    server.desk.giveOut("t1", u"ada"_s);
    TokenCredentials token;
    QPromise<Result<AccessToken>> promise;
    promise.start();
    bool asked = false;
    token.setProvider([&] {
        asked = true;
        return promise.future();
    });
    Device device(taskSchema(), server.url(), &token);
    QTRY_VERIFY(asked);
    QCOMPARE(device.store.syncState(), DataStore::SyncPhase::Connecting);
    promise.addResult(signedIn ? Result<AccessToken>(AccessToken{u"t1"_s}) : Result<AccessToken>(Error(Error::Code::Unauthorized, u"nobody"_s)));
    promise.finish();
    if (signedIn) {
        QTRY_VERIFY(device.isLive());
        return;
    }
    QTRY_COMPARE(device.needs.size(), 1);
    QCOMPARE(device.needs.first().message(), u"nobody"_s);
}

void TestCredentials::guestsSeeWhatIsPublic()
{
    AuthServer server(boardSchema());
    server.desk.giveOut("t1", u"ada"_s);
    const auto create = [&server](const QString &type, const QString &text) {
        return server.execute(u"mutation { create%1(input: {text: \"%2\"}) { id text _version _lastChangedAt _deleted createdAt updatedAt } }"_s.arg(type, text), u"bob"_s);
    };
    QVERIFY(!create(u"Notice"_s, u"opened"_s).contains("errors"_L1));
    QVERIFY(!create(u"Note"_s, u"bob's"_s).contains("errors"_L1));
    TokenCredentials user;
    ApiKey key;
    key.setKey(u"da2-key"_s);
    Device device(boardSchema(), server.url(), &user, {&key});
    QTRY_VERIFY(device.isLive());
    QCOMPARE(*outcome(device.store.count(u"Notice"_s)), 1);
    QCOMPARE(*outcome(device.store.count(u"Note"_s)), 0);
    create(u"Notice"_s, u"live"_s);
    QTRY_COMPARE(*outcome(device.store.count(u"Notice"_s)), 2);
    QVERIFY(device.needs.isEmpty());
    const qsizetype connections = server.desk.visits("/graphql/connect").size();
    key.setKey(u"da2-key-2"_s);                                     // still a guest, by another socket
    QTRY_VERIFY(server.desk.visits("/graphql/connect").size() > connections);
    QTRY_VERIFY((create(u"Notice"_s, u"live"_s), *outcome(device.store.count(u"Notice"_s)) > 2));
    user.setToken(u"t1"_s);                                         // signs in
    QTRY_COMPARE(*outcome(device.store.count(u"Note"_s)), 1);
    QTRY_VERIFY((create(u"Note"_s, u"live"_s), *outcome(device.store.count(u"Note"_s)) > 2));
    QVERIFY(outcome(device.save(u"Note"_s, {{u"text"_s, u"mine"_s}})));
    QTRY_COMPARE(device.store.outboxCount(), 0);
    QCOMPARE(device.store.rejectedCount(), 0);
    QVERIFY(device.needs.isEmpty());
}

void TestCredentials::whatNeedsAUserWaitsForOne()
{
    AuthServer server(boardSchema());
    server.desk.giveOut("t1", u"ada"_s);
    TokenCredentials user;
    ApiKey key;
    key.setKey(u"da2-key"_s);
    Device device(boardSchema(), server.url(), &key, {&user});
    QTRY_VERIFY(device.isLive());
    for (int i = 0; i < 5; ++i)
        QVERIFY(outcome(device.save(u"Note"_s, {{u"text"_s, u"private %1"_s.arg(i)}})));
    QVERIFY(outcome(device.save(u"Task"_s, {{u"text"_s, u"public"_s}})));
    QTRY_COMPARE(device.store.outboxCount(), 5);                    // what everybody may goes on
    QVERIFY(device.isLive());
    QCOMPARE(device.store.rejectedCount(), 0);
    QVERIFY(device.needs.isEmpty());
    user.setToken(u"t1"_s);
    QTRY_COMPARE(device.store.outboxCount(), 0);
    QCOMPARE(device.store.rejectedCount(), 0);
    QCOMPARE(server.execute(u"{ listNotes { items { text } } }"_s, u"bob"_s)["data"_L1]["listNotes"_L1]["items"_L1].toArray().size(), 5);
}

void TestCredentials::signingOutEndsTheLiveSocket()
{
    AuthServer server(taskSchema());
    server.desk.giveOut("t1", u"ada"_s);
    TokenCredentials token;
    token.setToken(u"t1"_s);
    Device device(taskSchema(), server.url(), &token);
    QTRY_VERIFY(device.isLive());
    token.setToken(QString());
    QTRY_VERIFY(device.store.isAuthRequired());
    QTRY_COMPARE(device.store.syncState(), DataStore::SyncPhase::Offline);
    const qsizetype visits = server.desk.visits("/graphql").size();
    server.execute(addTask(u"not for us"_s));
    QVERIFY(outcome(device.save(u"Task"_s, {{u"text"_s, u"a"_s}})));
    QCOMPARE(*outcome(device.store.count(u"Task"_s)), 1);
    QCOMPARE(server.desk.visits("/graphql").size(), visits);
    token.setToken(u"t1"_s);
    QTRY_COMPARE(*outcome(device.store.count(u"Task"_s)), 2);
}

void TestCredentials::whatOneModeRefusesTheNextDoes()
{
    AuthServer server(taskSchema());
    TokenCredentials user;
    user.setToken(u"refused"_s);
    ApiKey key;
    key.setKey(u"da2-key"_s);
    Device device(taskSchema(), server.url(), &key, {&user});
    QTRY_VERIFY(device.isLive());                                   // whoever is signed in goes first, but is refused
    QVERIFY(server.desk.visits("/graphql").contains("refused"));
    QVERIFY(outcome(device.save(u"Task"_s, {{u"text"_s, u"a"_s}})));
    QTRY_COMPARE(device.store.outboxCount(), 0);
    const qsizetype before = server.desk.visits("/graphql").count("refused");
    QVERIFY(outcome(device.save(u"Task"_s, {{u"text"_s, u"b"_s}})));
    QTRY_COMPARE(device.store.outboxCount(), 0);
    QCOMPARE(server.desk.visits("/graphql").count("refused"), before);      // what worked is remembered
    QVERIFY(device.needs.isEmpty());
}

namespace {

/* Gives every request the same answer, without a body. */
class StubbornServer : public QTcpServer
{
public:
    explicit StubbornServer(const QByteArray &status)
    {
        connect(this, &QTcpServer::newConnection, this, [this, status] {
            QTcpSocket *socket = nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket, status] {
                QByteArray &text = m_received[socket];
                text += socket->readAll();
                const qsizetype header = text.indexOf("\r\n\r\n");
                const qsizetype length = text.toLower().indexOf("content-length:");
                if (header < 0 || text.size() < header + 4 + text.mid(length + 15, text.indexOf('\r', length) - length - 15).trimmed().toInt())
                    return;
                text.clear();
                ++requests;
                socket->write("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n");
            });
        });
        if (!listen(QHostAddress::LocalHost))
            qFatal("No port is free");
    }

    [[nodiscard]] QUrl url() const { return QUrl(u"http://127.0.0.1:%1/graphql"_s.arg(serverPort())); }

    int requests = 0;

private:
    QHash<QTcpSocket *, QByteArray> m_received;
};

} // namespace

void TestCredentials::onlyARefusalGoesOnToTheNextMode_data()
{
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<int>("requests");              // with two modes
    QTest::newRow("no credentials") << QByteArray("401 Unauthorized") << 2;
    QTest::newRow("not allowed") << QByteArray("403 Forbidden") << 2;
    QTest::newRow("refused") << QByteArray("400 Bad Request") << 1;
    QTest::newRow("too many requests") << QByteArray("429 Too Many Requests") << 1;
    QTest::newRow("failed") << QByteArray("500 Internal Server Error") << 1;
    QTest::newRow("not available") << QByteArray("503 Service Unavailable") << 1;
}

void TestCredentials::onlyARefusalGoesOnToTheNextMode()
{
    QFETCH(QByteArray, status);
    QFETCH(int, requests);
    StubbornServer server(status);
    TokenCredentials user;
    user.setToken(u"t1"_s);
    ApiKey key;
    key.setKey(u"da2-key"_s);
    AppSync backend;
    backend.setAuth(&key);
    backend.setAuths({&user});
    backend.setUrl(server.url());
    const Schema schema = taskSchema();
    EventLoopScheduler scheduler;
    const Result<TransportFactory> factory = backend.transportFactory();
    QVERIFY(factory.ok());
    const std::unique_ptr<Transport> transport = (*factory)(schema, scheduler);
    SyncRequest request;
    request.model = schema.model(u"Task"_s);
    request.limit = 10;
    std::optional<Error> refused;
    transport->sync(request, [&refused](const Result<SyncPage> &page) { refused = page.error(); });
    QTRY_VERIFY(refused && refused->isError());
    QCOMPARE(server.requests, requests);
    OutboxEntry entry;
    entry.model = request.model;
    entry.key = u"k"_s;
    QList<MutationResponse> responses;
    transport->mutate({entry}, [&responses](const QList<MutationResponse> &all) { responses = all; });
    QTRY_COMPARE(responses.size(), 1);
    QCOMPARE(responses.first().error.code(), refused->code());
    QCOMPARE(server.requests, 2 * requests);
}

void TestCredentials::credentialsMayGoWhileTheyAreWaitedFor()
{
    AuthServer server(taskSchema());
    auto token = std::make_unique<TokenCredentials>();
    QPromise<Result<AccessToken>> promise;
    promise.start();
    bool asked = false;
    token->setProvider([&] {
        asked = true;
        return promise.future();
    });
    Device device(taskSchema(), server.url(), token.get());
    QTRY_VERIFY(asked);
    token.reset();
    QTRY_COMPARE(device.store.syncState(), DataStore::SyncPhase::Stopped);
    promise.addResult(Result<AccessToken>(AccessToken{u"t1"_s}));
    promise.finish();
    ApiKey key;
    key.setKey(u"da2-key"_s);
    device.backend.setAuth(&key);
    QTRY_VERIFY(device.isLive());
    device.backend.setAuth(nullptr);
}

static QString jwt(const QJsonObject &claims)
{
    const auto part = [](const QJsonObject &json) {
        return QJsonDocument(json).toJson(QJsonDocument::Compact).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    };
    return QString::fromLatin1(part({{u"alg"_s, u"none"_s}}) + '.' + part(claims) + ".x");
}

static QString tokenOf(const QString &user)
{
    return jwt({{u"sub"_s, u"s-"_s + user}, {u"username"_s, user}});
}

void TestCredentials::whoseATokenIs_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<QString>("claim");
    QTest::addColumn<bool>("used");                 // while "ada" is signed in
    QTest::newRow("the subject") << jwt({{u"sub"_s, u"ada"_s}}) << QString() << true;
    QTest::newRow("the name of an access token") << jwt({{u"sub"_s, u"1"_s}, {u"username"_s, u"ada"_s}}) << QString() << true;
    QTest::newRow("the name of an ID token") << jwt({{u"sub"_s, u"1"_s}, {u"cognito:username"_s, u"ada"_s}}) << QString() << true;
    QTest::newRow("another subject") << jwt({{u"sub"_s, u"ben"_s}}) << QString() << false;
    QTest::newRow("another name") << jwt({{u"sub"_s, u"1"_s}, {u"username"_s, u"ben"_s}, {u"email"_s, u"ada"_s}}) << QString() << false;
    QTest::newRow("it does not say") << jwt({{u"scope"_s, u"all"_s}}) << QString() << true;
    QTest::newRow("no JSON Web Token") << u"anything"_s << QString() << true;
    QTest::newRow("no JSON in it") << u"a.b.c"_s << QString() << true;
    QTest::newRow("the claim that is named") << jwt({{u"sub"_s, u"1"_s}, {u"email"_s, u"ada"_s}}) << u"email"_s << true;
    QTest::newRow("another in the claim that is named") << jwt({{u"sub"_s, u"ada"_s}, {u"email"_s, u"ben"_s}}) << u"email"_s << false;
    QTest::newRow("without the claim that is named") << jwt({{u"sub"_s, u"ada"_s}}) << u"email"_s << false;
    QTest::newRow("a number") << jwt({{u"sub"_s, 7}}) << QString() << false;
    QTest::newRow("none is looked at") << jwt({{u"sub"_s, u"ben"_s}}) << u"none"_s << true;
}

void TestCredentials::whoseATokenIs()
{
    QFETCH(QString, token);
    QFETCH(QString, claim);
    QFETCH(bool, used);
    const Error error = ownerError({token}, {u"ada"_s, claim});
    QCOMPARE(error.isError(), !used);
    QVERIFY(!ownerError({token}, {QString(), claim}).isError());
    if (used)
        return;
    QCOMPARE(error.code(), Error::Code::Unauthorized);
    QVERIFY2(error.message().contains(u"ada"_s), qPrintable(error.message()));
    QVERIFY(!error.adviceText().isEmpty());
}

namespace {

struct Accounts                             // one store, several people
{
    explicit Accounts(const Schema &schema, const QUrl &url)
    {
        backend.setAuth(&token);
        backend.setUrl(url);
        store.setPath(folder.filePath(u"store.db"_s));
        store.setSchema(schema);
        store.setBackend(&backend);
        QObject::connect(&store, &DataStore::needsAuth, &store, [this](const Error &error) { needs.append(error); });
    }

    void saveNotes(int count)
    {
        for (int i = 0; i < count; ++i) {
            Draft draft(store.schema().model(u"Note"_s));
            draft.set(draft.model()->fieldIndex(u"text"), u"ada's"_s);
            QVERIFY(outcome(store.save(draft)));
        }
    }

    TokenCredentials token;
    AppSync backend;
    QTemporaryDir folder;
    DataStore store;
    QList<Error> needs;
};

qsizetype notesOf(AuthServer &server, const QString &user)
{
    const QJsonArray notes = server.execute(u"{ listNotes(limit: 1000) { items { owner } } }"_s, user)["data"_L1]["listNotes"_L1]["items"_L1].toArray();
    return std::count_if(notes.begin(), notes.end(), [&user](const QJsonValue &note) { return note["owner"_L1].toString().endsWith(user); });
}

} // namespace

void TestCredentials::aTokenOfAnotherIsNotUsed()
{
    AuthServer server(boardSchema());
    server.desk.giveOut(tokenOf(u"ada"_s).toLatin1(), u"ada"_s);
    server.desk.giveOut(tokenOf(u"ben"_s).toLatin1(), u"ben"_s);
    Accounts device(boardSchema(), server.url());
    device.token.setToken(tokenOf(u"ada"_s));
    device.store.setPaused(true);
    QVERIFY(outcome(device.store.signIn(u"ada"_s)));
    device.saveNotes(50);
    QVERIFY(outcome(device.store.signOut()));
    device.token.setToken(tokenOf(u"ben"_s));
    device.store.setPaused(false);
    QVERIFY(outcome(device.store.signIn(u"ben"_s)));
    QTRY_COMPARE(device.store.syncState(), DataStore::SyncPhase::Live);
    QVERIFY(outcome(device.store.signIn(u"ada"_s)));            // the token stays ben's
    server.desk.forget();
    QTRY_VERIFY(device.store.isAuthRequired());
    QCOMPARE(device.needs.last().code(), Error::Code::Unauthorized);
    QCOMPARE(device.needs.last().advice(), Error::Advice::SignIn);
    QVERIFY(device.needs.last().message().contains(u"ben"_s));
    device.store.syncNow();
    QTRY_COMPARE(device.store.syncState(), DataStore::SyncPhase::Offline);
    QCOMPARE(device.store.outboxCount(), 50);
    QCOMPARE(notesOf(server, u"ben"_s), 0);
    QVERIFY(server.desk.visits("/graphql").isEmpty() && server.desk.visits("/graphql/connect").isEmpty());
    device.token.setToken(tokenOf(u"ada"_s));
    QTRY_COMPARE(device.store.outboxCount(), 0);
    QCOMPARE(device.store.rejectedCount(), 0);
    QCOMPARE(notesOf(server, u"ada"_s), 50);
    QCOMPARE(notesOf(server, u"ben"_s), 0);
    QVERIFY(!device.store.isAuthRequired());
}

void TestCredentials::aTokenThatIsExchangedWhileLiveIsNotUsed()
{
    AuthServer server(boardSchema());
    server.desk.giveOut(tokenOf(u"ada"_s).toLatin1(), u"ada"_s);
    server.desk.giveOut(tokenOf(u"ben"_s).toLatin1(), u"ben"_s);
    Accounts device(boardSchema(), server.url());
    device.token.setToken(tokenOf(u"ada"_s));
    QVERIFY(outcome(device.store.signIn(u"ada"_s)));
    QTRY_COMPARE(device.store.syncState(), DataStore::SyncPhase::Live);
    device.token.setToken(tokenOf(u"ben"_s));
    device.saveNotes(5);
    QTRY_VERIFY(device.store.isAuthRequired());
    QCOMPARE(device.store.outboxCount(), 5);
    QCOMPARE(notesOf(server, u"ben"_s), 0);
    device.store.setPrincipalClaim(u"none"_s);                  // the application knows better
    QTRY_COMPARE(device.store.outboxCount(), 0);
    QCOMPARE(notesOf(server, u"ben"_s), 5);
}

void TestCredentials::oneOfSeveralIsRefused_data()
{
    QTest::addColumn<bool>("userFirst");
    QTest::newRow("the first") << true;
    QTest::newRow("another one") << false;
}

void TestCredentials::oneOfSeveralIsRefused()
{
    QFETCH(bool, userFirst);
    AuthServer server(boardSchema());
    server.execute(u"mutation { createNotice(input: {text: \"a\"}) { id } }"_s, u"bob"_s);
    server.desk.giveOut("t1", u"ada"_s);
    TokenCredentials user;
    user.setToken(u"refused"_s);
    ApiKey key;
    key.setKey(u"da2-key"_s);
    Credentials *first = userFirst ? static_cast<Credentials *>(&user) : &key;
    Credentials *second = userFirst ? static_cast<Credentials *>(&key) : &user;
    Device device(boardSchema(), server.url(), first, {second});
    QTRY_VERIFY(device.isLive());
    QTRY_COMPARE(device.needs.size(), 1);
    QVERIFY(device.store.isAuthRequired());
    QCOMPARE(*outcome(device.store.count(u"Notice"_s)), 1);
    QVERIFY(outcome(device.save(u"Note"_s, {{u"text"_s, u"waits"_s}})));
    QVERIFY(outcome(device.save(u"Task"_s, {{u"text"_s, u"goes"_s}})));
    QTRY_COMPARE(device.store.outboxCount(), 1);
    server.execute(addTask(u"live"_s));
    QTRY_COMPARE(*outcome(device.store.count(u"Task"_s)), 2);
    QVERIFY(device.isLive());
    QCOMPARE(device.store.rejectedCount(), 0);
    QCOMPARE(device.needs.size(), 1);
    user.setToken(u"t1"_s);
    QTRY_COMPARE(device.store.outboxCount(), 0);
    QTRY_VERIFY(!device.store.isAuthRequired());
    const auto create = [&server] {
        server.execute(u"mutation { createNote(input: {text: \"b\"}) { id text owner _version _lastChangedAt _deleted createdAt updatedAt } }"_s, u"bob"_s);
    };
    QTRY_VERIFY((create(), *outcome(device.store.count(u"Note"_s)) > 1));
    QCOMPARE(device.store.rejectedCount(), 0);
}

void TestCredentials::oneOfSeveralIsRefusedWhileLive()
{
    AuthServer server(boardSchema());
    server.desk.giveOut("t1", u"ada"_s);
    TokenCredentials user;
    user.setToken(u"t1"_s);
    ApiKey key;
    key.setKey(u"da2-key"_s);
    Device device(boardSchema(), server.url(), &user, {&key});
    QTRY_VERIFY(device.isLive());
    server.desk.takeBack("t1");
    const qsizetype connections = server.desk.visits("/graphql/connect").size();
    for (int i = 0; i < 5; ++i)
        QVERIFY(outcome(device.save(u"Note"_s, {{u"text"_s, u"waits"_s}})));
    QTRY_COMPARE(device.needs.size(), 1);
    QVERIFY(outcome(device.save(u"Task"_s, {{u"text"_s, u"goes"_s}})));
    QTRY_COMPARE(device.store.outboxCount(), 5);
    QVERIFY(device.isLive());
    QCOMPARE(server.desk.visits("/graphql/connect").size(), connections);
    QCOMPARE(device.store.rejectedCount(), 0);
    server.desk.giveOut("t2", u"ada"_s);
    user.setToken(u"t2"_s);
    QTRY_COMPARE(device.store.outboxCount(), 0);
    QVERIFY(!device.store.isAuthRequired());
    QCOMPARE(device.store.rejectedCount(), 0);
}

void TestCredentials::verdictsFollowWhoIsSignedIn()
{
    using Operation = Intention::Operation;
    AppSync backend;
    ApiKey key;
    key.setKey(u"da2-key"_s);
    TokenCredentials user;
    backend.setAuth(&key);
    backend.setAuths({&user});
    DataStore store;
    store.setSchema(boardSchema());
    QCOMPARE(store.verdict(u"Notice"_s, Operation::Create), Verdict::Unknown);
    store.setBackend(&backend);
    QCOMPARE(store.verdict(u"Notice"_s, Operation::Create), Verdict::Refused);
    QCOMPARE(store.verdict(u"Notice"_s, Operation::Read), Verdict::Allowed);
    user.setToken(u"e30.eyJzdWIiOiJzIiwidXNlcm5hbWUiOiJhZGEifQ.c2ln"_s);       // sub s, username ada
    QCOMPARE(store.verdict(u"Notice"_s, Operation::Create), Verdict::Allowed);
    QCOMPARE(store.verdict(u"Note"_s, Operation::Create), Verdict::Allowed);      // whoever creates owns
    user.setToken(QString());
    QCOMPARE(store.verdict(u"Notice"_s, Operation::Create), Verdict::Refused);
    QCOMPARE(store.verdict(u"Nothing"_s, Operation::Read), Verdict::Refused);
}

QTEST_GUILESS_MAIN(TestCredentials)

#include "tst_credentials.moc"
