// SPDX-License-Identifier: MIT
#include "backendfixture.h"

using namespace BackendFixture;

class TestAccess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void modelRules_data();
    void modelRules();
    void relationsAskTheOtherModel();
    void fieldRulesHideAFieldFromReaders();
    void fieldRulesRefuseToWriteAField();
    void fieldRulesRefuseToDelete();
    void whoMayNotListenHearsNothing();
    void subscribersSeeWhatTheyMay();

private:
    static Identity someone(const QString &who);
    QJsonObject run(const QString &query, const QString &who) const
    {
        const auto answered = std::make_shared<std::promise<QByteArray>>();
        std::future<QByteArray> answer = answered->get_future();
        m_backend->backend->execute({query, {}, {}, someone(who)}, [answered](const QByteArray &response) { answered->set_value(response); });
        return QJsonDocument::fromJson(answer.get()).object();
    }

    Schema m_schema;
    std::unique_ptr<TestBackend> m_backend;
};

Identity TestAccess::someone(const QString &who)
{
    Identity identity;
    if (who == u"key")
        return identity;
    identity.provider = Identity::Provider::UserPools;
    identity.subject = who;
    if (who == u"admin")
        identity.claims.insert(u"cognito:groups"_s, QJsonArray{u"Staff"_s, u"Admin"_s});
    return identity;
}

void TestAccess::initTestCase()
{
    const Result<Schema> schema = Schema::parse(uR"(
type Open @model { id: ID! text: String }
type ReadOnly @model @auth(rules: [{allow: public, operations: [read]}, {allow: groups, groups: ["Admin"]}]) { id: ID! text: String opens: [Kept] @hasMany }
type Kept @model @auth(rules: [{allow: private}]) { id: ID! text: String }
type Owned @model @auth(rules: [{allow: owner}]) { id: ID! text: String }
type Partly @model @auth(rules: [{allow: public}, {allow: private}]) {
  id: ID! text: String secret: String @auth(rules: [{allow: private}])
}
)"_s);
    QVERIFY2(schema, qPrintable(schema.error().message()));
    m_schema = *schema;
}

void TestAccess::init()
{
    m_backend = std::make_unique<TestBackend>(m_schema);
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
}

void TestAccess::modelRules_data()
{
    QTest::addColumn<QString>("who");
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("refusal");
    const auto row = [](const char *name, const QString &who, const QString &query, const QString &field = {}) {
        QTest::newRow(name) << who << query << (field.isEmpty() ? QString() : u"Not Authorized to access "_s + field);
    };
    row("a model without rules", u"key"_s, u"mutation { createOpen(input: {text: \"a\"}) { id } }"_s);
    row("public reading", u"key"_s, u"{ syncReadOnlies { items { id } } }"_s);
    row("public does not mean writing", u"key"_s, u"mutation { createReadOnly(input: {text: \"a\"}) { id } }"_s, u"createReadOnly on type Mutation"_s);
    row("public by another provider", u"user"_s, u"{ syncReadOnlies { items { id } } }"_s, u"syncReadOnlies on type Query"_s);
    row("a group", u"admin"_s, u"mutation { createReadOnly(input: {text: \"a\"}) { id } }"_s);
    row("private for a key", u"key"_s, u"{ listKepts { items { id } } }"_s, u"listKepts on type Query"_s);
    row("private for a key, one record", u"key"_s, u"{ getKept(id: \"1\") { id } }"_s, u"getKept on type Query"_s);
    row("private for a user", u"user"_s, u"mutation { createKept(input: {text: \"a\"}) { id } }"_s);
    row("owners", u"user"_s, u"{ syncOwneds { items { id } } }"_s);
    row("owners have a name", u"key"_s, u"{ syncOwneds { items { id } } }"_s, u"syncOwneds on type Query"_s);
    row("owners, writing", u"key"_s, u"mutation { deleteOwned(input: {id: \"1\", _version: 1}) { id } }"_s, u"deleteOwned on type Mutation"_s);
}

void TestAccess::modelRules()
{
    QFETCH(const QString, who);
    QFETCH(const QString, query);
    QFETCH(const QString, refusal);
    const QJsonObject response = run(query, who);
    QCOMPARE(firstError(response)["message"_L1].toString(), refusal);
    QCOMPARE(firstError(response)["errorType"_L1].toString(), refusal.isEmpty() ? QString() : u"Unauthorized"_s);
    QCOMPARE(response["data"_L1].toObject().begin().value().isNull(), !refusal.isEmpty());
}

