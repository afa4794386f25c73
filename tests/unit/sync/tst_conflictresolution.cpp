// SPDX-License-Identifier: MIT
#include "client/sync/conflictresolution_p.h"

#include <rapidcheck.h>

#include <QtTest/QTest>

using namespace Tideline;
using namespace Qt::StringLiterals;
using Side = FieldResolution::Side;
using Policy = ConflictPolicy;

class TestConflictResolution : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void resolves_data();
    void resolves();
    void unknownBaseIsHandled_data();
    void unknownBaseIsHandled();
    void oneSidedChangesAreNoConflict();
    void sumCommutes();
    void sumDoesNotOverflow();
    void setIsAUnionWithoutWhatEitherSideRemoved();
    void setCommutes();
    void appendKeepsBothTails();
    void copiesThatAMergeAppendedAreTakenOut_data();
    void copiesThatAMergeAppendedAreTakenOut();
    void equalSidesStay();
    void sidesAreTold();
};

static FieldType typeOf(Scalar scalar, bool list = false)
{
    FieldType type;
    type.scalar = scalar;
    type.list = list;
    return type;
}

static Value list(const QStringList &texts)
{
    Value::List values;
    for (const QString &text : texts)
        values.append(text);
    return values;
}

static FieldResolution resolved(Scalar scalar, Policy policy, const std::optional<Value> &base, const Value &mine, const Value &theirs,
                                qint64 minesTime = 1, qint64 theirsTime = 2)
{
    const bool isList = mine.kind() == Value::Kind::List || theirs.kind() == Value::Kind::List;
    return resolveField(typeOf(scalar, isList), policy, base, mine, theirs, minesTime, theirsTime);
}

void TestConflictResolution::resolves_data()
{
    QTest::addColumn<Scalar>("scalar");
    QTest::addColumn<Policy>("policy");
    QTest::addColumn<QVariantList>("given");        // base, mine, theirs
    QTest::addColumn<QVariant>("result");
    const auto number = [](const char *name, Policy policy, const QVariantList &given, const QVariant &result) {
        QTest::newRow(name) << Scalar::Int << policy << given << result;
    };
    const auto text = [](const char *name, Policy policy, const QVariantList &given, const QVariant &result) {
        QTest::newRow(name) << Scalar::String << policy << given << result;
    };
    const QVariant null = QVariant::fromValue(nullptr);
    number("mine", Policy::Mine, {1, 2, 3}, 2);
    number("theirs", Policy::Theirs, {1, 2, 3}, 3);
    number("who is to be asked keeps his", Policy::Ask, {1, 2, 3}, 2);
    number("the greater number", Policy::Maximum, {1, 2, 3}, 3);
    number("the greater number is mine", Policy::Maximum, {1, 10, 3}, 10);
    number("the smaller number", Policy::Minimum, {5, 2, 3}, 2);
    number("a number is greater than none", Policy::Maximum, {5, null, 3}, 3);
    number("a number is smaller than none", Policy::Minimum, {5, 2, null}, 2);
    text("the greater text", Policy::Maximum, {u"a"_s, u"b"_s, u"c"_s}, u"c"_s);
    QTest::newRow("the later time, whatever the offset") << Scalar::AWSDateTime << Policy::Maximum
        << QVariantList{u"2026-01-01T00:00:00Z"_s, u"2026-01-01T11:00:00+02:00"_s, u"2026-01-01T10:00:00Z"_s} << QVariant(u"2026-01-01T10:00:00Z"_s);
    number("both add", Policy::Sum, {10, 13, 15}, 18);
    number("one adds, one takes", Policy::Sum, {10, 7, 15}, 12);
    number("both count one more", Policy::Sum, {1, 2, 2}, 3);
    number("nothing counts as 0", Policy::Sum, {null, 2, 3}, 5);
    QTest::newRow("fractions") << Scalar::Float << Policy::Sum << QVariantList{1.0, 1.5, 2.0} << QVariant(2.5);
    text("both add to a set", Policy::Set, {QStringList{u"a"_s}, QStringList{u"a"_s, u"b"_s}, QStringList{u"a"_s, u"c"_s}}, QStringList{u"a"_s, u"c"_s, u"b"_s});
    text("both add the same to a set", Policy::Set, {QStringList{}, QStringList{u"b"_s}, QStringList{u"c"_s, u"b"_s}}, QStringList{u"c"_s, u"b"_s});
    text("one takes from a set, one adds", Policy::Set, {QStringList{u"a"_s, u"b"_s}, QStringList{u"b"_s}, QStringList{u"a"_s, u"b"_s, u"c"_s}}, QStringList{u"b"_s, u"c"_s});
    text("both append", Policy::Append, {QStringList{u"a"_s}, QStringList{u"a"_s, u"b"_s}, QStringList{u"a"_s, u"c"_s}}, QStringList{u"a"_s, u"c"_s, u"b"_s});
    text("both append several, with doubles", Policy::Append, {QStringList{u"a"_s}, QStringList{u"a"_s, u"a"_s, u"b"_s}, QStringList{u"a"_s, u"a"_s}},
         QStringList{u"a"_s, u"a"_s, u"a"_s, u"b"_s});
    text("an appended list never shrinks", Policy::Append, {QStringList{u"a"_s, u"b"_s}, QStringList{u"a"_s}, QStringList{u"a"_s, u"b"_s, u"c"_s}}, QStringList{u"a"_s, u"b"_s, u"c"_s});
}

