// SPDX-License-Identifier: MIT
#include "backendfixture.h"

#include "server/auth/fetcher.h"
#include "server/conflicts/httpconflictfunction.h"
#include "server/conflicts/scriptconflictfunction.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QTemporaryDir>

using namespace BackendFixture;
using namespace std::chrono_literals;

// Answers at once with what the test said.
class FixedFetcher final : public Fetcher
{
public:
    void fetch(const FetchRequest &request, std::function<void(Result<FetchAnswer>)> done) override
    {
        last = request;
        done(answer);
    }
    FetchRequest last;
    Result<FetchAnswer> answer = FetchAnswer{};
};

// Functions that decide conflicts: an HTTP endpoint, and a script with limits.
class TestConflictFunctions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEndpointGetsTheEvent();
    void anEndpointMayFail_data();
    void anEndpointMayFail();

    void aScriptAnswers_data();
    void aScriptAnswers();
    void aScriptHasItsLimits_data();
    void aScriptHasItsLimits();
    void aScriptThatIsNone_data();
    void aScriptThatIsNone();
    void aMissingHostIsAnError();
    void aScriptMayBeMended();
    void tooManyCallsAreRefused();
    void aCallThatWaitedTooLongHasNoTurn();
    void theEndAnswersWhatWaits();
    void aLoopingScriptCostsItsCallerOnly();

private:
    [[nodiscard]] QString write(const QByteArray &text, const QString &name = u"f.js"_s) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() ? file.fileName() : QString();
    }
    [[nodiscard]] ScriptOptions options(const QByteArray &text) const
    {
        ScriptOptions options;
        options.file = write(text);
        options.host = QStringLiteral(TIDELINE_SCRIPT);
        options.timeLimit = 30s;
        options.startLimit = 60s;
        return options;
    }
    using Answer = std::optional<Result<QJsonObject>>;
    [[nodiscard]] static std::future<Result<QJsonObject>> begin(ConflictFunction &function, const QJsonObject &event)
    {
        const auto promise = std::make_shared<std::promise<Result<QJsonObject>>>();
        function.ask(event, [promise](const Result<QJsonObject> &answer) { promise->set_value(answer); });
        return promise->get_future();
    }
    // Nothing when no answer came.
    [[nodiscard]] static Answer end(std::future<Result<QJsonObject>> answer)
    {
        return answer.wait_for(60s) == std::future_status::ready ? Answer(answer.get()) : std::nullopt;
    }
    [[nodiscard]] static Answer ask(ConflictFunction &function, const QJsonObject &event) { return end(begin(function, event)); }

    QTemporaryDir m_folder;
};

void TestConflictFunctions::anEndpointGetsTheEvent()
{
    const auto fetcher = std::make_shared<FixedFetcher>();
    fetcher->answer = FetchAnswer{200, R"({"action":"RESOLVE","item":{"a":1}})"};
    HttpConflictFunction function(QUrl(u"https://conflicts.example/x"_s), fetcher, 3s);
    const Answer answer = ask(function, {{u"newItem"_s, QJsonObject{{u"id"_s, u"\u00e4"_s}}}});
    QVERIFY(answer && *answer);
    QCOMPARE((*answer)->value("item"_L1).toObject(), (QJsonObject{{u"a"_s, 1}}));
    QCOMPARE(fetcher->last.url, QUrl(u"https://conflicts.example/x"_s));
    QCOMPARE(fetcher->last.body, QByteArray("{\"newItem\":{\"id\":\"\xc3\xa4\"}}"));
    QCOMPARE(fetcher->last.deadline, 3s);
}

void TestConflictFunctions::anEndpointMayFail_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("code");
    QTest::newRow("no answer") << 0 << QByteArray() << int(Error::Code::Timeout);
    QTest::newRow("another status") << 500 << QByteArray(R"({"action":"REJECT"})") << int(Error::Code::BackendFailed);
    QTest::newRow("no JSON") << 200 << QByteArray("sorry") << int(Error::Code::Protocol);
    QTest::newRow("no object") << 200 << QByteArray("[]") << int(Error::Code::Protocol);
    QTest::newRow("an action twice") << 200 << QByteArray(R"({"action":"REJECT","action":"REMOVE"})") << int(Error::Code::Protocol);
}

