// SPDX-License-Identifier: MIT
#include "backendfixture.h"

using namespace BackendFixture;

// A database that is opened with another schema than the one it was made for.
class TestMigration : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void addsWhatIsNew();
    void refusesWhatWouldLoseData_data();
    void refusesWhatWouldLoseData();
    void losesWhatIsAllowed_data();
    void losesWhatIsAllowed();
    void leavesWhatIsEmptyAlone();
    void numbersGoOnAfterARewrite();
    void aNewIndexServesOldRecords();
    void namesMayBeLong();
    void nothingIsAnnouncedWhenNothingIsLost();
    void renamedTypesAndFieldsKeepWhatTheyHave();
    void deletionsAreToldUnderNewNames();
    void aRenamedKeyIsTheSameKey();
    void foreignKeysFollowTheirModels();
    void aFormerNameCountsAsLongAsNobodyHasIt();
    void aFormerNameCanBeUsedAgain();

private:
    [[nodiscard]] static Schema schema(const QString &text)
    {
        const Result<Schema> parsed = Schema::parse(QString(text).replace(u"@model"_s, u"@model @auth(rules: [{allow: public}])"_s));
        if (!parsed)
            qWarning("%s", qPrintable(parsed.error().message()));
        return parsed ? *parsed : Schema();
    }
    std::unique_ptr<TestBackend> open(const QString &text, bool allow = false)
    {
        m_announced.clear();
        BackendOptions options;
        options.baseTtlMs = m_baseTtlMs;
        options.databasePath = m_database->location();
        options.allowDestructiveMigration = allow;
        options.onDestructiveMigration = [this](const QStringList &losses) { m_announced += losses; };
        return std::make_unique<TestBackend>(schema(text), options);
    }

    std::unique_ptr<TidelineTest::TestDatabase> m_database;
    QStringList m_announced;
    qint64 m_baseTtlMs = 0;
};

static const QString before = u"type Box @model { id: ID! name: String size: Int code: String }\n"
                              "type Gone @model { id: ID! text: String }"_s;

static const QString gone = u"type Gone @model { id: ID! text: String }"_s;
static const QString renamed = u"type Crate @model @renamedFrom(name: \"Box\") { id: ID! label: String @renamedFrom(name: \"name\") "
                               "size: Int @index(name: \"bySize\", queryField: \"cratesBySize\") code: String }\n"_s + gone;

void TestMigration::init()
{
    m_baseTtlMs = BackendOptions().baseTtlMs;
    m_database = std::make_unique<TidelineTest::TestDatabase>();
    const auto backend = open(before);
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    for (const QString &input : {u"id: \"1\", name: \"a\", size: 1, code: \"x\""_s, u"id: \"2\", name: \"b\", size: 2, code: \"y\""_s, u"id: \"3\", code: \"x\""_s})
        QVERIFY(backend->data(u"mutation { createBox(input: {%1}) { id } }"_s.arg(input)).isObject());
    QVERIFY(backend->data(u"mutation { createGone(input: {id: \"1\", text: \"t\"}) { id } }"_s).isObject());
}

void TestMigration::addsWhatIsNew()
{
    const auto backend = open(u"type Box @model { id: ID! name: String @index(name: \"byName\", queryField: \"boxesByName\") size: Int code: String more: [String] }\n"
                              "type Gone @model { id: ID! text: String }\ntype Fresh @model { id: ID! real: Float }"_s);
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    QCOMPARE(strings(backend->data(u"{ boxesByName(name: \"b\") { items { id more } } }"_s)["items"_L1], u"id"_s), QStringList{u"2"_s});
    QCOMPARE(backend->data(u"mutation { updateBox(input: {id: \"1\", more: [\"m\"], _version: 1}) { more name } }"_s).toObject(),
             (QJsonObject{{u"more"_s, QJsonArray{u"m"_s}}, {u"name"_s, u"a"_s}}));
    QVERIFY(backend->data(u"mutation { createFresh(input: {real: 0.5}) { id } }"_s).isObject());
}

