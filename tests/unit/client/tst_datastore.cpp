// SPDX-License-Identifier: MIT
#include "client/live/livequery.h"
#include "device.h"

#include <QtCore/QJsonArray>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

class Destroyer : public QObject
{
    Q_OBJECT

public:
    explicit Destroyer(DataStore *store) : m_store(store) { }

public Q_SLOTS:
    void destroy() { delete m_store; }

private:
    QPointer<DataStore> m_store;
};

class tst_DataStore : public QObject
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

    void worksWithoutABackend();
    void savedOnOneDeviceAppearsOnTheOther();
    void changesMadeApartMeetWhenTheLineIsBack();
    void deletesTravel();
    void textsTravelWhole();
    void clearedFieldsAndRelationsReachTheBackend();
    void conditionsReachTheBackend();
    void aNewDeviceDownloadsEverything();
    void aServerThatRestartsIsFoundAgain();
    void pendingChangesSurviveTheAppAndAreSentLater();
    void aSaveThatEndedIsInTheOutboxCount();
    void aRefusedKeyIsAnErrorAndLosesNothing();
    void theHubTellsInOrder();
    void futuresEndWhenTheStoreGoes();
    void callsOnAClosedStoreFail();
    void callsMadeWhileTheFileIsOpenedWaitForIt();
    void callsMadeWhileTheFileIsOpenedEndInItsError();
    void callsMadeWhileTheFileIsOpenedEndWithTheStore();
    void theStoreMayGoInItsSignals_data();
    void theStoreMayGoInItsSignals();
    void theStoreMayGoWhenACallEnds_data();
    void theStoreMayGoWhenACallEnds();
    void receiptsTellHowFarAChangeHasCome();
    void backendMayComeLater();
    void aRecordMetLatelyIsKnownAtOnceAndStaysTrue();
    void scopesChangeWhileItRuns();
    void wrongScopesAreRefused();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    std::unique_ptr<Device> device(const QString &name) { return std::make_unique<Device>(m_schema, path(name), m_server->url()); }

    Schema m_schema = shopSchema();
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestServer> m_server;
};

void tst_DataStore::scopesChangeWhileItRuns()
{
    const auto a = device(u"a.db"_s);
    for (int i = 0; i < 12; ++i)
        a->save(u"Product"_s, {{u"id"_s, u"p%1"_s.arg(i)}, {u"name"_s, u"name %1"_s.arg(i % 4)}});
    QTRY_VERIFY(a->isLevel());
    const auto b = device(u"b.db"_s);
    QTRY_VERIFY(b->isLevel());
    const auto named = [](const QStringList &names) {
        QList<Value> values;
        for (const QString &name : names)
            values.append(Value(name));
        return Predicate::compare(u"name"_s, Predicate::Operator::In, values);
    };
    const auto count = [&b] { return outcome(b->store.count(u"Product"_s)).value(); };
    QVERIFY(b->store.setScope(u"Product"_s, named({u"name 1"_s, u"name 2"_s})));
    QTRY_COMPARE(count(), 6);
    QVERIFY(b->store.setScope(u"Product"_s, named({u"name 2"_s, u"name 3"_s}), 1));     // its opposite goes as AppSync's filter
    QTRY_COMPARE(outcome(b->store.count(u"Product"_s, named({u"name 3"_s}))).value(), 3);
    QCOMPARE(count(), 6);
    QVERIFY(b->store.setScope(u"Product"_s, Predicate::none()));
    QTRY_COMPARE(count(), 0);
    b->store.removeScope(u"Product"_s);
    QTRY_COMPARE(count(), 12);
    QVERIFY(b->store.scopes().isEmpty());
    QVERIFY(b->errors.isEmpty());
}

