// SPDX-License-Identifier: MIT
#include "syncfixture.h"

#include "client/sync/merger_p.h"
#include "client/sync/repair_p.h"

#include <QtCore/QTemporaryDir>

using namespace TidelineTest;
using State = MutationReceipt::State;

// What is left of a mutation, and what its row says of it.
class TestReceipts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void followsTheMutationAndOutlivesARestart();
    void savesThatWaitTogetherShareOne();
    void aSaveThatChangesNothingHasNone();
    void mergedTellsWhichFieldsCameOutDifferently();
    void mergedStaysUntilTheRowChanges_data();
    void mergedStaysUntilTheRowChanges();
    void whatGaveWayToSomebodyElseIsMerged();
    void arrivedByAnotherWayIsAccepted();
    void rejectedSaysWhyAndDiscardedRemembersIt();
    void retriedAndAcceptedIsNotRejectedAnyMore();
    void undoneBeforeItWasSentIsDiscarded();
    void joinedLeadsToTheOther();
    void anAmendedOneTakesInWhatWaitedBehind();
    void aRecordsReceiptsComeNewestFirst();
    void onlyTheNewestAreKept();
    void noneIsKeptLongerThanAMonth();
    void eventsNameTheMutation();
};

struct Bench
{
    explicit Bench(FakeServer::Mode mode = FakeServer::Mode::Optimistic, const QString &path = u":memory:"_s)
        : fixture(mode), device(fixture.time, fixture.server, path)
    {
        device.open();
        fixture.time.runAll();
    }

    void online()
    {
        device.engine().start();
        QVERIFY(fixture.live(device));
        QVERIFY(fixture.drained(device));
    }

    qint64 save(const QVariantMap &values)
    {
        const Draft draft = device.draft(u"Item"_s, values);
        return device.write<qint64>([draft](WriteTransaction &transaction) -> Result<qint64> {
            const Result<Record> saved = transaction.save(draft);
            return saved ? Result<qint64>(transaction.lastSequence()) : Result<qint64>(saved.error());
        });
    }

    qint64 remove(const QString &key)
    {
        return device.write<qint64>([type = device.model(u"Item"_s), key](WriteTransaction &transaction) -> Result<qint64> {
            const Result<QList<Record>> removed = transaction.remove(type, key);
            return removed ? Result<qint64>(transaction.lastSequence()) : Result<qint64>(removed.error());
        });
    }

    void discard(qint64 mutation)
    {
        device.write<int>([mutation](WriteTransaction &transaction) -> Result<int> {
            const Dependencies dependencies(transaction.schema());
            const Result<QList<Record>> left = Repair(transaction, dependencies).discard(mutation, DiscardScope::Mutation);
            return left ? Result<int>(0) : Result<int>(left.error());
        });
    }

    void retry(qint64 mutation)
    {
        device.write<int>([mutation](WriteTransaction &transaction) -> Result<int> {
            const Dependencies dependencies(transaction.schema());
            const Result<void> retried = Repair(transaction, dependencies).retry(mutation);
            return retried ? Result<int>(0) : Result<int>(retried.error());
        });
    }

    void refuse()
    {
        fixture.server->answerMutation = [](const OutboxEntry &) -> std::optional<MutationResponse> {
            return MutationResponse{MutationResponse::Outcome::Rejected, {}, Error(Error::Code::Validation, u"Too many."_s)};
        };
    }

    State state(qint64 mutation)
    {
        const std::optional<MutationReceipt> receipt = device.receipt(mutation);
        if (!receipt)
            qFatal("There is no receipt of mutation %lld", mutation);
        return receipt->state;
    }

    SyncState row(const QString &key = u"i"_s) { return device.find(u"Item"_s, key).state(); }

    SyncFixture fixture;
    SyncDevice device;
};

