// SPDX-License-Identifier: MIT
#include "blogschema.h"
#include "teststore.h"

#include <QtTest/QSignalSpy>

#include <QtCore/QTemporaryDir>
#include <QtCore/QUuid>

#include <array>

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

class TestStoreClass : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesBeforeOpen();
    void waitsWhileOpening();
    void savesAndFinds();
    void reopens();
    void repliesAfterChangeSet();
    void commitsTogether();
    void failingJobLeavesNoTrace();
    void failingStatementFailsTheWholeJob();
    void foldsChanges_data();
    void foldsChanges();
    void recreatedKeyKeepsItsRow();
    void rowNumbersAreNotGivenTwice();
    void readerSeesItsCommit();
    void tokenEndsObservation();
    void observersHearEveryCommitInOrder();
    void closesAfterWhatWasAsked();
    void closedStoreAnswersClosed();
    void destructorFinishesWork();
    void threadsDoNotBlockTheCaller();
    void settings();
    void putAndDrop();
    void whatABaseSyncDidNotBringComesInSteps();
    void keysAreKeptOnlyWhereSomethingCouldBeMissing();
    void otherConnectionsWritesAreNoticed();
    void twoStoresWriteAtOnce();

private:
    [[nodiscard]] static QList<Change> changesOf(const QList<ChangeSet> &sets);
};

QList<Change> TestStoreClass::changesOf(const QList<ChangeSet> &sets)
{
    QList<Change> changes;
    for (const ChangeSet &set : sets)
        changes.append(set.changes);
    return changes;
}

void TestStoreClass::refusesBeforeOpen()
{
    TestStore store(BlogSchema::schema());
    TL_ERROR(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"a"_s}})), Error::Code::StoreNotOpen);
    TL_ERROR(store.find(store.model(u"Blog"_s), u"x"_s), Error::Code::StoreNotOpen);
    TL_OK(store.open());
    TL_ERROR(store.open(), Error::Code::InvalidArgument);
    TL_OK(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"a"_s}})));
}

void TestStoreClass::waitsWhileOpening()
{
    TestStore store(BlogSchema::schema());
    QStringList order;
    store.store->open(&store.scheduler, [&](const Result<void> &) { order += u"open"_s; });
    store.store->save(store.draft(u"Blog"_s, {{u"title"_s, u"a"_s}}), {}, &store.scheduler, [&](const Result<Record> &saved) {
        order += saved ? u"saved"_s : saved.error().message();
    });
    store.store->read<qint64>([&](ReadTransaction &read) { return read.count({store.model(u"Blog"_s), {}, {}, -1, 0}); }, &store.scheduler,
                              [&](const Result<qint64> &count) { order += count ? u"read"_s : count.error().message(); });
    store.scheduler.runAll();
    order.sort();
    QCOMPARE(order, QStringList({u"open"_s, u"read"_s, u"saved"_s}));
}

void TestStoreClass::savesAndFinds()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const Result<Record> saved = store.save(store.draft(u"Blog"_s, {{u"title"_s, u"Über\0null"_s}}));
    TL_OK(saved);
    QCOMPARE(saved->state(), SyncState::Pending);
    QVERIFY(saved->rowId() > 0);
    QCOMPARE(QUuid::fromString(saved->key()).version(), QUuid::Random);
    const Result<Record> found = store.find(store.model(u"Blog"_s), saved->key());
    TL_OK(found);
    QCOMPARE(*found, *saved);
    QCOMPARE(found->rowId(), saved->rowId());
    QVERIFY(!store.find(store.model(u"Blog"_s), u"other"_s).value());
    TL_ERROR(store.find(store.model(u"Order"_s), u"no array"_s), Error::Code::InvalidArgument);
}

