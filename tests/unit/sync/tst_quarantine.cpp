// SPDX-License-Identifier: MIT
#include "syncfixture.h"

#include "client/sync/merger_p.h"
#include "client/sync/repair_p.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QTemporaryDir>

#include <random>

using namespace TidelineTest;

// What cannot be stored is kept aside, and comes back when it can.
class TestQuarantine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatBreaksTheSchemaIsListedWithTheReason_data();
    void whatBreaksTheSchemaIsListedWithTheReason();
    void aRowThatIsThereStaysAndTheNewerIsKept();
    void versionsDecideAboutWhatIsKept();
    void aTombstoneFreesWhateverIsWrongWithIt();
    void childrenWaitForWhatTheyNeed();
    void aReferenceThatMayBeMissingIsStored_data();
    void aReferenceThatMayBeMissingIsStored();
    void aDeletedParentTakesItsChildrenAside();
    void aCircleIsNotKeptAsideForItself();
    void aRecordThatIsWorkedOnStays();
    void whatIsSavedHereFreesWhatWaitsForIt();
    void whatIsGivenUpHereTakesItsChildrenAside();
    void aNewSchemaTriesAllOnce();
    void retryAndDiscardByHand();
    void readyFiresAndCountsAreRight();
    void whatTheBackendForgotIsForgotten();
    void anySequenceEndsAsTheNaiveModel_data();
    void anySequenceEndsAsTheNaiveModel();
};

static const QString Source = uR"(
    enum Kind { SMALL BIG %2 }
    type Shop @model %1 {
        id: ID!
        name: String!
        kind: Kind
        shelves: [Shelf] @hasMany(indexName: "byShop", fields: ["id"])
        notes: [Note] @hasMany(indexName: "notesByShop", fields: ["id"])
    }
    type Shelf @model {
        id: ID!
        label: String
        shopID: ID! @index(name: "byShop")
        shop: Shop @belongsTo(fields: ["shopID"])
        boxes: [Box] @hasMany(indexName: "byShelf", fields: ["id"])
    }
    type Box @model {
        id: ID!
        quantity: Int
        shelfID: ID! @index(name: "byShelf")
        shelf: Shelf @belongsTo(fields: ["shelfID"])
    }
    type Folder @model {
        id: ID!
        parentID: ID @index(name: "byParent")
        parent: Folder @belongsTo(fields: ["parentID"])
        folders: [Folder] @hasMany(indexName: "byParent", fields: ["id"])
    }
    type Note @model {
        id: ID!
        text: String
        shopID: ID @index(name: "notesByShop")
        shop: Shop @belongsTo(fields: ["shopID"])
    }
)"_s;