void tst_DataStore::wrongScopesAreRefused()
{
    Device a(m_schema, path(u"a.db"_s));
    const auto equals = [](const QString &field) { return Predicate::compare(field, Predicate::Operator::Eq, {Value(u"x"_s)}); };
    QVERIFY(a.store.setScope(u"Product"_s, equals(u"name"_s)));
    QCOMPARE(a.store.setScope(u"Prodact"_s, equals(u"name"_s)).error().code(), Error::Code::UnknownModel);
    QCOMPARE(a.store.setScope(u"Product"_s, equals(u"nome"_s)).error().code(), Error::Code::UnknownField);
    QCOMPARE(a.store.setScope(u"StockCount"_s, equals(u"product.name"_s)).error().code(), Error::Code::InvalidArgument);
    QCOMPARE(a.store.setScopes({{u"Product"_s, Predicate()}, {u"Nothing"_s, Predicate()}}).error().code(), Error::Code::UnknownModel);
    const QHash<QString, Predicate> former{{u"Product"_s, equals(u"name"_s)}};
    QCOMPARE(a.store.scopes(), former);
}

void tst_DataStore::worksWithoutABackend()
{
    Device a(m_schema, path(u"a.db"_s));
    const Record tea = a.save(u"Product"_s, {{u"name"_s, u"Tea"_s}, {u"tags"_s, QStringList{u"hot"_s, u"dry"_s}}});
    QCOMPARE(tea.state(), SyncState::Pending);          // a backend may come later
    QCOMPARE(a.get(u"Product"_s, tea.key()), tea);
    QCOMPARE(outcome(a.store.count(u"Product"_s)).valueOr(-1), 1);
    QCOMPARE(a.store.syncState(), DataStore::SyncPhase::Stopped);
    QCOMPARE(a.store.outboxCount(), 1);
}

void tst_DataStore::receiptsTellHowFarAChangeHasCome()
{
    qint64 mutation = 0;
    QString key;
    {
        Device a(m_schema, path(u"a.db"_s));
        Draft draft(m_schema.model(u"Product"_s));
        draft.set(draft.model()->fieldIndex(u"name"), Value(u"Tea"_s));
        const Receipt receipt = outcome(a.store.save(draft)).valueOr({});
        QVERIFY(receipt.mutation() > 0);
        QCOMPARE(receipt.state(), Receipt::Local);
        QCOMPARE(receipt.type(), u"Product"_s);
        mutation = receipt.mutation();
        key = receipt.key();
        const QList<Receipt> both = outcome(a.store.saveAll({draft.with(0, Value(u"one"_s)), draft.with(0, Value(u"two"_s))})).valueOr({});
        QCOMPARE(both.size(), 2);
        QCOMPARE(both.last().mutation(), both.first().mutation() + 1);
        const Receipt same = outcome(a.store.save(Draft(receipt.record()))).valueOr({});
        QCOMPARE(same.mutation(), 0);
        QCOMPARE(same.state(), Receipt::Local);
    }
    const auto a = device(u"a.db"_s);
    QTRY_COMPARE(outcome(a->store.receipt(mutation)).valueOr({}).state(), Receipt::Accepted);
    const Receipt receipt = outcome(a->store.receipt(mutation)).valueOr({});
    QCOMPARE(receipt.record(), a->get(u"Product"_s, key));
    QVERIFY(receipt.mergedFields().isEmpty());
    QCOMPARE(outcome(a->store.receipts(u"Product"_s, key)).valueOr({}).size(), 1);
    QCOMPARE(outcome(a->store.receipt(4711)).error().code(), Error::Code::NotFound);
    QCOMPARE(outcome(a->store.receipts(u"Nothing"_s, key)).error().code(), Error::Code::UnknownModel);
    const Receipt same = outcome(a->store.save(Draft(receipt.record()))).valueOr({});
    QCOMPARE(same.state(), Receipt::Accepted);
}

void tst_DataStore::savedOnOneDeviceAppearsOnTheOther()
{
    const auto a = device(u"a.db"_s);
    const auto b = device(u"b.db"_s);
    LiveQuery list;
    list.setStore(&b->store);
    list.setType(u"Product"_s);
    QTRY_VERIFY(a->isLevel() && b->isLevel());

    const Record tea = a->save(u"Product"_s, {{u"name"_s, u"Чай"_s}, {u"status"_s, u"OPEN"_s}, {u"tags"_s, QStringList{u"ä"_s, u""_s}}});
    QTRY_COMPARE(list.rowCount(), 1);
    QCOMPARE(b->get(u"Product"_s, tea.key()).values().front(), tea.values().front());
    QTRY_COMPARE(b->get(u"Product"_s, tea.key()).state(), SyncState::Synced);
    QTRY_COMPARE(a->get(u"Product"_s, tea.key()), b->get(u"Product"_s, tea.key()));

    a->change(a->get(u"Product"_s, tea.key()), u"name"_s, u"Green tea"_s);
    QTRY_COMPARE(b->get(u"Product"_s, tea.key()).value(u"name").toText(), u"Green tea"_s);
    QVERIFY(a->errors.isEmpty());
    QVERIFY(b->errors.isEmpty());
}

