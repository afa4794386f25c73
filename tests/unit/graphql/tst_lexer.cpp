// SPDX-License-Identifier: MIT
#include "fixtures.h"

#include "core/graphql/lexer.h"

using namespace Tideline::GraphQL;
using namespace Qt::StringLiterals;

class TestLexer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheTokensOfGraphqlJs_data() { Fixtures::addRows({u"lexer"_s}); }
    void readsTheTokensOfGraphqlJs();
    void repeatsTheEnd();
    void repeatsTheError();
    void readsAnEmptySource();
    void viewsTheSourceWhereTheValueIsVerbatim();
    void readsEscapes_data();
    void readsEscapes();
    void refuses_data();
    void refuses();
    void findsPositions_data();
    void findsPositions();
};

static QJsonArray json(const Token &token)
{
    QJsonArray array = {QString(tokenKindName(token.kind)), token.start, token.end, token.line, token.column};
    if (hasValue(token.kind))
        array.append(token.value.toString());
    return array;
}

void TestLexer::readsTheTokensOfGraphqlJs()
{
    FETCH_CASE(entry);
    const QString source = entry["source"_L1].toString();
    Lexer lexer(source);
    QJsonArray tokens;
    Token token;
    while (token.kind != TokenKind::EndOfFile && token.kind != TokenKind::Invalid) {
        token = lexer.next();
        if (token.kind != TokenKind::Invalid)
            tokens.append(json(token));
    }
    QCOMPARE(QJsonDocument(tokens).toJson(), QJsonDocument(entry["tokens"_L1].toArray()).toJson());
    QCOMPARE(Fixtures::text(lexer.error()), Fixtures::text(entry.contains("error"_L1)
                                                               ? Fixtures::syntaxError(entry)
                                                               : SyntaxError()));
}

void TestLexer::repeatsTheEnd()
{
    Lexer lexer(u"a");
    QCOMPARE(lexer.next().kind, TokenKind::Name);
    QCOMPARE(lexer.next().kind, TokenKind::EndOfFile);
    QCOMPARE(lexer.next().kind, TokenKind::EndOfFile);
}

void TestLexer::repeatsTheError()
{
    Lexer lexer(u"? a");
    QCOMPARE(lexer.next().kind, TokenKind::Invalid);
    QCOMPARE(lexer.next().kind, TokenKind::Invalid);
    QCOMPARE(lexer.error().message, u"Syntax Error: Unexpected character: \"?\"."_s);
}

void TestLexer::readsAnEmptySource()
{
    Lexer lexer{QStringView()};
    const Token end = lexer.next();
    QCOMPARE(end.kind, TokenKind::EndOfFile);
    QCOMPARE(end.start, 0);
    QCOMPARE(end.line, 1);
    QCOMPARE(end.column, 1);
}

