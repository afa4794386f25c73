// SPDX-License-Identifier: MIT
#include "backendfixture.h"

#include "server/storage/connection.h"

#include <QtCore/QRandomGenerator>

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
    void reportsWhatTheDatabaseRefuses();
    void lookingForChangesOfOthersLosesNone();
    void filters_data();
    void filters();
    void severalOperatorsOfAFieldAreAlternatives();
    void filtersByEqualValues_data();
    void filtersByEqualValues();
    void filtersLikeTheNaiveEvaluation_data();
    void filtersLikeTheNaiveEvaluation();
    void refusesLargeFilters_data();
    void refusesLargeFilters();
    void takesTheLargestFilters();
    void writesAPayloadOncePerDocument();
    void writesAPayloadOnceForAllFiltersAndCallers();
    void writesAPayloadForEachArgumentBelow();
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
        const QJsonObject answer = m_backend->mutate(u"create"_s, u"Post"_s, input, u"id"_s);
        QVERIFY2(!answer.contains("errors"_L1), QJsonDocument(answer).toJson().constData());
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

// A null in place of what could not be read would be taken for a change.
void TestSubscriptions::reportsWhatTheDatabaseRefuses()
{
    std::atomic<int> reported = 0;
    m_backend->options().onError = [&reported](const Error &error) { reported += error.model() == u"Post"; };
    m_backend->reopen();
    createPost(u"0"_s);                                     // the first commit looks into all tables
    Deliveries plain, related;
    subscribe(u"subscription { onCreatePost { id } }"_s, plain);
    subscribe(u"subscription { onCreatePost { id blog { id } } }"_s, related);
    const auto connection = Connection::open(Location::parse(m_backend->path()).value(), Connection::Mode::Write);
    QVERIFY(connection);
    QVERIFY((*connection)->run(u"ALTER TABLE \"Blog\" RENAME TO \"Away\""_s));
    createPost(u"1"_s, 1, {{u"blogPostsId"_s, u"b"_s}});
    QTRY_COMPARE(reported, 1);
    QVERIFY((*connection)->run(u"ALTER TABLE \"Away\" RENAME TO \"Blog\""_s));
    createPost(u"2"_s, 1, {{u"blogPostsId"_s, u"b"_s}});
    QTRY_COMPARE(related.count(), 1);
    QCOMPARE(related.at(0)["onCreatePost"_L1]["id"_L1].toString(), u"2"_s);
    QTRY_COMPARE(plain.count(), 2);
}

void TestSubscriptions::lookingForChangesOfOthersLosesNone()
{
    Deliveries deliveries;
    const auto keep = deliveries.receiver();
    QVERIFY(m_backend->backend->subscribe({u"subscription { onCreatePost { id title } }"_s, {}, {}, {}}, [&](const QByteArray &payload) {
        keep(payload);
        if (deliveries.count() > 1)
            return;
        createPost(u"2"_s);                                 // two commits that wait while this one is delivered
        createPost(u"3"_s);
        m_backend->backend->follow();
    }));
    createPost(u"1"_s);
    QTRY_COMPARE(deliveries.count(), 3);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(deliveries.at(i)["onCreatePost"_L1]["title"_L1].toString(), u"t%1"_s.arg(i + 1));
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

static const QString filtered = u"subscription operation($filter: ModelSubscriptionPostFilterInput) { onCreatePost(filter: $filter) { id } }"_s;

static QStringList idsOf(const Deliveries &deliveries)
{
    QStringList ids;
    for (qsizetype i = 0; i < deliveries.count(); ++i)
        ids.append(deliveries.at(i)["onCreatePost"_L1]["id"_L1].toString());
    return ids;
}

void TestSubscriptions::filtersByEqualValues_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<QStringList>("ids");
    QTest::newRow("a number") << QByteArray(R"({"rating":{"eq":2}})") << QStringList{u"2"_s};
    QTest::newRow("text") << QByteArray(R"({"title":{"eq":"t3"}})") << QStringList{u"3"_s};
    QTest::newRow("null") << QByteArray(R"({"postCommentsId":{"eq":null},"rating":{"lt":3}})") << QStringList{u"1"_s, u"2"_s};
    QTest::newRow("one of several, with what is listed twice") << QByteArray(R"({"rating":{"in":[4,2,4]}})") << QStringList{u"2"_s, u"4"_s};
    QTest::newRow("one of none") << QByteArray(R"({"rating":{"in":[]}})") << QStringList{};
    QTest::newRow("of two fields") << QByteArray(R"({"status":{"eq":"ACTIVE"},"title":{"in":["t1","t4"]}})") << QStringList{u"1"_s, u"4"_s};
    QTest::newRow("besides another comparison") << QByteArray(R"({"status":{"eq":"ACTIVE"},"rating":{"gt":3}})") << QStringList{u"4"_s};
    QTest::newRow("of one field or another") << QByteArray(R"({"or":[{"rating":{"eq":2}},{"title":{"eq":"t2"}},{"title":{"eq":"t3"}}]})") << QStringList{u"2"_s, u"3"_s};
    QTest::newRow("or another comparison") << QByteArray(R"({"or":[{"rating":{"eq":1}},{"rating":{"gt":3}}]})") << QStringList{u"1"_s, u"4"_s};
    QTest::newRow("that no record has") << QByteArray(R"({"rating":{"eq":9}})") << QStringList{};
}

