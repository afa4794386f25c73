// SPDX-License-Identifier: MIT
#include "backendfixture.h"

using namespace BackendFixture;

class TestReads : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void getFindsByCompositeKey();
    void getOfAnUnknownKeyIsNull();
    void listPagesByKey();
    void listStaysStableWhileRowsChange();
    void listByPartitionAndSortKey_data();
    void listByPartitionAndSortKey();
    void indexQueries_data();
    void indexQueries();
    void indexQueriesPage();
    void filters_data();
    void filters();
    void listsInFilters_data();
    void listsInFilters();
    void refusesBadFilters_data();
    void refusesBadFilters();

    void parentsAreReadOnce();
    void missingParentOfARequiredRelationNullsTheItem();
    void tombstoneParentsAreShown();
    void connectionsHaveItemsTokenAndStartedAt();
    void connectionsPage();
    void connectionsSortAndFilter();
    void selfRelationsNest();
    void refusesAnswersThatGrowTooLarge();
    void compositeForeignKeys();
    void manyToManyGoesThroughTheJoinModel();
    void referencesStyleHasOnePrefersALiveRecord();
    void typenameEverywhere();
    void embeddedTypesAndLists();
    void introspection();
    void indexQueriesFindOwnersAsShown_data();
    void indexQueriesFindOwnersAsShown();

private:
    void openRelations() { open(m_relations); }
    void open(const Schema &schema)
    {
        m_backend = std::make_unique<TestBackend>(schema);
        QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
    }
    void create(const QString &model, const QJsonObject &input)
    {
        const QJsonObject response = m_backend->mutate(u"create"_s, model, input, u"__typename"_s);
        QVERIFY2(!response.contains("errors"_L1), QJsonDocument(response).toJson().constData());
    }
    void createMembers()
    {
        create(u"Team"_s, {{u"id"_s, u"t1"_s}, {u"name"_s, u"One"_s}});
        create(u"Team"_s, {{u"id"_s, u"t2"_s}, {u"name"_s, u"Two"_s}});
        create(u"Member"_s, {{u"id"_s, u"m1"_s}, {u"name"_s, u"Bea"_s}, {u"teamId"_s, u"t1"_s}});
        create(u"Member"_s, {{u"id"_s, u"m2"_s}, {u"name"_s, u"Ann"_s}, {u"teamId"_s, u"t1"_s}, {u"mentorId"_s, u"m1"_s}});
        create(u"Member"_s, {{u"id"_s, u"m3"_s}, {u"name"_s, u"Cid"_s}, {u"teamId"_s, u"t1"_s}, {u"mentorId"_s, u"m1"_s}});
        create(u"Member"_s, {{u"id"_s, u"m4"_s}, {u"name"_s, u"Ann"_s}, {u"teamId"_s, u"t2"_s}});
    }

    Schema m_relations, m_types, m_blog;
    std::unique_ptr<TestBackend> m_backend;
};

void TestReads::initTestCase()
{
    m_relations = fixtureSchema(u"relations"_s);
    m_types = fixtureSchema(u"types"_s);
    m_blog = fixtureSchema(u"blog"_s);
    QVERIFY2(!m_relations.isEmpty() && !m_types.isEmpty() && !m_blog.isEmpty(), "fixtures/schema is missing");
}

void TestReads::getFindsByCompositeKey()
{
    openRelations();
    create(u"Child"_s, {{u"region"_s, u"r"_s}, {u"serial"_s, 1}});
    create(u"Child"_s, {{u"region"_s, u"r"_s}, {u"serial"_s, 2}});
    QCOMPARE(m_backend->data(u"{ getChild(region: \"r\", serial: 2) { region serial } }"_s).toObject(),
             (QJsonObject{{u"region"_s, u"r"_s}, {u"serial"_s, 2}}));
}

void TestReads::getOfAnUnknownKeyIsNull()
{
    openRelations();
    QVERIFY(m_backend->data(u"{ getTeam(id: \"x\") { id } }"_s).isNull());
}

