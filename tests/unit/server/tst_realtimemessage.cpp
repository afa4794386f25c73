// SPDX-License-Identifier: MIT
#include "server/http/realtimemessage_p.h"

#include <QtTest/QtTest>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_RealtimeMessage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTypes_data();
    void readsTypes();
    void readsStarts();
    void refusesStarts_data();
    void refusesStarts();
    void writesMessages();
};

void tst_RealtimeMessage::readsTypes_data()
{
    using enum ClientMessage::Type;
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("type");
    QTest::addColumn<QString>("id");
    QTest::newRow("connection_init") << QByteArray(R"({"type":"connection_init"})") << int(ConnectionInit) << QString();
    QTest::newRow("connection_init with a payload") << QByteArray(R"({"type":"connection_init","payload":{}})") << int(ConnectionInit) << QString();
    QTest::newRow("stop") << QByteArray(R"({"type":"stop","id":"ä"})") << int(Stop) << u"ä"_s;
    QTest::newRow("start") << QByteArray(R"({"type":"start","id":"1"})") << int(Start) << u"1"_s;
    QTest::newRow("another type") << QByteArray(R"({"type":"ka","id":"1"})") << int(Unknown) << u"1"_s;
    QTest::newRow("type in capitals") << QByteArray(R"({"type":"Start"})") << int(Unknown) << QString();
    QTest::newRow("no type") << QByteArray(R"({"id":"1"})") << int(Unknown) << u"1"_s;
    QTest::newRow("numbers") << QByteArray(R"({"type":1,"id":2})") << int(Unknown) << QString();
    QTest::newRow("a list") << QByteArray(R"([{"type":"start"}])") << int(Unknown) << QString();
    QTest::newRow("no JSON") << QByteArray("start") << int(Unknown) << QString();
    QTest::newRow("nothing") << QByteArray() << int(Unknown) << QString();
}

void tst_RealtimeMessage::readsTypes()
{
    QFETCH(QByteArray, text);
    const ClientMessage message = parseClientMessage(text);
    QTEST(int(message.type), "type");
    QTEST(message.id, "id");
}

void tst_RealtimeMessage::readsStarts()
{
    const ClientMessage message = parseClientMessage(R"({"id":"7e0c","type":"start","payload":{
        "data":"{\"query\":\"subscription operation {\\n  onCreatePost {\\n    id\\n  }\\n}\\n\",\"variables\":{\"owner\":null}}",
        "extensions":{"authorization":{"host":"api.example.com","X-Api-Key":"da2-x","x-amz-user-agent":"aws-amplify/6"}}}})");
    QVERIFY(!message.error.isError());
    QCOMPARE(message.request.query, u"subscription operation {\n  onCreatePost {\n    id\n  }\n}\n"_s);
    QCOMPARE(message.request.variables, QJsonObject({{u"owner"_s, QJsonValue()}}));
    QVERIFY(message.authorization.has_value());
    QCOMPARE(message.authorization->value("x-api-key"), QByteArray("da2-x"));
    QCOMPARE(message.authorization->value("host"), QByteArray("api.example.com"));
}

void tst_RealtimeMessage::refusesStarts_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no id") << QByteArray(R"({"type":"start","payload":{"data":"{\"query\":\"{a}\"}"}})");
    QTest::newRow("empty id") << QByteArray(R"({"type":"start","id":"","payload":{"data":"{\"query\":\"{a}\"}"}})");
    QTest::newRow("no payload") << QByteArray(R"({"type":"start","id":"1"})");
    QTest::newRow("data is an object") << QByteArray(R"({"type":"start","id":"1","payload":{"data":{"query":"{a}"}}})");
    QTest::newRow("data is no JSON") << QByteArray(R"({"type":"start","id":"1","payload":{"data":"{a}"}})");
    QTest::newRow("data without query") << QByteArray(R"({"type":"start","id":"1","payload":{"data":"{}"}})");
}

void tst_RealtimeMessage::refusesStarts()
{
    QFETCH(QByteArray, text);
    QVERIFY(parseClientMessage(text).error.isError());
}

void tst_RealtimeMessage::writesMessages()
{
    using namespace ServerMessage;
    QCOMPARE(connectionAck(300s), QByteArray(R"({"type":"connection_ack","payload":{"connectionTimeoutMs":300000}})"));
    QCOMPARE(keepAlive(), QByteArray(R"({"type":"ka"})"));
    QCOMPARE(startAck(u"a\"b"_s), QByteArray(R"({"type":"start_ack","id":"a\"b"})"));
    QCOMPARE(complete(u"1"_s), QByteArray(R"({"type":"complete","id":"1"})"));
    QCOMPARE(dataHead(u"1"_s) + "{\"data\":{}}" + '}', QByteArray(R"({"type":"data","id":"1","payload":{"data":{}}})"));
    QCOMPARE(ServerMessage::error(u"1"_s, "Unauthorized", u"no"_s),
             QByteArray(R"({"type":"error","id":"1","payload":{"errors":[{"errorType":"Unauthorized","message":"no"}]}})"));
    QCOMPARE(ServerMessage::error(QString(), "UnsupportedOperation", u"unknown not supported through the realtime channel"_s),
             QByteArray(R"({"type":"error","payload":{"errors":[{"errorType":"UnsupportedOperation","message":"unknown not supported through the realtime channel"}]}})"));
    QCOMPARE(connectionError(Error(Error::Code::Unauthorized, u"You are not authorized to make this call."_s)),
             QByteArray(R"({"type":"connection_error","payload":{"errors":[{"errorType":"UnauthorizedException","message":"You are not authorized to make this call.","errorCode":401}]}})"));
}

QTEST_GUILESS_MAIN(tst_RealtimeMessage)
#include "tst_realtimemessage.moc"
