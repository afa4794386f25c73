// SPDX-License-Identifier: MIT
#include "blogschema.h"
#include "storefiles.h"
#include "teststore.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>

#include <cstdio>
#include <random>

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int Deadline = 60'000;            // ms

// ---- the other process: this program with arguments ----

// Saves without end, some at a time, and says what was acknowledged. A blog and its post go into one job.
class Saver
{
public:
    Saver(const QString &path, const QString &prefix) : m_store(BlogSchema::schema(), {.path = path}), m_prefix(prefix) { }

    int run()
    {
        m_store.open(&m_executor, [this](const Result<void> &opened) { opened ? refill() : QCoreApplication::exit(1); });
        return QCoreApplication::exec();
    }

private:
    void refill()
    {
        for (; m_running < 7; ++m_running)
            saveNext();
    }

    void saveNext()
    {
        const QString id = m_prefix + QString::number(m_next++);
        m_store.write<void>(
            [id](WriteTransaction &write) -> Result<void> {
                Draft blog(write.schema().model(u"Blog"_s));
                blog.set(0, id);
                blog.set(1, QString(300, u't'));
                if (const Result<Record> saved = write.save(blog); !saved)
                    return saved.error();
                Draft post(write.schema().model(u"Post"_s));
                post.set(0, id);
                post.set(1, u"t"_s);
                post.set(post.model()->fieldIndex(foreignKey(post.model(), u"blog"_s)), id);
                const Result<Record> saved = write.save(post);
                return saved ? Result<void>() : Result<void>(saved.error());
            },
            &m_executor,
            [this, id](const Result<void> &saved) {
                if (!saved)
                    return QCoreApplication::exit(1);
                std::puts(qPrintable(id));
                std::fflush(stdout);
                --m_running;
                refill();
            });
    }

    EventLoopScheduler m_executor;
    Store m_store;
    QString m_prefix;
    int m_next = 0;
    int m_running = 0;
};

// Holds the write lock until it is killed.
int holdLock(const QString &path)
{
    Sql sql(path);
    if (const QString error = sql.run(u"BEGIN IMMEDIATE"_s); !error.isEmpty())
        return 1;
    std::puts("locked");
    std::fflush(stdout);
    return std::getchar();                  // the parent never writes
}

Schema changedSchema()
{
    return Schema::parse(BlogSchema::schema().source().replace(u"title: String!"_s, u"heading: [String!]! @renamedFrom(name: \"title\")"_s)).value();
}

// Changes the schema of the file and waits, with all rows written anew, until it is killed.
int changeSchema(const QString &path)
{
    TestStore store(changedSchema(), {.path = path, .migrate = [](SchemaMigration &) -> Result<void> {
        std::puts("changing");
        std::fflush(stdout);
        return std::getchar() == EOF ? Result<void>(Error(Error::Code::Closed, u"nobody is there"_s)) : Result<void>();
    }});
    return store.open() ? 0 : 1;
}

// ---- this process ----

class Child
{
public:
    explicit Child(const QStringList &arguments) { m_process.start(QCoreApplication::applicationFilePath(), arguments); }
    ~Child() { kill(); }
    Q_DISABLE_COPY_MOVE(Child)

    [[nodiscard]] QString readLine()        // empty: it ended, or said nothing for too long
    {
        while (!m_process.canReadLine()) {
            if (!m_process.waitForReadyRead(Deadline))
                return {};
        }
        return QString::fromUtf8(m_process.readLine()).trimmed();
    }

    void kill()
    {
        m_process.kill();
        m_process.waitForFinished(Deadline);
    }

    [[nodiscard]] bool wasKilled() const { return m_process.exitStatus() == QProcess::CrashExit; }

private:
    QProcess m_process;
};

} // namespace

class TestStoreKill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void whatWasAcknowledgedSurvivesAKill();
    void killWithinAChangeOfTheSchemaLeavesTheFile();
    void lockOfAnotherProcessIsReported();

private:
    void checkStore(const QSet<QString> &acknowledged);

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void TestStoreKill::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"a.tideline"_s);
}

