// SPDX-License-Identifier: MIT
#include "core/data/predicate.h"

#include "shared/generators.h"
#include "shared/testschema.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace Tideline;
using Operator = Predicate::Operator;
using Kind = Predicate::Kind;

class TestBoundPredicate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matches_data();
    void matches();
    void matchesLists_data();
    void matchesLists();
    void groupsAndNegation_data();
    void groupsAndNegation();
    void longSetsAreSearched();
    void relations_data();
    void relations();
    void relatedRecordsAreAskedOnlyWhenTheyDecide();
    void bindConvertsOperands_data();
    void bindConvertsOperands();
    void bindRefuses_data();
    void bindRefuses();
    void operatorsCountTheirOperands();
    void bindNeedsAModel();
    void bindSettlesWhatIsDecided_data();
    void bindSettlesWhatIsDecided();
    void negationIsTheComplement();
    void matcherAgreesWithTheReference();
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

static BoundPredicate bound(const Predicate &predicate, const QString &model = u"Product"_s)
{
    const Result<BoundPredicate> result = BoundPredicate::bind(TestSchema::schema(), TestSchema::model(model), predicate);
    if (!result)
        qFatal("%s", qPrintable(result.error().message()));
    return result.value();
}

static Record product(const QString &field, const Value &value)
{
    const auto model = TestSchema::model(u"Product"_s);
    Record record(model);
    record.setValue(model->fieldIndex(u"id"), u"p"_s);
    record.setValue(model->fieldIndex(field), value);
    return record;
}

// Which of the rows null, a, ab, b match; the same for the numbers null, 1, 2, 3.
void TestBoundPredicate::matches_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<Values>("values");
    QTest::addColumn<QList<int>>("matching");       // positions in values
    const auto rows = [](const char *type, const QString &field, const Values &values,
                         const QList<std::pair<QByteArray, QList<int>>> &cases) {
        for (const auto &[condition, matching] : cases)
            QTest::addRow("%s %s", type, condition.constData()) << field << condition << values << matching;
    };
    rows("text", u"code"_s, {Value(), u"a"_s, u"ab"_s, u"b"_s},
         {{R"({"eq": "ab"})", {2}}, {R"({"ne": "ab"})", {0, 1, 3}}, {R"({"eq": null})", {0}}, {R"({"ne": null})", {1, 2, 3}},
          {R"({"lt": "ab"})", {1}}, {R"({"le": "ab"})", {1, 2}}, {R"({"gt": "ab"})", {3}}, {R"({"ge": "ab"})", {2, 3}},
          {R"({"lt": null})", {}}, {R"({"le": null})", {}}, {R"({"gt": null})", {}}, {R"({"ge": null})", {}},
          {R"({"between": ["a", "ab"]})", {1, 2}}, {R"({"between": ["ab", "ab"]})", {2}}, {R"({"between": ["c", "d"]})", {}},
          {R"({"between": [null, "b"]})", {}}, {R"({"contains": "b"})", {2, 3}}, {R"({"contains": ""})", {1, 2, 3}},
          {R"({"contains": null})", {}}, {R"({"notContains": "b"})", {0, 1}}, {R"({"notContains": null})", {0, 1, 2, 3}},
          {R"({"beginsWith": "a"})", {1, 2}}, {R"({"beginsWith": ""})", {1, 2, 3}}, {R"({"beginsWith": null})", {}},
          {R"({"in": ["b", "a", "x"]})", {1, 3}}, {R"({"notIn": ["b", "a", "x"]})", {0, 2}}, {R"({"in": []})", {}},
          {R"({"notIn": []})", {0, 1, 2, 3}}, {R"({"attributeExists": true})", {1, 2, 3}}, {R"({"attributeExists": false})", {0}}});
    const QList<std::pair<QByteArray, QList<int>>> numbers
        {{R"({"eq": 2})", {2}}, {R"({"ne": 2})", {0, 1, 3}}, {R"({"eq": null})", {0}}, {R"({"ne": null})", {1, 2, 3}}, {R"({"lt": 2})", {1}},
         {R"({"le": 2})", {1, 2}}, {R"({"gt": 2})", {3}}, {R"({"ge": 2})", {2, 3}}, {R"({"between": [1, 2]})", {1, 2}},
         {R"({"between": [4, 9]})", {}}, {R"({"in": [3, 1, 9]})", {1, 3}}, {R"({"notIn": [3, 1, 9]})", {0, 2}}, {R"({"in": []})", {}},
         {R"({"notIn": []})", {0, 1, 2, 3}}, {R"({"attributeExists": true})", {1, 2, 3}}};
    rows("Int", u"stock"_s, {Value(), 1, 2, 3}, numbers);
    rows("AWSTimestamp", u"countedAt"_s, {Value(), 1, 2, 3}, numbers);
    rows("Float", u"price"_s, {Value(), 1.0, 2.0, 3.0}, numbers);
    rows("Float", u"price"_s, {-0.0, 0.0, 0.5}, {{R"({"eq": 0})", {0, 1}}, {R"({"lt": 0.5})", {0, 1}}, {R"({"in": [0.5]})", {2}}});
    rows("Boolean", u"discontinued"_s, {Value(), false, true},
         {{R"({"eq": true})", {2}}, {R"({"ne": true})", {0, 1}}, {R"({"gt": true})", {}}, {R"({"gt": false})", {2}}, {R"({"le": true})", {1, 2}},
          {R"({"lt": true})", {1}}, {R"({"in": [false]})", {1}}, {R"({"notIn": [false]})", {0, 2}}});
    rows("date", u"introducedOn"_s, {Value(), u"2023-12-31"_s, u"2024-05-31"_s},
         {{R"({"lt": "2024-01-01"})", {1}}, {R"({"beginsWith": "2024-"})", {2}}, {R"({"ge": "2024"})", {2}}, {R"({"eq": "2024-05-31"})", {2}}});
    rows("enum", u"unit"_s, {Value(), u"piece"_s, u"kilogram"_s},
         {{R"({"eq": "piece"})", {1}}, {R"({"ne": "piece"})", {0, 2}}, {R"({"in": ["piece", "Litre"]})", {1}}, {R"({"contains": "gram"})", {2}},
          {R"({"lt": "l"})", {2}}});
    rows("embedded", u"size"_s, {Value(), Value::Object {{u"width"_s, 1.0}}},
         {{R"({"eq": null})", {0}}, {R"({"ne": null})", {1}}, {R"({"attributeExists": true})", {1}}});
    rows("AWSJSON", u"attributes"_s, {Value(), u"{}"_s, u"[1]"_s},
         {{R"({"eq": null})", {0}}, {R"({"ne": null})", {1, 2}}, {R"({"eq": "[1]"})", {2}}, {R"({"ne": "[1]"})", {0, 1}}});
    rows("wildcards", u"code"_s, {u"100%"_s, u"a_b"_s, u"axb"_s, u"1000"_s, u"A_B"_s},
         {{R"({"contains": "%"})", {0}}, {R"({"contains": "a_b"})", {1}}, {R"({"notContains": "_"})", {0, 2, 3}}, {R"({"beginsWith": "100%"})", {0}},
          {R"({"beginsWith": "_"})", {}}, {R"({"beginsWith": "A"})", {4}}});
    rows("code points", u"code"_s, {QString(QChar(0xfffd)), u"😀"_s, u"a"_s + QChar(0) + u"b"_s},
         {{R"({"gt": "\ufffd"})", {1}}, {R"({"lt": "\ud83d\ude00"})", {0, 2}}, {R"({"contains": "\ud83d\ude00"})", {1}}, {R"({"contains": "\u0000b"})", {2}}});
}

