// SPDX-License-Identifier: MIT
#include "client/datastore.h"
#include "client/live/livequery.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Tideline;
using namespace Qt::StringLiterals;
using Kind = Change::Kind;
using Op = Predicate::Operator;

namespace {

Schema shopSchema()
{
    const Result<Schema> schema = Schema::parse(uR"(
        type Product @model {
            id: ID!
            name: String!
            price: Int
            counts: [StockCount] @hasMany(indexName: "byProduct", fields: ["id"])
            cover: Cover @hasOne
        }
        type Cover @model { id: ID! url: String }
        type StockCount @model {
            id: ID!
            quantity: Int!
            productID: ID @index(name: "byProduct")
            product: Product @belongsTo(fields: ["productID"])
        }
    )"_s);
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

template<typename T>
T outcome(const QFuture<T> &future)
{
    if (!QTest::qWaitFor([&future] { return future.isFinished(); }, 10'000))
        qFatal("A future stayed pending");
    return future.result();
}

} // namespace

// What an application hears through DataStore::observe(), of a store without a backend.
class tst_Observe : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void eachTypeHasItsObservers();
    void oneRecordIsACondition();
    void conditionChoosesChanges();
    void conditionChoosesDeletions();
    void whatCannotBeObservedIsAnError_data();
    void whatCannotBeObservedIsAnError();
    void updatesBringTheWholeRecord();
    void anUnchangedSaveIsSilent();
    void deletionsThatCascadeAreTold();
    void kindsComeInOrder();
    void aQueryInAnObserverSeesTheChange();
    void aTokenEndsIt();
    void observersOutliveTheOpenFile();
    void aLiveQueryFollowsHasOne();

private:
    Record save(const QString &type, const QVariantMap &values);
    [[nodiscard]] std::shared_ptr<void> observe(const QString &type, const Predicate &where = {});
    [[nodiscard]] QString heard() const;        // "+a" inserted, "~a" updated, "-a" deleted

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<DataStore> m_store;
    QList<Change> m_changes;
};

void tst_Observe::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_store = std::make_unique<DataStore>();
    m_store->setSchema(shopSchema());
    QVERIFY(outcome(m_store->open(m_folder->filePath(u"store.db"_s))).ok());
    m_changes.clear();
}

void tst_Observe::cleanup()
{
    m_store.reset();
}

Record tst_Observe::save(const QString &type, const QVariantMap &values)
{
    Draft draft(m_store->schema().model(type));
    for (auto value = values.cbegin(); value != values.cend(); ++value)
        draft.set(draft.model()->fieldIndex(value.key()), Value::fromVariant(value.value()));
    const Result<Receipt> receipt = outcome(m_store->save(draft));
    if (!receipt)
        qFatal("A save failed: %s", qPrintable(receipt.error().message()));
    return receipt->record();
}

std::shared_ptr<void> tst_Observe::observe(const QString &type, const Predicate &where)
{
    const auto token = m_store->observe(type, where, [this](const Change &change) { m_changes.append(change); });
    return token.valueOr({});
}

QString tst_Observe::heard() const
{
    QStringList texts;
    for (const Change &change : m_changes) {
        const Record &record = change.kind == Kind::Delete ? change.before : change.after;
        texts.append(QChar(u"+~-="[int(change.kind)]) + record.key());
    }
    return texts.join(u' ');
}

void tst_Observe::eachTypeHasItsObservers()
{
    const auto products = observe(u"Product"_s);
    save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"Tea"_s}});
    save(u"StockCount"_s, {{u"id"_s, u"c"_s}, {u"quantity"_s, 1}});
    QCOMPARE(heard(), u"+p"_s);
    const auto counts = observe(u"StockCount"_s);
    save(u"Product"_s, {{u"id"_s, u"q"_s}, {u"name"_s, u"Cup"_s}});
    save(u"StockCount"_s, {{u"id"_s, u"d"_s}, {u"quantity"_s, 1}});
    QCOMPARE(heard(), u"+p +q +d"_s);
}