void TestSubscriptions::filtersByEqualValues()
{
    QFETCH(const QByteArray, filter);
    QFETCH(const QStringList, ids);
    Deliveries deliveries, all;
    QVERIFY(subscribe(filtered, deliveries, {{u"filter"_s, QJsonDocument::fromJson(filter).object()}}));
    subscribe(u"subscription { onCreatePost { title } }"_s, all);
    for (int i = 1; i <= 4; ++i)
        createPost(QString::number(i), i);
    QTRY_COMPARE(all.count(), 4);
    QTRY_COMPARE(deliveries.count(), ids.size());
    QCOMPARE(idsOf(deliveries), ids);
}

// ---- random filters ----

static int order(const QJsonValue &a, const QJsonValue &b)
{
    if (a.isString() && b.isString())
        return QString::compare(a.toString(), b.toString());
    return a.toInt() < b.toInt() ? -1 : a.toInt() > b.toInt();
}

static bool holds(const QString &op, const QJsonValue &value, const QJsonValue &operand)
{
    const bool known = !value.isNull() && !operand.isNull();
    if (op == u"eq")
        return value == operand;
    if (op == u"ne")
        return value != operand;
    if (op == u"in" || op == u"notIn")
        return (!value.isNull() && operand.toArray().contains(value)) == (op == u"in");
    if (op == u"contains" || op == u"notContains")
        return (known && value.toString().contains(operand.toString())) == (op == u"contains");
    if (op == u"beginsWith")
        return known && value.toString().startsWith(operand.toString());
    if (op == u"between")
        return known && order(value, operand[0]) >= 0 && order(value, operand[1]) <= 0;
    const int sign = order(value, operand);
    return known && ((op == u"lt" && sign < 0) || (op == u"le" && sign <= 0) || (op == u"gt" && sign > 0) || (op == u"ge" && sign >= 0));
}

static bool matches(const QJsonObject &filter, const QJsonObject &record)
{
    for (auto it = filter.begin(); it != filter.end(); ++it) {
        const QJsonArray members = it->toArray();
        const auto matchesMember = [&](const QJsonValue &member) { return matches(member.toObject(), record); };
        const QJsonObject operators = it->toObject();
        bool matched = std::ranges::all_of(members, matchesMember);
        if (it.key() == u"or")
            matched = std::ranges::any_of(members, matchesMember);
        else if (it.key() != u"and")
            matched = std::ranges::any_of(operators.keys(), [&](const QString &op) {
                return holds(op, record.contains(it.key()) ? record[it.key()] : QJsonValue(), operators[op]);
            });
        if (!matched)
            return false;
    }
    return true;
}

class RandomPosts
{
public:
    explicit RandomPosts(quint32 seed) : m_random(seed) { }

    int below(int end) { return int(m_random.bounded(end)); }
    QJsonValue rating() { return below(6); }
    QJsonValue title() { return QString(u"ab"_s[below(2)]) + u"abc"_s[below(3)]; }
    QJsonValue status() { return below(3) ? u"ACTIVE"_s : u"INACTIVE"_s; }
    QJsonObject post(int number)
    {
        const QJsonValue title = this->title(), rating = this->rating(), status = this->status();
        return {{u"id"_s, u"p%1"_s.arg(number)}, {u"title"_s, title}, {u"rating"_s, rating}, {u"status"_s, status}};
    }
    QJsonObject filter()
    {
        QStringList free{u"rating"_s, u"title"_s, u"status"_s, u"postCommentsId"_s};
        QJsonObject filter;
        for (int i = below(4); i > 0 && !free.isEmpty(); --i) {
            const QString field = free.takeAt(below(int(free.size())));
            filter.insert(field, comparisons(field));
        }
        if (free.isEmpty() || below(3))
            return filter;
        QJsonArray members;
        const bool isOr = below(2);
        for (int i = 1 + below(isOr ? 3 : int(free.size())); i > 0; --i) {
            const QString field = isOr ? free[below(int(free.size()))] : free.takeFirst();
            members.append(QJsonObject{{field, comparisons(field)}});
        }
        filter.insert(isOr ? u"or"_s : u"and"_s, members);
        return filter;
    }

private:
    QJsonValue value(const QString &field)
    {
        return field == u"rating" ? rating() : field == u"title" ? title() : field == u"status" ? status() : QJsonValue(u"x"_s);
    }
    QJsonObject comparisons(const QString &field)
    {
        static const QStringList operators{u"eq"_s, u"eq"_s, u"in"_s, u"ne"_s, u"notIn"_s, u"lt"_s, u"ge"_s, u"between"_s, u"beginsWith"_s, u"contains"_s};
        const QString op = operators[below(field == u"rating" ? 8 : 10)];
        if (op == u"eq" || op == u"ne")
            return {{op, below(8) ? value(field) : QJsonValue()}};
        if (op == u"in" || op == u"notIn" || op == u"between") {
            QJsonArray values;
            for (int i = op == u"between" ? 2 : 1 + below(4); i > 0; --i)
                values.append(value(field));
            if (op == u"between" && order(values[0], values[1]) > 0)
                values = {values[1], values[0]};
            return {{op, values}};
        }
        return {{op, op == u"beginsWith" || op == u"contains" ? QJsonValue(value(field).toString().left(1)) : value(field)}};
    }

