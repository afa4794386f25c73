// SPDX-License-Identifier: MIT
#include "blogschema.h"
#include "teststore.h"

#include "shared/testschema.h"

#include <algorithm>
#include <limits>

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

class TestStoreSave : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void createSaysWhatWasGiven();
    void updateSaysWhatChanged();
    void unchangedSaveLeavesNoTrace();
    void staleCopyKeepsOtherFields();
    void sameKeyAgainIsAnEdit();
    void embeddedAndLists();
    void listsAndEmbeddedValuesTravelWhole();
    void equalListsAndEmbeddedValuesStay();
    void clearedFieldIsNullInTheMutation();
    void parentIsItsKeyInOneMutation();
    void wrongValuesAreRefused_data();
    void wrongValuesAreRefused();
    void requiredFieldsAreNeeded();
    void keysAreNeededAndStay();
    void readOnlyFieldsAreRefused();
    void foreignModelIsRefused();
    void conditionDecides();
    void conditionNeedsARecord();
    void conditionThroughRelationsIsRefused();
    void removedRecordIsNotBroughtBack();
    void missingParentIsNamed();
    void parentInTheSameTransaction();
    void recordMayBeItsOwnParent();
    void parentIsCheckedWhenTheKeyChanges();
    void withoutOutboxTheStateIsLocal();
    void namesOfSqlAreNames();
    void editOfARefusedRecordAmendsIt();
    void editWithAConditionWaitsBehindTheRefusal();
    void managedIdsComeFromTheRandomness();
    void textComesBackAsWritten_data();
    void textComesBackAsWritten();
    void valuesAtTheLimits_data();
    void valuesAtTheLimits();
    void batchIsSavedAsOne();
    void oneBadDraftFailsTheBatch_data();
    void oneBadDraftFailsTheBatch();
    void failedBatchFailsTheJob();

private:
    [[nodiscard]] QStringList changedNames() const;
    [[nodiscard]] Result<QList<Record>> saveAll(const QList<Draft> &drafts)
    {
        return m_store->write<QList<Record>>([drafts](WriteTransaction &write) { return write.saveAll(drafts); });
    }

    Record refuse(const Record &saved);

    std::unique_ptr<TestStore> m_store;
};

void TestStoreSave::init()
{
    m_store = std::make_unique<TestStore>(BlogSchema::schema());
    TL_OK(m_store->open());
}

void TestStoreSave::cleanup()
{
    m_store.reset();
}

// Of the last mutation.
QStringList TestStoreSave::changedNames() const
{
    const QList<OutboxEntry> entries = m_store->outbox();
    QStringList names;
    for (const auto &[field, value] : entries.last().changes)
        names += entries.last().model->fields[size_t(field)].name;
    return names;
}

void TestStoreSave::createSaysWhatWasGiven()
{
    const auto comment = m_store->model(u"Comment"_s);
    Draft draft = m_store->draft(u"Comment"_s, {{u"text"_s, u"x"_s}});
    draft.set(comment->fieldIndex(foreignKey(comment, u"post"_s)), Value());
    const Record saved = m_store->save(draft).value();
    QCOMPARE(saved.value(u"likes").toInteger(), 3);         // its default
    const OutboxEntry entry = m_store->outbox().first();
    QCOMPARE(entry.operation, OutboxEntry::Operation::Create);
    QCOMPARE(entry.key, saved.key());
    QCOMPARE(entry.baseVersion, 0);
    QCOMPARE(entry.createdAt, m_store->scheduler.now());
    QVERIFY(entry.base.isEmpty());
    for (const auto &[field, value] : entry.changes)
        QCOMPARE(value, saved.value(field));
    QCOMPARE(changedNames(), QStringList({u"id"_s, u"text"_s, u"likes"_s, foreignKey(comment, u"post"_s)}));
}

void TestStoreSave::updateSaysWhatChanged()
{
    const auto post = m_store->model(u"Post"_s);
    Record stored(post);
    stored.setValue(0, u"p"_s);
    stored.setValue(1, u"old"_s);
    stored.setMetadata({4, 5, false});
    stored.setState(SyncState::Synced);
    TL_OK(m_store->write<void>([=](WriteTransaction &write) { return write.put(stored); }));
    const Record base = m_store->find(post, u"p"_s).value();
    const Result<Record> saved = m_store->save(Draft(base).with(1, u"new"_s));
    TL_OK(saved);
    QCOMPARE(saved->state(), SyncState::Pending);
    QCOMPARE(saved->metadata().version, 4);
    const OutboxEntry entry = m_store->outbox().first();
    QCOMPARE(entry.operation, OutboxEntry::Operation::Update);
    QCOMPARE(entry.baseVersion, 4);
    QCOMPARE(entry.changes.size(), 1);
    QCOMPARE(entry.changes.first().second, Value(u"new"_s));
    QCOMPARE(entry.base.first().second, Value(u"old"_s));
    const Change change = m_store->sets.last().changes.first();
    QCOMPARE(change.kind, Change::Kind::Update);
    QCOMPARE(change.before, base);
    QCOMPARE(change.after, *saved);
}