static Schema shopSchema(const QString &rules = {}, const QString &kinds = {})
{
    const Result<Schema> schema = Schema::parse(Source.arg(rules, kinds));
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

struct Bench
{
    explicit Bench(const Schema &given = shopSchema(), const QString &path = u":memory:"_s)
        : schema(given), server(std::make_shared<FakeServer>(given, time)), device(time, server, path)
    {
        device.open();
        time.runAll();
    }

    RemoteItem item(const QString &model, QJsonObject json, qint64 version, bool deleted = false) const
    {
        json.insert(u"_version"_s, version);
        json.insert(u"_lastChangedAt"_s, 1000 + version);
        json.insert(u"_deleted"_s, deleted);
        return RemoteItem::fromJson(schema, schema.model(model), json);
    }

    Merger::Outcome merge(const std::vector<RemoteItem> &items, const QString &model = {})
    {
        return device.write<Merger::Outcome>([items, model, this](WriteTransaction &transaction) {
            QList<Error> problems;
            return Merger(transaction, std::make_shared<const MergeRules>(transaction.schema(), scopes, problems)).merge(items, model);
        });
    }

    Error retry(const QString &model, const QString &key)
    {
        return device.write<QList<Error>>([model, key](WriteTransaction &transaction) -> Result<QList<Error>> {
            return QList<Error>{Merger(transaction, std::make_shared<const MergeRules>(transaction.schema())).retry(model, key).error()};
        }).first();
    }

    QStringList aside()
    {
        QStringList names;
        for (const QuarantinedRow &row : device.quarantined())
            names.append(row.model + u'/' + row.key + u" v%1"_s.arg(row.metadata.version));
        names.sort();
        return names;
    }

    bool has(const QString &model, const QString &key) { return !device.find(model, key).isNull(); }

    RemoteItem shop(const QString &id, qint64 version, bool deleted = false) const { return item(u"Shop"_s, {{u"id"_s, id}, {u"name"_s, u"n"_s}}, version, deleted); }
    RemoteItem shelf(const QString &id, const QString &of, qint64 version, bool deleted = false) const { return item(u"Shelf"_s, {{u"id"_s, id}, {u"shopID"_s, of}}, version, deleted); }
    RemoteItem box(const QString &id, const QString &of, qint64 version, bool deleted = false) const { return item(u"Box"_s, {{u"id"_s, id}, {u"shelfID"_s, of}}, version, deleted); }
    RemoteItem note(const QString &id, const QString &of, qint64 version, bool deleted = false) const { return item(u"Note"_s, {{u"id"_s, id}, {u"shopID"_s, of}}, version, deleted); }

    ManualScheduler time{1};
    Schema schema;
    std::shared_ptr<FakeServer> server;
    SyncDevice device;
    QHash<QString, Predicate> scopes;
};

void TestQuarantine::whatBreaksTheSchemaIsListedWithTheReason_data()
{
    QTest::addColumn<QJsonObject>("json");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("key");
    QTest::newRow("a required field is missing") << QJsonObject{{u"id"_s, u"a"_s}} << u"name"_s << u"a"_s;
    QTest::newRow("a value that the enum lacks") << QJsonObject{{u"id"_s, u"a"_s}, {u"name"_s, u"n"_s}, {u"kind"_s, u"HUGE"_s}} << u"kind"_s << u"a"_s;
    QTest::newRow("a value of the wrong type") << QJsonObject{{u"id"_s, u"a"_s}, {u"name"_s, 7}} << u"name"_s << u"a"_s;
    QTest::newRow("no key") << QJsonObject{{u"name"_s, u"n"_s}} << u"id"_s << QString();
}

void TestQuarantine::whatBreaksTheSchemaIsListedWithTheReason()
{
    QFETCH(QJsonObject, json);
    QFETCH(QString, field);
    QFETCH(QString, key);
    Bench bench;
    const Merger::Outcome outcome = bench.merge({bench.item(u"Shop"_s, json, 1), bench.shop(u"fine"_s, 1)}, u"Shop"_s);
    QCOMPARE(outcome.problems.size(), 1);
    QCOMPARE(outcome.counts.added, 1);
    QVERIFY(bench.has(u"Shop"_s, u"fine"_s));
    QCOMPARE(bench.device.store().quarantinedCount(), 1);
    const QuarantinedRow row = bench.device.quarantined().first();
    QCOMPARE(row.model, u"Shop"_s);
    QVERIFY(key.isEmpty() ? row.key.size() == 40 : row.key == key);
    QCOMPARE(row.error.field(), field);
    QCOMPARE(row.error.model(), u"Shop"_s);
    QVERIFY(row.parentModel.isEmpty());
    json.insert(u"_version"_s, 1);
    json.insert(u"_lastChangedAt"_s, 1001);
    json.insert(u"_deleted"_s, false);
    QCOMPARE(QJsonDocument::fromJson(row.raw.toUtf8()).object(), json);
}

void TestQuarantine::aRowThatIsThereStaysAndTheNewerIsKept()
{
    Bench bench;
    bench.merge({bench.shop(u"a"_s, 1)});
    bench.merge({bench.item(u"Shop"_s, {{u"id"_s, u"a"_s}}, 2)});
    QVERIFY(bench.has(u"Shop"_s, u"a"_s));
    QCOMPARE(bench.aside(), QStringList({u"Shop/a v2"_s}));
    bench.merge({bench.shop(u"a"_s, 3)});
    QVERIFY(bench.aside().isEmpty());
    QCOMPARE(bench.device.find(u"Shop"_s, u"a"_s).metadata().version, 3);
}

void TestQuarantine::versionsDecideAboutWhatIsKept()
{
    Bench bench;
    const auto broken = [&bench](qint64 version) { return bench.item(u"Shop"_s, {{u"id"_s, u"a"_s}}, version); };
    QCOMPARE(bench.merge({broken(3)}).problems.size(), 1);
    QCOMPARE(bench.merge({broken(2)}).problems.size(), 0);
    QCOMPARE(bench.aside(), QStringList({u"Shop/a v3"_s}));
    bench.merge({broken(5)});
    QCOMPARE(bench.aside(), QStringList({u"Shop/a v5"_s}));
    bench.merge({bench.shop(u"a"_s, 4)});
    QCOMPARE(bench.device.find(u"Shop"_s, u"a"_s).metadata().version, 4);
    QCOMPARE(bench.aside(), QStringList({u"Shop/a v5"_s}));
    bench.merge({bench.shop(u"a"_s, 5)});                       // the same version, readable after all
    QVERIFY(bench.aside().isEmpty());
    bench.merge({broken(5)});
    QVERIFY(bench.aside().isEmpty());
    bench.merge({bench.shelf(u"s"_s, u"later"_s, 3)});
    bench.merge({bench.shelf(u"s"_s, u"a"_s, 2)});              // older than what waits
    QVERIFY(!bench.has(u"Shelf"_s, u"s"_s));
    QCOMPARE(bench.aside(), QStringList({u"Shelf/s v3"_s}));
}

void TestQuarantine::aTombstoneFreesWhateverIsWrongWithIt()
{
    Bench bench;
    bench.merge({bench.shop(u"a"_s, 1), bench.item(u"Shop"_s, {{u"id"_s, u"a"_s}}, 2)});
    bench.merge({bench.item(u"Shop"_s, {{u"id"_s, u"a"_s}, {u"kind"_s, u"HUGE"_s}}, 3, true)});
    QVERIFY(bench.aside().isEmpty());
    QVERIFY(!bench.has(u"Shop"_s, u"a"_s));
    bench.merge({bench.item(u"Shop"_s, {{u"id"_s, u"a"_s}}, 2)});
    QVERIFY(bench.aside().isEmpty());
}

void TestQuarantine::childrenWaitForWhatTheyNeed()
{
    Bench bench;
    const Merger::Outcome first = bench.merge({bench.box(u"b"_s, u"s"_s, 1), bench.shelf(u"s"_s, u"a"_s, 1)});
    QCOMPARE(first.problems.size(), 2);
    QCOMPARE(first.problems.first().code(), Error::Code::MissingParent);
    QCOMPARE(bench.aside(), QStringList({u"Box/b v1"_s, u"Shelf/s v1"_s}));
    QCOMPARE(bench.device.quarantined().first().parentModel, u"Shelf"_s);
    QCOMPARE(bench.device.quarantined().first().parentKey, u"s"_s);
    bench.merge({bench.box(u"b"_s, u"s"_s, 2)});
    const Merger::Outcome outcome = bench.merge({bench.shop(u"a"_s, 1)}, u"Shop"_s);
    QVERIFY(bench.aside().isEmpty());
    QCOMPARE(outcome.counts.total(), 1);
    QCOMPARE(outcome.applied.size(), 3);
    QCOMPARE(bench.device.find(u"Box"_s, u"b"_s).metadata().version, 2);
    QCOMPARE(bench.device.find(u"Box"_s, u"b"_s).state(), SyncState::Synced);
    QCOMPARE(bench.device.store().quarantinedCount(), 0);
    // in one page nothing was ever wrong
    QVERIFY(bench.merge({bench.box(u"c"_s, u"t"_s, 1), bench.shelf(u"t"_s, u"a"_s, 1)}).problems.isEmpty());
    QVERIFY(bench.has(u"Box"_s, u"c"_s));
}

void TestQuarantine::aReferenceThatMayBeMissingIsStored_data()
{
    QTest::addColumn<QString>("rules");
    QTest::addColumn<bool>("scoped");
    QTest::addColumn<QString>("model");
    QTest::addColumn<bool>("stored");
    QTest::newRow("optional") << QString() << false << u"Note"_s << true;
    QTest::newRow("required") << QString() << false << u"Shelf"_s << false;
    QTest::newRow("required, of a model of which only a part comes") << QString() << true << u"Shelf"_s << true;
    QTest::newRow("required, of a model of which owners see their own") << u"@auth(rules: [{allow: owner}])"_s << false << u"Shelf"_s << true;
    QTest::newRow("required, of a model that owners write and all read")
        << u"@auth(rules: [{allow: owner, operations: [create, update, delete]}, {allow: private, operations: [read]}])"_s << false << u"Shelf"_s << false;
}

void TestQuarantine::aReferenceThatMayBeMissingIsStored()
{
    QFETCH(QString, rules);
    QFETCH(bool, scoped);
    QFETCH(QString, model);
    QFETCH(bool, stored);
    Bench bench(shopSchema(rules));
    if (scoped)
        bench.scopes.insert(u"Shop"_s, Predicate::compare(u"name"_s, Predicate::Operator::Eq, {Value(u"mine"_s)}));
    bench.merge({model == u"Note" ? bench.note(u"x"_s, u"a"_s, 1) : bench.shelf(u"x"_s, u"a"_s, 1)});
    QCOMPARE(bench.has(model, u"x"_s), stored);
    QCOMPARE(bench.aside().isEmpty(), stored);
}

void TestQuarantine::aDeletedParentTakesItsChildrenAside()
{
    Bench bench;
    bench.merge({bench.shop(u"a"_s, 1), bench.shop(u"b"_s, 1), bench.shelf(u"s"_s, u"a"_s, 1), bench.shelf(u"t"_s, u"b"_s, 1),
                 bench.box(u"x"_s, u"s"_s, 1), bench.box(u"y"_s, u"t"_s, 1), bench.note(u"n"_s, u"a"_s, 1)});
    const Merger::Outcome outcome = bench.merge({bench.shop(u"a"_s, 2, true)}, u"Shop"_s);
    QCOMPARE(outcome.counts.deleted, 1);
    QCOMPARE(outcome.counts.total(), 1);
    QCOMPARE(bench.aside(), QStringList({u"Box/x v1"_s, u"Note/n v1"_s, u"Shelf/s v1"_s}));
    QVERIFY(!bench.has(u"Box"_s, u"x"_s) && !bench.has(u"Note"_s, u"n"_s) && !bench.has(u"Shelf"_s, u"s"_s));
    QVERIFY(bench.has(u"Box"_s, u"y"_s));
    QVERIFY(bench.device.outbox().isEmpty());
    // another one of the deleted shop is no different, though its reference is optional
    bench.merge({bench.note(u"m"_s, u"a"_s, 1)});
    QVERIFY(!bench.has(u"Note"_s, u"m"_s));
    // their own tombstones follow, as those of a deletion that cascaded
    bench.merge({bench.shelf(u"s"_s, u"a"_s, 2, true), bench.box(u"x"_s, u"s"_s, 2, true), bench.note(u"n"_s, u"a"_s, 2, true)});
    QCOMPARE(bench.aside(), QStringList({u"Note/m v1"_s}));
    // made anew, it has back what is left
    bench.merge({bench.shop(u"a"_s, 3)});
    QVERIFY(bench.has(u"Note"_s, u"m"_s));
    QVERIFY(bench.aside().isEmpty());
}

void TestQuarantine::aCircleIsNotKeptAsideForItself()
{
    Bench bench;
    const auto folder = [&bench](const QString &id, const QString &in, qint64 version, bool deleted = false) {
        return bench.item(u"Folder"_s, {{u"id"_s, id}, {u"parentID"_s, in}}, version, deleted);
    };
    bench.merge({folder(u"a"_s, u"b"_s, 1), folder(u"b"_s, u"a"_s, 1), folder(u"c"_s, u"c"_s, 1), folder(u"d"_s, u"a"_s, 1)});
    QVERIFY(bench.aside().isEmpty());
    bench.merge({folder(u"b"_s, u"a"_s, 2, true)});
    QCOMPARE(bench.aside(), QStringList({u"Folder/a v1"_s, u"Folder/d v1"_s}));
    QVERIFY(bench.has(u"Folder"_s, u"c"_s));
    bench.merge({folder(u"b"_s, u"a"_s, 3)});
    QVERIFY(bench.aside().isEmpty());
    QVERIFY(bench.has(u"Folder"_s, u"a"_s) && bench.has(u"Folder"_s, u"b"_s) && bench.has(u"Folder"_s, u"d"_s));
}

void TestQuarantine::aRecordThatIsWorkedOnStays()
{
    Bench bench;
    bench.merge({bench.shop(u"a"_s, 1), bench.shelf(u"s"_s, u"a"_s, 1)});
    bench.device.save(u"Shelf"_s, {{u"id"_s, u"s"_s}, {u"label"_s, u"mine"_s}});
    bench.time.runAll();
    bench.merge({bench.shop(u"a"_s, 2, true), bench.shelf(u"s"_s, u"gone"_s, 2)});
    QCOMPARE(bench.device.find(u"Shelf"_s, u"s"_s).value(u"label").toText(), u"mine"_s);
    QCOMPARE(bench.device.outbox().size(), 1);
    QVERIFY(bench.aside().isEmpty());
}

void TestQuarantine::whatIsSavedHereFreesWhatWaitsForIt()
{
    Bench bench;
    bench.device.engine().start();
    bench.time.advance(1000);
    bench.merge({bench.box(u"b"_s, u"s"_s, 1), bench.shelf(u"s"_s, u"a"_s, 1)});
    bench.device.save(u"Shop"_s, {{u"id"_s, u"a"_s}, {u"name"_s, u"mine"_s}});
    bench.time.advance(1000);
    QVERIFY(bench.aside().isEmpty());
    QVERIFY(bench.has(u"Box"_s, u"b"_s));
}

/* The shop was deleted there while it was edited here: it stays until the user gives the edit up. */
void TestQuarantine::whatIsGivenUpHereTakesItsChildrenAside()
{
    Bench bench;
    bench.server->put(bench.shop(u"a"_s, 1).record);
    bench.server->put(bench.shelf(u"s"_s, u"a"_s, 1).record);
    bench.server->put(bench.note(u"n"_s, u"a"_s, 1).record);
    bench.device.engine().start();
    bench.time.advance(1000);
    bench.device.engine().pause();
    bench.device.save(u"Shop"_s, {{u"id"_s, u"a"_s}, {u"name"_s, u"mine"_s}});
    bench.server->remove(u"Shop"_s, u"a"_s);
    bench.device.engine().resume();
    bench.time.advance(1000);
    const QList<OutboxEntry> outbox = bench.device.outbox();
    QCOMPARE(outbox.size(), 1);
    QCOMPARE(outbox.first().state, OutboxEntry::State::Rejected);
    QVERIFY(bench.has(u"Shop"_s, u"a"_s) && bench.has(u"Shelf"_s, u"s"_s) && bench.has(u"Note"_s, u"n"_s));
    bench.device.write<QList<Record>>([mutation = outbox.first().sequence](WriteTransaction &transaction) {
        const Dependencies dependencies(transaction.schema());
        return Repair(transaction, dependencies).discard(mutation, DiscardScope::Mutation);
    });
    bench.time.advance(1000);
    QVERIFY(!bench.has(u"Shop"_s, u"a"_s));
    QCOMPARE(bench.aside(), QStringList({u"Note/n v1"_s, u"Shelf/s v1"_s}));
    QVERIFY(bench.device.outbox().isEmpty());
}

void TestQuarantine::aNewSchemaTriesAllOnce()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"store.sqlite"_s);
    {
        Bench bench(shopSchema(), path);
        bench.merge({bench.item(u"Shop"_s, {{u"id"_s, u"a"_s}, {u"name"_s, u"n"_s}, {u"kind"_s, u"HUGE"_s}}, 2),
                     bench.item(u"Shop"_s, {{u"id"_s, u"b"_s}}, 1), bench.shelf(u"s"_s, u"a"_s, 1)});
        QCOMPARE(bench.aside().size(), 3);
    }
    Bench bench(shopSchema({}, u"HUGE"_s), path);
    QCOMPARE(bench.device.store().quarantinedCount(), 3);
    bench.device.line->set(false);
    bench.device.engine().start();
    bench.time.runAll();
    QCOMPARE(bench.aside(), QStringList({u"Shop/b v1"_s}));
    QCOMPARE(bench.device.find(u"Shop"_s, u"a"_s).value(u"kind").toText(), u"HUGE"_s);
    QVERIFY(bench.has(u"Shelf"_s, u"s"_s));
}

