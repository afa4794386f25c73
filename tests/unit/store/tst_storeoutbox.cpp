// SPDX-License-Identifier: MIT
#include "blogschema.h"
#include "teststore.h"

#include <rapidcheck.h>

#include <map>

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

namespace {

// A backend without surprises: it refuses what does not fit.
class PlainServer
{
public:
    explicit PlainServer(const Schema &schema) : m_schema(schema) { }

    [[nodiscard]] bool apply(const OutboxEntry &entry)
    {
        const auto known = m_records.find(id(entry.model, entry.key));
        const bool exists = known != m_records.end();
        if (exists == (entry.operation == OutboxEntry::Operation::Create))
            return false;
        if (exists && !BoundPredicate::bind(m_schema, entry.model, entry.condition).value().matches(known->second))
            return false;
        if (entry.operation == OutboxEntry::Operation::Delete) {
            if (isParent(known->second))
                return false;
            m_records.erase(known);
            return true;
        }
        Record record = exists ? known->second : Record(entry.model);
        for (const auto &[field, value] : entry.changes)
            record.setValue(field, value);
        if (!hasParents(record))
            return false;
        m_records[id(entry.model, entry.key)] = record;
        return true;
    }

    [[nodiscard]] QList<Record> records(const std::shared_ptr<const ModelType> &model) const
    {
        QList<Record> list;
        for (const auto &[key, record] : m_records) {
            if (record.model() == model)
                list.append(record);
        }
        return list;
    }

private:
    using Id = std::pair<int, QString>;

    [[nodiscard]] static Id id(const std::shared_ptr<const ModelType> &model, const QString &key) { return {model->number, key}; }

    [[nodiscard]] bool hasParents(const Record &record) const
    {
        return std::all_of(record.model()->relations.begin(), record.model()->relations.end(), [&](const Relation &relation) {
            const Value &key = record.value(relation.localFields.front());
            return relation.kind != Relation::Kind::BelongsTo || key.isNull() || key.toText() == record.key()
                || m_records.contains(id(m_schema.target(relation), key.toText()));
        });
    }

    [[nodiscard]] bool isParent(const Record &record) const
    {
        for (const auto &[key, other] : m_records) {
            for (const Relation &relation : other.model()->relations) {
                if (relation.kind == Relation::Kind::BelongsTo && m_schema.target(relation) == record.model()
                    && other.key() != record.key() && other.value(relation.localFields.front()).toText() == record.key())
                    return true;
            }
        }
        return false;
    }

    Schema m_schema;
    std::map<Id, Record> m_records;
};

struct Step
{
    int action = 0;
    int record = 0;
    int value = 0;
};

void showValue(const Step &step, std::ostream &os)
{
    os << '{' << step.action << ',' << step.record << ',' << step.value << '}';
}

rc::Gen<std::vector<Step>> steps(int actions, int records)
{
    return rc::gen::container<std::vector<Step>>(rc::gen::exec([actions, records] {
        return Step{*rc::gen::inRange(0, actions), *rc::gen::inRange(0, records), *rc::gen::inRange(0, 4)};
    }));
}

Value number(int value)
{
    return value == 0 ? Value() : Value(value / 2.0);
}

} // namespace

class TestStoreOutbox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void coalesces_data();
    void coalesces();
    void mergedEntryKeepsPlaceAndBase();
    void sequencesNeverRepeat();
    void entriesCanBeReadInPieces();
    void unknownEntriesAreAnError();
    void whatTheWriterRemembersIsWhatTheFileHas_data();
    void whatTheWriterRemembersIsWhatTheFileHas();
    void walkTellsWhichEntryIsTheFirstOfItsLane();
    void childCreatedBeforeItsParentWaits();
    void deletionComesAfterWhatMustPrecedeIt();
    void replayOfOneRecordEqualsTheStore();
    void replayOfFamiliesEqualsTheStore();

private:
    static Result<void> run(TestStore &store, QChar step, int number);
    static Result<void> touchTail(TestStore &store, const std::function<void(OutboxEntry &)> &change);
};

static const QString TheKey = u"[\"k\",1]"_s;