void tst_Observe::oneRecordIsACondition()
{
    const Record tea = save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"Tea"_s}});
    const auto token = observe(u"Product"_s, Predicate::compare(u"id"_s, Op::Eq, {tea.key()}));
    save(u"Product"_s, {{u"id"_s, u"q"_s}, {u"name"_s, u"Cup"_s}});
    save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"Green tea"_s}});
    save(u"Product"_s, {{u"id"_s, u"q"_s}, {u"name"_s, u"Mug"_s}});
    QVERIFY(outcome(m_store->remove(tea)).ok());
    QCOMPARE(heard(), u"~p -p"_s);
}

void tst_Observe::conditionChoosesChanges()
{
    const auto token = observe(u"Product"_s, Predicate::compare(u"price"_s, Op::Ge, {10}));
    save(u"Product"_s, {{u"id"_s, u"cheap"_s}, {u"name"_s, u"x"_s}, {u"price"_s, 5}});
    save(u"Product"_s, {{u"id"_s, u"dear"_s}, {u"name"_s, u"x"_s}, {u"price"_s, 50}});
    save(u"Product"_s, {{u"id"_s, u"cheap"_s}, {u"price"_s, 15}});
    save(u"Product"_s, {{u"id"_s, u"dear"_s}, {u"price"_s, 1}});
    QCOMPARE(heard(), u"+dear ~cheap"_s);
}

void tst_Observe::conditionChoosesDeletions()
{
    save(u"Product"_s, {{u"id"_s, u"cheap"_s}, {u"name"_s, u"x"_s}, {u"price"_s, 5}});
    save(u"Product"_s, {{u"id"_s, u"dear"_s}, {u"name"_s, u"x"_s}, {u"price"_s, 50}});
    const auto token = observe(u"Product"_s, Predicate::compare(u"price"_s, Op::Ge, {10}));
    QVERIFY(outcome(m_store->removeAll(u"Product"_s, {})).ok());
    QCOMPARE(heard(), u"-dear"_s);
}

void tst_Observe::whatCannotBeObservedIsAnError_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<Predicate>("where");
    QTest::addColumn<Error::Code>("code");
    QTest::newRow("no type") << QString() << Predicate() << Error::Code::UnknownModel;
    QTest::newRow("unknown type") << u"Produkt"_s << Predicate() << Error::Code::UnknownModel;
    QTest::newRow("unknown field") << u"Product"_s << Predicate::compare(u"nam"_s, Op::Eq, {u"x"_s}) << Error::Code::UnknownField;
    QTest::newRow("through belongsTo") << u"StockCount"_s << Predicate::compare(u"product.name"_s, Op::Eq, {u"x"_s}) << Error::Code::InvalidArgument;
    QTest::newRow("through hasMany") << u"Product"_s << Predicate::compare(u"counts.quantity"_s, Op::Eq, {1}) << Error::Code::InvalidArgument;
}

void tst_Observe::whatCannotBeObservedIsAnError()
{
    QFETCH(QString, type);
    QFETCH(Predicate, where);
    QFETCH(Error::Code, code);
    const auto token = m_store->observe(type, where, [](const Change &) {});
    QCOMPARE(token.error().code(), code);
}

void tst_Observe::updatesBringTheWholeRecord()
{
    save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"Tea"_s}, {u"price"_s, 5}});
    const auto token = observe(u"Product"_s);
    const Record saved = save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"price"_s, 6}});
    QCOMPARE(heard(), u"~p"_s);
    QCOMPARE(m_changes.first().after, saved);
    QCOMPARE(m_changes.first().after.value(u"name").toText(), u"Tea"_s);
    QCOMPARE(m_changes.first().before.value(u"price").toInteger(), 5);
    QCOMPARE(m_changes.first().origin, Origin::Local);
}

void tst_Observe::anUnchangedSaveIsSilent()
{
    const Record tea = save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"Tea"_s}});
    const auto token = observe(u"Product"_s);
    QVERIFY(outcome(m_store->save(Draft(tea))).ok());
    QVERIFY(outcome(m_store->save(Draft(tea).with(1, u"Tea"_s))).ok());
    QVERIFY(m_changes.isEmpty());
    QCOMPARE(m_store->outboxCount(), 1);
}

