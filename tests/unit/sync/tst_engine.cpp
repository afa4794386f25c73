// SPDX-License-Identifier: MIT
#include "syncfixture.h"

using namespace TidelineTest;
using EntryState = OutboxEntry::State;
using Operation = OutboxEntry::Operation;

class TestEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eventsOfAStartComeInOrder();
    void readyComesOnceAndNotAfterAReconnect();
    void offlineStartConnectsWhenTheLineIsBack();
    void noSyncQueryBeforeSubscriptionsAreThere();
    void messagesDuringTheSyncAreMergedAfterIt();
    void parentsAreSyncedBeforeChildrenPageByPage();
    void pauseCutsAndResumeReconnects();
    void syncNowSkipsTheBackoff();
    void backoffGrowsToItsCapAndIsJittered();
    void stopAnswersWhenNothingTouchesTheStore();
    void engineCanStartAgainAfterStop();
    void engineMayBeDestroyedInACallback();
    void silentBackendMeetsDeadlines();
    void aMutationOutlivesABackendThatSaysNothingForHours();
    void threeDaysOfflineEndByThemselves();
    void aChangeMadeAtAnyMomentOfAReconnectIsSent_data();
    void aChangeMadeAtAnyMomentOfAReconnectIsSent();
    void localChangesAreSentAtOnceWhenLive();
    void refusedSubscriptionHoldsUpNothing();
    void nothingIsAskedAfterAStopWhileWaiting();
};

void TestEngine::eventsOfAStartComeInOrder()
{
    SyncFixture fixture;
    fixture.put(u"Bin"_s, {{u"id"_s, u"b1"_s}, {u"name"_s, u"A-17"_s}});
    fixture.put(u"Item"_s, {{u"id"_s, u"i1"_s}, {u"binID"_s, u"b1"_s}});
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    QCOMPARE(device.openError, QString());
    const QStringList names = device.eventNames();
    QCOMPARE(names.mid(0, 5), QStringList({u"storageSubscribed"_s, u"outboxStatus"_s, u"networkStatus"_s,
                                           u"subscriptionsEstablished"_s, u"syncQueriesStarted"_s}));
    QCOMPARE(names.mid(5, 3), QStringList({u"modelSynced"_s, u"modelSynced"_s, u"modelSynced"_s}));
    QCOMPARE(names.mid(8), QStringList({u"syncQueriesReady"_s, u"syncStarted"_s, u"ready"_s}));
    QCOMPARE(device.events.at(1).payload, QVariantMap({{u"isEmpty"_s, true}}));
    QCOMPARE(device.events.at(2).payload, QVariantMap({{u"active"_s, true}}));
    QVariantMap bin;
    for (const QVariantMap &payload : device.payloads(u"modelSynced"_s)) {
        if (payload.value(u"model"_s) == u"Bin"_s)
            bin = payload;
    }
    QCOMPARE(bin, QVariantMap({{u"model"_s, u"Bin"_s}, {u"isFullSync"_s, true}, {u"isDeltaSync"_s, false}, {u"added"_s, 1},
                               {u"updated"_s, 0}, {u"deleted"_s, 0}, {u"count"_s, 1}}));
    QCOMPARE(device.states, QList<EngineState>({EngineState::Offline, EngineState::Connecting, EngineState::Syncing, EngineState::Live}));
    QCOMPARE(device.find(u"Bin"_s, u"b1"_s).value(u"name").toText(), u"A-17"_s);
    QCOMPARE(device.find(u"Item"_s, u"i1"_s).state(), SyncState::Synced);
    QCOMPARE(device.progress.first(), 0.0);
    QCOMPARE(device.progress.last(), 1.0);
    QVERIFY(std::is_sorted(device.progress.begin(), device.progress.end()));
    QVERIFY(device.errors.isEmpty());
}

