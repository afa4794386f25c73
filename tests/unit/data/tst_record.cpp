// SPDX-License-Identifier: MIT
#include "core/data/record.h"

#include "shared/generators.h"
#include "shared/testschema.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace Tideline;

class TestRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nullRecordHasNothing();
    void newRecordIsAllNull();
    void valuesByNumberAndName();
    void copiesAreIndependent();
    void equalityIgnoresSyncData();
    void debugShowsWhatIsSet();
    void storableInVariant();
    void singleKeyIsItsText();
    void compositeKeyIsAJsonArray();
    void keysOfOtherModelsHaveNoParts_data();
    void keysOfOtherModelsHaveNoParts();
    void keysAreUnambiguous();
    void randomKeysReadBack();
    void draftOverNothing();
    void draftOverRecord();
    void draftForgetsAChangeBackToTheBase();
    void draftKeepsChangesInOrderOfFields();
    void randomDraftsKnowTheirChanges();
};

static Record count(const QString &sku, const QString &bin, int round)
{
    const auto model = TestSchema::model(u"StockCount"_s);
    Record record(model);
    record.setValue(model->fieldIndex(u"sku"), sku);
    record.setValue(model->fieldIndex(u"bin"), bin);
    record.setValue(model->fieldIndex(u"round"), round);
    return record;
}

void TestRecord::nullRecordHasNothing()
{
    const Record record;
    QVERIFY(record.isNull());
    QVERIFY(!record);
    QVERIFY(!record.model());
    QVERIFY(record.values().empty());
    QVERIFY(record.value(0).isNull());
    QVERIFY(record.value(u"sku").isNull());
    QVERIFY(record.key().isEmpty());
    QCOMPARE(record.state(), SyncState::Local);
    QCOMPARE(record.metadata(), SyncMetadata());
    QCOMPARE(record.rowId(), 0);
    QCOMPARE(record, Record());
}

void TestRecord::newRecordIsAllNull()
{
    const auto model = TestSchema::model(u"StockCount"_s);
    const Record record(model);
    QVERIFY(bool(record));
    QCOMPARE(record.model(), model);
    QCOMPARE(record.values().size(), model->fields.size());
    for (const Value &value : record.values())
        QVERIFY(value.isNull());
    QVERIFY(!(record == Record()));
}

void TestRecord::valuesByNumberAndName()
{
    const Record record = count(u"4001"_s, u"A-17"_s, 2);
    QCOMPARE(record.value(u"bin"), Value(u"A-17"_s));
    QCOMPARE(record.value(record.model()->fieldIndex(u"round")), Value(2));
    QVERIFY(record.value(-1).isNull());
    QVERIFY(record.value(1000).isNull());
    QVERIFY(record.value(u"nosuch").isNull());
}

void TestRecord::copiesAreIndependent()
{
    const Record before = count(u"4001"_s, u"A-17"_s, 2);
    Record after = before;
    after.setValue(after.model()->fieldIndex(u"round"), 3);
    after.setMetadata({.version = 4, .lastChangedAt = 5, .deleted = true});
    after.setState(SyncState::Sending);
    after.setRowId(9);
    QCOMPARE(before.value(u"round"), Value(2));
    QCOMPARE(before.metadata().version, 0);
    QCOMPARE(before.state(), SyncState::Local);
    QCOMPARE(after.value(u"round"), Value(3));
    QCOMPARE(after.metadata().version, 4);
    QVERIFY(after.metadata().deleted);
    QCOMPARE(after.state(), SyncState::Sending);
    QCOMPARE(after.rowId(), 9);
}

void TestRecord::equalityIgnoresSyncData()
{
    Record a = count(u"4001"_s, u"A-17"_s, 2);
    const Record b = count(u"4001"_s, u"A-17"_s, 2);
    a.setState(SyncState::Rejected);
    a.setRowId(7);
    a.setMetadata({.version = 3});
    QCOMPARE(a, b);
    QVERIFY(!(a == count(u"4001"_s, u"A-17"_s, 3)));
    QVERIFY(!(a == Record(TestSchema::model(u"Maker"_s))));
}

void TestRecord::debugShowsWhatIsSet()
{
    QCOMPARE(QDebug::toString(count(u"4001"_s, u"A-17"_s, 2)), u"Record(StockCount, sku: \"4001\", bin: \"A-17\", round: 2)"_s);
    QCOMPARE(QDebug::toString(Record()), u"Record()"_s);
}

void TestRecord::storableInVariant()
{
    const Record record = count(u"4001"_s, u"A-17"_s, 2);
    QCOMPARE(QVariant::fromValue(record).value<Record>(), record);
}

void TestRecord::singleKeyIsItsText()
{
    const auto maker = TestSchema::model(u"Maker"_s);
    Record record(maker);
    record.setValue(maker->fieldIndex(u"id"), u"[\"a\"]"_s);
    QCOMPARE(record.key(), u"[\"a\"]"_s);
    QCOMPARE(keyFromParts({Value(u"x"_s)}), u"x"_s);
    QCOMPARE(keyFromParts({Value(17)}), u"17"_s);
    QCOMPARE(keyParts(*maker, u"[\"a\"]"_s), std::vector<Value> {u"[\"a\"]"_s});
}