void TestStoreSave::unchangedSaveLeavesNoTrace()
{
    const Record saved = m_store->save(m_store->draft(u"Blog"_s, {{u"title"_s, u"x"_s}})).value();
    TL_OK(m_store->save(Draft(saved)));
    TL_OK(m_store->save(m_store->draft(u"Blog"_s, {{u"id"_s, saved.key()}, {u"title"_s, u"x"_s}})));
    QCOMPARE(m_store->sets.size(), 1);
    QCOMPARE(m_store->outbox().size(), 1);
    QCOMPARE(m_store->write<qint64>([&](WriteTransaction &write) {
        const Result<Record> again = write.save(Draft(saved));
        return again ? Result<qint64>(write.lastSequence()) : Result<qint64>(again.error());
    }).value(), 0);
}

void TestStoreSave::staleCopyKeepsOtherFields()
{
    const Record first = m_store->save(m_store->draft(u"Post"_s, {{u"title"_s, u"a"_s}, {u"rating"_s, 1}})).value();
    TL_OK(m_store->save(Draft(first).with(2, 5)));
    const Record second = m_store->save(Draft(first).with(1, u"b"_s)).value();
    QCOMPARE(second.value(u"title").toText(), u"b"_s);
    QCOMPARE(second.value(u"rating").toInteger(), 5);
}

void TestStoreSave::sameKeyAgainIsAnEdit()
{
    TL_OK(m_store->save(m_store->draft(u"Blog"_s, {{u"id"_s, u"k"_s}, {u"title"_s, u"a"_s}})));
    Draft partial(m_store->model(u"Blog"_s));
    partial.set(0, u"k"_s);
    partial.set(partial.model()->fieldIndex(u"blogCoverId"), Value());
    TL_OK(m_store->save(partial));          // nothing in it changes anything, and no title is needed
    const Result<Record> edited = m_store->save(m_store->draft(u"Blog"_s, {{u"id"_s, u"k"_s}, {u"title"_s, u"b"_s}}));
    TL_OK(edited);
    QCOMPARE(m_store->sets.last().changes.first().kind, Change::Kind::Update);
    QCOMPARE(m_store->query({m_store->model(u"Blog"_s), {}, {}, -1, 0}).value().size(), 1);
    QCOMPARE(m_store->outbox().size(), 1);
    QCOMPARE(m_store->outbox().first().operation, OutboxEntry::Operation::Create);
}

void TestStoreSave::embeddedAndLists()
{
    TestStore store(TestSchema::schema());
    TL_OK(store.open());
    const Value size = Value::Object{{u"unit"_s, u"piece"_s}, {u"width"_s, 1.0}, {u"notes"_s, Value::List{u"a\0b"_s, u"\"\\"_s}}};
    const Draft draft = store.draft(u"Product"_s, {{u"name"_s, u"x"_s}, {u"units"_s, Value::List{u"piece"_s}}, {u"size"_s, size},
                                                   {u"tags"_s, Value::List{u"a"_s, Value(), u"😀"_s}}, {u"ratings"_s, Value::List{1, 2}},
                                                   {u"countedAt"_s, std::numeric_limits<qint64>::max()}, {u"price"_s, 1e300},
                                                   {u"discontinued"_s, true}, {u"attributes"_s, u"{\"a\": 1}"_s}, {u"code"_s, u""_s}});
    const Record saved = store.save(draft).value();
    const Record found = store.find(saved.model(), saved.key()).value();
    QCOMPARE(found, saved);
    QCOMPARE(found.value(u"attributes").toText(), u"{\"a\": 1}"_s);
    QCOMPARE(found.value(u"size").member(u"width").kind(), Value::Kind::Double);
    QVERIFY(!found.value(u"code").isNull());
    QVERIFY(found.value(u"address").isNull());
    QCOMPARE(store.outbox().first().changes.size(), draft.changes().size() + 1);
    // equal objects in another order are no change
    const Value again = Value::Object{{u"width"_s, 1.0}, {u"height"_s, Value()}, {u"notes"_s, size.member(u"notes")}, {u"unit"_s, u"piece"_s}};
    TL_OK(store.save(Draft(found).with(found.model()->fieldIndex(u"size"), again)));
    QCOMPARE(store.sets.size(), 1);
}

static Record storedProduct(TestStore &store)
{
    const Value size = Value::Object{{u"width"_s, 1.0}, {u"height"_s, 2.0}};
    const Record saved = store.save(store.draft(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"x"_s}, {u"stock"_s, 5}, {u"units"_s, Value::List{}},
                                                               {u"size"_s, size}, {u"tags"_s, Value::List{u"a"_s, u"b"_s}}})).value();
    const Result<void> sent = store.write<void>([&](WriteTransaction &write) { return write.removeEntry(1); });
    if (!sent)
        qFatal("The entry cannot be removed: %s", qPrintable(sent.error().message()));
    store.sets.clear();
    return saved;
}

