// SPDX-License-Identifier: MIT
#include "conflictfixture.h"

#include "client/sync/contest_p.h"

#include <QtCore/QTemporaryDir>

using namespace TidelineTest;

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
    void copyThatAMergeMadeUnseenIsTakenOut_data();
    void copyThatAMergeMadeUnseenIsTakenOut();
    void correctionThatIsMergedItselfTakesTheCopyOut();
    void incrementThatDidNotArriveIsAdded();
    void incrementInDoubtIsJournalledAndAddedByUndo();
    void incrementLikeAnothersIsNotTakenForIt_data();
    void incrementLikeAnothersIsNotTakenForIt();
    void incrementThatDidNothingIsNotTakenForAnothers_data();
    void incrementThatDidNothingIsNotTakenForAnothers();
    void incrementLikeTheOneThatProvesItDidNotArriveIsAdded_data();
    void incrementLikeTheOneThatProvesItDidNotArriveIsAdded();
    void mergeThatPutsBackWhatOthersTookOutIsCorrected_data();
    void mergeThatPutsBackWhatOthersTookOutIsCorrected();
    void whatBothHaveStaysWhereBothTakeOutCopies();
    void countThatOthersMayHaveMadeUpForIsJournalled_data();
    void countThatOthersMayHaveMadeUpForIsJournalled();
    void whatStandsBehindOneThatArrivedIsDecided_data();
    void whatStandsBehindOneThatArrivedIsDecided();
    void firstIncrementsThatAreAlike_data();
    void firstIncrementsThatAreAlike();
    void changeBehindOneThatAMergeDroppedIsNoConflict_data();
    void changeBehindOneThatAMergeDroppedIsNoConflict();
    void whatAMergeTookUnseenIsNotAddedTwice_data();
    void whatAMergeTookUnseenIsNotAddedTwice();
    void decisionOfOneUnderWayIsMadeWhenItIsSettled();
    void decisionsAreJournalledOnlyWhenBothSidesDiffer();
    void undoReachesAllDevices_data();
    void undoReachesAllDevices();
    void undoOfAMixedResultNeedsASide();
    void undoAfterAnotherEditIsRefused();
    void recordMadeAnewBeforeTheAnswerIsTheNewest_data();
    void recordMadeAnewBeforeTheAnswerIsTheNewest();
    void conflictRows_data();
    void conflictRows();
    void editsBeforeTheCreateIsConfirmedAreOne_data();
    void editsBeforeTheCreateIsConfirmedAreOne();
    void theirsOfACustomKeyIsLookedUp();
    void theirsOfAKeyOfSeveralFieldsIsLookedUp();
    void differentFieldsBothSurvive_data();
    void differentFieldsBothSurvive();
    void manyDevicesCountTogether_data();
    void manyDevicesCountTogether();
};

static bool saysDoubt(SyncDevice &device, QStringView name)
{
    const QList<ConflictDecision> journal = decisions(device);
    return std::any_of(journal.begin(), journal.end(), [name](const ConflictDecision &decision) {
        return std::any_of(decision.fields.begin(), decision.fields.end(), [name](const auto &field) { return field.name == name && field.policy == u"doubt"; });
    });
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
    row("append, the same", Policy::Append, u"tags"_s, list("am"), list("amt"), {list("amtamx")}, list("amtmx"));
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

void TestConflictPolicies::copyThatAMergeMadeUnseenIsTakenOut_data()
{
    QTest::addColumn<bool>("changedAgain");         // by others, before the line is back
    QTest::newRow("nothing else") << false;
    QTest::newRow("others append") << true;
}

/* Automerge appends the whole list to that of a newer version; the answer that would say so is lost. */
void TestConflictPolicies::copyThatAMergeMadeUnseenIsTakenOut()
{
    QFETCH(bool, changedAgain);
    SyncFixture fixture{Mode::Automerge};
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"tags"_s, Policy::Append);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"t"_s}});
    device.line->loseAnswer = 1;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"tags"_s, QStringList{u"a"_s, u"m"_s}}});
    QVERIFY(fixture.until([&] { return fixture.server->record(u"Item"_s, u"i"_s).metadata().version == 3; }));
    QCOMPARE(valueOf(fixture.server->record(u"Item"_s, u"i"_s), u"tags"_s).toStringList(), (QStringList{u"a"_s, u"a"_s, u"m"_s}));
    device.line->set(false);
    device.line->loseAnswer = 0;
    device.line->loseEcho = 0;
    fixture.time.advance(50);
    if (changedAgain)
        fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"tags"_s, QStringList{u"a"_s, u"a"_s, u"m"_s, u"x"_s}}});
    device.line->set(true);
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(valueOf(stored, u"tags"_s).toStringList().join(QString()), changedAgain ? u"amx"_s : u"am"_s);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), stored);
}

