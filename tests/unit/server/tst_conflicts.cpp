// SPDX-License-Identifier: MIT
#include "backendfixture.h"
#include "fakeconflictfunction.h"

using namespace BackendFixture;

/*
    Section 6 of the protocol, "Conflict resolution". Where to find what:

    6    a missing version counts as 0                      tst_mutations: automergeWithoutAVersion, deleteAtAnotherVersionIsAConflict
         interfering writers                                theRecordMayMoveMeanwhile, aRecordThatMovesTooOftenIsAConflict
    6.1  rejected with the stored item, nothing written     matrix, tst_mutations: optimisticConcurrencyRejects
         its data follows the selection                     tst_mutations: conflictDataFollowsTheSelection
    6.2  the table of rules                                 automerge (rows named after it)
         worked examples 1 to 4                             workedExamples
         the version grows whatever comes of it             automerge, nothingMergedIsAVersionToo
         updatedAt is a scalar like others                  tst_mutations: automergeKeepsStoredScalars
         a delete with a stale version                      matrix
         a stale version on a tombstone                     aTombstoneIsNotAskedAbout, tst_mutations: updateOfATombstoneAtAnotherVersion...
         existence, then condition, then version            conditionsComeFirst
    6.3  the event                                          theEventIsAppSyncs, theEventHasTheCaller
         RESOLVE, REJECT, REMOVE                            matrix, anItemReplacesTheStoredOne
         malformed answers, a function that fails           whatIsNoAnswerIsAConflictError
         the writer goes on                                 othersAreNotHeldUp, aDocumentGoesOnInOrder
    6.4  the matrix                                         matrix
*/
class TestConflicts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void matrix_data();
    void matrix();
    void automerge_data();
    void automerge();
    void workedExamples();
    void nothingMergedIsAVersionToo();
    void conditionsComeFirst_data();
    void conditionsComeFirst();

    void theEventIsAppSyncs();
    void theEventOfADelete();
    void theEventHasTheCaller_data();
    void theEventHasTheCaller();
    void anItemReplacesTheStoredOne();
    void whatIsNoAnswerIsAConflictError_data();
    void whatIsNoAnswerIsAConflictError();
    void aFittingVersionIsNotAskedAbout();
    void aTombstoneIsNotAskedAbout();
    void whoMayNotIsNotAskedAbout();

    void othersAreNotHeldUp();
    void theRecordMayMoveMeanwhile();
    void theVersionMayFitMeanwhile();
    void theRecordMayGoMeanwhile();
    void rightsMayGoMeanwhile();
    void aRecordThatMovesTooOftenIsAConflict();
    void aDocumentGoesOnInOrder();
    void severalQuestionsOfADocument();
    void questionsAreAnsweredInAnyOrder();
    void theEndAnswersWhatWaits();

    void conflictsAreCounted();
    void strategiesAreChosenByModel();
    void refusesWrongChoices_data();
    void refusesWrongChoices();

private:
    static inline const QString fields = u"id text number tags stats { ppg apg rpg } json owner _version _lastChangedAt _deleted"_s;

    [[nodiscard]] static QJsonObject input(const QString &id, int version, QJsonObject values)
    {
        values.insert(u"id"_s, id);
        if (version > 0)
            values.insert(u"_version"_s, version);
        return values;
    }
    QJsonObject mutate(const QString &verb, const QString &model, const QJsonObject &given, const QJsonValue &condition = {}) const
    {
        return m_backend->mutate(verb, model, given, fields, condition);
    }
    // The root field of the answer.
    static QJsonObject answered(const QJsonObject &response)
    {
        const QJsonObject data = response["data"_L1].toObject();
        return data.isEmpty() ? QJsonObject() : data.begin().value().toObject();
    }
    QJsonObject stored(const QString &model, const QString &id = u"1"_s) const
    {
        return m_backend->data(u"{ get%1(id: \"%2\") { %3 } }"_s.arg(model, id, fields)).toObject();
    }
    // Makes the record and changes it until it has \a version.
    void fill(const QString &model, int version, const QJsonObject &values)
    {
        QVERIFY(!mutate(u"create"_s, model, input(u"1"_s, 0, values)).contains("errors"_L1));
        for (int i = 1; i < version; ++i)
            QVERIFY(!mutate(u"update"_s, model, input(u"1"_s, i, {})).contains("errors"_L1));
    }
    [[nodiscard]] std::future<QByteArray> start(const QString &query, const QJsonObject &variables = {}, const Identity &identity = {}) const
    {
        const auto promise = std::make_shared<std::promise<QByteArray>>();
        m_backend->backend->execute({query, variables, {}, identity}, [promise](const QByteArray &response) { promise->set_value(response); });
        return promise->get_future();
    }
    [[nodiscard]] std::future<QByteArray> startUpdate(const QString &model, const QJsonObject &given) const
    {
        return start(TestBackend::mutation(u"update"_s, model, fields), {{u"input"_s, given}});
    }
    static QJsonObject finish(std::future<QByteArray> &answer)
    {
        if (answer.wait_for(std::chrono::seconds(30)) != std::future_status::ready)
            return {};
        return QJsonDocument::fromJson(answer.get()).object();
    }
    void open(BackendOptions options = {})
    {
        m_function = std::make_shared<FakeConflictFunction>();
        options.metrics = m_metrics = std::make_shared<Metrics>();
        options.conflictFunction = m_function;
        if (options.modelConflicts.isEmpty()) {
            options.modelConflicts = {{u"Strict"_s, {ConflictStrategy::OptimisticConcurrency}}, {u"Asked"_s, {ConflictStrategy::Function}},
                                      {u"Owned"_s, {ConflictStrategy::Function}}};
        }
        options.onError = [this](const Error &error) {
            const std::lock_guard lock(m_mutex);
            m_errors.append(error.message());
        };
        m_backend = std::make_unique<TestBackend>(m_schema, options);
        QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
    }

    using Ends = QList<qint64>;                         // merged, resolved, rejected, failed
    [[nodiscard]] Ends ends() const
    {
        Ends counts;
        for (const Counter &count : m_metrics->conflicts)
            counts.append(count.value());
        return counts;
    }

    Schema m_schema;
    std::mutex m_mutex;
    std::shared_ptr<Metrics> m_metrics;
    QStringList m_errors;
    std::shared_ptr<FakeConflictFunction> m_function;
    std::unique_ptr<TestBackend> m_backend;             // last: its threads use the rest
};