// One more element, one member changed: the value as a whole is the change.
void TestStoreSave::listsAndEmbeddedValuesTravelWhole()
{
    TestStore store(TestSchema::schema());
    TL_OK(store.open());
    const Record saved = storedProduct(store);
    const int tags = saved.model()->fieldIndex(u"tags");
    const int size = saved.model()->fieldIndex(u"size");
    const Value more = Value::List{u"a"_s, u"b"_s, u"c"_s};
    const Value wider = Value::Object{{u"width"_s, 9.0}, {u"height"_s, 2.0}};
    TL_OK(store.save(Draft(saved).with(tags, more)));
    QCOMPARE(store.outbox().first().changes, (QList<std::pair<int, Value>>{{tags, more}}));
    TL_OK(store.save(Draft(saved).with(size, wider)));
    const OutboxEntry entry = store.outbox().first();
    QCOMPARE(entry.changes.size(), 2);
    const auto change = std::find_if(entry.changes.begin(), entry.changes.end(), [size](const auto &one) { return one.first == size; });
    QVERIFY(change != entry.changes.end());
    QCOMPARE(change->second, wider);
    QCOMPARE(change->second.member(u"height"), Value(2.0));
}

void TestStoreSave::equalListsAndEmbeddedValuesStay()
{
    TestStore store(TestSchema::schema());
    TL_OK(store.open());
    const Record saved = storedProduct(store);
    Draft again(saved.model());             // knows no base: all is given
    for (const QString &field : {u"id"_s, u"tags"_s, u"size"_s})
        again.set(again.model()->fieldIndex(field), saved.value(field));
    TL_OK(store.save(again));
    QVERIFY(store.outbox().isEmpty());
    QVERIFY(store.sets.isEmpty());
    const int stock = saved.model()->fieldIndex(u"stock");
    TL_OK(store.save(again.with(stock, 6)));
    QCOMPARE(store.outbox().first().changes, (QList<std::pair<int, Value>>{{stock, Value(6)}}));
    TL_OK(store.save(again.with(again.model()->fieldIndex(u"tags"), Value::List{u"b"_s, u"a"_s})));      // another order is another list
    QCOMPARE(store.outbox().first().changes.size(), 2);
}