void TestEngine::readyComesOnceAndNotAfterAReconnect()
{
    SyncFixture fixture;
    fixture.put(u"Tag"_s, {{u"code"_s, u"red"_s}, {u"text"_s, u"1"_s}});
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    device.events.clear();
    device.line->set(false);
    fixture.time.advance(100);
    fixture.put(u"Tag"_s, {{u"code"_s, u"red"_s}, {u"text"_s, u"2"_s}});
    device.line->set(true);
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    QCOMPARE(device.eventNames(),
             QStringList({u"networkStatus"_s, u"networkStatus"_s, u"subscriptionsEstablished"_s, u"syncQueriesStarted"_s,
                          u"modelSynced"_s, u"modelSynced"_s, u"modelSynced"_s, u"syncQueriesReady"_s, u"syncStarted"_s}));
    for (const QVariantMap &payload : device.payloads(u"modelSynced"_s))
        QCOMPARE(payload.value(u"isDeltaSync"_s).toBool(), true);
    QCOMPARE(device.find(u"Tag"_s, u"red"_s).value(u"text").toText(), u"2"_s);
}

void TestEngine::offlineStartConnectsWhenTheLineIsBack()
{
    SyncFixture fixture;
    fixture.put(u"Tag"_s, {{u"code"_s, u"red"_s}});
    SyncDevice device(fixture.time, fixture.server);
    device.line->online = false;
    device.start();
    device.save(u"Tag"_s, {{u"code"_s, u"blue"_s}});
    fixture.time.advance(5000);
    QCOMPARE(device.payloads(u"networkStatus"_s), QList<QVariantMap>({{{u"active"_s, false}}}));
    QVERIFY(!device.eventNames().contains(u"ready"_s));
    QCOMPARE(device.find(u"Tag"_s, u"blue"_s).state(), SyncState::Pending);
    device.line->set(true);
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    fixture.time.runAll();
    QCOMPARE(device.payloads(u"networkStatus"_s).last(), QVariantMap({{u"active"_s, true}}));
    QCOMPARE(device.eventNames().count(u"ready"_s), 1);
    QCOMPARE(fixture.server->record(u"Tag"_s, u"blue"_s).metadata().version, 1);
    QCOMPARE(device.find(u"Tag"_s, u"blue"_s).state(), SyncState::Synced);
    QCOMPARE(device.all(u"Tag"_s).size(), 2);
}

void TestEngine::noSyncQueryBeforeSubscriptionsAreThere()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->latencyLeast = device.line->latencyMost = 300;
    device.start();
    fixture.time.advance(299);
    QVERIFY(device.line->syncs.isEmpty());
    QCOMPARE(device.engine().state(), EngineState::Connecting);
    fixture.time.advance(1);
    QCOMPARE(device.engine().state(), EngineState::Syncing);
    QCOMPARE(device.line->syncs.size(), 2);         // Bin and Tag side by side; Item waits for Bin
}

void TestEngine::messagesDuringTheSyncAreMergedAfterIt()
{
    SyncFixture fixture;
    fixture.put(u"Tag"_s, {{u"code"_s, u"red"_s}, {u"text"_s, u"old"_s}});
    SyncDevice device(fixture.time, fixture.server);
    device.line->latencyLeast = device.line->latencyMost = 100;
    device.start();
    QVERIFY(fixture.until([&] { return device.engine().state() == EngineState::Syncing; }));
    fixture.put(u"Tag"_s, {{u"code"_s, u"new"_s}, {u"text"_s, u"live"_s}});
    fixture.put(u"Tag"_s, {{u"code"_s, u"red"_s}, {u"text"_s, u"in the page"_s}});
    fixture.time.advance(150);
    QStringList sent{u"red 7"_s};                   // of several of one record the last, in the place of the first
    for (int i = 0; i < 20; ++i) {
        fixture.put(u"Tag"_s, {{u"code"_s, u"t%1"_s.arg(i * 7 % 20)}});        // in an order that no key has
        sent.append(u"t%1 1"_s.arg(i * 7 % 20));
    }
    for (int i = 0; i < 5; ++i)
        fixture.put(u"Tag"_s, {{u"code"_s, u"red"_s}, {u"text"_s, i < 4 ? u"live %1"_s.arg(i) : u"live"_s}});
    fixture.time.advance(120);
    QCOMPARE(device.engine().state(), EngineState::Syncing);
    QVERIFY(device.payloads(u"subscriptionDataProcessed"_s).isEmpty());
    QVERIFY(device.find(u"Tag"_s, u"t0"_s).isNull());
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    QCOMPARE(device.find(u"Tag"_s, u"red"_s).value(u"text").toText(), u"live"_s);
    QCOMPARE(device.find(u"Tag"_s, u"new"_s).value(u"text").toText(), u"live"_s);
    QCOMPARE(device.all(u"Tag"_s).size(), 22);
    QStringList merged;
    for (const QVariantMap &payload : device.payloads(u"subscriptionDataProcessed"_s))
        merged.append(u"%1 %2"_s.arg(payload.value(u"key"_s).toString()).arg(payload.value(u"version"_s).toLongLong()));
    QCOMPARE(merged, sent);
    const QStringList names = device.eventNames();
    QVERIFY(names.indexOf(u"subscriptionDataProcessed"_s) > names.lastIndexOf(u"modelSynced"_s));
    fixture.put(u"Tag"_s, {{u"code"_s, u"later"_s}});
    fixture.time.advance(200);
    QCOMPARE(device.payloads(u"subscriptionDataProcessed"_s).last(),
             QVariantMap({{u"model"_s, u"Tag"_s}, {u"key"_s, u"later"_s}, {u"version"_s, 1}}));
}

