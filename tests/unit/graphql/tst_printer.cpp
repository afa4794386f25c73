// SPDX-License-Identifier: MIT
#include "fixtures.h"

#include "core/graphql/parser.h"
#include "core/graphql/printer.h"
#include "shared/graphqltree.h"

#include <rapidcheck.h>

using namespace Tideline;
using namespace Tideline::GraphQL;
using namespace Qt::StringLiterals;

class TestPrinter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void printsAsGraphqlJs_data() { Fixtures::addRows({u"valid-queries"_s, u"valid-sdl"_s}); }
    void printsAsGraphqlJs();
    void stripsAsGraphqlJs_data() { Fixtures::addRows({u"valid-queries"_s, u"valid-sdl"_s}); }
    void stripsAsGraphqlJs();
    void printsADocumentThatParsesToTheSameTree_data() { Fixtures::addRows({u"valid-queries"_s, u"valid-sdl"_s}); }
    void printsADocumentThatParsesToTheSameTree();
    void printsTheSameAgain_data() { printsLayout_data(); }
    void printsTheSameAgain();
    void printsLayout_data();
    void printsLayout();
    void printsAnyString();
    void printsAnyBlockString();
    void printsValuesAndTypesAlone();
    void printsTreesMadeByHand();
    void stripsNothingFromNothing();
    void stripsOnlyWhatCanBeRead();
};

static QJsonValue treeOf(const QString &source)
{
    const ParseResult result = parse(source);
    if (const auto *document = std::get_if<Document>(&result))
        return Tests::withoutLocations(toJson(*document));
    return std::get<SyntaxError>(result).message;
}

static QString printed(const QString &source)
{
    const ParseResult result = parse(source);
    if (const auto *document = std::get_if<Document>(&result))
        return print(*document);
    return std::get<SyntaxError>(result).message;
}

// The value of the argument in "{ a(b: VALUE) }", null when that does not parse.
static QString valueOf(const QString &source)
{
    const ParseResult result = parse(source);
    const auto *document = std::get_if<Document>(&result);
    if (!document)
        return {};
    const auto &operation = std::get<OperationDefinition>(document->definitions.front());
    const auto &field = std::get<Field>(operation.selectionSet.selections.front().node);
    return std::get<StringValue>(field.arguments.front().value.node).value;
}

void TestPrinter::printsAsGraphqlJs()
{
    FETCH_CASE(entry);
    const ParseResult result = parse(entry["source"_L1].toString());
    QVERIFY(std::holds_alternative<Document>(result));
    QCOMPARE(print(std::get<Document>(result)), entry["printed"_L1].toString());
}

void TestPrinter::stripsAsGraphqlJs()
{
    FETCH_CASE(entry);
    QCOMPARE(stripIgnoredCharacters(entry["source"_L1].toString()), entry["stripped"_L1].toString());
}

void TestPrinter::printsADocumentThatParsesToTheSameTree()
{
    FETCH_CASE(entry);
    const QString source = entry["source"_L1].toString();
    const QJsonValue tree = treeOf(source);
    QVERIFY(tree.isObject());
    QCOMPARE(treeOf(printed(source)), tree);
    QCOMPARE(treeOf(stripIgnoredCharacters(source)), tree);
    QCOMPARE(printed(printed(source)), printed(source));
}

void TestPrinter::printsLayout_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("expected");
    const QString name(72, u'n');
    QTest::addRow("arguments that make 80 characters stay on the line")
        << u"{ %1(a: 123) }"_s.arg(name) << u"{\n  %1(a: 123)\n}"_s.arg(name);
    QTest::addRow("arguments that make 81 characters get lines of their own")
        << u"{ %1(a: 1234) }"_s.arg(name) << u"{\n  %1(\n    a: 1234\n  )\n}"_s.arg(name);
    QTest::addRow("the alias counts")
        << u"{ x: %1(a: 123) }"_s.arg(name) << u"{\n  x: %1(\n    a: 123\n  )\n}"_s.arg(name);
    QTest::addRow("the depth does not count")
        << u"{ a { b { %1(a: 123) } } }"_s.arg(name)
        << u"{\n  a {\n    b {\n      %1(a: 123)\n    }\n  }\n}"_s.arg(name);
    QTest::addRow("block string in a deep argument")
        << u"{ a { b(c: \"\"\"x\n  y\n z\"\"\") } }"_s
        << u"{\n  a {\n    b(c: \"\"\"\n    x\n     y\n    z\n    \"\"\")\n  }\n}"_s;
    QTest::addRow("described variables") << u"query (\"d\" $a: Int, $b: Int) { c }"_s
        << u"query (\n\"d\"\n$a: Int\n$b: Int\n) {\n  c\n}"_s;
    QTest::addRow("described operation and fragment")
        << u"\"q\" query { a } \"f\" fragment F on T @d { a }"_s
        << u"\"q\"\nquery {\n  a\n}\n\n\"f\"\nfragment F on T @d {\n  a\n}"_s;
    QTest::addRow("query with directives only") << u"query @d { a }"_s << u"query @d {\n  a\n}"_s;
    QTest::addRow("query with variables only") << u"query ($a: Int) { a }"_s << u"query ($a: Int) {\n  a\n}"_s;
    QTest::addRow("block string description of a field")
        << u"type A { \"\"\"\n  one\n\n    two\n\"\"\" b: Int }"_s
        << u"type A {\n  \"\"\"\n  one\n  \n    two\n  \"\"\"\n  b: Int\n}"_s;
    QTest::addRow("described argument of a directive")
        << u"directive @d(\"x\" a: Int, b: Int = 1) repeatable on FIELD | QUERY"_s
        << u"directive @d(\n  \"x\"\n  a: Int\n  b: Int = 1\n) repeatable on FIELD | QUERY"_s;
    QTest::addRow("every extension")
        << u"extend schema @a{query:Q} extend scalar S @a extend type T implements A&B@a{f:I}"
           "extend interface I implements A extend union U @a=|A|B extend enum E @a{A} extend input N @a{f:I=1}"_s
        << u"extend schema @a {\n  query: Q\n}\n\nextend scalar S @a\n\nextend type T implements A & B @a {\n  f: I\n}"
           "\n\nextend interface I implements A\n\nextend union U @a = A | B\n\nextend enum E @a {\n  A\n}\n\n"
           "extend input N @a {\n  f: I = 1\n}"_s;
    QTest::addRow("strings") << uR"({ a(b: "\u0000\b\t\n\f\r\"\\\/\u007f\u0085\u00e4\u001f") })"_s
        << u"{\n  a(b: \"\\u0000\\b\\t\\n\\f\\r\\\"\\\\/\\u007F\\u0085\u00e4\\u001F\")\n}"_s;
}