void TestStoreClass::reopens()
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(u"a.tideline"_s);
    QString key;
    quint64 commit = 0;
    {
        TestStore store(BlogSchema::schema(), {.path = path});
        TL_OK(store.open());
        const Result<Record> saved = store.save(store.draft(u"Order"_s, {{u"select"_s, u"x"_s}, {u"from"_s, 7}, {u"where"_s, 0.1}, {u"rowid"_s, u"r"_s}}));
        TL_OK(saved);
        key = saved->key();
        commit = store.sets.last().commit;
    }
    TestStore store(BlogSchema::schema(), {.path = path});
    TL_OK(store.open());
    QCOMPARE(store.store->outboxCount(), 1);
    const Record found = store.find(store.model(u"Order"_s), key).value();
    QVERIFY(found);
    QCOMPARE(found.value(u"where").toDouble(), 0.1);
    QCOMPARE(store.read<qint64>([](ReadTransaction &read) { return Result<qint64>(qint64(read.commit())); }).value(), qint64(commit));
    TL_OK(store.save(Draft(found).with(found.model()->fieldIndex(u"where"), 0.2)));
    QCOMPARE(store.sets.last().commit, commit + 1);
    QCOMPARE(store.outbox().size(), 1);
}

void TestStoreClass::repliesAfterChangeSet()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    qsizetype setsAtReply = -1;
    store.store->save(store.draft(u"Blog"_s, {{u"title"_s, u"a"_s}}), {}, &store.scheduler,
                      [&](const Result<Record> &) { setsAtReply = store.sets.size(); });
    store.scheduler.runAll();
    QCOMPARE(setsAtReply, 1);
}

void TestStoreClass::commitsTogether()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    ManualScheduler other;
    int replies = 0;
    for (int i = 0; i < 100; ++i) {
        store.store->save(store.draft(u"Blog"_s, {{u"title"_s, QString::number(i)}}), {}, &other,
                          [&](const Result<Record> &saved) { replies += saved ? 1 : 0; });
    }
    store.scheduler.runAll();
    QCOMPARE(store.sets.size(), 1);
    QCOMPARE(store.sets.first().changes.size(), 100);
    QCOMPARE(other.waiting(), 1);           // one task for all replies
    other.runAll();
    QCOMPARE(replies, 100);
}

void TestStoreClass::failingJobLeavesNoTrace()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto blog = [&](const QString &title) { return store.draft(u"Blog"_s, {{u"title"_s, title}}); };
    QStringList outcomes;
    const auto reply = [&](const Result<Record> &result) { outcomes += result ? result->value(u"title").toText() : result.error().model(); };
    store.store->save(blog(u"a"_s), {}, &store.scheduler, reply);
    store.store->write<Record>(
        [&](WriteTransaction &write) -> Result<Record> {
            const Result<Record> first = write.save(blog(u"b"_s));
            return first ? write.save(store.draft(u"Blog"_s, {})) : first;          // a title is required
        },
        &store.scheduler, reply);
    store.store->save(blog(u"c"_s), {}, &store.scheduler, reply);
    store.scheduler.runAll();
    QCOMPARE(outcomes, QStringList({u"a"_s, u"Blog"_s, u"c"_s}));
    QCOMPARE(store.sets.size(), 1);
    QCOMPARE(store.sets.first().changes.size(), 2);
    QCOMPARE(store.outbox().size(), 2);
    QCOMPARE(store.store->outboxCount(), 2);
    QCOMPARE(store.read<qint64>([&](ReadTransaction &read) { return read.count({store.model(u"Blog"_s), {}, {}, -1, 0}); }).value(), 2);
}

