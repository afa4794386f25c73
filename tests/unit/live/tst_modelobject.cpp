// SPDX-License-Identifier: MIT
#include "client/live/modelobject.h"

#include "client/live/related.h"
#include "livefixture.h"

#include <QtTest/QSignalSpy>

using namespace Tideline;
using namespace Qt::StringLiterals;

class TestModelObject : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void newOneHoldsADraft();
    void missingAndWrongFieldsAreNamed();
    void refusedValuesLeaveTheField_data();
    void refusedValuesLeaveTheField();
    void halfTypedTextIsKept();
    void followsTheStoredRecord();
    void draftStaysOverRemoteChanges();
    void aRemoteChangeToTheSameValueEndsTheChange();
    void deletedAndBack();
    void followAfterASaveKeepsLaterEdits();
    void answerOfASaveThatIsOlderThanChangeSets();
    void resetClearAndKey();
    void keyOfAStoredRecordIsKept();
    void readDuringChanges();
    void cachedRecordShowsAtOnce();
    void storeComesLaterOrGoes();
    void signalsOnlyOnRealChanges();
    void destroyedInASlot();
    void relatedObjectFollows();
    void relatedChildFollows();
    void relatedQueryFollows();

private:
    void save(const QString &type, const QString &id, const Fields &fields)
    {
        m_host->commit([&](WriteTransaction &t) { saveRecord(t, type, id, fields); });
    }
    [[nodiscard]] std::unique_ptr<ModelObject> count(const QString &key = {})
    {
        auto object = std::make_unique<ModelObject>(liveSchema(), u"StockCount"_s);
        object->setStore(m_host.get());
        object->setKey(key);
        m_scheduler->runAll();
        return object;
    }
    [[nodiscard]] Record stored(const QString &type, const QString &key)
    {
        return m_host->read<Record>([&](ReadTransaction &t) { return t.find(liveSchema().model(type), key); });
    }

    std::unique_ptr<ManualScheduler> m_scheduler;
    std::unique_ptr<TestHost> m_host;
};

void TestModelObject::init()
{
    m_scheduler = std::make_unique<ManualScheduler>();
    m_host = std::make_unique<TestHost>(*m_scheduler);
    m_host->open();
}

void TestModelObject::cleanup()
{
    m_host.reset();
    m_scheduler.reset();
}

void TestModelObject::newOneHoldsADraft()
{
    const auto object = count();
    QVERIFY(!object->isStored());
    QVERIFY(!object->isModified());
    QVERIFY(object->setField(u"sku"_s, u"4711"_s));
    QVERIFY(object->setField(u"quantity"_s, u"12"_s));
    QVERIFY(object->isModified());
    QVERIFY(object->isValid());
    QCOMPARE(object->field(u"quantity"_s), QVariant(qint64(12)));
    QCOMPARE(object->draft().changes().size(), 2);
    QVERIFY(!object->draft().base());
    QVERIFY(!object->setField(u"nothing"_s, 1));
    QVERIFY(!object->field(u"nothing"_s).isValid());
}

void TestModelObject::missingAndWrongFieldsAreNamed()
{
    const auto object = count();
    QVERIFY(!object->isValid());
    QCOMPARE(object->errors().keys(), (QStringList{u"quantity"_s, u"sku"_s}));
    QSignalSpy valid(object.get(), &ModelObject::validChanged);
    object->setField(u"sku"_s, u"x"_s);
    object->setField(u"quantity"_s, 1);
    QCOMPARE(valid.count(), 2);
    object->setField(u"quantity"_s, QVariant());
    QCOMPARE(object->errorOf(u"quantity"_s).code(), Error::Code::Validation);
    QCOMPARE(object->errorOf(u"quantity"_s).field(), u"quantity"_s);
    QVERIFY(!object->errorOf(u"sku"_s).isError());
}

void TestModelObject::refusedValuesLeaveTheField_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QVariant>("value");
    QTest::newRow("text in a number") << u"quantity"_s << QVariant(u"many"_s);
    QTest::newRow("number out of range") << u"quantity"_s << QVariant(qint64(1) << 40);
    QTest::newRow("map in a text") << u"sku"_s << QVariant(QVariantMap{{u"a"_s, 1}});
    QTest::newRow("unknown member") << u"size"_s << QVariant(QVariantMap{{u"height"_s, 1}});
    QTest::newRow("read-only") << u"createdAt"_s << QVariant(u"2026-01-01T00:00:00.000Z"_s);
}