void TestConflictFunctions::anEndpointMayFail()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    QFETCH(const int, code);
    const auto fetcher = std::make_shared<FixedFetcher>();
    if (status == 0)
        fetcher->answer = Error(Error::Code::Timeout, u"away"_s);
    else
        fetcher->answer = FetchAnswer{status, body};
    HttpConflictFunction function(QUrl(u"https://conflicts.example/"_s), fetcher);
    const Answer answer = ask(function, {});
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code()), code);
}

void TestConflictFunctions::aScriptAnswers_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::newRow("a function") << QByteArray("function resolve(event) { return {got: event, text: `${event.a}\u2028\\n`} }");
    QTest::newRow("an exported one") << QByteArray("const nl = '\\n';\nexport function resolve(event) { return {got: event, text: event.a + '\\u2028' + nl} }");
    QTest::newRow("a constant") << QByteArray("var resolve = event => ({got: event, text: event.a + '\\u2028\\n'})");
    QTest::newRow("one that logs") << QByteArray("function resolve(event) { console.log('{\"answer\":{}}'); return {got: event, text: event.a + '\\u2028\\n'} }");
}

void TestConflictFunctions::aScriptAnswers()
{
    QFETCH(const QByteArray, script);
    ScriptConflictFunction function(options(script));
    for (int i = 0; i < 3; ++i) {
        const QJsonObject event{{u"a"_s, u"\u00e4\n\"%1"_s.arg(i)}, {u"n"_s, 1.5}, {u"nothing"_s, QJsonValue()}, {u"l"_s, QJsonArray{1, u"x"_s}}};
        const Answer answer = ask(function, event);
        QVERIFY2(answer && *answer, answer ? qPrintable(answer->error().message()) : "no answer");
        QCOMPARE((*answer)->value("got"_L1).toObject(), event);
        QCOMPARE((*answer)->value("text"_L1).toString(), event["a"_L1].toString() + u"\u2028\n"_s);
    }
}

static const QByteArray naughty = R"(
function resolve(event) {
    const all = [];
    switch (event.what) {
    case 'loop': for (;;) {}
    case 'objects': for (;;) all.push(new Array(1000).fill('x' + all.length));
    case 'text': { let s = 'abcdefgh'; for (;;) s += s + '!'; }
    case 'buffers': for (;;) all.push(new ArrayBuffer(10000000));
    case 'depth': { const f = () => f() + 1; return f(); }
    case 'throw': throw new Error('no');
    case 'throw an answer': throw {action: 'REMOVE'};
    case 'nothing': return;
    case 'number': return 7;
    case 'list': return [];
    case 'cycle': all.push(all); return {all};
    case 'large': return {text: 'x'.repeat(3000000)};
    }
    return {action: 'REJECT'};
})";

void TestConflictFunctions::aScriptHasItsLimits_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<int>("code");
    QTest::newRow("a loop") << u"loop"_s << int(Error::Code::Timeout);
    QTest::newRow("many objects") << u"objects"_s << int(Error::Code::BackendFailed);
    QTest::newRow("long text") << u"text"_s << int(Error::Code::BackendFailed);
    QTest::newRow("large buffers") << u"buffers"_s << int(Error::Code::BackendFailed);
    QTest::newRow("deep recursion") << u"depth"_s << int(Error::Code::BackendFailed);
    QTest::newRow("an exception") << u"throw"_s << int(Error::Code::BackendFailed);
    QTest::newRow("an answer thrown") << u"throw an answer"_s << int(Error::Code::BackendFailed);
    QTest::newRow("nothing returned") << u"nothing"_s << int(Error::Code::BackendFailed);
    QTest::newRow("a number returned") << u"number"_s << int(Error::Code::BackendFailed);
    QTest::newRow("a list returned") << u"list"_s << int(Error::Code::BackendFailed);
    QTest::newRow("a cycle returned") << u"cycle"_s << int(Error::Code::BackendFailed);
    QTest::newRow("too much returned") << u"large"_s << int(Error::Code::Protocol);
}

