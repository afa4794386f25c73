// SPDX-License-Identifier: MIT
#include "backendfixture.h"

#include <sqlite3.h>

using namespace BackendFixture;

// How many statements an answer costs, seen by SQLite itself.
class TestStatements : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void nestedRelationsCostOneStatementEach_data();
    void nestedRelationsCostOneStatementEach();
    void answersOfACommitReadParentsTogether();
    void indexQueriesReadNoMoreThanTheirPage_data();
    void indexQueriesReadNoMoreThanTheirPage();

private:
    void fill(const TestBackend &backend, int teams, int members);
    [[nodiscard]] int reads(const TestBackend &backend, const QString &query);
    [[nodiscard]] static QStringList plan(const QString &path, const QByteArray &statement);

    static int opened(sqlite3 *database, char **, const sqlite3_api_routines *);
    static int traced(unsigned, void *, void *statement, void *);

    static inline std::atomic<int> s_reads = 0;
    static inline std::mutex s_mutex;
    static inline QByteArray s_lastRead;        // with its values
    std::unique_ptr<TestBackend> m_few, m_many;
};

int TestStatements::opened(sqlite3 *database, char **, const sqlite3_api_routines *)
{
    return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, traced, nullptr);
}

int TestStatements::traced(unsigned, void *, void *statement, void *)
{
    auto *const prepared = static_cast<sqlite3_stmt *>(statement);
    if (!QByteArrayView(sqlite3_sql(prepared)).startsWith("SELECT"))
        return 0;
    ++s_reads;
    const std::unique_ptr<char, decltype(&sqlite3_free)> text(sqlite3_expanded_sql(prepared), sqlite3_free);
    const std::lock_guard lock(s_mutex);
    s_lastRead = text.get();
    return 0;
}

void TestStatements::initTestCase()
{
    const Schema relations = fixtureSchema(u"relations"_s);
    QVERIFY2(!relations.isEmpty(), "fixtures/schema is missing");
    QCOMPARE(sqlite3_auto_extension(reinterpret_cast<void (*)()>(opened)), SQLITE_OK);
    m_few = std::make_unique<TestBackend>(relations, BackendOptions{.durable = false});
    m_many = std::make_unique<TestBackend>(relations, BackendOptions{.durable = false});
    QVERIFY(m_few->backend && m_many->backend);
    fill(*m_few, 1, 1);
    fill(*m_many, 20, 8);
}

void TestStatements::cleanupTestCase()
{
    m_few.reset();
    m_many.reset();
    sqlite3_reset_auto_extension();
}

void TestStatements::fill(const TestBackend &backend, int teams, int members)
{
    const auto create = [&backend](const QString &model, const QJsonObject &input) {
        const QJsonObject response = backend.mutate(u"create"_s, model, input, u"__typename"_s);
        if (response.contains("errors"_L1))
            QTest::qFail(QJsonDocument(response).toJson().constData(), __FILE__, __LINE__);
    };
    for (int team = 0; team < teams; ++team) {
        const QString id = u"t%1"_s.arg(team);
        create(u"Project"_s, {{u"id"_s, id}, {u"teamId"_s, id}});
        create(u"Team"_s, {{u"id"_s, id}, {u"name"_s, id}, {u"projectId"_s, id}});
        create(u"Course"_s, {{u"id"_s, id}, {u"title"_s, id}});
        create(u"Student"_s, {{u"school"_s, id}, {u"number"_s, team}});
        create(u"Enrolment"_s, {{u"studentSchool"_s, id}, {u"studentnumber"_s, team}, {u"courseId"_s, u"t0"_s}});
        create(u"Parent"_s, {{u"region"_s, id}, {u"code"_s, id}});
        for (int i = 0; i < members; ++i) {
            create(u"Member"_s, {{u"id"_s, u"%1-%2"_s.arg(id).arg(i)}, {u"name"_s, id}, {u"teamId"_s, id}, {u"mentorId"_s, id + u"-0"_s}});
            create(u"Child"_s, {{u"region"_s, id}, {u"serial"_s, i}, {u"parentChildrenRegion"_s, id}, {u"parentChildrenCode"_s, id}});
        }
    }
}

int TestStatements::reads(const TestBackend &backend, const QString &query)
{
    backend.run(query);                         // whatever is done once
    s_reads = 0;
    const QJsonObject response = backend.run(query);
    if (response.contains("errors"_L1))
        QTest::qFail(QJsonDocument(response).toJson().constData(), __FILE__, __LINE__);
    return s_reads;
}

void TestStatements::nestedRelationsCostOneStatementEach_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<int>("statements");
    QTest::newRow("belongsTo") << u"{ listMembers { items { team { project { team { id } } } } } }"_s << 4;
    QTest::newRow("hasMany") << u"{ listTeams { items { members { items { students { items { mentor { id } } } } } } } }"_s << 4;
    QTest::newRow("there and back") << u"{ syncTeams { items { members { items { team { members { items { mentor { team { id } } } } } } } } } }"_s << 6;
    QTest::newRow("many to many") << u"{ listCourses { items { students { items { student { courses { items { course { id } } } } } } } } }"_s << 5;
    QTest::newRow("composite keys") << u"{ listParents { items { children { items { parent { region } } } } } }"_s << 3;
    QTest::newRow("side by side") << u"{ listTeams { items { a: members { items { id } } b: members(limit: 1) { items { id } } project { id } } } }"_s << 4;
}

