// SPDX-License-Identifier: MIT
#include "client/appsync/appsync.h"
#include "client/datastore.h"
#include "shared/testserver.h"

#include <QtCore/QRandomGenerator>
#include <QtCore/QTemporaryDir>
#include <QtNetwork/QTcpServer>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

namespace {

Schema noteSchema()
{
    const Result<Schema> schema = Schema::parse(u"type Note @model { id: ID! text: String! }"_s);
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

template<typename T>
T outcome(const QFuture<T> &future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 20'000))
        qFatal("A future stayed pending");
    return future.result();
}

} // namespace

// Opening and closing, in every order, with a backend and without.
class tst_LifeCycle : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void propertiesAloneOpenNothing();
    void withoutASchemaNothingOpens();
    void theSameSchemaAgainIsNoChange();
    void anOpenStoreKeepsItsSchema();
    void twoOpensAtOnceOpenOnce();
    void closesAndOpensAgain_data();
    void closesAndOpensAgain();
    void openingWhileClosingSaysSo();
    void callsInAnyOrderSettle();
    void afterAFailureItOpens();
    void optionsHaveTheirDefaults();
    void optionsKeepWhatHasCallsOfItsOwn();
    void aBackendThatGoesIsTold();
    void aSchemaChangesVerdicts();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    [[nodiscard]] QFuture<Result<Receipt>> save(const QString &text)
    {
        const Draft draft(m_schema.model(u"Note"_s));
        return m_store->save(draft.with(1, text));
    }
    [[nodiscard]] qint64 count() { return outcome(m_store->count(u"Note"_s)).valueOr(-1); }
    void useServer();

    Schema m_schema = noteSchema();
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestServer> m_server;
    std::unique_ptr<ApiKey> m_auth;
    std::unique_ptr<AppSync> m_backend;
    std::unique_ptr<DataStore> m_store;
};

void tst_LifeCycle::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_auth = std::make_unique<ApiKey>();
    m_auth->setKey(TestServer::key());
    m_backend = std::make_unique<AppSync>();
    m_backend->setAuth(m_auth.get());
    m_store = std::make_unique<DataStore>();
    m_store->setSchema(m_schema);
    m_store->setPath(path(u"store.db"_s));
}

void tst_LifeCycle::cleanup()
{
    m_store.reset();
    m_backend.reset();
    m_server.reset();
    m_folder.reset();
}

void tst_LifeCycle::useServer()
{
    m_server = std::make_unique<TestServer>(m_schema, path(u"server.db"_s));
    m_backend->setUrl(m_server->url());
    m_store->setBackend(m_backend.get());
}

void tst_LifeCycle::propertiesAloneOpenNothing()
{
    QTcpServer network;
    QVERIFY(network.listen(QHostAddress::LocalHost));
    m_backend->setUrl(QUrl(u"http://127.0.0.1:%1/graphql"_s.arg(network.serverPort())));
    m_store->setBackend(m_backend.get());
    DataStore other;
    other.setSchema(m_schema);
    QVERIFY(outcome(other.open(path(u"other.db"_s))).ok());         // time for something to happen
    QVERIFY(!m_store->isOpen());
    QCOMPARE(m_store->syncState(), DataStore::SyncPhase::Stopped);
    QVERIFY(!QFile::exists(path(u"store.db"_s)));
    QVERIFY(!network.hasPendingConnections());
    QVERIFY(outcome(m_store->open()).ok());
    QTRY_VERIFY(network.hasPendingConnections());
}

void tst_LifeCycle::withoutASchemaNothingOpens()
{
    DataStore store;
    store.setPath(path(u"store.db"_s));
    const Result<void> opened = outcome(store.open());
    QCOMPARE(opened.error().code(), Error::Code::InvalidArgument);
    QVERIFY(opened.error().message().contains(u"schema"_s));
    QVERIFY(!QFile::exists(path(u"store.db"_s)));
}

void tst_LifeCycle::theSameSchemaAgainIsNoChange()
{
    const auto model = m_store->schema().model(u"Note"_s);
    QSignalSpy changed(m_store.get(), &DataStore::schemaChanged);
    QSignalSpy errors(m_store.get(), &DataStore::errorOccurred);
    m_store->setSchema(m_schema);
    QVERIFY(outcome(m_store->open()).ok());
    m_store->setSchema(m_schema);
    QCOMPARE(changed.count(), 0);
    QCOMPARE(errors.count(), 0);
    QCOMPARE(m_store->schema().model(u"Note"_s), model);
}

