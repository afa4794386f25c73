// SPDX-License-Identifier: MIT
#include "blogschema.h"
#include "teststore.h"

#include "shared/generators.h"
#include "shared/testschema.h"

#include <rapidcheck.h>

Q_DECLARE_METATYPE(Tideline::Predicate)
Q_DECLARE_METATYPE(Tideline::Schema)

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

namespace {

// All records of a store in memory, as the matcher wants them.
class Memory
{
public:
    Memory(const Schema &schema, const QList<Record> &records) : m_schema(schema), m_records(records) { }

    [[nodiscard]] QList<Record> of(const std::shared_ptr<const ModelType> &model) const
    {
        QList<Record> list;
        for (const Record &record : m_records) {
            if (record.model() == model)
                list.append(record);
        }
        return list;
    }

    [[nodiscard]] QList<Record> related(const Record &record, const Relation &relation) const
    {
        QList<Record> list = of(m_schema.target(relation));
        list.removeIf([&](const Record &other) {
            for (size_t i = 0; i < relation.localFields.size(); ++i) {
                const Value &value = record.value(relation.localFields[i]);
                if (value.isNull() || !(value == other.value(relation.targetFields[i])))
                    return true;
            }
            return false;
        });
        const BoundSortOrder byKey = BoundSortOrder::bind(m_schema, m_schema.target(relation), {}).value();
        std::sort(list.begin(), list.end(), [&](const Record &a, const Record &b) { return byKey.encode(a) < byKey.encode(b); });
        return list;
    }

    [[nodiscard]] RelatedRecords lookup() const
    {
        return [this](const Record &record, const Relation &relation) { return related(record, relation); };
    }

    [[nodiscard]] QList<Record> query(const Query &query) const
    {
        const BoundPredicate where = BoundPredicate::bind(m_schema, query.model, query.where).value();
        const BoundSortOrder order = BoundSortOrder::bind(m_schema, query.model, query.sort).value();
        QList<Record> list = of(query.model);
        list.removeIf([&](const Record &record) { return !where.matches(record, lookup()); });
        std::sort(list.begin(), list.end(),
                  [&](const Record &a, const Record &b) { return order.encode(a, lookup()) < order.encode(b, lookup()); });
        list = list.mid(query.offset);
        return query.limit < 0 ? list : list.first(std::min<qsizetype>(query.limit, list.size()));
    }

private:
    Schema m_schema;
    QList<Record> m_records;
};

QList<qint64> rowsOf(const std::vector<ReadTransaction::Position> &positions)
{
    QList<qint64> rows;
    for (const ReadTransaction::Position &position : positions)
        rows.append(position.rowId);
    return rows;
}

QList<qint64> rowsOf(const QList<Record> &records)
{
    QList<qint64> rows;
    for (const Record &record : records)
        rows.append(record.rowId());
    return rows;
}

} // namespace

class TestStoreQuery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sqlEqualsMemory_data();
    void sqlEqualsMemory();
    void pagesAreDisjointAndComplete();
    void pageBehindTheOnlyRowIsEmpty();
    void indexedFieldsCompareLikeOthers();
    void relationsOfATypeWithItself();
    void manyToManyIsAskedThroughItsJoins_data();
    void manyToManyIsAskedThroughItsJoins();
    void keyOfSeveralFieldsAsACondition();
    void likeCharactersAreLiteral_data();
    void likeCharactersAreLiteral();
    void prefixesAtTheEdges();
    void listContainsAsksForElements();
    void longSets_data();
    void longSets();
    void manyConditions();
    void deepConditions();
    void sortThroughRelations();
    void sortThroughHasOneOfSeveral();
    void nullsSortFirst();
    void aggregates();
    void aggregatesRefuse();
    void recordsByRow();
    void rowsRelatedToARecord();
    void wrongQueries_data();
    void wrongQueries();

private:
    static void compare(TestStore &store, const Memory &memory, const Query &query);
    static Result<QList<Record>> fill(TestStore &store, const std::vector<Record> &records);
};

Result<QList<Record>> TestStoreQuery::fill(TestStore &store, const std::vector<Record> &records)
{
    return store.write<QList<Record>>([&](WriteTransaction &write) -> Result<QList<Record>> {
        for (const Record &record : records) {
            if (const Result<void> put = write.put(record); !put)
                return put.error();
        }
        QList<Record> all;
        for (const auto &model : store.store->schema().models())
            all += write.query({model, {}, {}, -1, 0}).value();
        return all;
    });
}

