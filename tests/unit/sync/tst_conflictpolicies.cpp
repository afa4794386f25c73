// SPDX-License-Identifier: MIT
#include "syncfixture.h"

#include "client/sync/conflictpolicies.h"
#include "client/sync/decisions_p.h"
#include "client/sync/repair_p.h"

#include <QtCore/QTemporaryDir>

using namespace TidelineTest;
using EntryState = OutboxEntry::State;
using Outcome = MutationResponse::Outcome;
using Mode = FakeServer::Mode;
using Policy = ConflictPolicy;

class TestConflictPolicies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void policiesAreChecked_data();
    void policiesAreChecked();
    void schemaAndApplicationMeet();
    void concurrentEdits_data();
    void concurrentEdits();
    void bothCountOneMore_data();
    void bothCountOneMore();
    void firstIncrementIsCountedOnce_data();
    void firstIncrementIsCountedOnce();
    void incrementsBehindOneUnderWayAreKept_data();
    void incrementsBehindOneUnderWayAreKept();
    void incrementThatArrivedUnseenIsNotAddedTwice_data();
    void incrementThatArrivedUnseenIsNotAddedTwice();
    void resentChangeIsJoinedOnce_data();
    void resentChangeIsJoinedOnce();
    void mergedSetThatCameBeforeItsAnswerHasNothingTwice_data();
    void mergedSetThatCameBeforeItsAnswerHasNothingTwice();
    void mergeThatOthersWentOnFromIsCorrected_data();
    void mergeThatOthersWentOnFromIsCorrected();
    void incrementThatDidNotArriveIsAdded();
    void incrementInDoubtIsJournalled();
    void decisionOfOneUnderWayIsMadeWhenItIsSettled();
    void decisionsAreJournalledOnlyWhenBothSidesDiffer();
    void undoReachesAllDevices_data();
    void undoReachesAllDevices();
    void undoOfAMixedResultNeedsASide();
    void undoAfterAnotherEditIsRefused();
    void deletionAgainstAnEdit_data();
    void deletionAgainstAnEdit();
    void deletionBehindAnEditUnderWayGoesOn_data();
    void deletionBehindAnEditUnderWayGoesOn();
    void deletionAgainstAnEditThatChangedNothingStands();
    void editAgainstADeletion_data();
    void editAgainstADeletion();
    void undoOfADeletion_data();
    void undoOfADeletion();
    void backendThatKeepsTheKeyOfADeletedRecord();
    void tombstoneThatTheBackendForgot();
    void revivalWhoseAnswerWasLost_data();
    void revivalWhoseAnswerWasLost();
    void twoDevicesKeepADeletedRecord();
    void recordMadeAnewBeforeTheAnswerIsTheNewest_data();
    void recordMadeAnewBeforeTheAnswerIsTheNewest();
    void childWaitsForItsRevivedParent();
    void keyIsUsedAgainAfterADeletion_data();
    void keyIsUsedAgainAfterADeletion();
    void handlerDecides_data();
    void handlerDecides();
    void handlerThatDoesNotAnswerEndsOnTheBench_data();
    void handlerThatDoesNotAnswerEndsOnTheBench();
    void handlerDecidesAboutTheirDeletion_data();
    void handlerDecidesAboutTheirDeletion();
    void handlerDecidesAboutMyDeletion_data();
    void handlerDecidesAboutMyDeletion();
    void questionAboutADeletionEnds_data();
    void questionAboutADeletionEnds();
    void handlerIsAskedAnewAboutANewerRecord();
    void questionSurvivesARestart();
    void questionStopsOnlyItsLane();
    void handlerThatNeverSettlesEndsOnTheBench();
    void conflictRows_data();
    void conflictRows();
    void editsBeforeTheCreateIsConfirmedAreOne_data();
    void editsBeforeTheCreateIsConfirmedAreOne();
    void theirsOfACustomKeyIsLookedUp();
    void differentFieldsBothSurvive_data();
    void differentFieldsBothSurvive();
    void manyDevicesCountTogether_data();
    void manyDevicesCountTogether();
};

// Live device with a record that both sides know at version 1.
static void prepare(SyncFixture &fixture, SyncDevice &device)
{
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"screw"_s}, {u"quantity"_s, 1}, {u"note"_s, u"old"_s},
                            {u"tags"_s, QStringList{u"a"_s}}});
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    device.events.clear();
}

static QVariant valueOf(const Record &record, const QString &field)
{
    return record.value(record.model()->fieldIndex(field)).toVariant();
}

static QList<ConflictDecision> decisions(SyncDevice &device)
{
    return device.read<QList<ConflictDecision>>([](ReadTransaction &transaction) { return transaction.decisions({}, {}, 100); });
}

static void addModes()
{
    QTest::addColumn<int>("mode");
    QTest::newRow("optimistic") << int(Mode::Optimistic);
    QTest::newRow("automerge") << int(Mode::Automerge);
}

void TestConflictPolicies::policiesAreChecked_data()
{
    QTest::addColumn<ConflictPolicies>("policies");
    QTest::addColumn<QString>("message");
    const auto row = [](const char *name, const ConflictPolicies &policies, const QString &message) { QTest::newRow(name) << policies << message; };
    row("all that suit", ConflictPolicies().setDefault(Policy::Newest).set(u"Item"_s, u"quantity"_s, Policy::Sum).set(u"Item"_s, u"tags"_s, Policy::Set)
                             .set(u"Item"_s, u"note"_s, Policy::Maximum).set(u"Bin"_s, Policy::Theirs), {});
    row("unknown model", ConflictPolicies().set(u"Itme"_s, Policy::Mine), u"Item"_s);
    row("unknown field", ConflictPolicies().set(u"Item"_s, u"quantiy"_s, Policy::Sum), u"quantity"_s);
    row("sum of a text", ConflictPolicies().set(u"Item"_s, u"note"_s, Policy::Sum), u"a number"_s);
    row("set of a number", ConflictPolicies().set(u"Item"_s, u"quantity"_s, Policy::Set), u"a list"_s);
    row("maximum of a list", ConflictPolicies().set(u"Item"_s, u"tags"_s, Policy::Maximum), u"a number, a date or a text"_s);
    row("sum of a whole model", ConflictPolicies().set(u"Item"_s, Policy::Sum), u"some fields only"_s);
    row("sum of everything", ConflictPolicies().setDefault(Policy::Sum), u"some fields only"_s);
    row("a key", ConflictPolicies().set(u"Item"_s, u"id"_s, Policy::Mine), u"part of the key"_s);
}

void TestConflictPolicies::policiesAreChecked()
{
    QFETCH(ConflictPolicies, policies);
    QFETCH(QString, message);
    const Result<void> checked = policies.check(inventorySchema());
    QCOMPARE(checked.ok(), message.isEmpty());
    QVERIFY2(checked.error().message().contains(message), qPrintable(checked.error().message()));
}

void TestConflictPolicies::schemaAndApplicationMeet()
{
    const Result<Schema> schema = Schema::parse(uR"(
        type Count @model @conflict(policy: theirs) {
            id: ID!
            quantity: Int @conflict(policy: sum)
            note: String
        }
        type Other @model { id: ID! text: String }
    )"_s);
    QVERIFY2(schema.ok(), qPrintable(schema.error().message()));
    const ModelType &count = *schema->model(u"Count"_s);
    const int quantity = count.fieldIndex(u"quantity");
    const int note = count.fieldIndex(u"note");
    const ConflictRules plain(*schema, {});
    QCOMPARE(plain.ofField(count, quantity), Policy::Sum);
    QCOMPARE(plain.ofField(count, note), Policy::Theirs);
    QCOMPARE(plain.ofRecord(count), Policy::Theirs);
    QVERIFY(!plain.ofField(*schema->model(u"Other"_s), 1));
    const ConflictRules other(*schema, ConflictPolicies().set(u"Count"_s, u"quantity"_s, Policy::Maximum).setDefault(Policy::Mine));
    QCOMPARE(other.ofField(count, quantity), Policy::Maximum);
    QCOMPARE(other.ofField(count, note), Policy::Theirs);
    QCOMPARE(other.ofField(*schema->model(u"Other"_s), 1), Policy::Mine);
    const ConflictRules whole(*schema, ConflictPolicies().set(u"Count"_s, Policy::Newest));
    QCOMPARE(whole.ofField(count, quantity), Policy::Newest);
    const Result<Schema> wrong = Schema::parse(u"type A @model { id: ID! text: String @conflict(policy: sum) }"_s);
    QVERIFY(!wrong.ok());
    QVERIFY2(wrong.error().message().contains(u"a number"_s), qPrintable(wrong.error().message()));
    const Result<Schema> unknown = Schema::parse(u"type A @model { id: ID! size: Int @conflict(policy: summ) }"_s);
    QVERIFY(!unknown.ok());
    QVERIFY2(unknown.error().message().contains(u"sum"_s), qPrintable(unknown.error().message()));
}

