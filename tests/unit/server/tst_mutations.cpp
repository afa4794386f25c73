// SPDX-License-Identifier: MIT
#include "backendfixture.h"

using namespace BackendFixture;

static const QString blogFields = u"id name createdAt updatedAt _version _lastChangedAt _deleted"_s;
static const QString postFields = u"id title rating status metadata { rating tags nested { aField } } _version _deleted"_s;

class TestMutations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    // create
    void createWritesMetadataAndTimes();
    void createMakesAnIdWhenNoneIsGiven();
    void createIgnoresAVersion();
    void createOfATakenKeyFails();
    void createOfATombstonesKeyFails();
    void createThatNamesTheTombstoneMakesTheRecordAnew();
    void repeatedCreateIsAnsweredWithTheRecord();
    void repeatedCreateOfAChangedRecordFails();
    void createChecksItsCondition();
    void createReturnsScalarsAsTheyCame();

    // update
    void updateAtTheVersionSetsFields();
    void updateSetsNullAndKeepsWhatIsAbsent();
    void updateTakesAGivenUpdatedAt();
    void updateOfAMissingRecordFails();
    void updateWithAFalseConditionFails_data();
    void updateWithAFalseConditionFails();
    void updateToNullOfARequiredFieldIsRefused();
    void updateOfATombstoneAtItsVersionKeepsItDeleted();
    void updateOfATombstoneAtAnotherVersionIsAConflict();

    // conflicts
    void optimisticConcurrencyRejects_data();
    void optimisticConcurrencyRejects();
    void conflictDataFollowsTheSelection();
    void automergeKeepsStoredScalars();
    void automergeWithoutAVersion();
    void automergeWithALaterVersion();
    void automergeAddsWhatIsAbsent();
    void automergeJoinsLists();
    void automergeMergesObjects();
    void automergeMergesJsonObjects();
    void automergeIgnoresNulls();
    void automergeKeepsOtherShapes();

    // delete
    void deleteLeavesATombstone();
    void deleteAtAnotherVersionIsAConflict_data();
    void deleteAtAnotherVersionIsAConflict();
    void deleteWithAFalseConditionFails();
    void deleteOfAMissingRecordFails();
    void deleteOfATombstoneChangesNothing();
    void deleteTakesNumbersAsText();
    void deleteWithoutBaseTtlRemovesTheRow();

    // documents
    void severalMutationsRunInOrder();
    void aFailureLeavesTheOthersOfItsDocument();
    void errorsHaveAppSyncsShape();
    void variablesMayBeNull();
    void refusesBadInput_data();
    void refusesBadInput();
    void refusesUnreadableDocuments();

private:
    QJsonObject createBlog(const QJsonObject &input = {{u"id"_s, u"b1"_s}, {u"name"_s, u"A"_s}})
    {
        return m_backend->mutate(u"create"_s, u"Blog"_s, input, blogFields)["data"_L1]["createBlog"_L1].toObject();
    }
    QJsonObject update(const QString &model, const QJsonObject &input, const QString &fields, const QJsonValue &condition = {})
    {
        return m_backend->mutate(u"update"_s, model, input, fields, condition);
    }
    QJsonObject updateBlog(const QJsonObject &input, const QJsonValue &condition = {}) { return update(u"Blog"_s, input, blogFields, condition); }
    QJsonObject deleteBlog(const QJsonObject &input, const QJsonValue &condition = {})
    {
        return m_backend->mutate(u"delete"_s, u"Blog"_s, input, blogFields, condition);
    }
    QJsonObject blog(const QString &id = u"b1"_s)
    {
        return m_backend->data(u"query operation($id: ID!) { getBlog(id: $id) { %1 } }"_s.arg(blogFields), {{u"id"_s, id}}).toObject();
    }
    void openTypes() { m_backend = std::make_unique<TestBackend>(m_types); QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message())); }
    void openWith(BackendOptions options)
    {
        m_backend = std::make_unique<TestBackend>(m_blog, std::move(options));
        QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
    }

    Schema m_blog, m_types;
    std::unique_ptr<TestBackend> m_backend;
};

void TestMutations::initTestCase()
{
    m_blog = fixtureSchema(u"blog"_s);
    m_types = fixtureSchema(u"types"_s);
    QVERIFY2(!m_blog.isEmpty(), "fixtures/schema/blog/input.graphql is missing");
    QVERIFY2(!m_types.isEmpty(), "fixtures/schema/types/input.graphql is missing");
}

void TestMutations::init()
{
    openWith({});
}

