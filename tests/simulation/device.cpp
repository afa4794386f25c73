// SPDX-License-Identifier: MIT
#include "simulation/device_p.h"

#include <algorithm>

namespace TidelineTest {

using Operation = OutboxEntry::Operation;
using EntryState = OutboxEntry::State;

constexpr int allEntries = 1'000'000;

SimulatedDevice::SimulatedDevice(World &world, SimulatedServer &server, Oracle &oracle, const QString &name, const QString &path)
    : line(world, server, name), m_world(world), m_dependencies(world.schema), m_oracle(oracle), m_path(path)
{
}

SimulatedDevice::~SimulatedDevice()
{
    if (isOpen())
        kill();
}

void SimulatedDevice::start()
{
    m_scheduler = std::make_unique<ProcessScheduler>(m_world.time, m_skew);
    StoreOptions storeOptions;
    storeOptions.path = m_path;
    storeOptions.durable = false;
    StoreEnvironment environment;
    environment.writer = m_scheduler.get();
    environment.readers = {m_scheduler.get()};
    environment.clock = [this] { return m_world.time.now() + m_skew; };
    environment.random = [this] { return m_world.time.random(); };
    m_store = std::make_unique<Store>(m_world.schema, storeOptions, environment);
    m_store->open(m_scheduler.get(), [this](const Result<void> &opened) { ended(u"open"_s, opened.error()); });
    check();
    Engine::Callbacks callbacks;
    callbacks.event = [this](const HubEvent &hub) { event(hub); };
    callbacks.stateChanged = [this](EngineState state) { m_world.note(u"%1 state %2"_s.arg(name()).arg(int(state))); };
    callbacks.error = [this](const Error &error) { m_world.note(u"%1 error %2 %3"_s.arg(name(), error.message(), error.detail())); };
    m_engine = std::make_unique<Engine>(*m_store, line.factory(), *m_scheduler, options, callbacks);
    if (m_paused)
        m_engine->pause();
    m_engine->start();
}

void SimulatedDevice::kill()
{
    m_hubComplete = false;
    m_scheduler->kill();
    m_engine.reset();
    m_store.reset();
    m_graveyard.push_back(std::move(m_scheduler));
}

void SimulatedDevice::stop()
{
    bool stopped = false;
    m_engine->stop([&stopped](const Result<void> &) { stopped = true; });
    while (!stopped && m_world.time.runOne()) { }
    if (!stopped)
        m_world.fail(name() + u" does not stop"_s);
    for (const OutboxEntry &entry : snapshot().outbox) {
        if (entry.state == EntryState::Sending)
            m_world.fail(u"%1 stopped and left %2/%3 under way"_s.arg(name(), entry.model->name, entry.key));
    }
    kill();
}

void SimulatedDevice::setPaused(bool paused)
{
    m_paused = paused;
    if (m_engine)
        paused ? m_engine->pause() : m_engine->resume();
}

void SimulatedDevice::moveClock(qint64 milliseconds)
{
    m_skew += milliseconds;
    if (m_scheduler)
        m_scheduler->setSkew(m_skew);
}

void SimulatedDevice::event(const HubEvent &event)
{
    if (event.name == u"outboxMutationProcessed"_s)
        ++m_processed;
    if (event.name.startsWith(u"outboxMutation"_s))
        m_world.note(u"%1 %2 %3/%4 %5 %6"_s.arg(name(), event.name, event.payload.value(u"model"_s).toString(),
                                                event.payload.value(u"key"_s).toString(), event.payload.value(u"version"_s).toString(),
                                                event.payload.value(u"message"_s).toString()));
}

// ---- what users do ----

void SimulatedDevice::ended(const QString &what, const Error &error)
{
    using Code = Error::Code;
    const QList<Code> allowed{Code::None, Code::NotFound, Code::MissingParent, Code::ConditionFailed};
    if (error.isError())
        m_world.note(u"%1 %2 refused: %3"_s.arg(name(), what, error.message()));
    if (!allowed.contains(error.code()))
        m_world.fail(u"%1: %2 fails: %3 %4"_s.arg(name(), what, error.message(), error.detail()));
}

void SimulatedDevice::noteQueue(ReadTransaction &transaction)
{
    m_queue.clear();
    for (const OutboxEntry &entry : transaction.outbox(0, allEntries).valueOr({}))
        m_queue.insert(entry.sequence);
}

/* What left the queue since it was last looked at, nobody but the engine took out. */
void SimulatedDevice::countEnded(ReadTransaction &transaction)
{
    QSet<qint64> left = m_queue;
    for (const OutboxEntry &entry : transaction.outbox(0, allEntries).valueOr({}))
        left.remove(entry.sequence);
    m_ended += int(left.size());
}

Result<Record> SimulatedDevice::saveIn(WriteTransaction &transaction, const Draft &draft, const Predicate &condition)
{
    QString key = draft.base() ? draft.base().key() : QString();
    if (key.isEmpty()) {
        std::vector<Value> parts;
        for (const int field : draft.model()->primaryKey)
            parts.push_back(draft.value(field));
        key = keyFromParts(parts);
    }
    const Result<Record> before = transaction.find(draft.model(), key);
    const Result<Record> saved = before ? transaction.save(draft, condition) : before;
    if (saved) {
        ++m_world.report.saves;
        m_oracle.saved(name(), *before, *saved);
        m_world.note(u"%1 saves %2"_s.arg(name(), describe(*saved)));
    }
    return saved;
}

void SimulatedDevice::save(const Draft &draft, const Predicate &condition)
{
    m_store->write<Record>(
        [this, draft, condition](WriteTransaction &transaction) {
            countEnded(transaction);
            const Result<Record> saved = saveIn(transaction, draft, condition);
            noteQueue(transaction);
            return saved;
        },
        m_scheduler.get(), [this](const Result<Record> &saved) { ended(u"a save"_s, saved.error()); });
}

void SimulatedDevice::saveAll(const QList<Draft> &drafts)
{
    m_store->write<int>(
        [this, drafts](WriteTransaction &transaction) -> Result<int> {
            countEnded(transaction);
            const Result<QList<Record>> saved = transaction.saveAll(drafts);
            noteQueue(transaction);
            if (!saved)
                return saved.error();
            for (const Record &record : *saved) {
                ++m_world.report.saves;
                m_oracle.saved(name(), {}, record);
                m_world.note(u"%1 saves together %2"_s.arg(name(), describe(record)));
            }
            return int(saved->size());
        },
        m_scheduler.get(), [this](const Result<int> &saved) { ended(u"a save of several"_s, saved.error()); });
}

void SimulatedDevice::remove(const Record &record, const Predicate &condition)
{
    m_store->write<int>(
        [this, record, condition](WriteTransaction &transaction) -> Result<int> {
            countEnded(transaction);
            const Result<QList<Record>> removed = transaction.remove(record.model(), record.key(), condition);
            noteQueue(transaction);
            if (!removed)
                return removed.error();
            for (const Record &gone : *removed) {
                m_oracle.removed(gone);
                m_world.note(u"%1 removes %2"_s.arg(name(), describe(gone)));
            }
            return int(removed->size());
        },
        m_scheduler.get(), [this](const Result<int> &removed) { ended(u"a removal"_s, removed.error()); });
}

// ---- what must hold ----

SimulatedDevice::Snapshot SimulatedDevice::snapshot()
{
    std::optional<Result<Snapshot>> answer;
    m_store->read<Snapshot>(
        [this](ReadTransaction &transaction) -> Result<Snapshot> {
            Snapshot snapshot;
            for (const std::shared_ptr<const ModelType> &model : m_world.schema.models()) {
                Query query;
                query.model = model;
                const Result<QList<Record>> rows = transaction.query(query);
                if (!rows)
                    return rows.error();
                snapshot.rows.append(*rows);
            }
            const Result<QList<OutboxEntry>> outbox = transaction.outbox(0, allEntries);
            if (!outbox)
                return outbox.error();
            snapshot.outbox = *outbox;
            const Result<QList<QuarantinedRow>> aside = transaction.quarantined();
            if (!aside)
                return aside.error();
            snapshot.aside = *aside;
            QSet<qint64> left = m_world.monthPassed ? QSet<qint64>() : m_queue;     // receipts live for a month
            for (const OutboxEntry &entry : *outbox)
                left.remove(entry.sequence);
            for (const qint64 sequence : std::as_const(left)) {
                const Result<std::optional<MutationReceipt>> receipt = transaction.receipt(sequence);
                if (!receipt)
                    return receipt.error();
                if (!*receipt)
                    snapshot.lost.append(sequence);
            }
            return snapshot;
        },
        m_scheduler.get(), [&answer](Result<Snapshot> result) { answer = std::move(result); });
    while (!answer && m_world.time.runOne()) { }
    if (answer && *answer)
        return std::move(*answer).value();
    m_world.fail(u"%1 cannot be read: %2"_s.arg(name(), answer ? answer->error().message() : u"no answer"_s));
    return {};
}

void SimulatedDevice::check()
{
    const Snapshot now = snapshot();
    for (const qint64 sequence : now.lost)
        m_world.fail(u"%1: mutation %2 left the outbox without a receipt"_s.arg(name()).arg(sequence));
    std::map<RecordId, QList<OutboxEntry>> lanes;
    for (const OutboxEntry &entry : now.outbox)
        lanes[{entry.model->name, entry.key}].append(entry);
    QSet<RecordId> present;
    for (const Record &row : now.rows) {
        present.insert(idOf(row));
        const auto lane = lanes.find(idOf(row));
        checkRow(row, lane == lanes.end() ? QList<OutboxEntry>() : lane->second);
    }
    for (const auto &[id, lane] : lanes)
        checkLane(id, present.contains(id), lane);
}

void SimulatedDevice::checkRow(const Record &row, const QList<OutboxEntry> &lane)
{
    const auto broken = [&](const QString &what) { m_world.fail(u"%1: %2: %3"_s.arg(name(), what, describe(row))); };
    const bool rejected = std::any_of(lane.begin(), lane.end(), [](const OutboxEntry &entry) { return entry.state == EntryState::Rejected; });
    if (lane.isEmpty() && (!isSettled(row.state()) || row.metadata().version == 0))
        broken(u"a row without a mutation is not as the backend has it"_s);
    if (!lane.isEmpty() && (isSettled(row.state()) || rejected != (row.state() == SyncState::Rejected)))
        broken(u"a row does not show the state of its mutations"_s);
    std::map<int, Value> wanted;
    for (const OutboxEntry &entry : lane) {
        if (entry.operation != Operation::Update)
            wanted.clear();
        for (const auto &[field, value] : entry.changes)
            wanted[field] = value;
    }
    for (const auto &[field, value] : wanted) {
        if (row.value(field) != value)
            broken(u"a row and its mutation differ in %1, %2"_s.arg(row.model()->fields[size_t(field)].name, value.toJsonText()));
    }
    if (row.metadata().version == 0)
        return;
    SyncMetadata &newest = m_newest[idOf(row)];
    if (row.metadata().version < newest.version && row.metadata().lastChangedAt <= newest.lastChangedAt)
        broken(u"an older version replaced v%1 of %2"_s.arg(newest.version).arg(newest.lastChangedAt));
    newest = row.metadata();
}

void SimulatedDevice::checkLane(const RecordId &id, bool hasRow, const QList<OutboxEntry> &lane)
{
    const bool endsDeleted = lane.last().operation == Operation::Delete;
    if (endsDeleted == hasRow)
        m_world.fail(u"%1: %2/%3 has mutations that its row does not show"_s.arg(name(), id.first, id.second));
    for (const OutboxEntry &entry : lane) {
        if (entry.state == EntryState::Rejected && !entry.error.isError())
            m_world.fail(u"%1: %2/%3 was rejected without a reason"_s.arg(name(), id.first, id.second));
        if (entry.state == EntryState::Rejected && entry.error.code() == Error::Code::Unauthorized)
            m_world.fail(u"%1: %2/%3 was rejected, but only the token was refused"_s.arg(name(), id.first, id.second));
    }
}

void SimulatedDevice::checkEnds()
{
    const QSet<qint64> before = m_queue;
    const QList<OutboxEntry> outbox = snapshot().outbox;
    QSet<qint64> left = before;
    for (const OutboxEntry &entry : outbox)
        left.remove(entry.sequence);
    m_ended += int(left.size());
    if (m_hubComplete && m_ended != m_processed)
        m_world.fail(u"%1: %2 mutations left the outbox, the hub told of %3"_s.arg(name()).arg(m_ended).arg(m_processed));
}

// Whether the entry refers to a record that the backend does not have because it refused it.
bool SimulatedDevice::dependsOn(const QSet<RecordId> &missing, const OutboxEntry &entry, const Snapshot &snapshot) const
{
    const auto stored = std::find_if(snapshot.rows.begin(), snapshot.rows.end(),
                                     [&entry](const Record &row) { return row.model() == entry.model && row.key() == entry.key; });
    Record row = stored == snapshot.rows.end() ? Record(entry.model) : *stored;
    for (const auto &[field, value] : entry.changes)
        row.setValue(field, value);
    const auto &foreignKeys = m_dependencies.foreignKeys(*entry.model);
    return std::any_of(foreignKeys.begin(), foreignKeys.end(), [&](const Dependencies::ForeignKey &foreignKey) {
        return missing.contains({foreignKey.parent->name, Dependencies::parentKey(row, foreignKey)});
    });
}

bool SimulatedDevice::waits(const Snapshot &snapshot) const
{
    QSet<RecordId> stopped;
    QSet<RecordId> missing;
    for (const OutboxEntry &entry : snapshot.outbox) {
        if (entry.state == EntryState::Rejected && entry.operation == OutboxEntry::Operation::Create)
            missing.insert({entry.model->name, entry.key});
    }
    for (const OutboxEntry &entry : snapshot.outbox) {
        const RecordId id{entry.model->name, entry.key};
        if (entry.state == EntryState::Rejected) {
            stopped.insert(id);
        } else if (!stopped.contains(id)) {
            if (!dependsOn(missing, entry, snapshot))
                return true;
            stopped.insert(id);
            if (entry.operation == OutboxEntry::Operation::Create)
                missing.insert(id);
        }
    }
    return false;
}

bool SimulatedDevice::isAtRest()
{
    return m_engine->state() == EngineState::Live && line.hasSocket() && !waits(snapshot());
}

QString SimulatedDevice::state()
{
    QStringList entries;
    for (const OutboxEntry &entry : snapshot().outbox) {
        entries.append(u"  #%1 %2/%3 operation %4 state %5 attempts %6 base v%7 %8"_s.arg(entry.sequence).arg(entry.model->name, entry.key)
                           .arg(int(entry.operation)).arg(int(entry.state)).arg(entry.attempts).arg(entry.baseVersion).arg(entry.error.message()));
    }
    return u"%1: engine %2, %3, outbox of %4\n%5"_s.arg(name()).arg(int(m_engine->state()))
        .arg(line.hasSocket() ? u"socket"_s : u"no socket"_s).arg(entries.size()).arg(entries.join(u'\n'));
}

} // namespace TidelineTest
