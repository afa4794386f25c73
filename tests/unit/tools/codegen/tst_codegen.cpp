// SPDX-License-Identifier: MIT
#include "client/datastore.h"
#include "everything.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

using namespace Everything;
using namespace Qt::StringLiterals;
using Tideline::Predicate;
using Tideline::QueryOptions;
using Tideline::Receipt;
using Tideline::Result;

// Waits for a future; a test's stand-in for co_await.
template<typename T>
static T outcome(const QFuture<T> &future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000))
        qFatal("A future stayed pending");
    return future.result();
}

// What an application does with generated code, on a store of its own.
class TestCodegen : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void everyFieldReadsBack();
    void whatIsNotGivenIsNull();
    void changesAndClearsFields();
    void tokensMakePredicates_data();
    void tokensMakePredicates();
    void tokensSort_data();
    void tokensSort();
    void keysOfSeveralFields();
    void belongsTo();
    void hasMany();
    void manyToMany();
    void predicatesGoThroughRelations();
    void validationNamesModelAndField();
    void draftsAreOfOneModel();
    void hardNamesWork();
    void objectsFollowTheirRecord();
    void objectsHoldDrafts();
    void objectsTellWhatIsWrong();
    void objectsHaveRelatedOnes();
    void enumsHaveTheirTexts();

private:
    template<typename Model, typename Fields>
    typename Model::Record saved(const Fields &fields)
    {
        const Result<Receipt> receipt = outcome(m_store->save(fields));
        if (!receipt)
            qFatal("A save failed: %s", qPrintable(receipt.error().message()));
        return typename Model::Record(receipt->record());
    }
    template<typename Model>
    QList<typename Model::Record> all(const Predicate &where = {}, const QueryOptions &options = {})
    {
        const auto found = outcome(m_store->query<Model>(where, options));
        if (!found)
            qFatal("A query failed: %s", qPrintable(found.error().message()));
        return *found;
    }
    QStringList names(const Predicate &where, const QList<Tideline::SortKey> &sort = {Thing::name.ascending()});
    void saveThreeThings();

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Tideline::DataStore> m_store;
};

static Address address()
{
    return {.street = u"Ring 5"_s, .zip = 1010, .since = QDate(1999, 12, 31),
            .geo = Point{.x = 16.37, .y = -48.2, .unit = Unit::Litre, .at = QDateTime(QDate(2024, 2, 29), QTime(1, 2, 3, 4), Qt::UTC)},
            .colours = QList<Colour>{Colour::BLUE, Colour::RED}, .class_ = u"first"_s};
}

/*! Only what must be there. */
static Thing::Fields thing(const QString &name)
{
    return {.name = name, .stockNow = 1, .weight = 0.5, .diedOn = QDate(2024, 1, 1), .closesAt = QTime(18, 0),
            .seenAt = QDateTime(QDate(2024, 1, 1), QTime(12, 0), Qt::UTC), .storedAt = 7, .home = QUrl(u"https://example.org"_s),
            .mainAddress = Address{.street = u"Street"_s}, .marks = QList<QString>()};
}

