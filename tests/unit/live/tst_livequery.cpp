// SPDX-License-Identifier: MIT
#include "client/live/livequery.h"

#include "livefixture.h"
#include "modelmirror.h"

#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>

using namespace Tideline;
using namespace Qt::StringLiterals;

using Mode = QAbstractItemModelTester::FailureReportingMode;

class TestLiveQuery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void showsTheRowsThatMatchInOrder();
    void firstPageComesBeforeTheRest();
    void changesDuringTheFirstReadAreNotLost();
    void insertMoveRemoveAndChange();
    void neverResetsOnAChange();
    void stateChangesTouchOnlyTheirRoles();
    void changedFieldsTouchOnlyTheirRoles();
    void severalPropertiesCauseOneRead();
    void newPropertiesKeepTheOldRowsUntilTheNewCome();
    void whereOnABoolean();
    void limitLetsTheNextOneIn();
    void limitZeroAndNegative();
    void rolesOfAModelType();
    void fieldsHideOtherRoles();
    void valuesAreWhatTheStoreHolds();
    void getRecordAndIndexOf();
    void indexOfWithCompositeKey();
    void errors_data();
    void errors();
    void errorGoesWithTheNextSuccess();
    void longResultsAreWindowed();
    void rowsAskedForWhileTheyChange();
    void scrollingAsksForEachPageOnce();

private:
    void fill(int count) { fillCounts(*m_host, count); }

    std::unique_ptr<ManualScheduler> m_scheduler;
    std::unique_ptr<TestHost> m_host;
};

void TestLiveQuery::init()
{
    m_scheduler = std::make_unique<ManualScheduler>();
    m_host = std::make_unique<TestHost>(*m_scheduler);
    m_host->open();
}

void TestLiveQuery::cleanup()
{
    m_host.reset();
    m_scheduler.reset();
}

void TestLiveQuery::showsTheRowsThatMatchInOrder()
{
    fill(10);
    LiveQuery query(m_host.get());
    QAbstractItemModelTester tester(&query, Mode::QtTest);
    QSignalSpy ready(&query, &LiveQuery::readyChanged);
    query.setType(u"StockCount"_s);
    query.setWhere(QVariantMap{{u"quantity"_s, QVariantMap{{u"ge"_s, 6}}}});
    query.setSort({u"-quantity"_s});
    QVERIFY(!query.isReady());
    m_scheduler->runAll();
    QVERIFY(query.isReady());
    QCOMPARE(ready.count(), 1);
    QCOMPARE(query.count(), 4);
    QCOMPARE(keysOf(query), (QStringList{countId(9), countId(8), countId(7), countId(6)}));
    QVERIFY(!query.error().isError());
}

void TestLiveQuery::firstPageComesBeforeTheRest()
{
    fill(500);
    LiveQuery query(m_host.get());
    QAbstractItemModelTester tester(&query, Mode::QtTest);
    query.setType(u"StockCount"_s);
    while (!query.isReady())
        QVERIFY(m_scheduler->runOne());
    QCOMPARE(query.count(), 64);
    QVERIFY(query.record(63));
    QSignalSpy inserted(&query, &QAbstractItemModel::rowsInserted);
    m_scheduler->runAll();
    QCOMPARE(query.count(), 500);
    QCOMPARE(inserted.count(), 1);
}

void TestLiveQuery::changesDuringTheFirstReadAreNotLost()
{
    fill(300);
    // a commit before each task of the opening, in turn
    for (int step = 0; step < 8; ++step) {
        LiveQuery query(m_host.get());
        QAbstractItemModelTester tester(&query, Mode::QtTest);
        ModelMirror mirror(&query);
        query.setType(u"StockCount"_s);
        for (int i = 0; i < step; ++i)
            m_scheduler->runOne();
        m_host->write([step](WriteTransaction &transaction) {
            removeRecord(transaction, u"StockCount"_s, countId(step));
            saveRecord(transaction, u"StockCount"_s, countId(299), {{u"quantity"_s, 1000 + step}});
            saveRecord(transaction, u"StockCount"_s, countId(1000 + step), {{u"sku"_s, u"new"_s}, {u"quantity"_s, 0}});
        });
        m_scheduler->runAll();
        QCOMPARE(query.count(), 300);
        QCOMPARE(query.indexOf(countId(step)), -1);
        QCOMPARE(query.indexOf(countId(1000 + step)), 299);
        const int changed = query.indexOf(countId(299));
        Q_UNUSED(query.get(changed))
        m_scheduler->runAll();
        QCOMPARE(query.get(changed).toMap().value(u"quantity"_s).toInt(), 1000 + step);
        mirror.compareWithModel();
    }
}

