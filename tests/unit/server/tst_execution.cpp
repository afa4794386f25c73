// SPDX-License-Identifier: MIT
#include "executionfixture.h"

#include "core/graphql/printer.h"

using namespace ExecutionFixture;

class TestExecution : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void answersLikeGraphqlJs_data() { addRows(u"execution"_s); }
    void answersLikeGraphqlJs();
    void resolvesALevelAtOnce();
    void mergesFieldsOfFragments();
    void skipsAndIncludes_data();
    void skipsAndIncludes();
    void agreesInDetail_data();
    void agreesInDetail();
    void refusesDocumentsThatExpandTooFar();
    void describesItself();
    void describesWrappedTypes();
    void writesNumbersAndTextAsJson_data();
    void writesNumbersAndTextAsJson();
    void refusesBrokenSchemas_data();
    void refusesBrokenSchemas();

private:
    QJsonObject run(const QString &source, const QJsonObject &variables = {}, const QString &operationName = {});

    std::shared_ptr<const TypeSystem> m_types;
    Value m_root;
    int m_calls = 0;
};

void TestExecution::initTestCase()
{
    const QString schema = QString::fromUtf8(read(u"semantic.schema.graphql"_s));
    QVERIFY2(!schema.isEmpty(), "fixtures/graphql/semantic.schema.graphql is missing");
    const auto built = TypeSystem::build(parsed(schema));
    QVERIFY2(built, qPrintable(built.error().message()));
    m_types = *built;
    m_root = Value::fromJson(QJsonDocument::fromJson(read(u"execution.root.json"_s)).object());
    QVERIFY2(!m_root.toObject().isEmpty(), "fixtures/graphql/execution.root.json is missing");
}

QJsonObject TestExecution::run(const QString &source, const QJsonObject &variables, const QString &operationName)
{
    const Answer answered = answer(*m_types, parsed(source), {source, variables, operationName}, m_root);
    m_calls = answered.calls;
    return json(answered);
}

void TestExecution::answersLikeGraphqlJs()
{
    QFETCH(const QJsonObject, entry);
    QVERIFY2(!entry.isEmpty(), "fixtures/graphql/execution.json is missing");
    QCOMPARE(QJsonDocument(run(entry["source"_L1].toString(), entry["variables"_L1].toObject(),
                               entry["operationName"_L1].toString())).toJson(),
             QJsonDocument(entry["result"_L1].toObject()).toJson());
}

void TestExecution::resolvesALevelAtOnce()
{
    run(u"{ human { pets { ... on Dog { owner { id } friends { __typename } } id } } }"_s);
    QCOMPARE(m_calls, 4);               // human; pets; owner and friends of all dogs
}

void TestExecution::mergesFieldsOfFragments()
{
    const QJsonObject response = run(u"{ dog { ...A ...B } } fragment A on Dog { owner { id } } fragment B on Named "
                                     "{ name ... on Dog { owner { name } } }"_s);
    QCOMPARE(response["data"_L1]["dog"_L1].toObject(),
             (QJsonObject{{u"name"_s, u"Rex"_s}, {u"owner"_s, QJsonObject{{u"id"_s, u"h1"_s}, {u"name"_s, u"Ann"_s}}}}));
}

void TestExecution::skipsAndIncludes_data()
{
    QTest::addColumn<bool>("variable");
    QTest::addColumn<QStringList>("keys");
    QTest::newRow("a true variable") << true << QStringList{u"a"_s, u"c"_s, u"e"_s};
    QTest::newRow("a false variable") << false << QStringList{u"b"_s, u"d"_s};
}

void TestExecution::skipsAndIncludes()
{
    QFETCH(const bool, variable);
    QFETCH(const QStringList, keys);
    const QJsonObject response = run(u"query Q($v: Boolean!) { a: size @include(if: $v) b: size @skip(if: $v) "
                                     "... @include(if: $v) { c: size } ...D @skip(if: $v) e: size @include(if: $v) @skip(if: false) "
                                     "f: size @skip(if: true) } fragment D on Query { d: size }"_s,
                                     {{u"v"_s, variable}});
    QCOMPARE(response["data"_L1].toObject().keys(), keys);
}

