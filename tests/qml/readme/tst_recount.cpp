// SPDX-License-Identifier: MIT
#include "recount.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;

// The C++ code that README.md prints.
class TestRecount : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theReadmesFunctionRuns();
};

template<typename Future>
static auto outcome(const Future &future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000))
        qFatal("A future stayed pending");
    return future.result();
}

static Result<Receipt> finished(QCoro::Task<Result<Receipt>> task)
{
    Result<Receipt> result(Tideline::Error(Tideline::Error::Code::Cancelled, u"pending"_s));
    bool done = false;
    task.then([&](const Result<Receipt> &receipt) {
        result = receipt;
        done = true;
    });
    if (!QTest::qWaitFor([&done] { return done; }, 10'000))
        qFatal("A task stayed pending");
    return result;
}

void TestRecount::theReadmesFunctionRuns()
{
    const QTemporaryDir folder;
    DataStore store;
    store.setSchema(Inventory::schema());
    const auto opened = store.open(folder.filePath(u"store.sqlite"_s));
    QVERIFY(outcome(store.save(Product::Fields{.barcode = u"4006"_s, .name = u"Tea"_s})).ok());
    QVERIFY(finished(recount(store, u"4006"_s, 3)).ok());
    QVERIFY(finished(recount(store, u"4006"_s, 5)).ok());
    const auto counts = outcome(store.query<StockCount>(StockCount::barcode == u"4006"_s, QueryOptions{}));
    QVERIFY(counts.ok());
    QCOMPARE(counts->size(), 1);
    QCOMPARE(counts->first().quantity(), 5);
    QVERIFY(!finished(recount(store, u"no such product"_s, 1)).ok());
    QVERIFY(opened.isFinished());
}

QTEST_GUILESS_MAIN(TestRecount)

#include "tst_recount.moc"