void TestConflictPolicies::concurrentEdits_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("seen");                 // their change before mine is sent
    QTest::addColumn<Policy>("policy");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QVariant>("mine");
    QTest::addColumn<QVariant>("theirs");
    QTest::addColumn<QVariant>("result");
    for (const Mode mode : {Mode::Optimistic, Mode::Automerge}) {
        for (const bool seen : {true, false}) {
            const auto row = [&](const char *name, Policy policy, const QString &field, const QVariant &mine, const QVariant &theirs, const QVariant &result) {
                QTest::addRow("%s, %s, %s", name, mode == Mode::Automerge ? "automerge" : "optimistic", seen ? "seen before" : "told by the answer")
                    << int(mode) << seen << policy << field << mine << theirs << result;
            };
            row("mine", Policy::Mine, u"note"_s, u"m"_s, u"t"_s, u"m"_s);
            row("theirs", Policy::Theirs, u"note"_s, u"m"_s, u"t"_s, u"t"_s);
            row("newest, which is mine", Policy::Newest, u"note"_s, u"m"_s, u"t"_s, u"m"_s);
            row("maximum", Policy::Maximum, u"quantity"_s, 5, 9, 9);
            row("maximum, mine", Policy::Maximum, u"quantity"_s, 9, 5, 9);
            row("minimum", Policy::Minimum, u"quantity"_s, 5, 9, 5);
            row("sum", Policy::Sum, u"quantity"_s, 3, 5, 7);
            row("set", Policy::Set, u"tags"_s, QStringList{u"a"_s, u"m"_s}, QStringList{u"t"_s}, QStringList{u"t"_s, u"m"_s});
            row("append", Policy::Append, u"tags"_s, QStringList{u"a"_s, u"m"_s}, QStringList{u"a"_s, u"t"_s}, QStringList{u"a"_s, u"t"_s, u"m"_s});
        }
    }
}

void TestConflictPolicies::concurrentEdits()
{
    QFETCH(int, mode);
    QFETCH(bool, seen);
    QFETCH(Policy, policy);
    QFETCH(QString, field);
    QFETCH(QVariant, mine);
    QFETCH(QVariant, theirs);
    QFETCH(QVariant, result);
    SyncFixture fixture{Mode(mode)};
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, field, policy);
    prepare(fixture, device);
    fixture.time.advance(1000);
    if (seen) {
        device.line->set(false);
        fixture.time.runAll();
    }
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {field, theirs}, {u"label"_s, u"bolt"_s}});
    fixture.time.advance(10);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {field, mine}});
    fixture.time.runAll();
    device.line->set(true);
    if (seen)
        device.engine().syncNow();
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(device.payloads(u"outboxMutationFailed"_s).isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(valueOf(stored, field), Value::fromVariant(result).toVariant());
    QCOMPARE(valueOf(stored, u"label"_s), QVariant(u"bolt"_s));
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).metadata(), stored.metadata());
    const QList<ConflictDecision> journal = decisions(device);
    QCOMPARE(journal.size(), 1);
    QCOMPARE(journal.first().fields.size(), 1);
    const ConflictDecision::Field decided = journal.first().fields.first();
    QCOMPARE(decided.name, field);
    QCOMPARE(decided.policy, conflictPolicyName(policy));
    QCOMPARE(decided.mine, Value::fromVariant(mine));
    QCOMPARE(decided.theirs, Value::fromVariant(theirs));
    QCOMPARE(decided.result, Value::fromVariant(result));
    const QList<QVariantMap> told = device.payloads(u"conflictResolved"_s);
    QCOMPARE(told.size(), 1);
    QCOMPARE(told.first().value(u"model"_s), QVariant(u"Item"_s));
    QCOMPARE(told.first().value(u"key"_s), QVariant(u"i"_s));
    QCOMPARE(told.first().value(u"fields"_s), QVariant(QStringList{field}));
    QCOMPARE(told.first().value(u"mutation"_s), QVariant(journal.first().mutation));
}

void TestConflictPolicies::bothCountOneMore_data()
{
    addModes();
}

void TestConflictPolicies::bothCountOneMore()
{
    QFETCH(int, mode);
    SyncFixture fixture{Mode(mode)};
    SyncDevice first(fixture.time, fixture.server);
    SyncDevice second(fixture.time, fixture.server);
    for (SyncDevice *device : {&first, &second})
        device->options.conflicts.set(u"Item"_s, u"quantity"_s, Policy::Sum);
    prepare(fixture, first);
    second.start();
    QVERIFY(fixture.live(second));
    fixture.time.runAll();
    first.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    second.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    QVERIFY(fixture.drained(first));
    QVERIFY(fixture.drained(second));
    fixture.time.advance(100);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 3);
    QCOMPARE(first.find(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 3);
    QCOMPARE(second.find(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 3);
}

void TestConflictPolicies::firstIncrementIsCountedOnce_data()
{
    addModes();
}

// An answer that was merged has it, as Automerge adds what is absent.
void TestConflictPolicies::firstIncrementIsCountedOnce()
{
    QFETCH(int, mode);
    SyncFixture fixture{Mode(mode)};
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"quantity"_s, Policy::Sum);
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"screw"_s}});
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"bolt"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    QVERIFY(fixture.drained(device));
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(valueOf(stored, u"quantity"_s), QVariant(2));
    QCOMPARE(valueOf(stored, u"label"_s), QVariant(u"bolt"_s));
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
}

void TestConflictPolicies::incrementsBehindOneUnderWayAreKept_data()
{
    addModes();
}

void TestConflictPolicies::incrementsBehindOneUnderWayAreKept()
{
    QFETCH(int, mode);
    SyncFixture fixture{Mode(mode)};
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"quantity"_s, Policy::Sum);
    prepare(fixture, device);
    device.line->latencyLeast = device.line->latencyMost = 100;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}});           // 2 more
    fixture.time.advance(10);
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 101}});         // 100 more
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});           // 4 more
    fixture.time.advance(130);                                                // the message came, the answer did not
    const qint64 shown = device.find(u"Item"_s, u"i"_s).value(u"quantity").toInteger();
    QCOMPARE(shown, 107);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, int(shown) + 8}});
    QVERIFY(fixture.drained(device));
    fixture.time.advance(500);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 1 + 2 + 100 + 4 + 8);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
}

void TestConflictPolicies::incrementThatArrivedUnseenIsNotAddedTwice_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("killed");
    for (const Mode mode : {Mode::Optimistic, Mode::Automerge}) {
        QTest::addRow("%s, the answer was lost", mode == Mode::Automerge ? "automerge" : "optimistic") << int(mode) << false;
        QTest::addRow("%s, the process was killed", mode == Mode::Automerge ? "automerge" : "optimistic") << int(mode) << true;
    }
}

void TestConflictPolicies::incrementThatArrivedUnseenIsNotAddedTwice()
{
    QFETCH(int, mode);
    QFETCH(bool, killed);
    QTemporaryDir folder;
    SyncFixture fixture{Mode(mode)};
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    device.options.conflicts.set(u"Item"_s, u"quantity"_s, Policy::Sum);
    prepare(fixture, device);
    device.line->loseAnswer = 1000;
    device.line->loseEcho = 1000;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}});
    QVERIFY(fixture.until([&] { return fixture.server->record(u"Item"_s, u"i"_s).metadata().version == 2; }));
    if (killed) {
        device.kill();
    } else {
        device.line->set(false);
        fixture.time.advance(50);
    }
    device.line->loseAnswer = 0;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 13}});
    device.line->set(true);
    if (killed)
        device.start();
    device.engine().syncNow();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 13);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
}

void TestConflictPolicies::resentChangeIsJoinedOnce_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<std::optional<Policy>>("policy");
    QTest::addColumn<int>("lost");                  // answers in a row
    QTest::addColumn<int>("other");                 // after how many of them another client changes the field; -1: never
    QTest::addColumn<QVariant>("result");
    for (const Mode mode : {Mode::Optimistic, Mode::Automerge}) {
        const char *suffix = mode == Mode::Automerge ? "automerge" : "optimistic";
        const auto row = [&](const char *name, std::optional<Policy> policy, int lost, int other, const QVariant &result) {
            QTest::addRow("%s, %s", name, suffix) << int(mode) << policy << lost << other << result;
        };
        const QStringList own{u"a"_s, u"m"_s};
        const QStringList both{u"a"_s, u"m"_s, u"t"_s};
        row("append", Policy::Append, 1, -1, own);
        row("append, twice lost", Policy::Append, 2, -1, own);
        row("append, another one after it", Policy::Append, 1, 1, both);
        row("append, another one between", Policy::Append, 2, 1, both);
        row("append, another one before", Policy::Append, 1, 0, QStringList{u"a"_s, u"t"_s, u"m"_s});
        row("set, another one after it", Policy::Set, 1, 1, both);
        row("sum", Policy::Sum, 1, -1, 3);
        row("sum, another one after it", Policy::Sum, 1, 1, 13);
        row("nothing is said", {}, 1, -1, own);
        row("nothing is said, another one after it", {}, 1, 1, both);
    }
}

// In one session, without a sync or a message that would show what arrived.
void TestConflictPolicies::resentChangeIsJoinedOnce()
{
    QFETCH(int, mode);
    QFETCH(std::optional<Policy>, policy);
    QFETCH(int, lost);
    QFETCH(int, other);
    QFETCH(QVariant, result);
    const bool sums = policy == Policy::Sum;
    const QString field = sums ? u"quantity"_s : u"tags"_s;
    SyncFixture fixture{Mode(mode)};
    SyncDevice device(fixture.time, fixture.server);
    if (policy)
        device.options.conflicts.set(u"Item"_s, field, *policy);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    const auto change = [&] {
        const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
        const QVariant next = sums ? QVariant(stored.value(u"quantity").toInteger() + 10)
                                   : QVariant(valueOf(stored, u"tags"_s).toStringList() + QStringList{u"t"_s});
        fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {field, next}});
    };
    int answers = 0;
    bool isInside = false;
    fixture.server->answerMutation = [&](const OutboxEntry &entry) -> std::optional<MutationResponse> {
        if (isInside || answers == lost)
            return {};
        isInside = true;
        (void)fixture.server->mutate(entry);
        isInside = false;
        if (++answers == other)
            change();
        return MutationResponse{Outcome::Unreachable, {}, Error(Error::Code::BackendFailed, u"Broken."_s)};
    };
    if (other == 0)
        change();
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {field, sums ? QVariant(3) : QVariant(QStringList{u"a"_s, u"m"_s})}});
    QVERIFY(fixture.drained(device));
    QCOMPARE(answers, lost);
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(valueOf(stored, field), Value::fromVariant(result).toVariant());
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
}