void TestMigration::refusesWhatWouldLoseData_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("losses");
    const QString gone = u"type Gone @model { id: ID! text: String }"_s;
    QTest::newRow("a model type is gone") << u"type Box @model { id: ID! name: String size: Int code: String }"_s
                                          << QStringList{u"The model type Gone is gone from the schema: 1 records are lost."_s};
    QTest::newRow("a field is gone") << u"type Box @model { id: ID! name: String code: String }\n"_s + gone
                                     << QStringList{u"Field size of Box is gone from the schema: 2 values are lost."_s};
    QTest::newRow("a field holds something else") << u"type Box @model { id: ID! name: [String] size: Int code: String }\n"_s + gone
                                                  << QStringList{u"Field name of Box is text in the database and json in the schema: 2 values are lost."_s};
    QTest::newRow("numbers become text") << u"type Box @model { id: ID! name: String size: String code: String }\n"_s + gone
                                         << QStringList{u"Field size of Box is integer in the database and text in the schema: 2 values are converted."_s};
    QTest::newRow("another key") << u"type Box @model { id: ID! name: String size: Int code: String! @primaryKey }\n"_s + gone
                                 << QStringList{u"The key of Box is (id) in the database and (code) in the schema: 1 of 3 records have no key of their own."_s};
    QTest::newRow("a field is required") << u"type Box @model { id: ID! name: String! size: Int code: String }\n"_s + gone
                                         << QStringList{u"Field name of Box is required now: 1 records lack it and cannot be read until they have it."_s};
    QTest::newRow("a new field is required") << u"type Box @model { id: ID! name: String size: Int code: String more: Int! }\n"_s + gone
                                             << QStringList{u"Field more of Box is required now: 3 records lack it and cannot be read until they have it."_s};
    QTest::newRow("several") << u"type Box @model { id: ID! size: Int code: String }"_s
                             << QStringList{u"Field name of Box is gone from the schema: 2 values are lost."_s,
                                            u"The model type Gone is gone from the schema: 1 records are lost."_s};
}

void TestMigration::refusesWhatWouldLoseData()
{
    QFETCH(const QString, text);
    QFETCH(const QStringList, losses);
    {
        const auto refused = open(text);
        QVERIFY(!refused->backend);
        QCOMPARE(refused->error.code(), Error::Code::InvalidSchema);
        QCOMPARE(refused->error.detail().split(u'\n'), losses);
        QVERIFY(refused->error.message().endsWith(losses.join(u'\n')));
    }
    const auto backend = open(before);              // nothing was changed
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    QCOMPARE(backend->data(u"{ getBox(id: \"1\") { id name size code } }"_s).toObject(),
             (QJsonObject{{u"id"_s, u"1"_s}, {u"name"_s, u"a"_s}, {u"size"_s, 1}, {u"code"_s, u"x"_s}}));
    QCOMPARE(backend->data(u"{ getGone(id: \"1\") { text } }"_s)["text"_L1].toString(), u"t"_s);
}

void TestMigration::losesWhatIsAllowed_data()
{
    refusesWhatWouldLoseData_data();
}

void TestMigration::losesWhatIsAllowed()
{
    QFETCH(const QString, text);
    QFETCH(const QStringList, losses);
    {
        const auto backend = open(text, true);
        QVERIFY2(backend->backend, qPrintable(backend->error.message()));
        QCOMPARE(m_announced, losses);
        const QString name = QString::fromLatin1(QTest::currentDataTag());
        const QJsonArray items = backend->run(u"{ syncBoxes { items { id code } } }"_s)["data"_L1]["syncBoxes"_L1]["items"_L1].toArray();
        if (name == u"another key")
            QCOMPARE(strings(items, u"id"_s), (QStringList{u"2"_s, u"3"_s}));      // of 1 and 3 the one that changed last
        else
            QCOMPARE(strings(items, u"id"_s), (QStringList{u"1"_s, u"2"_s, u"3"_s}));
        if (name == u"numbers become text")
            QCOMPARE(backend->data(u"{ getBox(id: \"2\") { size } }"_s)["size"_L1], QJsonValue(u"2"_s));
        if (name == u"a field holds something else")
            QCOMPARE(backend->data(u"{ getBox(id: \"2\") { name } }"_s)["name"_L1], QJsonValue());
        QVERIFY(!backend->run(u"mutation { createBox(input: {id: \"9\", code: \"z\"%1%2}) { id } }"_s.arg(
            name == u"a field is required" ? u", name: \"n\""_s : QString(), name == u"a new field is required" ? u", more: 1"_s : QString())).contains("errors"_L1));
    }
    const auto again = open(text);
    QVERIFY2(again->backend, qPrintable(again->error.message()));
    QVERIFY(m_announced.isEmpty());
}

