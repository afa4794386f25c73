// SPDX-License-Identifier: MIT
#include "blogschema.h"
#include "storefiles.h"
#include "teststore.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QTemporaryDir>

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

class TestStoreFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void newFileIsOurs();
    void layoutIsAsDocumented();
    void otherFilesAreNotTouched_data();
    void otherFilesAreNotTouched();
    void wrongPathsAreRefused_data();
    void wrongPathsAreRefused();
    void damageIsReported();
    void truncatedFileIsDamaged();
    void readOnlyFileIsReported();
    void readOnlyFileBesideIsReported_data();
    void readOnlyFileBesideIsReported();
    void linkIntoAReadOnlyFolderIsReported();
    void fileThatSQLiteWouldOnlyReadIsReported();
    void readOnlyFolderIsReported();
    void lockIsReported();
    void fullDiskKeepsTheFileWhole();
    void noRoomForANewFile();
    void openingCanBeTriedAgain();
    void unfinishedCreationIsFinished();
    void additionsAreTakenOver();
    void indexesFollowTheSchema();
    void otherChangesLoseNothing_data();
    void otherChangesLoseNothing();
    void namesThatDifferInCaseAreRefused_data();
    void namesThatDifferInCaseAreRefused();
    void durabilityIsAsAsked();

private:
    void fill();                            // a store with one blog, closed

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void TestStoreFile::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"a %2 %3.tideline"_s);        // no name of a file gets into the placeholders of a message
    QVERIFY(QFile::setPermissions(m_folder->path(), QFile::Permissions(0x7777)));
}

void TestStoreFile::fill()
{
    TestStore store(BlogSchema::schema(), {.path = m_path});
    TL_OK(store.open());
    TL_OK(store.save(store.draft(u"Blog"_s, {{u"id"_s, u"b"_s}, {u"title"_s, u"x"_s}})));
}

void TestStoreFile::newFileIsOurs()
{
    fill();
    Sql sql(m_path);
    QCOMPARE(sql.run(u"PRAGMA application_id"_s), QString::number(0x54494445));
    QCOMPARE(sql.run(u"PRAGMA user_version"_s), u"1"_s);
    QCOMPARE(sql.run(u"PRAGMA journal_mode"_s), u"wal"_s);
    QCOMPARE(sql.run(u"PRAGMA integrity_check"_s), u"ok"_s);
    QVERIFY(!QFileInfo::exists(m_path + u"-wal"_s) || QFileInfo(m_path + u"-wal"_s).size() == 0);
}

void TestStoreFile::layoutIsAsDocumented()
{
    fill();
    Sql sql(m_path);
    QCOMPARE(sql.column(u"SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'tl%' ORDER BY name"_s),
             QStringList({u"tl_decision"_s, u"tl_flight"_s, u"tl_outbox"_s, u"tl_quarantine"_s, u"tl_receipt"_s, u"tl_seen"_s, u"tl_setting"_s, u"tl_tombstone"_s, u"tl_unmapped"_s}));
    QCOMPARE(sql.column(u"SELECT name || ' ' || type FROM pragma_table_info('Comment')"_s).first(6),
             QStringList({u"$row INTEGER"_s, u"$version INTEGER"_s, u"$changedAt INTEGER"_s, u"$state INTEGER"_s, u"id TEXT"_s, u"text TEXT"_s}));
    QCOMPARE(sql.run(u"SELECT title FROM Blog"_s), u"x"_s);
    QCOMPARE(sql.run(u"SELECT changes FROM tl_outbox"_s), u"{\"id\":\"b\",\"title\":\"x\"}"_s);
    QCOMPARE(sql.run(u"SELECT value FROM tl_setting WHERE name = '$commit'"_s), u"1"_s);
    QCOMPARE(sql.run(u"SELECT type FROM pragma_table_info('Order') WHERE name = 'where'"_s), u"REAL"_s);
}