void TestConflictFunctions::aScriptHasItsLimits()
{
    QFETCH(const QString, what);
    QFETCH(const int, code);
    ScriptOptions limited = options(naughty);
    if (code == int(Error::Code::Timeout))
        limited.timeLimit = 300ms;
    ScriptConflictFunction function(limited);
    const Answer answer = ask(function, {{u"what"_s, what}});
    QVERIFY(answer && !*answer);
    QCOMPARE(int(answer->error().code()), code);
    QVERIFY(!answer->error().message().isEmpty());
    if (code == int(Error::Code::Timeout))
        return;
    const Answer next = ask(function, {});                  // whoever comes next notices nothing
    QVERIFY2(next && *next, next ? qPrintable(next->error().message()) : "no answer");
    QCOMPARE((*next)->value("action"_L1).toString(), u"REJECT"_s);
}

void TestConflictFunctions::aScriptThatIsNone_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("words");
    QTest::newRow("a syntax error") << QByteArray("\nfunction resolve( {") << u"f.js: SyntaxError.*line 2"_s;
    QTest::newRow("no function") << QByteArray("var x = 1;") << u"f.js has no function resolve"_s;
    QTest::newRow("an exception") << QByteArray("throw new Error('at once');") << u"f.js: Error: at once"_s;
    QTest::newRow("one that does not end") << QByteArray("for (;;) {}") << u"not ready in time"_s;
    QTest::newRow("a module with an error") << QByteArray("export function resolve(") << u"f.js: SyntaxError"_s;
}

void TestConflictFunctions::aScriptThatIsNone()
{
    QFETCH(const QByteArray, script);
    QFETCH(const QString, words);
    ScriptOptions wrong = options(script);
    if (words.contains(u"in time"))
        wrong.startLimit = 300ms;
    ScriptConflictFunction function(wrong);
    for (int i = 0; i < 2; ++i) {
        const Answer answer = ask(function, {});
        QVERIFY(answer && !*answer);
        QVERIFY2(answer->error().message().contains(QRegularExpression(words)), qPrintable(answer->error().message()));
    }
}

void TestConflictFunctions::aMissingHostIsAnError()
{
    ScriptOptions wrong = options(naughty);
    wrong.host = m_folder.filePath(u"gone"_s);
    ScriptConflictFunction function(wrong);
    const Answer answer = ask(function, {});
    QVERIFY(answer && !*answer);
    QVERIFY2(answer->error().message().contains(u"cannot be started"), qPrintable(answer->error().message()));
}

void TestConflictFunctions::aScriptMayBeMended()
{
    ScriptConflictFunction function(options("nonsense("));
    const Answer wrong = ask(function, {});
    QVERIFY(wrong && !*wrong);
    QVERIFY(!write("function resolve() { return {} }").isEmpty());
    const Answer mended = ask(function, {});
    QVERIFY(mended && *mended);
}

void TestConflictFunctions::tooManyCallsAreRefused()
{
    ScriptOptions limited = options(naughty);
    limited.maxWaiting = 2;
    std::optional<ScriptConflictFunction> function(limited);
    std::vector<std::future<Result<QJsonObject>>> looping;
    for (int i = 0; i < 2; ++i)
        looping.push_back(begin(*function, {{u"what"_s, u"loop"_s}}));
    const Answer third = ask(*function, {});
    QVERIFY(third && !*third);
    QCOMPARE(third->error().code(), Error::Code::Throttled);
    function.reset();
    for (auto &answer : looping) {
        const Answer ended = end(std::move(answer));
        QVERIFY(ended && !*ended);
    }
}

