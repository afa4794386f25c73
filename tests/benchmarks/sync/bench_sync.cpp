// SPDX-License-Identifier: MIT
// Two devices and a server in one process, over the loopback: a base sync of 100,000 records beside a program that
// parses the same pages and writes them with SQLite's C API, how long the GUI thread is held up meanwhile, and how long a
// change takes from one device to the other. Build it in the release preset.
#include "../store/rawsqlite.h"
#include "../threadtime.h"

#include "client/appsync/appsync.h"
#include "client/datastore.h"
#include "client/live/livequery.h"
#include "shared/testserver.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QJsonArray>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTimer>
#include <QtNetwork/QNetworkAccessManager>
#include <QtNetwork/QNetworkReply>

#include <algorithm>
#include <cstdio>

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

namespace {

constexpr int Records = 100'000;
constexpr int PerDocument = 100;
constexpr int Changes = 200;

Schema benchSchema()
{
    return Schema::parse(u"type StockCount @model @auth(rules: [{ allow: public }]) { id: ID! sku: String! bin: String quantity: Int! "
                          "note: String countedAt: AWSDateTime }"_s).value();
}

void waitFor(const std::function<bool()> &condition)
{
    while (!condition())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

template<typename T>
T outcome(const QFuture<T> &future)
{
    QTimer alarm;                   // the future says nothing to the event loop
    alarm.start(1);
    waitFor([&future] { return future.isFinished(); });
    return future.result();
}

// The longest time between two ticks of a timer of 1 ms: how long an event may have to wait.
class Heartbeat
{
public:
    Heartbeat()
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            m_longest.stop();
            m_longest.start();
        });
        m_longest.start();
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.start(1);           // like a user's event it comes to a thread that sleeps
    }
    [[nodiscard]] const TidelineBench::LongestStretch &longest() const { return m_longest; }

private:
    QTimer m_timer;
    TidelineBench::LongestStretch m_longest;
};

struct Device
{
    Device(const Schema &schema, const QString &path, const QUrl &url)
    {
        auth.setKey(TestServer::key());
        backend.setAuth(&auth);
        backend.setUrl(url);
        store.setSchema(schema);
        store.setBackend(&backend);
        if (const Result<void> opened = outcome(store.open(path)); !opened)
            qFatal("%s", qPrintable(opened.error().message()));
    }
    [[nodiscard]] bool isLevel() const { return store.syncState() == DataStore::SyncPhase::Live && store.outboxCount() == 0; }

    ApiKey auth;
    AppSync backend;
    DataStore store;
};

void fill(TestServer &server)
{
    for (int i = 0; i < Records; i += PerDocument) {
        QString document = u"mutation {"_s;
        for (int k = i; k < i + PerDocument; ++k) {
            document += u" m%1: createStockCount(input: {id: \"r%1\", sku: \"40012340%1\", bin: \"A-%2\", quantity: %3, "
                         "note: \"counted twice, the label was torn\", countedAt: \"2026-11-24T22:15:00.000Z\"}) { id }"_s
                            .arg(k).arg(k % 100).arg(k % 1000);
        }
        if (const QJsonObject answer = server.execute(document + u" }"_s); answer.contains("errors"_L1))
            qFatal("%s", QJsonDocument(answer).toJson().constData());
    }
}