void TestReads::listPagesByKey()
{
    openRelations();
    for (const QString &id : {u"c"_s, u"a"_s, u"\u00e4"_s, u"B"_s, u"b"_s})
        create(u"Team"_s, {{u"id"_s, id}, {u"name"_s, id}});
    QStringList seen;
    QJsonValue token;
    do {
        const QJsonObject page = m_backend->data(u"query Q($t: String) { listTeams(limit: 2, nextToken: $t) { items { id } nextToken startedAt } }"_s,
                                                 {{u"t"_s, token}}).toObject();
        QVERIFY(page["startedAt"_L1].isNull());
        seen += strings(page["items"_L1], u"id"_s);
        token = page["nextToken"_L1];
    } while (!token.isNull());
    QCOMPARE(seen, (QStringList{u"B"_s, u"a"_s, u"b"_s, u"c"_s, u"\u00e4"_s}));
}

void TestReads::listStaysStableWhileRowsChange()
{
    openRelations();
    for (const QString &id : {u"a"_s, u"b"_s, u"c"_s, u"d"_s})
        create(u"Team"_s, {{u"id"_s, id}, {u"name"_s, id}});
    const QString query = u"query Q($t: String) { listTeams(limit: 2, nextToken: $t) { items { id } nextToken } }"_s;
    const QJsonObject first = m_backend->data(query).toObject();
    m_backend->mutate(u"update"_s, u"Team"_s, {{u"id"_s, u"a"_s}, {u"name"_s, u"x"_s}, {u"_version"_s, 1}}, u"id"_s);
    m_backend->mutate(u"update"_s, u"Team"_s, {{u"id"_s, u"d"_s}, {u"name"_s, u"x"_s}, {u"_version"_s, 1}}, u"id"_s);
    create(u"Team"_s, {{u"id"_s, u"0"_s}, {u"name"_s, u"0"_s}});
    const QJsonObject second = m_backend->data(query, {{u"t"_s, first["nextToken"_L1]}}).toObject();
    QCOMPARE(strings(first["items"_L1], u"id"_s) + strings(second["items"_L1], u"id"_s), (QStringList{u"a"_s, u"b"_s, u"c"_s, u"d"_s}));
}

void TestReads::listByPartitionAndSortKey_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QStringList>("serials");
    QTest::newRow("a partition") << u"region: \"r\""_s << QStringList{u"-1"_s, u"2"_s, u"10"_s};
    QTest::newRow("descending") << u"region: \"r\", sortDirection: DESC"_s << QStringList{u"10"_s, u"2"_s, u"-1"_s};
    QTest::newRow("ge") << u"region: \"r\", serial: {ge: 2}"_s << QStringList{u"2"_s, u"10"_s};
    QTest::newRow("between") << u"region: \"r\", serial: {between: [0, 5]}"_s << QStringList{u"2"_s};
    QTest::newRow("eq") << u"region: \"r\", serial: {eq: 10}"_s << QStringList{u"10"_s};
    QTest::newRow("another partition") << u"region: \"x\""_s << QStringList{u"1"_s};
}

void TestReads::listByPartitionAndSortKey()
{
    QFETCH(const QString, arguments);
    QFETCH(const QStringList, serials);
    openRelations();
    for (int serial : {10, 2, -1})
        create(u"Child"_s, {{u"region"_s, u"r"_s}, {u"serial"_s, serial}});
    create(u"Child"_s, {{u"region"_s, u"x"_s}, {u"serial"_s, 1}});
    QCOMPARE(strings(m_backend->data(u"{ listChildren(%1) { items { serial } } }"_s.arg(arguments))["items"_L1], u"serial"_s), serials);
}

void TestReads::indexQueries_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QStringList>("ids");
    QTest::newRow("in the order of the sort key") << u"teamId: \"t1\""_s << QStringList{u"m2"_s, u"m1"_s, u"m3"_s};
    QTest::newRow("descending") << u"teamId: \"t1\", sortDirection: DESC"_s << QStringList{u"m3"_s, u"m1"_s, u"m2"_s};
    QTest::newRow("beginsWith") << u"teamId: \"t1\", name: {beginsWith: \"B\"}"_s << QStringList{u"m1"_s};
    QTest::newRow("lt") << u"teamId: \"t1\", name: {lt: \"Bea\"}"_s << QStringList{u"m2"_s};
    QTest::newRow("with a filter") << u"teamId: \"t1\", filter: {mentorId: {eq: \"m1\"}}"_s << QStringList{u"m2"_s, u"m3"_s};
    QTest::newRow("nothing there") << u"teamId: \"t9\""_s << QStringList{};
}