void TestStoreFile::otherFilesAreNotTouched_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<Error::Code>("code");

    QTest::newRow("a text") << u"text"_s << Error::Code::StoreForeign;
    QTest::newRow("a few bytes") << u"short"_s << Error::Code::StoreForeign;
    QTest::newRow("another program's database") << u"database"_s << Error::Code::StoreForeign;
    QTest::newRow("another program's database with a number of its own") << u"numbered"_s << Error::Code::StoreForeign;
    QTest::newRow("another program's database with our tables' names") << u"imitation"_s << Error::Code::StoreForeign;
    QTest::newRow("a newer store") << u"newer"_s << Error::Code::StoreTooNew;
    QTest::newRow("a newer store whose header is still in the log") << u"newer log"_s << Error::Code::StoreTooNew;
}

void TestStoreFile::otherFilesAreNotTouched()
{
    QFETCH(QString, what);
    QFETCH(Error::Code, code);
    std::unique_ptr<Sql> holder;            // keeps the log from being folded into the file
    if (what == u"text"_s) {
        QVERIFY(writeFile(m_path, QByteArray("Dear diary,\n").repeated(50)));
    } else if (what == u"short"_s) {
        QVERIFY(writeFile(m_path, "SQLite format 3"));
    } else if (what == u"database"_s) {
        Sql sql(m_path);
        QCOMPARE(sql.run(u"CREATE TABLE t (a)"_s), QString());
    } else if (what == u"numbered"_s) {
        Sql sql(m_path);
        QCOMPARE(sql.run(u"PRAGMA application_id = 252006673"_s), QString());
    } else if (what == u"imitation"_s) {
        fill();
        Sql sql(m_path);
        QCOMPARE(sql.run(u"PRAGMA application_id = 0"_s), QString());
    } else {
        fill();
        holder = std::make_unique<Sql>(m_path);
        QCOMPARE(holder->run(u"PRAGMA user_version = 99"_s), QString());
        if (what == u"newer"_s)
            holder.reset();
    }
    const QByteArray before = contentOf(m_path);
    const QStringList beside = QDir(m_folder->path()).entryList(QDir::Files);
    TestStore store(BlogSchema::schema(), {.path = m_path});
    const Result<void> opened = store.open();
    TL_ERROR(opened, code);
    QVERIFY(opened.error().message().contains(u"untouched"_s));
    QVERIFY2(opened.error().message().contains(m_path), qPrintable(opened.error().message()));
    QCOMPARE(contentOf(m_path), before);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files), beside);
    TL_ERROR(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})), code);
}

void TestStoreFile::wrongPathsAreRefused_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<Error::Code>("code");

    QTest::newRow("no path") << QString() << Error::Code::InvalidArgument;
    QTest::newRow("a folder") << u"."_s << Error::Code::StoreUnavailable;
    QTest::newRow("in a folder that does not exist") << u"none/a.tideline"_s << Error::Code::StoreUnavailable;
}

void TestStoreFile::wrongPathsAreRefused()
{
    QFETCH(QString, path);
    QFETCH(Error::Code, code);
    TestStore store(BlogSchema::schema(), {.path = path.isEmpty() ? path : m_folder->filePath(path)});
    TL_ERROR(store.open(), code);
    QVERIFY(QDir(m_folder->path()).isEmpty());
}

void TestStoreFile::damageIsReported()
{
    {
        TestStore store(BlogSchema::schema(), {.path = m_path});
        TL_OK(store.open());
        TL_OK(store.write<void>([&](WriteTransaction &write) -> Result<void> {
            for (int i = 0; i < 2000; ++i) {
                if (const Result<Record> saved = write.save(store.draft(u"Blog"_s, {{u"title"_s, QString(100, u'x')}})); !saved)
                    return saved.error();
            }
            return {};
        }));
    }
    QByteArray content = contentOf(m_path);
    constexpr qsizetype Page = 4096;
    QVERIFY(content.size() > 60 * Page);
    for (qsizetype page = 25; page < content.size() / Page; ++page)
        std::fill_n(content.begin() + page * Page, 64, '\x5a');
    QVERIFY(writeFile(m_path, content));
    TestStore store(BlogSchema::schema(), {.path = m_path});
    const Result<void> opened = store.open();
    const Result<QList<Record>> rows = store.query({store.model(u"Blog"_s), {}, {}, -1, 0});
    TL_ERROR(rows, Error::Code::StoreDamaged);
    QVERIFY(!rows.error().detail().isEmpty());
    QVERIFY(opened.ok() || opened.error().code() == Error::Code::StoreDamaged);
    store.store.reset();
    store.scheduler.runAll();
    QCOMPARE(contentOf(m_path), content);
}

