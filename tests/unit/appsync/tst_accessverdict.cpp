// SPDX-License-Identifier: MIT
#include "client/appsync/accessverdict_p.h"
#include "unit/server/authoracle.h"

#include <QtCore/QRandomGenerator>

using namespace AuthOracle;
using Tideline::Caller;

/*
    What the client says of a mutation before it is sent, and what the server then says of it: with random rules on models and
    fields, random records and callers of every kind. A verdict may be that only the server knows; it may never be wrong.
*/
class TestAccessVerdict : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isNeverWrong_data();
    void isNeverWrong();
    void isOfUse_data();
    void isOfUse();
    void severalCredentials();
    void nobodyIsSignedIn();

private:
    [[nodiscard]] std::vector<Rule> randomRules(int most);
    [[nodiscard]] QJsonObject randomRecord(int number);
    [[nodiscard]] QString randomSource(int number);
    void compareUpdates(const std::shared_ptr<const ModelType> &model, const Person &who);
    void compareDeletes(const std::shared_ptr<const ModelType> &model, const Person &who);
    void compareCreates(const std::shared_ptr<const ModelType> &model, const Person &who);
    void compare(const Intention &intention, const Person &who, const QString &mutation);

    QRandomGenerator m_random;
    std::unique_ptr<TestBackend> m_backend;
    std::vector<QJsonObject> m_records;
    int m_created = 0;
    int m_allowed = 0;
    int m_refused = 0;
    int m_unknown = 0;
};

static const QStringList protectable{u"a"_s, u"b"_s, u"c"_s};

static Caller callerOf(const Person &who, bool known = true)
{
    static const QHash<QString, AuthRule::Provider> providers{
        {u"apiKey"_s, AuthRule::Provider::ApiKey}, {u"iam"_s, AuthRule::Provider::Iam}, {u"oidc"_s, AuthRule::Provider::Oidc},
        {u"userPools"_s, AuthRule::Provider::UserPools}, {u"function"_s, AuthRule::Provider::Function}};
    Caller caller{providers.value(who.provider), true, known, who.identity.claims};
    if (who.provider == u"iam" && known)
        caller.guest = who.identity.guest;
    return caller;
}

std::vector<Rule> TestAccessVerdict::randomRules(int most)
{
    const QString pools = u"userPools"_s, oidc = u"oidc"_s;
    std::vector<Rule> pool = {
        {u"owner"_s, pools}, {u"owner"_s, oidc}, {u"owner"_s, pools, u"author"_s}, {u"owner"_s, oidc, u"editors"_s}, {u"owner"_s, pools, u"editors"_s},
        {u"owner"_s, pools, u"mail"_s, u"email"_s}, {u"groups"_s, pools, u"team"_s}, {u"groups"_s, oidc, u"teams"_s}, {u"groups"_s, pools, u"teams"_s, u"roles"_s},
        {u"groups"_s, pools, {}, {}, {u"Admin"_s}}, {u"groups"_s, oidc, {}, {}, {u"Admin"_s}}, {u"private"_s, pools}, {u"private"_s, u"iam"_s},
        {u"public"_s, u"apiKey"_s}, {u"public"_s, u"iam"_s}, {u"custom"_s, u"function"_s}};
    const QStringList names{u"create"_s, u"update"_s, u"delete"_s, u"read"_s};
    std::shuffle(pool.begin(), pool.end(), m_random);
    pool.resize(size_t(m_random.bounded(most + 1)));
    for (Rule &rule : pool) {
        for (const QString &name : names) {
            if (m_random.bounded(3) > 0)
                rule.operations.append(name);
        }
    }
    std::erase_if(pool, [](const Rule &rule) { return rule.operations.isEmpty(); });
    return pool;
}

QString TestAccessVerdict::randomSource(int number)
{
    // Sometimes the owner is not declared and the backend writes it alone.
    QString text = u"type V%1 @model %2 { %3 author: String mail: String editors: [String] team: String teams: [String]"_s
                       .arg(number).arg(directive(randomRules(3)), m_random.bounded(2) ? u"owner: String"_s : QString());
    for (const QString &field : protectable)
        text += u' ' + field + u": String "_s + directive(m_random.bounded(3) ? std::vector<Rule>() : randomRules(2));
    return text + u" }\n"_s;
}

