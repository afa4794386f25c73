// SPDX-License-Identifier: MIT
#pragma once

#include "client/store/outboxentry.h"
#include "client/sync/conflict.h"
#include "client/sync/conflictpolicies.h"

#include <functional>
#include <memory>

/*
    A laboratory: several devices, each a real Store with a real Engine, a real server, and users who save and delete
    at random while everything between them goes wrong - in one thread, on a virtual clock, on disks in memory, from one seed. When the
    faults end, all must become equal by itself, and no save that a device acknowledged may be lost.

        Simulation simulation(schema, seed);
        if (!simulation.run())
            qWarning().noquote() << simulation.report().text();

    Works with any schema whose required fields are scalars, enums, lists of them or foreign keys. The same seed,
    schema and options give the same events, line by line, provided that the process has called
    QHashSeed::setDeterministicGlobalSeed(). A program of one page around it is examples/inventory/simulation.cpp; it
    links the target tideline_simulation, which is there when the tests are built.

    What goes wrong, each for a while: no line, only one direction of it, requests or answers that are lost or arrive
    much later, messages of the socket twice and out of order, sockets that break without a word, a token that is
    refused, a busy server, a slow line, processes that are killed and started again, devices that lose their power and with it
    what their disk was not told to keep, full disks, clocks that jump, a server that restarts, a month that passes.

    An application's conflict handler decides where a policy is Ask; its answers come at once or late. Without one chance decides, and
    now and then nobody. An application's invariant says what is wrong with what all are left with.

    What is checked after each step: a row without mutations is as the server has it, others show their mutations and
    their state, no older version replaces a newer one, two mutations of a record are never under way at once, parents
    are sent before children, what leaves the outbox leaves a receipt, what is rejected has a reason. At the end: all come to rest
    within the limit, all devices equal the server, each field has a value that nobody replaced, each mutation is
    accepted or listed and the hub told of its end.
*/
namespace TidelineTest {

struct SimulatedSave                    // that a device acknowledged
{
    QString device;
    Tideline::Record before;            // null: it made the record
    Tideline::Record after;             // null: it removed the record
};

/* What is there when all has come to rest. */
struct SimulationEnd
{
    QList<Tideline::Record> server;     // without those that are deleted
    QMap<QString, QList<Tideline::Record>> devices;     // what each of them shows
    QMap<QString, QList<Tideline::OutboxEntry>> listed; // what the server refused, and what waits behind
    QList<SimulatedSave> saves;         // in order
};

struct SimulationOptions
{
    int devices = 3;
    int steps = 60;                     // what happens: a user's act or a fault
    int faults = 300;                   // of 1000 steps
    qint64 limit = 600'000;             // virtual ms, after the faults, in which everything must come to rest
    bool mergesOnServer = true;         // Automerge; false: optimistic concurrency
    Tideline::ConflictPolicies conflicts = {};          // the application's; else those of the schema
    Tideline::ConflictHandler handler = {};             // its future must end without an event loop
    std::function<QString(const SimulationEnd &)> invariant = {};      // empty: all is as it should be
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
