// SPDX-License-Identifier: MIT
#include "syncfixture.h"

using namespace TidelineTest;

// What the engine does when the backend refuses the credentials.
class TestEngineAuth : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mutationsOutliveAnExpiredToken();
    void otherCredentialsAreTriedAtOnceTheSameWithPauses();
    void credentialsThatAnAttemptAskedForAreNoNews();
    void otherCredentialsDoNotDisturbWhatRuns();
    void modelsThatWereRefusedAreAskedForWithOtherCredentials();
    void pausedItDoesNotTryOtherCredentials();
};

static Error expired()
{
    return Error(Error::Code::Unauthorized, u"The token has expired."_s);
}

// MP-31, MP-48, B22: fifty changes wait for a new token, cost no attempt, and go out in the order of their commits.
void TestEngineAuth::mutationsOutliveAnExpiredToken()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.line->refuse = expired();
    for (int i = 0; i < 50; ++i)
        device.save(u"Tag"_s, {{u"code"_s, u"t%1"_s.arg(i, 2, 10, QLatin1Char('0'))}});
    fixture.time.advance(3'600'000);
    QCOMPARE(device.authRequired, QList<bool>{true});
    QCOMPARE(device.engine().state(), EngineState::Offline);
    const QList<OutboxEntry> waiting = device.outbox();
    QCOMPARE(waiting.size(), 50);
    QVERIFY(std::all_of(waiting.begin(), waiting.end(), [](const OutboxEntry &entry) {
        return entry.attempts == 0 && entry.state == OutboxEntry::State::Waiting;
    }));
    device.line->refuse.reset();
    device.line->mutations.clear();
    device.engine().credentialsChanged();
    QVERIFY(fixture.drained(device));
    QStringList keys;
    for (const OutboxEntry &entry : std::as_const(device.line->mutations))
        keys.append(entry.key);
    QVERIFY(keys.size() == 50 && std::is_sorted(keys.begin(), keys.end()));
    QCOMPARE(device.authRequired, (QList<bool>{true, false}));
    QVERIFY(device.payloads(u"outboxMutationFailed"_s).isEmpty());
}

void TestEngineAuth::otherCredentialsAreTriedAtOnceTheSameWithPauses()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->refuse = expired();
    device.start();
    fixture.time.advance(3'600'000);
    const int attempts = device.line->connections;
    QVERIFY2(attempts > 50 && attempts < 150, qPrintable(QString::number(attempts)));      // a minute apart at last
    QCOMPARE(device.authRequired, QList<bool>{true});
    device.engine().credentialsChanged();
    fixture.time.advance(1);
    QCOMPARE(device.line->connections, attempts + 1);
    fixture.time.advance(200);
    QCOMPARE(device.authRequired, (QList<bool>{true, false, true}));                         // refused as well
}

/* Asking a provider for every attempt would otherwise mean asking the user for every attempt. */
void TestEngineAuth::credentialsThatAnAttemptAskedForAreNoNews()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->refuse = expired();
    device.start();
    fixture.time.advance(20'000);
    const auto nextAttempt = [&] { return fixture.until([&] { return device.engine().state() == EngineState::Connecting; }); };
    for (int i = 0; i < 5; ++i) {
        QVERIFY(nextAttempt());
        device.engine().credentialsChanged(true);
        fixture.time.advance(200);
    }
    QCOMPARE(device.authRequired, QList<bool>{true});
    const int attempts = device.line->connections;
    device.engine().credentialsChanged(true);               // another store's attempt did
    fixture.time.advance(1);
    QCOMPARE(device.line->connections, attempts + 1);
    device.line->refuse.reset();
    QVERIFY(fixture.live(device));
    QCOMPARE(device.authRequired.last(), false);
}

void TestEngineAuth::otherCredentialsDoNotDisturbWhatRuns()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    const qsizetype syncs = device.line->syncs.size();
    device.engine().credentialsChanged();
    fixture.time.advance(10'000);
    QCOMPARE(device.line->connections, 1);
    QCOMPARE(device.line->syncs.size(), syncs);
    device.line->set(false);
    fixture.time.advance(3'600'000);
    const int attempts = device.line->connections;
    device.engine().credentialsChanged();
    fixture.time.advance(1);
    QCOMPARE(device.line->connections, attempts);                                           // the line's back-off is its own
    QVERIFY(device.authRequired.isEmpty());
}

void TestEngineAuth::modelsThatWereRefusedAreAskedForWithOtherCredentials()
{
    SyncFixture fixture;
    fixture.put(u"Tag"_s, {{u"code"_s, u"red"_s}});
    SyncDevice device(fixture.time, fixture.server);
    bool signedIn = false;
    fixture.server->answerSync = [&signedIn](const SyncRequest &request) -> std::optional<Error> {
        return request.model->name == u"Tag"_s && !signedIn ? std::optional(expired()) : std::nullopt;
    };
    device.start();
    QVERIFY(fixture.live(device));
    fixture.time.advance(3'600'000);
    QVERIFY(device.all(u"Tag"_s).isEmpty());
    signedIn = true;
    device.engine().credentialsChanged();
    fixture.time.advance(100);
    QCOMPARE(device.all(u"Tag"_s).size(), 1);
    QCOMPARE(device.line->connections, 1);
    QVERIFY(device.authRequired.isEmpty());
}

void TestEngineAuth::pausedItDoesNotTryOtherCredentials()
{
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server);
    device.line->refuse = expired();
    device.start();
    fixture.time.advance(10'000);
    device.engine().pause();
    const int attempts = device.line->connections;
    device.line->refuse.reset();
    device.engine().credentialsChanged();
    fixture.time.advance(10'000);
    QCOMPARE(device.line->connections, attempts);
    device.engine().resume();
    QVERIFY(fixture.live(device));
    QCOMPARE(device.authRequired, (QList<bool>{true, false}));
}

QTEST_GUILESS_MAIN(TestEngineAuth)

#include "tst_engineauth.moc"
