// SPDX-License-Identifier: MIT
#include "client/sync/repair_p.h"
#include "syncfixture.h"

#include <QtCore/QTemporaryDir>

#include <array>

using namespace TidelineTest;
using EntryState = OutboxEntry::State;
using Operation = OutboxEntry::Operation;
using Outcome = MutationResponse::Outcome;

class TestRepair : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRejectedMutationStopsOnlyItsLane();
    void rejectionsSurviveTheProcess();
    void retrySendsItAgain();
    void retryOfWhatIsGoneSaysSo();
    void retryOfATakenKeyDoesNotOverwriteTheirs_data();
    void retryOfATakenKeyDoesNotOverwriteTheirs();
    void aSaveAmendsARejectedUpdate();
    void aSaveAmendsARejectedCreate();
    void aSaveTakesInWhatWaitedBehind();
    void aConditionIsNotTakenIn();
    void aRemovalEndsARejectedCreate();
    void aRemovalTakesThePlaceOfARejectedUpdate();
    void discardedUpdateGivesItsFieldsBack();
    void discardedUpdateLeavesLaterEdits();
    void discardedUpdateOfADeletedRecordRemovesIt();
    void discardedCreateIsGone();
    void discardedCreateOfATakenKeyShowsTheirs();
    void discardedDeleteBringsTheRecordBack();
    void discardedDeleteUnderANewRecordLeavesAnEdit();
    void childrenOfARejectedCreateWait();
    void discardOfAParentIsRefusedWithItsChildren();
    void discardWithDependentsTakesThemAlong();
    void childrenThatMovedAwayStay();
    void theBackendsRecordIsListed();
    void changesOfTheBenchAreTold();
    void devicesAreEqualAfterRandomRepairs();

private:
    // Refuses what the predicate chooses, until it is told not to.
    static void refuse(SyncFixture &fixture, std::function<bool(const OutboxEntry &)> chosen)
    {
        fixture.server->answerMutation = [chosen](const OutboxEntry &entry) -> std::optional<MutationResponse> {
            if (!chosen(entry))
                return {};
            return MutationResponse{Outcome::Rejected, {}, Error(Error::Code::Rejected, u"Not allowed."_s).withDetail(u"Forbidden"_s)};
        };
    }
    static void allow(SyncFixture &fixture) { fixture.server->answerMutation = {}; }
};

namespace {

QList<RejectedMutation> bench(SyncDevice &device)
{
    return device.read<QList<RejectedMutation>>([](ReadTransaction &transaction) {
        return Repair::list(transaction, Dependencies(transaction.schema()));
    });
}

template<typename T>
Result<T> repair(SyncDevice &device, const std::function<Result<T>(Repair &)> act)
{
    return device.write<Result<T>>([act](WriteTransaction &transaction) -> Result<Result<T>> {
        const Dependencies dependencies(transaction.schema());
        Repair repair(transaction, dependencies);
        return Result<Result<T>>(act(repair));
    });
}

Result<void> retry(SyncDevice &device, qint64 mutation)
{
    return repair<void>(device, [mutation](Repair &repair) { return repair.retry(mutation); });
}

Result<QList<Record>> discard(SyncDevice &device, qint64 mutation, DiscardScope scope = DiscardScope::Mutation)
{
    return repair<QList<Record>>(device, [=](Repair &repair) { return repair.discard(mutation, scope); });
}

bool isSynced(SyncFixture &fixture, SyncDevice &device, const QString &model, const QString &key)
{
    const Record row = device.find(model, key);
    const Record stored = fixture.server->record(model, key);
    return row == stored && row.metadata() == stored.metadata() && row.state() == SyncState::Synced;
}

} // namespace

