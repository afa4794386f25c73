// SPDX-License-Identifier: MIT
#include "client/appsync/decoding_p.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QRegularExpression>
#include <QtTest/QTest>

using namespace Tideline;
using namespace Qt::StringLiterals;

class tst_Decoding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errorOfAMutationSaysWhatToDo_data();
    void errorOfAMutationSaysWhatToDo();
    void refusalOfADocumentSaysWhoIsMeant_data();
    void refusalOfADocumentSaysWhoIsMeant();
    void conflictBringsTheBackendsRecord();
    void pageKeepsWhatItHasBesideErrors();
    void rowWithAFieldThatMayNotBeReadIsThere();
    void pageWithoutDataIsAnError_data();
    void pageWithoutDataIsAnError();
    void statusSaysWhatToDo_data();
    void statusSaysWhatToDo();
    void retryAfterIsSecondsOrADate_data();
    void retryAfterIsSecondsOrADate();
};

static Schema tagSchema()
{
    return Schema::parse(u"type Tag @model { id: ID! text: String }"_s).valueOr({});
}

static QJsonObject tag(const QString &id, int version)
{
    return {{u"id"_s, id}, {u"text"_s, u"x"_s}, {u"createdAt"_s, u"2024-01-01T00:00:00.000Z"_s}, {u"updatedAt"_s, u"2024-01-01T00:00:00.000Z"_s},
            {u"_version"_s, version}, {u"_deleted"_s, QJsonValue()}, {u"_lastChangedAt"_s, qint64(1'700'000'000'000)}};
}

void tst_Decoding::errorOfAMutationSaysWhatToDo_data()
{
    QTest::addColumn<QString>("errorType");
    QTest::addColumn<MutationResponse::Outcome>("outcome");
    QTest::addColumn<Error::Code>("code");
    using Outcome = MutationResponse::Outcome;
    QTest::newRow("the key exists, or a condition fails") << u"ConditionalCheckFailedException"_s << Outcome::Rejected << Error::Code::ConditionFailed;
    QTest::newRow("the same, of a resolver on DynamoDB") << u"DynamoDB:ConditionalCheckFailedException"_s << Outcome::Rejected << Error::Code::ConditionFailed;
    QTest::newRow("a conflict") << u"ConflictUnhandled"_s << Outcome::Conflict << Error::Code::Rejected;
    QTest::newRow("refused") << u"BadRequest"_s << Outcome::Rejected << Error::Code::Rejected;
    QTest::newRow("the backend's own failure") << u"InternalFailure"_s << Outcome::Unreachable << Error::Code::BackendFailed;
    QTest::newRow("too many at the same time") << u"MaxConflicts"_s << Outcome::Unreachable << Error::Code::BackendFailed;
    QTest::newRow("stored, but not in the journal") << u"DeltaSyncWriteError"_s << Outcome::Unreachable << Error::Code::BackendFailed;
    QTest::newRow("it took too long") << u"ExecutionTimeout"_s << Outcome::Unreachable << Error::Code::BackendFailed;
    QTest::newRow("a document that asks for too much") << u"ResolverExecutionLimitReached"_s << Outcome::Unreachable << Error::Code::BackendFailed;
    QTest::newRow("too many requests") << u"ThrottlingException"_s << Outcome::Unreachable << Error::Code::Throttled;
    QTest::newRow("too many requests of a table") << u"DynamoDB:ProvisionedThroughputExceededException"_s << Outcome::Unreachable << Error::Code::Throttled;
    QTest::newRow("a resolver that fails") << u"Lambda:Unhandled"_s << Outcome::Rejected << Error::Code::Rejected;
    QTest::newRow("a document that is too deep") << u"QueryDepthLimitReached"_s << Outcome::Rejected << Error::Code::Rejected;
}