/* What takes the copy out of a merged list meets a newer version again. */
void TestConflictPolicies::correctionThatIsMergedItselfTakesTheCopyOut()
{
    SyncFixture fixture{Mode::Automerge};
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"tags"_s, Policy::Append);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"tags"_s, QStringList{u"a"_s, u"x"_s}}});
    int sent = 0;
    fixture.server->answerMutation = [&](const OutboxEntry &) -> std::optional<MutationResponse> {
        if (++sent == 2)
            fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"tags"_s, QStringList{u"a"_s, u"x"_s, u"a"_s, u"m"_s, u"y"_s}}});
        return {};
    };
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"tags"_s, QStringList{u"a"_s, u"m"_s}}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"i"_s);
    QCOMPARE(valueOf(stored, u"tags"_s).toStringList().join(QString()), u"axmy"_s);
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
void TestConflictPolicies::incrementInDoubtIsJournalledAndAddedByUndo()
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
    QVERIFY(undo(device, journal.first().id, ConflictSide::NotTaken).ok());
    QVERIFY(fixture.drained(device));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 15);
}

void TestConflictPolicies::incrementLikeAnothersIsNotTakenForIt_data()
{
    QTest::addColumn<bool>("inDoubt");              // theirs is not where ours would be, but may lie over it
    QTest::addColumn<int>("total");
    QTest::newRow("in place of ours") << false << 5;
    QTest::newRow("maybe over ours") << true << 3;
}

/* Both count two more; this device's request is lost, and it does not know. */
void TestConflictPolicies::incrementLikeAnothersIsNotTakenForIt()
{
    QFETCH(bool, inDoubt);
    QFETCH(int, total);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"quantity"_s, Policy::Sum);
    if (inDoubt)
        fixture.server->deltaTtl = 1;       // only the latest version is told of
    prepare(fixture, device);
    device.line->loseRequest = 1000;
    device.line->loseEcho = 1000;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}, {u"note"_s, u"m"_s}});
    QVERIFY(fixture.until([&] { return device.outbox().first().attempts > 0; }));
    device.line->set(false);
    fixture.time.advance(50);
    device.line->loseRequest = 0;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}});
    if (inDoubt)
        fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"bolt"_s}});
    device.line->set(true);
    device.engine().syncNow();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), total);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
    QCOMPARE(saysDoubt(device, u"quantity"), inDoubt);
}

void TestConflictPolicies::incrementThatDidNothingIsNotTakenForAnothers_data()
{
    QTest::addColumn<std::optional<Outcome>>("outcome");        // instead of the conflict
    QTest::addColumn<bool>("goesOn");                           // another change is told of before the answer, too
    QTest::newRow("conflict") << std::optional<Outcome>() << false;
    QTest::newRow("conflict that is older than what was told") << std::optional<Outcome>() << true;
    for (const bool goesOn : {false, true}) {
        const char *suffix = goesOn ? ", others went on" : "";
        QTest::addRow("not authorized%s", suffix) << std::optional(Outcome::Unauthorized) << goesOn;
        QTest::addRow("not sent%s", suffix) << std::optional(Outcome::Unsent) << goesOn;
        QTest::addRow("refused%s", suffix) << std::optional(Outcome::Rejected) << goesOn;
    }
}