QJsonObject TestAccessVerdict::randomRecord(int number)
{
    static const QStringList names{u"s-alice::alice"_s, u"alice"_s, u"s-bob::bob"_s, u"s-carol::carol"_s, u"carol"_s, u"s-dave"_s, u"alice@x"_s, u"other::alice"_s};
    static const QStringList groups{u"Admin"_s, u"Staff"_s, u"Auditor"_s};
    const auto pick = [this](const QStringList &from) {
        const int chosen = m_random.bounded(int(from.size()) + 1);
        return chosen == from.size() ? QJsonValue() : QJsonValue(from[chosen]);
    };
    const auto list = [&](const QStringList &from) {
        QJsonArray array;
        for (int i = m_random.bounded(3); i > 0; --i)
            array.append(pick(from));
        return array;
    };
    return {{u"id"_s, u"r%1"_s.arg(number)}, {u"owner"_s, pick(names)}, {u"author"_s, pick(names)}, {u"mail"_s, pick(names)}, {u"editors"_s, list(names)},
            {u"team"_s, pick(groups)}, {u"teams"_s, list(groups)}, {u"a"_s, u"1"_s}, {u"b"_s, u"2"_s}, {u"c"_s, QJsonValue()}};
}

static Record recordOf(const std::shared_ptr<const ModelType> &model, const QJsonObject &json)
{
    Record record(model);
    for (auto member = json.begin(); member != json.end(); ++member) {
        if (const int field = model->fieldIndex(member.key()); field >= 0)
            record.setValue(field, Value::fromJson(*member));
    }
    return record;
}

void TestAccessVerdict::compare(const Intention &intention, const Person &who, const QString &mutation)
{
    const QJsonObject response = m_backend->runAs(who.identity, u"mutation { m: %1 { id } }"_s.arg(mutation));
    const bool refused = strings(response["errors"_L1], u"errorType"_s).contains(u"Unauthorized"_s);
    const Verdict verdict = accessVerdict(intention, {callerOf(who)});
    const bool isWrong = (verdict == Verdict::Allowed && refused) || (verdict == Verdict::Refused && !refused);
    ++(verdict == Verdict::Allowed ? m_allowed : verdict == Verdict::Refused ? m_refused : m_unknown);
    if (isWrong) {
        qWarning("%s: verdict %d, but %s", qPrintable(who.name), int(verdict), QJsonDocument(response).toJson(QJsonDocument::Compact).constData());
        QFAIL(qPrintable(mutation));
    }
    const Verdict blind = accessVerdict(intention, {callerOf(who, false)});         // knows less, and is not wrong either
    QVERIFY(blind == Verdict::Unknown || blind == verdict || verdict == Verdict::Unknown);
    QVERIFY(blind == Verdict::Unknown || (blind == Verdict::Allowed) == !refused);
}

// The record as its caller gets it: owners cut short, what he may not read null. Every update ends at the version.
static Record seenBy(const TestBackend &backend, const Person &who, const std::shared_ptr<const ModelType> &model, const QString &id)
{
    QStringList names;
    for (const SchemaField &field : model->fields)
        names.append(field.name);
    const QJsonObject response = backend.runAs(who.identity, u"{ get%1(id: \"%2\") { %3 } }"_s.arg(model->name, id, names.join(u' ')));
    const QJsonObject json = response["data"_L1].toObject().value(u"get"_s + model->name).toObject();
    if (json.isEmpty())
        return {};
    Record record = recordOf(model, json);
    record.setState(SyncState::Synced);
    record.setMetadata({1, 1, false});
    return record;
}

void TestAccessVerdict::compareUpdates(const std::shared_ptr<const ModelType> &model, const Person &who)
{
    for (const QJsonObject &json : m_records) {
        const QString id = json["id"_L1].toString();
        const Record seen = seenBy(*m_backend, who, model, id);
        QStringList fields;
        QString input;
        for (const QString &field : protectable) {
            if (m_random.bounded(2)) {
                fields.append(field);
                input += u", %1: %2"_s.arg(field, m_random.bounded(3) ? u"\"x\""_s : u"null"_s);
            }
        }
        if (fields.isEmpty())
            continue;
        const QString mutation = u"update%1(input: {id: \"%2\", _version: 99%3})"_s.arg(model->name, id, input);
        for (const Record &record : {Record(), seen}) {
            compare({model, Intention::Operation::Update, record, fields}, who, mutation);
            compare({model, Intention::Operation::Update, record, {}}, who, mutation);
        }
    }
}

