// SPDX-License-Identifier: MIT
#include "syncfixture.h"

#include "client/appsync/documents_p.h"

#include <QtCore/QTemporaryDir>

using namespace TidelineTest;
using EntryState = OutboxEntry::State;
using Operation = OutboxEntry::Operation;
using Outcome = MutationResponse::Outcome;

class TestUpload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void savesOnOneRecordCoalesceWhileOneIsInFlight();
    void atMostOneMutationOfARecordIsInFlight();
    void versionIsHandedOverToTheNextEntry();
    void recordsGoTogetherInDocuments();
    void parentsAreCreatedBeforeChildren();
    void circleOfReferencesDoesNotLock();
    void childrenAreDeletedBeforeParents();
    void parentMadeAnewDoesNotLock();
    void rejectedLaneStopsOnlyItself();
    void statusIsEmptyWhenOnlyRejectedEntriesAreLeft();
    void unauthorizedEntryWaitsAndCountsNoAttempt();
    void throttledBackendIsAskedLater();
    void backendIsLeftAloneAsLongAsItAsksFor_data();
    void backendIsLeftAloneAsLongAsItAsksFor();
    void failingMutationHoldsItsLaneOnly();
    void conflictTakesTheirFieldsAndKeepsOurs_data();
    void conflictTakesTheirFieldsAndKeepsOurs();
    void endlessConflictEndsInTheList();
    void conflictsAreCountedBeyondTheProcess();
    void conflictWithoutRecordIsLookedUp();
    void lookUpMeetsItsDeadline();
    void recordThatMayNotBeReadHoldsUpItsMutationOnly_data();
    void recordThatMayNotBeReadHoldsUpItsMutationOnly();
    void unsentMutationIsNoAttemptAndGoesAgain();
    void deleteConflictIsSentAgainWithTheNewVersion();
    void bothDeletedNeedsNothing();
    void updateOfADeletedRecordIsListed();
    void lostAnswerOfACreateIsRecognised_data();
    void lostAnswerOfACreateIsRecognised();
    void takenKeyIsListed();
    void takenKeyWhoseRefusalWasLostIsListed_data();
    void takenKeyWhoseRefusalWasLostIsListed();
    void takenKeyThatMayBeOursIsJournalled();
    void takenKeyIsKnownThoughItsLookUpWasLost();
    void killedWhileSendingSendsOnceMore_data();
    void killedWhileSendingSendsOnceMore();
    void attemptThatASessionsEndForestallsIsNone();
    void answerAfterANewerMessageKeepsTheNewer();
    void changeThatArrivedUnseenIsNotSentOverItsSuccessor_data();
    void changeThatArrivedUnseenIsNotSentOverItsSuccessor();
    void createThatArrivedUnseenIsNotSentOverItsSuccessor();
    void changeThatCannotHaveArrivedIsSentOverTheirs();
    void deleteWaitsForNoChildBehindARejectedEntry();
    void childWaitsForNoParentBehindARejectedEntry_data();
    void childWaitsForNoParentBehindARejectedEntry();
    void childOfARefusedCreateWaitsUnlessTheBackendHasTheParent();
    void parentReplacedAfterItsChildWasMadeDoesNotLock();
    void equalCreateThatWasDeletedMeanwhileGoes();
    void sortFieldsOfAnIndexGoTogether();
};

// A record can still be looked up by its key.
static std::optional<Error> refusesToSyncTags(const SyncRequest &request)
{
    const bool isSync = request.model->name == u"Tag"_s && request.filter == Predicate();
    return isSync ? std::optional(Error(Error::Code::Rejected, u"Not today."_s)) : std::nullopt;
}

void TestUpload::savesOnOneRecordCoalesceWhileOneIsInFlight()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->latencyLeast = device.line->latencyMost = 50;
    prepare(fixture, device);
    for (int i = 1; i <= 1000; ++i) {
        device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 1 + i}});
        if (i % 4 == 0)
            fixture.time.advance(1);
    }
    QVERIFY(fixture.drained(device));
    QVERIFY2(device.line->mutations.size() <= 6, qPrintable(QString::number(device.line->mutations.size())));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 1001);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).metadata(), fixture.server->record(u"Item"_s, u"i"_s).metadata());
}

void TestUpload::atMostOneMutationOfARecordIsInFlight()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->latencyLeast = device.line->latencyMost = 100;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    fixture.time.advance(10);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}});
    fixture.time.advance(10);
    QCOMPARE(device.line->mutations.size(), 1);
    QCOMPARE(device.outbox().size(), 2);
    QCOMPARE(device.outbox().first().state, EntryState::Sending);
    QCOMPARE(device.outbox().last().state, EntryState::Waiting);
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.line->mutations.size(), 2);
}

void TestUpload::versionIsHandedOverToTheNextEntry()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->latencyLeast = device.line->latencyMost = 100;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    fixture.time.advance(10);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}, {u"note"_s, u"new"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 4}});
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.line->mutations.size(), 2);         // the later two are one
    QCOMPARE(device.line->mutations.at(0).baseVersion, 1);
    QCOMPARE(device.line->mutations.at(1).baseVersion, 2);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 4);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"note").toText(), u"new"_s);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).metadata().version, 3);
    const QList<QVariantMap> processed = device.payloads(u"outboxMutationProcessed"_s);
    QCOMPARE(processed.size(), 2);
    QCOMPARE(processed.last().value(u"merged"_s).toBool(), false);
    QVERIFY(device.errors.isEmpty());
}

void TestUpload::recordsGoTogetherInDocuments()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.options.maxMutationsPerDocument = 20;
    device.options.maxLanesInFlight = 40;
    device.line->online = false;
    device.start();
    for (int i = 0; i < 100; ++i)
        device.save(u"Tag"_s, {{u"code"_s, u"t%1"_s.arg(i)}});
    fixture.time.runAll();
    device.line->set(true);
    device.engine().syncNow();
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.line->mutations.size(), 100);
    QVERIFY(std::is_sorted(device.line->mutations.begin(), device.line->mutations.end(),
                           [](const OutboxEntry &a, const OutboxEntry &b) { return a.sequence < b.sequence; }));
    QCOMPARE(fixture.server->rows().size(), size_t(100));
    QVERIFY(device.line->documents.size() <= 7);
    for (const QList<OutboxEntry> &document : std::as_const(device.line->documents))
        QVERIFY(document.size() <= 20);
}

