// SPDX-License-Identifier: MIT
#include "server/backend.h"
#include "shared/testdatabase.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QJsonDocument>
#include <QtCore/QTemporaryDir>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <thread>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Qt::StringLiterals;

// The backend's part of a request, from the parsed HTTP body to the bytes of the answer. The database is in the
// temporary folder, PostgreSQL's too; set TMPDIR to the disk to be measured. Commits are durable on both.

static const QString fields = u"id sku bin quantity note counted createdAt updatedAt _version _lastChangedAt _deleted product { id _deleted }"_s;

static Schema schema()
{
    return Schema::parse(u"type Product @model @auth(rules: [{allow: public}]) { id: ID! name: String! counts: [StockCount] @hasMany }\n"
                         "type StockCount @model @auth(rules: [{allow: public}]) { id: ID! sku: String! bin: String! @index(name: \"byBin\") "
                         "quantity: Int! note: String counted: AWSDateTime product: Product @belongsTo }"_s).value();
}

namespace {

class Fixture
{
public:
    enum class On { Sqlite, Postgres };
    explicit Fixture(On on = On::Sqlite)
        : location(on == On::Sqlite ? folder.filePath(u"bench.db"_s) : TidelineTest::PostgresServer::ofThisProcess().createDatabase()),
          backend(Backend::open(schema(), {.databasePath = location}).value()) { }

    [[nodiscard]] QByteArray run(const QString &query, const QJsonObject &variables = {}) const
    {
        std::promise<QByteArray> answered;
        backend->execute({query, variables, {}, {}}, [&](const QByteArray &response) { answered.set_value(response); });
        return answered.get_future().get();
    }
    static QJsonObject input(int number)
    {
        return {{u"id"_s, u"record-%1"_s.arg(number, 12, 10, QLatin1Char('0'))}, {u"sku"_s, u"4006381333931"_s}, {u"bin"_s, u"A-%1"_s.arg(number % 500)},
                {u"quantity"_s, number}, {u"note"_s, u"counted twice, box was open"_s}, {u"counted"_s, u"2024-02-29T12:30:00.000Z"_s},
                {u"productCountsId"_s, u"product-1"_s}};
    }
    void fill(int count) const
    {
        std::atomic<int> open = count;
        std::promise<void> done;
        for (int i = 0; i < count; ++i)
            backend->execute({create, {{u"input"_s, input(i)}}, {}, {}}, [&](const QByteArray &) {
                if (--open == 0)
                    done.set_value();
            });
        done.get_future().wait();
    }

    QTemporaryDir folder;
    QString location;
    std::unique_ptr<Backend> backend;
    const QString create = u"mutation operation($input: CreateStockCountInput!) {\n  createStockCount(input: $input) { %1 }\n}\n"_s.arg(fields);
};

// Clients that each wait for their answer before they send again.
class Clients
{
public:
    Clients(const Fixture &fixture, int total) : m_fixture(fixture), m_total(total) { }

    void run(int clients)
    {
        for (int i = 0; i < clients; ++i)
            send();
        m_done.get_future().wait();
    }

private:
    void send()
    {
        const int number = m_next++;
        if (number >= m_total)
            return;
        m_fixture.backend->execute({m_fixture.create, {{u"input"_s, Fixture::input(number)}}, {}, {}}, [this](const QByteArray &) {
            send();
            if (++m_answered == m_total)
                m_done.set_value();
        });
    }

    const Fixture &m_fixture;
    const int m_total;
    std::atomic<int> m_next = 0, m_answered = 0;
    std::promise<void> m_done;
};

} // namespace

static void creates(benchmark::State &state, Fixture::On on)
{
    constexpr int total = 20'000;
    for (auto _ : state) {
        state.PauseTiming();
        auto fixture = std::make_unique<Fixture>(on);
        Clients clients(*fixture, total);
        state.ResumeTiming();
        clients.run(int(state.range(0)));
        state.PauseTiming();
        fixture.reset();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * total);
}
BENCHMARK_CAPTURE(creates, sqlite, Fixture::On::Sqlite)->Arg(1)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);
BENCHMARK_CAPTURE(creates, postgres, Fixture::On::Postgres)->Arg(1)->Arg(64)->Arg(256)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