void TestStoreClass::failingStatementFailsTheWholeJob()
{
    const QTemporaryDir folder;
    TestStore store(BlogSchema::schema(), {.path = folder.filePath(u"a.tideline"_s), .maximumSize = 200'000});
    TL_OK(store.open());
    TL_OK(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"small"_s}})));
    QList<Error::Code> outcomes;
    const auto reply = [&](const Result<Record> &result) { outcomes += result.error().code(); };
    store.store->save(store.draft(u"Blog"_s, {{u"title"_s, u"small too"_s}}), {}, &store.scheduler, reply);
    store.store->save(store.draft(u"Blog"_s, {{u"title"_s, QString(400'000, u'x')}}), {}, &store.scheduler, reply);
    store.store->save(store.draft(u"Blog"_s, {{u"title"_s, u"small as well"_s}}), {}, &store.scheduler, reply);
    store.scheduler.runAll();
    QCOMPARE(outcomes, QList<Error::Code>(3, Error::Code::DiskFull));
    QCOMPARE(store.sets.size(), 1);
    QCOMPARE(store.store->outboxCount(), 1);
    TL_OK(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"small again"_s}})));
    QCOMPARE(store.query({store.model(u"Blog"_s), {}, {}, -1, 0}).value().size(), 2);
    QCOMPARE(store.outbox().size(), 2);
}

void TestStoreClass::foldsChanges_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<int>("kind");          // -1: no change
    QTest::addColumn<QString>("title");

    QTest::newRow("insert, update") << u"iu"_s << int(Change::Kind::Insert) << u"1"_s;
    QTest::newRow("insert, delete") << u"id"_s << -1 << QString();
    QTest::newRow("insert, delete, insert") << u"idi"_s << int(Change::Kind::Insert) << u"2"_s;
    QTest::newRow("update, update") << u"+uu"_s << int(Change::Kind::Update) << u"1"_s;
    QTest::newRow("update, delete") << u"+ud"_s << int(Change::Kind::Delete) << QString();
    QTest::newRow("delete, insert") << u"+di"_s << int(Change::Kind::Update) << u"1"_s;
    QTest::newRow("update and back") << u"+ub"_s << int(Change::Kind::State) << u"start"_s;
}

void TestStoreClass::foldsChanges()
{
    QFETCH(QString, script);
    QFETCH(int, kind);
    QFETCH(QString, title);
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto blog = store.model(u"Blog"_s);
    const auto titled = [&](const QString &text) { return store.draft(u"Blog"_s, {{u"id"_s, u"k"_s}, {u"title"_s, text}}); };
    if (script.startsWith(u'+')) {
        Record stored(blog);
        stored.setValue(0, u"k"_s);
        stored.setValue(1, u"start"_s);
        stored.setMetadata({3, 4, false});
        stored.setState(SyncState::Synced);
        TL_OK(store.write<void>([=](WriteTransaction &write) { return write.put(stored); }));
        store.sets.clear();
        script.remove(0, 1);
    }
    TL_OK(store.write<void>([&](WriteTransaction &write) -> Result<void> {
        for (int i = 0; i < script.size(); ++i) {
            const Result<void> done = script[i] == u'd' ? Result<void>(write.remove(blog, u"k"_s).error())
                                                        : Result<void>(write.save(titled(script[i] == u'b' ? u"start"_s : QString::number(i))).error());
            if (!done)
                return done;
        }
        return {};
    }));
    const QList<Change> changes = changesOf(store.sets);
    QCOMPARE(changes.size(), kind < 0 ? 0 : 1);
    if (kind < 0)
        return;
    QCOMPARE(int(changes.first().kind), kind);
    QCOMPARE(changes.first().origin, Origin::Local);
    QCOMPARE(changes.first().after.value(u"title").toText(), title);
    QCOMPARE(changes.first().before.isNull(), kind == int(Change::Kind::Insert));
    QCOMPARE(changes.first().after.isNull(), kind == int(Change::Kind::Delete));
}

void TestStoreClass::recreatedKeyKeepsItsRow()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto tag = store.draft(u"Tag"_s, {{u"name"_s, u"k"_s}});
    const Record first = store.save(tag).value();
    TL_OK(store.write<void>([&](WriteTransaction &write) {
        const Result<QList<Record>> removed = write.remove(first.model(), u"k"_s);
        return removed ? Result<void>(write.save(tag.with(1, u"red"_s)).error()) : Result<void>(removed.error());
    }));
    QCOMPARE(store.sets.last().changes.size(), 1);
    QCOMPARE(store.sets.last().changes.first().after.rowId(), first.rowId());
}