// What generated documents found; see tests/interop/execution.test.mjs.
void TestExecution::agreesInDetail_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QJsonObject>("variables");
    QTest::addColumn<QString>("error");
    const auto with = [](const QJsonValue &value) { return QJsonObject{{u"v"_s, value}}; };
    QTest::newRow("a null condition") << u"query ($v: Boolean = true) { human { id @include(if: $v) } }"_s << with({})
                                      << u"1:54 human: Argument \"if\" of non-null type \"Boolean!\" must not be null."_s;
    QTest::newRow("a null condition at the top") << u"query ($v: Boolean = true) { size @skip(if: $v) }"_s << with({})
                                                 << u"1:45 : Argument \"if\" of non-null type \"Boolean!\" must not be null."_s;
    QTest::newRow("a null for a required argument") << u"query ($v: Int = 1) { req(v: $v) }"_s << with({})
                                                    << u"1:30 req: Argument \"v\" of non-null type \"Int!\" must not be null."_s;
    QTest::newRow("a deep value is shown in part") << u"query ($v: Where) { echoWhere(v: $v) }"_s
                                                   << with(QJsonObject{{u"a"_s, QJsonObject{{u"b"_s, QJsonArray{1}}}}})
                                                   << u"1:8 : Variable \"$v\" got invalid value { a: { b: [Array] } }; Field \"a\" is not defined by type \"Where\"."_s;
    QTest::newRow("a large number is shown as it was given") << u"query ($v: String) { echoString(v: $v) }"_s << with(1e20)
                                                             << u"1:8 : Variable \"$v\" got invalid value 100000000000000000000; "
                                                                "String cannot represent a non string value: 100000000000000000000"_s;
    QTest::newRow("a larger number") << u"query ($v: Int) { echoInt(v: $v) }"_s << with(1e21)
                                     << u"1:8 : Variable \"$v\" got invalid value 1e+21; Int cannot represent non 32-bit signed integer value: 1e+21"_s;
    QTest::newRow("a small number") << u"query ($v: Int) { echoInt(v: $v) }"_s << with(1e-7)
                                    << u"1:8 : Variable \"$v\" got invalid value 1e-7; Int cannot represent non-integer value: 1e-7"_s;
}

void TestExecution::agreesInDetail()
{
    QFETCH(const QString, source);
    QFETCH(const QJsonObject, variables);
    QFETCH(const QString, error);
    const QJsonArray errors = run(source, variables)["errors"_L1].toArray();
    QCOMPARE(errors.size(), 1);
    const QJsonValue place = errors[0]["locations"_L1][0];
    QStringList path;
    for (const QJsonValue key : errors[0]["path"_L1].toArray())
        path.append(key.toVariant().toString());
    QCOMPARE(u"%1:%2 "_s.arg(place["line"_L1].toInt()).arg(place["column"_L1].toInt()) + path.join(u'/') + u": "_s
                 + errors[0]["message"_L1].toString(), error);
}

void TestExecution::refusesDocumentsThatExpandTooFar()
{
    QString source = u"{ human { ...F0 } }"_s;
    for (int i = 0; i < 30; ++i)
        source += u" fragment F%1 on Human { a: boss { ...F%2 } b: boss { ...F%2 } }"_s.arg(i).arg(i + 1);
    source += u" fragment F30 on Human { id }"_s;
    const QJsonObject response = run(source);
    QCOMPARE(response["errors"_L1][0]["message"_L1].toString(), u"The document selects more than 1000 fields."_s);
}

void TestExecution::describesItself()
{
    const QJsonObject response = run(u"{ __schema { queryType { name } mutationType { name } subscriptionType { name } "
                                     "types { name } directives { name isRepeatable locations args { name } } } }"_s);
    const QJsonObject schema = response["data"_L1]["__schema"_L1].toObject();
    QCOMPARE(schema["queryType"_L1]["name"_L1].toString(), u"Query"_s);
    QCOMPARE(schema["subscriptionType"_L1]["name"_L1].toString(), u"Subscription"_s);
    QStringList names;
    for (const QJsonValue type : schema["types"_L1].toArray())
        names.append(type["name"_L1].toString());
    for (const QString &name : {u"Dog"_s, u"Pet"_s, u"Where"_s, u"Int"_s, u"__Type"_s, u"__TypeKind"_s})
        QVERIFY2(names.contains(name), qPrintable(name));
    QVERIFY(!names.contains(u"__Meta"_s));
    QVERIFY(!names.contains(QString()));
}