void TestConflictPolicies::mergedSetThatCameBeforeItsAnswerHasNothingTwice_data()
{
    QTest::addColumn<bool>("killed");
    QTest::addColumn<bool>("goesOn");               // somebody else takes away what was added
    QTest::newRow("by a message") << false << false;
    QTest::newRow("by a base sync") << true << false;
    QTest::newRow("by a base sync, with another change") << true << true;
}

// Automerge appends a set to what another device made of it.
void TestConflictPolicies::mergedSetThatCameBeforeItsAnswerHasNothingTwice()
{
    QFETCH(bool, killed);
    QFETCH(bool, goesOn);
    QTemporaryDir folder;
    SyncFixture fixture{Mode::Automerge};
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    device.options.conflicts.set(u"Item"_s, u"tags"_s, Policy::Set);
    prepare(fixture, device);
    device.line->loseAnswer = 1000;
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"tags"_s, QStringList{u"a"_s, u"t"_s}}});
    device.line->loseEcho = killed ? 1000 : 0;
    fixture.server->deltaTtl = 0;                   // what was between is not told
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"tags"_s, QStringList{u"a"_s, u"m"_s}}});
    QVERIFY(fixture.until([&] { return fixture.server->record(u"Item"_s, u"i"_s).metadata().version == 3; }));
    QCOMPARE(valueOf(fixture.server->record(u"Item"_s, u"i"_s), u"tags"_s).toStringList(), (QStringList{u"a"_s, u"t"_s, u"a"_s, u"m"_s}));
    if (killed)
        device.kill();
    else
        QVERIFY(fixture.until([&] { return device.find(u"Item"_s, u"i"_s).metadata().version == 3; }));
    if (goesOn)
        fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"tags"_s, QStringList{u"a"_s, u"t"_s, u"a"_s}}});
    device.line->set(false);
    fixture.time.advance(50);
    device.line->loseAnswer = 0;
    device.line->set(true);
    if (killed)
        device.start();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(valueOf(stored, u"tags"_s).toStringList(), goesOn ? (QStringList{u"a"_s, u"t"_s}) : (QStringList{u"a"_s, u"t"_s, u"m"_s}));
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
    QVERIFY(device.outbox().isEmpty());
}

void TestConflictPolicies::mergeThatOthersWentOnFromIsCorrected_data()
{
    QTest::addColumn<std::optional<Policy>>("policy");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QVariant>("mine");
    QTest::addColumn<QVariant>("before");           // what another device made of it meanwhile
    QTest::addColumn<QVariantList>("after");        // what others made of the merge
    QTest::addColumn<QVariant>("result");
    const auto row = [](const char *name, std::optional<Policy> policy, const QString &field, const QVariant &mine, const QVariant &before,
                        const QVariantList &after, const QVariant &result) { QTest::newRow(name) << policy << field << mine << before << after << result; };
    const auto list = [](const char *letters) {
        QStringList list;
        for (const char *letter = letters; *letter; ++letter)
            list.append(QString(QLatin1Char(*letter)));
        return list;
    };
    row("set", Policy::Set, u"tags"_s, list("am"), list("t"), {list("tamx")}, list("tmx"));
    row("set, while others merge as well", Policy::Set, u"tags"_s, list("am"), list("t"), {list("tamtx"), list("tamx")}, list("tmx"));
    row("set, others take something away", Policy::Set, u"tags"_s, list("am"), list("at"), {list("atm"), list("am")}, list("am"));
    row("append", Policy::Append, u"tags"_s, list("am"), list("at"), {list("atamx")}, list("atmx"));
    row("sum", Policy::Sum, u"quantity"_s, 3, 5, {10}, 12);
    row("sum, nobody else before", Policy::Sum, u"quantity"_s, 3, 1, {3}, 5);
    row("maximum", Policy::Maximum, u"quantity"_s, 9, 5, {7}, 9);
    row("maximum, theirs", Policy::Maximum, u"quantity"_s, 9, 5, {12}, 12);
    row("mine", Policy::Mine, u"note"_s, u"m"_s, u"t"_s, {u"x"_s}, u"m"_s);
    row("theirs", Policy::Theirs, u"note"_s, u"m"_s, u"old"_s, {u"x"_s}, u"x"_s);
    row("theirs, nobody else", Policy::Theirs, u"note"_s, u"m"_s, u"old"_s, {u"old"_s}, u"m"_s);
    row("nothing is said", {}, u"note"_s, u"m"_s, u"old"_s, {u"x"_s}, u"x"_s);
    row("nothing is said, nobody else", {}, u"note"_s, u"m"_s, u"old"_s, {u"old"_s}, u"m"_s);
}

// The messages of what others did overtake the answer.
void TestConflictPolicies::mergeThatOthersWentOnFromIsCorrected()
{
    QFETCH(std::optional<Policy>, policy);
    QFETCH(QString, field);
    QFETCH(QVariant, mine);
    QFETCH(QVariant, before);
    QFETCH(QVariantList, after);
    QFETCH(QVariant, result);
    SyncFixture fixture{Mode::Automerge};
    SyncDevice device(fixture.time, fixture.server);
    if (policy)
        device.options.conflicts.set(u"Item"_s, field, *policy);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {field, mine}});
    fixture.time.advance(4);
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {field, before}, {u"label"_s, u"bolt"_s}});
    device.line->latencyLeast = device.line->latencyMost = 100;         // of the answer
    QVERIFY(fixture.until([&] { return fixture.server->record(u"Item"_s, u"i"_s).metadata().version == 3; }));
    device.line->latencyLeast = device.line->latencyMost = 0;
    device.line->loseEcho = 0;
    for (const QVariant &value : std::as_const(after)) {
        fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {field, value}});
        fixture.time.advance(1);
        QCOMPARE(device.find(u"Item"_s, u"i"_s).metadata().version, fixture.server->record(u"Item"_s, u"i"_s).metadata().version);
    }
    fixture.time.advance(1000);
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(valueOf(stored, field), Value::fromVariant(result).toVariant());
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
}

void TestConflictPolicies::incrementThatDidNotArriveIsAdded()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"quantity"_s, Policy::Sum);
    prepare(fixture, device);
    device.line->loseRequest = 1000;
    device.line->loseEcho = 1000;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}});
    fixture.time.advance(50);
    device.line->set(false);
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 11}});
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 12}});
    device.line->loseRequest = 0;
    device.line->set(true);
    device.engine().syncNow();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 14);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
}

// Only the newest state is told, so nobody can say whether the increment is in it.
void TestConflictPolicies::incrementInDoubtIsJournalled()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"quantity"_s, Policy::Sum);
    fixture.server->deltaTtl = 1;
    prepare(fixture, device);
    device.line->loseAnswer = 1000;
    device.line->loseEcho = 1000;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}});
    QVERIFY(fixture.until([&] { return fixture.server->record(u"Item"_s, u"i"_s).metadata().version == 2; }));
    device.line->set(false);
    fixture.time.advance(50);
    device.line->loseAnswer = 0;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 13}});
    device.line->set(true);
    device.engine().syncNow();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 13);
    const QList<ConflictDecision> journal = decisions(device);
    QCOMPARE(journal.size(), 1);
    QCOMPARE(journal.first().fields.first().policy, u"doubt"_s);
    QCOMPARE(journal.first().fields.first().mine, Value(3));
    QCOMPARE(journal.first().fields.first().base, Value(1));
}

void TestConflictPolicies::decisionOfOneUnderWayIsMadeWhenItIsSettled()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, Policy::Theirs);
    prepare(fixture, device);
    device.line->latencyLeast = device.line->latencyMost = 100;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"m"_s}});
    fixture.time.advance(10);
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"t"_s}});
    fixture.time.advance(130);
    QVERIFY(decisions(device).isEmpty());
    QCOMPARE(device.find(u"Item"_s, u"i"_s).value(u"note").toText(), u"m"_s);
    QVERIFY(fixture.drained(device));
    QCOMPARE(decisions(device).size(), 1);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"note").toText(), u"t"_s);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
    QCOMPARE(device.find(u"Item"_s, u"i"_s).state(), SyncState::Merged);
}

void TestConflictPolicies::decisionsAreJournalledOnlyWhenBothSidesDiffer()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"bolt"_s}, {u"note"_s, u"same"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"same"_s}, {u"quantity"_s, 4}});
    QVERIFY(fixture.drained(device));
    QVERIFY(decisions(device).isEmpty());
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 4);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"label").toText(), u"bolt"_s);
}

static Result<Record> undo(SyncDevice &device, qint64 decision, ConflictSide side)
{
    const auto job = [decision, side](WriteTransaction &transaction) -> Result<QList<Result<Record>>> {
        return QList<Result<Record>>{Decisions::undo(transaction, decision, side)};
    };
    return device.write<QList<Result<Record>>>(job).first();
}

