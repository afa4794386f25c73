// SPDX-License-Identifier: MIT
#include "client/live/livequery.h"

#include "livefixture.h"
#include "modelmirror.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>

using namespace Tideline;
using namespace Qt::StringLiterals;

using Mode = QAbstractItemModelTester::FailureReportingMode;

/*! What may come and go around a live query: the store, the host, the query itself, in any slot. */
class TestLiveQueryLife : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void storeClosedAndReopened();
    void storeSetLaterOrTakenAway();
    void hostDestroyedFirst();
    void destroyedInASlot_data();
    void destroyedInASlot();
    void propertiesSetInASlot();
    void storeClosedInASlot();
    void queriesMadeAndDestroyedWhileChangesArrive();
    void largeCommitsComeInSlices();

private:
    void fill(int count) { fillCounts(*m_host, count); }

    std::unique_ptr<ManualScheduler> m_scheduler;
    std::unique_ptr<TestHost> m_host;
};

void TestLiveQueryLife::init()
{
    m_scheduler = std::make_unique<ManualScheduler>();
    m_host = std::make_unique<TestHost>(*m_scheduler);
    m_host->open();
}

void TestLiveQueryLife::cleanup()
{
    m_host.reset();
    m_scheduler.reset();
}

void TestLiveQueryLife::storeClosedAndReopened()
{
    QTemporaryDir dir;
    m_host->close();
    m_host->open(dir.filePath(u"a.sqlite"_s));
    fill(200);
    LiveQuery query(m_host.get());
    QAbstractItemModelTester tester(&query, Mode::QtTest);
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    QCOMPARE(query.count(), 200);
    Q_UNUSED(query.get(199))            // and while a page is on the way
    query.setLimit(150);
    m_scheduler->runOne();
    m_host->close();
    QCOMPARE(query.count(), 0);
    QVERIFY(!query.isReady());
    QVERIFY(!query.error().isError());
    m_host->open(dir.filePath(u"a.sqlite"_s));
    m_scheduler->runAll();
    QCOMPARE(query.count(), 150);
    QVERIFY(query.isReady());
}

void TestLiveQueryLife::storeSetLaterOrTakenAway()
{
    fill(3);
    LiveQuery query;
    QAbstractItemModelTester tester(&query, Mode::QtTest);
    query.setType(u"StockCount"_s);
    QCOMPARE(query.roleNames(), (QHash<int, QByteArray>()));
    query.setStore(m_host.get());
    m_scheduler->runAll();
    QCOMPARE(query.count(), 3);
    query.setStore(nullptr);
    QCOMPARE(query.count(), 0);
    fill(5);
    QCOMPARE(query.count(), 0);
    query.setStore(m_host.get());
    query.setStore(nullptr);
    query.setStore(m_host.get());
    m_scheduler->runAll();
    QCOMPARE(query.count(), 5);
}

void TestLiveQueryLife::hostDestroyedFirst()
{
    fill(3);
    LiveQuery query(m_host.get());
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    QSignalSpy changed(&query, &LiveQuery::storeChanged);
    m_host.reset();
    QCOMPARE(query.count(), 0);
    QCOMPARE(query.store(), nullptr);
    QCOMPARE(changed.count(), 1);
    query.setSort({u"quantity"_s});
}

void TestLiveQueryLife::destroyedInASlot_data()
{
    QTest::addColumn<QByteArray>("signal");
    for (const char *signal : {"rowsInserted(QModelIndex,int,int)", "rowsRemoved(QModelIndex,int,int)", "countChanged()",
                               "rowsMoved(QModelIndex,int,int,QModelIndex,int)", "dataChanged(QModelIndex,QModelIndex,QList<int>)",
                               "modelReset()", "readyChanged()"})
        QTest::newRow(signal) << QByteArray(signal);
}

class Destroyer : public QObject
{
    Q_OBJECT

public Q_SLOTS:
    void strike()
    {
        victim.reset();
        ++strikes;
    }

public:
    std::unique_ptr<LiveQuery> victim;
    int strikes = 0;
};

