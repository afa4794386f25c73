// SPDX-License-Identifier: MIT
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;

struct Outcome
{
    int code = -1;
    QString output;
    QString errors;
};

class TestCodegenCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void writesTheGoldenFiles_data();
    void writesTheGoldenFiles();
    void writesTheSameWhateverTheHashSeed_data();
    void writesTheSameWhateverTheHashSeed();
    void leavesFilesAloneThatAreRight();
    void carriesAnySchemaText();
    void refuses_data();
    void refuses();
    void refusesANamespace_data();
    void refusesANamespace();
    void takesTheNameOfTheFile();
    void writesAllFilesOrNone();
    void refusesAFolderThatCannotBe();
    void refusesAFileThatIsNotThere();

private:
    [[nodiscard]] QString path(const QString &name) const { return m_folder->filePath(name); }
    [[nodiscard]] Outcome run(const QStringList &arguments, const QString &hashSeed = {}) const;
    [[nodiscard]] QString write(const QString &text, const QString &name = u"some.graphql"_s) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

static QString golden(const QString &name)
{
    return QStringLiteral(GOLDEN_FOLDER "/") + name;
}

static QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read: ") + path.toUtf8();
}

/*! The first line in which \a is differs from \a expected; empty when none does. */
static QString difference(const QByteArray &is, const QByteArray &expected)
{
    if (is == expected)
        return {};
    const QList<QByteArray> isLines = is.split('\n');
    const QList<QByteArray> expectedLines = expected.split('\n');
    qsizetype line = 0;
    while (line < isLines.size() && line < expectedLines.size() && isLines[line] == expectedLines[line])
        ++line;
    return u"line %1 is\n  %2\ninstead of\n  %3"_s.arg(line + 1).arg(QString::fromUtf8(isLines.value(line, "(the end)")),
                                                                     QString::fromUtf8(expectedLines.value(line, "(the end)")));
}