void TestStoreOutbox::coalesces_data()
{
    QTest::addColumn<QString>("script");        // + stored by the backend; c create, u v update, w update if, d delete, x delete if,
    QTest::addColumn<QString>("expected");      // s being sent, n was sent in vain

    const auto row = [](const char *name, const QString &script, const QString &expected) { QTest::newRow(name) << script << expected; };
    row("a creation is queued", u"c"_s, u"C"_s);
    row("an update joins the creation", u"cu"_s, u"C"_s);
    row("many updates join the creation", u"cuvuv"_s, u"C"_s);
    row("an update with a condition stays apart from the creation", u"cw"_s, u"CU"_s);
    row("what is created and deleted is never sent", u"cud"_s, QString());
    row("conditions do not matter to what was never sent", u"cwd"_s, QString());
    row("a deletion with a condition is sent", u"cx"_s, u"CD"_s);
    row("a creation being sent is left alone", u"csu"_s, u"CU"_s);
    row("a creation being sent is deleted afterwards", u"csd"_s, u"CD"_s);
    row("updates behind a creation being sent join each other", u"csuv"_s, u"CU"_s);
    row("a deletion swallows updates behind a creation being sent", u"csuvd"_s, u"CD"_s);
    row("a creation that may have arrived is left alone", u"cnu"_s, u"CU"_s);
    row("a creation that may have arrived is deleted afterwards", u"cnd"_s, u"CD"_s);
    row("updates join each other", u"+uv"_s, u"U"_s);
    row("an update does not join one with a condition", u"+wu"_s, u"UU"_s);
    row("an update with a condition does not join one without", u"+uw"_s, u"UU"_s);
    row("updates around one with a condition stay apart", u"+uwv"_s, u"UUU"_s);
    row("updates behind one with a condition join each other", u"+uwvu"_s, u"UUU"_s);
    row("a deletion swallows the updates", u"+uvd"_s, u"D"_s);
    row("a deletion leaves an update with a condition", u"+wd"_s, u"UD"_s);
    row("a deletion swallows updates behind one with a condition", u"+wud"_s, u"UD"_s);
    row("a deletion with a condition swallows nothing", u"+ux"_s, u"UD"_s);
    row("an update being sent is left alone", u"+usv"_s, u"UU"_s);
    row("a deletion behind an update being sent", u"+usvd"_s, u"UD"_s);
    row("an update that may have arrived is left alone", u"+und"_s, u"UD"_s);
    row("a second deletion adds nothing", u"+dd"_s, u"D"_s);
    row("nor does one behind a creation being sent", u"csdd"_s, u"CD"_s);
    row("delete and create are both kept", u"+dc"_s, u"DC"_s);
    row("updates join the second creation", u"+dcu"_s, u"DC"_s);
    row("the second creation vanishes with its deletion", u"+dcud"_s, u"D"_s);
    row("updates, delete, create", u"+udcu"_s, u"DC"_s);
    row("a deletion being sent and a new creation", u"+dscu"_s, u"DC"_s);
    row("two rounds of delete and create", u"+dcdc"_s, u"DC"_s);
}

Result<void> TestStoreOutbox::touchTail(TestStore &store, const std::function<void(OutboxEntry &)> &change)
{
    return store.write<void>([&](WriteTransaction &write) -> Result<void> {
        OutboxEntry entry = write.lane(*store.model(u"Order"_s), TheKey).value().last();
        change(entry);
        return write.updateEntry(entry);
    });
}

Result<void> TestStoreOutbox::run(TestStore &store, QChar step, int number)
{
    const Draft draft = store.draft(u"Order"_s, {{u"select"_s, u"k"_s}, {u"from"_s, 1}});
    const Predicate always = Predicate::compare(u"from"_s, Predicate::Operator::Eq, {1});
    const auto order = draft.model();
    switch (step.unicode()) {
    case u'c':
        return store.save(draft.with(2, 100.0)).error();
    case u'u':
        return store.save(draft.with(2, number + 0.5)).error();
    case u'v':
        return store.save(draft.with(3, QString::number(number))).error();
    case u'w':
        return store.save(draft.with(2, number + 0.5), always).error();
    case u'd':
        return store.write<QList<Record>>([order](WriteTransaction &write) { return write.remove(order, TheKey); }).error();
    case u'x':
        return store.remove(store.find(order, TheKey).value(), always).error();
    case u's':
        return touchTail(store, [](OutboxEntry &entry) {
            entry.state = OutboxEntry::State::Sending;
            entry.attempts = 1;
        });
    case u'n':
        return touchTail(store, [](OutboxEntry &entry) { entry.attempts = 1; });
    default:
        return Error(Error::Code::InvalidArgument, u"unknown step"_s);
    }
}