void TestUpload::parentsAreCreatedBeforeChildren()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.save(u"Bin"_s, {{u"id"_s, u"b"_s}});
    for (int i = 0; i < 5; ++i)
        device.save(u"Item"_s, {{u"id"_s, u"i%1"_s.arg(i)}, {u"binID"_s, u"b"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"free"_s}});
    QVERIFY(fixture.drained(device));
    QStringList order;
    for (const OutboxEntry &entry : std::as_const(device.line->mutations))
        order.append(entry.key);
    QVERIFY(order.indexOf(u"free"_s) < order.indexOf(u"i0"_s));
    QCOMPARE(device.line->documents.size(), 2);
    QCOMPARE(device.line->documents.last().size(), 5);
}

void TestUpload::circleOfReferencesDoesNotLock()
{
    const Result<Schema> schema = Schema::parse(uR"(
        type Person @model {
            id: ID!
            friendID: ID @index(name: "byFriend")
            friend: Person @belongsTo(fields: ["friendID"])
            friends: [Person] @hasMany(indexName: "byFriend", fields: ["id"])
        }
    )"_s);
    QVERIFY2(schema.ok(), qPrintable(schema.error().message()));
    SyncFixture fixture;
    fixture.server = std::make_shared<FakeServer>(*schema, fixture.time);
    SyncDevice device(fixture.time, fixture.server);
    device.line->online = false;
    device.start();
    device.save(u"Person"_s, {{u"id"_s, u"a"_s}});
    device.save(u"Person"_s, {{u"id"_s, u"b"_s}, {u"friendID"_s, u"a"_s}});
    device.save(u"Person"_s, {{u"id"_s, u"a"_s}, {u"friendID"_s, u"b"_s}});
    fixture.time.runAll();
    device.line->set(true);
    device.engine().syncNow();
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Person"_s, u"a"_s).value(u"friendID").toText(), u"b"_s);
    QCOMPARE(fixture.server->record(u"Person"_s, u"b"_s).value(u"friendID").toText(), u"a"_s);
}

void TestUpload::childrenAreDeletedBeforeParents()
{
    SyncFixture fixture;
    fixture.put(u"Bin"_s, {{u"id"_s, u"b"_s}});
    fixture.put(u"Bin"_s, {{u"id"_s, u"other"_s}});
    for (int i = 0; i < 3; ++i)
        fixture.put(u"Item"_s, {{u"id"_s, u"i%1"_s.arg(i)}, {u"binID"_s, u"b"_s}});
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.remove(u"Bin"_s, u"b"_s);
    device.remove(u"Bin"_s, u"other"_s);
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.line->documents.size(), 2);
    QCOMPARE(device.line->documents.last().size(), 1);
    QCOMPARE(device.line->documents.last().first().key, u"b"_s);
    for (const auto &[key, record] : fixture.server->rows())
        QVERIFY(record.metadata().deleted);
}

// The child's edit refers to the parent as it was: the delete of that one waits for the child's, not the edit for its successor.
void TestUpload::parentMadeAnewDoesNotLock()
{
    SyncFixture fixture;
    fixture.put(u"Bin"_s, {{u"id"_s, u"b"_s}});
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.engine().pause();
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"binID"_s, u"b"_s}});
    device.remove(u"Bin"_s, u"b"_s);
    device.save(u"Bin"_s, {{u"id"_s, u"b"_s}});
    fixture.time.runAll();
    QCOMPARE(device.outbox().size(), 4);
    device.engine().resume();
    QVERIFY(fixture.drained(device));
    QVERIFY(fixture.server->record(u"Item"_s, u"i"_s).metadata().deleted);
}

void TestUpload::rejectedLaneStopsOnlyItself()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    fixture.server->answerMutation = [](const OutboxEntry &entry) -> std::optional<MutationResponse> {
        if (entry.key != u"bad"_s)
            return {};
        return MutationResponse{Outcome::Rejected, {}, Error(Error::Code::Rejected, u"The quantity is too high."_s)};
    };
    device.save(u"Item"_s, {{u"id"_s, u"bad"_s}, {u"quantity"_s, 999}});
    device.save(u"Item"_s, {{u"id"_s, u"good"_s}});
    fixture.time.advance(1);                    // under way
    device.save(u"Item"_s, {{u"id"_s, u"bad"_s}, {u"quantity"_s, 1000}});
    fixture.time.advance(1000);
    device.save(u"Item"_s, {{u"id"_s, u"good"_s}, {u"quantity"_s, 5}});
    fixture.time.advance(1000);
    QCOMPARE(fixture.server->record(u"Item"_s, u"good"_s).value(u"quantity").toInteger(), 5);
    const QList<OutboxEntry> outbox = device.outbox();
    QCOMPARE(outbox.size(), 2);
    QCOMPARE(outbox.first().state, EntryState::Rejected);
    QCOMPARE(outbox.first().error.message(), u"The quantity is too high."_s);
    QCOMPARE(outbox.first().error.record(), u"bad"_s);
    QCOMPARE(outbox.last().state, EntryState::Waiting);
    QCOMPARE(device.find(u"Item"_s, u"bad"_s).state(), SyncState::Rejected);
    QCOMPARE(device.find(u"Item"_s, u"bad"_s).value(u"quantity").toInteger(), 1000);
    QList<QVariantMap> failures = device.payloads(u"outboxMutationFailed"_s);
    QCOMPARE(failures.first().take(u"error"_s).value<Error>().phase(), Error::Phase::Upload);
    QCOMPARE(failures,
             QList<QVariantMap>({{{u"model"_s, u"Item"_s}, {u"key"_s, u"bad"_s}, {u"operation"_s, u"CREATE"_s}, {u"mutation"_s, outbox.first().sequence},
                                  {u"message"_s, u"The quantity is too high."_s}}}));
    QCOMPARE(device.errors.size(), 1);
}