using Fake = FakeConflictFunction;

void TestConflicts::initTestCase()
{
    QString text = u"type Stats { ppg: String apg: String rpg: String }\n"_s;
    for (const QString &model : {u"Merging"_s, u"Strict"_s, u"Asked"_s, u"Owned"_s}) {
        text += u"type %1 @model @auth(rules: [%2]) { id: ID! text: String number: Int tags: [String] stats: Stats json: AWSJSON owner: String }\n"_s
                    .arg(model, model == u"Owned"_s ? u"{allow: owner}"_s : u"{allow: public}, {allow: private}, {allow: private, provider: iam}"_s);
    }
    text += u"type Needy @model @auth(rules: [{allow: public}]) { id: ID! must: Int! may: Int }\n"_s;
    const Result<Schema> schema = Schema::parse(text);
    QVERIFY2(schema, qPrintable(schema.error().message()));
    m_schema = *schema;
}

void TestConflicts::init()
{
    m_errors.clear();
    open();
}

void TestConflicts::matrix_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("verb");
    QTest::addColumn<QJsonObject>("decision");
    QTest::addColumn<QString>("text");                  // of the answer; empty: a conflict
    const QJsonObject resolved = Fake::resolve({{u"text"_s, u"both"_s}});
    QTest::newRow("update, optimistic") << u"Strict"_s << u"update"_s << QJsonObject() << QString();
    QTest::newRow("update, automerge") << u"Merging"_s << u"update"_s << QJsonObject() << u"stored"_s;
    QTest::newRow("update, function resolves") << u"Asked"_s << u"update"_s << resolved << u"both"_s;
    QTest::newRow("update, function rejects") << u"Asked"_s << u"update"_s << Fake::action(u"REJECT"_s) << QString();
    QTest::newRow("delete, optimistic") << u"Strict"_s << u"delete"_s << QJsonObject() << QString();
    QTest::newRow("delete, automerge") << u"Merging"_s << u"delete"_s << QJsonObject() << QString();
    QTest::newRow("delete, function removes") << u"Asked"_s << u"delete"_s << Fake::action(u"REMOVE"_s) << u"stored"_s;
    QTest::newRow("delete, function rejects") << u"Asked"_s << u"delete"_s << Fake::action(u"REJECT"_s) << QString();
}

// Stored version 5, input version 3: what the caller, subscribers and the journal see.
void TestConflicts::matrix()
{
    QFETCH(const QString, model);
    QFETCH(const QString, verb);
    QFETCH(const QJsonObject, decision);
    QFETCH(const QString, text);
    m_function->answerAtOnce(decision);
    fill(model, 5, {{u"text"_s, u"stored"_s}});
    const QJsonObject before = stored(model);
    QCOMPARE(before["_version"_L1].toInt(), 5);
    Deliveries heard;
    for (const QString &kind : {u"Update"_s, u"Delete"_s}) {
        QVERIFY(m_backend->backend->subscribe({u"subscription { on%1%2 { %3 } }"_s.arg(kind, model, fields), {}, {}, {}}, heard.receiver()));
    }
    m_backend->now += 60'000;
    const qint64 later = m_backend->now;
    const QJsonObject response = mutate(verb, model, input(u"1"_s, 3, verb == u"update"_s ? QJsonObject{{u"text"_s, u"sent"_s}} : QJsonObject()));
    const QString field = verb + model;
    const QJsonArray journal = m_backend->data(u"query Q($s: AWSTimestamp) { sync%1s(lastSync: $s) { items { %2 } } }"_s
                                                   .arg(model, fields),
                                               {{u"s"_s, later}})["items"_L1].toArray();
    const QJsonObject after = stored(model);
    m_backend->backend->close();                        // delivers what is left
    if (text.isEmpty()) {
        QVERIFY(response["data"_L1][field].isNull());
        QCOMPARE(response["errors"_L1].toArray().size(), 1);
        QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConflictUnhandled"_s);
        QCOMPARE(firstError(response)["message"_L1].toString(), u"Conflict resolver rejects mutation."_s);
        QCOMPARE(firstError(response)["data"_L1].toObject(), before);
        QCOMPARE(after, before);
        QVERIFY(journal.isEmpty());
        QCOMPARE(heard.count(), 0);
        return;
    }
    QVERIFY(!response.contains("errors"_L1));
    QCOMPARE(response["data"_L1][field]["text"_L1].toString(), text);
    QCOMPARE(response["data"_L1][field]["_version"_L1].toInt(), 6);
    QCOMPARE(response["data"_L1][field]["_lastChangedAt"_L1].toInteger(), later);
    QCOMPARE(response["data"_L1][field]["_deleted"_L1], verb == u"delete"_s ? QJsonValue(true) : QJsonValue());
    QCOMPARE(after, response["data"_L1][field].toObject());
    QCOMPARE(journal, QJsonArray{after});
    QCOMPARE(heard.count(), 1);
    QCOMPARE(heard.at(0), (QJsonObject{{(verb == u"update"_s ? u"onUpdate"_s : u"onDelete"_s) + model, after}}));
}