// What TestSchema lacks: hasOne with the key on either side, relations over composite keys and to the same type, lists of all scalars.
static Schema kindsSchema()
{
    static const Result<Schema> parsed = Schema::parse(uR"(
enum Mood { good Good GOOD }

type Sample @model {
  lab: String! @primaryKey(sortKeyFields: ["number", "weight"])
  number: Int!
  weight: Float!
  name: String
  mood: Mood
  at: AWSTimestamp
  flags: [Boolean]
  weights: [Float]
  stamps: [AWSTimestamp!]
  names: [ID]
  days: [AWSDate]
  moods: [Mood]
  tests: [Trial] @hasMany
  cover: Cover @hasOne
}

type Trial @model {
  id: ID!
  result: Float
  passed: Boolean
  sample: Sample @belongsTo
  report: Report @hasOne(references: ["trialId"])
  previous: Trial @belongsTo
  next: [Trial] @hasMany
}

type Report @model {
  id: ID!
  text: String
  trialId: ID
  trial: Trial @belongsTo(references: ["trialId"])
}

type Cover @model {
  id: ID!
  colour: String
}
)"_s);
    if (!parsed)
        qFatal("The schema of the test is refused: %s", qPrintable(parsed.error().message()));
    return parsed.value();
}

// Mostly a key of a record that exists.
static void relate(Record &record, const Relation &relation, const std::shared_ptr<const ModelType> &target, const std::vector<Record> &rows)
{
    std::vector<Record> candidates;
    std::copy_if(rows.begin(), rows.end(), std::back_inserter(candidates), [&](const Record &row) { return row.model() == target; });
    if (candidates.empty() || *rc::gen::inRange(0, 5) == 0)
        return;
    const Record other = *rc::gen::elementOf(candidates);
    for (size_t i = 0; i < relation.localFields.size(); ++i) {
        if (!other.value(relation.targetFields[i]).isNull())
            record.setValue(relation.localFields[i], other.value(relation.targetFields[i]));
    }
}

static std::vector<Record> someRows(const Schema &schema)
{
    std::vector<Record> rows;
    for (const auto &model : schema.models()) {
        for (Record record : *rc::gen::resize(12, rc::gen::container<std::vector<Record>>(Generate::record(schema, model)))) {
            for (const Relation &relation : model->relations) {
                const auto &key = model->primaryKey;
                if (std::find(key.begin(), key.end(), relation.localFields.front()) == key.end())       // the key of this one is here
                    relate(record, relation, schema.target(relation), rows);
            }
            rows.push_back(record);
        }
    }
    return rows;
}

// Sets longer than SQLite takes parameters for are written otherwise.
static Predicate longSet(const Schema &schema, const std::shared_ptr<const ModelType> &model)
{
    std::vector<const SchemaField *> fields;
    for (const SchemaField &field : model->fields) {
        const bool plain = field.type.kind == FieldType::Kind::Scalar && !field.type.list;
        if (plain && (field.type.scalar == Scalar::ID || field.type.scalar == Scalar::String || field.type.scalar == Scalar::Int
                      || field.type.scalar == Scalar::Float || field.type.scalar == Scalar::AWSTimestamp))
            fields.push_back(&field);
    }
    const SchemaField &field = **rc::gen::elementOf(fields);
    QList<Value> members;
    for (int i = 0; i < 30; ++i)
        members.append(*Generate::single(schema, field.type));
    for (int i = 0; i < 600; ++i) {
        const bool text = members.first().kind() == Value::Kind::Text;
        members.append(text ? Value(QString::number(i)) : Value(1000 + i));
    }
    return Predicate::compare(field.name, *rc::gen::element(Predicate::Operator::In, Predicate::Operator::NotIn), members);
}

void TestStoreQuery::compare(TestStore &store, const Memory &memory, const Query &query)
{
    const QList<Record> expected = memory.query(query);
    const Result<QList<Record>> found = store.query(query);
    RC_ASSERT(found.ok());
    RC_ASSERT(*found == expected);
    const auto positions = store.read<std::vector<ReadTransaction::Position>>([&](ReadTransaction &read) { return read.positions(query); });
    RC_ASSERT(rowsOf(positions.value()) == rowsOf(expected));
    const BoundSortOrder order = BoundSortOrder::bind(store.store->schema(), query.model, query.sort).value();
    for (size_t row = 0; row < positions->size(); ++row)
        RC_ASSERT(positions.value()[row].key == order.encode(expected[qsizetype(row)], memory.lookup()));
    RC_ASSERT(store.read<qint64>([&](ReadTransaction &read) { return read.count(query); }).value() == expected.size());
    QList<qint64> all = rowsOf(memory.of(query.model));
    all.append(1'000'000);
    const Query unlimited{query.model, query.where, query.sort, -1, 0};
    RC_ASSERT(rowsOf(store.read<std::vector<ReadTransaction::Position>>([&](ReadTransaction &read) { return read.positionsOf(query, all); }).value())
              == rowsOf(memory.query(unlimited)));
}

