// SPDX-License-Identifier: MIT
#include "syncfixture.h"

#include "client/sync/merger_p.h"

using namespace TidelineTest;
using EntryState = OutboxEntry::State;
using Operation = OutboxEntry::Operation;

// What the merger does to a store that nothing else touches.
class TestMerger : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void versionDecides_data();
    void versionDecides();
    void highestVersionOfAPageStays();
    void versionsMayBeginAnewAfterADelete();
    void noVersionIsAProblemOfThatItem();
    void pendingEditLiesOnTheRemoteRecord();
    void pendingEditThatArrivedIsDone();
    void undoBehindAnEditIsNotLost();
    void remoteDeleteKeepsPendingEdits();
    void remoteDeleteEndsAPendingDelete();
    void newerRecordMovesAPendingDelete();
    void olderRecordMovesNoPendingDelete();
    void whatIsMadeAnewBehindADeleteIsNotMerged();
    void copyOfARecordDeletedThereIsNotSaved();
    void rejectedLaneIsRebasedAndStaysRejected();
    void createOfATakenKeyIsLeftAlone();
    void recordMadeAnewAfterItsTombstoneWasForgottenReplacesTheOld();
    void olderVersionIsNotNewerByAClockThatRunsAhead();
    void sameKeyOfAnotherModelIsNotConcerned();
};

struct Bench
{
    Bench() : device(fixture.time, fixture.server)
    {
        device.open();
        fixture.time.runAll();
    }

    RemoteItem item(const QVariantMap &values, qint64 version, bool deleted = false, qint64 changedAt = 0) const
    {
        Record record = fixture.record(u"Item"_s, values);
        record.setMetadata({version, changedAt == 0 ? 1000 + version : changedAt, deleted});
        return {record, {}, {}};
    }

    Merger::Outcome merge(const std::vector<RemoteItem> &items)
    {
        return device.write<Merger::Outcome>([items](WriteTransaction &transaction) { return Merger(transaction, std::make_shared<const MergeRules>(transaction.schema())).merge(items, u"Item"_s); });
    }

    void save(const QVariantMap &values)
    {
        device.save(u"Item"_s, values);
        fixture.time.runAll();
    }

    void mark(qsizetype index, EntryState state, int attempts)
    {
        OutboxEntry entry = device.outbox().at(index);
        entry.state = state;
        entry.attempts = attempts;
        if (state == EntryState::Rejected)
            entry.error = Error(Error::Code::Rejected, u"No."_s);
        device.write<int>([entry](WriteTransaction &transaction) -> Result<int> {
            const Result<void> updated = transaction.updateEntry(entry);
            return updated ? Result<int>(0) : Result<int>(updated.error());
        });
    }

    Record row() { return device.find(u"Item"_s, u"i"_s); }

    SyncFixture fixture;
    SyncDevice device;
};

void TestMerger::versionDecides_data()
{
    QTest::addColumn<int>("known");             // 0: unknown; negative: a tombstone
    QTest::addColumn<int>("version");           // negative: a tombstone
    QTest::addColumn<QString>("text");          // of the row afterwards; empty: no row
    QTest::addColumn<QList<int>>("counts");     // added, updated, deleted
    QTest::newRow("unknown, live: inserted") << 0 << 1 << u"new"_s << QList<int>{1, 0, 0};
    QTest::newRow("unknown, deleted: nothing but the tombstone") << 0 << -1 << QString() << QList<int>{0, 0, 0};
    QTest::newRow("known, newer: updated") << 2 << 3 << u"new"_s << QList<int>{0, 1, 0};
    QTest::newRow("known, equal: ignored") << 2 << 2 << u"old"_s << QList<int>{0, 0, 0};
    QTest::newRow("known, older: ignored") << 2 << 1 << u"old"_s << QList<int>{0, 0, 0};
    QTest::newRow("known, newer tombstone: deleted") << 2 << -3 << QString() << QList<int>{0, 0, 1};
    QTest::newRow("known, older tombstone: ignored") << 2 << -1 << u"old"_s << QList<int>{0, 0, 0};
    QTest::newRow("tombstone, older record: stays deleted") << -3 << 2 << QString() << QList<int>{0, 0, 0};
    QTest::newRow("tombstone, newer record: inserted") << -3 << 4 << u"new"_s << QList<int>{1, 0, 0};
    QTest::newRow("tombstone, newer tombstone: nothing") << -3 << -4 << QString() << QList<int>{0, 0, 0};
}

