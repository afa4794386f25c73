// SPDX-License-Identifier: MIT
#include "core/data/scalars.h"

#include "shared/generators.h"
#include "shared/testschema.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QUrl>
#include <QtCore/QUuid>
#include <QtTest/QTest>

#include <limits>

using namespace Qt::StringLiterals;
using namespace Tideline;

class TestScalars : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void formats_data();
    void formats();
    void fromVariantAccepts_data();
    void fromVariantAccepts();
    void fromVariantRefuses_data();
    void fromVariantRefuses();
    void fromJsonAccepts_data();
    void fromJsonAccepts();
    void fromJsonRefuses_data();
    void fromJsonRefuses();
    void embeddedValuesAreCanonical();
    void typenameIsIgnoredOnTheWireOnly();
    void messagesNameThePlace_data();
    void messagesNameThePlace();
    void messagesWithoutModelSpeakOfTheValue();
    void listsAndEmbeddedTypesAreCheckedToTheLast_data();
    void listsAndEmbeddedTypesAreCheckedToTheLast();
    void validateAccepts();
    void validateRefuses_data();
    void validateRefuses();
    void typesOfAnotherSchemaAreRefused();
    void randomValuesAreValidAndReadBack();
    void recordsAreValidatedAsAWhole();
    void draftOfANewRecordNeedsItsFields();
    void draftMayNotTouchKeyOrReadOnlyFields();
};

static FieldType scalarType(Scalar scalar)
{
    FieldType type;
    type.scalar = scalar;
    return type;
}

static void addFormatRows(const char *name, Scalar scalar, const QStringList &valid, const QStringList &invalid)
{
    for (const QString &text : valid)
        QTest::addRow("%s takes '%s'", name, qPrintable(text)) << scalar << text << true;
    for (const QString &text : invalid)
        QTest::addRow("%s refuses '%s'", name, qPrintable(text)) << scalar << text << false;
}

