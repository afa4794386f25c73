// SPDX-License-Identifier: MIT
#include "backendfixture.h"

#include "server/auth/apikeyauthorizer.h"

#include <QtCore/QUrl>
#include <QtCore/QUrlQuery>
#include <QtSql/QSqlDatabase>
#include <QtSql/QSqlError>
#include <QtSql/QSqlQuery>

#include <future>
#include <random>
#include <thread>

using namespace BackendFixture;

class TestBackendLife : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void keepsEverythingAfterReopening();
    void commitsWhatWaitsTogether();
    void answersEveryRequestWhenClosing();
    void servesWhatWaitsForAReaderWhenClosing();
    void refusesWhatStillWaitsAtTheEndOfClosing();
    void refusesRequestsAfterClosing();
    void refusesAFileThatIsInUse();
    void refusesAFolderThatIsMissing();
    void refusesAFileThatIsNoDatabase();
    void refusesANewerLayout();
    void addsTypesFieldsAndIndexes();
    void refusesAnotherKey();
    void refusesAnotherColumnType();
    void fieldsMayBeCalledLikeTheTablesOwnColumns();
    void answersFromManyThreads();
    void answersDamagedRequests();
    void answersDeepInput();
    void refusesOperationsThatTheSchemaLacks();
    void apiKeys_data();
    void apiKeys();

private:
    void execute(const QString &location, const QStringList &statements);
    [[nodiscard]] qint64 number(const QString &location, const QString &query);

    Schema m_blog;
};

void TestBackendLife::initTestCase()
{
    m_blog = fixtureSchema(u"blog"_s);
    QVERIFY2(!m_blog.isEmpty(), "fixtures/schema/blog/input.graphql is missing");
}

// A connection past the backend.
static QSqlDatabase rawDatabase(const QString &location)
{
    const QUrl url(location);
    const bool isPostgres = url.scheme() == u"postgres";
    QSqlDatabase database = QSqlDatabase::addDatabase(isPostgres ? u"QPSQL"_s : u"QSQLITE"_s, u"test"_s);
    database.setDatabaseName(isPostgres ? url.path().mid(1) : location);
    if (isPostgres) {
        database.setHostName(QUrlQuery(url).queryItemValue(u"host"_s));
        database.setUserName(url.userName());
    }
    if (!database.open())
        qWarning("%s", qPrintable(database.lastError().text()));
    return database;
}

void TestBackendLife::execute(const QString &location, const QStringList &statements)
{
    {
        const QSqlDatabase database = rawDatabase(location);
        for (const QString &statement : statements) {
            QSqlQuery query(database);
            QVERIFY2(query.exec(statement), qPrintable(query.lastError().text()));
        }
    }
    QSqlDatabase::removeDatabase(u"test"_s);
}

qint64 TestBackendLife::number(const QString &location, const QString &text)
{
    qint64 result = -1;
    {
        QSqlQuery query(rawDatabase(location));
        if (query.exec(text) && query.next())
            result = query.value(0).toLongLong();
    }
    QSqlDatabase::removeDatabase(u"test"_s);
    return result;
}

void TestBackendLife::keepsEverythingAfterReopening()
{
    TestBackend backend(m_blog);
    backend.run(u"mutation { createBlog(input: {id: \"1\", name: \"A\"}) { id } }"_s);
    backend.run(u"mutation { updateBlog(input: {id: \"1\", name: \"B\", _version: 1}) { id } }"_s);
    const QString query = u"{ syncBlogs { items { id name _version _lastChangedAt createdAt } } }"_s;
    const QByteArray before = backend.text(query);
    backend.reopen();
    QCOMPARE(backend.text(query), before);
    backend.run(u"mutation { createBlog(input: {id: \"2\", name: \"A\"}) { id } }"_s);
    QCOMPARE(strings(backend.data(query)["items"_L1], u"id"_s), (QStringList{u"1"_s, u"2"_s}));
}

