// SPDX-License-Identifier: MIT
#include "authoracle.h"

#include <QtCore/QRandomGenerator>

using namespace AuthOracle;

/*
    Random rules on models and on their fields, random records: what lists, syncs and refusals of writes must be is decided by
    AuthOracle for every record by itself.
*/
class TestAuthRandom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyoneSeesAndWritesWhatIsHis_data();
    void everyoneSeesAndWritesWhatIsHis();

private:
    struct Model
    {
        QString name;
        std::vector<Rule> rules;
        QHash<QString, std::vector<Rule>> fieldRules = {};
        std::vector<QJsonObject> records = {};

        [[nodiscard]] std::vector<Rule> all() const;
        [[nodiscard]] bool isOpen() const { return rules.empty(); }
        [[nodiscard]] bool letsRow(const Person &who, const QString &operation, const QJsonObject &record) const;
        [[nodiscard]] bool letsField(const Person &who, const QString &operation, const QString &field, const QJsonObject &record) const;
        [[nodiscard]] bool letsRead(const Person &who, const QString &field, const QJsonObject &record) const;
        [[nodiscard]] bool showsShort(const QString &field) const;
    };

    [[nodiscard]] std::vector<Rule> randomRules(int most, bool onField);
    [[nodiscard]] Model randomModel(int number);
    [[nodiscard]] QJsonObject randomRecord(int number);
    [[nodiscard]] QJsonValue randomName();
    [[nodiscard]] static QString source(const std::vector<Model> &models, bool ruled);
    void open(std::vector<Model> &models);
    void compareReads(const Model &model, const Person &who);
    void comparePage(const Model &model, const Person &who, const QJsonObject &response, const QString &alias, const QString &operation,
                     const std::function<bool(const QJsonObject &)> &filter);
    void compareWrites(const Model &model, const Person &who);

    QRandomGenerator m_random;
    std::unique_ptr<TestBackend> m_backend;
};

static const QStringList fields{u"owner"_s, u"author"_s, u"editors"_s, u"team"_s, u"teams"_s, u"a"_s, u"b"_s, u"c"_s};
static const QStringList protectable{u"a"_s, u"b"_s, u"c"_s};