void TestMutations::createWritesMetadataAndTimes()
{
    const QJsonObject expected{{u"id"_s, u"b1"_s}, {u"name"_s, u"A"_s}, {u"createdAt"_s, u"2023-11-14T22:13:20.000Z"_s},
                               {u"updatedAt"_s, u"2023-11-14T22:13:20.000Z"_s}, {u"_version"_s, 1},
                               {u"_lastChangedAt"_s, startOfTime}, {u"_deleted"_s, QJsonValue()}};
    QCOMPARE(createBlog(), expected);
    QCOMPARE(blog(), expected);
}

void TestMutations::createMakesAnIdWhenNoneIsGiven()
{
    QCOMPARE(createBlog({{u"name"_s, u"A"_s}})["id"_L1].toString(), u"id-1"_s);
    QCOMPARE(createBlog({{u"name"_s, u"A"_s}, {u"id"_s, QJsonValue()}})["id"_L1].toString(), u"id-2"_s);
}

void TestMutations::createIgnoresAVersion()
{
    QCOMPARE(createBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"A"_s}, {u"_version"_s, 7}})["_version"_L1].toInt(), 1);
}

void TestMutations::createOfATakenKeyFails()
{
    createBlog();
    const QJsonObject response = m_backend->mutate(u"create"_s, u"Blog"_s, {{u"id"_s, u"b1"_s}, {u"name"_s, u"B"_s}}, blogFields);
    QVERIFY(response["data"_L1]["createBlog"_L1].isNull());
    QCOMPARE(response["errors"_L1].toArray().size(), 1);
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
    QVERIFY(firstError(response)["message"_L1].toString().startsWith(u"The conditional request failed (Service: DynamoDb, Status Code: 400"));
    QVERIFY(firstError(response)["data"_L1].isNull());
    QCOMPARE(blog()["name"_L1].toString(), u"A"_s);
}

void TestMutations::createOfATombstonesKeyFails()
{
    createBlog();
    deleteBlog({{u"id"_s, u"b1"_s}, {u"_version"_s, 1}});
    const QJsonObject response = m_backend->mutate(u"create"_s, u"Blog"_s, {{u"id"_s, u"b1"_s}, {u"name"_s, u"A"_s}}, blogFields);
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
}