void tst_LifeCycle::anOpenStoreKeepsItsSchema()
{
    QVERIFY(outcome(m_store->open()).ok());
    QSignalSpy errors(m_store.get(), &DataStore::errorOccurred);
    m_store->setSchema(*Schema::parse(u"type Other @model { id: ID! }"_s));
    QCOMPARE(errors.count(), 1);
    QCOMPARE(errors.first().first().value<Error>().code(), Error::Code::InvalidArgument);
    QVERIFY(m_store->schema().model(u"Note"_s));
}

void tst_LifeCycle::twoOpensAtOnceOpenOnce()
{
    useServer();
    QSignalSpy opened(m_store.get(), &DataStore::openedChanged);
    QSignalSpy started(m_store.get(), &DataStore::storageSubscribed);
    QSignalSpy ready(m_store.get(), &DataStore::ready);
    const QFuture<Result<void>> first = m_store->open();
    const QFuture<Result<void>> second = m_store->open();
    QVERIFY(outcome(first).ok());
    QCOMPARE(outcome(second).error().code(), Error::Code::InvalidArgument);
    QTRY_COMPARE(m_store->syncState(), DataStore::SyncPhase::Live);
    QTRY_COMPARE(ready.count(), 1);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(started.count(), 1);
}

void tst_LifeCycle::closesAndOpensAgain_data()
{
    QTest::addColumn<QString>("when");
    QTest::addColumn<bool>("online");
    for (const bool online : {false, true}) {
        for (const char *when : {"once it is open", "at once", "a turn later", "in the middle of a save"})
            QTest::addRow("%s, %s", when, online ? "online" : "offline") << QString::fromLatin1(when) << online;
    }
}

void tst_LifeCycle::closesAndOpensAgain()
{
    QFETCH(QString, when);
    QFETCH(bool, online);
    if (online)
        useServer();
    for (int round = 1; round <= 3; ++round) {
        const QFuture<Result<void>> opened = m_store->open();
        QFuture<Result<Receipt>> saved;
        if (when == u"once it is open"_s)
            QVERIFY(outcome(opened).ok());
        else if (when == u"a turn later"_s)
            QCoreApplication::processEvents();
        saved = save(QString::number(round));
        if (when != u"in the middle of a save"_s)
            QVERIFY(outcome(saved).ok());
        const QFuture<Result<void>> closed = m_store->close();
        QVERIFY(outcome(closed).ok());
        QVERIFY(opened.isFinished() && opened.result().ok());
        QVERIFY(saved.isFinished() && saved.result().ok());
        QVERIFY(!m_store->isOpen());
        QCOMPARE(m_store->syncState(), DataStore::SyncPhase::Stopped);
        QCOMPARE(outcome(m_store->count(u"Note"_s)).error().code(), Error::Code::StoreNotOpen);
    }
    QVERIFY(outcome(m_store->open()).ok());
    QCOMPARE(count(), 3);
    QVERIFY(outcome(save(u"last"_s)).ok());
    QCOMPARE(count(), 4);
    if (online)
        QTRY_VERIFY(m_store->syncState() == DataStore::SyncPhase::Live && m_store->outboxCount() == 0);
    else
        QCOMPARE(m_store->outboxCount(), 4);
}

void tst_LifeCycle::openingWhileClosingSaysSo()
{
    QVERIFY(outcome(m_store->open()).ok());
    const QFuture<Result<void>> closed = m_store->close();
    const Error error = outcome(m_store->open()).error();
    QCOMPARE(error.code(), Error::Code::InvalidArgument);
    QVERIFY2(error.message().contains(u"being closed"_s) && error.message().contains(u"open()"_s), qPrintable(error.message()));
    QCOMPARE(outcome(save(u"late"_s)).error().code(), Error::Code::StoreNotOpen);
    QVERIFY(outcome(closed).ok());
    QVERIFY(outcome(m_store->open()).ok());
}