// Mine is the value of the device that decides, theirs that of the other client.
static void decide(SyncFixture &fixture, SyncDevice &device, Policy policy, const QString &field, const QVariant &mine, const QVariant &theirs)
{
    device.options.conflicts.set(u"Item"_s, field, policy);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {field, theirs}});
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {field, mine}});
    QVERIFY(fixture.drained(device));
    device.line->loseEcho = 0;
}

void TestConflictPolicies::undoReachesAllDevices_data()
{
    QTest::addColumn<Policy>("policy");
    QTest::addColumn<QString>("result");
    QTest::newRow("theirs were taken") << Policy::Theirs << u"m"_s;
    QTest::newRow("mine were taken") << Policy::Mine << u"t"_s;
}

void TestConflictPolicies::undoReachesAllDevices()
{
    QFETCH(Policy, policy);
    QFETCH(QString, result);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    decide(fixture, device, policy, u"note"_s, u"m"_s, u"t"_s);
    SyncDevice other(fixture.time, fixture.server);
    other.start();
    QVERIFY(fixture.live(other));
    const qint64 id = decisions(device).first().id;
    const Result<Record> undone = undo(device, id, ConflictSide::NotTaken);
    QVERIFY2(undone.ok(), qPrintable(undone.error().message()));
    QVERIFY(fixture.drained(device));
    fixture.time.advance(100);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"note").toText(), result);
    QCOMPARE(other.find(u"Item"_s, u"i"_s).value(u"note").toText(), result);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).value(u"note").toText(), result);
    QVERIFY(decisions(device).first().undone > 0);
    QCOMPARE(undo(device, id, ConflictSide::NotTaken).error().code(), Error::Code::InvalidArgument);
    QCOMPARE(undo(device, 99, ConflictSide::NotTaken).error().code(), Error::Code::NotFound);
}

void TestConflictPolicies::undoOfAMixedResultNeedsASide()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    decide(fixture, device, Policy::Sum, u"quantity"_s, 3, 5);
    const qint64 id = decisions(device).first().id;
    QCOMPARE(undo(device, id, ConflictSide::NotTaken).error().code(), Error::Code::InvalidArgument);
    QVERIFY(undo(device, id, ConflictSide::Theirs).ok());
    QVERIFY(fixture.drained(device));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 5);
}

void TestConflictPolicies::undoAfterAnotherEditIsRefused()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    decide(fixture, device, Policy::Theirs, u"note"_s, u"m"_s, u"t"_s);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"later"_s}});
    QVERIFY(fixture.drained(device));
    QCOMPARE(undo(device, decisions(device).first().id, ConflictSide::NotTaken).error().code(), Error::Code::InvalidArgument);
    QCOMPARE(decisions(device).first().undone, 0);
}

void TestConflictPolicies::deletionAgainstAnEdit_data()
{
    QTest::addColumn<std::optional<Policy>>("policy");
    QTest::addColumn<bool>("lives");
    QTest::newRow("nothing is said") << std::optional<Policy>() << false;
    QTest::newRow("mine") << std::optional(Policy::Mine) << false;
    QTest::newRow("theirs") << std::optional(Policy::Theirs) << true;
    QTest::newRow("newest, the deletion") << std::optional(Policy::Newest) << false;
}

void TestConflictPolicies::deletionAgainstAnEdit()
{
    QFETCH(std::optional<Policy>, policy);
    QFETCH(bool, lives);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    if (policy)
        device.options.conflicts.set(u"Item"_s, *policy);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"t"_s}});
    fixture.time.advance(10);
    device.remove(u"Item"_s, u"i"_s);
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(stored.metadata().deleted, !lives);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).isNull(), !lives);
    if (lives) {
        QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
        QCOMPARE(device.find(u"Item"_s, u"i"_s).metadata(), stored.metadata());
        QCOMPARE(decisions(device).size(), 1);
    }
}

void TestConflictPolicies::deletionBehindAnEditUnderWayGoesOn_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<Policy>("policy");
    QTest::addColumn<bool>("others");               // changed the record meanwhile
    QTest::addColumn<bool>("goes");
    for (const Mode mode : {Mode::Optimistic, Mode::Automerge}) {
        const char *suffix = mode == Mode::Automerge ? "automerge" : "optimistic";
        QTest::addRow("newest, %s", suffix) << int(mode) << Policy::Newest << false << true;
        QTest::addRow("theirs, %s", suffix) << int(mode) << Policy::Theirs << false << true;
        QTest::addRow("mine, %s", suffix) << int(mode) << Policy::Mine << false << true;
    }
    QTest::newRow("newest, others before") << int(Mode::Automerge) << Policy::Newest << true << true;
    QTest::newRow("theirs, others before") << int(Mode::Automerge) << Policy::Theirs << true << false;
}

// Its own change is nothing that a deletion gives way to, whenever it arrives.
void TestConflictPolicies::deletionBehindAnEditUnderWayGoesOn()
{
    QFETCH(int, mode);
    QFETCH(Policy, policy);
    QFETCH(bool, others);
    QFETCH(bool, goes);
    SyncFixture fixture{Mode(mode)};
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, policy);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    device.line->latencyLeast = device.line->latencyMost = 100;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"mine"_s}});
    fixture.time.advance(50);
    if (others)
        fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"bolt"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    device.remove(u"Item"_s, u"i"_s);
    QVERIFY(fixture.drained(device));
    fixture.time.advance(500);
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).metadata().deleted, goes);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).isNull(), goes);
}

/* Whoever deletes what they saw decides nothing against anybody. */
void TestConflictPolicies::deletionAgainstAnEditThatChangedNothingStands()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, Policy::Theirs);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    const QVariant note = valueOf(fixture.server->record(u"Item"_s, u"i"_s), u"note"_s);
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"t"_s}});
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, note}});
    fixture.time.advance(10);
    device.remove(u"Item"_s, u"i"_s);
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QVERIFY(fixture.server->record(u"Item"_s, u"i"_s).metadata().deleted);
    QVERIFY(device.find(u"Item"_s, u"i"_s).isNull());
    QVERIFY(decisions(device).isEmpty());
}

void TestConflictPolicies::editAgainstADeletion_data()
{
    QTest::addColumn<ConflictPolicies>("policies");
    QTest::addColumn<QString>("fate");
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("seen");                 // the deletion, before mine is sent
    const auto row = [](const char *name, const ConflictPolicies &policies, const QString &fate) {
        for (const Mode mode : {Mode::Optimistic, Mode::Automerge}) {
            for (const bool seen : {false, true})
                QTest::addRow("%s, %s, %s", name, mode == Mode::Automerge ? "automerge" : "optimistic", seen ? "seen before" : "told by the answer")
                    << policies << fate << int(mode) << seen;
        }
    };
    row("nothing is said", {}, u"listed"_s);
    row("mine", ConflictPolicies().set(u"Item"_s, Policy::Mine), u"lives"_s);
    row("mine by default", ConflictPolicies().setDefault(Policy::Mine), u"lives"_s);
    row("mine of the field", ConflictPolicies().set(u"Item"_s, Policy::Theirs).set(u"Item"_s, u"note"_s, Policy::Mine), u"lives"_s);
    row("mine of another field", ConflictPolicies().set(u"Item"_s, Policy::Theirs).set(u"Item"_s, u"label"_s, Policy::Mine), u"gone"_s);
    row("a field that is joined", ConflictPolicies().set(u"Item"_s, Policy::Mine).set(u"Item"_s, u"quantity"_s, Policy::Sum), u"lives"_s);
    row("theirs", ConflictPolicies().set(u"Item"_s, Policy::Theirs), u"gone"_s);
    row("theirs of the fields", ConflictPolicies().set(u"Item"_s, u"note"_s, Policy::Theirs).set(u"Item"_s, u"quantity"_s, Policy::Theirs), u"gone"_s);
    row("newest, the edit", ConflictPolicies().set(u"Item"_s, Policy::Newest), u"lives"_s);
}

void TestConflictPolicies::editAgainstADeletion()
{
    QFETCH(ConflictPolicies, policies);
    QFETCH(QString, fate);
    QFETCH(int, mode);
    QFETCH(bool, seen);
    SyncFixture fixture{Mode(mode)};
    SyncDevice device(fixture.time, fixture.server);
    SyncDevice other(fixture.time, fixture.server);
    device.options.conflicts = policies;
    prepare(fixture, device);
    other.start();
    QVERIFY(fixture.live(other));
    if (seen)
        device.line->set(false);
    else
        device.line->loseEcho = 1000;
    fixture.server->remove(u"Item"_s, u"i"_s);
    fixture.time.advance(10);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"m"_s}, {u"quantity"_s, 5}});
    if (seen) {
        device.line->set(true);
        device.engine().syncNow();
    }
    QVERIFY(fixture.drained(device));
    fixture.time.advance(100);
    QCOMPARE(device.outbox().isEmpty(), fate != u"listed"_s);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).isNull(), fate == u"gone"_s);
    QCOMPARE(decisions(device).size(), fate == u"listed"_s ? 0 : 1);
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(stored.metadata().deleted, fate != u"lives"_s);
    if (fate != u"lives"_s)
        return;
    QCOMPARE(stored.metadata().version, 3);
    QCOMPARE(valueOf(stored, u"note"_s), QVariant(u"m"_s));
    QCOMPARE(stored.value(u"quantity").toInteger(), 5);
    QCOMPARE(valueOf(stored, u"label"_s), QVariant(u"screw"_s));
    for (SyncDevice *each : {&device, &other}) {
        QCOMPARE(each->find(u"Item"_s, u"i"_s), stored);
        QCOMPARE(each->find(u"Item"_s, u"i"_s).metadata(), stored.metadata());
    }
    QCOMPARE(decisions(device).first().deletion, DeletingSide::Theirs);
    QVERIFY(device.payloads(u"outboxMutationFailed"_s).isEmpty());
}