void tst_Observe::deletionsThatCascadeAreTold()
{
    const Record tea = save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"Tea"_s}});
    save(u"StockCount"_s, {{u"id"_s, u"c"_s}, {u"quantity"_s, 1}, {u"productID"_s, u"p"_s}});
    save(u"StockCount"_s, {{u"id"_s, u"d"_s}, {u"quantity"_s, 1}, {u"productID"_s, u"p"_s}});
    save(u"StockCount"_s, {{u"id"_s, u"other"_s}, {u"quantity"_s, 1}});
    const auto counts = observe(u"StockCount"_s);
    const auto products = observe(u"Product"_s);
    QVERIFY(outcome(m_store->remove(tea)).ok());
    QCOMPARE(heard(), u"-c -d -p"_s);
}

// Also when nobody waits between them.
void tst_Observe::kindsComeInOrder()
{
    const auto token = observe(u"Product"_s);
    const Record tea = save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"Tea"_s}});
    const auto renamed = m_store->save(Draft(tea).with(1, u"Cup"_s));
    const auto removed = m_store->remove(tea);
    QVERIFY(outcome(renamed).ok());
    QVERIFY(outcome(removed).ok());
    QVERIFY(heard() == u"+p ~p -p"_s || heard() == u"+p -p"_s);         // two commits, or one that says what came of both
    save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"Pot"_s}});
    save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"Pan"_s}});
    QVERIFY(heard().endsWith(u"-p +p ~p"_s));
}

void tst_Observe::aQueryInAnObserverSeesTheChange()
{
    QFuture<Result<QList<Record>>> inside;
    const auto token = m_store->observe(u"Product"_s, {}, [&](const Change &) { inside = m_store->query(u"Product"_s); });
    save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"Tea"_s}});
    QCOMPARE(outcome(inside).valueOr({}).size(), 1);
}

void tst_Observe::aTokenEndsIt()
{
    auto token = observe(u"Product"_s);
    save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"Tea"_s}});
    token.reset();
    save(u"Product"_s, {{u"id"_s, u"q"_s}, {u"name"_s, u"Cup"_s}});
    QCOMPARE(heard(), u"+p"_s);
}

void tst_Observe::observersOutliveTheOpenFile()
{
    QVERIFY(outcome(m_store->close()).ok());
    const auto token = observe(u"Product"_s);
    QVERIFY(token != nullptr);
    for (const QString &key : {u"a"_s, u"b"_s, u"c"_s}) {
        QVERIFY(outcome(m_store->open()).ok());
        save(u"Product"_s, {{u"id"_s, key}, {u"name"_s, u"Tea"_s}});
        QVERIFY(outcome(m_store->close()).ok());
    }
    QCOMPARE(heard(), u"+a +b +c"_s);
}

void tst_Observe::aLiveQueryFollowsHasOne()
{
    const QString coverKey = u"productCoverId"_s;
    LiveQuery query(m_store.get());
    query.setType(u"Product"_s);
    query.setInclude({u"cover"_s, u"cover.url"_s});
    save(u"Cover"_s, {{u"id"_s, u"k"_s}, {u"url"_s, u"1"_s}});
    save(u"Product"_s, {{u"id"_s, u"p"_s}, {u"name"_s, u"Tea"_s}, {coverKey, u"k"_s}});
    const auto row = [&](const QString &role) { return query.get(0).toMap().value(role); };
    QTRY_COMPARE(row(u"coverUrl"_s).toString(), u"1"_s);
    QCOMPARE(row(u"cover"_s).toMap().value(u"id"_s).toString(), u"k"_s);
    save(u"Cover"_s, {{u"id"_s, u"k"_s}, {u"url"_s, u"2"_s}});
    QTRY_COMPARE(row(u"coverUrl"_s).toString(), u"2"_s);
    save(u"Product"_s, {{u"id"_s, u"p"_s}, {coverKey, QVariant()}});
    QTRY_VERIFY(row(u"coverUrl"_s).isNull() && row(u"cover"_s).isNull());
}

QTEST_GUILESS_MAIN(tst_Observe)
#include "tst_observe.moc"
