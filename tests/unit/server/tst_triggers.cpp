// SPDX-License-Identifier: MIT
#include "triggerfixture.h"

#include <map>
#include <random>

using namespace BackendFixture;
using namespace std::chrono_literals;

class TestTriggers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void tellsOfChanges();
    void tellsWhoChanged();
    void tellsOnlyWhatIsAskedFor();
    void eachTriggerHasItsOwnEvents();
    void refusedMutationsAreNoEvents();
    void writesNothingWithoutTriggers();
    void signsTheBody();
    void keepsTheOrderOfARecord();
    void keepsTheOrderWithinATransaction();
    void otherRecordsGoOn();
    void sendsABoundedNumberAtOnce();
    void aSlowReceiverStopsNoOther();
    void triesAgainWithTheSameBody();
    void pausesDoubleUpToALimit();
    void givesUpAfterAttempts();
    void givesUpByAge();
    void replaysOldEvents();
    void aReplayedEventWaitsForTheOneUnderWay();
    void discardsDeadLetters();
    void deliversAfterAKillBetweenCommitAndDelivery();
    void anotherNodeTakesOver();
    void aNodeThatIsTooSlowChangesNothing();
    void anEndedNodeGivesBack();
    void twoNodesDeliverEachEventOnce();
    void goesOnWhenTheDatabaseIsBack();
    void tellsOfEachOutageOfTheDatabase();
    void anEndedNodeGivesBackWhatItJustTook();
    void forgottenTriggersKeepTheirEvents();
    void eventsFollowARenamedModel();
    void deliversWhatWasCommitted_data();
    void deliversWhatWasCommitted();
    void theBackendDelivers();
    void theBackendDeliversAfterItsRestart();
    void liveNodesDeliverEachEventOnce();
    void refusesTriggers_data();
    void refusesTriggers();
    void parses_data();
    void parses();

private:
    void open(std::vector<Trigger> triggers);
    [[nodiscard]] std::unique_ptr<Node> node(TriggerOptions options = {});
    void create(const QString &id) { change(u"create"_s, {{u"id"_s, id}, {u"text"_s, u"x"_s}}); }
    void update(const QString &id, int version) { change(u"update"_s, {{u"id"_s, id}, {u"text"_s, u"v%1"_s.arg(version)}, {u"_version"_s, version}}); }
    void change(const QString &verb, const QJsonObject &input);
    void advance(std::chrono::milliseconds time);
    [[nodiscard]] std::vector<DeadEvent> dead() const;

    Schema m_schema;
    std::unique_ptr<TestBackend> m_backend;
    std::unique_ptr<ManualScheduler> m_time;
    std::unique_ptr<Receiver> m_receiver;
    std::vector<Trigger> m_triggers;
};

void TestTriggers::initTestCase()
{
    m_schema = Schema::parse(u"type Item @model @auth(rules: [{allow: public}]) { id: ID! text: String number: Int real: Float tags: [String] }\n"
                             "type Other @model @auth(rules: [{allow: public}]) { id: ID! text: String }"_s).value();
}

void TestTriggers::init()
{
    m_time = std::make_unique<ManualScheduler>(1, startOfTime);
    m_receiver = std::make_unique<Receiver>(*m_time);
    open({triggerFor(u"Item"_s)});
}

void TestTriggers::cleanup()
{
    m_backend.reset();
    m_receiver.reset();
    m_time.reset();
}

void TestTriggers::open(std::vector<Trigger> triggers)
{
    m_triggers = std::move(triggers);
    BackendOptions options;
    options.triggers = m_triggers;
    options.triggerOptions.deliver = false;
    options.durable = false;
    m_backend = std::make_unique<TestBackend>(m_schema, options);
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
}

std::unique_ptr<Node> TestTriggers::node(TriggerOptions options)
{
    return std::make_unique<Node>(*m_time, *m_receiver, m_backend->path(), m_triggers, options);
}

void TestTriggers::change(const QString &verb, const QJsonObject &input)
{
    const QJsonObject response = m_backend->mutate(verb, u"Item"_s, input, u"id"_s);
    QVERIFY2(!response.contains("errors"_L1), QJsonDocument(response).toJson().constData());
}

void TestTriggers::advance(std::chrono::milliseconds time)
{
    m_time->advance(time.count());
    m_backend->now = m_time->now();
}

std::vector<DeadEvent> TestTriggers::dead() const
{
    const auto letters = DeadLetters::open(m_backend->path());
    return letters ? (*letters)->list(0, 100).valueOr({}) : std::vector<DeadEvent>();
}