void TestConflicts::automerge_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QJsonValue>("before");
    QTest::addColumn<QJsonValue>("sent");
    QTest::addColumn<QJsonValue>("after");
    const QJsonValue absent(QJsonValue::Undefined);
    const QJsonValue null;
    const QJsonObject stats{{u"ppg"_s, u"35.4"_s}, {u"apg"_s, u"6.3"_s}, {u"rpg"_s, null}};
    QTest::newRow("nothing stored: incoming") << u"text"_s << absent << QJsonValue(u"B"_s) << QJsonValue(u"B"_s);
    QTest::newRow("null stored: incoming") << u"number"_s << null << QJsonValue(7) << QJsonValue(7);
    QTest::newRow("scalar: stored") << u"text"_s << QJsonValue(u"A"_s) << QJsonValue(u"B"_s) << QJsonValue(u"A"_s);
    QTest::newRow("an equal scalar") << u"number"_s << QJsonValue(5) << QJsonValue(5) << QJsonValue(5);
    QTest::newRow("list: joined, duplicates kept") << u"tags"_s << QJsonValue(QJsonArray{u"a"_s, u"b"_s}) << QJsonValue(QJsonArray{u"b"_s, u"c"_s})
                                                   << QJsonValue(QJsonArray{u"a"_s, u"b"_s, u"b"_s, u"c"_s});
    QTest::newRow("an empty list") << u"tags"_s << QJsonValue(QJsonArray{u"a"_s}) << QJsonValue(QJsonArray()) << QJsonValue(QJsonArray{u"a"_s});
    QTest::newRow("map: by key") << u"stats"_s << QJsonValue(stats) << QJsonValue(QJsonObject{{u"ppg"_s, u"25.7"_s}, {u"rpg"_s, u"6.9"_s}})
                                 << QJsonValue(QJsonObject{{u"ppg"_s, u"35.4"_s}, {u"apg"_s, u"6.3"_s}, {u"rpg"_s, u"6.9"_s}});
    QTest::newRow("absent from the input: stored") << u"text"_s << QJsonValue(u"A"_s) << absent << QJsonValue(u"A"_s);
    QTest::newRow("an explicit null: stored") << u"text"_s << QJsonValue(u"A"_s) << null << QJsonValue(u"A"_s);
    QTest::newRow("a null for a list: stored") << u"tags"_s << QJsonValue(QJsonArray{u"a"_s}) << null << QJsonValue(QJsonArray{u"a"_s});
    QTest::newRow("JSON: another shape is not stored") << u"json"_s << QJsonValue(u"[1]"_s) << QJsonValue(u"{\"a\":1}"_s) << QJsonValue(u"[1]"_s);
    QTest::newRow("JSON: a scalar for an object") << u"json"_s << QJsonValue(u"{\"a\":1}"_s) << QJsonValue(u"2"_s) << QJsonValue(u"{\"a\":1}"_s);
    QTest::newRow("JSON: lists are joined") << u"json"_s << QJsonValue(u"[1]"_s) << QJsonValue(u"[2]"_s) << QJsonValue(u"[1,2]"_s);
}

void TestConflicts::automerge()
{
    QFETCH(const QString, field);
    QFETCH(const QJsonValue, before);
    QFETCH(const QJsonValue, sent);
    QFETCH(const QJsonValue, after);
    fill(u"Merging"_s, 2, before.isUndefined() ? QJsonObject() : QJsonObject{{field, before}});
    m_backend->now += 1000;
    const QJsonObject response = mutate(u"update"_s, u"Merging"_s, input(u"1"_s, 1, sent.isUndefined() ? QJsonObject() : QJsonObject{{field, sent}}));
    QVERIFY(!response.contains("errors"_L1));
    QCOMPARE(answered(response)[field], after);
    QCOMPARE(answered(response)["_version"_L1].toInt(), 3);
    QCOMPARE(answered(response)["_lastChangedAt"_L1].toInteger(), startOfTime + 1000);
    QCOMPARE(stored(u"Merging"_s), answered(response));
}

// Those of AppSync's documentation; its sets are lists here, for GraphQL has none.
void TestConflicts::workedExamples()
{
    const auto merge = [this](int version, const QJsonObject &values) {
        return answered(mutate(u"update"_s, u"Merging"_s, input(u"1"_s, version, values)));
    };
    fill(u"Merging"_s, 4, {{u"text"_s, u"Nadia"_s}, {u"number"_s, 5}});
    const QJsonObject first = merge(2, {{u"number"_s, 55}});
    QCOMPARE(first["text"_L1].toString(), u"Nadia"_s);
    QCOMPARE(first["number"_L1].toInt(), 5);
    QCOMPARE(first["_version"_L1].toInt(), 5);
    const QJsonObject second = merge(3, {{u"text"_s, u"Shaggy"_s}, {u"number"_s, 5}, {u"tags"_s, QJsonArray{u"24"_s, u"30"_s, u"27"_s}}});
    QCOMPARE(second["text"_L1].toString(), u"Nadia"_s);
    QCOMPARE(second["tags"_L1].toArray(), (QJsonArray{u"24"_s, u"30"_s, u"27"_s}));
    QCOMPARE(second["_version"_L1].toInt(), 6);
    const QJsonObject third = merge(5, {{u"tags"_s, QJsonArray{u"30"_s, u"35"_s}}});
    QCOMPARE(third["tags"_L1].toArray(), (QJsonArray{u"24"_s, u"30"_s, u"27"_s, u"30"_s, u"35"_s}));
    QCOMPARE(third["_version"_L1].toInt(), 7);
    merge(7, {{u"stats"_s, QJsonObject{{u"ppg"_s, u"35.4"_s}, {u"apg"_s, u"6.3"_s}}}});
    const QJsonObject fourth = merge(3, {{u"stats"_s, QJsonObject{{u"ppg"_s, u"25.7"_s}, {u"rpg"_s, u"6.9"_s}}}});
    QCOMPARE(fourth["stats"_L1].toObject(), (QJsonObject{{u"ppg"_s, u"35.4"_s}, {u"apg"_s, u"6.3"_s}, {u"rpg"_s, u"6.9"_s}}));
    QCOMPARE(fourth["tags"_L1], third["tags"_L1]);
    QCOMPARE(fourth["_version"_L1].toInt(), 9);
}