void TestMutations::createThatNamesTheTombstoneMakesTheRecordAnew()
{
    createBlog();
    deleteBlog({{u"id"_s, u"b1"_s}, {u"_version"_s, 1}});
    m_backend->now += 1000;
    const auto create = [this](int version) {
        return m_backend->mutate(u"create"_s, u"Blog"_s, {{u"id"_s, u"b1"_s}, {u"name"_s, u"B"_s}, {u"_version"_s, version}}, blogFields);
    };
    for (const int other : {0, 1, 3})
        QCOMPARE(firstError(create(other))["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
    const QJsonObject made = create(2)["data"_L1]["createBlog"_L1].toObject();
    QCOMPARE(made["name"_L1].toString(), u"B"_s);
    QCOMPARE(made["_version"_L1].toInt(), 3);
    QVERIFY(made["_deleted"_L1].isNull());
    QCOMPARE(made["createdAt"_L1], made["updatedAt"_L1]);
    QCOMPARE(blog(), made);
    QCOMPARE(firstError(create(3))["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
}

void TestMutations::repeatedCreateIsAnsweredWithTheRecord()
{
    const QJsonObject first = createBlog();
    m_backend->now += 1000;
    QCOMPARE(createBlog(), first);
}

void TestMutations::repeatedCreateOfAChangedRecordFails()
{
    createBlog();
    updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"A"_s}, {u"_version"_s, 1}});
    const QJsonObject response = m_backend->mutate(u"create"_s, u"Blog"_s, {{u"id"_s, u"b1"_s}, {u"name"_s, u"A"_s}}, blogFields);
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
}

void TestMutations::createChecksItsCondition()
{
    const QJsonObject input{{u"id"_s, u"b1"_s}, {u"name"_s, u"A"_s}};
    const QJsonObject never{{u"name"_s, QJsonObject{{u"eq"_s, u"A"_s}}}};
    const QJsonObject always{{u"name"_s, QJsonObject{{u"attributeExists"_s, false}}}};
    QCOMPARE(firstError(m_backend->mutate(u"create"_s, u"Blog"_s, input, blogFields, never))["errorType"_L1].toString(),
             u"ConditionalCheckFailedException"_s);
    QVERIFY(blog().isEmpty());
    QVERIFY(!m_backend->mutate(u"create"_s, u"Blog"_s, input, blogFields, always).contains("errors"_L1));
}

void TestMutations::createReturnsScalarsAsTheyCame()
{
    openTypes();
    const QJsonObject input{{u"id"_s, u"1"_s}, {u"string"_s, u"  \u00e4 \"x\" \\ \n "_s}, {u"int"_s, -2147483648LL}, {u"float"_s, 0.1},
                            {u"boolean"_s, false}, {u"date"_s, u"2020-01-01Z"_s}, {u"time"_s, u"12:30:24.500Z"_s},
                            {u"dateTime"_s, u"2020-01-01T00:00:00.000+02:00"_s}, {u"timestamp"_s, 1700000000123LL},
                            {u"email"_s, u"A@Example.com"_s}, {u"json"_s, u"{\"b\": 1,  \"a\":[ ]}"_s},
                            {u"url"_s, u"https://example.com/a?b#c"_s}, {u"phone"_s, u"+358 40 123 4567"_s}, {u"ip"_s, u"10.0.0.1"_s},
                            {u"otherId"_s, u""_s}};
    const QString fields = input.keys().join(u' ');
    const QJsonObject created = m_backend->mutate(u"create"_s, u"AllScalars"_s, input, fields)["data"_L1]["createAllScalars"_L1].toObject();
    QCOMPARE(created, input);
    QCOMPARE(m_backend->data(u"{ getAllScalars(id: \"1\") { %1 } }"_s.arg(fields)).toObject(), input);
}

void TestMutations::updateAtTheVersionSetsFields()
{
    createBlog();
    m_backend->now += 1000;
    const QJsonObject updated = updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"B"_s}, {u"_version"_s, 1}})["data"_L1]["updateBlog"_L1].toObject();
    QCOMPARE(updated, (QJsonObject{{u"id"_s, u"b1"_s}, {u"name"_s, u"B"_s}, {u"createdAt"_s, u"2023-11-14T22:13:20.000Z"_s},
                                   {u"updatedAt"_s, u"2023-11-14T22:13:21.000Z"_s}, {u"_version"_s, 2},
                                   {u"_lastChangedAt"_s, startOfTime + 1000}, {u"_deleted"_s, QJsonValue()}}));
    QCOMPARE(blog(), updated);
}

void TestMutations::updateSetsNullAndKeepsWhatIsAbsent()
{
    openTypes();
    m_backend->mutate(u"create"_s, u"AllScalars"_s, {{u"id"_s, u"1"_s}, {u"string"_s, u"a"_s}, {u"int"_s, 1}}, u"id"_s);
    const QJsonObject updated = update(u"AllScalars"_s, {{u"id"_s, u"1"_s}, {u"string"_s, QJsonValue()}, {u"_version"_s, 1}},
                                       u"string int"_s)["data"_L1]["updateAllScalars"_L1].toObject();
    QCOMPARE(updated, (QJsonObject{{u"string"_s, QJsonValue()}, {u"int"_s, 1}}));
}

void TestMutations::updateTakesAGivenUpdatedAt()
{
    openTypes();
    const QString own = u"2001-02-03T04:05:06Z"_s;
    m_backend->mutate(u"create"_s, u"DeclaredTimestamps"_s, {{u"id"_s, u"1"_s}, {u"createdAt"_s, QJsonValue()}}, u"id"_s);
    m_backend->now += 1000;
    const auto updatedAt = [&](const QJsonObject &input) {
        return update(u"DeclaredTimestamps"_s, input, u"updatedAt"_s)["data"_L1]["updateDeclaredTimestamps"_L1]["updatedAt"_L1].toString();
    };
    QCOMPARE(updatedAt({{u"id"_s, u"1"_s}, {u"updatedAt"_s, own}, {u"_version"_s, 1}}), own);
    QCOMPARE(updatedAt({{u"id"_s, u"1"_s}, {u"name"_s, u"x"_s}, {u"_version"_s, 2}}), u"2023-11-14T22:13:21.000Z"_s);
}

void TestMutations::updateOfAMissingRecordFails()
{
    const QJsonObject response = updateBlog({{u"id"_s, u"nope"_s}, {u"name"_s, u"B"_s}, {u"_version"_s, 1}});
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
    QVERIFY(response["data"_L1]["updateBlog"_L1].isNull());
}

void TestMutations::updateWithAFalseConditionFails_data()
{
    QTest::addColumn<int>("version");
    QTest::newRow("at the version") << 1;
    QTest::newRow("the condition is asked before the version") << 9;
}