void TestQuarantine::retryAndDiscardByHand()
{
    Bench bench;
    bench.merge({bench.shelf(u"s"_s, u"a"_s, 1), bench.item(u"Shop"_s, {{u"id"_s, u"b"_s}}, 1)});
    QCOMPARE(bench.retry(u"Shelf"_s, u"s"_s).code(), Error::Code::MissingParent);
    QCOMPARE(bench.retry(u"Shop"_s, u"b"_s).code(), Error::Code::Validation);
    QCOMPARE(bench.retry(u"Shop"_s, u"nobody"_s).code(), Error::Code::NotFound);
    QCOMPARE(bench.aside().size(), 2);
    bench.device.save(u"Shop"_s, {{u"id"_s, u"a"_s}, {u"name"_s, u"mine"_s}});      // no engine that would look
    bench.time.runAll();
    QVERIFY(!bench.retry(u"Shelf"_s, u"s"_s).isError());
    QVERIFY(bench.has(u"Shelf"_s, u"s"_s));
    bench.device.write<bool>([](WriteTransaction &transaction) { return transaction.unquarantine(u"Shop"_s, u"b"_s); });
    QCOMPARE(bench.device.store().quarantinedCount(), 0);
}

void TestQuarantine::readyFiresAndCountsAreRight()
{
    Bench bench;
    for (const RemoteItem &item : {bench.shop(u"a"_s, 1), bench.shop(u"b"_s, 1), bench.shelf(u"s"_s, u"a"_s, 1), bench.shelf(u"t"_s, u"nobody"_s, 1)})
        bench.server->put(item.record);
    bench.server->answerItem = [&bench](const Record &record) -> std::optional<RemoteItem> {
        if (record.key() != u"b"_s)
            return {};
        return bench.item(u"Shop"_s, {{u"id"_s, u"b"_s}}, 1);
    };
    bench.device.engine().start();
    bench.time.advance(1000);
    QVERIFY(bench.device.eventNames().contains(u"ready"_s));
    QCOMPARE(bench.aside(), QStringList({u"Shelf/t v1"_s, u"Shop/b v1"_s}));
    for (const QVariantMap &payload : bench.device.payloads(u"modelSynced"_s)) {
        const bool isFilled = payload.value(u"model"_s) == u"Shop"_s || payload.value(u"model"_s) == u"Shelf"_s;
        QCOMPARE(payload.value(u"count"_s).toInt(), isFilled ? 1 : 0);
    }
    QCOMPARE(bench.device.payloads(u"nonApplicableDataReceived"_s).size(), 2);
    bench.server->answerItem = {};
    bench.server->put(bench.shop(u"nobody"_s, 1).record);
    bench.time.advance(1000);
    QCOMPARE(bench.aside(), QStringList({u"Shop/b v1"_s}));
    QVERIFY(bench.has(u"Shelf"_s, u"t"_s));
}

