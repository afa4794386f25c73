// SPDX-License-Identifier: MIT
#include "authoracle.h"

#include <QtCore/QRandomGenerator>

using namespace AuthOracle;

/*
    Every kind of rule with every provider it may have, every list of operations, every kind of caller and every operation; what
    must come out is AuthOracle's to say. A second rule lets a writer in who makes and changes the records.
*/
class TestAuthMatrix : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cells_data();
    void cells();

private:
    struct Model
    {
        QString name;
        std::vector<Rule> rules;
        Person writer;
        std::vector<QJsonObject> records = {};
    };
    struct Cell { QString name, expected, actual; };

    void addModels(const std::vector<Rule> &rules);
    [[nodiscard]] QJsonObject run(const QString &query, const Person &who) const;
    void write(Model &model);
    void fence();
    [[nodiscard]] QList<Cell> reads(const Model &model, const Person &who) const;
    [[nodiscard]] QList<Cell> writes(Model &model, const Person &who) const;
    [[nodiscard]] QList<Cell> listens(const Model &model);

    std::vector<Model> m_models;
    Schema m_schema;
    std::unique_ptr<TestBackend> m_backend;
    Deliveries m_fences;
    int m_fence = 0;
};

static const QString fields = u"owner: String author: String editors: [String] team: String teams: [String] text: String"_s;
static const QStringList bases{u"one"_s, u"two"_s, u"three"_s, u"four"_s};

static std::vector<std::vector<Rule>> ruleLists()
{
    const QString pools = u"userPools"_s, oidc = u"oidc"_s;
    std::vector<std::vector<Rule>> lists = {
        {{u"owner"_s, pools, {}, u"email"_s}},
        {{u"owner"_s, pools, u"author"_s, u"tenant::user"_s}},
        {{u"owner"_s, oidc, {}, u"sub"_s}},
        {{u"groups"_s, pools, u"teams"_s, u"roles"_s}},
        {{u"private"_s, u"iam"_s}},
        {{u"public"_s, u"apiKey"_s}},
        {{u"public"_s, u"iam"_s}},
        {{u"custom"_s, u"function"_s}},
        {{u"owner"_s, pools}, {u"groups"_s, pools, {}, {}, {u"Admin"_s}, {u"read"_s, u"update"_s}}},
        {{u"owner"_s, oidc}, {u"owner"_s, pools, u"author"_s}, {u"public"_s, u"apiKey"_s, {}, {}, {}, {u"get"_s}}},
        {{u"groups"_s, pools, u"teams"_s}, {u"private"_s, oidc, {}, {}, {}, {u"read"_s}}, {u"owner"_s, pools, u"editors"_s}},
    };
    for (const QString &provider : {pools, oidc}) {
        lists.push_back({{u"owner"_s, provider}});
        lists.push_back({{u"owner"_s, provider, u"author"_s}});
        lists.push_back({{u"owner"_s, provider, u"editors"_s}});
        lists.push_back({{u"groups"_s, provider, {}, {}, {u"Admin"_s, u"Auditor"_s}}});
        lists.push_back({{u"groups"_s, provider, {}, u"roles"_s, {u"Auditor"_s}}});
        lists.push_back({{u"groups"_s, provider, u"team"_s}});
        lists.push_back({{u"groups"_s, provider, u"teams"_s}});
        lists.push_back({{u"private"_s, provider}});
    }
    return lists;
}

void TestAuthMatrix::addModels(const std::vector<Rule> &rules)
{
    static const std::vector<QStringList> operations = {{}, {u"create"_s}, {u"update"_s}, {u"delete"_s}, {u"read"_s}, {u"get"_s}, {u"list"_s},
                                                        {u"sync"_s}, {u"listen"_s}};
    const bool custom = rules.front().allow == u"custom";
    const Rule writing{custom ? u"public"_s : u"custom"_s, custom ? u"iam"_s : u"function"_s, {}, {}, {}, {u"create"_s, u"update"_s}};
    for (const QStringList &list : operations) {
        Model model{u"M%1"_s.arg(m_models.size()), rules, person(u"the writer"_s, writing.provider, {}, custom)};
        model.rules.front().operations = list;
        model.rules.push_back(writing);
        m_models.push_back(model);
    }
}

