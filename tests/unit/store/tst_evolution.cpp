// SPDX-License-Identifier: MIT
#include "storefiles.h"
#include "teststore.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QTemporaryDir>

using namespace Tideline;
using namespace Qt::Literals::StringLiterals;

using Kind = UnmappedData::Kind;
using Operation = OutboxEntry::Operation;
using Reason = UnmappedData::Reason;

namespace {

const QString Notes = uR"(
type Note @model {
  id: ID!
  title: String!
  size: Int
  weight: Float
  mood: Mood
  tags: [String]
  place: Place
}
enum Mood { GOOD BAD }
type Place { street: String town: String }
type Other @model { id: ID! name: String }
)"_s;

QString changed(QString source, const QString &before, const QString &after)
{
    if (!source.contains(before))
        qFatal("the schema lacks %s", qPrintable(before));
    return source.replace(before, after);
}

} // namespace

class TestEvolution : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void sameSchemaChangesNothing();                            // ST-04
    void additionsKeepRowsAndOutbox();                          // ST-05
    void onlyWhatTheBackendKnowsMoreOfIsFetchedAgain();
    void changeIsStoredAtOnce();                                // B42
    void changeWithoutRoomLeavesTheFile();                      // ST-07, ST-11
    void removedModelIsKeptAndComesBack();                      // ST-08
    void removedFieldIsKeptAndComesBack();
    void removedFieldOfARemovedRecordIsForgotten();
    void recordsWithAnotherKeyAreFound();                       // ST-09
    void keysOfABaseSyncUnderWayAreForgotten();
    void recordsWithoutTheirNewKeyAreListed();
    void childrenFollowTheirParentsNewKey();
    void hookRunsOnlyForAChange();                              // ST-10
    void hookFillsWhatIsRequired();
    void hookSeesWhatHasNoPlace();
    void failedHookLeavesTheFile();                             // ST-10, ST-11
    void killWithinAChangeLeavesTheFile();
    void fieldIsAddedOnce();                                    // ST-12
    void renamedFieldKeepsValuesAndMutations();
    void renamedFieldKeepsWhatMeetsTheBackends();
    void renamedModelKeepsRowsAndMutations();
    void renamedRelationKeepsLinks();
    void hintOnlyCountsOnce();
    void renamedEnumValueIsTakenOver();
    void typeChanges_data();
    void typeChanges();
    void unfitMutationIsListed();
    void unfitValueOfARequiredFieldPutsItsRowAside();
    void removedEnumValueIsListed();
    void requiredFieldTakesItsDefault();
    void rowWithoutARequiredValueIsPutAside();
    void rowPutAsideComesBackWhenItMay();
    void rowPutAsideGivesWayToTheBackends();
    void mutationOfARemovedFieldIsListedInPart();
    void conditionOnARemovedFieldStopsItsMutation();
    void embeddedMembersAreRenamedAndKept();
    void unmappedDataCanBeRemoved();
    void manyRows();

private:
    void with(const QString &source, const std::function<void(TestStore &)> &use, const StoreOptions &options = {});
    void fill(const QString &source = Notes);
    [[nodiscard]] static QList<UnmappedData> unmapped(TestStore &store);
    [[nodiscard]] static Record note(TestStore &store, const QString &key = u"n"_s);

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

void TestEvolution::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"a.tideline"_s);
}

void TestEvolution::with(const QString &source, const std::function<void(TestStore &)> &use, const StoreOptions &options)
{
    const Result<Schema> schema = Schema::parse(source);
    TL_OK(schema);
    StoreOptions all = options;
    all.path = m_path;
    TestStore store(*schema, all);
    TL_OK(store.open());
    use(store);
}

// One note as the backend has it, with an edit that waits; one that it has not seen.
void TestEvolution::fill(const QString &source)
{
    with(source, [](TestStore &store) {
        const auto model = store.model(u"Note"_s);
        const Result<void> put = store.write<void>([model](WriteTransaction &write) -> Result<void> {
            Record record(model);
            record.setValue(0, u"n"_s);
            record.setValue(model->fieldIndex(u"title"), u"old"_s);
            record.setValue(model->fieldIndex(u"size"), 5);
            record.setValue(model->fieldIndex(u"weight"), 0.1);
            record.setValue(model->fieldIndex(u"mood"), u"BAD"_s);
            record.setValue(model->fieldIndex(u"tags"), Value(Value::List{u"a"_s, u"b"_s}));
            record.setValue(model->fieldIndex(u"place"), Value(Value::Object{{u"street"_s, u"s"_s}, {u"town"_s, u"t"_s}}));
            record.setMetadata({3, 1000, false});
            record.setState(SyncState::Synced);
            if (const Result<void> stored = write.put(record); !stored)
                return stored;
            if (const Result<void> noted = write.setSetting(u"sync/Note"_s, u"{}"_s); !noted)
                return noted;
            return write.setSetting(u"sync/Other"_s, u"{}"_s);
        });
        TL_OK(put);
        Draft edit(store.find(model, u"n"_s).value());
        edit.set(model->fieldIndex(u"title"), u"edited"_s);
        edit.set(model->fieldIndex(u"size"), 7);
        TL_OK(store.save(edit));
        TL_OK(store.save(store.draft(u"Note"_s, {{u"id"_s, u"fresh"_s}, {u"title"_s, u"new"_s}, {u"mood"_s, u"GOOD"_s}})));
        TL_OK(store.save(store.draft(u"Other"_s, {{u"id"_s, u"o"_s}, {u"name"_s, u"x"_s}})));
    });
}

QList<UnmappedData> TestEvolution::unmapped(TestStore &store)
{
    return store.read<QList<UnmappedData>>([](ReadTransaction &read) { return read.unmapped(); }).value();
}

Record TestEvolution::note(TestStore &store, const QString &key)
{
    return store.find(store.model(u"Note"_s), key).value();
}

static QJsonObject changesOf(const OutboxEntry &entry)
{
    QJsonObject json;
    for (const auto &[field, value] : entry.changes)
        json.insert(entry.model->fields[size_t(field)].name, value.toJson());
    return json;
}