void TestRepair::aRejectedMutationStopsOnlyItsLane()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &entry) { return entry.key == u"t50"; });
    for (int i = 0; i < 98; ++i)
        device.save(u"Tag"_s, {{u"code"_s, u"t%1"_s.arg(i)}, {u"text"_s, u"first"_s}});
    fixture.time.advance(5000);
    QCOMPARE(device.outbox().size(), 1);
    QCOMPARE(device.store().rejectedCount(), 1);
    const QList<RejectedMutation> list = bench(device);
    QCOMPARE(list.size(), 1);
    QCOMPARE(list.first().key, u"t50"_s);
    QCOMPARE(list.first().operation, Operation::Create);
    QCOMPARE(list.first().mine.last().second, Value(u"first"_s));
    QCOMPARE(list.first().error.message(), u"Not allowed."_s);
    QCOMPARE(list.first().error.detail(), u"Forbidden"_s);
    QCOMPARE(list.first().attempts, 1);
    QCOMPARE(list.first().waiting, 0);
    QVERIFY(list.first().createdAt > 0);
    for (int i = 0; i < 98; ++i) {
        if (i != 50)
            QVERIFY(isSynced(fixture, device, u"Tag"_s, u"t%1"_s.arg(i)));
    }
    QCOMPARE(device.find(u"Tag"_s, u"t50"_s).state(), SyncState::Rejected);
}

void TestRepair::rejectionsSurviveTheProcess()
{
    QTemporaryDir folder;
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &) { return true; });
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    fixture.time.advance(100);
    const QList<RejectedMutation> before = bench(device);
    QCOMPARE(before.size(), 1);
    device.kill();
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.advance(60'000);
    QCOMPARE(device.store().rejectedCount(), 1);
    const QList<RejectedMutation> after = bench(device);
    QCOMPARE(after.size(), 1);
    QCOMPARE(after.first().mutation, before.first().mutation);
    QCOMPARE(after.first().error, before.first().error);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 7);
}

void TestRepair::retrySendsItAgain()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &) { return true; });
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    fixture.time.advance(100);
    const qint64 mutation = bench(device).first().mutation;
    QVERIFY(retry(device, mutation).ok());
    QVERIFY(device.find(u"Item"_s, u"i"_s).state() != SyncState::Rejected);
    QVERIFY(bench(device).isEmpty());
    QCOMPARE(device.store().rejectedCount(), 0);
    fixture.time.advance(100);                          // refused again
    QCOMPARE(bench(device).first().mutation, mutation);
    QCOMPARE(bench(device).first().attempts, 1);
    allow(fixture);
    QVERIFY(retry(device, mutation).ok());
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"i"_s));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 7);
}

void TestRepair::retryOfWhatIsGoneSaysSo()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    QCOMPARE(retry(device, 77).error().code(), Error::Code::NotFound);
    QCOMPARE(discard(device, 77).error().code(), Error::Code::NotFound);
    device.engine().pause();
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    fixture.time.runAll();
    const qint64 waiting = device.outbox().first().sequence;        // there, but not refused
    QCOMPARE(retry(device, waiting).error().code(), Error::Code::NotFound);
    QCOMPARE(discard(device, waiting).error().code(), Error::Code::NotFound);
    QCOMPARE(device.outbox().size(), 1);
}

void TestRepair::retryOfATakenKeyDoesNotOverwriteTheirs_data()
{
    QTest::addColumn<bool>("known");
    QTest::newRow("their record has not come") << false;
    QTest::newRow("their record has come") << true;
}

void TestRepair::retryOfATakenKeyDoesNotOverwriteTheirs()
{
    QFETCH(bool, known);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"theirs"_s}});
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"mine"_s}});
    QVERIFY(fixture.drained(device));
    if (known) {
        device.engine().syncNow();
        QVERIFY(fixture.until([&] { return !bench(device).first().theirs.isNull(); }));
    }
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(bench(device).size(), 1);
        QVERIFY(retry(device, bench(device).first().mutation).ok());
        fixture.time.advance(1000);
    }
    QCOMPARE(bench(device).first().operation, Operation::Create);
    QCOMPARE(fixture.server->record(u"Tag"_s, u"t"_s).value(u"text").toText(), u"theirs"_s);
    QCOMPARE(device.find(u"Tag"_s, u"t"_s).value(u"text").toText(), u"mine"_s);
}

