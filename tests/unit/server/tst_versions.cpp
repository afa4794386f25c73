// SPDX-License-Identifier: MIT
#include "backendfixture.h"

#include <thread>

using namespace BackendFixture;

/*
    Section 5 of the protocol, "Versioned data source semantics". Where to find what (no file name: here):

    5.1  _version is 1, then one more with each accepted write     everyAcceptedWriteIsAVersion
         _lastChangedAt, _deleted                                  everyAcceptedWriteIsAVersion, deletedIsNullOnLiveRecords
         _ttl is stored only                                       ttlIsInNoType
         createdAt, updatedAt                                      tst_mutations: createWritesMetadataAndTimes, updateTakesAGivenUpdatedAt
         a delete leaves updatedAt                                 tst_mutations: deleteLeavesATombstone
         metadata in an input                                      tst_mutations: refusesBadInput, createIgnoresAVersion
    5.2  Amplify's defaults                                        theDefaultsAreAmplifys; limits: tst_sync: limitHasADefaultAndAMaximum
    5.3  a row per accepted mutation, none for others              whatIsRefusedIsInNoSync
         its time to live                                          tst_sync: journalGoesWhenItsTimeIsOver
    5.4  base or delta                                             whatASyncBrings, tst_sync: anOldLastSyncMeansBase
         a base sync has tombstones                                tst_sync: baseSyncHasTombstones
         a filter on a key or index                                tst_sync: aFilterOnAnIndexLooksAtItsRecordsOnly
         delta in order, the last state once                       tst_sync: deltaSyncHasWhatChanged, deltaSyncHasEachRecordOnce
         overlap                                                   tst_sync: deltaSyncRepeatsTheLastSeconds
         startedAt, the same on all pages                          tst_sync: startedAtIsTheSameOnAllPages
         startedAt and slow commits                                tst_sync: aSlowCommitIsNotSkipped, tst_nodes
         limit counts what was read                                tst_sync: aPageMayBeEmptyAndHaveAToken
         tokens are bound to the query                             tst_pagetokens, tst_sync: refusesForeignTokens
         rows change while a client pages                          tst_sync: pagingMissesNothingThatChangesMeanwhile, listPagesAreStable
         deleted and purged                                        deletionsOutliveTheirTombstones, tst_sync: tombstonesGoWhenTheirTimeIsOver
         a lastSync in the future                                  tst_sync: deltaSyncTakesAFutureTimeForNow
    5.5  a new key, a taken one, a tombstone's                     tst_mutations: create...
         a key is free after the purge                             aKeyIsFreeAfterThePurge
         of creates at once, one wins                              ofCreatesAtOnceOneWins
         a create that is repeated                                 tst_mutations: repeatedCreate...
    5.6  the version fits, with a true or false condition          tst_mutations: updateAtTheVersion..., updateWithAFalseConditionFails
         null and absent                                           tst_mutations: updateSetsNullAndKeepsWhatIsAbsent
         no version, another version                               tst_conflicts, tst_mutations: automergeWithoutAVersion, automergeWithALaterVersion
         of updates at once, one fits                              ofUpdatesAtOnceOneFits
         the record is missing                                     aMissingRecord
         the record is a tombstone                                 tst_mutations: updateOfATombstone...
         a tombstone that changes stays as long as a fresh one     aTombstoneThatChangesStaysLonger
    5.7  all rows                                                  tst_mutations: delete..., tst_conflicts: matrix, aMissingRecord
    5.8  get                                                       getHasTombstones, tst_authorization
         lists and connections                                     listsHaveTombstonesUnlessFiltered, connectionsHaveNoStart
*/
class TestVersions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { open(); }

    void everyAcceptedWriteIsAVersion();
    void deletedIsNullOnLiveRecords();
    void ttlIsInNoType();
    void theDefaultsAreAmplifys();
    void whatIsRefusedIsInNoSync_data();
    void whatIsRefusedIsInNoSync();
    void whatASyncBrings_data();
    void whatASyncBrings();
    void listPagesAreStable();
    void deletionsOutliveTheirTombstones_data();
    void deletionsOutliveTheirTombstones();
    void deletionsArePagedToo();
    void aKeyIsFreeAfterThePurge();
    void ofCreatesAtOnceOneWins();
    void ofUpdatesAtOnceOneFits_data();
    void ofUpdatesAtOnceOneFits();
    void aMissingRecord_data();
    void aMissingRecord();
    void aTombstoneThatChangesStaysLonger();
    void getHasTombstones();
    void listsHaveTombstonesUnlessFiltered();
    void connectionsHaveNoStart();

