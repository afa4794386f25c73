// SPDX-License-Identifier: MIT
// What SQLite keeps of the file in memory: it must not grow with the file.
#include "blogschema.h"
#include "teststore.h"

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtCore/QUuid>

#include <sqlite3.h>

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

constexpr int PageSize = 1000;
constexpr qint64 Megabyte = 1'000'000;

class TestStoreMemory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writingDoesNotFillTheMemory();
    void readingDoesNotFillTheMemory();
    void fileIsNotMapped();

private:
    static void write(TestStore &store, int pages);
    static qint64 readAll(TestStore &store);
};

// As the pages of a base sync come: new records with keys that are nowhere near each other.
void TestStoreMemory::write(TestStore &store, int pages)
{
    const auto model = store.model(u"Blog"_s);
    for (int page = 0; page < pages; ++page) {
        TL_OK(store.write<void>([&](WriteTransaction &write) -> Result<void> {
            for (int i = 0; i < PageSize; ++i) {
                Record record(model);
                record.setValue(0, QUuid::createUuid().toString(QUuid::WithoutBraces));
                record.setValue(model->fieldIndex(u"title"), QString(200, u'x'));
                if (const Result<void> put = write.put(record); !put)
                    return put;
            }
            return {};
        }));
        store.sets.clear();
    }
}

qint64 TestStoreMemory::readAll(TestStore &store)
{
    Query query;
    query.model = store.model(u"Blog"_s);
    query.limit = PageSize;
    qint64 rows = 0;
    for (;; query.offset += PageSize) {
        const qsizetype read = store.query(query).value().size();
        rows += read;
        if (read < PageSize)
            return rows;
    }
}

void TestStoreMemory::writingDoesNotFillTheMemory()
{
    QTemporaryDir folder;
    TestStore store(BlogSchema::schema(), {.path = folder.filePath(u"store.sqlite"_s), .durable = false});
    TL_OK(store.open());
    write(store, 25);
    const qint64 before = sqlite3_memory_used();
    QVERIFY(before > 0);
    write(store, 25);
    const qint64 after = sqlite3_memory_used();
    QVERIFY2(after - before < Megabyte / 2, qPrintable(u"%1 bytes more"_s.arg(after - before)));
    QVERIFY2(after < 8 * Megabyte, qPrintable(u"%1 bytes"_s.arg(after)));
}

void TestStoreMemory::readingDoesNotFillTheMemory()
{
    QTemporaryDir folder;
    TestStore store(BlogSchema::schema(), {.path = folder.filePath(u"store.sqlite"_s), .durable = false});
    TL_OK(store.open());
    write(store, 50);
    const qint64 before = sqlite3_memory_used();
    QCOMPARE(readAll(store), 50 * PageSize);
    const qint64 after = sqlite3_memory_used();
    QVERIFY2(after - before < 5 * Megabyte, qPrintable(u"%1 bytes more"_s.arg(after - before)));
}

void TestStoreMemory::fileIsNotMapped()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"store.sqlite"_s);
    TestStore store(BlogSchema::schema(), {.path = path, .durable = false});
    TL_OK(store.open());
    write(store, 5);
    QCOMPARE(readAll(store), 5 * PageSize);
    QFile maps(u"/proc/self/maps"_s);
    QVERIFY2(maps.open(QIODevice::ReadOnly), "The system does not tell what is mapped.");
    const QByteArray mapped = maps.readAll();
    QVERIFY(mapped.contains(QFile::encodeName(path + u"-shm"_s)));      // the path is the one to look for
    QVERIFY(!mapped.contains(QFile::encodeName(path + u'\n')));
}

QTEST_GUILESS_MAIN(TestStoreMemory)
#include "tst_storememory.moc"