void TestStoreOutbox::coalesces()
{
    QFETCH(QString, script);
    QFETCH(QString, expected);
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    PlainServer server(store.store->schema());
    if (script.startsWith(u'+')) {
        script.remove(0, 1);
        TL_OK(run(store, u'c', 0));
        QVERIFY(server.apply(store.outbox().first()));
        TL_OK(store.write<void>([&](WriteTransaction &write) {
            Record record = write.find(store.model(u"Order"_s), TheKey).value();
            record.setMetadata({1, 1, false});
            record.setState(SyncState::Synced);
            const Result<void> removed = write.removeEntry(1);
            return removed ? write.put(record) : removed;
        }));
    }
    for (int i = 0; i < script.size(); ++i)
        TL_OK(run(store, script[i], i));
    QString operations;
    for (const OutboxEntry &entry : store.outbox()) {
        operations += u"CUD"_s[int(entry.operation)];
        QVERIFY(server.apply(entry));
    }
    QCOMPARE(operations, expected);
    QCOMPARE(store.store->outboxCount(), expected.size());
    QCOMPARE(server.records(store.model(u"Order"_s)), store.query({store.model(u"Order"_s), {}, {}, -1, 0}).value());
}

void TestStoreOutbox::mergedEntryKeepsPlaceAndBase()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    Record record(store.model(u"Post"_s));
    record.setValue(0, u"p"_s);
    record.setValue(1, u"0"_s);
    record.setMetadata({7, 1, false});
    TL_OK(store.write<void>([&](WriteTransaction &write) { return write.put(record); }));
    const Draft draft(store.find(record.model(), u"p"_s).value());
    TL_OK(store.save(draft.with(1, u"1"_s)));
    TL_OK(store.save(store.draft(u"Tag"_s, {{u"name"_s, u"t"_s}})));
    TL_OK(store.save(draft.with(1, u"2"_s).with(2, 5)));
    const QList<OutboxEntry> entries = store.outbox();
    QCOMPARE(entries.size(), 2);
    QCOMPARE(entries.first().sequence, 1);
    QCOMPARE(entries.first().baseVersion, 7);
    using FieldValues = QList<std::pair<int, Value>>;
    QCOMPARE(entries.first().changes, FieldValues({{1, Value(u"2"_s)}, {2, Value(5)}}));
    QCOMPARE(entries.first().base, FieldValues({{1, Value(u"0"_s)}, {2, Value()}}));
}

void TestStoreOutbox::sequencesNeverRepeat()
{
    const QTemporaryDir folder;
    const StoreOptions options{.path = folder.filePath(u"a"_s)};
    qint64 last = 0;
    for (int round = 0; round < 3; ++round) {
        TestStore store(BlogSchema::schema(), options, quint64(round + 1));     // another record each time
        TL_OK(store.open());
        TL_OK(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})));
        const QList<OutboxEntry> entries = store.outbox();
        QCOMPARE(entries.size(), 1);
        const qint64 sequence = entries.first().sequence;
        QVERIFY(sequence > last);
        last = sequence;
        TL_OK(store.write<void>([=](WriteTransaction &write) { return write.removeEntry(sequence); }));
        QCOMPARE(store.store->outboxCount(), 0);
    }
}

void TestStoreOutbox::entriesCanBeReadInPieces()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    for (int i = 0; i < 5; ++i)
        TL_OK(store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})));
    const auto read = [&](qint64 after, int limit) {
        return store.read<QList<OutboxEntry>>([=](ReadTransaction &transaction) { return transaction.outbox(after, limit); }).value();
    };
    QCOMPARE(read(0, 2).size(), 2);
    QCOMPARE(read(2, 2).first().sequence, 3);
    QCOMPARE(read(4, 100).size(), 1);
}

