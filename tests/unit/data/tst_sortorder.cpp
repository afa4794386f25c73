// SPDX-License-Identifier: MIT
#include "core/data/sortorder.h"

#include "shared/generators.h"
#include "shared/testschema.h"

#include <QtSql/QSqlDatabase>
#include <QtSql/QSqlError>
#include <QtSql/QSqlQuery>
#include <QtTest/QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace Tideline;

class TestSortOrder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stringsToKeys_data();
    void stringsToKeys();
    void stringsThatAreNoKeys();
    void primaryKeyIsAppended();
    void repeatedKeysAreLeftOut();
    void pathsGoThroughRelations();
    void refusedKeys_data();
    void refusedKeys();
    void bindNeedsAModel();
    void order_data();
    void order();
    void missingRelatedRecordIsNull();
    void encodingsHaveNoCommonPrefixTrap();
    void encodingOrdersLikeTheReference();
    void textOrdersLikeSqlite();
};

using Keys = QList<SortKey>;

void TestSortOrder::stringsToKeys_data()
{
    QTest::addColumn<QStringList>("strings");
    QTest::addColumn<Keys>("keys");
    QTest::newRow("nothing") << QStringList() << Keys();
    QTest::newRow("ascending") << QStringList {u"name"_s} << Keys {{u"name"_s}};
    QTest::newRow("descending") << QStringList {u"-countedAt"_s} << Keys {{u"countedAt"_s, Qt::DescendingOrder}};
    QTest::newRow("through a relation") << QStringList {u"product.name"_s, u"-product.maker.name"_s}
                                        << Keys {{u"product.name"_s}, {u"product.maker.name"_s, Qt::DescendingOrder}};
}

void TestSortOrder::stringsToKeys()
{
    QFETCH(QStringList, strings);
    QFETCH(Keys, keys);
    const Result<Keys> result = sortKeysFromStrings(strings);
    QVERIFY(result);
    QCOMPARE(*result, keys);
    QCOMPARE(sortKeysToStrings(keys), strings);
}

void TestSortOrder::stringsThatAreNoKeys()
{
    for (const QString &string : {u""_s, u"-"_s, u"+"_s, u"name desc"_s}) {
        const Result<Keys> result = sortKeysFromStrings({u"name"_s, string});
        QVERIFY(!result);
        QCOMPARE(result.error().code(), Error::Code::InvalidArgument);
        QVERIFY(result.error().message().startsWith(u"\"%1\" is no sort key"_s.arg(string)));
    }
    QCOMPARE(*sortKeysFromStrings({u"+name"_s}), (Keys {{u"name"_s}}));
}

static BoundSortOrder bound(const QString &model, const QStringList &keys)
{
    const Result<BoundSortOrder> order = BoundSortOrder::bind(TestSchema::schema(), TestSchema::model(model), sortKeysFromStrings(keys).value());
    if (!order)
        qFatal("%s", qPrintable(order.error().message()));
    return order.value();
}

static QStringList boundNames(const BoundSortOrder &order)
{
    QStringList names;
    for (const BoundSortOrder::Key &key : order.keys()) {
        QString name = key.order == Qt::DescendingOrder ? u"-"_s : QString();
        for (const Relation *relation : key.path)
            name += relation->name + u'.';
        names += name + key.model->fields[size_t(key.field)].name;
    }
    return names;
}

void TestSortOrder::primaryKeyIsAppended()
{
    QCOMPARE(boundNames(bound(u"StockCount"_s, {u"-quantity"_s})), (QStringList {u"-quantity"_s, u"sku"_s, u"bin"_s, u"round"_s}));
    QCOMPARE(boundNames(bound(u"Maker"_s, {})), QStringList {u"id"_s});
}

void TestSortOrder::repeatedKeysAreLeftOut()
{
    QCOMPARE(boundNames(bound(u"StockCount"_s, {u"-round"_s, u"bin"_s, u"round"_s})), (QStringList {u"-round"_s, u"bin"_s, u"sku"_s}));
    QCOMPARE(boundNames(bound(u"Maker"_s, {u"-id"_s})), QStringList {u"-id"_s});
}

void TestSortOrder::pathsGoThroughRelations()
{
    const BoundSortOrder order = bound(u"StockCount"_s, {u"product.maker.name"_s, u"product.id"_s});
    QVERIFY(order.usesRelations());
    QCOMPARE(boundNames(order), (QStringList {u"product.maker.name"_s, u"product.id"_s, u"sku"_s, u"bin"_s, u"round"_s}));
    QCOMPARE(order.keys()[0].model->name, u"Maker"_s);
    QVERIFY(!bound(u"StockCount"_s, {u"quantity"_s}).usesRelations());
}

