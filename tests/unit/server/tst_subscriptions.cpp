// SPDX-License-Identifier: MIT
#include "backendfixture.h"

using namespace BackendFixture;

class TestSubscriptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void deliversWhatWasCommitted();
    void deliversEachKindToItsOwn();
    void deliversInCommitOrder();
    void deliversTheMergedRecord();
    void deliversNothingForARefusedMutation();
    void deliversNothingFromBefore();
    void showsTheSubscribersSelection();
    void showsRelations();
    void keepsARecordThatCannotBeShown();
    void filters_data();
    void filters();
    void severalOperatorsOfAFieldAreAlternatives();
    void writesAPayloadOncePerDocumentAndFilter();
    void stopsAfterUnsubscribe();
    void mayUnsubscribeFromADelivery();
    void mayMutateFromADelivery();
    void refuses_data();
    void refuses();

private:
    SubscriptionId subscribe(const QString &query, Deliveries &deliveries, const QJsonObject &variables = {})
    {
        const Result<SubscriptionId> id = m_backend->backend->subscribe({query, variables, {}, {}}, deliveries.receiver());
        return id ? *id : 0;
    }
    void createPost(const QString &id, int rating = 1, const QJsonObject &more = {})
    {
        QJsonObject input{{u"id"_s, id}, {u"title"_s, u"t"_s + id}, {u"rating"_s, rating}, {u"status"_s, u"ACTIVE"_s}};
        for (auto it = more.begin(); it != more.end(); ++it)
            input.insert(it.key(), it.value());
        QVERIFY(!m_backend->mutate(u"create"_s, u"Post"_s, input, u"id"_s).contains("errors"_L1));
    }

    Schema m_schema;
    std::unique_ptr<TestBackend> m_backend;
};

void TestSubscriptions::initTestCase()
{
    m_schema = fixtureSchema(u"blog"_s);
    QVERIFY2(!m_schema.isEmpty(), "fixtures/schema/blog/input.graphql is missing");
}

void TestSubscriptions::init()
{
    m_backend = std::make_unique<TestBackend>(m_schema);
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
}

void TestSubscriptions::deliversWhatWasCommitted()
{
    Deliveries deliveries;
    QVERIFY(subscribe(u"subscription operation {\n  onCreatePost { id title _version _lastChangedAt _deleted }\n}\n"_s, deliveries));
    createPost(u"1"_s);
    QTRY_COMPARE(deliveries.count(), 1);
    QCOMPARE(deliveries.text(0), QByteArray(R"({"data":{"onCreatePost":{"id":"1","title":"t1","_version":1,"_lastChangedAt":1700000000000,"_deleted":null}}})"));
}

void TestSubscriptions::deliversEachKindToItsOwn()
{
    Deliveries creates, updates, deletes, others;
    subscribe(u"subscription { onCreatePost { id } }"_s, creates);
    subscribe(u"subscription { onUpdatePost { title _version } }"_s, updates);
    subscribe(u"subscription { onDeletePost { title _version _deleted } }"_s, deletes);
    subscribe(u"subscription { onCreateBlog { id } }"_s, others);
    createPost(u"1"_s);
    m_backend->mutate(u"update"_s, u"Post"_s, {{u"id"_s, u"1"_s}, {u"title"_s, u"x"_s}, {u"_version"_s, 1}}, u"id"_s);
    m_backend->mutate(u"delete"_s, u"Post"_s, {{u"id"_s, u"1"_s}, {u"_version"_s, 2}}, u"id"_s);
    QTRY_COMPARE(deletes.count(), 1);
    QCOMPARE(creates.count(), 1);
    QCOMPARE(updates.count(), 1);
    QCOMPARE(others.count(), 0);
    QCOMPARE(updates.at(0)["onUpdatePost"_L1].toObject(), (QJsonObject{{u"title"_s, u"x"_s}, {u"_version"_s, 2}}));
    QCOMPARE(deletes.at(0)["onDeletePost"_L1].toObject(), (QJsonObject{{u"title"_s, u"x"_s}, {u"_version"_s, 3}, {u"_deleted"_s, true}}));
}

