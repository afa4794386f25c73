// SPDX-License-Identifier: MIT
#include "syncfixture.h"

#include <QtCore/QDebug>
#include <QtCore/QTemporaryDir>

#include <random>

using namespace TidelineTest;
using EntryState = OutboxEntry::State;

/*
    Two devices, a backend and everything that goes wrong between them, by a seed: edits, pauses, lines that
    break, lost requests, answers and messages, killed processes. When all that ends, what is not listed as
    rejected must be equal everywhere. TIDELINE_SEEDS and TIDELINE_FIRST_SEED choose other seeds.
*/
class TestConvergence : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void devicesAndBackendBecomeEqual();
    void oneDeviceWithManyEditsOffline();
};

class Simulation
{
public:
    Simulation(quint64 seed, const QString &folder)
        : m_random(seed), m_fixture(seed % 2 == 0 ? FakeServer::Mode::Optimistic : FakeServer::Mode::Automerge, seed)
    {
        m_fixture.server->showsExisting = seed % 3 == 0;
        for (int i = 0; i < 2; ++i) {
            m_devices.push_back(std::make_unique<SyncDevice>(m_fixture.time, m_fixture.server, folder + u"/%1.sqlite"_s.arg(i)));
            m_devices.back()->options.pageSize = 1 + int(pick(7));
            m_devices.back()->options.maxMutationsPerDocument = 1 + int(pick(5));
            m_devices.back()->line->latencyMost = 5 + qint64(pick(300));
            m_devices.back()->start();
        }
    }

    void run(int steps)
    {
        for (int step = 0; step < steps; ++step) {
            act(*m_devices[pick(2)]);
            m_fixture.time.advance(qint64(pick(4) == 0 ? pick(5000) : pick(100)));
        }
    }