void TestUpload::statusIsEmptyWhenOnlyRejectedEntriesAreLeft()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    fixture.server->answerMutation = [](const OutboxEntry &) {
        return MutationResponse{Outcome::Rejected, {}, Error(Error::Code::Rejected, u"No."_s)};
    };
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}});
    fixture.time.advance(100);
    QCOMPARE(device.payloads(u"outboxStatus"_s), QList<QVariantMap>({{{u"isEmpty"_s, false}}, {{u"isEmpty"_s, true}}}));
}

void TestUpload::unauthorizedEntryWaitsAndCountsNoAttempt()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    bool expired = true;
    fixture.server->answerMutation = [&expired](const OutboxEntry &) -> std::optional<MutationResponse> {
        if (!expired)
            return {};
        return MutationResponse{Outcome::Unauthorized, {}, Error(Error::Code::Unauthorized, u"The token has expired."_s)};
    };
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}});
    fixture.time.advance(600'000);
    QCOMPARE(device.outbox().size(), 1);
    QCOMPARE(device.outbox().first().attempts, 0);
    QCOMPARE(device.errors.size(), 1);              // one matter, however often it was tried
    QVERIFY(device.line->mutations.size() >= 10);
    QVERIFY2(device.line->mutations.size() <= 30, qPrintable(QString::number(device.line->mutations.size())));
    expired = false;
    device.engine().syncNow();
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.find(u"Tag"_s, u"t"_s).state(), SyncState::Synced);
}

void TestUpload::throttledBackendIsAskedLater()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    bool throttled = true;
    fixture.server->answerMutation = [&throttled](const OutboxEntry &) -> std::optional<MutationResponse> {
        if (!throttled)
            return {};
        return MutationResponse{Outcome::Unreachable, {}, Error(Error::Code::Throttled, u"Too many requests."_s)};
    };
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}});
    fixture.time.advance(100'000);
    QCOMPARE(device.engine().state(), EngineState::Live);
    QCOMPARE(device.line->connections, 1);
    QVERIFY(device.line->mutations.size() >= 5 && device.line->mutations.size() <= 15);
    throttled = false;
    QVERIFY(fixture.drained(device));
}

void TestUpload::backendIsLeftAloneAsLongAsItAsksFor_data()
{
    QTest::addColumn<Error::Code>("code");
    QTest::newRow("too many requests") << Error::Code::Throttled;
    QTest::newRow("not available") << Error::Code::BackendFailed;
}

void TestUpload::backendIsLeftAloneAsLongAsItAsksFor()
{
    QFETCH(Error::Code, code);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->refuse = Error(code, u"Later."_s);
    device.line->retryAfter = 120'000;
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}});
    fixture.time.advance(119'000);
    QCOMPARE(device.line->mutations.size(), 1);
    device.save(u"Tag"_s, {{u"code"_s, u"u"_s}});       // another lane waits as well
    fixture.time.advance(500);
    QCOMPARE(device.line->mutations.size(), 1);
    device.line->refuse.reset();
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.engine().state(), EngineState::Live);
    QCOMPARE(device.line->connections, 1);
}

void TestUpload::failingMutationHoldsItsLaneOnly()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    bool broken = true;
    fixture.server->answerMutation = [&broken](const OutboxEntry &entry) -> std::optional<MutationResponse> {
        if (!broken || entry.key != u"poison"_s)
            return {};
        return MutationResponse{Outcome::Unreachable, {}, Error(Error::Code::BackendFailed, u"Internal failure."_s)};
    };
    device.save(u"Tag"_s, {{u"code"_s, u"poison"_s}});
    device.save(u"Tag"_s, {{u"code"_s, u"fine"_s}});
    fixture.time.advance(300'000);
    QCOMPARE(device.line->connections, 1);
    QCOMPARE(device.find(u"Tag"_s, u"fine"_s).state(), SyncState::Synced);
    QCOMPARE(device.find(u"Tag"_s, u"poison"_s).state(), SyncState::Pending);
    QVERIFY(device.line->mutations.size() <= 20);
    broken = false;
    device.engine().syncNow();
    QVERIFY(fixture.drained(device));
    QVERIFY(!fixture.server->record(u"Tag"_s, u"poison"_s).isNull());
}

void TestUpload::conflictTakesTheirFieldsAndKeepsOurs_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<QVariantMap>("mine");
    QTest::addColumn<QVariantMap>("theirs");
    QTest::addColumn<QVariantMap>("result");
    const QVariantMap quantity{{u"quantity"_s, 7}};
    const QVariantMap note{{u"note"_s, u"theirs"_s}};
    const QVariantMap theirQuantity{{u"quantity"_s, 8}};
    const int optimistic = int(FakeServer::Mode::Optimistic);
    const int automerge = int(FakeServer::Mode::Automerge);
    QTest::newRow("optimistic: different fields, both survive")
        << optimistic << quantity << note << QVariantMap{{u"quantity"_s, 7}, {u"note"_s, u"theirs"_s}};
    QTest::newRow("optimistic: the same field, ours stays") << optimistic << quantity << theirQuantity << quantity;
    QTest::newRow("automerge: different fields, both survive")
        << automerge << quantity << note << QVariantMap{{u"quantity"_s, 7}, {u"note"_s, u"theirs"_s}};
    QTest::newRow("automerge: a list only we changed is not appended to itself")
        << automerge << QVariantMap{{u"tags"_s, QStringList{u"a"_s, u"b"_s}}} << note
        << QVariantMap{{u"tags"_s, QStringList{u"a"_s, u"b"_s}}, {u"note"_s, u"theirs"_s}};
    QTest::newRow("automerge: the same field, the backend's merge stands") << automerge << quantity << theirQuantity << theirQuantity;
}