void TestStatements::nestedRelationsCostOneStatementEach()
{
    QFETCH(const QString, query);
    QFETCH(const int, statements);
    QCOMPARE(reads(*m_few, query), statements);
    QCOMPARE(reads(*m_many, query), statements);
}

void TestStatements::answersOfACommitReadParentsTogether()
{
    const auto creates = [](int count) {
        QString text;
        for (int i = 0; i < count; ++i)
            text += u" m%1: createMember(input: {name: \"n\", teamId: \"t%1\", mentorId: \"t0-0\"}) { id team { id } mentor { id } }"_s.arg(i);
        return u"mutation {%1 }"_s.arg(text);
    };
    const QJsonObject data = m_many->run(creates(12))["data"_L1].toObject();
    for (int i = 0; i < 12; ++i) {
        const QJsonObject member = data[u"m%1"_s.arg(i)].toObject();
        QCOMPARE(member["team"_L1]["id"_L1].toString(), u"t%1"_s.arg(i));
        QCOMPARE(member["mentor"_L1]["id"_L1].toString(), u"t0-0"_s);
    }
    QCOMPARE(reads(*m_many, creates(1)), 3);        // keys, teams, mentors
    QCOMPARE(reads(*m_many, creates(12)), 3);
}

QStringList TestStatements::plan(const QString &path, const QByteArray &statement)
{
    QStringList lines;
    sqlite3 *database = nullptr;
    sqlite3_stmt *explained = nullptr;
    sqlite3_open(path.toUtf8().constData(), &database);
    sqlite3_prepare_v2(database, ("EXPLAIN QUERY PLAN " + statement).constData(), -1, &explained, nullptr);
    while (sqlite3_step(explained) == SQLITE_ROW)
        lines.append(QString::fromUtf8(reinterpret_cast<const char *>(sqlite3_column_text(explained, 3))));
    sqlite3_finalize(explained);
    sqlite3_close(database);
    return lines;
}

void TestStatements::indexQueriesReadNoMoreThanTheirPage_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("index");
    const QString tail = u"limit: 2, nextToken: $t) { items { __typename } nextToken } }"_s;
    const QString sortKey = u"Item.byTeam# (team=? AND <expr>%1?)"_s;
    QTest::newRow("a composite sort key") << u"query Q($t: String) { itemsByTeam(team: \"t\", "_s + tail << sortKey.arg(u">"_s);
    QTest::newRow("descending") << u"query Q($t: String) { itemsByTeam(team: \"t\", sortDirection: DESC, "_s + tail << sortKey.arg(u"<"_s);
    QTest::newRow("with a condition") << u"query Q($t: String) { itemsByTeam(team: \"t\", statusRank: {beginsWith: {status: \"a\"}}, "_s + tail << sortKey.arg(u">"_s);
    QTest::newRow("one sort field") << u"query Q($t: String) { itemsByRank(team: \"t\", "_s + tail << u"Item.byRank (team=? AND rank>?)"_s;
    QTest::newRow("a primary key") << u"query Q($t: String) { listCells(row: \"t\", "_s + tail << u"Cell.$key (row=? AND <expr>>?)"_s;
}

void TestStatements::indexQueriesReadNoMoreThanTheirPage()
{
    QFETCH(const QString, query);
    QFETCH(const QString, index);
    const Result<Schema> schema = Schema::parse(uR"(
type Item @model {
  id: ID! status: String rank: Int
  team: ID @index(name: "byTeam", sortKeyFields: ["status", "rank"], queryField: "itemsByTeam") @index(name: "byRank", sortKeyFields: ["rank"], queryField: "itemsByRank")
}
type Cell @model { row: ID! @primaryKey(sortKeyFields: ["col", "depth"]) col: String! depth: Int! }
)"_s);
    QVERIFY(schema);
    const TestBackend backend(*schema, BackendOptions{.durable = false});
    QVERIFY(backend.backend);
    for (int i = 0; i < 5; ++i) {
        backend.mutate(u"create"_s, u"Item"_s, {{u"team"_s, u"t"_s}, {u"status"_s, u"a"_s}, {u"rank"_s, i}}, u"id"_s);
        backend.mutate(u"create"_s, u"Cell"_s, {{u"row"_s, u"t"_s}, {u"col"_s, u"a"_s}, {u"depth"_s, i}}, u"row"_s);
    }
    const QJsonValue token = backend.data(query)["nextToken"_L1];
    QCOMPARE(backend.data(query, {{u"t"_s, token}})["items"_L1].toArray().size(), 2);
    const std::lock_guard lock(s_mutex);
    const QStringList lines = plan(backend.path(), s_lastRead);
    QVERIFY2(lines.value(0).endsWith(u"USING INDEX "_s + index), qPrintable(lines.join(u'\n')));
    QVERIFY2(!lines.contains(u"USE TEMP B-TREE FOR ORDER BY"_s), qPrintable(lines.join(u'\n')));      // of those with one sort key at most
}

QTEST_GUILESS_MAIN(TestStatements)
#include "tst_statements.moc"
