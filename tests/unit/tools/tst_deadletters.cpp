// SPDX-License-Identifier: MIT
#include "server/auth/fetcher.h"
#include "unit/server/backendfixture.h"

#include <QtCore/QProcess>

using namespace BackendFixture;
using namespace std::chrono_literals;

// A receiver that refuses until it does not.
class Refusing final : public Fetcher
{
public:
    void fetch(const FetchRequest &, std::function<void(Result<FetchAnswer>)> done) override { done(FetchAnswer{refuses ? 418 : 200}); }
    std::atomic<bool> refuses = true;
};

// The command works on the database of a server that runs.
class TestDeadLetters : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_backend.reset(); }
    void lists();
    void replays();
    void replaysAll();
    void discards();
    void saysWhatItDidNotFind();
    void refuses_data();
    void refuses();

private:
    struct Outcome
    {
        int code = -1;
        QString output, errors;
    };
    [[nodiscard]] Outcome run(const QStringList &arguments) const;
    [[nodiscard]] Outcome act(const QStringList &arguments) const { return run(arguments + QStringList{u"--database"_s, m_backend->path()}); }
    [[nodiscard]] QStringList ids() const;
    [[nodiscard]] qint64 delivered() const { return m_metrics->eventsDelivered.value(); }

    Refusing m_receiver;
    std::shared_ptr<Metrics> m_metrics;
    std::unique_ptr<TestBackend> m_backend;
};

void TestDeadLetters::init()
{
    m_receiver.refuses = true;
    const Schema schema = Schema::parse(u"type Note @model { id: ID! text: String! }"_s).value();
    BackendOptions options;
    options.metrics = m_metrics = std::make_shared<Metrics>();
    options.triggers = {{u"Note"_s, TriggerOperation::Create, QUrl(u"https://erp.example/notes"_s), "a secret of the tests"_ba, {}}};
    options.triggerOptions = {.maxAttempts = 1, .pollInterval = 20ms, .fetcher = &m_receiver};
    m_backend = std::make_unique<TestBackend>(schema, options);
    QVERIFY(m_backend->backend);
    for (const QString &id : {u"one"_s, u"two"_s})
        QVERIFY(!m_backend->mutate(u"create"_s, u"Note"_s, {{u"id"_s, id}, {u"text"_s, u"x"_s}}, u"id"_s).contains("errors"_L1));
    QTRY_COMPARE(ids().size(), 2);
}

TestDeadLetters::Outcome TestDeadLetters::run(const QStringList &arguments) const
{
    QProcess process;
    process.start(QStringLiteral(TIDELINE_TOOL), QStringList(u"dead-letters"_s) + arguments);
    if (!process.waitForFinished() || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

QStringList TestDeadLetters::ids() const
{
    QStringList ids;
    const QStringList lines = act({u"list"_s, u"--json"_s}).output.split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines)
        ids.append(QJsonDocument::fromJson(line.toUtf8())["id"_L1].toString());
    return ids;
}

void TestDeadLetters::lists()
{
    const Outcome listed = act({u"list"_s});
    QCOMPARE(listed.code, 0);
    QCOMPARE(listed.errors, QString());
    const QStringList lines = listed.output.split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 2);
    QVERIFY2(lines[0].contains(u"Note one  for Note https://erp.example/notes"_s), qPrintable(lines[0]));
    QVERIFY2(lines[1].endsWith(u"at attempt 1: HTTP 418"_s), qPrintable(lines[1]));
    const Outcome json = act({u"list"_s, u"--json"_s});
    const QJsonDocument first = QJsonDocument::fromJson(json.output.split(u'\n').constFirst().toUtf8());
    QCOMPARE(first["event"_L1]["record"_L1]["text"_L1].toString(), u"x"_s);
    QCOMPARE(first["sequence"_L1].toInt(), 1);
    QCOMPARE(first["event"_L1]["id"_L1], first["id"_L1]);
}

void TestDeadLetters::replays()
{
    m_receiver.refuses = false;
    const QStringList letters = ids();
    const Outcome replayed = act({u"replay"_s, letters[1]});
    QCOMPARE(replayed.code, 0);
    QCOMPARE(replayed.output, u"1 of 1 events: to be sent again\n"_s);
    QTRY_COMPARE(delivered(), 1);
    QCOMPARE(ids(), QStringList(letters[0]));
}

void TestDeadLetters::replaysAll()
{
    m_receiver.refuses = false;
    QCOMPARE(act({u"replay"_s, u"--all"_s}).output, u"2 of 2 events: to be sent again\n"_s);
    QTRY_COMPARE(delivered(), 2);
    QVERIFY(ids().isEmpty());
    QCOMPARE(act({u"list"_s}).output, QString());
}

void TestDeadLetters::discards()
{
    m_receiver.refuses = false;
    const QStringList letters = ids();
    QCOMPARE(act({u"discard"_s, letters[0]}).output, u"1 of 1 events: discarded\n"_s);
    QCOMPARE(ids(), QStringList(letters[1]));
    QCOMPARE(act({u"discard"_s, u"--all"_s}).code, 0);
    QVERIFY(ids().isEmpty());
    QCOMPARE(delivered(), 0);
}

void TestDeadLetters::saysWhatItDidNotFind()
{
    const Outcome replayed = act({u"replay"_s, u"nobody"_s});
    QCOMPARE(replayed.code, 1);
    QCOMPARE(replayed.output, u"0 of 1 events: to be sent again\n"_s);
    QCOMPARE(ids().size(), 2);
}

void TestDeadLetters::refuses_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("words");
    const QStringList database{u"--database"_s, u"no/such/file.db"_s};
    QTest::newRow("no action") << QStringList() << 2 << u"an argument is missing"_s;
    QTest::newRow("another action") << (QStringList{u"print"_s} + database) << 2 << u"list, replay or discard, not \"print\""_s;
    QTest::newRow("no database") << QStringList{u"list"_s} << 2 << u"--database is missing"_s;
    QTest::newRow("ids to list") << (QStringList{u"list"_s, u"x"_s} + database) << 2 << u"list takes no ids"_s;
    QTest::newRow("nothing to replay") << (QStringList{u"replay"_s} + database) << 2 << u"ids or --all"_s;
    QTest::newRow("ids and all") << (QStringList{u"discard"_s, u"--all"_s, u"x"_s} + database) << 2 << u"ids or --all"_s;
    QTest::newRow("a file that is not there") << (QStringList{u"list"_s} + database) << 1 << u"There is no database no/such/file.db"_s;
}

void TestDeadLetters::refuses()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, words);
    const Outcome outcome = run(arguments);
    QTEST(outcome.code, "code");
    QCOMPARE(outcome.output, QString());
    QVERIFY2(outcome.errors.contains(words), qPrintable(outcome.errors));
}

QTEST_GUILESS_MAIN(TestDeadLetters)
#include "tst_deadletters.moc"