static QJsonObject baseOf(const OutboxEntry &entry)
{
    QJsonObject json;
    for (const auto &[field, value] : entry.base)
        json.insert(entry.model->fields[size_t(field)].name, value.toJson());
    return json;
}

static QString setting(TestStore &store, const QString &name)
{
    return store.read<QString>([name](ReadTransaction &read) { return read.setting(name); }).value();
}

void TestEvolution::sameSchemaChangesNothing()
{
    fill();
    const StoreOptions options{.migrate = [](SchemaMigration &) { return Result<void>(Error(Error::Code::InvalidSchema, u"called"_s)); }};
    with(u"# another comment\n"_s + Notes, [](TestStore &store) {
        QCOMPARE(note(store).value(u"title").toText(), u"edited"_s);
        QCOMPARE(store.outbox().size(), 3);
        QCOMPARE(setting(store, u"sync/Note"_s), u"{}"_s);
    }, options);
}

void TestEvolution::additionsKeepRowsAndOutbox()
{
    fill();
    with(changed(Notes, u"size: Int"_s, u"size: Int\n colour: String"_s) + u"type Fresh @model { id: ID! }"_s, [](TestStore &store) {
        const Record record = note(store);
        QCOMPARE(record.value(u"title").toText(), u"edited"_s);
        QCOMPARE(record.value(u"weight").toDouble(), 0.1);
        QVERIFY(record.value(u"colour").isNull());
        QCOMPARE(record.metadata().version, 3);
        QCOMPARE(record.state(), SyncState::Pending);
        QCOMPARE(store.outbox().size(), 3);
        QVERIFY(unmapped(store).isEmpty());
        TL_OK(store.save(store.draft(u"Fresh"_s, {{u"id"_s, u"f"_s}})));
    });
}

void TestEvolution::onlyWhatTheBackendKnowsMoreOfIsFetchedAgain()
{
    fill();
    with(changed(Notes, u"size: Int"_s, u"size: Int\n colour: String"_s), [](TestStore &store) {
        QCOMPARE(setting(store, u"sync/Note"_s), QString());
        QCOMPARE(setting(store, u"sync/Other"_s), u"{}"_s);
        QCOMPARE(note(store).metadata().lastChangedAt, 0);          // so that the same version counts
    });
    with(Notes, [](TestStore &store) { QCOMPARE(setting(store, u"sync/Other"_s), u"{}"_s); });
}

void TestEvolution::changeIsStoredAtOnce()
{
    fill();
    const QString newer = changed(Notes, u"size: Int"_s, u"size: Int\n colour: String"_s);
    with(newer, [](TestStore &) { });
    Sql sql(m_path);
    QCOMPARE(sql.run(u"SELECT value FROM tl_setting WHERE name = '$fingerprint'"_s), QString::fromLatin1(Schema::parse(newer)->fingerprint()));
    QCOMPARE(sql.run(u"SELECT value FROM tl_setting WHERE name = '$schema'"_s), newer);
    QCOMPARE(sql.run(u"SELECT count(*) FROM sqlite_master WHERE name LIKE '$%'"_s), u"0"_s);
    QCOMPARE(sql.run(u"PRAGMA integrity_check"_s), u"ok"_s);
}

void TestEvolution::changeWithoutRoomLeavesTheFile()
{
    fill();
    with(Notes, [](TestStore &store) {
        for (int i = 0; i < 200; ++i)
            TL_OK(store.save(store.draft(u"Note"_s, {{u"title"_s, QString(500, u'x')}})));
    });
    const QByteArray content = contentOf(m_path);
    const Schema newer = Schema::parse(changed(Notes, u"size: Int"_s, u"size: String"_s)).value();
    {
        TestStore store(newer, {.path = m_path, .maximumSize = content.size() + 4 * 4096});
        TL_ERROR(store.open(), Error::Code::DiskFull);
    }
    QCOMPARE(contentOf(m_path), content);
    with(Notes, [](TestStore &store) { QCOMPARE(store.outbox().size(), 203); });
    with(newer.source(), [](TestStore &store) { QCOMPARE(note(store).value(u"size").toText(), u"7"_s); });
}

void TestEvolution::removedModelIsKeptAndComesBack()
{
    fill();
    with(u"type Other @model { id: ID! name: String }"_s, [](TestStore &store) {
        QCOMPARE(store.outbox().size(), 1);
        const QList<UnmappedData> list = unmapped(store);
        QCOMPARE(list.size(), 2);                           // the rows are kept without asking
        QCOMPARE(list[0].kind, Kind::Mutation);
        QCOMPARE(list[0].reason, Reason::Gone);
        QCOMPARE(list[0].model, u"Note"_s);
        QCOMPARE(list[0].operation, Operation::Update);
        QCOMPARE(list[0].values, (QJsonObject{{u"title"_s, u"edited"_s}, {u"size"_s, 7}}));
        QCOMPARE(list[0].base, (QJsonObject{{u"title"_s, u"old"_s}, {u"size"_s, 5}}));
        QCOMPARE(list[1].operation, Operation::Create);
    });
    with(Notes, [](TestStore &store) {
        const Record record = note(store);
        QCOMPARE(record.value(u"title").toText(), u"edited"_s);
        QCOMPARE(record.value(u"weight").toDouble(), 0.1);
        QCOMPARE(record.value(u"tags"), Value(Value::List{u"a"_s, u"b"_s}));
        QCOMPARE(record.value(u"place").member(u"town").toText(), u"t"_s);
        QCOMPARE(record.metadata().version, 3);
        QCOMPARE(record.state(), SyncState::Pending);
        QVERIFY(unmapped(store).isEmpty());
        const QList<OutboxEntry> outbox = store.outbox();
        QCOMPARE(outbox.size(), 3);
        QCOMPARE(outbox[0].key, u"n"_s);
        QCOMPARE(changesOf(outbox[0]).value(u"size"_s).toInt(), 7);
        QCOMPARE(outbox[1].key, u"fresh"_s);
        QCOMPARE(outbox[2].key, u"o"_s);
        TL_OK(store.save(store.draft(u"Note"_s, {{u"title"_s, u"x"_s}})));
    });
}

