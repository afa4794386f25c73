// SPDX-License-Identifier: MIT
#include "syncfixture.h"

#include "client/sync/syncstate_p.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QTemporaryDir>

using namespace TidelineTest;

class TestDownload : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void secondStartIsADelta();
    void fullSyncIsDueAfterItsInterval_data();
    void fullSyncIsDueAfterItsInterval();
    void deltaSyncsDoNotPutOffTheFullOne();
    void intervalsOfMonthsAreNoStorm();
    void whatASubscriptionLostComesWithTheNextSync();
    void aLineThatBreaksAfterADayCostsADeltaSync();
    void lastSyncIsTheBackendsClock();
    void killedBaseSyncResumesAtItsPage();
    void lastSyncIsNeverAheadOfTheRows();
    void refusedTokenBeginsAnew();
    void pageThatIsTooLargeComesInParts();
    void pageThatTakesTooLongComesInParts();
    void nextPageIsInFlightWhileOneIsMerged();
    void modelsWithoutRelationsAreFetchedAtTheSameTime();
    void failingPageIsRetriedAndOthersGoOn_data();
    void failingPageIsRetriedAndOthersGoOn();
    void backendIsLeftAloneAsLongAsItAsksFor();
    void unauthorizedModelHoldsUpNothing();
    void whoMayReadNothingWritesAllTheSame_data();
    void whoMayReadNothingWritesAllTheSame();
    void brokenLineDuringTheSyncResumes();
    void itemThatCannotBeAppliedIsPutAside();
    void rowsTheBackendForgotVanishAfterABaseSync();
    void resumedBaseSyncFindsWhatVanished();
    void baseSyncThatWasKilledBeforeItDroppedWhatVanishedDoesItLater();
    void refusedTokenForgetsWhatEarlierPagesBrought_data();
    void refusedTokenForgetsWhatEarlierPagesBrought();
    void recordKeptAsideOnAnEarlierPageIsNotTakenForVanished();
    void baseSyncIntoAnEmptyStoreKeepsNoKeys();
    void tombstonesInABaseSyncRemoveRows();
    void changeBehindAResumedPageComesToo();
    void scopeIsSentAndItsChangePrunes();
    void recordThatLeavesTheScopeIsRemovedAndComesBack();
    void wrongScopeIsAnErrorAndKeepsNothing();
    void manyPagesAreMerged();
};

static void fill(SyncFixture &fixture, int count)
{
    for (int i = 0; i < count; ++i)
        fixture.put(u"Tag"_s, {{u"code"_s, u"t%1"_s.arg(i, 4, 10, QChar(u'0'))}, {u"text"_s, u"%1"_s.arg(i % 10)}});
}

static QList<SyncRequest> requestsOf(const SyncDevice &device, const QString &model)
{
    QList<SyncRequest> requests;
    for (const SyncRequest &request : std::as_const(device.line->syncs)) {
        if (request.model->name == model)
            requests.append(request);
    }
    return requests;
}

// What was told of the only sync of the model.
static QVariantMap syncedOf(const SyncDevice &device, const QString &model)
{
    QList<QVariantMap> payloads = device.payloads(u"modelSynced"_s);
    payloads.removeIf([&model](const QVariantMap &payload) { return payload.value(u"model"_s) != model; });
    return payloads.size() == 1 ? payloads.first() : QVariantMap();
}

static void restart(SyncFixture &fixture, SyncDevice &device)
{
    bool stopped = false;
    device.engine().stop([&stopped](const Result<void> &) { stopped = true; });
    fixture.time.runAll();
    QVERIFY(stopped);
    device.kill();
    device.events.clear();
    device.line->syncs.clear();
    device.start();
}

