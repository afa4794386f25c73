// SPDX-License-Identifier: MIT
#include "core/schema/appsyncschema.h"

#include <QtTest/QTest>

using namespace Qt::StringLiterals;
using namespace Tideline;

class TestPluralize : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plural_data();
    void plural();
};

// What the JavaScript library answers; words without a colon stay.
static const QString vectors = uR"(
Box:Boxes City:Cities Day:Days Key:Keys Leaf:Leaves Roof:Roofs Chief:Chiefs Proof:Proofs Safe:Safes Thief:Thieves
Knife:Knives Wife:Wives Half:Halves Shelf:Shelves Hoof:Hooves Dwarf:Dwarves Hero:Heroes Potato:Potatoes Tomato:Tomatoes
Echo:Echoes Volcano:Volcanoes Photo:Photos Piano:Pianos Memo:Memos Logo:Logos Video:Videos Studio:Studios Todo:Todos
Analysis:Analyses Axis:Axes Ax:Axes Crisis:Crises Status:Statuses Bus:Buses Bonus:Bonuses Campus:Campuses Gas:Gases
Alias:Aliases Virus:Viri Cactus:Cacti Octopus:Octopuses Process:Processes Address:Addresses Church:Churches Dish:Dishes
Quiz:Quizzes Fez:Fezs Index:Indices Matrix:Matrices Vertex:Vertices Appendix:Appendices Criterion:Criteria
Medium:Mediums Datum:Data Schema:Schemata Man:Men Woman:Women Child:Children Person:People Tooth:Teeth Foot:Feet
Goose:Geese Mouse:Mice Ox:Oxen Die:Dice Passerby:Passersby Penny:Pennies Money:Monies Feedback:Feedbacks
Data UserData Metadata Series Species Sheep Fish Moose Media Information News Equipment Staff Homework Chassis Canvas
Lens Pokemon
Blog:Blogs Category:Categories CpkChild:CpkChildren PostTags APIData PreTimes NoTs Defs
OwnerOnly:OwnerOnlies OwnerFields OwnerPublicRead:OwnerPublicReads StaticGroups DynamicGroup:DynamicGroups Providers
AllRequired:AllRequireds Lists Implicit:Implicits Renamed:Renameds Silent:Silents LevelOff:LevelOffs Box2:Box2s
Lowercase:Lowercases Enrolment:Enrolments Student:Students
)"_s;

void TestPluralize::plural_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("expected");
    for (const QString &word : vectors.simplified().split(u' ')) {
        const QStringList parts = word.split(u':');
        QTest::newRow(qPrintable(parts.first())) << parts.first() << parts.last();
    }
    QTest::newRow("all capitals") << u"LOGO"_s << u"LOGOS"_s;
    QTest::newRow("capital at the end") << u"MyID"_s << u"MyIDS"_s;
    QTest::newRow("no boundary inside a name") << u"ComputerMouse"_s << u"ComputerMouses"_s;
    QTest::newRow("one letter of an irregular word") << u"Axe"_s << u"Axes"_s;
    QTest::newRow("menu") << u"Menu"_s << u"Menus"_s;
    QTest::newRow("y after qu") << u"Soliloquy"_s << u"Soliloquies"_s;
    QTest::newRow("nothing") << QString() << QString();
}

void TestPluralize::plural()
{
    QFETCH(QString, name);
    QFETCH(QString, expected);
    QCOMPARE(pluralOf(name), expected);
}

QTEST_APPLESS_MAIN(TestPluralize)
#include "tst_pluralize.moc"
