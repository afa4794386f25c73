// SPDX-License-Identifier: MIT
#include "blogschema.h"
#include "teststore.h"

#include <QtCore/QElapsedTimer>

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

class TestStoreRemove : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void nothingToRemoveIsNoError();
    void conditionDecides();
    void childrenGoFirst();
    void belongsToDoesNotCascade();
    void joinRecordsGoTheOtherSideStays();
    void hasOneWithTheKeyHere();
    void keysOfSeveralFields();
    void manyParentsGoWithTheirChildren();
    void circlesEnd();
    void longChainsFit();
    void removeAllTakesWhatMatches();
    void removeAllIsOneCommitInAnOrderTheBackendTakes();
    void conditionTravelsWithTheRootOnly();
    void deletionKeepsWhatItNeedsForUndoing();
    void versionsAreRemembered();
    void failureInTheMiddleUndoesAll();
    void descendantsCanBeAskedFor();

private:
    Record save(const QString &type, std::initializer_list<std::pair<QString, Value>> values) { return m_store->save(m_store->draft(type, values)).value(); }
    [[nodiscard]] qint64 count(const QString &type);
    void acceptAll();                       // as a backend would what waits
    [[nodiscard]] bool isChild(const Record &record, const Record &parent) const;
    [[nodiscard]] static QStringList keys(const QList<Record> &records);

    std::unique_ptr<TestStore> m_store;
    QString m_blogOfPost;
    QString m_postOfComment;
    QString m_parentOfNode;
};

void TestStoreRemove::init()
{
    m_store = std::make_unique<TestStore>(BlogSchema::schema());
    TL_OK(m_store->open());
    m_blogOfPost = foreignKey(m_store->model(u"Post"_s), u"blog"_s);
    m_postOfComment = foreignKey(m_store->model(u"Comment"_s), u"post"_s);
    m_parentOfNode = foreignKey(m_store->model(u"Node"_s), u"parent"_s);
}

void TestStoreRemove::cleanup()
{
    m_store.reset();
}

qint64 TestStoreRemove::count(const QString &type)
{
    return m_store->read<qint64>([&](ReadTransaction &read) { return read.count({m_store->model(type), {}, {}, -1, 0}); }).value();
}

void TestStoreRemove::acceptAll()
{
    TL_OK(m_store->write<void>([](WriteTransaction &write) -> Result<void> {
        for (const OutboxEntry &entry : write.outbox(0, 1000).value()) {
            if (const Result<void> removed = write.removeEntry(entry.sequence); !removed)
                return removed;
        }
        return {};
    }));
}

bool TestStoreRemove::isChild(const Record &record, const Record &parent) const
{
    const std::vector<Relation> &relations = record.model()->relations;
    return std::any_of(relations.begin(), relations.end(), [&](const Relation &relation) {
        return relation.kind == Relation::Kind::BelongsTo && m_store->store->schema().target(relation) == parent.model()
            && record.value(relation.localFields.front()).toText() == parent.key();
    });
}

QStringList TestStoreRemove::keys(const QList<Record> &records)
{
    QStringList keys;
    for (const Record &record : records)
        keys += record.key();
    return keys;
}

void TestStoreRemove::nothingToRemoveIsNoError()
{
    const Record blog = save(u"Blog"_s, {{u"id"_s, u"b"_s}, {u"title"_s, u"x"_s}});
    TL_OK(m_store->remove(blog));
    const Result<QList<Record>> again = m_store->remove(blog);
    TL_OK(again);
    QVERIFY(again->isEmpty());
    TL_OK(m_store->remove(blog, Predicate::none()));
    QCOMPARE(m_store->sets.size(), 2);
    QVERIFY(m_store->outbox().isEmpty());
}

void TestStoreRemove::conditionDecides()
{
    const Record post = save(u"Post"_s, {{u"title"_s, u"x"_s}, {u"rating"_s, 1}});
    TL_ERROR(m_store->remove(post, Predicate::compare(u"rating"_s, Predicate::Operator::Gt, {1})), Error::Code::ConditionFailed);
    QCOMPARE(count(u"Post"_s), 1);
    TL_OK(m_store->remove(post, Predicate::compare(u"rating"_s, Predicate::Operator::Eq, {1})));
    QCOMPARE(count(u"Post"_s), 0);
}

