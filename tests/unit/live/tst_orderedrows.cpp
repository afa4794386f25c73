// SPDX-License-Identifier: MIT
#include "client/live/orderedrows_p.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QtTest>

#include <map>

using namespace Tideline;
using namespace Qt::StringLiterals;

// A key like those of a sort by name: a number with leading zeros, then the row's own id.
static QByteArray keyOf(int number)
{
    return QByteArray::number(number).rightJustified(9, '0') + "-0f8fad5b-d9cb-469f-a165-70867728950e";
}

class TestOrderedRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyHasNothing();
    void appendKeepsOrder();
    void insertOfAPresentKeyTakesTheNewRowId();
    void replaceKeepsThePlace();
    void keysMayBeEmptyOrContainZeroBytes();
    void hugeKeysSplitEarly();
    void randomAgainstMap_data();
    void randomAgainstMap();
    void removedRangesCrossChunks();
    void movedFromKeepsNothing();
    void hundredThousandRowsStayBelowTwelveMegabytes_data();
    void hundredThousandRowsStayBelowTwelveMegabytes();
};

void TestOrderedRows::emptyHasNothing()
{
    OrderedRows rows(OrderedRows::Lookup::ByRowId);
    QCOMPARE(rows.size(), 0);
    QCOMPARE(rows.find("a"), -1);
    QCOMPARE(rows.lowerBound("a"), 0);
    QCOMPARE(rows.findRowId(1), -1);
    QVERIFY(rows.isConsistent());
}

void TestOrderedRows::appendKeepsOrder()
{
    OrderedRows rows;
    for (int i = 0; i < 5000; ++i)
        rows.append(i + 1, keyOf(i * 2));
    QVERIFY(rows.isConsistent());
    QCOMPARE(rows.size(), 5000);
    for (int i = 0; i < 5000; ++i) {
        QCOMPARE(rows.at(i).rowId, qint64(i + 1));
        QCOMPARE(rows.find(keyOf(i * 2)), i);
        QCOMPARE(rows.find(keyOf(i * 2 + 1)), -1);
        QCOMPARE(rows.lowerBound(keyOf(i * 2 + 1)), i + 1);
    }
}

void TestOrderedRows::insertOfAPresentKeyTakesTheNewRowId()
{
    OrderedRows rows(OrderedRows::Lookup::ByRowId);
    QCOMPARE(rows.insert(1, "a"), 0);
    QCOMPARE(rows.insert(2, "a"), 0);
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows.at(0).rowId, 2);
    QCOMPARE(rows.findRowId(1), -1);
    QCOMPARE(rows.findRowId(2), 0);
}

void TestOrderedRows::replaceKeepsThePlace()
{
    OrderedRows rows(OrderedRows::Lookup::ByRowId);
    for (int i = 0; i < 1000; ++i)
        rows.append(i + 1, keyOf(i));
    for (int round = 0; round < 20; ++round) {
        for (int i = 0; i < 1000; ++i)
            rows.replace(i, 5000 + i, keyOf(i) + QByteArray(round, 'x'));
    }
    QVERIFY(rows.isConsistent());
    QCOMPARE(rows.findRowId(1), -1);
    QCOMPARE(rows.findRowId(5999), 999);
    QVERIFY(rows.memory() < 1000 * 200);        // what went is not kept for long
}

void TestOrderedRows::keysMayBeEmptyOrContainZeroBytes()
{
    OrderedRows rows;
    const QByteArray zero("\0", 1);
    rows.insert(3, zero + zero);
    rows.insert(1, QByteArray());
    rows.insert(2, zero);
    QVERIFY(rows.isConsistent());
    QCOMPARE(rows.find(QByteArray()), 0);
    QCOMPARE(rows.find(zero), 1);
    QCOMPARE(rows.find(zero + zero), 2);
}