static Thing::Fields fullThing()
{
    const QDateTime moment(QDate(2024, 2, 29), QTime(23, 59, 59, 999), Qt::UTC);
    Thing::Fields fields = thing(u"Лампа \"1\""_s);
    fields.code = u"c-1"_s;
    fields.stock = -2'000'000'000;
    fields.price = 0.1;
    fields.sold = true;
    fields.visible = false;
    fields.note = QString();
    fields.bornOn = QDate(1, 1, 1);
    fields.opensAt = QTime(7, 30, 15, 250);
    fields.changedAt = moment;
    fields.countedAt = 1'700'000'000'000;
    fields.email = u"a@example.org"_s;
    fields.attributes = uR"({"a":[1,null]})"_s;
    fields.site = QUrl(u"https://example.org/ä?q=1%202"_s);
    fields.phone = u"+43 1 234567"_s;
    fields.ip = u"2001:db8::1"_s;
    fields.colour = Colour::GREEN;
    fields.mainColour = Colour::BLUE;
    fields.trouble = Trouble::NULL_;
    fields.address = address();
    fields.unit = Unit::kilogram;
    fields.tags = QList<std::optional<QString>>{u"new"_s, std::nullopt, QString()};
    fields.words = QList<QString>{u"a"_s};
    fields.marks = QList<QString>{u"x"_s, u"y"_s};
    fields.ratings = QList<int>{5, 3};
    fields.gaps = QList<std::optional<int>>{1, std::nullopt, 3};
    fields.prices = QList<double>{1.5, 2};
    fields.flags = QList<bool>{true, false};
    fields.days = QList<QDate>{QDate(2024, 2, 29)};
    fields.times = QList<std::optional<QTime>>{QTime(1, 2), std::nullopt};
    fields.moments = QList<QDateTime>{moment};
    fields.stamps = QList<qint64>{1, -1};
    fields.links = QList<QUrl>{QUrl(u"https://example.org/"_s)};
    fields.colours = QList<Colour>{Colour::RED, Colour::RED};
    fields.shades = QList<std::optional<Colour>>{Colour::RED, std::nullopt};
    fields.addresses = QList<Address>{address(), Address{.street = u"b"_s}};
    fields.places = QList<std::optional<Address>>{std::nullopt, address()};
    fields.comment = Comment{.text = u"one"_s, .replies = QList<Comment>{Comment{.text = u"two"_s}}};
    return fields;
}

void TestCodegen::init()
{
    m_store.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<Tideline::DataStore>();
    m_store->setSchema(Everything::schema());
    QVERIFY(outcome(m_store->open(m_folder->filePath(u"everything.db"_s))).ok());
}

QStringList TestCodegen::names(const Predicate &where, const QList<Tideline::SortKey> &sort)
{
    QStringList list;
    for (const Thing::Record &record : all<Thing>(where, {.sort = sort}))
        list.append(record.name());
    return list;
}

void TestCodegen::saveThreeThings()
{
    Thing::Fields a = thing(u"a"_s);
    a.stock = 1;
    a.price = 1.5;
    a.colour = Colour::RED;
    a.words = QList<QString>{u"hot"_s};
    a.colours = QList<Colour>{Colour::RED, Colour::BLUE};
    a.bornOn = QDate(2020, 1, 1);
    Thing::Fields b = thing(u"b"_s);
    b.stock = 2;
    b.sold = true;
    b.colour = Colour::BLUE;
    b.gaps = QList<std::optional<int>>{1, std::nullopt};
    b.changedAt = QDateTime(QDate(2024, 1, 2), QTime(0, 0), Qt::UTC);
    const Thing::Fields c = thing(u"c"_s);
    QVERIFY(outcome(m_store->saveAll({a, b, c})).ok());
}

