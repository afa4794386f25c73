// SPDX-License-Identifier: MIT
#include "simulation/simulation.h"

#include <QtCore/QHashSeed>
#include <QtTest/QTest>

using namespace TidelineTest;
using namespace Qt::StringLiterals;

/*
    Runs one part of the seeds: tst_simulation --part 0..3, of 300 seeds or TIDELINE_SEEDS of them, or all of them until
    one breaks a promise: --until-broken. TIDELINE_SEED or --seed runs one and prints all its events.
*/
class tst_Simulation : public QObject
{
    Q_OBJECT

public:
    static inline int part = 0;
    static inline bool untilBroken = false;
    static inline std::optional<quint64> only;

private Q_SLOTS:
    void theSameSeedGivesTheSameEvents();
    void nothingIsLostAndAllBecomeEqual();
    void seedsThatFoundDefectsKeepTheirPromises_data();
    void seedsThatFoundDefectsKeepTheirPromises();

private:
    static constexpr int parts = 4;

    [[nodiscard]] static Tideline::Schema schema();
    [[nodiscard]] static SimulationOptions options(quint64 seed)
    {
        return {.devices = seed % 5 == 0 ? 2 : 3, .steps = 45, .mergesOnServer = seed % 3 != 0};
    }
};

Tideline::Schema tst_Simulation::schema()
{
    const Tideline::Result<Tideline::Schema> schema = Tideline::Schema::parse(uR"(
        enum Kind { SHELF FLOOR COLD }
        type Bin @model {
            id: ID!
            name: String!
            place: String
            kind: Kind
            items: [Item] @hasMany(indexName: "byBin", fields: ["id"])
            slots: [Slot] @hasMany(indexName: "byBin", fields: ["id"])
        }
        type Item @model {
            id: ID!
            label: String
            quantity: Int
            weight: Float
            checked: Boolean @conflict(policy: theirs)
            tags: [String!] @conflict(policy: set)
            binID: ID @index(name: "byBin")
            bin: Bin @belongsTo(fields: ["binID"])
        }
        type Slot @model {
            id: ID!
            text: String
            binID: ID! @index(name: "byBin")
            bin: Bin @belongsTo(fields: ["binID"])
        }
        type Reading @model @conflict(policy: newest) {
            sensor: String! @primaryKey(sortKeyFields: ["number"])
            number: Int!
            text: String
        }
        type Counter @model {
            id: ID!
            pieces: Int @conflict(policy: sum)
            best: Int @conflict(policy: maximum)
            lowest: Int @conflict(policy: minimum)
            labels: [String!] @conflict(policy: set)
            log: [String!] @conflict(policy: append)
            note: String @conflict(policy: ask)
            owner: ID @conflict(policy: ask)
            title: String @conflict(policy: newest)
            place: ID @conflict(policy: mine)
        }
    )"_s);
    if (!schema)
        qFatal("The simulation's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

void tst_Simulation::theSameSeedGivesTheSameEvents()
{
    const quint64 seed = only.value_or(quint64(part + 1));
    Simulation first(schema(), seed, options(seed));
    first.run();
    Simulation second(schema(), seed, options(seed));
    second.run();
    const QStringList &a = first.report().events;
    const QStringList &b = second.report().events;
    for (qsizetype i = 0; i < std::min(a.size(), b.size()); ++i)
        QCOMPARE(a.at(i), b.at(i));
    QCOMPARE(a.size(), b.size());
    QVERIFY(a.size() > 100);
}

void tst_Simulation::nothingIsLostAndAllBecomeEqual()
{
    if (only) {
        Simulation simulation(schema(), *only, options(*only));
        const bool kept = simulation.run();
        qInfo().noquote() << simulation.report().events.join(u'\n');
        QVERIFY2(kept, qPrintable(simulation.report().text()));
        return;
    }
    const int seeds = qEnvironmentVariableIsSet("TIDELINE_SEEDS") ? qEnvironmentVariableIntValue("TIDELINE_SEEDS") : 300;
    const int first = qEnvironmentVariableIsSet("TIDELINE_FIRST_SEED") ? qEnvironmentVariableIntValue("TIDELINE_FIRST_SEED") : 1;
    QStringList broken;
    qint64 saves = 0;
    const int stride = untilBroken ? 1 : parts;
    for (int seed = first + part; seed < first + seeds && !(untilBroken && !broken.isEmpty()); seed += stride) {
        Simulation simulation(schema(), quint64(seed), options(quint64(seed)));
        if (!simulation.run()) {
            broken.append(QString::number(seed));
            qWarning().noquote() << simulation.report().text();
        }
        saves += simulation.report().saves;
    }
    QVERIFY2(broken.isEmpty(), qPrintable(u"seeds that broke a promise: "_s + broken.join(u' ')));
    QVERIFY(saves > seeds);
}

void tst_Simulation::seedsThatFoundDefectsKeepTheirPromises_data()
{
    QTest::addColumn<quint64>("seed");
    QTest::newRow("a child waited for a create that stands behind a listed change") << quint64(8295);
    QTest::newRow("a removal gave way to an edit of its own device") << quint64(65);
}

void tst_Simulation::seedsThatFoundDefectsKeepTheirPromises()
{
    QFETCH(const quint64, seed);
    Simulation simulation(schema(), seed, options(seed));
    QVERIFY2(simulation.run(), qPrintable(simulation.report().text()));
}

int main(int argc, char **argv)
{
    QHashSeed::setDeterministicGlobalSeed();
    if (qEnvironmentVariableIsSet("TIDELINE_SEED"))
        tst_Simulation::only = qEnvironmentVariable("TIDELINE_SEED").toULongLong();
    std::vector<char *> rest;
    for (int i = 0; i < argc; ++i) {
        const QByteArrayView argument(argv[i]);
        if (argument == "--seed" && i + 1 < argc)
            tst_Simulation::only = QByteArray(argv[++i]).toULongLong();
        else if (argument == "--part" && i + 1 < argc)
            tst_Simulation::part = QByteArray(argv[++i]).toInt();
        else if (argument == "--until-broken")
            tst_Simulation::untilBroken = true;
        else
            rest.push_back(argv[i]);
    }
    QCoreApplication app(argc, argv);
    tst_Simulation test;
    return QTest::qExec(&test, int(rest.size()), rest.data());
}

#include "tst_simulation.moc"