void TestEvolution::removedFieldIsKeptAndComesBack()
{
    fill();
    const QString without = changed(changed(Notes, u"  weight: Float\n"_s, {}), u"  tags: [String]\n"_s, {});
    with(without, [](TestStore &store) {
        QVERIFY(unmapped(store).isEmpty());
        Draft edit(note(store));
        edit.set(edit.model()->fieldIndex(u"mood"), u"GOOD"_s);
        TL_OK(store.save(edit));
    });
    with(without + u"type Fresh @model { id: ID! }"_s, [](TestStore &) { });
    with(Notes, [](TestStore &store) {
        const Record record = note(store);
        QCOMPARE(record.value(u"weight").toDouble(), 0.1);
        QCOMPARE(record.value(u"tags"), Value(Value::List{u"a"_s, u"b"_s}));
        QCOMPARE(record.value(u"mood").toText(), u"GOOD"_s);
    });
}

void TestEvolution::removedFieldOfARemovedRecordIsForgotten()
{
    fill();
    with(changed(Notes, u"  weight: Float\n"_s, {}), [](TestStore &store) {
        TL_OK(store.remove(note(store)));
        TL_OK(store.save(store.draft(u"Note"_s, {{u"id"_s, u"n"_s}, {u"title"_s, u"another"_s}})));
    });
    with(Notes, [](TestStore &store) { QVERIFY(note(store).value(u"weight").isNull()); });
}

void TestEvolution::recordsWithAnotherKeyAreFound()
{
    fill();
    QString source = changed(Notes, u"  id: ID!\n  title: String!"_s, u"  id: ID!\n  title: String! @primaryKey(sortKeyFields: [\"id\"])"_s);
    with(source, [](TestStore &store) {
        const Record record = store.find(store.model(u"Note"_s), u"[\"edited\",\"n\"]"_s).value();
        QVERIFY(record);
        QCOMPARE(record.metadata().version, 3);
        const QList<OutboxEntry> outbox = store.outbox();
        QCOMPARE(outbox.size(), 3);
        QCOMPARE(outbox[0].key, u"[\"edited\",\"n\"]"_s);
        QCOMPARE(outbox[1].key, u"[\"new\",\"fresh\"]"_s);
        const QList<UnmappedData> list = unmapped(store);       // a key does not change
        QCOMPARE(list.size(), 1);
        QCOMPARE(list[0].kind, Kind::Mutation);
        QCOMPARE(list[0].values, (QJsonObject{{u"title"_s, u"edited"_s}}));
    });
    with(Notes, [](TestStore &store) {
        QCOMPARE(note(store).value(u"size").toInteger(), 7);
        QCOMPARE(store.outbox()[0].key, u"n"_s);
        QCOMPARE(changesOf(store.outbox()[0]), (QJsonObject{{u"title"_s, u"edited"_s}, {u"size"_s, 7}}));
        QVERIFY(unmapped(store).isEmpty());
    });
}

/* They may be others now, and all rows would seem to have vanished. */
void TestEvolution::keysOfABaseSyncUnderWayAreForgotten()
{
    fill();
    with(Notes, [](TestStore &store) {
        TL_OK(store.write<void>([](WriteTransaction &write) { return write.beginSeen(*write.schema().model(u"Note"_s)); }));
    });
    const auto keeps = [](TestStore &store) {
        return store.read<bool>([](ReadTransaction &read) { return read.keepsSeen(*read.schema().model(u"Note"_s)); }).value();
    };
    with(Notes, [&](TestStore &store) { QVERIFY(keeps(store)); });
    with(Notes + u"type More @model { id: ID! }"_s, [&](TestStore &store) { QVERIFY(!keeps(store)); });
}

void TestEvolution::recordsWithoutTheirNewKeyAreListed()
{
    fill();
    with(Notes, [](TestStore &store) {
        for (const auto &id : {u"p"_s, u"q"_s})
            TL_OK(store.save(store.draft(u"Note"_s, {{u"id"_s, id}, {u"title"_s, u"same"_s}, {u"size"_s, 9}})));
    });
    QString source = changed(Notes, u"  size: Int\n"_s, u"  size: Int! @primaryKey\n"_s);
    source = changed(source, u"  id: ID!\n  title: String!"_s, u"  title: String!"_s);
    with(source, [](TestStore &store) {
        QVERIFY(note(store, u"7"_s));
        QVERIFY(note(store, u"9"_s));
        const QList<UnmappedData> list = unmapped(store);
        QCOMPARE(list.size(), 5);
        QCOMPARE(list[0].kind, Kind::Row);
        QCOMPARE(list[0].key, u"fresh"_s);
        QCOMPARE(list[0].reason, Reason::KeyMissing);
        QCOMPARE(list[0].field, u"size"_s);
        QCOMPARE(list[0].values.value(u"title"_s).toString(), u"new"_s);
        QCOMPARE(list[1].key, u"q"_s);
        QCOMPARE(list[1].reason, Reason::KeyTaken);
        QCOMPARE(list[2].kind, Kind::Mutation);
        QCOMPARE(list[2].key, u"7"_s);                          // a key does not change
        QCOMPARE(list[2].values, (QJsonObject{{u"size"_s, 7}}));
        QCOMPARE(list[3].key, u"fresh"_s);
        QCOMPARE(list[3].reason, Reason::RowAside);
        QCOMPARE(list[4].key, u"q"_s);
        QCOMPARE(store.outbox().size(), 3);
    });
    with(Notes, [](TestStore &store) {
        QVERIFY(unmapped(store).isEmpty());
        QCOMPARE(note(store, u"fresh"_s).state(), SyncState::Pending);
        QCOMPARE(note(store, u"q"_s).value(u"title").toText(), u"same"_s);
        QCOMPARE(store.outbox().size(), 5);
    });
}