void TestRepair::aSaveAmendsARejectedUpdate()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &entry) {
        return std::any_of(entry.changes.begin(), entry.changes.end(), [](const auto &change) { return change.second == Value(999); });
    });
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 999}, {u"note"_s, u"new"_s}});
    fixture.time.advance(100);
    QCOMPARE(bench(device).size(), 1);
    device.engine().pause();
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 9}});
    fixture.time.runAll();
    QCOMPARE(device.outbox().size(), 1);
    QCOMPARE(device.outbox().first().state, EntryState::Waiting);
    QCOMPARE(device.outbox().first().changes.size(), 2);
    QVERIFY(!device.outbox().first().error.isError());
    QCOMPARE(device.find(u"Item"_s, u"i"_s).state(), SyncState::Pending);
    device.engine().resume();
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"i"_s));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 9);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"note").toText(), u"new"_s);
}

void TestRepair::aSaveAmendsARejectedCreate()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &) { return true; });
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"bad"_s}});
    fixture.time.advance(100);
    allow(fixture);
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"good"_s}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(isSynced(fixture, device, u"Tag"_s, u"t"_s));
    QCOMPARE(fixture.server->record(u"Tag"_s, u"t"_s).metadata().version, 1);
}

void TestRepair::aSaveTakesInWhatWaitedBehind()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &) { return true; });
    device.line->latencyLeast = device.line->latencyMost = 50;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    fixture.time.advance(10);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}, {u"note"_s, u"new"_s}});
    fixture.time.advance(1000);
    QCOMPARE(bench(device).first().waiting, 1);
    QCOMPARE(device.outbox().size(), 2);
    device.engine().pause();
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"nail"_s}});
    fixture.time.runAll();
    QCOMPARE(device.outbox().size(), 1);
    QCOMPARE(device.outbox().first().changes.size(), 3);
    QCOMPARE(device.outbox().first().base.at(1).second, Value(1));      // quantity
    allow(fixture);
    device.engine().resume();
    QVERIFY(fixture.drained(device));
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"i"_s));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).metadata().version, 2);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 3);
}

void TestRepair::aConditionIsNotTakenIn()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &) { return true; });
    const Draft draft = device.draft(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    const Predicate condition = Predicate::compare(u"quantity"_s, Predicate::Operator::Eq, {Value(1)});
    device.write<Record>([=](WriteTransaction &transaction) { return transaction.save(draft, condition); });
    fixture.time.advance(100);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"new"_s}});
    fixture.time.advance(100);
    QCOMPARE(bench(device).size(), 1);
    QCOMPARE(bench(device).first().waiting, 1);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).state(), SyncState::Rejected);
    allow(fixture);
    QVERIFY(discard(device, bench(device).first().mutation).ok());
    QVERIFY(fixture.drained(device));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"note").toText(), u"new"_s);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 1);
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"i"_s));
}

void TestRepair::aRemovalEndsARejectedCreate()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &) { return true; });
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}});
    fixture.time.advance(100);
    device.events.clear();
    device.remove(u"Tag"_s, u"t"_s);
    fixture.time.advance(100);
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(device.store().rejectedCount(), 0);
    QVERIFY(device.find(u"Tag"_s, u"t"_s).isNull());
    QVERIFY(device.payloads(u"outboxMutationEnqueued"_s).isEmpty());
}

void TestRepair::aRemovalTakesThePlaceOfARejectedUpdate()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &entry) { return entry.operation == Operation::Update; });
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    fixture.time.advance(100);
    QCOMPARE(bench(device).size(), 1);
    device.remove(u"Item"_s, u"i"_s);
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(fixture.server->record(u"Item"_s, u"i"_s).metadata().deleted);
}