void TestStoreClass::rowNumbersAreNotGivenTwice()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const Record first = store.save(store.draft(u"Tag"_s, {{u"name"_s, u"a"_s}})).value();
    TL_OK(store.remove(first));
    const Record second = store.save(store.draft(u"Tag"_s, {{u"name"_s, u"b"_s}})).value();
    QVERIFY(second.rowId() > first.rowId());
}

void TestStoreClass::readerSeesItsCommit()
{
    const QTemporaryDir folder;
    TestStore store(BlogSchema::schema(), {.path = folder.filePath(u"a"_s)});
    TL_OK(store.open());
    for (int i = 1; i <= 5; ++i) {
        TL_OK(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})));
        const Result<QList<qint64>> seen = store.read<QList<qint64>>([&](ReadTransaction &read) -> Result<QList<qint64>> {
            return QList<qint64>{qint64(read.commit()), read.count({store.model(u"Blog"_s), {}, {}, -1, 0}).valueOr(-1)};
        });
        QCOMPARE(seen.value(), QList<qint64>({i, i}));
        QCOMPARE(store.sets.last().commit, quint64(i));
    }
    // what changes no row has no number
    TL_OK(store.write<void>([](WriteTransaction &write) { return write.setSetting(u"a"_s, u"b"_s); }));
    QCOMPARE(store.sets.size(), 5);
}

void TestStoreClass::tokenEndsObservation()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    int heard = 0;
    std::shared_ptr<void> token = store.store->observe(&store.scheduler, [&](const ChangeSet &) {
        ++heard;
        token.reset();
    });
    TL_OK(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})));
    TL_OK(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})));
    QCOMPARE(heard, 1);
    token = store.store->observe(&store.scheduler, [&](const ChangeSet &) { ++heard; });
    store.store->save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}}), {}, &store.scheduler, [](const Result<Record> &) {});
    QVERIFY(store.scheduler.runOne());      // committed, the change set is on its way
    token.reset();
    store.scheduler.runAll();
    QCOMPARE(heard, 1);
}

void TestStoreClass::observersHearEveryCommitInOrder()
{
    const QTemporaryDir folder;
    Store store(BlogSchema::schema(), {.path = folder.filePath(u"a"_s), .durable = false});
    EventLoopScheduler here;
    bool opened = false;
    store.open(&here, [&](const Result<void> &result) { opened = result.ok(); });
    QTRY_VERIFY(opened);
    QList<quint64> commits;
    QSet<QString> announced;
    int replies = 0;
    int announcedFirst = 0;
    const std::shared_ptr<void> token = store.observe(&here, [&](const ChangeSet &set) {
        commits.append(set.commit);
        for (const Change &change : set.changes)
            announced.insert(change.after.key());
    });
    constexpr int Saves = 3000;
    for (int i = 0; i < Saves; ++i) {
        Draft draft(store.schema().model(u"Blog"_s));
        draft.set(1, QString::number(i));
        store.save(draft, {}, &here, [&](const Result<Record> &saved) {
            ++replies;
            announcedFirst += saved && announced.contains(saved->key()) ? 1 : 0;
        });
    }
    QTRY_COMPARE_WITH_TIMEOUT(replies, Saves, 60'000);
    QCOMPARE(announcedFirst, Saves);
    QCOMPARE(announced.size(), Saves);
    QVERIFY(commits.size() < Saves);
    for (qsizetype i = 0; i < commits.size(); ++i)
        QCOMPARE(commits[i], quint64(i + 1));
}

void TestStoreClass::closesAfterWhatWasAsked()
{
    const QTemporaryDir folder;
    TestStore store(BlogSchema::schema(), {.path = folder.filePath(u"a"_s)});
    TL_OK(store.open());
    QStringList order;
    store.store->save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}}), {}, &store.scheduler,
                      [&](const Result<Record> &saved) { order += saved ? u"saved"_s : u"failed"_s; });
    store.store->read<qint64>([&](ReadTransaction &read) { return read.count({store.model(u"Blog"_s), {}, {}, -1, 0}); }, &store.scheduler,
                              [&](const Result<qint64> &count) { order += count ? u"read"_s : u"failed"_s; });
    store.store->close(&store.scheduler, [&](const Result<void> &) { order += u"closed"_s; });
    store.store->close(&store.scheduler, [&](const Result<void> &) { order += u"closed too"_s; });
    store.store->save(store.draft(u"Blog"_s, {{u"title"_s, u"y"_s}}), {}, &store.scheduler,
                      [&](const Result<Record> &late) { order += late.error().code() == Error::Code::Closed ? u"late"_s : u"wrong"_s; });
    store.scheduler.runAll();
    QCOMPARE(order.size(), 5);
    QVERIFY(!order.contains(u"failed"_s) && order.contains(u"late"_s));
    QVERIFY(order.indexOf(u"saved"_s) < order.indexOf(u"closed"_s));
    QVERIFY(order.indexOf(u"read"_s) < order.indexOf(u"closed"_s));
}