void TestBoundPredicate::matches()
{
    QFETCH(QString, field);
    QFETCH(QByteArray, condition);
    QFETCH(Values, values);
    QFETCH(QList<int>, matching);
    const Predicate predicate = where(("{\"" + field.toLatin1() + "\": " + condition + "}").constData());
    const BoundPredicate plain = bound(predicate);
    const BoundPredicate negated = bound(!predicate);
    const BoundPredicate twice = bound(Predicate::negation(!predicate));
    for (int i = 0; i < int(values.size()); ++i) {
        const Record record = product(field, values[i]);
        QVERIFY2(plain.matches(record) == matching.contains(i), qPrintable(values[i].toJsonText()));
        QVERIFY2(negated.matches(record) != matching.contains(i), qPrintable(values[i].toJsonText()));
        QVERIFY2(twice.matches(record) == matching.contains(i), qPrintable(values[i].toJsonText()));
    }
}

void TestBoundPredicate::matchesLists_data()
{
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<Value>("value");
    QTest::addColumn<bool>("matching");
    QTest::newRow("an equal element") << QByteArray(R"({"tags": {"contains": "ab"}})") << Value(Value::List {u"x"_s, u"ab"_s}) << true;
    QTest::newRow("part of an element is none") << QByteArray(R"({"tags": {"contains": "a"}})") << Value(Value::List {u"ab"_s}) << false;
    QTest::newRow("no element in the empty list") << QByteArray(R"({"tags": {"contains": "a"}})") << Value(Value::List {}) << false;
    QTest::newRow("no element in null") << QByteArray(R"({"tags": {"contains": "a"}})") << Value() << false;
    QTest::newRow("notContains in null") << QByteArray(R"({"tags": {"notContains": "a"}})") << Value() << true;
    QTest::newRow("notContains") << QByteArray(R"({"tags": {"notContains": "a"}})") << Value(Value::List {u"a"_s}) << false;
    QTest::newRow("contains null matches nothing") << QByteArray(R"({"tags": {"contains": null}})") << Value(Value::List {Value()}) << false;
    QTest::newRow("the empty list is not null") << QByteArray(R"({"tags": {"eq": null}})") << Value(Value::List {}) << false;
    QTest::newRow("null list") << QByteArray(R"({"tags": {"eq": null}})") << Value() << true;
    QTest::newRow("a number") << QByteArray(R"({"ratings": {"contains": "2"}})") << Value(Value::List {1, 2}) << true;
    QTest::newRow("an enum value") << QByteArray(R"({"units": {"contains": "piece"}})") << Value(Value::List {u"piece"_s}) << true;
}