void TestAccessVerdict::compareDeletes(const std::shared_ptr<const ModelType> &model, const Person &who)
{
    for (const QJsonObject &json : m_records) {
        const QString id = json["id"_L1].toString();
        const QString mutation = u"delete%1(input: {id: \"%2\", _version: 99})"_s.arg(model->name, id);
        for (const Record &record : {Record(), seenBy(*m_backend, who, model, id)})
            compare({model, Intention::Operation::Delete, record, {}}, who, mutation);
    }
}

void TestAccessVerdict::compareCreates(const std::shared_ptr<const ModelType> &model, const Person &who)
{
    for (QJsonObject json : m_records) {
        QStringList fields{u"id"_s};
        QStringList members{u"id: \"new%1\""_s.arg(++m_created)};
        for (auto member = json.begin(); member != json.end();) {
            const int field = model->fieldIndex(member.key());
            const bool sent = field >= 0 && !model->fields[size_t(field)].readOnly && member.key() != u"id" && m_random.bounded(2);
            if (sent) {
                fields.append(member.key());
                const QByteArray text = QJsonDocument(QJsonArray{*member}).toJson(QJsonDocument::Compact);
                members.append(member.key() + u": "_s + QString::fromUtf8(text.mid(1, text.size() - 2)));
                ++member;
            } else {
                member = json.erase(member);
            }
        }
        const QString mutation = u"create%1(input: {%2})"_s.arg(model->name, members.join(u", "_s));
        const Record record = recordOf(model, json);
        compare({model, Intention::Operation::Create, record, fields}, who, mutation);
        // The record alone does not say which nulls are sent.
        const QString again = QString(mutation).replace(u"\"new%1\""_s.arg(m_created), u"\"new%1\""_s.arg(m_created + 1));
        ++m_created;
        compare({model, Intention::Operation::Create, record, {}}, who, again);
        compare({model, Intention::Operation::Create, Record(), {}}, who, QString(again).replace(u"\"new"_s, u"\"newer"_s));
    }
}

void TestAccessVerdict::isNeverWrong_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 4; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestAccessVerdict::isNeverWrong()
{
    QFETCH(const quint32, seed);
    m_random.seed(seed);
    m_records.clear();
    m_allowed = m_refused = m_unknown = 0;
    for (int i = 0; i < 6; ++i)
        m_records.push_back(randomRecord(i));
    QString source, plain;
    for (int i = 0; i < 8; ++i)
        source += randomSource(i);
    const Result<Schema> ruled = Schema::parse(source);
    QVERIFY2(ruled, qPrintable(ruled.error().message() + ruled.error().detail()));
    for (int i = 0; i < 8; ++i)
        plain += u"type V%1 @model { owner: String author: String mail: String editors: [String] team: String teams: [String] a: String b: String c: String }\n"_s.arg(i);
    BackendOptions options;
    options.durable = false;
    options.conflicts = ConflictStrategy::OptimisticConcurrency;
    m_backend = std::make_unique<TestBackend>(*Schema::parse(plain), options);
    for (int i = 0; i < 8; ++i) {
        for (QJsonObject record : m_records) {
            if (ruled->model(u"V%1"_s.arg(i))->fieldIndex(u"owner") < 0)
                record.remove(u"owner"_s);
            QVERIFY(!m_backend->mutate(u"create"_s, u"V%1"_s.arg(i), record, u"id"_s).contains("errors"_L1));
        }
    }
    m_backend->reopen(*ruled);
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
    for (const auto &model : ruled->models()) {
        for (const Person &who : people()) {
            compareUpdates(model, who);
            compareDeletes(model, who);
            compareCreates(model, who);
            if (QTest::currentTestFailed())
                qWarning("%s", qPrintable(source));
            if (QTest::currentTestFailed())
                return;
        }
    }
    QVERIFY2(m_allowed > 20 && m_refused > 1000, qPrintable(u"%1 %2 %3"_s.arg(m_allowed).arg(m_refused).arg(m_unknown)));
}

static std::shared_ptr<const ModelType> postModel(const QString &rules)
{
    const Result<Schema> schema = Schema::parse(u"type Post @model @auth(rules: [%1]) { id: ID! owner: String mail: String team: String text: String }"_s.arg(rules));
    if (!schema)
        qFatal("%s", qPrintable(schema.error().message() + schema.error().detail()));
    return schema->model(u"Post"_s);
}