void TestStoreClass::closedStoreAnswersClosed()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    TL_OK(store.close());
    TL_OK(store.close());
    TL_ERROR(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"y"_s}})), Error::Code::Closed);
    TL_ERROR(store.query({store.model(u"Blog"_s), {}, {}, -1, 0}), Error::Code::Closed);
    TL_ERROR(store.open(), Error::Code::Closed);
}

void TestStoreClass::destructorFinishesWork()
{
    const QTemporaryDir folder;
    const StoreOptions options{.path = folder.filePath(u"a"_s)};
    EventLoopScheduler here;
    int saved = 0;
    {
        Store store(BlogSchema::schema(), options);
        store.open(&here, [](const Result<void> &) {});
        for (int i = 0; i < 500; ++i) {
            Draft draft(store.schema().model(u"Blog"_s));
            draft.set(1, QString::number(i));
            store.save(draft, {}, &here, [&](const Result<Record> &result) { saved += result ? 1 : 0; });
        }
    }
    QTRY_COMPARE(saved, 500);
    TestStore store(BlogSchema::schema(), options);
    TL_OK(store.open());
    QCOMPARE(store.store->outboxCount(), 500);
}

void TestStoreClass::threadsDoNotBlockTheCaller()
{
    EventLoopScheduler here;
    QVERIFY(!here.mayBlock());
    const ThreadScheduler thread(u"other"_s);
    ManualScheduler manual;
    QVERIFY(manual.mayBlock());
}

void TestStoreClass::settings()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto read = [&](const QString &name) { return store.read<QString>([=](ReadTransaction &t) { return t.setting(name); }).value(); };
    const auto write = [&](const QString &name, const QString &value) {
        return store.write<void>([=](WriteTransaction &t) { return t.setSetting(name, value); });
    };
    QCOMPARE(read(u"a"_s), QString());
    TL_OK(write(u"a"_s, u"1"_s));
    TL_OK(write(u"a"_s, u"2"_s));
    QCOMPARE(read(u"a"_s), u"2"_s);
    TL_OK(write(u"a"_s, {}));
    QCOMPARE(read(u"a"_s), QString());
    TL_ERROR(write(u"$commit"_s, u"9"_s), Error::Code::InvalidArgument);
}