// While one commit is on its way to the disk the next mutations gather; all mutations of a commit carry its time.
void TestBackendLife::commitsWhatWaitsTogether()
{
    TestBackend backend(m_blog);
    std::atomic<int> commits = 0;
    backend.options().clock = [&commits] { return startOfTime + ++commits; };
    backend.reopen();
    constexpr int count = 2000;
    std::atomic<int> answered = 0;
    const QString query = u"mutation M($input: CreateBlogInput!) { createBlog(input: $input) { id } }"_s;
    backend.run(query, {{u"input"_s, QJsonObject{{u"name"_s, u"first"_s}}}});
    commits = 0;
    for (int i = 0; i < count; ++i)
        backend.backend->execute({query, {{u"input"_s, QJsonObject{{u"name"_s, u"A"_s}}}}, {}, {}}, [&answered](const QByteArray &) { ++answered; });
    QTRY_COMPARE(answered, count);
    backend.backend->close();
    const qint64 transactions = number(backend.path(), u"SELECT COUNT(DISTINCT changed_at) FROM tl_journal"_s);
    QCOMPARE(number(backend.path(), u"SELECT COUNT(*) FROM tl_journal"_s), count + 1);
    QVERIFY2(transactions < count / 4, QByteArray::number(transactions).constData());
}

void TestBackendLife::answersEveryRequestWhenClosing()
{
    TestBackend backend(m_blog);
    std::atomic<int> answered = 0;
    Deliveries deliveries;
    QVERIFY(backend.backend->subscribe({u"subscription { onCreateBlog { id } }"_s, {}, {}, {}}, deliveries.receiver()));
    const QString mutation = u"mutation { createBlog(input: {name: \"A\"}) { id } }"_s;
    backend.run(mutation);
    constexpr int count = 500;
    for (int i = 0; i < count; ++i) {
        backend.backend->execute({mutation, {}, {}, {}}, [&answered](const QByteArray &) { ++answered; });
        backend.backend->execute({u"{ syncBlogs { items { id } } }"_s, {}, {}, {}}, [&answered](const QByteArray &) { ++answered; });
    }
    backend.backend.reset();
    QCOMPARE(answered, 2 * count);
    QCOMPARE(number(backend.path(), u"SELECT COUNT(*) FROM \"Blog\""_s), count + 1);
    QCOMPARE(deliveries.count(), count + 1);
}

void TestBackendLife::servesWhatWaitsForAReaderWhenClosing()
{
    TestBackend backend(m_blog, BackendOptions{.readerThreads = 1});
    const QString known = u"{ syncBlogs { items { id } } }"_s;
    backend.run(known);
    std::promise<void> release;
    std::atomic<int> served = 0, others = 0;
    const auto answered = [&](const QByteArray &response) { ++(response.contains("errors") ? others : served); };
    backend.backend->execute({known, {}, {}, {}}, [&, held = release.get_future().share()](const QByteArray &response) {
        held.wait();
        answered(response);
    });
    const QStringList unknown = {u"mutation { createBlog(input: {id: \"waited\", name: \"A\"}) { id } }"_s, u"{ getBlog(id: \"waited\") { name } }"_s,
                                 u"mutation { createBlog(input: {name: \"B\"}) { id name } }"_s};
    for (const QString &query : unknown)
        backend.backend->execute({query, {}, {}, {}}, answered);
    std::thread closing([&] { backend.backend->close(); });
    const auto isClosing = [&] {
        const auto refused = std::make_shared<std::atomic<bool>>(false);        // else it is answered later
        backend.backend->execute({known, {}, {}, {}}, [refused](const QByteArray &response) { *refused = response.contains("errors"); });
        return refused->load();
    };
    [&] { QTRY_VERIFY(isClosing()); }();
    release.set_value();
    closing.join();
    QCOMPARE(others, 0);
    QCOMPARE(served, 1 + int(unknown.size()));
    QCOMPARE(number(backend.path(), u"SELECT COUNT(*) FROM \"Blog\""_s), 2);
}

