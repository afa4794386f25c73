// SPDX-License-Identifier: MIT
#include "client/sync/explain_p.h"
#include "client/sync/faults_p.h"
#include "client/sync/flightrecorder_p.h"
#include "unit/sync/syncfixture.h"

using namespace TidelineTest;
using Reason = Explanation::Reason;
using State = Explanation::State;

namespace {

Error fault(Error::Code code, Error::Phase phase, const QString &model = {}, const QString &record = {})
{
    return Error(code, u"Words"_s).inPhase(phase).withModel(model).withRecord(record);
}

Explanation explain(SyncDevice &device, const QString &model, const QString &key)
{
    const EngineStatus status = device.engine().status();
    return device.read<Explanation>([type = device.model(model), key, status](ReadTransaction &transaction) {
        return Explain(transaction, Dependencies(transaction.schema()), status).record(type, key);
    });
}

QList<Reason> reasons(const Explanation &explanation)
{
    QList<Reason> list;
    for (const Explanation::Wait &wait : explanation.waitingFor)
        list.append(wait.reason);
    return list;
}

QList<FlightEntry> flight(SyncDevice &device)
{
    return device.read<QList<FlightEntry>>([](ReadTransaction &transaction) { return transaction.flightRecord(5000); });
}

} // namespace

/* The line over a virtual time: when it is tried, what is told of it, what it explains. */
class TestLine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void attemptsStayFrequentWhileThereIsANetwork();
    void theSystemsWordIsNoGate();
    void aChangeOfTheNetworkIsTriedAtOnce();
    void changesInARowDoNotDisturbAnAttempt();
    void anAttemptOnTheOldWayIsLeft();
    void wakingAsksALineThatStands();
    void nothingWakesWhatIsPaused();
    void oneErrorForAFaultThatLasts();
    void faultsAreToldApart();
    void aBackendThatHealsIsFoundSoon();
    void aMutationThatAlwaysFailsWaitsLonger();
    void theRecorderKeepsAThousand();
    void theRecorderWritesSeldom();
    void explainsWhatIsLevelOrAbsent();
    void explainsTheLine();
    void explainsOtherRecords();
    void explainsRefusals();
    void explainsAFailure();
};

void TestLine::attemptsStayFrequentWhileThereIsANetwork()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->online = false;
    device.start();
    fixture.time.advance(3'600'000);
    const int attempts = device.line->connections;
    QVERIFY2(attempts > 3600 / 4 && attempts < 3600, qPrintable(QString::number(attempts)));
    device.save(u"Tag"_s, {{u"code"_s, u"red"_s}});
    device.line->set(true);
    fixture.time.advance(5'000);
    QCOMPARE(device.engine().state(), EngineState::Live);
    QCOMPARE(device.find(u"Tag"_s, u"red"_s).state(), SyncState::Synced);
}

void TestLine::theSystemsWordIsNoGate()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->online = false;
    device.start();
    device.engine().networkChanged(Reachability::Gone);
    fixture.time.advance(3'600'000);
    QVERIFY(device.line->connections < 200);
    device.line->set(true);
    fixture.time.advance(61'000);
    QCOMPARE(device.engine().state(), EngineState::Live);
}

void TestLine::aChangeOfTheNetworkIsTriedAtOnce()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->online = false;
    device.start();
    device.engine().networkChanged(Reachability::Gone);
    fixture.time.advance(3'600'000);
    device.line->set(true);
    device.engine().networkChanged(Reachability::Present);
    fixture.time.advance(200);
    QCOMPARE(device.engine().state(), EngineState::Live);
}

void TestLine::changesInARowDoNotDisturbAnAttempt()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->latencyLeast = device.line->latencyMost = 400;
    device.start();
    for (int flip = 0; flip < 20; ++flip) {
        fixture.time.advance(10);
        device.engine().networkChanged(flip % 2 ? Reachability::Present : Reachability::Gone);
    }
    QVERIFY(fixture.live(device));
    QCOMPARE(device.line->connections, 1);
}