void TestMerger::versionDecides()
{
    QFETCH(int, known);
    QFETCH(int, version);
    QFETCH(QString, text);
    QFETCH(QList<int>, counts);
    Bench bench;
    if (known != 0)
        bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"old"_s}}, qAbs(known), known < 0)});
    const Merger::Outcome outcome = bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"new"_s}}, qAbs(version), version < 0)});
    QCOMPARE(bench.row().value(u"label").toText(), text);
    QCOMPARE(bench.row().isNull(), text.isEmpty());
    QCOMPARE((QList<int>{outcome.counts.added, outcome.counts.updated, outcome.counts.deleted}), counts);
    QVERIFY(outcome.problems.isEmpty());
    const SyncMetadata metadata = bench.device.write<SyncMetadata>([model = bench.device.model(u"Item"_s)](WriteTransaction &transaction) {
        return transaction.metadata(*model, u"i"_s);
    });
    const bool isNewer = qAbs(version) > qAbs(known);
    const int kept = isNewer ? version : known;
    QCOMPARE(metadata, SyncMetadata({qAbs(kept), 1000 + qAbs(kept), kept < 0}));
}

void TestMerger::highestVersionOfAPageStays()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"k"_s}, {u"label"_s, u"1"_s}}, 1), bench.item({{u"id"_s, u"k"_s}}, 2, true),
                 bench.item({{u"id"_s, u"k"_s}, {u"label"_s, u"3"_s}, {u"note"_s, u"n"_s}}, 3)});
    QCOMPARE(bench.device.find(u"Item"_s, u"k"_s).value(u"label").toText(), u"3"_s);
    QCOMPARE(bench.device.find(u"Item"_s, u"k"_s).value(u"note").toText(), u"n"_s);
    QCOMPARE(bench.device.find(u"Item"_s, u"k"_s).metadata().version, 3);
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"2"_s}}, 2), bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"3"_s}}, 3),
                 bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"1"_s}}, 1)});
    QCOMPARE(bench.row().value(u"label").toText(), u"3"_s);
    bench.merge({bench.item({{u"id"_s, u"j"_s}}, 1), bench.item({{u"id"_s, u"j"_s}}, 2, true)});
    QVERIFY(bench.device.find(u"Item"_s, u"j"_s).isNull());
}

void TestMerger::versionsMayBeginAnewAfterADelete()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}}, 9, true, 5000)});
    bench.merge({bench.item({{u"id"_s, u"i"_s}}, 1, false, 4000)});
    QVERIFY(bench.row().isNull());
    bench.merge({bench.item({{u"id"_s, u"i"_s}}, 1, false, 6000)});
    QCOMPARE(bench.row().metadata().version, 1);
}

void TestMerger::noVersionIsAProblemOfThatItem()
{
    Bench bench;
    const Merger::Outcome outcome = bench.merge({bench.item({{u"id"_s, u"i"_s}}, 0), bench.item({{u"id"_s, u"j"_s}}, 1)});
    QCOMPARE(outcome.problems.size(), 1);
    QCOMPARE(outcome.problems.first().code(), Error::Code::Protocol);
    QCOMPARE(outcome.problems.first().record(), u"i"_s);
    QVERIFY(bench.row().isNull());
    QVERIFY(!bench.device.find(u"Item"_s, u"j"_s).isNull());
    QCOMPARE(bench.device.quarantined().size(), 1);
    QVERIFY(bench.device.quarantined().first().raw.contains(u"\"_version\":0"_s));
}

void TestMerger::pendingEditLiesOnTheRemoteRecord()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"a"_s}, {u"quantity"_s, 1}, {u"note"_s, u"n"_s}}, 1)});
    bench.save({{u"id"_s, u"i"_s}, {u"label"_s, u"mine"_s}, {u"quantity"_s, 2}});
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"a"_s}, {u"quantity"_s, 9}, {u"note"_s, u"theirs"_s}}, 4)});
    const Record row = bench.row();
    QCOMPARE(row.value(u"label").toText(), u"mine"_s);
    QCOMPARE(row.value(u"quantity").toInteger(), 2);
    QCOMPARE(row.value(u"note").toText(), u"theirs"_s);
    QCOMPARE(row.metadata().version, 4);
    QCOMPARE(row.state(), SyncState::Pending);
    const OutboxEntry entry = bench.device.outbox().first();
    QCOMPARE(entry.baseVersion, 4);
    const int quantity = entry.model->fieldIndex(u"quantity");
    QVERIFY(entry.base.contains(std::pair<int, Value>(quantity, Value(9))));
    QVERIFY(entry.changes.contains(std::pair<int, Value>(quantity, Value(2))));
}