// The other client's write reaches the backend first, and its message does not reach us before our answer.
void TestUpload::conflictTakesTheirFieldsAndKeepsOurs()
{
    QFETCH(int, mode);
    QFETCH(QVariantMap, mine);
    QFETCH(QVariantMap, theirs);
    QFETCH(QVariantMap, result);
    SyncFixture fixture{FakeServer::Mode(mode)};
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    theirs.insert(u"id"_s, u"i"_s);
    fixture.put(u"Item"_s, theirs);
    mine.insert(u"id"_s, u"i"_s);
    device.save(u"Item"_s, mine);
    QVERIFY(fixture.drained(device));
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    for (auto value = result.cbegin(); value != result.cend(); ++value)
        QCOMPARE(stored.value(value.key()), Value::fromVariant(value.value()));
    const Record row = device.find(u"Item"_s, u"i"_s);
    QCOMPARE(row, stored);
    QCOMPARE(row.metadata(), stored.metadata());
    const bool merged = result.value(u"quantity"_s) == 8 && FakeServer::Mode(mode) == FakeServer::Mode::Automerge;
    QCOMPARE(row.state(), merged ? SyncState::Merged : SyncState::Synced);
    const QVariantMap processed = device.payloads(u"outboxMutationProcessed"_s).last();
    QCOMPARE(processed.value(u"merged"_s).toBool(), merged);
    const std::optional<MutationReceipt> receipt = device.receipt(processed.value(u"mutation"_s).toLongLong());
    QCOMPARE(receipt->state, merged ? MutationReceipt::State::Merged : MutationReceipt::State::Accepted);
    QCOMPARE(receipt->fields, merged ? QStringList{u"quantity"_s} : QStringList());
}

void TestUpload::endlessConflictEndsInTheList()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    fixture.server->answerMutation = [&fixture](const OutboxEntry &entry) {
        fixture.put(u"Item"_s, {{u"id"_s, entry.key}, {u"note"_s, u"again"_s}});
        return MutationResponse{Outcome::Conflict, fixture.server->record(u"Item"_s, entry.key), Error(Error::Code::Conflict, u"No."_s)};
    };
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    QVERIFY(fixture.until([&] { return !device.payloads(u"outboxMutationFailed"_s).isEmpty(); }, 300'000));
    QCOMPARE(device.line->mutations.size(), 10);
    QCOMPARE(device.outbox().first().state, EntryState::Rejected);
    QCOMPARE(device.outbox().first().error.code(), Error::Code::Conflict);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 7);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).state(), SyncState::Rejected);
    QVERIFY(fixture.time.monotonic() > 5000);
}

/* Else a line that breaks now and then, or an application that is started often, makes it endless. */
void TestUpload::conflictsAreCountedBeyondTheProcess()
{
    QTemporaryDir folder;
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    prepare(fixture, device);
    fixture.server->answerMutation = [&fixture](const OutboxEntry &entry) {
        fixture.put(u"Item"_s, {{u"id"_s, entry.key}, {u"note"_s, u"again"_s}});
        return MutationResponse{Outcome::Conflict, fixture.server->record(u"Item"_s, entry.key), Error(Error::Code::Conflict, u"No."_s)};
    };
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    for (qsizetype conflicts = 3; conflicts <= 9; conflicts += 3) {
        QVERIFY(fixture.until([&] { return device.line->mutations.size() == conflicts; }, 300'000));
        QVERIFY(fixture.until([&] { return device.outbox().first().state == EntryState::Waiting; }));
        QVERIFY(device.payloads(u"outboxMutationFailed"_s).isEmpty());
        device.kill();
        device.start();
    }
    QVERIFY(fixture.until([&] { return !device.payloads(u"outboxMutationFailed"_s).isEmpty(); }, 300'000));
    QCOMPARE(device.line->mutations.size(), 10);
    QCOMPARE(device.outbox().first().state, EntryState::Rejected);
}

void TestUpload::conflictWithoutRecordIsLookedUp()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"theirs"_s}});
    fixture.server->answerMutation = [](const OutboxEntry &entry) -> std::optional<MutationResponse> {
        if (entry.baseVersion == 2)
            return {};
        return MutationResponse{Outcome::Conflict, {}, Error(Error::Code::Conflict, u"No."_s)};
    };
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
    QCOMPARE(device.find(u"Item"_s, u"i"_s).value(u"note").toText(), u"theirs"_s);
}

static std::optional<MutationResponse> conflictsOnTags(const OutboxEntry &entry)
{
    if (entry.model->name != u"Tag"_s)
        return {};
    return MutationResponse{Outcome::Conflict, {}, Error(Error::Code::Conflict, u"No."_s)};
}

void TestUpload::recordThatMayNotBeReadHoldsUpItsMutationOnly_data()
{
    QTest::addColumn<QString>("detail");
    QTest::addColumn<OutboxEntry::State>("state");
    QTest::newRow("by the rules") << u"Unauthorized"_s << EntryState::Rejected;
    QTest::newRow("for want of credentials") << u"UnauthorizedException"_s << EntryState::Waiting;
}

/* Some may write what they may not read. */
void TestUpload::recordThatMayNotBeReadHoldsUpItsMutationOnly()
{
    QFETCH(QString, detail);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    fixture.server->answerSync = [detail](const SyncRequest &request) -> std::optional<Error> {
        if (request.model->name != u"Tag"_s)
            return {};
        return Error(Error::Code::Unauthorized, u"Not Authorized to access syncTags on type Query"_s).withModel(u"Tag"_s).withDetail(detail);
    };
    fixture.server->answerMutation = conflictsOnTags;
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}});
    fixture.time.advance(30'000);
    QCOMPARE(device.line->connections, 1);
    QCOMPARE(device.engine().state(), EngineState::Live);
    QVERIFY(!device.authRequired.contains(true));
    QCOMPARE(device.outbox().size(), 1);
    QTEST(device.outbox().first().state, "state");
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    QVERIFY(fixture.until([&] { return device.find(u"Item"_s, u"i"_s).state() == SyncState::Synced; }));
}

