// SPDX-License-Identifier: MIT
#include "simulation/device_p.h"

#include "client/sync/decisions_p.h"

#include <algorithm>
#include <utility>

namespace TidelineTest {

using Operation = OutboxEntry::Operation;
using EntryState = OutboxEntry::State;

constexpr int allEntries = 1'000'000;

SimulatedDevice::SimulatedDevice(World &world, const Values &values, SimulatedServer &server, Oracle &oracle, SimulatedDisk &disk,
                                 const QString &name, const QString &folder)
    : line(world, server, name), m_world(world), m_values(values), m_dependencies(world.schema), m_oracle(oracle), m_disk(disk), m_folder(folder),
      m_path(folder + u"/%1-0.sqlite"_s.arg(name))
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
    StoreEnvironment environment;
    environment.writer = m_scheduler.get();
    environment.readers = {m_scheduler.get()};
    environment.clock = [this] { return m_world.time.now() + m_skew; };
    environment.random = [this] { return m_world.time.random(); };
    m_store = std::make_unique<Store>(m_world.schema, storeOptions, environment);
    std::optional<Error> opened;
    m_store->open(m_scheduler.get(), [&opened](const Result<void> &result) { opened = result.error(); });
    while (!opened && m_world.time.runOne()) { }
    ended(u"open"_s, opened.value_or(Error()));
    if (!opened || opened->isError()) {
        end();
        return;
    }
    check();
    for (const OutboxEntry &entry : snapshot().outbox) {
        if (entry.state == EntryState::Sending)
            line.mayHaveArrived.insert(entry.sequence);
    }
    Engine::Callbacks callbacks;
    callbacks.event = [this](const HubEvent &hub) { event(hub); };
    callbacks.stateChanged = [this](EngineState state) { m_world.note(u"%1 state %2"_s.arg(name()).arg(int(state))); };
    callbacks.error = [this](const Error &error) { m_world.note(u"%1 error %2 %3"_s.arg(name(), error.message(), error.detail())); };
    callbacks.ask = [this](const Conflict &conflict, const Decide &decide) { ask(conflict, decide); };
    m_engine = std::make_unique<Engine>(*m_store, line.factory(), *m_scheduler, options, callbacks);
    if (m_paused)
        m_engine->pause();
    m_engine->start();
}

void SimulatedDevice::end()
{
    m_scheduler->kill();
    m_engine.reset();
    m_store.reset();
    m_graveyard.push_back(std::move(m_scheduler));
}

void SimulatedDevice::kill()
{
    leave(m_disk.take(m_path.toUtf8()));
}

void SimulatedDevice::cutPower()
{
    constexpr int patience = 200;                       // tasks
    const QByteArray path = m_path.toUtf8();
    m_disk.failAtNextSync(path);
    for (int tasks = 0; tasks < patience && !m_disk.hasFailed(path) && m_world.time.runOne(); ++tasks) { }
    SimulatedDisk::Image image = m_disk.take(path);
    SimulatedDisk::cutPower(image, [this](quint64 below) { return m_world.pick(below); });
    leave(image);
}

void SimulatedDevice::leave(const SimulatedDisk::Image &image)
{
    m_hubComplete = false;
    end();
    m_path = m_folder + u"/%1-%2.sqlite"_s.arg(name()).arg(++m_runs);
    m_disk.put(m_path.toUtf8(), image);
    setRoom(m_room);
}

void SimulatedDevice::setRoom(qint64 bytes)
{
    m_room = bytes;
    line.forgets = bytes >= 0;
    m_wasFull = m_wasFull || bytes >= 0;
    m_disk.setRoom(m_path.toUtf8(), bytes);
}