void TestReads::indexQueries()
{
    QFETCH(const QString, arguments);
    QFETCH(const QStringList, ids);
    openRelations();
    createMembers();
    QCOMPARE(strings(m_backend->data(u"{ membersByTeamIdAndName(%1) { items { id } } }"_s.arg(arguments))["items"_L1], u"id"_s), ids);
}

void TestReads::indexQueriesPage()
{
    openRelations();
    createMembers();
    const QString query = u"query Q($t: String) { membersByTeamIdAndName(teamId: \"t1\", limit: 2, nextToken: $t) { items { id } nextToken } }"_s;
    const QJsonObject first = m_backend->data(query).toObject();
    const QJsonObject second = m_backend->data(query, {{u"t"_s, first["nextToken"_L1]}}).toObject();
    QCOMPARE(strings(first["items"_L1], u"id"_s) + strings(second["items"_L1], u"id"_s), (QStringList{u"m2"_s, u"m1"_s, u"m3"_s}));
    QVERIFY(second["nextToken"_L1].isNull());
}

void TestReads::filters_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QStringList>("ids");
    QTest::newRow("eq") << u"{string: {eq: \"abc\"}}"_s << QStringList{u"1"_s};
    QTest::newRow("eq null") << u"{string: {eq: null}}"_s << QStringList{u"3"_s};
    QTest::newRow("ne") << u"{string: {ne: \"abc\"}}"_s << QStringList{u"2"_s, u"3"_s};
    QTest::newRow("ne null") << u"{string: {ne: null}}"_s << QStringList{u"1"_s, u"2"_s};
    QTest::newRow("lt") << u"{int: {lt: 5}}"_s << QStringList{u"1"_s};
    QTest::newRow("le") << u"{int: {le: 5}}"_s << QStringList{u"1"_s, u"2"_s};
    QTest::newRow("gt") << u"{int: {gt: 1}}"_s << QStringList{u"2"_s};
    QTest::newRow("ge") << u"{int: {ge: 1}}"_s << QStringList{u"1"_s, u"2"_s};
    QTest::newRow("between") << u"{int: {between: [2, 9]}}"_s << QStringList{u"2"_s};
    QTest::newRow("contains") << u"{string: {contains: \"b\"}}"_s << QStringList{u"1"_s, u"2"_s};
    QTest::newRow("notContains") << u"{string: {notContains: \"bc\"}}"_s << QStringList{u"2"_s, u"3"_s};
    QTest::newRow("beginsWith") << u"{string: {beginsWith: \"b\"}}"_s << QStringList{u"2"_s};
    QTest::newRow("attributeExists") << u"{string: {attributeExists: true}}"_s << QStringList{u"1"_s, u"2"_s};
    QTest::newRow("not attributeExists") << u"{string: {attributeExists: false}}"_s << QStringList{u"3"_s};
    QTest::newRow("attributeType") << u"{string: {attributeType: string}}"_s << QStringList{u"1"_s, u"2"_s};
    QTest::newRow("attributeType null") << u"{string: {attributeType: _null}}"_s << QStringList{u"3"_s};
    QTest::newRow("attributeType number") << u"{int: {attributeType: number}}"_s << QStringList{u"1"_s, u"2"_s};
    QTest::newRow("size") << u"{string: {size: {ge: 4}}}"_s << QStringList{u"2"_s};
    QTest::newRow("size between") << u"{string: {size: {between: [1, 3]}}}"_s << QStringList{u"1"_s};
    QTest::newRow("float") << u"{float: {gt: 0.5}}"_s << QStringList{u"2"_s};
    QTest::newRow("boolean") << u"{boolean: {eq: true}}"_s << QStringList{u"1"_s};
    QTest::newRow("date as text") << u"{date: {ge: \"2020-01-02\"}}"_s << QStringList{u"2"_s};
    QTest::newRow("timestamp") << u"{timestamp: {eq: 1700000000}}"_s << QStringList{u"2"_s};
    QTest::newRow("deleted") << u"{_deleted: {eq: true}}"_s << QStringList{};
    QTest::newRow("not deleted") << u"{_deleted: {ne: true}}"_s << QStringList{u"1"_s, u"2"_s, u"3"_s};
    QTest::newRow("several operators") << u"{int: {ge: 1, le: 4}}"_s << QStringList{u"1"_s};
    QTest::newRow("several fields") << u"{int: {ge: 1}, string: {beginsWith: \"b\"}}"_s << QStringList{u"2"_s};
    QTest::newRow("and") << u"{and: [{int: {ge: 1}}, {string: {contains: \"b\"}}, {boolean: {eq: true}}]}"_s << QStringList{u"1"_s};
    QTest::newRow("or") << u"{or: [{int: {eq: 1}}, {string: {eq: null}}]}"_s << QStringList{u"1"_s, u"3"_s};
    QTest::newRow("not") << u"{not: {int: {eq: 1}}}"_s << QStringList{u"2"_s, u"3"_s};
    QTest::newRow("nested groups") << u"{or: [{and: [{int: {eq: 1}}, {not: {boolean: {eq: true}}}]}, {and: [{string: {eq: null}}]}]}"_s << QStringList{u"3"_s};
    QTest::newRow("empty") << u"{}"_s << QStringList{u"1"_s, u"2"_s, u"3"_s};
    QTest::newRow("empty groups") << u"{and: [], or: []}"_s << QStringList{u"1"_s, u"2"_s, u"3"_s};
    QTest::newRow("null") << u"null"_s << QStringList{u"1"_s, u"2"_s, u"3"_s};
    QTest::newRow("match none") << u"{and: [{id: {eq: null}}]}"_s << QStringList{};
}