void TestLiveQuery::insertMoveRemoveAndChange()
{
    fill(5);
    LiveQuery query(m_host.get());
    QAbstractItemModelTester tester(&query, Mode::QtTest);
    query.setType(u"StockCount"_s);
    query.setSort({u"quantity"_s});
    query.setWhere(QVariantMap{{u"quantity"_s, QVariantMap{{u"lt"_s, 100}}}});
    m_scheduler->runAll();
    QSignalSpy inserted(&query, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&query, &QAbstractItemModel::rowsRemoved);
    QSignalSpy moved(&query, &QAbstractItemModel::rowsMoved);
    QSignalSpy changed(&query, &QAbstractItemModel::dataChanged);
    QSignalSpy count(&query, &LiveQuery::countChanged);
    const auto save = [this](int number, int quantity) {
        m_host->commit([=](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, countId(number), {{u"sku"_s, u"s"_s}, {u"quantity"_s, quantity}}); });
    };
    save(20, 2);
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(inserted.takeFirst().at(1).toInt(), 3);
    save(0, 50);
    QCOMPARE(moved.count(), 1);
    QCOMPARE(changed.count(), 1);
    save(1, 100);
    QCOMPARE(removed.count(), 1);
    save(1, 101);
    save(40, 500);
    m_host->commit([](WriteTransaction &t) { removeRecord(t, u"StockCount"_s, countId(2)); });
    QCOMPARE(removed.count(), 2);
    QCOMPARE(inserted.count(), 0);
    QCOMPARE(keysOf(query), (QStringList{countId(20), countId(3), countId(4), countId(0)}));
    QCOMPARE(count.count(), 3);
}

void TestLiveQuery::neverResetsOnAChange()
{
    fill(20);
    LiveQuery query(m_host.get());
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    QSignalSpy reset(&query, &QAbstractItemModel::modelReset);
    m_host->commit([](WriteTransaction &t) {
        for (int i = 0; i < 20; ++i)
            removeRecord(t, u"StockCount"_s, countId(i));
    });
    fill(30);
    QCOMPARE(reset.count(), 0);
    QCOMPARE(query.count(), 30);
}

void TestLiveQuery::stateChangesTouchOnlyTheirRoles()
{
    fill(3);
    LiveQuery query(m_host.get());
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    ModelMirror mirror(&query);
    m_host->commit([](WriteTransaction &t) { markRecord(t, u"StockCount"_s, countId(1), SyncState::Synced, 7); });
    QCOMPARE(mirror.signalCount, 1);
    QSet<QByteArray> names;
    for (const int role : mirror.changedRoles.value(0))
        names.insert(query.roleNames().value(role));
    QCOMPARE(names, (QSet<QByteArray>{"syncState", "version", "record"}));
    QCOMPARE(mirror.rows[1].value(u"syncState"_s).toInt(), int(SyncState::Synced));
    QCOMPARE(mirror.rows[1].value(u"version"_s).toLongLong(), 7);
}

void TestLiveQuery::changedFieldsTouchOnlyTheirRoles()
{
    fill(3);
    LiveQuery query(m_host.get());
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    ModelMirror mirror(&query);
    m_host->commit([](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, countId(1), {{u"bin"_s, u"A-17"_s}}); });
    QCOMPARE(mirror.changedRoles.size(), 1);
    QSet<QByteArray> names;
    for (const int role : mirror.changedRoles.first())
        names.insert(query.roleNames().value(role));
    names.remove("updatedAt");
    QCOMPARE(names, (QSet<QByteArray>{"bin", "record"}));
}

void TestLiveQuery::severalPropertiesCauseOneRead()
{
    fill(10);
    LiveQuery query;
    query.setType(u"StockCount"_s);
    query.setStore(m_host.get());
    m_scheduler->runAll();
    QSignalSpy reset(&query, &QAbstractItemModel::modelReset);
    QSignalSpy ready(&query, &LiveQuery::readyChanged);
    query.setSort({u"-quantity"_s});
    query.setLimit(3);
    query.setWhere(QVariantMap{{u"quantity"_s, QVariantMap{{u"lt"_s, 8}}}});
    query.setInclude({u"product.name"_s});
    query.setInclude({});
    query.setSort({u"-quantity"_s});
    m_scheduler->runAll();
    QCOMPARE(reset.count(), 1);
    QCOMPARE(ready.count(), 2);
    QCOMPARE(keysOf(query), (QStringList{countId(7), countId(6), countId(5)}));
}