std::vector<Rule> TestAuthRandom::Model::all() const
{
    std::vector<Rule> all = rules;
    for (const std::vector<Rule> &more : fieldRules)
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

bool TestAuthRandom::Model::letsRow(const Person &who, const QString &operation, const QJsonObject &record) const
{
    return isOpen() || lets(all(), who, operation, record);
}

bool TestAuthRandom::Model::letsField(const Person &who, const QString &operation, const QString &field, const QJsonObject &record) const
{
    const std::vector<Rule> own = fieldRules.value(field);
    return own.empty() ? isOpen() || lets(rules, who, operation, record) : lets(own, who, operation, record);
}

bool TestAuthRandom::Model::letsRead(const Person &who, const QString &field, const QJsonObject &record) const
{
    return std::ranges::any_of(readOperations, [&](const QString &operation) { return letsField(who, operation, field, record); });
}

bool TestAuthRandom::Model::showsShort(const QString &field) const
{
    return std::ranges::any_of(all(), [&field](const Rule &rule) {
        return rule.allow == u"owner" && fieldOf(rule) == field && (rule.claim.isEmpty() || rule.claim.contains(u"::"));
    });
}

std::vector<Rule> TestAuthRandom::randomRules(int most, bool onField)
{
    const QString pools = u"userPools"_s, oidc = u"oidc"_s;
    std::vector<Rule> pool = {
        {u"owner"_s, pools}, {u"owner"_s, oidc}, {u"owner"_s, pools, u"author"_s}, {u"owner"_s, oidc, u"editors"_s}, {u"owner"_s, pools, u"editors"_s},
        {u"owner"_s, pools, {}, u"email"_s}, {u"groups"_s, pools, u"team"_s}, {u"groups"_s, oidc, u"teams"_s}, {u"groups"_s, pools, u"teams"_s, u"roles"_s},
        {u"groups"_s, pools, {}, {}, {u"Admin"_s}}, {u"groups"_s, oidc, {}, {}, {u"Admin"_s}}, {u"private"_s, pools}, {u"private"_s, u"iam"_s},
        {u"public"_s, u"apiKey"_s}, {u"public"_s, u"iam"_s}, {u"custom"_s, u"function"_s}};
    const QStringList names = onField ? QStringList{u"create"_s, u"update"_s, u"delete"_s, u"read"_s}
                                      : QStringList{u"create"_s, u"update"_s, u"delete"_s, u"get"_s, u"list"_s, u"sync"_s};
    std::shuffle(pool.begin(), pool.end(), m_random);
    pool.resize(size_t(m_random.bounded(most + 1)));
    for (Rule &rule : pool) {
        for (const QString &name : names) {
            if (m_random.bounded(3) > 0)
                rule.operations.append(name);
        }
    }
    return pool;
}

QJsonValue TestAuthRandom::randomName()
{
    static const QStringList names{u"s-alice::alice"_s, u"alice"_s, u"s-bob::bob"_s, u"s-bob"_s, u"s-carol::carol"_s, u"carol"_s, u"s-dave"_s,
                                   u"alice@x"_s, u"other::alice"_s, u"zoe"_s};
    const int chosen = m_random.bounded(int(names.size()) + 1);
    return chosen == names.size() ? QJsonValue() : QJsonValue(names[chosen]);
}

QJsonObject TestAuthRandom::randomRecord(int number)
{
    static const QStringList groups{u"Admin"_s, u"Staff"_s, u"Auditor"_s, u"zoo"_s};
    const auto list = [this](const auto &element) {
        QJsonArray array;
        for (int i = m_random.bounded(3); i > 0; --i)
            array.append(element());
        return array;
    };
    const auto group = [this] { return QJsonValue(groups[m_random.bounded(int(groups.size()))]); };
    const auto text = [this] { return m_random.bounded(4) ? QJsonValue(u"v%1"_s.arg(m_random.bounded(2))) : QJsonValue(); };
    return {{u"id"_s, u"r%1"_s.arg(number)}, {u"owner"_s, randomName()}, {u"author"_s, randomName()}, {u"editors"_s, list([this] { return randomName(); })},
            {u"team"_s, group()}, {u"teams"_s, list(group)}, {u"a"_s, text()}, {u"b"_s, text()}, {u"c"_s, text()}};
}

TestAuthRandom::Model TestAuthRandom::randomModel(int number)
{
    Model model{u"R%1"_s.arg(number), randomRules(3, false)};
    for (const QString &field : protectable) {
        if (std::vector<Rule> rules = randomRules(2, true); !rules.empty())
            model.fieldRules.insert(field, rules);
    }
    for (int i = 0; i < 9; ++i)
        model.records.push_back(randomRecord(i));
    return model;
}

QString TestAuthRandom::source(const std::vector<Model> &models, bool ruled)
{
    QString text;
    for (const Model &model : models) {
        text += u"type %1 @model %2 { owner: String author: String editors: [String] team: String teams: [String]"_s
                    .arg(model.name, ruled ? directive(model.rules) : QString());
        for (const QString &field : protectable)
            text += u' ' + field + u": String "_s + (ruled ? directive(model.fieldRules.value(field)) : QString());
        text += u" }\n"_s;
    }
    return text;
}

// Rules without an operation are left out: a schema may not have them.
static void dropIdle(std::vector<Rule> &rules)
{
    std::erase_if(rules, [](const Rule &rule) { return rule.operations.isEmpty(); });
}

void TestAuthRandom::open(std::vector<Model> &models)
{
    for (Model &model : models) {
        dropIdle(model.rules);
        for (std::vector<Rule> &rules : model.fieldRules)
            dropIdle(rules);
        model.fieldRules.removeIf([](const auto &entry) { return entry.value().empty(); });
    }
    const Result<Schema> plain = Schema::parse(source(models, false));
    const Result<Schema> ruled = Schema::parse(source(models, true));
    QVERIFY2(plain, qPrintable(plain.error().message()));
    QVERIFY2(ruled, qPrintable(ruled.error().message() + ruled.error().detail()));
    BackendOptions options;
    options.durable = false;
    options.conflicts = ConflictStrategy::OptimisticConcurrency;
    m_backend = std::make_unique<TestBackend>(*plain, options);
    for (const Model &model : models) {
        for (const QJsonObject &record : model.records)
            QVERIFY(!m_backend->mutate(u"create"_s, model.name, record, u"id"_s).contains("errors"_L1));
    }
    m_backend->reopen(*ruled);
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
}

void TestAuthRandom::comparePage(const Model &model, const Person &who, const QJsonObject &response, const QString &alias, const QString &operation,
                                 const std::function<bool(const QJsonObject &)> &filter)
{
    QJsonArray items, hidden;
    for (const QJsonObject &record : model.records) {
        QJsonObject seen{{u"id"_s, record["id"_L1]}};
        QStringList missing;
        for (const QString &field : fields) {
            const bool readable = model.letsRead(who, field, record);
            seen.insert(field, !readable ? QJsonValue() : model.showsShort(field) ? shown(record[field]) : record[field]);
            if (!readable)
                missing.append(field);
        }
        if (!model.letsRow(who, operation, record) || !filter(seen))
            continue;
        for (const QString &field : std::as_const(missing))
            hidden.append(QJsonArray{alias, u"items"_s, items.size(), field});
        items.append(seen);
    }
    QJsonArray actual;
    for (const QJsonValue error : response["errors"_L1].toArray()) {
        QCOMPARE(error["errorType"_L1].toString(), u"Unauthorized"_s);
        if (error["path"_L1][0].toString() == alias)
            actual.append(error["path"_L1]);
    }
    const bool closed = !model.isOpen() && !mayLet(model.all(), who, operation);
    if (closed) {
        hidden = {};
        hidden.append(QJsonArray{alias});
        items = {};
    }
    QCOMPARE(actual, hidden);
    QCOMPARE(response["data"_L1][alias]["items"_L1].toArray(), items);
}

void TestAuthRandom::compareReads(const Model &model, const Person &who)
{
    const QString selection = u"{ items { id %1 } }"_s.arg(fields.join(u' '));
    const QJsonObject response = m_backend->runAs(who.identity, u"{ list: list%1s %2 sync: sync%1s %2 filtered: list%1s(filter: {a: {eq: \"v1\"}}) %2 "
        "owned: sync%1s(filter: {owner: {eq: \"alice\"}}) %2 not: list%1s(filter: {not: {b: {eq: \"v0\"}}}) %2 }"_s.arg(model.name, selection));
    const auto any = [](const QJsonObject &) { return true; };
    comparePage(model, who, response, u"list"_s, u"list"_s, any);
    comparePage(model, who, response, u"sync"_s, u"sync"_s, any);
    comparePage(model, who, response, u"filtered"_s, u"list"_s, [](const QJsonObject &seen) { return seen["a"_L1].toString() == u"v1"; });
    comparePage(model, who, response, u"not"_s, u"list"_s, [](const QJsonObject &seen) { return seen["b"_L1].toString() != u"v0"; });
    comparePage(model, who, response, u"owned"_s, u"sync"_s, [](const QJsonObject &seen) { return seen["owner"_L1].toString() == u"alice"; });
}

// Every write that is allowed ends at the version: nothing changes.
void TestAuthRandom::compareWrites(const Model &model, const Person &who)
{
    QString document;
    QStringList expected;
    for (const QJsonObject &record : model.records) {
        QString input = u"id: \"%1\", _version: 99"_s.arg(record["id"_L1].toString());
        QStringList refused;
        bool deletes = model.letsRow(who, u"delete"_s, record);
        for (const QString &field : fields)
            deletes = deletes && model.letsField(who, u"delete"_s, field, record);
        for (const QString &field : protectable) {
            const int kind = m_random.bounded(3);
            if (kind < 2)
                input += u", %1: %2"_s.arg(field, kind ? u"\"x\""_s : u"null"_s);
            if (kind < 2 && (!model.letsField(who, u"update"_s, field, record) || (kind == 0 && !model.letsField(who, u"delete"_s, field, record))))
                refused.append(field);
        }
        document += u"m%1: update%2(input: {%3}) { id } m%4: delete%2(input: {id: \"%5\", _version: 99}) { id } "_s
                        .arg(QString::number(expected.size()), model.name, input, QString::number(expected.size() + 1), record["id"_L1].toString());
        expected.append(!model.letsRow(who, u"update"_s, record) ? u"Not Authorized to access update%1 on type Mutation"_s.arg(model.name)
                        : refused.isEmpty()                      ? u"Conflict resolver rejects mutation."_s
                                                                 : u"Unauthorized on [%1]"_s.arg(refused.join(u", ")));
        expected.append(deletes ? u"Conflict resolver rejects mutation."_s : u"Not Authorized to access delete%1 on type Mutation"_s.arg(model.name));
    }
    const QJsonObject response = m_backend->runAs(who.identity, u"mutation { %1 }"_s.arg(document));
    QCOMPARE(strings(response["errors"_L1], u"message"_s), expected);
}

void TestAuthRandom::everyoneSeesAndWritesWhatIsHis_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 4; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestAuthRandom::everyoneSeesAndWritesWhatIsHis()
{
    QFETCH(const quint32, seed);
    m_random.seed(seed);
    std::vector<Model> models;
    for (int i = 0; i < 20; ++i)
        models.push_back(randomModel(i));
    open(models);
    for (const Model &model : models) {
        for (const Person &who : people()) {
            compareReads(model, who);
            if (!QTest::currentTestFailed())
                compareWrites(model, who);
            if (QTest::currentTestFailed())
                qWarning("%s with\n%s", qPrintable(who.name), qPrintable(source({model}, true)));
            if (QTest::currentTestFailed())
                return;
        }
    }
}

QTEST_GUILESS_MAIN(TestAuthRandom)
#include "tst_authrandom.moc"
