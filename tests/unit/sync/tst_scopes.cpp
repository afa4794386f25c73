// SPDX-License-Identifier: MIT
#include "syncfixture.h"

#include "client/sync/repair_p.h"
#include "client/sync/syncstate_p.h"

#include <QtCore/QTemporaryDir>

#include <random>

using namespace TidelineTest;

/* Which records a device keeps, changed while it runs. */
class TestScopes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void changeFetchesOnlyTheDifference();
    void narrowerScopeFetchesNothing();
    void rowsThatCameBackHaveTheirVersion();
    void seriesOfChangesFetchesTheLast();
    void changeWhileOfflineIsMadeUpFor();
    void differenceIsResumedAtItsPage();
    void everyKillEndsLevel();
    void everyDetourEndsLevel();
    void messageThatOvertakesItsPageIsNotUndone();
    void pendingRowStaysUntilItsLaneIsDone();
    void rejectedRowOutsideGoesWhenGivenUp();
    void messageBetweenIsJudgedByTheNewScope();
    void rowThatLeftWhileOfflineGoes();
    void noneForgetsTheModelAndComesBack();
    void noneFromTheBeginningIsSubscribedToWhenItIsWanted();
    void backendThatCannotFilterIsNoHarm();
    void wrongScopeLeavesTheModelAlone();
    void priorityDecidesWhatIsFetchedFirst();
    void randomChanges();
};

static Predicate text(const QString &value)
{
    return Predicate::compare(u"text"_s, Predicate::Operator::Eq, {Value(value)});
}

static Predicate atMost(int value)
{
    return Predicate::compare(u"text"_s, Predicate::Operator::Le, {Value(QString::number(value))});
}

static QString code(int number)
{
    return u"t%1"_s.arg(number, 4, 10, QChar(u'0'));
}

static void fill(SyncFixture &fixture, int count)
{
    for (int i = 0; i < count; ++i)
        fixture.put(u"Tag"_s, {{u"code"_s, code(i)}, {u"text"_s, QString::number(i % 10)}});
}

static void setScope(SyncDevice &device, const Predicate &scope)
{
    device.options.scopes.insert(u"Tag"_s, scope);
    device.engine().setScopes(device.options.scopes, device.options.priorities);
}

static QList<SyncRequest> tagRequests(const SyncDevice &device)
{
    QList<SyncRequest> requests = device.line->syncs;
    requests.removeIf([](const SyncRequest &request) { return request.model->name != u"Tag"_s; });
    return requests;
}

static QStringList keys(SyncDevice &device)
{
    QStringList keys;
    for (const Record &record : device.all(u"Tag"_s))
        keys.append(record.key());
    keys.sort();
    return keys;
}

static SyncProgress progressOf(SyncDevice &device)
{
    return SyncProgress::fromText(device.setting(u"sync/Tag"_s));
}

/*! What the backend has of it. */
static QStringList matching(const SyncFixture &fixture, const Predicate &scope)
{
    const auto model = fixture.server->schema().model(u"Tag"_s);
    const Result<BoundPredicate> bound = BoundPredicate::bind(fixture.server->schema(), model, scope);
    QStringList keys;
    for (const auto &[key, record] : fixture.server->rows()) {
        if (key.first == u"Tag"_s && !record.metadata().deleted && bound->matches(record))
            keys.append(key.second);
    }
    return keys;
}

/*! The device has what the scope asks for, and knows that it has. */
static bool level(SyncFixture &fixture, SyncDevice &device, const Predicate &scope)
{
    return fixture.until([&] {
        return device.engine().state() == EngineState::Live && progressOf(device).isLevelWith(SyncProgress::expressionOf(scope))
            && keys(device) == matching(fixture, scope);
    });
}

/*! Keys of what the device should have and has not, or has otherwise, or should not have. What was rejected stays as it is. */
static QStringList difference(const SyncFixture &fixture, SyncDevice &device, const Predicate &scope)
{
    QSet<QString> rejected;
    for (const OutboxEntry &entry : device.outbox())
        rejected.insert(entry.key);
    const QStringList expected = matching(fixture, scope);
    QSet<QString> missing(expected.begin(), expected.end());
    missing += rejected;
    QStringList wrong;
    for (const Record &row : device.all(u"Tag"_s)) {
        const Record theirs = fixture.server->record(u"Tag"_s, row.key());
        const bool same = theirs && theirs.values() == row.values() && theirs.metadata() == row.metadata();
        if (!missing.remove(row.key()) || (!same && !rejected.contains(row.key())))
            wrong.append(row.key());
    }
    return wrong + missing.values();
}