void TestScalars::formats_data()
{
    QTest::addColumn<Scalar>("scalar");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("valid");
    addFormatRows("String", Scalar::String, {u""_s, u"ä😀"_s}, {QString(QChar(0xd800)), u"a"_s + QChar(0xdc00)});
    addFormatRows("ID", Scalar::ID, {u"7"_s}, {QString(QChar(0xd800))});
    addFormatRows("AWSDate", Scalar::AWSDate,
                  {u"2020-01-01"_s, u"1979-01-01Z"_s, u"2021-01-01+05:30"_s, u"2021-01-01-05:30:12"_s, u"2024-02-29"_s, u"0000-02-29"_s,
                   u"2021-01-01+18:00"_s},
                  {u""_s, u"2021-01-1"_s, u"201-01-50"_s, u"2021-01-112"_s, u"2021-01-01+5:30"_s, u"2021-01-01+05:3"_s,
                   u"2021-01-01+05:3."_s, u"2021-01-01-05:30:12Z"_s, u"2021-99-99"_s, u"2021-01-21+99:02"_s, u"2023-02-29"_s, u"2021-01-00"_s,
                   u"2021-01-01T10:00Z"_s, u"2021-01-01+18:00:01"_s, u"\u0662\u0660\u0662\u0661-01-01"_s});
    addFormatRows("AWSTime", Scalar::AWSTime,
                  {u"12:30"_s, u"12:30Z"_s, u"12:30:24Z"_s, u"12:30:24.1Z"_s, u"12:30:24.12Z"_s, u"12:30:24.123Z"_s, u"12:30:24.1234Z"_s,
                   u"12:30:24-07:00"_s, u"12:30:24.500+05:30"_s, u"12:30:24.500+05:30:00"_s, u"00:00"_s, u"23:59:59.123456789"_s},
                  {u""_s, u"1:30"_s, u"12:30.Z"_s, u"120:30:242Z"_s, u"12:30:242Z"_s, u"12:30:24-07:00Z"_s, u"12:30:24.500+05:3"_s,
                   u"12:30.500+05:30"_s, u"12:30:.500Z"_s, u"12:30:24.500+5:30:00"_s, u"24:00"_s, u"12:60"_s, u"12:30:60"_s,
                   u"12:30:24.1234567890"_s});
    addFormatRows("AWSDateTime", Scalar::AWSDateTime,
                  {u"2021-01-11T12:30Z"_s, u"2021-01-11T12:30:24Z"_s, u"2021-01-11T12:30:24.5Z"_s, u"2021-01-11T12:30:24.500Z"_s,
                   u"2021-01-11T12:30:24.5000Z"_s, u"2021-02-09T06:19:04.49Z"_s, u"2021-01-11T12:30:24-07:00"_s,
                   u"2021-01-11T12:30:24.500+05:30"_s, u"2021-01-11T12:30:24.500+05:30:00"_s},
                  {u""_s, u"2021-01-11T1:30"_s, u"2021-01-11T12:30.Z"_s, u"2021-01-11T120:30:242Z"_s, u"2021-01-11T12:30:242Z"_s,
                   u"2021-01-11T12:30:24-07:00Z"_s, u"2021-01-11T12:30:24.500+05:3"_s, u"2021-01-11T12:30.500+05:30"_s,
                   u"2021-01-11T12:30:.500Z"_s, u"2021-01-11T12:30:24.500+5:30:00"_s, u"2021-1-11T12:30Z"_s, u"2021-01-11T1:30Z"_s,
                   u"2021-01-11T1:3"_s, u"20211-01-11T12:30:.500Z"_s, u"2021-01-11T12:30"_s, u"2021-01-11 12:30Z"_s, u"2021-02-30T12:30Z"_s});
    addFormatRows("AWSEmail", Scalar::AWSEmail, {u"a@b"_s, u"a@b.c"_s, u"john@doe.com"_s, u"o'neil+x@mail-1.example.org"_s},
                  {u""_s, u"@"_s, u"a"_s, u"a@"_s, u"a@@"_s, u"@a"_s, u"@@"_s, u"a @b.c"_s, u"a@ b.c"_s, u"a@b. c"_s, u"a@b..c"_s, u"a@-b"_s, u"ä@b.c"_s});
    addFormatRows("AWSJSON", Scalar::AWSJSON,
                  {u"{\"upvotes\": 10}"_s, u"{}"_s, u"[1,2,3]"_s, u"[]"_s, u"\"AWSJSON example string\""_s, u"1"_s, u"0"_s, u"-1"_s, u"true"_s,
                   u"false"_s, u"null"_s, u" { \"a\" : [ 1.5e-3 , \"\\u00e4\\n\" ] } "_s, u"-0.0"_s, u"1E+2"_s},
                  {u""_s, u" "_s, u"#"_s, u"2020-01-01"_s, u"{a: 1}"_s, u"{‘a’: 1}"_s, u"Unquoted string"_s, u"01"_s, u"1."_s, u".5"_s, u"+1"_s,
                   u"[1,]"_s, u"{\"a\":1,}"_s, u"[1 2]"_s, u"1,2"_s, u"\"a\nb\""_s, u"\"\\x\""_s, u"\"\\u12\""_s, u"\"a"_s, u"tru"_s, u"NaN"_s, u"[1]]"_s,
                   QString(2000, u'[') + QString(2000, u']')});
    addFormatRows("AWSURL", Scalar::AWSURL,
                  {u"http://localhost/"_s, u"schema://anything"_s, u"smb://a/b/c?d=e"_s, u"https://example.org/a%20b?x=//y#z"_s, u"mailto:a@b.c"_s,
                   u"https://example.org"_s, u"file:///tmp/a"_s},
                  {u""_s, u"//"_s, u"//example"_s, u"example"_s, u"/path"_s, u"https://example.org/a//b"_s, u"http://a b/"_s, u"http://"_s, u"mailto:"_s});
    addFormatRows("AWSPhone", Scalar::AWSPhone, {u"+10000000000"_s, u"+100 00 00"_s, u"000 00000"_s, u"123-456-7890"_s, u"+44123456789"_s},
                  {u""_s, u"+"_s, u"+-"_s, u"a"_s, u"bad-number"_s, u"1"_s, u" 123"_s, u"123x"_s, u"++12"_s});
    addFormatRows("AWSIPAddress", Scalar::AWSIPAddress,
                  {u"127.0.0.1"_s, u"123.123.123.123"_s, u"1.1.1.1"_s, u"::"_s, u"::1"_s, u"2001:db8:a0b:12f0::1"_s, u"::ffff:10.0.0.1"_s,
                   u"0064:ff9b:0000:0000:0000:0000:1234:5678"_s, u"10.0.0.0/8"_s, u"2001:db8::/32"_s, u"1::"_s, u"1:2:3:4:5:6:1.2.3.4"_s},
                  {u""_s, u" "_s, u":"_s, u"1."_s, u"test"_s, u"999.1.1.1"_s, u" 1.1.1.1"_s, u"1.1.1.1 "_s, u"-1.1.1.1"_s, u"1111.111.111.111"_s,
                   u"1.0.0"_s, u"::1 "_s, u"::ffff:10.0.0"_s, u" ::ffff:10.0.0"_s, u"10.0.0.0/33"_s, u"10.0.0.0/"_s, u"::1/129"_s, u"1::2::3"_s, u":::"_s,
                   u"1:2:3:4:5:6:7"_s, u"1:2:3:4:5:6:7:8:9"_s, u"1:2:3:4:5:6:7::8:9"_s, u"12345::"_s, u"g::"_s, u"1.2.3.4::"_s, u"01.2.3.4"_s, u":1:2:3:4:5:6:7"_s});
    QTest::newRow("Int is no text") << Scalar::Int << u"1"_s << false;
    QTest::newRow("Boolean is no text") << Scalar::Boolean << u"true"_s << false;
}

void TestScalars::formats()
{
    QFETCH(Scalar, scalar);
    QFETCH(QString, text);
    QFETCH(bool, valid);
    QCOMPARE(isValidScalar(scalar, text), valid);
    if (scalar != Scalar::Int && scalar != Scalar::Boolean) {
        QCOMPARE(fromJson(Schema(), scalarType(scalar), text).ok(), valid);
        QCOMPARE(fromVariant(Schema(), scalarType(scalar), text).ok(), valid);
        QCOMPARE(validate(Schema(), scalarType(scalar), Value(text)).ok(), valid);
        if (valid)
            QCOMPARE(fromJson(Schema(), scalarType(scalar), text)->toText(), text);
    }
}