Outcome TestCodegenCommand::run(const QStringList &arguments, const QString &hashSeed) const
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(u"QT_HASH_SEED"_s);
    if (!hashSeed.isEmpty())
        environment.insert(u"QT_HASH_SEED"_s, hashSeed);
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(TIDELINE_TOOL), QStringList{u"codegen"_s} + arguments);
    if (!process.waitForFinished() || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

QString TestCodegenCommand::write(const QString &text, const QString &name) const
{
    QFile file(path(name));
    const QByteArray bytes = text.toUtf8();
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("The test's schema cannot be written");
    return file.fileName();
}

void TestCodegenCommand::writesTheGoldenFiles_data()
{
    QTest::addColumn<QString>("suffix");
    QTest::addRow("header") << u"h"_s;
    QTest::addRow("source") << u"cpp"_s;
}

void TestCodegenCommand::writesTheGoldenFiles()
{
    QFETCH(QString, suffix);
    const Outcome outcome = run({u"--out"_s, m_folder->path(), golden(u"everything.graphql"_s)});
    QCOMPARE(outcome.errors, QString());
    QCOMPARE(outcome.output, QString());
    QCOMPARE(outcome.code, 0);
    const QString name = u"everything.golden."_s + suffix;
    const QString found = difference(contents(path(u"everything."_s + suffix)), contents(golden(name)));
    QVERIFY2(found.isEmpty(), qPrintable(u"%1: %2\nIf that is right, renew it: cmake --build --preset dev --target renew_codegen_golden"_s
                                             .arg(name, found)));
}

void TestCodegenCommand::writesTheSameWhateverTheHashSeed_data()
{
    QTest::addColumn<QString>("seed");
    QTest::addRow("of its own") << QString();
    QTest::addRow("none") << u"0"_s;
}

void TestCodegenCommand::writesTheSameWhateverTheHashSeed()
{
    QFETCH(QString, seed);
    const QString first = path(u"first"_s);
    const QString second = path(u"a/deeper/second"_s);
    QCOMPARE(run({u"--out"_s, first, golden(u"everything.graphql"_s)}).code, 0);
    QCOMPARE(run({u"--out"_s, second, golden(u"everything.graphql"_s)}, seed).code, 0);
    for (const QString &name : {u"/everything.h"_s, u"/everything.cpp"_s})
        QCOMPARE(difference(contents(second + name), contents(first + name)), QString());
    QCOMPARE(QDir(second).entryList(QDir::Files), (QStringList{u"everything.cpp"_s, u"everything.h"_s}));
}

void TestCodegenCommand::leavesFilesAloneThatAreRight()
{
    const QString schema = write(u"type Note @model { text: String }"_s);
    QCOMPARE(run({u"--out"_s, m_folder->path(), schema}).code, 0);
    const QDateTime longAgo = QDateTime(QDate(2001, 2, 3), QTime(4, 5), Qt::UTC);
    QFile header(path(u"some.h"_s));
    QVERIFY(header.open(QIODevice::ReadWrite));
    QVERIFY(header.setFileTime(longAgo, QFileDevice::FileModificationTime));
    header.close();
    QCOMPARE(run({u"--out"_s, m_folder->path(), schema}).code, 0);
    QCOMPARE(QFileInfo(header).lastModified().toUTC(), longAgo);
    QCOMPARE(run({u"--out"_s, m_folder->path(), write(u"type Note @model { title: String }"_s)}).code, 0);
    QVERIFY(QFileInfo(header).lastModified().toUTC() > longAgo);
}

// The text of the schema is a literal in the source: whole, in pieces not too long, no character cut in two.
void TestCodegenCommand::carriesAnySchemaText()
{
    QString text = u"# )graphql\" )graphql_\" %1 \\\n# "_s;
    for (int i = 0; i < 9000; ++i)
        text += i % 7 == 0 ? u"ä"_s : u"\U0001F600"_s;
    text += u"\ntype Note @model { text: String }\n"_s;
    QCOMPARE(run({u"--out"_s, m_folder->path(), write(text)}).code, 0);
    const QString source = QString::fromUtf8(contents(path(u"some.cpp"_s)));
    QString carried;
    const QString begin = u"uR\"graphql__("_s;
    const QString end = u")graphql__\""_s;
    for (qsizetype at = source.indexOf(begin); at >= 0; at = source.indexOf(begin, at)) {
        at += begin.size();
        const qsizetype stop = source.indexOf(end, at);
        QVERIFY(stop > at && stop - at <= 4000);
        carried += source.mid(at, stop - at);
    }
    QCOMPARE(carried, text);
}

void TestCodegenCommand::refuses_data()
{
    QTest::addColumn<QString>("schema");
    QTest::addColumn<QStringList>("errors");
    QTest::addRow("a syntax error") << u"type Note @model {\n  text String\n}"_s
        << QStringList{u"2:8: Syntax Error: Expected \":\", found Name \"String\"."_s};
    QTest::addRow("an unknown directive") << u"type Note @model {\n  text: String @defalt(value: \"\")\n}"_s
        << QStringList{u"2:16: Unknown directive \"@defalt\". Did you mean \"@default\"?"_s};
    QTest::addRow("every problem, not only the first") << u"type Note @model {\n  a: Strin\n  b: Flot\n}"_s
        << QStringList{u"2:6: Unknown type \"Strin\". Did you mean \"String\"?"_s, u"3:6: Unknown type \"Flot\". Did you mean \"Float\"?"_s};
    QTest::addRow("a type called like the namespace") << u"type Some @model { text: String }"_s
        << QStringList{u"1:6: Type \"Some\" needs the name \"Some\" in C++ and QML, which the namespace has already. Rename one of them."_s};
    QTest::addRow("types that are the same with a capital") << u"enum note { A }\ntype Note @model { text: String }"_s
        << QStringList{u"2:6: Type \"Note\" needs the name \"Note\" in C++ and QML, which type \"note\" has already. Rename one of them."_s};
    QTest::addRow("a type that begins with a digit") << u"type _2D @model { text: String }"_s
        << QStringList{u"1:6: Type \"_2D\" has no name in C++ and QML, where names begin with a letter. Rename it."_s};
    QTest::addRow("fields that are the same") << u"type Note @model {\n  class: String\n  size: Size\n}\ntype Size {\n  skuOf: Int\n  SKUOf: Int\n}"_s
        << QStringList{u"7:3: Field \"Size.SKUOf\" needs the name \"skuOf\" in C++ and QML, which field \"Size.skuOf\" has already. Rename one of them."_s};
    QTest::addRow("enum values that are the same") << u"enum Level {\n  LOW_\n  _LOW\n}\ntype Note @model { level: Level }"_s
        << QStringList{u"3:3: Value \"Level._LOW\" needs the name \"LOW_\" in C++ and QML, which value \"Level.LOW_\" has already. Rename one of them."_s};
    QTest::addRow("a property's parts that are taken") << u"type Note @model {\n  a: Int\n  aChanged: Int\n  aChanged_: Int\n}"_s
        << QStringList{u"4:3: Field \"Note.aChanged_\" needs the name \"aChanged_\" in C++ and QML, which field \"Note.aChanged\" has already. Rename one of them."_s};
    QTest::addRow("a value that contains itself") << u"type Note @model { size: Size }\ntype Size {\n  a: Int\n  inner: Size\n}"_s
        << QStringList{u"4:3: Field \"Size.inner\" makes \"Size\" contain itself, which a value in C++ cannot. "
                       "A list of its own type it may have: write [Size!]."_s};
    QTest::addRow("values that contain each other") << u"type Note @model { size: Size }\ntype Size { box: Box }\ntype Box { sizes: [Size] }"_s
        << QStringList{u"2:13: Field \"Size.box\" makes \"Size\" contain itself, which a value in C++ cannot. A list of its own type it may have: write [Size!]."_s,
                       u"3:12: Field \"Box.sizes\" makes \"Box\" contain itself, which a value in C++ cannot. A list of its own type it may have: write [Box!]."_s};
}

void TestCodegenCommand::refuses()
{
    QFETCH(QString, schema);
    QFETCH(QStringList, errors);
    const QString file = write(schema);
    const Outcome outcome = run({u"--out"_s, path(u"out"_s), file});
    QString expected;
    for (const QString &error : errors)
        expected += file + u':' + error + u'\n';
    QCOMPARE(outcome.errors, expected);
    QCOMPARE(outcome.code, 1);
    QVERIFY(!QFile::exists(path(u"out"_s)));
}

void TestCodegenCommand::refusesANamespace_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("reason");
    QTest::addRow("no identifier") << u"My-app"_s << u"\"My-app\" cannot name a namespace of C++ and a type of QML: begin with a capital, go on with letters and digits"_s;
    QTest::addRow("empty") << u""_s << u"\"\" cannot name a namespace of C++ and a type of QML: begin with a capital, go on with letters and digits"_s;
    QTest::addRow("in small letters") << u"shop"_s << u"\"shop\" cannot name a namespace of C++ and a type of QML: begin with a capital, go on with letters and digits"_s;
    QTest::addRow("of the library") << u"Tideline"_s << u"\"Tideline\" is a name that C++ or Qt needs itself"_s;
    QTest::addRow("of a header") << u"Time"_s << u"the header of \"Time\" would hide time.h of the system"_s;
}