void TestStoreSave::clearedFieldIsNullInTheMutation()
{
    TestStore store(TestSchema::schema());
    TL_OK(store.open());
    const Record saved = storedProduct(store);
    Draft draft(saved);
    QList<std::pair<int, Value>> expected;
    for (const QString &field : {u"stock"_s, u"size"_s, u"tags"_s}) {
        draft.set(draft.model()->fieldIndex(field), Value());
        expected.append({draft.model()->fieldIndex(field), Value()});
    }
    std::sort(expected.begin(), expected.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
    const Record cleared = store.save(draft).value();
    QVERIFY(cleared.value(u"stock").isNull() && cleared.value(u"size").isNull() && cleared.value(u"tags").isNull());
    QCOMPARE(store.find(saved.model(), saved.key()).value(), cleared);
    QCOMPARE(store.outbox().first().changes, expected);
}

void TestStoreSave::parentIsItsKeyInOneMutation()
{
    const auto post = m_store->model(u"Post"_s);
    const int blog = post->fieldIndex(foreignKey(post, u"blog"_s));
    for (const QString &id : {u"a"_s, u"b"_s})
        TL_OK(m_store->save(m_store->draft(u"Blog"_s, {{u"id"_s, id}, {u"title"_s, u"x"_s}})));
    const Record saved = m_store->save(m_store->draft(u"Post"_s, {{u"title"_s, u"x"_s}}).with(blog, u"a"_s)).value();
    TL_OK(m_store->write<void>([](WriteTransaction &write) -> Result<void> {
        for (const qint64 sequence : {1, 2, 3}) {
            if (const Result<void> removed = write.removeEntry(sequence); !removed)
                return removed;
        }
        return {};
    }));
    TL_OK(m_store->save(Draft(saved).with(blog, u"b"_s)));
    TL_OK(m_store->save(Draft(saved).with(1, u"y"_s)));
    const QList<OutboxEntry> entries = m_store->outbox();
    QCOMPARE(entries.size(), 1);
    QCOMPARE(entries.first().operation, OutboxEntry::Operation::Update);
    QCOMPARE(changedNames(), QStringList({u"title"_s, foreignKey(post, u"blog"_s)}));
    QCOMPARE(entries.first().changes.last().second, Value(u"b"_s));
}

void TestStoreSave::wrongValuesAreRefused_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QVariant>("value");

    QTest::newRow("text for a number") << u"rating"_s << QVariant(u"many"_s);
    QTest::newRow("number for a text") << u"title"_s << QVariant(5.5);
    QTest::newRow("too large for Int") << u"rating"_s << QVariant(5'000'000'000LL);
    QTest::newRow("null for a required field") << u"title"_s << QVariant();
}

void TestStoreSave::wrongValuesAreRefused()
{
    QFETCH(QString, field);
    QFETCH(QVariant, value);
    Draft draft = m_store->draft(u"Post"_s, {{u"title"_s, u"x"_s}});
    draft.set(draft.model()->fieldIndex(field), Value::fromVariant(value));
    const Result<Record> saved = m_store->save(draft);
    TL_ERROR(saved, Error::Code::Validation);
    QCOMPARE(saved.error().model(), u"Post"_s);
    QCOMPARE(saved.error().field(), field);
    QVERIFY(m_store->outbox().isEmpty());
    QVERIFY(m_store->sets.isEmpty());
}

void TestStoreSave::requiredFieldsAreNeeded()
{
    const Result<Record> saved = m_store->save(m_store->draft(u"Post"_s, {{u"rating"_s, 1}}));
    TL_ERROR(saved, Error::Code::Validation);
    QCOMPARE(saved.error().field(), u"title"_s);
}

void TestStoreSave::keysAreNeededAndStay()
{
    const Result<Record> keyless = m_store->save(m_store->draft(u"Order"_s, {{u"select"_s, u"x"_s}}));
    TL_ERROR(keyless, Error::Code::Validation);
    QCOMPARE(keyless.error().field(), u"from"_s);
    TL_ERROR(m_store->save(m_store->draft(u"Tag"_s, {{u"name"_s, u""_s}})), Error::Code::Validation);
    const Record tag = m_store->save(m_store->draft(u"Tag"_s, {{u"name"_s, u"a"_s}})).value();
    const Result<Record> renamed = m_store->save(Draft(tag).with(0, u"b"_s));
    TL_ERROR(renamed, Error::Code::Validation);
    QCOMPARE(renamed.error().field(), u"name"_s);
    QCOMPARE(renamed.error().record(), u"a"_s);
}

void TestStoreSave::readOnlyFieldsAreRefused()
{
    const Result<Record> saved = m_store->save(m_store->draft(u"Blog"_s, {{u"title"_s, u"x"_s}, {u"createdAt"_s, u"2024-01-01T00:00:00Z"_s}}));
    TL_ERROR(saved, Error::Code::Validation);
    QCOMPARE(saved.error().field(), u"createdAt"_s);
}

void TestStoreSave::foreignModelIsRefused()
{
    Draft other(TestSchema::schema().model(u"Maker"_s));
    other.set(1, u"x"_s);
    TL_ERROR(m_store->save(other), Error::Code::UnknownModel);
    TL_ERROR(m_store->save(Draft()), Error::Code::InvalidArgument);
    const Schema twin = Schema::parse(BlogSchema::schema().source()).value();
    Draft same(twin.model(u"Blog"_s));
    same.set(1, u"x"_s);
    TL_ERROR(m_store->save(same), Error::Code::UnknownModel);
}

void TestStoreSave::conditionDecides()
{
    const Record post = m_store->save(m_store->draft(u"Post"_s, {{u"title"_s, u"a"_s}, {u"rating"_s, 1}})).value();
    const Predicate isOne = Predicate::compare(u"rating"_s, Predicate::Operator::Eq, {1});
    TL_OK(m_store->save(Draft(post).with(2, 2), isOne));
    const Result<Record> refused = m_store->save(Draft(post).with(1, u"b"_s), isOne);      // the stored row counts, not the copy
    TL_ERROR(refused, Error::Code::ConditionFailed);
    QCOMPARE(refused.error().record(), post.key());
    QCOMPARE(m_store->find(post.model(), post.key()).value().value(u"title").toText(), u"a"_s);
    const QList<OutboxEntry> entries = m_store->outbox();
    QCOMPARE(entries.size(), 2);
    QCOMPARE(entries.last().condition, isOne);
    TL_ERROR(m_store->save(Draft(post).with(1, u"b"_s), Predicate::compare(u"nothing"_s, Predicate::Operator::Eq, {1})), Error::Code::UnknownField);
}

void TestStoreSave::conditionNeedsARecord()
{
    const Draft draft = m_store->draft(u"Tag"_s, {{u"name"_s, u"a"_s}});
    TL_ERROR(m_store->save(draft, Predicate::compare(u"colour"_s, Predicate::Operator::Eq, {Value()})), Error::Code::ConditionFailed);
    TL_OK(m_store->save(draft, Predicate::all()));
    TL_OK(m_store->save(draft.with(1, u"red"_s), Predicate::compare(u"colour"_s, Predicate::Operator::Eq, {Value()})));
}

void TestStoreSave::conditionThroughRelationsIsRefused()
{
    const Record post = m_store->save(m_store->draft(u"Post"_s, {{u"title"_s, u"a"_s}})).value();
    const Predicate related = Predicate::compare(u"blog.title"_s, Predicate::Operator::Eq, {u"x"_s});
    TL_ERROR(m_store->save(Draft(post).with(2, 2), related), Error::Code::InvalidArgument);
    TL_ERROR(m_store->remove(post, related), Error::Code::InvalidArgument);
}

void TestStoreSave::removedRecordIsNotBroughtBack()
{
    const Record post = m_store->save(m_store->draft(u"Post"_s, {{u"title"_s, u"a"_s}})).value();
    TL_OK(m_store->remove(post));
    const Result<Record> saved = m_store->save(Draft(post).with(1, u"b"_s));
    TL_ERROR(saved, Error::Code::NotFound);
    QCOMPARE(saved.error().record(), post.key());
    QVERIFY(m_store->outbox().isEmpty());
    QVERIFY(!m_store->find(post.model(), post.key()).value());

    // the same of one that the backend has
    Record stored(post.model());
    stored.setValue(0, u"p"_s);
    stored.setValue(1, u"a"_s);
    stored.setMetadata({3, 9, false});
    TL_OK(m_store->write<void>([=](WriteTransaction &write) { return write.put(stored); }));
    const Record copy = m_store->find(post.model(), u"p"_s).value();
    TL_OK(m_store->remove(copy));
    const qsizetype sets = m_store->sets.size();
    TL_ERROR(m_store->save(Draft(copy).with(1, u"b"_s)), Error::Code::NotFound);
    QCOMPARE(m_store->sets.size(), sets);
    QVERIFY(!m_store->find(post.model(), u"p"_s).value());
    QCOMPARE(m_store->outbox().size(), 1);
    QCOMPARE(m_store->outbox().first().operation, OutboxEntry::Operation::Delete);
    QCOMPARE(m_store->outbox().first().baseVersion, 3);
}

void TestStoreSave::missingParentIsNamed()
{
    const auto post = m_store->model(u"Post"_s);
    Draft draft = m_store->draft(u"Post"_s, {{u"title"_s, u"a"_s}});
    draft.set(post->fieldIndex(foreignKey(post, u"blog"_s)), u"nowhere"_s);
    const Result<Record> saved = m_store->save(draft);
    TL_ERROR(saved, Error::Code::MissingParent);
    QCOMPARE(saved.error().model(), u"Post"_s);
    QCOMPARE(saved.error().field(), u"blog"_s);
    QVERIFY(saved.error().message().contains(u"Blog"_s) && saved.error().message().contains(u"nowhere"_s));
    QVERIFY(m_store->outbox().isEmpty());
    QVERIFY(m_store->sets.isEmpty());
    QVERIFY(m_store->query({post, {}, {}, -1, 0}).value().isEmpty());
}

void TestStoreSave::parentInTheSameTransaction()
{
    const auto post = m_store->model(u"Post"_s);
    TL_OK(m_store->write<Record>([&](WriteTransaction &write) -> Result<Record> {
        const Result<Record> blog = write.save(m_store->draft(u"Blog"_s, {{u"title"_s, u"b"_s}}));
        if (!blog)
            return blog;
        return write.save(m_store->draft(u"Post"_s, {{u"title"_s, u"a"_s}}).with(post->fieldIndex(foreignKey(post, u"blog"_s)), blog->value(0)));
    }));
    // once seen is not seen for ever
    const Result<Record> late = m_store->write<Record>([&](WriteTransaction &write) -> Result<Record> {
        const Record blog = write.query({m_store->model(u"Blog"_s), {}, {}, -1, 0}).value().first();
        const Draft draft = m_store->draft(u"Post"_s, {{u"title"_s, u"a"_s}}).with(post->fieldIndex(foreignKey(post, u"blog"_s)), blog.value(0));
        if (const Result<Record> first = write.save(draft); !first)
            return first;
        if (const Result<QList<Record>> removed = write.remove(blog.model(), blog.key()); !removed)
            return removed.error();
        return write.save(draft);
    });
    TL_ERROR(late, Error::Code::MissingParent);
    QCOMPARE(m_store->query({post, {}, {}, -1, 0}).value().size(), 1);
}

void TestStoreSave::recordMayBeItsOwnParent()
{
    const auto node = m_store->model(u"Node"_s);
    const int parent = node->fieldIndex(foreignKey(node, u"parent"_s));
    TL_OK(m_store->save(m_store->draft(u"Node"_s, {{u"id"_s, u"n"_s}}).with(parent, u"n"_s)));
}

void TestStoreSave::parentIsCheckedWhenTheKeyChanges()
{
    const auto node = m_store->model(u"Node"_s);
    const int parent = node->fieldIndex(foreignKey(node, u"parent"_s));
    Record orphan(node);                    // as a backend may send it, before its parent
    orphan.setValue(0, u"o"_s);
    orphan.setValue(parent, u"unknown"_s);
    TL_OK(m_store->write<void>([&](WriteTransaction &write) { return write.put(orphan); }));
    const Record stored = m_store->find(node, u"o"_s).value();
    TL_OK(m_store->save(Draft(stored).with(1, u"g"_s)));
    TL_ERROR(m_store->save(Draft(stored).with(parent, u"elsewhere"_s)), Error::Code::MissingParent);
    TL_OK(m_store->save(Draft(stored).with(parent, Value())));
}

void TestStoreSave::withoutOutboxTheStateIsLocal()
{
    TestStore store(BlogSchema::schema(), {.path = u":memory:"_s, .outbox = false});
    TL_OK(store.open());
    const Record saved = store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})).value();
    QCOMPARE(saved.state(), SyncState::Local);
    QCOMPARE(store.find(saved.model(), saved.key()).value().state(), SyncState::Local);
    QCOMPARE(store.save(Draft(saved).with(1, u"y"_s)).value().state(), SyncState::Local);
    TL_OK(store.remove(saved));
    QVERIFY(store.outbox().isEmpty());
}

