// SPDX-License-Identifier: MIT
#include "backendfixture.h"

#include "server/storage/connection.h"

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
    void renamedValuesAndMembersKeepWhatTheyHave();
    void deletionsAreToldWithNewValues();
    void valuesOfOtherNodesAreRenamedAtTheNextStart();
    void keysThatBecomeEqualAreALoss();
    void valuesThatFitNoMoreAreALoss_data();
    void valuesThatFitNoMoreAreALoss();
    void whatNoRecordHasMayGo();
    void anIndexOfOtherFieldsIsMadeAnew();
    void anIndexOfAnOlderTidelineIsMadeAnew();

private:
    void openBins();
    [[nodiscard]] std::unique_ptr<Connection> connection() const;
    [[nodiscard]] QString indexDefinition(const QString &name) const;
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

static const QString bins = u"enum Size { SMALL LARGE }\ntype Spot { town: String floor: Int size: Size inner: [Spot] height: Float }\n"
                            "type Bin @model { size: Size! @primaryKey(sortKeyFields: [\"code\"]) code: String! sizes: [Size] "
                            "kind: Size @index(name: \"byKind\", queryField: \"binsByKind\") spot: Spot spots: [Spot] tags: [String] parts: [Part] @hasMany }\n"
                            "type Part @model { id: ID! bin: Bin @belongsTo }"_s;
static const QString tinyBins = QString(bins).replace(u"SMALL"_s, u"TINY @renamedFrom(name: \"SMALL\")"_s)
                                    .replace(u"town: String"_s, u"city: String @renamedFrom(name: \"town\")"_s);

// In place of the database of init().
void TestMigration::openBins()
{
    m_database = std::make_unique<TidelineTest::TestDatabase>();
    const auto backend = open(bins);
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    for (const QString &input : {u"size: SMALL, code: \"1\", sizes: [LARGE, null, SMALL], kind: SMALL, tags: [\"SMALL\"], "
                                  "spot: {town: \"SMALL\", floor: 1, size: SMALL, inner: [{town: \"t\"}], height: 2.0}, spots: [{town: \"x\", size: SMALL}]"_s,
                                 u"size: LARGE, code: \"1\", kind: SMALL"_s, u"size: SMALL, code: \"2\", kind: LARGE, spot: {town: \"y\"}"_s})
        QVERIFY(backend->data(u"mutation { createBin(input: {%1}) { code } }"_s.arg(input)).isObject());
    QVERIFY(backend->data(u"mutation { createPart(input: {id: \"p\", binPartsSize: SMALL, binPartsCode: \"1\"}) { id } }"_s).isObject());
    QVERIFY(backend->data(u"mutation { deleteBin(input: {size: SMALL, code: \"2\", _version: 1}) { code } }"_s).isObject());
}

std::unique_ptr<Connection> TestMigration::connection() const
{
    return Connection::open(Location::parse(m_database->location()).value(), Connection::Mode::Write).value();
}

void TestMigration::renamedValuesAndMembersKeepWhatTheyHave()
{
    openBins();
    const QString plain = QString(tinyBins).remove(u" @renamedFrom(name: \"SMALL\")"_s).remove(u" @renamedFrom(name: \"town\")"_s);
    for (const QString &text : {tinyBins, tinyBins, plain}) {
        const auto backend = open(text);
        QVERIFY2(backend->backend, qPrintable(backend->error.message()));
        QVERIFY(m_announced.isEmpty());
        const QJsonObject bin = backend->data(u"{ getBin(size: TINY, code: \"1\") { size sizes kind tags spot { city floor size inner { city } height } "
                                               "spots { city size } parts { items { id bin { size code } } } _version } }"_s).toObject();
        QCOMPARE(bin["size"_L1].toString(), u"TINY"_s);
        QCOMPARE(bin["sizes"_L1].toArray(), (QJsonArray{u"LARGE"_s, QJsonValue(), u"TINY"_s}));
        QCOMPARE(bin["kind"_L1].toString(), u"TINY"_s);
        QCOMPARE(bin["tags"_L1].toArray(), QJsonArray{u"SMALL"_s});
        QCOMPARE(bin["spot"_L1].toObject(), (QJsonObject{{u"city"_s, u"SMALL"_s}, {u"floor"_s, 1}, {u"size"_s, u"TINY"_s},
                                                         {u"inner"_s, QJsonArray{QJsonObject{{u"city"_s, u"t"_s}}}}, {u"height"_s, 2.0}}));
        QCOMPARE(bin["spots"_L1].toArray(), (QJsonArray{QJsonObject{{u"city"_s, u"x"_s}, {u"size"_s, u"TINY"_s}}}));
        QCOMPARE(bin["parts"_L1]["items"_L1][0]["bin"_L1].toObject(), (QJsonObject{{u"size"_s, u"TINY"_s}, {u"code"_s, u"1"_s}}));
        QCOMPARE(bin["_version"_L1].toInt(), 1);
        QCOMPARE(strings(backend->data(u"{ binsByKind(kind: TINY) { items { size } } }"_s)["items"_L1], u"size"_s), (QStringList{u"LARGE"_s, u"TINY"_s}));
        const QJsonArray synced = backend->data(u"{ syncBins { items { size code spot { city } _deleted } } }"_s)["items"_L1].toArray();
        QCOMPARE(strings(synced, u"size"_s), (QStringList{u"TINY"_s, u"LARGE"_s, u"TINY"_s}));
        QVERIFY(synced[2]["_deleted"_L1].toBool());
        QCOMPARE(synced[2]["spot"_L1]["city"_L1].toString(), u"y"_s);
    }
    const auto backend = open(plain);
    QCOMPARE(backend->data(u"mutation { updateBin(input: {size: TINY, code: \"1\", kind: LARGE, _version: 1}) { kind _version } }"_s).toObject(),
             (QJsonObject{{u"kind"_s, u"LARGE"_s}, {u"_version"_s, 2}}));
}

