// SPDX-License-Identifier: MIT
#include "client/appsync/appsync.h"
#include "client/live/livequery.h"
#include "client/repairmodel.h"
#include "shared/testserver.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QAbstractItemModelTester>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

namespace {

// A backend that lets nobody write shelves, or everybody.
Schema shopSchema(bool open)
{
    const Result<Schema> schema = Schema::parse(uR"(
        type Shelf @model @auth(rules: [%1]) {
            id: ID!
            name: String
            products: [Product] @hasMany(indexName: "byShelf", fields: ["id"])
        }
        type Product @model @auth(rules: [{allow: public}]) {
            code: ID! @primaryKey
            name: String
            stock: Int
            shelfID: ID @index(name: "byShelf")
            shelf: Shelf @belongsTo(fields: ["shelfID"])
        }
    )"_s.arg(open ? u"{allow: public}"_s : u"{allow: public, operations: [read]}"_s));
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

template<typename T>
T outcome(const QFuture<T> &future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000))
        qFatal("A future stayed pending");
    return future.result();
}

struct Device
{
    Device(const Schema &schema, const QString &path, const QUrl &url)
    {
        auth.setKey(TestServer::key());
        backend.setAuth(&auth);
        backend.setUrl(url);
        store.setSchema(schema);
        store.setBackend(&backend);
        const Result<void> opened = outcome(store.open(path));
        if (!opened)
            qFatal("The store does not open: %s", qPrintable(opened.error().message()));
    }

    Record save(const QString &model, const QVariantMap &values)
    {
        Draft draft(store.schema().model(model));
        for (auto it = values.cbegin(); it != values.cend(); ++it)
            draft.set(draft.model()->fieldIndex(it.key()), Value::fromVariant(it.value()));
        const Result<Receipt> receipt = outcome(store.save(draft));
        if (!receipt)
            qFatal("A save failed: %s", qPrintable(receipt.error().message()));
        return receipt->record();
    }

    Record get(const QString &model, const QString &key) { return outcome(store.get(model, key)).valueOr({}); }
    QList<RejectedMutation> rejected() { return outcome(store.rejected()).valueOr({}); }

    ApiKey auth;
    AppSync backend;
    DataStore store;                    // goes first
};

// A view: it knows what the model's signals told it.
class Mirror : public QObject
{
public:
    explicit Mirror(RepairModel *model) : m_model(model)
    {
        connect(model, &QAbstractItemModel::modelReset, this, [this] { ++resets; });
        connect(model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &, int first, int last) {
            for (int row = first; row <= last; ++row)
                rows.insert(row, m_model->get(row).toMap());
        });
        connect(model, &QAbstractItemModel::rowsRemoved, this, [this](const QModelIndex &, int first, int last) {
            rows.remove(first, last - first + 1);
        });
        connect(model, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex &first, const QModelIndex &last) {
            for (int row = first.row(); row <= last.row(); ++row)
                rows[row] = m_model->get(row).toMap();
        });
    }

    void compareWithModel() const
    {
        QCOMPARE(rows.size(), qsizetype(m_model->count()));
        for (int row = 0; row < m_model->count(); ++row) {
            for (const QString &role : {u"mutation"_s, u"type"_s, u"key"_s, u"operation"_s, u"mine"_s, u"base"_s, u"code"_s, u"waiting"_s})
                QCOMPARE(rows[row].value(role), m_model->get(row).toMap().value(role));
        }
        QCOMPARE(resets, 0);
    }

    QList<QVariantMap> rows;
    int resets = 0;

private:
    RepairModel *m_model;
};

} // namespace

class TestRepairModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_server = std::make_unique<TestServer>(shopSchema(false), path(u"server.db"_s));
    }
    void cleanup()
    {
        m_server.reset();
        m_folder.reset();
    }

    void refusedChangesAreListedAndGoWhenTheyMay();
    void discardUndoesAndTellsEverybody();
    void aTakenKeyIsToldAsThat();
    void rowsFollowOneByOne();
    void whatHangsOnItIsAskedFor();
    void theListComesWithTheFile();
    void aClosedStoreHasNoBench();
    void whatHasNoPlaceIsListedAndDiscarded();
    void aChangeWithoutAPlaceIsListedOnce();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    std::unique_ptr<Device> device(const QString &name) { return std::make_unique<Device>(m_schema, path(name), m_server->url()); }
    void letShelvesBeWritten(Device &device)
    {
        m_server.reset();
        m_server = std::make_unique<TestServer>(shopSchema(true), path(u"server.db"_s));
        device.backend.setUrl(m_server->url());
    }

    Schema m_schema = shopSchema(true);
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestServer> m_server;
};

