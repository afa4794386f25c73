// SPDX-License-Identifier: MIT
#include "backendfixture.h"

#include "server/storage/commitclock.h"

using namespace BackendFixture;

static const QString syncBlogs = u"query operation($limit: Int, $nextToken: String, $lastSync: AWSTimestamp, $filter: ModelBlogFilterInput) {\n"
                                  "  syncBlogs(limit: $limit, nextToken: $nextToken, lastSync: $lastSync, filter: $filter) {\n"
                                  "    items { id name _version _lastChangedAt _deleted }\n    nextToken\n    startedAt\n  }\n}\n"_s;

class TestSync : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void baseSyncHasTombstones_data();
    void baseSyncHasTombstones();
    void itemsAreInTheOrderOfTheirChanges();
    void anEmptyTypeEndsAtOnce();
    void pagesFollowEachOther();
    void startedAtIsTheSameOnAllPages();
    void aPageMayBeEmptyAndHaveAToken();
    void aFilterOnAnIndexLooksAtItsRecordsOnly();
    void limitHasADefaultAndAMaximum();
    void refusesALimitBelowOne();
    void refusesForeignTokens_data();
    void refusesForeignTokens();
    void pagingMissesNothingThatChangesMeanwhile();
    void deltaSyncHasWhatChanged();
    void deltaSyncHasEachRecordOnce();
    void deltaSyncRepeatsTheLastSeconds();
    void deltaSyncTakesAFutureTimeForNow();
    void anOldLastSyncMeansBase_data();
    void anOldLastSyncMeansBase();
    void deltaSyncSurvivesAClockThatGoesBack();
    void tombstonesGoWhenTheirTimeIsOver();
    void journalGoesWhenItsTimeIsOver();
    void aSlowCommitIsNotSkipped();

private:
    void create(const QString &id, const QString &name = u"A"_s)
    {
        QVERIFY(!m_backend->mutate(u"create"_s, u"Blog"_s, {{u"id"_s, id}, {u"name"_s, name}}, u"id"_s).contains("errors"_L1));
    }
    void update(const QString &id, const QString &name, int version)
    {
        QVERIFY(!m_backend->mutate(u"update"_s, u"Blog"_s, {{u"id"_s, id}, {u"name"_s, name}, {u"_version"_s, version}}, u"id"_s).contains("errors"_L1));
    }
    void remove(const QString &id, int version)
    {
        QVERIFY(!m_backend->mutate(u"delete"_s, u"Blog"_s, {{u"id"_s, id}, {u"_version"_s, version}}, u"id"_s).contains("errors"_L1));
    }
    [[nodiscard]] QJsonObject sync(const QJsonObject &variables) { return m_backend->data(syncBlogs, variables).toObject(); }
    [[nodiscard]] QStringList ids(const QJsonObject &variables) { return strings(sync(variables)["items"_L1], u"id"_s); }

    Schema m_schema;
    std::unique_ptr<TestBackend> m_backend;
};

void TestSync::initTestCase()
{
    m_schema = fixtureSchema(u"blog"_s);
    QVERIFY2(!m_schema.isEmpty(), "fixtures/schema/blog/input.graphql is missing");
}

void TestSync::init()
{
    m_backend = std::make_unique<TestBackend>(m_schema);
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
}

void TestSync::baseSyncHasTombstones_data()
{
    QTest::addColumn<QJsonValue>("lastSync");
    QTest::newRow("no lastSync") << QJsonValue(QJsonValue::Undefined);
    QTest::newRow("null") << QJsonValue();
    QTest::newRow("zero") << QJsonValue(0);
}

void TestSync::baseSyncHasTombstones()
{
    QFETCH(const QJsonValue, lastSync);
    create(u"a"_s);
    create(u"b"_s);
    remove(u"a"_s, 1);
    const QJsonObject page = sync({{u"limit"_s, 1000}, {u"lastSync"_s, lastSync}, {u"nextToken"_s, QJsonValue()}, {u"filter"_s, QJsonValue()}});
    QCOMPARE(page["items"_L1].toArray(),
             (QJsonArray{QJsonObject{{u"id"_s, u"b"_s}, {u"name"_s, u"A"_s}, {u"_version"_s, 1}, {u"_lastChangedAt"_s, startOfTime}, {u"_deleted"_s, QJsonValue()}},
                         QJsonObject{{u"id"_s, u"a"_s}, {u"name"_s, u"A"_s}, {u"_version"_s, 2}, {u"_lastChangedAt"_s, startOfTime}, {u"_deleted"_s, true}}}));
    QVERIFY(page["nextToken"_L1].isNull() && page.contains("nextToken"_L1));
    QCOMPARE(page["startedAt"_L1].toInteger(), startOfTime);
}

