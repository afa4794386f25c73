// SPDX-License-Identifier: MIT
#include "backendfixture.h"

using namespace BackendFixture;

/*
    A nextToken has the place where a page ended, which may be a value of a record that its caller never gets to see.
    Only the server reads it, and takes it only from whom and for what it was made.
*/
class TestPageTokens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void aTokenShowsNothing_data();
    void aTokenShowsNothing();
    void anAlteredTokenIsRefused();
    void aTokenOfAnotherCallerIsRefused();
    void aTokenOfAnotherQueryIsRefused_data();
    void aTokenOfAnotherQueryIsRefused();
    void aTokenOfAnotherDatabaseIsRefused();
    void aTokenOutlivesTheServer();
    void anotherLimitMayFollow();

private:
    [[nodiscard]] QJsonObject run(const Identity &identity, const QString &query, const QJsonValue &token = {}) const
    {
        return m_backend->runAs(identity, query, {{u"t"_s, token}});
    }
    [[nodiscard]] QString firstToken(const QString &query) const
    {
        const QJsonObject data = run(m_alice, query)["data"_L1].toObject();
        return data.isEmpty() ? QString() : data.begin().value()["nextToken"_L1].toString();
    }
    void refused(const QJsonObject &response) const
    {
        QCOMPARE(firstError(response)["errorType"_L1].toString(), u"DynamoDB:UserIllegalArgumentException"_s);
        QVERIFY(firstError(response)["message"_L1].toString().endsWith(u"Invalid pagination token given."));
    }

    const Identity m_alice{Identity::Provider::UserPools, u"1"_s, {{u"sub"_s, u"1"_s}, {u"username"_s, u"alice"_s}}};
    const Identity m_bob{Identity::Provider::UserPools, u"2"_s, {{u"sub"_s, u"2"_s}, {u"username"_s, u"bob"_s}}};
    Schema m_schema;
    std::unique_ptr<TestBackend> m_backend;
};

static const QString listQuery = u"query Q($t: String) { listNotes(limit: 1, nextToken: $t) { items { id } nextToken } }"_s;
static const QString syncQuery = u"query Q($t: String) { syncNotes(limit: 1, nextToken: $t) { items { id } nextToken } }"_s;
static const QString indexQuery = u"query Q($t: String) { notesByKind(kind: \"k\", limit: 1, nextToken: $t) { items { id } nextToken } }"_s;

void TestPageTokens::init()
{
    const Result<Schema> schema = Schema::parse(
        u"type Note @model @auth(rules: [{allow: owner}]) { id: ID! kind: String @index(name: \"byKind\", queryField: \"notesByKind\", "
        "sortKeyFields: [\"secret\"]) secret: String }\n"
        "type Memo @model @auth(rules: [{allow: owner}]) { id: ID! kind: String }"_s);
    QVERIFY2(schema, qPrintable(schema.error().message()));
    m_schema = *schema;
    m_backend = std::make_unique<TestBackend>(m_schema);
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
    for (int i = 0; i < 4; ++i) {
        const QJsonObject input{{u"id"_s, u"note-%1"_s.arg(i)}, {u"kind"_s, u"k"_s}, {u"secret"_s, u"hidden-%1"_s.arg(i)}};
        const QJsonObject response = m_backend->runAs(m_bob, TestBackend::mutation(u"create"_s, u"Note"_s, u"id"_s), {{u"input"_s, input}});
        QVERIFY(!response.contains("errors"_L1));
    }
}

void TestPageTokens::aTokenShowsNothing_data()
{
    QTest::addColumn<QString>("query");
    QTest::newRow("list") << listQuery;
    QTest::newRow("by index") << indexQuery;
    QTest::newRow("sync") << syncQuery;
}