void TestConflicts::nothingMergedIsAVersionToo()
{
    fill(u"Merging"_s, 2, {{u"text"_s, u"A"_s}});
    Deliveries heard;
    QVERIFY(m_backend->backend->subscribe({u"subscription { onUpdateMerging { text _version } }"_s, {}, {}, {}}, heard.receiver()));
    QCOMPARE(answered(mutate(u"update"_s, u"Merging"_s, input(u"1"_s, 1, {{u"text"_s, u"B"_s}})))["_version"_L1].toInt(), 3);
    m_backend->backend->close();
    QCOMPARE(heard.count(), 1);
    QCOMPARE(heard.at(0)["onUpdateMerging"_L1].toObject(), (QJsonObject{{u"text"_s, u"A"_s}, {u"_version"_s, 3}}));
}

void TestConflicts::conditionsComeFirst_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("verb");
    QTest::addColumn<QString>("id");
    for (const QString &model : {u"Merging"_s, u"Strict"_s, u"Asked"_s}) {
        for (const QString &verb : {u"update"_s, u"delete"_s}) {
            QTest::addRow("%s, %s, false condition", qPrintable(model), qPrintable(verb)) << model << verb << u"1"_s;
            QTest::addRow("%s, %s, no record", qPrintable(model), qPrintable(verb)) << model << verb << u"none"_s;
        }
    }
}

void TestConflicts::conditionsComeFirst()
{
    QFETCH(const QString, model);
    QFETCH(const QString, verb);
    QFETCH(const QString, id);
    fill(model, 3, {{u"text"_s, u"A"_s}});
    const QJsonValue condition = id == u"none"_s ? QJsonValue() : QJsonObject{{u"text"_s, QJsonObject{{u"eq"_s, u"B"_s}}}};
    const QJsonObject response = mutate(verb, model, input(id, 1, {}), condition);
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConditionalCheckFailedException"_s);
    QVERIFY(firstError(response)["data"_L1].isNull());
    QCOMPARE(stored(model)["_version"_L1].toInt(), 3);
    QCOMPARE(m_function->asked(), 0);
    QCOMPARE(ends(), (Ends{0, 0, 0, 0}));
}

void TestConflicts::theEventIsAppSyncs()
{
    m_function->answerAtOnce(Fake::action(u"REJECT"_s));
    fill(u"Asked"_s, 3, {{u"text"_s, u"Foo"_s}, {u"number"_s, 5}, {u"json"_s, u"{\"a\": 1}"_s}});
    m_backend->now += 1000;
    mutate(u"update"_s, u"Asked"_s, input(u"1"_s, 2, {{u"text"_s, u"Foo Bar"_s}, {u"json"_s, QJsonValue()}}), QJsonObject{{u"number"_s, QJsonObject{{u"gt"_s, 1}}}});
    const QString first = u"2023-11-14T22:13:20.000Z"_s;
    QCOMPARE(m_function->lastEvent(),
             (QJsonObject{{u"newItem"_s, QJsonObject{{u"id"_s, u"1"_s}, {u"text"_s, u"Foo Bar"_s}, {u"number"_s, 5}, {u"createdAt"_s, first},
                                                     {u"updatedAt"_s, u"2023-11-14T22:13:21.000Z"_s}}},
                          {u"existingItem"_s, QJsonObject{{u"id"_s, u"1"_s}, {u"text"_s, u"Foo"_s}, {u"number"_s, 5}, {u"json"_s, u"{\"a\": 1}"_s},
                                                          {u"createdAt"_s, first}, {u"updatedAt"_s, first}, {u"_version"_s, 3},
                                                          {u"_lastChangedAt"_s, startOfTime}}},
                          {u"arguments"_s, QJsonObject{{u"input"_s, QJsonObject{{u"id"_s, u"1"_s}, {u"text"_s, u"Foo Bar"_s}, {u"json"_s, QJsonValue()},
                                                                                {u"_version"_s, 2}}},
                                                       {u"condition"_s, QJsonObject{{u"number"_s, QJsonObject{{u"gt"_s, 1}}}}}}},
                          {u"resolver"_s, QJsonObject{{u"tableName"_s, u"Asked"_s}, {u"awsRegion"_s, u"local"_s}, {u"parentType"_s, u"Mutation"_s},
                                                      {u"field"_s, u"updateAsked"_s}}},
                          {u"identity"_s, QJsonValue()}}));
}

void TestConflicts::theEventOfADelete()
{
    m_function->answerAtOnce(Fake::action(u"REJECT"_s));
    fill(u"Asked"_s, 3, {{u"text"_s, u"Foo"_s}});
    mutate(u"delete"_s, u"Asked"_s, input(u"1"_s, 2, {}));
    const QJsonObject event = m_function->lastEvent();
    QCOMPARE(event["newItem"_L1]["text"_L1].toString(), u"Foo"_s);
    QCOMPARE(event["existingItem"_L1]["_version"_L1].toInt(), 3);
    QCOMPARE(event["resolver"_L1]["field"_L1].toString(), u"deleteAsked"_s);
    QCOMPARE(event["arguments"_L1].toObject(), (QJsonObject{{u"input"_s, input(u"1"_s, 2, {})}, {u"condition"_s, QJsonValue()}}));
}

