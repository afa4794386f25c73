// SPDX-License-Identifier: MIT
#include "core/data/predicate.h"

#include "shared/generators.h"
#include "shared/testschema.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QUrl>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace Tideline;
using Operator = Predicate::Operator;
using Kind = Predicate::Kind;

class TestPredicate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void buildingBlocks();
    void groupsOfOneAndNone();
    void nestedGroupsAreFlattened();
    void operatorNames();
    void readsFilters_data();
    void readsFilters();
    void refusesFilters_data();
    void refusesFilters();
    void readsVariants();
    void refusesVariantsWithoutValue();
    void randomPredicatesReadBack();
    void anyJsonGivesAPredicateOrAnError();
};

using Values = QList<Value>;

static Predicate where(const char *json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    if (document.isNull())
        qFatal("No JSON: %s", json);
    const Result<Predicate> predicate = Predicate::fromJson(document.object());
    if (!predicate)
        qFatal("%s", qPrintable(predicate.error().message()));
    return predicate.value();
}

void TestPredicate::buildingBlocks()
{
    const Predicate compare = Predicate::compare(u"stock"_s, Operator::Lt, {5});
    QCOMPARE(compare.kind(), Kind::Compare);
    QCOMPARE(compare.field(), u"stock"_s);
    QCOMPARE(compare.op(), Operator::Lt);
    QCOMPARE(compare.operands(), Values {5});
    QVERIFY(compare.children().isEmpty());
    const Predicate other = Predicate::compare(u"name"_s, Operator::Eq, {u"Tea"_s});
    QCOMPARE((compare && other).kind(), Kind::And);
    QCOMPARE((compare && other).children(), (QList<Predicate> {compare, other}));
    QCOMPARE((compare || other).kind(), Kind::Or);
    QCOMPARE((!compare).kind(), Kind::Not);
    QCOMPARE((!compare).children(), QList<Predicate> {compare});
    const Predicate related = Predicate::related(u"maker"_s, other);
    QCOMPARE(related.kind(), Kind::Related);
    QCOMPARE(related.field(), u"maker"_s);
    QCOMPARE(related.children(), QList<Predicate> {other});
    QVERIFY(!(compare == other));
    QVERIFY(!((compare && other) == (compare || other)));
    QCOMPARE(QDebug::toString(compare), u"Predicate({\"stock\":{\"lt\":5}})"_s);
}

void TestPredicate::groupsOfOneAndNone()
{
    const Predicate compare = Predicate::compare(u"stock"_s, Operator::Lt, {5});
    QCOMPARE(Predicate().kind(), Kind::All);
    QCOMPARE(Predicate::allOf({}), Predicate::all());
    QCOMPARE(Predicate::anyOf({}), Predicate::all());
    QCOMPARE(Predicate::allOf({compare}), compare);
    QCOMPARE(Predicate::all() && compare, compare);
    QCOMPARE(Predicate::none() || compare, compare);
    QCOMPARE(Predicate::none() || Predicate::none(), Predicate::none());
    QCOMPARE(Predicate::anyOf({compare}), compare);
    QCOMPARE(!Predicate::all(), Predicate::none());
    QCOMPARE(!Predicate::none(), Predicate::all());
}

void TestPredicate::nestedGroupsAreFlattened()
{
    const Predicate a = where(R"({"stock": {"lt": 5}})"), b = where(R"({"name": {"eq": "b"}})"), c = where(R"({"price": {"gt": 1}})");
    QCOMPARE((a && b && c).children().size(), 3);
    QCOMPARE((a && (b && c)), (a && b) && c);
    QCOMPARE((a || b || c).children().size(), 3);
    QCOMPARE(((a || b) && c).children().size(), 2);
}

void TestPredicate::operatorNames()
{
    for (int op = 0; op <= int(Operator::AttributeExists); ++op)
        QCOMPARE(Predicate::operatorFromName(Predicate::operatorName(Operator(op))), Operator(op));
    QCOMPARE(Predicate::operatorName(Operator::NotContains), u"notContains"_s);
    QVERIFY(!Predicate::operatorFromName(u"EQ"));
    QVERIFY(!Predicate::operatorFromName(u""));
}