void TestCodegen::everyFieldReadsBack()
{
    const Thing::Fields given = fullThing();
    const QString key = saved<Thing>(given).key();
    const Result<Thing::Record> found = outcome(m_store->get<Thing>(Thing::keyOf(key)));
    QVERIFY(found.ok());
    const Thing::Record &is = *found;
    QCOMPARE(is.id(), key);
    QCOMPARE(is.name(), *given.name);
    QCOMPARE(is.code(), given.code);
    QCOMPARE(is.stock(), given.stock);
    QCOMPARE(is.stockNow(), *given.stockNow);
    QCOMPARE(is.price(), given.price);
    QCOMPARE(is.weight(), *given.weight);
    QCOMPARE(is.sold(), given.sold);
    QCOMPARE(is.visible(), *given.visible);
    QVERIFY(is.note() && is.note()->isEmpty());
    QCOMPARE(is.bornOn(), given.bornOn);
    QCOMPARE(is.diedOn(), *given.diedOn);
    QCOMPARE(is.opensAt(), given.opensAt);
    QCOMPARE(is.closesAt(), *given.closesAt);
    QCOMPARE(is.changedAt(), given.changedAt);
    QCOMPARE(is.seenAt(), *given.seenAt);
    QCOMPARE(is.countedAt(), given.countedAt);
    QCOMPARE(is.storedAt(), *given.storedAt);
    QCOMPARE(is.email(), given.email);
    QCOMPARE(is.attributes(), given.attributes);
    QCOMPARE(is.site(), given.site);
    QCOMPARE(is.home(), *given.home);
    QCOMPARE(is.phone(), given.phone);
    QCOMPARE(is.ip(), given.ip);
    QVERIFY(is.colour() == given.colour);
    QVERIFY(is.mainColour() == *given.mainColour);
    QVERIFY(is.trouble() == given.trouble);
    QVERIFY(is.address() == given.address);
    QVERIFY(is.mainAddress() == *given.mainAddress);
    QVERIFY(is.unit() == given.unit);
    QVERIFY(is.tags() == given.tags);
    QCOMPARE(is.words(), given.words);
    QCOMPARE(is.marks(), *given.marks);
    QCOMPARE(is.ratings(), given.ratings);
    QVERIFY(is.gaps() == given.gaps);
    QCOMPARE(is.prices(), given.prices);
    QCOMPARE(is.flags(), given.flags);
    QCOMPARE(is.days(), given.days);
    QVERIFY(is.times() == given.times);
    QCOMPARE(is.moments(), given.moments);
    QCOMPARE(is.stamps(), given.stamps);
    QCOMPARE(is.links(), given.links);
    QVERIFY(is.colours() == given.colours);
    QVERIFY(is.shades() == given.shades);
    QVERIFY(is.addresses() == given.addresses);
    QVERIFY(is.places() == given.places);
    QVERIFY(is.comment() == given.comment);
    QCOMPARE(is.syncState(), Tideline::SyncState::Pending);
    QCOMPARE(is.record().model()->name, Thing::typeName());
}

void TestCodegen::whatIsNotGivenIsNull()
{
    const Thing::Record is = saved<Thing>(thing(u"a"_s));
    QVERIFY(!is.isNull());
    QVERIFY(!is.code() && !is.stock() && !is.price() && !is.sold() && !is.bornOn() && !is.opensAt() && !is.changedAt() && !is.countedAt());
    QVERIFY(!is.email() && !is.attributes() && !is.site() && !is.colour() && !is.address() && !is.tags() && !is.addresses() && !is.comment());
    QVERIFY(is.visible());                                  // the defaults of the schema
    QCOMPARE(is.note(), u"a \"note\", with \\ and %1"_s);
    QVERIFY(is.mainColour() == Colour::GREEN);
    QVERIFY(Thing::Record().isNull());
    QVERIFY(outcome(m_store->get<Thing>(u"absent"_s))->isNull());
}

void TestCodegen::changesAndClearsFields()
{
    const Thing::Record before = saved<Thing>(fullThing());
    const Thing::Record after = saved<Thing>(before.with(Thing::name, u"other"_s)
                                                 .with(Thing::colour, Colour::RED)
                                                 .with(Thing::price, std::nullopt)
                                                 .with(Thing::ratings, {}));
    QCOMPARE(after.key(), before.key());
    QCOMPARE(after.name(), u"other"_s);
    QVERIFY(after.colour() == Colour::RED);
    QVERIFY(!after.price());
    QVERIFY(after.ratings() && after.ratings()->isEmpty());
    QVERIFY(after.address() == before.address());
    QVERIFY(after != before);
    QVERIFY(after == all<Thing>().constFirst());
    QVERIFY(outcome(m_store->remove(after)).ok());
    QVERIFY(all<Thing>().isEmpty());
}

