// SPDX-License-Identifier: MIT
#include "fixtures.h"

#include "core/graphql/parser.h"
#include "core/graphql/printer.h"

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
};

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

QTEST_APPLESS_MAIN(TestPrinter)
#include "tst_printer.moc"
