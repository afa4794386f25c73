// SPDX-License-Identifier: MIT
#include "core/data/value.h"
#include "core/schema/selection.h"
#include "shared/testschema.h"
#include "shared/testserver.h"
#include "toolprocess.h"

#include <QtCore/QDir>
#include <QtCore/QFileInfo>
#include <QtCore/QJsonArray>
#include <QtCore/QRegularExpression>
#include <QtCore/QSet>
#include <QtCore/QTemporaryDir>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

using namespace Tideline;
using namespace TidelineTest;
using namespace Qt::StringLiterals;

// An endpoint in front of a server that refuses what a test says.
class PickyEndpoint
{
public:
    using Judge = std::function<bool(const QString &query, const QJsonObject &variables)>;

    PickyEndpoint(TestServer &server, Judge refuses) : m_server(server), m_refuses(std::move(refuses))
    {
        if (!m_listener.listen(QHostAddress::LocalHost))
            qFatal("no port");
        QObject::connect(&m_listener, &QTcpServer::newConnection, &m_listener, [this] {
            QTcpSocket *socket = m_listener.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { answer(socket); });
        });
    }
    [[nodiscard]] QString url() const { return u"http://127.0.0.1:%1/graphql"_s.arg(m_listener.serverPort()); }

    int requests = 0;
    int failures = 0;                   // how many times it still answers 503

private:
    void answer(QTcpSocket *socket)
    {
        const QByteArray request = socket->peek(8 * 1024 * 1024);
        const qsizetype head = request.indexOf("\r\n\r\n");
        static const QRegularExpression length(u"content-length: *(\\d+)"_s, QRegularExpression::CaseInsensitiveOption);
        const qint64 size = length.match(QString::fromLatin1(request.first(std::max<qsizetype>(0, head)))).captured(1).toLongLong();
        if (head < 0 || request.size() < head + 4 + size)
            return;
        const QJsonObject body = QJsonDocument::fromJson(socket->readAll().mid(head + 4)).object();
        ++requests;
        const QString query = body["query"_L1].toString();
        const QJsonObject variables = body["variables"_L1].toObject();
        const QJsonObject refusal{{u"data"_s, QJsonValue()}, {u"errors"_s, QJsonArray{QJsonObject{{u"message"_s, u"too much"_s}}}}};
        const bool fails = failures > 0 && failures-- > 0;
        const QByteArray text = fails ? "{}" : QJsonDocument(m_refuses(query, variables) ? refusal : m_server.execute(query, variables)).toJson();
        socket->write((fails ? "HTTP/1.1 503 No\r\nContent-Length: " : "HTTP/1.1 200 OK\r\nContent-Length: ") + QByteArray::number(text.size()) + "\r\n\r\n" + text);
    }

    QTcpServer m_listener;
    TestServer &m_server;
    const Judge m_refuses;
};

class TestImportExport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void roundTrip_data();
    void roundTrip();
    void csvCells_data();
    void csvCells();
    void rowsThatFail_data();
    void rowsThatFail();
    void stopsWhenToldTo();
    void refusesAHeaderThatDoesNotFit_data();
    void refusesAHeaderThatDoesNotFit();
    void refusesWrongUse_data();
    void refusesWrongUse();
    void anImportThatWasKilledGoesOn();
    void anImportThatWasInterruptedGoesOn();
    void rowsWithoutIdGetTheSameOnesAgain();
    void recordsThatAreThere();
    void recordsThatWereDeletedStaySo();
    void refusedDocumentsAreSentInHalves();
    void aRowThatIsRefusedCostsFewRequests();
    void failsWhenTheFileCannotBeReadToItsEnd();
    void anEmptyTokenIsNone();
    void sitsOutAnEndpointThatFails();
    void endsWithoutPermission();
    void exportLeavesAFileAloneUntilItIsComplete();
    void anExportThatWasKilledGoesOn();
    void anExportWhoseTokenIsNoneBeginsAnew();
    void exportLeavesOutWhatWasDeleted();
    void showsProgressOnATerminal();
    void keepsSecrets();

private:
    int run(ToolProcess &tool, const QStringList &arguments, const QByteArray &input = {});
    [[nodiscard]] QStringList at(const TestServer &server, const QStringList &arguments) const;
    [[nodiscard]] QString path(const QString &name) const { return m_folder->filePath(name); }
    [[nodiscard]] QByteArray makers(int count) const;
    static int countOf(TestServer &server, const QString &list);
    static QList<QJsonObject> recordsOf(TestServer &server, const QString &model);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TestServer> m_server;
};