void TestRepairModel::refusedChangesAreListedAndGoWhenTheyMay()
{
    const auto a = device(u"a.db"_s);
    RepairModel model(&a->store);
    QAbstractItemModelTester tester(&model);
    Mirror mirror(&model);
    QTRY_VERIFY(model.isReady());
    a->save(u"Shelf"_s, {{u"id"_s, u"s"_s}, {u"name"_s, u"Tea"_s}});
    for (int i = 0; i < 20; ++i)
        a->save(u"Product"_s, {{u"code"_s, u"p%1"_s.arg(i)}, {u"stock"_s, i}});
    QTRY_COMPARE(model.count(), 1);
    QTRY_COMPARE(a->store.outboxCount(), 1);
    QCOMPARE(a->store.rejectedCount(), 1);
    const QVariantMap row = model.get(0).toMap();
    QCOMPARE(row.value(u"type"_s).toString(), u"Shelf"_s);
    QCOMPARE(row.value(u"key"_s).toString(), u"s"_s);
    QCOMPARE(row.value(u"operation"_s).toInt(), int(RepairModel::Operation::Create));
    QCOMPARE(row.value(u"code"_s).toInt(), int(Error::Code::Unauthorized));
    QCOMPARE(row.value(u"errorType"_s).toString(), u"Unauthorized"_s);
    QCOMPARE(row.value(u"mine"_s).toMap().value(u"name"_s).toString(), u"Tea"_s);
    QVERIFY(row.value(u"createdAt"_s).toDateTime().secsTo(QDateTime::currentDateTime()) < 60);
    QCOMPARE(a->get(u"Product"_s, u"p7"_s).state(), SyncState::Synced);
    QCOMPARE(a->get(u"Shelf"_s, u"s"_s).state(), SyncState::Rejected);

    letShelvesBeWritten(*a);
    QSignalSpy retried(&model, &RepairModel::retried);
    model.retryAll();
    QTRY_COMPARE(retried.size(), 1);
    QTRY_COMPARE(a->store.outboxCount(), 0);
    QTRY_COMPARE(a->get(u"Shelf"_s, u"s"_s).state(), SyncState::Synced);
    QTRY_COMPARE(model.count(), 0);
    QCOMPARE(a->store.rejectedCount(), 0);
    mirror.compareWithModel();
}

void TestRepairModel::discardUndoesAndTellsEverybody()
{
    const auto a = device(u"a.db"_s);
    LiveQuery shelves;
    shelves.setStore(&a->store);
    shelves.setType(u"Shelf"_s);
    a->save(u"Shelf"_s, {{u"id"_s, u"s"_s}});
    QTRY_COMPARE(a->store.rejectedCount(), 1);
    QTRY_COMPARE(shelves.get(0).toMap().value(u"syncState"_s).toInt(), int(SyncState::Rejected));
    const QList<RejectedMutation> list = a->rejected();
    QCOMPARE(list.size(), 1);
    const Result<QList<Record>> left = outcome(a->store.discard(list.first().mutation));
    QVERIFY2(left.ok(), qPrintable(left.error().message()));
    QVERIFY(left->isEmpty());
    QTRY_COMPARE(shelves.rowCount(), 0);
    QTRY_COMPARE(a->store.rejectedCount(), 0);
    QCOMPARE(a->store.outboxCount(), 0);
    QVERIFY(a->get(u"Shelf"_s, u"s"_s).isNull());
    QCOMPARE(outcome(a->store.discard(list.first().mutation)).error().code(), Error::Code::NotFound);
    QCOMPARE(outcome(a->store.retry(list.first().mutation)).error().code(), Error::Code::NotFound);
}