void TestLine::anAttemptOnTheOldWayIsLeft()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->silent = true;
    device.start();
    fixture.time.advance(2'000);
    QCOMPARE(device.line->connections, 1);
    device.line->silent = false;
    device.engine().networkChanged(Reachability::Present);
    fixture.time.advance(200);
    QCOMPARE(device.line->connections, 2);
    QCOMPARE(device.engine().state(), EngineState::Live);
}

void TestLine::wakingAsksALineThatStands()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.engine().wake();
    QCOMPARE(device.line->checks, 1);
    device.engine().networkChanged(Reachability::Gone);
    QCOMPARE(device.line->checks, 2);
    device.engine().syncNow();
    QCOMPARE(device.line->checks, 3);
    fixture.time.advance(1'000);
    QCOMPARE(device.line->connections, 1);
    QVERIFY(device.errors.isEmpty());
}

void TestLine::nothingWakesWhatIsPaused()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    device.engine().pause();
    fixture.time.advance(60'000);
    device.engine().wake();
    device.engine().networkChanged(Reachability::Present);
    fixture.time.advance(60'000);
    QCOMPARE(device.engine().state(), EngineState::Offline);
    QVERIFY(device.engine().status().paused);
    const int connections = device.line->connections;
    device.engine().resume();
    QVERIFY(fixture.live(device));
    QCOMPARE(device.line->connections, connections + 1);
}

void TestLine::oneErrorForAFaultThatLasts()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.line->set(false);
    fixture.time.advance(600'000);
    fixture.time.runAll();
    QCOMPARE(device.errors.size(), 1);
    QCOMPARE(device.errors.first().code(), Error::Code::Network);
    QCOMPARE(device.errors.first().phase(), Error::Phase::Connect);
    QCOMPARE(device.errors.first().advice(), Error::Advice::Wait);
    QVERIFY(device.errors.first().isRetryable());
    device.line->set(true);
    QVERIFY(fixture.live(device));
    device.line->set(false);
    fixture.time.advance(600'000);
    QCOMPARE(device.errors.size(), 2);
    device.line->set(true);
    QVERIFY(fixture.live(device));
    fixture.time.advance(5'000);
    QList<FlightEntry::Kind> kinds;
    for (const FlightEntry &entry : flight(device)) {
        if (entry.kind != FlightEntry::Kind::State)
            kinds.append(entry.kind);
    }
    QCOMPARE(kinds, QList<FlightEntry::Kind>({FlightEntry::Kind::Healed, FlightEntry::Kind::Fault, FlightEntry::Kind::Healed, FlightEntry::Kind::Fault}));
}

void TestLine::faultsAreToldApart()
{
    using Code = Error::Code;
    using Phase = Error::Phase;
    Faults faults;
    QVERIFY(faults.begins(fault(Code::Network, Phase::Connect), 0));
    QVERIFY(!faults.begins(fault(Code::Timeout, Phase::Sync), 1));
    QVERIFY(!faults.begins(fault(Code::BackendFailed, Phase::Sync, u"Tag"_s), 2));
    QVERIFY(faults.begins(fault(Code::Unauthorized, Phase::Connect), 3));           // another matter
    QVERIFY(faults.begins(fault(Code::Unauthorized, Phase::Sync, u"Tag"_s), 4));
    QVERIFY(faults.begins(fault(Code::Unauthorized, Phase::Sync, u"Item"_s), 5));   // one model type each
    QVERIFY(faults.begins(fault(Code::Rejected, Phase::Upload, u"Item"_s, u"1"_s), 6));
    QVERIFY(faults.begins(fault(Code::Rejected, Phase::Upload, u"Item"_s, u"2"_s), 7));
    QVERIFY(!faults.begins(fault(Code::Rejected, Phase::Upload, u"Item"_s, u"1"_s), 8));
    QVERIFY(faults.works(Phase::Upload).isEmpty());
    QCOMPARE(faults.works(Phase::Upload, u"Item"_s, u"1"_s).size(), 1);
    QCOMPARE(faults.works(Phase::Connect).size(), 1);                               // the credentials; the line still hinders syncs
    QVERIFY(faults.works(Phase::Sync).isEmpty());
    const QList<Faults::Fault> ended = faults.works(Phase::Sync, u"Tag"_s);
    QCOMPARE(ended.size(), 2);
    QVERIFY(faults.begins(fault(Code::Network, Phase::Connect), 9));
    QVERIFY(faults.begins(fault(Code::DiskFull, Phase::Sync, u"Tag"_s), 10));
    QVERIFY(!faults.begins(fault(Code::DiskFull, Phase::Upload, u"Item"_s), 11));
}

void TestLine::aBackendThatHealsIsFoundSoon()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    fixture.server->answerMutation = [](const OutboxEntry &) -> std::optional<MutationResponse> {
        return MutationResponse{MutationResponse::Outcome::Unreachable, {}, Error(Error::Code::BackendFailed, u"503"_s)};
    };
    for (int i = 0; i < 30; ++i)
        device.save(u"Tag"_s, {{u"code"_s, QString::number(i)}});
    fixture.time.advance(3'600'000);
    QCOMPARE(device.errors.size(), 1);
    const qsizetype documents = device.line->documents.size();
    fixture.time.advance(60'000);
    QVERIFY2(device.line->documents.size() - documents < 30 * 2 + 20, qPrintable(QString::number(device.line->documents.size() - documents)));
    fixture.server->answerMutation = nullptr;
    fixture.time.advance(10'000);
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(device.errors.size(), 1);
}

void TestLine::aMutationThatAlwaysFailsWaitsLonger()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    fixture.server->answerMutation = [](const OutboxEntry &entry) -> std::optional<MutationResponse> {
        if (entry.key != u"bad"_s)
            return {};
        return MutationResponse{MutationResponse::Outcome::Unreachable, {},
                                Error(Error::Code::Rejected, u"InternalFailure"_s).withModel(u"Tag"_s).withRecord(u"bad"_s)};
    };
    device.save(u"Tag"_s, {{u"code"_s, u"bad"_s}});
    for (int i = 0; i < 60; ++i) {
        device.save(u"Tag"_s, {{u"code"_s, QString::number(i)}});
        fixture.time.advance(60'000);
    }
    QVERIFY(std::count_if(device.line->mutations.begin(), device.line->mutations.end(),
                          [](const OutboxEntry &entry) { return entry.key == u"bad"_s; }) < 150);
    QCOMPARE(device.errors.size(), 1);
    QCOMPARE(device.outbox().size(), 1);
}

void TestLine::theRecorderKeepsAThousand()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.open();
    const auto append = [&device](int first, int count) {
        QList<FlightEntry> entries;
        for (int i = first; i < first + count; ++i)
            entries.append({.at = i, .kind = FlightEntry::Kind::Fault, .phase = Error::Phase::Sync, .code = Error::Code::DiskFull, .message = u"Words"_s});
        device.write<int>([entries](WriteTransaction &transaction) -> Result<int> {
            const Result<void> recorded = transaction.record(entries);
            return recorded ? Result<int>(0) : Result<int>(recorded.error());
        });
    };
    append(0, 700);
    append(700, 700);
    QList<FlightEntry> entries = flight(device);
    QCOMPARE(entries.size(), 1000);
    QCOMPARE(entries.first().at, 1399);
    QCOMPARE(entries.last().at, 400);
    QCOMPARE(entries.first().code, Error::Code::DiskFull);
    QCOMPARE(entries.first().phase, Error::Phase::Sync);
    append(1400, 3000);
    entries = flight(device);
    QCOMPARE(entries.size(), 1000);
    QCOMPARE(entries.last().at, 3400);
    const QList<FlightEntry> three = device.read<QList<FlightEntry>>([](ReadTransaction &transaction) { return transaction.flightRecord(3); });
    QCOMPARE(three, entries.mid(0, 3));
}

void TestLine::theRecorderWritesSeldom()
{
    ManualScheduler time;
    int writes = 0;
    QList<FlightEntry> written;
    std::function<void()> done;
    FlightRecorder recorder(time, [&](const QList<FlightEntry> &entries, const std::function<void()> &finished) {
        ++writes;
        written += entries;
        done = finished;
    });
    for (int i = 0; i < 5000; ++i)
        recorder.note(Error(Error::Code::Network, QString::number(i)));
    QCOMPARE(writes, 0);
    time.advance(10'000);
    QCOMPARE(writes, 1);
    QCOMPARE(written.size(), 1000);
    QCOMPARE(written.last().message, u"4999"_s);
    recorder.note(Error(Error::Code::Network, u"later"_s));
    time.advance(10'000);
    QCOMPARE(writes, 1);                    // one at a time
    done();
    time.advance(10'000);
    QCOMPARE(writes, 2);
    done();
    recorder.note(Error(Error::Code::Network, u"last"_s));
    recorder.setActive(false);
    QCOMPARE(writes, 3);
    done();
    recorder.note(Error(Error::Code::Network, u"kept"_s));
    time.advance(10'000);
    QCOMPARE(writes, 3);
    recorder.setActive(true);
    time.advance(10'000);
    QCOMPARE(writes, 4);
    QCOMPARE(written.last().message, u"kept"_s);
}

void TestLine::explainsWhatIsLevelOrAbsent()
{
    SyncFixture fixture;
    fixture.put(u"Tag"_s, {{u"code"_s, u"red"_s}});
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    QCOMPARE(explain(device, u"Tag"_s, u"red"_s).state, State::Synced);
    QCOMPARE(explain(device, u"Tag"_s, u"blue"_s).state, State::NotStored);
    QVERIFY(explain(device, u"Tag"_s, u"red"_s).waitingFor.isEmpty());
    QVERIFY(!explain(device, u"Tag"_s, u"blue"_s).text.isEmpty());
}

void TestLine::explainsTheLine()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.open();
    device.save(u"Tag"_s, {{u"code"_s, u"red"_s}});
    fixture.time.runAll();
    QCOMPARE(reasons(explain(device, u"Tag"_s, u"red"_s)), QList<Reason>({Reason::NoBackend}));
    device.line->online = false;
    device.engine().start();
    fixture.time.advance(60'000);
    QVERIFY(fixture.until([&] { return device.engine().state() == EngineState::Offline && device.engine().status().nextAttempt > 0; }));
    const Explanation offline = explain(device, u"Tag"_s, u"red"_s);
    QCOMPARE(offline.state, State::Waiting);
    QCOMPARE(offline.mutations, 1);
    QCOMPARE(reasons(offline), QList<Reason>({Reason::Offline}));
    const Explanation::Wait wait = offline.waitingFor.first();
    QCOMPARE(wait.error.code(), Error::Code::Network);
    QVERIFY(wait.since > 0 && wait.since <= fixture.time.now());
    QVERIFY(wait.until >= fixture.time.now() && wait.until <= fixture.time.now() + 3'000);
    QVERIFY(offline.text.contains(wait.error.message()));
    device.engine().pause();
    fixture.time.runAll();
    QCOMPARE(reasons(explain(device, u"Tag"_s, u"red"_s)), QList<Reason>({Reason::Paused}));
    device.line->set(true);
    device.line->latencyLeast = device.line->latencyMost = 100;
    device.engine().resume();
    fixture.time.runAll();
    QCOMPARE(reasons(explain(device, u"Tag"_s, u"red"_s)), QList<Reason>({Reason::Sync}));
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    const Explanation sending = explain(device, u"Tag"_s, u"red"_s);
    QCOMPARE(sending.state, State::Sending);
    QCOMPARE(reasons(sending), QList<Reason>({Reason::Answer}));
    QVERIFY(fixture.drained(device));
    QCOMPARE(explain(device, u"Tag"_s, u"red"_s).state, State::Synced);
}

void TestLine::explainsOtherRecords()
{
    SyncFixture fixture;
    fixture.put(u"Bin"_s, {{u"id"_s, u"old"_s}});
    fixture.put(u"Item"_s, {{u"id"_s, u"i0"_s}, {u"binID"_s, u"old"_s}});
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.line->latencyLeast = device.line->latencyMost = 100;
    device.save(u"Bin"_s, {{u"id"_s, u"b1"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"i1"_s}, {u"binID"_s, u"b1"_s}});
    device.remove(u"Bin"_s, u"old"_s);
    fixture.time.runAll();
    const Explanation child = explain(device, u"Item"_s, u"i1"_s);
    QCOMPARE(reasons(child), QList<Reason>({Reason::Parent}));
    QCOMPARE(child.waitingFor.first().model, u"Bin"_s);
    QCOMPARE(child.waitingFor.first().key, u"b1"_s);
    const Explanation parent = explain(device, u"Bin"_s, u"old"_s);
    QCOMPARE(reasons(parent), QList<Reason>({Reason::Child}));
    QCOMPARE(parent.waitingFor.first().key, u"i0"_s);
    QVERIFY(fixture.drained(device));
}

void TestLine::explainsRefusals()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    fixture.server->answerMutation = [](const OutboxEntry &entry) -> std::optional<MutationResponse> {
        if (entry.model->name != u"Bin"_s)
            return {};
        return MutationResponse{MutationResponse::Outcome::Rejected, {}, Error(Error::Code::Rejected, u"No more bins"_s)};
    };
    device.save(u"Bin"_s, {{u"id"_s, u"b1"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"i1"_s}, {u"binID"_s, u"b1"_s}});
    QVERIFY(fixture.until([&] { return !device.errors.isEmpty(); }));
    const Explanation refused = explain(device, u"Bin"_s, u"b1"_s);
    QCOMPARE(refused.state, State::Rejected);
    QCOMPARE(reasons(refused), QList<Reason>({Reason::Decision}));
    QCOMPARE(refused.waitingFor.first().error.advice(), Error::Advice::Decide);
    QVERIFY(refused.text.contains(u"No more bins"_s));
    const Explanation child = explain(device, u"Item"_s, u"i1"_s);
    QCOMPARE(child.state, State::Waiting);
    QCOMPARE(reasons(child), QList<Reason>({Reason::Decision}));
    QCOMPARE(child.waitingFor.first().key, u"b1"_s);
    const auto goes = [&device] {
        return device.read<bool>([](ReadTransaction &transaction) { return Explain::anythingGoes(transaction, Dependencies(transaction.schema())); });
    };
    QVERIFY(!goes());
    device.engine().pause();
    device.save(u"Tag"_s, {{u"code"_s, u"red"_s}});
    fixture.time.runAll();
    QVERIFY(goes());
}

void TestLine::explainsAFailure()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    fixture.server->answerMutation = [](const OutboxEntry &) -> std::optional<MutationResponse> {
        return MutationResponse{MutationResponse::Outcome::Unreachable, {}, Error(Error::Code::BackendFailed, u"Out of order"_s)};
    };
    device.save(u"Tag"_s, {{u"code"_s, u"red"_s}});
    QVERIFY(fixture.until([&] { return !device.engine().status().holds.isEmpty(); }));
    const Explanation held = explain(device, u"Tag"_s, u"red"_s);
    QCOMPARE(reasons(held), QList<Reason>({Reason::Hold}));
    QVERIFY(held.waitingFor.first().until > fixture.time.now());
    QCOMPARE(held.waitingFor.first().error.message(), u"Out of order"_s);
}

QTEST_GUILESS_MAIN(TestLine)
#include "tst_line.moc"
