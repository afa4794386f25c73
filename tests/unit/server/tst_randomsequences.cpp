// SPDX-License-Identifier: MIT
#include "backendfixture.h"

#include <map>
#include <random>

using namespace BackendFixture;

/*
    Random mutations against a model of a few lines; then three replicas must be equal to it: one from a base sync, one
    that took delta syncs between the mutations, one that only listened.
*/
class TestRandomSequences : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void matchesANaiveModel_data();
    void matchesANaiveModel();

private:
    struct Item
    {
        QJsonObject fields;                     // text, number, tags
        int version = 1;
        bool deleted = false;
    };
    using Items = std::map<QString, Item>;

    [[nodiscard]] int below(int limit) { return int(m_random() % unsigned(limit)); }
    [[nodiscard]] QJsonObject someFields();
    void step();
    void create(const QString &id);
    void update(const QString &id);
    void remove(const QString &id);
    void expect(const QJsonObject &response, const QString &field, const QString &errorType, const Item *item);
    void deltaSync();
    [[nodiscard]] QList<QJsonObject> syncAll(qint64 lastSync);
    static void merge(Items &items, const QJsonObject &item);
    void compare(const Items &replica, const char *name) const;

    std::mt19937 m_random;
    ConflictStrategy m_strategy = ConflictStrategy::Automerge;
    std::unique_ptr<TestBackend> m_backend;
    Items m_items, m_replica;
    qint64 m_lastSync = 0;
};

static const QString fields = u"id text number tags _version _deleted"_s;

void TestRandomSequences::matchesANaiveModel_data()
{
    QTest::addColumn<int>("seed");
    QTest::addColumn<int>("strategy");
    for (int seed = 1; seed <= 6; ++seed)
        QTest::addRow("seed %d", seed) << seed << int(seed % 2 ? ConflictStrategy::Automerge : ConflictStrategy::OptimisticConcurrency);
}

QJsonObject TestRandomSequences::someFields()
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

void TestRandomSequences::expect(const QJsonObject &response, const QString &field, const QString &errorType, const Item *item)
{
    QCOMPARE(firstError(response)["errorType"_L1].toString(), errorType);
    const QJsonValue answer = errorType.isEmpty() ? response["data"_L1][field] : firstError(response)["data"_L1];
    QCOMPARE(answer.isObject(), item != nullptr);
    if (!item)
        return;
    for (auto it = item->fields.begin(); it != item->fields.end(); ++it)
        QCOMPARE(answer[it.key()], it.value());
    QCOMPARE(answer["_version"_L1].toInt(), item->version);
    QCOMPARE(answer["_deleted"_L1], item->deleted ? QJsonValue(true) : QJsonValue());
}

void TestRandomSequences::create(const QString &id)
{
    QJsonObject input = someFields();
    Item wanted{{{u"text"_s, input[u"text"_s].toVariant().isNull() ? QJsonValue() : input[u"text"_s]},
                 {u"number"_s, input.contains(u"number"_s) ? input[u"number"_s] : QJsonValue()},
                 {u"tags"_s, input.contains(u"tags"_s) ? input[u"tags"_s] : QJsonValue()}}};
    input.insert(u"id"_s, id);
    const auto found = m_items.find(id);
    const QJsonObject response = m_backend->mutate(u"create"_s, u"Item"_s, input, fields);
    if (found == m_items.end()) {
        m_items[id] = wanted;
        return expect(response, u"createItem"_s, {}, &m_items[id]);
    }
    bool repeated = found->second.version == 1 && !found->second.deleted;
    for (auto it = input.begin(); it != input.end(); ++it)
        repeated = repeated && (it.key() == u"id" || it.value().isNull() || it.value() == found->second.fields[it.key()]);
    expect(response, u"createItem"_s, repeated ? QString() : u"ConditionalCheckFailedException"_s, repeated ? &found->second : nullptr);
}

void TestRandomSequences::update(const QString &id)
{
    QJsonObject input = someFields();
    const auto found = m_items.find(id);
    const int stored = found == m_items.end() ? 0 : found->second.version;
    const int version = below(3) ? stored : stored + 1 - 2 * below(2);
    QJsonObject sent = input;
    sent.insert(u"id"_s, id);
    sent.insert(u"_version"_s, version);
    const QJsonObject response = m_backend->mutate(u"update"_s, u"Item"_s, sent, fields);
    if (found == m_items.end())
        return expect(response, u"updateItem"_s, u"ConditionalCheckFailedException"_s, nullptr);
    Item &item = found->second;
    const bool conflict = version != stored;
    if (conflict && (item.deleted || m_strategy == ConflictStrategy::OptimisticConcurrency))
        return expect(response, u"updateItem"_s, u"ConflictUnhandled"_s, &item);
    for (auto it = input.begin(); it != input.end(); ++it) {
        const QJsonValue now = item.fields[it.key()];
        if (!conflict || now.isNull()) {
            item.fields[it.key()] = it.value();
        } else if (now.isArray() && it.value().isArray()) {
            QJsonArray joined = now.toArray();
            for (const QJsonValue entry : it.value().toArray())
                joined.append(entry);
            item.fields[it.key()] = joined;
        }
    }
    ++item.version;
    expect(response, u"updateItem"_s, {}, &item);
}

