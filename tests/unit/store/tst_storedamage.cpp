// SPDX-License-Identifier: MIT
#include "blogschema.h"
#include "storefiles.h"
#include "teststore.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QTemporaryDir>

#include <random>

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

// What can happen to a store's files behind its back.
class TestStoreDamage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void emptyFileIsANewStore();
    void eachByteOfTheHeader();
    void randomHeaders();
    void eachPage();
    void eachLength();
    void missingTablesAreDamage_data();
    void missingTablesAreDamage();
    void brokenLogIsCutAtACommit();
    void foreignLogIsIgnored();
    void deletedFileIsNoticed();
    void replacedFileIsNoticed();
    void deletedFileIsNoticedByLateReaders();
    void fileCutShortWhileOpenIsDamage();
    void failingDiskKeepsTheFileWhole();

private:
    void fill(int blogs);                                   // a store with so many blogs, closed
    [[nodiscard]] QStringList files() const;
    [[nodiscard]] QString problemOf(const QByteArray &content, int blogs, bool keepsWhole = false);

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void TestStoreDamage::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"a.tideline"_s);
}

static Result<Record> saveBlog(TestStore &store, int number)
{
    return store.save(store.draft(u"Blog"_s, {{u"id"_s, QString::number(number)}, {u"title"_s, QString(50, u'x')}}));
}

static QStringList blogs(TestStore &store)
{
    QStringList keys;
    for (const Record &record : store.query({store.model(u"Blog"_s), {}, {}, -1, 0}).value())
        keys += record.key();
    return keys;
}

static QStringList queued(TestStore &store)
{
    QStringList keys;
    for (const OutboxEntry &entry : store.outbox())
        keys += entry.key;
    keys.sort();
    return keys;
}

void TestStoreDamage::fill(int blogs)
{
    TestStore store(BlogSchema::schema(), {.path = m_path});
    TL_OK(store.open());
    for (int i = 0; i < blogs; ++i)
        TL_OK(saveBlog(store, i));
}

QStringList TestStoreDamage::files() const
{
    return QDir(m_folder->path()).entryList(QDir::Files);
}

static bool isRefusal(const Error &error)
{
    using enum ErrorCode::Code;
    const auto code = error.code();
    return code == StoreDamaged || code == StoreForeign || code == StoreTooNew || code == StoreReadOnly;
}

/*! Opens, reads and writes a store whose file has \a content: what is wrong with the outcome, which must be
    the whole truth or a refusal that leaves the file alone; empty: nothing. Without a number of \a blogs any rows
    will do, since damage inside a row cannot be seen. */
QString TestStoreDamage::problemOf(const QByteArray &content, int blogs, bool keepsWhole)
{
    QDir(m_folder->path()).removeRecursively();
    QDir().mkpath(m_folder->path());
    if (!writeFile(m_path, content))
        return u"cannot write"_s;
    const auto shown = [](const char *what, const Error &error) {
        return QLatin1StringView(what) + QDebug::toString(error.code()) + error.message() + error.detail();
    };
    bool wrote = false;
    {
        TestStore store(BlogSchema::schema(), {.path = m_path});
        const Result<void> opened = store.open();
        if (!opened && !isRefusal(opened.error()))
            return shown("open: ", opened.error());
        if (!opened && files() != QStringList(u"a.tideline"_s))
            return u"left files: "_s + files().join(u' ');
        if (opened) {
            const Result<QList<Record>> rows = store.query({store.model(u"Blog"_s), {}, {}, -1, 0});
            if (!rows && rows.error().code() != Error::Code::StoreDamaged)
                return shown("query: ", rows.error());
            if (rows && blogs >= 0 && rows->size() != blogs)
                return u"rows: %1"_s.arg(rows->size());
            const Result<Record> saved = saveBlog(store, 1'000'000);
            if (!saved && saved.error().code() != Error::Code::StoreDamaged)
                return shown("save: ", saved.error());
            wrote = saved.ok();
        }
    }
    if (!wrote && contentOf(m_path) != content)
        return u"the file was touched"_s;
    if (!wrote || !keepsWhole)
        return {};
    Sql sql(m_path);
    const QString integrity = sql.run(u"PRAGMA integrity_check"_s);
    return integrity == u"ok"_s ? QString() : u"integrity: "_s + integrity.section(u'\n', 0, 1);
}

void TestStoreDamage::emptyFileIsANewStore()
{
    QVERIFY(writeFile(m_path, {}));
    fill(2);
    Sql sql(m_path);
    QCOMPARE(sql.run(u"SELECT count(*) FROM Blog"_s), u"2"_s);
    QCOMPARE(sql.run(u"PRAGMA application_id"_s), QString::number(0x54494445));
}