void TestMutations::updateWithAFalseConditionFails()
{
    QFETCH(const int, version);
    createBlog();
    const QJsonObject response = updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"B"_s}, {u"_version"_s, version}},
                                            QJsonObject{{u"name"_s, QJsonObject{{u"eq"_s, u"other"_s}}}});
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
    QVERIFY(firstError(response)["data"_L1].isNull());
    QCOMPARE(blog()["_version"_L1].toInt(), 1);
}

void TestMutations::updateToNullOfARequiredFieldIsRefused()
{
    createBlog();
    const QJsonObject response = updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, QJsonValue()}, {u"_version"_s, 1}});
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"BadRequest"_s);
    QCOMPARE(blog()["name"_L1].toString(), u"A"_s);
}

void TestMutations::updateOfATombstoneAtItsVersionKeepsItDeleted()
{
    createBlog();
    deleteBlog({{u"id"_s, u"b1"_s}, {u"_version"_s, 1}});
    const QJsonObject updated = updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"B"_s}, {u"_version"_s, 2}})["data"_L1]["updateBlog"_L1].toObject();
    QCOMPARE(updated["_version"_L1].toInt(), 3);
    QCOMPARE(updated["_deleted"_L1], QJsonValue(true));
    QCOMPARE(updated["name"_L1].toString(), u"B"_s);
}

void TestMutations::updateOfATombstoneAtAnotherVersionIsAConflict()
{
    createBlog();
    deleteBlog({{u"id"_s, u"b1"_s}, {u"_version"_s, 1}});
    const QJsonObject response = updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"B"_s}, {u"_version"_s, 1}});
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConflictUnhandled"_s);
    QCOMPARE(firstError(response)["data"_L1]["_version"_L1].toInt(), 2);
    QCOMPARE(firstError(response)["data"_L1]["_deleted"_L1], QJsonValue(true));
}

void TestMutations::optimisticConcurrencyRejects_data()
{
    QTest::addColumn<QJsonValue>("version");
    QTest::newRow("an older version") << QJsonValue(1);
    QTest::newRow("a later version") << QJsonValue(7);
    QTest::newRow("no version") << QJsonValue(QJsonValue::Undefined);
    QTest::newRow("null for a version") << QJsonValue();
}

void TestMutations::optimisticConcurrencyRejects()
{
    QFETCH(const QJsonValue, version);
    openWith({.conflicts = ConflictStrategy::OptimisticConcurrency});
    createBlog();
    const QJsonObject stored = updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"A2"_s}, {u"_version"_s, 1}})["data"_L1]["updateBlog"_L1].toObject();
    const QJsonObject response = updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"B"_s}, {u"_version"_s, version}});
    QVERIFY(response["data"_L1]["updateBlog"_L1].isNull());
    QCOMPARE(response["errors"_L1].toArray().size(), 1);
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConflictUnhandled"_s);
    QCOMPARE(firstError(response)["message"_L1].toString(), u"Conflict resolver rejects mutation."_s);
    QCOMPARE(firstError(response)["data"_L1].toObject(), stored);
    QCOMPARE(blog(), stored);
}

void TestMutations::conflictDataFollowsTheSelection()
{
    openWith({.conflicts = ConflictStrategy::OptimisticConcurrency});
    createBlog();
    m_backend->mutate(u"create"_s, u"Post"_s, {{u"id"_s, u"p1"_s}, {u"title"_s, u"t"_s}, {u"rating"_s, 1}, {u"status"_s, u"ACTIVE"_s},
                                               {u"blogPostsId"_s, u"b1"_s}, {u"metadata"_s, QJsonObject{{u"rating"_s, 5}}}}, u"id"_s);
    const QJsonObject response = update(u"Post"_s, {{u"id"_s, u"p1"_s}, {u"rating"_s, 2}, {u"_version"_s, 5}},
                                        u"__typename x: title metadata { rating } blog { id _deleted } _version"_s);
    QCOMPARE(firstError(response)["data"_L1].toObject(),
             (QJsonObject{{u"__typename"_s, u"Post"_s}, {u"x"_s, u"t"_s}, {u"metadata"_s, QJsonObject{{u"rating"_s, 5}}},
                          {u"blog"_s, QJsonObject{{u"id"_s, u"b1"_s}, {u"_deleted"_s, QJsonValue()}}}, {u"_version"_s, 1}}));
}

