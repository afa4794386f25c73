// SPDX-License-Identifier: MIT
#include "conflictfixture.h"

#include "client/sync/repair_p.h"

#include <QtCore/QTemporaryDir>

using namespace TidelineTest;

class TestConflictHandler : public QObject
{
    Q_OBJECT

private Q_SLOTS:
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
    void changeGoesWhenItsQuestionIsOver();
    void handlerIsAskedAnewAboutANewerRecord();
    void questionSurvivesARestart();
    void questionStopsOnlyItsLane();
    void handlerThatNeverSettlesEndsOnTheBench();
};

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

void TestConflictHandler::handlerDecides_data()
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

void TestConflictHandler::handlerDecides()
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

void TestConflictHandler::handlerThatDoesNotAnswerEndsOnTheBench_data()
{
    QTest::addColumn<int>("answer");
    QTest::newRow("no answer") << 0;
    QTest::newRow("an error") << 1;
    QTest::newRow("an unknown field") << 2;
    QTest::newRow("a value of the wrong type") << 3;
    QTest::newRow("the key") << 4;
    QTest::newRow("no handler") << 5;
}

void TestConflictHandler::handlerThatDoesNotAnswerEndsOnTheBench()
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

void TestConflictHandler::handlerDecidesAboutTheirDeletion_data()
{
    QTest::addColumn<Resolution>("resolution");
    QTest::addColumn<QString>("note");              // null: the record is gone
    QTest::newRow("mine") << Resolution::mine() << u"m"_s;
    QTest::newRow("theirs") << Resolution::theirs() << QString();
    QTest::newRow("delete") << Resolution::remove() << QString();
    QTest::newRow("a value") << Resolution::fields({{u"note"_s, Value(u"x"_s)}}) << u"x"_s;
    QTest::newRow("nothing of it") << Resolution::fields({}) << u"m"_s;
}

void TestConflictHandler::handlerDecidesAboutTheirDeletion()
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

void TestConflictHandler::handlerDecidesAboutMyDeletion_data()
{
    QTest::addColumn<Resolution>("resolution");
    QTest::addColumn<QString>("note");              // null: the record is gone
    QTest::newRow("mine") << Resolution::mine() << QString();
    QTest::newRow("theirs") << Resolution::theirs() << u"t"_s;
    QTest::newRow("delete") << Resolution::remove() << QString();
    QTest::newRow("a value") << Resolution::fields({{u"note"_s, Value(u"x"_s)}}) << u"x"_s;
    QTest::newRow("nothing of it") << Resolution::fields({}) << u"t"_s;
}

void TestConflictHandler::handlerDecidesAboutMyDeletion()
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

void TestConflictHandler::questionAboutADeletionEnds_data()
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

void TestConflictHandler::questionAboutADeletionEnds()
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

/* Nothing but what others did to the record tells that there is something to send again. */
void TestConflictHandler::changeGoesWhenItsQuestionIsOver()
{
    SyncFixture fixture;
    AskedDevice device(fixture.time, fixture.server);
    device.install();
    fixture.put(u"Item"_s, {{u"id"_s, u"j"_s}, {u"label"_s, u"nut"_s}});
    prepare(fixture, device);
    device.line->loseEcho = 1000;
    fixture.server->remove(u"Item"_s, u"j"_s);
    device.save(u"Item"_s, {{u"id"_s, u"j"_s}, {u"note"_s, u"m"_s}});
    QVERIFY(fixture.until([&] { return !device.asked.isEmpty(); }));
    device.line->loseEcho = 0;
    fixture.put(u"Item"_s, {{u"id"_s, u"j"_s}, {u"label"_s, u"bolt"_s}});
    QVERIFY(fixture.until([&] { return device.outbox().isEmpty(); }, 10'000));
    const Record stored = fixture.server->record(u"Item"_s, u"j"_s);
    QCOMPARE(stored.value(u"note").toText(), u"m"_s);
    QCOMPARE(stored.value(u"label").toText(), u"bolt"_s);
    QCOMPARE(device.find(u"Item"_s, u"j"_s), stored);
}

void TestConflictHandler::handlerIsAskedAnewAboutANewerRecord()
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

void TestConflictHandler::questionSurvivesARestart()
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

void TestConflictHandler::questionStopsOnlyItsLane()
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

void TestConflictHandler::handlerThatNeverSettlesEndsOnTheBench()
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

QTEST_GUILESS_MAIN(TestConflictHandler)

#include "tst_conflicthandler.moc"
