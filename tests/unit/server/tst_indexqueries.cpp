// SPDX-License-Identifier: MIT
#include "backendfixture.h"

#include "server/storage/connection.h"

#include <QtCore/QRandomGenerator>
#include <QtCore/QUrl>
#include <QtCore/QUrlQuery>
#include <QtSql/QSqlDatabase>
#include <QtSql/QSqlQuery>

using namespace BackendFixture;

/*
    Queries by keys and indexes as DynamoDB answers them: several sort fields are one text "a#b", and a record one of whose sort
    fields is null is not in the index.
*/
class TestIndexQueries : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void compositeSortKeysCompareAsOneText_data();
    void compositeSortKeysCompareAsOneText();
    void realNumbersInSortKeysAreJavaScriptsText_data();
    void realNumbersInSortKeysAreJavaScriptsText();
    void realNumbersSortAsText();
    void recordsWithoutASortKeyAreNotInTheIndex();
    void connectionsReadTheIndex();
    void relationsToAHashKeyTakeItsSortKey();
    void randomQueriesAndPages_data();
    void randomQueriesAndPages();
    void theIndexIsUsed();

private:
    void createItems(const QList<QJsonObject> &items);
    [[nodiscard]] QStringList ids(const QString &query) const;
    [[nodiscard]] QStringList pages(const QString &field, const QString &arguments, int limit) const;

    Schema m_schema;
    std::unique_ptr<TestBackend> m_backend;
};

void TestIndexQueries::initTestCase()
{
    const Result<Schema> schema = Schema::parse(uR"(
type Team @model { id: ID! items: [Item] @hasMany(indexName: "byTeam", fields: ["id"]) named: [Item] @hasMany(indexName: "byName", fields: ["id"]) }
type Item @model {
  id: ID!
  team: ID @index(name: "byTeam", sortKeyFields: ["status", "rank", "note"], queryField: "itemsByTeam") @index(name: "byName", sortKeyFields: ["note"], queryField: "itemsByName")
  status: String rank: Int note: String
}
type Cell @model { row: ID! @primaryKey(sortKeyFields: ["col", "depth"]) col: String! depth: Int! }
type Price @model {
  id: ID!
  team: ID @index(name: "byPrice", sortKeyFields: ["price", "note"], queryField: "pricesByTeam")
  price: Float note: String
}
type Row @model { id: ID! cells: [Cell] @hasMany(fields: ["id"]) }
)"_s);
    QVERIFY2(schema, qPrintable(schema.error().message() + schema.error().detail()));
    m_schema = *schema;
}

void TestIndexQueries::init()
{
    m_backend = std::make_unique<TestBackend>(m_schema, BackendOptions{.durable = false});
    QVERIFY2(m_backend->backend, qPrintable(m_backend->error.message()));
}

void TestIndexQueries::createItems(const QList<QJsonObject> &items)
{
    for (const QJsonObject &item : items) {
        const QJsonObject response = m_backend->mutate(u"create"_s, u"Item"_s, item, u"id"_s);
        QVERIFY2(!response.contains("errors"_L1), QJsonDocument(response).toJson().constData());
    }
}

QStringList TestIndexQueries::ids(const QString &query) const
{
    return strings(m_backend->data(query)["items"_L1], u"id"_s);
}

QStringList TestIndexQueries::pages(const QString &field, const QString &arguments, int limit) const
{
    QStringList seen;
    QJsonValue token;
    do {
        const QString query = u"query Q($t: String) { %1(%2, limit: %3, nextToken: $t) { items { id } nextToken } }"_s.arg(field, arguments).arg(limit);
        const QJsonObject page = m_backend->data(query, {{u"t"_s, token}}).toObject();
        seen += strings(page["items"_L1], u"id"_s);
        token = page["nextToken"_L1];
    } while (!token.isNull() && !token.isUndefined());
    return seen;
}

