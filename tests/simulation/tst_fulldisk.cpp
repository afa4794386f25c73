// SPDX-License-Identifier: MIT
#include "simulation/disk_p.h"
#include "unit/sync/syncfixture.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

class tst_FullDisk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void questionOutlivesAFullDisk_data();
    void questionOutlivesAFullDisk();
    void scopeSetWhileTheDiskIsFullIsKnown();
};

void tst_FullDisk::questionOutlivesAFullDisk_data()
{
    QTest::addColumn<bool>("answered");
    QTest::newRow("answered while the disk is full") << true;
    QTest::newRow("its deadline passes while the disk is full") << false;
}

void tst_FullDisk::questionOutlivesAFullDisk()
{
    QFETCH(const bool, answered);
    const QTemporaryDir folder;
    SimulatedDisk disk(folder.path().toUtf8());
    const QString path = folder.filePath(u"a.sqlite"_s);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server, path);
    QList<std::function<void(const Result<Resolution> &)>> asked;
    device.options.conflicts.set(u"Item"_s, u"note"_s, ConflictPolicy::Ask);
    device.ask = [&asked](const Conflict &, const std::function<void(const Result<Resolution> &)> &reply) { asked.append(reply); };
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"old"_s}});
    device.start();
    QVERIFY(fixture.live(device));
    device.line->loseEcho = 1000;
    fixture.put(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"t"_s}});
    device.save(u"Item"_s, {{u"id"_s, u"i"_s}, {u"note"_s, u"m"_s}});
    QVERIFY(fixture.until([&] { return !asked.isEmpty(); }));

    disk.setRoom(path.toUtf8(), 0);
    if (answered)
        asked.takeFirst()(Resolution::mine());
    else
        asked.clear();
    fixture.time.advance(device.options.askDeadline);
    QVERIFY(std::any_of(device.errors.cbegin(), device.errors.cend(), [](const Error &error) { return error.code() == Error::Code::DiskFull; }));
    QCOMPARE(device.outbox().size(), 1);
    QCOMPARE(device.outbox().first().state, OutboxEntry::State::Undecided);

    disk.setRoom(path.toUtf8(), -1);
    QVERIFY(fixture.until([&] { return !asked.isEmpty(); }));
    asked.last()(Resolution::mine());
    QVERIFY(fixture.drained(device));
    QVERIFY(device.outbox().isEmpty());
    QCOMPARE(fixture.server->record(u"Item"_s, u"i"_s).value(u"note").toText(), u"m"_s);
}

/* What a scope took away is fetched again by the next one, also when the file could not be told of it at first. */
void tst_FullDisk::scopeSetWhileTheDiskIsFullIsKnown()
{
    const auto scope = [](Predicate::Operator op, int value) {
        return QHash<QString, Predicate>{{u"Item"_s, Predicate::compare(u"quantity"_s, op, {Value(value)})}};
    };
    const auto lowest = scope(Predicate::Operator::Lt, 5);
    const QTemporaryDir folder;
    SimulatedDisk disk(folder.path().toUtf8());
    const QString path = folder.filePath(u"a.sqlite"_s);
    SyncFixture fixture;
    SyncDevice device(fixture.time, fixture.server, path);
    for (int i = 0; i < 10; ++i)
        fixture.put(u"Item"_s, {{u"id"_s, u"i%1"_s.arg(i)}, {u"quantity"_s, i}});
    fixture.time.advance(60'000);           // no delta sync has them
    device.options.scopes = lowest;
    device.start();
    QVERIFY(fixture.live(device));
    QCOMPARE(device.all(u"Item"_s).size(), 5);

    device.line->refuse = Error(Error::Code::BackendFailed, u"Not now."_s);
    disk.setRoom(path.toUtf8(), 0);
    int filler = 0;
    for (device.lastError = {}; !device.lastError.isError(); fixture.time.runAll())       // what room there was in its files
        device.save(u"Tag"_s, {{u"code"_s, u"filler"_s}, {u"text"_s, QString::number(++filler)}});
    device.engine().setScopes(scope(Predicate::Operator::Ge, 3), {});
    fixture.time.advance(30'000);
    QVERIFY(std::any_of(device.errors.cbegin(), device.errors.cend(), [](const Error &error) { return error.code() == Error::Code::DiskFull; }));
    QCOMPARE(device.all(u"Item"_s).size(), 5);
    disk.setRoom(path.toUtf8(), -1);
    QVERIFY(fixture.until([&] { return device.all(u"Item"_s).size() == 2; }));

    device.engine().setScopes(lowest, {});
    device.line->refuse.reset();
    QVERIFY(fixture.until([&] { return device.all(u"Item"_s).size() == 5; }));
    QVERIFY(fixture.live(device));
}

QTEST_GUILESS_MAIN(tst_FullDisk)
#include "tst_fulldisk.moc"
