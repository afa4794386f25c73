// SPDX-License-Identifier: MIT
// The line to a backend that answers as AppSync does, and what stands between.
#include "client/appsync/appsync.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <QtTest/QTest>
#include <QtWebSockets/QWebSocket>
#include <QtWebSockets/QWebSocketServer>

using namespace Tideline;
using namespace Qt::StringLiterals;
using Outcome = MutationResponse::Outcome;

namespace {

/*! The scheduler of the test's thread; its monotonic clock can be set, its timers follow the real one. */
class FastClock final : public EventLoopScheduler
{
public:
    [[nodiscard]] qint64 monotonic() const override { return EventLoopScheduler::monotonic() + passed; }
    qint64 passed = 0;                  // ms
};

QByteArray http(const QByteArray &status, const QByteArray &headers, const QByteArray &body)
{
    return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

QByteArray ok(const QJsonObject &json)
{
    return http("200 OK", "Content-Type: application/json;charset=UTF-8\r\n", QJsonDocument(json).toJson(QJsonDocument::Compact));
}

/*! Answers HTTP requests with what the test says. */
class Script
{
public:
    Script()
    {
        if (!m_server.listen(QHostAddress::LocalHost))
            qFatal("The test's server does not listen");
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
            QTcpSocket *socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket] { read(*socket); });
            QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
        });
    }

    [[nodiscard]] QUrl url() const { return QUrl(u"http://127.0.0.1:%1/graphql"_s.arg(m_server.serverPort())); }

    QList<QJsonObject> requests;
    qsizetype largest = 0;                                              // bytes of a body
    std::function<QByteArray(const QJsonObject &)> answer;              // empty: the line ends

private:
    void read(QTcpSocket &socket)
    {
        QByteArray &got = m_got[&socket];
        got += socket.readAll();
        const qsizetype head = got.indexOf("\r\n\r\n");
        const qsizetype length = head < 0 ? -1 : got.indexOf("Content-Length: ");
        if (length < 0 || length > head)
            return;
        const qsizetype size = got.mid(length + 16, got.indexOf('\r', length) - length - 16).toLongLong();
        if (got.size() < head + 4 + size)
            return;
        const QJsonObject request = QJsonDocument::fromJson(got.mid(head + 4, size)).object();
        got.clear();
        largest = std::max(largest, size);
        requests.append(request);
        if (const QByteArray bytes = answer(request); !bytes.isEmpty())
            socket.write(bytes);
        else
            socket.disconnectFromHost();
    }

    QTcpServer m_server;
    QHash<QTcpSocket *, QByteArray> m_got;
};

Schema tagSchema()
{
    return Schema::parse(u"type Tag @model { id: ID! text: String }"_s).valueOr({});
}

OutboxEntry create(const Schema &schema, const QString &id, const QString &text)
{
    OutboxEntry entry;
    entry.model = schema.model(u"Tag"_s);
    entry.operation = OutboxEntry::Operation::Create;
    entry.key = id;
    entry.changes = {{entry.model->fieldIndex(u"text"), Value(text)}};
    return entry;
}

QList<OutboxEntry> creates(const Schema &schema, int count, const QString &text = u"x"_s)
{
    QList<OutboxEntry> entries;
    for (int i = 0; i < count; ++i)
        entries.append(create(schema, u"t%1"_s.arg(i), text));
    return entries;
}

/*! What is stored when the document of \a request is executed. */
QByteArray done(const QJsonObject &request)
{
    const QJsonObject variables = request["variables"_L1].toObject();
    QJsonObject data;
    for (auto variable = variables.begin(); variable != variables.end(); ++variable) {
        const QString number = variable.key().mid(5);                   // input7
        const QJsonObject input = variable.value().toObject();
        data.insert(number.isEmpty() ? u"createTag"_s : u'm' + number,
                    QJsonObject{{u"id"_s, input["id"_L1]}, {u"text"_s, input["text"_L1]}, {u"createdAt"_s, u"2024-01-01T00:00:00.000Z"_s},
                                {u"updatedAt"_s, u"2024-01-01T00:00:00.000Z"_s}, {u"_version"_s, 1}, {u"_deleted"_s, QJsonValue()},
                                {u"_lastChangedAt"_s, qint64(1'700'000'000'000)}});
    }
    return ok({{u"data"_s, data}});
}