void TestTriggers::tellsOfChanges()
{
    change(u"create"_s, {{u"id"_s, u"a"_s}, {u"text"_s, u"ü \" \n"_s}, {u"number"_s, 7}, {u"real"_s, 2.5}, {u"tags"_s, QJsonArray{u"x"_s, u"y"_s}}});
    m_backend->now += 5;
    change(u"update"_s, {{u"id"_s, u"a"_s}, {u"number"_s, 8}, {u"_version"_s, 1}});
    change(u"delete"_s, {{u"id"_s, u"a"_s}, {u"_version"_s, 2}});
    const auto deliverer = node();
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.2"_s, u"a.3"_s}));
    QSet<QString> ids;
    for (int i = 0; i < 3; ++i) {
        const QJsonObject &event = m_receiver->log[size_t(i)].event;
        ids.insert(event["id"_L1].toString());
        QCOMPARE(event["sequence"_L1].toInt(), i + 1);
        QCOMPARE(event["model"_L1].toString(), u"Item"_s);
        QCOMPARE(event["operation"_L1].toString(), (QStringList{u"create"_s, u"update"_s, u"delete"_s}[i]));
        QCOMPARE(event["record"_L1]["number"_L1].toInt(), i == 0 ? 7 : 8);
        QCOMPARE(event["record"_L1]["tags"_L1], (QJsonArray{u"x"_s, u"y"_s}));
        QCOMPARE(event["old"_L1].isNull(), i == 0);
        QCOMPARE(event["deleted"_L1].toBool(), i == 2);
        QCOMPARE(qint64(event["changedAt"_L1].toDouble()), startOfTime + (i == 0 ? 0 : 5));
        QVERIFY(!event.contains("subject"_L1));
    }
    QCOMPARE(ids.size(), 3);
    QCOMPARE(m_receiver->log[0].event["record"_L1]["text"_L1].toString(), u"ü \" \n"_s);
    QCOMPARE(m_receiver->log[1].event["old"_L1]["number"_L1].toInt(), 7);
    QCOMPARE(m_receiver->log[0].request.url, m_triggers.front().url);
    QCOMPARE(deliverer->store.number(u"SELECT COUNT(*) FROM tl_event"_s), 0);
    QCOMPARE(deliverer->metrics.eventsDelivered.value(), 3);
}

void TestTriggers::tellsWhoChanged()
{
    Identity anna;
    anna.subject = u"anna"_s;
    const QJsonObject created = m_backend->runAs(anna, u"mutation { createItem(input: {id: \"a\"}) { id } }"_s);
    QVERIFY(!created.contains("errors"_L1));
    create(u"b"_s);
    const auto deliverer = node();
    advance(10ms);
    QCOMPARE(m_receiver->log.size(), size_t(2));
    QCOMPARE(m_receiver->log[0].event["subject"_L1].toString(), u"anna"_s);
    QVERIFY(!m_receiver->log[1].event.contains("subject"_L1));
}

void TestTriggers::tellsOnlyWhatIsAskedFor()
{
    open({triggerFor(u"Item"_s, TriggerOperation::Update)});
    create(u"a"_s);
    update(u"a"_s, 1);
    QVERIFY(!m_backend->mutate(u"create"_s, u"Other"_s, {{u"id"_s, u"o"_s}}, u"id"_s).contains("errors"_L1));
    const auto deliverer = node();
    advance(10ms);
    QCOMPARE(m_receiver->labels(), QStringList(u"a.2"_s));
}

void TestTriggers::eachTriggerHasItsOwnEvents()
{
    Trigger second = triggerFor(u"Item"_s);
    second.name = u"second"_s;
    open({triggerFor(u"Item"_s), second});
    create(u"a"_s);
    const auto deliverer = node();
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.1"_s}));
    QVERIFY(m_receiver->log[0].event["id"_L1] != m_receiver->log[1].event["id"_L1]);
}

void TestTriggers::refusedMutationsAreNoEvents()
{
    create(u"a"_s);
    QVERIFY(m_backend->mutate(u"create"_s, u"Item"_s, {{u"id"_s, u"a"_s}, {u"text"_s, u"y"_s}}, u"id"_s).contains("errors"_L1));
    QVERIFY(m_backend->mutate(u"delete"_s, u"Item"_s, {{u"id"_s, u"a"_s}, {u"_version"_s, 9}}, u"id"_s).contains("errors"_L1));
    const QString both = u"mutation { one: updateItem(input: {id: \"a\", text: \"1\", _version: 1}) { id } "
                         "two: updateItem(input: {id: \"a\", text: \"2\", _version: 2}) { id } }"_s;
    QVERIFY(!m_backend->run(both).contains("errors"_L1));
    const auto deliverer = node();
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.2"_s, u"a.3"_s}));
    QCOMPARE(m_receiver->log[2].event["old"_L1]["text"_L1].toString(), u"1"_s);
}