void tst_DataStore::changesMadeApartMeetWhenTheLineIsBack()
{
    const auto a = device(u"a.db"_s);
    const auto b = device(u"b.db"_s);
    const Record tea = a->save(u"Product"_s, {{u"name"_s, u"Tea"_s}});
    QTRY_VERIFY(!b->get(u"Product"_s, tea.key()).isNull());
    QTRY_VERIFY(a->isLevel() && b->isLevel());

    a->store.setPaused(true);
    b->store.setPaused(true);
    QTRY_VERIFY(!a->store.isOnline() && !b->store.isOnline());
    a->change(a->get(u"Product"_s, tea.key()), u"name"_s, u"Black tea"_s);
    b->change(b->get(u"Product"_s, tea.key()), u"status"_s, u"COUNTED"_s);
    for (int i = 0; i < 20; ++i) {
        a->save(u"StockCount"_s, {{u"quantity"_s, i}, {u"productID"_s, tea.key()}});
        b->save(u"StockCount"_s, {{u"quantity"_s, 100 + i}, {u"productID"_s, tea.key()}});
    }
    QCOMPARE(a->store.outboxCount(), 21);
    QCOMPARE(a->all(u"StockCount"_s).size(), 20);
    a->store.setPaused(false);
    b->store.setPaused(false);

    QTRY_VERIFY(a->isLevel() && b->isLevel() && a->all(u"StockCount"_s).size() == 40 && b->all(u"StockCount"_s).size() == 40);
    QTRY_COMPARE(a->all(u"StockCount"_s), b->all(u"StockCount"_s));
    QTRY_COMPARE(a->all(u"Product"_s), b->all(u"Product"_s));
    const Record merged = a->get(u"Product"_s, tea.key());
    QCOMPARE(merged.value(u"name").toText(), u"Black tea"_s);
    QCOMPARE(merged.value(u"status").toText(), u"COUNTED"_s);
    const QJsonObject answer = m_server->execute(u"{ listStockCounts(limit: 1000) { items { quantity } } }"_s);
    QCOMPARE(answer["data"_L1]["listStockCounts"_L1]["items"_L1].toArray().size(), 40);
}

void tst_DataStore::deletesTravel()
{
    const auto a = device(u"a.db"_s);
    const auto b = device(u"b.db"_s);
    const Record tea = a->save(u"Product"_s, {{u"name"_s, u"Tea"_s}});
    const Record count = a->save(u"StockCount"_s, {{u"quantity"_s, 1}, {u"productID"_s, tea.key()}});
    QTRY_VERIFY(!b->get(u"StockCount"_s, count.key()).isNull());
    QTRY_VERIFY(b->isLevel());
    QCOMPARE(outcome(b->store.remove(u"Product"_s, tea.key())).valueOr({}).size(), 2);
    QTRY_VERIFY(a->all(u"Product"_s).isEmpty() && a->all(u"StockCount"_s).isEmpty());
    QTRY_VERIFY(a->isLevel() && b->isLevel());
    QVERIFY(b->errors.isEmpty());
}

void tst_DataStore::textsTravelWhole()
{
    const auto a = device(u"a.db"_s);
    const auto b = device(u"b.db"_s);
    const auto product = m_schema.model(u"Product"_s);
    for (const QString &text : {u"\ufeffmark first"_s, u"mark \ufeff inside"_s, u"\ufeff"_s, u"\U0001F375 \u0000 \u2028"_s, u"\r\n\t\"\\"_s}) {
        const QStringList tags{text, text + text};
        const Record saved = a->save(u"Product"_s, {{u"name"_s, text}, {u"tags"_s, tags}});
        QTRY_VERIFY(!b->get(u"Product"_s, saved.key()).isNull());
        const Record arrived = b->get(u"Product"_s, saved.key());
        QCOMPARE(arrived.value(product->fieldIndex(u"name")).toText(), text);
        QCOMPARE(arrived.value(product->fieldIndex(u"tags")), saved.value(product->fieldIndex(u"tags")));
        QTRY_VERIFY(a->isLevel());
        QCOMPARE(a->get(u"Product"_s, saved.key()).value(product->fieldIndex(u"name")).toText(), text);
    }
}

