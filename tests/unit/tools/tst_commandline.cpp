// SPDX-License-Identifier: MIT
#include "core/graphql/parser.h"
#include "core/graphql/printer.h"

#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Tideline;
using namespace Qt::StringLiterals;

struct Outcome
{
    int code = -1;
    QString output;
    QString errors;
};

class TestCommandLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void printsHelp_data();
    void printsHelp();
    void printsItsVersion();
    void refusesWrongUse_data();
    void refusesWrongUse();
    void parsePrintsTheTree();
    void parseReadsStandardInput();
    void parseKeepsTextOutsideAscii();
    void parsePrintsTheTreeOfASchema();
    void parseRefuses_data();
    void parseRefuses();
    void parseNamesEveryDefinitionOfTheOtherKind();
    void parseRefusesAFileItCannotRead();
    void parseRefusesAFolder();
    void printSchemaPrintsTheBackendsSchema();
    void printSchemaOpensToOtherProviders();
    void printSchemaReportsEveryProblem();
    void reportsOutputThatCannotBeWritten();

private:
    [[nodiscard]] Outcome run(const QStringList &arguments, const QByteArray &input = {});
    [[nodiscard]] QString write(const QByteArray &text);

    QTemporaryDir m_folder;
};

Outcome TestCommandLine::run(const QStringList &arguments, const QByteArray &input)
{
    QProcess process;
    process.start(QStringLiteral(TIDELINE_TOOL), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished() || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

QString TestCommandLine::write(const QByteArray &text)
{
    QFile file(m_folder.filePath(u"document.graphql"_s));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        return {};
    return file.fileName();
}

void TestCommandLine::printsHelp_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("usage");
    QTest::addRow("of the tool") << QStringList{u"--help"_s} << u"Usage: tideline COMMAND [options]"_s;
    QTest::addRow("of the tool, short") << QStringList{u"-h"_s} << u"Usage: tideline COMMAND [options]"_s;
    QTest::addRow("of a command") << QStringList{u"parse"_s, u"--help"_s} << u"Usage: tideline parse [options] FILE"_s;
    const auto command = [](const char *name, const QString &usage) {
        QTest::addRow("of %s", name) << QStringList{QString::fromLatin1(name), u"--help"_s} << u"Usage: tideline %1 [options] "_s.arg(QString::fromLatin1(name)) + usage;
    };
    command("validate", u"SCHEMA..."_s);
    command("check", u"OLD NEW"_s);
    command("export", u"SCHEMA MODEL [FILE]"_s);
    command("import", u"SCHEMA MODEL FILE"_s);
    command("tail", u"SCHEMA"_s);
    command("keys", u"ACTION [ID]"_s);
    QTest::addRow("of a command, before its arguments")
        << QStringList{u"parse"_s, u"-h"_s, u"--schema"_s, u"x"_s} << u"Usage: tideline parse [options] FILE"_s;
}

void TestCommandLine::printsHelp()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, usage);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.code, 0);
    QCOMPARE(outcome.errors, QString());
    QVERIFY2(outcome.output.startsWith(usage), qPrintable(outcome.output));
}

void TestCommandLine::printsItsVersion()
{
    const Outcome outcome = run({u"--version"_s});
    QCOMPARE(outcome.code, 0);
    QVERIFY2(outcome.output.startsWith(u"tideline "_s), qPrintable(outcome.output));
    QCOMPARE(run({u"-v"_s}).output, outcome.output);
}

void TestCommandLine::refusesWrongUse_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("errors");
    QTest::addRow("unknown command") << QStringList{u"nope"_s}
        << u"tideline: unknown command \"nope\"\nTry \"tideline --help\".\n"_s;
    QTest::addRow("unknown option") << QStringList{u"--nope"_s}
        << u"tideline: unknown option \"--nope\"\nTry \"tideline --help\".\n"_s;
    QTest::addRow("unknown option of a command") << QStringList{u"parse"_s, u"--nope"_s, u"x"_s}
        << u"tideline: Unknown option 'nope'.\nTry \"tideline parse --help\".\n"_s;
    QTest::addRow("missing argument") << QStringList{u"parse"_s}
        << u"tideline: parse: an argument is missing: tideline parse [options] FILE\nTry \"tideline parse --help\".\n"_s;
    QTest::addRow("too many arguments") << QStringList{u"parse"_s, u"a"_s, u"b"_s}
        << u"tideline: parse: there are too many arguments\nTry \"tideline parse --help\".\n"_s;
}