void TestEvolution::childrenFollowTheirParentsNewKey()
{
    const QString before = u"type Post @model { id: ID! slug: String comments: [Comment] @hasMany }\n"
                            "type Comment @model { id: ID! post: Post @belongsTo }"_s;
    const QString after = u"type Post @model { slug: String! @primaryKey comments: [Comment] @hasMany }\n"
                           "type Comment @model { id: ID! post: Post @belongsTo }"_s;
    with(before, [](TestStore &store) {
        TL_OK(store.save(store.draft(u"Post"_s, {{u"id"_s, u"p"_s}, {u"slug"_s, u"hello"_s}})));
        const QString key = foreignKey(store.model(u"Comment"_s), u"post"_s);
        TL_OK(store.save(store.draft(u"Comment"_s, {{u"id"_s, u"c"_s}, {key, u"p"_s}})));
    });
    with(after, [](TestStore &store) {
        const auto comment = store.model(u"Comment"_s);
        const QString key = foreignKey(comment, u"post"_s);
        QCOMPARE(key, u"postCommentsSlug"_s);
        QCOMPARE(store.find(comment, u"c"_s).value().value(key).toText(), u"hello"_s);
        QCOMPARE(store.outbox().size(), 2);
        QCOMPARE(store.outbox()[0].key, u"hello"_s);
        QCOMPARE(changesOf(store.outbox()[1]).value(key).toString(), u"hello"_s);
    });
}

void TestEvolution::hookRunsOnlyForAChange()
{
    int calls = 0;
    QStringList changes;
    const StoreOptions options{.migrate = [&](SchemaMigration &migration) -> Result<void> {
        ++calls;
        changes = migration.changes();
        return {};
    }};
    with(Notes, [](TestStore &) { }, options);
    QCOMPARE(calls, 0);                                     // a new file
    with(Notes, [](TestStore &) { }, options);
    QCOMPARE(calls, 0);
    with(changed(Notes, u"size: Int"_s, u"size: Float\n colour: String"_s), [](TestStore &) { }, options);
    QCOMPARE(calls, 1);
    QCOMPARE(changes, (QStringList{u"Note.size is Float instead of Int"_s, u"Note.colour is new"_s}));
}

void TestEvolution::hookFillsWhatIsRequired()
{
    fill();
    const StoreOptions options{.migrate = [](SchemaMigration &migration) {
        return migration.forEachRow(u"Note"_s, [&](const QString &key, const QJsonObject &row) {
            return migration.setValue(u"Note"_s, key, u"label"_s, u"of "_s + row.value(u"title"_s).toString());
        });
    }};
    with(changed(Notes, u"size: Int"_s, u"size: Int\n label: String!"_s), [](TestStore &store) {
        QCOMPARE(note(store).value(u"label").toText(), u"of edited"_s);
        QVERIFY(unmapped(store).isEmpty());
        QCOMPARE(changesOf(store.outbox()[1]).value(u"label"_s).toString(), u"of new"_s);
        QVERIFY(!changesOf(store.outbox()[0]).contains(u"label"_s));
    }, options);
}

void TestEvolution::hookSeesWhatHasNoPlace()
{
    fill();
    const StoreOptions options{.migrate = [](SchemaMigration &migration) {
        return migration.forEachRow(u"Note"_s, [&](const QString &key, const QJsonObject &row) {
            return migration.setValue(u"Note"_s, key, u"shown"_s, row.value(u"title"_s).toString() + QString::number(row.value(u"size"_s).toInt()));
        });
    }};
    with(changed(Notes, u"size: Int"_s, u"shown: String"_s), [](TestStore &store) {
        QCOMPARE(note(store).value(u"shown").toText(), u"edited7"_s);
    }, options);
}

void TestEvolution::failedHookLeavesTheFile()
{
    fill();
    const QByteArray content = contentOf(m_path);
    const Schema newer = Schema::parse(changed(Notes, u"size: Int"_s, u"size: String"_s)).value();
    {
        TestStore store(newer, {.path = m_path, .migrate = [](SchemaMigration &migration) {
            return migration.setValue(u"Note"_s, u"nobody"_s, u"size"_s, u"x"_s);
        }});
        TL_ERROR(store.open(), Error::Code::NotFound);
    }
    QCOMPARE(contentOf(m_path), content);
    fill();
}

void TestEvolution::killWithinAChangeLeavesTheFile()
{
    fill();
    const QString copy = m_folder->filePath(u"copy"_s);
    const StoreOptions options{.migrate = [&](SchemaMigration &) -> Result<void> {
        const bool copied = writeFile(copy, contentOf(m_path)) && writeFile(copy + u"-wal"_s, contentOf(m_path + u"-wal"_s));
        return copied ? Result<void>() : Result<void>(Error(Error::Code::InvalidArgument, u"not copied"_s));
    }};
    with(changed(Notes, u"size: Int"_s, u"size: String"_s), [](TestStore &) { }, options);
    m_path = copy;
    with(Notes, [](TestStore &store) {
        QCOMPARE(note(store).value(u"size").toInteger(), 7);
        QCOMPARE(store.outbox().size(), 3);
    });
    Sql sql(copy);
    QCOMPARE(sql.run(u"PRAGMA integrity_check"_s), u"ok"_s);
}

void TestEvolution::fieldIsAddedOnce()
{
    fill();
    const QString newer = changed(Notes, u"size: Int"_s, u"size: Int\n colour: String"_s);
    for (int i = 0; i < 3; ++i)
        with(newer, [](TestStore &store) { QVERIFY(note(store)); });
    Sql sql(m_path);
    QCOMPARE(sql.run(u"SELECT count(*) FROM pragma_table_info('Note') WHERE name = 'colour'"_s), u"1"_s);
}

void TestEvolution::renamedFieldKeepsValuesAndMutations()
{
    fill();
    with(changed(Notes, u"title: String!"_s, u"name: String! @renamedFrom(name: \"title\")"_s), [](TestStore &store) {
        QCOMPARE(note(store).value(u"name").toText(), u"edited"_s);
        QCOMPARE(note(store, u"fresh"_s).value(u"name").toText(), u"new"_s);
        const QList<OutboxEntry> outbox = store.outbox();
        QCOMPARE(changesOf(outbox[0]), (QJsonObject{{u"name"_s, u"edited"_s}, {u"size"_s, 7}}));
        QCOMPARE(baseOf(outbox[0]), (QJsonObject{{u"name"_s, u"old"_s}, {u"size"_s, 5}}));
        QCOMPARE(changesOf(outbox[1]).value(u"name"_s).toString(), u"new"_s);
        QVERIFY(unmapped(store).isEmpty());
    });
}