void TestStoreRemove::childrenGoFirst()
{
    save(u"Blog"_s, {{u"id"_s, u"b"_s}, {u"title"_s, u"x"_s}});
    for (const QString &post : {u"p1"_s, u"p2"_s}) {
        save(u"Post"_s, {{u"id"_s, post}, {u"title"_s, u"x"_s}, {m_blogOfPost, u"b"_s}});
        for (const QString &comment : {u"a"_s, u"b"_s})
            save(u"Comment"_s, {{u"id"_s, post + comment}, {u"text"_s, u"x"_s}, {m_postOfComment, post}});
    }
    save(u"Post"_s, {{u"id"_s, u"other"_s}, {u"title"_s, u"x"_s}});
    acceptAll();
    const Result<QList<Record>> removed = m_store->remove(m_store->find(m_store->model(u"Blog"_s), u"b"_s).value());
    TL_OK(removed);
    const QStringList expected{u"p1a"_s, u"p1b"_s, u"p1"_s, u"p2a"_s, u"p2b"_s, u"p2"_s, u"b"_s};
    QCOMPARE(keys(*removed), expected);
    QStringList queued;
    for (const OutboxEntry &entry : m_store->outbox()) {
        QCOMPARE(entry.operation, OutboxEntry::Operation::Delete);
        queued += entry.key;
    }
    QCOMPARE(queued, expected);
    QCOMPARE(m_store->sets.last().changes.size(), 7);
    QCOMPARE(count(u"Post"_s), 1);
    QCOMPARE(count(u"Comment"_s), 0);
}

void TestStoreRemove::belongsToDoesNotCascade()
{
    save(u"Blog"_s, {{u"id"_s, u"b"_s}, {u"title"_s, u"x"_s}});
    TL_OK(m_store->remove(save(u"Post"_s, {{u"title"_s, u"x"_s}, {m_blogOfPost, u"b"_s}})));
    QCOMPARE(count(u"Blog"_s), 1);
}

void TestStoreRemove::joinRecordsGoTheOtherSideStays()
{
    const Record post = save(u"Post"_s, {{u"id"_s, u"p"_s}, {u"title"_s, u"x"_s}});
    save(u"Tag"_s, {{u"name"_s, u"t"_s}});
    const auto join = m_store->model(u"PostTags"_s);
    QVERIFY(join && join->join);
    Draft link(join);
    for (const Relation &relation : join->relations)
        link.set(relation.localFields.front(), relation.target == u"Post"_s ? u"p"_s : u"t"_s);
    TL_OK(m_store->save(link));
    const Result<QList<Record>> removed = m_store->remove(post);
    TL_OK(removed);
    QCOMPARE(removed->size(), 2);
    QCOMPARE(removed->first().model(), join);
    QCOMPARE(count(u"Tag"_s), 1);
}

void TestStoreRemove::hasOneWithTheKeyHere()
{
    save(u"Cover"_s, {{u"id"_s, u"c"_s}});
    const auto blog = m_store->model(u"Blog"_s);
    const QString cover = blog->fields[size_t(blog->relation(u"cover")->localFields.front())].name;
    const Record saved = save(u"Blog"_s, {{u"id"_s, u"b"_s}, {u"title"_s, u"x"_s}, {cover, u"c"_s}});
    QCOMPARE(keys(m_store->remove(saved).value()), QStringList({u"c"_s, u"b"_s}));
}

