// SPDX-License-Identifier: MIT
#include "executionfixture.h"

#include "server/execution/validation.h"

using namespace ExecutionFixture;

class TestValidation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void saysWhatGraphqlJsSays_data() { addRows(u"validation"_s); }
    void saysWhatGraphqlJsSays();
    void findsMore_data();
    void findsMore();
    void keepsAppSyncsWords_data();
    void keepsAppSyncsWords();
    void agreesInDetail_data();
    void agreesInDetail();
    void survivesManyFragments();
    void givesUpOnEndlessComparisons();

private:
    [[nodiscard]] std::vector<GraphQLError> check(const QString &source) const { return validate(*m_types, parsed(source), source); }

    std::shared_ptr<const TypeSystem> m_types;
};

void TestValidation::initTestCase()
{
    const QString schema = QString::fromUtf8(read(u"semantic.schema.graphql"_s));
    QVERIFY2(!schema.isEmpty(), "fixtures/graphql/semantic.schema.graphql is missing");
    const auto built = TypeSystem::build(parsed(schema));
    QVERIFY2(built, qPrintable(built.error().message()));
    m_types = *built;
}

void TestValidation::saysWhatGraphqlJsSays()
{
    QFETCH(const QJsonObject, entry);
    QVERIFY2(!entry.isEmpty(), "fixtures/graphql/validation.json is missing");
    QJsonArray errors;
    for (const GraphQLError &error : check(entry["source"_L1].toString())) {
        QJsonObject object = json(error);
        object.insert(u"rule"_s, error.rule);
        errors.append(object);
    }
    QCOMPARE(QJsonDocument(errors).toJson(), QJsonDocument(entry["errors"_L1].toArray()).toJson());
}

void TestValidation::findsMore_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("message");
    QTest::newRow("unknown fragment") << u"{ dog { ...F } }"_s << u"Unknown fragment \"F\"."_s;
    QTest::newRow("unknown type") << u"query Q($a: Nope) { echoInt(v: $a) }"_s << u"Unknown type \"Nope\". Did you mean \"Node\"?"_s;
    QTest::newRow("fragment cycle") << u"{ dog { ...A } } fragment A on Dog { ...B } fragment B on Dog { ...A }"_s
                                    << u"Cannot spread fragment \"A\" within itself via \"B\"."_s;
    QTest::newRow("fragment in itself") << u"{ dog { ...A } } fragment A on Dog { ...A }"_s
                                        << u"Cannot spread fragment \"A\" within itself."_s;
    QTest::newRow("fragment twice") << u"{ dog { ...A } } fragment A on Dog { id } fragment A on Dog { id }"_s
                                    << u"There can be only one fragment named \"A\"."_s;
    QTest::newRow("unknown directive") << u"{ dog @nope { id } }"_s << u"Unknown directive \"@nope\"."_s;
    QTest::newRow("misplaced directive") << u"query @onField { nothing }"_s << u"Directive \"@onField\" may not be used on QUERY."_s;
    QTest::newRow("unknown directive argument") << u"{ dog @many(y: 1) { id } }"_s << u"Unknown argument \"y\" on directive \"@many\". Did you mean \"x\"?"_s;
    QTest::newRow("argument twice") << u"{ echoInt(v: 1, v: 1) }"_s << u"There can be only one argument named \"v\"."_s;
    QTest::newRow("input field twice") << u"{ echoWhere(v: {name: \"a\", name: \"b\"}) }"_s << u"There can be only one input field named \"name\"."_s;
    QTest::newRow("two subscriptions") << u"subscription S { tick dogs { id } }"_s << u"Subscription \"S\" must select only one top level field."_s;
    QTest::newRow("introspecting subscription") << u"subscription { __typename }"_s
                                                << u"Anonymous Subscription must not select an introspection top level field."_s;
    QTest::newRow("conflict through fragments") << u"{ dog { ...A ...B } } fragment A on Dog { x: name } fragment B on Dog { x: id }"_s
                                                << u"Fields \"x\" conflict because \"name\" and \"id\" are different fields. Use different aliases on the fields to fetch both if this was intentional."_s;
}

void TestValidation::findsMore()
{
    QFETCH(const QString, source);
    QFETCH(const QString, message);
    const std::vector<GraphQLError> errors = check(source);
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors.front().message, message);
}

void TestValidation::keepsAppSyncsWords_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("message");
    QTest::newRow("undefined field") << u"{ dog { owner { nope } } }"_s
                                     << u"Validation error of type FieldUndefined: Field 'nope' in type 'Human' is undefined @ 'dog/owner/nope'"_s;
    QTest::newRow("unknown argument") << u"{ nothing(filter: 1) }"_s
                                      << u"Validation error of type UnknownArgument: Unknown field argument filter @ 'nothing'"_s;
    QTest::newRow("unknown input field") << u"{ echoWhere(v: {not: 1}) }"_s
                                         << u"The variables input contains a field name 'not' that is not defined for input object type 'Where' "_s;
}

void TestValidation::keepsAppSyncsWords()
{
    QFETCH(const QString, source);
    QFETCH(const QString, message);
    const std::vector<GraphQLError> errors = check(source);
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors.front().appSyncMessage, message);
}

