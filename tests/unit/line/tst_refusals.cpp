// SPDX-License-Identifier: MIT
#include "client/appsync/appsync.h"
#include "client/datastore.h"
#include "shared/faultproxy.h"
#include "shared/testserver.h"

#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

namespace {

Schema countSchema(const QString &noteType)
{
    const Result<Schema> schema = Schema::parse(u"type StockCount @model @auth(rules: [{ allow: public }]) { id: ID! note: %1 }"_s.arg(noteType));
    if (!schema)
        qFatal("The test's schema is wrong: %s", qPrintable(schema.error().message()));
    return *schema;
}

} // namespace

class TestRefusals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatTheServersValidationRefusesDoesNotHoldUpTheOthersOfItsDocument_data();
    void whatTheServersValidationRefusesDoesNotHoldUpTheOthersOfItsDocument();
};

void TestRefusals::whatTheServersValidationRefusesDoesNotHoldUpTheOthersOfItsDocument_data()
{
    QTest::addColumn<QString>("noteType");              // of the backend; this device's schema is older
    QTest::addColumn<Value>("note");
    QTest::addColumn<QList<int>>("wrong");              // of 50
    QTest::addColumn<int>("documents");
    QTest::newRow("a field is missing") << u"String!"_s << Value() << QList<int>{7, 31} << 2;
    QTest::newRow("a value does not fit") << u"AWSURL"_s << Value(u"behind the door"_s) << QList<int>{0, 49} << 2;
    QTest::newRow("a value that names another") << u"AWSURL"_s << Value(u"$input3"_s) << QList<int>{1} << 2;
    QList<int> all;
    for (int i = 0; i < 50; ++i)
        all.append(i);
    QTest::newRow("all of them") << u"String!"_s << Value() << all << 1;
}

/* A variable that does not fit makes a backend refuse the whole document, and it says which. */
void TestRefusals::whatTheServersValidationRefusesDoesNotHoldUpTheOthersOfItsDocument()
{
    QFETCH(QString, noteType);
    QFETCH(Value, note);
    QFETCH(QList<int>, wrong);
    QFETCH(int, documents);
    QTemporaryDir folder;
    const Schema schema = countSchema(u"String"_s);
    TestServer server(countSchema(noteType), folder.filePath(u"server.sqlite"_s));
    const FaultProxy line(quint16(server.url().port()));
    ApiKey auth;
    AppSync backend;
    DataStore store;
    auth.setKey(TestServer::key());
    backend.setAuth(&auth);
    backend.setUrl(line.url());
    store.setSchema(schema);
    store.setBackend(&backend);
    store.setPaused(true);
    const QFuture<Result<void>> opened = store.open(folder.filePath(u"device.sqlite"_s));
    QTRY_VERIFY(opened.isFinished() && opened.result().ok());
    QList<Draft> drafts;
    QStringList expected;
    for (int i = 0; i < 50; ++i) {
        Draft draft(schema.model(u"StockCount"_s));
        draft.set(draft.model()->fieldIndex(u"id"), Value(u"r%1"_s.arg(i)));
        const Value given = wrong.contains(i) ? note : Value(u"https://tideline.test/"_s);
        if (!given.isNull())
            draft.set(draft.model()->fieldIndex(u"note"), given);
        if (wrong.contains(i))
            expected.append(u"r%1"_s.arg(i));
        drafts.append(draft);
    }
    const QFuture<Result<QList<Receipt>>> saved = store.saveAll(drafts);
    QTRY_VERIFY(saved.isFinished() && saved.result().ok());

    store.setPaused(false);
    QTRY_COMPARE(store.rejectedCount(), int(wrong.size()));
    QTRY_COMPARE(store.outboxCount(), int(wrong.size()));
    QCOMPARE(line.requests(), 2 + documents);           // line and sync before
    const QFuture<Result<QList<RejectedMutation>>> rejected = store.rejected();
    QTRY_VERIFY(rejected.isFinished());
    QStringList keys;
    for (const RejectedMutation &each : *rejected.result()) {
        keys.append(each.key);
        const QString message = each.error.message();
        QVERIFY2(message.startsWith(u"Variable '$input'"_s) || message.startsWith(u"Variable \"$input\""_s) || message.startsWith(u"Variable 'input'"_s),
                 qPrintable(message));                  // as if it had gone alone
    }
    QCOMPARE(keys, expected);
    const QFuture<Result<qint64>> pending = store.count(u"StockCount"_s);
    QTRY_VERIFY(pending.isFinished());
    QCOMPARE(*pending.result(), 50);
}

QTEST_GUILESS_MAIN(TestRefusals)
#include "tst_refusals.moc"