void TestConflictResolution::resolves()
{
    QFETCH(Scalar, scalar);
    QFETCH(Policy, policy);
    QFETCH(QVariantList, given);
    QFETCH(QVariant, result);
    const FieldResolution resolution = resolved(scalar, policy, Value::fromVariant(given[0]), Value::fromVariant(given[1]), Value::fromVariant(given[2]));
    QCOMPARE(resolution.value, Value::fromVariant(result));
}

void TestConflictResolution::unknownBaseIsHandled_data()
{
    QTest::addColumn<Policy>("policy");
    QTest::addColumn<QVariantList>("given");        // mine, theirs
    QTest::addColumn<QVariant>("result");
    QTest::newRow("sum: nobody knows how much was added") << Policy::Sum << QVariantList{5, 7} << QVariant(5);
    QTest::newRow("maximum") << Policy::Maximum << QVariantList{5, 7} << QVariant(7);
    QTest::newRow("set: nothing was removed") << Policy::Set << QVariantList{QStringList{u"a"_s, u"b"_s}, QStringList{u"c"_s}} << QVariant(QStringList{u"c"_s, u"a"_s, u"b"_s});
    QTest::newRow("append: what both begin with was there") << Policy::Append << QVariantList{QStringList{u"a"_s, u"b"_s}, QStringList{u"a"_s, u"c"_s}}
                                                            << QVariant(QStringList{u"a"_s, u"c"_s, u"b"_s});
    QTest::newRow("theirs") << Policy::Theirs << QVariantList{5, 7} << QVariant(7);
}

void TestConflictResolution::unknownBaseIsHandled()
{
    QFETCH(Policy, policy);
    QFETCH(QVariantList, given);
    QFETCH(QVariant, result);
    QCOMPARE(resolved(Scalar::Int, policy, std::nullopt, Value::fromVariant(given[0]), Value::fromVariant(given[1])).value, Value::fromVariant(result));
}

static const QList<Policy> allPolicies{Policy::Mine, Policy::Theirs, Policy::Newest, Policy::Maximum, Policy::Minimum, Policy::Sum, Policy::Set,
                                       Policy::Append, Policy::Ask};

void TestConflictResolution::oneSidedChangesAreNoConflict()
{
    for (const Policy policy : allPolicies) {
        const FieldResolution mine = resolved(Scalar::Int, policy, Value(1), Value(2), Value(1));
        QCOMPARE(mine.value, Value(2));
        QCOMPARE(mine.side, Side::Mine);
        const FieldResolution theirs = resolved(Scalar::Int, policy, Value(1), Value(1), Value(2));
        QCOMPARE(theirs.value, Value(2));
        QCOMPARE(theirs.side, Side::Theirs);
    }
}

void TestConflictResolution::sumCommutes()
{
    const bool holds = rc::check("the order in which increments meet does not matter", [](int base, int first, int second) {
        const Value begin{qint64(base)};
        const Value a(qint64(base) + first);
        const Value b(qint64(base) + second);
        const Value ab = resolved(Scalar::AWSTimestamp, Policy::Sum, begin, a, b).value;
        RC_ASSERT(ab == resolved(Scalar::AWSTimestamp, Policy::Sum, begin, b, a).value);
        RC_ASSERT(ab == Value(qint64(base) + first + second));
    });
    QVERIFY(holds);
}

void TestConflictResolution::sumDoesNotOverflow()
{
    const qint64 most = std::numeric_limits<qint64>::max();
    QCOMPARE(resolved(Scalar::AWSTimestamp, Policy::Sum, Value(0), Value(most), Value(most)).value, Value(most));
    QCOMPARE(resolved(Scalar::AWSTimestamp, Policy::Sum, Value(most), Value(qint64(-5)), Value(std::numeric_limits<qint64>::min())).value,
             Value(std::numeric_limits<qint64>::min()));
}

static Value listOf(const std::vector<int> &numbers)
{
    Value::List values;
    for (const int number : numbers) {
        if (!values.contains(Value(number)))
            values.append(Value(number));
    }
    return values;
}

static rc::Gen<std::vector<int>> smallNumbers()
{
    return rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 8));
}

void TestConflictResolution::setIsAUnionWithoutWhatEitherSideRemoved()
{
    const bool holds = rc::check("union minus removals", [] {
        const Value base = listOf(*smallNumbers());
        const Value mine = listOf(*smallNumbers());
        const Value theirs = listOf(*smallNumbers());
        const Value::List result = resolved(Scalar::Int, Policy::Set, base, mine, theirs).value.toList();
        for (int number = 0; number < 8; ++number) {
            const bool was = base.toList().contains(Value(number));
            const bool inMine = mine.toList().contains(Value(number));
            const bool inTheirs = theirs.toList().contains(Value(number));
            const bool expected = was ? inMine && inTheirs : inMine || inTheirs;
            RC_ASSERT(result.contains(Value(number)) == expected);
            RC_ASSERT(result.count(Value(number)) <= 1);
        }
    });
    QVERIFY(holds);
}

