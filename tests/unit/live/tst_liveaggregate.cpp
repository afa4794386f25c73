// SPDX-License-Identifier: MIT
#include "client/live/liveaggregate.h"

#include "livefixture.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QSignalSpy>

using namespace Tideline;
using namespace Qt::StringLiterals;

class TestLiveAggregate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void ofNothing_data();
    void ofNothing();
    void errors_data();
    void errors();
    void extremesLeaveAndCome();
    void doublesDoNotDrift();
    void storeClosedAndReopened();
    void destroyedInASlot();
    void randomAgainstTheStore_data();
    void randomAgainstTheStore();

private:
    void save(int number, const Fields &fields)
    {
        m_host->commit([&](WriteTransaction &t) {
            Fields all = fields;
            all.insert(u"sku"_s, u"s"_s);
            if (!all.contains(u"quantity"_s))
                all.insert(u"quantity"_s, 0);
            saveRecord(t, u"StockCount"_s, u"c%1"_s.arg(number), all);
        });
    }

    std::unique_ptr<ManualScheduler> m_scheduler;
    std::unique_ptr<TestHost> m_host;
};

void TestLiveAggregate::init()
{
    m_scheduler = std::make_unique<ManualScheduler>();
    m_host = std::make_unique<TestHost>(*m_scheduler);
    m_host->open();
}

void TestLiveAggregate::cleanup()
{
    m_host.reset();
    m_scheduler.reset();
}

void TestLiveAggregate::ofNothing_data()
{
    QTest::addColumn<LiveAggregate::Kind>("kind");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QVariant>("value");
    const QVariant null = QVariant::fromValue(nullptr);
    QTest::newRow("count") << LiveAggregate::Count << QString() << QVariant(qint64(0));
    QTest::newRow("sum of integers") << LiveAggregate::Sum << u"quantity"_s << QVariant(qint64(0));
    QTest::newRow("sum of doubles") << LiveAggregate::Sum << u"weight"_s << QVariant(0.0);
    QTest::newRow("min") << LiveAggregate::Min << u"bin"_s << null;
    QTest::newRow("max") << LiveAggregate::Max << u"quantity"_s << null;
    QTest::newRow("avg") << LiveAggregate::Avg << u"quantity"_s << null;
}

void TestLiveAggregate::ofNothing()
{
    QFETCH(LiveAggregate::Kind, kind);
    QFETCH(QString, field);
    QFETCH(QVariant, value);
    LiveAggregate aggregate;
    aggregate.setStore(m_host.get());
    aggregate.setType(u"StockCount"_s);
    aggregate.setKind(kind);
    aggregate.setField(field);
    QVERIFY(!aggregate.isReady());
    QVERIFY(!aggregate.value().isValid());
    m_scheduler->runAll();
    QVERIFY(aggregate.isReady());
    QCOMPARE(aggregate.value(), value);
}

void TestLiveAggregate::errors_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<LiveAggregate::Kind>("kind");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QVariant>("where");
    QTest::addColumn<Error::Code>("code");
    QTest::newRow("no such type") << u"X"_s << LiveAggregate::Count << QString() << QVariant() << Error::Code::UnknownModel;
    QTest::newRow("no such field") << u"StockCount"_s << LiveAggregate::Sum << u"x"_s << QVariant() << Error::Code::UnknownField;
    QTest::newRow("no field") << u"StockCount"_s << LiveAggregate::Sum << QString() << QVariant() << Error::Code::UnknownField;
    QTest::newRow("sum of text") << u"StockCount"_s << LiveAggregate::Sum << u"bin"_s << QVariant() << Error::Code::InvalidArgument;
    QTest::newRow("max of a list") << u"StockCount"_s << LiveAggregate::Max << u"tags"_s << QVariant() << Error::Code::InvalidArgument;
    QTest::newRow("bad where") << u"StockCount"_s << LiveAggregate::Count << QString() << QVariant(7) << Error::Code::InvalidArgument;
}

void TestLiveAggregate::errors()
{
    QFETCH(QString, type);
    QFETCH(LiveAggregate::Kind, kind);
    QFETCH(QString, field);
    QFETCH(QVariant, where);
    QFETCH(Error::Code, code);
    LiveAggregate aggregate;
    aggregate.setStore(m_host.get());
    aggregate.setType(type);
    aggregate.setKind(kind);
    aggregate.setField(field);
    aggregate.setWhere(where);
    m_scheduler->runAll();
    QCOMPARE(aggregate.error().code(), code);
    QVERIFY(!aggregate.isReady());
    QCOMPARE(m_host->errors.size(), 1);
    aggregate.setType(u"StockCount"_s);
    aggregate.setKind(LiveAggregate::Count);
    aggregate.setField({});
    aggregate.setWhere({});
    m_scheduler->runAll();
    QVERIFY(!aggregate.error().isError());
    QCOMPARE(aggregate.value().toInt(), 0);
}

void TestLiveAggregate::extremesLeaveAndCome()
{
    LiveAggregate least;
    least.setStore(m_host.get());
    least.setType(u"StockCount"_s);
    least.setKind(LiveAggregate::Min);
    least.setField(u"bin"_s);
    for (int i = 0; i < 4; ++i)
        save(i, {{u"bin"_s, u"b%1"_s.arg(i)}});
    QCOMPARE(least.value().toString(), u"b0"_s);
    QSignalSpy changed(&least, &LiveAggregate::valueChanged);
    save(0, {{u"bin"_s, Value()}});
    QCOMPARE(least.value().toString(), u"b1"_s);
    save(2, {{u"bin"_s, u"a"_s}});
    QCOMPARE(least.value().toString(), u"a"_s);
    save(3, {{u"bin"_s, u"z"_s}});
    QCOMPARE(changed.count(), 2);
    m_host->commit([](WriteTransaction &t) {
        for (int i = 0; i < 4; ++i)
            removeRecord(t, u"StockCount"_s, u"c%1"_s.arg(i));
    });
    QVERIFY(least.value().isNull());
}