void TestCommandLine::refusesWrongUse()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, errors);
    const Outcome outcome = run(arguments);
    QCOMPARE(outcome.code, 2);
    QCOMPARE(outcome.output, QString());
    QCOMPARE(outcome.errors, errors);
}

static QJsonObject treeOf(const QString &source)
{
    const GraphQL::ParseResult result = GraphQL::parse(source);
    const auto *document = std::get_if<GraphQL::Document>(&result);
    return document ? GraphQL::toJson(*document) : QJsonObject();
}

void TestCommandLine::parsePrintsTheTree()
{
    const Outcome outcome = run({u"parse"_s, write("query Q($a: Int = 1) { b(c: $a) @d }")});
    QCOMPARE(outcome.errors, QString());
    QCOMPARE(outcome.code, 0);
    QCOMPARE(QJsonDocument::fromJson(outcome.output.toUtf8()).object(),
             treeOf(u"query Q($a: Int = 1) { b(c: $a) @d }"_s));
}

void TestCommandLine::parseReadsStandardInput()
{
    const Outcome outcome = run({u"parse"_s, u"-"_s}, "{ a }");
    QCOMPARE(outcome.code, 0);
    QCOMPARE(QJsonDocument::fromJson(outcome.output.toUtf8()).object(), treeOf(u"{ a }"_s));
}

void TestCommandLine::parseKeepsTextOutsideAscii()
{
    const QString source = u"\ufeff{ a(b: \"\u00e4\u0645\U0001F600\") }"_s;
    const Outcome outcome = run({u"parse"_s, u"-"_s}, source.toUtf8());
    QCOMPARE(outcome.code, 0);
    QCOMPARE(QJsonDocument::fromJson(outcome.output.toUtf8()).object(), treeOf(source));
}

void TestCommandLine::parsePrintsTheTreeOfASchema()
{
    const Outcome outcome = run({u"parse"_s, u"--schema"_s, write("type A @model { id: ID! }")});
    QCOMPARE(outcome.code, 0);
    QCOMPARE(QJsonDocument::fromJson(outcome.output.toUtf8()).object(), treeOf(u"type A @model { id: ID! }"_s));
}

void TestCommandLine::parseRefuses_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QByteArray>("source");
    QTest::addColumn<QString>("error");
    const QStringList none;
    const QStringList schema = {u"--schema"_s};
    QTest::addRow("syntax error") << none << QByteArray("{\n  a(b: )\n}")
        << u"<stdin>:2:8: Syntax Error: Unexpected \")\"."_s;
    QTest::addRow("empty document") << none << QByteArray() << u"<stdin>:1:1: Syntax Error: Unexpected <EOF>."_s;
    QTest::addRow("bytes that are not UTF-8") << none << QByteArray("{ a\xff }")
        << u"tideline: <stdin> is not valid UTF-8"_s;
    QTest::addRow("type") << none << QByteArray("type A")
        << u"<stdin>:1:1: type \"A\" is a type system definition; use --schema for those"_s;
    QTest::addRow("extension") << none << QByteArray("\nextend type A @d")
        << u"<stdin>:2:1: extension of type \"A\" is a type system definition; use --schema for those"_s;
    QTest::addRow("schema") << none << QByteArray("schema { query: Q }")
        << u"<stdin>:1:1: schema is a type system definition; use --schema for those"_s;
    QTest::addRow("directive") << none << QByteArray("directive @d on FIELD")
        << u"<stdin>:1:1: directive \"@d\" is a type system definition; use --schema for those"_s;
    QTest::addRow("named query in a schema") << schema << QByteArray("type A\nquery Q { a }")
        << u"<stdin>:2:1: query \"Q\" is an executable definition; --schema expects type system definitions only"_s;
    QTest::addRow("anonymous query in a schema") << schema << QByteArray("{ a }")
        << u"<stdin>:1:1: anonymous query is an executable definition; --schema expects type system definitions only"_s;
    QTest::addRow("fragment in a schema") << schema << QByteArray("fragment F on A { a }")
        << u"<stdin>:1:1: fragment \"F\" is an executable definition; --schema expects type system definitions only"_s;
}