void TestQuarantine::whatTheBackendForgotIsForgotten()
{
    Bench bench;
    bench.server->put(bench.shelf(u"t"_s, u"nobody"_s, 1).record);
    bench.device.engine().start();
    bench.time.advance(1000);
    QCOMPARE(bench.aside().size(), 1);
    bench.device.engine().pause();
    bench.time.advance(40LL * 24 * 3600 * 1000);
    bench.server->forget(u"Shelf"_s, u"t"_s);
    bench.device.engine().resume();
    bench.time.advance(1000);
    QVERIFY(bench.aside().isEmpty());
}

// ---- against a naive model ----

namespace {

struct Version
{
    QString model;
    QString id;
    QString parent;             // empty: none
    qint64 number = 0;
    bool deleted = false;
    bool broken = false;
};

/*
    Knows nothing of the order in which versions came. The newest readable version of a record is shown when all that it
    needs is; a newer one that is not readable is kept aside, as is what lacks something.
*/
struct Naive
{
    std::map<std::pair<QString, QString>, Version> readable;
    std::map<std::pair<QString, QString>, Version> broken;

    void take(const Version &version)
    {
        Version &newest = (version.broken ? broken : readable)[{version.model, version.id}];
        if (version.number > newest.number)
            newest = version;
    }

    static QString parentModel(const QString &model)
    {
        return model == u"Shelf" ? u"Shop"_s : model == u"Box" ? u"Shelf"_s : QString();
    }

