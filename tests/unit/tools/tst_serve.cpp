// SPDX-License-Identifier: MIT
#include "server/auth/sigv4.h"
#include "server/http/certificate.h"
#include "shared/testdatabase.h"
#include "unit/server/httpfakes.h"
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

#include <array>
#include <csignal>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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
        environment.insert(variables);
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
    QProcessEnvironment variables;
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
    void keepsWhatItAcknowledgedWhenKilled_data();
    void keepsWhatItAcknowledgedWhenKilled();
    void tellsOfEveryChangeThoughKilled();
    void takesKeysFromTheCommandLine();
    void takesTokensOfAProvider();
    void takesTokensOfAUserPool();
    void takesTokensWithASecret();
    void takesSignatures();
    void asksAFunction();
    void decidesConflicts_data();
    void decidesConflicts();
    void refuses_data();
    void refuses();
    void refusesSecretsThatAreNone();
    void refusesATakenPort();
    void takesOptionsFromTheStrongestSource();
    void takesEverythingFromAFile();
    void takesAndRefusesEveryOptionAlike();
    void refusesFiles_data();
    void refusesFiles();
    void warnsOfSecretsThatOthersCanRead();
    void limits_data();
    void limits();
    void hasTimeLimits_data();
    void hasTimeLimits();
    void boundsConnections();
    void tellsHowItIsAtAPortOfItsOwn();
    void servesOnWhileBalancersNotice();
    void endsThoughNobodyReadsItsLog();
    void logsWithoutSecrets();
    void readsKeysAndCertificateAgain();

private:
    QSet<QString> createUntilKilled(Served &served, const QString &url, int acknowledged);
    QSet<QString> storedNotes(const QString &url);
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

static constexpr int notesOfADocument = 3;