void tst_LifeCycle::callsInAnyOrderSettle()
{
    useServer();
    QRandomGenerator random(7);
    QList<QFuture<Result<void>>> calls;
    QList<QFuture<Result<Receipt>>> saves;
    for (int i = 0; i < 300; ++i) {
        switch (random.bounded(7)) {
        case 0: calls.append(m_store->open()); break;
        case 1: calls.append(m_store->close()); break;
        case 2: m_store->setPaused(!m_store->isPaused()); break;
        case 3: m_store->setBackend(m_store->backend() ? nullptr : m_backend.get()); break;
        case 4: m_store->syncNow(); break;
        case 5: saves.append(save(u"x"_s)); break;
        default: QCoreApplication::processEvents();
        }
    }
    for (const auto &call : std::as_const(calls))
        (void)outcome(call);
    qint64 stored = 0;
    for (const auto &saved : std::as_const(saves))
        stored += outcome(saved).ok() ? 1 : 0;
    QVERIFY(outcome(m_store->close()).ok());
    m_store->setPaused(false);
    m_store->setBackend(m_backend.get());
    QVERIFY(outcome(m_store->open()).ok());
    QCOMPARE(count(), stored);
    QTRY_VERIFY_WITH_TIMEOUT(m_store->syncState() == DataStore::SyncPhase::Live && m_store->outboxCount() == 0, 20'000);
}

void tst_LifeCycle::afterAFailureItOpens()
{
    QFile file(path(u"store.db"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(4096, 'x')) == 4096);
    file.close();
    QVERIFY(!outcome(m_store->open()).ok());
    QVERIFY(!m_store->isOpen());
    QVERIFY(outcome(m_store->close()).ok());
    QVERIFY(!outcome(m_store->open()).ok());
    QVERIFY(file.remove());
    QVERIFY(outcome(m_store->open()).ok());
    QVERIFY(outcome(save(u"x"_s)).ok());
    QCOMPARE(count(), 1);
}

void tst_LifeCycle::optionsHaveTheirDefaults()
{
    const DataStoreOptions options;
    QVERIFY(options.durable);
    QCOMPARE(options.engine.pageSize, 1000);
    QCOMPARE(options.engine.fullSyncInterval, 24 * 60 * 60 * 1000);
    QVERIFY(options.engine.scopes.isEmpty());
    const QueryOptions query;
    QVERIFY(query.sort.isEmpty());
    QCOMPARE(query.limit, -1);
    QCOMPARE(query.offset, 0);
}

void tst_LifeCycle::optionsKeepWhatHasCallsOfItsOwn()
{
    const Predicate scope = Predicate::compare(u"text"_s, Predicate::Operator::Eq, {Value(u"a"_s)});
    QVERIFY(m_store->setScope(u"Note"_s, scope, 2));
    QVERIFY(m_store->setConflictPolicy(u"Note"_s, ConflictPolicy::Theirs));
    m_store->setPrincipalClaim(u"email"_s);
    const ConflictPolicies policies = m_store->conflictPolicies();
    DataStoreOptions options;
    options.durable = false;
    m_store->setOptions(options);
    QCOMPARE(m_store->scopes().value(u"Note"_s), scope);
    QCOMPARE(m_store->scopePriorities().value(u"Note"_s), 2);
    QCOMPARE(m_store->conflictPolicies(), policies);
    QCOMPARE(m_store->principalClaim(), u"email"_s);
    options.engine.conflicts = ConflictPolicies().setDefault(ConflictPolicy::Newest);
    m_store->setOptions(options);
    QCOMPARE(m_store->conflictPolicies(), options.engine.conflicts);
}

void tst_LifeCycle::aBackendThatGoesIsTold()
{
    useServer();
    QVERIFY(outcome(m_store->open()).ok());
    QTRY_COMPARE(m_store->syncState(), DataStore::SyncPhase::Live);
    QSignalSpy changed(m_store.get(), &DataStore::backendChanged);
    QSignalSpy verdicts(m_store.get(), &DataStore::verdictsChanged);
    m_backend.reset();
    QCOMPARE(m_store->backend(), nullptr);
    QCOMPARE(changed.count(), 1);
    QCOMPARE(verdicts.count(), 1);
    QTRY_COMPARE(m_store->syncState(), DataStore::SyncPhase::Stopped);
}

// A binding on a verdict may be looked at before the schema is there.
void tst_LifeCycle::aSchemaChangesVerdicts()
{
    DataStore store;
    QCOMPARE(store.verdict(u"Note"_s, Intention::Operation::Create), Verdict::Refused);
    QSignalSpy verdicts(&store, &DataStore::verdictsChanged);
    store.setSchema(m_schema);
    QCOMPARE(verdicts.count(), 1);
    QCOMPARE(store.verdict(u"Note"_s, Intention::Operation::Create), Verdict::Unknown);
}

QTEST_GUILESS_MAIN(tst_LifeCycle)
#include "tst_lifecycle.moc"