void TestStoreQuery::sqlEqualsMemory_data()
{
    QTest::addColumn<Schema>("schema");
    QTest::newRow("every kind of field") << TestSchema::schema();
    QTest::newRow("every kind of relation and list") << kindsSchema();
}

// Random rows of related model types, random predicates and orders: SQL and the matcher must agree.
void TestStoreQuery::sqlEqualsMemory()
{
    QFETCH(Schema, schema);
    const auto holds = rc::check("SQL equals memory", [&] {
        TestStore store(schema);
        RC_ASSERT(store.open().ok());
        const Result<QList<Record>> stored = fill(store, someRows(schema));
        RC_ASSERT(stored.ok());
        const Memory memory(schema, *stored);
        for (int i = 0; i < 10; ++i) {
            const auto model = *rc::gen::elementOf(schema.models());
            const Predicate where = *rc::gen::inRange(0, 20) == 0 ? longSet(schema, model) : *Generate::predicate(schema, model);
            const QList<SortKey> sort = *Generate::sortKeys(Generate::sortPaths(schema, *model, 2));
            compare(store, memory, {model, *rc::gen::arbitrary<bool>() ? where : !where, sort, *rc::gen::inRange(-1, 8), *rc::gen::inRange(0, 3)});
        }
    });
    QVERIFY(holds);
}

void TestStoreQuery::pagesAreDisjointAndComplete()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    for (int i = 0; i < 47; ++i)
        TL_OK(store.save(store.draft(u"Post"_s, {{u"title"_s, u"x"_s}, {u"rating"_s, i % 3}})));
    Query query{store.model(u"Post"_s), {}, {{u"rating"_s, Qt::DescendingOrder}}, 10, 0};
    QList<Record> all;
    for (; query.offset < 60; query.offset += 10)
        all += store.query(query).value();
    QCOMPARE(all.size(), 47);
    QCOMPARE(all, store.query({query.model, {}, query.sort, -1, 0}).value());
    QCOMPARE(store.query({query.model, {}, {}, 0, 0}).value().size(), 0);
    QCOMPARE(store.query({query.model, {}, {}, -1, 45}).value().size(), 2);
}

void TestStoreQuery::pageBehindTheOnlyRowIsEmpty()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    TL_OK(store.save(store.draft(u"Post"_s, {{u"title"_s, u"x"_s}})));
    QCOMPARE(store.query({store.model(u"Post"_s), {}, {}, 10, 0}).value().size(), 1);
    QCOMPARE(store.query({store.model(u"Post"_s), {}, {}, 10, 10}).value().size(), 0);
}

void TestStoreQuery::indexedFieldsCompareLikeOthers()
{
    const Result<Schema> schema = Schema::parse(u"type Twin @model { id: ID! s: String @index t: String i: Int @index(name: \"byI\") j: Int "
                                                "f: Float @index(name: \"byF\") g: Float }"_s);
    TL_OK(schema);
    TestStore store(*schema);
    TL_OK(store.open());
    const auto twin = store.model(u"Twin"_s);
    for (int n = 0; n < 30; ++n) {
        const Value text = n % 7 ? Value(u"t%1"_s.arg(n % 7)) : Value();
        const Value number = n % 5 ? Value(n % 5) : Value();
        const Value real = n % 3 ? Value(n % 3 / 2.0) : Value();
        TL_OK(store.save(store.draft(u"Twin"_s, {{u"s"_s, text}, {u"t"_s, text}, {u"i"_s, number}, {u"j"_s, number}, {u"f"_s, real}, {u"g"_s, real}})));
    }
    const auto found = [&](const QString &field, Predicate::Operator op, const Value &operand) {
        return store.query({twin, Predicate::compare(field, op, {operand}), {}, -1, 0}).value();
    };
    using enum Predicate::Operator;
    for (const Predicate::Operator op : {Eq, Ne, Lt, Le, Gt, Ge}) {
        for (const Value &operand : {Value(), Value(u"t3"_s), Value(u"nothing"_s)})
            QCOMPARE(found(u"s"_s, op, operand), found(u"t"_s, op, operand));
        for (const Value &operand : {Value(), Value(3), Value(99)})
            QCOMPARE(found(u"i"_s, op, operand), found(u"j"_s, op, operand));
        for (const Value &operand : {Value(), Value(0.5), Value(99.0)})
            QCOMPARE(found(u"f"_s, op, operand), found(u"g"_s, op, operand));
    }
    QCOMPARE(found(u"s"_s, Eq, u"t3"_s).size(), 4);
    QCOMPARE(found(u"i"_s, Eq, 3).size(), 6);
    QCOMPARE(found(u"f"_s, Eq, 0.5).size(), 10);
}