void TestStoreFile::truncatedFileIsDamaged()
{
    fill();
    const QByteArray content = contentOf(m_path).first(3 * 4096);
    QVERIFY(writeFile(m_path, content));
    TestStore store(BlogSchema::schema(), {.path = m_path});
    TL_ERROR(store.open(), Error::Code::StoreDamaged);
    QCOMPARE(contentOf(m_path), content);
}

void TestStoreFile::readOnlyFileIsReported()
{
    fill();
    QVERIFY(QFile::setPermissions(m_path, QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther));
    const QByteArray content = contentOf(m_path);
    const Unprivileged user;
    TestStore store(BlogSchema::schema(), {.path = m_path});
    TL_ERROR(store.open(), Error::Code::StoreReadOnly);
    QCOMPARE(contentOf(m_path), content);
}

void TestStoreFile::readOnlyFileBesideIsReported_data()
{
    QTest::addColumn<QString>("suffix");
    QTest::newRow("the log") << u"-wal"_s;
    QTest::newRow("the log's index") << u"-shm"_s;
}

void TestStoreFile::readOnlyFileBesideIsReported()
{
    QFETCH(QString, suffix);
    fill();
    QVERIFY(QFile::setPermissions(m_path, QFile::Permissions(0x6666)));
    QVERIFY(writeFile(m_path + suffix, {}));
    QVERIFY(QFile::setPermissions(m_path + suffix, QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther));
    const QByteArray content = contentOf(m_path);
    {
        const Unprivileged user;
        TestStore store(BlogSchema::schema(), {.path = m_path});
        TL_ERROR(store.open(), Error::Code::StoreReadOnly);
    }
    QCOMPARE(contentOf(m_path), content);
}

void TestStoreFile::linkIntoAReadOnlyFolderIsReported()
{
    QTemporaryDir links;
    fill();
    const QByteArray content = contentOf(m_path);
    const QString link = links.filePath(u"link"_s);
    QVERIFY(QFile::link(m_path, link));
    QVERIFY(QFile::setPermissions(links.path(), QFile::Permissions(0x7777)));
    QVERIFY(QFile::setPermissions(m_path, QFile::Permissions(0x6666)));
    QVERIFY(QFile::setPermissions(m_folder->path(), QFile::Permissions(0x5555)));
    {
        const Unprivileged user;
        TestStore store(BlogSchema::schema(), {.path = link});
        TL_ERROR(store.open(), Error::Code::StoreReadOnly);
    }
    QCOMPARE(contentOf(m_path), content);
}

// Permissions are not all: a file format that this SQLite may read but not write, for one.
void TestStoreFile::fileThatSQLiteWouldOnlyReadIsReported()
{
    fill();
    constexpr qsizetype WriteVersion = 18;
    QByteArray content = contentOf(m_path);
    content[WriteVersion] = 3;
    QVERIFY(writeFile(m_path, content));
    {
        TestStore store(BlogSchema::schema(), {.path = m_path});
        TL_ERROR(store.open(), Error::Code::StoreReadOnly);
    }
    QCOMPARE(contentOf(m_path), content);
}

void TestStoreFile::readOnlyFolderIsReported()
{
    QVERIFY(QFile::setPermissions(m_folder->path(), QFile::Permissions(0x5555)));
    {
        const Unprivileged user;
        TestStore store(BlogSchema::schema(), {.path = m_path});
        TL_ERROR(store.open(), Error::Code::StoreReadOnly);
    }
    QVERIFY(QFile::setPermissions(m_folder->path(), QFile::Permissions(0x7777)));
    QVERIFY(QDir(m_folder->path()).isEmpty());
}

void TestStoreFile::lockIsReported()
{
    fill();
    Sql other(m_path);
    TestStore store(BlogSchema::schema(), {.path = m_path, .busyTimeout = 20});
    QCOMPARE(other.run(u"BEGIN IMMEDIATE"_s), QString());
    const Result<void> opened = store.open();
    TL_ERROR(opened, Error::Code::StoreLocked);
    QVERIFY(opened.error().isRetryable());
    QCOMPARE(other.run(u"ROLLBACK"_s), QString());
    TL_OK(store.open());
    QCOMPARE(other.run(u"BEGIN IMMEDIATE"_s), QString());
    TL_ERROR(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})), Error::Code::StoreLocked);
    QCOMPARE(store.query({store.model(u"Blog"_s), {}, {}, -1, 0}).value().size(), 1);       // reading goes on
    QCOMPARE(other.run(u"ROLLBACK"_s), QString());
    TL_OK(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})));
    QCOMPARE(store.sets.size(), 1);
}