void tst_Decoding::errorOfAMutationSaysWhatToDo()
{
    QFETCH(QString, errorType);
    const Result<Schema> schema = Schema::parse(u"type Tag @model { id: ID! }"_s);
    QVERIFY(schema.ok());
    OutboxEntry entry;
    entry.model = schema->model(u"Tag"_s);
    entry.key = u"t"_s;
    const QJsonObject error{{u"path"_s, QJsonArray{u"createTag"_s}}, {u"errorType"_s, errorType}, {u"message"_s, u"No."_s}};
    const QJsonObject answer{{u"data"_s, QJsonObject{{u"createTag"_s, QJsonValue()}}}, {u"errors"_s, QJsonArray{error}}};
    const QList<MutationResponse> responses = decodeMutations(*schema, {entry}, answer);
    QCOMPARE(responses.size(), 1);
    QTEST(responses.first().outcome, "outcome");
    QTEST(responses.first().error.code(), "code");
    QCOMPARE(responses.first().error.record(), u"t"_s);
}

void tst_Decoding::refusalOfADocumentSaysWhoIsMeant_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<QList<int>>("lines");
    QTest::addColumn<QList<qsizetype>>("verdicts");
    QTest::addColumn<QList<qsizetype>>("suspects");
    using List = QList<qsizetype>;
    const QString graphqlJs = u"Variable \"$input1\" got invalid value { id: \"t\" }; Field \"text\" of required type \"String!\" was not provided."_s;
    const QString appSync = u"Variable 'input1' has coerced Null value for NonNull type 'String!'"_s;
    const QString fieldName = u"The variables input contains a field name 'text' that is not defined for input object type 'CreateTagInput' "_s;
    QTest::newRow("graphql-js, of a variable") << graphqlJs << QList{3} << List{1} << List{};
    QTest::newRow("AppSync, of a variable") << appSync << QList{3} << List{1} << List{};
    QTest::newRow("of a variable without a place") << appSync << QList<int>{} << List{} << List{1};
    QTest::newRow("of a variable at another's place") << appSync << QList{4} << List{} << List{2};
    QTest::newRow("of a condition") << u"Variable '$condition2' has an invalid value"_s << QList{4} << List{2} << List{};
    QTest::newRow("of a variable and the field that it is for") << graphqlJs << QList{3, 7} << List{1} << List{};
    QTest::newRow("of a mutation that there is not") << u"Cannot query field \"createTag\" on type \"Mutation\"."_s << QList{8} << List{} << List{2};
    QTest::newRow("of a field of all") << u"Cannot query field \"text\" on type \"Tag\"."_s << QList{10} << List{} << List{};
    QTest::newRow("of two") << u"Variable \"$input1\" is of another type."_s << QList{3, 8} << List{} << List{1};
    QTest::newRow("of a field that nobody has") << fieldName << QList<int>{} << List{} << List{};
    QTest::newRow("one each is all that it takes") << u"A document may have one mutation."_s << QList<int>{} << List{} << List{};
    QTest::newRow("the same with a place") << u"A document may have one mutation."_s << QList{7} << List{} << List{1};
    QTest::newRow("of a variable that there is not") << u"Variable 'input9' has an invalid value"_s << QList<int>{} << List{} << List{};
}

void tst_Decoding::refusalOfADocumentSaysWhoIsMeant()
{
    QFETCH(QString, message);
    QFETCH(QList<int>, lines);
    const Schema schema = tagSchema();
    OutboxEntry entry;
    entry.model = schema.model(u"Tag"_s);
    entry.key = u"t"_s;
    QJsonArray places;
    for (const int line : lines)
        places.append(QJsonObject{{u"line"_s, line}, {u"column"_s, 1}, {u"sourceName"_s, QJsonValue()}});
    const QJsonObject error{{u"path"_s, QJsonValue()}, {u"locations"_s, places.isEmpty() ? QJsonValue() : places}, {u"message"_s, message}};
    const Refusal refusal = decodeRefusal(schema, {entry, entry, entry}, {{u"data"_s, QJsonValue()}, {u"errors"_s, QJsonArray{error}}});
    QTEST(refusal.verdicts.keys(), "verdicts");
    QTEST(refusal.suspects.values(), "suspects");
    for (const MutationResponse &verdict : refusal.verdicts) {
        QCOMPARE(verdict.outcome, MutationResponse::Outcome::Rejected);
        QVERIFY(verdict.error.message().contains(QRegularExpression(u"[$']input\\b|[$']condition\\b"_s)));      // not the number in that document
    }
}