void TestStoreQuery::relationsOfATypeWithItself()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto node = store.model(u"Node"_s);
    const QString parent = foreignKey(node, u"parent"_s);
    TL_OK(store.save(store.draft(u"Node"_s, {{u"id"_s, u"0"_s}, {u"group"_s, u"g0"_s}})));
    for (int i = 1; i < 5; ++i)
        TL_OK(store.save(store.draft(u"Node"_s, {{u"id"_s, QString::number(i)}, {u"group"_s, u"g%1"_s.arg(i)}, {parent, QString::number(i - 1)}})));
    const auto keys = [&](const QString &path, const QString &group) {
        QStringList list;
        for (const Record &record : store.query({node, Predicate::compare(path, Predicate::Operator::Eq, {group}), {}, -1, 0}).value())
            list += record.key();
        return list;
    };
    QString up;
    QString down;
    for (int levels = 1; levels < 5; ++levels) {
        up += u"parent."_s;
        down += u"children."_s;
        QCOMPARE(keys(up + u"group"_s, u"g0"_s), QStringList{QString::number(levels)});
        QCOMPARE(keys(down + u"group"_s, u"g4"_s), QStringList{QString::number(4 - levels)});
    }
    QCOMPARE(keys(up + u"parent.group"_s, u"g0"_s), QStringList());
    QCOMPARE(keys(down + u"children.group"_s, u"g4"_s), QStringList());
}

void TestStoreQuery::manyToManyIsAskedThroughItsJoins_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("one with one") << 1;
    QTest::newRow("three with three") << 3;
}

void TestStoreQuery::manyToManyIsAskedThroughItsJoins()
{
    QFETCH(int, size);
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto join = store.model(u"PostTags"_s);
    QString toPost;
    QString toTag;
    for (const Relation &relation : join->relations)
        (relation.target == u"Post"_s ? toPost : toTag) = relation.name;
    TL_OK(store.save(store.draft(u"Post"_s, {{u"id"_s, u"lonely"_s}, {u"title"_s, u"x"_s}})));
    for (int i = 0; i < size; ++i) {
        TL_OK(store.save(store.draft(u"Post"_s, {{u"id"_s, u"p%1"_s.arg(i)}, {u"title"_s, u"title %1"_s.arg(i)}})));
        TL_OK(store.save(store.draft(u"Tag"_s, {{u"name"_s, u"t%1"_s.arg(i)}, {u"colour"_s, i ? u"red"_s : u"blue"_s}})));
    }
    for (int i = 0; i < size; ++i) {
        for (int k = 0; k < size; ++k) {
            if (i != 2 || k != 0)           // all with all, but for the third post and the first tag
                TL_OK(store.save(store.draft(u"PostTags"_s, {{foreignKey(join, toPost), u"p%1"_s.arg(i)}, {foreignKey(join, toTag), u"t%1"_s.arg(k)}})));
        }
    }
    const auto count = [&](const QString &type, const Predicate &where) { return store.query({store.model(type), where, {}, -1, 0}).value().size(); };
    const auto equals = [](const QString &path, const QString &value) { return Predicate::compare(path, Predicate::Operator::Eq, {value}); };
    const QString tags = u"tags."_s + toTag;
    const QString posts = u"posts."_s + toPost;
    const qsizetype withBlue = size == 3 ? 2 : 1;
    QCOMPARE(count(u"Post"_s, equals(tags + u".colour"_s, u"blue"_s)), withBlue);
    QCOMPARE(count(u"Post"_s, !equals(tags + u".colour"_s, u"blue"_s)), size + 1 - withBlue);
    QCOMPARE(count(u"Post"_s, equals(tags + u".colour"_s, u"green"_s)), 0);
    QCOMPARE(count(u"Tag"_s, equals(posts + u".title"_s, u"title 0"_s)), size);
    QCOMPARE(count(u"Tag"_s, equals(posts + u".title"_s, u"x"_s)), 0);
}

