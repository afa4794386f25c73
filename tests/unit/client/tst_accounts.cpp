// SPDX-License-Identifier: MIT
#include "client/live/livequery.h"
#include "device.h"

#include <QtCore/QDir>
#include <QtCore/QJsonArray>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>

using namespace TidelineTest;

/* Several people on one device: whose file is open, whose changes go out, what leaving costs. */
class tst_Accounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<TestServer>(m_schema, path(u"server.db"_s));
    }
    void cleanup()
    {
        m_server.reset();
        m_folder.reset();
    }

    void whatOneLeavesUnsentGoesOutWhenTheyReturn();
    void nobodySeesTheRowsOfAnother();
    void theDeviceHasAFileOfItsOwn();
    void signingInTwiceChangesNothing();
    void aFileOpensForItsPrincipalOnly();
    void signInNeedsAPrincipalAndASchema();
    void aFileThatDoesNotOpenLeavesNobodySignedIn();
    void drainingSendsWhatWaits();
    void drainingThatFailsLeavesTheUserSignedIn();
    void drainingWaitsForSavesThatWereAskedForBefore();
    void discardRemovesTheFile();
    void callsDuringAnErrandEndInAnError();
    void atRiskCountsAfterTheSavesBefore();
    void clearRefusesWhatWouldBeLost();
    void clearRemovesTheFileAndItsLog();
    void clearDownloadsAnew();
    void clearOfAClosedStoreRemovesItsFile();
    void clearOfADamagedFileWorks();
    void clearNeedsASchema();
    void clearLeavesAFileThatIsNotOursAlone();
    void clearFollowsAnOpenThatWasNotWaitedFor_data();
    void clearFollowsAnOpenThatWasNotWaitedFor();
    void clearDuringADownloadBeginsAnew();
    void eachCycleSeesItsOwnRows();
    void aSaveThatWasNotWaitedForDoesNotComeBack();
    void clearIsSilentAndKeepsObservers();
    void observersMayComeWhileTheStoreIsCleared();
    void liveQueriesFollow();
    void aStoreMayGoInTheMiddle_data();
    void aStoreMayGoInTheMiddle();

private:
    [[nodiscard]] QString path(const QString &name) const { return m_folder->filePath(name); }
    [[nodiscard]] QStringList files(const QString &pattern) const { return QDir(m_folder->path()).entryList({pattern}, QDir::Files); }
    void count(Device &device, int from, int number)
    {
        for (int i = from; i < from + number; ++i)
            device.save(u"Product"_s, {{u"id"_s, u"p%1"_s.arg(i)}, {u"name"_s, u"Product %1"_s.arg(i)}});
    }
    [[nodiscard]] qsizetype onServer()
    {
        const QJsonObject answer = m_server->execute(u"{ listProducts(limit: 1000) { items { id } } }"_s);
        return answer["data"_L1]["listProducts"_L1]["items"_L1].toArray().size();
    }

    const Schema m_schema = shopSchema();
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestServer> m_server;
};