void TestConflicts::theEventHasTheCaller_data()
{
    QTest::addColumn<int>("provider");
    QTest::addColumn<QJsonObject>("claims");
    QTest::addColumn<QJsonObject>("identity");
    const QJsonObject pool{{u"sub"_s, u"7"_s}, {u"iss"_s, u"i"_s}, {u"username"_s, u"ann"_s}, {u"cognito:groups"_s, QJsonArray{u"g"_s}}};
    QTest::newRow("user pool") << int(Identity::Provider::UserPools) << pool
                               << QJsonObject{{u"sub"_s, u"7"_s}, {u"issuer"_s, u"i"_s}, {u"username"_s, u"ann"_s},
                                              {u"groups"_s, QJsonArray{u"g"_s}}, {u"claims"_s, pool}};
    QTest::newRow("IAM") << int(Identity::Provider::Iam) << QJsonObject()
                         << QJsonObject{{u"userArn"_s, u"7"_s}, {u"username"_s, u"7"_s}, {u"cognitoIdentityAuthType"_s, u"authenticated"_s}};
}

void TestConflicts::theEventHasTheCaller()
{
    QFETCH(const int, provider);
    QFETCH(const QJsonObject, claims);
    QFETCH(const QJsonObject, identity);
    m_function->answerAtOnce(Fake::action(u"REJECT"_s));
    fill(u"Asked"_s, 3, {});
    const Identity caller{Identity::Provider(provider), u"7"_s, claims};
    const QJsonObject response = m_backend->runAs(caller, TestBackend::mutation(u"update"_s, u"Asked"_s, u"id"_s), {{u"input"_s, input(u"1"_s, 2, {})}});
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConflictUnhandled"_s);
    QCOMPARE(m_function->lastEvent()["identity"_L1].toObject(), identity);
}

void TestConflicts::anItemReplacesTheStoredOne()
{
    m_function->answerAtOnce(Fake::resolve({{u"id"_s, u"another"_s}, {u"_version"_s, 99}, {u"_deleted"_s, true}, {u"_lastChangedAt"_s, 1},
                                            {u"__typename"_s, u"X"_s}, {u"unheardOf"_s, 1}, {u"text"_s, u"both"_s}, {u"tags"_s, QJsonArray{u"t"_s}}}));
    fill(u"Asked"_s, 3, {{u"text"_s, u"A"_s}, {u"number"_s, 5}});
    m_backend->now += 1000;
    const QJsonObject response = mutate(u"update"_s, u"Asked"_s, input(u"1"_s, 2, {{u"text"_s, u"B"_s}}));
    QCOMPARE(answered(response), (QJsonObject{{u"id"_s, u"1"_s}, {u"text"_s, u"both"_s}, {u"number"_s, QJsonValue()}, {u"tags"_s, QJsonArray{u"t"_s}},
                                              {u"stats"_s, QJsonValue()}, {u"json"_s, QJsonValue()}, {u"owner"_s, QJsonValue()}, {u"_version"_s, 4},
                                              {u"_lastChangedAt"_s, startOfTime + 1000}, {u"_deleted"_s, QJsonValue()}}));
    const QJsonObject times = m_backend->data(u"{ getAsked(id: \"1\") { createdAt updatedAt } }"_s).toObject();
    QCOMPARE(times, (QJsonObject{{u"createdAt"_s, u"2023-11-14T22:13:20.000Z"_s}, {u"updatedAt"_s, u"2023-11-14T22:13:21.000Z"_s}}));
}

void TestConflicts::whatIsNoAnswerIsAConflictError_data()
{
    QTest::addColumn<QString>("verb");
    QTest::addColumn<QJsonObject>("answer");            // empty: none
    QTest::newRow("no answer") << u"update"_s << QJsonObject();
    QTest::newRow("no answer about a delete") << u"delete"_s << QJsonObject();
    QTest::newRow("no action") << u"update"_s << QJsonObject{{u"item"_s, QJsonObject{{u"text"_s, u"x"_s}}}};
    QTest::newRow("an action nobody knows") << u"update"_s << Fake::action(u"MERGE"_s);
    QTest::newRow("no item") << u"update"_s << Fake::action(u"RESOLVE"_s);
    QTest::newRow("an item that is none") << u"update"_s << QJsonObject{{u"action"_s, u"RESOLVE"_s}, {u"item"_s, 7}};
    QTest::newRow("a value of another type") << u"update"_s << Fake::resolve({{u"text"_s, u"x"_s}, {u"number"_s, u"many"_s}});
    QTest::newRow("a removed update") << u"update"_s << Fake::action(u"REMOVE"_s);
    QTest::newRow("a resolved delete") << u"delete"_s << Fake::resolve({{u"text"_s, u"x"_s}});
}

void TestConflicts::whatIsNoAnswerIsAConflictError()
{
    QFETCH(const QString, verb);
    QFETCH(const QJsonObject, answer);
    m_function->answerAtOnce(answer.isEmpty() ? Fake::Answer(Error(Error::Code::Timeout, u"secret words"_s)) : Fake::Answer(answer));
    fill(u"Asked"_s, 3, {{u"text"_s, u"A"_s}});
    const QJsonObject before = stored(u"Asked"_s);
    const QJsonObject response = mutate(verb, u"Asked"_s, input(u"1"_s, 2, {}));
    QVERIFY(response["data"_L1][verb + u"Asked"_s].isNull());
    QCOMPARE(response["errors"_L1].toArray().size(), 1);
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConflictError"_s);
    QCOMPARE(firstError(response)["message"_L1].toString(), u"The conflict function failed."_s);
    QVERIFY(firstError(response)["data"_L1].isNull());
    QCOMPARE(stored(u"Asked"_s), before);
    const std::lock_guard lock(m_mutex);
    QCOMPARE(m_errors.size(), 1);                       // the operator hears why
    QCOMPARE(ends(), (Ends{0, 0, 0, 1}));
}

