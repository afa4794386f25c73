// SPDX-License-Identifier: MIT
#include "bench.h"

#include "../store/rawsqlite.h"
#include "../threadtime.h"
#include "rawclient.h"

#include "client/live/livequery.h"

#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QProcess>

#include <unistd.h>

#include <ctime>

namespace TidelineBench {

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

constexpr int Records = 100'000;

namespace {

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
    [[nodiscard]] const LongestStretch &longest() const { return m_longest; }

private:
    QTimer m_timer;
    LongestStretch m_longest;
};

// Seconds that the pages take to be fetched, parsed and written by the least program.
double rawSync(const QUrl &url, const QString &path)
{
    Raw::Database database(path);
    database.run("PRAGMA journal_mode = WAL");
    database.run("CREATE TABLE StockCount (id TEXT PRIMARY KEY, sku TEXT, bin TEXT, quantity INT, note TEXT, countedAt TEXT, "
                 "createdAt TEXT, updatedAt TEXT, version INT, changedAt INT)");
    RawClient client(url);
    const QString query = u"query ($t: String) { syncStockCounts(limit: 1000, nextToken: $t) { items { id sku bin quantity note countedAt "
                           "createdAt updatedAt _version _lastChangedAt _deleted } nextToken startedAt } }"_s;
    QElapsedTimer timer;
    timer.start();
    QJsonValue token;
    do {
        const QJsonObject page = client.execute(query, {{u"t"_s, token}})["syncStockCounts"_L1].toObject();
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
        token = page["nextToken"_L1];
    } while (token.isString());
    return seconds(timer);
}

// MB that the process has in memory, and of it what is no page of a file: SQLite maps its own.
QString residentMemory()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s", qPrintable(file.errorString()));
    const QList<QByteArray> pages = file.readAll().split(' ');
    const double size = double(::sysconf(_SC_PAGESIZE)) / 1e6;
    const double resident = pages.value(1).toDouble() * size;
    return u"%1 (%2) MB"_s.arg(resident, 0, 'f', 1).arg(resident - pages.value(2).toDouble() * size, 0, 'f', 1);
}

void syncUnderAList(const TestServer &server, const QTemporaryDir &folder)
{
    Device device(stockSchema(), folder.filePath(u"listed.sqlite"_s), server.url());
    LiveQuery list(&device.store);
    list.setType(u"StockCount"_s);
    list.setSort({u"sku"_s});
    Heartbeat heartbeat;
    waitFor([&device] { return device.isLevel(); });
    waitFor([&list] { return list.count() == Records; });
    row("longest block of the GUI thread meanwhile, a live list open", heartbeat.longest().wall, "ms", u"4"_s,
        u"the thread's own processor time %1 ms"_s.arg(heartbeat.longest().own, 0, 'f', 2));
}

} // namespace

Schema stockSchema()
{
    return Schema::parse(u"type StockCount @model @auth(rules: [{ allow: public }]) { id: ID! sku: String! bin: String quantity: Int! "
                          "note: String countedAt: AWSDateTime }"_s).value();
}

void fillStock(TestServer &server, int records)
{
    constexpr int perDocument = 100;
    for (int i = 0; i < records; i += perDocument) {
        QString document = u"mutation {"_s;
        for (int k = i; k < i + perDocument; ++k) {
            document += u" m%1: createStockCount(input: {id: \"r%1\", sku: \"40012340%1\", bin: \"A-%2\", quantity: %3, "
                         "note: \"counted twice, the label was torn\", countedAt: \"2026-11-24T22:15:00.000Z\"}) { id }"_s
                            .arg(k).arg(k % 100).arg(k % 1000);
        }
        if (const QJsonObject answer = server.execute(document + u" }"_s); answer.contains("errors"_L1))
            qFatal("%s", QJsonDocument(answer).toJson().constData());
    }
}

/* The device alone, so that its memory is seen; prints its time, its processor time and its memory. */
int baseSyncInItsOwnProcess(const QUrl &url, const QString &path)
{
    QElapsedTimer timer;
    timer.start();
    Device device(stockSchema(), path, url);
    QList<int> marks{Records / 10, Records / 2};
    const QString before = residentMemory();
    QStringList memory;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &look, [&] {
        while (!marks.isEmpty() && outcome(device.store.count(u"StockCount"_s)).valueOr(0) >= marks.first())
            memory.append(u"%1 at %2 %"_s.arg(residentMemory()).arg(marks.takeFirst() * 100 / Records));
    });
    look.start(20);
    waitFor([&device] { return device.isLevel(); });
    const double time = seconds(timer);
    look.stop();
    memory.append(u"%1 at 100 %"_s.arg(residentMemory()));
    if (outcome(device.store.count(u"StockCount"_s)).valueOr(0) != Records)
        qFatal("Records are missing");
    std::printf("%f %f %s\n", time, double(std::clock()) / CLOCKS_PER_SEC, qPrintable(u"%1 before, "_s.arg(before) + memory.join(u", "_s)));
    return 0;
}

void baseSync(const QTemporaryDir &folder)
{
    TestServer server(stockSchema(), folder.filePath(u"stock.sqlite"_s));
    fillStock(server, Records);
    const double raw = rawSync(server.url(), folder.filePath(u"raw.sqlite"_s));
    QProcess device;
    device.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    device.start(QCoreApplication::applicationFilePath(), {u"--base-sync"_s, server.url().toString(), folder.filePath(u"synced.sqlite"_s)});
    waitFor([&device] { return device.state() == QProcess::NotRunning; });
    const QString printed = QString::fromUtf8(device.readAllStandardOutput()).trimmed();
    const double time = printed.section(u' ', 0, 0).toDouble();
    if (device.exitCode() != 0 || time <= 0)
        qFatal("The device failed: %s", qPrintable(printed));
    row("base sync of 100,000 records", Records / time, "/s", u"30,000"_s,
        u"raw %1/s: %2 x; %3 s of processor time"_s.arg(Records / raw, 0, 'f', 0).arg(raw / time, 0, 'f', 2).arg(printed.section(u' ', 1, 1)));
    std::printf("  resident memory of the device (of it no file's): %s\n", qPrintable(printed.section(u' ', 2)));
    syncUnderAList(server, folder);
}

} // namespace TidelineBench
