// SPDX-License-Identifier: MIT
#include "httpfakes.h"

#include "server/auth/multiauthorizer.h"
#include "server/auth/networkfetcher.h"
#include "server/http/certificate.h"

#include <QtCore/QTemporaryDir>
#include <QtNetwork/QTcpServer>

using namespace Tideline;
using namespace Tideline::Server;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class tst_NetworkFetcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void gets();
    void posts();
    void everyStatusIsAnAnswer_data();
    void everyStatusIsAnAnswer();
    void limitsTheAnswer_data();
    void limitsTheAnswer();
    void endsAtTheDeadline_data();
    void endsAtTheDeadline();
    void saysThatNobodyIsThere();
    void refusesUnknownCertificates();
    void answersAtTheEnd();
    void answersCallersAtTheEnd();

private:
    [[nodiscard]] QUrl url() const { return QUrl(u"http://127.0.0.1:%1/path?a=1"_s.arg(m_server->serverPort())); }
    // What came of a request, once it did.
    std::optional<Result<FetchAnswer>> fetch(const FetchRequest &request);

    std::unique_ptr<QTcpServer> m_server;       // says m_answer to whatever comes
    QByteArray m_answer;
    QByteArray m_received;
};

void tst_NetworkFetcher::init()
{
    m_received.clear();
    m_server = std::make_unique<QTcpServer>();
    QVERIFY(m_server->listen(QHostAddress::LocalHost));
    QObject::connect(m_server.get(), &QTcpServer::newConnection, this, [this] {
        QTcpSocket *socket = m_server->nextPendingConnection();
        QObject::connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
            m_received += socket->readAll();
            socket->write(std::exchange(m_answer, {}));
        });
    });
}