void TestReads::filters()
{
    QFETCH(const QString, filter);
    QFETCH(const QStringList, ids);
    open(m_types);
    create(u"AllScalars"_s, {{u"id"_s, u"1"_s}, {u"string"_s, u"abc"_s}, {u"int"_s, 1}, {u"float"_s, 0.5}, {u"boolean"_s, true}, {u"date"_s, u"2020-01-01"_s}});
    create(u"AllScalars"_s, {{u"id"_s, u"2"_s}, {u"string"_s, u"b\u00e4d"_s}, {u"int"_s, 5}, {u"float"_s, 1.5}, {u"boolean"_s, false},
                             {u"date"_s, u"2020-02-01"_s}, {u"timestamp"_s, 1700000000}});
    create(u"AllScalars"_s, {{u"id"_s, u"3"_s}});
    QCOMPARE(strings(m_backend->data(u"{ listAllScalars(filter: %1) { items { id } } }"_s.arg(filter))["items"_L1], u"id"_s), ids);
    QCOMPARE(strings(m_backend->data(u"{ syncAllScalars(filter: %1) { items { id } } }"_s.arg(filter))["items"_L1], u"id"_s), ids);
}

void TestReads::listsInFilters_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QStringList>("ids");
    QTest::newRow("a list equal to one") << u"{colors: {eq: [red, GREEN]}}"_s << QStringList{u"1"_s};
    QTest::newRow("in its order") << u"{colors: {eq: [GREEN, red]}}"_s << QStringList{};
    QTest::newRow("a list of one") << u"{colors: {eq: [red]}}"_s << QStringList{u"2"_s};
    QTest::newRow("not equal") << u"{colors: {ne: [red]}}"_s << QStringList{u"1"_s, u"3"_s};
    QTest::newRow("an element") << u"{colors: {contains: GREEN}}"_s << QStringList{u"1"_s};
    QTest::newRow("no element") << u"{colors: {notContains: GREEN}}"_s << QStringList{u"2"_s, u"3"_s};
    QTest::newRow("no list is a single value") << u"{colorsRequired: {eq: red}}"_s << QStringList{};
    QTest::newRow("every list differs from a single value") << u"{a: {ne: \"x\"}}"_s << QStringList{u"1"_s, u"2"_s, u"3"_s};
    QTest::newRow("no order between a list and a text") << u"{or: [{a: {lt: \"y\"}}, {a: {between: [\"a\", \"z\"]}}, {a: {beginsWith: \"\"}}]}"_s << QStringList{};
    QTest::newRow("nor between a list and a number") << u"{ints: {ge: 0}}"_s << QStringList{};
}