    bool isShown(const QString &model, const QString &id) const
    {
        const auto found = readable.find({model, id});
        if (found == readable.end() || found->second.deleted)
            return false;
        return parentModel(model).isEmpty() || isShown(parentModel(model), found->second.parent);
    }

    QStringList shown() const
    {
        QStringList names;
        for (const auto &[id, version] : readable) {
            if (isShown(id.first, id.second))
                names.append(u"%1/%2 v%3"_s.arg(id.first, id.second).arg(version.number));
        }
        names.sort();
        return names;
    }

    QStringList aside() const
    {
        QStringList names;
        std::map<std::pair<QString, QString>, Version> all = readable;
        all.insert(broken.begin(), broken.end());
        for (const auto &[id, any] : all) {
            const auto good = readable.find(id);
            const auto bad = broken.find(id);
            const qint64 readableNumber = good == readable.end() ? 0 : good->second.number;
            if (bad != broken.end() && bad->second.number > readableNumber)
                names.append(u"%1/%2 v%3"_s.arg(id.first, id.second).arg(bad->second.number));
            else if (good != readable.end() && !good->second.deleted && !isShown(id.first, id.second))
                names.append(u"%1/%2 v%3"_s.arg(id.first, id.second).arg(readableNumber));
        }
        names.sort();
        return names;
    }
};

class History
{
public:
    explicit History(quint64 seed) : m_random(seed) { }