void TestModelObject::refusedValuesLeaveTheField()
{
    QFETCH(QString, field);
    QFETCH(QVariant, value);
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}});
    const auto object = count(u"a"_s);
    const QVariant before = object->field(field);
    QVERIFY(!object->setField(field, value));
    QCOMPARE(object->field(field), before);
    QVERIFY(!object->isModified());
    QVERIFY(!object->isValid());
    QCOMPARE(object->errors().keys(), QStringList{field});
    object->reset();
    QVERIFY(object->isValid());
}

void TestModelObject::halfTypedTextIsKept()
{
    const Schema schema = *Schema::parse(u"type Person @model { id: ID! mail: AWSEmail }"_s);
    ModelObject object(schema, u"Person"_s);
    QVERIFY(object.setField(u"mail"_s, u"ann@"_s));
    QCOMPARE(object.field(u"mail"_s).toString(), u"ann@"_s);
    QVERIFY(!object.isValid());
    QVERIFY(object.setField(u"mail"_s, u"ann@example.org"_s));
    QVERIFY(object.isValid());
}

void TestModelObject::followsTheStoredRecord()
{
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}});
    const auto object = count(u"a"_s);
    QVERIFY(object->isStored());
    QCOMPARE(object->field(u"quantity"_s).toInt(), 5);
    QSignalSpy field(object.get(), &ModelObject::fieldChanged);
    save(u"StockCount"_s, u"a"_s, {{u"quantity"_s, 6}});
    QCOMPARE(object->field(u"quantity"_s).toInt(), 6);
    QVERIFY(field.count() >= 1);
    m_host->commit([](WriteTransaction &t) { markRecord(t, u"StockCount"_s, u"a"_s, SyncState::Rejected, 9); });
    QCOMPARE(object->syncState(), int(SyncState::Rejected));
    QCOMPARE(object->version(), 9);
}

void TestModelObject::draftStaysOverRemoteChanges()
{
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}, {u"bin"_s, u"b1"_s}});
    const auto object = count(u"a"_s);
    object->setField(u"quantity"_s, 50);
    save(u"StockCount"_s, u"a"_s, {{u"quantity"_s, 7}, {u"bin"_s, u"b2"_s}});
    QCOMPARE(object->field(u"quantity"_s).toInt(), 50);
    QCOMPARE(object->field(u"bin"_s).toString(), u"b2"_s);
    QCOMPARE(object->draft().base().value(u"quantity").toInteger(), 7);
    object->reset();
    QCOMPARE(object->field(u"quantity"_s).toInt(), 7);
    QVERIFY(!object->isModified());
}

void TestModelObject::aRemoteChangeToTheSameValueEndsTheChange()
{
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}});
    const auto object = count(u"a"_s);
    object->setField(u"quantity"_s, 50);
    QSignalSpy modified(object.get(), &ModelObject::modifiedChanged);
    save(u"StockCount"_s, u"a"_s, {{u"quantity"_s, 50}});
    QVERIFY(!object->isModified());
    QCOMPARE(modified.count(), 1);
}

void TestModelObject::deletedAndBack()
{
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}});
    const auto object = count(u"a"_s);
    object->setField(u"bin"_s, u"b"_s);
    QSignalSpy storedChanged(object.get(), &ModelObject::storedChanged);
    m_host->commit([](WriteTransaction &t) { removeRecord(t, u"StockCount"_s, u"a"_s); });
    QVERIFY(!object->isStored());
    QVERIFY(!object->record());
    QCOMPARE(object->key(), u"a"_s);
    QCOMPARE(object->field(u"bin"_s).toString(), u"b"_s);
    QVERIFY(object->field(u"sku"_s).isNull());
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"y"_s}, {u"quantity"_s, 1}});
    QVERIFY(object->isStored());
    QCOMPARE(object->field(u"sku"_s).toString(), u"y"_s);
    QCOMPARE(object->field(u"bin"_s).toString(), u"b"_s);
    QCOMPARE(storedChanged.count(), 2);
}