/* What a mutation knows of the backend's side outlives the process, and the name. */
void TestEvolution::renamedFieldKeepsWhatMeetsTheBackends()
{
    fill();
    const auto list = [](std::initializer_list<QString> texts) {
        Value::List list;
        for (const QString &text : texts)
            list.append(Value(text));
        return Value(list);
    };
    const QList<OutboxEntry::Contested> contested{{1, Value(u"other"_s), Value(u"edited"_s)}};
    const QList<OutboxEntry::Contested> sentLists{{5, list({u"a"_s}), list({u"a"_s, u"m"_s})}, {5, list({u"a"_s, u"a"_s, u"m"_s}), list({u"a"_s, u"m"_s})}};
    with(Notes, [&](TestStore &store) {
        OutboxEntry entry = store.outbox().first();
        entry.contested = contested;
        entry.sentLists = sentLists;
        TL_OK(store.write<void>([entry](WriteTransaction &write) { return write.updateEntry(entry); }));
    });
    with(Notes, [&](TestStore &store) {
        QCOMPARE(store.outbox().first().contested, contested);
        QCOMPARE(store.outbox().first().sentLists, sentLists);
    });
    const QString renamed = changed(Notes, u"title: String!"_s, u"name: String! @renamedFrom(name: \"title\")"_s);
    with(changed(renamed, u"tags: [String]"_s, u"labels: [String] @renamedFrom(name: \"tags\")"_s), [&](TestStore &store) {
        QCOMPARE(store.outbox().first().contested, contested);
        QCOMPARE(store.outbox().first().sentLists, sentLists);
    });
}

void TestEvolution::renamedModelKeepsRowsAndMutations()
{
    fill();
    with(changed(Notes, u"type Note @model"_s, u"type Remark @model @renamedFrom(name: \"Note\")"_s), [](TestStore &store) {
        const auto model = store.model(u"Remark"_s);
        QCOMPARE(store.find(model, u"n"_s).value().value(u"title").toText(), u"edited"_s);
        QCOMPARE(store.outbox().size(), 3);
        QCOMPARE(store.outbox()[0].model, model);
        QCOMPARE(setting(store, u"sync/Note"_s), QString());
        QVERIFY(unmapped(store).isEmpty());
    });
    Sql sql(m_path);
    QCOMPARE(sql.run(u"SELECT count(*) FROM sqlite_master WHERE name = 'Note'"_s), u"0"_s);
}

void TestEvolution::renamedRelationKeepsLinks()
{
    const QString before = u"type Post @model { id: ID! title: String comments: [Comment] @hasMany tags: [Tag] @manyToMany(relationName: \"PostTags\") }\n"
                            "type Comment @model { id: ID! post: Post @belongsTo }\n"
                            "type Tag @model { id: ID! posts: [Post] @manyToMany(relationName: \"PostTags\") }"_s;
    const QString after = u"type Article @model @renamedFrom(name: \"Post\") { id: ID! title: String remarks: [Comment] @hasMany @renamedFrom(name: \"comments\")\n"
                           "  tags: [Tag] @manyToMany(relationName: \"PostTags\") }\n"
                           "type Comment @model { id: ID! article: Article @belongsTo @renamedFrom(name: \"post\") }\n"
                           "type Tag @model { id: ID! posts: [Article] @manyToMany(relationName: \"PostTags\") }"_s;
    with(before, [](TestStore &store) {
        TL_OK(store.save(store.draft(u"Post"_s, {{u"id"_s, u"p"_s}})));
        TL_OK(store.save(store.draft(u"Tag"_s, {{u"id"_s, u"t"_s}})));
        TL_OK(store.save(store.draft(u"Comment"_s, {{u"id"_s, u"c"_s}, {foreignKey(store.model(u"Comment"_s), u"post"_s), u"p"_s}})));
        TL_OK(store.save(store.draft(u"PostTags"_s, {{u"id"_s, u"pt"_s}, {u"postId"_s, u"p"_s}, {u"tagId"_s, u"t"_s}})));
    });
    with(after, [](TestStore &store) {
        const auto comment = store.model(u"Comment"_s);
        const QString key = foreignKey(comment, u"article"_s);
        QCOMPARE(store.find(comment, u"c"_s).value().value(key).toText(), u"p"_s);
        QCOMPARE(store.find(store.model(u"PostTags"_s), u"pt"_s).value().value(u"articleId").toText(), u"p"_s);
        const QList<OutboxEntry> outbox = store.outbox();
        QCOMPARE(outbox.size(), 4);
        QCOMPARE(changesOf(outbox[2]).value(key).toString(), u"p"_s);
        QVERIFY(unmapped(store).isEmpty());
    });
}

// The hint may stay in the schema for good.
void TestEvolution::hintOnlyCountsOnce()
{
    fill();
    QString renamed = changed(Notes, u"title: String!"_s, u"name: String! @renamedFrom(name: \"title\")"_s);
    with(renamed, [](TestStore &) { });
    with(changed(renamed, u"size: Int"_s, u"size: Int\n  title: String"_s), [](TestStore &store) {
        QCOMPARE(note(store).value(u"name").toText(), u"edited"_s);
        QVERIFY(note(store).value(u"title").isNull());
    });
    m_path += u"2"_s;
    fill();
    with(changed(renamed, u"size: Int"_s, u"size: Int\n  title: String"_s), [](TestStore &store) {
        QCOMPARE(note(store).value(u"name").toText(), u"edited"_s);
        QVERIFY(note(store).value(u"title").isNull());
    });
}