/* Both count two more; the other's is told of before the answer to this one, which then did not take place. */
void TestConflictPolicies::incrementThatDidNothingIsNotTakenForAnothers()
{
    QFETCH(std::optional<Outcome>, outcome);
    QFETCH(bool, goesOn);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"quantity"_s, Policy::Sum);
    prepare(fixture, device);
    if (outcome) {
        fixture.server->answerMutation = [&](const OutboxEntry &entry) {
            fixture.server->answerMutation = {};
            const auto code = *outcome == Outcome::Rejected ? Error::Code::Rejected : Error::Code::Unauthorized;
            return std::optional(MutationResponse{*outcome, {}, Error(code, u"No."_s).withModel(entry.model->name)});
        };
    }
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}});
    fixture.time.advance(4);
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}});
    device.line->latencyLeast = device.line->latencyMost = 100;         // of the answer
    fixture.time.advance(2);
    device.line->latencyLeast = device.line->latencyMost = 5;
    if (goesOn)
        fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"bolt"_s}});
    fixture.time.advance(20);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).metadata().version, fixture.server->record(u"Item"_s, u"i"_s).metadata().version);
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.find(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 5);
    if (outcome == Outcome::Rejected) {
        QCOMPARE(device.outbox().size(), 1);
        return;
    }
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 5);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
}

void TestConflictPolicies::incrementLikeTheOneThatProvesItDidNotArriveIsAdded_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("seen");                 // theirs, before the answer
    for (const bool seen : {true, false}) {
        QTest::addRow("optimistic, %s", seen ? "seen before" : "told by the answer") << int(Mode::Optimistic) << seen;
        QTest::addRow("automerge, %s", seen ? "seen before" : "told by the answer") << int(Mode::Automerge) << seen;
    }
}

/* Both count two more. Others' change stands where that of the first attempt would, but without its note. */
void TestConflictPolicies::incrementLikeTheOneThatProvesItDidNotArriveIsAdded()
{
    QFETCH(int, mode);
    QFETCH(bool, seen);
    SyncFixture fixture{Mode(mode)};
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"quantity"_s, Policy::Sum);
    prepare(fixture, device);
    device.line->loseEcho = seen ? 0 : 1000;
    fixture.server->answerMutation = [&](const OutboxEntry &) {
        fixture.server->answerMutation = {};
        return std::optional(MutationResponse{Outcome::Unreachable, {}, Error(Error::Code::Network, u"It broke."_s)});
    };
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}, {u"note"_s, u"m"_s}});
    QVERIFY(fixture.until([&] { return device.line->mutations.size() == 2; }));
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 3}});
    device.line->latencyLeast = device.line->latencyMost = 100;         // of the answer
    fixture.time.advance(10);
    QCOMPARE(device.find(u"Item"_s, u"i"_s).metadata().version, seen ? 2 : 1);
    device.line->loseEcho = 0;
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 5);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
}

void TestConflictPolicies::mergeThatPutsBackWhatOthersTookOutIsCorrected_data()
{
    QTest::addColumn<bool>("seen");                 // theirs, before the answer
    QTest::newRow("seen before") << true;
    QTest::newRow("told by the answer") << false;
}

/* Automerge appends the whole set to the one that others emptied: what is stored is what was sent. */
void TestConflictPolicies::mergeThatPutsBackWhatOthersTookOutIsCorrected()
{
    QFETCH(bool, seen);
    SyncFixture fixture{Mode::Automerge};
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"tags"_s, Policy::Set);
    prepare(fixture, device);
    device.line->loseEcho = seen ? 0 : 1000;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"tags"_s, QStringList{u"a"_s, u"m"_s}}});
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"tags"_s, QStringList()}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(valueOf(fixture.server->record(u"Item"_s, u"i"_s), u"tags"_s), QVariant(QVariantList{u"m"_s}));
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
}