void TestMigration::deletionsAreToldWithNewValues()
{
    m_baseTtlMs = 0;                                // only the journal has them
    openBins();
    const auto backend = open(tinyBins);
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    const QJsonArray items = backend->data(u"{ syncBins(lastSync: %1) { items { size kind spot { city } _deleted } } }"_s.arg(startOfTime))["items"_L1].toArray();
    const auto told = std::ranges::find_if(items, [](const QJsonValue &item) { return item["_deleted"_L1].toBool(); });
    QVERIFY(told != items.end());
    QCOMPARE((*told)["size"_L1].toString(), u"TINY"_s);
    QCOMPARE((*told)["spot"_L1]["city"_L1].toString(), u"y"_s);
}

void TestMigration::valuesOfOtherNodesAreRenamedAtTheNextStart()
{
    openBins();
    QVERIFY(open(tinyBins)->backend);
    QVERIFY(connection()->run(u"UPDATE \"Bin\" SET kind = 'SMALL' WHERE code = '1'"_s));
    const auto backend = open(tinyBins);
    const QString kind = backend->data(u"{ getBin(size: TINY, code: \"1\") { kind } }"_s)["kind"_L1].toString();
    QCOMPARE(kind, TidelineTest::onPostgres() ? u"TINY"_s : u"SMALL"_s);       // a file has no other nodes
}

void TestMigration::keysThatBecomeEqualAreALoss()
{
    openBins();
    const QString text = QString(bins).replace(u"SMALL LARGE"_s, u"ANY @renamedFrom(name: \"SMALL\") @renamedFrom(name: \"LARGE\")"_s);
    const QStringList losses = {u"Keys of Bin become equal with the new names of their values: 1 of 3 records have no key of their own."_s};
    QCOMPARE(open(text)->error.detail().split(u'\n'), losses);
    QCOMPARE(open(bins)->data(u"{ getBin(size: SMALL, code: \"1\") { kind } }"_s)["kind"_L1].toString(), u"SMALL"_s);
    const auto backend = open(text, true);
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    QCOMPARE(m_announced, losses);
    const QJsonObject kept = backend->data(u"{ getBin(size: ANY, code: \"1\") { spot { floor } kind } }"_s).toObject();
    QVERIFY(kept["spot"_L1].isNull());              // the one that changed last
    QCOMPARE(kept["kind"_L1].toString(), u"ANY"_s);
    QCOMPARE(backend->data(u"{ syncBins { items { code } } }"_s)["items"_L1].toArray().size(), 2);
}

void TestMigration::valuesThatFitNoMoreAreALoss_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("losses");
    QTest::addColumn<QString>("field");
    QTest::addColumn<QJsonValue>("left");
    const auto row = [](const char *name, const QString &before, const QString &after, const QStringList &losses, const QString &field, const QJsonValue &left) {
        QTest::newRow(name) << QString(bins).replace(before, after) << losses << field << left;
    };
    const auto lost = [](const QString &field) { return u"Field %1 of Bin has 1 values that do not fit its type any more; they are lost."_s.arg(field); };
    const QJsonObject spot = {{u"floor"_s, 1}, {u"size"_s, u"SMALL"_s}};
    row("a member is gone", u"town: String"_s, u"more: String"_s, {lost(u"spot"_s), lost(u"spots"_s)}, u"spot { floor size }"_s, spot);
    row("a member holds something else", u"floor: Int"_s, u"floor: String"_s, {lost(u"spot"_s)}, u"spot { floor size }"_s, QJsonValue());
    row("integers become real numbers", u"floor: Int"_s, u"floor: Float"_s, {}, u"spot { floor size }"_s, spot);
    row("a list holds something else", u"tags: [String]"_s, u"tags: [Int]"_s, {lost(u"tags"_s)}, u"tags"_s, QJsonValue());
    row("elements are required", u"sizes: [Size]"_s, u"sizes: [Size!]"_s, {lost(u"sizes"_s)}, u"sizes"_s, QJsonValue());
}