void TestAccess::relationsAskTheOtherModel()
{
    run(u"mutation { createReadOnly(input: {id: \"1\"}) { id } }"_s, u"admin"_s);
    const QJsonObject response = run(u"{ getReadOnly(id: \"1\") { id opens { items { id } } } }"_s, u"key"_s);
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"Unauthorized"_s);
    QCOMPARE(response["data"_L1]["getReadOnly"_L1].toObject(), (QJsonObject{{u"id"_s, u"1"_s}, {u"opens"_s, QJsonValue()}}));
}

void TestAccess::fieldRulesHideAFieldFromReaders()
{
    run(u"mutation { createPartly(input: {id: \"1\", text: \"a\", secret: \"s\"}) { id } }"_s, u"user"_s);
    const QString query = u"{ getPartly(id: \"1\") { text secret } }"_s;
    QCOMPARE(run(query, u"user"_s)["data"_L1]["getPartly"_L1]["secret"_L1].toString(), u"s"_s);
    const QJsonObject response = run(query, u"key"_s);
    QCOMPARE(response["data"_L1]["getPartly"_L1].toObject(), (QJsonObject{{u"text"_s, u"a"_s}, {u"secret"_s, QJsonValue()}}));
    QCOMPARE(firstError(response)["path"_L1].toArray(), (QJsonArray{u"getPartly"_s, u"secret"_s}));
    QCOMPARE(firstError(response)["errorType"_L1].toString(), u"Unauthorized"_s);
}

void TestAccess::fieldRulesRefuseToWriteAField()
{
    QVERIFY(!run(u"mutation { createPartly(input: {id: \"1\", text: \"a\"}) { id } }"_s, u"key"_s).contains("errors"_L1));
    const QJsonObject error = firstError(run(u"mutation { updatePartly(input: {id: \"1\", secret: \"s\", _version: 1}) { id } }"_s, u"key"_s));
    QCOMPARE(error["errorType"_L1].toString(), u"Unauthorized"_s);
    QCOMPARE(error["message"_L1].toString(), u"Unauthorized on [secret]"_s);
    QVERIFY(!run(u"mutation { updatePartly(input: {id: \"1\", text: \"b\", _version: 1}) { id } }"_s, u"key"_s).contains("errors"_L1));
}

void TestAccess::fieldRulesRefuseToDelete()
{
    run(u"mutation { createPartly(input: {id: \"1\", text: \"a\"}) { id } }"_s, u"key"_s);
    QCOMPARE(firstError(run(u"mutation { deletePartly(input: {id: \"1\", _version: 1}) { id } }"_s, u"key"_s))["errorType"_L1].toString(), u"Unauthorized"_s);
    QVERIFY(!run(u"mutation { deletePartly(input: {id: \"1\", _version: 1}) { id } }"_s, u"user"_s).contains("errors"_L1));
}

void TestAccess::whoMayNotListenHearsNothing()
{
    Deliveries key, user;
    const QString query = u"subscription { onCreateKept { id } }"_s;
    QVERIFY(m_backend->backend->subscribe({query, {}, {}, someone(u"key"_s)}, key.receiver()));
    QVERIFY(m_backend->backend->subscribe({query, {}, {}, someone(u"user"_s)}, user.receiver()));
    run(u"mutation { createKept(input: {text: \"a\"}) { id } }"_s, u"user"_s);
    QTRY_COMPARE(user.count(), 1);
    m_backend->backend->close();
    QCOMPARE(key.count(), 0);
}

void TestAccess::subscribersSeeWhatTheyMay()
{
    Deliveries key, user;
    const QString query = u"subscription { onCreatePartly { text secret } }"_s;
    QVERIFY(m_backend->backend->subscribe({query, {}, {}, someone(u"key"_s)}, key.receiver()));
    QVERIFY(m_backend->backend->subscribe({query, {}, {}, someone(u"user"_s)}, user.receiver()));
    run(u"mutation { createPartly(input: {text: \"a\", secret: \"s\"}) { id } }"_s, u"user"_s);
    QTRY_COMPARE(key.count(), 1);
    QTRY_COMPARE(user.count(), 1);
    QVERIFY(key.at(0)["onCreatePartly"_L1]["secret"_L1].isNull());
    QCOMPARE(user.at(0)["onCreatePartly"_L1]["secret"_L1].toString(), u"s"_s);
}

QTEST_GUILESS_MAIN(TestAccess)
#include "tst_access.moc"