void TestBoundPredicate::matchesLists()
{
    QFETCH(QByteArray, condition);
    QFETCH(Value, value);
    QFETCH(bool, matching);
    const Predicate predicate = where(condition.constData());
    const Record record = product(predicate.field(), value);
    QCOMPARE(bound(predicate).matches(record), matching);
    QCOMPARE(bound(!predicate).matches(record), !matching);
}

void TestBoundPredicate::groupsAndNegation_data()
{
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<QList<int>>("matching");       // of the stocks 0 to 5
    QTest::newRow("all") << QByteArray("{}") << QList<int> {0, 1, 2, 3, 4, 5};
    QTest::newRow("none") << QByteArray(R"({"not": {}})") << QList<int> {};
    QTest::newRow("and") << QByteArray(R"({"and": [{"stock": {"gt": 1}}, {"stock": {"lt": 4}}]})") << QList<int> {2, 3};
    QTest::newRow("or") << QByteArray(R"({"or": [{"stock": {"lt": 1}}, {"stock": {"gt": 4}}]})") << QList<int> {0, 5};
    QTest::newRow("or(and)") << QByteArray(R"({"or": [{"and": [{"stock": {"gt": 1}}, {"stock": {"lt": 4}}]}, {"stock": {"eq": 5}}]})") << QList<int> {2, 3, 5};
    QTest::newRow("and(or)") << QByteArray(R"({"and": [{"or": [{"stock": {"eq": 1}}, {"stock": {"eq": 2}}]}, {"stock": {"ne": 1}}]})") << QList<int> {2};
    QTest::newRow("not(or)") << QByteArray(R"({"not": {"or": [{"stock": {"lt": 2}}, {"stock": {"gt": 3}}]}})") << QList<int> {2, 3};
    QTest::newRow("not(single)") << QByteArray(R"({"not": {"stock": {"eq": 3}}})") << QList<int> {0, 1, 2, 4, 5};
    QTest::newRow("three times not") << QByteArray(R"({"not": {"not": {"not": {"stock": {"eq": 3}}}}})") << QList<int> {0, 1, 2, 4, 5};
    QTest::newRow("four times not") << QByteArray(R"({"not": {"not": {"not": {"not": {"stock": {"eq": 3}}}}}})") << QList<int> {3};
    QTest::newRow("and with all") << QByteArray(R"({"and": [{}, {"stock": {"eq": 3}}]})") << QList<int> {3};
    QTest::newRow("or with all") << QByteArray(R"({"or": [{}, {"stock": {"eq": 3}}]})") << QList<int> {0, 1, 2, 3, 4, 5};
    QTest::newRow("or with none") << QByteArray(R"({"or": [{"not": {}}, {"stock": {"eq": 3}}]})") << QList<int> {3};
    QTest::newRow("and with none") << QByteArray(R"({"and": [{"not": {}}, {"stock": {"eq": 3}}]})") << QList<int> {};
    QTest::newRow("or of none only") << QByteArray(R"({"or": [{"not": {}}, {"not": {}}]})") << QList<int> {};
    QTest::newRow("and of an empty group") << QByteArray(R"({"and": [{"or": []}, {"stock": {"le": 1}}]})") << QList<int> {0, 1};
}

void TestBoundPredicate::groupsAndNegation()
{
    QFETCH(QByteArray, condition);
    QFETCH(QList<int>, matching);
    const BoundPredicate predicate = bound(where(condition.constData()));
    for (int stock = 0; stock < 6; ++stock)
        QCOMPARE(predicate.matches(product(u"stock"_s, stock)), matching.contains(stock));
}

void TestBoundPredicate::longSetsAreSearched()
{
    Values set;
    for (int i = 0; i < 1000; ++i)
        set.append((i * 7919) % 3000);
    const BoundPredicate in = bound(Predicate::compare(u"stock"_s, Operator::In, set));
    const BoundPredicate notIn = bound(Predicate::compare(u"stock"_s, Operator::NotIn, set));
    for (int i = -5; i < 3005; ++i) {
        QCOMPARE(in.matches(product(u"stock"_s, i)), set.contains(Value(i)));
        QCOMPARE(notIn.matches(product(u"stock"_s, i)), !set.contains(Value(i)));
    }
}

