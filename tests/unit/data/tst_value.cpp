// SPDX-License-Identifier: MIT
#include "core/data/value.h"

#include "shared/generators.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTimeZone>
#include <QtCore/QUrl>
#include <QtCore/QUuid>
#include <QtTest/QTest>

#include <limits>

using namespace Qt::StringLiterals;
using namespace Tideline;

class TestValue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaultIsNull();
    void accessorsOfOtherKindsAreEmpty();
    void numbersConvertWithinTheirRange();
    void equalNumbers_data();
    void equalNumbers();
    void differentKindsDiffer();
    void objectsAreEqualInAnyOrder();
    void nullMemberIsLikeAbsent();
    void toVariantUsesQtTypes();
    void fromVariantKnowsQtTypes_data();
    void fromVariantKnowsQtTypes();
    void unknownVariantIsNull();
    void fromJsonKeepsIntegers();
    void jsonTextIsCompactAndOrdered();
    void jsonTextEscapes();
    void jsonTextOfRandomValuesParsesBack();
    void textOrder_data();
    void textOrder();
    void textOrderIsThatOfUtf8();
};

void TestValue::defaultIsNull()
{
    QCOMPARE(Value().kind(), Value::Kind::Null);
    QVERIFY(Value(nullptr).isNull());
    QCOMPARE(Value(), Value(nullptr));
}

void TestValue::accessorsOfOtherKindsAreEmpty()
{
    const Value text(u"7"_s);
    QCOMPARE(text.toBool(), false);
    QCOMPARE(text.toInteger(), 0);
    QCOMPARE(text.toDouble(), 0.0);
    QVERIFY(text.toList().isEmpty());
    QVERIFY(text.toObject().isEmpty());
    QVERIFY(text.member(u"a").isNull());
    QVERIFY(Value(7).toText().isEmpty());
}

void TestValue::numbersConvertWithinTheirRange()
{
    QCOMPARE(Value(2.9).toInteger(), 2);
    QCOMPARE(Value(-2.9).toInteger(), -2);
    QCOMPARE(Value(1e300).toInteger(), std::numeric_limits<qint64>::max());
    QCOMPARE(Value(-1e300).toInteger(), std::numeric_limits<qint64>::min());
    QCOMPARE(Value(std::numeric_limits<double>::quiet_NaN()).toInteger(), 0);
    QCOMPARE(Value(3).toDouble(), 3.0);
}

void TestValue::equalNumbers_data()
{
    QTest::addColumn<Value>("a");
    QTest::addColumn<Value>("b");
    QTest::addColumn<bool>("equal");
    const qint64 big = 9007199254740993;        // 2^53 + 1, no double has it
    QTest::newRow("integer and double") << Value(1) << Value(1.0) << true;
    QTest::newRow("fraction") << Value(1) << Value(1.5) << false;
    QTest::newRow("negative fraction") << Value(-1) << Value(-1.5) << false;
    QTest::newRow("both zeros") << Value(0.0) << Value(-0.0) << true;
    QTest::newRow("integer zero and -0") << Value(0) << Value(-0.0) << true;
    QTest::newRow("rounded is not equal") << Value(big) << Value(double(big)) << false;
    QTest::newRow("largest integer and 2^63") << Value(std::numeric_limits<qint64>::max()) << Value(0x1p63) << false;
    QTest::newRow("smallest integer and -2^63") << Value(std::numeric_limits<qint64>::min()) << Value(-0x1p63) << true;
    QTest::newRow("not a number") << Value(std::numeric_limits<double>::quiet_NaN()) << Value(std::numeric_limits<double>::quiet_NaN()) << false;
    QTest::newRow("not a number and integer") << Value(std::numeric_limits<double>::quiet_NaN()) << Value(0) << false;
}

void TestValue::equalNumbers()
{
    QFETCH(Value, a);
    QFETCH(Value, b);
    QFETCH(bool, equal);
    QCOMPARE(a == b, equal);
    QCOMPARE(b == a, equal);
}

void TestValue::differentKindsDiffer()
{
    const QList<Value> all {Value(), Value(true), Value(1), Value(u"1"_s), Value(Value::List {1}), Value(Value::Object {{u"a"_s, 1}})};
    for (qsizetype i = 0; i < all.size(); ++i) {
        for (qsizetype j = 0; j < all.size(); ++j)
            QCOMPARE(all[i] == all[j], i == j);
    }
    QVERIFY(!(Value(false) == Value()));
    QVERIFY(!(Value(u""_s) == Value()));
    QVERIFY(!(Value(Value::List {}) == Value()));
}

void TestValue::objectsAreEqualInAnyOrder()
{
    const Value a(Value::Object {{u"x"_s, 1}, {u"y"_s, 2}});
    QCOMPARE(a, Value(Value::Object {{u"y"_s, 2}, {u"x"_s, 1}}));
    QVERIFY(!(a == Value(Value::Object {{u"y"_s, 1}, {u"x"_s, 2}})));
    QVERIFY(!(a == Value(Value::Object {{u"x"_s, 1}})));
}