void tst_Decoding::conflictBringsTheBackendsRecord()
{
    const Schema schema = tagSchema();
    OutboxEntry entry;
    entry.model = schema.model(u"Tag"_s);
    entry.key = u"t"_s;
    entry.operation = OutboxEntry::Operation::Update;
    const QJsonObject error{{u"path"_s, QJsonArray{u"updateTag"_s}}, {u"errorType"_s, u"ConflictUnhandled"_s}, {u"message"_s, u"Conflict."_s},
                            {u"data"_s, tag(u"t"_s, 5)}};
    const MutationResponse response = decodeMutations(schema, {entry}, {{u"errors"_s, QJsonArray{error}}}).first();
    QCOMPARE(response.outcome, MutationResponse::Outcome::Conflict);
    QCOMPARE(response.record.key(), u"t"_s);
    QCOMPARE(response.record.metadata().version, 5);
}

static SyncRequest tagRequest(const Schema &schema)
{
    SyncRequest request;
    request.model = schema.model(u"Tag"_s);
    return request;
}

void tst_Decoding::pageKeepsWhatItHasBesideErrors()
{
    const Schema schema = tagSchema();
    const QJsonObject connection{{u"items"_s, QJsonArray{tag(u"a"_s, 1), QJsonValue(), tag(u"b"_s, 2)}}, {u"nextToken"_s, u"more"_s}, {u"startedAt"_s, 77}};
    const QJsonObject error{{u"path"_s, QJsonArray{u"syncTags"_s, u"items"_s, 1}}, {u"message"_s, u"Cannot return null"_s}};
    const Result<SyncPage> page = decodePage(schema, tagRequest(schema), {{u"data"_s, QJsonObject{{u"syncTags"_s, connection}}}, {u"errors"_s, QJsonArray{error}}});
    QVERIFY(page.ok());
    QCOMPARE(page->items.size(), size_t(3));
    QCOMPARE(page->items[0].record.key(), u"a"_s);
    QCOMPARE(page->items[1].record.key(), u"b"_s);
    QCOMPARE(page->items[2].error.message(), u"Cannot return null"_s);
    QCOMPARE(page->items[2].error.model(), u"Tag"_s);
    QCOMPARE(page->nextToken, u"more"_s);
    QCOMPARE(page->startedAt, 77);
}

/* AppSync says so of each such field of each row. */
void tst_Decoding::rowWithAFieldThatMayNotBeReadIsThere()
{
    const Schema schema = tagSchema();
    const QJsonObject connection{{u"items"_s, QJsonArray{tag(u"a"_s, 1), QJsonValue()}}, {u"nextToken"_s, QJsonValue()}, {u"startedAt"_s, 77}};
    QJsonArray errors;
    for (int row = 0; row < 2; ++row)
        errors.append(QJsonObject{{u"path"_s, QJsonArray{u"syncTags"_s, u"items"_s, row, u"text"_s}}, {u"errorType"_s, u"Unauthorized"_s},
                                  {u"message"_s, u"Not Authorized to access text on type Tag"_s}});
    const Result<SyncPage> page = decodePage(schema, tagRequest(schema), {{u"data"_s, QJsonObject{{u"syncTags"_s, connection}}}, {u"errors"_s, errors}});
    QVERIFY(page.ok());
    QCOMPARE(page->items.size(), size_t(2));
    QCOMPARE(page->items[0].record.key(), u"a"_s);
    QCOMPARE(page->items[1].error.code(), Error::Code::Unauthorized);      // that row is not there
}