void TestConflictPolicies::whatBothHaveStaysWhereBothTakeOutCopies()
{
    const Schema schema = inventorySchema();
    OutboxEntry entry;
    entry.operation = OutboxEntry::Operation::Update;
    entry.model = schema.model(u"Item"_s);
    entry.attempts = 2;
    const int tags = entry.model->fieldIndex(u"tags");
    entry.sentLists = {{tags, Value::List{u"a"_s, u"b"_s}, Value::List{u"a"_s, u"b"_s, u"m"_s}}};
    entry.base = {{tags, Value::List{u"a"_s, u"b"_s, u"a"_s, u"b"_s, u"m"_s}}};
    entry.changes = {{tags, Value::List{u"a"_s, u"b"_s, u"m"_s}}};
    const std::optional<Value> joined = Contest::joinedList(entry, tags, Value::List{u"a"_s, u"c"_s, u"a"_s, u"b"_s, u"m"_s}, false);
    QVERIFY(joined);
    for (const Value &value : {u"a"_s, u"b"_s, u"c"_s, u"m"_s})
        QVERIFY2(joined->toList().contains(value), qPrintable(value.toText() + u" is not in "_s + joined->toJsonText()));
}

void TestConflictPolicies::countThatOthersMayHaveMadeUpForIsJournalled_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<bool>("arrived");              // the attempt whose answer was lost
    QTest::addColumn<QString>("note");              // of the change, beside its count
    QTest::addColumn<int>("total");
    for (const Mode mode : {Mode::Optimistic, Mode::Automerge}) {
        const char *name = mode == Mode::Automerge ? "automerge" : "optimistic";
        QTest::addRow("%s, arrived, its note shows it", name) << int(mode) << true << u"m"_s << 1;
        QTest::addRow("%s, arrived, nothing shows it", name) << int(mode) << true << QString() << 3;
        QTest::addRow("%s, did not arrive", name) << int(mode) << false << u"m"_s << 3;
    }
}

/* Two are taken from one and given back by others, or neither; the versions between are not seen. Either way the total may be wrong by two, and the
   journal says so, unless the rest of the change shows what is so. */
void TestConflictPolicies::countThatOthersMayHaveMadeUpForIsJournalled()
{
    QFETCH(int, mode);
    QFETCH(bool, arrived);
    QFETCH(QString, note);
    QFETCH(int, total);
    SyncFixture fixture{Mode(mode)};
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"quantity"_s, Policy::Sum);
    fixture.server->deltaTtl = 1;           // only the latest version is told of
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    (arrived ? device.line->loseAnswer : device.line->loseRequest) = 1000;
    QVariantMap change{{u"id"_s, u"i"_s}, {u"quantity"_s, 3}};
    if (!note.isEmpty())
        change.insert(u"note"_s, note);
    device.save(u"Item"_s, change);
    QVERIFY(fixture.until([&] { return device.outbox().first().attempts > 0 && device.outbox().first().state == EntryState::Waiting; }));
    device.line->set(false);
    fixture.time.advance(50);
    device.line->loseAnswer = device.line->loseRequest = 0;
    for (int step = 0; step < 2; ++step)
        fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 1}, {u"label"_s, u"bolt%1"_s.arg(step)}});
    device.line->set(true);
    device.engine().syncNow();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), total);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
    QVERIFY(saysDoubt(device, u"quantity"));
}

void TestConflictPolicies::whatStandsBehindOneThatArrivedIsDecided_data()
{
    QTest::addColumn<Policy>("policy");
    QTest::addColumn<int>("result");
    QTest::newRow("minimum") << Policy::Minimum << -21;
    QTest::newRow("maximum") << Policy::Maximum << -7;
    QTest::newRow("theirs") << Policy::Theirs << -21;
    QTest::newRow("mine") << Policy::Mine << -7;
}

/* Others write what the change under way wants, and something else than the one behind it. */
void TestConflictPolicies::whatStandsBehindOneThatArrivedIsDecided()
{
    QFETCH(Policy, policy);
    QFETCH(int, result);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"quantity"_s, policy);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"same"_s}});
    fixture.time.advance(1);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, -7}});
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"same"_s}, {u"quantity"_s, -21}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), result);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
    QCOMPARE(decisions(device).size(), 1);
}