void TestImportExport::init()
{
    m_server.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_server = std::make_unique<TestServer>(TestSchema::schema(), path(u"a.db"_s));
    QVERIFY(writeFile(path(u"schema.graphql"_s), TestSchema::source().toUtf8()));
}

QStringList TestImportExport::at(const TestServer &server, const QStringList &arguments) const
{
    return arguments + QStringList{u"--url"_s, server.url().toString()};
}

int TestImportExport::run(ToolProcess &tool, const QStringList &arguments, const QByteArray &input)
{
    tool.start(arguments, input);
    return tool.finish();
}

QByteArray TestImportExport::makers(int count) const
{
    QByteArray text = "id,name,country\n";
    for (int i = 0; i < count; ++i)
        text += "m" + QByteArray::number(i) + ",Maker " + QByteArray::number(i) + ",FI\n";
    return text;
}

int TestImportExport::countOf(TestServer &server, const QString &list)
{
    const QString query = u"{ %1(limit: 1000) { items { id } nextToken } }"_s.arg(list);
    const QJsonValue page = server.execute(query)["data"_L1][list];
    return page["nextToken"_L1].isNull() ? int(page["items"_L1].toArray().size()) : -1;
}

// What a client may write of each, in the order of keys.
QList<QJsonObject> TestImportExport::recordsOf(TestServer &server, const QString &model)
{
    const std::shared_ptr<const ModelType> type = TestSchema::model(model);
    const QString query = u"{ list%1s(limit: 1000) { items {%2 } } }"_s.arg(model, recordSelection(TestSchema::schema(), *type));
    QList<QJsonObject> records;
    for (const QJsonValue &item : server.execute(query)["data"_L1][u"list%1s"_s.arg(model)]["items"_L1].toArray()) {
        QJsonObject record;
        for (const SchemaField &field : type->fields) {
            if (!field.readOnly)
                record.insert(field.name, item[field.name]);
        }
        records.append(record);
    }
    return records;
}

static QList<QJsonObject> everyKindOfProduct()
{
    const QJsonObject full{
        {u"id"_s, u"p-full"_s}, {u"name"_s, u"Tea, \"green\"\r\nsecond line"_s}, {u"code"_s, u"007"_s}, {u"stock"_s, -2147483648.0},
        {u"price"_s, 0.1}, {u"discontinued"_s, true}, {u"introducedOn"_s, u"2024-02-29+01:00"_s}, {u"opensAt"_s, u"08:30:00.123456789Z"_s},
        {u"changedAt"_s, u"2024-05-31T12:30:00.000Z"_s}, {u"countedAt"_s, 1700000000123.0}, {u"email"_s, u"a@b.example"_s},
        {u"attributes"_s, u"{\"b\" : [1, null], \"a\":\"ä,\\\"\"}"_s}, {u"site"_s, u"https://example.org/a?b=c,d"_s}, {u"phone"_s, u"+44 20 7946 0000"_s},
        {u"address"_s, u"10.0.0.0/8"_s}, {u"unit"_s, u"Litre"_s},
        {u"size"_s, QJsonObject{{u"width"_s, 1.5}, {u"height"_s, QJsonValue()}, {u"unit"_s, u"piece"_s},
                                {u"label"_s, QJsonObject{{u"text"_s, u"x,\ny"_s}}}, {u"notes"_s, QJsonArray{u""_s, u"é"_s}}}},
        {u"tags"_s, QJsonArray{u"a"_s, QJsonValue(), u"null"_s, u""_s}}, {u"ratings"_s, QJsonArray{1, -2}}, {u"units"_s, QJsonArray{u"piece"_s, u"kilogram"_s}},
        {u"sizes"_s, QJsonArray{QJsonObject{{u"width"_s, 1e300}}}}};
    const QJsonObject empty{{u"id"_s, u"p-empty"_s}, {u"name"_s, u""_s}, {u"units"_s, QJsonArray()}, {u"tags"_s, QJsonArray()}};
    const QJsonObject odd{{u"id"_s, u"p, odd \"key\""_s}, {u"name"_s, u" null "_s}, {u"units"_s, QJsonArray()}, {u"price"_s, 1e-300}, {u"attributes"_s, u"null"_s},
                          {u"code"_s, u"\ufeff\U0001F375"_s}, {u"discontinued"_s, false}, {u"stock"_s, 0}};
    return {full, empty, odd};
}