void TestScopes::changeFetchesOnlyTheDifference()
{
    SyncFixture fixture;
    fill(fixture, 40);
    SyncDevice device(fixture.time, fixture.server);
    device.options.scopes.insert(u"Tag"_s, atMost(3));
    device.start();
    QVERIFY(fixture.live(device));
    device.line->syncs.clear();
    device.events.clear();
    const Predicate next = text(u"3"_s) || text(u"8"_s);
    setScope(device, next);
    QVERIFY(level(fixture, device, next));
    QCOMPARE(device.line->syncs.size(), 1);
    const SyncRequest request = device.line->syncs.first();
    QCOMPARE(request.lastSync, 0);
    QCOMPARE(request.filter, next && !atMost(3));
    QCOMPARE(device.line->connections, 1);
    fixture.time.runAll();
    const QList<QVariantMap> synced = device.payloads(u"modelSynced"_s);
    QCOMPARE(synced.size(), 1);
    QCOMPARE(synced.first().value(u"added"_s).toInt(), 4);
    QCOMPARE(synced.first().value(u"deleted"_s).toInt(), 12);
    QVERIFY(device.outbox().isEmpty());
}

void TestScopes::narrowerScopeFetchesNothing()
{
    SyncFixture fixture;
    fill(fixture, 40);
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.line->syncs.clear();
    setScope(device, text(u"4"_s));
    QVERIFY(level(fixture, device, text(u"4"_s)));
    QVERIFY(device.line->syncs.isEmpty());
    setScope(device, Predicate());
    QVERIFY(level(fixture, device, Predicate()));
    QCOMPARE(device.line->syncs.size(), 1);
    QCOMPARE(device.line->syncs.first().filter, !text(u"4"_s));
}

void TestScopes::rowsThatCameBackHaveTheirVersion()
{
    SyncFixture fixture;
    fill(fixture, 20);
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    for (const QString &value : {u"1"_s, u"2"_s, u"1"_s}) {
        setScope(device, text(value));
        QVERIFY(level(fixture, device, text(value)));
    }
    QCOMPARE(device.find(u"Tag"_s, code(1)), fixture.server->record(u"Tag"_s, code(1)));
    device.save(u"Tag"_s, {{u"code"_s, code(1)}, {u"text"_s, u"2"_s}});
    QVERIFY(fixture.drained(device));
    QCOMPARE(fixture.server->record(u"Tag"_s, code(1)).value(u"text").toText(), u"2"_s);
}

void TestScopes::seriesOfChangesFetchesTheLast()
{
    SyncFixture fixture;
    fill(fixture, 60);
    SyncDevice device(fixture.time, fixture.server);
    device.options.scopes.insert(u"Tag"_s, text(u"0"_s));
    device.options.pageSize = 5;
    device.start();
    QVERIFY(fixture.live(device));
    device.line->syncs.clear();
    for (int i = 1; i < 8; ++i) {
        setScope(device, text(QString::number(i)));
        fixture.time.advance(10);
    }
    QVERIFY(level(fixture, device, text(u"7"_s)));
    const QList<SyncRequest> requests = tagRequests(device);
    for (const SyncRequest &request : requests)
        QCOMPARE(request.filter.children().first(), text(u"7"_s));
    setScope(device, text(u"8"_s));         // cut between its pages
    fixture.time.advance(70);
    setScope(device, text(u"9"_s));
    QVERIFY(level(fixture, device, text(u"9"_s)));
}

void TestScopes::changeWhileOfflineIsMadeUpFor()
{
    SyncFixture fixture;
    fill(fixture, 30);
    SyncDevice device(fixture.time, fixture.server);
    device.options.scopes.insert(u"Tag"_s, atMost(4));
    device.start();
    QVERIFY(fixture.live(device));
    device.engine().pause();
    fixture.time.advance(100);
    fixture.put(u"Tag"_s, {{u"code"_s, code(3)}, {u"text"_s, u"9"_s}});
    fixture.put(u"Tag"_s, {{u"code"_s, code(9)}, {u"text"_s, u"4"_s}});
    fixture.put(u"Tag"_s, {{u"code"_s, code(4)}, {u"text"_s, u"2"_s}});
    const Predicate next = Predicate::compare(u"text"_s, Predicate::Operator::Ge, {Value(u"4"_s)});
    setScope(device, next);
    device.engine().resume();
    QVERIFY(level(fixture, device, next));
}

