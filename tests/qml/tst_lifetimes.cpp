// SPDX-License-Identifier: MIT
#include "plugin/prepare.h"

#include <QtCore/QTemporaryDir>
#include <QtQml/QQmlComponent>
#include <QtQml/QQmlEngine>
#include <QtTest/QtTest>

#include <memory>

using namespace Qt::StringLiterals;

namespace {

const QByteArray sceneText = R"(
import QtQml
import Tideline

QtObject {
    id: scene

    required property string path
    required property url schemaFile
    property var outcomes: []
    property bool saveWhenItGoes: false
    property DataStore store: DataStore {
        path: scene.path
        schemaFile: scene.schemaFile
    }
    property ModelObject draft: ModelObject {
        type: "Product"
        values: ({name: "Tea"})
    }
    property LiveQuery list: LiveQuery {
        type: "Product"
    }
    property LiveAggregate sum: LiveAggregate {
        type: "Product"
    }

    readonly property var calls: ({
        save: () => store.save({type: "Product", name: "Tea"}),
        saveObject: () => store.save(draft),
        saveAll: () => store.saveAll([{type: "Product", name: "Tea"}, draft]),
        saveOther: () => store.save({type: "Product", id: "1", name: "Tea"}, {name: {eq: "Milk"}}),
        get: () => store.get("Product", "1"),
        query: () => store.query("Product"),
        count: () => store.count("Product"),
        remove: () => store.remove("Product", "1"),
        removeAll: () => store.removeAll("Product", {}),
        close: () => store.close(),
        open: () => store.open(),
    })

    function act(call) {
        calls[call]().then(() => outcomes.push("done"),
                           error => outcomes.push(error instanceof Error ? error.name + " " + error.category : "no Error"))
    }

    Component.onDestruction: {
        if (saveWhenItGoes)
            act("save")
    }
}
)";

/*! An engine, and an object made by it whose DataStore is open. */
class Scene
{
public:
    explicit Scene(bool open = true)
    {
        Tideline::prepare(engine.get());
        QQmlComponent component(engine.get());
        component.setData(sceneText, QUrl(u"scene.qml"_s));
        root.reset(component.createWithInitialProperties({
            {u"path"_s, m_folder.filePath(u"store.db"_s)},
            {u"schemaFile"_s, QUrl::fromLocalFile(QFINDTESTDATA("testing/inventory.graphql"))},
        }));
        if (!root)
            qFatal("%s", qPrintable(component.errorString()));
        m_open = !open || QTest::qWaitFor([this] { return store()->property("opened").toBool(); });
    }

    [[nodiscard]] bool isReady() const { return m_open; }
    [[nodiscard]] QObject *object(const char *name) const { return root->property(name).value<QObject *>(); }
    [[nodiscard]] QObject *store() const { return object("store"); }
    [[nodiscard]] QStringList outcomes() const { return root->property("outcomes").toStringList(); }
    void act(const QString &call) { QMetaObject::invokeMethod(root.get(), "act", Q_ARG(QVariant, call)); }

    void actAll()
    {
        for (const auto *call : {"save", "saveObject", "saveAll", "get", "query", "count", "remove", "removeAll"})
            act(QString::fromLatin1(call));
    }

private:
    QTemporaryDir m_folder;
    bool m_open = false;

public:
    std::unique_ptr<QQmlEngine> engine = std::make_unique<QQmlEngine>();
    std::unique_ptr<QObject> root;
};

const QString closed = u"Closed 4"_s;          // the code's name, ErrorCategory.Call

/*! Turns of the event loop in which a late reply would do its harm. */
void spin()
{
    for (int i = 0; i < 100; ++i) {
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QCoreApplication::processEvents();
    }
}

} // namespace

/*! Who goes first: calls, stores, objects, engines. */
class TestLifetimes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStoreThatGoesRejectsItsCalls_data();
    void aStoreThatGoesRejectsItsCalls();
    void aStoreThatGoesWhileItOpensRejectsThat();
    void callsWhileItOpensAndClosesEnd();
    void aStoreThatClosesEndsItsCalls();
    void enginesAndObjectsGoInAnyOrder_data();
    void enginesAndObjectsGoInAnyOrder();
    void aCallWhenTheSceneGoesDoesNoHarm_data();
    void aCallWhenTheSceneGoesDoesNoHarm();
    void aReceiverMayDestroyTheStore_data();
    void aReceiverMayDestroyTheStore();
    void objectsGoWhileTheyRead();

private:
    Scene *m_scene = nullptr;

public Q_SLOTS:
    void destroyStore() { delete m_scene->store(); }
};

void TestLifetimes::aStoreThatGoesRejectsItsCalls_data()
{
    QTest::addColumn<QString>("call");
    for (const auto *call : {"save", "saveObject", "saveAll", "get", "query", "count", "remove", "removeAll", "close"})
        QTest::newRow(call) << QString::fromLatin1(call);
}

void TestLifetimes::aStoreThatGoesRejectsItsCalls()
{
    QFETCH(QString, call);
    Scene scene;
    QVERIFY(scene.isReady());
    scene.act(call);
    delete scene.store();
    QTRY_COMPARE(scene.outcomes(), QStringList(closed));
    spin();
    QCOMPARE(scene.outcomes().size(), 1);
}

void TestLifetimes::aStoreThatGoesWhileItOpensRejectsThat()
{
    Scene scene;
    QVERIFY(scene.isReady());
    scene.act(u"close"_s);
    QTRY_COMPARE(scene.outcomes().size(), 1);
    scene.act(u"open"_s);
    scene.actAll();                             // wait for the file
    delete scene.store();
    QTRY_COMPARE(scene.outcomes(), QStringList(u"done"_s) + QStringList(9, closed));
}