void TestAuthMatrix::initTestCase()
{
    for (const std::vector<Rule> &rules : ruleLists())
        addModels(rules);
    QString source = u"type Fence @model { id: ID! }\n"_s;
    for (const Model &model : m_models)
        source += u"type %1 @model %2 { id: ID! kind: String! @index(name: \"byKind\", queryField: \"kindOf%1\") %3 }\n"_s
                      .arg(model.name, directive(model.rules), fields);
    const Result<Schema> schema = Schema::parse(source);
    QVERIFY2(schema, qPrintable(schema.error().message() + schema.error().detail()));
    m_schema = *schema;
    BackendOptions options;
    options.durable = false;
    m_backend = std::make_unique<TestBackend>(m_schema, options);
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
    QVERIFY(m_backend->backend->subscribe({u"subscription { onCreateFence { id } }"_s, {}, {}, {}}, m_fences.receiver()));
    for (Model &model : m_models)
        write(model);
}

QJsonObject TestAuthMatrix::run(const QString &query, const Person &who) const
{
    return m_backend->runAs(who.identity, query);
}

static QString literal(const QJsonValue &value)
{
    if (value.isObject()) {
        QStringList members;
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it)
            members.append(it.key() + u": "_s + literal(it.value()));
        return u'{' + members.join(u", ") + u'}';
    }
    const QByteArray text = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(text.mid(1, text.size() - 2));
}

void TestAuthMatrix::write(Model &model)
{
    const QJsonArray none;
    model.records = {
        {{u"owner"_s, u"s-alice::alice"_s}, {u"author"_s, u"bob"_s}, {u"editors"_s, QJsonArray{u"x"_s, u"s-carol"_s}}, {u"team"_s, u"Staff"_s}, {u"teams"_s, QJsonArray{u"Admin"_s, u"Staff"_s}}},
        {{u"owner"_s, u"s-carol"_s}, {u"author"_s, u"t1::al"_s}, {u"editors"_s, none}, {u"team"_s, u"Admin"_s}, {u"teams"_s, QJsonArray{u"Auditor"_s}}},
        {{u"owner"_s, QJsonValue()}, {u"author"_s, u"s-dave"_s}, {u"editors"_s, QJsonArray{u"s-bob::bob"_s, u"alice"_s}}, {u"team"_s, u"Auditor"_s}, {u"teams"_s, none}},
        {{u"owner"_s, u"alice@x"_s}, {u"author"_s, u"alice"_s}, {u"editors"_s, QJsonValue()}, {u"team"_s, QJsonValue()}, {u"teams"_s, QJsonValue()}},
    };
    QString query;
    for (size_t i = 0; i < model.records.size(); ++i) {
        model.records[i].insert(u"id"_s, bases[qsizetype(i)]);
        model.records[i].insert(u"kind"_s, u"k"_s);
        query += u"a%1: create%2(input: %3) { id } "_s.arg(i).arg(model.name, literal(model.records[i]));
    }
    const QJsonObject response = run(u"mutation { %1 }"_s.arg(query), model.writer);
    QVERIFY2(!response.contains("errors"_L1), QJsonDocument(response).toJson().constData());
}

void TestAuthMatrix::fence()
{
    m_backend->run(u"mutation { createFence(input: {}) { id } }"_s);
    ++m_fence;
    QTRY_COMPARE(m_fences.count(), m_fence);
}

void TestAuthMatrix::cells_data()
{
    QTest::addColumn<int>("index");
    QTest::newRow("a model without rules") << -1;
    for (size_t i = 0; i < m_models.size(); ++i)
        QTest::addRow("%s %s", qPrintable(m_models[i].name), qPrintable(directive(m_models[i].rules).mid(6))) << int(i);
}