// ---- relations: makers Acme (DE) and Bell; products with their maker, Nothing has none; counts of products ----

namespace {

struct World
{
    Record acme = maker(u"acme"_s, u"Acme"_s, u"DE"_s);
    Record bell = maker(u"bell"_s, u"Bell"_s, Value());
    QHash<QString, Record> makers {{u"tea"_s, acme}, {u"cup"_s, acme}, {u"pot"_s, bell}};
    QHash<QString, QList<int>> quantities {{u"tea"_s, {0, 5}}, {u"cup"_s, {7}}};

    static Record maker(const QString &id, const QString &name, const Value &country)
    {
        const auto model = TestSchema::model(u"Maker"_s);
        Record record(model);
        record.setValue(model->fieldIndex(u"id"), id);
        record.setValue(model->fieldIndex(u"name"), name);
        record.setValue(model->fieldIndex(u"country"), country);
        return record;
    }

    static Record product(const QString &id)
    {
        Record record(TestSchema::model(u"Product"_s));
        record.setValue(record.model()->fieldIndex(u"id"), id);
        record.setValue(record.model()->fieldIndex(u"name"), id);
        return record;
    }

    QList<Record> related(const Record &record, const Relation &relation) const
    {
        const QString id = record.value(u"id").toText();
        QList<Record> found;
        if (relation.name == u"maker") {
            if (makers.contains(id))
                found.append(makers.value(id));
        } else if (relation.name == u"counts") {
            for (const int quantity : quantities.value(id)) {
                Record count(TestSchema::model(u"StockCount"_s));
                count.setValue(count.model()->fieldIndex(u"sku"), id);
                count.setValue(count.model()->fieldIndex(u"quantity"), quantity);
                found.append(count);
            }
        } else if (relation.name == u"product") {
            found.append(product(record.value(u"sku").toText()));
        } else {
            for (auto it = makers.cbegin(); it != makers.cend(); ++it) {
                if (it.value() == record)
                    found.append(product(it.key()));
            }
        }
        return found;
    }
};

} // namespace

void TestBoundPredicate::relations_data()
{
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<QStringList>("matching");      // of the products tea, cup, pot, air
    QTest::newRow("belongsTo eq") << QByteArray(R"({"maker": {"name": {"eq": "Acme"}}})") << QStringList {u"tea"_s, u"cup"_s};
    QTest::newRow("belongsTo ne: a missing record is no match") << QByteArray(R"({"maker": {"name": {"ne": "Acme"}}})") << QStringList {u"pot"_s};
    QTest::newRow("path") << QByteArray(R"({"maker.name": {"eq": "Acme"}})") << QStringList {u"tea"_s, u"cup"_s};
    QTest::newRow("null of a related record") << QByteArray(R"({"maker.country": {"eq": null}})") << QStringList {u"pot"_s};
    QTest::newRow("negation takes in the missing record") << QByteArray(R"({"not": {"maker": {"name": {"eq": "Acme"}}}})") << QStringList {u"pot"_s, u"air"_s};
    QTest::newRow("any record") << QByteArray(R"({"maker": {}})") << QStringList {u"tea"_s, u"cup"_s, u"pot"_s};
    QTest::newRow("no record") << QByteArray(R"({"not": {"maker": {}}})") << QStringList {u"air"_s};
    QTest::newRow("hasMany: any child") << QByteArray(R"({"counts": {"quantity": {"gt": 4}}})") << QStringList {u"tea"_s, u"cup"_s};
    QTest::newRow("hasMany: one child for both") << QByteArray(R"({"counts": {"quantity": {"ge": 1, "le": 4}}})") << QStringList {};
    QTest::newRow("hasMany: a child each") << QByteArray(R"({"and": [{"counts": {"quantity": {"lt": 1}}}, {"counts": {"quantity": {"gt": 4}}}]})")
                                           << QStringList {u"tea"_s};
    QTest::newRow("hasMany: no child") << QByteArray(R"({"not": {"counts": {"quantity": {"ge": 0}}}})") << QStringList {u"pot"_s, u"air"_s};
    QTest::newRow("group on a collection") << QByteArray(R"({"counts": {"or": [{"quantity": {"eq": 0}}, {"quantity": {"eq": 7}}]}})")
                                           << QStringList {u"tea"_s, u"cup"_s};
    QTest::newRow("parent and own property") << QByteArray(R"({"maker": {"country": {"eq": "DE"}}, "name": {"eq": "cup"}})") << QStringList {u"cup"_s};
    QTest::newRow("three levels") << QByteArray(R"({"maker": {"products": {"counts": {"quantity": {"eq": 7}}}}})") << QStringList {u"tea"_s, u"cup"_s};
    QTest::newRow("three levels as a path") << QByteArray(R"({"maker.products.counts.quantity": {"eq": 7}})") << QStringList {u"tea"_s, u"cup"_s};
    const QByteArray either(R"({"or": [{"and": [{"maker": {"name": {"eq": "Acme"}}}, {"counts": {"quantity": {"eq": 7}}}]}, {"maker": {"country": {"eq": null}}}]})");
    QTest::newRow("or(and) over relations") << either << QStringList {u"cup"_s, u"pot"_s};
    QTest::newRow("not(or(and)) over relations") << QByteArray(R"({"not": )" + either + "}") << QStringList {u"tea"_s, u"air"_s};
    QTest::newRow("a condition nothing meets") << QByteArray(R"({"maker": {"not": {}}})") << QStringList {};
}