bool isOne(const QJsonObject &request)
{
    return request["variables"_L1].toObject().contains(u"input"_s);
}

} // namespace

class TestTransport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void mutationGoesOutOnce_data();
    void mutationGoesOutOnce();
    void whatMayHaveBeenDoneIsNotSentApart_data();
    void whatMayHaveBeenDoneIsNotSentApart();
    void refusalWithoutDataIsOfTheDocument();
    void pageOfSomebodyElseRefusesNothing_data();
    void pageOfSomebodyElseRefusesNothing();
    void redirectIsNotFollowed_data();
    void redirectIsNotFollowed();
    void largeMutationsGoInSeveralDocuments();
    void whatThereIsNoTimeForIsLeftToTheNextDocument();
    void retiredSocketIsHeardToItsEnd();

private:
    QList<MutationResponse> mutate(const QList<OutboxEntry> &entries);
    [[nodiscard]] QList<Outcome> outcomes(const QList<OutboxEntry> &entries);

    const Schema m_schema = tagSchema();
    FastClock m_clock;
    ApiKey m_auth;
    AppSync m_backend;
    std::unique_ptr<Script> m_script;
    std::unique_ptr<Transport> m_transport;
};

void TestTransport::init()
{
    m_auth.setKey(u"da2-test"_s);
    m_script = std::make_unique<Script>();
    m_script->answer = done;
    m_backend.setAuth(&m_auth);
    m_backend.setUrl(m_script->url());
    m_transport = (*m_backend.transportFactory())(m_schema, m_clock);
}

void TestTransport::cleanup()
{
    m_transport.reset();
    m_script.reset();
}