std::optional<Result<FetchAnswer>> tst_NetworkFetcher::fetch(const FetchRequest &request)
{
    std::atomic<int> answers = 0;
    std::optional<Result<FetchAnswer>> result;
    NetworkFetcher fetcher;
    fetcher.fetch(request, [&](Result<FetchAnswer> answer) {
        result = std::move(answer);
        ++answers;
    });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(answers == 1, 30'000); }();
    return result;
}

static QByteArray httpAnswer(const QByteArray &body, const QByteArray &status = "200 OK")
{
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

void tst_NetworkFetcher::gets()
{
    m_answer = httpAnswer("{\"keys\":[]}");
    const auto answer = fetch({.url = url()});
    QVERIFY(answer && *answer);
    QCOMPARE((*answer)->status, 200);
    QCOMPARE((*answer)->body, QByteArray("{\"keys\":[]}"));
    QVERIFY2(m_received.startsWith("GET /path?a=1 HTTP/1.1\r\n"), m_received.constData());
}

void tst_NetworkFetcher::posts()
{
    m_answer = httpAnswer("{}");
    const auto answer = fetch({.url = url(), .body = "{\"a\":1}", .headers = {{"x-more", "yes"}}});
    QVERIFY(answer && *answer);
    QVERIFY(m_received.toLower().contains("x-more: yes\r\n"));
    QVERIFY(m_received.startsWith("POST /path?a=1 HTTP/1.1\r\n"));
    QVERIFY(m_received.toLower().contains("content-type: application/json\r\n"));
    QVERIFY(m_received.endsWith("\r\n\r\n{\"a\":1}"));
}

void tst_NetworkFetcher::everyStatusIsAnAnswer_data()
{
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<int>("code");
    QTest::newRow("not found") << QByteArray("404 Not Found") << 404;
    QTest::newRow("an error") << QByteArray("500 Internal Server Error") << 500;
    QTest::newRow("a redirect, not followed") << QByteArray("302 Found\r\nLocation: http://127.0.0.1:1/") << 302;
    QTest::newRow("a demand for a password") << QByteArray("401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"") << 401;
}

void tst_NetworkFetcher::everyStatusIsAnAnswer()
{
    QFETCH(QByteArray, status);
    m_answer = httpAnswer("sorry", status);
    const auto answer = fetch({.url = url()});
    QVERIFY(answer && *answer);
    QTEST((*answer)->status, "code");
    QCOMPARE((*answer)->body, QByteArray("sorry"));
}

void tst_NetworkFetcher::limitsTheAnswer_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("by its length") << httpAnswer(QByteArray(100'001, 'x'));
    QTest::newRow("in chunks without end") << "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n30d41\r\n" + QByteArray(200'001, 'x') + "\r\n";
    QTest::newRow("until the connection ends") << "HTTP/1.1 200 OK\r\n\r\n" + QByteArray(200'001, 'x');
}

void tst_NetworkFetcher::limitsTheAnswer()
{
    QFETCH(QByteArray, bytes);
    m_answer = bytes;
    const auto answer = fetch({.url = url(), .maxBytes = 100'000});
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code(), Error::Code::Network);
    m_answer = httpAnswer(QByteArray(100'000, 'x'));
    QCOMPARE(fetch({.url = url(), .maxBytes = 100'000})->valueOr({}).body.size(), 100'000);
}

void tst_NetworkFetcher::endsAtTheDeadline_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("no answer") << QByteArray();
    QTest::newRow("half a header") << QByteArray("HTTP/1.1 200");
    QTest::newRow("half a body") << httpAnswer("{\"keys\":[]}").chopped(3);
}

void tst_NetworkFetcher::endsAtTheDeadline()
{
    QFETCH(QByteArray, bytes);
    m_answer = bytes;
    const auto answer = fetch({.url = url(), .deadline = 200ms});
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code(), Error::Code::Timeout);
}

void tst_NetworkFetcher::saysThatNobodyIsThere()
{
    const QUrl gone = url();
    m_server->close();
    const auto answer = fetch({.url = gone});
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code(), Error::Code::Network);
}

void tst_NetworkFetcher::refusesUnknownCertificates()
{
    const QTemporaryDir folder;
    const auto made = developmentCertificate(folder.filePath(u"c.pem"_s), folder.filePath(u"k.pem"_s), QDateTime::currentDateTimeUtc());
    QVERIFY(made);
    Fakes::Service service;
    const Fakes::KeyAuthorizer authorizer;
    HttpServer server(service, authorizer, {.certificate = made->certificate, .privateKey = made->privateKey});
    const quint16 port = server.start().valueOr(0);
    QVERIFY(port != 0);
    const auto plain = fetch({.url = QUrl(u"http://127.0.0.1:%1/healthz"_s.arg(port))});
    QVERIFY(plain && *plain);
    const auto encrypted = fetch({.url = QUrl(u"https://localhost:%1/healthz"_s.arg(port))});
    QVERIFY(encrypted && !*encrypted);
    QCOMPARE(encrypted->error().code(), Error::Code::Network);
}

void tst_NetworkFetcher::answersAtTheEnd()
{
    std::atomic<int> closed = 0;
    auto fetcher = std::make_unique<NetworkFetcher>();
    for (int i = 0; i < 3; ++i) {
        fetcher->fetch({.url = url(), .deadline = 60s}, [&closed](const Result<FetchAnswer> &answer) {
            closed += answer.error().code() == Error::Code::Closed ? 1 : 0;
        });
    }
    QTRY_VERIFY(m_received.count("GET") == 3);
    fetcher.reset();
    QCOMPARE(closed, 3);
}

// Whoever waits for keys is told, whichever of the two fetches is under way, and the fetcher's thread owns nothing.
void tst_NetworkFetcher::answersCallersAtTheEnd()
{
    const QString issuer = u"http://127.0.0.1:%1"_s.arg(m_server->serverPort());
    const QByteArray claims = "{\"iss\":\"" + issuer.toLatin1() + "\"}";
    const QByteArray token = QByteArray(R"({"alg":"RS256"})").toBase64(QByteArray::OmitTrailingEquals) + '.'
        + claims.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals) + ".c2ln";
    MultiAuthorizer::Providers providers{.fetcher = std::make_shared<NetworkFetcher>()};
    const auto keys = std::make_shared<RemoteKeys>(RemoteKeysOptions{.issuer = issuer}, *providers.fetcher);
    providers.tokens = std::make_shared<TokenAuthorizer>(std::vector<TokenIssuer>{{issuer, Identity::Provider::Oidc, {}, keys}});
    auto authorizer = std::make_unique<MultiAuthorizer>(std::move(providers));
    std::atomic<int> answers = 0;
    authorizer->authorize({.headers = {{"authorization", token}}}, [&answers](const Result<Identity> &identity) {
        answers += identity.error().code() == Error::Code::Network ? 1 : 100;
    });
    QTRY_VERIFY(m_received.contains("/.well-known/openid-configuration"));
    authorizer.reset();
    QCOMPARE(answers, 1);
}

QTEST_GUILESS_MAIN(tst_NetworkFetcher)
#include "tst_networkfetcher.moc"
