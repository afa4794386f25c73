// SPDX-License-Identifier: MIT
#include "server/auth/keytable.h"
#include "shared/testdatabase.h"
#include "shared/testserver.h"
#include "toolprocess.h"

#include <QtCore/QDateTime>
#include <QtCore/QDir>
#include <QtCore/QJsonArray>
#include <QtCore/QRegularExpression>
#include <QtCore/QTemporaryDir>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>
#include <QtSql/QSqlDatabase>
#include <QtSql/QSqlQuery>
#include <QtWebSockets/QWebSocket>
#include <QtWebSockets/QWebSocketHandshakeOptions>

#include <atomic>
#include <csignal>

using namespace Tideline::Server;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

class TestKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void createdKeysAreShownOnce();
    void lookingMakesNothing();
    void aRunningServerLearnsOfThem();
    void revokedKeysHearNothingMore();
    void keysOfTheCommandLineStayGood();
    void expiredKeysAreRefused();
    void knownKeysStayGoodWhileTheDatabaseFails();
    void refusesWrongUse_data();
    void refusesWrongUse();

private:
    [[nodiscard]] QString path(const QString &name) const { return m_folder->filePath(name); }
    QByteArray keys(const QStringList &arguments, int code = 0);
    QString serve(ToolProcess &server);
    int statusOf(const QString &url, const QByteArray &key);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestDatabase> m_database;
    QNetworkAccessManager m_network;
};

void TestKeys::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_database = std::make_unique<TestDatabase>();
    QVERIFY(writeFile(path(u"notes.graphql"_s), "type Note @model { id: ID! text: String! }\n"));
}

QByteArray TestKeys::keys(const QStringList &arguments, int code)
{
    ToolProcess tool(m_folder->path());
    tool.start(QStringList{u"keys"_s} + arguments + QStringList{u"--database"_s, m_database->location()});
    const int got = tool.finish();
    if (got != code)
        QTest::qFail(qPrintable(u"exit code %1: %2"_s.arg(got).arg(QString::fromUtf8(tool.errors))), __FILE__, __LINE__);
    return tool.output + tool.errors;
}