void TestMutations::automergeKeepsStoredScalars()
{
    createBlog();
    updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"A2"_s}, {u"_version"_s, 1}});
    m_backend->now += 1000;
    const QJsonObject response = updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"B"_s}, {u"_version"_s, 1}});
    QVERIFY(!response.contains("errors"_L1));
    const QJsonObject merged = response["data"_L1]["updateBlog"_L1].toObject();
    QCOMPARE(merged["name"_L1].toString(), u"A2"_s);
    QCOMPARE(merged["_version"_L1].toInt(), 3);
    QCOMPARE(merged["_lastChangedAt"_L1].toInteger(), startOfTime + 1000);
    QCOMPARE(merged["updatedAt"_L1].toString(), u"2023-11-14T22:13:20.000Z"_s);
}

void TestMutations::automergeWithoutAVersion()
{
    createBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"this is a title"_s}});
    const QJsonObject merged = updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"new title"_s}})["data"_L1]["updateBlog"_L1].toObject();
    QCOMPARE(merged["name"_L1].toString(), u"this is a title"_s);
    QCOMPARE(merged["_version"_L1].toInt(), 2);
    QVERIFY(merged["_deleted"_L1].isNull());
}

void TestMutations::automergeWithALaterVersion()
{
    createBlog();
    const QJsonObject merged = updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"B"_s}, {u"_version"_s, 9}})["data"_L1]["updateBlog"_L1].toObject();
    QCOMPARE(merged["name"_L1].toString(), u"A"_s);
    QCOMPARE(merged["_version"_L1].toInt(), 2);
}

void TestMutations::automergeAddsWhatIsAbsent()
{
    openTypes();
    m_backend->mutate(u"create"_s, u"AllScalars"_s, {{u"id"_s, u"1"_s}, {u"string"_s, u"Nadia"_s}, {u"int"_s, 5}}, u"id"_s);
    const QJsonObject merged = update(u"AllScalars"_s, {{u"id"_s, u"1"_s}, {u"string"_s, u"Shaggy"_s}, {u"int"_s, 55}, {u"float"_s, 1.5},
                                                        {u"_version"_s, 9}}, u"string int float _version"_s)["data"_L1]["updateAllScalars"_L1].toObject();
    QCOMPARE(merged, (QJsonObject{{u"string"_s, u"Nadia"_s}, {u"int"_s, 5}, {u"float"_s, 1.5}, {u"_version"_s, 2}}));
}

void TestMutations::automergeJoinsLists()
{
    openTypes();
    const QJsonArray none;
    m_backend->mutate(u"create"_s, u"Lists"_s, {{u"id"_s, u"1"_s}, {u"c"_s, none}, {u"d"_s, none}, {u"colorsRequired"_s, QJsonArray{u"red"_s}},
                                                {u"boxesRequired"_s, none}, {u"ints"_s, QJsonArray{24, 30, 27}}}, u"id"_s);
    const QJsonObject merged = update(u"Lists"_s, {{u"id"_s, u"1"_s}, {u"ints"_s, QJsonArray{30, 35}}, {u"colorsRequired"_s, QJsonArray{u"red"_s, u"GREEN"_s}},
                                                   {u"a"_s, QJsonArray{u"x"_s}}, {u"_version"_s, 9}},
                                      u"ints colorsRequired a"_s)["data"_L1]["updateLists"_L1].toObject();
    QCOMPARE(merged, (QJsonObject{{u"ints"_s, QJsonArray{24, 30, 27, 30, 35}}, {u"colorsRequired"_s, QJsonArray{u"red"_s, u"red"_s, u"GREEN"_s}},
                                  {u"a"_s, QJsonArray{u"x"_s}}}));
}

void TestMutations::automergeMergesObjects()
{
    m_backend->mutate(u"create"_s, u"Post"_s, {{u"id"_s, u"p1"_s}, {u"title"_s, u"t"_s}, {u"rating"_s, 1}, {u"status"_s, u"ACTIVE"_s},
                                               {u"metadata"_s, QJsonObject{{u"rating"_s, 5}, {u"tags"_s, QJsonArray{u"a"_s}}}}}, u"id"_s);
    const QJsonObject merged = update(u"Post"_s, {{u"id"_s, u"p1"_s}, {u"_version"_s, 3},
                                                  {u"metadata"_s, QJsonObject{{u"rating"_s, 6}, {u"tags"_s, QJsonArray{u"b"_s}},
                                                                              {u"nested"_s, QJsonObject{{u"aField"_s, u"n"_s}}}}}},
                                      postFields)["data"_L1]["updatePost"_L1].toObject();
    QCOMPARE(merged["metadata"_L1].toObject(), (QJsonObject{{u"rating"_s, 5}, {u"tags"_s, QJsonArray{u"a"_s, u"b"_s}},
                                                            {u"nested"_s, QJsonObject{{u"aField"_s, u"n"_s}}}}));
}

