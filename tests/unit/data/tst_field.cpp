// SPDX-License-Identifier: MIT
#include "core/data/field.h"

#include "shared/testschema.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace Tideline;
using Operator = Predicate::Operator;

class TestField : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void operators();
    void containsTakesAnElementOfAList();
    void sortKeys();
    void relations();
    void traitsReadBack();
    void tokensBind();
};

static constexpr Field<int> stock {u"stock", 3};
static constexpr Field<QString> name {u"name", 1};
static constexpr Field<QList<std::optional<QString>>> tags {u"tags", 17};
static constexpr Field<QList<int>> ratings {u"ratings", 18};
static constexpr RelationField maker {u"maker"};

void TestField::operators()
{
    const auto compare = [](Operator op, const QList<Value> &operands) { return Predicate::compare(u"stock"_s, op, operands); };
    QCOMPARE(stock == 5, compare(Operator::Eq, {5}));
    QCOMPARE(stock != 5, compare(Operator::Ne, {5}));
    QCOMPARE(stock < 5, compare(Operator::Lt, {5}));
    QCOMPARE(stock <= 5, compare(Operator::Le, {5}));
    QCOMPARE(stock > 5, compare(Operator::Gt, {5}));
    QCOMPARE(stock >= 5, compare(Operator::Ge, {5}));
    QCOMPARE(stock.between(1, 5), compare(Operator::Between, {1, 5}));
    QCOMPARE(stock.in({1, 5}), compare(Operator::In, {1, 5}));
    QCOMPARE(stock.notIn({}), compare(Operator::NotIn, {}));
    QCOMPARE(stock.isNull(), compare(Operator::Eq, {Value()}));
    QCOMPARE(stock.isNotNull(), compare(Operator::Ne, {Value()}));
    QCOMPARE(name.beginsWith(u"T"_s), Predicate::compare(u"name"_s, Operator::BeginsWith, {u"T"_s}));
    QCOMPARE(name.contains(u"T"_s), Predicate::compare(u"name"_s, Operator::Contains, {u"T"_s}));
}

void TestField::containsTakesAnElementOfAList()
{
    QCOMPARE(tags.contains(u"new"_s), Predicate::compare(u"tags"_s, Operator::Contains, {u"new"_s}));
    QCOMPARE(ratings.notContains(5), Predicate::compare(u"ratings"_s, Operator::NotContains, {5}));
}

void TestField::sortKeys()
{
    QCOMPARE(stock.ascending(), (SortKey {u"stock"_s, Qt::AscendingOrder}));
    QCOMPARE(stock.descending(), (SortKey {u"stock"_s, Qt::DescendingOrder}));
    QCOMPARE(maker(name.descending()), (SortKey {u"maker.name"_s, Qt::DescendingOrder}));
}

void TestField::relations()
{
    QCOMPARE(maker(name == u"Acme"_s), Predicate::related(u"maker"_s, name == u"Acme"_s));
}

template<typename T>
static bool readsBack(const T &value)
{
    return ValueTraits<T>::fromValue(ValueTraits<T>::toValue(value)) == value;
}

void TestField::traitsReadBack()
{
    QVERIFY(readsBack(u"ä"_s));
    QVERIFY(readsBack(true));
    QVERIFY(readsBack(-5));
    QVERIFY(readsBack(qint64(9007199254740993)));
    QVERIFY(readsBack(2.5));
    QVERIFY(readsBack(QDateTime(QDate(2024, 5, 31), QTime(1, 2, 3, 4), Qt::OffsetFromUTC, 3600)));
    QVERIFY(readsBack(QDate(2024, 5, 31)));
    QVERIFY(readsBack(QTime(1, 2, 3, 4)));
    QVERIFY(readsBack(QUrl(u"https://example.org/ä"_s)));
    QVERIFY(readsBack(std::optional<int>()));
    QVERIFY(readsBack(std::optional<int>(3)));
    QVERIFY(readsBack(QList<std::optional<QString>> {u"a"_s, std::nullopt}));
}

void TestField::tokensBind()
{
    const Predicate predicate = stock < 5 && (tags.contains(u"new"_s) || !maker(name == u"Acme"_s));
    QVERIFY(BoundPredicate::bind(TestSchema::schema(), TestSchema::model(u"Product"_s), predicate).ok());
}

QTEST_APPLESS_MAIN(TestField)
#include "tst_field.moc"