void TestTriggers::writesNothingWithoutTriggers()
{
    open({});
    create(u"a"_s);
    DatabaseStore store(m_backend->path());
    QCOMPARE(store.number(u"SELECT COUNT(*) FROM tl_event"_s), 0);
}

void TestTriggers::signsTheBody()
{
    create(u"a"_s);
    const auto deliverer = node();
    advance(10ms);
    const Sending &sent = m_receiver->log.at(0);
    const QByteArray signature = sent.header("x-tideline-signature");
    const QByteArray &body = sent.request.body;
    const qint64 now = startOfTime / 1000;
    QVERIFY2(signature.startsWith("t=" + QByteArray::number(now) + ",v1="), signature.constData());
    QVERIFY(verifySignature(signature, body, theSecret, now));
    QVERIFY(verifySignature(signature, body, theSecret, now + 300));
    QVERIFY(!verifySignature(signature, body, theSecret, now + 301));
    QVERIFY(!verifySignature(signature, body + ' ', theSecret, now));
    QVERIFY(!verifySignature(signature, body, "another secret", now));
    QVERIFY(!verifySignature("", body, theSecret, now));
    QVERIFY(!verifySignature(QByteArray(signature).replace("t=1", "t=2"), body, theSecret, now));
    // HMAC-SHA256 of "1700000000.{}" as openssl dgst -sha256 -hmac prints it
    QCOMPARE(signatureOf("{}", "key", 1'700'000'000), QByteArray("t=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae"));
    QCOMPARE(sent.header("x-tideline-attempt"), QByteArray("1"));
}

void TestTriggers::keepsTheOrderOfARecord()
{
    create(u"a"_s);
    update(u"a"_s, 1);
    m_receiver->decide = [](const Sending &) { return Receiver::Answer(); };
    const auto deliverer = node();
    advance(1s);
    QCOMPARE(m_receiver->labels(), QStringList(u"a.1"_s));
    update(u"a"_s, 2);
    deliverer->wake();
    advance(1s);
    QCOMPARE(m_receiver->log.size(), size_t(1));
    m_receiver->log[0].answer(FetchAnswer{204});
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.2"_s}));
    m_receiver->log[1].answer(FetchAnswer{200});
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.2"_s, u"a.3"_s}));
}

void TestTriggers::keepsTheOrderWithinATransaction()
{
    const QString both = u"mutation { one: createItem(input: {id: \"a\"}) { id } "
                         "two: updateItem(input: {id: \"a\", text: \"2\", _version: 1}) { id } }"_s;
    QVERIFY(!m_backend->run(both).contains("errors"_L1));
    m_receiver->decide = [](const Sending &) { return Receiver::Answer(); };
    const auto deliverer = node();
    advance(1s);
    QCOMPARE(m_receiver->labels(), QStringList(u"a.1"_s));
    m_receiver->log[0].answer(FetchAnswer{200});
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.2"_s}));
}

void TestTriggers::otherRecordsGoOn()
{
    create(u"a"_s);
    update(u"a"_s, 1);
    create(u"b"_s);
    m_receiver->decide = [](const Sending &sent) { return sent.key() == u"a"_s ? FetchAnswer{503} : FetchAnswer{200}; };
    const auto deliverer = node();
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"b.1"_s}));
}

void TestTriggers::sendsABoundedNumberAtOnce()
{
    for (int i = 0; i < 5; ++i)
        create(QString::number(i));
    m_receiver->decide = [](const Sending &) { return Receiver::Answer(); };
    const auto deliverer = node({.maxConcurrent = 2});
    advance(5s);
    QCOMPARE(m_receiver->log.size(), size_t(2));
    QCOMPARE(deliverer->metrics.eventsUnderWay.value(), 2);
    m_receiver->log[1].answer(FetchAnswer{200});
    advance(1s);
    QCOMPARE(m_receiver->labels(), (QStringList{u"0.1"_s, u"1.1"_s, u"2.1"_s}));
}

void TestTriggers::aSlowReceiverStopsNoOther()
{
    Trigger other = triggerFor(u"Other"_s);
    other.url = QUrl(u"http://127.0.0.1:2/other"_s);
    open({triggerFor(u"Item"_s), other});
    create(u"a"_s);
    create(u"b"_s);
    m_receiver->decide = [](const Sending &sent) {
        return sent.request.url.port() == 1 ? Receiver::Answer() : Receiver::Answer(FetchAnswer{200});
    };
    const auto deliverer = node({.maxConcurrent = 2});
    advance(1s);
    QVERIFY(!m_backend->mutate(u"create"_s, u"Other"_s, {{u"id"_s, u"o"_s}}, u"id"_s).contains("errors"_L1));
    deliverer->wake();
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"b.1"_s, u"o.1"_s}));
}