// Seconds that the pages take to be fetched, parsed and written by the least program.
double rawSync(const TestServer &server, const QString &path)
{
    Raw::Database database(path);
    database.run("PRAGMA journal_mode = WAL");
    database.run("CREATE TABLE StockCount (id TEXT PRIMARY KEY, sku TEXT, bin TEXT, quantity INT, note TEXT, countedAt TEXT, "
                 "createdAt TEXT, updatedAt TEXT, version INT, changedAt INT)");
    QNetworkAccessManager network;
    QElapsedTimer timer;
    timer.start();
    QString token;
    do {
        QNetworkRequest request(server.url());
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        request.setRawHeader("x-api-key", TestServer::key().toUtf8());
        const QString query = u"query ($t: String) { syncStockCounts(limit: 1000, nextToken: $t) { items { id sku bin quantity note countedAt "
                               "createdAt updatedAt _version _lastChangedAt _deleted } nextToken startedAt } }"_s;
        const QJsonObject body{{u"query"_s, query}, {u"variables"_s, QJsonObject{{u"t"_s, token.isEmpty() ? QJsonValue() : QJsonValue(token)}}}};
        QNetworkReply *reply = network.post(request, QJsonDocument(body).toJson(QJsonDocument::Compact));
        waitFor([reply] { return reply->isFinished(); });
        const QJsonObject page = QJsonDocument::fromJson(reply->readAll())["data"_L1]["syncStockCounts"_L1].toObject();
        reply->deleteLater();
        database.run("BEGIN");
        Raw::Statement insert(database, "INSERT INTO StockCount VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        for (const QJsonValue &item : page["items"_L1].toArray()) {
            int place = 0;
            for (const char *name : {"id", "sku", "bin"})
                insert.text(++place, item[QLatin1String(name)].toString().toUtf8());
            insert.integer(++place, item["quantity"_L1].toInteger());
            for (const char *name : {"note", "countedAt", "createdAt", "updatedAt"})
                insert.text(++place, item[QLatin1String(name)].toString().toUtf8());
            insert.integer(++place, item["_version"_L1].toInteger()).integer(++place, item["_lastChangedAt"_L1].toInteger()).run();
        }
        database.run("COMMIT");
        token = page["nextToken"_L1].toString();
    } while (!token.isEmpty());
    return double(timer.nsecsElapsed()) / 1e9;
}

void row(const char *what, double measured, const char *unit, double goal, double ratio = 0)
{
    std::printf("%-62s %10.2f %-4s goal %8.2f", what, measured, unit, goal);
    ratio > 0 ? std::printf("   ratio to raw %5.2f\n", ratio) : std::printf("\n");
}

void baseSync(TestServer &server, const Schema &schema, const QTemporaryDir &folder)
{
    const double raw = rawSync(server, folder.filePath(u"raw.sqlite"_s));
    QElapsedTimer timer;
    timer.start();
    Device device(schema, folder.filePath(u"synced.sqlite"_s), server.url());
    LiveQuery list(&device.store);
    list.setType(u"StockCount"_s);
    list.setSort({u"sku"_s});
    Heartbeat heartbeat;
    waitFor([&device] { return device.isLevel(); });
    const double seconds = double(timer.nsecsElapsed()) / 1e9;
    waitFor([&list] { return list.count() == Records; });
    row("base sync of 100,000 records, records a second", Records / seconds, "/s", 20'000, raw / seconds);
    row("longest block of the GUI thread meanwhile, a live list open", heartbeat.longest().wall, "ms", 4);
    row("  of it the thread's own processor time", heartbeat.longest().own, "ms", 4);
}

void changes(TestServer &server, const Schema &schema, const QTemporaryDir &folder)
{
    Device a(schema, folder.filePath(u"a.sqlite"_s), server.url());
    Device b(schema, folder.filePath(u"b.sqlite"_s), server.url());
    waitFor([&] { return a.isLevel() && b.isLevel(); });
    bool arrived = false;
    const auto observation = b.store.observe(u"StockCount"_s, {}, [&arrived](const Change &) { arrived = true; });
    std::vector<double> times;
    const auto model = schema.model(u"StockCount"_s);
    for (int i = 0; i < Changes; ++i) {
        arrived = false;
        Draft draft(model);
        draft.set(model->fieldIndex(u"id"), u"r%1"_s.arg(i));
        draft.set(model->fieldIndex(u"quantity"), 100'000 + i);
        QElapsedTimer timer;
        timer.start();
        const QFuture<Result<Receipt>> saved = a.store.save(draft);
        waitFor([&arrived] { return arrived; });
        times.push_back(double(timer.nsecsElapsed()) / 1e6);
        waitFor([&a] { return a.store.outboxCount() == 0; });
    }
    std::sort(times.begin(), times.end());
    row("change on A to signal on B, median", times[times.size() / 2], "ms", 5);
    row("  95th percentile", times[times.size() * 95 / 100], "ms", 10);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QTemporaryDir folder;
    const Schema schema = benchSchema();
    TestServer server(schema, folder.filePath(u"server.sqlite"_s));
    fill(server);
    baseSync(server, schema, folder);
    changes(server, schema, folder);
    return 0;
}
