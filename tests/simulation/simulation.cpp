// SPDX-License-Identifier: MIT
#include "simulation/simulation.h"

#include "simulation/faults_p.h"
#include "simulation/users_p.h"

#include <QtCore/QTemporaryDir>

#include <algorithm>

namespace TidelineTest {

class Simulation::Private
{
public:
    Private(const Schema &schema, quint64 seed, const SimulationOptions &options);
    ~Private();

    void run();

    World world;

private:
    void step();
    [[nodiscard]] qint64 pause();
    void checkDevices();
    void awaitRest();
    void saveAtRest();
    void workTogether();
    void syncInFull();
    [[nodiscard]] bool isAtRest();
    void compare();
    void compare(SimulatedDevice &device, const std::map<RecordId, Record> &onServer);
    void judge(const std::map<RecordId, Record> &onServer);

    QTemporaryDir m_folder;
    SimulatedDisk m_disk;
    Values m_values;
    Oracle m_oracle;
    SimulatedServer m_server;
    std::vector<std::unique_ptr<SimulatedDevice>> m_devices;
    Users m_users;
    Faults m_faults;
    SimulationEnd m_end;
};

Simulation::Private::Private(const Schema &schema, quint64 seed, const SimulationOptions &options)
    : world(schema, seed, options), m_disk(m_folder.path().toUtf8()), m_values(world), m_oracle(m_values, options.mergesOnServer),
      m_server(world, m_folder.filePath(u"server.sqlite"_s)),
      m_users(world, m_values), m_faults(world, m_server, m_devices)
{
    m_server.start();
    for (int i = 0; i < options.devices; ++i) {
        const QString name = u"d%1"_s.arg(i + 1);
        m_devices.push_back(std::make_unique<SimulatedDevice>(world, m_values, m_server, m_oracle, m_disk, name, m_folder.path()));
        SimulatedDevice &device = *m_devices.back();
        device.whenAsked = [this, &device] { m_faults.strikeAmidQuestion(device); };
        EngineOptions &engine = device.options;
        engine.conflicts = options.conflicts;
        engine.pageSize = int(world.between(1, 8));
        engine.maxMutationsPerDocument = int(world.between(1, 5));
        engine.maxLanesInFlight = world.chance(300) ? 2 : 200;
    }
}

/* What was posted holds sessions, which know their lines. */
Simulation::Private::~Private()
{
    for (const auto &device : m_devices) {
        if (device->isOpen())
            device->kill();
    }
    world.time.runAll();
}

void Simulation::Private::run()
{
    for (const auto &device : m_devices)
        device->start();
    for (int i = 0; i < world.options.steps && !world.failed(); ++i) {
        step();
        world.time.advance(pause());
        checkDevices();
    }
    if (world.failed())
        return;
    m_faults.heal();
    awaitRest();
    saveAtRest();
    workTogether();
    if (world.monthPassed && !world.failed())
        syncInFull();
    checkDevices();
    if (!world.failed())
        compare();
}

void Simulation::Private::step()
{
    if (world.chance(world.options.faults)) {
        m_faults.strike();
        return;
    }
    SimulatedDevice &device = *m_devices[size_t(world.pick(m_devices.size()))];
    if (device.isOpen())
        world.chance(200) ? m_users.actAmid(device) : m_users.act(device);
}

qint64 Simulation::Private::pause()
{
    switch (world.pick(10)) {
    case 0: case 1: case 2:
        return 0;
    case 3: case 4: case 5:
        return world.between(1, 60);
    case 6: case 7:
        return world.between(1, 600);
    case 8:
        return world.between(1, 6'000);
    default:
        return world.between(1, 50'000);
    }
}

void Simulation::Private::checkDevices()
{
    for (const auto &device : m_devices) {
        if (device->isOpen())
            device->check();
    }
}

bool Simulation::Private::isAtRest()
{
    return world.underWay == 0
        && std::all_of(m_devices.begin(), m_devices.end(), [](const auto &device) { return device->isAtRest(); });
}

/* Nothing but these saves wakes anybody any more. */
void Simulation::Private::saveAtRest()
{
    constexpr int rounds = 2;
    for (int round = 0; round < rounds && !world.failed(); ++round) {
        for (const auto &device : m_devices)
            m_users.createAmid(*device);
        awaitRest();
    }
}

/* As people do at the same shelf: all count one more, or write something, and again before they have heard of each other. */
void Simulation::Private::workTogether()
{
    if (world.failed())
        return;
    const RecordId shared = m_users.createToShare(*m_devices.front());
    awaitRest();
    constexpr int rounds = 4;
    for (int round = 0; round < rounds && !world.failed(); ++round) {
        for (const auto &device : m_devices) {
            m_users.actOn(*device, shared);
            world.time.advance(world.between(0, device->line.weather.latency / 2));
        }
    }
    awaitRest();
}

/* What was deleted and forgotten only a base sync tells of; one a day is the least. */
void Simulation::Private::syncInFull()
{
    for (const auto &device : m_devices) {
        device->moveClock(device->options.fullSyncInterval);
        device->syncNow();
    }
    awaitRest();
}

/* At rest means that nothing is left to do, even after the longest back-off. */
void Simulation::Private::awaitRest()
{
    constexpr qint64 look = 500;
    constexpr qint64 longestBackoff = 65'000;
    for (world.report.rest = 0; world.report.rest < world.options.limit && !world.failed(); world.report.rest += look) {
        world.time.advance(look);
        if (!isAtRest())
            continue;
        world.time.advance(longestBackoff);
        if (isAtRest())
            return;
        world.report.rest += longestBackoff;
    }
    if (world.failed())
        return;
    QStringList states;
    for (const auto &device : m_devices)
        states.append(device->state());
    world.fail(u"not at rest %1 s after all faults ended, %2 under way\n%3"_s.arg(world.options.limit / 1000).arg(world.underWay)
                   .arg(states.join(u'\n')));
}

// Kept aside in its present version, and that because the record that it belongs to is deleted, which the server may have forgotten, or
// is to be deleted when the user has decided about the refusal.
static bool isOrphan(const Record &record, const SimulatedDevice::Snapshot &snapshot, const std::map<RecordId, Record> &onServer)
{
    const auto aside = std::find_if(snapshot.aside.begin(), snapshot.aside.end(), [&record](const QuarantinedRow &row) {
        return row.model == record.model()->name && row.key == record.key();
    });
    if (aside == snapshot.aside.end() || aside->metadata != record.metadata())
        return false;
    const auto parent = onServer.find({aside->parentModel, aside->parentKey});
    const bool isDeletedHere = std::any_of(snapshot.outbox.begin(), snapshot.outbox.end(), [&aside](const OutboxEntry &entry) {
        return entry.operation == OutboxEntry::Operation::Delete && entry.model->name == aside->parentModel && entry.key == aside->parentKey;
    });
    return isDeletedHere || parent == onServer.end() || parent->second.metadata().deleted;
}

void Simulation::Private::compare()
{
    std::map<RecordId, Record> onServer;
    for (const std::shared_ptr<const ModelType> &model : world.schema.models()) {
        const QHash<QString, Record> records = m_server.records(model);
        for (const Record &record : records)
            onServer[idOf(record)] = record;
    }
    for (const auto &[id, record] : onServer) {
        if (!record.metadata().deleted)
            m_end.server.append(record);
    }
    for (const auto &[id, states] : m_server.history())
        m_oracle.happened(id, states);
    for (const auto &device : m_devices) {
        compare(*device, onServer);
        device->checkEnds();
    }
    if (!world.failed())
        judge(onServer);
}

void Simulation::Private::compare(SimulatedDevice &device, const std::map<RecordId, Record> &onServer)
{
    const SimulatedDevice::Snapshot snapshot = device.snapshot(SimulatedDevice::With::Journal);
    QSet<RecordId> listed;
    for (const OutboxEntry &entry : snapshot.outbox) {
        listed.insert({entry.model->name, entry.key});
        // one whose record somebody deleted meanwhile is listed with Conflict
        const bool isTakenKey = entry.operation == OutboxEntry::Operation::Create && entry.state == OutboxEntry::State::Rejected
            && entry.error.code() == Error::Code::ConditionFailed;
        const bool mayBeForgotten = world.monthPassed && m_oracle.wasRemoved({entry.model->name, entry.key});    // the tombstone with its version
        if (isTakenKey && !mayBeForgotten && m_server.hasAccepted(device.name(), entry.sequence))
            world.fail(u"%1 lists a create that the server accepted: %2/%3"_s.arg(device.name(), entry.model->name, entry.key));
        const bool isConflict = entry.state == OutboxEntry::State::Rejected && entry.error.code() == Error::Code::Conflict
            && !device.wasUndecided(entry.sequence);
        if (isConflict && !m_oracle.wasRemoved({entry.model->name, entry.key}))
            world.fail(u"%1 lists a conflict of a record that nobody deleted: %2/%3"_s.arg(device.name(), entry.model->name, entry.key));
    }
    world.report.rejected += int(snapshot.outbox.size());
    m_oracle.stillUnsent(snapshot.outbox);
    for (const ConflictDecision &decision : snapshot.decisions) {
        m_oracle.told(device.name(), decision);
        // an increment like another's is in doubt though the backend answered
        const bool anyDoubt = std::any_of(decision.fields.begin(), decision.fields.end(), [](const auto &field) { return field.policy == u"doubt"_s && field.mine != field.theirs; });
        if (anyDoubt && !device.line.mayHaveArrived.contains(decision.mutation)) {
            world.fail(u"%1 gave up change %4 of %2/%3 for doubt, but was told that it did not arrive"_s
                           .arg(device.name(), decision.model, decision.key).arg(decision.mutation));
        }
    }
    m_end.devices[device.name()] = snapshot.rows;
    m_end.listed[device.name()] = snapshot.outbox;
    std::map<RecordId, Record> here;
    for (const Record &row : snapshot.rows)
        here[idOf(row)] = row;
    for (const auto &[id, record] : onServer) {
        if (listed.contains(id))
            continue;
        const auto found = here.find(id);
        const Record row = found == here.end() ? Record() : found->second;
        const bool equal = record.metadata().deleted ? row.isNull()
                                                     : row == record && row.metadata() == record.metadata() && isSettled(row.state());
        if (!equal && !(row.isNull() && isOrphan(record, snapshot, onServer)))
            world.fail(u"%1 and the server differ: %2, on the server %3"_s.arg(device.name(), describe(row), describe(record)));
    }
    for (const auto &[id, row] : here) {
        if (!listed.contains(id) && onServer.find(id) == onServer.end())
            world.fail(u"%1 has what the server does not have: %2"_s.arg(device.name(), describe(row)));
    }
}

void Simulation::Private::judge(const std::map<RecordId, Record> &onServer)
{
    if (world.options.mergesOnServer) {
        for (const OutboxEntry &entry : m_server.changedLate())
            m_oracle.repeated(entry);
    }
    const QString lost = m_oracle.judge(onServer, world.monthPassed);
    if (!lost.isEmpty())
        world.fail(lost);
    m_end.saves = world.saves;
    const QString broken = world.options.invariant && !world.failed() ? world.options.invariant(m_end) : QString();
    if (!broken.isEmpty())
        world.fail(broken);
}

Simulation::Simulation(const Schema &schema, quint64 seed, const SimulationOptions &options)
    : d(std::make_unique<Private>(schema, seed, options))
{
}

Simulation::~Simulation() = default;

/*! Runs everything; false: report() says which promise was broken, and after which events. */
bool Simulation::run()
{
    d->run();
    return !d->world.failed();
}

const SimulationReport &Simulation::report() const
{
    return d->world.report;
}

QString SimulationReport::text() const
{
    constexpr qsizetype last = 50;
    return u"%1\nseed %2: %3\nAgain: tst_simulation --seed %2, or with TIDELINE_SEED=%2"_s
        .arg(events.mid(std::max<qsizetype>(0, events.size() - last)).join(u'\n')).arg(seed).arg(failure);
}

} // namespace TidelineTest