void TestLiveQuery::newPropertiesKeepTheOldRowsUntilTheNewCome()
{
    fill(10);
    LiveQuery query(m_host.get());
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    query.setLimit(2);
    m_scheduler->runOne();
    QCOMPARE(query.count(), 10);
    QVERIFY(!query.isReady());
    m_host->write([](WriteTransaction &t) { removeRecord(t, u"StockCount"_s, countId(0)); });
    m_scheduler->runAll();
    Q_UNUSED(keysOf(query))             // asks for the one that came in
    m_scheduler->runAll();
    QCOMPARE(keysOf(query), (QStringList{countId(1), countId(2)}));
}

void TestLiveQuery::whereOnABoolean()
{
    fill(4);
    const auto check = [this](int number, const Value &checked) {
        m_host->commit([=](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, countId(number), {{u"checked"_s, checked}}); });
    };
    check(0, true);
    check(1, false);
    LiveQuery isTrue(m_host.get());
    LiveQuery isNotTrue(m_host.get());
    for (auto [query, op] : {std::pair(&isTrue, u"eq"_s), std::pair(&isNotTrue, u"ne"_s)}) {
        query->setType(u"StockCount"_s);
        query->setWhere(QVariantMap{{u"checked"_s, QVariantMap{{op, true}}}});
    }
    m_scheduler->runAll();
    QCOMPARE(keysOf(isTrue), QStringList{countId(0)});
    QCOMPARE(keysOf(isNotTrue), (QStringList{countId(1), countId(2), countId(3)}));
    check(0, false);
    check(1, true);
    check(2, true);
    check(2, Value());
    QCOMPARE(keysOf(isTrue), QStringList{countId(1)});
    QCOMPARE(keysOf(isNotTrue), (QStringList{countId(0), countId(2), countId(3)}));
}

void TestLiveQuery::limitLetsTheNextOneIn()
{
    fill(100);
    LiveQuery query(m_host.get());
    QAbstractItemModelTester tester(&query, Mode::QtTest);
    ModelMirror mirror(&query);
    query.setType(u"StockCount"_s);
    query.setSort({u"quantity"_s});
    query.setLimit(3);
    m_scheduler->runAll();
    QCOMPARE(query.count(), 3);
    m_host->commit([](WriteTransaction &t) { removeRecord(t, u"StockCount"_s, countId(1)); });
    QCOMPARE(keysOf(query), (QStringList{countId(0), countId(2), countId(3)}));
    m_host->commit([](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, countId(50), {{u"quantity"_s, -1}}); });
    QCOMPARE(keysOf(query), (QStringList{countId(50), countId(0), countId(2)}));
    m_host->commit([](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, countId(50), {{u"quantity"_s, 50}}); });
    QCOMPARE(keysOf(query), (QStringList{countId(0), countId(2), countId(3)}));
    QCOMPARE(mirror.resets, 1);
    mirror.compareWithModel();
}

void TestLiveQuery::limitZeroAndNegative()
{
    fill(3);
    LiveQuery query(m_host.get());
    query.setType(u"StockCount"_s);
    query.setLimit(0);
    m_scheduler->runAll();
    QCOMPARE(query.count(), 0);
    QVERIFY(query.isReady());
    fill(5);
    QCOMPARE(query.count(), 0);
    query.setLimit(-7);
    QCOMPARE(query.limit(), -1);
    m_scheduler->runAll();
    QCOMPARE(query.count(), 5);
}

void TestLiveQuery::rolesOfAModelType()
{
    LiveQuery query(m_host.get());
    query.setType(u"StockCount"_s);
    query.setSort({u"product.supplier.city"_s});
    query.setInclude({u"product"_s, u"product.name"_s});
    const QList<QByteArray> names = query.roleNames().values();      // before any row is read
    const QSet<QByteArray> set(names.begin(), names.end());
    for (const char *name : {"id", "sku", "quantity", "createdAt", "productID", "key", "syncState", "version", "record", "product",
                             "productName", "productSupplierCity"})
        QVERIFY2(set.contains(name), name);
}

void TestLiveQuery::fieldsHideOtherRoles()
{
    m_host->commit([](WriteTransaction &t) {
        Record shelf(liveSchema().model(u"Shelf"_s));
        setFields(shelf, {{u"room"_s, u"north"_s}, {u"number"_s, 4}, {u"key"_s, u"brass"_s}, {u"version"_s, 77}});
        QVERIFY(t.put(shelf).ok());
    });
    LiveQuery query(m_host.get());
    query.setType(u"Shelf"_s);
    m_scheduler->runAll();
    QCOMPARE(query.roleNames().values().count("key"), 1);
    QCOMPARE(query.get(0).toMap().value(u"key"_s).toString(), u"brass"_s);
    QCOMPARE(query.get(0).toMap().value(u"version"_s).toInt(), 77);
    QCOMPARE(query.record(0).key(), u"[\"north\",4]"_s);
}

