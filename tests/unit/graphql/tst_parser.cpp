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
};

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

QTEST_APPLESS_MAIN(TestParser)
#include "tst_parser.moc"