void TestRepair::discardedUpdateGivesItsFieldsBack()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &) { return true; });
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    fixture.time.advance(100);
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 5}, {u"note"_s, u"theirs"_s}});
    fixture.time.advance(100);
    const RejectedMutation rejected = bench(device).first();
    QCOMPARE(rejected.base.first().second, Value(5));
    QCOMPARE(rejected.mine.first().second, Value(2));
    QCOMPARE(rejected.theirs.value(u"note").toText(), u"theirs"_s);
    device.events.clear();
    const Result<QList<Record>> left = discard(device, rejected.mutation);
    QVERIFY(left.ok());
    QCOMPARE(left->size(), 1);
    QCOMPARE(left->first().value(u"quantity").toInteger(), 5);
    fixture.time.advance(100);
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"i"_s));
    QVERIFY(device.payloads(u"outboxMutationEnqueued"_s).isEmpty());
}

void TestRepair::discardedUpdateLeavesLaterEdits()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &) { return true; });
    device.line->latencyLeast = device.line->latencyMost = 50;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 2}, {u"label"_s, u"bad"_s}});
    fixture.time.advance(10);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}});
    fixture.time.advance(1000);
    device.engine().pause();
    allow(fixture);
    const Result<QList<Record>> left = discard(device, bench(device).first().mutation);
    QVERIFY(left.ok());
    QCOMPARE(left->first().value(u"quantity").toInteger(), 3);
    QCOMPARE(left->first().value(u"label").toText(), u"screw"_s);
    QCOMPARE(left->first().state(), SyncState::Pending);
    QCOMPARE(device.outbox().first().base.first().second, Value(1));
    device.engine().resume();
    QVERIFY(fixture.drained(device));
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"i"_s));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 3);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"label").toText(), u"screw"_s);
}

void TestRepair::discardedUpdateOfADeletedRecordRemovesIt()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.server->remove(u"Item"_s, u"i"_s);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    QVERIFY(fixture.drained(device));
    const RejectedMutation rejected = bench(device).first();
    QCOMPARE(rejected.error.code(), Error::Code::Conflict);
    QVERIFY(rejected.theirs.metadata().deleted);
    const Result<QList<Record>> left = discard(device, rejected.mutation);
    QVERIFY(left.ok() && left->isEmpty());
    QVERIFY(device.find(u"Item"_s, u"i"_s).isNull());
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(device.setting(u"tombstone/Item/i"_s), QString());
}

void TestRepair::discardedCreateIsGone()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &) { return true; });
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}});
    fixture.time.advance(100);
    device.events.clear();
    const Result<QList<Record>> left = discard(device, bench(device).first().mutation);
    QVERIFY(left.ok() && left->isEmpty());
    QVERIFY(device.find(u"Tag"_s, u"t"_s).isNull());
    QVERIFY(device.outbox().isEmpty());
    fixture.time.advance(1000);
    QVERIFY(device.payloads(u"outboxMutationEnqueued"_s).isEmpty());
    QVERIFY(fixture.server->record(u"Tag"_s, u"t"_s).isNull());
}

void TestRepair::discardedCreateOfATakenKeyShowsTheirs()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    fixture.server->showsExisting = true;
    device.line->loseEcho = 1000;
    fixture.put(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"theirs"_s}});
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"mine"_s}});
    QVERIFY(fixture.drained(device));
    QCOMPARE(bench(device).first().theirs.value(u"text").toText(), u"theirs"_s);
    const Result<QList<Record>> left = discard(device, bench(device).first().mutation);
    QVERIFY(left.ok());
    QCOMPARE(left->first().value(u"text").toText(), u"theirs"_s);
    QVERIFY(isSynced(fixture, device, u"Tag"_s, u"t"_s));
}