void TestEvolution::renamedEnumValueIsTakenOver()
{
    fill();
    with(changed(Notes, u"GOOD BAD"_s, u"FINE @renamedFrom(name: \"GOOD\") BAD"_s), [](TestStore &store) {
        QCOMPARE(note(store, u"fresh"_s).value(u"mood").toText(), u"FINE"_s);
        QCOMPARE(note(store).value(u"mood").toText(), u"BAD"_s);
        QCOMPARE(changesOf(store.outbox()[1]).value(u"mood"_s).toString(), u"FINE"_s);
        QVERIFY(unmapped(store).isEmpty());
    });
}

void TestEvolution::typeChanges_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<Value>("stored");
    QTest::addColumn<Value>("expected");            // null: it does not fit

    const auto row = [](const char *name, const QString &before, const QString &after, const Value &stored, const Value &expected) {
        QTest::newRow(name) << before << after << stored << expected;
    };
    row("Int to Float", u"Int"_s, u"Float"_s, 5, 5.0);
    row("Int to String", u"Int"_s, u"String"_s, -5, u"-5"_s);
    row("Int to Boolean", u"Int"_s, u"Boolean"_s, 1, true);
    row("Int that is no Boolean", u"Int"_s, u"Boolean"_s, 2, {});
    row("Int to a list", u"Int"_s, u"[Int]"_s, 5, Value(Value::List{5}));
    row("whole Float to Int", u"Float"_s, u"Int"_s, 5.0, 5);
    row("other Float to Int", u"Float"_s, u"Int"_s, 5.5, {});
    row("Float to String", u"Float"_s, u"String"_s, 0.1, u"0.1"_s);
    row("ID to String", u"ID"_s, u"String"_s, u"\xfeff" u"a"_s, u"\xfeff" u"a"_s);
    row("String to ID", u"String"_s, u"ID"_s, u"ä\u20ac"_s, u"ä\u20ac"_s);
    row("number to Int", u"String"_s, u"Int"_s, u"42"_s, 42);
    row("other text to Int", u"String"_s, u"Int"_s, u"042"_s, {});
    row("too large for Int", u"AWSTimestamp"_s, u"Int"_s, qint64(1) << 40, {});
    row("timestamp to String", u"AWSTimestamp"_s, u"String"_s, qint64(1) << 40, u"1099511627776"_s);
    row("text to an enum", u"String"_s, u"Mood"_s, u"GOOD"_s, u"GOOD"_s);
    row("other text to an enum", u"String"_s, u"Mood"_s, u"good"_s, {});
    row("enum to text", u"Mood"_s, u"String"_s, u"BAD"_s, u"BAD"_s);
    row("text to a date", u"String"_s, u"AWSDate"_s, u"2020-02-29"_s, u"2020-02-29"_s);
    row("other text to a date", u"String"_s, u"AWSDate"_s, u"2020-02-30"_s, {});
    row("Boolean to String", u"Boolean"_s, u"String"_s, true, u"true"_s);
    row("list of one to one", u"[Int]"_s, u"Int"_s, Value(Value::List{7}), 7);
    row("list of two to one", u"[Int]"_s, u"Int"_s, Value(Value::List{7, 8}), {});
    row("list of Int to Float", u"[Int]"_s, u"[Float]"_s, Value(Value::List{7, 8}), Value(Value::List{7.0, 8.0}));
    row("list to JSON", u"[String]"_s, u"AWSJSON"_s, Value(Value::List{u"a"_s}), u"[\"a\"]"_s);
    row("JSON to an object", u"AWSJSON"_s, u"Place"_s, u"{\"town\":\"t\"}"_s, Value(Value::Object{{u"town"_s, u"t"_s}}));
    row("elements became required", u"[Int]"_s, u"[Int!]"_s, Value(Value::List{7, Value()}), {});
    row("required to optional", u"String!"_s, u"String"_s, u"x"_s, u"x"_s);
}

void TestEvolution::typeChanges()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QFETCH(Value, stored);
    QFETCH(Value, expected);
    const QString source = u"type A @model { id: ID! v: %1 } enum Mood { GOOD BAD } type Place { street: String town: String }"_s;
    with(source.arg(before), [&](TestStore &store) { TL_OK(store.save(store.draft(u"A"_s, {{u"id"_s, u"a"_s}, {u"v"_s, stored}}))); });
    with(source.arg(after), [&](TestStore &store) {
        const Record record = store.find(store.model(u"A"_s), u"a"_s).value();
        QVERIFY(record);
        QCOMPARE(record.value(u"v"), expected);
        QCOMPARE(record.value(u"v").kind(), expected.kind());
        const QList<UnmappedData> list = unmapped(store);
        QCOMPARE(list.size(), expected.isNull() ? 2 : 0);
        const QList<OutboxEntry> outbox = store.outbox();
        QCOMPARE(outbox.size(), 1);
        QCOMPARE(changesOf(outbox[0]).value(u"v"_s), expected.isNull() ? QJsonValue(QJsonValue::Undefined) : expected.toJson());
        for (const UnmappedData &data : list) {
            QCOMPARE(data.reason, Reason::WrongType);
            QCOMPARE(data.field, u"v"_s);
            QCOMPARE(data.values, (QJsonObject{{u"v"_s, stored.toJson()}}));
        }
    });
    with(source.arg(before), [&](TestStore &store) {
        const bool comesBack = expected.isNull() || before != u"[Int]"_s || after != u"Int"_s;
        if (comesBack)
            QVERIFY(!store.find(store.model(u"A"_s), u"a"_s).value().value(u"v").isNull());
        if (expected.isNull()) {
            QCOMPARE(store.find(store.model(u"A"_s), u"a"_s).value().value(u"v"), stored);
            QCOMPARE(changesOf(store.outbox()[0]).value(u"v"_s), stored.toJson());
            QVERIFY(unmapped(store).isEmpty());
        }
    });
}