QList<MutationResponse> TestTransport::mutate(const QList<OutboxEntry> &entries)
{
    std::optional<QList<MutationResponse>> answer;
    m_transport->mutate(entries, [&answer](const QList<MutationResponse> &responses) { answer = responses; });
    if (!QTest::qWaitFor([&answer] { return answer.has_value(); }, 10'000))
        qFatal("The transport does not answer");
    return *answer;
}

QList<Outcome> TestTransport::outcomes(const QList<OutboxEntry> &entries)
{
    QList<Outcome> list;
    for (const MutationResponse &response : mutate(entries))
        list.append(response.outcome);
    return list;
}

void TestTransport::mutationGoesOutOnce_data()
{
    QTest::addColumn<bool>("usedBefore");
    QTest::newRow("on a new line") << false;
    QTest::newRow("on a line that was used before") << true;
}

/* The backend may have done it before the line broke: only another attempt, which is counted, may find that out. */
void TestTransport::mutationGoesOutOnce()
{
    QFETCH(bool, usedBefore);
    if (usedBefore)
        QCOMPARE(outcomes(creates(m_schema, 1)), QList{Outcome::Accepted});
    m_script->answer = [](const QJsonObject &) { return QByteArray(); };
    const QList<MutationResponse> responses = mutate(creates(m_schema, 1));
    QCOMPARE(responses.size(), 1);
    QCOMPARE(responses.first().outcome, Outcome::Unreachable);
    QCOMPARE(responses.first().error.code(), Error::Code::Network);
    QCOMPARE(m_script->requests.size(), usedBefore ? 2 : 1);
}

void TestTransport::whatMayHaveBeenDoneIsNotSentApart_data()
{
    QTest::addColumn<QString>("errorType");
    QTest::addColumn<Error::Code>("code");
    QTest::newRow("it took too long") << u"ExecutionTimeout"_s << Error::Code::BackendFailed;
    QTest::newRow("it failed") << u"InternalFailure"_s << Error::Code::BackendFailed;
    QTest::newRow("too many requests") << u"ThrottlingException"_s << Error::Code::Throttled;
}

void TestTransport::whatMayHaveBeenDoneIsNotSentApart()
{
    QFETCH(QString, errorType);
    QFETCH(Error::Code, code);
    const QJsonObject error{{u"path"_s, QJsonValue()}, {u"errorType"_s, errorType}, {u"errorInfo"_s, QJsonValue()}, {u"message"_s, u"No."_s}};
    m_script->answer = [error](const QJsonObject &request) {
        return isOne(request) ? done(request) : ok({{u"data"_s, QJsonValue()}, {u"errors"_s, QJsonArray{error}}});
    };
    const QList<MutationResponse> responses = mutate(creates(m_schema, 3));
    QCOMPARE(responses.size(), 3);
    for (const MutationResponse &response : responses) {
        QCOMPARE(response.outcome, Outcome::Unreachable);
        QCOMPARE(response.error.code(), code);
    }
    QCOMPARE(m_script->requests.size(), 1);
}

void TestTransport::refusalWithoutDataIsOfTheDocument()
{
    const QJsonObject error{{u"message"_s, u"A document may have one mutation."_s}};
    m_script->answer = [error](const QJsonObject &request) { return isOne(request) ? done(request) : ok({{u"errors"_s, QJsonArray{error}}}); };
    QCOMPARE(outcomes(creates(m_schema, 3)), QList<Outcome>(3, Outcome::Accepted));
    QCOMPARE(m_script->requests.size(), 4);
}

void TestTransport::pageOfSomebodyElseRefusesNothing_data()
{
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<Error::Code>("code");
    const QByteArray page = "<html><body>Sign in to this network</body></html>";
    QTest::newRow("nobody is there") << QByteArray("404 Not Found") << page << Outcome::Unreachable << Error::Code::Protocol;
    QTest::newRow("no such method") << QByteArray("405 Method Not Allowed") << QByteArray() << Outcome::Unreachable << Error::Code::Protocol;
    QTest::newRow("it took too long") << QByteArray("408 Request Timeout") << page << Outcome::Unreachable << Error::Code::BackendFailed;
    QTest::newRow("the network wants a sign-in") << QByteArray("511 Network Authentication Required") << page << Outcome::Unreachable
                                                 << Error::Code::BackendFailed;
    QTest::newRow("too large for what stands between") << QByteArray("413 Payload Too Large") << page << Outcome::Rejected << Error::Code::Rejected;
    QTest::newRow("the backend itself") << QByteArray("400 Bad Request")
                                        << QByteArray(R"({"errors":[{"errorType":"BadRequestException","message":"No."}]})") << Outcome::Rejected
                                        << Error::Code::Rejected;
}

void TestTransport::pageOfSomebodyElseRefusesNothing()
{
    QFETCH(QByteArray, status);
    QFETCH(QByteArray, body);
    m_script->answer = [=](const QJsonObject &) { return http(status, "Content-Type: text/html\r\n", body); };
    const QList<MutationResponse> responses = mutate(creates(m_schema, 2));
    QCOMPARE(responses.size(), 2);
    QTEST(responses.first().outcome, "outcome");
    QTEST(responses.first().error.code(), "code");
    QCOMPARE(m_script->requests.size(), responses.first().outcome == Outcome::Rejected ? 3 : 1);
}

void TestTransport::redirectIsNotFollowed_data()
{
    QTest::addColumn<QByteArray>("status");
    for (const char *status : {"301 Moved Permanently", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"})
        QTest::newRow(status) << QByteArray(status);
}

/* A network that wants a sign-in says so, and must not get the credentials. */
void TestTransport::redirectIsNotFollowed()
{
    QFETCH(QByteArray, status);
    Script portal;
    portal.answer = done;
    m_script->answer = [status, to = portal.url()](const QJsonObject &) { return http(status, "Location: " + to.toEncoded() + "\r\n", {}); };
    const QList<MutationResponse> responses = mutate(creates(m_schema, 1));
    QCOMPARE(responses.first().outcome, Outcome::Unreachable);
    QCOMPARE(responses.first().error.code(), Error::Code::Protocol);
    std::optional<Result<SyncPage>> page;
    SyncRequest request;
    request.model = m_schema.model(u"Tag"_s);
    m_transport->sync(request, [&page](const Result<SyncPage> &answer) { page = answer; });
    QVERIFY(QTest::qWaitFor([&page] { return page.has_value(); }));
    QCOMPARE(page->error().code(), Error::Code::Protocol);
    QCOMPARE(portal.requests.size(), 0);
}

void TestTransport::largeMutationsGoInSeveralDocuments()
{
    const QString text(100'000, u'x');
    QCOMPARE(outcomes(creates(m_schema, 20, text)), QList<Outcome>(20, Outcome::Accepted));
    QVERIFY2(m_script->largest < 1'000'000, qPrintable(QString::number(m_script->largest)));
    QCOMPARE(outcomes({create(m_schema, u"one"_s, QString(2'000'000, u'x'))}), QList{Outcome::Accepted});       // the backend says whether
}

/* A line so slow that one deadline for all would be over each time before the last. */
void TestTransport::whatThereIsNoTimeForIsLeftToTheNextDocument()
{
    const QJsonObject error{{u"path"_s, QJsonValue()}, {u"message"_s, u"A document may have one mutation."_s}};
    m_script->answer = [this, error](const QJsonObject &request) {
        m_clock.passed += 10'000;
        return isOne(request) ? done(request) : ok({{u"data"_s, QJsonValue()}, {u"errors"_s, QJsonArray{error}}});
    };
    const QList<Outcome> seen = outcomes(creates(m_schema, 10));
    QCOMPARE(seen, QList<Outcome>(4, Outcome::Accepted) + QList<Outcome>(6, Outcome::Unsent));
    QCOMPARE(m_script->requests.size(), 5);
}

namespace {

class Heard final : public Transport::Listener
{
public:
    void realtimeEstablished() override { ++established; }
    void realtimeRefused(const QString &, const Error &) override { ++refused; }
    void realtimeLost(const Error &error) override { lost.append(error); }
    void recordReceived(const RemoteItem &item) override { keys.append(item.key()); }

    int established = 0;
    int refused = 0;
    QList<Error> lost;
    QStringList keys;
};

QString text(const QJsonObject &message)
{
    return QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact));
}

} // namespace

/* AppSync does not know the subscription that it refused; what is on its way for the others comes before their last word. */
void TestTransport::retiredSocketIsHeardToItsEnd()
{
    QWebSocketServer server(u"AppSync"_s, QWebSocketServer::NonSecureMode);
    server.setSupportedSubprotocols({u"graphql-ws"_s});
    QVERIFY(server.listen(QHostAddress::LocalHost));
    int sockets = 0;
    connect(&server, &QWebSocketServer::newConnection, &server, [&server, &sockets] {
        QWebSocket *socket = server.nextPendingConnection();
        socket->setParent(&server);
        ++sockets;
        connect(socket, &QWebSocket::textMessageReceived, socket, [socket](const QString &received) {
            const QJsonObject message = QJsonDocument::fromJson(received.toUtf8()).object();
            const QString type = message["type"_L1].toString();
            const QJsonValue id = message["id"_L1];
            const auto say = [socket](const QJsonObject &answer) { socket->sendTextMessage(text(answer)); };
            const bool isRefused = id.toString() == "0"_L1;
            if (type == "connection_init"_L1)
                return say({{u"type"_s, u"connection_ack"_s}, {u"payload"_s, QJsonObject{{u"connectionTimeoutMs"_s, 300'000}}}});
            const QString errorType = type == "start"_L1 ? u"Unauthorized"_s : u"UnknownOperationError"_s;
            const QJsonObject error{{u"errorType"_s, errorType}, {u"message"_s, u"No."_s}};
            if (isRefused)
                return say({{u"type"_s, u"error"_s}, {u"id"_s, id}, {u"payload"_s, QJsonObject{{u"errors"_s, QJsonArray{error}}}}});
            if (type == "start"_L1)
                return say({{u"type"_s, u"start_ack"_s}, {u"id"_s, id}});
            const QJsonObject late{{u"id"_s, u"late"_s + id.toString()}, {u"_version"_s, 1}, {u"_lastChangedAt"_s, 1}};
            const QString field = id.toString() == "1"_L1 ? u"onUpdateTag"_s : u"onDeleteTag"_s;
            say({{u"type"_s, u"data"_s}, {u"id"_s, id}, {u"payload"_s, QJsonObject{{u"data"_s, QJsonObject{{field, late}}}}}});
            say({{u"type"_s, u"complete"_s}, {u"id"_s, id}});
        });
    });
    m_backend.setUrl(QUrl(u"http://127.0.0.1:%1/graphql"_s.arg(server.serverPort())));
    m_transport = (*m_backend.transportFactory())(m_schema, m_clock);
    Heard heard;
    m_transport->openRealtime({m_schema.model(u"Tag"_s)}, &heard);
    QTRY_COMPARE(heard.established, 1);
    QCOMPARE(heard.refused, 1);
    m_auth.setKey(u"da2-other"_s);
    QTRY_COMPARE(sockets, 2);
    QTRY_COMPARE(heard.keys, (QStringList{u"late1"_s, u"late2"_s}));
    QVERIFY(heard.lost.isEmpty());
    m_transport->closeRealtime();
}

QTEST_GUILESS_MAIN(TestTransport)
#include "tst_transport.moc"
