// SPDX-License-Identifier: MIT
#include "client/appsync/appsync.h"
#include "client/datastore.h"
#include "shared/testserver.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QSemaphore>
#include <QtCore/QTemporaryDir>
#include <QtCore/QThread>
#include <QtTest/QTest>
#include <QtWebSockets/QWebSocket>
#include <QtWebSockets/QWebSocketServer>

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

namespace {

Schema shopSchema()
{
    const Result<Schema> schema = Schema::parse(uR"(
        type Product @model {
            id: ID!
            name: String!
            counts: [StockCount] @hasMany(indexName: "byProduct", fields: ["id"])
        }
        type StockCount @model {
            id: ID!
            quantity: Int!
            productID: ID! @index(name: "byProduct")
            product: Product @belongsTo(fields: ["productID"])
        }
    )"_s);
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

class ToldNetwork final : public NetworkMonitor
{
public:
    [[nodiscard]] Reachability reachability() const override { return m_reachability; }
    void set(Reachability reachability)
    {
        m_reachability = reachability;
        Q_EMIT changed();
    }

private:
    Reachability m_reachability = Reachability::Present;
};

struct Device
{
    Device(const Schema &schema, const QUrl &url = {}, const QString &path = u":memory:"_s)
    {
        auth.setKey(TestServer::key());
        backend.setAuth(&auth);
        backend.setUrl(url);
        store.setSchema(schema);
        store.setPath(path);
        if (url.isValid())
            store.setBackend(&backend);
        DataStoreOptions options;
        options.network = network;
        store.setOptions(options);
        QObject::connect(&store, &DataStore::errorOccurred, &store, [this](const Error &error) { errors.append(error); });
        QObject::connect(&store, &DataStore::hubEvent, &store, [this](const QString &name) { events.append(name); });
    }

    void open()
    {
        const Result<void> opened = outcome(store.open());
        if (!opened)
            qFatal("The store does not open: %s", qPrintable(opened.error().message()));
    }

    [[nodiscard]] Draft product(const QString &id, const QString &name = u"Tea"_s) const
    {
        Draft draft(store.schema().model(u"Product"_s));
        draft.set(draft.model()->fieldIndex(u"id"), Value(id));
        if (!name.isEmpty())
            draft.set(draft.model()->fieldIndex(u"name"), Value(name));
        return draft;
    }

    std::shared_ptr<ToldNetwork> network = std::make_shared<ToldNetwork>();
    ApiKey auth;
    AppSync backend;
    QList<Error> errors;
    QStringList events;
    DataStore store;                    // goes first
};

/* A backend that acknowledges subscriptions when it is told to. */
class HesitantBackend : public QObject
{
public:
    HesitantBackend()
    {
        m_server.setSupportedSubprotocols({u"graphql-ws"_s});
        connect(&m_server, &QWebSocketServer::newConnection, this, [this] {
            QWebSocket *socket = m_server.nextPendingConnection();
            socket->setParent(this);
            connect(socket, &QWebSocket::textMessageReceived, this, [this, socket](const QString &text) { received(socket, text); });
            connect(socket, &QWebSocket::pong, this, [this] { ++m_pongs; });
            m_sockets.append(socket);
        });
        if (!m_server.listen(QHostAddress::LocalHost))
            qFatal("No port is free");
    }

    [[nodiscard]] QUrl url() const { return QUrl(u"http://127.0.0.1:%1/graphql"_s.arg(m_server.serverPort())); }
    [[nodiscard]] qsizetype connections() const { return m_sockets.size(); }
    [[nodiscard]] qsizetype started() const { return m_started.size(); }
    void acknowledge(qsizetype number)
    {
        const auto &[socket, id] = m_started[number];
        send(socket, {{u"type"_s, u"start_ack"_s}, {u"id"_s, id}});
    }

    void refuse(qsizetype number, const QString &errorType)
    {
        const auto &[socket, id] = m_started[number];
        const QJsonObject error{{u"errorType"_s, errorType}, {u"message"_s, u"Not this one."_s}};
        send(socket, {{u"type"_s, u"error"_s}, {u"id"_s, id}, {u"payload"_s, QJsonObject{{u"errors"_s, QJsonArray{error}}}}});
    }

    /*! False: the device did not come to read what was sent. */
    [[nodiscard]] bool isRead()
    {
        m_pongs = 0;
        for (QWebSocket *socket : std::as_const(m_sockets))
            socket->ping();
        return QTest::qWaitFor([this] { return m_pongs >= m_sockets.size(); }, 10'000);
    }

private:
    static void send(QWebSocket *socket, const QJsonObject &message)
    {
        socket->sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
    }

    void received(QWebSocket *socket, const QString &text)
    {
        const QJsonObject message = QJsonDocument::fromJson(text.toUtf8()).object();
        if (message["type"_L1] == "connection_init"_L1)
            send(socket, {{u"type"_s, u"connection_ack"_s}, {u"payload"_s, QJsonObject{{u"connectionTimeoutMs"_s, 300'000}}}});
        else if (message["type"_L1] == "start"_L1)
            m_started.append({socket, message["id"_L1].toString()});
    }

    QWebSocketServer m_server{u"test"_s, QWebSocketServer::NonSecureMode};
    QList<QWebSocket *> m_sockets;
    QList<std::pair<QWebSocket *, QString>> m_started;
    qsizetype m_pongs = 0;
};

const QUrl nowhere(u"http://127.0.0.1:9/graphql"_s);

/* Answers nothing; tells how often an engine was begun, when one connects, and when one is gone. */
class SilentBackend final : public Backend
{
public:
    [[nodiscard]] Result<TransportFactory> transportFactory() const override
    {
        ++begun;
        const std::shared_ptr<void> life(nullptr, [gone = gone](void *) { gone->release(); });
        return TransportFactory([life, connected = connected](const Schema &, Scheduler &) {
            connected->release();
            return std::make_unique<Silence>();
        });
    }

    mutable int begun = 0;
    const std::shared_ptr<QSemaphore> connected = std::make_shared<QSemaphore>();
    const std::shared_ptr<QSemaphore> gone = std::make_shared<QSemaphore>();

private:
    class Silence final : public Transport
    {
    public:
        void sync(const SyncRequest &, Reply<SyncPage>) override { }
        void mutate(const QList<OutboxEntry> &, std::function<void(QList<MutationResponse>)>) override { }
        void openRealtime(const QList<std::shared_ptr<const ModelType>> &, Listener *) override { }
        void closeRealtime() override { }
    };
};

} // namespace

class TestHub : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void cleanup() { m_server.reset(); }
    void aStartIsToldInOrderAndAsSignals();
    void readyIsWaitedFor();
    void readyWithoutABackend();
    void readyEndsInAnError();
    void whatTheBackendLacksEndsWaitsAtAnyTime();
    void theOutboxIsWaitedFor();
    void theOutboxWaitsForNoDecision();
    void theOutboxEndsInAnError();
    void explainsOnEveryWay();
    void whatHasStoppedIsOffline();
    void changesAtOnceStartTheEngineOnce();
    void explainsWhileTheEngineStartsAnew();
    void callsTellTheirPhase();
    void theFlightRecordIsThereAfterARestart();
    void theNetworkWakes();
    void anOfflineStartOpensAsFast();
    void moreSubscriptionsThanAConnectionTakes();
    void everySubscriptionIsWaitedFor_data();
    void everySubscriptionIsWaitedFor();
    void refusedSubscriptionsAreAnAnswerWhenItIsForGood_data();
    void refusedSubscriptionsAreAnAnswerWhenItIsForGood();

private:
    void serve(int maxSubscriptions = 1000)
    {
        m_server = std::make_unique<TestServer>(shopSchema(), m_folder->filePath(u"server.db"_s), maxSubscriptions);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestServer> m_server;
};

void TestHub::aStartIsToldInOrderAndAsSignals()
{
    serve();
    Device device(shopSchema(), m_server->url());
    QStringList signalled;
    const auto hear = [&signalled](const QString &name) { return [&signalled, name] { signalled.append(name); }; };
    DataStore *store = &device.store;
    QObject::connect(store, &DataStore::networkStatus, store, hear(u"networkStatus"_s));
    QObject::connect(store, &DataStore::storageSubscribed, store, hear(u"storageSubscribed"_s));
    QObject::connect(store, &DataStore::outboxStatus, store, hear(u"outboxStatus"_s));
    QObject::connect(store, &DataStore::subscriptionsEstablished, store, hear(u"subscriptionsEstablished"_s));
    QObject::connect(store, &DataStore::syncQueriesStarted, store, hear(u"syncQueriesStarted"_s));
    QObject::connect(store, &DataStore::modelSynced, store, hear(u"modelSynced"_s));
    QObject::connect(store, &DataStore::syncQueriesReady, store, hear(u"syncQueriesReady"_s));
    QObject::connect(store, &DataStore::syncStarted, store, hear(u"syncStarted"_s));
    QObject::connect(store, &DataStore::ready, store, hear(u"ready"_s));
    QObject::connect(store, &DataStore::outboxMutationEnqueued, store, hear(u"outboxMutationEnqueued"_s));
    QObject::connect(store, &DataStore::outboxMutationProcessed, store, hear(u"outboxMutationProcessed"_s));
    QObject::connect(store, &DataStore::subscriptionDataProcessed, store, hear(u"subscriptionDataProcessed"_s));
    device.open();
    QVERIFY(outcome(device.store.waitForReady()).ok());
    const QStringList start{u"storageSubscribed"_s, u"outboxStatus"_s, u"networkStatus"_s, u"subscriptionsEstablished"_s, u"syncQueriesStarted"_s,
                            u"modelSynced"_s, u"modelSynced"_s, u"syncQueriesReady"_s, u"syncStarted"_s};
    QCOMPARE(device.events.mid(0, start.size()), start);        // ready is being told
    QVERIFY(outcome(device.store.save(device.product(u"1"_s))).ok());
    m_server->execute(u"mutation { createProduct(input: {id: \"2\", name: \"Milk\"}) { id name _version _lastChangedAt _deleted } }"_s);
    QTRY_VERIFY_WITH_TIMEOUT(device.events.count(u"subscriptionDataProcessed"_s) > 0, 10'000);
    QVERIFY(outcome(device.store.waitForOutbox()).ok());
    QTRY_VERIFY_WITH_TIMEOUT(device.events.contains(u"outboxMutationProcessed"_s)
                                 && device.events.lastIndexOf(u"outboxStatus"_s) > device.events.indexOf(u"outboxMutationProcessed"_s), 10'000);
    QCOMPARE(device.events.count(u"ready"_s), 1);
    QCOMPARE(device.events.indexOf(u"ready"_s), start.size());
    QCOMPARE(signalled, device.events);
}

void TestHub::readyIsWaitedFor()
{
    serve();
    Device device(shopSchema(), m_server->url());
    const QFuture<Result<void>> opened = device.store.open();
    const QFuture<Result<void>> early = device.store.waitForReady(20'000);
    QVERIFY(outcome(early).ok());
    QVERIFY(opened.isFinished());
    QVERIFY(device.store.waitForReady().isFinished());
}

void TestHub::readyWithoutABackend()
{
    Device device(shopSchema());
    const QFuture<Result<void>> opened = device.store.open();
    QVERIFY(outcome(device.store.waitForReady()).ok());
    QVERIFY(opened.isFinished());
    QVERIFY(device.store.waitForReady().isFinished());
}

void TestHub::readyEndsInAnError()
{
    Device device(shopSchema(), nowhere);
    QCOMPARE(outcome(device.store.waitForReady()).error().code(), Error::Code::StoreNotOpen);
    device.open();
    const Result<void> late = outcome(device.store.waitForReady(50));
    QCOMPARE(late.error().code(), Error::Code::Timeout);
    const QFuture<Result<void>> waiting = device.store.waitForReady();
    QVERIFY(outcome(device.store.close()).ok());
    QCOMPARE(outcome(waiting).error().code(), Error::Code::Closed);

    Device wrong(shopSchema(), QUrl(u"ftp://127.0.0.1/graphql"_s));
    wrong.open();
    QTRY_VERIFY_WITH_TIMEOUT(!wrong.errors.isEmpty(), 10'000);
    QCOMPARE(wrong.errors.first().phase(), Error::Phase::Connect);
}

void TestHub::whatTheBackendLacksEndsWaitsAtAnyTime()
{
    Device device(shopSchema(), QUrl(u"ftp://127.0.0.1/graphql"_s));
    device.open();
    QVERIFY(outcome(device.store.save(device.product(u"1"_s))).ok());
    QTRY_VERIFY_WITH_TIMEOUT(!device.errors.isEmpty(), 10'000);
    for (const Error &error : {outcome(device.store.waitForReady()).error(), outcome(device.store.waitForOutbox()).error()}) {
        QCOMPARE(error.code(), Error::Code::InvalidArgument);
        QCOMPARE(error.phase(), Error::Phase::Connect);
    }
    serve();
    device.backend.setUrl(m_server->url());
    const QFuture<Result<void>> ready = device.store.waitForReady(20'000);
    QVERIFY(outcome(device.store.waitForOutbox(20'000)).ok());
    QVERIFY(outcome(ready).ok());
    const QFuture<Result<void>> waiting = device.store.waitForOutbox(20'000);
    QVERIFY(outcome(waiting).ok());
    device.store.setPaused(true);
    QVERIFY(outcome(device.store.save(device.product(u"2"_s))).ok());
    const QFuture<Result<void>> stuck = device.store.waitForOutbox();
    device.backend.setUrl(QUrl());
    QCOMPARE(outcome(stuck).error().phase(), Error::Phase::Connect);
}

void TestHub::theOutboxIsWaitedFor()
{
    serve();
    Device device(shopSchema(), m_server->url());
    device.open();
    QVERIFY(outcome(device.store.waitForOutbox()).ok());
    for (int i = 0; i < 200; ++i)
        Q_UNUSED(device.store.save(device.product(QString::number(i))))
    const QFuture<Result<void>> waiting = device.store.waitForOutbox(20'000);
    QVERIFY(outcome(waiting).ok());
    QTRY_COMPARE_WITH_TIMEOUT(device.store.outboxCount(), 0, 1'000);
    const QJsonObject answer = m_server->execute(u"{ listProducts(limit: 1000) { items { id } } }"_s);
    QCOMPARE(answer["data"_L1]["listProducts"_L1]["items"_L1].toArray().size(), 200);
}

void TestHub::theOutboxWaitsForNoDecision()
{
    serve();
    Device device(shopSchema(), m_server->url());
    device.open();
    QVERIFY(outcome(device.store.waitForReady()).ok());
    device.store.setPaused(true);
    QVERIFY(outcome(device.store.save(device.product(u"1"_s, u"mine"_s))).ok());
    m_server->execute(u"mutation { createProduct(input: {id: \"1\", name: \"theirs\"}) { id _version _lastChangedAt _deleted } }"_s);
    Draft refused = device.product(u"2"_s, u"refused"_s);
    QVERIFY(outcome(device.store.save(refused)).ok());
    device.store.setPaused(false);
    QVERIFY(outcome(device.store.waitForOutbox(20'000)).ok());
    QTRY_COMPARE_WITH_TIMEOUT(device.store.outboxCount(), device.store.rejectedCount(), 5'000);
}

void TestHub::theOutboxEndsInAnError()
{
    Device device(shopSchema(), nowhere);
    QCOMPARE(outcome(device.store.waitForOutbox()).error().code(), Error::Code::StoreNotOpen);
    device.open();
    QVERIFY(outcome(device.store.save(device.product(u"1"_s))).ok());
    QCOMPARE(outcome(device.store.waitForOutbox(50)).error().code(), Error::Code::Timeout);
    QFuture<Result<void>> waiting = device.store.waitForOutbox();
    QVERIFY(outcome(device.store.close()).ok());
    QCOMPARE(outcome(waiting).error().code(), Error::Code::Closed);
    {
        Device gone(shopSchema(), nowhere);
        gone.open();
        QVERIFY(outcome(gone.store.save(gone.product(u"1"_s))).ok());
        waiting = gone.store.waitForOutbox();
    }
    QCOMPARE(outcome(waiting).error().code(), Error::Code::Closed);
}

void TestHub::explainsOnEveryWay()
{
    using Reason = Explanation::Reason;
    Device device(shopSchema(), nowhere);
    QCOMPARE(outcome(device.store.explain(u"Product"_s, u"1"_s)).error().code(), Error::Code::StoreNotOpen);
    device.open();
    QCOMPARE(outcome(device.store.explain(u"Produkt"_s, u"1"_s)).error().code(), Error::Code::UnknownModel);
    QTRY_VERIFY_WITH_TIMEOUT(!device.errors.isEmpty(), 10'000);
    const QFuture<Result<Receipt>> saving = device.store.save(device.product(u"1"_s));
    const Explanation offline = *outcome(device.store.explain(u"Product"_s, u"1"_s));
    QVERIFY(saving.isFinished());
    QCOMPARE(offline.state, Explanation::State::Waiting);
    QVERIFY(offline.waitingFor.first().reason == Reason::Offline || offline.waitingFor.first().reason == Reason::Sync);
    QCOMPARE(offline.waitingFor.first().error.code(), Error::Code::Network);
    serve();
    device.backend.setUrl(m_server->url());
    QVERIFY(outcome(device.store.waitForOutbox(20'000)).ok());
    const Explanation level = *outcome(device.store.explain(u"Product"_s, u"1"_s));
    QCOMPARE(level.state, Explanation::State::Synced);
    QVERIFY(level.waitingFor.isEmpty());
}

void TestHub::whatHasStoppedIsOffline()
{
    serve();
    Device device(shopSchema(), m_server->url());
    device.open();
    QTRY_COMPARE_WITH_TIMEOUT(device.store.syncState(), DataStore::SyncPhase::Live, 10'000);
    QList<bool> online;
    QObject::connect(&device.store, &DataStore::syncStateChanged, &device.store, [&] {
        if (device.store.syncState() == DataStore::SyncPhase::Stopped)
            online.append(device.store.isOnline());
    });
    device.store.setBackend(nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(!online.isEmpty(), 10'000);
    QCOMPARE(online, QList{false});
}

void TestHub::changesAtOnceStartTheEngineOnce()
{
    SilentBackend backend;
    Device device(shopSchema());
    device.store.setBackend(&backend);
    device.open();
    QVERIFY(backend.connected->tryAcquire(1, 10'000));
    for (int i = 0; i < 3; ++i)
        Q_EMIT backend.changed();
    QTRY_VERIFY_WITH_TIMEOUT(backend.connected->available() > 0, 10'000);
    QVERIFY(outcome(device.store.close()).ok());
    QCOMPARE(backend.begun, 2);
}

/* The engine is gone, and the application's thread has not heard of it. */
void TestHub::explainsWhileTheEngineStartsAnew()
{
    SilentBackend backend;
    Device device(shopSchema());
    device.store.setBackend(&backend);
    device.open();
    QVERIFY(backend.connected->tryAcquire(1, 10'000));
    QVERIFY(outcome(device.store.save(device.product(u"1"_s))).ok());
    Q_EMIT backend.changed();
    QVERIFY(backend.gone->tryAcquire(1, 10'000));
    QThread *endedIn = nullptr;
    QFuture<Result<Explanation>> explained = device.store.explain(u"Product"_s, u"1"_s);
    const auto noted = explained.then([&endedIn](const Result<Explanation> &) { endedIn = QThread::currentThread(); });
    const Result<Explanation> explanation = outcome(explained);
    QVERIFY(noted.isFinished());
    QVERIFY2(explanation.ok(), qPrintable(explanation.error().message()));
    QCOMPARE(explanation->state, Explanation::State::Waiting);
    QCOMPARE(endedIn, QThread::currentThread());
}

void TestHub::callsTellTheirPhase()
{
    using Phase = Error::Phase;
    Device device(shopSchema());
    QCOMPARE(outcome(device.store.save(device.product(u"1"_s))).error().phase(), Phase::Save);
    QCOMPARE(outcome(device.store.query(u"Product"_s)).error().phase(), Phase::Query);
    DataStore bare;
    QCOMPARE(outcome(bare.open()).error().phase(), Phase::Open);
    QCOMPARE(outcome(bare.open(m_folder->path())).error().phase(), Phase::Open);
    device.open();
    const Error invalid = outcome(device.store.save(device.product(u"1"_s, {}))).error();
    QCOMPARE(invalid.code(), Error::Code::Validation);
    QCOMPARE(invalid.phase(), Phase::Save);
    QCOMPARE(invalid.advice(), Error::Advice::CorrectInput);
    QCOMPARE(outcome(device.store.remove(u"Produkt"_s, u"1"_s)).error().phase(), Phase::Save);
    QCOMPARE(outcome(device.store.get(u"Produkt"_s, u"1"_s)).error().phase(), Phase::Query);
    QCOMPARE(outcome(device.store.retry(17)).error().phase(), Phase::Repair);
    QCOMPARE(device.store.observe(u"Produkt"_s, {}, nullptr).error().phase(), Phase::Query);
}

void TestHub::theFlightRecordIsThereAfterARestart()
{
    const QString path = m_folder->filePath(u"device.db"_s);
    {
        Device device(shopSchema(), nowhere, path);
        device.open();
        QCOMPARE(outcome(device.store.save(device.product(u"1"_s, {}))).error().code(), Error::Code::Validation);
        QTRY_COMPARE_WITH_TIMEOUT(device.store.lastError().code(), Error::Code::Network, 10'000);
        QCOMPARE(device.store.lastError(), device.errors.last());
        QVERIFY(outcome(device.store.close()).ok());
    }
    Device device(shopSchema(), {}, path);
    device.open();
    const QList<FlightEntry> entries = *outcome(device.store.flightRecord());
    const auto has = [&entries](Error::Code code, Error::Phase phase) {
        return std::count_if(entries.begin(), entries.end(), [=](const FlightEntry &entry) { return entry.code == code && entry.phase == phase; });
    };
    QCOMPARE(has(Error::Code::Validation, Error::Phase::Save), 1);
    QCOMPARE(has(Error::Code::Network, Error::Phase::Connect), 1);
    QVERIFY(std::any_of(entries.begin(), entries.end(), [](const FlightEntry &entry) {
        return entry.kind == FlightEntry::Kind::State && entry.message == u"Connecting"_s;
    }));
    QCOMPARE(outcome(device.store.flightRecord(2))->size(), 2);
}

void TestHub::theNetworkWakes()
{
    serve();
    const QUrl url = m_server->url();
    m_server->stop();
    Device device(shopSchema(), url);
    DataStoreOptions options;
    options.network = device.network;
    options.engine.backoffBase = options.engine.backoffCap = options.engine.lineCap = 600'000;     // only a hint helps
    device.store.setOptions(options);
    device.open();
    QTRY_VERIFY_WITH_TIMEOUT(device.store.syncState() == DataStore::SyncPhase::Offline && !device.errors.isEmpty(), 10'000);
    device.network->set(Reachability::Gone);
    m_server->start();
    device.network->set(Reachability::Present);
    QVERIFY(outcome(device.store.waitForReady(10'000)).ok());
    m_server->stop();
    QTRY_COMPARE_WITH_TIMEOUT(device.store.syncState(), DataStore::SyncPhase::Offline, 10'000);
    m_server->start();
    device.store.wake();
    QTRY_COMPARE_WITH_TIMEOUT(device.store.syncState(), DataStore::SyncPhase::Live, 10'000);
}

void TestHub::anOfflineStartOpensAsFast()
{
    const QString path = m_folder->filePath(u"device.db"_s);
    {
        Device device(shopSchema(), {}, path);
        device.open();
        QVERIFY(outcome(device.store.save(device.product(u"1"_s))).ok());
        QVERIFY(outcome(device.store.close()).ok());
    }
    Device device(shopSchema(), nowhere, path);
    device.auth.setKey(u"expired"_s);
    device.open();
    QVERIFY(device.errors.isEmpty());               // nothing of the line was heard before queries worked
    QVERIFY(!device.events.contains(u"networkStatus"_s));
    QCOMPARE(outcome(device.store.get(u"Product"_s, u"1"_s))->key(), u"1"_s);
    QVERIFY(outcome(device.store.save(device.product(u"2"_s))).ok());
}

// With three subscriptions each.
static Schema schemaOf40Types()
{
    QString source;
    for (int i = 0; i < 40; ++i)
        source += u"type Model%1 @model { id: ID! name: String }\n"_s.arg(i);
    return *Schema::parse(source);
}

void TestHub::moreSubscriptionsThanAConnectionTakes()
{
    const Schema schema = schemaOf40Types();
    m_server = std::make_unique<TestServer>(schema, m_folder->filePath(u"server.db"_s), 100);
    Device device(schema, m_server->url());
    device.open();
    QVERIFY(outcome(device.store.waitForReady(20'000)).ok());
    for (const int i : {0, 20, 33, 34, 39})
        m_server->execute(u"mutation { createModel%1(input: {id: \"1\"}) { id name _version _lastChangedAt _deleted } }"_s.arg(i));
    QTRY_COMPARE_WITH_TIMEOUT(device.events.count(u"subscriptionDataProcessed"_s), 5, 10'000);
    QVERIFY(device.errors.isEmpty());
    m_server->stop();
    QTRY_COMPARE_WITH_TIMEOUT(device.store.syncState(), DataStore::SyncPhase::Offline, 10'000);
    QCOMPARE(device.errors.size(), 1);              // however many connections were lost
    m_server->start();
    QTRY_COMPARE_WITH_TIMEOUT(device.store.syncState(), DataStore::SyncPhase::Live, 10'000);
}

void TestHub::everySubscriptionIsWaitedFor_data()
{
    QTest::addColumn<int>("missing");
    for (const int missing : {0, 57, 99, 100, 119})
        QTest::addRow("%d", missing) << missing;
}

/* One acknowledgement does not stand for all: not of a connection, not of several. */
void TestHub::everySubscriptionIsWaitedFor()
{
    QFETCH(int, missing);
    HesitantBackend backend;
    Device device(schemaOf40Types(), backend.url());
    device.open();
    QTRY_COMPARE_WITH_TIMEOUT(backend.started(), 120, 10'000);
    QCOMPARE(backend.connections(), 2);
    for (int number = 0; number < 120; ++number) {
        if (number != missing)
            backend.acknowledge(number);
    }
    QVERIFY(backend.isRead());
    QVERIFY(outcome(device.store.count(u"Model0"_s)).ok());        // what had been told by then has come
    QVERIFY(!device.events.contains(u"subscriptionsEstablished"_s));
    QVERIFY(!device.events.contains(u"syncQueriesStarted"_s));
    QCOMPARE(device.store.syncState(), DataStore::SyncPhase::Connecting);
    backend.acknowledge(missing);
    QTRY_VERIFY_WITH_TIMEOUT(device.events.contains(u"syncQueriesStarted"_s), 10'000);
    QCOMPARE(device.events.count(u"subscriptionsEstablished"_s), 1);
}

void TestHub::refusedSubscriptionsAreAnAnswerWhenItIsForGood_data()
{
    QTest::addColumn<QString>("errorType");
    QTest::addColumn<bool>("all");
    QTest::addColumn<bool>("forGood");
    for (const bool all : {false, true}) {
        const char *which = all ? "all" : "one among others";
        QTest::addRow("not allowed, %s", which) << u"Unauthorized"_s << all << true;
        QTest::addRow("switched off, %s", which) << u"OperationDisabled"_s << all << true;
        QTest::addRow("a limit, %s", which) << u"MaxSubscriptionsReachedError"_s << all << false;
    }
}

void TestHub::refusedSubscriptionsAreAnAnswerWhenItIsForGood()
{
    QFETCH(QString, errorType);
    QFETCH(bool, all);
    QFETCH(bool, forGood);
    HesitantBackend backend;
    Device device(shopSchema(), backend.url());
    device.open();
    QTRY_COMPARE_WITH_TIMEOUT(backend.started(), 6, 10'000);
    for (int number = 0; number < 6; ++number)
        all || number == 4 ? backend.refuse(number, errorType) : backend.acknowledge(number);
    QTRY_VERIFY_WITH_TIMEOUT(!device.errors.isEmpty(), 10'000);
    QCOMPARE(device.errors.first().phase(), forGood ? Error::Phase::Subscribe : Error::Phase::Connect);
    if (forGood) {
        QTRY_VERIFY_WITH_TIMEOUT(device.events.contains(u"syncQueriesStarted"_s), 10'000);
        QVERIFY(!device.errors.first().model().isEmpty());
    } else {
        QTRY_VERIFY_WITH_TIMEOUT(backend.started() > 6, 10'000);        // another attempt
        QVERIFY(!device.events.contains(u"subscriptionsEstablished"_s));
    }
}

QTEST_GUILESS_MAIN(TestHub)
#include "tst_hub.moc"