void TestConflictPolicies::undoOfADeletion_data()
{
    QTest::addColumn<Policy>("policy");
    QTest::addColumn<bool>("minesIsTheDeletion");
    QTest::newRow("their deletion was taken") << Policy::Theirs << false;
    QTest::newRow("my edit was taken") << Policy::Mine << false;
    QTest::newRow("their edit was taken") << Policy::Theirs << true;
    QTest::newRow("my deletion was taken") << Policy::Mine << true;
}

void TestConflictPolicies::undoOfADeletion()
{
    QFETCH(Policy, policy);
    QFETCH(bool, minesIsTheDeletion);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    SyncDevice other(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, policy);
    prepare(fixture, device);
    other.start();
    QVERIFY(fixture.live(other));
    device.line->loseEcho = 1000;
    if (minesIsTheDeletion) {
        fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"t"_s}});
        device.remove(u"Item"_s, u"i"_s);
    } else {
        fixture.server->remove(u"Item"_s, u"i"_s);
        device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"m"_s}});
    }
    QVERIFY(fixture.drained(device));
    device.line->loseEcho = 0;
    const bool lived = minesIsTheDeletion == (policy == Policy::Theirs);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).isNull(), !lived);
    QCOMPARE(decisions(device).size(), 1);
    const ConflictDecision decision = decisions(device).first();
    QCOMPARE(decision.deletion, minesIsTheDeletion ? DeletingSide::Mine : DeletingSide::Theirs);
    const ConflictSide taken = policy == Policy::Mine ? ConflictSide::Mine : ConflictSide::Theirs;
    QCOMPARE(undo(device, decision.id, taken).error().code(), Error::Code::InvalidArgument);
    const Result<Record> undone = undo(device, decision.id, ConflictSide::NotTaken);
    QVERIFY2(undone.ok(), qPrintable(undone.error().message()));
    QVERIFY(fixture.drained(device));
    fixture.time.advance(100);
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(stored.metadata().deleted, lived);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).isNull(), lived);
    QCOMPARE(other.find(u"Item"_s, u"i"_s).isNull(), lived);
    if (!lived) {
        QCOMPARE(valueOf(stored, u"note"_s), QVariant(minesIsTheDeletion ? u"t"_s : u"m"_s));
        QCOMPARE(valueOf(stored, u"label"_s), QVariant(u"screw"_s));
        QCOMPARE(other.find(u"Item"_s, u"i"_s), stored);
    }
    QCOMPARE(undo(device, decision.id, ConflictSide::NotTaken).error().code(), Error::Code::InvalidArgument);
}

void TestConflictPolicies::backendThatKeepsTheKeyOfADeletedRecord()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    fixture.server->revives = false;
    device.options.conflicts.set(u"Item"_s, Policy::Mine);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.server->remove(u"Item"_s, u"i"_s);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"m"_s}});
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.line->mutations.size(), 2);
    const OutboxEntry listed = device.outbox().first();
    QCOMPARE(listed.state, EntryState::Rejected);
    QCOMPARE(listed.error.code(), Error::Code::Conflict);
    QVERIFY2(listed.error.message().contains(u"key"_s), qPrintable(listed.error.message()));
    QCOMPARE(valueOf(device.find(u"Item"_s, u"i"_s), u"note"_s), QVariant(u"m"_s));
    fixture.server->forget(u"Item"_s, u"i"_s);                  // the tombstone is past its time
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 8}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(stored.metadata().version, 1);
    QCOMPARE(valueOf(stored, u"note"_s), QVariant(u"m"_s));
    QCOMPARE(stored.value(u"quantity").toInteger(), 8);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).metadata(), stored.metadata());
}

void TestConflictPolicies::tombstoneThatTheBackendForgot()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, Policy::Mine);
    prepare(fixture, device);
    device.line->latencyLeast = device.line->latencyMost = 100;
    fixture.server->remove(u"Item"_s, u"i"_s);
    fixture.server->forget(u"Item"_s, u"i"_s);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"m"_s}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(valueOf(fixture.server->record(u"Item"_s, u"i"_s), u"note"_s), QVariant(u"m"_s));
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
}

void TestConflictPolicies::revivalWhoseAnswerWasLost_data()
{
    QTest::addColumn<bool>("arrived");
    QTest::newRow("it arrived") << true;
    QTest::newRow("it did not") << false;
}

void TestConflictPolicies::revivalWhoseAnswerWasLost()
{
    QFETCH(bool, arrived);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, Policy::Mine);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.server->remove(u"Item"_s, u"i"_s);
    bool failed = false;
    fixture.server->answerMutation = [&](const OutboxEntry &entry) -> std::optional<MutationResponse> {
        if (failed || entry.operation != OutboxEntry::Operation::Create)
            return {};
        failed = true;
        if (arrived)
            (void)fixture.server->mutate(entry);
        return MutationResponse{Outcome::Unreachable, {}, Error(Error::Code::BackendFailed, u"Broken."_s)};
    };
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"m"_s}});
    QVERIFY(fixture.drained(device));
    QVERIFY(failed);
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QVERIFY(!stored.metadata().deleted);
    QCOMPARE(valueOf(stored, u"note"_s), QVariant(u"m"_s));
    QCOMPARE(stored.metadata().version, 3);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
    QCOMPARE(decisions(device).size(), 1);
}

void TestConflictPolicies::twoDevicesKeepADeletedRecord()
{
    SyncFixture fixture;
    SyncDevice first(fixture.time, fixture.server);
    SyncDevice second(fixture.time, fixture.server);
    for (SyncDevice *device : {&first, &second})
        device->options.conflicts.set(u"Item"_s, Policy::Mine);
    prepare(fixture, first);
    second.start();
    QVERIFY(fixture.live(second));
    for (SyncDevice *device : {&first, &second})
        device->line->set(false);
    fixture.server->remove(u"Item"_s, u"i"_s);
    first.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"first"_s}});
    second.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"second"_s}});
    for (SyncDevice *device : {&first, &second}) {
        device->line->set(true);
        device->engine().syncNow();
    }
    QVERIFY(fixture.drained(first));
    QVERIFY(fixture.drained(second));
    fixture.time.advance(200);
    QVERIFY(first.outbox().isEmpty() && second.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QVERIFY(!stored.metadata().deleted);
    QCOMPARE(valueOf(stored, u"note"_s), QVariant(u"first"_s));
    QCOMPARE(valueOf(stored, u"label"_s), QVariant(u"second"_s));
    QCOMPARE(first.find(u"Item"_s, u"i"_s), stored);
    QCOMPARE(second.find(u"Item"_s, u"i"_s), stored);
}

void TestConflictPolicies::recordMadeAnewBeforeTheAnswerIsTheNewest_data()
{
    QTest::addColumn<bool>("removes");              // this device, or it edits
    QTest::addColumn<bool>("isSecond");             // another device removed the record before
    QTest::addColumn<bool>("goesAgain");
    QTest::addColumn<std::optional<Policy>>("policy");
    QTest::newRow("own removal") << true << false << false << std::optional<Policy>();
    QTest::newRow("own removal, removed again") << true << false << true << std::optional<Policy>();
    QTest::newRow("removed by both") << true << true << false << std::optional<Policy>();
    QTest::newRow("removed by both, and again") << true << true << true << std::optional<Policy>();
    QTest::newRow("edit") << false << true << false << std::optional<Policy>();
    QTest::newRow("edit that gives way to a removal") << false << true << false << std::optional(Policy::Theirs);
    QTest::newRow("edit that keeps the record") << false << true << false << std::optional(Policy::Mine);
}

// The answer, which is about the removal, is late.
void TestConflictPolicies::recordMadeAnewBeforeTheAnswerIsTheNewest()
{
    QFETCH(bool, removes);
    QFETCH(bool, isSecond);
    QFETCH(bool, goesAgain);
    QFETCH(std::optional<Policy>, policy);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    if (policy)
        device.options.conflicts.set(u"Item"_s, *policy);
    prepare(fixture, device);
    if (removes)
        device.remove(u"Item"_s, u"i"_s);
    else
        device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"mine"_s}});
    fixture.time.advance(4);
    if (isSecond)
        fixture.server->remove(u"Item"_s, u"i"_s);
    device.line->latencyLeast = device.line->latencyMost = 100;         // of the answer
    device.line->loseEcho = 1000;
    fixture.time.advance(2);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).metadata(), (SyncMetadata{2, fixture.server->record(u"Item"_s, u"i"_s).metadata().lastChangedAt, true}));
    device.line->latencyLeast = device.line->latencyMost = 0;
    device.line->loseEcho = 0;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 9}});
    fixture.time.advance(1);
    if (goesAgain)
        fixture.server->remove(u"Item"_s, u"i"_s);
    fixture.time.advance(1000);
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(stored.metadata().version, goesAgain || !removes ? 4 : 3);
    QCOMPARE(valueOf(stored, u"note"_s), QVariant(removes ? u"old"_s : u"mine"_s));
    QCOMPARE(device.find(u"Item"_s, u"i"_s), goesAgain ? Record() : stored);
    const auto known = device.write<SyncMetadata>([&](WriteTransaction &transaction) { return transaction.metadata(*device.model(u"Item"_s), u"i"_s); });
    QCOMPARE(known, stored.metadata());
}

