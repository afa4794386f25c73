// SPDX-License-Identifier: MIT
#include "server/auth/sigv4.h"
#include "unit/server/testkeys.h"

#include <QtCore/QDateTime>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QRandomGenerator>
#include <QtCore/QRegularExpression>
#include <QtCore/QSet>
#include <QtCore/QTemporaryDir>
#include <QtCore/QUuid>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslConfiguration>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QtTest>

#include <csignal>

using namespace Tideline::Server;
using namespace Tideline::Server::Fakes;
using namespace Qt::StringLiterals;

using Headers = QHash<QByteArray, QByteArray>;

static const QString theKey = u"da2-secret"_s;

// One `tideline serve` process in a folder of its own.
class Served
{
public:
    explicit Served(const QString &folder) { process.setWorkingDirectory(folder); }
    ~Served()
    {
        process.kill();
        process.waitForFinished();
    }

    void start(const QStringList &arguments, bool withKey = true)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove(u"TIDELINE_API_KEY"_s);
        environment.remove(u"TIDELINE_JWT_SECRET"_s);
        environment.remove(u"TIDELINE_TRIGGER_SECRET"_s);
        if (!triggerSecret.isEmpty())
            environment.insert(u"TIDELINE_TRIGGER_SECRET"_s, triggerSecret);
        if (!secret.isEmpty())
            environment.insert(u"TIDELINE_JWT_SECRET"_s, secret);
        if (withKey)
            environment.insert(u"TIDELINE_API_KEY"_s, theKey);
        process.setProcessEnvironment(environment);
        QObject::connect(&process, &QProcess::readyReadStandardOutput, &process,
                         [this] { output += QString::fromUtf8(process.readAllStandardOutput()); });
        QObject::connect(&process, &QProcess::readyReadStandardError, &process,
                         [this] { errors += QString::fromUtf8(process.readAllStandardError()); });
        process.start(QStringLiteral(TIDELINE_TOOL), QStringList(u"serve"_s) + arguments);
    }

    [[nodiscard]] bool isDone() const { return process.state() == QProcess::NotRunning; }

    // The URL of a line "listening on SCHEME...", once it was printed.
    [[nodiscard]] QString url(const QString &scheme)
    {
        QRegularExpressionMatch match;
        [&] {
            QTRY_VERIFY2_WITH_TIMEOUT(
                (match = QRegularExpression(u"^listening on (%1://.*)\n"_s.arg(scheme), QRegularExpression::MultilineOption)
                             .match(output)).hasMatch() || isDone(),
                qPrintable(errors), 30'000);
        }();
        return match.captured(1);
    }

    QProcess process;
    QString secret;                     // of tokens
    QString triggerSecret;
    QString output;
    QString errors;
};

// Answers requests for a path with a fixed JSON text.
class JsonServer
{
public:
    JsonServer()
    {
        if (!m_server.listen(QHostAddress::LocalHost))
            qFatal("no port");
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { answer(socket); });
        });
    }

    [[nodiscard]] QString url() const { return u"http://127.0.0.1:%1"_s.arg(m_server.serverPort()); }

    QHash<QByteArray, QByteArray> documents;
    QList<QByteArray> requests;
    QList<QByteArray> accepted;         // those that there was a document for

private:
    void answer(QTcpSocket *socket)
    {
        const QByteArray request = socket->peek(64 * 1024);
        const qsizetype head = request.indexOf("\r\n\r\n");
        const QRegularExpressionMatch length = QRegularExpression(u"content-length: *(\\d+)"_s, QRegularExpression::CaseInsensitiveOption)
                                                   .match(QString::fromLatin1(request.first(std::max<qsizetype>(0, head))));
        if (head < 0 || request.size() < head + 4 + length.captured(1).toLongLong())
            return;
        requests.append(socket->readAll());
        const QByteArray document = documents.value(request.split(' ').value(1));
        if (!document.isEmpty())
            accepted.append(requests.constLast());
        socket->write((document.isEmpty() ? "HTTP/1.1 404 Not Found" : "HTTP/1.1 200 OK") + QByteArray("\r\nContent-Length: ")
                      + QByteArray::number(document.size()) + "\r\n\r\n" + document);
    }

    QTcpServer m_server;
};

