// SPDX-License-Identifier: MIT
#include "livefixture.h"

using namespace Tideline;
using namespace Qt::StringLiterals;

/*! Writes down what it is told. */
class Listener final : public LiveHost::Member
{
public:
    struct Call
    {
        quint64 commit = 0;
        int changes = 0;
        bool last = false;
    };

    explicit Listener(LiveHost *host) : m_host(host) { host->addMember(this); }
    ~Listener() override { m_host->removeMember(this); }

    void changesArrived(quint64 commit, const QList<Change> &changes, bool last) override
    {
        calls.append({commit, int(changes.size()), last});
        if (then)
            then();
    }

    QList<Call> calls;
    std::function<void()> then;

private:
    LiveHost *m_host;
};

class TestLiveHost : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void changesComeBeforeTheReplyOfTheirSave();
    void largeCommitsAreCutIntoSlices();
    void manySmallCommitsSpreadOverTurns();
    void membersComeAndGoWhileToldOfChanges();
    void hostDestroyedByAMember();
    void nothingAfterDetach();
    void cacheFollowsChangeSets();
    void cacheRefusesWhatIsOlderThanTheLastChangeSet();
    void cacheIsBounded();

private:
    void save(int from, int count, int quantity = 0)
    {
        m_host->write([=](WriteTransaction &t) {
            for (int i = from; i < from + count; ++i)
                saveRecord(t, u"StockCount"_s, u"c%1"_s.arg(i), {{u"sku"_s, u"s"_s}, {u"quantity"_s, quantity}});
        });
    }
    [[nodiscard]] static std::shared_ptr<const ModelType> model() { return liveSchema().model(u"StockCount"_s); }
    [[nodiscard]] std::pair<Record, quint64> find(const QString &key)
    {
        using Found = std::pair<Record, quint64>;
        return m_host->read<Found>([key](ReadTransaction &t) -> Result<Found> { return Found(*t.find(model(), key), t.commit()); });
    }

    std::unique_ptr<ManualScheduler> m_scheduler;
    std::unique_ptr<TestHost> m_host;
};

void TestLiveHost::init()
{
    m_scheduler = std::make_unique<ManualScheduler>();
    m_host = std::make_unique<TestHost>(*m_scheduler);
    m_host->open();
}

void TestLiveHost::cleanup()
{
    m_host.reset();
    m_scheduler.reset();
}

void TestLiveHost::changesComeBeforeTheReplyOfTheirSave()
{
    Listener listener(m_host.get());
    bool told = false;
    m_host->data().write<int>(
        [](WriteTransaction &t) -> Result<int> {
            saveRecord(t, u"StockCount"_s, u"a"_s, {{u"sku"_s, u"s"_s}, {u"quantity"_s, 1}});
            return 0;
        },
        m_scheduler.get(), [&](const Result<int> &) { told = listener.calls.size() == 1; });
    m_scheduler->runAll();
    QVERIFY(told);
}

void TestLiveHost::largeCommitsAreCutIntoSlices()
{
    Listener listener(m_host.get());
    save(0, 1000);
    int perTask = 0;
    qsizetype before = 0;
    int sum = 0;
    while (m_scheduler->runOne()) {
        perTask = std::max(perTask, int(listener.calls.size() - before));
        before = listener.calls.size();
    }
    QCOMPARE(perTask, 1);
    for (qsizetype i = 0; i < listener.calls.size(); ++i) {
        const Listener::Call &call = listener.calls[i];
        QVERIFY(call.changes <= 256);
        QCOMPARE(call.commit, listener.calls[0].commit);
        QCOMPARE(call.last, i + 1 == listener.calls.size());
        sum += call.changes;
    }
    QCOMPARE(sum, 1000);
}

void TestLiveHost::manySmallCommitsSpreadOverTurns()
{
    ManualScheduler writer;
    TestHost host(*m_scheduler, &writer);
    host.open();
    Listener listener(&host);
    for (int i = 0; i < 400; ++i) {
        host.write([i](WriteTransaction &t) { saveRecord(t, u"StockCount"_s, u"c%1"_s.arg(i), {{u"sku"_s, u"s"_s}, {u"quantity"_s, i}}); });
        writer.runAll();                // the change set waits
    }
    QVERIFY(listener.calls.isEmpty());
    int mostInATurn = 0;
    for (qsizetype before = 0; m_scheduler->waiting() > 0; before = listener.calls.size()) {
        for (auto tasks = m_scheduler->waiting(); tasks > 0; --tasks)
            m_scheduler->runOne();      // a turn of the event loop takes all that wait
        int changes = 0;
        for (const Listener::Call &call : listener.calls.mid(before))
            changes += int(call.changes);
        mostInATurn = std::max(mostInATurn, changes);
    }
    QVERIFY2(mostInATurn <= 256, qPrintable(QString::number(mostInATurn)));
    int sum = 0;
    quint64 commit = 0;
    for (const Listener::Call &call : std::as_const(listener.calls)) {
        QVERIFY(call.commit > commit && call.last);
        commit = call.commit;
        sum += call.changes;
    }
    QCOMPARE(sum, 400);
}