void TestSync::itemsAreInTheOrderOfTheirChanges()
{
    for (const QString &id : {u"c"_s, u"a"_s, u"b"_s})
        create(id);
    update(u"c"_s, u"B"_s, 1);
    QCOMPARE(ids({}), (QStringList{u"a"_s, u"b"_s, u"c"_s}));
}

void TestSync::anEmptyTypeEndsAtOnce()
{
    QCOMPARE(m_backend->text(syncBlogs, {{u"limit"_s, 1000}, {u"nextToken"_s, QJsonValue()}, {u"lastSync"_s, 0}, {u"filter"_s, QJsonValue()}}),
             QByteArray("{\"data\":{\"syncBlogs\":{\"items\":[],\"nextToken\":null,\"startedAt\":1700000000000}}}"));
}

void TestSync::pagesFollowEachOther()
{
    for (int i = 0; i < 5; ++i)
        create(QString::number(i));
    QStringList seen;
    QJsonValue token;
    QList<qsizetype> sizes;
    do {
        const QJsonObject page = sync({{u"limit"_s, 2}, {u"nextToken"_s, token}});
        seen += strings(page["items"_L1], u"id"_s);
        sizes.append(page["items"_L1].toArray().size());
        token = page["nextToken"_L1];
    } while (!token.isNull());
    QCOMPARE(seen, (QStringList{u"0"_s, u"1"_s, u"2"_s, u"3"_s, u"4"_s}));
    QCOMPARE(sizes, (QList<qsizetype>{2, 2, 1}));
}

void TestSync::startedAtIsTheSameOnAllPages()
{
    for (int i = 0; i < 3; ++i)
        create(QString::number(i));
    const QJsonObject first = sync({{u"limit"_s, 2}});
    m_backend->now += 60'000;
    const QJsonObject second = sync({{u"limit"_s, 2}, {u"nextToken"_s, first["nextToken"_L1]}});
    QCOMPARE(first["startedAt"_L1].toInteger(), startOfTime);
    QCOMPARE(second["startedAt"_L1], first["startedAt"_L1]);
    QCOMPARE(sync({})["startedAt"_L1].toInteger(), startOfTime + 60'000);
}

void TestSync::aPageMayBeEmptyAndHaveAToken()
{
    create(u"a"_s, u"no"_s);
    create(u"b"_s, u"yes"_s);
    const QJsonObject filter{{u"and"_s, QJsonArray{QJsonObject{{u"name"_s, QJsonObject{{u"eq"_s, u"yes"_s}}}}}}};
    const QJsonObject first = sync({{u"limit"_s, 1}, {u"filter"_s, filter}});
    QVERIFY(first["items"_L1].toArray().isEmpty());
    const QJsonObject second = sync({{u"limit"_s, 1}, {u"filter"_s, filter}, {u"nextToken"_s, first["nextToken"_L1]}});
    QCOMPARE(strings(second["items"_L1], u"id"_s), QStringList{u"b"_s});
    QVERIFY(second["nextToken"_L1].isNull());
}

void TestSync::aFilterOnAnIndexLooksAtItsRecordsOnly()
{
    const auto comment = [this](int number, const QString &post) {
        m_backend->mutate(u"create"_s, u"Comment"_s, {{u"id"_s, QString::number(number)}, {u"content"_s, u"c%1"_s.arg(number % 3)}, {u"postCommentsId"_s, post}}, u"id"_s);
    };
    for (int i = 0; i < 12; ++i)
        comment(i, i % 4 == 3 ? u"mine"_s : u"other"_s);
    m_backend->mutate(u"update"_s, u"Comment"_s, {{u"id"_s, u"3"_s}, {u"content"_s, u"c0"_s}, {u"_version"_s, 1}}, u"id"_s);
    const QString query = u"query Q($t: String, $s: AWSTimestamp) { syncComments(limit: 2, nextToken: $t, lastSync: $s, "
                          "filter: {and: [{content: {ne: \"x\"}}, {postCommentsId: {eq: \"mine\"}}]}) { items { id } nextToken } }"_s;
    const QJsonObject first = m_backend->data(query).toObject();
    const QJsonObject second = m_backend->data(query, {{u"t"_s, first["nextToken"_L1]}}).toObject();
    QCOMPARE(strings(first["items"_L1], u"id"_s), (QStringList{u"7"_s, u"11"_s}));
    QCOMPARE(strings(second["items"_L1], u"id"_s), QStringList{u"3"_s});
    QVERIFY(second["nextToken"_L1].isNull());
    m_backend->now += 60'000;
    const qint64 lastSync = m_backend->now;
    comment(20, u"other"_s);
    comment(21, u"mine"_s);
    QCOMPARE(strings(m_backend->data(query, {{u"s"_s, lastSync}})["items"_L1], u"id"_s), QStringList{u"21"_s});
}

void TestSync::limitHasADefaultAndAMaximum()
{
    for (int first = 0; first < 1003; first += 100) {   // a document has 100 mutations at most
        QString document = u"mutation {"_s;
        for (int i = first; i < std::min(first + 100, 1003); ++i)
            document += u" m%1: createBlog(input: {id: \"%1\", name: \"A\"}) { id }"_s.arg(i);
        QVERIFY(!m_backend->run(document + u" }"_s).contains("errors"_L1));
    }
    QCOMPARE(ids({}).size(), 100);
    QCOMPARE(ids({{u"limit"_s, 5000}}).size(), 1000);
}

void TestSync::refusesALimitBelowOne()
{
    QCOMPARE(firstError(m_backend->run(syncBlogs, {{u"limit"_s, 0}}))["errorType"_L1].toString(), u"BadRequest"_s);
}

void TestSync::refusesForeignTokens_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<bool>("ownToken");
    QTest::newRow("nonsense") << u"query Q($t: String) { syncBlogs(nextToken: $t) { nextToken } }"_s << false;
    QTest::newRow("of another filter") << u"query Q($t: String) { syncBlogs(nextToken: $t, filter: {name: {eq: \"A\"}}) { nextToken } }"_s << true;
    QTest::newRow("of another type") << u"query Q($t: String) { syncPosts(nextToken: $t) { nextToken } }"_s << true;
    QTest::newRow("of a sync for a list") << u"query Q($t: String) { listBlogs(nextToken: $t) { nextToken } }"_s << true;
}