void TestLiveQuery::valuesAreWhatTheStoreHolds()
{
    m_host->commit([](WriteTransaction &t) {
        const Value size(Value::Object{{u"width"_s, 3}, {u"depth"_s, nullptr}});
        saveRecord(t, u"StockCount"_s, u"a"_s,
                   {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}, {u"weight"_s, 1.5}, {u"checked"_s, true}, {u"size"_s, size},
                    {u"tags"_s, Value(Value::List{Value(u"p"_s), Value(u"q"_s)})}});
    });
    LiveQuery query(m_host.get());
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    const QVariantMap row = query.get(0).toMap();
    QCOMPARE(row.value(u"quantity"_s), QVariant(qint64(5)));
    QCOMPARE(row.value(u"weight"_s), QVariant(1.5));
    QCOMPARE(row.value(u"checked"_s), QVariant(true));
    QCOMPARE(row.value(u"tags"_s).toList(), (QVariantList{u"p"_s, u"q"_s}));
    QCOMPARE(row.value(u"size"_s).toMap().value(u"width"_s).toInt(), 3);
    QVERIFY(row.value(u"bin"_s).isNull());
    QCOMPARE(row.value(u"createdAt"_s).metaType(), row.value(u"updatedAt"_s).metaType());
    QCOMPARE(row.value(u"syncState"_s).metaType(), QMetaType::fromType<int>());
}

void TestLiveQuery::getRecordAndIndexOf()
{
    fill(300);
    LiveQuery query(m_host.get());
    query.setType(u"StockCount"_s);
    query.setSort({u"-quantity"_s});
    m_scheduler->runAll();
    QCOMPARE(query.get(-1).toMap(), QVariantMap());
    QCOMPARE(query.get(300).toMap(), QVariantMap());
    QVERIFY(!query.record(300));
    QCOMPARE(query.record(0).key(), countId(299));
    QCOMPARE(query.indexOf(countId(299)), 0);
    QCOMPARE(query.indexOf(countId(10)), 289);       // its values are not loaded
    QCOMPARE(query.indexOf(u"id"_s), -1);
    QCOMPARE(query.indexOf(QString()), -1);
    query.setLimit(5);
    m_scheduler->runAll();
    QCOMPARE(query.indexOf(countId(295)), 4);
    QCOMPARE(query.indexOf(countId(294)), -1);       // behind the limit
    query.setSort({});
    query.setLimit(-1);
    m_scheduler->runAll();
    QCOMPARE(query.indexOf(countId(250)), 250);
}

void TestLiveQuery::indexOfWithCompositeKey()
{
    m_host->commit([](WriteTransaction &t) {
        for (int i = 0; i < 4; ++i) {
            Record shelf(liveSchema().model(u"Shelf"_s));
            setFields(shelf, {{u"room"_s, i % 2 ? u"north"_s : u"south"_s}, {u"number"_s, i}});
            QVERIFY(t.put(shelf).ok());
        }
    });
    LiveQuery query(m_host.get());
    query.setType(u"Shelf"_s);
    for (const QStringList &sort : {QStringList(), QStringList{u"-number"_s}, QStringList{u"-room"_s, u"version"_s}}) {
        query.setSort(sort);
        m_scheduler->runAll();
        QCOMPARE(query.record(query.indexOf(u"[\"south\",2]"_s)).value(u"number").toInteger(), 2);
        QCOMPARE(query.indexOf(u"[\"south\",3]"_s), -1);
        QCOMPARE(query.indexOf(u"nonsense"_s), -1);
    }
}

