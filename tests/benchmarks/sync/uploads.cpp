// SPDX-License-Identifier: MIT
#include "bench.h"
#include "delayproxy.h"
#include "rawclient.h"
#include "work.h"

#include <QtCore/QJsonArray>

namespace TidelineBench {

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

constexpr int Mutations = 10'000;
constexpr int FewMutations = 500;           // one at a time over a long line
constexpr int Delay = 10;                   // ms each way: 20 ms to and fro

namespace {

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

/* Seconds that the mutations take in their order, so many in one document. */
double rawDrain(const QUrl &url, const QList<Work::Mutation> &mutations, qsizetype perDocument)
{
    RawClient client(url);
    QElapsedTimer timer;
    timer.start();
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
    return seconds(timer);
}

/* Seconds from the line's coming back to the empty outbox. */
double drain(const QUrl &url, const QString &path, const QList<Work::Mutation> &mutations, int rejected = 0)
{
    Device device(Work::schema(), path, url);
    waitFor([&device] { return device.isLevel(); });
    device.store.setPaused(true);
    const QList<Draft> drafts = Work::drafts(device.store.schema(), mutations);
    for (const Draft &draft : drafts)
        (void)device.store.save(draft);
    waitFor([&] { return device.store.outboxCount() == mutations.size(); });
    QElapsedTimer timer;
    timer.start();
    device.store.setPaused(false);
    waitFor([&] { return device.store.outboxCount() == rejected && device.store.rejectedCount() == rejected; });
    return seconds(timer);
}

void checkAllArrived(TestServer &server, const QList<Work::Mutation> &mutations, int rejected = 0)
{
    qsizetype creates = -rejected;
    for (const Work::Mutation &mutation : mutations)
        creates += mutation.isCreate ? 1 : 0;
    if (const qsizetype there = Work::countOn(server); there != Work::stored + 2 + creates)
        qFatal("The server has %lld records instead of %lld", (long long)there, (long long)(Work::stored + 2 + creates));
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
    const double single = Mutations / rawDrain(one.server.url(), mutations, 1);
    FreshServer hundred(folder, Work::schema());
    const double many = Mutations / rawDrain(hundred.server.url(), mutations, 100);
    FreshServer ours(folder, Work::schema());
    const double own = Mutations / drain(ours.server.url(), folder.filePath(u"drained.sqlite"_s), mutations);
    checkAllArrived(ours.server, mutations);
    row("10,000 offline mutations in causal order", own, "/s", u"8,000"_s,
        u"raw one at a time %1, 100 in a document %2"_s.arg(rate(single), rate(many)));

    FreshServer farOne(folder, Work::schema());
    const DelayProxy oneLine(farOne.server.url(), Delay);
    const double farSingle = FewMutations / rawDrain(oneLine.url(), mutations.first(FewMutations), 1);
    FreshServer far(folder, Work::schema());
    const DelayProxy line(far.server.url(), Delay);
    const double farOwn = Mutations / drain(line.url(), folder.filePath(u"far.sqlite"_s), mutations);
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
        const double time = drain(fresh.server.url(), folder.filePath(u"rejected%1.sqlite"_s.arg(FreshServer::number)), mutations, count);
        checkAllArrived(fresh.server, mutations, count);
        return time;
    };
    const double alone = measure(Work::Refused::LeftOut, 0);
    const double byRule = measure(Work::Refused::ByRule, rejected);
    const double byValidation = measure(Work::Refused::ByValidation, rejected);
    const double again = measure(Work::Refused::LeftOut, 0);
    const double base = std::min(alone, again);
    const QString beside = u"%1 ms without them, again %2 ms"_s.arg(alone * 1e3, 0, 'f', 0).arg(again * 1e3, 0, 'f', 0);
    row("9,700 mutations slowed by 300 that a rule rejects", (byRule / base - 1) * 100, "%", u"10"_s, beside);
    row("  by 300 that the server's validation rejects", (byValidation / base - 1) * 100, "%", u"10"_s, beside);
}

} // namespace TidelineBench