void TestScopes::differenceIsResumedAtItsPage()
{
    QTemporaryDir folder;
    SyncFixture fixture;
    fill(fixture, 100);
    SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
    device.options.scopes.insert(u"Tag"_s, text(u"1"_s));
    device.options.pageSize = 10;
    device.start();
    QVERIFY(fixture.live(device));
    setScope(device, atMost(5));
    QVERIFY(fixture.until([&] { return keys(device).size() >= 25; }));
    const SyncProgress cut = progressOf(device);
    QVERIFY(!cut.nextToken.isEmpty());
    QCOMPARE(cut.adding, SyncProgress::expressionOf(atMost(5)));
    QVERIFY(!cut.isLevelWith(cut.adding));
    device.kill();
    fixture.put(u"Tag"_s, {{u"code"_s, code(0)}, {u"text"_s, u"9"_s}});      // came with a page, left while nobody listened
    device.line->syncs.clear();
    device.start();
    QVERIFY(level(fixture, device, atMost(5)));
    const QList<SyncRequest> requests = tagRequests(device);
    QCOMPARE(requests.first().nextToken, cut.nextToken);
    QVERIFY(requests.size() < 10);
    QVERIFY(requests.last().lastSync > 0);
}

void TestScopes::everyKillEndsLevel()
{
    for (int wait = 0; wait < 160; wait += 3) {
        SyncFixture fixture(FakeServer::Mode::Optimistic, quint64(wait) + 1);
        fill(fixture, 60);
        QTemporaryDir folder;
        SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
        device.options.scopes.insert(u"Tag"_s, text(u"1"_s));
        device.options.pageSize = 10;
        device.start();
        QVERIFY(fixture.live(device));
        setScope(device, atMost(5));
        fixture.time.advance(wait);
        const Predicate next = wait % 2 == 0 ? atMost(5) : text(u"1"_s);        // goes on, or goes back
        device.options.scopes.insert(u"Tag"_s, next);
        device.kill();
        fixture.put(u"Tag"_s, {{u"code"_s, code(31)}, {u"text"_s, u"9"_s}});
        device.start();
        QVERIFY2(level(fixture, device, next), qPrintable(u"killed after %1 ms"_s.arg(wait)));
    }
}

/* To another scope and back, by another change or by a new start, while the difference of the first is on its way. */
void TestScopes::everyDetourEndsLevel()
{
    for (int first = 40; first < 130; first += 3) {
        for (const int second : {1, 20, 52, 58}) {
            for (const bool killed : {false, true}) {
                SyncFixture fixture;
                fill(fixture, 60);
                QTemporaryDir folder;
                SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
                device.options.scopes.insert(u"Tag"_s, text(u"1"_s));
                device.options.pageSize = 10;
                device.start();
                QVERIFY(fixture.live(device));
                setScope(device, atMost(5));
                fixture.time.advance(first);
                setScope(device, text(u"8"_s));
                fixture.time.advance(second);
                if (killed) {
                    device.kill();
                    device.options.scopes.insert(u"Tag"_s, atMost(5));
                    device.start();
                } else {
                    setScope(device, atMost(5));
                }
                QVERIFY2(level(fixture, device, atMost(5)), qPrintable(u"%1 ms, %2 ms, killed: %3"_s.arg(first).arg(second).arg(killed)));
            }
        }
    }
}

void TestScopes::messageThatOvertakesItsPageIsNotUndone()
{
    SyncFixture fixture;
    fill(fixture, 20);
    SyncDevice device(fixture.time, fixture.server);
    device.options.scopes.insert(u"Tag"_s, text(u"1"_s));
    device.start();
    QVERIFY(fixture.live(device));
    device.line->syncs.clear();
    setScope(device, atMost(5));
    QVERIFY(fixture.until([&] { return !device.line->syncs.isEmpty(); }));
    device.line->latencyLeast = device.line->latencyMost = 200;         // of the answer
    fixture.time.advance(6);
    device.line->latencyLeast = device.line->latencyMost = 1;
    fixture.put(u"Tag"_s, {{u"code"_s, code(3)}, {u"text"_s, u"9"_s}});
    fixture.time.advance(20);
    QCOMPARE(keys(device).size(), 2);
    fixture.time.advance(300);
    QVERIFY(progressOf(device).isLevelWith(SyncProgress::expressionOf(atMost(5))));
    QCOMPARE(keys(device), matching(fixture, atMost(5)));
}