void TestLiveAggregate::doublesDoNotDrift()
{
    LiveAggregate sum;
    sum.setStore(m_host.get());
    sum.setType(u"StockCount"_s);
    sum.setKind(LiveAggregate::Sum);
    sum.setField(u"weight"_s);
    m_scheduler->runAll();
    for (int i = 0; i < 50; ++i)
        save(i, {{u"weight"_s, 0.1 * i}});
    save(50, {{u"weight"_s, 1e15}});
    for (int i = 1; i < 51; ++i)
        save(i, {{u"weight"_s, Value()}});
    save(0, {{u"weight"_s, 0.25}});
    QCOMPARE(sum.value(), QVariant(0.25));
}

void TestLiveAggregate::storeClosedAndReopened()
{
    LiveAggregate count;
    count.setStore(m_host.get());
    count.setType(u"StockCount"_s);
    save(1, {});
    QCOMPARE(count.value().toInt(), 1);
    m_host->close();
    QVERIFY(!count.isReady());
    QVERIFY(!count.value().isValid());
    m_host->open();
    m_scheduler->runAll();
    QCOMPARE(count.value().toInt(), 0);
    m_host.reset();
    QCOMPARE(count.store(), nullptr);
}

void TestLiveAggregate::destroyedInASlot()
{
    auto count = std::make_unique<LiveAggregate>();
    count->setStore(m_host.get());
    count->setType(u"StockCount"_s);
    m_scheduler->runAll();
    connect(count.get(), &LiveAggregate::valueChanged, this, [&count] { count.reset(); });
    save(1, {});
    QVERIFY(!count);
}

void TestLiveAggregate::randomAgainstTheStore_data()
{
    QTest::addColumn<LiveAggregate::Kind>("kind");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QVariantMap>("where");
    const QVariantMap small{{u"quantity"_s, QVariantMap{{u"lt"_s, 6}}}};
    const QVariantMap named{{u"product"_s, QVariantMap{{u"name"_s, QVariantMap{{u"eq"_s, u"n1"_s}}}}}};
    for (const QVariantMap &where : {QVariantMap(), small, named}) {
        const QByteArray of = where.isEmpty() ? " of all" : where == small ? " of few" : " through a relation";
        QTest::newRow(QByteArray("count" + of).constData()) << LiveAggregate::Count << QString() << where;
        QTest::newRow(QByteArray("count of values" + of).constData()) << LiveAggregate::Count << u"bin"_s << where;
        QTest::newRow(QByteArray("sum" + of).constData()) << LiveAggregate::Sum << u"quantity"_s << where;
        QTest::newRow(QByteArray("sum of doubles" + of).constData()) << LiveAggregate::Sum << u"weight"_s << where;
        QTest::newRow(QByteArray("avg" + of).constData()) << LiveAggregate::Avg << u"weight"_s << where;
        QTest::newRow(QByteArray("min" + of).constData()) << LiveAggregate::Min << u"bin"_s << where;
        QTest::newRow(QByteArray("max" + of).constData()) << LiveAggregate::Max << u"weight"_s << where;
    }
}

void TestLiveAggregate::randomAgainstTheStore()
{
    QFETCH(LiveAggregate::Kind, kind);
    QFETCH(QString, field);
    QFETCH(QVariantMap, where);
    QRandomGenerator random(7);
    LiveAggregate aggregate;
    aggregate.setStore(m_host.get());
    aggregate.setType(u"StockCount"_s);
    aggregate.setKind(kind);
    aggregate.setField(field);
    aggregate.setWhere(where);
    const Query query{.model = liveSchema().model(u"StockCount"_s), .where = *Predicate::fromVariant(where), .sort = {}};
    for (int round = 0; round < 150; ++round) {
        for (int writes = random.bounded(3); writes >= 0; --writes) {
            m_host->write([&random](WriteTransaction &t) {
                for (int i = random.bounded(4); i >= 0; --i) {
                    const QString id = u"c%1"_s.arg(random.bounded(12));
                    if (random.bounded(8) == 0) {
                        saveRecord(t, u"Product"_s, u"p%1"_s.arg(random.bounded(3)), {{u"name"_s, u"n%1"_s.arg(random.bounded(3))}});
                    } else if (random.bounded(4) == 0) {
                        removeRecord(t, u"StockCount"_s, id);
                    } else {
                        saveRecord(t, u"StockCount"_s, id,
                                   {{u"sku"_s, u"s"_s}, {u"quantity"_s, random.bounded(10)},
                                    {u"weight"_s, random.bounded(3) ? Value(random.bounded(100) / 7.0) : Value()},
                                    {u"bin"_s, random.bounded(3) ? Value(u"b%1"_s.arg(random.bounded(9))) : Value()},
                                    {u"productID"_s, reference(t, u"Product"_s, u"p%1"_s.arg(random.bounded(3)))}});
                    }
                }
            });
            for (int tasks = random.bounded(4); tasks > 0; --tasks)
                m_scheduler->runOne();
        }
        m_scheduler->runAll();
        const auto expected = m_host->read<Value>(
            [&](ReadTransaction &t) { return t.aggregate(query, Aggregate(kind), field); });
        if (expected.kind() == Value::Kind::Double)
            QVERIFY(qAbs(aggregate.value().toDouble() - expected.toDouble()) < 1e-9);
        else
            QCOMPARE(aggregate.value(), expected.toVariant());
    }
}

QTEST_GUILESS_MAIN(TestLiveAggregate)
#include "tst_liveaggregate.moc"