void TestEngine::parentsAreSyncedBeforeChildrenPageByPage()
{
    SyncFixture fixture;
    for (int i = 0; i < 25; ++i) {
        fixture.put(u"Bin"_s, {{u"id"_s, u"b%1"_s.arg(i)}});
        fixture.put(u"Item"_s, {{u"id"_s, u"i%1"_s.arg(i)}, {u"binID"_s, u"b%1"_s.arg(i)}});
    }
    SyncDevice device(fixture.time, fixture.server);
    device.options.pageSize = 10;
    device.open();
    QHash<QString, int> rows;                       // by model type, as they were committed
    QStringList late;                               // after their type was said to be level
    const auto token = device.store().observe(&fixture.time, [&](const ChangeSet &changes) {
        for (const Change &change : changes.changes) {
            const QString model = change.after.model()->name;
            ++rows[model];
            for (const QVariantMap &payload : device.payloads(u"modelSynced"_s)) {
                if (payload.value(u"model"_s) == model)
                    late.append(model);
            }
        }
    });
    device.engine().start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    QCOMPARE(rows, (QHash<QString, int>{{u"Bin"_s, 25}, {u"Item"_s, 25}}));
    QCOMPARE(late, QStringList());
    QStringList order;
    for (const SyncRequest &request : std::as_const(device.line->syncs))
        order.append(request.model->name);
    QCOMPARE(order.count(u"Bin"_s), 3);
    QCOMPARE(order.count(u"Item"_s), 3);
    QVERIFY(order.lastIndexOf(u"Bin"_s) < order.indexOf(u"Item"_s));
    QCOMPARE(device.all(u"Item"_s).size(), 25);
    QCOMPARE(device.payloads(u"modelSynced"_s).last().value(u"added"_s).toInt(), 25);
}

void TestEngine::pauseCutsAndResumeReconnects()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.line->latencyLeast = device.line->latencyMost = 500;
    device.save(u"Tag"_s, {{u"code"_s, u"red"_s}});
    fixture.time.advance(100);
    QCOMPARE(device.find(u"Tag"_s, u"red"_s).state(), SyncState::Sending);
    device.engine().pause();
    fixture.time.runAll();
    QCOMPARE(device.engine().state(), EngineState::Offline);
    QCOMPARE(device.payloads(u"networkStatus"_s).last(), QVariantMap({{u"active"_s, false}}));
    QCOMPARE(device.find(u"Tag"_s, u"red"_s).state(), SyncState::Pending);
    fixture.time.advance(120'000);
    QCOMPARE(device.engine().state(), EngineState::Offline);
    QCOMPARE(device.line->connections, 1);
    device.line->latencyLeast = device.line->latencyMost = 5;
    device.engine().resume();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.find(u"Tag"_s, u"red"_s).state(), SyncState::Synced);
    QVERIFY(device.outbox().isEmpty());
}