static void createProducts(TestServer &server)
{
    for (const QJsonObject &product : everyKindOfProduct()) {
        const QJsonObject answer = server.execute(u"mutation c($input: CreateProductInput!) { createProduct(input: $input) { id } }"_s, {{u"input"_s, product}});
        QVERIFY2(!answer.contains("errors"_L1), QJsonDocument(answer).toJson().constData());
    }
}

void TestImportExport::roundTrip_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("before");
    QTest::newRow("JSON lines") << u"p.jsonl"_s << QByteArray();
    QTest::newRow("CSV") << u"p.csv"_s << QByteArray();
    QTest::newRow("CSV with a byte order mark") << u"p.csv"_s << QByteArray("\xef\xbb\xbf");
    QTest::newRow("JSON lines with a byte order mark") << u"p.jsonl"_s << QByteArray("\xef\xbb\xbf");
}

void TestImportExport::roundTrip()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, before);
    createProducts(*m_server);
    const QStringList what{u"schema.graphql"_s, u"Product"_s, file};
    ToolProcess exporter(m_folder->path(), TestServer::key());
    QCOMPARE(run(exporter, at(*m_server, QStringList(u"export"_s) + what)), 0);
    QCOMPARE(exporter.output, QByteArray());
    QCOMPARE(exporter.errors, QByteArray("3 records of Product exported\n"));
    QVERIFY(writeFile(path(file), before + readFile(path(file))));

    TestServer other(TestSchema::schema(), path(u"b.db"_s));
    ToolProcess importer(m_folder->path(), TestServer::key());
    QVERIFY2(run(importer, at(other, QStringList(u"import"_s) + what)) == 0, importer.errors.constData());
    QCOMPARE(importer.errors, QByteArray("created: 3, there already: 0, updated: 0, failed: 0\n"));
    const QList<QJsonObject> there = recordsOf(*m_server, u"Product"_s);
    QCOMPARE(there.size(), 3);
    QCOMPARE(recordsOf(other, u"Product"_s), there);
}

void TestImportExport::csvCells_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QList<QJsonValue>>("countries");
    const QJsonValue null;
    QTest::newRow("an empty cell is null") << QByteArray("id,name,country\na,x,\n") << QList<QJsonValue>{null};
    QTest::newRow("a quoted empty cell is the empty text") << QByteArray("id,name,country\na,x,\"\"\n") << QList<QJsonValue>{u""_s};
    QTest::newRow("quotes, commas and line ends") << QByteArray("id,name,country\r\na,x,\"a \"\"b\"\",\r\nc\"\r\n") << QList<QJsonValue>{u"a \"b\",\r\nc"_s};
    QTest::newRow("no end of the last line") << QByteArray("id,name,country\na,x,FI") << QList<QJsonValue>{u"FI"_s};
    QTest::newRow("an empty last cell without an end of line") << QByteArray("id,name,country\na,x,") << QList<QJsonValue>{null};
    QTest::newRow("blank lines") << QByteArray("id,name,country\n\na,x,FI\n\r\n\nb,y,SE\n") << QList<QJsonValue>{u"FI"_s, u"SE"_s};
    QTest::newRow("columns in another order, and metadata") << QByteArray("_version,country,createdAt,name,id\n7,FI,2024-05-31T12:30:00.000Z,x,a\n") << QList<QJsonValue>{u"FI"_s};
    QTest::newRow("quoted names") << QByteArray("\"id\",\"name\",\"country\"\n\"a\",\"x\",\"FI\"\n") << QList<QJsonValue>{u"FI"_s};
    QTest::newRow("spaces belong to the text") << QByteArray("id,name,country\na,x, FI \n") << QList<QJsonValue>{u" FI "_s};
    QTest::newRow("outside ASCII") << QByteArray("id,name,country\na,x,\xc3\x85land\n") << QList<QJsonValue>{QString::fromUtf8("\xc3\x85land")};
    QTest::newRow("no column for it") << QByteArray("id,name\na,x\n") << QList<QJsonValue>{null};
}

void TestImportExport::csvCells()
{
    QFETCH(QByteArray, text);
    QFETCH(QList<QJsonValue>, countries);
    ToolProcess tool(m_folder->path(), TestServer::key());
    QVERIFY2(run(tool, at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"-"_s, u"--format"_s, u"csv"_s}), text) == 0, tool.errors.constData());
    QList<QJsonValue> found;
    for (const QJsonObject &maker : recordsOf(*m_server, u"Maker"_s))
        found.append(maker["country"_L1]);
    QCOMPARE(found, countries);
}