void TestLiveHost::membersComeAndGoWhileToldOfChanges()
{
    auto a = std::make_unique<Listener>(m_host.get());
    auto b = std::make_unique<Listener>(m_host.get());
    auto c = std::make_unique<Listener>(m_host.get());
    std::unique_ptr<Listener> d;
    b->then = [&] {
        a.reset();
        c.reset();
        if (!d)
            d = std::make_unique<Listener>(m_host.get());
    };
    save(0, 1);
    m_scheduler->runAll();
    QCOMPARE(b->calls.size(), 1);
    QCOMPARE(d->calls.size(), 0);
    b->then = {};
    save(1, 1);
    m_scheduler->runAll();
    QCOMPARE(b->calls.size(), 2);
    QCOMPARE(d->calls.size(), 1);
    d->then = [&] { d.reset(); };
    save(2, 1);
    m_scheduler->runAll();
    QVERIFY(!d);
}

void TestLiveHost::hostDestroyedByAMember()
{
    class Suicidal final : public LiveHost::Member
    {
    public:
        void changesArrived(quint64, const QList<Change> &, bool) override { strike(); }
        std::function<void()> strike;
    };
    Suicidal first;
    Suicidal second;
    bool secondTold = false;
    first.strike = [this] { m_host.reset(); };
    second.strike = [&] { secondTold = true; };
    m_host->addMember(&first);
    m_host->addMember(&second);
    save(0, 500);
    m_scheduler->runAll();
    QVERIFY(!m_host);
    QVERIFY(!secondTold);
}

void TestLiveHost::nothingAfterDetach()
{
    Listener listener(m_host.get());
    save(0, 1000);
    m_scheduler->runOne();
    m_scheduler->runOne();
    const qsizetype calls = listener.calls.size();
    QVERIFY(calls > 0);
    m_host->close();
    m_scheduler->runAll();
    QCOMPARE(listener.calls.size(), calls);
    QCOMPARE(m_host->store(), nullptr);
}

void TestLiveHost::cacheFollowsChangeSets()
{
    save(0, 3, 1);
    m_scheduler->runAll();
    QVERIFY(!m_host->cached(model(), u"c1"_s));
    const auto [record, commit] = find(u"c1"_s);
    m_host->remember(record, commit);
    QCOMPARE(m_host->cached(model(), u"c1"_s).value(u"quantity").toInteger(), 1);
    save(1, 1, 2);
    m_scheduler->runAll();
    QCOMPARE(m_host->cached(model(), u"c1"_s).value(u"quantity").toInteger(), 2);
    m_host->commit([](WriteTransaction &t) { removeRecord(t, u"StockCount"_s, u"c1"_s); });
    QVERIFY(!m_host->cached(model(), u"c1"_s));
    QVERIFY(!m_host->cached(liveSchema().model(u"Product"_s), u"c1"_s));
}

void TestLiveHost::cacheRefusesWhatIsOlderThanTheLastChangeSet()
{
    save(0, 1, 1);
    m_scheduler->runAll();
    const auto [record, commit] = find(u"c0"_s);
    save(0, 1, 2);
    m_scheduler->runAll();
    m_host->remember(record, commit);
    QVERIFY(!m_host->cached(model(), u"c0"_s));
}

void TestLiveHost::cacheIsBounded()
{
    save(0, 3000);
    m_scheduler->runAll();
    int cached = 0;
    for (int i = 0; i < 3000; ++i) {
        const auto [record, commit] = find(u"c%1"_s.arg(i));
        m_host->remember(record, commit);
    }
    for (int i = 0; i < 3000; ++i)
        cached += m_host->cached(model(), u"c%1"_s.arg(i)) ? 1 : 0;
    QCOMPARE(cached, 1024);
    save(0, 5000, 9);
    m_scheduler->runAll();
    QVERIFY(!m_host->cached(model(), u"c2999"_s));
}

QTEST_GUILESS_MAIN(TestLiveHost)
#include "tst_livehost.moc"