class tst_Serve : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void servesUntilASignal_data();
    void servesUntilASignal();
    void keepsRecordsAndCertificate();
    void keepsWhatItAcknowledgedWhenKilled();
    void tellsOfEveryChangeThoughKilled();
    void takesKeysFromTheCommandLine();
    void takesTokensOfAProvider();
    void takesTokensOfAUserPool();
    void takesTokensWithASecret();
    void takesSignatures();
    void asksAFunction();
    void refuses_data();
    void refuses();
    void refusesSecretsThatAreNone();
    void refusesATakenPort();

private:
    QSet<QString> createUntilKilled(Served &served, const QString &url, int acknowledged);
    QString write(const QString &name, const QByteArray &text);
    Q_REQUIRED_RESULT QByteArray post(const QString &url, const QByteArray &body, const QString &key = theKey,
                                      const QSslConfiguration &tls = QSslConfiguration::defaultConfiguration());
    // The answer to { __typename } with these headers.
    Q_REQUIRED_RESULT QByteArray ask(const QString &url, const Headers &headers);

    std::unique_ptr<QTemporaryDir> m_folder;
    QNetworkAccessManager m_network;
};

static const QByteArray someSchema = "type Note @model { id: ID! text: String! }\n";

void tst_Serve::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(!write(u"notes.graphql"_s, someSchema).isEmpty());
}

QString tst_Serve::write(const QString &name, const QByteArray &text)
{
    QFile file(m_folder->filePath(name));
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName() : QString();
}

QByteArray tst_Serve::post(const QString &url, const QByteArray &body, const QString &key, const QSslConfiguration &tls)
{
    QNetworkRequest request{QUrl(url)};
    request.setSslConfiguration(tls);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("x-api-key", key.toUtf8());
    const std::unique_ptr<QNetworkReply> reply(m_network.post(request, body));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 30'000); }();
    return reply->readAll();
}

static const QByteArray question = R"({"query":"{ __typename }"})";
static const QByteArray welcome = R"({"data":{"__typename":"Query"}})";

QByteArray tst_Serve::ask(const QString &url, const Headers &headers)
{
    QNetworkRequest request{QUrl(url)};
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    for (auto header = headers.begin(); header != headers.end(); ++header)
        request.setRawHeader(header.key(), header.value());
    const std::unique_ptr<QNetworkReply> reply(m_network.post(request, question));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 30'000); }();
    return reply->rawHeader("x-amzn-errortype") + reply->readAll();
}