void TestEngine::syncNowSkipsTheBackoff()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->online = false;
    device.start();
    fixture.time.advance(300'000);
    const int attempts = device.line->connections;
    device.line->set(true);
    device.engine().syncNow();
    fixture.time.advance(100);
    QCOMPARE(device.line->connections, attempts + 1);
    QCOMPARE(device.engine().state(), EngineState::Live);
    device.line->syncs.clear();
    device.engine().syncNow();
    fixture.time.advance(100);
    QCOMPARE(device.line->syncs.size(), 3);
}

void TestEngine::backoffGrowsToItsCapAndIsJittered()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->online = false;
    device.line->latencyLeast = device.line->latencyMost = 0;
    device.start();
    device.engine().networkChanged(Reachability::Gone);
    QList<qint64> times;
    int seen = 0;
    for (int step = 0; step < 600'000; step += 5) {
        fixture.time.advance(5);
        if (device.line->connections > seen) {
            seen = device.line->connections;
            times.append(fixture.time.monotonic());
        }
    }
    QList<qint64> waits;
    for (qsizetype i = 1; i < times.size(); ++i)
        waits.append(times.at(i) - times.at(i - 1));
    QVERIFY(waits.size() >= 10);
    for (qsizetype i = 0; i < waits.size(); ++i) {
        const qint64 full = std::min<qint64>(60'000, qint64(250) << i);
        QVERIFY2(waits.at(i) >= full / 2 - 5 && waits.at(i) <= full + 10, qPrintable(QString::number(waits.at(i))));
    }
    QVERIFY(waits.at(9) != waits.at(10));
}

void TestEngine::stopAnswersWhenNothingTouchesTheStore()
{
    SyncFixture fixture;
    for (int i = 0; i < 100; ++i)
        fixture.put(u"Tag"_s, {{u"code"_s, u"t%1"_s.arg(i)}});
    SyncDevice device(fixture.time, fixture.server);
    device.options.pageSize = 10;
    device.start();
    fixture.time.advance(12);
    QCOMPARE(device.engine().state(), EngineState::Syncing);
    bool stopped = false;
    device.engine().stop([&stopped](const Result<void> &result) { stopped = result.ok(); });
    QVERIFY(!stopped);
    QCOMPARE(device.engine().state(), EngineState::Stopped);
    fixture.time.runAll();
    QVERIFY(stopped);
    const qsizetype rows = device.all(u"Tag"_s).size();
    fixture.time.advance(60'000);
    QCOMPARE(device.all(u"Tag"_s).size(), rows);
}

void TestEngine::engineCanStartAgainAfterStop()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.engine().stop([](const Result<void> &) { });
    fixture.time.runAll();
    device.save(u"Tag"_s, {{u"code"_s, u"red"_s}});
    fixture.time.advance(1000);
    QVERIFY(fixture.server->rows().empty());
    device.events.clear();
    device.engine().start();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    fixture.time.runAll();
    QCOMPARE(device.eventNames().count(u"ready"_s), 1);
    QCOMPARE(device.events.at(1).payload, QVariantMap({{u"isEmpty"_s, false}}));
    QCOMPARE(fixture.server->rows().size(), size_t(1));
}

void TestEngine::engineMayBeDestroyedInACallback()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.open();
    std::unique_ptr<Engine> engine;
    int after = 0;
    Engine::Callbacks callbacks;
    callbacks.event = [&](const HubEvent &event) {
        if (!engine)
            ++after;
        if (event.name == u"syncQueriesStarted"_s)
            engine.reset();
    };
    engine = std::make_unique<Engine>(device.store(), FakeTransport::factory(fixture.server, device.line), fixture.time,
                                      EngineOptions(), callbacks);
    engine->start();
    fixture.time.advance(1000);
    QVERIFY(!engine);
    QCOMPARE(after, 0);
    QVERIFY(device.line->transports.empty());
}