private:
    static inline const QString fields = u"id text number updatedAt _version _lastChangedAt _deleted"_s;

    void open(BackendOptions options = {})
    {
        m_backend = std::make_unique<TestBackend>(m_schema, std::move(options));
        QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
    }
    QJsonObject mutate(const QString &verb, const QJsonObject &input, const QJsonValue &condition = {}, const QString &model = u"Item"_s) const
    {
        return m_backend->mutate(verb, model, input, model == u"Item"_s ? fields : u"id _version"_s, condition);
    }
    void create(const QString &id, const QString &text = u"A"_s)
    {
        QVERIFY(!mutate(u"create"_s, {{u"id"_s, id}, {u"text"_s, text}}).contains("errors"_L1));
    }
    void remove(const QString &id, int version = 1)
    {
        QVERIFY(!mutate(u"delete"_s, {{u"id"_s, id}, {u"_version"_s, version}}).contains("errors"_L1));
    }
    QJsonObject sync(const QJsonValue &lastSync, const QJsonValue &token = {}, int limit = 100) const
    {
        return m_backend->data(u"query Q($s: AWSTimestamp, $t: String, $l: Int) { syncItems(lastSync: $s, nextToken: $t, limit: $l) "
                               "{ items { id _version _deleted } nextToken startedAt } }"_s,
                               {{u"s"_s, lastSync}, {u"t"_s, token}, {u"l"_s, limit}}).toObject();
    }
    QStringList synced(const QJsonValue &lastSync) const { return strings(sync(lastSync)["items"_L1], u"id"_s); }

    static constexpr qint64 minute = 60'000;
    Schema m_schema;
    std::unique_ptr<TestBackend> m_backend;
};

void TestVersions::initTestCase()
{
    const Result<Schema> schema = Schema::parse(
        u"type Item @model @auth(rules: [{allow: public}]) { id: ID! text: String number: Int parts: [Part] @hasMany }\n"
        "type Part @model @auth(rules: [{allow: public}]) { id: ID! text: String item: Item @belongsTo }\n"
        "type Mine @model @auth(rules: [{allow: owner}]) { id: ID! text: String }"_s);
    QVERIFY2(schema, qPrintable(schema.error().message()));
    m_schema = *schema;
}

void TestVersions::everyAcceptedWriteIsAVersion()
{
    const auto write = [this](const QString &verb, const QJsonObject &input) {
        m_backend->now += 1000;
        const QJsonObject record = mutate(verb, input)["data"_L1][verb + u"Item"_s].toObject();
        return std::pair(record["_version"_L1].toInt(), record["_lastChangedAt"_L1].toInteger() - startOfTime);
    };
    using Stamp = std::pair<int, qint64>;
    QCOMPARE(write(u"create"_s, {{u"id"_s, u"1"_s}, {u"text"_s, u"A"_s}}), Stamp(1, 1000));
    QCOMPARE(write(u"update"_s, {{u"id"_s, u"1"_s}, {u"text"_s, u"B"_s}, {u"_version"_s, 1}}), Stamp(2, 2000));
    QCOMPARE(write(u"update"_s, {{u"id"_s, u"1"_s}, {u"text"_s, u"B"_s}, {u"_version"_s, 2}}), Stamp(3, 3000));     // nothing new
    QCOMPARE(write(u"update"_s, {{u"id"_s, u"1"_s}, {u"_version"_s, 3}}), Stamp(4, 4000));                          // nothing at all
    QCOMPARE(write(u"update"_s, {{u"id"_s, u"1"_s}, {u"text"_s, u"C"_s}, {u"_version"_s, 1}}), Stamp(5, 5000));     // merged: nothing
    QCOMPARE(write(u"delete"_s, {{u"id"_s, u"1"_s}, {u"_version"_s, 5}}), Stamp(6, 6000));
    QCOMPARE(write(u"update"_s, {{u"id"_s, u"1"_s}, {u"_version"_s, 6}}), Stamp(7, 7000));                          // of the tombstone
}