void TestPredicate::readsFilters_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<Predicate>("predicate");
    const Predicate gt = Predicate::compare(u"stock"_s, Operator::Gt, {3});
    const Predicate le = Predicate::compare(u"stock"_s, Operator::Le, {5});
    const Predicate name = Predicate::compare(u"name"_s, Operator::Eq, {u"Tea"_s});
    QTest::newRow("nothing asked") << QByteArray("{}") << Predicate::all();
    QTest::newRow("one comparison") << QByteArray(R"({"stock": {"gt": 3}})") << gt;
    QTest::newRow("two operators of a field") << QByteArray(R"({"stock": {"gt": 3, "le": 5}})") << (gt && le);
    QTest::newRow("two fields") << QByteArray(R"({"name": {"eq": "Tea"}, "stock": {"gt": 3}})") << (name && gt);
    QTest::newRow("and") << QByteArray(R"({"and": [{"stock": {"gt": 3}}, {"name": {"eq": "Tea"}}]})") << (gt && name);
    QTest::newRow("or") << QByteArray(R"({"or": [{"stock": {"gt": 3}}, {"name": {"eq": "Tea"}}]})") << (gt || name);
    QTest::newRow("not") << QByteArray(R"({"not": {"stock": {"gt": 3}}})") << !gt;
    QTest::newRow("not of two") << QByteArray(R"({"not": {"name": {"eq": "Tea"}, "stock": {"gt": 3}}})") << !(name && gt);
    QTest::newRow("not of all is none") << QByteArray(R"({"not": {}})") << Predicate::none();
    QTest::newRow("empty groups") << QByteArray(R"({"and": [], "or": []})") << Predicate::all();
    QTest::newRow("the group AWS clients send") << QByteArray(R"({"and": [{"stock": {"gt": 3}}]})") << gt;
    QTest::newRow("between") << QByteArray(R"({"stock": {"between": [1, 2]}})") << Predicate::compare(u"stock"_s, Operator::Between, {1, 2});
    QTest::newRow("in") << QByteArray(R"({"stock": {"in": [1, 2, 3]}})") << Predicate::compare(u"stock"_s, Operator::In, {1, 2, 3});
    QTest::newRow("in nothing") << QByteArray(R"({"stock": {"in": []}})") << Predicate::compare(u"stock"_s, Operator::In, {});
    QTest::newRow("null") << QByteArray(R"({"stock": {"eq": null}})") << Predicate::compare(u"stock"_s, Operator::Eq, {Value()});
    QTest::newRow("path") << QByteArray(R"({"maker.name": {"eq": "x"}})") << Predicate::compare(u"maker.name"_s, Operator::Eq, {u"x"_s});
    QTest::newRow("relation") << QByteArray(R"({"maker": {"name": {"eq": "Tea"}}})") << Predicate::related(u"maker"_s, name);
    QTest::newRow("relation, two fields") << QByteArray(R"({"maker": {"name": {"eq": "Tea"}, "stock": {"gt": 3}}})")
                                          << Predicate::related(u"maker"_s, name && gt);
    QTest::newRow("relation, group") << QByteArray(R"({"maker": {"or": [{"name": {"eq": "Tea"}}, {"stock": {"gt": 3}}]}})")
                                     << Predicate::related(u"maker"_s, name || gt);
    QTest::newRow("relation, any record") << QByteArray(R"({"counts": {}})") << Predicate::related(u"counts"_s, Predicate::all());
    QTest::newRow("relation, three levels") << QByteArray(R"({"a": {"b": {"name": {"eq": "Tea"}}}})")
                                            << Predicate::related(u"a"_s, Predicate::related(u"b"_s, name));
    QTest::newRow("field of a relation named like an operator") << QByteArray(R"({"maker": {"in": {"eq": "Tea"}}})")
                                                                << Predicate::related(u"maker"_s, Predicate::compare(u"in"_s, Operator::Eq, {u"Tea"_s}));
}

void TestPredicate::readsFilters()
{
    QFETCH(QByteArray, json);
    QFETCH(Predicate, predicate);
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const Result<Predicate> read = Predicate::fromJson(object);
    QVERIFY2(read, qPrintable(read.error().message()));
    QCOMPARE(*read, predicate);
    QCOMPARE(*Predicate::fromVariant(object.toVariantMap()), predicate);
    QCOMPARE(*Predicate::fromJson(predicate.toJson()), predicate);
}

void TestPredicate::refusesFilters_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("message");
    QTest::newRow("unknown operator") << QByteArray(R"({"or": [{"stock": {"gt": 1}}, {"stock": {"gte": 3}}]})")
                                      << u"The condition at \"or[1].stock.gte\" has no operator \"gte\"; did you mean \"ge\"?"_s;
    QTest::newRow("operator of nothing like it")
        << QByteArray(R"({"name": {"attributeType": "string"}})")
        << u"The condition at \"name.attributeType\" has no operator \"attributeType\"; known are: eq, ne, lt, le, gt, ge, between, contains, "
           "notContains, beginsWith, in, notIn, attributeExists"_s;
    QTest::newRow("value without operator") << QByteArray(R"({"stock": 3})")
                                            << u"The condition at \"stock\" needs an object with an operator, such as {\"eq\": 3}, not 3"_s;
    QTest::newRow("list without operator") << QByteArray(R"({"stock": [3]})")
                                           << u"The condition at \"stock\" needs an object with an operator, such as {\"eq\": ...}, not a list"_s;
    QTest::newRow("and of an object") << QByteArray(R"({"and": {"stock": {"gt": 1}}})")
                                      << u"The condition at \"and\" needs a list of conditions, not an object"_s;
    QTest::newRow("not of a list") << QByteArray(R"({"not": [{"stock": {"gt": 1}}]})")
                                   << u"The condition at \"not\" needs one condition, not a list; write {\"not\": {\"or\": [...]}}"_s;
    QTest::newRow("group of a number") << QByteArray(R"({"or": [5]})")
                                       << u"The condition at \"or[0]\" needs an object such as {\"quantity\": {\"gt\": 0}}, not 5"_s;
    QTest::newRow("in of a text") << QByteArray(R"({"name": {"in": "Tea"}})") << u"The condition at \"name.in\" needs a list, not the text \"Tea\""_s;
    QTest::newRow("between of a number") << QByteArray(R"({"stock": {"between": 5}})") << u"The condition at \"stock.between\" needs a list, not 5"_s;
}