// The children are known by an index only: nothing in them leads back.
void TestStoreRemove::keysOfSeveralFields()
{
    const Result<Schema> schema = Schema::parse(uR"(
        type Shop @model {
            country: String! @primaryKey(sortKeyFields: ["city"])
            city: String!
            name: String
            shelves: [Shelf] @hasMany(indexName: "byShop", fields: ["country", "city"])
        }
        type Shelf @model {
            id: ID!
            country: String @index(name: "byShop", sortKeyFields: ["city"])
            city: String
        }
    )"_s);
    TL_OK(schema);
    TestStore store(*schema);
    TL_OK(store.open());
    const auto shop = store.model(u"Shop"_s);
    const auto shelf = store.model(u"Shelf"_s);
    for (const auto &[country, city] : {std::pair(u"a-b"_s, u"c"_s), std::pair(u"a"_s, u"b-c"_s)}) {       // one text when joined
        TL_OK(store.save(store.draft(u"Shop"_s, {{u"country"_s, country}, {u"city"_s, city}})));
        for (const QString &id : {u"1"_s, u"2"_s})
            TL_OK(store.save(store.draft(u"Shelf"_s, {{u"id"_s, country + id}, {u"country"_s, country}, {u"city"_s, city}})));
    }
    QCOMPARE(store.outbox().size(), 6);
    const QString key = u"[\"a-b\",\"c\"]"_s;
    const Record one = store.find(shop, key).value();
    const Record renamed = store.save(Draft(one).with(2, u"One"_s)).value();
    QCOMPARE(renamed.key(), key);
    QVERIFY(store.find(shop, u"[\"a\",\"b-c\"]"_s).value().value(u"name").isNull());
    const auto remove = [&](const QString &which) {
        return store.write<QList<Record>>([=](WriteTransaction &write) { return write.remove(shop, which); });
    };
    TL_ERROR(remove(u"a-b"_s), Error::Code::InvalidArgument);
    QCOMPARE(keys(remove(key).value()), QStringList({u"a-b1"_s, u"a-b2"_s, key}));
    QVERIFY(remove(key).value().isEmpty());
    QCOMPARE(store.query({shelf, {}, {}, -1, 0}).value().size(), 2);
    QCOMPARE(keys(store.query({shop, {}, {}, -1, 0}).value()), QStringList{u"[\"a\",\"b-c\"]"_s});
    QCOMPARE(store.outbox().size(), 3);
}