void TestStoreFile::fullDiskKeepsTheFileWhole()
{
    fill();
    const qint64 size = QFileInfo(m_path).size();
    {
        TestStore store(BlogSchema::schema(), {.path = m_path, .maximumSize = size + 3 * 4096});
        TL_OK(store.open());
        Result<Record> saved = store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}}));
        int count = 1;
        for (; saved && count < 10'000; ++count)
            saved = store.save(store.draft(u"Blog"_s, {{u"title"_s, QString(200, u'x')}}));
        TL_ERROR(saved, Error::Code::DiskFull);
        QVERIFY(saved.error().isRetryable());
        QCOMPARE(store.query({store.model(u"Blog"_s), {}, {}, -1, 0}).value().size(), count);
        QCOMPARE(store.outbox().size(), count);
        QCOMPARE(store.sets.size(), count - 1);
        TL_OK(store.remove(store.find(store.model(u"Blog"_s), u"b"_s).value()));
    }
    Sql sql(m_path);
    QCOMPARE(sql.run(u"PRAGMA integrity_check"_s), u"ok"_s);
}

void TestStoreFile::noRoomForANewFile()
{
    TestStore store(BlogSchema::schema(), {.path = m_path, .maximumSize = 5 * 4096});
    TL_ERROR(store.open(), Error::Code::DiskFull);
    TestStore larger(BlogSchema::schema(), {.path = m_path});
    TL_OK(larger.open());
    TL_OK(larger.save(larger.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})));
}

void TestStoreFile::openingCanBeTriedAgain()
{
    TestStore store(BlogSchema::schema(), {.path = m_folder->filePath(u"later/a.tideline"_s)});
    TL_ERROR(store.open(), Error::Code::StoreUnavailable);
    QVERIFY(QDir(m_folder->path()).mkdir(u"later"_s));
    TL_OK(store.open());
    TL_OK(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})));
}

void TestStoreFile::unfinishedCreationIsFinished()
{
    {
        Sql sql(m_path);
        QCOMPARE(sql.run(u"PRAGMA application_id = %1"_s.arg(0x54494445)), QString());
    }
    fill();
}

static QString extended(const QString &old, const QString &now)
{
    return BlogSchema::schema().source().replace(old, now);
}

void TestStoreFile::additionsAreTakenOver()
{
    fill();
    const Schema schema = Schema::parse(extended(u"colour: String"_s, u"colour: String\n  size: Int\n  parts: [String!]"_s)
                                        + u"\ntype Fresh @model { id: ID! name: String @index }"_s).value();
    {
        TestStore store(schema, {.path = m_path});
        TL_OK(store.open());
        QCOMPARE(store.find(store.model(u"Blog"_s), u"b"_s).value().value(u"title").toText(), u"x"_s);
        QCOMPARE(store.outbox().size(), 1);
        TL_OK(store.save(store.draft(u"Fresh"_s, {{u"name"_s, u"n"_s}})));
        TL_OK(store.save(store.draft(u"Tag"_s, {{u"name"_s, u"n"_s}, {u"size"_s, 4}, {u"parts"_s, Value::List{u"p"_s}}})));
    }
    TestStore store(schema, {.path = m_path});
    TL_OK(store.open());
    QCOMPARE(store.find(store.model(u"Tag"_s), u"n"_s).value().value(u"parts"), Value(Value::List{u"p"_s}));
}

void TestStoreFile::indexesFollowTheSchema()
{
    const auto indexes = [this] {
        Sql sql(m_path);
        return sql.column(u"SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = 'Post' ORDER BY name"_s);
    };
    fill();
    QVERIFY(indexes().contains(u"Post$rating"_s));
    const auto post = BlogSchema::schema().model(u"Post"_s);
    QVERIFY(indexes().contains(u"Post$"_s + foreignKey(post, u"blog"_s)));
    {
        TestStore store(Schema::parse(extended(u"rating: Int @index"_s, u"rating: Int"_s)).value(), {.path = m_path});
        TL_OK(store.open());
    }
    QVERIFY(!indexes().contains(u"Post$rating"_s));
    fill();
    QVERIFY(indexes().contains(u"Post$rating"_s));
}