void TestEngine::silentBackendMeetsDeadlines()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->silent = true;
    device.start();
    QVERIFY(fixture.until([&] { return !device.errors.isEmpty(); }, 200'000));
    QCOMPARE(device.errors.first().code(), Error::Code::Timeout);
    device.line->silent = false;
    QVERIFY(fixture.live(device));
    device.errors.clear();
    device.line->silent = true;
    device.save(u"Tag"_s, {{u"code"_s, u"red"_s}});
    QVERIFY(fixture.until([&] { return !device.errors.isEmpty(); }, 200'000));
    QCOMPARE(device.errors.first().code(), Error::Code::Timeout);
    QCOMPARE(device.find(u"Tag"_s, u"red"_s).state(), SyncState::Pending);
    device.line->silent = false;
    device.engine().syncNow();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
}

void TestEngine::aMutationOutlivesABackendThatSaysNothingForHours()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.line->silent = true;                     // nobody notices that the line is gone
    device.save(u"Tag"_s, {{u"code"_s, u"red"_s}});
    fixture.time.advance(6 * 3'600'000);
    QCOMPARE(device.outbox().size(), 1);
    QCOMPARE(device.outbox().first().state, EntryState::Waiting);
    QVERIFY(device.payloads(u"outboxMutationFailed"_s).isEmpty());
    QVERIFY(device.line->connections > 10);
    device.line->silent = false;
    QVERIFY(fixture.until([&] { return device.engine().state() == EngineState::Live; }, 200'000));
    QVERIFY(fixture.drained(device));
    QCOMPARE(fixture.server->record(u"Tag"_s, u"red"_s).metadata().version, 1);
    QCOMPARE(device.find(u"Tag"_s, u"red"_s).state(), SyncState::Synced);
}

void TestEngine::threeDaysOfflineEndByThemselves()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->online = false;
    device.start();
    device.engine().networkChanged(Reachability::Gone);
    device.save(u"Tag"_s, {{u"code"_s, u"red"_s}});
    fixture.time.advance(3 * 24 * 3'600'000);
    QVERIFY2(device.line->connections > 3000, qPrintable(QString::number(device.line->connections)));
    QCOMPARE(device.outbox().size(), 1);
    device.line->set(true);                         // and nobody says so
    fixture.time.advance(61'000);
    QCOMPARE(device.engine().state(), EngineState::Live);
    QCOMPARE(fixture.server->record(u"Tag"_s, u"red"_s).metadata().version, 1);
    QVERIFY(device.outbox().isEmpty());
}

void TestEngine::aChangeMadeAtAnyMomentOfAReconnectIsSent_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::newRow("a creation") << Operation::Create;
    QTest::newRow("an edit") << Operation::Update;
    QTest::newRow("a deletion") << Operation::Delete;
}

/* Between any two tasks of one. */
void TestEngine::aChangeMadeAtAnyMomentOfAReconnectIsSent()
{
    QFETCH(Operation, operation);
    bool wasLive = false;
    for (int tasks = 0; !wasLive; ++tasks) {
        QVERIFY(tasks < 1000);
        SyncFixture fixture;
        SyncDevice device(fixture.time, fixture.server);
        prepare(fixture, device);
        device.line->set(false);
        fixture.time.advance(1000);
        device.line->set(true);
        for (int i = 0; i < tasks; ++i) {
            if (!fixture.time.runOne())
                fixture.time.advance(1);
        }
        wasLive = device.engine().state() == EngineState::Live;
        if (operation == Operation::Create)
            device.save(u"Tag"_s, {{u"code"_s, u"red"_s}});
        else if (operation == Operation::Update)
            device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 9}});
        else
            device.remove(u"Item"_s, u"i"_s);
        fixture.time.advance(10'000);
        QVERIFY2(device.outbox().isEmpty(), qPrintable(u"after %1 tasks"_s.arg(tasks)));
        QCOMPARE(device.engine().state(), EngineState::Live);
        const Record item = fixture.server->record(u"Item"_s, u"i"_s);
        QCOMPARE(fixture.server->record(u"Tag"_s, u"red"_s).metadata().version, operation == Operation::Create ? 1 : 0);
        QCOMPARE(item.value(u"quantity").toInteger(), operation == Operation::Update ? 9 : 1);
        QCOMPARE(item.metadata().deleted, operation == Operation::Delete);
        QCOMPARE(device.find(u"Item"_s, u"i"_s).isNull(), operation == Operation::Delete);
        QCOMPARE(device.line->mutations.size(), 1);
        QVERIFY(device.payloads(u"outboxMutationFailed"_s).isEmpty());
    }
}

void TestEngine::localChangesAreSentAtOnceWhenLive()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    device.events.clear();
    device.save(u"Tag"_s, {{u"code"_s, u"red"_s}});
    QVERIFY(fixture.until([&] { return fixture.server->rows().size() == 1; }, 10));
    fixture.time.advance(50);
    QStringList names = device.eventNames();
    names.removeAll(u"subscriptionDataProcessed"_s);
    QCOMPARE(names, QStringList({u"outboxMutationEnqueued"_s, u"outboxStatus"_s, u"outboxMutationProcessed"_s, u"outboxStatus"_s}));
    QVariantMap enqueued = device.payloads(u"outboxMutationEnqueued"_s).first();
    QVariantMap processed = device.payloads(u"outboxMutationProcessed"_s).first();
    QCOMPARE(enqueued.take(u"element"_s).value<Record>().key(), u"red"_s);
    QCOMPARE(processed.take(u"element"_s).value<Record>().metadata().version, 1);
    QCOMPARE(enqueued,
             QVariantMap({{u"model"_s, u"Tag"_s}, {u"key"_s, u"red"_s}, {u"operation"_s, u"CREATE"_s}, {u"mutation"_s, 1}}));
    QCOMPARE(processed,
             QVariantMap({{u"model"_s, u"Tag"_s}, {u"key"_s, u"red"_s}, {u"operation"_s, u"CREATE"_s}, {u"mutation"_s, 1}, {u"version"_s, 1}, {u"merged"_s, false}}));
    QCOMPARE(device.payloads(u"outboxStatus"_s), QList<QVariantMap>({{{u"isEmpty"_s, false}}, {{u"isEmpty"_s, true}}}));
    const Record row = device.find(u"Tag"_s, u"red"_s);
    QCOMPARE(row.state(), SyncState::Synced);
    QCOMPARE(row.metadata().version, 1);
}

