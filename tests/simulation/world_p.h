// SPDX-License-Identifier: MIT
#pragma once

#include "shared/manualexecutor.h"
#include "simulation/simulation.h"

#include "core/data/record.h"

namespace TidelineTest {

using namespace Tideline;
using namespace Qt::StringLiterals;

using RecordId = std::pair<QString, QString>;       // model, key

// What everything in a simulation shares: time, chance, the log and the first broken promise.
struct World
{
    World(const Schema &usedSchema, quint64 seed, const SimulationOptions &given) : time(seed), schema(usedSchema), options(given)
    {
        report.seed = seed;
    }

    ManualScheduler time;
    Schema schema;
    SimulationOptions options;
    SimulationReport report;
    QList<SimulatedSave> saves;
    bool monthPassed = false;           // the server may have forgotten what was deleted before
    int underWay = 0;                   // requests, answers and messages that the line carries

    [[nodiscard]] quint64 pick(quint64 below) { return time.random() % below; }
    [[nodiscard]] qint64 between(qint64 least, qint64 most) { return least + qint64(pick(quint64(most - least + 1))); }
    [[nodiscard]] bool chance(int ofThousand) { return int(pick(1000)) < ofThousand; }
    [[nodiscard]] bool failed() const { return !report.failure.isEmpty(); }

    void note(const QString &event)
    {
        report.events.append(u"%1 %2"_s.arg(double(time.monotonic()) / 1000.0, 10, 'f', 3).arg(event));
    }

    void fail(const QString &what)
    {
        note(u"BROKEN: "_s + what);
        if (report.failure.isEmpty())
            report.failure = what;
    }

    /*! Runs \a task later; the world does not rest before. */
    void carry(qint64 milliseconds, std::function<void()> task)
    {
        ++underWay;
        time.startTimer(milliseconds, [this, task = std::move(task)] {
            --underWay;
            task();
        });
    }
};

[[nodiscard]] inline RecordId idOf(const Record &record)
{
    return {record.model()->name, record.key()};
}

[[nodiscard]] QString describe(const Record &record);

} // namespace TidelineTest