void TestValue::nullMemberIsLikeAbsent()
{
    const Value with(Value::Object {{u"x"_s, 1}, {u"y"_s, Value()}});
    const Value without(Value::Object {{u"x"_s, 1}});
    QCOMPARE(with, without);
    QCOMPARE(without, with);
    QVERIFY(!(Value(Value::List {Value()}) == Value(Value::List {})));
}

void TestValue::toVariantUsesQtTypes()
{
    QCOMPARE(Value().toVariant().metaType(), QMetaType::fromType<std::nullptr_t>());
    QCOMPARE(Value(true).toVariant(), QVariant(true));
    QCOMPARE(Value(5).toVariant(), QVariant(qlonglong(5)));
    QCOMPARE(Value(2.5).toVariant(), QVariant(2.5));
    QCOMPARE(Value(u"a"_s).toVariant(), QVariant(u"a"_s));
    QCOMPARE(Value(Value::List {1, u"b"_s}).toVariant(), QVariant(QVariantList {qlonglong(1), u"b"_s}));
    QCOMPARE(Value(Value::Object {{u"x"_s, 1}}).toVariant(), QVariant(QVariantMap {{u"x"_s, qlonglong(1)}}));
}

void TestValue::fromVariantKnowsQtTypes_data()
{
    QTest::addColumn<QVariant>("variant");
    QTest::addColumn<Value>("value");
    const QUuid uuid(u"{7b1f9d4c-93c8-4a5e-9c59-1f3b5a6d7e8f}"_s);
    QTest::newRow("nothing") << QVariant() << Value();
    QTest::newRow("nullptr") << QVariant::fromValue(nullptr) << Value();
    QTest::newRow("SQL null of type text") << QVariant(QMetaType::fromType<QString>()) << Value();
    QTest::newRow("empty text is not null") << QVariant(QString()) << Value(QString());
    QTest::newRow("Boolean") << QVariant(true) << Value(true);
    QTest::newRow("int") << QVariant(-3) << Value(-3);
    QTest::newRow("unsigned") << QVariant(4000000000u) << Value(qint64(4000000000));
    QTest::newRow("64 bits unsigned") << QVariant(std::numeric_limits<qulonglong>::max()) << Value(0x1p64);
    QTest::newRow("float") << QVariant(0.5f) << Value(0.5);
    QTest::newRow("double") << QVariant(2.5) << Value(2.5);
    QTest::newRow("character") << QVariant(QChar(u'x')) << Value(u"x"_s);
    QTest::newRow("bytes") << QVariant(QByteArray("\xc3\xa4")) << Value(u"ä"_s);
    QTest::newRow("local time becomes UTC") << QVariant(QDateTime(QDate(2024, 5, 31), QTime(1, 2, 3, 4), Qt::OffsetFromUTC, 3600))
                                            << Value(u"2024-05-31T00:02:03.004Z"_s);
    QTest::newRow("date") << QVariant(QDate(2024, 5, 31)) << Value(u"2024-05-31"_s);
    QTest::newRow("time") << QVariant(QTime(1, 2)) << Value(u"01:02:00.000"_s);
    QTest::newRow("invalid time") << QVariant(QDateTime()) << Value();
    QTest::newRow("URL") << QVariant(QUrl(u"https://example.org/ä b"_s)) << Value(u"https://example.org/%C3%A4%20b"_s);
    QTest::newRow("UUID without braces") << QVariant(uuid) << Value(u"7b1f9d4c-93c8-4a5e-9c59-1f3b5a6d7e8f"_s);
    QTest::newRow("list of text") << QVariant(QStringList {u"a"_s, u"b"_s}) << Value(Value::List {u"a"_s, u"b"_s});
    QTest::newRow("list of int") << QVariant::fromValue(QList<int> {1, 2}) << Value(Value::List {1, 2});
    QTest::newRow("list") << QVariant(QVariantList {1, QVariant(), u"c"_s}) << Value(Value::List {1, Value(), u"c"_s});
    QTest::newRow("map") << QVariant(QVariantMap {{u"x"_s, 1}}) << Value(Value::Object {{u"x"_s, 1}});
    QTest::newRow("hash") << QVariant(QVariantHash {{u"x"_s, 1}}) << Value(Value::Object {{u"x"_s, 1}});
    QTest::newRow("JSON value") << QVariant(QJsonValue(2)) << Value(2);
    QTest::newRow("JSON array") << QVariant(QJsonArray {1}) << Value(Value::List {1});
    QTest::newRow("JSON object") << QVariant(QJsonObject {{u"x"_s, 1}}) << Value(Value::Object {{u"x"_s, 1}});
    QTest::newRow("a Value") << QVariant::fromValue(Value(3)) << Value(3);
}

