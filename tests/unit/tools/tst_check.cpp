// SPDX-License-Identifier: MIT
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Qt::StringLiterals;

struct Outcome
{
    int code = -1;
    QString output;
    QString errors;
};

class TestCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatBreaks_data();
    void findsWhatBreaks();
    void namesThePlaces();
    void tellsOneChangeOnce();
    void refusesSchemasThatAreNone();
    void validateNamesEveryProblemOfEveryFile();

private:
    Outcome run(const QStringList &arguments);
    void write(const QString &name, const QString &text);
    QJsonArray check(const QString &before, const QString &after, int *code);

    QTemporaryDir m_folder;
};

Outcome TestCheck::run(const QStringList &arguments)
{
    QProcess process;
    process.setWorkingDirectory(m_folder.path());
    process.start(QStringLiteral(TIDELINE_TOOL), arguments);
    if (!process.waitForFinished() || process.exitStatus() != QProcess::NormalExit)
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()), QString::fromUtf8(process.readAllStandardError())};
}

void TestCheck::write(const QString &name, const QString &text)
{
    QFile file(m_folder.filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.write(text.toUtf8()) == text.toUtf8().size());
}

QJsonArray TestCheck::check(const QString &before, const QString &after, int *code)
{
    write(u"old.graphql"_s, before);
    write(u"new.graphql"_s, after);
    const Outcome outcome = run({u"check"_s, u"--json"_s, u"old.graphql"_s, u"new.graphql"_s});
    if (!outcome.errors.isEmpty())
        QTest::qFail(qPrintable(outcome.errors), __FILE__, __LINE__);
    *code = outcome.code;
    return QJsonDocument::fromJson(outcome.output.toUtf8()).array();
}

static const QString base = u"enum Unit { PIECE LITRE }\n"
                            "type Box { width: Float! label: String }\n"
                            "type Shop @model { id: ID! name: String! items: [Item] @hasMany }\n"
                            "type Item @model { id: ID! name: String! stock: Int code: ID unit: Unit box: Box tags: [String] shop: Shop @belongsTo }\n"_s;

