// SPDX-License-Identifier: MIT
#include "conflictfixture.h"

#include <QtCore/QTemporaryDir>

using namespace TidelineTest;

class TestConflictDeletions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
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
    void recordOfAKeyAloneThatIsKeptForItsEditIsJournalled();
    void twoDevicesKeepADeletedRecord();
    void childWaitsForItsRevivedParent();
    void keyIsUsedAgainAfterADeletion_data();
    void keyIsUsedAgainAfterADeletion();
};

void TestConflictDeletions::deletionAgainstAnEdit_data()
{
    QTest::addColumn<std::optional<Policy>>("policy");
    QTest::addColumn<bool>("lives");
    QTest::newRow("nothing is said") << std::optional<Policy>() << false;
    QTest::newRow("mine") << std::optional(Policy::Mine) << false;
    QTest::newRow("theirs") << std::optional(Policy::Theirs) << true;
    QTest::newRow("newest, the deletion") << std::optional(Policy::Newest) << false;
}

void TestConflictDeletions::deletionAgainstAnEdit()
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

void TestConflictDeletions::deletionBehindAnEditUnderWayGoesOn_data()
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
void TestConflictDeletions::deletionBehindAnEditUnderWayGoesOn()
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
void TestConflictDeletions::deletionAgainstAnEditThatChangedNothingStands()
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

void TestConflictDeletions::editAgainstADeletion_data()
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

void TestConflictDeletions::editAgainstADeletion()
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

void TestConflictDeletions::undoOfADeletion_data()
{
    QTest::addColumn<Policy>("policy");
    QTest::addColumn<bool>("minesIsTheDeletion");
    QTest::newRow("their deletion was taken") << Policy::Theirs << false;
    QTest::newRow("my edit was taken") << Policy::Mine << false;
    QTest::newRow("their edit was taken") << Policy::Theirs << true;
    QTest::newRow("my deletion was taken") << Policy::Mine << true;
}

void TestConflictDeletions::undoOfADeletion()
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

void TestConflictDeletions::backendThatKeepsTheKeyOfADeletedRecord()
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

void TestConflictDeletions::tombstoneThatTheBackendForgot()
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

void TestConflictDeletions::revivalWhoseAnswerWasLost_data()
{
    QTest::addColumn<bool>("arrived");
    QTest::newRow("it arrived") << true;
    QTest::newRow("it did not") << false;
}

void TestConflictDeletions::revivalWhoseAnswerWasLost()
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

/* The create has nothing that the deletion could be against; what stands behind it has. */
void TestConflictDeletions::recordOfAKeyAloneThatIsKeptForItsEditIsJournalled()
{
    const QTemporaryDir folder;
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    device.options.conflicts.set(u"Tag"_s, Policy::Newest);
    prepare(fixture, device);
    device.line->loseAnswer = 1000;
    device.line->loseEcho = 1000;
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}});
    QVERIFY(fixture.until([&] { return !fixture.server->record(u"Tag"_s, u"t"_s).isNull(); }));
    fixture.server->remove(u"Tag"_s, u"t"_s);
    fixture.time.advance(50);
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}, {u"text"_s, u"later"_s}});
    QCOMPARE(device.outbox().size(), 2);
    device.kill();
    fixture.server->deltaTtl = 0;                   // what was between is not told
    device.line->loseAnswer = 0;
    device.start();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(valueOf(fixture.server->record(u"Tag"_s, u"t"_s), u"text"_s), QVariant(u"later"_s));
    const QList<ConflictDecision> journal = decisions(device);
    QCOMPARE(journal.size(), 1);
    QCOMPARE(journal.first().deletion, DeletingSide::Theirs);
    const ConflictDecision::Field field = journal.first().fields.first();
    QCOMPARE(field.name, u"text"_s);
    QVERIFY(field.base.isNull());
    QCOMPARE(field.mine.toText(), u"later"_s);
    QCOMPARE(field.result.toText(), u"later"_s);
}

void TestConflictDeletions::twoDevicesKeepADeletedRecord()
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

void TestConflictDeletions::childWaitsForItsRevivedParent()
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

void TestConflictDeletions::keyIsUsedAgainAfterADeletion_data()
{
    QTest::addColumn<bool>("drains");               // between the deletion and the create
    QTest::addColumn<bool>("removedHere");
    QTest::newRow("at once") << false << true;
    QTest::newRow("later") << true << true;
    QTest::newRow("deleted elsewhere") << true << false;
}

void TestConflictDeletions::keyIsUsedAgainAfterADeletion()
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

QTEST_GUILESS_MAIN(TestConflictDeletions)

#include "tst_conflictdeletions.moc"