void TestPredicate::refusesFilters()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, message);
    const Result<Predicate> read = Predicate::fromJson(QJsonDocument::fromJson(json).object());
    QVERIFY(!read);
    QCOMPARE(read.error().message(), message);
    QCOMPARE(read.error().code(), Error::Code::InvalidArgument);
}

void TestPredicate::readsVariants()
{
    QCOMPARE(*Predicate::fromVariant(QVariant()), Predicate::all());
    QCOMPARE(*Predicate::fromVariant(QVariant::fromValue(nullptr)), Predicate::all());
    QCOMPARE(*Predicate::fromVariant(QJsonObject {{u"stock"_s, QJsonObject {{u"lt"_s, 5}}}}), where(R"({"stock": {"lt": 5}})"));
    const QDateTime time(QDate(2024, 5, 31), QTime(1, 2), Qt::UTC);
    QCOMPARE(*Predicate::fromVariant(QVariantMap {{u"changedAt"_s, QVariantMap {{u"gt"_s, time}}}}),
             Predicate::compare(u"changedAt"_s, Operator::Gt, {u"2024-05-31T01:02:00.000Z"_s}));
    QCOMPARE(*Predicate::fromVariant(QVariantMap {{u"site"_s, QVariantMap {{u"in"_s, QVariantList {QUrl(u"https://example.org"_s)}}}}}),
             Predicate::compare(u"site"_s, Operator::In, {u"https://example.org"_s}));
    QCOMPARE(*Predicate::fromVariant(QVariantMap {{u"stock"_s, QVariantMap {{u"eq"_s, QVariant()}}}}),
             Predicate::compare(u"stock"_s, Operator::Eq, {Value()}));
}

void TestPredicate::refusesVariantsWithoutValue()
{
    const QList<QVariant> bad {QDateTime(), QVariant::fromValue<QObject *>(this)};
    for (const QVariant &operand : bad) {
        const Result<Predicate> read = Predicate::fromVariant(QVariantMap {{u"changedAt"_s, QVariantMap {{u"gt"_s, operand}}}});
        QVERIFY(!read);
        QCOMPARE(read.error().code(), Error::Code::InvalidArgument);
    }
    QVERIFY(!Predicate::fromVariant(u"stock > 5"_s));
}

void TestPredicate::randomPredicatesReadBack()
{
    QVERIFY(rc::check("fromJson(toJson(p)) == p", [] {
        const Predicate predicate = *Generate::predicate(TestSchema::schema(), TestSchema::model(u"Product"_s));
        const QByteArray wire = QJsonDocument(predicate.toJson()).toJson();
        const Result<Predicate> read = Predicate::fromJson(QJsonDocument::fromJson(wire).object());
        RC_ASSERT(read.ok());
        RC_ASSERT(read.value() == predicate);
        RC_ASSERT(Predicate::fromVariant(predicate.toJson().toVariantMap()).value() == predicate);
    }));
}

static QJsonValue randomJson(int depth)
{
    static const std::vector<QString> names {u"and"_s, u"or"_s, u"not"_s, u"eq"_s, u"in"_s, u"between"_s, u"contains"_s, u"gte"_s,
                                             u"stock"_s, u"tags"_s, u"size"_s, u"maker"_s, u"maker.name"_s, u"maker."_s, u"."_s, u""_s};
    const int kind = *rc::gen::inRange(0, depth > 0 ? 8 : 4);
    if (kind < 4)
        return *rc::gen::element<QJsonValue>(QJsonValue(), 5, 2.5, u"a"_s, true);
    QJsonArray array;
    QJsonObject object;
    for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
        const QJsonValue member = randomJson(depth - 1);
        array.append(member);
        object.insert(*rc::gen::elementOf(names), member);
    }
    return kind == 4 ? QJsonValue(array) : QJsonValue(object);
}

void TestPredicate::anyJsonGivesAPredicateOrAnError()
{
    QVERIFY(rc::check("no JSON breaks the reader or the binder", [] {
        const QJsonObject json {{u"not"_s, randomJson(6)}, {u"or"_s, QJsonArray {randomJson(6)}}};
        const Result<Predicate> read = Predicate::fromJson(json);
        RC_ASSERT(read.ok() != read.error().isError());
        if (!read)
            return;
        RC_ASSERT(Predicate::fromJson(read->toJson()).value() == *read);
        const Result<BoundPredicate> bound = BoundPredicate::bind(TestSchema::schema(), TestSchema::model(u"Product"_s), *read);
        RC_ASSERT(bound.ok() || !bound.error().message().isEmpty());
    }));
}

QTEST_APPLESS_MAIN(TestPredicate)
#include "tst_predicate.moc"