void TestCodegen::tokensMakePredicates_data()
{
    QTest::addColumn<Predicate>("where");
    QTest::addColumn<QStringList>("expected");
    const QStringList none;
    QTest::addRow("equal") << (Thing::name == u"a"_s) << QStringList{u"a"_s};
    QTest::addRow("not equal, which null is, too") << (Thing::stock != 1) << QStringList{u"b"_s, u"c"_s};
    QTest::addRow("greater") << (Thing::stock > 1) << QStringList{u"b"_s};
    QTest::addRow("less or equal") << (Thing::stock <= 2) << QStringList{u"a"_s, u"b"_s};
    QTest::addRow("between") << Thing::stock.between(2, 9) << QStringList{u"b"_s};
    QTest::addRow("in") << Thing::name.in({u"a"_s, u"c"_s}) << QStringList{u"a"_s, u"c"_s};
    QTest::addRow("not in") << Thing::name.notIn({u"a"_s, u"c"_s}) << QStringList{u"b"_s};
    QTest::addRow("begins with") << Thing::name.beginsWith(u"c"_s) << QStringList{u"c"_s};
    QTest::addRow("contains a text") << Thing::note.contains(u"\\"_s) << QStringList{u"a"_s, u"b"_s, u"c"_s};
    QTest::addRow("contains an element") << Thing::words.contains(u"hot"_s) << QStringList{u"a"_s};
    QTest::addRow("contains an enum's value") << Thing::colours.contains(Colour::BLUE) << QStringList{u"a"_s};
    QTest::addRow("contains, with null elements") << Thing::gaps.contains(1) << QStringList{u"b"_s};
    QTest::addRow("null") << Thing::colour.isNull() << QStringList{u"c"_s};
    QTest::addRow("not null") << Thing::stock.isNotNull() << QStringList{u"a"_s, u"b"_s};
    QTest::addRow("an enum") << (Thing::colour == Colour::BLUE) << QStringList{u"b"_s};
    QTest::addRow("enums") << Thing::colour.in({Colour::BLUE, Colour::RED}) << QStringList{u"a"_s, u"b"_s};
    QTest::addRow("a float") << (Thing::price < 2) << QStringList{u"a"_s};
    QTest::addRow("a Boolean") << (Thing::sold == true) << QStringList{u"b"_s};
    QTest::addRow("a date") << (Thing::bornOn >= QDate(2020, 1, 1)) << QStringList{u"a"_s};
    QTest::addRow("a time") << (Thing::closesAt == QTime(18, 0)) << QStringList{u"a"_s, u"b"_s, u"c"_s};
    QTest::addRow("a moment") << (Thing::changedAt > QDateTime(QDate(2024, 1, 1), QTime(0, 0), Qt::UTC)) << QStringList{u"b"_s};
    QTest::addRow("a timestamp") << (Thing::storedAt == 8) << none;
    QTest::addRow("a URL") << (Thing::home == QUrl(u"https://example.org"_s)) << QStringList{u"a"_s, u"b"_s, u"c"_s};
    QTest::addRow("and") << (Thing::stock > 0 && Thing::sold == true) << QStringList{u"b"_s};
    QTest::addRow("or") << (Thing::name == u"a"_s || Thing::name == u"c"_s) << QStringList{u"a"_s, u"c"_s};
    QTest::addRow("not") << !(Thing::name == u"a"_s) << QStringList{u"b"_s, u"c"_s};
}

void TestCodegen::tokensMakePredicates()
{
    QFETCH(Predicate, where);
    QFETCH(QStringList, expected);
    saveThreeThings();
    QCOMPARE(names(where), expected);
}

void TestCodegen::tokensSort_data()
{
    QTest::addColumn<QList<Tideline::SortKey>>("sort");
    QTest::addColumn<QStringList>("expected");
    const QList<Tideline::SortKey> descending{Thing::name.descending()};
    const QList<Tideline::SortKey> nullsFirst{Thing::stock.ascending()};
    const QList<Tideline::SortKey> byEnum{Thing::colour.descending(), Thing::name.ascending()};
    QTest::addRow("descending") << descending << QStringList{u"c"_s, u"b"_s, u"a"_s};
    QTest::addRow("nulls first") << nullsFirst << QStringList{u"c"_s, u"a"_s, u"b"_s};
    QTest::addRow("by an enum, as text") << byEnum << QStringList{u"a"_s, u"b"_s, u"c"_s};
}

