// SPDX-License-Identifier: MIT
#include "backendfixture.h"
#include "fakeconflictfunction.h"

#include <list>
#include <map>
#include <random>

using namespace BackendFixture;

/*
    Several clients, each with the versions it has heard of, write to records of three models with three strategies; answers get lost and
    mutations come again; the conflict function takes its time, so that records move while it is asked. All is compared with a
    model of a few lines, the matrix of section 6.4 of the protocol, and at the end with what syncs and subscriptions brought.
*/
class TestConflictRandom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matchesTheMatrix_data();
    void matchesTheMatrix();

private:
    struct Item
    {
        QJsonObject fields;                     // text, number, tags: all of them, perhaps null
        int version = 1;
        bool deleted = false;
    };
    using Key = std::pair<QString, QString>;    // model and id
    using Items = std::map<Key, Item>;
    struct Sent                                 // a mutation of a client
    {
        int client = 0;
        Key key;
        QString verb;
        QJsonObject input;
    };
    struct Waiting                              // one that the function is asked about
    {
        Sent sent;
        std::future<QByteArray> answer;
        FakeConflictFunction::Question question;
        int askedAt = 0;                        // version
        int asked = 1;
    };
    enum class End { Done, Rejected, ConditionFailed, Failed, Asks };

    [[nodiscard]] int below(int limit) { return int(m_random() % unsigned(limit)); }
    [[nodiscard]] QJsonObject someFields();
    [[nodiscard]] Sent something();
    void step();
    void send(const Sent &sent);
    void decide(std::list<Waiting>::iterator waiting);
    [[nodiscard]] End expected(const Sent &sent);
    [[nodiscard]] End created(const Sent &sent);
    void set(Item &item, const QJsonObject &input, bool merge) const;
    void check(const Sent &sent, End end, const QJsonObject &response);
    void checkQuestion(const Waiting &waiting) const;
    void sync(Items &items, qint64 lastSync);
    static void merge(Items &items, const QString &model, const QJsonObject &record);
    void compare(const Items &items, const char *name) const;

    static inline const QStringList models{u"Merging"_s, u"Strict"_s, u"Asked"_s};
    static inline const QString fields = u"id text number tags _version _deleted"_s;
    static constexpr int clients = 4;

    std::mt19937 m_random;
    std::shared_ptr<FakeConflictFunction> m_function;
    std::unique_ptr<TestBackend> m_backend;
    Items m_items, m_replica;
    std::map<std::pair<int, Key>, int> m_known;     // versions, by client
    std::list<Waiting> m_waiting;
    std::list<Sent> m_again;                        // answers that got lost
    qint64 m_lastSync = 0;
    int m_conflicts = 0;
};

void TestConflictRandom::matchesTheMatrix_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 8; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

QJsonObject TestConflictRandom::someFields()
{
    QJsonObject result;
    if (below(2))
        result.insert(u"text"_s, below(4) ? QJsonValue(u"t%1"_s.arg(below(5))) : QJsonValue());
    if (below(2))
        result.insert(u"number"_s, below(4) ? QJsonValue(below(5)) : QJsonValue());
    if (below(3) == 0)
        result.insert(u"tags"_s, below(4) ? QJsonValue(QJsonArray{u"g%1"_s.arg(below(3))}) : QJsonValue());
    return result;
}

TestConflictRandom::Sent TestConflictRandom::something()
{
    const int what = below(10);
    Sent sent{below(clients), {models.at(below(3)), QString::number(below(5))}, what == 0 ? u"delete"_s : what < 3 ? u"create"_s : u"update"_s, {}};
    if (sent.verb != u"delete"_s)
        sent.input = someFields();
    sent.input.insert(u"id"_s, sent.key.second);
    if (const auto known = m_known.find({sent.client, sent.key}); known != m_known.end() && sent.verb != u"create"_s)
        sent.input.insert(u"_version"_s, known->second + (below(20) == 0 ? 1 : 0));
    return sent;
}