void TestMerger::pendingEditThatArrivedIsDone()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}}, 1)});
    bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}}, 2)});
    QVERIFY(bench.device.outbox().isEmpty());
    QCOMPARE(bench.row().state(), SyncState::Synced);
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 9}}, 3)});      // nothing is pending any more
    QCOMPARE(bench.row().value(u"quantity").toInteger(), 9);
    QCOMPARE(bench.row().metadata().version, 3);
}

void TestMerger::undoBehindAnEditIsNotLost()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}}, 1)});
    bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    bench.mark(0, EntryState::Sending, 1);
    bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}});
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}, {u"note"_s, u"theirs"_s}}, 2)});
    QCOMPARE(bench.device.outbox().size(), 2);
    QCOMPARE(bench.device.outbox().last().changes.size(), 1);
    QCOMPARE(bench.row().value(u"quantity").toInteger(), 1);
    QCOMPARE(bench.row().value(u"note").toText(), u"theirs"_s);
}

void TestMerger::remoteDeleteKeepsPendingEdits()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}}, 1)});
    bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    bench.merge({bench.item({{u"id"_s, u"i"_s}}, 2, true)});
    QCOMPARE(bench.row().value(u"quantity").toInteger(), 2);
    QCOMPARE(bench.device.setting(u"tombstone/Item/i"_s), u"2 1002"_s);
    QCOMPARE(bench.device.outbox().first().baseVersion, 1);
}

void TestMerger::remoteDeleteEndsAPendingDelete()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}}, 1)});
    bench.device.remove(u"Item"_s, u"i"_s);
    bench.fixture.time.runAll();
    QCOMPARE(bench.device.outbox().size(), 1);
    bench.merge({bench.item({{u"id"_s, u"i"_s}}, 2, true)});
    QVERIFY(bench.device.outbox().isEmpty());
    bench.merge({bench.item({{u"id"_s, u"i"_s}}, 1)});
    QVERIFY(bench.row().isNull());
}

void TestMerger::newerRecordMovesAPendingDelete()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}}, 1)});
    bench.device.remove(u"Item"_s, u"i"_s);
    bench.fixture.time.runAll();
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 5}}, 3)});
    QVERIFY(bench.row().isNull());
    QCOMPARE(bench.device.outbox().first().operation, Operation::Delete);
    QCOMPARE(bench.device.outbox().first().baseVersion, 3);
}

// Messages that were overtaken.
void TestMerger::olderRecordMovesNoPendingDelete()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}}, 1)});
    bench.device.remove(u"Item"_s, u"i"_s);
    bench.fixture.time.runAll();
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 3}}, 3)});
    const auto base = bench.device.outbox().first().base;
    for (const bool deleted : {false, true}) {
        bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}}, 2, deleted)});
        QCOMPARE(bench.device.outbox().size(), 1);
        QCOMPARE(bench.device.outbox().first().base, base);
        QCOMPARE(bench.device.outbox().first().baseVersion, 3);
        QVERIFY(bench.row().isNull());
    }
}

void TestMerger::whatIsMadeAnewBehindADeleteIsNotMerged()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}}, 1)});
    bench.device.remove(u"Item"_s, u"i"_s);
    bench.save({{u"id"_s, u"i"_s}, {u"label"_s, u"anew"_s}});
    const Draft edit = bench.device.draft(u"Item"_s, {{u"id"_s, u"i"_s}, {u"quantity"_s, 5}});
    bench.device.write<Record>([edit](WriteTransaction &transaction) {
        return transaction.save(edit, Predicate::compare(u"label"_s, Predicate::Operator::Eq, {u"anew"_s}));
    });
    const OutboxEntry before = bench.device.outbox().value(2);
    QCOMPARE(before.operation, Operation::Update);
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 7}, {u"note"_s, u"of the one that goes"_s}}, 2)});
    QCOMPARE(bench.device.outbox().size(), 3);
    QCOMPARE(bench.device.outbox().first().baseVersion, 2);
    QCOMPARE(bench.device.outbox().last().changes, before.changes);
    QCOMPARE(bench.device.outbox().last().base, before.base);
    QCOMPARE(bench.device.outbox().last().baseVersion, before.baseVersion);
    QCOMPARE(bench.row().value(u"quantity").toInteger(), 5);
    QVERIFY(bench.row().value(u"note").isNull());
}

