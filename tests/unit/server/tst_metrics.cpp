// SPDX-License-Identifier: MIT
#include "backendfixture.h"

#include <array>
#include <thread>
#include <vector>

using namespace BackendFixture;

class tst_Metrics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sortsIntoBuckets();
    void losesNoCount();
    void namesEveryRefusal();
    void countsWhatABackendDoes_data();
    void countsWhatABackendDoes();
    void queuesAreEmptyAfterAll();
    void limitsMutationsOfADocument();
    void checksTheDatabase();
};

static const QString schemaText = uR"(
type Note @model @auth(rules: [{ allow: public }]) { id: ID! text: String! other: String }
type Private @model @auth(rules: [{ allow: owner }]) { id: ID! text: String! }
)"_s;

static Schema someSchema()
{
    const Result<Schema> schema = Schema::parse(schemaText);
    return schema ? *schema : Schema();
}

void tst_Metrics::sortsIntoBuckets()
{
    Histogram histogram({1'000, 5'000});
    for (const qint64 value : {0, 1'000, 1'001, 5'000, 5'001, 900'000})
        histogram.observe(value);
    QByteArray text;
    histogram.write(text, "x_seconds", "kind=\"a\"", 1e-6);
    QCOMPARE(text, QByteArray("x_seconds_bucket{kind=\"a\",le=\"0.001\"} 2\nx_seconds_bucket{kind=\"a\",le=\"0.005\"} 4\n"
                              "x_seconds_bucket{kind=\"a\",le=\"+Inf\"} 6\nx_seconds_sum{kind=\"a\"} 0.912002\nx_seconds_count{kind=\"a\"} 6\n"));
}

void tst_Metrics::losesNoCount()
{
    Counter counter;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&counter] {
            for (int j = 0; j < 10'000; ++j)
                ++counter;
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(counter.value(), 40'000);
}

void tst_Metrics::namesEveryRefusal()
{
    const QByteArray text = Metrics().text();
    for (int status = 400; status < 600; ++status)
        QVERIFY(text.contains("tideline_refusals_total{reason=\"" + nameOf(refusalOf(status)) + "\"} 0\n"));
    QVERIFY(text.endsWith('\n') && !text.contains("\n\n"));
}

void tst_Metrics::countsWhatABackendDoes_data()
{
    QTest::addColumn<QString>("document");
    QTest::addColumn<QByteArray>("line");
    const auto update = [](const QString &text, int version) {
        return u"mutation { updateNote(input: {id: \"1\", text: \"%1\", _version: %2}) { id } }"_s.arg(text).arg(version);
    };
    QTest::newRow("a query") << u"{ listNotes { items { id } } }"_s << QByteArray("tideline_operation_seconds_count{kind=\"query\"} 1");
    QTest::newRow("a sync") << u"{ syncNotes { items { id } } }"_s << QByteArray("tideline_operation_seconds_count{kind=\"sync\"} 1");
    QTest::newRow("no document") << u"{ nothing }"_s << QByteArray("tideline_operation_seconds_count{kind=\"invalid\"} 1");
    QTest::newRow("refused documents") << u"{"_s << QByteArray("tideline_refusals_total{reason=\"document\"} 1");
    QTest::newRow("a change") << update(u"b"_s, 1) << QByteArray("tideline_changes_total 2");
    QTest::newRow("a commit") << update(u"b"_s, 1) << QByteArray("tideline_commit_documents_count 2");
    QTest::newRow("no conflict") << update(u"b"_s, 1) << QByteArray("tideline_conflicts_total{outcome=\"merged\"} 0");
    QTest::newRow("a merged conflict") << update(u"b"_s, 7) << QByteArray("tideline_conflicts_total{outcome=\"merged\"} 1");
    QTest::newRow("a rejected conflict") << u"mutation { deleteNote(input: {id: \"1\", _version: 7}) { id } }"_s
                                         << QByteArray("tideline_conflicts_total{outcome=\"rejected\"} 1");
    QTest::newRow("a condition") << u"mutation { updateNote(input: {id: \"gone\", text: \"b\"}) { id } }"_s
                                 << QByteArray("tideline_refusals_total{reason=\"condition\"} 1");
    QTest::newRow("a rule") << u"mutation { createPrivate(input: {id: \"1\", text: \"b\"}) { id } }"_s << QByteArray("tideline_refusals_total{reason=\"rule\"} 1");
}

void tst_Metrics::countsWhatABackendDoes()
{
    QFETCH(QString, document);
    QFETCH(QByteArray, line);
    const auto metrics = std::make_shared<Metrics>();
    const TestBackend backend(someSchema(), {.metrics = metrics});
    (void)backend.run(u"mutation { createNote(input: {id: \"1\", text: \"a\"}) { id } }"_s);
    const QJsonObject answer = backend.run(document);
    const QByteArray text = metrics->text();
    QVERIFY2(text.contains('\n' + line + '\n'), (text + QJsonDocument(answer).toJson()).constData());
}

void tst_Metrics::queuesAreEmptyAfterAll()
{
    const auto metrics = std::make_shared<Metrics>();
    {
        TestBackend backend(someSchema(), {.metrics = metrics});
        const std::array documents{u"{ listNotes { items { id } } }"_s, u"mutation { createNote(input: {text: \"a\"}) { id } }"_s};
        for (const QString &document : documents)
            (void)backend.run(document);
        for (int i = 0; i < 200; ++i) {
            const QString &document = documents[size_t(i % 2)];
            backend.backend->execute({document, {}, {}, {}}, [](const QByteArray &) { });
        }
        backend.backend->close();
        backend.backend->execute({u"mutation { createNote(input: {text: \"late\"}) { id } }"_s, {}, {}, {}}, [](const QByteArray &) { });
    }
    QCOMPARE(metrics->writerQueue.value(), 0);
    QCOMPARE(metrics->readerQueue.value(), 0);
    QCOMPARE(metrics->feedQueue.value(), 0);
    QCOMPARE(metrics->changes.value(), 101);
}

void tst_Metrics::limitsMutationsOfADocument()
{
    const TestBackend backend(someSchema(), {.maxMutations = 2});
    const auto documentOf = [](int count) {
        QString document = u"mutation {"_s;
        for (int i = 0; i < count; ++i)
            document += u" a%1: createNote(input: {id: \"%2-%1\", text: \"x\"}) { id }"_s.arg(i).arg(count);
        return document + u" }"_s;
    };
    QVERIFY(!backend.run(documentOf(2)).contains("errors"_L1));
    const QJsonObject refused = backend.run(documentOf(3));
    QVERIFY(refused["data"_L1].isNull());
    QCOMPARE(firstError(refused)["message"_L1].toString(), u"A document may have 2 mutations, not 3."_s);
    QCOMPARE(firstError(refused)["errorType"_L1].toString(), u"BadRequest"_s);
    QCOMPARE(backend.data(u"{ listNotes { items { id } } }"_s)["items"_L1].toArray().size(), 2);
}

void tst_Metrics::checksTheDatabase()
{
    TestBackend backend(someSchema());
    const auto check = [&backend] {
        std::promise<bool> answered;
        std::future<bool> answer = answered.get_future();
        backend.backend->check([&answered](const Result<void> &state) { answered.set_value(bool(state)); });
        return answer.get();
    };
    QVERIFY(check());
    backend.backend->close();
    QVERIFY(!check());
}

QTEST_GUILESS_MAIN(tst_Metrics)
#include "tst_metrics.moc"