void TestMutations::automergeMergesJsonObjects()
{
    openTypes();
    const QString stored = u"{\"ppg\": \"35.4\", \"apg\": \"6.3\"}"_s;
    m_backend->mutate(u"create"_s, u"AllScalars"_s, {{u"id"_s, u"1"_s}, {u"json"_s, stored}}, u"id"_s);
    const auto merge = [&](const QString &json) {
        return update(u"AllScalars"_s, {{u"id"_s, u"1"_s}, {u"json"_s, json}, {u"_version"_s, 99}}, u"json"_s)["data"_L1]["updateAllScalars"_L1]["json"_L1].toString();
    };
    QCOMPARE(merge(u"{\"ppg\":\"1\"}"_s), stored);          // nothing came of it: the text stays
    QCOMPARE(QJsonDocument::fromJson(merge(u"{\"ppg\":\"25.7\",\"rpg\":\"6.9\"}"_s).toUtf8()).object(),
             (QJsonObject{{u"ppg"_s, u"35.4"_s}, {u"apg"_s, u"6.3"_s}, {u"rpg"_s, u"6.9"_s}}));
}

void TestMutations::automergeIgnoresNulls()
{
    openTypes();
    m_backend->mutate(u"create"_s, u"AllScalars"_s, {{u"id"_s, u"1"_s}, {u"string"_s, u"a"_s}}, u"id"_s);
    const QJsonObject response = update(u"AllScalars"_s, {{u"id"_s, u"1"_s}, {u"string"_s, QJsonValue()}, {u"_version"_s, 9}}, u"string"_s);
    QCOMPARE(response["data"_L1]["updateAllScalars"_L1]["string"_L1].toString(), u"a"_s);
}

void TestMutations::automergeKeepsOtherShapes()
{
    openTypes();
    m_backend->mutate(u"create"_s, u"AllScalars"_s, {{u"id"_s, u"1"_s}, {u"json"_s, u"[1]"_s}}, u"id"_s);
    const QJsonObject response = update(u"AllScalars"_s, {{u"id"_s, u"1"_s}, {u"json"_s, u"{\"a\":1}"_s}, {u"_version"_s, 9}}, u"json"_s);
    QCOMPARE(response["data"_L1]["updateAllScalars"_L1]["json"_L1].toString(), u"[1]"_s);
}

void TestMutations::deleteLeavesATombstone()
{
    createBlog();
    m_backend->now += 1000;
    const QJsonObject deleted = deleteBlog({{u"id"_s, u"b1"_s}, {u"_version"_s, 1}})["data"_L1]["deleteBlog"_L1].toObject();
    QCOMPARE(deleted, (QJsonObject{{u"id"_s, u"b1"_s}, {u"name"_s, u"A"_s}, {u"createdAt"_s, u"2023-11-14T22:13:20.000Z"_s},
                                   {u"updatedAt"_s, u"2023-11-14T22:13:20.000Z"_s}, {u"_version"_s, 2},
                                   {u"_lastChangedAt"_s, startOfTime + 1000}, {u"_deleted"_s, true}}));
    QCOMPARE(blog(), deleted);
}

void TestMutations::deleteAtAnotherVersionIsAConflict_data()
{
    QTest::addColumn<int>("strategy");
    QTest::addColumn<QJsonValue>("version");
    for (const ConflictStrategy strategy : {ConflictStrategy::Automerge, ConflictStrategy::OptimisticConcurrency}) {
        const char *name = strategy == ConflictStrategy::Automerge ? "automerge" : "optimistic concurrency";
        QTest::addRow("%s, an older version", name) << int(strategy) << QJsonValue(1);
        QTest::addRow("%s, version 0", name) << int(strategy) << QJsonValue(0);
        QTest::addRow("%s, no version", name) << int(strategy) << QJsonValue(QJsonValue::Undefined);
        QTest::addRow("%s, a later version", name) << int(strategy) << QJsonValue(8);
    }
}