void TestBoundPredicate::relations()
{
    QFETCH(QByteArray, condition);
    QFETCH(QStringList, matching);
    const World world;
    const auto related = [&world](const Record &record, const Relation &relation) { return world.related(record, relation); };
    const BoundPredicate predicate = bound(where(condition.constData()));
    for (const QString &id : {u"tea"_s, u"cup"_s, u"pot"_s, u"air"_s})
        QVERIFY2(predicate.matches(World::product(id), related) == matching.contains(id), qPrintable(id));
}

void TestBoundPredicate::relatedRecordsAreAskedOnlyWhenTheyDecide()
{
    int asked = 0;
    const auto related = [&asked](const Record &, const Relation &) {
        ++asked;
        return QList<Record>();
    };
    const BoundPredicate predicate = bound(where(R"({"and": [{"name": {"eq": "cup"}}, {"maker": {"name": {"eq": "Acme"}}}]})"));
    QVERIFY(predicate.usesRelations());
    QVERIFY(!predicate.matches(World::product(u"tea"_s), related));
    QCOMPARE(asked, 0);
    QVERIFY(!predicate.matches(World::product(u"cup"_s), related));
    QCOMPARE(asked, 1);
    QVERIFY(!bound(where(R"({"name": {"eq": "cup"}})")).usesRelations());
    QVERIFY(!bound(where(R"({"maker": {"not": {}}})")).usesRelations());
}

void TestBoundPredicate::bindConvertsOperands_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<Operator>("op");
    QTest::addColumn<Values>("given");
    QTest::addColumn<Values>("bound");
    QTest::newRow("text for Int") << u"stock"_s << Operator::Eq << Values {u"5"_s} << Values {5};
    QTest::newRow("whole double for Int") << u"stock"_s << Operator::Gt << Values {5.0} << Values {5};
    QTest::newRow("integer for Float") << u"price"_s << Operator::Lt << Values {5} << Values {5.0};
    QTest::newRow("number for Boolean") << u"discontinued"_s << Operator::Eq << Values {1} << Values {true};
    QTest::newRow("integer for ID") << u"code"_s << Operator::Eq << Values {5} << Values {u"5"_s};
    QTest::newRow("part of an ID") << u"code"_s << Operator::BeginsWith << Values {5} << Values {u"5"_s};
    QTest::newRow("date and time for AWSTimestamp") << u"countedAt"_s << Operator::Ge << Values {u"2024-05-30T23:30:00.000Z"_s}
                                                    << Values {qint64(1717111800)};
    QTest::newRow("part of a date") << u"introducedOn"_s << Operator::Ge << Values {u"2024-05"_s} << Values {u"2024-05"_s};
    QTest::newRow("any text for AWSEmail") << u"email"_s << Operator::Eq << Values {u"nobody"_s} << Values {u"nobody"_s};
    QTest::newRow("enum value") << u"unit"_s << Operator::In << Values {u"piece"_s} << Values {u"piece"_s};
    QTest::newRow("element of a list") << u"ratings"_s << Operator::Contains << Values {u"5"_s} << Values {5};
    QTest::newRow("sets are sorted and distinct") << u"stock"_s << Operator::In << Values {3, 1, u"3"_s, 2} << Values {1, 2, 3};
}

void TestBoundPredicate::bindConvertsOperands()
{
    QFETCH(QString, field);
    QFETCH(Operator, op);
    QFETCH(Values, given);
    QFETCH(Values, bound);
    const BoundPredicate predicate = ::bound(Predicate::compare(field, op, given));
    QCOMPARE(predicate.root().kind, Kind::Compare);
    QCOMPARE(predicate.root().operands, bound);
    for (qsizetype i = 0; i < bound.size(); ++i)
        QCOMPARE(predicate.root().operands[i].kind(), bound[i].kind());
    QCOMPARE(predicate.root().field, predicate.model()->fieldIndex(field));
}