void TestStoreQuery::keyOfSeveralFieldsAsACondition()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    for (const auto &[select, from] : {std::pair(u"a"_s, 1), std::pair(u"a"_s, 2), std::pair(u"b"_s, 1)})
        TL_OK(store.save(store.draft(u"Order"_s, {{u"select"_s, select}, {u"from"_s, from}})));
    const auto order = store.model(u"Order"_s);
    const auto is = [](const QString &field, const Value &value) { return Predicate::compare(field, Predicate::Operator::Eq, {value}); };
    const Predicate one = is(u"select"_s, u"a"_s) && is(u"from"_s, 1);
    const auto keys = [&](const Predicate &where) {
        QStringList list;
        for (const Record &record : store.query({order, where, {}, -1, 0}).value())
            list += record.key();
        return list;
    };
    QCOMPARE(keys(one), QStringList{u"[\"a\",1]"_s});
    QCOMPARE(keys(!one), (QStringList{u"[\"a\",2]"_s, u"[\"b\",1]"_s}));
    QCOMPARE(keys(is(u"select"_s, u"a"_s)), (QStringList{u"[\"a\",1]"_s, u"[\"a\",2]"_s}));
}

void TestStoreQuery::likeCharactersAreLiteral_data()
{
    QTest::addColumn<Predicate>("where");
    QTest::addColumn<QStringList>("expected");

    const auto row = [](const char *name, Predicate::Operator op, const QString &text, const QStringList &expected) {
        QTest::newRow(name) << Predicate::compare(u"name"_s, op, {text}) << expected;
    };
    row("contains %", Predicate::Operator::Contains, u"%"_s, {u"a%b"_s});
    row("contains _", Predicate::Operator::Contains, u"_"_s, {u"a_b"_s});
    row("begins with a%", Predicate::Operator::BeginsWith, u"a%"_s, {u"a%b"_s});
    row("contains, other case", Predicate::Operator::Contains, u"AX"_s, {});
    row("begins with nothing", Predicate::Operator::BeginsWith, QString(), {u"a%b"_s, u"a_b"_s, u"axb"_s});
    row("not contains %", Predicate::Operator::NotContains, u"%"_s, {u"a_b"_s, u"axb"_s});
}

void TestStoreQuery::likeCharactersAreLiteral()
{
    QFETCH(Predicate, where);
    QFETCH(QStringList, expected);
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    for (const QString &name : {u"a%b"_s, u"a_b"_s, u"axb"_s})
        TL_OK(store.save(store.draft(u"Tag"_s, {{u"name"_s, name}})));
    QStringList found;
    for (const Record &record : store.query({store.model(u"Tag"_s), where, {}, -1, 0}).value())
        found += record.key();
    QCOMPARE(found, expected);
}

// The end of the range that a prefix stands for may be no character, or begin like a byte order mark.
void TestStoreQuery::prefixesAtTheEdges()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const QStringList names{u"\ud7ff"_s, u"\ufefea"_s, u"\ufeffa"_s, u"\ufffda"_s, u"a\ufffd"_s, QString::fromUcs4(U"\U0010FFFFa")};
    for (const QString &name : names)
        TL_OK(store.save(store.draft(u"Tag"_s, {{u"name"_s, name}})));
    for (const QString &name : names) {
        const QString prefix = name.endsWith(u'a') ? name.chopped(1) : name;
        const Predicate where = Predicate::compare(u"name"_s, Predicate::Operator::BeginsWith, {prefix});
        const QList<Record> found = store.query({store.model(u"Tag"_s), where, {}, -1, 0}).value();
        QVERIFY2(found.size() == 1, qPrintable(QDebug::toString(prefix)));
        QCOMPARE(found.first().key(), name);
    }
}

void TestStoreQuery::listContainsAsksForElements()
{
    TestStore store(TestSchema::schema());
    TL_OK(store.open());
    const auto product = store.model(u"Product"_s);
    Record record(product);
    record.setValue(0, u"p"_s);
    record.setValue(product->fieldIndex(u"tags"), Value::List{u"ab"_s, u"x,\",\"y"_s, u"n\0l"_s, u"1"_s});
    TL_OK(store.write<void>([&](WriteTransaction &write) { return write.put(record); }));
    const auto matches = [&](const QString &element) {
        return store.query({product, Predicate::compare(u"tags"_s, Predicate::Operator::Contains, {element}), {}, -1, 0}).value().size() == 1;
    };
    QVERIFY(matches(u"ab"_s));
    QVERIFY(!matches(u"a"_s));
    QVERIFY(!matches(u","_s));
    QVERIFY(!matches(u"y"_s));
    QVERIFY(matches(u"x,\",\"y"_s));
    QVERIFY(matches(u"n\0l"_s));
    QVERIFY(!matches(u"n"_s));
    QVERIFY(matches(u"1"_s));
}

void TestStoreQuery::longSets_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {1, 2, 3, 511, 512, 513, 5000})
        QTest::addRow("%d values", size) << size;
}

