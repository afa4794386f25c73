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
    void fill(int count);
    [[nodiscard]] static QString id(int number) { return u"id%1"_s.arg(number, 5, 10, QChar(u'0')); }
    [[nodiscard]] static QStringList keys(const LiveQuery &query);

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

void TestLiveQuery::fill(int count)
{
    m_host->commit([count](WriteTransaction &transaction) {
        for (int i = 0; i < count; ++i)
            saveRecord(transaction, u"StockCount"_s, id(i), {{u"sku"_s, u"sku%1"_s.arg(i)}, {u"quantity"_s, i}});
    });
}

QStringList TestLiveQuery::keys(const LiveQuery &query)
{
    QStringList keys;
    for (int i = 0; i < query.rowCount(); ++i)
        keys.append(query.get(i).value(u"key"_s).toString());
    return keys;
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
    QCOMPARE(keys(query), (QStringList{id(9), id(8), id(7), id(6)}));
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
            removeRecord(transaction, u"StockCount"_s, id(step));
            saveRecord(transaction, u"StockCount"_s, id(299), {{u"quantity"_s, 1000 + step}});
            saveRecord(transaction, u"StockCount"_s, id(1000 + step), {{u"sku"_s, u"new"_s}, {u"quantity"_s, 0}});
        });
        m_scheduler->runAll();
        QCOMPARE(query.count(), 300);
        QCOMPARE(query.indexOf(id(step)), -1);
        QCOMPARE(query.indexOf(id(1000 + step)), 299);
        const int changed = query.indexOf(id(299));
        Q_UNUSED(query.get(changed))
        m_scheduler->runAll();
        QCOMPARE(query.get(changed).value(u"quantity"_s).toInt(), 1000 + step);
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
        m_host->commit([=](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, id(number), {{u"sku"_s, u"s"_s}, {u"quantity"_s, quantity}}); });
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
    m_host->commit([](WriteTransaction &t) { removeRecord(t, u"StockCount"_s, id(2)); });
    QCOMPARE(removed.count(), 2);
    QCOMPARE(inserted.count(), 0);
    QCOMPARE(keys(query), (QStringList{id(20), id(3), id(4), id(0)}));
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
            removeRecord(t, u"StockCount"_s, id(i));
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
    m_host->commit([](WriteTransaction &t) { markRecord(t, u"StockCount"_s, id(1), SyncState::Synced, 7); });
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
    m_host->commit([](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, id(1), {{u"bin"_s, u"A-17"_s}}); });
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
    QCOMPARE(keys(query), (QStringList{id(7), id(6), id(5)}));
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
    m_host->write([](WriteTransaction &t) { removeRecord(t, u"StockCount"_s, id(0)); });
    m_scheduler->runAll();
    QCOMPARE(keys(query), (QStringList{id(1), id(2)}));
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
    m_host->commit([](WriteTransaction &t) { removeRecord(t, u"StockCount"_s, id(1)); });
    QCOMPARE(keys(query), (QStringList{id(0), id(2), id(3)}));
    m_host->commit([](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, id(50), {{u"quantity"_s, -1}}); });
    QCOMPARE(keys(query), (QStringList{id(50), id(0), id(2)}));
    m_host->commit([](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, id(50), {{u"quantity"_s, 50}}); });
    QCOMPARE(keys(query), (QStringList{id(0), id(2), id(3)}));
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
    QCOMPARE(query.get(0).value(u"key"_s).toString(), u"brass"_s);
    QCOMPARE(query.get(0).value(u"version"_s).toInt(), 77);
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
    const QVariantMap row = query.get(0);
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
    QCOMPARE(query.get(-1), QVariantMap());
    QCOMPARE(query.get(300), QVariantMap());
    QVERIFY(!query.record(300));
    QCOMPARE(query.record(0).key(), id(299));
    QCOMPARE(query.indexOf(id(299)), 0);
    QCOMPARE(query.indexOf(id(10)), 289);       // its values are not loaded
    QCOMPARE(query.indexOf(u"id"_s), -1);
    QCOMPARE(query.indexOf(QString()), -1);
    query.setLimit(5);
    m_scheduler->runAll();
    QCOMPARE(query.indexOf(id(295)), 4);
    QCOMPARE(query.indexOf(id(294)), -1);       // behind the limit
    query.setSort({});
    query.setLimit(-1);
    m_scheduler->runAll();
    QCOMPARE(query.indexOf(id(250)), 250);
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
    QTest::newRow("role taken twice") << u"StockCount"_s << none << QStringList() << QStringList{u"product.name"_s, u"product.Name"_s}
                                      << Error::Code::UnknownField;
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
    QCOMPARE(query.record(2000).key(), id(2000));
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
        m_host->write([row](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, id(row), {{u"quantity"_s, 100'000 + row}}); });
        m_host->write([row](WriteTransaction &t) { removeRecord(t, u"StockCount"_s, id(row + 1)); });
        m_scheduler->runAll();
        QCOMPARE(query.get(query.indexOf(id(row))).value(u"quantity"_s).toInt(), 100'000 + row);
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

void TestLiveQuery::storeClosedAndReopened()
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

void TestLiveQuery::storeSetLaterOrTakenAway()
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

void TestLiveQuery::hostDestroyedFirst()
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

void TestLiveQuery::destroyedInASlot_data()
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

void TestLiveQuery::destroyedInASlot()
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
            removeRecord(t, u"StockCount"_s, id(3));
            removeRecord(t, u"StockCount"_s, id(5));
            saveRecord(t, u"StockCount"_s, id(1), {{u"quantity"_s, 100}});
            saveRecord(t, u"StockCount"_s, id(2), {{u"bin"_s, u"b"_s}});
            saveRecord(t, u"StockCount"_s, id(50), {{u"sku"_s, u"n"_s}, {u"quantity"_s, 2}});
            saveRecord(t, u"StockCount"_s, id(51), {{u"sku"_s, u"n"_s}, {u"quantity"_s, 200}});
            saveRecord(t, u"StockCount"_s, id(52), {{u"sku"_s, u"n"_s}, {u"quantity"_s, 201}});
        });
    }
    QCOMPARE(destroyer.strikes, 1);
    fill(12);
}

void TestLiveQuery::propertiesSetInASlot()
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
        removeRecord(t, u"StockCount"_s, id(3));
        removeRecord(t, u"StockCount"_s, id(5));
    });
    QCOMPARE(keys(query), (QStringList{id(9), id(8)}));
    connect(&query, &LiveQuery::countChanged, &query, [&query] { query.setStore(nullptr); });
    m_host->commit([](WriteTransaction &t) {
        for (int i = 0; i < 10; ++i)
            removeRecord(t, u"StockCount"_s, id(i));
    });
    QCOMPARE(query.count(), 0);
}

void TestLiveQuery::storeClosedInASlot()
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
        removeRecord(t, u"StockCount"_s, id(3));
        removeRecord(t, u"StockCount"_s, id(5));
    });
    QCOMPARE(first.count(), 0);
    QCOMPARE(second.count(), 0);
}

void TestLiveQuery::queriesMadeAndDestroyedWhileChangesArrive()
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
    m_host->commit([](WriteTransaction &t) { removeRecord(t, u"StockCount"_s, id(3)); });
    QCOMPARE(queries.size(), 6U);
    for (const auto &query : queries)
        QCOMPARE(query ? query->count() : 9, 9);
}

void TestLiveQuery::largeCommitsComeInSlices()
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

QTEST_GUILESS_MAIN(TestLiveQuery)
#include "tst_livequery.moc"