void TestScalars::fromVariantAccepts_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QVariant>("variant");
    QTest::addColumn<Value>("value");
    const QDateTime time(QDate(2024, 5, 31), QTime(1, 30), Qt::OffsetFromUTC, 7200);
    QTest::newRow("Int: int") << u"stock"_s << QVariant(7) << Value(7);
    QTest::newRow("Int: whole double") << u"stock"_s << QVariant(7.0) << Value(7);
    QTest::newRow("Int: text") << u"stock"_s << QVariant(u"-7"_s) << Value(-7);
    QTest::newRow("Int: smallest") << u"stock"_s << QVariant(-2147483648LL) << Value(qint64(-2147483648LL));
    QTest::newRow("Int: unsigned") << u"stock"_s << QVariant(7u) << Value(7);
    QTest::newRow("Int: enum of C++") << u"stock"_s << QVariant::fromValue(Qt::AlignRight) << Value(2);
    QTest::newRow("Float: double") << u"price"_s << QVariant(1.5) << Value(1.5);
    QTest::newRow("Float: int becomes double") << u"price"_s << QVariant(2) << Value(2.0);
    QTest::newRow("Float: text") << u"price"_s << QVariant(u"1.5"_s) << Value(1.5);
    QTest::newRow("Boolean") << u"discontinued"_s << QVariant(true) << Value(true);
    QTest::newRow("Boolean: number") << u"discontinued"_s << QVariant(0) << Value(false);
    QTest::newRow("Boolean: text") << u"discontinued"_s << QVariant(u"true"_s) << Value(true);
    QTest::newRow("ID: text") << u"code"_s << QVariant(u"a"_s) << Value(u"a"_s);
    QTest::newRow("ID: integer") << u"code"_s << QVariant(12) << Value(u"12"_s);
    QTest::newRow("ID: UUID") << u"code"_s << QVariant(QUuid(u"{7b1f9d4c-93c8-4a5e-9c59-1f3b5a6d7e8f}"_s))
                              << Value(u"7b1f9d4c-93c8-4a5e-9c59-1f3b5a6d7e8f"_s);
    QTest::newRow("AWSDate: QDate") << u"introducedOn"_s << QVariant(QDate(2024, 5, 31)) << Value(u"2024-05-31"_s);
    QTest::newRow("AWSDate: the day its own zone shows") << u"introducedOn"_s << QVariant(time) << Value(u"2024-05-31"_s);
    QTest::newRow("AWSTime: QTime") << u"opensAt"_s << QVariant(QTime(8, 0)) << Value(u"08:00:00.000"_s);
    QTest::newRow("AWSTime: the time its own zone shows") << u"opensAt"_s << QVariant(time) << Value(u"01:30:00.000"_s);
    QTest::newRow("AWSDateTime: UTC with milliseconds") << u"changedAt"_s << QVariant(time) << Value(u"2024-05-30T23:30:00.000Z"_s);
    QTest::newRow("AWSDateTime: text is kept") << u"changedAt"_s << QVariant(u"2024-05-31T01:30+02:00"_s) << Value(u"2024-05-31T01:30+02:00"_s);
    QTest::newRow("AWSTimestamp: number beyond 32 bits") << u"countedAt"_s << QVariant(1e12) << Value(qint64(1000000000000));
    QTest::newRow("AWSTimestamp: date and time") << u"countedAt"_s << QVariant(time) << Value(qint64(1717111800));
    QTest::newRow("AWSTimestamp: its text") << u"countedAt"_s << QVariant(u"2024-05-31T01:30:00.000+02:00"_s) << Value(qint64(1717111800));
    QTest::newRow("AWSTimestamp: before 1970") << u"countedAt"_s << QVariant(-5) << Value(-5);
    QTest::newRow("AWSURL: QUrl") << u"site"_s << QVariant(QUrl(u"https://example.org/ä"_s)) << Value(u"https://example.org/%C3%A4"_s);
    QTest::newRow("String: QUrl") << u"name"_s << QVariant(QUrl(u"https://example.org"_s)) << Value(u"https://example.org"_s);
    QTest::newRow("AWSJSON: text is kept") << u"attributes"_s << QVariant(u" {\"b\": 1, \"a\": 2}"_s) << Value(u" {\"b\": 1, \"a\": 2}"_s);
    QTest::newRow("AWSJSON: map") << u"attributes"_s << QVariant(QVariantMap {{u"a"_s, QVariantList {1, 2.5, QVariant()}}})
                                  << Value(u"{\"a\":[1,2.5,null]}"_s);
    QTest::newRow("AWSJSON: list") << u"attributes"_s << QVariant(QVariantList {u"x"_s}) << Value(u"[\"x\"]"_s);
    QTest::newRow("AWSJSON: number") << u"attributes"_s << QVariant(5) << Value(u"5"_s);
    QTest::newRow("AWSJSON: Boolean") << u"attributes"_s << QVariant(true) << Value(u"true"_s);
    QTest::newRow("enum") << u"unit"_s << QVariant(u"Litre"_s) << Value(u"Litre"_s);
    QTest::newRow("null for an optional field") << u"stock"_s << QVariant::fromValue(nullptr) << Value();
    QTest::newRow("undefined for an optional field") << u"stock"_s << QVariant() << Value();
    QTest::newRow("list of text") << u"tags"_s << QVariant(QStringList {u"a"_s, u"b"_s}) << Value(Value::List {u"a"_s, u"b"_s});
    QTest::newRow("list with nulls") << u"tags"_s << QVariant(QVariantList {u"a"_s, QVariant()}) << Value(Value::List {u"a"_s, Value()});
    QTest::newRow("list: elements are converted") << u"ratings"_s << QVariant(QVariantList {1.0, u"2"_s}) << Value(Value::List {1, 2});
    QTest::newRow("list of int") << u"ratings"_s << QVariant::fromValue(QList<int> {1, 2}) << Value(Value::List {1, 2});
    QTest::newRow("empty list") << u"units"_s << QVariant(QVariantList {}) << Value(Value::List {});
    QTest::newRow("list as JSON text") << u"tags"_s << QVariant(u"[\"a\",null]"_s) << Value(Value::List {u"a"_s, Value()});
    QTest::newRow("embedded as JSON text") << u"size"_s << QVariant(u"{\"width\": 2}"_s) << Value(Value::Object {{u"width"_s, 2.0}});
    QTest::newRow("embedded") << u"size"_s << QVariant(QVariantMap {{u"width"_s, u"2.5"_s}, {u"unit"_s, u"piece"_s}})
                              << Value(Value::Object {{u"width"_s, 2.5}, {u"unit"_s, u"piece"_s}});
    QTest::newRow("list of embedded") << u"sizes"_s << QVariant(QVariantList {QVariantMap {{u"width"_s, 1}}})
                                      << Value(Value::List {Value::Object {{u"width"_s, 1.0}}});
    QTest::newRow("a Value") << u"size"_s << QVariant::fromValue(Value(Value::Object {{u"width"_s, 2.5}})) << Value(Value::Object {{u"width"_s, 2.5}});
}