void TestSubscriptions::deliversInCommitOrder()
{
    Deliveries deliveries;
    subscribe(u"subscription { onUpdatePost { _version } }"_s, deliveries);
    createPost(u"1"_s);
    constexpr int count = 300;
    std::atomic<int> answered = 0;
    for (int version = 1; version <= count; ++version)
        m_backend->backend->execute({u"mutation { updatePost(input: {id: \"1\", rating: %1, _version: %1}) { id } }"_s.arg(version), {}, {}, {}},
                                    [&answered](const QByteArray &) { ++answered; });
    QTRY_COMPARE(answered, count);
    QTRY_COMPARE(deliveries.count(), count);
    for (int i = 0; i < count; ++i)
        QCOMPARE(deliveries.at(i)["onUpdatePost"_L1]["_version"_L1].toInt(), i + 2);
}

void TestSubscriptions::deliversTheMergedRecord()
{
    Deliveries deliveries;
    subscribe(u"subscription { onUpdatePost { title metadata { rating } _version } }"_s, deliveries);
    createPost(u"1"_s);
    m_backend->mutate(u"update"_s, u"Post"_s, {{u"id"_s, u"1"_s}, {u"title"_s, u"late"_s}, {u"metadata"_s, QJsonObject{{u"rating"_s, 3}}}, {u"_version"_s, 7}}, u"id"_s);
    QTRY_COMPARE(deliveries.count(), 1);
    QCOMPARE(deliveries.at(0)["onUpdatePost"_L1].toObject(),
             (QJsonObject{{u"title"_s, u"t1"_s}, {u"metadata"_s, QJsonObject{{u"rating"_s, 3}}}, {u"_version"_s, 2}}));
}

void TestSubscriptions::deliversNothingForARefusedMutation()
{
    Deliveries deliveries;
    subscribe(u"subscription { onCreatePost { id } }"_s, deliveries);
    subscribe(u"subscription { onUpdatePost { id } }"_s, deliveries);
    subscribe(u"subscription { onDeletePost { id } }"_s, deliveries);
    m_backend->mutate(u"update"_s, u"Post"_s, {{u"id"_s, u"1"_s}, {u"_version"_s, 1}}, u"id"_s);
    createPost(u"1"_s);
    createPost(u"1"_s);                                    // repeated: answered, not written
    m_backend->mutate(u"delete"_s, u"Post"_s, {{u"id"_s, u"1"_s}, {u"_version"_s, 9}}, u"id"_s);
    m_backend->mutate(u"create"_s, u"Post"_s, {{u"id"_s, u"1"_s}, {u"title"_s, u"other"_s}, {u"rating"_s, 1}, {u"status"_s, u"ACTIVE"_s}}, u"id"_s);
    createPost(u"2"_s);
    QTRY_COMPARE(deliveries.count(), 2);
    QCOMPARE(deliveries.at(1)["onCreatePost"_L1]["id"_L1].toString(), u"2"_s);
}

void TestSubscriptions::deliversNothingFromBefore()
{
    createPost(u"1"_s);
    Deliveries deliveries;
    subscribe(u"subscription { onCreatePost { id } }"_s, deliveries);
    createPost(u"2"_s);
    QTRY_COMPARE(deliveries.count(), 1);
    QCOMPARE(deliveries.at(0)["onCreatePost"_L1]["id"_L1].toString(), u"2"_s);
}

void TestSubscriptions::showsTheSubscribersSelection()
{
    Deliveries deliveries;
    subscribe(u"subscription { onCreatePost { __typename t: title rating status createdAt } }"_s, deliveries);
    createPost(u"1"_s, 4);                                 // whose mutation selects the id only
    QTRY_COMPARE(deliveries.count(), 1);
    QCOMPARE(deliveries.at(0)["onCreatePost"_L1].toObject(),
             (QJsonObject{{u"__typename"_s, u"Post"_s}, {u"t"_s, u"t1"_s}, {u"rating"_s, 4}, {u"status"_s, u"ACTIVE"_s},
                          {u"createdAt"_s, u"2023-11-14T22:13:20.000Z"_s}}));
}

