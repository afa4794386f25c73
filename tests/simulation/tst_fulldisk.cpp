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

QTEST_GUILESS_MAIN(tst_FullDisk)
#include "tst_fulldisk.moc"