void TestReads::listsInFilters()
{
    QFETCH(const QString, filter);
    QFETCH(const QStringList, ids);
    open(m_types);
    const auto createLists = [this](const QString &id, const QJsonValue &colors) {
        create(u"Lists"_s, {{u"id"_s, id}, {u"a"_s, QJsonArray{u"x"_s}}, {u"ints"_s, QJsonArray{1}}, {u"c"_s, QJsonArray{}}, {u"d"_s, QJsonArray{}},
                            {u"colors"_s, colors}, {u"colorsRequired"_s, QJsonArray{u"red"_s}}, {u"boxesRequired"_s, QJsonArray{}}});
    };
    createLists(u"1"_s, QJsonArray{u"red"_s, u"GREEN"_s});
    createLists(u"2"_s, QJsonArray{u"red"_s});
    createLists(u"3"_s, {});
    QCOMPARE(strings(m_backend->data(u"{ listLists(filter: %1) { items { id } } }"_s.arg(filter))["items"_L1], u"id"_s), ids);
}

void TestReads::refusesBadFilters_data()
{
    QTest::addColumn<QString>("filter");
    QTest::newRow("between with one value") << u"{int: {between: [1]}}"_s;
    QTest::newRow("between with three values") << u"{int: {between: [1, 2, 3]}}"_s;
}

void TestReads::refusesBadFilters()
{
    QFETCH(const QString, filter);
    open(m_types);
    const QJsonObject response = m_backend->run(u"{ listAllScalars(filter: %1) { items { id } } }"_s.arg(filter));
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"BadRequest"_s);
    QVERIFY(response["data"_L1]["listAllScalars"_L1].isNull());
}

void TestReads::parentsAreReadOnce()
{
    openRelations();
    createMembers();
    const QJsonArray items = m_backend->data(u"{ listMembers { items { id team { name } mentor { id mentor { id } } } } }"_s)["items"_L1].toArray();
    QCOMPARE(items[1].toObject(), (QJsonObject{{u"id"_s, u"m2"_s}, {u"team"_s, QJsonObject{{u"name"_s, u"One"_s}}},
                                               {u"mentor"_s, QJsonObject{{u"id"_s, u"m1"_s}, {u"mentor"_s, QJsonValue()}}}}));
}

void TestReads::missingParentOfARequiredRelationNullsTheItem()
{
    openRelations();
    create(u"Member"_s, {{u"id"_s, u"m1"_s}, {u"name"_s, u"A"_s}, {u"teamId"_s, u"nope"_s}});
    create(u"Member"_s, {{u"id"_s, u"m2"_s}, {u"name"_s, u"B"_s}, {u"teamId"_s, u"nope"_s}, {u"mentorId"_s, u"gone"_s}});
    const QJsonObject response = m_backend->run(u"{ syncMembers { items { id team { id } } } }"_s);
    QCOMPARE(response["data"_L1]["syncMembers"_L1]["items"_L1].toArray(), (QJsonArray{QJsonValue(), QJsonValue()}));
    QCOMPARE(response["errors"_L1].toArray().size(), 2);
    QCOMPARE(firstError(response)["message"_L1].toString(),
             u"Cannot return null for non-nullable type: 'Team' within parent 'Member' (/syncMembers/items[0]/team)"_s);
    QCOMPARE(firstError(response)["path"_L1].toArray(), (QJsonArray{u"syncMembers"_s, u"items"_s, 0, u"team"_s}));
    QVERIFY(m_backend->data(u"{ getMember(id: \"m2\") { mentor { id } } }"_s)["mentor"_L1].isNull());
}

void TestReads::tombstoneParentsAreShown()
{
    openRelations();
    createMembers();
    m_backend->mutate(u"delete"_s, u"Team"_s, {{u"id"_s, u"t1"_s}, {u"_version"_s, 1}}, u"id"_s);
    QCOMPARE(m_backend->data(u"{ getMember(id: \"m1\") { team { id _deleted } } }"_s)["team"_L1].toObject(),
             (QJsonObject{{u"id"_s, u"t1"_s}, {u"_deleted"_s, true}}));
}