void TestScalars::fromVariantAccepts()
{
    QFETCH(QString, field);
    QFETCH(QVariant, variant);
    QFETCH(Value, value);
    const FieldType &type = TestSchema::fieldType(u"Product"_s, field);
    const Result<Value> result = fromVariant(TestSchema::schema(), type, variant);
    QVERIFY2(result, qPrintable(result.error().message()));
    QCOMPARE(result.value(), value);
    QCOMPARE(result.value().kind(), value.kind());
    QVERIFY(validate(TestSchema::schema(), type, result.value()).ok());
}

void TestScalars::fromVariantRefuses_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QVariant>("variant");
    QTest::newRow("Int: fraction") << u"stock"_s << QVariant(7.5);
    QTest::newRow("Int: 33 bits") << u"stock"_s << QVariant(2147483648LL);
    QTest::newRow("Int: words") << u"stock"_s << QVariant(u"seven"_s);
    QTest::newRow("Int: empty text") << u"stock"_s << QVariant(u""_s);
    QTest::newRow("Int: fraction in text") << u"stock"_s << QVariant(u"7.0"_s);
    QTest::newRow("Int: Boolean") << u"stock"_s << QVariant(true);
    QTest::newRow("Int: NaN") << u"stock"_s << QVariant(std::numeric_limits<double>::quiet_NaN());
    QTest::newRow("Int: list") << u"stock"_s << QVariant(QVariantList {1});
    QTest::newRow("Float: NaN") << u"price"_s << QVariant(std::numeric_limits<double>::quiet_NaN());
    QTest::newRow("Float: infinity") << u"price"_s << QVariant(std::numeric_limits<double>::infinity());
    QTest::newRow("Float: text of infinity") << u"price"_s << QVariant(u"inf"_s);
    QTest::newRow("Boolean: 2") << u"discontinued"_s << QVariant(2);
    QTest::newRow("Boolean: other text") << u"discontinued"_s << QVariant(u"yes"_s);
    QTest::newRow("String: number") << u"name"_s << QVariant(5);
    QTest::newRow("String: date") << u"name"_s << QVariant(QDateTime::fromMSecsSinceEpoch(0));
    QTest::newRow("String: half a pair") << u"name"_s << QVariant(u"a"_s + QChar(0xd800));
    QTest::newRow("String: bytes that are no UTF-8") << u"name"_s << QVariant(QByteArray("\xff"));
    QTest::newRow("ID: fraction") << u"code"_s << QVariant(1.5);
    QTest::newRow("AWSDate: invalid date") << u"introducedOn"_s << QVariant(QDateTime());
    QTest::newRow("AWSDate: invalid day") << u"introducedOn"_s << QVariant(QDate(2024, 2, 31));
    QTest::newRow("AWSDate: five digits of year") << u"introducedOn"_s << QVariant(QDate(12024, 2, 3));
    QTest::newRow("AWSDateTime: invalid date") << u"changedAt"_s << QVariant(QDateTime());
    QTest::newRow("AWSDateTime: only a day") << u"changedAt"_s << QVariant(QDate(2024, 2, 3));
    QTest::newRow("AWSTimestamp: invalid date") << u"countedAt"_s << QVariant(QDateTime());
    QTest::newRow("AWSTimestamp: fraction") << u"countedAt"_s << QVariant(0.5);
    QTest::newRow("AWSURL: relative") << u"site"_s << QVariant(QUrl(u"a/b"_s));
    QTest::newRow("AWSJSON: text that is none") << u"attributes"_s << QVariant(u"hello"_s);
    QTest::newRow("AWSJSON: NaN") << u"attributes"_s << QVariant(std::numeric_limits<double>::quiet_NaN());
    QTest::newRow("AWSJSON: object of another type") << u"attributes"_s << QVariant::fromValue<QObject *>(this);
    QTest::newRow("enum: unknown") << u"unit"_s << QVariant(u"litre"_s);
    QTest::newRow("enum: number") << u"unit"_s << QVariant(1);
    QTest::newRow("null for a required field") << u"name"_s << QVariant();
    QTest::newRow("null for a required list") << u"units"_s << QVariant();
    QTest::newRow("null in a list of required elements") << u"ratings"_s << QVariant(QVariantList {1, QVariant()});
    QTest::newRow("wrong element") << u"ratings"_s << QVariant(QVariantList {1, u"x"_s});
    QTest::newRow("single value for a list") << u"tags"_s << QVariant(u"a"_s);
    QTest::newRow("map for a list") << u"tags"_s << QVariant(QVariantMap {});
    QTest::newRow("embedded: text") << u"size"_s << QVariant(u"large"_s);
    QTest::newRow("embedded: list") << u"size"_s << QVariant(QVariantList {1});
    QTest::newRow("embedded: required member missing") << u"size"_s << QVariant(QVariantMap {{u"height"_s, 1}});
    QTest::newRow("embedded: unknown member") << u"size"_s << QVariant(QVariantMap {{u"width"_s, 1}, {u"depth"_s, 1}});
    QTest::newRow("embedded: __typename") << u"size"_s << QVariant(QVariantMap {{u"width"_s, 1}, {u"__typename"_s, u"Size"_s}});
    QTest::newRow("embedded: wrong two levels down") << u"size"_s
                                                     << QVariant(QVariantMap {{u"width"_s, 1}, {u"label"_s, QVariantMap {{u"text"_s, 5}}}});
}