// What came of a root field: "Unauthorized", another error's type, "null", else its ids, with the team where it is shown.
static QString outcome(const QJsonObject &response, const QString &alias)
{
    for (const QJsonValue error : response["errors"_L1].toArray()) {
        if (error["path"_L1][0].toString() == alias)
            return error["errorType"_L1].toString() + (error["data"_L1].isObject() ? u" with the record"_s : QString());
    }
    const QJsonValue value = response["data"_L1][alias];
    if (value.isNull())
        return u"null"_s;
    if (!value.toObject().contains("items"_L1))
        return QString(value["id"_L1].toString() + u' ' + value["team"_L1].toString()).trimmed();
    QStringList ids = strings(value["items"_L1], u"id"_s);
    ids.sort();
    return u"items: "_s + ids.join(u' ');
}

QList<TestAuthMatrix::Cell> TestAuthMatrix::reads(const Model &model, const Person &who) const
{
    QString query;
    QList<Cell> cells;
    const auto add = [&](const QString &alias, const QString &expected, const QString &field) {
        query += alias + u": "_s + field + u' ';
        cells.append({alias, expected, {}});
    };
    const bool mayGet = mayLet(model.rules, who, u"get"_s);
    for (const QJsonObject &record : model.records) {
        const QString id = record["id"_L1].toString();
        add(u"get_"_s + id, lets(model.rules, who, u"get"_s, record) ? id : u"Unauthorized"_s, u"get%1(id: \"%2\") { id }"_s.arg(model.name, id));
    }
    add(u"get_missing"_s, mayGet ? u"null"_s : u"Unauthorized"_s, u"get%1(id: \"missing\") { id }"_s.arg(model.name));
    const auto all = [&](const QString &alias, const QString &operation, const QString &field) {
        QStringList ids;
        for (const QJsonObject &record : model.records) {
            if (lets(model.rules, who, operation, record))
                ids.append(record["id"_L1].toString());
        }
        ids.sort();
        add(alias, mayLet(model.rules, who, operation) ? u"items: "_s + ids.join(u' ') : u"Unauthorized"_s, field + u" { items { id } }"_s);
    };
    all(u"list"_s, u"list"_s, u"list%1s"_s.arg(model.name));
    all(u"index"_s, u"list"_s, u"kindOf%1(kind: \"k\")"_s.arg(model.name));
    all(u"sync"_s, u"sync"_s, u"sync%1s"_s.arg(model.name));
    const QJsonObject response = run(u"{ %1 }"_s.arg(query), who);
    for (Cell &cell : cells)
        cell.actual = outcome(response, cell.name);
    return cells;
}

QList<TestAuthMatrix::Cell> TestAuthMatrix::writes(Model &model, const Person &who) const
{
    QString query;
    QList<Cell> cells;
    const auto add = [&](const QString &alias, const QString &expected, const QString &verb, const QJsonObject &input) {
        query += u"%1: %2%3(input: %4) { id %5 } "_s.arg(alias, verb, model.name, literal(input), verb == u"update" ? u"team"_s : QString());
        cells.append({alias, expected, {}});
    };
    const auto create = [&](const QString &alias, QJsonObject input) {
        input.insert(u"id"_s, alias + u'_' + who.name);
        input.insert(u"kind"_s, u"k"_s);
        const QJsonObject record = withOwners(model.rules, who, input);
        const bool may = lets(model.rules, who, u"create"_s, record);
        add(alias, may ? input["id"_L1].toString() : u"Unauthorized"_s, u"create"_s, input);
        if (may)
            model.records.push_back(record);
    };
    const std::vector<QJsonObject> stored = model.records;
    for (const QJsonObject &record : stored) {
        const QString id = record["id"_L1].toString();
        const bool mayRead = std::ranges::any_of(readOperations, [&](const QString &operation) { return lets(model.rules, who, operation, record); });
        const QString shown = mayRead ? id + u' ' + record["team"_L1].toString() : id;
        add(u"update_"_s + id, lets(model.rules, who, u"update"_s, record) ? shown.trimmed() : u"Unauthorized"_s,
            u"update"_s, {{u"id"_s, id}, {u"text"_s, u"t"_s}});
        add(u"delete_"_s + id, !lets(model.rules, who, u"delete"_s, record) ? u"Unauthorized"_s
                                  : mayRead ? u"ConflictUnhandled with the record"_s : u"ConflictUnhandled"_s,
            u"delete"_s, {{u"id"_s, id}, {u"_version"_s, 999}});
    }
    for (const QString &verb : {u"update"_s, u"delete"_s})
        add(verb + u"_missing"_s, letsIn(model.rules, who, verb) ? u"ConditionalCheckFailedException"_s : u"Unauthorized"_s, verb, {{u"id"_s, u"missing"_s}});
    create(u"plain"_s, {});
    create(u"mine"_s, {{u"owner"_s, u"alice"_s}, {u"author"_s, u"s-bob"_s}, {u"editors"_s, QJsonArray{u"z"_s, u"s-dave"_s}}, {u"team"_s, u"Admin"_s}, {u"teams"_s, QJsonArray{u"Staff"_s}}});
    create(u"others"_s, {{u"owner"_s, u"zoe"_s}, {u"author"_s, u"zoe"_s}, {u"editors"_s, QJsonArray{u"zoe"_s}}, {u"team"_s, u"zoo"_s}, {u"teams"_s, QJsonArray{u"zoo"_s}}});
    create(u"nobodys"_s, {{u"owner"_s, QJsonValue()}, {u"author"_s, QJsonValue()}, {u"editors"_s, QJsonValue()}});
    const QJsonObject response = run(u"mutation { %1 }"_s.arg(query), who);
    for (Cell &cell : cells)
        cell.actual = outcome(response, cell.name);
    return cells;
}

