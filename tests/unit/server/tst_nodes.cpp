// SPDX-License-Identifier: MIT
#include "backendfixture.h"

#include "server/storage/connection.h"
#include "shared/commitproxy.h"

#include <QtCore/QUrl>
#include <QtCore/QUrlQuery>

#include <map>
#include <random>
#include <thread>

using namespace BackendFixture;
using TidelineTest::CommitProxy;
using TidelineTest::PostgresServer;

// Several backends on one PostgreSQL database, each with a clock of its own.
class TestNodes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void subscribersHearTheChangesOfOtherNodes();
    void ownChangesNeedNoLookIntoTheJournal();
    void ownChangesComeBehindThoseOfOthers();
    void aChangeComesOnceHoweverOftenTheJournalIsRead();
    void looksByItselfAtIntervals();
    void recordsStandInForChangesThatTheJournalLost();
    void recordsStandInAPartAtATime();
    void aChangeThatCannotBeReadIsShownLater_data();
    void aChangeThatCannotBeReadIsShownLater();
    void aRecordIsShownWithoutTheDatabase();
    void otherNodesSeeScalarsAsTheyAre();
    void textMayHaveAnyCharacter();
    void versionsGoOnAcrossNodes();
    void timesNeverGoBackAcrossNodes();
    void aTransactionHeldOpenIsNotSkipped();
    void anIdleDatabaseDoesNotMakeABaseSync();
    void noSyncSkipsARow_data();
    void noSyncSkipsARow();
    void aFieldThatFailsLeavesTheNextOneAlone();
    void nodesMayStartAtOnce();
    void nodesStartWhileAnotherOneMakesAnIndex();
    void anUnfinishedIndexIsMadeAnew();
    void aLostConnectionIsMadeAnew();
    void requestsFailWhileTheServerIsAway();
    void aCommitWithoutAnswerIsSettled_data();
    void aCommitWithoutAnswerIsSettled();
    void refusesAddresses_data();
    void refusesAddresses();

private:
    [[nodiscard]] std::unique_ptr<TestBackend> node(BackendOptions options = {}) const
    {
        options.databasePath = options.databasePath.isEmpty() ? m_location : options.databasePath;
        if (options.followIntervalMs == BackendOptions().followIntervalMs)
            options.followIntervalMs = 0;
        auto node = std::make_unique<TestBackend>(m_schema, options);
        if (!node->backend)
            qWarning("%s (%s)", qPrintable(node->error.message()), qPrintable(node->error.detail()));
        return node;
    }
    static QJsonObject create(const TestBackend &node, const QString &id, const QString &text = u"x"_s)
    {
        return node.mutate(u"create"_s, u"Item"_s, {{u"id"_s, id}, {u"text"_s, text}}, u"id text _version _lastChangedAt"_s);
    }
    static SubscriptionId listen(const TestBackend &node, const QString &kind, Deliveries &deliveries)
    {
        const Result<SubscriptionId> id = node.backend->subscribe({u"subscription { %1 { id text number real flag tags _version _deleted } }"_s.arg(kind), {}, {}, {}},
                                                deliveries.receiver());
        return id ? *id : 0;
    }
    static QStringList heard(const Deliveries &deliveries, const QString &key = u"id"_s)
    {
        QStringList values;
        for (qsizetype i = 0; i < deliveries.count(); ++i)
            values.append(deliveries.at(i).begin().value()[key].toVariant().toString());
        return values;
    }
    [[nodiscard]] static QJsonObject sync(const TestBackend &node, qint64 lastSync = 0)
    {
        return node.data(u"query Q($s: AWSTimestamp) { syncItems(limit: 1000, lastSync: $s) { items { id text _version _deleted } startedAt nextToken } }"_s,
                         {{u"s"_s, lastSync}}).toObject();
    }
    void sql(const QString &statement) const;
    [[nodiscard]] std::unique_ptr<Connection> connection() const
    {
        return Connection::open(Location::parse(m_location).value(), Connection::Mode::Write).value();
    }

    Schema m_schema;
    QString m_location;
    std::unique_ptr<TestBackend> m_a, m_b;
};