void TestCodegen::tokensSort()
{
    QFETCH(QList<Tideline::SortKey>, sort);
    QFETCH(QStringList, expected);
    saveThreeThings();
    QCOMPARE(names({}, sort), expected);
}

void TestCodegen::keysOfSeveralFields()
{
    Thing::Fields whole = thing(u"whole"_s);
    whole.id = u"t\"1"_s;
    (void)saved<Thing>(whole);
    const Part::Record part = saved<Part>(Part::Fields{.thingID = u"t\"1"_s, .number = 7, .colour = Colour::GREEN, .title = u"Leg"_s});
    QCOMPARE(part.key(), Part::keyOf(u"t\"1"_s, 7, Colour::GREEN));
    const Result<Part::Record> found = outcome(m_store->get<Part>(Part::keyOf(u"t\"1"_s, 7, Colour::GREEN)));
    QVERIFY(found.ok());
    QCOMPARE(found->title(), u"Leg"_s);
    QVERIFY(found->colour() == Colour::GREEN);
    QVERIFY(outcome(m_store->get<Part>(Part::keyOf(u"t\"1"_s, 7, Colour::RED)))->isNull());
}

void TestCodegen::belongsTo()
{
    const Thing::Record table = saved<Thing>(thing(u"table"_s));
    const Part::Record leg = saved<Part>(Part::Fields{.thingID = table.id(), .number = 1, .colour = Colour::RED});
    QCOMPARE(all<Thing>(leg.thing()), QList{table});
    const Screw::Record screw = saved<Screw>(Screw::Fields{.length = 2.5, .partScrewsThingID = leg.thingID(), .partScrewsNumber = leg.number(),
                                                           .partScrewsColour = leg.colour()});
    QCOMPARE(all<Part>(screw.part()), QList{leg});
    QVERIFY(all<Part>(saved<Screw>(Screw::Fields{}).part()).isEmpty());

    const Label::Record label = saved<Label>(Label::Fields{.text = u"L"_s});
    const Thing::Record labelled = saved<Thing>(table.with(Thing::thingLabelId, label.id()));
    QCOMPARE(all<Label>(labelled.label()), QList{label});
}

void TestCodegen::hasMany()
{
    const Person::Record boss = saved<Person>(Person::Fields{.name = u"Boss"_s});
    const Person::Record one = saved<Person>(Person::Fields{.name = u"One"_s, .bossID = boss.id()});
    const Person::Record two = saved<Person>(Person::Fields{.name = u"Two"_s, .bossID = boss.id()});
    QCOMPARE(all<Person>(boss.staff(), {.sort = {Person::name.descending()}}), (QList{two, one}));
    QCOMPARE(all<Person>(one.boss()), QList{boss});
    QVERIFY(all<Person>(one.staff()).isEmpty());
}

void TestCodegen::manyToMany()
{
    const Thing::Record a = saved<Thing>(thing(u"a"_s));
    const Thing::Record b = saved<Thing>(thing(u"b"_s));
    const Group::Record red = saved<Group>(Group::Fields{.title = u"red"_s});
    const Group::Record round = saved<Group>(Group::Fields{.title = u"round"_s});
    (void)saved<ThingGroups>(ThingGroups::Fields{.thingId = a.id(), .groupId = red.id()});
    (void)saved<ThingGroups>(ThingGroups::Fields{.thingId = a.id(), .groupId = round.id()});
    (void)saved<ThingGroups>(ThingGroups::Fields{.thingId = b.id(), .groupId = red.id()});
    QCOMPARE(all<Group>(a.groups(), {.sort = {Group::title.ascending()}}), (QList{red, round}));
    QCOMPARE(all<Group>(b.groups()), QList{red});
    QCOMPARE(all<Thing>(red.members(), {.sort = {Thing::name.ascending()}}), (QList{a, b}));
    QCOMPARE(all<Thing>(round.members() && Thing::name == u"a"_s), QList{a});
    QCOMPARE(names(Thing::groups(ThingGroups::group(Group::title == u"round"_s))), QStringList{u"a"_s});
}