void TestConflictPolicies::firstIncrementsThatAreAlike_data()
{
    QTest::addColumn<bool>("seen");                 // theirs, before the answer to mine
    QTest::addColumn<int>("total");
    QTest::newRow("theirs was told of") << true << 4;
    QTest::newRow("theirs is not known") << false << 2;
}

/* Automerge answers with the value that both wanted; whose it is only what lay under it tells. */
void TestConflictPolicies::firstIncrementsThatAreAlike()
{
    QFETCH(bool, seen);
    QFETCH(int, total);
    SyncFixture fixture{Mode::Automerge};
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"quantity"_s, Policy::Sum);
    fixture.put(u"Item"_s, {{u"id"_s, u"j"_s}, {u"label"_s, u"nut"_s}});
    prepare(fixture, device);
    device.line->loseEcho = seen ? 0 : 1000;
    device.line->latencyLeast = device.line->latencyMost = 10;
    device.save(u"Item"_s, {{u"id"_s, u"j"_s}, {u"quantity"_s, 2}, {u"tags"_s, QStringList{u"m"_s}}});
    fixture.time.advance(1);
    fixture.put(u"Item"_s, {{u"id"_s, u"j"_s}, {u"quantity"_s, 2}, {u"note"_s, u"t"_s}});
    device.line->loseEcho = 1000;                   // of mine
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Item"_s, u"j"_s).value(u"quantity").toInteger(), total);
    QCOMPARE(device.find(u"Item"_s, u"j"_s), fixture.server->record(u"Item"_s, u"j"_s));
    const QList<ConflictDecision> journal = decisions(device);
    QCOMPARE(journal.size(), 1);
    QCOMPARE(journal.first().fields.first().policy, seen ? u"sum"_s : u"doubt"_s);
}

void TestConflictPolicies::changeBehindOneThatAMergeDroppedIsNoConflict_data()
{
    QTest::addColumn<Policy>("policy");
    QTest::addColumn<bool>("seen");                 // what the merge made, before the answer
    for (const bool seen : {false, true}) {
        QTest::addRow("theirs%s", seen ? ", seen" : "") << Policy::Theirs << seen;
        QTest::addRow("newest%s", seen ? ", seen" : "") << Policy::Newest << seen;
        QTest::addRow("ask%s", seen ? ", seen" : "") << Policy::Ask << seen;
        QTest::addRow("mine%s", seen ? ", seen" : "") << Policy::Mine << seen;
    }
}

/* Automerge keeps every stored scalar against a change of an older version, also one that nobody else wrote. */
void TestConflictPolicies::changeBehindOneThatAMergeDroppedIsNoConflict()
{
    QFETCH(Policy, policy);
    QFETCH(bool, seen);
    SyncFixture fixture{Mode::Automerge};
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, u"label"_s, policy);
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"t"_s}});
    device.line->loseEcho = seen ? 0 : 1000;
    device.line->latencyLeast = device.line->latencyMost = 10;
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"first"_s}});
    fixture.time.advance(1);
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"label"_s, u"second"_s}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"label").toText(), u"second"_s);
    QCOMPARE(device.find(u"Item"_s, u"i"_s), fixture.server->record(u"Item"_s, u"i"_s));
    QVERIFY(decisions(device).isEmpty());
}

void TestConflictPolicies::whatAMergeTookUnseenIsNotAddedTwice_data()
{
    QTest::addColumn<Policy>("policy");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QVariant>("mine");
    QTest::addColumn<bool>("mixed");                // with a field of which the merge keeps the stored value
    for (const bool mixed : {false, true}) {
        const char *suffix = mixed ? ", with what it does not take" : "";
        QTest::addRow("sum%s", suffix) << Policy::Sum << u"quantity"_s << QVariant(2) << mixed;
        QTest::addRow("append%s", suffix) << Policy::Append << u"tags"_s << QVariant(QStringList{u"m"_s}) << mixed;
        QTest::addRow("set%s", suffix) << Policy::Set << u"tags"_s << QVariant(QStringList{u"m"_s}) << mixed;
        QTest::addRow("maximum%s", suffix) << Policy::Maximum << u"quantity"_s << QVariant(2) << mixed;
    }
}

