// SPDX-License-Identifier: MIT
#include "client/live/livequery.h"

#include "livefixture.h"
#include "modelmirror.h"

#include <QtCore/QRandomGenerator>
#include <QtTest/QAbstractItemModelTester>

using namespace Tideline;
using namespace Qt::StringLiterals;

struct Shape
{
    QVariantMap where;
    QStringList sort;
    int limit = -1;
    QStringList include = {};
};

/*
    Random transactions; after each the model equals a fresh query of the store, and a mirror that knows only the
    model's signals equals the model.
*/
class TestLiveQueryRandom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eachCommit_data() { shapes(); }
    void eachCommit();
    void interleaved_data() { shapes(); }
    void interleaved();

private:
    void shapes();
    void change(WriteTransaction &transaction);
    void changeCount(WriteTransaction &transaction);
    void compare(LiveQuery &query, ModelMirror &mirror, const Shape &shape);
    [[nodiscard]] int bounded(int limit) { return m_random.bounded(limit); }

    QRandomGenerator m_random;
    std::unique_ptr<ManualScheduler> m_scheduler;
    std::unique_ptr<TestHost> m_host;
    int m_counts = 150;         // how many different keys there are
};

void TestLiveQueryRandom::shapes()
{
    QTest::addColumn<Shape>("shape");
    QTest::addColumn<quint32>("seed");
    const auto is = [](const QString &op, const QVariant &value) { return QVariantMap{{op, value}}; };
    const QVariantMap few{{u"quantity"_s, is(u"lt"_s, 5)}};
    const QVariantMap inBin{{u"bin"_s, is(u"eq"_s, u"b1"_s)}};
    const QVariantMap either{{u"or"_s, QVariantList{few, inBin}}};
    const QVariantMap dear{{u"product"_s, QVariantMap{{u"price"_s, is(u"gt"_s, 3)}}}};
    const QVariantMap inTown{{u"product"_s, QVariantMap{{u"supplier"_s, QVariantMap{{u"city"_s, is(u"eq"_s, u"c1"_s)}}}}}};
    const std::pair<const char *, Shape> all[] = {
        {"all", {}},
        {"sorted", {{}, {u"quantity"_s, u"-bin"_s}}},
        {"descending text", {{}, {u"-bin"_s, u"-id"_s}}},
        {"condition", {few, {u"-quantity"_s}}},
        {"either", {either, {u"weight"_s}}},
        {"limit 1", {{}, {u"-quantity"_s}, 1}},
        {"limit 10", {inBin, {u"quantity"_s}, 10}},
        {"limit 70", {{}, {u"quantity"_s}, 70}},
        {"condition through a relation", {dear, {u"quantity"_s}}},
        {"sorted through a relation", {{}, {u"product.name"_s, u"-quantity"_s}}},
        {"two steps", {inTown, {u"-product.supplier.city"_s}, -1, {u"product"_s}}},
        {"included only", {few, {u"quantity"_s}, 20, {u"product.name"_s, u"product.supplier.city"_s}}},
        {"everything through relations", {dear, {u"product.name"_s}, 25, {u"product.counts.quantity"_s}}},
    };
    for (const auto &[name, shape] : all) {
        for (quint32 seed = 1; seed <= 3; ++seed)
            QTest::addRow("%s, seed %u", name, seed) << shape << seed;
    }
}

void TestLiveQueryRandom::changeCount(WriteTransaction &t)
{
    const QString id = u"c%1"_s.arg(bounded(m_counts), 4, 10, QChar(u'0'));
    const Result<Record> present = t.find(liveSchema().model(u"StockCount"_s), id);
    if (!*present) {
        saveRecord(t, u"StockCount"_s, id,
                   {{u"sku"_s, u"s"_s}, {u"quantity"_s, bounded(10)}, {u"bin"_s, bounded(3) ? Value(u"b%1"_s.arg(bounded(4))) : Value()},
                    {u"productID"_s, bounded(4) ? reference(t, u"Product"_s, u"p%1"_s.arg(bounded(6))) : Value()}});
        return;
    }
    switch (bounded(6)) {
    case 0: removeRecord(t, u"StockCount"_s, id); break;
    case 1: saveRecord(t, u"StockCount"_s, id, {{u"quantity"_s, bounded(10)}}); break;
    case 2: saveRecord(t, u"StockCount"_s, id, {{u"bin"_s, bounded(3) ? Value(u"b%1"_s.arg(bounded(4))) : Value()}}); break;
    case 3: saveRecord(t, u"StockCount"_s, id, {{u"weight"_s, bounded(100) / 8.0}, {u"sku"_s, u"s%1"_s.arg(bounded(1000))}}); break;
    case 4: saveRecord(t, u"StockCount"_s, id, {{u"productID"_s, reference(t, u"Product"_s, u"p%1"_s.arg(bounded(6)))}}); break;
    default: markRecord(t, u"StockCount"_s, id, SyncState(bounded(5)), bounded(100));
    }
}

void TestLiveQueryRandom::change(WriteTransaction &t)
{
    const QString product = u"p%1"_s.arg(bounded(6));
    const QString supplier = u"s%1"_s.arg(bounded(3));
    switch (bounded(14)) {
    case 0:
    case 1:
        saveRecord(t, u"Product"_s, product, {{u"name"_s, u"n%1"_s.arg(bounded(8))}});
        break;
    case 2:
        saveRecord(t, u"Product"_s, product,
                   {{u"name"_s, u"n%1"_s.arg(bounded(8))}, {u"price"_s, double(bounded(7))}, {u"supplierID"_s, reference(t, u"Supplier"_s, supplier)}});
        break;
    case 3:
        saveRecord(t, u"Supplier"_s, supplier, {{u"city"_s, u"c%1"_s.arg(bounded(3))}});
        break;
    case 4:
        if (bounded(6) == 0)
            removeRecord(t, u"Product"_s, product);
        break;
    default:
        changeCount(t);
    }
}