void TestCheck::findsWhatBreaks_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<QStringList>("expected");      // "severity concerns subject", sorted
    // Each row replaces a piece of the base schema by another.
    const auto row = [](const char *name, const QString &piece, const QString &other, QStringList expected) {
        QVERIFY(base.contains(piece));
        expected.sort();
        QTest::newRow(name) << base << QString(base).replace(piece, other) << expected;
    };
    row("nothing", u"Item"_s, u"Item"_s, {});
    row("a new optional field", u"stock: Int"_s, u"stock: Int note: String"_s, {});
    row("a new model", u"type Shop"_s, u"type Cart @model { id: ID! size: Int! } type Shop"_s, {});
    row("a new field that is required", u"stock: Int"_s, u"stock: Int note: String!"_s,
        {u"breaking stored data Item.note"_s, u"breaking clients Item.note"_s});
    row("a new required field with a default", u"stock: Int"_s, u"stock: Int note: String! @default(value: \"x\")"_s,
        {u"breaking stored data Item.note"_s});
    row("a removed field", u" stock: Int"_s, QString(), {u"breaking stored data Item.stock"_s, u"breaking clients Item.stock"_s});
    row("a renamed field", u" stock: Int"_s, u" amount: Int @renamedFrom(name: \"stock\")"_s,
        {u"dangerous stored data Item.stock"_s, u"breaking clients Item.stock"_s});
    row("a renamed enum value", u"PIECE LITRE"_s, u"PIECE LITER @renamedFrom(name: \"LITRE\")"_s,
        {u"dangerous stored data Unit.LITRE"_s, u"breaking clients Unit.LITRE"_s, u"dangerous clients Unit.LITER"_s});
    row("a field of another type", u"stock: Int"_s, u"stock: Float"_s,
        {u"breaking stored data Item.stock"_s, u"breaking clients Item.stock"_s});
    row("an ID that becomes a String", u"code: ID"_s, u"code: String"_s, {u"breaking clients Item.code"_s});
    row("a text that gets a format", u"label: String"_s, u"label: AWSEmail"_s,
        {u"breaking stored data Box.label"_s, u"breaking clients Box.label"_s});
    row("one value that becomes a list", u"stock: Int"_s, u"stock: [Int]"_s,
        {u"breaking stored data Item.stock"_s, u"breaking clients Item.stock"_s});
    row("a field that becomes required", u"stock: Int"_s, u"stock: Int!"_s,
        {u"breaking stored data Item.stock"_s, u"breaking clients Item.stock"_s});
    row("a field that becomes optional", u"name: String! stock"_s, u"name: String stock"_s, {u"breaking clients Item.name"_s});
    row("elements that become required", u"[String]"_s, u"[String!]"_s,
        {u"breaking stored data Item.tags"_s, u"breaking clients Item.tags"_s});
    row("a removed enum value", u"PIECE LITRE"_s, u"PIECE"_s, {u"breaking stored data Unit.LITRE"_s, u"breaking clients Unit.LITRE"_s});
    row("a new enum value", u"PIECE LITRE"_s, u"PIECE LITRE GRAM"_s, {u"dangerous clients Unit.GRAM"_s});
    row("a removed field of an embedded type", u" label: String"_s, QString(),
        {u"breaking stored data Box.label"_s, u"breaking clients Box.label"_s});
    row("a required field of an embedded type", u"label: String"_s, u"label: String!"_s,
        {u"breaking stored data Box.label"_s, u"breaking clients Box.label"_s});
    row("a list operation that is renamed", u"Shop @model"_s, u"Shop @model(queries: {list: \"allShops\", get: \"getShop\"})"_s,
        {u"breaking clients Query.listShops"_s});
    row("subscriptions that are switched off", u"Shop @model"_s, u"Shop @model(subscriptions: null)"_s,
        {u"breaking clients Subscription.onCreateShop"_s,
         u"breaking clients Subscription.onDeleteShop"_s, u"breaking clients Subscription.onUpdateShop"_s});
    row("rules that came", u"Shop @model"_s, u"Shop @model @auth(rules: [{allow: private}])"_s, {u"dangerous clients Shop"_s});
    row("a relation that keeps its key elsewhere", u"code: ID unit: Unit box: Box tags: [String] shop: Shop @belongsTo"_s,
        u"code: ID unit: Unit box: Box tags: [String] shopId: ID shop: Shop @belongsTo(fields: [\"shopId\"])"_s,
        {u"breaking stored data Item.shop"_s});
    QTest::newRow("a removed model") << base + u"type Gone @model { id: ID! x: Int }"_s << base
                                     << QStringList{u"breaking clients Gone"_s, u"breaking stored data Gone"_s};
    const QString keyed = u"type K @model { a: ID! @primaryKey(sortKeyFields: [\"b\"]) b: Int! c: Int }"_s;
    QTest::newRow("another key") << keyed << QString(keyed).replace(u"(sortKeyFields: [\"b\"])"_s, QString())
                                 << QStringList{u"breaking clients K.b"_s, u"breaking clients Query.getK"_s, u"breaking clients Query.listKS"_s,
                                                u"breaking stored data K"_s};
    QTest::newRow("the only model's subscriptions") << u"type N @model { id: ID! }"_s << u"type N @model(subscriptions: null) { id: ID! }"_s
                                                    << QStringList{u"breaking clients Subscription.onCreateN"_s, u"breaking clients Subscription.onDeleteN"_s,
                                                                   u"breaking clients Subscription.onUpdateN"_s};
    const QString indexed = u"type N @model { id: ID! a: String! @index(name: \"byA\", queryField: \"nByA\") }"_s;
    QTest::newRow("an index query that is gone") << indexed << u"type N @model { id: ID! a: String! }"_s
                                                 << QStringList{u"breaking clients Query.nByA"_s};
    QTest::newRow("an interface that is gone") << u"interface Named { name: String }\ntype N implements Named @model { id: ID! name: String }"_s
                                               << u"interface Named { name: String }\ntype N @model { id: ID! name: String }"_s
                                               << QStringList{u"breaking clients N.Named"_s};
    QTest::newRow("an own operation that is gone") << base + u"type Query { time: String hello(name: String): String }"_s
                                                   << base + u"type Query { hello(name: String!): String }"_s
                                                   << QStringList{u"breaking clients Query.hello"_s, u"breaking clients Query.time"_s};
}