// What generated documents found; see tests/interop/validation.test.mjs.
void TestValidation::agreesInDetail_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QStringList>("errors");
    QTest::newRow("a fragment that cannot apply adds no field to a subscription")
        << u"subscription { tick ...F } fragment F on Named { name }"_s
        << QStringList{u"1:21 Fragment \"F\" cannot be spread here as objects of type \"Subscription\" can never be of type \"Named\"."_s};
    QTest::newRow("a field that is skipped by a literal is none of a subscription's")
        << u"subscription { tick dogs @skip(if: true) { id } ... @include(if: false) { __typename } }"_s << QStringList{};
    QTest::newRow("a condition with a variable may add a field")
        << u"subscription ($v: Boolean!) { tick dogs @skip(if: $v) { id } }"_s
        << QStringList{u"1:36 Anonymous Subscription must select only one top level field."_s};
    QTest::newRow("an argument of __typename names the type around it")
        << u"{ dog { __typename(a: 1) } }"_s << QStringList{u"1:20 Unknown argument \"a\" on field \"Dog.__typename\"."_s};
    QTest::newRow("of variables with one name the last counts")
        << u"query ($v: Size, $v: Int!) { req(v: $v) }"_s << QStringList{u"1:9 1:19 There can be only one variable named \"$v\"."_s};
    QTest::newRow("a conflict in an inline fragment is told once")
        << u"{ dog { ... on Dog { k: id k: name } } }"_s
        << QStringList{u"1:22 1:28 Fields \"k\" conflict because \"id\" and \"name\" are different fields. "
                        "Use different aliases on the fields to fetch both if this was intentional."_s};
    QTest::newRow("the order of an object's members makes no other argument")
        << u"{ echoWhere(v: {name: \"a\", limit: 1}) echoWhere(v: {limit: 1, name: \"a\"}) }"_s << QStringList{};
    QTest::newRow("a list in the place of an object")
        << u"query ($v: Strict! = [1]) { echoStrict(v: $v) }"_s
        << QStringList{u"1:22 Expected value of type \"Strict\", found [1]."_s};
    QTest::newRow("outer spreads come first in a cycle")
        << u"{ dog { ...A } } fragment A on Dog { owner { ...B } ...C } fragment B on Human { pets { ... on Dog { ...C } } } "
           "fragment C on Dog { owner { ...B } }"_s
        << QStringList{u"1:141 1:102 Cannot spread fragment \"C\" within itself via \"B\"."_s};
    QTest::newRow("a type of the document is one that may have been meant")
        << u"{ dog { ... on Xog { id } ... on Dox { id } } } type Xag { a: Int } extend type Dox { a: Int }"_s
        << QStringList{u"1:49 The \"Xag\" definition is not executable."_s, u"1:69 The \"Dox\" definition is not executable."_s,
                       u"1:16 Unknown type \"Xog\". Did you mean \"Dog\" or \"Xag\"?"_s, u"1:34 Unknown type \"Dox\". Did you mean \"Dog\"?"_s};
    QTest::newRow("a fragment on what has no fields is compared with itself")
        << u"{ ...F } fragment F on Where { k: a k: b ...F }"_s
        << QStringList{u"1:24 Fragment \"F\" cannot condition on non composite type \"Where\"."_s, u"1:42 Cannot spread fragment \"F\" within itself."_s,
                       u"1:32 1:37 Fields \"k\" conflict because \"a\" and \"b\" are different fields. Use different aliases on the fields to fetch both if this was intentional."_s,
                       u"1:32 1:37 Fields \"k\" conflict because \"a\" and \"b\" are different fields. Use different aliases on the fields to fetch both if this was intentional."_s,
                       u"1:37 1:32 Fields \"k\" conflict because \"b\" and \"a\" are different fields. Use different aliases on the fields to fetch both if this was intentional."_s};
    QTest::newRow("long names are cut")
        << u"{ dog { %1: id %1: name } }"_s.arg(QString(1001, u'k'))
        << QStringList{u"1:9 1:1015 Fields \"%1...\" conflict because \"id\" and \"name\" are different fields. "
                        "Use different aliases on the fields to fetch both if this was intentional."_s.arg(QString(1000, u'k'))};
}

void TestValidation::agreesInDetail()
{
    QFETCH(const QString, source);
    QFETCH(const QStringList, errors);
    QStringList found;
    for (const GraphQLError &error : check(source)) {
        QString text;
        for (const GraphQL::SourcePosition &position : error.locations)
            text += u"%1:%2 "_s.arg(position.line).arg(position.column);
        found.append(text + error.message);
    }
    QCOMPARE(found, errors);
}

// Every fragment spreads all later ones: a naive comparison of paths would not end.
void TestValidation::survivesManyFragments()
{
    constexpr int count = 40;
    QString source = u"{ dog { ...F0 } }"_s;
    for (int i = 0; i < count; ++i) {
        source += u" fragment F%1 on Dog { name"_s.arg(i);
        for (int j = i + 1; j < count; ++j)
            source += u" ...F%1"_s.arg(j);
        source += u" }"_s;
    }
    QVERIFY(check(source).empty());
}

void TestValidation::givesUpOnEndlessComparisons()
{
    QString source = u"{ dog {"_s;
    for (int i = 0; i < 2000; ++i)
        source += u" k: old owner { id }"_s;
    const std::vector<GraphQLError> errors = check(source + u" } }"_s);
    QCOMPARE(errors.size(), 1);
    QCOMPARE(errors.front().message, u"Validation aborted."_s);
}

QTEST_APPLESS_MAIN(TestValidation)
#include "tst_validation.moc"
