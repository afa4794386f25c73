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

private:
    void fill(const TestBackend &backend, int teams, int members);
    [[nodiscard]] int reads(const TestBackend &backend, const QString &query);

    static int opened(sqlite3 *database, char **, const sqlite3_api_routines *);
    static int traced(unsigned, void *, void *statement, void *);

    static inline std::atomic<int> s_reads = 0;
    std::unique_ptr<TestBackend> m_few, m_many;
};

int TestStatements::opened(sqlite3 *database, char **, const sqlite3_api_routines *)
{
    return sqlite3_trace_v2(database, SQLITE_TRACE_STMT, traced, nullptr);
}

int TestStatements::traced(unsigned, void *, void *statement, void *)
{
    if (QByteArrayView(sqlite3_sql(static_cast<sqlite3_stmt *>(statement))).startsWith("SELECT"))
        ++s_reads;
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

QTEST_GUILESS_MAIN(TestStatements)
#include "tst_statements.moc"
