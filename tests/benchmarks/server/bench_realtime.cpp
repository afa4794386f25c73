// SPDX-License-Identifier: MIT
// The server's network side over real sockets of the loopback: what an idle client costs, how many messages one process hands
// out, how long they take at half that rate, what filters cost, and how fast a client gets pages. The clients are a process of
// their own on the same machine. Build it in the release preset; arguments choose sections.
#include "socketclients.h"

#include "server/auth/apikeyauthorizer.h"
#include "server/backend.h"
#include "server/http/httpserver.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QTemporaryDir>

#include <arpa/inet.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

using namespace Tideline;
using namespace Tideline::Server;
using namespace TidelineBench;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray Key = "da2-bench";
const QString Fields = u"id sku bin quantity note counted createdAt updatedAt _version _lastChangedAt _deleted"_s;

Schema schema()
{
    return Schema::parse(u"type StockCount @model @auth(rules: [{allow: public}]) { id: ID! sku: String! bin: String! "
                          "quantity: Int! note: String counted: AWSDateTime }"_s).value();
}

double processorMs()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval &time) { return double(time.tv_sec) * 1e3 + double(time.tv_usec) / 1e3; };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

double residentMb()
{
    QFile file(u"/proc/self/statm"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    return file.readAll().split(' ').value(1).toDouble() * double(sysconf(_SC_PAGESIZE)) / 1e6;
}

class Server
{
public:
    Server()
        : backend(Backend::open(schema(), {.databasePath = folder.filePath(u"bench.db"_s)}).value()), authorizer({Key}),
          http(*backend, authorizer, {.maxConnections = 30'000}), port(http.start().value()) { }
    ~Server()
    {
        http.stop(0ms);
        backend->close();
    }

    // A create whose note has the time it was sent at.
    void create(std::function<void()> done = [] { })
    {
        const QJsonObject input{{u"id"_s, u"record-%1"_s.arg(++m_number)}, {u"sku"_s, u"4006381333931"_s}, {u"bin"_s, u"A-%1"_s.arg(m_number % 500)},
                                {u"quantity"_s, m_number}, {u"note"_s, u"sent %1"_s.arg(nowNs())}, {u"counted"_s, u"2024-02-29T12:30:00.000Z"_s}};
        backend->execute({m_create, {{u"input"_s, input}}, {}, {}}, [done = std::move(done)](const QByteArray &) { done(); });
    }
    void createAndWait()
    {
        std::promise<void> done;
        create([&done] { done.set_value(); });
        done.get_future().wait();
    }

    QTemporaryDir folder;
    std::unique_ptr<Backend> backend;
    ApiKeyAuthorizer authorizer;
    HttpServer http;
    quint16 port;

private:
    int m_number = 0;
    const QString m_create = u"mutation operation($input: CreateStockCountInput!) {\n  createStockCount(input: $input) { %1 }\n}\n"_s.arg(Fields);
};

const QByteArray AllCreates = "subscription operation { onCreateStockCount { " + Fields.toUtf8() + " } }";

void waitFor(const std::function<bool()> &condition)
{
    const qint64 end = nowNs() + 120'000'000'000;
    while (!condition() && nowNs() < end)
        std::this_thread::sleep_for(5ms);
    if (!condition())
        std::puts("  gave up waiting");
}

void connectClients(Server &server, SocketClients &clients, int count)
{
    clients.connectTo(server.port, count, AllCreates, Key);
    waitFor([&] { return clients.report().ready == count; });
}

void idle()
{
    constexpr int count = 10'000;
    SocketClients clients;
    if (!clients.start())
        return;
    Server server;
    const double before = residentMb();
    connectClients(server, clients, count);
    const double after = residentMb();
    std::printf("idle: %d subscribed sockets, %.0f MB resident (%.0f MB before), %.1f KB each\n", count, after, before, (after - before) * 1e3 / count);
}

// Mutations as fast as they go, but that no receiver is more than some 256 messages behind.
void fanOut()
{
    constexpr int count = 1000;
    constexpr int mutations = 1500;
    SocketClients clients;
    if (!clients.start())
        return;
    Server server;
    connectClients(server, clients, count);
    const double cpu = processorMs();
    const qint64 start = nowNs();
    qint64 received = 0;
    double clientsMs = 0;
    const auto look = [&] {
        const SocketClients::Report report = clients.report();
        received += report.messages;
        clientsMs += report.cpuMs;
    };
    for (int i = 0; i < mutations; ++i) {
        server.create();
        if (i % 32 == 31)
            waitFor([&] { look(); return received >= qint64(i - 256) * count; });
    }
    waitFor([&] { look(); return received == qint64(mutations) * count; });
    const double seconds = double(nowNs() - start) / 1e9;
    const double total = double(mutations) * count;
    std::printf("fan-out: %.0f messages/s to %d clients; processor time %.2f us a message in the server, %.2f us in the clients; slow receivers: %lld\n",
                total / seconds, count, (processorMs() - cpu) * 1e3 / total, clientsMs * 1e3 / total, server.http.statistics().slowReceivers);
}

// How long something took each time.
class Stage
{
public:
    void add(qint64 since)
    {
        const std::lock_guard lock(m_mutex);
        m_ms.push_back(double(nowNs() - since) / 1e6);
    }
    void print(const char *name)
    {
        const std::lock_guard lock(m_mutex);
        std::ranges::sort(m_ms);
        if (!m_ms.empty())
            std::printf("  %-44s p99 %6.1f ms, worst %6.1f ms\n", name, m_ms[m_ms.size() * 99 / 100], m_ms.back());
    }

private:
    std::mutex m_mutex;
    std::vector<double> m_ms;
};

// How long the threads of a process were ready to run and had no processor.
double waitedMs(pid_t process)
{
    double ns = 0;
    const QDir tasks(u"/proc/%1/task"_s.arg(process));
    for (const QString &task : tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile file(tasks.filePath(task + u"/schedstat"_s));
        if (file.open(QIODevice::ReadOnly))
            ns += file.readAll().split(' ').value(1).toDouble();
    }
    return ns / 1e6;
}

// Of all processors together, since the start of the machine.
double machineMs()
{
    QFile file(u"/proc/stat"_s);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArrayList words = file.readLine().simplified().split(' ');
    double ticks = 0;
    for (const int busy : {1, 2, 3, 6, 7, 8})                   // not idle, nor waiting for a disk
        ticks += words.value(busy).toDouble();
    return ticks * 1e3 / double(sysconf(_SC_CLK_TCK));
}

struct Usage
{
    explicit Usage(pid_t clients) : process(clients) { }
    const pid_t process;
    const qint64 start = nowNs();
    const double own = processorMs(), machine = machineMs(), server = waitedMs(getpid()), clients = waitedMs(process);

    void print(double clientsMs) const
    {
        const double all = double(nowNs() - start) / 1e6 * double(sysconf(_SC_NPROCESSORS_ONLN)) / 100;
        const double used = processorMs() - own + clientsMs;
        std::printf("  of the processors: %.0f %% here, %.0f %% other processes; threads waited for one: server %.0f ms, clients %.0f ms\n",
                    used / all, (machineMs() - machine - used) / all, waitedMs(getpid()) - server, waitedMs(process) - clients);
    }
};

// What the disk makes of a page now and then, whoever else writes to it.
class DiskProbe
{
public:
    explicit DiskProbe(const QString &folder) : m_file(QDir(folder).filePath(u"probe"_s))
    {
        if (m_file.open(QIODevice::WriteOnly))
            m_thread = std::thread([this] { run(); });
    }
    ~DiskProbe()
    {
        m_done = true;
        if (m_thread.joinable())
            m_thread.join();
    }
    Stage stage;

private:
    void run()
    {
        const std::vector<char> page(4096, 'x');
        for (int i = 0; !m_done; ++i) {
            const qint64 start = nowNs();
            if (::pwrite(m_file.handle(), page.data(), page.size(), off_t(i % 64) * off_t(page.size())) < 0 || ::fdatasync(m_file.handle()) != 0)
                return perror("probe");
            stage.add(start);
            std::this_thread::sleep_for(50ms);
        }
    }

    QFile m_file;
    std::atomic<bool> m_done = false;
    std::thread m_thread;
};

// From the time in a message.
qint64 sentAt(const QByteArray &payload)
{
    const QByteArray mark("\"sent ");
    const qsizetype at = payload.indexOf(mark) + mark.size();
    return payload.mid(at, payload.indexOf('"', at) - at).toLongLong();
}

void latency()
{
    constexpr int count = 1000;
    constexpr int perSecond = 75;
    constexpr int mutations = 10 * perSecond;
    SocketClients clients;
    if (!clients.start())
        return;
    Server server;
    connectClients(server, clients, count);
    server.createAndWait();
    qint64 warm = 0;
    waitFor([&] { return (warm += clients.report().messages) == count; });
    Stage begun, answered, published;
    const SubscriptionId listener = server.backend->subscribe({QString::fromUtf8(AllCreates), {}, {}, {}}, [&](const QByteArray &payload) {
        published.add(sentAt(payload));
    }).valueOr(0);
    DiskProbe probe(server.folder.path());
    const Usage usage(clients.process());
    const double cpu = processorMs();
    const qint64 start = nowNs();
    for (int i = 0; i < mutations; ++i) {
        const qint64 due = start + qint64(i) * 1'000'000'000 / perSecond;
        std::this_thread::sleep_for(std::chrono::nanoseconds(due - nowNs()));
        begun.add(due);
        server.create([&answered, sent = nowNs()] { answered.add(sent); });
    }
    std::this_thread::sleep_for(500ms);
    server.backend->unsubscribe(listener);
    const SocketClients::Report report = clients.report();
    std::printf("latency: %d messages/s to %d clients: median %.1f ms, p99 %.1f ms, worst %.1f ms (%lld of %d arrived); processor time %.2f us a message\n",
                perSecond * count, count, report.medianMs, report.p99Ms, report.worstMs, qint64(report.messages), mutations * count,
                (processorMs() - cpu) * 1e3 / (double(mutations) * count));
    begun.print("begun late by");
    published.print("durable and at the first subscriber after");
    answered.print("answered after");
    probe.stage.print("a page of another file on the disk after");
    usage.print(report.cpuMs);
}

struct FilterCosts { double mutationUs = 0, subscribeUs = 0, leaveUs = 0; };     // processor time

// Mutations, each delivered to one of \a filters subscriptions with different values.
FilterCosts filtered(int filters)
{
    constexpr int mutations = 4000;
    Server server;
    std::atomic<qint64> delivered = 0;
    std::vector<SubscriptionId> ids;
    const QString query = u"subscription S($filter: ModelSubscriptionStockCountFilterInput) { onCreateStockCount(filter: $filter) { %1 } }"_s.arg(Fields);
    FilterCosts costs;
    const double start = processorMs();
    for (int i = 0; i < filters; ++i) {
        const QJsonObject filter{{u"quantity"_s, QJsonObject{{u"eq"_s, i + 1}}}};
        ids.push_back(server.backend->subscribe({query, {{u"filter"_s, filter}}, {}, {}}, [&delivered](const QByteArray &) { ++delivered; }).valueOr(0));
    }
    costs.subscribeUs = (processorMs() - start) * 1e3 / filters;
    server.createAndWait();
    const double cpu = processorMs();
    std::atomic<int> open = mutations;
    for (int i = 0; i < mutations; ++i)
        server.create([&open] { --open; });
    waitFor([&] { return open == 0 && delivered == std::min(filters, mutations + 1); });
    costs.mutationUs = (processorMs() - cpu) * 1e3 / mutations;
    const double end = processorMs();
    for (const SubscriptionId id : ids)
        server.backend->unsubscribe(id);
    costs.leaveUs = (processorMs() - end) * 1e3 / filters;
    return costs;
}

// Everybody has the same filter.
double leaveUs(int subscribers)
{
    Server server;
    std::vector<SubscriptionId> ids;
    for (int i = 0; i < subscribers; ++i)
        ids.push_back(server.backend->subscribe({QString::fromUtf8(AllCreates), {}, {}, {}}, [](const QByteArray &) { }).valueOr(0));
    const double start = processorMs();
    for (const SubscriptionId id : ids)
        server.backend->unsubscribe(id);
    return (processorMs() - start) * 1e3 / subscribers;
}

void filters()
{
    const FilterCosts few = filtered(10);
    const FilterCosts many = filtered(100'000);
    std::printf("filters: a mutation costs %.1f us of processor time with 10 distinct equality filters, %.1f us with 100,000: %.2f x\n",
                few.mutationUs, many.mutationUs, many.mutationUs / few.mutationUs);
    std::printf("  of the 100,000 each costs %.1f us to subscribe and %.1f us to leave; of 10,000 without a filter %.1f us to leave\n",
                many.subscribeUs, many.leaveUs, leaveUs(10'000));
}

QByteArray request(int socket, const QByteArray &body)
{
    const QByteArray text = "POST /graphql HTTP/1.1\r\nHost: h\r\nx-api-key: " + Key + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
    if (::send(socket, text.constData(), size_t(text.size()), 0) != text.size())
        return {};
    QByteArray answer;
    qsizetype end = -1;
    for (qsizetype size = 0; end < 0 || answer.size() < end;) {
        answer.resize(size + 256 * 1024);
        const ssize_t count = ::recv(socket, answer.data() + size, 256 * 1024, 0);
        if (count <= 0)
            return {};
        size += count;
        answer.resize(size);
        const qsizetype head = end < 0 ? answer.indexOf("\r\n\r\n") : -1;
        if (head > 0) {
            const QByteArray mark("content-length: ");
            const qsizetype at = answer.first(head).toLower().indexOf(mark) + mark.size();
            end = head + 4 + answer.mid(at, answer.indexOf('\r', at) - at).toLongLong();
        }
    }
    return answer;
}

void syncPages()
{
    constexpr int records = 20'000;
    Server server;
    std::atomic<int> open = records;
    for (int i = 0; i < records; ++i)
        server.create([&open] { --open; });
    waitFor([&open] { return open == 0; });
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(server.port);
    if (::connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        return perror("sync");
    const QString query = u"query operation($limit: Int, $nextToken: String, $lastSync: AWSTimestamp) {\n  syncStockCounts(limit: $limit, nextToken: $nextToken, lastSync: $lastSync) {\n"
                           "    items { %1 }\n    nextToken\n    startedAt\n  }\n}\n"_s.arg(Fields);
    const QByteArray mark("\"nextToken\":\"");
    double best = 0, cpuUs = 0;
    qint64 bytes = 0;
    for (int round = 0; round < 5; ++round) {
        const qint64 start = nowNs();
        const double cpu = processorMs();
        QJsonValue token;
        bytes = 0;
        do {
            const QJsonObject body{{u"query"_s, query}, {u"variables"_s, QJsonObject{{u"limit"_s, 1000}, {u"lastSync"_s, 0}, {u"nextToken"_s, token}}}};
            const QByteArray page = request(socket, QJsonDocument(body).toJson(QJsonDocument::Compact));
            bytes += page.size();
            const qsizetype at = page.lastIndexOf(mark);
            token = at < 0 ? QJsonValue() : QJsonValue(QString::fromLatin1(page.mid(at + mark.size(), page.indexOf('"', at + mark.size()) - at - mark.size())));
        } while (!token.isNull());
        best = std::max(best, records / (double(nowNs() - start) / 1e9));
        cpuUs = (processorMs() - cpu) * 1e3 / records;
    }
    ::close(socket);
    std::printf("sync: %.0f records/s to one client in pages of 1,000 (best of 5), %.1f us of processor time and %.0f bytes each\n", best, cpuUs, double(bytes) / records);
}

struct Section { const char *name; void (*run)(); };
constexpr Section Sections[] = {{"idle", idle}, {"fanout", fanOut}, {"latency", latency}, {"filters", filters}, {"sync", syncPages}};

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    for (const Section &section : Sections) {
        if (argc < 2 || QCoreApplication::arguments().contains(QLatin1StringView(section.name)))
            section.run();
    }
    return 0;
}