void TestImportExport::rowsThatFail_data()
{
    QTest::addColumn<QString>("format");
    QTest::addColumn<QByteArray>("row");
    QTest::addColumn<QString>("reason");
    const auto csv = [](const char *name, const QByteArray &row, const QString &reason) { QTest::newRow(name) << u"csv"_s << row << reason; };
    const auto json = [](const char *name, const QByteArray &row, const QString &reason) { QTest::newRow(name) << u"jsonl"_s << row << reason; };
    csv("too few cells", "b,x", u"2 cells instead of the header's 5"_s);
    csv("too many cells", "b,x,1,,[],", u"6 cells instead of the header's 5"_s);
    csv("no number", "b,x,many,,[]", u"stock"_s);
    csv("a number too large", "b,x,2147483648,,[]", u"stock"_s);
    csv("a required field that is null", "b,,1,,[]", u"name"_s);
    csv("no JSON", "b,x,1,,piece", u"units"_s);
    csv("JSON of another type", "b,x,1,,\"[1]\"", u"units"_s);
    csv("an enum value that is none", "b,x,1,,\"[\"\"stone\"\"]\"", u"units"_s);
    csv("a quote inside", "b,x\"y,1,,[]", u"a quote"_s);
    csv("something behind a quote", "b,\"x\"y,1,,[]", u"between a quote and the next comma"_s);
    csv("no UTF-8", "b,\xff,1,,[]", u"not valid UTF-8"_s);
    csv("no e-mail address", "b,x,1,nobody,[]", u"email"_s);
    csv("no id", ",x,1,,[]", u"--make-ids"_s);
    json("no JSON", "{\"id\":\"b\"", u"not a JSON object"_s);
    json("no object", "[]", u"not a JSON object"_s);
    json("no UTF-8", "{\"id\":\"b\",\"name\":\"\xff\",\"units\":[]}", u"not a JSON object in UTF-8"_s);
    json("an unknown field", R"({"id":"b","name":"x","units":[],"nome":"y"})", u"no field nome"_s);
    json("a missing field", R"({"id":"b","units":[]})", u"field name is required"_s);
    json("a text for a number", R"({"id":"b","name":"x","units":[],"stock":"1"})", u"stock"_s);
    json("an unknown member", R"({"id":"b","name":"x","units":[],"size":{"width":1,"depth":2}})", u"depth"_s);
}

void TestImportExport::rowsThatFail()
{
    QFETCH(QString, format);
    QFETCH(QByteArray, row);
    QFETCH(QString, reason);
    const QByteArray header = format == u"csv"_s ? "id,name,stock,email,units\n" : "\n";
    const auto good = [&](const QByteArray &id) {
        return format == u"csv"_s ? id + ",x,1,,[]\n" : R"({"id":")" + id + R"(","name":"x","units":[]})" + "\n";
    };
    QVERIFY(writeFile(path(u"rows."_s + format), header + good("a") + row + '\n' + good("c")));
    ToolProcess tool(m_folder->path(), TestServer::key());
    QCOMPARE(run(tool, at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Product"_s, u"rows."_s + format})), 1);
    const QStringList lines = QString::fromUtf8(tool.errors).split(u'\n');
    QVERIFY2(lines[0].startsWith(u"rows.%1:3: "_s.arg(format)) && lines[0].contains(reason), tool.errors.constData());
    QCOMPARE(lines[1], u"created: 2, there already: 0, updated: 0, failed: 1"_s);
    QCOMPARE(countOf(*m_server, u"listProducts"_s), 2);
}

void TestImportExport::stopsWhenToldTo()
{
    QVERIFY(writeFile(path(u"m.csv"_s), "id,name\na,x\nb,\nc,x\n"));
    ToolProcess tool(m_folder->path(), TestServer::key());
    QCOMPARE(run(tool, at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s, u"--stop"_s})), 1);
    QVERIFY2(tool.errors.contains("created: 1, there already: 0, updated: 0, failed: 1\ntideline import: stopped"), tool.errors.constData());
}

void TestImportExport::refusesAHeaderThatDoesNotFit_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("none") << QByteArray() << QByteArray("there is none");
    QTest::newRow("an unknown field") << QByteArray("id,nome\n") << QByteArray("Maker has no field \"nome\"");
    QTest::newRow("a field twice") << QByteArray("id,name,id\n") << QByteArray("field id stands twice");
    QTest::newRow("an open quote") << QByteArray("id,\"name\n") << QByteArray("a quote has no other one");
}