void TestNodes::initTestCase()
{
    m_schema = Schema::parse(u"type Item @model @auth(rules: [{allow: public}]) "
                             "{ id: ID! text: String number: Int real: Float flag: Boolean tags: [String] }\n"
                             "type Part @model @auth(rules: [{allow: public}]) { id: ID! itemId: ID item: Item @hasOne(fields: [\"itemId\"]) }"_s).value();
}

void TestNodes::init()
{
    m_location = PostgresServer::ofThisProcess().createDatabase();
    m_a = node();
    m_b = node();
    QVERIFY(m_a->backend && m_b->backend);
}

void TestNodes::cleanup()
{
    m_a.reset();
    m_b.reset();
    PostgresServer::ofThisProcess().start();        // where a test that failed left it stopped
}

void TestNodes::sql(const QString &statement) const
{
    PostgresServer::ofThisProcess().execute(m_location, statement);
}

void TestNodes::subscribersHearTheChangesOfOtherNodes()
{
    Deliveries creates, updates, deletes;
    listen(*m_b, u"onCreateItem"_s, creates);
    listen(*m_b, u"onUpdateItem"_s, updates);
    listen(*m_b, u"onDeleteItem"_s, deletes);
    create(*m_a, u"1"_s, u"first"_s);
    m_a->mutate(u"update"_s, u"Item"_s, {{u"id"_s, u"1"_s}, {u"text"_s, u"second"_s}, {u"_version"_s, 1}}, u"id"_s);
    m_a->mutate(u"delete"_s, u"Item"_s, {{u"id"_s, u"1"_s}, {u"_version"_s, 2}}, u"id"_s);
    QCOMPARE(creates.count(), 0);
    m_b->backend->follow();
    QTRY_COMPARE(deletes.count(), 1);
    QCOMPARE(heard(creates, u"text"_s), QStringList{u"first"_s});      // as it was then
    QCOMPARE(heard(updates, u"text"_s), QStringList{u"second"_s});
    QCOMPARE(heard(deletes, u"_version"_s), QStringList{u"3"_s});
    QCOMPARE(heard(deletes, u"_deleted"_s), QStringList{u"true"_s});
}

void TestNodes::ownChangesNeedNoLookIntoTheJournal()
{
    Deliveries deliveries;
    listen(*m_a, u"onCreateItem"_s, deliveries);
    create(*m_a, u"1"_s);
    create(*m_a, u"2"_s);
    QTRY_COMPARE(heard(deliveries), (QStringList{u"1"_s, u"2"_s}));
}

void TestNodes::ownChangesComeBehindThoseOfOthers()
{
    Deliveries deliveries;
    listen(*m_a, u"onCreateItem"_s, deliveries);
    create(*m_b, u"1"_s);
    create(*m_a, u"2"_s);
    create(*m_b, u"3"_s);
    create(*m_a, u"4"_s);
    QTRY_COMPARE(heard(deliveries), (QStringList{u"1"_s, u"2"_s, u"3"_s, u"4"_s}));
}

void TestNodes::aChangeComesOnceHoweverOftenTheJournalIsRead()
{
    Deliveries deliveries;
    listen(*m_a, u"onCreateItem"_s, deliveries);
    QStringList wanted;
    for (int i = 0; i < 20; ++i) {
        create(i % 3 ? *m_a : *m_b, QString::number(i));
        m_a->backend->follow();
        wanted.append(QString::number(i));
    }
    m_a->backend->follow();
    QTRY_COMPARE(deliveries.count(), 20);
    m_a->backend->close();                  // delivers what is left
    QCOMPARE(heard(deliveries), wanted);
}

void TestNodes::looksByItselfAtIntervals()
{
    const auto listener = node({.followIntervalMs = 1});
    Deliveries deliveries;
    listen(*listener, u"onCreateItem"_s, deliveries);
    create(*m_a, u"1"_s);
    QTRY_COMPARE(heard(deliveries), QStringList{u"1"_s});
}

