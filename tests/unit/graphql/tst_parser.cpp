// SPDX-License-Identifier: MIT
#include "fixtures.h"

#include "core/graphql/parser.h"
#include "core/graphql/printer.h"

using namespace Tideline::GraphQL;
using namespace Qt::StringLiterals;

class TestParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesTheTreeOfGraphqlJs_data() { Fixtures::addRows({u"valid-queries"_s, u"valid-sdl"_s}); }
    void makesTheTreeOfGraphqlJs();
    void refusesAsGraphqlJs_data() { Fixtures::addRows({u"invalid-queries"_s, u"invalid-sdl"_s}); }
    void refusesAsGraphqlJs();
    void refuses_data();
    void refuses();
    void refusesAnEmptySource();
    void keepsDescriptionsOfExecutableDefinitions();
    void limitsTheDepth_data();
    void limitsTheDepth();
    void countsTheDepthOfAllKindsTogether();
    void forgetsTheDepthOfWhatIsClosed();
    void survivesHostileNesting_data();
    void survivesHostileNesting();
    void limitsTheTokens();
    void ownsItsStrings();
    void stopsAtEveryCut_data();
    void stopsAtEveryCut();
};

static SyntaxError errorOf(const ParseResult &result)
{
    const auto *error = std::get_if<SyntaxError>(&result);
    return error ? *error : SyntaxError();
}

void TestParser::makesTheTreeOfGraphqlJs()
{
    FETCH_CASE(entry);
    const ParseResult result = parse(entry["source"_L1].toString());
    if (const auto *error = std::get_if<SyntaxError>(&result))
        QFAIL(Fixtures::text(*error).constData());
    QCOMPARE(Fixtures::text(toJson(std::get<Document>(result))), Fixtures::text(entry["ast"_L1].toObject()));
}

void TestParser::refusesAsGraphqlJs()
{
    FETCH_CASE(entry);
    const ParseResult result = parse(entry["source"_L1].toString());
    const auto *error = std::get_if<SyntaxError>(&result);
    QVERIFY(error);
    QCOMPARE(Fixtures::text(*error), Fixtures::text(Fixtures::syntaxError(entry)));
}

void TestParser::refuses_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("message");
    QTest::addColumn<int>("position");
    QTest::addRow("description on a shorthand query") << u"\"d\" { a }"_s
        << u"Unexpected description, descriptions are not supported on shorthand queries."_s << 0;
    QTest::addRow("description on nothing known") << u" \"d\" foo"_s
        << u"Unexpected description, only GraphQL definitions support descriptions."_s << 1;
    QTest::addRow("description at the end") << u"\"d\""_s << u"Unexpected <EOF>."_s << 3;
    QTest::addRow("unreadable after a description") << u"\"d\" ?"_s << u"Unexpected character: \"?\"."_s << 4;
    QTest::addRow("unreadable after extend") << u"extend ?"_s << u"Unexpected character: \"?\"."_s << 7;
    QTest::addRow("extend directive") << u"extend directive @d @e"_s << u"Unexpected Name \"directive\"."_s << 7;
    QTest::addRow("extend at the end") << u"extend"_s << u"Unexpected <EOF>."_s << 6;
    QTest::addRow("fragment named on") << u"fragment on on T { a }"_s << u"Unexpected Name \"on\"."_s << 9;
    QTest::addRow("fragment named by a string") << u"fragment \"on\" on T { a }"_s << u"Unexpected String \"on\"."_s << 9;
    QTest::addRow("fragment with variables") << u"fragment F($a: Int) on T { a }"_s
        << u"Expected \"on\", found \"(\"."_s << 10;
    QTest::addRow("enum value in quotes") << u"enum E { \"d\" \"true\" }"_s
        << u"String \"true\" is reserved and cannot be used for an enum value."_s << 13;
    QTest::addRow("dollar alone in a constant") << u"query ($a: Int = $) { a }"_s << u"Unexpected \"$\"."_s << 17;
    QTest::addRow("block string where a name should be") << u"{ \"\"\"a\nb\"\"\" }"_s
        << u"Expected Name, found BlockString \"a\nb\"."_s << 2;
    QTest::addRow("lexical error before the grammar's own") << u"directive @d on NOWHERE ?"_s
        << u"Unexpected character: \"?\"."_s << 24;
    QTest::addRow("percent signs in a message") << u"{ a: \"%1 %2\" }"_s
        << u"Expected Name, found String \"%1 %2\"."_s << 5;
}

void TestParser::refuses()
{
    QFETCH(QString, source);
    QFETCH(QString, message);
    QFETCH(int, position);
    const SyntaxError error = errorOf(parse(source));
    QCOMPARE(error.message, u"Syntax Error: "_s + message);
    QCOMPARE(error.position, position);
    QCOMPARE(error.at, positionOf(source, position));
}

void TestParser::refusesAnEmptySource()
{
    for (const QStringView source : {QStringView(), QStringView(u"")}) {
        const SyntaxError error = errorOf(parse(source));
        QCOMPARE(error.message, u"Syntax Error: Unexpected <EOF>."_s);
        QCOMPARE(error.position, 0);
        QCOMPARE(error.at, (SourcePosition{1, 1}));
    }
}

