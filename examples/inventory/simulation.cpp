// SPDX-License-Identifier: MIT
#include "simulation/simulation.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QHashSeed>

#include <cstdio>

using namespace Qt::StringLiterals;

/*
    Runs a schema through the laboratory: three devices count stock while their lines, processes and clocks and the
    server fail at random.

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
    const Tideline::Result<Tideline::Schema> schema = Tideline::Schema::parse(QString::fromUtf8(file.readAll()));
    if (!schema) {
        qCritical().noquote() << schema.error().message();
        return 2;
    }

    const int seeds = arguments.value(2, u"100"_s).toInt();
    const quint64 first = arguments.value(3, u"1"_s).toULongLong();
    int broken = 0;
    for (quint64 seed = first; seed < first + quint64(seeds); ++seed) {
        TidelineTest::Simulation simulation(*schema, seed, {.devices = 3, .steps = 60, .mergesOnServer = seed % 2 == 0});
        if (simulation.run())
            continue;
        ++broken;
        qWarning().noquote() << simulation.report().text();
    }
    std::printf("%d of %d seeds kept every promise\n", seeds - broken, seeds);
    return broken == 0 ? 0 : 1;
}