void TestRandomSequences::remove(const QString &id)
{
    const auto found = m_items.find(id);
    const int stored = found == m_items.end() ? 1 : found->second.version;
    const int version = below(3) ? stored : stored - 1;
    const QJsonObject response = m_backend->mutate(u"delete"_s, u"Item"_s, {{u"id"_s, id}, {u"_version"_s, version}}, fields);
    if (found == m_items.end())
        return expect(response, u"deleteItem"_s, u"ConditionalCheckFailedException"_s, nullptr);
    Item &item = found->second;
    if (version != stored)
        return expect(response, u"deleteItem"_s, u"ConflictUnhandled"_s, &item);
    if (!item.deleted) {
        item.deleted = true;
        ++item.version;
    }
    expect(response, u"deleteItem"_s, {}, &item);
}

QList<QJsonObject> TestRandomSequences::syncAll(qint64 lastSync)
{
    QList<QJsonObject> items;
    QJsonValue token;
    qint64 startedAt = 0;
    do {
        const QJsonObject page = m_backend->data(u"query Q($t: String, $s: AWSTimestamp) { syncItems(limit: 7, nextToken: $t, lastSync: $s) "
                                                 "{ items { %1 } nextToken startedAt } }"_s.arg(fields), {{u"t"_s, token}, {u"s"_s, lastSync}}).toObject();
        for (const QJsonValue item : page["items"_L1].toArray())
            items.append(item.toObject());
        startedAt = page["startedAt"_L1].toInteger();
        token = page["nextToken"_L1];
    } while (!token.isNull());
    m_lastSync = startedAt;
    return items;
}

void TestRandomSequences::merge(Items &items, const QJsonObject &item)
{
    items[item["id"_L1].toString()] = {{{u"text"_s, item["text"_L1]}, {u"number"_s, item["number"_L1]}, {u"tags"_s, item["tags"_L1]}},
                                       item["_version"_L1].toInt(), item["_deleted"_L1].toBool()};
}

void TestRandomSequences::deltaSync()
{
    for (const QJsonObject &item : syncAll(m_lastSync))
        merge(m_replica, item);
}

void TestRandomSequences::compare(const Items &replica, const char *name) const
{
    QVERIFY2(replica.size() == m_items.size(), name);
    for (const auto &[id, item] : m_items) {
        const auto found = replica.find(id);
        QVERIFY2(found != replica.end() && found->second.fields == item.fields && found->second.version == item.version
                     && found->second.deleted == item.deleted, qPrintable(QLatin1StringView(name) + u": "_s + id));
    }
}

void TestRandomSequences::step()
{
    const QString id = QString::number(below(20));
    const int what = below(100);
    if (what < 20)
        create(id);
    else if (what < 75)
        update(id);
    else if (what < 80)
        remove(id);
    else if (what < 88)
        deltaSync();
    else if (what < 90)
        m_backend->now += 40 * 60'000;          // the next delta sync is a base sync
    else
        m_backend->now += below(5000);
}

void TestRandomSequences::matchesANaiveModel()
{
    QFETCH(const int, seed);
    QFETCH(const int, strategy);
    m_random.seed(unsigned(seed));
    m_strategy = ConflictStrategy(strategy);
    const Result<Schema> schema = Schema::parse(
        u"type Item @model @auth(rules: [{allow: public}]) { id: ID! text: String number: Int tags: [String] }"_s);
    QVERIFY2(schema, qPrintable(schema.error().message()));
    m_backend = std::make_unique<TestBackend>(*schema, BackendOptions{.conflicts = m_strategy});
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
    m_items.clear();
    m_replica.clear();
    m_lastSync = 0;
    Deliveries deliveries;
    for (const QString &kind : {u"onCreateItem"_s, u"onUpdateItem"_s, u"onDeleteItem"_s})
        QVERIFY(m_backend->backend->subscribe({u"subscription { %1 { %2 } }"_s.arg(kind, fields), {}, {}, {}}, deliveries.receiver()));
    for (int i = 0; i < 400 && !QTest::currentTestFailed(); ++i)
        step();
    if (QTest::currentTestFailed())
        return;
    deltaSync();
    compare(m_replica, "delta");
    Items base;
    for (const QJsonObject &item : syncAll(0))
        merge(base, item);
    compare(base, "base");
    m_backend->backend->close();                // delivers what is left
    Items heard;
    for (qsizetype i = 0; i < deliveries.count(); ++i)
        merge(heard, deliveries.at(i).begin().value().toObject());
    compare(heard, "subscriptions");
}

QTEST_GUILESS_MAIN(TestRandomSequences)
#include "tst_randomsequences.moc"