void TestPrinter::printsLayout()
{
    QFETCH(QString, source);
    QFETCH(QString, expected);
    QCOMPARE(printed(source), expected);
}

void TestPrinter::printsTheSameAgain()
{
    QFETCH(QString, source);
    QFETCH(QString, expected);
    QCOMPARE(printed(expected), expected);
    QCOMPARE(treeOf(expected), treeOf(source));
    QCOMPARE(treeOf(stripIgnoredCharacters(source)), treeOf(source));
}

static QString randomText(const QString &alphabet)
{
    QString text;
    for (const int index : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, int(alphabet.size()))))
        text += alphabet[index];
    return text;
}

void TestPrinter::printsAnyString()
{
    QVERIFY(rc::check("a string value survives printing", [] {
        const QString text = randomText(u"ab \t\n\r\"\\/\b\f\0\x1f\x7f\x85\u00e4\u2028\ufeff{}#,"_s);
        const Value value = {StringValue{text, false, {}}};
        RC_ASSERT(valueOf(u"{ a(b: "_s + print(value) + u") }"_s) == text);
    }));
}

void TestPrinter::printsAnyBlockString()
{
    QVERIFY(rc::check("a block string survives printing and stripping", [] {
        QString raw = randomText(u"ab  \t\n\n\r\"\\#\x01"_s);
        raw.replace(u"\"\"\""_s, u"\\\"\"\""_s);
        const QString source = u"{ a { a(b: \"\"\"%1\"\"\") } }"_s.arg(raw);
        const QJsonValue tree = treeOf(source);
        RC_PRE(tree.isObject());
        RC_ASSERT(treeOf(printed(source)) == tree);
        RC_ASSERT(treeOf(stripIgnoredCharacters(source)) == tree);
    }));
}

void TestPrinter::printsValuesAndTypesAlone()
{
    const Value list = {ListValue{{{IntValue{u"1"_s, {}}}, {NullValue{}}, {BooleanValue{true, {}}}}, {}}};
    QCOMPARE(print(list), u"[1, null, true]"_s);
    const ParseResult result = parse(u"type A { b: [[Int!]]! }");
    const auto &type = std::get<TypeDefinition>(std::get<Document>(result).definitions.front());
    QCOMPARE(print(type.fields.front().type), u"[[Int!]]!"_s);
}

void TestPrinter::printsTreesMadeByHand()
{
    QCOMPARE(print(Document()), QString());
    Field field;
    field.name.value = u"a"_s;
    OperationDefinition operation;
    operation.operation = OperationType::Mutation;
    operation.selectionSet.selections = {{field}, {FragmentSpread{{u"F"_s, {}}, {}, {}}}};
    Document document;
    document.definitions = {operation};
    QCOMPARE(print(document), u"mutation {\n  a\n  ...F\n}"_s);
}

void TestPrinter::stripsNothingFromNothing()
{
    const QString stripped = stripIgnoredCharacters(u" ,\n# only a comment\n\ufeff");
    QVERIFY(stripped.isEmpty());
    QVERIFY(!stripped.isNull());
}

void TestPrinter::stripsOnlyWhatCanBeRead()
{
    QVERIFY(stripIgnoredCharacters(u"{ a ? }").isNull());
    QVERIFY(stripIgnoredCharacters(u"{ a(b: \"").isNull());
    QCOMPARE(stripIgnoredCharacters(u"} a 1 ... b"), u"}a 1 ...b"_s);
}

QTEST_APPLESS_MAIN(TestPrinter)
#include "tst_printer.moc"