    QList<Version> make()
    {
        QList<Version> versions;
        for (const QString &model : {u"Shop"_s, u"Shelf"_s, u"Box"_s}) {
            for (int id = 0; id < 4; ++id)
                append(versions, model, QString::number(id));
        }
        std::shuffle(versions.begin(), versions.end(), m_random);
        return versions;
    }

    int below(int limit) { return int(m_random() % quint64(limit)); }

private:
    void append(QList<Version> &versions, const QString &model, const QString &id)
    {
        const int count = below(5);
        for (int number = 1; number <= count; ++number)
            versions.append({model, id, QString::number(below(5)), number, below(4) == 0, false});
        // the last of its versions, and of what waits for nothing: what is shown does not depend on the order
        if (model == u"Shop" && count > 0 && below(3) == 0)
            versions.append({model, id, {}, count + 1, false, true});
    }

    std::mt19937_64 m_random;
};

RemoteItem itemOf(const Bench &bench, const Version &version)
{
    QJsonObject json{{u"id"_s, version.id}};
    if (version.model == u"Shop")
        json.insert(u"name"_s, version.broken ? QJsonValue() : QJsonValue(u"n"_s));
    else
        json.insert(version.model == u"Shelf" ? u"shopID"_s : u"shelfID"_s, version.parent);
    return bench.item(version.model, json, version.number, version.deleted);
}

} // namespace