void TestConflicts::aFittingVersionIsNotAskedAbout()
{
    fill(u"Asked"_s, 3, {{u"text"_s, u"A"_s}});
    QCOMPARE(answered(mutate(u"update"_s, u"Asked"_s, input(u"1"_s, 3, {{u"text"_s, u"B"_s}})))["text"_L1].toString(), u"B"_s);
    QCOMPARE(answered(mutate(u"delete"_s, u"Asked"_s, input(u"1"_s, 4, {})))["_deleted"_L1], QJsonValue(true));
    QCOMPARE(m_function->asked(), 0);
}

void TestConflicts::aTombstoneIsNotAskedAbout()
{
    fill(u"Asked"_s, 3, {{u"text"_s, u"A"_s}});
    mutate(u"delete"_s, u"Asked"_s, input(u"1"_s, 3, {}));
    for (const QString &verb : {u"update"_s, u"delete"_s}) {
        const QJsonObject response = mutate(verb, u"Asked"_s, input(u"1"_s, 2, {}));
        QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConflictUnhandled"_s);
        QCOMPARE(firstError(response)["data"_L1]["_deleted"_L1], QJsonValue(true));
    }
    QCOMPARE(m_function->asked(), 0);
}

static const Identity ann{Identity::Provider::UserPools, u"1"_s, {{u"sub"_s, u"1"_s}, {u"username"_s, u"ann"_s}}};
static const Identity bob{Identity::Provider::UserPools, u"2"_s, {{u"sub"_s, u"2"_s}, {u"username"_s, u"bob"_s}}};

void TestConflicts::whoMayNotIsNotAskedAbout()
{
    QVERIFY(!m_backend->runAs(ann, TestBackend::mutation(u"create"_s, u"Owned"_s, u"id"_s), {{u"input"_s, input(u"1"_s, 0, {})}}).contains("errors"_L1));
    const QJsonObject response = m_backend->runAs(bob, TestBackend::mutation(u"update"_s, u"Owned"_s, u"id"_s), {{u"input"_s, input(u"1"_s, 9, {})}});
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"Unauthorized"_s);
    QCOMPARE(m_function->asked(), 0);
}

