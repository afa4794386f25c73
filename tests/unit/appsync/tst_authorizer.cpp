// SPDX-License-Identifier: MIT
#include "client/appsync/authorizer_p.h"
#include "client/appsync/credentials.h"
#include "shared/manualexecutor.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QPromise>
#include <QtTest/QTest>

using namespace Tideline;
using namespace Qt::StringLiterals;

// How tokens are kept fresh, with the engine's and the application's thread in one virtual time.
class TestAuthorizer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aTokenThatHoldsIsUsedInsideTheCall();
    void withoutATokenNobodyIsSignedIn();
    void anExpiredTokenIsNotSent();
    void theProviderIsAskedOnceForAllWhoWait();
    void theProviderHasADeadline();
    void aLateAnswerChangesNothing();
    void theNextTokenComesBeforeTheFirstExpires();
    void nobodyObservesNothingIsAsked();
    void aProviderThatFailsIsAskedAgainWhileTheTokenHolds();
    void aTokenOfAMomentIsNotAskedForWithoutEnd();
    void aRefusedTokenIsAskedForAgain();
    void aRefusedTokenWithoutProviderIsKept();
    void anEmptyTokenIsNobody();
    void whoWentIsNotAnswered();
    void whoWaitsIsToldThatTheCredentialsWent();
    void theApplicationsTokenGoesBeforeTheProviders();
    void claimsOfTokens_data();
    void claimsOfTokens();

private:
    struct Asked
    {
        std::optional<Result<Authorization>> answer;
        Authorizer::Handle handle;
        [[nodiscard]] QString token() const { return answer && answer->ok() ? (*answer)->headers.value(u"Authorization"_s).toString() : QString(); }
        [[nodiscard]] Error::Code code() const { return answer ? answer->error().code() : Error::Code::Cancelled; }
    };
    [[nodiscard]] std::shared_ptr<Asked> ask();
    void provide();
    void give(const Result<Secret> &secret);

    std::unique_ptr<ManualScheduler> m_time;
    std::shared_ptr<Authorizer> m_authorizer;
    QList<Reply<Secret>> m_questions;
    int m_asked = 0;
};

void TestAuthorizer::init()
{
    m_authorizer.reset();
    m_time = std::make_unique<ManualScheduler>();
    m_questions.clear();
    m_asked = 0;
    m_authorizer = std::make_shared<Authorizer>(*m_time, [](const Secret &secret, const AuthorizationRequest &request, qint64) {
        return QJsonObject{{u"host"_s, request.host}, {u"Authorization"_s, secret.text}};
    });
}

std::shared_ptr<TestAuthorizer::Asked> TestAuthorizer::ask()
{
    const auto asked = std::make_shared<Asked>();
    asked->handle = m_authorizer->authorize({u"example.com"_s, "/graphql", "{}"}, *m_time,
                                            [weak = std::weak_ptr(asked)](const Result<Authorization> &answer) {
                                                if (const auto asked = weak.lock())
                                                    asked->answer = answer;
                                            });
    return asked;
}

void TestAuthorizer::provide()
{
    m_authorizer->setProvider([this](const Reply<Secret> &done) {
        ++m_asked;
        m_questions.append(done);
    });
}

void TestAuthorizer::give(const Result<Secret> &secret)
{
    m_time->runAll();
    m_questions.takeFirst()(secret);
    m_time->runAll();
}

void TestAuthorizer::aTokenThatHoldsIsUsedInsideTheCall()
{
    m_authorizer->setSecret({u"one"_s, {}, {}, m_time->now() + 1000});
    const auto asked = ask();
    QCOMPARE(asked->token(), u"one"_s);
    QCOMPARE((*asked->answer)->headers.value(u"host"_s).toString(), u"example.com"_s);
    QVERIFY(!asked->handle);
}

void TestAuthorizer::withoutATokenNobodyIsSignedIn()
{
    QVERIFY(!m_authorizer->isAvailable());
    QCOMPARE(ask()->code(), Error::Code::Unauthorized);
}