void TestSync::refusesForeignTokens()
{
    QFETCH(const QString, query);
    QFETCH(const bool, ownToken);
    create(u"a"_s);
    create(u"b"_s);
    const QString token = sync({{u"limit"_s, 1}})["nextToken"_L1].toString();
    const QJsonObject error = firstError(m_backend->run(query, {{u"t"_s, ownToken ? token : u"nonsense"_s}}));
    QCOMPARE(error["errorType"_L1].toString(), u"DynamoDB:UserIllegalArgumentException"_s);
    QVERIFY(error["message"_L1].toString().endsWith(u"Invalid pagination token given."));
}

void TestSync::pagingMissesNothingThatChangesMeanwhile()
{
    for (int i = 0; i < 6; ++i)
        create(QString::number(i));
    QHash<QString, int> versions;
    QJsonValue token;
    int page = 0;
    do {
        const QJsonObject answer = sync({{u"limit"_s, 2}, {u"nextToken"_s, token}});
        for (const QJsonValue item : answer["items"_L1].toArray())
            versions[item["id"_L1].toString()] = item["_version"_L1].toInt();
        token = answer["nextToken"_L1];
        if (page++ == 0) {
            update(u"0"_s, u"B"_s, 1);                     // seen already: comes again
            update(u"5"_s, u"B"_s, 1);                     // not seen yet
            remove(u"3"_s, 1);
            create(u"new"_s);
        }
    } while (!token.isNull());
    QCOMPARE(versions, (QHash<QString, int>{{u"0"_s, 2}, {u"1"_s, 1}, {u"2"_s, 1}, {u"3"_s, 2}, {u"4"_s, 1}, {u"5"_s, 2}, {u"new"_s, 1}}));
}

void TestSync::deltaSyncHasWhatChanged()
{
    for (const QString &id : {u"a"_s, u"b"_s, u"c"_s, u"d"_s})
        create(id);
    m_backend->now += 60'000;
    const qint64 lastSync = sync({})["startedAt"_L1].toInteger();
    m_backend->now += 1000;
    update(u"b"_s, u"B"_s, 1);
    remove(u"a"_s, 1);
    create(u"e"_s);
    QCOMPARE(ids({{u"lastSync"_s, lastSync}}), (QStringList{u"b"_s, u"a"_s, u"e"_s}));
}