void TestTriggers::triesAgainWithTheSameBody()
{
    create(u"a"_s);
    m_receiver->decide = [this](const Sending &) {
        switch (m_receiver->log.size()) {
        case 1:
            return Receiver::Answer(FetchAnswer{500});
        case 2:
            return Receiver::Answer(Error(Error::Code::Network, u"refused"_s));
        case 3:
            return Receiver::Answer(FetchAnswer{302});
        default:
            return Receiver::Answer(FetchAnswer{200});
        }
    };
    const auto deliverer = node();
    advance(60s);
    QCOMPARE(m_receiver->log.size(), size_t(4));
    for (size_t i = 0; i < 4; ++i) {
        QCOMPARE(m_receiver->log[i].request.body, m_receiver->log[0].request.body);
        QCOMPARE(m_receiver->log[i].header("x-tideline-attempt"), QByteArray::number(int(i) + 1));
        QVERIFY(verifySignature(m_receiver->log[i].header("x-tideline-signature"), m_receiver->log[i].request.body, theSecret,
                                m_receiver->log[i].time / 1000, 0));
    }
    QCOMPARE(deliverer->metrics.eventsFailed.value(), 3);
    QCOMPARE(deliverer->store.number(u"SELECT COUNT(*) FROM tl_event"_s), 0);
}