void TestUpload::lookUpMeetsItsDeadline()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"theirs"_s}});
    bool hidden = true;
    fixture.server->answerMutation = [&](const OutboxEntry &) -> std::optional<MutationResponse> {
        if (!std::exchange(hidden, false))
            return {};
        return MutationResponse{Outcome::Conflict, {}, Error(Error::Code::Conflict, u"No."_s)};
    };
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    device.line->syncs.clear();
    QVERIFY(fixture.until([&] { return !hidden; }));
    device.line->silentSyncs = true;
    QVERIFY(fixture.until([&] { return !device.line->syncs.isEmpty(); }));
    QVERIFY(fixture.until([&] { return !device.errors.isEmpty(); }, 200'000));
    QCOMPARE(device.errors.first().code(), Error::Code::Timeout);
    device.line->silentSyncs = false;
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 7);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"note").toText(), u"theirs"_s);
}

void TestUpload::unsentMutationIsNoAttemptAndGoesAgain()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    int asked = 0;
    fixture.server->answerMutation = [&asked](const OutboxEntry &entry) -> std::optional<MutationResponse> {
        if (entry.key == u"a"_s || ++asked > 3)
            return {};
        return MutationResponse{Outcome::Unsent, {}, {}};
    };
    device.save(u"Tag"_s, {{u"code"_s, u"a"_s}});
    device.save(u"Tag"_s, {{u"code"_s, u"b"_s}});
    QVERIFY(fixture.until([&] { return asked == 4; }, 1'000));         // nothing is waited for
    QVERIFY(device.outbox().isEmpty() || device.outbox().first().attempts == 1);
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(device.errors.isEmpty());
}

void TestUpload::deleteConflictIsSentAgainWithTheNewVersion()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"theirs"_s}});
    device.remove(u"Item"_s, u"i"_s);
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(fixture.server->record(u"Item"_s, u"i"_s).metadata().deleted);
    QVERIFY(device.find(u"Item"_s, u"i"_s).isNull());
    QCOMPARE(device.line->mutations.size(), 2);
}

void TestUpload::bothDeletedNeedsNothing()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.server->remove(u"Item"_s, u"i"_s);
    device.remove(u"Item"_s, u"i"_s);
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(device.errors.isEmpty());
    QCOMPARE(device.line->mutations.size(), 1);
}

void TestUpload::updateOfADeletedRecordIsListed()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.server->remove(u"Item"_s, u"i"_s);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.outbox().size(), 1);
    QCOMPARE(device.outbox().first().state, EntryState::Rejected);
    QCOMPARE(device.outbox().first().error.code(), Error::Code::Conflict);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 7);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).state(), SyncState::Rejected);
    QVERIFY(device.setting(u"tombstone/Item/i"_s).startsWith(u"2 "_s));
}

void TestUpload::lostAnswerOfACreateIsRecognised_data()
{
    QTest::addColumn<bool>("editedMeanwhile");
    QTest::addColumn<bool>("seenBySync");
    QTest::newRow("as it was, brought by the sync") << false << true;
    QTest::newRow("edited meanwhile, brought by the sync") << true << true;
    QTest::newRow("as it was, looked up") << false << false;
    QTest::newRow("edited meanwhile, looked up") << true << false;
}

void TestUpload::lostAnswerOfACreateIsRecognised()
{
    QFETCH(bool, editedMeanwhile);
    QFETCH(bool, seenBySync);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseAnswer = 1000;
    device.line->loseEcho = 1000;
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"first"_s}});
    QVERIFY(fixture.until([&] { return !fixture.server->record(u"Tag"_s, u"t"_s).isNull(); }));
    device.line->set(false);
    device.line->loseAnswer = 0;
    fixture.time.advance(50);
    if (editedMeanwhile)
        device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"second"_s}});
    if (!seenBySync)
        fixture.server->answerSync = refusesToSyncTags;
    device.line->set(true);
    device.engine().syncNow();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(device.payloads(u"outboxMutationFailed"_s).isEmpty());
    const Record stored = fixture.server->record(u"Tag"_s, u"t"_s);
    QCOMPARE(stored.value(u"text").toText(), editedMeanwhile ? u"second"_s : u"first"_s);
    QCOMPARE(device.find(u"Tag"_s, u"t"_s), stored);
    QCOMPARE(device.find(u"Tag"_s, u"t"_s).metadata(), stored.metadata());
}

void TestUpload::takenKeyIsListed()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"theirs"_s}});
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"mine"_s}});
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.outbox().size(), 1);
    QCOMPARE(device.outbox().first().error.code(), Error::Code::ConditionFailed);
    QCOMPARE(device.find(u"Tag"_s, u"t"_s).value(u"text").toText(), u"mine"_s);
    QCOMPARE(fixture.server->record(u"Tag"_s, u"t"_s).value(u"text").toText(), u"theirs"_s);
}

void TestUpload::takenKeyWhoseRefusalWasLostIsListed_data()
{
    QTest::addColumn<bool>("seenBySync");
    QTest::newRow("brought by the sync") << true;
    QTest::newRow("looked up") << false;
}

/* The first version of the key is somebody else's, so ours cannot lie under a later one. */
void TestUpload::takenKeyWhoseRefusalWasLostIsListed()
{
    QFETCH(bool, seenBySync);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    device.line->loseAnswer = 1000;
    fixture.put(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"theirs"_s}});
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"mine"_s}});
    QVERIFY(fixture.until([&] { return device.outbox().first().attempts > 0 && device.outbox().first().state == EntryState::Sending; }));
    device.line->set(false);
    device.line->loseAnswer = 0;
    fixture.time.advance(50);
    if (!seenBySync)
        fixture.server->answerSync = refusesToSyncTags;
    device.line->set(true);
    device.engine().syncNow();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.outbox().size(), 1);
    QCOMPARE(device.outbox().first().operation, Operation::Create);
    QCOMPARE(device.outbox().first().state, EntryState::Rejected);
    QCOMPARE(device.outbox().first().theirs.value(u"text").toText(), u"theirs"_s);
    QCOMPARE(device.find(u"Tag"_s, u"t"_s).value(u"text").toText(), u"mine"_s);
    QCOMPARE(fixture.server->record(u"Tag"_s, u"t"_s).value(u"text").toText(), u"theirs"_s);
}