/* The version that lay under the merge is told of first. It is not the attempt's, which Automerge takes on top of it all the same. */
void TestConflictPolicies::whatAMergeTookUnseenIsNotAddedTwice()
{
    QFETCH(Policy, policy);
    QFETCH(QString, field);
    QFETCH(QVariant, mine);
    QFETCH(bool, mixed);
    SyncFixture fixture{Mode::Automerge};
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Item"_s, field, policy);
    fixture.put(u"Item"_s, {{u"id"_s, u"j"_s}, {u"label"_s, u"nut"_s}});
    prepare(fixture, device);
    QList<Record> told;                             // others' version, and what the merge makes of it
    fixture.server->answerMutation = [&](const OutboxEntry &entry) -> std::optional<MutationResponse> {
        if (!told.isEmpty())
            return {};
        device.line->loseEcho = 1000;
        fixture.put(u"Item"_s, {{u"id"_s, u"j"_s}, {u"note"_s, u"t"_s}});
        told.append(fixture.server->record(u"Item"_s, u"j"_s));
        (void)fixture.server->mutate(entry);
        told.append(fixture.server->record(u"Item"_s, u"j"_s));
        return MutationResponse{Outcome::Unreachable, {}, Error(Error::Code::BackendFailed, u"Broken."_s)};
    };
    QVariantMap change{{u"id"_s, u"j"_s}, {field, mine}};
    if (mixed)
        change.insert(u"label"_s, u"bolt"_s);
    device.save(u"Item"_s, change);
    QVERIFY(fixture.until([&] { return told.size() == 2 && device.outbox().first().state == EntryState::Waiting; }));
    device.line->loseEcho = 0;
    for (const Record &record : std::as_const(told))
        device.line->transports.front()->echo({record, {}, {}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    const Record stored = fixture.server->record(u"Item"_s, u"j"_s);
    QCOMPARE(valueOf(stored, field), Value::fromVariant(mine).toVariant());
    QCOMPARE(device.find(u"Item"_s, u"j"_s), stored);
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

/* By all of them: others share the first. */
void TestConflictPolicies::theirsOfAKeyOfSeveralFieldsIsLookedUp()
{
    const Result<Schema> schema = Schema::parse(u"type Shelf @model { room: ID! @primaryKey(sortKeyFields: [\"number\"]) number: Int! text: String }"_s);
    QVERIFY2(schema.ok(), qPrintable(schema.error().message()));
    SyncFixture fixture;
    fixture.server = std::make_shared<FakeServer>(*schema, fixture.time);
    SyncDevice device(fixture.time, fixture.server);
    device.options.conflicts.set(u"Shelf"_s, Policy::Theirs);
    device.options.pageSize = 1;
    for (const int number : {1, 2, 3})
        fixture.put(u"Shelf"_s, {{u"room"_s, u"r"_s}, {u"number"_s, number}, {u"text"_s, u"old"_s}});
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    device.line->loseEcho = 1000;
    fixture.put(u"Shelf"_s, {{u"room"_s, u"r"_s}, {u"number"_s, 2}, {u"text"_s, u"theirs"_s}});
    fixture.server->answerMutation = [](const OutboxEntry &) {
        return MutationResponse{Outcome::Conflict, {}, Error(Error::Code::Conflict, u"No."_s)};
    };
    device.save(u"Shelf"_s, {{u"room"_s, u"r"_s}, {u"number"_s, 2}, {u"text"_s, u"mine"_s}});
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    const QString key = u"[\"r\",2]"_s;
    QCOMPARE(device.find(u"Shelf"_s, key).value(u"text").toText(), u"theirs"_s);
    SyncRequest lookUp = device.line->syncs.last();
    lookUp.nextToken.clear();
    lookUp.limit = 100;
    const Result<SyncPage> found = fixture.server->sync(lookUp);
    QCOMPARE(found->items.size(), size_t(1));
    QCOMPARE(found->items.front().record.key(), key);
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