void TestNodes::recordsStandInForChangesThatTheJournalLost()
{
    Deliveries creates, updates, deletes;
    listen(*m_b, u"onCreateItem"_s, creates);
    listen(*m_b, u"onUpdateItem"_s, updates);
    listen(*m_b, u"onDeleteItem"_s, deletes);
    for (const QString &id : {u"1"_s, u"2"_s, u"3"_s})
        create(*m_a, id);
    m_a->mutate(u"update"_s, u"Item"_s, {{u"id"_s, u"2"_s}, {u"text"_s, u"new"_s}, {u"_version"_s, 1}}, u"id"_s);
    m_a->mutate(u"delete"_s, u"Item"_s, {{u"id"_s, u"3"_s}, {u"_version"_s, 1}}, u"id"_s);
    sql(u"DELETE FROM tl_journal WHERE seq < 5"_s);
    m_b->backend->follow();
    QTRY_COMPARE(heard(deletes), QStringList{u"3"_s});
    QCOMPARE(heard(creates), QStringList{u"1"_s});
    QCOMPARE(heard(updates, u"text"_s), QStringList{u"new"_s});
    create(*m_a, u"4"_s);                   // and on from there
    m_b->backend->follow();
    QTRY_COMPARE(heard(creates), (QStringList{u"1"_s, u"4"_s}));
}

// While the first of them are shown another one changes: it is shown as it is by then, and once.
void TestNodes::recordsStandInAPartAtATime()
{
    QStringList wanted, fields;
    for (int i = 0; i < 600; ++i) {
        fields.append(u"m%1: createItem(input: {id: \"%1\"}) { id }"_s.arg(i));
        wanted.append(QString::number(i));
        if (i == 560) {
            fields.append(u"part: createPart(input: {id: \"part\"}) { id }"_s);
            wanted.append(u"part"_s);
        }
    }
    for (qsizetype from = 0; from < fields.size(); from += 100)
        QVERIFY(!m_a->run(u"mutation { %1 }"_s.arg(fields.mid(from, 100).join(u' '))).contains("errors"_L1));
    sql(u"DELETE FROM tl_journal WHERE seq < 601"_s);
    Deliveries creates, updates;
    const auto keep = creates.receiver();
    const auto changeTheLast = [&](const QByteArray &payload) {
        keep(payload);
        if (creates.count() == 1)
            m_a->mutate(u"update"_s, u"Item"_s, {{u"id"_s, u"599"_s}, {u"text"_s, u"new"_s}, {u"_version"_s, 1}}, u"id"_s);
    };
    QVERIFY(m_b->backend->subscribe({u"subscription { onCreateItem { id } }"_s, {}, {}, {}}, changeTheLast));
    QVERIFY(m_b->backend->subscribe({u"subscription { onCreatePart { id } }"_s, {}, {}, {}}, keep));
    listen(*m_b, u"onUpdateItem"_s, updates);
    m_b->backend->follow();
    QTRY_COMPARE(heard(updates, u"text"_s), QStringList{u"new"_s});
    wanted.removeLast();
    QCOMPARE(heard(creates), wanted);
}

void TestNodes::aChangeThatCannotBeReadIsShownLater_data()
{
    QTest::addColumn<bool>("together");
    QTest::addColumn<bool>("elsewhere");
    QTest::newRow("the database goes away between two commits") << false << false;
    QTest::newRow("the database goes away in the middle of a commit's changes") << true << false;
    QTest::newRow("the database goes away in the middle of another node's changes") << true << true;
}