void tst_DataStore::clearedFieldsAndRelationsReachTheBackend()
{
    const Result<Schema> schema = Schema::parse(uR"(
        type Lamp @model { id: ID! watts: Int }
        type Shelf @model { id: ID! label: String lamp: Lamp @hasOne books: [Book] @hasMany }
        type Book @model { id: ID! title: String shelf: Shelf @belongsTo }
    )"_s);
    QVERIFY(schema.ok());
    TestServer server(*schema, path(u"library.db"_s));
    Device a(*schema, path(u"a.db"_s), server.url());
    const QString lampOfShelf = schema->model(u"Shelf"_s)->fields[size_t(schema->model(u"Shelf"_s)->relation(u"lamp")->localFields.front())].name;
    const QString shelfOfBook = schema->model(u"Book"_s)->fields[size_t(schema->model(u"Book"_s)->relation(u"shelf")->localFields.front())].name;
    a.save(u"Lamp"_s, {{u"id"_s, u"l"_s}});
    a.save(u"Shelf"_s, {{u"id"_s, u"s"_s}, {u"label"_s, u"upper"_s}, {lampOfShelf, u"l"_s}});
    a.save(u"Book"_s, {{u"id"_s, u"b"_s}, {u"title"_s, u"One"_s}, {shelfOfBook, u"s"_s}});
    QTRY_VERIFY(a.isLevel());
    const auto stored = [&] {
        const QString query = u"{ getShelf(id: \"s\") { label %1 lamp { id } books { items { id } } } getBook(id: \"b\") { title %2 } }"_s;
        return server.execute(query.arg(lampOfShelf, shelfOfBook))["data"_L1].toObject();
    };
    QCOMPARE(stored()["getShelf"_L1]["lamp"_L1]["id"_L1].toString(), u"l"_s);
    QCOMPARE(stored()["getShelf"_L1]["books"_L1]["items"_L1].toArray().size(), 1);

    a.change(a.get(u"Shelf"_s, u"s"_s), u"label"_s, Value());
    a.change(a.get(u"Shelf"_s, u"s"_s), lampOfShelf, Value());
    a.change(a.get(u"Book"_s, u"b"_s), shelfOfBook, Value());
    QTRY_VERIFY(a.isLevel());
    const QJsonObject shelf = stored()["getShelf"_L1].toObject();
    QVERIFY(shelf["label"_L1].isNull() && shelf[lampOfShelf].isNull() && shelf["lamp"_L1].isNull());
    QVERIFY(shelf["books"_L1]["items"_L1].toArray().isEmpty());
    QVERIFY(stored()["getBook"_L1][shelfOfBook].isNull());
    QCOMPARE(stored()["getBook"_L1]["title"_L1].toString(), u"One"_s);
    QVERIFY(a.errors.isEmpty());
}

// Those of a key and of a set, too, which the backend does not know as such.
void tst_DataStore::conditionsReachTheBackend()
{
    using Op = Predicate::Operator;
    const auto a = device(u"a.db"_s);
    const Record tea = a->save(u"Product"_s, {{u"name"_s, u"Tea"_s}});
    QTRY_VERIFY(a->isLevel());
    const Predicate known = Predicate::compare(u"id"_s, Op::Eq, {tea.key()}) && Predicate::compare(u"name"_s, Op::In, {u"Tea"_s, u"Cup"_s});
    const int status = tea.model()->fieldIndex(u"status");
    QVERIFY(outcome(a->store.save(Draft(a->get(u"Product"_s, tea.key())).with(status, u"OPEN"_s), known)).ok());
    QTRY_VERIFY(a->isLevel());
    const auto stored = [&] {
        return m_server->execute(u"query ($id: ID!) { getProduct(id: $id) { status _deleted } }"_s, {{u"id"_s, tea.key()}})["data"_L1]["getProduct"_L1];
    };
    QCOMPARE(stored()["status"_L1].toString(), u"OPEN"_s);
    QVERIFY(outcome(a->store.remove(u"Product"_s, tea.key(), known)).ok());
    QTRY_VERIFY(a->isLevel());
    QVERIFY(stored()["_deleted"_L1].toBool());
    QVERIFY(a->errors.isEmpty());
    QCOMPARE(a->store.rejectedCount(), 0);
}