void TestSync::deltaSyncHasEachRecordOnce()
{
    create(u"a"_s);
    m_backend->now += 60'000;
    const qint64 lastSync = m_backend->now;
    for (int version = 1; version <= 3; ++version)
        update(u"a"_s, QString::number(version), version);
    const QJsonArray items = sync({{u"lastSync"_s, lastSync}})["items"_L1].toArray();
    QCOMPARE(items.size(), 1);
    QCOMPARE(items[0]["_version"_L1].toInt(), 4);
}

void TestSync::deltaSyncRepeatsTheLastSeconds()
{
    create(u"a"_s);
    m_backend->now += 4000;
    QCOMPARE(ids({{u"lastSync"_s, m_backend->now.load()}}), QStringList{u"a"_s});
    m_backend->now += 2000;
    QVERIFY(ids({{u"lastSync"_s, m_backend->now.load()}}).isEmpty());
}

void TestSync::deltaSyncTakesAFutureTimeForNow()
{
    create(u"a"_s);
    QCOMPARE(ids({{u"lastSync"_s, startOfTime + 3'600'000}}), QStringList{u"a"_s});
}

void TestSync::anOldLastSyncMeansBase_data()
{
    QTest::addColumn<qint64>("ageMs");
    QTest::addColumn<bool>("base");
    QTest::newRow("just inside") << 30LL * 60'000 << false;
    QTest::newRow("just outside") << 30LL * 60'000 + 1 << true;
}

void TestSync::anOldLastSyncMeansBase()
{
    QFETCH(const qint64, ageMs);
    QFETCH(const bool, base);
    create(u"a"_s);
    m_backend->now += 100 * 60'000;
    create(u"b"_s);
    QCOMPARE(ids({{u"lastSync"_s, m_backend->now - ageMs}}), base ? (QStringList{u"a"_s, u"b"_s}) : QStringList{u"b"_s});
}

void TestSync::deltaSyncSurvivesAClockThatGoesBack()
{
    m_backend->now += 600'000;
    create(u"a"_s);
    m_backend->now -= 600'000;
    const qint64 lastSync = m_backend->now;
    create(u"b"_s);
    m_backend->reopen();
    create(u"c"_s);
    QVERIFY(ids({{u"lastSync"_s, lastSync}}).endsWith(u"c"_s));
    QVERIFY(ids({{u"lastSync"_s, lastSync}}).contains(u"b"_s));
}

void TestSync::tombstonesGoWhenTheirTimeIsOver()
{
    const qint64 day = 24LL * 3600 * 1000;
    create(u"a"_s);
    remove(u"a"_s, 1);
    m_backend->now += 30 * day - 60'000;
    create(u"b"_s);
    QCOMPARE(ids({}), (QStringList{u"a"_s, u"b"_s}));
    m_backend->now += 2 * 60'000;
    create(u"c"_s);
    QCOMPARE(ids({}), (QStringList{u"b"_s, u"c"_s}));
}

void TestSync::journalGoesWhenItsTimeIsOver()
{
    create(u"a"_s);
    m_backend->now += 100 * 60'000;
    create(u"b"_s);                                         // the journal now begins after a's change
    m_backend->now -= 90 * 60'000;                          // a clock that goes back may ask for what is gone
    QCOMPARE(ids({{u"lastSync"_s, startOfTime}}), (QStringList{u"a"_s, u"b"_s}));
    m_backend->reopen();
    QCOMPARE(ids({{u"lastSync"_s, startOfTime}}), (QStringList{u"a"_s, u"b"_s}));
}

// A sync that begins while rows are being written does not see them, so its startedAt must not be later than they are stamped.
void TestSync::aSlowCommitIsNotSkipped()
{
    qint64 now = startOfTime;
    CommitClock clock([&now] { return now; }, 0);
    const qint64 stamped = clock.begin();
    now += 3'600'000;
    QCOMPARE(clock.syncStart(), stamped);
    clock.end();
    QCOMPARE(clock.syncStart(), now);
    now -= 7'200'000;
    QCOMPARE(clock.begin(), stamped);                       // never back from one commit to the next
    QCOMPARE(clock.syncStart(), now);
}

QTEST_GUILESS_MAIN(TestSync)
#include "tst_sync.moc"