void TestSortOrder::refusedKeys_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<Error::Code>("code");
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("message");
    QTest::newRow("unknown") << u"nam"_s << Error::Code::UnknownField << u"Product"_s << u"Product has no field \"nam\"; did you mean \"name\"?"_s;
    QTest::newRow("unknown of related") << u"maker.contry"_s << Error::Code::UnknownField << u"Maker"_s
                                        << u"Maker has no field \"contry\"; did you mean \"country\"?"_s;
    QTest::newRow("list") << u"tags"_s << Error::Code::InvalidArgument << u"Product"_s
                          << u"Cannot sort by \"tags\": Product.tags is a list, which has no order; sort by a field of a scalar or an enum"_s;
    QTest::newRow("embedded") << u"size"_s << Error::Code::InvalidArgument << u"Product"_s
                              << u"Cannot sort by \"size\": Product.size is an embedded Size, which has no order; sort by a field of a scalar or an enum"_s;
    QTest::newRow("into an embedded type") << u"size.width"_s << Error::Code::InvalidArgument << u"Product"_s
                                           << u"Product.size is a field of type Size, not a relation; give it an operator such as eq, and no fields of its own"_s;
    QTest::newRow("hasMany") << u"counts.round"_s << Error::Code::InvalidArgument << u"Product"_s
                             << u"Cannot sort by \"counts.round\": Product.counts leads to many records; a sort key goes through belongsTo and hasOne only"_s;
    QTest::newRow("a relation itself") << u"maker"_s << Error::Code::InvalidArgument << u"Product"_s
                                       << u"Product.maker is a relation, which has no value of its own; name a field of Maker, as in \"maker.id\""_s;
}

void TestSortOrder::refusedKeys()
{
    QFETCH(QString, path);
    QFETCH(Error::Code, code);
    QFETCH(QString, model);
    QFETCH(QString, message);
    const Result<BoundSortOrder> order = BoundSortOrder::bind(TestSchema::schema(), TestSchema::model(u"Product"_s), {{path}});
    QVERIFY(!order);
    QCOMPARE(order.error().message(), message);
    QCOMPARE(order.error().code(), code);
    QCOMPARE(order.error().model(), model);
    QVERIFY(!order.error().field().isEmpty());
}

void TestSortOrder::bindNeedsAModel()
{
    QCOMPARE(BoundSortOrder::bind(TestSchema::schema(), nullptr, {}).error().code(), Error::Code::InvalidArgument);
}

void TestSortOrder::order_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QList<Value>>("ascending");
    using Values = QList<Value>;
    QTest::newRow("text") << u"name"_s
                          << Values {Value(), u""_s, QString(QChar(0)), QString(QChar(0)) + u"a"_s, QString(QChar(1)), u"A"_s, u"a"_s, u"a"_s + QChar(0),
                                     u"a"_s + QChar(0) + u"b"_s, u"aa"_s, u"b"_s, u"ä"_s, QString(QChar(0xd7ff)), QString(QChar(0xe000)),
                                     QString(QChar(0xffff)), QString::fromUcs4(U"\U00010000"), u"😀"_s, QString::fromUcs4(U"\U0010FFFF")};
    QTest::newRow("Int") << u"stock"_s << Values {Value(), qint64(-2147483648LL), -256, -255, -1, 0, 1, 255, 256, qint64(2147483647)};
    QTest::newRow("AWSTimestamp") << u"countedAt"_s
                                  << Values {Value(), std::numeric_limits<qint64>::min(), -1, 0, qint64(9007199254740992), qint64(9007199254740993),
                                             std::numeric_limits<qint64>::max()};
    QTest::newRow("Float") << u"price"_s << Values {Value(), -1e300, -2.5, -2.0, -5e-324, 0.0, 5e-324, 0.1, 2.0, 1e300};
    QTest::newRow("Boolean") << u"discontinued"_s << Values {Value(), false, true};
    QTest::newRow("date") << u"introducedOn"_s << Values {Value(), u"1999-12-31"_s, u"2024-05-31"_s, u"2024-06-01"_s};
    QTest::newRow("time") << u"opensAt"_s << Values {Value(), u"00:00"_s, u"08:30"_s, u"08:30:01"_s, u"12:00"_s};
    QTest::newRow("date and time") << u"changedAt"_s << Values {Value(), u"1999-12-31T23:59:59.999Z"_s, u"2024-05-31T08:00:00.000Z"_s, u"2024-05-31T08:00:00.001Z"_s};
    QTest::newRow("enum, as text") << u"unit"_s << Values {Value(), u"Litre"_s, u"kilogram"_s, u"piece"_s};
}

void TestSortOrder::order()
{
    QFETCH(QString, field);
    QFETCH(QList<Value>, ascending);
    const auto model = TestSchema::model(u"Product"_s);
    const BoundSortOrder up = bound(u"Product"_s, {field});
    const BoundSortOrder down = bound(u"Product"_s, {u"-"_s + field});
    for (qsizetype i = 0; i < ascending.size(); ++i) {
        for (qsizetype j = 0; j < ascending.size(); ++j) {
            Record a(model), b(model);
            a.setValue(model->fieldIndex(field), ascending[i]);
            b.setValue(model->fieldIndex(field), ascending[j]);
            QCOMPARE(up.encode(a) < up.encode(b), i < j);
            QCOMPARE(down.encode(a) < down.encode(b), i > j);
        }
    }
    const BoundSortOrder price = bound(u"Product"_s, {u"price"_s});
    QCOMPARE(price.encode({-0.0, u"k"_s}), price.encode({0.0, u"k"_s}));
    QCOMPARE(price.encode({Value(2), u"k"_s}), price.encode({Value(2.0), u"k"_s}));
}