void TestVersions::deletedIsNullOnLiveRecords()
{
    create(u"1"_s);
    const QByteArray text = m_backend->text(u"{ getItem(id: \"1\") { _deleted } syncItems { items { _deleted } } }"_s);
    QCOMPARE(text, QByteArray(R"({"data":{"getItem":{"_deleted":null},"syncItems":{"items":[{"_deleted":null}]}}})"));
}

void TestVersions::ttlIsInNoType()
{
    const QJsonObject response = m_backend->run(u"{ getItem(id: \"1\") { _ttl } }"_s);
    QCOMPARE(firstError(response)["message"_L1].toString(),
             u"Validation error of type FieldUndefined: Field '_ttl' in type 'Item' is undefined @ 'getItem/_ttl'"_s);
}

void TestVersions::theDefaultsAreAmplifys()
{
    const BackendOptions options;
    QCOMPARE(options.baseTtlMs, 43'200 * minute);
    QCOMPARE(options.deltaTtlMs, 30 * minute);
    QCOMPARE(options.defaultLimit, 100);
    QCOMPARE(options.maxLimit, 1000);
    QCOMPARE(options.conflicts, ConflictStrategy::Automerge);
}

void TestVersions::whatIsRefusedIsInNoSync_data()
{
    QTest::addColumn<QString>("verb");
    QTest::addColumn<QJsonObject>("input");
    QTest::addColumn<bool>("condition");
    QTest::newRow("create of a taken key") << u"create"_s << QJsonObject{{u"id"_s, u"1"_s}, {u"text"_s, u"B"_s}} << false;
    QTest::newRow("update on a false condition") << u"update"_s << QJsonObject{{u"id"_s, u"1"_s}, {u"text"_s, u"B"_s}, {u"_version"_s, 1}} << true;
    QTest::newRow("delete on a false condition") << u"delete"_s << QJsonObject{{u"id"_s, u"1"_s}, {u"_version"_s, 1}} << true;
    QTest::newRow("delete at another version") << u"delete"_s << QJsonObject{{u"id"_s, u"1"_s}, {u"_version"_s, 2}} << false;
    QTest::newRow("update of no record") << u"update"_s << QJsonObject{{u"id"_s, u"2"_s}, {u"_version"_s, 1}} << false;
}

void TestVersions::whatIsRefusedIsInNoSync()
{
    QFETCH(const QString, verb);
    QFETCH(const QJsonObject, input);
    QFETCH(const bool, condition);
    create(u"1"_s);
    m_backend->now += minute;
    const qint64 lastSync = m_backend->now;
    const QJsonValue never = condition ? QJsonValue(QJsonObject{{u"text"_s, QJsonObject{{u"eq"_s, u"none"_s}}}}) : QJsonValue();
    QVERIFY(mutate(verb, input, never).contains("errors"_L1));
    QVERIFY(synced(lastSync).isEmpty());
    QCOMPARE(synced(0), QStringList{u"1"_s});
}

void TestVersions::whatASyncBrings_data()
{
    QTest::addColumn<QJsonValue>("lastSync");           // minutes before now
    QTest::addColumn<QStringList>("ids");
    const QStringList all{u"old"_s, u"gone"_s, u"new"_s};
    QTest::newRow("absent: base") << QJsonValue(QJsonValue::Undefined) << all;
    QTest::newRow("null: base") << QJsonValue() << all;
    QTest::newRow("0: base") << QJsonValue(-1) << all;
    QTest::newRow("before the delta's time: base") << QJsonValue(31) << all;
    QTest::newRow("within: delta, from then on") << QJsonValue(20) << QStringList{u"gone"_s, u"new"_s};
    QTest::newRow("after all changes: nothing") << QJsonValue(1) << QStringList();
}

void TestVersions::whatASyncBrings()
{
    QFETCH(QJsonValue, lastSync);
    QFETCH(const QStringList, ids);
    create(u"old"_s);
    create(u"gone"_s);
    mutate(u"create"_s, {{u"id"_s, u"part"_s}}, {}, u"Part"_s);         // another model's changes are not in it
    m_backend->now += 100 * minute;
    remove(u"gone"_s);
    m_backend->now += 5 * minute;
    create(u"new"_s);
    m_backend->now += 10 * minute;
    if (lastSync.isDouble())
        lastSync = lastSync.toInt() < 0 ? 0 : m_backend->now - lastSync.toInt() * minute;
    QCOMPARE(synced(lastSync), ids);
}

// A list goes on after the record where the page ended, be that gone or changed, and skips nothing.
void TestVersions::listPagesAreStable()
{
    for (const QString &id : {u"b"_s, u"d"_s, u"f"_s, u"h"_s, u"j"_s})
        create(id);
    QStringList seen;
    QJsonValue token;
    for (int page = 0; page == 0 || !token.isNull(); ++page) {
        const QJsonObject answer = m_backend->data(u"query Q($t: String) { listItems(limit: 2, nextToken: $t) { items { id } nextToken } }"_s, {{u"t"_s, token}}).toObject();
        seen += strings(answer["items"_L1], u"id"_s);
        token = answer["nextToken"_L1];
        if (page > 0)
            continue;
        remove(u"d"_s);                                                 // where the page ended
        create(u"a"_s);                                                 // before it
        create(u"e"_s);                                                 // after it
        QVERIFY(!mutate(u"update"_s, {{u"id"_s, u"f"_s}, {u"text"_s, u"B"_s}, {u"_version"_s, 1}}).contains("errors"_L1));
    }
    QCOMPARE(seen, (QStringList{u"b"_s, u"d"_s, u"e"_s, u"f"_s, u"h"_s, u"j"_s}));
}

void TestVersions::deletionsOutliveTheirTombstones_data()
{
    QTest::addColumn<qint64>("baseTtlMs");
    QTest::addColumn<qint64>("awayMs");
    QTest::addColumn<bool>("told");
    QTest::newRow("no tombstones, away for less than the delta's time") << qint64(0) << 10 * minute << true;
    QTest::newRow("short tombstones, away for less than the delta's time") << 2 * minute << 10 * minute << true;
    QTest::newRow("no tombstones, away for longer") << qint64(0) << 40 * minute << false;
    QTest::newRow("usual tombstones, away for longer") << 43'200 * minute << 40 * minute << true;
}

// AppSync's delta table has a deletion as long as everything else, whatever became of the record.
void TestVersions::deletionsOutliveTheirTombstones()
{
    QFETCH(const qint64, baseTtlMs);
    QFETCH(const qint64, awayMs);
    QFETCH(const bool, told);
    open({.baseTtlMs = baseTtlMs});
    create(u"1"_s);
    create(u"2"_s);
    m_backend->now += minute;
    const qint64 lastSync = sync(0)["startedAt"_L1].toInteger();
    remove(u"1"_s);
    m_backend->now += awayMs;
    create(u"3"_s);                                                     // purges what is due, perhaps
    m_backend->reopen();
    const QJsonArray items = sync(lastSync)["items"_L1].toArray();
    const QJsonObject tombstone{{u"id"_s, u"1"_s}, {u"_version"_s, 2}, {u"_deleted"_s, true}};
    QCOMPARE(items.contains(tombstone), told);
    QCOMPARE(items.last()["id"_L1].toString(), u"3"_s);
    QCOMPARE(strings(items, u"id"_s).count(u"1"_s), told ? 1 : 0);
    QCOMPARE(m_backend->data(u"{ getItem(id: \"1\") { id } }"_s).isNull(), baseTtlMs < awayMs);
}

void TestVersions::deletionsArePagedToo()
{
    open({.baseTtlMs = 0});
    for (int i = 0; i < 9; ++i)
        create(QString::number(i));
    m_backend->now += minute;
    const qint64 lastSync = m_backend->now;
    for (int i = 0; i < 9; ++i) {
        if (i % 3 == 0)
            mutate(u"update"_s, {{u"id"_s, QString::number(i)}, {u"_version"_s, 1}});
        else
            remove(QString::number(i));
    }
    create(u"1"_s);                                                     // its key is free; the last state counts
    QStringList seen;
    QHash<QString, bool> deleted;
    QJsonValue token;
    do {
        const QJsonObject page = sync(lastSync, token, 2);
        for (const QJsonValue item : page["items"_L1].toArray())
            deleted[item["id"_L1].toString()] = item["_deleted"_L1].toBool();
        seen += strings(page["items"_L1], u"id"_s);
        token = page["nextToken"_L1];
    } while (!token.isNull());
    QCOMPARE(seen, (QStringList{u"0"_s, u"1"_s, u"2"_s, u"3"_s, u"4"_s, u"5"_s, u"6"_s, u"7"_s, u"8"_s, u"1"_s}));
    for (int i = 0; i < 9; ++i)
        QCOMPARE(deleted.value(QString::number(i)), i % 3 != 0 && i != 1);
}

void TestVersions::aKeyIsFreeAfterThePurge()
{
    open({.baseTtlMs = 60 * minute});
    create(u"1"_s);
    remove(u"1"_s);
    m_backend->now += 59 * minute;
    const QJsonObject again{{u"id"_s, u"1"_s}, {u"text"_s, u"B"_s}};
    QCOMPARE(firstError(mutate(u"create"_s, again))["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
    m_backend->now += 2 * minute;
    create(u"2"_s);                                                     // the purge comes with a write
    QCOMPARE(mutate(u"create"_s, again)["data"_L1]["createItem"_L1]["_version"_L1].toInt(), 1);
}

void TestVersions::ofCreatesAtOnceOneWins()
{
    std::atomic<int> won = 0, lost = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 8; ++i) {
        clients.emplace_back([&, i] {
            const QJsonObject response = mutate(u"create"_s, {{u"id"_s, u"1"_s}, {u"text"_s, QString::number(i)}});
            if (!response.contains("errors"_L1))
                ++won;
            else if (firstError(response)["errorType"_L1].toString() == u"ConditionalCheckFailedException")
                ++lost;
        });
    }
    for (std::thread &client : clients)
        client.join();
    QCOMPARE(won.load(), 1);
    QCOMPARE(lost.load(), 7);
}

void TestVersions::ofUpdatesAtOnceOneFits_data()
{
    QTest::addColumn<int>("strategy");
    QTest::newRow("optimistic") << int(ConflictStrategy::OptimisticConcurrency);
    QTest::newRow("automerge") << int(ConflictStrategy::Automerge);
}

void TestVersions::ofUpdatesAtOnceOneFits()
{
    QFETCH(const int, strategy);
    open({.conflicts = ConflictStrategy(strategy)});
    create(u"1"_s);
    std::atomic<int> written = 0, rejected = 0, versions = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 8; ++i) {
        clients.emplace_back([&, i] {
            const QString text = QString::number(i);
            const QJsonObject response = mutate(u"update"_s, {{u"id"_s, u"1"_s}, {u"text"_s, text}, {u"_version"_s, 1}});
            const QJsonObject record = response["data"_L1]["updateItem"_L1].toObject();
            if (record["text"_L1].toString() == text && record["_version"_L1].toInt() == 2)
                ++written;
            if (firstError(response)["errorType"_L1].toString() == u"ConflictUnhandled")
                ++rejected;
            versions += record["_version"_L1].toInt();
        });
    }
    for (std::thread &client : clients)
        client.join();
    const bool merges = ConflictStrategy(strategy) == ConflictStrategy::Automerge;
    QCOMPARE(written.load(), 1);
    QCOMPARE(rejected.load(), merges ? 0 : 7);
    QCOMPARE(versions.load(), merges ? 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 : 2);
}

void TestVersions::aMissingRecord_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("verb");
    QTest::addColumn<QString>("errorType");
    for (const QString &verb : {u"update"_s, u"delete"_s}) {
        QTest::addRow("%s, everybody's", qPrintable(verb)) << u"Item"_s << verb << u"ConditionalCheckFailedException"_s;
        QTest::addRow("%s, an owner's", qPrintable(verb)) << u"Mine"_s << verb << u"Unauthorized"_s;
    }
}