void TestCodegen::predicatesGoThroughRelations()
{
    const Person::Record boss = saved<Person>(Person::Fields{.name = u"Boss"_s});
    const Person::Record aide = saved<Person>(Person::Fields{.name = u"Aide"_s, .bossID = boss.id()});
    Thing::Fields a = thing(u"a"_s);
    a.personThingsId = boss.id();
    Thing::Fields b = thing(u"b"_s);
    b.personThingsId = aide.id();
    QVERIFY(outcome(m_store->saveAll({a, b})).ok());
    QCOMPARE(names(Thing::owner(Person::name == u"Boss"_s)), QStringList{u"a"_s});
    QCOMPARE(names(Thing::owner(Person::boss(Person::name.beginsWith(u"Bo"_s)))), QStringList{u"b"_s});
    QCOMPARE(names(!Thing::owner(Person::name == u"Boss"_s)), QStringList{u"b"_s});
    QCOMPARE(names({}, {Thing::owner(Person::name.ascending())}), (QStringList{u"b"_s, u"a"_s}));
    QCOMPARE(names({}, {Thing::owner(Person::boss(Person::name.descending()))}), (QStringList{u"b"_s, u"a"_s}));
    const Result<qint64> count = outcome(m_store->count(Person::typeName(), Person::things(Thing::name == u"b"_s)));
    QCOMPARE(count.valueOr(-1), 1);
}

void TestCodegen::validationNamesModelAndField()
{
    const auto errorOf = [this](const Thing::Fields &fields) { return outcome(m_store->save(fields)).error(); };
    Thing::Fields fields = thing(u"a"_s);
    fields.email = u"nobody"_s;
    QCOMPARE(errorOf(fields).code(), Tideline::Error::Code::Validation);
    QCOMPARE(errorOf(fields).model(), u"Thing"_s);
    QCOMPARE(errorOf(fields).field(), u"email"_s);
    fields.email = {};
    fields.name = {};
    QCOMPARE(errorOf(fields).code(), Tideline::Error::Code::Validation);
    QCOMPARE(errorOf(fields).field(), u"name"_s);
    fields.name = u"a"_s;
    fields.address = Address{.street = u"s"_s, .geo = Point{.x = qQNaN()}};
    QCOMPARE(errorOf(fields).field(), u"address.geo.x"_s);
    fields.address = {};
    const Thing::Record saveable = saved<Thing>(fields);
    const Tideline::Error error = outcome(m_store->save(saveable.with(Thing::name, std::nullopt))).error();
    QCOMPARE(error.code(), Tideline::Error::Code::Validation);
    QCOMPARE(error.field(), u"name"_s);
}

void TestCodegen::draftsAreOfOneModel()
{
    const Tideline::TypedDraft draft = thing(u"a"_s);
    QCOMPARE(draft.model()->name, u"Thing"_s);
    const Tideline::TypedDraft more = draft.with(Thing::stock, 5);
    QVERIFY(!draft.isChanged(Thing::stock.index()));
    QCOMPARE(saved<Thing>(more).stock(), 5);
}