void tst_DataStore::aNewDeviceDownloadsEverything()
{
    constexpr int many = 2500;          // more than a page
    const auto a = device(u"a.db"_s);
    QList<Draft> drafts;
    for (int i = 0; i < many; ++i)
        drafts.append(a->draft(u"Product"_s, {{u"name"_s, QString::number(i)}}));
    QVERIFY(outcome(a->store.saveAll(drafts)).ok());
    QTRY_VERIFY_WITH_TIMEOUT(a->isLevel(), 30'000);
    const auto b = device(u"b.db"_s);
    QTRY_VERIFY_WITH_TIMEOUT(b->isLevel(), 30'000);
    QCOMPARE(b->all(u"Product"_s), a->all(u"Product"_s));
    QCOMPARE(b->all(u"Product"_s).size(), many);
}

void tst_DataStore::aSaveThatEndedIsInTheOutboxCount()
{
    constexpr int many = 2500;          // more than observers are told of in one turn
    Device a(m_schema, path(u"a.db"_s));
    QList<Draft> drafts;
    for (int i = 0; i < many; ++i)
        drafts.append(a.draft(u"Product"_s, {{u"name"_s, QString::number(i)}}));
    QVERIFY(outcome(a.store.saveAll(drafts)).ok());
    QCOMPARE(a.store.outboxCount(), many);
}

void tst_DataStore::aServerThatRestartsIsFoundAgain()
{
    const auto a = device(u"a.db"_s);
    const auto b = device(u"b.db"_s);
    QTRY_VERIFY(a->isLevel() && b->isLevel());
    m_server->stop();
    QTRY_VERIFY(!a->store.isOnline());
    const Record tea = a->save(u"Product"_s, {{u"name"_s, u"Tea"_s}});
    QCOMPARE(a->store.outboxCount(), 1);
    m_server->start();
    QTRY_VERIFY_WITH_TIMEOUT(a->isLevel() && b->isLevel(), 20'000);
    QTRY_VERIFY(!b->get(u"Product"_s, tea.key()).isNull());
}

void tst_DataStore::pendingChangesSurviveTheAppAndAreSentLater()
{
    m_server->stop();
    QString key;
    {
        const auto a = device(u"a.db"_s);
        key = a->save(u"Product"_s, {{u"name"_s, u"Tea"_s}}).key();
        QVERIFY(outcome(a->store.close()).ok());
    }
    m_server->start();
    const auto a = device(u"a.db"_s);
    const auto b = device(u"b.db"_s);
    QTRY_VERIFY(a->isLevel());
    QTRY_VERIFY(!b->get(u"Product"_s, key).isNull());
}

void tst_DataStore::aRefusedKeyIsAnErrorAndLosesNothing()
{
    const QString file = path(u"a.db"_s);
    QString key;
    {
        Device a(m_schema, file, m_server->url(), u"wrong"_s);
        key = a.save(u"Product"_s, {{u"name"_s, u"Tea"_s}}).key();
        QTRY_VERIFY(!a.errors.isEmpty());
        QCOMPARE(a.errors.constFirst().code(), Error::Code::Unauthorized);
        QCOMPARE(a.store.outboxCount(), 1);
        a.auth.setKey(TestServer::key());
        QTRY_VERIFY(a.isLevel());
    }
    QTRY_COMPARE(m_server->execute(u"query ($id: ID!) { getProduct(id: $id) { name } }"_s, {{u"id"_s, key}})
                     ["data"_L1]["getProduct"_L1]["name"_L1].toString(), u"Tea"_s);
}

void tst_DataStore::theHubTellsInOrder()
{
    Device a(m_schema, path(u"a.db"_s));
    QStringList names;
    connect(&a.store, &DataStore::hubEvent, this, [&names](const QString &name) { names.append(name); });
    a.backend.setUrl(m_server->url());
    a.store.setBackend(&a.backend);
    QTRY_VERIFY(names.contains(u"ready"_s));
    QCOMPARE(names, (QStringList{u"storageSubscribed"_s, u"outboxStatus"_s, u"networkStatus"_s, u"subscriptionsEstablished"_s,
                                 u"syncQueriesStarted"_s, u"modelSynced"_s, u"modelSynced"_s, u"syncQueriesReady"_s, u"syncStarted"_s, u"ready"_s}));
}

void tst_DataStore::futuresEndWhenTheStoreGoes()
{
    QFuture<Result<Receipt>> saved;
    QFuture<Result<QList<Record>>> read;
    {
        Device a(m_schema, path(u"a.db"_s), m_server->url());
        saved = a.store.save(a.draft(u"Product"_s, {{u"name"_s, u"Tea"_s}}));
        read = a.store.query(u"Product"_s);
    }
    QVERIFY(saved.isFinished());
    QVERIFY(read.isFinished());
    Device again(m_schema, path(u"a.db"_s));
    QCOMPARE(again.all(u"Product"_s).size(), 1);        // what was asked for is done, even when nobody waited
}

void tst_DataStore::callsOnAClosedStoreFail()
{
    DataStore store;
    store.setSchema(m_schema);
    QCOMPARE(outcome(store.query(u"Product"_s)).error().code(), Error::Code::StoreNotOpen);
    QVERIFY(outcome(store.open(path(u"a.db"_s))).ok());
    QCOMPARE(outcome(store.query(u"Produkt"_s)).error().code(), Error::Code::UnknownModel);
    QVERIFY(outcome(store.close()).ok());
    QCOMPARE(outcome(store.save(Draft(m_schema.model(u"Product"_s)))).error().code(), Error::Code::StoreNotOpen);
}

void tst_DataStore::callsMadeWhileTheFileIsOpenedWaitForIt()
{
    DataStore store;
    store.setSchema(m_schema);
    const auto product = m_schema.model(u"Product"_s);
    Draft tea(product);
    tea.set(product->fieldIndex(u"name"), u"Tea"_s);
    const QFuture<Result<void>> opened = store.open(path(u"a.db"_s));
    const QFuture<Result<Receipt>> saved = store.save(tea);
    const QFuture<Result<qint64>> counted = store.count(u"Product"_s);
    QVERIFY(!opened.isFinished());
    QVERIFY(outcome(saved).ok());
    QVERIFY(outcome(counted).ok());
    QVERIFY(outcome(opened).ok());
    QCOMPARE(outcome(store.count(u"Product"_s)).valueOr(-1), 1);
}

void tst_DataStore::callsMadeWhileTheFileIsOpenedEndInItsError()
{
    QFile file(path(u"text.db"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(4096, 'x')) == 4096);
    file.close();
    DataStore store;
    store.setSchema(m_schema);
    const QFuture<Result<void>> opened = store.open(file.fileName());
    const QFuture<Result<qint64>> counted = store.count(u"Product"_s);
    QVERIFY(!outcome(opened).ok());
    QCOMPARE(outcome(counted).error().code(), opened.result().error().code());
}

void tst_DataStore::callsMadeWhileTheFileIsOpenedEndWithTheStore()
{
    QFuture<Result<qint64>> counted;
    {
        DataStore store;
        store.setSchema(m_schema);
        const QFuture<Result<void>> opened = store.open(path(u"a.db"_s));
        counted = store.count(u"Product"_s);
    }
    QVERIFY(counted.isFinished());
    QCOMPARE(counted.result().error().code(), Error::Code::Closed);
}

void tst_DataStore::aRecordMetLatelyIsKnownAtOnceAndStaysTrue()
{
    Device a(m_schema, path(u"a.db"_s));
    const QString key = a.save(u"Product"_s, {{u"name"_s, u"Tea"_s}}).key();
    const auto product = m_schema.model(u"Product"_s);
    const auto name = [&](const Record &record) { return record.value(product->fieldIndex(u"name")).toText(); };
    QCOMPARE(name(a.get(u"Product"_s, key)), u"Tea"_s);
    const QFuture<Result<Record>> again = a.store.get(u"Product"_s, key);
    QVERIFY(again.isFinished());
    QCOMPARE(name(*again.result()), u"Tea"_s);
    Draft renamed(*again.result());
    renamed.set(product->fieldIndex(u"name"), u"Green tea"_s);
    QVERIFY(outcome(a.store.save(renamed)).ok());
    QCOMPARE(name(a.get(u"Product"_s, key)), u"Green tea"_s);
    QVERIFY(outcome(a.store.remove(u"Product"_s, key)).ok());
    QVERIFY(a.get(u"Product"_s, key).isNull());
}

void tst_DataStore::theStoreMayGoInItsSignals_data()
{
    QTest::addColumn<QByteArray>("signal");
    for (const char *signal : {"storeOpened()", "openedChanged()", "outboxCountChanged()", "onlineChanged()", "networkStatus(bool)",
                               "syncStateChanged()", "hubEvent(QString,QVariantMap)", "lastErrorChanged()"})
        QTest::newRow(signal) << QByteArray(signal);
}

void tst_DataStore::theStoreMayGoInItsSignals()
{
    QFETCH(QByteArray, signal);
    const bool failing = signal.startsWith("lastError");
    if (failing) {
        QFile file(path(u"a.db"_s));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(4096, 'x')) == 4096);
    }
    ApiKey auth;
    auth.setKey(TestServer::key());
    AppSync backend;
    backend.setAuth(&auth);
    backend.setUrl(m_server->url());
    const QPointer<DataStore> store = new DataStore;
    store->setSchema(m_schema);
    store->setBackend(&backend);
    const int index = store->metaObject()->indexOfSignal(signal.constData());
    QVERIFY(index >= 0);
    Destroyer destroyer(store);
    QVERIFY(QMetaObject::connect(store, index, &destroyer, Destroyer::staticMetaObject.indexOfSlot("destroy()")));
    const QFuture<Result<void>> opened = store->open(path(u"a.db"_s));
    Draft tea(m_schema.model(u"Product"_s));
    tea.set(tea.model()->fieldIndex(u"name"), u"Tea"_s);
    const QFuture<Result<Receipt>> saved = store->save(tea);
    QTRY_VERIFY(store.isNull());
    QVERIFY(opened.isFinished());
    QVERIFY(saved.isFinished());
}

void tst_DataStore::theStoreMayGoWhenACallEnds_data()
{
    QTest::addColumn<bool>("opens");
    QTest::addColumn<int>("last");
    for (int last = 0; last < 6; ++last) {
        QTest::addRow("it opens, call %d", last) << true << last;
        QTest::addRow("it does not open, call %d", last) << false << last;
    }
}

/* Six calls wait until the file is open; the end of one of them destroys the store. */
void tst_DataStore::theStoreMayGoWhenACallEnds()
{
    QFETCH(bool, opens);
    QFETCH(int, last);
    QFile file(path(u"a.db"_s));
    if (!opens)
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(4096, 'x')) == 4096);
    file.close();
    auto *store = new DataStore;
    const QPointer<DataStore> guard = store;
    store->setSchema(m_schema);
    Draft tea(m_schema.model(u"Product"_s));
    tea.set(tea.model()->fieldIndex(u"name"), u"Tea"_s);
    int number = 0;
    int ended = 0;
    const auto add = [&](auto future) {
        future.then([&ended, guard, isLast = number++ == last](const auto &) {
            ++ended;
            if (isLast)
                delete guard.data();
        });
    };
    add(store->open(path(u"a.db"_s)));
    add(store->save(tea));
    add(store->atRisk());
    add(store->waitForReady());
    add(store->save(tea));
    add(store->signOut(DataStore::SignOut::Drain));
    QTRY_VERIFY(guard.isNull());
    QTRY_COMPARE(ended, number);
}

void tst_DataStore::backendMayComeLater()
{
    Device a(m_schema, path(u"a.db"_s));
    const Record tea = a.save(u"Product"_s, {{u"name"_s, u"Tea"_s}});
    a.backend.setUrl(m_server->url());
    a.store.setBackend(&a.backend);
    const auto b = device(u"b.db"_s);
    QTRY_VERIFY(!b->get(u"Product"_s, tea.key()).isNull());
    a.store.setBackend(nullptr);
    QTRY_COMPARE(a.store.syncState(), DataStore::SyncPhase::Stopped);
}

QTEST_GUILESS_MAIN(tst_DataStore)
#include "tst_datastore.moc"