void TestLifetimes::callsWhileItOpensAndClosesEnd()
{
    Scene scene;
    QVERIFY(scene.isReady());
    scene.act(u"close"_s);
    QTRY_COMPARE(scene.outcomes().size(), 1);
    scene.act(u"open"_s);
    scene.actAll();
    scene.act(u"close"_s);
    QTRY_COMPARE(scene.outcomes().size(), 11);
    QCOMPARE(scene.outcomes().filter(u"done"_s).size(), 11);
}

void TestLifetimes::aStoreThatClosesEndsItsCalls()
{
    Scene scene;
    QVERIFY(scene.isReady());
    scene.actAll();
    scene.act(u"close"_s);
    scene.actAll();
    scene.act(u"close"_s);
    QTRY_COMPARE(scene.outcomes().size(), 18);
    QCOMPARE(scene.outcomes().filter(u"done"_s).size(), 10);               // what was asked for before, and both closings
    QCOMPARE(scene.outcomes().filter(u"StoreNotOpen 2"_s).size(), 8);
}

void TestLifetimes::enginesAndObjectsGoInAnyOrder_data()
{
    QTest::addColumn<bool>("engineFirst");
    QTest::addColumn<bool>("between");
    QTest::newRow("the engine, then the objects") << true << false;
    QTest::newRow("the engine, turns of the event loop, then the objects") << true << true;
    QTest::newRow("the objects, then the engine") << false << false;
    QTest::newRow("the objects, turns of the event loop, then the engine") << false << true;
}

void TestLifetimes::enginesAndObjectsGoInAnyOrder()
{
    QFETCH(bool, engineFirst);
    QFETCH(bool, between);
    Scene scene;
    QVERIFY(scene.isReady());
    scene.actAll();
    scene.act(u"close"_s);
    engineFirst ? scene.engine.reset() : scene.root.reset();
    if (between)
        spin();
    scene.engine.reset();
    scene.root.reset();
    spin();
}

void TestLifetimes::aCallWhenTheSceneGoesDoesNoHarm_data()
{
    QTest::addColumn<bool>("engineFirst");
    QTest::newRow("with its engine") << true;
    QTest::newRow("before its engine") << false;
}

void TestLifetimes::aCallWhenTheSceneGoesDoesNoHarm()
{
    QFETCH(bool, engineFirst);
    Scene scene;
    QVERIFY(scene.isReady());
    scene.root->setProperty("saveWhenItGoes", true);
    engineFirst ? scene.engine.reset() : scene.root.reset();
    scene.engine.reset();
    scene.root.reset();
    spin();
}

void TestLifetimes::aReceiverMayDestroyTheStore_data()
{
    QTest::addColumn<QByteArray>("sender");
    QTest::addColumn<QByteArray>("signal");
    QTest::addColumn<QString>("call");
    QTest::addColumn<QString>("outcome");
    QTest::newRow("when it saved") << QByteArray("store") << QByteArray(SIGNAL(saved(QVariantMap))) << u"save"_s << u"done"_s;
    QTest::newRow("when it saved several") << QByteArray("store") << QByteArray(SIGNAL(saved(QVariantMap))) << u"saveAll"_s << u"done"_s;
    QTest::newRow("when a call failed") << QByteArray("store") << QByteArray(SIGNAL(callFailed(Tideline::Error)))
                                        << u"saveOther"_s << u"ConditionFailed 1"_s;
    QTest::newRow("when the object follows") << QByteArray("draft") << QByteArray(SIGNAL(keyChanged())) << u"saveObject"_s << u"done"_s;
    QTest::newRow("when one of several follows") << QByteArray("draft") << QByteArray(SIGNAL(keyChanged())) << u"saveAll"_s << u"done"_s;
}

void TestLifetimes::aReceiverMayDestroyTheStore()
{
    QFETCH(QByteArray, sender);
    QFETCH(QByteArray, signal);
    QFETCH(QString, call);
    QFETCH(QString, outcome);
    Scene scene;
    QVERIFY(scene.isReady());
    scene.act(u"save"_s);
    QTRY_COMPARE(scene.outcomes().size(), 1);
    m_scene = &scene;
    QVERIFY(connect(scene.object(sender.constData()), signal.constData(), this, SLOT(destroyStore())));
    scene.act(call);
    for (int i = 0; i < 5; ++i)
        scene.act(u"removeAll"_s);
    QTRY_COMPARE(scene.outcomes().size(), 7);
    QVERIFY(!scene.store());
    QVERIFY(scene.outcomes().contains(outcome));
    QCOMPARE(scene.outcomes().filter(closed).size(), 5);
    spin();
}

void TestLifetimes::objectsGoWhileTheyRead()
{
    Scene scene;
    QVERIFY(scene.isReady());
    scene.act(u"save"_s);
    QTRY_COMPARE(scene.outcomes().size(), 1);
    scene.object("draft")->setProperty("key", u"1"_s);
    scene.object("list")->setProperty("sort", QStringList(u"name"_s));
    scene.object("sum")->setProperty("field", u"name"_s);
    QCoreApplication::processEvents();          // the reads are on their way
    for (const char *name : {"draft", "list", "sum"})
        delete scene.object(name);
    scene.act(u"count"_s);
    QTRY_COMPARE(scene.outcomes(), QStringList({u"done"_s, u"done"_s}));
    spin();
}

QTEST_GUILESS_MAIN(TestLifetimes)
#include "tst_lifetimes.moc"