void TestStoreDamage::eachByteOfTheHeader()
{
    fill(30);
    const QByteArray content = contentOf(m_path);
    constexpr int FreeList = 32;                // damage there SQLite finds when it takes a page from it
    QStringList problems;
    for (int offset = 0; offset < 100; ++offset) {
        for (const int bits : {0xff, 0x01}) {
            QByteArray flipped = content;
            flipped[offset] = char(flipped[offset] ^ bits);
            if (const QString problem = problemOf(flipped, 30, offset < FreeList || offset >= FreeList + 8); !problem.isEmpty())
                problems += u"byte %1 ^ %2: %3"_s.arg(offset).arg(bits).arg(problem);
        }
    }
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

void TestStoreDamage::randomHeaders()
{
    fill(3);
    const QByteArray content = contentOf(m_path);
    std::mt19937 random(7);
    for (int round = 0; round < 200; ++round) {
        QByteArray broken = content;
        for (int offset = round % 2 ? 16 : 0; offset < 100; ++offset) {         // every other one is still called SQLite's and ours
            if (round % 2 == 0 || offset < 68 || offset > 71)
                broken[offset] = char(random());
        }
        const QString problem = problemOf(broken, -1);
        QVERIFY2(problem.isEmpty(), qPrintable(u"round %1: %2"_s.arg(round).arg(problem)));
    }
}

void TestStoreDamage::eachPage()
{
    fill(200);
    const QByteArray content = contentOf(m_path);
    constexpr qsizetype Page = 4096;
    std::mt19937 random(11);
    for (qsizetype page = 0; page < content.size() / Page; ++page) {
        for (int round = 0; round < 4; ++round) {
            QByteArray broken = content;
            const qsizetype begin = page * Page + (page == 0 ? 100 : 0) + (round < 2 ? 0 : qsizetype(random() % (Page - 200)));
            for (qsizetype i = 0; i < (round % 2 ? 64 : 8); ++i)
                broken[begin + i] = char(random());
            const QString problem = problemOf(broken, -1);
            QVERIFY2(problem.isEmpty(), qPrintable(u"page %1, round %2: %3"_s.arg(page).arg(round).arg(problem)));
        }
    }
}

void TestStoreDamage::eachLength()
{
    fill(3);
    const QByteArray content = contentOf(m_path);
    for (qsizetype size = 1; size < content.size(); size += size < 120 ? 7 : 1000) {
        const QString problem = problemOf(content.first(size), -1);
        QVERIFY2(problem.isEmpty(), qPrintable(u"%1 bytes: %2"_s.arg(size).arg(problem)));
    }
    TestStore store(BlogSchema::schema(), {.path = m_path});
    TL_ERROR(store.open(), Error::Code::StoreDamaged);
}

void TestStoreDamage::missingTablesAreDamage_data()
{
    QTest::addColumn<QString>("sql");
    QTest::newRow("the settings") << u"DROP TABLE tl_setting"_s;
    QTest::newRow("the outbox") << u"DROP TABLE tl_outbox"_s;
    QTest::newRow("the tombstones") << u"DROP TABLE tl_tombstone"_s;
    QTest::newRow("a model type's table") << u"DROP TABLE Blog"_s;
    QTest::newRow("a column") << u"ALTER TABLE Blog RENAME COLUMN title TO heading"_s;
    QTest::newRow("the format's number") << u"PRAGMA user_version = 0"_s;
    QTest::newRow("a format's number that never was") << u"PRAGMA user_version = -1"_s;
}

void TestStoreDamage::missingTablesAreDamage()
{
    QFETCH(QString, sql);
    fill(3);
    {
        Sql other(m_path);
        QCOMPARE(other.run(sql), QString());
    }
    const QByteArray content = contentOf(m_path);
    {
        TestStore store(BlogSchema::schema(), {.path = m_path});
        const Result<void> opened = store.open();
        TL_ERROR(opened ? saveBlog(store, 9) : Result<Record>(opened.error()), Error::Code::StoreDamaged);
        TL_ERROR(store.query({store.model(u"Blog"_s), {}, {}, -1, 0}), Error::Code::StoreDamaged);
    }
    QCOMPARE(contentOf(m_path), content);
}

// As after a kill or a power cut in the middle of a write: what was whole is there, with its outbox entry, and nothing else.
void TestStoreDamage::brokenLogIsCutAtACommit()
{
    constexpr int Blogs = 8;
    QByteArray file;
    QByteArray log;
    {
        TestStore store(BlogSchema::schema(), {.path = m_path});
        TL_OK(store.open());
        for (int i = 0; i < Blogs; ++i)
            TL_OK(saveBlog(store, i));
        file = contentOf(m_path);
        log = contentOf(m_path + u"-wal"_s);
    }
    constexpr qsizetype Header = 32;
    constexpr qsizetype Frame = 24 + 4096;
    QVERIFY(log.size() > Header + Blogs * Frame);
    const QString copy = m_folder->filePath(u"copy"_s);
    QStringList before;
    const auto reopened = [&](const QByteArray &wal) {
        QFile::remove(copy + u"-shm"_s);
        QVERIFY(writeFile(copy, file) && writeFile(copy + u"-wal"_s, wal));
        TestStore store(BlogSchema::schema(), {.path = copy});
        TL_OK(store.open());
        const QStringList stored = blogs(store);
        QCOMPARE(queued(store), stored);
        QVERIFY(stored.size() >= before.size());
        QCOMPARE(stored.first(before.size()), before);
        before = stored;
        TL_OK(saveBlog(store, 100));
    };
    for (qsizetype end = Header + Frame; end <= log.size(); end += Frame) {
        reopened(log.first(end - 17));
        reopened(log.first(end));
        QByteArray flipped = log;
        if (end < log.size()) {
            flipped[end + Frame / 2] = char(flipped[end + Frame / 2] ^ 0x40);
            reopened(flipped);
        }
        if (QTest::currentTestFailed())
            return;
    }
    QCOMPARE(before.size(), Blogs);
}

void TestStoreDamage::foreignLogIsIgnored()
{
    fill(3);
    QVERIFY(writeFile(m_path + u"-wal"_s, QByteArray("not a log").repeated(2000)));
    TestStore store(BlogSchema::schema(), {.path = m_path});
    TL_OK(store.open());
    QCOMPARE(blogs(store), QStringList({u"0"_s, u"1"_s, u"2"_s}));
    TL_OK(saveBlog(store, 3));
    QCOMPARE(queued(store).size(), 4);
}

void TestStoreDamage::deletedFileIsNoticed()
{
    {
        TestStore store(BlogSchema::schema(), {.path = m_path});
        TL_OK(store.open());
        TL_OK(saveBlog(store, 1));
        QCOMPARE(blogs(store), QStringList(u"1"_s));
        QVERIFY(QFile::remove(m_path));
        const Result<Record> saved = saveBlog(store, 2);
        TL_ERROR(saved, Error::Code::StoreUnavailable);
        QVERIFY(saved.error().message().contains(u"deleted or replaced"_s));
        QCOMPARE(blogs(store), QStringList(u"1"_s));            // what was read stays readable
        QCOMPARE(store.store->outboxCount(), 1);
        QCOMPARE(store.sets.size(), 1);
    }
    QVERIFY(!QFileInfo::exists(m_path));
}

void TestStoreDamage::replacedFileIsNoticed()
{
    fill(3);
    const QString aside = m_folder->filePath(u"aside"_s);
    QVERIFY(QFile::copy(m_path, aside));
    const QByteArray content = contentOf(m_path);
    {
        TestStore store(BlogSchema::schema(), {.path = m_path});
        TL_OK(store.open());
        const QString away = m_folder->filePath(u"away"_s);
        QVERIFY(QFile::rename(m_path, away) && QFile::rename(aside, m_path));
        TL_ERROR(saveBlog(store, 4), Error::Code::StoreUnavailable);
        QVERIFY(QFile::rename(m_path, aside) && QFile::rename(away, m_path));
        TL_OK(saveBlog(store, 5));                              // put back
        QVERIFY(QFile::rename(m_path, away) && QFile::rename(aside, m_path));
    }
    QCOMPARE(contentOf(m_path), content);
}

// A reader that connects to what is there now would show something else, or make a file.
void TestStoreDamage::deletedFileIsNoticedByLateReaders()
{
    TestStore store(BlogSchema::schema(), {.path = m_path});
    TL_OK(store.open());
    QVERIFY(QFile::remove(m_path));
    TL_ERROR(store.query({store.model(u"Blog"_s), {}, {}, -1, 0}), Error::Code::StoreUnavailable);
    QVERIFY(!QFileInfo::exists(m_path));
}

void TestStoreDamage::fileCutShortWhileOpenIsDamage()
{
    fill(500);
    TestStore store(BlogSchema::schema(), {.path = m_path});
    TL_OK(store.open());
    QCOMPARE(blogs(store).size(), 500);
    QVERIFY(QFile::resize(m_path, 4096));
    TL_ERROR(store.query({store.model(u"Blog"_s), {}, {}, -1, 0}), Error::Code::StoreDamaged);
}

void TestStoreDamage::failingDiskKeepsTheFileWhole()
{
#ifndef Q_OS_LINUX
    QSKIP("needs a limit on the size of files");
#else
    TestStore store(BlogSchema::schema(), {.path = m_path});
    TL_OK(store.open());
    int count = 0;
    for (; count < 5; ++count)
        TL_OK(saveBlog(store, count));
    {
        const FileSizeLimit limit(QFileInfo(m_path + u"-wal"_s).size() + 3 * 4096);
        const Result<Record> saved = saveBlog(store, count);
        TL_ERROR(saved, Error::Code::StoreUnavailable);
        QVERIFY(saved.error().isRetryable());
        QCOMPARE(blogs(store).size(), count);
        QCOMPARE(queued(store), blogs(store));
        QCOMPARE(store.sets.size(), count);
    }
    TL_OK(saveBlog(store, count));
    QCOMPARE(queued(store).size(), count + 1);
    QCOMPARE(queued(store), blogs(store));
#endif
}

QTEST_GUILESS_MAIN(TestStoreDamage)
#include "tst_storedamage.moc"
