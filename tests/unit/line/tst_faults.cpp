// SPDX-License-Identifier: MIT
#include "linedevice.h"

#include "shared/faultproxy.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QTemporaryDir>

using namespace TidelineTest;
using Fault = FaultProxy::Fault;

namespace {

constexpr int notices = 20'000;         // ms until a fault is told
constexpr int heals = 10'000;           // ms from the end of a fault until the device is level with the server

Schema productSchema()
{
    const Result<Schema> schema = Schema::parse(u"type Product @model { id: ID! name: String! }"_s);
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

} // namespace

/*
    One function for each fault of a network: level, fault, writes on both sides, healing, level again within ten seconds
    without a restart, and one typed error, however long the fault lasted.
*/
class TestFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void halfOpen();
    void stall();
    void reset();
    void dnsFailure();
    void captivePortal();
    void unavailable();
    void truncatedJson();
    void answersCutOff();
    void duplicateMessages();
    void reorderedMessages();
    void serverRestart();
    void clockJumps_data();
    void clockJumps();

private:
    void start();
    void writeOnTheServer(const QString &id, const QString &name);
    [[nodiscard]] QMap<QString, QString> onTheServer();
    [[nodiscard]] bool levelWithin(int milliseconds);
    void lasts(int more);
    void healsAfter(Fault fault, const QList<Error::Code> &codes);
    void told(const QList<Error::Code> &codes);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestServer> m_server;
    std::unique_ptr<FaultProxy> m_proxy;
    std::unique_ptr<LineDevice> m_device;
    QUrl m_url;                         // empty: the proxy's
    int m_attempts = 0;                 // to connect
};

void TestFaults::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<TestServer>(productSchema(), m_folder->filePath(u"server.db"_s));
    m_proxy = std::make_unique<FaultProxy>(quint16(m_server->url().port()));
    m_url = {};
    m_device = std::make_unique<LineDevice>(productSchema(), [this] {
        ++m_attempts;
        return m_url.isEmpty() ? m_proxy->url() : m_url;
    });
    start();
}

void TestFaults::cleanup()
{
    m_device.reset();
    m_proxy.reset();
    m_server.reset();
}

void TestFaults::start()
{
    m_device->save(u"before"_s, u"device"_s);
    writeOnTheServer(u"early"_s, u"server"_s);
    m_device->engine->start();
    QVERIFY(levelWithin(heals));
    QVERIFY(m_device->errors.isEmpty());
}

void TestFaults::writeOnTheServer(const QString &id, const QString &name)
{
    const QJsonObject answer = m_server->execute(u"mutation($id: ID!, $name: String!) { createProduct(input: {id: $id, name: $name}) { id name _version "
                                                  "_lastChangedAt _deleted } }"_s,
                                                 {{u"id"_s, id}, {u"name"_s, name}});
    if (answer.contains("errors"_L1))
        qFatal("The server does not take a product");
}

QMap<QString, QString> TestFaults::onTheServer()
{
    const QJsonObject answer = m_server->execute(u"{ listProducts(limit: 1000) { items { id name } } }"_s);
    QMap<QString, QString> names;
    for (const QJsonValue &item : answer["data"_L1]["listProducts"_L1]["items"_L1].toArray())
        names.insert(item["id"_L1].toString(), item["name"_L1].toString());
    return names;
}

bool TestFaults::levelWithin(int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    const bool level = QTest::qWaitFor([this] {
        return m_device->isLive() && m_device->store.outboxCount() == 0 && m_device->products() == onTheServer();
    }, milliseconds);
    qInfo("%s after %lld ms", level ? "level" : "not level", (long long)timer.elapsed());
    return level;
}

