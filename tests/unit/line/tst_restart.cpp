// SPDX-License-Identifier: MIT
#include "client/appsync/appsync.h"
#include "client/datastore.h"
#include "shared/faultproxy.h"
#include "shared/testserver.h"

#include <QtCore/QDateTime>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

namespace {

Schema stockSchema()
{
    const Result<Schema> schema = Schema::parse(u"type StockCount @model @auth(rules: [{ allow: public }]) { id: ID! sku: String! bin: String "
                                                 "quantity: Int! note: String countedAt: AWSDateTime }"_s);
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

/* Long enough ago that no delta sync repeats it. */
void fill(const Schema &schema, const QString &database, int records)
{
    const qint64 before = QDateTime::currentMSecsSinceEpoch() - 60'000;
    TestServer server(schema, database, 1000, TestServer::Conflicts::Automerge, [before] { return before; });
    constexpr int perDocument = 100;
    for (int first = 0; first < records; first += perDocument) {
        QString document = u"mutation {"_s;
        for (int i = first; i < std::min(first + perDocument, records); ++i)
            document += u" m%1: createStockCount(input: {id: \"r%1\", sku: \"400123\", quantity: %1}) { id }"_s.arg(i);
        if (server.execute(document + u" }"_s).contains("errors"_L1))
            qFatal("The server refused the test's records");
    }
}

struct Device
{
    Device(const Schema &schema, const QString &path, const QUrl &url)
    {
        auth.setKey(TestServer::key());
        backend.setAuth(&auth);
        backend.setUrl(url);
        store.setSchema(schema);
        store.setBackend(&backend);
        (void)store.open(path);
    }

    ApiKey auth;
    AppSync backend;
    DataStore store;
};

struct Traffic
{
    int requests = 0;
    qint64 bytes = 0;
    qint64 requestBytes = 0;            // of bytes those of the requests and their answers
};

/* What goes over the line when a device that has so many records starts again and nothing changed. */
Traffic ofARestart(int records)
{
    QTemporaryDir folder;
    const Schema schema = stockSchema();
    const QString database = folder.filePath(u"server.sqlite"_s);
    fill(schema, database, records);
    TestServer server(schema, database);
    const QString path = folder.filePath(u"device.sqlite"_s);
    const auto isLive = [](const Device &device) { return device.store.syncState() == DataStore::SyncPhase::Live; };
    {
        const Device first(schema, path, server.url());
        if (!QTest::qWaitFor([&] { return isLive(first); }, 20'000))
            qFatal("The first start does not end");
    }
    const FaultProxy line(quint16(server.url().port()));
    const Device again(schema, path, line.url());
    if (!QTest::qWaitFor([&] { return isLive(again); }, 20'000))
        qFatal("The restart does not end");
    return {line.requests(), line.bytes(), line.requestBytes()};
}

} // namespace

class TestRestart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutChangesIsTwoRequestsWhateverTheStoreHas();
};

void TestRestart::withoutChangesIsTwoRequestsWhateverTheStoreHas()
{
    const Traffic few = ofARestart(1);
    const Traffic many = ofARestart(400);
    QCOMPARE(few.requests, 2);              // the real-time line, and a sync query
    QCOMPARE(many.requests, 2);
    QCOMPARE(many.bytes, few.bytes);
    QVERIFY2(many.requestBytes < 2000, qPrintable(QString::number(many.requestBytes)));     // the subscriptions of the line come on top
}

QTEST_GUILESS_MAIN(TestRestart)
#include "tst_restart.moc"