static QVariant included(const Record &record, const QStringList &names, ReadTransaction &t)
{
    if (const int field = record.model()->fieldIndex(names.first()); field >= 0)
        return record.value(field).toVariant();
    const Relation *relation = record.model()->relation(names.first());
    QVariantList list;
    for (const Record &next : *t.related(record, *relation)) {
        if (names.size() > 1) {
            list.append(included(next, names.mid(1), t));
            continue;
        }
        QVariantMap map;
        for (const SchemaField &field : next.model()->fields)
            map.insert(field.name, next.value(field.name).toVariant());
        list.append(map);
    }
    if (relation->kind == Relation::Kind::HasMany)
        return list;
    return list.isEmpty() ? Value().toVariant() : list.first();
}

struct Expected
{
    QList<Record> records;
    QList<QVariantMap> included;
};

void TestLiveQueryRandom::compare(LiveQuery &query, ModelMirror &mirror, const Shape &shape)
{
    const Query fresh{.model = liveSchema().model(u"StockCount"_s), .where = *Predicate::fromVariant(shape.where),
                      .sort = *sortKeysFromStrings(shape.sort), .limit = shape.limit};
    const auto expected = m_host->read<Expected>([&](ReadTransaction &t) -> Result<Expected> {
        Expected rows;
        rows.records = *t.query(fresh);
        for (const Record &record : std::as_const(rows.records)) {
            QVariantMap values;
            for (const QString &path : shape.include)
                values.insert(path, included(record, path.split(u'.'), t));
            rows.included.append(values);
        }
        return rows;
    });
    QCOMPARE(query.count(), int(expected.records.size()));
    for (int i = 0; i < query.count(); ++i)
        Q_UNUSED(query.get(i))
    m_scheduler->runAll();
    for (int i = 0; i < query.count(); ++i) {
        const Record &record = expected.records[i];
        const QVariantMap row = query.get(i).toMap();
        QCOMPARE(row.value(u"key"_s).toString(), record.key());
        QCOMPARE(row.value(u"syncState"_s).toInt(), int(record.state()));
        QCOMPARE(row.value(u"version"_s).toLongLong(), record.metadata().version);
        for (const SchemaField &field : record.model()->fields)
            QCOMPARE(row.value(field.name), record.value(field.name).toVariant());
        for (const QString &path : shape.include) {
            QString role;
            for (const QString &part : path.split(u'.'))
                role += role.isEmpty() ? part : part.at(0).toUpper() + part.mid(1);
            QCOMPARE(row.value(role), expected.included[i].value(path));
        }
    }
    mirror.compareWithModel();
}

void TestLiveQueryRandom::eachCommit()
{
    QFETCH(Shape, shape);
    QFETCH(quint32, seed);
    m_random.seed(seed);
    m_host.reset();
    m_scheduler = std::make_unique<ManualScheduler>();
    m_host = std::make_unique<TestHost>(*m_scheduler);
    m_host->open();
    m_counts = seed == 1 ? 400 : 100;
    m_host->commit([this](WriteTransaction &t) {
        for (int i = 0; i < 2 * m_counts; ++i)
            change(t);
    });
    LiveQuery query(m_host.get());
    QAbstractItemModelTester tester(&query, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ModelMirror mirror(&query);
    query.setType(u"StockCount"_s);
    query.setWhere(shape.where);
    query.setSort(shape.sort);
    query.setLimit(shape.limit);
    query.setInclude(shape.include);
    m_scheduler->runAll();
    for (int round = 0; round < 60; ++round) {
        const int count = bounded(5) ? 1 + bounded(4) : 1 + bounded(60);
        m_host->commit([this, count](WriteTransaction &t) {
            for (int i = 0; i < count; ++i)
                change(t);
        });
        compare(query, mirror, shape);
        if (QTest::currentTestFailed())
            return;
    }
    QCOMPARE(mirror.resets, 1);
    QVERIFY(m_host->errors.isEmpty());
}

void TestLiveQueryRandom::interleaved()
{
    QFETCH(Shape, shape);
    QFETCH(quint32, seed);
    m_random.seed(seed + 1000);
    m_host.reset();
    m_scheduler = std::make_unique<ManualScheduler>();
    m_host = std::make_unique<TestHost>(*m_scheduler);
    m_host->open();
    m_counts = 400;
    LiveQuery query(m_host.get());
    QAbstractItemModelTester tester(&query, QAbstractItemModelTester::FailureReportingMode::QtTest);
    ModelMirror mirror(&query);
    for (int round = 0; round < 12; ++round) {
        query.setType(u"StockCount"_s);
        query.setWhere(shape.where);
        query.setSort(shape.sort);
        query.setInclude(shape.include);
        query.setLimit(round % 2 ? -1 : shape.limit);       // a new read in the middle of it all
        for (int i = 0; i < 40; ++i) {
            const int count = bounded(8) ? 1 + bounded(4) : 1 + bounded(60);
            m_host->write([this, count](WriteTransaction &t) {
                for (int k = 0; k < count; ++k)
                    change(t);
            });
            for (int k = bounded(6); k > 0; --k)
                m_scheduler->runOne();
            if (query.count() > 0)
                Q_UNUSED(query.get(bounded(query.count())))
        }
        m_scheduler->runAll();
        Shape current = shape;
        current.limit = query.limit();
        compare(query, mirror, current);
        if (QTest::currentTestFailed())
            return;
    }
    QVERIFY(m_host->errors.isEmpty());
}

QTEST_GUILESS_MAIN(TestLiveQueryRandom)
#include "tst_livequery_random.moc"