void TestMutations::deleteAtAnotherVersionIsAConflict()
{
    QFETCH(const int, strategy);
    QFETCH(const QJsonValue, version);
    openWith({.conflicts = ConflictStrategy(strategy)});
    createBlog();
    updateBlog({{u"id"_s, u"b1"_s}, {u"name"_s, u"A2"_s}, {u"_version"_s, 1}});
    const QJsonObject stored = blog();
    const QJsonObject response = deleteBlog({{u"id"_s, u"b1"_s}, {u"_version"_s, version}});
    QVERIFY(response["data"_L1]["deleteBlog"_L1].isNull());
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConflictUnhandled"_s);
    QCOMPARE(firstError(response)["data"_L1].toObject(), stored);
    QCOMPARE(blog(), stored);
}

void TestMutations::deleteWithAFalseConditionFails()
{
    createBlog();
    const QJsonObject response = deleteBlog({{u"id"_s, u"b1"_s}, {u"_version"_s, 1}}, QJsonObject{{u"name"_s, QJsonObject{{u"ne"_s, u"A"_s}}}});
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
    QVERIFY(blog()["_deleted"_L1].isNull());
}

void TestMutations::deleteOfAMissingRecordFails()
{
    const QJsonObject response = deleteBlog({{u"id"_s, u"b1"_s}, {u"_version"_s, 1}});
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
}

void TestMutations::deleteOfATombstoneChangesNothing()
{
    createBlog();
    const QJsonObject tombstone = deleteBlog({{u"id"_s, u"b1"_s}, {u"_version"_s, 1}})["data"_L1]["deleteBlog"_L1].toObject();
    m_backend->now += 1000;
    QCOMPARE(deleteBlog({{u"id"_s, u"b1"_s}, {u"_version"_s, 2}})["data"_L1]["deleteBlog"_L1].toObject(), tombstone);
    const QJsonObject late = deleteBlog({{u"id"_s, u"b1"_s}, {u"_version"_s, 1}});
    QCOMPARE(firstError(late)["errorType"_L1].toString(), u"ConflictUnhandled"_s);
    QCOMPARE(firstError(late)["data"_L1].toObject(), tombstone);
}

void TestMutations::deleteTakesNumbersAsText()
{
    const Schema relations = fixtureSchema(u"relations"_s);
    QVERIFY2(!relations.isEmpty(), "fixtures/schema/relations/input.graphql is missing");
    m_backend = std::make_unique<TestBackend>(relations);
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
    m_backend->mutate(u"create"_s, u"Child"_s, {{u"region"_s, u"r"_s}, {u"serial"_s, 42}}, u"serial"_s);
    const QJsonObject response = m_backend->mutate(u"delete"_s, u"Child"_s, {{u"region"_s, u"r"_s}, {u"serial"_s, u"42"_s}, {u"_version"_s, 1}},
                                                   u"serial _deleted"_s);
    QCOMPARE(response["data"_L1]["deleteChild"_L1].toObject(), (QJsonObject{{u"serial"_s, 42}, {u"_deleted"_s, true}}));
}

void TestMutations::deleteWithoutBaseTtlRemovesTheRow()
{
    openWith({.baseTtlMs = 0});
    createBlog();
    const QJsonObject deleted = deleteBlog({{u"id"_s, u"b1"_s}, {u"_version"_s, 1}})["data"_L1]["deleteBlog"_L1].toObject();
    QCOMPARE(deleted["_deleted"_L1], QJsonValue(true));
    QCOMPARE(deleted["_version"_L1].toInt(), 2);
    QVERIFY(blog().isEmpty());
    QCOMPARE(createBlog()["_version"_L1].toInt(), 1);
}

void TestMutations::severalMutationsRunInOrder()
{
    const QJsonObject response = m_backend->run(u"mutation { a: createBlog(input: {id: \"b1\", name: \"A\"}) { _version } "
                                                "b: updateBlog(input: {id: \"b1\", name: \"B\", _version: 1}) { name _version } "
                                                "c: deleteBlog(input: {id: \"b1\", _version: 2}) { name _version _deleted } }"_s);
    QVERIFY(!response.contains("errors"_L1));
    QCOMPARE(response["data"_L1].toObject(), (QJsonObject{{u"a"_s, QJsonObject{{u"_version"_s, 1}}},
                                                          {u"b"_s, QJsonObject{{u"name"_s, u"B"_s}, {u"_version"_s, 2}}},
                                                          {u"c"_s, QJsonObject{{u"name"_s, u"B"_s}, {u"_version"_s, 3}, {u"_deleted"_s, true}}}}));
}