void TestConflictRandom::set(Item &item, const QJsonObject &input, bool merge) const
{
    for (auto it = input.begin(); it != input.end(); ++it) {
        if (!item.fields.contains(it.key()))
            continue;
        const QJsonValue now = item.fields[it.key()];
        if (!merge || now.isNull()) {
            item.fields[it.key()] = it.value();
        } else if (now.isArray() && it.value().isArray()) {
            QJsonArray joined = now.toArray();
            for (const QJsonValue entry : it.value().toArray())
                joined.append(entry);
            item.fields[it.key()] = joined;
        }
    }
}

TestConflictRandom::End TestConflictRandom::created(const Sent &sent)
{
    const auto found = m_items.find(sent.key);
    if (found == m_items.end()) {
        Item &item = m_items[sent.key];
        item.fields = {{u"text"_s, QJsonValue()}, {u"number"_s, QJsonValue()}, {u"tags"_s, QJsonValue()}};
        set(item, sent.input, false);
        return End::Done;
    }
    const Item &item = found->second;
    bool same = item.version == 1 && !item.deleted;         // a create whose answer was lost
    for (const QString &name : item.fields.keys())
        same = same && (sent.input.value(name).isUndefined() || sent.input.value(name).isNull() || sent.input.value(name) == item.fields[name]);
    return same ? End::Done : End::ConditionFailed;
}

// What comes of a mutation; the model is changed by it.
TestConflictRandom::End TestConflictRandom::expected(const Sent &sent)
{
    if (sent.verb == u"create"_s)
        return created(sent);
    const auto found = m_items.find(sent.key);
    if (found == m_items.end())
        return End::ConditionFailed;
    Item &item = found->second;
    const bool conflict = sent.input["_version"_L1].toInt() != item.version;
    const QString &model = sent.key.first;
    if (conflict && !item.deleted && model == u"Asked"_s)
        return End::Asks;
    if (conflict && (item.deleted || model != u"Merging"_s || sent.verb == u"delete"_s))
        return End::Rejected;
    if (sent.verb == u"delete"_s && item.deleted)
        return End::Done;
    if (sent.verb == u"delete"_s)
        item.deleted = true;
    else
        set(item, sent.input, conflict);
    ++item.version;
    return End::Done;
}

void TestConflictRandom::check(const Sent &sent, End end, const QJsonObject &response)
{
    static const QHash<End, QString> types{{End::Done, QString()}, {End::Rejected, u"ConflictUnhandled"_s}, {End::Failed, u"ConflictError"_s},
                                           {End::ConditionFailed, u"ConditionalCheckFailedException"_s}};
    QCOMPARE(firstError(response)["errorType"_L1].toString(), types.value(end));
    const QJsonValue record = end == End::Done ? response["data"_L1][sent.verb + sent.key.first] : firstError(response)["data"_L1];
    QCOMPARE(record.isObject(), end == End::Done || end == End::Rejected);
    m_conflicts += end == End::Rejected || end == End::Failed ? 1 : 0;
    if (!record.isObject())
        return;
    const Item &item = m_items[sent.key];
    for (auto it = item.fields.begin(); it != item.fields.end(); ++it)
        QCOMPARE(record[it.key()], it.value());
    QCOMPARE(record["_version"_L1].toInt(), item.version);
    QCOMPARE(record["_deleted"_L1], item.deleted ? QJsonValue(true) : QJsonValue());
    if (below(4) == 0)
        m_again.push_back(sent);                            // the client has not heard
    else
        m_known[{sent.client, sent.key}] = item.version;
}