void SimulatedDevice::stop()
{
    bool stopped = false;
    m_engine->stop([&stopped](const Result<void> &) { stopped = true; });
    while (!stopped && m_world.time.runOne()) { }
    if (!stopped)
        m_world.fail(name() + u" does not stop"_s);
    for (const OutboxEntry &entry : snapshot().outbox) {
        if (entry.state == EntryState::Sending && m_room < 0)
            m_world.fail(u"%1 stopped and left %2/%3 under way"_s.arg(name(), entry.model->name, entry.key));
    }
    m_hubComplete = false;
    end();
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

// ---- the application and its user ----

void SimulatedDevice::ask(const Conflict &conflict, const Decide &decide)
{
    m_world.note(u"%1 is asked about %2/%3: %4"_s.arg(name(), conflict.model->name, conflict.key, conflict.fields.join(u' ')));
    if (whenAsked)
        whenAsked();
    if (m_world.options.handler) {
        askApplication(conflict, decide);
    } else if (m_world.chance(100)) {
        m_undecided.insert(conflict.mutation);
    } else {
        answer(conflict, resolution(conflict), decide);
    }
}

void SimulatedDevice::askApplication(const Conflict &conflict, const Decide &decide)
{
    const QFuture<Result<Resolution>> future = m_world.options.handler(conflict);
    if (future.isFinished() && future.resultCount() > 0)
        answer(conflict, future.result(), decide);
    else
        m_world.fail(u"the application's conflict handler answers nothing without an event loop"_s);
}

// Sometimes after the engine has given up.
void SimulatedDevice::answer(const Conflict &conflict, const Result<Resolution> &resolution, const Decide &decide)
{
    const qint64 delay = m_world.chance(500) ? 0 : m_world.between(1, m_world.chance(200) ? 60'000 : 5'000);
    if (!resolution || delay >= options.askDeadline)
        m_undecided.insert(conflict.mutation);
    if (resolution)
        m_oracle.decided(name(), conflict, *resolution);
    if (resolution && resolution->kind == Resolution::Kind::Delete)
        m_hubComplete = false;          // it makes a mutation that no save made
    if (delay == 0)
        decide(resolution);
    else
        m_scheduler->startTimer(delay, [decide, resolution] { decide(resolution); });
}

Result<Resolution> SimulatedDevice::resolution(const Conflict &conflict)
{
    switch (m_world.pick(10)) {
    case 0:
        return Error(Error::Code::Conflict, u"The simulated user does not know."_s);
    case 1:
        return Resolution::remove();
    case 2:
    case 3:
    case 4: {
        QMap<QString, Value> values;
        for (const QString &field : conflict.fields)
            values.insert(field, m_world.chance(500) ? conflict.mine.value(field) : conflict.theirs.value(field));
        return Resolution::fields(values);
    }
    case 5:
    case 6:
        return Resolution::theirs();
    default:
        return Resolution::mine();
    }
}

// ---- what users do ----

void SimulatedDevice::ended(const QString &what, const Error &error)
{
    using Code = Error::Code;
    const QList<Code> allowed{Code::None, Code::NotFound, Code::MissingParent, Code::ConditionFailed};
    if (error.isError())
        m_world.note(u"%1 %2 refused: %3"_s.arg(name(), what, error.message()));
    const bool isDisk = (error.code() == Code::DiskFull && m_room >= 0) || m_disk.hasFailed(m_path.toUtf8());
    if (!allowed.contains(error.code()) && !isDisk)
        m_world.fail(u"%1: %2 fails: %3 %4"_s.arg(name(), what, error.message(), error.detail()));
}

QSet<qint64> SimulatedDevice::queue(ReadTransaction &transaction)
{
    QSet<qint64> queue;
    for (const OutboxEntry &entry : transaction.outbox(0, allEntries).valueOr({}))
        queue.insert(entry.sequence);
    return queue;
}

/* What the job did counts when it is committed, and then also if the process is killed before anybody is told. */
void SimulatedDevice::run(const QString &what, const Job &job)
{
    const auto told = std::make_shared<QList<std::function<void()>>>();
    m_store->write<int>(
        [this, job, told](WriteTransaction &transaction) -> Result<int> {
            const QSet<qint64> before = queue(transaction);
            told->clear();
            const Error error = job(transaction, *told);
            if (error.isError())
                return error;
            const QSet<qint64> after = queue(transaction);
            told->append([this, before, after] {
                m_queue += before + after;
                m_queue -= before - after;
            });
            return 0;
        },
        &m_atOnce, [this, what, told](const Result<int> &result) {
            for (const std::function<void()> &tell : std::as_const(*told)) {
                if (result)
                    tell();
            }
            ended(what, result.error());
        });
}

static QString keyOf(const Draft &draft)
{
    if (draft.base())
        return draft.base().key();
    std::vector<Value> parts;
    for (const int field : draft.model()->primaryKey)
        parts.push_back(draft.value(field));
    return keyFromParts(parts);
}

void SimulatedDevice::save(const Draft &draft, const Predicate &condition)
{
    run(u"a save"_s, [this, draft, condition](WriteTransaction &transaction, auto &told) -> Error {
        const Result<Record> before = transaction.find(draft.model(), keyOf(draft));
        const Result<Draft> carried = before ? Decisions::carried(transaction, draft, m_values.rules()) : Result<Draft>(before.error());
        const Result<Record> saved = carried ? transaction.save(*carried, condition) : Result<Record>(carried.error());
        if (saved)
            told.append([this, before = *before, saved = *saved] { this->saved(before, saved); });
        return saved.error();
    });
}

void SimulatedDevice::saveAll(const QList<Draft> &drafts)
{
    run(u"a save of several"_s, [this, drafts](WriteTransaction &transaction, auto &told) -> Error {
        const Result<QList<Record>> saved = transaction.saveAll(drafts);
        for (const Record &record : saved.valueOr({}))
            told.append([this, record] { this->saved({}, record); });
        return saved.error();
    });
}

void SimulatedDevice::saved(const Record &before, const Record &after)
{
    ++m_world.report.saves;
    m_world.saves.append({name(), before, after});
    m_oracle.saved(name(), m_world.time.now() + m_skew, before, after);
    m_edited.insert(idOf(after));
    m_world.note(u"%1 saves %2"_s.arg(name(), describe(after)));
}

void SimulatedDevice::remove(const Record &record, const Predicate &condition)
{
    run(u"a removal"_s, [this, record, condition](WriteTransaction &transaction, auto &told) -> Error {
        const Result<QList<Record>> removed = transaction.remove(record.model(), record.key(), condition);
        for (const Record &gone : removed.valueOr({})) {
            told.append([this, gone] {
                m_world.saves.append({name(), gone, {}});
                m_oracle.removed(gone);
                m_world.note(u"%1 removes %2"_s.arg(name(), describe(gone)));
            });
        }
        return removed.error();
    });
}

// ---- what must hold ----

SimulatedDevice::Snapshot SimulatedDevice::snapshot(With with)
{
    std::optional<Result<Snapshot>> answer;
    m_store->read<Snapshot>(
        [this, with](ReadTransaction &transaction) -> Result<Snapshot> {
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
            const Result<QList<ConflictDecision>> decisions =
                with == With::Journal ? transaction.decisions({}, {}, -1) : Result<QList<ConflictDecision>>(QList<ConflictDecision>());
            if (!decisions)
                return decisions.error();
            snapshot.decisions = *decisions;
            QSet<qint64> left = m_world.monthPassed ? QSet<qint64>() : m_queue - m_withReceipt;     // receipts live for a month
            for (const OutboxEntry &entry : *outbox)
                left.remove(entry.sequence);
            for (const qint64 sequence : std::as_const(left)) {
                const Result<std::optional<MutationReceipt>> receipt = transaction.receipt(sequence);
                if (!receipt)
                    return receipt.error();
                if (*receipt)
                    m_withReceipt.insert(sequence);
                else
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
    QSet<RecordId> rows;
    for (const Record &row : now.rows) {
        rows.insert(idOf(row));
        const auto lane = lanes.find(idOf(row));
        checkRow(row, lane == lanes.end() ? QList<OutboxEntry>() : lane->second);
    }
    QSet<RecordId> present = rows;
    for (const auto &[id, lane] : lanes) {
        present.insert(id);
        checkLane(id, rows.contains(id), lane);
    }
    checkMadeAnew(lanes);
    checkVanished(now, present);
    for (const QuarantinedRow &row : now.aside) {
        if (!m_wasFull && rows.contains({row.parentModel, row.parentKey}))
            m_world.fail(u"%1: %2/%3 is kept aside, but what it belongs to is here"_s.arg(name(), row.model, row.key));
    }
}

/* A row goes when the record was deleted after the version that it showed, or for something that is aside. */
void SimulatedDevice::checkVanished(const Snapshot &now, const QSet<RecordId> &present)
{
    QSet<RecordId> explained = present;
    for (const QuarantinedRow &row : now.aside)
        explained.insert({row.model, row.key});
    for (const auto &[id, newest] : m_newest) {
        if (explained.contains(id))
            continue;
        m_vanished.insert(id);
        if (!m_world.monthPassed && !line.server.wasDeletedAfter(id, newest))
            m_world.fail(u"%1: %2/%3 went, but nobody deleted it after v%4"_s.arg(name(), id.first, id.second).arg(newest.version));
    }
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
    const bool isNewer = row.metadata().version > newest.version || row.metadata().lastChangedAt > newest.lastChangedAt;
    if (isNewer)
        m_vanished.remove(idOf(row));
    if (lane.isEmpty() && m_vanished.remove(idOf(row)) && !m_world.monthPassed)
        broken(u"a deleted record came back as it was before"_s);
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

/* What stands behind a removal is about another record than the one that goes, of which the backend may still tell. */
void SimulatedDevice::checkMadeAnew(const std::map<RecordId, QList<OutboxEntry>> &lanes)
{
    const auto before = std::exchange(m_madeAnew, {});
    for (const auto &[id, lane] : lanes) {
        const auto removal = std::find_if(lane.begin(), lane.end(), [](const OutboxEntry &entry) { return entry.operation == Operation::Delete; });
        for (auto entry = removal; entry != lane.end(); ++entry) {
            if (entry == removal)
                continue;
            m_madeAnew.emplace(entry->sequence, entry->base);
            const auto known = before.find(entry->sequence);
            if (known != before.end() && known->second != entry->base && !m_edited.contains(id))
                m_world.fail(u"%1: %2/%3 is made anew on what goes"_s.arg(name(), id.first, id.second));
        }
    }
    m_edited.clear();
}

void SimulatedDevice::checkEnds()
{
    QSet<qint64> ended = m_queue;
    for (const OutboxEntry &entry : snapshot().outbox)
        ended.remove(entry.sequence);
    if (m_hubComplete && ended.size() != m_processed)
        m_world.fail(u"%1: %2 mutations left the outbox, the hub told of %3"_s.arg(name()).arg(ended.size()).arg(m_processed));
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
    if (m_engine->state() != EngineState::Live || !line.hasSocket())
        return false;
    return m_store->outboxCount() == m_store->rejectedCount() || !waits(snapshot());
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