void TestStoreClass::putAndDrop()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto tag = store.model(u"Tag"_s);
    Record record(tag);
    record.setValue(0, u"k"_s);
    record.setMetadata({5, 1000, false});
    record.setState(SyncState::Synced);
    const auto put = [&](const Record &r) { return store.write<void>([=](WriteTransaction &t) { return t.put(r); }); };
    const auto metadata = [&] {
        return store.write<SyncMetadata>([=](WriteTransaction &t) { return t.metadata(*tag, u"k"_s); }).value();
    };
    QCOMPARE(metadata(), SyncMetadata());
    TL_OK(put(record));
    TL_OK(put(record));                     // the same again is nothing
    QCOMPARE(store.sets.size(), 1);
    QCOMPARE(store.sets.last().changes.first().origin, Origin::Remote);
    QCOMPARE(store.find(tag, u"k"_s).value().metadata(), record.metadata());
    QCOMPARE(store.store->outboxCount(), 0);
    record.setMetadata({6, 1001, false});
    TL_OK(put(record));
    QCOMPARE(store.sets.last().changes.first().kind, Change::Kind::State);
    record.setValue(1, u"blue"_s);
    TL_OK(put(record));
    QCOMPARE(store.sets.last().changes.first().kind, Change::Kind::Update);
    QCOMPARE(metadata(), SyncMetadata({6, 1001, false}));
    record.setMetadata({7, 1002, true});
    TL_OK(store.write<void>([=](WriteTransaction &t) { return t.drop(record); }));
    QCOMPARE(store.sets.last().changes.first().kind, Change::Kind::Delete);
    QCOMPARE(metadata(), SyncMetadata({7, 1002, true}));
    QVERIFY(!store.find(tag, u"k"_s).value());
    record.setMetadata({8, 1003, false});
    TL_OK(put(record));
    QCOMPARE(metadata(), SyncMetadata({8, 1003, false}));
    Record keyless(tag);
    TL_ERROR(put(keyless), Error::Code::Validation);
    Record unknown(tag);
    unknown.setValue(0, u"never here"_s);
    unknown.setMetadata({2, 1004, true});
    const qsizetype sets = store.sets.size();
    TL_OK(store.write<void>([=](WriteTransaction &t) { return t.drop(unknown); }));
    QCOMPARE(store.sets.size(), sets);      // of what was not here nobody is told that it went
}

static Result<void> putBlogs(WriteTransaction &write, int count)
{
    for (int i = 0; i < count; ++i) {
        Record record(write.schema().model(u"Blog"_s));
        record.setValue(0, u"b%1"_s.arg(i));
        record.setValue(record.model()->fieldIndex(u"title"), u"t"_s);
        record.setMetadata({1, 1000 + i, false});
        record.setState(SyncState::Synced);
        if (const Result<void> put = write.put(record); !put)
            return put;
    }
    return {};
}

static Result<void> addSeenBlogs(WriteTransaction &write, int begin, int end)
{
    QStringList keys;
    for (int i = begin; i < end; ++i)
        keys.append(u"b%1"_s.arg(i));
    return write.addSeen(*write.schema().model(u"Blog"_s), keys);
}