void TestMigration::leavesWhatIsEmptyAlone()
{
    const QString wide = before + u"\ntype Empty @model { id: ID! text: String }"_s;
    QVERIFY(open(QString(wide).replace(u"code: String"_s, u"code: String unused: Int"_s))->backend);
    QVERIFY(open(before)->backend);
    QVERIFY(open(QString(wide).replace(u"code: String"_s, u"code: String unused: Int"_s))->backend);
}

void TestMigration::numbersGoOnAfterARewrite()
{
    const auto backend = open(u"type Box @model { id: ID! name: String code: String }\ntype Gone @model { id: ID! text: String }"_s, true);
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    backend->data(u"mutation { updateBox(input: {id: \"1\", name: \"c\", _version: 1}) { id } }"_s);
    QCOMPARE(strings(backend->data(u"{ syncBoxes { items { id } } }"_s)["items"_L1], u"id"_s), (QStringList{u"2"_s, u"3"_s, u"1"_s}));
}

void TestMigration::aNewIndexServesOldRecords()
{
    const auto backend = open(QString(before).replace(u"size: Int"_s, u"size: Int @index(name: \"bySize\", queryField: \"boxesBySize\")"_s));
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    QCOMPARE(strings(backend->data(u"{ boxesBySize(size: 2) { items { id } } }"_s)["items"_L1], u"id"_s), QStringList{u"2"_s});
}

void TestMigration::namesMayBeLong()
{
    const QString stem = QString(80, u'n');
    const QString text = before + u"\ntype M%1 @model { id: ID! a%1x: String a%1y: String @index(name: \"i%1\", queryField: \"byY\") }"_s.arg(stem);
    for (int round = 0; round < 2; ++round) {
        const auto backend = open(text);
        QVERIFY2(backend->backend, qPrintable(backend->error.message()));
        const QJsonObject input{{u"id"_s, QString::number(round)}, {u"a%1x"_s.arg(stem), u"x"_s}, {u"a%1y"_s.arg(stem), u"y"_s}};
        QCOMPARE(backend->mutate(u"create"_s, u"M"_s + stem, input, u"id a%1x a%1y"_s.arg(stem))["data"_L1][u"createM"_s + stem].toObject(), input);
        QCOMPARE(backend->data(u"{ byY(a%1y: \"y\") { items { id } } }"_s.arg(stem))["items"_L1].toArray().size(), round + 1);
    }
}

void TestMigration::nothingIsAnnouncedWhenNothingIsLost()
{
    QVERIFY(open(before, true)->backend);
    QVERIFY(m_announced.isEmpty());
}

void TestMigration::renamedTypesAndFieldsKeepWhatTheyHave()
{
    const QString plain = QString(renamed).remove(u" @renamedFrom(name: \"Box\")"_s).remove(u" @renamedFrom(name: \"name\")"_s);
    QVERIFY(open(QString(before).replace(u"size: Int"_s, u"size: Int @index(name: \"bySize\", queryField: \"boxesBySize\")"_s))->backend);
    for (const QString &text : {renamed, renamed, plain}) {
        const auto backend = open(text);
        QVERIFY2(backend->backend, qPrintable(backend->error.message()));
        QVERIFY(m_announced.isEmpty());
        QCOMPARE(backend->data(u"{ getCrate(id: \"1\") { id label size code _version } }"_s).toObject(),
                 (QJsonObject{{u"id"_s, u"1"_s}, {u"label"_s, u"a"_s}, {u"size"_s, 1}, {u"code"_s, u"x"_s}, {u"_version"_s, 1}}));
        QCOMPARE(strings(backend->data(u"{ syncCrates { items { id } } }"_s)["items"_L1], u"id"_s), (QStringList{u"1"_s, u"2"_s, u"3"_s}));
        QCOMPARE(strings(backend->data(u"{ cratesBySize(size: 2) { items { label } } }"_s)["items"_L1], u"label"_s), QStringList{u"b"_s});
    }
    const auto backend = open(plain);
    QCOMPARE(backend->data(u"mutation { updateCrate(input: {id: \"2\", label: \"c\", _version: 1}) { label _version } }"_s).toObject(),
             (QJsonObject{{u"label"_s, u"c"_s}, {u"_version"_s, 2}}));
}