void TestStoreOutbox::unknownEntriesAreAnError()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    TL_ERROR(store.write<void>([](WriteTransaction &write) { return write.removeEntry(9); }), Error::Code::NotFound);
    OutboxEntry entry;
    entry.sequence = 9;
    entry.model = store.model(u"Blog"_s);
    TL_ERROR(store.write<void>([=](WriteTransaction &write) { return write.updateEntry(entry); }), Error::Code::NotFound);
}

void TestStoreOutbox::whatTheWriterRemembersIsWhatTheFileHas_data()
{
    QTest::addColumn<bool>("undone");
    QTest::newRow("a job that is undone") << true;
    QTest::newRow("another process writes") << false;
}

/* Row, mutation under way and walk come from memory once they were read; what is undone, or changed by others, is read again. */
void TestStoreOutbox::whatTheWriterRemembersIsWhatTheFileHas()
{
    QFETCH(bool, undone);
    const QTemporaryDir folder;
    TestStore store(BlogSchema::schema(), {.path = folder.filePath(u"a.sqlite"_s)});
    TestStore other(BlogSchema::schema(), {.path = folder.filePath(u"a.sqlite"_s)});
    TL_OK(store.open());
    TL_OK(other.open());
    const Record blog = store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})).value();
    const auto send = [](TestStore &at, const QString &key, bool fails) {
        return at.write<void>([&at, key, fails](WriteTransaction &write) -> Result<void> {
            OutboxEntry entry = write.lane(*at.model(u"Blog"_s), key).value().first();
            entry.state = OutboxEntry::State::Sending;
            ++entry.attempts;
            Result<void> done = write.markSending(entry);
            if (done)
                done = write.setState(write.find(at.model(u"Blog"_s), key).value(), SyncState::Sending);
            return fails ? Result<void>(Error(Error::Code::Cancelled, u"as the test wants it"_s)) : done;
        });
    };
    const auto expect = [&](OutboxEntry::State state, SyncState shown, int attempts) {
        QList<OutboxEntry> seen;
        Record row;
        TL_OK(store.write<void>([&](WriteTransaction &write) -> Result<void> {
            seen = write.lane(*blog.model(), blog.key()).valueOr({});
            seen.append(write.outboxEntry(1).value().value());
            row = write.find(blog.model(), blog.key()).valueOr({});
            return write.walkOutbox([&seen](const OutboxEntry &entry, bool) -> Result<bool> {
                seen.append(entry);
                return true;
            });
        }));
        QCOMPARE(seen.size(), 3);
        for (const OutboxEntry &entry : std::as_const(seen))
            QCOMPARE(entry.state, state);
        QCOMPARE(seen.first().attempts, attempts);
        QCOMPARE(row.state(), shown);
    };
    expect(OutboxEntry::State::Waiting, SyncState::Pending, 0);
    if (undone)
        QVERIFY(!send(store, blog.key(), true));
    else
        TL_OK(send(other, blog.key(), false));
    undone ? expect(OutboxEntry::State::Waiting, SyncState::Pending, 0) : expect(OutboxEntry::State::Sending, SyncState::Sending, 1);
    if (undone)
        TL_OK(send(store, blog.key(), false));
    expect(OutboxEntry::State::Sending, SyncState::Sending, 1);
}