void TestConflictResolution::setCommutes()
{
    const bool holds = rc::check("as sets, both orders are equal", [] {
        const Value base = listOf(*smallNumbers());
        const Value mine = listOf(*smallNumbers());
        const Value theirs = listOf(*smallNumbers());
        const Value::List ab = resolved(Scalar::Int, Policy::Set, base, mine, theirs).value.toList();
        const Value::List ba = resolved(Scalar::Int, Policy::Set, base, theirs, mine).value.toList();
        RC_ASSERT(ab.size() == ba.size());
        for (const Value &value : ab)
            RC_ASSERT(ba.contains(value));
    });
    QVERIFY(holds);
}

void TestConflictResolution::copiesThatAMergeAppendedAreTakenOut_data()
{
    QTest::addColumn<QString>("base");
    QTest::addColumn<QString>("mine");
    QTest::addColumn<QString>("theirs");
    QTest::addColumn<QString>("result");
    QTest::newRow("nobody else appended") << u"ab"_s << u"abm"_s << u"ababm"_s << u"abm"_s;
    QTest::newRow("others appended before") << u"ab"_s << u"abm"_s << u"abtabm"_s << u"abtm"_s;
    QTest::newRow("others appended behind") << u"ab"_s << u"abm"_s << u"ababmt"_s << u"abmt"_s;
    QTest::newRow("others have it in theirs") << u"ab"_s << u"abm"_s << u"ababmtababmt"_s << u"abmtababmt"_s;
    QTest::newRow("came before all others") << u"ab"_s << u"abm"_s << u"abmabm"_s << u"abmabm"_s;
    QTest::newRow("did not come") << u"ab"_s << u"abm"_s << u"abt"_s << u"abt"_s;
    QTest::newRow("was made from nothing") << QString() << u"m"_s << u"tm"_s << u"tm"_s;
    QTest::newRow("takes a copy out itself") << u"aam"_s << u"am"_s << u"aamtam"_s << u"aamt"_s;
    QTest::newRow("takes a copy out and adds") << u"aam"_s << u"amn"_s << u"aamtamn"_s << u"aamtn"_s;
}

void TestConflictResolution::copiesThatAMergeAppendedAreTakenOut()
{
    QFETCH(QString, base);
    QFETCH(QString, mine);
    QFETCH(QString, theirs);
    QFETCH(QString, result);
    const auto list = [](const QString &letters) {
        Value::List list;
        for (const QChar letter : letters)
            list.append(Value(QString(letter)));
        return Value(list);
    };
    QCOMPARE(withoutMerge(list(base), list(mine), list(theirs)), list(result));
}

void TestConflictResolution::appendKeepsBothTails()
{
    const bool holds = rc::check("base, then theirs, then mine", [] {
        const auto some = [](const std::vector<int> &numbers) {
            Value::List values;
            for (const int number : numbers)
                values.append(Value(number));
            return values;
        };
        const Value::List base = some(*smallNumbers());
        const Value::List tail = some(*smallNumbers());
        const Value::List other = some(*smallNumbers());
        const Value result = resolved(Scalar::Int, Policy::Append, Value(base), Value(base + tail), Value(base + other)).value;
        RC_ASSERT(result == (tail == other ? Value(base + tail) : Value(base + other + tail)));
    });
    QVERIFY(holds);
}

void TestConflictResolution::equalSidesStay()
{
    for (const Policy policy : allPolicies) {
        if (policy == Policy::Sum)
            continue;               // two that add the same
        QCOMPARE(resolved(Scalar::Int, policy, Value(1), Value(2), Value(2)).value, Value(2));
        QCOMPARE(resolved(Scalar::Int, policy, std::nullopt, Value(2), Value(2)).value, Value(2));
        const Value same = list({u"a"_s, u"b"_s});
        QCOMPARE(resolved(Scalar::String, policy, list({u"a"_s}), same, same).value, same);
    }
}

void TestConflictResolution::sidesAreTold()
{
    QCOMPARE(resolved(Scalar::Int, Policy::Newest, Value(1), Value(2), Value(3), 20, 10).side, Side::Mine);
    QCOMPARE(resolved(Scalar::Int, Policy::Newest, Value(1), Value(2), Value(3), 10, 20).side, Side::Theirs);
    QCOMPARE(resolved(Scalar::Int, Policy::Newest, Value(1), Value(2), Value(3), 10, 10).side, Side::Theirs);
    QCOMPARE(resolved(Scalar::Int, Policy::Sum, Value(1), Value(2), Value(3)).side, Side::Mixed);
    QCOMPARE(resolved(Scalar::Int, Policy::Sum, Value(1), Value(2), Value(3)).value, Value(4));
}

QTEST_GUILESS_MAIN(TestConflictResolution)

#include "tst_conflictresolution.moc"