void TestDownload::secondStartIsADelta()
{
    QTemporaryDir folder;
    SyncFixture fixture;
    fill(fixture, 5);
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    device.start();
    QVERIFY(fixture.live(device));
    const qint64 startedAt = SyncProgress::fromText(device.setting(u"sync/Tag"_s)).lastSync;
    QVERIFY(startedAt > 0);
    fixture.time.advance(60'000);
    restart(fixture, device);
    fixture.put(u"Tag"_s, {{u"code"_s, u"t0000"_s}, {u"text"_s, u"new"_s}});
    fixture.put(u"Tag"_s, {{u"code"_s, u"more"_s}});
    fixture.server->remove(u"Tag"_s, u"t0001"_s);
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    QCOMPARE(requestsOf(device, u"Tag"_s).size(), 1);
    QCOMPARE(requestsOf(device, u"Tag"_s).first().lastSync, startedAt);
    QCOMPARE(syncedOf(device, u"Tag"_s), QVariantMap({{u"model"_s, u"Tag"_s}, {u"isFullSync"_s, false}, {u"isDeltaSync"_s, true}, {u"added"_s, 1},
                                                      {u"updated"_s, 1}, {u"deleted"_s, 1}, {u"count"_s, 3}}));
    QCOMPARE(device.all(u"Tag"_s).size(), 5);
}

void TestDownload::fullSyncIsDueAfterItsInterval_data()
{
    QTest::addColumn<qint64>("pause");
    QTest::addColumn<bool>("full");
    QTest::newRow("an hour before the interval ends") << qint64(23 * 3600 * 1000) << false;
    QTest::newRow("when the interval has passed") << qint64(24 * 3600 * 1000) << true;
}

void TestDownload::fullSyncIsDueAfterItsInterval()
{
    QFETCH(qint64, pause);
    QFETCH(bool, full);
    QTemporaryDir folder;
    SyncFixture fixture;
    fill(fixture, 2);
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    device.start();
    QVERIFY(fixture.live(device));
    device.kill();
    fixture.time.advance(pause);
    device.events.clear();
    device.line->syncs.clear();
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    QCOMPARE(requestsOf(device, u"Tag"_s).first().lastSync == 0, full);
    QCOMPARE(device.payloads(u"modelSynced"_s).first().value(u"isFullSync"_s).toBool(), full);
}

void TestDownload::deltaSyncsDoNotPutOffTheFullOne()
{
    constexpr qint64 hour = 3'600'000;
    QTemporaryDir folder;
    SyncFixture fixture;
    fill(fixture, 2);
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    QList<bool> full;
    for (int start = 0; start < 7; ++start) {
        device.events.clear();
        device.start();
        QVERIFY(fixture.live(device));
        fixture.time.runAll();
        full.append(syncedOf(device, u"Tag"_s).value(u"isFullSync"_s).toBool());
        device.kill();
        fixture.time.advance(5 * hour);
    }
    QCOMPARE(full, QList<bool>({true, false, false, false, false, true, false}));
}

/* More milliseconds than an int has. */
void TestDownload::intervalsOfMonthsAreNoStorm()
{
    constexpr qint64 day = 24 * 3'600'000;
    SyncFixture fixture;
    fill(fixture, 2);
    SyncDevice device(fixture.time, fixture.server);
    device.options.syncInterval = device.options.fullSyncInterval = 60 * day;
    device.start();
    QVERIFY(fixture.live(device));
    device.line->syncs.clear();
    fixture.time.advance(10 * day);
    QVERIFY2(requestsOf(device, u"Tag"_s).size() < 20, qPrintable(QString::number(requestsOf(device, u"Tag"_s).size())));
    for (const SyncRequest &request : requestsOf(device, u"Tag"_s))
        QVERIFY(request.lastSync > 0);
    fixture.time.advance(55 * day);
    const QList<SyncRequest> requests = requestsOf(device, u"Tag"_s);
    QCOMPARE(std::count_if(requests.begin(), requests.end(), [](const SyncRequest &request) { return request.lastSync == 0; }), 1);
    QCOMPARE(device.line->connections, 1);
}

void TestDownload::whatASubscriptionLostComesWithTheNextSync()
{
    SyncFixture fixture;
    fill(fixture, 2);
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.line->loseEcho = 1000;
    fixture.put(u"Tag"_s, {{u"code"_s, u"t0000"_s}, {u"text"_s, u"lost"_s}});
    const auto arrived = [&] { return device.find(u"Tag"_s, u"t0000"_s).value(u"text"_s).toVariant() == u"lost"_s; };
    fixture.time.advance(10 * 60 * 1000);
    QVERIFY(!arrived());
    fixture.time.advance(11 * 60 * 1000);
    QVERIFY(arrived());
    QCOMPARE(device.engine().state(), EngineState::Live);
    QCOMPARE(device.line->connections, 1);
}

void TestDownload::aLineThatBreaksAfterADayCostsADeltaSync()
{
    SyncFixture fixture;
    fill(fixture, 2);
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    for (int quarter = 0; quarter < 4 * 8; ++quarter)
        fixture.time.advance(15 * 60 * 1000);
    device.line->set(false);
    fixture.time.advance(60'000);
    device.line->syncs.clear();
    device.line->set(true);
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.time.now() - requestsOf(device, u"Tag"_s).first().lastSync < 25 * 60 * 1000);
}

void TestDownload::lastSyncIsTheBackendsClock()
{
    SyncFixture fixture;
    fixture.server->clockSkew = -7 * 3600 * 1000;
    fill(fixture, 2);
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    const SyncProgress progress = SyncProgress::fromText(device.setting(u"sync/Tag"_s));
    QVERIFY(progress.lastSync <= fixture.server->now() && progress.lastSync > fixture.server->now() - 60'000);
    QVERIFY(progress.lastFullSync > fixture.server->now());
    QVERIFY(progress.nextToken.isEmpty());
}

void TestDownload::killedBaseSyncResumesAtItsPage()
{
    QTemporaryDir folder;
    SyncFixture fixture;
    fill(fixture, 100);
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    device.options.pageSize = 10;
    device.start();
    QVERIFY(fixture.until([&] { return device.all(u"Tag"_s).size() == 30; }));
    device.kill();
    device.line->syncs.clear();
    device.open();
    const SyncProgress progress = SyncProgress::fromText(device.setting(u"sync/Tag"_s));
    QVERIFY(!progress.nextToken.isEmpty());
    QCOMPARE(progress.lastSync, 0);
    QVERIFY(progress.full);
    device.engine().start();
    QVERIFY(fixture.live(device));
    QCOMPARE(requestsOf(device, u"Tag"_s).first().nextToken, progress.nextToken);
    const QList<SyncRequest> requests = requestsOf(device, u"Tag"_s);
    QCOMPARE(requests.size(), 8);           // the pages that were left, then what changed since the first one
    QVERIFY(std::all_of(requests.begin(), requests.end() - 1, [](const SyncRequest &request) { return !request.nextToken.isEmpty(); }));
    QVERIFY(requests.last().nextToken.isEmpty());
    QCOMPARE(requests.last().lastSync, progress.startedAt);
    QCOMPARE(device.all(u"Tag"_s).size(), 100);
    const SyncProgress complete = SyncProgress::fromText(device.setting(u"sync/Tag"_s));
    QVERIFY(complete.lastSync > progress.startedAt);
    QVERIFY(complete.lastFullSync > 0);
}

/* Whenever the process dies: what the backend is not asked for any more is here. */
void TestDownload::lastSyncIsNeverAheadOfTheRows()
{
    bool wasLive = false;
    for (int tasks = 0; !wasLive; ++tasks) {
        QVERIFY(tasks < 1000);
        QTemporaryDir folder;
        SyncFixture fixture;
        fill(fixture, 20);
        SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
        device.options.pageSize = 10;
        device.start();
        for (int i = 0; i < tasks; ++i) {
            if (!fixture.time.runOne())
                fixture.time.advance(1);
        }
        wasLive = device.engine().state() == EngineState::Live;
        device.kill();
        device.open();
        const SyncProgress progress = SyncProgress::fromText(device.setting(u"sync/Tag"_s));
        const qsizetype rows = device.all(u"Tag"_s).size();
        QCOMPARE(rows, progress.lastSync > 0 ? 20 : progress.nextToken.isEmpty() ? 0 : 10);
        device.engine().start();
        QVERIFY(fixture.live(device));
        QCOMPARE(device.all(u"Tag"_s).size(), 20);
    }
}

void TestDownload::refusedTokenBeginsAnew()
{
    QTemporaryDir folder;
    SyncFixture fixture;
    fill(fixture, 40);
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    device.options.pageSize = 10;
    device.start();
    QVERIFY(fixture.until([&] { return device.all(u"Tag"_s).size() == 20; }));
    device.kill();
    fixture.server->answerSync = [refused = 0](const SyncRequest &request) mutable -> std::optional<Error> {
        if (request.nextToken.isEmpty() || refused++ > 0)
            return {};
        return Error(Error::Code::Rejected, u"Invalid pagination token given."_s);
    };
    device.line->syncs.clear();
    device.start();
    QVERIFY(fixture.live(device));
    const QList<SyncRequest> requests = requestsOf(device, u"Tag"_s);
    QVERIFY(!requests.at(0).nextToken.isEmpty());
    QVERIFY(requests.at(1).nextToken.isEmpty());
    QCOMPARE(device.all(u"Tag"_s).size(), 40);
}

void TestDownload::pageThatIsTooLargeComesInParts()
{
    SyncFixture fixture;
    fill(fixture, 100);
    fixture.server->answerSync = [](const SyncRequest &request) -> std::optional<Error> {
        if (request.limit <= 10 || request.nextToken.isEmpty())
            return {};                                  // the first records are small
        return Error(Error::Code::Rejected, u"Transformation too large"_s).withModel(request.model->name).withDetail(pageTooLarge);
    };
    SyncDevice device(fixture.time, fixture.server);
    device.options.pageSize = 40;
    device.start();
    QVERIFY(fixture.live(device));
    QCOMPARE(device.all(u"Tag"_s).size(), 100);
    QCOMPARE(requestsOf(device, u"Tag"_s).size(), 1 + 2 + 6);           // 40, refused with 40 and with 20, then tens
    QVERIFY(device.errors.isEmpty());
}

/* Each session would wait in vain for the same page. */
void TestDownload::pageThatTakesTooLongComesInParts()
{
    SyncFixture fixture;
    fill(fixture, 100);
    SyncDevice device(fixture.time, fixture.server);
    fixture.server->answerSync = [&device](const SyncRequest &request) -> std::optional<Error> {
        device.line->silent = request.limit > 10 && request.model->name == u"Tag"_s;
        return {};
    };
    device.options.pageSize = 40;
    device.start();
    QVERIFY(fixture.until([&] {
        if (device.line->silent) {
            fixture.time.runAll();
            device.line->silent = false;
        }
        return device.engine().state() == EngineState::Live;
    }, 600'000));
    QCOMPARE(device.all(u"Tag"_s).size(), 100);
}

void TestDownload::nextPageIsInFlightWhileOneIsMerged()
{
    SyncFixture fixture;
    fill(fixture, 30);
    SyncDevice device(fixture.time, fixture.server);
    device.options.pageSize = 10;
    device.line->latencyLeast = device.line->latencyMost = 100;
    device.start();
    QVERIFY(fixture.until([&] { return requestsOf(device, u"Tag"_s).size() == 2; }));
    fixture.time.runAll();
    QCOMPARE(device.all(u"Tag"_s).size(), 10);
    QCOMPARE(requestsOf(device, u"Tag"_s).size(), 2);
    QVERIFY(fixture.live(device));
    QCOMPARE(device.all(u"Tag"_s).size(), 30);
}

void TestDownload::modelsWithoutRelationsAreFetchedAtTheSameTime()
{
    SyncFixture fixture;
    fill(fixture, 30);
    for (int i = 0; i < 30; ++i)
        fixture.put(u"Bin"_s, {{u"id"_s, u"b%1"_s.arg(i)}});
    SyncDevice device(fixture.time, fixture.server);
    device.options.pageSize = 10;
    device.line->latencyLeast = device.line->latencyMost = 100;
    device.start();
    QVERIFY(fixture.until([&] { return !device.line->syncs.isEmpty(); }));
    fixture.time.runAll();
    QStringList first;
    for (const SyncRequest &request : std::as_const(device.line->syncs))
        first.append(request.model->name);
    first.sort();
    QCOMPARE(first, QStringList({u"Bin"_s, u"Tag"_s}));         // items wait for their bins
    QVERIFY(fixture.live(device));
    QCOMPARE(device.all(u"Tag"_s).size(), 30);
    QCOMPARE(device.all(u"Bin"_s).size(), 30);
}

void TestDownload::failingPageIsRetriedAndOthersGoOn_data()
{
    QTest::addColumn<bool>("restarts");
    QTest::newRow("it heals before the next start") << true;
    QTest::newRow("it heals after the next start") << false;
}

void TestDownload::failingPageIsRetriedAndOthersGoOn()
{
    QFETCH(bool, restarts);
    QTemporaryDir folder;
    SyncFixture fixture;
    fill(fixture, 30);
    fixture.put(u"Bin"_s, {{u"id"_s, u"b"_s}});
    bool broken = true;
    fixture.server->answerSync = [&broken](const SyncRequest &request) -> std::optional<Error> {
        if (!broken || request.model->name != u"Tag"_s || request.nextToken.isEmpty())
            return {};
        return Error(Error::Code::BackendFailed, u"Internal failure."_s);
    };
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    device.options.pageSize = 10;
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    QVERIFY(device.eventNames().contains(u"ready"_s));
    QCOMPARE(device.payloads(u"modelSynced"_s).size(), 2);
    QCOMPARE(device.all(u"Tag"_s).size(), 10);
    QVERIFY(!device.errors.isEmpty());
    QCOMPARE(device.errors.first().model(), u"Tag"_s);
    QCOMPARE(SyncProgress::fromText(device.setting(u"sync/Tag"_s)).lastSync, 0);
    device.line->syncs.clear();
    fixture.time.advance(600'000);                  // no loop, and no end either
    const qsizetype attempts = requestsOf(device, u"Tag"_s).size();
    QVERIFY2(attempts > 10 && attempts < 600, qPrintable(QString::number(attempts)));
    QCOMPARE(device.errors.size(), 1);
    QCOMPARE(SyncProgress::fromText(device.setting(u"sync/Tag"_s)).lastSync, 0);
    device.kill();                                  // the next start goes on with the full sync
    device.line->syncs.clear();
    device.events.clear();
    broken = !restarts;
    device.start();
    QVERIFY(fixture.live(device));
    if (!restarts) {
        broken = false;
        device.engine().syncNow();
    }
    QVERIFY(fixture.until([&] { return !syncedOf(device, u"Tag"_s).isEmpty(); }));
    QCOMPARE(device.all(u"Tag"_s).size(), 30);
    QVERIFY(!requestsOf(device, u"Tag"_s).first().nextToken.isEmpty());
    QCOMPARE(syncedOf(device, u"Tag"_s).value(u"isFullSync"_s).toBool(), true);
    QCOMPARE(device.line->connections, 2);
}

void TestDownload::backendIsLeftAloneAsLongAsItAsksFor()
{
    SyncFixture fixture;
    fill(fixture, 30);
    SyncDevice device(fixture.time, fixture.server);
    device.line->refuse = Error(Error::Code::BackendFailed, u"Not available."_s);
    device.line->retryAfter = 60'000;
    device.start();
    QVERIFY(fixture.until([&] { return !device.errors.isEmpty(); }));
    fixture.time.advance(1'000);
    const qsizetype asked = device.line->syncs.size();
    fixture.time.advance(58'000);
    QCOMPARE(device.line->syncs.size(), asked);
    device.line->refuse.reset();
    fixture.time.advance(2'000);
    QCOMPARE(device.all(u"Tag"_s).size(), 30);
}

void TestDownload::unauthorizedModelHoldsUpNothing()
{
    SyncFixture fixture;
    fill(fixture, 3);
    fixture.server->answerSync = [](const SyncRequest &request) -> std::optional<Error> {
        if (request.model->name != u"Bin"_s)
            return {};
        return Error(Error::Code::Unauthorized, u"Not authorized to access syncBins."_s);
    };
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    QCOMPARE(device.all(u"Tag"_s).size(), 3);
    QCOMPARE(device.payloads(u"modelSynced"_s).size(), 2);
    QCOMPARE(device.errors.size(), 1);
    QCOMPARE(device.errors.first().code(), Error::Code::Unauthorized);
    QCOMPARE(device.errors.first().model(), u"Bin"_s);
    QCOMPARE(SyncProgress::fromText(device.setting(u"sync/Bin"_s)), SyncProgress());        // not level and empty
    device.line->syncs.clear();
    fixture.time.advance(600'000);
    const qsizetype attempts = requestsOf(device, u"Bin"_s).size();
    QVERIFY2(attempts < 30, qPrintable(QString::number(attempts)));
    QCOMPARE(device.errors.size(), 1);
    fixture.put(u"Bin"_s, {{u"id"_s, u"b"_s}});
    fixture.server->answerSync = {};
    fixture.time.advance(61'000);
    QCOMPARE(device.all(u"Bin"_s).size(), 1);
}

void TestDownload::whoMayReadNothingWritesAllTheSame_data()
{
    QTest::addColumn<QString>("wrongCredentials");
    QTest::newRow("by the rules") << QString();
    for (const char *model : {"Tag", "Bin", "Item"})        // whichever is answered last
        QTest::addRow("and the credentials for %s are wrong", model) << QString::fromLatin1(model);
}

/* Some may write and read nothing, as a device that only reports. */
void TestDownload::whoMayReadNothingWritesAllTheSame()
{
    QFETCH(QString, wrongCredentials);
    SyncFixture fixture;
    fixture.server->answerSync = [wrongCredentials](const SyncRequest &request) -> std::optional<Error> {
        const QString detail = request.model->name == wrongCredentials ? u"UnauthorizedException"_s : u"Unauthorized"_s;
        return Error(Error::Code::Unauthorized, u"Not Authorized to access it on type Query"_s).withModel(request.model->name).withDetail(detail);
    };
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    QVERIFY(!device.authRequired.contains(true));
    QCOMPARE(device.eventNames().count(u"ready"_s), 1);
    QCOMPARE(device.payloads(u"modelSynced"_s).size(), 0);
    QCOMPARE(device.errors.size(), 3);              // one of each model
    device.save(u"Tag"_s, {{u"code"_s, u"t"_s}});
    QVERIFY(fixture.drained(device));
    QVERIFY(fixture.server->record(u"Tag"_s, u"t"_s));
    QCOMPARE(device.line->connections, 1);
}

void TestDownload::brokenLineDuringTheSyncResumes()
{
    SyncFixture fixture;
    fill(fixture, 100);
    SyncDevice device(fixture.time, fixture.server);
    device.options.pageSize = 10;
    device.start();
    QVERIFY(fixture.until([&] { return device.all(u"Tag"_s).size() >= 30; }));
    device.line->set(false);
    fixture.time.advance(1000);
    device.line->set(true);
    QVERIFY(fixture.live(device));
    QCOMPARE(device.all(u"Tag"_s).size(), 100);
    QVERIFY(requestsOf(device, u"Tag"_s).size() <= 13);
}

void TestDownload::itemThatCannotBeAppliedIsPutAside()
{
    SyncFixture fixture;
    fill(fixture, 3);
    bool broken = true;
    fixture.server->answerItem = [&broken](const Record &record) -> std::optional<RemoteItem> {
        if (!broken || record.key() != u"t0001"_s)
            return {};
        const Error error = Error(Error::Code::Validation, u"Tag.text is required."_s).withModel(u"Tag"_s).withRecord(record.key());
        return RemoteItem{{}, error, {{u"code"_s, record.key()}, {u"text"_s, QJsonValue::Null}}};
    };
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    QCOMPARE(device.all(u"Tag"_s).size(), 2);
    QList<QVariantMap> put = device.payloads(u"nonApplicableDataReceived"_s);
    QCOMPARE(put.first().take(u"error"_s).value<Error>().phase(), Error::Phase::Merge);
    QCOMPARE(put, QList<QVariantMap>({{{u"model"_s, u"Tag"_s}, {u"message"_s, u"Tag.text is required."_s}}}));
    QCOMPARE(device.errors.size(), 1);
    QCOMPARE(device.payloads(u"modelSynced"_s).size(), 3);
    QCOMPARE(device.quarantined().size(), 1);
    QCOMPARE(device.quarantined().first().key, u"t0001"_s);
    QCOMPARE(device.quarantined().first().error.message(), u"Tag.text is required."_s);
    const QJsonObject raw = QJsonDocument::fromJson(device.quarantined().first().raw.toUtf8()).object();
    QCOMPARE(raw.value(u"code"_s).toString(), u"t0001"_s);
    broken = false;
    fixture.put(u"Tag"_s, {{u"code"_s, u"t0001"_s}, {u"text"_s, u"good"_s}});
    fixture.time.advance(100);
    QCOMPARE(device.find(u"Tag"_s, u"t0001"_s).value(u"text").toText(), u"good"_s);
    QVERIFY(device.quarantined().isEmpty());
}

void TestDownload::rowsTheBackendForgotVanishAfterABaseSync()
{
    SyncFixture fixture;
    fill(fixture, 5);
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.engine().pause();
    fixture.time.advance(40LL * 24 * 3600 * 1000);
    fixture.server->forget(u"Tag"_s, u"t0002"_s);
    fixture.server->forget(u"Tag"_s, u"t0003"_s);
    device.save(u"Tag"_s, {{u"code"_s, u"t0003"_s}, {u"text"_s, u"edited"_s}});
    device.save(u"Tag"_s, {{u"code"_s, u"mine"_s}});
    fixture.time.runAll();
    device.events.clear();
    device.engine().resume();
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QVERIFY(device.find(u"Tag"_s, u"t0002"_s).isNull());
    QCOMPARE(device.find(u"Tag"_s, u"t0003"_s).value(u"text").toText(), u"edited"_s);
    QCOMPARE(device.find(u"Tag"_s, u"t0003"_s).state(), SyncState::Rejected);
    QCOMPARE(device.find(u"Tag"_s, u"mine"_s).state(), SyncState::Synced);
    QCOMPARE(device.all(u"Tag"_s).size(), 5);
}

/* A device that has 100 records and was away so long that its next sync is a base sync; some were forgotten meanwhile. */
struct LongAway
{
    explicit LongAway(const QStringList &forgotten)
        : device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s))
    {
        fill(fixture, 100);
        device.options.pageSize = 10;
        device.start();
        if (!fixture.live(device))
            qFatal("The first sync does not end.");
        device.kill();
        fixture.time.advance(40LL * 24 * 3600 * 1000);
        for (const QString &key : forgotten)
            fixture.server->forget(u"Tag"_s, key);
        device.line->syncs.clear();
    }

    [[nodiscard]] SyncProgress progress() { return SyncProgress::fromText(device.setting(u"sync/Tag"_s)); }
    [[nodiscard]] bool mergedSome() { return requestsOf(device, u"Tag"_s).size() >= 6 && !progress().nextToken.isEmpty(); }
    [[nodiscard]] QStringList keys()
    {
        QStringList keys;
        for (const Record &record : device.all(u"Tag"_s))
            keys.append(record.key());
        return keys;
    }

    QTemporaryDir folder;
    SyncFixture fixture;
    SyncDevice device;
};

void TestDownload::resumedBaseSyncFindsWhatVanished()
{
    LongAway away({u"t0002"_s, u"t0090"_s});
    away.device.start();
    QVERIFY(away.fixture.until([&] { return away.mergedSome(); }));
    away.device.kill();
    away.device.line->syncs.clear();
    away.device.start();
    QVERIFY(away.fixture.live(away.device));
    QVERIFY(!requestsOf(away.device, u"Tag"_s).first().nextToken.isEmpty());
    QCOMPARE(away.keys().size(), 98);
    QVERIFY(!away.keys().contains(u"t0002"_s));
    QVERIFY(!away.keys().contains(u"t0090"_s));
    QVERIFY(!away.progress().sweeps);
}

void TestDownload::baseSyncThatWasKilledBeforeItDroppedWhatVanishedDoesItLater()
{
    LongAway away({u"t0002"_s});
    away.fixture.put(u"Tag"_s, {{u"code"_s, u"t0099"_s}, {u"text"_s, u"of the last page"_s}});
    away.device.open();
    const auto lastPage = away.device.store().observe(&away.fixture.time, [&](const ChangeSet &) { away.device.die(); });
    away.device.engine().start();
    away.fixture.time.advance(60'000);
    away.device.kill();
    away.device.open();
    QVERIFY(away.progress().sweeps);
    QVERIFY(away.progress().nextToken.isEmpty());
    QVERIFY(away.keys().contains(u"t0002"_s));
    away.device.line->syncs.clear();
    away.device.engine().start();
    QVERIFY(away.fixture.live(away.device));
    QVERIFY(!away.keys().contains(u"t0002"_s));
    QCOMPARE(away.keys().size(), 99);
    QCOMPARE(requestsOf(away.device, u"Tag"_s).size(), 1);
    QVERIFY(requestsOf(away.device, u"Tag"_s).first().lastSync > 0);
    QVERIFY(!away.progress().sweeps);
}

void TestDownload::refusedTokenForgetsWhatEarlierPagesBrought_data()
{
    QTest::addColumn<bool>("hurried");
    QTest::newRow("after its wait") << false;
    QTest::newRow("at once, for somebody wants to sync now") << true;
}

void TestDownload::refusedTokenForgetsWhatEarlierPagesBrought()
{
    QFETCH(bool, hurried);
    LongAway away({});
    away.device.start();
    QVERIFY(away.fixture.until([&] { return away.mergedSome(); }));
    away.device.kill();
    away.fixture.server->forget(u"Tag"_s, u"t0002"_s);      // an earlier page brought it
    away.fixture.server->answerSync = [refused = 0](const SyncRequest &request) mutable -> std::optional<Error> {
        if (request.nextToken.isEmpty() || refused++ > 0)
            return {};
        return Error(Error::Code::Rejected, u"Invalid pagination token given."_s);
    };
    away.device.line->syncs.clear();
    away.device.errors.clear();
    away.device.start();
    if (hurried) {
        QVERIFY(away.fixture.until([&] { return !away.device.errors.isEmpty(); }));
        away.device.engine().syncNow();
        away.fixture.time.runAll();
        QCOMPARE(requestsOf(away.device, u"Tag"_s).size(), 2);
    }
    QVERIFY(away.fixture.live(away.device));
    QVERIFY(!away.keys().contains(u"t0002"_s));
    QCOMPARE(away.keys().size(), 99);
}

void TestDownload::recordKeptAsideOnAnEarlierPageIsNotTakenForVanished()
{
    LongAway away({u"t0003"_s});
    away.fixture.put(u"Tag"_s, {{u"code"_s, u"t0002"_s}, {u"text"_s, u"breaks the schema"_s}});
    away.fixture.time.advance(60'000);                      // before the base sync begins
    away.fixture.server->answerItem = [](const Record &record) -> std::optional<RemoteItem> {
        if (record.key() != u"t0002"_s)
            return {};
        const QJsonObject raw{{u"code"_s, u"t0002"_s}, {u"_version"_s, record.metadata().version},
                              {u"_lastChangedAt"_s, record.metadata().lastChangedAt}};
        return RemoteItem{{}, Error(Error::Code::Validation, u"Wrong."_s).withModel(u"Tag"_s).withRecord(u"t0002"_s), raw};
    };
    away.device.start();
    QVERIFY(away.fixture.until([&] { return away.mergedSome(); }));
    away.device.kill();
    away.device.start();
    QVERIFY(away.fixture.live(away.device));
    QCOMPARE(away.device.quarantined().size(), 1);
    QVERIFY(away.keys().contains(u"t0002"_s));
    QVERIFY(!away.keys().contains(u"t0003"_s));
}

void TestDownload::baseSyncIntoAnEmptyStoreKeepsNoKeys()
{
    QTemporaryDir folder;
    SyncFixture fixture;
    fill(fixture, 100);
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    device.options.pageSize = 10;
    device.start();
    const auto keepsSeen = [&device] {
        return device.read<bool>([](ReadTransaction &transaction) { return transaction.keepsSeen(*transaction.schema().model(u"Tag"_s)); });
    };
    QVERIFY(fixture.until([&] { return device.all(u"Tag"_s).size() == 50; }));
    QVERIFY(!keepsSeen());
    QVERIFY(fixture.live(device));
    QVERIFY(!keepsSeen());
    device.engine().pause();
    fixture.time.advance(40LL * 24 * 3600 * 1000);
    device.engine().resume();
    QVERIFY(fixture.until([&] { return keepsSeen(); }));
    QVERIFY(fixture.live(device));
    QVERIFY(!keepsSeen());
}

void TestDownload::tombstonesInABaseSyncRemoveRows()
{
    SyncFixture fixture;
    fill(fixture, 3);
    fixture.server->remove(u"Tag"_s, u"t0000"_s);
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.runAll();
    QCOMPARE(device.all(u"Tag"_s).size(), 2);
    QCOMPARE(syncedOf(device, u"Tag"_s).value(u"count"_s).toInt(), 2);
}

static Predicate textIs(const QString &text)
{
    return Predicate::compare(u"text"_s, Predicate::Operator::Eq, {Value(text)});
}

/* The earlier pages are from before this session's subscriptions. */
void TestDownload::changeBehindAResumedPageComesToo()
{
    QTemporaryDir folder;
    SyncFixture fixture;
    fill(fixture, 100);
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    device.options.pageSize = 10;
    device.start();
    QVERIFY(fixture.until([&] { return device.all(u"Tag"_s).size() >= 30; }));
    device.kill();
    fixture.put(u"Tag"_s, {{u"code"_s, u"t0002"_s}, {u"text"_s, u"changed"_s}});
    device.start();
    QVERIFY(fixture.live(device));
    QCOMPARE(device.all(u"Tag"_s).size(), 100);
    QCOMPARE(device.find(u"Tag"_s, u"t0002"_s).value(u"text").toText(), u"changed"_s);
}

void TestDownload::scopeIsSentAndItsChangePrunes()
{
    QTemporaryDir folder;
    SyncFixture fixture;
    fill(fixture, 20);
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    device.options.scopes.insert(u"Tag"_s, textIs(u"3"_s));
    device.start();
    QVERIFY(fixture.live(device));
    QCOMPARE(requestsOf(device, u"Tag"_s).first().filter, textIs(u"3"_s));
    QCOMPARE(device.all(u"Tag"_s).size(), 2);
    restart(fixture, device);
    QVERIFY(fixture.live(device));
    QVERIFY(requestsOf(device, u"Tag"_s).first().lastSync > 0);
    device.options.scopes.insert(u"Tag"_s, textIs(u"4"_s));
    restart(fixture, device);
    QVERIFY(fixture.live(device));
    QCOMPARE(requestsOf(device, u"Tag"_s).first().lastSync, 0);
    QCOMPARE(device.all(u"Tag"_s).size(), 2);
    for (const Record &record : device.all(u"Tag"_s))
        QCOMPARE(record.value(u"text").toText(), u"4"_s);
    device.options.scopes.clear();
    restart(fixture, device);
    QVERIFY(fixture.live(device));
    QCOMPARE(device.all(u"Tag"_s).size(), 20);
}

void TestDownload::recordThatLeavesTheScopeIsRemovedAndComesBack()
{
    SyncFixture fixture;
    fill(fixture, 20);
    SyncDevice device(fixture.time, fixture.server);
    device.options.scopes.insert(u"Tag"_s, textIs(u"3"_s));
    device.start();
    QVERIFY(fixture.live(device));
    fixture.put(u"Tag"_s, {{u"code"_s, u"t0003"_s}, {u"text"_s, u"away"_s}});
    fixture.put(u"Tag"_s, {{u"code"_s, u"t0004"_s}, {u"text"_s, u"3"_s}});
    fixture.put(u"Tag"_s, {{u"code"_s, u"t0005"_s}, {u"text"_s, u"other"_s}});
    fixture.time.advance(100);
    QVERIFY(device.find(u"Tag"_s, u"t0003"_s).isNull());
    QVERIFY(!device.find(u"Tag"_s, u"t0004"_s).isNull());
    QVERIFY(device.find(u"Tag"_s, u"t0005"_s).isNull());
    fixture.put(u"Tag"_s, {{u"code"_s, u"t0003"_s}, {u"text"_s, u"3"_s}});
    fixture.time.advance(100);
    QVERIFY(!device.find(u"Tag"_s, u"t0003"_s).isNull());
}

void TestDownload::wrongScopeIsAnErrorAndKeepsNothing()
{
    SyncFixture fixture;
    fill(fixture, 3);
    SyncDevice device(fixture.time, fixture.server);
    device.options.scopes.insert(u"Tag"_s, Predicate::compare(u"colour"_s, Predicate::Operator::Eq, {Value(u"red"_s)}));
    device.options.scopes.insert(u"Nothing"_s, Predicate());
    device.start();
    fixture.time.advance(2000);
    QCOMPARE(device.all(u"Tag"_s).size(), 0);
    QStringList models;
    for (const Error &error : std::as_const(device.errors))
        models.append(error.model());
    QVERIFY(models.contains(u"Tag"_s));
    QVERIFY(models.contains(u"Nothing"_s));
}

void TestDownload::manyPagesAreMerged()
{
    SyncFixture fixture;
    fill(fixture, 1000);
    SyncDevice device(fixture.time, fixture.server);
    device.options.pageSize = 1;
    device.start();
    QVERIFY(fixture.live(device));
    QCOMPARE(device.all(u"Tag"_s).size(), 1000);
    QCOMPARE(requestsOf(device, u"Tag"_s).size(), 1000);
}

QTEST_GUILESS_MAIN(TestDownload)
#include "tst_download.moc"