void TestMutations::aFailureLeavesTheOthersOfItsDocument()
{
    const QJsonObject response = m_backend->run(u"mutation { a: createBlog(input: {id: \"b1\", name: \"A\"}) { id } "
                                                "b: createBlog(input: {id: \"b1\", name: \"B\"}) { id } "
                                                "c: createBlog(input: {id: \"b2\", name: \"C\"}) { id } }"_s);
    QCOMPARE(response["errors"_L1].toArray().size(), 1);
    QCOMPARE(firstError(response)["path"_L1].toArray(), QJsonArray{u"b"_s});
    QVERIFY(response["data"_L1]["b"_L1].isNull());
    QCOMPARE(blog(u"b2"_s)["name"_L1].toString(), u"C"_s);
    QCOMPARE(blog()["name"_L1].toString(), u"A"_s);
}

void TestMutations::errorsHaveAppSyncsShape()
{
    createBlog();
    const QByteArray text = m_backend->text(TestBackend::mutation(u"delete"_s, u"Blog"_s, u"id"_s),
                                            {{u"input"_s, QJsonObject{{u"id"_s, u"b1"_s}}}, {u"condition"_s, QJsonValue()}});
    QCOMPARE(text, QByteArray(R"({"data":{"deleteBlog":null},"errors":[{"path":["deleteBlog"],"data":{"id":"b1"},)"
                              R"("errorType":"ConflictUnhandled","errorInfo":null,)"
                              R"("locations":[{"line":2,"column":3,"sourceName":null}],"message":"Conflict resolver rejects mutation."}]})"));
}

void TestMutations::variablesMayBeNull()
{
    const QJsonObject response = m_backend->run(u"mutation M($input: CreateBlogInput!, $c: ModelBlogConditionInput) "
                                                "{ createBlog(input: $input, condition: $c) { id } }"_s,
                                                {{u"input"_s, QJsonObject{{u"name"_s, u"A"_s}, {u"blogOwnerId"_s, QJsonValue()}}}, {u"c"_s, QJsonValue()}});
    QVERIFY(!response.contains("errors"_L1));
}

void TestMutations::refusesBadInput_data()
{
    QTest::addColumn<QJsonValue>("input");
    QTest::addColumn<QString>("message");
    QTest::newRow("unknown field") << QJsonValue(QJsonObject{{u"name"_s, u"A"_s}, {u"f"_s, 1}})
                                   << u"The variables input contains a field name 'f' that is not defined for input object type 'CreateBlogInput' "_s;
    QTest::newRow("metadata") << QJsonValue(QJsonObject{{u"name"_s, u"A"_s}, {u"_deleted"_s, true}})
                              << u"The variables input contains a field name '_deleted' that is not defined for input object type 'CreateBlogInput' "_s;
    QTest::newRow("null for a required field") << QJsonValue(QJsonObject{{u"name"_s, QJsonValue()}})
                                               << u"Variable 'input' has coerced Null value for NonNull type 'String!' at 'input.name'"_s;
    QTest::newRow("required field missing") << QJsonValue(QJsonObject{})
                                            << u"Variable 'input' has coerced Null value for NonNull type 'String!' at 'input'"_s;
    QTest::newRow("null for the input") << QJsonValue() << u"Variable 'input' has coerced Null value for NonNull type 'CreateBlogInput!'"_s;
}

void TestMutations::refusesBadInput()
{
    QFETCH(const QJsonValue, input);
    QFETCH(const QString, message);
    const QJsonObject response = m_backend->run(TestBackend::mutation(u"create"_s, u"Blog"_s, u"id"_s), {{u"input"_s, input}});
    QVERIFY(response["data"_L1].isNull());
    QCOMPARE(response["errors"_L1].toArray().size(), 1);
    QCOMPARE(firstError(response)["message"_L1].toString(), message);
    QVERIFY(firstError(response)["path"_L1].isNull());
    QVERIFY(!firstError(response).contains("errorType"_L1));
}

void TestMutations::refusesUnreadableDocuments()
{
    const QJsonObject response = m_backend->run(u"mutation {"_s);
    QVERIFY(response["data"_L1].isNull());
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"MalformedHttpRequestException"_s);
    const QJsonObject undefined = m_backend->run(u"{ badfield }"_s);
    QCOMPARE(firstError(undefined)["message"_L1].toString(),
             u"Validation error of type FieldUndefined: Field 'badfield' in type 'Query' is undefined @ 'badfield'"_s);
    QVERIFY(!firstError(undefined).contains("errorType"_L1));
}

QTEST_GUILESS_MAIN(TestMutations)
#include "tst_mutations.moc"