void TestScalars::fromVariantRefuses()
{
    QFETCH(QString, field);
    QFETCH(QVariant, variant);
    const Result<Value> result = fromVariant(TestSchema::schema(), TestSchema::fieldType(u"Product"_s, field), variant);
    QVERIFY(!result);
    QVERIFY(!result.error().message().isEmpty());
}

void TestScalars::fromJsonAccepts_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<Value>("value");
    QTest::newRow("Int") << u"stock"_s << QByteArray("7") << Value(7);
    QTest::newRow("Int with a fraction of nought") << u"stock"_s << QByteArray("7.0") << Value(7);
    QTest::newRow("Float") << u"price"_s << QByteArray("1.5") << Value(1.5);
    QTest::newRow("Float without fraction") << u"price"_s << QByteArray("2") << Value(2.0);
    QTest::newRow("Boolean") << u"discontinued"_s << QByteArray("true") << Value(true);
    QTest::newRow("text byte for byte") << u"name"_s << QByteArray("\" \\u0000a\\ud83d\\ude00\"") << Value(u" "_s + QChar(0) + u"a😀"_s);
    QTest::newRow("ID as number") << u"code"_s << QByteArray("12") << Value(u"12"_s);
    QTest::newRow("AWSTimestamp of 64 bits") << u"countedAt"_s << QByteArray("9007199254740993") << Value(qint64(9007199254740993));
    QTest::newRow("AWSTimestamp nought") << u"countedAt"_s << QByteArray("0") << Value(0);
    QTest::newRow("AWSJSON text is kept") << u"attributes"_s << QByteArray("\"{ \\\"a\\\": 1 }\"") << Value(u"{ \"a\": 1 }"_s);
    QTest::newRow("AWSJSON as JSON") << u"attributes"_s << QByteArray("{\"b\": [1, null]}") << Value(u"{\"b\":[1,null]}"_s);
    QTest::newRow("enum") << u"unit"_s << QByteArray("\"kilogram\"") << Value(u"kilogram"_s);
    QTest::newRow("null") << u"price"_s << QByteArray("null") << Value();
    QTest::newRow("list") << u"tags"_s << QByteArray("[\"a\", null]") << Value(Value::List {u"a"_s, Value()});
    QTest::newRow("embedded") << u"size"_s << QByteArray("{\"width\": 1, \"label\": {\"text\": \"x\"}}")
                              << Value(Value::Object {{u"width"_s, 1.0}, {u"label"_s, Value::Object {{u"text"_s, u"x"_s}}}});
}

void TestScalars::fromJsonAccepts()
{
    QFETCH(QString, field);
    QFETCH(QByteArray, json);
    QFETCH(Value, value);
    const QJsonValue source = QJsonDocument::fromJson('[' + json + ']').array().first();
    const Result<Value> result = fromJson(TestSchema::schema(), TestSchema::fieldType(u"Product"_s, field), source);
    QVERIFY2(result, qPrintable(result.error().message()));
    QCOMPARE(result.value(), value);
    QCOMPARE(result.value().kind(), value.kind());
}

void TestScalars::fromJsonRefuses_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("Int as text") << u"stock"_s << QByteArray("\"7\"");
    QTest::newRow("Int of 33 bits") << u"stock"_s << QByteArray("2147483648");
    QTest::newRow("Int with fraction") << u"stock"_s << QByteArray("7.5");
    QTest::newRow("Float as text") << u"price"_s << QByteArray("\"1.5\"");
    QTest::newRow("Boolean as number") << u"discontinued"_s << QByteArray("1");
    QTest::newRow("text as number") << u"name"_s << QByteArray("1");
    QTest::newRow("text as Boolean") << u"name"_s << QByteArray("true");
    QTest::newRow("half a pair") << u"name"_s << QByteArray("\"\\ud800\"");
    QTest::newRow("ID with fraction") << u"code"_s << QByteArray("1.5");
    QTest::newRow("AWSTimestamp as text") << u"countedAt"_s << QByteArray("\"5\"");
    QTest::newRow("enum unknown") << u"unit"_s << QByteArray("\"ton\"");
    QTest::newRow("null for required") << u"name"_s << QByteArray("null");
    QTest::newRow("text for list") << u"tags"_s << QByteArray("\"[]\"");
    QTest::newRow("text for embedded") << u"size"_s << QByteArray("\"{\\\"width\\\": 1}\"");
    QTest::newRow("null in list") << u"units"_s << QByteArray("[null]");
    QTest::newRow("unknown member") << u"size"_s << QByteArray("{\"width\": 1, \"depth\": 1}");
}

void TestScalars::fromJsonRefuses()
{
    QFETCH(QString, field);
    QFETCH(QByteArray, json);
    const QJsonValue source = QJsonDocument::fromJson('[' + json + ']').array().first();
    QVERIFY(!fromJson(TestSchema::schema(), TestSchema::fieldType(u"Product"_s, field), source));
}