void TestModelObject::followAfterASaveKeepsLaterEdits()
{
    const auto object = count();
    object->setField(u"sku"_s, u"x"_s);
    object->setField(u"quantity"_s, 5);
    const Draft draft = object->draft();
    Record saved;
    m_host->data().write<Record>([draft](WriteTransaction &t) { return t.save(draft); }, m_scheduler.get(),
                                 [&](const Result<Record> &result) { saved = *result; object->follow(saved); });
    object->setField(u"quantity"_s, 6);                     // typed while the save was on the way
    m_scheduler->runAll();
    QVERIFY(object->isStored());
    QCOMPARE(object->key(), saved.key());
    QCOMPARE(object->field(u"quantity"_s).toInt(), 6);
    QCOMPARE(object->draft().changes().size(), 1);
    QVERIFY(object->isModified());
}

void TestModelObject::answerOfASaveThatIsOlderThanChangeSets()
{
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}});
    const Record old = stored(u"StockCount"_s, u"a"_s);
    save(u"StockCount"_s, u"a"_s, {{u"quantity"_s, 6}});
    const auto object = count(u"a"_s);
    object->follow(old);
    m_scheduler->runAll();
    QCOMPARE(object->field(u"quantity"_s).toInt(), 6);
}

void TestModelObject::resetClearAndKey()
{
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}});
    save(u"StockCount"_s, u"b"_s, {{u"sku"_s, u"y"_s}, {u"quantity"_s, 8}});
    const auto object = count(u"a"_s);
    object->setField(u"quantity"_s, 1);
    QSignalSpy key(object.get(), &ModelObject::keyChanged);
    object->setKey(u"b"_s);
    m_scheduler->runAll();
    QCOMPARE(object->field(u"quantity"_s).toInt(), 8);
    QVERIFY(!object->isModified());
    object->clear();
    m_scheduler->runAll();
    QVERIFY(object->key().isEmpty());
    QVERIFY(!object->isStored());
    QVERIFY(object->field(u"sku"_s).isNull());
    QCOMPARE(key.count(), 2);
    save(u"StockCount"_s, u"b"_s, {{u"quantity"_s, 9}});
    QVERIFY(object->field(u"quantity"_s).isNull());
    object->setKey(u"missing"_s);
    m_scheduler->runAll();
    QVERIFY(!object->isStored());
}

void TestModelObject::keyOfAStoredRecordIsKept()
{
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}});
    const auto object = count(u"a"_s);
    QVERIFY(!object->setField(u"id"_s, u"b"_s));
    QVERIFY(object->setField(u"id"_s, u"a"_s));
    QVERIFY(object->isValid());
    const auto fresh = count();
    QVERIFY(fresh->setField(u"id"_s, u"b"_s));
    QVERIFY(fresh->setField(u"id"_s, QString()));
    QVERIFY(fresh->errors().contains(u"id"_s));
}

void TestModelObject::readDuringChanges()
{
    for (int step = 0; step < 6; ++step) {
        const QString id = u"r%1"_s.arg(step);
        save(u"StockCount"_s, id, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 1}});
        ModelObject object(liveSchema(), u"StockCount"_s);
        object.setStore(m_host.get());
        object.setKey(id);
        for (int i = 0; i < step; ++i)
            m_scheduler->runOne();
        m_host->write([id](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, id, {{u"quantity"_s, 2}}); });
        m_host->write([id](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, id, {{u"quantity"_s, 3}}); });
        m_scheduler->runAll();
        QCOMPARE(object.field(u"quantity"_s).toInt(), 3);
    }
}

void TestModelObject::cachedRecordShowsAtOnce()
{
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}});
    const auto found = m_host->read<std::pair<Record, quint64>>([](ReadTransaction &t) -> Result<std::pair<Record, quint64>> {
        return std::pair(*t.find(liveSchema().model(u"StockCount"_s), u"a"_s), t.commit());
    });
    m_host->remember(found.first, found.second);
    ModelObject object(liveSchema(), u"StockCount"_s);
    object.setStore(m_host.get());
    object.setKey(u"a"_s);
    QVERIFY(object.isStored());
}

