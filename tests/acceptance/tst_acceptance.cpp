// SPDX-License-Identifier: MIT
#include <QtCore/QDir>
#include <QtCore/QDirIterator>
#include <QtCore/QFile>
#include <QtCore/QHash>
#include <QtCore/QRegularExpression>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;

namespace {

QString contents(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read; the dossier is looked for in TIDELINE_SHARED_DIR", qPrintable(path));
    return QString::fromUtf8(file.readAll());
}

struct Line
{
    QString row;
    QString tests;              // separated by "; "; "-": none, for a reason; "?": pending
    QString remark;
};

} // namespace

/*
    rows.tsv has a line for each row of the dossier: row, tests, remark, between tabs. A test is named program::function, of a
    test written in QML file.qml::function, of one that Node runs interop:file#name. The remark says where our form differs, or
    why a row means nothing here.
*/
class tst_Acceptance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyRowHasALine();
    void everyLineIsARow();
    void everyTestExists();
    void everyExceptionHasAReason();
    void pendingRowsAreCounted();

private:
    [[nodiscard]] bool exists(const QString &test);
    [[nodiscard]] const QString &source(const QString &fileName);

    QStringList m_rows;
    QList<Line> m_lines;
    QHash<QString, QString> m_paths;            // of the tests' sources, by file name
    QHash<QString, QString> m_sources;
};

void tst_Acceptance::initTestCase()
{
    static const QRegularExpression row(uR"(^\| ([A-Z]{2}-\d{2}) \|)"_s, QRegularExpression::MultilineOption);
    const QString dossier = contents(QStringLiteral(TIDELINE_SHARED_DIR "/reference/datastore-behaviour.md"));
    for (auto found = row.globalMatch(dossier); found.hasNext();)
        m_rows.append(found.next().captured(1));
    QVERIFY2(m_rows.size() > 400, "The dossier has no rows any more, or they look otherwise");

    const QString table = contents(QStringLiteral(TIDELINE_TESTS_DIR "/acceptance/rows.tsv"));
    for (const QString &line : table.split(u'\n', Qt::SkipEmptyParts)) {
        if (line.startsWith(u'#'))
            continue;
        const QStringList parts = line.split(u'\t');
        QVERIFY2(parts.size() == 2 || parts.size() == 3, qPrintable(line));
        m_lines.append({parts.at(0), parts.at(1), parts.value(2)});
    }
    for (QDirIterator it(QStringLiteral(TIDELINE_TESTS_DIR), {u"*.cpp"_s, u"*.qml"_s, u"*.test.mjs"_s}, QDir::Files, QDirIterator::Subdirectories);
         it.hasNext();) {
        it.next();
        m_paths.insert(it.fileName(), it.filePath());
    }
}

void tst_Acceptance::everyRowHasALine()
{
    QStringList missing = m_rows;
    for (const Line &line : std::as_const(m_lines))
        missing.removeOne(line.row);
    QVERIFY2(missing.isEmpty(), qPrintable(u"rows.tsv has no line for %1"_s.arg(missing.join(u", "_s))));
}

void tst_Acceptance::everyLineIsARow()
{
    QStringList unknown;
    QStringList left = m_rows;
    for (const Line &line : std::as_const(m_lines)) {
        if (!left.removeOne(line.row))
            unknown.append(line.row);
    }
    QVERIFY2(unknown.isEmpty(), qPrintable(u"The dossier has no row for these lines, or they are there twice: %1"_s.arg(unknown.join(u", "_s))));
}

void tst_Acceptance::everyTestExists()
{
    QStringList missing;
    for (const Line &line : std::as_const(m_lines)) {
        if (line.tests == u"-" || line.tests == u"?")
            continue;
        for (const QString &test : line.tests.split(u"; "_s)) {
            if (!exists(test))
                missing.append(line.row + u": "_s + test);
        }
    }
    QVERIFY2(missing.isEmpty(), qPrintable(u"No such test:\n%1"_s.arg(missing.join(u'\n'))));
}

void tst_Acceptance::everyExceptionHasAReason()
{
    for (const Line &line : std::as_const(m_lines))
        QVERIFY2(line.tests != u"-" || line.remark.size() > 10, qPrintable(line.row + u" has no test and no reason"_s));
}

void tst_Acceptance::pendingRowsAreCounted()
{
    QStringList pending;
    for (const Line &line : std::as_const(m_lines)) {
        if (line.tests == u"?")
            pending.append(line.row);
    }
    qInfo("%d of %d rows have no test yet: %s", int(pending.size()), int(m_rows.size()), qPrintable(pending.join(u' ')));
}

bool tst_Acceptance::exists(const QString &test)
{
    if (test.startsWith(u"interop:")) {
        const qsizetype hash = test.indexOf(u'#');
        return hash > 0 && source(test.mid(8, hash - 8)).contains(u"test('%1',"_s.arg(test.mid(hash + 1)));
    }
    const QStringList parts = test.split(u"::"_s);
    if (parts.size() != 2)
        return false;
    if (parts.at(0).endsWith(u".qml"))
        return source(parts.at(0)).contains(u"function %1("_s.arg(parts.at(1)));
    return source(parts.at(0) + u".cpp"_s).contains(u"::%1()"_s.arg(parts.at(1)));
}

const QString &tst_Acceptance::source(const QString &fileName)
{
    if (!m_sources.contains(fileName))
        m_sources.insert(fileName, m_paths.contains(fileName) ? contents(m_paths.value(fileName)) : QString());
    return m_sources[fileName];
}

QTEST_APPLESS_MAIN(tst_Acceptance)
#include "tst_acceptance.moc"