void TestImportExport::refusesAHeaderThatDoesNotFit()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, reason);
    QVERIFY(writeFile(path(u"m.csv"_s), text));
    ToolProcess tool(m_folder->path(), TestServer::key());
    QCOMPARE(run(tool, at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s})), 1);
    QVERIFY2(tool.errors.startsWith("m.csv:1: the header row: " + reason), tool.errors.constData());
}

void TestImportExport::refusesWrongUse_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<bool>("withKey");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("reason");
    const QStringList what{u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s};
    const QStringList url{u"--url"_s, u"http://127.0.0.1:1/graphql"_s};
    for (const QString &command : {u"import"_s, u"export"_s}) {
        const auto row = [&](const char *name, const QStringList &arguments, bool withKey, int code, const QByteArray &reason) {
            QTest::newRow(qPrintable(command + u": "_s + QString::fromLatin1(name))) << QStringList(command) + arguments << withKey << code << reason;
        };
        row("no URL", what, true, 2, "--url");
        row("no web address", what + QStringList{u"--url"_s, u"ftp://x/graphql"_s}, true, 2, "--url");
        row("a password in the URL", what + QStringList{u"--url"_s, u"http://u:p@x/graphql"_s}, true, 2, "--url");
        row("no key", what + url, false, 2, "TIDELINE_API_KEY");
        row("a format that is none", what + url + QStringList{u"--format"_s, u"xml"_s}, true, 2, "--format is jsonl or csv");
        row("no such model", QStringList{u"schema.graphql"_s, u"Mker"_s, u"m.csv"_s} + url, true, 2, "there are Maker, Product, StockCount");
        row("no schema", QStringList{u"none.graphql"_s, u"Maker"_s, u"m.csv"_s} + url, true, 1, "none.graphql");
        row("no certificate", what + url + QStringList{u"--trust"_s, u"schema.graphql"_s}, true, 2, "no certificate");
    }
    QTest::newRow("import: no file") << QStringList(u"import"_s) + what + url << true << 1 << QByteArray("cannot read m.csv");
    QTest::newRow("import: no batch") << QStringList(u"import"_s) + what + url + QStringList{u"--batch"_s, u"0"_s} << true << 2 << QByteArray("--batch");
}

void TestImportExport::refusesWrongUse()
{
    QFETCH(QStringList, arguments);
    QFETCH(bool, withKey);
    QFETCH(int, code);
    QFETCH(QByteArray, reason);
    ToolProcess tool(m_folder->path(), withKey ? TestServer::key() : QString());
    QCOMPARE(run(tool, arguments), code);
    QVERIFY2(tool.errors.contains(reason), tool.errors.constData());
}

void TestImportExport::anImportThatWasKilledGoesOn()
{
    constexpr int count = 900;
    QVERIFY(writeFile(path(u"m.csv"_s), makers(count)));
    const QStringList arguments = at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s, u"--batch"_s, u"3"_s});
    int before = 0;
    for (int kills = 0; kills < 3; ++kills) {
        ToolProcess tool(m_folder->path(), TestServer::key());
        tool.start(arguments);
        QTRY_VERIFY_WITH_TIMEOUT(countOf(*m_server, u"listMakers"_s) > before || tool.process.state() == QProcess::NotRunning, 30'000);
        tool.process.kill();
        QCOMPARE(tool.finish(), -1);
        before = countOf(*m_server, u"listMakers"_s);
    }
    QVERIFY(before > 0 && before < count);
    ToolProcess tool(m_folder->path(), TestServer::key());
    QVERIFY2(run(tool, arguments) == 0, tool.errors.constData());
    QCOMPARE(countOf(*m_server, u"listMakers"_s), count);
}

void TestImportExport::anImportThatWasInterruptedGoesOn()
{
    constexpr int count = 900;
    QVERIFY(writeFile(path(u"m.csv"_s), makers(count)));
    const QStringList arguments = at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s, u"--batch"_s, u"3"_s});
    ToolProcess first(m_folder->path(), TestServer::key());
    first.start(arguments);
    QTRY_VERIFY_WITH_TIMEOUT(countOf(*m_server, u"listMakers"_s) > 0, 30'000);
    ::kill(pid_t(first.process.processId()), SIGINT);
    QCOMPARE(first.finish(), 1);
    const int done = countOf(*m_server, u"listMakers"_s);
    QVERIFY(done < count);
    QCOMPARE(first.errors, "created: " + QByteArray::number(done) + ", there already: 0, updated: 0, failed: 0\n"
                               "tideline import: interrupted; run the same command again to go on\n");
    ToolProcess second(m_folder->path(), TestServer::key());
    QVERIFY2(run(second, arguments) == 0, second.errors.constData());
    QCOMPARE(countOf(*m_server, u"listMakers"_s), count);
}