void TestEvolution::unfitMutationIsListed()
{
    fill();
    with(Notes, [](TestStore &store) {
        Draft edit(store.find(store.model(u"Other"_s), u"o"_s).value());
        TL_OK(store.write<void>([record = edit.base()](WriteTransaction &write) -> Result<void> {
            Record synced = record;
            synced.setMetadata({1, 1000, false});
            synced.setState(SyncState::Synced);
            if (const Result<void> put = write.put(synced); !put)
                return put;
            return write.removeEntry(3);
        }));
        Draft again(store.find(store.model(u"Other"_s), u"o"_s).value());
        again.set(1, u"y"_s);
        TL_OK(store.save(again));
    });
    with(changed(Notes, u"name: String"_s, u"name: Int"_s), [](TestStore &store) {
        QCOMPARE(store.outbox().size(), 2);
        QCOMPARE(store.find(store.model(u"Other"_s), u"o"_s).value().state(), SyncState::Synced);
        const QList<UnmappedData> list = unmapped(store);
        QCOMPARE(list.size(), 2);
        QCOMPARE(list[1].kind, Kind::Mutation);
        QCOMPARE(list[1].values, (QJsonObject{{u"name"_s, u"y"_s}}));
        QCOMPARE(list[1].base, (QJsonObject{{u"name"_s, u"x"_s}}));
    });
}

void TestEvolution::unfitValueOfARequiredFieldPutsItsRowAside()
{
    fill();
    with(changed(Notes, u"title: String!"_s, u"title: Int!"_s), [](TestStore &store) {
        QVERIFY(!note(store));
        const QList<UnmappedData> list = unmapped(store);
        QCOMPARE(list.size(), 4);
        QCOMPARE(list[0].kind, Kind::Row);
        QCOMPARE(list[0].reason, Reason::WrongType);
        QCOMPARE(list[0].field, u"title"_s);
        QCOMPARE(list[0].values.value(u"title"_s).toString(), u"edited"_s);
        QCOMPARE(list[0].values.value(u"size"_s).toInt(), 7);
        QVERIFY(!list[0].values.contains(u"$version"_s));
        QCOMPARE(list[2].kind, Kind::Mutation);
        QCOMPARE(list[2].reason, Reason::RowAside);
    });
    with(Notes, [](TestStore &store) {
        QCOMPARE(note(store).value(u"title").toText(), u"edited"_s);
        QCOMPARE(note(store).metadata().version, 3);
        QCOMPARE(note(store).state(), SyncState::Pending);
        QCOMPARE(store.outbox().size(), 3);
        QVERIFY(unmapped(store).isEmpty());
    });
}

void TestEvolution::removedEnumValueIsListed()
{
    fill();
    with(changed(Notes, u"GOOD BAD"_s, u"GOOD"_s), [](TestStore &store) {
        QVERIFY(note(store).value(u"mood").isNull());
        QCOMPARE(note(store, u"fresh"_s).value(u"mood").toText(), u"GOOD"_s);
        const QList<UnmappedData> list = unmapped(store);
        QCOMPARE(list.size(), 1);
        QCOMPARE(list[0].kind, Kind::Field);
        QCOMPARE(list[0].key, u"n"_s);
        QCOMPARE(list[0].values, (QJsonObject{{u"mood"_s, u"BAD"_s}}));
    });
    with(Notes, [](TestStore &store) {
        QCOMPARE(note(store).value(u"mood").toText(), u"BAD"_s);
        QVERIFY(unmapped(store).isEmpty());
    });
}

void TestEvolution::requiredFieldTakesItsDefault()
{
    fill();
    with(changed(Notes, u"size: Int"_s, u"size: Int! @default(value: \"9\")\n count: Int! @default(value: \"2\")"_s), [](TestStore &store) {
        QCOMPARE(note(store).value(u"size").toInteger(), 7);
        QCOMPARE(note(store, u"fresh"_s).value(u"size").toInteger(), 9);
        QCOMPARE(note(store).value(u"count").toInteger(), 2);
        QCOMPARE(changesOf(store.outbox()[1]).value(u"size"_s).toInt(), 9);
        QCOMPARE(changesOf(store.outbox()[1]).value(u"count"_s).toInt(), 2);
        QVERIFY(unmapped(store).isEmpty());
    });
}

void TestEvolution::rowWithoutARequiredValueIsPutAside()
{
    fill();
    with(changed(Notes, u"size: Int"_s, u"size: Int!"_s), [](TestStore &store) {
        QCOMPARE(note(store).value(u"size").toInteger(), 7);
        QVERIFY(!note(store, u"fresh"_s));
        const QList<UnmappedData> list = unmapped(store);
        QCOMPARE(list.size(), 2);
        QCOMPARE(list[0].kind, Kind::Row);
        QCOMPARE(list[0].reason, Reason::MissingValue);
        QCOMPARE(list[0].field, u"size"_s);
        QCOMPARE(list[1].kind, Kind::Mutation);
        QCOMPARE(list[1].operation, Operation::Create);
        QCOMPARE(store.outbox().size(), 2);
    });
}

void TestEvolution::rowPutAsideComesBackWhenItMay()
{
    fill();
    with(changed(Notes, u"size: Int"_s, u"size: Int!"_s), [](TestStore &) { });
    QString renamed = changed(Notes, u"title: String!"_s, u"name: String! @renamedFrom(name: \"title\")"_s);
    with(changed(renamed, u"size: Int"_s, u"size: Int!"_s), [](TestStore &store) {
        QCOMPARE(unmapped(store)[0].values.value(u"name"_s).toString(), u"new"_s);
        QCOMPARE(unmapped(store)[1].values.value(u"name"_s).toString(), u"new"_s);
    });
    with(changed(renamed, u" @renamedFrom(name: \"title\")"_s, {}), [](TestStore &store) {
        QCOMPARE(note(store, u"fresh"_s).value(u"name").toText(), u"new"_s);
        QCOMPARE(note(store, u"fresh"_s).state(), SyncState::Pending);
        QCOMPARE(store.outbox().size(), 3);
        QVERIFY(unmapped(store).isEmpty());
    });
}

void TestEvolution::rowPutAsideGivesWayToTheBackends()
{
    fill();
    with(changed(Notes, u"size: Int"_s, u"size: Int!"_s), [](TestStore &store) {
        TL_OK(store.write<void>([](WriteTransaction &write) {
            Record record(write.schema().model(u"Note"_s));
            record.setValue(0, u"fresh"_s);
            record.setValue(1, u"theirs"_s);
            record.setValue(2, 1);
            record.setMetadata({1, 1000, false});
            return write.put(record);
        }));
        const QList<UnmappedData> list = unmapped(store);
        QCOMPARE(list.size(), 1);                               // what the user did is not forgotten
        QCOMPARE(list[0].kind, Kind::Mutation);
    });
}