void TestReceipts::followsTheMutationAndOutlivesARestart()
{
    QTemporaryDir folder;
    Bench bench(FakeServer::Mode::Optimistic, folder.filePath(u"store.sqlite"_s));
    const qint64 mutation = bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}});
    QVERIFY(mutation > 0);
    QCOMPARE(bench.state(mutation), State::Local);
    QCOMPARE(bench.device.receipt(mutation)->key, u"i"_s);
    bench.device.engine().start();
    QVERIFY(bench.fixture.until([&] { return bench.state(mutation) == State::Sent; }));
    QVERIFY(bench.fixture.drained(bench.device));
    QCOMPARE(bench.state(mutation), State::Accepted);
    QVERIFY(bench.device.receipt(mutation)->at > 0);
    bench.device.kill();
    bench.device.open();
    bench.fixture.time.runAll();
    QCOMPARE(bench.state(mutation), State::Accepted);
    QVERIFY(!bench.device.receipt(mutation + 1));
}

void TestReceipts::savesThatWaitTogetherShareOne()
{
    Bench bench;
    const qint64 first = bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}});
    QCOMPARE(bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}}), first);
    bench.online();
    QCOMPARE(bench.state(first), State::Accepted);
    QVERIFY(bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 3}}) > first);
}

void TestReceipts::aSaveThatChangesNothingHasNone()
{
    Bench bench;
    bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}});
    QCOMPARE(bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}}), 0);
}

void TestReceipts::mergedTellsWhichFieldsCameOutDifferently()
{
    Bench bench(FakeServer::Mode::Automerge);
    bench.fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 1}, {u"label"_s, u"a"_s}, {u"note"_s, u"n"_s}});
    bench.online();
    bench.device.line->loseEcho = 1000;
    bench.fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 5}, {u"label"_s, u"theirs"_s}});
    const qint64 mutation = bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}, {u"label"_s, u"mine"_s}, {u"note"_s, u"mine"_s}});
    QVERIFY(bench.fixture.drained(bench.device));
    QCOMPARE(bench.state(mutation), State::Merged);
    QCOMPARE(bench.device.receipt(mutation)->fields, QStringList({u"label"_s, u"quantity"_s}));
    QCOMPARE(bench.row(), SyncState::Merged);
    QCOMPARE(bench.device.find(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 5);
    QCOMPARE(bench.device.find(u"Item"_s, u"i"_s).value(u"note").toText(), u"mine"_s);
    QVERIFY(bench.device.payloads(u"outboxMutationProcessed"_s).last().value(u"merged"_s).toBool());
}

void TestReceipts::mergedStaysUntilTheRowChanges_data()
{
    QTest::addColumn<bool>("here");
    QTest::newRow("changed here") << true;
    QTest::newRow("changed elsewhere") << false;
}

void TestReceipts::mergedStaysUntilTheRowChanges()
{
    QFETCH(bool, here);
    Bench bench(FakeServer::Mode::Automerge);
    bench.fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 1}});
    bench.online();
    bench.device.line->loseEcho = 1000;
    bench.fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 5}});
    bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    QVERIFY(bench.fixture.drained(bench.device));
    bench.device.line->loseEcho = 0;
    bench.device.engine().syncNow();
    bench.fixture.time.advance(1000);
    QCOMPARE(bench.row(), SyncState::Merged);
    if (here) {
        bench.device.engine().pause();
        bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 6}});
        QCOMPARE(bench.row(), SyncState::Pending);
        bench.device.engine().resume();
        QVERIFY(bench.fixture.live(bench.device));
        QVERIFY(bench.fixture.drained(bench.device));
    } else {
        bench.fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 7}});
        bench.fixture.time.advance(1000);
    }
    QCOMPARE(bench.row(), SyncState::Synced);
}