void TestImportExport::rowsWithoutIdGetTheSameOnesAgain()
{
    QVERIFY(writeFile(path(u"m.csv"_s), "id,name\n,x\n,x\nown,y\n"));
    QSet<QString> ids;
    for (int again = 0; again < 2; ++again) {
        ToolProcess tool(m_folder->path(), TestServer::key());
        QCOMPARE(run(tool, at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s, u"--make-ids"_s})), 0);
        for (const QJsonObject &maker : recordsOf(*m_server, u"Maker"_s))
            ids.insert(maker["id"_L1].toString());
        QCOMPARE(ids.size(), 3);
    }
}

void TestImportExport::recordsThatAreThere()
{
    QVERIFY(writeFile(path(u"m.csv"_s), "id,name,country\na,x,FI\nb,y,\nc,z,\n"));
    const QStringList arguments = at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s});
    ToolProcess first(m_folder->path(), TestServer::key());
    QCOMPARE(run(first, arguments), 0);
    m_server->execute(u"mutation { updateMaker(input: {id: \"a\", name: \"other\", _version: 1}) { id } }"_s);
    m_server->execute(u"mutation { a: updateMaker(input: {id: \"b\", name: \"v\", _version: 1}) { id } "
                      "b: updateMaker(input: {id: \"b\", name: \"y\", _version: 2}) { id } }"_s);
    ToolProcess second(m_folder->path(), TestServer::key());
    QCOMPARE(run(second, arguments), 1);
    QCOMPARE(second.errors, QByteArray("m.csv:2: a record with this key is there with another name; --overwrite gives it the row's values\n"
                                       "created: 1, there already: 1, updated: 0, failed: 1\n"));
    QCOMPARE(recordsOf(*m_server, u"Maker"_s)[0]["name"_L1].toString(), u"other"_s);
    ToolProcess third(m_folder->path(), TestServer::key());
    QCOMPARE(run(third, arguments + QStringList(u"--overwrite"_s)), 0);
    QCOMPARE(recordsOf(*m_server, u"Maker"_s)[0]["name"_L1].toString(), u"x"_s);
}

void TestImportExport::recordsThatWereDeletedStaySo()
{
    m_server->execute(u"mutation { createMaker(input: {id: \"a\", name: \"x\"}) { id } }"_s);
    m_server->execute(u"mutation { deleteMaker(input: {id: \"a\", _version: 1}) { id } }"_s);
    ToolProcess tool(m_folder->path(), TestServer::key());
    QCOMPARE(run(tool, at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"-"_s, u"--overwrite"_s}), R"({"id":"a","name":"x"})"), 1);
    QVERIFY2(tool.errors.startsWith("<stdin>:1: a record with this key was deleted"), tool.errors.constData());
}

void TestImportExport::refusedDocumentsAreSentInHalves()
{
    PickyEndpoint endpoint(*m_server, [](const QString &query, const QJsonObject &) { return query.contains(u"m1:"_s); });
    QVERIFY(writeFile(path(u"m.csv"_s), makers(60)));
    ToolProcess tool(m_folder->path(), TestServer::key());
    QVERIFY2(run(tool, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s, u"--url"_s, endpoint.url()}) == 0, tool.errors.constData());
    QCOMPARE(countOf(*m_server, u"listMakers"_s), 60);
    QCOMPARE(endpoint.requests, 60 + 5);        // 25, 12, 6, 3 and 2 were tried, once
}

void TestImportExport::aRowThatIsRefusedCostsFewRequests()
{
    PickyEndpoint endpoint(*m_server, [](const QString &, const QJsonObject &variables) {
        return QJsonDocument(variables).toJson().contains("\"m7\"");
    });
    QVERIFY(writeFile(path(u"m.csv"_s), makers(60)));
    ToolProcess tool(m_folder->path(), TestServer::key());
    QCOMPARE(run(tool, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s, u"--url"_s, endpoint.url()}), 1);
    QVERIFY2(tool.errors.startsWith("m.csv:9: too much\n"), tool.errors.constData());
    QCOMPARE(countOf(*m_server, u"listMakers"_s), 59);
    QCOMPARE(endpoint.requests, 3 + 10);
}