void TestLexer::viewsTheSourceWhereTheValueIsVerbatim()
{
    const QString source = uR"(name 12 "text" """block""")"_s;
    Lexer lexer(source);
    const QStringView view(source);
    for (Token token = lexer.next(); token.kind != TokenKind::EndOfFile; token = lexer.next())
        QVERIFY(token.value.utf16() > view.utf16() - 1 && token.value.utf16() < view.utf16() + view.size());
}

void TestLexer::readsEscapes_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("value");
    QTest::addRow("every short escape") << uR"("\"\\\/\b\f\n\r\t")"_s << u"\"\\/\b\f\n\r\t"_s;
    QTest::addRow("four digits") << uR"("\u0041\u00e4")"_s << u"A\u00e4"_s;
    QTest::addRow("surrogate pair") << uR"("\uD83D\ude00")"_s << u"\U0001F600"_s;
    QTest::addRow("braces") << uR"("\u{41}\u{1F600}\u{0000000a}")"_s << u"A\U0001F600\n"_s;
    QTest::addRow("text around escapes") << uR"("a\tb\tc")"_s << u"a\tb\tc"_s;
    QTest::addRow("block string keeps escapes") << uR"("""a\tb""")"_s << uR"(a\tb)"_s;
    QTest::addRow("block string with triple quote") << uR"("""\"""a""")"_s << uR"("""a)"_s;
    QTest::addRow("block string of no-break space is not blank") << u"\"\"\"\u00a0\"\"\""_s << u"\u00a0"_s;
}

void TestLexer::readsEscapes()
{
    QFETCH(QString, source);
    QFETCH(QString, value);
    Lexer lexer(source);
    QCOMPARE(lexer.next().value.toString(), value);
    QCOMPARE(lexer.error().message, QString());
}

void TestLexer::refuses_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<QString>("message");
    QTest::addColumn<int>("position");
    QTest::addRow("single quote") << u" 'a'"_s
        << u"Unexpected single quote character ('), did you mean to use a double quote (\")?"_s << 1;
    QTest::addRow("lone high surrogate") << u" "_s + QChar(0xd83d) << u"Invalid character: U+D83D."_s << 1;
    QTest::addRow("lone low surrogate after a comment") << u"#"_s + QChar(0xde00) + u'a'
        << u"Invalid character: U+DE00."_s << 1;
    QTest::addRow("emoji outside a string") << u"\U0001F600"_s << u"Unexpected character: U+1F600."_s << 0;
    QTest::addRow("surrogate in a string") << u"\"ab"_s + QChar(0xd83d) + u'"'
        << u"Invalid character within String: U+D83D."_s << 3;
    QTest::addRow("surrogate in a block string") << u"\"\"\"ab"_s + QChar(0xd83d) + u"\"\"\""_s
        << u"Invalid character within String: U+D83D."_s << 5;
    QTest::addRow("unclosed block string") << u"\"\"\"a\n\"\""_s << u"Unterminated string."_s << 7;
    QTest::addRow("minus at the end") << u"-"_s << u"Invalid number, expected digit but got: <EOF>."_s << 1;
    QTest::addRow("quote after an exponent") << u"1e\""_s << u"Invalid number, expected digit but got: '\"'."_s << 2;
    QTest::addRow("braced escape too long") << uR"("\u{000000041}")"_s
        << uR"(Invalid Unicode escape sequence: "\u{000000041".)"_s << 1;
    QTest::addRow("braced escape empty") << uR"("\u{}")"_s << uR"(Invalid Unicode escape sequence: "\u{}".)"_s << 1;
    QTest::addRow("braced escape overflows") << uR"("\u{F0000000}")"_s
        << uR"(Invalid Unicode escape sequence: "\u{F0000000".)"_s << 1;
    QTest::addRow("two high surrogates") << uR"("\uD83D\uD83D")"_s
        << uR"(Invalid Unicode escape sequence: "\uD83D".)"_s << 1;
}

void TestLexer::refuses()
{
    QFETCH(QString, source);
    QFETCH(QString, message);
    QFETCH(int, position);
    Lexer lexer(source);
    Token token = lexer.next();
    while (token.kind != TokenKind::Invalid && token.kind != TokenKind::EndOfFile)
        token = lexer.next();
    QCOMPARE(lexer.error().message, u"Syntax Error: "_s + message);
    QCOMPARE(lexer.error().position, position);
}

void TestLexer::findsPositions_data()
{
    QTest::addColumn<QString>("source");
    QTest::addColumn<int>("offset");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::addRow("start") << u"ab"_s << 0 << 1 << 1;
    QTest::addRow("end") << u"ab"_s << 2 << 1 << 3;
    QTest::addRow("empty") << QString() << 0 << 1 << 1;
    QTest::addRow("after LF") << u"a\nb"_s << 2 << 2 << 1;
    QTest::addRow("after CR") << u"a\rb"_s << 2 << 2 << 1;
    QTest::addRow("after CR LF") << u"a\r\nb"_s << 3 << 2 << 1;
    QTest::addRow("at CR LF") << u"a\r\nb"_s << 1 << 1 << 2;
    QTest::addRow("after blank lines") << u"\n\r\n\r\rb"_s << 5 << 5 << 1;
    QTest::addRow("beyond the end") << u"a\nb"_s << 10 << 2 << 9;
}

void TestLexer::findsPositions()
{
    QFETCH(QString, source);
    QFETCH(int, offset);
    QFETCH(int, line);
    QFETCH(int, column);
    const SourcePosition position = positionOf(source, offset);
    QCOMPARE(position.line, line);
    QCOMPARE(position.column, column);
}

QTEST_APPLESS_MAIN(TestLexer)
#include "tst_lexer.moc"