void TestStoreKill::checkStore(const QSet<QString> &acknowledged)
{
    const auto keysOf = [](const QList<Record> &records) {
        QSet<QString> keys;
        for (const Record &record : records)
            keys.insert(record.key());
        return keys;
    };
    TestStore store(BlogSchema::schema(), {.path = m_path});
    TL_OK(store.open());
    const QSet<QString> blogs = keysOf(store.query({store.model(u"Blog"_s), {}, {}, -1, 0}).value());
    const QSet<QString> posts = keysOf(store.query({store.model(u"Post"_s), {}, {}, -1, 0}).value());
    QHash<QString, QSet<QString>> queued;
    for (const OutboxEntry &entry : store.outbox())
        queued[entry.model->name].insert(entry.key);
    QVERIFY2(blogs.contains(acknowledged), "an acknowledged record is lost");
    QCOMPARE(posts, blogs);
    QCOMPARE(queued[u"Blog"_s], blogs);
    QCOMPARE(queued[u"Post"_s], blogs);
    QCOMPARE(store.store->outboxCount(), 2 * blogs.size());
}

void TestStoreKill::whatWasAcknowledgedSurvivesAKill()
{
    std::mt19937 random(5);
    QSet<QString> acknowledged;
    for (int round = 0; round < 20; ++round) {
        const int lines = int(random() % 60);
        Child child({u"save"_s, m_path, u"%1-"_s.arg(round)});
        for (int i = 0; i < lines; ++i) {
            const QString id = child.readLine();
            QVERIFY2(!id.isEmpty(), qPrintable(u"round %1 ended after %2 saves"_s.arg(round).arg(i)));
            acknowledged.insert(id);
        }
        child.kill();
        QVERIFY(child.wasKilled());
        for (QString id = child.readLine(); !id.isEmpty(); id = child.readLine())     // said before it died
            acknowledged.insert(id);
        checkStore(acknowledged);
        if (QTest::currentTestFailed())
            return;
    }
    QVERIFY(acknowledged.size() > 100);
    Sql sql(m_path);
    QCOMPARE(sql.run(u"PRAGMA integrity_check"_s), u"ok"_s);
}

void TestStoreKill::killWithinAChangeOfTheSchemaLeavesTheFile()
{
    QSet<QString> acknowledged;
    {
        Child child({u"save"_s, m_path, u"a"_s});
        for (int i = 0; i < 50; ++i)
            acknowledged.insert(child.readLine());
        child.kill();
    }
    for (int round = 0; round < 3; ++round) {
        Child child({u"change"_s, m_path});
        QCOMPARE(child.readLine(), u"changing"_s);
        child.kill();
        QVERIFY(child.wasKilled());
        checkStore(acknowledged);
        if (QTest::currentTestFailed())
            return;
    }
    TestStore store(changedSchema(), {.path = m_path});
    TL_OK(store.open());
    for (const QString &key : std::as_const(acknowledged))
        QCOMPARE(store.find(store.model(u"Post"_s), key).value().value(u"heading"), Value(Value::List{u"t"_s}));
}

void TestStoreKill::lockOfAnotherProcessIsReported()
{
    TestStore store(BlogSchema::schema(), {.path = m_path, .busyTimeout = 20});
    TL_OK(store.open());
    Child child({u"lock"_s, m_path});
    QCOMPARE(child.readLine(), u"locked"_s);
    const QByteArray file = contentOf(m_path);
    const QByteArray log = contentOf(m_path + u"-wal"_s);
    const Result<Record> saved = store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}}));
    TL_ERROR(saved, Error::Code::StoreLocked);
    QVERIFY(saved.error().isRetryable());
    QVERIFY(store.outbox().isEmpty());
    TestStore second(BlogSchema::schema(), {.path = m_path, .busyTimeout = 20});
    TL_ERROR(second.open(), Error::Code::StoreLocked);
    QCOMPARE(contentOf(m_path), file);
    QCOMPARE(contentOf(m_path + u"-wal"_s), log);
    child.kill();
    TL_OK(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})));
    TL_OK(second.open());
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    if (arguments.value(1) == u"save"_s)
        return Saver(arguments.value(2), arguments.value(3)).run();
    if (arguments.value(1) == u"change"_s)
        return changeSchema(arguments.value(2));
    if (arguments.value(1) == u"lock"_s)
        return holdLock(arguments.value(2));
    TestStoreKill test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_storekill.moc"