void TestExecution::describesWrappedTypes()
{
    const QJsonObject response = run(u"{ __type(name: \"Query\") { fields { name type { kind name ofType { kind name } } "
                                     "args { name defaultValue } } } input: __type(name: \"Where\") { kind inputFields { name defaultValue } } "
                                     "none: __type(name: \"Nope\") { name } pet: __type(name: \"Pet\") { possibleTypes { name } } }"_s);
    QVERIFY(!response.contains("errors"_L1));
    const QJsonArray fields = response["data"_L1]["__type"_L1]["fields"_L1].toArray();
    const auto def = std::find_if(fields.begin(), fields.end(), [](const QJsonValue &field) { return field["name"_L1] == u"def"_s; });
    QCOMPARE((*def)["args"_L1][0]["defaultValue"_L1].toString(), u"7"_s);
    QCOMPARE(response["data"_L1]["input"_L1]["inputFields"_L1][1]["defaultValue"_L1].toString(), u"SMALL"_s);
    QVERIFY(response["data"_L1]["none"_L1].isNull());
    QCOMPARE(response["data"_L1]["pet"_L1]["possibleTypes"_L1].toArray().size(), 2);
}

void TestExecution::writesNumbersAndTextAsJson_data()
{
    QTest::addColumn<Value>("value");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("the largest integer") << Value(std::numeric_limits<qint64>::max()) << QByteArray("9223372036854775807");
    QTest::newRow("a whole double") << Value(2.0) << QByteArray("2");
    QTest::newRow("a double that has no short binary form") << Value(0.1) << QByteArray("0.1");
    QTest::newRow("a number JSON cannot say") << Value(std::numeric_limits<double>::infinity()) << QByteArray("null");
    QTest::newRow("text to escape") << Value(u"\"\\\n\t\u0001"_s) << QByteArray("\"\\\"\\\\\\n\\t\\u0001\"");
    QTest::newRow("text of all lengths") << Value(u"a\u00e4\u20ac\U0001F600"_s) << QByteArray("\"a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"");
    QTest::newRow("half a surrogate pair") << Value(QString(QChar(0xd83d))) << QByteArray("\"\\ud83d\"");
    QTest::newRow("an empty list and object") << Value(Value::List{Value::List(), Value::Object()}) << QByteArray("[[],{}]");
}

void TestExecution::writesNumbersAndTextAsJson()
{
    QFETCH(const Value, value);
    QFETCH(const QByteArray, text);
    QCOMPARE(toJsonText(value), text);
}

void TestExecution::refusesBrokenSchemas_data()
{
    QTest::addColumn<QString>("sdl");
    QTest::addColumn<QString>("message");
    QTest::newRow("unknown type") << u"type Query { a: Nope }"_s << u"Unknown type \"Nope\"."_s;
    QTest::newRow("type twice") << u"type Query { a: Int } type Query { b: Int }"_s << u"There can be only one type named \"Query\"."_s;
    QTest::newRow("no query") << u"type Mutation { a: Int }"_s << u"Query root type must be provided."_s;
    QTest::newRow("wrong default") << u"type Query { a(b: Int = \"x\"): Int }"_s << u"The default value of \"b\" is not a valid Int."_s;
}

void TestExecution::refusesBrokenSchemas()
{
    QFETCH(const QString, sdl);
    QFETCH(const QString, message);
    const auto built = TypeSystem::build(parsed(sdl));
    QVERIFY(!built);
    QCOMPARE(built.error().code(), Error::Code::InvalidSchema);
    QCOMPARE(built.error().message(), message);
}

QTEST_APPLESS_MAIN(TestExecution)
#include "tst_execution.moc"