void TestStoreSave::namesOfSqlAreNames()
{
    const auto order = m_store->model(u"Order"_s);
    const Record saved = m_store->save(m_store->draft(u"Order"_s, {{u"select"_s, u"a"_s}, {u"from"_s, 1}, {u"rowid"_s, u"own"_s}})).value();
    QCOMPARE(saved.key(), u"[\"a\",1]"_s);
    QCOMPARE(m_store->find(order, saved.key()).value().value(u"rowid").toText(), u"own"_s);
    const Query query{order, Predicate::compare(u"rowid"_s, Predicate::Operator::BeginsWith, {u"o"_s}), {{u"where"_s, Qt::DescendingOrder}}, -1, 0};
    QCOMPARE(m_store->query(query).value().size(), 1);
    TL_OK(m_store->save(Draft(saved).with(2, 0.5)));
    TL_OK(m_store->remove(saved));
}

void TestStoreSave::editOfARefusedRecordAmendsIt()
{
    const Record saved = refuse(m_store->save(m_store->draft(u"Tag"_s, {{u"name"_s, u"a"_s}})).value());
    QCOMPARE(m_store->store->rejectedCount(), 1);
    QCOMPARE(m_store->save(Draft(saved).with(1, u"red"_s)).value().state(), SyncState::Pending);
    const QList<OutboxEntry> entries = m_store->outbox();
    QCOMPARE(entries.size(), 1);
    QCOMPARE(entries.first().operation, OutboxEntry::Operation::Create);
    QCOMPARE(entries.first().state, OutboxEntry::State::Waiting);
    QCOMPARE(entries.first().changes.last().second, Value(u"red"_s));
    QVERIFY(!entries.first().error.isError());
    QCOMPARE(m_store->store->rejectedCount(), 0);
}