void TestNodes::aChangeThatCannotBeReadIsShownLater()
{
    QFETCH(const bool, together);
    QFETCH(const bool, elsewhere);
    TestBackend &listener = elsewhere ? *m_b : *m_a;
    std::atomic<int> reported = 0;
    listener.options().onError = [&reported](const Error &error) { reported += error.code() == Error::Code::StoreUnavailable; };
    listener.reopen();
    create(*m_a, u"1"_s, u"shown"_s);
    const QString first = u"a: createPart(input: {id: \"first\", itemId: \"1\"}) { id }"_s;
    const QString second = u"b: createPart(input: {id: \"second\", itemId: \"1\"}) { id }"_s;
    Deliveries deliveries;
    const auto keep = deliveries.receiver();
    QVERIFY(listener.backend->subscribe({u"subscription { onCreatePart { id item { text } } }"_s, {}, {}, {}}, [&](const QByteArray &payload) {
        keep(payload);
        if (deliveries.count() > 1)
            return;
        if (!together)
            m_a->run(u"mutation { %1 }"_s.arg(second));
        PostgresServer::ofThisProcess().stop();
    }));
    m_a->run(u"mutation { %1 %2 }"_s.arg(first, together ? second : QString()));
    if (elsewhere)
        listener.backend->follow();
    QTRY_COMPARE(reported, 1);
    PostgresServer::ofThisProcess().start();
    QTRY_COMPARE((listener.backend->follow(), deliveries.count()), 2);
    QCOMPARE(heard(deliveries), (QStringList{u"first"_s, u"second"_s}));
    QCOMPARE(deliveries.at(1)["onCreatePart"_L1]["item"_L1]["text"_L1].toString(), u"shown"_s);
    QCOMPARE(reported, 1);
}

void TestNodes::aRecordIsShownWithoutTheDatabase()
{
    Deliveries deliveries;
    const auto keep = deliveries.receiver();
    QVERIFY(m_a->backend->subscribe({u"subscription { onCreateItem { id } }"_s, {}, {}, {}}, [&](const QByteArray &payload) {
        keep(payload);
        if (deliveries.count() > 1)
            return;
        create(*m_a, u"2"_s);
        PostgresServer::ofThisProcess().stop();
    }));
    create(*m_a, u"1"_s);
    QTRY_COMPARE(heard(deliveries), (QStringList{u"1"_s, u"2"_s}));
    PostgresServer::ofThisProcess().start();
}

void TestNodes::otherNodesSeeScalarsAsTheyAre()
{
    Deliveries own, other;
    listen(*m_a, u"onCreateItem"_s, own);
    listen(*m_b, u"onCreateItem"_s, other);
    const QJsonObject input{{u"id"_s, u"1"_s}, {u"text"_s, u"a\"b\\'c"_s}, {u"number"_s, -2147483647}, {u"real"_s, 0.1 + 0.2}, {u"flag"_s, false},
                            {u"tags"_s, QJsonArray{u"x"_s, QJsonValue(), u"\u00e4\u4e2d"_s}}};
    m_a->mutate(u"create"_s, u"Item"_s, input, u"id"_s);
    m_a->mutate(u"create"_s, u"Item"_s, {{u"id"_s, u"2"_s}, {u"real"_s, 5}}, u"id"_s);
    m_b->backend->follow();
    QTRY_COMPARE(other.count(), 2);
    QTRY_COMPARE(own.count(), 2);
    QCOMPARE(other.text(0), own.text(0));
    QCOMPARE(other.text(1), own.text(1));
    const QString query = u"{ getItem(id: \"1\") { id text number real flag tags } }"_s;
    QCOMPARE(m_b->data(query).toObject(), input);
}