void TestOrderedRows::hugeKeysSplitEarly()
{
    OrderedRows rows;
    for (int i = 0; i < 20; ++i)
        rows.insert(i + 1, keyOf((i * 7) % 20) + QByteArray(300'000, 'x'));
    QVERIFY(rows.isConsistent());
    QCOMPARE(rows.size(), 20);
    QCOMPARE(rows.find(keyOf(13) + QByteArray(300'000, 'x')), 13);
}

void TestOrderedRows::randomAgainstMap_data()
{
    QTest::addColumn<quint32>("seed");
    QTest::addColumn<int>("range");
    for (quint32 seed = 1; seed <= 6; ++seed)
        QTest::addRow("seed %u", seed) << seed << (seed % 2 ? 300 : 20'000);
}

void TestOrderedRows::randomAgainstMap()
{
    QFETCH(quint32, seed);
    QFETCH(int, range);
    QRandomGenerator random(seed);
    OrderedRows rows(OrderedRows::Lookup::ByRowId);
    std::map<QByteArray, qint64> expected;
    qint64 nextRowId = 1;
    for (int step = 0; step < 20'000; ++step) {
        const QByteArray key = keyOf(random.bounded(range));
        const bool growing = (step / 5000) % 2 == 0;
        if (random.bounded(10) < (growing ? 7 : 2)) {
            const int position = rows.insert(nextRowId, key);
            expected[key] = nextRowId++;
            QCOMPARE(rows.at(position).key, QByteArrayView(key));
        } else if (rows.size() > 0) {
            const int first = random.bounded(rows.size());
            const int count = random.bounded(std::min(rows.size() - first, random.bounded(50) ? 3 : 700)) + 1;
            auto from = expected.find(rows.at(first).key.toByteArray());
            const auto to = std::next(from, std::min(count, rows.size() - first));
            rows.remove(first, std::min(count, rows.size() - first));
            expected.erase(from, to);
        }
        QCOMPARE(rows.size(), int(expected.size()));
    }
    QVERIFY(rows.isConsistent());
    int position = 0;
    for (const auto &[key, rowId] : expected) {
        QCOMPARE(rows.at(position).rowId, rowId);
        QCOMPARE(rows.find(key), position);
        QCOMPARE(rows.findRowId(rowId), position);
        ++position;
    }
}

void TestOrderedRows::removedRangesCrossChunks()
{
    OrderedRows rows(OrderedRows::Lookup::ByRowId);
    for (int i = 0; i < 3000; ++i)
        rows.append(i + 1, keyOf(i));
    rows.remove(10, 2980);
    QVERIFY(rows.isConsistent());
    QCOMPARE(rows.size(), 20);
    QCOMPARE(rows.at(10).rowId, 2991);
    rows.remove(0, 20);
    QCOMPARE(rows.size(), 0);
    QVERIFY(rows.isConsistent());
    QCOMPARE(rows.insert(1, "a"), 0);
}

void TestOrderedRows::movedFromKeepsNothing()
{
    OrderedRows rows(OrderedRows::Lookup::ByRowId);
    rows.append(1, "a");
    OrderedRows other = std::move(rows);
    QCOMPARE(other.size(), 1);
    QCOMPARE(other.findRowId(1), 0);
    rows = OrderedRows();
    QCOMPARE(rows.size(), 0);
    QVERIFY(rows.isConsistent());
}

void TestOrderedRows::hundredThousandRowsStayBelowTwelveMegabytes_data()
{
    QTest::addColumn<bool>("byRowId");
    QTest::addColumn<qsizetype>("bound");
    QTest::newRow("by key") << false << qsizetype(8'000'000);
    QTest::newRow("by row number too") << true << qsizetype(12'000'000);
}

void TestOrderedRows::hundredThousandRowsStayBelowTwelveMegabytes()
{
    QFETCH(bool, byRowId);
    QFETCH(qsizetype, bound);
    OrderedRows rows(byRowId ? OrderedRows::Lookup::ByRowId : OrderedRows::Lookup::ByKey);
    for (int i = 0; i < 100'000; ++i)
        rows.append(i + 1, keyOf(i * 3));
    for (int i = 0; i < 1000; ++i)
        rows.insert(200'000 + i, keyOf(i * 300 + 1));
    qInfo("%lld bytes", static_cast<long long>(rows.memory()));
    QVERIFY(rows.memory() < bound);
}

QTEST_APPLESS_MAIN(TestOrderedRows)
#include "tst_orderedrows.moc"