void TestScopes::pendingRowStaysUntilItsLaneIsDone()
{
    SyncFixture fixture;
    fill(fixture, 20);
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.line->refuse = Error(Error::Code::BackendFailed, u"not now"_s);
    device.save(u"Tag"_s, {{u"code"_s, code(3)}, {u"text"_s, u"33"_s}});
    device.save(u"Tag"_s, {{u"code"_s, u"mine"_s}, {u"text"_s, u"44"_s}});
    fixture.time.advance(100);
    setScope(device, text(u"1"_s));
    fixture.time.advance(200);
    QCOMPARE(keys(device), QStringList({u"mine"_s, code(1), code(3), code(11)}));
    device.line->refuse.reset();
    device.engine().syncNow();
    QVERIFY(fixture.drained(device));
    QVERIFY(level(fixture, device, text(u"1"_s)));
    QCOMPARE(fixture.server->record(u"Tag"_s, code(3)).value(u"text").toText(), u"33"_s);
    QCOMPARE(fixture.server->record(u"Tag"_s, u"mine"_s).value(u"text").toText(), u"44"_s);
}

void TestScopes::rejectedRowOutsideGoesWhenGivenUp()
{
    SyncFixture fixture;
    fill(fixture, 20);
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    fixture.server->answerMutation = [](const OutboxEntry &) {
        return MutationResponse{MutationResponse::Outcome::Rejected, {}, Error(Error::Code::Rejected, u"no"_s)};
    };
    device.save(u"Tag"_s, {{u"code"_s, code(3)}, {u"text"_s, u"33"_s}});
    QVERIFY(fixture.drained(device));
    setScope(device, text(u"1"_s));
    fixture.time.advance(500);
    QVERIFY(!device.find(u"Tag"_s, code(3)).isNull());
    const qint64 mutation = device.outbox().first().sequence;
    device.write<QList<Record>>([mutation](WriteTransaction &transaction) {
        return Repair(transaction, Dependencies(transaction.schema())).discard(mutation, DiscardScope::Mutation);
    });
    QVERIFY(level(fixture, device, text(u"1"_s)));
}

void TestScopes::messageBetweenIsJudgedByTheNewScope()
{
    SyncFixture fixture;
    fill(fixture, 60);
    SyncDevice device(fixture.time, fixture.server);
    device.options.scopes.insert(u"Tag"_s, text(u"1"_s));
    device.options.pageSize = 10;
    device.start();
    QVERIFY(fixture.live(device));
    setScope(device, atMost(5));
    for (int i = 0; i < 60; ++i) {          // some leave after their page was asked for, some come when it is past
        fixture.put(u"Tag"_s, {{u"code"_s, code(i)}, {u"text"_s, QString::number((i * 7 + 3) % 10)}});
        fixture.time.advance(2);
    }
    QVERIFY(level(fixture, device, atMost(5)));
}