void TestBoundPredicate::bindRefuses_data()
{
    QTest::addColumn<Predicate>("predicate");
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("field");
    const auto row = [](const char *name, const QString &field, Operator op, const Values &operands, const QString &message) {
        QTest::newRow(name) << Predicate::compare(field, op, operands) << message << field.section(u'.', -1);
    };
    row("no operand", u"stock"_s, Operator::Eq, {}, u"Product.stock: eq needs one operand, not 0"_s);
    row("two operands", u"name"_s, Operator::BeginsWith, {u"a"_s, u"b"_s}, u"Product.name: beginsWith needs one operand, not 2"_s);
    row("between one", u"stock"_s, Operator::Between, {1}, u"Product.stock: between needs two operands, the low and the high end, not 1"_s);
    row("between three", u"stock"_s, Operator::Between, {1, 2, 3}, u"Product.stock: between needs two operands, the low and the high end, not 3"_s);
    row("between reversed", u"stock"_s, Operator::Between, {u"10"_s, 9}, u"Product.stock: between needs its low end first: 10 is above 9"_s);
    row("between reversed text", u"name"_s, Operator::Between, {u"b"_s, u"a"_s},
        u"Product.name: between needs its low end first: the text \"b\" is above the text \"a\""_s);
    row("operand of another type", u"stock"_s, Operator::Gt, {u"many"_s},
        u"Product.stock: gt needs a whole number from -2147483648 to 2147483647 (Int), not the text \"many\""_s);
    row("fraction for Int", u"stock"_s, Operator::Gt, {2.5}, u"Product.stock: gt needs a whole number from -2147483648 to 2147483647 (Int), not 2.5"_s);
    row("number for text", u"name"_s, Operator::Eq, {5}, u"Product.name: eq needs a text (String), not 5"_s);
    row("number as part of a text", u"name"_s, Operator::Contains, {5}, u"Product.name: contains needs a text, not 5"_s);
    row("list for a single field", u"stock"_s, Operator::Eq, {Value(Values {1})},
        u"Product.stock: eq needs a whole number from -2147483648 to 2147483647 (Int), not a list"_s);
    row("null in a set", u"stock"_s, Operator::In, {1, Value()},
        u"Product.stock: in cannot list null; add {\"eq\": null} with or, or {\"ne\": null} with and"_s);
    row("no enum value", u"unit"_s, Operator::Eq, {u"litre"_s},
        u"Product.unit: eq needs one of piece, kilogram, Litre (Unit), not the text \"litre\"; did you mean \"Litre\"?"_s);
    row("date and time for a date", u"introducedOn"_s, Operator::Ge, {u"2024-05-31T00:00:00.000Z"_s},
        u"Product.introducedOn: ge needs a date such as 2024-05-31 (AWSDate), not the date and time 2024-05-31T00:00:00.000Z"_s);
    row("beginsWith on Int", u"stock"_s, Operator::BeginsWith, {1},
        u"Product.stock: beginsWith is no operator for Int; there are eq, ne, attributeExists, lt, le, gt, ge, between, in, notIn"_s);
    row("contains on Float", u"price"_s, Operator::Contains, {1.5},
        u"Product.price: contains is no operator for Float; there are eq, ne, attributeExists, lt, le, gt, ge, between, in, notIn"_s);
    row("lt on a list", u"tags"_s, Operator::Lt, {u"a"_s},
        u"Product.tags: lt is no operator for a list of String; there are eq, ne, attributeExists, contains, notContains"_s);
    row("eq of a list", u"tags"_s, Operator::Eq, {Value(Values {u"a"_s})},
        u"Product.tags: eq compares a list of String only with null; ask for an element with contains"_s);
    row("contains on embedded", u"size"_s, Operator::Contains, {u"a"_s},
        u"Product.size: contains is no operator for Size; there are eq, ne, attributeExists"_s);
    row("eq of embedded", u"size"_s, Operator::Eq, {Value::Object {{u"width"_s, 1.0}}}, u"Product.size: eq compares Size only with null"_s);
    row("contains on a list of embedded", u"sizes"_s, Operator::Contains, {u"a"_s},
        u"Product.sizes: contains is no operator for a list of Size; there are eq, ne, attributeExists"_s);
    row("gt on AWSJSON", u"attributes"_s, Operator::Gt, {u"1"_s},
        u"Product.attributes: gt is no operator for AWSJSON; there are eq, ne, attributeExists"_s);
    row("eq of no JSON", u"attributes"_s, Operator::Eq, {u"hello"_s},
        u"Product.attributes: eq needs a JSON text, in which a plain text stands in quotes (AWSJSON), not the text \"hello\""_s);
    row("attributeExists of a number", u"stock"_s, Operator::AttributeExists, {1}, u"Product.stock: attributeExists needs true or false, not 1"_s);
    row("unknown field", u"stok"_s, Operator::Eq, {1}, u"Product has no field \"stok\"; did you mean \"stock\"?"_s);
    row("unknown field of a relation", u"maker.nam"_s, Operator::Eq, {1}, u"Maker has no field \"nam\"; did you mean \"name\"?"_s);
    row("a relation itself", u"maker"_s, Operator::Eq, {Value()},
        u"Product.maker is a relation, which has no value of its own; name a field of Maker, as in \"maker.id\""_s);
    QTest::newRow("a field as relation") << where(R"({"name": {}})")
                                         << u"Product.name is a field of type String, not a relation; give it an operator such as eq, and no fields of its own"_s
                                         << u"name"_s;
    QTest::newRow("an error hidden by a constant") << (Predicate::none() && Predicate::compare(u"stok"_s, Operator::Eq, {1}))
                                                   << u"Product has no field \"stok\"; did you mean \"stock\"?"_s << u"stok"_s;
}