void TestReads::connectionsHaveItemsTokenAndStartedAt()
{
    openRelations();
    createMembers();
    m_backend->mutate(u"delete"_s, u"Member"_s, {{u"id"_s, u"m1"_s}, {u"_version"_s, 1}}, u"id"_s);
    const QJsonArray teams = m_backend->data(u"{ listTeams { items { id members { items { id _deleted } nextToken startedAt } } } }"_s)["items"_L1].toArray();
    const QJsonObject members = teams[0]["members"_L1].toObject();
    QCOMPARE(strings(members["items"_L1], u"id"_s), (QStringList{u"m2"_s, u"m1"_s, u"m3"_s}));
    QCOMPARE(members["items"_L1][1]["_deleted"_L1], QJsonValue(true));
    QVERIFY(members.contains("nextToken"_L1) && members["nextToken"_L1].isNull());
    QVERIFY(members.contains("startedAt"_L1) && members["startedAt"_L1].isNull());
    QCOMPARE(strings(teams[1]["members"_L1]["items"_L1], u"id"_s), QStringList{u"m4"_s});
}

void TestReads::connectionsPage()
{
    openRelations();
    createMembers();
    const QString query = u"query Q($t: String) { getTeam(id: \"t1\") { members(limit: 2, nextToken: $t) { items { id } nextToken } } }"_s;
    const QJsonObject first = m_backend->data(query)["members"_L1].toObject();
    QCOMPARE(strings(first["items"_L1], u"id"_s), (QStringList{u"m2"_s, u"m1"_s}));
    const QJsonObject second = m_backend->data(query, {{u"t"_s, first["nextToken"_L1]}})["members"_L1].toObject();
    QCOMPARE(strings(second["items"_L1], u"id"_s), QStringList{u"m3"_s});
    QVERIFY(second["nextToken"_L1].isNull());
    // a token is its parent's
    const QJsonObject all = m_backend->run(u"query Q($t: String) { listTeams { items { members(limit: 2, nextToken: $t) { items { id } } } } }"_s,
                                           {{u"t"_s, first["nextToken"_L1]}});
    QCOMPARE(firstError(all)["errorType"_L1].toString(), u"DynamoDB:UserIllegalArgumentException"_s);
    QCOMPARE(all["data"_L1]["listTeams"_L1]["items"_L1][0]["members"_L1]["items"_L1].toArray().size(), 1);
}

void TestReads::connectionsSortAndFilter()
{
    openRelations();
    createMembers();
    const auto members = [&](const QString &arguments) {
        return strings(m_backend->data(u"{ getTeam(id: \"t1\") { members(%1) { items { id } } } }"_s.arg(arguments))["members"_L1]["items"_L1], u"id"_s);
    };
    QCOMPARE(members(u"sortDirection: DESC"_s), (QStringList{u"m3"_s, u"m1"_s, u"m2"_s}));
    QCOMPARE(members(u"name: {gt: \"Ann\"}"_s), (QStringList{u"m1"_s, u"m3"_s}));
    QCOMPARE(members(u"filter: {name: {contains: \"e\"}}"_s), QStringList{u"m1"_s});
    QCOMPARE(members(u"limit: 1, sortDirection: DESC"_s), QStringList{u"m3"_s});
}

void TestReads::selfRelationsNest()
{
    openRelations();
    createMembers();
    const QJsonObject mentor = m_backend->data(u"{ getMember(id: \"m1\") { students { items { id students { items { id } } } } } }"_s).toObject();
    QCOMPARE(strings(mentor["students"_L1]["items"_L1], u"id"_s), (QStringList{u"m2"_s, u"m3"_s}));
    QVERIFY(mentor["students"_L1]["items"_L1][0]["students"_L1]["items"_L1].toArray().isEmpty());
}

void TestReads::refusesAnswersThatGrowTooLarge()
{
    m_backend = std::make_unique<TestBackend>(m_relations, BackendOptions{.maxRecords = 5});
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
    createMembers();
    const QJsonObject response = m_backend->run(u"{ listTeams { items { id members { items { id } } } } }"_s);
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"MappingTemplate"_s);
    QCOMPARE(firstError(response)["message"_L1].toString(), u"Transformation too large"_s);
    QCOMPARE(strings(response["data"_L1]["listTeams"_L1]["items"_L1], u"id"_s), (QStringList{u"t1"_s, u"t2"_s}));
}