void TestBackendLife::refusesWhatStillWaitsAtTheEndOfClosing()
{
    TestBackend backend(m_blog, BackendOptions{.readerThreads = 1, .closeTimeoutMs = 1});
    const QString known = u"{ syncBlogs { items { id } } }"_s;
    backend.run(known);
    std::promise<void> release;
    std::atomic<int> served = 0, refused = 0;
    const auto answered = [&](const QByteArray &response) { ++(response.contains("shutting down") ? refused : served); };
    backend.backend->execute({known, {}, {}, {}}, [&, held = release.get_future().share()](const QByteArray &response) {
        held.wait();
        answered(response);
    });
    constexpr int waiting = 3;
    for (int i = 0; i < waiting; ++i)
        backend.backend->execute({u"mutation { createBlog(input: {id: \"%1\", name: \"A\"}) { id } }"_s.arg(i), {}, {}, {}}, answered);
    std::thread closing([&] { backend.backend->close(); });
    [&] { QTRY_COMPARE_WITH_TIMEOUT(refused, waiting, 30'000); }();                  // while the reader is still busy
    release.set_value();
    closing.join();
    QCOMPARE(served, 1);
    QCOMPARE(number(backend.path(), u"SELECT COUNT(*) FROM \"Blog\""_s), 0);
}

void TestBackendLife::refusesRequestsAfterClosing()
{
    TestBackend backend(m_blog);
    const QString mutation = u"mutation { createBlog(input: {name: \"A\"}) { id } }"_s;
    backend.run(mutation);
    backend.backend->close();
    QCOMPARE(firstError(backend.run(mutation))["errorType"_L1].toString(), u"InternalFailure"_s);
    QCOMPARE(firstError(backend.run(u"{ listBlogs { nextToken } }"_s))["errorType"_L1].toString(), u"InternalFailure"_s);
    QVERIFY(!backend.backend->subscribe({u"subscription { onCreateBlog { id } }"_s, {}, {}, {}}, [](const QByteArray &) { }));
}

void TestBackendLife::refusesAFileThatIsInUse()
{
    if (TidelineTest::onPostgres())
        QSKIP("many nodes may open one PostgreSQL database");
    TestBackend backend(m_blog);
    const Result<std::unique_ptr<Backend>> second = Backend::open(m_blog, {.databasePath = backend.path()});
    QVERIFY(!second);
    QCOMPARE(second.error().code(), Error::Code::StoreLocked);
}

void TestBackendLife::refusesAFolderThatIsMissing()
{
    const QTemporaryDir folder;
    const Result<std::unique_ptr<Backend>> opened = Backend::open(m_blog, {.databasePath = folder.filePath(u"no/such/server.db"_s)});
    QVERIFY(!opened);
    QCOMPARE(opened.error().code(), Error::Code::StoreUnavailable);
}

void TestBackendLife::refusesAFileThatIsNoDatabase()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"server.db"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray(10000, 'x'));
    file.close();
    const Result<std::unique_ptr<Backend>> opened = Backend::open(m_blog, {.databasePath = file.fileName()});
    QVERIFY(!opened);
    QCOMPARE(opened.error().code(), Error::Code::StoreForeign);
}

void TestBackendLife::refusesANewerLayout()
{
    TestBackend backend(m_blog);
    backend.backend.reset();
    execute(backend.path(), {u"UPDATE tl_meta SET value = '99' WHERE name = 'layout'"_s});
    backend.reopen();
    QVERIFY(!backend.backend);
    QCOMPARE(backend.error.code(), Error::Code::StoreTooNew);
}

void TestBackendLife::addsTypesFieldsAndIndexes()
{
    TestBackend backend(m_blog);
    backend.run(u"mutation { createBlog(input: {id: \"1\", name: \"A\"}) { id } }"_s);
    backend.backend.reset();
    execute(backend.path(), {u"DROP TABLE \"Comment\""_s, u"ALTER TABLE \"Author\" DROP COLUMN birthday"_s});
    backend.reopen();
    QVERIFY2(backend.backend, qPrintable(backend.error.message()));
    QCOMPARE(backend.data(u"mutation { createAuthor(input: {name: \"A\", birthday: \"2000-01-01\"}) { birthday } }"_s)["birthday"_L1].toString(), u"2000-01-01"_s);
    QVERIFY(backend.data(u"mutation { createComment(input: {content: \"A\"}) { id } }"_s).isObject());
    QCOMPARE(backend.data(u"{ getBlog(id: \"1\") { name } }"_s)["name"_L1].toString(), u"A"_s);
}

