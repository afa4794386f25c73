// SPDX-License-Identifier: MIT
#include "shared/testschema.h"
#include "shared/testserver.h"
#include "toolprocess.h"

#include <QtCore/QDateTime>
#include <QtCore/QRandomGenerator>
#include <QtCore/QTemporaryDir>

#include <csignal>

using namespace TidelineTest;
using namespace Qt::StringLiterals;

class TestTail : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void printsChangesUntilASignal_data();
    void printsChangesUntilASignal();
    void outlivesATerminalWhenItIsToldTo();
    void followsChosenModelsOnly();
    void skipsNothingWhenTheServerRestarts();
    void endsWithoutPermission();
    void refusesWrongUse();

private:
    void start(ToolProcess &tool, const QStringList &models = {});
    QJsonObject execute(const QString &mutation) { return m_server->execute(u"mutation { "_s + mutation + u" }"_s); }
    static QList<QJsonObject> changesOf(const ToolProcess &tool);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestServer> m_server;
};

void TestTail::init()
{
    m_server.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<TestServer>(TestSchema::schema(), m_folder->filePath(u"a.db"_s));
    QVERIFY(writeFile(m_folder->filePath(u"schema.graphql"_s), TestSchema::source().toUtf8()));
}

void TestTail::start(ToolProcess &tool, const QStringList &models)
{
    QStringList arguments{u"tail"_s, u"schema.graphql"_s, u"--url"_s, m_server->url().toString()};
    for (const QString &model : models)
        arguments += {u"--model"_s, model};
    tool.start(arguments);
    QTRY_COMPARE_WITH_TIMEOUT(tool.errors, QByteArray("connected\n"), 30'000);
}

QList<QJsonObject> TestTail::changesOf(const ToolProcess &tool)
{
    QList<QJsonObject> changes;
    for (const QByteArray &line : tool.output.split('\n')) {
        if (!line.isEmpty())
            changes.append(QJsonDocument::fromJson(line).object());
    }
    return changes;
}

void TestTail::printsChangesUntilASignal_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void TestTail::printsChangesUntilASignal()
{
    QFETCH(int, signal);
    execute(u"createMaker(input: {id: \"old\", name: \"x\"}) { id }"_s);
    ToolProcess tool(m_folder->path(), TestServer::key());
    start(tool);
    execute(u"createMaker(input: {id: \"m\", name: \"x\"}) { id }"_s);
    execute(u"updateMaker(input: {id: \"m\", name: \"y\", _version: 1}) { id }"_s);
    execute(u"deleteMaker(input: {id: \"m\", _version: 2}) { id }"_s);
    execute(u"createStockCount(input: {sku: \"s\", bin: \"b\", round: 1, quantity: 5}) { sku }"_s);
    QTRY_COMPARE_WITH_TIMEOUT(tool.output.count('\n'), 4, 30'000);
    QStringList told;
    for (const QJsonObject &change : changesOf(tool))
        told.append(u"%1 %2 %3"_s.arg(change["model"_L1].toString(), change["change"_L1].toString()).arg(change["version"_L1].toInt()));
    QCOMPARE(told, (QStringList{u"Maker create 1"_s, u"Maker update 2"_s, u"Maker delete 3"_s, u"StockCount create 1"_s}));
    QCOMPARE(changesOf(tool)[1]["record"_L1]["name"_L1].toString(), u"y"_s);
    ::kill(pid_t(tool.process.processId()), signal);
    QCOMPARE(tool.finish(), 0);
    QCOMPARE(tool.errors, QByteArray("connected\n"));
}

// As nohup starts it.
void TestTail::outlivesATerminalWhenItIsToldTo()
{
    ToolProcess tool(m_folder->path(), TestServer::key());
    {
        const auto before = ::signal(SIGHUP, SIG_IGN);          // the tool inherits it
        const auto restore = qScopeGuard([before] { ::signal(SIGHUP, before); });
        start(tool);
    }
    ::kill(pid_t(tool.process.processId()), SIGHUP);
    execute(u"createMaker(input: {id: \"m\", name: \"x\"}) { id }"_s);
    QTRY_COMPARE_WITH_TIMEOUT(tool.output.count('\n'), 1, 30'000);
    ::kill(pid_t(tool.process.processId()), SIGTERM);
    QCOMPARE(tool.finish(), 0);
}

void TestTail::followsChosenModelsOnly()
{
    ToolProcess tool(m_folder->path(), TestServer::key());
    start(tool, {u"Maker"_s});
    execute(u"createStockCount(input: {sku: \"s\", bin: \"b\", round: 1, quantity: 5}) { sku }"_s);
    execute(u"createMaker(input: {id: \"m\", name: \"x\"}) { id }"_s);
    QTRY_VERIFY_WITH_TIMEOUT(tool.output.contains("\"m\""), 30'000);
    QCOMPARE(changesOf(tool).size(), 1);
}

// Each record's versions come in order and once, and the last one does come.
void TestTail::skipsNothingWhenTheServerRestarts()
{
    execute(u"createMaker(input: {id: \"old\", name: \"x\"}) { id }"_s);
    ToolProcess tool(m_folder->path(), TestServer::key());
    start(tool);
    QRandomGenerator random(20261127);
    QHash<QString, int> versions;
    const auto change = [&] {
        const QString id = u"m%1"_s.arg(random.bounded(20));
        const int version = versions.value(id);
        const QJsonObject answer = version == 0 ? execute(u"createMaker(input: {id: \"%1\", name: \"1\"}) { id }"_s.arg(id))
                                                : execute(u"updateMaker(input: {id: \"%1\", name: \"%2\", _version: %3}) { id }"_s.arg(id).arg(version + 1).arg(version));
        QVERIFY2(!answer.contains("errors"_L1), QJsonDocument(answer).toJson().constData());
        versions[id] = version + 1;
    };
    for (int round = 0; round < 4; ++round) {
        for (int i = 0; i < 30; ++i)
            change();
        const auto before = tool.errors.count("\nconnected");
        m_server->stop();
        m_server->start();
        for (int i = 0; i < 30; ++i)
            change();
        QTRY_VERIFY_WITH_TIMEOUT(tool.errors.count("\nconnected") > before, 30'000);
    }
    const auto lastOf = [&] {
        QHash<QString, int> last;
        for (const QJsonObject &told : changesOf(tool)) {
            int &version = last[told["record"_L1]["id"_L1].toString()];
            if (told["version"_L1].toInt() <= version)
                return QHash<QString, int>();
            version = told["version"_L1].toInt();
        }
        return last;
    };
    QTRY_COMPARE_WITH_TIMEOUT(lastOf(), versions, 30'000);
    QVERIFY2(tool.errors.contains("trying again in 1 s"), tool.errors.constData());
}

void TestTail::endsWithoutPermission()
{
    ToolProcess tool(m_folder->path(), u"da2-wrong-secret"_s);
    tool.start({u"tail"_s, u"schema.graphql"_s, u"--url"_s, m_server->url().toString()});
    QCOMPARE(tool.finish(), 1);
    QVERIFY2(tool.errors.contains("UnauthorizedException") && !tool.errors.contains("secret"), tool.errors.constData());
}

void TestTail::refusesWrongUse()
{
    for (const QStringList &arguments : {QStringList{u"schema.graphql"_s}, QStringList{u"schema.graphql"_s, u"--url"_s, u"http://x/"_s, u"--model"_s, u"Nope"_s}}) {
        ToolProcess tool(m_folder->path(), TestServer::key());
        tool.start(QStringList(u"tail"_s) + arguments);
        QCOMPARE(tool.finish(), 2);
    }
}

QTEST_GUILESS_MAIN(TestTail)
#include "tst_tail.moc"
