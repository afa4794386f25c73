// SPDX-License-Identifier: MIT
#include "client/appsync/documents_p.h"
#include "unit/store/teststore.h"

#include <QtCore/QJsonArray>
#include <QtTest/QTest>

using namespace Tideline;
using namespace Qt::StringLiterals;
using Op = Predicate::Operator;

// What a save says to the backend, from the outbox to the variables of its document.
class tst_Documents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void createSaysWhatWasGiven();
    void createLeavesNullsOut();
    void updateSaysKeyChangesAndVersion();
    void clearedFieldIsSentAsNull();
    void deletionSaysKeyAndVersion();
    void readOnlyTimestampsAreNotSent();
    void ownTimestampsAreSent();
    void nullOwnersAreNotSent_data();
    void nullOwnersAreNotSent();
    void severalMutationsAreOneDocument();
    void conditionTravelsWithoutTheKey_data();
    void conditionTravelsWithoutTheKey();
    void createTakesNoCondition();
    void setsAreWrittenOut_data();
    void setsAreWrittenOut();
    void selectionHasEveryColumnAndItsMetadata();
    void syncsSayWhereTheyGoOn();
    void oneConditionIsSentWithoutAGroup();
    void subscriptionsNeitherNameTheUserNorFilter();

private:
    [[nodiscard]] Documents::Request last();
    [[nodiscard]] QJsonObject lastInput() { return last().variables.value("input"_L1).toObject(); }
    void acceptAll(qint64 version);

    std::unique_ptr<TestStore> m_store;
};