void TestSubscriptions::showsRelations()
{
    Deliveries deliveries;
    subscribe(u"subscription { onCreatePost { blog { id name _deleted } comments { items { id } nextToken startedAt } } }"_s, deliveries);
    m_backend->mutate(u"create"_s, u"Blog"_s, {{u"id"_s, u"b"_s}, {u"name"_s, u"B"_s}}, u"id"_s);
    createPost(u"1"_s, 1, {{u"blogPostsId"_s, u"b"_s}});
    QTRY_COMPARE(deliveries.count(), 1);
    QCOMPARE(deliveries.at(0)["onCreatePost"_L1]["blog"_L1].toObject(), (QJsonObject{{u"id"_s, u"b"_s}, {u"name"_s, u"B"_s}, {u"_deleted"_s, QJsonValue()}}));
    QVERIFY(deliveries.at(0)["onCreatePost"_L1]["comments"_L1]["items"_L1].isArray());
}

void TestSubscriptions::keepsARecordThatCannotBeShown()
{
    const Schema relations = fixtureSchema(u"relations"_s);
    QVERIFY2(!relations.isEmpty(), "fixtures/schema/relations/input.graphql is missing");
    m_backend = std::make_unique<TestBackend>(relations);
    Deliveries deliveries;
    subscribe(u"subscription { onCreateMember { id team { id } } }"_s, deliveries);
    m_backend->mutate(u"create"_s, u"Member"_s, {{u"id"_s, u"1"_s}, {u"name"_s, u"A"_s}, {u"teamId"_s, u"none"_s}}, u"id"_s);
    m_backend->mutate(u"create"_s, u"Team"_s, {{u"id"_s, u"t"_s}, {u"name"_s, u"T"_s}}, u"id"_s);
    m_backend->mutate(u"create"_s, u"Member"_s, {{u"id"_s, u"2"_s}, {u"name"_s, u"A"_s}, {u"teamId"_s, u"t"_s}}, u"id"_s);
    QTRY_COMPARE(deliveries.count(), 1);
    QCOMPARE(deliveries.at(0)["onCreateMember"_L1]["id"_L1].toString(), u"2"_s);
}

void TestSubscriptions::filters_data()
{
    QTest::addColumn<QJsonValue>("filter");
    QTest::addColumn<QStringList>("ids");
    const auto json = [](const char *text) { return QJsonValue(QJsonDocument::fromJson(text).object()); };
    QTest::newRow("none") << QJsonValue() << QStringList{u"1"_s, u"2"_s, u"3"_s, u"4"_s};
    QTest::newRow("gt in a group") << json(R"({"and":[{"rating":{"gt":2}}]})") << QStringList{u"3"_s, u"4"_s};
    QTest::newRow("in") << json(R"({"rating":{"in":[1,4]}})") << QStringList{u"1"_s, u"4"_s};
    QTest::newRow("notIn") << json(R"({"rating":{"notIn":[1,4]}})") << QStringList{u"2"_s, u"3"_s};
    QTest::newRow("or") << json(R"({"or":[{"rating":{"eq":1}},{"title":{"beginsWith":"t4"}}]})") << QStringList{u"1"_s, u"4"_s};
    QTest::newRow("between") << json(R"({"rating":{"between":[2,3]}})") << QStringList{u"2"_s, u"3"_s};
}

void TestSubscriptions::filters()
{
    QFETCH(const QJsonValue, filter);
    QFETCH(const QStringList, ids);
    Deliveries deliveries, all;
    QVERIFY(subscribe(u"subscription operation($filter: ModelSubscriptionPostFilterInput) { onCreatePost(filter: $filter) { id } }"_s,
                      deliveries, {{u"filter"_s, filter}}));
    subscribe(u"subscription { onCreatePost { id } }"_s, all);
    for (int i = 1; i <= 4; ++i)
        createPost(QString::number(i), i);
    QTRY_COMPARE(all.count(), 4);
    QTRY_COMPARE(deliveries.count(), ids.size());
    QStringList seen;
    for (qsizetype i = 0; i < deliveries.count(); ++i)
        seen.append(deliveries.at(i)["onCreatePost"_L1]["id"_L1].toString());
    QCOMPARE(seen, ids);
}

void TestSubscriptions::severalOperatorsOfAFieldAreAlternatives()
{
    Deliveries deliveries, all;
    subscribe(u"subscription { onCreatePost(filter: {rating: {eq: 1, ge: 3}}) { id } }"_s, deliveries);
    subscribe(u"subscription { onCreatePost { id } }"_s, all);
    for (int i = 1; i <= 3; ++i)
        createPost(QString::number(i), i);
    QTRY_COMPARE(all.count(), 3);
    QTRY_COMPARE(deliveries.count(), 2);
}