void TestPageTokens::aTokenShowsNothing()
{
    QFETCH(const QString, query);
    const QString token = firstToken(query);
    QVERIFY(!token.isEmpty());
    const QByteArray bytes = QByteArray::fromBase64(token.toLatin1(), QByteArray::Base64UrlEncoding);
    QVERIFY(!bytes.contains("note") && !bytes.contains("hidden") && !bytes.contains("17000000"));
    QVERIFY(firstToken(query) != token);            // not even that two end at the same place
}

void TestPageTokens::anAlteredTokenIsRefused()
{
    const QString token = firstToken(listQuery);
    for (qsizetype i = 0; i < token.size(); i += 3) {
        QString altered = token;
        altered[i] = altered[i] == u'A' ? u'B' : u'A';
        refused(run(m_alice, listQuery, altered));
    }
    for (const QString &nonsense : {u""_s, u"x"_s, token.left(token.size() / 2), token + u"AAAA"_s, u"\u00e4\u00f6"_s})
        refused(run(m_alice, listQuery, nonsense));
}

void TestPageTokens::aTokenOfAnotherCallerIsRefused()
{
    const QString token = firstToken(listQuery);
    refused(run(m_bob, listQuery, token));
    Identity renewed = m_alice;
    renewed.claims.insert(u"iat"_s, 7);
    QVERIFY(!run(renewed, listQuery, token).contains("errors"_L1));
}

void TestPageTokens::aTokenOfAnotherQueryIsRefused_data()
{
    QTest::addColumn<QString>("query");
    QTest::newRow("another model") << u"query Q($t: String) { listMemos(limit: 1, nextToken: $t) { nextToken } }"_s;
    QTest::newRow("a sync") << syncQuery;
    QTest::newRow("an index") << indexQuery;
    QTest::newRow("a filter") << u"query Q($t: String) { listNotes(nextToken: $t, filter: {kind: {eq: \"k\"}}) { nextToken } }"_s;
    QTest::newRow("another value of the key") << u"query Q($t: String) { notesByKind(kind: \"l\", nextToken: $t) { nextToken } }"_s;
}

void TestPageTokens::aTokenOfAnotherQueryIsRefused()
{
    QFETCH(const QString, query);
    refused(run(m_alice, query, firstToken(query.contains(u"\"l\"") ? indexQuery : listQuery)));
}

void TestPageTokens::aTokenOfAnotherDatabaseIsRefused()
{
    const QString token = firstToken(listQuery);
    TestBackend other(m_schema);
    QVERIFY2(other.backend, qPrintable(other.error.message()));
    refused(other.runAs(m_alice, listQuery, {{u"t"_s, token}}));
}

void TestPageTokens::aTokenOutlivesTheServer()
{
    const QString token = firstToken(listQuery);
    m_backend->reopen();
    QStringList ids;
    for (QJsonValue next = token; !next.isNull();) {
        const QJsonObject page = run(m_bob, listQuery, ids.isEmpty() ? QJsonValue() : next)["data"_L1]["listNotes"_L1].toObject();
        ids += strings(page["items"_L1], u"id"_s);
        next = page["nextToken"_L1];
    }
    QCOMPARE(ids, (QStringList{u"note-0"_s, u"note-1"_s, u"note-2"_s, u"note-3"_s}));
    QVERIFY(!run(m_alice, listQuery, token).contains("errors"_L1));
}

void TestPageTokens::anotherLimitMayFollow()
{
    const QString query = u"query Q($t: String) { listNotes(limit: 100, nextToken: $t) { items { id } nextToken } }"_s;
    const QString token = run(m_bob, listQuery)["data"_L1]["listNotes"_L1]["nextToken"_L1].toString();
    QCOMPARE(strings(run(m_bob, query, token)["data"_L1]["listNotes"_L1]["items"_L1], u"id"_s),
             (QStringList{u"note-1"_s, u"note-2"_s, u"note-3"_s}));
}

QTEST_GUILESS_MAIN(TestPageTokens)
#include "tst_pagetokens.moc"