void TestConflictPolicies::childWaitsForItsRevivedParent()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.setDefault(Policy::Mine);
    fixture.put(u"Bin"_s, {{u"id"_s, u"b"_s}, {u"name"_s, u"old"_s}});
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.server->remove(u"Bin"_s, u"b"_s);
    QStringList order;
    fixture.server->answerMutation = [&](const OutboxEntry &entry) -> std::optional<MutationResponse> {
        order.append(entry.model->name + QString::number(int(entry.operation)));
        return {};
    };
    device.save(u"Bin"_s, {{u"id"_s, u"b"_s}, {u"name"_s, u"new"_s}});
    QVERIFY(fixture.until([&] { return !device.outbox().isEmpty() && device.outbox().first().operation == OutboxEntry::Operation::Create; }));
    device.save(u"Item"_s, {{u"id"_s, u"j"_s}, {u"binID"_s, u"b"_s}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(order, (QStringList{u"Bin1"_s, u"Bin0"_s, u"Item0"_s}));
    QVERIFY(!fixture.server->record(u"Bin"_s, u"b"_s).metadata().deleted);
    QVERIFY(!fixture.server->record(u"Item"_s, u"j"_s).isNull());
}

void TestConflictPolicies::keyIsUsedAgainAfterADeletion_data()
{
    QTest::addColumn<bool>("drains");               // between the deletion and the create
    QTest::addColumn<bool>("removedHere");
    QTest::newRow("at once") << false << true;
    QTest::newRow("later") << true << true;
    QTest::newRow("deleted elsewhere") << true << false;
}

void TestConflictPolicies::keyIsUsedAgainAfterADeletion()
{
    QFETCH(bool, drains);
    QFETCH(bool, removedHere);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    if (removedHere)
        device.remove(u"Item"_s, u"i"_s);
    else
        fixture.server->remove(u"Item"_s, u"i"_s);
    if (drains) {
        QVERIFY(fixture.drained(device));
        fixture.time.advance(100);
    }
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"anew"_s}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QVERIFY(!stored.metadata().deleted);
    QCOMPARE(valueOf(stored, u"label"_s), QVariant(u"anew"_s));
    QVERIFY(stored.value(u"note").isNull());
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
}

// ---- the application decides ----

namespace {

struct Asked
{
    Conflict conflict;
    std::function<void(const Result<Resolution> &)> reply;
};

// A device whose handler is the test.
class AskedDevice : public SyncDevice
{
public:
    using SyncDevice::SyncDevice;
    QList<Asked> asked;

    void install()
    {
        options.conflicts.set(u"Item"_s, u"note"_s, Policy::Ask);
        ask = [this](const Conflict &conflict, std::function<void(const Result<Resolution> &)> reply) { asked.append({conflict, std::move(reply)}); };
    }
};

void contest(SyncFixture &fixture, AskedDevice &device)
{
    device.install();
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"t"_s}, {u"label"_s, u"bolt"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"m"_s}, {u"quantity"_s, 5}});
    QVERIFY(fixture.until([&] { return !device.asked.isEmpty(); }));
    device.line->loseEcho = 0;
}

} // namespace

void TestConflictPolicies::handlerDecides_data()
{
    QTest::addColumn<Resolution>("resolution");
    QTest::addColumn<QString>("note");              // null: the record is gone
    QTest::addColumn<QString>("label");
    QTest::newRow("mine") << Resolution::mine() << u"m"_s << u"bolt"_s;
    QTest::newRow("theirs") << Resolution::theirs() << u"t"_s << u"bolt"_s;
    QTest::newRow("a third value") << Resolution::fields({{u"note"_s, Value(u"m and t"_s)}}) << u"m and t"_s << u"bolt"_s;
    QTest::newRow("another field too") << Resolution::fields({{u"note"_s, Value(u"x"_s)}, {u"label"_s, Value(u"nail"_s)}}) << u"x"_s << u"nail"_s;
    QTest::newRow("nothing of it") << Resolution::fields({}) << u"m"_s << u"bolt"_s;
    QTest::newRow("delete") << Resolution::remove() << QString() << u"bolt"_s;
}

void TestConflictPolicies::handlerDecides()
{
    QFETCH(Resolution, resolution);
    QFETCH(QString, note);
    QFETCH(QString, label);
    SyncFixture fixture;
    AskedDevice device(fixture.time, fixture.server);
    contest(fixture, device);
    const Conflict conflict = device.asked.first().conflict;
    QCOMPARE(conflict.key, u"i"_s);
    QCOMPARE(conflict.fields, QStringList{u"note"_s});
    QCOMPARE(conflict.base.value(u"note").toText(), u"old"_s);
    QCOMPARE(conflict.mine.value(u"note").toText(), u"m"_s);
    QCOMPARE(conflict.mine.value(u"quantity").toInteger(), 5);
    QCOMPARE(conflict.theirs.value(u"note").toText(), u"t"_s);
    QCOMPARE(conflict.theirs.metadata().version, 2);
    QCOMPARE(device.outbox().first().state, EntryState::Undecided);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).value(u"note").toText(), u"m"_s);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).state(), SyncState::Pending);
    device.asked.first().reply(resolution);
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(device.asked.size(), 1);
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(stored.metadata().deleted, note.isNull());
    QCOMPARE(stored.value(u"label").toText(), label);
    if (note.isNull()) {
        QVERIFY(device.find(u"Item"_s, u"i"_s).isNull());
        return;
    }
    QCOMPARE(stored.value(u"note").toText(), note);
    QCOMPARE(stored.value(u"quantity").toInteger(), 5);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
    QCOMPARE(decisions(device).size(), 1);
    QCOMPARE(decisions(device).first().fields.first().policy, u"ask"_s);
    QCOMPARE(decisions(device).first().fields.first().result, Value(note));
}

void TestConflictPolicies::handlerThatDoesNotAnswerEndsOnTheBench_data()
{
    QTest::addColumn<int>("answer");
    QTest::newRow("no answer") << 0;
    QTest::newRow("an error") << 1;
    QTest::newRow("an unknown field") << 2;
    QTest::newRow("a value of the wrong type") << 3;
    QTest::newRow("the key") << 4;
    QTest::newRow("no handler") << 5;
}

void TestConflictPolicies::handlerThatDoesNotAnswerEndsOnTheBench()
{
    QFETCH(int, answer);
    SyncFixture fixture;
    AskedDevice device(fixture.time, fixture.server);
    if (answer == 5) {
        device.options.conflicts.set(u"Item"_s, u"note"_s, Policy::Ask);
        prepare(fixture, device);
        device.line->loseEcho = 1000;
        fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"t"_s}});
        device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"m"_s}});
    } else {
        contest(fixture, device);
    }
    const Result<Resolution> answers[] = {Resolution(), Error(Error::Code::Rejected, u"It threw."_s), Resolution::fields({{u"nothing"_s, Value(1)}}),
                                          Resolution::fields({{u"note"_s, Value(1)}}), Resolution::fields({{u"id"_s, Value(u"x"_s)}})};
    if (answer > 0 && answer < 5)
        device.asked.first().reply(answers[answer]);
    else if (answer == 0)
        fixture.time.advance(29'000);
    if (answer == 0)
        QCOMPARE(device.outbox().first().state, EntryState::Undecided);
    QVERIFY(fixture.until([&] { return !device.payloads(u"outboxMutationFailed"_s).isEmpty(); }));
    const OutboxEntry entry = device.outbox().first();
    QCOMPARE(entry.state, EntryState::Rejected);
    QCOMPARE(entry.error.code(), Error::Code::Conflict);
    QCOMPARE(entry.theirs.value(u"note").toText(), u"t"_s);
    QCOMPARE(entry.contested.first().base, Value(u"old"_s));
    QCOMPARE(device.find(u"Item"_s, u"i"_s).value(u"note").toText(), u"m"_s);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).state(), SyncState::Rejected);
    QVERIFY(!device.errors.isEmpty());
    if (answer == 0) {
        device.asked.first().reply(Resolution::theirs());       // too late
        fixture.time.advance(100);
        QCOMPARE(device.outbox().first().state, EntryState::Rejected);
    }
}

void TestConflictPolicies::handlerDecidesAboutTheirDeletion_data()
{
    QTest::addColumn<Resolution>("resolution");
    QTest::addColumn<QString>("note");              // null: the record is gone
    QTest::newRow("mine") << Resolution::mine() << u"m"_s;
    QTest::newRow("theirs") << Resolution::theirs() << QString();
    QTest::newRow("delete") << Resolution::remove() << QString();
    QTest::newRow("a value") << Resolution::fields({{u"note"_s, Value(u"x"_s)}}) << u"x"_s;
    QTest::newRow("nothing of it") << Resolution::fields({}) << u"m"_s;
}