void TestRepair::discardedDeleteBringsTheRecordBack()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &) { return true; });
    device.engine().pause();
    device.remove(u"Item"_s, u"i"_s);
    fixture.time.runAll();
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"theirs"_s}, {u"label"_s, QVariant()}});   // before it was refused
    device.engine().resume();
    fixture.time.advance(5000);
    QCOMPARE(bench(device).size(), 1);
    QCOMPARE(bench(device).first().operation, Operation::Delete);
    QCOMPARE(device.store().rejectedCount(), 1);
    const Result<QList<Record>> left = discard(device, bench(device).first().mutation);
    QVERIFY(left.ok());
    QCOMPARE(left->size(), 1);
    QCOMPARE(left->first(), fixture.server->record(u"Item"_s, u"i"_s));
    QCOMPARE(left->first().metadata().version, 2);
    QCOMPARE(left->first().state(), SyncState::Synced);
    allow(fixture);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 4}});
    QVERIFY(fixture.drained(device));
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"i"_s));
}

void TestRepair::discardedDeleteUnderANewRecordLeavesAnEdit()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &) { return true; });
    device.remove(u"Item"_s, u"i"_s);
    fixture.time.advance(100);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"new"_s}});
    fixture.time.advance(100);
    QCOMPARE(bench(device).first().waiting, 1);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).state(), SyncState::Rejected);
    allow(fixture);
    QVERIFY(discard(device, bench(device).first().mutation).ok());
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"i"_s));
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(stored.value(u"label").toText(), u"new"_s);
    QVERIFY(stored.value(u"note").isNull());
    QCOMPARE(stored.metadata().version, 2);
}

void TestRepair::childrenOfARejectedCreateWait()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &entry) { return entry.key == u"b"; });
    device.save(u"Bin"_s, {{u"id"_s, u"b"_s}});
    fixture.time.advance(100);
    device.save(u"Item"_s, {{u"id"_s, u"child"_s}, {u"binID"_s, u"b"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"binID"_s, u"b"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"free"_s}});
    fixture.time.advance(60'000);
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"free"_s));
    QCOMPARE(device.find(u"Item"_s, u"child"_s).state(), SyncState::Pending);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).state(), SyncState::Pending);
    QCOMPARE(device.outbox().size(), 3);
    QCOMPARE(bench(device).size(), 1);
    QCOMPARE(bench(device).first().waiting, 2);
    allow(fixture);
    QVERIFY(retry(device, bench(device).first().mutation).ok());
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(isSynced(fixture, device, u"Bin"_s, u"b"_s));
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"child"_s));
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"i"_s));
}

void TestRepair::discardOfAParentIsRefusedWithItsChildren()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &entry) { return entry.key == u"b"; });
    device.save(u"Bin"_s, {{u"id"_s, u"b"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"c1"_s}, {u"binID"_s, u"b"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"c2"_s}, {u"binID"_s, u"b"_s}});
    fixture.time.advance(100);
    const Error error = discard(device, bench(device).first().mutation).error();
    QCOMPARE(error.code(), Error::Code::HasDependents);
    QCOMPARE(error.model(), u"Bin"_s);
    QCOMPARE(error.record(), u"b"_s);
    QCOMPARE(error.detail().split(u'\n'), QStringList({u"Item c1"_s, u"Item c2"_s}));
    QCOMPARE(device.outbox().size(), 3);
    QCOMPARE(device.find(u"Bin"_s, u"b"_s).state(), SyncState::Rejected);
}

void TestRepair::discardWithDependentsTakesThemAlong()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &entry) { return entry.key == u"b"; });
    device.save(u"Bin"_s, {{u"id"_s, u"b"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"c1"_s}, {u"binID"_s, u"b"_s}});
    fixture.time.advance(100);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"binID"_s, u"b"_s}, {u"quantity"_s, 6}});     // the backend has this one
    fixture.time.advance(100);
    QVERIFY(discard(device, bench(device).first().mutation, DiscardScope::WithDependents).ok());
    QVERIFY(device.find(u"Bin"_s, u"b"_s).isNull());
    QVERIFY(device.find(u"Item"_s, u"c1"_s).isNull());
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"i"_s));
    QVERIFY(fixture.server->record(u"Item"_s, u"i"_s).value(u"binID").isNull());
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 6);
}