void TestStoreQuery::longSets()
{
    QFETCH(int, size);
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    TL_OK(store.write<void>([&](WriteTransaction &write) -> Result<void> {
        for (int i = 0; i < 100; ++i) {
            if (const Result<Record> saved = write.save(store.draft(u"Post"_s, {{u"title"_s, QString::number(i)}, {u"rating"_s, i}})); !saved)
                return saved.error();
        }
        return {};
    }));
    QList<Value> texts;
    QList<Value> numbers;
    for (int i = 0; i < size; ++i) {
        texts.append(QString::number(i * 2));
        numbers.append(i * 2);
    }
    const auto post = store.model(u"Post"_s);
    const qsizetype expected = std::min(size, 50);
    for (const auto &[field, set] : {std::pair(u"title"_s, texts), std::pair(u"rating"_s, numbers)}) {
        QCOMPARE(store.query({post, Predicate::compare(field, Predicate::Operator::In, set), {}, -1, 0}).value().size(), expected);
        QCOMPARE(store.query({post, Predicate::compare(field, Predicate::Operator::NotIn, set), {}, -1, 0}).value().size(), 100 - expected);
    }
}

void TestStoreQuery::manyConditions()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    TL_OK(store.save(store.draft(u"Post"_s, {{u"title"_s, u"x"_s}, {u"rating"_s, 4999}})));
    QList<Predicate> conditions;
    for (int i = 0; i < 5000; ++i)
        conditions.append(Predicate::compare(u"rating"_s, Predicate::Operator::Eq, {i}));
    QCOMPARE(store.query({store.model(u"Post"_s), Predicate::anyOf(conditions), {}, -1, 0}).value().size(), 1);
}

static Predicate nested(int levels)
{
    const Predicate other = Predicate::compare(u"title"_s, Predicate::Operator::Ne, {u"x"_s});
    Predicate predicate = Predicate::compare(u"rating"_s, Predicate::Operator::Gt, {1});
    for (int i = 0; i < levels; i += 2)
        predicate = Predicate::anyOf({other, Predicate::allOf({other, predicate})});
    return predicate;
}

void TestStoreQuery::deepConditions()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    TL_OK(store.save(store.draft(u"Post"_s, {{u"title"_s, u"x"_s}, {u"rating"_s, 2}})));
    const auto post = store.model(u"Post"_s);
    QCOMPARE(store.query({post, nested(60), {}, -1, 0}).value().size(), 0);
    QCOMPARE(store.query({post, !nested(60), {}, -1, 0}).value().size(), 1);
    const Result<QList<Record>> deeper = store.query({post, nested(2000), {}, -1, 0});
    TL_ERROR(deeper, Error::Code::InvalidArgument);
    QVERIFY(!deeper.error().detail().isEmpty());
}

void TestStoreQuery::sortThroughRelations()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto post = store.model(u"Post"_s);
    const auto comment = store.model(u"Comment"_s);
    const int blogOfPost = post->fieldIndex(foreignKey(post, u"blog"_s));
    const int postOfComment = comment->fieldIndex(foreignKey(comment, u"post"_s));
    for (int i = 0; i < 3; ++i) {
        const QString id = QString::number(i);
        TL_OK(store.save(store.draft(u"Blog"_s, {{u"id"_s, id}, {u"title"_s, QString::number(9 - i)}})));
        TL_OK(store.save(store.draft(u"Post"_s, {{u"id"_s, id}, {u"title"_s, u"x"_s}}).with(blogOfPost, id)));
        TL_OK(store.save(store.draft(u"Comment"_s, {{u"id"_s, id}, {u"text"_s, u"x"_s}}).with(postOfComment, id)));
    }
    TL_OK(store.save(store.draft(u"Comment"_s, {{u"id"_s, u"orphan"_s}, {u"text"_s, u"x"_s}})));
    const auto keys = [&](Qt::SortOrder order) {
        QStringList list;
        for (const Record &record : store.query({comment, {}, {{u"post.blog.title"_s, order}}, -1, 0}).value())
            list += record.key();
        return list;
    };
    QCOMPARE(keys(Qt::AscendingOrder), QStringList({u"orphan"_s, u"2"_s, u"1"_s, u"0"_s}));
    QCOMPARE(keys(Qt::DescendingOrder), QStringList({u"0"_s, u"1"_s, u"2"_s, u"orphan"_s}));
}