void TestValue::fromVariantKnowsQtTypes()
{
    QFETCH(QVariant, variant);
    QFETCH(Value, value);
    QCOMPARE(Value::fromVariant(variant), value);
    QCOMPARE(Value::fromVariant(variant).kind(), value.kind());
}

void TestValue::unknownVariantIsNull()
{
    QVERIFY(Value::fromVariant(QVariant::fromValue<QObject *>(this)).isNull());
    QVERIFY(Value::fromVariant(QVariantList {QVariant::fromValue<QObject *>(this)}).isNull());
}

void TestValue::fromJsonKeepsIntegers()
{
    const QJsonArray array = QJsonDocument::fromJson("[0, 5, 5.0, 2.5, 9007199254740993, 1e300, null, true]").array();
    const Value value = Value::fromJson(array);
    const QList<Value::Kind> kinds {Value::Kind::Integer, Value::Kind::Integer, Value::Kind::Integer, Value::Kind::Double,
                                    Value::Kind::Integer, Value::Kind::Double, Value::Kind::Null, Value::Kind::Boolean};
    for (qsizetype i = 0; i < kinds.size(); ++i)
        QCOMPARE(value.toList()[i].kind(), kinds[i]);
    QCOMPARE(value.toList()[4].toInteger(), 9007199254740993);
    QVERIFY(Value::fromJson(QJsonValue(QJsonValue::Undefined)).isNull());
}

void TestValue::jsonTextIsCompactAndOrdered()
{
    const Value value(Value::Object {{u"z"_s, 1}, {u"a"_s, Value::List {true, Value(), 2.5}}});
    QCOMPARE(value.toJsonText(), u"{\"z\":1,\"a\":[true,null,2.5]}"_s);
    QCOMPARE(QDebug::toString(value), value.toJsonText());
    QCOMPARE(Value(std::numeric_limits<double>::infinity()).toJsonText(), u"null"_s);
    QCOMPARE(Value(-0.0).toJsonText(), u"0"_s);
}

void TestValue::jsonTextEscapes()
{
    const QString text = u"a\"b\\c\n\t\r\b\f"_s + QChar(0) + QChar(0x1f) + u"ä😀/"_s;
    QCOMPARE(Value(text).toJsonText(), u"\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0000\\u001fä😀/\""_s);
}

void TestValue::jsonTextOfRandomValuesParsesBack()
{
    QVERIFY(rc::check("JSON text reads back as an equal value", [] {
        const auto texts = *rc::gen::container<std::vector<QString>>(Generate::text());
        Value::List list {*Generate::number(), *Generate::integer64()};
        for (const QString &text : texts)
            list.append(Value(Value::Object {{text, Value(text)}}));
        const QJsonDocument document = QJsonDocument::fromJson(Value(list).toJsonText().toUtf8());
        RC_ASSERT(Value::fromJson(document.array()) == Value(list));
        RC_ASSERT(Value::fromJson(Value(list).toJson()) == Value(list));
        RC_ASSERT(Value::fromVariant(Value(list).toVariant()) == Value(list));
    }));
}

void TestValue::textOrder_data()
{
    QTest::addColumn<QString>("low");
    QTest::addColumn<QString>("high");
    QTest::newRow("prefix first") << u"a"_s << u"ab"_s;
    QTest::newRow("empty first") << u""_s << QString(QChar(0));
    QTest::newRow("upper case first") << u"B"_s << u"a"_s;
    QTest::newRow("U+FFFF before U+10000") << QString(QChar(0xffff)) << QString::fromUcs4(U"\U00010000");
    QTest::newRow("U+E000 before an emoji") << u"x"_s + QChar(0xe000) << u"x😀"_s;
    QTest::newRow("U+D7FF before an emoji") << QString(QChar(0xd7ff)) << u"😀"_s;
    QTest::newRow("two supplementary") << QString::fromUcs4(U"\U0001F600") << QString::fromUcs4(U"\U0001F601");
    QTest::newRow("differ in the high half") << QString::fromUcs4(U"\U00010400") << QString::fromUcs4(U"\U0001F600");
}

void TestValue::textOrder()
{
    QFETCH(QString, low);
    QFETCH(QString, high);
    QVERIFY(compareText(low, high) < 0);
    QVERIFY(compareText(high, low) > 0);
    QCOMPARE(compareText(low, low), 0);
}

void TestValue::textOrderIsThatOfUtf8()
{
    QVERIFY(rc::check("compareText orders like UTF-8 bytes", [](const QString &a, const QString &b) {
        const std::string x = a.toStdString(), y = b.toStdString();
        const int expected = x.compare(y);
        const int got = compareText(a, b);
        RC_ASSERT((got < 0) == (expected < 0));
        RC_ASSERT((got > 0) == (expected > 0));
    }));
}

QTEST_APPLESS_MAIN(TestValue)
#include "tst_value.moc"