QList<TestAuthMatrix::Cell> TestAuthMatrix::listens(const Model &model)
{
    const std::vector<Person> all = people();
    std::vector<Deliveries> heard(all.size());
    QList<SubscriptionId> ids;
    QList<Cell> cells;                              // of the people, then of the writer
    for (size_t i = 0; i < all.size(); ++i) {
        const Result<SubscriptionId> id = m_backend->backend->subscribe({u"subscription { onUpdate%1 { id } }"_s.arg(model.name), {}, {}, all[i].identity}, heard[i].receiver());
        ids.append(id ? *id : 0);
        QStringList expected;
        for (size_t base = 0; base < size_t(bases.size()); ++base) {
            if (lets(model.rules, all[i], u"listen"_s, model.records[base]))
                expected.append(bases[qsizetype(base)]);
        }
        cells.append({u"listen, "_s + all[i].name, expected.join(u' '), {}});
    }
    for (const QString &base : bases) {
        const QJsonObject response = run(u"mutation { update%1(input: {id: \"%2\", text: \"u\"}) { id } }"_s.arg(model.name, base), model.writer);
        cells.append({u"writer"_s, base, outcome(response, u"update"_s + model.name)});
    }
    fence();
    for (size_t i = 0; i < all.size(); ++i) {
        QStringList actual;
        for (qsizetype delivery = 0; delivery < heard[i].count(); ++delivery)
            actual.append(heard[i].at(delivery).begin().value()["id"_L1].toString());
        cells[qsizetype(i)].actual = actual.join(u' ');
        m_backend->backend->unsubscribe(ids[qsizetype(i)]);
    }
    return cells;
}

void TestAuthMatrix::cells()
{
    QFETCH(const int, index);
    if (index < 0) {
        for (const Person &who : people())
            QVERIFY(!run(u"mutation { createFence(input: {}) { id } }"_s, who).contains("errors"_L1));
        m_fence += int(people().size());
        return;
    }
    Model &model = m_models[size_t(index)];
    QList<Cell> cells = listens(model);
    for (const Person &who : people()) {
        for (Cell cell : reads(model, who) + writes(model, who)) {
            cell.name += u", "_s + who.name;
            cells.append(cell);
        }
    }
    for (const Cell &cell : std::as_const(cells))
        QVERIFY2(cell.actual == cell.expected, qPrintable(u"%1: expected \"%2\", got \"%3\""_s.arg(cell.name, cell.expected, cell.actual)));
}

QTEST_GUILESS_MAIN(TestAuthMatrix)
#include "tst_authmatrix.moc"