void TestCodegen::hardNamesWork()
{
    const Class::Record word = saved<Class>(Class::Fields{.class_ = u"c"_s, .operator_ = 1, .new_ = true, .default_ = Colour::RED,
                                                          .delete_ = QList<QString>{u"d"_s}, .namespace_ = address(), .int_ = 2,
                                                          .co_await_ = u"a"_s, .nullptr_ = u"n"_s, .class__ = u"c_"_s, .emit_ = u"e"_s,
                                                          .slots_ = u"s"_s, .signals_ = u"g"_s, .foreach_ = u"f"_s, .errno_ = 3,
                                                          .linux_ = true});
    QCOMPARE(Class::typeName(), u"class"_s);
    QCOMPARE(word.class_(), u"c"_s);
    QCOMPARE(word.class__(), u"c_"_s);
    QCOMPARE(word.errno_(), 3);
    QCOMPARE(all<Class>(Class::operator_ == 1 && Class::class__ == u"c_"_s), QList{word});
    QCOMPARE(word.record().value(u"class_").toText(), u"c_"_s);

    const Record_::Record record = saved<Record_>(Record_::Fields{.objectName_ = u"o"_s, .parent_ = u"p"_s, .property_ = u"q"_s, .data = u"d"_s,
                                                                  .value = u"v"_s, .key_ = u"k"_s, .record_ = u"r"_s, .everything = u"e"_s});
    QCOMPARE(record.key_(), u"k"_s);
    QCOMPARE(record.key(), record.id());
    QCOMPARE(record.data(), u"d"_s);
    QCOMPARE(all<Record_>(Record_::record_ == u"r"_s), QList{record});

    const Draft_::Record draft = saved<Draft_>(Draft_::Fields{._name = u"a"_s, ._other = u"b"_s, .name = u"c"_s, .sku = u"d"_s,
                                                              .urlOfShop = u"e"_s, .record_ = u"f"_s, .null_ = u"g"_s, .eof = 1,
                                                              .status = Colour::RED, .statusChanged_ = QDateTime::fromMSecsSinceEpoch(1),
                                                              .statusValue_ = u"h"_s, .setStatus_ = u"i"_s, .colour = Colour::BLUE,
                                                              .point = Point{.x = 1}, .groupObject_ = u"j"_s, .a__b = u"k"_s});
    QCOMPARE(draft.sku(), u"d"_s);
    QCOMPARE(draft.record().value(u"SKU").toText(), u"d"_s);
    QCOMPARE(draft.record().value(u"_Other").toText(), u"b"_s);
    QVERIFY(draft.colour() == Colour::BLUE);
    QCOMPARE(all<Draft_>(Draft_::statusValue_ == u"h"_s && Draft_::status == Colour::RED), QList{draft});

    const Everything::Error::Record error = saved<Everything::Error>(
        Everything::Error::Fields{.error = Trouble::ERROR_, .value = Everything::Value{.value = u"x"_s, .data = QList{Everything::Value{}}}});
    QVERIFY(error.error() == Trouble::ERROR_);
    QCOMPARE(error.value()->data->size(), 1);
    QCOMPARE(saved<QString_>(QString_::Fields{.qObject = u"q"_s}).qObject(), u"q"_s);
}

void TestCodegen::objectsFollowTheirRecord()
{
    const Thing::Record record = saved<Thing>(thing(u"a"_s));
    Thing object;
    object.setStore(m_store.get());
    object.setKey(record.key());
    QTRY_VERIFY(object.isStored());
    QCOMPARE(object.nameValue(), u"a"_s);
    QSignalSpy nameChanged(&object, &Thing::nameChanged);
    QSignalSpy stockChanged(&object, &Thing::stockChanged);
    (void)saved<Thing>(record.with(Thing::name, u"b"_s));
    QTRY_COMPARE(object.nameValue(), u"b"_s);
    QCOMPARE(nameChanged.count(), 1);
    QCOMPARE(stockChanged.count(), 0);
    QVERIFY(Thing::Record(object.record()).mainAddress() == record.mainAddress());
    QVERIFY(outcome(m_store->remove(record)).ok());
    QTRY_VERIFY(!object.isStored());
}