void TestNodes::textMayHaveAnyCharacter()
{
    const QString text = u"a"_s + QChar(0) + QChar(1) + QChar(2) + u"\ufeffb%1$1?:x"_s;
    create(*m_a, text, text);
    const QJsonObject got = m_b->data(u"query Q($id: ID!) { getItem(id: $id) { id text } }"_s, {{u"id"_s, text}}).toObject();
    QCOMPARE(got["id"_L1].toString(), text);
    QCOMPARE(got["text"_L1].toString(), text);
    QCOMPARE(firstError(create(*m_b, text, u"other"_s))["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
}

void TestNodes::versionsGoOnAcrossNodes()
{
    create(*m_a, u"1"_s);
    for (int version = 1; version < 7; ++version) {
        const TestBackend &node = version % 2 ? *m_b : *m_a;
        const QJsonObject answer = node.mutate(u"update"_s, u"Item"_s, {{u"id"_s, u"1"_s}, {u"text"_s, QString::number(version)}, {u"_version"_s, version}},
                                               u"text _version"_s)["data"_L1]["updateItem"_L1].toObject();
        QCOMPARE(answer, (QJsonObject{{u"text"_s, QString::number(version)}, {u"_version"_s, version + 1}}));
    }
}

void TestNodes::timesNeverGoBackAcrossNodes()
{
    m_a->now += 3'600'000;
    create(*m_a, u"1"_s);
    const QJsonObject second = create(*m_b, u"2"_s);        // an hour behind
    QCOMPARE(second["data"_L1]["createItem"_L1]["_lastChangedAt"_L1].toInteger(), startOfTime + 3'600'000);
}

/*
    A refused create asks for a random id while its transaction is open: there it is held. The sync of the other node, an
    hour later by its clock, must not start later than the held rows are stamped.
*/
void TestNodes::aTransactionHeldOpenIsNotSkipped()
{
    create(*m_a, u"taken"_s);
    std::promise<void> reached, released;
    std::atomic<bool> holds = true;
    m_a->options().randomId = [&] {
        if (holds.exchange(false)) {
            reached.set_value();
            released.get_future().wait_for(std::chrono::seconds(20));
        }
        return u"id"_s;
    };
    m_a->reopen();
    std::promise<void> answered;
    m_a->backend->execute({u"mutation { a: createItem(input: {id: \"slow\"}) { id } b: createItem(input: {id: \"taken\", text: \"other\"}) { id } }"_s, {}, {}, {}},
                          [&answered](const QByteArray &) { answered.set_value(); });
    QVERIFY(reached.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    m_b->now += 3'600'000;
    const QJsonObject before = sync(*m_b);
    QCOMPARE(strings(before["items"_L1], u"id"_s), QStringList{u"taken"_s});
    released.set_value();
    QVERIFY(answered.get_future().wait_for(std::chrono::seconds(20)) == std::future_status::ready);
    const qint64 startedAt = before["startedAt"_L1].toInteger();
    QVERIFY2(startedAt <= startOfTime, QByteArray::number(startedAt).constData());
    m_b->now = startedAt + 60'000;
    QVERIFY(strings(sync(*m_b, startedAt)["items"_L1], u"id"_s).contains(u"slow"_s));
}

void TestNodes::anIdleDatabaseDoesNotMakeABaseSync()
{
    create(*m_a, u"1"_s);
    for (TestBackend *node : {m_a.get(), m_b.get()})
        node->now += 2 * 3'600'000;
    const qint64 startedAt = sync(*m_b)["startedAt"_L1].toInteger();
    QCOMPARE(startedAt, m_b->now.load());
    for (TestBackend *node : {m_a.get(), m_b.get()})
        node->now += 10 * 60'000;
    QVERIFY(sync(*m_a, startedAt)["items"_L1].toArray().isEmpty());
    create(*m_b, u"2"_s);
    QCOMPARE(strings(sync(*m_a, startedAt)["items"_L1], u"id"_s), QStringList{u"2"_s});
}

void TestNodes::noSyncSkipsARow_data()
{
    QTest::addColumn<int>("seed");
    QTest::addColumn<int>("skewMs");            // of the second node's clock
    QTest::newRow("clocks agree") << 1 << 0;
    QTest::newRow("one is behind") << 2 << -60'000;
    QTest::newRow("one is ahead") << 3 << 60'000;
    QTest::newRow("one is far ahead") << 4 << 20 * 60'000;
}

/*
    Both nodes write at once while a replica takes delta syncs from either, in pages; clocks run so fast that the
    margin of a delta sync covers a few changes only. In the end the replica must be what the backend has, and
    a listener of each node must have heard every change once and in order.
*/
void TestNodes::noSyncSkipsARow()
{
    QFETCH(const int, seed);
    QFETCH(const int, skewMs);
    std::atomic<qint64> time = startOfTime;
    const auto clockOf = [&time](int skew) { return [&time, skew] { return time.load() + skew; }; };
    m_a->options().clock = clockOf(0);
    m_b->options().clock = clockOf(skewMs);
    m_a->options().followIntervalMs = m_b->options().followIntervalMs = 1;
    m_a->reopen();
    m_b->reopen();
    Deliveries heardByA, heardByB;
    for (const QString &kind : {u"onCreateItem"_s, u"onUpdateItem"_s, u"onDeleteItem"_s}) {
        listen(*m_a, kind, heardByA);
        listen(*m_b, kind, heardByB);
    }
    std::atomic<int> accepted = 0;
    const auto write = [&](const TestBackend &node, unsigned threadSeed) {
        std::mt19937 random(threadSeed);
        for (int i = 0; i < 150; ++i) {
            const QString id = QString::number(random() % 40);
            const QString text = u"%1-%2"_s.arg(threadSeed).arg(i);
            QJsonObject answer = create(node, id, text);
            if (answer.contains("errors"_L1))
                answer = node.mutate(u"update"_s, u"Item"_s, {{u"id"_s, id}, {u"text"_s, text}, {u"_version"_s, int(random() % 4)}}, u"id"_s);
            accepted += !answer.contains("errors"_L1);
            time += qint64(random() % 20'000);
        }
    };
    std::thread first([&] { write(*m_a, unsigned(seed) * 10); });
    std::thread second([&] { write(*m_b, unsigned(seed) * 10 + 1); });
    std::map<QString, QJsonObject> replica;
    std::atomic<bool> done = false;
    qint64 lastSync = 0;
    const auto deltaSync = [&](const TestBackend &node) {
        QJsonValue token;
        qint64 startedAt = 0;
        do {
            const QJsonObject page = node.data(
                u"query Q($s: AWSTimestamp, $t: String) { syncItems(limit: 7, lastSync: $s, nextToken: $t) { items { id text _version _deleted } startedAt nextToken } }"_s,
                {{u"s"_s, lastSync}, {u"t"_s, token}}).toObject();
            for (const QJsonValue item : page["items"_L1].toArray()) {
                QJsonObject &stored = replica[item["id"_L1].toString()];
                if (stored.isEmpty() || stored["_version"_L1].toInt() < item["_version"_L1].toInt())
                    stored = item.toObject();
            }
            startedAt = page["startedAt"_L1].toInteger();
            token = page["nextToken"_L1];
        } while (!token.isNull());
        lastSync = startedAt;
    };
    std::thread syncing([&] {
        for (int i = 0; !done; ++i)
            deltaSync(i % 2 ? *m_a : *m_b);
    });
    first.join();
    second.join();
    done = true;
    syncing.join();
    deltaSync(*m_a);
    const QJsonArray items = sync(*m_b)["items"_L1].toArray();
    QCOMPARE(qsizetype(replica.size()), items.size());
    for (const QJsonValue item : items)
        QCOMPARE(replica[item["id"_L1].toString()], item.toObject());
    QTRY_COMPARE(heardByA.count(), accepted);
    QTRY_COMPARE(heardByB.count(), accepted);
    QCOMPARE(heard(heardByA, u"text"_s), heard(heardByB, u"text"_s));
}

void TestNodes::aFieldThatFailsLeavesTheNextOneAlone()
{
    create(*m_a, u"1"_s);
    sql(u"INSERT INTO tl_meta (name, value) VALUES ('journal.from', 'no number')"_s);
    const QJsonObject response = m_b->run(u"query Q($s: AWSTimestamp) { a: syncItems(lastSync: $s) { items { id } } b: syncItems { items { id } } }"_s,
                                          {{u"s"_s, startOfTime}});
    QCOMPARE(response["errors"_L1].toArray().size(), 1);
    QCOMPARE(firstError(response)["path"_L1], QJsonValue(QJsonArray{u"a"_s}));
    QCOMPARE(strings(response["data"_L1]["b"_L1]["items"_L1], u"id"_s), QStringList{u"1"_s});
}

void TestNodes::nodesMayStartAtOnce()
{
    for (int round = 0; round < 3; ++round) {
        const QString location = PostgresServer::ofThisProcess().createDatabase();
        std::vector<std::thread> threads;
        std::atomic<int> opened = 0;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                const auto backend = Backend::open(m_schema, {.databasePath = location, .readerThreads = 1});
                opened += backend.ok();
                if (!backend)
                    qWarning("%s %s", qPrintable(backend.error().message()), qPrintable(backend.error().detail()));
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(opened, 4);
    }
}

// The making of an index waits for whoever has changed the table; others neither wait for it nor for its maker.
void TestNodes::nodesStartWhileAnotherOneMakesAnIndex()
{
    create(*m_a, u"1"_s);
    const Schema indexed = Schema::parse(u"type Item @model @auth(rules: [{allow: public}]) { id: ID! text: String @index(name: \"byText\") "
                                         "number: Int real: Float flag: Boolean tags: [String] }"_s).value();
    std::future<bool> maker;
    const auto holder = connection();
    const auto watcher = connection();
    const auto isMaking = [&watcher] {
        const Result<qint64> makers = watcher->number(u"SELECT COUNT(*) FROM pg_stat_activity WHERE state = 'active' AND wait_event_type = 'Lock' "
                                                      "AND query LIKE 'CREATE INDEX CONCURRENTLY%'"_s);
        return makers && *makers == 1;
    };
    QVERIFY(holder->begin());
    QVERIFY(holder->run(u"UPDATE \"Item\" SET text = 'x' WHERE id = 'none'"_s));
    maker = std::async(std::launch::async, [&] { return Backend::open(indexed, {.databasePath = m_location, .readerThreads = 1}).ok(); });
    QTRY_VERIFY(isMaking());
    const auto started = node();
    const bool stillMaking = isMaking();
    holder->rollback();
    QVERIFY(maker.get());
    QVERIFY(started->backend);
    QVERIFY2(stillMaking, "the node waited for the index");
}

void TestNodes::anUnfinishedIndexIsMadeAnew()
{
    const QString superuser = PostgresServer::ofThisProcess().url(u"tideline"_s);
    PostgresServer::ofThisProcess().execute(superuser, u"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '%1.\"Item.$ttl\"'::regclass"_s
                                                           .arg(QUrl(m_location).userName()));
    QVERIFY(node()->backend);
    const Result<qint64> whole = connection()->number(u"SELECT COUNT(*) FROM pg_index WHERE indisvalid AND indexrelid = '\"Item.$ttl\"'::regclass"_s);
    QVERIFY(whole);
    QCOMPARE(*whole, 1);
}

void TestNodes::aLostConnectionIsMadeAnew()
{
    create(*m_a, u"1"_s);
    QCOMPARE(strings(sync(*m_b)["items"_L1], u"id"_s), QStringList{u"1"_s});
    Deliveries deliveries;
    listen(*m_b, u"onCreateItem"_s, deliveries);
    sql(u"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()"_s);
    QVERIFY(!create(*m_a, u"2"_s).contains("errors"_L1));
    for (int i = 0; i < 4; ++i)                             // each reader has a line of its own
        QCOMPARE(strings(sync(*m_b)["items"_L1], u"id"_s), (QStringList{u"1"_s, u"2"_s}));
    m_b->backend->follow();
    QTRY_COMPARE(heard(deliveries), (QStringList{u"1"_s, u"2"_s}));    // this node had not looked for the first one yet
}

void TestNodes::requestsFailWhileTheServerIsAway()
{
    create(*m_a, u"1"_s);
    std::atomic<int> reported = 0;
    m_b->options().onError = [&reported](const Error &error) { reported += error.code() == Error::Code::StoreUnavailable; };
    m_b->reopen();
    Deliveries deliveries;
    listen(*m_b, u"onCreateItem"_s, deliveries);
    PostgresServer::ofThisProcess().stop();
    const QJsonObject refused = firstError(create(*m_a, u"2"_s));
    const QJsonObject unread = firstError(m_a->run(u"{ syncItems { items { id } } }"_s));
    for (const QJsonObject &error : {refused, unread}) {
        QCOMPARE(error["errorType"_L1].toString(), u"InternalFailure"_s);       // Tideline's client sends again
        QCOMPARE(error["message"_L1].toString(), u"The database cannot be reached."_s);
    }
    m_b->backend->follow();
    QTRY_COMPARE(reported, 1);
    PostgresServer::ofThisProcess().start();
    QTRY_VERIFY(!create(*m_a, u"3"_s).contains("errors"_L1));
    QTRY_COMPARE(strings(m_a->run(u"{ syncItems { items { id } } }"_s)["data"_L1]["syncItems"_L1]["items"_L1], u"id"_s), (QStringList{u"1"_s, u"3"_s}));
    QTRY_VERIFY((m_b->backend->follow(), deliveries.count() > 0));
    QCOMPARE(heard(deliveries), QStringList{u"3"_s});
}

void TestNodes::aCommitWithoutAnswerIsSettled_data()
{
    QTest::addColumn<int>("how");
    QTest::newRow("it was not done: tried again") << int(CommitProxy::Break::BeforeCommit);
    QTest::newRow("it was done: answered so") << int(CommitProxy::Break::AfterCommit);
}

void TestNodes::aCommitWithoutAnswerIsSettled()
{
    QFETCH(const int, how);
    const QUrl url(m_location);
    CommitProxy proxy(QUrlQuery(url).queryItemValue(u"host"_s));
    const auto behind = node({.databasePath = u"postgres://%1@/postgres?host=%2"_s.arg(url.userName(), proxy.folder())});
    QVERIFY(behind->backend);
    Deliveries deliveries;
    listen(*behind, u"onCreateItem"_s, deliveries);
    proxy.breakNext(CommitProxy::Break(how));
    const QJsonObject answer = behind->mutate(u"create"_s, u"Item"_s, {{u"text"_s, u"x"_s}}, u"id _version"_s);     // with an id made here
    QCOMPARE(proxy.broken(), 1);
    QVERIFY(!answer.contains("errors"_L1));
    QCOMPARE(answer["data"_L1]["createItem"_L1]["_version"_L1].toInt(), 1);
    QCOMPARE(strings(sync(*m_a)["items"_L1], u"id"_s), QStringList{answer["data"_L1]["createItem"_L1]["id"_L1].toString()});
    behind->backend->close();
    QCOMPARE(deliveries.count(), 1);
}

void TestNodes::refusesAddresses_data()
{
    QTest::addColumn<QString>("location");
    QTest::addColumn<Error::Code>("code");
    QTest::addColumn<QString>("text");
    QTest::newRow("nobody listens") << u"postgres://user:secret@/db?host=/nonexistent"_s << Error::Code::StoreUnavailable << u"postgres:///db?host=/nonexistent"_s;
    QTest::newRow("no such database") << QString(PostgresServer::ofThisProcess().url(u"x"_s)).replace(u"/postgres?"_s, u"/missing?"_s) << Error::Code::StoreUnavailable << u"missing"_s;
    QTest::newRow("no database named") << u"postgres://user:secret@localhost"_s << Error::Code::InvalidArgument << u"names no database"_s;
    QTest::newRow("an unknown parameter") << u"postgres://user:secret@localhost/db?secret=secret"_s << Error::Code::InvalidArgument << u"unknown parameter"_s;
    QTest::newRow("no URL") << u"postgres://user:secret@local host/db"_s << Error::Code::InvalidArgument << u"no URL"_s;
}

void TestNodes::refusesAddresses()
{
    QFETCH(const QString, location);
    QFETCH(const Error::Code, code);
    QFETCH(const QString, text);
    const auto opened = Backend::open(m_schema, {.databasePath = location});
    QVERIFY(!opened);
    QCOMPARE(opened.error().code(), code);
    QVERIFY2(opened.error().message().contains(text), qPrintable(opened.error().message()));
    const bool isName = text == u"unknown parameter";
    QVERIFY2(isName || !(opened.error().message() + opened.error().detail()).contains(u"secret"), qPrintable(opened.error().message()));
}

QTEST_GUILESS_MAIN(TestNodes)
#include "tst_nodes.moc"