// The documents whose notes the server said it has; several clients are creating some at the moment of its end.
QSet<QString> tst_Serve::createUntilKilled(Served &served, const QString &url, int acknowledged)
{
    constexpr int clients = 4;
    constexpr int atATime = 6;          // of each
    std::array<QNetworkAccessManager, clients> networks;
    QSet<QString> known;
    int onTheWay = 0;
    std::function<void(QNetworkAccessManager &)> create = [&](QNetworkAccessManager &network) {
        const QString document = QUuid::createUuid().toString(QUuid::WithoutBraces);
        QNetworkRequest request{QUrl(url)};
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        request.setRawHeader("x-api-key", theKey.toUtf8());
        QString query = u"mutation {"_s;
        for (int i = 0; i < notesOfADocument; ++i)
            query += u" n%1: createNote(input: {id: \"%2/%1\", text: \"x\"}) { id }"_s.arg(i).arg(document);
        QNetworkReply *reply = network.post(request, QJsonDocument(QJsonObject{{u"query"_s, query + u" }"_s}}).toJson());
        ++onTheWay;
        QObject::connect(reply, &QNetworkReply::finished, reply, [&, reply, document] {
            --onTheWay;
            reply->deleteLater();
            if (reply->readAll().contains(document.toUtf8()))
                known.insert(document);
            if (known.size() == acknowledged)
                served.process.kill();
            else if (known.size() < acknowledged && !served.isDone())
                create(network);
        });
    };
    for (QNetworkAccessManager &network : networks) {
        for (int i = 0; i < atATime; ++i)
            create(network);
    }
    [&] { QTRY_VERIFY_WITH_TIMEOUT(onTheWay == 0 && served.isDone(), 60'000); }();
    return known;
}

// The documents whose notes are there; the test fails when only some of one are.
QSet<QString> tst_Serve::storedNotes(const QString &url)
{
    QHash<QString, int> counts;
    QJsonValue token;
    do {
        const QJsonObject question{{u"query"_s, u"query($t: String) { listNotes(limit: 1000, nextToken: $t) { items { id } nextToken } }"_s},
                                   {u"variables"_s, QJsonObject{{u"t"_s, token}}}};
        const QByteArray page = post(url, QJsonDocument(question).toJson());
        const QJsonObject list = QJsonDocument::fromJson(page)["data"_L1]["listNotes"_L1].toObject();
        [&] { QVERIFY2(list.contains("items"_L1), page.constData()); }();
        for (const QJsonValue &note : list["items"_L1].toArray())
            ++counts[note["id"_L1].toString().section(u'/', 0, 0)];
        token = list["nextToken"_L1];
    } while (token.isString());
    for (const int count : std::as_const(counts))
        [&] { QCOMPARE(count, notesOfADocument); }();
    return QSet<QString>(counts.keyBegin(), counts.keyEnd());
}

void tst_Serve::keepsWhatItAcknowledgedWhenKilled_data()
{
    QTest::addColumn<bool>("shared");
    QTest::newRow("in a file") << false;
    QTest::newRow("in PostgreSQL") << true;
}

void tst_Serve::keepsWhatItAcknowledgedWhenKilled()
{
    QFETCH(const bool, shared);
    const QString database = shared ? TidelineTest::PostgresServer::ofThisProcess().createDatabase() : m_folder->filePath(u"notes.db"_s);
    QRandomGenerator random(20261127);
    QSet<QString> acknowledged;
    const int rounds = qEnvironmentVariableIsSet("TIDELINE_KILLS") ? qEnvironmentVariableIntValue("TIDELINE_KILLS") : 8;
    for (int round = 0; round < rounds; ++round) {
        Served served(m_folder->path());
        served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--database"_s, database});
        const QString url = served.url(u"http"_s);
        QVERIFY2(!url.isEmpty(), qPrintable(served.errors));
        const QSet<QString> stored = storedNotes(url);
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
    const auto toldOf = [&receiver] {                   // documents of whose every note it was told
        QHash<QString, QSet<QString>> notes;
        for (const QByteArray &request : receiver.accepted) {
            const QString id = QJsonDocument::fromJson(request.sliced(request.indexOf("\r\n\r\n") + 4))["record"_L1]["id"_L1].toString();
            notes[id.section(u'/', 0, 0)].insert(id);
        }
        notes.removeIf([](const auto &told) { return told.value().size() < notesOfADocument; });
        return QSet<QString>(notes.keyBegin(), notes.keyEnd());
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

void tst_Serve::decidesConflicts_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("asked");
    const QStringList function{u"--conflict"_s, u"function"_s, u"--conflict-function"_s};
    const QStringList byModel{u"--conflict"_s, u"Note=function"_s, u"--conflict-function"_s};
    QTest::newRow("automerge") << QStringList() << QByteArray("A") << 0;
    QTest::newRow("a script") << function + QStringList(u"f.js"_s) << QByteArray("AB") << 0;
    QTest::newRow("a script for the model") << byModel + QStringList(u"Note=f.js"_s) << QByteArray("AB") << 0;
    QTest::newRow("an endpoint") << function + QStringList(u"URL"_s) << QByteArray("both") << 1;
    QTest::newRow("an endpoint for the model") << byModel + QStringList(u"Note=URL"_s) << QByteArray("both") << 1;
}

void tst_Serve::decidesConflicts()
{
    QFETCH(QStringList, arguments);
    QFETCH(const QByteArray, text);
    JsonServer endpoint;
    endpoint.documents.insert("/f?a=b", "{\"action\":\"RESOLVE\",\"item\":{\"text\":\"both\"}}");
    arguments.replaceInStrings(u"URL"_s, endpoint.url() + u"/f?a=b"_s);
    QVERIFY(!write(u"f.js"_s, "export function resolve(event) {\n"
                              "    return {action: 'RESOLVE', item: {text: event.existingItem.text + event.newItem.text}};\n}\n").isEmpty());
    Served served(m_folder->path());
    served.start(QStringList{u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--base-ttl"_s, u"7d"_s, u"--delta-ttl"_s, u"12h"_s,
                             u"--conflict-time-limit"_s, u"30s"_s} + arguments);
    const QString url = served.url(u"http"_s);
    QVERIFY2(!url.isEmpty(), qPrintable(served.errors));
    const QByteArray create = "{\"query\":\"mutation { createNote(input: {id: \\\"1\\\", text: \\\"A\\\"}) { id } }\"}";
    const QByteArray update = "{\"query\":\"mutation { updateNote(input: {id: \\\"1\\\", text: \\\"B\\\", _version: 7}) { text _version } }\"}";
    QCOMPARE(post(url, create), QByteArray("{\"data\":{\"createNote\":{\"id\":\"1\"}}}"));
    QCOMPARE(post(url, update), "{\"data\":{\"updateNote\":{\"text\":\"" + text + "\",\"_version\":2}}}");
    QTEST(int(endpoint.requests.size()), "asked");
}

void tst_Serve::refuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<bool>("withKey");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("error");
    const QString schema = u"notes.graphql"_s;
    QTest::newRow("no schema") << QStringList() << true << 2 << u"argument is missing: tideline serve \\[options\\] SCHEMA"_s;
    QTest::newRow("a database of another kind") << QStringList{schema, u"--database"_s, u"mysql://hush@h/d"_s} << true << 1
                                                << u"neither a file nor a postgres:// address.\n$"_s;
    QTest::newRow("a database server that does not answer") << QStringList{schema, u"--database"_s, u"postgres://u:hush@127.0.0.1:1/d"_s} << true << 1
                                                            << u"The database postgres://127.0.0.1:1/d cannot be opened: .*refused"_s;
    QTest::newRow("a certificate that is none") << QStringList{schema, u"--certificate"_s, schema, u"--key"_s, schema} << true << 1
                                                << u"^notes.graphql, notes.graphql: .*\\(no start line\\)"_s;
    QTest::newRow("no key") << QStringList{schema} << false << 2 << u"TIDELINE_API_KEY"_s;
    const auto wrongCaller = [&schema](const char *name, const QStringList &arguments, const QString &words, int code = 2) {
        QTest::newRow(name) << QStringList(schema) + arguments << true << code << words;
    };
    const QString issuer = u"https://id.example"_s;
    wrongCaller("an issuer without TLS", {u"--oidc-issuer"_s, u"http://id.example"_s}, u"--oidc-issuer is an https URL"_s);
    wrongCaller("an issuer that is no URL", {u"--oidc-issuer"_s, u"id.example"_s}, u"--oidc-issuer is an https URL"_s);
    wrongCaller("an issuer without TLS, whose password is not printed", {u"--oidc-issuer"_s, u"http://id:hush@id.example/?k=hush"_s},
                u"--oidc-issuer is an https URL .*, not \"http://id.example\"\n"_s);
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
    wrongCaller("a trigger without TLS, whose password is not printed", {u"--trigger"_s, u"Note=http://erp:hush@erp.example/h?k=hush"_s},
                u"a trigger's URL is https \\(or http to this machine\\), not \"http://erp.example\"\n"_s);
    wrongCaller("a trigger without a secret", {u"--trigger"_s, u"Note=https://erp.example/"_s}, u"TIDELINE_TRIGGER_SECRET"_s);
    wrongCaller("a trigger's attempts that are none", {u"--trigger-max-attempts"_s, u"x"_s}, u"--trigger-max-attempts"_s);
    wrongCaller("a grace that is no number", {u"--expiry-grace"_s, u"-1"_s}, u"--expiry-grace"_s);
    QTest::newRow("an empty key") << QStringList{schema, u"--api-key"_s, QString()} << false << 2 << u"visible ASCII"_s;
    QTest::newRow("a key that no header carries") << QStringList{schema, u"--api-key"_s, u"a b"_s} << false << 2 << u"visible ASCII"_s;
    QTest::newRow("a port that is no number") << QStringList{schema, u"--port"_s, u"x"_s} << true << 2 << u"--port"_s;
    QTest::newRow("a port too large") << QStringList{schema, u"--port"_s, u"65536"_s} << true << 2 << u"--port"_s;
    QTest::newRow("no threads") << QStringList{schema, u"--threads"_s, u"0"_s} << true << 2 << u"--threads"_s;
    QTest::newRow("an unknown strategy") << QStringList{schema, u"--conflict"_s, u"lww"_s} << true << 2 << u"--conflict is"_s;
    const auto wrongConflict = [&schema](const char *name, const QStringList &arguments, const QString &words, int code = 2) {
        QTest::newRow(name) << QStringList(schema) + arguments << true << code << words;
    };
    wrongConflict("an unknown strategy for a model", {u"--conflict"_s, u"Note=lww"_s}, u"--conflict is .*\"lww\""_s);
    wrongConflict("a strategy for a model nobody knows", {u"--conflict"_s, u"Gone=optimistic"_s}, u"\"Gone\", which the schema does not have"_s, 1);
    wrongConflict("a strategy without its function", {u"--conflict"_s, u"function"_s}, u"needs --conflict-function"_s);
    wrongConflict("a model's strategy without its function", {u"--conflict"_s, u"Note=function"_s}, u"needs --conflict-function"_s);
    wrongConflict("a conflict function that nobody asks", {u"--conflict-function"_s, schema}, u"needs --conflict function"_s);
    wrongConflict("a model's function that nobody asks", {u"--conflict-function"_s, u"Note=notes.graphql"_s}, u"needs --conflict Note=function"_s);
    wrongConflict("a script that is not there", {u"--conflict"_s, u"function"_s, u"--conflict-function"_s, u"gone.js"_s}, u"no file gone.js"_s);
    wrongConflict("a conflict endpoint without TLS", {u"--conflict"_s, u"function"_s, u"--conflict-function"_s, u"http://fn.example"_s},
                  u"--conflict-function is an https URL"_s);
    wrongConflict("a conflict endpoint without TLS, whose key is not printed",
                  {u"--conflict"_s, u"function"_s, u"--conflict-function"_s, u"http://fn.example:81/f?code=hush"_s}, u"not \"http://fn.example:81\"\n"_s);
    wrongConflict("a time of no unit that is known", {u"--base-ttl"_s, u"3w"_s},
                  u"--base-ttl is a duration from 0s to 36500d, a number with ms, s, m, h or d, not \"3w\"\n"_s);
    wrongConflict("a time that is none", {u"--delta-ttl"_s, u"-5m"_s}, u"--delta-ttl is a duration"_s);
    wrongConflict("a unit of no time", {u"--delta-ttl"_s, u"d"_s}, u"--delta-ttl is a duration"_s);
    wrongConflict("a time longer than all", {u"--delta-ttl"_s, u"99999999999999d"_s}, u"--delta-ttl is a duration"_s);
    wrongConflict("no time for a conflict", {u"--conflict-time-limit"_s, u"0"_s}, u"--conflict-time-limit is a duration from 1ms to 10m"_s);
    wrongConflict("too long for a conflict", {u"--conflict-time-limit"_s, u"601"_s}, u"--conflict-time-limit is a duration from 1ms to 10m"_s);
    wrongConflict("memory that is none", {u"--conflict-memory-limit"_s, u"0"_s}, u"--conflict-memory-limit is"_s);
    QTest::newRow("a certificate alone") << QStringList{schema, u"--certificate"_s, u"c.pem"_s} << true << 2 << u"--key"_s;
    QTest::newRow("two certificates") << QStringList{schema, u"--certificate"_s, u"c.pem"_s, u"--key"_s, u"k.pem"_s, u"--self-signed"_s}
                                      << true << 2 << u"exclude"_s;
    QTest::newRow("an unknown option") << QStringList{schema, u"--prot"_s, u"1"_s} << true << 2 << u"prot"_s;
    QTest::newRow("a schema that is not there") << QStringList{u"gone.graphql"_s} << true << 1 << u"gone.graphql"_s;
    QTest::newRow("a certificate that is not there") << QStringList{schema, u"--certificate"_s, u"c.pem"_s, u"--key"_s, u"k.pem"_s}
                                                     << true << 1 << u"c.pem"_s;
    QTest::newRow("a database in no folder") << QStringList{schema, u"--database"_s, u"gone/x.db"_s} << true << 1
                                          << u"gone/x.db.lock cannot be written: No such file or directory"_s;
    QTest::newRow("a database that is none") << QStringList{schema, u"--database"_s, u"notes.graphql"_s} << true << 1 << u"notes.graphql"_s;
    QTest::newRow("a database server that is not there") << QStringList{schema, u"--database"_s, u"postgres://user:%1@/db?host=/gone"_s.arg(theKey)}
                                                          << true << 1 << u"postgres:///db\\?host=/gone"_s;
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
    QVERIFY(!served.errors.contains(theKey) && !served.errors.contains(u"hush"_s));
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


void tst_Serve::takesOptionsFromTheStrongestSource()
{
    const QString file = write(u"config.json"_s, R"({"host": "no such host in a file", "port": 0, "max-body": 4000})");
    const QStringList arguments{u"notes.graphql"_s, u"--config"_s, file};
    {
        Served served(m_folder->path());
        served.start(arguments);
        QTRY_VERIFY_WITH_TIMEOUT(served.isDone(), 30'000);
        QVERIFY2(served.errors.contains(u"no such host in a file"_s), qPrintable(served.errors));
    }
    {
        Served served(m_folder->path());
        served.variables.insert(u"TIDELINE_HOST"_s, u"localhost"_s);
        served.variables.insert(u"TIDELINE_THREADS"_s, QString());         // empty: not set
        served.start(arguments);
        QVERIFY2(served.url(u"http"_s).startsWith(u"http://localhost:"_s), qPrintable(served.errors));
    }
    {
        Served served(m_folder->path());
        served.variables.insert(u"TIDELINE_HOST"_s, u"no such host either"_s);
        served.variables.insert(u"TIDELINE_CONFIG"_s, file);
        served.start({u"notes.graphql"_s, u"--host"_s, u"127.0.0.1"_s});
        QVERIFY2(served.url(u"http"_s).startsWith(u"http://127.0.0.1:"_s), qPrintable(served.errors));
    }
    Served served(m_folder->path());
    served.variables.insert(u"TIDELINE_PORT"_s, u"many"_s);
    served.start({u"notes.graphql"_s});
    QTRY_VERIFY_WITH_TIMEOUT(served.isDone(), 30'000);
    QCOMPARE(served.process.exitCode(), 2);
    QCOMPARE(served.errors, u"tideline serve: TIDELINE_PORT is a number from 0 to 65535, not \"many\"\n"_s);
}

void tst_Serve::takesEverythingFromAFile()
{
    const QString file = write(u"config.json"_s, R"({
        "port": 0, "database": "from-a-file.db", "conflict": ["optimistic"], "self-signed": true, "api-key": ["file-1", "file-2"],
        "oidc-issuer": ["our login"], "jwt-secret": "a secret of at least thirty-two bytes", "expiry-grace": 0.5,
        "cors-origin": ["https://a.example"], "rate-limit": 1000, "log-level": "error"
    })");
    QVERIFY(QFile::setPermissions(file, QFileDevice::ReadOwner));
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--config"_s, file}, false);
    const QString url = served.url(u"http"_s);
    QVERIFY2(!url.isEmpty(), qPrintable(served.errors));
    QVERIFY(!served.url(u"https"_s).isEmpty());
    QVERIFY(QFile::exists(m_folder->filePath(u"from-a-file.db"_s)));
    for (const QString &key : {u"file-1"_s, u"file-2"_s})
        QCOMPARE(post(url, question, key), welcome);
    QCOMPARE(ask(url, {{"authorization", secretTokenOf("a secret of at least thirty-two bytes", claimsFor(u"our login"_s))}}), welcome);
    for (const QString &secret : {u"file-1"_s, u"file-2"_s, u"thirty-two"_s})
        QVERIFY2(!(served.output + served.errors).contains(secret), qPrintable(served.errors));
    QVERIFY2(!served.errors.contains(u"chmod"_s), qPrintable(served.errors));
}

// The lines of --help that begin with an option.
static QStringList optionsIn(const QString &help)
{
    QStringList names;
    auto matches = QRegularExpression(u"^  --([a-z-]+)"_s, QRegularExpression::MultilineOption).globalMatch(help);
    while (matches.hasNext())
        names.append(matches.next().captured(1));
    return names;
}

void tst_Serve::takesAndRefusesEveryOptionAlike()
{
    QProcess help;
    help.start(QStringLiteral(TIDELINE_TOOL), {u"serve"_s, u"--help"_s});
    QVERIFY(help.waitForFinished());
    QStringList names = optionsIn(QString::fromUtf8(help.readAllStandardOutput()));
    QVERIFY(names.size() > 40);
    QVERIFY(names.removeOne(u"config"_s));
    for (const QString &name : std::as_const(names)) {       // an object is nothing that any of them may be
        const QString file = write(u"config.json"_s, "{\n  \"" + name.toUtf8() + "\": {}\n}");
        Served served(m_folder->path());
        served.start({u"notes.graphql"_s, u"--config"_s, file});
        QTRY_VERIFY_WITH_TIMEOUT(served.isDone(), 30'000);
        QCOMPARE(served.process.exitCode(), 2);
        QVERIFY2(served.errors.startsWith(u"tideline serve: %1:2:3: \"%2\" is "_s.arg(file, name)), qPrintable(served.errors));
    }
}

void tst_Serve::refusesFiles_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("error");
    QTest::newRow("an unknown name") << QByteArray("{\n  \"port\": 0,\n  \"prot\": 1\n}") << 2 << u"config.json:3:3: there is no option \"prot\""_s;
    QTest::newRow("an unknown name behind a nested one") << QByteArray("{\"cors-origin\": [\"a\", \"b\"], \"x\": [{\"port\": 1}]}") << 2
                                                         << u"config.json:1:29: there is no option \"x\""_s;
    QTest::newRow("the same twice") << QByteArray("{\"port\": 1,\n\"port\": 0}") << 2 << u"config.json:2:1: \"port\" is given twice"_s;
    QTest::newRow("no JSON") << QByteArray("{\n  \"port\": 0,\n}") << 2 << u"config.json:3:"_s;
    QTest::newRow("an array") << QByteArray("[]") << 2 << u"config.json:1:1: options are the members of a JSON object"_s;
    QTest::newRow("empty") << QByteArray() << 2 << u"config.json:1:1: "_s;
    QTest::newRow("a number out of range") << QByteArray("{\"port\": 70000}") << 2 << u"config.json:1:2: \"port\" is a number from 0 to 65535, not \"70000\""_s;
    QTest::newRow("a fraction where none may be") << QByteArray("{\"port\": 1.5}") << 2 << u"not \"1.5\""_s;
    QTest::newRow("a flag that is a text") << QByteArray("{\"self-signed\": \"yes\"}") << 2 << u"\"self-signed\" is true or false"_s;
    QTest::newRow("a text that is a number") << QByteArray("{\"host\": 5}") << 2 << u"\"host\" is a text"_s;
    QTest::newRow("a list with a number") << QByteArray("{\"api-key\": [\"a\", 5]}") << 2 << u"\"api-key\" is a list of texts"_s;
    QTest::newRow("a choice that is none") << QByteArray("{\"log-format\": \"xml\"}") << 2 << u"\"log-format\" is text or json, not \"xml\""_s;
    QTest::newRow("a time that is too long") << QByteArray("{\"body-timeout\": 1e9}") << 2 << u"a duration from 1ms to 1h, a number with ms, s, m, h or d, not \"1000000000\""_s;
    QTest::newRow("a name with half a character") << QByteArray("{\n  \"port\": 0, \"\\ud800\": 1\n}") << 2 << u"config.json:2:"_s;
    QTest::newRow("another file") << QByteArray("{\"config\": \"x\"}") << 2 << u"there is no option \"config\""_s;
}

void tst_Serve::refusesFiles()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, error);
    QVERIFY(QFile::exists(write(u"config.json"_s, text)));
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--config"_s, u"config.json"_s});
    QTRY_VERIFY_WITH_TIMEOUT(served.isDone(), 30'000);
    QTEST(served.process.exitCode(), "code");
    QVERIFY2(served.errors.startsWith(u"tideline serve: config.json:"_s) && served.errors.contains(error), qPrintable(served.errors));
    QVERIFY(served.output.isEmpty());
}

void tst_Serve::warnsOfSecretsThatOthersCanRead()
{
    const QString file = write(u"config.json"_s, R"({"port": 0, "api-key": "file-1"})");
    QVERIFY(QFile::setPermissions(file, QFileDevice::ReadOwner | QFileDevice::ReadOther));
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--config"_s, file}, false);
    QCOMPARE(post(served.url(u"http"_s), question, u"file-1"_s), welcome);
    QCOMPARE(served.errors, u"tideline serve: %1 has secrets and can be read by everybody on this machine; \"chmod 600\" changes that\n"_s.arg(file));
    Served missing(m_folder->path());
    missing.start({u"notes.graphql"_s, u"--config"_s, u"gone.json"_s});
    QTRY_VERIFY_WITH_TIMEOUT(missing.isDone(), 30'000);
    QCOMPARE(missing.process.exitCode(), 1);
    QVERIFY2(missing.errors.contains(u"gone.json cannot be read"_s), qPrintable(missing.errors));
}

static quint16 portOf(const QString &url)
{
    return quint16(QUrl(url).port());
}

static QByteArray document(const QByteArray &query)
{
    return Fakes::post("{\"query\":\"" + query + "\"}");
}

void tst_Serve::limits_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<QString>("answer");
    const QByteArray two = "mutation { a: createNote(input: {id: \\\"a\\\", text: \\\"x\\\"}) { id } b: createNote(input: {id: \\\"b\\\", text: \\\"x\\\"}) { id } }";
    QTest::newRow("body") << QStringList{u"--max-body"_s, u"20"_s} << document("{ __typename }") << u"^413 .*exceeds 20 bytes"_s;
    QTest::newRow("header") << QStringList{u"--max-header"_s, u"256"_s} << Fakes::post("{}", "x: " + QByteArray(400, 'x') + "\r\n") << u"^431 .*exceeds 256 bytes"_s;
    QTest::newRow("depth") << QStringList{u"--max-depth"_s, u"2"_s} << document("{ listNotes { items { id } } }") << u"^200 .*MalformedHttpRequestException"_s;
    QTest::newRow("fields") << QStringList{u"--max-fields"_s, u"2"_s} << document("{ a: __typename b: __typename c: __typename }") << u"^200 .*\"data\":null,.*2"_s;
    QTest::newRow("mutations") << QStringList{u"--max-mutations"_s, u"1"_s} << document(two) << u"^200 \\{\"data\":null,.*may have 1 mutations, not 2"_s;
    QTest::newRow("page") << QStringList{u"--max-limit"_s, u"1"_s} << document(two) + document("{ listNotes(limit: 10) { items { id } } }")
                          << u"\"items\":\\[\\{\"id\":\"[ab]\"\\}\\]"_s;
    QTest::newRow("page without a limit") << QStringList{u"--max-limit"_s, u"1"_s} << document(two) + document("{ listNotes { items { id } } }")
                                          << u"\"items\":\\[\\{\"id\":\"[ab]\"\\}\\]"_s;
    QTest::newRow("records") << QStringList{u"--max-records"_s, u"1"_s} << document(two) + document("{ listNotes { items { id } } }") << u"errors"_s;
    QTest::newRow("rate") << QStringList{u"--rate-limit"_s, u"1"_s, u"--rate-burst"_s, u"1"_s} << document("{ __typename }") + document("{ __typename }")
                          << u"^429 .*ThrottlingException"_s;
}

void tst_Serve::limits()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, request);
    QFETCH(QString, answer);
    Served served(m_folder->path());
    served.start(QStringList{u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--api-key"_s, QString::fromLatin1(goodKey)} + options);
    const quint16 port = portOf(served.url(u"http"_s));
    RawClient client(port);
    client.send(request);
    QString last;
    for (qsizetype i = 0; i < request.count("POST /graphql"); ++i) {
        const auto answered = client.answer();
        QVERIFY(answered);
        last = u"%1 %2"_s.arg(answered->status).arg(QString::fromUtf8(answered->body));
    }
    QVERIFY2(last.contains(QRegularExpression(answer)), qPrintable(last));
    RawClient other(port);                      // nobody else suffers
    other.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n");
    QCOMPARE(other.answer().value_or(Answer()).status, 200);
}

void tst_Serve::hasTimeLimits_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QByteArray>("request");
    QTest::addColumn<int>("status");            // 0: closed without a word
    QTest::newRow("silent") << u"--header-timeout"_s << QByteArray() << 0;
    QTest::newRow("half a header") << u"--header-timeout"_s << QByteArray("POST /graphql HT") << 408;
    QTest::newRow("half a body") << u"--body-timeout"_s << document("{ __typename }").chopped(3) << 408;
    QTest::newRow("idle") << u"--idle-timeout"_s << document("{ __typename }") << 200;
    QTest::newRow("a socket that says nothing") << u"--init-timeout"_s
        << QByteArray("GET /graphql/realtime HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-ws\r\nx-api-key: " + goodKey + "\r\n\r\n") << 101;
}

void tst_Serve::hasTimeLimits()
{
    QFETCH(QString, option);
    QFETCH(QByteArray, request);
    QFETCH(int, status);
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--api-key"_s, QString::fromLatin1(goodKey), u"--close-timeout"_s, u"0.05"_s, option, u"0.05"_s});
    RawClient client(portOf(served.url(u"http"_s)));
    client.send(request);
    if (status)
        QCOMPARE(client.answer(status != 101).value_or(Answer()).status, status);
    QTRY_VERIFY_WITH_TIMEOUT(client.isClosed(), 30'000);
}

void tst_Serve::boundsConnections()
{
    for (const QString &option : {u"--max-connections"_s, u"--max-connections-per-address"_s}) {
        Served served(m_folder->path());
        served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, option, u"1"_s, u"--admin-port"_s, u"0"_s});
        const quint16 port = portOf(served.url(u"http"_s));
        RawClient first(port);
        first.send("GET /ping HTTP/1.1\r\nHost: h\r\n\r\n");
        QVERIFY(first.answer());
        RawClient second(port);
        QTRY_VERIFY(second.isClosed());
    }
}

// The port of the line "administration on URL".
static quint16 adminPortOf(Served &served)
{
    if (served.url(u"http"_s).isEmpty())
        return 0;
    return portOf(QRegularExpression(u"administration on (.*)\n"_s).match(served.output).captured(1));
}

void tst_Serve::tellsHowItIsAtAPortOfItsOwn()
{
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--admin-port"_s, u"0"_s});
    const QString url = served.url(u"http"_s);
    QVERIFY(post(url, R"({"query":"mutation { createNote(input: {id: \"1\", text: \"x\"}) { id } }"})").contains("\"1\""));
    QVERIFY(post(url, question, u"guess"_s).contains("UnauthorizedException"));
    RawClient admin(adminPortOf(served));
    admin.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\nGET /metrics HTTP/1.1\r\nHost: h\r\n\r\n");
    QCOMPARE(admin.answer().value_or(Answer()).status, 200);
    const QByteArray metrics = '\n' + admin.answer().value_or(Answer()).body;
    for (const char *line : {"tideline_operation_seconds_count{kind=\"mutation\"} 1", "tideline_commit_documents_count 1", "tideline_changes_total 1",
                             "tideline_refusals_total{reason=\"credentials\"} 1", "tideline_queue_length{queue=\"writer\"} 0",
                             "tideline_queue_length{queue=\"readers\"} 0", "tideline_queue_length{queue=\"feed\"} 0"}) {
        QVERIFY2(metrics.contains('\n' + QByteArray(line) + '\n'), metrics.constData());
    }
    QVERIFY(!metrics.contains(theKey.toLatin1()));
}

void tst_Serve::servesOnWhileBalancersNotice()
{
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--drain-delay"_s, u"3600"_s});
    const QString url = served.url(u"http"_s);
    QCOMPARE(post(url, question), welcome);
    ::kill(pid_t(served.process.processId()), SIGTERM);
    int status = 0;
    QTRY_VERIFY_WITH_TIMEOUT([&] {
        RawClient probe(portOf(url));
        probe.send("GET /readyz HTTP/1.1\r\nHost: h\r\n\r\n");
        return (status = probe.answer().value_or(Answer()).status) == 503;
    }(), 30'000);
    ::kill(pid_t(served.process.processId()), SIGHUP);          // too late to read anything again
    QCOMPARE(post(url, question), welcome);
    ::kill(pid_t(served.process.processId()), SIGTERM);         // a second one does not wait
    QTRY_VERIFY_WITH_TIMEOUT(served.isDone(), 30'000);
    QCOMPARE(served.process.exitStatus(), QProcess::CrashExit);
    QCOMPARE(served.process.exitCode(), SIGTERM);
}

void tst_Serve::endsThoughNobodyReadsItsLog()
{
    const QString pipe = m_folder->filePath(u"errors"_s);
    QCOMPARE(::mkfifo(QFile::encodeName(pipe).constData(), 0600), 0);
    const int reader = ::open(QFile::encodeName(pipe).constData(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    const auto close = qScopeGuard([reader] { ::close(reader); });
    const int capacity = ::fcntl(reader, F_SETPIPE_SZ, 4096);
    QVERIFY(capacity > 0);
    Served served(m_folder->path());
    served.process.setStandardErrorFile(pipe);
    served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--log-level"_s, u"debug"_s});
    const QString url = served.url(u"http"_s);
    for (int written = 0; written < 2 * capacity; written += 50)        // of a line and more
        QCOMPARE(post(url, question), welcome);
    ::kill(pid_t(served.process.processId()), SIGTERM);
    QTRY_VERIFY_WITH_TIMEOUT(served.isDone(), 30'000);
    QCOMPARE(served.process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(served.process.exitCode(), 0);
}

void tst_Serve::logsWithoutSecrets()
{
    Served served(m_folder->path());
    served.secret = u"a secret of at least thirty-two bytes"_s;
    served.start({u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--log-level"_s, u"debug"_s, u"--log-format"_s, u"json"_s, u"--oidc-issuer"_s, u"our login"_s,
                  u"--jwks"_s, write(u"keys.json"_s, keySetOf({SigningKey::rsa(u"k"_s).jwk()}))});
    const QString url = served.url(u"http"_s);
    const QByteArray token = secretTokenOf(served.secret.toUtf8(), claimsFor(u"our login"_s));
    const QByteArray save = R"({"query":"mutation Save($t: String!) { createNote(input: {id: \"sesame-1\", text: $t}) { id } }","variables":{"t":"sesame-2"}})";
    QVERIFY(post(url, save).contains("sesame-1"));
    QCOMPARE(ask(url, {{"authorization", token}}), welcome);
    QVERIFY(post(url, question, u"sesame-3"_s).contains("UnauthorizedException"));
    QVERIFY(ask(url, {{"authorization", "sesame-4"}}).contains("UnauthorizedException"));
    QTRY_COMPARE(served.errors.count(u'\n'), 4);
    const QStringList lines = served.errors.split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines)
        QVERIFY2(QJsonDocument::fromJson(line.toUtf8()).isObject(), qPrintable(line));
    QCOMPARE(QJsonDocument::fromJson(lines.front().toUtf8())["operation"_L1].toString(), u"mutation Save"_s);
    QCOMPARE(QJsonDocument::fromJson(lines.at(1).toUtf8())["caller"_L1].toString(), u"oidc"_s);
    QCOMPARE(QJsonDocument::fromJson(lines.at(2).toUtf8())["reason"_L1].toString(), u"UnauthorizedException"_s);
    const QString said = served.output + served.errors;
    for (const QString &secret : {theKey, served.secret, QString::fromLatin1(token), u"sesame"_s, u"anna"_s})
        QVERIFY2(!said.contains(secret), qPrintable(said));
}

void tst_Serve::readsKeysAndCertificateAgain()
{
    const auto certify = [this] {
        for (const QString &old : {u"c.pem"_s, u"k.pem"_s})
            QFile::remove(m_folder->filePath(old));
        return developmentCertificate(m_folder->filePath(u"c.pem"_s), m_folder->filePath(u"k.pem"_s), QDateTime::currentDateTimeUtc());
    };
    const auto old = certify();
    QVERIFY(old);
    const QByteArray config = R"({"port": 0, "host": "localhost", "certificate": "c.pem", "key": "k.pem", "log-level": "info", "api-key": "%1"})";
    const QString file = write(u"config.json"_s, QByteArray(config).replace("%1", "first"));
    QVERIFY(QFile::setPermissions(file, QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    Served served(m_folder->path());
    served.start({u"notes.graphql"_s, u"--config"_s, file}, false);
    const QString url = served.url(u"https"_s);
    const auto trusting = [](const QByteArray &pem) {
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setCaCertificates({QSslCertificate(pem)});
        return tls;
    };
    QCOMPARE(post(url, question, u"first"_s, trusting(old->certificate)), welcome);
    const auto next = certify();
    QVERIFY(next && next->certificate != old->certificate);
    QVERIFY(!write(u"config.json"_s, QByteArray(config).replace("%1", "second")).isEmpty());
    ::kill(pid_t(served.process.processId()), SIGHUP);
    QTRY_VERIFY_WITH_TIMEOUT(served.errors.contains(u" info reloaded\n"_s), 30'000);
    m_network.clearConnectionCache();
    QCOMPARE(post(url, question, u"second"_s, trusting(next->certificate)), welcome);
    QVERIFY(post(url, question, u"first"_s, trusting(next->certificate)).contains("UnauthorizedException"));

    QVERIFY(!write(u"config.json"_s, "{").isEmpty());           // keeps what it has
    ::kill(pid_t(served.process.processId()), SIGHUP);
    QTRY_VERIFY_WITH_TIMEOUT(served.errors.contains(u" error reload failed message="_s), 30'000);
    QCOMPARE(post(url, question, u"second"_s, trusting(next->certificate)), welcome);
}

QTEST_GUILESS_MAIN(tst_Serve)
#include "tst_serve.moc"