void TestSubscriptions::writesAPayloadOncePerDocumentAndFilter()
{
    Deliveries first, second;
    const QString query = u"subscription { onCreatePost { id title } }"_s;
    subscribe(query, first);
    subscribe(query, second);
    createPost(u"1"_s);
    QTRY_COMPARE(first.count(), 1);
    QTRY_COMPARE(second.count(), 1);
    QCOMPARE(first.text(0).constData(), second.text(0).constData());    // the same bytes, not equal ones
}

void TestSubscriptions::stopsAfterUnsubscribe()
{
    Deliveries stopped, going;
    const SubscriptionId id = subscribe(u"subscription { onCreatePost { id } }"_s, stopped);
    subscribe(u"subscription { onCreatePost { id } }"_s, going);
    createPost(u"1"_s);
    QTRY_COMPARE(stopped.count(), 1);
    m_backend->backend->unsubscribe(id);
    m_backend->backend->unsubscribe(id);
    createPost(u"2"_s);
    QTRY_COMPARE(going.count(), 2);
    QCOMPARE(stopped.count(), 1);
}

void TestSubscriptions::mayUnsubscribeFromADelivery()
{
    std::atomic<int> calls = 0;
    std::atomic<SubscriptionId> own = 0;
    Deliveries all;
    const Result<SubscriptionId> id = m_backend->backend->subscribe({u"subscription { onCreatePost { id } }"_s, {}, {}, {}}, [&](const QByteArray &) {
        ++calls;
        m_backend->backend->unsubscribe(own);
    });
    own = *id;
    subscribe(u"subscription { onCreatePost { title } }"_s, all);
    createPost(u"1"_s);
    createPost(u"2"_s);
    QTRY_COMPARE(all.count(), 2);
    QCOMPARE(calls, 1);
}

void TestSubscriptions::mayMutateFromADelivery()
{
    std::atomic<bool> answered = false;
    const Result<SubscriptionId> id = m_backend->backend->subscribe({u"subscription { onCreatePost { id } }"_s, {}, {}, {}}, [&](const QByteArray &) {
        m_backend->backend->execute({u"mutation { createBlog(input: {id: \"from\", name: \"A\"}) { id } }"_s, {}, {}, {}},
                                    [&answered](const QByteArray &) { answered = true; });
    });
    QVERIFY(id);
    createPost(u"1"_s);
    QTRY_VERIFY(answered);
}

void TestSubscriptions::refuses_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QJsonObject>("variables");
    QTest::addColumn<QString>("message");
    QTest::newRow("a query") << u"{ getPost(id: \"1\") { id } }"_s << QJsonObject() << u"Only subscriptions can be started here."_s;
    QTest::newRow("an unknown field") << u"subscription { onNope { id } }"_s << QJsonObject()
                                      << u"Validation error of type FieldUndefined: Field 'onNope' in type 'Subscription' is undefined @ 'onNope'"_s;
    QTest::newRow("not in a filter") << u"subscription S($filter: ModelSubscriptionPostFilterInput) { onCreatePost(filter: $filter) { id } }"_s
                                     << QJsonObject{{u"filter"_s, QJsonObject{{u"not"_s, QJsonObject()}}}}
                                     << u"The variables input contains a field name 'not' that is not defined for input object type 'ModelSubscriptionPostFilterInput' "_s;
    QTest::newRow("a syntax error") << u"subscription {"_s << QJsonObject()
                                    << u"Unable to parse GraphQL query. Syntax Error: Expected Name, found <EOF>."_s;
}

void TestSubscriptions::refuses()
{
    QFETCH(const QString, query);
    QFETCH(const QJsonObject, variables);
    QFETCH(const QString, message);
    const Result<SubscriptionId> id = m_backend->backend->subscribe({query, variables, {}, {}}, [](const QByteArray &) { });
    QVERIFY(!id);
    QCOMPARE(id.error().message(), message);
    const QJsonObject payload = QJsonDocument::fromJson(id.error().detail().toUtf8()).object();
    QCOMPARE(payload.keys(), QStringList{u"errors"_s});
    QCOMPARE(firstError(payload)["message"_L1].toString(), message);
}

QTEST_GUILESS_MAIN(TestSubscriptions)
#include "tst_subscriptions.moc"