void TestIndexQueries::compositeSortKeysCompareAsOneText_data()
{
    QTest::addColumn<QString>("condition");
    QTest::addColumn<QStringList>("expected");
    QTest::newRow("numbers are text") << QString() << QStringList{u"bang"_s, u"minus"_s, u"ten"_s, u"two"_s, u"long"_s};
    QTest::newRow("beginsWith a part's beginning") << u"{beginsWith: {status: \"ab\"}}"_s << QStringList{u"long"_s};
    QTest::newRow("beginsWith does not end with the part") << u"{beginsWith: {status: \"a\"}}"_s << QStringList{u"bang"_s, u"minus"_s, u"ten"_s, u"two"_s, u"long"_s};
    QTest::newRow("beginsWith a number's beginning") << u"{beginsWith: {status: \"a\", rank: 1}}"_s << QStringList{u"ten"_s};
    QTest::newRow("eq") << u"{eq: {status: \"a\", rank: 2, note: \"n\"}}"_s << QStringList{u"two"_s};
    QTest::newRow("eq with less than the key") << u"{eq: {status: \"a\"}}"_s << QStringList{};
    QTest::newRow("lt") << u"{lt: {status: \"a\", rank: 2}}"_s << QStringList{u"bang"_s, u"minus"_s, u"ten"_s};
    QTest::newRow("gt") << u"{gt: {status: \"a\", rank: 2}}"_s << QStringList{u"two"_s, u"long"_s};
    QTest::newRow("between") << u"{between: [{status: \"a\", rank: 1}, {status: \"a\", rank: 3}]}"_s << QStringList{u"ten"_s, u"two"_s};
}

void TestIndexQueries::compositeSortKeysCompareAsOneText()
{
    QFETCH(const QString, condition);
    QFETCH(const QStringList, expected);
    createItems({{{u"id"_s, u"two"_s}, {u"team"_s, u"t"_s}, {u"status"_s, u"a"_s}, {u"rank"_s, 2}, {u"note"_s, u"n"_s}},
                 {{u"id"_s, u"ten"_s}, {u"team"_s, u"t"_s}, {u"status"_s, u"a"_s}, {u"rank"_s, 10}, {u"note"_s, u"n"_s}},
                 {{u"id"_s, u"minus"_s}, {u"team"_s, u"t"_s}, {u"status"_s, u"a"_s}, {u"rank"_s, -1}, {u"note"_s, u"n"_s}},
                 {{u"id"_s, u"long"_s}, {u"team"_s, u"t"_s}, {u"status"_s, u"ab"_s}, {u"rank"_s, 0}, {u"note"_s, u"n"_s}},
                 {{u"id"_s, u"bang"_s}, {u"team"_s, u"t"_s}, {u"status"_s, u"a!"_s}, {u"rank"_s, 9}, {u"note"_s, u"n"_s}}});
    const QString key = condition.isEmpty() ? QString() : u", statusRankNote: "_s + condition;
    QCOMPARE(ids(u"{ itemsByTeam(team: \"t\"%1) { items { id } } }"_s.arg(key)), expected);
}

void TestIndexQueries::realNumbersInSortKeysAreJavaScriptsText_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<QString>("text");
    const std::pair<double, const char *> numbers[] = {
        {0, "0"}, {-0.0, "0"}, {1, "1"}, {-1, "-1"}, {0.1, "0.1"}, {-2.5, "-2.5"}, {100, "100"}, {123456.789, "123456.789"},
        {0.001, "0.001"}, {0.0001, "0.0001"}, {0.00001, "0.00001"}, {0.0000123456789, "0.0000123456789"}, {1e-6, "0.000001"},
        {1e-7, "1e-7"}, {-1.5e-9, "-1.5e-9"}, {1.5e-10, "1.5e-10"}, {1e-300, "1e-300"}, {123456789012345, "123456789012345"},
        {1e15, "1000000000000000"}, {-1.25e17, "-125000000000000000"}, {1e20, "100000000000000000000"}, {1e21, "1e+21"}, {-1.5e300, "-1.5e+300"},
        {0.1 + 0.2, "0.3"}, {1234567890123456, "1234567890123460"}, {std::numeric_limits<double>::max(), "1.79769313486232e+308"},
        {std::numeric_limits<double>::lowest(), "-1.79769313486232e+308"}};
    for (const auto &[number, text] : numbers)
        QTest::addRow("%s, %.17g", text, number) << number << QString::fromLatin1(text);
}

void TestIndexQueries::realNumbersInSortKeysAreJavaScriptsText()
{
    QFETCH(const double, number);
    QFETCH(const QString, text);
    const Result<Location> location = Location::parse(m_backend->path());
    QVERIFY(location);
    const Result<std::unique_ptr<Connection>> connection = Connection::open(*location, Connection::Mode::Read);
    QVERIFY(connection);
    QSqlQuery query = (*connection)->query();
    const Dialect &dialect = location->dialect();
    QVERIFY(query.prepare(u"SELECT %1 FROM (SELECT %2 AS x) AS given"_s.arg(dialect.realText(u"x"_s), dialect.mark(Storage::Real))));
    query.addBindValue(number);
    QVERIFY((*connection)->exec(query) && query.next());
    QCOMPARE(query.value(0).toString(), text);
}