void TestAuthorizer::anExpiredTokenIsNotSent()
{
    m_authorizer->setSecret({u"one"_s, {}, {}, m_time->now() + 1000});
    m_time->advance(1000);
    QCOMPARE(ask()->code(), Error::Code::Unauthorized);
}

void TestAuthorizer::theProviderIsAskedOnceForAllWhoWait()
{
    provide();
    const auto first = ask();
    const auto second = ask();
    m_time->runAll();
    QCOMPARE(m_asked, 1);
    QVERIFY(!first->answer);
    give(Secret{u"one"_s});
    QCOMPARE(first->token(), u"one"_s);
    QCOMPARE(second->token(), u"one"_s);
    QCOMPARE(ask()->token(), u"one"_s);
    QCOMPARE(m_asked, 1);
}

void TestAuthorizer::theProviderHasADeadline()
{
    provide();
    const auto asked = ask();
    m_time->advance(Authorizer::deadline + 1);
    QCOMPARE(asked->code(), Error::Code::Timeout);
}

void TestAuthorizer::aLateAnswerChangesNothing()
{
    provide();
    const auto asked = ask();
    m_time->advance(Authorizer::deadline + 1);
    const auto next = ask();
    m_time->runAll();
    QCOMPARE(m_asked, 2);
    give(Secret{u"late"_s});
    QVERIFY(!next->answer);
    give(Secret{u"two"_s});
    QCOMPARE(next->token(), u"two"_s);
}