void TestMigration::deletionsAreToldUnderNewNames()
{
    m_baseTtlMs = 0;                                // only the journal has them
    qint64 start = 0;
    {
        const auto backend = open(before);
        start = backend->data(u"{ syncBoxes { startedAt } }"_s)["startedAt"_L1].toInteger();
        QVERIFY(backend->data(u"mutation { deleteBox(input: {id: \"2\", _version: 1}) { id } }"_s).isObject());
    }
    const auto backend = open(renamed);
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    const QJsonArray items = backend->data(u"{ syncCrates(lastSync: %1) { items { id label _deleted } } }"_s.arg(start))["items"_L1].toArray();
    const auto told = std::ranges::find_if(items, [](const QJsonValue &item) { return item["_deleted"_L1].toBool(); });
    QVERIFY(told != items.end());
    QCOMPARE((*told)["id"_L1].toString(), u"2"_s);
    QCOMPARE((*told)["label"_L1].toString(), u"b"_s);
}

void TestMigration::aRenamedKeyIsTheSameKey()
{
    const auto backend = open(u"type Box @model { number: ID! @primaryKey @renamedFrom(name: \"id\") name: String size: Int code: String }\n"_s + gone);
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    QCOMPARE(strings(backend->data(u"{ syncBoxes { items { number } } }"_s)["items"_L1], u"number"_s), (QStringList{u"1"_s, u"2"_s, u"3"_s}));
    QCOMPARE(backend->data(u"mutation { updateBox(input: {number: \"1\", code: \"y\", _version: 1}) { name _version } }"_s).toObject(),
             (QJsonObject{{u"name"_s, u"a"_s}, {u"_version"_s, 2}}));
}

void TestMigration::foreignKeysFollowTheirModels()
{
    const QString text = before + u"\ntype Parent @model { id: ID! kids: [Kid] @hasMany } type Kid @model { id: ID! parent: Parent @belongsTo other: Gone @hasOne }"_s;
    {
        const auto backend = open(text);
        QVERIFY2(backend->backend, qPrintable(backend->error.message()));
        QVERIFY(backend->data(u"mutation { createParent(input: {id: \"p\"}) { id } }"_s).isObject());
        QVERIFY(backend->data(u"mutation { createKid(input: {id: \"k\", parentKidsId: \"p\", kidOtherId: \"1\"}) { id } }"_s).isObject());
    }
    const auto backend = open(before + u"\ntype Elder @model @renamedFrom(name: \"Parent\") { id: ID! children: [Kid] @hasMany @renamedFrom(name: \"kids\") } "
                                       "type Kid @model { id: ID! elder: Elder @belongsTo @renamedFrom(name: \"parent\") next: Gone @hasOne @renamedFrom(name: \"other\") }"_s);
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    QCOMPARE(strings(backend->data(u"{ getElder(id: \"p\") { children { items { id } } } }"_s)["children"_L1]["items"_L1], u"id"_s), QStringList{u"k"_s});
    QCOMPARE(backend->data(u"{ getKid(id: \"k\") { next { text } } }"_s)["next"_L1]["text"_L1].toString(), u"t"_s);
}

void TestMigration::aFormerNameCountsAsLongAsNobodyHasIt()
{
    const auto backend = open(before + u"\ntype Crate @model @renamedFrom(name: \"Box\") { id: ID! label: String other: String @renamedFrom(name: \"label\") }"_s);
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    QCOMPARE(strings(backend->data(u"{ syncBoxes { items { name } } }"_s)["items"_L1], u"name"_s), (QStringList{u"a"_s, u"b"_s, QString()}));
    QCOMPARE(backend->data(u"{ syncCrates { items { id } } }"_s)["items"_L1].toArray().size(), 0);
}

void TestMigration::aFormerNameCanBeUsedAgain()
{
    const QString indexed = u"size: Int @index(name: \"bySize\", queryField: \"boxesBySize\")"_s;
    QVERIFY(open(QString(before).replace(u"size: Int"_s, indexed))->backend);
    QVERIFY(open(renamed)->backend);
    const auto backend = open(renamed + u"\ntype Box @model { id: ID! %1 }"_s.arg(indexed));
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    QVERIFY(backend->data(u"mutation { createBox(input: {id: \"1\", size: 7}) { id } }"_s).isObject());
    QCOMPARE(strings(backend->data(u"{ boxesBySize(size: 7) { items { id } } }"_s)["items"_L1], u"id"_s), QStringList{u"1"_s});
    QCOMPARE(strings(backend->data(u"{ syncCrates { items { id } } }"_s)["items"_L1], u"id"_s), (QStringList{u"1"_s, u"2"_s, u"3"_s}));
}

QTEST_GUILESS_MAIN(TestMigration)
#include "tst_migration.moc"