void TestUpload::takenKeyThatMayBeOursIsJournalled()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    device.line->loseAnswer = 1000;
    fixture.put(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"first"_s}});
    fixture.put(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"theirs"_s}});
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"mine"_s}});
    QVERIFY(fixture.until([&] { return device.outbox().first().attempts > 0; }));
    device.line->loseAnswer = 0;
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(device.find(u"Tag"_s, u"t"_s).value(u"text").toText(), u"theirs"_s);
    const auto journal = device.read<QList<ConflictDecision>>([](ReadTransaction &transaction) { return transaction.decisions({}, {}, 100); });
    QCOMPARE(journal.size(), 1);
    QCOMPARE(journal.first().fields.size(), 1);
    QCOMPARE(journal.first().fields.first().policy, u"doubt"_s);
    QCOMPARE(journal.first().fields.first().mine, Value(u"mine"_s));
    QCOMPARE(journal.first().fields.first().theirs, Value(u"theirs"_s));
}

/* The refusal says that nothing came of the create, whatever is on the backend by the time that can be looked at. */
void TestUpload::takenKeyIsKnownThoughItsLookUpWasLost()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.server->remove(u"Item"_s, u"i"_s);
    fixture.server->answerMutation = [](const OutboxEntry &entry) -> std::optional<MutationResponse> {
        if (entry.operation != Operation::Create)
            return {};
        return MutationResponse{Outcome::Rejected, {}, Error(Error::Code::ConditionFailed, u"The conditional request failed"_s)};
    };
    bool isLookedUp = false;
    fixture.server->answerSync = [&isLookedUp](const SyncRequest &request) -> std::optional<Error> {
        isLookedUp = isLookedUp || request.filter != Predicate();
        return isLookedUp ? std::optional(Error(Error::Code::BackendFailed, u"Broken."_s)) : std::nullopt;
    };
    device.remove(u"Item"_s, u"i"_s);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"mine"_s}});
    QVERIFY(fixture.until([&] { return isLookedUp; }));
    device.line->set(false);
    fixture.time.advance(50);
    fixture.server->answerMutation = {};
    fixture.server->answerSync = {};
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"theirs"_s}});
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"theirs too"_s}});
    device.line->set(true);
    device.engine().syncNow();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.outbox().size(), 1);
    QCOMPARE(device.outbox().first().state, EntryState::Rejected);
    QCOMPARE(device.outbox().first().operation, Operation::Create);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).value(u"label").toText(), u"mine"_s);
}

void TestUpload::killedWhileSendingSendsOnceMore_data()
{
    QTest::addColumn<bool>("arrived");
    QTest::newRow("it arrived, which the sync shows") << true;
    QTest::newRow("it did not") << false;
}

void TestUpload::killedWhileSendingSendsOnceMore()
{
    QFETCH(bool, arrived);
    QTemporaryDir folder;
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    prepare(fixture, device);
    if (!arrived)
        device.line->latencyLeast = device.line->latencyMost = 1000;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    QVERIFY(fixture.until([&] { return device.line->mutations.size() == 1; }));
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"behind it"_s}});
    const qint64 version = arrived ? 2 : 1;
    QVERIFY(fixture.until([&] { return device.outbox().size() == 2 && fixture.server->record(u"Item"_s, u"i"_s).metadata().version == version; }));
    device.kill();
    device.line->latencyLeast = device.line->latencyMost = 5;
    fixture.time.advance(5000);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).metadata().version, version);
    device.open();
    QCOMPARE(device.outbox().first().state, EntryState::Sending);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 7);
    device.engine().start();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(stored.metadata().version, 3);             // each has happened once
    QCOMPARE(stored.value(u"quantity").toInteger(), 7);
    QCOMPARE(stored.value(u"note").toText(), u"behind it"_s);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).metadata(), stored.metadata());
    QCOMPARE(device.find(u"Item"_s, u"i"_s).state(), SyncState::Synced);
    QList<qint64> sent;
    for (const OutboxEntry &entry : std::as_const(device.line->mutations))
        sent.append(entry.sequence);
    QCOMPARE(sent, arrived ? QList<qint64>({1, 2}) : QList<qint64>({1, 1, 2}));
}

// Whatever the session was about when it ended: what the transport was not given cannot have arrived.
void TestUpload::attemptThatASessionsEndForestallsIsNone()
{
    bool wasSent = false;
    for (int tasks = 0; !wasSent; ++tasks) {
        QVERIFY(tasks < 100);
        SyncFixture fixture;
        SyncDevice device(fixture.time, fixture.server);
        prepare(fixture, device);
        device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
        for (int i = 0; i < tasks; ++i)
            fixture.time.runOne();
        wasSent = !device.line->mutations.isEmpty();
        device.engine().pause();
        fixture.time.runAll();
        QCOMPARE(device.outbox().size(), 1);
        QCOMPARE(device.outbox().first().state, EntryState::Waiting);
        QCOMPARE(device.outbox().first().attempts, wasSent ? 1 : 0);
    }
}

void TestUpload::answerAfterANewerMessageKeepsTheNewer()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    fixture.time.advance(4);
    device.line->latencyLeast = device.line->latencyMost = 100;         // of the answer
    device.line->loseEcho = 1000;
    QVERIFY(fixture.until([&] { return fixture.server->record(u"Item"_s, u"i"_s).metadata().version == 2; }));
    device.line->latencyLeast = device.line->latencyMost = 0;
    device.line->loseEcho = 0;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 8}, {u"note"_s, u"theirs"_s}});
    fixture.time.advance(1000);
    const Record row = device.find(u"Item"_s, u"i"_s);
    QCOMPARE(row.value(u"quantity").toInteger(), 8);
    QCOMPARE(row, fixture.server->record(u"Item"_s, u"i"_s));
    QCOMPARE(row.metadata().version, 3);
    QVERIFY(device.outbox().isEmpty());
}