void TestMerger::copyOfARecordDeletedThereIsNotSaved()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}}, 1)});
    const Record copy = bench.row();
    bench.merge({bench.item({{u"id"_s, u"i"_s}}, 2, true)});
    bench.device.save(Draft(copy).with(copy.model()->fieldIndex(u"quantity"), 2));
    bench.fixture.time.runAll();
    QCOMPARE(bench.device.lastError.code(), Error::Code::NotFound);
    QCOMPARE(bench.device.lastError.record(), u"i"_s);
    QVERIFY(bench.row().isNull());
    QVERIFY(bench.device.outbox().isEmpty());
}

void TestMerger::rejectedLaneIsRebasedAndStaysRejected()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}}, 1)});
    bench.save({{u"id"_s, u"i"_s}, {u"quantity"_s, 2}});
    bench.mark(0, EntryState::Rejected, 1);
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"quantity"_s, 1}, {u"note"_s, u"theirs"_s}}, 2)});
    QCOMPARE(bench.row().value(u"quantity").toInteger(), 2);
    QCOMPARE(bench.row().value(u"note").toText(), u"theirs"_s);
    QCOMPARE(bench.row().state(), SyncState::Rejected);
    QCOMPARE(bench.device.outbox().first().state, EntryState::Rejected);
}

void TestMerger::createOfATakenKeyIsLeftAlone()
{
    Bench bench;
    bench.save({{u"id"_s, u"i"_s}, {u"label"_s, u"mine"_s}});
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"theirs"_s}, {u"note"_s, u"n"_s}}, 1)});
    QCOMPARE(bench.device.outbox().first().operation, Operation::Create);
    QCOMPARE(bench.row().value(u"label").toText(), u"mine"_s);
    bench.mark(0, EntryState::Waiting, 1);          // its first version is theirs, so ours cannot have arrived
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"theirs"_s}, {u"note"_s, u"n"_s}}, 2)});
    QCOMPARE(bench.device.outbox().first().operation, Operation::Create);
    QCOMPARE(bench.row().value(u"label").toText(), u"mine"_s);
}

void TestMerger::sameKeyOfAnotherModelIsNotConcerned()
{
    Bench bench;
    bench.device.save(u"Bin"_s, {{u"id"_s, u"i"_s}, {u"name"_s, u"A"_s}});
    bench.fixture.time.runAll();
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"x"_s}}, 1)});
    QCOMPARE(bench.row().state(), SyncState::Synced);
    QCOMPARE(bench.device.outbox().size(), 1);
}

/* This device was away when the record was deleted, and the backend has forgotten that it was. */
void TestMerger::recordMadeAnewAfterItsTombstoneWasForgottenReplacesTheOld()
{
    constexpr qint64 month = 30LL * 24 * 3600 * 1000;
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"first life"_s}}, 5)});
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"second life"_s}}, 5, false, month)});
    QCOMPARE(bench.row().value(u"label").toText(), u"second life"_s);
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"third life"_s}}, 1, false, 2 * month)});
    QCOMPARE(bench.row().value(u"label").toText(), u"third life"_s);
    QCOMPARE(bench.row().metadata().version, 1);
    bench.merge({bench.item({{u"id"_s, u"i"_s}}, 1, true, 3 * month)});
    QVERIFY(bench.row().isNull());
}

/* Times come from several machines of the backend. */
void TestMerger::olderVersionIsNotNewerByAClockThatRunsAhead()
{
    Bench bench;
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"newer"_s}}, 5, false, 10'000)});
    bench.merge({bench.item({{u"id"_s, u"i"_s}, {u"label"_s, u"older"_s}}, 4, false, 12'000)});
    QCOMPARE(bench.row().value(u"label").toText(), u"newer"_s);
}

QTEST_GUILESS_MAIN(TestMerger)
#include "tst_merger.moc"