void TestReads::compositeForeignKeys()
{
    openRelations();
    create(u"Parent"_s, {{u"region"_s, u"r"_s}, {u"code"_s, u"c"_s}});
    create(u"Parent"_s, {{u"region"_s, u"r"_s}, {u"code"_s, u"d"_s}});
    for (int serial : {1, 2})
        create(u"Child"_s, {{u"region"_s, u"x"_s}, {u"serial"_s, serial}, {u"parentChildrenRegion"_s, u"r"_s},
                            {u"parentChildrenCode"_s, serial == 1 ? u"c"_s : u"d"_s}});
    const QJsonArray parents = m_backend->data(u"{ listParents { items { code children { items { serial parent { code } } } } } }"_s)["items"_L1].toArray();
    QCOMPARE(parents.size(), 2);
    for (const QJsonValue parent : parents) {
        QCOMPARE(parent["children"_L1]["items"_L1].toArray().size(), 1);
        QCOMPARE(parent["children"_L1]["items"_L1][0]["parent"_L1]["code"_L1], parent["code"_L1]);
    }
}

void TestReads::manyToManyGoesThroughTheJoinModel()
{
    openRelations();
    create(u"Student"_s, {{u"school"_s, u"s"_s}, {u"number"_s, 1}});
    create(u"Course"_s, {{u"id"_s, u"c1"_s}, {u"title"_s, u"Math"_s}});
    create(u"Enrolment"_s, {{u"id"_s, u"e1"_s}, {u"studentSchool"_s, u"s"_s}, {u"studentnumber"_s, 1}, {u"courseId"_s, u"c1"_s}});
    QCOMPARE(m_backend->data(u"{ getStudent(school: \"s\", number: 1) { courses { items { course { title } } } } }"_s)
                 ["courses"_L1]["items"_L1][0]["course"_L1]["title"_L1].toString(), u"Math"_s);
    QCOMPARE(m_backend->data(u"{ getCourse(id: \"c1\") { students { items { student { number } } } } }"_s)
                 ["students"_L1]["items"_L1][0]["student"_L1]["number"_L1].toInt(), 1);
    QCOMPARE(strings(m_backend->data(u"{ enrolmentsByCourseId(courseId: \"c1\") { items { id } } }"_s)["items"_L1], u"id"_s), QStringList{u"e1"_s});
}

void TestReads::referencesStyleHasOnePrefersALiveRecord()
{
    openRelations();
    create(u"Shelf"_s, {{u"id"_s, u"s"_s}});
    for (const QString &id : {u"l1"_s, u"l2"_s})
        create(u"Lamp"_s, {{u"id"_s, id}, {u"shelfId"_s, u"s"_s}});
    m_backend->mutate(u"delete"_s, u"Lamp"_s, {{u"id"_s, u"l1"_s}, {u"_version"_s, 1}}, u"id"_s);
    QCOMPARE(m_backend->data(u"{ getShelf(id: \"s\") { lamp { id } } }"_s)["lamp"_L1]["id"_L1].toString(), u"l2"_s);
}

void TestReads::typenameEverywhere()
{
    openRelations();
    createMembers();
    const QJsonObject response = m_backend->run(u"{ __typename listTeams(limit: 1) { __typename items { __typename members(limit: 1) { __typename items { __typename } } } } }"_s);
    QCOMPARE(QJsonDocument(response["data"_L1].toObject()).toJson(QJsonDocument::Compact),
             QByteArray(R"({"__typename":"Query","listTeams":{"__typename":"ModelTeamConnection","items":[{"__typename":"Team",)"
                        R"("members":{"__typename":"ModelMemberConnection","items":[{"__typename":"Member"}]}}]}})"));
}