void TestParser::keepsDescriptionsOfExecutableDefinitions()
{
    const ParseResult result = parse(u"\"q\" query ($a: Int \"v\" $b: Int) { a } \"\"\"f\"\"\" fragment F on T { a }");
    QVERIFY(std::holds_alternative<Document>(result));
    const Document &document = std::get<Document>(result);
    const auto &query = std::get<OperationDefinition>(document.definitions.at(0));
    QCOMPARE(query.description->value, u"q"_s);
    QVERIFY(!query.variableDefinitions.at(0).description);
    QCOMPARE(query.variableDefinitions.at(1).description->value, u"v"_s);
    const auto &fragment = std::get<FragmentDefinition>(document.definitions.at(1));
    QCOMPARE(fragment.description->value, u"f"_s);
    QVERIFY(fragment.description->block);
}

// A document that nests depth levels deep; each kind of thing that nests has its own.
static QString nested(const QString &kind, int depth)
{
    const auto repeated = [](const QString &text, int times) { return text.repeated(times); };
    if (kind == u"selections")
        return repeated(u"{a"_s, depth) + repeated(u"}"_s, depth);
    if (kind == u"inline fragments")
        return repeated(u"{..."_s, depth - 1) + u"{a}"_s + repeated(u"}"_s, depth - 1);
    if (kind == u"lists")
        return u"{a(b:"_s + repeated(u"["_s, depth - 1) + repeated(u"]"_s, depth - 1) + u")}"_s;
    if (kind == u"objects")
        return u"{a(b:"_s + repeated(u"{c:"_s, depth - 1) + u"1"_s + repeated(u"}"_s, depth - 1) + u")}"_s;
    if (kind == u"directive values")
        return u"type A @d(a:"_s + repeated(u"["_s, depth) + repeated(u"]"_s, depth) + u")"_s;
    return u"type A {a:"_s + repeated(u"["_s, depth) + u"B"_s + repeated(u"]!"_s, depth) + u"}"_s;
}

static void addKinds()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"selections", "inline fragments", "lists", "objects", "directive values", "types"})
        QTest::addRow("%s", kind) << QString::fromLatin1(kind);
}

void TestParser::limitsTheDepth_data()
{
    addKinds();
}

void TestParser::limitsTheDepth()
{
    QFETCH(QString, kind);
    QVERIFY(std::holds_alternative<Document>(parse(nested(kind, 200))));
    QCOMPARE(errorOf(parse(nested(kind, 201))).message,
             u"Syntax Error: Document nests deeper than 200 levels. Parsing aborted."_s);
    QVERIFY(std::holds_alternative<Document>(parse(nested(kind, 3), {.maxDepth = 3})));
    QVERIFY(std::holds_alternative<SyntaxError>(parse(nested(kind, 4), {.maxDepth = 3})));
}

void TestParser::countsTheDepthOfAllKindsTogether()
{
    const QString source = u"{ a { b(c: [{d: 1}]) } }"_s;
    QVERIFY(std::holds_alternative<Document>(parse(source, {.maxDepth = 4})));
    const SyntaxError error = errorOf(parse(source, {.maxDepth = 3}));
    QCOMPARE(error.message, u"Syntax Error: Document nests deeper than 3 levels. Parsing aborted."_s);
    QCOMPARE(error.position, source.indexOf(u"{d"_s));
}

void TestParser::forgetsTheDepthOfWhatIsClosed()
{
    const QString source = u"{ a { b } c { d } e(f: [1], g: [2]) } query { a { b } }"_s;
    QVERIFY(std::holds_alternative<Document>(parse(source, {.maxDepth = 2})));
}

void TestParser::survivesHostileNesting_data()
{
    addKinds();
}

void TestParser::survivesHostileNesting()
{
    QFETCH(QString, kind);
    QVERIFY(std::holds_alternative<SyntaxError>(parse(nested(kind, 1'000'000))));
}

void TestParser::limitsTheTokens()
{
    QVERIFY(std::holds_alternative<Document>(parse(u"{ a }", {.maxTokens = 3})));
    const SyntaxError error = errorOf(parse(u"{ a b }", {.maxTokens = 3}));
    QCOMPARE(error.message, u"Syntax Error: Document contains more that 3 tokens. Parsing aborted."_s);
    QCOMPARE(error.position, 6);
    QVERIFY(std::holds_alternative<Document>(parse(u"\"d\" type A extend type A @d", {.maxTokens = 8})));
    QVERIFY(std::holds_alternative<SyntaxError>(parse(u"\"d\" type A extend type A @d", {.maxTokens = 7})));
}

void TestParser::ownsItsStrings()
{
    QString source = u"{ name(text: \"a\\tb\", block: \"\"\"\n  c\n    d\"\"\", number: 12) }"_s;
    const ParseResult result = parse(source);
    const QString before = print(std::get<Document>(result));
    source.fill(u'?');
    QCOMPARE(print(std::get<Document>(result)), before);
}

void TestParser::stopsAtEveryCut_data()
{
    Fixtures::addRows({u"valid-queries"_s, u"valid-sdl"_s});
}

// Each prefix either parses or is refused at a place inside of it.
void TestParser::stopsAtEveryCut()
{
    FETCH_CASE(entry);
    const QString source = entry["source"_L1].toString().first(qMin(400, entry["source"_L1].toString().size()));
    for (qsizetype size = 0; size < source.size(); ++size) {
        const ParseResult result = parse(QStringView(source).first(size));
        if (const auto *error = std::get_if<SyntaxError>(&result)) {
            QVERIFY(error->message.startsWith(u"Syntax Error: "_s));
            QVERIFY(error->position >= 0 && error->position <= size);
        }
    }
}

QTEST_APPLESS_MAIN(TestParser)
#include "tst_parser.moc"