void tst_Decoding::pageWithoutDataIsAnError_data()
{
    QTest::addColumn<QJsonObject>("answer");
    QTest::addColumn<Error::Code>("code");
    const auto errors = [](const QString &type) { return QJsonArray{QJsonObject{{u"errorType"_s, type}, {u"message"_s, u"No."_s}}}; };
    QTest::newRow("refused") << QJsonObject{{u"data"_s, QJsonValue()}, {u"errors"_s, errors(u"BadRequest"_s)}} << Error::Code::Rejected;
    QTest::newRow("not allowed") << QJsonObject{{u"data"_s, QJsonObject{{u"syncTags"_s, QJsonValue()}}}, {u"errors"_s, errors(u"Unauthorized"_s)}}
                                 << Error::Code::Unauthorized;
    QTest::newRow("nothing at all") << QJsonObject() << Error::Code::Protocol;
}

void tst_Decoding::pageWithoutDataIsAnError()
{
    QFETCH(QJsonObject, answer);
    const Schema schema = tagSchema();
    const Result<SyncPage> page = decodePage(schema, tagRequest(schema), answer);
    QTEST(page.error().code(), "code");
    QCOMPARE(page.error().model(), u"Tag"_s);
}

void tst_Decoding::statusSaysWhatToDo_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<Error::Code>("code");
    QTest::addColumn<bool>("retryable");
    QTest::newRow("no answer") << 0 << Error::Code::Network << true;
    QTest::newRow("refused") << 400 << Error::Code::Rejected << false;
    QTest::newRow("no credentials") << 401 << Error::Code::Unauthorized << false;
    QTest::newRow("not allowed") << 403 << Error::Code::Unauthorized << false;
    QTest::newRow("too many requests") << 429 << Error::Code::Throttled << true;
    QTest::newRow("failed") << 500 << Error::Code::BackendFailed << true;
    QTest::newRow("not available") << 503 << Error::Code::BackendFailed << true;
    QTest::newRow("no time left") << 504 << Error::Code::BackendFailed << true;
    QTest::newRow("a page of somebody else's") << 200 << Error::Code::Protocol << false;
}

void tst_Decoding::statusSaysWhatToDo()
{
    QFETCH(int, status);
    QFETCH(bool, retryable);
    const Error error = httpError(status, "SomeException", R"({"errors": [{"message": "Said so."}]})", u"refused"_s);
    QTEST(error.code(), "code");
    QCOMPARE(error.isRetryable(), retryable);
    QCOMPARE(error.message().contains(u"Said so."_s), status >= 400 && status != 429);
}

void tst_Decoding::retryAfterIsSecondsOrADate_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<qint64>("wait");
    const auto row = [](const char *name, int status, const QByteArray &header, qint64 wait) { QTest::newRow(name) << status << header << wait; };
    row("seconds", 429, "7", 7'000);
    row("seconds of a backend that is not there", 503, " 120 ", 120'000);
    row("at most five minutes", 503, "86400", 300'000);
    row("more than any number", 503, "1e300", 300'000);
    row("a date", 503, "Wed, 21 Oct 2015 07:28:30 GMT", 30'000);
    row("a date far away", 503, "Thu, 22 Oct 2015 07:28:00 GMT", 300'000);
    row("a date that is over", 429, "Wed, 21 Oct 2015 07:27:00 GMT", 0);
    row("no header", 429, {}, 0);
    row("no time at all", 429, "soon", 0);
    row("less than nothing", 429, "-5", 0);
    row("not a number", 429, "nan", 0);
    row("another failure", 500, "7", 0);
    row("an answer", 200, "7", 0);
}

void tst_Decoding::retryAfterIsSecondsOrADate()
{
    QFETCH(int, status);
    QFETCH(QByteArray, header);
    QTEST(retryAfter(status, header, "Wed, 21 Oct 2015 07:28:00 GMT"), "wait");
    QCOMPARE(retryAfter(status, "Wed, 21 Oct 2015 07:28:30 GMT", {}), 0);      // nobody knows the backend's clock
}

QTEST_GUILESS_MAIN(tst_Decoding)
#include "tst_decoding.moc"