void TestRepair::childrenThatMovedAwayStay()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    refuse(fixture, [](const OutboxEntry &entry) { return entry.key == u"b"; });
    device.save(u"Bin"_s, {{u"id"_s, u"b"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"c1"_s}, {u"binID"_s, u"b"_s}});
    fixture.time.advance(100);
    device.save(u"Bin"_s, {{u"id"_s, u"other"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"c1"_s}, {u"binID"_s, u"other"_s}});
    fixture.time.advance(100);
    QVERIFY(discard(device, bench(device).first().mutation).ok());
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(isSynced(fixture, device, u"Item"_s, u"c1"_s));
    QCOMPARE(fixture.server->record(u"Item"_s, u"c1"_s).value(u"binID").toText(), u"other"_s);
}

void TestRepair::theBackendsRecordIsListed()
{
    QTemporaryDir folder;
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    prepare(fixture, device);
    fixture.server->answerMutation = [&fixture](const OutboxEntry &entry) {
        return MutationResponse{Outcome::Rejected, fixture.server->record(u"Item"_s, entry.key), Error(Error::Code::ConditionFailed, u"No."_s)};
    };
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    fixture.time.advance(100);
    device.kill();
    device.open();
    const RejectedMutation rejected = bench(device).first();
    QCOMPARE(rejected.theirs, fixture.server->record(u"Item"_s, u"i"_s));
    QCOMPARE(rejected.theirs.metadata(), fixture.server->record(u"Item"_s, u"i"_s).metadata());
}

void TestRepair::changesOfTheBenchAreTold()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    int told = 0;
    const std::shared_ptr<void> observation = device.store().observe(&fixture.time, [&told](const ChangeSet &set) { told += set.rejections ? 1 : 0; });
    device.save(u"Tag"_s, {{u"code"_s, u"fine"_s}});
    QVERIFY(fixture.drained(device));
    QCOMPARE(told, 0);
    refuse(fixture, [](const OutboxEntry &) { return true; });
    device.remove(u"Item"_s, u"i"_s);                   // no row shows it
    fixture.time.advance(100);
    QCOMPARE(told, 1);
    fixture.server->remove(u"Item"_s, u"i"_s);          // deleted there too: nothing to refuse any more
    fixture.time.advance(100);
    QCOMPARE(told, 2);
    QCOMPARE(device.store().rejectedCount(), 0);
    QVERIFY(bench(device).isEmpty());
}

namespace {

// What a user and a moody backend do, from one seed.
class RandomRepairs
{
public:
    explicit RandomRepairs(quint64 seed) : m_fixture(FakeServer::Mode::Optimistic, seed)
    {
        for (auto &device : m_devices) {
            device = std::make_unique<SyncDevice>(m_fixture.time, m_fixture.server);
            device->line->latencyMost = 20;
            device->start();
        }
        m_fixture.server->answerMutation = [this](const OutboxEntry &) -> std::optional<MutationResponse> {
            if (!m_moody || below(4) != 0)
                return {};
            return MutationResponse{Outcome::Rejected, {}, Error(Error::Code::Rejected, u"Not now."_s)};
        };
    }