// As a disk that fails: the first byte cannot be read.
void TestImportExport::failsWhenTheFileCannotBeReadToItsEnd()
{
    ToolProcess tool(m_folder->path(), TestServer::key());
    QCOMPARE(run(tool, at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"/proc/self/mem"_s, u"--format"_s, u"jsonl"_s})), 1);
    QVERIFY2(tool.errors.contains("tideline import: cannot read /proc/self/mem: "), tool.errors.constData());
}

// As "docker run -e TIDELINE_TOKEN" says it where there is none.
void TestImportExport::anEmptyTokenIsNone()
{
    ToolProcess tool(m_folder->path(), TestServer::key());
    QProcessEnvironment environment = tool.process.processEnvironment();
    environment.insert(u"TIDELINE_TOKEN"_s, QString());
    tool.process.setProcessEnvironment(environment);
    QCOMPARE(run(tool, at(*m_server, {u"export"_s, u"schema.graphql"_s, u"Maker"_s})), 0);
}

void TestImportExport::sitsOutAnEndpointThatFails()
{
    PickyEndpoint endpoint(*m_server, [](const QString &, const QJsonObject &) { return false; });
    endpoint.failures = 2;
    ToolProcess tool(m_folder->path(), TestServer::key());
    QVERIFY2(run(tool, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"-"_s, u"--url"_s, endpoint.url()}, R"({"id":"a","name":"x"})") == 0,
             tool.errors.constData());
    QCOMPARE(endpoint.requests, 3);
}

void TestImportExport::endsWithoutPermission()
{
    QVERIFY(writeFile(path(u"m.csv"_s), makers(60)));
    ToolProcess tool(m_folder->path(), u"da2-wrong"_s);
    QCOMPARE(run(tool, at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s})), 1);
    QVERIFY2(tool.errors.contains("tideline import: the endpoint refuses the credentials"), tool.errors.constData());
    QVERIFY2(!tool.errors.contains("m.csv:"), tool.errors.constData());
}

void TestImportExport::exportLeavesAFileAloneUntilItIsComplete()
{
    QVERIFY(writeFile(path(u"m.csv"_s), "as it was"));
    ToolProcess tool(m_folder->path(), u"da2-wrong"_s);
    QCOMPARE(run(tool, at(*m_server, {u"export"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s})), 1);
    QCOMPARE(readFile(path(u"m.csv"_s)), QByteArray("as it was"));
    QCOMPARE(QDir(m_folder->path()).entryList({u"m.csv*"_s}), QStringList(u"m.csv"_s));
}

static QByteArrayList sortedLines(const QString &path)
{
    QByteArrayList lines = readFile(path).split('\n');
    std::sort(lines.begin(), lines.end());
    return lines;
}

void TestImportExport::anExportThatWasKilledGoesOn()
{
    constexpr int count = 900;
    QVERIFY(writeFile(path(u"m.csv"_s), makers(count)));
    ToolProcess importer(m_folder->path(), TestServer::key());
    QVERIFY2(run(importer, at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s})) == 0, importer.errors.constData());
    ToolProcess whole(m_folder->path(), TestServer::key());
    QCOMPARE(run(whole, at(*m_server, {u"export"_s, u"schema.graphql"_s, u"Maker"_s, u"whole.csv"_s})), 0);

    const QStringList arguments = at(*m_server, {u"export"_s, u"schema.graphql"_s, u"Maker"_s, u"out.csv"_s, u"--batch"_s, u"2"_s});
    qint64 before = 0;
    for (const int signal : {SIGKILL, SIGINT}) {
        ToolProcess tool(m_folder->path(), TestServer::key());
        tool.start(arguments);
        const auto written = [this] { return QFileInfo(path(u"out.csv.part"_s)).size(); };
        QTRY_VERIFY_WITH_TIMEOUT((QFile::exists(path(u"out.csv.part.json"_s)) && written() > before) || tool.process.state() == QProcess::NotRunning, 30'000);
        ::kill(pid_t(tool.process.processId()), signal);
        QCOMPARE(tool.finish(), signal == SIGKILL ? -1 : 1);
        QCOMPARE(tool.errors.contains("goes on after"), before > 0);
        QVERIFY(signal == SIGKILL || tool.errors.contains("tideline export: interrupted; run the same command again to go on\n"));
        before = written();
        QVERIFY(!QFile::exists(path(u"out.csv"_s)));
    }
    ToolProcess tool(m_folder->path(), TestServer::key());
    QVERIFY2(run(tool, arguments) == 0, tool.errors.constData());
    QVERIFY2(tool.errors.startsWith("goes on after ") && tool.errors.endsWith("900 records of Maker exported\n"), tool.errors.constData());
    QCOMPARE(sortedLines(path(u"out.csv"_s)), sortedLines(path(u"whole.csv"_s)));
    QCOMPARE(QDir(m_folder->path()).entryList({u"out.csv*"_s}), QStringList(u"out.csv"_s));
}