void TestScalars::embeddedValuesAreCanonical()
{
    const QJsonObject json {{u"unit"_s, u"piece"_s}, {u"width"_s, 1}};
    const Result<Value> value = fromJson(TestSchema::schema(), TestSchema::fieldType(u"Product"_s, u"size"_s), json);
    QVERIFY(value);
    QCOMPARE(value->toJsonText(), u"{\"width\":1,\"height\":null,\"unit\":\"piece\",\"label\":null,\"notes\":null}"_s);
}

void TestScalars::typenameIsIgnoredOnTheWireOnly()
{
    const QJsonObject json {{u"__typename"_s, u"Size"_s}, {u"width"_s, 1}};
    const FieldType &type = TestSchema::fieldType(u"Product"_s, u"size"_s);
    QVERIFY(fromJson(TestSchema::schema(), type, json).ok());
    QVERIFY(!fromVariant(TestSchema::schema(), type, json.toVariantMap()).ok());
}

void TestScalars::messagesNameThePlace_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QVariant>("variant");
    QTest::addColumn<QString>("path");
    QTest::addColumn<Error::Code>("code");
    QTest::addColumn<QString>("message");
    const auto row = [](const char *name, const QString &field, const QVariant &variant, const QString &path, const QString &message,
                        Error::Code code = Error::Code::Validation) {
        QTest::newRow(name) << field << variant << path << code << message;
    };
    row("range", u"stock"_s, 3000000000LL, u"stock"_s,
        u"Product.stock needs a whole number from -2147483648 to 2147483647 (Int), not 3000000000"_s);
    row("type", u"price"_s, u"cheap"_s, u"price"_s, u"Product.price needs a finite number (Float), not the text \"cheap\""_s);
    row("required", u"name"_s, QVariant(), u"name"_s, u"Product.name is required; give it a text (String)"_s);
    row("required list", u"units"_s, QVariant(), u"units"_s, u"Product.units is required; give it a list, which may be empty"_s);
    row("enum", u"unit"_s, u"litre"_s, u"unit"_s,
        u"Product.unit needs one of piece, kilogram, Litre (Unit), not the text \"litre\"; did you mean \"Litre\"?"_s);
    row("element", u"ratings"_s, QVariantList {1, u"x"_s}, u"ratings[1]"_s,
        u"Product.ratings[1] needs a whole number from -2147483648 to 2147483647 (Int), not the text \"x\""_s);
    row("null element", u"ratings"_s, QVariantList {QVariant()}, u"ratings[0]"_s,
        u"Product.ratings[0] cannot be null: each element needs a whole number from -2147483648 to 2147483647 (Int)"_s);
    row("no list", u"ratings"_s, 5, u"ratings"_s,
        u"Product.ratings needs a list whose elements are a whole number from -2147483648 to 2147483647 (Int), not 5"_s);
    row("member", u"size"_s, QVariantMap {{u"width"_s, u"wide"_s}}, u"size.width"_s,
        u"Product.size.width needs a finite number (Float), not the text \"wide\""_s);
    row("missing member", u"sizes"_s, QVariantList {QVariantMap {}}, u"sizes[0].width"_s,
        u"Product.sizes[0].width is required; give it a finite number (Float)"_s);
    row("unknown member", u"size"_s, QVariantMap {{u"width"_s, 1}, {u"heigth"_s, 1}}, u"size"_s,
        u"Product.size has no field \"heigth\" in Size; did you mean \"height\"?"_s, Error::Code::UnknownField);
    row("other type", u"stock"_s, QVariant::fromValue<QObject *>(this), u"stock"_s,
        u"Product.stock needs a whole number from -2147483648 to 2147483647 (Int), not a value of type QObject*"_s);
    row("invalid date", u"changedAt"_s, QDateTime(), u"changedAt"_s,
        u"Product.changedAt needs a date and time with Z or an offset, such as 2024-05-31T12:30:00.000Z (AWSDateTime), not an invalid date or time"_s);
    row("long text is shortened", u"stock"_s, QString(100, u'x'), u"stock"_s,
        u"Product.stock needs a whole number from -2147483648 to 2147483647 (Int), not the text \"%1…\""_s.arg(QString(60, u'x')));
    row("no character", u"name"_s, QString(QChar(0xffff)), u"name"_s,
        u"Product.name needs Unicode text, but holds half of a surrogate pair, U+FFFE or U+FFFF, which are no characters"_s);
    row("surrogate", u"name"_s, QString(QChar(0xd800)), u"name"_s,
        u"Product.name needs Unicode text, but holds half of a surrogate pair, U+FFFE or U+FFFF, which are no characters"_s);
}

void TestScalars::messagesNameThePlace()
{
    QFETCH(QString, field);
    QFETCH(QVariant, variant);
    QFETCH(QString, path);
    QFETCH(Error::Code, code);
    QFETCH(QString, message);
    const auto model = TestSchema::model(u"Product"_s);
    const Error error = fromVariant(TestSchema::schema(), *model, model->fieldIndex(field), variant).error();
    QCOMPARE(error.message(), message);
    QCOMPARE(error.code(), code);
    QCOMPARE(error.model(), u"Product"_s);
    QCOMPARE(error.field(), path);
}

void TestScalars::messagesWithoutModelSpeakOfTheValue()
{
    const Error plain = fromJson(TestSchema::schema(), TestSchema::fieldType(u"Product"_s, u"price"_s), true).error();
    QCOMPARE(plain.message(), u"The value needs a finite number (Float), not true"_s);
    const Error nested = fromJson(TestSchema::schema(), TestSchema::fieldType(u"Product"_s, u"sizes"_s),
                                  QJsonArray {QJsonObject {{u"width"_s, true}}}).error();
    QCOMPARE(nested.message(), u"The value at [0].width needs a finite number (Float), not true"_s);
    QCOMPARE(nested.field(), u"[0].width"_s);
    const Error member = validate(TestSchema::schema(), TestSchema::fieldType(u"Product"_s, u"size"_s), Value(Value::Object {})).error();
    QCOMPARE(member.message(), u"The value at width is required; give it a finite number (Float)"_s);
}