void TestVersions::aMissingRecord()
{
    QFETCH(const QString, model);
    QFETCH(const QString, verb);
    QFETCH(const QString, errorType);
    const Identity owner{Identity::Provider::UserPools, u"1"_s, {{u"sub"_s, u"1"_s}, {u"username"_s, u"ann"_s}}};
    const Identity anybody;
    const QJsonObject response = m_backend->runAs(model == u"Mine"_s ? owner : anybody, TestBackend::mutation(verb, model, u"id"_s),
                                                  {{u"input"_s, QJsonObject{{u"id"_s, u"none"_s}, {u"_version"_s, 1}}}});
    QCOMPARE(firstError(response)["errorType"_L1].toString(), errorType);
    QVERIFY(firstError(response)["data"_L1].isNull());
    if (model == u"Mine"_s)
        QCOMPARE(firstError(response)["message"_L1].toString(), u"Not Authorized to access %1Mine on type Mutation"_s.arg(verb));
}

void TestVersions::aTombstoneThatChangesStaysLonger()
{
    open({.baseTtlMs = 60 * minute});
    create(u"1"_s);
    remove(u"1"_s);
    m_backend->now += 40 * minute;
    QVERIFY(!mutate(u"update"_s, {{u"id"_s, u"1"_s}, {u"text"_s, u"B"_s}, {u"_version"_s, 2}}).contains("errors"_L1));
    m_backend->now += 40 * minute;
    create(u"2"_s);
    QCOMPARE(synced(0), (QStringList{u"1"_s, u"2"_s}));
    m_backend->now += 40 * minute;
    create(u"3"_s);
    QCOMPARE(synced(0), (QStringList{u"2"_s, u"3"_s}));
}