void TestReads::embeddedTypesAndLists()
{
    open(m_types);
    const QJsonObject inner{{u"text"_s, u"x"_s}, {u"when"_s, u"2020-01-01T00:00:00Z"_s}, {u"deeper"_s, QJsonObject{{u"n"_s, 1}}}};
    const QJsonObject box{{u"width"_s, 1.5}, {u"color"_s, u"Blue_1"_s}, {u"tags"_s, QJsonArray{u"a"_s}}, {u"inner"_s, inner}, {u"inners"_s, QJsonArray{inner}}};
    const QJsonObject input{{u"id"_s, u"1"_s}, {u"a"_s, QJsonArray{u"x"_s, QJsonValue()}}, {u"c"_s, QJsonArray{}}, {u"d"_s, QJsonArray{u"y"_s}},
                            {u"floats"_s, QJsonArray{0.5, 2}}, {u"booleans"_s, QJsonArray{true, QJsonValue()}}, {u"jsons"_s, QJsonArray{u"{ \"a\":1}"_s}},
                            {u"colorsRequired"_s, QJsonArray{u"red"_s}}, {u"boxes"_s, QJsonArray{box, QJsonValue()}}, {u"boxesRequired"_s, QJsonArray{box}}};
    const QString boxFields = u"{ width color tags inner { text when deeper { n } } inners { text when deeper { n } } }"_s;
    const QString fields = u"id a c d floats booleans jsons colorsRequired boxes %1 boxesRequired %1"_s.arg(boxFields);
    QCOMPARE(m_backend->mutate(u"create"_s, u"Lists"_s, input, fields)["data"_L1]["createLists"_L1].toObject(), input);
    QCOMPARE(m_backend->data(u"{ getLists(id: \"1\") { %1 } }"_s.arg(fields)).toObject(), input);
    QCOMPARE(m_backend->data(u"{ getLists(id: \"1\") { boxes { __typename w: width } } }"_s)["boxes"_L1][0].toObject(),
             (QJsonObject{{u"__typename"_s, u"Box"_s}, {u"w"_s, 1.5}}));
}

void TestReads::introspection()
{
    open(m_blog);
    const QJsonObject response = m_backend->run(u"{ __schema { queryType { name } } __type(name: \"Blog\") { fields { name } } }"_s);
    QCOMPARE(response["data"_L1]["__schema"_L1]["queryType"_L1]["name"_L1].toString(), u"Query"_s);
    QVERIFY(strings(response["data"_L1]["__type"_L1]["fields"_L1], u"name"_s).contains(u"_lastChangedAt"_s));
}

void TestReads::indexQueriesFindOwnersAsShown_data()
{
    QTest::addColumn<QString>("owner");
    QTest::addColumn<QStringList>("ids");
    QTest::newRow("the name that is shown") << u"ann"_s << QStringList{u"1"_s, u"2"_s, u"4"_s};
    QTest::newRow("the stored value") << u"7::ann"_s << QStringList{u"1"_s, u"2"_s};
    QTest::newRow("a part of a name") << u"nn"_s << QStringList();
    QTest::newRow("a subject") << u"7"_s << QStringList();
    QTest::newRow("a name with signs") << u"%"_s << QStringList{u"5"_s};
    QTest::newRow("nobody's") << u"a name longer than all that is stored"_s << QStringList();
}

void TestReads::indexQueriesFindOwnersAsShown()
{
    QFETCH(const QString, owner);
    QFETCH(const QStringList, ids);
    const Result<Schema> schema = Schema::parse(
        u"type Note @model @auth(rules: [{allow: owner}, {allow: public}]) { id: ID! owner: String @index(name: \"byOwner\", queryField: \"notesByOwner\", "
        "sortKeyFields: [\"rank\"]) rank: Int! }"_s);
    QVERIFY2(schema, qPrintable(schema.error().message()));
    TestBackend backend(*schema);
    QVERIFY2(backend.backend, qPrintable(backend.error.message()));
    const QStringList owners{u"7::ann"_s, u"7::ann"_s, u"8::bob"_s, u"9::ann"_s, u"9::%"_s};
    for (int i = 0; i < owners.size(); ++i) {
        QVERIFY(!backend.mutate(u"create"_s, u"Note"_s, {{u"id"_s, QString::number(i + 1)}, {u"rank"_s, i}, {u"owner"_s, owners[i]}}, u"id"_s).contains("errors"_L1));
    }
    QStringList found;
    QJsonValue token;
    do {
        const QJsonObject page = backend.data(u"query Q($o: String!, $t: String) { notesByOwner(owner: $o, rank: {ge: 0}, limit: 1, nextToken: $t) "
                                              "{ items { id } nextToken } }"_s, {{u"o"_s, owner}, {u"t"_s, token}}).toObject();
        found += strings(page["items"_L1], u"id"_s);
        token = page["nextToken"_L1];
    } while (!token.isNull() && !token.isUndefined());
    QCOMPARE(found, ids);
    const QString filter = u"{ syncNotes(filter: {owner: {eq: \"%1\"}}) { items { id } } }"_s.arg(owner);
    QCOMPARE(strings(backend.data(filter)["items"_L1], u"id"_s), ids);           // the same to a sync
}

QTEST_GUILESS_MAIN(TestReads)
#include "tst_reads.moc"