void TestTriggers::pausesDoubleUpToALimit()
{
    create(u"a"_s);
    m_receiver->decide = [](const Sending &) { return FetchAnswer{500}; };
    const auto deliverer = node({.firstPause = 100ms, .maxPause = 10s, .maxAge = 0ms});
    advance(10min);
    QVERIFY(m_receiver->log.size() > 60);
    qint64 longest = 100;
    QSet<qint64> pauses;
    for (size_t i = 1; i < m_receiver->log.size(); ++i) {
        const qint64 pause = m_receiver->log[i].time - m_receiver->log[i - 1].time;
        QVERIFY2(pause >= longest / 2 && pause <= longest + 1, qPrintable(u"%1: %2"_s.arg(i).arg(pause)));
        longest = std::min<qint64>(10'000, longest * 2);
        pauses.insert(pause);
    }
    QVERIFY(pauses.size() > 20);                    // chance has a part in it
    QVERIFY(deliverer->reports.isEmpty());
}

void TestTriggers::givesUpAfterAttempts()
{
    create(u"a"_s);
    update(u"a"_s, 1);
    m_receiver->decide = [](const Sending &sent) { return FetchAnswer{sent.event["version"_L1] == 1 ? 422 : 200}; };
    const auto deliverer = node({.maxAttempts = 3});
    advance(60s);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.1"_s, u"a.1"_s, u"a.2"_s}));
    const std::vector<DeadEvent> letters = dead();
    QCOMPARE(letters.size(), size_t(1));
    QCOMPARE(letters[0].id, m_receiver->log[0].event["id"_L1].toString());
    QCOMPARE(letters[0].seq, 1);
    QCOMPARE(letters[0].model, u"Item"_s);
    QCOMPARE(letters[0].key, u"a"_s);
    QCOMPARE(letters[0].attempts, 3);
    QCOMPARE(letters[0].reason, u"HTTP 422"_s);
    QCOMPARE(letters[0].gaveUpAt, m_receiver->log[2].time);
    QCOMPARE(letters[0].body.toUtf8(), m_receiver->log[0].request.body);
    QCOMPARE(deliverer->reports.size(), 1);
    QVERIFY2(deliverer->reports.first().contains(letters[0].id), qPrintable(deliverer->reports.first()));
    QCOMPARE(deliverer->metrics.deadLetters.value(), 1);
}

void TestTriggers::givesUpByAge()
{
    create(u"a"_s);
    m_receiver->decide = [](const Sending &) { return Receiver::Answer(Error(Error::Code::Timeout, u"No answer came in time."_s)); };
    const auto deliverer = node({.maxPause = 60s, .maxAge = 1h});
    advance(59min);
    QVERIFY(dead().empty());
    advance(3min);
    QCOMPARE(dead().size(), size_t(1));
    QCOMPARE(dead()[0].reason, u"No answer came in time."_s);
    const size_t sent = m_receiver->log.size();
    advance(2h);
    QCOMPARE(m_receiver->log.size(), sent);
}

void TestTriggers::replaysOldEvents()
{
    create(u"a"_s);
    update(u"a"_s, 1);
    m_receiver->decide = [](const Sending &sent) { return FetchAnswer{sent.event["version"_L1] == 1 ? 500 : 200}; };
    const auto deliverer = node({.maxAttempts = 1});
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.2"_s}));
    m_receiver->decide = {};
    const auto letters = DeadLetters::open(m_backend->path());
    QVERIFY(letters);
    QCOMPARE((*letters)->replay({u"nobody"_s, dead()[0].id}, m_time->now()).valueOr(-1), 1);
    advance(2s);                                    // at the next look
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.2"_s, u"a.1"_s}));
    QCOMPARE(m_receiver->log[2].request.body, m_receiver->log[0].request.body);
    QVERIFY(dead().empty());
}

void TestTriggers::aReplayedEventWaitsForTheOneUnderWay()
{
    create(u"a"_s);
    update(u"a"_s, 1);
    update(u"a"_s, 2);
    m_receiver->decide = [](const Sending &sent) { return sent.event["version"_L1] == 1 ? Receiver::Answer(FetchAnswer{500}) : Receiver::Answer(); };
    const auto deliverer = node({.maxAttempts = 1});
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.2"_s}));
    m_receiver->decide = {};
    QCOMPARE((*DeadLetters::open(m_backend->path()))->replay({dead()[0].id}, m_time->now()).valueOr(-1), 1);
    advance(5s);
    QCOMPARE(m_receiver->log.size(), size_t(2));
    m_receiver->log[1].answer(FetchAnswer{200});
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.2"_s, u"a.1"_s, u"a.3"_s}));
}

void TestTriggers::discardsDeadLetters()
{
    create(u"a"_s);
    create(u"b"_s);
    m_receiver->decide = [](const Sending &) { return FetchAnswer{500}; };
    const auto deliverer = node({.maxAttempts = 1});
    advance(10ms);
    const auto letters = DeadLetters::open(m_backend->path());
    QCOMPARE(dead().size(), size_t(2));
    QCOMPARE((*letters)->discard({dead()[0].id}).valueOr(-1), 1);
    QCOMPARE(dead().size(), size_t(1));
    QCOMPARE(dead()[0].key, u"b"_s);
    create(u"c"_s);                                 // one that waits is none
    const QString waiting = u"SELECT COUNT(*) FROM tl_event WHERE state = 0"_s;
    QCOMPARE(deliverer->store.number(waiting), 1);
}

void TestTriggers::deliversAfterAKillBetweenCommitAndDelivery()
{
    create(u"a"_s);
    auto first = node();
    first->kill();                                  // before anything was taken
    const auto second = node();
    advance(10ms);
    QCOMPARE(m_receiver->labels(), QStringList(u"a.1"_s));
}

void TestTriggers::anotherNodeTakesOver()
{
    create(u"a"_s);
    update(u"a"_s, 1);
    m_receiver->decide = [](const Sending &) { return Receiver::Answer(); };
    auto first = node({.lease = 30s});
    advance(1s);
    first->kill();
    m_receiver->decide = {};
    const auto second = node({.lease = 30s});
    advance(28s);
    QCOMPARE(m_receiver->labels(), QStringList(u"a.1"_s));
    advance(2s);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.1"_s, u"a.2"_s}));
    QCOMPARE(m_receiver->log[1].request.body, m_receiver->log[0].request.body);
    QCOMPARE(m_receiver->log[1].header("x-tideline-attempt"), QByteArray("2"));
}

void TestTriggers::aNodeThatIsTooSlowChangesNothing()
{
    create(u"a"_s);
    update(u"a"_s, 1);
    m_receiver->decide = [](const Sending &) { return Receiver::Answer(); };
    const auto slow = node({.lease = 30s});
    advance(1s);
    const auto other = node({.lease = 30s});
    advance(30s);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.1"_s}));
    m_receiver->log[0].answer(FetchAnswer{200});
    advance(5s);
    QCOMPARE(m_receiver->log.size(), size_t(2));    // the record's next event waits for the other node's answer
    m_receiver->log[1].answer(FetchAnswer{500});
    m_receiver->decide = {};
    advance(10s);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.1"_s, u"a.1"_s, u"a.2"_s}));
}

void TestTriggers::anEndedNodeGivesBack()
{
    create(u"a"_s);
    m_receiver->decide = [](const Sending &) { return Receiver::Answer(); };
    const auto first = node();
    advance(1s);
    first->end();
    m_receiver->log[0].answer(FetchAnswer{200});    // comes too late to count
    m_receiver->decide = {};
    const auto second = node();
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.1"_s}));
    QCOMPARE(m_receiver->log[1].header("x-tideline-attempt"), QByteArray("1"));
    QCOMPARE(second->store.number(u"SELECT COUNT(*) FROM tl_event"_s), 0);
}

void TestTriggers::twoNodesDeliverEachEventOnce()
{
    Receiver other(*m_time);
    const auto first = node();
    const Node second(*m_time, other, m_backend->path(), m_triggers, {});
    for (int i = 0; i < 40; ++i) {
        create(QString::number(i));
        if (i % 10 == 9)
            advance(1s);
    }
    advance(1s);
    QStringList all = m_receiver->labels() + other.labels();
    QCOMPARE(all.size(), 40);
    QCOMPARE(all.removeDuplicates(), 0);
}

void TestTriggers::goesOnWhenTheDatabaseIsBack()
{
    create(u"a"_s);
    bool broken = false;
    const auto deliverer = node();
    deliverer->store.failing = [&broken] { return broken; };
    m_receiver->decide = [&broken](const Sending &) {
        broken = true;                              // what became of it cannot be written
        return FetchAnswer{200};
    };
    advance(10s);
    QCOMPARE(m_receiver->log.size(), size_t(1));
    QCOMPARE(deliverer->reports.size(), 1);
    QVERIFY(deliverer->reports.first().contains(u"broken"_s));
    broken = false;
    advance(60s);
    QCOMPARE(m_receiver->log.size(), size_t(1));
    QCOMPARE(deliverer->store.number(u"SELECT COUNT(*) FROM tl_event"_s), 0);
}

void TestTriggers::tellsOfEachOutageOfTheDatabase()
{
    bool broken = false;
    const auto deliverer = node();
    deliverer->store.failing = [&broken] { return broken; };
    for (int outage = 1; outage <= 2; ++outage) {
        broken = true;
        advance(10s);
        QCOMPARE(deliverer->reports.size(), outage);
        broken = false;
        advance(10s);                               // nothing to send, only looks
    }
}

void TestTriggers::anEndedNodeGivesBackWhatItJustTook()
{
    create(u"a"_s);
    const auto first = node();
    first->store.holding = true;
    advance(10ms);
    QCOMPARE(first->store.held.size(), size_t(1));
    first->end();
    first->store.holding = false;
    first->store.held.front()();
    QVERIFY(m_receiver->log.empty());
    const auto second = node();
    advance(10ms);
    QCOMPARE(m_receiver->labels(), QStringList{u"a.1"_s});
    QCOMPARE(m_receiver->log[0].header("x-tideline-attempt"), QByteArray("1"));
}

void TestTriggers::forgottenTriggersKeepTheirEvents()
{
    create(u"a"_s);
    const std::vector<Trigger> triggers = std::exchange(m_triggers, {triggerFor(u"Other"_s)});
    const auto without = node();
    advance(10s);
    QVERIFY(m_receiver->log.empty());
    m_triggers = triggers;
    const auto with = node();
    advance(10ms);
    QCOMPARE(m_receiver->labels(), QStringList(u"a.1"_s));
}

// One that waits goes to the trigger that the model's new name makes, before what comes later of the record.
void TestTriggers::eventsFollowARenamedModel()
{
    create(u"a"_s);
    m_backend->options().triggers = m_triggers = {triggerFor(u"Article"_s)};
    m_backend->reopen(Schema::parse(m_schema.source().replace(u"type Item @model"_s, u"type Article @model @renamedFrom(name: \"Item\")"_s)).value());
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
    QVERIFY(!m_backend->mutate(u"update"_s, u"Article"_s, {{u"id"_s, u"a"_s}, {u"text"_s, u"y"_s}, {u"_version"_s, 1}}, u"id"_s).contains("errors"_L1));
    m_receiver->decide = [](const Sending &) { return Receiver::Answer(); };
    const auto deliverer = node();
    advance(10ms);
    QCOMPARE(m_receiver->labels().first(1), QStringList{u"a.1"_s});
    if (!TidelineTest::onPostgres())
        QCOMPARE(m_receiver->log.size(), size_t(1));
    m_receiver->log[0].answer(FetchAnswer{200});
    advance(10ms);
    QCOMPARE(m_receiver->labels(), (QStringList{u"a.1"_s, u"a.2"_s}));
}

void TestTriggers::deliversWhatWasCommitted_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 6; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

/*
    Changes, failures of every kind, nodes that die; then everything works again. Every change must have come, and to
    each record in the order of its versions, repetitions of the last one allowed.
*/
void TestTriggers::deliversWhatWasCommitted()
{
    QFETCH(int, seed);
    std::mt19937 random{unsigned(seed)};
    const auto below = [&random](int limit) { return int(random() % unsigned(limit)); };
    bool calm = false;
    std::map<QString, int> versions;                // the naive model: the versions of each record that were committed
    std::map<QString, QSet<int>> accepted;
    m_receiver->decide = [&](const Sending &sent) -> Receiver::Answer {
        const int kind = calm ? 0 : below(8);
        if (kind < 4)
            accepted[sent.key()].insert(sent.event["version"_L1].toInt());
        if (kind < 3)
            return FetchAnswer{200};
        if (kind == 3)
            return Receiver::Answer(Error(Error::Code::Network, u"the answer was lost"_s));
        if (kind == 4)
            return FetchAnswer{500};
        m_time->startTimer(kind == 5 ? 10'000 : below(5000), [this, kind, at = m_receiver->log.size() - 1] {
            m_receiver->log[at].answer(kind == 5 ? Result<FetchAnswer>(Error(Error::Code::Timeout, u"late"_s)) : Result<FetchAnswer>(FetchAnswer{503}));
        });
        return {};
    };
    const TriggerOptions options{.maxConcurrent = 3, .maxPause = 20s};
    std::vector<std::unique_ptr<Node>> nodes, gone;
    nodes.resize(2);
    for (int step = 0; step < 200; ++step) {
        auto &some = nodes[size_t(below(2))];
        const int kind = below(20);
        if (!some) {
            some = node(options);
            some->store.failing = [&] { return !calm && below(10) == 0; };
        } else if (kind == 0) {
            some->kill();
            gone.push_back(std::move(some));
        } else if (kind == 1) {
            some->end();
            gone.push_back(std::move(some));
        } else if (kind < 8) {
            const QString id = u"r%1"_s.arg(below(6));
            int &version = versions[id];
            if (version == 0)
                create(id);
            else
                update(id, version);
            ++version;
            some->wake();
        } else {
            advance(std::chrono::milliseconds(below(4000)));
        }
    }
    calm = true;
    gone.push_back(node(options));
    advance(2min);
    QCOMPARE(gone.back()->store.number(u"SELECT COUNT(*) FROM tl_event"_s), 0);
    for (const auto &[id, version] : versions)
        QCOMPARE(accepted[id].size(), version);
    std::map<QString, int> last;
    for (const Sending &sent : m_receiver->log) {
        const int version = sent.event["version"_L1].toInt();
        QVERIFY2(version == last[sent.key()] || version == last[sent.key()] + 1, qPrintable(sent.label()));
        last[sent.key()] = version;
    }
}