void TestStoreFile::otherChangesLoseNothing_data()
{
    QTest::addColumn<QString>("old");
    QTest::addColumn<QString>("now");

    QTest::newRow("field removed") << u"colour: String"_s << QString();
    QTest::newRow("field of another type") << u"colour: String"_s << u"colour: Int"_s;
    QTest::newRow("field became a list") << u"colour: String"_s << u"colour: [String]"_s;
    QTest::newRow("field became required") << u"colour: String"_s << u"colour: String!"_s;
    QTest::newRow("new required field") << u"colour: String"_s << u"colour: String\n size: Int!"_s;
    QTest::newRow("another key") << u"sortKeyFields: [\"from\"]"_s << u"sortKeyFields: [\"from\", \"rowid\"]"_s;
    QTest::newRow("model type removed") << u"type Order @model"_s << u"type Ordre @model"_s;
}

void TestStoreFile::otherChangesLoseNothing()
{
    QFETCH(QString, old);
    QFETCH(QString, now);
    fill();
    {
        TestStore store(BlogSchema::schema(), {.path = m_path});
        TL_OK(store.open());
        TL_OK(store.save(store.draft(u"Tag"_s, {{u"name"_s, u"a"_s}, {u"colour"_s, u"red"_s}})));
        TL_OK(store.save(store.draft(u"Tag"_s, {{u"name"_s, u"b"_s}})));
        TL_OK(store.save(store.draft(u"Order"_s, {{u"select"_s, u"s"_s}, {u"from"_s, 1}, {u"where"_s, 0.1}})));
    }
    QString source = extended(old, now);
    if (now.contains(u"rowid"_s))
        source.replace(u"rowid: String"_s, u"rowid: String!"_s);
    const Result<Schema> schema = Schema::parse(source);
    TL_OK(schema);
    {
        TestStore store(*schema, {.path = m_path});
        TL_OK(store.open());
    }
    TestStore store(BlogSchema::schema(), {.path = m_path});
    TL_OK(store.open());
    QCOMPARE(store.find(store.model(u"Tag"_s), u"a"_s).value().value(u"colour").toText(), u"red"_s);
    QVERIFY(store.find(store.model(u"Tag"_s), u"b"_s).value());
    QCOMPARE(store.find(store.model(u"Order"_s), u"[\"s\",1]"_s).value().value(u"where").toDouble(), 0.1);
    QCOMPARE(store.outbox().size(), 4);
    QCOMPARE(store.read<QList<UnmappedData>>([](ReadTransaction &read) { return read.unmapped(); })->size(), 0);
}

void TestStoreFile::namesThatDifferInCaseAreRefused_data()
{
    QTest::addColumn<QString>("source");
    QTest::newRow("fields") << u"type A @model { id: ID! name: String Name: String }"_s;
    QTest::newRow("model types") << u"type Box @model { id: ID! } type BOX @model { id: ID! }"_s;
    QTest::newRow("a reserved name") << u"type tl_outbox @model { id: ID! }"_s;
}

void TestStoreFile::namesThatDifferInCaseAreRefused()
{
    QFETCH(QString, source);
    const Result<Schema> schema = Schema::parse(source);
    if (!schema)
        return;                             // the schema itself is stricter
    TestStore store(*schema, {.path = m_path});
    TL_ERROR(store.open(), Error::Code::InvalidSchema);
    QVERIFY(!QFileInfo::exists(m_path));
}

void TestStoreFile::durabilityIsAsAsked()
{
    for (const bool durable : {true, false}) {
        TestStore store(BlogSchema::schema(), {.path = m_folder->filePath(durable ? u"a"_s : u"b"_s), .durable = durable});
        TL_OK(store.open());
        QCOMPARE(store.store->options().durable, durable);
        TL_OK(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})));
    }
}

QTEST_GUILESS_MAIN(TestStoreFile)
#include "tst_storefile.moc"