void TestStoreClass::whatABaseSyncDidNotBringComesInSteps()
{
    constexpr int blogs = 40'000;
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto model = store.model(u"Blog"_s);
    TL_OK(store.write<void>([](WriteTransaction &write) { return putBlogs(write, blogs); }));
    TL_OK(store.write<void>([&](WriteTransaction &write) { return write.beginSeen(*model); }));
    TL_OK(store.write<void>([](WriteTransaction &write) { return addSeenBlogs(write, 1, 20'000); }));
    TL_OK(store.write<void>([](WriteTransaction &write) { return addSeenBlogs(write, 20'001, blogs - 1); }));
    QStringList unseen;
    int steps = 0;
    for (qint64 row = 0; steps == 0 || row > 0; ++steps) {
        const auto step = store.read<ReadTransaction::Unseen>([&](ReadTransaction &read) { return read.unseen(*model, row, 1000 + blogs - 1); });
        TL_OK(step);
        QVERIFY(step->lastRow == 0 || step->lastRow > row);
        unseen += step->keys;
        row = step->lastRow;
    }
    QCOMPARE(unseen, QStringList({u"b0"_s, u"b20000"_s}));     // the last one changed since
    QCOMPARE(steps, 3);
}

void TestStoreClass::keysAreKeptOnlyWhereSomethingCouldBeMissing()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto model = store.model(u"Blog"_s);
    const auto keeps = [&] { return store.read<bool>([&](ReadTransaction &read) { return read.keepsSeen(*model); }).value(); };
    const auto begin = [&] { return store.write<void>([&](WriteTransaction &write) { return write.beginSeen(*model); }); };
    TL_OK(begin());
    TL_OK(store.write<void>([](WriteTransaction &write) { return addSeenBlogs(write, 0, 10); }));
    QVERIFY(!keeps());
    TL_OK(store.write<void>([](WriteTransaction &write) { return putBlogs(write, 1); }));
    const auto unseen = store.read<ReadTransaction::Unseen>([&](ReadTransaction &read) { return read.unseen(*model, 0, 10'000); });
    TL_OK(unseen);
    QVERIFY(unseen->keys.isEmpty());
    TL_OK(begin());
    QVERIFY(keeps());
    TL_OK(store.write<void>([&](WriteTransaction &write) { return write.forgetSeen(*model); }));
    QVERIFY(!keeps());
}

void TestStoreClass::otherConnectionsWritesAreNoticed()
{
    const QTemporaryDir folder;
    const StoreOptions options{.path = folder.filePath(u"a"_s)};
    TestStore one(BlogSchema::schema(), options, 1);
    TestStore two(BlogSchema::schema(), options, 2);
    TL_OK(one.open());
    TL_OK(two.open());
    for (int i = 0; i < 3; ++i) {
        TL_OK(one.save(one.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})));
        TL_OK(two.save(two.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})));
    }
    QCOMPARE(two.sets.last().commit, 6u);
    QCOMPARE(two.outbox().size(), 6);
    const Record record = one.query({one.model(u"Blog"_s), {}, {}, -1, 0}).value().first();
    TL_OK(two.save(Draft(two.find(two.model(u"Blog"_s), record.key()).value()).with(1, u"y"_s)));
    QCOMPARE(two.outbox().size(), 6);       // joined the creation, whoever queued it
}

/* Each with threads of its own, as two processes have. */
void TestStoreClass::twoStoresWriteAtOnce()
{
    constexpr int Saves = 500;
    const QTemporaryDir folder;
    const StoreOptions options{.path = folder.filePath(u"a"_s), .durable = false};
    EventLoopScheduler here;
    std::array<std::unique_ptr<Store>, 2> stores;
    std::array<int, 2> saved{};
    QStringList failures;
    const Schema schema = BlogSchema::schema();
    for (std::unique_ptr<Store> &store : stores) {
        store = std::make_unique<Store>(schema, options);
        bool opened = false;
        store->open(&here, [&](const Result<void> &result) { opened = result.ok(); });
        QTRY_VERIFY(opened);
    }
    const auto saveNext = [&](const auto &self, size_t who, int number) -> void {
        Draft draft(schema.model(u"Blog"_s));
        draft.set(0, u"%1-%2"_s.arg(who).arg(number));
        draft.set(1, u"x"_s);
        stores[who]->save(draft, {}, &here, [&, who, number](const Result<Record> &result) {
            if (!result)
                failures.append(result.error().message());
            ++saved[who];
            if (number + 4 < Saves)
                self(self, who, number + 4);
        });
    };
    for (const size_t who : {0, 1}) {
        for (int first = 0; first < 4; ++first)
            saveNext(saveNext, who, first);
    }
    QTRY_VERIFY_WITH_TIMEOUT(saved[0] == Saves && saved[1] == Saves, 60'000);
    QCOMPARE(failures, QStringList());
    for (std::unique_ptr<Store> &store : stores)
        store.reset();
    TestStore store(schema, options);
    TL_OK(store.open());
    QCOMPARE(store.query({store.model(u"Blog"_s), {}, {}, -1, 0}).value().size(), 2 * Saves);
    QCOMPARE(store.store->outboxCount(), 2 * Saves);
    QSet<QString> queued;
    for (const OutboxEntry &entry : store.outbox())
        queued.insert(entry.key);
    QCOMPARE(queued.size(), 2 * Saves);
}

QTEST_GUILESS_MAIN(TestStoreClass)
#include "tst_store.moc"