// Answers 200 on a thread of its own and keeps the events.
class LiveReceiver final : public Fetcher
{
public:
    void fetch(const FetchRequest &request, std::function<void(Result<FetchAnswer>)> done) override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_events.append(QJsonDocument::fromJson(request.body).object());
        }
        done(FetchAnswer{refusing ? 503 : 200});
    }
    [[nodiscard]] QStringList labels() const
    {
        const std::lock_guard lock(m_mutex);
        QStringList labels;
        for (const QJsonObject &event : m_events)
            labels.append(u"%1.%2"_s.arg(event["record"_L1]["id"_L1].toString()).arg(event["version"_L1].toInt()));
        return labels;
    }
    std::atomic<bool> refusing = false;

private:
    mutable std::mutex m_mutex;
    QList<QJsonObject> m_events;
};

void TestTriggers::theBackendDelivers()
{
    LiveReceiver receiver;
    const auto metrics = std::make_shared<Metrics>();
    BackendOptions options;
    options.metrics = metrics;
    options.triggers = {triggerFor(u"Item"_s)};
    options.triggerOptions.fetcher = &receiver;
    m_backend = std::make_unique<TestBackend>(m_schema, options);
    QVERIFY(m_backend->backend);
    m_backend->now = QDateTime::currentMSecsSinceEpoch();
    create(u"a"_s);
    update(u"a"_s, 1);
    QTRY_COMPARE(receiver.labels(), (QStringList{u"a.1"_s, u"a.2"_s}));
    QTRY_COMPARE(metrics->eventsDelivered.value(), 2);
    m_backend->backend.reset();
}