void TestBoundPredicate::bindRefuses()
{
    QFETCH(Predicate, predicate);
    QFETCH(QString, message);
    QFETCH(QString, field);
    const Result<BoundPredicate> result = BoundPredicate::bind(TestSchema::schema(), TestSchema::model(u"Product"_s), predicate);
    QVERIFY(!result);
    QCOMPARE(result.error().message(), message);
    QCOMPARE(result.error().field(), field);
    QCOMPARE(result.error().code(), message.contains(u"has no field"_s) ? Error::Code::UnknownField : Error::Code::InvalidArgument);
    QVERIFY(message.startsWith(result.error().model()));
    QVERIFY(!BoundPredicate::bind(TestSchema::schema(), TestSchema::model(u"Product"_s), !predicate));
}

void TestBoundPredicate::operatorsCountTheirOperands()
{
    const auto refused = [](Operator op, const Values &operands) {
        const auto bound = BoundPredicate::bind(TestSchema::schema(), TestSchema::model(u"Product"_s), Predicate::compare(u"name"_s, op, operands));
        return bound.error().code() == Error::Code::InvalidArgument;
    };
    for (int op = 0; op <= int(Operator::AttributeExists); ++op) {
        if (Operator(op) == Operator::In || Operator(op) == Operator::NotIn)
            continue;                       // take any number
        const Value operand = Operator(op) == Operator::AttributeExists ? Value(true) : Value(u"a"_s);
        const qsizetype needed = Operator(op) == Operator::Between ? 2 : 1;
        for (qsizetype count = 0; count < 4; ++count)
            QVERIFY2(refused(Operator(op), Values(count, operand)) == (count != needed), qPrintable(Predicate::operatorName(Operator(op))));
    }
}

void TestBoundPredicate::bindNeedsAModel()
{
    QCOMPARE(BoundPredicate::bind(TestSchema::schema(), nullptr, {}).error().code(), Error::Code::InvalidArgument);
    QVERIFY(BoundPredicate().matches(Record()));
}

void TestBoundPredicate::bindSettlesWhatIsDecided_data()
{
    QTest::addColumn<QByteArray>("condition");
    QTest::addColumn<Kind>("kind");
    QTest::newRow("lt null") << QByteArray(R"({"stock": {"lt": null}})") << Kind::None;
    QTest::newRow("not lt null") << QByteArray(R"({"not": {"stock": {"lt": null}}})") << Kind::All;
    QTest::newRow("in nothing") << QByteArray(R"({"stock": {"in": []}})") << Kind::None;
    QTest::newRow("notContains null") << QByteArray(R"({"name": {"notContains": null}})") << Kind::All;
    QTest::newRow("and with all") << QByteArray(R"({"and": [{}, {"stock": {"eq": 1}}]})") << Kind::Compare;
    QTest::newRow("not not") << QByteArray(R"({"not": {"not": {"stock": {"eq": 1}}}})") << Kind::Compare;
    QTest::newRow("or with all") << QByteArray(R"({"or": [{}, {"stock": {"eq": 1}}]})") << Kind::All;
    QTest::newRow("relation to none") << QByteArray(R"({"maker": {"name": {"in": []}}})") << Kind::None;
    QTest::newRow("path") << QByteArray(R"({"maker.name": {"eq": "x"}})") << Kind::Related;
    QTest::newRow("attributeExists") << QByteArray(R"({"stock": {"attributeExists": false}})") << Kind::Compare;
}

void TestBoundPredicate::bindSettlesWhatIsDecided()
{
    QFETCH(QByteArray, condition);
    QFETCH(Kind, kind);
    QCOMPARE(bound(where(condition.constData())).root().kind, kind);
}

// ---- properties ----

