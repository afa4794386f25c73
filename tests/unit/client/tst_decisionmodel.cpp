// SPDX-License-Identifier: MIT
#include "client/decisionmodel.h"
#include "device.h"

#include <QtCore/QPromise>
#include <QtCore/QTemporaryDir>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>

using namespace TidelineTest;
using Strategy = Server::ConflictStrategy;
using Policy = ConflictPolicy;

// Two devices and a real server, which merges or does not.
class TestDecisionModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void increments_data();
    void increments();
    void everyPolicyMakesDevicesEqual_data();
    void everyPolicyMakesDevicesEqual();
    void rowsComeAndChange();
    void undoReachesTheOtherDevice();
    void theApplicationDecides_data();
    void theApplicationDecides();
    void theApplicationMayReplaceItsHandler();
    void policiesAreChecked();
    void aDraftOfAnotherSchemaIsRefused();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestDecisionModel::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

static Schema countSchema()
{
    const Result<Schema> schema = Schema::parse(
        u"type Count @model { id: ID! quantity: Int @conflict(policy: sum) best: Int note: String tags: [String] log: [String] }"_s);
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

static void addStrategies()
{
    QTest::addColumn<int>("strategy");
    QTest::newRow("automerge") << int(Strategy::Automerge);
    QTest::newRow("optimistic") << int(Strategy::OptimisticConcurrency);
}

static bool isQuiet(Device &device)
{
    return QTest::qWaitFor([&device] { return device.store.outboxCount() == 0 && device.store.syncState() == DataStore::SyncPhase::Live; }, 10'000);
}

static Record record(Device &device)
{
    return outcome(device.store.get(u"Count"_s, u"c"_s)).valueOr({});
}

// Both change the record while they cannot hear each other; the first one is heard first.
static void contest(Device &first, Device &second, const QVariantMap &values, const QVariantMap &others)
{
    first.save(u"Count"_s, {{u"id"_s, u"c"_s}, {u"quantity"_s, 10}, {u"best"_s, 5}, {u"note"_s, u"old"_s}, {u"tags"_s, QStringList{u"a"_s}},
                            {u"log"_s, QStringList{u"a"_s}}});
    QVERIFY(isQuiet(first));
    QTRY_VERIFY(!record(second).isNull());
    for (Device *device : {&first, &second})
        device->store.setPaused(true);
    QVariantMap mine = others;
    mine.insert(u"id"_s, u"c"_s);
    first.save(u"Count"_s, mine);
    mine = values;
    mine.insert(u"id"_s, u"c"_s);
    second.save(u"Count"_s, mine);
    first.store.setPaused(false);
    QVERIFY(isQuiet(first));
    second.store.setPaused(false);
    QVERIFY(isQuiet(second));
    QTRY_COMPARE(record(first), record(second));
}

void TestDecisionModel::increments_data()
{
    addStrategies();
}

static void countOneMore(Device &device)
{
    const Record shown = record(device);
    Draft draft(shown);
    draft.set(shown.model()->fieldIndex(u"quantity"), Value(shown.value(u"quantity").toInteger() + 1));
    const Result<Receipt> saved = outcome(device.store.save(draft));
    QVERIFY2(saved.ok(), qPrintable(saved.error().message()));
}

// Both devices count at the same time, online.
void TestDecisionModel::increments()
{
    QFETCH(int, strategy);
    TestServer server(countSchema(), m_folder->filePath(u"server.sqlite"_s), 1000, Strategy(strategy));
    Device first(countSchema(), m_folder->filePath(u"first.sqlite"_s), server.url());
    Device second(countSchema(), m_folder->filePath(u"second.sqlite"_s), server.url());
    first.save(u"Count"_s, {{u"id"_s, u"c"_s}, {u"quantity"_s, 0}});
    QVERIFY(isQuiet(first));
    QTRY_VERIFY(!record(second).isNull());
    for (int count = 0; count < 20; ++count) {
        for (Device *device : {&first, &second})
            countOneMore(*device);
    }
    QVERIFY(isQuiet(first));
    QVERIFY(isQuiet(second));
    QTRY_COMPARE(record(first).value(u"quantity").toInteger(), 40);
    QTRY_COMPARE(record(second).value(u"quantity").toInteger(), 40);
    QCOMPARE(first.store.rejectedCount() + second.store.rejectedCount(), 0);
}

void TestDecisionModel::everyPolicyMakesDevicesEqual_data()
{
    addStrategies();
}

void TestDecisionModel::everyPolicyMakesDevicesEqual()
{
    QFETCH(int, strategy);
    TestServer server(countSchema(), m_folder->filePath(u"server.sqlite"_s), 1000, Strategy(strategy));
    Device first(countSchema(), m_folder->filePath(u"first.sqlite"_s), server.url());
    Device second(countSchema(), m_folder->filePath(u"second.sqlite"_s), server.url());
    const ConflictPolicies policies = ConflictPolicies().set(u"Count"_s, u"best"_s, Policy::Maximum).set(u"Count"_s, u"note"_s, Policy::Theirs)
                                          .set(u"Count"_s, u"tags"_s, Policy::Set).set(u"Count"_s, u"log"_s, Policy::Append);
    QVERIFY(second.store.setConflictPolicies(policies).ok());
    contest(first, second,
            {{u"quantity"_s, 13}, {u"best"_s, 7}, {u"note"_s, u"mine"_s}, {u"tags"_s, QStringList{u"a"_s, u"m"_s}}, {u"log"_s, QStringList{u"a"_s, u"m"_s}}},
            {{u"quantity"_s, 15}, {u"best"_s, 6}, {u"note"_s, u"theirs"_s}, {u"tags"_s, QStringList{u"t"_s}}, {u"log"_s, QStringList{u"a"_s, u"t"_s}}});
    const Record result = record(second);
    QCOMPARE(result.value(u"quantity").toInteger(), 18);
    QCOMPARE(result.value(u"best").toInteger(), 7);
    QCOMPARE(result.value(u"note").toText(), u"theirs"_s);
    QCOMPARE(result.value(u"tags"), Value(Value::List{u"t"_s, u"m"_s}));
    QCOMPARE(result.value(u"log"), Value(Value::List{u"a"_s, u"t"_s, u"m"_s}));
    const QList<ConflictDecision> journal = outcome(second.store.decisions(u"Count"_s, u"c"_s)).valueOr({});
    QCOMPARE(journal.size(), 1);
    QCOMPARE(journal.first().fields.size(), 5);
    QVERIFY(outcome(first.store.decisions()).valueOr({}).isEmpty());
    QCOMPARE(outcome(first.store.decisions(u"Cuont"_s)).error().code(), Error::Code::UnknownModel);
}

void TestDecisionModel::rowsComeAndChange()
{
    TestServer server(countSchema(), m_folder->filePath(u"server.sqlite"_s));
    Device first(countSchema(), m_folder->filePath(u"first.sqlite"_s), server.url());
    Device second(countSchema(), m_folder->filePath(u"second.sqlite"_s), server.url());
    DecisionModel model(&second.store);
    DecisionModel other(&second.store);
    other.setType(u"Count"_s);
    other.setKey(u"another"_s);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    QSignalSpy events(&second.store, &DataStore::conflictResolved);
    QTRY_VERIFY(model.isReady());
    QCOMPARE(model.count(), 0);
    contest(first, second, {{u"quantity"_s, 13}}, {{u"quantity"_s, 15}});
    QTRY_COMPARE(model.count(), 1);
    QCOMPARE(events.count(), 1);
    const QVariantMap row = model.get(0).toMap();
    QCOMPARE(row.value(u"type"_s), QVariant(u"Count"_s));
    QCOMPARE(row.value(u"key"_s), QVariant(u"c"_s));
    QCOMPARE(row.value(u"taken"_s).toInt(), int(DecisionModel::Side::Mixed));
    QCOMPARE(row.value(u"undone"_s).toBool(), false);
    const QVariantMap field = row.value(u"fields"_s).toList().first().toMap();
    QCOMPARE(field.value(u"name"_s), QVariant(u"quantity"_s));
    QCOMPARE(field.value(u"policy"_s), QVariant(u"sum"_s));
    QCOMPARE(field.value(u"result"_s).toInt(), 18);
    QVERIFY(model.get(1).toMap().isEmpty());
    QSignalSpy undone(&model, &DecisionModel::undone);
    QSignalSpy failed(&model, &DecisionModel::failed);
    model.undo(0);
    QTRY_COMPARE(failed.count(), 1);
    model.undo(0, DecisionModel::Side::Mine);
    QTRY_COMPARE(undone.count(), 1);
    QTRY_VERIFY(model.get(0).toMap().value(u"undone"_s).toBool());
    QCOMPARE(record(second).value(u"quantity").toInteger(), 13);
    QVERIFY(other.isReady());
    QCOMPARE(other.count(), 0);
    other.setKey(u"c"_s);
    QTRY_COMPARE(other.count(), 1);
    QCOMPARE(resets.count(), 0);
    QVERIFY(outcome(second.store.close()).ok());
    QCOMPARE(model.count(), 0);
    QVERIFY(!model.isReady());
}

void TestDecisionModel::undoReachesTheOtherDevice()
{
    TestServer server(countSchema(), m_folder->filePath(u"server.sqlite"_s), 1000, Strategy::OptimisticConcurrency);
    Device first(countSchema(), m_folder->filePath(u"first.sqlite"_s), server.url());
    Device second(countSchema(), m_folder->filePath(u"second.sqlite"_s), server.url());
    contest(first, second, {{u"note"_s, u"mine"_s}}, {{u"note"_s, u"theirs"_s}});
    QCOMPARE(record(first).value(u"note").toText(), u"mine"_s);
    const QList<ConflictDecision> journal = outcome(second.store.decisions()).valueOr({});
    QCOMPARE(journal.size(), 1);
    QCOMPARE(journal.first().fields.first().policy, u"mine"_s);
    const Result<Receipt> undone = outcome(second.store.undo(journal.first().id));
    QVERIFY2(undone.ok(), qPrintable(undone.error().message()));
    QVERIFY(undone->mutation() > 0);
    QTRY_COMPARE(record(first).value(u"note").toText(), u"theirs"_s);
    QVERIFY(isQuiet(second));
}

void TestDecisionModel::theApplicationDecides_data()
{
    addStrategies();
}

void TestDecisionModel::theApplicationDecides()
{
    QFETCH(int, strategy);
    TestServer server(countSchema(), m_folder->filePath(u"server.sqlite"_s), 1000, Strategy(strategy));
    Device first(countSchema(), m_folder->filePath(u"first.sqlite"_s), server.url());
    Device second(countSchema(), m_folder->filePath(u"second.sqlite"_s), server.url());
    QList<Conflict> asked;
    QVERIFY(second.store.setConflictPolicy(u"Count"_s, u"note"_s, Policy::Ask).ok());
    second.store.setConflictHandler([&](const Conflict &conflict) {
        asked.append(conflict);
        QPromise<Result<Resolution>> promise;
        promise.start();
        const Value both(conflict.mine.value(u"note").toText() + u' ' + conflict.theirs.value(u"note").toText());
        promise.addResult(Resolution::fields({{u"note"_s, both}}));
        promise.finish();
        return promise.future();
    });
    contest(first, second, {{u"note"_s, u"mine"_s}, {u"quantity"_s, 11}}, {{u"note"_s, u"theirs"_s}, {u"quantity"_s, 12}});
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.first().base.value(u"note").toText(), u"old"_s);
    QCOMPARE(record(first).value(u"note").toText(), u"mine theirs"_s);
    QCOMPARE(record(first).value(u"quantity").toInteger(), 13);
}

void TestDecisionModel::policiesAreChecked()
{
    Device device(countSchema(), m_folder->filePath(u"first.sqlite"_s));
    QCOMPARE(device.store.setConflictPolicy(u"Count"_s, u"note"_s, Policy::Sum).error().code(), Error::Code::InvalidArgument);
    QCOMPARE(device.store.setConflictPolicy(u"Count"_s, u"nota"_s, Policy::Mine).error().code(), Error::Code::UnknownField);
    QCOMPARE(device.store.setConflictPolicy(u"Cuont"_s, Policy::Mine).error().code(), Error::Code::UnknownModel);
    QVERIFY(device.store.conflictPolicies().isEmpty());
    QVERIFY(device.store.setConflictPolicy(u"Count"_s, u"note"_s, Policy::Newest).ok());
    QVERIFY(!device.store.conflictPolicies().isEmpty());
}

/* A handler that sets another one goes on to its end. */
void TestDecisionModel::theApplicationMayReplaceItsHandler()
{
    TestServer server(countSchema(), m_folder->filePath(u"server.sqlite"_s), 1000, Strategy::OptimisticConcurrency);
    Device first(countSchema(), m_folder->filePath(u"first.sqlite"_s), server.url());
    Device second(countSchema(), m_folder->filePath(u"second.sqlite"_s), server.url());
    QVERIFY(second.store.setConflictPolicy(u"Count"_s, u"note"_s, Policy::Ask).ok());
    auto held = std::make_shared<int>();
    bool wasThere = false;
    second.store.setConflictHandler([&store = second.store, &wasThere, token = std::weak_ptr(held), held](const Conflict &) {
        const std::weak_ptr<int> watched = token;
        store.setConflictHandler({});
        wasThere = !watched.expired();
        QPromise<Result<Resolution>> promise;
        promise.start();
        promise.addResult(Resolution::theirs());
        promise.finish();
        return promise.future();
    });
    held.reset();
    contest(first, second, {{u"note"_s, u"mine"_s}}, {{u"note"_s, u"theirs"_s}});
    QCOMPARE(record(second).value(u"note").toText(), u"theirs"_s);
    QVERIFY(wasThere);
}

/* As a form may hold it that outlives a change of the schema. */
void TestDecisionModel::aDraftOfAnotherSchemaIsRefused()
{
    const Result<Schema> larger = Schema::parse(
        u"type A @model { id: ID! } type B @model { id: ID! } type Count @model { id: ID! quantity: Int @conflict(policy: sum) }"_s);
    QVERIFY(larger);
    Device other(*larger, m_folder->filePath(u"other.sqlite"_s));
    Draft draft(other.save(u"Count"_s, {{u"id"_s, u"c"_s}, {u"quantity"_s, 1}}));
    draft.set(1, Value(2));
    Device device(countSchema(), m_folder->filePath(u"device.sqlite"_s));
    for (const Error &error : {outcome(device.store.save(draft)).error(), outcome(device.store.saveAll({draft})).error()}) {
        QCOMPARE(error.code(), Error::Code::UnknownModel);
        QCOMPARE(error.model(), u"Count"_s);
    }
    QCOMPARE(outcome(device.store.save(Draft())).error().code(), Error::Code::InvalidArgument);
}

QTEST_MAIN(TestDecisionModel)

#include "tst_decisionmodel.moc"