void TestTriggers::theBackendDeliversAfterItsRestart()
{
    LiveReceiver receiver;
    receiver.refusing = true;
    const auto metrics = std::make_shared<Metrics>();
    BackendOptions options;
    options.metrics = metrics;
    options.triggers = {triggerFor(u"Item"_s)};
    options.triggerOptions.fetcher = &receiver;
    options.triggerOptions.firstPause = 1h;
    m_backend = std::make_unique<TestBackend>(m_schema, options);
    m_backend->now = QDateTime::currentMSecsSinceEpoch();
    create(u"a"_s);
    update(u"a"_s, 1);
    QTRY_COMPARE(metrics->eventsFailed.value(), 1);
    if (TidelineTest::onPostgres())
        QSKIP("On a shared database another node's pause is respected.");
    receiver.refusing = false;
    m_backend->reopen();
    QTRY_COMPARE(receiver.labels(), (QStringList{u"a.1"_s, u"a.1"_s, u"a.2"_s}));
    m_backend->backend.reset();
}

void TestTriggers::liveNodesDeliverEachEventOnce()
{
    if (!TidelineTest::onPostgres())
        QSKIP("A SQLite file has one server.");
    LiveReceiver receiver;
    BackendOptions options;
    const auto metrics = std::make_shared<Metrics>();
    options.metrics = metrics;
    options.databasePath = m_backend->path();
    options.triggers = m_triggers;
    options.triggerOptions.fetcher = &receiver;
    options.clock = [] { return QDateTime::currentMSecsSinceEpoch(); };
    auto first = Backend::open(m_schema, options);
    auto second = Backend::open(m_schema, options);
    QVERIFY(first && second);
    constexpr int records = 20, versions = 5;
    std::atomic<int> answered = 0;
    for (int version = 0; version < versions; ++version) {
        for (int i = 0; i < records; ++i) {
            const QString document = version == 0 ? u"mutation { createItem(input: {id: \"%1\"}) { id } }"_s.arg(i)
                                                  : u"mutation { updateItem(input: {id: \"%1\", number: %2, _version: %2}) { id } }"_s.arg(i).arg(version);
            ((i + version) % 2 ? *first : *second)->execute({document, {}, {}, {}}, [&answered](const QByteArray &answer) {
                if (!answer.contains("errors"))
                    ++answered;
            });
        }
        QTRY_COMPARE_WITH_TIMEOUT(answered.load(), (version + 1) * records, 30'000);
    }
    QTRY_COMPARE_WITH_TIMEOUT(receiver.labels().size(), records * versions, 30'000);
    QTRY_COMPARE(metrics->eventsDelivered.value(), records * versions);
    QMap<QString, int> last;
    for (const QString &label : receiver.labels()) {
        const QStringList parts = label.split(u'.');
        QCOMPARE(parts[1].toInt(), ++last[parts[0]]);
    }
    (*first)->close();
    (*second)->close();
}

void TestTriggers::refusesTriggers_data()
{
    QTest::addColumn<Trigger>("trigger");
    QTest::addColumn<QString>("words");
    Trigger unknown = triggerFor(u"Nothing"_s), unsafe = triggerFor(u"Item"_s), open = triggerFor(u"Item"_s), idle = triggerFor(u"Item"_s, {});
    unsafe.url = QUrl(u"http://erp.example/"_s);
    open.secret.clear();
    QTest::newRow("of no model") << unknown << u"\"Nothing\", which is no model type"_s;
    QTest::newRow("without TLS") << unsafe << u"needs an https URL"_s;
    QTest::newRow("without a secret") << open << u"no secret"_s;
    QTest::newRow("for no operation") << idle << u"no operation"_s;
    QTest::newRow("twice") << triggerFor(u"Other"_s) << u"given twice"_s;
}

void TestTriggers::refusesTriggers()
{
    QFETCH(Trigger, trigger);
    QFETCH(QString, words);
    const Result<std::unique_ptr<Backend>> backend =
        Backend::open(m_schema, {.databasePath = u"not made"_s, .triggers = {triggerFor(u"Other"_s), trigger}});
    QVERIFY(!backend);
    QCOMPARE(backend.error().code(), Error::Code::InvalidArgument);
    QVERIFY2(backend.error().message().contains(words), qPrintable(backend.error().message()));
    QVERIFY(!backend.error().message().contains(QString::fromLatin1(theSecret)));
}

void TestTriggers::parses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("model");
    QTest::addColumn<int>("operations");
    const QString url = u"=https://erp.example/a?b=c"_s;
    QTest::newRow("all") << u"Item"_s + url << u"Item"_s << 7;
    QTest::newRow("one") << u"Item:update"_s + url << u"Item"_s << 2;
    QTest::newRow("two") << u"Item:create,delete"_s + url << u"Item"_s << 5;
    QTest::newRow("no URL") << u"Item:create"_s << QString() << 0;
    QTest::newRow("no model") << u":create"_s + url << QString() << 0;
    QTest::newRow("another operation") << u"Item:created"_s + url << QString() << 0;
    QTest::newRow("no operation") << u"Item:"_s + url << QString() << 0;
    QTest::newRow("an unsafe URL") << u"Item=http://erp.example"_s << QString() << 0;
    QTest::newRow("nothing") << QString() << QString() << 0;
}

void TestTriggers::parses()
{
    QFETCH(QString, text);
    QFETCH(QString, model);
    const Result<Trigger> trigger = Trigger::parse(text);
    QCOMPARE(trigger.ok(), !model.isEmpty());
    if (!trigger)
        return;
    QCOMPARE(trigger->model, model);
    QTEST(int(trigger->operations.toInt()), "operations");
    QCOMPARE(trigger->url, QUrl(u"https://erp.example/a?b=c"_s));
    QCOMPARE(trigger->target(), model + u" https://erp.example/a"_s);
}

QTEST_GUILESS_MAIN(TestTriggers)
#include "tst_triggers.moc"
