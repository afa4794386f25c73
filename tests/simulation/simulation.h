// SPDX-License-Identifier: MIT
#pragma once

#include "core/schema/schema.h"

#include <functional>
#include <memory>

/*
    A laboratory: several devices, each a real Store with a real Engine, a real server, and users who save and delete
    at random while everything between them goes wrong - in one thread, on a virtual clock, from one seed. When the
    faults end, all must become equal by itself, and no save that a device acknowledged may be lost.

        Simulation simulation(schema, seed);
        if (!simulation.run())
            qWarning().noquote() << simulation.report().text();

    Works with any schema whose required fields are scalars, enums, lists of them or foreign keys. The same seed,
    schema and options give the same events, line by line, provided that the process has called
    QHashSeed::setDeterministicGlobalSeed().
*/
namespace TidelineTest {

struct SimulationOptions
{
    int devices = 3;
    int steps = 60;                     // what happens: a user's act or a fault
    int faults = 300;                   // of 1000 steps
    qint64 limit = 600'000;             // virtual ms, after the faults, in which everything must come to rest
    bool mergesOnServer = true;         // Automerge; false: optimistic concurrency
};

struct SimulationReport
{
    quint64 seed = 0;
    QString failure;                    // empty: every promise was kept
    QStringList events;                 // all that happened, in order, each with its virtual time
    int saves = 0;                      // that a device acknowledged
    int mutations = 0;                  // that the server answered
    int rejected = 0;                   // listed at the end
    qint64 rest = 0;                    // virtual ms from the end of the faults until nothing was to do

    [[nodiscard]] QString text() const; // the failure, the last 50 events, how to replay
};

class Simulation
{
public:
    Simulation(const Tideline::Schema &schema, quint64 seed, const SimulationOptions &options = {});
    ~Simulation();
    Simulation(const Simulation &) = delete;
    Simulation &operator=(const Simulation &) = delete;

    bool run();                         // once
    [[nodiscard]] const SimulationReport &report() const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace TidelineTest