void TestCodegen::objectsHoldDrafts()
{
    Thing object;
    object.setStore(m_store.get());
    object.setName(u"a"_s);
    object.setStockNow(5);
    object.setWeight(1.5);
    object.setDiedOn(u"2024-01-01"_s);
    object.setClosesAt(u"18:00"_s);
    object.setSeenAt(QDateTime(QDate(2024, 1, 1), QTime(12, 0), Qt::UTC));
    object.setStoredAt(7);
    object.setHome(u"https://example.org"_s);
    object.setMainAddress(QVariantMap{{u"street"_s, u"Ring"_s}, {u"geo"_s, QVariantMap{{u"x"_s, 1}, {u"y"_s, 2.5}}}});
    object.setMarks(QStringList{u"x"_s});
    object.setColours(QStringList{u"RED"_s});
    object.setAttributes(QVariantMap{{u"a"_s, 1}});
    object.setColour(u"BLUE"_s);
    QVERIFY2(object.isValid(), qPrintable(object.errors().values().value(0).toString()));
    const Thing::Record record = saved<Thing>(object.draft());
    QCOMPARE(record.stockNow(), 5);
    QVERIFY(record.mainAddress() == (Address{.street = u"Ring"_s, .geo = Point{.x = 1, .y = 2.5}}));
    QVERIFY(record.colour() == Colour::BLUE);
    QVERIFY(record.colours() == QList<Colour>{Colour::RED});
    QCOMPARE(record.attributes(), uR"({"a":1})"_s);
    QCOMPARE(record.closesAt(), QTime(18, 0));
    object.follow(record);
    QVERIFY(!object.isModified());
    object.setColour({});
    QVERIFY(object.isModified());
    QVERIFY(!saved<Thing>(object.draft()).colour());
}

void TestCodegen::objectsTellWhatIsWrong()
{
    Thing object;
    object.setEmail(u"nobody"_s);
    object.setColour(u"PINK"_s);
    QVERIFY(!object.isValid());
    QVERIFY(object.errors().contains(u"email"_s));
    QVERIFY(object.errors().contains(u"name"_s));
    const Tideline::Error error = object.errorOf(u"colour"_s);
    QCOMPARE(error.code(), Tideline::Error::Code::Validation);
    QCOMPARE(error.model(), u"Thing"_s);
    QCOMPARE(error.field(), u"colour"_s);
}

void TestCodegen::objectsHaveRelatedOnes()
{
    const Person::Record boss = saved<Person>(Person::Fields{.name = u"Boss"_s});
    Thing::Fields fields = thing(u"a"_s);
    fields.personThingsId = boss.id();
    const Thing::Record record = saved<Thing>(fields);
    Thing object;
    object.setStore(m_store.get());
    object.setKey(record.key());
    QTRY_COMPARE(object.ownerObject()->nameValue(), u"Boss"_s);
    QTRY_COMPARE(object.partsQuery()->count(), 0);
    (void)saved<Part>(Part::Fields{.thingID = record.id(), .number = 1, .colour = Colour::RED});
    QTRY_COMPARE(object.partsQuery()->count(), 1);

    Tideline::LiveQuery *groups = object.groupsQuery();
    const Group::Record red = saved<Group>(Group::Fields{.title = u"red"_s});
    (void)saved<Group>(Group::Fields{.title = u"blue"_s});
    const ThingGroups::Record link = saved<ThingGroups>(ThingGroups::Fields{.thingId = record.id(), .groupId = red.id()});
    QTRY_COMPARE(groups->count(), 1);
    QCOMPARE(Group::Record(groups->record(0)).title(), u"red"_s);
    QVERIFY(outcome(m_store->remove(link)).ok());
    QTRY_COMPARE(groups->count(), 0);
    object.clear();
    QTRY_VERIFY(!object.ownerObject()->isStored());
}

void TestCodegen::enumsHaveTheirTexts()
{
    QString text;
    QDebug(&text) << Unit::piece << Trouble::NULL_;
    QCOMPARE(text, u"piece NULL "_s);
    QCOMPARE(ColourValues().RED(), u"RED"_s);
    QCOMPARE(TroubleValues().HIDDEN_(), u"_HIDDEN"_s);
}

QTEST_GUILESS_MAIN(TestCodegen)
#include "tst_codegen.moc"