void TestRepairModel::aTakenKeyIsToldAsThat()
{
    const auto a = device(u"a.db"_s);
    const auto b = device(u"b.db"_s);
    QTRY_VERIFY(a->store.syncState() == DataStore::SyncPhase::Live && b->store.syncState() == DataStore::SyncPhase::Live);
    b->store.setPaused(true);
    a->save(u"Product"_s, {{u"code"_s, u"p"_s}, {u"name"_s, u"theirs"_s}});
    QTRY_COMPARE(a->store.outboxCount(), 0);
    b->save(u"Product"_s, {{u"code"_s, u"p"_s}, {u"name"_s, u"mine"_s}});
    b->store.setPaused(false);
    QTRY_COMPARE(b->store.rejectedCount(), 1);
    QCOMPARE(b->rejected().first().error.code(), Error::Code::ConditionFailed);
    QCOMPARE(b->get(u"Product"_s, u"p"_s).value(u"name").toText(), u"mine"_s);
    const Result<QList<Record>> left = outcome(b->store.discard(b->rejected().first().mutation));
    QVERIFY(left.ok());
    QTRY_COMPARE(b->get(u"Product"_s, u"p"_s).value(u"name").toText(), u"theirs"_s);
    QCOMPARE(b->get(u"Product"_s, u"p"_s).state(), SyncState::Synced);
}

void TestRepairModel::rowsFollowOneByOne()
{
    const auto a = device(u"a.db"_s);
    RepairModel model(&a->store);
    QAbstractItemModelTester tester(&model);
    Mirror mirror(&model);
    for (int i = 0; i < 5; ++i)
        a->save(u"Shelf"_s, {{u"id"_s, u"s%1"_s.arg(i)}, {u"name"_s, u"old"_s}});
    QTRY_COMPARE(model.count(), 5);
    mirror.compareWithModel();
    model.discard(2);
    QTRY_COMPARE(model.count(), 4);
    QCOMPARE(model.get(2).toMap().value(u"key"_s).toString(), u"s3"_s);
    mirror.compareWithModel();
    const qint64 amended = model.mutation(1).mutation;
    a->save(u"Shelf"_s, {{u"id"_s, u"s1"_s}, {u"name"_s, u"new"_s}});           // and refused again
    QTRY_VERIFY(model.count() == 4 && model.get(model.indexOf(amended)).toMap().value(u"mine"_s).toMap().value(u"name"_s) == u"new"_s);
    mirror.compareWithModel();
    a->save(u"Product"_s, {{u"code"_s, u"p"_s}, {u"shelfID"_s, u"s0"_s}});
    QTRY_COMPARE(model.get(0).toMap().value(u"waiting"_s).toInt(), 1);
    mirror.compareWithModel();
    QCOMPARE(model.indexOf(123456), -1);
    QVERIFY(model.get(99).toMap().isEmpty());
}

void TestRepairModel::whatHangsOnItIsAskedFor()
{
    const auto a = device(u"a.db"_s);
    RepairModel model(&a->store);
    a->save(u"Shelf"_s, {{u"id"_s, u"s"_s}});
    a->save(u"Product"_s, {{u"code"_s, u"p"_s}, {u"shelfID"_s, u"s"_s}});
    QTRY_COMPARE(model.count(), 1);
    QSignalSpy failed(&model, &RepairModel::failed);
    QSignalSpy discarded(&model, &RepairModel::discarded);
    model.discard(0);
    QTRY_COMPARE(failed.size(), 1);
    const Error error = failed.first().at(1).value<Error>();
    QCOMPARE(error.code(), Error::Code::HasDependents);
    QCOMPARE(error.detail(), u"Product p"_s);
    QCOMPARE(model.count(), 1);
    model.discard(0, true);
    QTRY_COMPARE(discarded.size(), 1);
    QTRY_COMPARE(model.count(), 0);
    QVERIFY(a->get(u"Product"_s, u"p"_s).isNull());
    QCOMPARE(a->store.outboxCount(), 0);
}

void TestRepairModel::theListComesWithTheFile()
{
    {
        const auto a = device(u"a.db"_s);
        a->save(u"Shelf"_s, {{u"id"_s, u"s"_s}});
        QTRY_COMPARE(a->store.rejectedCount(), 1);
        QVERIFY(outcome(a->store.close()).ok());
    }
    RepairModel model;
    QAbstractItemModelTester tester(&model);
    Mirror mirror(&model);
    auto again = device(u"a.db"_s);
    QCOMPARE(again->store.rejectedCount(), 1);
    model.setStore(&again->store);
    QTRY_COMPARE(model.count(), 1);
    QVERIFY(outcome(again->store.close()).ok());
    QCOMPARE(model.count(), 0);
    QVERIFY(!model.isReady());
    QVERIFY(outcome(again->store.open()).ok());
    QTRY_COMPARE(model.count(), 1);
    mirror.compareWithModel();
    again.reset();
    QCOMPARE(model.count(), 0);
    QVERIFY(!model.store());
    mirror.compareWithModel();
}