void TestCommandLine::parseRefuses()
{
    QFETCH(QStringList, options);
    QFETCH(QByteArray, source);
    QFETCH(QString, error);
    const Outcome outcome = run(QStringList{u"parse"_s} + options + QStringList{u"-"_s}, source);
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.output, QString());
    QCOMPARE(outcome.errors, error + u'\n');
}

void TestCommandLine::parseNamesEveryDefinitionOfTheOtherKind()
{
    const QString path = write("type A { b: Int }\n\n  enum E { F }\nquery { a }");
    const Outcome outcome = run({u"parse"_s, path});
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.errors, u"%1:1:1: type \"A\" is a type system definition; use --schema for those\n"
                             "%1:3:3: type \"E\" is a type system definition; use --schema for those\n"_s.arg(path));
}

void TestCommandLine::parseRefusesAFileItCannotRead()
{
    const QString path = m_folder.filePath(u"absent.graphql"_s);
    const Outcome outcome = run({u"parse"_s, path});
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.output, QString());
    QCOMPARE(outcome.errors, u"tideline: cannot read %1: No such file or directory\n"_s.arg(path));
}

void TestCommandLine::parseRefusesAFolder()
{
    const Outcome outcome = run({u"parse"_s, m_folder.path()});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.errors.startsWith(u"tideline: cannot read "_s + m_folder.path()), qPrintable(outcome.errors));
}

void TestCommandLine::printSchemaPrintsTheBackendsSchema()
{
    const QString file = write("type Note @model @auth(rules: [{ allow: public }]) { id: ID! text: String }");
    const Outcome outcome = run({u"print-schema"_s, file});
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.errors.isEmpty());
    QVERIFY(outcome.output.contains(u"type Note {\n"_s));
    QVERIFY(outcome.output.contains(u"  syncNotes(filter: ModelNoteFilterInput, limit: Int, nextToken: String, lastSync: AWSTimestamp): ModelNoteConnection\n"_s));
    const GraphQL::ParseResult result = GraphQL::parse(outcome.output);
    QVERIFY(std::holds_alternative<GraphQL::Document>(result));
}

void TestCommandLine::printSchemaOpensToOtherProviders()
{
    const QByteArray schema = "type Note @model @auth(rules: [{ allow: public }]) { id: ID! text: String }";
    const Outcome outcome = run({u"print-schema"_s, u"--default-provider"_s, u"iam"_s, u"-"_s}, schema);
    QCOMPARE(outcome.code, 0);
    QVERIFY(outcome.output.contains(u"type Note @aws_api_key {\n"_s));
    QCOMPARE(run({u"print-schema"_s, u"--default-provider"_s, u"me"_s, u"-"_s}, schema).code, 2);
}

void TestCommandLine::printSchemaReportsEveryProblem()
{
    const QString file = write("type Note @model {\n  id: ID!\n  a: Strin\n  b: [Bool]\n}\n");
    const Outcome outcome = run({u"print-schema"_s, file});
    QCOMPARE(outcome.code, 1);
    QVERIFY(outcome.output.isEmpty());
    QCOMPARE(outcome.errors, u"%1:3:6: Unknown type \"Strin\". Did you mean \"String\"?\n%1:4:7: Unknown type \"Bool\".\n"_s.arg(file));

    const Outcome syntax = run({u"print-schema"_s, u"-"_s}, "type Note @model {\n");
    QCOMPARE(syntax.code, 1);
    QVERIFY2(syntax.errors.endsWith(u":2:1: Syntax Error: Expected Name, found <EOF>.\n"_s), qPrintable(syntax.errors));
}

void TestCommandLine::reportsOutputThatCannotBeWritten()
{
    const QString full = u"/dev/full"_s;
    if (!QFile::exists(full))
        QSKIP("the system has no device that is always full");
    QProcess process;
    process.setStandardOutputFile(full);
    process.start(QStringLiteral(TIDELINE_TOOL), {u"parse"_s, write("{ a }")});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 1);
    QVERIFY(process.readAllStandardError().startsWith("tideline: cannot write to standard output"));
}

QTEST_GUILESS_MAIN(TestCommandLine)
#include "tst_commandline.moc"