void TestConflicts::othersAreNotHeldUp()
{
    fill(u"Asked"_s, 3, {{u"text"_s, u"A"_s}});
    auto waiting = startUpdate(u"Asked"_s, input(u"1"_s, 2, {{u"text"_s, u"B"_s}}));
    const Fake::Question question = m_function->next();
    QVERIFY(question.done);
    QVERIFY(!mutate(u"create"_s, u"Asked"_s, input(u"2"_s, 0, {})).contains("errors"_L1));
    QVERIFY(!mutate(u"create"_s, u"Merging"_s, input(u"2"_s, 0, {})).contains("errors"_L1));
    QCOMPARE(stored(u"Asked"_s)["text"_L1].toString(), u"A"_s);
    QVERIFY(waiting.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
    question.done(Fake::resolve({{u"text"_s, u"AB"_s}}));
    QCOMPARE(answered(finish(waiting))["text"_L1].toString(), u"AB"_s);
    QCOMPARE(stored(u"Asked"_s)["_version"_L1].toInt(), 4);
}

// The answer was given about another state of the record: it is asked again about this one.
void TestConflicts::theRecordMayMoveMeanwhile()
{
    fill(u"Asked"_s, 3, {{u"text"_s, u"A"_s}});
    auto waiting = startUpdate(u"Asked"_s, input(u"1"_s, 2, {{u"text"_s, u"B"_s}}));
    Fake::Question question = m_function->next();
    QVERIFY(question.done);
    QVERIFY(!mutate(u"update"_s, u"Asked"_s, input(u"1"_s, 3, {{u"text"_s, u"C"_s}})).contains("errors"_L1));
    question.done(Fake::resolve({{u"text"_s, u"AB"_s}}));
    question = m_function->next();
    QVERIFY(question.done);
    QCOMPARE(question.event["existingItem"_L1]["text"_L1].toString(), u"C"_s);
    QCOMPARE(question.event["existingItem"_L1]["_version"_L1].toInt(), 4);
    QCOMPARE(question.event["newItem"_L1]["text"_L1].toString(), u"B"_s);
    question.done(Fake::resolve({{u"text"_s, u"CB"_s}}));
    const QJsonObject record = answered(finish(waiting));
    QCOMPARE(record["text"_L1].toString(), u"CB"_s);
    QCOMPARE(record["_version"_L1].toInt(), 5);
}

void TestConflicts::theVersionMayFitMeanwhile()
{
    fill(u"Asked"_s, 3, {{u"text"_s, u"A"_s}, {u"number"_s, 1}});
    auto waiting = startUpdate(u"Asked"_s, input(u"1"_s, 4, {{u"text"_s, u"B"_s}}));
    const Fake::Question question = m_function->next();
    QVERIFY(question.done);
    mutate(u"update"_s, u"Asked"_s, input(u"1"_s, 3, {{u"number"_s, 2}}));
    question.done(Fake::action(u"REJECT"_s));
    const QJsonObject record = answered(finish(waiting));
    QCOMPARE(record["text"_L1].toString(), u"B"_s);
    QCOMPARE(record["number"_L1].toInt(), 2);
    QCOMPARE(record["_version"_L1].toInt(), 5);
}

void TestConflicts::theRecordMayGoMeanwhile()
{
    fill(u"Asked"_s, 3, {{u"text"_s, u"A"_s}});
    auto waiting = startUpdate(u"Asked"_s, input(u"1"_s, 2, {{u"text"_s, u"B"_s}}));
    const Fake::Question question = m_function->next();
    QVERIFY(question.done);
    mutate(u"delete"_s, u"Asked"_s, input(u"1"_s, 3, {}));
    question.done(Fake::resolve({{u"text"_s, u"AB"_s}}));
    const QJsonObject response = finish(waiting);
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConflictUnhandled"_s);
    QCOMPARE(firstError(response)["data"_L1]["_deleted"_L1], QJsonValue(true));
}

void TestConflicts::rightsMayGoMeanwhile()
{
    const QString update = TestBackend::mutation(u"update"_s, u"Owned"_s, u"id text"_s);
    QVERIFY(!m_backend->runAs(ann, TestBackend::mutation(u"create"_s, u"Owned"_s, u"id"_s), {{u"input"_s, input(u"1"_s, 0, {})}}).contains("errors"_L1));
    auto waiting = start(update, {{u"input"_s, input(u"1"_s, 9, {{u"text"_s, u"B"_s}})}}, ann);
    const Fake::Question question = m_function->next();
    QVERIFY(question.done);
    QCOMPARE(question.event["existingItem"_L1]["owner"_L1].toString(), u"1::ann"_s);
    QVERIFY(!m_backend->runAs(ann, update, {{u"input"_s, input(u"1"_s, 1, {{u"owner"_s, u"2::bob"_s}})}}).contains("errors"_L1));
    question.done(Fake::resolve({{u"text"_s, u"mine"_s}, {u"owner"_s, u"1::ann"_s}}));
    QCOMPARE(firstError(finish(waiting))["errorType"_L1].toString(), u"Unauthorized"_s);
    QCOMPARE(m_function->asked(), 1);
}

void TestConflicts::aRecordThatMovesTooOftenIsAConflict()
{
    fill(u"Asked"_s, 3, {{u"text"_s, u"A"_s}});
    auto waiting = startUpdate(u"Asked"_s, input(u"1"_s, 2, {{u"text"_s, u"B"_s}}));
    for (int i = 0; i < 5; ++i) {
        const Fake::Question question = m_function->next();
        QVERIFY(question.done);
        QVERIFY(!mutate(u"update"_s, u"Asked"_s, input(u"1"_s, 3 + i, {{u"number"_s, i}})).contains("errors"_L1));
        question.done(Fake::resolve({{u"text"_s, u"AB"_s}}));
    }
    const QJsonObject response = finish(waiting);
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConflictUnhandled"_s);
    QCOMPARE(firstError(response)["data"_L1]["_version"_L1].toInt(), 8);
    QCOMPARE(m_function->asked(), 5);
}

void TestConflicts::aDocumentGoesOnInOrder()
{
    fill(u"Asked"_s, 3, {{u"text"_s, u"A"_s}});
    auto waiting = start(u"mutation { a: createAsked(input: {id: \"2\", text: \"first\"}) { text } "
                         "b: updateAsked(input: {id: \"1\", text: \"B\", _version: 2}) { text _version } "
                         "c: updateAsked(input: {id: \"1\", number: 7, _version: 4}) { text number _version } "
                         "d: deleteAsked(input: {id: \"2\", _version: 1}) { _version } }"_s);
    const Fake::Question question = m_function->next();
    QVERIFY(question.done);
    QCOMPARE(stored(u"Asked"_s, u"2"_s)["text"_L1].toString(), u"first"_s);         // done and durable
    QCOMPARE(stored(u"Asked"_s)["_version"_L1].toInt(), 3);                         // not yet
    question.done(Fake::resolve({{u"text"_s, u"AB"_s}}));
    const QJsonObject response = finish(waiting);
    QVERIFY(!response.contains("errors"_L1));
    QCOMPARE(response["data"_L1].toObject(),
             (QJsonObject{{u"a"_s, QJsonObject{{u"text"_s, u"first"_s}}}, {u"b"_s, QJsonObject{{u"text"_s, u"AB"_s}, {u"_version"_s, 4}}},
                          {u"c"_s, QJsonObject{{u"text"_s, u"AB"_s}, {u"number"_s, 7}, {u"_version"_s, 5}}},
                          {u"d"_s, QJsonObject{{u"_version"_s, 2}}}}));
}

void TestConflicts::severalQuestionsOfADocument()
{
    fill(u"Asked"_s, 3, {{u"text"_s, u"A"_s}});
    auto waiting = start(u"mutation { a: updateAsked(input: {id: \"1\", text: \"B\", _version: 2}) { text } "
                         "b: updateAsked(input: {id: \"1\", text: \"C\", _version: 2}) { text } "
                         "c: deleteAsked(input: {id: \"1\", _version: 2}) { _version } }"_s);
    for (const QString &text : {u"AB"_s, u"ABC"_s}) {
        const Fake::Question question = m_function->next();
        QVERIFY(question.done);
        QCOMPARE(question.event["existingItem"_L1]["text"_L1].toString(), text.chopped(1));
        question.done(Fake::resolve({{u"text"_s, text}}));
    }
    const Fake::Question last = m_function->next();
    QVERIFY(last.done);
    last.done(Error(Error::Code::Timeout, u"late"_s));
    const QJsonObject response = finish(waiting);
    QCOMPARE(response["data"_L1]["a"_L1]["text"_L1].toString(), u"AB"_s);
    QCOMPARE(response["data"_L1]["b"_L1]["text"_L1].toString(), u"ABC"_s);
    QCOMPARE(firstError(response)["path"_L1].toArray(), QJsonArray{u"c"_s});
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"ConflictError"_s);
}