void TestRepairModel::aChangeWithoutAPlaceIsListedOnce()
{
    const auto schema = [](const QString &size) { return *Schema::parse(u"type Box @model { id: ID! size: %1 }"_s.arg(size)); };
    const QString path = m_folder->filePath(u"box.db"_s);
    {
        Device before(schema(u"String"_s), path, QUrl());
        before.save(u"Box"_s, {{u"id"_s, u"a"_s}, {u"size"_s, u"large"_s}});
        QVERIFY(outcome(before.store.close()).ok());
    }
    Device device(schema(u"Int"_s), path, QUrl());
    const QList<UnmappedData> kept = outcome(device.store.unmapped()).valueOr({});
    QCOMPARE(kept.size(), 1);
    QCOMPARE(kept.first().kind, UnmappedData::Kind::Mutation);
    QCOMPARE(kept.first().values, (QJsonObject{{u"size"_s, u"large"_s}}));
    RepairModel model(&device.store);
    QTRY_COMPARE(model.count(), 1);
    QCOMPARE(outcome(device.store.atRisk())->unmapped, 1);
    model.discard(0);
    QTRY_COMPARE(model.count(), 0);
    QVERIFY(outcome(device.store.unmapped())->isEmpty());
    QCOMPARE(outcome(device.store.atRisk())->unmapped, 0);
}

void TestRepairModel::aClosedStoreHasNoBench()
{
    DataStore store;
    QCOMPARE(outcome(store.rejected()).error().code(), Error::Code::StoreNotOpen);
    QCOMPARE(outcome(store.retry(1)).error().code(), Error::Code::StoreNotOpen);
    QCOMPARE(outcome(store.discard(1)).error().code(), Error::Code::StoreNotOpen);
}

void TestRepairModel::whatHasNoPlaceIsListedAndDiscarded()
{
    const auto schema = [](const QString &size) { return *Schema::parse(u"type Box @model { id: ID! size: %1 }"_s.arg(size)); };
    const QString path = m_folder->filePath(u"boxes.db"_s);
    {
        Device before(schema(u"String"_s), path, QUrl());
        before.save(u"Box"_s, {{u"id"_s, u"a"_s}, {u"size"_s, u"large"_s}});
        before.save(u"Box"_s, {{u"id"_s, u"b"_s}, {u"size"_s, u"3"_s}});
        QVERIFY(outcome(before.store.close()).ok());
    }
    Device device(schema(u"Int!"_s), path, QUrl());
    const QList<UnmappedData> kept = outcome(device.store.unmapped()).valueOr({});
    QCOMPARE(kept.size(), 1);                       // the record and the change that made it are one
    QCOMPARE(kept.first().kind, UnmappedData::Kind::Mutation);
    RepairModel model(&device.store);
    QAbstractItemModelTester tester(&model);
    Mirror mirror(&model);
    QSignalSpy discarded(&model, &RepairModel::unmappedDiscarded);
    QTRY_COMPARE(model.count(), int(kept.size()));
    QCOMPARE(model.unmappedCount(), model.count());
    const AtRisk risk = outcome(device.store.atRisk()).valueOr({});
    QCOMPARE(risk.unmapped, 1);
    QCOMPARE(risk.total(), risk.pending + 1);
    for (int row = 0; row < model.count(); ++row) {
        const QVariantMap roles = model.get(row).toMap();
        QCOMPARE(model.kind(row), RepairModel::Kind::Unmapped);
        QCOMPARE(model.unmapped(row), kept.at(row));
        QCOMPARE(roles.value(u"key"_s).toString(), u"a"_s);
        QVERIFY(roles.value(u"raw"_s).toString().contains(u"large"_s) || kept.at(row).reason != UnmappedData::Reason::WrongType);
        QVERIFY(!roles.value(u"message"_s).toString().isEmpty());
        model.retry(row);                           // nothing to retry
    }
    model.retryAll();
    while (model.count() > 0) {
        const int before = model.count();
        model.discard(0);
        QTRY_COMPARE(model.count(), before - 1);
    }
    QCOMPARE(discarded.size(), kept.size());
    QCOMPARE(model.unmappedCount(), 0);
    QCOMPARE(outcome(device.store.atRisk())->unmapped, 0);
    QCOMPARE(outcome(device.store.discardUnmapped(kept.first().id)).error().code(), Error::Code::NotFound);
    mirror.compareWithModel();
}

QTEST_GUILESS_MAIN(TestRepairModel)
#include "tst_repairmodel.moc"