void TestCodegenCommand::refusesANamespace()
{
    QFETCH(QString, name);
    QFETCH(QString, reason);
    const Outcome outcome = run({u"--name"_s, name, u"--out"_s, path(u"out"_s), write(u"type Note @model { text: String }"_s)});
    QCOMPARE(outcome.errors, u"tideline: %1; choose another --name\n"_s.arg(reason));
    QCOMPARE(outcome.code, 1);
    QVERIFY(!QFile::exists(path(u"out"_s)));
}

void TestCodegenCommand::takesTheNameOfTheFile()
{
    const QString schema = write(u"type Note @model { text: String }"_s, u"myNotes.graphql"_s);
    QCOMPARE(run({u"--out"_s, m_folder->path(), schema}).code, 0);
    QVERIFY(contents(path(u"mynotes.h"_s)).contains("namespace MyNotes {"));
    QVERIFY(contents(path(u"mynotes.cpp"_s)).contains("#include \"mynotes.h\""));
}

void TestCodegenCommand::writesAllFilesOrNone()
{
    const QString folder = path(u"out"_s);
    QVERIFY(QDir().mkpath(folder + u"/some.cpp"_s));        // a folder in the place of the second file
    const Outcome outcome = run({u"--out"_s, folder, write(u"type Note @model { text: String }"_s)});
    QVERIFY2(outcome.errors.startsWith(u"tideline: cannot write %1/some.cpp: "_s.arg(folder)), qPrintable(outcome.errors));
    QCOMPARE(outcome.code, 1);
    QCOMPARE(QDir(folder).entryList(QDir::Files | QDir::Hidden), QStringList());
}

void TestCodegenCommand::refusesAFolderThatCannotBe()
{
    const QString schema = write(u"type Note @model { text: String }"_s);
    const Outcome outcome = run({u"--out"_s, schema + u"/out"_s, schema});
    QCOMPARE(outcome.errors, u"tideline: cannot make the folder %1/out\n"_s.arg(schema));
    QCOMPARE(outcome.code, 1);
}

void TestCodegenCommand::refusesAFileThatIsNotThere()
{
    const Outcome outcome = run({u"--out"_s, path(u"out"_s), path(u"absent.graphql"_s)});
    QCOMPARE(outcome.errors, u"tideline: cannot read %1: No such file or directory\n"_s.arg(path(u"absent.graphql"_s)));
    QCOMPARE(outcome.code, 1);
}

QTEST_GUILESS_MAIN(TestCodegenCommand)
#include "tst_codegencommand.moc"
