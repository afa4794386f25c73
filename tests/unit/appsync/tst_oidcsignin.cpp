// SPDX-License-Identifier: MIT
#include "client/appsync/authorizer_p.h"
#include "oidcissuer.h"
#include "shared/manualexecutor.h"

using namespace Tideline;
using namespace TidelineTest;

// Signing in with a provider on the loopback; the test is the browser, and owns the time of deadlines.
class TestOidcSignIn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void signsIn();
    void theRequestIsWhatTheStandardsSay();
    void theChallengeIsTheStandards();
    void anotherStateChangesNothing();
    void theUserRefuses();
    void whatIsWrongWithTheProvidersAnswers_data();
    void whatIsWrongWithTheProvidersAnswers();
    void aTokenOfAnotherSignInIsRefused_data();
    void aTokenOfAnotherSignInIsRefused();
    void garbageAtTheDoorChangesNothing_data();
    void garbageAtTheDoorChangesNothing();
    void manyVisitorsChangeNothing();
    void whoSaysNothingIsSentAway();
    void nobodySignsInInTime();
    void theProviderIsSilent();
    void cancelEndsIt();
    void anewSignInForgetsTheFirst();
    void keepsTheTokenFresh();
    void anEndedSessionIsNobody();
    void aProviderThatIsAwayEndsNoSession_data();
    void aProviderThatIsAwayEndsNoSession();
    void aKeptRefreshTokenSignsIn();
    void anUnsafeIssuerIsNotAsked_data();
    void anUnsafeIssuerIsNotAsked();
    void itGoesWhileItWaits();

private:
    struct Page
    {
        int status = 0;
        QByteArray body;
    };

    template<typename Condition>
    [[nodiscard]] bool until(Condition condition)
    {
        return QTest::qWaitFor([&] { m_time->runAll(); return condition(); }, 5000);
    }
    [[nodiscard]] bool ended() { return until([this] { return m_signedIn || m_error.isError(); }); }
    [[nodiscard]] bool waitsForUser() { return until([this] { return !m_pages.isEmpty(); }); }
    [[nodiscard]] Page visit(const QByteArray &request);
    [[nodiscard]] Page comeBack(const QString &query);
    [[nodiscard]] QString state() const { return QUrlQuery(m_pages.last()).queryItemValue(u"state"_s); }
    void start();
    void signInWhole();
    [[nodiscard]] QString tokenOf();

    std::unique_ptr<ManualScheduler> m_time;
    std::unique_ptr<OidcIssuer> m_issuer;
    std::unique_ptr<OidcSignIn> m_signIn;
    QList<QUrl> m_pages;                    // that the browser was sent to
    int m_signedIn = 0;
    Error m_error;
};

void TestOidcSignIn::init()
{
    m_time = std::make_unique<ManualScheduler>();
    m_issuer = std::make_unique<OidcIssuer>();
    m_signIn = std::make_unique<OidcSignIn>();
    m_pages.clear();
    m_signedIn = 0;
    m_error = {};
    m_signIn->setScheduler(m_time.get());
    m_signIn->setIssuer(QUrl(m_issuer->url()));
    m_signIn->setClientId(u"app"_s);
    connect(m_signIn.get(), &OidcSignIn::openUrl, this, [this](const QUrl &url) { m_pages.append(url); });
    connect(m_signIn.get(), &OidcSignIn::signedIn, this, [this] { ++m_signedIn; });
    connect(m_signIn.get(), &OidcSignIn::failed, this, [this](const Error &error) { m_error = error; });
}

void TestOidcSignIn::cleanup()
{
    m_signIn.reset();
    m_time->runAll();
}

void TestOidcSignIn::start()
{
    m_signIn->signIn();
    QVERIFY(waitsForUser());
    m_issuer->visited(m_pages.last());
}

void TestOidcSignIn::signInWhole()
{
    start();
    QCOMPARE(comeBack(u"code=c1&state="_s + state()).status, 200);
    QVERIFY(ended());
    QVERIFY2(m_signedIn == 1, qPrintable(m_error.message()));
}