static Schema documentSchema()
{
    const Result<Schema> schema = Schema::parse(uR"(
        type Place { aisle: String shelf: Int }
        type Room @model {
            id: ID!
            name: String
            counts: [Count] @hasMany
        }
        type Count @model {
            sku: ID! @primaryKey(sortKeyFields: ["number"])
            number: Int!
            quantity: Int
            note: String
            tags: [String]
            place: Place
            room: Room @belongsTo
        }
        type Log @model { id: ID! text: String createdAt: AWSDateTime updatedAt: AWSDateTime }
    )"_s);
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

void tst_Documents::init()
{
    m_store = std::make_unique<TestStore>(documentSchema());
    TL_OK(m_store->open());
}

Documents::Request tst_Documents::last()
{
    return Documents(m_store->store->schema()).mutations({m_store->outbox().last()});
}

// As a backend would what waits: the outbox is empty, the rows are known.
void tst_Documents::acceptAll(qint64 version)
{
    TL_OK(m_store->write<void>([version](WriteTransaction &write) -> Result<void> {
        const QList<OutboxEntry> entries = write.outbox(0, 100).value();
        for (const OutboxEntry &entry : entries) {
            Record record = write.find(entry.model, entry.key).value();
            record.setMetadata({version, 1, false});
            if (const Result<void> removed = write.removeEntry(entry.sequence); !removed)
                return removed;
            if (const Result<void> put = write.put(record); !put)
                return put;
        }
        return {};
    }));
}

void tst_Documents::createSaysWhatWasGiven()
{
    TL_OK(m_store->save(m_store->draft(u"Count"_s, {{u"sku"_s, u"a"_s}, {u"number"_s, 1}, {u"quantity"_s, 5}})));
    QCOMPARE(lastInput(), (QJsonObject{{u"sku"_s, u"a"_s}, {u"number"_s, 1}, {u"quantity"_s, 5}}));
    QVERIFY(last().query.contains(u"createCount(input: $input)"_s));
}

// To the backend an absent field is null, and a key of an index that is given as null an error.
void tst_Documents::createLeavesNullsOut()
{
    TL_OK(m_store->save(m_store->draft(u"Count"_s, {{u"sku"_s, u"a"_s}, {u"number"_s, 1}, {u"note"_s, Value()}})));
    QCOMPARE(lastInput(), (QJsonObject{{u"sku"_s, u"a"_s}, {u"number"_s, 1}}));
}

void tst_Documents::updateSaysKeyChangesAndVersion()
{
    const Record count = m_store->save(m_store->draft(u"Count"_s, {{u"sku"_s, u"a"_s}, {u"number"_s, 1}, {u"quantity"_s, 5}, {u"note"_s, u"n"_s}})).value();
    acceptAll(7);
    const Record stored = m_store->find(count.model(), count.key()).value();
    const Value tags = Value::List{u"x"_s, u"y"_s};
    TL_OK(m_store->save(Draft(stored).with(count.model()->fieldIndex(u"quantity"), 6).with(count.model()->fieldIndex(u"tags"), tags)));
    QCOMPARE(lastInput(), (QJsonObject{{u"sku"_s, u"a"_s}, {u"number"_s, 1}, {u"quantity"_s, 6}, {u"tags"_s, tags.toJson()}, {u"_version"_s, 7}}));
    QVERIFY(last().query.contains(u"updateCount(input: $input)"_s));
}

void tst_Documents::clearedFieldIsSentAsNull()
{
    const Record room = m_store->save(m_store->draft(u"Room"_s, {{u"id"_s, u"r"_s}, {u"name"_s, u"north"_s}})).value();
    const QString roomKey = foreignKey(m_store->model(u"Count"_s), u"room"_s);
    const Record count = m_store->save(m_store->draft(u"Count"_s, {{u"sku"_s, u"a"_s}, {u"number"_s, 1}, {u"note"_s, u"n"_s}, {roomKey, u"r"_s}})).value();
    acceptAll(1);
    const Record stored = m_store->find(count.model(), count.key()).value();
    TL_OK(m_store->save(Draft(stored).with(count.model()->fieldIndex(u"note"), Value()).with(count.model()->fieldIndex(roomKey), Value())));
    QCOMPARE(lastInput(), (QJsonObject{{u"sku"_s, u"a"_s}, {u"number"_s, 1}, {u"note"_s, QJsonValue()}, {roomKey, QJsonValue()}, {u"_version"_s, 1}}));
}

void tst_Documents::deletionSaysKeyAndVersion()
{
    const Record count = m_store->save(m_store->draft(u"Count"_s, {{u"sku"_s, u"a"_s}, {u"number"_s, 1}, {u"note"_s, u"n"_s}})).value();
    acceptAll(3);
    TL_OK(m_store->remove(count));
    QCOMPARE(lastInput(), (QJsonObject{{u"sku"_s, u"a"_s}, {u"number"_s, 1}, {u"_version"_s, 3}}));
    QVERIFY(last().query.contains(u"deleteCount(input: $input)"_s));
}

void tst_Documents::readOnlyTimestampsAreNotSent()
{
    Record room(m_store->model(u"Room"_s));
    room.setValue(0, u"r"_s);
    room.setValue(room.model()->fieldIndex(u"createdAt"), u"2024-01-01T00:00:00.000Z"_s);
    room.setMetadata({1, 1, false});
    TL_OK(m_store->write<void>([&](WriteTransaction &write) { return write.put(room); }));
    TL_OK(m_store->save(Draft(m_store->find(room.model(), u"r"_s).value()).with(1, u"south"_s)));
    QCOMPARE(lastInput(), (QJsonObject{{u"id"_s, u"r"_s}, {u"name"_s, u"south"_s}, {u"_version"_s, 1}}));
}

void tst_Documents::ownTimestampsAreSent()
{
    const QString moment = u"2024-01-01T00:00:00.000Z"_s;
    TL_OK(m_store->save(m_store->draft(u"Log"_s, {{u"id"_s, u"l"_s}, {u"createdAt"_s, moment}, {u"updatedAt"_s, moment}})));
    QCOMPARE(lastInput(), (QJsonObject{{u"id"_s, u"l"_s}, {u"createdAt"_s, moment}, {u"updatedAt"_s, moment}}));
}

void tst_Documents::nullOwnersAreNotSent_data()
{
    QTest::addColumn<QString>("rules");
    QTest::addColumn<QString>("fields");
    QTest::addColumn<QStringList>("given");     // as null
    QTest::newRow("made by the rule") << u"{allow: owner}"_s << QString() << QStringList();
    QTest::newRow("declared") << u"{allow: owner}"_s << u"owner: String"_s << QStringList{u"owner"_s};
    QTest::newRow("by another name") << uR"({allow: owner, ownerField: "editor"})"_s << u"editor: String"_s << QStringList{u"editor"_s};
    QTest::newRow("two") << uR"({allow: owner}, {allow: owner, ownerField: "editor"})"_s << u"owner: String editor: String"_s
                         << QStringList{u"owner"_s, u"editor"_s};
}

void tst_Documents::nullOwnersAreNotSent()
{
    QFETCH(QString, rules);
    QFETCH(QString, fields);
    QFETCH(QStringList, given);
    const Result<Schema> schema = Schema::parse(u"type Note @model @auth(rules: [%1]) { id: ID! text: String %2 }"_s.arg(rules, fields));
    TL_OK(schema);
    TestStore store(*schema);
    TL_OK(store.open());
    Draft draft = store.draft(u"Note"_s, {{u"id"_s, u"n"_s}, {u"text"_s, u"x"_s}});
    for (const QString &field : given)
        draft.set(draft.model()->fieldIndex(field), Value());
    TL_OK(store.save(draft));
    const QJsonObject input = Documents(*schema).mutations(store.outbox()).variables.value("input"_L1).toObject();
    QCOMPARE(input, (QJsonObject{{u"id"_s, u"n"_s}, {u"text"_s, u"x"_s}}));
}

void tst_Documents::severalMutationsAreOneDocument()
{
    for (const QString &id : {u"a"_s, u"b"_s})
        TL_OK(m_store->save(m_store->draft(u"Room"_s, {{u"id"_s, id}})));
    const Documents::Request request = Documents(m_store->store->schema()).mutations(m_store->outbox());
    QVERIFY(request.query.contains(u"m0: createRoom(input: $input0)"_s));
    QVERIFY(request.query.contains(u"m1: createRoom(input: $input1)"_s));
    QCOMPARE(request.query.count(u"fragment "_s), 1);
    QCOMPARE(request.variables.value("input1"_L1).toObject().value("id"_L1).toString(), u"b"_s);
}

void tst_Documents::conditionTravelsWithoutTheKey_data()
{
    QTest::addColumn<Predicate>("condition");
    QTest::addColumn<QJsonObject>("sent");      // empty: none
    const Predicate key = Predicate::compare(u"sku"_s, Op::Eq, {u"a"_s});
    const Predicate sort = Predicate::compare(u"number"_s, Op::Gt, {0});
    const Predicate other = Predicate::compare(u"sku"_s, Op::Eq, {u"b"_s});
    const Predicate quantity = Predicate::compare(u"quantity"_s, Op::Gt, {3});
    const Predicate note = Predicate::compare(u"note"_s, Op::Eq, {u"n"_s});
    QTest::newRow("a field") << quantity << quantity.toJson();
    QTest::newRow("two fields") << (quantity && note) << (quantity && note).toJson();
    QTest::newRow("the key alone") << key << QJsonObject();
    QTest::newRow("key and field") << (key && sort && quantity) << quantity.toJson();
    QTest::newRow("another key or field") << (other || quantity) << quantity.toJson();
    QTest::newRow("not another key, and a field") << (!other && note) << note.toJson();
    QTest::newRow("not (another key or no note)") << !(other || !note) << (!!note).toJson();
}

void tst_Documents::conditionTravelsWithoutTheKey()
{
    QFETCH(Predicate, condition);
    QFETCH(QJsonObject, sent);
    const Record count = m_store->save(m_store->draft(u"Count"_s, {{u"sku"_s, u"a"_s}, {u"number"_s, 1}, {u"quantity"_s, 5}, {u"note"_s, u"n"_s}})).value();
    acceptAll(1);
    const Record stored = m_store->find(count.model(), count.key()).value();
    TL_OK(m_store->save(Draft(stored).with(count.model()->fieldIndex(u"tags"), Value::List{}), condition));
    QCOMPARE(last().variables.value("condition"_L1).toObject(), sent);
    QCOMPARE(last().query.contains(u"$condition: ModelCountConditionInput"_s), !sent.isEmpty());
    acceptAll(2);
    TL_OK(m_store->remove(count, condition));
    QCOMPARE(last().variables.value("condition"_L1).toObject(), sent);
}

void tst_Documents::createTakesNoCondition()
{
    OutboxEntry entry;
    entry.model = m_store->model(u"Room"_s);
    entry.key = u"r"_s;
    entry.condition = Predicate::compare(u"name"_s, Op::Eq, {u"x"_s});
    const Documents::Request request = Documents(m_store->store->schema()).mutations({entry});
    QVERIFY(!request.variables.contains("condition"_L1) && !request.query.contains(u"condition"_s));
}

void tst_Documents::setsAreWrittenOut_data()
{
    QTest::addColumn<Predicate>("predicate");
    QTest::addColumn<Predicate>("sent");
    const auto in = [](Op op, const QList<Value> &members) { return Predicate::compare(u"name"_s, op, members); };
    const auto one = [](Op op, const QString &member) { return Predicate::compare(u"name"_s, op, {member}); };
    QTest::newRow("in") << in(Op::In, {u"a"_s, u"b"_s}) << (one(Op::Eq, u"a"_s) || one(Op::Eq, u"b"_s));
    QTest::newRow("in one") << in(Op::In, {u"a"_s}) << one(Op::Eq, u"a"_s);
    QTest::newRow("in nothing") << in(Op::In, {}) << Predicate::none();
    QTest::newRow("not in") << in(Op::NotIn, {u"a"_s, u"b"_s}) << (one(Op::Ne, u"a"_s) && one(Op::Ne, u"b"_s));
    QTest::newRow("not in nothing") << in(Op::NotIn, {}) << Predicate::all();
    QTest::newRow("within groups") << !(in(Op::In, {u"a"_s, u"b"_s}) && one(Op::Ne, u"c"_s))
                                   << !((one(Op::Eq, u"a"_s) || one(Op::Eq, u"b"_s)) && one(Op::Ne, u"c"_s));
    QTest::newRow("no set") << one(Op::BeginsWith, u"a"_s) << one(Op::BeginsWith, u"a"_s);
}

void tst_Documents::setsAreWrittenOut()
{
    QFETCH(Predicate, predicate);
    QFETCH(Predicate, sent);
    QCOMPARE(Documents::filter(predicate), sent.toJson());
}

void tst_Documents::selectionHasEveryColumnAndItsMetadata()
{
    TL_OK(m_store->save(m_store->draft(u"Count"_s, {{u"sku"_s, u"a"_s}, {u"number"_s, 1}})));
    const QString query = last().query;
    for (const char *part : {" sku", " number", " quantity", " tags", " place { aisle shelf }", " createdAt", " _version", " _deleted", " _lastChangedAt"})
        QVERIFY2(query.simplified().contains(QLatin1StringView(part)), part);
    QVERIFY(query.contains(foreignKey(m_store->model(u"Count"_s), u"room"_s)));
    QVERIFY(!query.simplified().contains(u" room "_s));
}

void tst_Documents::syncsSayWhereTheyGoOn()
{
    Documents documents(m_store->store->schema());
    const ModelType &room = *m_store->model(u"Room"_s);
    const QJsonObject first = documents.sync(room, 100, {}, 0, {}).variables;
    QCOMPARE(first, (QJsonObject{{u"limit"_s, 100}, {u"nextToken"_s, QJsonValue()}, {u"lastSync"_s, 0}, {u"filter"_s, QJsonValue()}}));
    const QJsonObject filter = Predicate::compare(u"name"_s, Op::Eq, {u"x"_s}).toJson();
    const QJsonObject next = documents.sync(room, 10, u"token"_s, 1234, filter).variables;
    QCOMPARE(next, (QJsonObject{{u"limit"_s, 10}, {u"nextToken"_s, u"token"_s}, {u"lastSync"_s, 1234}, {u"filter"_s, filter}}));
    QVERIFY(documents.sync(room, 10, {}, 0, {}).query.contains(u"$filter: ModelRoomFilterInput"_s));
}

void tst_Documents::oneConditionIsSentWithoutAGroup()
{
    const Predicate name = Predicate::compare(u"name"_s, Op::Eq, {u"x"_s});
    const QJsonObject alone{{u"name"_s, QJsonObject{{u"eq"_s, u"x"_s}}}};
    QCOMPARE(Documents::filter(name), alone);
    QCOMPARE(Documents::filter(Predicate::allOf({name})), alone);
    const QJsonArray both = Documents::filter(name && Predicate::compare(u"id"_s, Op::Ne, {u"1"_s})).value(u"and"_s).toArray();
    QCOMPARE(both.size(), 2);
    QCOMPARE(both.first().toObject(), alone);
}

void tst_Documents::subscriptionsNeitherNameTheUserNorFilter()
{
    Documents documents(m_store->store->schema());
    const Documents::Request request = documents.subscription(*m_store->model(u"Room"_s), u"onCreateRoom"_s);
    QVERIFY(request.variables.isEmpty());
    QVERIFY(!request.query.contains(u'('));
}

QTEST_GUILESS_MAIN(tst_Documents)
#include "tst_documents.moc"
