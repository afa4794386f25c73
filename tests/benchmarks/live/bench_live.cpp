// SPDX-License-Identifier: MIT
// Live queries over real stores and threads, against their goals. Prints a table; the exit code tells whether all
// goals were met. Numbers are medians; build it in the release preset.
#include "../threadtime.h"

#include "client/live/livequery.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <malloc.h>

using namespace Tideline;
using namespace Qt::StringLiterals;

namespace {

Schema benchSchema()
{
    static const Schema schema = Schema::parse(uR"(
        type Product @model { id: ID! name: String! counts: [StockCount] @hasMany(indexName: "byProduct", fields: ["id"]) }
        type StockCount @model {
            id: ID!
            sku: String!
            quantity: Int!
            bin: String
            note: String
            productID: ID @index(name: "byProduct")
            product: Product @belongsTo(fields: ["productID"])
        })"_s).value();
    return schema;
}

/*! The event loop's scheduler, which knows how long its longest task took. */
class TimedScheduler final : public EventLoopScheduler
{
public:
    void post(std::function<void()> task) override
    {
        EventLoopScheduler::post([this, task = std::move(task)] {
            longest.start();
            task();
            longest.stop();
        });
    }

    TidelineBench::LongestStretch longest;
};

void waitFor(const std::function<bool()> &condition)
{
    while (!condition())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

class BenchHost final : public LiveHost
{
public:
    explicit BenchHost(TimedScheduler &scheduler) : LiveHost(&scheduler) { }
    ~BenchHost() override
    {
        detach();
        m_store.reset();
    }

    [[nodiscard]] Schema schema() const override { return benchSchema(); }

    void open(const QString &path)
    {
        m_store = std::make_unique<Store>(schema(), StoreOptions{.path = path, .durable = false, .outbox = false});
        bool opened = false;
        m_store->open(scheduler(), [&opened](const Result<void> &result) {
            if (!result)
                qFatal("%s", qPrintable(result.error().message()));
            opened = true;
        });
        waitFor([&opened] { return opened; });
        // before the host's own observation, so that it is called first
        m_arrival = m_store->observe(scheduler(), [this](const ChangeSet &) { arrival.start(); });
        attach(m_store.get());
    }

    void write(const std::function<void(WriteTransaction &)> &job)
    {
        bool done = false;
        m_store->write<int>([job](WriteTransaction &transaction) -> Result<int> { job(transaction); return 0; }, scheduler(),
                            [&done](const Result<int> &result) {
                                if (!result)
                                    qFatal("%s", qPrintable(result.error().message()));
                                done = true;
                            });
        waitFor([&done] { return done; });
    }

    void fill(int from, int count)
    {
        for (int start = from; start < from + count; start += 5000) {
            const int end = std::min(start + 5000, from + count);
            write([start, end](WriteTransaction &transaction) {
                for (int i = start; i < end; ++i)
                    put(transaction, i, (i * 7919) % 100'000);
            });
        }
    }

    static void put(WriteTransaction &transaction, int number, int quantity)
    {
        static const auto model = benchSchema().model(u"StockCount"_s);
        Record record(model);
        const auto set = [&](QStringView field, Value value) { record.setValue(model->fieldIndex(field), std::move(value)); };
        set(u"id", u"0f8fad5b-d9cb-469f-a165-%1"_s.arg(number, 12, 10, QChar(u'0')));
        set(u"sku", u"sku-%1"_s.arg(number));
        set(u"quantity", quantity);
        set(u"bin", u"A-%1"_s.arg(number % 100));
        set(u"note", u"counted by hand"_s);
        if (!transaction.put(record))
            qFatal("put failed");
    }

    QElapsedTimer arrival;          // since the last change set came

private:
    std::unique_ptr<Store> m_store;
    std::shared_ptr<void> m_arrival;
};

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

class Table
{
public:
    void row(const char *what, double value, double goal, const char *unit)
    {
        std::printf("%-62s %9.3f %9.3f %-4s %6.2f %s\n", what, value, goal, unit, value / goal, value <= goal ? "" : "MISSED");
        std::fflush(stdout);
        missed = missed || value > goal;
    }

    bool missed = false;
};

std::unique_ptr<LiveQuery> openQuery(LiveHost &host, const QStringList &sort, int expected, const QVariant &where = {})
{
    auto query = std::make_unique<LiveQuery>(&host);
    query->setType(u"StockCount"_s);
    query->setSort(sort);
    query->setWhere(where);
    waitFor([&] { return query->count() >= expected; });
    return query;
}

// From the change set's arrival in the thread to the model's signal, one row moving each time.
double changeToSignal(BenchHost &host, LiveQuery &query, int rows)
{
    std::vector<double> times;
    double time = 0;
    const auto stop = QObject::connect(&query, &QAbstractItemModel::dataChanged, &query,
                                       [&] { time = double(host.arrival.nsecsElapsed()) / 1e6; });
    for (int i = 0; i < 300; ++i) {
        time = -1;
        host.write([i, rows](WriteTransaction &transaction) { BenchHost::put(transaction, (i * 97) % rows, 200'000 + i); });
        waitFor([&time] { return time >= 0; });
        times.push_back(time);
    }
    QObject::disconnect(stop);
    return median(times);
}

void opening(Table &table, BenchHost &host, const QStringList &sort, const char *what)
{
    std::vector<double> first;
    std::vector<double> all;
    for (int i = 0; i < 5; ++i) {
        QElapsedTimer timer;
        timer.start();
        auto query = std::make_unique<LiveQuery>(&host);
        query->setType(u"StockCount"_s);
        query->setSort(sort);
        waitFor([&] { return query->isReady(); });
        first.push_back(double(timer.nsecsElapsed()) / 1e6);
        waitFor([&] { return query->count() >= 100'000; });
        all.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    table.row(what, median(first), 40, "ms");
    std::printf("    (all 100,000 positions after %.1f ms)\n", median(all));
}

void memory(Table &table, BenchHost &host)
{
    openQuery(host, {u"quantity"_s}, 100'000);      // what the first one leaves in caches is not its own
    const size_t before = mallinfo2().uordblks;
    const auto query = openQuery(host, {u"quantity"_s, u"sku"_s}, 100'000);
    for (int i = 0; i < 100'000; i += 50)
        Q_UNUSED(query->get(i))
    bool loaded = false;
    waitFor([&] { return loaded = loaded || query->record(99'950); });
    table.row("memory of a query over 100,000 rows, 2,048 of them loaded", double(mallinfo2().uordblks - before) / 1e6, 12, "MB");
}

void hundredQueries(Table &table, TimedScheduler &scheduler)
{
    QTemporaryDir dir;
    BenchHost host(scheduler);
    host.open(dir.filePath(u"b.sqlite"_s));
    host.fill(0, 10'000);
    std::vector<std::unique_ptr<LiveQuery>> queries;
    for (int i = 0; i < 100; ++i)
        queries.push_back(openQuery(host, {i % 2 ? u"quantity"_s : u"-sku"_s}, 10'000));
    int told = 0;
    double time = 0;
    for (const auto &query : queries) {
        QObject::connect(query.get(), &QAbstractItemModel::dataChanged, query.get(), [&] {
            if (++told == 100)
                time = double(host.arrival.nsecsElapsed()) / 1e6;
        });
    }
    std::vector<double> times;
    for (int i = 0; i < 100; ++i) {
        told = 0;
        host.write([i](WriteTransaction &transaction) { BenchHost::put(transaction, i * 91, 300'000 + i); });
        waitFor([&told] { return told == 100; });
        times.push_back(time);
    }
    table.row("one change to 100 queries of 10,000 rows", median(times), 3, "ms");
}

void blocking(Table &table, TimedScheduler &scheduler, BenchHost &host)
{
    const auto query = openQuery(host, {u"quantity"_s}, 100'000);
    scheduler.longest = {};
    host.fill(200'000, 10'000);
    waitFor([&] { return query->count() >= 110'000; });
    table.row("longest task in the thread while 10,000 rows come in", scheduler.longest.wall, 4, "ms");
    table.row("  of it the thread's own processor time", scheduler.longest.own, 4, "ms");
    scheduler.longest = {};
    const auto other = openQuery(host, {u"sku"_s}, 110'000);
    table.row("longest task in the thread while a query opens", scheduler.longest.wall, 4, "ms");
    table.row("  of it the thread's own processor time", scheduler.longest.own, 4, "ms");
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    TimedScheduler scheduler;
    Table table;
    std::printf("%-62s %9s %9s %-4s %6s\n", "", "measured", "goal", "", "ratio");
    double small = 0;
    {
        QTemporaryDir dir;
        BenchHost host(scheduler);
        host.open(dir.filePath(u"a.sqlite"_s));
        host.fill(0, 1000);
        const auto query = openQuery(host, {u"quantity"_s}, 1000);
        small = changeToSignal(host, *query, 1000);
        table.row("change set to model signal, 1,000 rows", small, 0.3, "ms");
    }
    QTemporaryDir dir;
    BenchHost host(scheduler);
    host.open(dir.filePath(u"c.sqlite"_s));
    host.fill(0, 100'000);
    {
        const auto query = openQuery(host, {u"quantity"_s}, 100'000);
        const double large = changeToSignal(host, *query, 100'000);
        table.row("change set to model signal, 100,000 rows", large, 0.3, "ms");
        table.row("  against 1,000 rows", large / small, 1.5, "x");
    }
    opening(table, host, {}, "100,000 records, open to first rows, by key");
    opening(table, host, {u"quantity"_s}, "100,000 records, open to first rows, by a field");
    memory(table, host);
    blocking(table, scheduler, host);
    hundredQueries(table, scheduler);
    return table.missed ? 1 : 0;
}