    QRandomGenerator m_random;
};

void TestSubscriptions::filtersLikeTheNaiveEvaluation_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 5; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

// Subscriptions come and go while posts are created; each gets what its filter says, and nothing else.
void TestSubscriptions::filtersLikeTheNaiveEvaluation()
{
    QFETCH(const quint32, seed);
    struct Listener { SubscriptionId id = 0; QJsonObject filter; std::unique_ptr<Deliveries> deliveries; QStringList expected; bool going = true; };
    RandomPosts random(seed);
    std::vector<Listener> listeners;
    Deliveries all;
    subscribe(u"subscription { onCreatePost { id } }"_s, all);
    for (int post = 0; post < 40; ++post) {
        for (int i = 0; i < 10; ++i) {
            Listener &listener = listeners.emplace_back(Listener{0, random.filter(), std::make_unique<Deliveries>(), {}});
            listener.id = subscribe(filtered, *listener.deliveries, {{u"filter"_s, listener.filter}});
            QVERIFY2(listener.id, QJsonDocument(listener.filter).toJson().constData());
        }
        const QJsonObject input = random.post(post);
        QVERIFY(!m_backend->mutate(u"create"_s, u"Post"_s, input, u"id"_s).contains("errors"_L1));
        QTRY_COMPARE(all.count(), post + 1);
        for (Listener &listener : listeners) {
            if (listener.going && matches(listener.filter, input))
                listener.expected.append(input["id"_L1].toString());
            if (listener.going && random.below(20) == 0) {
                QTRY_COMPARE(listener.deliveries->count(), listener.expected.size());
                m_backend->backend->unsubscribe(listener.id);
                listener.going = false;
            }
        }
    }
    m_backend->backend->close();                           // delivers what is due
    for (const Listener &listener : listeners) {
        if (idsOf(*listener.deliveries) != listener.expected)
            qInfo("%s", QJsonDocument(listener.filter).toJson().constData());
        QCOMPARE(idsOf(*listener.deliveries), listener.expected);
    }
}

// ---- limits ----

void TestSubscriptions::refusesLargeFilters_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<QString>("message");
    const QByteArray three = R"([{"rating":{"eq":1}},{"rating":{"eq":2}},{"rating":{"eq":3}}])";
    const QByteArray four = R"([{"title":{"eq":"1"}},{"title":{"eq":"2"}},{"title":{"eq":"3"}},{"title":{"eq":"4"}}])";
    QTest::newRow("eleven alternatives") << QByteArray(R"({"or":[)" + QByteArray(R"({"rating":{"eq":1}},)").repeated(10) + R"({"rating":{"eq":1}}]})")
                                         << u"Filters combination exceed maximum limit 10"_s;
    QTest::newRow("twelve combinations") << QByteArray(R"({"and":[{"or":)" + three + R"(},{"or":)" + four + "}]}")
                                         << u"Filters combination exceed maximum limit 10"_s;
    QTest::newRow("six fields") << QByteArray(R"({"id":{"ne":""},"title":{"ne":""},"rating":{"ne":0},"status":{"ne":""},"createdAt":{"ne":""},"updatedAt":{"ne":""}})")
                                << u"Filters exceed maximum attributes limit 5"_s;
    QTest::newRow("a field twice") << QByteArray(R"({"and":[{"rating":{"gt":1}},{"rating":{"lt":5}}]})") << u"filter uses same fieldName multiple time: rating"_s;
    QTest::newRow("a field twice, nested") << QByteArray(R"({"rating":{"gt":1},"and":[{"or":[{"title":{"eq":"a"}},{"and":[{"rating":{"lt":5}}]}]}]})")
                                           << u"filter uses same fieldName multiple time: rating"_s;
    QTest::newRow("six values") << QByteArray(R"({"rating":{"in":[1,2,3,4,5,6]}})") << u"Filters exceed maximum attributes limit: \"in\" takes 5 values"_s;
    QTest::newRow("six values not to be") << QByteArray(R"({"rating":{"notIn":[1,2,3,4,5,6]}})") << u"Filters exceed maximum attributes limit: \"notIn\" takes 5 values"_s;
}