void TestQuarantine::anySequenceEndsAsTheNaiveModel_data()
{
    QTest::addColumn<int>("part");
    for (int part = 0; part < 4; ++part)
        QTest::addRow("part %d", part) << part;
}

void TestQuarantine::anySequenceEndsAsTheNaiveModel()
{
    QFETCH(int, part);
    for (quint64 seed = quint64(part) * 1000; seed < quint64(part) * 1000 + 40; ++seed) {
        History history(seed + 1);
        const QList<Version> versions = history.make();
        Bench bench;
        Naive naive;
        std::vector<RemoteItem> page;
        for (const Version &version : versions) {
            naive.take(version);
            page.push_back(itemOf(bench, version));
            if (history.below(3) == 0)
                bench.merge(std::exchange(page, {}));
        }
        bench.merge(page);
        QStringList shown;
        for (const QString &model : {u"Shop"_s, u"Shelf"_s, u"Box"_s}) {
            for (const Record &row : bench.device.all(model))
                shown.append(u"%1/%2 v%3"_s.arg(model, row.key()).arg(row.metadata().version));
        }
        shown.sort();
        if (shown != naive.shown() || bench.aside() != naive.aside()) {
            QFAIL(qPrintable(u"seed %1\nshown  %2\nshould %3\naside  %4\nshould %5"_s.arg(seed).arg(shown.join(u", "_s), naive.shown().join(u", "_s),
                                                                                       bench.aside().join(u", "_s), naive.aside().join(u", "_s))));
        }
        QCOMPARE(bench.device.store().quarantinedCount(), qint64(bench.aside().size()));
    }
}

QTEST_GUILESS_MAIN(TestQuarantine)
#include "tst_quarantine.moc"