void TestScalars::listsAndEmbeddedTypesAreCheckedToTheLast_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QVariant>("value");
    QTest::addColumn<QString>("wrong");         // empty: nothing
    const auto box = [](const QVariant &width) { return QVariantMap {{u"lid"_s, QVariantMap {{u"width"_s, width}}}}; };
    QTest::newRow("addresses") << u"addresses"_s << QVariant(QStringList {u"127.0.0.1"_s, u"::1"_s}) << QString();
    QTest::newRow("no address among them") << u"addresses"_s << QVariant(QStringList {u"127.0.0.1"_s, u"::1"_s, u"1.1.1"_s}) << u"addresses[2]"_s;
    QTest::newRow("mails") << u"mails"_s << QVariant(QStringList {u"a@b.c"_s}) << QString();
    QTest::newRow("no mails") << u"mails"_s << QVariant(QStringList()) << QString();
    QTest::newRow("no mail among them") << u"mails"_s << QVariant(QStringList {u"a@b.c"_s, u"nobody"_s}) << u"mails[1]"_s;
    QTest::newRow("null mail where none may be") << u"mails"_s << QVariant(QVariantList {QVariant()}) << u"mails[0]"_s;
    QTest::newRow("null where it may be") << u"gaps"_s << QVariant(QVariantList {1, QVariant()}) << QString();
    QTest::newRow("embedded") << u"box"_s << QVariant(box(2)) << QString();
    QTest::newRow("null for what is required") << u"box"_s << QVariant() << u"box"_s;
    QTest::newRow("null for what is not") << u"spare"_s << QVariant() << QString();
    QTest::newRow("null within") << u"box"_s << QVariant(QVariantMap {{u"lid"_s, QVariant()}}) << u"box.lid"_s;
    QTest::newRow("wrong two levels down") << u"box"_s << QVariant(box(u"wide"_s)) << u"box.lid.width"_s;
    QTest::newRow("wrong in a list") << u"boxes"_s << QVariant(QVariantList {box(1), box(u"wide"_s)}) << u"boxes[1].lid.width"_s;
}

void TestScalars::listsAndEmbeddedTypesAreCheckedToTheLast()
{
    QFETCH(QString, field);
    QFETCH(QVariant, value);
    QFETCH(QString, wrong);
    const Result<Schema> schema = Schema::parse(u"type Lid { width: Float! } type Box { lid: Lid! } "
                                                "type Host @model { id: ID! addresses: [AWSIPAddress!] mails: [AWSEmail!] gaps: [Int] "
                                                "box: Box! spare: Box boxes: [Box!] }"_s);
    QVERIFY(schema);
    const auto host = schema->model(u"Host"_s);
    const Result<Value> read = fromVariant(*schema, *host, host->fieldIndex(field), value);
    QCOMPARE(read.error().field(), wrong);
    QCOMPARE(read.ok(), wrong.isEmpty());
    if (read)
        QVERIFY(validate(*schema, *host, host->fieldIndex(field), *read).ok());
}

void TestScalars::validateAccepts()
{
    const Schema schema = TestSchema::schema();
    const auto type = [](const QString &field) { return TestSchema::fieldType(u"Product"_s, field); };
    QVERIFY(validate(schema, type(u"stock"_s), Value(5)).ok());
    QVERIFY(validate(schema, type(u"size"_s), Value(Value::Object {{u"unit"_s, u"piece"_s}, {u"width"_s, 1.0}})).ok());
    QVERIFY(validate(schema, type(u"tags"_s), Value(Value::List {Value()})).ok());
    QVERIFY(validate(schema, type(u"units"_s), Value(Value::List {})).ok());
}

void TestScalars::validateRefuses_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<Value>("value");
    QTest::newRow("integer for Float") << u"price"_s << Value(5);
    QTest::newRow("double for Int") << u"stock"_s << Value(5.0);
    QTest::newRow("33 bits for Int") << u"stock"_s << Value(qint64(2147483648LL));
    QTest::newRow("infinity") << u"price"_s << Value(std::numeric_limits<double>::infinity());
    QTest::newRow("text for Boolean") << u"discontinued"_s << Value(u"true"_s);
    QTest::newRow("number for text") << u"name"_s << Value(5);
    QTest::newRow("format") << u"introducedOn"_s << Value(u"31.5.2024"_s);
    QTest::newRow("null") << u"name"_s << Value();
    QTest::newRow("enum value") << u"unit"_s << Value(u"ton"_s);
    QTest::newRow("enum kind") << u"unit"_s << Value(1);
    QTest::newRow("no list") << u"tags"_s << Value(u"a"_s);
    QTest::newRow("null element") << u"ratings"_s << Value(Value::List {Value()});
    QTest::newRow("element") << u"ratings"_s << Value(Value::List {u"1"_s});
    QTest::newRow("no object") << u"size"_s << Value(Value::List {});
    QTest::newRow("missing member") << u"size"_s << Value(Value::Object {});
    QTest::newRow("unknown member") << u"size"_s << Value(Value::Object {{u"width"_s, 1.0}, {u"depth"_s, 1.0}});
    QTest::newRow("member twice") << u"size"_s << Value(Value::Object {{u"width"_s, 1.0}, {u"width"_s, 2.0}});
    QTest::newRow("null element of embedded") << u"sizes"_s << Value(Value::List {Value()});
}