void TestLiveQueryLife::destroyedInASlot()
{
    QFETCH(QByteArray, signal);
    fill(10);
    Destroyer destroyer;
    destroyer.victim = std::make_unique<LiveQuery>(m_host.get());
    destroyer.victim->setType(u"StockCount"_s);
    destroyer.victim->setSort({u"quantity"_s});
    const auto aim = [&] { QVERIFY(connect(destroyer.victim.get(), QByteArray("2" + signal).constData(), &destroyer, SLOT(strike()))); };
    if (signal == "modelReset()" || signal == "readyChanged()") {
        aim();
        m_scheduler->runAll();
    } else {
        m_scheduler->runAll();
        aim();
        m_host->commit([](WriteTransaction &t) {
            removeRecord(t, u"StockCount"_s, countId(3));
            removeRecord(t, u"StockCount"_s, countId(5));
            saveRecord(t, u"StockCount"_s, countId(1), {{u"quantity"_s, 100}});
            saveRecord(t, u"StockCount"_s, countId(2), {{u"bin"_s, u"b"_s}});
            saveRecord(t, u"StockCount"_s, countId(50), {{u"sku"_s, u"n"_s}, {u"quantity"_s, 2}});
            saveRecord(t, u"StockCount"_s, countId(51), {{u"sku"_s, u"n"_s}, {u"quantity"_s, 200}});
            saveRecord(t, u"StockCount"_s, countId(52), {{u"sku"_s, u"n"_s}, {u"quantity"_s, 201}});
        });
    }
    QCOMPARE(destroyer.strikes, 1);
    fill(12);
}

void TestLiveQueryLife::propertiesSetInASlot()
{
    fill(10);
    LiveQuery query(m_host.get());
    QAbstractItemModelTester tester(&query, Mode::QtTest);
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    connect(&query, &QAbstractItemModel::rowsRemoved, &query, [&query] {
        query.setLimit(2);
        query.setSort({u"-quantity"_s});
    });
    m_host->commit([](WriteTransaction &t) {
        removeRecord(t, u"StockCount"_s, countId(3));
        removeRecord(t, u"StockCount"_s, countId(5));
    });
    QCOMPARE(keysOf(query), (QStringList{countId(9), countId(8)}));
    connect(&query, &LiveQuery::countChanged, &query, [&query] { query.setStore(nullptr); });
    m_host->commit([](WriteTransaction &t) {
        for (int i = 0; i < 10; ++i)
            removeRecord(t, u"StockCount"_s, countId(i));
    });
    QCOMPARE(query.count(), 0);
}

void TestLiveQueryLife::storeClosedInASlot()
{
    fill(10);
    LiveQuery first(m_host.get());
    LiveQuery second(m_host.get());
    for (LiveQuery *query : {&first, &second})
        query->setType(u"StockCount"_s);
    m_scheduler->runAll();
    const auto close = [this] { m_host->close(); };
    connect(&first, &QAbstractItemModel::rowsRemoved, m_host.get(), close);
    m_host->commit([](WriteTransaction &t) {
        removeRecord(t, u"StockCount"_s, countId(3));
        removeRecord(t, u"StockCount"_s, countId(5));
    });
    QCOMPARE(first.count(), 0);
    QCOMPARE(second.count(), 0);
}

void TestLiveQueryLife::queriesMadeAndDestroyedWhileChangesArrive()
{
    fill(10);
    std::vector<std::unique_ptr<LiveQuery>> queries;
    const auto add = [&] {
        queries.push_back(std::make_unique<LiveQuery>(m_host.get()));
        queries.back()->setType(u"StockCount"_s);
        return queries.back().get();
    };
    for (int i = 0; i < 5; ++i)
        add();
    m_scheduler->runAll();
    connect(queries[2].get(), &QAbstractItemModel::rowsRemoved, this, [&] {
        queries[4].reset();
        queries[1].reset();
        add();
    });
    m_host->commit([](WriteTransaction &t) { removeRecord(t, u"StockCount"_s, countId(3)); });
    QCOMPARE(queries.size(), 6U);
    for (const auto &query : queries)
        QCOMPARE(query ? query->count() : 9, 9);
}

void TestLiveQueryLife::largeCommitsComeInSlices()
{
    LiveQuery query(m_host.get());
    QAbstractItemModelTester tester(&query, Mode::QtTest);
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    ModelMirror mirror(&query);
    fill(5000);
    QCOMPARE(query.count(), 5000);
    QVERIFY(mirror.signalCount > 10);
    QVERIFY(mirror.signalCount < 200);
    mirror.compareWithModel();
}

QTEST_GUILESS_MAIN(TestLiveQueryLife)
#include "tst_livequerylife.moc"