/* The fault goes on: more attempts fail, nobody is told again. */
void TestFaults::lasts(int more)
{
    const int connections = m_proxy->connections();
    const int faults = m_proxy->faults();
    QVERIFY(QTest::qWaitFor([&] { return m_proxy->connections() >= connections + more || m_proxy->faults() >= faults + more; }, 60'000));
}

void TestFaults::told(const QList<Error::Code> &codes)
{
    QList<Error::Code> seen;
    for (const Error &error : std::as_const(m_device->errors)) {
        seen.append(error.code());
        QVERIFY(error.phase() != Error::Phase::None);
        QVERIFY(error.advice() != Error::Advice::None);
    }
    if (seen.size() != 1 || !codes.contains(seen.first()))
        qWarning() << m_device->errors;
    QCOMPARE(seen.size(), 1);
    QVERIFY(codes.contains(seen.first()));
    const auto count = [this](FlightEntry::Kind kind) {
        const QList<FlightEntry> flight = m_device->flight();
        return std::count_if(flight.begin(), flight.end(), [kind](const FlightEntry &entry) { return entry.kind == kind; });
    };
    QVERIFY(QTest::qWaitFor([&] { return count(FlightEntry::Kind::Healed) == 1; }, 5'000));
    QCOMPARE(count(FlightEntry::Kind::Fault), 1);
}

void TestFaults::healsAfter(Fault fault, const QList<Error::Code> &codes)
{
    m_proxy->begin(fault);
    for (int i = 0; i < 20; ++i)
        m_device->save(u"mine%1"_s.arg(i), u"device"_s);
    writeOnTheServer(u"theirs"_s, u"server"_s);
    QVERIFY(QTest::qWaitFor([this] { return !m_device->errors.isEmpty(); }, notices));
    lasts(3);
    m_proxy->heal();
    QVERIFY(levelWithin(heals));
    QCOMPARE(m_device->products().size(), 23);
    told(codes);
}

void TestFaults::halfOpen()
{
    healsAfter(Fault::HalfOpen, {Error::Code::Timeout});
}

void TestFaults::stall()
{
    healsAfter(Fault::Stall, {Error::Code::Timeout});
}

void TestFaults::reset()
{
    healsAfter(Fault::Reset, {Error::Code::Network});
}

void TestFaults::captivePortal()
{
    healsAfter(Fault::Portal, {Error::Code::Network, Error::Code::Protocol});
}

void TestFaults::unavailable()
{
    healsAfter(Fault::Unavailable, {Error::Code::BackendFailed});
}

void TestFaults::truncatedJson()
{
    healsAfter(Fault::Truncated, {Error::Code::Protocol});
}

void TestFaults::answersCutOff()
{
    healsAfter(Fault::CutOff, {Error::Code::Network});
}

void TestFaults::dnsFailure()
{
    m_url = QUrl(u"http://backend.invalid/graphql"_s);
    m_proxy->begin(Fault::Reset);
    m_proxy->heal();
    m_device->save(u"mine"_s, u"device"_s);
    writeOnTheServer(u"theirs"_s, u"server"_s);
    QVERIFY(QTest::qWaitFor([this] { return !m_device->errors.isEmpty(); }, notices));
    const int attempts = m_attempts;
    QVERIFY(QTest::qWaitFor([&] { return m_attempts >= attempts + 3; }, 60'000));      // some resolvers take their time to say no
    QVERIFY(!m_device->isLive());
    m_url = {};
    QVERIFY(levelWithin(heals));
    QCOMPARE(m_device->products().size(), 4);
    told({Error::Code::Network});
}

void TestFaults::duplicateMessages()
{
    m_proxy->begin(Fault::Duplicate);
    for (int i = 0; i < 10; ++i) {
        writeOnTheServer(u"theirs%1"_s.arg(i), u"server"_s);
        m_device->save(u"mine%1"_s.arg(i), u"device"_s);
    }
    QVERIFY(levelWithin(heals));
    QVERIFY(m_proxy->faults() > 0);
    QVERIFY(m_device->errors.isEmpty());
}

void TestFaults::reorderedMessages()
{
    m_proxy->begin(Fault::Reorder);
    writeOnTheServer(u"theirs"_s, u"server 1"_s);
    for (int version = 1; version < 10; ++version) {
        const QJsonObject answer = m_server->execute(
            u"mutation($name: String!, $version: Int!) { updateProduct(input: {id: \"theirs\", name: $name, _version: $version}) { id name _version "
             "_lastChangedAt _deleted } }"_s,
            {{u"name"_s, u"server %1"_s.arg(version + 1)}, {u"version"_s, version}});
        QVERIFY(!answer.contains("errors"_L1));
    }
    QVERIFY(QTest::qWaitFor([this] { return m_proxy->faults() > 0; }, notices));
    m_device->save(u"mine"_s, u"device"_s);
    m_proxy->heal();
    QVERIFY(levelWithin(heals));
    QCOMPARE(m_device->products().value(u"theirs"_s), u"server 10"_s);
    QVERIFY(m_device->errors.isEmpty());
}

void TestFaults::serverRestart()
{
    writeOnTheServer(u"theirs"_s, u"server"_s);
    m_server->stop();
    m_device->save(u"mine"_s, u"device"_s);
    QVERIFY(QTest::qWaitFor([this] { return !m_device->errors.isEmpty(); }, notices));
    lasts(3);
    m_server->start();
    QVERIFY(levelWithin(heals));
    QCOMPARE(m_device->products().size(), 4);
    told({Error::Code::Network});
}

void TestFaults::clockJumps_data()
{
    constexpr qint64 day = 24 * 3600 * 1000;
    QTest::addColumn<qint64>("jump");
    QTest::newRow("an hour ahead") << day / 24;
    QTest::newRow("ten years ahead") << 3650 * day;
    QTest::newRow("an hour back") << -day / 24;
    QTest::newRow("ten years back") << -3650 * day;
}

void TestFaults::clockJumps()
{
    QFETCH(const qint64, jump);
    m_device->clock.skew = jump;
    m_device->save(u"mine"_s, u"device"_s);
    writeOnTheServer(u"theirs"_s, u"server"_s);
    QVERIFY(levelWithin(heals));
    m_proxy->begin(Fault::Reset);
    m_device->clock.skew = -jump;
    m_device->save(u"mine, too"_s, u"device"_s);
    writeOnTheServer(u"theirs, too"_s, u"server"_s);
    QVERIFY(QTest::qWaitFor([this] { return !m_device->errors.isEmpty(); }, notices));
    m_proxy->heal();
    m_device->clock.skew = 0;
    QVERIFY(levelWithin(heals));
    QCOMPARE(m_device->products().size(), 6);
    told({Error::Code::Network});
}

QTEST_GUILESS_MAIN(TestFaults)
#include "tst_faults.moc"