static bool referenceCompare(const Predicate &p, const Value &value)
{
    const auto &operands = p.operands();
    const auto less = [](const Value &a, const Value &b) { return !a.isNull() && !b.isNull() && Generate::sortsBefore(a, b); };
    const auto lessOrEqual = [&](const Value &a, const Value &b) { return !a.isNull() && !b.isNull() && (less(a, b) || a == b); };
    const auto contains = [&] {
        return value.kind() == Value::Kind::List ? value.toList().contains(operands.first())
                                                 : !value.isNull() && value.toText().toUtf8().contains(operands.first().toText().toUtf8());
    };
    switch (p.op()) {
    case Operator::Eq:
        return value == operands.first();
    case Operator::Ne:
        return !(value == operands.first());
    case Operator::Lt:
        return less(value, operands.first());
    case Operator::Le:
        return lessOrEqual(value, operands.first());
    case Operator::Gt:
        return less(operands.first(), value);
    case Operator::Ge:
        return lessOrEqual(operands.first(), value);
    case Operator::Between:
        return lessOrEqual(operands[0], value) && lessOrEqual(value, operands[1]);
    case Operator::Contains:
        return contains();
    case Operator::NotContains:
        return !contains();
    case Operator::BeginsWith:
        return !value.isNull() && value.toText().toUtf8().startsWith(operands.first().toText().toUtf8());
    case Operator::In:
        return !value.isNull() && operands.contains(value);
    case Operator::NotIn:
        return value.isNull() || !operands.contains(value);
    case Operator::AttributeExists:
        return operands.first().toBool() == !value.isNull();
    }
    return false;
}

static bool referenceMatch(const Predicate &p, const Record &record, const RelatedRecords &related)
{
    const auto child = [&](const Predicate &c) { return referenceMatch(c, record, related); };
    const QList<Predicate> &children = p.children();
    switch (p.kind()) {
    case Kind::All:
        return true;
    case Kind::None:
        return false;
    case Kind::And:
        return std::all_of(children.begin(), children.end(), child);
    case Kind::Or:
        return std::any_of(children.begin(), children.end(), child);
    case Kind::Not:
        return !child(children.first());
    case Kind::Compare:
        if (const qsizetype dot = p.field().indexOf(u'.'); dot > 0)
            return child(Predicate::related(p.field().first(dot), Predicate::compare(p.field().sliced(dot + 1), p.op(), p.operands())));
        return referenceCompare(p, record.value(p.field()));
    case Kind::Related:
        for (const Record &other : related(record, *record.model()->relation(p.field()))) {
            if (referenceMatch(children.first(), other, related))
                return true;
        }
        return false;
    }
    return false;
}

// A few random records of each model type; what a record is related to depends on its values only.
static RelatedRecords randomRelations()
{
    const Schema schema = TestSchema::schema();
    QHash<QString, QList<Record>> records;
    for (const auto &model : schema.models()) {
        for (int i = 0; i < 2; ++i)
            records[model->name].append(*Generate::record(schema, model));
    }
    return [records](const Record &record, const Relation &relation) {
        const QList<Record> all = records.value(relation.target);
        const qsizetype size = record.values().front().toText().size() % 3;
        return all.first(relation.kind == Relation::Kind::HasMany ? size : std::min<qsizetype>(size, 1));
    };
}

void TestBoundPredicate::negationIsTheComplement()
{
    QVERIFY(rc::check("p matches exactly what not(p) does not", [] {
        const auto model = TestSchema::model(u"Product"_s);
        const Predicate predicate = *Generate::predicate(TestSchema::schema(), model);
        const RelatedRecords related = randomRelations();
        const BoundPredicate plain = BoundPredicate::bind(TestSchema::schema(), model, predicate).value();
        const BoundPredicate negated = BoundPredicate::bind(TestSchema::schema(), model, !predicate).value();
        for (int i = 0; i < 5; ++i) {
            const Record record = *Generate::record(TestSchema::schema(), model);
            RC_ASSERT(plain.matches(record, related) != negated.matches(record, related));
        }
    }));
}

void TestBoundPredicate::matcherAgreesWithTheReference()
{
    for (const auto &model : TestSchema::schema().models()) {
        QVERIFY(rc::check("the bound predicate matches what its definition says", [&model] {
            const Predicate predicate = *Generate::predicate(TestSchema::schema(), model);
            const RelatedRecords related = randomRelations();
            const Result<BoundPredicate> bound = BoundPredicate::bind(TestSchema::schema(), model, predicate);
            RC_ASSERT(bound.ok());
            for (int i = 0; i < 5; ++i) {
                const Record record = *Generate::record(TestSchema::schema(), model);
                RC_ASSERT(bound->matches(record, related) == referenceMatch(predicate, record, related));
            }
        }));
    }
}

QTEST_APPLESS_MAIN(TestBoundPredicate)
#include "tst_boundpredicate.moc"