void TestScalars::validateRefuses()
{
    QFETCH(QString, field);
    QFETCH(Value, value);
    const auto model = TestSchema::model(u"Product"_s);
    const Result<void> result = validate(TestSchema::schema(), *model, model->fieldIndex(field), value);
    QVERIFY(!result);
    QCOMPARE(result.error().model(), u"Product"_s);
    QVERIFY(result.error().field().startsWith(field));
    QVERIFY(result.error().message().startsWith(u"Product."_s + field));
}

void TestScalars::typesOfAnotherSchemaAreRefused()
{
    for (const QString &field : {u"unit"_s, u"size"_s}) {
        const FieldType &type = TestSchema::fieldType(u"Product"_s, field);
        QCOMPARE(fromVariant(Schema(), type, u"piece"_s).error().code(), Error::Code::InvalidArgument);
        QCOMPARE(fromJson(Schema(), type, u"piece"_s).error().code(), Error::Code::InvalidArgument);
        QCOMPARE(validate(Schema(), type, Value(u"piece"_s)).error().code(), Error::Code::InvalidArgument);
    }
}

void TestScalars::randomValuesAreValidAndReadBack()
{
    const Schema schema = TestSchema::schema();
    for (const SchemaField &field : TestSchema::model(u"Product"_s)->fields) {
        QVERIFY(rc::check(qPrintable(u"values of "_s + field.name + u" are valid and read back"_s), [&] {
            const Value value = *Generate::value(schema, field.type);
            RC_ASSERT(validate(schema, field.type, value).ok());
            const Result<Value> json = fromJson(schema, field.type, value.toJson());
            RC_ASSERT(json.ok());
            RC_ASSERT(json.value() == value);
            RC_ASSERT(json.value().kind() == value.kind());
            const Result<Value> variant = fromVariant(schema, field.type, value.toVariant());
            RC_ASSERT(variant.ok());
            RC_ASSERT(variant.value() == value);
            RC_ASSERT(variant.value().kind() == value.kind());
        }));
    }
}

static Record count(const QString &sku, const Value &bin, int quantity)
{
    const auto model = TestSchema::model(u"StockCount"_s);
    Record record(model);
    record.setValue(model->fieldIndex(u"sku"), sku);
    record.setValue(model->fieldIndex(u"bin"), bin);
    record.setValue(model->fieldIndex(u"round"), 1);
    record.setValue(model->fieldIndex(u"quantity"), quantity);
    return record;
}

void TestScalars::recordsAreValidatedAsAWhole()
{
    const Schema schema = TestSchema::schema();
    QVERIFY(validate(schema, count(u"a"_s, u"b"_s, 3)).ok());     // createdAt and updatedAt are the backend's
    QCOMPARE(validate(schema, Record()).error().code(), Error::Code::InvalidArgument);
    const Error empty = validate(schema, count(u"a"_s, u""_s, 3)).error();
    QCOMPARE(empty.message(), u"StockCount.bin is part of the key and cannot be an empty text"_s);
    QCOMPARE(empty.record(), u"[\"a\",\"\",1]"_s);
    QCOMPARE(validate(schema, count(u"a"_s, Value(), 3)).error().field(), u"bin"_s);
    Record record = count(u"a"_s, u"b"_s, 3);
    record.setValue(record.model()->fieldIndex(u"quantity"), Value());
    QCOMPARE(validate(schema, record).error().message(),
             u"StockCount.quantity is required; give it a whole number from -2147483648 to 2147483647 (Int)"_s);
}

void TestScalars::draftOfANewRecordNeedsItsFields()
{
    const Schema schema = TestSchema::schema();
    const auto model = TestSchema::model(u"StockCount"_s);
    Draft draft(model);
    QCOMPARE(validate(schema, draft).error().field(), u"sku"_s);
    draft.set(model->fieldIndex(u"sku"), u"a"_s);
    draft.set(model->fieldIndex(u"bin"), u"b"_s);
    draft.set(model->fieldIndex(u"round"), 1);
    QCOMPARE(validate(schema, draft).error().field(), u"quantity"_s);
    draft.set(model->fieldIndex(u"quantity"), 5);
    QVERIFY(validate(schema, draft).ok());
    QCOMPARE(validate(schema, draft.with(model->fieldIndex(u"quantity"), u"5"_s)).error().field(), u"quantity"_s);
    QCOMPARE(validate(schema, Draft()).error().code(), Error::Code::InvalidArgument);
}

void TestScalars::draftMayNotTouchKeyOrReadOnlyFields()
{
    const Schema schema = TestSchema::schema();
    const Record base = count(u"a"_s, u"b"_s, 3);
    const auto model = base.model();
    QVERIFY(validate(schema, Draft(base).with(model->fieldIndex(u"quantity"), 4)).ok());
    const Error key = validate(schema, Draft(base).with(model->fieldIndex(u"bin"), u"c"_s)).error();
    QCOMPARE(key.code(), Error::Code::Validation);
    QCOMPARE(key.field(), u"bin"_s);
    QCOMPARE(key.record(), base.key());
    const Error readOnly = validate(schema, Draft(base).with(model->fieldIndex(u"createdAt"), u"2024-05-31T12:30Z"_s)).error();
    QCOMPARE(readOnly.message(), u"StockCount.createdAt is read-only: the backend writes it; leave it out"_s);
}

QTEST_APPLESS_MAIN(TestScalars)
#include "tst_scalars.moc"