void TestEngine::refusedSubscriptionHoldsUpNothing()
{
    SyncFixture fixture;
    fixture.put(u"Tag"_s, {{u"code"_s, u"red"_s}});
    SyncDevice device(fixture.time, fixture.server);
    device.line->refusedModels = {u"Tag"_s};
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    QCOMPARE(device.eventNames().count(u"subscriptionsEstablished"_s), 1);
    QCOMPARE(device.eventNames().count(u"ready"_s), 1);
    QCOMPARE(device.errors.size(), 1);
    QCOMPARE(device.errors.first().code(), Error::Code::Unauthorized);
    QCOMPARE(device.errors.first().model(), u"Tag"_s);
    QCOMPARE(device.all(u"Tag"_s).size(), 1);
    fixture.put(u"Tag"_s, {{u"code"_s, u"blue"_s}});
    fixture.put(u"Bin"_s, {{u"id"_s, u"b"_s}});
    fixture.time.advance(100);
    QCOMPARE(device.all(u"Bin"_s).size(), 1);
    QCOMPARE(device.all(u"Tag"_s).size(), 1);
    device.engine().syncNow();
    fixture.time.advance(100);
    QCOMPARE(device.all(u"Tag"_s).size(), 2);
}

void TestEngine::nothingIsAskedAfterAStopWhileWaiting()
{
    SyncFixture fixture;
    fixture.server->answerSync = [](const SyncRequest &) { return Error(Error::Code::BackendFailed, u"Internal failure."_s); };
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.until([&] { return !device.errors.isEmpty(); }));
    device.save(u"Tag"_s, {{u"code"_s, u"red"_s}});
    bool stopped = false;
    device.engine().stop([&stopped](const Result<void> &) { stopped = true; });
    fixture.time.runAll();
    QVERIFY(stopped);
    const qsizetype syncs = device.line->syncs.size();
    const int connections = device.line->connections;
    fixture.time.advance(600'000);
    QCOMPARE(device.line->syncs.size(), syncs);
    QCOMPARE(device.line->connections, connections);
    QVERIFY(device.line->mutations.isEmpty());
}

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