void TestMigration::valuesThatFitNoMoreAreALoss()
{
    QFETCH(const QString, text);
    QFETCH(const QStringList, losses);
    QFETCH(const QString, field);
    QFETCH(const QJsonValue, left);
    openBins();
    if (!losses.isEmpty())
        QCOMPARE(open(text)->error.detail().split(u'\n'), losses);
    {
        const auto backend = open(text, true);
        QVERIFY2(backend->backend, qPrintable(backend->error.message()));
        QCOMPARE(m_announced, losses);
        QCOMPARE(backend->data(u"{ getBin(size: SMALL, code: \"1\") { %1 } }"_s.arg(field))[field.section(u' ', 0, 0)], left);
    }
    QVERIFY(open(text)->backend);
    QVERIFY(m_announced.isEmpty());
}

void TestMigration::whatNoRecordHasMayGo()
{
    openBins();
    QVERIFY(open(QString(bins).replace(u"LARGE"_s, u"LARGE UNUSED"_s).replace(u"floor: Int"_s, u"floor: Int unused: Int"_s))->backend);
    for (const QString &text : {bins, bins})
        QVERIFY(open(text)->backend);
    QVERIFY(m_announced.isEmpty());
    const QString noLarge = QString(bins).replace(u" LARGE"_s, u""_s);
    QCOMPARE(open(noLarge)->error.detail().split(u'\n'), (QStringList{u"Field size of Bin has 1 values that do not fit its type any more; it is in the key, so their records are lost."_s,
                                  u"Field sizes of Bin has 1 values that do not fit its type any more; they are lost."_s}));
}

QString TestMigration::indexDefinition(const QString &name) const
{
    const std::unique_ptr<Connection> opened = connection();
    QSqlQuery query = opened->query();
    query.prepare(TidelineTest::onPostgres() ? u"SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname = ?"_s : u"SELECT sql FROM sqlite_master WHERE name = ?"_s);
    query.addBindValue(name);
    return opened->exec(query) && query.next() ? query.value(0).toString() : QString();
}

void TestMigration::anIndexOfOtherFieldsIsMadeAnew()
{
    const auto indexed = [](const QString &other) {
        return QString(before).replace(u"size: Int"_s, u"size: Int @index(name: \"bySize\", sortKeyFields: [\"%1\"], queryField: \"boxesBySize\")"_s.arg(other));
    };
    QVERIFY(open(indexed(u"name"_s))->backend);
    QVERIFY(indexDefinition(u"Box.bySize"_s).contains(u"name"_s));
    const auto backend = open(indexed(u"code"_s));
    QVERIFY2(backend->backend, qPrintable(backend->error.message()));
    QVERIFY(!indexDefinition(u"Box.bySize"_s).contains(u"name"_s));
    QVERIFY(indexDefinition(u"Box.bySize"_s).contains(u"code"_s));
    QCOMPARE(strings(backend->data(u"{ boxesBySize(size: 2, code: {eq: \"y\"}) { items { id } } }"_s)["items"_L1], u"id"_s), QStringList{u"2"_s});
}

// Sort keys with a Float were written as text in another way once, and nothing says how an index was made then.
void TestMigration::anIndexOfAnOlderTidelineIsMadeAnew()
{
    const QString text = before + u"\ntype Price @model { id: ID! team: ID @index(name: \"byPrice\", sortKeyFields: [\"price\", \"note\"]) price: Float note: String }"_s;
    QVERIFY(open(text)->backend);
    const QString definition = indexDefinition(u"Price.byPrice#"_s);
    QVERIFY(!definition.isEmpty());
    for (const QString &statement : {u"DROP INDEX \"Price.byPrice#\""_s,
                                     u"CREATE INDEX \"Price.byPrice#\" ON \"Price\" (team, (CAST(price AS TEXT) || '#' || note))"_s,
                                     u"DELETE FROM tl_meta WHERE name LIKE 'index.%'"_s})
        QVERIFY(connection()->run(statement));
    QVERIFY(indexDefinition(u"Price.byPrice#"_s) != definition);
    QVERIFY(open(text)->backend);
    QCOMPARE(indexDefinition(u"Price.byPrice#"_s), definition);
}

QTEST_GUILESS_MAIN(TestMigration)
#include "tst_migration.moc"