static void syncPages(benchmark::State &state, Fixture::On on)
{
    constexpr int records = 20'000;
    const Fixture fixture(on);
    fixture.fill(records);
    const QString selection = state.range(0) ? fields : fields.left(fields.indexOf(u" product"));
    const QString query = u"query operation($limit: Int, $nextToken: String, $lastSync: AWSTimestamp, $filter: ModelStockCountFilterInput) {\n"
                          "  syncStockCounts(limit: $limit, nextToken: $nextToken, lastSync: $lastSync, filter: $filter) {\n"
                          "    items { %1 }\n    nextToken\n    startedAt\n  }\n}\n"_s.arg(selection);
    const QByteArray mark("\"nextToken\":\"");
    for (auto _ : state) {
        QJsonValue token;
        do {
            const QByteArray page = fixture.run(query, {{u"limit"_s, 1000}, {u"lastSync"_s, 0}, {u"nextToken"_s, token}, {u"filter"_s, QJsonValue()}});
            const qsizetype at = page.lastIndexOf(mark);
            token = at < 0 ? QJsonValue()
                           : QJsonValue(QString::fromLatin1(page.mid(at + mark.size(), page.indexOf('"', at + mark.size()) - at - mark.size())));
            state.counters["page bytes"] = double(page.size());
        } while (!token.isNull());
    }
    state.SetItemsProcessed(state.iterations() * records);
    state.SetLabel(state.range(0) ? "with the parent's key" : "scalars");
}
BENCHMARK_CAPTURE(syncPages, sqlite, Fixture::On::Sqlite)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(syncPages, postgres, Fixture::On::Postgres)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->UseRealTime();

static void gets(benchmark::State &state)
{
    const Fixture fixture;
    fixture.fill(10'000);
    const QString query = u"query Q($id: ID!) { getStockCount(id: $id) { id sku bin quantity _version } }"_s;
    int number = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(fixture.run(query, {{u"id"_s, u"record-%1"_s.arg(number++ % 10'000, 12, 10, QLatin1Char('0'))}}));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(gets)->UseRealTime();

static void deliveries(benchmark::State &state)
{
    const Fixture fixture;
    std::atomic<int> delivered = 0;
    const QString query = u"subscription operation { onCreateStockCount { %1 } }"_s.arg(fields);
    for (int i = 0; i < state.range(0); ++i) {
        if (!fixture.backend->subscribe({query, {}, {}, {}}, [&delivered](const QByteArray &) { ++delivered; }))
            return state.SkipWithError("subscribe");
    }
    int number = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(fixture.run(fixture.create, {{u"input"_s, Fixture::input(number++)}}));
        while (delivered < number * state.range(0))
            std::this_thread::yield();
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(deliveries)->Arg(1)->Arg(10'000)->UseRealTime();

// From a mutation's answer on one node to its delivery on another, at the interval that nodes have by default.
static void otherNode(benchmark::State &state)
{
    const Fixture fixture(Fixture::On::Postgres);
    const auto other = Backend::open(schema(), {.databasePath = fixture.location}).value();
    std::atomic<int> delivered = 0;
    if (!other->subscribe({u"subscription operation { onCreateStockCount { %1 } }"_s.arg(fields), {}, {}, {}}, [&delivered](const QByteArray &) { ++delivered; }))
        return state.SkipWithError("subscribe");
    std::vector<double> delays;
    for (auto _ : state) {
        const int number = int(delays.size());
        benchmark::DoNotOptimize(fixture.run(fixture.create, {{u"input"_s, Fixture::input(number)}}));
        const auto answered = std::chrono::steady_clock::now();
        while (delivered <= number)
            std::this_thread::sleep_for(std::chrono::microseconds(100));
        delays.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - answered).count());
        state.SetIterationTime(delays.back() / 1000);
    }
    std::sort(delays.begin(), delays.end());
    state.counters["p50 ms"] = delays[delays.size() / 2];
    state.counters["p99 ms"] = delays[delays.size() * 99 / 100];
    state.counters["max ms"] = delays.back();
}
BENCHMARK(otherNode)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(300);

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    qputenv("TIDELINE_TEST_FSYNC", "on");
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
