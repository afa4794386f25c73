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
    void whatTheBackendNamesGoesAloneAndTheOthersStayTogether();
};

/* The backend wants a note; this device's schema is older. A variable that does not fit makes a backend refuse the whole document. */
void TestRefusals::whatTheBackendNamesGoesAloneAndTheOthersStayTogether()
{
    QTemporaryDir folder;
    const Schema schema = countSchema(u"String"_s);
    TestServer server(countSchema(u"String!"_s), folder.filePath(u"server.sqlite"_s));
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
    for (int i = 0; i < 50; ++i) {
        Draft draft(schema.model(u"StockCount"_s));
        draft.set(draft.model()->fieldIndex(u"id"), Value(u"r%1"_s.arg(i)));
        if (i != 7 && i != 31)
            draft.set(draft.model()->fieldIndex(u"note"), Value(u"there is one"_s));
        drafts.append(draft);
    }
    const QFuture<Result<QList<Receipt>>> saved = store.saveAll(drafts);
    QTRY_VERIFY(saved.isFinished() && saved.result().ok());

    store.setPaused(false);
    QTRY_COMPARE(store.rejectedCount(), 2);
    QTRY_COMPARE(store.outboxCount(), 2);
    QCOMPARE(line.requests(), 2 + 1 + 1 + 2);           // line and sync, the document, the 48, and two alone
    const QFuture<Result<QList<RejectedMutation>>> rejected = store.rejected();
    QTRY_VERIFY(rejected.isFinished());
    QStringList keys;
    for (const RejectedMutation &each : *rejected.result())
        keys.append(each.key);
    QCOMPARE(keys, QStringList({u"r7"_s, u"r31"_s}));
    const QFuture<Result<qint64>> pending = store.count(u"StockCount"_s);
    QTRY_VERIFY(pending.isFinished());
    QCOMPARE(*pending.result(), 50);
}

QTEST_GUILESS_MAIN(TestRefusals)
#include "tst_refusals.moc"