void TestIndexQueries::realNumbersSortAsText()
{
    for (const double price : {1., 10., 1.5, 0.5, 1e21, 1e-7, 1e20, 0.00001, 2.5e-7, -2., std::numeric_limits<double>::max()}) {
        const QString id = QString::number(price, 'g', 15);
        const QJsonObject input = {{u"id"_s, id}, {u"team"_s, u"t"_s}, {u"price"_s, price}, {u"note"_s, u"n"_s}};
        const QJsonObject response = m_backend->mutate(u"create"_s, u"Price"_s, input, u"id"_s);
        QVERIFY2(!response.contains("errors"_L1), QJsonDocument(response).toJson().constData());
    }
    QVERIFY(!m_backend->mutate(u"create"_s, u"Price"_s, {{u"id"_s, u"none"_s}, {u"team"_s, u"t"_s}, {u"note"_s, u"n"_s}}, u"id"_s).contains("errors"_L1));
    const auto prices = [this](const QString &condition) {
        return ids(u"{ pricesByTeam(team: \"t\"%1) { items { id } } }"_s.arg(condition));
    };
    const QStringList all = {u"-2"_s, u"1e-05"_s, u"0.5"_s, u"1"_s, u"1.5"_s, u"1.79769313486232e+308"_s, u"10"_s, u"1e+20"_s, u"1e+21"_s, u"1e-07"_s, u"2.5e-07"_s};
    QCOMPARE(prices({}), all);
    QCOMPARE(pages(u"pricesByTeam"_s, u"team: \"t\""_s, 2), all);
    QCOMPARE(prices(u", priceNote: {beginsWith: {price: 1}}"_s), all.mid(3, 7));
    QCOMPARE(prices(u", priceNote: {eq: {price: 1e20, note: \"n\"}}"_s), QStringList{u"1e+20"_s});
    QCOMPARE(prices(u", priceNote: {between: [{price: 1, note: \"n\"}, {price: 10, note: \"n\"}]}"_s), all.mid(3, 4));
}

void TestIndexQueries::recordsWithoutASortKeyAreNotInTheIndex()
{
    createItems({{{u"id"_s, u"whole"_s}, {u"team"_s, u"t"_s}, {u"status"_s, u""_s}, {u"rank"_s, 1}, {u"note"_s, u"n"_s}},
                 {{u"id"_s, u"noRank"_s}, {u"team"_s, u"t"_s}, {u"status"_s, u"a"_s}, {u"note"_s, u"n"_s}},
                 {{u"id"_s, u"noNote"_s}, {u"team"_s, u"t"_s}, {u"status"_s, u"a"_s}, {u"rank"_s, 1}}});
    QCOMPARE(ids(u"{ itemsByTeam(team: \"t\") { items { id } } }"_s), QStringList{u"whole"_s});
    QStringList named = ids(u"{ itemsByName(team: \"t\") { items { id } } }"_s);
    named.sort();
    QCOMPARE(named, (QStringList{u"noRank"_s, u"whole"_s}));
    QCOMPARE(ids(u"{ listItems { items { id } } }"_s).size(), 3);
    QCOMPARE(ids(u"{ syncItems { items { id } } }"_s).size(), 3);
}

void TestIndexQueries::connectionsReadTheIndex()
{
    QVERIFY(!m_backend->mutate(u"create"_s, u"Team"_s, {{u"id"_s, u"t"_s}}, u"id"_s).contains("errors"_L1));
    createItems({{{u"id"_s, u"two"_s}, {u"team"_s, u"t"_s}, {u"status"_s, u"a"_s}, {u"rank"_s, 2}, {u"note"_s, u"n"_s}},
                 {{u"id"_s, u"ten"_s}, {u"team"_s, u"t"_s}, {u"status"_s, u"a"_s}, {u"rank"_s, 10}, {u"note"_s, u"n"_s}},
                 {{u"id"_s, u"noRank"_s}, {u"team"_s, u"t"_s}, {u"status"_s, u"a"_s}, {u"note"_s, u"n"_s}}});
    const auto found = [this](const QString &arguments) {
        return strings(m_backend->data(u"{ getTeam(id: \"t\") { items%1 { items { id } } } }"_s.arg(arguments))["items"_L1]["items"_L1], u"id"_s);
    };
    QCOMPARE(found({}), (QStringList{u"ten"_s, u"two"_s}));
    QCOMPARE(found(u"(sortDirection: DESC)"_s), (QStringList{u"two"_s, u"ten"_s}));
    QCOMPARE(found(u"(statusRankNote: {beginsWith: {status: \"a\", rank: 2}})"_s), QStringList{u"two"_s});
}