void TestConflictRandom::checkQuestion(const Waiting &waiting) const
{
    QVERIFY2(waiting.question.done, "nobody asked the function");
    const QJsonObject existing = waiting.question.event["existingItem"_L1].toObject();
    const Item &item = m_items.at(waiting.sent.key);
    Item wanted = item;
    if (waiting.sent.verb == u"update"_s)
        set(wanted, waiting.sent.input, false);
    QCOMPARE(existing["id"_L1].toString(), waiting.sent.key.second);
    QCOMPARE(existing["_version"_L1].toInt(), item.version);
    for (const QString &name : item.fields.keys()) {
        const QJsonValue newValue = waiting.question.event["newItem"_L1][name];
        QCOMPARE(existing.contains(name) ? existing[name] : QJsonValue(), item.fields[name]);
        QCOMPARE(newValue.isUndefined() ? QJsonValue() : newValue, wanted.fields[name]);
    }
}

void TestConflictRandom::send(const Sent &sent)
{
    const auto promise = std::make_shared<std::promise<QByteArray>>();
    std::future<QByteArray> answer = promise->get_future();
    m_backend->backend->execute({TestBackend::mutation(sent.verb, sent.key.first, fields), {{u"input"_s, sent.input}}, {}, {}},
                                [promise](const QByteArray &response) { promise->set_value(response); });
    const End end = expected(sent);
    if (end == End::Asks) {
        m_waiting.push_back({sent, std::move(answer), m_function->next(), m_items[sent.key].version});
        return checkQuestion(m_waiting.back());
    }
    QVERIFY(answer.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
    check(sent, end, QJsonDocument::fromJson(answer.get()).object());
}

void TestConflictRandom::decide(std::list<Waiting>::iterator waiting)
{
    Item &item = m_items[waiting->sent.key];
    const bool isDelete = waiting->sent.verb == u"delete"_s;
    const bool moved = item.version != waiting->askedAt;
    const QJsonObject decided = someFields();
    const int what = below(6);
    FakeConflictFunction::Answer answer = FakeConflictFunction::action(u"REJECT"_s);
    End end = End::Rejected;
    if (what == 0)
        answer = Error(Error::Code::Timeout, u"late"_s);
    else if (what == 1)
        answer = FakeConflictFunction::action(isDelete ? u"RESOLVE"_s : u"REMOVE"_s);
    else if (what > 2)
        answer = isDelete ? FakeConflictFunction::action(u"REMOVE"_s) : FakeConflictFunction::resolve(decided);
    end = what < 2 ? End::Failed : what == 2 ? End::Rejected : End::Done;
    if (moved)
        end = expected(waiting->sent);
    if (moved && end == End::Asks && waiting->asked == 5)
        end = End::Rejected;
    if (!moved && end == End::Done) {
        item.deleted = isDelete;
        if (!isDelete) {
            for (const QString &name : item.fields.keys())
                item.fields[name] = decided.contains(name) ? decided[name] : QJsonValue();
        }
        ++item.version;
    }
    std::exchange(waiting->question, {}).done(answer);
    if (end == End::Asks) {
        waiting->question = m_function->next();
        waiting->askedAt = item.version;
        ++waiting->asked;
        return checkQuestion(*waiting);
    }
    QVERIFY(waiting->answer.wait_for(std::chrono::seconds(30)) == std::future_status::ready);
    check(waiting->sent, end, QJsonDocument::fromJson(waiting->answer.get()).object());
    m_waiting.erase(waiting);
}

void TestConflictRandom::merge(Items &items, const QString &model, const QJsonObject &record)
{
    items[{model, record["id"_L1].toString()}] = {{{u"text"_s, record["text"_L1]}, {u"number"_s, record["number"_L1]}, {u"tags"_s, record["tags"_L1]}},
                                                  record["_version"_L1].toInt(), record["_deleted"_L1].toBool()};
}

void TestConflictRandom::sync(Items &items, qint64 lastSync)
{
    for (const QString &model : models) {
        QJsonValue token;
        const QString name = u"sync"_s + (model == u"Merging"_s ? u"Mergings"_s : model == u"Strict"_s ? u"Stricts"_s : u"Askeds"_s);
        do {
            const QJsonObject page = m_backend->data(u"query Q($t: String, $s: AWSTimestamp) { %1(limit: 2, nextToken: $t, lastSync: $s) "
                                                     "{ items { %2 } nextToken startedAt } }"_s.arg(name, fields),
                                                     {{u"t"_s, token}, {u"s"_s, lastSync}}).toObject();
            for (const QJsonValue record : page["items"_L1].toArray())
                merge(items, model, record.toObject());
            token = page["nextToken"_L1];
            m_lastSync = page["startedAt"_L1].toInteger();
        } while (!token.isNull());
    }
}

void TestConflictRandom::compare(const Items &items, const char *name) const
{
    QVERIFY2(items.size() == m_items.size(), name);
    for (const auto &[key, item] : m_items) {
        const auto found = items.find(key);
        QVERIFY2(found != items.end() && found->second.fields == item.fields && found->second.version == item.version
                     && found->second.deleted == item.deleted, qPrintable(QLatin1StringView(name) + u": "_s + key.first + key.second));
    }
}

void TestConflictRandom::step()
{
    const int what = below(100);
    if (what < 25 && !m_waiting.empty())
        return decide(std::next(m_waiting.begin(), below(int(m_waiting.size()))));
    if (what < 35 && !m_again.empty()) {
        const Sent sent = std::move(m_again.front());
        m_again.pop_front();
        return send(sent);
    }
    if (what < 38)
        return sync(m_replica, m_lastSync);
    if (what < 39)
        m_backend->now += 40 * 60'000;                      // the next delta sync is a base sync
    else if (what < 45)
        m_backend->now += below(5000);
    else
        send(something());
}

void TestConflictRandom::matchesTheMatrix()
{
    QFETCH(const int, seed);
    m_random.seed(unsigned(seed));
    QString text;
    for (const QString &model : models)
        text += u"type %1 @model @auth(rules: [{allow: public}]) { id: ID! text: String number: Int tags: [String] }\n"_s.arg(model);
    const Result<Schema> schema = Schema::parse(text);
    QVERIFY2(schema, qPrintable(schema.error().message()));
    m_function = std::make_shared<FakeConflictFunction>();
    m_items.clear();
    m_replica.clear();
    m_known.clear();
    m_waiting.clear();
    m_again.clear();
    m_lastSync = 0;
    m_conflicts = 0;
    m_backend = std::make_unique<TestBackend>(*schema, BackendOptions{.conflictFunction = m_function, .modelConflicts = {
        {u"Strict"_s, {ConflictStrategy::OptimisticConcurrency}}, {u"Asked"_s, {ConflictStrategy::Function}}}});
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
    Deliveries heard;
    for (const QString &model : models) {
        for (const QString &kind : {u"Create"_s, u"Update"_s, u"Delete"_s})
            QVERIFY(m_backend->backend->subscribe({u"subscription { on%1%2 { __typename %3 } }"_s.arg(kind, model, fields), {}, {}, {}}, heard.receiver()));
    }
    for (int i = 0; i < 400 && !QTest::currentTestFailed(); ++i)
        step();
    while (!m_waiting.empty() && !QTest::currentTestFailed())
        decide(m_waiting.begin());
    if (QTest::currentTestFailed())
        return;
    QVERIFY(m_conflicts > 20 && m_function->asked() > 10);
    sync(m_replica, m_lastSync);
    compare(m_replica, "delta");
    Items base, listened;
    sync(base, 0);
    compare(base, "base");
    m_backend->backend->close();                            // delivers what is left
    for (qsizetype i = 0; i < heard.count(); ++i) {
        const QJsonObject record = heard.at(i).begin().value().toObject();
        merge(listened, record["__typename"_L1].toString(), record);
    }
    compare(listened, "subscriptions");
}

QTEST_GUILESS_MAIN(TestConflictRandom)
#include "tst_conflictrandom.moc"