void TestModelObject::storeComesLaterOrGoes()
{
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}});
    ModelObject object(liveSchema(), u"StockCount"_s);
    object.setKey(u"a"_s);
    QVERIFY(!object.isStored());
    object.setStore(m_host.get());
    m_scheduler->runAll();
    QVERIFY(object.isStored());
    object.setField(u"bin"_s, u"b"_s);
    m_host->close();
    QCOMPARE(object.field(u"bin"_s).toString(), u"b"_s);
    m_host->open();                                     // an empty one
    m_scheduler->runAll();
    QVERIFY(!object.isStored());
    QSignalSpy store(&object, &ModelObject::storeChanged);
    m_host.reset();
    QCOMPARE(object.store(), nullptr);
    QCOMPARE(store.count(), 1);
}

void TestModelObject::signalsOnlyOnRealChanges()
{
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}});
    const auto object = count(u"a"_s);
    QList<int> fields;
    connect(object.get(), &ModelObject::fieldChanged, this, [&fields](int field) { fields.append(field); });
    QSignalSpy modified(object.get(), &ModelObject::modifiedChanged);
    object->setField(u"quantity"_s, 5);
    save(u"StockCount"_s, u"other"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}});
    QVERIFY(fields.isEmpty());
    object->setField(u"quantity"_s, 6);
    object->setField(u"quantity"_s, 6);
    QCOMPARE(fields, QList<int>{liveSchema().model(u"StockCount"_s)->fieldIndex(u"quantity")});
    object->setField(u"quantity"_s, 5);
    QCOMPARE(modified.count(), 2);
}

void TestModelObject::destroyedInASlot()
{
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}});
    auto object = count(u"a"_s);
    connect(object.get(), &ModelObject::fieldChanged, this, [&object] { object.reset(); });
    save(u"StockCount"_s, u"a"_s, {{u"quantity"_s, 6}, {u"bin"_s, u"b"_s}});
    QVERIFY(!object);
}

void TestModelObject::relatedObjectFollows()
{
    save(u"Product"_s, u"p1"_s, {{u"name"_s, u"one"_s}});
    save(u"Product"_s, u"p2"_s, {{u"name"_s, u"two"_s}});
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}, {u"productID"_s, u"p1"_s}});
    const auto object = count(u"a"_s);
    ModelObject product(liveSchema(), u"Product"_s);
    followRelated(object.get(), u"product"_s, &product);
    m_scheduler->runAll();
    QCOMPARE(product.field(u"name"_s).toString(), u"one"_s);
    save(u"StockCount"_s, u"a"_s, {{u"productID"_s, u"p2"_s}});
    QCOMPARE(product.field(u"name"_s).toString(), u"two"_s);
    save(u"Product"_s, u"p2"_s, {{u"name"_s, u"the second"_s}});
    QCOMPARE(product.field(u"name"_s).toString(), u"the second"_s);
    object->setField(u"productID"_s, QVariant());
    m_scheduler->runAll();
    QVERIFY(!product.isStored());
}

void TestModelObject::relatedChildFollows()
{
    const Schema schema = *Schema::parse(u"type Car @model { id: ID! motor: Motor @hasOne(fields: [\"id\"]) } "
                                         "type Motor @model { id: ID! power: Int }"_s);
    ModelObject car(schema, u"Car"_s);
    ModelObject motor(schema, u"Motor"_s);
    followRelated(&car, u"motor"_s, &motor);
    QVERIFY(motor.key().isEmpty());
}

void TestModelObject::relatedQueryFollows()
{
    save(u"Product"_s, u"p1"_s, {{u"name"_s, u"one"_s}});
    ModelObject product(liveSchema(), u"Product"_s);
    product.setStore(m_host.get());
    product.setKey(u"p1"_s);
    m_scheduler->runAll();
    LiveQuery *counts = relatedQuery(&product, u"counts"_s);
    m_scheduler->runAll();
    QCOMPARE(counts->count(), 0);
    save(u"StockCount"_s, u"a"_s, {{u"sku"_s, u"x"_s}, {u"quantity"_s, 5}, {u"productID"_s, u"p1"_s}});
    QCOMPARE(counts->count(), 1);
    product.clear();
    m_scheduler->runAll();
    QCOMPARE(counts->count(), 0);
}

QTEST_GUILESS_MAIN(TestModelObject)
#include "tst_modelobject.moc"