/* However far was walked before, and whatever was added, taken out or undone since. */
void TestStoreOutbox::walkTellsWhichEntryIsTheFirstOfItsLane()
{
    QVERIFY(rc::check([] {
        enum Action { Create, Update, Delete, TakeOut, TakeOutInVain, Send, Walk };
        using Seen = std::vector<std::pair<qint64, bool>>;
        TestStore store(BlogSchema::schema());
        RC_ASSERT(bool(store.open()));
        const auto blog = store.model(u"Blog"_s);
        for (const Step &step : *steps(Walk + 1, 3)) {
            const QString key = QString(QChar(u'a' + step.record));
            const Draft draft = store.draft(u"Blog"_s, {{u"id"_s, key}, {u"title"_s, QString::number(step.value)}});
            const QList<OutboxEntry> outbox = store.outbox();
            const OutboxEntry some = outbox.isEmpty() ? OutboxEntry() : outbox[step.value % outbox.size()];
            if (step.action == Create || step.action == Update) {
                (void)store.save(draft);
            } else if (step.action == Delete) {
                if (const Record record = store.find(blog, key).valueOr({}); !record.isNull())
                    (void)store.remove(record);
            } else if (step.action == Send && some.model) {
                (void)store.write<void>([&](WriteTransaction &write) {
                    OutboxEntry entry = some;
                    entry.attempts = 1;
                    return write.updateEntry(entry);
                });
            } else if ((step.action == TakeOut || step.action == TakeOutInVain) && some.model) {
                (void)store.write<void>([&](WriteTransaction &write) -> Result<void> {
                    const Result<void> removed = write.removeEntry(write.lane(*some.model, some.key).value().first().sequence);
                    return step.action == TakeOut ? removed : Result<void>(Error(Error::Code::Cancelled, u"as the test wants it"_s));
                });
            }
            QSet<QString> lanes;
            Seen expected;
            for (const OutboxEntry &entry : store.outbox()) {
                expected.emplace_back(entry.sequence, !lanes.contains(entry.key));
                lanes.insert(entry.key);
            }
            const size_t most = step.action == Walk ? size_t(step.value) : expected.size() + 1;
            Seen seen;
            (void)store.write<void>([&](WriteTransaction &write) {
                return write.walkOutbox([&](const OutboxEntry &entry, bool isFirst) -> Result<bool> {
                    seen.emplace_back(entry.sequence, isFirst);
                    return seen.size() < most;
                });
            });
            expected.resize(std::min(expected.size(), std::max(size_t(1), most)));
            RC_ASSERT(seen == expected);
        }
    }));
}

void TestStoreOutbox::childCreatedBeforeItsParentWaits()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto post = store.model(u"Post"_s);
    const int blog = post->fieldIndex(foreignKey(post, u"blog"_s));
    const Record child = store.save(store.draft(u"Post"_s, {{u"title"_s, u"x"_s}})).value();
    const Record parent = store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})).value();
    TL_OK(store.save(Draft(child).with(blog, parent.value(0))));
    TL_OK(store.save(Draft(child).with(2, 3)));
    PlainServer server(store.store->schema());
    const QList<OutboxEntry> entries = store.outbox();
    QCOMPARE(entries.size(), 3);
    for (const OutboxEntry &entry : entries)
        QVERIFY(server.apply(entry));
}

void TestStoreOutbox::deletionComesAfterWhatMustPrecedeIt()
{
    TestStore store(BlogSchema::schema());
    TL_OK(store.open());
    const auto post = store.model(u"Post"_s);
    const int blog = post->fieldIndex(foreignKey(post, u"blog"_s));
    PlainServer server(store.store->schema());
    const Record parent = store.save(store.draft(u"Blog"_s, {{u"title"_s, u"x"_s}})).value();
    TL_OK(store.save(store.draft(u"Post"_s, {{u"title"_s, u"x"_s}}).with(blog, parent.value(0))));
    for (const OutboxEntry &entry : store.outbox()) {
        QVERIFY(server.apply(entry));
        TL_OK(store.write<void>([=](WriteTransaction &write) { return write.removeEntry(entry.sequence); }));
    }
    TL_OK(store.save(Draft(parent).with(1, u"y"_s)));       // has an entry before the child's deletion
    TL_OK(store.remove(parent));
    for (const OutboxEntry &entry : store.outbox())
        QVERIFY(server.apply(entry));
    QVERIFY(server.records(parent.model()).isEmpty());
}