    // Everything heals; empty when all is equal, else what is not.
    QString outcome()
    {
        for (const auto &device : m_devices) {
            device->line->loseRequest = device->line->loseAnswer = device->line->loseEcho = 0;
            device->line->set(true);
            device->engine().resume();
            device->engine().syncNow();
        }
        for (const auto &device : m_devices) {
            if (!m_fixture.until([&] { return device->engine().state() == EngineState::Live; }, 200'000))
                return u"a device does not become live"_s;
            if (!m_fixture.until([&] { return m_fixture.time.advance(50), isDrained(*device); }, 20'000))
                return u"an outbox does not drain: "_s + describe(*device);
        }
        for (const auto &device : m_devices)
            device->engine().syncNow();             // what lost messages would have told
        m_fixture.time.advance(10'000);
        for (size_t i = 0; i < m_devices.size(); ++i) {
            const QString difference = compare(*m_devices[i]);
            if (!difference.isEmpty())
                return u"device %1: %2"_s.arg(i).arg(difference);
        }
        return {};
    }

private:
    quint64 pick(quint64 below) { return m_random() % below; }

    void act(SyncDevice &device)
    {
        switch (pick(16)) {
        case 0: case 1: case 2:
            create(device);
            break;
        case 3: case 4: case 5: case 6: case 7:
            edit(device);
            break;
        case 8:
            remove(device);
            break;
        case 9:
            editOnBackend();
            break;
        case 10:
            device.line->set(!device.line->online);
            break;
        case 11:
            pick(2) ? device.engine().pause() : device.engine().resume();
            break;
        case 12:
            device.kill();
            device.start();
            break;
        case 13:
            device.line->loseRequest = int(pick(300));
            device.line->loseAnswer = int(pick(300));
            device.line->loseEcho = int(pick(200));
            break;
        case 14:
            device.engine().syncNow();
            break;
        case 15:
            device.line->loseRequest = device.line->loseAnswer = device.line->loseEcho = 0;
            device.line->set(true);
            break;
        }
    }

    void create(SyncDevice &device)
    {
        const QString id = u"r%1"_s.arg(++m_lastId);
        if (pick(3) == 0) {
            device.save(u"Bin"_s, {{u"id"_s, id}, {u"name"_s, u"bin %1"_s.arg(m_lastId)}});
            return;
        }
        QVariantMap values{{u"id"_s, id}, {u"quantity"_s, int(pick(100))}};
        const QList<Record> bins = device.all(u"Bin"_s);
        if (!bins.isEmpty() && pick(2) == 0)
            values.insert(u"binID"_s, bins.at(qsizetype(pick(quint64(bins.size())))).key());
        device.save(u"Item"_s, values);
    }

    Record any(SyncDevice &device, const QString &model)
    {
        const QList<Record> records = device.all(model);
        return records.isEmpty() ? Record() : records.at(qsizetype(pick(quint64(records.size()))));
    }

    void edit(SyncDevice &device)
    {
        const Record record = any(device, u"Item"_s);
        if (record.isNull())
            return;
        Draft draft(record);
        const quint64 edits = 1 + pick(3);
        for (quint64 i = 0; i < edits; ++i) {
            const QString field = QStringList{u"label"_s, u"quantity"_s, u"note"_s}.at(qsizetype(pick(3)));
            const Value value = field == u"quantity"_s ? Value(int(pick(5))) : Value(u"v%1"_s.arg(pick(5)));
            draft.set(record.model()->fieldIndex(field), pick(8) == 0 ? Value() : value);
        }
        device.save(draft);
    }

    void remove(SyncDevice &device)
    {
        const Record record = any(device, pick(4) == 0 ? u"Bin"_s : u"Item"_s);
        if (!record.isNull())
            device.remove(record.model()->name, record.key());
    }

    void editOnBackend()
    {
        QStringList live;
        for (const auto &[key, record] : m_fixture.server->rows()) {
            if (key.first == u"Item"_s && !record.metadata().deleted)
                live.append(key.second);
        }
        if (live.isEmpty())
            return;
        const QString key = live.at(qsizetype(pick(quint64(live.size()))));
        if (pick(5) == 0)
            m_fixture.server->remove(u"Item"_s, key);
        else
            m_fixture.put(u"Item"_s, {{u"id"_s, key}, {u"note"_s, u"backend %1"_s.arg(pick(5))}});
    }

    static bool isDrained(SyncDevice &device)
    {
        QSet<QString> stopped;
        for (const OutboxEntry &entry : device.outbox()) {
            const QString lane = entry.model->name + u'/' + entry.key;
            if (entry.state == EntryState::Rejected)
                stopped.insert(lane);
            else if (!stopped.contains(lane))
                return false;
        }
        return true;
    }

    static QString describe(SyncDevice &device)
    {
        QStringList lines;
        for (const OutboxEntry &entry : device.outbox()) {
            lines.append(u"%1 %2/%3 op %4 state %5 attempts %6 base %7 %8"_s.arg(entry.sequence).arg(entry.model->name, entry.key)
                             .arg(int(entry.operation)).arg(int(entry.state)).arg(entry.attempts).arg(entry.baseVersion)
                             .arg(entry.error.message()));
        }
        return lines.join(u'\n');
    }

    QString compare(SyncDevice &device)
    {
        if (device.line->overlaps != 0)
            return u"two mutations of a record were under way at once"_s;
        QSet<FakeServer::Key> listed;
        for (const OutboxEntry &entry : device.outbox()) {
            if (!entry.error.isError() && entry.state == EntryState::Rejected)
                return u"a rejected mutation has no reason"_s;
            listed.insert({entry.model->name, entry.key});
        }
        for (const QString &model : {u"Bin"_s, u"Item"_s}) {
            QHash<QString, Record> rows;
            for (const Record &row : device.all(model))
                rows.insert(row.key(), row);
            for (const auto &[key, record] : m_fixture.server->rows()) {
                if (key.first != model || listed.contains(key))
                    continue;
                const Record row = rows.take(key.second);
                const bool equal = record.metadata().deleted ? row.isNull()
                                                             : row == record && row.metadata() == record.metadata() && isSettled(row.state());
                if (!equal && !(row.isNull() && device.keepsAsOrphan(record))) {
                    QString text;
                    QDebug(&text) << record << record.metadata().version << record.metadata().deleted << "but here" << row
                                  << (row.isNull() ? -1 : row.metadata().version) << (row.isNull() ? -1 : int(row.state()));
                    return text;
                }
            }
            for (const Record &row : std::as_const(rows)) {
                if (!listed.contains({model, row.key()}))
                    return u"%1/%2 is here only"_s.arg(model, row.key());
            }
        }
        return {};
    }

    std::mt19937_64 m_random;
    SyncFixture m_fixture;
    std::vector<std::unique_ptr<SyncDevice>> m_devices;
    int m_lastId = 0;
};

void TestConvergence::devicesAndBackendBecomeEqual()
{
    const int seeds = qEnvironmentVariableIsSet("TIDELINE_SEEDS") ? qEnvironmentVariableIntValue("TIDELINE_SEEDS") : 200;
    const int first = qEnvironmentVariableIsSet("TIDELINE_FIRST_SEED") ? qEnvironmentVariableIntValue("TIDELINE_FIRST_SEED") : 1;
    for (int seed = first; seed < first + seeds; ++seed) {
        const QTemporaryDir folder;
        Simulation simulation(quint64(seed), folder.path());
        simulation.run(80);
        const QString outcome = simulation.outcome();
        QVERIFY2(outcome.isEmpty(), qPrintable(u"seed %1: %2"_s.arg(seed).arg(outcome)));
    }
}

void TestConvergence::oneDeviceWithManyEditsOffline()
{
    SyncFixture fixture;
    for (int i = 0; i < 50; ++i)
        fixture.put(u"Item"_s, {{u"id"_s, u"i%1"_s.arg(i)}, {u"quantity"_s, 0}});
    SyncDevice device(fixture.time, fixture.server);
    device.start();
    QVERIFY(fixture.live(device));
    device.line->set(false);
    for (int round = 1; round <= 20; ++round) {
        for (int i = 0; i < 50; ++i)
            device.save(u"Item"_s, {{u"id"_s, u"i%1"_s.arg(i)}, {u"quantity"_s, round}});
        fixture.time.advance(10);
    }
    for (int i = 0; i < 50; i += 2)
        fixture.put(u"Item"_s, {{u"id"_s, u"i%1"_s.arg(i)}, {u"note"_s, u"theirs"_s}});
    device.line->set(true);
    QVERIFY(fixture.live(device));
    QVERIFY(fixture.drained(device));
    QCOMPARE(device.line->mutations.size(), 50);
    for (const Record &row : device.all(u"Item"_s)) {
        QCOMPARE(row, fixture.server->record(u"Item"_s, row.key()));
        QCOMPARE(row.value(u"quantity").toInteger(), 20);
    }
    QCOMPARE(device.find(u"Item"_s, u"i2"_s).value(u"note").toText(), u"theirs"_s);
}

QTEST_GUILESS_MAIN(TestConvergence)
#include "tst_convergence.moc"