void TestStoreRemove::manyParentsGoWithTheirChildren()
{
    constexpr int Parents = 1000;
    TL_OK(m_store->write<void>([this](WriteTransaction &write) -> Result<void> {
        for (int i = 0; i < Parents; ++i) {
            const QString id = QString::number(i);
            if (const Result<Record> saved = write.save(m_store->draft(u"Blog"_s, {{u"id"_s, id}, {u"title"_s, u"x"_s}})); !saved)
                return saved.error();
            for (const QString &post : {id + u'a', id + u'b'}) {
                if (const Result<Record> saved = write.save(m_store->draft(u"Post"_s, {{u"id"_s, post}, {u"title"_s, u"x"_s}, {m_blogOfPost, id}})); !saved)
                    return saved.error();
            }
        }
        return {};
    }));
    while (!m_store->outbox().isEmpty())
        acceptAll();                    // the backend wants to be told of each
    QElapsedTimer clock;
    clock.start();
    const auto removed = m_store->write<QList<Record>>([this](WriteTransaction &write) { return write.removeAll(m_store->model(u"Blog"_s), {}); });
    QCOMPARE(removed.value().size(), 3 * Parents);
    QVERIFY2(clock.elapsed() < 30'000, qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(count(u"Blog"_s), 0);
    QCOMPARE(count(u"Post"_s), 0);
    QCOMPARE(m_store->store->outboxCount(), 3 * Parents);
}

void TestStoreRemove::circlesEnd()
{
    const Record a = save(u"Node"_s, {{u"id"_s, u"a"_s}});
    save(u"Node"_s, {{u"id"_s, u"b"_s}, {m_parentOfNode, u"a"_s}});
    const auto node = a.model();
    TL_OK(m_store->save(Draft(a).with(node->fieldIndex(m_parentOfNode), u"b"_s)));
    QCOMPARE(keys(m_store->remove(a).value()), QStringList({u"b"_s, u"a"_s}));
    QCOMPARE(count(u"Node"_s), 0);
}

void TestStoreRemove::longChainsFit()
{
    constexpr int Length = 20'000;
    TL_OK(m_store->write<void>([this](WriteTransaction &write) -> Result<void> {
        for (int i = 0; i < Length; ++i) {
            Draft draft = m_store->draft(u"Node"_s, {{u"id"_s, QString::number(i)}});
            if (i > 0)
                draft.set(draft.model()->fieldIndex(m_parentOfNode), QString::number(i - 1));
            if (const Result<Record> saved = write.save(draft); !saved)
                return saved.error();
        }
        return {};
    }));
    const Record root = m_store->find(m_store->model(u"Node"_s), u"0"_s).value();
    QCOMPARE(m_store->remove(root).value().size(), Length);
    QVERIFY(m_store->outbox().isEmpty());
}

void TestStoreRemove::removeAllTakesWhatMatches()
{
    for (int i = 0; i < 6; ++i)
        save(u"Node"_s, {{u"id"_s, QString::number(i)}, {u"group"_s, i % 2 ? u"odd_"_s : u"even"_s}});
    const auto node = m_store->model(u"Node"_s);
    const auto removeAll = [&](const Predicate &where) {
        return m_store->write<QList<Record>>([=](WriteTransaction &write) { return write.removeAll(node, where); });
    };
    QCOMPARE(removeAll(Predicate::compare(u"group"_s, Predicate::Operator::Contains, {u"%"_s})).value().size(), 0);
    QCOMPARE(removeAll(Predicate::compare(u"group"_s, Predicate::Operator::Contains, {u"_"_s})).value().size(), 3);
    QCOMPARE(removeAll({}).value().size(), 3);
    TL_ERROR(removeAll(Predicate::compare(u"x"_s, Predicate::Operator::Eq, {1})), Error::Code::UnknownField);
}

void TestStoreRemove::removeAllIsOneCommitInAnOrderTheBackendTakes()
{
    save(u"Tag"_s, {{u"name"_s, u"t"_s}});
    const auto join = m_store->model(u"PostTags"_s);
    for (const QString &blog : {u"a1"_s, u"a2"_s, u"b"_s}) {
        save(u"Blog"_s, {{u"id"_s, blog}, {u"title"_s, blog}});
        for (const QString &post : {blog + u'x', blog + u'y'}) {
            save(u"Post"_s, {{u"id"_s, post}, {u"title"_s, u"x"_s}, {m_blogOfPost, blog}});
            save(u"Comment"_s, {{u"id"_s, post}, {u"text"_s, u"x"_s}, {m_postOfComment, post}});
            Draft link(join);
            for (const Relation &relation : join->relations)
                link.set(relation.localFields.front(), relation.target == u"Post"_s ? post : u"t"_s);
            TL_OK(m_store->save(link));
        }
    }
    acceptAll();
    m_store->sets.clear();
    const Result<QList<Record>> removed = m_store->write<QList<Record>>([this](WriteTransaction &write) {
        return write.removeAll(m_store->model(u"Blog"_s), Predicate::compare(u"title"_s, Predicate::Operator::BeginsWith, {u"a"_s}));
    });
    TL_OK(removed);
    QCOMPARE(removed->size(), 2 * (1 + 2 * 3));
    QCOMPARE(m_store->sets.size(), 1);
    const QList<Change> &changes = m_store->sets.first().changes;
    const QList<OutboxEntry> entries = m_store->outbox();
    QCOMPARE(changes.size(), removed->size());
    QCOMPARE(entries.size(), removed->size());
    for (qsizetype i = 0; i < entries.size(); ++i) {
        QCOMPARE(changes[i].kind, Change::Kind::Delete);
        QCOMPARE(changes[i].origin, Origin::Local);
        QCOMPARE(changes[i].before, removed->at(i));
        QCOMPARE(entries[i].operation, OutboxEntry::Operation::Delete);
        QCOMPARE(entries[i].key, removed->at(i).key());
        QCOMPARE(entries[i].model, removed->at(i).model());
        for (qsizetype later = i + 1; later < entries.size(); ++later)
            QVERIFY2(!isChild(removed->at(later), removed->at(i)), qPrintable(u"%1 goes before its child"_s.arg(removed->at(i).key())));
    }
    QCOMPARE(count(u"Blog"_s), 1);
    QCOMPARE(count(u"Post"_s), 2);
    QCOMPARE(count(u"Comment"_s), 2);
    QCOMPARE(count(u"PostTags"_s), 2);
    QCOMPARE(count(u"Tag"_s), 1);
}

void TestStoreRemove::conditionTravelsWithTheRootOnly()
{
    TL_OK(m_store->write<void>([this](WriteTransaction &write) -> Result<void> {
        for (const QString &id : {u"r"_s, u"c"_s}) {
            Record record(m_store->model(u"Node"_s));
            record.setValue(0, id);
            record.setMetadata({1, 1, false});
            if (id == u"c"_s)
                record.setValue(record.model()->fieldIndex(m_parentOfNode), u"r"_s);
            if (const Result<void> put = write.put(record); !put)
                return put;
        }
        return {};
    }));
    const Predicate condition = Predicate::compare(u"group"_s, Predicate::Operator::Eq, {Value()});
    TL_OK(m_store->remove(m_store->find(m_store->model(u"Node"_s), u"r"_s).value(), condition));
    const QList<OutboxEntry> entries = m_store->outbox();
    QCOMPARE(entries.size(), 2);
    QCOMPARE(entries.first().condition, Predicate());
    QCOMPARE(entries.last().condition, condition);
}

void TestStoreRemove::deletionKeepsWhatItNeedsForUndoing()
{
    const auto post = m_store->model(u"Post"_s);
    Record record(post);
    record.setValue(0, u"p"_s);
    record.setValue(1, u"theirs"_s);
    record.setMetadata({3, 1, false});
    TL_OK(m_store->write<void>([=](WriteTransaction &write) { return write.put(record); }));
    const Record stored = m_store->find(post, u"p"_s).value();
    TL_OK(m_store->save(Draft(stored).with(1, u"mine"_s)));
    TL_OK(m_store->save(Draft(stored).with(2, 5)));
    TL_OK(m_store->remove(stored));
    const QList<OutboxEntry> entries = m_store->outbox();
    QCOMPARE(entries.size(), 1);
    QCOMPARE(entries.first().operation, OutboxEntry::Operation::Delete);
    QCOMPARE(entries.first().baseVersion, 3);
    QVERIFY(entries.first().changes.isEmpty());
    Record undone(post);
    for (const auto &[field, value] : entries.first().base)
        undone.setValue(field, value);
    QCOMPARE(undone, record);
}

void TestStoreRemove::versionsAreRemembered()
{
    const auto tag = m_store->model(u"Tag"_s);
    Record record(tag);
    record.setValue(0, u"t"_s);
    record.setMetadata({3, 9, false});
    TL_OK(m_store->write<void>([=](WriteTransaction &write) { return write.put(record); }));
    TL_OK(m_store->remove(record));
    const auto metadata = [&] { return m_store->write<SyncMetadata>([=](WriteTransaction &write) { return write.metadata(*tag, u"t"_s); }).value(); };
    QCOMPARE(metadata(), SyncMetadata({3, 9, true}));
    save(u"Tag"_s, {{u"name"_s, u"t"_s}});
    QCOMPARE(metadata(), SyncMetadata({3, 9, true}));       // of the new record the backend has said nothing
    QCOMPARE(m_store->outbox().size(), 2);
}

void TestStoreRemove::failureInTheMiddleUndoesAll()
{
    save(u"Blog"_s, {{u"id"_s, u"b"_s}, {u"title"_s, u"x"_s}});
    save(u"Post"_s, {{u"id"_s, u"p"_s}, {u"title"_s, u"x"_s}, {m_blogOfPost, u"b"_s}});
    const qsizetype sets = m_store->sets.size();
    const Result<void> failed = m_store->write<void>([this](WriteTransaction &write) -> Result<void> {
        const Result<QList<Record>> removed = write.remove(m_store->model(u"Blog"_s), u"b"_s);
        return removed ? Result<void>(Error(Error::Code::Cancelled, u"changed my mind"_s)) : Result<void>(removed.error());
    });
    TL_ERROR(failed, Error::Code::Cancelled);
    QCOMPARE(m_store->sets.size(), sets);
    QCOMPARE(count(u"Post"_s), 1);
    QCOMPARE(m_store->outbox().size(), 2);
    QCOMPARE(m_store->store->outboxCount(), 2);
}

void TestStoreRemove::descendantsCanBeAskedFor()
{
    const Record blog = save(u"Blog"_s, {{u"id"_s, u"b"_s}, {u"title"_s, u"x"_s}});
    save(u"Post"_s, {{u"id"_s, u"p"_s}, {u"title"_s, u"x"_s}, {m_blogOfPost, u"b"_s}});
    const auto found = m_store->read<QList<Record>>([=](ReadTransaction &read) { return read.withDescendants(blog); });
    QCOMPARE(keys(found.value()), QStringList({u"p"_s, u"b"_s}));
    QCOMPARE(count(u"Blog"_s), 1);
}

QTEST_GUILESS_MAIN(TestStoreRemove)
#include "tst_storeremove.moc"