void TestSortOrder::missingRelatedRecordIsNull()
{
    const auto makers = TestSchema::model(u"Maker"_s);
    const auto products = TestSchema::model(u"Product"_s);
    Record maker(makers), product(products);
    maker.setValue(makers->fieldIndex(u"name"), u"Acme"_s);
    product.setValue(products->fieldIndex(u"id"), u"p"_s);
    const BoundSortOrder order = bound(u"Product"_s, {u"maker.name"_s});
    const auto found = [&](const Record &, const Relation &) { return QList<Record> {maker}; };
    const auto missing = [&](const Record &, const Relation &) { return QList<Record>(); };
    QCOMPARE(order.encode(product, found), order.encode({u"Acme"_s, u"p"_s}));
    QCOMPARE(order.encode(product, missing), order.encode({Value(), u"p"_s}));
    QCOMPARE(bound(u"Product"_s, {}).encode(product, missing), bound(u"Product"_s, {}).encode(product));
    const BoundSortOrder deep = bound(u"StockCount"_s, {u"product.maker.name"_s});
    const Record count(TestSchema::model(u"StockCount"_s));
    QCOMPARE(deep.encode(count, missing), deep.encode({Value(), Value(), Value(), Value()}));
}

void TestSortOrder::encodingsHaveNoCommonPrefixTrap()
{
    // the end of one key must not be mistaken for the start of the next, in any mix of directions
    for (const QString &direction : {u""_s, u"-"_s}) {
        const BoundSortOrder order = bound(u"StockCount"_s, {direction + u"sku"_s, u"-bin"_s});
        const QByteArray shorter = order.encode({u"a"_s, u"z"_s, 1});
        const QByteArray longer = order.encode({u"a"_s + QChar(0), u"a"_s, 1});
        QCOMPARE(shorter < longer, direction.isEmpty());
    }
}

static int compareValues(const Value &a, const Value &b)
{
    if (a.isNull() || b.isNull())
        return int(b.isNull()) - int(a.isNull());
    return int(Generate::sortsBefore(b, a)) - int(Generate::sortsBefore(a, b));
}

static int sign(int n)
{
    return int(n > 0) - int(n < 0);
}

void TestSortOrder::encodingOrdersLikeTheReference()
{
    QVERIFY(rc::check("memcmp of encodings orders like the values", [] {
        const auto model = TestSchema::model(u"Product"_s);
        const Keys keys = *Generate::sortKeys(model);
        const BoundSortOrder order = BoundSortOrder::bind(TestSchema::schema(), model, keys).value();
        const Record a = *Generate::record(TestSchema::schema(), model);
        Record b = *Generate::record(TestSchema::schema(), model);
        for (const BoundSortOrder::Key &key : order.keys()) {
            if (*rc::gen::inRange(0, 2))       // so that later keys decide, too
                b.setValue(key.field, a.value(key.field));
        }
        int expected = 0;
        for (const BoundSortOrder::Key &key : order.keys()) {
            const int one = compareValues(a.value(key.field), b.value(key.field));
            if (expected == 0)
                expected = key.order == Qt::DescendingOrder ? -one : one;
        }
        const QByteArray x = order.encode(a), y = order.encode(b);
        RC_ASSERT(int(y < x) - int(x < y) == sign(expected));
    }));
}

void TestSortOrder::textOrdersLikeSqlite()
{
    QSqlDatabase db = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"textOrder"_s);
    db.setDatabaseName(u":memory:"_s);
    QVERIFY2(db.open(), qPrintable(db.lastError().text()));
    {
        QSqlQuery query(db);
        QVERIFY(query.exec(u"CREATE TABLE t (n INTEGER PRIMARY KEY, s TEXT)"_s));
        QVERIFY(query.prepare(u"INSERT INTO t (s) VALUES (?)"_s));
        std::vector<QString> texts;
        const auto collect = [&texts](const QString &text) { texts.push_back(text); };
        QVERIFY(rc::check("collect texts", collect));
        for (const QString &text : texts) {
            query.bindValue(0, text);
            QVERIFY(query.exec());
        }
        const BoundSortOrder order = bound(u"Maker"_s, {});
        QByteArray last;
        QVERIFY(query.exec(u"SELECT s FROM t ORDER BY s COLLATE BINARY"_s));
        while (query.next()) {
            const QByteArray encoded = order.encode({query.value(0).toString()});
            QVERIFY(last <= encoded);
            last = encoded;
        }
    }
    db = QSqlDatabase();
    QSqlDatabase::removeDatabase(u"textOrder"_s);
}

QTEST_GUILESS_MAIN(TestSortOrder)
#include "tst_sortorder.moc"