void TestCheck::findsWhatBreaks()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QFETCH(QStringList, expected);
    int code = -1;
    const QJsonArray changes = check(before, after, &code);
    QStringList found;
    for (const QJsonValue &change : changes) {
        found.append(u"%1 %2 %3"_s.arg(change["severity"_L1].toString(), change["concerns"_L1].toString(), change["subject"_L1].toString()));
        QVERIFY(!change["message"_L1].toString().isEmpty());
        QVERIFY(!change["advice"_L1].toString().isEmpty());
    }
    found.sort();
    QCOMPARE(found, expected);
    QCOMPARE(code, expected.filter(u"breaking"_s).isEmpty() ? 0 : 1);
}

void TestCheck::namesThePlaces()
{
    write(u"old.graphql"_s, u"type A @model {\n  id: ID!\n  gone: Int\n  kept: Int\n}\n"_s);
    write(u"new.graphql"_s, u"\ntype A @model {\n  id: ID!\n  kept: Float\n}\n"_s);
    const Outcome outcome = run({u"check"_s, u"old.graphql"_s, u"new.graphql"_s});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.output.contains(u"old.graphql:3:3: breaking for stored data: A.gone: "_s), qPrintable(outcome.output));
    QVERIFY2(outcome.output.contains(u"new.graphql:4:3: breaking for stored data: A.kept: the type is Float instead of Int"_s), qPrintable(outcome.output));
    write(u"renamed.graphql"_s, u"type A @model(queries: {list: \"all\", get: \"getA\"}) {\n  id: ID!\n  gone: Int\n  kept: Int\n}\n"_s);
    const QString renamed = run({u"check"_s, u"old.graphql"_s, u"renamed.graphql"_s}).output;
    QVERIFY2(renamed.startsWith(u"renamed.graphql:1:6: breaking for clients: Query.listAS: "_s), qPrintable(renamed));
    QVERIFY2(outcome.output.endsWith(u"breaking: 4, dangerous: 0\n"_s), qPrintable(outcome.output));
}

void TestCheck::tellsOneChangeOnce()
{
    int code = 0;
    const QJsonArray changes = check(base, QString(base).replace(u" stock: Int"_s, QString()), &code);
    QCOMPARE(changes.size(), 2);
    const QString message = changes[1]["message"_L1].toString();
    for (const QString &place : {u"Item.stock"_s, u"CreateItemInput.stock"_s, u"UpdateItemInput.stock"_s, u"ModelItemFilterInput.stock"_s})
        QVERIFY2(message.contains(place), qPrintable(message));
}

void TestCheck::refusesSchemasThatAreNone()
{
    write(u"good.graphql"_s, base);
    write(u"bad.graphql"_s, u"type A @model {\n  id: Nope\n}\n"_s);
    const Outcome outcome = run({u"check"_s, u"good.graphql"_s, u"bad.graphql"_s});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.errors.startsWith(u"bad.graphql:2:"_s), qPrintable(outcome.errors));
    QCOMPARE(outcome.output, QString());
    QCOMPARE(run({u"check"_s, u"good.graphql"_s}).code, 2);
}

void TestCheck::validateNamesEveryProblemOfEveryFile()
{
    write(u"good.graphql"_s, base);
    write(u"bad.graphql"_s, u"type A @model {\n  id: Nope\n  x: [[Int]]\n}\n"_s);
    write(u"broken.graphql"_s, u"type A {\n  x\n}\n"_s);
    const Outcome outcome = run({u"validate"_s, u"bad.graphql"_s, u"good.graphql"_s, u"broken.graphql"_s});
    QCOMPARE(outcome.code, 1);
    QCOMPARE(outcome.output, u"good.graphql: valid, model types: 2\n"_s);
    for (const QString &start : {u"bad.graphql:2:"_s, u"bad.graphql:3:"_s, u"broken.graphql:3:1: "_s})
        QVERIFY2(outcome.errors.contains(start), qPrintable(outcome.errors));
    QCOMPARE(run({u"validate"_s, u"good.graphql"_s}).code, 0);
    QCOMPARE(run({u"validate"_s, u"missing.graphql"_s}).code, 1);
    QCOMPARE(run({u"validate"_s}).code, 2);
}

QTEST_GUILESS_MAIN(TestCheck)
#include "tst_check.moc"