void TestConflictFunctions::theEndAnswersWhatWaits()
{
    std::optional<ScriptConflictFunction> function(options(naughty));
    std::future<Result<QJsonObject>> looping = begin(*function, {{u"what"_s, u"loop"_s}});
    std::future<Result<QJsonObject>> waiting = begin(*function, {});
    function.reset();
    for (auto *answer : {&looping, &waiting}) {
        const Answer ended = end(std::move(*answer));
        QVERIFY(ended && !*ended);
        QCOMPARE(ended->error().code(), Error::Code::Closed);
    }
}

void TestConflictFunctions::aCallThatWaitedTooLongHasNoTurn()
{
    ScriptOptions impatient = options(naughty);
    impatient.timeLimit = 300ms;
    impatient.waitLimit = 250ms;                            // the first one's turn comes at once
    ScriptConflictFunction function(impatient);
    QVERIFY(ask(function, {}));                             // the process runs now, or the call was too impatient for its start
    std::future<Result<QJsonObject>> looping = begin(function, {{u"what"_s, u"loop"_s}});
    std::future<Result<QJsonObject>> late = begin(function, {});
    for (auto *answer : {&looping, &late}) {
        const Answer ended = end(std::move(*answer));
        QVERIFY(ended && !*ended);
        QCOMPARE(ended->error().code(), Error::Code::Timeout);
    }
}

// In a backend: one caller's conflict makes the script loop, others' are decided, and who has no conflict does not wait at all.
void TestConflictFunctions::aLoopingScriptCostsItsCallerOnly()
{
    ScriptOptions limited = options("function resolve(event) {\n"
                                    "    if (event.newItem.text === 'loop') for (;;) {}\n"
                                    "    return {action: 'RESOLVE', item: Object.assign({}, event.existingItem, {text: event.existingItem.text + event.newItem.text})};\n"
                                    "}\n");
    limited.timeLimit = 5s;
    const Result<Schema> schema = Schema::parse(u"type Item @model @auth(rules: [{allow: public}]) { id: ID! text: String }"_s);
    QVERIFY(schema);
    TestBackend backend(*schema, {.conflicts = ConflictStrategy::Function, .conflictFunction = std::make_shared<ScriptConflictFunction>(limited)});
    QVERIFY2(backend.backend, qPrintable(backend.error.message()));
    backend.mutate(u"create"_s, u"Item"_s, {{u"id"_s, u"1"_s}, {u"text"_s, u"A"_s}}, u"id"_s);
    const QString update = TestBackend::mutation(u"update"_s, u"Item"_s, u"text _version"_s);
    const auto start = [&](const QString &text) {
        const auto promise = std::make_shared<std::promise<QByteArray>>();
        backend.backend->execute({update, {{u"input"_s, QJsonObject{{u"id"_s, u"1"_s}, {u"text"_s, text}, {u"_version"_s, 9}}}}, {}, {}},
                                 [promise](const QByteArray &response) { promise->set_value(response); });
        return promise->get_future();
    };
    std::future<QByteArray> looping = start(u"loop"_s);
    std::future<QByteArray> second = start(u"B"_s);
    QVERIFY(!backend.mutate(u"create"_s, u"Item"_s, {{u"id"_s, u"2"_s}}, u"id"_s).contains("errors"_L1));
    QVERIFY(looping.wait_for(0s) == std::future_status::timeout);
    QVERIFY(looping.wait_for(60s) == std::future_status::ready && second.wait_for(60s) == std::future_status::ready);
    QCOMPARE(firstError(QJsonDocument::fromJson(looping.get()).object())["errorType"_L1].toString(), u"ConflictError"_s);
    QCOMPARE(QJsonDocument::fromJson(second.get())["data"_L1]["updateItem"_L1].toObject(), (QJsonObject{{u"text"_s, u"AB"_s}, {u"_version"_s, 2}}));
}

QTEST_GUILESS_MAIN(TestConflictFunctions)
#include "tst_conflictfunctions.moc"