TestOidcSignIn::Page TestOidcSignIn::visit(const QByteArray &request)
{
    QTcpSocket socket;
    QByteArray received;
    connect(&socket, &QTcpSocket::readyRead, &socket, [&] { received += socket.readAll(); });
    socket.connectToHost(u"127.0.0.1"_s, quint16(QUrl(m_issuer->redirect).port()));
    socket.write(request);
    if (!until([&] { return socket.state() == QAbstractSocket::UnconnectedState; }))
        return {};
    return {received.split(' ').value(1).toInt(), received.mid(received.indexOf("\r\n\r\n") + 4)};
}

TestOidcSignIn::Page TestOidcSignIn::comeBack(const QString &query)
{
    const QUrl redirect(m_issuer->redirect);
    return visit("GET " + redirect.path().toLatin1() + '?' + query.toLatin1() + " HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(redirect.port()) + "\r\n\r\n");
}

// What a request to the backend would get.
QString TestOidcSignIn::tokenOf()
{
    std::optional<Result<Authorization>> answer;
    const auto handle = m_signIn->credentials()->authorizer()->authorize({}, *m_time, [&answer](const Result<Authorization> &given) { answer = given; });
    if (!until([&answer] { return answer.has_value(); }))
        return u"nothing"_s;
    return answer->ok() ? (*answer)->headers.value(u"Authorization"_s).toString() : u"error %1"_s.arg(int(answer->error().code()));
}

void TestOidcSignIn::signsIn()
{
    QCOMPARE(m_signIn->state(), OidcSignIn::SignedOut);
    signInWhole();
    QCOMPARE(m_signIn->state(), OidcSignIn::SignedIn);
    QCOMPARE(tokenOf(), u"opaque1"_s);
    QCOMPARE(m_signIn->refreshToken(), m_issuer->refreshToken);
    QCOMPARE(m_signIn->credentials()->mode(), TokenCredentials::Oidc);
    m_signIn->signOut();
    QCOMPARE(m_signIn->state(), OidcSignIn::SignedOut);
    QCOMPARE(tokenOf(), u"error %1"_s.arg(int(Error::Code::Unauthorized)));
}

void TestOidcSignIn::theRequestIsWhatTheStandardsSay()
{
    m_signIn->setScopes({u"openid"_s, u"mail+more"_s});
    start();
    const QUrlQuery query(m_pages.last());
    QCOMPARE(m_pages.last().path(), u"/authorize"_s);
    QCOMPARE(query.queryItemValue(u"tenant"_s), u"a"_s);
    QCOMPARE(query.queryItemValue(u"response_type"_s), u"code"_s);
    QCOMPARE(query.queryItemValue(u"client_id"_s), u"app"_s);
    QCOMPARE(query.queryItemValue(u"scope"_s, QUrl::FullyDecoded), u"openid mail+more"_s);
    QVERIFY(!m_pages.last().toEncoded().contains('+'));
    QCOMPARE(query.queryItemValue(u"code_challenge_method"_s), u"S256"_s);
    QVERIFY(query.queryItemValue(u"code_challenge"_s).size() == 43 && state().size() == 43 && query.queryItemValue(u"nonce"_s).size() == 43);
    QVERIFY(state() != query.queryItemValue(u"nonce"_s));
    QCOMPARE(QUrl(m_issuer->redirect).host(), u"127.0.0.1"_s);
    QCOMPARE(m_signIn->state(), OidcSignIn::WaitingForUser);
}

void TestOidcSignIn::theChallengeIsTheStandards()
{
    QCOMPARE(codeChallenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), QByteArray("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));      // RFC 7636
}

void TestOidcSignIn::anotherStateChangesNothing()
{
    start();
    QCOMPARE(comeBack(u"code=evil&state=guess"_s).status, 400);
    QCOMPARE(comeBack(u"error=access_denied&state=guess"_s).status, 400);
    QCOMPARE(comeBack(u"code=evil"_s).status, 400);
    QCOMPARE(comeBack(u"code=evil&iss=https://evil.example&state="_s + state()).status, 400);
    QCOMPARE(m_signIn->state(), OidcSignIn::WaitingForUser);
    QVERIFY(m_issuer->forms.isEmpty());
    QCOMPARE(comeBack(u"code=c1&state="_s + state()).status, 200);
    QVERIFY(ended());
    QCOMPARE(m_signedIn, 1);
}

void TestOidcSignIn::theUserRefuses()
{
    start();
    const Page page = comeBack(u"error=access_denied&error_description=%3Cb%3ENo%2C+thanks%3C%2Fb%3E&state="_s + state());
    QCOMPARE(page.status, 200);
    QVERIFY(!page.body.contains("<b>"));
    QVERIFY(ended());
    QCOMPARE(m_error.code(), Error::Code::Unauthorized);
    QCOMPARE(m_error.detail(), u"access_denied"_s);
    QVERIFY2(m_error.message().contains(u"No, thanks"_s), qPrintable(m_error.message()));
    QCOMPARE(m_signIn->state(), OidcSignIn::SignedOut);
}

void TestOidcSignIn::whatIsWrongWithTheProvidersAnswers_data()
{
    QTest::addColumn<QByteArray>("discovery");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("token");
    QTest::addColumn<int>("code");
    const QByteArray good;
    QTest::newRow("discovery is no JSON") << QByteArray("<html>") << 200 << good << int(Error::Code::Protocol);
    QTest::newRow("discovery of another issuer") << QByteArray(R"({"issuer":"https://evil.example","authorization_endpoint":"https://a","token_endpoint":"https://b"})")
                                                 << 200 << good << int(Error::Code::Protocol);
    QTest::newRow("tokens would go in the clear") << QByteArray("unsafe") << 200 << good << int(Error::Code::Protocol);
    QTest::newRow("the code is refused") << good << 400 << QByteArray(R"({"error":"invalid_grant"})") << int(Error::Code::Unauthorized);
    QTest::newRow("the provider failed") << good << 503 << QByteArray("busy") << int(Error::Code::BackendFailed);
    QTest::newRow("a page instead of a token") << good << 200 << QByteArray("<html>") << int(Error::Code::Protocol);
    QTest::newRow("a refusal without a word") << good << 404 << QByteArray() << int(Error::Code::Protocol);
    QTest::newRow("no token at all") << good << 200 << QByteArray(R"({"token_type":"Bearer"})") << int(Error::Code::Unauthorized);
}

void TestOidcSignIn::whatIsWrongWithTheProvidersAnswers()
{
    QFETCH(QByteArray, discovery);
    QFETCH(int, status);
    QFETCH(QByteArray, token);
    QFETCH(int, code);
    if (discovery == "unsafe")
        discovery = OidcIssuer::compact({{u"issuer"_s, m_issuer->url()}, {u"authorization_endpoint"_s, m_issuer->url()}, {u"token_endpoint"_s, u"http://elsewhere.example/token"_s}});
    if (!discovery.isEmpty())
        m_issuer->discovery = [discovery] { return discovery; };
    m_issuer->token = [status, token](const QUrlQuery &) { return OidcIssuer::Answer{status, token}; };
    m_signIn->signIn();
    QVERIFY(until([this] { return !m_pages.isEmpty() || m_error.isError(); }));
    if (!m_error.isError()) {
        m_issuer->visited(m_pages.last());
        QCOMPARE(comeBack(u"code=c1&state="_s + state()).status, 200);
        QVERIFY(ended());
    }
    QCOMPARE(int(m_error.code()), code);
    QCOMPARE(m_signIn->state(), OidcSignIn::SignedOut);
    QVERIFY(m_signIn->credentials()->token().isEmpty());
}

void TestOidcSignIn::aTokenOfAnotherSignInIsRefused_data()
{
    QTest::addColumn<QString>("nonce");
    QTest::addColumn<QString>("audience");
    QTest::newRow("another nonce") << u"other"_s << u"app"_s;
    QTest::newRow("another application") << QString() << u"other"_s;
}

void TestOidcSignIn::aTokenOfAnotherSignInIsRefused()
{
    QFETCH(QString, nonce);
    QFETCH(QString, audience);
    start();
    m_issuer->audience = audience;
    if (!nonce.isEmpty())
        m_issuer->nonce = nonce;
    QCOMPARE(comeBack(u"code=c1&state="_s + state()).status, 200);
    QVERIFY(ended());
    QCOMPARE(m_error.code(), Error::Code::Unauthorized);
    QVERIFY(m_signIn->credentials()->token().isEmpty());
}

void TestOidcSignIn::garbageAtTheDoorChangesNothing_data()
{
    QTest::addColumn<QByteArray>("request");
    QTest::newRow("noise") << QByteArray("\x16\x03\x01\x02\x7f\x01\r\n\r\n");
    QTest::newRow("another path") << QByteArray("GET /favicon.ico HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    QTest::newRow("another method") << QByteArray("POST /callback?code=c1&state=STATE HTTP/1.1\r\nHost: HOST\r\n\r\n");
    QTest::newRow("another host's name for this machine") << QByteArray("GET /callback?code=c1&state=STATE HTTP/1.1\r\nHost: evil.example\r\n\r\n");
    QTest::newRow("a line without end") << QByteArray(40'000, 'x');
    QTest::newRow("headers without end") << "GET /callback HTTP/1.1\r\n" + QByteArray("a: b\r\n").repeated(5'000);
    QTest::newRow("no query") << QByteArray("GET /callback HTTP/1.1\r\nHost: HOST\r\n\r\n");
}

void TestOidcSignIn::garbageAtTheDoorChangesNothing()
{
    QFETCH(QByteArray, request);
    start();
    request.replace("STATE", state().toLatin1()).replace("HOST", "127.0.0.1:" + QByteArray::number(QUrl(m_issuer->redirect).port()));
    const int status = visit(request).status;
    QVERIFY(status == 0 || status >= 400);
    QCOMPARE(m_signIn->state(), OidcSignIn::WaitingForUser);
    QCOMPARE(comeBack(u"code=c1&state="_s + state()).status, 200);
    QVERIFY(ended());
    QCOMPARE(m_signedIn, 1);
}

void TestOidcSignIn::manyVisitorsChangeNothing()
{
    start();
    std::vector<std::unique_ptr<QTcpSocket>> visitors;
    for (int i = 0; i < 40; ++i) {
        visitors.push_back(std::make_unique<QTcpSocket>());
        visitors.back()->connectToHost(u"127.0.0.1"_s, quint16(QUrl(m_issuer->redirect).port()));
    }
    const auto closed = [&] { return std::ranges::count_if(visitors, [](const auto &one) { return one->state() == QAbstractSocket::UnconnectedState; }); };
    QVERIFY(until([&] { return closed() >= 30; }));
    m_time->advance(11'000);
    QVERIFY(until([&] { return closed() == 40; }));
    QCOMPARE(comeBack(u"code=c1&state="_s + state()).status, 200);
    QVERIFY(ended());
    QCOMPARE(m_signedIn, 1);
}

void TestOidcSignIn::whoSaysNothingIsSentAway()
{
    start();
    QTcpSocket socket;
    socket.connectToHost(u"127.0.0.1"_s, quint16(QUrl(m_issuer->redirect).port()));
    socket.write("GET /callb");
    QVERIFY(until([&socket] { return socket.state() == QAbstractSocket::ConnectedState && socket.bytesToWrite() == 0; }));
    QVERIFY(until([&] {
        m_time->advance(1000);
        return socket.state() == QAbstractSocket::UnconnectedState;
    }));
    QCOMPARE(m_signIn->state(), OidcSignIn::WaitingForUser);
}

void TestOidcSignIn::nobodySignsInInTime()
{
    start();
    m_time->advance(OidcSignInPrivate::userDeadline + 1);
    QCOMPARE(m_error.code(), Error::Code::Timeout);
    QCOMPARE(m_signIn->state(), OidcSignIn::SignedOut);
    QCOMPARE(comeBack(u"code=c1&state="_s + state()).status, 0);           // the door is shut
}

void TestOidcSignIn::theProviderIsSilent()
{
    m_issuer->silent = true;
    m_signIn->signIn();
    QCOMPARE(m_signIn->state(), OidcSignIn::Preparing);
    m_time->advance(OidcSignInPrivate::requestDeadline + 1);
    QVERIFY(ended());
    QCOMPARE(m_error.code(), Error::Code::Timeout);
}

void TestOidcSignIn::cancelEndsIt()
{
    start();
    m_signIn->cancel();
    QCOMPARE(m_error.code(), Error::Code::Cancelled);
    QCOMPARE(m_signIn->state(), OidcSignIn::SignedOut);
    m_error = {};
    m_signIn->cancel();
    QVERIFY(!m_error.isError());
}

void TestOidcSignIn::anewSignInForgetsTheFirst()
{
    start();
    const QString first = state();
    m_pages.clear();
    start();
    QVERIFY(state() != first);
    QCOMPARE(comeBack(u"code=c1&state="_s + first).status, 400);
    QCOMPARE(comeBack(u"code=c1&state="_s + state()).status, 200);
    QVERIFY(ended());
    QCOMPARE(m_signedIn, 1);
    QCOMPARE(m_issuer->discoveries, 1);
}

void TestOidcSignIn::keepsTheTokenFresh()
{
    signInWhole();
    const QString before = m_signIn->refreshToken();
    int renewed = 0;
    const auto observation = m_signIn->credentials()->authorizer()->observe(*m_time, [&renewed] { ++renewed; });
    m_time->advance(3'600'000 - 60'000);
    QVERIFY(until([&renewed] { return renewed == 1; }));
    QCOMPARE(tokenOf(), u"opaque2"_s);
    QVERIFY(m_signIn->refreshToken() != before);                            // rotated
    m_time->advance(3'600'000);
    QCOMPARE(tokenOf(), u"opaque3"_s);
}

void TestOidcSignIn::anEndedSessionIsNobody()
{
    signInWhole();
    m_issuer->refreshToken = u"revoked"_s;
    m_time->advance(3'600'001);
    QCOMPARE(tokenOf(), u"error %1"_s.arg(int(Error::Code::Unauthorized)));
    QCOMPARE(m_signIn->state(), OidcSignIn::SignedOut);
    QVERIFY(m_signIn->refreshToken().isEmpty());
}

void TestOidcSignIn::aProviderThatIsAwayEndsNoSession_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("behind what knows it is away") << 503 << QByteArray("busy");
    QTest::newRow("by its own word") << 400 << QByteArray(R"({"error":"temporarily_unavailable","error_description":"Too busy."})");
}

void TestOidcSignIn::aProviderThatIsAwayEndsNoSession()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    signInWhole();
    m_issuer->token = [status, body](const QUrlQuery &) { return OidcIssuer::Answer{status, body}; };
    m_time->advance(3'600'001);
    QCOMPARE(tokenOf(), u"error %1"_s.arg(int(Error::Code::BackendFailed)));
    QCOMPARE(m_signIn->state(), OidcSignIn::SignedIn);
    m_issuer->token = nullptr;
    QVERIFY(tokenOf().startsWith(u"opaque"_s));
}

void TestOidcSignIn::aKeptRefreshTokenSignsIn()
{
    m_signIn->setRefreshToken(u"r1"_s);
    QCOMPARE(m_signIn->state(), OidcSignIn::SignedIn);
    QCOMPARE(tokenOf(), u"opaque1"_s);
    QVERIFY(m_pages.isEmpty());
}

void TestOidcSignIn::anUnsafeIssuerIsNotAsked_data()
{
    QTest::addColumn<QString>("issuer");
    QTest::newRow("in the clear") << u"http://issuer.example"_s;
    QTest::newRow("a file") << u"file:///etc/passwd"_s;
    QTest::newRow("none") << QString();
}

void TestOidcSignIn::anUnsafeIssuerIsNotAsked()
{
    QFETCH(QString, issuer);
    m_signIn->setIssuer(QUrl(issuer));
    m_signIn->signIn();
    QCOMPARE(m_error.code(), Error::Code::InvalidArgument);
}

void TestOidcSignIn::itGoesWhileItWaits()
{
    start();
    m_signIn->setRefreshToken(u"r1"_s);
    std::optional<Result<Authorization>> answer;
    const auto handle = m_signIn->credentials()->authorizer()->authorize({}, *m_time, [&answer](const Result<Authorization> &given) { answer = given; });
    m_time->runAll();
    m_signIn.reset();
    m_time->advance(OidcSignInPrivate::userDeadline);
    QVERIFY(answer && !answer->ok());
}

QTEST_GUILESS_MAIN(TestOidcSignIn)

#include "tst_oidcsignin.moc"