void TestConflictPolicies::handlerDecidesAboutTheirDeletion()
{
    QFETCH(Resolution, resolution);
    QFETCH(QString, note);
    SyncFixture fixture;
    AskedDevice device(fixture.time, fixture.server);
    device.install();
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.server->remove(u"Item"_s, u"i"_s);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"m"_s}});
    QVERIFY(fixture.until([&] { return !device.asked.isEmpty(); }));
    device.line->loseEcho = 0;
    const Conflict conflict = device.asked.first().conflict;
    QCOMPARE(conflict.deletion, DeletingSide::Theirs);
    QCOMPARE(conflict.fields, QStringList{u"note"_s});
    QVERIFY(conflict.theirs.metadata().deleted);
    QCOMPARE(conflict.mine.value(u"note").toText(), u"m"_s);
    QCOMPARE(conflict.mine.value(u"label").toText(), u"screw"_s);
    QCOMPARE(conflict.base.value(u"note").toText(), u"old"_s);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).state(), SyncState::Pending);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 6}});
    device.asked.first().reply(resolution);
    QVERIFY(fixture.drained(device));
    fixture.time.advance(100);
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(device.asked.size(), 1);
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(stored.metadata().deleted, note.isNull());
    QCOMPARE(device.find(u"Item"_s, u"i"_s).isNull(), note.isNull());
    QCOMPARE(decisions(device).size(), 1);
    QCOMPARE(decisions(device).first().fields.first().policy, u"ask"_s);
    if (note.isNull())
        return;
    QCOMPARE(stored.value(u"note").toText(), note);
    QCOMPARE(stored.value(u"quantity").toInteger(), 6);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
}

void TestConflictPolicies::handlerDecidesAboutMyDeletion_data()
{
    QTest::addColumn<Resolution>("resolution");
    QTest::addColumn<QString>("note");              // null: the record is gone
    QTest::newRow("mine") << Resolution::mine() << QString();
    QTest::newRow("theirs") << Resolution::theirs() << u"t"_s;
    QTest::newRow("delete") << Resolution::remove() << QString();
    QTest::newRow("a value") << Resolution::fields({{u"note"_s, Value(u"x"_s)}}) << u"x"_s;
    QTest::newRow("nothing of it") << Resolution::fields({}) << u"t"_s;
}

void TestConflictPolicies::handlerDecidesAboutMyDeletion()
{
    QFETCH(Resolution, resolution);
    QFETCH(QString, note);
    SyncFixture fixture;
    AskedDevice device(fixture.time, fixture.server);
    device.install();
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"t"_s}});
    device.remove(u"Item"_s, u"i"_s);
    QVERIFY(fixture.until([&] { return !device.asked.isEmpty(); }));
    device.line->loseEcho = 0;
    const Conflict conflict = device.asked.first().conflict;
    QCOMPARE(conflict.deletion, DeletingSide::Mine);
    QCOMPARE(conflict.fields, QStringList{u"note"_s});
    QCOMPARE(conflict.theirs.value(u"note").toText(), u"t"_s);
    QCOMPARE(conflict.base.value(u"note").toText(), u"old"_s);
    QVERIFY(device.find(u"Item"_s, u"i"_s).isNull());
    device.asked.first().reply(resolution);
    QVERIFY(fixture.drained(device));
    fixture.time.advance(100);
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(device.asked.size(), 1);
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(stored.metadata().deleted, note.isNull());
    QCOMPARE(device.find(u"Item"_s, u"i"_s).isNull(), note.isNull());
    QCOMPARE(decisions(device).size(), 1);
    QCOMPARE(decisions(device).first().deletion, DeletingSide::Mine);
    if (note.isNull())
        return;
    QCOMPARE(stored.value(u"note").toText(), note);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
}

void TestConflictPolicies::questionAboutADeletionEnds_data()
{
    QTest::addColumn<bool>("minesIsTheDeletion");
    QTest::addColumn<int>("end");                   // 0: no answer, 1: an error, 2: a wrong value, 3: the other side's change is deleted or made anew
    for (const bool mine : {false, true}) {
        const char *whose = mine ? "mine" : "theirs";
        QTest::addRow("%s, no answer", whose) << mine << 0;
        QTest::addRow("%s, an error", whose) << mine << 1;
        QTest::addRow("%s, a wrong value", whose) << mine << 2;
        QTest::addRow("%s, the other side thinks again", whose) << mine << 3;
    }
}

void TestConflictPolicies::questionAboutADeletionEnds()
{
    QFETCH(bool, minesIsTheDeletion);
    QFETCH(int, end);
    SyncFixture fixture;
    AskedDevice device(fixture.time, fixture.server);
    device.install();
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    if (minesIsTheDeletion) {
        fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"t"_s}});
        device.remove(u"Item"_s, u"i"_s);
    } else {
        fixture.server->remove(u"Item"_s, u"i"_s);
        device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"m"_s}});
    }
    QVERIFY(fixture.until([&] { return !device.asked.isEmpty(); }));
    device.line->loseEcho = 0;
    if (end == 3) {
        if (minesIsTheDeletion)
            fixture.server->remove(u"Item"_s, u"i"_s);
        else
            fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"again"_s}});
        QVERIFY(fixture.until([&] { return minesIsTheDeletion ? device.outbox().isEmpty() : device.asked.size() == 2; }));
        if (!minesIsTheDeletion) {
            QCOMPARE(device.asked.last().conflict.deletion, DeletingSide::None);
            device.asked.last().reply(Resolution::mine());
        }
        QVERIFY(fixture.drained(device));
        QVERIFY(device.outbox().isEmpty());
        return;
    }
    if (end == 1)
        device.asked.first().reply(Error(Error::Code::Rejected, u"It threw."_s));
    else if (end == 2)
        device.asked.first().reply(Resolution::fields({{u"note"_s, Value(1)}}));
    QVERIFY(fixture.until([&] { return !device.payloads(u"outboxMutationFailed"_s).isEmpty(); }));
    QCOMPARE(device.outbox().first().state, EntryState::Rejected);
    QCOMPARE(device.outbox().first().error.code(), Error::Code::Conflict);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).isNull(), minesIsTheDeletion);
    const QList<Record> discarded = device.write<QList<Record>>([mutation = device.outbox().first().sequence](WriteTransaction &transaction) {
        const Dependencies dependencies(transaction.schema());
        return Repair(transaction, dependencies).discard(mutation, DiscardScope::Mutation);
    });
    QVERIFY(!discarded.isEmpty() == minesIsTheDeletion);
    fixture.time.advance(100);
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(device.find(u"Item"_s, u"i"_s).isNull(), !minesIsTheDeletion);
    if (minesIsTheDeletion) {
        QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
        QCOMPARE(device.find(u"Item"_s, u"i"_s).metadata().version, 2);
    }
}

void TestConflictPolicies::handlerIsAskedAnewAboutANewerRecord()
{
    SyncFixture fixture;
    AskedDevice device(fixture.time, fixture.server);
    contest(fixture, device);
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"t2"_s}});
    QVERIFY(fixture.until([&] { return device.asked.size() == 2; }));
    device.asked.first().reply(Resolution::theirs());           // about what is not there any more
    fixture.time.advance(100);
    QCOMPARE(device.outbox().first().state, EntryState::Undecided);
    QCOMPARE(device.asked.last().conflict.theirs.value(u"note").toText(), u"t2"_s);
    QCOMPARE(device.asked.last().conflict.base.value(u"note").toText(), u"old"_s);
    QCOMPARE(device.asked.last().conflict.attempt, 2);
    device.asked.last().reply(Resolution::mine());
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.asked.size(), 2);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"note").toText(), u"m"_s);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
}

void TestConflictPolicies::questionSurvivesARestart()
{
    QTemporaryDir folder;
    SyncFixture fixture;
    AskedDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    contest(fixture, device);
    device.kill();
    device.start();
    QVERIFY(fixture.until([&] { return device.asked.size() == 2; }));
    QCOMPARE(device.asked.last().conflict.base.value(u"note").toText(), u"old"_s);
    device.asked.first().reply(Resolution::theirs());           // of an engine that is gone
    device.asked.last().reply(Resolution::mine());
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"note").toText(), u"m"_s);
}

void TestConflictPolicies::questionStopsOnlyItsLane()
{
    SyncFixture fixture;
    AskedDevice device(fixture.time, fixture.server);
    contest(fixture, device);
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 6}});
    fixture.time.advance(1000);
    QVERIFY(!fixture.server->record(u"Tag"_s, u"t"_s).isNull());
    QCOMPARE(device.outbox().size(), 2);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).metadata().version, 2);
    device.asked.first().reply(Resolution::theirs());
    QVERIFY(fixture.drained(device));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 6);
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"note").toText(), u"t"_s);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
}