void TestConflicts::questionsAreAnsweredInAnyOrder()
{
    for (const QString &id : {u"1"_s, u"2"_s})
        mutate(u"create"_s, u"Asked"_s, input(id, 0, {{u"text"_s, id}}));
    auto first = startUpdate(u"Asked"_s, input(u"1"_s, 9, {{u"text"_s, u"B"_s}}));
    const Fake::Question one = m_function->next();
    auto second = startUpdate(u"Asked"_s, input(u"2"_s, 9, {{u"text"_s, u"B"_s}}));
    const Fake::Question two = m_function->next();
    QVERIFY(one.done && two.done);
    two.done(Fake::resolve({{u"text"_s, u"2B"_s}}));
    QCOMPARE(answered(finish(second))["text"_L1].toString(), u"2B"_s);
    one.done(Fake::resolve({{u"text"_s, u"1B"_s}}));
    QCOMPARE(answered(finish(first))["text"_L1].toString(), u"1B"_s);
}

void TestConflicts::theEndAnswersWhatWaits()
{
    fill(u"Asked"_s, 3, {{u"text"_s, u"A"_s}});
    auto waiting = startUpdate(u"Asked"_s, input(u"1"_s, 2, {{u"text"_s, u"B"_s}}));
    const Fake::Question question = m_function->next();
    auto started = start(u"mutation { a: createAsked(input: {id: \"2\"}) { id } b: updateAsked(input: {id: \"1\", _version: 1}) { id } }"_s);
    const Fake::Question other = m_function->next();
    QVERIFY(question.done && other.done);
    m_backend->backend->close();
    QCOMPARE(firstError(finish(waiting))["errorType"_L1].toString(), u"InternalFailure"_s);
    const QJsonObject response = finish(started);
    QCOMPARE(response["data"_L1]["a"_L1]["id"_L1].toString(), u"2"_s);              // what is done is said
    QCOMPARE(firstError(response)["path"_L1].toArray(), QJsonArray{u"b"_s});
    m_backend->backend.reset();
    question.done(Fake::resolve({{u"text"_s, u"AB"_s}}));                           // nobody waits any more
    m_backend->reopen();
    QCOMPARE(stored(u"Asked"_s)["text"_L1].toString(), u"A"_s);
}

void TestConflicts::conflictsAreCounted()
{
    fill(u"Merging"_s, 2, {});
    fill(u"Strict"_s, 2, {});
    fill(u"Asked"_s, 2, {});
    mutate(u"update"_s, u"Merging"_s, input(u"1"_s, 1, {}));
    mutate(u"delete"_s, u"Merging"_s, input(u"1"_s, 1, {}));
    mutate(u"update"_s, u"Strict"_s, input(u"1"_s, 1, {}));
    m_function->answerAtOnce(Fake::resolve({}));
    mutate(u"update"_s, u"Asked"_s, input(u"1"_s, 1, {}));
    m_function->answerAtOnce(Fake::action(u"REMOVE"_s));
    mutate(u"delete"_s, u"Asked"_s, input(u"1"_s, 1, {}));
    m_backend->backend->close();
    QCOMPARE(ends(), (Ends{1, 2, 2, 0}));
}

void TestConflicts::strategiesAreChosenByModel()
{
    const auto own = std::make_shared<FakeConflictFunction>();
    open({.conflicts = ConflictStrategy::Function, .modelConflicts = {{u"Merging"_s, {ConflictStrategy::Automerge}},
                                                                      {u"Strict"_s, {ConflictStrategy::Function, own}}}});
    own->answerAtOnce(Fake::resolve({{u"text"_s, u"own"_s}}));
    m_function->answerAtOnce(Fake::resolve({{u"text"_s, u"default"_s}}));
    const QHash<QString, QString> texts{{u"Merging"_s, u"A"_s}, {u"Strict"_s, u"own"_s}, {u"Asked"_s, u"default"_s}};
    for (auto text = texts.begin(); text != texts.end(); ++text) {
        fill(text.key(), 2, {{u"text"_s, u"A"_s}});
        QCOMPARE(answered(mutate(u"update"_s, text.key(), input(u"1"_s, 1, {{u"text"_s, u"B"_s}})))["text"_L1].toString(), text.value());
    }
    QVERIFY(!m_backend->mutate(u"create"_s, u"Needy"_s, {{u"id"_s, u"1"_s}, {u"must"_s, 1}, {u"may"_s, 2}}, u"id"_s).contains("errors"_L1));
    const QJsonObject kept = m_backend->mutate(u"update"_s, u"Needy"_s, {{u"id"_s, u"1"_s}, {u"must"_s, 3}, {u"_version"_s, 7}}, u"must may"_s);
    QCOMPARE(answered(kept), (QJsonObject{{u"must"_s, 1}, {u"may"_s, QJsonValue()}}));      // what must not be null stays
}

void TestConflicts::refusesWrongChoices_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("code");
    QTest::newRow("a model nobody knows") << u"Nothing"_s << int(Error::Code::UnknownModel);
    QTest::newRow("no function") << u"Asked"_s << int(Error::Code::InvalidArgument);
}

void TestConflicts::refusesWrongChoices()
{
    QFETCH(const QString, model);
    QFETCH(const int, code);
    const TestBackend backend(m_schema, {.modelConflicts = {{model, {ConflictStrategy::Function}}}});
    QVERIFY(!backend.backend);
    QCOMPARE(int(backend.error.code()), code);
    QVERIFY(backend.error.message().contains(model));
}

QTEST_GUILESS_MAIN(TestConflicts)
#include "tst_conflicts.moc"