void TestStoreQuery::sortThroughHasOneOfSeveral()
{
    const Result<Schema> schema = Schema::parse(u"type A @model { id: ID! b: B @hasOne } type B @model { id: ID! name: String a: A @belongsTo }"_s);
    TL_OK(schema);
    TestStore store(*schema);
    TL_OK(store.open());
    const Relation &one = *store.model(u"A"_s)->relation(u"b");
    std::vector<Record> rows;
    for (const QString &id : {u"1"_s, u"2"_s}) {
        Record a(store.model(u"A"_s));
        a.setValue(0, id);
        rows.push_back(a);
    }
    if (one.targetFields == store.model(u"B"_s)->primaryKey)
        return;                             // the key is in A: there cannot be several
    for (const auto &[id, name] : {std::pair(u"x"_s, u"z"_s), std::pair(u"y"_s, u"a"_s)}) {
        Record b(store.model(u"B"_s));
        b.setValue(0, id);
        b.setValue(1, name);
        b.setValue(one.targetFields.front(), u"1"_s);
        rows.push_back(b);
    }
    const QList<Record> stored = fill(store, rows).value();
    const Query query{store.model(u"A"_s), {}, {{u"b.name"_s, Qt::DescendingOrder}}, -1, 0};
    QCOMPARE(store.query(query).value(), Memory(*schema, stored).query(query));
    QCOMPARE(store.query(query).value().size(), 2);
}

void TestStoreQuery::nullsSortFirst()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    for (const Value &rating : {Value(2), Value(), Value(-1)})
        TL_OK(store.save(store.draft(u"Post"_s, {{u"title"_s, u"x"_s}, {u"rating"_s, rating}})));
    const auto ratings = [&](Qt::SortOrder order) {
        Value::List list;
        for (const Record &record : store.query({store.model(u"Post"_s), {}, {{u"rating"_s, order}}, -1, 0}).value())
            list += record.value(u"rating");
        return list;
    };
    QCOMPARE(ratings(Qt::AscendingOrder), Value::List({Value(), Value(-1), Value(2)}));
    QCOMPARE(ratings(Qt::DescendingOrder), Value::List({Value(2), Value(-1), Value()}));
}

void TestStoreQuery::aggregates()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const Query all{store.model(u"Post"_s), {}, {{u"rating"_s, Qt::AscendingOrder}}, -1, 0};
    const auto compute = [&](const Query &query, Aggregate function, const QString &field) {
        return store.read<Value>([=](ReadTransaction &read) { return read.aggregate(query, function, field); }).value();
    };
    QCOMPARE(compute(all, Aggregate::Sum, u"rating"_s), Value(0));
    QCOMPARE(compute(all, Aggregate::Avg, u"rating"_s), Value());
    QCOMPARE(compute(all, Aggregate::Max, u"title"_s), Value());
    for (const Value &rating : {Value(1), Value(4), Value()})
        TL_OK(store.save(store.draft(u"Post"_s, {{u"title"_s, u"t"_s + rating.toJsonText()}, {u"rating"_s, rating}})));
    QCOMPARE(compute(all, Aggregate::Count, {}), Value(3));
    QCOMPARE(compute(all, Aggregate::Count, u"rating"_s), Value(2));
    QCOMPARE(compute(all, Aggregate::Sum, u"rating"_s), Value(5));
    QCOMPARE(compute(all, Aggregate::Min, u"rating"_s), Value(1));
    QCOMPARE(compute(all, Aggregate::Max, u"title"_s), Value(u"tnull"_s));
    QCOMPARE(compute(all, Aggregate::Avg, u"rating"_s), Value(2.5));
    Query limited = all;
    limited.limit = 2;
    QCOMPARE(compute(limited, Aggregate::Count, {}), Value(2));
    QCOMPARE(compute(limited, Aggregate::Sum, u"rating"_s), Value(1));      // null and 1
    limited.where = Predicate::compare(u"rating"_s, Predicate::Operator::Ge, {4});
    QCOMPARE(compute(limited, Aggregate::Sum, u"rating"_s), Value(4));
}

void TestStoreQuery::aggregatesRefuse()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto compute = [&](Aggregate function, const QString &field) {
        return store.read<Value>([&](ReadTransaction &read) { return read.aggregate({store.model(u"Post"_s), {}, {}, -1, 0}, function, field); });
    };
    TL_ERROR(compute(Aggregate::Sum, u"title"_s), Error::Code::InvalidArgument);
    TL_ERROR(compute(Aggregate::Max, u"nothing"_s), Error::Code::UnknownField);
    TL_ERROR(compute(Aggregate::Max, {}), Error::Code::UnknownField);
}