void TestScopes::rowThatLeftWhileOfflineGoes()
{
    SyncFixture fixture;
    fill(fixture, 20);
    SyncDevice device(fixture.time, fixture.server);
    device.options.scopes.insert(u"Tag"_s, text(u"1"_s));
    device.start();
    QVERIFY(fixture.live(device));
    for (const qint64 minutes : {1, 40}) {          // as long as the backend keeps changes, and longer
        device.engine().pause();
        fixture.put(u"Tag"_s, {{u"code"_s, matching(fixture, text(u"1"_s)).first()}, {u"text"_s, u"2"_s}});
        fixture.time.advance(minutes * 60'000);
        device.engine().resume();
        QVERIFY(level(fixture, device, text(u"1"_s)));
    }
}

void TestScopes::noneForgetsTheModelAndComesBack()
{
    SyncFixture fixture;
    fill(fixture, 20);
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    setScope(device, Predicate::none());
    QVERIFY(fixture.until([&] { return keys(device).isEmpty() && device.setting(u"sync/Tag"_s).isEmpty(); }));
    fixture.put(u"Tag"_s, {{u"code"_s, code(1)}, {u"text"_s, u"new"_s}});
    fixture.time.advance(100);
    QVERIFY(keys(device).isEmpty());
    setScope(device, Predicate());
    QVERIFY(level(fixture, device, Predicate()));
    QCOMPARE(device.line->connections, 1);          // the subscriptions were there all the time
}

void TestScopes::noneFromTheBeginningIsSubscribedToWhenItIsWanted()
{
    SyncFixture fixture;
    fill(fixture, 20);
    SyncDevice device(fixture.time, fixture.server);
    device.options.scopes.insert(u"Tag"_s, Predicate::none());
    device.start();
    QVERIFY(fixture.live(device));
    setScope(device, Predicate());
    QVERIFY(level(fixture, device, Predicate()));
    QCOMPARE(device.line->connections, 2);
    setScope(device, Predicate::none());
    setScope(device, text(u"1"_s));
    QVERIFY(level(fixture, device, text(u"1"_s)));
    QCOMPARE(device.line->connections, 2);
    fixture.put(u"Tag"_s, {{u"code"_s, code(1)}, {u"text"_s, u"1"_s}});
    QVERIFY(level(fixture, device, text(u"1"_s)));
}

void TestScopes::backendThatCannotFilterIsNoHarm()
{
    SyncFixture fixture;
    fill(fixture, 40);
    fixture.server->filters = false;
    SyncDevice device(fixture.time, fixture.server);
    for (const Predicate &scope : {text(u"1"_s), atMost(4), Predicate(), text(u"9"_s)}) {
        device.options.scopes.insert(u"Tag"_s, scope);
        if (!device.isOpen())
            device.start();
        setScope(device, scope);
        QVERIFY(level(fixture, device, scope));
    }
}

void TestScopes::wrongScopeLeavesTheModelAlone()
{
    SyncFixture fixture;
    fill(fixture, 10);
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    setScope(device, Predicate::compare(u"colour"_s, Predicate::Operator::Eq, {Value(u"red"_s)}));
    fixture.time.advance(500);
    QCOMPARE(keys(device).size(), 10);
    QVERIFY(std::any_of(device.errors.cbegin(), device.errors.cend(), [](const Error &error) {
        return error.code() == Error::Code::UnknownField && error.model() == u"Tag"_s;
    }));
    setScope(device, Predicate());
    QVERIFY(level(fixture, device, Predicate()));
}

void TestScopes::priorityDecidesWhatIsFetchedFirst()
{
    for (const QString &first : {u"Tag"_s, u"Item"_s}) {
        SyncFixture fixture;
        SyncDevice device(fixture.time, fixture.server);
        device.options.priorities.insert(first, 5);
        device.start();
        QVERIFY(fixture.live(device));
        QStringList order;
        for (const SyncRequest &request : std::as_const(device.line->syncs))
            order.append(request.model->name);
        QCOMPARE(order.first(), first == u"Tag"_s ? u"Tag"_s : u"Bin"_s);       // an item needs its bin before
    }
}

void TestScopes::randomChanges()
{
    const int seeds = qEnvironmentVariableIsSet("TIDELINE_SEEDS") ? qEnvironmentVariableIntValue("TIDELINE_SEEDS") : 30;
    for (int seed = 1; seed <= seeds; ++seed) {
        QTemporaryDir folder;
        std::mt19937 random{quint32(seed)};
        const auto pick = [&random](int below) { return int(random() % quint32(below)); };
        SyncFixture fixture(FakeServer::Mode::Automerge, quint64(seed));
        fill(fixture, 50);
        SyncDevice device(fixture.time, fixture.server, folder.filePath(u"store.sqlite"_s));
        device.options.pageSize = 3 + pick(20);
        device.start();
        for (int step = 0; step < 120; ++step) {
            const QString key = code(pick(60));
            const QString value = QString::number(pick(10));
            switch (pick(6)) {
            case 0: {
                const QList<Predicate> scopes{Predicate(), text(value), atMost(pick(10)), !text(value), Predicate::none()};
                setScope(device, scopes.at(pick(5)));
                break;
            }
            case 1:
            case 2:
                if (pick(6) > 0)
                    fixture.put(u"Tag"_s, {{u"code"_s, key}, {u"text"_s, value}});
                else if (const Record stored = fixture.server->record(u"Tag"_s, key); stored && !stored.metadata().deleted)
                    fixture.server->remove(u"Tag"_s, key);
                break;
            case 3:
                device.save(u"Tag"_s, {{u"code"_s, u"%1-%2"_s.arg(step).arg(seed)}, {u"text"_s, value}});
                break;
            case 4:
                if (const QStringList shown = keys(device); !shown.isEmpty())
                    device.save(u"Tag"_s, {{u"code"_s, shown.at(pick(int(shown.size())))}, {u"text"_s, value}});
                break;
            case 5:
                if (pick(4) == 0) {
                    device.kill();
                    device.start();
                } else if (pick(3) == 0) {
                    device.line->set(false);
                    fixture.time.advance(pick(300));
                    device.line->set(true);
                }
                break;
            }
            fixture.time.advance(pick(5) == 0 ? pick(3000) : pick(40));
        }
        device.engine().syncNow();
        const Predicate scope = device.options.scopes.value(u"Tag"_s);
        const QByteArray where = "seed " + QByteArray::number(seed);
        QVERIFY2(fixture.drained(device), where.constData());
        const bool equal = fixture.until([&] { return device.engine().state() == EngineState::Live && difference(fixture, device, scope).isEmpty(); });
        QVERIFY2(equal, (where + ": " + difference(fixture, device, scope).join(u' ').toUtf8()).constData());
    }
}

QTEST_GUILESS_MAIN(TestScopes)
#include "tst_scopes.moc"
