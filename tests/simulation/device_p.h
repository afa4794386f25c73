// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/disk_p.h"
#include "simulation/line_p.h"
#include "simulation/oracle_p.h"

#include "client/store/store.h"
#include "client/sync/dependencies_p.h"
#include "client/sync/engine.h"
#include "shared/processscheduler.h"

#include <map>

namespace TidelineTest {

/* Runs at once what is posted to it: a reply of the writer, right after its commit. */
class AtOnce final : public Executor
{
public:
    void post(std::function<void()> task) override { task(); }
    [[nodiscard]] bool isCurrent() const noexcept override { return true; }
    [[nodiscard]] bool mayBlock() const noexcept override { return true; }
};

/* One device: a real store on a disk in memory, a real engine, a process that may be killed between any two tasks. */
class SimulatedDevice
{
public:
    struct Snapshot
    {
        QList<Record> rows;             // of all models
        QList<OutboxEntry> outbox;
        QList<QuarantinedRow> aside;
        QList<ConflictDecision> decisions;      // with the journal
        QList<qint64> lost;             // mutations that left the outbox without a receipt
    };

    SimulatedDevice(World &world, const Values &values, SimulatedServer &server, Oracle &oracle, SimulatedDisk &disk, const QString &name, const QString &folder);
    ~SimulatedDevice();
    SimulatedDevice(const SimulatedDevice &) = delete;
    SimulatedDevice &operator=(const SimulatedDevice &) = delete;

    SimulatedLine line;
    EngineOptions options;
    std::function<void()> whenAsked;                    // before the application decides

    [[nodiscard]] const QString &name() const noexcept { return line.name; }
    [[nodiscard]] bool isOpen() const noexcept { return m_store != nullptr; }
    void start();                       // does not open where the disk is full
    void kill();                        // nothing that was posted runs any more
    void cutPower();                    // at the next sync, or now: what was not synced is lost as well
    void stop();                        // in good order
    void setRoom(qint64 bytes);         // on the disk; negative: any
    void setPaused(bool paused);
    void syncNow() { m_engine->syncNow(); }
    void moveClock(qint64 milliseconds);

    // what users do; asynchronous
    void save(const Draft &draft, const Predicate &condition = {});
    void saveAll(const QList<Draft> &drafts);
    void remove(const Record &record, const Predicate &condition = {});

    [[nodiscard]] bool wasUndecided(qint64 mutation) const { return m_undecided.contains(mutation); }     // nobody answered, or with an error

    enum class With { Records, Journal };
    [[nodiscard]] Snapshot snapshot(With with = With::Records);     // of one commit; runs tasks, the clock stands still
    void check();                       // what must always hold
    void checkEnds();                   // that each mutation ended once, as far as the process lived long enough to know
    [[nodiscard]] bool isAtRest();
    [[nodiscard]] QString state();      // for people

    [[nodiscard]] bool dependsOn(const QSet<RecordId> &missing, const OutboxEntry &entry, const Snapshot &snapshot) const;
    [[nodiscard]] bool waits(const Snapshot &snapshot) const;               // an entry that nothing rejected holds up

private:
    using Job = std::function<Error(WriteTransaction &transaction, QList<std::function<void()>> &told)>;

    void run(const QString &what, const Job &job);
    void saved(const Record &before, const Record &after);
    [[nodiscard]] static QSet<qint64> queue(ReadTransaction &transaction);
    void ended(const QString &what, const Error &error);
    void leave(const SimulatedDisk::Image &image);
    void end();
    void checkRow(const Record &row, const QList<OutboxEntry> &lane);
    void checkVanished(const Snapshot &now, const QSet<RecordId> &present);
    void checkLane(const RecordId &id, bool hasRow, const QList<OutboxEntry> &lane);
    void checkMadeAnew(const std::map<RecordId, QList<OutboxEntry>> &lanes);
    void event(const HubEvent &event);

    using Decide = std::function<void(const Result<Resolution> &)>;
    void ask(const Conflict &conflict, const Decide &decide);
    void askApplication(const Conflict &conflict, const Decide &decide);
    void answer(const Conflict &conflict, const Result<Resolution> &resolution, const Decide &decide);
    [[nodiscard]] Result<Resolution> resolution(const Conflict &conflict);

    World &m_world;
    const Values &m_values;
    Dependencies m_dependencies;
    Oracle &m_oracle;
    SimulatedDisk &m_disk;
    const QString m_folder;
    QString m_path;                     // another one for each process
    int m_runs = 0;
    AtOnce m_atOnce;
    std::unique_ptr<ProcessScheduler> m_scheduler;
    std::vector<std::unique_ptr<ProcessScheduler>> m_graveyard;     // closures in the shared time still name them
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Engine> m_engine;
    qint64 m_skew = 0;
    bool m_paused = false;
    std::map<RecordId, SyncMetadata> m_newest;          // that the store ever showed
    QSet<RecordId> m_vanished;                          // of them, without a mutation of this device
    qint64 m_room = -1;
    bool m_wasFull = false;                             // since then what a save brings back may be left aside until the next base sync
    QSet<qint64> m_queue;                               // sequences that were in the outbox, without those that saves took out
    QSet<qint64> m_withReceipt;                         // of them
    QSet<qint64> m_undecided;
    std::map<qint64, QList<std::pair<int, Value>>> m_madeAnew;  // bases of mutations behind a removal, when last checked
    QSet<RecordId> m_edited;                                    // since then
    int m_processed = 0;                                // said the hub
    bool m_hubComplete = true;                          // no event was lost with a process
};

} // namespace TidelineTest