void TestUpload::changeThatArrivedUnseenIsNotSentOverItsSuccessor_data()
{
    QTest::addColumn<bool>("toldWhileSending");
    QTest::addColumn<bool>("killed");
    QTest::newRow("the sync tells of the successor") << false << false;
    QTest::newRow("a message tells while the answer is awaited") << true << false;
    QTest::newRow("a message tells, then the process dies") << true << true;
}

/* Nobody knows whether what another device wrote meanwhile was written on top of the change or beside it: it stands. */
void TestUpload::changeThatArrivedUnseenIsNotSentOverItsSuccessor()
{
    QFETCH(bool, toldWhileSending);
    QFETCH(bool, killed);
    QTemporaryDir folder;
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    prepare(fixture, device);
    fixture.server->deltaTtl = 0;               // syncs show records as they are, not what they went through
    device.line->loseAnswer = 1000;
    device.line->loseEcho = 1000;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"mine"_s}, {u"quantity"_s, 7}});
    fixture.time.advance(4);
    device.line->latencyLeast = device.line->latencyMost = 1000;        // of the answer that does not come
    QVERIFY(fixture.until([&] { return fixture.server->record(u"Item"_s, u"i"_s).metadata().version == 2; }));
    device.line->latencyLeast = device.line->latencyMost = 5;
    device.line->loseEcho = 0;
    if (!toldWhileSending)
        device.line->set(false);
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"written over mine"_s}});
    fixture.time.advance(20);
    if (toldWhileSending)
        QCOMPARE(device.find(u"Item"_s, u"i"_s).value(u"note").toText(), u"mine"_s);
    device.line->loseAnswer = 0;
    if (killed) {
        device.kill();
        device.start();
    } else {
        device.line->set(false);
        fixture.time.advance(2000);
    }
    device.line->set(true);
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(stored.value(u"note").toText(), u"written over mine"_s);
    QCOMPARE(stored.value(u"quantity").toInteger(), 7);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).state(), SyncState::Merged);
    QCOMPARE(device.receipt(1)->fields, QStringList{u"note"_s});
}

void TestUpload::createThatArrivedUnseenIsNotSentOverItsSuccessor()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    fixture.server->deltaTtl = 0;               // syncs show records as they are, not what they went through
    device.line->loseAnswer = 1000;
    device.line->loseEcho = 1000;
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"mine"_s}});
    QVERIFY(fixture.until([&] { return !fixture.server->record(u"Tag"_s, u"t"_s).isNull(); }));
    device.line->set(false);
    device.line->loseAnswer = 0;
    fixture.put(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"written over mine"_s}});
    fixture.time.advance(50);
    device.line->set(true);
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Tag"_s, u"t"_s).value(u"text").toText(), u"written over mine"_s);
    QCOMPARE(device.find(u"Tag"_s, u"t"_s), fixture.server->record(u"Tag"_s, u"t"_s));
}

/* The version that would have been ours is somebody else's. */
void TestUpload::changeThatCannotHaveArrivedIsSentOverTheirs()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseRequest = 1000;
    device.line->loseEcho = 1000;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"mine"_s}});
    fixture.time.advance(50);
    device.line->set(false);
    device.line->loseRequest = 0;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"theirs"_s}});
    device.line->set(true);
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"note").toText(), u"mine"_s);
}

static std::optional<MutationResponse> refusesBad(const OutboxEntry &entry)
{
    if (entry.key != u"bad"_s)
        return {};
    return MutationResponse{Outcome::Rejected, {}, Error(Error::Code::Rejected, u"No."_s)};
}

void TestUpload::deleteWaitsForNoChildBehindARejectedEntry()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    fixture.put(u"Bin"_s, {{u"id"_s, u"b"_s}});
    fixture.time.advance(100);
    fixture.server->answerMutation = refusesBad;
    device.save(u"Item"_s, {{u"id"_s, u"bad"_s}, {u"binID"_s, u"b"_s}});
    QVERIFY(fixture.drained(device));
    device.remove(u"Bin"_s, u"b"_s);
    fixture.time.advance(1000);
    QVERIFY(fixture.server->record(u"Bin"_s, u"b"_s).metadata().deleted);
    QVERIFY(device.outbox().isEmpty());         // what was refused ends with the record
}

void TestUpload::childWaitsForNoParentBehindARejectedEntry_data()
{
    QTest::addColumn<bool>("waited");
    QTest::newRow("saved when the entry was refused") << false;
    QTest::newRow("it waited for the parent before the entry was refused") << true;
}

void TestUpload::childWaitsForNoParentBehindARejectedEntry()
{
    QFETCH(bool, waited);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    fixture.put(u"Bin"_s, {{u"id"_s, u"bad"_s}});
    fixture.time.advance(100);
    fixture.server->answerMutation = refusesBad;
    device.line->set(!waited);
    device.remove(u"Bin"_s, u"bad"_s);
    QVERIFY(waited || fixture.drained(device));
    device.save(u"Bin"_s, {{u"id"_s, u"bad"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"child"_s}, {u"binID"_s, u"bad"_s}});
    device.line->set(true);
    QVERIFY(fixture.live(device));
    fixture.time.advance(1000);
    QVERIFY(!fixture.server->record(u"Item"_s, u"child"_s).isNull());
    QCOMPARE(device.outbox().size(), 2);
}