// Saves, removals, conditions and a backend that answers at any time, on three keys.
void TestStoreOutbox::replayOfOneRecordEqualsTheStore()
{
    const auto holds = rc::check("replay equals the store", [] {
        TestStore store(BlogSchema::schema());
        RC_ASSERT(store.open().ok());
        const auto order = store.model(u"Order"_s);
        PlainServer server(store.store->schema());
        std::map<QString, Record> naive;
        for (const Step &step : *steps(7, 3)) {
            const Draft draft = store.draft(u"Order"_s, {{u"select"_s, u"k"_s}, {u"from"_s, step.record}});
            const QString key = u"[\"k\",%1]"_s.arg(step.record);
            const auto known = naive.find(key);
            const Predicate condition = Predicate::compare(u"where"_s, Predicate::Operator::Lt, {1.0});
            const bool conditional = step.action == 2 || step.action == 4;
            if (step.action <= 2) {
                const int field = step.action == 1 ? 3 : 2;
                const Value value = step.action == 1 ? Value(QString::number(step.value)) : number(step.value);
                const Result<Record> saved = store.save(draft.with(field, value), conditional ? condition : Predicate());
                const bool expected = !conditional || (known != naive.end() && !known->second.value(2).isNull() && known->second.value(2).toDouble() < 1);
                RC_ASSERT(saved.ok() == expected);
                if (saved) {
                    Record &record = known == naive.end() ? naive[key] = Record(order) : known->second;
                    record.setValue(0, u"k"_s);
                    record.setValue(1, step.record);
                    record.setValue(field, value);
                    RC_ASSERT(*saved == record);
                }
            } else if (step.action <= 4) {
                Record named(order);
                named.setValue(0, u"k"_s);
                named.setValue(1, step.record);
                const bool fails = conditional && known != naive.end() && !(!known->second.value(2).isNull() && known->second.value(2).toDouble() < 1);
                RC_ASSERT(store.remove(named, conditional ? condition : Predicate()).ok() == !fails);
                if (!fails)
                    naive.erase(key);
            } else {
                const Result<void> moved = store.write<void>([&](WriteTransaction &write) -> Result<void> {
                    const QList<OutboxEntry> lane = write.lane(*order, key).value();
                    if (lane.isEmpty())
                        return {};
                    OutboxEntry head = lane.first();
                    if (step.action == 5) {
                        head.state = OutboxEntry::State::Sending;
                        head.attempts = 1;
                        return write.updateEntry(head);
                    }
                    if (head.state != OutboxEntry::State::Sending)
                        return {};
                    RC_ASSERT(server.apply(head));
                    return write.removeEntry(head.sequence);
                });
                RC_ASSERT(moved.ok());
            }
            const QList<Record> rows = store.query({order, {}, {}, -1, 0}).value();
            RC_ASSERT(size_t(rows.size()) == naive.size());
            for (const Record &row : rows)
                RC_ASSERT(naive.at(row.key()) == row);
        }
        for (const OutboxEntry &entry : store.outbox())
            RC_ASSERT(server.apply(entry));
        RC_ASSERT(server.records(order) == store.query({order, {}, {}, -1, 0}).value());
    });
    QVERIFY(holds);
}

// Records that refer to each other, sent in sequence: no entry may come before one that it needs.
void TestStoreOutbox::replayOfFamiliesEqualsTheStore()
{
    const auto holds = rc::check("families", [] {
        TestStore store(BlogSchema::schema());
        RC_ASSERT(store.open().ok());
        const auto node = store.model(u"Node"_s);
        const int parent = node->fieldIndex(foreignKey(node, u"parent"_s));
        PlainServer server(store.store->schema());
        const auto drain = [&] {
            for (const OutboxEntry &entry : store.outbox()) {
                RC_ASSERT(server.apply(entry));
                RC_ASSERT(store.write<void>([&](WriteTransaction &write) { return write.removeEntry(entry.sequence); }).ok());
            }
            RC_ASSERT(server.records(node) == store.query({node, {}, {}, -1, 0}).value());
        };
        for (const Step &step : *steps(9, 4)) {
            Draft draft = store.draft(u"Node"_s, {{u"id"_s, QString::number(step.record)}});
            if (step.action < 2)
                (void)store.save(draft.with(1, QString::number(step.value)));
            else if (step.action < 5 && step.value > step.record)       // parents have greater numbers, so there is no circle
                (void)store.save(draft.with(parent, QString::number(step.value)));
            else if (step.action < 6)
                (void)store.save(draft.with(parent, Value()));
            else if (step.action == 6)
                RC_ASSERT(store.write<QList<Record>>([&](WriteTransaction &write) { return write.remove(node, QString::number(step.record)); }).ok());
            else if (step.action == 7) {
                const Predicate where = Predicate::compare(u"id"_s, Predicate::Operator::Ge, {QString::number(step.record)});
                RC_ASSERT(store.write<QList<Record>>([&](WriteTransaction &write) { return write.removeAll(node, step.value ? where : Predicate()); }).ok());
            } else
                drain();
        }
        drain();
    });
    QVERIFY(holds);
}

QTEST_GUILESS_MAIN(TestStoreOutbox)
#include "tst_storeoutbox.moc"