void TestRecord::compositeKeyIsAJsonArray()
{
    const Record record = count(u"4\"1"_s, u"A,17"_s, -2);
    const QString key = u"[\"4\\\"1\",\"A,17\",-2]"_s;
    QCOMPARE(record.key(), key);
    QCOMPARE(keyFromParts({u"4\"1"_s, u"A,17"_s, -2}), key);
    QCOMPARE(keyParts(*record.model(), key), (std::vector<Value> {u"4\"1"_s, u"A,17"_s, -2}));
}

void TestRecord::keysOfOtherModelsHaveNoParts_data()
{
    QTest::addColumn<QString>("key");
    QTest::newRow("plain text") << u"4001"_s;
    QTest::newRow("too few parts") << u"[\"4001\",\"A-17\"]"_s;
    QTest::newRow("too many parts") << u"[\"4001\",\"A-17\",2,3]"_s;
    QTest::newRow("number where text is") << u"[4001,\"A-17\",2]"_s;
    QTest::newRow("text where a number is") << u"[\"4001\",\"A-17\",\"2\"]"_s;
    QTest::newRow("null part") << u"[\"4001\",null,2]"_s;
    QTest::newRow("an object") << u"{\"sku\":\"4001\"}"_s;
    QTest::newRow("empty") << QString();
}

void TestRecord::keysOfOtherModelsHaveNoParts()
{
    QFETCH(QString, key);
    QVERIFY(keyParts(*TestSchema::model(u"StockCount"_s), key).empty());
}

void TestRecord::keysAreUnambiguous()
{
    QVERIFY(rc::check("different keys have different text", [](const QString &a, const QString &b, const QString &c, const QString &d) {
        RC_PRE(a != c || b != d);
        RC_ASSERT(count(a, b, 1).key() != count(c, d, 1).key());
    }));
}

void TestRecord::randomKeysReadBack()
{
    QVERIFY(rc::check("keyParts() reverses keyOf()", [] {
        const Record record = *Generate::record(TestSchema::schema(), TestSchema::model(u"StockCount"_s));
        std::vector<Value> parts;
        for (const int field : record.model()->primaryKey)
            parts.push_back(record.value(field));
        RC_ASSERT(keyParts(*record.model(), record.key()) == parts);
        RC_ASSERT(keyFromParts(parts) == record.key());
    }));
}

void TestRecord::draftOverNothing()
{
    const auto model = TestSchema::model(u"StockCount"_s);
    Draft draft(model);
    QCOMPARE(draft.model(), model);
    QVERIFY(draft.base().isNull());
    QVERIFY(draft.changes().isEmpty());
    const int bin = model->fieldIndex(u"bin");
    draft.set(bin, u"A"_s);
    QVERIFY(draft.isChanged(bin));
    QCOMPARE(draft.value(bin), Value(u"A"_s));
    QVERIFY(draft.value(model->fieldIndex(u"sku")).isNull());
    draft.set(bin, Value());
    QVERIFY(draft.isChanged(bin));          // the record may exist with another value
}

void TestRecord::draftOverRecord()
{
    const Record base = count(u"4001"_s, u"A-17"_s, 2);
    const int quantity = base.model()->fieldIndex(u"quantity");
    const Draft plain(base);
    const Draft draft = plain.with(quantity, 12);
    QVERIFY(plain.changes().isEmpty());
    QCOMPARE(draft.base(), base);
    QCOMPARE(draft.model(), base.model());
    QCOMPARE(draft.changes(), (QList<std::pair<int, Value>> {{quantity, Value(12)}}));
    QCOMPARE(draft.value(base.model()->fieldIndex(u"bin")), Value(u"A-17"_s));
}

void TestRecord::draftForgetsAChangeBackToTheBase()
{
    const Record base = count(u"4001"_s, u"A-17"_s, 2);
    const int bin = base.model()->fieldIndex(u"bin");
    Draft draft(base);
    draft.set(bin, u"B"_s);
    draft.set(bin, u"A-17"_s);
    QVERIFY(!draft.isChanged(bin));
    draft.set(bin, Value());        // null is a change where the base has a value
    QVERIFY(draft.isChanged(bin));
    QVERIFY(draft.value(bin).isNull());
}

void TestRecord::draftKeepsChangesInOrderOfFields()
{
    Draft draft(TestSchema::model(u"StockCount"_s));
    draft.set(3, 1);
    draft.set(0, u"a"_s);
    draft.set(2, 5);
    draft.set(2, 6);
    QCOMPARE(draft.changes(), (QList<std::pair<int, Value>> {{0, u"a"_s}, {2, 6}, {3, 1}}));
}

void TestRecord::randomDraftsKnowTheirChanges()
{
    QVERIFY(rc::check("a draft has the last value set of each field", [] {
        const Schema schema = TestSchema::schema();
        const auto model = TestSchema::model(u"Product"_s);
        const Record base = *Generate::record(schema, model);
        Draft draft(base);
        std::vector<Value> expected = base.values();
        for (int i = *rc::gen::inRange(0, 30); i > 0; --i) {
            const size_t field = *rc::gen::inRange<size_t>(0, model->fields.size());
            expected[field] = *Generate::value(schema, model->fields[field].type);
            draft.set(int(field), expected[field]);
        }
        for (size_t field = 0; field < expected.size(); ++field) {
            RC_ASSERT(draft.value(int(field)) == expected[field]);
            RC_ASSERT(draft.isChanged(int(field)) == !(expected[field] == base.value(int(field))));
        }
    }));
}

QTEST_APPLESS_MAIN(TestRecord)
#include "tst_record.moc"
