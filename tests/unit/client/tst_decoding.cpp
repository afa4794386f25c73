// SPDX-License-Identifier: MIT
#include "client/appsync/decoding_p.h"

#include <QtCore/QJsonDocument>
#include <QtTest/QTest>

using namespace Tideline;
using namespace Qt::StringLiterals;

class tst_Decoding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errorOfAMutationSaysWhatToDo_data();
    void errorOfAMutationSaysWhatToDo();
};

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
    QTest::newRow("the backend's own failure") << u"InternalFailure"_s << Outcome::Unreachable << Error::Code::Rejected;
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

QTEST_GUILESS_MAIN(tst_Decoding)
#include "tst_decoding.moc"
