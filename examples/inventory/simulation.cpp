// SPDX-License-Identifier: MIT
#include "simulation/simulation.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QHashSeed>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;

using namespace Tideline;
using TidelineTest::SimulatedSave;
using TidelineTest::SimulationEnd;

// Two people counted the same pieces: who found more did not miss any.
static QFuture<Result<Resolution>> greaterCount(const Conflict &conflict)
{
    const qint64 most = std::max(conflict.mine.value(u"quantity").toInteger(), conflict.theirs.value(u"quantity").toInteger());
    return QtFuture::makeReadyFuture(Result<Resolution>(Resolution::fields({{u"quantity"_s, most}})));
}

// No count has a quantity that nobody counted, wherever one looks.
static QString inventedCount(const SimulationEnd &end)
{
    QHash<QString, QSet<qint64>> counted;
    for (const SimulatedSave &save : end.saves) {
        if (!save.after.isNull() && save.after.model()->name == u"StockCount"_s)
            counted[save.after.key()].insert(save.after.value(u"quantity").toInteger());
    }
    for (auto device = end.devices.cbegin(); device != end.devices.cend(); ++device) {
        for (const Record &record : *device) {
            const bool isCount = record.model()->name == u"StockCount"_s;
            if (isCount && !counted.value(record.key()).contains(record.value(u"quantity").toInteger()))
                return u"%1 shows a count %2 of %3 pieces, which nobody counted"_s.arg(device.key(), record.key())
                    .arg(record.value(u"quantity").toInteger());
        }
    }
    return {};
}

/*
    Runs a schema through the laboratory: three devices count stock while their lines, disks, processes and clocks and the
    server fail at random. What the application decides in a conflict, and what must be true whatever happened, is above.

        inventory_simulation SCHEMA [SEEDS [FIRST]]
*/
int main(int argc, char **argv)
{
    QHashSeed::setDeterministicGlobalSeed();            // else a seed does not give the same events again
    const QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    QFile file(arguments.value(1));
    if (!file.open(QIODevice::ReadOnly)) {
        qCritical().noquote() << u"usage: inventory_simulation SCHEMA [SEEDS [FIRST]]"_s << file.errorString();
        return 2;
    }
    const Result<Schema> schema = Schema::parse(QString::fromUtf8(file.readAll()));
    if (!schema) {
        qCritical().noquote() << schema.error().message();
        return 2;
    }

    TidelineTest::SimulationOptions options;
    options.conflicts.set(u"StockCount"_s, u"quantity"_s, ConflictPolicy::Ask);
    options.handler = greaterCount;
    options.invariant = inventedCount;
    const int seeds = arguments.value(2, u"100"_s).toInt();
    const quint64 first = arguments.value(3, u"1"_s).toULongLong();
    int broken = 0;
    for (quint64 seed = first; seed < first + quint64(seeds); ++seed) {
        options.mergesOnServer = seed % 2 == 0;
        TidelineTest::Simulation simulation(*schema, seed, options);
        if (simulation.run())
            continue;
        ++broken;
        qWarning().noquote() << simulation.report().text();
    }
    std::printf("%d of %d seeds kept every promise\n", seeds - broken, seeds);
    return broken == 0 ? 0 : 1;
}