/* The answer was lost, and somebody else wrote on top of what may have arrived. */
void TestReceipts::whatGaveWayToSomebodyElseIsMerged()
{
    Bench bench;
    bench.fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 1}});
    bench.online();
    bench.fixture.server->deltaTtl = 0;         // syncs show records as they are, not what they went through
    bench.device.line->loseAnswer = 1000;
    bench.device.line->loseEcho = 1000;
    const qint64 mutation = bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    QVERIFY(bench.fixture.until([&] { return bench.fixture.server->record(u"Item"_s, u"i"_s).metadata().version == 2; }));
    bench.fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 9}});
    bench.device.line->loseAnswer = 0;
    QVERIFY(bench.fixture.drained(bench.device));
    bench.fixture.time.advance(1000);
    QCOMPARE(bench.device.find(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 9);
    QCOMPARE(bench.state(mutation), State::Merged);
    QCOMPARE(bench.device.receipt(mutation)->fields, QStringList({u"quantity"_s}));
    QCOMPARE(bench.row(), SyncState::Merged);
}

void TestReceipts::arrivedByAnotherWayIsAccepted()
{
    Bench bench;
    const auto merge = [&bench](int quantity, qint64 version) {
        Record record = bench.fixture.record(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, quantity}});
        record.setMetadata({version, 1000 + version, false});
        bench.device.write<Merger::Outcome>([record](WriteTransaction &transaction) {
            return Merger(transaction, std::make_shared<const MergeRules>(transaction.schema())).merge({RemoteItem{record, {}, {}}});
        });
    };
    merge(1, 1);
    const qint64 mutation = bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    merge(2, 2);
    QCOMPARE(bench.state(mutation), State::Accepted);
    QCOMPARE(bench.row(), SyncState::Synced);
}

void TestReceipts::rejectedSaysWhyAndDiscardedRemembersIt()
{
    Bench bench;
    bench.refuse();
    const qint64 mutation = bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}});
    bench.online();
    QCOMPARE(bench.state(mutation), State::Rejected);
    QCOMPARE(bench.device.receipt(mutation)->error.message(), u"Too many."_s);
    bench.discard(mutation);
    QCOMPARE(bench.state(mutation), State::Discarded);
    QCOMPARE(bench.device.receipt(mutation)->error.code(), Error::Code::Validation);
}

void TestReceipts::retriedAndAcceptedIsNotRejectedAnyMore()
{
    Bench bench;
    bench.refuse();
    const qint64 mutation = bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}});
    bench.online();
    bench.fixture.server->answerMutation = {};
    bench.device.engine().pause();
    bench.retry(mutation);
    QCOMPARE(bench.state(mutation), State::Local);
    bench.device.engine().resume();
    QVERIFY(bench.fixture.live(bench.device));
    QVERIFY(bench.fixture.drained(bench.device));
    QCOMPARE(bench.state(mutation), State::Accepted);
    QVERIFY(!bench.device.receipt(mutation)->error.isError());
}

void TestReceipts::undoneBeforeItWasSentIsDiscarded()
{
    Bench bench;
    const qint64 mutation = bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}});
    QCOMPARE(bench.remove(u"i"_s), 0);
    QCOMPARE(bench.state(mutation), State::Discarded);
}

void TestReceipts::joinedLeadsToTheOther()
{
    Bench bench;
    bench.fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 1}});
    bench.online();
    bench.device.engine().pause();
    const qint64 edit = bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    const qint64 removal = bench.remove(u"i"_s);
    QVERIFY(removal > edit);
    QCOMPARE(bench.device.receipt(edit)->mutation, removal);
    QCOMPARE(bench.state(edit), State::Local);
    bench.device.engine().resume();
    QVERIFY(bench.fixture.live(bench.device));
    QVERIFY(bench.fixture.drained(bench.device));
    QCOMPARE(bench.device.receipt(edit)->mutation, removal);
    QCOMPARE(bench.state(edit), State::Accepted);
}

void TestReceipts::anAmendedOneTakesInWhatWaitedBehind()
{
    Bench bench;
    bench.refuse();
    const qint64 first = bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}});
    bench.online();
    bench.device.engine().pause();
    QCOMPARE(bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}}), first);
    bench.fixture.server->answerMutation = {};
    bench.device.engine().resume();
    QVERIFY(bench.fixture.live(bench.device));
    QVERIFY(bench.fixture.drained(bench.device));
    QCOMPARE(bench.state(first), State::Accepted);
    QCOMPARE(bench.fixture.server->record(u"Item"_s, u"i"_s).value(u"quantity").toInteger(), 2);
}