void TestLiveQuery::errors_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QVariant>("where");
    QTest::addColumn<QStringList>("sort");
    QTest::addColumn<QStringList>("include");
    QTest::addColumn<Error::Code>("code");
    const QVariant none;
    QTest::newRow("no such type") << u"Stock"_s << none << QStringList() << QStringList() << Error::Code::UnknownModel;
    QTest::newRow("no such field in where") << u"StockCount"_s << QVariant(QVariantMap{{u"size2"_s, QVariantMap{{u"eq"_s, 1}}}})
                                            << QStringList() << QStringList() << Error::Code::UnknownField;
    QTest::newRow("no such operator") << u"StockCount"_s << QVariant(QVariantMap{{u"quantity"_s, QVariantMap{{u"like"_s, 1}}}})
                                      << QStringList() << QStringList() << Error::Code::InvalidArgument;
    QTest::newRow("where is a number") << u"StockCount"_s << QVariant(5) << QStringList() << QStringList() << Error::Code::InvalidArgument;
    QTest::newRow("no such field in sort") << u"StockCount"_s << none << QStringList{u"-nope"_s} << QStringList() << Error::Code::UnknownField;
    QTest::newRow("sort through many") << u"Product"_s << none << QStringList{u"counts.sku"_s} << QStringList() << Error::Code::InvalidArgument;
    QTest::newRow("no such relation in include") << u"StockCount"_s << none << QStringList() << QStringList{u"produkt.name"_s}
                                                 << Error::Code::UnknownField;
    QTest::newRow("include goes on behind a field") << u"StockCount"_s << none << QStringList() << QStringList{u"product.name.first"_s}
                                                    << Error::Code::UnknownField;
    QTest::newRow("role named like a field") << u"Product"_s << none << QStringList() << QStringList{u"supplier.city"_s}
                                             << Error::Code::InvalidArgument;
}

void TestLiveQuery::errors()
{
    QFETCH(QString, type);
    QFETCH(QVariant, where);
    QFETCH(QStringList, sort);
    QFETCH(QStringList, include);
    QFETCH(Error::Code, code);
    fill(3);
    LiveQuery query(m_host.get());
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    QCOMPARE(query.count(), 3);
    QSignalSpy changed(&query, &LiveQuery::errorChanged);
    query.setType(type);
    query.setWhere(where);
    query.setSort(sort);
    query.setInclude(include);
    m_scheduler->runAll();
    QCOMPARE(query.error().code(), code);
    QVERIFY(!query.error().message().isEmpty());
    QCOMPARE(changed.count(), 1);
    QCOMPARE(query.count(), 0);
    QVERIFY(!query.isReady());
    QCOMPARE(m_host->errors.size(), 1);
    QCOMPARE(m_host->errors.first(), query.error());
}

void TestLiveQuery::errorGoesWithTheNextSuccess()
{
    fill(3);
    LiveQuery query(m_host.get());
    query.setType(u"Nothing"_s);
    m_scheduler->runAll();
    QVERIFY(query.error().isError());
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    QVERIFY(!query.error().isError());
    QCOMPARE(query.count(), 3);
    query.setType(QString());
    m_scheduler->runAll();
    QVERIFY(!query.error().isError());
    QCOMPARE(query.count(), 0);
}

void TestLiveQuery::longResultsAreWindowed()
{
    fill(3000);
    LiveQuery query(m_host.get());
    QAbstractItemModelTester tester(&query, Mode::QtTest);
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    QCOMPARE(query.count(), 3000);
    QVERIFY(!query.record(2000));
    QSignalSpy changed(&query, &QAbstractItemModel::dataChanged);
    m_scheduler->runAll();
    QVERIFY(query.record(2000));
    QCOMPARE(query.record(2000).key(), countId(2000));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(changed.first().at(0).toModelIndex().row(), 1984);
    QCOMPARE(changed.first().at(1).toModelIndex().row(), 2047);
}

void TestLiveQuery::rowsAskedForWhileTheyChange()
{
    fill(1000);
    LiveQuery query(m_host.get());
    QAbstractItemModelTester tester(&query, Mode::QtTest);
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    for (int step = 0; step < 6; ++step) {
        const int row = 200 + step * 64;
        ModelMirror mirror(&query);                     // asks for all that is not there
        for (int i = 0; i < step; ++i)
            m_scheduler->runOne();
        m_host->write([row](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, countId(row), {{u"quantity"_s, 100'000 + row}}); });
        m_host->write([row](WriteTransaction &t) { removeRecord(t, u"StockCount"_s, countId(row + 1)); });
        m_scheduler->runAll();
        QCOMPARE(query.get(query.indexOf(countId(row))).toMap().value(u"quantity"_s).toInt(), 100'000 + row);
        mirror.compareWithModel();
        query.setLimit(10'000 + step);                  // forget all values
        m_scheduler->runAll();
    }
}

void TestLiveQuery::scrollingAsksForEachPageOnce()
{
    fill(1000);
    LiveQuery query(m_host.get());
    query.setType(u"StockCount"_s);
    m_scheduler->runAll();
    QSignalSpy changed(&query, &QAbstractItemModel::dataChanged);
    for (int i = 128; i < 256; ++i) {
        for (const int role : query.roleNames().keys())
            Q_UNUSED(query.data(query.index(i), role))
    }
    m_scheduler->runAll();
    QCOMPARE(changed.count(), 2);
}

QTEST_GUILESS_MAIN(TestLiveQuery)
#include "tst_livequery.moc"