void TestUpload::childOfARefusedCreateWaitsUnlessTheBackendHasTheParent()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    fixture.server->answerMutation = refusesBad;
    device.save(u"Bin"_s, {{u"id"_s, u"bad"_s}, {u"name"_s, u"mine"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"child"_s}, {u"binID"_s, u"bad"_s}});
    fixture.time.advance(1000);
    QCOMPARE(device.outbox().size(), 2);
    QVERIFY(fixture.server->record(u"Item"_s, u"child"_s).isNull());
    fixture.put(u"Bin"_s, {{u"id"_s, u"bad"_s}, {u"name"_s, u"theirs"_s}});
    fixture.time.advance(1000);
    QVERIFY(!fixture.server->record(u"Item"_s, u"child"_s).isNull());
    QCOMPARE(device.outbox().size(), 1);
}

/* The child's create needs the bin as it was, not the one that follows; the removal of that one needs the child's. */
void TestUpload::parentReplacedAfterItsChildWasMadeDoesNotLock()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    fixture.put(u"Bin"_s, {{u"id"_s, u"b"_s}});
    fixture.time.advance(100);
    device.line->loseRequest = 1000;
    device.save(u"Item"_s, {{u"id"_s, u"child"_s}, {u"binID"_s, u"b"_s}});
    fixture.time.advance(20);
    device.line->set(false);
    device.line->loseRequest = 0;
    device.remove(u"Bin"_s, u"b"_s);
    device.save(u"Bin"_s, {{u"id"_s, u"b"_s}, {u"name"_s, u"new"_s}});
    fixture.time.advance(20);
    QCOMPARE(device.outbox().size(), 4);
    device.line->set(true);
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QVERIFY(fixture.server->record(u"Item"_s, u"child"_s).metadata().deleted);
}

// Another device made the same record and deleted it again; both messages come before our refusal.
void TestUpload::equalCreateThatWasDeletedMeanwhileGoes()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"same"_s}});
    fixture.time.advance(1);
    device.line->latencyLeast = device.line->latencyMost = 100;         // of the answer
    fixture.server->answerMutation = [&](const OutboxEntry &) -> std::optional<MutationResponse> {
        device.line->latencyLeast = device.line->latencyMost = 1;
        fixture.put(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"same"_s}});
        fixture.server->remove(u"Tag"_s, u"t"_s);
        device.line->latencyLeast = device.line->latencyMost = 100;
        return {};
    };
    fixture.time.advance(1000);
    QCOMPARE(device.line->mutations.size(), 1);
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(device.find(u"Tag"_s, u"t"_s).isNull());
    QCOMPARE(device.setting(u"tombstone/Tag/t"_s), QString());
}

/* AppSync has the sort fields of an index as one text; it refuses an update that tells only some of them. */
void TestUpload::sortFieldsOfAnIndexGoTogether()
{
    const Result<Schema> schema = Schema::parse(uR"(
        type Count @model {
            id: ID!
            shop: ID @index(name: "byPlace", sortKeyFields: ["aisle", "shelf", "bin"])
            aisle: String
            shelf: Int
            bin: String
            note: String @index(name: "byNote", sortKeyFields: ["shop"])
        }
    )"_s);
    QVERIFY2(schema.ok(), qPrintable(schema.error().message()));
    SyncFixture fixture;
    fixture.server = std::make_shared<FakeServer>(*schema, fixture.time);
    fixture.put(u"Count"_s, {{u"id"_s, u"c"_s}, {u"shop"_s, u"s"_s}, {u"aisle"_s, u"a"_s}, {u"shelf"_s, 1}});
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.line->latencyLeast = device.line->latencyMost = 100;
    const auto sent = [&] {
        const QJsonObject variables = Documents(*schema).mutations({device.line->mutations.last()}).variables;
        QJsonObject input = variables.value("input"_L1).toObject();
        input.remove(u"_version"_s);
        return input;
    };
    device.save(u"Count"_s, {{u"id"_s, u"c"_s}, {u"shelf"_s, 2}});
    fixture.time.advance(10);
    QCOMPARE(sent(), (QJsonObject{{u"id"_s, u"c"_s}, {u"aisle"_s, u"a"_s}, {u"shelf"_s, 2}, {u"bin"_s, QJsonValue()}}));
    device.save(u"Count"_s, {{u"id"_s, u"c"_s}, {u"aisle"_s, u"b"_s}});
    QVERIFY(fixture.drained(device));
    QCOMPARE(sent(), (QJsonObject{{u"id"_s, u"c"_s}, {u"aisle"_s, u"b"_s}, {u"shelf"_s, 2}, {u"bin"_s, QJsonValue()}}));
    device.save(u"Count"_s, {{u"id"_s, u"c"_s}, {u"note"_s, u"n"_s}});
    QVERIFY(fixture.drained(device));
    QCOMPARE(sent(), (QJsonObject{{u"id"_s, u"c"_s}, {u"note"_s, u"n"_s}}));
    QCOMPARE(device.line->mutations.size(), 3);

    // what is to come does not go along
    device.engine().pause();
    device.save(u"Count"_s, {{u"id"_s, u"c"_s}, {u"shelf"_s, 3}});
    device.write<Record>([draft = device.draft(u"Count"_s, {{u"id"_s, u"c"_s}, {u"aisle"_s, u"z"_s}})](WriteTransaction &transaction) {
        return transaction.save(draft, Predicate::compare(u"shelf"_s, Predicate::Operator::Eq, {Value(3)}));
    });
    device.engine().resume();
    QVERIFY(fixture.until([&] { return device.line->mutations.size() == 4; }));
    QCOMPARE(sent(), (QJsonObject{{u"id"_s, u"c"_s}, {u"aisle"_s, u"b"_s}, {u"shelf"_s, 3}, {u"bin"_s, QJsonValue()}}));
    QVERIFY(fixture.drained(device));
    QCOMPARE(sent(), (QJsonObject{{u"id"_s, u"c"_s}, {u"aisle"_s, u"z"_s}, {u"shelf"_s, 3}, {u"bin"_s, QJsonValue()}}));
}

QTEST_GUILESS_MAIN(TestUpload)
#include "tst_upload.moc"