void TestStoreSave::editWithAConditionWaitsBehindTheRefusal()
{
    const Record saved = refuse(m_store->save(m_store->draft(u"Tag"_s, {{u"name"_s, u"a"_s}})).value());
    const Predicate condition = Predicate::compare(u"name"_s, Predicate::Operator::Eq, {u"a"_s});
    QCOMPARE(m_store->save(Draft(saved).with(1, u"red"_s), condition).value().state(), SyncState::Rejected);
    const QList<OutboxEntry> entries = m_store->outbox();
    QCOMPARE(entries.size(), 2);
    QCOMPARE(entries.first().error, Error(Error::Code::Unauthorized, u"no"_s).withModel(u"Tag"_s));
}

// As the engine leaves what the backend refused.
Record TestStoreSave::refuse(const Record &saved)
{
    const Result<void> done = m_store->write<void>([&](WriteTransaction &write) -> Result<void> {
        OutboxEntry entry = write.lane(*saved.model(), saved.key()).value().first();
        entry.state = OutboxEntry::State::Rejected;
        entry.error = Error(Error::Code::Unauthorized, u"no"_s).withModel(u"Tag"_s);
        Record refused = saved;
        refused.setState(SyncState::Rejected);
        const Result<void> updated = write.updateEntry(entry);
        return updated ? write.put(refused) : updated;
    });
    if (!done)
        qFatal("The refusal cannot be stored: %s", qPrintable(done.error().message()));
    return m_store->find(saved.model(), saved.key()).value();
}

void TestStoreSave::managedIdsComeFromTheRandomness()
{
    TestStore a(BlogSchema::schema(), {.path = u":memory:"_s}, 7);
    TestStore b(BlogSchema::schema(), {.path = u":memory:"_s}, 7);
    TL_OK(a.open());
    TL_OK(b.open());
    const Record first = a.save(a.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})).value();
    QCOMPARE(b.save(b.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})).value().key(), first.key());
    QVERIFY(a.save(a.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})).value().key() != first.key());
}