void TestAuthorizer::theNextTokenComesBeforeTheFirstExpires()
{
    int renewed = 0;
    provide();
    const auto observation = m_authorizer->observe(*m_time, [&renewed] { ++renewed; });
    const auto asked = ask();
    give(Secret{u"one"_s, {}, {}, m_time->now() + 3'600'000});
    QCOMPARE(renewed, 1);
    m_time->advance(3'600'000 - 60'000 - 15'001);       // a minute before, and a quarter of one by chance
    QCOMPARE(m_asked, 1);
    m_time->advance(15'001);
    QCOMPARE(m_asked, 2);
    QCOMPARE(ask()->token(), u"one"_s);
    give(Secret{u"two"_s, {}, {}, m_time->now() + 3'600'000});
    QCOMPARE(renewed, 2);
    QCOMPARE(ask()->token(), u"two"_s);
}

void TestAuthorizer::nobodyObservesNothingIsAsked()
{
    provide();
    const auto asked = ask();
    give(Secret{u"one"_s, {}, {}, m_time->now() + 3'600'000});
    m_time->advance(7'200'000);
    QCOMPARE(m_asked, 1);
}

void TestAuthorizer::aProviderThatFailsIsAskedAgainWhileTheTokenHolds()
{
    provide();
    const auto observation = m_authorizer->observe(*m_time, [] {});
    const auto asked = ask();
    give(Secret{u"one"_s, {}, {}, m_time->now() + 3'600'000});
    m_time->advance(3'540'000);
    QCOMPARE(m_asked, 2);
    give(Error(Error::Code::Network, u"away"_s));
    QCOMPARE(ask()->token(), u"one"_s);
    m_time->advance(5'000);
    QCOMPARE(m_asked, 3);
    give(Error(Error::Code::Network, u"away"_s));
    m_time->advance(3'600'000);
    QVERIFY(m_asked < 12);                              // no longer than the token holds
    const int before = m_asked;
    const auto late = ask();
    m_time->runAll();
    QCOMPARE(m_asked, before + 1);
}

void TestAuthorizer::aTokenOfAMomentIsNotAskedForWithoutEnd()
{
    provide();
    const auto observation = m_authorizer->observe(*m_time, [] {});
    const auto asked = ask();
    give(Secret{u"one"_s, {}, {}, m_time->now() - 5'000});     // by a clock that is wrong
    QCOMPARE(asked->token(), u"one"_s);
    QCOMPARE(ask()->token(), u"one"_s);
    m_time->advance(5'000);
    QCOMPARE(m_asked, 1);
    m_time->advance(25'000);
    QCOMPARE(m_asked, 2);
}

void TestAuthorizer::aRefusedTokenIsAskedForAgain()
{
    provide();
    const auto first = ask();
    give(Secret{u"one"_s});
    const quint64 number = (*first->answer)->number;
    QVERIFY(m_authorizer->refused(number));
    const auto second = ask();
    m_time->runAll();
    QCOMPARE(m_asked, 2);
    give(Secret{u"one"_s});                             // the same: may be good for something else
    QCOMPARE(second->token(), u"one"_s);
    QVERIFY((*second->answer)->number != number);
    QVERIFY(m_authorizer->refused(number));             // another is there already
    QCOMPARE(ask()->token(), u"one"_s);
    QCOMPARE(m_asked, 2);
}

void TestAuthorizer::aRefusedTokenWithoutProviderIsKept()
{
    m_authorizer->setSecret({u"one"_s});
    QVERIFY(!m_authorizer->refused(m_authorizer->number()));
    QCOMPARE(ask()->token(), u"one"_s);
}

void TestAuthorizer::anEmptyTokenIsNobody()
{
    provide();
    const auto asked = ask();
    give(Secret{});
    QCOMPARE(asked->code(), Error::Code::Unauthorized);
}

void TestAuthorizer::whoWentIsNotAnswered()
{
    provide();
    int answers = 0;
    {
        const Authorizer::Handle handle = m_authorizer->authorize({}, *m_time, [&answers](const Result<Authorization> &) { ++answers; });
        m_time->runAll();
        m_questions.first()(Secret{u"one"_s});          // posted, but not yet run
    }
    m_time->advance(Authorizer::deadline * 2);
    QCOMPARE(answers, 0);
}

void TestAuthorizer::whoWaitsIsToldThatTheCredentialsWent()
{
    provide();
    const auto asked = ask();
    m_time->runAll();
    m_authorizer->close();
    m_time->runAll();
    QCOMPARE(asked->code(), Error::Code::Closed);
    QVERIFY(!m_authorizer->isAvailable());
    QCOMPARE(ask()->code(), Error::Code::Unauthorized);
}

void TestAuthorizer::theApplicationsTokenGoesBeforeTheProviders()
{
    provide();
    const auto asked = ask();
    m_time->runAll();
    m_authorizer->setSecret({u"mine"_s});
    m_time->runAll();
    QCOMPARE(asked->token(), u"mine"_s);
    give(Secret{u"theirs"_s});
    QCOMPARE(ask()->token(), u"mine"_s);
}

void TestAuthorizer::claimsOfTokens_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<qint64>("expiry");
    const auto token = [](const QByteArray &claims) {
        return QString::fromLatin1("e30." + claims.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals) + ".c2ln");
    };
    QTest::newRow("with an expiry") << token(R"({"exp":1700000000})") << qint64(1'700'000'000'000);
    QTest::newRow("with fractions of a second") << token(R"({"exp":1700000000.5})") << qint64(1'700'000'000'500);
    QTest::newRow("without one") << token(R"({"sub":"a"})") << qint64(0);
    QTest::newRow("with one that is no time") << token(R"({"exp":"soon"})") << qint64(0);
    QTest::newRow("with one after all times") << token(R"({"exp":1e300})") << qint64(0);
    QTest::newRow("opaque") << u"a secret word"_s << qint64(0);
    QTest::newRow("three parts of something else") << u"a.b.c"_s << qint64(0);
    QTest::newRow("empty") << QString() << qint64(0);
}

void TestAuthorizer::claimsOfTokens()
{
    QFETCH(QString, token);
    QFETCH(qint64, expiry);
    QCOMPARE(tokenExpiry(token), expiry);
}

QTEST_GUILESS_MAIN(TestAuthorizer)

#include "tst_authorizer.moc"