void TestImportExport::anExportWhoseTokenIsNoneBeginsAnew()
{
    QVERIFY(writeFile(path(u"m.csv"_s), makers(900)));
    ToolProcess importer(m_folder->path(), TestServer::key());
    QVERIFY2(run(importer, at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s})) == 0, importer.errors.constData());
    const QStringList arguments = at(*m_server, {u"export"_s, u"schema.graphql"_s, u"Maker"_s, u"out.csv"_s, u"--batch"_s, u"1"_s});
    ToolProcess first(m_folder->path(), TestServer::key());
    first.start(arguments);
    QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(path(u"out.csv.part.json"_s)) || first.process.state() == QProcess::NotRunning, 30'000);
    first.process.kill();
    QCOMPARE(first.finish(), -1);
    QByteArray mark = readFile(path(u"out.csv.part.json"_s));
    QVERIFY(writeFile(path(u"out.csv.part.json"_s), mark.replace("\"nextToken\": \"", "\"nextToken\": \"no")));
    ToolProcess tool(m_folder->path(), TestServer::key());
    QVERIFY2(run(tool, arguments) == 0, tool.errors.constData());
    QVERIFY2(tool.errors.contains("cannot go on there, begins anew: ") && tool.errors.endsWith("900 records of Maker exported\n"), tool.errors.constData());
    QCOMPARE(sortedLines(path(u"out.csv"_s)).size(), 902);           // a header, and nothing behind the last line end
}

void TestImportExport::exportLeavesOutWhatWasDeleted()
{
    for (const QString &id : {u"a"_s, u"b"_s})
        m_server->execute(u"mutation { createMaker(input: {id: \"%1\", name: \"x\"}) { id } }"_s.arg(id));
    m_server->execute(u"mutation { deleteMaker(input: {id: \"a\", _version: 1}) { id } }"_s);
    ToolProcess tool(m_folder->path(), TestServer::key());
    QCOMPARE(run(tool, at(*m_server, {u"export"_s, u"schema.graphql"_s, u"Maker"_s})), 0);
    QVERIFY2(tool.output.startsWith(R"({"id":"b","name":"x","country":null,"createdAt":)") && tool.output.count('\n') == 1, tool.output.constData());
}

void TestImportExport::showsProgressOnATerminal()
{
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
    QVERIFY(terminal >= 0 && ::grantpt(terminal) == 0 && ::unlockpt(terminal) == 0);
    const QByteArray device = ::ptsname(terminal);
    QVERIFY(writeFile(path(u"m.csv"_s), makers(60)));
    ToolProcess tool(m_folder->path(), TestServer::key());
    tool.process.setChildProcessModifier([device] { ::dup2(::open(device.constData(), O_RDWR | O_NOCTTY), 2); });
    QCOMPARE(run(tool, at(*m_server, {u"import"_s, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s, u"--batch"_s, u"1"_s})), 0);
    QByteArray shown(65536, '\0');
    shown.truncate(::read(terminal, shown.data(), size_t(shown.size())));
    ::close(terminal);
    static const QRegularExpression bar(u"\\[[#.]{24}\\] \\d+ %, \\d+ records, \\d+/s, \\d+:\\d\\d left"_s);
    QVERIFY2(bar.match(QString::fromUtf8(shown)).hasMatch(), shown.constData());
    QVERIFY2(shown.endsWith("\r\x1b[Kcreated: 60, there already: 0, updated: 0, failed: 0\r\n"), shown.constData());
}

void TestImportExport::keepsSecrets()
{
    QVERIFY(writeFile(path(u"m.csv"_s), makers(1)));
    for (const QString &command : {u"export"_s, u"import"_s}) {
        for (const QString &url : {m_server->url().toString(), u"http://127.0.0.1:%1/graphql/realtime"_s.arg(m_server->url().port())}) {
            ToolProcess tool(m_folder->path());
            QVERIFY(run(tool, {command, u"schema.graphql"_s, u"Maker"_s, u"m.csv"_s, u"--url"_s, url, u"--api-key"_s, u"da2-wrong-secret"_s}) != 0);
            QVERIFY2(!(tool.output + tool.errors).contains("secret"), tool.errors.constData());
        }
    }
}

QTEST_GUILESS_MAIN(TestImportExport)
#include "tst_importexport.moc"