    QString run()
    {
        for (int step = 0; step < 120; ++step) {
            act(*m_devices[size_t(below(2))]);
            m_fixture.time.advance(below(30));
        }
        m_moody = false;
        for (auto &device : m_devices)
            device->engine().resume();
        for (int round = 0; round < 20; ++round) {
            m_fixture.time.advance(120'000);
            for (auto &device : m_devices) {
                const QList<RejectedMutation> list = bench(*device);
                if (device->store().rejectedCount() != list.size())
                    return u"the count is wrong"_s;
                for (const RejectedMutation &each : list)
                    decide(*device, each.mutation, round > 2);
            }
        }
        for (auto &device : m_devices) {
            if (const QString problem = compare(*device); !problem.isEmpty())
                return problem;
        }
        return {};
    }

private:
    int below(int limit) { return int(m_fixture.time.random() % quint64(limit)); }
    QString key() { return QString(QChar(u'a' + below(4))); }

    void act(SyncDevice &device)
    {
        const QVariant bin = below(3) == 0 ? QVariant() : QVariant(key());
        switch (below(12)) {
        case 0: case 1: case 2: return device.save(u"Item"_s, {{u"id"_s, key()}, {u"quantity"_s, below(5)}, {u"binID"_s, bin}});
        case 3: case 4: return device.save(u"Item"_s, {{u"id"_s, key()}, {u"note"_s, key()}});
        case 5: return device.save(u"Bin"_s, {{u"id"_s, key()}, {u"name"_s, key()}});
        case 6: return device.remove(u"Item"_s, key());
        case 7: return below(2) == 0 ? device.remove(u"Bin"_s, key()) : void();
        case 8: return below(2) == 0 ? device.engine().pause() : device.engine().resume();
        default: break;
        }
        const QList<RejectedMutation> list = bench(device);
        if (!list.isEmpty())
            decide(device, list.at(below(int(list.size()))).mutation, below(2) == 0);
    }

    void decide(SyncDevice &device, qint64 mutation, bool gives)
    {
        const Error error = gives ? discard(device, mutation, DiscardScope::WithDependents).error() : retry(device, mutation).error();
        if (error.isError() && error.code() != Error::Code::NotFound)
            qFatal("A repair failed: %s", qPrintable(error.message()));
    }

    QString compare(SyncDevice &device)
    {
        for (const OutboxEntry &entry : device.outbox())
            return u"%1 %2 is left in state %3, refused with \"%4\""_s.arg(entry.model->name, entry.key).arg(int(entry.state)).arg(entry.error.message());
        for (const QString &model : {u"Item"_s, u"Bin"_s}) {
            qsizetype live = 0;
            for (const auto &[id, stored] : m_fixture.server->rows()) {
                if (id.first != model || stored.metadata().deleted)
                    continue;
                ++live;
                const Record row = device.find(model, id.second);
                if (!row && device.keepsAsOrphan(stored)) {
                    --live;
                    continue;
                }
                if (!row || row != stored || row.metadata().version != stored.metadata().version || !isSettled(row.state()))
                    return u"%1 %2 differs from the backend's"_s.arg(model, id.second);
            }
            const QList<Record> rows = device.all(model);
            for (const Record &row : rows) {
                const Record stored = m_fixture.server->record(model, row.key());
                if (stored.isNull() || stored.metadata().deleted)
                    return u"%1 %2 in state %3, version %4, is not on the backend"_s.arg(model, row.key()).arg(int(row.state())).arg(row.metadata().version);
            }
            if (rows.size() != live)
                return u"%1 has too few records"_s.arg(model);
        }
        return {};
    }

    SyncFixture m_fixture;
    std::array<std::unique_ptr<SyncDevice>, 2> m_devices;
    bool m_moody = true;
};

} // namespace

void TestRepair::devicesAreEqualAfterRandomRepairs()
{
    const int first = qEnvironmentVariableIntValue("TIDELINE_FIRST_SEED");
    const int seeds = qEnvironmentVariableIsSet("TIDELINE_SEEDS") ? qEnvironmentVariableIntValue("TIDELINE_SEEDS") : 150;
    for (int seed = first; seed < first + seeds; ++seed) {
        const QString problem = RandomRepairs(quint64(seed)).run();
        QVERIFY2(problem.isEmpty(), qPrintable(u"seed %1: %2"_s.arg(seed).arg(problem)));
    }
}

QTEST_GUILESS_MAIN(TestRepair)
#include "tst_repair.moc"
