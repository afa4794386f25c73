// SPDX-License-Identifier: MIT
#include "core/error.h"
#include "core/result.h"
#include "core/suggestion.h"

#include <QtCore/QMetaEnum>
#include <QtTest/QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace Tideline;

class TestError : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaultIsNoError();
    void carriesCodeAndMessage();
    void placesAreNamedOnCopies();
    void placingNoErrorMakesNoError();
    void equality();
    void retryableCodes_data();
    void retryableCodes();
    void debugNamesCodeAndPlace();
    void readableFromQml();
    void resultHoldsValue();
    void resultHoldsError();
    void resultMovesOut();
    void resultOfMoveOnlyType();
    void voidResult();
    void suggestions_data();
    void suggestions();
    void noSuggestionListsTheNames();
};

void TestError::defaultIsNoError()
{
    const Error error;
    QVERIFY(!error.isError());
    QCOMPARE(error.code(), Error::Code::None);
    QVERIFY(error.message().isEmpty());
    QVERIFY(!error.isRetryable());
}

void TestError::carriesCodeAndMessage()
{
    const Error error(Error::Code::NotFound, u"There is no such count"_s);
    QVERIFY(error.isError());
    QCOMPARE(error.code(), Error::Code::NotFound);
    QCOMPARE(error.message(), u"There is no such count"_s);
    QVERIFY(error.model().isEmpty());
    QVERIFY(error.detail().isEmpty());
}

void TestError::placesAreNamedOnCopies()
{
    const Error plain(Error::Code::Validation, u"m"_s);
    const Error placed = plain.withModel(u"StockCount"_s).withField(u"bin"_s).withRecord(u"7"_s).withDetail(u"d"_s);
    QCOMPARE(placed.model(), u"StockCount"_s);
    QCOMPARE(placed.field(), u"bin"_s);
    QCOMPARE(placed.record(), u"7"_s);
    QCOMPARE(placed.detail(), u"d"_s);
    QCOMPARE(placed.message(), u"m"_s);
    QCOMPARE(placed.code(), Error::Code::Validation);
    QVERIFY(plain.model().isEmpty());
}

void TestError::placingNoErrorMakesNoError()
{
    QVERIFY(!Error().withModel(u"StockCount"_s).isError());
}

void TestError::equality()
{
    const Error a(Error::Code::Network, u"m"_s);
    QCOMPARE(a, Error(Error::Code::Network, u"m"_s));
    QVERIFY(!(a == Error(Error::Code::Timeout, u"m"_s)));
    QVERIFY(!(a == a.withField(u"f"_s)));
    QCOMPARE(Error(), Error());
}

void TestError::retryableCodes_data()
{
    QTest::addColumn<Error::Code>("code");
    QTest::addColumn<bool>("retryable");
    const QMetaEnum codes = QMetaEnum::fromType<Error::Code>();
    const QList<Error::Code> yes {Error::Code::StoreLocked, Error::Code::DiskFull, Error::Code::StoreUnavailable, Error::Code::Network,
                                  Error::Code::Timeout, Error::Code::Throttled, Error::Code::BackendFailed, Error::Code::Cancelled};
    for (int i = 0; i < codes.keyCount(); ++i) {
        const auto code = Error::Code(codes.value(i));
        QTest::newRow(codes.key(i)) << code << yes.contains(code);
    }
}

void TestError::retryableCodes()
{
    QFETCH(Error::Code, code);
    QFETCH(bool, retryable);
    QCOMPARE(Error(code, u"m"_s).isRetryable(), retryable);
}

void TestError::debugNamesCodeAndPlace()
{
    const Error error = Error(Error::Code::UnknownField, u"no such field"_s).withModel(u"Product"_s).withField(u"nam"_s);
    QCOMPARE(QDebug::toString(error), u"Error(UnknownField, Product, nam, no such field)"_s);
    QCOMPARE(QDebug::toString(Error()), u"Error(None)"_s);
}

void TestError::readableFromQml()
{
    const Error error = Error(Error::Code::Timeout, u"too slow"_s).withField(u"bin"_s);
    const QMetaObject &meta = Error::staticMetaObject;
    const auto read = [&](const char *name) { return meta.property(meta.indexOfProperty(name)).readOnGadget(&error); };
    QCOMPARE(read("message").toString(), u"too slow"_s);
    QCOMPARE(read("field").toString(), u"bin"_s);
    QCOMPARE(read("retryable").toBool(), true);
    QCOMPARE(read("code").value<Error::Code>(), Error::Code::Timeout);
}

void TestError::resultHoldsValue()
{
    const Result<QString> result(u"a"_s);
    QVERIFY(result.ok());
    QVERIFY(bool(result));
    QCOMPARE(result.value(), u"a"_s);
    QCOMPARE(*result, u"a"_s);
    QCOMPARE(result->size(), 1);
    QCOMPARE(result.valueOr(u"b"_s), u"a"_s);
    QVERIFY(!result.error().isError());
}

void TestError::resultHoldsError()
{
    const Result<int> result(Error(Error::Code::NotFound, u"m"_s));
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code(), Error::Code::NotFound);
    QCOMPARE(result.valueOr(7), 7);
}

void TestError::resultMovesOut()
{
    Result<QList<int>> result(QList<int> {1, 2});
    result->append(3);
    QCOMPARE(std::move(result).value(), (QList<int> {1, 2, 3}));
}

void TestError::resultOfMoveOnlyType()
{
    Result<std::unique_ptr<int>> result(std::make_unique<int>(5));
    const std::unique_ptr<int> owned = std::move(result).value();
    QCOMPARE(*owned, 5);
}

void TestError::voidResult()
{
    QVERIFY(Result<void>().ok());
    const Result<void> failed(Error(Error::Code::Closed, u"m"_s));
    QVERIFY(!failed);
    QCOMPARE(failed.error().code(), Error::Code::Closed);
}

void TestError::suggestions_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("closest");
    QTest::newRow("a letter missing") << u"quantty"_s << u"quantity"_s;
    QTest::newRow("a letter too many") << u"binn"_s << u"bin"_s;
    QTest::newRow("two letters swapped") << u"bni"_s << u"bin"_s;
    QTest::newRow("other case") << u"BIN"_s << u"bin"_s;
    QTest::newRow("a wrong letter") << u"countedAr"_s << u"countedAt"_s;
    QTest::newRow("nothing near") << u"colour"_s << QString();
    QTest::newRow("a short name is not near everything") << u"x"_s << QString();
}

void TestError::suggestions()
{
    QFETCH(QString, name);
    QFETCH(QString, closest);
    QCOMPARE(closestName(name, {u"id"_s, u"bin"_s, u"quantity"_s, u"countedAt"_s}), closest);
}

void TestError::noSuggestionListsTheNames()
{
    QCOMPARE(withSuggestion(u"no field"_s, u"quantty", {u"bin"_s, u"quantity"_s}), u"no field; did you mean \"quantity\"?"_s);
    QCOMPARE(withSuggestion(u"no field"_s, u"colour", {u"bin"_s, u"quantity"_s}), u"no field; known are: bin, quantity"_s);
    QCOMPARE(withSuggestion(u"no field"_s, u"colour", {}), u"no field"_s);
}

QTEST_APPLESS_MAIN(TestError)
#include "tst_error.moc"