void TestBackendLife::refusesAnotherKey()
{
    TestBackend backend(m_blog);
    backend.backend.reset();
    execute(backend.path(), {u"UPDATE tl_meta SET value = 'name' WHERE name = 'key.Blog'"_s});
    backend.reopen();
    QVERIFY(!backend.backend);
    QCOMPARE(backend.error.code(), Error::Code::InvalidSchema);
    QCOMPARE(backend.error.model(), u"Blog"_s);
}

void TestBackendLife::refusesAnotherColumnType()
{
    TestBackend backend(m_blog);
    backend.backend.reset();
    execute(backend.path(), {u"ALTER TABLE \"Post\" DROP COLUMN rating"_s, u"ALTER TABLE \"Post\" ADD COLUMN rating TEXT"_s});
    backend.reopen();
    QVERIFY(!backend.backend);
    QCOMPARE(backend.error.code(), Error::Code::InvalidSchema);
    QCOMPARE(backend.error.field(), u"rating"_s);
}

void TestBackendLife::fieldsMayBeCalledLikeTheTablesOwnColumns()
{
    const Result<Schema> schema = Schema::parse(u"type Thing @model @auth(rules: [{allow: public}]) { id: ID! rowid: String seq: String _seq: Int }"_s);
    QVERIFY2(schema, qPrintable(schema.error().message()));
    TestBackend backend(*schema);
    QVERIFY2(backend.backend, qPrintable(backend.error.message()));
    const QJsonObject input{{u"id"_s, u"1"_s}, {u"rowid"_s, u"a"_s}, {u"seq"_s, u"b"_s}, {u"_seq"_s, 3}};
    QCOMPARE(backend.mutate(u"create"_s, u"Thing"_s, input, u"id rowid seq _seq"_s)["data"_L1]["createThing"_L1].toObject(), input);
    QCOMPARE(backend.data(u"{ getThing(id: \"1\") { id rowid seq _seq } }"_s).toObject(), input);
}