void tst_Accounts::whatOneLeavesUnsentGoesOutWhenTheyReturn()
{
    Device device(m_schema, path(u"store.sqlite"_s), m_server->url());
    QVERIFY(outcome(device.store.signIn(u"anna"_s)));
    QCOMPARE(device.store.principal(), u"anna"_s);
    device.store.setPaused(true);
    count(device, 0, 50);
    QVERIFY(outcome(device.store.signOut()));
    QVERIFY(device.store.principal().isEmpty());
    QVERIFY(!device.store.isOpen());

    QVERIFY(outcome(device.store.signIn(u"ben"_s)));
    device.store.setPaused(false);
    device.save(u"Product"_s, {{u"id"_s, u"ben's"_s}, {u"name"_s, u"Tea"_s}});
    QTRY_VERIFY_WITH_TIMEOUT(device.isLevel(), 10'000);
    QCOMPARE(device.all(u"Product"_s).size(), 1);
    QCOMPARE(onServer(), 1);

    QVERIFY(outcome(device.store.signIn(u"anna"_s)));       // signs ben out
    QCOMPARE(device.store.outboxCount() > 0 || onServer() > 1, true);
    QTRY_VERIFY_WITH_TIMEOUT(device.isLevel(), 10'000);
    QCOMPARE(onServer(), 51);
    QVERIFY(device.errors.isEmpty());
}

void tst_Accounts::nobodySeesTheRowsOfAnother()
{
    Device device(m_schema, path(u"store.sqlite"_s));
    QVERIFY(outcome(device.store.signIn(u"anna"_s)));
    count(device, 0, 3);
    QVERIFY(outcome(device.store.signIn(u"ben"_s)));
    QVERIFY(device.all(u"Product"_s).isEmpty());
    QCOMPARE(outcome(device.store.get(u"Product"_s, u"p0"_s))->isNull(), true);
    QVERIFY(outcome(device.store.signIn(u"anna"_s)));
    QCOMPARE(device.all(u"Product"_s).size(), 3);
}

void tst_Accounts::theDeviceHasAFileOfItsOwn()
{
    Device device(m_schema, path(u"store.sqlite"_s));
    count(device, 0, 2);
    QVERIFY(outcome(device.store.signIn(u"anna@example.com/../x"_s)));
    QVERIFY(device.all(u"Product"_s).isEmpty());
    QCOMPARE(device.store.path(), path(u"store.sqlite"_s));
    QVERIFY(outcome(device.store.signOut()));
    QVERIFY(outcome(device.store.open()));
    QCOMPARE(device.all(u"Product"_s).size(), 2);
    QCOMPARE(files(u"store-*.sqlite"_s).size(), 1);
}

void tst_Accounts::signingInTwiceChangesNothing()
{
    Device device(m_schema, path(u"store.sqlite"_s));
    QVERIFY(outcome(device.store.signIn(u"anna"_s)));
    const QSignalSpy opened(&device.store, &DataStore::openedChanged);
    QVERIFY(outcome(device.store.signIn(u"anna"_s)));
    QCOMPARE(opened.size(), 0);
    QVERIFY(outcome(device.store.close()));
    QVERIFY(outcome(device.store.open()));
    QCOMPARE(device.store.principal(), u"anna"_s);
}

void tst_Accounts::aFileOpensForItsPrincipalOnly()
{
    const StoreOptions annas{.path = path(u"anna.sqlite"_s), .principal = u"anna"_s};
    const auto open = [this](const StoreOptions &options) {
        ThreadScheduler thread(u"test"_s);
        Store store(m_schema, options);
        std::promise<Result<void>> opened;
        store.open(&thread, [&opened](const Result<void> &result) { opened.set_value(result); });
        return opened.get_future().get();
    };
    QVERIFY(open(annas));
    QVERIFY(open(annas));
    for (const QString &other : {u"ben"_s, QString()}) {
        const Result<void> opened = open({.path = annas.path, .principal = other});
        QCOMPARE(opened.error().code(), Error::Code::StoreForeign);
    }
}

void tst_Accounts::signInNeedsAPrincipalAndASchema()
{
    Device device(m_schema, path(u"store.sqlite"_s));
    QCOMPARE(outcome(device.store.signIn({})).error().code(), Error::Code::InvalidArgument);
    QVERIFY(device.store.isOpen());
    DataStore empty;
    QCOMPARE(outcome(empty.signIn(u"anna"_s)).error().code(), Error::Code::InvalidArgument);
}

void tst_Accounts::aFileThatDoesNotOpenLeavesNobodySignedIn()
{
    DataStore store;
    store.setSchema(m_schema);
    store.setPath(path(u"missing folder/store.sqlite"_s));
    QCOMPARE(outcome(store.signIn(u"anna"_s)).error().code(), Error::Code::StoreUnavailable);
    QVERIFY(store.principal().isEmpty());
    store.setPath(path(u"store.sqlite"_s));
    QVERIFY(outcome(store.signIn(u"anna"_s)));
}

void tst_Accounts::drainingSendsWhatWaits()
{
    Device device(m_schema, path(u"store.sqlite"_s), m_server->url());
    QVERIFY(outcome(device.store.signIn(u"anna"_s)));
    count(device, 0, 20);
    QVERIFY(outcome(device.store.signOut(DataStore::SignOut::Drain)));
    QCOMPARE(onServer(), 20);
    QVERIFY(!device.store.isOpen());
}

void tst_Accounts::drainingThatFailsLeavesTheUserSignedIn()
{
    Device device(m_schema, path(u"store.sqlite"_s), m_server->url());
    QVERIFY(outcome(device.store.signIn(u"anna"_s)));
    device.store.setPaused(true);
    count(device, 0, 2);
    const Result<void> out = outcome(device.store.signOut(DataStore::SignOut::Drain));
    QCOMPARE(out.error().code(), Error::Code::Timeout);
    QVERIFY(out.error().message().contains(u'2'));
    QCOMPARE(device.store.principal(), u"anna"_s);
    device.store.setPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(device.isLevel(), 10'000);
    QCOMPARE(onServer(), 2);
}

/* What a session tells of itself while it begins comes before the large save is on disk, now and then. */
void tst_Accounts::drainingWaitsForSavesThatWereAskedForBefore()
{
    Device device(m_schema, path(u"store.sqlite"_s), m_server->url());
    const QString large(500'000, u'x');
    for (int round = 1; round <= 10; ++round) {
        QVERIFY(outcome(device.store.signIn(u"anna"_s)));
        const auto saved = device.store.save(device.draft(u"Product"_s, {{u"name"_s, large}}));
        QVERIFY(outcome(device.store.signOut(DataStore::SignOut::Drain)));
        QVERIFY(outcome(saved));
        QCOMPARE(onServer(), round);
    }
}

void tst_Accounts::discardRemovesTheFile()
{
    Device device(m_schema, path(u"store.sqlite"_s));
    QVERIFY(outcome(device.store.signIn(u"anna"_s)));
    count(device, 0, 3);
    QCOMPARE(files(u"store-*"_s).size(), 3);
    QVERIFY(outcome(device.store.signOut(DataStore::SignOut::Discard)));
    QCOMPARE(files(u"store-*"_s), QStringList());
    QVERIFY(outcome(device.store.signIn(u"anna"_s)));
    QVERIFY(device.all(u"Product"_s).isEmpty());
}

void tst_Accounts::callsDuringAnErrandEndInAnError()
{
    Device device(m_schema, path(u"store.sqlite"_s));
    const QFuture<Result<void>> cleared = device.store.clear(DataStore::Clear::Everything);
    for (const Error &error : {outcome(device.store.query(u"Product"_s)).error(), outcome(device.store.clear()).error(),
                               outcome(device.store.save(device.draft(u"Product"_s, {{u"name"_s, u"Tea"_s}}))).error(),
                               outcome(device.store.remove(u"Product"_s, u"p1"_s)).error(), outcome(device.store.open()).error(),
                               outcome(device.store.signIn(u"anna"_s)).error(), outcome(device.store.signOut()).error()}) {
        QCOMPARE(error.code(), Error::Code::StoreNotOpen);
        QVERIFY2(error.message().contains(u"clear()"_s), qPrintable(error.message()));
    }
    QVERIFY(outcome(cleared));
    QVERIFY(device.all(u"Product"_s).isEmpty());
}

void tst_Accounts::atRiskCountsAfterTheSavesBefore()
{
    Device device(m_schema, path(u"store.sqlite"_s), m_server->url());
    device.store.setPaused(true);
    QCOMPARE(*outcome(device.store.atRisk()), AtRisk());
    const auto saved = device.store.save(device.draft(u"Product"_s, {{u"name"_s, u"Tea"_s}}));
    QCOMPARE(outcome(device.store.atRisk())->pending, 1);
    QVERIFY(outcome(saved));
    QVERIFY(outcome(device.store.close()));
    QCOMPARE(outcome(device.store.atRisk()).error().code(), Error::Code::StoreNotOpen);
}

void tst_Accounts::clearRefusesWhatWouldBeLost()
{
    Device device(m_schema, path(u"store.sqlite"_s), m_server->url());
    device.store.setPaused(true);
    count(device, 0, 2);
    QCOMPARE(outcome(device.store.clear()).error().code(), Error::Code::AtRisk);
    QCOMPARE(device.all(u"Product"_s).size(), 2);
    device.store.setPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(device.isLevel(), 10'000);
    QCOMPARE(onServer(), 2);
    QVERIFY(outcome(device.store.clear()));
}

void tst_Accounts::clearRemovesTheFileAndItsLog()
{
    Device device(m_schema, path(u"store.sqlite"_s));
    device.save(u"Product"_s, {{u"name"_s, u"a secret name"_s}});
    QVERIFY(outcome(device.store.clear(DataStore::Clear::Everything)));
    for (const QString &name : files(u"store*"_s)) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY2(!file.readAll().contains("secret"), qPrintable(name));
    }
    QVERIFY(device.store.isOpen());
}

void tst_Accounts::clearDownloadsAnew()
{
    Device device(m_schema, path(u"store.sqlite"_s), m_server->url());
    count(device, 0, 5);
    QTRY_VERIFY_WITH_TIMEOUT(device.isLevel(), 10'000);
    QSignalSpy ready(&device.store, &DataStore::ready);
    QVERIFY(outcome(device.store.clear()));
    QTRY_VERIFY_WITH_TIMEOUT(!ready.isEmpty(), 10'000);
    QCOMPARE(device.all(u"Product"_s).size(), 5);
}

void tst_Accounts::clearOfAClosedStoreRemovesItsFile()
{
    {
        Device device(m_schema, path(u"store.sqlite"_s));
        count(device, 0, 2);
    }
    DataStore store;
    store.setSchema(m_schema);
    store.setPath(path(u"store.sqlite"_s));
    QCOMPARE(outcome(store.clear()).error().code(), Error::Code::AtRisk);
    QVERIFY(!store.isOpen());
    QVERIFY(outcome(store.clear(DataStore::Clear::Everything)));
    QVERIFY(!store.isOpen());
    QCOMPARE(files(u"store*"_s), QStringList());
    QVERIFY(outcome(store.clear()));
}

void tst_Accounts::clearOfADamagedFileWorks()
{
    QFile file(path(u"store.sqlite"_s));
    {
        Device device(m_schema, file.fileName());
        count(device, 0, 2);
    }
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.seek(100) && file.write(QByteArray(2000, 'x')) == 2000);
    file.close();
    DataStore store;
    store.setSchema(m_schema);
    QCOMPARE(outcome(store.open(file.fileName())).error().code(), Error::Code::StoreDamaged);
    QCOMPARE(outcome(store.clear()).error().code(), Error::Code::StoreDamaged);
    QVERIFY(file.exists());
    QVERIFY(outcome(store.clear(DataStore::Clear::Everything)));
    QVERIFY(outcome(store.open()));
}

void tst_Accounts::clearNeedsASchema()
{
    DataStore store;
    store.setPath(path(u"store.sqlite"_s));
    const Error error = outcome(store.clear()).error();
    QCOMPARE(error.code(), Error::Code::InvalidArgument);
    QVERIFY2(error.message().contains(u"schema"_s), qPrintable(error.message()));
}

void tst_Accounts::clearLeavesAFileThatIsNotOursAlone()
{
    QFile file(path(u"letter.txt"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("Dear Anna") > 0);
    file.close();
    DataStore store;
    store.setSchema(m_schema);
    store.setPath(file.fileName());
    QCOMPARE(outcome(store.clear(DataStore::Clear::Everything)).error().code(), Error::Code::StoreForeign);
    QVERIFY(file.exists());
}

void tst_Accounts::clearFollowsAnOpenThatWasNotWaitedFor_data()
{
    QTest::addColumn<bool>("online");
    QTest::addColumn<int>("turns");
    for (const int turns : {0, 1, 2, 5}) {
        QTest::addRow("offline, after %d turns of the event loop", turns) << false << turns;
        QTest::addRow("online, after %d turns of the event loop", turns) << true << turns;
    }
}

void tst_Accounts::clearFollowsAnOpenThatWasNotWaitedFor()
{
    QFETCH(bool, online);
    QFETCH(int, turns);
    Device device(m_schema, path(u"store.sqlite"_s), online ? m_server->url() : QUrl());
    device.save(u"Product"_s, {{u"name"_s, u"Tea"_s}});
    QVERIFY(outcome(device.store.close()));
    for (int round = 0; round < 3; ++round) {
        const QFuture<Result<void>> opened = device.store.open();
        for (int i = 0; i < turns; ++i)
            QCoreApplication::processEvents();
        QVERIFY(outcome(device.store.clear(DataStore::Clear::Everything)));
        QVERIFY(outcome(opened));
        QVERIFY(device.store.isOpen());
        QVERIFY(outcome(device.store.close()));
    }
    QVERIFY(outcome(device.store.open()));
    QVERIFY(online || device.all(u"Product"_s).isEmpty());
}

void tst_Accounts::clearDuringADownloadBeginsAnew()
{
    for (int i = 0; i < 300; ++i)
        m_server->execute(u"mutation { createProduct(input: {id: \"%1\", name: \"Tea\"}) { id } }"_s.arg(i));
    Device device(m_schema, path(u"store.sqlite"_s), m_server->url());
    LiveQuery query;
    query.setType(u"Product"_s);
    query.setStore(&device.store);
    QTRY_VERIFY_WITH_TIMEOUT(device.store.isOnline(), 10'000);
    QVERIFY(outcome(device.store.clear()));
    QTRY_VERIFY_WITH_TIMEOUT(device.isLevel(), 10'000);
    QTRY_COMPARE(query.rowCount(), 300);
}

void tst_Accounts::eachCycleSeesItsOwnRows()
{
    Device device(m_schema, path(u"store.sqlite"_s));
    for (int cycle = 0; cycle < 5; ++cycle) {
        const QString name = QString::number(cycle);
        device.save(u"Product"_s, {{u"name"_s, name}});
        const QList<Record> rows = device.all(u"Product"_s);
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows.first().value(u"name"_s), Value(name));
        QVERIFY(outcome(device.store.clear(DataStore::Clear::Everything)));
        QVERIFY(device.all(u"Product"_s).isEmpty());
    }
}

void tst_Accounts::aSaveThatWasNotWaitedForDoesNotComeBack()
{
    Device device(m_schema, path(u"store.sqlite"_s));
    for (int cycle = 0; cycle < 5; ++cycle) {
        const auto saved = device.store.save(device.draft(u"Product"_s, {{u"name"_s, u"Tea"_s}}));
        QVERIFY(outcome(device.store.clear(DataStore::Clear::Everything)));
        QVERIFY(saved.isFinished());
        QVERIFY(device.all(u"Product"_s).isEmpty());
    }
}

void tst_Accounts::clearIsSilentAndKeepsObservers()
{
    Device device(m_schema, path(u"store.sqlite"_s));
    QStringList heard;
    const auto token = device.store.observe(u"Product"_s, {}, [&heard](const Change &change) { heard.append(change.after.key()); });
    QVERIFY(token.ok());
    count(device, 0, 2);
    QTRY_COMPARE(heard, QStringList({u"p0"_s, u"p1"_s}));
    QVERIFY(outcome(device.store.clear(DataStore::Clear::Everything)));
    count(device, 2, 1);
    QTRY_COMPARE(heard, QStringList({u"p0"_s, u"p1"_s, u"p2"_s}));
}

void tst_Accounts::observersMayComeWhileTheStoreIsCleared()
{
    Device device(m_schema, path(u"store.sqlite"_s));
    count(device, 0, 2);
    const QFuture<Result<void>> cleared = device.store.clear(DataStore::Clear::Everything);
    QStringList heard;
    const auto token = device.store.observe(u"Product"_s, {}, [&heard](const Change &change) { heard.append(change.after.key()); });
    QVERIFY(token.ok());
    LiveQuery query;
    query.setType(u"Product"_s);
    query.setStore(&device.store);
    QVERIFY(outcome(cleared));
    count(device, 2, 1);
    QTRY_COMPARE(heard, QStringList({u"p2"_s}));
    QTRY_COMPARE(query.rowCount(), 1);
}

void tst_Accounts::liveQueriesFollow()
{
    Device device(m_schema, path(u"store.sqlite"_s));
    LiveQuery query;
    query.setType(u"Product"_s);
    query.setStore(&device.store);
    count(device, 0, 2);
    QTRY_COMPARE(query.rowCount(), 2);
    QVERIFY(outcome(device.store.signIn(u"anna"_s)));
    QTRY_COMPARE(query.rowCount(), 0);
    count(device, 0, 3);
    QTRY_COMPARE(query.rowCount(), 3);
    QVERIFY(outcome(device.store.clear(DataStore::Clear::Everything)));
    QTRY_COMPARE(query.rowCount(), 0);
    count(device, 0, 1);
    QTRY_COMPARE(query.rowCount(), 1);
}

void tst_Accounts::aStoreMayGoInTheMiddle_data()
{
    QTest::addColumn<int>("turns");
    for (int turns = 0; turns < 8; ++turns)
        QTest::addRow("after %d turns of the event loop", turns) << turns;
}

void tst_Accounts::aStoreMayGoInTheMiddle()
{
    QFETCH(int, turns);
    auto device = std::make_unique<Device>(m_schema, path(u"store.sqlite"_s), m_server->url());
    count(*device, 0, 2);
    const QList<QFuture<Result<void>>> calls{device->store.signOut(DataStore::SignOut::Drain), device->store.clear()};
    for (int i = 0; i < turns; ++i)
        QCoreApplication::processEvents();
    device.reset();
    for (const QFuture<Result<void>> &call : calls)
        QVERIFY(call.isFinished());
}

QTEST_GUILESS_MAIN(tst_Accounts)

#include "tst_accounts.moc"