QString TestKeys::serve(ToolProcess &server)
{
    server.start({u"serve"_s, u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--database"_s, m_database->location()});
    static const QRegularExpression line(u"listening on (http://\\S+)\n"_s);
    QRegularExpressionMatch match;
    [&] {
        QTRY_VERIFY2_WITH_TIMEOUT((match = line.match(QString::fromUtf8(server.output))).hasMatch() || server.process.state() == QProcess::NotRunning,
                                  server.errors.constData(), 30'000);
    }();
    return match.captured(1);
}

int TestKeys::statusOf(const QString &url, const QByteArray &key)
{
    QNetworkRequest request{QUrl(url)};
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("x-api-key", key);
    const std::unique_ptr<QNetworkReply> reply(m_network.post(request, R"({"query":"{ __typename }"})"));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(reply->isFinished(), 30'000); }();
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

// Past the server.
static void change(const QString &location, const QString &statement)
{
    if (onPostgres())
        return PostgresServer::ofThisProcess().execute(location, statement);
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"other"_s);
        database.setDatabaseName(location);
        QVERIFY(database.open());
        QSqlQuery query(database);
        QVERIFY(query.exec(statement));
    }
    QSqlDatabase::removeDatabase(u"other"_s);
}

static QByteArray keyIn(const QByteArray &text)
{
    return text.left(text.indexOf('\n'));
}

static QString idIn(const QByteArray &text)
{
    return QRegularExpression(u"id (\\w+)"_s).match(QString::fromUtf8(text)).captured(1);
}

void TestKeys::createdKeysAreShownOnce()
{
    const QByteArray made = keys({u"create"_s, u"--name"_s, u"the shop"_s});
    const QByteArray key = keyIn(made);
    QVERIFY2(QRegularExpression(u"^da2-[a-z2-7]{26}$"_s).match(QString::fromUtf8(key)).hasMatch(), made.constData());
    QVERIFY(keyIn(keys({u"create"_s, u"--days"_s, u"1"_s})) != key);

    const QByteArray list = keys({u"list"_s});
    QVERIFY2(list.contains(idIn(made).toUtf8()) && list.contains("the shop") && list.count('\n') == 2, list.constData());
    const QJsonArray json = QJsonDocument::fromJson(keys({u"list"_s, u"--json"_s})).array();
    const auto daysOf = [&json](int i) {
        return QDateTime::fromString(json[i]["created"_L1].toString(), Qt::ISODate).daysTo(QDateTime::fromString(json[i]["expires"_L1].toString(), Qt::ISODate));
    };
    QCOMPARE(json.size(), 2);
    QCOMPARE(daysOf(0) + daysOf(1), 366);
    QVERIFY(!list.contains(key));
    if (!onPostgres()) {
        const QFileInfo database(m_database->location());
        const QStringList files = database.dir().entryList(QDir::Files);
        QVERIFY(files.contains(database.fileName()));
        for (const QString &file : files)
            QVERIFY2(!readFile(database.dir().filePath(file)).contains(key.mid(4)), qPrintable(file));
    }

    QCOMPARE(keys({u"revoke"_s, idIn(made)}), QByteArray());
    QCOMPARE(keys({u"list"_s}).count('\n'), 1);
    QVERIFY(keys({u"revoke"_s, idIn(made)}, 1).contains("there is no key with the id"));
}

void TestKeys::lookingMakesNothing()
{
    const QString location = m_database->location();
    change(location, u"CREATE TABLE other (a INTEGER)"_s);
    QCOMPARE(keys({u"list"_s}), QByteArray());
    QVERIFY(keys({u"revoke"_s, u"x"_s}, 1).contains("there is no key with the id"));
    ToolProcess server(m_folder->path());
    server.start({u"serve"_s, u"notes.graphql"_s, u"--port"_s, u"0"_s, u"--database"_s, location});
    QCOMPARE(server.finish(), 2);
    QVERIFY2(server.errors.contains("TIDELINE_API_KEY"), server.errors.constData());
    change(location, u"CREATE TABLE tl_api_key (a INTEGER)"_s);         // there is none
}

void TestKeys::aRunningServerLearnsOfThem()
{
    const QByteArray first = keys({u"create"_s});
    ToolProcess server(m_folder->path());
    const QString url = serve(server);
    QVERIFY2(!url.isEmpty(), server.errors.constData());
    QCOMPARE(statusOf(url, keyIn(first)), 200);
    QCOMPARE(statusOf(url, "da2-other"), 401);
    const QByteArray second = keys({u"create"_s});
    QTRY_COMPARE_WITH_TIMEOUT(statusOf(url, keyIn(second)), 200, 10'000);
    QCOMPARE(keys({u"revoke"_s, idIn(first)}), QByteArray());
    QTRY_COMPARE_WITH_TIMEOUT(statusOf(url, keyIn(first)), 401, 10'000);
    QCOMPARE(statusOf(url, keyIn(second)), 200);
    ::kill(pid_t(server.process.processId()), SIGTERM);
    QCOMPARE(server.finish(), 0);
    QCOMPARE(server.errors, QByteArray());
}

void TestKeys::revokedKeysHearNothingMore()
{
    const QByteArray first = keys({u"create"_s}), second = keys({u"create"_s});
    ToolProcess server(m_folder->path(), u"da2-own"_s);
    const QString url = serve(server);
    QStringList messages[2];
    QWebSocket sockets[2];
    for (int i = 0; i < 2; ++i) {
        QNetworkRequest request(QUrl(QString(url).replace(u"http:"_s, u"ws:"_s) + u"/realtime"_s));
        request.setRawHeader("x-api-key", keyIn(i == 0 ? first : second));
        QWebSocketHandshakeOptions handshake;
        handshake.setSubprotocols({u"graphql-ws"_s});
        QObject::connect(&sockets[i], &QWebSocket::textMessageReceived, &sockets[i], [&own = messages[i]](const QString &text) { own.append(text); });
        sockets[i].open(request, handshake);
        QTRY_COMPARE_WITH_TIMEOUT(sockets[i].state(), QAbstractSocket::ConnectedState, 30'000);
        sockets[i].sendTextMessage(uR"({"type":"connection_init"})"_s);
        sockets[i].sendTextMessage(uR"({"type":"start","id":"1","payload":{"data":"{\"query\":\"subscription { onCreateNote { id } }\"}"}})"_s);
        QTRY_VERIFY_WITH_TIMEOUT(messages[i].contains(uR"({"type":"start_ack","id":"1"})"_s), 30'000);
    }
    QCOMPARE(keys({u"revoke"_s, idIn(first)}), QByteArray());
    QTRY_VERIFY_WITH_TIMEOUT(messages[0].constLast().contains(u"UnauthorizedException"), 10'000);
    QVERIFY(messages[0].constLast().startsWith(uR"({"type":"error","id":"1",)"_s));
    QVERIFY(!messages[1].join(u' ').contains(u"error"));
}

void TestKeys::keysOfTheCommandLineStayGood()
{
    ToolProcess server(m_folder->path(), u"da2-own"_s);
    const QString url = serve(server);
    const QByteArray made = keys({u"create"_s});
    QTRY_COMPARE_WITH_TIMEOUT(statusOf(url, keyIn(made)), 200, 10'000);
    QCOMPARE(statusOf(url, "da2-own"), 200);
}

void TestKeys::expiredKeysAreRefused()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    {
        const auto table = KeyTable::open(m_database->location());
        QVERIFY(table.ok());
        QVERIFY((*table)->insert({{u"old"_s, ApiKey::digestOf("da2-old"), now - 1}, u"o"_s, now - 1000}).ok());
    }
    QVERIFY(keys({u"list"_s}).contains("expired"));
    ToolProcess server(m_folder->path(), u"da2-own"_s);
    const QString url = serve(server);
    QCOMPARE(statusOf(url, "da2-old"), 401);
    QCOMPARE(statusOf(url, "da2-own"), 200);
}

void TestKeys::knownKeysStayGoodWhileTheDatabaseFails()
{
    const QString database = m_database->location();
    QVERIFY((*KeyTable::open(database))->insert({{u"a"_s, ApiKey::digestOf("k"), 0}, {}, 1}).ok());
    std::atomic<int> errors = 0;
    const auto keys = DatabaseKeys::open({.database = database, .fixed = {"fixed"}, .interval = std::chrono::milliseconds(5),
                                          .onError = [&errors](const Tideline::Error &) { ++errors; }});
    QVERIFY(keys.ok());
    QCOMPARE((*keys)->keys()->size(), 2);
    change(database, u"ALTER TABLE tl_api_key RENAME TO away"_s);
    QTRY_COMPARE_WITH_TIMEOUT(errors.load(), 1, 30'000);
    QCOMPARE((*keys)->keys()->size(), 2);
    change(database, u"ALTER TABLE away RENAME TO tl_api_key"_s);
    QVERIFY((*KeyTable::open(database))->insert({{u"b"_s, ApiKey::digestOf("l"), 0}, {}, 2}).ok());
    QTRY_COMPARE_WITH_TIMEOUT((*keys)->keys()->size(), 3, 30'000);
    QCOMPARE(errors.load(), 1);
}

void TestKeys::refusesWrongUse_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::newRow("no action") << QStringList() << 2;
    QTest::newRow("an unknown action") << QStringList{u"make"_s} << 2;
    QTest::newRow("revoke without an id") << QStringList{u"revoke"_s} << 2;
    QTest::newRow("list with an id") << QStringList{u"list"_s, u"x"_s} << 2;
    QTest::newRow("too many days") << QStringList{u"create"_s, u"--days"_s, u"366"_s} << 2;
    QTest::newRow("no days") << QStringList{u"create"_s, u"--days"_s, u"0"_s} << 2;
    QTest::newRow("an id that no key has") << QStringList{u"revoke"_s, u"x"_s} << 1;
    if (!onPostgres())
        QTest::newRow("list without a database") << QStringList{u"list"_s} << 1;
}

void TestKeys::refusesWrongUse()
{
    QFETCH(QStringList, arguments);
    QFETCH(int, code);
    QVERIFY(!keys(arguments, code).isEmpty());
    QVERIFY(!QFile::exists(m_database->location()));
}

QTEST_GUILESS_MAIN(TestKeys)
#include "tst_keys.moc"