void TestSubscriptions::refusesLargeFilters()
{
    QFETCH(const QByteArray, filter);
    QFETCH(const QString, message);
    const QJsonObject variables{{u"filter"_s, QJsonDocument::fromJson(filter).object()}};
    const Result<SubscriptionId> id = m_backend->backend->subscribe({filtered, variables, {}, {}}, [](const QByteArray &) { });
    QVERIFY(!id);
    QCOMPARE(id.error().message(), message);
    QCOMPARE(firstError(QJsonDocument::fromJson(id.error().detail().toUtf8()).object())["message"_L1].toString(), message);
}

void TestSubscriptions::takesTheLargestFilters()
{
    Deliveries deliveries;
    const QByteArray ten = R"({"or":[)" + QByteArray(R"({"rating":{"eq":9}},)").repeated(9) + R"({"rating":{"in":[1,2,3,4,5]}}]})";
    QVERIFY(subscribe(filtered, deliveries, {{u"filter"_s, QJsonDocument::fromJson(ten).object()}}));
    const QByteArray five = R"({"id":{"ne":""},"title":{"ne":""},"rating":{"ne":0},"status":{"ne":""},"createdAt":{"ne":""}})";
    QVERIFY(subscribe(filtered, deliveries, {{u"filter"_s, QJsonDocument::fromJson(five).object()}}));
    createPost(u"1"_s);
    QTRY_COMPARE(deliveries.count(), 2);
}

// ---- payloads ----

void TestSubscriptions::writesAPayloadOncePerDocument()
{
    Deliveries first, second, other;
    const QString query = u"subscription { onCreatePost { id title } }"_s;
    subscribe(query, first);
    subscribe(query, second);
    subscribe(u"subscription { onCreatePost { title } }"_s, other);
    createPost(u"1"_s);
    QTRY_VERIFY(first.count() == 1 && second.count() == 1 && other.count() == 1);
    QCOMPARE(first.text(0).constData(), second.text(0).constData());    // the same bytes, not equal ones
    QCOMPARE(other.text(0), QByteArray(R"({"data":{"onCreatePost":{"title":"t1"}}})"));
}

void TestSubscriptions::writesAPayloadOnceForAllFiltersAndCallers()
{
    Deliveries first, second, third;
    subscribe(filtered, first, {{u"filter"_s, QJsonObject{{u"rating"_s, QJsonObject{{u"eq"_s, 1}}}}}});
    subscribe(filtered, second, {{u"filter"_s, QJsonObject{{u"rating"_s, QJsonObject{{u"lt"_s, 3}}}}}});
    const Identity anna{.subject = u"anna"_s, .claims = {{u"sub"_s, u"anna"_s}}};
    QVERIFY(m_backend->backend->subscribe({filtered, {}, {}, anna}, third.receiver()));
    createPost(u"1"_s);
    QTRY_VERIFY(first.count() == 1 && second.count() == 1 && third.count() == 1);
    QCOMPARE(first.text(0).constData(), second.text(0).constData());
    QCOMPARE(first.text(0).constData(), third.text(0).constData());
}

void TestSubscriptions::writesAPayloadForEachArgumentBelow()
{
    Deliveries both, one;
    const QString query = u"subscription S($limit: Int) { onUpdatePost { comments(limit: $limit) { items { id } } } }"_s;
    createPost(u"1"_s);
    for (const QString &id : {u"a"_s, u"b"_s})
        m_backend->mutate(u"create"_s, u"Comment"_s, {{u"id"_s, id}, {u"content"_s, u"c"_s}, {u"postCommentsId"_s, u"1"_s}}, u"id"_s);
    QVERIFY(subscribe(query, both, {{u"limit"_s, 5}}));
    QVERIFY(subscribe(query, one, {{u"limit"_s, 1}}));
    m_backend->mutate(u"update"_s, u"Post"_s, {{u"id"_s, u"1"_s}, {u"title"_s, u"x"_s}, {u"_version"_s, 1}}, u"id"_s);
    QTRY_VERIFY(both.count() == 1 && one.count() == 1);
    const auto count = [](const Deliveries &deliveries) { return deliveries.at(0)["onUpdatePost"_L1]["comments"_L1]["items"_L1].toArray().size(); };
    QCOMPARE(count(both), 2);
    QCOMPARE(count(one), 1);
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