void TestStoreQuery::recordsByRow()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    QList<qint64> rows;
    TL_OK(store.write<void>([&](WriteTransaction &write) -> Result<void> {
        for (int i = 0; i < 1200; ++i) {
            const Result<Record> saved = write.save(store.draft(u"Tag"_s, {{u"name"_s, QString::number(i)}}));
            if (!saved)
                return saved.error();
            rows.prepend(saved->rowId());
        }
        return {};
    }));
    rows.insert(5, 999'999);
    const auto records = store.read<QList<Record>>([&](ReadTransaction &read) { return read.records(store.model(u"Tag"_s), rows); }).value();
    QCOMPARE(records.size(), rows.size());
    for (qsizetype i = 0; i < rows.size(); ++i)
        QCOMPARE(records[i].rowId(), i == 5 ? 0 : rows[i]);
    QVERIFY(records[5].isNull());
    QVERIFY(store.read<QList<Record>>([&](ReadTransaction &read) { return read.records(store.model(u"Tag"_s), {}); }).value().isEmpty());
}

void TestStoreQuery::rowsRelatedToARecord()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto post = store.model(u"Post"_s);
    const auto comment = store.model(u"Comment"_s);
    const Record blog = store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})).value();
    const Record first = store.save(store.draft(u"Post"_s, {{u"title"_s, u"x"_s}}).with(post->fieldIndex(foreignKey(post, u"blog"_s)), blog.value(0))).value();
    const Record other = store.save(store.draft(u"Post"_s, {{u"title"_s, u"x"_s}})).value();
    const int postOfComment = comment->fieldIndex(foreignKey(comment, u"post"_s));
    const Record a = store.save(store.draft(u"Comment"_s, {{u"text"_s, u"x"_s}}).with(postOfComment, first.value(0))).value();
    const Record b = store.save(store.draft(u"Comment"_s, {{u"text"_s, u"x"_s}}).with(postOfComment, first.value(0))).value();
    TL_OK(store.save(store.draft(u"Comment"_s, {{u"text"_s, u"x"_s}}).with(postOfComment, other.value(0))));
    const auto rows = [&](const std::shared_ptr<const ModelType> &model, const QStringList &path, const Record &record) {
        return store.read<QList<qint64>>([=](ReadTransaction &read) { return read.rowsRelatedTo(model, path, record); });
    };
    QList<qint64> found = rows(comment, {u"post"_s, u"blog"_s}, blog).value();
    std::sort(found.begin(), found.end());
    QCOMPARE(found, QList<qint64>({a.rowId(), b.rowId()}));
    QCOMPARE(rows(blog.model(), {u"posts"_s, u"comments"_s}, a).value(), QList<qint64>({blog.rowId()}));
    QCOMPARE(rows(blog.model(), {u"posts"_s}, other).value(), QList<qint64>());
    TL_ERROR(rows(comment, {u"nothing"_s}, blog), Error::Code::UnknownField);
    TL_ERROR(rows(comment, {u"post"_s}, blog), Error::Code::InvalidArgument);
    const auto related = store.read<QList<Record>>([&](ReadTransaction &read) { return read.related(first, *post->relation(u"comments")); });
    QCOMPARE(related.value().size(), 2);
}

void TestStoreQuery::wrongQueries_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<Predicate>("where");
    QTest::addColumn<QString>("sort");
    QTest::addColumn<int>("limit");
    QTest::addColumn<int>("offset");
    QTest::addColumn<Error::Code>("code");

    const Predicate all;
    QTest::newRow("unknown model type") << u"Nothing"_s << all << QString() << -1 << 0 << Error::Code::InvalidArgument;
    QTest::newRow("unknown field") << u"Post"_s << Predicate::compare(u"x"_s, Predicate::Operator::Eq, {1}) << QString() << -1 << 0 << Error::Code::UnknownField;
    QTest::newRow("unknown sort field") << u"Post"_s << all << u"x"_s << -1 << 0 << Error::Code::UnknownField;
    QTest::newRow("sort through hasMany") << u"Post"_s << all << u"comments.text"_s << -1 << 0 << Error::Code::InvalidArgument;
    QTest::newRow("negative limit") << u"Post"_s << all << QString() << -2 << 0 << Error::Code::InvalidArgument;
    QTest::newRow("negative offset") << u"Post"_s << all << QString() << 1 << -1 << Error::Code::InvalidArgument;
}

void TestStoreQuery::wrongQueries()
{
    QFETCH(QString, type);
    QFETCH(Predicate, where);
    QFETCH(QString, sort);
    QFETCH(int, limit);
    QFETCH(int, offset);
    QFETCH(Error::Code, code);
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const QList<SortKey> keys = sort.isEmpty() ? QList<SortKey>() : QList<SortKey>{{sort, Qt::AscendingOrder}};
    TL_ERROR(store.query({store.model(type), where, keys, limit, offset}), code);
}

QTEST_GUILESS_MAIN(TestStoreQuery)
#include "tst_storequery.moc"