void TestReceipts::aRecordsReceiptsComeNewestFirst()
{
    Bench bench;
    QList<qint64> saved{bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}})};
    bench.save({{u"id"_s, u"j"_s}});
    bench.online();
    bench.device.engine().pause();
    saved.prepend(bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}}));
    const QList<MutationReceipt> receipts = bench.device.read<QList<MutationReceipt>>(
        [type = bench.device.model(u"Item"_s)](ReadTransaction &transaction) { return transaction.receipts(*type, u"i"_s); });
    QCOMPARE(receipts.size(), 2);
    QCOMPARE((QList<qint64>{receipts[0].mutation, receipts[1].mutation}), saved);
    QCOMPARE((QList<State>{receipts[0].state, receipts[1].state}), (QList<State>{State::Local, State::Accepted}));
}

static void saveAndEnd(Bench &bench, int count)
{
    const auto type = bench.device.model(u"Item"_s);
    bench.device.write<int>([type, count](WriteTransaction &transaction) -> Result<int> {
        for (int i = 0; i < count; ++i) {
            Draft draft(type);
            draft.set(type->fieldIndex(u"id"), Value(u"k%1"_s.arg(transaction.now() * 100'000 + i)));
            const Result<Record> saved = transaction.save(draft);
            const Result<void> ended = saved ? transaction.removeEntry(transaction.lastSequence()) : Result<void>(saved.error());
            if (!ended)
                return ended.error();
        }
        return count;
    });
}

static qint64 countReceipts(Bench &bench, qint64 upTo)
{
    return bench.device.read<qint64>([upTo](ReadTransaction &transaction) -> Result<qint64> {
        qint64 count = 0;
        for (qint64 mutation = 1; mutation <= upTo; ++mutation) {
            const Result<std::optional<MutationReceipt>> receipt = transaction.receipt(mutation);
            if (!receipt)
                return receipt.error();
            count += *receipt ? 1 : 0;
        }
        return count;
    });
}

void TestReceipts::onlyTheNewestAreKept()
{
    constexpr int written = 11'001;
    Bench bench;
    saveAndEnd(bench, written);
    const qint64 kept = countReceipts(bench, written);
    QVERIFY2(kept >= 10'000 && kept < 10'600, qPrintable(QString::number(kept)));
    QVERIFY(bench.device.receipt(written));
    QVERIFY(!bench.device.receipt(1));
}

void TestReceipts::noneIsKeptLongerThanAMonth()
{
    Bench bench;
    saveAndEnd(bench, 1);
    bench.fixture.time.advance(29LL * 24 * 3600 * 1000);
    saveAndEnd(bench, 499);
    QVERIFY(bench.device.receipt(1));
    bench.fixture.time.advance(2LL * 24 * 3600 * 1000);
    saveAndEnd(bench, 500);
    QVERIFY(!bench.device.receipt(1));
    QVERIFY(bench.device.receipt(2));
}

void TestReceipts::eventsNameTheMutation()
{
    Bench bench;
    bench.device.engine().start();
    QVERIFY(bench.fixture.live(bench.device));
    const qint64 good = bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}});
    QVERIFY(bench.fixture.drained(bench.device));
    bench.refuse();
    const qint64 bad = bench.save({{u"id"_s, u"j"_s}});
    QVERIFY(bench.fixture.drained(bench.device));
    QCOMPARE(bench.device.payloads(u"outboxMutationEnqueued"_s).first().value(u"mutation"_s).toLongLong(), good);
    QCOMPARE(bench.device.payloads(u"outboxMutationProcessed"_s).first().value(u"mutation"_s).toLongLong(), good);
    QCOMPARE(bench.device.payloads(u"outboxMutationFailed"_s).first().value(u"mutation"_s).toLongLong(), bad);
}

QTEST_GUILESS_MAIN(TestReceipts)
#include "tst_receipts.moc"
