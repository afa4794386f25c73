// SPDX-License-Identifier: MIT
#include "catalogue.h"

#include <QtCore/QBuffer>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using Tideline::Error;
using Tideline::Result;

class TestCatalogue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void barcodes_data();
    void barcodes();
    void formats_data();
    void formats();
    void badRowsAreListedWithTheirLine();
    void badFiles_data();
    void badFiles();
    void bundledCatalogueHasNoProblem();
    void realProducts();
};

static Result<Catalogue> parsed(const QByteArray &text)
{
    QBuffer buffer;
    buffer.setData(text);
    buffer.open(QIODevice::ReadOnly);
    return Catalogue::read(buffer);
}

void TestCatalogue::barcodes_data()
{
    QTest::addColumn<QString>("barcode");
    QTest::addColumn<bool>("isRight");
    QTest::newRow("EAN-13") << u"4006381333931"_s << true;
    QTest::newRow("EAN-8") << u"96385074"_s << true;
    QTest::newRow("UPC-A") << u"036000291452"_s << true;
    QTest::newRow("wrong check digit") << u"4006381333932"_s << false;
    QTest::newRow("two digits changed places") << u"4006381339331"_s << false;
    QTest::newRow("too short") << u"400638133393"_s << false;
    QTest::newRow("14 digits") << u"14006381333938"_s << false;
    QTest::newRow("letter") << u"400638133393X"_s << false;
    QTest::newRow("other digits") << u"٤006381333931"_s << false;
    QTest::newRow("empty") << QString() << false;
}

void TestCatalogue::barcodes()
{
    QFETCH(QString, barcode);
    QFETCH(bool, isRight);
    QCOMPARE(Catalogue::barcodeProblem(barcode).isEmpty(), isRight);
}

void TestCatalogue::formats_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("tabs") << QByteArray("barcode\tname\tcategory\tbrand\n4006381333931\tTea, \"green\"\tdrinks\tOwn\n");
    QTest::newRow("commas, quoted") << QByteArray("barcode,name,category,brand\n4006381333931,\"Tea, \"\"green\"\"\",drinks,Own\n");
    QTest::newRow("semicolons, Windows ends, byte order mark")
        << QByteArray("\xef\xbb\xbf" "Barcode;Name;Category;Brand\r\n4006381333931;\"Tea, \"\"green\"\"\";drinks;Own\r\n");
    QTest::newRow("other order, more columns, no last line end")
        << QByteArray("id\tbrand\tname\tcategory\tBARCODE\n7\tOwn\tTea, \"green\"\tdrinks\t4006381333931");
    QTest::newRow("empty lines") << QByteArray("barcode\tname\tcategory\tbrand\n\n4006381333931\tTea, \"green\"\tdrinks\tOwn\n\n");
}

void TestCatalogue::formats()
{
    QFETCH(QByteArray, text);
    const Result<Catalogue> catalogue = parsed(text);
    QVERIFY2(catalogue.ok(), qPrintable(catalogue.error().message()));
    QCOMPARE(catalogue->problems.size(), 0);
    QCOMPARE(catalogue->products.size(), 1);
    const Catalogue::Product &product = catalogue->products.first();
    QCOMPARE(product.barcode, u"4006381333931"_s);
    QCOMPARE(product.name, u"Tea, \"green\""_s);
    QCOMPARE(product.category, u"drinks"_s);
    QCOMPARE(product.brand, u"Own"_s);
}

void TestCatalogue::badRowsAreListedWithTheirLine()
{
    const Result<Catalogue> catalogue = parsed("barcode,name\n"
                                               "4006381333931,\"Tea\nin two lines\"\n"
                                               "4006381333932,wrong digit\n"
                                               "96385074,\n"
                                               "4006381333931,again\n"
                                               "036000291452\n"
                                               "96385074,last\n");
    QVERIFY(catalogue.ok());
    QCOMPARE(catalogue->products.size(), 2);
    QCOMPARE(catalogue->products.last().name, u"last"_s);
    QList<int> lines;
    for (const Catalogue::Problem &problem : catalogue->problems)
        lines.append(problem.line);
    QCOMPARE(lines, QList<int>({4, 5, 6, 7}));
    QVERIFY(catalogue->problems[0].reason.contains(u"check digit"));
    QVERIFY(catalogue->problems[1].reason.contains(u"name"));
    QVERIFY(catalogue->problems[2].reason.contains(u"line 2"));
}

void TestCatalogue::badFiles_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("word");
    QTest::newRow("empty") << QByteArray() << u"empty"_s;
    QTest::newRow("no barcode column") << QByteArray("name\tbrand\nTea\tOwn\n") << u"barcode"_s;
    QTest::newRow("no name column") << QByteArray("barcode\n4006381333931\n") << u"name"_s;
}

void TestCatalogue::badFiles()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, word);
    const Result<Catalogue> catalogue = parsed(text);
    QCOMPARE(catalogue.error().code(), Error::Code::InvalidArgument);
    QVERIFY(catalogue.error().message().contains(word));
    QCOMPARE(Catalogue::read(u"/does/not/exist"_s).error().code(), Error::Code::NotFound);
}

void TestCatalogue::bundledCatalogueHasNoProblem()
{
    const Result<Catalogue> catalogue = Catalogue::read(QStringLiteral(BUNDLED_CATALOGUE));
    QVERIFY(catalogue.ok());
    QCOMPARE(catalogue->problems.size(), 0);
    QVERIFY(catalogue->products.size() > 50);
}

void TestCatalogue::realProducts()
{
    const QString path = QStringLiteral(TIDELINE_SHARED_DIR) + u"/data/catalogue.tsv"_s;
    const Result<Catalogue> catalogue = Catalogue::read(path);
    QVERIFY2(catalogue.ok(), qPrintable(catalogue.error().message()));
    QCOMPARE(catalogue->products.size(), 19'981);
    QCOMPARE(catalogue->problems.size(), 19);
    QCOMPARE(catalogue->problems.first().line, 2717);
}

QTEST_GUILESS_MAIN(TestCatalogue)
#include "tst_catalogue.moc"