void TestIndexQueries::relationsToAHashKeyTakeItsSortKey()
{
    QVERIFY(!m_backend->mutate(u"create"_s, u"Row"_s, {{u"id"_s, u"r"_s}}, u"id"_s).contains("errors"_L1));
    for (int depth : {2, 10})
        QVERIFY(!m_backend->mutate(u"create"_s, u"Cell"_s, {{u"row"_s, u"r"_s}, {u"col"_s, u"c"_s}, {u"depth"_s, depth}}, u"row"_s).contains("errors"_L1));
    const auto depths = [this](const QString &arguments) {
        const QJsonValue cells = m_backend->data(u"{ getRow(id: \"r\") { cells%1 { items { depth } } } }"_s.arg(arguments))["cells"_L1]["items"_L1];
        return strings(cells, u"depth"_s);
    };
    QCOMPARE(depths({}), (QStringList{u"10"_s, u"2"_s}));
    QCOMPARE(depths(u"(colDepth: {ge: {col: \"c\", depth: 2}})"_s), QStringList{u"2"_s});
}

// ---- random ----

static QString quoted(const QString &text)
{
    return u'"' + QString(text).replace(u'\\', u"\\\\"_s).replace(u'"', u"\\\""_s) + u'"';
}

static const QStringList texts{u""_s, u"a"_s, u"a!"_s, u"a#1"_s, u"ab"_s, u"#"_s, u"\u00e9"_s, u"\uffee"_s, u"\U0001f600"_s, u"1"_s};
static const QList<int> ranks{-1, 0, 1, 2, 10, 100};

struct Operand
{
    QString literal, text;

    // Of the first \a parts fields.
    static Operand random(QRandomGenerator &random, const QStringList &names, int parts)
    {
        QStringList members, values;
        for (int i = 0; i < parts; ++i) {
            const bool number = names[i] == u"rank" || names[i] == u"depth";
            const QString value = number ? QString::number(ranks[random.bounded(ranks.size())]) : texts[random.bounded(texts.size())];
            members.append(names[i] + u": "_s + (number ? value : quoted(value)));
            values.append(value);
        }
        return {u'{' + members.join(u", ") + u'}', values.join(u'#')};
    }
};

static bool holds(const QString &op, const QByteArray &key, const QByteArray &first, const QByteArray &second)
{
    return op == u"eq" ? key == first
        : op == u"lt"  ? key < first
        : op == u"le"  ? key <= first
        : op == u"gt"  ? key > first
        : op == u"ge"  ? key >= first
        : op == u"between" ? key >= first && key <= second
                           : key.startsWith(first);
}