void TestVersions::getHasTombstones()
{
    create(u"1"_s);
    remove(u"1"_s);
    QCOMPARE(m_backend->data(u"{ getItem(id: \"1\") { text _deleted } }"_s).toObject(), (QJsonObject{{u"text"_s, u"A"_s}, {u"_deleted"_s, true}}));
    QVERIFY(m_backend->data(u"{ getItem(id: \"2\") { id } }"_s).isNull());
}

void TestVersions::listsHaveTombstonesUnlessFiltered()
{
    create(u"1"_s);
    create(u"2"_s);
    remove(u"1"_s);
    QCOMPARE(strings(m_backend->data(u"{ listItems { items { id } } }"_s)["items"_L1], u"id"_s), (QStringList{u"1"_s, u"2"_s}));
    QCOMPARE(strings(m_backend->data(u"{ listItems(filter: {_deleted: {ne: true}}) { items { id } } }"_s)["items"_L1], u"id"_s), QStringList{u"2"_s});
    QCOMPARE(strings(m_backend->data(u"{ listItems(filter: {_deleted: {eq: true}}) { items { id } } }"_s)["items"_L1], u"id"_s), QStringList{u"1"_s});
}

void TestVersions::connectionsHaveNoStart()
{
    create(u"1"_s);
    const QByteArray text = m_backend->text(u"{ listItems { startedAt items { parts { startedAt items { id } nextToken } } } }"_s);
    QCOMPARE(text, QByteArray(R"({"data":{"listItems":{"startedAt":null,"items":[{"parts":{"startedAt":null,"items":[],"nextToken":null}}]}}})"));
}

QTEST_GUILESS_MAIN(TestVersions)
#include "tst_versions.moc"