void TestAccessVerdict::isOfUse_data()
{
    using Operation = Intention::Operation;
    QTest::addColumn<QString>("rules");
    QTest::addColumn<QString>("who");
    QTest::addColumn<int>("operation");
    QTest::addColumn<QJsonObject>("record");
    QTest::addColumn<int>("verdict");
    const auto row = [](const char *name, const QString &rules, const QString &who, Operation operation, const QJsonObject &record, Verdict verdict) {
        QTest::newRow(name) << rules << who << int(operation) << record << int(verdict);
    };
    const QString mail = u"{allow: owner, ownerField: \"mail\", identityClaim: \"email\"}"_s;
    const QString admins = u"{allow: private, operations: [read]}, {allow: groups, groups: [\"Admin\"]}"_s;
    row("an owner by mail edits his own", mail, u"alice"_s, Operation::Update, {{u"mail"_s, u"alice@x"_s}}, Verdict::Allowed);
    row("and nobody else's", mail, u"alice"_s, Operation::Update, {{u"mail"_s, u"zoe@x"_s}}, Verdict::Refused);
    row("of two users of one name only the backend tells who it is", u"{allow: owner}"_s, u"alice"_s, Operation::Update, {{u"owner"_s, u"alice"_s}}, Verdict::Unknown);
    row("another name is another user", u"{allow: owner}"_s, u"alice"_s, Operation::Update, {{u"owner"_s, u"bob"_s}}, Verdict::Refused);
    row("whoever is signed in reads", admins, u"alice"_s, Operation::Read, {{u"text"_s, u"x"_s}}, Verdict::Allowed);
    row("an administrator deletes", admins, u"ada"_s, Operation::Delete, {{u"text"_s, u"x"_s}}, Verdict::Allowed);
    row("others do not", admins, u"alice"_s, Operation::Delete, {{u"text"_s, u"x"_s}}, Verdict::Refused);
    row("a group of the record's", u"{allow: groups, groupsField: \"team\"}"_s, u"alice"_s, Operation::Update, {{u"team"_s, u"Staff"_s}}, Verdict::Allowed);
    row("the key is nobody", admins, u"key"_s, Operation::Create, {{u"text"_s, u"x"_s}}, Verdict::Refused);
    row("what a function decides", u"{allow: custom}"_s, u"lambda"_s, Operation::Create, {{u"text"_s, u"x"_s}}, Verdict::Unknown);
}

void TestAccessVerdict::isOfUse()
{
    QFETCH(QString, rules);
    QFETCH(QString, who);
    QFETCH(int, operation);
    QFETCH(QJsonObject, record);
    QFETCH(int, verdict);
    const auto model = postModel(rules);
    const std::vector<Person> all = people();
    const auto person = std::ranges::find_if(all, [&who](const Person &one) { return one.name == who; });
    Record stored = recordOf(model, record);
    stored.setState(SyncState::Synced);
    const QStringList fields = operation == int(Intention::Operation::Update) ? QStringList{u"text"_s} : QStringList();
    QCOMPARE(int(accessVerdict({model, Intention::Operation(operation), stored, fields}, {callerOf(*person)})), verdict);
}

void TestAccessVerdict::severalCredentials()
{
    const auto model = postModel(u"{allow: public, operations: [read]}, {allow: private, operations: [create]}"_s);
    const Caller key{AuthRule::Provider::ApiKey, true, true};
    Caller user{AuthRule::Provider::UserPools, false, false};
    QCOMPARE(accessVerdict({model, Intention::Operation::Read}, {user, key}), Verdict::Allowed);
    QCOMPARE(accessVerdict({model, Intention::Operation::Create}, {user, key}), Verdict::Refused);
    user = {AuthRule::Provider::UserPools, true, true, {{u"sub"_s, u"s"_s}}};
    QCOMPARE(accessVerdict({model, Intention::Operation::Create}, {user, key}), Verdict::Allowed);
    QCOMPARE(accessVerdict({model, Intention::Operation::Delete}, {user, key}), Verdict::Refused);
}

void TestAccessVerdict::nobodyIsSignedIn()
{
    const auto model = postModel(u"{allow: private}"_s);
    QCOMPARE(accessVerdict({model, Intention::Operation::Create}, {}), Verdict::Unknown);
    QCOMPARE(accessVerdict({model, Intention::Operation::Create}, {Caller{AuthRule::Provider::UserPools}}), Verdict::Unknown);
}

QTEST_GUILESS_MAIN(TestAccessVerdict)

#include "tst_accessverdict.moc"