void TestIndexQueries::randomQueriesAndPages_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 4; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void TestIndexQueries::randomQueriesAndPages()
{
    QFETCH(const quint32, seed);
    QRandomGenerator random(seed);
    struct Row { QString id, team; QByteArray key; };
    std::vector<Row> rows;
    QStringList creates;
    for (int i = 0; i < 90; ++i) {
        const QString id = u"i%1"_s.arg(i, 2, 10, QChar(u'0')), team = u"t%1"_s.arg(random.bounded(2));
        const Operand key = Operand::random(random, {u"status"_s, u"rank"_s, u"note"_s}, 3);
        const QString missing = random.bounded(5) == 0 ? QStringList{u"status"_s, u"rank"_s, u"note"_s}[random.bounded(3)] : QString();
        creates.append(u"c%1: createItem(input: {id: \"%2\", team: \"%3\", %4}) { id }"_s.arg(QString::number(i), id, team, key.literal.mid(1).chopped(1)));
        if (!missing.isEmpty())
            creates.append(u"u%1: updateItem(input: {id: \"%2\", %3: null, _version: 1}) { id }"_s.arg(QString::number(i), id, missing));
        else
            rows.push_back({id, team, key.text.toUtf8()});
        if (creates.size() > 60)
            QVERIFY(!m_backend->run(u"mutation { %1 }"_s.arg(std::exchange(creates, {}).join(u' '))).contains("errors"_L1));
    }
    QVERIFY(!m_backend->run(u"mutation { %1 }"_s.arg(creates.join(u' '))).contains("errors"_L1));
    static const QStringList operators{u"eq"_s, u"lt"_s, u"le"_s, u"gt"_s, u"ge"_s, u"between"_s, u"beginsWith"_s, QString()};
    for (int round = 0; round < 60; ++round) {
        const QString team = u"t%1"_s.arg(random.bounded(2)), op = operators[random.bounded(operators.size())];
        const bool descending = random.bounded(2) == 1;
        const Operand first = Operand::random(random, {u"status"_s, u"rank"_s, u"note"_s}, random.bounded(1, 4));
        const Operand second = Operand::random(random, {u"status"_s, u"rank"_s, u"note"_s}, random.bounded(1, 4));
        QString arguments = u"team: \"%1\", sortDirection: %2"_s.arg(team, descending ? u"DESC"_s : u"ASC"_s);
        if (!op.isEmpty())
            arguments += u", statusRankNote: {%1: %2}"_s.arg(op, op == u"between" ? u'[' + first.literal + u", "_s + second.literal + u']' : first.literal);
        QHash<QString, QByteArray> keys;
        QList<QByteArray> expected;
        for (const Row &row : rows) {
            if (row.team != team || (!op.isEmpty() && !holds(op, row.key, first.text.toUtf8(), second.text.toUtf8())))
                continue;
            keys.insert(row.id, row.key);
            expected.append(row.key);
        }
        std::ranges::sort(expected);
        if (descending)
            std::ranges::reverse(expected);
        const QStringList found = pages(u"itemsByTeam"_s, arguments, random.bounded(1, 9));
        QList<QByteArray> actual;
        for (const QString &id : found)
            actual.append(keys.value(id, "not expected"));
        QVERIFY2(actual == expected && QSet<QString>(found.begin(), found.end()).size() == found.size(), qPrintable(arguments));
        QCOMPARE(found, ids(u"{ itemsByTeam(%1, limit: 1000) { items { id } } }"_s.arg(arguments)));
    }
}

// tst_statements has SQLite's plans.
void TestIndexQueries::theIndexIsUsed()
{
    if (!TidelineTest::onPostgres())
        QSKIP("PostgreSQL counts it");
    for (int i = 0; i < 20; ++i) {
        QString creates;
        for (int item = 0; item < 100; ++item)
            creates += u"c%1: createItem(input: {team: \"t\", status: \"a\", rank: %1, note: \"%2\"}) { id } "_s.arg(item).arg(i);
        QVERIFY(!m_backend->run(u"mutation { %1 }"_s.arg(creates)).contains("errors"_L1));
    }
    TidelineTest::PostgresServer::ofThisProcess().execute(m_backend->path(), u"ANALYZE"_s);
    const QString query = u"query Q($t: String) { itemsByTeam(team: \"t\", limit: 5, nextToken: $t, statusRankNote: {beginsWith: {status: \"a\"}}) { items { id } nextToken } }"_s;
    const QJsonValue token = m_backend->data(query)["nextToken"_L1];
    QCOMPARE(m_backend->data(query, {{u"t"_s, token}})["items"_L1].toArray().size(), 5);
    {
        const QUrl url(m_backend->path());
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QPSQL"_s, u"statistics"_s);
        database.setDatabaseName(url.path().mid(1));
        database.setHostName(QUrlQuery(url).queryItemValue(u"host"_s));
        database.setUserName(url.userName());
        QVERIFY(database.open());
        QSqlQuery used(database);
        const auto scans = [&used] {
            // each test has a schema of its own in one database; the newest is this one's
            const bool found = used.exec(u"SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'Item.byTeam#' ORDER BY indexrelid DESC"_s) && used.next();
            return found ? used.value(0).toInt() : -1;
        };
        QTRY_COMPARE_WITH_TIMEOUT(scans(), 2, 30'000);           // a session counts late
    }
    QSqlDatabase::removeDatabase(u"statistics"_s);
}

QTEST_GUILESS_MAIN(TestIndexQueries)
#include "tst_indexqueries.moc"