void tst_Serve::servesUntilASignal_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void tst_Serve::servesUntilASignal()
{
    QFETCH(int, signal);
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s});
    const QString url = served.url(u"http"_s);
    QVERIFY2(QRegularExpression(u"^http://127.0.0.1:\\d+/graphql$"_s).match(url).hasMatch(), qPrintable(url + served.errors));
    const QByteArray mutation = R"({"query":"mutation { createNote(input: {id: \"1\", text: \"hello\"}) { id text _version } }"})";
    const QByteArray created = R"({"data":{"createNote":{"id":"1","text":"hello","_version":1}}})";
    QCOMPARE(post(url, mutation), created);
    QVERIFY(post(url, R"({"query":"{ getNote(id: \"1\") { id } }"})", u"wrong"_s).contains("UnauthorizedException"));
    QVERIFY(QFile::exists(m_folder->filePath(u"notes.db"_s)));
    ::kill(pid_t(served.process.processId()), signal);
    QTRY_VERIFY_WITH_TIMEOUT(served.isDone(), 30'000);
    QCOMPARE(served.process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(served.process.exitCode(), 0);
    QCOMPARE(served.errors, QString());
    QVERIFY(!served.output.contains(theKey));
}

void tst_Serve::keepsRecordsAndCertificate()
{
    const QString database = m_folder->filePath(u"kept.db"_s);
    const QStringList arguments{u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--host"_s, u"localhost"_s,
                                u"--database"_s, database, u"--self-signed"_s};
    QByteArray certificate;
    for (int run = 0; run < 2; ++run) {
        Served served(m_folder->path());
        served.start(arguments);
        const QString url = served.url(u"https"_s);
        QVERIFY2(url.startsWith(u"https://localhost:"_s), qPrintable(served.errors));
        QFile file(database + u".certificate.pem"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray pem = file.readAll();
        QVERIFY(certificate.isEmpty() || pem == certificate);
        certificate = pem;
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setCaCertificates({QSslCertificate(pem)});
        if (run == 0)
            QVERIFY(post(url, R"({"query":"mutation { createNote(input: {id: \"1\", text: \"x\"}) { id } }"})", theKey, tls).contains("\"1\""));
        else
            QVERIFY(post(url, R"({"query":"{ getNote(id: \"1\") { text } }"})", theKey, tls).contains("\"x\""));
        ::kill(pid_t(served.process.processId()), SIGTERM);
        QTRY_VERIFY_WITH_TIMEOUT(served.isDone(), 30'000);
        QCOMPARE(served.process.exitCode(), 0);
    }
}

// The ids of notes that the server said it has; several are being created at the moment of its end.
QSet<QString> tst_Serve::createUntilKilled(Served &served, const QString &url, int acknowledged)
{
    constexpr int atATime = 6;
    QSet<QString> known;
    int onTheWay = 0;
    std::function<void()> create = [&] {
        const QString id = QUuid::createUuid().toString(QUuid::WithoutBraces);
        QNetworkRequest request{QUrl(url)};
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        request.setRawHeader("x-api-key", theKey.toUtf8());
        const QString query = u"mutation { createNote(input: {id: \"%1\", text: \"x\"}) { id } }"_s.arg(id);
        QNetworkReply *reply = m_network.post(request, QJsonDocument(QJsonObject{{u"query"_s, query}}).toJson());
        ++onTheWay;
        QObject::connect(reply, &QNetworkReply::finished, reply, [&, reply, id] {
            --onTheWay;
            reply->deleteLater();
            if (reply->readAll().contains(id.toUtf8()))
                known.insert(id);
            if (known.size() == acknowledged)
                served.process.kill();
            else if (known.size() < acknowledged && !served.isDone())
                create();
        });
    };
    for (int i = 0; i < atATime; ++i)
        create();
    [&] { QTRY_VERIFY_WITH_TIMEOUT(onTheWay == 0 && served.isDone(), 60'000); }();
    return known;
}

void tst_Serve::keepsWhatItAcknowledgedWhenKilled()
{
    QRandomGenerator random(20261127);
    QSet<QString> acknowledged;
    for (int round = 0; round < 6; ++round) {
        Served served(m_folder->path());
        served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s});
        const QString url = served.url(u"http"_s);
        QVERIFY2(!url.isEmpty(), qPrintable(served.errors));
        QSet<QString> stored;
        const QByteArray all = post(url, R"({"query":"{ listNotes(limit: 1000) { items { id } nextToken } }"})");
        const QJsonObject list = QJsonDocument::fromJson(all)["data"_L1]["listNotes"_L1].toObject();
        QVERIFY2(list["nextToken"_L1].isNull(), all.constData());
        for (const QJsonValue &note : list["items"_L1].toArray())
            stored.insert(note["id"_L1].toString());
        QVERIFY2(stored.contains(acknowledged), qPrintable(u"round %1: %2 of %3"_s.arg(round).arg(stored.size()).arg(acknowledged.size())));
        acknowledged += createUntilKilled(served, url, 1 + int(random.bounded(120)));
    }
    QVERIFY(acknowledged.size() > 100);
}

// A receiver that is down for a while, a server that is killed with events waiting and under way: all of them come.
void tst_Serve::tellsOfEveryChangeThoughKilled()
{
    JsonServer receiver;
    const auto start = [&](Served &served) {
        served.triggerSecret = QString(32, u's');
        served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--trigger"_s, u"Note:create="_s + receiver.url() + u"/events"_s});
        return served.url(u"http"_s);
    };
    QSet<QString> acknowledged;
    for (int round = 0; round < 3; ++round) {
        Served served(m_folder->path());
        const QString url = start(served);
        QVERIFY2(!url.isEmpty(), qPrintable(served.errors));
        if (round == 2)
            receiver.documents = {{"/events", "{}"}};
        acknowledged += createUntilKilled(served, url, 30);
    }
    Served served(m_folder->path());
    QVERIFY(!start(served).isEmpty());
    const auto toldOf = [&receiver] {
        QSet<QString> ids;
        for (const QByteArray &request : receiver.accepted)
            ids.insert(QJsonDocument::fromJson(request.sliced(request.indexOf("\r\n\r\n") + 4))["record"_L1]["id"_L1].toString());
        return ids;
    };
    QTRY_VERIFY_WITH_TIMEOUT(toldOf().contains(acknowledged), 60'000);
    QVERIFY(receiver.requests.constFirst().toLower().contains("x-tideline-signature: t="));
    QVERIFY(!(served.output + served.errors).contains(served.triggerSecret));
}

void tst_Serve::takesKeysFromTheCommandLine()
{
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--api-key"_s, u"one"_s, u"--api-key"_s, u"two"_s});
    const QString url = served.url(u"http"_s);
    for (const QString &key : {u"one"_s, u"two"_s, theKey})
        QVERIFY(post(url, R"({"query":"{ __typename }"})", key).contains("Query"));
    QVERIFY(post(url, R"({"query":"{ __typename }"})", u"three"_s).contains("UnauthorizedException"));
}

static QJsonObject claimsFor(const QString &issuer, qint64 secondsLeft = 3600)
{
    return {{u"iss"_s, issuer}, {u"sub"_s, u"anna"_s}, {u"aud"_s, u"app"_s}, {u"exp"_s, QDateTime::currentSecsSinceEpoch() + secondsLeft}};
}

void tst_Serve::takesTokensOfAProvider()
{
    JsonServer provider;
    const QString issuer = provider.url() + u"/tenant"_s;
    const SigningKey key = SigningKey::rsa(u"k1"_s);
    const SigningKey next = SigningKey::p256(u"k2"_s);
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--oidc-issuer"_s, issuer, u"--oidc-audience"_s, u"app"_s}, false);
    const QString url = served.url(u"http"_s);
    QVERIFY2(!url.isEmpty(), qPrintable(served.errors));
    QVERIFY(provider.requests.isEmpty());               // it may not even run yet
    const QByteArray good = tokenOf(key, "RS256", claimsFor(issuer));
    QVERIFY(ask(url, {{"authorization", good}}).startsWith("ServiceUnavailableException"));
    provider.documents = {{"/tenant/.well-known/openid-configuration", compact({{u"issuer"_s, issuer}, {u"jwks_uri"_s, provider.url() + u"/keys"_s}})},
                          {"/keys", keySetOf({key.jwk()})}};
    QTRY_COMPARE_WITH_TIMEOUT(ask(url, {{"authorization", good}}), welcome, 30'000);
    QCOMPARE(ask(url, {{"authorization", "Bearer " + good}}), welcome);
    QVERIFY(ask(url, {{"authorization", tokenOf(key, "RS256", claimsFor(issuer, -3600))}}).contains("Token has expired."));
    QVERIFY(ask(url, {{"authorization", tokenOf(next, "ES256", claimsFor(issuer))}}).startsWith("UnauthorizedException"));
    QVERIFY(ask(url, {{"authorization", "abc"}}).startsWith("UnauthorizedException"));
    QVERIFY(ask(url, {{"x-api-key", theKey.toLatin1()}}).startsWith("UnauthorizedException"));
    QVERIFY(ask(url, {}).contains("Valid authorization header not provided."));
    QVERIFY2(!(served.output + served.errors).contains(QString::fromLatin1(good)), qPrintable(served.errors));
}

void tst_Serve::takesTokensOfAUserPool()
{
    JsonServer provider;
    const QString pool = provider.url() + u"/eu-west-1_Ab"_s;
    const SigningKey key = SigningKey::rsa(u"k1"_s);
    provider.documents = {{"/eu-west-1_Ab/.well-known/jwks.json", keySetOf({key.jwk()})}};
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--user-pool"_s, pool, u"--user-pool-client"_s, u"client"_s});
    const QString url = served.url(u"http"_s);
    QJsonObject claims = claimsFor(pool);
    claims.insert(u"token_use"_s, u"access"_s);
    QVERIFY(ask(url, {{"authorization", tokenOf(key, "RS256", claims)}}).startsWith("UnauthorizedException"));
    claims.insert(u"client_id"_s, u"client"_s);
    QCOMPARE(ask(url, {{"authorization", tokenOf(key, "RS256", claims)}}), welcome);
    QCOMPARE(ask(url, {{"x-api-key", theKey.toLatin1()}}), welcome);       // several providers at once
    QCOMPARE(provider.requests.size(), 1);
}

void tst_Serve::takesTokensWithASecret()
{
    Served served(m_folder->path());
    served.secret = u"a secret of at least thirty-two bytes"_s;
    const QString file = write(u"keys.json"_s, keySetOf({SigningKey::rsa(u"k"_s).jwk()}));
    served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--oidc-issuer"_s, u"our login"_s, u"--jwks"_s, file}, false);
    const QString url = served.url(u"http"_s);
    QCOMPARE(ask(url, {{"authorization", secretTokenOf(served.secret.toUtf8(), claimsFor(u"our login"_s))}}), welcome);
    QVERIFY(ask(url, {{"authorization", secretTokenOf("another", claimsFor(u"our login"_s))}}).startsWith("UnauthorizedException"));
    QVERIFY(!(served.output + served.errors).contains(served.secret));
}

void tst_Serve::takesSignatures()
{
    const QString file = write(u"iam.json"_s, R"({"keys":[{"accessKeyId":"AKIA1","secretAccessKey":"s3cret","arn":"arn:aws:iam::1:user/anna"}]})");
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--iam-keys"_s, file}, false);
    const QUrl url(served.url(u"http"_s));
    const QByteArray time = QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd'T'HHmmss'Z'"_s).toLatin1();
    const QByteArray host = url.authority().toLatin1();
    const SigV4::Authorization scope{"AKIA1", time.first(8), "eu-west-1", "appsync", {"host", "x-amz-date"}, {}};
    const AuthRequest request{.target = "/graphql", .headers = {{"host", host}, {"x-amz-date", time}}, .body = question};
    const QByteArray text = SigV4::stringToSign(scope, time, SigV4::canonicalRequest(request, scope.signedHeaders).value_or(QByteArray()));
    const QByteArray authorization = "AWS4-HMAC-SHA256 Credential=AKIA1/" + scope.date
        + "/eu-west-1/appsync/aws4_request, SignedHeaders=host;x-amz-date, Signature=";
    QCOMPARE(ask(url.toString(), {{"x-amz-date", time}, {"authorization", authorization + SigV4::signature(scope, "s3cret", text)}}), welcome);
    QVERIFY(ask(url.toString(), {{"x-amz-date", time}, {"authorization", authorization + SigV4::signature(scope, "guess", text)}})
                .startsWith("InvalidSignatureException"));
    QVERIFY(!(served.output + served.errors).contains(u"s3cret"_s));
}

void tst_Serve::asksAFunction()
{
    JsonServer function;
    function.documents = {{"/authorize", R"({"isAuthorized":true,"ttlOverride":0})"}};
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--authorizer-url"_s, function.url() + u"/authorize"_s}, false);
    const QString url = served.url(u"http"_s);
    QCOMPARE(ask(url, {{"authorization", "whatever"}}), welcome);
    QVERIFY(function.requests.constFirst().contains(R"("authorizationToken":"whatever")"));
    QVERIFY(function.requests.constFirst().contains(R"("queryString":"{ __typename }")"));
    function.documents = {{"/authorize", R"({"isAuthorized":false})"}};
    QVERIFY(ask(url, {{"authorization", "whatever"}}).startsWith("UnauthorizedException"));
}

void tst_Serve::refuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<bool>("withKey");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("error");
    const QString schema = u"notes.graphql"_s;
    QTest::newRow("no schema") << QStringList() << true << 2 << u"argument is missing"_s;
    QTest::newRow("no key") << QStringList{schema} << false << 2 << u"TIDELINE_API_KEY"_s;
    const auto wrongCaller = [&schema](const char *name, const QStringList &arguments, const QString &words, int code = 2) {
        QTest::newRow(name) << QStringList(schema) + arguments << true << code << words;
    };
    const QString issuer = u"https://id.example"_s;
    wrongCaller("an issuer without TLS", {u"--oidc-issuer"_s, u"http://id.example"_s}, u"--oidc-issuer is an https URL"_s);
    wrongCaller("an issuer that is no URL", {u"--oidc-issuer"_s, u"id.example"_s}, u"--oidc-issuer is an https URL"_s);
    wrongCaller("an empty issuer", {u"--oidc-issuer"_s, QString()}, u"--oidc-issuer"_s);
    wrongCaller("an issuer twice", {u"--oidc-issuer"_s, issuer, u"--oidc-issuer"_s, issuer}, u"twice"_s);
    wrongCaller("an issuer that is the user pool", {u"--oidc-issuer"_s, issuer, u"--user-pool"_s, issuer}, u"twice"_s);
    wrongCaller("an audience of nobody", {u"--oidc-audience"_s, u"app"_s}, u"--oidc-audience needs --oidc-issuer"_s);
    wrongCaller("a user pool without TLS", {u"--user-pool"_s, u"http://pool.example"_s}, u"--user-pool is an https URL"_s);
    wrongCaller("a client of no user pool", {u"--user-pool-client"_s, u"c"_s}, u"--user-pool-client needs --user-pool"_s);
    wrongCaller("keys of nobody", {u"--jwks"_s, u"keys.json"_s}, u"--jwks needs exactly one"_s);
    wrongCaller("keys of two", {u"--jwks"_s, u"k.json"_s, u"--oidc-issuer"_s, issuer, u"--user-pool"_s, u"https://p.example"_s}, u"--jwks needs exactly one"_s);
    wrongCaller("keys without TLS", {u"--jwks"_s, u"http://id.example/k"_s, u"--oidc-issuer"_s, issuer}, u"--jwks is an https URL"_s);
    wrongCaller("keys that are not there", {u"--jwks"_s, u"gone.json"_s, u"--oidc-issuer"_s, issuer}, u"gone.json cannot be read"_s, 1);
    wrongCaller("keys that are none", {u"--jwks"_s, schema, u"--oidc-issuer"_s, issuer}, u"notes.graphql has no key"_s, 1);
    wrongCaller("a function without TLS", {u"--authorizer-url"_s, u"http://fn.example"_s}, u"--authorizer-url is an https URL"_s);
    wrongCaller("access keys that are not there", {u"--iam-keys"_s, u"gone.json"_s}, u"gone.json cannot be read"_s, 1);
    wrongCaller("access keys that are none", {u"--iam-keys"_s, schema}, u"notes.graphql is no JSON object"_s, 1);
    wrongCaller("a trigger that is none", {u"--trigger"_s, u"Note"_s}, u"a trigger is MODEL:OPERATION,...=URL"_s);
    wrongCaller("a trigger without TLS", {u"--trigger"_s, u"Note=http://erp.example/"_s}, u"a trigger's URL is https"_s);
    wrongCaller("a trigger without a secret", {u"--trigger"_s, u"Note=https://erp.example/"_s}, u"TIDELINE_TRIGGER_SECRET"_s);
    wrongCaller("a trigger's attempts that are none", {u"--trigger-max-attempts"_s, u"x"_s}, u"--trigger-max-attempts"_s);
    wrongCaller("a grace that is no number", {u"--expiry-grace"_s, u"-1"_s}, u"--expiry-grace"_s);
    QTest::newRow("an empty key") << QStringList{schema, u"--api-key"_s, QString()} << false << 2 << u"visible ASCII"_s;
    QTest::newRow("a key that no header carries") << QStringList{schema, u"--api-key"_s, u"a b"_s} << false << 2 << u"visible ASCII"_s;
    QTest::newRow("a port that is no number") << QStringList{schema, u"--port"_s, u"x"_s} << true << 2 << u"--port"_s;
    QTest::newRow("a port too large") << QStringList{schema, u"--port"_s, u"65536"_s} << true << 2 << u"--port"_s;
    QTest::newRow("no threads") << QStringList{schema, u"--threads"_s, u"0"_s} << true << 2 << u"--threads"_s;
    QTest::newRow("an unknown strategy") << QStringList{schema, u"--conflicts"_s, u"lww"_s} << true << 2 << u"--conflicts"_s;
    QTest::newRow("a certificate alone") << QStringList{schema, u"--certificate"_s, u"c.pem"_s} << true << 2 << u"--key"_s;
    QTest::newRow("two certificates") << QStringList{schema, u"--certificate"_s, u"c.pem"_s, u"--key"_s, u"k.pem"_s, u"--self-signed"_s}
                                      << true << 2 << u"exclude"_s;
    QTest::newRow("an unknown option") << QStringList{schema, u"--prot"_s, u"1"_s} << true << 2 << u"prot"_s;
    QTest::newRow("a schema that is not there") << QStringList{u"gone.graphql"_s} << true << 1 << u"gone.graphql"_s;
    QTest::newRow("a certificate that is not there") << QStringList{schema, u"--certificate"_s, u"c.pem"_s, u"--key"_s, u"k.pem"_s}
                                                     << true << 1 << u"c.pem"_s;
    QTest::newRow("a database in no folder") << QStringList{schema, u"--database"_s, u"gone/x.db"_s} << true << 1 << u"gone/x.db"_s;
    QTest::newRow("a database that is none") << QStringList{schema, u"--database"_s, u"notes.graphql"_s} << true << 1 << u"notes.graphql"_s;
    QTest::newRow("a database server that is not there") << QStringList{schema, u"--database"_s, u"postgres://user:%1@/db?host=/gone"_s.arg(theKey)}
                                                          << true << 1 << u"postgres:///gone/db"_s;
    QTest::newRow("a syntax error") << QStringList{u"broken.graphql"_s} << true << 1 << u"broken.graphql:2:3: "_s;
    QTest::newRow("two errors of the schema") << QStringList{u"wrong.graphql"_s} << true << 1
                                              << u"wrong.graphql:1:31: [^\n]*\n(.*\n)*wrong.graphql:2:"_s;
    QTest::newRow("a host nobody knows") << QStringList{schema, u"--host"_s, u"no such host"_s} << true << 1 << u"no such host"_s;
    QTest::newRow("an address of another machine") << QStringList{schema, u"--host"_s, u"192.0.2.1"_s} << true << 1 << u"192.0.2.1"_s;
}

void tst_Serve::refuses()
{
    QFETCH(QStringList, arguments);
    QFETCH(bool, withKey);
    QFETCH(QString, error);
    QVERIFY(!write(u"broken.graphql"_s, "type Note @model {\n  )\n}\n").isEmpty());
    QVERIFY(!write(u"wrong.graphql"_s, "type Note @model { id: ID! a: Nothing }\ntype Other @model { id: ID! b: Nowhere }\n").isEmpty());
    Served served(m_folder->path());
    served.start(arguments, withKey);
    QTRY_VERIFY_WITH_TIMEOUT(served.isDone(), 30'000);
    QCOMPARE(served.process.exitStatus(), QProcess::NormalExit);
    QTEST(served.process.exitCode(), "code");
    QCOMPARE(served.output, QString());
    QVERIFY2(served.errors.contains(QRegularExpression(error)), qPrintable(served.errors));
    QVERIFY(!served.errors.contains(theKey));
}

void tst_Serve::refusesSecretsThatAreNone()
{
    const auto errorsOf = [this](const QString &secret, const QStringList &arguments) {
        Served served(m_folder->path());
        served.secret = secret;
        served.start(QStringList(u"notes.graphql"_s) + arguments);
        [&] { QTRY_VERIFY_WITH_TIMEOUT(served.isDone(), 30'000); }();
        return u"%1 %2"_s.arg(served.process.exitCode()).arg(served.errors);
    };
    const QString issuer = u"https://id.example"_s;
    const QString secret(32, u's');
    QVERIFY(errorsOf(secret.chopped(1), {u"--oidc-issuer"_s, issuer}).contains(u"2 tideline serve: TIDELINE_JWT_SECRET is too short"_s));
    QVERIFY(errorsOf(secret, {}).contains(u"2 tideline serve: TIDELINE_JWT_SECRET needs exactly one --oidc-issuer"_s));
    QVERIFY(!errorsOf(secret, {}).contains(secret));
}

void tst_Serve::refusesATakenPort()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--port"_s, QString::number(other.serverPort())});
    QTRY_VERIFY_WITH_TIMEOUT(served.isDone(), 30'000);
    QCOMPARE(served.process.exitCode(), 1);
    QVERIFY2(served.errors.contains(u"port %1 is in use"_s.arg(other.serverPort())), qPrintable(served.errors));
}

QTEST_GUILESS_MAIN(tst_Serve)
#include "tst_serve.moc"