void TestEvolution::mutationOfARemovedFieldIsListedInPart()
{
    fill();
    const QString without = changed(Notes, u"  size: Int\n"_s, {});
    with(without, [](TestStore &store) {
        QCOMPARE(store.outbox().size(), 3);
        QCOMPARE(changesOf(store.outbox()[0]), (QJsonObject{{u"title"_s, u"edited"_s}}));
        const QList<UnmappedData> list = unmapped(store);
        QCOMPARE(list.size(), 1);
        QCOMPARE(list[0].values, (QJsonObject{{u"size"_s, 7}}));
        QCOMPARE(list[0].base, (QJsonObject{{u"size"_s, 5}}));
        QCOMPARE(list[0].field, u"size"_s);
    });
    with(Notes, [](TestStore &store) {
        QCOMPARE(note(store).value(u"size").toInteger(), 7);
        QCOMPARE(changesOf(store.outbox()[0]), (QJsonObject{{u"title"_s, u"edited"_s}, {u"size"_s, 7}}));
        QCOMPARE(baseOf(store.outbox()[0]), (QJsonObject{{u"title"_s, u"old"_s}, {u"size"_s, 5}}));
        QVERIFY(unmapped(store).isEmpty());
    });
    with(without, [](TestStore &store) {
        TL_OK(store.write<void>([](WriteTransaction &write) { return write.removeEntry(1); }));     // the backend took the rest
    });
    with(Notes, [](TestStore &store) {
        QCOMPARE(store.outbox().size(), 3);
        QCOMPARE(changesOf(store.outbox()[0]), (QJsonObject{{u"size"_s, 7}}));
        QCOMPARE(note(store).state(), SyncState::Pending);
    });
}

void TestEvolution::conditionOnARemovedFieldStopsItsMutation()
{
    fill();
    with(Notes, [](TestStore &store) {
        Draft edit(note(store, u"n"_s));
        edit.set(edit.model()->fieldIndex(u"tags"), Value(Value::List{u"c"_s}));
        TL_OK(store.save(edit, Predicate::compare(u"weight"_s, Predicate::Operator::Lt, {1.0})));
    });
    with(changed(Notes, u"  weight: Float\n"_s, {}), [](TestStore &store) {
        QCOMPARE(store.outbox().size(), 3);
        const QList<UnmappedData> list = unmapped(store);
        QCOMPARE(list.size(), 1);
        QCOMPARE(list[0].values.keys(), QStringList{u"tags"_s});
    });
}

void TestEvolution::embeddedMembersAreRenamedAndKept()
{
    fill();
    with(changed(Notes, u"street: String town: String"_s, u"city: String @renamedFrom(name: \"town\")"_s), [](TestStore &store) {
        QCOMPARE(note(store).value(u"place"), Value(Value::Object{{u"city"_s, u"t"_s}}));
        QVERIFY(unmapped(store).isEmpty());
    });
    with(changed(Notes, u"town: String"_s, u"city: String"_s), [](TestStore &store) {
        QCOMPARE(note(store).value(u"place"), Value(Value::Object{{u"street"_s, u"s"_s}, {u"city"_s, u"t"_s}}));
    });
}

void TestEvolution::unmappedDataCanBeRemoved()
{
    fill();
    with(changed(Notes, u"size: Int"_s, u"size: Int!"_s), [](TestStore &store) {
        const QList<UnmappedData> list = unmapped(store);
        TL_OK(store.write<void>([id = list[0].id](WriteTransaction &write) { return write.removeUnmapped(id); }));
        QCOMPARE(unmapped(store).size(), 1);
        TL_ERROR(store.write<void>([id = list[0].id](WriteTransaction &write) { return write.removeUnmapped(id); }), Error::Code::NotFound);
        QCOMPARE(store.read<QList<UnmappedData>>([id = list[1].id](ReadTransaction &read) { return read.unmapped(id); })->size(), 0);
    });
}

// How long it takes stands in the log.
void TestEvolution::manyRows()
{
    constexpr int Count = 10'000;
    with(Notes, [](TestStore &store) {
        TL_OK(store.write<void>([](WriteTransaction &write) -> Result<void> {
            for (int i = 0; i < Count; ++i) {
                Record record(write.schema().model(u"Note"_s));
                record.setValue(0, QString::number(i));
                record.setValue(1, u"title %1"_s.arg(i));
                record.setValue(2, i);
                record.setValue(3, i / 10.0);
                record.setValue(5, Value(Value::List{u"a"_s}));
                record.setMetadata({1, 1000, false});
                if (const Result<void> put = write.put(record); !put)
                    return put;
            }
            return {};
        }));
    });
    const QString weightless = changed(changed(Notes, u"size: Int"_s, u"size: String"_s), u"  weight: Float\n"_s, {});
    const std::pair<QString, QString> changes[]{{u"by SQL"_s, changed(Notes, u"size: Int"_s, u"size: Float"_s)},
                                                {u"one by one"_s, changed(Notes, u"size: Int"_s, u"size: Int\n  more: Int"_s)},
                                                {u"with values kept"_s, weightless},
                                                {u"with values restored"_s, Notes}};
    for (const auto &[name, source] : changes) {
        QElapsedTimer timer;
        timer.start();
        with(source, [&, name = name](TestStore &store) {
            const qint64 elapsed = std::max<qint64>(1, timer.elapsed());
            qInfo("%s: %lld rows/s", qPrintable(name), Count * 1000LL / elapsed);
            QCOMPARE(note(store, u"9999"_s).value(u"title").toText(), u"title 9999"_s);
        });
    }
    with(Notes, [](TestStore &store) { QCOMPARE(note(store, u"9999"_s).value(u"weight").toDouble(), 999.9); });
}

QTEST_GUILESS_MAIN(TestEvolution)
#include "tst_evolution.moc"