void TestStoreSave::textComesBackAsWritten_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("kept");

    QTest::newRow("empty") << u""_s << true;
    QTest::newRow("U+0000 inside") << u"a\0b"_s << true;
    QTest::newRow("U+0000 alone") << QString(QChar(u'\0')) << true;
    QTest::newRow("U+0000 at the end") << u"a\0"_s << true;
    QTest::newRow("controls") << u"\x01\t\r\n\x7f\u0085"_s << true;
    QTest::newRow("a byte order mark") << u"\ufeffa"_s << true;
    QTest::newRow("a byte order mark alone") << u"\ufeff"_s << true;
    QTest::newRow("two byte order marks") << u"\ufeff\ufeffa"_s << true;
    QTest::newRow("not composed") << u"e\u0301"_s << true;
    QTest::newRow("around the surrogates") << u"\ud7ff\ue000"_s << true;
    QTest::newRow("supplementary planes") << QString::fromUcs4(U"\U00010000\U0001F600\U0010FFFD") << true;
    QTest::newRow("the replacement character") << u"\ufffd"_s << true;
    QTest::newRow("half a surrogate pair") << QString(QChar(0xd800)) << false;
    QTest::newRow("a surrogate pair the wrong way round") << QString(QChar(0xdc00)) + QChar(0xd800) << false;
    QTest::newRow("U+FFFE") << QString(QChar(0xfffe)) << false;
    QTest::newRow("U+FFFF") << QString(QChar(0xffff)) << false;
}

// As a field, in a list, as a key, in the outbox and as an operand.
void TestStoreSave::textComesBackAsWritten()
{
    QFETCH(QString, text);
    QFETCH(bool, kept);
    TestStore store(TestSchema::schema());
    TL_OK(store.open());
    const auto product = store.model(u"Product"_s);
    const Value list(Value::List{text});
    const Result<Record> saved = store.save(store.draft(u"Product"_s, {{u"id"_s, u'k' + text}, {u"name"_s, text}, {u"tags"_s, list},
                                                                       {u"units"_s, Value::List{}}}));
    const auto equal = Predicate::compare(u"name"_s, Predicate::Operator::Eq, {text});
    if (!kept) {
        TL_ERROR(saved, Error::Code::Validation);
        QCOMPARE(saved.error().model(), u"Product"_s);
        QVERIFY(store.query({product, equal, {}, -1, 0}).error().isError());
        return;
    }
    TL_OK(saved);
    const Record found = store.find(product, u'k' + text).value();
    QCOMPARE(found.value(u"name"), Value(text));
    QCOMPARE(found.value(u"tags"), list);
    QCOMPARE(store.query({product, equal, {}, -1, 0}).value().size(), 1);
    const OutboxEntry entry = store.outbox().first();
    QCOMPARE(entry.key, u'k' + text);
    QCOMPARE(entry.changes.at(1).second, Value(text));
    TL_OK(store.remove(found, equal));
    QCOMPARE(store.outbox().last().condition, equal);
    const auto tag = m_store->model(u"Tag"_s);
    const Result<Record> keyed = m_store->save(m_store->draft(u"Tag"_s, {{u"name"_s, text}}));
    QCOMPARE(keyed.ok(), !text.isEmpty());
    QVERIFY(text.isEmpty() || m_store->find(tag, text).value() == *keyed);
}

void TestStoreSave::valuesAtTheLimits_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<Value>("value");
    QTest::addColumn<bool>("kept");

    const auto row = [](const char *name, const QString &field, const Value &value, bool kept) { QTest::newRow(name) << field << value << kept; };
    row("the least Int", u"stock"_s, std::numeric_limits<qint32>::min(), true);
    row("the greatest Int", u"stock"_s, std::numeric_limits<qint32>::max(), true);
    row("one below", u"stock"_s, qint64(std::numeric_limits<qint32>::min()) - 1, false);
    row("one above", u"stock"_s, qint64(std::numeric_limits<qint32>::max()) + 1, false);
    row("2^53 + 1 as a timestamp", u"countedAt"_s, 9007199254740993LL, true);
    row("the least timestamp", u"countedAt"_s, std::numeric_limits<qint64>::min(), true);
    row("1e308", u"price"_s, 1e308, true);
    row("the greatest Float", u"price"_s, std::numeric_limits<double>::max(), true);
    row("the least Float above zero", u"price"_s, std::numeric_limits<double>::denorm_min(), true);
    row("a Float of 17 digits", u"price"_s, 0.30000000000000004, true);
    row("infinity", u"price"_s, std::numeric_limits<double>::infinity(), false);
    row("minus infinity", u"price"_s, -std::numeric_limits<double>::infinity(), false);
    row("not a number", u"price"_s, std::numeric_limits<double>::quiet_NaN(), false);
}

void TestStoreSave::valuesAtTheLimits()
{
    QFETCH(QString, field);
    QFETCH(Value, value);
    QFETCH(bool, kept);
    TestStore store(TestSchema::schema());
    TL_OK(store.open());
    const auto product = store.model(u"Product"_s);
    const Result<Record> saved = store.save(store.draft(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"x"_s}, {u"units"_s, Value::List{}},
                                                                       {field, value}}));
    const Predicate equal = Predicate::compare(field, Predicate::Operator::Eq, {value});
    if (!kept) {
        TL_ERROR(saved, Error::Code::Validation);
        QCOMPARE(saved.error().field(), field);
        QCOMPARE(saved.error().record(), u"p"_s);
        return;
    }
    TL_OK(saved);
    QCOMPARE(store.find(product, u"p"_s).value().value(field), value);
    QCOMPARE(store.query({product, equal, {}, -1, 0}).value().size(), 1);
    const QList<std::pair<int, Value>> changes = store.outbox().first().changes;
    QVERIFY(changes.contains(std::pair(product->fieldIndex(field), value)));
}