void TestConflictPolicies::handlerThatNeverSettlesEndsOnTheBench()
{
    SyncFixture fixture;
    AskedDevice device(fixture.time, fixture.server);
    device.install();
    device.ask = [&](const Conflict &, const std::function<void(const Result<Resolution> &)> &reply) { reply(Resolution::mine()); };
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    int count = 0;
    fixture.server->answerMutation = [&](const OutboxEntry &entry) {
        fixture.put(u"Item"_s, {{u"id"_s, entry.key}, {u"note"_s, u"t%1"_s.arg(++count)}});
        return MutationResponse{Outcome::Conflict, fixture.server->record(u"Item"_s, entry.key), Error(Error::Code::Conflict, u"No."_s)};
    };
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"m"_s}});
    QVERIFY(fixture.until([&] { return !device.payloads(u"outboxMutationFailed"_s).isEmpty(); }, 300'000));
    QVERIFY(device.line->mutations.size() <= 10);
    QCOMPARE(device.outbox().first().state, EntryState::Rejected);
    QCOMPARE(device.outbox().first().error.code(), Error::Code::Conflict);
    QVERIFY(!device.outbox().first().theirs.isNull());
    QVERIFY(fixture.time.monotonic() > 5000);
}

// ---- what other clients do, rows C1 to C16 of MP-10, MP-11 and MP-12 ----

void TestConflictPolicies::conflictRows_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<int>("latency");
    QTest::addColumn<bool>("settles");              // waits for the outbox after each edit
    QTest::addColumn<QString>("otherField");        // that a second client changes between the edits; empty: none
    const auto row = [](const QByteArray &name, Mode mode, int latency, bool settles, const QString &otherField) {
        QTest::newRow(name.constData()) << int(mode) << latency << settles << otherField;
    };
    for (const Mode mode : {Mode::Automerge, Mode::Optimistic}) {
        const QByteArray suffix = mode == Mode::Automerge ? ", automerge" : ", optimistic";
        row("C1: slow" + suffix, mode, 500, false, {});
        row("C2: fast" + suffix, mode, 5, false, {});
        row("C4: slow, settled" + suffix, mode, 500, true, {});
        row("C5: fast, settled" + suffix, mode, 5, true, {});
        row("C6, C13: the same field, slow" + suffix, mode, 500, false, u"label"_s);
        row("C7, C14: the same field, fast" + suffix, mode, 5, false, u"label"_s);
        row("C8: the same field, settled" + suffix, mode, 5, true, u"label"_s);
        row("C9, C15: another field, slow" + suffix, mode, 500, false, u"note"_s);
        row("C10, C15: another field, fast" + suffix, mode, 5, false, u"note"_s);
        row("C11, C16: another field, settled" + suffix, mode, 5, true, u"note"_s);
    }
}

void TestConflictPolicies::conflictRows()
{
    QFETCH(int, mode);
    QFETCH(int, latency);
    QFETCH(bool, settles);
    QFETCH(QString, otherField);
    SyncFixture fixture{Mode(mode)};
    SyncDevice device(fixture.time, fixture.server);
    prepare(fixture, device);
    device.line->latencyLeast = device.line->latencyMost = latency;
    for (int edit = 0; edit < 3; ++edit) {
        device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"edit %1"_s.arg(edit)}});
        fixture.time.advance(50);
        if (settles)
            QVERIFY(fixture.drained(device));
        if (edit == 1 && !otherField.isEmpty())
            fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {otherField, u"other"_s}});
        if (edit == 1 && settles)
            fixture.time.advance(100);
    }
    QVERIFY(fixture.drained(device));
    fixture.time.advance(2 * latency + 100);
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).metadata(), stored.metadata());
    const QString label = stored.value(u"label").toText();
    if (otherField == u"label"_s)
        QVERIFY2(label == u"edit 2"_s || label == u"other"_s, qPrintable(label));      // the complete intent of one, no older edit
    else
        QCOMPARE(label, u"edit 2"_s);
    if (otherField == u"note"_s)
        QCOMPARE(stored.value(u"note").toText(), u"other"_s);
    QVERIFY(device.line->mutations.size() <= (otherField.isEmpty() ? 3 : 5));
}

void TestConflictPolicies::editsBeforeTheCreateIsConfirmedAreOne_data()
{
    addModes();
}

// C3: the create has not been sent.
void TestConflictPolicies::editsBeforeTheCreateIsConfirmedAreOne()
{
    QFETCH(int, mode);
    SyncFixture fixture{Mode(mode)};
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.line->set(false);
    device.save(u"Item"_s, {{u"id"_s, u"new"_s}, {u"label"_s, u"first"_s}});
    for (int edit = 0; edit < 3; ++edit) {
        device.save(u"Item"_s, {{u"id"_s, u"new"_s}, {u"label"_s, u"edit %1"_s.arg(edit)}});
        fixture.time.advance(10);
    }
    device.line->set(true);
    device.engine().syncNow();
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.line->mutations.size(), 1);
    QCOMPARE(fixture.server->record(u"Item"_s, u"new"_s).value(u"label").toText(), u"edit 2"_s);
    QCOMPARE(fixture.server->record(u"Item"_s, u"new"_s).metadata().version, 1);
}

// MP-44: the record that a conflict does not show is fetched by its whole key.
void TestConflictPolicies::theirsOfACustomKeyIsLookedUp()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Tag"_s, Policy::Theirs);
    fixture.put(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"old"_s}});
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"theirs"_s}});
    fixture.server->answerMutation = [](const OutboxEntry &) {
        return MutationResponse{Outcome::Conflict, {}, Error(Error::Code::Conflict, u"No."_s)};
    };
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"mine"_s}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(device.line->mutations.size(), 1);
    QCOMPARE(device.find(u"Tag"_s, u"t"_s).value(u"text").toText(), u"theirs"_s);
    QCOMPARE(decisions(device).size(), 1);
}

void TestConflictPolicies::differentFieldsBothSurvive_data()
{
    addModes();
}

// MP-45: no client erases a field that it did not change.
void TestConflictPolicies::differentFieldsBothSurvive()
{
    QFETCH(int, mode);
    SyncFixture fixture{Mode(mode)};
    SyncDevice first(fixture.time, fixture.server);
    SyncDevice second(fixture.time, fixture.server);
    prepare(fixture, first);
    second.start();
    QVERIFY(fixture.live(second));
    fixture.time.runAll();
    first.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
    second.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"new"_s}});
    QVERIFY(fixture.drained(first));
    QVERIFY(fixture.drained(second));
    fixture.time.advance(100);
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(stored.value(u"quantity").toInteger(), 7);
    QCOMPARE(stored.value(u"note").toText(), u"new"_s);
    QCOMPARE(stored.value(u"label").toText(), u"screw"_s);
    QCOMPARE(first.find(u"Item"_s, u"i"_s), stored);
    QCOMPARE(second.find(u"Item"_s, u"i"_s), stored);
    QVERIFY(decisions(first).isEmpty());
    QVERIFY(decisions(second).isEmpty());
}

void TestConflictPolicies::manyDevicesCountTogether_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<int>("seed");
    QTest::addColumn<bool>("faults");
    for (const Mode mode : {Mode::Optimistic, Mode::Automerge}) {
        for (int seed = 1; seed <= 20; ++seed) {
            QTest::addRow("%s, seed %d", mode == Mode::Automerge ? "automerge" : "optimistic", seed) << int(mode) << seed << false;
            QTest::addRow("%s, seed %d, answers are lost", mode == Mode::Automerge ? "automerge" : "optimistic", seed) << int(mode) << seed << true;
        }
    }
}

/*
    Every increment is another power of two, so that the sum says which ones are in it, and none can be in it twice.
    Those that nobody can tell of may be in it or not; all others are.
*/
void TestConflictPolicies::manyDevicesCountTogether()
{
    QFETCH(int, mode);
    QFETCH(int, seed);
    QFETCH(bool, faults);
    SyncFixture fixture{Mode(mode), quint64(seed)};
    QTemporaryDir folder;
    std::vector<std::unique_ptr<SyncDevice>> devices;
    for (int i = 0; i < 3; ++i) {
        const QString path = faults ? folder.filePath(u"%1.sqlite"_s.arg(i)) : u":memory:"_s;
        devices.push_back(std::make_unique<SyncDevice>(fixture.time, fixture.server, path));
        SyncDevice &device = *devices.back();
        device.options.conflicts.set(u"Item"_s, u"quantity"_s, Policy::Sum);
        device.line->latencyMost = 60;
        if (i == 0) {
            prepare(fixture, device);
            fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 0}});
        } else {
            device.start();
            QVERIFY(fixture.live(device));
        }
    }
    fixture.time.advance(200);
    for (const auto &device : devices) {
        device->line->loseAnswer = faults ? 200 : 0;
        device->line->loseRequest = faults ? 100 : 0;
    }
    for (int count = 0; count < 30; ++count) {
        SyncDevice &device = *devices[size_t(fixture.time.random() % 3)];
        const qint64 shown = device.find(u"Item"_s, u"i"_s).value(u"quantity").toInteger();
        device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, shown + (qint64(1) << count)}});
        fixture.time.advance(qint64(fixture.time.random() % 100));
        if (faults && fixture.time.random() % 8 == 0) {
            device.line->set(false);
            fixture.time.advance(qint64(fixture.time.random() % 300));
            device.line->set(true);
        }
        if (faults && fixture.time.random() % 12 == 0) {
            fixture.time.runAll();          // what was saved is stored
            device.kill();
            device.start();
            fixture.time.runAll();
        }
    }
    for (const auto &device : devices)
        device->line->loseAnswer = device->line->loseRequest = 0;
    for (const auto &device : devices)
        QVERIFY(fixture.drained(*device));
    fixture.time.advance(120'000);
    const qint64 total = fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger();
    qint64 doubtful = 0;
    for (const auto &device : devices) {
        QCOMPARE(device->find(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), total);
        QVERIFY(device->payloads(u"outboxMutationFailed"_s).isEmpty());
        const QList<ConflictDecision> journal = decisions(*device);
        for (const ConflictDecision &decision : journal) {
            const ConflictDecision::Field &field = decision.fields.first();
            if (field.policy == u"doubt"_s)
                doubtful |= field.mine.toInteger() - field.base.toInteger();
        }
    }
    const qint64 all = (qint64(1) << 30) - 1;
    QVERIFY2((total & ~all) == 0 && ((all & ~total) & ~doubtful) == 0,
             qPrintable(u"total %1, missing %2, in doubt %3"_s.arg(total, 0, 2).arg(all & ~total, 0, 2).arg(doubtful, 0, 2)));
}

QTEST_GUILESS_MAIN(TestConflictPolicies)

#include "tst_conflictpolicies.moc"