void TestBackendLife::answersFromManyThreads()
{
    TestBackend backend(m_blog, {.readerThreads = 4});
    std::vector<std::thread> threads;
    std::atomic<int> failures = 0;
    for (int thread = 0; thread < 8; ++thread) {
        threads.emplace_back([&backend, &failures, thread] {
            for (int i = 0; i < 25; ++i) {
                const QString id = u"%1-%2"_s.arg(thread).arg(i);
                const QJsonObject created = backend.mutate(u"create"_s, u"Blog"_s, {{u"id"_s, id}, {u"name"_s, id}}, u"id _version"_s);
                const QJsonObject read = backend.run(u"query Q($id: ID!) { getBlog(id: $id) { name } }"_s, {{u"id"_s, id}});
                if (created.contains("errors"_L1) || read["data"_L1]["getBlog"_L1]["name"_L1].toString() != id)
                    ++failures;
            }
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(failures, 0);
    QCOMPARE(backend.data(u"{ syncBlogs(limit: 1000) { items { id } } }"_s)["items"_L1].toArray().size(), 200);
}

// Whatever comes, there is one answer, and it is a response.
void TestBackendLife::answersDamagedRequests()
{
    TestBackend backend(m_blog);
    const QStringList documents = {
        u"mutation operation($input: CreatePostInput!, $condition: ModelPostConditionInput) { createPost(input: $input, condition: $condition) { id title metadata { tags } blog { id _deleted } _version } }"_s,
        u"query operation($limit: Int, $nextToken: String, $lastSync: AWSTimestamp, $filter: ModelPostFilterInput) { syncPosts(limit: $limit, nextToken: $nextToken, lastSync: $lastSync, filter: $filter) { items { id ...F } nextToken startedAt } } fragment F on Post { comments(limit: 3) { items { content } } }"_s,
        u"{ listPosts(filter: {or: [{rating: {between: [1, 5]}}, {not: {title: {beginsWith: \"a\"}}}]}) { items { id @skip(if: false) } } __schema { types { name } } }"_s,
    };
    const QList<QJsonObject> variables = {
        {}, {{u"input"_s, QJsonObject{{u"title"_s, u"t"_s}, {u"rating"_s, 3}, {u"status"_s, u"ACTIVE"_s}}}}, {{u"input"_s, QJsonArray{1}}, {u"limit"_s, u"x"_s}},
        {{u"limit"_s, 5}, {u"nextToken"_s, u"W10"_s}, {u"lastSync"_s, 1e300}}, {{u"filter"_s, QJsonObject{{u"and"_s, QJsonObject{{u"rating"_s, QJsonObject{{u"eq"_s, 3}}}}}}}}};
    const QString junk = u"{}()[]!$@:\"\\.,#|&=a1 \n\u00e4"_s;
    std::mt19937 random(7);
    for (int i = 0; i < 3000; ++i) {
        QString document = documents[qsizetype(random() % 3)];
        for (unsigned edits = random() % 4; edits > 0; --edits) {
            const qsizetype at = qsizetype(random() % unsigned(document.size()));
            const QChar unit = junk.at(qsizetype(random() % unsigned(junk.size())));
            if (random() % 2)
                document.insert(at, unit);
            else
                document.remove(at, 1 + qsizetype(random() % 5));
        }
        const QJsonDocument response = QJsonDocument::fromJson(backend.text(document, variables[qsizetype(random() % 5)]));
        QVERIFY2(response.isObject() && response.object().contains("data"_L1), qPrintable(document));
    }
}

void TestBackendLife::answersDeepInput()
{
    TestBackend backend(m_blog);
    QJsonObject filter{{u"rating"_s, QJsonObject{{u"eq"_s, 1}}}};
    for (int i = 0; i < 1000; ++i)
        filter = {{u"not"_s, filter}};
    const QString query = u"query Q($f: ModelPostFilterInput) { listPosts(filter: $f) { items { id } } }"_s;
    QCOMPARE(backend.run(query, {{u"f"_s, filter}})["errors"_L1].toArray().size(), 1);
    const QString literal = u"{ listPosts(filter: %1rating: {eq: 1}%2) { items { id } } }"_s.arg(u"{not: "_s.repeated(1000) + u'{', u"}"_s.repeated(1001));
    QCOMPARE(firstError(backend.run(literal))["errorType"_L1].toString(), u"MalformedHttpRequestException"_s);
    QString selection = u"id"_s;
    for (int i = 0; i < 40; ++i)
        selection = u"blog { posts { items { %1 } } }"_s.arg(selection);
    QVERIFY(!backend.text(u"{ listPosts { items { %1 } } }"_s.arg(selection)).isEmpty());
}

void TestBackendLife::refusesOperationsThatTheSchemaLacks()
{
    const Result<Schema> schema = Schema::parse(u"type A @model(mutations: null, subscriptions: null) { id: ID! }"_s);
    QVERIFY2(schema, qPrintable(schema.error().message()));
    const TestBackend readOnly(*schema);
    QVERIFY2(readOnly.backend, qPrintable(readOnly.error.message()));
    const QJsonObject error = firstError(readOnly.run(u"mutation { __typename }"_s));
    QCOMPARE(error["message"_L1].toString(), u"Schema is not configured to execute mutation operation."_s);
    QCOMPARE(error["locations"_L1][0]["column"_L1].toInt(), 1);
}

void TestBackendLife::apiKeys_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<bool>("fits");
    QTest::addColumn<QString>("message");
    QTest::newRow("the first") << QByteArray("da2-one") << true << QString();
    QTest::newRow("the second") << QByteArray("da2-two") << true << QString();
    QTest::newRow("another") << QByteArray("da2-three") << false << u"You are not authorized to make this call."_s;
    QTest::newRow("the beginning of one") << QByteArray("da2-on") << false << u"You are not authorized to make this call."_s;
    QTest::newRow("none") << QByteArray() << false << u"Valid authorization header not provided."_s;
}

void TestBackendLife::apiKeys()
{
    QFETCH(const QByteArray, key);
    QFETCH(const bool, fits);
    QFETCH(const QString, message);
    const ApiKeyAuthorizer authorizer({"da2-one", "", "da2-two"});
    Result<Identity> identity = Error();
    authorizer.authorize({.headers = {{"x-api-key", key}, {"host", "example.com"}}}, [&identity](Result<Identity> answer) { identity = answer; });
    QCOMPARE(identity.ok(), fits);
    QCOMPARE(identity.error().message(), message);
    if (!fits)
        QCOMPARE(identity.error().detail(), u"UnauthorizedException"_s);
}

QTEST_GUILESS_MAIN(TestBackendLife)
#include "tst_backend.moc"