void TestStoreSave::batchIsSavedAsOne()
{
    QList<Draft> drafts{m_store->draft(u"Blog"_s, {{u"id"_s, u"b"_s}, {u"title"_s, u"x"_s}})};
    const QString blog = foreignKey(m_store->model(u"Post"_s), u"blog"_s);
    for (int i = 0; i < 999; ++i)
        drafts.append(m_store->draft(u"Post"_s, {{u"title"_s, QString::number(i)}, {blog, u"b"_s}}));
    const Result<QList<Record>> saved = saveAll(drafts);
    TL_OK(saved);
    QCOMPARE(saved->size(), 1000);
    QCOMPARE(saved->last().value(u"title").toText(), u"998"_s);
    QCOMPARE(m_store->sets.size(), 1);
    QCOMPARE(m_store->sets.first().changes.size(), 1000);
    QCOMPARE(m_store->outbox().size(), 1000);
    QCOMPARE(m_store->outbox().first().key, u"b"_s);
    QVERIFY(saveAll({}).value().isEmpty());
}

void TestStoreSave::oneBadDraftFailsTheBatch_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<Value>("value");
    QTest::addColumn<QString>("named");
    QTest::addColumn<Error::Code>("code");

    const QString blog = foreignKey(BlogSchema::schema().model(u"Post"_s), u"blog"_s);
    QTest::newRow("a number that is too large") << u"rating"_s << Value(5'000'000'000LL) << u"rating"_s << Error::Code::Validation;
    QTest::newRow("null for a required field") << u"title"_s << Value() << u"title"_s << Error::Code::Validation;
    QTest::newRow("an empty key") << u"id"_s << Value(QString()) << u"id"_s << Error::Code::Validation;
    QTest::newRow("a parent that is not stored") << blog << Value(u"none"_s) << u"blog"_s << Error::Code::MissingParent;
}

void TestStoreSave::oneBadDraftFailsTheBatch()
{
    QFETCH(QString, field);
    QFETCH(Value, value);
    QFETCH(QString, named);
    QFETCH(Error::Code, code);
    QList<Draft> drafts;
    for (int i = 0; i < 1000; ++i)
        drafts.append(m_store->draft(u"Post"_s, {{u"id"_s, u"p%1"_s.arg(i)}, {u"title"_s, u"x"_s}}));
    drafts[700].set(drafts[700].model()->fieldIndex(field), value);
    const Result<QList<Record>> saved = saveAll(drafts);
    TL_ERROR(saved, code);
    QVERIFY2(saved.error().message().contains(u"701 of 1000"_s), qPrintable(saved.error().message()));
    QCOMPARE(saved.error().model(), u"Post"_s);
    QCOMPARE(saved.error().field(), named);
    QCOMPARE(saved.error().record(), field == u"id"_s ? QString() : u"p700"_s);
    QVERIFY(m_store->query({m_store->model(u"Post"_s), {}, {}, -1, 0}).value().isEmpty());
    QVERIFY(m_store->outbox().isEmpty());
    QVERIFY(m_store->sets.isEmpty());
    QCOMPARE(m_store->store->outboxCount(), 0);
    drafts.removeAt(700);
    QCOMPARE(saveAll(drafts).value().size(), 999);
}

// Also when it closes its eyes to the error; other jobs of the same commit are not concerned.
void TestStoreSave::failedBatchFailsTheJob()
{
    const auto blog = [this](const QString &id, const Value &title) { return m_store->draft(u"Blog"_s, {{u"id"_s, id}, {u"title"_s, title}}); };
    int answers = 0;
    for (const QList<Draft> &drafts : {QList<Draft>{blog(u"a"_s, u"x"_s), blog(u"b"_s, Value())}, QList<Draft>{blog(u"c"_s, Value())}}) {
        m_store->store->write<void>(
            [drafts](WriteTransaction &write) -> Result<void> {
                Q_UNUSED(write.saveAll(drafts).ok())
                return {};
            },
            &m_store->scheduler, [&answers](const Result<void> &done) { answers += done.error().code() == Error::Code::Validation ? 1 : 100; });
        m_store->store->save(blog(u"d%1"_s.arg(drafts.size()), u"x"_s), {}, &m_store->scheduler,
                             [&answers](const Result<Record> &saved) { answers += saved.ok() ? 10 : 1000; });
    }
    m_store->scheduler.runAll();
    QCOMPARE(answers, 22);
    QCOMPARE(m_store->query({m_store->model(u"Blog"_s), {}, {}, -1, 0}).value().size(), 2);
    QCOMPARE(m_store->outbox().size(), 2);
}

QTEST_GUILESS_MAIN(TestStoreSave)
#include "tst_storesave.moc"
