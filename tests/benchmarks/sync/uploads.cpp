// SPDX-License-Identifier: MIT
#include "bench.h"
#include "delayproxy.h"
#include "rawclient.h"
#include "work.h"

#include <QtCore/QJsonArray>

#include <algorithm>
#include <array>
#include <ctime>

namespace TidelineBench {

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

constexpr int Mutations = 10'000;
constexpr int FewMutations = 500;           // one at a time over a long line
constexpr int Delay = 10;                   // ms each way: 20 ms to and fro
constexpr int Rounds = 30;                  // of the rejections

namespace {

/* What a drain took, on both sides: where there is other work for the processors, their time says more than the clock. */
struct Cost
{
    double seconds = 0;
    double processor = 0;

    [[nodiscard]] QString each(qsizetype count) const { return u"%1 us of processor time each"_s.arg(processor / double(count) * 1e6, 0, 'f', 0); }
};

class Stopwatch
{
public:
    Stopwatch() { m_timer.start(); }
    [[nodiscard]] Cost cost() const { return {seconds(m_timer), double(std::clock() - m_processor) / CLOCKS_PER_SEC}; }

private:
    QElapsedTimer m_timer;
    std::clock_t m_processor = std::clock();
};

/* A server that nobody has written to but for what is stored before. */
struct FreshServer
{
    FreshServer(const QTemporaryDir &folder, const Schema &schema)
        : server(schema, folder.filePath(u"server%1.sqlite"_s.arg(++number)))
    {
        Work::fill(server);
    }
    static inline int number = 0;
    TestServer server;
};

QString selectionOf(const QString &model)
{
    static const QHash<QString, QString> fields{{u"Site"_s, u"id name"_s}, {u"Shelf"_s, u"id code siteID"_s},
                                                {u"Count"_s, u"id sku quantity note shelfID"_s}};
    return fields.value(model) + u" createdAt updatedAt _version _lastChangedAt _deleted"_s;
}

/* The mutations in their order, so many in one document. */
Cost rawDrain(const QUrl &url, const QList<Work::Mutation> &mutations, qsizetype perDocument)
{
    RawClient client(url);
    const Stopwatch watch;
    for (qsizetype first = 0; first < mutations.size(); first += perDocument) {
        const qsizetype end = std::min(first + perDocument, mutations.size());
        QString head;
        QString fields;
        QJsonObject variables;
        for (qsizetype i = first; i < end; ++i) {
            const Work::Mutation &mutation = mutations[i];
            const QString number = QString::number(i - first);
            const QString verb = mutation.isCreate ? u"create"_s : u"update"_s;
            QJsonObject input = mutation.values;
            if (!mutation.isCreate)
                input.insert(u"_version"_s, 1);
            variables.insert(u"i"_s + number, input);
            head += u" $i%1: %2%3Input!"_s.arg(number, mutation.isCreate ? u"Create"_s : u"Update"_s, mutation.model);
            fields += u" m%1: %2%3(input: $i%1) { %4 }"_s.arg(number, verb, mutation.model, selectionOf(mutation.model));
        }
        client.execute(u"mutation (%1) {%2 }"_s.arg(head, fields), variables);
    }
    return watch.cost();
}

/* From the line's coming back to the empty outbox. */
Cost drain(const QUrl &url, const QString &path, const QList<Work::Mutation> &mutations, int rejected = 0)
{
    Device device(Work::schema(), path, url);
    waitFor([&device] { return device.isLevel(); });
    device.store.setPaused(true);
    const QList<Draft> drafts = Work::drafts(device.store.schema(), mutations);
    for (const Draft &draft : drafts)
        (void)device.store.save(draft);
    waitFor([&] { return device.store.outboxCount() == mutations.size(); });
    const Stopwatch watch;
    device.store.setPaused(false);
    waitFor([&] { return device.store.outboxCount() == rejected && device.store.rejectedCount() == rejected; });
    return watch.cost();
}

void checkAllArrived(TestServer &server, const QList<Work::Mutation> &mutations, int rejected = 0)
{
    qsizetype creates = -rejected;
    for (const Work::Mutation &mutation : mutations)
        creates += mutation.isCreate ? 1 : 0;
    if (const qsizetype there = Work::countOn(server); there != Work::stored + 2 + creates)
        qFatal("The server has %lld records instead of %lld", (long long)there, (long long)(Work::stored + 2 + creates));
}

double percentMore(double value, double than)
{
    return (value / than - 1) * 100;
}

double median(std::vector<double> values)
{
    const auto middle = values.begin() + qsizetype(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

QString rate(double perSecond)
{
    return u"%1/s"_s.arg(perSecond, 0, 'f', 0);
}

} // namespace

void offlineMutations(const QTemporaryDir &folder)
{
    const QList<Work::Mutation> mutations = Work::list(Mutations);
    FreshServer one(folder, Work::schema());
    const Cost single = rawDrain(one.server.url(), mutations, 1);
    FreshServer hundred(folder, Work::schema());
    const Cost many = rawDrain(hundred.server.url(), mutations, 100);
    FreshServer ours(folder, Work::schema());
    const Cost own = drain(ours.server.url(), folder.filePath(u"drained.sqlite"_s), mutations);
    checkAllArrived(ours.server, mutations);
    row("10,000 offline mutations in causal order", Mutations / own.seconds, "/s", u"8,000"_s,
        u"%1; raw one at a time %2, 100 in a document %3, %4"_s.arg(own.each(Mutations), rate(Mutations / single.seconds), rate(Mutations / many.seconds),
                                                                    many.each(Mutations)));

    FreshServer farOne(folder, Work::schema());
    const DelayProxy oneLine(farOne.server.url(), Delay);
    const double farSingle = FewMutations / rawDrain(oneLine.url(), mutations.first(FewMutations), 1).seconds;
    FreshServer far(folder, Work::schema());
    const DelayProxy line(far.server.url(), Delay);
    const double farOwn = Mutations / drain(line.url(), folder.filePath(u"far.sqlite"_s), mutations).seconds;
    checkAllArrived(far.server, mutations);
    row("  the same over a line of 20 ms to and fro", farOwn, "/s", u"20 x raw"_s,
        u"raw one at a time %1: %2 x"_s.arg(rate(farSingle)).arg(farOwn / farSingle, 0, 'f', 0));
}

void rejections(const QTemporaryDir &folder)
{
    constexpr int rejected = Mutations * 3 / 100;
    const auto measure = [&folder](Work::Refused refused, int count) {
        const QList<Work::Mutation> mutations = Work::list(Mutations, refused);
        FreshServer fresh(folder, Work::serverSchema());
        const Cost cost = drain(fresh.server.url(), folder.filePath(u"rejected%1.sqlite"_s.arg(FreshServer::number)), mutations, count);
        checkAllArrived(fresh.server, mutations, count);
        return cost;
    };
    // Beside the runs just before and after it, for what else the machine does changes from minute to minute.
    constexpr std::array kinds{Work::Refused::ByRule, Work::Refused::ByShape, Work::Refused::ByValue};
    std::array<std::vector<double>, kinds.size()> seconds;
    std::array<std::vector<double>, kinds.size()> processor;
    Cost before = measure(Work::Refused::LeftOut, 0);
    for (int round = 0; round < Rounds; ++round) {
        for (size_t kind = 0; kind < kinds.size(); ++kind) {
            const Cost cost = measure(kinds[kind], rejected);
            const Cost after = measure(Work::Refused::LeftOut, 0);
            seconds[kind].push_back(percentMore(cost.seconds, (before.seconds + after.seconds) / 2));
            processor[kind].push_back(percentMore(cost.processor, (before.processor + after.processor) / 2));
            before = after;
        }
    }
    const auto slowed = [&](const char *what, size_t kind) {
        row(what, median(seconds[kind]), "%", u"10"_s, u"%1 % more processor time; medians of %2 turns"_s.arg(median(processor[kind]), 0, 'f', 0).arg(Rounds));
    };
    slowed("9,700 mutations slowed by 300 that a rule rejects", 0);
    slowed("  by 300 that lack a field, which the server's validation rejects", 1);
    slowed("  by 300 with a value that the server's validation rejects", 2);
}

} // namespace TidelineBench
